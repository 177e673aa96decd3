import { noAccountBindings } from './account';
import { computedForAuthentication, RECIPE_ARGUMENTS } from './computed';
import type { DialectTable } from './dialect';

/** Facts §3: the actual browser SDK has a UUID, an identity and a slot for the site's JWT, but none of the session methods. */
export const web: DialectTable = {
  name: 'web',
  stand: {
    // The loader snippet's fifth argument (facts §3.1).
    rootNamedBy: 'SyneriseObjectNamespace',
    roots: ['SR'],
    member: '',
    // `_t` and `_i`: the snippet's array (facts §3.1); the others: the loaded SDK. Any site may have an `SR` with `init` and `event`.
    marks: ['_t&_i', '_t&^SyneriseObjectNamespace', 'event&init&client', 'event&init&^SyneriseTC', 'event&init&^SyneriseObjectNamespace'],
    shape: ['event', 'client', '^SyneriseTC.uuid'],
  },
  samples: { uuid: '^SyneriseTC.uuid' },
  // A second tracker key on a page sends the same visit to two workspaces; the SDK returns only the last one.
  facts: { identityHash: 'client.getIdentityHash()', trackerKey: '^SyneriseTC.trackerUID' },
  cookies: '_snrs_',
  // Facts §3.3: its storage keys aren't published.
  stores: ['snr', 'synerise'],
  // The site's backend creates it (RS256, facts §2.5): everything known is in its claims.
  token: { raw: '', mayBeNone: true },
  error: { code: 'code', message: 'message' },
  bindings: {
    refreshToken: {
      kind: 'unavailable',
      reason: 'The site’s backend creates this JWT, so only the site can renew it.',
    },
    retrieveToken: { kind: 'native', method: 'jwt.getAccessToken', convention: 'sync', args: [], answersToken: true },
    setAccessToken: { kind: 'native', method: 'client.setAccessToken', convention: 'sync', args: ['token'] },
    clearAccessToken: { kind: 'native', method: 'jwt.clearAccessToken|client.clearAccessToken', convention: 'sync', args: [] },
    getUUID: {
      kind: 'emulated',
      about: 'Reads the UUID from the SDK.',
      steps: [{ do: 'answer', value: '^SyneriseTC.uuid' }],
      keepsSession: true,
    },
    setUuid: { kind: 'native', method: 'client.setUuid', convention: 'sync', args: ['uuid'] },
    getUUIDForAuthentication: computedForAuthentication('The Web SDK has no such method.'),
    regenerateUUID: {
      kind: 'emulated',
      about: 'Sets a random UUID. The first UUID stays in _snrs_puuid; a site JWT stays unchanged.',
      uuid: 'random',
      loses: ['the current UUID', 'the identity hash'],
      steps: [{ do: 'call', method: 'client.setUuid', args: ['uuid'] }],
    },
    regenerateUUIDWithClientIdentifier: {
      kind: 'emulated',
      about: 'Sets the UUID that a recipe derives from your identifier.',
      uuid: 'recipe',
      loses: ['the current UUID', 'the identity hash'],
      asks: RECIPE_ARGUMENTS,
      steps: [{ do: 'call', method: 'client.setUuid', args: ['uuid'] }],
    },
    restorePreviousUUID: {
      kind: 'emulated',
      about: 'Undoes the last UUID change.',
      uuid: 'previous',
      steps: [{ do: 'call', method: 'client.setUuid', args: ['uuid'] }],
    },
    signOut: {
      kind: 'unavailable',
      reason: 'The site handles sign-in. Clear its token or destroy the session instead.',
    },
    signOutWithMode: {
      kind: 'unavailable',
      reason: 'The site handles sign-in. Clear its token or destroy the session instead.',
    },
    destroySession: {
      kind: 'emulated',
      about: 'Makes this browser a new visitor. Lists cookies that script can’t remove.',
      loses: ['the current UUID', 'the site JWT', 'the _snrs_* cookies'],
      steps: [
        { do: 'call', method: 'jwt.clearAccessToken|client.clearAccessToken', args: [], optional: true },
        { do: 'forget', cookies: '_snrs_' },
        { do: 'reload' },
      ],
    },
    ...noAccountBindings('The Web SDK has no account API; your site’s backend handles accounts.'),
  },
  alsoChange: {
    'client.setUuidAndIdentityHash': 'setUuidAndIdentityHash',
    'client.update': 'updateClient',
    'event.sendFormData': 'sendFormData',
    init: 'init',
  },
};
