import type { DialectTable, Path, Reads, TokenPaths } from '../sdk/dialects/dialect';
import { defineProperty } from './builtins';
import { instantOf, keys } from './builtins-more';
import { each, map, table } from './own';
import { read } from './path';
import { cut, describe, isRecord, plain } from './plain';
import type { Settlement, WireError, WireToken } from './wire';

/** Longer than any token that an SDK returns, in characters. */
const MAX_TOKEN = 64_000;

/** The value at `path`; `undefined` if a getter or method of the SDK's object throws. */
function quiet(holder: unknown, path: Path | undefined): unknown {
  try {
    return path === undefined ? undefined : read(holder, path);
  } catch {
    return undefined;
  }
}

const text = (value: unknown): string | null =>
  typeof value === 'string' ? cut(value, 200) : typeof value === 'number' ? `${value}` : null;

/** Rounds a positive number. */
const whole = (number: number): number => number + 0.5 - ((number + 0.5) % 1);

/** The token that an SDK returned, read by its dialect's paths; `null` if `value` isn't one. */
export function tokenFrom(paths: TokenPaths, value: unknown): WireToken | null {
  const raw = quiet(value, paths.raw);
  if (typeof raw !== 'string' || raw === '' || raw.length > MAX_TOKEN) return null;
  const date = quiet(value, paths.expiresAt);
  const near = quiet(value, paths.nearExpiry);
  return {
    raw,
    origin: text(quiet(value, paths.origin)),
    realm: text(quiet(value, paths.realm)),
    clientId: text(quiet(value, paths.clientId)),
    customId: text(quiet(value, paths.customId)),
    expiresAt:
      instantOf(date) ?? (typeof date === 'number' && date > 0 && date <= 8.64e15 ? whole(date < 1e11 ? date * 1000 : date) : null),
    nearExpiry: typeof near === 'boolean' ? near : null,
  };
}

/** The error that an SDK returned, read by its dialect's paths. */
export function errorFrom({ code: codeAt, message: messageAt, detail }: DialectTable['error'], value: unknown): WireError {
  const code = quiet(value, codeAt);
  const message = quiet(value, messageAt);
  return {
    code: typeof code === 'string' ? cut(code, 100) : typeof code === 'number' ? (plain(code) as string | number) : null,
    message: typeof message === 'string' ? cut(message, 500) : value === undefined ? 'The SDK reported no error value.' : describe(value),
    detail: plain(detail ? partsOf(detail, value) : value),
  };
}

/** The parts of a value that can only be read through its methods, under the names of `reads`. */
export function partsOf(reads: Reads, value: unknown): object {
  const parts = table<unknown>();
  each(keys(reads), (name) => {
    const path = reads[name] as Reads[string];
    parts[name] = typeof path === 'string' ? quiet(value, path) : partsOf(path, value);
  });
  return parts;
}

/** `getCity` for `city`; the name itself if the page replaced string methods. */
function getterOf(name: string): string {
  try {
    return `get${name[0]?.toUpperCase()}${name.slice(1)}`;
  } catch {
    return name;
  }
}

/**
 * A value as an SDK takes it. Plain data is copied into objects of the page; each has what the SDKs expect of a context:
 * its fields, `toObject()` (React Native, facts §1.3) and, with `getters`, a `getName()` for each field.
 */
export function objectOf(value: unknown, getters?: boolean): unknown {
  if (!isRecord(value)) return value;
  const made: Record<string, unknown> = {};
  const put = (name: string, member: unknown, enumerable: boolean) =>
    defineProperty(made, name, { value: member, configurable: true, enumerable, writable: true });
  put('toObject', () => objectOf(value), false);
  const fields = map(keys(value), (name) => ({ name, field: objectOf(value[name], getters) }));
  if (getters) each(fields, ({ name, field }) => put(getterOf(name), () => field, false));
  // After the methods: a field with the name of a method keeps the value that was given.
  each(fields, ({ name, field }) => put(name, field, true));
  return made;
}

/** The SDK's error if the call failed; otherwise `null`. */
export const errorOf = ({ error }: DialectTable, how: Settlement, value: unknown): WireError | null =>
  how === 'error' || how === 'threw' || how === 'rejected' ? errorFrom(error, value) : null;
