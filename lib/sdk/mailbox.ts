import { textOf } from './plain';
import type { Report } from './wire';

const MAX_LENGTH = 400_000;

type Unnumbered<T> = T extends unknown ? Omit<T, 'seq' | 'at'> : never;
export type News = Unnumbered<Report>;

/** Append-only list of reports, read with a cursor, bounded by length: the oldest go first. */
export interface Mailbox {
  /** Gives the report's JSON text. */
  push(news: News): string;
  /** JSON texts of the reports after `cursor`. */
  after(cursor: number): string[];
  /** True where reports after `cursor` were dropped, or `cursor` is from the future (another mailbox). */
  lost(cursor: number): boolean;
}

/** An empty mailbox; `now` gives the page's clock (epoch ms). */
export function createMailbox(now: () => number): Mailbox {
  const kept: string[] = [];
  let last = 0;
  let length = 0;
  return {
    push(news) {
      last += 1;
      const text = textOf({ seq: last, at: now(), ...news });
      kept.push(text);
      length += text.length;
      while (length > MAX_LENGTH && kept.length > 1) length -= (kept.shift() as string).length;
      return text;
    },
    after: (cursor) => kept.slice(Math.max(0, cursor - (last - kept.length))),
    lost: (cursor) => cursor < last - kept.length || cursor > last,
  };
}
