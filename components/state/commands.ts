/** The operations that this view requested, and the result that it shows: one at a time, until the session tells how it ended. */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { ViewMessage } from '@/lib/protocol/view-message';
import type { ArgumentValues } from '@/lib/sdk/operation';
import type { OperationName } from '@/lib/sdk/operations';
import type { Problem } from '@/lib/session/problem';
import { hasEnded, lastOutcome, type Outcome } from '@/lib/session/run';
import { DEFAULT_DEADLINE, type Session, underWay } from '@/lib/session/session';

type RunMessage = Extract<ViewMessage, { type: 'run' }>;

/** The result of the last operation, or its progress. `id` is the command's. */
export type Result =
  | { readonly kind: 'busy'; readonly id: string; readonly operation: OperationName; readonly at: number }
  | { readonly kind: 'ended'; readonly id: string; readonly operation: OperationName; readonly outcome: Outcome }
  /** Rejected, or lost with its session. */
  | { readonly kind: 'refused'; readonly id: string; readonly operation: OperationName; readonly problem: Problem; readonly lost: boolean };

/** A command shows as running once it has run this long (ms): most end before anyone could read it, and drawing it would delay them. */
export const UNSEEN = 100;

const LOST: Problem = { kind: 'gone', message: 'The page navigated before the call finished.' };

export interface Commands {
  readonly result: ReadonlySignal<Result | null>;
  /** Closes the result that is shown. */
  dismiss(): void;
  /** Sends a command and returns its id; `null` if another one is running. */
  begin(operation: OperationName, args: ArgumentValues, anyway: boolean): string | null;
  /** Whether the pending command has begun so recently that it doesn't show yet. */
  hasJustBegun(): boolean;
  /** The background accepted or refused a command, which may be this view's. */
  answered(id: string, problem: Problem | null): void;
  /** Call after each change of the known session: clears the pending command if it has ended there. */
  settle(): void;
  /** Another client is shown: what was refused was for the one before. */
  forgetRefused(): void;
  /** Another SDK is shown: the result that is shown isn't its own. */
  hideOutcome(): void;
  /** What the background hasn't accepted yet, to send again after a reconnect. */
  unsaid(): readonly ViewMessage[];
}

/** What the commands need of their view. */
export interface CommandsNeeds {
  /** The session that the view shows. */
  readonly session: ReadonlySignal<Session | null>;
  /** The session as last heard of. */
  known(): Session | null;
  /** Sends a new command. */
  send(message: RunMessage): void;
  /** The pending command shows from now on. */
  onShows(): void;
}

export function createCommands({ session, known, send, onShows }: CommandsNeeds): Commands {
  /** The pending command; `taken` once the background has accepted it, `shows` once it has run for a while. */
  const pending = signal<{
    readonly message: RunMessage;
    readonly at: number;
    readonly taken: boolean;
    readonly shows: boolean;
  } | null>(null);
  const refused = signal<Extract<Result, { kind: 'refused' }> | null>(null);
  let refusedAt = 0;
  /** Id of the result that the user closed. */
  const dismissed = signal<string | null>(null);

  const latest = computed<Result | null>(() => {
    const waiting = pending.value;
    if (waiting?.shows) return { kind: 'busy', id: waiting.message.id, operation: waiting.message.operation, at: waiting.at };
    if (!session.value) return refused.value;
    const { stage, runs } = session.value;
    const run = runs.carried?.run ?? underWay(stage)?.run;
    // Runs started by the alarm show in the token card.
    if (run?.by === 'person') return { kind: 'busy', id: run.id, operation: run.operation, at: run.at };
    const last = lastOutcome(runs);
    // A result goes with its SDK, unless the navigation itself interrupted it.
    const isLeft = stage.phase === 'absent' || stage.phase === 'unreachable';
    if (isLeft && last?.verdict !== 'interrupted') return refused.value?.lost ? refused.value : null;
    if (refused.value && (!last || last.at <= refusedAt)) return refused.value;
    return last ? { kind: 'ended', id: last.id, operation: last.operation, outcome: last } : null;
  });
  const result = computed<Result | null>(() => (latest.value?.id === dismissed.value ? null : latest.value));

  const refuse = ({ id, operation }: RunMessage, problem: Problem, lost: boolean) => {
    refusedAt = Date.now();
    refused.value = { kind: 'refused', id, operation, problem, lost };
    pending.value = null;
  };
  const settle = () => {
    const waiting = pending.value;
    const now = known();
    if (!waiting || !now) return;
    const { stage, runs } = now;
    const { id } = waiting.message;
    if (hasEnded(runs, id)) {
      refused.value = null;
      pending.value = null;
    } else if (waiting.taken && runs.carried?.run.id !== id && underWay(stage)?.run.id !== id) refuse(waiting.message, LOST, true);
  };

  return {
    result,
    dismiss() {
      dismissed.value = latest.value?.id ?? null;
    },
    begin(operation, args, anyway) {
      if (pending.value || result.value?.kind === 'busy') return null;
      const deadline = session.value?.policy.deadline ?? DEFAULT_DEADLINE;
      const { stage, page } = session.value ?? {};
      const of = stage?.phase === 'attached' && page?.document ? { of: { document: page.document, client: stage.client.ref } } : {};
      const message: RunMessage = { type: 'run', id: crypto.randomUUID(), operation, args, anyway, deadline, ...of };
      pending.value = { message, at: Date.now(), taken: false, shows: false };
      setTimeout(() => {
        if (pending.value?.message.id !== message.id) return;
        pending.value = { ...pending.value, shows: true };
        onShows();
      }, UNSEEN);
      send(message);
      return message.id;
    },
    hasJustBegun: () => pending.value?.shows === false,
    answered(id, problem) {
      const waiting = pending.value;
      if (waiting?.message.id !== id) return;
      if (problem) return refuse(waiting.message, problem, false);
      // The command won't be sent again, so its secrets are dropped.
      pending.value = { ...waiting, message: { ...waiting.message, args: {} }, taken: true };
      settle();
    },
    settle,
    forgetRefused() {
      if (!refused.value?.lost) refused.value = null;
    },
    hideOutcome() {
      dismissed.value = (session.value && lastOutcome(session.value.runs)?.id) ?? null;
    },
    unsaid: () => (pending.value && !pending.value.taken ? [pending.value.message] : []),
  };
}
