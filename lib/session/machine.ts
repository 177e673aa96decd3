import { tableOf } from '../sdk/dialects';
import { type ArgumentValues, OPERATIONS, type OperationName } from '../sdk/operations';
import type { AgentCommand, AgentReply, ClientInfo, Report, Settlement } from '../sdk/wire';
import type { Problem } from './problem';
import { withoutTokens } from './redact';
import { ruling } from './ruling';
import {
  type Access,
  type Activity,
  type Answer,
  type Badge,
  type Choice,
  type Customer,
  fingerprint,
  type Listed,
  type Moment,
  momentOf,
  newSession,
  type Outcome,
  type OutcomeNote,
  type Run,
  type RunRequest,
  type Session,
  type Stage,
  type TokenState,
  type Verdict,
} from './session';
import { tokenFacts, tokenStatus } from './token';
import { judge, READING_PAUSES } from './verdict';

/** All that can happen to a session. `at`: the worker's clock, epoch ms. */
export type SessionEvent = { readonly at: number } & (
  | { readonly type: 'access'; readonly access: Access }
  /** An answer of the agent in the frame whose document was `target` when it was asked (`null`: the top frame). */
  | { readonly type: 'reply'; readonly reply: AgentReply; readonly target: string | null }
  /** The page cannot be reached (any more). */
  | { readonly type: 'lost'; readonly problem: Problem }
  /** The page is reached, and does not answer. */
  | { readonly type: 'silent'; readonly problem: Problem }
  /** All documents of the tab were looked through. */
  | { readonly type: 'listed'; readonly documents: readonly Listed[]; readonly beyond: Session['beyond'] }
  /** The browser told the SDK's cookies; `null` where it may not be asked (any more). */
  | { readonly type: 'jar'; readonly origin: string; readonly cookies: Session['jar'] }
  /** A person chose a client. */
  | { readonly type: 'choose'; readonly document: string; readonly ref: number }
  /** A view asks for an operation. */
  | ({ readonly type: 'run' } & RunRequest)
  /** A view asks to read everything again. */
  | { readonly type: 'read' }
  | { readonly type: 'alarm' }
  /** A time that was asked for with a `wake` effect has come, or the worker woke up. */
  | { readonly type: 'tick' }
);

/** What the background is to do; `lib/background` carries it out. */
export type Effect =
  | { readonly type: 'send'; readonly command: AgentCommand }
  | { readonly type: 'wake'; readonly at: number }
  | { readonly type: 'alarm'; readonly at: number | null }
  | { readonly type: 'badge'; readonly badge: Badge }
  /** The command is not taken. */
  | { readonly type: 'refuse'; readonly id: string; readonly problem: Problem };

export interface Transition {
  readonly session: Session;
  readonly effects: readonly Effect[];
}

type Attached = Extract<Stage, { phase: 'attached' }>;

/** The page gets so long beyond an operation's deadline to say that it passed (ms). */
const GRACE = 3000;
/** So long before that a page must have taken a command up, for its report to be here in time (ms). */
const MARGIN = 500;
const NOTHING: Effect[] = [];
/** How many late answers of one operation are kept. */
const LATE_KEPT = 20;
/** How many ended commands are remembered. */
const ENDED_KEPT = 50;
const IDLE: Activity = { kind: 'idle' };
/** So long a page that an operation reloads may take until its SDK is there again (ms). */
const RELOAD_PATIENCE = 15_000;
const NO_CUSTOMER: Customer = { uuid: null, trouble: null, signedIn: null, simpleAuth: null, facts: {}, cookies: [] };
const NOTHING_BEYOND: Session['beyond'] = { foreign: 0, twins: 0 };
const NO_MOMENT: Moment = { uuid: null, identity: 'unknown', token: null };

/** The session after `event`, and what is to be done. Pure: reads no clock, keeps nothing. */
export function transition(session: Session, event: SessionEvent): Transition {
  const stepped = step(session, event);
  const settled = check(stepped.session, event.at);
  const alarmAt = alarmFor(settled.session, event.at);
  const effects = [...stepped.effects, ...settled.effects];
  // An alarm reads first: what the badge then shows comes with the answer, or with its failure.
  const badge = settled.session.alarmed ? session.badge : badgeOf(settled.session, event.at);
  const next =
    settled.session.alarmAt === alarmAt && sameBadge(settled.session.badge, badge)
      ? settled.session
      : { ...settled.session, alarmAt, badge };
  if (next.alarmAt !== session.alarmAt) effects.push({ type: 'alarm', at: next.alarmAt });
  // With each new alarm too: the browser takes a tab's badge away when it navigates.
  if (!sameBadge(session.badge, badge) || (next.alarmAt !== session.alarmAt && event.type !== 'alarm'))
    effects.push({ type: 'badge', badge });
  return { session: next, effects };
}

function step(session: Session, event: SessionEvent): Transition {
  switch (event.type) {
    case 'access':
      return only(session.access === event.access ? session : { ...session, access: event.access });
    case 'reply':
      // Another client is shown since it was asked.
      return event.target === (session.target?.document ?? null) ? reply(session, event.reply, event.at) : only(session);
    case 'lost':
      return only({
        ...leave(session, event.at),
        silence: null,
        alarmed: false,
        // What the document told is read once more when it is reached again.
        cursor: 0,
        // Where the tab is now is not known.
        site: null,
        stage: { phase: 'unreachable', problem: event.problem },
      });
    case 'jar':
      // Of another site, which was left meanwhile.
      return only(event.origin === session.origin ? { ...session, jar: event.cookies } : session);
    case 'listed':
      return listed(session, event);
    case 'choose':
      return choose(session, event);
    case 'silent':
      return only({ ...session, silence: event.problem, alarmed: false });
    case 'run':
      return run(session, event);
    case 'read':
      return { session, effects: session.document === null ? NOTHING : [{ type: 'send', command: { kind: 'read' } }] };
    case 'alarm':
      return session.stage.phase === 'attached'
        ? { session: { ...session, alarmed: true }, effects: [{ type: 'send', command: { kind: 'read' } }] }
        : only(session);
    case 'tick':
      return tick({ ...session, alarmed: false }, event.at);
  }
}

const only = (session: Session): Transition => ({ session, effects: NOTHING });

// --- reports -----------------------------------------------------------------------------------------------------

function reply(session: Session, { document, origin, path, at: pageNow, reports }: AgentReply, at: number): Transition {
  let next = session;
  if (document !== session.document) {
    const target = session.target && { ...session.target, document };
    // Another origin ends the session; a new document of the same one continues it.
    const base = session.origin === null || session.origin === origin ? leave(session, at) : anew(session, at);
    next = {
      ...base,
      document,
      origin,
      target,
      site: target ? base.site : origin,
      documents: base.documents + 1,
      cursor: 0,
      lateSeq: 0,
      stage: { phase: 'searching', candidate: null },
    };
  }
  if (next.path !== path) next = { ...next, path };
  if (next.silence) next = { ...next, silence: null };
  if (next.target === null && next.site !== origin) next = { ...next, site: origin };
  if (next.stage.phase === 'unreachable') next = { ...next, stage: { phase: 'searching', candidate: null } };
  const offset = pageNow - at;
  if (next.clockOffset === null || Math.abs(offset - next.clockOffset) > 1000) next = { ...next, clockOffset: offset };
  const effects: Effect[] = next.carried && !session.carried ? [{ type: 'wake', at: at + RELOAD_PATIENCE }] : [];
  for (const report of reports) {
    if (report.seq <= next.cursor) continue;
    const taken = take({ ...next, cursor: report.seq }, report, at);
    effects.push(...taken.effects);
    // Each report may settle an operation, and the next must see that.
    const settled = check(taken.session, at);
    effects.push(...settled.effects);
    next = settled.session;
  }
  return { session: next, effects };
}

/** The session as its document goes: what runs is interrupted, unless it reloads the page itself. */
function leave(session: Session, at: number): Session {
  const { stage } = session;
  if (stage.phase === 'attached' && stage.activity.kind !== 'idle' && stage.activity.run.reloads) {
    const { run } = stage.activity;
    return { ...session, carried: { run, answer: stage.activity.kind === 'checking' ? stage.activity.answer : null } };
  }
  return interrupt(session, at, 'document-gone');
}

/** A new session in the same tab: what belongs to the tab, and not to the customer, stays. */
function anew(session: Session, at: number): Session {
  const { tab, incognito, lead, access, alarmAt, badge, site, target, chosen, listing, beyond } = session;
  const { ended, last } = endCarried(interrupt(session, at, 'document-gone'), at);
  return {
    ...newSession(tab, incognito, at),
    lead,
    access,
    alarmAt,
    badge,
    site,
    target,
    chosen,
    listing,
    beyond,
    ended,
    last: last === session.last ? null : last,
  };
}

function take(session: Session, report: Report, at: number): Transition {
  const { stage } = session;
  if (report.kind === 'page') return page(session, report, at);
  if (report.kind === 'late') return only(late(session, report));
  if (stage.phase !== 'attached') return only(session);
  const { activity } = stage;
  switch (report.kind) {
    case 'sample': {
      if (report.client !== stage.client.ref) return only(session);
      const { signedIn, simpleAuth } = report;
      const { uuid, trouble, facts, cookies } = withoutTokens(
        { uuid: report.uuid, trouble: report.trouble, facts: report.facts, cookies: report.cookies },
        stage.token.kind === 'known' ? stage.token.facts.raw : null,
      );
      const { lastUuid } = session;
      const previousUuid = lastUuid !== null && uuid !== null && uuid !== lastUuid ? lastUuid : session.previousUuid;
      const stale = stage.token.kind === 'known' && stage.customer.uuid !== null && uuid !== stage.customer.uuid;
      const customer: Customer = { uuid, trouble, signedIn, simpleAuth, facts, cookies };
      return only({
        ...session,
        previousUuid,
        lastUuid: uuid ?? lastUuid,
        stage: { ...stage, customer, token: stale ? { ...stage.token, stale } : stage.token },
      });
    }
    case 'token': {
      if (report.client !== stage.client.ref) return only(session);
      const token = tokenAfter(stage.token, report);
      const read: Activity = activity.kind === 'checking' ? { ...activity, tokenRead: true } : activity;
      return only({ ...session, alarmed: false, stage: { ...stage, token, activity: read } });
    }
    case 'started':
      if (activity.kind !== 'running' || activity.run.id !== report.id) return only(session);
      // The agent sampled right before the call: that is what the outcome is compared with.
      return only({
        ...session,
        stage: { ...stage, activity: { ...activity, started: true, run: fromHere(activity.run, session, stage) } },
      });
    case 'settled': {
      if (activity.kind !== 'running' || activity.run.id !== report.id) return only(session);
      const { how, ms } = report;
      const secret = stage.token.kind === 'known' ? stage.token.facts.raw : null;
      const { value, error } = withoutTokens({ value: report.value, error: report.error }, secret);
      const checking = toCheck(activity.run, { how, value, error, ms }, at);
      return { session: { ...session, stage: { ...stage, activity: checking } }, effects: [{ type: 'wake', at: checking.nextAt }] };
    }
  }
}

/** Notes an answer after the first, whether its operation has ended or is still being checked. */
function late(session: Session, { id, how, seq }: Extract<Report, { kind: 'late' }>): Session {
  const { last, stage, lateSeq } = session;
  if (seq <= lateSeq) return session;
  const noted = (before: readonly Settlement[]) => [...before, how].slice(0, LATE_KEPT);
  if (last?.id === id) return { ...session, lateSeq: seq, last: { ...last, late: noted(last.late) } };
  if (stage.phase !== 'attached' || stage.activity.kind !== 'checking' || stage.activity.run.id !== id) return session;
  return { ...session, lateSeq: seq, stage: { ...stage, activity: { ...stage.activity, late: noted(stage.activity.late) } } };
}

/** Of the kind that was chosen, in a document of that site. */
const isOfKind = (chosen: Choice | null, origin: string | null, { dialect, place }: ClientInfo): boolean =>
  chosen !== null && chosen.origin === origin && chosen.dialect === dialect && chosen.place === place;

/** The very one that was chosen, as far as addresses tell. */
const isChosen = (chosen: Choice | null, { origin, path }: Pick<Listed, 'origin' | 'path'>, client: ClientInfo): boolean =>
  isOfKind(chosen, origin, client) && chosen?.path === path;

const isReady = ({ state }: ClientInfo): boolean => state === 'ready';

/** Which client the session shows: the same as before where it is still there, else the chosen one, else the first that is ready. */
function page(session: Session, { clients, absent, strays, frames }: Extract<Report, { kind: 'page' }>, at: number): Transition {
  const { stage } = session;
  const next = {
    ...session,
    clients,
    strays,
    frames,
    ...(frames === 0 && session.target === null && { listing: [], beyond: NOTHING_BEYOND }),
  };
  const ready = clients.filter(isReady);
  const current = stage.phase === 'attached' ? ready.find(({ ref }) => ref === stage.client.ref) : undefined;
  const wanted = ready.find((one) => isOfKind(session.chosen, session.origin, one));
  if (current && stage.phase === 'attached') {
    if (!wanted || wanted === current || stage.activity.kind !== 'idle') return only({ ...next, stage: { ...stage, client: current } });
    return attach(next, wanted, at);
  }
  // What reloads the page settles on the client that it was run on, and on no other that is there first.
  const of = session.carried ? session.of : null;
  const client = of ? ready.find(({ dialect, place }) => of.dialect === dialect && of.place === place) : (wanted ?? ready[0]);
  const rest = interrupt(next, at, 'document-gone');
  return client
    ? attach(rest, client, at)
    : only({ ...rest, stage: { phase: absent ? 'absent' : 'searching', candidate: clients[0] ?? null } });
}

/** Shows `client`, of which nothing is known yet. An operation that reloaded the page goes on with it. */
function attach(session: Session, client: ClientInfo, at: number): Transition {
  const stage: Attached = {
    phase: 'attached',
    client,
    customer: NO_CUSTOMER,
    token: { kind: 'none', trouble: null, said: false },
    activity: IDLE,
  };
  const begun = ofClient(session, client, at);
  const { carried } = begun;
  if (!carried) return only({ ...begun, stage });
  const answer = carried.answer ?? { how: 'success', value: null, error: null, ms: at - carried.run.at };
  const checking = { ...toCheck(carried.run, answer, at), reloaded: true };
  return {
    session: { ...begun, carried: null, stage: { ...stage, activity: checking } },
    effects: [{ type: 'wake', at: checking.nextAt }],
  };
}

/** `session` as that of `client`: begun anew where it was another client's. */
function ofClient(session: Session, { dialect, place }: ClientInfo, at: number): Session {
  const { of } = session;
  if (of?.dialect === dialect && of.place === place) return session;
  const mine = { ...session, of: { dialect, place } };
  if (of === null) return mine;
  // What ended with the other client is still told.
  return { ...endCarried(mine, at), since: at, documents: 1, previousUuid: null, lastUuid: null, seeded: null };
}

function toCheck(run: Run, answer: Answer, at: number): Extract<Activity, { kind: 'checking' }> {
  return {
    kind: 'checking',
    run,
    answer,
    settledAt: at,
    readings: 0,
    nextAt: at + (READING_PAUSES[0] ?? 0),
    tokenRead: false,
    reloaded: false,
    late: [],
  };
}

// --- frames ------------------------------------------------------------------------------------------------------

/**
 * Which document is shown after a look through all of them: the chosen client's; else the same as before; else the top
 * frame's where an SDK is in it, else the first that has one.
 */
function listed(session: Session, { documents, beyond, at }: Extract<SessionEvent, { type: 'listed' }>): Transition {
  const top = documents.find(({ frame }) => frame === null);
  const next = { ...session, listing: documents, beyond, site: top?.origin ?? session.site };
  const { stage, target, chosen } = session;
  const has = ({ clients }: Listed) => clients.some(isReady);
  const shown = documents.find(({ document, frame }) => document === session.document || (target !== null && frame === target.frame));
  // Its frame was reloaded: the next answer goes on from there.
  if (shown && target && (shown.document !== target.document || shown.frame !== target.frame) && shown.frame !== null)
    return only({ ...next, target: { document: shown.document, frame: shown.frame } });
  const candidates = documents.filter(({ origin, clients }) => clients.some((one) => isReady(one) && isOfKind(chosen, origin, one)));
  const exact = candidates.find((one) => one.clients.some((client) => isChosen(chosen, one, client)));
  // One of the kind alone will do; of several none is taken for another.
  const wanted = exact ?? (candidates.length === 1 ? candidates[0] : undefined);
  const isShown =
    stage.phase === 'attached' && session.origin !== null && isChosen(chosen, { origin: session.origin, path: session.path }, stage.client);
  const busy = session.carried !== null || (stage.phase === 'attached' && stage.activity.kind !== 'idle');
  // It is not left for another of its kind while it loads.
  const isAwaited = shown !== undefined && chosen !== null && shown.frame === chosen.frame && shown.origin === chosen.origin;
  if (wanted && wanted !== shown && !isShown && !isAwaited && !(shown && busy)) return only(show(next, wanted, at));
  const other = documents.find(has);
  if (target !== null && !shown) return only(show(next, other ?? top ?? null, at));
  if (target === null && stage.phase !== 'attached' && !busy && other && !(top && has(top))) return only(show(next, other, at));
  return only(next);
}

/** Goes over to another document; `null` for the top frame. Its session begins with its first answer. */
function show(session: Session, listed: Listed | null, at: number): Session {
  const { document, frame } = listed ?? { document: '', frame: null };
  return { ...anew(session, at), target: frame === null ? null : { document, frame } };
}

function choose(session: Session, { document, ref, at }: Extract<SessionEvent, { type: 'choose' }>): Transition {
  const { stage } = session;
  const own = document === session.document;
  const listed = session.listing.find((one) => one.document === document);
  const client = (own ? session.clients : listed?.clients)?.find((one) => one.ref === ref);
  const origin = own ? session.origin : (listed?.origin ?? null);
  const busy = stage.phase === 'attached' && stage.activity.kind !== 'idle';
  if (!client || !isReady(client) || origin === null || busy || stage.phase === 'unreachable') return only(session);
  const frame = own ? (session.target?.frame ?? null) : (listed?.frame ?? null);
  const path = own ? session.path : (listed?.path ?? '');
  const chosen: Choice = { origin, path, frame, dialect: client.dialect, place: client.place };
  if (!own) return only(show({ ...session, chosen }, listed ?? null, at));
  if (stage.phase === 'attached' && stage.client.ref === ref) return only({ ...session, chosen });
  const attached = attach({ ...session, chosen, last: null }, client, at);
  return { ...attached, effects: [{ type: 'send', command: { kind: 'read' } }] };
}

const READ_TROUBLE = {
  missing: 'This client has no method that gives the token.',
  deadline: 'The SDK did not answer the request for the token.',
  success: 'The SDK answered the request for the token with something that is no token.',
} as const;

function tokenAfter(token: TokenState, { how, token: read, none, error }: Extract<Report, { kind: 'token' }>): TokenState {
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

// --- operations --------------------------------------------------------------------------------------------------

function run(session: Session, event: Extract<SessionEvent, { type: 'run' }>): Transition {
  const { stage, last } = session;
  const { id, operation, args, deadline, at } = event;
  // Asked again after a reconnect: what ended has ended, and what runs is sent again, which the agent takes once.
  if (last?.id === id || session.ended.includes(id) || session.carried?.run.id === id) return only(session);
  const send = (client: ClientInfo, begun: number): Effect => ({
    type: 'send',
    command: {
      kind: 'run',
      id,
      client: client.ref,
      operation,
      args,
      deadline,
      // Before a verdict says that it never started.
      notAfter: begun + deadline + GRACE - MARGIN + (session.clockOffset ?? 0),
    },
  });
  if (stage.phase === 'attached' && stage.activity.kind !== 'idle' && stage.activity.run.id === id) {
    return {
      session,
      effects: stage.activity.kind === 'running' && !stage.activity.started ? [send(stage.client, stage.activity.run.at)] : NOTHING,
    };
  }
  const ruled = ruling(session, operation);
  if (stage.phase !== 'attached' || (ruled.kind === 'ruled-out' && !(ruled.anyway && event.anyway))) {
    return {
      session,
      effects: [
        {
          type: 'refuse',
          id,
          problem: { kind: 'sdk', code: 'ruled-out', message: ruled.kind === 'ruled-out' ? ruled.reason : 'No SDK is there.' },
        },
      ],
    };
  }
  const binding = tableOf(stage.client.dialect)?.bindings[operation];
  if (binding?.kind === 'emulated' && binding.uuid && !args['uuid'])
    return { session, effects: [{ type: 'refuse', id, problem: { kind: 'sdk', code: 'no-uuid', message: 'No UUID was given to set.' } }] };
  const unmaskable = OPERATIONS[operation].args.some(
    ({ name, ...arg }) => 'format' in arg && arg.format === 'jwt' && withoutTokens(args[name], null) === args[name],
  );
  if (unmaskable)
    return { session, effects: [{ type: 'refuse', id, problem: { kind: 'sdk', code: 'no-jwt', message: 'That is no JWT.' } }] };
  const { seeded, expects } = OPERATIONS[operation];
  const seed = seeded ? String(args['clientIdentifier'] ?? '') : null;
  const reloads = binding?.kind === 'emulated' && binding.steps.some((step) => step.do === 'reload');
  const before = momentOf(stage);
  const begun = fromHere(
    { id, operation, expects: expects(args), at, deadline, before, seed, sameSeed: false, aim: aimOf(operation, args), reloads },
    session,
    stage,
  );
  return {
    session: { ...session, stage: { ...stage, activity: { kind: 'running', run: begun, started: false } } },
    effects: [send(stage.client, at), { type: 'wake', at: at + deadline + GRACE }],
  };
}

function aimOf(operation: OperationName, args: ArgumentValues): string | null {
  const { aim } = OPERATIONS[operation];
  const value = aim && args[aim];
  return typeof value !== 'string' ? null : aim === 'token' ? fingerprint(value) : value;
}

/** `run` as it starts from what the session shows now. */
function fromHere(run: Run, { seeded }: Session, stage: Attached): Run {
  const before = momentOf(stage);
  return { ...run, before, sameSeed: run.seed !== null && seeded?.seed === run.seed && seeded.uuid === before.uuid };
}

function tick(session: Session, at: number): Transition {
  const { stage, carried } = session;
  if (carried) {
    const until = carried.run.at + RELOAD_PATIENCE;
    if (at < until) return { session, effects: [{ type: 'wake', at: until }] };
    const ended = endCarried(session, at);
    const waiting = session.clients.find(isReady);
    return waiting && stage.phase !== 'attached' ? attach(ended, waiting, at) : only(ended);
  }
  if (stage.phase !== 'attached' || stage.activity.kind === 'idle') return only(session);
  const { activity } = stage;
  if (activity.kind === 'running') {
    const until = activity.run.at + activity.run.deadline + GRACE;
    if (at < until) return { session, effects: [{ type: 'wake', at: until }] };
    const [verdict, note] = activity.started ? (['timed-out', 'page-silent'] as const) : (['interrupted', 'never-started'] as const);
    return only(end(session, stage, activity, verdict, note, at));
  }
  if (at < activity.nextAt) return { session, effects: [{ type: 'wake', at: activity.nextAt }] };
  const readings = activity.readings + 1;
  const pause = READING_PAUSES[readings];
  const nextAt = pause === undefined ? at + GRACE : at + pause;
  return {
    session: { ...session, stage: { ...stage, activity: { ...activity, readings, nextAt } } },
    effects: [
      { type: 'send', command: { kind: 'read' } },
      { type: 'wake', at: nextAt },
    ],
  };
}

/** Ends an answered operation as soon as its verdict is clear. */
function check(session: Session, at: number): Transition {
  const { stage } = session;
  if (stage.phase !== 'attached' || stage.activity.kind !== 'checking') return only(session);
  const { activity } = stage;
  const judgement = judge(activity, momentOf(stage), at);
  if (!judgement) return only(session);
  // The page may be asking its person whether to leave.
  const waits = judgement.verdict === 'refused' && activity.run.reloads && !activity.reloaded;
  if (waits && at < activity.run.at + RELOAD_PATIENCE) return only(session);
  return only(end(session, stage, activity, judgement.verdict, waits ? 'not-reloaded' : judgement.note, at));
}

function end(
  session: Session,
  stage: Attached,
  activity: Exclude<Activity, { kind: 'idle' }>,
  verdict: Verdict,
  note: OutcomeNote | null,
  at: number,
): Session {
  const { run } = activity;
  const after = momentOf(stage);
  const answer = activity.kind === 'checking' ? activity.answer : null;
  const late = activity.kind === 'checking' ? activity.late : [];
  const seeded = verdict === 'done' && run.seed !== null && after.uuid !== null ? { seed: run.seed, uuid: after.uuid } : session.seeded;
  const ended = withOutcome(session, run, { verdict, note, answer, late, after, endedAt: at });
  return { ...ended, seeded, stage: { ...stage, activity: IDLE } };
}

/** Ends an operation whose page did not come back. */
function endCarried(session: Session, at: number): Session {
  const { carried } = session;
  if (!carried) return session;
  const { run, answer } = carried;
  return {
    ...withOutcome(session, run, { verdict: 'interrupted', note: 'document-gone', answer, late: [], after: NO_MOMENT, endedAt: at }),
    carried: null,
  };
}

function withOutcome(
  session: Session,
  { id, operation, expects, at, before }: Run,
  end: Pick<Outcome, 'verdict' | 'note' | 'answer' | 'late' | 'after' | 'endedAt'>,
): Session {
  return { ...session, last: { id, operation, expects, at, before, ...end }, ended: [...session.ended, id].slice(-ENDED_KEPT) };
}

/** Ends what runs because the page, or its client, went away. An answer that came before keeps the verdict that it has. */
function interrupt(session: Session, at: number, note: OutcomeNote): Session {
  const { stage } = session;
  if (stage.phase !== 'attached' || stage.activity.kind === 'idle') return session;
  const { activity } = stage;
  const judged = activity.kind === 'checking' ? judge(activity, momentOf(stage), Number.POSITIVE_INFINITY) : null;
  // A change that was not seen may have come all the same.
  if (!judged || judged.verdict === 'refused') return end(session, stage, activity, 'interrupted', note, at);
  return end(session, stage, activity, judged.verdict, judged.note, at);
}

// --- alarm and badge ---------------------------------------------------------------------------------------------

const knownToken = ({ stage }: Session) => (stage.phase === 'attached' && stage.token.kind === 'known' ? stage.token.facts : null);

/** At expiry minus the lead; within the lead, at the expiry itself; `null` without a known expiry ahead. */
function alarmFor(session: Session, at: number): number | null {
  const expiresAt = knownToken(session)?.expiresAt ?? null;
  if (expiresAt === null || expiresAt <= at) return null;
  const early = expiresAt - session.lead;
  return early > at ? early : expiresAt;
}

function badgeOf(session: Session, at: number): Badge {
  const token = knownToken(session);
  const status = token && tokenStatus(token, at, session.lead);
  if (token?.expiresAt && status === 'near-expiry') return { kind: 'near-expiry', expiresAt: token.expiresAt };
  return { kind: status === 'expired' ? 'expired' : 'none' };
}

const sameBadge = (a: Badge, b: Badge): boolean =>
  a.kind === b.kind && (a.kind !== 'near-expiry' || a.expiresAt === (b as typeof a).expiresAt);
