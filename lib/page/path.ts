import type { Path } from '../sdk/dialects/dialect';
import { apply, page } from './builtins';
import { each, part, split, starts } from './own';
import { peek } from './plain';

/** A member found by a path, and the object that it is a member of. */
export interface Reached {
  readonly self: unknown;
  readonly value: unknown;
}

const missing = (value: unknown) => value === undefined || value === null;
const CALL = '()';

/**
 * Walks `path` from `holder` (see `Path`). A getter that throws yields `undefined`; a method that throws, throws. `below`
 * maps each method before it is called: to the one below our wrapper, so that our own reads aren't taken for page calls.
 * @param scope its members take precedence over the page's globals (`Detected.scope`)
 */
export function reach(holder: unknown, path: Path, below: (method: unknown) => unknown = (method) => method, scope?: unknown): Reached {
  let reached: Reached = { self: undefined, value: undefined };
  let found = false;
  each(split(path, '|'), (way) => {
    if (found) return;
    reached = { self: undefined, value: holder };
    if (way !== '')
      each(split(way, '.'), (step) => {
        const isGlobal = starts(step, '^');
        const isCall = step[step.length - 1] === ')';
        const name = part(step, isGlobal ? 1 : 0, isCall ? step.length - CALL.length : step.length);
        const self = !isGlobal ? reached.value : missing(peek(scope, name)) ? page : scope;
        let value = peek(self, name);
        if (isCall) value = typeof value === 'function' ? apply(below(value) as () => unknown, self, []) : undefined;
        reached = { self, value };
      });
    found = !missing(reached.value);
  });
  return reached;
}

/** The value at `path`. */
export const read = (holder: unknown, path: Path, below?: (method: unknown) => unknown, scope?: unknown): unknown =>
  reach(holder, path, below, scope).value;
