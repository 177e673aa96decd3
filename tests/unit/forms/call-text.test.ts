import { describe, expect, it } from 'vitest';
import { argumentsOf, secretsOf } from '@/lib/forms/arguments';
import { callText, VEIL } from '@/lib/forms/call-text';
import { tableOf } from '@/lib/sdk/dialects';
import type { Binding } from '@/lib/sdk/dialects/dialect';
import type { DialectName } from '@/lib/sdk/dialects/names';
import type { ArgumentValues } from '@/lib/sdk/operation';
import { OPERATION_NAMES, OPERATIONS, type OperationName } from '@/lib/sdk/operations';

const PLACES: Readonly<Record<Exclude<DialectName, 'web' | 'in-app'>, string>> = {
  'react-native': 'Synerise.Client',
  flutter: 'Synerise.client',
  ios: 'Client',
  android: 'Client',
};
type Native = keyof typeof PLACES;
const DIALECTS = Object.keys(PLACES) as Native[];
const bindingOf = (dialect: Native, operation: OperationName) =>
  tableOf(dialect)?.bindings[operation] as Extract<Binding, { kind: 'native' }>;
/** The call preview as shown in the form. */
const preview = (dialect: Native, operation: OperationName, values: ArgumentValues) => {
  const binding = bindingOf(dialect, operation);
  const open = argumentsOf(operation, binding).flatMap((arg) => (arg.type === 'text' && arg.required ? [arg.name] : []));
  return callText(binding, PLACES[dialect], values, { secrets: secretsOf(operation), open });
};

describe('a preview', () => {
  it.each<[Native, OperationName, ArgumentValues, string]>([
    ['react-native', 'getAccount', {}, 'Synerise.Client.getAccount(onSuccess, onError)'],
    ['flutter', 'getAccount', {}, 'Synerise.client.getAccount({ onSuccess, onError })'],
    ['ios', 'getAccount', {}, 'Client.getAccount(onSuccess, onError)'],
    ['android', 'getAccount', {}, 'Client.getAccount().execute(onSuccess, onFailure)'],
    ['react-native', 'isSignedIn', {}, 'Synerise.Client.isSignedIn()'],
    ['react-native', 'recognizeAnonymous', { parameters: { a: 1 } }, 'Synerise.Client.recognizeAnonymous(null, null, { a: 1 })'],
    [
      'react-native',
      'changePassword',
      { oldPassword: 'a', newPassword: 'b' },
      `Synerise.Client.changePassword("${VEIL}" /* oldPassword */, "${VEIL}" /* newPassword */, onSuccess, onError)`,
    ],
    ['ios', 'changePassword', { newPassword: 'b' }, `Client.changePassword("${VEIL}" /* newPassword */, …, onSuccess, onError)`],
    [
      'flutter',
      'confirmPasswordReset',
      { password: 'p' },
      `Synerise.client.confirmPasswordReset(…, "${VEIL}" /* password */, { onSuccess, onError })`,
    ],
    [
      'ios',
      'confirmPasswordReset',
      { token: 't' },
      `Client.confirmResetPassword({ password: …, token: "${VEIL}" /* token */ }, onSuccess, onError)`,
    ],
    [
      'flutter',
      'requestEmailChange',
      { email: 'a@b.c', password: 'p', externalToken: 'x', authID: 'i' },
      `Synerise.client.requestEmailChange("a@b.c", "${VEIL}" /* password */, { externalToken: "${VEIL}" /* externalToken */, authID: "i", onSuccess, onError })`,
    ],
    ['flutter', 'requestEmailChange', { email: 'a@b.c' }, 'Synerise.client.requestEmailChange("a@b.c", …, { onSuccess, onError })'],
    [
      'react-native',
      'requestEmailChange',
      { email: 'a@b.c' },
      'Synerise.Client.requestEmailChange("a@b.c", null, null, null, onSuccess, onError)',
    ],
    [
      'flutter',
      'updateAccount',
      { zipCode: '00-001', city: null },
      'Synerise.client.updateAccount({ zipcode: "00-001", city: null }, { onSuccess, onError })',
    ],
    ['android', 'updateAccount', { phone: '1' }, 'Client.updateAccount({ phoneNumber: "1" }).execute(onSuccess, onFailure)'],
    ['android', 'updateAccount', {}, 'Client.updateAccount({}).execute(onSuccess, onFailure)'],
    [
      'react-native',
      'updateAccount',
      { agreements: { email: true }, attributes: { list: [1, null, 'x'], 'a b': { c: false } } },
      'Synerise.Client.updateAccount({ agreements: { email: true }, attributes: { list: [1, null, "x"], "a b": { c: false } } }, onSuccess, onError)',
    ],
    ['react-native', 'confirmAccountActivation', {}, 'Synerise.Client.confirmAccountActivation(…, onSuccess, onError)'],
    [
      'flutter',
      'authenticateConditionally',
      { clientIdentityProvider: 'OAUTH', token: 't', authID: 'i', agreements: { sms: false } },
      `Synerise.client.authenticateConditionally("OAUTH", "${VEIL}" /* token */, { clientAuthContext: { agreements: { sms: false } }, authID: "i", onSuccess, onError })`,
    ],
    [
      'android',
      'deleteAccount',
      { clientAuthFactor: 'p', clientIdentityProvider: 'SYNERISE' },
      `Client.deleteAccount("${VEIL}" /* clientAuthFactor */, "SYNERISE", null).execute(onSuccess, onFailure)`,
    ],
  ])('%s %s of %j', (dialect, operation, values, text) => {
    expect(preview(dialect, operation, values)).toBe(text);
  });

  it.each(OPERATION_NAMES)('of %s shows no secret in any dialect, and marks missing required arguments', (operation) => {
    for (const dialect of DIALECTS) {
      if (bindingOf(dialect, operation)?.kind !== 'native') continue;
      const secrets = secretsOf(operation);
      const values = Object.fromEntries(secrets.map((name) => [name, 'zq-secret']));
      const text = preview(dialect, operation, values);
      expect(text).not.toContain('zq');
      expect(text.split(VEIL)).toHaveLength(secrets.length + 1);
      const open = argumentsOf(operation, bindingOf(dialect, operation)).filter(
        (arg) => arg.type === 'text' && arg.required && !secrets.includes(arg.name),
      );
      expect(text.split('…')).toHaveLength(open.length + 1);
    }
    expect(OPERATIONS[operation].label).not.toBe('');
  });

  const literals = (attributes: Record<string, unknown>) => preview('react-native', 'updateAccount', { attributes } as ArgumentValues);
  it.each<[string, unknown]>([
    ['quotes and line ends', 'say "x"\n\\'],
    ['the placeholder of a missing argument', '…'],
    ['a key that starts with a digit', { '1a': 1 }],
    ['a number as a key', { 7: 1 }],
    ['a key in another script', { ż: 1 }],
    ['an empty key', { '': 1 }],
    ['an empty object', {}],
    ['an empty array', []],
  ])('prints a value as JavaScript: %s', (_what, value) => {
    const text = literals({ a: value });
    const args = text.slice(text.indexOf('(') + 1, text.indexOf(', onSuccess'));
    const read = new Function(`return (${args})`) as () => unknown;
    expect(read()).toEqual({ attributes: { a: value } });
  });
});
