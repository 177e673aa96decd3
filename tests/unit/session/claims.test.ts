// What the claims of a token mean, whatever names and numbers stand in it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainClaims } from '@/lib/session/claims';
import { decodeToken } from '@/lib/session/token';
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
      { name: '__proto__', value: { exp: 1 }, about: null, instant: null },
    ]);
  });

  it.each([
    ['exp', T0 / 1000, T0],
    ['iat', T0 / 1000, T0],
    ['nbf', 1.5, 1500],
    ['ctd', T0, T0],
    // In the other unit: of the expiry the number tells.
    ['exp', T0, T0],
    ['exp', 0, 0],
    ['exp', T0 / 1000 + 0.0004, T0],
  ])('%s of %s is an instant', (name, value, at) => {
    expect(instantOf(name, value)).toBe(at);
  });

  it.each([
    ['exp', String(T0 / 1000)],
    ['exp', null],
    ['exp', Number.NaN],
    ['exp', Number.POSITIVE_INFINITY],
    ['exp', Number.NEGATIVE_INFINITY],
    ['exp', 1e300],
    ['exp', -1e300],
    ['ctd', 8.64e15 + 1000],
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
});
