// The customers of one shop: their accounts, what is known of those who have none, and the events that were told.
import { causeOf, refusal } from './errors.mjs';
import { noFields } from './fields.mjs';
import { Mailbox } from './mailbox.mjs';
import { people } from './people.mjs';

/**
 * @typedef {object} Own What only an account has.
 * @property {number} clientId
 * @property {string} email
 * @property {string | null} password null where another provider knows it
 * @property {boolean} active false while it waits for its activation
 * @property {string} provider
 * @property {string[]} tags
 * @property {string} lastActivityDate ISO
 * @property {false} anonymous
 *
 * @typedef {import('./fields.mjs').Fields & Own} Account
 *
 * @typedef {object} Event
 * @property {number} at ms, the real clock
 * @property {string} uuid of the session that told it
 * @property {Record<string, unknown>} event as it was told
 */

export class Accounts {
  /** @type {Account[]} */
  all = people();
  mailbox = new Mailbox();
  /** @type {Event[]} */
  events = [];
  /** Those without an account, by UUID. @type {Map<string, import('./fields.mjs').Fields>} */
  #profiles = new Map();
  #next = 3001;

  /** @param {unknown} email */
  byEmail(email) {
    return this.all.find((one) => one.email === email);
  }

  /** @param {string} clientId as a token has it */
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

  /** An e-mail is one account's. @param {unknown} email @param {Account} [whose] who may have it already */
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
