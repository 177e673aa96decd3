/**
 * Removes unwanted values from data, wherever they occur: in JSON, forms and queries, nested in each other, and in text that
 * can't be parsed. A rule defines what is removed, and what replaces it. Pure.
 */
import { isRecord } from '../page/plain';
import { CODE_NAME, isCode, isLabel, isValue, provesBy } from './names';

/** Defines what is removed. */
export interface MaskRule {
  /** Whether the value under this name is removed. */
  readonly names: (name: string) => boolean;
  /** The same for text that can't be parsed into names and values. */
  readonly namesInText?: (name: string) => boolean;
  /** Removes from a text what is recognized without a name. */
  readonly leaf: (text: string) => string;
  /** Returns the replacement of a value that is removed because of its name. */
  readonly put: (value: string, name: string) => string;
  /** Removes known values that look like form data themselves, before the text is parsed as a form. */
  readonly formless?: (text: string) => string;
  /** The data is about an account: a `code` in it proves who somebody is. */
  readonly isAccount?: boolean;
}

const NAME = '[\\p{L}\\p{M}\\w.[\\]-]{1,80}';
const QUOTE = '\\\\{0,8}"';
const STRING = `${QUOTE}(?:[^"\\\\]|\\\\[^])*"?`;
const ANY = `${STRING}|[^\\s,}\\]"\\\\]+`;
/** Names and values in text that can't be parsed: `sign` is a quick test, `head` matches the name, `value` what must follow it. */
const WRITTEN: readonly { readonly sign: RegExp; readonly head: RegExp; readonly value: RegExp; readonly isQuoted: boolean }[] = [
  // `"name": value`
  {
    sign: /"\s{0,20}:/,
    head: new RegExp(`(?<!\\\\)${QUOTE}(${NAME})${QUOTE}\\s{0,20}:\\s{0,20}`, 'gu'),
    value: new RegExp(`()(${ANY})`, 'yu'),
    isQuoted: true,
  },
  // `["name", value]`
  {
    sign: /\[\s{0,20}\\{0,8}"/,
    head: new RegExp(`\\[\\s{0,20}${QUOTE}(${NAME})${QUOTE}\\s{0,20},\\s{0,20}`, 'gu'),
    value: new RegExp(`()(${ANY})(?=\\s{0,20}\\]|$)`, 'yu'),
    isQuoted: true,
  },
  // `"key": "name", "value": value`.
  {
    sign: /"\s{0,20}:/,
    head: new RegExp(
      `(?<!\\\\)${QUOTE}(?:name|key|field|k|n|id|property|attribute|param)${QUOTE}\\s{0,20}:\\s{0,20}${QUOTE}(${NAME})${QUOTE}`,
      'gu',
    ),
    value: new RegExp(`(\\s{0,20},\\s{0,20}${QUOTE}(?:value|val|v|rejectedValue)${QUOTE}\\s{0,20}:\\s{0,20})(${ANY})`, 'yu'),
    isQuoted: true,
  },
  // `name: "value"` as query languages write it.
  {
    sign: /:\s{0,20}\\{0,8}"/,
    head: new RegExp(`(?<![\\w"\\\\-])(${NAME})\\s{0,20}:\\s{0,20}`, 'gu'),
    value: new RegExp(`()(${STRING})`, 'yu'),
    isQuoted: true,
  },
  { sign: /</, head: new RegExp(`<(${NAME})(?:\\s[^<>]{0,200})?>`, 'gu'), value: /()([^<>]+)(?=<\/)/y, isQuoted: false },
  { sign: /=/, head: new RegExp(`(?<=^|[?&;#\\s"'{,])(${NAME})=`, 'gu'), value: /()([^&#;\s"'\\<>]+)/y, isQuoted: false },
];

/** Maximum depth of nested formats, and of nested values. */
const DEEPEST_FORM = 6;
const DEEPEST_VALUE = 200;

/** Smaller numbers would match everywhere. */
const SMALLEST = 10_000;

/** Replaces what is nested too deeply to be searched; also the default mark of a secret. */
export const TOO_DEEP = '[secret]';

function byPattern(text: string, rule: MaskRule): string {
  let seen = rule.leaf(text);
  // Most texts are plain words without any of these signs.
  for (const { sign, head, value, isQuoted } of WRITTEN) if (sign.test(seen)) seen = byNames(seen, rule, head, value, isQuoted);
  return seen;
}

/** A text without the values of removed names. The value of any other name is searched too: it may contain such names. */
function byNames(
  text: string,
  { names, namesInText = names, put, isAccount }: MaskRule,
  head: RegExp,
  value: RegExp,
  isQuoted: boolean,
): string {
  let made = '';
  let done = 0;
  head.lastIndex = 0;
  for (let found = head.exec(text); found; found = head.exec(text)) {
    const name = isAccount && isCode(found[1] ?? '') ? CODE_NAME : (found[1] ?? '');
    if (!namesInText(name)) continue;
    value.lastIndex = head.lastIndex;
    const [, before = '', told = ''] = value.exec(text) ?? [];
    if (told === '') continue;
    const from = head.lastIndex + before.length;
    const plain = isQuoted ? told.replace(/^[\\"]+|[\\"]+$/g, '') : told;
    const masked = put(plain, name);
    head.lastIndex = from + told.length;
    if (masked === plain) continue;
    made += text.slice(done, from) + (isQuoted ? `"${masked}"` : masked);
    done = from + told.length;
  }
  return done === 0 ? text : made + text.slice(done);
}

/** A text without what the rule removes. */
export function maskText(text: string, rule: MaskRule, depth = 0): string {
  if (depth > DEEPEST_FORM) return TOO_DEEP;
  return inJson(text, rule, depth) ?? inMultipart(text, rule, depth) ?? inPairs(text, rule, depth) ?? byPattern(text, rule);
}

/** `null` if the text isn't JSON. If nothing is removed, its formatting stays. */
function inJson(text: string, rule: MaskRule, depth: number): string | null {
  if (!/^\s*[[{"]/.test(text)) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const masked = maskValue(value, rule, depth + 1);
  return masked === value ? text : written(masked);
}

/** The JSON of a value; a value too deep for the browser to serialize is too deep to be searched. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return TOO_DEEP;
  }
}

/** Replaces the whole value under a removed name; returns it unchanged if the rule keeps it. */
function putWhole(value: unknown, name: string, { put }: MaskRule): unknown {
  if (value === null || typeof value === 'boolean') return value;
  const text = typeof value === 'object' ? written(value) : String(value as string | number);
  const masked = put(text, name);
  return masked === text ? value : masked;
}

/** Whether a text next to a value is a name whose value is removed: not a sentence, and not a mark. */
const isNamed = (name: unknown, { names }: MaskRule): name is string =>
  typeof name === 'string' && /^[\p{L}\p{M}\w.[\]-]{1,60}$/u.test(name) && !/^\[.*\]$/.test(name) && names(name);

/** Data without what the rule removes; the same object if that is nothing. */
export function maskValue(value: unknown, rule: MaskRule, depth: number, level = 0): unknown {
  if (level > DEEPEST_VALUE) return TOO_DEEP;
  if (typeof value === 'string') return maskText(value, rule, depth);
  if (typeof value === 'number') return maskNumber(value, rule);
  /** A value that the rule keeps despite its name may contain something else to remove. */
  const under = (entry: unknown, name: string): unknown => {
    const put = putWhole(entry, name, rule);
    return put === entry && typeof entry === 'object' ? maskValue(entry, rule, depth, level + 1) : put;
  };
  // A name and its value, as in a list of pairs.
  if (Array.isArray(value) && value.length === 2 && isNamed(value[0], rule))
    return unlessSame(value, [rule.leaf(value[0]), under(value[1], value[0])]);
  if (Array.isArray(value))
    return (
      maskedNumbers(value, rule) ??
      unlessSame(
        value,
        value.map((item) => maskValue(item, rule, depth, level + 1)),
      )
    );
  if (!isRecord(value)) return value;
  const keys = Object.keys(value);
  const hidden = keys[0] === '0' ? maskedNumbers(Object.values(value), rule) : null;
  if (hidden !== null) return hidden;
  // A name next to its value: for example, an error that names the rejected field (facts §4.4).
  const named = keys.some(isValue) ? keys.map((key) => isLabel(key) && value[key]).find((name) => isNamed(name, rule)) : undefined;
  const isProof = keys.some(isCode) && provesBy(keys, rule.isAccount ?? false);
  const nameOf = (key: string) => (isProof && isCode(key) ? CODE_NAME : key);
  let isSame = true;
  const made = keys.map((key) => {
    const entry = value[key];
    const name = typeof named === 'string' && isValue(key) ? named : rule.names(nameOf(key)) ? nameOf(key) : null;
    const masked = [rule.leaf(key), name === null ? maskValue(entry, rule, depth, level + 1) : under(entry, name)] as const;
    isSame &&= masked[0] === key && masked[1] === entry;
    return masked;
  });
  return isSame ? value : Object.fromEntries(made);
}

/** The list itself if nothing in it was changed. */
const unlessSame = (list: readonly unknown[], made: readonly unknown[]): readonly unknown[] =>
  made.every((one, index) => one === list[index]) ? list : made;

/** Shorter lists of numbers can't hide anything. */
const FEWEST = 3;
const isUnit = (one: unknown): boolean => typeof one === 'number' && Number.isInteger(one) && one >= 0 && one < 65_536;
/** Replaces a list of bytes or character codes that hides something; `null` if it doesn't. A truncated list ends with a text. */
function maskedNumbers(list: readonly unknown[], { leaf }: MaskRule): string | null {
  if (list.length < FEWEST || !isUnit(list[0]) || !list.every((one) => isUnit(one) || typeof one === 'string')) return null;
  const text = list.filter(isUnit).join(',');
  return leaf(text) === text ? null : TOO_DEEP;
}

function maskNumber(value: number, { leaf }: MaskRule): number | string {
  if (Math.abs(value) < SMALLEST) return value;
  const masked = leaf(String(value));
  return masked === String(value) ? value : masked;
}

function inMultipart(text: string, rule: MaskRule, depth: number): string | null {
  const boundary = /^(--[^\r\n]{1,80})\r?\n/.exec(text)?.[1];
  if (boundary === undefined || !BLANK.test(text)) return null;
  const nameOf = naming(() => [...text.matchAll(/name="([^"]*)"/gi)].map(([, name = '']) => name), rule);
  // A boundary counts only at the start of a line: inside a value it separates nothing.
  const parts = `\n${text}`.split(`\n${boundary}`).map((part) => {
    const end = BLANK.exec(part);
    if (!end) return byPattern(part, rule);
    const head = part.slice(0, end.index + end[0].length);
    const close = part.endsWith('\r') ? '\r' : '';
    const body = part.slice(head.length, part.length - close.length);
    const name = nameOf(/name="([^"]*)"/i.exec(head)?.[1] ?? '');
    const whole = rule.names(name) ? rule.put(body, name) : body;
    return byPattern(head, rule) + (whole === body ? maskText(body, rule, depth + 1) : whole) + close;
  });
  return parts.join(`\n${boundary}`).slice(1);
}
const BLANK = /\r?\n\r?\n/;

/** Maps a form field's name to the name that rules judge it by. @param all returns the names of all its fields */
function naming(all: () => string[], { isAccount = false }: MaskRule): (name: string) => string {
  let isProof: boolean | null = null;
  return (name) => {
    if (!isCode(name)) return name;
    isProof ??= provesBy(all(), isAccount);
    return isProof ? CODE_NAME : name;
  };
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
/** Decodes a form value, where a plus is a space, except in an email address, which may have been inserted unencoded. */
const formValue = (text: string): string => {
  const exact = decoded(text);
  return exact.includes('@') ? exact : decoded(text.replaceAll('+', ' '));
};

/** URL-encodes a text. Lone surrogates, which can't be encoded, are replaced; marks stay readable at any depth. */
export function encoded(text: string): string {
  const whole = text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
  return encodeURIComponent(whole).replace(/%5B([\w-]+)%5D/g, '[$1]');
}

const PAIR = /(^|[?#&])([^=?#&]+)=([^&#]*)/g;
/** An address or form data; `null` if the text is neither. */
function inPairs(written: string, rule: MaskRule, depth: number): string | null {
  if (/\s/.test(written) || !/[=@]/.test(written)) return null;
  const text = rule.formless?.(written) ?? written;
  const start = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.startsWith('/') ? text.search(/[?#]/) : 0;
  const place = (start < 0 ? text : text.slice(0, start)).replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, `$1${TOO_DEEP}@`);
  if (start < 0) return byPattern(place, rule);
  const form = text.slice(start);
  const nameOf = naming(() => [...form.matchAll(PAIR)].map(([, , name = '']) => decoded(name)), rule);
  const pairs = form.replace(PAIR, (whole, before: string, key: string, value: string) => {
    const name = nameOf(decoded(key));
    const plain = formValue(value);
    const masked = rule.names(name) ? rule.put(plain, name) : maskText(plain, rule, depth + 1);
    return value === '' || masked === plain ? whole : `${before}${key}=${encoded(masked)}`;
  });
  return byPattern(place + pairs, rule);
}
