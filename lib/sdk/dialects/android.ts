import type { DialectTable } from './dialect';
import { alsoChange, doNotTrack } from './native';

/** Seed 002's Android column and facts §1.1, §1.5, §1.7: calls are objects to `execute`, values are read by getters. */
export const android: DialectTable = {
  name: 'android',
  // `Client` is a common name: a second member decides.
  stand: { roots: ['Client'], member: '', shape: ['getUuid', 'retrieveToken|getToken|refreshToken|regenerateUuid|isSignedIn'] },
  samples: { uuid: 'getUuid()', signedIn: 'isSignedIn()', simpleAuth: 'isSignedInViaSimpleAuthentication()' },
  facts: doNotTrack('settings'),
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
    refreshToken: { kind: 'native', method: 'refreshToken', convention: 'call', args: [], since: '3.6.9' },
    // `getToken` until 6.0.0 (Android changelog).
    retrieveToken: { kind: 'native', method: 'retrieveToken|getToken', convention: 'call', args: [], answersToken: true },
    getUUID: { kind: 'native', method: 'getUuid', convention: 'sync', args: [], looksOnly: true },
    getUUIDForAuthentication: {
      kind: 'native',
      method: 'getUuidForAuthentication',
      convention: 'sync',
      args: ['authID'],
      since: '5.15.0',
      looksOnly: true,
    },
    regenerateUUID: { kind: 'native', method: 'regenerateUuid', convention: 'sync', args: [], since: '3.3.5' },
    regenerateUUIDWithClientIdentifier: {
      kind: 'native',
      method: 'regenerateUuid',
      convention: 'sync',
      args: ['clientIdentifier'],
      since: '3.6.4',
    },
    signOut: { kind: 'native', method: 'signOut', convention: 'sync', args: [] },
    signOutWithMode: {
      kind: 'native',
      method: 'signOut',
      convention: 'call',
      args: ['mode', 'fromAllDevices'],
      tells: ['mode'],
      since: '5.1.0',
    },
    destroySession: { kind: 'native', method: 'destroySession', convention: 'sync', args: [], since: '3.6.4' },
  },
  alsoChange: alsoChange('4'),
  listener: { method: 'setOnClientStateChangeListener', signedIn: 'onClientSignedIn', signedOut: 'onClientSignedOut' },
};
