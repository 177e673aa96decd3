import { BASIC_FIELDS, REGISTER_FIELDS, UPDATE_FIELDS } from '../account-fields';
import { ACCOUNT_GETTERS, accountBindings, CONDITION_GETTERS } from './account';
import type { DialectTable } from './dialect';
import { byOwnName, CHANGES_WORKSPACE, knownAs } from './native';
import { sessionBindings } from './session';

/** Name of the phone in its setters and getters (from the vendor's Flutter bridge). */
const PHONE_NUMBER = { phone: 'phoneNumber' };
const AUTHENTICATE = ['token', 'clientIdentityProvider', 'agreements', 'attributes', 'authID'];

/** Facts §1.1, §1.5, §1.7: methods return call objects with `execute`, and values are read through getters. */
export const android: DialectTable = {
  name: 'android',
  stand: {
    roots: ['Client'],
    member: '',
    shape: ['getUuid', 'retrieveToken|getToken|refreshToken|regenerateUuid|isSignedIn'],
    // Any site may have a `Client` with `getUuid` and `getToken`.
    sure: {
      members: ['regenerateUuid', 'retrieveToken', 'destroySession', 'isSignedInViaSimpleAuthentication'],
      least: 2,
    },
  },
  samples: { uuid: 'getUuid()', signedIn: 'isSignedIn()', simpleAuth: 'isSignedInViaSimpleAuthentication()' },
  // As the vendor's React Native bridge reads it (facts §8).
  facts: { doNotTrack: '^Synerise.settings.sdk.getDoNotTrack()|^Synerise.settings.sdk.doNotTrack' },
  token: {
    raw: 'getRawJwt()',
    expiresAt: 'getExpirationUnixTime()',
    origin: 'getOrigin().getOrigin()',
    realm: 'getTokenRLM().getRlm()',
    clientId: 'getClientId()',
    customId: 'getCustomId()',
  },
  error: {
    code: 'getHttpCode()|code',
    message: 'getErrorBody().getMessage()|message|getErrorType()',
    detail: {
      errorType: 'getErrorType()',
      httpCode: 'getHttpCode()',
      httpErrorCategory: 'getHttpErrorCategory()',
      status: 'getErrorBody().getStatus()',
      message: 'getErrorBody().getMessage()',
      errorCauses: 'getErrorBody().getErrorCauses()',
    },
  },
  bindings: {
    ...sessionBindings('call', {
      refreshToken: { since: '3.6.9' },
      // `getToken` until 6.0.0 (Android changelog).
      retrieveToken: { method: 'retrieveToken|getToken' },
      getUUID: { method: 'getUuid' },
      getUUIDForAuthentication: { method: 'getUuidForAuthentication', since: '5.15.0' },
      regenerateUUID: { method: 'regenerateUuid', since: '3.3.5' },
      regenerateUUIDWithClientIdentifier: { method: 'regenerateUuid', since: '3.6.4' },
      signOutWithMode: { method: 'signOut', since: '5.1.0' },
      destroySession: { since: '3.6.4' },
    }),
    ...accountBindings('call', {
      getAccount: { reads: ACCOUNT_GETTERS },
      updateAccount: { args: [{ of: UPDATE_FIELDS, called: PHONE_NUMBER }] },
      updateAccountBasicInformation: { args: [{ of: BASIC_FIELDS, called: PHONE_NUMBER }], since: '5.21.0' },
      // Its setter is `setPhone`, unlike in the other contexts (facts §8).
      registerAccount: { args: [{ of: REGISTER_FIELDS }] },
      simpleAuthentication: {
        args: [{ of: UPDATE_FIELDS, called: PHONE_NUMBER }, 'authID'],
        since: '5.7.1',
        asks: { authID: { required: true } },
      },
      signInConditionally: { reads: CONDITION_GETTERS },
      authenticate: { args: AUTHENTICATE },
      authenticateConditionally: { args: AUTHENTICATE, reads: CONDITION_GETTERS },
      requestPasswordReset: { args: [{ of: ['email'] }] },
      confirmPasswordReset: { args: [{ of: ['password', 'token'] }] },
      // Nullable: null leaves the agreement unchanged.
      confirmPhoneUpdate: { asks: { smsAgreement: { type: 'tristate', hint: 'Unset leaves the agreement unchanged.' } } },
    }),
  },
  // On Android, `changeApiKey` is a static method of `Client` (facts §8).
  alsoChange: {
    ...CHANGES_WORKSPACE,
    ...knownAs('^Tracker'),
    ...byOwnName(
      'changeApiKey',
      'authenticateWithTokenPayload',
      'authenticateByOAuth',
      'authenticateByOAuthIfRegistered',
      'authenticateByFacebook',
      'authenticateByFacebookIfRegistered',
      'deleteAccountByOAuth',
      'deleteAccountByFacebook',
      'requestEmailChangeByFacebook',
    ),
  },
  getters: true,
  listener: { method: 'setOnClientStateChangeListener', signedIn: 'onClientSignedIn', signedOut: 'onClientSignedOut' },
};
