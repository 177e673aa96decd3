import type { Plain } from '../sdk/plain-data';
import { getOwnPropertyDescriptor, isArray } from './builtins';
import { getPrototypeOf, instantOf, isoText, isView, keys, ownKeys } from './builtins-more';
import { concat, each, includes, jsonOf, part, push, table } from './own';
import { descending, replaced } from './own-more';

/** Whether it is an object of names and values, and no list. */
export const isRecord = (value: unknown): value is { readonly [key: string]: Plain } =>
  typeof value === 'object' && value !== null && !isArray(value);

const isReal = (number: number): boolean => number - number === 0;

interface Bounds {
  readonly text: number;
  readonly keys: number;
  readonly depth: number;
  /** All texts together, and `NODE` for each value. */
  readonly total: number;
}

const NODE = 80;
/** For a value of the page. */
const VALUE: Bounds = { text: 4000, keys: 100, depth: 6, total: 48_000 };
/** For our own words around such values and tokens, and for what was bounded as a value before. */
export const WORDS: Bounds = { text: 70_000, keys: 200, depth: 12, total: 400_000 };

/** For what goes in and out of a call of the page: there are many. */
export const CALL: Bounds = { text: 1000, keys: 40, depth: 5, total: 8000 };

export const VEILED = '[secret]';
/** Takes secrets out of a text, of which no more than `max` characters are told. */
let veil = (text: string, _max: number): string => text;

/** A text as it stands in an address; as it is where it has half a character in it, or the page has no `encodeURIComponent`. */
function addressed(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Does `work`; each of these texts is taken out of all that is cut, or made plain, meanwhile. */
export function veiled<T>(texts: readonly string[], work: () => T): T {
  let forms: string[] = [];
  // As it may stand in JSON within a text, and in an address, too.
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

/** Cuts `text` to `max` characters and says how long it was. */
export function cut(text: string, max: number = VALUE.text): string {
  const told = veil(text, max);
  return told.length > max ? `${part(told, 0, max)}… (${text.length} characters)` : told;
}

/** Reads `holder[key]` whatever stands there; a getter or Proxy trap that throws gives `undefined`. */
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
 * functions and huge strings become short descriptions. Getters run once each, since a value has no other content.
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
        // A code is a number all the same, where a digit of it is somebody's PIN.
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
    // A sibling whose keys could not be read may have left itself behind.
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

/** Own string keys that a person would see; an Error's `name`, `message` and `code` too, which are not enumerable. */
function keysOf(object: object, max: number): string[] {
  const found: string[] = [];
  // Listing the keys of a buffer of millions would stop the page.
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

/** JSON of our own words, bounded. */
export const textOf = (words: unknown): string => jsonOf(plain(words, WORDS), isArray);

const threw = (error: unknown): string => `[threw: ${describe(error)}]`;

/** What was thrown or handed over as an error, in one bounded line. */
export function describe(error: unknown): string {
  try {
    const message = peek(error, 'message');
    return cut(typeof message === 'string' ? message : typeof error === 'symbol' ? symbolText(error) : `${error}`, 500);
  } catch {
    return 'unreadable';
  }
}

/** The object in the prototype chain of `object` that owns `key`, with its descriptor; `null` where none or unreadable. */
export function ownerOf(object: unknown, key: string): { owner: object; descriptor: PropertyDescriptor } | null {
  try {
    for (let owner = object as object | null, steps = 0; owner && steps < 50; owner = getPrototypeOf(owner), steps += 1) {
      const descriptor = getOwnPropertyDescriptor(owner, key);
      if (descriptor) return { owner, descriptor };
    }
  } catch {
    // A Proxy trap threw: to us there is no owner.
  }
  return null;
}
