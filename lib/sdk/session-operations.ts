import type { Operation } from './operation';

// Losses, as listed in the vendor's pages (facts §2.1).
const REGENERATE_LOSES = ['the current UUID', 'the authentication token', 'the sign-in', 'the custom email', 'the Custom ID'];
const DESTROY_LOSES = [...REGENERATE_LOSES, 'cached session data'];
const SIGN_OUT_LOSES = ['the sign-in', 'the authentication token'];
const REFRESH_NOTE = 'The docs disagree on whether anonymous customers may do this; current SDKs return an anonymous token.';

/** Operations on the session: its token, its UUID and its end. */
export const SESSION_OPERATIONS = {
  refreshToken: {
    label: 'Refresh token',
    about: 'Requests a new token. Only works before the current one expires.',
    group: 'token',
    args: [],
    expects: () => 'new-token',
    loses: () => [],
    note: REFRESH_NOTE,
  },
  retrieveToken: {
    label: 'Get token',
    about: 'Returns the SDK’s current, active token.',
    group: 'token',
    args: [],
    expects: () => 'answer',
    loses: () => [],
    note: REFRESH_NOTE,
  },
  setAccessToken: {
    label: 'Set access token',
    about: 'Sets a JWT in the Web SDK, as the site does after a sign-in.',
    group: 'token',
    args: [
      {
        name: 'token',
        label: 'JWT',
        type: 'text',
        required: true,
        format: 'jwt',
        secret: true,
        hint: 'Created by the site’s backend (RS256). Passed only to the page’s SDK; not stored.',
      },
    ],
    expects: () => 'new-token',
    loses: () => ['the current token'],
    aim: 'token',
  },
  clearAccessToken: {
    label: 'Clear access token',
    about: 'Removes the site JWT from the Web SDK.',
    group: 'token',
    args: [],
    expects: () => 'no-token',
    loses: () => ['the current token'],
  },
  getUUID: {
    label: 'Get UUID',
    about: 'Returns the customer’s current UUID.',
    group: 'uuid',
    args: [],
    expects: () => 'answer',
    loses: () => [],
  },
  getUUIDForAuthentication: {
    label: 'Get UUID for auth',
    about: 'Returns the UUID for an identifier. The session doesn’t change.',
    group: 'uuid',
    args: [
      {
        name: 'authID',
        label: 'Auth ID',
        type: 'text',
        required: true,
        hint: 'Same ID → same UUID.',
      },
    ],
    expects: () => 'answer',
    loses: () => [],
  },
  regenerateUUID: {
    label: 'Regenerate UUID',
    about: 'Assigns a new UUID (anonymous customers only).',
    group: 'uuid',
    args: [],
    expects: () => 'new-uuid',
    loses: () => REGENERATE_LOSES,
    anonymousOnly: true,
    aim: 'uuid',
  },
  regenerateUUIDWithClientIdentifier: {
    label: 'Regenerate from ID',
    about: 'Assigns the UUID derived from your identifier (anonymous customers only).',
    group: 'uuid',
    args: [
      {
        name: 'clientIdentifier',
        label: 'Client identifier',
        type: 'text',
        required: true,
        hint: 'Same ID → same UUID. Must be unique per customer.',
      },
    ],
    expects: () => 'new-uuid',
    loses: () => REGENERATE_LOSES,
    anonymousOnly: true,
    seeded: true,
    aim: 'uuid',
  },
  setUuid: {
    label: 'Set UUID',
    about: 'Sets a UUID of your choice in the Web SDK.',
    group: 'uuid',
    args: [{ name: 'uuid', label: 'UUID', type: 'text', required: true, format: 'uuid' }],
    expects: () => 'new-uuid',
    loses: () => ['the current UUID'],
    aim: 'uuid',
  },
  restorePreviousUUID: {
    label: 'Undo UUID change',
    about: 'Restores the UUID before the last change in this session.',
    group: 'uuid',
    args: [],
    expects: () => 'new-uuid',
    loses: () => ['the current UUID'],
    aim: 'uuid',
  },
  signOut: {
    label: 'Sign out',
    about: 'Clears the token and keeps the UUID.',
    group: 'end',
    args: [],
    expects: () => 'signed-out',
    loses: () => SIGN_OUT_LOSES,
  },
  signOutWithMode: {
    label: 'Sign out (options)',
    about: 'Signs out, optionally on all devices or with the session destroyed.',
    group: 'end',
    args: [
      {
        name: 'mode',
        label: 'Mode',
        type: 'choice',
        options: ['SIGN_OUT', 'SIGN_OUT_WITH_SESSION_DESTROY'],
        hint: 'SIGN_OUT_WITH_SESSION_DESTROY also clears the anonymous session and the UUID.',
      },
      { name: 'fromAllDevices', label: 'From all devices', type: 'flag' },
    ],
    expects: (args) => (args['mode'] === 'SIGN_OUT_WITH_SESSION_DESTROY' ? 'new-uuid' : 'signed-out'),
    loses: (args) => (args['mode'] === 'SIGN_OUT_WITH_SESSION_DESTROY' ? DESTROY_LOSES : SIGN_OUT_LOSES),
  },
  destroySession: {
    label: 'Destroy session',
    about: 'Clears all session data and starts a new anonymous session.',
    group: 'end',
    args: [],
    expects: () => 'new-uuid',
    loses: () => DESTROY_LOSES,
  },
} as const satisfies Readonly<Record<string, Operation>>;
