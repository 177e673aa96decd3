/** The timeline: a tab's history in time order, with each effect under what made it. Grows entry by entry. Pure. */
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

/** One row. The rows under it are its effects. */
export interface TimelineRow {
  readonly entry: HistoryEntry;
  /** The row that made it; `null` if none is known. */
  readonly under: TimelineRow | null;
  readonly effects: readonly TimelineRow[];
  /** Whether it passes the filter. */
  fits: boolean;
}

export interface Timeline {
  /** In drawing order: by time, effects after what made them. Mutated in place. */
  readonly rows: readonly TimelineRow[];
  /** Adds entries and returns their rows. */
  add(entries: readonly HistoryEntry[]): readonly TimelineRow[];
}

type Request = Extract<HistoryEntry, { kind: 'request' }>;
interface Growing extends TimelineRow {
  entry: HistoryEntry;
  under: Growing | null;
  effects: Growing[];
}

/** The effects of most rows: never changed. */
const NONE: Growing[] = [];

/** Adds an effect. Most rows that have any have one; an array that grew has room for 17. */
function addEffect(row: Growing, effect: Growing): void {
  if (row.effects.length) row.effects.push(effect);
  else row.effects = [effect];
}

/** How many of the latest entries can still be linked: the maker of an effect may be reported after it. */
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

/** Compares two rows: by time, with effects after what made them. */
function compare(a: TimelineRow, b: TimelineRow): number {
  if (!a.under && !b.under) return a.entry.at - b.entry.at || a.entry.seq - b.entry.seq;
  const [one, other] = [chainOf(a), chainOf(b)];
  for (let depth = 0; ; depth += 1) {
    const [x, y] = [one[depth], other[depth]];
    if (!x || !y) return one.length - other.length;
    if (x !== y) return x.entry.at - y.entry.at || x.entry.seq - y.entry.seq;
  }
}

/** Creates an empty timeline. */
export function createTimeline(): Timeline {
  const rows: Growing[] = [];
  const byKey = new Map<string, Growing>();
  /** Effects whose maker has not been reported yet, by its key. */
  const waiting = new Map<string, Growing[]>();
  let makers: Maker[] = [];
  let requests: Growing[] = [];
  /** Tokens without a known maker. */
  let tokens: Growing[] = [];
  /** Fingerprints of all tokens so far. */
  const held = new Set<string>();
  const recent = <T>(list: readonly T[], one: T): T[] => [...list, one].slice(-RECENT);

  /** Index of a row, or the index to insert it at. */
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

  /** Moves a row, with all rows under it, under another (`null`: to the top level). */
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
    if (under) addEffect(under, row);
    for (const one of all) put(one);
  }

  function tieRequest(row: Growing): void {
    const { under } = row;
    // Its maker is no longer among the recent ones, so it can't be compared with newer candidates.
    if (under && !makers.some(({ key }) => byKey.get(key) === under)) return;
    const key = makerOfRequest(row.entry as Request, makers);
    move(row, key === null ? null : (byKey.get(key) ?? null));
  }
  /** Moves a token under the request that returned it, if no call made it. */
  function tieToken(row: Growing): void {
    const { entry } = row;
    if (entry.kind !== 'token') return;
    const brought = requests.findLast(({ entry: request }) => (request as Request).gave === entry.fingerprint && request.at <= entry.at);
    if (brought) move(row, brought);
  }

  /** Adds new data about a request or a call; its row keeps its place. */
  function amend(row: Growing, entry: HistoryEntry): Growing {
    row.entry = { ...entry, seq: row.entry.seq, nth: row.entry.nth, at: row.entry.at };
    tokens.forEach(tieToken);
    return row;
  }

  function add(entry: HistoryEntry): Growing {
    const known = entry.kind === 'request' || entry.kind === 'call' ? byKey.get(entry.key) : undefined;
    if (known) return amend(known, entry);
    const row: Growing = { entry, under: null, effects: NONE, fits: true };
    const of = 'of' in entry ? entry.of : null;
    const maker = of === null ? undefined : byKey.get(of);
    if (maker) {
      row.under = maker;
      addEffect(maker, row);
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
    // When the token is seen again, such as after a page load, the earlier request is not what made it.
    if (entry.kind === 'token') held.add(entry.fingerprint);
    return row;
  }

  return { rows, add: (entries) => entries.map(add) };
}

/** The criteria of the filter. */
export interface TimelineFilter {
  readonly kinds: ReadonlySet<TimelineKind>;
  /** All of these words must occur, in any order and case. */
  readonly words: string;
  /** Only entries since the last page load, at this time (epoch ms); `null` for all. */
  readonly from: number | null;
  /** `seq` numbers: entries up to `after` were cleared; those later than `until` came after the timeline was paused. */
  readonly after: number;
  readonly until: number;
}

/** Returns a predicate for entries that contain all of these words. @param words in lower case */
export type Finder = (words: readonly string[]) => (entry: HistoryEntry) => boolean;

/** Returns a predicate for entries that pass the filter. */
export function fitting({ kinds, words, from, after, until }: TimelineFilter, finder: Finder): (entry: HistoryEntry) => boolean {
  const hasWords = finder(words.toLowerCase().split(/\s+/).filter(Boolean));
  return (entry) => {
    if (entry.seq <= after || entry.seq > until || !kinds.has(entry.kind) || (from !== null && entry.at < from)) return false;
    return hasWords(entry);
  };
}

/** Whether it is a page load, not just a change of the address. */
export const isPageLoad = (entry: HistoryEntry): boolean => entry.kind === 'document' && entry.by !== 'within';
