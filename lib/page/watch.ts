/**
 * The first lines of a page on a watched site: has the agent look whenever an SDK may have come, before the page's own
 * next line reads it. Passive but for one thing: a global that an SDK would stand at is an accessor until the
 * page puts something there, and while that is an SDK that is not ready; then it is the plain property that the page
 * would have made. What a page can tell by it is said in docs/features.md.
 */

import { PAGE_TABLES } from '../sdk/dialects/page';
import { declared } from './declared';
import { listen, raise } from './events';
import { type AgentHandle, agentOf } from './handle';
import { pageSetup } from './setup';
import { AGENT_VERSION, type AgentRequest, END_SUFFIX, HELLO_EVENT, READY_EVENT } from './wire';

// The page has run nothing yet. What it does to built-ins later costs it a look of ours at most, which the agent makes up for.
const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { apply } = Reflect;
const { setTimeout, clearTimeout, MutationObserver: NativeMutationObserver } = globalThis;
const { observe: observeNodes, disconnect } = NativeMutationObserver?.prototype ?? {};
const { now } = Date;

/** So long after load an SDK that has not come is waited for by the agent's own looks alone (ms). */
const PATIENCE = 3000;
/** So many times what the page does with one global is followed by a look of ours. */
const MAX_LOOKS = 100;
/** How much of an inline script is looked through for a declaration (characters). */
const MAX_TEXT = 20_000;

const page = globalThis as unknown as Record<PropertyKey, unknown>;
const isHolder = (value: unknown): boolean => (typeof value === 'object' && value !== null) || typeof value === 'function';

/** Has this document's agent watch. Does nothing where it is watching, or where there is no agent. */
export function watchPage(): void {
  const handle = agentOf();
  if (handle?.version !== AGENT_VERSION) return;
  const ask = (more: Partial<AgentRequest>) =>
    String(handle.exchange({ origin: null, now: now(), cursor: 0, document: null, wait: 0, showing: false, client: null, ...more }));
  if (ask({ list: true }).includes('"watching":true')) return;
  const bell = `synerise.inspector.${[...crypto.getRandomValues(new Uint32Array(4))].join('')}`;
  // The places of this site's settings follow with the first question.
  ask({ setup: pageSetup([]), watch: bell });
  raise(HELLO_EVENT, bell);
  const greeted = listen(READY_EVENT, () => raise(HELLO_EVENT, bell));
  expect(() => handle.look(), bell + END_SUFFIX, greeted);
}

/** Calls `look` whenever an SDK may have come, until it says that nothing more is waited for. @param over name of the event that takes every trace back @param first done at the page's first script */
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
  /** False where it is in the middle of a look: the SDK's own getters may read its global. */
  const check = (): boolean => {
    if (looking) return false;
    looking = true;
    // Both of us are there by now, and the page is not to hear the bell's name.
    first();
    quietly(() => {
      for (const [name, one] of holds) if (one.empty() && declared(name) !== undefined) one.release();
      const unready = look();
      if (unready === null) end();
      // What is no SDK is the page's own matter at once.
      else for (const [name, one] of holds) if (!one.waits() && !unready.some((place) => place.split('.')[0] === name)) one.release();
    });
    looking = false;
    return true;
  };
  for (const { stand } of PAGE_TABLES) for (const name of stand.roots) if (!holds.has(name)) holds.set(name, hold(name, check));
  const ran = (event: Event) => {
    if ((event.target as Element | null)?.nodeName === 'SCRIPT') check();
  };
  // A script tag that was added has run, or runs next: either way the one before it has run.
  const added = new NativeMutationObserver((changes) => {
    if (changes.some(({ addedNodes }) => [...addedNodes].some(({ nodeName }) => nodeName === 'SCRIPT'))) check();
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

interface Hold {
  /** Nothing was put there yet. */
  empty(): boolean;
  /** The same, or only a queue in the place of the SDK. */
  waits(): boolean;
  /** Makes the global what the page would have made it. */
  release(): void;
}

/** Hears what is put at a global, and looks at it while it is an SDK that is not ready. */
function hold(name: string, check: () => boolean): Hold {
  // Somebody was here before us: the agent's looks find it.
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
        // An heir of the window: a sandbox's own.
        defineProperty(this, name, { configurable: true, enumerable: true, writable: true, value: next });
        return;
      }
      value = next;
      put = true;
      if (isHolder(next)) seen();
      else plain();
    },
  };
  /** Ours no more: a plain property, or what of the page's own accessor is not ours. */
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
        // A `var` without a value makes the property, and found ours there: a page that declared it reads it yet.
        const isDeclared = new RegExp(`\\bvar\\b[^;]*\\b${name}\\b`);
        if ([...document.scripts].some(({ text }) => isDeclared.test(text.slice(0, MAX_TEXT))))
          defineProperty(globalThis, name, { configurable: true, enumerable: true, writable: true, value: undefined });
        else delete page[name];
      });
    },
  };
}

/** What a global of that name would be without ours: an element with that id. */
const inherited = (name: string): unknown => Reflect.get(getPrototypeOf(globalThis) as object, name, globalThis);

/** Whatever goes wrong here is not the page's matter. */
function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // The page must notice nothing.
  }
}
