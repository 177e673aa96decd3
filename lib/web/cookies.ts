/** Parses the Web SDK's cookies (facts §3.3, §3.8) without loss: unknown keys stay, and printing returns the original text. */
import { validate } from 'uuid';

/** The names of the Web SDK's cookies begin with this (facts §3.3). */
export const SDK_COOKIES = '_snrs_';

/** One `key:value` pair of a cookie, in the original order. `value` is `null` if there is no colon. */
export interface CookieField {
  readonly key: string;
  readonly value: string | null;
}

export interface SnrsCookie {
  readonly name: string;
  /** The value as the browser stores it. */
  readonly raw: string;
  /** `text`: one value; `pairs`: `key:value` joined by `&`; `json`: an object. */
  readonly form: 'text' | 'pairs' | 'json';
  /** Whether the value is percent-encoded. The vendor never does that, but a proxy or a plugin may. */
  readonly encoded: boolean;
  readonly fields: readonly CookieField[];
}

/** Something about the cookies that the user should know. */
export interface CookieNote {
  readonly kind: CookieNoteKind;
  readonly tone: 'warn' | 'info';
  readonly text: string;
}
export type CookieNoteKind =
  | 'duplicate'
  | 'not-the-sdk-uuid'
  | 'no-uuid'
  | 'state-differs'
  | 'reset-before'
  | 'old-format'
  | 'counts'
  | 'visits-differ'
  | 'reset-waits'
  | 'unreadable'
  | 'http-only'
  | 'missing'
  | 'unseen';

/** A cookie with attributes that scripts cannot read: as a server set it, or as the browser's cookie API returned it. */
export interface SeenCookie {
  readonly name: string;
  /** Only if it comes from the browser's cookie API. */
  readonly value?: string;
  readonly httpOnly: boolean;
  /** `strict`, `lax`, `no_restriction` or `unspecified`. */
  readonly sameSite?: string;
  /** Host of the server that set it, if known. */
  readonly host?: string;
  readonly domain?: string;
  readonly path?: string;
  readonly secure?: boolean;
  /** Epoch ms; `null` for a session cookie. */
  readonly expiresAt?: number | null;
}

/** The cookies as seen by means other than a script in the page. */
export interface SeenCookies {
  /** Cookies that servers set while DevTools was open. */
  readonly set: readonly SeenCookie[];
  /** All cookies in the browser's store; `null` without permission to read them. */
  readonly jar: readonly SeenCookie[] | null;
}

/** Whether a cookie's domain covers `origin`, and the cookie has not expired at `now` (epoch ms). */
export function isCookieOf({ host, domain, expiresAt }: SeenCookie, origin: string, now: number): boolean {
  const { hostname } = new URL(origin);
  const parent = domain?.replace(/^\./, '');
  const reaches = parent ? hostname === parent || hostname.endsWith(`.${parent}`) : hostname === host;
  return reaches && (typeof expiresAt !== 'number' || expiresAt > now);
}

/** The purpose of each cookie. */
export const COOKIE_WORDS: Readonly<Record<string, string>> = {
  _snrs_uuid: 'Current UUID.',
  _snrs_puuid: 'First UUID of this browser; survives UUID resets.',
  _snrs_p: 'General SDK state.',
  _snrs_sa: 'Current visit: ID, start, pages. Expires after 30 minutes.',
  _snrs_sb: 'When the page was left. Expires after 30 minutes.',
  _snrs_params: 'snrs_* URL parameters, for attribution. Expires after 3 days.',
  _snrs_reset_uuid: 'UUID for the next init, which removes this cookie.',
  _snrs_reset_uuid_and_identity_hash: 'UUID and identity hash for the next init.',
};

const PAIRS = new Set(['_snrs_p', '_snrs_sa', '_snrs_sb']);
const JSON_NAMES = new Set(['_snrs_params']);
const UUID_AND_HASH = '_snrs_reset_uuid_and_identity_hash';
/** Cookies that an initialized SDK has. One that scripts cannot see is not necessarily missing. */
const EXPECTED = ['_snrs_uuid', '_snrs_puuid', '_snrs_p'];

/** Parses `name=value`. Never throws. */
export function parseCookie(pair: string): SnrsCookie {
  const at = pair.indexOf('=');
  const name = at < 0 ? pair : pair.slice(0, at);
  const raw = at < 0 ? '' : pair.slice(at + 1);
  const decoded = percentDecoded(raw);
  // Treat the value as encoded only if encoding restores the original: otherwise something would be lost.
  const encoded = decoded !== raw && encodeURIComponent(decoded) === raw;
  const text = encoded ? decoded : raw;
  if (PAIRS.has(name)) return { name, raw, form: 'pairs', encoded, fields: pairsOf(text) };
  if (name === UUID_AND_HASH) return { name, raw, form: 'pairs', encoded, fields: [splitOnce(text)] };
  if (JSON_NAMES.has(name)) {
    const fields = fieldsOfJson(text);
    if (fields) return { name, raw, form: 'json', encoded, fields };
  }
  return { name, raw, form: 'text', encoded, fields: [{ key: '', value: text }] };
}

const pairsOf = (text: string): CookieField[] => text.split('&').map(splitOnce);

/** Splits at the first colon: a host with a port contains another. */
function splitOnce(part: string): CookieField {
  const at = part.indexOf(':');
  return at < 0 ? { key: part, value: null } : { key: part.slice(0, at), value: part.slice(at + 1) };
}

/** The fields of a JSON object; `null` if it isn't one. With WooCommerce, backslashes must be removed first (facts §3.3). */
function fieldsOfJson(text: string): CookieField[] | null {
  for (const candidate of [text, text.replace(/\\(.)/g, '$1'), percentDecoded(text)]) {
    try {
      const value: unknown = JSON.parse(candidate);
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return Object.entries(value).map(([key, entry]) => ({ key, value: typeof entry === 'string' ? entry : JSON.stringify(entry) }));
    } catch {
      // Try the next form.
    }
  }
  return null;
}

/** Percent-decodes a cookie's value; returns the text unchanged if it can't be decoded. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const INSTANTS = new Set(['init', 'last', 'current', 'appear', 'leaves']);

/** The time in a field (epoch ms), which holds seconds, often with a fraction; `null` if it holds none, or the text `undefined`. */
export function instantOfField({ key, value }: CookieField): number | null {
  if (!INSTANTS.has(key) || value === null || !/^\d{1,11}(\.\d+)?$/.test(value)) return null;
  return Math.round(Number(value) * 1000);
}

/** The value of a cookie's first field, or of the first one with one of `keys`; `undefined` if there is none. */
export function fieldOf(cookies: readonly SnrsCookie[], name: string, ...keys: readonly string[]): string | undefined {
  const cookie = cookies.find((one) => one.name === name);
  const field = keys.length ? cookie?.fields.find(({ key }) => keys.includes(key)) : cookie?.fields[0];
  return field?.value ?? undefined;
}

/** Notes on anything unusual in the cookies of a page whose SDK uses `uuid`. */
export function cookieNotes(
  cookies: readonly SnrsCookie[],
  uuid: string | null,
  { set, jar }: SeenCookies = { set: [], jar: null },
): CookieNote[] {
  const notes: CookieNote[] = [];
  const warn = (kind: CookieNoteKind, text: string) => notes.push({ kind, tone: 'warn', text });
  const info = (kind: CookieNoteKind, text: string) => notes.push({ kind, tone: 'info', text });
  const of = (name: string, ...keys: string[]) => fieldOf(cookies, name, ...keys);

  for (const name of new Set(cookies.map((cookie) => cookie.name))) {
    const values = cookies.filter((cookie) => cookie.name === name).map(({ raw }) => raw);
    if (values.length > 1)
      warn(
        'duplicate',
        `Duplicate ${name}${new Set(values).size > 1 ? ' with different values' : ''} (${values.length}×, set on different domains or paths).`,
      );
  }
  const current = of('_snrs_uuid');
  if (current !== undefined && uuid !== null && current !== uuid)
    warn('not-the-sdk-uuid', `_snrs_uuid is ${current} but the SDK uses ${uuid}.`);
  if (current !== undefined && !validate(current)) warn('no-uuid', '_snrs_uuid isn’t a valid UUID.');
  const inState = of('_snrs_p', 'uuid');
  if (current !== undefined && inState !== undefined && inState !== current)
    warn('state-differs', '_snrs_uuid ≠ _snrs_p.uuid (reset in progress or interrupted).');
  const first = of('_snrs_puuid');
  const permanent = of('_snrs_p', 'permUuid');
  if (first !== undefined && permanent !== undefined && first !== permanent) warn('state-differs', '_snrs_puuid ≠ _snrs_p.permUuid.');
  if (first !== undefined && current !== undefined && first !== current)
    info('reset-before', 'The UUID was reset on this browser; _snrs_puuid is the first one.');
  if (of('_snrs_p', 'init') === 'undefined') warn('old-format', '_snrs_p.init is "undefined" (legacy format).');
  if (of('_snrs_p', 'emailHash') !== undefined) info('old-format', '_snrs_p has emailHash, the legacy name of identityHash.');
  const visits = Number(of('_snrs_sa', 'sessionVisits'));
  const all = Number(of('_snrs_p', 'allVisits'));
  if (visits > all) info('counts', `More pages in this visit (${visits}) than in total (${all}): counted separately by the SDK.`);
  const began = of('_snrs_sa', 'ssuid');
  const left = of('_snrs_sb', 'ssuid');
  if (began !== undefined && left !== undefined && began !== left)
    info('visits-differ', '_snrs_sa and _snrs_sb belong to different visits.');
  for (const name of ['_snrs_reset_uuid', UUID_AND_HASH])
    if (of(name) !== undefined || cookies.some((cookie) => cookie.name === name))
      warn('reset-waits', `${name} is applied at the next SDK init. Still here after a reload? Then nothing applies it.`);
  for (const { name } of cookies.filter(({ form }) => form === 'text').filter((cookie) => JSON_NAMES.has(cookie.name)))
    warn('unreadable', `${name} isn’t valid JSON.`);
  const seen = jar ?? set;
  for (const { name, domain, path } of seen.filter(({ httpOnly }) => httpOnly))
    info(
      'http-only',
      `${name} is HttpOnly (set by a server${domain === undefined ? '' : ` for ${domain}`}${path === undefined ? '' : ` on ${path}`}): not accessible to script.`,
    );
  const unseen = EXPECTED.filter((name) => ![...cookies, ...seen].some((cookie) => cookie.name === name));
  if (unseen.length && jar) warn('missing', `Missing: ${unseen.join(', ')}.`);
  else if (unseen.length) info('unseen', `Not visible to script: ${unseen.join(', ')} (missing, HttpOnly, or on another path).`);
  return notes;
}
