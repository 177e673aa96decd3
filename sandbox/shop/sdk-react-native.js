// An SDK of the `react-native` dialect, as found on a page, with the real one's conventions and quirks (notes §1.3):
// optional positional callbacks, `true` as the result of a refresh, errors as { code, message }, regenerate silently
// ignored while signed in, synchronous throws of the native side swallowed, contexts with toObject().
import { NativeError, openNative } from './native.js';
import { query, standIn, swallowed } from './stand-in.js';

const ORIGINS = ['UNKNOWN', 'ANONYMOUS', 'SYNERISE', 'SIMPLE_AUTH', 'OAUTH', 'FACEBOOK', 'GOOGLE', 'APPLE'];

export function createSdk({ initTakes = 30 } = {}) {
  const android = query.has('android');
  const native = openNative();

  /** Named `Error` as in the SDK, where it shadows the global one and has no stack. */
  class SdkError {
    constructor(code, message) {
      this.code = code;
      this.message = message;
    }
  }
  Object.defineProperty(SdkError, 'name', { value: 'Error' });

  class Token {
    constructor(bridged) {
      this.tokenString = bridged.tokenString;
      // The native side sends seconds.
      this.expirationDate = new Date(bridged.expirationDate * 1000);
      this.rlm = bridged.rlm;
      // The Android bridge sends `tokenOrigin`, but the class reads `origin`.
      this.origin = ORIGINS.includes(bridged.origin) ? bridged.origin : 'UNKNOWN';
      this.clientId = bridged.clientId;
      this.customId = bridged.customId;
    }
  }

  class Context {
    constructor(fields) {
      Object.assign(this, fields);
    }
    toObject() {
      return { ...this };
    }
  }
  class AccountContext extends Context {
    // As in the SDK, `city` is not copied from the options.
    constructor({ city: _, ...fields } = {}) {
      super(fields);
    }
    toObject() {
      return { ...this, city: this.city };
    }
  }
  /** Classes for an app's arguments; each call invokes their `toObject()`. */
  const models = {
    ClientAccountUpdateContext: class ClientAccountUpdateContext extends AccountContext {},
    ClientAccountUpdateBasicInformationContext: class ClientAccountUpdateBasicInformationContext extends AccountContext {},
    ClientAccountRegisterContext: class ClientAccountRegisterContext extends AccountContext {
      constructor(email, password, options) {
        super({ ...options, email, password });
      }
    },
    ClientSimpleAuthenticationData: class ClientSimpleAuthenticationData extends AccountContext {},
    ClientAuthContext: class ClientAuthContext extends Context {},
    ClientConditionalAuthContext: class ClientConditionalAuthContext extends Context {},
    InitializationConfig: class InitializationConfig extends Context {},
  };

  const running = {};

  /** Native completion is (isSuccess, data, error); missing data becomes `true`. */
  function bridge(name, work, onSuccess, onError) {
    if (swallowed(name)) return;
    const mine = {};
    // The Android bridge keeps one running call per method and cancels the previous one, whose callbacks are never called.
    running[name] = mine;
    const settle = (tell) => {
      if (!android || running[name] === mine) tell();
    };
    work().then(
      (data) => settle(() => onSuccess?.(data ?? true)),
      (error) =>
        settle(() =>
          onError?.(
            error instanceof NativeError
              ? new SdkError(android ? error.status : error.code, error.message)
              : new SdkError(10, 'Unknown error has occured'),
          ),
        ),
    );
  }

  class ClientModule {
    getUUID() {
      return native.uuid();
    }
    isSignedIn() {
      return native.isSignedIn();
    }
    isSignedInViaSimpleAuthentication() {
      return native.isSignedInViaSimpleAuthentication();
    }
    retrieveToken(onSuccess, onError) {
      const work = async () => {
        const { token, expiresAt, origin, rlm, clientId, customId } = await native.token();
        return new Token({
          tokenString: token,
          expirationDate: expiresAt,
          clientId,
          customId,
          ...(android ? { tokenOrigin: origin } : { origin, rlm }),
        });
      };
      bridge('retrieveToken', work, onSuccess, onError);
    }
    refreshToken(onSuccess, onError) {
      bridge('refreshToken', native.refreshToken, onSuccess, onError);
    }
    regenerateUUID() {
      native.regenerate(crypto.randomUUID());
    }
    regenerateUUIDWithClientIdentifier(clientIdentifier) {
      native.regenerateFrom(clientIdentifier);
    }
    destroySession() {
      native.destroySession();
    }
    signIn(email, password, onSuccess, onError) {
      bridge('signIn', () => native.signIn(email, password), onSuccess, onError);
    }
    signInConditionally(email, password, onSuccess, onError) {
      bridge('signInConditionally', () => native.signInConditionally(email, password), onSuccess, onError);
    }
    authenticate(token, provider, context, onSuccess, onError) {
      const { authID, ...fields } = context.toObject();
      bridge('authenticate', () => native.authenticate(token, provider, authID, fields), onSuccess, onError);
    }
    authenticateConditionally(token, provider, context, onSuccess, onError) {
      const { authID, ...fields } = context.toObject();
      bridge('authenticateConditionally', () => native.authenticateConditionally(token, provider, authID, fields), onSuccess, onError);
    }
    simpleAuthentication(data, authID, onSuccess, onError) {
      const fields = data.toObject();
      bridge('simpleAuthentication', () => native.simpleAuthentication(fields, authID), onSuccess, onError);
    }
    /** Deprecated: by password only. */
    deleteAccount(password, onSuccess, onError) {
      bridge('deleteAccount', () => native.deleteAccount(password, 'SYNERISE', null), onSuccess, onError);
    }
    deleteAccountByIdentityProvider(clientAuthFactor, clientIdentityProvider, authID, onSuccess, onError) {
      const work = () => native.deleteAccount(clientAuthFactor, clientIdentityProvider, authID);
      bridge('deleteAccountByIdentityProvider', work, onSuccess, onError);
    }
    signOut() {
      native.signOut();
    }
    signOutWithMode(mode, fromAllDevices, onSuccess, onError) {
      bridge('signOutWithMode', () => native.signOutWithMode(mode, fromAllDevices), onSuccess, onError);
    }
    getAccount(onSuccess, onError) {
      const work = async () => {
        const account = await native.account();
        // Android sends milliseconds where JavaScript expects seconds, and no tags.
        const sent = android ? account.lastActivityDate : account.lastActivityDate / 1000;
        const { tags, ...rest } = account;
        return { ...rest, ...(!android && { tags }), lastActivityDate: new Date(sent * 1000) };
      };
      bridge('getAccount', work, onSuccess, onError);
    }
    updateAccount(context, onSuccess, onError) {
      const fields = context.toObject();
      bridge('updateAccount', () => native.updateAccount(fields), onSuccess, onError);
    }
    updateAccountBasicInformation(context, onSuccess, onError) {
      const fields = context.toObject();
      bridge('updateAccountBasicInformation', () => native.updateAccountBasicInformation(fields), onSuccess, onError);
    }
    changePassword(oldPassword, newPassword, onSuccess, onError) {
      bridge('changePassword', () => native.changePassword(oldPassword, newPassword), onSuccess, onError);
    }
    requestPasswordReset(email, onSuccess, onError) {
      bridge('requestPasswordReset', () => native.requestPasswordReset(email), onSuccess, onError);
    }
    /** The password comes first. */
    confirmPasswordReset(password, token, onSuccess, onError) {
      bridge('confirmPasswordReset', () => native.confirmPasswordReset(password, token), onSuccess, onError);
    }
    requestEmailChange(email, password, externalToken, authID, onSuccess, onError) {
      bridge('requestEmailChange', () => native.requestEmailChange(email, password, externalToken, authID), onSuccess, onError);
    }
    confirmEmailChange(token, newsletterAgreement, onSuccess, onError) {
      bridge('confirmEmailChange', () => native.confirmEmailChange(token, newsletterAgreement), onSuccess, onError);
    }
    requestPhoneUpdate(phone, onSuccess, onError) {
      bridge('requestPhoneUpdate', () => native.requestPhoneUpdate(phone), onSuccess, onError);
    }
    confirmPhoneUpdate(phone, confirmationCode, smsAgreement, onSuccess, onError) {
      bridge('confirmPhoneUpdate', () => native.confirmPhoneUpdate(phone, confirmationCode, smsAgreement), onSuccess, onError);
    }
    registerAccount(context, onSuccess, onError) {
      const fields = context.toObject();
      bridge('registerAccount', () => native.registerAccount(fields), onSuccess, onError);
    }
    requestAccountActivation(email, onSuccess, onError) {
      bridge('requestAccountActivation', () => native.requestAccountActivation(email), onSuccess, onError);
    }
    confirmAccountActivation(token, onSuccess, onError) {
      bridge('confirmAccountActivation', () => native.confirmAccountActivation(token), onSuccess, onError);
    }
    requestAccountActivationByPin(email, onSuccess, onError) {
      bridge('requestAccountActivationByPin', () => native.requestAccountActivationByPin(email), onSuccess, onError);
    }
    /** The PIN comes first. */
    confirmAccountActivationByPin(pinCode, email, onSuccess, onError) {
      bridge('confirmAccountActivationByPin', () => native.confirmAccountActivationByPin(pinCode, email), onSuccess, onError);
    }
    recognizeAnonymous(email, customIdentify, parameters) {
      // On Android, it does nothing for customers of Simple Authentication.
      if (android && native.isSignedInViaSimpleAuthentication()) return;
      native.recognizeAnonymous(email, customIdentify, parameters);
    }
    setClientStateChangeListener(listener) {
      native.listen({
        signedIn: () => listener.onClientSignedIn?.(),
        signedOut: (reason) => listener.onClientSignedOut?.(reason),
      });
    }
  }

  const client = new ClientModule();
  const settings = { sdk: native.settings };
  // biome-ignore lint/complexity/noStaticOnlyClass: the real SDK is a class with static getters
  class Synerise {
    static get Client() {
      if (!native.isReady()) console.error('Synerise is not initialized');
      return native.isReady() ? client : undefined;
    }
    /** Available before the SDK is initialized. */
    static get Settings() {
      return settings;
    }
    static isInitialized() {
      return native.isReady();
    }
    static changeApiKey(apiKey, config) {
      const fields = config?.toObject();
      if (native.isReady()) native.changeApiKey(apiKey, fields);
      else console.warn('Synerise is not initialized');
    }
    static Initializer() {
      const builder = {};
      for (const option of [
        'withBaseUrl',
        'withRequestValidationSalt',
        'withDebugModeEnabled',
        'withCrashHandlingEnabled',
        'withSettings',
      ]) {
        builder[option] = () => builder;
      }
      builder.withApiKey = (key) => {
        native.setApiKey(key);
        return builder;
      };
      builder.withInitialDoNotTrack = (on) => {
        native.settings.doNotTrack = on;
        return builder;
      };
      builder.init = () => {
        if (native.isReady()) console.warn('Synerise is initialized already');
        native.start(initTakes);
      };
      return builder;
    }
  }
  standIn({
    dialect: 'react-native',
    layers: [client, ClientModule.prototype],
    getters: ['getUUID', 'isSignedIn', 'isSignedInViaSimpleAuthentication'],
    held: native.held,
    also: Synerise,
    of: ['changeApiKey'],
  });
  return Object.assign(Synerise, { ...models, ...(query.has('version') && { version: query.get('version') }) });
}

export function install(sdk) {
  window.Synerise = sdk;
}
