/** List and text helpers that use syntax only, as in `own.ts`; only the client driver needs these. */
import { each, find, indexIn, isAt } from './own';

/** A copy sorted by `size`, largest first. */
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

/** `text` with each of `pieces` replaced by `by`; if two match at one position, the first listed wins. Stops after `max` characters. */
export function replaced(text: string, pieces: readonly string[], by: string, max: number): string {
  let made = '';
  for (let at = 0; at < text.length && made.length <= max; ) {
    const piece = find(pieces, (one) => one !== '' && isAt(text, one, at));
    made += piece === undefined ? text[at] : by;
    at += piece?.length ?? 1;
  }
  return made;
}
