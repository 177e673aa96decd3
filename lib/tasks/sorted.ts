/** Sorts long lists in slices, so that nothing else has to wait. */
import { inSlices, SLICE, turn } from './slices';

/** Items that are sorted at once: a fraction of a slice. */
const RUN = 1024;

type Key = number | string;
/** Made once: `localeCompare` with options makes one for each comparison. */
const words = new Intl.Collator('en', { numeric: true });
const compare = (a: Key, b: Key): number => (typeof a === 'number' && typeof b === 'number' ? a - b : words.compare(String(a), String(b)));

/** `items` by `key`, equal ones in their order; `null` if `isOver` returned true because the result is no longer needed. */
export async function sortedInSlices<T>(
  items: readonly T[],
  key: (item: T) => Key,
  descending: boolean,
  isOver: () => boolean = () => false,
): Promise<readonly T[] | null> {
  const sign = descending ? -1 : 1;
  type Keyed = { readonly item: T; readonly key: Key };
  const keyed: Keyed[] = [];
  if (!(await inSlices(items, (item) => void keyed.push({ item, key: key(item) }), { isOver }))) return null;
  const order = (a: Keyed, b: Keyed) => sign * compare(a.key, b.key);
  let runs: Keyed[][] = [];
  for (let at = 0; at < keyed.length; at += RUN) runs.push(keyed.slice(at, at + RUN));
  if (!(await inSlices(runs, (run) => void run.sort(order), { isOver, every: 1 }))) return null;
  let until = performance.now() + SLICE;
  while (runs.length > 1) {
    const merged: Keyed[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      const [left, right = []] = [runs[at] as Keyed[], runs[at + 1]];
      const both: Keyed[] = [];
      for (let l = 0, r = 0; l < left.length || r < right.length; ) {
        const [one, other] = [left[l], right[r]];
        const takesLeft = other === undefined || (one !== undefined && order(one, other) <= 0);
        both.push((takesLeft ? one : other) as Keyed);
        if (takesLeft) l += 1;
        else r += 1;
        if (both.length % 256 || performance.now() < until) continue;
        await turn();
        if (isOver()) return null;
        until = performance.now() + SLICE;
      }
      merged.push(both);
    }
    runs = merged;
  }
  return (runs[0] ?? []).map(({ item }) => item);
}
