// Waiting for a condition instead of a time.
import { currentSignal } from './cancel.mjs';

/**
 * Polls `probe` until it returns a truthy value; an error that it throws counts as not yet.
 * @template T
 * @param {string} what for the error message
 * @param {() => Promise<T> | T} probe
 * @param {number} [ms] timeout
 * @returns {Promise<Exclude<T, null | undefined | false | 0 | ''>>} rejects on timeout, and if the work that waits is canceled
 */
export async function until(what, probe, ms = 10_000) {
  const start = Date.now();
  /** @type {unknown} */
  let last;
  for (;;) {
    currentSignal()?.throwIfAborted();
    try {
      const value = await probe();
      if (value) return /** @type {Exclude<T, null | undefined | false | 0 | ''>} */ (value);
      last = value;
    } catch (error) {
      last = error instanceof Error ? error.message : error;
    }
    const waited = Date.now() - start;
    if (waited > ms) throw new Error(`Waited ${ms} ms for ${what}; last: ${JSON.stringify(last)?.slice(0, 300)}`);
    // Often at first: what takes 10 ms is not waited for four times as long.
    await new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(waited / 8, 4), 40)));
  }
}
