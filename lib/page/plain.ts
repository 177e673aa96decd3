import type { Plain } from '../sdk/plain-data';
import { getOwnPropertyDescriptor, isArray } from './builtins';
import { getPrototypeOf, instantOf, isoText, isView, keys, ownKeys } from './builtins-more';
import { concat, each, includes, jsonOf, part, push, table } from './own';
import { descending, replaced } from './own-more';

/** Whether a value is an object of names and values, not a list. */
export const isRecord = (value: unknown): value is { readonly [key: string]: Plain } =>
  typeof value === 'object' && value !== null && !isArray(value);

const isReal = (number: number): boolean => number - number === 0;

interface Bounds {
  readonly text: number;
  readonly keys: number;
  readonly depth: number;
  /** All texts together, plus `NODE` for each value. */
  readonly total: number;
}

const NODE = 80;
/** For one of the page's values. */
const VALUE: Bounds = { text: 4000, keys: 100, depth: 6, total: 48_000 };
/** For our own data around such values and tokens, and for values that are already bounded. */
export const WORDS: Bounds = { text: 70_000, keys: 200, depth: 12, total: 400_000 };

/** For arguments and results of page calls, because there are many. */
export const CALL: Bounds = { text: 1000, keys: 40, depth: 5, total: 8000 };

export const VEILED = '[secret]';
/** Masks secrets in a text; the caller uses no more than `max` characters of the result. */
let veil = (text: string, _max: number): string => text;

/** A text as it appears in a URL; unchanged if it contains half a surrogate pair, or if the page has no `encodeURIComponent`. */
function addressed(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Runs `work`; meanwhile each of these texts is masked in everything that is cut or made plain. */
export function veiled<T>(texts: readonly string[], work: () => T): T {
  let forms: string[] = [];
  // Also in the forms in which they may appear in JSON within a text, and in a URL.
  each(texts, (text) => {
    const quoted = jsonOf(text, isArray);
    forms = concat(forms, [text, part(quoted, 1, quoted.length - 1), addressed(text)]);
  });
  const secrets = descending(forms, ({ length }) => length);
  const before = veil;
  veil = (text, max) => replaced(text, secrets, VEILED, max);
  try {
    return work();
  } finally {
    veil = before;
  }
}

/** Cuts `text` to `max` characters and, if it was longer, appends its length. */
export function cut(text: string, max: number = VALUE.text): string {
  const told = veil(text, max);
  return told.length > max ? `${part(told, 0, max)}… (${text.length} characters)` : told;
}

/** Reads `holder[key]`, whatever it is; returns `undefined` if a getter or Proxy trap throws. */
export function peek(holder: unknown, key: PropertyKey): unknown {
  try {
    return holder === null || holder === undefined ? undefined : (holder as Record<PropertyKey, unknown>)[key];
  } catch {
    return undefined;
  }
}

const symbolText = (symbol: symbol): string => cut(`Symbol(${peek(symbol, 'description') ?? ''})`, 200);

/**
 * Turns any value of a page into bounded plain data and never throws: cycles, Proxies, getters that throw, BigInt,
 * functions and huge strings become short descriptions. Getters run once each, since their values cannot be read otherwise.
 */
export function plain(value: unknown, bounds: Bounds = VALUE): Plain {
  let room = bounds.total;
  const path: object[] = [];

  const visit = (item: unknown, depth: number): Plain => {
    room -= NODE;
    switch (typeof item) {
      case 'string': {
        const piece = cut(item, room < 0 ? 0 : bounds.text);
        room -= piece.length;
        return piece;
      }
      case 'boolean':
        return item;
      case 'number': {
        const text = cut(`${item}`);
        // Only a number that equals a secret is masked: an error code stays a number even if it contains the digits of a PIN.
        return isReal(item) && text !== VEILED ? item : text;
      }
      case 'undefined':
        return null;
      case 'bigint':
        return `${cut(`${item}`)}n`;
      case 'symbol':
        return symbolText(item);
      case 'function':
        return '[function]';
    }
    if (item === null) return null;
    const object = item as object;
    // A sibling whose keys could not be read may still be on the path.
    path.length = depth;
    if (includes(path, object)) return '[circular]';
    if (depth >= bounds.depth) return '[deeper]';
    if (instantOf(object) !== null) return isoText(object);
    push(path, object);
    const list: Plain[] = [];
    const record = table<Plain>();
    const isList = isArray(object);
    const put = (key: string, entry: Plain) => {
      if (isList) push(list, entry);
      else record[key] = entry;
    };
    let count = 0;
    const names = keysOf(object, bounds.keys);
    for (let index = 0; index < names.length; index += 1) {
      const key = names[index] as string;
      if (count === bounds.keys || room < 0) {
        put('…', '[more]');
        break;
      }
      let entry: Plain;
      try {
        entry = visit((object as Record<string, unknown>)[key], depth + 1);
      } catch (error) {
        entry = threw(error);
      }
      put(cut(key, 200), entry);
      count += 1;
    }
    return isList ? list : record;
  };

  try {
    return visit(value, 0);
  } catch (error) {
    return threw(error);
  }
}

/** Own string keys that a person would expect; of an Error `name` and `message` too, which aren't enumerable. */
function keysOf(object: object, max: number): string[] {
  const found: string[] = [];
  // Listing the keys of a buffer with millions of them would block the page.
  if (isArray(object) || isView?.(object)) {
    const { length } = object as unknown as { length: unknown };
    for (let index = 0; typeof length === 'number' && index < length && index <= max; index += 1) push(found, `${index}`);
    return found;
  }
  if (typeof peek(object, 'stack') === 'string') each(['name', 'message'], (name) => push(found, name));
  const own = ownKeys ? ownKeys(object) : keys(object);
  for (let index = 0; index < own.length && found.length <= max + 2; index += 1) {
    const key = own[index];
    if (typeof key === 'string' && key !== 'stack' && getOwnPropertyDescriptor(object, key)?.enumerable) push(found, key);
  }
  return found;
}

/** JSON of our own data, bounded. */
export const textOf = (words: unknown): string => jsonOf(plain(words, WORDS), isArray);

const threw = (error: unknown): string => `[threw: ${describe(error)}]`;

/** A thrown value or an error, in one bounded line. */
export function describe(error: unknown): string {
  try {
    const message = peek(error, 'message');
    return cut(typeof message === 'string' ? message : typeof error === 'symbol' ? symbolText(error) : `${error}`, 500);
  } catch {
    return 'unreadable';
  }
}

/** The object in the prototype chain of `object` that owns `key`, with its descriptor; `null` if there is none, or it cannot be read. */
export function ownerOf(object: unknown, key: string): { owner: object; descriptor: PropertyDescriptor } | null {
  try {
    for (let owner = object as object | null, steps = 0; owner && steps < 50; owner = getPrototypeOf(owner), steps += 1) {
      const descriptor = getOwnPropertyDescriptor(owner, key);
      if (descriptor) return { owner, descriptor };
    }
  } catch {
    // A Proxy trap threw: treated as no owner.
  }
  return null;
}
