import { BASIC_FIELDS, REGISTER_FIELDS, UPDATE_FIELDS } from '../account-fields';
import { accountBindings } from './account';
import { computedForAuthentication } from './computed';
import type { DialectTable } from './dialect';
import { CHANGES_WORKSPACE, CUSTOMER_GETTERS, doNotTrack, knownAs, TOKEN_FIELDS } from './native';
import { sessionBindings } from './session';

/** `ClientAccountUpdateContext` lacks three fields of the basic one. Both, and the registration's, spell two differently (facts §1.4). */
const UPDATE = UPDATE_FIELDS.filter((name) => !['displayName', 'birthDate', 'avatarUrl'].includes(name));
const LOWER_CASE = { zipCode: 'zipcode', countryCode: 'countrycode' };
// Facts §8, for version 2.6.3.
const UNREAD = { hint: 'Lost in Flutter 2.6.3: neither bridge reads its lowercase name.' };
const UNREAD_FIELDS = { zipCode: UNREAD, countryCode: UNREAD };
const NOT_ENCODED = { hint: 'Flutter 2.6.3 can’t encode it: the call fails.' };
const AUTH_ID_LOST = (platform: string) => ({ hint: `Lost in Flutter 2.6.3 on ${platform}: the bridge reads a different name.` });

/**
 * Facts §1.1, §1.4, §1.7: JavaScript interop of a Flutter web app. API calls take named callbacks and also return a
 * promise; the others only return promises, and swallow errors. The package itself has no web build (facts §8).
 */
export const flutter: DialectTable = {
  name: 'flutter',
  // The Web SDK has a `client` too, so `client` alone doesn't identify Flutter.
  stand: {
    roots: ['Synerise'],
    member: 'client',
    marks: ['client'],
    // `event` is the Web SDK's, the listener a bare React Native client's: Flutter's client has none (facts §1.1).
    lacks: ['event', 'setClientStateChangeListener'],
    shape: ['getUUID'],
    bare: ['regenerateUUIDWithClientIdentifier'],
  },
  samples: CUSTOMER_GETTERS,
  facts: doNotTrack('settings'),
  token: TOKEN_FIELDS,
  error: { code: 'code', message: 'message' },
  bindings: {
    ...sessionBindings('named', {
      getUUIDForAuthentication: computedForAuthentication('Flutter has no such method.'),
      // `Future<bool>` in the code, but `Future<void>` in the documentation (facts §7).
      regenerateUUID: { since: '0.7.0' },
      regenerateUUIDWithClientIdentifier: { since: '0.7.2' },
      signOutWithMode: { since: '0.7.0' },
      // With callbacks, unlike in the other SDKs.
      destroySession: { convention: 'named' },
    }),
    ...accountBindings('named', {
      updateAccount: { args: [{ of: UPDATE, called: LOWER_CASE }], asks: UNREAD_FIELDS },
      updateAccountBasicInformation: { args: [{ of: BASIC_FIELDS, called: LOWER_CASE }], since: '1.4.0', asks: UNREAD_FIELDS },
      registerAccount: {
        args: [{ of: REGISTER_FIELDS, called: LOWER_CASE }],
        asks: { ...UNREAD_FIELDS, sex: NOT_ENCODED },
      },
      // Facts §1.2.
      recognizeAnonymous: 'Not available in the Flutter SDK.',
      // The context comes first, the token last, and `authId` is in the context; the conditional method takes context and authID by name.
      authenticate: {
        args: [{ of: ['authID', 'agreements', 'attributes'], called: { authID: 'authId' } }, 'clientIdentityProvider', 'token'],
        asks: { authID: AUTH_ID_LOST('iOS') },
      },
      authenticateConditionally: {
        args: ['clientIdentityProvider', 'token'],
        named: { clientAuthContext: { of: ['agreements', 'attributes'], optional: true }, authID: 'authID' },
        asks: { agreements: NOT_ENCODED, attributes: NOT_ENCODED },
      },
      deleteAccount: { asks: { authID: AUTH_ID_LOST('Android') } },
      // Also since 0.7.0 (facts §8).
      signInConditionally: { since: '0.7.0' },
      requestPhoneUpdate: { since: '0.7.0' },
      confirmPhoneUpdate: { since: '0.7.0' },
      requestAccountActivationByPin: { since: '0.7.0' },
      confirmEmailChange: { since: '0.7.0' },
      simpleAuthentication: { since: '0.7.0', asks: { authID: { required: true } } },
      // The email and the token come first; in the other SDKs they come last.
      confirmAccountActivationByPin: { args: ['email', 'pinCode'], since: '0.7.0' },
      confirmPasswordReset: { args: ['token', 'password'] },
      requestEmailChange: {
        args: ['email', 'password'],
        named: { externalToken: 'externalToken', authID: 'authID' },
        asks: { password: { required: true } },
        since: '0.7.0',
      },
    }),
  },
  cancels: true,
  alsoChange: { ...CHANGES_WORKSPACE, ...knownAs('^Synerise.tracker') },
};
