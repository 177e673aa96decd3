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
}

/** Regular expressions for names that hold one of `words`, an alternation. */
export function namePatterns(words: string): Pick<Rule, 'field' | 'pair'> {
  const name = `[\\w\\[.-]{0,40}(?:${words})\\]?`;
  return {
    field: new RegExp(
      `(?<!\\\\)(\\\\{0,8}"(${name})\\\\{0,8}"\\s{0,20}:\\s{0,20})(\\\\{0,8}"(?:[^"\\\\]|\\\\.)*"?|[^\\s,}\\]"\\\\]+)`,
      'gi',
    ),
    pair: new RegExp(`(^|[?&;#\\s"'{,])(${name})=([^&#;\\s"'\\\\<>]+)`, 'gi'),
  };
}

/** So deep one form stands in another, and one value in another. */
const DEEPEST_FORM = 6;
const DEEPEST_VALUE = 200;

/** What stands in the place of what is too deep to be looked through. */
export const TOO_DEEP = '[secret]';

const byPattern = (text: string, { leaf, put, field, pair }: Rule): string =>
  leaf(text)
    .replace(
      field,
      (_whole, before: string, name: string, value: string) => `${before}"${put(value.replace(/^[\\"]+|[\\"]+$/g, ''), name)}"`,
    )
    .replace(pair, (_whole, before: string, name: string, value: string) => `${before}${name}=${put(value, name)}`);

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
  const masked = maskValue(value, rule, depth + 1);
  const written = JSON.stringify(masked);
  return written === JSON.stringify(value) ? text : written;
}

/** What stands under a name that is taken out, as a whole. */
function putWhole(value: unknown, name: string, { put }: Rule): unknown {
  if (value === null || typeof value === 'boolean') return value;
  return put(typeof value === 'object' ? JSON.stringify(value) : String(value as string | number), name);
}

/** Data without what the rule takes out. */
export function maskValue(value: unknown, rule: Rule, depth: number, level = 0): unknown {
  if (level > DEEPEST_VALUE) return TOO_DEEP;
  if (typeof value === 'string') return maskText(value, rule, depth);
  // A name and its value, as a list of pairs has them.
  if (Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && rule.names(value[0]))
    return [value[0], putWhole(value[1], value[0], rule)];
  if (Array.isArray(value)) return (value as unknown[]).map((item) => maskValue(item, rule, depth, level + 1));
  if (!isRecord(value)) return value;
  // An error names the field beside the value that it did not like (facts §4.4).
  const named = ['field', 'name', 'key']
    .map((key) => value[key])
    .find((name): name is string => typeof name === 'string' && rule.names(name));
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const isNamed = named !== undefined && (key === 'value' || key === 'rejectedValue');
      return [
        rule.leaf(key),
        rule.names(key) || isNamed ? putWhole(entry, isNamed ? named : key, rule) : maskValue(entry, rule, depth, level + 1),
      ];
    }),
  );
}

function inMultipart(text: string, rule: Rule, depth: number): string | null {
  const boundary = /^(--[^\r\n]{1,80})\r?\n/.exec(text)?.[1];
  if (boundary === undefined) return null;
  const parts = text.split(boundary).map((part) => {
    const end = /\r?\n\r?\n/.exec(part);
    if (!end) return part;
    const head = part.slice(0, end.index + end[0].length);
    const body = part.slice(head.length);
    const name = /name="([^"]*)"/i.exec(head)?.[1] ?? '';
    return head + (rule.names(name) ? `${rule.put(body.trim(), name)}\r\n` : maskText(body, rule, depth + 1));
  });
  return parts.join(boundary);
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

/** An address or a form: `null` where the text is neither. */
function inPairs(text: string, rule: Rule, depth: number): string | null {
  if (/\s/.test(text) || !/[=@]/.test(text)) return null;
  const start = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.startsWith('/') ? text.search(/[?#]/) : 0;
  const place = (start < 0 ? text : text.slice(0, start)).replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, `$1${TOO_DEEP}@`);
  if (start < 0) return rule.leaf(place);
  const pairs = text.slice(start).replace(/([?#&]?)([^=?#&]+)=([^&#]*)/g, (whole, before: string, name: string, value: string) => {
    const plain = decoded(value);
    if (rule.names(decoded(name))) return `${before}${name}=${value === '' ? '' : rule.put(plain, decoded(name))}`;
    const masked = maskText(plain, rule, depth + 1);
    // Marks stay readable, however deep they stand.
    return masked === plain ? whole : `${before}${name}=${encodeURIComponent(masked).replace(/%5B(\w+)%5D/g, '[$1]')}`;
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
