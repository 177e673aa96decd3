/** What a person has filled in, and the values that it yields. Pure, so that what a form sends can be tested without a form. */

import { isRecord } from '../page/plain';
import type { Argument, ArgumentValue, ArgumentValues } from '../sdk/operation';
import type { Plain } from '../sdk/plain-data';
import { isEmpty } from './arguments';

export type Tristate = '' | 'true' | 'false';
/** One row of a map: a key, and JSON or plain text. */
export interface Row {
  readonly key: string;
  readonly text: string;
}
/** The state of an input: text, a checkbox, several tristates by name, or the rows of a map. */
export type Filled = string | boolean | Readonly<Record<string, Tristate>> | readonly Row[];
export type Draft = Readonly<Record<string, Filled>>;

type Known = Readonly<Record<string, Plain>>;

const TRISTATES: readonly Tristate[] = ['', 'true', 'false'];
const tristate = (value: Plain | undefined): Tristate => (typeof value === 'boolean' ? (String(value) as Tristate) : '');
const objectOf = (value: Plain | undefined): Known => (isRecord(value) ? value : {});

/** Whether an entry is the marker for keys beyond the limits of what is read from a page. */
const isRest = (key: string, value: Plain | undefined): boolean => key === '…' && value === '[more]';
/** Whether a text was cut when it was read from a page, so that the rest of it is unknown. */
export const isCut = (value: Plain | undefined): boolean => typeof value === 'string' && /… \(\d+ characters\)$/.test(value);

/** One row for each key that can be sent. A text is shown unquoted unless it could be taken for JSON. */
export const rowsOf = (map: Known): readonly Row[] =>
  Object.entries(map)
    .filter(([key, value]) => key !== '' && !isRest(key, value))
    .map(([key, value]) => ({
      key,
      text: typeof value === 'string' && parsed(value) === value ? value : JSON.stringify(value),
    }));

/** The value of a row's text: parsed JSON, or otherwise the text itself; `undefined` if it begins like JSON but isn't valid. */
export function parsed(text: string): Plain | undefined {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return /^\s*[[{"]/.test(text) ? undefined : text;
  }
}

function filled(arg: Argument, known: Plain | undefined): Filled {
  switch (arg.type) {
    case 'text':
      return typeof known === 'string' || typeof known === 'number' ? String(known) : '';
    case 'choice':
      return typeof known === 'string' && arg.options.includes(known) ? known : arg.optional ? '' : (arg.options[0] ?? '');
    case 'flag':
      return known === true;
    case 'tristate':
      return tristate(known);
    case 'tristates':
      return Object.fromEntries(arg.of.map((name) => [name, tristate(objectOf(known)[name])]));
    case 'list':
      return Array.isArray(known) ? (known as Plain[]).filter((one) => typeof one === 'string').join(', ') : '';
    case 'map':
      return rowsOf(objectOf(known));
  }
}

/** The initial draft of a form with these arguments; `known`: values to fill in. */
export const draftOf = (args: readonly Argument[], known: Known = {}): Draft =>
  Object.fromEntries(args.map((arg) => [arg.name, filled(arg, known[arg.name])]));

/** The part of a saved draft that fits these arguments: the catalog may have changed since, or the draft may be from a different form. */
export const fitting = (args: readonly Argument[], kept: Draft): Draft =>
  Object.fromEntries(args.flatMap((arg) => (isOfKind(arg, kept[arg.name]) ? [[arg.name, fitted(arg, kept[arg.name] as Filled)]] : [])));

/** A value without the tristates that no longer exist. */
const fitted = (arg: Argument, value: Filled): Filled =>
  arg.type === 'tristates'
    ? Object.fromEntries(
        Object.entries(value as Record<string, Tristate>).filter(([name, one]) => arg.of.includes(name) && TRISTATES.includes(one)),
      )
    : value;

function isOfKind(arg: Argument, value: Filled | undefined): boolean {
  switch (arg.type) {
    case 'flag':
      return typeof value === 'boolean';
    case 'map':
      return Array.isArray(value);
    case 'tristates':
      return isRecord(value);
    case 'choice':
      return typeof value === 'string' && (value === '' ? arg.optional === true : arg.options.includes(value));
    default:
      return typeof value === 'string';
  }
}

/** A draft with a saved one merged in: agreements and rows one by one, so that those not in the saved draft stay. */
export function merged(args: readonly Argument[], draft: Draft, kept: Draft): Draft {
  const own = fitting(args, kept);
  const both = Object.entries(own).map(([name, value]): [string, Filled] => {
    const now = draft[name];
    if (Array.isArray(value)) return [name, mergedRows((now ?? []) as readonly Row[], value as readonly Row[])];
    return [name, typeof value === 'object' ? { ...(now as Record<string, Tristate>), ...value } : value];
  });
  return { ...draft, ...Object.fromEntries(both) };
}

/** Merges rows into others: if both have a key, the new row wins. */
export function mergedRows(rows: readonly Row[], put: readonly Row[]): readonly Row[] {
  const keys = new Set(put.map(({ key }) => key));
  return [...rows.filter(({ key, text }) => !keys.has(key) && (key !== '' || text !== '')), ...put];
}

/** What differs from the initial draft: for agreements and rows, only the changed ones. */
export function changedOf(args: readonly Argument[], draft: Draft, began: Draft): Draft {
  return Object.fromEntries(
    args.flatMap(({ name }): [string, Filled][] => {
      const [now, was] = [draft[name], began[name]];
      if (now === undefined || JSON.stringify(now) === JSON.stringify(was)) return [];
      if (Array.isArray(now)) {
        const before = new Map(((was ?? []) as readonly Row[]).map(({ key, text }) => [key, text]));
        return [[name, (now as readonly Row[]).filter(({ key, text }) => before.get(key) !== text)]];
      }
      if (typeof now !== 'object') return [[name, now]];
      const before = was as Record<string, Tristate> | undefined;
      return [[name, Object.fromEntries(Object.entries(now as Record<string, Tristate>).filter(([part, one]) => before?.[part] !== one))]];
    }),
  );
}

/** A draft without its secret fields. */
export const withoutSecretFields = (args: readonly Argument[], draft: Draft): Draft =>
  Object.fromEntries(
    args
      .filter((arg) => !(arg.type === 'text' && arg.secret))
      .flatMap(({ name }) => (name in draft ? [[name, draft[name] as Filled]] : [])),
  );

/** Inputs that cannot be sent, with the reason, by argument. */
export type Unreadable = Readonly<Record<string, string>>;

/**
 * The values of a draft. Empty inputs are left out; with `known`, unchanged ones are left out too, and removed ones are
 * `null` if that resets them.
 */
export function valuesOf(
  args: readonly Argument[],
  draft: Draft,
  known: Known | null = null,
): { readonly values: ArgumentValues; readonly unreadable: Unreadable } {
  const unreadable: Record<string, string> = {};
  const values: Record<string, ArgumentValue> = {};
  for (const arg of args) {
    const value = valueFrom(arg, draft[arg.name] ?? '', known?.[arg.name], known !== null, (why) => {
      unreadable[arg.name] = why;
    });
    if (value !== undefined) values[arg.name] = value;
  }
  return { values, unreadable };
}

function valueFrom(
  arg: Argument,
  now: Filled,
  known: Plain | undefined,
  edits: boolean,
  wrong: (why: string) => void,
): ArgumentValue | undefined {
  switch (arg.type) {
    case 'text':
    case 'choice': {
      const was = filled(arg, known);
      // Unchanged, even if it has surrounding whitespace.
      if (edits && now === was) return undefined;
      const text = arg.type === 'text' && arg.format !== undefined ? String(now).trim() : String(now);
      if (text !== '') return text;
      return edits && arg.resets && was !== '' ? null : undefined;
    }
    case 'flag':
      return now === true;
    case 'tristate':
      return now === '' ? undefined : now === 'true';
    case 'tristates': {
      const before = filled(arg, known) as Record<string, Tristate>;
      const chosen = Object.entries(now as Record<string, Tristate>).filter(
        ([name, one]) => one !== '' && !(edits && one === before[name]),
      );
      return chosen.length ? Object.fromEntries(chosen.map(([name, one]) => [name, one === 'true'])) : undefined;
    }
    case 'list': {
      const texts = String(now)
        .split(',')
        .map((one) => one.trim());
      const list = texts.filter((one) => one !== '');
      return list.length ? list : undefined;
    }
    case 'map': {
      const map = mapOf(now as readonly Row[], wrong);
      const before = edits ? objectOf(known) : {};
      const changed = Object.entries(map).filter(
        ([key, value]) => !(edits && Object.hasOwn(before, key) && JSON.stringify(before[key]) === JSON.stringify(value)),
      );
      const gone = Object.keys(before).filter(
        (key) => !Object.hasOwn(map, key) && before[key] !== null && key !== '' && !isRest(key, before[key]),
      );
      const sent = Object.fromEntries([...changed, ...gone.map((key) => [key, null] as const)]);
      return isEmpty(sent) ? undefined : sent;
    }
  }
}

function mapOf(rows: readonly Row[], wrong: (why: string) => void): Record<string, Plain> {
  const map: Record<string, Plain> = {};
  for (const { key, text } of rows) {
    if (key === '' && text === '') continue;
    const value = parsed(text);
    if (key === '') wrong('has a value without a key');
    else if (Object.hasOwn(map, key)) wrong(`has a duplicate key ${key}`);
    else if (value === undefined) wrong(`has invalid JSON at ${key}`);
    else Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return map;
}
