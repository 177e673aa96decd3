// The mailbox of one shop: what its customers would get by e-mail and SMS, with the codes that prove they got it.
import { randomInt, randomUUID } from 'node:crypto';

/**
 * @typedef {'activation' | 'activation-by-pin' | 'password-reset' | 'email-change' | 'phone-update'} About
 *
 * @typedef {object} Message
 * @property {number} at ms, the real clock
 * @property {'email' | 'sms'} kind
 * @property {string} to
 * @property {string} subject
 * @property {string} code which may begin with 0
 * @property {About} about
 *
 * @typedef {object} Pending What a code stands for until it is used.
 * @property {string} whose
 * @property {string} to
 * @property {string} code
 */

/** How each kind of message says what it is, and how many digits its code has; without, it is a long token. */
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
  /** @type {Record<string, Pending[]>} by what it is about; of each person the newest only */
  #pending = {};
  #first = new Set();

  /** @param {About} about @param {string} whose @param {string} to */
  send(about, whose, to) {
    const { kind, subject, digits } = KINDS[about];
    const code = digits === undefined ? randomUUID().replaceAll('-', '') : this.#digits(digits);
    this.#pending[about] = [...this.#others(about, whose), { whose, to, code }];
    this.messages.push({ at: Date.now(), kind, to, subject, code, about });
  }

  /** Whom a code is for: it is known only to those who read the message. @param {About} about @param {string} code */
  find(about, code) {
    return this.#pending[about]?.find((one) => one.code === code);
  }

  /** Whether a short code, which others may have too, is this person's. @param {About} about @param {string} whose @param {string} to @param {string} code */
  proves(about, whose, to, code) {
    return Boolean(this.#pending[about]?.some((one) => one.whose === whose && one.to === to && one.code === code));
  }

  /** It was used, and is good for nothing more. @param {About} about @param {string} whose */
  used(about, whose) {
    this.#pending[about] = this.#others(about, whose);
  }

  /** @param {About} about @param {string} whose */
  #others(about, whose) {
    return (this.#pending[about] ?? []).filter((one) => one.whose !== whose);
  }

  /** The first of its length begins with 0, so that everybody meets one that is no number. @param {number} length */
  #digits(length) {
    const first = !this.#first.has(length);
    this.#first.add(length);
    return String(randomInt(10 ** (first ? length - 1 : length))).padStart(length, '0');
  }
}
