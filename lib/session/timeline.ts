/** The timeline: what a tab has had, in the order of time, with what came of what. Pure. */
import { OPERATIONS } from '../sdk/operations';
import type { HistoryEntry } from './history';

export type TimelineKind = HistoryEntry['kind'];
export const TIMELINE_KINDS: readonly TimelineKind[] = ['operation', 'call', 'uuid', 'token', 'identity', 'document'];

/** One row: an entry, and the entry that it came of, where that is known. */
export interface TimelineRow {
  readonly entry: HistoryEntry;
  /** `seq` of the operation or call that made it; `null` where nothing is known to have. */
  readonly of: number | null;
}

/** An identity that changes with a UUID or token changes within so long (ms): both are read in one look. */
const TOGETHER = 5;

/**
 * The entries by time, each with the operation or call that its own cause names: what merely came together is not tied.
 * Of several that fit, the latest that had begun by then.
 */
export function timelineOf(entries: readonly HistoryEntry[]): readonly TimelineRow[] {
  const ordered = [...entries].sort((a, b) => a.at - b.at || a.seq - b.seq);
  const makers: HistoryEntry[] = [];
  /** The latest change that was tied, for what changed with it. */
  let tied: { readonly at: number; readonly of: number; readonly nth: number } | null = null;
  return ordered.map((entry) => {
    if (entry.kind === 'operation' || entry.kind === 'call') {
      makers.push(entry);
      return { entry, of: null };
    }
    const of =
      makerOf(entry, makers) ??
      (entry.kind === 'identity' && tied && tied.nth === entry.nth && entry.at - tied.at <= TOGETHER ? tied.of : null);
    if (of !== null && entry.kind !== 'identity') tied = { at: entry.at, of, nth: entry.nth };
    return { entry, of };
  });
}

function makerOf(entry: HistoryEntry, makers: readonly HistoryEntry[]): number | null {
  if (entry.kind !== 'uuid' && entry.kind !== 'token') return null;
  const { kind, by } = entry.cause;
  if (by === null) return null;
  const fits = (maker: HistoryEntry): boolean => {
    if (maker.nth !== entry.nth) return false;
    if (maker.kind === 'operation') return kind === 'operation' && by.startsWith(OPERATIONS[maker.operation].label);
    return maker.kind === 'call' && (kind === 'call' || kind === 'api-key') && by === `${maker.does}()`;
  };
  return makers.findLast(fits)?.seq ?? null;
}

/** What is looked for: kinds, words (all of them, in any order), and whether earlier page loads are shown. */
export interface TimelineFilter {
  readonly kinds: ReadonlySet<TimelineKind>;
  readonly words: string;
  /** Only what came since the last page load. */
  readonly thisPage: boolean;
  /** Entries up to this `seq` were cleared away. */
  readonly after: number;
}

/** The rows that a filter lets through. An effect whose cause is shown stays with it. @param textOf all that is said of a row */
export function filtered(
  rows: readonly TimelineRow[],
  { kinds, words, thisPage, after }: TimelineFilter,
  textOf: (entry: HistoryEntry) => string,
): readonly TimelineRow[] {
  const loaded = thisPage ? rows.findLastIndex(({ entry }) => entry.kind === 'document') : -1;
  const looked = words.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ entry }, index) => {
    if (entry.seq <= after || index < loaded || !kinds.has(entry.kind)) return false;
    const text = looked.length ? textOf(entry).toLowerCase() : '';
    return looked.every((word) => text.includes(word));
  });
}
