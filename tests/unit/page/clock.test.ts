import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Clock } from '@/lib/page/clock';

const T = 1_800_000_000_000;
let create: () => Clock;

/** A clock created after `spoil` has changed the page's built-ins. */
async function clockAfter(spoil: () => void): Promise<Clock> {
  vi.resetModules();
  spoil();
  ({ createClock: create } = await import('@/lib/page/clock'));
  return create();
}

beforeEach(() => {
  vi.useFakeTimers({ now: T });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('time', () => {
  it('follows the background’s clock after the first exchange', async () => {
    const clock = await clockAfter(() => undefined);
    expect(clock.epoch()).toBe(T);
    clock.tell(T + 3_600_000);
    expect(clock.epoch()).toBe(T + 3_600_000);
    vi.advanceTimersByTime(500);
    expect(clock.epoch()).toBe(T + 3_600_500);
  });

  it.each<[string, () => void]>([
    ['stands still', () => vi.spyOn(Date, 'now').mockReturnValue(5)],
    ['is not a number', () => vi.spyOn(Date, 'now').mockReturnValue(Number.NaN)],
    [
      'throws',
      () =>
        vi.spyOn(Date, 'now').mockImplementation(() => {
          throw new Error('no clock');
        }),
    ],
    ['is gone', () => vi.stubGlobal('Date', undefined)],
  ])('advances with each exchange when the page’s clock %s', async (_name, spoil) => {
    const clock = await clockAfter(spoil);
    for (let n = 0; n < 5; n += 1) clock.tell(T + n * 1000);
    expect(clock.elapsed()).toBe(4000);
    expect(clock.epoch()).toBe(T + 4000);
  });

  it('counts a jump of the page’s clock as at most ten seconds, and corrects it at the next exchange', async () => {
    const now = vi.spyOn(Date, 'now').mockReturnValue(T);
    const clock = await clockAfter(() => undefined);
    clock.tell(T);
    now.mockReturnValue(T + 86_400_000);
    clock.tell(T + 100);
    expect(clock.elapsed()).toBe(100);
    now.mockReturnValue(T + 2 * 86_400_000);
    expect(clock.elapsed()).toBe(10_100);
    clock.tell(T + 200);
    expect(clock.elapsed()).toBe(200);
  });

  it('does not run fast when every other exchange arrives late', async () => {
    const clock = await clockAfter(() => undefined);
    const begun = Date.now();
    for (let n = 0; n < 500; n += 1) {
      vi.advanceTimersByTime(200);
      clock.tell(Date.now() - (n % 2 ? 40 : 2));
    }
    expect(Math.abs(clock.elapsed() - (Date.now() - begun))).toBeLessThan(100);
  });

  it('follows the page’s clock during a long pause of exchanges, and fires no timer early after it', async () => {
    const clock = await clockAfter(() => undefined);
    clock.tell(Date.now());
    vi.advanceTimersByTime(60_000);
    expect(clock.elapsed()).toBe(60_000);
    const work = vi.fn();
    clock.set(work, 10_000);
    vi.advanceTimersByTime(50);
    clock.tell(Date.now());
    expect(work).not.toHaveBeenCalled();
  });
});

describe('a timer', () => {
  it('fires once, through the page’s own timer', async () => {
    const clock = await clockAfter(() => undefined);
    const work = vi.fn();
    clock.set(work, 100);
    expect(clock.rings()).toBe(false);
    vi.advanceTimersByTime(100);
    clock.tell(T + 100);
    clock.tell(T + 1000);
    expect(work).toHaveBeenCalledTimes(1);
    expect(clock.rings()).toBe(true);
  });

  it.each<[string, () => void]>([
    ['are dead', () => vi.stubGlobal('setTimeout', () => 1)],
    [
      'throw',
      () =>
        vi.stubGlobal('setTimeout', () => {
          throw new Error('no timers');
        }),
    ],
    ['are gone', () => vi.stubGlobal('setTimeout', undefined)],
  ])('fires at the first exchange after its time when the page’s timers %s', async (_name, spoil) => {
    const clock = await clockAfter(spoil);
    const work = vi.fn();
    clock.tell(T);
    clock.set(work, 100);
    clock.tell(T + 99);
    expect(work).not.toHaveBeenCalled();
    clock.tell(T + 100);
    clock.tell(T + 200);
    expect(work).toHaveBeenCalledTimes(1);
    expect(clock.rings()).toBe(false);
  });

  it('that was cleared does not fire', async () => {
    const clock = await clockAfter(() => undefined);
    const work = vi.fn();
    clock.clear(clock.set(work, 100));
    vi.advanceTimersByTime(200);
    clock.tell(T + 200);
    expect(work).not.toHaveBeenCalled();
  });
});
