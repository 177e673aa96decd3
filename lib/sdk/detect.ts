import { getOwnPropertyDescriptor, NativeMap } from './builtins';
import type { DialectTable, Stand } from './dialects/dialect';
import { read } from './path';
import { cut, peek } from './plain';
import { CONNECT_KEY, type DialectName, type Setup } from './wire';

// A top-level `class Client` or `const SR` is on no object: only the bare name reaches it.
declare const Synerise: unknown, Client: unknown, SNRClient: unknown, SR: unknown;

/** Globals that a page may have declared so; `typeof` first, since a bare name that is not there throws. */
const BARE = new NativeMap<string, () => unknown>([
  ['Synerise', () => (typeof Synerise === 'undefined' ? undefined : Synerise)],
  ['Client', () => (typeof Client === 'undefined' ? undefined : Client)],
  ['SNRClient', () => (typeof SNRClient === 'undefined' ? undefined : SNRClient)],
  ['SR', () => (typeof SR === 'undefined' ? undefined : SR)],
]);

/** What a bare name of a well-known global stands for. One whose script died before it had a value throws even under `typeof`. */
export function declared(name: string): unknown {
  try {
    return BARE.get(name)?.();
  } catch {
    return undefined;
  }
}

/** How many SDKs that the page handed over are looked at, newest first. */
const MAX_HANDED = 20;

/** One SDK instance that stands on the page. */
export interface Detected {
  readonly dialect: DialectTable;
  /** Where it stands, or the name that it was handed over by. */
  readonly place: string;
  readonly version: string | null;
  /** `not-loaded`: only the loader snippet's queue is there. */
  readonly state: 'ready' | 'not-initialised' | 'not-loaded';
  readonly client: object | null;
}

interface Root {
  readonly value: unknown;
  /** Its member of the same name. */
  inner(): unknown;
}

const isHolder = (value: unknown): value is object => (typeof value === 'object' && value !== null) || typeof value === 'function';
/** Cheap, and without a getter; a Proxy's trap may throw. */
function has(value: unknown, key: string): value is object {
  try {
    return isHolder(value) && key in value;
  } catch {
    return false;
  }
}

/**
 * All SDK instances of the page, and the names under which one was promised and nothing of the kind stands. Reads each
 * getter once and calls nothing that acts. A look that throws (a hostile getter or Proxy) finds nothing there.
 */
export function detect({ dialects, places }: Setup): { found: Detected[]; strays: string[] } {
  const found: Detected[] = [];
  const strays: string[] = [];
  const seen = new NativeMap<string, Root[]>();

  /** What a global name stands for: `window.X` first, then the bare name: an element with that id is on `window` too, and is no SDK. */
  const globals = (name: string): Root[] => {
    const known = seen.get(name);
    if (known) return known;
    const roots: Root[] = [];
    const push = (value: unknown) => {
      let inner: { value: unknown } | null = null;
      roots.push({
        value,
        // The whole module may have been put there: `{ Synerise, ClientAccountUpdateContext, … }`. Its getter runs once a look.
        inner() {
          inner ??= { value: has(value, name) ? peek(value, name) : undefined };
          return inner.value;
        },
      });
    };
    seen.set(name, roots);
    if (name in globalThis) push(peek(globalThis, name));
    // The bare name would run the same getter again.
    if (!getOwnPropertyDescriptor(globalThis, name)?.get) {
      const value = declared(name);
      if (value !== roots[0]?.value) push(value);
    }
    return roots;
  };

  const add = (dialect: DialectTable, place: string, root: unknown, loose: boolean): boolean => {
    try {
      const one = standing(dialect, place, root, loose);
      // One instance under two names is one client.
      if (one && !found.some(({ client }) => client && client === one.client)) found.push(one);
      return !!one;
    } catch {
      // The page's own getter threw: nothing to see there now, look again later.
      return false;
    }
  };
  /** An SDK at a place that somebody named: the client itself may stand there too. */
  const addNamed = (place: string, root: unknown, name?: DialectName) => {
    const fits = dialects.filter((dialect) => !name || dialect.name === name);
    if (fits.some((dialect) => add(dialect, place, root, false))) return;
    // A client by itself: where more than one SDK could look so, guessing would drive it by the wrong conventions.
    const [only, ...others] = fits.filter((dialect) => name || looksLike(dialect, root));
    if (!only || others.length || !add(only, place, root, true)) strays.push(place);
  };

  for (const dialect of dialects) {
    const { roots, rootNamedBy } = dialect.stand;
    const named = rootNamedBy ? globals(rootNamedBy)[0]?.value : '';
    for (const name of [...(typeof named === 'string' && named && !roots.includes(named) ? [cut(named, 100)] : []), ...roots]) {
      for (const root of globals(name)) {
        const place = dialect.stand.member ? `${name}.${dialect.stand.member}` : name;
        if (add(dialect, place, root.value, false) || add(dialect, `${name}.${place}`, root.inner(), false)) break;
      }
    }
  }
  for (const { path, dialect } of places) addNamed(path, read(undefined, `^${path}`), dialect);
  const pending = peek(peek(globalThis, Symbol.for(CONNECT_KEY)), 'pending');
  const length = peek(pending, 'length');
  // Beyond that a number and the one before it may be the same.
  const count = typeof length === 'number' && length < 2 ** 32 ? length : 0;
  const names: string[] = [];
  for (let index = count - 1; index >= 0 && count - index <= MAX_HANDED; index -= 1) {
    const entry = peek(pending, index);
    const options = peek(entry, 1);
    const name = peek(options, 'name');
    const place = typeof name === 'string' ? cut(name, 100) : 'connect()';
    // Handed over twice under one name (React's StrictMode, a hot reload): the newer is the one that lives.
    if (!names.includes(place)) addNamed(place, peek(entry, 0), peek(options, 'dialect') as DialectName | undefined);
    names.push(place);
  }
  return { found, strays };
}

/** Whether all of these members are there, none of them read. */
const hasAll = (root: unknown, paths: readonly string[]): boolean => paths.every((path) => path.split('|').some((key) => has(root, key)));

const isAnother = ({ lacks }: Stand, root: unknown): boolean => lacks?.some((key) => has(root, key)) ?? false;

/** Whether a client by itself can be of a dialect. */
const looksLike = ({ stand }: DialectTable, root: unknown): boolean =>
  hasAll(root, [...stand.shape, ...(stand.bare ?? [])]) && !isAnother(stand, root);

function standing(dialect: DialectTable, place: string, root: unknown, loose: boolean): Detected | null {
  const { stand } = dialect;
  const fits = (value: unknown): value is object => isHolder(value) && stand.shape.every((path) => read(value, path) !== undefined);
  if (isAnother(stand, root)) return null;
  const marked = stand.marks?.some((mark) => mark.split('&').every((key) => has(root, key)));
  if (!marked) {
    // Not read before a member is seen to be there.
    const seen = (loose || !stand.marks) && isHolder(root) && hasAll(root, stand.shape);
    return seen ? { dialect, place, version: versionOf(root), state: 'ready', client: root } : null;
  }
  const one = { dialect, place, version: versionOf(root) };
  const awaited = stand.awaits === undefined ? undefined : read(root, stand.awaits);
  if (awaited === undefined || awaited === true) {
    const client = stand.member ? peek(root, stand.member) : root;
    if (fits(client)) return { ...one, state: 'ready', client };
  }
  return { ...one, state: Array.isArray(root) ? 'not-loaded' : 'not-initialised', client: null };
}

function versionOf(root: unknown): string | null {
  const version = peek(root, 'version');
  return typeof version === 'string' ? cut(version.slice(0, 1000), 40) : null;
}
