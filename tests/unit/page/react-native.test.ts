import { runInNewContext } from 'node:vm';
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

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(globalThis, 'Synerise');
});

describe('finding React Native', () => {
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

  it('truncates a version of hostile length and ignores one that is not a string', () => {
    vi.stubGlobal('Synerise', { Client: client, version: 'v'.repeat(1000) });
    expect(found()[0]?.version).toBe(`${'v'.repeat(40)}… (1000 characters)`);
    vi.stubGlobal('Synerise', { Client: client, version: { major: 1 } });
    expect(found()[0]?.version).toBeNull();
  });

  const boom = (): never => {
    throw new Error('hostile');
  };
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
  const expiry = (expirationDate: unknown) => readToken({ tokenString: 'raw', expirationDate })?.expiresAt;

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

  it('truncates other strings of hostile length and ignores invalid values', () => {
    const token = readToken({ tokenString: 'raw', origin: 'o'.repeat(1000), rlm: {}, clientId: null, customId: () => 'x' });
    expect(token).toMatchObject({ origin: `${'o'.repeat(200)}… (1000 characters)`, realm: null, clientId: null, customId: null });
  });
});

describe('reading an error', () => {
  it('truncates a message and code of hostile length', () => {
    const { code, message } = readError({ code: 'c'.repeat(5000), message: 'm'.repeat(5000) });
    expect(message.length).toBeLessThan(600);
    expect(String(code).length).toBeLessThanOrEqual(200);
  });
});
