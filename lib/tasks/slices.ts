/** Runs long work in slices, and yields to the event loop between them so that nothing else has to wait. */

/** The longest slice (ms): several fit between two frames. */
export const SLICE = 6;

/** Yields to the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    // Not a timer: browsers slow down timers in nested and hidden pages.
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/**
 * Calls `each` for every item, in slices. Resolves to true at the end, or to false if `isOver` returned true because the
 * result is no longer needed. @param told called after each slice with the number of items done @param every how many
 * items to process between checks of the clock; 1 if a single item can take long
 */
export async function inSlices<T>(
  items: readonly T[],
  each: (item: T, index: number) => void,
  { isOver = () => false, told = () => {}, every = 16 }: { isOver?: () => boolean; told?: (done: number) => void; every?: number } = {},
): Promise<boolean> {
  let until = performance.now() + SLICE;
  for (let index = 0; index < items.length; index += 1) {
    each(items[index] as T, index);
    if (index % every || performance.now() < until) continue;
    told(index + 1);
    await turn();
    if (isOver()) return false;
    until = performance.now() + SLICE;
  }
  return !isOver();
}
