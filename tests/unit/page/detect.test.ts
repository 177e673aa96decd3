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
/** What was found, in short. */
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

describe('where each dialect stands', () => {
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

  it('gives the very client', () => {
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
    ['a client of something else', { Client: { id: 'oauth', retrieveToken: fn } }],
    ['a client with a UUID alone', { Client: { getUUID: fn } }],
    ['a client with a Uuid alone', { Client: { getUuid: fn } }],
    ['a client with both, and nothing else', { Client: { getUUID: fn, getUuid: fn } }],
    ['a client whose token may cost a request', { Client: { getUuid: fn, getToken: fn, send: fn } }],
    ['a client that signs in and refreshes', { Client: { getUUID: fn, isSignedIn: fn, signOut: fn, refreshToken: fn, getToken: fn } }],
    ['a client with one method of the SDK', { Client: { getUuid: fn, isSignedIn: fn, regenerateUuid: fn } }],
    ['a game', { SR: { init: fn, event: fn, score: 0 } }],
    ['a class', { Client: class {} }],
    ['a text', { Client: 'getUUID', SR: '_t', Synerise: 'Client' }],
    ['an array that is no queue', { SR: [] }],
    ['an object that is no SDK', { SR: { init: fn, client: {} }, ...TC }],
    ['an object with events of its own', { SR: { event: {}, client: {} }, ...TC }],
    ['a speech recognition', { SR: class SpeechRecognition {}, ...TC }],
    ['the vendor’s name for something else', { Synerise: { name: 'Synerise', track: fn } }],
    ['numbers and nothing', { Client: 5, SR: null, SNRClient: undefined, Synerise: true }],
    ['the old tracker alone', TC],
    ['elements of those names', { Client: { nodeType: 1, id: 'Client' }, SR: { nodeType: 1, id: 'SR' } }],
  ])('takes %s for none', (_what, globals) => {
    put(globals);
    expect(look()).toEqual({ found: [], strays: [] });
  });

  it('what the app or a person names need not prove it', () => {
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
  ])('finds SR whatever else the page says of its namespace: %#', (SyneriseObjectNamespace) => {
    put({ SyneriseObjectNamespace, SR: WEB, ...TC });
    expect(found()).toEqual(['web SR ready']);
  });

  it.each(['__defineGetter__', '__proto__'])('survives a namespace of the name of something that every object has: %s', (name) => {
    put({ SyneriseObjectNamespace: name, SR: WEB, ...TC });
    expect(found()).toEqual(['web SR ready']);
  });

  it('cuts the name of a namespace of a hostile length', () => {
    const name = 'n'.repeat(5000);
    put({ SyneriseObjectNamespace: name, [name]: WEB, ...TC });
    expect(found().join().length).toBeLessThan(200);
  });
});

/** `value` with every member behind a getter that counts, and every function counted too. */
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
    ['the queue of web', { SR: snippet(), SyneriseObjectNamespace: 'SR' }],
    ['web not initialized', { SR: WEB }],
    ['nothing', { Client: {}, SR: {}, Synerise: {} }],
  ];
  it.each(SDKS)('at %s reads each getter at most once, and calls nothing but `isInitialized`', (_what, globals) => {
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

  it('at a whole module reads each getter at most once', () => {
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
  ])('goes on where the getter of %s throws', (name) => {
    put({ Synerise: { client: RN }, Client: ANDROID, SNRClient: IOS, SR: WEB, ...TC });
    const all = found();
    vi.stubGlobal(name, undefined);
    Object.defineProperty(globalThis, name, { get: boom, configurable: true });
    const lost = { Synerise: ['flutter'], Client: ['android'], SNRClient: ['ios'], SR: ['web'], SyneriseTC: ['web'] }[name] ?? [];
    const states = found().filter((one) => one.endsWith(' ready'));
    expect(states).toEqual(all.filter((one) => !lost.some((dialect) => one.startsWith(dialect))));
  });

  it.each(['Synerise', 'Client', 'SNRClient', 'SR', 'SyneriseTC'])('goes on where %s is a Proxy that throws', (name) => {
    put({ Synerise: { client: RN }, Client: ANDROID, SNRClient: IOS, SR: WEB, ...TC, [name]: hostile() });
    expect(look().found.length).toBeGreaterThanOrEqual(3);
  });

  it('never throws, whatever stands at the names', () => {
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

describe('an SDK that the page handed over', () => {
  it.each<[string, unknown, object, string[]]>([
    ['a whole SDK', { Client: RN }, { name: 'shop' }, ['react-native shop ready']],
    ['a whole SDK that is not ready', { Client: RN, isInitialized: () => false }, { name: 'shop' }, ['react-native shop not-initialised']],
    ['a whole Flutter SDK', { client: RN }, { name: 'shop' }, ['flutter shop ready']],
    ['a client of a named dialect', IOS, { name: 'shop', dialect: 'ios' }, ['ios shop ready']],
    ['a Flutter client of a named dialect', RN, { name: 'shop', dialect: 'flutter' }, ['flutter shop ready']],
    ['a React Native client of a named dialect', RN, { name: 'shop', dialect: 'react-native' }, ['react-native shop ready']],
    ['an iOS client', IOS, { name: 'shop' }, ['ios shop ready']],
    ['an Android client', ANDROID, { name: 'shop' }, ['android shop ready']],
    ['an Android class', Object.assign(class {}, ANDROID), { name: 'shop' }, ['android shop ready']],
    ['a Web SDK of a named dialect', WEB, { name: 'shop', dialect: 'web' }, ['web shop not-initialised']],
    ['one without a name', ANDROID, {}, ['android connect() ready']],
    ['one whose name is no text', ANDROID, { name: { toString: boom } }, ['android connect() ready']],
  ])('is found: %s', (_what, sdk, options, expected) => {
    hand([sdk, options]);
    expect(look().strays).toEqual([]);
    expect(found()).toEqual(expected);
  });

  it('is found: a Web SDK, whose member `client` is none of Flutter’s', () => {
    hand([WEB, { name: 'shop' }]);
    expect(found()).toEqual(['web shop not-initialised']);
    put(TC);
    expect(found()).toEqual(['web shop ready']);
  });

  it.each<[string, unknown[], string[]]>([
    ['of another dialect than it says', [ANDROID, { name: 'shop', dialect: 'ios' }], ['shop']],
    ['of a dialect that is none', [ANDROID, { name: 'shop', dialect: 'cobol' }], ['shop']],
    ['of a hostile dialect', [ANDROID, { name: 'shop', dialect: hostile() }], ['shop']],
    ['null', [null, { name: 'shop' }], ['shop']],
    ['nothing', [undefined, { name: 'shop' }], ['shop']],
    ['a number', [5, { name: 'shop' }], ['shop']],
    ['a text', ['Synerise', { name: 'shop' }], ['shop']],
    ['an empty object', [{}, { name: 'shop' }], ['shop']],
    ['a hostile Proxy', [hostile(), { name: 'shop' }], ['shop']],
    ['hostile options', [{}, hostile()], ['connect()']],
    ['no options', [{}], ['connect()']],
    ['nothing at all', [], ['connect()']],
  ])('is a stray where it is no SDK: %s', (_what, entry, strays) => {
    hand(entry);
    expect(look()).toEqual({ found: [], strays });
  });

  const OF_TWO = { ...IOS, regenerateUUIDWithClientIdentifier: fn };
  it('is a stray where it is a client that could be of React Native or of Flutter: it is none of iOS', () => {
    hand([OF_TWO, { name: 'shop' }]);
    expect(look()).toEqual({ found: [], strays: ['shop'] });
  });

  it('is none of iOS where such a client is the global `Client`', () => {
    put({ Client: OF_TWO });
    expect(found()).toEqual([]);
  });

  it('is of React Native where such a client takes a listener of its state', () => {
    hand([{ ...OF_TWO, setClientStateChangeListener: fn }, { name: 'shop' }]);
    expect(found()).toEqual(['react-native shop ready']);
    expect(look().strays).toEqual([]);
  });

  it.each<[string, object]>([
    ['its own class of Objective-C, by its name', { SNRClient: OF_TWO }],
    ['the same in a module at the global', { SNRClient: { SNRClient: OF_TWO } }],
  ])('is of iOS where it is %s', (_what, globals) => {
    put(globals);
    expect(look().found.map(({ dialect, client }) => [dialect.name, client === OF_TWO])).toEqual([['ios', true]]);
  });

  it('is of iOS where the app, or a person, says so, whatever it has', () => {
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
  ])('is found where it is the whole module of %s, handed over or at a place', (_what, module, dialect, name) => {
    hand([module, { name: 'shop' }]);
    expect(found()).toEqual([`${name} shop ready`]);
    Reflect.deleteProperty(globalThis, KEY);
    put({ app: { sdk: module } });
    expect(found([{ path: 'app.sdk', dialect }])).toEqual([`${name} app.sdk ready`]);
    expect(look([{ path: 'app.sdk', dialect }]).strays).toEqual([]);
  });

  it('has the module that it came in as its scope, else itself by its usual name', () => {
    const module = { Client: IOS, Synerise: { changeApiKey: fn } };
    hand([module, { name: 'shop' }]);
    expect(look().found[0]?.scope).toBe(module);
    Reflect.deleteProperty(globalThis, KEY);
    const Synerise = { Client: RN };
    put({ Synerise });
    expect(look().found[0]?.scope).toEqual({ Synerise });
  });

  it('cuts its name', () => {
    hand([ANDROID, { name: 'n'.repeat(5000) }], [{}, { name: 'm'.repeat(5000) }]);
    const { found: all, strays } = look();
    expect(all[0]?.place).toBe(`${'n'.repeat(100)}… (5000 characters)`);
    expect(strays).toEqual([`${'m'.repeat(100)}… (5000 characters)`]);
  });

  it('replaces the one that it was handed over for under the same name', () => {
    const newer = { ...ANDROID };
    hand([ANDROID, { name: 'shop' }], [newer, { name: 'shop' }]);
    expect(look().found.map(({ client }) => client === newer)).toEqual([true]);
    hand([ANDROID, { name: 'shop' }], [null, { name: 'shop' }]);
    expect(look()).toEqual({ found: [], strays: ['shop'] });
  });

  it('is one client under two names, and where it stands by itself too', () => {
    hand([ANDROID, { name: 'a' }], [ANDROID, { name: 'b' }]);
    expect(found()).toEqual(['android b ready']);
    put({ Client: ANDROID });
    expect(look([{ path: 'Client', dialect: 'android' }])).toMatchObject({ found: [{ place: 'Client' }], strays: [] });
    expect(found()).toEqual(['android Client ready']);
  });

  it('comes after what stands by itself, newest first', () => {
    put({ Client: { ...ANDROID } });
    hand([{ ...ANDROID }, { name: 'old' }], [{ ...ANDROID }, { name: 'new' }]);
    expect(found()).toEqual(['android Client ready', 'android new ready', 'android old ready']);
  });

  it('is seen as soon as it is handed over, before a look and after one', () => {
    const page = globalThis as unknown as Record<symbol, { pending: unknown[]; connect(...args: unknown[]): void } | undefined>;
    // As docs/bundled-sdk.md hands an SDK over.
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
    ['a text', { pending: 'text' }],
    ['a Set', { pending: new Set([[ANDROID, {}]]) }],
    ['a hostile pending', { pending: hostile([]) }],
    ['a negative length', { pending: { length: -5 } }],
    ['a length that is no number', { pending: { length: '9' } }],
    ['a length that is NaN', { pending: { length: Number.NaN } }],
    ['an infinite length', { pending: { length: Number.POSITIVE_INFINITY } }],
  ])('is none where the hand-over is %s', (_what, value) => {
    Object.defineProperty(globalThis, KEY, { value, configurable: true });
    expect(look().found).toEqual([]);
  });

  const handLength = (length: number, last?: unknown) =>
    Object.defineProperty(globalThis, KEY, { value: { pending: { length, [length - 1]: last } }, configurable: true });

  it('is looked for among the newest twenty alone, however long the list', () => {
    handLength(4e9, [ANDROID, { name: 'shop' }]);
    expect(found()).toEqual(['android shop ready']);
    hand([{ ...ANDROID }, { name: 'too old' }], ...Array.from({ length: 20 }, (_, index) => [{ ...ANDROID }, { name: `${index}` }]));
    expect(found()).toHaveLength(20);
    expect(found()).not.toContain('android too old ready');
  });

  it('is looked for in no endless list: beyond 2^53 counting down stands still', () => {
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

  it('is asked for in the order of the setup, before what was handed over', () => {
    put({ app });
    hand([{ ...ANDROID }, { name: 'shop' }]);
    expect(found([at('app.client', 'android'), at('app.sdk', 'react-native')])).toEqual([
      'android app.client ready',
      'react-native app.sdk ready',
      'android shop ready',
    ]);
  });

  it('is found without a dialect that was not given to the agent as nothing', () => {
    put({ app, Client: ANDROID });
    expect(detect({ id: 't', dialects: [], places: [at('app.client', 'android')] })).toEqual({ found: [], strays: ['app.client'] });
  });
});
