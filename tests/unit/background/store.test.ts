import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createRegistry } from '@/lib/background/registry';
import { createStore } from '@/lib/background/store';
import { browserPlatform } from '@/lib/browser/browser-platform';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import { patched, type SessionPatch } from '@/lib/protocol/patch';
import type { HistoryEntry } from '@/lib/session/history/history';
import { newSession, type Session } from '@/lib/session/session';
import { browser, fake, keep, kept, resetBrowser } from '../fakes/browser';
import { MINUTE, page, replyOf, sample, T0, tokenReport, wireToken } from '../fakes/make';

vi.mock('wxt/browser', () => import('../fakes/browser'));

beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
  resetBrowser();
  return () => vi.useRealTimers();
});

const session = (tab: number, over: SessionPatch = {}): Session => patched(newSession(tab, false, T0), over);
/** `count` entries starting at `seq`, each of about `size` bytes. */
const entries = (seq: number, count: number, { at = T0, size = 200 } = {}): HistoryEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    seq: seq + index,
    nth: 0,
    at: at + seq + index,
    kind: 'document',
    path: '/'.padEnd(size - 80, 'x'),
    by: 'navigate',
  }));
const keys = (prefix: string) => [...fake.storage.keys()].filter((key) => key.startsWith(prefix)).sort();
const used = (prefix = '') =>
  [...fake.storage].filter(([key]) => key.startsWith(prefix)).reduce((sum, [, value]) => sum + String(value).length, 0);
const seqs = (all: readonly HistoryEntry[]) => all.map(({ seq }) => seq);
const from = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);

describe('the session store', () => {
  it('stores one state per tab, and its history in chunks of 40 next to it', async () => {
    const store = createStore(browserPlatform().session);
    for (let seq = 1; seq <= 90; seq += 10) await store.save(session(7, { tab: { noted: seq + 9 } }), entries(seq, 10));
    await store.save(session(8), []);
    expect([...fake.storage.keys()].sort()).toEqual([
      'history:7',
      'history:7:0',
      'history:7:1',
      'history:7:2',
      'session:7',
      'session:8',
      'sessions',
    ]);
    expect(['history:7:0', 'history:7:1', 'history:7:2'].map((key) => (kept(key) as unknown[]).length)).toEqual([40, 40, 10]);
    expect(kept('sessions')).toMatchObject({ tabs: [7, 8] });
    const again = createStore(browserPlatform().session);
    expect(await again.load()).toEqual([session(7, { tab: { noted: 90 } }), session(8)]);
    expect(await again.history(7)).toEqual({ entries: entries(1, 90), dropped: 0 });
    expect(await again.history(8)).toEqual({ entries: [], dropped: 0 });
  });

  it('appends to the history that an earlier worker wrote', async () => {
    await createStore(browserPlatform().session).save(session(7), entries(1, 30));
    const second = createStore(browserPlatform().session);
    await second.load();
    await second.save(session(7), entries(31, 30));
    expect(seqs((await second.history(7)).entries)).toEqual(from(1, 60));
    expect((kept('history:7:0') as unknown[]).length).toBe(40);
  });

  it('writes state and history in one call, so a worker that dies loses both or neither', async () => {
    const set = vi.spyOn(browser.storage.session, 'set');
    await createStore(browserPlatform().session).save(session(7), entries(1, 3));
    expect(set).toHaveBeenCalledTimes(1);
    expect(Object.keys(set.mock.calls[0]?.[0] ?? {}).sort()).toEqual(['history:7', 'history:7:0', 'session:7', 'sessions']);
  });

  it("reads no history on load, and only one tab's chunks when its history grows", async () => {
    const first = createStore(browserPlatform().session);
    for (const tab of [7, 8, 9]) await first.save(session(tab), entries(1, 250));
    const get = vi.spyOn(browser.storage.session, 'get');
    const second = createStore(browserPlatform().session);
    await second.load();
    // A `get` without keys (`null`) would read everything.
    expect(get.mock.calls.flat(2).filter((key) => key === null || String(key).startsWith('history'))).toEqual([]);
    await second.save(session(8, { tab: { noted: 1 } }), []);
    await second.save(session(7), entries(251, 1));
    expect(get.mock.calls.flat(2).filter((key) => /^history:[89]:/.test(String(key)))).toEqual([]);
  });

  it('discards everything that another version stored', async () => {
    await createStore(browserPlatform().session).save(session(7), entries(1, 3));
    const index = kept('sessions') as { version: number };
    keep('sessions', { ...index, version: index.version - 1 });
    const second = createStore(browserPlatform().session);
    expect(await second.load()).toEqual([]);
    expect([...fake.storage.keys()]).toEqual([]);
    await second.save(session(7), entries(1, 1));
    expect((await second.history(7)).entries).toHaveLength(1);
  });

  it('reads a history only once what is being saved is part of it', async () => {
    const store = createStore(browserPlatform().session);
    await store.history(7);
    let write = () => {};
    fake.beforeSet = () => new Promise((resolve) => (write = resolve));
    const saved = store.save(session(7), entries(1, 1));
    const read = store.history(7);
    await vi.advanceTimersByTimeAsync(0);
    write();
    await saved;
    expect(seqs((await read).entries)).toEqual([1]);
  });

  it('removes a tab with all its chunks, and nothing of other tabs', async () => {
    const store = createStore(browserPlatform().session);
    for (const tab of [7, 77]) await store.save(session(tab), entries(1, 90));
    await store.remove(7);
    expect(keys('session:')).toEqual(['session:77']);
    expect(keys('history:')).toEqual(['history:77', 'history:77:0', 'history:77:1', 'history:77:2']);
    expect(await createStore(browserPlatform().session).load()).toMatchObject([{ tab: { id: 77 } }]);
    await store.save(session(7), entries(1, 2));
    expect(seqs((await store.history(7)).entries)).toEqual([1, 2]);
  });

  it('removes a tab that an earlier worker wrote', async () => {
    await createStore(browserPlatform().session).save(session(7), entries(1, 450));
    const second = createStore(browserPlatform().session);
    await second.load();
    await second.remove(7);
    expect([...fake.storage.keys()]).toEqual(['sessions']);
  });
});

describe("the 2 MB limit of a tab's history", () => {
  it('keeps the latest entries, and counts the dropped ones', async () => {
    const store = createStore(browserPlatform().session);
    let dropped = 0;
    for (let seq = 1; seq <= 3000; seq += 25) dropped = await store.save(session(7), entries(seq, 25, { size: 1000 }));
    const { entries: left, dropped: told } = await store.history(7);
    expect(dropped).toBe(told);
    expect(told).toBeGreaterThan(0);
    expect(seqs(left)).toEqual(from(told + 1, 3000 - told));
    expect(used('history:7')).toBeLessThan(2_010_000);
    expect(used('history:7')).toBeGreaterThan(1_600_000);
    // The dropped chunks are removed from the store too.
    expect(keys('history:7:')).toHaveLength(Math.ceil(left.length / 40));
    // The next worker continues the count.
    const second = createStore(browserPlatform().session);
    await second.load();
    expect(await second.save(session(7), entries(3001, 200, { size: 1000 }))).toBeGreaterThanOrEqual(told);
    expect(seqs((await second.history(7)).entries).at(-1)).toBe(3200);
  });

  it('applies to each tab separately', async () => {
    const store = createStore(browserPlatform().session);
    for (let seq = 1; seq <= 1200; seq += 100)
      for (const tab of [7, 8]) expect(await store.save(session(tab), entries(seq, 100, { size: 1000 }))).toBe(0);
  });
});

describe('a full store', () => {
  /** Tabs 7 and 8 with two chunks each; the first chunk of 8 is the oldest. */
  async function filled() {
    const store = createStore(browserPlatform().session);
    await store.save(session(8), entries(1, 40, { at: T0 }));
    await store.save(session(7), entries(1, 40, { at: T0 + MINUTE }));
    await store.save(session(8), entries(41, 10, { at: T0 + 2 * MINUTE }));
    await store.save(session(7), entries(41, 10, { at: T0 + 3 * MINUTE }));
    fake.quota = used() + 500;
    return store;
  }

  it('drops the oldest chunk of the tab that uses most, and then the next', async () => {
    const store = await filled();
    const chunks = () => keys('history:').filter((key) => /:\d+:\d+$/.test(key));
    expect(await store.save(session(7), entries(51, 10))).toBe(0);
    expect(chunks()).toEqual(['history:7:0', 'history:7:1', 'history:8:1']);
    expect(await store.history(8)).toEqual({ entries: entries(41, 10, { at: T0 + 2 * MINUTE }), dropped: 40 });
    expect(seqs((await store.history(7)).entries)).toEqual(from(1, 60));
    fake.quota = used() + 500;
    expect(await store.save(session(7), entries(61, 10))).toBe(40);
    expect(chunks()).toEqual(['history:7:1', 'history:8:1']);
    fake.quota = used() + 500;
    expect(await store.save(session(7), entries(71, 10))).toBe(70);
    expect(seqs((await store.history(8)).entries)).toEqual(from(41, 10));
    // The next worker finds the same state.
    const second = createStore(browserPlatform().session);
    expect((await second.load()).map(({ tab: { id: tab } }) => tab)).toEqual([8, 7]);
    expect(await second.history(7)).toMatchObject({ dropped: 70 });
    expect(seqs((await second.history(7)).entries)).toEqual(from(71, 10));
  });

  it("never drops a quiet tab's history for a busy one, however old it is", async () => {
    const store = createStore(browserPlatform().session);
    await store.save(session(8), entries(1, 150, { at: T0 - MINUTE }));
    await store.save(session(7), entries(1, 200));
    fake.quota = used() + 20_000;
    for (let seq = 201; seq <= 2000; seq += 50) await store.save(session(7), entries(seq, 50));
    expect(await store.history(8)).toEqual({ entries: entries(1, 150, { at: T0 - MINUTE }), dropped: 0 });
    expect(seqs((await store.history(7)).entries).at(-1)).toBe(2000);
  });

  it("drops the growing tab's own history if nothing else is left, and keeps the new entries", async () => {
    const store = createStore(browserPlatform().session);
    await store.save(session(7), entries(1, 30));
    fake.quota = used() + 500;
    expect(await store.save(session(7), entries(31, 10))).toBe(30);
    expect(seqs((await store.history(7)).entries)).toEqual(from(31, 10));
    await store.save(session(7), entries(41, 1));
    expect(seqs((await store.history(7)).entries)).toEqual(from(31, 11));
  });

  it('makes room for a state without history', async () => {
    const store = await filled();
    fake.quota = used();
    const big = session(9, { page: { path: 'x'.repeat(2000) } });
    await store.save(big, []);
    expect(kept('session:9')).toEqual(big);
    expect(keys('history:8:')).toEqual(['history:8:1']);
  });

  it('never loses a state: with no history left the write fails, and what was stored stays', async () => {
    const store = createStore(browserPlatform().session);
    for (const tab of [7, 8]) await store.save(session(tab), entries(1, 5));
    fake.quota = used('session') + 300;
    await expect(store.save(session(7, { page: { path: 'x'.repeat(5000) } }), [])).rejects.toThrow('QUOTA');
    await expect(store.save(session(9, { page: { path: 'x'.repeat(5000) } }), [])).rejects.toThrow('QUOTA');
    expect(await createStore(browserPlatform().session).load()).toEqual([session(7), session(8)]);
    fake.quota = null;
    await store.save(session(9), []);
    expect((await createStore(browserPlatform().session).load()).map(({ tab: { id: tab } }) => tab).sort()).toEqual([7, 8, 9]);
  });

  it('completes concurrent writes one after another while it makes room', async () => {
    const store = await filled();
    fake.quota = used() + 4000;
    await Promise.all(from(51, 30).map((seq) => store.save(session(seq % 2 ? 7 : 8, { tab: { noted: seq } }), entries(seq, 1))));
    expect(used()).toBeLessThanOrEqual(fake.quota);
    for (const [tab, odd] of [
      [7, 1],
      [8, 0],
    ] as const) {
      const { entries: left, dropped } = await store.history(tab);
      expect(left.length + dropped).toBe(50 + 15);
      expect(seqs(left).slice(-15)).toEqual(from(51, 30).filter((seq) => seq % 2 === odd));
    }
    expect((await createStore(browserPlatform().session).load()).map(({ tab: { noted } }) => noted)).toEqual(
      expect.arrayContaining([79, 80]),
    );
  });

  it('drops no history if a write failed for another reason', async () => {
    const store = await filled();
    fake.beforeSet = () => Promise.reject(new Error('Internal error opening backing store'));
    await expect(store.save(session(7), entries(51, 1))).rejects.toThrow('backing store');
    fake.beforeSet = null;
    expect(seqs((await store.history(8)).entries)).toEqual(from(1, 50));
  });

  it('skips a missing chunk if a worker died between removing it and updating the index', async () => {
    const store = await filled();
    // The chunk is removed, but the index still lists it.
    fake.storage.delete('history:8:0');
    const second = createStore(browserPlatform().session);
    await second.load();
    expect(seqs((await second.history(8)).entries)).toEqual(from(41, 10));
    fake.quota = used() + 100;
    await second.save(session(7), entries(51, 5));
    expect(seqs((await second.history(7)).entries).at(-1)).toBe(55);
    expect(store).toBeDefined();
  });
});

it('the registry tells the views how many entries were dropped', async () => {
  fake.tabs.set(7, { incognito: false });
  const told: BackgroundMessage[] = [];
  const registry = createRegistry(browserPlatform(), {
    send: () => undefined,
    tell: (_tab, message) => told.push(message),
    notify: () => undefined,
  });
  const say = (seq: number, uuid: string) =>
    registry.apply(7, { type: 'reply', reply: replyOf('doc-1', seq, T0 + seq, [sample(uuid)]), target: null });
  await registry.apply(7, {
    type: 'reply',
    reply: replyOf('doc-1', 0, T0, [page(), sample('u0'), tokenReport(wireToken(null))]),
    target: null,
  });
  for (let seq = 3; seq < 210; seq += 1) await say(seq, `u${seq}`);
  fake.quota = used() + 100;
  const before = told.length;
  await say(210, 'last');
  const news = told.slice(before).filter((message) => message.type === 'history');
  expect(news).toMatchObject([{ whole: false, dropped: 40, entries: [{ kind: 'uuid', uuid: 'last' }] }]);
  expect((await registry.history(7)).dropped).toBe(40);
  expect((await registry.get(7)).stage).toMatchObject({ customer: { uuid: 'last' } });
});
