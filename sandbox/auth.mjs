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
 *
 * @typedef {object} Customer
 * @property {number} clientId
 * @property {string} email
 * @property {string} password
 * @property {string} firstName
 * @property {string} lastName
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {unknown} body
 */

/** @type {Readonly<Switches>} */
export const DEFAULT_SWITCHES = { lifetime: 3600, latency: 0, fail: 0, opaque: false, skew: 0 };

/** A made-up person; nothing in the sandbox is real. @type {Customer[]} */
const CUSTOMERS = [{ clientId: 42, email: 'ada@shop.example', password: 'lovelace', firstName: 'Ada', lastName: 'Byron' }];

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
  /** @type {{ shop: string, method: string, path: string, status: number, uuid: string | null }[]} what was asked, for tests */
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

  publicPem() {
    return exportSPKI(this.#publicKey);
  }

  /**
   * @param {{ shop: string, method: string, path: string, token: string | null, body: Record<string, unknown> }} request
   * @returns {Promise<Answer>}
   */
  async handle(request) {
    const { shop, method, path, body } = request;
    const { fail, latency } = this.switches(shop);
    if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency));
    /** @type {Answer} */
    let answer;
    try {
      if (fail) {
        this.set(shop, { fail: 0 });
        throw new ApiError(fail, 'This call was switched to fail.');
      }
      const route = this.#routes[`${method} ${path}`];
      if (!route) throw new ApiError(404, 'No such endpoint.');
      answer = { status: 200, body: await route(request) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      answer = { status: error.status, body: this.#errorBody(error, path) };
    }
    this.requests.push({ shop, method, path, status: answer.status, uuid: typeof body['uuid'] === 'string' ? body['uuid'] : null });
    return answer;
  }

  /** @param {ApiError} error @param {string} path */
  #errorBody({ status, message }, path) {
    return { timestamp: new Date().toISOString(), status, error: TITLES[status] ?? 'Error', message, path, errors: [] };
  }

  /** @type {Record<string, (request: { shop: string, token: string | null, body: Record<string, unknown> }) => Promise<unknown>>} */
  #routes = {
    'POST /sauth/v3/auth/login/client/anonymous': async ({ shop, body }) => this.#mint(shop, text(body, 'uuid'), null, 'ANONYMOUS'),
    'POST /sauth/v3/auth/login/client': async ({ shop, body }) => {
      const customer = this.#byPassword(body);
      if (!customer) throw new ApiError(401, 'Wrong e-mail or password.');
      return this.#mint(shop, text(body, 'uuid'), customer, 'SYNERISE');
    },
    'POST /sauth/v3/auth/login/client/conditional': async ({ shop, body }) => {
      const known = CUSTOMERS.some(({ email }) => email === body['email']);
      const customer = this.#byPassword(body);
      if (!customer) return { status: known ? 'UNAUTHORIZED' : 'REGISTRATION_REQUIRED', conditions: [] };
      return { status: 'SUCCESS', conditions: [], ...(await this.#mint(shop, text(body, 'uuid'), customer, 'SYNERISE')) };
    },
    'POST /sauth/v3/auth/refresh/client': async ({ shop, token }) => {
      const held = await this.#verify(shop, token, 'The token has expired and cannot be refreshed.');
      return this.#mint(shop, held.uuid, CUSTOMERS.find(({ clientId }) => String(clientId) === held.clientId) ?? null, held.origin);
    },
    'POST /sauth/my-account/logout': async ({ shop, token }) => {
      await this.#verify(shop, token, 'The token has expired.');
      return {};
    },
    'GET /v4/my-account/personal-information': async ({ shop, token }) => {
      const held = await this.#verify(shop, token, 'The token has expired.');
      const customer = CUSTOMERS.find(({ clientId }) => String(clientId) === held.clientId);
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

  /** @param {Record<string, unknown>} body */
  #byPassword(body) {
    return CUSTOMERS.find(({ email, password }) => email === body['email'] && password === body['password']);
  }

  /** @type {Map<string, { uuid: string, clientId: string, origin: string, expiresAt: number }>} opaque tokens, by their text */
  #opaque = new Map();

  /**
   * The token, and beside it what an SDK must know of one that it cannot read. `expiresAt` in epoch s.
   * @param {string} shop @param {string} uuid @param {Customer | null} customer @param {string} origin
   */
  async #mint(shop, uuid, customer, origin) {
    const { lifetime, opaque } = this.switches(shop);
    const now = this.#now(shop);
    const expiresAt = Math.floor(now / 1000) + lifetime;
    const clientId = customer ? String(customer.clientId) : '1000';
    const rlm = customer ? 'client' : 'anonymous_client';
    const known = { expiresAt, origin, rlm, clientId };
    if (opaque) {
      const token = `${randomUUID()}${randomUUID()}`.replaceAll('-', '');
      this.#opaque.set(token, { uuid, clientId, origin, expiresAt });
      return { token, ...known };
    }
    const token = await new SignJWT({ rlm, ctd: now, origin, uuid, clientId, jti: randomUUID() })
      .setProtectedHeader({ alg: 'RS512' })
      .setSubject(randomUUID().replaceAll('-', ''))
      .setAudience('API')
      .setIssuer('Synerise')
      .setExpirationTime(expiresAt)
      .sign(this.#privateKey);
    return { token, ...known };
  }

  /** @param {string} shop @param {string | null} token @param {string} expired @returns {Promise<{ uuid: string, clientId: string, origin: string }>} */
  async #verify(shop, token, expired) {
    const opaque = this.#opaque.get(token ?? '');
    if (opaque) {
      if (opaque.expiresAt * 1000 <= this.#now(shop)) throw new ApiError(401, expired);
      return opaque;
    }
    try {
      const { payload } = await jwtVerify(token ?? '', this.#publicKey, { currentDate: new Date(this.#now(shop)) });
      return { uuid: String(payload['uuid']), clientId: String(payload['clientId']), origin: String(payload['origin']) };
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
