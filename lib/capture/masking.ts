/**
 * Takes out of data what must not be in it, wherever it stands: JSON, forms, queries, one within the other, and text that
 * has no readable form. What is taken out, and what stands in its place, a rule says. Pure.
 */
import { isRecord } from '../sdk/plain';
import type { Body, Header, RequestRecord } from './requests';

/** What is taken out. */
export interface Rule {
  /** Whether what stands under that name is taken out. */
  readonly names: (name: string) => boolean;
  /** A text without what is to go by its own look. */
  readonly leaf: (text: string) => string;
  /** What stands in the place of a value that is taken out for its name. */
  readonly put: (value: string, name: string) => string;
  /** The names once more, for text that cannot be read: `"name": value` and `name=value`. */
  readonly field: RegExp;
  readonly pair: RegExp;
  /** `<name>value</name>`, and `name: "value"` as query languages write it. */
  readonly tag: RegExp;
  readonly bare: RegExp;
}

/** Regular expressions for names that hold one of `words`, an alternation. */
export function namePatterns(words: string): Pick<Rule, 'field' | 'pair' | 'tag' | 'bare'> {
  const name = `[\\w\\[.-]{0,40}(?:${words})\\]?`;
  return {
    field: new RegExp(
      `(?<!\\\\)(\\\\{0,8}"(${name})\\\\{0,8}"\\s{0,20}:\\s{0,20})(\\\\{0,8}"(?:[^"\\\\]|\\\\.)*"?|[^\\s,}\\]"\\\\]+)`,
      'gi',
    ),
    tag: new RegExp(`(<(${name})(?:\\s[^<>]{0,200})?>)([^<>]+)(?=</)`, 'gi'),
    bare: new RegExp(`(?<![\\w"\\\\-])((${name})\\s{0,20}:\\s{0,20})(\\\\{0,8}"(?:[^"\\\\]|\\\\.)*"?)`, 'gi'),
    pair: new RegExp(`(^|[?&;#\\s"'{,])(${name})=([^&#;\\s"'\\\\<>]+)`, 'gi'),
  };
}

/** So deep one form stands in another, and one value in another. */
const DEEPEST_FORM = 6;
const DEEPEST_VALUE = 200;

/** A shorter number is everywhere. */
const SMALLEST = 10_000;

/** What stands in the place of what is too deep to be looked through. */
export const TOO_DEEP = '[secret]';

function byPattern(text: string, { leaf, put, field, pair, tag, bare }: Rule): string {
  const quoted = (whole: string, before: string, name: string, value: string) => {
    const plain = value.replace(/^[\\"]+|[\\"]+$/g, '');
    const masked = put(plain, name);
    return masked === plain ? whole : `${before}"${masked}"`;
  };
  // Most texts are words: none of these is in them.
  let seen = leaf(text);
  if (seen.includes('"')) seen = seen.replace(field, quoted).replace(bare, quoted);
  if (seen.includes('<')) seen = seen.replace(tag, (_whole, before: string, name: string, value: string) => `${before}${put(value, name)}`);
  if (seen.includes('='))
    seen = seen.replace(pair, (_whole, before: string, name: string, value: string) => `${before}${name}=${put(value, name)}`);
  return seen;
}

/** A text without what the rule takes out. */
export function maskText(text: string, rule: Rule, depth = 0): string {
  if (depth > DEEPEST_FORM) return TOO_DEEP;
  return inJson(text, rule, depth) ?? inMultipart(text, rule, depth) ?? inPairs(text, rule, depth) ?? byPattern(text, rule);
}

/** `null` where the text is no JSON. A text that has nothing to go in it stays as it is written. */
function inJson(text: string, rule: Rule, depth: number): string | null {
  if (!/^\s*[[{"]/.test(text)) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const masked = written(maskValue(value, rule, depth + 1));
  return masked === written(value) ? text : masked;
}

/** JSON of a value; what is too deep for the browser is too deep to be looked through. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return TOO_DEEP;
  }
}

/** What stands under a name that is taken out, as a whole; as it is where the rule leaves it. */
function putWhole(value: unknown, name: string, { put }: Rule): unknown {
  if (value === null || typeof value === 'boolean') return value;
  const text = typeof value === 'object' ? written(value) : String(value as string | number);
  const masked = put(text, name);
  return masked === text ? value : masked;
}

/** Whether a text beside a value is a name of what is taken out: no sentence, and nothing that stands in the place of a value. */
const isNamed = (name: unknown, { names }: Rule): name is string =>
  typeof name === 'string' && /^[\w.[\]-]{1,60}$/.test(name) && !/^\[.*\]$/.test(name) && names(name);

/** Data without what the rule takes out. */
export function maskValue(value: unknown, rule: Rule, depth: number, level = 0): unknown {
  if (level > DEEPEST_VALUE) return TOO_DEEP;
  if (typeof value === 'string') return maskText(value, rule, depth);
  if (typeof value === 'number') return maskNumber(value, rule);
  /** What is left there for its name may have other things in it. */
  const under = (entry: unknown, name: string): unknown => {
    const put = putWhole(entry, name, rule);
    return put === entry && typeof entry === 'object' ? maskValue(entry, rule, depth, level + 1) : put;
  };
  // A name and its value, as a list of pairs has them.
  if (Array.isArray(value) && value.length === 2 && isNamed(value[0], rule)) return [rule.leaf(value[0]), under(value[1], value[0])];
  if (Array.isArray(value)) return (value as unknown[]).map((item) => maskValue(item, rule, depth, level + 1));
  if (!isRecord(value)) return value;
  // An error names the field beside the value that it did not like (facts §4.4).
  const named = ['field', 'name', 'key'].map((key) => value[key]).find((name) => isNamed(name, rule));
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const name = named !== undefined && (key === 'value' || key === 'rejectedValue') ? named : rule.names(key) ? key : null;
      return [rule.leaf(key), name === null ? maskValue(entry, rule, depth, level + 1) : under(entry, name)];
    }),
  );
}

function maskNumber(value: number, { leaf }: Rule): number | string {
  if (Math.abs(value) < SMALLEST) return value;
  const masked = leaf(String(value));
  return masked === String(value) ? value : masked;
}

function inMultipart(text: string, rule: Rule, depth: number): string | null {
  const boundary = /^(--[^\r\n]{1,80})\r?\n/.exec(text)?.[1];
  if (boundary === undefined || !BLANK.test(text)) return null;
  // At the beginning of a line alone: what stands within a value parts nothing.
  const parts = `\n${text}`.split(`\n${boundary}`).map((part) => {
    const end = BLANK.exec(part);
    if (!end) return byPattern(part, rule);
    const head = part.slice(0, end.index + end[0].length);
    const close = part.endsWith('\r') ? '\r' : '';
    const body = part.slice(head.length, part.length - close.length);
    const name = /name="([^"]*)"/i.exec(head)?.[1] ?? '';
    const whole = rule.names(name) ? rule.put(body, name) : body;
    return byPattern(head, rule) + (whole === body ? maskText(body, rule, depth + 1) : whole) + close;
  });
  return parts.join(`\n${boundary}`).slice(1);
}
const BLANK = /\r?\n\r?\n/;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
/** As it stands in a form, where a plus is a space; in an address that was put there as it is, it is a plus. */
const formValue = (text: string): string => {
  const exact = decoded(text);
  return exact.includes('@') ? exact : decoded(text.replaceAll('+', ' '));
};

/** A text as it stands in an address. Half a character has no such form; marks stay readable, however deep they stand. */
export function encoded(text: string): string {
  const whole = text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
  return encodeURIComponent(whole).replace(/%5B([\w-]+)%5D/g, '[$1]');
}

/** An address or a form: `null` where the text is neither. */
function inPairs(text: string, rule: Rule, depth: number): string | null {
  if (/\s/.test(text) || !/[=@]/.test(text)) return null;
  const start = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.startsWith('/') ? text.search(/[?#]/) : 0;
  const place = (start < 0 ? text : text.slice(0, start)).replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, `$1${TOO_DEEP}@`);
  if (start < 0) return byPattern(place, rule);
  const pairs = text.slice(start).replace(/(^|[?#&])([^=?#&]+)=([^&#]*)/g, (whole, before: string, name: string, value: string) => {
    const plain = formValue(value);
    const masked = rule.names(decoded(name)) ? rule.put(plain, decoded(name)) : maskText(plain, rule, depth + 1);
    return value === '' || masked === plain ? whole : `${before}${name}=${encoded(masked)}`;
  });
  return byPattern(place + pairs, rule);
}

/** A request without what the rule takes out of texts. */
export function maskRecord(record: RequestRecord, text: (text: string) => string, header: (header: Header) => Header): RequestRecord {
  const body = (of: Body): Body => ({ ...of, text: of.text === null ? null : text(of.text) });
  return {
    ...record,
    url: text(record.url),
    headers: record.headers.map(header),
    body: body(record.body),
    statusText: text(record.statusText),
    answerHeaders: record.answerHeaders.map(header),
    answer: body(record.answer),
    problem: record.problem === null ? null : text(record.problem),
  };
}
