// What a shop's page, its URL or a test may set of the auth server, each shop for itself.

/**
 * @typedef {object} Switches
 * @property {number} lifetime token lifetime (s)
 * @property {number} latency of each answer (ms)
 * @property {number} fail status that the next call fails with; 0 for none
 * @property {boolean} opaque tokens whose payload nobody can read
 * @property {number} skew server clock minus real clock (s)
 * @property {string} exp what is odd about a token's `exp`: `ms` (not in s), `past` (a minute ago), `years` (in three), or nothing
 * @property {string} created the claim of its creation: `ctd` (ms, the vendor's) or `iat` (s)
 * @property {number} refreshFails how many of the next refreshes fail; other calls do not
 * @property {number} refreshStatus with which status
 * @property {string} denied permissions that the API key has not, separated by commas
 * @property {string} condition status of each conditional login; nothing: what comes of it
 * @property {string} activation what a new account needs before its first sign-in: `none`, `token` or `pin`
 * @property {boolean} down no call is answered: the connection is dropped
 */

/** @type {Readonly<Switches>} */
export const DEFAULT_SWITCHES = {
  lifetime: 3600,
  latency: 0,
  fail: 0,
  opaque: false,
  skew: 0,
  exp: '',
  created: 'ctd',
  refreshFails: 0,
  refreshStatus: 503,
  denied: '',
  condition: '',
  activation: 'token',
  down: false,
};

/** What an API key may allow (notes §1.2). */
export const PERMISSIONS = /** @type {const} */ ([
  'API_PERSONAL_INFORMATION_CLIENT_READ',
  'API_PERSONAL_INFORMATION_CLIENT_UPDATE',
  'API_BASIC_INFORMATION_CLIENT_UPDATE',
  'API_PERSONAL_PHONE_CLIENT_CREATE',
  'SAUTH_CHANGE_EMAIL_CLIENT_UPDATE',
  'SAUTH_CHANGE_PASSWORD_CLIENT_UPDATE',
  'SAUTH_PASSWORD_RESET_CLIENT_CREATE',
  'SAUTH_REGISTER_CLIENT_CREATE',
  'SAUTH_CLIENT_DELETE',
]);

/** Other than `SUCCESS`. */
const STATUSES = [
  'UNAUTHORIZED',
  'ACTIVATION_REQUIRED',
  'REGISTRATION_REQUIRED',
  'APPROVAL_REQUIRED',
  'TERMS_ACCEPTANCE_REQUIRED',
  'MFA_REQUIRED',
];

/** What the switches that are words may say. */
const WORDS = /** @type {Record<string, readonly string[]>} */ ({
  exp: ['', 'ms', 'past', 'years'],
  created: ['ctd', 'iat'],
  condition: ['', ...STATUSES],
  activation: ['none', 'token', 'pin'],
});

/** @param {string} list separated by commas */
export const listed = (list) => list.split(',').flatMap((name) => name.trim() || []);

/** @param {string} list */
const permissions = (list) =>
  listed(list)
    .filter((name) => /** @type {readonly string[]} */ (PERMISSIONS).includes(name))
    .join(',');

/** Only the switches that are named change; in lower case they may be, too. @param {URLSearchParams} params @returns {Partial<Switches>} */
export function switchesOf(params) {
  /** @type {Record<string, number | boolean | string>} */
  const changes = {};
  for (const [name, standard] of Object.entries(DEFAULT_SWITCHES)) {
    const value = params.get(name) ?? params.get(name.toLowerCase());
    if (value === null) continue;
    if (name === 'denied') changes[name] = permissions(value);
    else if (typeof standard === 'string') {
      if (WORDS[name]?.includes(value)) changes[name] = value;
    } else if (typeof standard === 'boolean') changes[name] = value !== 'false' && value !== '0';
    else if (Number.isFinite(Number(value))) changes[name] = Number(value);
  }
  return changes;
}
