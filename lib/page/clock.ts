import { page, pageNow } from './builtins';
import { each, filter, includes, push } from './own';

type RawTimer = number | object | undefined;

export interface Timer {
  /** ms since we came. */
  readonly due: number;
  readonly work: () => void;
  raw: RawTimer;
}

/**
 * Time in a page whose clock may stand still, jump or be faked, and whose timers may never ring. Whoever asks tells the
 * time; in between the page's clock helps out. A timer whose time has come rings with the next question at the latest.
 */
export interface Clock {
  /** ms since we came; runs backwards only where a question puts a leap of the page's clock right. */
  elapsed(): number;
  /** Epoch ms: by the asker's clock once somebody asked, by the page's until then. */
  epoch(): number;
  /**
   * Takes over the asker's clock (epoch ms), and rings what is due. Gives when the page took the question up, as far as
   * that can be known (epoch ms): a page that was blocked takes up several that waited at once.
   */
  tell(now: number): number;
  /** Does `work` in `ms`. */
  set(work: () => void, ms?: number): Timer;
  clear(timer: Timer | undefined): void;
  /** Whether a timer of the page was seen to ring: who waits in a page whose timers are dead waits for ever. */
  rings(): boolean;
}

/** A page's clock that was seen to differ by more than this between two questions (ms) is believed for so long at most. */
const ODD = 1000;
const MOST_BELIEVED = 10_000;
/** Questions that come closer together than this may have waited (ms). */
const STEADY = 50;

const { setTimeout: setRaw, clearTimeout: clearRaw } = page as unknown as {
  setTimeout?: (work: () => void, ms: number) => RawTimer;
  clearTimeout?: (timer: RawTimer) => void;
};

export function createClock(): Clock {
  /** What the first asker told (epoch ms), less what our own clock was then. */
  let offset: number | null = null;
  /** What the page's clock and ours were at the last question, and whether they agreed with the asker's until then. */
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
      // A timer of the page's own.
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
      // A clock that stands still or leaps, or a question that waited.
      isOdd = ahead > ODD || ahead < -ODD;
      // Those that waited come at once, each with its own time; with a clock that leapt they come as before.
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
        // Likewise.
      }
      return timer;
    },
    clear,
    rings: () => hasRung,
  };
}
