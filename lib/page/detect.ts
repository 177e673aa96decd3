import type { DialectTable, Stand } from '../sdk/dialects/dialect';
import type { DialectName } from '../sdk/dialects/names';
import { getOwnPropertyDescriptor, isArray, page } from './builtins';
import { declared } from './declared';
import { concat, each, every, filter, includes, part, push, some, split, starts, table } from './own';
import { read } from './path';
import { cut, peek } from './plain';
import { symbolOf } from './symbols';
import { CONNECT_KEY, type Setup } from './wire';

/** How many of the SDKs that the page handed over are looked at, newest first. */
const MAX_HANDED = 20;

/** One SDK instance found on the page. */
export interface Detected {
  readonly dialect: DialectTable;
  /** Its path, or the name under which the page handed it over. */
  readonly place: string;
  readonly version: string | null;
  /** `not-loaded`: only the loader snippet's queue is there. */
  readonly state: 'ready' | 'not-initialised' | 'not-loaded';
  readonly client: object | null;
  /** Where `^name` is looked up before the page's globals: the module that contains the SDK, or the root under its usual name. */
  readonly scope: unknown;
}

interface Root {
  readonly value: unknown;
  /** The value's member with the same name as the global. */
  inner(): unknown;
}

const isHolder = (value: unknown): value is object => (typeof value === 'object' && value !== null) || typeof value === 'function';
/** A cheap check that runs no getter; a Proxy's trap may throw. */
function has(value: unknown, key: string): value is object {
  try {
    return isHolder(value) && key in value;
  } catch {
    return false;
  }
}

/**
 * Returns all SDK instances of the page, and the places where an SDK was expected and none was found. Reads each getter
 * once and calls nothing that has an effect. A place whose getter or Proxy throws counts as empty for this look.
 */
export function detect({ dialects, places }: Setup): { found: Detected[]; strays: string[] } {
  const found: Detected[] = [];
  const strays: string[] = [];
  const seen = table<Root[]>();

  /** What a global name refers to: `window.X` first, then the bare name, since `window.X` may be just an element with that id. */
  const globals = (name: string): Root[] => {
    const known = seen[name];
    if (known) return known;
    const roots: Root[] = [];
    const put = (value: unknown) => {
      let inner: { value: unknown } | null = null;
      push(roots, {
        value,
        // The page may have assigned the whole module: `{ Synerise, ClientAccountUpdateContext, … }`. Its getter runs once per look.
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

  /** @param module the object that contains the root, if that isn't the page */
  const add = (dialect: DialectTable, place: string, root: unknown, isNamed: boolean, module?: unknown): boolean => {
    try {
      const one = standing(dialect, place, root, isNamed, module);
      // One instance under two names is one client.
      if (one && !some(found, ({ client }) => client !== null && client === one.client)) push(found, one);
      return !!one;
    } catch {
      // One of the page's getters threw: nothing is found now, and the next look tries again.
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
    // A bare client: if more than one SDK could look like this, guessing would call it by the wrong conventions.
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
      // No other SDK uses this name.
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
  // For huge numbers `index - 1` may equal `index`, and the loop would not end.
  const count = typeof length === 'number' && length < 2 ** 32 ? length : 0;
  const names: string[] = [];
  for (let index = count - 1; index >= 0 && count - index <= MAX_HANDED; index -= 1) {
    const entry = peek(pending, index);
    const options = peek(entry, 1);
    const name = peek(options, 'name');
    const place = typeof name === 'string' ? cut(name, 100) : 'connect()';
    // Handed over twice under one name (React's StrictMode, a hot reload): the newer one is live.
    if (!includes(names, place)) addNamed(place, peek(entry, 0), peek(options, 'dialect') as DialectName | undefined);
    push(names, place);
  }
  return { found, strays };
}

/** Whether a member of that name exists, without reading it; `^name` is a global. */
const stands = (root: unknown, key: string): boolean => (starts(key, '^') ? has(page, part(key, 1)) : has(root, key));
/** Whether all of these members exist, without reading them. */
const hasAll = (root: unknown, paths: readonly string[]): boolean =>
  every(paths, (path) => some(split(path, '|'), (key) => stands(root, key)));

const isAnother = ({ lacks }: Stand, root: unknown): boolean => some(lacks ?? [], (key) => has(root, key));

/** Whether it has enough of the members that only this SDK has, so that no other object is mistaken for it. */
const isSure = ({ sure }: Stand, root: unknown): boolean =>
  !sure || filter(sure.members as string[], (key) => has(root, key)).length >= sure.least;

/** Whether a bare client may belong to a dialect. */
const looksLike = ({ stand }: DialectTable, root: unknown): boolean =>
  hasAll(root, concat(stand.shape, stand.bare ?? [])) && !isAnother(stand, root);

/** @param isNamed a person or the app named it, or no other SDK uses its name: its members need not prove what it is */
function standing(dialect: DialectTable, place: string, root: unknown, isNamed: boolean, module?: unknown): Detected | null {
  const { stand } = dialect;
  const fits = (value: unknown): value is object => isHolder(value) && every(stand.shape, (path) => read(value, path) !== undefined);
  if (!isNamed && isAnother(stand, root)) return null;
  const one = () => ({ dialect, place, version: versionOf(root), scope: module ?? { [stand.roots[0] as string]: root } });
  const marked = some(stand.marks ?? [], (mark) => every(split(mark, '&'), (key) => stands(root, key)));
  if (!marked) {
    // Nothing is read until all members are known to exist.
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
