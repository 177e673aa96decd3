/** The first lines of a watched page. Each page gets its own realm, because what a page does to a global cannot be undone. */

import { constants, createContext, Script } from 'node:vm';
import { describe, expect, inject, it } from 'vitest';
import type { AgentReply, AgentReport, AgentRequest } from '@/lib/page/wire';

type Names = 'agent' | 'tables' | 'client' | 'watch';
const bundles = inject('pageScripts');
/** Compiled once, run in each page. */
const SCRIPTS: Readonly<Record<Names, Script>> = {
  agent: new Script(bundles.agent),
  tables: new Script(bundles.tables),
  client: new Script(bundles.client),
  watch: new Script(bundles.watch),
};

/** What a test can do with its page. The test function runs in the page's realm. */
interface Page {
  /** Runs our three scripts, as before the page's first line. No-op on a page that is not watched. */
  watch(): void;
  run(name: Names): void;
  /** Runs a script found by the parser and returns what it threw. `external`: it also fires a `load` event. */
  script(text: string, external?: boolean): string | null;
  /** Runs page code in a separate task, without a script tag. */
  later<T>(text: string): T;
  loaded(): void;
  /** From now on, `desc` ignores our empty placeholder accessors. */
  settle(): void;
  pass(ms: number): void;
  ask(request?: Partial<AgentRequest>): AgentReply;
  handle(): { version: number; look(): unknown; revert(): void; exchange(text: string): string } | undefined;
  /** The bell names announced by `watch`'s hello events. */
  readonly bells: string[];
  /** How often `watch` looked at the page. */
  readonly looks: () => number;
  /** The timers, listeners and observers that remain. */
  left(): { timers: number; listeners: string[]; observers: number };
  desc(name: string): Record<string, unknown> | null;
  dispatch(name: string): void;
  element(id: string): void;
}

/** The page itself. It runs in the realm, so it can't use anything from this module. */
function makePage(run: (name: Names) => void, evaluate: (text: string) => unknown, watched: boolean): Page {
  const world = globalThis as unknown as Record<PropertyKey, unknown>;
  const set = (name: PropertyKey, value: unknown) => Object.defineProperty(world, name, { value, writable: true, configurable: true });
  const started = Date.UTC(2026, 0, 1);
  let time = started;
  Date.now = () => time;
  const timers = new Map<number, { at: number; work: () => void }>();
  let nextTimer = 1;
  set('setTimeout', (work: () => void, ms = 0) => {
    timers.set(nextTimer, { at: time + ms, work });
    return nextTimer++;
  });
  set('clearTimeout', (id: number) => void timers.delete(id));
  set('window', globalThis);
  set('location', { origin: 'https://shop.example', hostname: 'shop.example', pathname: '/', search: '' });
  let loadEventEnd = 0;
  set('performance', {
    now: () => time - started,
    getEntriesByType: () => [{ name: 'https://shop.example/', type: 'navigate', loadEventEnd }],
  });

  type Listener = { target: unknown; type: string; listener: (event: unknown) => void; capture: boolean };
  const listeners: Listener[] = [];
  class PageTarget {
    addEventListener(type: string, listener: Listener['listener'], capture = false) {
      listeners.push({ target: this ?? globalThis, type, listener, capture });
    }
    removeEventListener(type: string, listener: Listener['listener'], capture = false) {
      const index = listeners.findIndex(
        (one) => one.target === this && one.type === type && one.listener === listener && one.capture === capture,
      );
      if (index >= 0) listeners.splice(index, 1);
    }
    dispatchEvent(event: { type: string }) {
      for (const one of [...listeners]) {
        if (one.target === this && one.type === event.type && listeners.includes(one)) one.listener.call(this, event);
      }
      return true;
    }
  }
  set('EventTarget', PageTarget);
  set(
    'CustomEvent',
    class {
      readonly detail: unknown;
      constructor(
        readonly type: string,
        { detail }: { detail?: unknown } = {},
      ) {
        this.detail = detail;
      }
    },
  );
  for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent'] as const) {
    const method = PageTarget.prototype[name] as (...args: unknown[]) => unknown;
    set(name, (...args: unknown[]) => Reflect.apply(method, globalThis, args));
  }
  const doc = Object.assign(new PageTarget(), { readyState: 'loading', cookie: '', scripts: [] as unknown[] });
  set('document', doc);
  const observers: { hear: (changes: unknown[]) => void }[] = [];
  set(
    'MutationObserver',
    class {
      constructor(readonly hear: (changes: unknown[]) => void) {}
      observe() {
        observers.push(this);
      }
      disconnect() {
        if (observers.includes(this)) observers.splice(observers.indexOf(this), 1);
      }
    },
  );

  const bells: string[] = [];
  let looks = 0;
  const key = Symbol.for('synerise.inspector.agent');
  const handleOf = () => world[key] as ReturnType<Page['handle']>;
  listeners.push({
    target: globalThis,
    type: 'synerise.inspector.hello',
    listener: (event) => bells.push((event as { detail: string }).detail),
    capture: false,
  });
  listeners.length = 1;
  const own = listeners[0];
  let document: string | null = null;
  let over = false;

  return {
    run,
    watch() {
      if (!watched) return;
      run('agent');
      run('tables');
      run('client');
      const real = handleOf();
      // Counts the looks, because `watch` looks through the handle it finds.
      Object.defineProperty(world, key, {
        configurable: true,
        value: {
          ...real,
          look() {
            looks += 1;
            return real?.look();
          },
        },
      });
      run('watch');
      Object.defineProperty(world, key, { configurable: true, value: real });
    },
    script(text, external = false) {
      const node = { nodeName: 'SCRIPT', text };
      doc.scripts.push(node);
      for (const { hear } of [...observers]) hear([{ addedNodes: [node] }]);
      let thrown: string | null = null;
      try {
        evaluate(text);
      } catch (error) {
        thrown = String(error);
      }
      if (external) doc.dispatchEvent({ type: 'load', target: node } as never);
      return thrown;
    },
    later: (text) => evaluate(text) as never,
    loaded() {
      doc.readyState = 'interactive';
      PageTarget.prototype.dispatchEvent.call(globalThis as never, { type: 'DOMContentLoaded' });
      doc.readyState = 'complete';
      PageTarget.prototype.dispatchEvent.call(globalThis as never, { type: 'load' });
      loadEventEnd = time - started + 1;
    },
    settle() {
      over = true;
    },
    pass(ms) {
      const until = time + ms;
      for (;;) {
        const due = [...timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due[0]);
        time = Math.max(time, due[1].at);
        due[1].work();
      }
      time = until;
    },
    ask(request = {}) {
      const text = JSON.stringify({ cursor: 0, document, wait: 0, showing: false, client: null, ...request });
      const reply = JSON.parse(handleOf()?.exchange(text) as string) as AgentReply;
      document = reply.document;
      return reply;
    },
    handle: handleOf,
    bells,
    looks: () => looks,
    left: () => ({
      timers: timers.size,
      listeners: listeners.flatMap((one) => (one === own ? [] : [one.type])).filter((type, index, all) => all.indexOf(type) === index),
      observers: observers.length,
    }),
    desc(name) {
      const found = Object.getOwnPropertyDescriptor(globalThis, name);
      // Our placeholder, which stays in case the page declared the name by a `var` without a value.
      const empty = found?.get && found.configurable && !found.enumerable && found.get.call(globalThis) === undefined;
      if (!found || (empty && over)) return null;
      const { get, set: setter, value, ...rest } = found;
      return { ...rest, get: typeof get, set: typeof setter, value: typeof value === 'function' ? 'function' : (value as unknown) };
    },
    dispatch: (type) => void PageTarget.prototype.dispatchEvent.call(globalThis as never, { type }),
    element(id) {
      Object.defineProperty(Object.getPrototypeOf(globalThis), id, { value: { nodeType: 1, id }, configurable: true });
    },
  };
}

const MAKE = new Script(`(${makePage.toString()})`);

/** Runs `does` in a new realm and returns its result. */
function inPage<T, A = undefined>(
  does: (page: Page, given: A) => T,
  { given, watched = true }: { given?: A; watched?: boolean } = {},
): Promise<T> {
  return new Promise((resolve) => {
    // A global object as V8 makes it: Node's own for a context answers differently for its properties.
    const realm = createContext(constants.DONT_CONTEXTIFY);
    // Of what browsers add to the language, our scripts use this.
    Object.defineProperty(realm, 'crypto', { value: crypto, configurable: true });
    const evaluate = (text: string): unknown => new Script(text).runInContext(realm);
    const make = MAKE.runInContext(realm) as typeof makePage;
    const play = evaluate(`(page, given) => JSON.stringify({ answer: (${does.toString()})(page, given) })`);
    const page = make((name) => void SCRIPTS[name].runInContext(realm), evaluate, watched);
    const answer = (play as (page: Page, given: unknown) => string)(
      page,
      given === undefined ? undefined : evaluate(`(${JSON.stringify(given)})`),
    );
    resolve((JSON.parse(answer) as { answer: T }).answer);
  });
}

/** Runs `does` on a watched and on an unwatched page and expects the same result. */
async function alike<T, A = undefined>(does: (page: Page, given: A) => T, given?: A): Promise<T> {
  const options = given === undefined ? {} : { given };
  const [watched, not] = await Promise.all([inPage(does, { ...options }), inPage(does, { ...options, watched: false })]);
  expect(watched).toEqual(not);
  return not;
}

const RN = `({
  uuid: 'uuid-1', ready: false, calls: [],
  isInitialized() { return this.ready; },
  init() { this.ready = true; },
  Client: {
    getUUID() { return 'uuid-1'; },
    isSignedIn() { return false; },
    isSignedInViaSimpleAuthentication() { return false; },
    retrieveToken(ok) { ok({ tokenString: 'secret' }); },
    signIn(email, password, ok, bad) { ok(); },
    regenerateUUID() {},
  },
})`;
const does = (reports: readonly AgentReport[]) => reports.flatMap((one) => (one.kind === 'call' ? [`${one.does} ${one.phase}`] : []));

describe('a name defined by the page, after loading', () => {
  const WAYS: [string, ...string[]][] = [
    ['nothing', ''],
    ['window.X = value', 'window.Client = { mine: 1 };'],
    ['an assignment without a declaration', 'Client = { mine: 1 };'],
    ['X = X || []', 'window.SR = window.SR || []; SR.push(1);'],
    ['a number', 'window.SR = 0;'],
    ['undefined', 'window.SR = undefined;'],
    ['null', 'window.SR = null;'],
    ['several assignments in turn', 'window.SR = 1; window.SR = 2; window.SR = [SR];'],
    ['function X() {}', 'function Client() {}'],
    ['function X() {} reassigned', 'function Client() {}', 'Client = { mine: 2 };'],
    ['class X', 'class Client { static mine() { return 3; } }'],
    ['const X', 'const SR = { mine: 4 };'],
    ['let X that gets its value later', 'let SR;', 'SR = { mine: 5 };'],
    ['a const whose script throws', 'const SR = (() => { throw new Error("dead"); })();'],
    ['deleted', 'window.SR = 1; delete window.SR;'],
    ['deleted before it existed', 'delete window.SR;'],
    ['deleted and defined again', 'window.SR = 1; delete window.SR; window.SR = 2;'],
    [
      'a data property by defineProperty',
      "Object.defineProperty(window, 'SR', { value: 6, writable: true, enumerable: true, configurable: true });",
    ],
    [
      'a non-configurable property',
      "Object.defineProperty(window, 'SR', { value: 6, writable: false, enumerable: false, configurable: false });",
    ],
    ['an accessor', "Object.defineProperty(window, 'SR', { get: () => 7, set() {}, enumerable: true, configurable: true });"],
    [
      'a non-configurable accessor',
      "Object.defineProperty(window, 'SR', { get: () => 7, set() {}, enumerable: true, configurable: false });",
    ],
    ['a getter only', "Object.defineProperty(window, 'SR', { get: () => 7, enumerable: true, configurable: true });"],
    [
      'a setter only',
      "Object.defineProperty(window, 'SR', { set(v) { window.got = v; }, enumerable: true, configurable: true });",
      'SR = 8;',
    ],
    ['__defineGetter__', "window.__defineGetter__('SR', () => 9);"],
    ['Object.assign', 'Object.assign(window, { SR: { mine: 10 }, Client: 11 });'],
    ['Reflect.set', "Reflect.set(window, 'SR', 12);"],
    [
      'Reflect.defineProperty with a full descriptor',
      "Reflect.defineProperty(window, 'SR', { value: 1, writable: true, enumerable: false, configurable: true });",
    ],
    [
      'made read-only and non-configurable after it was defined',
      "window.SR = { mine: 13 }; Object.defineProperty(window, 'SR', { writable: false, configurable: false });",
    ],
    [
      'made non-configurable after it was defined',
      "window.SR = { mine: 14 }; Object.defineProperty(window, 'SR', { configurable: false });",
    ],
    ['made non-enumerable after it was defined', "window.SR = { mine: 15 }; Object.defineProperty(window, 'SR', { enumerable: false });"],
    ['all four names', 'window.SR = 1; window.Client = 2; window.SNRClient = 3; window.Synerise = 4;'],
  ];

  it.each(WAYS)('%s', async (_name, ...scripts) => {
    const seen = await alike((page, texts: string[]) => {
      page.watch();
      const thrown = texts.map((text) => page.script(text));
      page.loaded();
      page.pass(4000);
      page.settle();
      const names = ['Synerise', 'Client', 'SNRClient', 'SR'];
      const read = (name: string) => {
        try {
          return page.later(`typeof ${name}`) === 'undefined'
            ? 'undefined'
            : String(page.later(`JSON.stringify(${name}) + typeof ${name}`));
        } catch (error) {
          return String(error);
        }
      };
      return {
        thrown,
        descs: names.map(page.desc),
        bare: names.map(read),
        listed: names.map((name) => Object.keys(globalThis).includes(name)),
        got: page.later('globalThis.got'),
      };
    }, scripts);
    expect(seen.thrown).toHaveLength(scripts.length);
  });

  it('a `var` keeps its value and attributes, but becomes configurable, which a `var` normally is not', async () => {
    const seen = await inPage((page) => {
      page.watch();
      page.script('var SR = { mine: 1 };');
      page.loaded();
      page.pass(4000);
      return page.desc('SR');
    });
    expect(seen).toEqual({ value: { mine: 1 }, get: 'undefined', set: 'undefined', writable: true, enumerable: true, configurable: true });
  });

  it('a `var` without a value is still declared', async () => {
    await alike((page) => {
      page.watch();
      page.script('var SR; function later() { if (!SR) SR = { mine: 1 }; return SR.mine; }');
      page.loaded();
      page.pass(4000);
      try {
        return page.later<number>('later()');
      } catch (error) {
        return String(error);
      }
    });
  });
});

describe('what a page sees while it loads', () => {
  const LOOKS: [string, ...string[]][] = [
    ['typeof a name that was never defined', 'log(typeof Synerise, typeof window.SR);'],
    ['an assignment and its value', 'log(window.SR = 5, SR, window.SR === 5);'],
    ['the keys of the window', "log(Object.keys(window).includes('SR'));"],
    ['the keys of the window after the name was assigned', "window.SR = 1; log(Object.keys(window).includes('SR'));"],
    ['propertyIsEnumerable after the name was assigned', "window.SR = 1; log(window.propertyIsEnumerable('SR'));"],
    ['hasOwnProperty after the name was assigned', "window.SR = 1; log(window.hasOwnProperty('SR'), 'SR' in window);"],
    ['delete', 'window.SR = 1; log(delete window.SR, typeof SR);'],
    ['an increment', 'window.SR = 1; SR += 1; SR++; log(SR);'],
    ['a method call', 'window.SR = { me() { return this === SR; } }; log(SR.me());'],
    ['strict mode', "'use strict'; window.SR = 1; SR = 2; log(SR);"],
    ['an object that inherits from the window', 'const heir = Object.create(window); heir.SR = 5; log(heir.SR, typeof window.SR);'],
    ['a spread of the window', 'window.SR = { mine: 1 }; log({ ...window }.SR?.mine);'],
  ];
  it.each(LOOKS)('%s', async (_name, text) => {
    await alike((page, source: string) => {
      page.watch();
      page.later('globalThis.logged = []; function log(...values) { logged.push(...values); }');
      const thrown = page.script(source);
      return [thrown, page.later<unknown[]>('logged')];
    }, text);
  });

  it('an element with that id', async () => {
    await alike((page) => {
      page.element('SR');
      page.element('Client');
      page.watch();
      const seen = [page.later('SR?.id'), page.later('window.Client?.id')];
      page.script('SR = { mine: 1 };');
      page.loaded();
      page.pass(4000);
      return [...seen, page.later('SR.mine'), page.later('Client.id')];
    });
  });

  it('a name the page had defined before, unchanged', async () => {
    await alike((page) => {
      Object.defineProperty(globalThis, 'SR', { value: { mine: 1 }, configurable: true, enumerable: false, writable: false });
      Object.defineProperty(globalThis, 'Client', { value: { mine: 2 }, configurable: true, enumerable: false, writable: true });
      page.watch();
      page.loaded();
      page.pass(4000);
      return [page.desc('SR'), page.desc('Client')];
    });
  });

  it.each([
    ['an accessor of another extension', { configurable: true, enumerable: true }],
    ['a non-configurable accessor', { configurable: false, enumerable: true }],
  ])('%s is left alone', async (_name, kind) => {
    const seen = await alike((page, rest: object) => {
      let held: unknown = 'none';
      const theirs = {
        get: () => held,
        set(next: unknown) {
          held = next;
        },
      };
      Object.defineProperty(globalThis, 'Synerise', { ...theirs, ...rest });
      page.watch();
      page.script('Synerise = 5;');
      page.loaded();
      page.pass(4000);
      const { get, set } = Object.getOwnPropertyDescriptor(globalThis, 'Synerise') ?? {};
      return [held, get === theirs.get, set === theirs.set];
    }, kind);
    expect(seen).toEqual([5, true, true]);
  });
});

describe('an SDK that appears', () => {
  const CALLS: [string, string, string?][] = [
    [
      'assigned, initialized and used in one script',
      `window.Synerise = ${RN}; Synerise.init(); Synerise.Client.signIn('a', 'b', () => {}, () => {});`,
    ],
    ['by `var`', `var Synerise = ${RN}; Synerise.init(); Synerise.Client.signIn('a', 'b', () => {}, () => {});`],
    [
      'by a class, used in the next script',
      `class Synerise { static client = ${RN}.Client; static get Client() { return Synerise.client; } }`,
      'signIn',
    ],
    ['by `const`, used in the next script', `const Synerise = ${RN}; Synerise.init();`, 'signIn'],
    ['by `let` assigned in the second script', 'let Synerise;', `Synerise = ${RN}; Synerise.init();`],
    ['by a function of that name', `function Synerise() {} Object.assign(Synerise, ${RN}); Synerise.init();`, 'signIn'],
    ['by defineProperty', `Object.defineProperty(window, 'Synerise', { value: ${RN} }); Synerise.init();`, 'signIn'],
    [
      'by a getter',
      `{ const sdk = ${RN}; sdk.init(); Object.defineProperty(window, 'Synerise', { get: () => sdk, configurable: true }); }`,
      'signIn',
    ],
    [
      'in place of a queue',
      `window.Synerise = window.Synerise || []; window.Synerise = ${RN}; Synerise.init(); Synerise.Client.signIn('a', 'b', () => {}, () => {});`,
    ],
    ['after a delete', `delete window.Synerise; window.Synerise = ${RN}; Synerise.init();`, 'signIn'],
  ];
  it.each(CALLS)('%s is wrapped before its first call', async (_name, text, next) => {
    const seen = await inPage(
      (page, [first, second]: [string, string?]) => {
        page.watch();
        const call = "Synerise.Client.signIn('a', 'b', () => {}, () => {});";
        const thrown = [page.script(first)];
        if (second && second !== 'signIn') thrown.push(page.script(second));
        if (second) thrown.push(page.script(call));
        return { thrown, reports: page.ask().reports };
      },
      { given: (next === undefined ? [text] : [text, next]) as [string, string?] },
    );
    expect(seen.thrown.filter((one) => one)).toEqual([]);
    expect(does(seen.reports)).toEqual(['signIn called', 'signIn succeeded']);
  });

  it.each([false, true])('releases the names immediately, leaving only the agent’s bell and slow timer (after load: %s)', async (after) => {
    const seen = await inPage(
      (page, late: boolean) => {
        page.watch();
        if (late) page.loaded();
        page.script(`window.Synerise = { isInitialized: () => true, Client: { getUUID: () => 'u', retrieveToken(ok) { ok(null); } } };`);
        const { timers, ...rest } = page.left();
        if (!late) page.loaded();
        page.pass(20_000);
        page.settle();
        const names = ['Synerise', 'Client', 'SNRClient', 'SR'];
        return { ...rest, bell: page.bells[0], timers, still: page.left(), kinds: names.map((name) => page.desc(name)?.['get'] ?? null) };
      },
      { given: after },
    );
    expect(seen.listeners).toEqual([`${seen.bell}.end`]);
    expect(seen.observers).toBe(0);
    expect(seen.kinds).toEqual(['undefined', null, null, null]);
    expect(seen.still).toEqual({ listeners: [`${seen.bell}.end`], observers: 0, timers: 1 });
  });

  it('at the load event leaves no timer of `watch`', async () => {
    const seen = await inPage((page) => {
      page.watch();
      page.script(
        `var ready = false; window.Synerise = { isInitialized: () => ready, Client: { getUUID: () => 'u', retrieveToken(ok) { ok(null); } } };`,
      );
      page.later('ready = true');
      page.loaded();
      // Only the agent's own timers count; the token read has no deadline timer, because it was answered.
      page.pass(200);
      const before = page.left().timers;
      page.pass(3000);
      return [before, page.left().timers];
    });
    expect(seen[0]).toBe(seen[1]);
  });

  it('that never appears: the names are released 3 s after load, and only the agent is left', async () => {
    const seen = await inPage((page) => {
      page.watch();
      page.pass(60_000);
      const long = page.desc('Synerise')?.['get'];
      page.loaded();
      page.pass(2900);
      const held = page.desc('Synerise')?.['get'];
      page.pass(200);
      page.settle();
      return [long, held, page.desc('Synerise'), page.left(), page.bells];
    });
    const [bell] = seen[4] as string[];
    expect(seen.slice(0, 4)).toEqual(['function', 'function', null, { timers: 1, listeners: [`${bell}.end`], observers: 0 }]);
  });

  it('whose getter reads its own global and sometimes throws is found without the page noticing', async () => {
    const seen = await inPage((page) => {
      page.watch();
      const thrown = page.script(`
        let reads = 0;
        window.Synerise = {
          isInitialized() { return window.Synerise.ready === true; },
          get Client() {
            reads += 1;
            if (reads < 3) throw new Error('not yet');
            return window.Synerise.inner;
          },
          inner: { getUUID: () => 'uuid-1', signIn() {} },
        };
        Synerise.ready = true;
        for (let n = 0; n < 5; n += 1) try { void Synerise.Client; } catch {}
        Synerise.Client.signIn('a', 'b');`);
      return [thrown, page.ask().reports] as const;
    });
    expect(seen[0]).toBeNull();
    expect(does(seen[1])).toEqual(['signIn called', 'signIn returned']);
  });

  it('is wrapped after the page has added many scripts', async () => {
    const seen = await inPage(
      (page, sdk: string) => {
        page.watch();
        for (let n = 0; n < 150; n += 1) page.script('', true);
        page.script(`window.Synerise = ${sdk}; Synerise.init(); Synerise.Client.signIn('a', 'b', () => {}, () => {});`);
        return page.ask().reports;
      },
      { given: RN },
    );
    expect(does(seen)).toEqual(['signIn called', 'signIn succeeded']);
  });

  it('under a custom name (SyneriseObjectNamespace) is found at the next script', async () => {
    const seen = await inPage((page) => {
      page.watch();
      page.script(`window.SyneriseObjectNamespace = 'MySR'; window.MySR = []; MySR._t = 1;`);
      const before = page.ask().reports;
      page.script(
        `window.SyneriseTC = { uuid: 'u' }; window.MySR = { event: {}, client: { update() {}, getIdentityHash() {} }, init() {} };`,
        true,
      );
      page.later('MySR.client.update({})');
      return [before, page.ask().reports];
    });
    const states = seen.map((reports) =>
      reports.flatMap((one) => (one.kind === 'page' ? one.clients.map(({ place, state }) => [place, state]) : [])),
    );
    expect(states[0]?.at(-1)).toEqual(['MySR', 'not-loaded']);
    expect(states[1]?.at(-1)).toEqual(['MySR', 'ready']);
    expect(does(seen[1] ?? [])).toEqual(['updateClient called', 'updateClient returned']);
  });

  it('replacing the Web SDK’s loader queue is awaited, because the queue is not an SDK', async () => {
    const seen = await inPage((page) => {
      page.watch();
      page.script('window.SR = []; SR._t = 1; SR.init = () => {};');
      const held = page.desc('SR')?.['get'];
      page.script(
        `window.SyneriseTC = { uuid: 'u' }; window.SR = { event: {}, client: { setUuid() {} }, init() {} }; SR.client.setUuid('x');`,
      );
      return [held, page.desc('SR')?.['get'], page.ask().reports] as const;
    });
    expect(seen.slice(0, 2)).toEqual(['function', 'undefined']);
    expect(does(seen[2])).toEqual(['setUuid called', 'setUuid returned']);
  });
});

describe('a page that uses a name for its own purposes', () => {
  it('and reads it in a hot loop is looked at a limited number of times', async () => {
    const looks = await inPage((page) => {
      page.watch();
      const before = page.looks();
      page.script('window.SR = { n: 0 }; for (let i = 0; i < 20_000; i += 1) SR.n += 1;');
      return page.looks() - before;
    });
    expect(looks).toBeLessThanOrEqual(110);
  });

  it.each([
    ['reads', 'Synerise.isInitialized();'],
    ['writes', 'window.Synerise = window.Synerise;'],
  ])('and %s an SDK that is not ready in a hot loop is looked at a limited number of times', async (_what, line) => {
    const looks = await inPage(
      (page, text: string) => {
        page.watch();
        const before = page.looks();
        page.script(
          `window.Synerise = { isInitialized: () => false, Client: { getUUID() {} } }; for (let i = 0; i < 5000; i += 1) ${text}`,
        );
        return [page.looks() - before, page.desc('Synerise')?.['get']];
      },
      { given: line },
    );
    expect(looks[0]).toBeLessThanOrEqual(110);
    expect(looks[1]).toBe('function');
  });

  it('and writes it in a hot loop is looked at a limited number of times', async () => {
    const looks = await inPage((page) => {
      page.watch();
      const before = page.looks();
      page.script('for (var SR = 0; SR < 20_000; SR += 1);');
      return page.looks() - before;
    });
    expect(looks).toBeLessThanOrEqual(250);
  });
});

describe('a page that patches built-ins later', () => {
  it.each([
    ['throws', '() => { throw new Error("patched"); }'],
    ['does nothing', '() => undefined'],
  ])('listeners, events, timers, Date and Object (%s): watching continues, leaves nothing behind and throws nothing into the page', async (_how, patch) => {
    const seen = await inPage(
      (page, [text, sdk]: [string, string]) => {
        page.watch();
        page.later(`{
          const patch = ${text};
          for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent']) {
            EventTarget.prototype[name] = patch;
            window[name] = patch;
            document[name] = patch;
          }
          MutationObserver.prototype.observe = patch;
          window.real = { defineProperty: Object.defineProperty, setTimeout, clearTimeout, now: Date.now, CustomEvent };
          Object.defineProperty = Object.getOwnPropertyDescriptor = Object.keys = patch;
          Reflect.apply = Reflect.ownKeys = patch;
          window.setTimeout = window.clearTimeout = patch;
          window.CustomEvent = window.MutationObserver = window.Promise = window.Proxy = window.Map = window.Set = patch;
          Date.now = patch;
        }`);
        const thrown = page.script(`window.Synerise = ${sdk}; Synerise.init(); Synerise.Client.signIn('a', 'b', () => {}, () => {});`);
        const { listeners, observers } = page.left();
        return { thrown, listeners, observers, bell: page.bells[0], reports: page.ask().reports };
      },
      { given: [patch, RN] as [string, string] },
    );
    expect(seen.thrown).toBeNull();
    expect(does(seen.reports)).toEqual(['signIn called', 'signIn succeeded']);
    expect(seen.listeners).toEqual([`${seen.bell}.end`]);
    expect(seen.observers).toBe(0);
  });

  it.each([
    ['performance', 'window.performance = {};'],
    ['its entries', 'performance.getEntriesByType = () => { throw new Error("patched"); };'],
    ['the number of frames', "Object.defineProperty(window, 'length', { get() { throw new Error('patched'); }, configurable: true });"],
  ])('%s: nothing is thrown into the page, and a later SDK is found', async (_what, patch) => {
    const seen = await inPage(
      (page, [text, sdk]: [string, string]) => {
        page.watch();
        const thrown = [page.script(text)];
        let tick: string | null = null;
        try {
          page.loaded();
          thrown.push(page.script('window.SR = [1]; SR.push(2);'));
          page.pass(2500);
        } catch (error) {
          tick = String(error);
        }
        thrown.push(page.script(`window.Synerise = ${sdk}; Synerise.init(); Synerise.Client.signIn('a', 'b', () => {}, () => {});`));
        let reports: readonly AgentReport[] = [];
        try {
          ({ reports } = page.ask());
        } catch {}
        return { thrown, tick, reports };
      },
      { given: [patch, RN] as [string, string] },
    );
    expect(seen.tick).toBeNull();
    expect(seen.thrown).toEqual([null, null, null]);
    expect(does(seen.reports)).toEqual(['signIn called', 'signIn succeeded']);
  });
});

describe('reverting early', () => {
  it.each(['bell', 'revert'])('by the %s before an SDK appears restores the page’s globals', async (how) => {
    const seen = await inPage(
      (page, by: string) => {
        page.watch();
        page.script('window.SR = { mine: 1 };');
        if (by === 'bell') page.dispatch(`${page.bells[0]}.end`);
        else page.handle()?.revert();
        // The page's next script. A recent report may still have been about to ring the bell.
        page.script('');
        page.pass(60);
        return { descs: ['Synerise', 'Client', 'SNRClient', 'SR'].map(page.desc), left: page.left(), handle: typeof page.handle() };
      },
      { given: how },
    );
    expect(seen.descs.slice(0, 3)).toEqual([null, null, null]);
    expect(seen.descs[3]).toMatchObject({ value: { mine: 1 }, writable: true, enumerable: true, configurable: true });
    expect(seen.left).toEqual({ timers: 0, listeners: [], observers: 0 });
    expect(seen.handle).toBe('undefined');
  });

  it('by the relay removes everything immediately, without waiting for the page’s next script', async () => {
    const seen = await inPage((page) => {
      page.watch();
      page.dispatch(`${page.bells[0]}.end`);
      const descs = ['Synerise', 'Client', 'SNRClient', 'SR'].map(page.desc);
      page.pass(60);
      return { descs, left: page.left() };
    });
    expect(seen).toEqual({ descs: [null, null, null, null], left: { timers: 0, listeners: [], observers: 0 } });
  });

  it.each(['bell', 'revert'])('by the %s with an SDK present restores every method', async (how) => {
    const seen = await alike(
      (page, [by, sdk]: [string, string]) => {
        page.watch();
        page.later(`window.made = ${sdk}; made.ready = true; window.own = { ...made.Client };`);
        page.script('window.Synerise = made;');
        if (page.handle()) {
          if (page.later('made.Client.signIn === own.signIn')) throw new Error('It was not wrapped.');
          if (by === 'bell') page.dispatch(`${page.bells[0]}.end`);
          else page.handle()?.revert();
        }
        page.pass(60);
        return [
          page.later('Object.keys(own).every((name) => made.Client[name] === own[name])'),
          JSON.stringify(page.later('Object.getOwnPropertyDescriptors(made.Client)')),
          page.left(),
          page.desc('Synerise'),
          Object.getOwnPropertySymbols(globalThis)
            .map(String)
            .filter((name) => name.includes('synerise')),
        ];
      },
      [how, RN] as [string, string],
    );
    expect(seen[0]).toBe(true);
  });
});

describe('running `watch` twice or without an agent', () => {
  it('keeps the first bell, which is the one the relay knows', async () => {
    const seen = await inPage((page) => {
      page.watch();
      page.run('watch');
      const heard: string[] = [];
      for (const bell of page.bells) (globalThis as unknown as EventTarget).addEventListener(bell, () => heard.push(bell));
      page.pass(1000);
      page.later(`window.Synerise = { isInitialized: () => true, Client: { getUUID: () => 'u' } };`);
      page.pass(6000);
      return { bells: page.bells, heard: [...new Set(heard)] };
    });
    expect(seen.heard).toEqual([seen.bells[0]]);
  });

  it('does nothing without an agent', async () => {
    const seen = await inPage((page) => {
      page.run('watch');
      return [page.desc('Synerise'), page.left(), page.bells];
    });
    expect(seen).toEqual([null, { timers: 0, listeners: [], observers: 0 }, []]);
  });
});

describe('the footprint of the first line', () => {
  it('is one hello event with an unguessable bell name', async () => {
    const names = await Promise.all(
      [0, 1].map(() =>
        inPage((page) => {
          page.watch();
          return page.bells;
        }),
      ),
    );
    expect(names.map((bells) => bells.length)).toEqual([1, 1]);
    expect(names[0]).not.toEqual(names[1]);
    for (const [bell] of names) expect(bell).toMatch(/^synerise\.inspector\.\d{20,}$/);
  });

  it('is no global besides the four names and the agent’s symbol', async () => {
    const seen = await inPage((page) => {
      const before = Reflect.ownKeys(globalThis).map(String);
      page.watch();
      return Reflect.ownKeys(globalThis)
        .map(String)
        .filter((name) => !before.includes(name));
    });
    expect(seen.sort()).toEqual(['Client', 'SNRClient', 'SR', 'Symbol(synerise.inspector.agent)', 'Synerise']);
  });
});
