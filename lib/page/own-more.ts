/** Lists and texts by syntax alone, as in `own.ts`: what only the driver of a client needs. */
import { each, find, indexIn, isAt } from './own';

/** A sorted copy, the item first that is greatest by `size`. */
export function descending<T>(list: readonly T[], size: (item: T) => number): T[] {
  const sorted: T[] = [];
  each(list, (item) => {
    let index = sorted.length;
    for (; index > 0 && size(sorted[index - 1] as T) < size(item); index -= 1) sorted[index] = sorted[index - 1] as T;
    sorted[index] = item;
  });
  return sorted;
}

export const contains = (text: string, piece: string): boolean => indexIn(text, piece) >= 0;

/** `text` with `by` in the place of each of `pieces`; where two fit, of the one that is named first. What follows more than `max` characters is left off. */
export function replaced(text: string, pieces: readonly string[], by: string, max: number): string {
  let made = '';
  for (let at = 0; at < text.length && made.length <= max; ) {
    const piece = find(pieces, (one) => one !== '' && isAt(text, one, at));
    made += piece === undefined ? text[at] : by;
    at += piece?.length ?? 1;
  }
  return made;
}
