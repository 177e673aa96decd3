import { REGISTER_FIELDS_WITHOUT_UUID, UPDATE_FIELDS } from '../account-fields';
import { accountBindings } from './account';
import type { DialectTable } from './dialect';
import { byOwnName, CHANGES_WORKSPACE, CUSTOMER_GETTERS, doNotTrack, knownAs, TOKEN_FIELDS } from './native';
import { sessionBindings } from './session';

/** Facts §1.1, §1.5, §1.7: static methods of `Client` (`SNRClient` in Objective-C), with closures `success`, `failure` last. */
export const ios: DialectTable = {
  name: 'ios',
  stand: {
    roots: ['Client', 'SNRClient'],
    proper: 'SNRClient',
    member: '',
    // Swift overloads `regenerateUUID` instead. Objective-C has it (facts §8), but there the class has its proper name.
    lacks: ['regenerateUUIDWithClientIdentifier'],
    shape: ['getUUID', 'retrieveToken|refreshToken|regenerateUUID|isSignedIn'],
    // Any site may have a `Client` with `getUUID` and a token method.
    sure: {
      members: ['regenerateUUID', 'retrieveToken', 'destroySession', 'isSignedInViaSimpleAuthentication'],
      least: 2,
    },
  },
  samples: CUSTOMER_GETTERS,
  facts: doNotTrack('settings'),
  // The vendor's sample has `tokenOrigin`, the headers `origin` (facts §7); `isNearExpiring` is in the 4.17 header, gone from 5.10.
  token: { ...TOKEN_FIELDS, origin: 'origin|tokenOrigin', nearExpiry: 'isNearExpiring()' },
  error: { code: 'httpCode|code', message: 'errorBody.message|message|localizedDescription|errorType' },
  bindings: {
    ...sessionBindings('callbacks', {
      refreshToken: { since: '3.6.7' },
      getUUIDForAuthentication: { since: '4.15.0' },
      regenerateUUID: { since: '3.3.10' },
      regenerateUUIDWithClientIdentifier: {
        method: 'regenerateUUIDWithClientIdentifier|regenerateUUID',
        written: 'regenerateUUID',
        since: '3.6.5',
      },
      signOutWithMode: { method: 'signOut', since: '4.11.0' },
      destroySession: { since: '3.6.5' },
    }),
    ...accountBindings('callbacks', {
      // The new password first; in the other SDKs the old one comes first.
      changePassword: { args: ['newPassword', 'oldPassword'] },
      requestPasswordReset: { args: [{ of: ['email'] }] },
      confirmPasswordReset: { method: 'confirmResetPassword', args: [{ of: ['password', 'token'] }] },
      authenticate: { args: ['token', 'clientIdentityProvider', 'authID', { of: ['agreements', 'attributes'], optional: true }] },
      authenticateConditionally: {
        args: ['token', 'clientIdentityProvider', 'authID', { of: ['agreements', 'attributes'], optional: true }],
      },
      registerAccount: { args: [{ of: REGISTER_FIELDS_WITHOUT_UUID }] },
      simpleAuthentication: {
        args: [{ of: [...UPDATE_FIELDS, 'tags'] }, 'authID'],
        since: '4.14.0',
        asks: { authID: { required: true } },
      },
      updateAccountBasicInformation: { since: '4.22.0' },
    }),
  },
  alsoChange: {
    ...CHANGES_WORKSPACE,
    ...knownAs('^Tracker'),
    // The overload `authenticate(tokenPayload:authID:)` of 5.x, which takes fewer arguments (facts §8).
    authenticate: 'authenticateWithTokenPayload',
    ...byOwnName(
      'authenticateByOAuth',
      'authenticateByOAuthIfRegistered',
      'authenticateByFacebook',
      'authenticateByFacebookIfRegistered',
      'authenticateByAppleSignIn',
      'authenticateByAppleSignInIfRegistered',
      'deleteAccountByOAuth',
      'deleteAccountByFacebook',
      'deleteAccountByAppleSignIn',
      'requestEmailChangeByFacebook',
    ),
  },
  listener: { method: 'setClientStateDelegate', signedIn: 'snr_clientIsSignedIn', signedOut: 'snr_clientIsSignedOut' },
};
