// An SDK of the `ios` dialect, as an app's web view bridges it (notes §1.1, §1.5, §1.7): statics of `Client`, closures
// `success` and `failure` last, dates as Date, errors of { errorType, httpCode, errorBody }.
import { NativeError, openNative } from './native.js';
import { query, standIn, swallowed } from './stand-in.js';

const ERROR_TYPES = { HTTP_ERROR: 'Http', NETWORK_ERROR: 'Network', UNAUTHORIZED_SESSION: 'UnauthorizedSession' };
/** The SDK's default window before the expiry in which it refreshes by itself (s). */
const NEAR = 1800;

class Token {
  constructor({ token, expiresAt, origin, rlm, clientId }) {
    this.tokenString = token;
    this.expirationDate = new Date(expiresAt * 1000);
    this.rlm = rlm;
    this.origin = origin;
    this.clientId = clientId;
    this.customId = null;
  }
  isNearExpiring() {
    return this.expirationDate.getTime() - Date.now() <= NEAR * 1000;
  }
}

function toApiError(error) {
  const { type, status, message } = error instanceof NativeError ? error : { type: 'UNKNOWN', status: -1, message: error.message };
  // A request that never ran has no body.
  return { errorType: ERROR_TYPES[type] ?? 'Unknown', httpCode: status, errorBody: status === -1 ? null : { message, status } };
}

export function createSdk() {
  const native = openNative();

  function api(name, work, success, failure) {
    if (swallowed(name)) return;
    work().then(
      (value) => (value === undefined ? success?.() : success?.(value)),
      (error) => failure?.(toApiError(error)),
    );
  }

  // biome-ignore lint/complexity/noStaticOnlyClass: the real SDK's methods are statics
  class Client {
    static getUUID() {
      return native.uuid() ?? '';
    }
    static getUUIDForAuthentication(authID) {
      return native.uuidForAuthentication(authID);
    }
    static isSignedIn() {
      return native.isSignedIn();
    }
    static isSignedInViaSimpleAuthentication() {
      return native.isSignedInViaSimpleAuthentication();
    }
    static retrieveToken(success, failure) {
      api('retrieveToken', async () => new Token(await native.token()), success, failure);
    }
    static refreshToken(success, failure) {
      api('refreshToken', native.refreshToken, success, failure);
    }
    static regenerateUUID(clientIdentifier) {
      return clientIdentifier == null ? native.regenerate(crypto.randomUUID()) : native.regenerateFrom(clientIdentifier);
    }
    static destroySession() {
      native.destroySession();
    }
    static signIn(email, password, success, failure) {
      api('signIn', () => native.signIn(email, password), success, failure);
    }
    static signInConditionally(email, password, success, failure) {
      api('signInConditionally', () => native.signInConditionally(email, password), success, failure);
    }
    static signOut(mode, fromAllDevices, success, failure) {
      if (mode === undefined) native.signOut();
      else api('signOut', () => native.signOutWithMode(mode, fromAllDevices), success, failure);
    }
    static getAccount(success, failure) {
      const work = async () => {
        const account = await native.account();
        return { ...account, lastActivityDate: new Date(account.lastActivityDate) };
      };
      api('getAccount', work, success, failure);
    }
    static setClientStateDelegate(delegate) {
      native.listen({
        signedIn: () => delegate.snr_clientIsSignedIn?.(),
        signedOut: (reason) => delegate.snr_clientIsSignedOut?.(reason),
      });
    }
  }
  if (query.has('version')) Object.assign(Client, { version: query.get('version') });
  standIn({
    dialect: 'ios',
    layers: [Client],
    getters: ['getUUID', 'isSignedIn', 'isSignedInViaSimpleAuthentication'],
    held: native.held,
  });
  native.start(0);
  return Client;
}

export function install(sdk) {
  window[query.has('snr') ? 'SNRClient' : 'Client'] = sdk;
}
