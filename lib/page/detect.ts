import type { DialectTable, Stand } from '../sdk/dialects/dialect';
import type { DialectName } from '../sdk/dialects/names';
import { getOwnPropertyDescriptor, isArray, page } from './builtins';
import { declared } from './declared';
import { concat, each, every, filter, includes, part, push, some, split, starts, table } from './own';
import { read } from './path';
import { cut, peek } from './plain';
import { symbolOf } from './symbols';
import { CONNECT_KEY, type Setup } from './wire';

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
  /** What `^name` of its dialect means first, before the page's globals: the module that the SDK came in, or the root by its usual name. */
  readonly scope: unknown;
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
  const seen = table<Root[]>();

  /** What a global name stands for: `window.X` first, then the bare name: an element with that id is on `window` too, and is no SDK. */
  const globals = (name: string): Root[] => {
    const known = seen[name];
    if (known) return known;
    const roots: Root[] = [];
    const put = (value: unknown) => {
      let inner: { value: unknown } | null = null;
      push(roots, {
        value,
        // The whole module may have been put there: `{ Synerise, ClientAccountUpdateContext, … }`. Its getter runs once a look.
        inner() {
          inner ??= { value: has(value, name) ? peek(value, name) : undefined };
          return inner.value;
        },
      });
    };
    seen[name] = roots;
    if (name in page) put(peek(page, name));
    // The bare name would run the same getter again.
    if (!getOwnPropertyDescriptor(page, name)?.get) {
      const value = declared(name);
      if (value !== roots[0]?.value) put(value);
    }
    return roots;
  };

  /** @param module what the root is a member of, where that is not the page */
  const add = (dialect: DialectTable, place: string, root: unknown, isNamed: boolean, module?: unknown): boolean => {
    try {
      const one = standing(dialect, place, root, isNamed, module);
      // One instance under two names is one client.
      if (one && !some(found, ({ client }) => client !== null && client === one.client)) push(found, one);
      return !!one;
    } catch {
      // The page's own getter threw: nothing to see there now, look again later.
      return false;
    }
  };
  /** Looks for an SDK at a named place: its root, the whole module, or the client itself. */
  const addNamed = (place: string, root: unknown, name?: DialectName) => {
    const fits = filter(dialects, (dialect) => !name || dialect.name === name);
    const isThere = (dialect: DialectTable) =>
      add(dialect, place, root, false) ||
      some(
        dialect.stand.roots,
        (key) => has(root, key) && add(dialect, place, peek(root, key), !!name || key === dialect.stand.proper, root),
      );
    if (some(fits, isThere)) return;
    // A client by itself: where more than one SDK could look so, guessing would drive it by the wrong conventions.
    const loose = filter(fits, (dialect) => !!name || looksLike(dialect, root));
    const only = loose[0];
    if (!only || loose.length > 1 || !add(only, place, root, true)) push(strays, place);
  };

  each(dialects, (dialect) => {
    const { roots, rootNamedBy } = dialect.stand;
    const named = rootNamedBy ? globals(rootNamedBy)[0]?.value : '';
    const chosen = typeof named === 'string' && named && !includes(roots, named) ? [cut(named, 100)] : [];
    each(concat(chosen, roots), (name) => {
      const place = dialect.stand.member ? `${name}.${dialect.stand.member}` : name;
      // No other SDK is called so.
      const isProper = name === dialect.stand.proper;
      some(
        globals(name),
        (root) => add(dialect, place, root.value, isProper) || add(dialect, `${name}.${place}`, root.inner(), isProper, root.value),
      );
    });
  });
  each(places, ({ path, dialect }) => addNamed(path, read(undefined, `^${path}`), dialect));
  const pending = peek(peek(page, symbolOf(CONNECT_KEY)), 'pending');
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
    if (!includes(names, place)) addNamed(place, peek(entry, 0), peek(options, 'dialect') as DialectName | undefined);
    push(names, place);
  }
  return { found, strays };
}

/** Whether a member of that name is there, unread; `^name`: a global. */
const stands = (root: unknown, key: string): boolean => (starts(key, '^') ? has(page, part(key, 1)) : has(root, key));
/** Whether all of these members are there, none of them read. */
const hasAll = (root: unknown, paths: readonly string[]): boolean =>
  every(paths, (path) => some(split(path, '|'), (key) => stands(root, key)));

const isAnother = ({ lacks }: Stand, root: unknown): boolean => some(lacks ?? [], (key) => has(root, key));

/** Whether it has so much of what only this SDK has that nobody else's is taken for it. */
const isSure = ({ sure }: Stand, root: unknown): boolean =>
  !sure || filter(sure.members as string[], (key) => has(root, key)).length >= sure.least;

/** Whether a client by itself can be of a dialect. */
const looksLike = ({ stand }: DialectTable, root: unknown): boolean =>
  hasAll(root, concat(stand.shape, stand.bare ?? [])) && !isAnother(stand, root);

/** @param isNamed a person or the app named it, or its name is no other SDK's: what it looks like need not prove it */
function standing(dialect: DialectTable, place: string, root: unknown, isNamed: boolean, module?: unknown): Detected | null {
  const { stand } = dialect;
  const fits = (value: unknown): value is object => isHolder(value) && every(stand.shape, (path) => read(value, path) !== undefined);
  if (!isNamed && isAnother(stand, root)) return null;
  const one = () => ({ dialect, place, version: versionOf(root), scope: module ?? { [stand.roots[0] as string]: root } });
  const marked = some(stand.marks ?? [], (mark) => every(split(mark, '&'), (key) => stands(root, key)));
  if (!marked) {
    // Not read before a member is seen to be there.
    const isSeen = (isNamed || (!stand.marks && isSure(stand, root))) && isHolder(root) && hasAll(root, stand.shape);
    return isSeen ? { ...one(), state: 'ready', client: root } : null;
  }
  const awaited = stand.awaits === undefined ? undefined : read(root, stand.awaits);
  if (awaited === undefined || awaited === true) {
    const client = stand.member ? peek(root, stand.member) : root;
    if (fits(client)) return { ...one(), state: 'ready', client };
  }
  return { ...one(), state: isArray(root) ? 'not-loaded' : 'not-initialised', client: null };
}

function versionOf(root: unknown): string | null {
  const version = peek(root, 'version');
  return typeof version === 'string' ? cut(part(version, 0, 1000), 40) : null;
}
