import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { detect } from '@/lib/page/detect';
import { errorFrom, tokenFrom } from '@/lib/page/values';
import { TABLES } from '@/lib/sdk/dialects';
import { reactNative } from '@/lib/sdk/dialects/react-native';
import { OPERATIONS, SESSION_OPERATION_NAMES } from '@/lib/sdk/operations';

const client = { getUUID: () => 'uuid' };
const look = () => detect({ id: 't', dialects: TABLES, places: [] }).found;
const found = () => look().map(({ place, client: one, version }) => ({ place, client: one, version }));
const readToken = (value: unknown) => tokenFrom(reactNative.token, value);
const readError = (value: unknown) => errorFrom(reactNative.error, value);
const there = (place = 'Synerise.Client') => [{ place, client, version: null }];

function defineGlobal(descriptor: PropertyDescriptor): void {
  Object.defineProperty(globalThis, 'Synerise', { ...descriptor, configurable: true });
}

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(globalThis, 'Synerise');
});

describe('finding React Native', () => {
  it('finds nothing on a page without it', () => {
    expect(found()).toEqual([]);
  });

  it('finds an object', () => {
    vi.stubGlobal('Synerise', { Client: client, version: '1.7.0' });
    expect(found()).toEqual([{ place: 'Synerise.Client', client, version: '1.7.0' }]);
    expect(found()[0]?.client).toBe(client);
    expect(look()[0]?.dialect).toBe(reactNative);
  });

  it('finds a class with static getters', () => {
    // biome-ignore lint/complexity/noStaticOnlyClass: the real SDK is a static class
    class Synerise {
      static isInitialized() {
        return true;
      }
      static get Client() {
        return client;
      }
    }
    vi.stubGlobal('Synerise', Synerise);
    expect(found()).toEqual(there());
  });

  it('finds a module namespace', () => {
    const namespace = Object.create(null, {
      Synerise: { enumerable: true, get: () => ({ Client: client }) },
      ClientAccountUpdateContext: { enumerable: true, value: class {} },
      [Symbol.toStringTag]: { value: 'Module' },
    }) as object;
    vi.stubGlobal('Synerise', namespace);
    expect(found()).toEqual(there('Synerise.Synerise.Client'));
  });

  it('does not take an element with that id for an SDK', () => {
    const element = Object.assign(Object.create({ nodeType: 1, click() {} }) as object, { id: 'Synerise', innerHTML: '' });
    vi.stubGlobal('Synerise', element);
    expect(found()).toEqual([]);
  });

  it.each([
    undefined,
    null,
    5,
    'text',
    true,
    () => undefined,
    [],
    {},
    { Client: null },
    { Client: {} },
  ])('finds no client in %#', (value) => {
    vi.stubGlobal('Synerise', value);
    expect(found().filter((one) => one.client)).toEqual([]);
  });

  it('reads each getter once in one look', () => {
    const reads: string[] = [];
    const counted = (name: string, value: unknown) => ({
      get: () => {
        reads.push(name);
        return value;
      },
    });
    const inner = Object.defineProperties(
      {},
      { Client: counted('Client', client), isInitialized: counted('isInitialized', () => true), version: counted('version', '1') },
    );
    const module = Object.defineProperty({}, 'Synerise', counted('inner', inner));
    defineGlobal(counted('global', module));
    expect(found()).toEqual([{ place: 'Synerise.Synerise.Client', client, version: '1' }]);
    expect(reads.sort()).toEqual(['Client', 'global', 'inner', 'isInitialized', 'version']);
  });

  it('reads a global getter once even if it returns no SDK', () => {
    const get = vi.fn(() => ({ nodeType: 1 }));
    defineGlobal({ get });
    expect(found()).toEqual([]);
    expect(get).toHaveBeenCalledTimes(1);
  });

  it.each([false, null, 0, 1, 'true', {}])('never touches Client while isInitialized() is %s', (answer) => {
    const touched = vi.fn(() => client);
    const sdk = Object.defineProperty({ isInitialized: () => answer }, 'Client', { get: touched });
    vi.stubGlobal('Synerise', sdk);
    expect(found()).toEqual([{ place: 'Synerise.Client', client: null, version: null }]);
    expect(touched).not.toHaveBeenCalled();
  });

  it('calls isInitialized on the SDK itself, and again at the next look', () => {
    const sdk = {
      ready: false,
      isInitialized() {
        return this.ready;
      },
      Client: client,
    };
    vi.stubGlobal('Synerise', sdk);
    expect(found()[0]?.client).toBeNull();
    sdk.ready = true;
    expect(found()).toEqual(there());
  });

  it('calls no client methods and no listener setters', () => {
    const methods = { getUUID: vi.fn(), retrieveToken: vi.fn(), setClientStateChangeListener: vi.fn() };
    const onReady = vi.fn();
    vi.stubGlobal('Synerise', { Client: methods, onReady, Initializer: onReady, isInitialized: () => true });
    expect(found()).toHaveLength(1);
    for (const method of [...Object.values(methods), onReady]) expect(method).not.toHaveBeenCalled();
  });

  it('truncates a version of hostile length and ignores one that is not a string', () => {
    vi.stubGlobal('Synerise', { Client: client, version: 'v'.repeat(1000) });
    expect(found()[0]?.version).toBe(`${'v'.repeat(40)}… (1000 characters)`);
    vi.stubGlobal('Synerise', { Client: client, version: { major: 1 } });
    expect(found()[0]?.version).toBeNull();
  });

  const boom = (): never => {
    throw new Error('hostile');
  };
  it.each<[string, () => void]>([
    ['the global getter', () => defineGlobal({ get: boom })],
    ['isInitialized', () => vi.stubGlobal('Synerise', { isInitialized: boom, Client: client })],
    ['a Proxy in place of the SDK', () => vi.stubGlobal('Synerise', new Proxy({}, { has: boom, get: boom }))],
  ])('finds nothing when %s throws', (_name, arrange) => {
    arrange();
    expect(found()).toEqual([]);
  });

  it.each<[string, () => object]>([
    ['Client throws', () => Object.defineProperty({}, 'Client', { get: boom })],
    ['Client is a Proxy that throws', () => ({ Client: new Proxy({}, { has: boom, get: boom }) })],
  ])('reports it as not initialized when %s', (_name, sdk) => {
    vi.stubGlobal('Synerise', sdk());
    expect(look()).toMatchObject([{ place: 'Synerise.Client', client: null, state: 'not-initialised' }]);
  });
});

describe('the table', () => {
  it('calls each native operation by its catalog name with all its arguments', () => {
    for (const name of SESSION_OPERATION_NAMES) {
      const binding = reactNative.bindings[name];
      if (!binding || name === 'getUUIDForAuthentication') continue;
      expect(binding).toMatchObject({ kind: 'native', method: name, args: OPERATIONS[name].args.map((arg) => arg.name) });
    }
  });

  it('has the SDK’s argument order and calling conventions (facts 1.1)', () => {
    const { signOutWithMode, refreshToken, retrieveToken, regenerateUUID, destroySession, getUUID } = reactNative.bindings;
    expect(signOutWithMode).toMatchObject({ convention: 'callbacks', args: ['mode', 'fromAllDevices'] });
    expect(refreshToken).toMatchObject({ convention: 'callbacks' });
    expect(refreshToken).not.toHaveProperty('answersToken');
    expect(retrieveToken).toMatchObject({ convention: 'callbacks', answersToken: true });
    for (const binding of [regenerateUUID, destroySession, getUUID]) expect(binding).toMatchObject({ convention: 'sync' });
  });

  it('states what signing out with a mode expects and loses', () => {
    const { expects, loses } = OPERATIONS.signOutWithMode;
    expect(expects({ mode: 'SIGN_OUT' })).toBe('signed-out');
    expect(expects({ mode: 'SIGN_OUT_WITH_SESSION_DESTROY' })).toBe('new-uuid');
    expect(loses({ mode: 'SIGN_OUT' })).not.toContain('the current UUID');
    expect(loses({ mode: 'SIGN_OUT_WITH_SESSION_DESTROY' })).toContain('the current UUID');
  });
});

describe('reading a token', () => {
  const AT = Date.UTC(2026, 0, 2);
  const iosToken = { tokenString: 'raw', expirationDate: new Date(AT), rlm: 'client', origin: 'SYNERISE', clientId: 12, customId: 'c' };
  const expiry = (expirationDate: unknown) => readToken({ tokenString: 'raw', expirationDate })?.expiresAt;

  it('reads the SDK’s token class', () => {
    expect(readToken(iosToken)).toEqual({
      raw: 'raw',
      origin: 'SYNERISE',
      realm: 'client',
      clientId: '12',
      customId: 'c',
      expiresAt: AT,
      nearExpiry: null,
    });
  });

  it('reads the Android bridge’s map, with tokenOrigin, no rlm and seconds', () => {
    expect(readToken({ tokenString: 'raw', tokenOrigin: 'ANONYMOUS', rlm: undefined, expirationDate: AT / 1000 })).toEqual({
      raw: 'raw',
      origin: 'ANONYMOUS',
      realm: null,
      clientId: null,
      customId: null,
      expiresAt: AT,
      nearExpiry: null,
    });
  });

  it('reads an expiry as a Date of any realm, as seconds or as milliseconds', () => {
    expect(expiry(new Date(AT))).toBe(AT);
    expect(expiry(runInNewContext(`new Date(${AT})`))).toBe(AT);
    expect(expiry(AT / 1000)).toBe(AT);
    expect(expiry(AT / 1000 + 0.25)).toBe(AT + 250);
    expect(expiry(AT)).toBe(AT);
  });

  it.each([
    undefined,
    null,
    new Date(Number.NaN),
    Number.NaN,
    0,
    -5,
    '2026-01-02',
    {},
    Number.POSITIVE_INFINITY,
    1e300,
  ])('reads no expiry from %s', (date) => {
    expect(expiry(date)).toBeNull();
  });

  it('reads no token from anything else', () => {
    for (const value of [
      true,
      undefined,
      null,
      'raw',
      5,
      {},
      [],
      { tokenString: 5 },
      { tokenString: '' },
      { tokenString: 'x'.repeat(64_001) },
    ]) {
      expect(readToken(value)).toBeNull();
    }
    expect(readToken({ tokenString: 'x'.repeat(64_000) })?.raw).toHaveLength(64_000);
  });

  it('truncates other strings of hostile length and ignores invalid values', () => {
    const token = readToken({ tokenString: 'raw', origin: 'o'.repeat(1000), rlm: {}, clientId: null, customId: () => 'x' });
    expect(token).toMatchObject({ origin: `${'o'.repeat(200)}… (1000 characters)`, realm: null, clientId: null, customId: null });
  });

  it('handles getters that throw', () => {
    const bad = {
      get: () => {
        throw new Error('getter');
      },
    };
    expect(readToken(Object.defineProperty({}, 'tokenString', bad))).toBeNull();
    const partly = Object.defineProperties({ tokenString: 'raw' }, { origin: bad, expirationDate: bad, rlm: bad });
    expect(readToken(partly)).toMatchObject({ raw: 'raw', origin: null, expiresAt: null });
  });

  it('never throws and never returns an expiry that is not a valid time', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer(), fc.date({ noInvalidDate: false }), fc.anything()), (date) => {
        const at = expiry(date);
        expect(at === null || (Number.isFinite(at) && !Number.isNaN(new Date(at as number).getTime()))).toBe(true);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

describe('reading an error', () => {
  it('reads the SDK’s error', () => {
    expect(readError({ code: 401, message: 'Unauthorized' })).toMatchObject({ code: 401, message: 'Unauthorized' });
    expect(JSON.stringify(readError({ code: 401, message: 'm' }).detail)).toBe('{"code":401,"message":"m"}');
  });

  it('reads strings, undefined and Errors', () => {
    expect(readError('just text')).toEqual({ code: null, message: 'just text', detail: 'just text' });
    expect(readError(undefined)).toEqual({ code: null, message: 'The SDK reported no error value.', detail: null });
    expect(readError(Object.assign(new Error('thrown'), { code: 'E_FAIL' }))).toMatchObject({ code: 'E_FAIL', message: 'thrown' });
  });

  it('handles getters that throw', () => {
    const value = {
      get code(): never {
        throw new Error('a');
      },
      get message(): never {
        throw new Error('b');
      },
    };
    const error = readError(value);
    expect(error.code).toBeNull();
    expect(JSON.stringify(error.detail)).toBe('{"code":"[threw: a]","message":"[threw: b]"}');
  });

  it('truncates a message and code of hostile length', () => {
    const { code, message } = readError({ code: 'c'.repeat(5000), message: 'm'.repeat(5000) });
    expect(message.length).toBeLessThan(600);
    expect(String(code).length).toBeLessThanOrEqual(200);
  });
});
