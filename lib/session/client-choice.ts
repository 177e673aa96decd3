/** Determines which document and client a session shows, as documents come and go. */
import { maskSecrets } from '../network/secrets';
import type { AgentReport, ClientInfo } from '../page/wire';
import { traitsOf } from '../sdk/dialects/names';
import { type Attached, only, type SessionEvent, type Transition } from './events';
import { withoutResults } from './run';
import { endCarried, IDLE, interrupt, takenUp, toCheck } from './running';
import {
  type Choice,
  type Customer,
  type Listed,
  newHistory,
  newSession,
  type PageState,
  type Session,
  type TabState,
  underWay,
  withPart,
} from './session';

const NO_CUSTOMER: Customer = { uuid: null, trouble: null, signedIn: null, simpleAuth: null, facts: {}, cookies: [], stored: [] };

/**
 * The session when its document goes away: the operation in progress is interrupted, unless it reloads the page itself or may
 * never have begun.
 * @param follows another document of the same site is already there
 */
export function leave(session: Session, at: number, follows = false): Session {
  const activity = underWay(session.stage);
  if (!activity) return session;
  const { run } = activity;
  if (run.reloads) return withPart(session, 'runs', { carried: { run, answer: activity.kind === 'checking' ? activity.answer : null } });
  // The sender then reports (`unsent`) whether the page may have received it.
  if (follows && run.bare && run.by === 'person' && activity.kind === 'running' && !activity.started)
    return withPart(session, 'runs', { carried: { run, answer: null } });
  return interrupt(session, at, 'document-gone');
}

/** A new session in the same tab. What belongs to the tab rather than the customer stays. */
export function anew(session: Session, at: number): Session {
  const { tab, policy, history } = session;
  const fresh = newSession(tab.id, tab.incognito, at);
  return {
    ...fresh,
    tab: { ...tab, asleep: null, closedAt: null },
    policy,
    history: newHistory(history.nth + 1, at),
    // An operation that ends only now is still shown.
    runs: endCarried(interrupt({ ...session, runs: withoutResults(session.runs) }, at, 'document-gone'), at).runs,
  };
}

/** The browser reports the tab's origin: if it changed, what was known about the previous page is discarded. */
export function navigated(session: Session, origin: string, at: number): Session {
  const before = session.tab.target ? session.tab.site : (session.visit.origin ?? session.tab.site);
  // After a frame's page was lost, the tab's site is unknown, which counts as a change.
  if (before === origin || (before === null && !session.tab.target)) return session;
  return withPart(anew(session, at), 'tab', { target: null, site: origin, listing: [], beyond: [] });
}

/** Whether a client has the chosen dialect and place, in a document of the chosen origin. */
const isOfKind = (chosen: Choice | null, origin: string | null, { dialect, place }: ClientInfo): boolean =>
  chosen !== null && chosen.origin === origin && chosen.dialect === dialect && chosen.place === place;

/** Whether it is the chosen client itself, as far as its document's path identifies it. */
const isChosen = (chosen: Choice | null, { origin, path }: Pick<Listed, 'origin' | 'path'>, client: ClientInfo): boolean =>
  isOfKind(chosen, origin, client) && chosen?.path === path;

export const isReady = ({ state }: ClientInfo): boolean => state === 'ready';

/**
 * Handles a `page` report and picks the client to show: the chosen one, otherwise the current one, otherwise the first that is
 * ready. While an operation is in progress, the current client stays.
 */
export function page(
  session: Session,
  { at: pageNow, clients, absent, strays, frames, entered, by, loaded, load }: Extract<AgentReport, { kind: 'page' }>,
  at: number,
): Transition {
  const { stage, visit } = session;
  const { document } = session.page;
  const start = startOf(session.page, clients.some(isReady), pageNow - loaded);
  let next = withPart(session, 'page', { clients, strays, frames, load, ...start });
  if (document !== visit.entered?.document) {
    // The agent was injected again into the same page.
    if (loaded === visit.entered?.loaded) next = withPart(next, 'history', { documents: Math.max(1, session.history.documents - 1) });
    const isRestored = visit.past.some((one) => one.document === document);
    if (document !== null)
      next = withPart(next, 'visit', { entered: { document, path: maskSecrets(entered), by: isRestored ? 'restored' : by, loaded } });
  }
  if (frames === 0 && session.tab.target === null && (session.tab.listing.length || session.tab.beyond.length))
    next = withPart(next, 'tab', { listing: [], beyond: [] });
  const ready = clients.filter(isReady);
  const first = ready.find(({ dialect }) => !traitsOf(dialect).isBridge) ?? ready[0];
  const current = stage.phase === 'attached' ? ready.find(({ ref }) => ref === stage.client.ref) : undefined;
  const chosen = ready.find((one) => isOfKind(session.tab.chosen, session.visit.origin, one));
  // An SDK that appears later replaces a bridge.
  const wanted = chosen ?? (current && traitsOf(current.dialect).isBridge ? first : undefined);
  if (current && stage.phase === 'attached') {
    if (!wanted || wanted === current || stage.activity.kind !== 'idle') return only({ ...next, stage: { ...stage, client: current } });
    return attach(next, wanted, at);
  }
  // An operation that reloads the page must settle on the client that it ran on, not on another that is ready first.
  const of = session.runs.carried ? session.history.of : null;
  const client = of ? ready.find(({ dialect, place }) => of.dialect === dialect && of.place === place) : (wanted ?? first);
  const rest = interrupt(next, at, 'document-gone');
  return client
    ? attach(rest, client, at)
    : only({ ...rest, stage: { phase: absent ? 'absent' : 'searching', candidate: clients[0] ?? null } });
}

/** No page takes longer than this (ms): beyond it, its clock isn't trusted. */
const LONGEST_START = 3_600_000;
/** When the first SDK was ready. @param since ms since the page began to load, by its own clock */
function startOf({ readyAfter, sawStart }: PageState, ready: boolean, since: number): Pick<PageState, 'readyAfter' | 'sawStart'> {
  if (readyAfter !== null) return { readyAfter, sawStart };
  if (!ready) return { readyAfter, sawStart: true };
  return { readyAfter: since >= 0 && since <= LONGEST_START ? Math.round(since) : null, sawStart };
}

/** Shows `client`, about which nothing is known yet. An operation that reloaded the page continues on it. */
export function attach(session: Session, client: ClientInfo, at: number): Transition {
  const stage: Attached = {
    phase: 'attached',
    client,
    customer: NO_CUSTOMER,
    token: { kind: 'none', trouble: null, said: false },
    activity: IDLE,
  };
  const begun = ofClient(session, client, at);
  const { carried } = begun.runs;
  if (!carried) return only({ ...begun, stage });
  if (!carried.run.reloads) return takenUp(begun, stage);
  const answer = carried.answer ?? { how: 'success', value: null, error: null, ms: at - carried.run.at };
  const checking = { ...toCheck(carried.run, answer, at), reloaded: true };
  return only({ ...withPart(begun, 'runs', { carried: null }), stage: { ...stage, activity: checking } });
}

/** `session` as a session of `client`: a new one if it belonged to another client. */
function ofClient(session: Session, { dialect, place }: ClientInfo, at: number): Session {
  const { of } = session.history;
  if (of?.dialect === dialect && of.place === place) return session;
  if (of === null) return withPart(session, 'history', { of: { dialect, place } });
  // An operation that ends with the other client is still reported.
  const ended = endCarried(session, at);
  return { ...ended, history: { ...newHistory(session.history.nth + 1, at), documents: 1, of: { dialect, place } } };
}

/**
 * Picks the document to show after a survey of all of them: the chosen client's; otherwise the current one; otherwise the top
 * frame's if it has an SDK, otherwise the first that has one.
 */
export function listed(before: Session, { documents, beyond, at }: Extract<SessionEvent, { type: 'listed' }>): Transition {
  const top = documents.find(({ frame }) => frame === null);
  // The survey may be the first to show that the tab went to another site.
  const session = top && before.tab.site !== null ? navigated(before, top.origin, at) : before;
  const next = withPart(session, 'tab', { listing: documents, beyond, site: top?.origin ?? session.tab.site });
  const {
    stage,
    tab: { target, chosen },
  } = session;
  // If `navigated` has just begun a new session, don't begin another.
  const goTo = (one: Listed | null) => (session === before ? show(next, one, at) : withPart(next, 'tab', { target: targetOf(one) }));
  const has = ({ clients }: Listed) => clients.some(isReady);
  const shown = documents.find(
    ({ document, frame, origin }) =>
      document === session.page.document ||
      // A page of another site in the same frame belongs to another session.
      (target !== null && frame === target.frame && (session.visit.origin === null || origin === session.visit.origin)),
  );
  // Its frame was reloaded: the next reply continues with the new document.
  if (shown && target && (shown.document !== target.document || shown.frame !== target.frame) && shown.frame !== null)
    return only(withPart(next, 'tab', { target: { document: shown.document, frame: shown.frame } }));
  const candidates = documents.filter(({ origin, clients }) => clients.some((one) => isReady(one) && isOfKind(chosen, origin, one)));
  const exact = candidates.find((one) => one.clients.some((client) => isChosen(chosen, one, client)));
  // Without an exact match, the only candidate will do; among several, none is assumed to be the chosen one.
  const wanted = exact ?? (candidates.length === 1 ? candidates[0] : undefined);
  const isShown =
    stage.phase === 'attached' &&
    session.visit.origin !== null &&
    isChosen(chosen, { origin: session.visit.origin, path: session.page.path }, stage.client);
  const busy = session.runs.carried !== null || underWay(stage) !== null;
  // While the chosen frame loads, don't switch to another document with a client of the same kind.
  const isAwaited = shown !== undefined && chosen !== null && shown.frame === chosen.frame && shown.origin === chosen.origin;
  if (wanted && wanted !== shown && !isShown && !isAwaited && !(shown && busy)) return only(goTo(wanted));
  const other = documents.find(has);
  if (target !== null && !shown) return only(goTo(other ?? top ?? null));
  if (target === null && stage.phase !== 'attached' && !busy && other && !(top && has(top))) return only(goTo(other));
  return only(next);
}

/** Switches to another document (`null`: the top frame) in a new session, which stays empty until the first reply. */
function show(session: Session, listed: Listed | null, at: number): Session {
  return withPart(anew(session, at), 'tab', { target: targetOf(listed) });
}

const targetOf = (listed: Listed | null): TabState['target'] =>
  listed === null || listed.frame === null ? null : { document: listed.document, frame: listed.frame };

export function choose(session: Session, { document, ref, at }: Extract<SessionEvent, { type: 'choose' }>): Transition {
  const { stage } = session;
  const own = document === session.page.document;
  const listed = session.tab.listing.find((one) => one.document === document);
  const client = (own ? session.page.clients : listed?.clients)?.find((one) => one.ref === ref);
  const origin = own ? session.visit.origin : (listed?.origin ?? null);
  if (!client || !isReady(client) || origin === null || underWay(stage) || stage.phase === 'unreachable') return only(session);
  const frame = own ? (session.tab.target?.frame ?? null) : (listed?.frame ?? null);
  const path = own ? session.page.path : (listed?.path ?? '');
  const chosen: Choice = { origin, path, frame, dialect: client.dialect, place: client.place };
  const next = withPart(session, 'tab', { chosen });
  if (!own) return only(show(next, listed ?? null, at));
  if (stage.phase === 'attached' && stage.client.ref === ref) return only(next);
  const attached = attach({ ...next, runs: withoutResults(next.runs) }, client, at);
  return { ...attached, effects: [{ type: 'send', command: { kind: 'read' } }] };
}
