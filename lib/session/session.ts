/** What is known about a tab's customer session, split into parts by lifetime. */
import type { TokenFacts } from '../jwt/token';
import type { Captured } from '../network/request';
import type { Markup } from '../page/markup';
import type { AgentReport, ClientInfo } from '../page/wire';
import { type DialectName, traitsOf } from '../sdk/dialects/names';
import type { Plain } from '../sdk/plain-data';
import type { SeenCookie } from '../web/cookies';
import type { RecentCall, Seen, Span } from './history/history';
import type { Problem } from './problem';
import type { AccountReading, Activity, Runs } from './run';
import type { Access } from './terms';

/** The customer as the SDK's getters report it. A flag is `null` if the SDK doesn't report it. */
export interface Customer {
  readonly uuid: string | null;
  /** Why the UUID could not be read. */
  readonly trouble: string | null;
  readonly signedIn: boolean | null;
  readonly simpleAuth: boolean | null;
  /** Other values that the dialect samples, by name. */
  readonly facts: Readonly<Record<string, Plain>>;
  /** `name=value` of the SDK's cookies that scripts can read, in the browser's order. */
  readonly cookies: readonly string[];
  /** The same for Web Storage, with `local:` or `session:` before each name. */
  readonly stored: readonly string[];
}

/** The token, or why there is none. A failed read never erases a known token: it only sets `trouble`. */
export type TokenState =
  | {
      readonly kind: 'none';
      readonly trouble: Problem | null;
      /** The SDK reports that there is none; otherwise it was not read yet, or could not be read. */
      readonly said: boolean;
    }
  | {
      readonly kind: 'known';
      readonly facts: TokenFacts;
      readonly trouble: Problem | null;
      /** True from a change of UUID until the token has been read again. */
      readonly stale: boolean;
    };

/** Whether the token has not been read yet, and no read has failed. */
export const isUnread = (token: TokenState): boolean => token.kind === 'none' && !token.said && token.trouble === null;

/** One document that was found in the tab, and its SDKs. */
export interface Listed {
  readonly document: string;
  /** The frame that contains it, as its carrier names it; `null` for the top frame. */
  readonly frame: string | null;
  readonly origin: string;
  /** Path and query of its URL. */
  readonly path: string;
  readonly clients: readonly ClientInfo[];
}

/** The client that a person chose to see, if there are several: found again after a reload. */
export interface Choice {
  /** Its frame at the time of choosing: the first place to look. */
  readonly frame: string | null;
  readonly origin: string;
  /** Path and query of its document's URL: a frame's name may change on reload, its URL doesn't. */
  readonly path: string;
  readonly dialect: DialectName;
  readonly place: string;
}

/** The operation in progress on a stage (`running` or `checking`); `null` for none. */
export const underWay = (stage: Stage): Exclude<Activity, { kind: 'idle' }> | null =>
  stage.phase === 'attached' && stage.activity.kind !== 'idle' ? stage.activity : null;

export type Stage =
  | { readonly phase: 'unreachable'; readonly problem: Problem }
  /** `candidate`: an SDK that was found but isn't initialized. */
  | { readonly phase: 'searching'; readonly candidate: ClientInfo | null }
  | { readonly phase: 'absent'; readonly candidate: ClientInfo | null }
  | {
      readonly phase: 'attached';
      readonly client: ClientInfo;
      readonly customer: Customer;
      readonly token: TokenState;
      readonly activity: Activity;
    };

/** The client that a stage shows, or the SDK that was found but isn't ready; `null` for none. */
export function sdkOf(stage: Stage): ClientInfo | null {
  if (stage.phase === 'attached') return stage.client;
  return stage.phase === 'unreachable' ? null : stage.candidate;
}

/** The stage if it shows a client that has a customer: a bridge has none. */
export const holderOf = (stage: Stage) => (stage.phase === 'attached' && !traitsOf(stage.client.dialect).isBridge ? stage : null);

/** The shown document, and what it reports about itself. */
export interface PageState extends Omit<Markup, 'origin'> {
  readonly document: string | null;
  /** Path and query of its URL. */
  readonly path: string;
  /** `seq` of the last report read from it. */
  readonly cursor: number;
  /** `seq` of its last report that was traced into the history: reading reports up to it again adds no entries. */
  readonly traced: number;
  /** Why it currently doesn't answer although it can be reached (an open alert, a breakpoint); `null` if it does. */
  readonly silence: Problem | null;
  /** Its SDKs, and the places where an SDK was declared but not found. */
  readonly clients: readonly ClientInfo[];
  readonly strays: readonly string[];
  /** How many frames it has. */
  readonly frames: number;
  readonly load: Extract<AgentReport, { kind: 'page' }>['load'];
  /** Built-ins that the page has replaced with something that doesn't do their job. */
  readonly missing: readonly string[];
  /** When an SDK was first seen ready (ms after the page began to load, by the page's clock); `null` if none has been. */
  readonly readyAfter: number | null;
  /** The page was observed before an SDK was ready: `readyAfter` is when that happened, not when the agent arrived. */
  readonly sawStart: boolean;
}

export const NEW_PAGE: PageState = {
  document: null,
  path: '',
  cursor: 0,
  traced: 0,
  silence: null,
  clients: [],
  strays: [],
  frames: 0,
  load: 'loading',
  idle: [],
  cookies: [],
  scripts: [],
  inits: [],
  keys: [],
  missing: [],
  readyAfter: null,
  sawStart: false,
};

/** The settings for a session's site. Durations in ms. */
export interface Policy {
  /** Warning time before a token's expiry. */
  readonly lead: number;
  /** Refresh the token within the warning time. */
  readonly autoRefresh: boolean;
  /** Show a browser notification when the token is about to expire, can't be refreshed or has expired. */
  readonly notify: boolean;
  /** How long to wait for an operation's answer. */
  readonly deadline: number;
  /** Ids of the diagnostic rules that are muted for the site. */
  readonly muted: readonly string[];
}

/** How the customer's sign-in ended. */
export interface SignedOut {
  readonly at: number;
  /** Whether the session or its token had expired. */
  readonly expired: boolean;
  /** The reason that the SDK reported; `null` if it reported none. */
  readonly reason: string | null;
}

/** The attempts to refresh the session's current token. */
export interface TokenRefresh {
  /** Fingerprint of that token. */
  readonly token: string | null;
  /** How often refreshing it failed, and when to try again; `null` if no retry is planned. */
  readonly tries: number;
  readonly nextAt: number | null;
  readonly problem: Problem | null;
  /** When the alarm had the token read; `null` if no such reading is pending. */
  readonly askedAt: number | null;
  /** The alarm had it read in its warning time: unless it is refreshed automatically, later alarms only update the badge's countdown. */
  readonly warned: boolean;
  /** It had already expired when it was first read: its expiry causes no notification. */
  readonly late: boolean;
  /** The notifications that were already shown. */
  readonly told: readonly Notice[];
}

/** What a notification may report about a token. */
export type Notice = 'near-expiry' | 'failing' | 'expired';

export const NO_TOKEN_REFRESH: TokenRefresh = {
  token: null,
  tries: 0,
  nextAt: null,
  problem: null,
  askedAt: null,
  warned: false,
  late: false,
  told: [],
};

/** The tab, whatever page it shows. Times here and below in epoch ms of the worker's clock. */
export interface TabState {
  readonly id: number;
  readonly incognito: boolean;
  readonly access: Access;
  /** Origin of the page that the tab shows. */
  readonly site: string | null;
  /** The frame whose document is shown; `null` for the top frame. */
  readonly target: { readonly document: string; readonly frame: string } | null;
  readonly chosen: Choice | null;
  /** All documents of the tab at the last survey; empty if the page has no frames. */
  readonly listing: readonly Listed[];
  /** URLs of frames that could not be inspected; an empty string if the URL is unknown. */
  readonly beyond: readonly string[];
  /** A view shows the page, or its site is watched: nothing is missed. */
  readonly observed: boolean;
  /** How the browser put the tab to sleep; `null` if it is awake. */
  readonly asleep: 'discarded' | 'frozen' | null;
  /** When the tab was closed: its session can then only be viewed. `null` while it is open. */
  readonly closedAt: number | null;
  /** How many entries have been noted in its history so far. */
  readonly noted: number;
  /** The latest noted requests; `same`: the key under which the other source (DevTools or the page) saw the request too. */
  readonly captured: readonly (Captured & { readonly same: string | null })[];
  /** When the alarm is due; `null` for none. */
  readonly alarmAt: number | null;
  /** What the toolbar button shows. */
  readonly badge: Badge;
}

/** The tab's consecutive documents of one origin. */
export interface Visit {
  /** Origin of the document whose client is shown: different from the tab's site in a cross-site frame. */
  readonly origin: string | null;
  /** The SDK's cookies in the browser's cookie store; `null` if the extension isn't allowed to read it. */
  readonly jar: readonly SeenCookie[] | null;
  /** Changes to the SDK's cookies that the browser reported, newest last; only if the extension may read its cookie store. */
  readonly cookieNews: readonly CookieNews[];
  /** How the shown document was loaded: path and query, navigation type (`by`), and when (`loaded`, by the page's clock). */
  readonly entered: { readonly document: string; readonly path: string; readonly by: string; readonly loaded: number } | null;
  /** When the latest page load that the history covers began, by the page's clock. */
  readonly boundary: number | null;
  /** The previous documents, newest last, and how far each was traced. */
  readonly past: readonly { readonly document: string; readonly traced: number }[];
  /** Since when the page has not been observed continuously; `null` if nothing was missed. */
  readonly unseenSince: number | null;
  /** Page clock minus worker clock at the last report (ms); `null` before the first. */
  readonly clockOffset: number | null;
}

/** What was observed of one customer session; a different site or client begins a new one. */
export interface SessionHistory {
  /** How many sessions the tab had before this one. */
  readonly nth: number;
  readonly since: number;
  /** Number of page loads of the same origin in this session; a reload adds one. */
  readonly documents: number;
  /** Dialect and place of its client; `null` before the first client. */
  readonly of: Pick<Choice, 'dialect' | 'place'> | null;
  /** The UUID before the last observed change. */
  readonly previousUuid: string | null;
  /** The last UUID that was read, in any document. */
  readonly lastUuid: string | null;
  /** The last reading of the customer's account; `null` until a person requests one. */
  readonly account: AccountReading | null;
  /** The latest seed that produced a UUID, and that UUID. */
  readonly seeded: { readonly seed: string; readonly uuid: string } | null;
  /** The current generations of the UUID and the token. */
  readonly spans: { readonly uuid: Span | null; readonly token: Span | null };
  /** The last reading, which the next one is compared with; `null` before the first. */
  readonly seen: Seen | null;
  /** The page's latest calls that may change the session, oldest first. */
  readonly calls: readonly RecentCall[];
  readonly signedOut: SignedOut | null;
}

/** What the background knows about one tab's customer over time. Each part has its own lifetime. */
export interface Session {
  /** Lifetime: the tab. */
  readonly tab: TabState;
  /** Lifetime: the site's settings. */
  readonly policy: Policy;
  /** Lifetime: the tab's stay on one origin. */
  readonly visit: Visit;
  /** Lifetime: the document. */
  readonly page: PageState;
  /** The client that the document shows, and what it reported. Lifetime: that client. */
  readonly stage: Stage;
  /** Lifetime: the customer session. */
  readonly history: SessionHistory;
  /** Lifetime: the token. */
  readonly tokenRefresh: TokenRefresh;
  /** Lifetime: the tab, so that no command runs twice. */
  readonly runs: Runs;
}

/** A change to one of the SDK's cookies, as the browser reports it. */
export interface CookieNews {
  readonly at: number;
  readonly name: string;
  readonly removed: boolean;
  /** The UUID that the cookie contains; `null` if it contains none. */
  readonly uuid: string | null;
  /** The browser's own term: `explicit`, `overwrite`, `expired`, `evicted`, `expired_overwrite`. */
  readonly cause: string;
}

/** The toolbar badge: time left near expiry, a mark when refreshing fails and when expired, nothing otherwise. */
export type Badge = { readonly kind: 'none' | 'failing' | 'expired' } | { readonly kind: 'near-expiry'; readonly expiresAt: number };

/** Warning time before a token's expiry, unless the site has its own setting (ms). */
export const DEFAULT_LEAD = 60_000;
/** How long to wait for an operation's answer (ms). */
export const DEFAULT_DEADLINE = 10_000;

export const DEFAULT_POLICY: Policy = { lead: DEFAULT_LEAD, autoRefresh: false, notify: false, deadline: DEFAULT_DEADLINE, muted: [] };

/** The parts of a session that are changed field by field; a stage is replaced as a whole. */
export type Part = Exclude<keyof Session, 'stage'>;

/** Copy of `session` with some fields of one part changed. */
export const withPart = <P extends Part>(session: Session, part: P, change: Partial<Session[P]>): Session => ({
  ...session,
  [part]: { ...session[part], ...change },
});

const shownClient = ({ stage }: Session): number | null => (stage.phase === 'attached' ? stage.client.ref : null);

/** Whether two states of a session are of the same client in the same document of the same site. */
export const isSameClient = (one: Session, other: Session): boolean =>
  one.visit.origin === other.visit.origin && one.page.document === other.page.document && shownClient(one) === shownClient(other);

/** A session about which nothing is known yet. */
export function newSession(tab: number, incognito: boolean, at: number): Session {
  return {
    tab: {
      id: tab,
      incognito,
      access: 'none',
      site: null,
      target: null,
      chosen: null,
      listing: [],
      beyond: [],
      observed: false,
      asleep: null,
      closedAt: null,
      noted: 0,
      captured: [],
      alarmAt: null,
      badge: { kind: 'none' },
    },
    policy: DEFAULT_POLICY,
    visit: NEW_VISIT,
    page: NEW_PAGE,
    stage: { phase: 'searching', candidate: null },
    history: newHistory(0, at),
    tokenRefresh: NO_TOKEN_REFRESH,
    runs: { carried: null, ended: [] },
  };
}

export const NEW_VISIT: Visit = {
  origin: null,
  jar: null,
  cookieNews: [],
  entered: null,
  boundary: null,
  past: [],
  unseenSince: null,
  clockOffset: null,
};

export const newHistory = (nth: number, at: number): SessionHistory => ({
  nth,
  since: at,
  documents: 0,
  of: null,
  previousUuid: null,
  lastUuid: null,
  account: null,
  seeded: null,
  spans: { uuid: null, token: null },
  seen: null,
  calls: [],
  signedOut: null,
});
