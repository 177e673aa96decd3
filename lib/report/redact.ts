/**
 * Takes secrets out of a report before it leaves the machine: tokens, personal data and identifiers, each removed, put
 * under a pseudonym, or kept. A value that was found once is then found everywhere, in whatever encoding. Pure.
 */
import { maskText, maskValue, namePatterns, type Rule } from '../capture/masking';
import { bearerOf } from '../capture/requests';
import { isPassword, isSecret, isSecretHeader, MASK, normal, SECRET_WORDS } from '../capture/secrets';
import { isMark } from '../diagnostics/lookup';
import { isRecord } from '../sdk/plain';
import { turn } from '../slices';
import type { Report } from './report';

/** `tokens`: tokens and keys; `personal`: e-mails, names, phones, addresses, custom ids and hashes of them; `ids`: UUIDs and client ids. */
export const SECRET_KINDS = ['tokens', 'personal', 'ids'] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

/** `pseudonym`: another text in its place, the same for the same value. */
export const WAYS = ['removed', 'pseudonym', 'kept'] as const;
export type Way = (typeof WAYS)[number];
export type Redaction = Readonly<Record<SecretKind, Way>>;

/** UUIDs are what a session is about, and say nothing by themselves. */
export const DEFAULT_REDACTION: Redaction = { tokens: 'pseudonym', personal: 'pseudonym', ids: 'kept' };

/** How many different values of each kind were taken out. */
export type Redacted = Readonly<Record<SecretKind, number>>;

/** Names of personal data, without case and joints (facts §1.5, §3.3). */
const PERSONAL = new Set(
  `email emailaddress mail phone phonenumber mobile firstname lastname displayname fullname surname nick nickname username user login
  birthdate dateofbirth avatarurl company address street city province zipcode zip postalcode customid customidentify customidentifier
  authid clientidentifier identityhash emailhash userhash hash snrshe sex whom who nme deviceid ipaddress`.split(/\s+/),
);
const IDS = new Set(['clientid', 'profileid', 'sub', 'jti', 'sid', 'sessionid']);
const PERSONAL_WORDS =
  'e-?mail|phone|first_?name|last_?name|display_?name|custom_?id\\w{0,8}|auth_?id|identity_?hash|email_?hash|user_?hash|snrs_he';

/** Names of this report's own fields that hold something secret. */
const OWN: Readonly<Record<string, SecretKind>> = {
  raw: 'tokens',
  whom: 'personal',
  who: 'personal',
  customId: 'personal',
  hashes: 'personal',
  clientId: 'ids',
};
/** Own fields that hold what a page gave: looked through by names and forms. */
const FREE = new Set(['claims', 'header', 'facts', 'value', 'detail', 'told', 'args', 'before', 'cookies', 'stored', 'call']);

const JWT = /(?<![\w-])eyJ[\w-]{5,}\.[\w-]*(?:\.[\w-]*){0,3}/g;
const EMAIL = /[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu;
const UUID = /(?<![\da-f])[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?![\da-f])/gi;
/** Identity hashes as the Web SDK's cookies have them (facts §3.3): after their name, or after a UUID and a colon. */
const HASH = /((?:identityHash|emailHash|user_hash)(?::|%3A)|[\da-f]{12}(?::|%3A))(-?\d{1,11})(?![\d-])/gi;
const BASE64 = /[A-Za-z0-9+/_-]{8,}={0,2}/g;
const PERCENT = /[^\s"'<>&=?#;,]*%[0-9a-f]{2}[^\s"'<>&=?#;,]*/gi;
/** A shorter value is everywhere. */
const SHORTEST = 3;
/** From this length on a value is found inside of words too. */
const LONG = 8;
const DEEPEST = 5;

type Hide = (kind: SecretKind, value: string) => string;

/** What one way through the report does. @param hide gives what stands in the place of a value @param known values that were found already */
function looking(
  ways: Redaction,
  hide: Hide,
  known: RegExp | null,
  kindOf: (value: string) => SecretKind,
): { text(text: string): string; free(value: unknown): unknown } {
  const put: Hide = (kind, value) => (ways[kind] === 'kept' ? value : hide(kind, value));
  const byLook = (text: string): string => {
    const once = known ? text.replace(known, (found) => put(kindOf(found), found)) : text;
    return once
      .replace(JWT, (found) => put('tokens', found))
      .replace(EMAIL, (found) => put('personal', found))
      .replace(HASH, (_whole, before: string, hash: string) => `${before}${put('personal', hash)}`)
      .replace(UUID, (found) => put('ids', found));
  };
  const kindOfName = (name: string): SecretKind | null => {
    const plain = normal(name);
    return isSecret(name) ? 'tokens' : PERSONAL.has(plain) ? 'personal' : IDS.has(plain) ? 'ids' : null;
  };
  const rule: Rule = {
    names: (name) => isPassword(name) || kindOfName(name) !== null,
    put: (value, name) => (isPassword(name) ? MASK : put(kindOfName(name) ?? 'tokens', value)),
    leaf: (text) => leaf(text, 0),
    ...namePatterns(`${SECRET_WORDS}|${PERSONAL_WORDS}`),
  };

  /** Text by its look, and what it may be the encoding of. */
  function leaf(text: string, depth: number): string {
    // A token that is kept is kept whole, with whatever stands in it.
    if (ways.tokens === 'kept' && text.search(JWT) >= 0)
      return text
        .split(new RegExp(`(${JWT.source})`, 'g'))
        .map((part, index) => (index % 2 ? part : leaf(part, depth)))
        .join('');
    const seen = byLook(text);
    if (seen !== text || depth > DEEPEST) return seen === text ? text : leaf(seen, DEEPEST + 1);
    const unescaped = text.replace(/\\u([\da-f]{4})/gi, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
    if (unescaped !== text && leaf(unescaped, depth + 1) !== unescaped) return leaf(unescaped, depth + 1);
    const plain = text.replace(PERCENT, (found) => {
      const decoded = attempt(() => decodeURIComponent(found)) ?? attempt(() => unescape(found)) ?? found;
      const without = decoded === found ? found : maskText(decoded, rule, 1);
      return without === decoded ? found : encodeURIComponent(without).replace(/%5B(\w+)%5D/g, '[$1]');
    });
    return plain.replace(BASE64, (found) => (hidesInBase64(found, depth) ? MASK : found));
  }

  /** Whether a run of letters is the base64 of something that is to go. It may begin behind letters of another word. */
  function hidesInBase64(run: string, depth: number): boolean {
    return [0, 1, 2, 3].some((from) => {
      const decoded = fromBase64(run.slice(from));
      if (decoded === null) return false;
      // Names and forms tell in a readable text only; in any other what is known already.
      return isReadable(decoded)
        ? maskText(decoded, { ...rule, leaf: (text) => leaf(text, depth + 1) }, depth + 1) !== decoded
        : byKnown(decoded);
    });
  }
  const byKnown = (text: string): boolean => known !== null && text.replace(known, (found) => put(kindOf(found), found)) !== text;

  return { text: (text) => maskText(text, rule), free: (value) => maskValue(value, rule, 0) };
}

const attempt = <T>(work: () => T): T | null => {
  try {
    return work();
  } catch {
    return null;
  }
};

function fromBase64(run: string): string | null {
  const standard = run.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  const bytes = attempt(() =>
    Uint8Array.from(atob(standard.length % 4 === 1 ? standard.slice(0, -1) : standard), (char) => char.charCodeAt(0)),
  );
  return bytes && new TextDecoder().decode(bytes);
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is no text has them
const isReadable = (text: string): boolean => !/[\x00-\x08\x0e-\x1f\x7f\ufffd]/.test(text);

/** A report's own structure is walked by its fields, and what a page gave in it by names and forms. */
function walk(
  value: unknown,
  key: string,
  { text, free, put }: { text(text: string): string; free(value: unknown): unknown; put: Hide },
): unknown {
  const own = OWN[key];
  if (own && (typeof value === 'string' || typeof value === 'number')) return value === '' ? '' : put(own, String(value));
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) {
    if (FREE.has(key)) return free(value);
    return (value as unknown[]).map((one) => walk(one, own ? key : '', { text, free, put }));
  }
  if (!isRecord(value)) return value;
  if (FREE.has(key)) return free(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      name === 'headers' || name === 'answerHeaders' ? headersOf(entry, { text, put }) : walk(entry, name, { text, free, put }),
    ]),
  );
}

/** Headers: the scheme of an authorization stays, and cookies go whole: those of the site are none of ours. */
function headersOf(headers: unknown, { text, put }: { text(text: string): string; put: Hide }): unknown {
  return (headers as readonly (readonly [string, string])[]).map(([name, value]) => {
    if (!isSecretHeader(name)) return [name, text(value)];
    const [, scheme = '', token = ''] = /^(Bearer\s+)(\S+)$/i.exec(value) ?? [];
    if (token !== '') return [name, `${scheme}${put('tokens', token)}`];
    return [name, /cookie|basic/i.test(`${name} ${value}`) ? MASK : put('tokens', value)];
  });
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** A word that a value may be and that says nothing. */
const COMMON = /^(true|false|null|none|undefined|unknown|\[.*\]|\d{1,3}|synerise|anonymous|client|male|female|other|not_specified)$/i;

/** What finds the values again wherever they stand, in whatever case. */
function finding(values: readonly string[]): RegExp | null {
  const found = values.filter((value) => value.length >= SHORTEST && !COMMON.test(value)).sort((a, b) => b.length - a.length);
  if (!found.length) return null;
  return new RegExp(
    found
      .flatMap((value) => [...new Set([value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])])
      .map((value) => (value.length >= LONG ? escaped(value) : `(?<![\\p{L}\\p{N}])${escaped(value)}(?![\\p{L}\\p{N}])`))
      .join('|'),
    'giu',
  );
}

/**
 * A report without what is to go. @param key of HMAC-SHA-256, by which pseudonyms are made: the same key gives the same
 * ones, and nobody else can try values out
 */
export async function redact(
  report: Report,
  ways: Redaction,
  key: CryptoKey,
): Promise<{ readonly report: Report; readonly redacted: Redacted }> {
  const found = new Map<string, SecretKind>();
  const collect: Hide = (kind, value) => {
    const clean = value.trim();
    if (clean !== '' && !isMark(clean) && !found.has(clean)) found.set(clean, kind);
    return `[${kind}]`;
  };
  const whole = { ...report };
  // Tokens that are none by their look are known by their place.
  for (const record of report.requests) {
    const bearer = bearerOf(record);
    if (bearer && ways.tokens !== 'kept') collect('tokens', bearer);
  }
  const first = looking(ways, collect, null, () => 'tokens');
  await inParts(whole, (value, name) =>
    walk(value, name, { ...first, put: (kind, one) => (ways[kind] === 'kept' ? one : collect(kind, one)) }),
  );

  const marks = new Map<string, string>();
  for (const [value, kind] of found)
    marks.set(value, ways[kind] === 'removed' ? removedMark(kind, value) : await pseudonymOf(kind, value, key));
  const known = finding([...found.keys()].filter((value) => value.replace(UUID, '') !== ''));
  const byLower = new Map([...found].map(([value, kind]) => [value.toLowerCase(), { kind, value }]));
  /** Text is looked through by its form and by its look: what was put there by the one is not the other's. */
  const put = new Set(marks.values());
  const lookUp = (value: string) => {
    const clean = value.trim();
    if (put.has(clean) || isMark(clean)) return value;
    const direct = marks.get(clean);
    if (direct !== undefined) return direct;
    const other = byLower.get(clean.toLowerCase()) ?? byLower.get((attempt(() => decodeURIComponent(clean)) ?? clean).toLowerCase());
    return other ? (marks.get(other.value) ?? MASK) : MASK;
  };
  const second = looking(
    ways,
    (_kind, value) => lookUp(value),
    known,
    (value) => byLower.get(value.toLowerCase())?.kind ?? 'tokens',
  );
  const made = await inParts(whole, (value, name) =>
    walk(value, name, { ...second, put: (kind, one) => (ways[kind] === 'kept' ? one : lookUp(one)) }),
  );
  const count = (kind: SecretKind) => [...found.values()].filter((one) => one === kind).length;
  return {
    report: { ...made, redaction: ways },
    redacted: { tokens: count('tokens'), personal: count('personal'), ids: count('ids') },
  };
}

/** So many entries are looked through before others get their turn. */
const SLICE = 200;

/** Every part of the report through `change`; its long lists in slices. */
async function inParts(report: Report, change: (value: unknown, name: string) => unknown): Promise<Report> {
  const made: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(report)) {
    if (name !== 'timeline' && name !== 'requests') {
      made[name] = STAYS.has(name) ? value : change(value, name);
      continue;
    }
    const list: unknown[] = [];
    for (const [index, entry] of (value as readonly unknown[]).entries()) {
      if (index % SLICE === SLICE - 1) await turn();
      list.push(change(entry, ''));
    }
    made[name] = list;
  }
  return made as unknown as Report;
}
/** Says what the file is, and nothing of anybody. */
const STAYS = new Set(['format', 'version', 'createdAt', 'by', 'browser', 'redaction', 'dropped']);

const removedMark = (kind: SecretKind, value: string): string =>
  kind === 'tokens' ? '[token removed]' : kind === 'ids' ? '[id removed]' : value.includes('@') ? '[e-mail removed]' : '[personal removed]';

async function pseudonymOf(kind: SecretKind, value: string, key: CryptoKey): Promise<string> {
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(value.toLowerCase())));
  const hex = [...signature].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (kind === 'tokens') return `token-${hex.slice(0, 12)}`;
  if (kind === 'personal') return value.includes('@') ? `${hex.slice(0, 10)}@pseudonym.invalid` : `personal-${hex.slice(0, 10)}`;
  // A UUID stays one of its version.
  const version = /^[\da-f]{8}-[\da-f]{4}-([\da-f])[\da-f]{3}-([\da-f])/i.exec(value);
  if (!version) return `id-${hex.slice(0, 10)}`;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version[1]}${hex.slice(13, 16)}-${version[2]}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A key for pseudonyms. @param bytes 32 random bytes that stay the same for as long as pseudonyms should */
export const pseudonymKey = (bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
