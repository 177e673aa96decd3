/** Which document and which client a session shows, as documents come and go. */
import { maskSecrets } from '../network/secrets';
import type { AgentReport, ClientInfo } from '../page/wire';
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

/** The session as its document goes: what runs is interrupted, unless it reloads the page itself, or may never have begun. @param follows another document of its site is there already */
export function leave(session: Session, at: number, follows = false): Session {
  const activity = underWay(session.stage);
  if (!activity) return session;
  const { run } = activity;
  if (run.reloads) return withPart(session, 'runs', { carried: { run, answer: activity.kind === 'checking' ? activity.answer : null } });
  // Who sent it says whether the page had it.
  if (follows && run.bare && run.by === 'person' && activity.kind === 'running' && !activity.started)
    return withPart(session, 'runs', { carried: { run, answer: null } });
  return interrupt(session, at, 'document-gone');
}

/** A new session in the same tab: what belongs to the tab, and not to the customer, stays. */
export function anew(session: Session, at: number): Session {
  const { tab, policy, history } = session;
  const fresh = newSession(tab.id, tab.incognito, at);
  return {
    ...fresh,
    tab: { ...tab, asleep: null, closedAt: null },
    policy,
    history: newHistory(history.nth + 1, at),
    // What ends only now is still shown.
    runs: endCarried(interrupt({ ...session, runs: withoutResults(session.runs) }, at, 'document-gone'), at).runs,
  };
}

/** The tab went to a page of another origin, by the browser's word: what was known of the one before is over. */
export function navigated(session: Session, origin: string, at: number): Session {
  const before = session.tab.target ? session.tab.site : (session.visit.origin ?? session.tab.site);
  // Of a frame's page that was lost nobody knows where it is.
  if (before === origin || (before === null && !session.tab.target)) return session;
  return withPart(anew(session, at), 'tab', { target: null, site: origin, listing: [], beyond: [] });
}

/** Of the kind that was chosen, in a document of that site. */
const isOfKind = (chosen: Choice | null, origin: string | null, { dialect, place }: ClientInfo): boolean =>
  chosen !== null && chosen.origin === origin && chosen.dialect === dialect && chosen.place === place;

/** The very one that was chosen, as far as addresses tell. */
const isChosen = (chosen: Choice | null, { origin, path }: Pick<Listed, 'origin' | 'path'>, client: ClientInfo): boolean =>
  isOfKind(chosen, origin, client) && chosen?.path === path;

export const isReady = ({ state }: ClientInfo): boolean => state === 'ready';

/** Which client the session shows: the same as before where it is still there, else the chosen one, else the first that is ready. */
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
    // The agent was put there anew, and the page is the same.
    if (loaded === visit.entered?.loaded) next = withPart(next, 'history', { documents: Math.max(1, session.history.documents - 1) });
    const isRestored = visit.past.some((one) => one.document === document);
    if (document !== null)
      next = withPart(next, 'visit', { entered: { document, path: maskSecrets(entered), by: isRestored ? 'restored' : by, loaded } });
  }
  if (frames === 0 && session.tab.target === null && (session.tab.listing.length || session.tab.beyond.length))
    next = withPart(next, 'tab', { listing: [], beyond: [] });
  const ready = clients.filter(isReady);
  const current = stage.phase === 'attached' ? ready.find(({ ref }) => ref === stage.client.ref) : undefined;
  const wanted = ready.find((one) => isOfKind(session.tab.chosen, session.visit.origin, one));
  if (current && stage.phase === 'attached') {
    if (!wanted || wanted === current || stage.activity.kind !== 'idle') return only({ ...next, stage: { ...stage, client: current } });
    return attach(next, wanted, at);
  }
  // What reloads the page settles on the client that it was run on, and on no other that is there first.
  const of = session.runs.carried ? session.history.of : null;
  const client = of ? ready.find(({ dialect, place }) => of.dialect === dialect && of.place === place) : (wanted ?? ready[0]);
  const rest = interrupt(next, at, 'document-gone');
  return client
    ? attach(rest, client, at)
    : only({ ...rest, stage: { phase: absent ? 'absent' : 'searching', candidate: clients[0] ?? null } });
}

/** Longer than this no page takes: its clock is not to be believed (ms). */
const LONGEST_START = 3_600_000;
/** When the first SDK was ready. @param since ms since the page began to load, by its own clock */
function startOf({ readyAfter, sawStart }: PageState, ready: boolean, since: number): Pick<PageState, 'readyAfter' | 'sawStart'> {
  if (readyAfter !== null) return { readyAfter, sawStart };
  if (!ready) return { readyAfter, sawStart: true };
  return { readyAfter: since >= 0 && since <= LONGEST_START ? Math.round(since) : null, sawStart };
}

/** Shows `client`, of which nothing is known yet. An operation that reloaded the page goes on with it. */
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

/** `session` as that of `client`: begun anew where it was another client's. */
function ofClient(session: Session, { dialect, place }: ClientInfo, at: number): Session {
  const { of } = session.history;
  if (of?.dialect === dialect && of.place === place) return session;
  if (of === null) return withPart(session, 'history', { of: { dialect, place } });
  // What ended with the other client is still told.
  const ended = endCarried(session, at);
  return { ...ended, history: { ...newHistory(session.history.nth + 1, at), documents: 1, of: { dialect, place } } };
}

/**
 * Which document is shown after a look through all of them: the chosen client's; else the same as before; else the top
 * frame's where an SDK is in it, else the first that has one.
 */
export function listed(before: Session, { documents, beyond, at }: Extract<SessionEvent, { type: 'listed' }>): Transition {
  const top = documents.find(({ frame }) => frame === null);
  // The first to tell that the tab went to another site may be this.
  const session = top && before.tab.site !== null ? navigated(before, top.origin, at) : before;
  const next = withPart(session, 'tab', { listing: documents, beyond, site: top?.origin ?? session.tab.site });
  const {
    stage,
    tab: { target, chosen },
  } = session;
  // A session that just began begins once.
  const goTo = (one: Listed | null) => (session === before ? show(next, one, at) : withPart(next, 'tab', { target: targetOf(one) }));
  const has = ({ clients }: Listed) => clients.some(isReady);
  const shown = documents.find(
    ({ document, frame, origin }) =>
      document === session.page.document ||
      // A page of another site that took the frame is another session's.
      (target !== null && frame === target.frame && (session.visit.origin === null || origin === session.visit.origin)),
  );
  // Its frame was reloaded: the next answer goes on from there.
  if (shown && target && (shown.document !== target.document || shown.frame !== target.frame) && shown.frame !== null)
    return only(withPart(next, 'tab', { target: { document: shown.document, frame: shown.frame } }));
  const candidates = documents.filter(({ origin, clients }) => clients.some((one) => isReady(one) && isOfKind(chosen, origin, one)));
  const exact = candidates.find((one) => one.clients.some((client) => isChosen(chosen, one, client)));
  // One of the kind alone will do; of several none is taken for another.
  const wanted = exact ?? (candidates.length === 1 ? candidates[0] : undefined);
  const isShown =
    stage.phase === 'attached' &&
    session.visit.origin !== null &&
    isChosen(chosen, { origin: session.visit.origin, path: session.page.path }, stage.client);
  const busy = session.runs.carried !== null || underWay(stage) !== null;
  // It is not left for another of its kind while it loads.
  const isAwaited = shown !== undefined && chosen !== null && shown.frame === chosen.frame && shown.origin === chosen.origin;
  if (wanted && wanted !== shown && !isShown && !isAwaited && !(shown && busy)) return only(goTo(wanted));
  const other = documents.find(has);
  if (target !== null && !shown) return only(goTo(other ?? top ?? null));
  if (target === null && stage.phase !== 'attached' && !busy && other && !(top && has(top))) return only(goTo(other));
  return only(next);
}

/** Goes over to another document; `null` for the top frame. Its session begins with its first answer. */
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
