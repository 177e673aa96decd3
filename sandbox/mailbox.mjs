// One shop's mailbox: the messages that its customers would get by email and SMS, with the codes that confirm receipt.
import { randomInt, randomUUID } from 'node:crypto';

/**
 * @typedef {'activation' | 'activation-by-pin' | 'password-reset' | 'email-change' | 'phone-update'} About
 *
 * @typedef {object} Message
 * @property {number} at epoch ms, real clock
 * @property {'email' | 'sms'} kind
 * @property {string} to
 * @property {string} subject
 * @property {string} code may begin with 0
 * @property {About} about
 *
 * @typedef {object} Pending A code that hasn't been used yet.
 * @property {string} whose
 * @property {string} to
 * @property {string} code
 */

/** Each message's channel, subject and number of code digits; without `digits`, the code is a long token. */
const KINDS = /** @type {Record<About, { kind: 'email' | 'sms', subject: string, digits?: number }>} */ ({
  activation: { kind: 'email', subject: 'Activate your account' },
  'activation-by-pin': { kind: 'email', subject: 'Your PIN to activate your account', digits: 6 },
  'password-reset': { kind: 'email', subject: 'Reset your password' },
  'email-change': { kind: 'email', subject: 'Confirm your new e-mail address' },
  'phone-update': { kind: 'sms', subject: 'Your code to confirm your phone number', digits: 4 },
});

export class Mailbox {
  /** Newest last. @type {Message[]} */
  messages = [];
  /** @type {Record<string, Pending[]>} by purpose; only the newest of each person */
  #pending = {};
  #first = new Set();

  /** @param {About} about @param {string} whose @param {string} to */
  send(about, whose, to) {
    const { kind, subject, digits } = KINDS[about];
    const code = digits === undefined ? randomUUID().replaceAll('-', '') : this.#digits(digits);
    this.#pending[about] = [...this.#others(about, whose), { whose, to, code }];
    this.messages.push({ at: Date.now(), kind, to, subject, code, about });
  }

  /** Finds the recipient of a long token, which only readers of the message can know. @param {About} about @param {string} code */
  find(about, code) {
    return this.#pending[about]?.find((one) => one.code === code);
  }

  /**
   * Whether a short code, which isn't unique, belongs to this person.
   * @param {About} about @param {string} whose @param {string} to @param {string} code
   */
  proves(about, whose, to, code) {
    return Boolean(this.#pending[about]?.some((one) => one.whose === whose && one.to === to && one.code === code));
  }

  /** Invalidates a person's code after use. @param {About} about @param {string} whose */
  used(about, whose) {
    this.#pending[about] = this.#others(about, whose);
  }

  /** @param {About} about @param {string} whose */
  #others(about, whose) {
    return (this.#pending[about] ?? []).filter((one) => one.whose !== whose);
  }

  /** A random code. The first of each length begins with 0, to expose callers that treat codes as numbers. @param {number} length */
  #digits(length) {
    const first = !this.#first.has(length);
    this.#first.add(length);
    return String(randomInt(10 ** (first ? length - 1 : length))).padStart(length, '0');
  }
}
