/** Account bindings of the native SDKs: the shared ones, and functions that create those of each SDK (facts §1.2, §1.5). */
import { AGREEMENTS, BASIC_FIELDS, REGISTER_FIELDS, TOLD_FIELDS, UPDATE_FIELDS } from '../account-fields';
import type { AccountOperationName } from '../operations';
import type { Binding, Convention, Made, Reads } from './dialect';
import { nativeBindings, type Row } from './native';

const keepsSession = { keepsSession: true } as const;
const byAuthID = { given: ['authID'] } as const;
const made = (of: readonly string[]): Made => ({ of });

/** The bindings as in most of the four SDKs: canonical method names, and the most common argument order. */
const SHARED: Readonly<Record<AccountOperationName, Row>> = {
  getAccount: { args: [], ...keepsSession },
  updateAccount: { args: [made(UPDATE_FIELDS)], ...keepsSession },
  updateAccountBasicInformation: { args: [made(BASIC_FIELDS)], ...keepsSession },
  recognizeAnonymous: { convention: 'sync', args: ['email', 'customIdentify', 'parameters'], ...keepsSession },
  signIn: { args: ['email', 'password'] },
  signInConditionally: { args: ['email', 'password'] },
  authenticate: { args: ['token', 'clientIdentityProvider', made(['authID', 'agreements', 'attributes'])], ...byAuthID },
  authenticateConditionally: { args: ['token', 'clientIdentityProvider', made(['authID', 'agreements', 'attributes'])], ...byAuthID },
  simpleAuthentication: { args: [made(UPDATE_FIELDS), 'authID'], ...byAuthID },
  isSignedIn: { convention: 'sync', args: [], ...keepsSession },
  isSignedInViaSimpleAuthentication: { convention: 'sync', args: [], ...keepsSession },
  registerAccount: { args: [made(REGISTER_FIELDS)], ...keepsSession },
  // With the older, less clear names: `activateAccount` requests the email, `confirmAccount` takes its token.
  requestAccountActivation: { method: 'requestAccountActivation|activateAccount', args: ['email'], ...keepsSession },
  confirmAccountActivation: { method: 'confirmAccountActivation|confirmAccount', args: ['token'], ...keepsSession },
  requestAccountActivationByPin: { args: ['email'], ...keepsSession },
  confirmAccountActivationByPin: { args: ['pinCode', 'email'], ...keepsSession },
  changePassword: { args: ['oldPassword', 'newPassword'], ...keepsSession },
  requestPasswordReset: { args: ['email'], ...keepsSession },
  confirmPasswordReset: { args: ['password', 'token'], ...keepsSession },
  requestEmailChange: { args: ['email', 'password', 'externalToken', 'authID'], ...keepsSession },
  confirmEmailChange: { args: ['token', 'newsletterAgreement'], ...keepsSession },
  requestPhoneUpdate: { args: ['phone'], ...keepsSession },
  confirmPhoneUpdate: { args: ['phone', 'confirmationCode', 'smsAgreement'], ...keepsSession },
  deleteAccount: { args: ['clientAuthFactor', 'clientIdentityProvider', 'authID'] },
};

/** A dialect's account bindings: the shared ones, with its convention, overridden by `own`. A text in `own` is why there is none. */
export const accountBindings = (convention: Convention, own: Readonly<Partial<Record<AccountOperationName, Partial<Row> | string>>>) =>
  nativeBindings(SHARED, convention, own);

/** The account bindings of an SDK without account methods. @param reason why they are unavailable */
export const noAccountBindings = (reason: string): Readonly<Record<string, Binding>> =>
  Object.fromEntries(Object.keys(SHARED).map((name) => [name, { kind: 'unavailable', reason }]));

/** Reads each name by `getName()`, or as a member. @param of the member that contains them */
const byGetters = (names: readonly string[], of = ''): Reads => {
  const getter = (name: string) => `get${name[0]?.toUpperCase()}${name.slice(1)}()`;
  const [called, member] = of ? [`${getter(of)}.`, `${of}.`] : ['', ''];
  return Object.fromEntries(names.map((name) => [name, `${called}${getter(name)}|${member}${name}`]));
};

/** How to read Android's `GetAccountInformation`, which has only getters; agreements and sex are objects with more getters. */
export const ACCOUNT_GETTERS: Reads = {
  ...byGetters([...TOLD_FIELDS, ...UPDATE_FIELDS]),
  sex: 'getSex().getSex()|getSex().name()|getSex()|sex',
  agreements: byGetters(AGREEMENTS, 'agreements'),
};

/** How to read Android's `AuthConditions`. */
export const CONDITION_GETTERS: Reads = {
  status: 'getStatus().name()|getStatus().toString()|status',
  conditions: 'getConditions()|conditions',
};
