// The native side that the mobile SDKs' stand-ins share: one customer session, kept in the page's storage, against the
// auth server. Facts: §2.1 to §2.3 of the project's notes. The surfaces turn its answers and errors into their dialects'.
import { after, query } from './stand-in.js';

const API_KEY = '00000000-0000-4000-8000-00000000feed';

/** `type` as Android names it; `status` is -1 where no answer came. */
export class NativeError {
  constructor(type, status, message) {
    this.type = type;
    this.status = status;
    this.message = message;
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
  const state = { uuid: stored?.uuid ?? crypto.randomUUID(), held: stored?.held ?? null, signedIn: stored?.signedIn ?? false };
  let listener = {};
  let ready = false;
  let opening = null;
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
    if (!response.ok) throw new NativeError('HTTP_ERROR', answer.status, answer.message);
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

  function signedOut(reason) {
    const was = state.signedIn;
    state.signedIn = false;
    state.held = null;
    save();
    if (was) listener.signedOut?.(reason);
  }

  function signedIn(held) {
    hold(held);
    state.signedIn = true;
    save();
    listener.signedIn?.();
  }

  const credentials = (email, password) => ({ apiKey: API_KEY, identityProvider: 'SYNERISE', email, password, uuid: state.uuid });

  return {
    /** Takes as long as `?init=` says. */
    start(standard) {
      after('init', standard, () => {
        ready = true;
        if (expired() && !state.signedIn) openAnonymous().catch(() => {});
      });
    },
    isReady: () => ready,
    /** `null` before the SDK is initialised. */
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
    destroySession() {
      signedOut('SESSION_DESTROYED');
      newSession(crypto.randomUUID());
    },
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
    refreshToken: async () => hold(await call('POST', '/sauth/v3/auth/refresh/client', { apiKey: API_KEY })),
    signIn: async (email, password) => signedIn(await call('POST', '/sauth/v3/auth/login/client', credentials(email, password))),
    async signInConditionally(email, password) {
      const path = '/sauth/v3/auth/login/client/conditional';
      const { status, conditions, ...held } = await call('POST', path, credentials(email, password));
      if (status === 'SUCCESS') signedIn(held);
      return { status, conditions };
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
    /** `lastActivityDate` in ms. */
    async account() {
      const account = await call('GET', '/v4/my-account/personal-information');
      return { ...account, lastActivityDate: Date.parse(account.lastActivityDate) };
    },
    updateAccount: (fields) => call('POST', '/v4/my-account/personal-information', fields),
    /** The truth, for tests. */
    held: () => ({
      uuid: state.uuid,
      signedIn: isSignedIn(),
      token: state.held && { raw: state.held.token, origin: state.held.origin, expiresAt: state.held.expiresAt * 1000 },
    }),
  };
}
