/** Long work in slices, so that nothing else waits for it: between two of them everything else has its turn. */

/** A slice takes no longer (ms): several fit between two frames. */
const SLICE = 6;

/** Lets everything else have its turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    // No timer: those of nested or hidden pages are slowed down.
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/**
 * Does `each` for every item, in slices. Gives true at the end, false where `isOver` said meanwhile that nobody waits for
 * it any more. @param told called after each slice with how many are done
 */
export async function inSlices<T>(
  items: readonly T[],
  each: (item: T, index: number) => void,
  { isOver = () => false, told = () => {} }: { isOver?: () => boolean; told?: (done: number) => void } = {},
): Promise<boolean> {
  let until = performance.now() + SLICE;
  for (let index = 0; index < items.length; index += 1) {
    each(items[index] as T, index);
    if (index % 16 || performance.now() < until) continue;
    told(index + 1);
    await turn();
    if (isOver()) return false;
    until = performance.now() + SLICE;
  }
  return !isOver();
}
