// An SDK of the `android` dialect, as an app's web view bridges it (notes §1.1, §1.5, §1.7): API calls are objects to
// execute, values and errors are read by getters, and the bridge keeps one call of a kind.
import { NativeError, openNative } from './native.js';
import { query, standIn, swallowed } from './stand-in.js';

const CATEGORIES = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  500: 'SERVER_ERROR',
  503: 'SERVER_ERROR',
};

class Token {
  #held;
  constructor(held) {
    this.#held = held;
  }
  getRawJwt() {
    return this.#held.token;
  }
  getExpirationUnixTime() {
    return this.#held.expiresAt;
  }
  getOrigin() {
    return { getOrigin: () => this.#held.origin };
  }
  getTokenRLM() {
    return { getRlm: () => this.#held.rlm };
  }
  getClientId() {
    return this.#held.clientId;
  }
  getCustomId() {
    return this.#held.customId ?? null;
  }
}

class ApiError {
  #type;
  #status;
  #message;
  constructor(error) {
    const { type, status, message } = error instanceof NativeError ? error : { type: 'UNKNOWN', status: -1, message: error.message };
    this.#type = type === 'UNAUTHORIZED_SESSION' ? 'HTTP_ERROR' : type;
    this.#status = status;
    this.#message = message;
  }
  getErrorType() {
    return this.#type;
  }
  getHttpCode() {
    return this.#status;
  }
  getHttpErrorCategory() {
    return CATEGORIES[this.#status] ?? 'UNKNOWN';
  }
  getErrorBody() {
    // A request that never ran has no body.
    return this.#status === -1 ? null : { getStatus: () => this.#status, getMessage: () => this.#message, getErrorCauses: () => [] };
  }
  getThrowable() {
    return this.#status === -1 ? new Error(this.#message) : null;
  }
}

/** The running call of each kind. */
const running = {};

class ApiCall {
  #kind;
  #work;
  #cancelled = false;
  constructor(kind, work) {
    this.#kind = kind;
    this.#work = work;
  }
  execute(onSuccess, onFailure) {
    if (swallowed(this.#kind)) return;
    running[this.#kind]?.cancel();
    running[this.#kind] = this;
    const settle = (tell) => {
      if (!this.#cancelled) tell();
    };
    this.#work().then(
      (value) => settle(() => (value === undefined ? onSuccess?.() : onSuccess?.(value))),
      (error) => settle(() => onFailure?.(new ApiError(error))),
    );
  }
  /** The callbacks never come. */
  cancel() {
    this.#cancelled = true;
  }
}

/** A broken call is a call object all the same. */
const callOf = (execute) => ({ execute, cancel() {} });
const CONVENTION = {
  answer: (_args, value) => callOf((onSuccess) => onSuccess?.(value)),
  hang: () => callOf(() => {}),
  twice: (own, target, args) =>
    callOf((...callbacks) => {
      own.apply(target, args).execute(...callbacks);
      setTimeout(() => own.apply(target, args).execute(...callbacks), 50);
    }),
};

/** @param {object} fields as getters, such as `getEmail()` */
const withGetters = (fields) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`get${name[0].toUpperCase()}${name.slice(1)}`, () => value]));

/** Filled by its setters, which may be chained. */
class ClientData {}
for (const name of ['Email', 'Phone', 'CustomId', 'Uuid', 'FirstName', 'LastName', 'Agreements', 'Attributes'])
  ClientData.prototype[`set${name}`] = function (value) {
    this[`${name[0].toLowerCase()}${name.slice(1)}`] = value;
    return this;
  };

/** The `Synerise` that each client's SDK has beside it: what is of the whole SDK, as in the native one. */
export const facades = new WeakMap();

export function createSdk() {
  const native = openNative();

  // biome-ignore lint/complexity/noStaticOnlyClass: the real SDK's methods are statics
  class Client {
    static getUuid() {
      return native.uuid();
    }
    static getUuidForAuthentication(authId) {
      return native.uuidForAuthentication(authId);
    }
    static isSignedIn() {
      return native.isSignedIn();
    }
    static isSignedInViaSimpleAuthentication() {
      return native.isSignedInViaSimpleAuthentication();
    }
    static retrieveToken() {
      return new ApiCall('retrieveToken', async () => new Token(await native.token()));
    }
    static refreshToken() {
      return new ApiCall('refreshToken', native.refreshToken);
    }
    static regenerateUuid(clientIdentifier) {
      return clientIdentifier == null ? native.regenerate(crypto.randomUUID()) : native.regenerateFrom(clientIdentifier);
    }
    static destroySession() {
      native.destroySession();
    }
    static signIn(email, password) {
      return new ApiCall('signIn', () => native.signIn(email, password));
    }
    static signInConditionally(email, password) {
      return new ApiCall('signInConditionally', async () => withGetters(await native.signInConditionally(email, password)));
    }
    static authenticate(token, provider, agreements, attributes, authId) {
      return new ApiCall('authenticate', () => native.authenticate(token, provider, authId, { agreements, attributes }));
    }
    static authenticateConditionally(token, provider, agreements, attributes, authId) {
      return new ApiCall('authenticateConditionally', async () =>
        withGetters(await native.authenticateConditionally(token, provider, authId, { agreements, attributes })),
      );
    }
    static simpleAuthentication(clientData, authId) {
      return new ApiCall('simpleAuthentication', () => native.simpleAuthentication({ ...clientData }, authId));
    }
    static deleteAccount(authFactor, provider, authId) {
      return new ApiCall('deleteAccount', () => native.deleteAccount(authFactor, provider, authId));
    }
    static signOut(mode, fromAllDevices) {
      return mode === undefined ? native.signOut() : new ApiCall('signOut', () => native.signOutWithMode(mode, fromAllDevices));
    }
    static getAccount() {
      return new ApiCall('getAccount', async () => withGetters(await native.account()));
    }
    static setOnClientStateChangeListener(listener) {
      native.listen({
        signedIn: () => listener.onClientSignedIn?.(),
        signedOut: (reason) => listener.onClientSignedOut?.(reason),
      });
    }
    static removeClientStateChangeListener() {
      native.listen({});
    }
  }
  if (query.has('old')) {
    // Before 6.0.
    const { value } = Object.getOwnPropertyDescriptor(Client, 'retrieveToken');
    Object.defineProperty(Client, 'getToken', { configurable: true, writable: true, value });
    delete Client.retrieveToken;
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
    ClientData,
  };
  facades.set(Client, facade);
  standIn({
    dialect: 'android',
    layers: [Client],
    getters: ['getUuid', 'isSignedIn', 'isSignedInViaSimpleAuthentication'],
    held: native.held,
    convention: CONVENTION,
    also: facade,
    of: ['changeApiKey'],
  });
  native.start(0);
  return Client;
}

export function install(sdk) {
  window.Client = sdk;
  window.Synerise = facades.get(sdk);
}
