import type { TokenFacts } from '../jwt/token';
import type { Captured } from '../network/request';
import type { Markup } from '../page/markup';
import type { ClientInfo, Report, Settlement, WireError } from '../page/wire';
import type { DialectName } from '../sdk/dialects/names';
import type { ArgumentValues, Expectation } from '../sdk/operation';
import type { OperationName } from '../sdk/operations';
import type { Plain } from '../sdk/plain-data';
import { fingerprint } from '../text/fingerprint';
import type { SeenCookie } from '../web/cookies';
import type { RecentCall, Seen, Span } from './history/history';
import type { Problem } from './problem';
import type { Access, Identity, RunBy, Verdict } from './terms';

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

/** What two moments are compared by. Holds no token: `fingerprint` only tells two apart. */
export interface Moment {
  readonly uuid: string | null;
  readonly identity: Identity;
  readonly token: {
    readonly fingerprint: string;
    readonly origin: string | null;
    readonly expiresAt: number | null;
    /** Whom it is for, where the SDK tells. */
    readonly clientId: string | null;
  } | null;
}

/** An operation that a view asks for. */
export interface RunRequest {
  /** Made in the view: whatever dies, a command with one id runs once. */
  readonly id: string;
  readonly operation: OperationName;
  /** By canonical argument name. */
  readonly args: ArgumentValues;
  /** Run although the session rules it out. */
  readonly anyway: boolean;
  /** How long the SDK's answer may take (ms). */
  readonly deadline: number;
  /** The document and client that a view showed when it was asked for: it runs on no other. */
  readonly of?: { readonly document: string; readonly client: number };
}

/** One operation that was taken. */
export interface Run {
  /** The command's id, made in the view. */
  readonly id: string;
  readonly operation: OperationName;
  readonly expects: Expectation;
  /** When it was asked for, and how long its answer may take (ms). */
  readonly at: number;
  readonly deadline: number;
  readonly before: Moment;
  /** The seed of a seeded operation, and whether the current UUID came from it already. */
  readonly seed: string | null;
  readonly sameSeed: boolean;
  /** The UUID, or the fingerprint of the token, that the customer is to have afterwards, where the arguments say it. */
  readonly aim: string | null;
  /** The operation reloads the page: it settles on the next document. */
  readonly reloads: boolean;
  /** Fields of the account that it sends as `null`, by name (`attributes.name` of an attribute). */
  readonly resets: readonly string[];
  /** It has no arguments: where its page is gone before it had it, it may run on the next. */
  readonly bare: boolean;
  readonly by: RunBy;
}

/** An operation on its way from one document to the next: it reloads the page, or waits for the one that is loading. */
export interface Carried {
  readonly run: Run;
  /** The answer that came before the page went; `null` where none did. */
  readonly answer: Answer | null;
  /** The page surely never had it: it runs on the next document. */
  readonly waits?: true;
}

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

export type Activity =
  | { readonly kind: 'idle' }
  /** Sent to the page; `started` once the agent said so. */
  | { readonly kind: 'running'; readonly run: Run; readonly started: boolean }
  /** Answered; the session is read again until the verdict is clear. */
  | {
      readonly kind: 'checking';
      readonly run: Run;
      readonly answer: Answer;
      readonly settledAt: number;
      /** How many further readings were asked for, and when the next is due. */
      readonly readings: number;
      readonly nextAt: number;
      /** Whether the token was read since the answer. */
      readonly tokenRead: boolean;
      /** It came over from the document that it reloaded. */
      readonly reloaded: boolean;
      /** Answers after the first, so far. */
      readonly late: readonly Settlement[];
    };

/** The SDK's answer to an operation. */
export interface Answer {
  readonly how: Settlement;
  readonly value: Plain;
  readonly error: WireError | null;
  readonly ms: number;
}

/** Why a verdict is what it is, where the verdict alone does not say; the words for each are the views'. */
export type OutcomeNote =
  | 'same-uuid'
  | 'signed-in'
  | 'no-callback'
  | 'page-silent'
  | 'document-gone'
  | 'never-started'
  | 'was-signed-out'
  | 'said-no'
  | 'not-reloaded'
  | 'no-method';

/** What `getAccount` answered, at `at`, and whose account it is. */
export interface AccountReading {
  readonly at: number;
  readonly uuid: string | null;
  readonly identity: Identity;
  /** Of the token then; `null` where it tells none. */
  readonly clientId: string | null;
  readonly value: { readonly [field: string]: Plain };
}

/** The account before and after an operation that may have changed it. `wanted` and `reading`: it is read again; `unread`: that failed. */
export interface AccountChange {
  readonly before: AccountReading;
  readonly after: AccountReading | null;
  readonly state: 'wanted' | 'reading' | 'read' | 'unread';
  /** What was to be reset. */
  readonly resets: readonly string[];
}

/** How an operation ended. */
export interface Outcome {
  /** `null` where the account was not known before, or could not have changed. */
  readonly account: AccountChange | null;
  readonly id: string;
  readonly operation: OperationName;
  readonly expects: Expectation;
  readonly verdict: Verdict;
  /** When it was asked for, and when it ended. */
  readonly at: number;
  readonly endedAt: number;
  readonly answer: Answer | null;
  readonly before: Moment;
  readonly after: Moment;
  readonly note: OutcomeNote | null;
  /** Answers after the first: noted, not obeyed. */
  readonly late: readonly Settlement[];
}

export type Stage =
  | { readonly phase: 'unreachable'; readonly problem: Problem }
  /** `candidate`: an SDK that stands there and is not initialised. */
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

/** What the shown document tells of itself, beside its SDKs. */
export interface PageState extends Omit<Markup, 'origin'> {
  readonly load: Extract<Report, { kind: 'page' }>['load'];
  /** Built-ins that the page has replaced by something that does not do their work. */
  readonly missing: readonly string[];
  /** When an SDK was first seen to be ready (ms after the page began to load, by the page's clock); `null` while none was. */
  readonly readyAfter: number | null;
  /** It was looked at before an SDK was ready: `readyAfter` is when that happened, and not when we came. */
  readonly sawStart: boolean;
}

export const NEW_PAGE: PageState = {
  load: 'loading',
  idle: [],
  left: [],
  scripts: [],
  inits: [],
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
export interface Upkeep {
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

export const NO_UPKEEP: Upkeep = {
  token: null,
  tries: 0,
  nextAt: null,
  problem: null,
  askedAt: null,
  warned: false,
  late: false,
  told: [],
};

/** What the background knows of one tab's customer over time. Instants in epoch ms of the worker's clock. */
export interface Session extends Policy {
  readonly tab: number;
  readonly incognito: boolean;
  readonly access: Access;
  /** Origin of the page that the tab shows. */
  readonly site: string | null;
  /** Origin of the document whose client is shown: another than `site` in a frame of another site. */
  readonly origin: string | null;
  readonly document: string | null;
  /** Path and query of the shown document's address. */
  readonly path: string;
  /** Page loads of the same origin that the session went through; a reload adds one. */
  readonly documents: number;
  /** `seq` of the last report taken from `document`. */
  readonly cursor: number;
  readonly since: number;
  /** How many sessions the tab had before this one. */
  readonly nth: number;
  /** Page clock minus worker clock at the last report (ms); `null` before the first. */
  readonly clockOffset: number | null;
  /** Why the page does not answer just now, though it is reached (an open alert, a breakpoint). */
  readonly silence: Problem | null;
  readonly stage: Stage;
  /** Dialect and place of the client that the session is of: another one is another session. */
  readonly of: Pick<Choice, 'dialect' | 'place'> | null;
  /** SDKs in the shown document, and the places at which one was promised and none stands. */
  readonly clients: readonly ClientInfo[];
  readonly strays: readonly string[];
  readonly page: PageState;
  /** How many frames the shown document has. */
  readonly frames: number;
  /** The frame whose document is shown; `null` for the top frame. */
  readonly target: { readonly document: string; readonly frame: string } | null;
  readonly chosen: Choice | null;
  /** All documents of the tab at the last survey; empty where the page has no frames. */
  readonly listing: readonly Listed[];
  /** Addresses of frames that could not be looked into; empty for one whose address is not known. */
  readonly beyond: readonly string[];
  /** The SDK's cookies as the browser has them; `null` where it may not be asked. */
  readonly jar: readonly SeenCookie[] | null;
  /** The UUID before the last change that was seen. */
  readonly previousUuid: string | null;
  /** The last UUID that was read, whatever document it was read in. */
  readonly lastUuid: string | null;
  /** The customer's account as it was read last; `null` until a person has it read. */
  readonly account: AccountReading | null;
  readonly carried: Carried | null;
  readonly last: Outcome | null;
  /** Commands that ended, newest last: none of them runs again, whatever document or site comes. */
  readonly ended: readonly string[];
  /** `seq` of the last late answer that was counted: reading a mailbox again counts none twice. */
  readonly lateSeq: number;
  /** The latest seed that gave a UUID, and that UUID. */
  readonly seeded: { readonly seed: string; readonly uuid: string } | null;
  /** Operations that ended since the history was last written. */
  readonly justEnded: readonly {
    /** The session of the tab that it was run in. */
    readonly nth: number;
    /** The command's id. */
    readonly key: string;
    readonly operation: OperationName;
    readonly by: RunBy;
    readonly at: number;
    readonly endedAt: number;
    readonly verdict: Verdict;
  }[];
  /** The operation that ended last, whoever asked for it. */
  readonly lastRun: {
    readonly id: string;
    readonly at: number;
    readonly operation: OperationName;
    readonly by: RunBy;
    readonly expects: Expectation;
    readonly endedAt: number;
    readonly verdict: Verdict;
    /** The SDK gave an answer. */
    readonly answered: boolean;
  } | null;
  /** How many entries its tab's history has had. */
  readonly noted: number;
  /** The UUID, and the token, that it has now, and since when. */
  readonly spans: { readonly uuid: Span | null; readonly token: Span | null };
  /** What a change is compared with; `null` before the first reading. */
  readonly seen: Seen | null;
  /** How the shown document was come by: path and query that it was loaded by, and the browser's word for how. */
  readonly entered: { readonly document: string; readonly path: string; readonly by: string; readonly loaded: number } | null;
  /** When the page load that the history tells last began, by the page's clock. */
  readonly boundary: number | null;
  /** `seq` of the last report of the shown document that was traced: one that is read once more changes nothing. */
  readonly traced: number;
  /** Documents that the session went through, latest last, and how far each was traced. */
  readonly past: readonly { readonly document: string; readonly traced: number }[];
  /** The page's latest calls that may change the session, oldest first. */
  readonly calls: readonly RecentCall[];
  /** The latest requests that were noted; `same`: key by which the other of DevTools and page has seen it too. */
  readonly captured: readonly (Captured & { readonly same: string | null })[];
  /** The SDK's cookies that the browser said were removed or set, latest last; only where it may be asked. */
  readonly cookieNews: readonly CookieNews[];
  /** Whether the page is observed without a break, and since when it was not; `null` while nothing was missed. */
  readonly observed: boolean;
  readonly unseenSince: number | null;
  readonly signedOut: SignedOut | null;
  readonly upkeep: Upkeep;
  /** Why the tab does nothing just now: the browser put it to sleep. */
  readonly asleep: 'discarded' | 'frozen' | null;
  /** When the tab was closed: what is left is for reading. */
  readonly closedAt: number | null;
  /** When the alarm is due; `null` for none. */
  readonly alarmAt: number | null;
  /** What the toolbar button shows. */
  readonly badge: Badge;
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

/** A session of which nothing is known yet. */
export function newSession(tab: number, incognito: boolean, at: number): Session {
  return {
    tab,
    incognito,
    access: 'none',
    site: null,
    origin: null,
    document: null,
    path: '',
    documents: 0,
    cursor: 0,
    since: at,
    nth: 0,
    ...DEFAULT_POLICY,
    clockOffset: null,
    silence: null,
    stage: { phase: 'searching', candidate: null },
    of: null,
    clients: [],
    strays: [],
    page: NEW_PAGE,
    frames: 0,
    target: null,
    chosen: null,
    listing: [],
    beyond: [],
    jar: null,
    previousUuid: null,
    lastUuid: null,
    account: null,
    carried: null,
    last: null,
    ended: [],
    lateSeq: 0,
    seeded: null,
    justEnded: [],
    lastRun: null,
    noted: 0,
    spans: { uuid: null, token: null },
    seen: null,
    entered: null,
    boundary: null,
    traced: 0,
    past: [],
    calls: [],
    captured: [],
    cookieNews: [],
    observed: false,
    unseenSince: null,
    signedOut: null,
    upkeep: NO_UPKEEP,
    asleep: null,
    closedAt: null,
    alarmAt: null,
    badge: { kind: 'none' },
  };
}

const SIGNED_IN_ORIGINS = new Set(['SYNERISE', 'OAUTH', 'FACEBOOK', 'GOOGLE', 'APPLE']);

/**
 * Who the customer is, and what says so: the SDK where it can be asked, else the token's origin and realm, else
 * `unknown`; never a guess.
 */
export function identityOf(customer: Customer, token: TokenState): { readonly identity: Identity; readonly evidence: string } {
  const facts = token.kind === 'known' && !token.stale ? token.facts : null;
  if ('identityHash' in customer.facts) return identityOnTheWeb(customer.facts, token);
  if (customer.signedIn) return { identity: 'signed-in', evidence: 'isSignedIn() is true' };
  if (customer.simpleAuth) return { identity: 'simple-auth', evidence: 'isSignedInViaSimpleAuthentication() is true' };
  // React Native's TokenOrigin has no INCOGNITO (facts §8).
  if (customer.facts['doNotTrack'] === true) return { identity: 'incognito', evidence: 'doNotTrack is true' };
  if (facts?.origin === 'INCOGNITO') return { identity: 'incognito', evidence: "the token's origin is INCOGNITO" };
  if (customer.signedIn === false && customer.simpleAuth !== null) return { identity: 'anonymous', evidence: 'isSignedIn() is false' };
  if (facts?.origin === 'SIMPLE_AUTH') return { identity: 'simple-auth', evidence: "the token's origin is SIMPLE_AUTH" };
  if (facts?.origin === 'ANONYMOUS') return { identity: 'anonymous', evidence: "the token's origin is ANONYMOUS" };
  if (customer.signedIn === false) return { identity: 'anonymous', evidence: 'isSignedIn() is false' };
  if (facts?.origin && SIGNED_IN_ORIGINS.has(facts.origin))
    return { identity: 'signed-in', evidence: `the token's origin is ${facts.origin}` };
  if (facts?.realm === 'client') return { identity: 'signed-in', evidence: "the token's realm is client" };
  if (facts?.realm === 'anonymous_client') return { identity: 'anonymous', evidence: "the token's realm is anonymous_client" };
  return { identity: 'unknown', evidence: 'neither the SDK nor the token says' };
}

/** The Web SDK knows no sign-in. The site's token tells of one; an identity hash only of who was recognised (facts §3.2, §3.4). */
function identityOnTheWeb(
  { identityHash: hash, doNotTrack }: Customer['facts'],
  token: TokenState,
): { readonly identity: Identity; readonly evidence: string } {
  if (token.kind === 'known') return { identity: 'signed-in', evidence: 'the site gave the SDK a token of its own' };
  if (doNotTrack === 'likely') return { identity: 'incognito', evidence: 'likely Do Not Track' };
  if (!token.said && token.trouble === null) return { identity: 'unknown', evidence: 'the token is not read yet' };
  if (typeof hash !== 'string') return { identity: 'unknown', evidence: 'the SDK gives no identity hash, and no token is set' };
  if (hash !== '') return { identity: 'unknown', evidence: `recognised by the identity hash ${hash}; no token is set` };
  return { identity: 'anonymous', evidence: 'the identity hash is empty, and no token is set' };
}

/** The moment that `stage` stands at, for comparing. */
export function momentOf({ customer, token }: Pick<Extract<Stage, { phase: 'attached' }>, 'customer' | 'token'>): Moment {
  const facts = token.kind === 'known' ? token.facts : null;
  return {
    uuid: customer.uuid,
    identity: identityOf(customer, token).identity,
    token: facts && { fingerprint: fingerprint(facts.raw), origin: facts.origin, expiresAt: facts.expiresAt, clientId: facts.clientId },
  };
}

/** The moment that a session stands at; `null` where no client is shown. */
export const momentNow = ({ stage }: Pick<Session, 'stage'>): Moment | null => (stage.phase === 'attached' ? momentOf(stage) : null);
