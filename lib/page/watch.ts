/**
 * Runs before the first line of a page on a watched site: makes the agent look whenever an SDK may have appeared, before
 * the page's next line uses it. It is passive with one exception: the globals where an SDK may appear are accessors until
 * the page assigns them, and for as long as they hold an SDK that isn't ready; then they become the plain properties that
 * the page would have created. docs/features.md describes what a page can notice.
 */

import { ROOTS } from '../sdk/dialects/page';
import { declared } from './declared';
import { listen, raise } from './events';
import { type AgentHandle, agentOf } from './handle';
import { AGENT_VERSION, type AgentRequest, END_SUFFIX, HELLO_EVENT, READY_EVENT } from './wire';

// The page has run nothing yet. If it replaces built-ins later, that costs us at most a look, and the agent's own looks make up for it.
const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { apply } = Reflect;
const { setTimeout, clearTimeout, MutationObserver: NativeMutationObserver } = globalThis;
const { observe: observeNodes, disconnect } = NativeMutationObserver?.prototype ?? {};
const { now } = Date;

/** How long after load to wait for an SDK that has not appeared (ms); from then on only the agent's own looks find it. */
const PATIENCE = 3000;
/** How many accesses to one global trigger a look, at most. */
const MAX_LOOKS = 100;
/** How much of an inline script is searched for a declaration (characters). */
const MAX_TEXT = 20_000;

const page = globalThis as unknown as Record<PropertyKey, unknown>;
const isHolder = (value: unknown): boolean => (typeof value === 'object' && value !== null) || typeof value === 'function';

/** Makes this document's agent watch. Does nothing if the agent is already watching, or if there is none. */
export function watchPage(): void {
  const handle = agentOf();
  if (handle?.version !== AGENT_VERSION) return;
  const ask = (more: Partial<AgentRequest>) =>
    String(handle.exchange({ origin: null, now: now(), cursor: 0, document: null, wait: 0, showing: false, client: null, ...more }));
  if (ask({ list: true }).includes('"watching":true')) return;
  const bell = `synerise.inspector.${[...crypto.getRandomValues(new Uint32Array(4))].join('')}`;
  ask({ watch: bell });
  raise(HELLO_EVENT, bell);
  const greeted = listen(READY_EVENT, () => raise(HELLO_EVENT, bell));
  expect(() => handle.look(), bell + END_SUFFIX, greeted);
}

/**
 * Calls `look` whenever an SDK may have appeared, until it returns `null`: nothing more is expected.
 * @param over name of the event that removes every trace
 * @param first runs at the page's first script
 */
function expect(look: AgentHandle['look'], over: string, first: () => void): void {
  const ends: (() => void)[] = [first];
  const holds = new Map<string, Hold>();
  let looking = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(timer);
    for (const one of holds.values()) one.release();
    for (const one of ends.splice(0)) quietly(one);
  };
  /** Returns false during a look, because the SDK's own getters may read its global. */
  const check = (): boolean => {
    if (looking) return false;
    looking = true;
    // Agent and relay are both running by now, and the page must not learn the bell's name.
    first();
    quietly(() => {
      for (const [name, one] of holds) if (one.empty() && declared(name) !== undefined) one.release();
      const unready = look();
      if (unready === null) end();
      // A value that isn't an SDK is given back to the page immediately.
      else for (const [name, one] of holds) if (!one.waits() && !unready.some((place) => place.split('.')[0] === name)) one.release();
    });
    looking = false;
    return true;
  };
  for (const name of ROOTS) holds.set(name, hold(name, check));
  const ran = (event: Event) => {
    if ((event.target as Element | null)?.nodeName === 'SCRIPT') check();
  };
  // A script tag that was added has run or runs next: in both cases the one before it has run.
  const added = new NativeMutationObserver((changes) => {
    if (changes.some(addsScript)) check();
  });
  apply(observeNodes, added, [document, { childList: true, subtree: true }]);
  ends.push(
    () => apply(disconnect, added, []),
    listen('load', ran, document, true),
    listen('DOMContentLoaded', check),
    listen('load', () => {
      check();
      timer = setTimeout(end, PATIENCE);
    }),
  );
  ends.push(listen(over, end));
}

/** With a plain loop: it sees each node of the page, and an iterator takes three times as long. */
function addsScript({ addedNodes }: MutationRecord): boolean {
  for (let index = 0; index < addedNodes.length; index += 1) if (addedNodes[index]?.nodeName === 'SCRIPT') return true;
  return false;
}

interface Hold {
  /** Nothing was assigned yet. */
  empty(): boolean;
  /** Nothing was assigned yet, or only a queue in place of the SDK. */
  waits(): boolean;
  /** Turns the global into what the page would have made it. */
  release(): void;
}

/** Intercepts what is assigned to a global, and looks at each access while it holds an SDK that isn't ready. */
function hold(name: string, check: () => boolean): Hold {
  // The global was defined before this script ran: the agent's looks find it.
  if (getOwnPropertyDescriptor(globalThis, name)) return { empty: () => false, waits: () => true, release() {} };
  let value: unknown;
  let put = false;
  let looks = 0;
  const seen = () => {
    if (put && looks < MAX_LOOKS && isHolder(value) && check()) looks += 1;
  };
  const own = {
    get() {
      if (!put) return inherited(name);
      seen();
      return value;
    },
    set(this: unknown, next: unknown) {
      if (this !== undefined && this !== globalThis) {
        // An object that inherits from the window, such as a sandbox: the property becomes its own.
        defineProperty(this, name, { configurable: true, enumerable: true, writable: true, value: next });
        return;
      }
      value = next;
      put = true;
      if (isHolder(next)) seen();
      else plain();
    },
  };
  /** Replaces our accessor with a plain property; if the page replaced one half of it, removes the other. */
  const plain = () =>
    quietly(() => {
      const now = getOwnPropertyDescriptor(globalThis, name);
      const [isGet, isSet] = [now?.get === own.get, now?.set === own.set];
      if (!now || !(isGet || isSet)) return;
      if (isGet && isSet) {
        if (put) defineProperty(globalThis, name, { configurable: true, enumerable: true, writable: true, value });
      } else {
        const theirs = { get: isGet ? undefined : now.get, set: isSet ? undefined : now.set };
        defineProperty(globalThis, name, { ...now, ...theirs } as PropertyDescriptor);
      }
    });
  quietly(() => defineProperty(globalThis, name, { configurable: true, enumerable: false, ...own }));
  return {
    empty: () => !put,
    waits: () => !put || Array.isArray(value),
    release() {
      looks = MAX_LOOKS;
      plain();
      quietly(() => {
        if (put || getOwnPropertyDescriptor(globalThis, name)?.get !== own.get) return;
        // A `var` without a value creates the property, but found ours instead: a page that declared it may still read it.
        const isDeclared = new RegExp(`\\bvar\\b[^;]*\\b${name}\\b`);
        if ([...document.scripts].some(({ text }) => isDeclared.test(text.slice(0, MAX_TEXT))))
          defineProperty(globalThis, name, { configurable: true, enumerable: true, writable: true, value: undefined });
        else delete page[name];
      });
    },
  };
}

/** What a global of that name is without our accessor: an element with that id. */
const inherited = (name: string): unknown => Reflect.get(getPrototypeOf(globalThis) as object, name, globalThis);

/** Runs our own code: its errors must not reach the page. */
function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // The page must notice nothing.
  }
}
