/** The SDK's data in the browser, as rows: each cookie per domain and path, and each Web Storage key. */

import { isKeepable } from '@/lib/page/cookie-jar';
import type { CookieChange } from '@/lib/protocol/view-message';
import type { StorageArea } from '@/lib/session/history/history';
import type { Session } from '@/lib/session/session';
import { isCookieOf, parseCookie, type SeenCookie, type SnrsCookie } from '@/lib/web/cookies';

export interface KeptRow {
  readonly key: string;
  readonly area: StorageArea;
  readonly name: string;
  readonly value: string;
  /** A cookie's parsed fields. */
  readonly parsed: SnrsCookie | null;
  /** A cookie's attributes, from the browser or a server's header; `null` if only page script sees the cookie. */
  readonly seen: SeenCookie | null;
  /** Reported by the browser, and therefore changed through the browser. */
  readonly byBrowser: boolean;
  /** Size in bytes, including the name. */
  readonly size: number;
  /** The value was truncated, so it must not be written back. */
  readonly isCut: boolean;
  /** Whether another cookie has the same name, and if so whether with the same value. */
  readonly twin: 'none' | 'same' | 'other';
}

/** The suffix that our own `cut` adds to a truncated value. */
const CUT = /… \(\d+ characters\)$/;
const bytes = (text: string) => new TextEncoder().encode(text).length;

/** All rows. @param set cookies that servers set @param now epoch ms */
export function keptRows(session: Session, set: readonly SeenCookie[], now: number): KeptRow[] {
  const customer = session.stage.phase === 'attached' ? session.stage.customer : null;
  const { origin, jar } = session.visit;
  const toldOf = (name: string) => set.findLast((one) => one.name === name && origin !== null && isCookieOf(one, origin, now)) ?? null;
  const cookies: Omit<KeptRow, 'twin'>[] = jar
    ? jar.map((seen) => row(`${seen.name}=${seen.value ?? ''}`, seen, true, `${seen.domain}${seen.path}`))
    : (customer?.cookies ?? session.page.cookies).map((pair, index) => row(pair, toldOf(parseCookie(pair).name), false, String(index)));
  const stored = (customer?.stored ?? []).map((pair): Omit<KeptRow, 'twin'> => {
    const [place = '', ...rest] = pair.split('=');
    const area = place.startsWith('local:') ? 'local' : 'session';
    const name = place.slice(area.length + 1);
    const value = rest.join('=');
    return { key: place, area, name, value, parsed: null, seen: null, byBrowser: false, size: bytes(name + value), isCut: CUT.test(value) };
  });
  return [...cookies, ...stored].map((one) => ({ ...one, twin: twinOf(one, cookies) }));
}

function row(pair: string, seen: SeenCookie | null, byBrowser: boolean, place: string): Omit<KeptRow, 'twin'> {
  const parsed = parseCookie(pair);
  const { name, raw } = parsed;
  return {
    key: `cookie:${name} ${place}`,
    area: 'cookie',
    name,
    value: raw,
    parsed,
    seen,
    byBrowser,
    size: bytes(pair),
    isCut: !byBrowser && CUT.test(raw),
  };
}

function twinOf(one: Omit<KeptRow, 'twin'>, cookies: readonly Omit<KeptRow, 'twin'>[]): KeptRow['twin'] {
  const others = one.area === 'cookie' ? cookies.filter((other) => other !== one && other.name === one.name) : [];
  if (!others.length) return 'none';
  return others.every(({ value }) => value === one.value) ? 'same' : 'other';
}

/** The change that sets a row's value, or removes the row (`null`). */
export const changeOf = ({ area, name, seen, byBrowser }: KeptRow, value: string | null): CookieChange => ({
  area,
  name,
  value,
  ...(byBrowser && seen && { cookie: seen }),
});

/** Changes that remove all rows. Page script removes a cookie from all domains and paths at once, so once per name. */
export function changesForAll(rows: readonly KeptRow[]): CookieChange[] {
  const changes = new Map<string, CookieChange>();
  for (const one of rows) changes.set(one.byBrowser ? one.key : `${one.area}:${one.name}`, changeOf(one, null));
  return [...changes.values()];
}

/** Why a value can't be stored; `null` if it can. */
export function unkeepable(area: StorageArea, value: string): string | null {
  if (area === 'cookie' && !isKeepable(value)) return 'Cookies can’t contain semicolons, line breaks or control characters.';
  return area === 'cookie' && bytes(value) > 4000 ? 'Too large: cookies are limited to 4096 bytes.' : null;
}
