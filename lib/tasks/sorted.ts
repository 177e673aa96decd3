/** Sorts long lists in slices, so that nothing else has to wait. */
import { inSlices, SLICE, turn } from './slices';

/** Items that are sorted at once: a fraction of a slice. */
const RUN = 1024;

type Key = number | string;
/** Made once: `localeCompare` with options makes one for each comparison. */
const words = new Intl.Collator('en', { numeric: true });
const compare = (a: Key, b: Key): number => (typeof a === 'number' && typeof b === 'number' ? a - b : words.compare(String(a), String(b)));

/** `items`, which must not change meanwhile, by `key`, equal ones in their order; `null` if `isOver` returned true because the result is no longer needed. */
export async function sortedInSlices<T>(
  items: readonly T[],
  key: (item: T) => Key,
  descending: boolean,
  isOver: () => boolean = () => false,
): Promise<readonly T[] | null> {
  const sign = descending ? -1 : 1;
  const keys: Key[] = [];
  /** Indexes of items, each list in order. */
  let runs: number[][] = [];
  const add = (item: T, index: number): void => {
    keys.push(key(item));
    if (index % RUN === 0) runs.push([]);
    runs.at(-1)?.push(index);
  };
  if (!(await inSlices(items, add, { isOver }))) return null;
  const order = (one: number, other: number) => sign * compare(keys[one] as Key, keys[other] as Key);
  if (!(await inSlices(runs, (run) => void run.sort(order), { isOver, every: 1 }))) return null;
  let until = performance.now() + SLICE;
  while (runs.length > 1) {
    const merged: number[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      const [left, right = []] = [runs[at] as number[], runs[at + 1]];
      const both = joined(left, right, order) ?? [];
      for (let l = 0, r = 0; ; ) {
        if (performance.now() >= until) {
          await turn();
          if (isOver()) return null;
          until = performance.now() + SLICE;
        }
        // A few hundred between checks of the clock.
        for (const end = Math.min(both.length + 256, left.length + right.length); both.length < end; ) {
          const takesLeft = r === right.length || (l < left.length && order(left[l] as number, right[r] as number) <= 0);
          both.push((takesLeft ? left[l++] : right[r++]) as number);
        }
        if (both.length === left.length + right.length) break;
      }
      merged.push(both);
    }
    runs = merged;
  }
  // The caller draws what it gets, which takes a slice of its own.
  await turn();
  return isOver() ? null : (runs[0] ?? []).map((index) => items[index] as T);
}

/** The two lists in one, if one of them comes entirely before the other, as in data already in order or in reverse order; otherwise `null`. */
function joined(left: number[], right: number[], order: (one: number, other: number) => number): number[] | null {
  if (!right.length || order(left.at(-1) as number, right[0] as number) <= 0) return left.concat(right);
  return order(right.at(-1) as number, left[0] as number) < 0 ? right.concat(left) : null;
}
