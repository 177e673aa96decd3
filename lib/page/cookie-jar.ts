/** The page's own cookies and Web Storage as scripts see them. Part of the client driver: no packages, no other folders. */
import { page } from './builtins';
import { keys } from './builtins-more';
import { concat, each, filter, includes, join, map, part, push, some, split, starts, take } from './own';
import { contains } from './own-more';
import { cut, peek } from './plain';

const MAX_COOKIES = 60;
const MAX_LENGTH = 4200;

/** `name=value` of the cookies whose name begins with `prefix`, in the browser's order; HttpOnly ones are not included. */
export function cookiesOf(prefix: string): string[] {
  const all = pairsOf(prefix);
  const told = map(take(all, 0, MAX_COOKIES), (pair) => cut(pair, MAX_LENGTH));
  if (all.length > MAX_COOKIES) push(told, `…=${all.length - MAX_COOKIES} more`);
  return told;
}

const AREAS = { local: 'localStorage', session: 'sessionStorage' } as const;
/** Limits: characters of a reported Web Storage entry, and keys of a storage area that are searched. */
const MAX_STORED = 500;
const MAX_KEYS = 2000;

/** In lower case; unchanged if the page replaced string methods. */
function lower(text: string): string {
  try {
    return text.toLowerCase();
  } catch {
    return text;
  }
}

/** `local:key=value` and `session:key=value` of the Web Storage entries whose key contains one of `words`. */
export function storedOf(words: readonly string[]): string[] {
  const told: string[] = [];
  each(['local', 'session'] as const, (area) => {
    // Denied to sandboxed frames, and by browser settings.
    const store = peek(page, AREAS[area]) as Record<string, string> | undefined;
    if (!store) return;
    each(take(storedKeys(store), 0, MAX_KEYS), (key) => {
      if (told.length < MAX_COOKIES && some(words, (word) => contains(lower(key), word)))
        push(told, cut(`${area}:${key}=${peek(store, key)}`, MAX_STORED));
    });
  });
  return told;
}

function storedKeys(store: Record<string, string>): string[] {
  try {
    return keys(store);
  } catch {
    return [];
  }
}

function pairsOf(prefix: string): string[] {
  // Throws in a sandboxed frame.
  const all = peek(document, 'cookie');
  return typeof all === 'string' ? filter(split(all, '; '), (pair) => starts(pair, prefix)) : [];
}

function namesOf(prefix: string): string[] {
  const names: string[] = [];
  each(pairsOf(prefix), (pair) => {
    const name = split(pair, '=')[0] ?? '';
    if (!includes(names, name)) push(names, name);
  });
  return names;
}

/** A cookie as far as a script can know it; `domain` is empty for a host-only cookie. */
export interface Kept {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
}

/** Browsers keep a cookie at most this long (s). A script that rewrites one uses it, since the old expiry is unknown. */
const LONGEST = 400 * 86_400;

/** Writes a cookie. A value that contains a `;` would also write attributes. */
export function putCookie({ name, value, domain, path }: Kept, age = LONGEST): void {
  const secure = location.protocol === 'https:' ? ';secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is absent on http
  document.cookie = `${name}=${value};max-age=${age};path=${path}${domain && `;domain=${domain}`};samesite=lax${secure}`;
}

/**
 * Removes the cookies of that name on every domain and path that this page may write. A script cannot ask where a cookie
 * is set: it was set wherever removing it works. Returns the removed cookies.
 */
export function takeCookie(name: string): Kept[] {
  const labels = split(location.hostname, '.');
  const domains = concat(
    [''],
    map(labels, (_label, index) => join(take(labels, index), '.')),
  );
  const steps = split(location.pathname, '/');
  const paths: string[] = [];
  each(steps, (_step, index) => {
    const path = join(take(steps, 0, index), '/');
    if (path) push(paths, path);
    push(paths, `${path}/`);
  });
  push(paths, location.pathname);
  const taken: Kept[] = [];
  let before = valuesOf(name);
  each(paths, (path) =>
    each(domains, (domain) => {
      if (!before.length) return;
      putCookie({ name, value: '', domain, path }, 0);
      const after = valuesOf(name);
      const gone = filter(before, (value, index) => after[index] !== value)[0];
      if (after.length < before.length) push(taken, { name, value: gone ?? '', domain, path });
      before = after;
    }),
  );
  return taken;
}
const valuesOf = (name: string): string[] => map(pairsOf(`${name}=`), (pair) => part(pair, name.length + 1));

/** Removes the cookies whose name begins with `prefix`. Returns the names that are gone and those that remain. */
export function forgetCookies(prefix: string): { removed: string[]; left: string[] } {
  const names = namesOf(prefix);
  each(names, (name) => void takeCookie(name));
  const left = namesOf(prefix);
  return { removed: filter(names, (name) => !includes(left, name)), left };
}

/** Sets one stored item of the page, or removes it (`value: null`). For cookies, `at` lists the domains and paths to write, with values. */
export interface Change {
  readonly area: 'cookie' | 'local' | 'session';
  readonly name: string;
  readonly value: string | null;
  readonly at?: readonly { readonly domain: string; readonly path: string; readonly value: string }[];
}

/** What undoes a change. */
export interface Undo extends Change {
  readonly at: readonly { readonly domain: string; readonly path: string; readonly value: string }[];
}

/** Whether a cookie can hold a text: a `;` begins attributes, and browsers reject control characters (RFC 6265bis). */
export function isKeepable(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] as string;
    if (char === ';' || char === '\x7f' || (char < ' ' && char !== '\t')) return false;
  }
  return true;
}

/** Makes a change. Returns what undoes it; `null` if it had no effect: the cookie is HttpOnly, or its domain is out of reach. */
export function makeChange({ area, name, value, at }: Change): Undo | null {
  if (area !== 'cookie') {
    const store = peek(page, AREAS[area]) as Storage;
    const before = store.getItem(name);
    if (value === null) store.removeItem(name);
    else store.setItem(name, value);
    return store.getItem(name) === value ? { area, name, value: before, at: [] } : null;
  }
  if (value !== null && !isKeepable(value)) return null;
  const taken = takeCookie(name);
  const left = valuesOf(name).length;
  const wanted = at?.length
    ? at
    : value === null
      ? []
      : taken.length
        ? map(taken, ({ domain, path }) => ({ domain, path, value }))
        : [{ domain: '', path: '/', value }];
  each(wanted, (one) => putCookie({ name, ...one }));
  // A script cannot remove what it cannot see, so a removal counts only if a visible cookie went away.
  const isMade = wanted.length ? valuesOf(name).length - left === wanted.length : taken.length > 0 && left === 0;
  if (isMade) return { area, name, value: null, at: taken };
  // The browser rejected the change: restore what was there.
  each(taken, (one) => putCookie(one));
  return null;
}
