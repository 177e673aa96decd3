/** Only what nobody foresaw is logged: all else is told where it is of use. */
import { problemOf } from '../session/problem';

export function logBug(error: unknown): void {
  const problem = problemOf(error);
  if (problem.kind === 'bug') console.error(problem.message);
}
