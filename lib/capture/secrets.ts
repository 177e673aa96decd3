/**
 * What is secret in what a page sends, and how it is left out: tokens, passwords and codes of a customer. Data is walked
 * by its form (JSON, forms, queries, one within the other); what has no readable form, as text that was cut off, is
 * looked through by pattern. Pure.
 */
import { isRecord } from '../sdk/plain';
import { withoutTokens } from '../session/redact';
import type { Body, Header, RequestRecord } from './requests';

export const MASK = '[secret]';

/** A name without its case and joints: `old_password`, `oldPassword` and `old-password` are one. */
const normal = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
/** Names of what a person typed to prove who they are: never kept, not even in memory (DESIGN §7). */
const isPassword = (name: string): boolean => /passw|pwd|^pass$|authfactor|^pin$|pincode|confirmationcode/.test(normal(name));
/** Those, and tokens under whatever name; `tokenOrigin` tells of one and is none. */
const isSecret = (name: string): boolean => isPassword(name) || /token$|^jwt$|secret$/.test(normal(name));

/** Which names are secret, and the same as a pattern, for text that cannot be read. */
interface Rule {
  readonly names: (name: string) => boolean;
  readonly leaf: (text: string) => string;
  readonly field: RegExp;
  readonly pair: RegExp;
}
function ruleOf(names: Rule['names'], pattern: string, leaf: Rule['leaf']): Rule {
  const name = `[\\w\\[.-]{0,40}(?:${pattern})\\]?`;
  return {
    names,
    leaf,
    field: new RegExp(`(?<!\\\\)(\\\\{0,8}"${name}\\\\{0,8}"\\s{0,20}:\\s{0,20})(\\\\{0,8}"(?:[^"\\\\]|\\\\.)*"?|[^\\s,}\\]"\\\\]+)`, 'gi'),
    pair: new RegExp(`(^|[?&;#\\s"'{,])(${name})=([^&#;\\s"'\\\\<>]+)`, 'gi'),
  };
}
const PASSWORD_WORDS = 'passw[\\w-]{0,20}|pwd|auth_?factor|pin_?code|confirmation_?code';
const PASSWORDS = ruleOf(isPassword, PASSWORD_WORDS, (text) => text);
const SECRETS = ruleOf(isSecret, `${PASSWORD_WORDS}|token|jwt|secret`, (text) => withoutTokens(text, null));

/** So deep one form stands in another, and one value in another. */
const DEEPEST_FORM = 6;
const DEEPEST_VALUE = 200;

const byPattern = (text: string, { leaf, field, pair }: Rule): string =>
  leaf(text)
    .replace(field, (_whole, before: string) => `${before}"${MASK}"`)
    .replace(pair, (_whole, before: string, name: string) => `${before}${name}=${MASK}`);

function maskText(text: string, rule: Rule, depth = 0): string {
  if (depth > DEEPEST_FORM) return MASK;
  return inJson(text, rule, depth) ?? inMultipart(text, rule, depth) ?? inPairs(text, rule, depth) ?? byPattern(text, rule);
}

/** `null` where the text is no JSON. A text that has nothing secret in it stays as it is written. */
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

function maskValue(value: unknown, rule: Rule, depth: number, level = 0): unknown {
  if (level > DEEPEST_VALUE) return MASK;
  if (typeof value === 'string') return maskText(value, rule, depth);
  // A name and its value, as a list of pairs has them.
  if (Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && rule.names(value[0])) return [value[0], MASK];
  if (Array.isArray(value)) return (value as unknown[]).map((item) => maskValue(item, rule, depth, level + 1));
  if (!isRecord(value)) return value;
  // An error names the field beside the value that it did not like (facts §4.4).
  const isNamed = ['field', 'name', 'key'].some((key) => typeof value[key] === 'string' && rule.names(value[key] as string));
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const isHidden = rule.names(key) || (isNamed && (key === 'value' || key === 'rejectedValue'));
      return [rule.leaf(key), isHidden && entry !== null && typeof entry !== 'boolean' ? MASK : maskValue(entry, rule, depth, level + 1)];
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
    return head + (rule.names(name) ? `${MASK}\r\n` : maskText(body, rule, depth + 1));
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
  const place = (start < 0 ? text : text.slice(0, start)).replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, `$1${MASK}@`);
  if (start < 0) return rule.leaf(place);
  const pairs = text.slice(start).replace(/([?#&]?)([^=?#&]+)=([^&#]*)/g, (whole, before: string, name: string, value: string) => {
    if (rule.names(decoded(name))) return `${before}${name}=${value === '' ? '' : MASK}`;
    const plain = decoded(value);
    const masked = maskText(plain, rule, depth + 1);
    // Marks stay readable, however deep they stand.
    return masked === plain ? whole : `${before}${name}=${encodeURIComponent(masked).replace(/%5B(secret|token)%5D/g, '[$1]')}`;
  });
  return byPattern(place + pairs, rule);
}

/** A text without tokens, and without the values of secret names. */
export const withoutSecrets = (text: string): string => maskText(text, SECRETS);

/** Data without tokens, and without the values of secret names, wherever they stand in it. */
export const safeValue = <T>(value: T): T => maskValue(value, SECRETS, 0) as T;

/** Headers whose values say who somebody is. */
const isSecretHeader = (name: string): boolean =>
  isSecret(name) || /^(authorization|proxy-authorization|cookie|set-cookie|x-simple-auth-hash)$/i.test(name);

/** A header without what is secret in it: the scheme of an authorization stays. */
const safeHeader = ([name, value]: Header): Header => {
  if (!isSecretHeader(name)) return [name, withoutSecrets(value)];
  const scheme = /^(Bearer|Basic)\s/i.exec(value)?.[1];
  return [name, scheme ? `${scheme} ${MASK}` : MASK];
};

function masked(record: RequestRecord, text: (text: string) => string, header: (header: Header) => Header): RequestRecord {
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

/** A request without what is secret in it. */
export const safeRecord = (record: RequestRecord): RequestRecord => masked(record, withoutSecrets, safeHeader);

const withoutPasswordsIn = (text: string): string => maskText(text, PASSWORDS);

/** A request without passwords, taken out as soon as it is seen. Tokens stay. */
export const withoutPasswords = (record: RequestRecord): RequestRecord =>
  masked(record, withoutPasswordsIn, ([name, value]) => [name, isPassword(name) ? MASK : withoutPasswordsIn(value)]);
