/** Operations of a session: the one under way, and those that ended. Instants in epoch ms of the worker's clock. */
import type { Settlement, WireError } from '../page/wire';
import type { ArgumentValues, Expectation } from '../sdk/operation';
import type { OperationName } from '../sdk/operations';
import type { Plain } from '../sdk/plain-data';
import type { Identity, RunBy, Verdict } from './terms';

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

/** What came of an operation, beside its verdict. */
export interface RunResult {
  readonly answer: Answer | null;
  readonly before: Moment;
  readonly after: Moment;
  readonly note: OutcomeNote | null;
  /** Answers after the first: noted, not obeyed. */
  readonly late: readonly Settlement[];
  /** `null` where the account was not known before, or could not have changed. */
  readonly account: AccountChange | null;
}

/** An operation that ended. */
export interface EndedRun {
  /** The command's id. */
  readonly id: string;
  readonly operation: OperationName;
  readonly by: RunBy;
  readonly expects: Expectation;
  /** The session of the tab that it was run in. */
  readonly nth: number;
  /** When it was asked for, and when it ended. */
  readonly at: number;
  readonly endedAt: number;
  readonly verdict: Verdict;
  /** The SDK gave an answer. */
  readonly answered: boolean;
  /** It stands in the history. */
  readonly noted: boolean;
  /** Kept of the last one that a person asked for, while its page and client are shown. */
  readonly result: RunResult | null;
}

/** The operations of a tab. */
export interface Runs {
  /** On its way from one document to the next. */
  readonly carried: Carried | null;
  /** The latest that ended, newest last: none of them runs again, whatever document or site comes. */
  readonly ended: readonly EndedRun[];
}

/** How an operation that a person asked for ended. */
export type Outcome = Omit<EndedRun, 'result'> & RunResult;

/** What a person's last operation came to; `null` where nothing of one is shown. */
export function lastOutcome({ ended }: Runs): Outcome | null {
  const last = ended.findLast(({ result }) => result !== null);
  if (!last?.result) return null;
  const { result, ...rest } = last;
  return { ...rest, ...result };
}

/** Whether a command has run already. */
export const hasEnded = ({ ended }: Runs, id: string): boolean => ended.some((one) => one.id === id);

/** The runs without the results that are shown: their page or client is left. */
export const withoutResults = (runs: Runs): Runs =>
  runs.ended.some(({ result }) => result) ? { ...runs, ended: runs.ended.map((one) => ({ ...one, result: null })) } : runs;
