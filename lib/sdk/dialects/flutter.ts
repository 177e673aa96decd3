import { computedForAuthentication } from './computed';
import type { DialectTable } from './dialect';
import { alsoChange, CUSTOMER_GETTERS, doNotTrack, TOKEN_FIELDS } from './native';

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
    getUUID: { kind: 'native', method: 'getUUID', convention: 'sync', args: [], looksOnly: true },
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
  },
  alsoChange: alsoChange('0.authID|0.authId', '2.authID|2.authId'),
};
