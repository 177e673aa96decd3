import { page, pageNow } from './builtins';
import { each, filter, includes, push } from './own';

type RawTimer = number | object | undefined;

export interface Timer {
  /** ms since the agent started. */
  readonly due: number;
  readonly work: () => void;
  raw: RawTimer;
}

/**
 * Time in a page whose clock may be frozen, jump or be faked, and whose timers may never fire. Each request brings the
 * caller's time; between requests the page's clock fills in. A timer that is due fires with the next request at the latest.
 */
export interface Clock {
  /** ms since the agent started; goes backward only when a request corrects a jump of the page's clock. */
  elapsed(): number;
  /** Epoch ms: by the caller's clock after the first request, by the page's clock before. */
  epoch(): number;
  /**
   * Takes over the caller's clock (epoch ms), and fires due timers. Returns when the page took up the request, as far as
   * that can be known (epoch ms): a page that was blocked takes up several waiting requests at once.
   */
  tell(now: number): number;
  /** Runs `work` after `ms`. */
  set(work: () => void, ms?: number): Timer;
  clear(timer: Timer | undefined): void;
  /** Whether a timer of the page was seen to fire: in a page whose timers never fire, a request would wait forever. */
  rings(): boolean;
}

/** A page clock that was off by more than `ODD` (ms) between two requests is trusted for at most `MOST_BELIEVED` (ms) after the second. */
const ODD = 1000;
const MOST_BELIEVED = 10_000;
/** Requests that come closer together than this may have been queued (ms). */
const STEADY = 50;

const { setTimeout: setRaw, clearTimeout: clearRaw } = page as unknown as {
  setTimeout?: (work: () => void, ms: number) => RawTimer;
  clearTimeout?: (timer: RawTimer) => void;
};

export function createClock(): Clock {
  /** The caller's time at the first request (epoch ms), minus our own clock at that moment. */
  let offset: number | null = null;
  /** The page's clock and ours at the last request, and whether the page's clock deviated from the caller's before it. */
  let pageThen = pageNow();
  let then = 0;
  let isOdd = false;
  let waiting: Timer[] = [];
  let hasRung = false;
  let lag = 0;

  const elapsed = (): number => {
    const passed = pageNow() - pageThen;
    return then + (passed < 0 ? 0 : isOdd && passed > MOST_BELIEVED ? MOST_BELIEVED : passed);
  };
  const clear = (timer: Timer | undefined): void => {
    if (!timer) return;
    waiting = filter(waiting, (one) => one !== timer);
    try {
      if (timer.raw !== undefined) clearRaw?.(timer.raw);
    } catch {
      // The page replaced its timers.
    }
  };
  const ring = (timer: Timer): void => {
    if (!includes(waiting, timer)) return;
    clear(timer);
    timer.work();
  };
  return {
    elapsed,
    epoch: () => (offset === null ? pageNow() : elapsed() + offset),
    tell(now) {
      const current = elapsed();
      offset ??= now - current;
      const told = now - offset;
      const ahead = told - current;
      // The clock was frozen or jumped, or the request was queued.
      isOdd = ahead > ODD || ahead < -ODD;
      // Queued requests arrive together, each with its own time; after a clock jump, requests arrive at their normal pace.
      lag = isOdd || current - then < STEADY ? lag - ahead : 0;
      if (lag < 0) lag = 0;
      then = isOdd || ahead > 0 ? told : current;
      pageThen = pageNow();
      const due = filter(waiting, (one) => one.due <= then);
      each(due, ring);
      return now + lag;
    },
    set(work, ms = 0) {
      const timer: Timer = { due: elapsed() + ms, work, raw: undefined };
      push(waiting, timer);
      try {
        timer.raw = setRaw?.(() => {
          hasRung = true;
          ring(timer);
        }, ms);
      } catch {
        // The page replaced its timers.
      }
      return timer;
    },
    clear,
    rings: () => hasRung,
  };
}
