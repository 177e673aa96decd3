import { BASIC_FIELDS, REGISTER_FIELDS, UPDATE_FIELDS } from '../account-fields';
import { accountBindings } from './account';
import { computedForAuthentication } from './computed';
import type { DialectTable } from './dialect';
import { CHANGES_WORKSPACE, CUSTOMER_GETTERS, doNotTrack, TOKEN_FIELDS } from './native';

/** `ClientAccountUpdateContext` lacks three fields that the basic one has; both, and the registration's, spell two their own way (facts §1.4). */
const UPDATE = UPDATE_FIELDS.filter((name) => !['displayName', 'birthDate', 'avatarUrl'].includes(name));
const LOWER_CASE = { zipCode: 'zipcode', countryCode: 'countrycode' };

/**
 * Seed 000 and facts §1.1, §1.4, §1.7: JavaScript interop of a Flutter web app. API calls take named callbacks and give
 * a promise too; the others give promises only, and swallow their errors.
 */
export const flutter: DialectTable = {
  name: 'flutter',
  // The Web SDK has a `client` too.
  stand: {
    roots: ['Synerise'],
    member: 'client',
    marks: ['client'],
    lacks: ['event'],
    shape: ['getUUID'],
    bare: ['regenerateUUIDWithClientIdentifier'],
  },
  samples: CUSTOMER_GETTERS,
  facts: doNotTrack('settings'),
  token: TOKEN_FIELDS,
  error: { code: 'code', message: 'message' },
  bindings: {
    refreshToken: { kind: 'native', method: 'refreshToken', convention: 'named', args: [] },
    retrieveToken: { kind: 'native', method: 'retrieveToken', convention: 'named', args: [], answersToken: true },
    getUUID: { kind: 'native', method: 'getUUID', convention: 'sync', args: [], keepsSession: true },
    getUUIDForAuthentication: computedForAuthentication('The Flutter SDK has no such method (seed 003).'),
    // `Future<bool>` in code, where the documentation says `Future<void>` (facts §7).
    regenerateUUID: { kind: 'native', method: 'regenerateUUID', convention: 'sync', args: [], since: '0.7.0' },
    regenerateUUIDWithClientIdentifier: {
      kind: 'native',
      method: 'regenerateUUIDWithClientIdentifier',
      convention: 'sync',
      args: ['clientIdentifier'],
      since: '0.7.2',
    },
    signOut: { kind: 'native', method: 'signOut', convention: 'sync', args: [] },
    signOutWithMode: { kind: 'native', method: 'signOutWithMode', convention: 'named', args: ['mode', 'fromAllDevices'], tells: ['mode'] },
    destroySession: { kind: 'native', method: 'destroySession', convention: 'named', args: [] },
    ...accountBindings('named', {
      updateAccount: { args: [{ of: UPDATE, called: LOWER_CASE }] },
      updateAccountBasicInformation: { args: [{ of: BASIC_FIELDS, called: LOWER_CASE }], since: '1.4.0' },
      registerAccount: { args: [{ of: REGISTER_FIELDS, called: LOWER_CASE }] },
      // Facts §1.2.
      recognizeAnonymous: 'The Flutter SDK has no such method on its client.',
      // Its context first, the token last, and `authId` in the context; the conditional one takes both by name.
      authenticate: {
        args: [{ of: ['authID', 'agreements', 'attributes'], called: { authID: 'authId' } }, 'clientIdentityProvider', 'token'],
      },
      authenticateConditionally: {
        args: ['clientIdentityProvider', 'token'],
        named: { clientAuthContext: { of: ['agreements', 'attributes'], optional: true }, authID: 'authID' },
      },
      simpleAuthentication: { since: '0.7.0', asks: { authID: { required: true } } },
      // The e-mail, and the token, come first, where the others have them last.
      confirmAccountActivationByPin: { args: ['email', 'pinCode'] },
      confirmPasswordReset: { args: ['token', 'password'] },
      requestEmailChange: {
        args: ['email', 'password'],
        named: { externalToken: 'externalToken', authID: 'authID' },
        asks: { password: { required: true } },
      },
    }),
  },
  alsoChange: CHANGES_WORKSPACE,
};
