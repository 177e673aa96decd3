// A panel's copy of a tab's history: grown, replaced, kept over a reconnect; and the details next to it, within bounds.

import { describe, expect, it } from 'vitest';
import { createRecord } from '@/components/state/record';
import type { RequestRecord } from '@/lib/network/request';
import { capturedOf } from '@/lib/network/requests';
import type { ViewMessage } from '@/lib/protocol/view-message';
import type { HistoryEntry } from '@/lib/session/history/history';
import { T0 } from '../../fakes/make';
import { JWT, record as request, UUID } from '../../network/make';

const entry = (seq: number, path = `/${seq}`): HistoryEntry => ({ seq, nth: 0, at: T0 + seq, kind: 'document', path, by: 'navigate' });
const entries = (from: number, to: number, of = '') =>
  Array.from({ length: to - from + 1 }, (_, n) => entry(from + n, `/${of}${from + n}`));

/** A record whose animation frames the test runs. */
function recorded() {
  const frames: (() => void)[] = [];
  const sent: ViewMessage[] = [];
  const made = createRecord((work) => void frames.push(work));
  return {
    ...made,
    frames,
    sent,
    send: (message: ViewMessage) => void sent.push(message),
    hear: (from: HistoryEntry[], whole = false, dropped = 0) => made.take({ type: 'history', entries: from, dropped, whole }),
    frame: () => {
      for (const work of frames.splice(0)) work();
    },
    /** The sequence numbers that are shown, with epoch and dropped count. */
    shown() {
      for (const work of frames.splice(0)) work();
      const held = made.history.value;
      return { seqs: held.entries.map(({ seq }) => seq), epoch: held.epoch, dropped: held.dropped };
    },
  };
}

describe('history', () => {
  it('starts with the existing entries, and grows', () => {
    const made = recorded();
    made.hear(entries(1, 3), true);
    const { epoch } = made.shown();
    made.hear(entries(4, 5));
    expect(made.shown()).toEqual({ seqs: [1, 2, 3, 4, 5], epoch, dropped: 0 });
  });

  it('is updated once per frame', () => {
    const made = recorded();
    const told: number[] = [];
    made.history.subscribe(({ entries: held }) => void told.push(held.length));
    made.hear(entries(1, 2), true);
    made.hear(entries(3, 3));
    made.hear(entries(4, 4));
    expect(made.frames).toHaveLength(1);
    made.frame();
    expect(told).toEqual([0, 4]);
    made.hear(entries(5, 5));
    expect(made.frames).toHaveLength(1);
  });

  it('keeps entries that the background has dropped if the same history is sent again', () => {
    const made = recorded();
    made.hear(entries(1, 6), true);
    const { epoch } = made.shown();
    // The background dropped the first three; two more arrived meanwhile.
    made.hear(entries(4, 8), true, 3);
    expect(made.shown()).toEqual({ seqs: [1, 2, 3, 4, 5, 6, 7, 8], epoch, dropped: 0 });
    made.hear(entries(4, 8), true, 3);
    expect(made.shown().seqs).toHaveLength(8);
  });

  it.each([
    ['of another tab', entries(1, 3, 'other')],
    ['of another tab, longer', entries(1, 9, 'other')],
    ['with fewer entries', entries(1, 4)],
    ['with no known entry', entries(9, 10)],
    ['that is empty', []],
  ])('is replaced by a history %s', (_name, whole) => {
    const made = recorded();
    made.hear(entries(1, 6), true);
    const { epoch } = made.shown();
    made.hear(whole, true);
    const after = made.shown();
    expect(after.seqs).toEqual(whole.map(({ seq }) => seq));
    expect(after.epoch).toBeGreaterThan(epoch);
    expect(made.history.value.entries).toEqual(whole);
  });

  it('does not modify the list that it received', () => {
    const made = recorded();
    const whole = entries(1, 3);
    made.hear(whole, true);
    made.hear(entries(4, 4));
    expect(whole).toHaveLength(3);
  });

  it('counts the entries that were dropped', () => {
    const made = recorded();
    made.hear([], true, 0);
    expect(made.shown().dropped).toBe(0);
    made.hear(entries(11, 12), true, 10);
    expect(made.shown().dropped).toBe(10);
    // It still has one that the background has dropped since.
    made.hear(entries(13, 13), false, 11);
    expect(made.shown().dropped).toBe(10);
  });

  it('drops the oldest entries over the limit, and counts them', () => {
    const made = recorded();
    made.hear(entries(1, 200_000), true);
    const { epoch } = made.shown();
    made.hear([entry(200_001)], false, 190_000);
    const after = made.shown();
    expect(after.seqs.length).toBeLessThanOrEqual(200_000);
    expect(after.seqs.at(-1)).toBe(200_001);
    expect(after.seqs[0]).toBe(after.dropped + 1);
    expect(after.epoch).toBe(epoch + 1);
    made.hear([entry(200_002)], false, 190_001);
    expect(made.shown()).toMatchObject({ dropped: after.dropped, epoch: after.epoch });
  });
});

describe('details', () => {
  it('that arrive in parts are merged', () => {
    const made = recorded();
    made.take({ type: 'detail', key: 'c1', detail: { call: { args: ['a'], site: 'app.js:1' } } });
    made.take({ type: 'detail', key: 'c1', detail: { call: { value: 7 } } });
    expect(made.detailOf('c1')?.call).toEqual({ args: ['a'], site: 'app.js:1', value: 7 });
    expect(made.detailed.value).toBe(2);
    expect(made.detailOf('c2')).toBeNull();
  });

  it('of a request that both sources captured are found by either key', () => {
    const made = recorded();
    const seen = request({ key: 'd1' });
    made.take({ type: 'detail', key: 'd1', detail: { request: seen } });
    expect(made.detailOf('p1')).toBeNull();
    made.take({ type: 'same', key: 'd1', as: 'p1' });
    expect(made.detailOf('p1')?.request).toEqual(seen);
    const other = recorded();
    other.take({ type: 'detail', key: 'p1', detail: { request: seen } });
    other.take({ type: 'same', key: 'd1', as: 'p1' });
    expect(other.detailOf('d1')?.request).toEqual(seen);
  });

  it('are those from DevTools if the page captured the request too, whichever is reported first', () => {
    const [page, devtools] = [request({ key: 'p1', via: 'page' }), request({ key: 'd1', got: '{}' })];
    for (const seen of [
      [page, devtools],
      [devtools, page],
    ]) {
      const made = recorded();
      made.take({ type: 'same', key: 'd1', as: 'p1' });
      for (const one of seen) made.take({ type: 'detail', key: one.key, detail: { request: one } });
      expect(['p1', 'd1'].map((key) => made.detailOf(key)?.request)).toEqual([devtools, devtools]);
    }
  });

  it('over the limit are dropped oldest first, and a repeated one counts as new', () => {
    const made = recorded();
    const big = (key: string) => made.take({ type: 'detail', key, detail: { request: request({ key, sent: 'x'.repeat(9_000_000) }) } });
    for (const key of ['a', 'b', 'c']) big(key);
    expect(['a', 'b', 'c'].map((key) => made.detailOf(key) !== null)).toEqual([true, true, true]);
    big('a');
    big('d');
    expect(['a', 'b', 'c', 'd'].map((key) => made.detailOf(key) !== null)).toEqual([true, false, true, true]);
    for (let n = 0; n < 5; n += 1) big('d');
    expect(['a', 'c', 'd'].map((key) => made.detailOf(key) !== null)).toEqual([true, true, true]);
    // One that exceeds the limit on its own replaces all others.
    made.take({ type: 'detail', key: 'e', detail: { request: request({ key: 'e', sent: 'x'.repeat(31_000_000) }) } });
    expect(made.detailOf('e')).not.toBeNull();
    expect(made.detailOf('a')).toBeNull();
    big('f');
    expect([made.detailOf('e'), made.detailOf('f') !== null]).toEqual([null, true]);
  });
});

describe('capture', () => {
  const capture = (made: ReturnType<typeof recorded>, records: readonly RequestRecord[]) =>
    made.capture(
      records,
      records.flatMap((one) => capturedOf(one) ?? []),
      made.send,
    );

  it("shows a request's details at once, and reports it to the background without its secrets", () => {
    const made = recorded();
    const seen = request({
      sent: JSON.stringify({ uuid: UUID }),
      headers: [['Authorization', `Bearer ${JWT}`]],
      got: JSON.stringify({ token: JWT }),
    });
    capture(made, [seen]);
    expect(made.detailOf('r1')?.request).toEqual(seen);
    expect(made.sent).toMatchObject([{ type: 'captured', requests: [{ key: 'r1', purpose: 'login', uuid: UUID }] }]);
    expect(JSON.stringify(made.sent)).not.toContain(JWT);
  });

  it('splits many requests into messages of accepted size, each with a unique id', () => {
    const made = recorded();
    capture(
      made,
      Array.from({ length: 450 }, (_, n) => request({ key: `r${n}` })),
    );
    const told = made.sent.flatMap((message) => (message.type === 'captured' ? [message] : []));
    expect(told.map(({ requests }) => requests.length)).toEqual([200, 200, 50]);
    expect(told.flatMap(({ requests }) => requests.map(({ key }) => key))).toEqual(Array.from({ length: 450 }, (_, n) => `r${n}`));
    expect(new Set(told.map(({ id }) => id)).size).toBe(3);
    capture(made, []);
    expect(made.sent).toHaveLength(3);
  });

  it('repeats unacknowledged messages in order, until they are answered', () => {
    const made = recorded();
    for (const key of ['a', 'b']) capture(made, [request({ key })]);
    expect(made.unsaid()).toEqual(made.sent);
    const [first, second] = made.sent.flatMap((message) => (message.type === 'captured' ? [message] : []));
    expect(made.take({ type: 'answer', id: first?.id ?? '', problem: null })).toBe(true);
    expect(made.unsaid()).toEqual([second]);
    expect(made.take({ type: 'answer', id: second?.id ?? '', problem: null })).toBe(true);
    expect(made.unsaid()).toEqual([]);
  });
});

it('leaves messages meant for others', () => {
  const made = recorded();
  expect(made.take({ type: 'answer', id: 'of a command', problem: null })).toBe(false);
  expect(made.take({ type: 'outdated' })).toBe(false);
  expect(made.take({ type: 'patch', patch: {} })).toBe(false);
  expect(made.hear([])).toBe(true);
  expect(made.take({ type: 'same', key: 'a', as: 'b' })).toBe(true);
});
