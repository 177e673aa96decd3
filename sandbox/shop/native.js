// The native side that the mobile SDKs' stand-ins share: one customer session, kept in the page's storage, against the
// auth server. Facts: §2.1 to §2.3 of the project's notes. The surfaces turn its answers and errors into their dialects'.
import { accountCalls } from './native-account.js';
import { after, query } from './stand-in.js';

const API_KEY = '00000000-0000-4000-8000-00000000feed';
const LOGIN = '/sauth/v3/auth/login/client';
/** The longest time (ms) that a timer can wait. */
const LONGEST = 2 ** 31 - 1;

/**
 * `type` as Android names it; `status` is -1 where no answer came; `code` is iOS' own, where it is no status; `causes` are
 * the answer's `errors`.
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

/** The same seed gives the same UUID; how the native SDKs make it is not published. */
function seeded(seed) {
  let hash = 0x811c9dc5;
  const hex = Array.from({ length: 32 }, (_, i) => {
    for (const char of `${seed}${i}`) hash = Math.imul(hash ^ char.codePointAt(0), 0x01000193) >>> 0;
    return (hash & 15).toString(16);
  }).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** The page's storage; in a frame of another site the browser may forbid it, and the session lasts as long as the page. */
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
    // A window longer than the token's life does not make a storm of it.
    planRefresh(1000);
  }

  /** Nobody is signed in: an anonymous session, or one that tracks nobody. */
  function openAnonymous() {
    const mine =
      opening ??
      call('POST', `${LOGIN}/${state.doNotTrack ? 'incognito' : 'anonymous'}`, { apiKey, uuid: state.uuid, deviceId: 'sandbox' })
        // Of a session that was left meanwhile nothing is kept.
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
    // As in the native SDKs: the new anonymous session opens by itself, and nobody is told when.
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
    // Refreshes wait for a session that is just opening.
    await opening?.catch(() => {});
    const before = state.held;
    try {
      const held = await call('POST', '/sauth/v3/auth/refresh/client', { apiKey });
      if (state.held === before) hold(held);
    } catch (error) {
      throw endIfExpired(error);
    }
  }

  /** Whoever is signed in with a token that ran out learns of it at the next call. */
  function endIfExpired(error) {
    if (state.signedIn && expired() && error.status === 401) signedOut('SESSION_EXPIRATION');
    return error;
  }

  /** With the token that the SDK always has: where nobody is signed in and it ran out, another one is opened before. */
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
    /** Whoever is signed in has another e-mail. */
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

  /** `?autorefresh=SECONDS`: in that window before the expiry; without a number, in the one of the settings. */
  function planRefresh(soonest) {
    if (!query.has('autorefresh')) return;
    clearTimeout(timer);
    if (expired()) return;
    const before = Number(query.get('autorefresh')) || settings.minTokenRefreshInterval;
    const wait = Math.max(soonest, (state.held.expiresAt - before) * 1000 - Date.now());
    // Once it failed, not before half of what is left has gone.
    const again = () => planRefresh(Math.max(1000, (state.held.expiresAt * 1000 - Date.now()) / 2));
    timer = setTimeout(() => (wait > LONGEST ? planRefresh(0) : expired() || refresh().catch(again)), Math.min(wait, LONGEST));
  }

  /** The UUID of whoever signs in: of the seed if there is one; another account's is not that of the one before. */
  function uuidFor(account, authId) {
    if (authId) return seeded(authId);
    // `?keepuuid`: as in iOS 4.23.4 to 4.24.3 and 5.0.0 to 5.0.5.
    return state.signedIn && account !== state.account && !query.has('keepuuid') ? crypto.randomUUID() : state.uuid;
  }

  /** @returns {Promise<{ status: string, conditions: object[] }>} other than SUCCESS of a conditional login only */
  async function logIn(path, account, uuid, body) {
    if (state.doNotTrack) throw new NativeError('UNKNOWN', -1, 'The request is blocked: nobody is tracked.', -109);
    const { status = 'SUCCESS', conditions = [], ...held } = await call('POST', path, { apiKey, deviceId: 'sandbox', ...body, uuid });
    if (status === 'SUCCESS') {
      // Of an anonymous session that is just opening nothing is kept.
      opening = null;
      Object.assign(state, { uuid, signedIn: held.rlm === 'client', account });
      hold(held);
      if (state.signedIn) listener.signedIn?.();
    }
    return { status, conditions };
  }

  const byPassword = (path, email, password) => logIn(path, email, uuidFor(email), { identityProvider: 'SYNERISE', email, password });
  // The made-up providers' tokens are their customers' e-mails.
  const byProvider = (path, token, identityProvider, authId, context) =>
    logIn(path, token, uuidFor(token, authId), { ...context, identityProvider, identityProviderToken: token });

  function setDoNotTrack(on) {
    if (on === state.doNotTrack) return;
    state.doNotTrack = on;
    // Switched off, the UUID stays (notes §2.2 have no such cause).
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

  // `?sync`: another tab of the site changed the session.
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
    /** Takes as long as `?init=` says. */
    start(standard) {
      after('init', standard, () => {
        ready = true;
        planRefresh(0);
        if (expired() && !state.signedIn) openAnonymous().catch(() => {});
      });
    },
    isReady: () => ready,
    /** The key that the app starts with. */
    setApiKey(key) {
      apiKey = key;
    },
    /** `config` as `InitializationConfig`; the key that is there already changes nothing. */
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
    /** @returns {boolean} false where the SDKs refuse: signed in, or not there yet */
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
    /** `context`: agreements, attributes; `authId` where there is one. */
    async authenticate(token, provider, authId, context) {
      await byProvider(LOGIN, token, provider, authId, context);
    },
    authenticateConditionally: (token, provider, authId, context) => byProvider(`${LOGIN}/conditional`, token, provider, authId, context),
    /** The UUID is the data's own, else of the seed. The customer does not count as signed in. */
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
    /** The truth, for tests. */
    held: () => ({
      uuid: state.uuid,
      signedIn: isSignedIn(),
      account: state.account,
      token: state.held && { raw: state.held.token, origin: state.held.origin, expiresAt: state.held.expiresAt * 1000 },
    }),
  };
}
