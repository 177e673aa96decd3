/**
 * Takes out of data what must not be in it, wherever it stands: JSON, forms, queries, one within the other, and text that
 * has no readable form. What is taken out, and what stands in its place, a rule says. Pure.
 */
import { isRecord } from '../page/plain';
import { CODE_NAME, isCode, isLabel, isValue, provesBy } from './names';

/** What is taken out. */
export interface MaskRule {
  /** Whether what stands under that name is taken out. */
  readonly names: (name: string) => boolean;
  /** The same in text that cannot be read as names and values. */
  readonly namesInText?: (name: string) => boolean;
  /** A text without what is to go by its own look. */
  readonly leaf: (text: string) => string;
  /** What stands in the place of a value that is taken out for its name. */
  readonly put: (value: string, name: string) => string;
  /** A text without values that are known and look like a form themselves: they go before it is taken for one. */
  readonly formless?: (text: string) => string;
  /** All of it is about an account: a `code` in it proves who somebody is. */
  readonly isAccount?: boolean;
}

const NAME = '[\\p{L}\\p{M}\\w.[\\]-]{1,80}';
const QUOTE = '\\\\{0,8}"';
const STRING = `${QUOTE}(?:[^"\\\\]|\\\\[^])*"?`;
const ANY = `${STRING}|[^\\s,}\\]"\\\\]+`;
/** Names and values in a text that cannot be read: what begins with a name, and what must follow it for a value. */
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

/** So deep one form stands in another, and one value in another. */
const DEEPEST_FORM = 6;
const DEEPEST_VALUE = 200;

/** A shorter number is everywhere. */
const SMALLEST = 10_000;

/** What stands in the place of what is too deep to be looked through. */
export const TOO_DEEP = '[secret]';

function byPattern(text: string, rule: MaskRule): string {
  let seen = rule.leaf(text);
  // Most texts are words: none of these is in them.
  for (const { sign, head, value, isQuoted } of WRITTEN) if (sign.test(seen)) seen = byNames(seen, rule, head, value, isQuoted);
  return seen;
}

/** A text without values behind the names that go. What stands under another name may have such names in it. */
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

/** A text without what the rule takes out. */
export function maskText(text: string, rule: MaskRule, depth = 0): string {
  if (depth > DEEPEST_FORM) return TOO_DEEP;
  return inJson(text, rule, depth) ?? inMultipart(text, rule, depth) ?? inPairs(text, rule, depth) ?? byPattern(text, rule);
}

/** `null` where the text is no JSON. A text that has nothing to go in it stays as it is written. */
function inJson(text: string, rule: MaskRule, depth: number): string | null {
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
function putWhole(value: unknown, name: string, { put }: MaskRule): unknown {
  if (value === null || typeof value === 'boolean') return value;
  const text = typeof value === 'object' ? written(value) : String(value as string | number);
  const masked = put(text, name);
  return masked === text ? value : masked;
}

/** Whether a text beside a value is a name of what is taken out: no sentence, and nothing that stands in the place of a value. */
const isNamed = (name: unknown, { names }: MaskRule): name is string =>
  typeof name === 'string' && /^[\p{L}\p{M}\w.[\]-]{1,60}$/u.test(name) && !/^\[.*\]$/.test(name) && names(name);

/** Data without what the rule takes out. */
export function maskValue(value: unknown, rule: MaskRule, depth: number, level = 0): unknown {
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
  if (Array.isArray(value))
    return maskedNumbers(value, rule) ?? (value as unknown[]).map((item) => maskValue(item, rule, depth, level + 1));
  if (!isRecord(value)) return value;
  const keys = Object.keys(value);
  const hidden = keys[0] === '0' ? maskedNumbers(Object.values(value), rule) : null;
  if (hidden !== null) return hidden;
  // A name beside its value; an error names the field that it did not like (facts §4.4).
  const named = keys.some(isValue) ? keys.map((key) => isLabel(key) && value[key]).find((name) => isNamed(name, rule)) : undefined;
  const isProof = keys.some(isCode) && provesBy(keys, rule.isAccount ?? false);
  const nameOf = (key: string) => (isProof && isCode(key) ? CODE_NAME : key);
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const name = typeof named === 'string' && isValue(key) ? named : rule.names(nameOf(key)) ? nameOf(key) : null;
      return [rule.leaf(key), name === null ? maskValue(entry, rule, depth, level + 1) : under(entry, name)];
    }),
  );
}

/** Fewer numbers say nothing. */
const FEWEST = 3;
const isUnit = (one: unknown): boolean => typeof one === 'number' && Number.isInteger(one) && one >= 0 && one < 65_536;
/** What stands in the place of a list of bytes, or of letters' codes, that hides something; `null` where it hides nothing. What was cut off ends in a text. */
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
  // At the beginning of a line alone: what stands within a value parts nothing.
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

/** The name that a field of a form is known by. @param all names of its fields */
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

const PAIR = /(^|[?#&])([^=?#&]+)=([^&#]*)/g;
/** An address or a form: `null` where the text is neither. */
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
