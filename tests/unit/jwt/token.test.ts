import { describe, expect, it } from 'vitest';
import { decodeToken, tokenFacts } from '@/lib/jwt/token';
import { tokenStatus } from '@/lib/jwt/token-status';
import { jwt, T0, wireToken } from '../fakes/make';

const SECONDS = T0 / 1000;
const facts = (claims: unknown, expiresAt: number | null = null) => tokenFacts(wireToken(null, { raw: jwt(claims), expiresAt }));

describe('decodeToken', () => {
  it('leaves out what is nested deeper than a view can draw', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const { claims } = decodeToken(`e30.${Buffer.from(`{"exp":1,"a":${deep}}`).toString('base64url')}.x`);
    expect(claims).toMatchObject({ exp: 1 });
    expect(JSON.stringify(claims)).toContain('["…"]');
  });

  it('returns header and claims of a JWT, whatever its signature', () => {
    expect(decodeToken(jwt({ sub: 'Zażółć', exp: SECONDS }, { alg: 'RS512', kid: 'k1' }))).toEqual({
      header: { alg: 'RS512', kid: 'k1' },
      claims: { sub: 'Zażółć', exp: SECONDS },
    });
  });

  it('keeps a readable header when the payload is unreadable', () => {
    const encrypted = `${jwt({}).split('.')[0]}.AAAA.BBBB.CCCC.DDDD`;
    expect(decodeToken(encrypted)).toEqual({ header: { alg: 'RS512', typ: 'JWT' }, claims: null });
  });

  const good = jwt({ exp: SECONDS });
  const [head = '', payload = '', signature = ''] = good.split('.');
  it.each([
    ['empty', ''],
    ['one word', 'token'],
    ['two dots missing', head + payload + signature],
    ['one dot missing', `${head}.${payload}`],
    ['four dots', `${good}.x.y`],
    ['bad base64', `${head}.%%%.${signature}`],
    ['empty payload', `${head}..${signature}`],
    ['payload that is not JSON', jwt('{"exp":')],
    ['payload null', jwt(null)],
    ['payload an array', jwt([1])],
    ['payload a number', jwt(7)],
    ['payload a string', jwt('"text"')],
  ])('has no claims for %s', (_name, raw) => {
    expect(decodeToken(raw).claims).toBeNull();
    expect(tokenFacts(wireToken(null, { raw, expiresAt: 5 }))).toMatchObject({
      kind: 'opaque',
      expiresAt: 5,
      createdAt: null,
      notBefore: null,
    });
  });

  it.each([
    ['not base64', '%%%'],
    ['not JSON', 'AAAA'],
    ['an array', Buffer.from('[1]').toString('base64url')],
  ])('has no header when it is %s', (_name, header) => {
    expect(decodeToken(`${header}.${payload}.${signature}`).header).toBeNull();
  });

  it('keeps a __proto__ claim from reaching any prototype', () => {
    const { claims } = decodeToken(jwt('{"__proto__":{"polluted":1},"exp":1}'));
    expect(claims?.['exp']).toBe(1);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('tokenFacts', () => {
  it('reads exp, nbf and iat in seconds', () => {
    expect(facts({ exp: SECONDS + 600, nbf: SECONDS + 30, iat: SECONDS - 5 })).toMatchObject({
      kind: 'readable',
      expiresAt: T0 + 600_000,
      notBefore: T0 + 30_000,
      createdAt: T0 - 5000,
    });
  });

  it('reads ctd in milliseconds, and prefers it to iat', () => {
    expect(facts({ ctd: T0 + 123, iat: SECONDS }).createdAt).toBe(T0 + 123);
    expect(facts({ ctd: 'yesterday', iat: SECONDS }).createdAt).toBe(T0);
  });

  it("prefers the token's exp to the SDK's date", () => {
    expect(facts({ exp: SECONDS }, T0 + 999_000).expiresAt).toBe(T0);
  });

  it("uses the SDK's date when the token has no exp", () => {
    expect(facts({}, T0 + 999_000).expiresAt).toBe(T0 + 999_000);
    expect(facts({}).expiresAt).toBeNull();
  });

  it.each([
    ['huge', '1e300'],
    ['infinite', '1e999'],
    ['NaN as a string', '"NaN"'],
    ['null', 'null'],
    ['a boolean', 'true'],
    ['an array', '[1800000000]'],
  ])('ignores an exp that is %s', (_name, exp) => {
    const read = facts(`{"exp":${exp},"nbf":${exp},"iat":${exp},"ctd":${exp}}`, T0 + 1);
    expect(read).toMatchObject({ kind: 'readable', expiresAt: T0 + 1, notBefore: null, createdAt: null });
  });

  it.each([
    ['a string', String(SECONDS), T0],
    ['a date', '2027-01-15T08:00:00Z', T0],
    ['microseconds', T0 * 1000, T0],
    ['zero', 0, 0],
    ['negative', -5, -5000],
  ])('uses an exp that is %s, whatever the SDK reports', (_name, exp, at) => {
    expect(facts({ exp }, T0 + 999_000).expiresAt).toBe(at);
    expect(tokenStatus(facts({ exp }), T0, 0)).toBe('expired');
  });

  it.each([
    ['the word Bearer', (raw: string) => `Bearer ${raw}`],
    ['quotes', (raw: string) => `"${raw}"`],
    ['both, and spaces', (raw: string) => ` "bearer ${raw}"\n`],
  ])('reads a token with %s around it', (_name, around) => {
    const raw = around(jwt({ exp: SECONDS }));
    expect(tokenFacts(wireToken(null, { raw }))).toMatchObject({ raw, kind: 'readable', expiresAt: T0 });
  });

  it('treats a token of spaces as opaque without delay', () => {
    const raw = `x${' '.repeat(64_000)}x`;
    const from = performance.now();
    expect(tokenFacts(wireToken(null, { raw })).kind).toBe('opaque');
    // A regular expression once took seconds here.
    expect(performance.now() - from).toBeLessThan(500);
  });

  it('rounds a fraction of a second to ms', () => {
    expect(facts({ exp: 1_800_000_000.1239 }).expiresAt).toBe(T0 + 124);
  });

  it('keeps everything the SDK reported', () => {
    const said = wireToken(T0, { origin: 'SYNERISE', realm: 'client', clientId: '7', customId: 'c' });
    expect(tokenFacts(said)).toMatchObject(said);
  });

  it('reads a huge token', () => {
    expect(facts({ exp: SECONDS, filler: 'x'.repeat(40_000) })).toMatchObject({ kind: 'readable', expiresAt: T0 });
    expect(tokenFacts(wireToken(null, { raw: 'a'.repeat(64_000) })).kind).toBe('opaque');
  });
});

describe('tokenStatus', () => {
  const LEAD = 60_000;
  it.each([
    [T0 + LEAD + 1, 'valid'],
    [T0 + LEAD, 'near-expiry'],
    [T0 + 1, 'near-expiry'],
    [T0, 'expired'],
    [T0 - 1, 'expired'],
    [null, null],
  ])('of a token that expires at %s is %s', (expiresAt, status) => {
    expect(tokenStatus({ expiresAt }, T0, LEAD)).toBe(status);
  });

  it('is never near-expiry without a lead', () => {
    expect(tokenStatus({ expiresAt: T0 + 1 }, T0, 0)).toBe('valid');
  });

  it('of a token that is not valid yet depends on its expiry only', () => {
    expect(tokenStatus(facts({ nbf: SECONDS + 500, exp: SECONDS + 900 }), T0, LEAD)).toBe('valid');
  });
});
