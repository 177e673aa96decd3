/** What an SDK's error likely means, by the operation that got it: each hint names its source. */

import { isRecord } from '../page/plain';
import type { WireError } from '../page/wire';
import type { DialectName } from '../sdk/dialects/names';
import { OPERATIONS, type OperationName } from '../sdk/operations';
import type { Plain } from '../sdk/plain-data';
import type { Outcome } from '../session/run';
import type { Identity } from '../session/terms';

export interface ErrorHint {
  readonly text: string;
  /** Where this is known from. */
  readonly source: string;
}

const PAGE = "the vendor's page on account management";
const API = "the vendor's API reference";
const HUB = "the vendor's hub";
const ANSWER = 'the answer itself';
const RN_CODE = "the React Native SDK's code";
const FLUTTER_CODE = "the Flutter SDK's code";
const IOS_CODES = "the iOS SDK's error codes";

/** What a rule can test. `status`: the HTTP status, wherever this SDK reports it. */
interface Told {
  readonly operation: OperationName;
  readonly dialect: DialectName | null;
  readonly code: string | number | null;
  readonly status: number | null;
  readonly message: string;
}

/** One row of the table: it applies if all the conditions that it names are met. */
export interface HintRule {
  readonly operations?: readonly OperationName[];
  readonly dialects?: readonly DialectName[];
  readonly codes?: readonly number[];
  readonly status?: number;
  /** The lowest and the highest status. */
  readonly from?: readonly [number, number];
  readonly says?: RegExp;
  readonly text: string;
  readonly source: string;
}

const CONFIRMS: readonly OperationName[] = ['confirmPasswordReset', 'confirmAccountActivation', 'confirmAccountActivationByPin'];
const SIGNS_IN: readonly OperationName[] = ['signIn', 'signInConditionally'];
const AUTHENTICATES: readonly OperationName[] = ['authenticate', 'authenticateConditionally'];
const UPDATES: readonly OperationName[] = ['updateAccount', 'updateAccountBasicInformation'];
const ASKS_BY_EMAIL: readonly OperationName[] = ['requestPasswordReset', 'requestAccountActivation', 'requestAccountActivationByPin'];

export const ERROR_HINTS: readonly HintRule[] = [
  { operations: ['changePassword'], status: 403, text: 'The old password is wrong.', source: PAGE },
  { operations: ['deleteAccount'], status: 403, text: "The password, or the provider's token, is wrong.", source: PAGE },
  { operations: ['requestEmailChange'], status: 403, text: "The password, or the provider's token, is wrong.", source: PAGE },
  {
    operations: ['confirmEmailChange'],
    status: 403,
    text: 'The token is not valid: it may be cut off, used already, or replaced by a newer one.',
    source: PAGE,
  },
  {
    operations: ['confirmPhoneUpdate'],
    status: 403,
    text: 'The code is wrong, was used already, or has expired; or the UUID does not exist.',
    source: `${PAGE}, which names the UUID and “the password”: what this call takes in its place is the code`,
  },
  {
    operations: CONFIRMS,
    from: [401, 403],
    text: 'The token or PIN is not valid: it may be cut off, used already, or replaced by a newer one.',
    source: `${API}: a token that is invalid or has expired is answered with 401 or 403`,
  },
  { operations: SIGNS_IN, status: 401, text: 'The e-mail or the password is wrong, or the account is not active yet.', source: API },
  {
    operations: AUTHENTICATES,
    status: 401,
    text: "The provider's token is not accepted: it may have expired, or belong to another provider.",
    source: API,
  },
  {
    operations: ['simpleAuthentication'],
    status: 412,
    text: 'Neither an e-mail nor a custom ID was given.',
    source: "the Android SDK's changelog, 5.13.1",
  },
  {
    operations: ['refreshToken', 'retrieveToken'],
    status: 401,
    text: 'The token has expired: only one that is still active can be refreshed. Sign in again, or start a new anonymous session.',
    source: API,
  },
  {
    operations: UPDATES,
    status: 400,
    text: 'A field is not accepted. Empty texts are rejected (null resets a field); sex NOT_SPECIFIED was answered so by React Native 1.4 and 1.5 on iOS.',
    source: `${API}; the React Native SDK's changelog`,
  },
  { operations: ASKS_BY_EMAIL, status: 404, text: 'No account has this e-mail.', source: 'the meaning of the status' },
  {
    operations: ['registerAccount', 'requestEmailChange'],
    status: 409,
    text: 'Another account has this e-mail.',
    source: 'the meaning of the status',
  },
  // Rules about the message come before the usual meaning of a code.
  {
    says: /toObject is not a function/,
    text: 'A plain object was passed where the SDK calls toObject() on a context: the app must make an instance of the context class.',
    source: RN_CODE,
  },
  {
    says: /NETWORK_ERROR|Failed to fetch|Network request failed/i,
    text: 'The request did not get through: no connection, or something blocks it.',
    source: "the SDKs' error types",
  },
  {
    status: 401,
    text: 'The token has expired, is missing, or was revoked: a signed-in customer has to sign in again, an anonymous one gets a new session.',
    source: API,
  },
  {
    status: 409,
    text: 'It contradicts what is there: what was asked for is so already, or is taken.',
    source: 'the meaning of the status',
  },
  { status: 412, text: 'Something that the call requires is missing.', source: 'the meaning of the status' },
  {
    from: [500, 599],
    text: "The vendor's backend failed. Nothing is known of whether the call took effect.",
    source: 'the meaning of the status',
  },
  {
    dialects: ['react-native'],
    codes: [100],
    text: "The native method is missing: the SDK's native module is not linked into the app, or is older than its JavaScript.",
    source: RN_CODE,
  },
  { dialects: ['react-native'], codes: [10], text: "The native side gave no error of its own: React Native's default.", source: RN_CODE },
  {
    dialects: ['react-native'],
    codes: [-1],
    text: 'On Android the request was never carried out; on iOS the native side gave nothing to go by.',
    source: RN_CODE,
  },
  {
    dialects: ['flutter'],
    codes: [-1],
    text: 'The native side answered with a code that is no number, as it does where an argument is missing.',
    source: FLUTTER_CODE,
  },
  {
    dialects: ['ios', 'android'],
    codes: [-1],
    text: 'The request was never carried out: no connection, or the SDK stopped it before.',
    source: "the vendor's page on errors",
  },
  { codes: [-101, -102], text: 'The SDK itself does not know what failed.', source: IOS_CODES },
  { codes: [-103], text: 'The SDK found the request not valid and did not send it.', source: IOS_CODES },
  { codes: [-104], text: 'There is no session to send the request with.', source: IOS_CODES },
  { codes: [-105], text: 'The request did not get through: no connection, or something blocks it.', source: IOS_CODES },
  { codes: [-106], text: 'The backend answered with something that the SDK cannot read.', source: IOS_CODES },
  {
    codes: [-108],
    text: 'The circuit breaker holds requests back after too many failures: wait, and find what failed before.',
    source: IOS_CODES,
  },
  { codes: [-109], text: 'Do-not-track is on: the SDK sends nothing that would tell who the customer is.', source: IOS_CODES },
  { codes: [-110], text: 'The module is not ready: the SDK was called before it was initialized.', source: IOS_CODES },
  { codes: [3050], text: 'An argument is not valid.', source: IOS_CODES },
  { codes: [3200], text: 'The session is not authorized: nobody is signed in, or the token was rejected.', source: IOS_CODES },
  { codes: [3210], text: 'The session has expired: the customer has to sign in again.', source: IOS_CODES },
  { codes: [3220], text: 'The customer had been signed out already.', source: IOS_CODES },
  { codes: [3300, 3310, 3320], text: 'The token is not valid: its form or its signature failed the check.', source: IOS_CODES },
];

const KNOWN_NOT_SIGNED_IN: readonly Identity[] = ['anonymous', 'simple-auth', 'incognito'];
/** Named only by the vendor's hub (facts §1.2). */
const ON_HUB: readonly string[] = ['API_BASIC_INFORMATION_CLIENT_UPDATE', 'SAUTH_REGISTER_CLIENT_CREATE'];

/** What an operation's error likely means, most specific first; empty if the table has no match. */
export function errorHintsOf(
  { operation, before }: Pick<Outcome, 'operation' | 'before'>,
  dialect: DialectName | null,
  error: WireError,
): readonly ErrorHint[] {
  const told: Told = { operation, dialect, code: error.code, status: statusOf(error), message: error.message };
  const { permission = null, needs } = OPERATIONS[operation].account ?? {};
  const hints: ErrorHint[] = [];
  if (told.status === 403 && permission !== null) {
    const named = JSON.stringify([error.message, error.detail]).includes(permission);
    const text = `The API key lacks the permission ${permission}${named ? ', which the answer names.' : ': look into its Client group.'}`;
    hints.push({ text, source: named ? ANSWER : ON_HUB.includes(permission) ? HUB : PAGE });
  }
  const own = ERROR_HINTS.find((rule) => rule.operations && holds(rule, told));
  // What the answer itself names comes before the usual meaning.
  if (own) hints.splice(hints[0]?.source === ANSWER ? 1 : 0, 0, own);
  else hints.push(...ERROR_HINTS.filter((rule) => !rule.operations && holds(rule, told)).slice(0, 1));
  if ((told.status === 401 || told.status === 403) && needs === 'customer' && KNOWN_NOT_SIGNED_IN.includes(before.identity))
    hints.unshift({ text: 'Nobody is signed in: the operation needs customer authentication.', source: PAGE });
  return hints.map(({ text, source }) => ({ text, source }));
}

function holds({ operations, dialects, codes, status, from, says }: HintRule, told: Told): boolean {
  const at = told.status;
  return (
    (!operations || operations.includes(told.operation)) &&
    (!dialects || (told.dialect !== null && dialects.includes(told.dialect))) &&
    (!codes || codes.includes(Number(told.code ?? Number.NaN))) &&
    (status === undefined || status === at) &&
    (!from || (at !== null && at >= from[0] && at <= from[1])) &&
    (!says || says.test(told.message))
  );
}

/** The HTTP status of an error: its code, or a field beside it. Each bridge reports the same failure differently (facts §1.3). */
function statusOf({ code, detail }: WireError): number | null {
  const within = (of: Plain | undefined, name: string): Plain | undefined => (isRecord(of) ? of[name] : undefined);
  const body = within(detail, 'errorBody') ?? within(detail, 'details');
  const told = [code, within(detail, 'httpCode'), within(detail, 'status'), within(body, 'status')];
  return (
    told
      .flatMap((one) => (typeof one === 'number' || typeof one === 'string' ? Number(one) : []))
      .find((one) => Number.isInteger(one) && one >= 400 && one <= 599) ?? null
  );
}

/** The status in the answer to a conditional sign-in; `null` if it contains none. */
export function conditionOf(value: unknown): string | null {
  const { status } = Object(value) as { status?: unknown };
  return typeof status === 'string' ? status.toUpperCase() : null;
}

/** What each status of a conditional sign-in means (`ClientConditionalAuthStatus`, facts §1.5). */
export const CONDITIONS: Readonly<Record<string, string>> = {
  SUCCESS: 'The customer is signed in.',
  UNAUTHORIZED: 'The e-mail, the password or the token is wrong.',
  ACTIVATION_REQUIRED: 'The account waits for its activation: confirm it by the e-mail, or by PIN.',
  REGISTRATION_REQUIRED: 'There is no such account: register it, or authenticate without conditions, which makes one.',
  APPROVAL_REQUIRED: 'The workspace has to approve the account first.',
  TERMS_ACCEPTANCE_REQUIRED: 'The customer has to accept the terms first: send the agreements.',
  MFA_REQUIRED: 'A second factor is asked for.',
};
