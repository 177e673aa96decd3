export const PROBLEM_KINDS = ['sdk', 'carrier', 'timeout', 'access', 'forbidden', 'gone', 'hostile', 'bug'] as const;

/** Every error that passes from one room to another (docs/rooms.md). Only `bug` is ever logged. */
export interface Problem {
  readonly kind: (typeof PROBLEM_KINDS)[number];
  readonly code?: string;
  readonly message: string;
  readonly detail?: string;
}

/** A page that can be reached but doesn't answer in time, over either carrier. */
export const SILENT: Problem = {
  kind: 'timeout',
  message: 'The page isn’t responding. Is it paused in the debugger or showing a dialog?',
};

/** A problem that can be thrown. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
    this.name = 'ProblemError';
  }
}

/** The problem for any thrown value; an unexpected one is a `bug`. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return { kind: 'bug', message: error instanceof Error ? error.message : String(error) };
}
