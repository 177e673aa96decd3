/** What is known of a tab's customer session, in parts that live equally long. */
import type { TokenFacts } from '../jwt/token';
import type { Captured } from '../network/request';
import type { Markup } from '../page/markup';
import type { AgentReport, ClientInfo } from '../page/wire';
import type { DialectName } from '../sdk/dialects/names';
import type { Plain } from '../sdk/plain-data';
import type { SeenCookie } from '../web/cookies';
import type { RecentCall, Seen, Span } from './history/history';
import type { Problem } from './problem';
import type { AccountReading, Activity, Runs } from './run';
import type { Access } from './terms';

/** The customer as the SDK's getters tell it. `null` flags: the SDK did not say. */
export interface Customer {
  readonly uuid: string | null;
  /** Why the UUID could not be read. */
  readonly trouble: string | null;
  readonly signedIn: boolean | null;
  readonly simpleAuth: boolean | null;
  /** More that the dialect samples, by its name. */
  readonly facts: Readonly<Record<string, Plain>>;
  /** `name=value` of the SDK's cookies that script can read, in the browser's order. */
  readonly cookies: readonly string[];
  /** The same of Web Storage, each name after `local:` or `session:`. */
  readonly stored: readonly string[];
}

/** The token, or why there is none. A read that fails never erases a known token: `trouble` stands beside it. */
export type TokenState =
  | {
      readonly kind: 'none';
      readonly trouble: Problem | null;
      /** The SDK says that there is none; else it was not read yet, or could not be. */
      readonly said: boolean;
    }
  | {
      readonly kind: 'known';
      readonly facts: TokenFacts;
      readonly trouble: Problem | null;
      /** True from a change of UUID until the token has been read again. */
      readonly stale: boolean;
    };

/** One document that was found in the tab, and the SDKs in it. */
export interface Listed {
  readonly document: string;
  /** The frame that it stands in, as its carrier names it; `null` for the top frame. */
  readonly frame: string | null;
  readonly origin: string;
  /** Path and query of its address. */
  readonly path: string;
  readonly clients: readonly ClientInfo[];
}

/** What a person chose to see, where there are several: found again after a reload. */
export interface Choice {
  /** Where it stood when it was chosen: the first place to look. */
  readonly frame: string | null;
  readonly origin: string;
  /** Of its document: a frame's name may change when the page is loaded again, its address does not. */
  readonly path: string;
  readonly dialect: DialectName;
  readonly place: string;
}

/** The operation that is under way on a stage; `null` for none. */
export const underWay = (stage: Stage): Exclude<Activity, { kind: 'idle' }> | null =>
  stage.phase === 'attached' && stage.activity.kind !== 'idle' ? stage.activity : null;

export type Stage =
  | { readonly phase: 'unreachable'; readonly problem: Problem }
  /** `candidate`: an SDK that stands there and is not initialized. */
  | { readonly phase: 'searching'; readonly candidate: ClientInfo | null }
  | { readonly phase: 'absent'; readonly candidate: ClientInfo | null }
  | {
      readonly phase: 'attached';
      readonly client: ClientInfo;
      readonly customer: Customer;
      readonly token: TokenState;
      readonly activity: Activity;
    };

/** The client that a stage shows, or the SDK that is there and not ready; `null` for none. */
export function sdkOf(stage: Stage): ClientInfo | null {
  if (stage.phase === 'attached') return stage.client;
  return stage.phase === 'unreachable' ? null : stage.candidate;
}

/** The shown document, and what it tells of itself. */
export interface PageState extends Omit<Markup, 'origin'> {
  readonly document: string | null;
  /** Path and query of its address. */
  readonly path: string;
  /** `seq` of the last report taken from it. */
  readonly cursor: number;
  /** `seq` of the last report of it that was traced: one that is read once more changes nothing. */
  readonly traced: number;
  /** Why it does not answer just now, though it is reached (an open alert, a breakpoint). */
  readonly silence: Problem | null;
  /** Its SDKs, and the places at which one was promised and none stands. */
  readonly clients: readonly ClientInfo[];
  readonly strays: readonly string[];
  /** How many frames it has. */
  readonly frames: number;
  readonly load: Extract<AgentReport, { kind: 'page' }>['load'];
  /** Built-ins that the page has replaced by something that does not do their work. */
  readonly missing: readonly string[];
  /** When an SDK was first seen to be ready (ms after the page began to load, by the page's clock); `null` while none was. */
  readonly readyAfter: number | null;
  /** It was looked at before an SDK was ready: `readyAfter` is when that happened, and not when we came. */
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
  left: [],
  scripts: [],
  inits: [],
  keys: [],
  missing: [],
  readyAfter: null,
  sawStart: false,
};

/** What the settings say for the site of a session. Durations in ms. */
export interface Policy {
  /** Warning time before a token's expiry. */
  readonly lead: number;
  /** Refresh the token within the warning time. */
  readonly autoRefresh: boolean;
  /** Tell by a notification of the browser when the token ends. */
  readonly notify: boolean;
  /** How long an operation's answer is waited for. */
  readonly deadline: number;
  /** Ids of the diagnostic rules that nobody wants to hear of there. */
  readonly muted: readonly string[];
}

/** How the customer's sign-in ended. */
export interface SignedOut {
  readonly at: number;
  /** Its token had run out. */
  readonly expired: boolean;
  /** What the SDK gave as reason; `null` where it gave none. */
  readonly reason: string | null;
}

/** What was tried for the token that the session has. */
export interface TokenRefresh {
  /** Fingerprint of that token. */
  readonly token: string | null;
  /** How often refreshing it failed, and when it is tried again; `null` for not before its end. */
  readonly tries: number;
  readonly nextAt: number | null;
  readonly problem: Problem | null;
  /** When the token was asked for because the alarm fired; `null` while no answer is waited for. */
  readonly askedAt: number | null;
  /** It was read in its warning time: what follows until its end is the badge's counting. */
  readonly warned: boolean;
  /** It was there already ended, or unknown to have ended: nobody is told of its end. */
  readonly late: boolean;
  /** Of what the person was told. */
  readonly told: readonly Notice[];
}

/** What a notification may tell of a token. */
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

/** The tab, whatever page it shows. Instants in epoch ms of the worker's clock, here and below. */
export interface TabState {
  readonly id: number;
  readonly incognito: boolean;
  readonly access: Access;
  /** Origin of the page that the tab shows. */
  readonly site: string | null;
  /** The frame whose document is shown; `null` for the top frame. */
  readonly target: { readonly document: string; readonly frame: string } | null;
  readonly chosen: Choice | null;
  /** All documents of the tab at the last survey; empty where the page has no frames. */
  readonly listing: readonly Listed[];
  /** Addresses of frames that could not be looked into; empty for one whose address is not known. */
  readonly beyond: readonly string[];
  /** A view shows the page, or its site is watched: nothing is missed. */
  readonly observed: boolean;
  /** Why the tab does nothing just now: the browser put it to sleep. */
  readonly asleep: 'discarded' | 'frozen' | null;
  /** When the tab was closed: what is left is for reading. */
  readonly closedAt: number | null;
  /** How many entries its history has had. */
  readonly noted: number;
  /** The latest requests that were noted; `same`: key by which the other of DevTools and page has seen it too. */
  readonly captured: readonly (Captured & { readonly same: string | null })[];
  /** When the alarm is due; `null` for none. */
  readonly alarmAt: number | null;
  /** What the toolbar button shows. */
  readonly badge: Badge;
}

/** The documents of one origin, one after another. */
export interface Visit {
  /** Origin of the document whose client is shown: another than the tab's site in a frame of another site. */
  readonly origin: string | null;
  /** The SDK's cookies as the browser has them; `null` where it may not be asked. */
  readonly jar: readonly SeenCookie[] | null;
  /** The SDK's cookies that the browser said were removed or set, latest last; only where it may be asked. */
  readonly cookieNews: readonly CookieNews[];
  /** How the shown document was come by: path and query that it was loaded by, and the browser's word for how. */
  readonly entered: { readonly document: string; readonly path: string; readonly by: string; readonly loaded: number } | null;
  /** When the page load that the history tells last began, by the page's clock. */
  readonly boundary: number | null;
  /** Documents gone through, latest last, and how far each was traced. */
  readonly past: readonly { readonly document: string; readonly traced: number }[];
  /** Since when nobody observed the page without a break; `null` while nothing was missed. */
  readonly unseenSince: number | null;
  /** Page clock minus worker clock at the last report (ms); `null` before the first. */
  readonly clockOffset: number | null;
}

/** What was seen of one customer session: another site, or another client, begins another. */
export interface SessionHistory {
  /** How many sessions the tab had before this one. */
  readonly nth: number;
  readonly since: number;
  /** Page loads of the same origin that it went through; a reload adds one. */
  readonly documents: number;
  /** Dialect and place of the client that it is of. */
  readonly of: Pick<Choice, 'dialect' | 'place'> | null;
  /** The UUID before the last change that was seen. */
  readonly previousUuid: string | null;
  /** The last UUID that was read, whatever document it was read in. */
  readonly lastUuid: string | null;
  /** The customer's account as it was read last; `null` until a person has it read. */
  readonly account: AccountReading | null;
  /** The latest seed that gave a UUID, and that UUID. */
  readonly seeded: { readonly seed: string; readonly uuid: string } | null;
  /** The UUID, and the token, that it has now, and since when. */
  readonly spans: { readonly uuid: Span | null; readonly token: Span | null };
  /** What a change is compared with; `null` before the first reading. */
  readonly seen: Seen | null;
  /** The page's latest calls that may change the session, oldest first. */
  readonly calls: readonly RecentCall[];
  readonly signedOut: SignedOut | null;
}

/** What the background knows of one tab's customer over time: each part lives as long as what it is of. */
export interface Session {
  /** As long as the tab. */
  readonly tab: TabState;
  /** As the settings say for the site. */
  readonly policy: Policy;
  /** As long as the tab stays on one origin. */
  readonly visit: Visit;
  /** As long as the document. */
  readonly page: PageState;
  /** Which client the document shows, and what it told. */
  readonly stage: Stage;
  /** As long as the customer session. */
  readonly history: SessionHistory;
  /** As long as the token. */
  readonly tokenRefresh: TokenRefresh;
  /** As long as the tab: no command runs twice. */
  readonly runs: Runs;
}

/** A change of one of the SDK's cookies, as the browser tells it. */
export interface CookieNews {
  readonly at: number;
  readonly name: string;
  readonly removed: boolean;
  /** The UUID that it holds; `null` of cookies that hold none. */
  readonly uuid: string | null;
  /** The browser's own word: `explicit`, `overwrite`, `expired`, `evicted`, `expired_overwrite`. */
  readonly cause: string;
}

/** The toolbar badge: time left near expiry, a mark when refreshing fails and when expired, nothing otherwise. */
export type Badge = { readonly kind: 'none' | 'failing' | 'expired' } | { readonly kind: 'near-expiry'; readonly expiresAt: number };

/** Warning time before a token's expiry, unless a site has its own (ms). */
export const DEFAULT_LEAD = 60_000;
/** How long an operation's answer is waited for (ms). */
export const DEFAULT_DEADLINE = 10_000;

export const DEFAULT_POLICY: Policy = { lead: DEFAULT_LEAD, autoRefresh: false, notify: false, deadline: DEFAULT_DEADLINE, muted: [] };

/** The parts of a session that are changed piece by piece; a stage is replaced as a whole. */
export type Part = Exclude<keyof Session, 'stage'>;

/** `session` with some of one part changed. */
export const withPart = <P extends Part>(session: Session, part: P, change: Partial<Session[P]>): Session => ({
  ...session,
  [part]: { ...session[part], ...change },
});

/** A session of which nothing is known yet. */
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
