/** What the background logs. */
import { problemOf } from '../session/problem';

/** Logs a problem of whatever kind: nobody waits to be told of it. */
export const logProblem = (error: unknown): void => console.error(problemOf(error).message);

/** Logs only what nobody foresaw: all else is told where it is of use. */
export function logBug(error: unknown): void {
  const problem = problemOf(error);
  if (problem.kind === 'bug') console.error(problem.message);
}
