/**
 * List, text and JSON helpers that use syntax only. Pages replace built-ins, both before and after our scripts start, so
 * page scripts use these helpers and take from `builtins.ts` only what syntax cannot do.
 */

/** A map: an object without a prototype. */
export const table = <T>(): Record<string, T> => ({ __proto__: null }) as unknown as Record<string, T>;

export function push<T>(list: T[], item: T): void {
  list[list.length] = item;
}

export function each<T>(list: readonly T[], visit: (item: T, index: number) => void): void {
  for (let index = 0; index < list.length; index += 1) visit(list[index] as T, index);
}

export function map<T, U>(list: readonly T[], make: (item: T, index: number) => U): U[] {
  const made: U[] = [];
  each(list, (item, index) => push(made, make(item, index)));
  return made;
}

export function filter<T>(list: readonly T[], keep: (item: T, index: number) => boolean): T[] {
  const kept: T[] = [];
  each(list, (item, index) => {
    if (keep(item, index)) push(kept, item);
  });
  return kept;
}

export function find<T>(list: readonly T[], is: (item: T) => boolean): T | undefined {
  for (let index = 0; index < list.length; index += 1) if (is(list[index] as T)) return list[index];
  return undefined;
}

export const some = <T>(list: readonly T[], is: (item: T) => boolean): boolean => {
  for (let index = 0; index < list.length; index += 1) if (is(list[index] as T)) return true;
  return false;
};

export const every = <T>(list: readonly T[], is: (item: T) => boolean): boolean => !some(list, (item) => !is(item));

export const includes = <T>(list: readonly T[], item: T): boolean => some(list, (one) => one === item);

/** Concatenates two lists. */
export function concat<T>(first: readonly T[], second: readonly T[]): T[] {
  const all = map(first, (item) => item);
  each(second, (item) => push(all, item));
  return all;
}

/** Items from `from` (inclusive) to `to` (exclusive). */
export const take = <T>(list: readonly T[], from: number, to = list.length): T[] =>
  filter(list, (_item, index) => index >= from && index < to);

export function join(list: readonly string[], between: string): string {
  let text = '';
  each(list, (item, index) => {
    text += index ? between + item : item;
  });
  return text;
}

// --- texts -------------------------------------------------------------------------------------------------------

/** Characters from `from` (inclusive) to `to` (exclusive). */
export function part(text: string, from: number, to = text.length): string {
  let cut = '';
  for (let index = from < 0 ? 0 : from; index < to && index < text.length; index += 1) cut += text[index];
  return cut;
}

export const isAt = (text: string, piece: string, at: number): boolean => {
  for (let index = 0; index < piece.length; index += 1) if (text[at + index] !== piece[index]) return false;
  return true;
};

export const starts = (text: string, piece: string): boolean => isAt(text, piece, 0);

/** Index of `piece` in `text`, searching from `from` on; -1 if not found. */
export function indexIn(text: string, piece: string, from = 0): number {
  for (let at = from; at + piece.length <= text.length; at += 1) if (isAt(text, piece, at)) return at;
  return -1;
}

export function split(text: string, between: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (let at = indexIn(text, between); at >= 0; at = indexIn(text, between, from)) {
    push(pieces, part(text, from, at));
    from = at + between.length;
  }
  push(pieces, part(text, from));
  return pieces;
}

// --- JSON --------------------------------------------------------------------------------------------------------

const ESCAPES = table<string>();
const CONTROLS = '\x00\x01\x02\x03\x04\x05\x06\x07\b\t\n\x0b\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f';
for (let code = 0; code < CONTROLS.length; code += 1)
  ESCAPES[CONTROLS[code] as string] = `\\u00${code < 16 ? 0 : 1}${'0123456789abcdef'[code % 16]}`;
ESCAPES['"'] = '\\"';
ESCAPES['\\'] = '\\\\';

function quoted(text: string): string {
  let json = '"';
  for (let index = 0; index < text.length; index += 1) json += ESCAPES[text[index] as string] ?? text[index];
  return `${json}"`;
}

/** JSON of plain data: nested lists and objects. `isList` tells the two apart. */
export function jsonOf(value: unknown, isList: (value: object) => boolean): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return value - value === 0 ? `${value}` : 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'object' || value === null) return 'null';
  if (isList(value))
    return `[${join(
      map(value as unknown[], (item) => jsonOf(item, isList)),
      ',',
    )}]`;
  const members: string[] = [];
  const own = { __proto__: null, ...value } as unknown as Record<string, unknown>;
  for (const key in own) if (own[key] !== undefined) push(members, `${quoted(key)}:${jsonOf(own[key], isList)}`);
  return `{${join(members, ',')}}`;
}
