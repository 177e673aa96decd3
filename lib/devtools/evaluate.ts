import type { Problem } from '../session/problem';
import { ProblemError, SILENT } from '../session/problem';

/** The second argument that `inspectedWindow.eval` passes to its callback. */
interface ExceptionInfo {
  readonly isError?: boolean;
  readonly isException?: boolean;
  readonly code?: string;
  readonly description?: string;
  readonly details?: readonly unknown[];
  readonly value?: string;
}

/** `devtools.inspectedWindow.eval` in its callback form: the promise form loses the page's errors in Chromium 156. */
export type RawEval = (
  expression: string,
  options: { readonly frameURL?: string },
  callback: (result: unknown, exception?: ExceptionInfo) => void,
) => unknown;

/** Evaluates in the frame with that URL, or in the top frame (`null`). @throws {ProblemError} */
export type Evaluate = (expression: string, frame: string | null) => Promise<unknown>;

/** @param deadline in ms; needed because a page with an open dialog never answers */
export function createEvaluate(rawEval: RawEval, deadline = 3000): Evaluate {
  return (expression, frame) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new ProblemError(SILENT)), deadline);
      const answered = (result: unknown, exception?: ExceptionInfo) => {
        clearTimeout(timer);
        if (exception?.isError) reject(new ProblemError(evalProblem(exception)));
        else if (exception?.isException)
          reject(
            new ProblemError({
              kind: 'hostile',
              message: 'The page threw while being inspected.',
              detail: String(exception.value).slice(0, 500),
            }),
          );
        else resolve(result);
      };
      try {
        rawEval(expression, frame === null ? {} : { frameURL: frame }, answered);
      } catch (error) {
        clearTimeout(timer);
        reject(error);
      }
    });
}

/** Chromium refuses `eval` in pages that failed to load, `about:blank`, `data:`, sandboxed pages, and its own pages. */
const CLOSED: Problem = {
  kind: 'forbidden',
  code: 'closed',
  message: 'DevTools extensions can’t inspect this page (failed to load, empty, sandboxed or a browser page).',
};

function evalProblem({ code = '', description = '', details = [] }: ExceptionInfo): Problem {
  const detail = [code, description, ...details.map(String)].join(' ').trim().slice(0, 500);
  if (/permission|denied|forbidden|cannot access|not allowed/i.test(detail)) return { ...CLOSED, detail };
  // Anything else happens between two documents, when there is nothing to evaluate in.
  return { kind: 'gone', code: 'navigated', message: 'The page navigated away.', detail };
}
