// What the filter of a timeline finds.
import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { Source } from '@/components/state/record';
import { entryMentions } from '@/components/timeline/entry-more';
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
  ])('%s', (_, entry, words) => expect(entryMentions(entry, words, source)).toBe(true));
});

it.each(['sure', 'evidence', 'after'])('an entry is not found by %s, a name of a field', (name) => {
  expect(entryMentions(uuid, name, source)).toBe(false);
});
