import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argumentsOf, secretsOf, whatIsWrong } from '@/lib/forms/arguments';
import { type Draft, draftOf, type Filled, fitting, parsed, type Row, rowsOf, valuesOf, withoutSecretFields } from '@/lib/forms/draft';
import { AGREEMENTS } from '@/lib/sdk/account-fields';
import { tableOf } from '@/lib/sdk/dialects';
import type { DialectName } from '@/lib/sdk/dialects/names';
import type { Argument } from '@/lib/sdk/operation';
import { OPERATION_NAMES, type OPERATIONS } from '@/lib/sdk/operations';
import type { Plain } from '@/lib/sdk/plain-data';

type Known = Readonly<Record<string, Plain>>;
const DIALECTS: readonly DialectName[] = ['react-native', 'flutter', 'ios', 'android'];
const argsOf = (operation: keyof typeof OPERATIONS, dialect: DialectName = 'react-native') =>
  argumentsOf(operation, tableOf(dialect)?.bindings[operation]);
const EDIT = argsOf('updateAccount');
const ATTRIBUTES: readonly Argument[] = EDIT.filter(({ name }) => name === 'attributes');
const rows = (...pairs: [string, string][]): Row[] => pairs.map(([key, text]) => ({ key, text }));
const hostile = (text: string): Known => JSON.parse(text) as Known;
const sent = (draft: Draft, known: Known, args = EDIT) => valuesOf(args, draft, known);

describe('a row of a map', () => {
  it.each<[string, Plain | undefined]>([
    ['true', true],
    ['7', 7],
    ['-1.5e3', -1500],
    ['null', null],
    ['hello', 'hello'],
    ['', ''],
    [' ', ' '],
    ['007', '007'],
    ['True', 'True'],
    ['+48 111', '+48 111'],
    ['"7"', '7'],
    ['{"a":1}', { a: 1 }],
    ['[1, "x"]', [1, 'x']],
    ['{"a":', undefined],
    ['  [1', undefined],
    ['"open', undefined],
    ["{'a': 1}", undefined],
    ['a {"b"', 'a {"b"'],
  ])('%j means %j', (text, value) => {
    expect(parsed(text)).toEqual(value);
  });

  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as Plain);
  it('round-trips any value through its text', () => {
    fc.assert(
      fc.property(fc.oneof(json, fc.string(), fc.constantFrom('true', '7', ' 7 ', '"', '{"a":', '[', 'null')), (value) => {
        const [row] = rowsOf({ key: value });
        expect(parsed(row?.text ?? '')).toEqual(value);
      }),
      { seed: 21, numRuns: 500 },
    );
  });

  it.each<[string, Row[], Plain | undefined, RegExp | null]>([
    ['an empty row is left out', rows(['', ''], ['a', '1']), { a: 1 }, null],
    ['a key without text is an empty string', rows(['a', '']), { a: '' }, null],
    ['a value without a key', rows(['', 'x']), undefined, /value without a key/],
    ['a key twice', rows(['a', '1'], ['a', '2']), { a: 1 }, /duplicate key a/],
    ['a key twice, with the same value', rows(['a', '1'], ['a', '1']), { a: 1 }, /duplicate key a/],
    ['unreadable JSON', rows(['a', '{"a":'], ['b', '2']), { b: 2 }, /invalid JSON at a/],
    ['keys that differ only by a space', rows(['a', '1'], ['a ', '2']), { a: 1, 'a ': 2 }, null],
    [
      'member names of Object',
      rows(['constructor', 'c'], ['toString', 't'], ['hasOwnProperty', 'h']),
      { constructor: 'c', toString: 't', hasOwnProperty: 'h' },
      null,
    ],
  ])('%s', (_what, attributes, value, why) => {
    const { values, unreadable } = valuesOf(ATTRIBUTES, { attributes });
    expect(values['attributes']).toEqual(value);
    if (why) expect(unreadable['attributes']).toMatch(why);
    else expect(unreadable).toEqual({});
  });

  it('__proto__ is a key like any other', () => {
    const { values } = valuesOf(ATTRIBUTES, { attributes: rows(['__proto__', '{"polluted":1}'], ['a', '1']) });
    expect(JSON.stringify(values['attributes'])).toBe('{"__proto__":{"polluted":1},"a":1}');
    expect(valuesOf(ATTRIBUTES, { attributes: rows(['__proto__', '1'], ['__proto__', '2']) }).unreadable['attributes']).toMatch(
      /duplicate key/,
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('an empty form', () => {
  it.each(OPERATION_NAMES)('of %s sends only required choices and flags', (operation) => {
    for (const dialect of [...DIALECTS, 'web' as const]) {
      const args = argsOf(operation, dialect);
      const { values, unreadable } = valuesOf(args, draftOf(args));
      const expected = args.flatMap((arg): [string, unknown][] =>
        arg.type === 'flag' ? [[arg.name, false]] : arg.type === 'choice' && !arg.optional ? [[arg.name, arg.options[0]]] : [],
      );
      expect([values, unreadable]).toEqual([Object.fromEntries(expected), {}]);
    }
  });

  it('sends what was filled in, and trims texts with a format', () => {
    const draft: Draft = {
      ...draftOf(EDIT),
      email: ' a@b.c ',
      city: ' Łódź ',
      sex: 'OTHER',
      agreements: { email: 'true', sms: 'false', push: '' },
    };
    expect(valuesOf(EDIT, draft).values).toEqual({ email: 'a@b.c', city: ' Łódź ', sex: 'OTHER', agreements: { email: true, sms: false } });
  });

  it('sends a password as typed', () => {
    expect(valuesOf(argsOf('signIn'), { email: 'a@b.c', password: ' p ' }).values).toEqual({ email: 'a@b.c', password: ' p ' });
  });

  it.each<[Filled, unknown]>([
    ['', undefined],
    ['true', true],
    ['false', false],
  ])('sends the tristate %j as %j', (filled, value) => {
    const args = argsOf('confirmPhoneUpdate', 'android');
    expect(valuesOf(args, { ...draftOf(args), smsAgreement: filled }).values['smsAgreement']).toBe(value);
  });

  it('sends nothing after typed text was removed again', () => {
    expect(valuesOf(EDIT, { ...draftOf(EDIT), city: '', attributes: rows(['', '']) }).values).toEqual({});
  });
});

// --- editing a known account ----------------------------------------------------------------------------------------

const TEXTS = EDIT.filter((arg) => arg.type === 'text').map(({ name }) => name);
const text = fc.string({ maxLength: 20 });
const odd = fc.constantFrom('constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf', '0', '7', 'a b', 'ż');
const key = fc.oneof(fc.string({ minLength: 1, maxLength: 10 }), odd);
const plainValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as Plain),
  fc.constantFrom<Plain[]>('true', '7', 'null', '{"a":', '[', '', null, false, 0),
);
/** A map with own keys of any name. */
const map = fc.uniqueArray(fc.tuple(key, plainValue), { maxLength: 6, selector: ([name]) => name }).map((pairs) => {
  const made: Record<string, Plain> = {};
  for (const [name, value] of pairs) Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true });
  return made as Known;
});
const agreements = fc.record(Object.fromEntries(AGREEMENTS.map((name) => [name, fc.constantFrom<Plain[]>(true, false, null)])), {
  requiredKeys: [],
});
/** An account as an SDK returns it: any field may be missing, empty, or of the wrong type. */
const account: fc.Arbitrary<Known> = fc
  .record(
    {
      ...Object.fromEntries(TEXTS.map((name) => [name, fc.oneof(text, fc.constantFrom<Plain[]>(null, '', 7, true, ['x'], { a: 1 }))])),
      sex: fc.constantFrom<Plain[]>('FEMALE', 'NOT_SPECIFIED', 'not known', null, 7),
      agreements: fc.oneof(agreements, fc.constantFrom<Plain[]>(null, 'x', [true], {})),
      attributes: fc.oneof(map, fc.constantFrom<Plain[]>(null, 'x', [1], {})),
      clientId: fc.integer(),
      tags: fc.constant(['a']),
    },
    { requiredKeys: [] },
  )
  .map((fields) => fields as Known);
const own = (value: Plain | undefined): Known =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Known) : {};

describe('a form of a known account', () => {
  it('sends nothing while unchanged', () => {
    fc.assert(
      fc.property(account, fc.constantFrom(...DIALECTS), (known, dialect) => {
        for (const operation of ['updateAccount', 'updateAccountBasicInformation'] as const) {
          const args = argsOf(operation, dialect);
          expect(sent(draftOf(args, known), known, args)).toEqual({ values: {}, unreadable: {} });
        }
      }),
      { seed: 22, numRuns: 500 },
    );
  });

  it('sends exactly the changed text or choice, or null if it was cleared', () => {
    fc.assert(
      fc.property(account, fc.constantFrom(...TEXTS, 'sex'), text, (known, name, typed) => {
        const before = draftOf(EDIT, known);
        const arg = EDIT.find((one) => one.name === name);
        const now = name === 'sex' ? 'MALE' : arg?.type === 'text' && arg.format ? `x${typed.trim()}` : `x${typed}`;
        if (now !== before[name]) expect(sent({ ...before, [name]: now }, known).values).toEqual({ [name]: now });
        const emptied = before[name] === '' ? {} : { [name]: null };
        expect(sent({ ...before, [name]: '' }, known).values).toEqual(emptied);
      }),
      { seed: 23, numRuns: 500 },
    );
  });

  it('sends exactly the changed agreement; one left open is not sent', () => {
    fc.assert(
      fc.property(account, fc.constantFrom(...AGREEMENTS), fc.boolean(), (known, name, yes) => {
        const before = draftOf(EDIT, known);
        const filled = before['agreements'] as Record<string, 'true' | 'false' | ''>;
        const change = (to: 'true' | 'false' | '') => sent({ ...before, agreements: { ...filled, [name]: to } }, known).values;
        const now = String(yes) as 'true' | 'false';
        expect(change(now)).toEqual(filled[name] === now ? {} : { agreements: { [name]: yes } });
        expect(change('')).toEqual({});
      }),
      { seed: 24, numRuns: 300 },
    );
  });

  it('sends exactly the changed, added or removed attribute, with null for a removed one', () => {
    fc.assert(
      fc.property(account, fc.nat(), key, plainValue, (known, nth, added, value) => {
        const before = draftOf(EDIT, known);
        const all = before['attributes'] as readonly Row[];
        const had = own(known['attributes']);
        const is = (draft: readonly Row[]) => {
          const { values, unreadable } = sent({ ...before, attributes: draft }, known);
          expect(unreadable).toEqual({});
          return JSON.stringify(values);
        };
        const just = (name: string, one: Plain) =>
          JSON.stringify({ attributes: JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(one)}}`) as Plain });
        const [row] = rowsOf({ value });
        if (!Object.hasOwn(had, added)) expect(is([...all, { key: added, text: row?.text ?? '' }])).toBe(just(added, value));
        const picked = all[nth % Math.max(1, all.length)];
        if (!picked) return;
        const was = had[picked.key] as Plain;
        // A null attribute counts as removed already.
        expect(is(all.filter((one) => one !== picked)), 'removed').toBe(was === null ? '{}' : just(picked.key, null));
        if (JSON.stringify(was) !== JSON.stringify(value))
          expect(is(all.map((one) => (one === picked ? { ...one, text: row?.text ?? '' } : one))), 'changed').toBe(just(picked.key, value));
      }),
      { seed: 25, numRuns: 500 },
    );
  });

  it('sends an attribute with a renamed key as one removed and one added', () => {
    const known = { attributes: { a: 1, b: 2 } };
    expect(sent({ ...draftOf(EDIT, known), attributes: rows(['c', '1'], ['b', '2']) }, known).values).toEqual({
      attributes: { c: 1, a: null },
    });
  });

  it.each(['constructor', 'toString', '__proto__', 'valueOf'])('sends null for a removed attribute named %s', (name) => {
    const known = hostile(`{"attributes":{"${name}":"x"}}`);
    expect(JSON.stringify(sent({ ...draftOf(EDIT, known), attributes: [] }, known).values)).toBe(`{"attributes":{"${name}":null}}`);
  });

  it('sends nothing while unchanged even if fields have surrounding spaces', () => {
    const known = { email: ' ada@shop.example', phone: '+48 111 222 ', birthDate: '1990-12-31\n', avatarUrl: ' https://x.y' };
    expect(sent(draftOf(EDIT, known), known).values).toEqual({});
    expect(sent({ ...draftOf(EDIT, known), phone: '+48 111 222' }, known).values).toEqual({ phone: '+48 111 222' });
  });

  it('can be sent despite an attribute with an empty key', () => {
    const known = { city: 'x', attributes: { '': 'x', a: 1 } };
    expect(sent({ ...draftOf(EDIT, known), city: 'y' }, known)).toEqual({ values: { city: 'y' }, unreadable: {} });
  });

  it('allows editing one of more attributes than may be sent at once', () => {
    const known = { attributes: Object.fromEntries([...Array(200).keys()].map((n) => [`k${n}`, n])) };
    const draft = draftOf(EDIT, known);
    const attributes = (draft['attributes'] as readonly Row[]).map((row) => (row.key === 'k150' ? { ...row, text: 'new' } : row));
    const { values } = sent({ ...draft, attributes }, known);
    expect(values).toEqual({ attributes: { k150: 'new' } });
    expect(whatIsWrong('updateAccount', undefined, values)).toBeNull();
  });

  it('sends everything filled in when the known account is empty, as without an account', () => {
    const draft = { ...draftOf(EDIT), city: 'x', attributes: rows(['a', '1']) };
    expect(valuesOf(EDIT, draft).values).toEqual(sent(draft, {}).values);
  });
});

describe('a stored draft', () => {
  it.each(OPERATION_NAMES)('of %s contains everything except secrets', (operation) => {
    for (const dialect of DIALECTS) {
      const args = argsOf(operation, dialect);
      const draft = Object.fromEntries(args.map((arg) => [arg.name, draftOf([arg])[arg.name] as Filled]));
      const filled: Draft = { ...draft, ...Object.fromEntries(secretsOf(operation).map((name) => [name, 'zq-secret'])), more: 'x' };
      const kept = withoutSecretFields(args, filled);
      expect(Object.keys(kept).sort()).toEqual(
        args
          .map(({ name }) => name)
          .filter((name) => !secretsOf(operation).includes(name))
          .sort(),
      );
      expect(JSON.stringify(kept)).not.toContain('zq-secret');
    }
  });

  it.each<[string, Filled | null | undefined | number, boolean]>([
    ['city', 'x', true],
    ['city', true, false],
    ['city', [], false],
    ['city', 7, false],
    ['city', undefined, false],
    ['sex', 'MALE', true],
    ['sex', '', true],
    ['sex', 'male', false],
    ['agreements', { email: 'true' }, true],
    ['agreements', 'x', false],
    ['agreements', [], false],
    ['agreements', null, false],
    ['attributes', rows(['a', '1']), true],
    ['attributes', { email: 'true' }, false],
    ['attributes', 'x', false],
    ['more', 'x', false],
  ])('with %s as %j fits: %s', (name, value, fits) => {
    expect(fitting(EDIT, { [name]: value } as Draft)).toEqual(fits ? { [name]: value } : {});
  });

  it.each<[string, Filled, boolean]>([
    ['newsletterAgreement', true, true],
    ['newsletterAgreement', 'true', false],
    ['clientIdentityProvider', '', false],
    ['clientIdentityProvider', 'GOOGLE', true],
  ])('with %s as %j fits a form with that argument: %s', (name, value, fits) => {
    const args = [...argsOf('confirmEmailChange'), ...argsOf('deleteAccount')];
    expect(fitting(args, { [name]: value })).toEqual(fits ? { [name]: value } : {});
  });

  it('does not send agreements that are no longer in the catalog', () => {
    const kept = fitting(EDIT, { agreements: { email: 'true', fax: 'true' } });
    const { values } = valuesOf(EDIT, { ...draftOf(EDIT), ...kept });
    expect(whatIsWrong('updateAccount', undefined, values)).toBeNull();
    expect(values).toEqual({ agreements: { email: true } });
  });

  it('of any shape never throws when converted to values', () => {
    const filled = fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.dictionary(key, fc.constantFrom('', 'true', 'false')),
      fc.array(fc.record({ key, text })),
      fc.constantFrom(null, 7, undefined),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...EDIT.map(({ name }) => name), 'more', '__proto__'), filled), account, (kept, known) => {
        const draft = { ...draftOf(EDIT, known), ...fitting(EDIT, kept as Draft) };
        expect(() => valuesOf(EDIT, draft, known)).not.toThrow();
      }),
      { seed: 26, numRuns: 300 },
    );
  });
});
