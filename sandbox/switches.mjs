// The auth server's settings per shop, which the shop's page, its URL or a test can change.

/**
 * @typedef {object} Switches
 * @property {number} lifetime token lifetime (s)
 * @property {number} latency of each response (ms)
 * @property {number} fail status with which the next call fails; 0 for none
 * @property {boolean} opaque issues tokens that can't be decoded
 * @property {number} skew server clock minus real clock (s)
 * @property {string} exp an unusual `exp` claim: `ms` (in ms, not s), `past` (a minute ago), `years` (in three years); empty: the usual one
 * @property {string} created claim with the creation time: `ctd` (ms, the vendor's) or `iat` (s)
 * @property {number} refreshFails how many of the next refreshes fail; other calls don't
 * @property {number} refreshStatus status with which they fail
 * @property {string} denied permissions that the API key lacks, separated by commas
 * @property {string} condition status of each conditional sign-in; empty: the actual one
 * @property {string} activation what a new account needs before its first sign-in: `none`, `token` or `pin`
 * @property {boolean} down calls get no response: the connection is dropped
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

/** The permissions of an API key (notes §1.2). */
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

/** Statuses of a conditional sign-in, other than `SUCCESS`. */
const STATUSES = [
  'UNAUTHORIZED',
  'ACTIVATION_REQUIRED',
  'REGISTRATION_REQUIRED',
  'APPROVAL_REQUIRED',
  'TERMS_ACCEPTANCE_REQUIRED',
  'MFA_REQUIRED',
];

/** Allowed values of the text switches. */
const WORDS = /** @type {Record<string, readonly string[]>} */ ({
  exp: ['', 'ms', 'past', 'years'],
  created: ['ctd', 'iat'],
  condition: ['', ...STATUSES],
  activation: ['none', 'token', 'pin'],
});

/** Splits a list. @param {string} list separated by commas */
export const listed = (list) => list.split(',').flatMap((name) => name.trim() || []);

/** @param {string} list */
const permissions = (list) =>
  listed(list)
    .filter((name) => /** @type {readonly string[]} */ (PERMISSIONS).includes(name))
    .join(',');

/** The switches that `params` sets; lowercase names work too. @param {URLSearchParams} params @returns {Partial<Switches>} */
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
