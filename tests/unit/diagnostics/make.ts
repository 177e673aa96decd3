/** Cases for the diagnostic rules: healthy ones through `factsOf`, and entries with sensible defaults. */

import { type Case, type CaseDetail, type CaseFacts, factsOf } from '@/lib/diagnostics/case';
import type { EntryOf } from '@/lib/diagnostics/lookup';
import { tokenFacts } from '@/lib/jwt/token';
import type { ClientInfo, WireError, WireToken } from '@/lib/page/wire';
import { patched, type SessionPatch } from '@/lib/protocol/patch';
import type { ChangeName } from '@/lib/sdk/changes';
import type { DialectName } from '@/lib/sdk/dialects/names';
import type { OperationName } from '@/lib/sdk/operations';
import type { Plain } from '@/lib/sdk/plain-data';
import type { Cause, CauseKind } from '@/lib/session/history/cause';
import type { Entry, HistoryEntry } from '@/lib/session/history/history';
import type { Problem } from '@/lib/session/problem';
import { type Customer, newSession, type TokenState } from '@/lib/session/session';
import type { Identity } from '@/lib/session/terms';
import { fingerprint } from '@/lib/text/fingerprint';
import type { SeenCookie } from '@/lib/web/cookies';
import { identityHash, uuidOf } from '@/lib/web/recipes';
import { client, jwt, MINUTE, ORIGIN, T0 } from '../fakes/make';
import type { Story } from '../fakes/story';

export const SECOND = 1000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** The time at which cases are checked: 09:00:00 UTC. */
export const NOW = T0 + HOUR;
/** The time `ms` before `NOW`. */
export const ago = (ms: number): number => NOW - ms;

export const UUID = 'b7e0f5a2-1f0e-4d0e-8f0b-3c2d1e0f9a8b';
export const OTHER_UUID = '36f675cc-81e7-4ef5-a8e2-5d940ed90475';
export const THIRD_UUID = '0cb1e29c-658c-4a14-95e6-0af593bd04cf';
export const EMAIL = 'customer@synerise.com';
export const OTHER_EMAIL = 'john.doe@synerise.com';
/** By the recipe of the vendor's documentation (facts §3.4). */
export const uuid5 = (identifier: string, salt = ''): string => uuidOf('docs', { identifier, salt, namespace: '' }) ?? '';
export const WEB_UUID = uuid5(EMAIL);
export const TRACKER_KEY = 'aaaaaaaa-1111-4111-8111-111111111111';

const PLACES: Readonly<Record<DialectName, string>> = {
  'in-app': 'SRInApp',
  'react-native': 'Synerise.Client',
  flutter: 'Synerise.client',
  ios: 'Client',
  android: 'Client',
  web: 'SR',
};
export const NATIVE = ['react-native', 'flutter', 'ios', 'android'] as const;

export interface TokenGiven {
  /** Merged over the healthy token's claims; `undefined` removes a claim. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** What the SDK returns about the token. */
  readonly says?: Partial<WireToken>;
  readonly stale?: boolean;
  readonly trouble?: Problem;
}

/** How the case differs from a healthy one. */
export interface Given {
  readonly dialect?: DialectName;
  readonly at?: number;
  readonly client?: Partial<ClientInfo>;
  readonly customer?: Partial<Customer>;
  /** `null`: no token. */
  readonly token?: TokenGiven | null;
  readonly session?: SessionPatch;
  readonly set?: readonly SeenCookie[];
  /** Numbered from 1 in this order. */
  readonly entries?: readonly Loose[];
  readonly details?: Readonly<Record<string, CaseDetail>>;
  /** Merged over what `factsOf` returns for the session. */
  readonly facts?: Partial<CaseFacts>;
}

/** An entry without its number; it belongs to the current session unless it has `nth`. */
export type Loose = Entry & { readonly nth?: number };

export const numbered = (entries: readonly Loose[], nth = 0): HistoryEntry[] =>
  entries.map((entry, index) => ({ nth, ...entry, seq: index + 1 }) as HistoryEntry);

export const detailOf =
  (details: Readonly<Record<string, CaseDetail>> = {}): Case['detailOf'] =>
  (key) =>
    new Map(Object.entries(details)).get(key) ?? null;

/** The wire carries no time outside the range of a Date (lib/sdk/values). */
function saidBySdk(exp: number): number | null {
  const at = Math.round(exp * (exp < 1e11 ? 1000 : 1));
  return at > 0 && at <= 8.64e15 ? at : null;
}

function tokenStateOf(given: TokenGiven, healthy: Record<string, unknown>, says: Partial<WireToken>, alg: string): TokenState {
  const claims = { ...healthy, ...given.claims };
  const exp = claims['exp'];
  const raw = jwt(claims, given.header ?? { alg });
  const wire: WireToken = {
    raw,
    origin: null,
    realm: null,
    clientId: null,
    customId: null,
    expiresAt: typeof exp === 'number' ? saidBySdk(exp) : null,
    nearExpiry: null,
    ...says,
    ...given.says,
  };
  return { kind: 'known', facts: tokenFacts(wire), trouble: given.trouble ?? null, stale: given.stale ?? false };
}

/** Seconds, as in claims. */
export const seconds = (at: number): number => at / 1000;

function caseOf(given: Given, healthy: { readonly client: ClientInfo; readonly customer: Customer; readonly token: TokenState }): Case {
  const { at = NOW, entries = [], details, facts } = given;
  const shown = { ...healthy.client, ...given.client };
  const healthySession = patched(newSession(7, false, T0), {
    tab: { access: 'watched', site: ORIGIN, observed: true },
    visit: { origin: ORIGIN, clockOffset: 0, entered: { document: 'doc-1', path: '/', by: 'navigate', loaded: T0 } },
    page: { document: 'doc-1', path: '/', clients: [shown] },
    history: { documents: 1, of: { dialect: shown.dialect, place: shown.place } },
    stage: {
      phase: 'attached',
      client: shown,
      customer: { ...healthy.customer, ...given.customer },
      token: given.token === null ? { kind: 'none', trouble: null, said: true } : healthy.token,
      activity: { kind: 'idle' },
    },
  });
  const session = patched(healthySession, given.session ?? {});
  return {
    ...factsOf(session, at, given.set ?? []),
    ...facts,
    entries: numbered(entries, session.history.nth),
    detailOf: detailOf(details),
  };
}

/** An anonymous customer of a native SDK (React Native by default), with a token from the auth server. */
export function native(given: Given = {}): Case {
  const { dialect = 'react-native' } = given;
  const claims = { sub: UUID, rlm: 'anonymous_client', origin: 'ANONYMOUS', uuid: UUID, ctd: T0, exp: seconds(NOW + 50 * MINUTE) };
  const says = { origin: 'ANONYMOUS', realm: 'anonymous_client' };
  return caseOf(given, {
    client: client({ dialect, place: PLACES[dialect] }),
    customer: { uuid: UUID, trouble: null, signedIn: false, simpleAuth: false, facts: { doNotTrack: false }, cookies: [], stored: [] },
    token: tokenStateOf(given.token ?? {}, claims, says, 'RS512'),
  });
}

/** The same customer, signed in. */
export function signedIn(given: Given = {}): Case {
  return native({
    ...given,
    customer: { signedIn: true, ...given.customer },
    token:
      given.token === null
        ? null
        : {
            ...given.token,
            claims: { rlm: 'client', origin: 'SYNERISE', ...given.token?.claims },
            says: { origin: 'SYNERISE', realm: 'client', clientId: '434', ...given.token?.says },
          },
  });
}

/** Cookies of a healthy SDK (facts §3.8, S11). */
export const cookiesOf = (uuid: string, hash = '', first = uuid): string[] => [
  `_snrs_uuid=${uuid}`,
  `_snrs_puuid=${first}`,
  '_snrs_sa=ssuid:ec66a787-95e7-41d1-b731-af10506bf2ef&appear:1799999900&sessionVisits:3',
  '_snrs_sb=ssuid:ec66a787-95e7-41d1-b731-af10506bf2ef&leaves:1800000000',
  `_snrs_p=host:shop.example&permUuid:${first}&uuid:${uuid}&identityHash:${hash}&user_hash:&init:1799000000&last:1799999900.016&current:1800000000&uniqueVisits:2&allVisits:7&globalControlGroup:false`,
];

/** The same cookies as the browser lists them. */
export const jarOf = (cookies: readonly string[], over: Partial<SeenCookie> = {}): SeenCookie[] =>
  cookies.map((pair) => ({
    name: pair.split('=')[0] ?? '',
    value: pair.slice(pair.indexOf('=') + 1),
    httpOnly: false,
    domain: '.shop.example',
    path: '/',
    expiresAt: NOW + 400 * DAY,
    ...over,
  }));

export const WEB_COOKIES = cookiesOf(WEB_UUID, identityHash(EMAIL));

/** A customer recognized by the Web SDK, with a site token. */
export function web(given: Given = {}): Case {
  const claims = { uuid: WEB_UUID, email: EMAIL, iat: seconds(T0), exp: seconds(T0 + DAY) };
  return caseOf(given, {
    client: client({ dialect: 'web', place: PLACES.web, version: null }),
    customer: {
      uuid: WEB_UUID,
      trouble: null,
      signedIn: null,
      simpleAuth: null,
      facts: { identityHash: identityHash(EMAIL), trackerKey: TRACKER_KEY },
      cookies: WEB_COOKIES,
      stored: [],
    },
    token: tokenStateOf(given.token ?? {}, claims, {}, 'RS256'),
  });
}

/** A page with an SDK that is not ready, or with none. */
export const absent = (candidate: ClientInfo | null, given: Given = {}): Case =>
  native({
    ...given,
    session: { stage: { phase: 'absent', candidate }, page: { clients: candidate ? [candidate] : [] }, ...given.session },
  });

/** The case of a session that received a story's reports, at `at`. */
export function caseOfStory({ session, effects }: Story, at: number): Case {
  const entries = effects.flatMap((effect) => (effect.type === 'note' ? [effect.entry] : []));
  const details = new Map<string, CaseDetail>();
  for (const effect of effects) {
    if (effect.type !== 'detail') continue;
    const had = details.get(effect.key);
    const call = 'call' in effect.detail ? { call: { ...had?.call, ...effect.detail.call } } : {};
    details.set(effect.key, { ...had, ...effect.detail, ...call });
  }
  return { ...factsOf(session, at, []), entries, detailOf: (key) => details.get(key) ?? null };
}

// --- entries -----------------------------------------------------------------------------------------------------

type Of<K extends HistoryEntry['kind']> = Omit<EntryOf<K>, 'seq' | 'nth' | 'kind' | 'at'> & { readonly nth?: number };

export const cause = (kind: CauseKind, by: string | null = null): Cause => ({ kind, sure: true, by, evidence: [] });

export const uuidEntry = (at: number, uuid: string = UUID, over: Partial<Of<'uuid'>> = {}): Loose => ({
  kind: 'uuid',
  at,
  uuid,
  after: at,
  cause: cause('first'),
  of: null,
  ...over,
});

/** The anonymous customer's token by default. */
export const tokenEntry = (at: number, name = 'f1', over: Partial<Of<'token'>> = {}): Loose => ({
  kind: 'token',
  at,
  fingerprint: name,
  origin: 'ANONYMOUS',
  uuid: UUID,
  whom: null,
  createdAt: at,
  expiresAt: at + HOUR,
  after: at,
  cause: cause('first'),
  of: null,
  ...over,
});

/** The token of a signed-in customer. */
export const theirToken = (at: number, name: string, whom: string, over: Partial<Of<'token'>> = {}): Loose =>
  tokenEntry(at, name, { origin: 'SYNERISE', whom, cause: cause('call', 'signIn()'), ...over });

export const identityEntry = (at: number, before: Identity, identity: Identity, over: Partial<Of<'identity'>> = {}): Loose => ({
  kind: 'identity',
  at,
  before,
  identity,
  reason: null,
  of: null,
  ...over,
});

export const callback = (at: number, signedIn: boolean, reason: string | null = null): Loose => ({
  kind: 'callback',
  at,
  signedIn,
  reason,
  of: null,
});

/** A page's call that succeeded after 200 ms; its key is made of name and time by default. */
export const call = (at: number, does: ChangeName, over: Partial<Of<'call'>> = {}): Loose => ({
  kind: 'call',
  at,
  key: `${does}@${at}`,
  does,
  told: {},
  endedAt: at + 200,
  ok: true,
  ...over,
});
export const failedCall = (at: number, does: ChangeName, over: Partial<Of<'call'>> = {}): Loose => call(at, does, { ok: false, ...over });
export const silentCall = (at: number, does: ChangeName): Loose => call(at, does, { endedAt: null, ok: null });

export const operation = (at: number, name: OperationName, over: Partial<Of<'operation'>> = {}): Loose => ({
  kind: 'operation',
  at,
  key: `${name}@${at}`,
  operation: name,
  by: 'person',
  endedAt: at + 200,
  verdict: 'done',
  ...over,
});

const PATHS: Readonly<Record<string, string>> = {
  'anonymous-login': '/sauth/v3/auth/login/client/anonymous',
  login: '/sauth/v3/auth/login/client',
  'conditional-login': '/sauth/v3/auth/login/client/conditional',
  refresh: '/sauth/v3/auth/refresh/client',
  event: '/v4/events/custom',
};

export const request = (at: number, purpose: string, over: Partial<Of<'request'>> = {}): Loose => ({
  kind: 'request',
  at,
  key: `${purpose}@${at}`,
  via: 'devtools',
  endedAt: at + 120,
  method: 'POST',
  host: 'api.synerise.com',
  path: PATHS[purpose] ?? `/${purpose}`,
  purpose,
  status: 200,
  problem: null,
  bearer: null,
  gave: null,
  uuid: null,
  size: 300,
  ...over,
});

export const storage = (at: number, name: string, value: string | null, over: Partial<Of<'storage'>> = {}): Loose => ({
  kind: 'storage',
  at,
  area: 'cookie',
  name,
  before: null,
  value,
  of: null,
  ...over,
});

export const documentEntry = (at: number, path = '/', by = 'navigate'): Loose => ({ kind: 'document', at, path, by });

/** The arguments and results of the call or operation `does` at `at`. */
export const inAndOut = (does: string, at: number, detail: NonNullable<CaseDetail['call']>): Record<string, CaseDetail> => ({
  [`${does}@${at}`]: { call: detail },
});
export const refusedWith = (does: string, at: number, code: WireError['code'], message = 'HTTP_ERROR', args?: Plain) =>
  inAndOut(does, at, { error: { code, message, detail: null }, ...(args !== undefined && { args }) });

/** The fingerprint of a text used instead of a token. */
export const printOf = fingerprint;
