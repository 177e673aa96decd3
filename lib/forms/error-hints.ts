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

const PAGE = 'Synerise docs: account management';
const API = 'Synerise API reference';
const HUB = 'Synerise hub';
const ANSWER = 'response';
const RN_CODE = 'React Native SDK source';
const FLUTTER_CODE = 'Flutter SDK source';
const IOS_CODES = 'iOS SDK error codes';

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
  { operations: ['changePassword'], status: 403, text: 'Wrong old password.', source: PAGE },
  { operations: ['deleteAccount'], status: 403, text: 'Wrong password or provider token.', source: PAGE },
  { operations: ['requestEmailChange'], status: 403, text: 'Wrong password or provider token.', source: PAGE },
  {
    operations: ['confirmEmailChange'],
    status: 403,
    text: 'Invalid token: truncated, already used, or superseded.',
    source: PAGE,
  },
  {
    operations: ['confirmPhoneUpdate'],
    status: 403,
    text: 'Wrong, used or expired code, or the UUID doesn’t exist.',
    source: `${PAGE} (“password” there means the code)`,
  },
  {
    operations: CONFIRMS,
    from: [401, 403],
    text: 'Invalid token or PIN: truncated, already used, or superseded.',
    source: `${API}: 401 or 403 for an invalid or expired token`,
  },
  { operations: SIGNS_IN, status: 401, text: 'Wrong email or password, or the account isn’t active yet.', source: API },
  {
    operations: AUTHENTICATES,
    status: 401,
    text: 'Provider token rejected: expired, or from another provider.',
    source: API,
  },
  {
    operations: ['simpleAuthentication'],
    status: 412,
    text: 'Neither an email nor a Custom ID was sent.',
    source: 'Android SDK changelog 5.13.1',
  },
  {
    operations: ['refreshToken', 'retrieveToken'],
    status: 401,
    text: 'Token expired. Only an active token can be refreshed: sign in again or start a new anonymous session.',
    source: API,
  },
  {
    operations: UPDATES,
    status: 400,
    text: 'Invalid field. Empty strings are rejected (use null to reset); sex: NOT_SPECIFIED fails on React Native 1.4–1.5 (iOS).',
    source: `${API}; React Native SDK changelog`,
  },
  { operations: ASKS_BY_EMAIL, status: 404, text: 'No account with this email.', source: 'HTTP status' },
  {
    operations: ['registerAccount', 'requestEmailChange'],
    status: 409,
    text: 'Another account uses this email.',
    source: 'HTTP status',
  },
  // Rules about the message come before the usual meaning of a code.
  {
    says: /toObject is not a function/,
    text: 'A plain object was passed, but the SDK calls toObject(). Pass an instance of the context class.',
    source: RN_CODE,
  },
  {
    says: /NETWORK_ERROR|Failed to fetch|Network request failed/i,
    text: 'Network error: offline or blocked.',
    source: 'SDK error types',
  },
  {
    status: 401,
    text: 'Token expired, missing or revoked. Sign in again; anonymous customers get a new session.',
    source: API,
  },
  {
    status: 409,
    text: 'Conflict: already done, or already taken.',
    source: 'HTTP status',
  },
  { status: 412, text: 'A required value is missing.', source: 'HTTP status' },
  {
    from: [500, 599],
    text: 'Server error. The call may or may not have taken effect.',
    source: 'HTTP status',
  },
  {
    dialects: ['react-native'],
    codes: [100],
    text: 'Native method missing: the native module isn’t linked, or is older than the JavaScript.',
    source: RN_CODE,
  },
  { dialects: ['react-native'], codes: [10], text: 'No native error (React Native default code).', source: RN_CODE },
  {
    dialects: ['react-native'],
    codes: [-1],
    text: 'Android: request never sent. iOS: no error details.',
    source: RN_CODE,
  },
  {
    dialects: ['flutter'],
    codes: [-1],
    text: 'Non-numeric native error code, for example for a missing argument.',
    source: FLUTTER_CODE,
  },
  {
    dialects: ['ios', 'android'],
    codes: [-1],
    text: 'Request never sent: offline, or stopped by the SDK.',
    source: 'Synerise docs: errors',
  },
  { codes: [-101, -102], text: 'Unknown SDK error.', source: IOS_CODES },
  { codes: [-103], text: 'Invalid request; the SDK didn’t send it.', source: IOS_CODES },
  { codes: [-104], text: 'No session to send the request with.', source: IOS_CODES },
  { codes: [-105], text: 'Network error: offline or blocked.', source: IOS_CODES },
  { codes: [-106], text: 'The SDK can’t parse the response.', source: IOS_CODES },
  {
    codes: [-108],
    text: 'Circuit breaker open after too many failures. Wait, and find what failed first.',
    source: IOS_CODES,
  },
  { codes: [-109], text: 'Do Not Track is on: the SDK blocks identifying calls.', source: IOS_CODES },
  { codes: [-110], text: 'Module not ready: the SDK was called before it was initialized.', source: IOS_CODES },
  { codes: [3050], text: 'Invalid argument.', source: IOS_CODES },
  { codes: [3200], text: 'Not authorized: not signed in, or the token was rejected.', source: IOS_CODES },
  { codes: [3210], text: 'Session expired. The customer must sign in again.', source: IOS_CODES },
  { codes: [3220], text: 'Already signed out.', source: IOS_CODES },
  { codes: [3300, 3310, 3320], text: 'Invalid token: format or signature check failed.', source: IOS_CODES },
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
    const text = `API key is missing permission ${permission}${named ? ' (named in the response).' : ' (Client group).'}`;
    hints.push({ text, source: named ? ANSWER : ON_HUB.includes(permission) ? HUB : PAGE });
  }
  const own = ERROR_HINTS.find((rule) => rule.operations && holds(rule, told));
  // What the answer itself names comes before the usual meaning.
  if (own) hints.splice(hints[0]?.source === ANSWER ? 1 : 0, 0, own);
  else hints.push(...ERROR_HINTS.filter((rule) => !rule.operations && holds(rule, told)).slice(0, 1));
  if ((told.status === 401 || told.status === 403) && needs === 'customer' && KNOWN_NOT_SIGNED_IN.includes(before.identity))
    hints.unshift({ text: 'Not signed in: this call needs an authenticated customer.', source: PAGE });
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
  SUCCESS: 'Signed in.',
  UNAUTHORIZED: 'Wrong email, password or token.',
  ACTIVATION_REQUIRED: 'Account not activated yet: confirm the email or PIN.',
  REGISTRATION_REQUIRED: 'No such account. Register it, or use authenticate(), which creates one.',
  APPROVAL_REQUIRED: 'The workspace must approve the account first.',
  TERMS_ACCEPTANCE_REQUIRED: 'The customer must accept the terms: send the agreements.',
  MFA_REQUIRED: 'MFA required.',
};
