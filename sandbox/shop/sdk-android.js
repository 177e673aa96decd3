// An SDK of the `android` dialect, as an app's web view bridges it (notes §1.1, §1.5, §1.7): API calls are objects to
// execute, values and errors have getters, and the bridge keeps one running call per method.
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
  #causes;
  constructor(error) {
    const { type, status, message, causes } =
      error instanceof NativeError ? error : { type: 'UNKNOWN', status: -1, message: error.message, causes: [] };
    this.#type = type === 'UNAUTHORIZED_SESSION' ? 'HTTP_ERROR' : type;
    this.#status = status;
    this.#message = message;
    this.#causes = causes ?? [];
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
    // Without a response there is no error body.
    if (this.#status === -1) return null;
    return { getStatus: () => this.#status, getMessage: () => this.#message, getErrorCauses: () => this.#causes.map(withGetters) };
  }
  getThrowable() {
    return this.#status === -1 ? new Error(this.#message) : null;
  }
}

/** The running call of each method. */
const running = {};

class ApiCall {
  #kind;
  #work;
  #canceled = false;
  constructor(kind, work) {
    this.#kind = kind;
    this.#work = work;
  }
  execute(onSuccess, onFailure) {
    if (swallowed(this.#kind)) return;
    running[this.#kind]?.cancel();
    running[this.#kind] = this;
    const settle = (tell) => {
      if (!this.#canceled) tell();
    };
    this.#work().then(
      (value) => settle(() => (value === undefined ? onSuccess?.() : onSuccess?.(value))),
      (error) => settle(() => onFailure?.(new ApiError(error))),
    );
  }
  /** The callbacks are never called. */
  cancel() {
    this.#canceled = true;
  }
}

/** Even a broken method returns a call object. */
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

/** Turns fields into getters, such as `getEmail()`. @param {object} fields */
const withGetters = (fields) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`get${name[0].toUpperCase()}${name.slice(1)}`, () => value]));

/** A Java enum value. */
const enumOf = (value) => ({ name: () => value, toString: () => value });

/** `ClientSex` and `ClientAgreements` are separate objects. */
const accountInformation = ({ sex, agreements, lastActivityDate, ...fields }) =>
  withGetters({
    ...fields,
    sex: { getSex: () => sex },
    agreements: withGetters(agreements),
    lastActivityDate: new Date(lastActivityDate),
  });

/** The status is an enum value. */
const conditionalResult = ({ status, conditions }) => withGetters({ status: enumOf(status), conditions });

const AGREEMENTS = { getEmail: 'email', getSms: 'sms', getPush: 'push', getBluetooth: 'bluetooth', getRfid: 'rfid', getWifi: 'wifi' };
const FIELDS = {
  ...Object.fromEntries(
    [
      ...['Email', 'CustomId', 'Uuid', 'FirstName', 'LastName', 'DisplayName', 'Sex', 'BirthDate', 'AvatarUrl'],
      ...['Company', 'Address', 'City', 'Province', 'ZipCode', 'CountryCode', 'Agreements', 'Attributes'],
    ].map((name) => [`get${name}`, `${name[0].toLowerCase()}${name.slice(1)}`]),
  ),
  // Unlike the account's own `getPhone()`.
  getPhoneNumber: 'phone',
};

/** Reads an app's object by its getters. A missing getter, or `undefined`, leaves the field as it is; `null` resets it. */
const gotten = (from, getters) =>
  Object.fromEntries(
    Object.entries(getters).map(([getter, name]) => [name, typeof from[getter] === 'function' ? from[getter]() : undefined]),
  );

const agreementsOf = (agreements) => (agreements == null ? agreements : gotten(agreements, AGREEMENTS));

function fieldsOf(context) {
  const { agreements, sex, ...fields } = gotten(context, FIELDS);
  // `sex` may be a string, or the SDK's own `ClientSex` object.
  return { ...fields, sex: typeof sex?.getSex === 'function' ? sex.getSex() : sex, agreements: agreementsOf(agreements) };
}

/** Has chainable setters, and getters. */
class ClientData {
  #fields = {};
  static {
    for (const [getter, name] of Object.entries(FIELDS)) {
      ClientData.prototype[getter] = function () {
        return this.#fields[name];
      };
      ClientData.prototype[getter.replace('get', 'set')] = function (value) {
        this.#fields[name] = value;
        return this;
      };
    }
  }
}

/** Each client's `Synerise` object, for what belongs to the whole SDK, as in the native one. */
export const facades = new WeakMap();

export function createSdk() {
  const native = openNative();

  // biome-ignore lint/complexity/noStaticOnlyClass: the real SDK's methods are static
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
      return new ApiCall('signInConditionally', async () => conditionalResult(await native.signInConditionally(email, password)));
    }
    static authenticate(token, provider, agreements, attributes, authId) {
      const context = { agreements: agreementsOf(agreements), attributes };
      return new ApiCall('authenticate', () => native.authenticate(token, provider, authId, context));
    }
    static authenticateConditionally(token, provider, agreements, attributes, authId) {
      const context = { agreements: agreementsOf(agreements), attributes };
      return new ApiCall('authenticateConditionally', async () =>
        conditionalResult(await native.authenticateConditionally(token, provider, authId, context)),
      );
    }
    static simpleAuthentication(clientData, authId) {
      return new ApiCall('simpleAuthentication', async () => native.simpleAuthentication(fieldsOf(clientData), authId));
    }
    static deleteAccount(authFactor, provider, authId) {
      return new ApiCall('deleteAccount', () => native.deleteAccount(authFactor, provider, authId));
    }
    static signOut(mode, fromAllDevices) {
      return mode === undefined ? native.signOut() : new ApiCall('signOut', () => native.signOutWithMode(mode, fromAllDevices));
    }
    static getAccount() {
      return new ApiCall('getAccount', async () => accountInformation(await native.account()));
    }
    static updateAccount(info) {
      return new ApiCall('updateAccount', async () => native.updateAccount(fieldsOf(info)));
    }
    static updateAccountBasicInformation(info) {
      return new ApiCall('updateAccountBasicInformation', async () => native.updateAccountBasicInformation(fieldsOf(info)));
    }
    static changePassword(oldPassword, password) {
      return new ApiCall('changePassword', () => native.changePassword(oldPassword, password));
    }
    static requestPasswordReset(request) {
      return new ApiCall('requestPasswordReset', async () => native.requestPasswordReset(request.getEmail()));
    }
    static confirmPasswordReset(confirmation) {
      return new ApiCall('confirmPasswordReset', async () =>
        native.confirmPasswordReset(confirmation.getPassword(), confirmation.getToken()),
      );
    }
    static requestEmailChange(email, password, externalToken, authId) {
      return new ApiCall('requestEmailChange', () => native.requestEmailChange(email, password, externalToken, authId));
    }
    static confirmEmailChange(token, newsletterAgreement) {
      return new ApiCall('confirmEmailChange', () => native.confirmEmailChange(token, newsletterAgreement));
    }
    static requestPhoneUpdate(phone) {
      return new ApiCall('requestPhoneUpdate', () => native.requestPhoneUpdate(phone));
    }
    /** `null` leaves the agreement as it is. */
    static confirmPhoneUpdate(phone, confirmationCode, smsAgreement) {
      return new ApiCall('confirmPhoneUpdate', () => native.confirmPhoneUpdate(phone, confirmationCode, smsAgreement));
    }
    static registerAccount(registerClient) {
      return new ApiCall('registerAccount', async () =>
        // Its phone has a different name from the other contexts' (notes §8).
        native.registerAccount({ ...fieldsOf(registerClient), phone: registerClient.getPhone?.(), password: registerClient.getPassword() }),
      );
    }
    static requestAccountActivation(email) {
      return new ApiCall('requestAccountActivation', () => native.requestAccountActivation(email));
    }
    static confirmAccountActivation(token) {
      return new ApiCall('confirmAccountActivation', () => native.confirmAccountActivation(token));
    }
    static requestAccountActivationByPin(email) {
      return new ApiCall('requestAccountActivationByPin', () => native.requestAccountActivationByPin(email));
    }
    /** The PIN comes first. */
    static confirmAccountActivationByPin(pin, email) {
      return new ApiCall('confirmAccountActivationByPin', () => native.confirmAccountActivationByPin(pin, email));
    }
    static recognizeAnonymous(email, customIdentify, parameters) {
      // Since 5.9.0, it does nothing for customers of Simple Authentication.
      if (!native.isSignedInViaSimpleAuthentication()) native.recognizeAnonymous(email, customIdentify, parameters);
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
    // The method's name before 6.0.
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
