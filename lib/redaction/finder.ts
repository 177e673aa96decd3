/** Finds many values in long texts at once: time grows with the text, not with the number of values. Pure. */
import { inAddress, inJson, nestings, reversed } from './encodings';
import { misreadings } from './readers';

/** Shorter values would match everywhere (characters). */
const SHORTEST = 3;
/** Minimum length of a value to be found inside words too (characters). */
const LONG = 8;
/** Only this much of a longer value has to match: the rest may have been cut off (characters). */
const HEAD = 64;

/** Replaces each value found in a text, in any case, with the result of `put`. */
export type Find = (text: string, put: (value: string) => string) => string;

/** Lowercase, with the length unchanged. */
function folded(text: string): string {
  const small = text.toLowerCase();
  return (small.length === text.length ? small : text.replace(/[A-Z]+/g, (run) => run.toLowerCase())).replaceAll('ς', 'σ');
}

/** The spellings of a value that can't be recognized as encoded. */
function spellingsOf(value: string): string[] {
  const addressed = inAddress(value);
  const inForms = [value, addressed].map((text) => text.replaceAll(/ |%20/g, '+'));
  const number = /^\+?\d[\d\s().-]{7,24}$/.test(value) ? value.replace(/\D/g, '') : '';
  // A phone number may also be written without its country code, which has one to three digits.
  const national = value.startsWith('+') ? [1, 2, 3].map((code) => number.slice(code)).filter(({ length }) => length >= LONG) : [];
  const digits = number === '' ? [] : [number, ...national];
  const undashed = UUID.test(value) ? [value.replaceAll('-', '')] : [];
  const quoted = nestings.map((times) => inJson(value, times));
  const read = misreadings(value);
  // Some letters become two in uppercase.
  const cases = [value.toUpperCase(), value.toLowerCase()].filter((text) => folded(text) !== folded(value));
  const normal = [value.normalize('NFC'), value.normalize('NFD'), value.normalize('NFKC')];
  return [...new Set([...read, ...read.map(reversed), ...normal, ...cases, addressed, ...inForms, ...quoted, ...digits, ...undashed])];
}
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

interface Spelling {
  readonly folded: string;
  readonly exact: string;
  readonly value: string;
}

const isWordBefore = (text: string, at: number): boolean => /[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, at - 2), at));
const isWordAfter = (text: string, at: number): boolean => /^[\p{L}\p{N}]/u.test(text.slice(at, at + 2));

/** How many characters at the start of `one` match `other` from `at` on. */
function commonLength(one: string, other: string, at: number): number {
  let length = 0;
  while (length < one.length && one.charCodeAt(length) === other.charCodeAt(at + length)) length += 1;
  return length;
}

/** Creates the search for these values, except those under three characters. @param long minimum length to match inside words */
export function finderOf(values: Iterable<string>, long = LONG): Find {
  const byHead = new Map<string, Spelling[]>();
  for (const value of values)
    for (const exact of spellingsOf(value)) {
      const whole = folded(exact);
      if (whole.length < SHORTEST) continue;
      const head = whole.slice(0, HEAD);
      const own = byHead.get(head);
      if (own) own.push({ folded: whole, exact, value });
      else byHead.set(head, [{ folded: whole, exact, value }]);
    }
  for (const own of byHead.values()) own.sort((a, b) => b.folded.length - a.folded.length);
  const heads = [...byHead.keys()].sort();
  // For each head, the index of the longest other head that it starts with; −1 if none.
  const within: number[] = [];
  for (const [index, head] of heads.entries()) {
    let at = index - 1;
    while (at >= 0 && !head.startsWith(heads[at] ?? '')) at = within[at] ?? -1;
    within.push(at);
  }
  // Few positions in a text start like a value: a table of hashed beginnings rules out most at once.
  const begins = new Uint8Array(1 << 16);
  const beginning = (text: string, at: number) =>
    (text.charCodeAt(at) * 961 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2)) & 0xffff;
  for (const head of heads) begins[beginning(head, 0)] = 1;

  /** Index of the longest head that `rest` starts with; −1 if none. */
  function longestHead(rest: string): number {
    let [low, high] = [0, heads.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((heads[middle] ?? '') <= rest) low = middle + 1;
      else high = middle;
    }
    let at = low - 1;
    while (at >= 0 && !rest.startsWith(heads[at] ?? '')) at = within[at] ?? -1;
    return at;
  }

  function foundAt(text: string, small: string, at: number): { readonly value: string; readonly length: number } | null {
    for (let head = longestHead(small.slice(at, at + HEAD)); head >= 0; head = within[head] ?? -1) {
      const own = byHead.get(heads[head] ?? '') ?? [];
      const fits = ({ folded: { length }, folded: whole }: Spelling) =>
        small.startsWith(whole, at) && (length >= long || !(isWordBefore(text, at) || isWordAfter(text, at + length)));
      const one = own.find(fits);
      const exact = one && own.find((other) => other.folded === one.folded && text.startsWith(other.exact, at));
      if (one) return { value: (exact ?? one).value, length: one.folded.length };
      // A truncated JWT is recognized by its pattern instead.
      const cut = own.find(({ folded: { length }, exact: whole }) => length > HEAD && !whole.startsWith('eyJ'));
      if (cut) return { value: cut.value, length: commonLength(cut.folded, small, at) };
    }
    return null;
  }

  return (text, put) => {
    if (!heads.length) return text;
    const small = folded(text);
    let made = '';
    let done = 0;
    for (let at = 0; at + SHORTEST <= small.length; at += 1) {
      if (!begins[beginning(small, at)]) continue;
      const found = foundAt(text, small, at);
      if (!found) continue;
      made += text.slice(done, at) + put(found.value);
      done = at + found.length;
      at = done - 1;
    }
    return done === 0 ? text : made + text.slice(done);
  };
}

/** Whether a value looks like form data, so that parsing a form would split it. */
export const isLikeForm = (value: string): boolean => value.includes('=');
