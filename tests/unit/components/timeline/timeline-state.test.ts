// What a timeline shows: by its filter, as entries arrive, and as it is paused, cleared and folded.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Held } from '@/components/state/record';
import type { EntrySearch } from '@/components/timeline/entry-search';
import { ALL, createTimelineState, type Wanted } from '@/components/timeline/timeline-state';
import type { HistoryEntry } from '@/lib/session/history/history';
import { T0 } from '../../fakes/make';
import { captured } from '../../network/make';

const CAUSE = { kind: 'unknown', sure: false, by: null, evidence: [] } as const;
const head = (seq: number, at = seq * 10) => ({ seq, nth: 0, at: T0 + at });
const document = (seq: number, by = 'reload', at?: number): HistoryEntry => ({ ...head(seq, at), kind: 'document', path: `/p${seq}`, by });
const uuid = (seq: number, of: string | null = null): HistoryEntry => ({
  ...head(seq),
  kind: 'uuid',
  uuid: `u${seq}`,
  after: T0,
  cause: CAUSE,
  of,
});
const operation = (seq: number): HistoryEntry => ({
  ...head(seq),
  kind: 'operation',
  key: `o${seq}`,
  operation: 'regenerateUUID',
  by: 'person',
  endedAt: T0 + seq * 10 + 5,
  verdict: 'done',
});
const many = (count: number) => Array.from({ length: count }, (_, n) => (n % 2 ? uuid(n + 1) : document(n + 1, 'within')));
const textOf = (entry: HistoryEntry): string => (entry.kind === 'document' ? `${entry.path} ${entry.by}` : `${entry.kind} ${entry.seq}`);

const searching = (text: (entry: HistoryEntry) => string): EntrySearch => ({
  add: () => undefined,
  prepare: async () => undefined,
  finder: (words) => (entry) => words.every((word) => text(entry).toLowerCase().includes(word)),
});

/** Loaded machines are slow (ms). */
const WAIT = 20_000;
vi.setConfig({ testTimeout: 3 * WAIT });

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A state and the history that it follows. */
function shownBy(first: Partial<Wanted> = {}, text: (entry: HistoryEntry) => string = textOf) {
  const state = createTimelineState(() => searching(text), first);
  open.push(() => state.close());
  let held: Held = { entries: [], epoch: 0, dropped: 0 };
  const seqs = () => state.shown.value.map(({ entry }) => entry.seq);
  return {
    ...state,
    seqs,
    /** More entries arrive. */
    grow(...entries: HistoryEntry[]) {
      held = { ...held, entries: [...held.entries, ...entries] };
      state.follow(held);
    },
    /** The history is replaced. */
    begin(...entries: HistoryEntry[]) {
      held = { entries, epoch: held.epoch + 1, dropped: 0 };
      state.follow(held);
    },
    /** Until some of `all` entries are shown, but not all: between two slices. */
    async partly(all: number) {
      await new Promise<void>((resolve) => {
        open.push(state.shown.subscribe(({ length }) => void (length > 0 && length < all && resolve())));
      });
    },
    row(seq: number) {
      const row = state.shown.value.find(({ entry }) => entry.seq === seq);
      if (!row) throw new Error(`${seq} does not show`);
      return row;
    },
    async shows(...due: number[]) {
      await vi.waitFor(() => {
        expect(seqs()).toEqual(due);
        expect(state.busy.value).toBe(false);
      }, WAIT);
    },
  };
}
const three = [document(1), operation(2), uuid(3, 'o2')];

describe('entries', () => {
  it('appear as they arrive, in timeline order', async () => {
    const view = shownBy();
    view.grow(uuid(3, 'o2'));
    await view.shows(3);
    view.grow(document(1), operation(2));
    await view.shows(1, 2, 3);
    expect(view.row(3).under).toBe(view.row(2));
  });

  it('are added once each, however often the same history is passed', async () => {
    const view = shownBy();
    view.grow(...three);
    view.grow();
    view.grow(document(4));
    view.grow();
    await view.shows(1, 2, 3, 4);
  });

  it('appear in parts if there are many, and all in the end', async () => {
    const view = shownBy();
    const lengths = new Set<number>();
    view.shown.subscribe((rows) => void lengths.add(rows.length));
    view.grow(...many(20_000));
    await vi.waitFor(() => expect(view.shown.value).toHaveLength(20_000), WAIT);
    expect(lengths.size).toBeGreaterThan(2);
    expect(view.seqs()).toEqual(Array.from({ length: 20_000 }, (_, n) => n + 1));
  });

  it('of another history replace the old ones, even if those were still being added', async () => {
    const view = shownBy();
    view.grow(...many(20_000));
    view.grow(uuid(20_001));
    await view.partly(20_000);
    view.begin(document(7), uuid(8));
    await view.shows(7, 8);
    view.grow(uuid(9));
    await view.shows(7, 8, 9);
    view.begin();
    await view.shows();
  });

  it('stop appearing once the state is closed', async () => {
    const view = shownBy();
    view.grow(...many(20_000));
    await view.partly(20_000);
    view.close();
    const { length } = view.shown.value;
    for (let n = 0; n < 50; n += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(view.shown.value).toHaveLength(length);
  });
});

describe('the filter', () => {
  it.each<[string, Partial<Wanted>, number[]]>([
    ['kinds', { kinds: new Set(['uuid', 'document']) }, [1, 3]],
    ['no kind', { kinds: new Set() }, []],
    ['words in any order and case', { words: 'RELOAD /p1' }, [1]],
    ['a cleared position', { cleared: 2 }, [3]],
    ['a paused position', { pausedAt: 2 }, [1, 2]],
    ['nothing', {}, [1, 2, 3]],
  ])('applies %s, from the start or later', async (_name, change, due) => {
    const begun = shownBy(change);
    begun.grow(...three);
    await begun.shows(...due);
    const changed = shownBy();
    changed.grow(...three);
    await changed.shows(1, 2, 3);
    changed.want(change);
    await changed.shows(...due);
    changed.want(ALL);
    await changed.shows(1, 2, 3);
  });

  it('uses the last of several wishes', async () => {
    const view = shownBy();
    view.grow(...many(3000));
    await vi.waitFor(() => expect(view.shown.value).toHaveLength(3000), WAIT);
    for (const words of ['u', 'uu', 'uuid', 'uuid 4']) view.want({ words });
    expect(view.busy.value).toBe(true);
    const due = many(3000).flatMap(({ kind, seq }) => (kind === 'uuid' && `${seq}`.includes('4') ? [seq] : []));
    await view.shows(...due);
  });

  it('shows nothing of an abandoned wish', async () => {
    const view = shownBy({}, (entry) => textOf(entry).repeat(100));
    view.grow(...many(20_000));
    await vi.waitFor(() => expect(view.shown.value).toHaveLength(20_000), WAIT);
    const lengths: number[] = [];
    open.push(view.shown.subscribe(({ length }) => void lengths.push(length)));
    view.want({ words: '/p' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(view.busy.value).toBe(true);
    view.want({ words: 'uuid 20000' });
    await view.shows(20_000);
    expect(lengths).toEqual([20_000, 1]);
  });

  it('applies to entries that arrive while the others are being filtered', async () => {
    const view = shownBy({}, (entry) => textOf(entry).repeat(50));
    view.grow(...many(20_000));
    await vi.waitFor(() => expect(view.shown.value).toHaveLength(20_000), WAIT);
    view.want({ words: '/p' });
    expect(view.busy.value).toBe(true);
    view.grow(document(20_001), uuid(20_002));
    await vi.waitFor(() => expect(view.busy.value).toBe(false), WAIT);
    await vi.waitFor(() => expect(view.seqs().at(-1)).toBe(20_001), WAIT);
    expect(view.shown.value).toHaveLength(10_001);
  });

  it('applies to entries that are still being added when it changes', async () => {
    const view = shownBy();
    view.grow(...many(20_000));
    await view.partly(20_000);
    view.want({ kinds: new Set(['uuid']) });
    view.grow(uuid(20_001));
    await vi.waitFor(() => expect(view.seqs().at(-1)).toBe(20_001), WAIT);
    expect(view.shown.value).toHaveLength(10_001);
  });
});

describe('the last page load', () => {
  it('hides only the entries before it if the log is not preserved', async () => {
    const view = shownBy({ preserved: false });
    view.grow(uuid(1), document(2), uuid(3));
    await view.shows(2, 3);
    view.grow(document(4, 'within'), uuid(5));
    await view.shows(2, 3, 4, 5);
    view.grow(document(6), uuid(7));
    await view.shows(6, 7);
    view.want({ preserved: true });
    await view.shows(1, 2, 3, 4, 5, 6, 7);
    view.want({ preserved: false });
    await view.shows(6, 7);
  });

  it('is forgotten when the history is replaced', async () => {
    const view = shownBy({ preserved: false });
    view.grow(document(9), uuid(10));
    await view.shows(9, 10);
    view.begin(uuid(1), uuid(2));
    await view.shows(1, 2);
  });
});

describe('pause and clear', () => {
  it('show entries from the pause once it ends', async () => {
    const view = shownBy();
    view.grow(...three);
    await view.shows(1, 2, 3);
    view.want({ pausedAt: 3 });
    view.grow(uuid(4), uuid(5));
    await view.shows(1, 2, 3);
    view.want({ cleared: 2 });
    await view.shows(3);
    view.want({ pausedAt: null });
    await view.shows(3, 4, 5);
    view.want({ cleared: 0 });
    await view.shows(1, 2, 3, 4, 5);
  });
});

describe('a request with an update', () => {
  const request = (seq: number, status: number | null): HistoryEntry => ({
    ...captured({ key: 'r1', status }),
    ...head(seq),
    kind: 'request',
  });

  it('is one row with the latest state', async () => {
    const view = shownBy();
    view.grow(request(1, null), uuid(2), request(3, 200));
    await view.shows(1, 2);
    expect(view.row(1).entry).toMatchObject({ status: 200 });
  });

  it('stays where it was if the timeline is paused in between', async () => {
    const view = shownBy({ pausedAt: 2 });
    view.grow(request(1, null), uuid(2), request(3, 200), document(4));
    await vi.waitFor(() => expect(view.seqs()).toContain(2), WAIT);
    expect(view.seqs()).toEqual([1, 2]);
  });

  it('stays hidden if the timeline was cleared in between', async () => {
    const view = shownBy({ cleared: 2 });
    view.grow(request(1, null), uuid(2), request(3, 200), document(4));
    await vi.waitFor(() => expect(view.seqs()).toContain(4), WAIT);
    expect(view.seqs()).toEqual([4]);
  });
});

describe('folding', () => {
  const nested = [...three, uuid(4, 'o2'), operation(5), uuid(6, 'o5')];

  it('hides the rows under a row at once', async () => {
    const view = shownBy();
    view.grow(...nested);
    await view.shows(1, 2, 3, 4, 5, 6);
    view.want({ folded: new Set([2]) });
    expect(view.seqs()).toEqual([1, 2, 5, 6]);
    expect([view.isFolded(view.row(2)), view.isFolded(view.row(5))]).toEqual([true, false]);
    view.want({ folded: new Set([2]), foldsAll: true });
    expect(view.seqs()).toEqual([1, 2, 3, 4, 5]);
    view.want({ folded: new Set(), foldsAll: true });
    expect(view.seqs()).toEqual([1, 2, 5]);
    view.grow(uuid(7, 'o5'), document(8));
    await view.shows(1, 2, 5, 8);
    expect(view.busy.value).toBe(false);
  });

  it('has no effect under a row that the filter hides', async () => {
    const view = shownBy({ folded: new Set([2]) });
    view.grow(...nested);
    await view.shows(1, 2, 5, 6);
    view.want({ kinds: new Set(['uuid']) });
    await view.shows(3, 4, 6);
  });
});

describe('many entries at once', () => {
  it('are drawn at most ten times a second while they arrive, and are all shown in the end', async () => {
    const shown = shownBy();
    let drawn = 0;
    const count = () => {
      drawn += 1;
    };
    open.push(shown.shown.subscribe(count));
    const all = many(50_000);
    const started = performance.now();
    for (let from = 0; from < all.length; from += 1000) shown.grow(...all.slice(from, from + 1000));
    await vi.waitFor(() => expect(shown.seqs().length).toBe(all.length), { timeout: WAIT });
    expect(drawn).toBeLessThanOrEqual(3 + (performance.now() - started) / 100);
  });
});
