/** Starts operations, checks their answers and ends them. */

import { secretsOf, whatIsWrong, wrongWords } from '../forms/arguments';
import type { AgentReport, ClientInfo, Settlement } from '../page/wire';
import { withoutTokens } from '../redaction/jwts';
import { tableOf } from '../sdk/dialects';
import type { ArgumentValues } from '../sdk/operation';
import { OPERATIONS, type OperationName } from '../sdk/operations';
import { fingerprint } from '../text/fingerprint';
import { isSameAccount, readingOf, resetsOf } from './account';
import { availabilityOf } from './availability';
import { type Attached, type Effect, only, type SessionEvent, type Transition } from './events';
import { momentOf } from './identity';
import type { Problem } from './problem';
import { afterTry } from './refresh-policy';
import {
  type AccountChange,
  type AccountReading,
  type Activity,
  type Answer,
  type EndedRun,
  hasEnded,
  lastOutcome,
  type Moment,
  type OutcomeNote,
  type Run,
  type RunResult,
  withoutResults,
} from './run';
import { type Session, underWay, withPart } from './session';
import type { Verdict } from './terms';
import { judge, READING_PAUSES } from './verdict';

/** How long after an operation's deadline the page may still report the timeout (ms). */
const GRACE = 3000;
/** Safety margin: the page must start a command at least this long before it counts as never started (ms). */
const MARGIN = 500;
/** How many late answers are kept for one operation. */
const LATE_KEPT = 20;
/** How many ended commands are remembered. */
const ENDED_KEPT = 50;
export const IDLE: Activity = { kind: 'idle' };
/** How long a page that an operation reloads may take until its SDK is ready again (ms). */
const RELOAD_PATIENCE = 15_000;
const ELSEWHERE: Problem = {
  kind: 'gone',
  code: 'elsewhere',
  message: 'The page or its SDK changed since the form was opened. Nothing was sent.',
};
const NO_MOMENT: Moment = { uuid: null, identity: 'unknown', token: null };

/** The activity for an answered operation, whose outcome is to be checked. */
export function toCheck(run: Run, answer: Answer, at: number): Extract<Activity, { kind: 'checking' }> {
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

/** Records an answer after the first, whether its operation has ended or is still being checked. */
export function late(session: Session, { id, how }: Extract<AgentReport, { kind: 'late' }>): Session {
  const { stage, runs } = session;
  const noted = (before: readonly Settlement[]) => [...before, how].slice(0, LATE_KEPT);
  const last = lastOutcome(runs);
  if (last?.id === id) return withPart(session, 'runs', { ended: withResult(runs.ended, id, { late: noted(last.late) }) });
  if (stage.phase !== 'attached' || stage.activity.kind !== 'checking' || stage.activity.run.id !== id) return session;
  return { ...session, stage: { ...stage, activity: { ...stage.activity, late: noted(stage.activity.late) } } };
}

export function run(session: Session, event: Extract<SessionEvent, { type: 'run' }>): Transition {
  const { stage } = session;
  const { id, operation, args, deadline, at, of, by = 'person' } = event;
  const secrets = secretsOf(operation);
  // Requested again after a reconnect: an ended operation doesn't run again; a running one is sent again, and the agent runs it once.
  if (hasEnded(session.runs, id) || session.runs.carried?.run.id === id) return only(session);
  const send = (client: ClientInfo, begun: number): Effect =>
    sending(session, client, { id, operation, deadline, at: begun }, args, secrets);
  if (stage.phase === 'attached' && stage.activity.kind !== 'idle' && stage.activity.run.id === id) {
    return {
      session,
      effects: stage.activity.kind === 'running' && !stage.activity.started ? [send(stage.client, stage.activity.run.at)] : [],
    };
  }
  const refuse = (problem: Problem): Transition => ({ session, effects: [{ type: 'refuse', id, problem }] });
  if (stage.phase !== 'attached') return refuse({ kind: 'sdk', code: 'ruled-out', message: 'No SDK on this page.' });
  if (of && (of.document !== session.page.document || of.client !== stage.client.ref)) return refuse(ELSEWHERE);
  const ruled = availabilityOf(session, operation);
  if (ruled.kind === 'ruled-out' && !(ruled.anyway && event.anyway))
    return refuse({ kind: 'sdk', code: 'ruled-out', message: ruled.reason });
  const binding = tableOf(stage.client.dialect)?.bindings[operation];
  const wrong = whatIsWrong(operation, binding, args);
  if (wrong) return refuse({ kind: 'sdk', code: 'wrong-arguments', message: wrongWords(operation, wrong) });
  const { seeded, expects } = OPERATIONS[operation];
  const seed = seeded ? String(args['clientIdentifier'] ?? '') : null;
  const reloads = binding?.kind === 'emulated' && binding.steps.some((step) => step.do === 'reload');
  const before = momentOf(stage);
  const begun = fromHere(
    {
      id,
      operation,
      expects: expects(args),
      at,
      deadline,
      before,
      seed,
      sameSeed: false,
      aim: aimOf(operation, args),
      reloads,
      resets: resetsOf(args),
      bare: Object.keys(args).length === 0,
      by,
    },
    session,
    stage,
  );
  return {
    session: { ...session, stage: { ...stage, activity: { kind: 'running', run: begun, started: false } } },
    effects: [send(stage.client, at)],
  };
}

/** The effect that sends an operation to the page. */
function sending(
  { page: { document }, visit: { origin } }: Session,
  client: ClientInfo,
  { id, operation, deadline, at }: Pick<Run, 'id' | 'operation' | 'deadline' | 'at'>,
  args: ArgumentValues,
  secrets: readonly string[],
): Effect {
  // The page must start it before the verdict that it never started.
  const notAfter = at + deadline + GRACE - MARGIN;
  const of = { document: document ?? '', origin: origin ?? '', client: client.ref };
  return {
    type: 'send',
    command: { kind: 'run', id, ...of, operation, args, ...(secrets.length && { secrets }), deadline, notAfter },
  };
}

/** Handles an operation whose page is gone: it runs on the next document, or is interrupted if the page may have received it. */
export function unsent(session: Session, { id, surely, at }: Extract<SessionEvent, { type: 'unsent' }>): Transition {
  const {
    stage,
    runs: { carried },
  } = session;
  if (carried?.run.id !== id || carried.run.reloads) return only(session);
  if (!surely) return only(endCarried(session, at));
  const waiting = withPart(session, 'runs', { carried: { ...carried, waits: true } });
  return stage.phase === 'attached' ? takenUp(waiting, stage) : only(waiting);
}

/** Runs the operation that waited for this document, if any, based on what is known about the document so far. */
export function takenUp(session: Session, stage: Attached): Transition {
  const { carried } = session.runs;
  if (!carried?.waits || stage.activity.kind !== 'idle') return only({ ...session, stage });
  const { run } = carried;
  return {
    session: { ...withPart(session, 'runs', { carried: null }), stage: { ...stage, activity: { kind: 'running', run, started: false } } },
    effects: [sending(session, stage.client, run, {}, [])],
  };
}

function aimOf(operation: OperationName, args: ArgumentValues): string | null {
  const { aim } = OPERATIONS[operation];
  const value = aim && args[aim];
  return typeof value !== 'string' ? null : aim === 'token' ? fingerprint(value) : value;
}

/** `run` with the current state of the session as its starting point. */
function fromHere(run: Run, { history: { seeded } }: Session, stage: Attached): Run {
  const before = momentOf(stage);
  return { ...run, before, sameSeed: run.seed !== null && seeded?.seed === run.seed && seeded.uuid === before.uuid };
}

/** When to look at the operation in progress again (epoch ms); `null` if there is none. */
export function runWake({ stage, runs: { carried } }: Session): number | null {
  if (carried) return carried.run.at + RELOAD_PATIENCE;
  const activity = underWay(stage);
  if (!activity) return null;
  return activity.kind === 'running' ? activity.run.at + activity.run.deadline + GRACE : activity.nextAt;
}

/** If the clock was set back, restarts the timing of the operation in progress: otherwise its deadline would be that much later. */
export function afterClockSetBack(session: Session, at: number): Session {
  const {
    stage,
    runs: { carried },
  } = session;
  const rebased = (run: Run): Run => (run.at > at ? { ...run, at } : run);
  if (carried && carried.run.at > at) return withPart(session, 'runs', { carried: { ...carried, run: rebased(carried.run) } });
  if (stage.phase !== 'attached' || stage.activity.kind === 'idle' || stage.activity.run.at <= at) return session;
  const { activity } = stage;
  const run = rebased(activity.run);
  const next: Activity =
    activity.kind === 'running'
      ? { ...activity, run }
      : { ...activity, run, settledAt: Math.min(activity.settledAt, at), nextAt: Math.min(activity.nextAt, at + (READING_PAUSES[0] ?? 0)) };
  return { ...session, stage: { ...stage, activity: next } };
}

/** Does what is due at `at` (epoch ms) for the operation in progress. */
export function tickRun(session: Session, at: number): Transition {
  const {
    stage,
    runs: { carried },
  } = session;
  const due = runWake(session);
  if (due === null || at < due) return only(session);
  if (carried) return only(endCarried(session, at));
  if (stage.phase !== 'attached' || stage.activity.kind === 'idle') return only(session);
  const { activity } = stage;
  if (activity.kind === 'running') {
    const [verdict, note] = activity.started ? (['timed-out', 'page-silent'] as const) : (['interrupted', 'never-started'] as const);
    return only(end(session, stage, activity, verdict, note, at));
  }
  const readings = activity.readings + 1;
  const pause = READING_PAUSES[readings];
  const nextAt = pause === undefined ? at + GRACE : at + pause;
  return {
    session: { ...session, stage: { ...stage, activity: { ...activity, readings, nextAt } } },
    effects: [{ type: 'send', command: { kind: 'read' } }],
  };
}

/** The page started the operation: its outcome is compared with what the agent sampled right before the call. */
export function begun(session: Session, stage: Attached, id: string): Session {
  const { activity } = stage;
  if (activity.kind !== 'running' || activity.run.id !== id) return session;
  return { ...session, stage: { ...stage, activity: { ...activity, started: true, run: fromHere(activity.run, session, stage) } } };
}

/** The SDK answered the operation. */
export function answered(session: Session, stage: Attached, report: Extract<AgentReport, { kind: 'settled' }>, at: number): Session {
  const { activity } = stage;
  if (activity.kind !== 'running' || activity.run.id !== report.id) return session;
  const { how, ms } = report;
  const secret = stage.token.kind === 'known' ? stage.token.facts.raw : null;
  const { value, error } = withoutTokens({ value: report.value, error: report.error }, secret);
  return { ...session, stage: { ...stage, activity: toCheck(activity.run, { how, value, error, ms }, at) } };
}

/** Ends an answered operation as soon as its verdict is clear. */
export function check(session: Session, at: number): Session {
  const { stage } = session;
  if (stage.phase !== 'attached' || stage.activity.kind !== 'checking') return session;
  const { activity } = stage;
  const judgment = judge(activity, momentOf(stage), at);
  if (!judgment) return session;
  // The page may be asking the user whether to leave.
  const waits = judgment.verdict === 'refused' && activity.run.reloads && !activity.reloaded;
  if (waits && at < activity.run.at + RELOAD_PATIENCE) return session;
  return end(session, stage, activity, judgment.verdict, waits ? 'not-reloaded' : judgment.note, at);
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
  const seeded =
    verdict === 'done' && run.seed !== null && after.uuid !== null ? { seed: run.seed, uuid: after.uuid } : session.history.seeded;
  const reading = run.operation === 'getAccount' && verdict === 'done' && answer ? readingOf(session, run.before, answer.value, at) : null;
  const read = reading ? withPart(session, 'history', { account: reading }) : session;
  const ended = withOutcome(read, run, { verdict, note, answer, late, after, endedAt: at }, reading);
  return { ...withPart(ended, 'history', { seeded }), stage: { ...stage, activity: IDLE } };
}

/** Ends an operation whose page did not come back. */
export function endCarried(session: Session, at: number): Session {
  const { carried } = session.runs;
  if (!carried) return session;
  const { run, answer } = carried;
  const end = { verdict: 'interrupted', note: 'document-gone', answer, late: [], after: NO_MOMENT, endedAt: at } as const;
  return withPart(withOutcome(session, run, end), 'runs', { carried: null });
}

/**
 * The session after an operation. Only an operation that a person requested has a result to show: one by the alarm updates
 * `tokenRefresh`, and a follow-up completes the last result.
 */
function withOutcome(
  session: Session,
  { id, operation, expects, at, before, by, resets }: Run,
  end: Pick<RunResult, 'note' | 'answer' | 'late' | 'after'> & { readonly verdict: Verdict; readonly endedAt: number },
  reading: AccountReading | null = null,
): Session {
  const { account } = session.history;
  if (by === 'follow-up') {
    const last = lastOutcome(session.runs);
    if (!last?.account) return session;
    const change = reread(last.account, reading);
    // The earlier reading is out of date.
    const next = change.after ? session : withPart(session, 'history', { account: reading });
    return withPart(next, 'runs', { ended: withResult(session.runs.ended, last.id, { account: change }) });
  }
  const { endedAt, verdict, ...rest } = end;
  const answered = rest.answer !== null && rest.answer.how !== 'deadline';
  const run = { id, operation, by, expects, nth: session.history.nth, at, endedAt, verdict, answered, noted: false };
  if (by === 'person') {
    const changes = OPERATIONS[operation].account?.changes && verdict === 'done' && account;
    const change = changes ? ({ before: changes, after: null, state: 'wanted', resets } as const) : null;
    const result = { ...rest, before, account: change };
    return withPart(session, 'runs', { ended: withRun(withoutResults(session.runs).ended, { ...run, result }) });
  }
  const problem = { kind: 'sdk' as const, message: rest.answer?.error?.message ?? `Token refresh: ${verdict}.` };
  return {
    ...withPart(session, 'runs', { ended: withRun(session.runs.ended, { ...run, result: null }) }),
    tokenRefresh: afterTry(session, verdict, problem, endedAt),
  };
}

/** The ended runs and one more; a run whose result is shown stays, however old. */
const withRun = (ended: readonly EndedRun[], run: EndedRun): readonly EndedRun[] => [
  ...ended.slice(0, 1 - ENDED_KEPT).filter(({ result }) => result),
  ...ended.slice(1 - ENDED_KEPT),
  run,
];

/** The ended runs, with `more` added to the result of one of them. */
const withResult = (ended: readonly EndedRun[], id: string, more: Partial<RunResult>): readonly EndedRun[] =>
  ended.map((one) => (one.id === id && one.result ? { ...one, result: { ...one.result, ...more } } : one));

/**
 * An account change with its second reading, which is dropped if it failed or belongs to another customer. The UUID isn't
 * compared, because the operation may have changed it.
 */
function reread(change: AccountChange, reading: AccountReading | null): AccountChange {
  const after = reading && isSameAccount(change.before, reading) ? reading : null;
  return { ...change, after, state: after ? 'read' : 'unread' };
}

/** Reads the account again after an operation that may have changed it, if it was read before, so that views can show the difference. */
export function followUp(session: Session, at: number): Transition {
  const { stage, runs, policy, history } = session;
  const last = lastOutcome(runs);
  if (last?.account?.state !== 'wanted' || underWay(stage)) return only(session);
  const change = last.account;
  const as = (state: AccountChange['state']): Session =>
    withPart(session, 'runs', { ended: withResult(runs.ended, last.id, { account: { ...change, state } }) });
  // A different client or customer is shown by now, or none.
  if (!history.account || stage.phase !== 'attached') return only(as('unread'));
  const asked = { type: 'run', operation: 'getAccount', args: {}, anyway: false, by: 'follow-up' } as const;
  const begun = run(as('reading'), { ...asked, id: `account-${last.id}`, deadline: policy.deadline, at });
  return begun.effects.some(({ type }) => type === 'send') ? begun : only(as('unread'));
}

/** Ends the operation in progress because the page or its client went away. If it was answered, its verdict so far stands. */
export function interrupt(session: Session, at: number, note: OutcomeNote): Session {
  const { stage } = session;
  if (stage.phase !== 'attached' || stage.activity.kind === 'idle') return session;
  const { activity } = stage;
  const judged = activity.kind === 'checking' ? judge(activity, momentOf(stage), Number.POSITIVE_INFINITY) : null;
  // The expected change may have happened without being seen.
  if (!judged || judged.verdict === 'refused') return end(session, stage, activity, 'interrupted', note, at);
  return end(session, stage, activity, judged.verdict, judged.note, at);
}
