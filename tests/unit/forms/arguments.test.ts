import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argumentsOf, asked, isEmpty, MAX_JWT, MAX_TEXT, secretsOf, whatIsWrong, wrongWords } from '@/lib/forms/arguments';
import { given, placeOf, type Values } from '@/lib/page/call-arguments';
import { tableOf } from '@/lib/sdk/dialects';
import type { Binding } from '@/lib/sdk/dialects/dialect';
import type { DialectName } from '@/lib/sdk/dialects/names';
import type { Argument, ArgumentValues, Format } from '@/lib/sdk/operation';
import { OPERATION_NAMES, OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import type { Plain } from '@/lib/sdk/plain-data';
import { lastOutcome } from '@/lib/session/run';
import { activityOf, client, jwt, page, sample, T0, tokenReport, wireToken } from '../fakes/make';
import { sends, story } from '../fakes/story';

type Native = Extract<Binding, { kind: 'native' }>;
type Fields = Record<string, unknown>;
const DIALECTS: readonly Exclude<DialectName, 'web' | 'in-app'>[] = ['react-native', 'flutter', 'ios', 'android'];
const bindingOf = (dialect: DialectName, operation: OperationName) => tableOf(dialect)?.bindings[operation];
const ROWS = DIALECTS.flatMap((dialect) =>
  OPERATION_NAMES.flatMap((operation) => {
    const binding = bindingOf(dialect, operation);
    return binding?.kind === 'native' ? [{ dialect, operation, binding }] : [];
  }),
);
const as = (values: Fields) => values as ArgumentValues;
const wrongOf = (operation: OperationName, values: Fields, dialect: DialectName = 'react-native') =>
  whatIsWrong(operation, bindingOf(dialect, operation), as(values));
/** A session that shows one client of this dialect. */
const shown = (dialect: DialectName) => {
  const made = story();
  made.says(T0, [page([client({ dialect })]), sample('uuid-1'), tokenReport(wireToken(T0 + 600_000))]);
  return made;
};

const UUID = '07243772-008a-42e1-ba37-c3807cebde8f';
const JWT = jwt({ sub: 'a' });
const GOOD: Readonly<Record<Format, readonly string[]>> = {
  uuid: [UUID, UUID.toUpperCase(), '00000000-0000-0000-0000-000000000000'],
  jwt: [JWT, jwt({ exp: 1 }, { alg: 'none' }), `${JWT.split('.').slice(0, 2).join('.')}.`],
  email: [
    'ada@shop.example',
    'a@b',
    'a+b.c@d.e-f.example',
    'żółć@sklep.example',
    '用户@例子.公司',
    "o'brien@x.ie",
    `${'a'.repeat(64)}@b.c`,
  ],
  phone: ['+48111222333', '+48 111 222 333', '12345', '(022) 111-22.33', '0048 111'],
  date: ['1990-12-31', '2000-02-29', '1996-02-29', '0001-01-01', '9999-12-31'],
  url: ['https://shop.example/a.png', 'http://localhost:3000', 'https://x.y/ż?q=ó#f', 'https://[::1]/'],
};
const BAD: Readonly<Record<Format, readonly string[]>> = {
  uuid: ['x', UUID.slice(1), `${UUID} `, UUID.replaceAll('-', ''), `{${UUID}}`, 'g7243772-008a-42e1-ba37-c3807cebde8f'],
  jwt: ['x', 'a.b', 'a.b.c', `${JWT}.x`, JWT.split('.').slice(0, 2).join('.'), jwt('no json'), `e30.${btoa('[1]')}.x`],
  email: ['x', '@', 'a@', '@b', 'a b@c.d', 'a@b c', 'a@b@c', ' a@b.c', 'a@b.c ', 'a@b.c\n', `${'a'.repeat(65)}@b.c`, '"a"@b.c'],
  phone: ['x', '1234', '+', '()', '+48 abc 111 222', '+48+111222', '111 222 333 ext. 4', '-----'],
  date: ['1999-02-30', '1900-02-29', '1990-13-01', '1990-00-10', '1990-1-1', '31.12.1990', '1990-12-31T00:00', ' 1990-12-31', '19901231'],
  url: [
    'x',
    'shop.example',
    '/a.png',
    'ftp://x.y',
    'javascript:alert(1)',
    'data:,x',
    'https://',
    'http:///',
    ' https://x.y',
    'https://a b',
  ],
};
/** An operation and argument name for each format. */
const ASKS: Readonly<Record<Format, readonly [OperationName, string, Fields]>> = {
  uuid: ['updateAccount', 'uuid', {}],
  jwt: ['setAccessToken', 'token', {}],
  email: ['requestPasswordReset', 'email', {}],
  phone: ['requestPhoneUpdate', 'phone', {}],
  date: ['updateAccount', 'birthDate', {}],
  url: ['updateAccount', 'avatarUrl', {}],
};
const FORMATS = Object.keys(ASKS) as Format[];

describe('a format', () => {
  it.each(FORMATS.flatMap((format) => GOOD[format].map((text) => [format, text] as const)))('accepts as %s: %j', (format, text) => {
    const [operation, name] = ASKS[format];
    expect(whatIsWrong(operation, undefined, { [name]: text })).toBeNull();
  });

  it.each(FORMATS.flatMap((format) => BAD[format].map((text) => [format, text] as const)))('rejects as %s: %j', (format, text) => {
    const [operation, name] = ASKS[format];
    expect(whatIsWrong(operation, undefined, { [name]: text })).toEqual({ [name]: expect.stringMatching(/^must be an? /) as string });
  });

  it('of a JWT needs a readable header too', () => {
    const [, payload, signature] = JWT.split('.');
    expect(whatIsWrong('setAccessToken', undefined, { token: `!!.${payload}.${signature}` })).not.toBeNull();
  });

  it('of a URL needs https:// or http://', () => {
    expect(wrongOf('updateAccount', { avatarUrl: 'https:shop.example' })).not.toBeNull();
    expect(wrongOf('updateAccount', { avatarUrl: 'HTTPS://shop.example' })).toBeNull();
  });
});

describe('each kind of argument', () => {
  const keys = (count: number) => Object.fromEntries([...Array(count).keys()].map((n) => [`k${n}`, n]));
  const nested = (depth: number): unknown => (depth ? { a: nested(depth - 1) } : 'end');
  const rows: readonly (readonly [string, OperationName, Fields, Record<string, string> | null])[] = [
    ['a missing required text', 'signIn', { email: 'a@b.c' }, { password: 'is missing' }],
    ['an empty required text', 'signIn', { email: '', password: '' }, { email: 'is missing', password: 'is missing' }],
    ['a null required text', 'signIn', { email: 'a@b.c', password: null }, { password: 'is missing' }],
    ['a required text that is a number', 'signIn', { email: 'a@b.c', password: 7 }, { password: 'is missing' }],
    ['a space, which is a valid password', 'signIn', { email: 'a@b.c', password: ' ' }, null],
    ['the longest text', 'signIn', { email: 'a@b.c', password: 'p'.repeat(MAX_TEXT) }, null],
    [
      'a text that is one character too long',
      'signIn',
      { email: 'a@b.c', password: 'p'.repeat(MAX_TEXT + 1) },
      { password: `is longer than ${MAX_TEXT} characters` },
    ],
    ['an empty optional text', 'updateAccount', { city: '' }, { city: 'is empty', '': expect.any(String) as string }],
    ['an empty optional text with a format', 'updateAccount', { email: '', city: 'x' }, { email: 'is empty' }],
    ['a null that resets', 'updateAccount', { city: null, sex: null, agreements: null, attributes: null, birthDate: null }, null],
    [
      'a null for a field that cannot be reset',
      'recognizeAnonymous',
      { email: null, customIdentify: 'x' },
      { email: expect.any(String) as string },
    ],
    ['a choice', 'updateAccount', { sex: 'FEMALE' }, null],
    ['an unknown choice', 'updateAccount', { sex: 'female' }, { sex: 'must be one of the options' }],
    ['a member of Object as a choice', 'updateAccount', { sex: 'constructor' }, { sex: 'must be one of the options' }],
    ['a missing required choice', 'authenticate', { token: 't' }, { clientIdentityProvider: 'must be one of the options' }],
    ['a flag', 'confirmEmailChange', { token: 't', newsletterAgreement: false }, null],
    ['a missing flag', 'confirmEmailChange', { token: 't' }, { newsletterAgreement: 'must be yes or no' }],
    [
      'a flag as a string',
      'confirmEmailChange',
      { token: 't', newsletterAgreement: 'false' },
      { newsletterAgreement: 'must be yes or no' },
    ],
    ['agreements', 'updateAccount', { agreements: { email: true, wifi: false } }, null],
    ['an unknown agreement', 'updateAccount', { agreements: { fax: true } }, { agreements: 'has an unknown key' }],
    ['a map', 'updateAccount', { attributes: { a: 1, b: null, c: [1, { d: true }], 'ż ó': '' } }, null],
    ['an empty key', 'updateAccount', { attributes: { '': 1 } }, { attributes: 'has an empty key' }],
    ['the longest key', 'updateAccount', { attributes: { ['k'.repeat(200)]: 1 } }, null],
    [
      'a key that is one character too long',
      'updateAccount',
      { attributes: { ['k'.repeat(201)]: 1 } },
      { attributes: 'has a key that is too long' },
    ],
    ['100 keys', 'updateAccount', { attributes: keys(100) }, null],
    ['101 keys', 'updateAccount', { attributes: keys(101) }, { attributes: 'has more than 100 keys' }],
    ['the deepest map', 'updateAccount', { attributes: nested(5) }, null],
    [
      'a map that is one level too deep',
      'updateAccount',
      { attributes: nested(6) },
      { attributes: expect.stringMatching(/^has a value/) as string },
    ],
    ['an empty list', 'updateAccount', { attributes: { a: [] } }, null],
    ...[undefined, () => 1, Number.NaN, Number.POSITIVE_INFINITY, 7n, Symbol('s')].map(
      (value) =>
        [
          `${String(value)} in a map`,
          'updateAccount',
          { attributes: { a: { b: [value] } } },
          { attributes: expect.stringMatching(/^has a value/) as string },
        ] as const,
    ),
    ['a field that is not in the catalog', 'updateAccount', { city: 'x', more: () => 1 }, null],
  ];
  it.each(rows)('%s', (_what, operation, values, expected) => {
    expect(wrongOf(operation, values)).toEqual(expected);
  });

  it.each<[boolean | undefined | null, boolean]>([
    [true, true],
    [false, true],
    [undefined, true],
    [null, false],
  ])('an SMS agreement of %s, which is a tristate on Android', (smsAgreement, fits) => {
    const values = { phone: '12345', confirmationCode: 'c', ...(smsAgreement !== undefined && { smsAgreement }) };
    expect(wrongOf('confirmPhoneUpdate', values, 'android') === null).toBe(fits);
    expect(wrongOf('confirmPhoneUpdate', values, 'ios') === null).toBe(smsAgreement === true || smsAgreement === false);
  });

  it('a JWT may be longer than another text', () => {
    const long = jwt({ x: 'x'.repeat(20_000) });
    expect(whatIsWrong('setAccessToken', undefined, { token: long })).toBeNull();
    const longest = jwt({ x: 'x'.repeat(MAX_JWT) });
    expect(whatIsWrong('setAccessToken', undefined, { token: longest })).toEqual({ token: `is longer than ${MAX_JWT} characters` });
  });

  it.each([
    ['agreements', { email: 'yes' }],
    ['agreements', 'x'],
    ['attributes', 'x'],
    ['attributes', [1]],
    ['sex', 7],
  ])('describes in a sentence what is wrong with %s as %j', (name, value) => {
    const words = wrongWords('updateAccount', wrongOf('updateAccount', { [name]: value }) ?? {});
    expect(words).toMatch(/^[A-Z]\w+ (is|has|must be) [^A-Z]+\.$/);
  });
});

describe('the arguments of an SDK', () => {
  it.each<[DialectName, OperationName, string[]]>([
    ['flutter', 'updateAccount', ['displayName', 'birthDate', 'avatarUrl']],
    ['ios', 'updateAccount', []],
    ['react-native', 'registerAccount', ['uuid', 'displayName', 'birthDate', 'avatarUrl']],
    ['ios', 'registerAccount', ['uuid', 'displayName', 'birthDate', 'avatarUrl']],
    ['android', 'registerAccount', ['displayName', 'birthDate', 'avatarUrl']],
  ])('%s %s has all fields except %j', (dialect, operation, without) => {
    const all = ['email', 'customId', 'uuid', 'firstName', 'displayName', 'birthDate', 'avatarUrl', 'zipCode', 'agreements', 'attributes'];
    const names = argumentsOf(operation, bindingOf(dialect, operation)).map(({ name }) => name);
    expect(all.filter((name) => !names.includes(name))).toEqual(without);
  });

  it.each<[DialectName, boolean]>([
    ['react-native', false],
    ['flutter', true],
    ['ios', true],
    ['android', true],
  ])('%s: Simple Authentication needs an auth ID: %s', (dialect, needed) => {
    expect(wrongOf('simpleAuthentication', { email: 'a@b.c' }, dialect)).toEqual(needed ? { authID: 'is missing' } : null);
  });

  it('Flutter needs the password for an email change, while others accept either', () => {
    const values = { email: 'a@b.c', externalToken: 'x' };
    expect(DIALECTS.filter((dialect) => wrongOf('requestEmailChange', values, dialect) !== null)).toEqual(['flutter']);
  });

  it('salt and namespace are requested only for recipes that use them', () => {
    const args = argumentsOf('regenerateUUIDWithClientIdentifier', bindingOf('web', 'regenerateUUIDWithClientIdentifier'));
    const names = (recipe: string) => asked(args, { recipe }).map(({ name }) => name);
    expect([names('docs'), names('sylius'), names('custom')]).toEqual([
      ['clientIdentifier', 'recipe', 'salt'],
      ['clientIdentifier', 'recipe'],
      ['clientIdentifier', 'recipe', 'salt', 'namespace'],
    ]);
  });
});

describe('at least one field', () => {
  it.each<[OperationName, Fields, boolean]>([
    ['updateAccount', {}, false],
    ['updateAccount', { agreements: {}, attributes: {} }, false],
    ['updateAccount', { city: null }, true],
    ['updateAccount', { attributes: { a: null } }, true],
    ['updateAccount', { more: 'x' }, false],
    ['updateAccountBasicInformation', {}, false],
    ['updateAccountBasicInformation', { email: 'a@b.c' }, false],
    ['recognizeAnonymous', {}, false],
    ['recognizeAnonymous', { parameters: {} }, false],
    ['recognizeAnonymous', { parameters: { a: 1 } }, true],
    ['requestEmailChange', { email: 'a@b.c' }, false],
    ['requestEmailChange', { email: 'a@b.c', authID: 'x' }, false],
    ['requestEmailChange', { email: 'a@b.c', externalToken: 'x' }, true],
  ])('of %s: %j', (operation, values, fits) => {
    const wrong = wrongOf(operation, values);
    expect(wrong).toEqual(fits ? null : { '': OPERATIONS[operation].account?.needsOne?.otherwise });
    if (wrong) expect(wrongWords(operation, wrong)).toBe(OPERATIONS[operation].account?.needsOne?.otherwise);
  });

  it('must be one that the SDK accepts', () => {
    expect(wrongOf('updateAccount', { displayName: 'x' }, 'flutter')).not.toBeNull();
    expect(wrongOf('updateAccount', { displayName: 'x' }, 'ios')).toBeNull();
  });

  it.each([
    [undefined, true],
    ['', true],
    [{}, true],
    [null, false],
    [false, false],
    ['x', false],
    [{ a: null }, false],
  ])('%j counts as empty: %s', (value, nothing) => {
    expect(isEmpty(value)).toBe(nothing);
  });
});

describe('wrongWords', () => {
  it.each<[OperationName, Record<string, string>, string]>([
    ['signIn', { password: 'is missing' }, 'Password is missing.'],
    ['signIn', { email: 'is missing', password: 'is missing' }, 'Email is missing.'],
    ['changePassword', { newPassword: 'is missing' }, 'New password is missing.'],
    ['destroySession', { uuid: 'is missing' }, 'UUID is missing.'],
    ['signIn', { more: 'is odd' }, 'more is odd.'],
    ['updateAccount', { '': 'Nothing to send. Change a field first.' }, 'Nothing to send. Change a field first.'],
  ])('%s: %j', (operation, wrong, words) => {
    expect(wrongWords(operation, wrong)).toBe(words);
  });
});

it('secretsOf returns the secret arguments only', () => {
  expect(secretsOf('changePassword')).toEqual(['oldPassword', 'newPassword']);
  expect(secretsOf('requestEmailChange')).toEqual(['password', 'externalToken']);
  expect(secretsOf('setAccessToken')).toEqual(['token']);
  expect(secretsOf('updateAccount')).toEqual([]);
});

// --- properties ----------------------------------------------------------------------------------------------------

const text = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' });
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    text,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** A valid value of an argument according to the catalog; `undefined` means left out. */
function fitting(arg: Argument): fc.Arbitrary<unknown> {
  const base = ((): fc.Arbitrary<unknown> => {
    switch (arg.type) {
      case 'text':
        return arg.format ? fc.constantFrom(...GOOD[arg.format]) : text;
      case 'choice':
        return fc.constantFrom(...arg.options);
      case 'flag':
        return fc.boolean();
      case 'tristate':
        return fc.constantFrom(true, false, undefined);
      case 'tristates':
        return fc.record(Object.fromEntries(arg.of.map((name) => [name, fc.boolean()])), { requiredKeys: [] });
      case 'list':
        return fc.array(text, { maxLength: 3 });
      case 'map':
        return fc.dictionary(text, json, { maxKeys: 4 });
    }
  })();
  const mayMiss = arg.type === 'choice' ? arg.optional === true : arg.type !== 'flag' && !('required' in arg && arg.required);
  return fc.oneof(
    { arbitrary: base, weight: 4 },
    ...(mayMiss ? [{ arbitrary: fc.constant(undefined), weight: 1 }] : []),
    ...(arg.resets ? [{ arbitrary: fc.constant(null), weight: 1 }] : []),
  );
}

/** An invalid value of an argument. */
function misfit(arg: Argument): fc.Arbitrary<unknown> {
  switch (arg.type) {
    case 'text':
      return fc.oneof(
        fc.constantFrom('', 7, true, ['x'], 'x'.repeat(MAX_JWT + 1)),
        ...(arg.format ? [fc.constantFrom(...BAD[arg.format])] : []),
      );
    case 'choice':
      return fc.constantFrom('', 'toString', 7, {}, true, ...(arg.optional ? [] : [undefined]));
    case 'flag':
      return fc.constantFrom('true', 1, null, undefined, {});
    case 'tristate':
      return fc.constantFrom('true', 1, null, {});
    case 'tristates':
      return fc.constantFrom('x', { fax: true }, { email: 'yes' }, { email: null }, true);
    case 'list':
      return fc.constantFrom('x', [''], [7], [null], {}, true);
    case 'map':
      return fc.constantFrom('x', { '': 1 }, { a: () => 1 }, { a: undefined }, { a: Number.NaN }, { a: 1n }, [1], true);
  }
}

const valuesFor = (args: readonly Argument[]) =>
  fc
    .record(Object.fromEntries(args.map((arg) => [arg.name, fitting(arg)])))
    .map((values): Fields => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)));

/** The value at the position returned by `placeOf`. */
const at = (args: readonly unknown[], named: Fields, place: string): unknown =>
  place.split('.').reduce<unknown>((holder, key) => (holder as Fields)[key], [...args, named]);
/** All passed values, with the members of a context listed individually. */
const allOf = ({ args: passed, named: beside = {} }: Native, args: readonly unknown[], named: Fields): unknown[] => {
  const parts = (isContext: boolean, value: unknown) => (isContext && value !== null ? Object.values(value as Fields) : [value]);
  return [
    ...passed.flatMap((one, index) => parts(typeof one !== 'string', args[index])),
    ...Object.entries(named).flatMap(([key, value]) => parts(typeof beside[key] !== 'string', value)),
  ].filter((value) => value !== null && value !== undefined);
};

describe('valid values', () => {
  it.each(ROWS)('$dialect $operation: are accepted, sent unchanged, and passed in the right position', ({
    dialect,
    operation,
    binding,
  }) => {
    const args = argumentsOf(operation, binding);
    const { needsOne } = OPERATIONS[operation].account ?? {};
    fc.assert(
      fc.property(valuesFor(args), (values) => {
        if (needsOne && !needsOne.of.some((name) => !isEmpty(as(values)[name]))) return;
        expect(whatIsWrong(operation, binding, as(values))).toBeNull();
        const made = shown(dialect);
        const { effects } = made.run('op-1', T0 + 1, operation, as(values), true);
        const [command] = sends(effects);
        expect(command).toMatchObject({ kind: 'run', id: 'op-1', operation, deadline: 10_000 });
        const sent = command?.kind === 'run' ? command.args : {};
        expect(sent).toEqual(values);
        expect(command?.kind === 'run' ? (command.secrets ?? []) : []).toEqual(secretsOf(operation));
        const passed = given(binding, sent as Values);
        for (const [name, value] of Object.entries(values)) {
          const place = placeOf(binding, name);
          expect(place, name).toBeDefined();
          expect(at(passed.args, passed.named, place ?? ''), name).toBe(value);
        }
        // Each value is passed once, and nothing else is.
        const held = Object.values(values).filter((value) => value !== null);
        const blank = Object.values(binding.blank ?? {});
        const stands = allOf(binding, passed.args, passed.named).filter((value) => !blank.includes(value as Plain));
        expect(stands).toHaveLength(held.length);
        expect(new Set(stands)).toEqual(new Set(held));
      }),
      { seed: 11, numRuns: 12 },
    );
  });
});

describe('invalid values', () => {
  const rows = ROWS.filter(({ operation, binding }) => argumentsOf(operation, binding).length > 0);
  it.each(rows)('$dialect $operation: never reach the page', ({ dialect, operation, binding }) => {
    const args = argumentsOf(operation, binding);
    const one = fc.constantFrom(...args).chain((arg) => fc.tuple(fc.constant(arg.name), misfit(arg), valuesFor(args)));
    fc.assert(
      fc.property(one, ([name, value, rest]) => {
        const values = { ...rest, [name]: value };
        const wrong = whatIsWrong(operation, binding, as(values));
        expect(Object.keys(wrong ?? {})).toContain(name);
        const made = shown(dialect);
        const { effects, session } = made.run('op-1', T0 + 1, operation, as(values), true);
        expect(effects).toEqual([
          { type: 'refuse', id: 'op-1', problem: { kind: 'sdk', code: 'wrong-arguments', message: wrongWords(operation, wrong ?? {}) } },
        ]);
        expect([activityOf(session), lastOutcome(session.runs), session.runs.ended]).toEqual(['idle', null, []]);
      }),
      { seed: 12, numRuns: 12 },
    );
  });
});
