// The shop's own backend, as sites with the Web SDK have: it signs the site token (a JWT, RS256, with the site's own key pair).
// Facts: §2.5 and §3.2 of the project's notes on the SDKs.
import { exportSPKI, SignJWT } from 'jose';
import { keyPair } from './keys.mjs';
import { expiryOf } from './tokens.mjs';

/** @param {import('./auth.mjs').AuthServer} auth has each shop's switches @returns {Promise<SiteBackend>} */
export async function createSiteBackend(auth) {
  const { privateKey, publicKey } = await keyPair('RS256');
  return new SiteBackend(auth, privateKey, publicKey);
}

export class SiteBackend {
  #auth;
  #privateKey;
  #publicKey;

  /** @param {import('./auth.mjs').AuthServer} auth @param {import('jose').CryptoKey} privateKey @param {import('jose').CryptoKey} publicKey */
  constructor(auth, privateKey, publicKey) {
    this.#auth = auth;
    this.#privateKey = privateKey;
    this.#publicKey = publicKey;
  }

  publicPem() {
    return exportSPKI(this.#publicKey);
  }

  /** @param {string} shop @param {Record<string, unknown>} body @returns {Promise<import('./auth.mjs').Answer>} */
  async token(shop, { uuid, email }) {
    if (typeof uuid !== 'string' || typeof email !== 'string') return { status: 400, body: { message: 'uuid or email is missing.' } };
    const switches = this.#auth.switches(shop);
    const now = Date.now() + switches.skew * 1000;
    const token = await new SignJWT({ uuid, email })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuedAt(Math.floor(now / 1000))
      .setExpirationTime(expiryOf(switches, now))
      .sign(this.#privateKey);
    return { status: 200, body: { token } };
  }
}
