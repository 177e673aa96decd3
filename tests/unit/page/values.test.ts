import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorFrom, tokenFrom } from '@/lib/page/values';
import type { WireToken } from '@/lib/page/wire';
import { TABLES, tableOf } from '@/lib/sdk/dialects';
import type { DialectTable } from '@/lib/sdk/dialects/dialect';
import type { DialectName } from '@/lib/sdk/dialects/names';

const AT = Date.UTC(2026, 0, 2);
const table = (name: DialectName) => tableOf(name) as DialectTable;
const boom = (): never => {
  throw new Error('boom');
};
const NONE: WireToken = { raw: 'raw', origin: null, realm: null, clientId: null, customId: null, expiresAt: null, nearExpiry: null };

const androidToken = (more: object = {}) => ({
  getRawJwt: () => 'raw',
  getExpirationUnixTime: () => AT / 1000,
  getOrigin: () => ({ getOrigin: () => 'SYNERISE' }),
  getTokenRLM: () => ({ getRlm: () => 'client' }),
  getClientId: () => 12,
  getCustomId: () => 'mine',
  ...more,
});

describe('a token', () => {
  const FULL = { origin: 'SYNERISE', realm: 'client', clientId: '12', customId: 'mine', expiresAt: AT };
  const ios = { tokenString: 'raw', origin: 'SYNERISE', rlm: 'client', clientId: '12', customId: 'mine', expirationDate: new Date(AT) };

  it.each<[string, DialectName, unknown, Partial<WireToken>]>([
    ['by fields, dates in ms', 'flutter', { ...ios, expirationDate: AT }, FULL],
    ['by fields, a Date', 'ios', ios, FULL],
    ['by getters, in seconds', 'android', androidToken(), FULL],
    ['as the text itself', 'web', 'raw', {}],
    ['as a text of the length of a real one', 'web', 'x'.repeat(1500), { raw: 'x'.repeat(1500) }],
    ['the origin by its other name', 'ios', { tokenString: 'raw', tokenOrigin: 'ANONYMOUS' }, { origin: 'ANONYMOUS' }],
    [
      'the origin first, where both are',
      'ios',
      { tokenString: 'raw', tokenOrigin: 'ANONYMOUS', origin: 'SYNERISE' },
      { origin: 'SYNERISE' },
    ],
    ['near its end, as the SDK says', 'ios', { tokenString: 'raw', isNearExpiring: () => true }, { nearExpiry: true }],
    ['far from its end, as the SDK says', 'ios', { tokenString: 'raw', isNearExpiring: () => false }, { nearExpiry: false }],
    ['near its end, as no boolean says', 'ios', { tokenString: 'raw', isNearExpiring: () => 1 }, {}],
    ['near its end, as a throw says', 'ios', { tokenString: 'raw', isNearExpiring: boom }, {}],
    [
      'by getters that throw',
      'android',
      androidToken({ getOrigin: boom, getTokenRLM: () => ({ getRlm: boom }), getClientId: boom }),
      {
        customId: 'mine',
        expiresAt: AT,
      },
    ],
    [
      'by getters that give nothing',
      'android',
      androidToken({ getOrigin: () => null, getTokenRLM: () => undefined, getCustomId: () => null }),
      {
        clientId: '12',
        expiresAt: AT,
      },
    ],
    ['by fields in place of getters', 'android', { getRawJwt: () => 'raw', getClientId: 'field', getOrigin: { getOrigin: 'x' } }, {}],
    [
      'with a getter that asks for `this`',
      'android',
      {
        raw: 'raw',
        getRawJwt(this: { raw: string }) {
          return this.raw;
        },
      },
      {},
    ],
  ])('is read %s', (_how, dialect, value, parts) => {
    expect(tokenFrom(table(dialect).token, value)).toEqual({ ...NONE, ...parts });
  });

  it.each<[DialectName, unknown]>([
    ['android', 'raw'],
    ['android', { tokenString: 'raw' }],
    ['android', androidToken({ getRawJwt: boom })],
    ['android', androidToken({ getRawJwt: () => null })],
    ['android', androidToken({ getRawJwt: () => '' })],
    ['android', true],
    ['web', ''],
    ['web', null],
    ['web', undefined],
    ['web', { tokenString: 'raw' }],
    ['web', Object('raw')],
    ['web', 'x'.repeat(64_001)],
    ['flutter', androidToken()],
    ['ios', true],
  ])('of %s is none: %o', (dialect, value) => {
    expect(tokenFrom(table(dialect).token, value)).toBeNull();
  });

  // 1e11 s lies beyond the year 5000, and 1e11 ms before 1974.
  it.each<[string, unknown, number | null]>([
    ['seconds', AT / 1000, AT],
    ['fractional seconds', AT / 1000 + 0.5, AT + 500],
    ['milliseconds', AT, AT],
    ['the last seconds', 1e11 - 1, (1e11 - 1) * 1000],
    ['the first milliseconds', 1e11, 1e11],
    ['a Date', new Date(AT), AT],
    ['a Date before 1970', new Date(-5), -5],
    ['an invalid Date', new Date(Number.NaN), null],
    ['nothing', null, null],
    ['zero', 0, null],
    ['a past before 1970 in seconds', -5, null],
    ['beyond time', 1e300, null],
    ['NaN', Number.NaN, null],
    ['a BigInt', 5n, null],
    ['a text', '2026-01-02', null],
  ])('ends at %s', (_what, given, at) => {
    for (const [dialect, value] of [
      ['android', androidToken({ getExpirationUnixTime: () => given })],
      ['flutter', { tokenString: 'raw', expirationDate: given }],
    ] as const)
      expect(tokenFrom(table(dialect).token, value)?.expiresAt, dialect).toBe(at);
  });
});

describe('an error', () => {
  const android = (body: unknown, more: object = {}) => ({
    getErrorType: () => 'HTTP_ERROR',
    getHttpCode: () => 401,
    getHttpErrorCategory: () => 'UNAUTHORIZED',
    getErrorBody: () => body,
    ...more,
  });
  const body = { getStatus: () => 401, getMessage: () => 'Token has expired.', getErrorCauses: () => [{ code: 7 }] };

  it.each<[string, DialectName, unknown, unknown, string]>([
    ['by getters', 'android', android(body), 401, 'Token has expired.'],
    ['by fields of the body', 'ios', { httpCode: 401, errorBody: { message: 'Expired', status: 401 } }, 401, 'Expired'],
    ['of the bridge', 'ios', { code: -1, message: 'plain' }, -1, 'plain'],
    ['of the system', 'ios', { code: -1009, localizedDescription: 'offline' }, -1009, 'offline'],
    ['as a thrown Error', 'android', new TypeError('x is not a function'), null, 'x is not a function'],
    ['of Flutter', 'flutter', { code: 500, message: 'HTTP_ERROR', details: 'why' }, 500, 'HTTP_ERROR'],
    ['of a bridge', 'android', { code: 100, message: 'not linked' }, 100, 'not linked'],
    ['as a text', 'android', 'just text', null, 'just text'],
    ['as nothing', 'android', undefined, null, 'The SDK gave no error value.'],
    ['as nothing', 'ios', undefined, null, 'The SDK gave no error value.'],
  ])('is read %s: %s', (_how, dialect, value, code, message) => {
    expect(errorFrom(table(dialect).error, value)).toMatchObject({ code, message });
  });

  it('is shown whole where only methods tell of it', () => {
    const { detail } = errorFrom(table('android').error, android(body));
    expect(JSON.parse(JSON.stringify(detail))).toEqual({
      errorType: 'HTTP_ERROR',
      httpCode: 401,
      httpErrorCategory: 'UNAUTHORIZED',
      status: 401,
      message: 'Token has expired.',
      errorCauses: [{ code: 7 }],
    });
  });

  it.each([
    ['no body', android(null)],
    ['a body that throws', android(null, { getErrorBody: boom })],
    ['only throws', { getErrorType: boom, getHttpCode: boom, getErrorBody: boom }],
  ])('keeps what is there of one with %s', (_what, value) => {
    const { code, detail } = errorFrom(table('android').error, value);
    expect(code).toBe(value.getHttpCode === boom ? null : 401);
    expect(detail).toMatchObject({ message: null, status: null });
  });

  it.each<[DialectName, unknown]>([
    ['android', android(null)],
    ['ios', { errorType: 'NETWORK_ERROR', httpCode: -1 }],
  ])('of %s without a body tells its kind', (dialect, value) => {
    expect(errorFrom(table(dialect).error, value).message).toMatch(/^(HTTP_ERROR|UNAUTHORIZED|NETWORK_ERROR)$/);
  });

  it('and a token never throw, whatever the SDK gives', () => {
    const member = fc.constantFrom('get', 'has', 'getPrototypeOf', 'ownKeys', 'getOwnPropertyDescriptor');
    fc.assert(
      fc.property(fc.constantFrom(...TABLES.map(({ name }) => name)), fc.anything(), fc.array(member), (name, value, traps) => {
        const hostile = new Proxy(Object(value ?? {}) as object, Object.fromEntries(traps.map((trap) => [trap, boom])));
        for (const one of [value, hostile, { tokenString: value, errorBody: hostile, getRawJwt: () => hostile }]) {
          expect(() => JSON.stringify([tokenFrom(table(name).token, one), errorFrom(table(name).error, one)])).not.toThrow();
        }
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
