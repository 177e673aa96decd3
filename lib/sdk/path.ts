import { apply } from './builtins';
import type { Path } from './dialects/dialect';
import { original } from './originals';
import { peek } from './plain';

/** A member found by a path, and what it is a member of. */
export interface Reached {
  readonly self: unknown;
  readonly value: unknown;
}

const missing = (value: unknown) => value === undefined || value === null;

/**
 * Walks `path` from `holder` (see `Path`). A getter that throws gives nothing; a method that throws, throws. Methods
 * are called below our wrappers, so that our own looks are not taken for calls of the page.
 */
export function reach(holder: unknown, path: Path): Reached {
  let reached: Reached = { self: undefined, value: undefined };
  for (const way of path.split('|')) {
    reached = { self: undefined, value: holder };
    for (const part of way ? way.split('.') : []) {
      const self = part[0] === '^' ? globalThis : reached.value;
      const [name = ''] = part.replace('^', '').split('()');
      let value = peek(self, name);
      if (part.endsWith('()')) value = typeof value === 'function' ? apply(original(value) as () => unknown, self, []) : undefined;
      reached = { self, value };
    }
    if (!missing(reached.value)) break;
  }
  return reached;
}

/** The value at `path`. */
export const read = (holder: unknown, path: Path): unknown => reach(holder, path).value;
