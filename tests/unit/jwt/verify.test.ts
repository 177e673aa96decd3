// A token's signature against whatever is pasted as its key: whether it matches, and if not, why.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { exportJWK, exportPKCS8, exportSPKI, generateKeyPair, type JWK } from 'jose';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { cleanToken } from '@/lib/jwt/claims';
import { verifyToken } from '@/lib/jwt/verify';
import { anyChar } from '../any-char';

/** A test certificate made with openssl, and a token signed with its key. The private key was discarded. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIDKTCCAhGgAwIBAgIUclq0HgORJrbxildpWo/dtMce9oAwDQYJKoZIhvcNAQEL
BQAwIzEhMB8GA1UEAwwYbWFkZS11cCB0ZXN0IGNlcnRpZmljYXRlMCAXDTI2MTEy
MTE4MTUzOVoYDzIxMjYxMDI4MTgxNTM5WjAjMSEwHwYDVQQDDBhtYWRlLXVwIHRl
c3QgY2VydGlmaWNhdGUwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCx
67WvdQOtUb1fqOvnqkEtVNkrM0q4EOzLhzPZAFItCpBchiyMdHM7vR506CClVGzS
jrNtleofMWaLlE8FtIP+vxuhogc+6pkc91HJBdObd78kiKEixhsDZZnH8rEGCxqc
DY2wsk/Lk2Q/V8DPREXinZj1em5XVdFh+H5wMmCYnT2WEO7lxRAMKMxrOZs7kEW7
sq2DXYaVxznYBKCeXWR/UeF8Xkbp3JQFXaBtxiaj+5xHEAehoHKkTtzUqqk7ubjs
+tJd1Xjb2yh7YiT+1pUjl2oe1jHiFXBvgmBLfvcpIuQC3ndETr4ndHhx3F6ASSrn
D4VFfmDUTVYDoohSEwXJAgMBAAGjUzBRMB0GA1UdDgQWBBS27D2sBIWJe8Dujol5
miXo0u+f0DAfBgNVHSMEGDAWgBS27D2sBIWJe8Dujol5miXo0u+f0DAPBgNVHRMB
Af8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQBSBHSxnA4tox7xIZV5yIDg7gV3
oJNnBYGvX3iojwitvbkFZtSepJZnzwRGiOk0I25CLF0Evdo6aPepGxnV0/e+y8Oy
RVMKkHeWJw98HBOUjR6LKzdIuSg1Cf5G6+KcFzbpX372Ki00YIX3cVXw1TYiMtO+
eA9ait4njkgPqTfYTqR/ZnZAlosvUliuRH8W+b/iQZNF/x+x6G2ucna830kKWo0J
B1BsvfsEUGfbJKUpXJ7ZdGRWKMDJrgIltgQ+lPgI8Cs5JKspHktuy2u65/lEFnXH
pupBzkems+IS6V+4IAqUQM/A0FGnXM8VOc+JYAFBU7ub1+7hEl1YeXYh1muZ
-----END CERTIFICATE-----`;
const CERTIFIED =
  'eyJhbGciOiJSUzI1NiJ9.eyJ1dWlkIjoiMzQ1ZDRjOGYtNWFmZi01OTFkLWExOWMtMWNhNDg5MjNkOWVlIiwiZXhwIjoxODAwMDAzNjAwfQ.APR_AT6TPNS9LlsI6qwCFUlexZ43KvPnGiS9MOTQERJA0shF56B9dzqwZUFnY-nrNaY7-eUwQBr4do6SWvV3xW3_GKdQzLWqTF_8mBFUQhkpw_ld0F02H2FiazNw9Ua1VtUVg7fpMZDqgAxp5Sh3dcGQ6cAcauKsOqBRrL3W_fhaM8eS6-5-kO-yZMrE3gOM5b9olEJS2iMdmWq5KZQdzxXFTqp_tw8eCJiDGMkmITVQhq0inl0XBsvzT8fDz1SyF2HeQXD6_pYGdC4i4q88O9fBz56pkW6KVdpwk0E5EHkJgGnUYs82zZSatC2V31cJkLGidTIxKh0LoEabZS22zw';

/** A certificate whose key is damaged. */
const DAMAGED = CERTIFICATE.replace('ggEiMA0G', 'ggEiMA0H');

const UUID = '345d4c8f-5aff-591d-a19c-1ca48923d9ee';
const part = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const bare = (pem: string): string => pem.replace(/-----[^-]+-----/g, '').trim();

/** The WebCrypto signing parameters of each algorithm. */
const SIGNS = {
  RS256: 'RSASSA-PKCS1-v1_5',
  RS512: 'RSASSA-PKCS1-v1_5',
  PS256: { name: 'RSA-PSS', saltLength: 32 },
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  EdDSA: 'Ed25519',
} as const;
type Algorithm = keyof typeof SIGNS;

interface Signer {
  readonly pem: string;
  readonly privatePem: string;
  readonly jwk: JWK;
  readonly privateJwk: JWK;
  sign(payload?: unknown, header?: object): Promise<string>;
}
async function signer(alg: Algorithm): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    pem: await exportSPKI(publicKey),
    privatePem: await exportPKCS8(privateKey),
    jwk: await exportJWK(publicKey),
    privateJwk: await exportJWK(privateKey),
    async sign(payload = { uuid: UUID, exp: 1_800_003_600 }, header = {}) {
      const signed = `${part({ alg, ...header })}.${part(payload)}`;
      const signature = await crypto.subtle.sign(SIGNS[alg], privateKey, Buffer.from(signed));
      return `${signed}.${Buffer.from(signature).toString('base64url')}`;
    },
  };
}

let own: Signer;
let other: Signer;
let long: Signer;
let pss: Signer;
let curve: Signer;
let token: string;
beforeAll(async () => {
  [own, other, long, pss, curve] = await Promise.all([signer('RS256'), signer('RS256'), signer('RS512'), signer('PS256'), signer('ES256')]);
  token = await own.sign();
}, 60_000);

const jwks = (...keys: readonly object[]): string => JSON.stringify({ keys });
const partsOf = (raw: string) => raw.split('.') as [string, string, string];
const why = async (raw: string, key: string) => {
  const verified = await verifyToken(raw, key);
  return verified.fits ? 'fits' : verified.why;
};

describe('a signature that matches', () => {
  it.each<[string, () => Signer]>([
    ['RS256', () => own],
    ['RS512', () => long],
    ['PS256', () => pss],
    ['ES256', () => curve],
  ])('%s, with an SPKI key in PEM and bare, a JWK and a JWK set', async (algorithm, of) => {
    const { sign, pem, jwk } = of();
    const signed = await sign();
    for (const key of [pem, pem.replaceAll('\n', '\r\n'), bare(pem), JSON.stringify(jwk), jwks(jwk)])
      expect(await verifyToken(signed, key)).toMatchObject({ fits: true, algorithm, notes: [] });
  });

  it('EdDSA', async () => {
    const { sign, pem } = await signer('EdDSA');
    expect(await verifyToken(await sign(), pem)).toMatchObject({ fits: true, algorithm: 'EdDSA' });
  });

  it('with an X.509 certificate, alone and after a damaged one', async () => {
    expect(await verifyToken(CERTIFIED, CERTIFICATE)).toEqual({ fits: true, algorithm: 'RS256', key: 'certificate 1', notes: [] });
    expect(await verifyToken(CERTIFIED, `subject=/CN=made up\n${DAMAGED}\n${CERTIFICATE}`)).toMatchObject({
      fits: true,
      key: 'certificate 2',
    });
    expect(await why(token, CERTIFICATE)).toBe('wrong-key');
    expect(await why(CERTIFIED, own.pem)).toBe('wrong-key');
  });

  it('with a certificate as bare base64, as an OpenSSL trusted certificate, and with a wrong label', async () => {
    expect(await verifyToken(CERTIFIED, bare(CERTIFICATE))).toMatchObject({ fits: true, key: 'certificate' });
    expect(await why(CERTIFIED, bare(CERTIFICATE).replaceAll('\n', ''))).toBe('fits');
    expect(await why(token, bare(CERTIFICATE))).toBe('wrong-key');
    // The certificate is followed by its trusted purposes (here: TLS clients).
    const trusted = Buffer.concat([Buffer.from(bare(CERTIFICATE), 'base64'), Buffer.from('300c300a06082b06010505070302', 'hex')]);
    const pem = `-----BEGIN TRUSTED CERTIFICATE-----\n${trusted.toString('base64')}\n-----END TRUSTED CERTIFICATE-----`;
    expect(await verifyToken(CERTIFIED, pem)).toMatchObject({ fits: true, key: 'certificate 1' });
    expect(await why(CERTIFIED, CERTIFICATE.replaceAll('CERTIFICATE', 'PUBLIC KEY'))).toBe('fits');
  });

  it('with an RSA key in PKCS#1, in PEM and bare', async () => {
    for (const { sign, jwk } of [own, long]) {
      const pkcs1 = String(createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ type: 'pkcs1', format: 'pem' }));
      expect(pkcs1).toContain('BEGIN RSA PUBLIC KEY');
      for (const key of [pkcs1, bare(pkcs1)]) expect(await why(await sign(), key)).toBe('fits');
      expect(await why(await other.sign(), pkcs1)).toBe('wrong-key');
    }
  });

  it('with a JWK whose alg, use or key_ops allow it', async () => {
    for (const more of [{ alg: 'RS256' }, { use: 'sig' }, { key_ops: ['verify'] }, { alg: 7, use: null }])
      expect(await why(token, JSON.stringify({ ...own.jwk, ...more }))).toBe('fits');
    const edwards = await signer('EdDSA');
    expect(await why(await edwards.sign(), JSON.stringify({ ...edwards.jwk, alg: 'Ed25519' }))).toBe('fits');
    // Another key with a different use does not matter.
    expect(await verifyToken(token, jwks({ ...own.jwk, use: 'enc' }, own.jwk))).toMatchObject({ fits: true, key: 'JWK 2' });
  });

  it('with the second of several keys, which is named', async () => {
    expect(await verifyToken(token, `${other.pem}\n${own.pem}`)).toMatchObject({ fits: true, key: 'public key 2' });
    expect(await verifyToken(token, jwks(other.jwk, curve.jwk, own.jwk))).toMatchObject({ fits: true, key: 'JWK 3' });
  });

  it('with the key of a set that the token names', async () => {
    const named = await own.sign(undefined, { kid: 'b' });
    const set = jwks({ ...other.jwk, kid: 'a' }, { ...own.jwk, kid: 'b' });
    expect(await verifyToken(named, set)).toEqual({ fits: true, algorithm: 'RS256', key: 'JWK b', notes: [] });
    // Only the named key counts.
    expect(await why(named, jwks({ ...own.jwk, kid: 'a' }, { ...other.jwk, kid: 'b' }))).toBe('wrong-key');
  });

  it('with a key of a set without the token’s kid, with a note about it', async () => {
    const named = await own.sign(undefined, { kid: 'c' });
    const verified = await verifyToken(named, jwks({ ...other.jwk, kid: 'a' }, { ...own.jwk, kid: 'b' }));
    expect(verified).toMatchObject({ fits: true, key: 'JWK b', notes: [expect.stringContaining('Key c (kid)')] });
    // A single key without a kid causes no note, and neither does a token without one.
    expect(await verifyToken(named, own.pem)).toMatchObject({ fits: true, notes: [] });
    expect(await verifyToken(token, jwks({ ...own.jwk, kid: 'a' }))).toMatchObject({ fits: true, notes: [] });
  });

  it('over an unreadable payload', async () => {
    expect(await verifyToken(await own.sign('\u0000\u0001 encrypted, says the workspace'), own.pem)).toMatchObject({ fits: true });
  });

  it.each<[string, (raw: string) => string, readonly string[]]>([
    ['unchanged', (raw) => raw, []],
    ['with Bearer', (raw) => `Bearer ${raw}`, ['Bearer']],
    ['with the header', (raw) => `authorization:  BEARER ${raw}\n`, ['Header', 'Bearer']],
    ['quoted', (raw) => `"${raw}",`, ['quotes']],
    ['over several lines', (raw) => raw.replace(/(.{60})/g, '$1\r\n  '), ['Whitespace']],
    ['with a byte order mark', (raw) => `\ufeff${raw}\u00a0`, []],
  ])('of a token pasted %s', async (_how, paste, notes) => {
    const verified = await verifyToken(paste(token), own.pem);
    expect(verified).toMatchObject({ fits: true, notes: notes.map((note) => expect.stringContaining(note) as string) });
    expect(cleanToken(paste(token)).token).toBe(token);
  });

  it('of a quoted token with Bearer inside the quotes, as in JSON, cURL and code', async () => {
    expect(await why(`"Bearer ${token}"`, own.pem)).toBe('fits');
    expect(await why(`'Authorization: Bearer ${token}'`, own.pem)).toBe('fits');
  });
});

describe('a signature that does not match', () => {
  it('with a wrong key, or with several wrong keys', async () => {
    expect(await why(token, other.pem)).toBe('wrong-key');
    expect(await verifyToken(token, `${other.pem}${other.pem}`)).toMatchObject({
      why: 'wrong-key',
      words: expect.stringContaining('any of these 2'),
    });
  });

  it.each<[string, () => Signer]>([
    ['RS256', () => own],
    ['RS512', () => long],
  ])('%s: a token changed after signing is reported as tampered, not as a wrong key', async (_name, of) => {
    const { sign, pem, jwk } = of();
    const [header, , signature] = partsOf(await sign());
    const changed = `${header}.${part({ uuid: UUID, exp: 1_900_000_000 })}.${signature}`;
    expect(await why(changed, pem)).toBe('tampered');
    expect(await why(changed, JSON.stringify(jwk))).toBe('tampered');
    expect(await why(changed, other.pem)).toBe('wrong-key');
    // The right key is found among several.
    expect(await verifyToken(changed, jwks(other.jwk, jwk))).toMatchObject({ why: 'tampered', words: expect.stringContaining('JWK 2') });
  });

  it('RSA: a changed header, even with another hash, is not reported as a wrong key', async () => {
    const [, payload, signature] = partsOf(token);
    for (const header of [{ alg: 'RS256', typ: 'JWT' }, { alg: 'RS512' }, { alg: 'RS256', crit: ['b64'], b64: false }])
      expect(await why(`${part(header)}.${payload}.${signature}`, own.pem)).toBe('tampered');
  });

  it.each<[string, () => Signer]>([
    ['PS256', () => pss],
    ['ES256', () => curve],
  ])('%s: reports that a wrong key and a changed token cannot be distinguished', async (_name, of) => {
    const { sign, pem } = of();
    const [header, , signature] = partsOf(await sign());
    expect(await why(`${header}.${part({ exp: 1 })}.${signature}`, pem)).toBe('wrong-key-or-tampered');
  });

  it('with a JWK whose alg names another algorithm, even if its numbers match', async () => {
    const signed = await long.sign();
    const verified = await verifyToken(signed, JSON.stringify({ ...long.jwk, alg: 'RS256', kid: 'k' }));
    expect(verified).toMatchObject({ why: 'algorithm', words: expect.stringMatching(/^JWK k .*RS256.*RS512.*signed with that key/) });
    // With a key of another pair, the message does not mention signing with it.
    const foreign = await verifyToken(signed, JSON.stringify({ ...own.jwk, alg: 'RS256' }));
    expect(foreign).toMatchObject({ why: 'algorithm', words: expect.not.stringContaining('signed with') });
  });

  it('with a JWK that is not for signatures', async () => {
    for (const more of [{ use: 'enc' }, { key_ops: ['encrypt', 'wrapKey'] }])
      expect(await verifyToken(token, JSON.stringify({ ...own.jwk, ...more }))).toMatchObject({
        why: 'not-for-signatures',
        words: expect.stringContaining('JWK 1 isn’t for'),
      });
    // Next to a signature key of another pair.
    expect(await verifyToken(token, jwks(other.jwk, { ...curve.jwk, use: 'enc' }))).toMatchObject({
      why: 'wrong-key',
      notes: [expect.stringContaining('JWK 2 isn’t for signatures')],
    });
  });

  it('with a set: names the keys that were tried, and a matching one that the token does not name', async () => {
    const named = await own.sign(undefined, { kid: 'b' });
    const [a, b] = [
      { ...own.jwk, kid: 'a' },
      { ...other.jwk, kid: 'b' },
    ];
    const verified = await verifyToken(named, jwks(a, b));
    expect(verified).toMatchObject({ why: 'wrong-key', words: expect.stringMatching(/kid is b.*JWK a\./) });
    expect(await verifyToken(named, jwks(b))).toMatchObject({ words: expect.stringContaining('this key (JWK b)') });
    expect(await verifyToken(await long.sign(), jwks(a, b))).toMatchObject({ words: expect.stringContaining('2 keys (JWK a, JWK b)') });
  });

  it('is missing with alg none, in any letter case', async () => {
    for (const alg of ['none', 'None', 'NONE']) expect(await why(`${part({ alg })}.${part({ uuid: UUID })}.`, own.pem)).toBe('unsigned');
  });

  it('with a shared secret: a public key is never used as the secret', async () => {
    const signed = `${part({ alg: 'HS256' })}.${part({ uuid: UUID })}`;
    const secret = await crypto.subtle.importKey('raw', Buffer.from(own.pem), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const forged = `${signed}.${Buffer.from(await crypto.subtle.sign('HMAC', secret, Buffer.from(signed))).toString('base64url')}`;
    expect(await verifyToken(forged, own.pem)).toMatchObject({ why: 'algorithm', words: expect.stringContaining('secret') });
    const oct = JSON.stringify({ kty: 'oct', k: Buffer.from(own.pem).toString('base64url') });
    expect(await why(forged, oct)).toBe('algorithm');
    expect(await verifyToken(token, oct)).toMatchObject({ fits: false, words: expect.stringContaining('shared secret') });
  });

  it('of an algorithm that does not belong to the key', async () => {
    expect(await verifyToken(token, curve.pem)).toMatchObject({ why: 'algorithm', words: expect.stringContaining('RS256') });
    expect(await verifyToken(await curve.sign(), own.pem)).toMatchObject({ why: 'algorithm', words: expect.stringContaining('ES256') });
    expect(await why(token, JSON.stringify(curve.jwk))).toBe('algorithm');
    const [, payload, signature] = partsOf(token);
    for (const alg of ['RS1', 'XX', 'constructor', 'RSA-OAEP', 'dir', ' RS256'])
      expect(await why(`${part({ alg })}.${payload}.${signature}`, own.pem)).toBe('algorithm');
  });

  it('of an algorithm that does not belong to the key, when WebCrypto’s error has no message (Chromium: empty DataError)', async () => {
    vi.spyOn(crypto.subtle, 'importKey').mockRejectedValueOnce(new DOMException('', 'DataError'));
    expect(await why(token, curve.pem)).toBe('algorithm');
  });

  it('of a token that is not a signed JWT', async () => {
    for (const [pasted, expected] of [
      ['a.b.c.d.e', 'encrypted'],
      ['', 'encoding'],
      ['just-a-word', 'encoding'],
      ['a.b', 'encoding'],
      ['a.b.c', 'encoding'],
      [`${part([])}.${part({})}.`, 'encoding'],
      [`${part({ alg: 7 })}.${part({})}.AAAA`, 'encoding'],
      [`${part({ typ: 'JWT' })}.${part({})}.AAAA`, 'encoding'],
      [token.replace(/.$/, '!'), 'encoding'],
    ] as const)
      expect(await why(pasted, own.pem), pasted).toBe(expected);
    expect(await verifyToken(partsOf(token)[0], own.pem)).toMatchObject({ words: expect.stringContaining('1 part instead of 3') });
  });

  it('of a token in base64 instead of base64url, which is reported', async () => {
    const [header, payload] = partsOf(token);
    for (const signature of ['ab+/', 'ab==', 'a/bc']) {
      const verified = await verifyToken(`${header}.${payload}.${signature}`, own.pem);
      expect(verified).toMatchObject({ why: 'encoding', words: expect.stringContaining('base64url') });
    }
  });

  it('of a truncated token: the key is not reported as unreadable', async () => {
    // An RS256 signature with a 2048-bit key has 342 characters; 341 is not valid base64.
    expect(await why(token.slice(0, -1), own.pem)).not.toBe('key-unreadable');
  });

  it('of a token without its signature: reported as unsigned', async () => {
    const [header, payload] = partsOf(token);
    expect(await why(`${header}.${payload}.`, own.pem)).toBe('unsigned');
  });

  it('of a token with a critical extension: the key is not reported as unreadable', async () => {
    expect(await why(await own.sign(undefined, { crit: ['x'], x: 1 }), own.pem)).not.toBe('key-unreadable');
  });
});

describe('a key that cannot be used', () => {
  it.each<[string, () => string]>([
    ['nothing', () => '  \n '],
    ['a word', () => 'public key'],
    ['a PEM without its end', () => own.pem.slice(0, -40)],
    ['a PEM without its start', () => own.pem.slice(40)],
    ['a PEM whose middle is missing', () => own.pem.replace(/\n.{64}\n/, '\n')],
    ['a truncated certificate', () => CERTIFICATE.slice(0, 300)],
    ['a damaged certificate', () => DAMAGED],
    ['half of a JWK', () => JSON.stringify(own.jwk).slice(0, 60)],
    ['JSON of something else', () => '{"key":"value"}'],
    ['an empty set', () => '{"keys":[]}'],
    ['a set of nonsense', () => '{"keys":[null,7,"RSA",[],{"kty":5}]}'],
    ['a JWK without a modulus', () => '{"kty":"RSA"}'],
    ['base64 of something else', () => Buffer.from('x'.repeat(80)).toString('base64')],
  ])('%s', async (_what, key) => {
    const verified = await verifyToken(token, key());
    expect(verified).toMatchObject({ fits: false, why: 'key-unreadable' });
    expect(verified.fits || verified.words).toMatch(/\w{3,}.*[.?]$/);
  });

  it('is a private key in any form of PEM', async () => {
    for (const name of ['PRIVATE', 'RSA PRIVATE', 'EC PRIVATE', 'ENCRYPTED PRIVATE', 'OPENSSH PRIVATE']) {
      const pem = own.privatePem.replaceAll('PRIVATE', name);
      expect(await verifyToken(token, pem)).toMatchObject({ why: 'key-unreadable', words: expect.stringContaining('private key') });
      // Also next to its certificate, as in such files.
      expect(await why(token, `${CERTIFICATE}\n${pem}`)).toBe('key-unreadable');
    }
  });

  it('is a private JWK', async () => {
    expect(await verifyToken(token, JSON.stringify(own.privateJwk))).toMatchObject({ words: expect.stringContaining('private key') });
  });

  it('is a private JWK, whose private part is never imported', async () => {
    const imported = vi.spyOn(crypto.subtle, 'importKey');
    await verifyToken(token, JSON.stringify(own.privateJwk));
    for (const [, key] of imported.mock.calls) expect(key).not.toHaveProperty('d');
  });

  it('is something else in PEM, which is named', async () => {
    const pem = CERTIFICATE.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST');
    expect(await verifyToken(token, pem)).toMatchObject({ why: 'key-unreadable', words: expect.stringContaining('certificate request') });
  });

  it('is a private key without a PEM label', async () => {
    const { privateJwk, privatePem } = own;
    const pkcs1 = String(createPrivateKey({ key: { ...privateJwk }, format: 'jwk' }).export({ type: 'pkcs1', format: 'pem' }));
    for (const key of [bare(privatePem), bare(pkcs1)])
      expect(await verifyToken(token, key)).toMatchObject({ why: 'key-unreadable', words: expect.stringContaining('private key') });
  });

  it('is skipped when there are others', async () => {
    expect(await why(token, jwks({ kty: 'RSA' }, { kty: 'oct', k: 'AAAA' }, { kty: 'EC', crv: 'none' }, own.jwk))).toBe('fits');
  });

  it('is not a bare Ed25519 key, which has only 60 characters', async () => {
    const { sign, pem } = await signer('EdDSA');
    expect(await why(await sign(), bare(pem))).toBe('fits');
  });

  it('is a damaged JWK with “alg” in its kid, and not a key of another type', async () => {
    expect(await why(token, '{"kty":"RSA","kid":"algae"}')).toBe('key-unreadable');
  });
});

describe('any pasted input', () => {
  it('never throws, and always gets a message', async () => {
    const [header, payload, signature] = partsOf(token);
    const json = fc.json({ maxDepth: 3 });
    const partial = fc.oneof(fc.constantFrom(header, payload, signature, ''), json.map(part), fc.base64String(), fc.string());
    const pasted = fc.oneof(
      fc.string({ unit: anyChar }),
      fc.array(partial, { maxLength: 6 }).map((parts) => parts.join('.')),
    );
    const member = fc.constantFrom('kty', 'kid', 'n', 'e', 'd', 'alg', 'use', 'key_ops', 'crv', 'x', 'y', 'ext', '__proto__', 'toString');
    const value = fc.oneof(fc.constantFrom('RSA', 'EC', 'oct', 'OKP', 'AQAB', own.jwk.n ?? ''), fc.string(), fc.integer());
    const jwk = fc
      .array(fc.tuple(member, value))
      .map((all) => `{${all.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join()}}`);
    const label = fc.constantFrom('PUBLIC KEY', 'CERTIFICATE', 'RSA PUBLIC KEY', 'EC PRIVATE KEY', 'CERTIFICATE REQUEST');
    const pem = fc
      .tuple(label, fc.oneof(fc.base64String({ maxLength: 200 }), fc.string(), fc.constant(bare(own.pem))), label)
      .map(([from, body, to]) => `-----BEGIN ${from}-----\n${body}\n-----END ${to}-----`);
    const key = fc.oneof(
      fc.string({ unit: anyChar }),
      json,
      jwk,
      jwk.map((one) => `{"keys":[${one},${one}]}`),
      pem,
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(pasted, fc.constant(token)), key, async (raw, by) => {
        const verified = await verifyToken(raw, by);
        if (verified.fits) expect(raw === token && by.includes(bare(own.pem).slice(0, 40))).toBe(true);
        else expect(verified.words).toMatch(/\S/);
      }),
      { numRuns: 400 },
    );
  });

  it('never matches after one character of the token is changed', async () => {
    const letters = fc.constantFrom(...'abcXYZ019-_');
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: token.length - 2 }), letters, async (at, letter) => {
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        fc.pre(changed !== token && token[at] !== '.');
        expect((await verifyToken(changed, own.pem)).fits).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('never throws with a key whose kid is an object that cannot be a string', async () => {
    const key = JSON.stringify({ ...own.jwk, kid: { toString: 1, valueOf: 1 } });
    await expect(verifyToken(token, key)).resolves.toBeDefined();
  });

  it('is processed quickly, however long the signature', { timeout: 60_000 }, async () => {
    const [header, payload] = partsOf(token);
    const begun = performance.now();
    await verifyToken(`${header}.${payload}.${'_'.repeat(160_000)}`, own.pem);
    expect(performance.now() - begun).toBeLessThan(500);
  });

  it('is processed quickly, however many quotes it contains', { timeout: 60_000 }, () => {
    const begun = performance.now();
    cleanToken(`a${'"'.repeat(40_000)}b`);
    expect(performance.now() - begun).toBeLessThan(300);
  });

  it('is processed, however long it is', async () => {
    const [header, payload, signature] = partsOf(token);
    const megabyte = 'A'.repeat(1_000_000);
    expect(await why(`${header}.${payload}${megabyte}.${signature}`, own.pem)).toBe('tampered');
    expect(await why(megabyte, own.pem)).toBe('encoding');
    expect(await why(token, megabyte)).toBe('key-unreadable');
    expect(await why(token, `{"keys":[${'{"kty":"RSA"},'.repeat(2000)}null]}`)).toBe('key-unreadable');
  });
});
