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
      reason: "The Web SDK has no tokens of its own: the site's own backend makes this JWT, and only the site can renew it.",
    },
    retrieveToken: { kind: 'native', method: 'jwt.getAccessToken', convention: 'sync', args: [], answersToken: true },
    setAccessToken: { kind: 'native', method: 'client.setAccessToken', convention: 'sync', args: ['token'] },
    clearAccessToken: { kind: 'native', method: 'jwt.clearAccessToken|client.clearAccessToken', convention: 'sync', args: [] },
    getUUID: {
      kind: 'emulated',
      about: 'Reads what the SDK holds.',
      steps: [{ do: 'answer', value: '^SyneriseTC.uuid' }],
      keepsSession: true,
    },
    setUuid: { kind: 'native', method: 'client.setUuid', convention: 'sync', args: ['uuid'] },
    getUUIDForAuthentication: computedForAuthentication('The Web SDK has no such method.'),
    regenerateUUID: {
      kind: 'emulated',
      about: "Gives the SDK a fresh random UUID. The first UUID stays in _snrs_puuid, and the site's JWT, if it is set, stays as it is.",
      uuid: 'random',
      loses: ['the current UUID', 'the identity hash'],
      steps: [{ do: 'call', method: 'client.setUuid', args: ['uuid'] }],
    },
    regenerateUUIDWithClientIdentifier: {
      kind: 'emulated',
      about: 'Gives the SDK the UUID that a recipe makes from your identifier.',
      uuid: 'recipe',
      loses: ['the current UUID', 'the identity hash'],
      asks: RECIPE_ARGUMENTS,
      steps: [{ do: 'call', method: 'client.setUuid', args: ['uuid'] }],
    },
    restorePreviousUUID: {
      kind: 'emulated',
      about: 'Takes the last change of UUID back.',
      uuid: 'previous',
      steps: [{ do: 'call', method: 'client.setUuid', args: ['uuid'] }],
    },
    signOut: {
      kind: 'unavailable',
      reason: 'The Web SDK signs nobody in: the site does. Clear its token, or destroy the session.',
    },
    signOutWithMode: {
      kind: 'unavailable',
      reason: 'The Web SDK signs nobody in: the site does. Clear its token, or destroy the session.',
    },
    destroySession: {
      kind: 'emulated',
      about: 'Makes this browser a new visitor of the site. Cookies that script cannot reach stay, and are named.',
      loses: ['the current UUID', 'the token that the site set', 'the _snrs_* cookies'],
      steps: [
        { do: 'call', method: 'jwt.clearAccessToken|client.clearAccessToken', args: [], optional: true },
        { do: 'forget', cookies: '_snrs_' },
        { do: 'reload' },
      ],
    },
    ...noAccountBindings(
      'The Web SDK knows no accounts: signing in, and the data of an account, are the matter of the site and its backend.',
    ),
  },
  alsoChange: {
    'client.setUuidAndIdentityHash': 'setUuidAndIdentityHash',
    'client.update': 'updateClient',
    'event.sendFormData': 'sendFormData',
    init: 'init',
  },
};
