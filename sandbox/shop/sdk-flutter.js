// An SDK of the `flutter` dialect, as a Flutter web app bridges it (notes §1.4, §1.7): arguments first, then one object of
// named callbacks; a promise is returned too, and of an API call it tells nothing; getters are promises that swallow errors.
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

/** Android's bridge tells the kind of error and puts the server's words into `details`; iOS' tells the words. */
function toError(error) {
  if (!(error instanceof NativeError)) return { code: -1, message: error.message };
  const { type, status, code, message } = error;
  return query.has('android') ? { code: status, message: type, details: message } : { code, message };
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
        // The native side's code is a text here, and becomes -1.
        if (!email) throw new TypeError('email missing');
        return native.signIn(email, password);
      });
    },
    signInConditionally(email, password, named) {
      return api('signInConditionally', named, () => native.signInConditionally(email, password));
    },
    authenticate(clientAuthContext, identityProvider, tokenString, named) {
      return api('authenticate', named, async () => {
        const { authID, ...context } = clientAuthContext;
        await native.authenticate(tokenString, identityProvider, authID, context);
        return true;
      });
    },
    authenticateConditionally(identityProvider, tokenString, named) {
      const { authID, clientAuthContext } = named ?? {};
      const work = () => native.authenticateConditionally(tokenString, identityProvider, authID, clientAuthContext);
      return api('authenticateConditionally', named, work);
    },
    simpleAuthentication(clientSimpleAuthenticationData, authID, named) {
      return api('simpleAuthentication', named, () => native.simpleAuthentication(clientSimpleAuthenticationData, authID));
    },
    /** `authId` may be left out. */
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
