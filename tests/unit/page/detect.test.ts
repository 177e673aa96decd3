import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { detect } from '@/lib/page/detect';
import { CONNECT_KEY, type Place } from '@/lib/page/wire';
import { TABLES } from '@/lib/sdk/dialects';
import type { DialectName } from '@/lib/sdk/dialects/names';

const KEY = Symbol.for(CONNECT_KEY);
const boom = (): never => {
  throw new Error('hostile');
};
const HOSTILE = { has: boom, get: boom, getPrototypeOf: boom, ownKeys: boom, getOwnPropertyDescriptor: boom };
const hostile = (target: object = {}) => new Proxy(target, HOSTILE);

const look = (places: Place[] = []) => detect({ id: 't', dialects: TABLES, places });
/** What was found, as one line per client. */
const found = (places?: Place[]) => look(places).found.map(({ dialect, place, state }) => `${dialect.name} ${place} ${state}`);
const put = (globals: object) => {
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
};
const hand = (...pending: unknown[]) => Object.defineProperty(globalThis, KEY, { value: { pending }, configurable: true });

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(globalThis, KEY);
});

const fn = () => undefined;
const RN = { getUUID: fn };
const IOS = { getUUID: fn, retrieveToken: fn, regenerateUUID: fn };
const ANDROID = { getUuid: fn, isSignedIn: fn, regenerateUuid: fn, destroySession: fn };
const WEB = { event: {}, client: {}, init: fn };
const TC = { SyneriseTC: { uuid: 'uuid' } };
const snippet = () => Object.assign([], { _t: 1, _i: 0, _l: 'onSyneriseLoad' });

describe('where each dialect is found', () => {
  it.each<[DialectName, object, string[]]>([
    ['react-native', { Synerise: { Client: RN } }, ['react-native Synerise.Client ready']],
    ['react-native', { Synerise: { Synerise: { Client: RN } } }, ['react-native Synerise.Synerise.Client ready']],
    ['flutter', { Synerise: { client: RN } }, ['flutter Synerise.client ready']],
    ['flutter', { Synerise: { client: null } }, ['flutter Synerise.client not-initialised']],
    ['ios', { Client: IOS }, ['ios Client ready']],
    ['ios', { SNRClient: IOS }, ['ios SNRClient ready']],
    ['ios', { Client: Object.assign(class {}, IOS) }, ['ios Client ready']],
    ['ios', { Client: IOS, SNRClient: IOS }, ['ios Client ready']],
    ['android', { Client: ANDROID }, ['android Client ready']],
    ['android', { Client: { getUuid: fn, getToken: fn, regenerateUuid: fn, destroySession: fn } }, ['android Client ready']],
    ['web', { SR: snippet() }, ['web SR not-loaded']],
    ['web', { SR: WEB }, ['web SR not-initialised']],
    ['web', { SR: WEB, SyneriseTC: {} }, ['web SR not-initialised']],
    ['web', { SR: WEB, ...TC }, ['web SR ready']],
    ['web', { SR: Object.assign(snippet(), WEB), ...TC }, ['web SR ready']],
    ['web', { SR: { event: {}, init: fn }, ...TC }, ['web SR not-initialised']],
    ['web', { SyneriseObjectNamespace: 'SNR', SNR: WEB, ...TC }, ['web SNR ready']],
    ['web', { SyneriseObjectNamespace: 'SNR', SNR: snippet() }, ['web SNR not-loaded']],
    ['web', { SyneriseObjectNamespace: 'SR', SR: WEB, ...TC }, ['web SR ready']],
    ['web', { SyneriseObjectNamespace: 'SNR', SNR: WEB, SR: { ...WEB }, ...TC }, ['web SNR ready', 'web SR ready']],
    ['web', { SyneriseObjectNamespace: 'SNR', SNR: WEB, SR: WEB, ...TC }, ['web SNR ready']],
    ['web', { SyneriseObjectNamespace: 'SNR', SR: WEB, ...TC }, ['web SR ready']],
  ])('%s: %#', (_dialect, globals, expected) => {
    put(globals);
    expect(found()).toEqual(expected);
  });

  it('returns the client object itself', () => {
    put({ Synerise: { Client: RN, client: IOS, version: '1.7.0' }, Client: ANDROID, SR: WEB, ...TC });
    const { found: all, strays } = look();
    expect(all.map(({ dialect, version }) => [dialect.name, version])).toEqual([
      ['react-native', '1.7.0'],
      ['flutter', '1.7.0'],
      ['android', null],
      ['web', null],
    ]);
    expect(all.every(({ client }, index) => client === [RN, IOS, ANDROID, WEB][index])).toBe(true);
    expect(strays).toEqual([]);
  });

  it.each<[string, object]>([
    ['a client of another library', { Client: { id: 'oauth', retrieveToken: fn } }],
    ['a client with getUUID only', { Client: { getUUID: fn } }],
    ['a client with getUuid only', { Client: { getUuid: fn } }],
    ['a client with both and nothing else', { Client: { getUUID: fn, getUuid: fn } }],
    ['a client with getUuid and getToken, but no SDK-only method', { Client: { getUuid: fn, getToken: fn, send: fn } }],
    ['a client with common session methods', { Client: { getUUID: fn, isSignedIn: fn, signOut: fn, refreshToken: fn, getToken: fn } }],
    ['a client with one SDK-only method', { Client: { getUuid: fn, isSignedIn: fn, regenerateUuid: fn } }],
    ['a game', { SR: { init: fn, event: fn, score: 0 } }],
    ['a class', { Client: class {} }],
    ['strings', { Client: 'getUUID', SR: '_t', Synerise: 'Client' }],
    ['an array that is not a queue', { SR: [] }],
    ['an object with init and client only', { SR: { init: fn, client: {} }, ...TC }],
    ['an object with event and client only', { SR: { event: {}, client: {} }, ...TC }],
    ['a speech recognition', { SR: class SpeechRecognition {}, ...TC }],
    ['the vendor’s name for something else', { Synerise: { name: 'Synerise', track: fn } }],
    ['numbers, null and undefined', { Client: 5, SR: null, SNRClient: undefined, Synerise: true }],
    ['the old tracker alone', TC],
    ['elements with those ids', { Client: { nodeType: 1, id: 'Client' }, SR: { nodeType: 1, id: 'SR' } }],
  ])('does not take %s for an SDK', (_what, globals) => {
    put(globals);
    expect(look()).toEqual({ found: [], strays: [] });
  });

  it('a client named by the app or the user needs no further proof', () => {
    const Client = { getUuid: fn, getToken: fn };
    hand([Client, { name: 'mine', dialect: 'android' }]);
    expect(found()).toEqual(['android mine ready']);
    put({ app: { Client } });
    expect(look([{ path: 'app.Client', dialect: 'android' }]).found.map(({ place }) => place)).toContain('app.Client');
  });

  it.each([
    5,
    null,
    {},
    '',
    [],
    fn,
    true,
    'constructor',
    'toString',
    'valueOf',
    '__defineGetter_',
    'x'.repeat(1e6),
  ])('finds SR whatever value SyneriseObjectNamespace has: %#', (SyneriseObjectNamespace) => {
    put({ SyneriseObjectNamespace, SR: WEB, ...TC });
    expect(found()).toEqual(['web SR ready']);
  });

  it.each(['__defineGetter__', '__proto__'])('handles a namespace named like an inherited property of every object: %s', (name) => {
    put({ SyneriseObjectNamespace: name, SR: WEB, ...TC });
    expect(found()).toEqual(['web SR ready']);
  });

  it('truncates a namespace name of hostile length', () => {
    const name = 'n'.repeat(5000);
    put({ SyneriseObjectNamespace: name, [name]: WEB, ...TC });
    expect(found().join().length).toBeLessThan(200);
  });
});

/** A copy of `value` that counts each property read and each function call in `reads`. */
function counted(value: unknown, at: string, reads: Record<string, number>): unknown {
  const note = (what: string) => {
    reads[what] = (reads[what] ?? 0) + 1;
  };
  if (typeof value === 'function')
    return () => {
      note(`${at}()`);
      return true;
    };
  if (typeof value !== 'object' || value === null) return value;
  const copy = Array.isArray(value) ? [] : {};
  for (const [key, member] of Object.entries(value)) {
    const inner = counted(member, `${at}.${key}`, reads);
    Object.defineProperty(copy, key, {
      enumerable: true,
      configurable: true,
      get() {
        note(`${at}.${key}`);
        return inner;
      },
    });
  }
  return copy;
}

describe('one look', () => {
  const SDKS: [string, Record<string, unknown>][] = [
    ['react-native', { Synerise: { Client: RN, isInitialized: fn, version: '1', onReady: fn } }],
    ['flutter', { Synerise: { client: RN, version: '1' } }],
    ['both of one name', { Synerise: { Client: RN, client: IOS, isInitialized: fn } }],
    ['ios', { Client: IOS, SNRClient: IOS }],
    ['android', { Client: ANDROID }],
    ['web', { SR: WEB, ...TC }],
    ['the Web SDK’s queue', { SR: snippet(), SyneriseObjectNamespace: 'SR' }],
    ['web not initialized', { SR: WEB }],
    ['no SDK', { Client: {}, SR: {}, Synerise: {} }],
  ];
  it.each(SDKS)('at %s reads each getter at most once and calls only `isInitialized`', (_what, globals) => {
    const reads: Record<string, number> = {};
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(counted(globals, '', reads)))) {
      vi.stubGlobal(name, undefined);
      Object.defineProperty(globalThis, name, descriptor);
    }
    const before = found();
    expect(Math.max(0, ...Object.values(reads))).toBeLessThanOrEqual(1);
    expect(Object.keys(reads).filter((what) => what.endsWith('()'))).toEqual(
      'isInitialized' in Object(globals['Synerise']) ? ['.Synerise.isInitialized()'] : [],
    );
    expect(found()).toEqual(before);
  });

  it('at a module namespace reads each getter at most once', () => {
    const get = vi.fn(() => ({ Client: RN }));
    put({ Synerise: Object.defineProperty({}, 'Synerise', { get }) });
    expect(found()).toEqual(['react-native Synerise.Synerise.Client ready']);
    expect(get).toHaveBeenCalledTimes(1);
  });

  it.each([
    'Synerise',
    'Client',
    'SNRClient',
    'SR',
    'SyneriseTC',
    'SyneriseObjectNamespace',
  ])('continues when the getter of %s throws', (name) => {
    put({ Synerise: { client: RN }, Client: ANDROID, SNRClient: IOS, SR: WEB, ...TC });
    const all = found();
    vi.stubGlobal(name, undefined);
    Object.defineProperty(globalThis, name, { get: boom, configurable: true });
    const lost = { Synerise: ['flutter'], Client: ['android'], SNRClient: ['ios'], SR: ['web'], SyneriseTC: ['web'] }[name] ?? [];
    const states = found().filter((one) => one.endsWith(' ready'));
    expect(states).toEqual(all.filter((one) => !lost.some((dialect) => one.startsWith(dialect))));
  });

  it.each(['Synerise', 'Client', 'SNRClient', 'SR', 'SyneriseTC'])('continues when %s is a Proxy that throws', (name) => {
    put({ Synerise: { client: RN }, Client: ANDROID, SNRClient: IOS, SR: WEB, ...TC, [name]: hostile() });
    expect(look().found.length).toBeGreaterThanOrEqual(3);
  });

  it('never throws, whatever the globals are', () => {
    const value = fc.oneof(
      fc.anything({
        key: fc.constantFrom('Client', 'client', 'event', '_t', 'getUUID', 'getUuid', 'isSignedIn', 'uuid', 'pending', 'length'),
      }),
      fc.string(),
    );
    const names = ['Synerise', 'Client', 'SNRClient', 'SR', 'SyneriseTC', 'SyneriseObjectNamespace'];
    fc.assert(
      fc.property(fc.array(value, { minLength: 7, maxLength: 7 }), fc.array(fc.array(value)), (values, pending) => {
        put(Object.fromEntries(names.map((name, index) => [name, values[index]])));
        hand(values[6], ...pending);
        expect(() => look([{ path: 'Synerise.Client', dialect: 'ios' }])).not.toThrow();
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

describe('an SDK registered by the page', () => {
  it.each<[string, unknown, object, string[]]>([
    ['a whole SDK', { Client: RN }, { name: 'shop' }, ['react-native shop ready']],
    [
      'a whole SDK that is not initialized',
      { Client: RN, isInitialized: () => false },
      { name: 'shop' },
      ['react-native shop not-initialised'],
    ],
    ['a whole Flutter SDK', { client: RN }, { name: 'shop' }, ['flutter shop ready']],
    ['a client of a named dialect', IOS, { name: 'shop', dialect: 'ios' }, ['ios shop ready']],
    ['a Flutter client of a named dialect', RN, { name: 'shop', dialect: 'flutter' }, ['flutter shop ready']],
    ['a React Native client of a named dialect', RN, { name: 'shop', dialect: 'react-native' }, ['react-native shop ready']],
    ['an iOS client', IOS, { name: 'shop' }, ['ios shop ready']],
    ['an Android client', ANDROID, { name: 'shop' }, ['android shop ready']],
    ['an Android class', Object.assign(class {}, ANDROID), { name: 'shop' }, ['android shop ready']],
    ['a Web SDK of a named dialect', WEB, { name: 'shop', dialect: 'web' }, ['web shop not-initialised']],
    ['one without a name', ANDROID, {}, ['android connect() ready']],
    ['one whose name is not a string', ANDROID, { name: { toString: boom } }, ['android connect() ready']],
  ])('is found: %s', (_what, sdk, options, expected) => {
    hand([sdk, options]);
    expect(look().strays).toEqual([]);
    expect(found()).toEqual(expected);
  });

  it('is found as a Web SDK: its `client` member does not make it Flutter', () => {
    hand([WEB, { name: 'shop' }]);
    expect(found()).toEqual(['web shop not-initialised']);
    put(TC);
    expect(found()).toEqual(['web shop ready']);
  });

  it.each<[string, unknown[], string[]]>([
    ['of a different dialect from the given one', [ANDROID, { name: 'shop', dialect: 'ios' }], ['shop']],
    ['of an unknown dialect', [ANDROID, { name: 'shop', dialect: 'cobol' }], ['shop']],
    ['of a hostile dialect', [ANDROID, { name: 'shop', dialect: hostile() }], ['shop']],
    ['null', [null, { name: 'shop' }], ['shop']],
    ['undefined', [undefined, { name: 'shop' }], ['shop']],
    ['a number', [5, { name: 'shop' }], ['shop']],
    ['a string', ['Synerise', { name: 'shop' }], ['shop']],
    ['an empty object', [{}, { name: 'shop' }], ['shop']],
    ['a hostile Proxy', [hostile(), { name: 'shop' }], ['shop']],
    ['hostile options', [{}, hostile()], ['connect()']],
    ['no options', [{}], ['connect()']],
    ['nothing at all', [], ['connect()']],
  ])('is a stray when it is not a valid SDK: %s', (_what, entry, strays) => {
    hand(entry);
    expect(look()).toEqual({ found: [], strays });
  });

  const OF_TWO = { ...IOS, regenerateUUIDWithClientIdentifier: fn };
  it('is a stray, not iOS, when its client could be React Native or Flutter', () => {
    hand([OF_TWO, { name: 'shop' }]);
    expect(look()).toEqual({ found: [], strays: ['shop'] });
  });

  it('is not iOS when such a client is the global `Client`', () => {
    put({ Client: OF_TWO });
    expect(found()).toEqual([]);
  });

  it('is React Native when such a client has a state listener setter', () => {
    hand([{ ...OF_TWO, setClientStateChangeListener: fn }, { name: 'shop' }]);
    expect(found()).toEqual(['react-native shop ready']);
    expect(look().strays).toEqual([]);
  });

  it.each<[string, object]>([
    ['the Objective-C class under its own name', { SNRClient: OF_TWO }],
    ['the same in a module namespace at that global', { SNRClient: { SNRClient: OF_TWO } }],
  ])('is iOS when it is %s', (_what, globals) => {
    put(globals);
    expect(look().found.map(({ dialect, client }) => [dialect.name, client === OF_TWO])).toEqual([['ios', true]]);
  });

  it('is iOS when the app or the user says so, whatever methods it has', () => {
    hand([OF_TWO, { name: 'shop', dialect: 'ios' }]);
    expect(found()).toEqual(['ios shop ready']);
    put({ app: { client: OF_TWO } });
    expect(look([{ path: 'app.client', dialect: 'ios' }]).found.map(({ place }) => place)).toContain('app.client');
  });

  it.each<[string, object, DialectName, string]>([
    ['React Native', { Synerise: { Client: RN }, ClientAccountUpdateContext: class {} }, 'react-native', 'react-native'],
    ['Flutter', { Synerise: { client: RN } }, 'flutter', 'flutter'],
    ['iOS', { Client: IOS, Synerise: {} }, 'ios', 'ios'],
    ['iOS in Objective-C', { SNRClient: OF_TWO }, 'ios', 'ios'],
    ['Android', { Client: ANDROID, Synerise: {} }, 'android', 'android'],
  ])('is found when it is the whole module of %s, registered or at a configured place', (_what, module, dialect, name) => {
    hand([module, { name: 'shop' }]);
    expect(found()).toEqual([`${name} shop ready`]);
    Reflect.deleteProperty(globalThis, KEY);
    put({ app: { sdk: module } });
    expect(found([{ path: 'app.sdk', dialect }])).toEqual([`${name} app.sdk ready`]);
    expect(look([{ path: 'app.sdk', dialect }]).strays).toEqual([]);
  });

  it('has the registered module as its scope, otherwise an object with the global’s name', () => {
    const module = { Client: IOS, Synerise: { changeApiKey: fn } };
    hand([module, { name: 'shop' }]);
    expect(look().found[0]?.scope).toBe(module);
    Reflect.deleteProperty(globalThis, KEY);
    const Synerise = { Client: RN };
    put({ Synerise });
    expect(look().found[0]?.scope).toEqual({ Synerise });
  });

  it('truncates its name', () => {
    hand([ANDROID, { name: 'n'.repeat(5000) }], [{}, { name: 'm'.repeat(5000) }]);
    const { found: all, strays } = look();
    expect(all[0]?.place).toBe(`${'n'.repeat(100)}… (5000 characters)`);
    expect(strays).toEqual([`${'m'.repeat(100)}… (5000 characters)`]);
  });

  it('replaces an earlier one registered under the same name', () => {
    const newer = { ...ANDROID };
    hand([ANDROID, { name: 'shop' }], [newer, { name: 'shop' }]);
    expect(look().found.map(({ client }) => client === newer)).toEqual([true]);
    hand([ANDROID, { name: 'shop' }], [null, { name: 'shop' }]);
    expect(look()).toEqual({ found: [], strays: ['shop'] });
  });

  it('is listed once when registered under two names, or also present as a global', () => {
    hand([ANDROID, { name: 'a' }], [ANDROID, { name: 'b' }]);
    expect(found()).toEqual(['android b ready']);
    put({ Client: ANDROID });
    expect(look([{ path: 'Client', dialect: 'android' }])).toMatchObject({ found: [{ place: 'Client' }], strays: [] });
    expect(found()).toEqual(['android Client ready']);
  });

  it('comes after globals, newest first', () => {
    put({ Client: { ...ANDROID } });
    hand([{ ...ANDROID }, { name: 'old' }], [{ ...ANDROID }, { name: 'new' }]);
    expect(found()).toEqual(['android Client ready', 'android new ready', 'android old ready']);
  });

  it('is found as soon as it is registered, before the first look or after one', () => {
    const page = globalThis as unknown as Record<symbol, { pending: unknown[]; connect(...args: unknown[]): void } | undefined>;
    // The registration snippet of docs/bundled-sdk.md.
    const connect = (...args: unknown[]) => {
      page[KEY] ??= {
        pending: [],
        connect(...more) {
          this.pending.push(more);
        },
      };
      page[KEY].connect(...args);
    };
    expect(found()).toEqual([]);
    connect(ANDROID, { name: 'first' });
    expect(found()).toEqual(['android first ready']);
    connect({ Client: RN }, { name: 'second' });
    expect(found()).toEqual(['react-native second ready', 'android first ready']);
    expect(found()).toHaveLength(2);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a number', 5],
    ['a function', fn],
    ['a hostile Proxy', hostile()],
    ['no pending', {}],
    ['null pending', { pending: null }],
    ['a string', { pending: 'text' }],
    ['a Set', { pending: new Set([[ANDROID, {}]]) }],
    ['a hostile pending', { pending: hostile([]) }],
    ['a negative length', { pending: { length: -5 } }],
    ['a length that is not a number', { pending: { length: '9' } }],
    ['a length that is NaN', { pending: { length: Number.NaN } }],
    ['an infinite length', { pending: { length: Number.POSITIVE_INFINITY } }],
  ])('is not found when the registration object is %s', (_what, value) => {
    Object.defineProperty(globalThis, KEY, { value, configurable: true });
    expect(look().found).toEqual([]);
  });

  const handLength = (length: number, last?: unknown) =>
    Object.defineProperty(globalThis, KEY, { value: { pending: { length, [length - 1]: last } }, configurable: true });

  it('is looked for among the newest twenty only, however long the list', () => {
    handLength(4e9, [ANDROID, { name: 'shop' }]);
    expect(found()).toEqual(['android shop ready']);
    hand([{ ...ANDROID }, { name: 'too old' }], ...Array.from({ length: 20 }, (_, index) => [{ ...ANDROID }, { name: `${index}` }]));
    expect(found()).toHaveLength(20);
    expect(found()).not.toContain('android too old ready');
  });

  it('is not looked for in an endless list: counting down from beyond 2^53 makes no progress', () => {
    let rounds = 0;
    const { includes } = Array.prototype;
    vi.spyOn(Array.prototype, 'includes').mockImplementation(function (this: unknown[], ...args) {
      rounds += 1;
      if (rounds > 1000) throw new Error('endless');
      return includes.apply(this, args);
    });
    handLength(2 ** 60);
    expect(look().found).toEqual([]);
  });
});

describe('a configured place', () => {
  const at = (path: string, dialect: DialectName): Place => ({ path, dialect });
  const app = {
    sdk: { Client: RN },
    client: { ...ANDROID },
    late: { Client: RN, isInitialized: () => false },
    other: { id: 1 },
    get bad(): never {
      return boom();
    },
    proxy: hostile(),
  };

  it.each<[string, DialectName, string[], string[]]>([
    ['app.sdk', 'react-native', ['react-native app.sdk ready'], []],
    ['app.sdk.Client', 'react-native', ['react-native app.sdk.Client ready'], []],
    ['app.sdk.Client', 'flutter', ['flutter app.sdk.Client ready'], []],
    ['app.client', 'android', ['android app.client ready'], []],
    ['app.late', 'react-native', ['react-native app.late not-initialised'], []],
    ['app.client', 'ios', [], ['app.client']],
    ['app.other', 'ios', [], ['app.other']],
    ['app.gone', 'ios', [], ['app.gone']],
    ['app.bad', 'ios', [], ['app.bad']],
    ['app.bad.more', 'ios', [], ['app.bad.more']],
    ['app.proxy', 'web', [], ['app.proxy']],
    ['no.such.thing', 'web', [], ['no.such.thing']],
  ])('%s, %s', (path, dialect, expected, strays) => {
    put({ app });
    expect(found([at(path, dialect)])).toEqual(expected);
    expect(look([at(path, dialect)]).strays).toEqual(strays);
  });

  it('is reported in the setup’s order, before registered SDKs', () => {
    put({ app });
    hand([{ ...ANDROID }, { name: 'shop' }]);
    expect(found([at('app.client', 'android'), at('app.sdk', 'react-native')])).toEqual([
      'android app.client ready',
      'react-native app.sdk ready',
      'android shop ready',
    ]);
  });

  it('is a stray when the agent is missing its dialect', () => {
    put({ app, Client: ANDROID });
    expect(detect({ id: 't', dialects: [], places: [at('app.client', 'android')] })).toEqual({ found: [], strays: ['app.client'] });
  });
});
