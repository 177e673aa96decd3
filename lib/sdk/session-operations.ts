import type { Operation } from './operation';

// Losses, as listed in the vendor's pages (facts §2.1).
const REGENERATE_LOSES = [
  'the current UUID',
  'the authentication token',
  'the login session',
  'the custom e-mail',
  'the custom identifier',
];
const DESTROY_LOSES = [...REGENERATE_LOSES, 'cached session data'];
const SIGN_OUT_LOSES = ['the login session', 'the authentication token'];
const REFRESH_NOTE =
  "The vendor's pages disagree on whether an anonymous customer may do this; current SDKs answer with an anonymous token.";

/** Operations on the session: its token, its UUID and its end. */
export const SESSION_OPERATIONS = {
  refreshToken: {
    label: 'Refresh token',
    about: 'Asks the backend for a new token. Works only while the current one is still active.',
    group: 'token',
    args: [],
    expects: () => 'new-token',
    loses: () => [],
    note: REFRESH_NOTE,
  },
  retrieveToken: {
    label: 'Retrieve token',
    about: 'Asks the SDK for the current, active token.',
    group: 'token',
    args: [],
    expects: () => 'answer',
    loses: () => [],
    note: REFRESH_NOTE,
  },
  setAccessToken: {
    label: 'Set access token',
    about: "Gives the Web SDK a JWT, as the site's own code does after a sign-in.",
    group: 'token',
    args: [
      {
        name: 'token',
        label: 'JWT',
        type: 'text',
        required: true,
        format: 'jwt',
        secret: true,
        hint: "Made by the site's backend and signed with RS256. It goes to the page's SDK and is kept nowhere else.",
      },
    ],
    expects: () => 'new-token',
    loses: () => ['the token that is set now'],
    aim: 'token',
  },
  clearAccessToken: {
    label: 'Clear access token',
    about: "Takes the site's JWT out of the Web SDK.",
    group: 'token',
    args: [],
    expects: () => 'no-token',
    loses: () => ['the token that is set now'],
  },
  getUUID: {
    label: 'Get UUID',
    about: "Asks the SDK for the customer's current UUID.",
    group: 'uuid',
    args: [],
    expects: () => 'answer',
    loses: () => [],
  },
  getUUIDForAuthentication: {
    label: 'UUID for authentication',
    about: 'The current UUID, or the one that belongs to an identifier. The session is not touched.',
    group: 'uuid',
    args: [
      {
        name: 'authID',
        label: 'Auth ID',
        type: 'text',
        required: true,
        hint: 'The seed: the same identifier gives the same UUID.',
      },
    ],
    expects: () => 'answer',
    loses: () => [],
  },
  regenerateUUID: {
    label: 'Regenerate UUID',
    about: 'Gives the anonymous customer a new UUID.',
    group: 'uuid',
    args: [],
    expects: () => 'new-uuid',
    loses: () => REGENERATE_LOSES,
    anonymousOnly: true,
    aim: 'uuid',
  },
  regenerateUUIDWithClientIdentifier: {
    label: 'Regenerate with identifier',
    about: 'Gives the anonymous customer the UUID that belongs to an identifier of yours.',
    group: 'uuid',
    args: [
      {
        name: 'clientIdentifier',
        label: 'Client identifier',
        type: 'text',
        required: true,
        hint: 'The seed: the same identifier gives the same UUID, so it must be unique for every customer.',
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
    about: 'Gives the Web SDK a UUID of your choice.',
    group: 'uuid',
    args: [{ name: 'uuid', label: 'UUID', type: 'text', required: true, format: 'uuid' }],
    expects: () => 'new-uuid',
    loses: () => ['the current UUID'],
    aim: 'uuid',
  },
  restorePreviousUUID: {
    label: 'Restore previous UUID',
    about: 'Gives back the UUID that the customer had before the last change seen in this session.',
    group: 'uuid',
    args: [],
    expects: () => 'new-uuid',
    loses: () => ['the current UUID'],
    aim: 'uuid',
  },
  signOut: {
    label: 'Sign out',
    about: "Clears the customer's token and keeps the UUID.",
    group: 'end',
    args: [],
    expects: () => 'signed-out',
    loses: () => SIGN_OUT_LOSES,
  },
  signOutWithMode: {
    label: 'Sign out with mode',
    about: 'Signs out and tells the backend; can destroy the session and sign out other devices too.',
    group: 'end',
    args: [
      {
        name: 'mode',
        label: 'Mode',
        type: 'choice',
        options: ['SIGN_OUT', 'SIGN_OUT_WITH_SESSION_DESTROY'],
        hint: 'SIGN_OUT_WITH_SESSION_DESTROY also clears the anonymous session and regenerates the UUID.',
      },
      { name: 'fromAllDevices', label: 'From all devices', type: 'flag' },
    ],
    expects: (args) => (args['mode'] === 'SIGN_OUT_WITH_SESSION_DESTROY' ? 'new-uuid' : 'signed-out'),
    loses: (args) => (args['mode'] === 'SIGN_OUT_WITH_SESSION_DESTROY' ? DESTROY_LOSES : SIGN_OUT_LOSES),
  },
  destroySession: {
    label: 'Destroy session',
    about: 'Clears all session data, customer and anonymous, and begins a new anonymous session.',
    group: 'end',
    args: [],
    expects: () => 'new-uuid',
    loses: () => DESTROY_LOSES,
  },
} as const satisfies Readonly<Record<string, Operation>>;
