/** What a timeline shows just now: its rows by the filter, kept up as entries come and as the filter changes, in slices. */
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
import type { Held } from '../state/record';

export interface Wanted {
  readonly kinds: ReadonlySet<TimelineKind>;
  readonly words: string;
  /** What came before the last page load stays in view. */
  readonly preserved: boolean;
  /** Up to this `seq` it was cleared away; 0 for nothing. */
  readonly cleared: number;
  /** It was paused after this `seq`; `null`: it goes on. */
  readonly pausedAt: number | null;
  /** `seq` of the rows whose effects are folded away; `all`: of every row but these. */
  readonly folded: ReadonlySet<number>;
  readonly foldsAll: boolean;
}

export interface TimelineState {
  readonly shown: ReadonlySignal<readonly TimelineRow[]>;
  /** Entries are still looked through. */
  readonly busy: ReadonlySignal<boolean>;
  readonly wanted: ReadonlySignal<Wanted>;
  want(change: Partial<Wanted>): void;
  isFolded(row: TimelineRow): boolean;
  /** Takes up what the source has by now. */
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
};

/** @param textOf all that is said of an entry, for looking through it */
export function createTimelineState(textOf: (entry: HistoryEntry) => string, first: Partial<Wanted> = {}): TimelineState {
  const shown = signal<readonly TimelineRow[]>([]);
  const busy = signal(false);
  const wanted = signal<Wanted>({ ...ALL, ...first });
  let timeline: Timeline = createTimeline();
  let epoch = -1;
  /** How many entries were taken. */
  let taken = 0;
  /** Of the last page load (epoch ms). */
  let loadedAt: number | null = null;
  /** The latest work: an earlier one is given up. */
  let turn = 0;

  const filter = (): TimelineFilter => {
    const { kinds, words, preserved, cleared, pausedAt } = wanted.value;
    return { kinds, words, from: preserved ? null : loadedAt, after: cleared, until: pausedAt ?? Number.POSITIVE_INFINITY };
  };
  const isFolded = ({ entry: { seq } }: TimelineRow) => wanted.value.folded.has(seq) !== wanted.value.foldsAll;
  const hides = (row: TimelineRow): boolean => (row.fits && isFolded(row)) || (row.under !== null && hides(row.under));
  const draw = () => {
    shown.value = timeline.rows.filter((row) => row.fits && (row.under === null || !hides(row.under)));
  };

  /** Looks all rows through again. */
  async function lookThrough(): Promise<void> {
    turn += 1;
    const mine = turn;
    const fits = fitting(filter(), textOf);
    busy.value = true;
    // What comes meanwhile is looked at as it comes.
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

  /** Takes entries up in slices, so that many that come at once stop nothing. */
  async function take(entries: readonly HistoryEntry[]): Promise<void> {
    const mine = epoch;
    const before = loadedAt;
    let fits = fitting(filter(), textOf);
    let asked = wanted.value;
    await inSlices(
      entries,
      (entry) => {
        if (isPageLoad(entry)) {
          loadedAt = entry.at;
          fits = fitting(filter(), textOf);
        }
        // What is wanted may have changed since the slice before.
        if (asked !== wanted.value) fits = fitting(filter(), textOf);
        asked = wanted.value;
        for (const row of timeline.add([entry])) row.fits = fits(row.entry);
      },
      { isOver: () => epoch !== mine, told: draw },
    );
    if (epoch !== mine) return;
    if (loadedAt !== before && !wanted.value.preserved) void lookThrough();
    else draw();
  }

  /** One batch after another, in their order. */
  let queue: Promise<void> = Promise.resolve();
  return {
    shown,
    busy,
    wanted,
    isFolded,
    want(change) {
      wanted.value = { ...wanted.value, ...change };
      if (Object.keys(change).every((key) => key === 'folded' || key === 'foldsAll')) draw();
      else void lookThrough();
    },
    follow(held) {
      if (held.epoch !== epoch) {
        epoch = held.epoch;
        timeline = createTimeline();
        taken = 0;
        loadedAt = null;
      }
      const grown = held.entries.slice(taken);
      taken = held.entries.length;
      if (grown.length) {
        const mine = epoch;
        queue = queue.then(() => (epoch === mine ? take(grown) : undefined));
      } else draw();
    },
    close() {
      epoch = -2;
      turn += 1;
    },
  };
}
