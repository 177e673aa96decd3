/**
 * Redacts a report before it leaves the machine: tokens, personal data and identifiers are each removed, pseudonymized or
 * kept. A value that was found once is then replaced everywhere, in any encoding. Pure.
 */
import { isAboutAccount } from '../network/purposes';
import { isSecretHeader, MASK, withoutPassword, withoutPasswords } from '../network/secrets';
import { isRecord } from '../page/plain';
import { finderOf, isLikeForm } from '../redaction/finder';
import { isSought as isSoughtPassword, partsOf } from '../redaction/forms';
import { turn } from '../tasks/slices';
import { canonical, isMade, isName, kindOf, type Looking, looking, type Nature, type Put, WHOLE_UUID } from './looking';
import { pseudonymOf, removedMark, type Secret, signed } from './marks';
import type { Report } from './report';
import { HASH_PUT, MARK, PSEUDONYM, type Redaction, SECRET_KINDS, type SecretKind, WAYS } from './secrecy';

/** Number of different values of each kind that were removed or pseudonymized. */
export type Redacted = Readonly<Record<SecretKind, number>>;

/** The report's own fields that contain secrets. */
const OWN: Readonly<Record<string, Nature>> = {
  raw: 'tokens',
  whom: 'whom',
  who: 'personal',
  customId: 'personal',
  hashes: 'hash',
  clientId: 'ids',
  uuid: 'ids',
  previousUuid: 'ids',
};
/** Own fields that contain data from a page: searched by names and formats. */
const FREE = new Set(['claims', 'header', 'facts', 'options', 'value', 'detail', 'told', 'args', 'before', 'call']);
/** Own fields with `name=value` texts. */
const PAIRS = new Set(['cookies', 'stored']);
/** Own fields with words from our own vocabulary, and patterns of such words. */
const OURS = new Set('kind via area access phase identity verdict operation does dialect state missing severity recipe what'.split(' '));
const SDK_COOKIE = /^_snrs_[a-z_]{1,40}$/;
const NAMES = new Set(['purpose', 'rule', 'muted', 'broken']);
const isOurs = (key: string, text: string, kind: unknown): boolean =>
  OURS.has(key) ||
  (key === 'name' && SDK_COOKIE.test(text)) ||
  (kind === 'identity' && key === 'before') ||
  (kind === 'operation' && key === 'by') ||
  (NAMES.has(key) && /^[a-z]{2,15}(-[a-z]{1,15}){0,6}$/.test(text));

/** Words that take the place of a missing value. */
const NOTHING = /^(true|false|null|none|undefined|unknown|nan|not_specified|anonymous)$/i;
/** Values too common to be searched for elsewhere. */
const COMMON =
  /^(\d{1,3}|synerise|client|customer|guest|male|female|other|bearer|email|phone|sms|push|bluetooth|rfid|wifi|secret|token|removed|personal|pseudonym|invalid|facade00)$/i;
/** UUIDs that belong to nobody. */
const NIL_OR_MAX = /^(?:[0-]{36}|[f-]{36})$/i;
const isPut = (text: string, nature: Nature): boolean =>
  MARK.test(text) || PSEUDONYM.test(text) || NIL_OR_MAX.test(text) || (nature === 'hash' && HASH_PUT.test(text));

/** Walks the report's own structure by its fields, and data from a page by names and formats. @param beside the sibling fields */
function walk(
  value: unknown,
  key: string,
  looks: Looking,
  keyOf: (key: string) => string,
  beside: Readonly<Record<string, unknown>>,
): unknown {
  const own = OWN[key];
  if (Array.isArray(value)) {
    if (FREE.has(key)) return looks.free(value);
    if (key === 'headers' || key === 'answerHeaders') return headersOf(value as Header[], looks);
    return (value as unknown[]).map((one) => walk(one, key, looks, keyOf, {}));
  }
  if (own && (typeof value === 'string' || typeof value === 'number')) return looks.put(own, String(value));
  if (typeof value === 'string') {
    if (isOurs(key, value, beside['kind'])) return value;
    if (key === 'key' || key === 'of') return keyOf(value);
    if (PAIRS.has(key)) return pairOf(value, looks);
    if (key === 'value' && beside['what'] === 'uuid') return looks.put('ids', value);
    const name = key === 'value' || key === 'before' ? beside['name'] : null;
    return typeof name === 'string' && looks.isNamed(name) ? looks.putNamed(value, name) : looks.text(value);
  }
  if (!isRecord(value)) return value;
  if (FREE.has(key)) return looks.free(value);
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, walk(entry, name, looks, keyOf, value)]));
}

/** Redacts `name=value` of a cookie, or of Web Storage, whose values may be anything. */
function pairOf(pair: string, { text, putNamed, isNamed }: Looking): string {
  const [, area = '', name = '', value] = /^((?:local|session):)?([^=]*)=(.*)$/s.exec(pair) ?? [];
  if (value === undefined) return text(pair);
  return `${area}${SDK_COOKIE.test(name) ? name : text(name)}=${isNamed(name) ? putNamed(value, name) : text(value)}`;
}

type Header = readonly [string, string];
/** Redacts headers. The scheme of an authorization stays; cookies are removed as a whole, because they include the site's own. */
function headersOf(headers: readonly Header[], { text, put, putNamed, isNamed, tokensStay }: Looking): Header[] {
  return headers.map(([name, value]): Header => {
    if (!isSecretHeader(name)) return [text(name), isNamed(name) ? putNamed(value, name) : text(value)];
    const plain = withoutPassword([name, value]);
    if (plain) return [name, plain[1]];
    if (/cookie|basic/i.test(`${name} ${value}`)) {
      if (tokensStay) return [name, text(value)];
      for (const token of cookieTokens(value)) put('tokens', token);
      return [name, MASK];
    }
    const [, scheme = '', token = value] = /^(Bearer\s+)(\S+)$/i.exec(value) ?? [];
    return [name, `${scheme}${put('tokens', token)}`];
  });
}

/** Values of the site's cookies that may grant access: long, with letters and digits, and not a date. */
const cookieTokens = (value: string): string[] =>
  value.split(/;\s*/).flatMap((pair) => {
    const [, name = '', token = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
    const isToken = /^(?=.*\d)(?=.*[a-z])[\w%.+/=:~-]{16,4096}$/i.test(token) && !/^\d{4}-\d\d-\d\dT/.test(token);
    return isToken && !SDK_COOKIE.test(name) && !WHOLE_UUID.test(token) ? [token] : [];
  });

/** The texts and numbers in a value that is replaced as a whole, unless they are just words. */
const tellingParts = (value: string, isLoose: boolean): string[] =>
  partsOf(value).filter((part) => part !== value && part.length > 4 && (isLoose ? /[\d@]/ : /[\d@\p{Lu}]/u).test(part));

/** A shorter part of a token isn't a JWT's payload or signature (characters). */
const SEGMENT = 16;

/** A value that was found in a report. */
interface Found {
  readonly natures: Set<Nature>;
  /** It is searched for elsewhere too. */
  isSought: boolean;
}

function collecting() {
  const found = new Map<string, Found>();
  /** Payloads and signatures of JWTs: from separate parts, the token could be put together again. */
  const segments = new Set<string>();
  /** Values as written, if different from their canonical spelling, mapped to it. Either may be the actual value. */
  const written = new Map<string, string>();
  const note = (nature: Nature, value: string, isWord: boolean) => {
    const plain = canonical(value);
    if (plain === '' || NOTHING.test(plain) || isPut(plain, nature)) return;
    const isSought = !isWord && !COMMON.test(plain) && !isName(plain);
    if (isSought && value.trim() !== plain) written.set(value.trim(), plain);
    const own = found.get(plain);
    const natures: readonly Nature[] = nature === 'ids' && isMade(plain) ? ['ids', 'personal'] : [nature];
    for (const one of natures) own?.natures.add(one);
    if (!own) found.set(plain, { natures: new Set(natures), isSought });
    else if (isSought) own.isSought = true;
  };
  const collect: Put = (nature, value, isLoose = false) => {
    note(nature, value, nature === 'password' ? !isSoughtPassword(value) : isLoose && /^\p{L}+$/u.test(value));
    const [, token] = /^Bearer\s+(\S+)$/i.exec(value) ?? [];
    if (token) note(nature, token, false);
    if (nature === 'tokens' && value.includes('eyJ'))
      for (const part of (token ?? value).split('.').slice(1)) if (part.length >= SEGMENT) segments.add(part);
    for (const part of tellingParts(value, isLoose)) note(nature, part, nature === 'password' && !isSoughtPassword(part));
    return `[${nature}]`;
  };
  return { found: found as ReadonlyMap<string, Found>, written: written as ReadonlyMap<string, string>, segments, collect };
}

/** The kind with the strictest treatment. The customer of a token counts as personal unless the value has a different nature too. */
function strictest(natures: ReadonlySet<Nature>, ways: Redaction): SecretKind {
  const kinds = new Set([...natures].filter((nature) => nature !== 'whom' || natures.size === 1).map(kindOf));
  // Of two kinds with the same treatment, `ids` comes first.
  const inOrder = [...SECRET_KINDS].filter((kind) => kinds.has(kind)).sort((a, b) => Number(b === 'ids') - Number(a === 'ids'));
  return inOrder.sort((a, b) => WAYS.indexOf(ways[a]) - WAYS.indexOf(ways[b]))[0] ?? 'personal';
}

/**
 * Redacts a report. @param key HMAC-SHA-256 key for pseudonyms: the same key gives the same pseudonyms, and nobody without it
 * can test guesses
 */
export async function redact(
  told: Report,
  ways: Redaction,
  key: CryptoKey,
): Promise<{ readonly report: Report; readonly redacted: Redacted }> {
  // Whether a `code` is a secret depends on the purpose of the request.
  const requests = told.requests.map((request) => (isAboutAccount(request) ? withoutPasswords(request) : request));
  const report: Report = { ...told, requests };
  const { found, written, segments, collect } = collecting();
  const asIs = (text: string) => text;
  const first = looking(ways, collect, { known: asIs, formless: asIs, apart: asIs });
  await inParts(report, (value, name) => walk(value, name, first, first.text, {}));

  const counts = { tokens: 0, personal: 0, ids: 0 };
  /** `null`: the value stays. */
  const marks = new Map<string, string | null>();
  const alike = new Map<string, string>();
  const nths = new Map<string, number>();
  const nthOf = (small: string) => nths.set(small, nths.get(small) ?? nths.size).get(small) ?? 0;
  for (const [value, { natures }] of found) {
    const kind = strictest(natures, ways);
    const one: Secret = { kind, value, isHash: natures.has('hash') && /^-?\d+$/.test(value) };
    const small = value.toLowerCase();
    if (!alike.has(small)) alike.set(small, value);
    const isPassword = natures.has('password');
    if (ways[kind] !== 'kept' && !isPassword) counts[kind] += 1;
    marks.set(
      value,
      isPassword
        ? MASK
        : ways[kind] === 'kept'
          ? null
          : ways[kind] === 'removed'
            ? removedMark(one, nthOf(small))
            : await pseudonymOf(one, key),
    );
  }
  const sought = [...found].flatMap(([value, { isSought }]) => (isSought && marks.get(value) ? [value] : []));
  const values = [...sought, ...[...written].flatMap(([spelling, value]) => (marks.get(value) ? [spelling] : []))];
  const [find, findForm] = [finderOf(values), finderOf(values.filter(isLikeForm))];
  const markOf = (value: string): string => marks.get(written.get(value) ?? value) ?? MASK;
  const put: Put = (nature, value) => {
    const plain = canonical(value);
    if (plain === '' || NOTHING.test(plain) || isPut(plain, nature)) return value;
    const mark = marks.get(plain) ?? marks.get(alike.get(plain.toLowerCase()) ?? plain);
    // A value that the first pass didn't find is part of a found one, or contains one.
    if (mark === undefined) return ways[kindOf(nature)] === 'kept' ? value : MASK;
    return mark === null ? value : value.replace(value.trim(), () => mark);
  };
  const findSegment = finderOf(ways.tokens === 'kept' ? [] : segments);
  const second = looking(ways, put, {
    known: (text) => find(text, markOf),
    formless: (text) => findForm(text, markOf),
    apart: (text) => findSegment(text, () => MASK),
  });
  const keyOf = keysBy(second.text);
  const made = await inParts(report, (value, name) => walk(value, name, second, keyOf, {}));
  const redaction = both(report.redaction, ways);
  return { report: { ...made, redaction, pseudonymKey: await keyTold(report, ways, key) }, redacted: counts };
}

const hasPseudonyms = (ways: Redaction): boolean => SECRET_KINDS.some((kind) => ways[kind] === 'pseudonym');

/** Identifies the key of a report's pseudonyms after `key` was used for `ways`; `null`: no pseudonyms, or several keys. */
async function keyTold({ redaction, pseudonymKey: before }: Report, ways: Redaction, key: CryptoKey): Promise<string | null> {
  if (!hasPseudonyms(ways)) return before;
  const mark = (await signed('which key this is', key)).slice(0, 12);
  return before === mark || !hasPseudonyms(redaction) ? mark : null;
}

/** The combined redaction of a report that was redacted before: the stricter one for each kind. */
const both = (before: Redaction, now: Redaction): Redaction => {
  const stricter = (kind: SecretKind) => WAYS[Math.min(WAYS.indexOf(before[kind]), WAYS.indexOf(now[kind]))] ?? 'removed';
  return { tokens: stricter('tokens'), personal: stricter('personal'), ids: stricter('ids') };
};

/** Keys link entries: one that contains a secret becomes a number, the same everywhere. */
function keysBy(text: (text: string) => string): (key: string) => string {
  const keys = new Map<string, string>();
  return (key) => {
    const made = keys.get(key) ?? (text(key) === key && !/^key-\d+$/.test(key) ? key : `key-${keys.size + 1}`);
    keys.set(key, made);
    return made;
  };
}

/** How long to work on the report before yielding to other tasks (ms). */
const SLICE = 12;

/** Applies `change` to every part of the report, to long lists in slices. */
async function inParts(report: Report, change: (value: unknown, name: string) => unknown): Promise<Report> {
  const made: Record<string, unknown> = {};
  let until = performance.now() + SLICE;
  for (const [name, value] of Object.entries(report)) {
    if (STAYS.has(name) || !Array.isArray(value) || typeof value[0] !== 'object') {
      made[name] = STAYS.has(name) ? value : change(value, name);
      continue;
    }
    const list: unknown[] = [];
    for (const entry of value as readonly unknown[]) {
      list.push(change(entry, ''));
      if (performance.now() < until) continue;
      await turn();
      until = performance.now() + SLICE;
    }
    made[name] = list;
  }
  return made as unknown as Report;
}
/** Fields that describe the file and contain nothing personal. */
const STAYS = new Set(['format', 'version', 'createdAt', 'by', 'browser', 'redaction', 'pseudonymKey', 'dropped']);

/** Imports a key for pseudonyms. @param bytes 32 random bytes; the same bytes give the same pseudonyms */
export const pseudonymKey = (bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
