// The native side that the mobile SDKs' stand-ins share: one customer session, kept in the page's local storage, that uses
// the auth server. Facts: §2.1 to §2.3 of the project's notes. Each stand-in converts results and errors to its dialect.
import { accountCalls } from './native-account.js';
import { after, query } from './stand-in.js';

const API_KEY = '00000000-0000-4000-8000-00000000feed';
const LOGIN = '/sauth/v3/auth/login/client';
/** The longest delay of a timer (ms). */
const LONGEST = 2 ** 31 - 1;

/**
 * `type` is Android's name for it; `status` is -1 if no response came; `code` is iOS's own code if that isn't the status;
 * `causes` are the response's `errors`.
 */
export class NativeError {
  constructor(type, status, message, code = status, causes = []) {
    this.type = type;
    this.status = status;
    this.message = message;
    this.code = code;
    this.causes = causes;
  }
}

/** Derives a UUID from a seed; equal seeds give equal UUIDs. The native SDKs' algorithm isn't published. */
function seeded(seed) {
  let hash = 0x811c9dc5;
  const hex = Array.from({ length: 32 }, (_, i) => {
    for (const char of `${seed}${i}`) hash = Math.imul(hash ^ char.codePointAt(0), 0x01000193) >>> 0;
    return (hash & 15).toString(16);
  }).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** The page's local storage. The browser may block it in a third-party frame; the session then lasts as long as the page. */
function storage() {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem() {} };
  }
}

export function openNative() {
  const shop = query.get('shop') ?? 'main';
  const KEY = `sandbox-sdk:${shop}`;
  const store = storage();
  const stored = JSON.parse(store.getItem(KEY) ?? 'null');
  const fresh = { uuid: crypto.randomUUID(), held: null, signedIn: false, account: null, doNotTrack: false };
  const state = { ...fresh, ...stored };
  let apiKey = API_KEY;
  let listener = {};
  let ready = false;
  let opening = null;
  let timer;
  const save = () => store.setItem(KEY, JSON.stringify(state));
  const expired = () => !state.held || state.held.expiresAt * 1000 <= Date.now();
  const isSignedIn = () => state.signedIn && !expired();

  async function call(method, path, body) {
    if (!ready) throw new NativeError('UNKNOWN', -1, 'The SDK is not initialized.');
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
      throw new NativeError('NETWORK_ERROR', -1, 'NETWORK_ERROR');
    }
    const answer = await response.json();
    if (!response.ok) throw new NativeError('HTTP_ERROR', answer.status, answer.message, answer.status, answer.errors);
    return answer;
  }

  function hold({ token, expiresAt, origin, rlm, clientId, customId }) {
    state.held = { token, expiresAt, origin, rlm, clientId, customId };
    save();
    // Wait at least 1 s, so that a refresh window longer than the token's lifetime doesn't cause a refresh storm.
    planRefresh(1000);
  }

  /** Opens an anonymous session, or an incognito one with do-not-track; concurrent calls share one request. */
  function openAnonymous() {
    const mine =
      opening ??
      call('POST', `${LOGIN}/${state.doNotTrack ? 'incognito' : 'anonymous'}`, { apiKey, uuid: state.uuid, deviceId: 'sandbox' })
        // Ignore the response if the session was replaced in the meantime.
        .then((held) => (opening === mine ? hold(held) : undefined))
        .finally(() => {
          if (opening === mine) opening = null;
        });
    opening = mine;
    return mine;
  }

  function newSession(uuid) {
    Object.assign(state, { uuid, held: null, signedIn: false, account: null });
    opening = null;
    save();
    // As in the native SDKs, the new anonymous session opens automatically, without notification.
    if (ready) openAnonymous().catch(() => {});
  }

  function signedOut(reason) {
    const was = state.signedIn;
    Object.assign(state, { held: null, signedIn: false, account: null });
    save();
    if (was) listener.signedOut?.(reason);
  }

  function destroySession() {
    signedOut('SESSION_DESTROYED');
    newSession(crypto.randomUUID());
  }

  async function refresh() {
    // A refresh waits for a session that is still opening.
    await opening?.catch(() => {});
    const before = state.held;
    try {
      const held = await call('POST', '/sauth/v3/auth/refresh/client', { apiKey });
      if (state.held === before) hold(held);
    } catch (error) {
      throw endIfExpired(error);
    }
  }

  /** Signs a customer with an expired token out when a call fails with 401; returns the error. */
  function endIfExpired(error) {
    if (state.signedIn && expired() && error.status === 401) signedOut('SESSION_EXPIRATION');
    return error;
  }

  /** Sends a request with the session's token. If it has expired while nobody is signed in, opens a new anonymous session first. */
  async function ask(method, path, body) {
    await opening?.catch(() => {});
    if (expired() && !state.signedIn) await openAnonymous();
    try {
      return await call(method, path, body);
    } catch (error) {
      throw endIfExpired(error);
    }
  }

  const ofAccount = accountCalls(ask, {
    apiKey: () => apiKey,
    uuid: () => state.uuid,
    mayTell: () => ready && !state.signedIn && !state.doNotTrack,
    /** The signed-in customer's email changed. */
    renamed(email) {
      if (!state.signedIn) return;
      state.account = email;
      save();
    },
    deleted() {
      signedOut('USER_ACCOUNT_DELETED');
      newSession(crypto.randomUUID());
    },
  });

  /** `?autorefresh=SECONDS` refreshes that long before expiry; without a number, as the settings say. `soonest`: minimum delay (ms). */
  function planRefresh(soonest) {
    if (!query.has('autorefresh')) return;
    clearTimeout(timer);
    if (expired()) return;
    const before = Number(query.get('autorefresh')) || settings.minTokenRefreshInterval;
    const wait = Math.max(soonest, (state.held.expiresAt - before) * 1000 - Date.now());
    // After a failure, wait for half of the remaining lifetime.
    const again = () => planRefresh(Math.max(1000, (state.held.expiresAt * 1000 - Date.now()) / 2));
    timer = setTimeout(() => (wait > LONGEST ? planRefresh(0) : expired() || refresh().catch(again)), Math.min(wait, LONGEST));
  }

  /** The UUID for a sign-in: from the seed if there is one, a new one if another account is signed in, otherwise the current one. */
  function uuidFor(account, authId) {
    if (authId) return seeded(authId);
    // `?keepuuid`: keeps it by mistake, as iOS 4.23.4 to 4.24.3 and 5.0.0 to 5.0.5 do.
    return state.signedIn && account !== state.account && !query.has('keepuuid') ? crypto.randomUUID() : state.uuid;
  }

  /** @returns {Promise<{ status: string, conditions: object[] }>} only a conditional sign-in can have another status than SUCCESS */
  async function logIn(path, account, uuid, body) {
    if (state.doNotTrack) throw new NativeError('UNKNOWN', -1, 'The request is blocked: nobody is tracked.', -109);
    const { status = 'SUCCESS', conditions = [], ...held } = await call('POST', path, { apiKey, deviceId: 'sandbox', ...body, uuid });
    if (status === 'SUCCESS') {
      // Discard an anonymous session that is still opening.
      opening = null;
      Object.assign(state, { uuid, signedIn: held.rlm === 'client', account });
      hold(held);
      if (state.signedIn) listener.signedIn?.();
    }
    return { status, conditions };
  }

  const byPassword = (path, email, password) => logIn(path, email, uuidFor(email), { identityProvider: 'SYNERISE', email, password });
  // The made-up identity providers use the customer's email as token.
  const byProvider = (path, token, identityProvider, authId, context) =>
    logIn(path, token, uuidFor(token, authId), { ...context, identityProvider, identityProviderToken: token });

  function setDoNotTrack(on) {
    if (on === state.doNotTrack) return;
    state.doNotTrack = on;
    // Switching it off keeps the UUID (notes §2.2 have no such cause).
    if (on) signedOut('SYSTEM_SIGN_OUT');
    newSession(on ? crypto.randomUUID() : state.uuid);
  }

  /** `Settings.sdk` (notes §2.4). */
  let minTokenRefreshInterval = 1800;
  const settings = {
    enabled: true,
    get doNotTrack() {
      return state.doNotTrack;
    },
    set doNotTrack(on) {
      setDoNotTrack(Boolean(on));
    },
    get minTokenRefreshInterval() {
      return minTokenRefreshInterval;
    },
    set minTokenRefreshInterval(seconds) {
      minTokenRefreshInterval = Math.max(1800, seconds);
      planRefresh(0);
    },
    shouldDestroySessionOnApiKeyChange: true,
  };

  // `?sync`: adopts what another tab of the site did to the session.
  if (query.has('sync'))
    addEventListener('storage', ({ key, newValue }) => {
      if (key !== KEY || newValue === null) return;
      const was = state.signedIn;
      Object.assign(state, JSON.parse(newValue));
      opening = null;
      planRefresh(1000);
      if (state.signedIn && !was) listener.signedIn?.();
      if (!state.signedIn && was) listener.signedOut?.('SYSTEM_SIGN_OUT');
    });

  return {
    settings,
    ...ofAccount,
    /** Initializes the SDK after the delay that `?init=` sets. */
    start(standard) {
      after('init', standard, () => {
        ready = true;
        planRefresh(0);
        if (expired() && !state.signedIn) openAnonymous().catch(() => {});
      });
    },
    isReady: () => ready,
    /** Sets the API key that the app starts with. */
    setApiKey(key) {
      apiKey = key;
    },
    /** `config` is an `InitializationConfig`. The current key changes nothing. */
    changeApiKey(key, config) {
      if (!ready || key === apiKey) return;
      apiKey = key;
      const doNotTrack = Boolean(config?.initialDoNotTrack ?? state.doNotTrack);
      if (!settings.shouldDestroySessionOnApiKeyChange) return setDoNotTrack(doNotTrack);
      state.doNotTrack = doNotTrack;
      destroySession();
    },
    /** `null` before the SDK is initialized. */
    uuid: () => (ready ? state.uuid : null),
    uuidForAuthentication: (authId) => (authId ? seeded(authId) : state.uuid),
    isSignedIn,
    isSignedInViaSimpleAuthentication: () => state.held?.origin === 'SIMPLE_AUTH' && !expired(),
    listen(next) {
      listener = next;
    },
    /** @returns {boolean} false where the SDKs refuse: while signed in, or not initialized */
    regenerate(uuid) {
      if (!ready || state.signedIn) return false;
      newSession(uuid);
      return true;
    },
    regenerateFrom(seed) {
      return seed ? this.regenerate(seeded(seed)) : false;
    },
    destroySession,
    async token() {
      if (expired()) {
        if (state.signedIn) {
          signedOut('SESSION_EXPIRATION');
          throw new NativeError('UNAUTHORIZED_SESSION', 401, 'The token has expired and cannot be retrieved.');
        }
        await openAnonymous();
      }
      return state.held;
    },
    refreshToken: refresh,
    async signIn(email, password) {
      await byPassword(LOGIN, email, password);
    },
    signInConditionally: (email, password) => byPassword(`${LOGIN}/conditional`, email, password),
    /** `context`: agreements and attributes; `authId` is optional. */
    async authenticate(token, provider, authId, context) {
      await byProvider(LOGIN, token, provider, authId, context);
    },
    authenticateConditionally: (token, provider, authId, context) => byProvider(`${LOGIN}/conditional`, token, provider, authId, context),
    /** The UUID comes from the data, otherwise from the seed. The customer doesn't count as signed in. */
    async simpleAuthentication(data, authId) {
      await logIn(`${LOGIN}/simple-auth`, null, data.uuid ?? uuidFor(null, authId), { ...data, authID: authId });
    },
    signOut() {
      signedOut('USER_SIGN_OUT');
      openAnonymous().catch(() => {});
    },
    async signOutWithMode(mode, fromAllDevices) {
      await call('POST', '/sauth/my-account/logout', { action: mode, fromAllDevices });
      signedOut('USER_SIGN_OUT');
      if (mode === 'SIGN_OUT_WITH_SESSION_DESTROY') newSession(crypto.randomUUID());
      else await openAnonymous();
    },
    /** The actual session state, for tests. */
    held: () => ({
      uuid: state.uuid,
      signedIn: isSignedIn(),
      account: state.account,
      token: state.held && { raw: state.held.token, origin: state.held.origin, expiresAt: state.held.expiresAt * 1000 },
    }),
  };
}
