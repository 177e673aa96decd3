/** Whether a token was signed by a key: a JWT's signature against a pasted public key, certificate or JWK set, with why it does not fit. Needs WebCrypto; sends nothing anywhere. */
import { type CryptoKey, compactVerify, errors, exportJWK, importJWK, importSPKI, importX509, type JWK } from 'jose';
import { isRecord } from '../sdk/plain';
import { decodeToken } from './token';

/** Why a signature was not found good. */
export type Misfit =
  /** It is a JWE, or none that can be read. */
  | 'encrypted'
  | 'encoding'
  /** `none`, or one that needs a shared secret, or one that the key is not for. */
  | 'unsigned'
  | 'algorithm'
  | 'key-unreadable'
  /** The key is another than it was signed with; it is right and the content was changed; or one of both. */
  | 'wrong-key'
  | 'tampered'
  | 'wrong-key-or-tampered';

export type Verification =
  | { readonly fits: true; readonly algorithm: string; readonly key: string; readonly notes: readonly string[] }
  | { readonly fits: false; readonly why: Misfit; readonly words: string; readonly notes: readonly string[] };

/** A token as somebody pasted it: without what came along, and what that was. */
export function cleanToken(pasted: string): { readonly token: string; readonly notes: readonly string[] } {
  const notes = new Set<string>();
  let token = pasted.trim();
  const change = (bare: string, note: string) => {
    if (bare !== token) notes.add(note);
    token = bare;
  };
  const unquote = () => change(unquoted(token), 'Quotes around it were left out.');
  unquote();
  change(token.replace(/^authorization:\s*/i, ''), 'The name of the header was left out.');
  change(token.replace(/^bearer\s+/i, ''), 'The word Bearer was left out.');
  unquote();
  change(token.replace(/\s+/g, ''), 'Spaces and line breaks in it were left out.');
  return { token, notes: [...notes] };
}

const QUOTES = new Set('"\'`');
function unquoted(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && QUOTES.has(text[from] ?? '')) from += 1;
  while (to > from && (QUOTES.has(text[to - 1] ?? '') || ',;'.includes(text[to - 1] ?? ''))) to -= 1;
  return text.slice(from, to).trim();
}

const no = (why: Misfit, words: string, notes: readonly string[] = []): Verification => ({ fits: false, why, words, notes });

/** A public key by what it was pasted as. */
interface Key {
  readonly name: string;
  readonly kid: string | null;
  /** @throws where it is not for that algorithm */
  import(algorithm: string): Promise<CryptoKey>;
}

const EXTRACTABLE = { extractable: true } as const;

const PRIVATE = 'This is a private key: keep it where it belongs. The public key or the certificate is enough.';

/** The keys in a pasted text; what is wrong with it where there is none. */
function keysIn(pasted: string): readonly Key[] | string {
  // As settings files and environments have it.
  const text = pasted.trim().replaceAll('\\n', '\n');
  if (text === '') return 'Paste a public key, a certificate or a JWK set.';
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return PRIVATE;
  if (/-----BEGIN CERTIFICATE-----/.test(text))
    return pems(text, 'CERTIFICATE').map((pem, at) => ({
      name: `certificate ${at + 1}`,
      kid: null,
      import: (alg) => importX509(pem, alg, EXTRACTABLE),
    }));
  if (/-----BEGIN RSA PUBLIC KEY-----/.test(text))
    return 'This key is in PKCS#1 form: turn it into a “PUBLIC KEY” (openssl rsa -RSAPublicKey_in -pubout).';
  if (/-----BEGIN PUBLIC KEY-----/.test(text))
    return pems(text, 'PUBLIC KEY').map((pem, at) => ({
      name: `public key ${at + 1}`,
      kid: null,
      import: (alg) => importSPKI(pem, alg, EXTRACTABLE),
    }));
  if (!/^[{[]/.test(text)) {
    // The base64 alone, as portals show it.
    if (!/^[A-Za-z0-9+/=\s]{40,}$/.test(text)) return 'This is neither PEM (-----BEGIN …) nor JSON.';
    const pem = `-----BEGIN PUBLIC KEY-----\n${text}\n-----END PUBLIC KEY-----`;
    return [{ name: 'public key', kid: null, import: (alg) => importSPKI(pem, alg, EXTRACTABLE) }];
  }
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return 'This JSON breaks off or is damaged.';
  }
  const listed =
    isRecord(read) && Array.isArray(read['keys']) ? (read['keys'] as unknown[]) : Array.isArray(read) ? (read as unknown[]) : [read];
  const jwks = listed.filter((key): key is JWK & Record<string, unknown> => isRecord(key) && typeof key['kty'] === 'string');
  if (!jwks.length) return 'This JSON has no key in it: a JWK has a kty, a JWK set a list of keys.';
  if (jwks.some(({ d }) => d !== undefined)) return PRIVATE;
  const kidOf = ({ kid }: JWK): string | null => (typeof kid === 'string' ? kid : null);
  return jwks.map((jwk, at) => ({
    name: `JWK ${kidOf(jwk) ?? at + 1}`,
    kid: kidOf(jwk),
    async import(alg) {
      const key = await importJWK({ ...jwk, ext: true }, alg);
      if (key instanceof Uint8Array) throw new TypeError('A shared secret is no public key.');
      return key;
    },
  }));
}

const pems = (text: string, label: string): string[] =>
  text.match(new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`, 'g')) ?? [];

/**
 * Checks a token's signature. @param pasted the token, as it was copied @param key a public key (SPKI, PEM or its base64),
 * one certificate or several, a JWK or a JWK set
 */
export async function verifyToken(pasted: string, key: string): Promise<Verification> {
  const { token, notes } = cleanToken(pasted);
  const parts = token.split('.');
  if (parts.length === 5)
    return no('encrypted', 'This token is encrypted (a JWE of five parts): only who has the private key can read or check it.', notes);
  if (parts.length !== 3)
    return no(
      'encoding',
      `A signed token has three parts between dots; this has ${parts.length}${parts.length === 1 ? ': it may be encrypted by the workspace' : ''}.`,
      notes,
    );
  if (parts.some((part) => /[^\w-]/.test(part)))
    return no(
      'encoding',
      /[+/=]/.test(token)
        ? 'Its parts are in base64, where a JWT has base64url: - and _ in place of + and /, and no = at the end.'
        : 'There are characters in it that no JWT has.',
      notes,
    );
  const { header } = decodeToken(token);
  const algorithm = header?.['alg'];
  if (typeof algorithm !== 'string') return no('encoding', 'Its first part is no readable header.', notes);
  if (/^none$/i.test(algorithm)) return no('unsigned', 'It says alg: none: nobody signed it, and anybody can make one like it.', notes);
  if (parts[2] === '') return no('unsigned', 'Its signature is missing: nobody signed it, or its end was cut off.', notes);
  if (algorithm.startsWith('HS'))
    return no(
      'algorithm',
      `${algorithm} needs a secret that both sides share: there is no public key for it. The Web SDK asks for RS256.`,
      notes,
    );
  const keys = keysIn(key);
  if (typeof keys === 'string') return no('key-unreadable', keys, notes);
  if (!keys.length) return no('key-unreadable', 'This key breaks off: its end is missing.', notes);
  const wanted = typeof header?.['kid'] === 'string' ? header['kid'] : null;
  const named = keys.filter(({ kid }) => wanted !== null && kid === wanted);
  const tried = named.length ? named : keys;
  const hints =
    wanted !== null && !named.length && keys.some(({ kid }) => kid !== null)
      ? [`The token names the key ${wanted}, which is not among these.`]
      : [];
  return tryAll(token, algorithm, tried, [...notes, ...hints]);
}

/** Browsers give WebCrypto's errors no words. */
const wordsOf = (error: unknown): string =>
  ((error instanceof Error && error.message) || 'it is damaged, or not what it says').replace(/\.$/, '');

async function tryAll(token: string, algorithm: string, keys: readonly Key[], notes: readonly string[]): Promise<Verification> {
  const faults: string[] = [];
  let isOtherKind = false;
  let usable = 0;
  for (const one of keys) {
    let imported: CryptoKey;
    try {
      imported = await one.import(algorithm);
    } catch (error) {
      faults.push(`${one.name}: ${wordsOf(error)}.`);
      isOtherKind ||= await isForAnother(one, algorithm);
      continue;
    }
    try {
      await compactVerify(token, imported, { algorithms: [algorithm] });
      return { fits: true, algorithm, key: one.name, notes };
    } catch (error) {
      if (
        error instanceof errors.JWSInvalid ||
        (error instanceof errors.JOSENotSupported && decodeToken(token).header?.['crit'] !== undefined)
      )
        return no('encoding', `It is damaged, or asks for something that is not known here: ${wordsOf(error)}.`, notes);
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) {
        faults.push(`${one.name}: ${wordsOf(error)}.`);
        isOtherKind ||= error instanceof errors.JOSENotSupported || (await isForAnother(one, algorithm));
        continue;
      }
    }
    usable += 1;
    if ((await isOwnKey(token, algorithm, imported)) === true)
      return no('tampered', `The ${one.name} is the right one, and header or payload were changed after it was signed.`, notes);
  }
  if (usable === 0)
    return isOtherKind
      ? no('algorithm', `The token says ${algorithm}, which this key is not for.`, notes)
      : no('key-unreadable', `This key cannot be read. ${faults.join(' ')}`, notes);
  const words = keys.length === 1 ? 'this key' : `any of these ${keys.length} keys`;
  return /^RS/.test(algorithm)
    ? no(
        'wrong-key',
        `It was not signed with ${words}: the key is of another pair, or the certificate was changed since. (A signature that was damaged looks the same.)`,
        notes,
      )
    : no('wrong-key-or-tampered', `It does not fit ${words}: another key, or the token was changed.`, notes);
}

/** One algorithm of each kind of key. */
const KINDS = ['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Whether it is a good key that is for some other algorithm. */
async function isForAnother(key: Key, algorithm: string): Promise<boolean> {
  for (const other of KINDS) {
    if (other === algorithm) continue;
    const isIts = await key.import(other).then(
      () => true,
      () => false,
    );
    if (isIts) return true;
  }
  return false;
}

/**
 * Whether an RSA signature (RSASSA-PKCS1-v1_5, RFC 8017 §8.2) was made with the other half of this key, whatever was signed:
 * opened with the right key it has the padding, with any other it is noise. `null` where the algorithm does not let it be told.
 */
async function isOwnKey(token: string, algorithm: string, key: CryptoKey): Promise<boolean | null> {
  if (!/^RS\d{3}$/.test(algorithm)) return null;
  const { n, e } = await exportJWK(key);
  if (n === undefined || e === undefined) return null;
  const [ofKey, ofToken] = [bytesOf(n), bytesOf(token.split('.')[2] ?? '')];
  // A signature is as long as its key (RFC 8017 §8.2.2); longer keys than these are nobody's.
  if (ofToken.length !== ofKey.length || ofKey.length > LONGEST_KEY) return false;
  const [modulus, exponent, signature] = [ofKey, bytesOf(e), ofToken].map(bigOf) as [bigint, bigint, bigint];
  if (signature >= modulus) return false;
  const opened = power(signature, exponent, modulus).toString(16).padStart(modulus.toString(16).length, '0');
  return /^0*1f{16,}00/.test(opened);
}

/** Bytes: 16,384 bits. */
const LONGEST_KEY = 2048;
const bytesOf = (base64url: string): string => atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
const bigOf = (bytes: string): bigint =>
  BigInt(`0x${[...bytes].map((char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('') || '0'}`);
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let [square, left] = [base % modulus, exponent]; left > 0n; [square, left] = [(square * square) % modulus, left >> 1n])
    if (left & 1n) result = (result * square) % modulus;
  return result;
}
