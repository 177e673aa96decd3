import { expect, it } from 'vitest';
import { type Problem, ProblemError, problemOf } from '@/lib/session/problem';

it('returns the problem that was thrown', () => {
  const problem: Problem = { kind: 'gone', code: 'navigated', message: 'Away.' };
  expect(problemOf(new ProblemError(problem))).toBe(problem);
  expect(new ProblemError(problem)).toMatchObject({ name: 'ProblemError', message: 'Away.' });
});

it.each([
  [new TypeError('x is not a function'), 'x is not a function'],
  ['words', 'words'],
  [undefined, 'undefined'],
  [{ kind: 'gone', message: 'forged' }, '[object Object]'],
])('turns %o into a bug', (thrown, message) => {
  expect(problemOf(thrown)).toEqual({ kind: 'bug', message });
});
