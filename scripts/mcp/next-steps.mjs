/**
 * What to look at next for each cause of a UUID or token, for an agent that has to explain it; `null`: expected.
 * @type {Readonly<Record<import('../../lib/session/history/cause').CauseKind, string | null>>}
 */
export const NEXT_STEPS = {
  first: null,
  operation: null,
  call: 'The page called it: history with kinds ["call"] has the calls. If it is unintended, remove or guard that call.',
  'api-key': 'Changing the API key destroys the session unless shouldDestroySessionOnApiKeyChange is false (facts §2.2).',
  'sign-in': 'Expected if another account or another authID signs in. For the same customer, pass the same authID each time.',
  'sign-out': 'SIGN_OUT_WITH_SESSION_DESTROY and destroySession give a new UUID; SIGN_OUT keeps it.',
  'do-not-track': 'Switching Do Not Track on sets a random UUID: expected.',
  'reset-cookie':
    'A script or server set that cookie, and the SDK applied it on page load: find what sets it (search the code and Set-Cookie headers).',
  link: 'The URL carried the UUID: right only for the link’s recipient. Strip snrs_ parameters from URLs that people share.',
  'cookies-removed': 'Something removed the _snrs_ cookies: a consent tool, log-out code, the browser. Find what clears them.',
  'cookies-expired': 'The _snrs_ cookies ran out: check their lifetime and domain.',
  'other-tab': 'Another tab of this site did it: inspect that tab.',
  renewal: null,
  'page-load': null,
  unknown: 'Nothing recorded explains it. Open the page by url to record it from its first line, and repeat.',
};
