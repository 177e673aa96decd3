import { isArray } from './builtins';
import { jsonOf, take } from './own';
import type { AgentReport } from './wire';

/** Limits of one mailbox: characters, and reports. */
const MAX_LENGTH = 400_000;
export const MAX_REPORTS = 1000;

type Unnumbered<T> = T extends unknown ? Omit<T, 'seq' | 'at'> : never;
export type News = Unnumbered<AgentReport>;

/** Append-only list of reports, read with a cursor and bounded by length and number: the oldest are dropped first. */
export interface Mailbox {
  push(news: News): void;
  /** JSON texts of the reports after `cursor`. */
  after(cursor: number): string[];
  /** True if reports after `cursor` were dropped, or if `cursor` is ahead of this mailbox (it belongs to a different one). */
  lost(cursor: number): boolean;
}

/** Creates an empty mailbox; `now` returns the page's clock (epoch ms). */
export function createMailbox(now: () => number): Mailbox {
  let kept: string[] = [];
  let last = 0;
  let length = 0;
  return {
    push(news) {
      last += 1;
      const text = jsonOf({ seq: last, at: now(), ...news }, isArray);
      kept[kept.length] = text;
      length += text.length;
      let dropped = 0;
      while ((length > MAX_LENGTH || kept.length - dropped > MAX_REPORTS) && kept.length - dropped > 1) {
        length -= (kept[dropped] as string).length;
        dropped += 1;
      }
      if (dropped) kept = take(kept, dropped);
    },
    after: (cursor) => {
      const seen = cursor - (last - kept.length);
      return take(kept, seen > 0 ? seen : 0);
    },
    lost: (cursor) => cursor < last - kept.length || cursor > last,
  };
}
