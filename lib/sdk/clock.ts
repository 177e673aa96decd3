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
  /** ms since we came; never runs backwards. */
  elapsed(): number;
  /** Epoch ms: by the asker's clock once somebody asked, by the page's until then. */
  epoch(): number;
  /** Takes over the asker's clock (epoch ms), and rings what is due. */
  tell(now: number): void;
  /** Does `work` in `ms`. */
  set(work: () => void, ms?: number): Timer;
  clear(timer: Timer | undefined): void;
  /** Whether a timer of the page was seen to ring: who waits in a page whose timers are dead waits for ever. */
  rings(): boolean;
}

/** More than this of the page's clock is not believed between two questions (ms). */
const MOST_BETWEEN = 10_000;

const { setTimeout: setRaw, clearTimeout: clearRaw } = page as unknown as {
  setTimeout?: (work: () => void, ms: number) => RawTimer;
  clearTimeout?: (timer: RawTimer) => void;
};

export function createClock(): Clock {
  /** What the last asker told (epoch ms), and what the page's clock and ours were then. */
  let asked: number | null = null;
  let pageThen = pageNow();
  let then = 0;
  let waiting: Timer[] = [];
  let hasRung = false;

  const elapsed = (): number => {
    const passed = pageNow() - pageThen;
    return then + (passed < 0 ? 0 : passed > MOST_BETWEEN ? MOST_BETWEEN : passed);
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
    epoch: () => (asked === null ? pageNow() : asked + elapsed() - then),
    tell(now) {
      const current = elapsed();
      const told = then + (asked === null ? 0 : now - asked);
      then = told > current ? told : current;
      pageThen = pageNow();
      asked = now;
      const due = filter(waiting, (one) => one.due <= then);
      each(due, ring);
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
