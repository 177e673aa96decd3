/** What an SDK call does to a session, according to the vendor's documentation. A call without a row doesn't compile. */
import type { ChangeName } from '../../sdk/changes';
import type { CauseKind } from './cause';
import type { RecentCall } from './history';

/** A call, made here or by the page. */
export type Called = Pick<RecentCall, 'does' | 'told'>;

/** How certain it is that a call makes a change. */
export type Certainty = 'yes' | 'maybe' | 'no';

export interface CallEffects {
  readonly uuid: Certainty;
  readonly token: Certainty;
  /** What the vendor's documentation states about it. */
  readonly why: string;
  /** It signs a customer in or out (facts §2.2). */
  readonly signs?: true;
  /** What it does to the Web SDK's site token (facts §3.2). */
  readonly siteToken?: 'sets' | 'clears';
  /** The kind of cause, if it isn't `call`. */
  readonly cause?: CauseKind;
}

const KEEPS: CallEffects = { uuid: 'no', token: 'no', why: '' };
const REGENERATES: CallEffects = { uuid: 'yes', token: 'yes', why: 'Regenerates the UUID and clears the token.' };
const SETS_UUID: CallEffects = { uuid: 'yes', token: 'no', why: 'Sets the UUID.' };
const ENDS: CallEffects = { uuid: 'no', token: 'yes', why: 'Clears the token and keeps the UUID.', signs: true };
const ENDS_ALL: CallEffects = {
  ...ENDS,
  uuid: 'yes',
  why: 'SIGN_OUT_WITH_SESSION_DESTROY also regenerates the UUID.',
};
const SIGNS_IN: CallEffects = {
  uuid: 'maybe',
  token: 'yes',
  why: 'Returns the account’s token. The UUID changes if another account was signed in.',
  signs: true,
};
const BY_AUTH_ID: CallEffects = { uuid: 'yes', token: 'yes', why: 'Derives the UUID from the authID.', signs: true };
const WITHOUT_AUTH_ID: CallEffects = {
  uuid: 'maybe',
  token: 'yes',
  why: 'Regenerates the UUID only with an authID.',
  signs: true,
};
const WEB_IDENTITY: CallEffects = {
  uuid: 'maybe',
  token: 'no',
  why: 'The Web SDK changes the UUID if the identity hash differs.',
};
const CHANGES_KEY: CallEffects = {
  uuid: 'yes',
  token: 'yes',
  why: 'Changing the API key destroys the session, unless disabled in the SDK settings.',
  signs: true,
  cause: 'api-key',
};
const DELETES: CallEffects = { uuid: 'yes', token: 'yes', why: 'Deleting the account regenerates the UUID.', signs: true };
/** The older names of `authenticate`, one per provider (facts §8). */
const BY_PROVIDER: CallEffects = {
  uuid: 'maybe',
  token: 'yes',
  why: 'Returns the account’s token. The UUID changes with an authID, or if another account was signed in.',
  signs: true,
};
const byAuthId = ({ told }: Called) => (told['authID'] ? BY_AUTH_ID : WITHOUT_AUTH_ID);

/** Facts §2.1, §2.2; for the Web SDK §3.2, §3.4. */
const EFFECTS: Readonly<Record<ChangeName, CallEffects | ((call: Called) => CallEffects)>> = {
  refreshToken: { uuid: 'no', token: 'yes', why: 'Requests a new token.' },
  retrieveToken: { uuid: 'no', token: 'maybe', why: 'May start a new anonymous sign-in.' },
  setAccessToken: { uuid: 'no', token: 'yes', why: 'Sets the token.', siteToken: 'sets' },
  clearAccessToken: { uuid: 'no', token: 'yes', why: 'Clears the token.', siteToken: 'clears' },
  getUUID: KEEPS,
  getUUIDForAuthentication: KEEPS,
  regenerateUUID: REGENERATES,
  regenerateUUIDWithClientIdentifier: REGENERATES,
  setUuid: SETS_UUID,
  restorePreviousUUID: SETS_UUID,
  signOut: ENDS,
  signOutWithMode: ({ told }) => (told['mode'] === 'SIGN_OUT_WITH_SESSION_DESTROY' ? ENDS_ALL : ENDS),
  destroySession: {
    uuid: 'yes',
    token: 'yes',
    why: 'Clears all session data and regenerates the UUID.',
    signs: true,
    siteToken: 'clears',
  },
  getAccount: KEEPS,
  updateAccount: KEEPS,
  updateAccountBasicInformation: KEEPS,
  recognizeAnonymous: KEEPS,
  signIn: SIGNS_IN,
  signInConditionally: SIGNS_IN,
  authenticate: byAuthId,
  authenticateConditionally: byAuthId,
  simpleAuthentication: {
    uuid: 'yes',
    token: 'yes',
    why: 'Simple Authentication derives the UUID from the authID, or sets the UUID passed to it.',
    signs: true,
  },
  isSignedIn: KEEPS,
  isSignedInViaSimpleAuthentication: KEEPS,
  registerAccount: KEEPS,
  requestAccountActivation: KEEPS,
  confirmAccountActivation: KEEPS,
  requestAccountActivationByPin: KEEPS,
  confirmAccountActivationByPin: KEEPS,
  changePassword: KEEPS,
  requestPasswordReset: KEEPS,
  confirmPasswordReset: KEEPS,
  requestEmailChange: KEEPS,
  confirmEmailChange: KEEPS,
  requestPhoneUpdate: KEEPS,
  confirmPhoneUpdate: KEEPS,
  deleteAccount: DELETES,
  changeApiKey: CHANGES_KEY,
  changeClientApiKey: CHANGES_KEY,
  authenticateWithTokenPayload: {
    uuid: 'maybe',
    token: 'yes',
    why: 'Takes over the session of the given token.',
    signs: true,
  },
  authenticateByOAuth: BY_PROVIDER,
  authenticateByOAuthIfRegistered: BY_PROVIDER,
  authenticateByFacebook: BY_PROVIDER,
  authenticateByFacebookIfRegistered: BY_PROVIDER,
  authenticateByAppleSignIn: BY_PROVIDER,
  authenticateByAppleSignInIfRegistered: BY_PROVIDER,
  deleteAccountByOAuth: DELETES,
  deleteAccountByFacebook: DELETES,
  deleteAccountByAppleSignIn: DELETES,
  requestEmailChangeByFacebook: KEEPS,
  setCustomIdentifier: KEEPS,
  setCustomEmail: KEEPS,
  setUuidAndIdentityHash: SETS_UUID,
  // What the app's own SDK does, its session shows.
  internalMethod: KEEPS,
  updateClient: WEB_IDENTITY,
  sendFormData: WEB_IDENTITY,
  init: { uuid: 'maybe', token: 'no', why: 'Reads the UUID from the cookies, or creates one.' },
};

/** What a call does to a session. Its `signs` doesn't depend on the arguments. */
export function effectsOf(call: Called): CallEffects {
  const effects = EFFECTS[call.does];
  return typeof effects === 'function' ? effects(call) : effects;
}

/** Whether a call signs a customer in or out, or ends a signed-in customer's session. */
export const signs = (does: ChangeName): boolean => effectsOf({ does, told: {} }).signs === true;
