/** Operations of a session: the one in progress, and those that ended. Times in epoch ms of the worker's clock. */
import type { Settlement, WireError } from '../page/wire';
import type { ArgumentValues, Expectation } from '../sdk/operation';
import type { OperationName } from '../sdk/operations';
import type { Plain } from '../sdk/plain-data';
import type { Identity, RunBy, Verdict } from './terms';

/** State of a session at one moment, for comparison. Contains no token: `fingerprint` only distinguishes tokens. */
export interface Moment {
  readonly uuid: string | null;
  readonly identity: Identity;
  readonly token: {
    readonly fingerprint: string;
    readonly origin: string | null;
    readonly expiresAt: number | null;
    /** The customer it is for, if the SDK reports it. */
    readonly clientId: string | null;
  } | null;
}

/** An operation that a view requests. */
export interface RunRequest {
  /** Created in the view: a command with a given id runs only once, even if the worker or the view dies. */
  readonly id: string;
  readonly operation: OperationName;
  /** By canonical argument name. */
  readonly args: ArgumentValues;
  /** Run it even if the session rules it out. */
  readonly anyway: boolean;
  /** How long the SDK may take to answer (ms). */
  readonly deadline: number;
  /** The document and client that the view showed when it requested the operation: it runs on no other. */
  readonly of?: { readonly document: string; readonly client: number };
}

/** An accepted operation. */
export interface Run {
  /** The command's id, created in the view. */
  readonly id: string;
  readonly operation: OperationName;
  readonly expects: Expectation;
  /** When it was requested, and how long the SDK may take to answer (ms). */
  readonly at: number;
  readonly deadline: number;
  readonly before: Moment;
  /** The seed of a seeded operation, and whether the UUID before the operation already came from that seed. */
  readonly seed: string | null;
  readonly sameSeed: boolean;
  /** The UUID, or the fingerprint of the token, that the customer should have afterward, if the arguments specify it. */
  readonly aim: string | null;
  /** The operation reloads the page: its verdict is reached on the next document. */
  readonly reloads: boolean;
  /** Account fields that it sends as `null`, by name (`attributes.name` for an attribute). */
  readonly resets: readonly string[];
  /** It has no arguments: if its page goes away before receiving it, it may run on the next document. */
  readonly bare: boolean;
  readonly by: RunBy;
}

/** An operation that is carried from one document to the next: it reloads the page, or waits for a document that is loading. */
export interface Carried {
  readonly run: Run;
  /** The answer that came before the page went away; `null` if none did. */
  readonly answer: Answer | null;
  /** The page certainly never received it: it runs on the next document. */
  readonly waits?: true;
}

export type Activity =
  | { readonly kind: 'idle' }
  /** Sent to the page; `started` once the agent has reported that it began. */
  | { readonly kind: 'running'; readonly run: Run; readonly started: boolean }
  /** Answered; the session is read again until the verdict is clear. */
  | {
      readonly kind: 'checking';
      readonly run: Run;
      readonly answer: Answer;
      readonly settledAt: number;
      /** How many further readings were requested, and when the next one is due. */
      readonly readings: number;
      readonly nextAt: number;
      /** Whether the token has been read since the answer. */
      readonly tokenRead: boolean;
      /** It was carried over from the document that it reloaded. */
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

/** Why an operation got its verdict, where the verdict alone doesn't explain it; the views supply the wording. */
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

/** What `getAccount` returned at `at`, and whose account it is. */
export interface AccountReading {
  readonly at: number;
  readonly uuid: string | null;
  readonly identity: Identity;
  /** From the token at that time; `null` if it has none. */
  readonly clientId: string | null;
  readonly value: { readonly [field: string]: Plain };
}

/** The account before and after an operation that may have changed it. It is read again afterward; `unread`: that failed. */
export interface AccountChange {
  readonly before: AccountReading;
  readonly after: AccountReading | null;
  readonly state: 'wanted' | 'reading' | 'read' | 'unread';
  /** Fields that were to be reset. */
  readonly resets: readonly string[];
}

/** The result of an operation, in addition to its verdict. */
export interface RunResult {
  readonly answer: Answer | null;
  readonly before: Moment;
  readonly after: Moment;
  readonly note: OutcomeNote | null;
  /** Answers after the first: recorded, but they don't change the verdict. */
  readonly late: readonly Settlement[];
  /** `null` if the account was not known before, or could not have changed. */
  readonly account: AccountChange | null;
}

/** An operation that ended. */
export interface EndedRun {
  /** The command's id. */
  readonly id: string;
  readonly operation: OperationName;
  readonly by: RunBy;
  readonly expects: Expectation;
  /** Number of the session in the tab that it ran in. */
  readonly nth: number;
  /** When it was requested, and when it ended. */
  readonly at: number;
  readonly endedAt: number;
  readonly verdict: Verdict;
  /** Whether the SDK answered in time. */
  readonly answered: boolean;
  /** Whether the history has an entry for it. */
  readonly noted: boolean;
  /** Kept only for the last operation that a person requested, while its page and client are shown. */
  readonly result: RunResult | null;
}

/** The operations of a tab. */
export interface Runs {
  /** The operation that is carried from one document to the next. */
  readonly carried: Carried | null;
  /** The latest ended operations, newest last: none of them runs again, on any document or site. */
  readonly ended: readonly EndedRun[];
}

/** How an operation that a person requested ended. */
export type Outcome = Omit<EndedRun, 'result'> & RunResult;

/** The outcome of the last operation that a person requested; `null` if none is shown. */
export function lastOutcome({ ended }: Runs): Outcome | null {
  const last = ended.findLast(({ result }) => result !== null);
  if (!last?.result) return null;
  const { result, ...rest } = last;
  return { ...rest, ...result };
}

/** Whether a command has already run. */
export const hasEnded = ({ ended }: Runs, id: string): boolean => ended.some((one) => one.id === id);

/** The runs without their results, because the page or client that they belong to is no longer shown. */
export const withoutResults = (runs: Runs): Runs =>
  runs.ended.some(({ result }) => result) ? { ...runs, ended: runs.ended.map((one) => ({ ...one, result: null })) } : runs;
