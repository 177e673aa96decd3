/**
 * Takes secrets out of a report before it leaves the machine: tokens, personal data and identifiers, each removed, put
 * under a pseudonym, or kept. A value that was found once is then found everywhere, in whatever encoding. Pure.
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

/** How many different values of each kind were taken out. */
export type Redacted = Readonly<Record<SecretKind, number>>;

/** Names of this report's own fields that hold something secret. */
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
/** Own fields that hold what a page gave: looked through by names and forms. */
const FREE = new Set(['claims', 'header', 'facts', 'options', 'value', 'detail', 'told', 'args', 'before', 'call']);
/** Own fields of `name=value`. */
const PAIRS = new Set(['cookies', 'stored']);
/** Own fields of words that are ours, and such words. */
const OURS = new Set('kind via area access phase identity verdict operation does dialect state missing severity recipe what'.split(' '));
const SDK_COOKIE = /^_snrs_[a-z_]{1,40}$/;
const NAMES = new Set(['purpose', 'rule', 'muted', 'broken']);
const isOurs = (key: string, text: string, kind: unknown): boolean =>
  OURS.has(key) ||
  (key === 'name' && SDK_COOKIE.test(text)) ||
  (kind === 'identity' && key === 'before') ||
  (kind === 'operation' && key === 'by') ||
  (NAMES.has(key) && /^[a-z]{2,15}(-[a-z]{1,15}){0,6}$/.test(text));

/** Words that stand where a value would. */
const NOTHING = /^(true|false|null|none|undefined|unknown|nan|not_specified|anonymous)$/i;
/** Words that a value may be and that say nothing elsewhere. */
const COMMON =
  /^(\d{1,3}|synerise|client|customer|guest|male|female|other|bearer|email|phone|sms|push|bluetooth|rfid|wifi|secret|token|removed|personal|pseudonym|invalid|facade00)$/i;
/** UUIDs of nobody. */
const NIL_OR_MAX = /^(?:[0-]{36}|[f-]{36})$/i;
const isPut = (text: string, nature: Nature): boolean =>
  MARK.test(text) || PSEUDONYM.test(text) || NIL_OR_MAX.test(text) || (nature === 'hash' && HASH_PUT.test(text));

/** A report's own structure is walked by its fields, and what a page gave in it by names and forms. @param beside the fields beside it */
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

/** `name=value` of a cookie, or of Web Storage, whose value may be anything. */
function pairOf(pair: string, { text, putNamed, isNamed }: Looking): string {
  const [, area = '', name = '', value] = /^((?:local|session):)?([^=]*)=(.*)$/s.exec(pair) ?? [];
  if (value === undefined) return text(pair);
  return `${area}${SDK_COOKIE.test(name) ? name : text(name)}=${isNamed(name) ? putNamed(value, name) : text(value)}`;
}

type Header = readonly [string, string];
/** Headers: the scheme of an authorization stays, and cookies go whole: those of the site are none of ours. */
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

/** Values of cookies of the site that may let somebody in: long, of letters and figures, and no date. */
const cookieTokens = (value: string): string[] =>
  value.split(/;\s*/).flatMap((pair) => {
    const [, name = '', token = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
    const isToken = /^(?=.*\d)(?=.*[a-z])[\w%.+/=:~-]{16,4096}$/i.test(token) && !/^\d{4}-\d\d-\d\dT/.test(token);
    return isToken && !SDK_COOKIE.test(name) && !WHOLE_UUID.test(token) ? [token] : [];
  });

/** The texts and numbers in data that was taken out as a whole, as far as they are more than words. */
const tellingParts = (value: string, isLoose: boolean): string[] =>
  partsOf(value).filter((part) => part !== value && part.length > 4 && (isLoose ? /[\d@]/ : /[\d@\p{Lu}]/u).test(part));

/** A shorter part of a token is none of a JWT's payload or signature (characters). */
const SEGMENT = 16;

/** What was found in a report. */
interface Found {
  readonly natures: Set<Nature>;
  /** It is looked for elsewhere. */
  isSought: boolean;
}

function collecting() {
  const found = new Map<string, Found>();
  /** Payloads and signatures of JWTs: put apart, they make the token whole again. */
  const segments = new Set<string>();
  /** Values as they were written, where that is another spelling than theirs: it may be theirs, too. */
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

/** Of several kinds the one that is dealt with most strictly. Whom a token is for is personal where nothing else says what it is. */
function strictest(natures: ReadonlySet<Nature>, ways: Redaction): SecretKind {
  const kinds = new Set([...natures].filter((nature) => nature !== 'whom' || natures.size === 1).map(kindOf));
  // Where two are dealt with alike it is a UUID first.
  const inOrder = [...SECRET_KINDS].filter((kind) => kinds.has(kind)).sort((a, b) => Number(b === 'ids') - Number(a === 'ids'));
  return inOrder.sort((a, b) => WAYS.indexOf(ways[a]) - WAYS.indexOf(ways[b]))[0] ?? 'personal';
}

/**
 * A report without what is to go. @param key of HMAC-SHA-256, by which pseudonyms are made: the same key gives the same
 * ones, and nobody else can try values out
 */
export async function redact(
  told: Report,
  ways: Redaction,
  key: CryptoKey,
): Promise<{ readonly report: Report; readonly redacted: Redacted }> {
  // What is a code there is told by what the request is for.
  const requests = told.requests.map((request) => (isAboutAccount(request) ? withoutPasswords(request) : request));
  const report: Report = { ...told, requests };
  const { found, written, segments, collect } = collecting();
  const asIs = (text: string) => text;
  const first = looking(ways, collect, { known: asIs, formless: asIs, apart: asIs });
  await inParts(report, (value, name) => walk(value, name, first, first.text, {}));

  const counts = { tokens: 0, personal: 0, ids: 0 };
  /** `null`: it stays. */
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
    // What was not found so before is a part of something, or has something in it.
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

/** Which key the pseudonyms of a report are of, once `key` was used for `ways`. */
async function keyTold({ redaction, pseudonymKey: before }: Report, ways: Redaction, key: CryptoKey): Promise<string | null> {
  if (!hasPseudonyms(ways)) return before;
  const mark = (await signed('which key this is', key)).slice(0, 12);
  return before === mark || !hasPseudonyms(redaction) ? mark : null;
}

/** What was done with a report that had been through it before. */
const both = (before: Redaction, now: Redaction): Redaction => {
  const stricter = (kind: SecretKind) => WAYS[Math.min(WAYS.indexOf(before[kind]), WAYS.indexOf(now[kind]))] ?? 'removed';
  return { tokens: stricter('tokens'), personal: stricter('personal'), ids: stricter('ids') };
};

/** Keys tie things together: one with a secret in it becomes a number, and stays the same everywhere. */
function keysBy(text: (text: string) => string): (key: string) => string {
  const keys = new Map<string, string>();
  return (key) => {
    const made = keys.get(key) ?? (text(key) === key && !/^key-\d+$/.test(key) ? key : `key-${keys.size + 1}`);
    keys.set(key, made);
    return made;
  };
}

/** So long the report is worked at before others get their turn (ms). */
const SLICE = 12;

/** Every part of the report through `change`; its long lists in slices. */
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
/** Says what the file is, and nothing of anybody. */
const STAYS = new Set(['format', 'version', 'createdAt', 'by', 'browser', 'redaction', 'pseudonymKey', 'dropped']);

/** A key for pseudonyms. @param bytes 32 random bytes that stay the same for as long as pseudonyms should */
export const pseudonymKey = (bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
