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
    ['from fields, with the date in ms', 'flutter', { ...ios, expirationDate: AT }, FULL],
    ['from fields, with a Date', 'ios', ios, FULL],
    ['from getters, in seconds', 'android', androidToken(), FULL],
    ['from a plain string', 'web', 'raw', {}],
    ['from a string as long as a real token', 'web', 'x'.repeat(1500), { raw: 'x'.repeat(1500) }],
    ['with the origin under its other name', 'ios', { tokenString: 'raw', tokenOrigin: 'ANONYMOUS' }, { origin: 'ANONYMOUS' }],
    [
      'with `origin` taking precedence over `tokenOrigin`',
      'ios',
      { tokenString: 'raw', tokenOrigin: 'ANONYMOUS', origin: 'SYNERISE' },
      { origin: 'SYNERISE' },
    ],
    ['as near expiry when the SDK reports so', 'ios', { tokenString: 'raw', isNearExpiring: () => true }, { nearExpiry: true }],
    ['as not near expiry when the SDK reports so', 'ios', { tokenString: 'raw', isNearExpiring: () => false }, { nearExpiry: false }],
    ['without near expiry when the SDK returns a non-boolean', 'ios', { tokenString: 'raw', isNearExpiring: () => 1 }, {}],
    ['without near expiry when the SDK throws', 'ios', { tokenString: 'raw', isNearExpiring: boom }, {}],
    [
      'from getters that throw',
      'android',
      androidToken({ getOrigin: boom, getTokenRLM: () => ({ getRlm: boom }), getClientId: boom }),
      {
        customId: 'mine',
        expiresAt: AT,
      },
    ],
    [
      'from getters that return nothing',
      'android',
      androidToken({ getOrigin: () => null, getTokenRLM: () => undefined, getCustomId: () => null }),
      {
        clientId: '12',
        expiresAt: AT,
      },
    ],
    [
      'without the fields where getters are expected',
      'android',
      { getRawJwt: () => 'raw', getClientId: 'field', getOrigin: { getOrigin: 'x' } },
      {},
    ],
    [
      'from a getter that uses `this`',
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
  ])('for %s is not read from %o', (dialect, value) => {
    expect(tokenFrom(table(dialect).token, value)).toBeNull();
  });

  // 1e11 s is after the year 5000, and 1e11 ms is before 1974.
  it.each<[string, unknown, number | null]>([
    ['seconds', AT / 1000, AT],
    ['fractional seconds', AT / 1000 + 0.5, AT + 500],
    ['milliseconds', AT, AT],
    ['the largest number of seconds', 1e11 - 1, (1e11 - 1) * 1000],
    ['the smallest number of milliseconds', 1e11, 1e11],
    ['a Date', new Date(AT), AT],
    ['a Date before 1970', new Date(-5), -5],
    ['an invalid Date', new Date(Number.NaN), null],
    ['nothing', null, null],
    ['zero', 0, null],
    ['a negative number of seconds', -5, null],
    ['an impossibly late time', 1e300, null],
    ['NaN', Number.NaN, null],
    ['a BigInt', 5n, null],
    ['a string', '2026-01-02', null],
  ])('has an expiry read from %s', (_what, given, at) => {
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
    ['from getters', 'android', android(body), 401, 'Token has expired.'],
    ['from fields of the body', 'ios', { httpCode: 401, errorBody: { message: 'Expired', status: 401 } }, 401, 'Expired'],
    ['from the bridge', 'ios', { code: -1, message: 'plain' }, -1, 'plain'],
    ['from the operating system', 'ios', { code: -1009, localizedDescription: 'offline' }, -1009, 'offline'],
    ['from a thrown Error', 'android', new TypeError('x is not a function'), null, 'x is not a function'],
    ['from Flutter', 'flutter', { code: 500, message: 'HTTP_ERROR', details: 'why' }, 500, 'HTTP_ERROR'],
    ['from the bridge', 'android', { code: 100, message: 'not linked' }, 100, 'not linked'],
    ['from a string', 'android', 'just text', null, 'just text'],
    ['from undefined', 'android', undefined, null, 'The SDK reported no error value.'],
    ['from undefined', 'ios', undefined, null, 'The SDK reported no error value.'],
  ])('is read %s: %s', (_how, dialect, value, code, message) => {
    expect(errorFrom(table(dialect).error, value)).toMatchObject({ code, message });
  });

  it('has full details even if only getters return them', () => {
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
  ])('keeps the readable parts with %s', (_what, value) => {
    const { code, detail } = errorFrom(table('android').error, value);
    expect(code).toBe(value.getHttpCode === boom ? null : 401);
    expect(detail).toMatchObject({ message: null, status: null });
  });

  it.each<[DialectName, unknown]>([
    ['android', android(null)],
    ['ios', { errorType: 'NETWORK_ERROR', httpCode: -1 }],
  ])('on %s without a body has its type as the message', (dialect, value) => {
    expect(errorFrom(table(dialect).error, value).message).toMatch(/^(HTTP_ERROR|UNAUTHORIZED|NETWORK_ERROR)$/);
  });

  it('and a token never make reading throw, whatever the SDK returns', () => {
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
