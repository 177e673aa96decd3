// The shop's small in-memory auth server, with the vendor's paths and error bodies. Sign-in, refresh and sign-out are here.
// Facts: requests §4.2, responses §4.3 of the project's notes on the SDKs.
import { ACCOUNT_ROUTES } from './account-routes.mjs';
import { Accounts } from './accounts.mjs';
import { ApiError, errorBody } from './errors.mjs';
import { applyFields, checkFields, text } from './fields.mjs';
import { DEFAULT_SWITCHES, listed } from './switches.mjs';
import { createTokens } from './tokens.mjs';

/**
 * @typedef {import('./accounts.mjs').Account} Account
 * @typedef {import('./switches.mjs').Switches} Switches
 *
 * @typedef {object} Asked
 * @property {string} shop
 * @property {string} method
 * @property {string} path
 * @property {number} status of the response; 0 if there was none
 * @property {string | null} uuid
 * @property {string | null} apiKey
 * @property {readonly string[]} fields names of the body's fields; their values may be secret
 * @property {number} at when it was answered (epoch ms, real clock)
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {unknown} body
 *
 * @typedef {object} Request
 * @property {string} shop
 * @property {string} method
 * @property {string} path
 * @property {string | null} token
 * @property {Record<string, unknown>} body
 */

const REFRESH = '/sauth/v3/auth/refresh/client';
const ANONYMOUS = { rlm: 'anonymous_client', clientId: '1000' };

/** What a customer must do first, for each status that the `condition` switch can set. Made up: the notes have no sample. */
const CONDITIONS = /** @type {Record<string, object[]>} */ ({
  APPROVAL_REQUIRED: [{ type: 'APPROVAL', approver: 'shop keeper', requestedAt: '2026-05-01T10:00:00.000Z' }],
  TERMS_ACCEPTANCE_REQUIRED: [
    { type: 'TERMS', id: 'terms', version: 3, required: true },
    { type: 'TERMS', id: 'privacy', version: 2, required: true },
  ],
  MFA_REQUIRED: [{ type: 'MFA', method: 'SMS', digits: 4 }],
});

/** @returns {Promise<AuthServer>} */
export async function createAuthServer() {
  return new AuthServer(await createTokens());
}

export class AuthServer {
  /** @type {Map<string, Switches>} by shop id, so that two tabs do not share them */
  #switches = new Map();
  /** By shop id. @type {Map<string, Accounts>} */
  #shops = new Map();
  /** @type {Asked[]} all requests, for tests */
  requests = [];
  #tokens;

  /** @param {import('./tokens.mjs').Tokens} tokens */
  constructor(tokens) {
    this.#tokens = tokens;
  }

  /** @param {string} shop @returns {Switches} */
  switches(shop) {
    return this.#switches.get(shop) ?? { ...DEFAULT_SWITCHES };
  }

  /** @param {string} shop @param {Partial<Switches>} changes */
  set(shop, changes) {
    this.#switches.set(shop, { ...this.switches(shop), ...changes });
  }

  /** All refresh requests, whoever sent them; for tests. @param {string} shop */
  refreshes(shop) {
    return this.requests.filter((request) => request.shop === shop && request.path === REFRESH);
  }

  /** The current accounts, with passwords; for tests. @param {string} shop */
  accounts(shop) {
    return structuredClone(this.#shop(shop).all);
  }

  /** @param {string} shop @param {string} email */
  account(shop, email) {
    return this.accounts(shop).find((one) => one.email === email);
  }

  /** The profile of a customer without an account; for tests. @param {string} shop @param {string} uuid */
  profile(shop, uuid) {
    return structuredClone(this.#shop(shop).profile(uuid));
  }

  /** The shop's messages, newest last. @param {string} shop */
  mailbox(shop) {
    return structuredClone(this.#shop(shop).mailbox.messages);
  }

  /** The events that `recognizeAnonymous` sent; for tests. @param {string} shop */
  events(shop) {
    return structuredClone(this.#shop(shop).events);
  }

  publicPem() {
    return this.#tokens.publicPem();
  }

  /** @param {Request} request @returns {Promise<Answer | null>} `null`: no response at all */
  async handle(request) {
    const { shop, method, path, body } = request;
    const { latency } = this.switches(shop);
    if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency));
    const answer = this.switches(shop).down ? null : await this.#answer(request);
    const given = (/** @type {string} */ key) => (typeof body[key] === 'string' ? body[key] : null);
    const asked = { shop, method, path, status: answer?.status ?? 0, uuid: given('uuid'), apiKey: given('apiKey') };
    this.requests.push({ ...asked, fields: Object.keys(body), at: Date.now() });
    return answer;
  }

  /** @param {Request} request @returns {Promise<Answer>} */
  async #answer(request) {
    const { shop, method, path } = request;
    const { fail, refreshFails, refreshStatus } = this.switches(shop);
    try {
      if (fail) {
        this.set(shop, { fail: 0 });
        throw new ApiError(fail, 'This call was switched to fail.');
      }
      if (path === REFRESH && refreshFails > 0) {
        this.set(shop, { refreshFails: refreshFails - 1 });
        throw new ApiError(refreshStatus, 'This refresh was switched to fail.');
      }
      const way = `${method} ${path}`;
      const route = this.#routes[way];
      return { status: 200, body: (route ? await route(request) : await this.#ofAccount(way, request)) ?? {} };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { status: error.status, body: errorBody(error, path) };
    }
  }

  /** @param {string} way @param {Request} request */
  async #ofAccount(way, { shop, token, body }) {
    const route = ACCOUNT_ROUTES[way];
    if (!route) throw new ApiError(404, 'No such endpoint.');
    const now = this.#now(shop);
    const holder = await this.#tokens.verify(now, token);
    const switches = this.switches(shop);
    if (route.permission && listed(switches.denied).includes(route.permission))
      throw new ApiError(403, `The API key does not have the permission ${route.permission}.`);
    return route.run({ shop: this.#shop(shop), holder, account: this.#accountOf(shop, holder), body, now, switches });
  }

  /** @type {Record<string, (request: Request) => Promise<unknown>>} */
  #routes = {
    'POST /sauth/v3/auth/login/client/anonymous': async ({ shop, body }) =>
      this.#mint(shop, { ...ANONYMOUS, uuid: text(body, 'uuid'), origin: 'ANONYMOUS' }),
    'POST /sauth/v3/auth/login/client/incognito': async ({ shop, body }) =>
      this.#mint(shop, { ...ANONYMOUS, uuid: text(body, 'uuid'), origin: 'INCOGNITO' }),
    'POST /sauth/v3/auth/login/client/simple-auth': async ({ shop, body }) => {
      const { email, customId } = body;
      if (email == null && customId == null) throw new ApiError(412, 'Simple Authentication needs an e-mail or a customId.');
      const uuid = text(body, 'uuid');
      checkFields(body);
      const clientId = String(this.#shop(shop).byEmail(email)?.clientId ?? 2000 + spread(String(customId ?? email)));
      applyFields(this.#shop(shop).profile(uuid), body);
      const holder = { ...ANONYMOUS, uuid, origin: 'SIMPLE_AUTH', clientId };
      return this.#mint(shop, { ...holder, ...(typeof customId === 'string' && { customId }) });
    },
    'POST /sauth/v3/auth/login/client': async ({ shop, body }) => {
      const found = this.#find(shop, body);
      if (!found && provider(body) === 'SYNERISE') throw new ApiError(401, 'Wrong e-mail or password.');
      if (found && !found.active) throw new ApiError(401, 'The account waits for its activation.');
      return this.#signIn(shop, found ?? this.#join(shop, body), body);
    },
    'POST /sauth/v3/auth/login/client/conditional': async ({ shop, body }) => {
      const found = this.#find(shop, body);
      const known = found ?? this.#shop(shop).byEmail(body['email']);
      const status =
        this.switches(shop).condition ||
        (found ? (found.active ? '' : 'ACTIVATION_REQUIRED') : known ? 'UNAUTHORIZED' : 'REGISTRATION_REQUIRED');
      if (found && status === '') return { status: 'SUCCESS', conditions: [], ...(await this.#signIn(shop, found, body)) };
      return { status, conditions: CONDITIONS[status] ?? [] };
    },
    [`POST ${REFRESH}`]: async ({ shop, token }) => {
      const holder = await this.#tokens.verify(this.#now(shop), token, 'The token has expired and cannot be refreshed.');
      if (holder.rlm === 'client' && !this.#accountOf(shop, holder)) throw new ApiError(401, 'This customer does not exist.');
      return this.#mint(shop, holder);
    },
    'POST /sauth/my-account/logout': async ({ shop, token }) => {
      await this.#tokens.verify(this.#now(shop), token);
    },
  };

  /** @param {string} shop */
  #shop(shop) {
    const known = this.#shops.get(shop) ?? new Accounts();
    this.#shops.set(shop, known);
    return known;
  }

  /** The server's clock, in epoch ms. @param {string} shop */
  #now(shop) {
    return Date.now() + this.switches(shop).skew * 1000;
  }

  /** @param {string} shop @param {import('./tokens.mjs').Holder} holder */
  #mint(shop, holder) {
    return this.#tokens.mint(this.switches(shop), this.#now(shop), holder);
  }

  /** @param {string} shop @param {import('./tokens.mjs').Holder} holder */
  #accountOf(shop, { rlm, clientId }) {
    return rlm === 'client' ? this.#shop(shop).byId(clientId) : undefined;
  }

  /** Finds the account by email and password, or by another provider's token. @param {string} shop @param {Record<string, unknown>} body */
  #find(shop, body) {
    if (provider(body) !== 'SYNERISE') return this.#shop(shop).byEmail(providersEmail(body));
    const known = this.#shop(shop).byEmail(body['email']);
    return known && known.password !== null && known.password === body['password'] ? known : undefined;
  }

  /** Creates the account, as the first sign-in with another provider does. @param {string} shop @param {Record<string, unknown>} body */
  #join(shop, body) {
    const email = providersEmail(body);
    return this.#shop(shop).add({ email, provider: provider(body), firstName: email.split('@', 1)[0] || null });
  }

  /** @param {string} shop @param {Account} account @param {Record<string, unknown>} body */
  #signIn(shop, account, body) {
    const uuid = text(body, 'uuid');
    // Sign-in with a provider may set agreements and attributes; `null` or missing ones are left as they are.
    const brought = { agreements: body['agreements'] ?? undefined, attributes: body['attributes'] ?? undefined };
    checkFields(brought);
    applyFields(account, brought);
    Object.assign(account, { uuid: null, lastActivityDate: new Date(this.#now(shop)).toISOString() });
    return this.#mint(shop, { uuid, clientId: String(account.clientId), origin: provider(body), rlm: 'client' });
  }
}

/** @param {Record<string, unknown>} body */
const provider = (body) => (body['identityProvider'] === undefined ? 'SYNERISE' : text(body, 'identityProvider'));

/** The made-up identity providers use the customer's email as token. @param {Record<string, unknown>} body */
function providersEmail(body) {
  const token = text(body, 'identityProviderToken');
  if (!token.includes('@')) throw new ApiError(401, 'The identity provider does not know this token.');
  return token;
}

/** Hashes a text to a number below 1000. @param {string} of */
const spread = (of) => [...of].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 1000, 7);
