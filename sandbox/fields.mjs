// A customer's fields: names, validation and updates (notes §1.5, §4.2).
import { ApiError, causeOf, refusal } from './errors.mjs';

/**
 * @typedef {object} Fields The fields of a customer.
 * @property {string | null} email
 * @property {string | null} phone
 * @property {string | null} customId
 * @property {string | null} uuid
 * @property {string | null} firstName
 * @property {string | null} lastName
 * @property {string | null} displayName
 * @property {string} sex
 * @property {string | null} birthDate
 * @property {string | null} avatarUrl
 * @property {string | null} company
 * @property {string | null} address
 * @property {string | null} city
 * @property {string | null} province
 * @property {string | null} zipCode
 * @property {string | null} countryCode
 * @property {Record<string, boolean>} agreements
 * @property {Record<string, unknown>} attributes
 */

const AGREEMENTS = ['email', 'sms', 'push', 'bluetooth', 'rfid', 'wifi'];
const SEXES = ['NOT_SPECIFIED', 'MALE', 'FEMALE', 'OTHER'];
const IDENTIFIERS = ['email', 'customId', 'uuid'];
const TEXTS = [
  ...IDENTIFIERS,
  ...['phone', 'firstName', 'lastName', 'displayName', 'birthDate', 'avatarUrl'],
  ...['company', 'address', 'city', 'province', 'zipCode', 'countryCode'],
];

/** The fields of a customer about whom nothing is known. @returns {Fields} */
export const noFields = () => ({
  .../** @type {Fields} */ (/** @type {unknown} */ (Object.fromEntries(TEXTS.map((name) => [name, null])))),
  sex: 'NOT_SPECIFIED',
  agreements: Object.fromEntries(AGREEMENTS.map((name) => [name, false])),
  attributes: {},
});

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

export const isEmail = (/** @type {string} */ text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
const isPhone = (/** @type {string} */ text) => /^\+?[\d ()-]{3,}$/.test(text);

/**
 * Validates a value that is neither missing nor null.
 * @param {string} field @param {unknown} value @returns {import('./errors.mjs').Cause[]}
 */
function wrong(field, value) {
  const malformed = (/** @type {string} */ message) => [causeOf('malformed', field, message, value)];
  if (value === '') return [causeOf('empty', field, 'must not be empty', value)];
  if (typeof value !== 'string') return malformed('must be a text');
  if (field === 'email' && !isEmail(value)) return malformed('must be an e-mail address');
  if (field === 'phone' && !isPhone(value)) return malformed('must be a phone number');
  if (field === 'sex' && !SEXES.includes(value)) return malformed(`must be one of ${SEXES.join(', ')}`);
  return [];
}

/** @param {unknown} given */
function wrongAgreements(given) {
  if (given == null) return [];
  if (!isObject(given)) return [causeOf('malformed', 'agreements', 'must be an object', given)];
  return Object.entries(given).flatMap(([name, value]) => {
    const field = `agreements.${name}`;
    if (!AGREEMENTS.includes(name)) return [causeOf('notAllowed', field, 'is no agreement', value)];
    return value === null || typeof value === 'boolean' ? [] : [causeOf('malformed', field, 'must be true or false', value)];
  });
}

/** @param {unknown} given */
function wrongAttributes(given) {
  if (given == null) return [];
  if (!isObject(given)) return [causeOf('malformed', 'attributes', 'must be an object', given)];
  return Object.entries(given).flatMap(([name, value]) =>
    value === '' ? [causeOf('empty', `attributes.${name}`, 'must not be empty', value)] : [],
  );
}

/**
 * Validates a body's fields; unknown ones are ignored.
 * @param {Record<string, unknown>} body @param {{ basic?: boolean }} [kind] basic: identifiers may not be changed
 * @throws {ApiError} 400
 */
export function checkFields(body, { basic = false } = {}) {
  const causes = [...TEXTS, 'sex'].flatMap((field) => {
    const value = body[field];
    if (value === undefined) return [];
    if (basic && IDENTIFIERS.includes(field)) return [causeOf('notAllowed', field, 'cannot be changed here', value)];
    if (value !== null) return wrong(field, value);
    return field === 'email' ? [causeOf('missing', field, 'cannot be reset', value)] : [];
  });
  causes.push(...wrongAgreements(body['agreements']), ...wrongAttributes(body['attributes']));
  if (causes.length > 0) throw refusal(causes);
}

/**
 * Applies a validated body: only given fields change, `null` resets a field or deletes an attribute.
 * @param {Fields} fields @param {Record<string, unknown>} body
 */
export function applyFields(fields, body) {
  const into = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (fields));
  const reset = noFields();
  for (const name of TEXTS) if (body[name] !== undefined) into[name] = body[name];
  if (body['sex'] !== undefined) fields.sex = String(body['sex'] ?? reset.sex);
  const { agreements, attributes } = body;
  if (agreements === null) fields.agreements = reset.agreements;
  else if (isObject(agreements)) for (const [name, value] of Object.entries(agreements)) fields.agreements[name] = Boolean(value);
  if (attributes === null) fields.attributes = {};
  else if (isObject(attributes))
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null) delete fields.attributes[name];
      else fields.attributes[name] = value;
    }
}

/** A required, non-empty string. @param {Record<string, unknown>} body @param {string} field @throws {ApiError} 400 */
export function text(body, field) {
  const value = body[field];
  if (typeof value === 'string' && value !== '') return value;
  if (value == null) throw new ApiError(400, `${field} is missing.`, [causeOf('missing', field, 'is missing', value)]);
  throw refusal(
    value === '' ? [causeOf('empty', field, 'must not be empty', value)] : [causeOf('malformed', field, 'must be a text', value)],
  );
}

/** Like `text`, but also checks the field's format. @param {Record<string, unknown>} body @param {'email' | 'phone'} field */
export function formed(body, field) {
  const value = text(body, field);
  const causes = wrong(field, value);
  if (causes.length > 0) throw refusal(causes);
  return value;
}
