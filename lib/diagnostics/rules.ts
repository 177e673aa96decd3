/** All diagnostic rules, in the order in which they are told: of the token, the UUID, signing in and the account, the SDK and its cookies. */
import type { Rule } from './rule';
import { anonymousLoginFailed } from './rules/anonymous-login-failed';
import { anonymousLoginsInARow } from './rules/anonymous-logins-in-a-row';
import { apiKeyKeptSession } from './rules/api-key-kept-session';
import { argumentOrder } from './rules/argument-order';
import { bearerAfterSignOut } from './rules/bearer-after-sign-out';
import { bearerExpired } from './rules/bearer-expired';
import { bearerIsNoToken } from './rules/bearer-is-no-token';
import { callUnanswered } from './rules/call-unanswered';
import { conditionalSignInChangedUuid } from './rules/conditional-sign-in-changed-uuid';
import { cookieNotTheSdkUuid } from './rules/cookie-not-the-sdk-uuid';
import { cookiesDisagree } from './rules/cookies-disagree';
import { cookiesMissing } from './rules/cookies-missing';
import { doNotTrackIsOn } from './rules/do-not-track';
import { duplicateCookies } from './rules/duplicate-cookies';
import { eventRefused } from './rules/event-refused';
import { flutterCodeMinusOne } from './rules/flutter-code-minus-one';
import { flutterFieldNames } from './rules/flutter-field-names';
import { identityHashOfAnother } from './rules/identity-hash-of-another';
import { knownErrorCode } from './rules/known-error-code';
import { lastActivityInFuture } from './rules/last-activity-in-future';
import { oldCookies } from './rules/old-cookies';
import { originUnknown } from './rules/origin-unknown';
import { permissionMissing } from './rules/permission-missing';
import { pinAndEmailSwapped } from './rules/pin-and-email-swapped';
import { placeWithoutSdk } from './rules/place-without-sdk';
import { plainObjectAsContext } from './rules/plain-object-as-context';
import { refreshAfterExpiry } from './rules/refresh-after-expiry';
import { refreshCalledTwice } from './rules/refresh-called-twice';
import { refreshKeepsFailing } from './rules/refresh-keeps-failing';
import { refreshLoop } from './rules/refresh-loop';
import { regenerateWhileSignedIn } from './rules/regenerate-while-signed-in';
import { requestNamesAnotherUuid } from './rules/request-names-another-uuid';
import { resetCookieMalformed } from './rules/reset-cookie-malformed';
import { resetCookieWaits } from './rules/reset-cookie-waits';
import { sameUuidForAnotherCustomer } from './rules/same-uuid-for-another-customer';
import { sdkLoadedTwice } from './rules/sdk-loaded-twice';
import { sdkNotInitialised } from './rules/sdk-not-initialised';
import { sexNotSpecified } from './rules/sex-not-specified';
import { signInSlow } from './rules/sign-in-slow';
import { signInWithAnotherUuid } from './rules/sign-in-with-another-uuid';
import { signOutToldTwice } from './rules/sign-out-told-twice';
import { signedOutUnexpectedly } from './rules/signed-out-unexpectedly';
import { simpleAuthIsNoSignIn } from './rules/simple-auth-is-no-sign-in';
import { snippetWithoutSdk } from './rules/snippet-without-sdk';
import { spaWithoutPageVisit } from './rules/spa-without-page-visit';
import { tokenCreatedAhead } from './rules/token-created-ahead';
import { tokenExpired } from './rules/token-expired';
import { tokenExpiryDisagrees } from './rules/token-expiry-disagrees';
import { tokenExpiryInMs } from './rules/token-expiry-in-ms';
import { tokenLongLived } from './rules/token-long-lived';
import { tokenNearExpiry } from './rules/token-near-expiry';
import { tokenNotYetValid } from './rules/token-not-yet-valid';
import { tokenOfAnotherUuid } from './rules/token-of-another-uuid';
import { tokenUnreadable } from './rules/token-unreadable';
import { tokenUnsigned } from './rules/token-unsigned';
import { tokenUnusualAlgorithm } from './rules/token-unusual-algorithm';
import { twoTrackerKeys } from './rules/two-tracker-keys';
import { updateNotSaved } from './rules/update-not-saved';
import { uuidChurn } from './rules/uuid-churn';
import { uuidCookieHttpOnly } from './rules/uuid-cookie-http-only';
import { uuidCookieShortLived } from './rules/uuid-cookie-short-lived';
import { uuidFromLink } from './rules/uuid-from-link';
import { uuidInUrl } from './rules/uuid-in-url';
import { uuidRecipesDiffer } from './rules/uuid-recipes-differ';
import { uuidUnreadable } from './rules/uuid-unreadable';
import { uuidVersion } from './rules/uuid-version';
import { webTokenOutlivesCustomer } from './rules/web-token-outlives-customer';

export const RULES: readonly Rule[] = [
  tokenExpired,
  tokenNearExpiry,
  tokenNotYetValid,
  tokenCreatedAhead,
  tokenLongLived,
  tokenExpiryInMs,
  tokenExpiryDisagrees,
  tokenUnsigned,
  tokenUnusualAlgorithm,
  tokenOfAnotherUuid,
  tokenUnreadable,
  webTokenOutlivesCustomer,
  originUnknown,
  refreshAfterExpiry,
  refreshLoop,
  refreshKeepsFailing,
  refreshCalledTwice,
  bearerAfterSignOut,
  bearerExpired,
  bearerIsNoToken,
  anonymousLoginsInARow,
  anonymousLoginFailed,
  sameUuidForAnotherCustomer,
  uuidVersion,
  uuidUnreadable,
  uuidChurn,
  uuidInUrl,
  uuidFromLink,
  uuidRecipesDiffer,
  requestNamesAnotherUuid,
  identityHashOfAnother,
  regenerateWhileSignedIn,
  doNotTrackIsOn,
  signedOutUnexpectedly,
  signOutToldTwice,
  signInSlow,
  signInWithAnotherUuid,
  conditionalSignInChangedUuid,
  simpleAuthIsNoSignIn,
  apiKeyKeptSession,
  permissionMissing,
  plainObjectAsContext,
  flutterFieldNames,
  updateNotSaved,
  sexNotSpecified,
  lastActivityInFuture,
  argumentOrder,
  pinAndEmailSwapped,
  callUnanswered,
  flutterCodeMinusOne,
  knownErrorCode,
  sdkNotInitialised,
  snippetWithoutSdk,
  sdkLoadedTwice,
  twoTrackerKeys,
  placeWithoutSdk,
  cookieNotTheSdkUuid,
  cookiesDisagree,
  duplicateCookies,
  resetCookieWaits,
  resetCookieMalformed,
  uuidCookieHttpOnly,
  cookiesMissing,
  uuidCookieShortLived,
  oldCookies,
  spaWithoutPageVisit,
  eventRefused,
];
