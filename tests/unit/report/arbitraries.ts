/** Arbitrary people, and arbitrary reports that the schema accepts. */
import fc from 'fast-check';
import type * as z from 'zod/mini';
import type { Report } from '@/lib/report/report';
import { reportSchema } from '@/lib/report/schema';
import { anyChar } from '../any-char';
import { hashOf, type Person, reportOfPerson } from './make';
import { stands } from './spellings';

const lower = (letters: string, min: number, max: number) =>
  fc.array(fc.constantFrom(...letters), { minLength: min, maxLength: max }).map((chars) => chars.join(''));
const LATIN = 'abcdefghijklmnoprstuwxyz';
const LETTERS = `${LATIN}ąćęłńóśźżäöüßéèñčřškлюдмила東京花子`;
const name = fc
  .array(lower(LETTERS, 5, 12), { minLength: 1, maxLength: 2 })
  .map((parts) => parts.map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join(' '));
const digits = (length: number) => lower('0123456789', length, length);

const email = fc
  .tuple(lower(LETTERS, 3, 10), fc.constantFrom('', '.', '+', '_', '-'), lower(`${LATIN}0123456789`, 3, 8), lower(`${LATIN}łü`, 4, 10))
  .map(([first, joint, second, host]) => `${first}${joint}${second}@${host}.example`);
const phone = fc
  .tuple(fc.constantFrom('+48', '+1', '+420'), digits(3), digits(3), digits(3), fc.constantFrom('', ' ', '-'))
  .map(([country, a, b, c, joint]) => [country, a, b, c].join(joint));
const customId = fc.oneof(
  fc.tuple(lower('ABCDEFGHKLM', 2, 3), digits(7)).map(([letters, number]) => `${letters}-${number}`),
  digits(8).map((number) => `8${number}`),
  fc.uuid(),
);
const opaque = fc.tuple(digits(3), lower(`${LATIN}ABCDEFGHIJKLMNO0123456789-_`, 12, 40)).map(([first, rest]) => `x${first}${rest}`);

const PLAIN = JSON.stringify(reportOfPerson({ ...reportless(), email: '@' }));
function reportless(): Person {
  return { email: '', phone: '', firstName: '', lastName: '', city: '', customId: '', clientId: '', uuid: '', firstUuid: '', opaque: '' };
}

/** A person none of whose values occurs in the report already, or in another of their values. */
export const person: fc.Arbitrary<Person> = fc
  .record({
    email,
    phone,
    firstName: name,
    lastName: name,
    city: name,
    customId,
    clientId: digits(6).map((number) => `7${number}`),
    uuid: fc.uuid(),
    firstUuid: fc.uuid(),
    opaque,
  })
  .filter((one) => {
    const values = Object.values(one);
    const isOwn = values.every((value) => !stands(value, PLAIN) && values.filter((other) => stands(value, other)).length === 1);
    return isOwn && hashOf(one).length > 6;
  });

/** Texts as pages write them, including lone surrogates and the delimiters of encoded forms. */
const anyText = fc.oneof(
  fc.string({ unit: anyChar, maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      '\\',
      '%',
      '=',
      '&',
      '+',
      '/',
      ':',
      '-',
      '@',
      '.',
      '{',
      '[',
      ' ',
      '\n',
      'a',
      '1',
      'ł',
      '\ud800',
      'u0041',
      '%41',
    ),
    maxLength: 20,
  }),
  fc.constantFrom('', 'undefined', '[secret]', 'signed-in', '--b\r\n\r\n', 'eyJhbGciOiJub25lIn0.eyJzdWIiOjF9.', '__proto__'),
);

interface Def {
  readonly type: string;
  readonly format?: string;
  readonly checks?: readonly { readonly _zod: { readonly def: { readonly check: string; readonly value?: number } } }[];
  readonly shape?: Readonly<Record<string, z.ZodMiniType>>;
  readonly element?: z.ZodMiniType;
  readonly innerType?: z.ZodMiniType;
  readonly options?: readonly z.ZodMiniType[];
  readonly items?: readonly z.ZodMiniType[];
  readonly valueType?: z.ZodMiniType;
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
}
const json = fc
  .jsonValue({ maxDepth: 3, stringUnit: 'grapheme', noUnicodeString: false })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto')) as unknown);

/** An arbitrary value that a schema accepts. */
function of(schema: z.ZodMiniType): fc.Arbitrary<unknown> {
  const def = schema._zod.def as unknown as Def;
  const inner = (one: z.ZodMiniType | undefined) => (one ? of(one) : fc.constant(null));
  switch (def.type) {
    case 'string':
      return def.checks?.length ? fc.constantFrom('2026-11-21T12:00:00.000Z', '1970-01-01T00:00:00Z') : anyText;
    case 'number':
      return def.format ? fc.nat() : fc.oneof(fc.integer(), fc.integer({ min: -8.64e15, max: 8.64e15 }), fc.constantFrom(0.5, 1.8e12));
    case 'boolean':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries ?? {}));
    case 'literal':
      return fc.constantFrom(...(def.values ?? []));
    case 'null':
      return fc.constant(null);
    case 'nullable':
      return fc.option(inner(def.innerType));
    case 'default':
    case 'optional':
      return inner(def.innerType);
    case 'array':
      return fc.array(inner(def.element), { maxLength: 4 });
    case 'tuple':
      return fc.tuple(...(def.items ?? []).map(of));
    case 'union':
      return fc.oneof(...(def.options ?? []).map(of));
    case 'record':
      return fc
        .dictionary(
          fc.string({ minLength: 1, maxLength: 8 }).filter((key) => key !== '__proto__'),
          def.valueType ? of(def.valueType) : json,
          { maxKeys: 3 },
        )
        .map((one) => ({ ...one }));
    case 'object': {
      const shape = Object.entries(def.shape ?? {});
      const optional = new Set(shape.filter(([, one]) => (one._zod.def as unknown as Def).type === 'optional').map(([key]) => key));
      return fc.record(Object.fromEntries(shape.map(([key, one]) => [key, of(one)])), {
        requiredKeys: shape.map(([key]) => key).filter((key) => !optional.has(key)),
        noNullPrototype: true,
      });
    }
    default:
      return json;
  }
}

export const anyReport = of(reportSchema) as fc.Arbitrary<Report>;
