// An SDK of the `flutter` dialect, as a Flutter web app bridges it (notes §1.4, §1.7): arguments first, then one object of
// named callbacks. API calls also return a promise, which resolves with nothing; getters return promises that swallow errors.
import { NativeError, openNative } from './native.js';
import { query, standIn, swallowed } from './stand-in.js';

const isNamed = (arg) => typeof arg?.onSuccess === 'function' || typeof arg?.onError === 'function';

const CONVENTION = {
  async answer(args, value) {
    args.findLast(isNamed)?.onSuccess?.(value);
  },
  hang: () => new Promise(() => {}),
  twice(own, target, args) {
    setTimeout(() => own.apply(target, args), 50);
    return own.apply(target, args);
  },
};

/** Android's bridge reports the kind of error, and the server's message in `details`; iOS's reports the message. */
function toError(error) {
  if (!(error instanceof NativeError)) return { code: -1, message: error.message };
  const { type, status, code, message } = error;
  return query.has('android') ? { code: status, message: type, details: message } : { code, message };
}

/** The fields of each Dart context, with the native side's names for them (notes §1.4, §1.5). */
const same = (...names) => Object.fromEntries(names.map((name) => [name, name]));
const SHARED = same('firstName', 'lastName', 'sex', 'phone', 'company', 'address', 'province', 'city', 'agreements', 'attributes');
const IDENTIFIERS = same('email', 'customId', 'uuid');
const MORE = same('displayName', 'birthDate', 'avatarUrl');
const LOWER_CASE = { zipcode: 'zipCode', countrycode: 'countryCode' };
const CONTEXTS = {
  basic: { ...SHARED, ...MORE, ...LOWER_CASE },
  update: { ...SHARED, ...IDENTIFIERS, ...LOWER_CASE },
  register: { ...SHARED, ...IDENTIFIERS, ...LOWER_CASE, password: 'password' },
  simple: { ...SHARED, ...IDENTIFIERS, ...MORE, ...same('zipCode', 'countryCode') },
};

/** Reads only the fields that the context's class has; others, such as `zipCode` in most of them, are ignored. */
const fieldsOf = (kind, context) => Object.fromEntries(Object.entries(CONTEXTS[kind]).map(([name, sent]) => [sent, context[name]]));

/** The native side rejects a missing string. Its error code is a string too, and becomes -1. */
function need(name, value) {
  if (typeof value !== 'string' || value === '') throw new TypeError(`${name} missing`);
}

export function createSdk() {
  const native = openNative();

  async function api(name, named, work) {
    if (swallowed(name)) return;
    let result;
    try {
      result = await work();
    } catch (error) {
      named?.onError?.(toError(error));
      return;
    }
    if (result === undefined) named?.onSuccess?.();
    else if (result !== null) named?.onSuccess?.(result);
  }

  const activation = (email, named, name) =>
    api(name, named, async () => {
      need('email', email);
      return native.requestAccountActivation(email);
    });

  const client = {
    async getUUID() {
      return native.uuid();
    },
    async isSignedIn() {
      return native.isSignedIn();
    },
    async isSignedInViaSimpleAuthentication() {
      return native.isSignedInViaSimpleAuthentication();
    },
    retrieveToken(named) {
      return api('retrieveToken', named, async () => {
        const { token, expiresAt, origin, rlm, clientId, customId = null } = await native.token();
        return { tokenString: token, expirationDate: expiresAt * 1000, origin, rlm, clientId, customId };
      });
    },
    refreshToken(named) {
      return api('refreshToken', named, native.refreshToken);
    },
    async regenerateUUID() {
      return native.regenerate(crypto.randomUUID());
    },
    async regenerateUUIDWithClientIdentifier(clientIdentifier) {
      return native.regenerateFrom(clientIdentifier);
    },
    destroySession(named) {
      return api('destroySession', named, async () => native.destroySession());
    },
    signIn(email, password, named) {
      return api('signIn', named, async () => {
        need('email', email);
        return native.signIn(email, password);
      });
    },
    signInConditionally(email, password, named) {
      return api('signInConditionally', named, () => native.signInConditionally(email, password));
    },
    authenticate(clientAuthContext, identityProvider, tokenString, named) {
      return api('authenticate', named, async () => {
        // The class has `authId`; the map that it serializes to has `authID`.
        const { authID, authId = authID, ...context } = clientAuthContext;
        await native.authenticate(tokenString, identityProvider, authId, context);
        return true;
      });
    },
    authenticateConditionally(identityProvider, tokenString, named) {
      const { authID, clientAuthContext } = named ?? {};
      const work = () => native.authenticateConditionally(tokenString, identityProvider, authID, clientAuthContext);
      return api('authenticateConditionally', named, work);
    },
    simpleAuthentication(clientSimpleAuthenticationData, authID, named) {
      const work = async () => native.simpleAuthentication(fieldsOf('simple', clientSimpleAuthenticationData), authID);
      return api('simpleAuthentication', named, work);
    },
    /** `authId` is optional. */
    deleteAccount(clientAuthFactor, identityProvider, ...rest) {
      const [authId, named] = isNamed(rest[0]) ? [null, rest[0]] : rest;
      return api('deleteAccount', named, () => native.deleteAccount(clientAuthFactor, identityProvider, authId));
    },
    async signOut() {
      native.signOut();
    },
    signOutWithMode(mode, fromAllDevices, named) {
      return api('signOutWithMode', named, () => native.signOutWithMode(mode, fromAllDevices));
    },
    getAccount(named) {
      return api('getAccount', named, native.account);
    },
    updateAccount(context, named) {
      return api('updateAccount', named, async () => native.updateAccount(fieldsOf('update', context)));
    },
    updateAccountBasicInformation(context, named) {
      return api('updateAccountBasicInformation', named, async () => native.updateAccountBasicInformation(fieldsOf('basic', context)));
    },
    changePassword(oldPassword, password, named) {
      return api('changePassword', named, () => native.changePassword(oldPassword, password));
    },
    requestPasswordReset(email, named) {
      return api('requestPasswordReset', named, async () => {
        need('email', email);
        return native.requestPasswordReset(email);
      });
    },
    /** The token comes first. */
    confirmPasswordReset(token, password, named) {
      return api('confirmPasswordReset', named, () => native.confirmPasswordReset(password, token));
    },
    requestEmailChange(email, password, named) {
      const { externalToken, authID } = named ?? {};
      return api('requestEmailChange', named, async () => {
        need('email', email);
        return native.requestEmailChange(email, password, externalToken, authID);
      });
    },
    confirmEmailChange(token, newsletterAgreement, named) {
      return api('confirmEmailChange', named, () => native.confirmEmailChange(token, newsletterAgreement));
    },
    requestPhoneUpdate(phone, named) {
      return api('requestPhoneUpdate', named, async () => {
        need('phone', phone);
        return native.requestPhoneUpdate(phone);
      });
    },
    confirmPhoneUpdate(phone, confirmationCode, smsAgreement, named) {
      return api('confirmPhoneUpdate', named, () => native.confirmPhoneUpdate(phone, confirmationCode, smsAgreement));
    },
    registerAccount(context, named) {
      return api('registerAccount', named, async () => native.registerAccount(fieldsOf('register', context)));
    },
    requestAccountActivation(email, named) {
      return activation(email, named, 'requestAccountActivation');
    },
    /** The former name of `requestAccountActivation`. */
    activateAccount(email, named) {
      return activation(email, named, 'activateAccount');
    },
    confirmAccountActivation(token, named) {
      return api('confirmAccountActivation', named, () => native.confirmAccountActivation(token));
    },
    /** The former name of `confirmAccountActivation`. */
    confirmAccount(token, named) {
      return api('confirmAccount', named, () => native.confirmAccountActivation(token));
    },
    requestAccountActivationByPin(email, named) {
      return api('requestAccountActivationByPin', named, async () => {
        need('email', email);
        return native.requestAccountActivationByPin(email);
      });
    },
    /** The email comes first. */
    confirmAccountActivationByPin(email, pinCode, named) {
      return api('confirmAccountActivationByPin', named, () => native.confirmAccountActivationByPin(pinCode, email));
    },
  };
  const sdk = {
    client,
    settings: { sdk: native.settings },
    async changeApiKey(apiKey, config) {
      native.changeApiKey(apiKey, config);
    },
  };
  standIn({
    dialect: 'flutter',
    layers: [client],
    getters: ['getUUID', 'isSignedIn', 'isSignedInViaSimpleAuthentication'],
    held: native.held,
    convention: CONVENTION,
    also: sdk,
    of: ['changeApiKey'],
  });
  native.start(0);
  return { ...sdk, ...(query.has('version') && { version: query.get('version') }) };
}

export function install(sdk) {
  window.Synerise = sdk;
}
