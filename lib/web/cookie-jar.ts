/** The page's own cookies and Web Storage as script sees them. Part of the agent: no packages, no other rooms. */
import { keys, NativeSet } from '../sdk/builtins';
import { cut, peek } from '../sdk/plain';

const MAX_COOKIES = 60;
const MAX_LENGTH = 4200;

/** `name=value` of the cookies whose name begins with `prefix`, in the browser's order; HttpOnly ones are not among them. */
export function cookiesOf(prefix: string): string[] {
  const all = pairsOf(prefix);
  const told = all.slice(0, MAX_COOKIES).map((pair) => cut(pair, MAX_LENGTH));
  return all.length > MAX_COOKIES ? [...told, `…=${all.length - MAX_COOKIES} more`] : told;
}

const AREAS = { local: 'localStorage', session: 'sessionStorage' } as const;
/** A Web Storage value is told so far (characters), and its keys are looked through so far. */
const MAX_STORED = 500;
const MAX_KEYS = 2000;

/** `local:key=value` and `session:key=value` of what Web Storage has under keys that fit `pattern`. */
export function storedOf(pattern: string): string[] {
  const fits = new RegExp(pattern, 'i');
  const told: string[] = [];
  for (const area of ['local', 'session'] as const) {
    // Denied to sandboxed frames, and by settings of the browser.
    const store = peek(globalThis, AREAS[area]) as Record<string, string> | undefined;
    if (!store) continue;
    for (const key of keys(store).slice(0, MAX_KEYS))
      if (fits.test(key) && told.length < MAX_COOKIES) told.push(cut(`${area}:${key}=${String(peek(store, key))}`, MAX_STORED));
  }
  return told;
}

function pairsOf(prefix: string): string[] {
  // A sandboxed frame throws.
  const all = peek(document, 'cookie');
  return typeof all === 'string' ? all.split('; ').filter((pair) => pair.startsWith(prefix)) : [];
}

const namesOf = (prefix: string): string[] => [...new NativeSet(pairsOf(prefix).map((pair) => pair.split('=')[0] ?? ''))];

/** A cookie as script can tell it; `domain` is empty for one of this host alone. */
export interface Kept {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
}

/** Browsers keep a cookie so long at most (s): what script writes again has no other expiry to take. */
const LONGEST = 400 * 86_400;

/** Writes a cookie. A value that holds a `;` would write more than a value. */
export function putCookie({ name, value, domain, path }: Kept, age = LONGEST): void {
  const secure = location.protocol === 'https:' ? ';secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is absent on http
  document.cookie = `${name}=${value};max-age=${age};path=${path}${domain && `;domain=${domain}`};samesite=lax${secure}`;
}

/**
 * Removes the cookies of that name on every domain and path that this page may write, since script cannot ask on which
 * one a cookie stands: where one goes is where it stood. Gives those that went.
 */
export function takeCookie(name: string): Kept[] {
  const labels = location.hostname.split('.');
  const domains = ['', ...labels.map((_, index) => labels.slice(index).join('.'))];
  const parts = location.pathname.split('/');
  const paths = parts.flatMap((_, index) => [parts.slice(0, index).join('/'), `${parts.slice(0, index).join('/')}/`]);
  const taken: Kept[] = [];
  let before = valuesOf(name);
  for (const path of [...paths.filter(Boolean), location.pathname])
    for (const domain of domains) {
      if (!before.length) return taken;
      putCookie({ name, value: '', domain, path }, 0);
      const after = valuesOf(name);
      const gone = before.findIndex((value, index) => after[index] !== value);
      if (after.length < before.length) taken.push({ name, value: before[gone] ?? '', domain, path });
      before = after;
    }
  return taken;
}
const valuesOf = (name: string): string[] => pairsOf(`${name}=`).map((pair) => pair.slice(name.length + 1));

/** Removes the cookies whose name begins with `prefix`. Gives the names that are gone and those that are left. */
export function forgetCookies(prefix: string): { removed: string[]; left: string[] } {
  const names = namesOf(prefix);
  for (const name of names) takeCookie(name);
  const left = namesOf(prefix);
  return { removed: names.filter((name) => !left.includes(name)), left };
}

/** One thing that the page keeps is to be another, or to be gone (`null`). Of cookies on several places, `at` says which. */
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

/** What no cookie holds: behind a `;` stand attributes, and browsers refuse control characters (RFC 6265bis). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
export const UNKEEPABLE = /[;\x00-\x08\x0a-\x1f\x7f]/;

/** Makes a change. Gives what undoes it; `null` where it took no effect: the cookie is HttpOnly, or of a domain out of reach. */
export function makeChange({ area, name, value, at }: Change): Undo | null {
  if (area !== 'cookie') {
    const store = peek(globalThis, AREAS[area]) as Storage;
    const before = store.getItem(name);
    if (value === null) store.removeItem(name);
    else store.setItem(name, value);
    return store.getItem(name) === value ? { area, name, value: before, at: [] } : null;
  }
  if (value !== null && UNKEEPABLE.test(value)) return null;
  const taken = takeCookie(name);
  const left = valuesOf(name).length;
  const wanted = at?.length
    ? at
    : value === null
      ? []
      : taken.length
        ? taken.map(({ domain, path }) => ({ domain, path, value }))
        : [{ domain: '', path: '/', value }];
  for (const one of wanted) putCookie({ name, ...one });
  // What script does not see it cannot take away.
  const isMade = wanted.length ? valuesOf(name).length - left === wanted.length : taken.length > 0 && left === 0;
  if (isMade) return { area, name, value: null, at: taken };
  // The browser refused it: what was there is put back.
  for (const one of taken) putCookie(one);
  return null;
}
