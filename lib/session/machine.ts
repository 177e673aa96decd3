/** The session machine: computes the next session and the effects of each event. */

import { tokenFacts } from '../jwt/token';
import { maskSecrets } from '../network/secrets';
import type { Markup } from '../page/markup';
import type { AgentReply, AgentReport } from '../page/wire';
import { withoutTokens } from '../redaction/jwts';
import { isSame } from '../text/same';
import { withoutAccount, withoutStrangersAccount } from './account';
import { noteRequests } from './captured';
import { anew, attach, choose, isReady, leave, listed, navigated, page } from './client-choice';
import { type Effect, only, type SessionEvent, type Transition } from './events';
import type { Peer } from './history/causes';
import { withGenerations } from './history/generations';
import { numbered } from './history/numbering';
import { called, calledBack, looked } from './observed-calls';
import type { Problem } from './problem';
import {
  afterTry,
  alarmFor,
  badgeOf,
  decide,
  followToken,
  isCounting,
  noticeOf,
  refreshes,
  sameBadge,
  stoodAside,
  UNANSWERED,
} from './refresh-policy';
import type { Activity } from './run';
import { afterClockSetBack, answered, begun, check, followUp, late, run, runWake, tickRun, unsent } from './running';
import { type Customer, NEW_PAGE, type Policy, type Session, type TokenState, withPart } from './session';
import { seemsUntracked } from './untracked';

export type { Effect, SessionEvent, Transition } from './events';

const NOTHING: Effect[] = [];
/** An alarm due sooner than this (ms) also gets a timer: the browser's alarms can't fire that soon. */
const ALARM_FLOOR = 30_000;
const CLOSED: Problem = { kind: 'gone', message: 'The tab was closed.' };
/** How many previous documents are remembered. */
const PAST_KEPT = 10;
const COOKIE_NEWS_KEPT = 20;
/** Reports are dated back by at most this much (ms), however long ago the page was last asked. */
const LONGEST_AGO = 86_400_000;

/** The session after `event`, and the resulting effects. Pure: reads no clock and stores nothing. */
export function transition(session: Session, event: SessionEvent): Transition {
  const { at, peers = [] } = event;
  const stepped = step(afterClockSetBack(session, at), event);
  // For a reply, `reply` has already noted the generations report by report.
  const followed = followUp(check(stepped.session, at), at);
  const settled = withGenerations(event.type === 'reply' ? stepped.session : session, followed.session, peers, at);
  const kept = withoutStrangersAccount(followToken(settled.session, at));
  const alarmAt = alarmFor(kept, at);
  const notice = noticeOf(kept, at);
  // An alarm first has the token read: the badge is updated once that reading succeeds or fails.
  const badge = kept.tokenRefresh.askedAt === null ? badgeOf(kept, at) : session.tab.badge;
  const next =
    kept.tab.alarmAt === alarmAt && sameBadge(kept.tab.badge, badge) && notice === null
      ? kept
      : {
          ...withPart(kept, 'tab', { alarmAt, badge }),
          ...(notice && { tokenRefresh: { ...kept.tokenRefresh, told: [...kept.tokenRefresh.told, notice] } }),
        };
  const effects = [...stepped.effects, ...followed.effects, ...settled.effects];
  // An alarm that fired is gone from the browser, even if the clock was set back and it is due at the same time again.
  const isNew = next.tab.alarmAt !== session.tab.alarmAt;
  if (isNew || (event.type === 'alarm' && next.tab.alarmAt !== null)) effects.push({ type: 'alarm', at: next.tab.alarmAt });
  // With each new alarm too: the browser removes a tab's badge on navigation.
  const counts = event.type === 'alarm' && badge.kind === 'near-expiry' && kept.tokenRefresh.askedAt === null;
  if (!sameBadge(session.tab.badge, badge) || (isNew && event.type !== 'alarm') || counts) effects.push({ type: 'badge', badge });
  if (notice) effects.push({ type: 'notify', notice });
  const wake = wakeFor(next, at);
  // A restarted worker has no timers.
  if (wake !== null && (event.type === 'tick' || wake !== wakeFor(session, at))) effects.push({ type: 'wake', at: wake });
  return { session: next, effects };
}

/** When a timer should fire the next `tick` (epoch ms); `null` for none. */
function wakeFor(session: Session, at: number): number | null {
  const { alarmAt } = session.tab;
  const soon = alarmAt !== null && alarmAt - at < ALARM_FLOOR ? alarmAt : null;
  const due = runWake(session);
  return soon === null || due === null ? (soon ?? due) : Math.min(soon, due);
}

function step(session: Session, event: SessionEvent): Transition {
  const { at } = event;
  switch (event.type) {
    case 'access':
      return only(session.tab.access === event.access ? session : withPart(session, 'tab', { access: event.access }));
    case 'reply':
      return isStale(session, event) ? only(session) : reply(session, event.reply, event.peers ?? [], at);
    case 'markup':
      return only(event.document === session.page.document ? withMarkup(session, event.markup) : session);
    case 'navigated':
      return only(navigated(session, event.origin, at));
    case 'lost':
      return only(lost(session, event.problem, at));
    case 'closed':
      return only(withPart(lost(withoutAccount(session), CLOSED, at), 'tab', { access: 'none', closedAt: at }));
    case 'jar':
      // Cookies of a site that the tab has left in the meantime are ignored.
      return only(event.origin === session.visit.origin ? withPart(session, 'visit', { jar: event.cookies }) : session);
    case 'cookie':
      return only(
        withPart(session, 'visit', { cookieNews: [...session.visit.cookieNews, { at, ...event.news }].slice(-COOKIE_NEWS_KEPT) }),
      );
    case 'listed':
      return listed(session, event);
    case 'choose':
      return choose(session, event);
    case 'policy':
      return only(withPolicy(session, event.policy));
    case 'observed':
      return only(session.tab.observed === event.observed ? session : observed(session, event.observed, at));
    case 'asleep':
      return only(withPart(unanswered(session, null, at), 'tab', { asleep: event.why }));
    case 'silent':
      return only(withPart(unanswered(session, event.problem, at), 'page', { silence: event.problem }));
    case 'run':
      return run(session, event);
    case 'unsent':
      return unsent(session, event);
    case 'requests':
      return noteRequests(
        event.site === undefined ? session : withPart(session, 'tab', { site: event.site }),
        event.requests,
        event.records,
      );
    case 'edit-storage':
      return {
        session,
        effects: [{ type: 'send', command: { kind: 'edit', id: event.id, origin: event.origin, changes: event.changes } }],
      };
    case 'read':
      return { session, effects: session.page.document === null ? NOTHING : [{ type: 'send', command: { kind: 'read' } }] };
    case 'alarm':
      return ask(session, at);
    case 'unanswered':
      return only(unanswered(session, NO_ANSWER, at));
    case 'tick':
      return tick(session, at);
  }
}

function withMarkup(session: Session, markup: Omit<Markup, 'origin'>): Session {
  const page = { ...session.page, ...markup };
  return isSame(page, session.page) ? session : { ...session, page };
}

/** While a page is not observed continuously, events may be missed, such as its SDK becoming ready. */
function observed(session: Session, observed: boolean, at: number): Session {
  const next = withPart(session, 'tab', { observed });
  if (observed) return next;
  const unseen = withPart(next, 'visit', { unseenSince: at });
  return next.page.readyAfter === null ? withPart(unseen, 'page', { sawStart: false }) : unseen;
}

function withPolicy(session: Session, policy: Policy): Session {
  return isSame(policy, session.policy) ? session : { ...session, policy };
}

// --- alarm -------------------------------------------------------------------------------------------------------

const NO_ANSWER: Problem = { kind: 'timeout', message: 'The page didn’t respond while the token was being read.' };

/** Has the token read before acting on the alarm: the SDK may have refreshed it automatically. */
function ask(session: Session, at: number): Transition {
  if (session.stage.phase !== 'attached' || isCounting(session, at)) return only(session);
  const { expiresAt = null } = session.history.spans.token ?? {};
  // Requested again because the worker died while waiting: it is the same alarm, so it isn't noted twice.
  const made = session.tokenRefresh.askedAt === null ? numbered(session, session.history.nth, { kind: 'alarm', at, expiresAt }) : null;
  return {
    session: { ...(made?.session ?? session), tokenRefresh: { ...session.tokenRefresh, askedAt: at, warned: true } },
    effects: [...(made ? [{ type: 'note' as const, entry: made.entry }] : []), { type: 'send', command: { kind: 'read' } }],
  };
}

/** The alarm's reading failed: if the token is refreshed automatically, this counts as a failed refresh and is retried. */
function unanswered(session: Session, problem: Problem | null, at: number): Session {
  const { tokenRefresh } = session;
  if (tokenRefresh.askedAt === null) return session;
  return {
    ...session,
    tokenRefresh: refreshes(session) ? afterTry(session, 'timed-out', problem, at) : { ...tokenRefresh, askedAt: null },
  };
}

/** The token was read for an alarm: refreshes it if that is due, the client is free and no other tab is refreshing it. */
function act(session: Session, peers: readonly Peer[], at: number): Transition {
  const { tokenRefresh } = session;
  if (tokenRefresh.askedAt === null) return only(session);
  const read = { ...session, tokenRefresh: { ...tokenRefresh, askedAt: null } };
  switch (decide(read, peers, at)) {
    case 'nothing':
      return only(read);
    case 'aside':
      return only({ ...read, tokenRefresh: stoodAside(tokenRefresh, at) });
    case 'refresh':
      return run(
        { ...read, tokenRefresh: { ...read.tokenRefresh, nextAt: null } },
        {
          type: 'run',
          // The time may repeat if the clock is set back; the entry count does not.
          id: `alarm-${read.tab.id}-${read.tab.noted}-${at}`,
          operation: 'refreshToken',
          args: {},
          anyway: false,
          deadline: read.policy.deadline,
          by: 'alarm',
          at,
        },
      );
  }
}

function tick(session: Session, at: number): Transition {
  const ticked = tickRun(session, at);
  const { stage } = ticked.session;
  const waiting = session.runs.carried && !ticked.session.runs.carried && stage.phase !== 'attached' && session.page.clients.find(isReady);
  const next = waiting ? attach(ticked.session, waiting, at) : ticked;
  const due =
    session.tab.alarmAt !== null &&
    session.tab.alarmAt <= at &&
    (session.tokenRefresh.askedAt === null || session.tokenRefresh.askedAt + UNANSWERED <= at);
  if (!due) return next;
  const asked = ask(next.session, at);
  return { session: asked.session, effects: [...next.effects, ...asked.effects] };
}

// --- reports -----------------------------------------------------------------------------------------------------

/** The session of a tab whose page can't be reached. */
function lost(session: Session, problem: Problem, at: number): Session {
  const left = leave(session, at);
  return {
    ...left,
    // The site that the tab shows now is unknown.
    tab: { ...left.tab, site: null, beyond: [] },
    visit: { ...left.visit, unseenSince: session.visit.unseenSince ?? at },
    // The document's reports are read again once it can be reached.
    page: { ...left.page, silence: null, cursor: 0 },
    stage: { phase: 'unreachable', problem },
  };
}

/** Whether the request was sent while another frame was shown, or before the tab left the reply's site. */
function isStale(session: Session, { reply, target, nth }: Extract<SessionEvent, { type: 'reply' }>): boolean {
  const { tab, visit, history } = session;
  if (target !== (tab.target?.document ?? null)) return true;
  return nth !== undefined && nth !== history.nth && reply.origin !== (visit.origin ?? tab.site);
}

function reply(
  session: Session,
  { document, origin, path: address, at: pageNow, missing, reports }: AgentReply,
  peers: readonly Peer[],
  at: number,
): Transition {
  // Confirmation and reset links contain secret codes.
  const path = maskSecrets(address);
  // Requested before the page was lost, so it has only the newest reports, whereas all of them are to be read again: a full reply follows.
  const isPart =
    document === session.page.document &&
    session.page.cursor === 0 &&
    (reports[0]?.seq ?? 1) > 1 &&
    !reports.some(({ kind }) => kind === 'page');
  let next = session;
  if (document !== session.page.document || origin !== session.visit.origin) {
    const target = session.tab.target && { ...session.tab.target, document };
    // A different origin ends the session; a new document of the same origin continues it.
    const goesOn = session.tab.closedAt === null && (session.visit.origin === null || session.visit.origin === origin);
    const base = goesOn ? leave(session, at, true) : anew(session, at);
    next = {
      ...base,
      tab: { ...base.tab, target, site: target ? base.tab.site : origin },
      visit: { ...base.visit, origin, past: left(base) },
      page: { ...NEW_PAGE, document, traced: base.visit.past.find((one) => one.document === document)?.traced ?? 0 },
      stage: { phase: 'searching', candidate: null },
      history: { ...base.history, documents: base.history.documents + 1 },
      tokenRefresh: { ...base.tokenRefresh, askedAt: null },
    };
  }
  // More missing built-ins may be found once the driver has been injected.
  if (`${next.page.missing}` !== `${missing}`) next = { ...next, page: { ...next.page, missing } };
  const effects: Effect[] = [];
  if (next.page.path !== path) {
    // Only the address changed: the document is the same.
    const made =
      next.page.document === session.page.document ? numbered(next, next.history.nth, { kind: 'document', at, path, by: 'within' }) : null;
    if (made) effects.push({ type: 'note', entry: made.entry });
    next = withPart(made?.session ?? next, 'page', { path });
  }
  if (next.page.silence) next = withPart(next, 'page', { silence: null });
  if (next.tab.asleep) next = withPart(next, 'tab', { asleep: null });
  if (next.tab.target === null && next.tab.site !== origin) next = withPart(next, 'tab', { site: origin });
  if (next.stage.phase === 'unreachable') next = { ...next, stage: { phase: 'searching', candidate: null } };
  const skew = pageNow - at;
  // A reply on its way makes a page's clock look slow: that must not move what happened in the page to after its requests.
  const offset = skew < 0 && skew > -LONGEST_WAY ? 0 : skew;
  if (next.visit.clockOffset === null || Math.abs(offset - next.visit.clockOffset) > 1000)
    next = withPart(next, 'visit', { clockOffset: offset });
  let isTokenRead = false;
  for (const report of isPart ? [] : reports) {
    if (report.seq <= next.page.cursor) continue;
    // A report that was already traced and is read again: it restores state but isn't news.
    const isOld = report.seq <= next.page.traced;
    const when = whenOf(next, report, offset, at);
    const taken = isOld && NEWS.has(report.kind) ? only(next) : take(next, report, at, when);
    // Each report may settle an operation and begin a generation, which the next report must see.
    const settled = check(withPart(taken.session, 'page', { cursor: report.seq }), at);
    const done = isOld ? only(settled) : withGenerations(next, withPart(settled, 'page', { traced: report.seq }), peers, when);
    effects.push(...taken.effects, ...done.effects);
    next = done.session;
    isTokenRead ||= report.kind === 'token' && next.stage.phase === 'attached' && report.client === next.stage.client.ref;
  }
  // Act only on the last of several tokens: reports that are read again include earlier ones.
  if (isTokenRead) {
    const acted = act(next, peers, at);
    effects.push(...acted.effects);
    next = acted.session;
  }
  if (isPart || !reports.some(({ kind }) => kind === 'sample' || kind === 'token')) return { session: next, effects };
  const looked = withGenerations(next, next, peers, at);
  // From now on nothing is missed if the page is observed; otherwise the unobserved time starts now.
  const unseenSince = next.tab.observed ? null : at;
  return { session: withPart(looked.session, 'visit', { unseenSince }), effects: [...effects, ...looked.effects] };
}

/** Reports of events, as opposed to reports of state. */
const NEWS: ReadonlySet<string> = new Set<AgentReport['kind']>(['call', 'late', 'look', 'state']);

/** The previous documents, including the one that the session leaves now. */
const left = ({ visit: { past }, page: { document, traced } }: Session): Session['visit']['past'] =>
  document === null ? past : [...past.filter((one) => one.document !== document), { document, traced }].slice(-PAST_KEPT);

/** How long a reply may be on its way (ms). */
const LONGEST_WAY = 1000;

/** When the page made a report, converted to the worker's clock: not before the last known change, and not after now. */
function whenOf({ history: { spans, seen } }: Session, report: AgentReport, offset: number, at: number): number {
  const last = Math.max(spans.uuid?.from ?? 0, spans.token?.from ?? 0, seen?.at ?? 0, at - LONGEST_AGO);
  return Math.min(at, Math.max(last, report.at - offset));
}

function take(session: Session, report: AgentReport, at: number, when: number): Transition {
  const { stage } = session;
  if (report.kind === 'page') return page(session, report, at);
  if (report.kind === 'late') return only(late(session, report));
  if (report.kind === 'edited') {
    const { id, undo, failed } = report;
    return { session, effects: [{ type: 'storage-edited', id, undo, failed }] };
  }
  if (stage.phase !== 'attached') return only(session);
  switch (report.kind) {
    case 'sample': {
      if (report.client !== stage.client.ref) return only(session);
      const { signedIn, simpleAuth } = report;
      const { uuid, trouble, facts, cookies, stored } = withoutTokens(
        { uuid: report.uuid, trouble: report.trouble, facts: report.facts, cookies: report.cookies, stored: report.stored },
        stage.token.kind === 'known' ? stage.token.facts.raw : null,
      );
      const { lastUuid } = session.history;
      const previousUuid = lastUuid !== null && uuid !== null && uuid !== lastUuid ? lastUuid : session.history.previousUuid;
      const stale = stage.token.kind === 'known' && stage.customer.uuid !== null && uuid !== stage.customer.uuid;
      const told = seemsUntracked(session, stage, { uuid, cookies }) ? { ...facts, doNotTrack: 'likely' } : facts;
      const customer: Customer = { uuid, trouble, signedIn, simpleAuth, facts: told, cookies, stored };
      return only({
        ...session,
        history: { ...session.history, previousUuid, lastUuid: uuid ?? lastUuid },
        stage: { ...stage, customer, token: stale ? { ...stage.token, stale } : stage.token },
      });
    }
    case 'token': {
      if (report.client !== stage.client.ref) return only(session);
      const token = tokenAfter(stage.token, report);
      const { activity } = stage;
      const read: Activity = activity.kind === 'checking' ? { ...activity, tokenRead: true } : activity;
      return only(followToken({ ...session, stage: { ...stage, token, activity: read } }, at));
    }
    case 'call':
      return report.client === stage.client.ref ? called(session, stage, report, when) : only(session);
    case 'look':
      return report.client === stage.client.ref ? looked(session, stage, report, when) : only(session);
    case 'state': {
      if (report.client !== stage.client.ref) return only(session);
      return calledBack(session, report, when);
    }
    case 'started':
      return only(begun(session, stage, report.id));
    case 'settled':
      return only(answered(session, stage, report, at));
  }
}

const READ_TROUBLE = {
  missing: 'This SDK has no method that returns the token.',
  deadline: 'The SDK didn’t return a token in time.',
  success: 'The SDK returned something that isn’t a token.',
} as const;

function tokenAfter(token: TokenState, { how, token: read, none, error }: Extract<AgentReport, { kind: 'token' }>): TokenState {
  if (none) return { kind: 'none', trouble: null, said: true };
  if (read) return { kind: 'known', facts: tokenFacts(read), trouble: null, stale: false };
  const told = withoutTokens(error, token.kind === 'known' ? token.facts.raw : null);
  const trouble: Problem = {
    kind: how === 'deadline' ? 'timeout' : 'sdk',
    message: told?.message ?? (how in READ_TROUBLE ? READ_TROUBLE[how as keyof typeof READ_TROUBLE] : 'Couldn’t read the token.'),
    ...(told && told.code !== null && { code: String(told.code) }),
  };
  return token.kind === 'known' ? { ...token, trouble } : { kind: 'none', trouble, said: false };
}
