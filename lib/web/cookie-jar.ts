/** The page's own cookies as script sees them. Part of the agent: no packages, no other rooms. */
import { NativeSet } from '../sdk/builtins';
import { cut, peek } from '../sdk/plain';

const MAX_COOKIES = 60;
const MAX_LENGTH = 4200;

/** `name=value` of the cookies whose name begins with `prefix`, in the browser's order; HttpOnly ones are not among them. */
export function cookiesOf(prefix: string): string[] {
  const all = pairsOf(prefix);
  const told = all.slice(0, MAX_COOKIES).map((pair) => cut(pair, MAX_LENGTH));
  return all.length > MAX_COOKIES ? [...told, `…=${all.length - MAX_COOKIES} more`] : told;
}

function pairsOf(prefix: string): string[] {
  // A sandboxed frame throws.
  const all = peek(document, 'cookie');
  return typeof all === 'string' ? all.split('; ').filter((pair) => pair.startsWith(prefix)) : [];
}

const namesOf = (prefix: string): string[] => [...new NativeSet(pairsOf(prefix).map((pair) => pair.split('=')[0] ?? ''))];

/**
 * Removes the cookies whose name begins with `prefix` on every domain and path that this page may write, since script
 * cannot ask on which one a cookie stands. Gives the names that are gone and those that are left.
 */
export function forgetCookies(prefix: string): { removed: string[]; left: string[] } {
  const names = namesOf(prefix);
  const labels = location.hostname.split('.');
  const domains = ['', ...labels.map((_, index) => `;domain=${labels.slice(index).join('.')}`)];
  const parts = location.pathname.split('/');
  const paths = parts.flatMap((_, index) => [parts.slice(0, index).join('/'), `${parts.slice(0, index).join('/')}/`]);
  for (const name of names)
    for (const path of [...paths, location.pathname])
      for (const domain of domains) {
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is absent on http
        document.cookie = `${name}=;max-age=0;path=${path}${domain}`;
      }
  const left = namesOf(prefix);
  return { removed: names.filter((name) => !left.includes(name)), left };
}
