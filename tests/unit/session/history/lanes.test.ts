// A session's history over time: ten generations or five hundred, wide or narrow, complete or zoomed in.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '@/lib/session/history/history';
import { LANES, type Layout, layOut, ofSession } from '@/lib/session/history/lanes';
import { MINUTE, T0 } from '../../fakes/make';

const SECOND = 1000;
const CAUSE = { kind: 'unknown', sure: false, by: null, evidence: [] } as const;

const uuid = (seq: number, at: number, nth = 0): HistoryEntry => ({
  seq,
  nth,
  at,
  kind: 'uuid',
  uuid: `u${seq}`,
  after: at,
  cause: CAUSE,
  of: null,
});
const token = (seq: number, at: number): HistoryEntry => ({
  seq,
  nth: 0,
  at,
  kind: 'token',
  fingerprint: `f${seq}`,
  origin: null,
  uuid: null,
  whom: null,
  createdAt: null,
  expiresAt: null,
  after: at,
  cause: CAUSE,
  of: null,
});
const operation = (seq: number, at: number, ms: number): HistoryEntry => ({
  seq,
  nth: 0,
  at,
  kind: 'operation',
  key: `o${seq}`,
  operation: 'refreshToken',
  by: 'person',
  endedAt: at + ms,
  verdict: 'done',
});
const call = (seq: number, at: number, ms: number | null): HistoryEntry => ({
  seq,
  nth: 0,
  at,
  kind: 'call',
  key: `c${seq}`,
  does: 'signIn',
  told: {},
  endedAt: ms === null ? null : at + ms,
  ok: true,
});
const identity = (seq: number, at: number): HistoryEntry => ({
  seq,
  nth: 0,
  at,
  kind: 'identity',
  identity: 'signed-in',
  before: 'anonymous',
  reason: null,
  of: null,
});
const document = (seq: number, at: number): HistoryEntry => ({ seq, nth: 0, at, kind: 'document', path: '/', by: 'reload' });

/** `count` generations of UUID and token over an hour, with the events between them. */
function history(count: number): HistoryEntry[] {
  const every = (60 * MINUTE) / count;
  const all: HistoryEntry[] = [];
  for (let n = 0; n < count; n += 1) {
    const at = Math.round(T0 + n * every);
    all.push(operation(all.length + 1, at, 300));
    all.push(uuid(all.length + 1, at + 50));
    all.push(token(all.length + 1, at + 90));
    if (n % 10 === 5) all.push(document(all.length + 1, at + 100));
    if (n % 7 === 3) all.push(call(all.length + 1, at + 120, n % 2 ? 40 : null));
  }
  return all;
}
const RANGE = { from: T0, to: T0 + 61 * MINUTE };

/** Whether an entry lies in the range, as far as its duration is known. */
function inRange(entry: HistoryEntry, all: readonly HistoryEntry[], { from, to }: { from: number; to: number }): boolean {
  const next = all.filter(({ kind }) => kind === entry.kind)[all.filter(({ kind }) => kind === entry.kind).indexOf(entry) + 1];
  const end =
    entry.kind === 'uuid' || entry.kind === 'token'
      ? (next?.at ?? Number.POSITIVE_INFINITY)
      : entry.kind === 'operation' || entry.kind === 'call'
        ? (entry.endedAt ?? entry.at)
        : entry.at;
  return entry.at <= to && end >= from;
}

function sound(layout: Layout, all: readonly HistoryEntry[], range: { from: number; to: number }, width: number): void {
  expect(layout.lanes.map(({ name }) => name)).toEqual(LANES);
  const seen: number[] = [];
  for (const { name, stretches } of layout.lanes) {
    stretches.forEach((stretch, n) => {
      const label = `${name} ${n} of ${stretches.length} at ${width} px: ${stretch.x} + ${stretch.width}`;
      expect(stretch.lane).toBe(name);
      // Nothing is outside.
      expect(stretch.x, label).toBeGreaterThanOrEqual(0);
      expect(stretch.x + stretch.width, label).toBeLessThanOrEqual(width + 1e-6);
      expect(stretch.width, label).toBeGreaterThan(0);
      // In order, with an overlap of at most a pixel.
      const before = stretches[n - 1];
      if (before) {
        expect(stretch.x, label).toBeGreaterThanOrEqual(before.x);
        expect(before.x + before.width - stretch.x, `${label} over ${before.x} + ${before.width}`).toBeLessThanOrEqual(1);
      }
      seen.push(...stretch.entries.map(({ seq }) => seq));
      expect(stretch.from).toBe(stretch.entries[0]?.at);
    });
  }
  // Each entry is in exactly one stretch.
  const due = all.filter((entry) => inRange(entry, all, range)).map(({ seq }) => seq);
  expect([...seen].sort((a, b) => a - b)).toEqual([...due].sort((a, b) => a - b));
  for (const { x } of layout.boundaries) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(width);
  }
}

describe('layOut', () => {
  for (const count of [1, 10, 500]) {
    for (const width of [120, 320, 900, 2400]) {
      it(`lays out ${count} generations in ${width} px`, () => {
        const all = history(count);
        const layout = layOut(all, RANGE, width);
        sound(layout, all, RANGE, width);
        expect(layout.boundaries).toHaveLength(all.filter(({ kind }) => kind === 'document').length);
        for (const { stretches } of layout.lanes) for (const { width: wide } of stretches) expect(wide).toBeGreaterThanOrEqual(2);
      });
    }
  }

  it('gives each of ten generations its own stretch, as long as it lasted', () => {
    const all = history(10);
    const { lanes } = layOut(all, RANGE, 610);
    const own = lanes.find(({ name }) => name === 'uuid')?.stretches ?? [];
    expect(own.map(({ entries }) => entries.length)).toEqual(Array.from({ length: 10 }, () => 1));
    // 610 px for 61 minutes: ten px per minute.
    for (const [n, { x, width }] of own.entries()) {
      expect(x).toBeCloseTo(n * 60, -0.5);
      expect(width).toBeCloseTo(n < 9 ? 60 : 70, -0.5);
    }
    expect(own.at(-1)?.to).toBeNull();
    expect(own[0]?.to).toBe(own[1]?.from);
  });

  it('merges five hundred generations in a narrow space, but not all into one', () => {
    const { lanes } = layOut(history(500), RANGE, 300);
    const own = lanes.find(({ name }) => name === 'uuid')?.stretches ?? [];
    expect(own.length).toBeGreaterThan(20);
    expect(own.length).toBeLessThanOrEqual(60);
  });

  it('shows each generation of a merged stretch separately when zoomed in', () => {
    const all = history(500);
    const crowd = layOut(all, RANGE, 300).lanes[0]?.stretches.find(({ entries }) => entries.length > 2);
    expect(crowd).toBeDefined();
    const range = { from: crowd?.from ?? 0, to: crowd?.to ?? 0 };
    const zoomed = layOut(all, range, 300);
    sound(zoomed, all, range, 300);
    const inside = zoomed.lanes[0]?.stretches.filter(({ from }) => from >= range.from && from < range.to) ?? [];
    expect(inside.every(({ entries }) => entries.length === 1)).toBe(true);
    expect(inside).toHaveLength(crowd?.entries.length ?? 0);
  });

  it('starts an entry from before the range at the left edge', () => {
    const all = [uuid(1, T0), token(2, T0 + 10)];
    const layout = layOut(all, { from: T0 + MINUTE, to: T0 + 2 * MINUTE }, 200);
    expect(layout.lanes.map(({ stretches }) => stretches.map(({ x, width }) => [x, width]))).toEqual([[[0, 200]], [[0, 200]], []]);
  });

  it('omits entries that start after the range or end before it', () => {
    const all = [uuid(1, T0), uuid(2, T0 + MINUTE), operation(3, T0 + 10, 100), uuid(4, T0 + 9 * MINUTE), document(5, T0)];
    const range = { from: T0 + 2 * MINUTE, to: T0 + 3 * MINUTE };
    const layout = layOut(all, range, 200);
    expect(layout.lanes.flatMap(({ stretches }) => stretches.flatMap(({ entries }) => entries.map(({ seq }) => seq)))).toEqual([2]);
    expect(layout.boundaries).toEqual([]);
  });

  it('handles no entries and an empty range', () => {
    sound(layOut([], RANGE, 300), [], RANGE, 300);
    const all = [uuid(1, T0), token(2, T0), operation(3, T0, 0)];
    const now = { from: T0, to: T0 };
    sound(layOut(all, now, 300), all, now, 300);
  });

  it('does not modify its input, and is deterministic', () => {
    const all = history(30);
    const copy = structuredClone(all);
    expect(layOut(all, RANGE, 400)).toEqual(layOut(all, RANGE, 400));
    expect(all).toEqual(copy);
  });

  it('lays out five hundred generations quickly', () => {
    const all = history(500);
    layOut(all, RANGE, 900);
    const begun = performance.now();
    for (let n = 0; n < 20; n += 1) layOut(all, RANGE, 900);
    // A frame has 16 ms; loaded machines take several times as long.
    expect((performance.now() - begun) / 20).toBeLessThan(30);
  });

  it('holds for arbitrary histories, widths and zooms', () => {
    const kind = fc.constantFrom('uuid', 'token', 'operation', 'call', 'open', 'identity', 'document');
    const beats = fc.array(
      fc.record({
        kind,
        pause: fc.constantFrom(0, 1, 100, 5 * SECOND, MINUTE, 20 * MINUTE),
        ms: fc.constantFrom(0, 50, 5 * SECOND, 10 * MINUTE),
      }),
      {
        maxLength: 80,
      },
    );
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(beats, fc.integer({ min: 24, max: 2000 }), part, part, (story, width, a, b) => {
        let at = T0;
        const all = story.map(({ kind: what, pause, ms }, n): HistoryEntry => {
          at += pause;
          const seq = n + 1;
          if (what === 'uuid') return uuid(seq, at);
          if (what === 'token') return token(seq, at);
          if (what === 'operation') return operation(seq, at, ms);
          if (what === 'call') return call(seq, at, ms);
          if (what === 'open') return call(seq, at, null);
          return what === 'identity' ? identity(seq, at) : document(seq, at);
        });
        const length = at - T0 + MINUTE;
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const range = { from: T0 + Math.floor(low * length), to: T0 + Math.ceil(high * length) };
        sound(layOut(all, range, width), all, range, width);
      }),
      { numRuns: 500 },
    );
  });
});

describe('ofSession', () => {
  it('returns the entries of one session, oldest start first', () => {
    const all = [uuid(1, T0 + 50), uuid(2, T0, 1), operation(3, T0 + 10, 5), token(4, T0 + 50)];
    expect(ofSession(all, 0).map(({ seq }) => seq)).toEqual([3, 1, 4]);
    expect(ofSession(all, 1).map(({ seq }) => seq)).toEqual([2]);
    expect(ofSession(all, 9)).toEqual([]);
  });
});
