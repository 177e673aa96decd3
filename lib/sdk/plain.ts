import { create, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf, stringify } from './builtins';

/** JSON-like data with no accessors, no prototypes and bounded size: all that ever leaves a page. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

const { isArray } = Array;

/** Whether it is an object of names and values, and no list. */
export const isRecord = (value: unknown): value is { readonly [key: string]: Plain } =>
  typeof value === 'object' && value !== null && !isArray(value);

const dateValue = Function.prototype.call.bind(Date.prototype.getTime) as (value: unknown) => number;
const NativeDate = Date;
const toText = String;
const isoText = Function.prototype.call.bind(Date.prototype.toISOString) as (value: Date) => string;
const isNumber = Number.isFinite;

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
let secret: RegExp | null = null;

/** A text as it stands in an address; as it is where it has half a character in it. */
function addressed(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Does `work`; each of these texts is taken out of all that is cut, or made plain, meanwhile. */
export function veiled<T>(texts: readonly string[], work: () => T): T {
  // As it may stand in JSON within a text, and in an address, too.
  const forms = texts.flatMap((text) => [text, stringify(text).slice(1, -1), addressed(text)]);
  const longestFirst = forms.sort((a, b) => b.length - a.length).map((text) => text.replace(/[^\w\s]/g, '\\$&'));
  secret = longestFirst.length ? new RegExp(longestFirst.join('|'), 'g') : null;
  try {
    return work();
  } finally {
    secret = null;
  }
}

/** Cuts `text` to `max` characters and says how long it was. */
export function cut(text: string, max: number = VALUE.text): string {
  const told = secret ? text.replace(secret, VEILED) : text;
  return told.length > max ? `${told.slice(0, max)}… (${told.length} characters)` : told;
}

/** The instant of a `Date` of any realm in epoch ms; `null` for anything else and for an invalid date. */
export function instantOf(value: unknown): number | null {
  try {
    const time = dateValue(value);
    return isNumber(time) ? time : null;
  } catch {
    return null;
  }
}

/** Reads `holder[key]` whatever stands there; a getter or Proxy trap that throws gives `undefined`. */
export function peek(holder: unknown, key: PropertyKey): unknown {
  try {
    return holder === null || holder === undefined ? undefined : (holder as Record<PropertyKey, unknown>)[key];
  } catch {
    return undefined;
  }
}

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
        const text = cut(toText(item));
        // A code is a number all the same, where a digit of it is somebody's PIN.
        return isNumber(item) && text !== VEILED ? item : text;
      }
      case 'undefined':
        return null;
      case 'bigint':
        return `${cut(toText(item))}n`;
      case 'symbol':
        return cut(toText(item), 200);
      case 'function':
        return '[function]';
    }
    if (item === null) return null;
    const object = item as object;
    // A sibling whose keys could not be read may have left itself behind.
    path.length = depth;
    if (path.includes(object)) return '[circular]';
    if (depth >= bounds.depth) return '[deeper]';
    const instant = instantOf(object);
    if (instant !== null) return isoText(new NativeDate(instant));
    path.push(object);
    // No prototype, so that a `toJSON` that the page put on Object or Array is not asked.
    const list = isArray(object);
    const copy = (list ? setPrototypeOf([], null) : create(null)) as Record<string, Plain>;
    let count = 0;
    for (const key of keysOf(object, bounds.keys)) {
      if (count === bounds.keys || room < 0) {
        copy[list ? count : '…'] = '[more]';
        break;
      }
      let entry: Plain;
      try {
        entry = visit((object as Record<string, unknown>)[key], depth + 1);
      } catch (error) {
        entry = threw(error);
      }
      defineProperty(copy, list ? count : cut(key, 200), { value: entry, enumerable: true, writable: true, configurable: true });
      count += 1;
    }
    return copy as Plain;
  };

  try {
    return visit(value, 0);
  } catch (error) {
    return threw(error);
  }
}

/** Own string keys that a person would see; an Error's `name`, `message` and `code` too, which are not enumerable. */
function keysOf(object: object, max: number): string[] {
  // Listing the keys of a buffer of millions would stop the page.
  const { length } = isArray(object) || ArrayBuffer.isView(object) ? (object as ArrayLike<unknown>) : { length: -1 };
  if (length >= 0) return [...Array(Math.min(length, max + 1)).keys()].map(toText);
  const keys: string[] = [];
  for (const key of ownKeys(object)) {
    if (keys.length > max) break;
    if (typeof key === 'string' && key !== 'stack' && getOwnPropertyDescriptor(object, key)?.enumerable) keys.push(key);
  }
  if (typeof peek(object, 'stack') === 'string') keys.unshift('name', 'message');
  return keys;
}

/** JSON of our own words, whatever `toJSON` the page put on the built-in prototypes. */
export function textOf(words: unknown): string {
  return stringify(plain(words, WORDS));
}

const threw = (error: unknown): string => `[threw: ${describe(error)}]`;

/** What was thrown or handed over as an error, in one bounded line. */
export function describe(error: unknown): string {
  try {
    const message = peek(error, 'message');
    return cut(typeof message === 'string' ? message : toText(error), 500);
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
