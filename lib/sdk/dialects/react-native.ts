import { REGISTER_FIELDS_WITHOUT_UUID } from '../account-fields';
import { accountBindings } from './account';
import { computedForAuthentication } from './computed';
import type { DialectTable } from './dialect';
import { CHANGES_WORKSPACE, CUSTOMER_GETTERS, doNotTrack, knownAs, TOKEN_FIELDS } from './native';
import { sessionBindings } from './session';

/** Facts §1.1, §1.3; `since` is from the vendor's pages and changelogs. */
export const reactNative: DialectTable = {
  name: 'react-native',
  // The getter `Client` logs an error until `isInitialized()` is true (RN lib/main/Synerise.js), so check that first.
  stand: {
    roots: ['Synerise'],
    member: 'Client',
    marks: ['Client'],
    // A module of the iOS or Android SDK has both `Client` and `Synerise`.
    lacks: ['Synerise'],
    awaits: 'isInitialized()',
    shape: ['getUUID'],
    bare: ['regenerateUUIDWithClientIdentifier'],
  },
  samples: CUSTOMER_GETTERS,
  facts: doNotTrack('Settings'),
  // The Android bridge fills `tokenOrigin`, but the class reads `origin` and falls back to UNKNOWN (facts §1.3).
  token: { ...TOKEN_FIELDS, origin: 'origin|tokenOrigin' },
  // Facts §1.3: `{ code, message }`, no stack.
  error: { code: 'code', message: 'message' },
  bindings: {
    ...sessionBindings('callbacks', {
      getUUIDForAuthentication: computedForAuthentication('React Native has no such method.'),
      regenerateUUID: { since: '0.9.0' },
      regenerateUUIDWithClientIdentifier: { since: '0.9.10' },
      signOutWithMode: { since: '0.14.0' },
      destroySession: { since: '0.9.10' },
    }),
    ...accountBindings('callbacks', {
      // Contexts are converted by their own `toObject()`, which plain objects don't have (facts §1.3).
      simpleAuthentication: { since: '0.15.0' },
      registerAccount: { args: [{ of: REGISTER_FIELDS_WITHOUT_UUID }] },
      // Its Android bridge can't take `null` for `parameters` (facts §8).
      recognizeAnonymous: { blank: { parameters: {} } },
      updateAccountBasicInformation: { since: '0.24.0' },
      // Older versions also have `deleteAccount`, which takes only the password.
      deleteAccount: { method: 'deleteAccountByIdentityProvider' },
    }),
  },
  cancels: true,
  alsoChange: { ...CHANGES_WORKSPACE, ...knownAs('^Synerise.Tracker'), deleteAccount: 'deleteAccount' },
  listener: { method: 'setClientStateChangeListener', signedIn: 'onClientSignedIn', signedOut: 'onClientSignedOut' },
};
