/** Rules about signing in and out and about account calls, in display order. */
import type { Rule } from '../rule';
import { apiKeyKeptSession } from '../rules/api-key-kept-session';
import { argumentOrder } from '../rules/argument-order';
import { callUnanswered } from '../rules/call-unanswered';
import { conditionalSignInChangedUuid } from '../rules/conditional-sign-in-changed-uuid';
import { flutterCodeMinusOne } from '../rules/flutter-code-minus-one';
import { flutterFieldNames } from '../rules/flutter-field-names';
import { knownErrorCode } from '../rules/known-error-code';
import { lastActivityInFuture } from '../rules/last-activity-in-future';
import { permissionMissing } from '../rules/permission-missing';
import { pinAndEmailSwapped } from '../rules/pin-and-email-swapped';
import { plainObjectAsContext } from '../rules/plain-object-as-context';
import { sexNotSpecified } from '../rules/sex-not-specified';
import { signInSlow } from '../rules/sign-in-slow';
import { signInWithAnotherUuid } from '../rules/sign-in-with-another-uuid';
import { signOutToldTwice } from '../rules/sign-out-told-twice';
import { signedOutUnexpectedly } from '../rules/signed-out-unexpectedly';
import { simpleAuthIsNoSignIn } from '../rules/simple-auth-is-no-sign-in';
import { updateNotSaved } from '../rules/update-not-saved';

export const ACCOUNT_RULES: readonly Rule[] = [
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
];
