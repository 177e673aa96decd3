// An SDK of the `ios` dialect, as an app's web view bridges it (notes §1.1, §1.5, §1.7): static methods of `Client`, the
// closures `success` and `failure` last, dates as Date, errors as { errorType, httpCode, errorBody }.
import { NativeError, openNative } from './native.js';
import { query, standIn, swallowed } from './stand-in.js';

const ERROR_TYPES = { HTTP_ERROR: 'Http', NETWORK_ERROR: 'Network', UNAUTHORIZED_SESSION: 'UnauthorizedSession' };
/** How long before expiry the SDK refreshes automatically by default (s). */
const NEAR = 1800;

class Token {
  constructor({ token, expiresAt, origin, rlm, clientId, customId = null }) {
    this.tokenString = token;
    this.expirationDate = new Date(expiresAt * 1000);
    this.rlm = rlm;
    this.origin = origin;
    this.clientId = clientId;
    this.customId = customId;
  }
  isNearExpiring() {
    return this.expirationDate.getTime() - Date.now() <= NEAR * 1000;
  }
}

function toApiError(error) {
  const { type, status, message } = error instanceof NativeError ? error : { type: 'UNKNOWN', status: -1, message: error.message };
  // Calls that the SDK itself blocks fail with a different kind of NSError.
  if (error.code < -1) return { code: error.code, message };
  // Without a response there is no error body.
  const causes = error.causes?.length > 0 ? { errorCauses: error.causes } : {};
  const errorBody = status === -1 ? null : { message, status, ...causes };
  return { errorType: ERROR_TYPES[type] ?? 'Unknown', httpCode: status, errorBody };
}

/** Each client's `Synerise` object, for what belongs to the whole SDK, as in the native one. */
export const facades = new WeakMap();

export function createSdk() {
  const native = openNative();

  function api(name, work, success, failure) {
    if (swallowed(name)) return;
    work().then(
      (value) => (value === undefined ? success?.() : success?.(value)),
      (error) => failure?.(toApiError(error)),
    );
  }

  // biome-ignore lint/complexity/noStaticOnlyClass: the real SDK's methods are static
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
    static authenticate(token, clientIdentityProvider, authID, context, success, failure) {
      api('authenticate', () => native.authenticate(token, clientIdentityProvider, authID, context), success, failure);
    }
    static authenticateConditionally(token, clientIdentityProvider, authID, context, success, failure) {
      const work = () => native.authenticateConditionally(token, clientIdentityProvider, authID, context);
      api('authenticateConditionally', work, success, failure);
    }
    static simpleAuthentication(data, authID, success, failure) {
      api('simpleAuthentication', () => native.simpleAuthentication(data, authID), success, failure);
    }
    static deleteAccount(clientAuthFactor, clientIdentityProvider, authID, success, failure) {
      api('deleteAccount', () => native.deleteAccount(clientAuthFactor, clientIdentityProvider, authID), success, failure);
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
    static updateAccount(context, success, failure) {
      api('updateAccount', () => native.updateAccount({ ...context }), success, failure);
    }
    static updateAccountBasicInformation(context, success, failure) {
      api('updateAccountBasicInformation', () => native.updateAccountBasicInformation({ ...context }), success, failure);
    }
    /** The new password comes first. */
    static changePassword(password, oldPassword, success, failure) {
      api('changePassword', () => native.changePassword(oldPassword, password), success, failure);
    }
    static requestPasswordReset(context, success, failure) {
      api('requestPasswordReset', () => native.requestPasswordReset(context.email), success, failure);
    }
    /** Has a different name in the other SDKs. */
    static confirmResetPassword(context, success, failure) {
      api('confirmResetPassword', () => native.confirmPasswordReset(context.password, context.token), success, failure);
    }
    static requestEmailChange(email, password, externalToken, authID, success, failure) {
      api('requestEmailChange', () => native.requestEmailChange(email, password, externalToken, authID), success, failure);
    }
    static confirmEmailChange(token, newsletterAgreement, success, failure) {
      api('confirmEmailChange', () => native.confirmEmailChange(token, newsletterAgreement), success, failure);
    }
    static requestPhoneUpdate(phone, success, failure) {
      api('requestPhoneUpdate', () => native.requestPhoneUpdate(phone), success, failure);
    }
    static confirmPhoneUpdate(phone, confirmationCode, smsAgreement, success, failure) {
      api('confirmPhoneUpdate', () => native.confirmPhoneUpdate(phone, confirmationCode, smsAgreement), success, failure);
    }
    static registerAccount(context, success, failure) {
      api('registerAccount', () => native.registerAccount({ ...context }), success, failure);
    }
    static requestAccountActivation(email, success, failure) {
      api('requestAccountActivation', () => native.requestAccountActivation(email), success, failure);
    }
    static confirmAccountActivation(token, success, failure) {
      api('confirmAccountActivation', () => native.confirmAccountActivation(token), success, failure);
    }
    static requestAccountActivationByPin(email, success, failure) {
      api('requestAccountActivationByPin', () => native.requestAccountActivationByPin(email), success, failure);
    }
    /** The PIN comes first. */
    static confirmAccountActivationByPin(pinCode, email, success, failure) {
      api('confirmAccountActivationByPin', () => native.confirmAccountActivationByPin(pinCode, email), success, failure);
    }
    static recognizeAnonymous(email, customIdentify, parameters) {
      native.recognizeAnonymous(email, customIdentify, parameters);
    }
    static setClientStateDelegate(delegate) {
      native.listen({
        signedIn: () => delegate.snr_clientIsSignedIn?.(),
        signedOut: (reason) => delegate.snr_clientIsSignedOut?.(reason),
      });
    }
  }
  if (query.has('version')) Object.assign(Client, { version: query.get('version') });
  const settings = { sdk: native.settings };
  const facade = {
    changeApiKey(apiKey, config) {
      native.changeApiKey(apiKey, config);
    },
    settings,
    // The notes have both names (§2.4).
    Settings: settings,
  };
  facades.set(Client, facade);
  standIn({
    dialect: 'ios',
    layers: [Client],
    getters: ['getUUID', 'isSignedIn', 'isSignedInViaSimpleAuthentication'],
    held: native.held,
    also: facade,
    of: ['changeApiKey'],
  });
  native.start(0);
  return Client;
}

export function install(sdk) {
  window[query.has('snr') ? 'SNRClient' : 'Client'] = sdk;
  window.Synerise = facades.get(sdk);
}
