import { cut, describe, instantOf, peek, plain } from '../plain';
import type { WireError, WireToken } from '../wire';
import type { Dialect, DialectTable, Found } from './dialect';

// A top-level `class Synerise` is on no object: only the bare name reaches it.
declare const Synerise: unknown;

const isHolder = (value: unknown): value is object => (typeof value === 'object' && value !== null) || typeof value === 'function';
const has = (value: unknown, key: string): value is object => isHolder(value) && key in value;

/** `window.Synerise` first, then the bare name: an element with that id is on `window` too, and is no SDK. */
function* roots(): Generator<unknown> {
  if ('Synerise' in globalThis) {
    yield (globalThis as { Synerise?: unknown }).Synerise;
    // The bare name would run the same getter again.
    if (Object.getOwnPropertyDescriptor(globalThis, 'Synerise')?.get) return;
  }
  yield typeof Synerise === 'undefined' ? undefined : Synerise;
}

/** Asks `isInitialized()` before `Client`, whose getter logs an error until then (RN lib/main/Synerise.js). */
function look(root: object, place: string): Found {
  const initialized = (root as { isInitialized?: unknown }).isInitialized;
  const version = (root as { version?: unknown }).version;
  const found = { place, version: typeof version === 'string' ? cut(version.slice(0, 1000), 40) : null, client: null };
  if (typeof initialized === 'function' && initialized.call(root) !== true) return found;
  const client = (root as { Client?: unknown }).Client;
  return has(client, 'getUUID') ? { ...found, client } : found;
}

function find(): Found[] {
  for (const candidate of roots()) {
    // The whole module may have been put there: `{ Synerise, ClientAccountUpdateContext, … }`.
    if (has(candidate, 'Client')) return [look(candidate, 'Synerise.Client')];
    if (has(candidate, 'Synerise')) {
      const inner = (candidate as { Synerise: unknown }).Synerise;
      if (has(inner, 'Client')) return [look(inner, 'Synerise.Synerise.Client')];
    }
  }
  return [];
}

const text = (value: unknown): string | null =>
  typeof value === 'string' ? cut(value, 200) : typeof value === 'number' ? String(value) : null;

/** Facts §1.5: `Token` of React Native. `expirationDate` is a `Date`; a bridge's mistake gives a number in s or ms. */
function readToken(value: unknown): WireToken | null {
  const raw = peek(value, 'tokenString');
  if (typeof raw !== 'string' || raw === '' || raw.length > 64_000) return null;
  const date = peek(value, 'expirationDate');
  return {
    raw,
    // The Android bridge fills `tokenOrigin`, the class reads `origin` and falls to UNKNOWN (facts §1.3).
    origin: text(peek(value, 'origin')) ?? text(peek(value, 'tokenOrigin')),
    realm: text(peek(value, 'rlm')),
    clientId: text(peek(value, 'clientId')),
    customId: text(peek(value, 'customId')),
    // 1e11 s lies beyond the year 5000 and 1e11 ms before 1974: no expiry is near either.
    expiresAt:
      instantOf(date) ?? (typeof date === 'number' && date > 0 && date <= 8.64e15 ? Math.round(date < 1e11 ? date * 1000 : date) : null),
  };
}

/** Facts §1.3: `{ code, message }`, no stack. */
export function readError(value: unknown): WireError {
  const code = peek(value, 'code');
  return {
    code: typeof code === 'string' ? cut(code, 100) : typeof code === 'number' ? code : null,
    message: value === undefined ? 'The SDK gave no error value.' : describe(value),
    detail: plain(value),
  };
}

/** Seed 001 and facts §1.1, §1.3. `since` as in the seeds and changelogs. */
export const reactNativeTable: DialectTable = {
  name: 'react-native',
  label: 'React Native',
  bindings: {
    refreshToken: { kind: 'native', method: 'refreshToken', convention: 'callbacks', args: [] },
    retrieveToken: { kind: 'native', method: 'retrieveToken', convention: 'callbacks', args: [], answersToken: true },
    getUUID: { kind: 'native', method: 'getUUID', convention: 'sync', args: [], looksOnly: true },
    regenerateUUID: { kind: 'native', method: 'regenerateUUID', convention: 'sync', args: [], since: '0.9.0' },
    regenerateUUIDWithClientIdentifier: {
      kind: 'native',
      method: 'regenerateUUIDWithClientIdentifier',
      convention: 'sync',
      args: ['clientIdentifier'],
      since: '0.9.10',
    },
    signOut: { kind: 'native', method: 'signOut', convention: 'sync', args: [] },
    signOutWithMode: {
      kind: 'native',
      method: 'signOutWithMode',
      convention: 'callbacks',
      args: ['mode', 'fromAllDevices'],
      since: '0.14.0',
    },
    destroySession: { kind: 'native', method: 'destroySession', convention: 'sync', args: [], since: '0.9.10' },
  },
};

export const reactNative: Dialect = {
  ...reactNativeTable,
  find,
  alsoChange: [
    'signIn',
    'signInConditionally',
    'authenticate',
    'authenticateConditionally',
    'simpleAuthentication',
    'deleteAccountByIdentityProvider',
  ],
  samples: { uuid: 'getUUID', signedIn: 'isSignedIn', simpleAuth: 'isSignedInViaSimpleAuthentication' },
  readToken,
  readError,
};
