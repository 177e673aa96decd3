/** The timeline: what a tab has had, in the order of time, each effect under what made it. Grows entry by entry. Pure. */
import { MAKES_REQUESTS, purposeNamed } from '../../network/purposes';
import { type Maker, makerOfRequest } from '../../network/requests';
import type { HistoryEntry } from './history';

export type TimelineKind = HistoryEntry['kind'];
export const TIMELINE_KINDS: readonly TimelineKind[] = [
  'operation',
  'call',
  'request',
  'uuid',
  'token',
  'identity',
  'callback',
  'storage',
  'alarm',
  'document',
];

/** One row. What stands under it came of it. */
export interface TimelineRow {
  readonly entry: HistoryEntry;
  /** The row that made it; `null` where nothing is known to have. */
  readonly under: TimelineRow | null;
  readonly effects: readonly TimelineRow[];
  /** Whether the filter lets it through. */
  fits: boolean;
}

export interface Timeline {
  /** In the order in which they are drawn: by time, effects after what made them. Changes in place. */
  readonly rows: readonly TimelineRow[];
  /** Takes more entries. Gives their rows. */
  add(entries: readonly HistoryEntry[]): readonly TimelineRow[];
}

type Request = Extract<HistoryEntry, { kind: 'request' }>;
interface Growing extends TimelineRow {
  entry: HistoryEntry;
  under: Growing | null;
  effects: Growing[];
}

/** So many of the latest may still turn out to belong together: what made a thing may be told after it. */
const RECENT = 60;

const isMaker = (entry: HistoryEntry): entry is MakerEntry => entry.kind === 'operation' || entry.kind === 'call';
type MakerEntry = Extract<HistoryEntry, { kind: 'operation' | 'call' }>;
const makerOf = (entry: MakerEntry): Maker => ({
  key: entry.key,
  does: entry.kind === 'call' ? entry.does : entry.operation,
  at: entry.at,
  endedAt: entry.endedAt,
});

const chainOf = (row: TimelineRow): TimelineRow[] => (row.under ? [...chainOf(row.under), row] : [row]);

/** The order of two rows: by time, what made a thing before it. */
function compare(a: TimelineRow, b: TimelineRow): number {
  if (!a.under && !b.under) return a.entry.at - b.entry.at || a.entry.seq - b.entry.seq;
  const [one, other] = [chainOf(a), chainOf(b)];
  for (let depth = 0; ; depth += 1) {
    const [x, y] = [one[depth], other[depth]];
    if (!x || !y) return one.length - other.length;
    if (x !== y) return x.entry.at - y.entry.at || x.entry.seq - y.entry.seq;
  }
}

/** An empty timeline. */
export function createTimeline(): Timeline {
  const rows: Growing[] = [];
  const byKey = new Map<string, Growing>();
  /** Effects whose maker was not told yet, by its key. */
  const waiting = new Map<string, Growing[]>();
  let makers: Maker[] = [];
  let requests: Growing[] = [];
  /** Tokens that nothing is known to have made. */
  let tokens: Growing[] = [];
  /** Fingerprints of the tokens that there were. */
  const held = new Set<string>();
  const recent = <T>(list: readonly T[], one: T): T[] => [...list, one].slice(-RECENT);

  /** Where a row stands, or would stand. */
  function placeOf(row: Growing): number {
    let [low, high] = [0, rows.length];
    const last = rows[high - 1];
    if (!last || compare(last, row) < 0) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(rows[middle] as Growing, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  const put = (row: Growing) => void rows.splice(placeOf(row), 0, row);

  /** Puts a row that stands somewhere, with all under it, under another. */
  function move(row: Growing, under: Growing | null): void {
    if (row.under === under || (under && chainOf(under).includes(row))) return;
    const all: Growing[] = [];
    const collect = (one: Growing) => {
      all.push(one);
      one.effects.forEach(collect);
    };
    collect(row);
    for (const one of all) rows.splice(placeOf(one), 1);
    if (row.under) row.under.effects = row.under.effects.filter((one) => one !== row);
    row.under = under;
    under?.effects.push(row);
    for (const one of all) put(one);
  }

  function tieRequest(row: Growing): void {
    const { under } = row;
    // What it is tied to is too long ago to be compared with what came since.
    if (under && !makers.some(({ key }) => byKey.get(key) === under)) return;
    const key = makerOfRequest(row.entry as Request, makers);
    move(row, key === null ? null : (byKey.get(key) ?? null));
  }
  /** The request that brought a token, where no call did. */
  function tieToken(row: Growing): void {
    const { entry } = row;
    if (entry.kind !== 'token') return;
    const brought = requests.findLast(({ entry: request }) => (request as Request).gave === entry.fingerprint && request.at <= entry.at);
    if (brought) move(row, brought);
  }

  /** What more is known of a request or a call by now; its row stays where it is. */
  function amend(row: Growing, entry: HistoryEntry): Growing {
    row.entry = { ...entry, seq: row.entry.seq, nth: row.entry.nth, at: row.entry.at };
    tokens.forEach(tieToken);
    return row;
  }

  function add(entry: HistoryEntry): Growing {
    const known = entry.kind === 'request' || entry.kind === 'call' ? byKey.get(entry.key) : undefined;
    if (known) return amend(known, entry);
    const row: Growing = { entry, under: null, effects: [], fits: true };
    const of = 'of' in entry ? entry.of : null;
    const maker = of === null ? undefined : byKey.get(of);
    if (maker) {
      row.under = maker;
      maker.effects.push(row);
    } else if (of !== null) waiting.set(of, [...(waiting.get(of) ?? []), row]);
    put(row);
    if (isMaker(entry) || entry.kind === 'request') {
      byKey.set(entry.key, row);
      for (const one of waiting.get(entry.key) ?? []) move(one, row);
      waiting.delete(entry.key);
    }
    if (isMaker(entry)) {
      const made = makerOf(entry);
      if (MAKES_REQUESTS.has(made.does)) {
        makers = recent(makers, made);
        for (const request of requests) if (purposeNamed((request.entry as Request).purpose)?.does.includes(made.does)) tieRequest(request);
      }
    } else if (entry.kind === 'request') {
      requests = recent(requests, row);
      tieRequest(row);
      tokens.forEach(tieToken);
    } else if (entry.kind === 'token' && of === null && entry.fingerprint !== '' && !held.has(entry.fingerprint)) {
      tokens = recent(tokens, row);
      tieToken(row);
    }
    // Seen again, as after a page load, it did not come of what brought it once.
    if (entry.kind === 'token') held.add(entry.fingerprint);
    return row;
  }

  return { rows, add: (entries) => entries.map(add) };
}

/** What is looked for. */
export interface TimelineFilter {
  readonly kinds: ReadonlySet<TimelineKind>;
  /** All of them, in any order, in any case. */
  readonly words: string;
  /** Only what came from this instant on (epoch ms): the last page load; `null` for all. */
  readonly from: number | null;
  /** Entries up to this `seq` were cleared away; later than `until` came since it was paused. */
  readonly after: number;
  readonly until: number;
}

/** Whether a filter lets entries through. @param textOf all that is said of an entry */
export function fitting(
  { kinds, words, from, after, until }: TimelineFilter,
  textOf: (entry: HistoryEntry) => string,
): (entry: HistoryEntry) => boolean {
  const looked = words.toLowerCase().split(/\s+/).filter(Boolean);
  return (entry) => {
    if (entry.seq <= after || entry.seq > until || !kinds.has(entry.kind) || (from !== null && entry.at < from)) return false;
    if (!looked.length) return true;
    const text = textOf(entry).toLowerCase();
    return looked.every((word) => text.includes(word));
  };
}

/** A page load, and no change of the address alone. */
export const isPageLoad = (entry: HistoryEntry): boolean => entry.kind === 'document' && entry.by !== 'within';
