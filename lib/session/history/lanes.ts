/** Lays a session's history out along a time axis. Pure; times in epoch ms, positions in px. */
import type { HistoryEntry } from './history';

export type LaneName = 'uuid' | 'token' | 'operations';

/** A segment of a lane: one generation, operation or call, or several that are too narrow to tell apart. */
export interface Stretch {
  readonly lane: LaneName;
  readonly entries: readonly HistoryEntry[];
  readonly from: number;
  /** `null`: it is still going on. */
  readonly to: number | null;
  readonly x: number;
  readonly width: number;
  /** Index within its lane, from 0. */
  readonly nth: number;
}

export interface Layout {
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly { readonly name: LaneName; readonly stretches: readonly Stretch[] }[];
  /** Where another document began. */
  readonly boundaries: readonly { readonly x: number; readonly entry: Extract<HistoryEntry, { kind: 'document' }> }[];
}

/** Narrower stretches are merged with their neighbors (px). */
const NARROWEST = 6;

/** The kinds of entries that are drawn; kinds that play no part in a session's generations appear only in the timeline. */
const LANE_OF: Readonly<Partial<Record<HistoryEntry['kind'], LaneName>>> = {
  uuid: 'uuid',
  token: 'token',
  operation: 'operations',
  call: 'operations',
  identity: 'operations',
  document: 'operations',
};

export const LANES: readonly LaneName[] = ['uuid', 'token', 'operations'];

const isAside = (entry: HistoryEntry): boolean =>
  (entry.kind === 'call' && entry.looks === true) || (entry.kind === 'document' && entry.by === 'within');

/** Entries of the session `nth` that are drawn, in the order in which they began. */
export const ofSession = (entries: readonly HistoryEntry[], nth: number): readonly HistoryEntry[] =>
  entries.filter((entry) => entry.nth === nth && LANE_OF[entry.kind] && !isAside(entry)).sort((a, b) => a.at - b.at || a.seq - b.seq);

/** When an entry ends: a generation when the next one begins, an operation or call at its own end; others have no duration. */
function endOf(entry: HistoryEntry, next: HistoryEntry | undefined): number | null {
  if (entry.kind === 'uuid' || entry.kind === 'token') return next?.at ?? null;
  if (entry.kind === 'operation' || entry.kind === 'call') return entry.endedAt ?? entry.at;
  return entry.at;
}

/** @param entries of one session, oldest first @param range time range to show @param width of the lanes (px) */
export function layOut(
  entries: readonly HistoryEntry[],
  { from, to }: { readonly from: number; readonly to: number },
  width: number,
): Layout {
  const span = Math.max(1, to - from);
  const place = (at: number) => ((Math.min(Math.max(at, from), to) - from) / span) * width;
  const lanes = LANES.map((name) => {
    const own = entries.filter(({ kind }) => LANE_OF[kind] === name);
    const stretches: Stretch[] = [];
    own.forEach((entry, index) => {
      const end = endOf(entry, own[index + 1]);
      if (entry.at > to || (end !== null && end < from)) return;
      const x = Math.min(place(entry.at), width - NARROWEST);
      const wide = Math.min(width - x, Math.max(NARROWEST, place(end ?? to) - x));
      const made: Stretch = { lane: name, entries: [entry], from: entry.at, to: end, x, width: wide, nth: index };
      const last = stretches.at(-1);
      if (!last || x >= last.x + last.width) stretches.push(made);
      else if (x - last.x >= NARROWEST) {
        // A stretch that begins during another cuts it short.
        stretches[stretches.length - 1] = { ...last, width: x - last.x };
        stretches.push(made);
      } else if (x + wide - last.x >= 4 * NARROWEST) {
        // A long stretch isn't merged into the short ones right before it.
        stretches[stretches.length - 1] = { ...last, width: NARROWEST };
        const begins = last.x + NARROWEST;
        stretches.push({ ...made, x: begins, width: x + wide - begins });
      } else {
        const right = Math.min(width, Math.max(last.x + last.width, x + wide));
        stretches[stretches.length - 1] = { ...last, entries: [...last.entries, entry], to: end, width: right - last.x };
      }
    });
    return { name, stretches };
  });
  const boundaries = entries.flatMap((entry) =>
    entry.kind === 'document' && entry.at >= from && entry.at <= to ? [{ x: place(entry.at), entry }] : [],
  );
  return { from, to, lanes, boundaries };
}
