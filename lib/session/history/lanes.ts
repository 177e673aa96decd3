/** Lays a session's history out over time. Pure; instants in epoch ms, places in px. */
import type { HistoryEntry } from './history';

export type LaneName = 'uuid' | 'token' | 'operations';

/** A stretch of a lane: one generation, operation or call; or several that are too narrow to tell apart. */
export interface Stretch {
  readonly lane: LaneName;
  readonly entries: readonly HistoryEntry[];
  readonly from: number;
  /** `null`: it goes on. */
  readonly to: number | null;
  readonly x: number;
  readonly width: number;
  /** Which one of its lane it is, from 0. */
  readonly nth: number;
}

export interface Layout {
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly { readonly name: LaneName; readonly stretches: readonly Stretch[] }[];
  /** Where another document began. */
  readonly boundaries: readonly { readonly x: number; readonly entry: Extract<HistoryEntry, { kind: 'document' }> }[];
}

/** Narrower ones are drawn together with their neighbors (px). */
const NARROWEST = 6;

/** The kinds of entries that are drawn: what has no part in a session's generations is the timeline's matter. */
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

/** Entries of the session `nth` that are drawn, oldest first by when they began. */
export const ofSession = (entries: readonly HistoryEntry[], nth: number): readonly HistoryEntry[] =>
  entries.filter((entry) => entry.nth === nth && LANE_OF[entry.kind] && !isAside(entry)).sort((a, b) => a.at - b.at || a.seq - b.seq);

/** When a stretch ends: a generation with the next one's beginning, an operation by itself. */
function endOf(entry: HistoryEntry, next: HistoryEntry | undefined): number | null {
  if (entry.kind === 'uuid' || entry.kind === 'token') return next?.at ?? null;
  if (entry.kind === 'operation' || entry.kind === 'call') return entry.endedAt ?? entry.at;
  return entry.at;
}

/** @param entries of one session, oldest first @param range what of it is shown @param width of the lanes */
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
        // What begins within another's time cuts it short.
        stretches[stretches.length - 1] = { ...last, width: x - last.x };
        stretches.push(made);
      } else if (x + wide - last.x >= 4 * NARROWEST) {
        // A long one is not swallowed by the short ones right before it.
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
