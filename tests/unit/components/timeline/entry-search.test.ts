// What the filter of a timeline finds, in one entry and among many.
import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { Source } from '@/components/state/record';
import { createEntrySearch } from '@/components/timeline/entry-search';
import type { HistoryEntry } from '@/lib/session/history/history';

const source: Source = {
  live: false,
  history: signal({ epoch: 0, entries: [], dropped: 0 }),
  detailed: signal(0),
  detailOf: (key) => (key === 'known' ? { call: { args: ['ada@shop.example', { pageSize: 40 }] } } : null),
};
const uuid: HistoryEntry = {
  kind: 'uuid',
  seq: 1,
  nth: 1,
  at: 0,
  uuid: '6e5b0000-0000-4000-8000-00000000b58e',
  after: 1,
  of: null,
  cause: { kind: 'call', sure: false, by: 'signIn', evidence: [] },
};
const call = (key: string): HistoryEntry => ({ kind: 'call', seq: 2, nth: 1, at: 0, endedAt: 5, key, does: 'signIn', told: {}, ok: false });

const gone: HistoryEntry = { kind: 'storage', seq: 3, nth: 1, at: 0, area: 'cookie', name: '_snrs_p', before: 'x', value: null, of: null };
const identity: HistoryEntry = {
  kind: 'identity',
  seq: 4,
  nth: 1,
  at: 0,
  identity: 'signed-in',
  before: 'anonymous',
  reason: null,
  of: null,
};
const alarm: HistoryEntry = {
  ...{ kind: 'operation', seq: 5, nth: 1, at: 0, key: 'o', operation: 'refreshToken' },
  ...{ by: 'alarm', endedAt: 5, verdict: 'done' },
} as HistoryEntry;

/** Which of these entries contain all words, each searched alone. */
const found = (entries: readonly HistoryEntry[], ...words: string[]): readonly HistoryEntry[] =>
  entries.filter((entry) => {
    const { add, finder } = createEntrySearch(source);
    add(entry);
    return finder(words)(entry);
  });

describe('an entry is found by', () => {
  it.each([
    ['its value', uuid, '6e5b'],
    ['its name', uuid, 'uuid'],
    ['what its line says beyond its fields', gone, 'removed'],
    ['a label', identity, 'anonymous'],
    ['an outcome in words', alarm, 'auto-refresh'],
    ['the words of its cause', uuid, 'probably'],
    ['who made it', uuid, 'signin'],
    ['how it ended', call('unknown'), 'failed'],
    ['the arguments that are known', call('known'), 'ada@shop.example'],
    ['numbers in them', call('known'), '40'],
  ])('%s', (_, entry, words) => expect(found([entry], words)).toEqual([entry]));
});

it.each(['sure', 'evidence', 'after'])('an entry is not found by %s, a name of a field', (name) => {
  expect(found([uuid], name)).toEqual([]);
});

describe('among many entries', () => {
  /** Two of the same kind differ in their numbers. */
  const KINDS = [uuid, call('known'), call('unknown'), gone, identity, alarm];
  const many = (count: number): HistoryEntry[] =>
    Array.from({ length: count }, (_, n) => ({ ...(KINDS[n % KINDS.length] as HistoryEntry), seq: n + 900 }));
  const searchOf = async (entries: readonly HistoryEntry[], isPrepared = true) => {
    const search = createEntrySearch(source);
    for (const entry of entries) search.add(entry);
    if (isPrepared) await search.prepare();
    return search;
  };

  it.each([
    [['6e5b']],
    [['6e5b', 'probably']],
    [['6e5b', 'removed']],
    [['ada@shop.example', 'failed']],
    [['anonymous']],
    [['40']],
    [['nowhere']],
    [[]],
  ])('%j is found in the same ones as if each were alone, prepared or not', async (words) => {
    const entries = many(1500);
    for (const isPrepared of [true, false]) {
      const { finder } = await searchOf(entries, isPrepared);
      expect(entries.filter(finder(words))).toEqual(found(entries, ...words));
    }
  });

  it('one that was amended is found by what it is now, and not by what it was, also by a search that is under way', async () => {
    const entries = many(1500);
    const search = await searchOf(entries);
    const under = search.finder(['cookie-of-another-name']);
    const before = entries[3] as Extract<HistoryEntry, { kind: 'storage' }>;
    const after: HistoryEntry = { ...before, name: 'cookie-of-another-name' };
    expect(under(before)).toBe(false);
    search.add(after);
    await search.prepare();
    for (const find of [under, search.finder(['cookie-of-another-name'])]) expect(find(after)).toBe(true);
    expect(search.finder(['_snrs_p'])(after)).toBe(false);
  });
});
