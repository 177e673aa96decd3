import { TABLES } from '@/lib/sdk/dialects';
import type { DialectName } from '@/lib/sdk/dialects/names';
import { ACCOUNT_OPERATION_NAMES, type AccountOperationName } from '@/lib/sdk/operations';

/** The dialects whose SDKs support accounts. */
export const NATIVE_DIALECTS = ['react-native', 'flutter', 'ios', 'android'] as const satisfies readonly DialectName[];
export type NativeDialect = (typeof NATIVE_DIALECTS)[number];

/** One cell of the matrix of dialects and account operations: the verdict when a user runs the operation in the panel. */
export interface AccountCell {
  readonly operation: AccountOperationName;
  readonly dialect: DialectName;
  /** `unavailable`: the button is shown, but disabled with a reason. */
  readonly verdict: 'done' | 'unavailable';
}

const isUnavailable = (operation: AccountOperationName, dialect: DialectName) =>
  dialect === 'web' || (dialect === 'flutter' && operation === 'recognizeAnonymous');

/** account-life.test.ts runs all of them. */
export const ACCOUNT_CELLS: readonly AccountCell[] = TABLES.flatMap(({ name: dialect }) =>
  ACCOUNT_OPERATION_NAMES.map((operation) => ({
    operation,
    dialect,
    verdict: isUnavailable(operation, dialect) ? ('unavailable' as const) : ('done' as const),
  })),
);

export type Value = string | boolean | null | { readonly [key: string]: unknown };
/** An operation's arguments by canonical name; `null` resets a value. */
export type Given = Readonly<Record<string, Value | undefined>>;

/** What to enter in the form to get these arguments. */
export function typed(given: Given): Record<string, string | boolean> {
  const inputs = Object.entries(given).flatMap(([name, value]): [string, string | boolean][] => {
    if (value === undefined) return [];
    if (value === null) return [[name, '']];
    if (typeof value !== 'object') return [[name, value]];
    return Object.entries(value).map(([key, one]) => [`${name}.${key}`, typeof one === 'string' ? one : JSON.stringify(one)]);
  });
  return Object.fromEntries(inputs);
}

/** The SDK method to call and its arguments, without the callbacks. */
export type Call = readonly [method: string, args: readonly unknown[]];
type Maker = (given: Given) => Call;

const all = (make: Maker): Record<NativeDialect, Maker> => ({ 'react-native': make, flutter: make, ios: make, android: make });
/** Positional arguments: a missing one is `null`. */
const positional = (method: string, ...names: string[]): Maker => {
  return (given) => [method, names.map((name) => given[name] ?? null)];
};
const renamed = (given: Given, names: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [names[name] ?? name, value]));
const only = (given: Given, ...names: string[]) =>
  Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));

const LOWER_CASE = { zipCode: 'zipcode', countryCode: 'countrycode' };
const PHONE_NUMBER = { phone: 'phoneNumber' };
/** One context object with all arguments, spelled the way each SDK does. */
const context = (method: string): Record<NativeDialect, Maker> => ({
  ...all((given) => [method, [given]]),
  flutter: (given) => [method, [renamed(given, LOWER_CASE)]],
  android: (given) => [method, [renamed(given, PHONE_NUMBER)]],
});
const authenticate = (method: string): Record<NativeDialect, Maker> => ({
  'react-native': (given) => [method, [given['token'], given['clientIdentityProvider'], only(given, 'authID', 'agreements', 'attributes')]],
  ios: (given) => [
    method,
    [given['token'], given['clientIdentityProvider'], given['authID'] ?? null, only(given, 'agreements', 'attributes')],
  ],
  android: positional(method, 'token', 'clientIdentityProvider', 'agreements', 'attributes', 'authID'),
  flutter: (given) =>
    method === 'authenticate'
      ? [
          method,
          [
            renamed(only(given, 'authID', 'agreements', 'attributes'), { authID: 'authId' }),
            given['clientIdentityProvider'],
            given['token'],
          ],
        ]
      : [
          method,
          [
            given['clientIdentityProvider'],
            given['token'],
            { clientAuthContext: only(given, 'agreements', 'attributes'), ...only(given, 'authID') },
          ],
        ],
});

/** How each SDK is called, taken from the SDK notes (§1.2) and deliberately not from the product's tables. */
export const CALLS: Readonly<Record<AccountOperationName, Readonly<Record<NativeDialect, Maker>>>> = {
  getAccount: all(positional('getAccount')),
  updateAccount: context('updateAccount'),
  updateAccountBasicInformation: context('updateAccountBasicInformation'),
  recognizeAnonymous: all(positional('recognizeAnonymous', 'email', 'customIdentify', 'parameters')),
  signIn: all(positional('signIn', 'email', 'password')),
  signInConditionally: all(positional('signInConditionally', 'email', 'password')),
  authenticate: authenticate('authenticate'),
  authenticateConditionally: authenticate('authenticateConditionally'),
  simpleAuthentication: {
    ...all(({ authID, ...data }) => ['simpleAuthentication', [data, authID]]),
    android: ({ authID, ...data }) => ['simpleAuthentication', [renamed(data, PHONE_NUMBER), authID]],
  },
  isSignedIn: all(positional('isSignedIn')),
  isSignedInViaSimpleAuthentication: all(positional('isSignedInViaSimpleAuthentication')),
  registerAccount: { ...context('registerAccount'), android: (given) => ['registerAccount', [given]] },
  requestAccountActivation: all(positional('requestAccountActivation', 'email')),
  confirmAccountActivation: all(positional('confirmAccountActivation', 'token')),
  requestAccountActivationByPin: all(positional('requestAccountActivationByPin', 'email')),
  confirmAccountActivationByPin: {
    ...all(positional('confirmAccountActivationByPin', 'pinCode', 'email')),
    flutter: positional('confirmAccountActivationByPin', 'email', 'pinCode'),
  },
  changePassword: {
    ...all(positional('changePassword', 'oldPassword', 'newPassword')),
    ios: positional('changePassword', 'newPassword', 'oldPassword'),
  },
  requestPasswordReset: {
    ...all(positional('requestPasswordReset', 'email')),
    ios: (given) => ['requestPasswordReset', [given]],
    android: (given) => ['requestPasswordReset', [given]],
  },
  confirmPasswordReset: {
    'react-native': positional('confirmPasswordReset', 'password', 'token'),
    flutter: positional('confirmPasswordReset', 'token', 'password'),
    ios: (given) => ['confirmResetPassword', [given]],
    android: (given) => ['confirmPasswordReset', [given]],
  },
  requestEmailChange: {
    ...all(positional('requestEmailChange', 'email', 'password', 'externalToken', 'authID')),
    flutter: (given) => {
      const named = only(given, 'externalToken', 'authID');
      return ['requestEmailChange', [given['email'], given['password'], ...(Object.keys(named).length ? [named] : [])]];
    },
  },
  confirmEmailChange: all(positional('confirmEmailChange', 'token', 'newsletterAgreement')),
  requestPhoneUpdate: all(positional('requestPhoneUpdate', 'phone')),
  confirmPhoneUpdate: all(positional('confirmPhoneUpdate', 'phone', 'confirmationCode', 'smsAgreement')),
  deleteAccount: {
    ...all(positional('deleteAccount', 'clientAuthFactor', 'clientIdentityProvider', 'authID')),
    'react-native': positional('deleteAccountByIdentityProvider', 'clientAuthFactor', 'clientIdentityProvider', 'authID'),
  },
};
