// An SDK of the `react-native` dialect as it stands on a page, with the real one's conventions and oddities (notes §1.3):
// positional optional callbacks, `true` as the result of a refresh, errors of { code, message }, regenerate silently
// refused while signed in, a synchronous throw of the native side swallowed, contexts with toObject().
(() => {
  const query = new URLSearchParams(location.search);
  const shop = query.get('shop') ?? 'main';
  const android = query.has('android');
  const KEY = `sandbox-sdk:${shop}`;
  const API_KEY = '00000000-0000-4000-8000-00000000feed';
  const ORIGINS = ['UNKNOWN', 'ANONYMOUS', 'SYNERISE', 'SIMPLE_AUTH', 'OAUTH', 'FACEBOOK', 'GOOGLE', 'APPLE'];

  /** Named as in the SDK, where it shadows the global one and has no stack. */
  class SdkError {
    constructor(code, message) {
      this.code = code;
      this.message = message;
    }
  }
  Object.defineProperty(SdkError, 'name', { value: 'Error' });

  class Token {
    constructor(native) {
      this.tokenString = native.tokenString;
      // Native sends seconds.
      this.expirationDate = new Date(native.expirationDate * 1000);
      this.rlm = native.rlm;
      // The Android bridge says `tokenOrigin` where the class reads `origin`.
      this.origin = ORIGINS.includes(native.origin) ? native.origin : 'UNKNOWN';
      this.clientId = native.clientId;
      this.customId = native.customId;
    }
  }

  class ClientAccountUpdateContext {
    constructor(fields = {}) {
      // As in the SDK, `city` is not copied from the options.
      const { city: _, ...rest } = fields;
      Object.assign(this, rest);
    }
    toObject() {
      return { ...this, city: this.city };
    }
  }

  // --- the "native" side -------------------------------------------------------------------------------------------

  const stored = JSON.parse(localStorage.getItem(KEY) ?? 'null');
  const state = { uuid: stored?.uuid ?? crypto.randomUUID(), held: stored?.held ?? null, signedIn: stored?.signedIn ?? false };
  let listener = {};
  let ready = false;
  let opening = null;
  const save = () => localStorage.setItem(KEY, JSON.stringify(state));
  const expired = () => !state.held || state.held.expiresAt * 1000 <= Date.now();

  async function call(method, path, body) {
    let response;
    try {
      response = await fetch(path, {
        method,
        headers: {
          'content-type': 'application/json',
          'api-version': '4.4',
          'x-sandbox-shop': shop,
          ...(state.held && { authorization: `Bearer ${state.held.token}` }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
    } catch {
      throw new SdkError(-1, 'NETWORK_ERROR');
    }
    const answer = await response.json();
    if (!response.ok) throw new SdkError(answer.status, answer.message);
    return answer;
  }

  function hold({ token, expiresAt, origin, rlm, clientId }) {
    state.held = { token, expiresAt, origin, rlm, clientId };
    save();
  }

  function openAnonymous() {
    const { uuid } = state;
    const mine =
      opening ??
      call('POST', '/sauth/v3/auth/login/client/anonymous', { apiKey: API_KEY, uuid: state.uuid, deviceId: 'sandbox' })
        // Of a session that was left meanwhile nothing is kept.
        .then((held) => (state.uuid === uuid ? hold(held) : undefined))
        .finally(() => {
          if (opening === mine) opening = null;
        });
    opening = mine;
    return mine;
  }

  function newSession(uuid) {
    state.uuid = uuid;
    state.held = null;
    state.signedIn = false;
    opening = null;
    save();
    // As in the native SDKs: the new anonymous session opens by itself, and nobody is told when.
    openAnonymous().catch(() => {});
  }

  /** The same seed gives the same UUID; how the native SDKs make it is not published. */
  function seeded(seed) {
    let hash = 0x811c9dc5;
    const hex = Array.from({ length: 32 }, (_, i) => {
      for (const char of `${seed}${i}`) hash = Math.imul(hash ^ char.codePointAt(0), 0x01000193) >>> 0;
      return (hash & 15).toString(16);
    }).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  function signedOut(reason) {
    const was = state.signedIn;
    state.signedIn = false;
    state.held = null;
    save();
    if (was) listener.onClientSignedOut?.(reason);
  }

  async function token() {
    if (expired()) {
      if (state.signedIn) {
        signedOut('SESSION_EXPIRATION');
        throw new SdkError(401, 'The token has expired and cannot be retrieved.');
      }
      await openAnonymous();
    }
    const { token: tokenString, expiresAt, origin, rlm, clientId } = state.held;
    return new Token({ tokenString, expirationDate: expiresAt, clientId, ...(android ? { tokenOrigin: origin } : { origin, rlm }) });
  }

  // --- the JavaScript side -----------------------------------------------------------------------------------------

  const running = {};

  /** Native completion is (isSuccess, data, error); missing data becomes `true`. */
  function native(name, work, onSuccess, onError) {
    try {
      if (query.getAll('break').includes(`${name}:swallow`)) throw new TypeError(`the native side of ${name} broke`);
      const mine = {};
      // The Android bridge keeps one call of a kind and cancels the one before: its callbacks never come.
      running[name] = mine;
      const settle = (tell) => {
        if (!android || running[name] === mine) tell();
      };
      work().then(
        (data) => settle(() => onSuccess?.(data ?? true)),
        (error) => settle(() => onError?.(error instanceof SdkError ? error : new SdkError(10, 'Unknown error has occured'))),
      );
    } catch (error) {
      console.error(error);
    }
  }

  class ClientModule {
    getUUID() {
      return state.uuid;
    }
    isSignedIn() {
      return state.signedIn && !expired();
    }
    isSignedInViaSimpleAuthentication() {
      return state.held?.origin === 'SIMPLE_AUTH' && !expired();
    }
    retrieveToken(onSuccess, onError) {
      native('retrieveToken', token, onSuccess, onError);
    }
    refreshToken(onSuccess, onError) {
      native('refreshToken', () => call('POST', '/sauth/v3/auth/refresh/client', { apiKey: API_KEY }).then(hold), onSuccess, onError);
    }
    regenerateUUID() {
      if (!state.signedIn) newSession(crypto.randomUUID());
    }
    regenerateUUIDWithClientIdentifier(clientIdentifier) {
      if (!state.signedIn && clientIdentifier) newSession(seeded(clientIdentifier));
    }
    destroySession() {
      signedOut('SESSION_DESTROYED');
      newSession(crypto.randomUUID());
    }
    signIn(email, password, onSuccess, onError) {
      native(
        'signIn',
        () =>
          call('POST', '/sauth/v3/auth/login/client', {
            apiKey: API_KEY,
            identityProvider: 'SYNERISE',
            email,
            password,
            uuid: state.uuid,
          }).then(enter),
        onSuccess,
        onError,
      );
    }
    signInConditionally(email, password, onSuccess, onError) {
      native(
        'signInConditionally',
        async () => {
          const { status, conditions, ...held } = await call('POST', '/sauth/v3/auth/login/client/conditional', {
            apiKey: API_KEY,
            identityProvider: 'SYNERISE',
            email,
            password,
            uuid: state.uuid,
          });
          if (status === 'SUCCESS') enter(held);
          return { status, conditions };
        },
        onSuccess,
        onError,
      );
    }
    signOut() {
      signedOut('USER_SIGN_OUT');
      openAnonymous().catch(() => {});
    }
    signOutWithMode(mode, fromAllDevices, onSuccess, onError) {
      native(
        'signOutWithMode',
        async () => {
          await call('POST', '/sauth/my-account/logout', { action: mode, fromAllDevices });
          signedOut('USER_SIGN_OUT');
          if (mode === 'SIGN_OUT_WITH_SESSION_DESTROY') newSession(crypto.randomUUID());
          else await openAnonymous();
        },
        onSuccess,
        onError,
      );
    }
    getAccount(onSuccess, onError) {
      native(
        'getAccount',
        async () => {
          const account = await call('GET', '/v4/my-account/personal-information');
          const last = Date.parse(account.lastActivityDate);
          // Android sends milliseconds where JavaScript expects seconds.
          return { ...account, lastActivityDate: new Date((android ? last : last / 1000) * 1000) };
        },
        onSuccess,
        onError,
      );
    }
    updateAccount(context, onSuccess, onError) {
      const fields = context.toObject();
      native('updateAccount', () => call('POST', '/v4/my-account/personal-information', fields), onSuccess, onError);
    }
    setClientStateChangeListener(next) {
      listener = next;
    }
  }

  function enter(held) {
    hold(held);
    state.signedIn = true;
    save();
    listener.onClientSignedIn?.();
  }

  const client = new ClientModule();
  breakSdk(client, query.getAll('break'));

  // biome-ignore lint/complexity/noStaticOnlyClass: the real SDK is a class with static getters
  class Synerise {
    static get Client() {
      if (!ready) console.error('Synerise is not initialized');
      return ready ? client : undefined;
    }
    static isInitialized() {
      return ready;
    }
    static Initializer() {
      const builder = {};
      for (const option of [
        'withApiKey',
        'withBaseUrl',
        'withRequestValidationSalt',
        'withInitialDoNotTrack',
        'withDebugModeEnabled',
        'withCrashHandlingEnabled',
        'withSettings',
      ]) {
        builder[option] = () => builder;
      }
      builder.init = () => {
        if (ready) console.warn('Synerise is initialized already');
        const finish = () => {
          ready = true;
          if (expired() && !state.signedIn) openAnonymous().catch(() => {});
        };
        // `?init=held`: not before the page is told to, however slow its onlooker is.
        if (query.get('init') === 'held') addEventListener('sandbox:init', finish, { once: true });
        else setTimeout(finish, Number(query.get('init') ?? 30));
      };
      return builder;
    }
  }

  /**
   * Breaks the SDK in the ways that real ones break: `?break=refreshToken:hang`, or `?break=frozen` for all methods.
   * throw, hang, twice, cycle, getter, huge, proxy, bigint, removed; swallow throws on the native side, where nobody hears it
   */
  function breakSdk(target, orders) {
    const cycle = { name: 'cycle' };
    cycle.self = cycle;
    const rubbish = {
      cycle,
      huge: 'x'.repeat(5_000_000),
      bigint: { amount: 10n ** 30n },
      getter: Object.defineProperty({}, 'value', {
        enumerable: true,
        get: () => {
          throw new TypeError('this getter throws');
        },
      }),
      proxy: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new TypeError('this proxy throws');
          },
        },
      ),
    };
    for (const order of orders) {
      const [name, how] = order.split(':');
      if (how === 'swallow') continue;
      if (name === 'frozen') {
        Object.freeze(ClientModule.prototype);
        Object.freeze(target);
        continue;
      }
      const own = target[name];
      target[name] =
        {
          throw: () => {
            throw new TypeError(`${name} broke`);
          },
          hang: () => undefined,
          twice: (...args) => {
            own.apply(target, args);
            setTimeout(() => own.apply(target, args), 50);
          },
          removed: undefined,
        }[how] ?? (how === 'removed' ? undefined : (...args) => args.at(-2)?.(rubbish[how]));
    }
  }

  Object.assign(Synerise, { ClientAccountUpdateContext });
  window.Synerise = Synerise;
})();
