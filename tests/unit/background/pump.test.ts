import { beforeEach, expect, it, vi } from 'vitest';
import { createPump, type Exchanged, pause, WAIT } from '@/lib/background/pump';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

/** How long applying a reply takes (ms). */
const TAKEN = 20;

/** A pump over a page that has news after each of these times (ms), then none. `at` has when each request was sent (ms). */
function pumping(news: readonly number[]) {
  const started = performance.now();
  const at: number[] = [];
  const waits: number[] = [];
  const left = [...news];
  const pump = createPump({
    isWanted: async () => true,
    exchange: async (wait): Promise<Exchanged> => {
      at.push(Math.round(performance.now() - started));
      waits.push(wait);
      if (wait) await pause(left.shift() ?? wait);
      return 'reached';
    },
    mayComeBack: () => false,
    mayWait: () => true,
    taken: () => TAKEN,
  });
  void pump.run();
  return { at, waits, pump };
}

it('does not wait for news the first time, and then for 5 s', async () => {
  const { waits } = pumping([]);
  await vi.advanceTimersByTimeAsync(WAIT + 100);
  expect(waits).toEqual([0, WAIT, WAIT]);
});

it('asks again at once after news', async () => {
  const { at } = pumping([100, 30, 200]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(at).toEqual([0, 0, 100, 130, 330]);
});

it('gives a page that always has news a quarter of the time, after a burst', async () => {
  const { at } = pumping(Array.from({ length: 100 }, () => 1));
  await vi.advanceTimersByTimeAsync(500);
  const pauses = at.slice(1).map((one, index) => one - (at[index] ?? 0));
  expect(pauses.slice(0, 4)).toEqual([0, 1, 1, 1]);
  expect(new Set(pauses.slice(4))).toEqual(new Set([1 + 3 * TAKEN]));
});

it('allows the next burst once the page had no news for a while', async () => {
  const { at } = pumping([1, 1, 1, 1, 1, 600, 1, 1]);
  await vi.advanceTimersByTimeAsync(2000);
  const [last = 0, ...others] = at.toReversed();
  expect(others.slice(0, 2)).toEqual([last - 1, last - 2]);
});

it('requests what a command leads to without pauses, also within a burst', async () => {
  const { at, pump } = pumping(Array.from({ length: 100 }, () => 1));
  await vi.advanceTimersByTimeAsync(20);
  const before = at.length;
  pump.expect();
  await vi.advanceTimersByTimeAsync(4);
  expect(at.slice(before)).toEqual([20, 21, 22, 23, 24]);
});
