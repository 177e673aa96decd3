// The small auth server behind the shop: in memory, real JWTs (RS512), the vendor's paths and error bodies.
// Facts: claims §2.5, requests §4.2, responses §4.3, error body §4.4 of the project's notes on the SDKs.
import { randomUUID } from 'node:crypto';
import { exportSPKI, generateKeyPair, jwtVerify, SignJWT } from 'jose';

/**
 * @typedef {object} Switches What a shop's page or URL may set.
 * @property {number} lifetime token lifetime (s)
 * @property {number} latency of each answer (ms)
 * @property {number} fail status that the next call fails with; 0 for none
 * @property {boolean} opaque tokens whose payload nobody can read
 * @property {number} skew server clock minus real clock (s)
 * @property {string} exp what is odd about a token's `exp`: `ms` (not in s), `past` (a minute ago), `years` (in three), or nothing
 * @property {string} created the claim of its creation: `ctd` (ms, the vendor's) or `iat` (s)
 * @property {number} refreshFails how many of the next refreshes fail; other calls do not
 * @property {number} refreshStatus with which status
 *
 * @typedef {object} Customer
 * @property {number} clientId
 * @property {string} email
 * @property {string | null} password null where another provider knows it
 * @property {string} firstName
 * @property {string} lastName
 *
 * @typedef {object} Holder Whom a token is for.
 * @property {string} uuid
 * @property {string} clientId
 * @property {string} origin
 * @property {string} rlm
 * @property {string} [customId]
 *
 * @typedef {object} Asked
 * @property {string} shop
 * @property {string} method
 * @property {string} path
 * @property {number} status of the answer
 * @property {string | null} uuid
 * @property {string | null} apiKey
 * @property {number} at when it was answered (ms, the real clock)
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {unknown} body
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
};

/** Made-up people; nothing in the sandbox is real. @type {readonly Customer[]} */
const CUSTOMERS = [
  { clientId: 42, email: 'ada@shop.example', password: 'lovelace', firstName: 'Ada', lastName: 'Byron' },
  { clientId: 43, email: 'grace@shop.example', password: 'cobol', firstName: 'Grace', lastName: 'Murray' },
];

const REFRESH = '/sauth/v3/auth/refresh/client';
const ANONYMOUS = { rlm: 'anonymous_client', clientId: '1000' };

/** A token's `exp`, as its shop has it. @param {Switches} switches @param {number} now ms */
export function expiryOf({ lifetime, exp }, now) {
  const seconds = Math.floor(now / 1000);
  if (exp === 'past') return seconds - 60;
  if (exp === 'years') return seconds + 3 * 365 * 86_400;
  return (seconds + lifetime) * (exp === 'ms' ? 1000 : 1);
}

class ApiError extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const TITLES = /** @type {Record<number, string>} */ ({
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  412: 'Precondition Failed',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
});

/** @returns {Promise<AuthServer>} */
export async function createAuthServer() {
  const { privateKey, publicKey } = await generateKeyPair('RS512', { modulusLength: 2048 });
  return new AuthServer(privateKey, publicKey);
}

export class AuthServer {
  /** @type {Map<string, Switches>} by shop id, so that two tabs do not share them */
  #switches = new Map();
  /** Each shop's own, since an account may be deleted. @type {Map<string, Customer[]>} */
  #customers = new Map();
  /** @type {Asked[]} what was asked, for tests */
  requests = [];
  #privateKey;
  #publicKey;

  /** @param {import('jose').CryptoKey} privateKey @param {import('jose').CryptoKey} publicKey */
  constructor(privateKey, publicKey) {
    this.#privateKey = privateKey;
    this.#publicKey = publicKey;
  }

  /** @param {string} shop @returns {Switches} */
  switches(shop) {
    return this.#switches.get(shop) ?? { ...DEFAULT_SWITCHES };
  }

  /** @param {string} shop @param {Partial<Switches>} changes */
  set(shop, changes) {
    this.#switches.set(shop, { ...this.switches(shop), ...changes });
  }

  /** What was asked of the refresh, whoever did it: for tests. @param {string} shop */
  refreshes(shop) {
    return this.requests.filter((request) => request.shop === shop && request.path === REFRESH);
  }

  publicPem() {
    return exportSPKI(this.#publicKey);
  }

  /**
   * @param {{ shop: string, method: string, path: string, token: string | null, body: Record<string, unknown> }} request
   * @returns {Promise<Answer>}
   */
  async handle(request) {
    const { shop, method, path, body } = request;
    const { fail, latency, refreshFails, refreshStatus } = this.switches(shop);
    if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency));
    /** @type {Answer} */
    let answer;
    try {
      if (fail) {
        this.set(shop, { fail: 0 });
        throw new ApiError(fail, 'This call was switched to fail.');
      }
      if (path === REFRESH && refreshFails > 0) {
        this.set(shop, { refreshFails: refreshFails - 1 });
        throw new ApiError(refreshStatus, 'This refresh was switched to fail.');
      }
      const route = this.#routes[`${method} ${path}`];
      if (!route) throw new ApiError(404, 'No such endpoint.');
      answer = { status: 200, body: await route(request) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      answer = { status: error.status, body: this.#errorBody(error, path) };
    }
    const given = (/** @type {string} */ key) => (typeof body[key] === 'string' ? body[key] : null);
    this.requests.push({ shop, method, path, status: answer.status, uuid: given('uuid'), apiKey: given('apiKey'), at: Date.now() });
    return answer;
  }

  /** @param {ApiError} error @param {string} path */
  #errorBody({ status, message }, path) {
    return { timestamp: new Date().toISOString(), status, error: TITLES[status] ?? 'Error', message, path, errors: [] };
  }

  /** @type {Record<string, (request: { shop: string, token: string | null, body: Record<string, unknown> }) => Promise<unknown>>} */
  #routes = {
    'POST /sauth/v3/auth/login/client/anonymous': async ({ shop, body }) =>
      this.#mint(shop, { ...ANONYMOUS, uuid: text(body, 'uuid'), origin: 'ANONYMOUS' }),
    'POST /sauth/v3/auth/login/client/incognito': async ({ shop, body }) =>
      this.#mint(shop, { ...ANONYMOUS, uuid: text(body, 'uuid'), origin: 'INCOGNITO' }),
    'POST /sauth/v3/auth/login/client/simple-auth': async ({ shop, body }) => {
      const { email, customId } = body;
      const known = this.customers(shop).find((customer) => customer.email === email);
      const clientId = String(known?.clientId ?? 2000 + spread(String(customId ?? email ?? body['authID'] ?? text(body, 'uuid'))));
      const holder = { ...ANONYMOUS, uuid: text(body, 'uuid'), origin: 'SIMPLE_AUTH', clientId };
      return this.#mint(shop, { ...holder, ...(typeof customId === 'string' && { customId }) });
    },
    'POST /sauth/v3/auth/login/client': async ({ shop, body }) => {
      const found = this.#find(shop, body);
      if (!found && provider(body) === 'SYNERISE') throw new ApiError(401, 'Wrong e-mail or password.');
      return this.#mintFor(shop, found ?? this.#join(shop, providersEmail(body)), body);
    },
    'POST /sauth/v3/auth/login/client/conditional': async ({ shop, body }) => {
      const found = this.#find(shop, body);
      if (found) return { status: 'SUCCESS', conditions: [], ...(await this.#mintFor(shop, found, body)) };
      const known = this.customers(shop).some(({ email }) => email === body['email']);
      return { status: known ? 'UNAUTHORIZED' : 'REGISTRATION_REQUIRED', conditions: [] };
    },
    [`POST ${REFRESH}`]: async ({ shop, token }) => {
      const held = await this.#verify(shop, token, 'The token has expired and cannot be refreshed.');
      if (held.rlm === 'client' && !this.#customerOf(shop, held)) throw new ApiError(401, 'This customer does not exist.');
      return this.#mint(shop, held);
    },
    'POST /sauth/my-account/delete': async ({ shop, token, body }) => {
      const held = await this.#verify(shop, token, 'The token has expired.');
      const customer = this.#customerOf(shop, held);
      if (!customer) throw new ApiError(403, 'This needs a signed-in customer.');
      const factor = provider(body) === 'SYNERISE' ? customer.password : customer.email;
      if (body['clientAuthFactor'] !== factor) throw new ApiError(403, 'Wrong password or token.');
      this.#customers.set(
        shop,
        this.customers(shop).filter((one) => one !== customer),
      );
      return {};
    },
    'POST /sauth/my-account/logout': async ({ shop, token }) => {
      await this.#verify(shop, token, 'The token has expired.');
      return {};
    },
    'GET /v4/my-account/personal-information': async ({ shop, token }) => {
      const held = await this.#verify(shop, token, 'The token has expired.');
      const customer = this.#customerOf(shop, held);
      if (!customer) throw new ApiError(403, 'This needs a signed-in customer.');
      const { password: _, ...shown } = customer;
      return {
        ...shown,
        uuid: held.uuid,
        anonymous: false,
        sex: 'FEMALE',
        city: 'London',
        lastActivityDate: new Date(this.#now(shop)).toISOString(),
      };
    },
  };

  /** @param {string} shop epoch ms by the server's clock */
  #now(shop) {
    return Date.now() + this.switches(shop).skew * 1000;
  }

  /** @param {string} shop @returns {readonly Customer[]} */
  customers(shop) {
    return this.#customers.get(shop) ?? CUSTOMERS;
  }

  /** @param {string} shop @param {Holder} holder */
  #customerOf(shop, { rlm, clientId }) {
    return rlm === 'client' ? this.customers(shop).find((customer) => String(customer.clientId) === clientId) : undefined;
  }

  /** By password, or by what another provider says. @param {string} shop @param {Record<string, unknown>} body */
  #find(shop, body) {
    if (provider(body) !== 'SYNERISE') {
      const its = providersEmail(body);
      return this.customers(shop).find(({ email }) => email === its);
    }
    return this.customers(shop).find(
      ({ email, password }) => email === body['email'] && password !== null && password === body['password'],
    );
  }

  /** A new account, as the first sign-in with another provider makes it. @param {string} shop @param {string} email */
  #join(shop, email) {
    const customer = { clientId: 3000 + spread(email), email, password: null, firstName: email.split('@', 1)[0] ?? '', lastName: '' };
    this.#customers.set(shop, [...this.customers(shop), customer]);
    return customer;
  }

  /** @param {string} shop @param {Customer} customer @param {Record<string, unknown>} body */
  #mintFor(shop, { clientId }, body) {
    return this.#mint(shop, { uuid: text(body, 'uuid'), clientId: String(clientId), origin: provider(body), rlm: 'client' });
  }

  /** @type {Map<string, Holder & { expiresAt: number }>} opaque tokens, by their text */
  #opaque = new Map();

  /**
   * The token, and beside it what an SDK must know of one that it cannot read. `expiresAt` as in its `exp`.
   * @param {string} shop @param {Holder} holder
   */
  async #mint(shop, { uuid, clientId, origin, rlm, customId }) {
    const switches = this.switches(shop);
    const now = this.#now(shop);
    const expiresAt = expiryOf(switches, now);
    const holder = { origin, rlm, clientId, ...(customId !== undefined && { customId }) };
    if (switches.opaque) {
      const token = `${randomUUID()}${randomUUID()}`.replaceAll('-', '');
      this.#opaque.set(token, { uuid, ...holder, expiresAt });
      return { token, expiresAt, ...holder };
    }
    const created = switches.created === 'iat' ? { iat: Math.floor(now / 1000) } : { ctd: now };
    const token = await new SignJWT({ ...created, ...holder, uuid, jti: randomUUID() })
      .setProtectedHeader({ alg: 'RS512' })
      .setSubject(randomUUID().replaceAll('-', ''))
      .setAudience('API')
      .setIssuer('Synerise')
      .setExpirationTime(expiresAt)
      .sign(this.#privateKey);
    return { token, expiresAt, ...holder };
  }

  /** @param {string} shop @param {string | null} token @param {string} expired @returns {Promise<Holder>} */
  async #verify(shop, token, expired) {
    const opaque = this.#opaque.get(token ?? '');
    if (opaque) {
      if (opaque.expiresAt * 1000 <= this.#now(shop)) throw new ApiError(401, expired);
      return opaque;
    }
    try {
      const { payload } = await jwtVerify(token ?? '', this.#publicKey, { currentDate: new Date(this.#now(shop)) });
      return /** @type {Holder} */ (/** @type {unknown} */ (payload));
    } catch (error) {
      throw new ApiError(
        401,
        error instanceof Error && 'code' in error && error.code === 'ERR_JWT_EXPIRED' ? expired : 'The token is missing or not valid.',
      );
    }
  }
}

/** @param {Record<string, unknown>} body @param {string} key */
function text(body, key) {
  const value = body[key];
  if (typeof value !== 'string' || value === '') throw new ApiError(400, `${key} is missing.`);
  return value;
}

/** @param {Record<string, unknown>} body */
const provider = (body) => (body['identityProvider'] === undefined ? 'SYNERISE' : text(body, 'identityProvider'));

/** The made-up providers' tokens are their customers' e-mails. @param {Record<string, unknown>} body */
function providersEmail(body) {
  const token = text(body, 'identityProviderToken');
  if (!token.includes('@')) throw new ApiError(401, 'The identity provider does not know this token.');
  return token;
}

/** A number below 1000, the same for the same text. @param {string} of */
const spread = (of) => [...of].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 1000, 7);
