// The auth server's error responses: the error body of §4.4 of the project's notes.

/**
 * @typedef {object} Cause One entry of `errors`.
 * @property {number} code made up: the vendor's are not published
 * @property {string} field
 * @property {string} message
 * @property {unknown} rejectedValue null if it is secret
 */

export class ApiError extends Error {
  /** @param {number} status @param {string} message @param {readonly Cause[]} [causes] */
  constructor(status, message, causes = []) {
    super(message);
    this.status = status;
    this.causes = causes;
  }
}

const TITLES = /** @type {Record<number, string>} */ ({
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
});

/** @param {ApiError} error @param {string} path */
export const errorBody = ({ status, message, causes }, path) => ({
  timestamp: new Date().toISOString(),
  status,
  error: TITLES[status] ?? 'Error',
  message,
  path,
  errors: causes,
});

/** Error codes by the kind of field error. */
export const CODES = { missing: 40001, empty: 40002, malformed: 40003, notAllowed: 40004, taken: 40901 };

/** Fields whose values must never be echoed. */
const SECRETS = ['password', 'oldPassword', 'token', 'pinCode', 'confirmationCode', 'clientAuthFactor', 'externalToken'];

/** @param {keyof typeof CODES} kind @param {string} field @param {string} message @param {unknown} value @returns {Cause} */
export const causeOf = (kind, field, message, value) => ({
  code: CODES[kind],
  field,
  message,
  rejectedValue: SECRETS.includes(field) ? null : (value ?? null),
});

/** An error about invalid fields, with the causes' messages. @param {readonly Cause[]} causes @param {number} [status] */
export const refusal = (causes, status = 400) =>
  new ApiError(status, causes.map(({ field, message }) => `${field} ${message}.`).join(' '), causes);
