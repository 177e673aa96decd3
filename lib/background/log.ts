/** Logging in the background. */
import { problemOf } from '../session/problem';

/** Logs a problem of any kind, for work whose caller does not wait for errors. */
export const logProblem = (error: unknown): void => console.error(problemOf(error).message);

/** Logs unexpected errors (bugs) only: other problems are reported where they matter. */
export function logBug(error: unknown): void {
  const problem = problemOf(error);
  if (problem.kind === 'bug') console.error(problem.message);
}
