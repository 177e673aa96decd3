/** The session machine: what a session becomes by what happens to it, and what is to be done then. */

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
/** A timer carries an alarm that is nearer than this (ms): the browser rings none earlier. */
const ALARM_FLOOR = 30_000;
const CLOSED: Problem = { kind: 'gone', message: 'The tab was closed.' };
/** How many of the documents gone through are remembered. */
const PAST_KEPT = 10;
const COOKIE_NEWS_KEPT = 20;
/** A page that nobody asked for longer than this tells of nothing older (ms). */
const LONGEST_AGO = 86_400_000;

/** The session after `event`, and what is to be done. Pure: reads no clock, keeps nothing. */
export function transition(session: Session, event: SessionEvent): Transition {
  const { at, peers = [] } = event;
  const stepped = step(afterClockSetBack(session, at), event);
  // A reply was traced report by report.
  const followed = followUp(check(stepped.session, at), at);
  const settled = withGenerations(event.type === 'reply' ? stepped.session : session, followed.session, peers, at);
  const kept = withoutStrangersAccount(followToken(settled.session, at));
  const alarmAt = alarmFor(kept, at);
  const notice = noticeOf(kept, at);
  // An alarm reads first: what the badge then shows comes with the answer, or with its failure.
  const badge = kept.tokenRefresh.askedAt === null ? badgeOf(kept, at) : session.tab.badge;
  const next =
    kept.tab.alarmAt === alarmAt && sameBadge(kept.tab.badge, badge) && notice === null
      ? kept
      : {
          ...withPart(kept, 'tab', { alarmAt, badge }),
          ...(notice && { tokenRefresh: { ...kept.tokenRefresh, told: [...kept.tokenRefresh.told, notice] } }),
        };
  const effects = [...stepped.effects, ...followed.effects, ...settled.effects];
  // One that fired is not there any more, even where the clock was set back and it is due again.
  const isNew = next.tab.alarmAt !== session.tab.alarmAt;
  if (isNew || (event.type === 'alarm' && next.tab.alarmAt !== null)) effects.push({ type: 'alarm', at: next.tab.alarmAt });
  // With each new alarm too: the browser takes a tab's badge away when it navigates.
  const counts = event.type === 'alarm' && badge.kind === 'near-expiry' && kept.tokenRefresh.askedAt === null;
  if (!sameBadge(session.tab.badge, badge) || (isNew && event.type !== 'alarm') || counts) effects.push({ type: 'badge', badge });
  if (notice) effects.push({ type: 'notify', notice });
  const wake = wakeFor(next, at);
  // A worker that woke has no timers.
  if (wake !== null && (event.type === 'tick' || wake !== wakeFor(session, at))) effects.push({ type: 'wake', at: wake });
  return { session: next, effects };
}

/** When a timer is to tick; `null` for none. */
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
      // Another client is shown since it was asked.
      return event.target === (session.tab.target?.document ?? null) ? reply(session, event.reply, event.peers ?? [], at) : only(session);
    case 'markup':
      return only(event.document === session.page.document ? withMarkup(session, event.markup) : session);
    case 'navigated':
      return only(navigated(session, event.origin, at));
    case 'lost':
      return only(lost(session, event.problem, at));
    case 'closed':
      return only(withPart(lost(withoutAccount(session), CLOSED, at), 'tab', { access: 'none', closedAt: at }));
    case 'jar':
      // Of another site, which was left meanwhile.
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
    case 'keep':
      return {
        session,
        effects: [{ type: 'send', command: { kind: 'keep', id: event.id, origin: event.origin, changes: event.changes } }],
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

/** A page that nobody observes without a break may do what is missed, such as get its SDK ready. */
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

const NO_ANSWER: Problem = { kind: 'timeout', message: 'The page did not answer when the token was to be read.' };

/** Reads before anything is done: the SDK may have refreshed by itself. */
function ask(session: Session, at: number): Transition {
  if (session.stage.phase !== 'attached' || isCounting(session, at)) return only(session);
  const { expiresAt = null } = session.history.spans.token ?? {};
  // Asked again where the worker died over it: that is the same alarm.
  const made = session.tokenRefresh.askedAt === null ? numbered(session, session.history.nth, { kind: 'alarm', at, expiresAt }) : null;
  return {
    session: { ...(made?.session ?? session), tokenRefresh: { ...session.tokenRefresh, askedAt: at, warned: true } },
    effects: [...(made ? [{ type: 'note' as const, entry: made.entry }] : []), { type: 'send', command: { kind: 'read' } }],
  };
}

/** The alarm's reading came to nothing: tried again as after a failed refresh, where the token is to be refreshed. */
function unanswered(session: Session, problem: Problem | null, at: number): Session {
  const { tokenRefresh } = session;
  if (tokenRefresh.askedAt === null) return session;
  return {
    ...session,
    tokenRefresh: refreshes(session) ? afterTry(session, 'timed-out', problem, at) : { ...tokenRefresh, askedAt: null },
  };
}

/** The token was read: refreshes it where that is due and nobody else does. */
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
          // The same moment may come twice, where the clock is set back; the count of entries does not.
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

/** The session of a tab whose page cannot be reached. */
function lost(session: Session, problem: Problem, at: number): Session {
  const left = leave(session, at);
  return {
    ...left,
    // Where the tab is now is not known.
    tab: { ...left.tab, site: null, beyond: [] },
    visit: { ...left.visit, unseenSince: session.visit.unseenSince ?? at },
    // What the document told is read once more when it is reached again.
    page: { ...left.page, silence: null, cursor: 0 },
    stage: { phase: 'unreachable', problem },
  };
}

function reply(
  session: Session,
  { document, origin, path: address, at: pageNow, missing, reports }: AgentReply,
  peers: readonly Peer[],
  at: number,
): Transition {
  // Links that confirm or reset carry their code.
  const path = maskSecrets(address);
  // The end of a mailbox that is to be read from its beginning, asked for before the page was lost: the whole follows.
  const isPart =
    document === session.page.document &&
    session.page.cursor === 0 &&
    (reports[0]?.seq ?? 1) > 1 &&
    !reports.some(({ kind }) => kind === 'page');
  let next = session;
  if (document !== session.page.document || origin !== session.visit.origin) {
    const target = session.tab.target && { ...session.tab.target, document };
    // Another origin ends the session; a new document of the same one continues it.
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
  // More is found missing once what drives a client has come.
  if (`${next.page.missing}` !== `${missing}`) next = { ...next, page: { ...next.page, missing } };
  const effects: Effect[] = [];
  if (next.page.path !== path) {
    // The address alone: the document is the same.
    const made =
      next.page.document === session.page.document ? numbered(next, next.history.nth, { kind: 'document', at, path, by: 'within' }) : null;
    if (made) effects.push({ type: 'note', entry: made.entry });
    next = withPart(made?.session ?? next, 'page', { path });
  }
  if (next.page.silence) next = withPart(next, 'page', { silence: null });
  if (next.tab.asleep) next = withPart(next, 'tab', { asleep: null });
  if (next.tab.target === null && next.tab.site !== origin) next = withPart(next, 'tab', { site: origin });
  if (next.stage.phase === 'unreachable') next = { ...next, stage: { phase: 'searching', candidate: null } };
  const offset = pageNow - at;
  if (next.visit.clockOffset === null || Math.abs(offset - next.visit.clockOffset) > 1000)
    next = withPart(next, 'visit', { clockOffset: offset });
  let isTokenRead = false;
  for (const report of isPart ? [] : reports) {
    if (report.seq <= next.page.cursor) continue;
    // Told once before, and read again: what it tells is the state, and no news.
    const isOld = report.seq <= next.page.traced;
    const when = whenOf(next, report, offset, at);
    const taken = isOld && NEWS.has(report.kind) ? only(next) : take(next, report, at, when);
    // Each report may settle an operation and begin a generation, and the next must see that.
    const settled = check(withPart(taken.session, 'page', { cursor: report.seq }), at);
    const done = isOld ? only(settled) : withGenerations(next, withPart(settled, 'page', { traced: report.seq }), peers, when);
    effects.push(...taken.effects, ...done.effects);
    next = done.session;
    isTokenRead ||= report.kind === 'token' && next.stage.phase === 'attached' && report.client === next.stage.client.ref;
  }
  // By the last of several tokens: a mailbox that is read again has those of before too.
  if (isTokenRead) {
    const acted = act(next, peers, at);
    effects.push(...acted.effects);
    next = acted.session;
  }
  if (isPart || !reports.some(({ kind }) => kind === 'sample' || kind === 'token')) return { session: next, effects };
  const looked = withGenerations(next, next, peers, at);
  // From here on nothing is missed, or again nobody looks.
  const unseenSince = next.tab.observed ? null : at;
  return { session: withPart(looked.session, 'visit', { unseenSince }), effects: [...effects, ...looked.effects] };
}

/** Reports that tell of what happened, and not of what is. */
const NEWS: ReadonlySet<string> = new Set<AgentReport['kind']>(['call', 'late', 'look', 'state']);

/** The documents gone through, with the one that is left now. */
const left = ({ visit: { past }, page: { document, traced } }: Session): Session['visit']['past'] =>
  document === null ? past : [...past.filter((one) => one.document !== document), { document, traced }].slice(-PAST_KEPT);

/** When the page reported: by its own word, brought to the worker's clock, not before what is known and not after now. */
function whenOf({ history: { spans, seen } }: Session, report: AgentReport, offset: number, at: number): number {
  const last = Math.max(spans.uuid?.from ?? 0, spans.token?.from ?? 0, seen?.at ?? 0, at - LONGEST_AGO);
  return Math.min(at, Math.max(last, report.at - offset));
}

function take(session: Session, report: AgentReport, at: number, when: number): Transition {
  const { stage } = session;
  if (report.kind === 'page') return page(session, report, at);
  if (report.kind === 'late') return only(late(session, report));
  if (report.kind === 'kept') {
    const { id, undo, failed } = report;
    return { session, effects: [{ type: 'kept', id, undo, failed }] };
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
  missing: 'This client has no method that gives the token.',
  deadline: 'The SDK did not answer the request for the token.',
  success: 'The SDK answered the request for the token with something that is no token.',
} as const;

function tokenAfter(token: TokenState, { how, token: read, none, error }: Extract<AgentReport, { kind: 'token' }>): TokenState {
  if (none) return { kind: 'none', trouble: null, said: true };
  if (read) return { kind: 'known', facts: tokenFacts(read), trouble: null, stale: false };
  const told = withoutTokens(error, token.kind === 'known' ? token.facts.raw : null);
  const trouble: Problem = {
    kind: how === 'deadline' ? 'timeout' : 'sdk',
    message: told?.message ?? (how in READ_TROUBLE ? READ_TROUBLE[how as keyof typeof READ_TROUBLE] : 'The token could not be read.'),
    ...(told && told.code !== null && { code: String(told.code) }),
  };
  return token.kind === 'known' ? { ...token, trouble } : { kind: 'none', trouble, said: false };
}
