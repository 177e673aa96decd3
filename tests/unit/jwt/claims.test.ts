// What the claims of a token mean, whatever names and numbers stand in it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanToken, explainClaims, lifeOf } from '@/lib/jwt/claims';
import { decodeToken } from '@/lib/jwt/token';
import { jwt, T0 } from '../fakes/make';

const instantOf = (name: string, value: unknown): number | null | undefined => explainClaims({ [name]: value })[0]?.instant;

describe('explainClaims', () => {
  it('keeps their order and values, and says what is known of each', () => {
    const told = explainClaims({ rlm: 'client', mine: { a: [1] }, exp: T0 / 1000, uuid: 'u', nothing: null });
    expect(told.map(({ name, value }) => [name, value])).toEqual([
      ['rlm', 'client'],
      ['mine', { a: [1] }],
      ['exp', T0 / 1000],
      ['uuid', 'u'],
      ['nothing', null],
    ]);
    expect(told.map(({ about }) => about !== null)).toEqual([true, false, true, true, false]);
    expect(told.find(({ name }) => name === 'rlm')?.about).toContain('anonymous_client');
    expect(explainClaims({})).toEqual([]);
  });

  it('explains every claim of facts §2.5', () => {
    const names = 'sub aud rlm ctd iss bpi sessionId apk apkHash exp auth nme origin uuid clientId customId email iat nbf jti'.split(' ');
    for (const { name, about } of explainClaims(Object.fromEntries(names.map((name) => [name, 'x']))))
      expect(about, name).toMatch(/\w.*\.$/);
  });

  it('knows no claim by a name that every object has', () => {
    const claims = JSON.parse('{"__proto__":1700000000,"constructor":1,"toString":2,"hasOwnProperty":3,"valueOf":{}}') as Record<
      string,
      unknown
    >;
    const told = explainClaims(claims);
    expect(told.map(({ name }) => name)).toEqual(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']);
    for (const { about, instant } of told) expect([about, instant]).toEqual([null, null]);
    expect(explainClaims(decodeToken(jwt('{"__proto__":{"exp":1}}')).claims ?? {})).toEqual([
      { name: '__proto__', value: { exp: 1 }, about: null, instant: null, mistake: null },
    ]);
  });

  it.each([
    ['exp', T0 / 1000, T0],
    ['iat', T0 / 1000, T0],
    ['nbf', 1.5, 1500],
    ['ctd', T0, T0],
    // In the other unit: the number tells.
    ['exp', T0, T0],
    ['iat', T0, T0],
    ['nbf', T0, T0],
    ['exp', 0, 0],
    ['exp', T0 / 1000 + 0.0004, T0],
    ['exp', String(T0 / 1000), T0],
    ['exp', '2027-01-15', Date.parse('2027-01-15')],
    ['exp', T0 * 1000, T0],
  ])('%s of %s is an instant', (name, value, at) => {
    expect(instantOf(name, value)).toBe(at);
  });

  it.each([
    ['exp', null],
    ['exp', 'soon'],
    ['exp', Number.NaN],
    ['exp', Number.POSITIVE_INFINITY],
    ['exp', Number.NEGATIVE_INFINITY],
    ['exp', 1e300],
    ['exp', -1e300],
    ['exp', true],
    ['exp', [T0]],
    ['clientId', T0],
    ['sessionId', T0 / 1000],
    ['mine', T0 / 1000],
  ])('%s of %j is none', (name, value) => {
    expect(instantOf(name, value)).toBeNull();
  });

  it('gives instants that a date can hold, and never throws', () => {
    const number = fc.oneof(fc.double(), fc.maxSafeInteger(), fc.constantFrom(1e11 - 1, 1e11, 8.64e12, 8.64e15, -8.64e15, 8.64e15 + 1));
    const name = fc.oneof(fc.constantFrom('exp', 'nbf', 'iat', 'ctd', '__proto__'), fc.string());
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.oneof(number, fc.jsonValue()))), (members) => {
        const claims = Object.fromEntries(members);
        const told = explainClaims(claims);
        expect(told.map((one) => one.name)).toEqual(Object.keys(claims));
        for (const { instant } of told) if (instant !== null) expect(() => new Date(instant).toISOString()).not.toThrow();
      }),
    );
  });

  it.each(['exp', 'iat', 'nbf'])('%s in milliseconds is said to be so, and in seconds is not', (name) => {
    const [ms] = explainClaims({ [name]: T0 });
    expect(ms).toMatchObject({ about: expect.stringContaining('(ms)'), mistake: expect.stringContaining('milliseconds') });
    expect(ms?.about).not.toContain('(s)');
    expect(explainClaims({ [name]: T0 / 1000 })[0]).toMatchObject({ about: expect.stringContaining('(s)'), mistake: null });
  });

  it.each(['exp', 'iat', 'nbf', 'ctd'])('%s that is not written as a JWT has it is a mistake, with what it is', (name) => {
    const mistake = (value: unknown) => explainClaims({ [name]: value })[0]?.mistake;
    for (const value of [null, true, [T0], {}, 'soon', 1e300, -1e300, Number.NaN])
      expect(mistake(value), String(value)).toContain('Not a valid time');
    expect(mistake(String(T0))).toContain('number in quotes');
    expect(mistake('2027-01-15T08:00:00Z')).toMatch(/^A date/);
    expect(mistake(T0 * 1000)).toContain('microseconds');
  });

  it('ctd in seconds is a mistake, and in milliseconds is not', () => {
    expect(explainClaims({ ctd: T0 / 1000 })[0]?.mistake).toMatch(/^In seconds/);
    expect(explainClaims({ ctd: T0 })[0]?.mistake).toBeNull();
  });

  it('finds no mistake in what is no instant', () => {
    for (const { mistake } of explainClaims({ uuid: 7, mine: 'x', clientId: T0 })) expect(mistake).toBeNull();
  });
});

describe('lifeOf', () => {
  const MINUTE = 60_000;
  const life = (claims: Record<string, unknown>) => lifeOf(explainClaims(claims), T0);
  const seconds = (at: number) => at / 1000;

  it.each<[string, Record<string, unknown>, ReturnType<typeof life>]>([
    ['ended', { exp: seconds(T0 - 16 * MINUTE) }, { is: 'ended', ms: 16 * MINUTE, at: T0 - 16 * MINUTE }],
    ['ending now has ended', { exp: seconds(T0) }, { is: 'ended', ms: 0, at: T0 }],
    ['holding', { exp: seconds(T0 + MINUTE) }, { is: 'valid', ms: MINUTE, at: T0 + MINUTE }],
    ['in milliseconds', { exp: T0 - MINUTE }, { is: 'ended', ms: MINUTE, at: T0 - MINUTE }],
    ['not valid yet', { exp: seconds(T0 + 9 * MINUTE), nbf: seconds(T0 + MINUTE) }, { is: 'early', ms: MINUTE, at: T0 + MINUTE }],
    ['ended before it began', { exp: seconds(T0 - MINUTE), nbf: seconds(T0 + MINUTE) }, { is: 'ended', ms: MINUTE, at: T0 - MINUTE }],
    ['without an end', { iat: seconds(T0) }, { is: 'endless' }],
    ['with an end that is none', { exp: 'soon' }, { is: 'unknown' }],
    ['ended by a text', { exp: String(seconds(T0 - MINUTE)) }, { is: 'ended', ms: MINUTE, at: T0 - MINUTE }],
  ])('%s', (_what, claims, expected) => {
    expect(life(claims)).toEqual(expected);
  });
});

describe('cleanToken, of a token within other text', () => {
  const token = jwt({ uuid: 'u', exp: T0 / 1000 });
  const other = jwt({ uuid: 'another' });
  const TAKEN = 'Extracted from surrounding text.';

  it.each<[string, string]>([
    ['a setting', `jwt=${token}`],
    ['a line of a log', `2026-11-21 12:00 token: ${token}, for ada`],
    ['a query', `https://shop.example/cart?a=1&token=${token}&b=2`],
    ['a fragment', `https://shop.example/#access_token=${token}`],
    ['a query that is encoded', `https://shop.example/?auth=%7B%22token%22%3A%22${token}%22%7D`],
    ['JSON', `{"token":"${token}"}`],
    ['JSON in JSON', JSON.stringify(JSON.stringify({ token }))],
    ['a list', `["${token}"]`],
    ['quotes around more', `"jwt=${token}"`],
    ['a cURL command', `curl -H 'Authorization: Bearer ${token}' https://shop.example`],
    ['the same twice', `${token}\n${token}`],
    ['a setting over several lines', `jwt="${token.replace(/(.{30})/g, '$1\n')}"`],
    ['a sentence', `It is ${token}.`],
  ])('%s', (_what, pasted) => {
    const { token: found, notes } = cleanToken(pasted);
    expect(found).toBe(token);
    expect(notes).toEqual([TAKEN]);
  });

  it('of two different ones the first is taken, and that is said', () => {
    for (const pasted of [`${token}\n${other}`, `${token} ${other}`, JSON.stringify({ access: token, id: other })])
      expect(cleanToken(pasted)).toEqual({ token, notes: [TAKEN, expect.stringContaining('2 different JWTs')] });
  });

  it('leaves alone what is a token by itself, whole or damaged, and what has none', () => {
    for (const pasted of [token, `${token}+/=`, `${token}!`, 'https://shop.example/a.b.c', 'eyJhbGciOiJSUzI1NiJ9', 'e30.e30', ''])
      expect(cleanToken(pasted)).toEqual({ token: pasted, notes: [] });
  });

  it('is looked at at once, however long it is', () => {
    const begun = performance.now();
    for (const piece of ['ey', 'eyJ.', '%65', 'eyJ.a.b=']) cleanToken(piece.repeat(100_000));
    expect(performance.now() - begun).toBeLessThan(1500);
  });
});
