import { describe, expect, it } from 'vitest';
import { CONDITIONS, ERROR_HINTS, errorHintsOf, type HintRule } from '@/lib/forms/error-hints';
import type { WireError } from '@/lib/page/wire';
import type { DialectName } from '@/lib/sdk/dialects/names';
import { ACCOUNT_OPERATION_NAMES, OPERATION_NAMES, OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import type { Plain } from '@/lib/sdk/plain-data';
import { moment } from '../fakes/make';

const wire = (code: WireError['code'], message = 'No.', detail: Plain = null): WireError => ({ code, message, detail });
const SIGNED_IN = moment({ identity: 'signed-in' });
const means = (operation: OperationName, dialect: DialectName | null, error: WireError, before = SIGNED_IN) =>
  errorHintsOf({ operation, before }, dialect, error);
const texts = (...given: Parameters<typeof means>) => means(...given).map(({ text }) => text);

/** An operation, dialect and error that match a rule, made from its own conditions. */
function about({ operations, dialects, codes, status, from, says }: HintRule): [OperationName, DialectName, WireError] {
  const message = says ? (/toObject/.test(says.source) ? 'context.toObject is not a function' : 'NETWORK_ERROR') : 'No.';
  return [operations?.[0] ?? 'getUUID', dialects?.[0] ?? 'ios', wire(codes?.[0] ?? status ?? from?.[0] ?? null, message)];
}

describe('every rule', () => {
  it.each(ERROR_HINTS.map((rule) => [rule.text, rule] as const))('applies: %s', (_text, rule) => {
    expect(texts(...about(rule))).toContain(rule.text);
  });

  it.each(
    ERROR_HINTS.flatMap((rule) => (rule.operations ?? []).map((operation) => [operation, rule.text, rule] as const)),
  )('applies to %s: %s', (operation, _text, rule) => {
    const [, dialect, error] = about(rule);
    expect(texts(operation, dialect, error)).toContain(rule.text);
  });

  it.each(
    ERROR_HINTS.flatMap((rule) => (rule.codes ?? []).map((code) => [code, rule.dialects?.[0] ?? 'ios', rule.text] as const)),
  )('applies to the code %i of %s: %s', (code, dialect, text) => {
    expect(texts('getUUID', dialect, wire(code))).toEqual([text]);
    expect(texts('getUUID', dialect, wire(String(code)))).toEqual([text]);
  });

  it('is a sentence with a source', () => {
    for (const { text, source } of ERROR_HINTS) {
      expect(text).toMatch(/^[A-Z].*\.$/);
      expect(source).toMatch(/\S/);
      expect(source).not.toMatch(/\.$/);
    }
  });
});

describe('the HTTP status', () => {
  const WRONG = 'Wrong old password.';
  it.each<[string, DialectName, WireError]>([
    ['as the code', 'react-native', wire(403)],
    ['as the code, in a string', 'flutter', wire('403')],
    ['as httpCode beside the SDK’s own code', 'ios', wire(-101, 'x', { httpCode: 403, errorBody: { status: 500 } })],
    ['in the body only', 'ios', wire(-1, 'x', { errorBody: { status: 403, message: 'Forbidden' } })],
    ['in Flutter’s details', 'flutter', wire(-1, 'HTTP_ERROR', { details: { status: 403 } })],
    ['as read from Android’s getters', 'android', wire(403, 'x', { httpCode: 403, status: 403, errorType: 'HTTP_ERROR' })],
    ['as the status of Android’s body', 'android', wire(-1, 'x', { httpCode: -1, status: 403 })],
    ['as a string in the body', 'ios', wire(null, 'x', { errorBody: { status: '403' } })],
  ])('is found %s (%s)', (_how, dialect, error) => {
    expect(texts('changePassword', dialect, error)[0]).toBe(WRONG);
  });

  it.each<[string, WireError]>([
    ['nothing', wire(null)],
    ['a success', wire(200)],
    ['a code above 599', wire(600)],
    ['a fraction', wire(403.5)],
    ['a list', wire(null, 'x', [403])],
    ['a string', wire(null, '403', '403')],
    ['an empty string', wire('', 'x', { status: '' })],
    ['a null', wire(null, 'x', { httpCode: null, errorBody: null, status: null })],
    ['a list in the body', wire(null, 'x', { errorBody: [403], status: [403, 403] })],
  ])('is not taken from %s', (_what, error) => {
    expect(texts('changePassword', 'react-native', error)).toEqual([]);
  });
});

describe('the most specific hint comes first', () => {
  const PERMISSION = 'SAUTH_CHANGE_PASSWORD_CLIENT_UPDATE';
  it.each<[string, OperationName, WireError, ReturnType<typeof moment>, RegExp[]]>([
    ['the old password, then the permission', 'changePassword', wire(403), SIGNED_IN, [/^Wrong old password/, /\(Client group\)/]],
    [
      'the permission named in the answer, then the old password',
      'changePassword',
      wire(403, `Missing ${PERMISSION}`),
      SIGNED_IN,
      [/named in the response/, /^Wrong old password/],
    ],
    [
      'the permission named deep in the answer',
      'changePassword',
      wire(403, 'Forbidden', { errorBody: { errors: [{ message: `needs ${PERMISSION}` }] } }),
      SIGNED_IN,
      [/named in the response/, /^Wrong old password/],
    ],
    ['that no customer is signed in', 'changePassword', wire(403), moment(), [/^Not signed in/, /^Wrong old password/, /Client group/]],
    [
      'that no customer is signed in, before the named permission',
      'deleteAccount',
      wire(403, 'Missing SAUTH_CLIENT_DELETE'),
      moment({ identity: 'simple-auth' }),
      [/^Not signed in/, /named in the response/, /^Wrong password or/],
    ],
    ['only the permission when nothing else applies', 'getAccount', wire(403), SIGNED_IN, [/Client group/]],
    ['no sign-in hint when the identity is unknown', 'getAccount', wire(403), moment({ identity: 'unknown' }), [/Client group/]],
    ['no sign-in hint when none is needed', 'requestPhoneUpdate', wire(403), moment(), [/PERSONAL_PHONE/]],
    ['no permission hint when none is documented', 'signIn', wire(403), moment(), []],
    [
      'a named permission of another operation is ignored',
      'getAccount',
      wire(403, 'Missing SAUTH_CLIENT_DELETE'),
      SIGNED_IN,
      [/READ \(Client group/],
    ],
    ['the operation’s hint instead of the status hint', 'signIn', wire(401), moment(), [/^Wrong email or password/]],
    ['the status hint', 'getAccount', wire(401), SIGNED_IN, [/^Token expired, missing/]],
    ['one general hint only', 'getUUID', wire(-105, 'NETWORK_ERROR'), moment(), [/^Network error/]],
    ['the token from the email', 'confirmPasswordReset', wire(403), moment(), [/^Invalid token or PIN/, /PASSWORD_RESET/]],
    ['no hint for an unknown status', 'getUUID', wire(418), moment(), []],
  ])('%s', (_what, operation, error, before, expected) => {
    const told = texts(operation, 'ios', error, before);
    expect(told).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(told[index]).toMatch(pattern);
  });

  it.each<[DialectName | null, number, RegExp | null]>([
    ['react-native', 100, /Native method missing/],
    ['react-native', 10, /No native error/],
    ['react-native', -1, /iOS: no error details/],
    ['flutter', -1, /Non-numeric native error code/],
    ['ios', -1, /never sent/],
    ['android', -1, /never sent/],
    ['ios', 100, null],
    ['flutter', 10, null],
    ['web', -1, null],
    [null, -1, null],
  ])('in %s the code %i gets that SDK’s hint', (dialect, code, expected) => {
    const told = texts('getAccount', dialect, wire(code));
    if (expected) expect(told).toEqual([expect.stringMatching(expected) as string]);
    else expect(told).toEqual([]);
  });

  it.each(OPERATION_NAMES)('%s: for every error, each hint is a sentence with a source and appears once', (operation) => {
    const codes = [...ERROR_HINTS.flatMap(({ codes = [] }) => codes), 400, 401, 403, 404, 409, 412, 500, 503];
    for (const dialect of ['react-native', 'flutter', 'ios', 'android', 'web', null] as const)
      for (const code of codes)
        for (const before of [SIGNED_IN, moment(), moment({ identity: 'unknown' })]) {
          const told = means(operation, dialect, wire(code), before);
          expect(new Set(told.map(({ text }) => text)).size).toBe(told.length);
          for (const { text, source } of told) {
            expect(text).toMatch(/^[A-Z].*\.$/);
            expect(source).not.toBe('');
          }
        }
  });

  it('has a hint for 401 and 403 of each account operation that needs a permission', () => {
    for (const operation of ACCOUNT_OPERATION_NAMES)
      for (const status of [401, 403])
        if (OPERATIONS[operation].account?.permission) expect(texts(operation, 'ios', wire(status)).length, operation).toBeGreaterThan(0);
  });
});

it('CONDITIONS has a sentence for each of the seven results of a conditional sign-in', () => {
  expect(Object.keys(CONDITIONS).sort()).toEqual([
    'ACTIVATION_REQUIRED',
    'APPROVAL_REQUIRED',
    'MFA_REQUIRED',
    'REGISTRATION_REQUIRED',
    'SUCCESS',
    'TERMS_ACCEPTANCE_REQUIRED',
    'UNAUTHORIZED',
  ]);
  for (const text of Object.values(CONDITIONS)) expect(text).toMatch(/^[A-Z].*\.$/);
});
