// The customers of one shop: accounts, profiles of customers without an account, and events.
import { causeOf, refusal } from './errors.mjs';
import { noFields } from './fields.mjs';
import { Mailbox } from './mailbox.mjs';
import { people } from './people.mjs';

/**
 * @typedef {object} Own The fields that only an account has.
 * @property {number} clientId
 * @property {string} email
 * @property {string | null} password null if another identity provider checks it
 * @property {boolean} active false until it is activated
 * @property {string} provider
 * @property {string[]} tags
 * @property {string} lastActivityDate ISO 8601
 * @property {false} anonymous
 *
 * @typedef {import('./fields.mjs').Fields & Own} Account
 *
 * @typedef {object} Event
 * @property {number} at epoch ms, real clock
 * @property {string} uuid UUID of the session that sent it
 * @property {Record<string, unknown>} event as it was sent
 */

export class Accounts {
  /** @type {Account[]} */
  all = people();
  mailbox = new Mailbox();
  /** @type {Event[]} */
  events = [];
  /** Customers without an account, by UUID. @type {Map<string, import('./fields.mjs').Fields>} */
  #profiles = new Map();
  #next = 3001;

  /** @param {unknown} email */
  byEmail(email) {
    return this.all.find((one) => one.email === email);
  }

  /** @param {string} clientId as in a token */
  byId(clientId) {
    return this.all.find((one) => String(one.clientId) === clientId);
  }

  /** @param {Partial<Account> & { email: string, provider: string }} fields */
  add(fields) {
    /** @type {Account} */
    const account = {
      ...noFields(),
      clientId: this.#next,
      password: null,
      active: true,
      tags: [],
      lastActivityDate: new Date().toISOString(),
      anonymous: false,
      ...fields,
    };
    this.#next += 1;
    this.all.push(account);
    return account;
  }

  /** @param {Account} account */
  remove(account) {
    this.all = this.all.filter((one) => one !== account);
  }

  /** Throws (409) if another account has the email. @param {unknown} email @param {Account} [whose] the account that may have it */
  mustBeFree(email, whose) {
    const other = this.byEmail(email);
    if (other && other !== whose) throw refusal([causeOf('taken', 'email', 'belongs to another account', email)], 409);
  }

  /** @param {string} uuid */
  profile(uuid) {
    const known = this.#profiles.get(uuid) ?? { ...noFields(), uuid };
    this.#profiles.set(uuid, known);
    return known;
  }
}
