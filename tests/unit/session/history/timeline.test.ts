// The timeline: rows in order of time, each effect under its cause, in whatever order they are added.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '@/lib/session/history/history';
import {
  createTimeline,
  type Finder,
  fitting,
  isPageLoad,
  TIMELINE_KINDS,
  type Timeline,
  type TimelineFilter,
  type TimelineRow,
} from '@/lib/session/history/timeline';
import { MINUTE, T0 } from '../../fakes/make';
import { captured, msOf } from '../../network/make';

type Of<K extends HistoryEntry['kind']> = Extract<HistoryEntry, { kind: K }>;
const head = (seq: number, at: number) => ({ seq, nth: 0, at: T0 + at });
const CAUSE = { kind: 'unknown', sure: false, by: null, evidence: [] } as const;

const call = (seq: number, at: number, ms: number | null, over: Partial<Of<'call'>> = {}): HistoryEntry => ({
  ...head(seq, at),
  kind: 'call',
  key: `c${seq}`,
  does: 'signIn',
  told: {},
  endedAt: ms === null ? null : T0 + at + ms,
  ok: true,
  ...over,
});
const operation = (seq: number, at: number, ms: number): HistoryEntry => ({
  ...head(seq, at),
  kind: 'operation',
  key: `o${seq}`,
  operation: 'refreshToken',
  by: 'person',
  endedAt: T0 + at + ms,
  verdict: 'done',
});
const request = (seq: number, at: number, over: Partial<Of<'request'>> = {}): HistoryEntry => ({
  ...captured({ key: `r${seq}`, ...over }),
  ...head(seq, at),
  kind: 'request',
});
const uuid = (seq: number, at: number, of: string | null = null): HistoryEntry => ({
  ...head(seq, at),
  kind: 'uuid',
  uuid: `u${seq}`,
  after: T0 + at,
  cause: CAUSE,
  of,
});
const token = (seq: number, at: number, fingerprint: string, of: string | null = null): HistoryEntry => ({
  ...head(seq, at),
  kind: 'token',
  fingerprint,
  origin: null,
  uuid: null,
  whom: null,
  createdAt: null,
  expiresAt: null,
  after: T0 + at,
  cause: CAUSE,
  of,
});
const storage = (seq: number, at: number, of: string | null): HistoryEntry => ({
  ...head(seq, at),
  kind: 'storage',
  area: 'cookie',
  name: '_snrs_uuid',
  before: null,
  value: 'x',
  of,
});
const document = (seq: number, at: number, by = 'reload'): HistoryEntry => ({ ...head(seq, at), kind: 'document', path: '/', by });

function timelineOf(entries: readonly HistoryEntry[]): Timeline {
  const timeline = createTimeline();
  for (const entry of entries) timeline.add([entry]);
  return timeline;
}
/** Each row's number, behind that of its cause. */
const drawn = ({ rows }: Timeline) => rows.map(({ entry, under }) => (under ? `${under.entry.seq}>${entry.seq}` : `${entry.seq}`));

/** What holds for any timeline. */
function sound({ rows }: Timeline, entries: readonly HistoryEntry[]): void {
  expect(rows.map(({ entry }) => entry.seq).sort((a, b) => a - b)).toEqual(entries.map(({ seq }) => seq).sort((a, b) => a - b));
  const at = new Map(rows.map((row, n) => [row, n]));
  for (const row of rows) {
    for (const effect of row.effects) expect(effect.under).toBe(row);
    if (row.under) {
      expect(row.under.effects.filter((one) => one === row)).toHaveLength(1);
      expect(at.get(row.under)).toBeLessThan(at.get(row) ?? -1);
    }
  }
  // Top-level rows are in order of time.
  const tops = rows.filter(({ under }) => !under).map(({ entry }) => entry.at);
  expect(tops).toEqual([...tops].sort((a, b) => a - b));
  // A row's effects follow it directly.
  const size = (row: TimelineRow): number => 1 + row.effects.reduce((sum, one) => sum + size(one), 0);
  const within = (row: TimelineRow, other: TimelineRow | null): boolean => other !== null && (other === row || within(row, other.under));
  rows.forEach((row, n) => {
    expect(rows.slice(n, n + size(row)).every((one) => within(row, one))).toBe(true);
  });
}

describe('createTimeline', () => {
  it('orders rows by time, and by number if the times are equal', () => {
    expect(drawn(timelineOf([uuid(1, 50), uuid(2, 10), document(4, 30), document(3, 30)]))).toEqual(['2', '3', '4', '1']);
  });

  it('puts effects under their cause, even with other rows in between', () => {
    const all = [operation(1, 0, 500), document(2, 100), uuid(3, 200, 'o1'), storage(4, 300, 'o1'), document(5, 600)];
    expect(drawn(timelineOf(all))).toEqual(['1', '1>3', '1>4', '2', '5']);
  });

  it('finds a cause that is added later', () => {
    const timeline = timelineOf([uuid(1, 200, 'o3'), document(2, 100)]);
    expect(drawn(timeline)).toEqual(['2', '1']);
    timeline.add([operation(3, 0, 500)]);
    expect(drawn(timeline)).toEqual(['3', '3>1', '2']);
  });

  it('leaves a row at the top level if its cause is never added', () => {
    expect(drawn(timelineOf([uuid(1, 0, 'gone'), document(2, 10)]))).toEqual(['1', '2']);
  });

  it('puts a request under the only call that can have caused it, whichever is added first', () => {
    for (const all of [
      [call(1, 0, 300), request(2, 100)],
      [request(2, 100), call(1, 0, 300)],
    ])
      expect(drawn(timelineOf(all))).toEqual(['1', '1>2']);
    expect(drawn(timelineOf([operation(1, 0, 300), request(2, 100, { purpose: 'refresh' })]))).toEqual(['1', '1>2']);
    expect(drawn(timelineOf([call(1, 0, 300), request(2, 100, { purpose: 'search' })]))).toEqual(['1', '2']);
  });

  it('moves a request back to the top level once a second call may have caused it', () => {
    const timeline = timelineOf([call(1, 0, 300), request(2, 100)]);
    timeline.add([call(3, 50, 300)]);
    expect(drawn(timeline)).toEqual(['1', '3', '2']);
    sound(timeline, [call(1, 0, 300), request(2, 100), call(3, 50, 300)]);
  });

  it('puts a token under the request that returned it, and so under the call', () => {
    const all = [call(1, 0, 300), request(2, 100, { gave: 'f1' }), token(3, 320, 'f1'), document(4, 310)];
    for (const told of [all, all.toReversed()]) expect(drawn(timelineOf(told))).toEqual(['1', '1>2', '2>3', '4']);
  });

  it('leaves a token under the call that is known to have caused it', () => {
    const all = [operation(1, 0, 300), request(2, 100, { purpose: 'refresh', gave: 'f1' }), token(3, 320, 'f1', 'o1')];
    for (const told of [all, all.toReversed()]) expect(drawn(timelineOf(told))).toEqual(['1', '1>2', '1>3']);
  });

  it('puts neither a missing token nor a different one under a request', () => {
    expect(drawn(timelineOf([request(1, 0, { gave: '' }), request(2, 10, { gave: 'f1' }), token(3, 20, ''), token(4, 30, 'f2')]))).toEqual([
      '1',
      '2',
      '3',
      '4',
    ]);
  });

  it('puts no token under a request from long after it', () => {
    const all = [token(1, 0, 'f1'), document(2, 5), request(3, 60 * MINUTE, { purpose: 'refresh', gave: 'f1' })];
    expect(drawn(timelineOf(all))).toEqual(['1', '2', '3']);
  });

  it('leaves a request under its call when many calls are added later', () => {
    const later = Array.from({ length: 60 }, (_, n) => call(n + 3, 5000 + n, 1, { does: 'getUUID', looks: true }));
    const timeline = timelineOf([call(1, 0, 300), request(2, 100), ...later]);
    expect(drawn(timeline).slice(0, 2)).toEqual(['1', '1>2']);
  });

  it('keeps an updated request in place, and attaches the token that it returned', () => {
    const timeline = timelineOf([call(1, 0, 300), request(2, 100, { status: null }), token(3, 320, 'f1')]);
    expect(drawn(timeline)).toEqual(['1', '1>2', '3']);
    const [row] = timeline.add([request(4, 110, { key: 'r2', status: 200, gave: 'f1' })]);
    expect(drawn(timeline)).toEqual(['1', '1>2', '2>3']);
    expect(row).toBe(timeline.rows[1]);
    expect(row?.entry).toMatchObject({ seq: 2, at: T0 + 100, status: 200, gave: 'f1' });
  });

  it('returns the added rows, which fit the filter at first', () => {
    const timeline = createTimeline();
    const rows = timeline.add([document(1, 0), document(2, 10)]);
    expect(rows.map(({ entry, fits }) => [entry.seq, fits])).toEqual([
      [1, true],
      [2, true],
    ]);
    expect(timeline.rows).toEqual(rows);
    expect(timeline.add([])).toEqual([]);
  });

  it('gives the same timeline for any order of the same entries', () => {
    const kind = fc.constantFrom('call', 'operation', 'request', 'token', 'storage', 'document');
    const beat = fc.record({
      kind,
      at: fc.nat({ max: 4000 }),
      ms: fc.option(fc.nat({ max: 2000 })),
      does: fc.constantFrom('signIn', 'refreshToken', 'getAccount'),
      n: fc.nat(),
    });
    const purpose = { signIn: 'login', refreshToken: 'refresh', getAccount: 'account-read' } as const;
    fc.assert(
      fc.property(
        fc
          .array(beat, { minLength: 1, maxLength: 25 })
          .chain((beats) => fc.tuple(fc.constant(beats), fc.shuffledSubarray([...beats.keys()], { minLength: beats.length }))),
        ([beats, order]) => {
          const makers = beats.flatMap((one, n) => (one.kind === 'call' ? [`c${n + 1}`] : one.kind === 'operation' ? [`o${n + 1}`] : []));
          const entries = beats.map(({ kind: what, at, ms, does, n: dice }, n): HistoryEntry => {
            const seq = n + 1;
            const of = makers[dice % (makers.length + 1)] ?? null;
            if (what === 'call') return call(seq, at, ms, { does });
            if (what === 'operation') return operation(seq, at, ms ?? 0);
            // Each token is returned by at most one request; otherwise the order would decide.
            if (what === 'request') return request(seq, at, { purpose: purpose[does], gave: `f${seq + 1}` });
            if (what === 'token') return token(seq, at, `f${seq}`, dice % 3 ? null : of);
            return what === 'storage' ? storage(seq, at, of) : document(seq, at);
          });
          const due = timelineOf(entries);
          sound(due, entries);
          const timeline = timelineOf(order.flatMap((n) => entries[n] ?? []));
          sound(timeline, entries);
          expect(drawn(timeline)).toEqual(drawn(due));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('adds ten thousand entries in little time', () => {
    const all = Array.from({ length: 10_000 }, (_, n) =>
      n % 3 ? request(n + 1, n * 20) : n % 2 ? call(n + 1, n * 20, 30) : uuid(n + 1, n * 20, `c${n}`),
    );
    expect(msOf(() => createTimeline().add(all))).toBeLessThan(5000);
  });
});

const ALL: TimelineFilter = { kinds: new Set(TIMELINE_KINDS), words: '', from: null, after: 0, until: Number.POSITIVE_INFINITY };
const finder: Finder = (words) => (entry) => words.every((word) => `entry ${entry.kind} of ${entry.seq}`.includes(word));
const lets = (filter: Partial<TimelineFilter>) =>
  [document(1, 0), uuid(2, 10), call(3, 20, 5), uuid(4, 30)].filter(fitting({ ...ALL, ...filter }, finder)).map(({ seq }) => seq);

describe('fitting', () => {
  it.each<[Partial<TimelineFilter>, number[]]>([
    [{}, [1, 2, 3, 4]],
    [{ kinds: new Set(['uuid']) }, [2, 4]],
    [{ kinds: new Set() }, []],
    [{ from: T0 + 10 }, [2, 3, 4]],
    [{ after: 2 }, [3, 4]],
    [{ until: 2 }, [1, 2]],
    [{ after: 1, until: 3, kinds: new Set(['uuid', 'document']) }, [2]],
    [{ words: 'UUID' }, [2, 4]],
    [{ words: '  4   entry\tUUID ' }, [4]],
    [{ words: 'uuid call' }, []],
    [{ words: ' \n ' }, [1, 2, 3, 4]],
    [{ words: '.*' }, []],
  ])('filters by %j', (filter, seqs) => {
    expect(lets(filter)).toEqual(seqs);
  });

  it('searches an entry only if everything else fits', () => {
    const asked: number[] = [];
    const asks: Finder = () => (entry) => asked.push(entry.seq) > 0;
    [document(1, 0), uuid(2, 10)].filter(fitting({ ...ALL, kinds: new Set(['uuid']), words: 'x' }, asks));
    expect(asked).toEqual([2]);
  });
});

describe('isPageLoad', () => {
  it('is true for a new document, and false for a change of the URL alone', () => {
    expect(['navigate', 'reload', 'back_forward', 'restored', 'within'].filter((by) => isPageLoad(document(1, 0, by)))).toEqual([
      'navigate',
      'reload',
      'back_forward',
      'restored',
    ]);
    expect(isPageLoad(uuid(1, 0))).toBe(false);
  });

  it('every kind of entry can be filtered', () => {
    expect(new Set(TIMELINE_KINDS).size).toBe(10);
  });
});
