import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cause } from '@/lib/session/causes';
import type { HistoryEntry } from '@/lib/session/history';
import { filtered, TIMELINE_KINDS, type TimelineFilter, timelineOf } from '@/lib/session/timeline';

const T0 = Date.UTC(2026, 0, 1);
const cause = (kind: Cause['kind'], by: string | null): Cause => ({ kind, sure: true, by, evidence: [] });
const head = (seq: number, at: number, nth = 0) => ({ seq, nth, at: T0 + at });
const operation = (seq: number, at: number, nth = 0): HistoryEntry => ({
  ...head(seq, at, nth),
  kind: 'operation',
  operation: 'regenerateUUID',
  by: 'person',
  endedAt: T0 + at + 10,
  verdict: 'done',
});
const call = (seq: number, at: number): HistoryEntry => ({
  ...head(seq, at),
  kind: 'call',
  does: 'signIn',
  told: {},
  endedAt: T0 + at + 5,
  ok: true,
});
const uuid = (seq: number, at: number, by: Cause, nth = 0): HistoryEntry => ({
  ...head(seq, at, nth),
  kind: 'uuid',
  uuid: `uuid-${seq}`,
  after: T0,
  cause: by,
});
const identity = (seq: number, at: number): HistoryEntry => ({
  ...head(seq, at),
  kind: 'identity',
  identity: 'signed-in',
  before: 'anonymous',
  reason: null,
});
const loaded = (seq: number, at: number): HistoryEntry => ({ ...head(seq, at), kind: 'document', path: '/', by: 'reload' });
const OPERATION = cause('operation', 'Regenerate UUID');
const ties = (entries: readonly HistoryEntry[]) => timelineOf(entries).map(({ entry, of }) => [entry.seq, of]);

describe('the order and the ties', () => {
  it.each<[string, readonly HistoryEntry[], unknown]>([
    [
      'an operation stands before what came of it, though it is noted when it ends',
      [uuid(1, 5, OPERATION), operation(2, 0)],
      [
        [2, null],
        [1, 2],
      ],
    ],
    [
      'the latest of several that fit',
      [operation(1, 0), operation(2, 20), uuid(3, 25, OPERATION)],
      [
        [1, null],
        [2, null],
        [3, 2],
      ],
    ],
    [
      'a call by its own name, and the sign-in that was read with its token',
      [call(1, 0), uuid(2, 8, cause('call', 'signIn()')), identity(3, 8)],
      [
        [1, null],
        [2, 1],
        [3, 1],
      ],
    ],
    [
      'nothing that merely came together',
      [operation(1, 0), uuid(2, 5, cause('unknown', null)), identity(3, 400)],
      [
        [1, null],
        [2, null],
        [3, null],
      ],
    ],
    [
      'no sign-in that came a while after what was tied',
      [call(1, 0), uuid(2, 8, cause('call', 'signIn()')), identity(3, 400)],
      [
        [1, null],
        [2, 1],
        [3, null],
      ],
    ],
    [
      'nothing that began later',
      [uuid(1, 0, OPERATION), operation(2, 50)],
      [
        [1, null],
        [2, null],
      ],
    ],
    [
      'nothing of another session of the tab',
      [operation(1, 0, 0), uuid(2, 5, OPERATION, 1)],
      [
        [1, null],
        [2, null],
      ],
    ],
  ])('%s', (_what, entries, expected) => {
    expect(ties(entries)).toEqual(expected);
  });

  it('holds each entry once, by time, whatever order they are told in; an effect never stands before its cause', () => {
    const entry = fc.tuple(fc.constantFrom('operation', 'call', 'uuid', 'identity'), fc.nat(100));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (made) => {
        const entries = made.map(([kind, at], index) => {
          if (kind === 'operation') return operation(index + 1, at);
          if (kind === 'call') return call(index + 1, at);
          return kind === 'uuid' ? uuid(index + 1, at, OPERATION) : identity(index + 1, at);
        });
        const rows = timelineOf(entries);
        expect(rows.map(({ entry: one }) => one.seq).sort((a, b) => a - b)).toEqual(entries.map(({ seq }) => seq));
        const places = new Map(rows.map(({ entry: one }, index) => [one.seq, index]));
        for (const [index, { entry: one, of }] of rows.entries()) {
          expect(one.at).toBeGreaterThanOrEqual(rows[index - 1]?.entry.at ?? 0);
          if (of !== null) expect(places.get(of)).toBeLessThan(index);
        }
      }),
    );
  });
});

describe('the filter', () => {
  const rows = timelineOf([operation(1, 0), uuid(2, 5, OPERATION), loaded(3, 100), call(4, 200), identity(5, 201)]);
  const all: TimelineFilter = { kinds: new Set(TIMELINE_KINDS), words: '', thisPage: false, after: 0 };
  const seqs = (filter: Partial<TimelineFilter>) =>
    filtered(rows, { ...all, ...filter }, (entry) => `${entry.kind} Anna-${entry.seq}`).map(({ entry }) => entry.seq);

  it.each<[string, Partial<TimelineFilter>, number[]]>([
    ['nothing asked', {}, [1, 2, 3, 4, 5]],
    ['kinds', { kinds: new Set(['uuid', 'call']) }, [2, 4]],
    ['no kind', { kinds: new Set() }, []],
    ['a word, in any case', { words: 'aNNa-4' }, [4]],
    ['all words, in any order', { words: ' anna  call ' }, [4]],
    ['a word that nobody said', { words: 'call 9' }, []],
    ['this page load', { thisPage: true }, [3, 4, 5]],
    ['what came after a clearing', { after: 4 }, [5]],
  ])('%s', (_what, filter, expected) => {
    expect(seqs(filter)).toEqual(expected);
  });

  it('shows all where no page was loaded since', () => {
    const few = timelineOf([operation(1, 0)]);
    expect(filtered(few, { ...all, thisPage: true }, () => '')).toHaveLength(1);
  });
});
