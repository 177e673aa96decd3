/**
 * The purpose of an SDK's request, determined by path and payload, never by host, because sites can have their own tracking
 * domains and API hosts (facts §3.6, §4). One row per purpose; the first match wins.
 */
import type { ChangeName } from '../sdk/changes';
import { CHANGES_WORKSPACE } from '../sdk/changes';

export type PurposeKind = 'token' | 'account' | 'event' | 'read' | 'other';

export interface Purpose {
  readonly name: string;
  readonly label: string;
  readonly kind: PurposeKind;
  /** Pattern for the path, which may have any prefix. */
  readonly path?: RegExp;
  readonly method?: 'GET' | 'POST';
  /** Matches if the payload or query names a customer by `clientUUID`, `client.uuid` or `uuid` (facts §3.6, §4.2). */
  readonly named?: true;
  /** Operations and methods that send it while they are running, or right after. */
  readonly does: readonly ChangeName[];
}

const SIGNS_OUT = ['signOut', 'signOutWithMode', 'destroySession', 'deleteAccount'] as const;
const BEGINS_ANEW = ['regenerateUUID', 'regenerateUUIDWithClientIdentifier', ...SIGNS_OUT, ...CHANGES_WORKSPACE, 'retrieveToken'] as const;
const account = (name: string, label: string, path: RegExp, does: readonly ChangeName[], method?: 'GET' | 'POST'): Purpose => ({
  name,
  label,
  kind: 'account',
  path,
  does,
  ...(method && { method }),
});

/** Paths from facts §4.1 and §8; recommendations and search from the vendor's public integrations (FastStore, VTEX). */
export const PURPOSES: readonly Purpose[] = [
  { name: 'anonymous-login', label: 'Anonymous sign-in', kind: 'token', path: /\/auth\/login\/client\/anonymous$/, does: BEGINS_ANEW },
  { name: 'incognito-login', label: 'Incognito sign-in', kind: 'token', path: /\/auth\/login\/client\/incognito$/, does: BEGINS_ANEW },
  {
    name: 'conditional-login',
    label: 'Conditional sign-in',
    kind: 'token',
    path: /\/auth\/login\/client\/conditional$/,
    does: ['signInConditionally', 'authenticateConditionally'],
  },
  {
    name: 'simple-auth',
    label: 'Simple Authentication',
    kind: 'token',
    path: /\/auth\/login\/client\/simple-auth$/,
    does: ['simpleAuthentication'],
  },
  { name: 'login', label: 'Sign-in', kind: 'token', path: /\/auth\/login\/client$/, does: ['signIn', 'authenticate'] },
  { name: 'refresh', label: 'Token refresh', kind: 'token', path: /\/auth\/refresh\/client$/, does: ['refreshToken', 'retrieveToken'] },
  { name: 'workspace-login', label: 'Workspace auth', kind: 'token', path: /\/auth\/(login|refresh)\/profile$/, does: [] },
  account('account-read', 'Account information', /\/my-account\/personal-information$/, ['getAccount'], 'GET'),
  account('account-update', 'Account update', /\/my-account\/personal-information$/, ['updateAccount'], 'POST'),
  account('basic-update', 'Basic information', /\/my-account\/basic-information$/, ['updateAccountBasicInformation']),
  account('password-change', 'Password change', /\/my-account\/change-password$/, ['changePassword']),
  account('email-change', 'Email change', /\/my-account\/email-change\/(request|confirmation)$/, [
    'requestEmailChange',
    'confirmEmailChange',
  ]),
  account('phone-update', 'Phone change', /\/my-account\/phone-update\/(request|confirmation)$/, [
    'requestPhoneUpdate',
    'confirmPhoneUpdate',
  ]),
  account('logout', 'Sign-out', /\/my-account\/logout$/, ['signOut', 'signOutWithMode', 'destroySession']),
  account('account-delete', 'Account deletion', /\/my-account\/delete$/, ['deleteAccount']),
  account('password-reset', 'Password reset', /\/clients\/password-reset\/(request|confirmation)$/, [
    'requestPasswordReset',
    'confirmPasswordReset',
  ]),
  account('registration', 'Registration', /\/clients\/registered$/, ['registerAccount']),
  account('activation', 'Activation', /\/clients\/activation\/(by-pin-code\/)?(request|confirmation)$/, [
    'requestAccountActivation',
    'confirmAccountActivation',
    'requestAccountActivationByPin',
    'confirmAccountActivationByPin',
  ]),
  { name: 'public-key', label: 'Public key', kind: 'token', path: /\/v4\/public\.pem$/, does: [] },
  { name: 'event', label: 'Event', kind: 'event', path: /\/v4\/events\/(?:ai-compat\/)?[\w.-]+$/, does: ['recognizeAnonymous'] },
  { name: 'recommendation', label: 'Recommendation', kind: 'read', path: /\/recommendations\/v\d+\/recommend\//, does: [] },
  { name: 'search', label: 'Search', kind: 'read', path: /\/search\/v\d+\/indices\//, does: [] },
  { name: 'tracking', label: 'Other (contains UUID)', kind: 'other', named: true, does: [] },
];

const BY_NAME = new Map(PURPOSES.map((purpose) => [purpose.name, purpose]));
/** The purpose with this name; `null` if unknown, for example from a file of a different version. */
export const purposeNamed = (name: string): Purpose | null => BY_NAME.get(name) ?? null;

/** All operations and methods that send requests. */
export const MAKES_REQUESTS: ReadonlySet<ChangeName> = new Set(PURPOSES.flatMap(({ does }) => does));

/** The purpose of a request; `null` if no SDK sent it. @param path without query @param named whether it names a customer */
export function purposeOf(method: string, path: string, named: boolean): Purpose | null {
  // A CORS preflight request by the browser.
  if (method.toUpperCase() === 'OPTIONS') return null;
  return (
    PURPOSES.find((one) => (one.path ? one.path.test(path) : named) && (one.method === undefined || one.method === method.toUpperCase())) ??
    null
  );
}

const SIGNS_IN = new Set(['conditional-login', 'simple-auth', 'login']);
/** Whether a request is about a customer's account: who they are, or what they confirm. */
export function isAboutAccount({ method, url }: { readonly method: string; readonly url: string }): boolean {
  const purpose = URL.canParse(url) ? purposeOf(method, new URL(url).pathname, false) : null;
  return purpose !== null && (purpose.kind === 'account' || SIGNS_IN.has(purpose.name));
}
