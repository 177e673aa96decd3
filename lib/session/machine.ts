import { OPERATIONS } from '../sdk/operations';
import type { AgentCommand, AgentReply, ClientInfo, Report, Settlement } from '../sdk/wire';
import type { Problem } from './problem';
import { withoutTokens } from './redact';
import { ruling } from './ruling';
import {
  type Access,
  type Activity,
  type Badge,
  type Customer,
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
  /** An answer of the agent. */
  | { readonly type: 'reply'; readonly reply: AgentReply }
  /** The page cannot be reached (any more). */
  | { readonly type: 'lost'; readonly problem: Problem }
  /** The page is reached, and does not answer. */
  | { readonly type: 'silent'; readonly problem: Problem }
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
      return reply(session, event.reply, event.at);
    case 'lost':
      return only({
        ...interrupt(session, event.at, 'document-gone'),
        silence: null,
        alarmed: false,
        // What the document told is read once more when it is reached again.
        cursor: 0,
        stage: { phase: 'unreachable', problem: event.problem },
      });
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

function reply(session: Session, { document, origin, at: pageNow, reports }: AgentReply, at: number): Transition {
  let next = session;
  if (document !== session.document) {
    const sameOrigin = session.origin === null || session.origin === origin;
    // Another origin ends the session; a new document of the same one continues it.
    const base = sameOrigin
      ? interrupt(session, at, 'document-gone')
      : {
          ...newSession(session.tab, session.incognito, at),
          lead: session.lead,
          access: session.access,
          alarmAt: session.alarmAt,
          badge: session.badge,
          ended: interrupt(session, at, 'document-gone').ended,
        };
    next = {
      ...base,
      document,
      origin,
      documents: base.documents + 1,
      cursor: 0,
      lateSeq: 0,
      stage: { phase: 'searching', candidate: null },
    };
  }
  if (next.silence) next = { ...next, silence: null };
  if (next.stage.phase === 'unreachable') next = { ...next, stage: { phase: 'searching', candidate: null } };
  const offset = pageNow - at;
  if (next.clockOffset === null || Math.abs(offset - next.clockOffset) > 1000) next = { ...next, clockOffset: offset };
  const effects: Effect[] = [];
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

function take(session: Session, report: Report, at: number): Transition {
  const { stage } = session;
  if (report.kind === 'page') return only(page(session, report.clients, report.absent, at));
  if (report.kind === 'late') return only(late(session, report));
  if (stage.phase !== 'attached') return only(session);
  const { activity } = stage;
  switch (report.kind) {
    case 'sample': {
      if (report.client !== stage.client.ref) return only(session);
      const { uuid, signedIn, simpleAuth, trouble } = report;
      const stale = stage.token.kind === 'known' && stage.customer.uuid !== null && uuid !== stage.customer.uuid;
      const customer: Customer = { uuid, trouble, signedIn, simpleAuth };
      return only({ ...session, stage: { ...stage, customer, token: stale ? { ...stage.token, stale } : stage.token } });
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
      const nextAt = at + (READING_PAUSES[0] ?? 0);
      const checking: Activity = {
        kind: 'checking',
        run: activity.run,
        answer: { how, value, error, ms },
        settledAt: at,
        readings: 0,
        nextAt,
        tokenRead: false,
        late: [],
      };
      return { session: { ...session, stage: { ...stage, activity: checking } }, effects: [{ type: 'wake', at: nextAt }] };
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

/** Which client the session shows: the same as before where it is still there, else the first that is ready. */
function page(session: Session, clients: readonly ClientInfo[], absent: boolean, at: number): Session {
  const { stage } = session;
  const ready = clients.filter((client) => client.ready);
  const current = stage.phase === 'attached' ? ready.find(({ ref }) => ref === stage.client.ref) : undefined;
  if (current && stage.phase === 'attached') return { ...session, stage: { ...stage, client: current } };
  const rest = interrupt(session, at, 'document-gone');
  const client = ready[0];
  if (client) {
    const customer: Customer = { uuid: null, trouble: null, signedIn: null, simpleAuth: null };
    return { ...rest, stage: { phase: 'attached', client, customer, token: { kind: 'none', trouble: null }, activity: IDLE } };
  }
  return { ...rest, stage: { phase: absent ? 'absent' : 'searching', candidate: clients[0] ?? null } };
}

const READ_TROUBLE = {
  missing: 'This client has no method that gives the token.',
  deadline: 'The SDK did not answer the request for the token.',
  success: 'The SDK answered the request for the token with something that is no token.',
} as const;

function tokenAfter(token: TokenState, { how, token: read, error }: Extract<Report, { kind: 'token' }>): TokenState {
  if (read) return { kind: 'known', facts: tokenFacts(read), trouble: null, stale: false };
  const trouble: Problem = {
    kind: how === 'deadline' ? 'timeout' : 'sdk',
    message: error?.message ?? (how in READ_TROUBLE ? READ_TROUBLE[how as keyof typeof READ_TROUBLE] : 'The token could not be read.'),
    ...(error?.code !== null && error !== null && { code: String(error.code) }),
  };
  return token.kind === 'known' ? { ...token, trouble } : { kind: 'none', trouble };
}

// --- operations --------------------------------------------------------------------------------------------------

function run(session: Session, event: Extract<SessionEvent, { type: 'run' }>): Transition {
  const { stage, last } = session;
  const { id, operation, args, deadline, at } = event;
  // Asked again after a reconnect: what ended has ended, and what runs is sent again, which the agent takes once.
  if (last?.id === id || session.ended.includes(id)) return only(session);
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
  const { seeded, expects } = OPERATIONS[operation];
  const seed = seeded ? String(args['clientIdentifier'] ?? '') : null;
  const begun = fromHere(
    { id, operation, expects: expects(args), at, deadline, before: momentOf(stage), seed, sameSeed: false },
    session,
    stage,
  );
  return {
    session: { ...session, stage: { ...stage, activity: { kind: 'running', run: begun, started: false } } },
    effects: [send(stage.client, at), { type: 'wake', at: at + deadline + GRACE }],
  };
}

/** `run` as it starts from what the session shows now. */
function fromHere(run: Run, { seeded }: Session, stage: Attached): Run {
  const before = momentOf(stage);
  return { ...run, before, sameSeed: run.seed !== null && seeded?.seed === run.seed && seeded.uuid === before.uuid };
}

function tick(session: Session, at: number): Transition {
  const { stage } = session;
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
  const judgement = judge(stage.activity, momentOf(stage), at);
  return only(judgement ? end(session, stage, stage.activity, judgement.verdict, judgement.note, at) : session);
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
  const last: Outcome = {
    id: run.id,
    operation: run.operation,
    expects: run.expects,
    verdict,
    at: run.at,
    endedAt: at,
    answer: activity.kind === 'checking' ? activity.answer : null,
    before: run.before,
    after,
    note,
    late: activity.kind === 'checking' ? activity.late : [],
  };
  const seeded = verdict === 'done' && run.seed !== null && after.uuid !== null ? { seed: run.seed, uuid: after.uuid } : session.seeded;
  return { ...session, last, ended: [...session.ended, run.id].slice(-ENDED_KEPT), seeded, stage: { ...stage, activity: IDLE } };
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
