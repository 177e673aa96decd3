/**
 * The first lines of a page on a watched site: has the agent look whenever an SDK may have come, before the page's own
 * next line reads it (DESIGN §4). Passive but for one thing: until the SDK is there, or the page has loaded, the globals
 * that it would stand at are accessors that hold what the page puts there. Then they are the plain properties that the
 * page would have made.
 */
import { clearTimeout, defineProperty, getOwnPropertyDescriptor, listen, raise, setTimeout } from './builtins';
import { declared } from './detect';
import { TABLES } from './dialects';
import { setupOf } from './setup';
import { AGENT_VERSION, type AgentHandle, type AgentRequest, HANDLE_KEY, HELLO_EVENT } from './wire';

/** So long after load an SDK that has not come is waited for by the agent's own looks alone (ms). */
const PATIENCE = 3000;
/** So many looks of the page at one global are followed by a look of ours: a page may have a global of that name for itself. */
const MAX_LOOKS = 100;

/** Has this document's agent watch. Does nothing where it is watching, or where there is no agent. */
export function watchPage(): void {
  const handle = (globalThis as unknown as Record<symbol, AgentHandle | undefined>)[Symbol.for(HANDLE_KEY)];
  if (handle?.version !== AGENT_VERSION) return;
  const bell = `synerise.inspector.${[...crypto.getRandomValues(new Uint32Array(4))].join('')}`;
  const request: AgentRequest = {
    cursor: 0,
    document: null,
    wait: 0,
    showing: false,
    client: null,
    // Places that the settings have for this site follow with the first question.
    setup: setupOf([]),
    watch: bell,
  };
  handle.exchange(JSON.stringify(request));
  raise(HELLO_EVENT, bell);
  expect(() => handle.look());
}

/** Calls `look` whenever an SDK may have come, until it says that nothing more is waited for. */
function expect(look: () => boolean): void {
  const ends: (() => void)[] = [];
  const holds = new Map<string, Hold>();
  let looking = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(timer);
    for (const { release } of holds.values()) release();
    for (const one of ends.splice(0)) one();
  };
  const check = () => {
    // The SDK's own getters may read its global.
    if (looking) return;
    looking = true;
    try {
      for (const [name, { empty, release }] of holds) if (empty() && declared(name) !== undefined) release();
      if (look()) end();
    } finally {
      looking = false;
    }
  };
  for (const { stand } of TABLES) for (const name of stand.roots) if (!holds.has(name)) holds.set(name, hold(name, check));
  const ran = ({ target }: Event) => {
    if ((target as Element | null)?.nodeName === 'SCRIPT') check();
  };
  // A script tag that was added has run, or runs next: either way the one before it has run.
  const added = new MutationObserver((changes) => {
    if (changes.some(({ addedNodes }) => [...addedNodes].some(({ nodeName }) => nodeName === 'SCRIPT'))) check();
  });
  added.observe(document, { childList: true, subtree: true });
  document.addEventListener('load', ran, true);
  ends.push(
    () => added.disconnect(),
    () => document.removeEventListener('load', ran, true),
    listen('DOMContentLoaded', check),
    listen('load', () => {
      check();
      timer = setTimeout(end, PATIENCE);
    }),
  );
}

interface Hold {
  /** Nothing was put there yet. */
  empty(): boolean;
  /** Makes the global what the page would have made it. */
  release(): void;
}

/** Hears what is put at a global, and looks at it while the SDK is not ready. */
function hold(name: string, check: () => void): Hold {
  const before = getOwnPropertyDescriptor(globalThis, name);
  let put = before !== undefined;
  // Somebody's own accessor, or a value that may not be moved.
  if (before && !(before.configurable && 'value' in before)) return { empty: () => false, release() {} };
  let value: unknown = before?.value;
  let looks = 0;
  const own = {
    get() {
      looks += 1;
      if (put && looks <= MAX_LOOKS) check();
      return value;
    },
    set(next: unknown) {
      value = next;
      put = true;
      check();
    },
  };
  defineProperty(globalThis, name, { configurable: true, enumerable: false, ...own });
  return {
    empty: () => !put,
    release() {
      // Defined anew by the page: theirs stays.
      if (getOwnPropertyDescriptor(globalThis, name)?.get !== own.get) return;
      if (put) defineProperty(globalThis, name, { configurable: true, enumerable: true, writable: true, value });
      else delete (globalThis as unknown as Record<string, unknown>)[name];
    },
  };
}
