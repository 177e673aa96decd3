/** What an operation accepts: schemas made from the catalog and the dialect's table, for both forms and the background. */
import { validate } from 'uuid';
import * as z from 'zod/mini';
import { bareToken, decodeToken } from '../jwt/token';
import { namesOf } from '../page/call-arguments';
import { isRecord } from '../page/plain';
import type { Binding } from '../sdk/dialects/dialect';
import type { Argument, ArgumentValue, ArgumentValues, Format } from '../sdk/operation';
import { OPERATIONS, type OperationName } from '../sdk/operations';

/** The longest text that is sent, in characters; a JWT may be longer. */
export const MAX_TEXT = 10_000;
export const MAX_JWT = 64_000;
/** Limits of a map: number of keys, and characters of a key. */
const MAX_KEYS = 100;
const MAX_KEY = 200;
/** How deep the values of a map may be nested: data to and from the page is bounded similarly. */
const MAX_DEPTH = 5;

/** Letters of any script: the backend decides what it accepts. */
export const EMAIL = z.regexes.unicodeEmail;
const DIGITS = /\d/g;
const FORMATS: Readonly<Record<Format, { readonly fits: (text: string) => boolean; readonly otherwise: string }>> = {
  uuid: { fits: validate, otherwise: 'must be a valid UUID' },
  jwt: {
    fits: (text) => Object.values(decodeToken(text)).every((part) => part !== null) && bareToken(text) === text && !/\s/.test(text),
    otherwise: 'must be a JWT (header.payload.signature in base64url)',
  },
  email: { fits: (text) => EMAIL.test(text), otherwise: 'must be an email address, such as ada@shop.example' },
  phone: {
    fits: (text) => /^\+?[\d\s().-]+$/.test(text) && (text.match(DIGITS)?.length ?? 0) >= 5,
    otherwise: 'must be a phone number, such as +48 111 222 333',
  },
  date: { fits: (text) => z.regexes.date.test(text), otherwise: 'must be a date, such as 1990-12-31' },
  url: {
    fits: (text) => /^https?:\/\//i.test(text) && URL.canParse(text),
    otherwise: 'must be a URL with http:// or https://',
  },
};

const NO_BOOLEAN = 'must be yes or no';
const NO_LIST = 'must be a list of strings';
const NOT_JSON = 'has a value that isn’t valid JSON or is nested too deep';
function isJson(value: unknown, depth = 1): boolean {
  if (typeof value === 'object' && value !== null)
    return depth <= MAX_DEPTH && Object.values(value).every((part) => isJson(part, depth + 1));
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

/** The schema of one argument. Messages of its issues follow the argument's label. */
function schemaOf(arg: Argument): z.ZodMiniType {
  const base = valueSchema(arg);
  const mayMiss = arg.type === 'text' ? !arg.required : arg.type === 'choice' ? arg.optional : arg.type !== 'flag';
  return mayMiss ? z.optional(arg.resets ? z.nullable(base) : base) : base;
}

function valueSchema(arg: Argument): z.ZodMiniType {
  switch (arg.type) {
    case 'text': {
      const format = arg.format && FORMATS[arg.format];
      const max = arg.format === 'jwt' ? MAX_JWT : MAX_TEXT;
      const text = z
        .string('is missing')
        .check(z.minLength(1, arg.required ? 'is missing' : 'is empty'), z.maxLength(max, `is longer than ${max} characters`));
      return format ? text.check(z.refine((value) => value === '' || format.fits(value), format.otherwise)) : text;
    }
    case 'choice':
      return z.enum(Object.fromEntries(arg.options.map((option) => [option, option])), 'must be one of the options');
    case 'flag':
    case 'tristate':
      return z.boolean(NO_BOOLEAN);
    case 'tristates': {
      const parts = arg.of.map((name) => [name, z.optional(z.boolean(NO_BOOLEAN))]);
      return z.strictObject(Object.fromEntries(parts), 'has an unknown key');
    }
    case 'list':
      return z.array(z.string(NO_LIST).check(z.minLength(1, NO_LIST), z.maxLength(MAX_KEY, 'has a string that is too long')), NO_LIST);
    case 'map':
      return z.custom<object>(isRecord, 'must be an object').check(
        z.refine((map) => Object.keys(map).length <= MAX_KEYS, `has more than ${MAX_KEYS} keys`),
        z.refine((map) => !Object.hasOwn(map, ''), 'has an empty key'),
        z.refine((map) => Object.keys(map).every((key) => key.length <= MAX_KEY), 'has a key that is too long'),
        z.refine((map) => isJson(map), NOT_JSON),
      );
  }
}

/** The arguments that a dialect's binding takes, with this SDK's differences from the catalog. */
export function argumentsOf(operation: OperationName, binding: Binding | undefined): readonly Argument[] {
  const { args } = OPERATIONS[operation];
  if (binding?.kind === 'emulated') return [...args, ...(binding.asks ?? [])];
  if (binding?.kind !== 'native') return args;
  const taken = namesOf(binding);
  return args.filter(({ name }) => taken.includes(name)).map((arg) => ({ ...arg, ...binding.asks?.[arg.name] }) as Argument);
}

/** The arguments that apply while the others have these values. */
export const asked = (args: readonly Argument[], values: ArgumentValues): readonly Argument[] =>
  args.filter(({ only }) => !only || Object.entries(only).every(([name, fits]) => fits.includes(String(values[name]))));

/** Problems with an operation's values, by argument name, or under `''` for all together. Each text follows the argument's label. */
export type Wrong = Readonly<Record<string, string>>;

/** Checks values before they are sent; returns `null` if they are valid. */
export function whatIsWrong(operation: OperationName, binding: Binding | undefined, values: ArgumentValues): Wrong | null {
  const args = asked(argumentsOf(operation, binding), values);
  const made = binding?.kind === 'emulated' && binding.uuid ? { uuid: z.string('is missing').check(z.minLength(1, 'is missing')) } : {};
  const schema = z.object({ ...Object.fromEntries(args.map((arg) => [arg.name, schemaOf(arg)])), ...made });
  const { error } = schema.safeParse(values);
  const wrong: Record<string, string> = {};
  for (const { path, message } of error?.issues ?? []) {
    const name = String(path[0] ?? '');
    if (!(name in wrong)) wrong[name] = message;
  }
  const { needsOne } = OPERATIONS[operation].account ?? {};
  const taken = new Set(args.map(({ name }) => name));
  if (needsOne && !needsOne.of.some((name) => taken.has(name) && !isEmpty(values[name]))) wrong[''] ??= needsOne.otherwise;
  return Object.keys(wrong).length ? wrong : null;
}

/** The first problem, in one sentence. */
export function wrongWords(operation: OperationName, wrong: Wrong): string {
  const [[name, reason] = ['', '']] = Object.entries(wrong);
  const label = OPERATIONS[operation].args.find((arg) => arg.name === name)?.label ?? (name === 'uuid' ? 'UUID' : name);
  return name === '' ? reason : `${label} ${reason}.`;
}

/** Whether nothing would be sent: a missing value, an empty text, or an object without members. */
export const isEmpty = (value: ArgumentValue | undefined): boolean =>
  value === undefined || value === '' || (typeof value === 'object' && value !== null && !Object.keys(value).length);

/** The names of the arguments that are secret. */
export const secretsOf = (operation: OperationName): readonly string[] =>
  OPERATIONS[operation].args.flatMap((arg) => (arg.type === 'text' && arg.secret ? [arg.name] : []));
