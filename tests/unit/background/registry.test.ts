import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createRegistry } from '@/lib/background/registry';
import { browserPlatform } from '@/lib/browser/browser-platform';
import type { AgentCommand } from '@/lib/page/wire';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import { lastOutcome } from '@/lib/session/run';
import { type Notice, newSession } from '@/lib/session/session';
import { fake, keep, kept, resetBrowser } from '../fakes/browser';
import { MINUTE, page, replyOf, sample, settled, started, T0, tokenReport, wireToken } from '../fakes/make';

vi.mock('wxt/browser', () => import('../fakes/browser'));

const flush = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
  resetBrowser();
  fake.tabs.set(7, { incognito: false });
  return () => vi.useRealTimers();
});

function registry() {
  const sent: AgentCommand[] = [];
  const told: BackgroundMessage[] = [];
  const notices: [number, Notice][] = [];
  const made = createRegistry(browserPlatform(), {
    send: (_tab, command) => {
      fake.log.push('sent');
      sent.push(command);
    },
    tell: (_tab, message) => {
      fake.log.push('told');
      told.push(message);
    },
    notify: (session, notice) => void notices.push([session.tab.id, notice]),
  });
  return { ...made, sent, told, notices, tabs: async () => (await made.sessions()).map(({ tab: { id: tab } }) => tab) };
}
const attach = {
  type: 'reply',
  reply: replyOf('doc-1', 0, T0, [page(), sample('uuid-1'), tokenReport(wireToken(T0 + 10 * MINUTE))]),
  target: null,
} as const;
const run = { type: 'run', id: 'op-1', operation: 'regenerateUUID', args: {}, anyway: false, deadline: 10_000 } as const;

describe('registry', () => {
  it('stores before it informs the views, and informs them before it acts', async () => {
    const made = registry();
    await made.apply(7, attach);
    const deeds = () => fake.log.filter((deed) => deed !== 'read');
    // The state first, then the new history entries.
    expect(deeds()).toEqual(['stored', 'told', 'told', 'alarm']);
    fake.log.length = 0;
    let write: () => void = () => undefined;
    fake.beforeSet = () => new Promise((resolve) => (write = resolve));
    const applied = made.apply(7, run);
    await flush();
    expect(deeds()).toEqual([]);
    expect(made.sent).toEqual([]);
    expect((await made.get(7)).stage).toMatchObject({ activity: { kind: 'idle' } });
    write();
    await applied;
    expect(deeds()).toEqual(['stored', 'told', 'sent']);
    expect(kept('session:7')).toMatchObject({ stage: { activity: { kind: 'running', run: { id: 'op-1' } } } });
  });

  it('sends only what changed, and nothing if nothing did', async () => {
    const made = registry();
    await made.apply(7, { type: 'access', access: 'visit' });
    await made.apply(7, { type: 'access', access: 'visit' });
    expect(made.told).toEqual([{ type: 'patch', patch: { tab: { access: 'visit' } } }]);
    expect(fake.log.filter((deed) => deed !== 'read')).toEqual(['stored', 'told']);
  });

  it('applies several events as one', async () => {
    const made = registry();
    await made.apply(7, { type: 'access', access: 'visit' }, attach);
    expect(made.told.map(({ type }) => type)).toEqual(['patch', 'history']);
    expect(made.told[0]).toMatchObject({ patch: { tab: { access: 'visit' }, stage: { phase: 'attached' } } });
  });

  it('applies one event at a time, in order', async () => {
    const made = registry();
    const all = [made.apply(7, attach), made.apply(7, run), made.apply(7, { ...run, id: 'op-2' })];
    const [, first, second] = await Promise.all(all);
    expect(first?.map(({ type }) => type)).toEqual(['send', 'wake']);
    expect(second?.map(({ type }) => type)).toEqual(['refuse']);
    expect(made.sent).toHaveLength(1);
  });

  it('applies one event at a time also while the tab is forgotten', async () => {
    const made = registry();
    await made.apply(7, attach);
    let write = () => {};
    fake.beforeSet = () => new Promise((resolve) => (write = resolve));
    const all: Promise<unknown>[] = [made.forget(7), made.apply(7, attach)];
    await flush();
    all.push(made.apply(7, { type: 'access', access: 'visit' }));
    fake.beforeSet = null;
    write();
    await Promise.all(all);
    expect(await made.get(7)).toMatchObject({ stage: { phase: 'attached' }, tab: { access: 'visit' } });
  });

  it('moves a tab with the change that is just being stored', async () => {
    const made = registry();
    await made.apply(7, attach);
    let write = () => {};
    fake.beforeSet = () => new Promise((resolve) => (write = resolve));
    const ran = made.apply(7, run);
    await flush();
    const moved = made.move(7, 8);
    fake.beforeSet = null;
    write();
    await Promise.all([ran, moved]);
    expect(await made.tabs()).toEqual([8]);
    expect((await made.get(8)).stage).toMatchObject({ activity: { kind: 'running', run: { id: 'op-1' } } });
  });

  it('continues after a failed write', async () => {
    const made = registry();
    fake.beforeSet = () => Promise.reject(new Error('QUOTA_BYTES quota exceeded'));
    await expect(made.apply(7, attach)).rejects.toThrow('QUOTA');
    expect(made.told).toEqual([]);
    fake.beforeSet = null;
    await made.apply(7, attach);
    expect((await made.get(7)).stage.phase).toBe('attached');
  });

  it('resumes from what an earlier worker stored', async () => {
    const first = registry();
    await first.apply(7, attach, run);
    vi.clearAllTimers();
    const second = registry();
    expect(await second.tabs()).toEqual([7]);
    const now = await second.get(7);
    expect(now.stage).toMatchObject({ phase: 'attached', activity: { kind: 'running', run: { id: 'op-1' } } });
    await second.apply(7, {
      type: 'reply',
      reply: replyOf('doc-1', now.page.cursor, T0, [started('op-1'), settled('op-1', { how: 'missing' })]),
      target: null,
    });
    expect(lastOutcome((await second.get(7)).runs)).toMatchObject({ id: 'op-1', verdict: 'unavailable' });
    expect(await second.apply(7, run)).toEqual([]);
  });

  it('a restarted worker settles an operation that is past its deadline', async () => {
    await registry().apply(7, attach, run);
    vi.clearAllTimers();
    vi.setSystemTime(T0 + MINUTE);
    const second = registry();
    await second.apply(7, { type: 'tick' });
    expect(lastOutcome((await second.get(7)).runs)).toMatchObject({
      id: 'op-1',
      verdict: 'interrupted',
      note: 'never-started',
      endedAt: T0 + MINUTE,
    });
  });

  it('discards what another version stored', async () => {
    await registry().apply(7, attach);
    const stored = kept('sessions') as { version: number };
    keep('sessions', { ...stored, version: stored.version + 1 });
    keep('session:8', newSession(8, false, T0));
    keep('other', { ...stored });
    const second = registry();
    expect(await second.tabs()).toEqual([]);
    expect([...fake.storage.keys()]).toEqual([]);
    expect((await second.get(7)).stage).toEqual({ phase: 'searching', candidate: null });
  });

  it('wakes the machine at the requested time', async () => {
    const made = registry();
    await made.apply(7, attach, run);
    await vi.advanceTimersByTimeAsync(12_999);
    expect(lastOutcome((await made.get(7)).runs)).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(lastOutcome((await made.get(7)).runs)).toMatchObject({ id: 'op-1', endedAt: T0 + 13_000 });
  });

  it('keeps one alarm per tab, at the time that the machine sets', async () => {
    const made = registry();
    await made.apply(7, attach);
    expect([...fake.alarms]).toEqual([['session:7', T0 + 9 * MINUTE]]);
    expect(made.tabOfAlarm('session:7')).toBe(7);
    expect(made.tabOfAlarm('backup')).toBeNull();
    await made.apply(7, { type: 'lost', problem: { kind: 'access', message: '' } });
    expect(fake.alarms.size).toBe(0);
  });

  it('records whether a tab is incognito', async () => {
    fake.tabs.set(9, { incognito: true });
    const made = registry();
    expect((await made.get(9)).tab.incognito).toBe(true);
    expect((await made.get(7)).tab.incognito).toBe(false);
    expect((await made.get(404)).tab.incognito).toBe(false);
  });

  it('forgets a tab: its storage, alarm and timers', async () => {
    const made = registry();
    await made.apply(7, attach, run);
    await made.forget(7);
    expect([...fake.storage.keys()]).toEqual(['sessions']);
    expect(kept('sessions')).toEqual({ version: expect.any(Number) as number, tabs: [] });
    expect(fake.alarms.size).toBe(0);
    expect(await made.tabs()).toEqual([]);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect([...fake.storage.keys()]).toEqual(['sessions']);
  });
});
