// The auth server's tokens: real JWTs (RS512), or opaque ones. Facts: claims §2.5 of the project's notes on the SDKs.
import { randomUUID } from 'node:crypto';
import { exportSPKI, jwtVerify, SignJWT } from 'jose';
import { ApiError } from './errors.mjs';
import { keyPair } from './keys.mjs';

/**
 * @typedef {object} Holder The customer that a token is issued for.
 * @property {string} uuid
 * @property {string} clientId
 * @property {string} origin
 * @property {string} rlm
 * @property {string} [customId]
 */

/**
 * A token's `exp` (in s, or in ms with `exp: 'ms'`), according to its shop's switches.
 * @param {import('./switches.mjs').Switches} switches @param {number} now ms
 */
export function expiryOf({ lifetime, exp }, now) {
  const seconds = Math.floor(now / 1000);
  if (exp === 'past') return seconds - 60;
  if (exp === 'years') return seconds + 3 * 365 * 86_400;
  return (seconds + lifetime) * (exp === 'ms' ? 1000 : 1);
}

/** @returns {Promise<Tokens>} */
export async function createTokens() {
  const { privateKey, publicKey } = await keyPair('RS512');
  return new Tokens(privateKey, publicKey);
}

export class Tokens {
  #privateKey;
  #publicKey;
  /** @type {Map<string, Holder & { expiresAt: number }>} opaque tokens, by their text */
  #opaque = new Map();

  /** @param {import('jose').CryptoKey} privateKey @param {import('jose').CryptoKey} publicKey */
  constructor(privateKey, publicKey) {
    this.#privateKey = privateKey;
    this.#publicKey = publicKey;
  }

  publicPem() {
    return exportSPKI(this.#publicKey);
  }

  /**
   * Issues a token, and returns it with the fields that an SDK can't read from an opaque one. `expiresAt` equals its `exp`.
   * @param {import('./switches.mjs').Switches} switches @param {number} now ms @param {Holder} holder
   */
  async mint(switches, now, { uuid, clientId, origin, rlm, customId }) {
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

  /**
   * @param {number} now ms @param {string | null} token @param {string} [expired] message for an expired token
   * @returns {Promise<Holder>} @throws {ApiError} 401
   */
  async verify(now, token, expired = 'The token has expired.') {
    const opaque = this.#opaque.get(token ?? '');
    if (opaque) {
      if (opaque.expiresAt * 1000 <= now) throw new ApiError(401, expired);
      return opaque;
    }
    try {
      const { payload } = await jwtVerify(token ?? '', this.#publicKey, { currentDate: new Date(now) });
      return /** @type {Holder} */ (/** @type {unknown} */ (payload));
    } catch (error) {
      throw new ApiError(
        401,
        error instanceof Error && 'code' in error && error.code === 'ERR_JWT_EXPIRED' ? expired : 'The token is missing or not valid.',
      );
    }
  }
}
