/** A timeline's filtered rows, updated in slices when entries arrive or the filter changes. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { HistoryEntry } from '@/lib/session/history/history';
import {
  createTimeline,
  fitting,
  isPageLoad,
  TIMELINE_KINDS,
  type Timeline,
  type TimelineFilter,
  type TimelineKind,
  type TimelineRow,
} from '@/lib/session/history/timeline';
import { inSlices } from '@/lib/tasks/slices';
import { sortedInSlices } from '@/lib/tasks/sorted';
import type { Held } from '../state/record';
import type { EntrySearch } from './entry-search';

export interface Wanted {
  readonly kinds: ReadonlySet<TimelineKind>;
  readonly words: string;
  /** Keeps entries from before the last page load. */
  readonly preserved: boolean;
  /** Entries up to this `seq` were cleared; 0 for none. */
  readonly cleared: number;
  /** Paused after this `seq`; `null` if it isn't paused. */
  readonly pausedAt: number | null;
  /** `seq` of the rows whose effects are folded; with `foldsAll`, of those whose effects aren't. */
  readonly folded: ReadonlySet<number>;
  readonly foldsAll: boolean;
  /** A further condition on entries; `null` for none. */
  readonly only: ((entry: HistoryEntry) => boolean) | null;
  /** `null`: in order of time, with effects below what made them. */
  readonly sort: { readonly key: (row: TimelineRow) => number | string; readonly descending: boolean } | null;
}

export interface TimelineState {
  readonly shown: ReadonlySignal<readonly TimelineRow[]>;
  /** Entries are still being processed. */
  readonly busy: ReadonlySignal<boolean>;
  readonly wanted: ReadonlySignal<Wanted>;
  want(change: Partial<Wanted>): void;
  isFolded(row: TimelineRow): boolean;
  /** Takes up the source's current entries. */
  follow(held: Held): void;
  close(): void;
}

export const ALL: Wanted = {
  kinds: new Set(TIMELINE_KINDS),
  words: '',
  preserved: true,
  cleared: 0,
  pausedAt: null,
  folded: new Set(),
  foldsAll: false,
  only: null,
  sort: null,
};

/** The shortest time between two redraws while many entries arrive (ms): each goes through all rows, and draws all that are in sight. */
const REDRAW = 250;

/** @param createSearch creates a search of the entries, again whenever they are replaced */
export function createTimelineState(createSearch: () => EntrySearch, first: Partial<Wanted> = {}): TimelineState {
  const shown = signal<readonly TimelineRow[]>([]);
  const busy = signal(false);
  const wanted = signal<Wanted>({ ...ALL, ...first });
  let timeline: Timeline = createTimeline();
  let search = createSearch();
  let epoch = -1;
  /** How many entries were taken up. */
  let taken = 0;
  /** Time of the last page load (epoch ms). */
  let loadedAt: number | null = null;
  /** Number of the latest pass over the rows; earlier ones stop. */
  let turn = 0;

  const filter = (): TimelineFilter => {
    const { kinds, words, preserved, cleared, pausedAt } = wanted.value;
    return { kinds, words, from: preserved ? null : loadedAt, after: cleared, until: pausedAt ?? Number.POSITIVE_INFINITY };
  };
  const isFolded = ({ entry: { seq } }: TimelineRow) => wanted.value.folded.has(seq) !== wanted.value.foldsAll;
  const hides = (row: TimelineRow): boolean => (row.fits && isFolded(row)) || (row.under !== null && hides(row.under));
  /** Number of the latest drawing in another order; earlier ones stop. */
  let order = 0;
  /** When the rows were last drawn (ms). */
  let drawnAt = 0;
  const isDue = () => performance.now() - drawnAt >= REDRAW;
  const draw = () => {
    const { sort } = wanted.value;
    drawnAt = performance.now();
    order += 1;
    const mine = order;
    if (!sort) {
      const { folded, foldsAll } = wanted.value;
      const isFoldedAnywhere = foldsAll || folded.size > 0;
      shown.value = timeline.rows.filter((row) => row.fits && !(isFoldedAnywhere && row.under && hides(row.under)));
      return;
    }
    // Sorted, rows stand alone: what was folded shows too.
    const rows = timeline.rows.filter(({ fits }) => fits);
    void sortedInSlices(rows, sort.key, sort.descending, () => order !== mine).then((sorted) => {
      if (sorted && order === mine) shown.value = sorted;
    });
  };
  const fitsNow = () => {
    const fits = fitting(filter(), search.finder);
    const { only } = wanted.value;
    return only ? (entry: HistoryEntry) => only(entry) && fits(entry) : fits;
  };

  /** Filters all rows again. */
  async function lookThrough(): Promise<void> {
    turn += 1;
    const mine = turn;
    const fits = fitsNow();
    busy.value = true;
    // Entries that arrive meanwhile are filtered on arrival.
    const whole = await inSlices(
      [...timeline.rows],
      (row) => {
        row.fits = fits(row.entry);
      },
      { isOver: () => turn !== mine },
    );
    if (!whole) return;
    busy.value = false;
    draw();
  }

  /** Takes up entries in slices, so that many at once don't block the view. */
  async function take(entries: readonly HistoryEntry[]): Promise<void> {
    const mine = epoch;
    const before = loadedAt;
    let fits = fitsNow();
    let asked = wanted.value;
    await inSlices(
      entries,
      (entry) => {
        if (isPageLoad(entry)) {
          loadedAt = entry.at;
          fits = fitsNow();
        }
        // The filter may have changed since the previous slice.
        if (asked !== wanted.value) fits = fitsNow();
        asked = wanted.value;
        for (const row of timeline.add([entry])) {
          search.add(row.entry);
          row.fits = fits(row.entry);
        }
      },
      { isOver: () => epoch !== mine, told: () => void (isDue() && draw()) },
    );
    if (epoch !== mine) return;
    if (loadedAt !== before && !wanted.value.preserved) void lookThrough();
    else if (batches === 1 || isDue()) draw();
    if (batches === 1) void search.prepare();
  }

  /** Processes batches one after another, in order. `batches` counts those that are not done. */
  let queue: Promise<void> = Promise.resolve();
  let batches = 0;
  return {
    shown,
    busy,
    wanted,
    isFolded,
    want(change) {
      wanted.value = { ...wanted.value, ...change };
      if (Object.keys(change).every((key) => key === 'folded' || key === 'foldsAll' || key === 'sort')) draw();
      else void lookThrough();
    },
    follow(held) {
      if (held.epoch !== epoch) {
        epoch = held.epoch;
        timeline = createTimeline();
        search = createSearch();
        taken = 0;
        loadedAt = null;
      }
      const grown = held.entries.slice(taken);
      taken = held.entries.length;
      if (grown.length) {
        const mine = epoch;
        batches += 1;
        queue = queue
          .then(() => (epoch === mine ? take(grown) : undefined))
          .finally(() => {
            batches -= 1;
          });
      } else draw();
    },
    close() {
      epoch = -2;
      turn += 1;
    },
  };
}
