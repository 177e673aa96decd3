/**
 * Token alarms with no view open: the background reads first, then acts. Covers shared tokens, sleeping tabs, closed
 * tabs, and what is kept of them.
 */

import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Session } from '@/lib/session/session';
import { fake, kept } from '../fakes/browser';
import {
  alarms,
  beginLiving,
  hasBeenWatching,
  isWatchedFromTheStart,
  look,
  PATTERN,
  pass,
  ring,
  type Shop,
  settle,
  shop,
  stored,
  wake,
} from '../fakes/living';
import { MINUTE, ORIGIN, page, sample, settled, T0, tokenReport, wireToken } from '../fakes/make';
import { withLast } from '../fakes/story';
import { flush } from '../fakes/world';

vi.mock('wxt/browser', () => import('../fakes/browser'));
beforeEach(() => {
  const end = beginLiving();
  hasBeenWatching(PATTERN);
  return end;
});

/** Tabs of a watched site whose sessions exist although no view is open. */
async function watched(ids: readonly number[], over: Parameters<typeof shop>[1] = {}): Promise<Shop[]> {
  const made = ids.map((id) => shop(id, { grant: false, ...over }));
  for (const [index, id] of ids.entries()) isWatchedFromTheStart(made[index] as Shop, id);
  await wake();
  for (const id of ids) ring(id);
  await pass(1000);
  for (const id of ids) expect(stored(id)).toMatchObject({ tab: { access: 'watched' }, stage: { phase: 'attached' } });
  return made;
}
const one = async (over: Parameters<typeof shop>[1] = {}) => (await watched([7], over))[0] as Shop;
/** Lets time pass until `at`. */
const until = (at: number, step = 1000) => pass(at - Date.now(), step);
const commands = ({ agent }: Shop) => agent.commands.map((command) => (command.kind === 'run' ? command.operation : 'read'));

describe('an alarm that fires', () => {
  it('reads first, then refreshes, and is set again for before the new token expires', async () => {
    settle({ autoRefresh: true });
    const made = await one();
    await until(T0 + 9 * MINUTE - 1000);
    expect(commands(made)).toEqual([]);
    await until(T0 + 9 * MINUTE + 5000);
    expect(commands(made)).toEqual(['read', 'refreshToken']);
    expect(alarms()).toEqual({ 'session:7': T0 + 59 * MINUTE });
    expect(withLast(stored(7) as Session)).toMatchObject({
      tab: { badge: { kind: 'none' } },
      tokenRefresh: { tries: 0, problem: null, askedAt: null },
      last: null,
    });
    expect(fake.badges.get(7)?.text ?? '').toBe('');
  });

  it('only warns if auto-refresh is off: a badge, and one notification if notifications are on', async () => {
    fake.permissions.add('notifications');
    settle({ notify: true });
    const made = await one();
    await until(T0 + 9 * MINUTE + 2000);
    expect(commands(made)).toEqual(['read']);
    expect(fake.badges.get(7)?.text).toBe('<1m');
    expect([...fake.notifications.values()]).toMatchObject([
      { title: 'Synerise session: shop.example', message: expect.stringMatching(/expires soon/) },
    ]);
    fake.notifications.clear();
    await until(T0 + 10 * MINUTE + 2000);
    expect(commands(made)).toEqual(['read', 'read']);
    expect(fake.badges.get(7)?.text).toBe('!');
    expect([...fake.notifications.values()]).toMatchObject([{ message: expect.stringMatching(/expired/) }]);
    fake.notifications.clear();
    await until(T0 + 60 * MINUTE, 10_000);
    expect(commands(made)).toEqual(['read', 'read']);
    expect([alarms(), [...fake.notifications]]).toEqual([{}, []]);
  });

  it('puts no token or UUID into a notification, and sends none while a view is open', async () => {
    fake.permissions.add('notifications');
    settle({ notify: true });
    await one();
    const popup = await look(7);
    await until(T0 + 9 * MINUTE + 2000);
    expect([...fake.notifications]).toEqual([]);
    popup.close();
    await until(T0 + 10 * MINUTE + 2000);
    expect(fake.notifications.size).toBe(1);
    expect(JSON.stringify([...fake.notifications])).not.toMatch(/eyJ|uuid-of-7/);
  });

  it('is ignored if its name is unknown or its tab has no session', async () => {
    const made = await one();
    fake.rang.raise({ name: 'session:7x' });
    fake.rang.raise({ name: 'session:99' });
    await pass(1000);
    expect(commands(made)).toEqual([]);
    expect(stored(99)).toBeUndefined();
  });
});

describe('a refresh that fails', () => {
  it('shows on the toolbar, and is cleared once a retry succeeds', async () => {
    settle({ autoRefresh: true });
    const made = await one();
    made.refreshes.push('fails', 'fails');
    await until(T0 + 9 * MINUTE + 2000, 250);
    expect(fake.badges.get(7)?.text).toBe('×');
    expect(stored(7)?.tokenRefresh).toMatchObject({ tries: 1, problem: { message: 'No.' } });
    await until(T0 + 10 * MINUTE, 250);
    expect(made.ran).toEqual(['refreshToken', 'refreshToken', 'refreshToken']);
    expect(stored(7)).toMatchObject({ tab: { badge: { kind: 'none' } }, tokenRefresh: { tries: 0, problem: null } });
    expect(alarms()).toEqual({ 'session:7': T0 + 59 * MINUTE });
  });

  it('is not attempted while the page reports nothing when it is read', async () => {
    settle({ autoRefresh: true });
    const made = await one();
    const { onCommand } = made.agent;
    made.agent.onCommand = () => undefined;
    await until(T0 + 9 * MINUTE + 20_000, 500);
    expect(made.ran).toEqual([]);
    made.agent.onCommand = onCommand;
    await until(T0 + 10 * MINUTE, 500);
    expect(made.ran).toEqual(['refreshToken']);
  });
});

describe('two tabs with one token', () => {
  /** Both SDKs have the same token, as in tabs of one site. */
  const share = ([first, second]: readonly Shop[]) => {
    Object.defineProperty(second, 'expiresAt', {
      get: () => first?.expiresAt,
      set: (at: number) => Object.assign(first as Shop, { expiresAt: at }),
    });
  };

  it('refresh it once: one tab refreshes, the other reads again', async () => {
    settle({ autoRefresh: true });
    const both = await watched([7, 8]);
    share(both);
    await until(T0 + 9 * MINUTE + 20_000, 250);
    expect(both.flatMap(({ ran }) => ran)).toEqual(['refreshToken']);
    expect(both.every((made) => commands(made).includes('read'))).toBe(true);
    expect(alarms()).toEqual({ 'session:7': T0 + 59 * MINUTE, 'session:8': T0 + 59 * MINUTE });
  });

  it('refresh it once if the SDK is slow: the other tab waits, then reads again', async () => {
    settle({ autoRefresh: true });
    const both = await watched([7, 8]);
    share(both);
    const [first] = both as [Shop, Shop];
    for (const made of both) made.refreshes.push('silent');
    await until(T0 + 9 * MINUTE + 6000, 250);
    const acting = both.filter(({ ran }) => ran.length);
    expect(acting).toHaveLength(1);
    const [busy] = acting as [Shop];
    const run = busy.agent.commands.find(({ kind }) => kind === 'run') as { id: string };
    const other = both.find((made) => made !== busy) as Shop;
    const readings = commands(other).length;
    first.expiresAt = first.next;
    busy.agent.say(settled(run.id), tokenReport(wireToken(first.next)));
    await until(T0 + 9 * MINUTE + 30_000, 250);
    expect(both.flatMap(({ ran }) => ran)).toEqual(['refreshToken']);
    expect(commands(other).length).toBeGreaterThan(readings);
    expect(alarms()).toEqual({ 'session:7': T0 + 59 * MINUTE, 'session:8': T0 + 59 * MINUTE });
  });

  it('each refresh their own if one is incognito: nothing passes from one profile to the other', async () => {
    settle({ autoRefresh: true });
    const made = [shop(7, { grant: false }), shop(8, { grant: false, incognito: true })];
    for (const [index, id] of [7, 8].entries()) isWatchedFromTheStart(made[index] as Shop, id);
    await wake();
    for (const id of [7, 8]) ring(id);
    // Neither waits for the other's refresh to end.
    for (const one of made) one.refreshes.push('silent');
    await until(T0 + 9 * MINUTE + 2000, 250);
    expect(made.map(({ ran }) => ran)).toEqual([['refreshToken'], ['refreshToken']]);
  });
});

describe('a sleeping tab', () => {
  it.each([
    ['discarded', { discarded: true }],
    ['frozen', { frozen: true }],
  ] as const)('%s: its alarm is cleared, and the session records the sleep until the page answers again', async (why, state) => {
    settle({ autoRefresh: true });
    const made = await one();
    fake.tabs.set(7, { incognito: false, url: `${ORIGIN}/`, ...state });
    const asked = made.agent.requests.length;
    await until(T0 + 9 * MINUTE + 5000);
    expect(made.agent.requests.length).toBe(asked);
    expect(stored(7)).toMatchObject({ tab: { asleep: why, alarmAt: null } });
    expect(alarms()).toEqual({});
    await until(T0 + 20 * MINUTE, 10_000);
    expect(made.ran).toEqual([]);
    // The person returns to the tab.
    fake.tabs.set(7, { incognito: false, url: `${ORIGIN}/` });
    made.expiresAt = T0 + 50 * MINUTE;
    made.navigate('doc-2');
    await pass(2000);
    expect(stored(7)).toMatchObject({ tab: { asleep: null }, history: { documents: 2 } });
    expect(alarms()).toEqual({ 'session:7': T0 + 49 * MINUTE });
  });

  it('is recorded as asleep as soon as the browser reports it', async () => {
    await one();
    fake.updated.raise(7, { discarded: true });
    await pass(100);
    expect(stored(7)).toMatchObject({ tab: { asleep: 'discarded', alarmAt: null } });
    expect(alarms()).toEqual({});
  });

  it('is recorded by a worker that the browser event woke', async () => {
    await one();
    await wake();
    fake.updated.raise(7, { frozen: true });
    await pass(1000);
    expect(stored(7)?.tab.asleep).toBe('frozen');
  });
});

describe('a closed tab', () => {
  const close = (id: number) => {
    fake.tabs.delete(id);
    fake.relays.delete(id);
    fake.removed.raise(id);
  };

  it('has no alarm, and its session stays readable for 30 minutes', async () => {
    settle({ autoRefresh: true });
    const made = await one();
    close(7);
    await pass(1000);
    expect(alarms()).toEqual({ prune: T0 + 30 * MINUTE + 1000 });
    const panel = await look(7, { lends: true });
    expect(panel.session()).toMatchObject({
      tab: { access: 'none' },
      stage: { phase: 'unreachable' },
      history: { spans: { uuid: { value: 'uuid-of-7' } } },
    });
    expect(panel.messages.find(({ type }) => type === 'history')).toMatchObject({
      whole: true,
      entries: [{ kind: 'uuid' }, { kind: 'token' }],
    });
    panel.close();
    const { ran, reads } = made;
    await until(T0 + 30 * MINUTE, 10_000);
    expect(stored(7)).toBeDefined();
    await until(T0 + 31 * MINUTE, 10_000);
    expect([...fake.storage.keys()]).toEqual(['sessions']);
    expect([alarms(), made.ran, made.reads]).toEqual([{}, ran, reads]);
  });

  it('is detected by its alarm if the browser did not report the closing', async () => {
    const made = await one();
    fake.tabs.delete(7);
    await until(T0 + 9 * MINUTE + 2000);
    expect(stored(7)).toMatchObject({ tab: { closedAt: expect.any(Number) as number } });
    expect(Object.keys(alarms())).toEqual(['prune']);
    expect(commands(made)).toEqual([]);
  });

  it('is one of at most 200 that are kept: the oldest is dropped first', async () => {
    const ids = Array.from({ length: 203 }, (_, index) => 1000 + index);
    await watched(ids);
    for (const id of ids) {
      close(id);
      await vi.advanceTimersByTimeAsync(10);
    }
    await pass(1000);
    const kept = ids.filter((id) => stored(id));
    expect(kept).toEqual(ids.slice(3));
    expect([...fake.storage.keys()].filter((key) => /:100[012](:|$)/.test(key))).toEqual([]);
    expect(Object.keys(alarms())).toEqual(['prune']);
  });

  it('ends its running operation as interrupted, and reports it to the view', async () => {
    const made = await one();
    made.agent.onCommand = () => undefined;
    const popup = await look(7);
    popup.say({ type: 'run', id: 'op-1', operation: 'refreshToken', args: {}, anyway: false, deadline: 10_000 });
    await pass(500);
    close(7);
    await pass(500);
    expect(withLast(popup.session())).toMatchObject({ last: { id: 'op-1', verdict: 'interrupted', note: 'document-gone' } });
  });

  it('in incognito is erased with the last incognito tab, and not before', async () => {
    const made = [7, 8, 9].map((id) => shop(id, { grant: false, incognito: id !== 9 }));
    for (const [index, id] of [7, 8, 9].entries()) isWatchedFromTheStart(made[index] as Shop, id);
    await wake();
    for (const id of [7, 8, 9]) ring(id);
    await pass(1000);
    close(9);
    close(7);
    await pass(1000);
    expect([stored(7)?.tab.incognito, stored(9)?.tab.incognito]).toEqual([true, false]);
    close(8);
    await pass(1000);
    expect([...fake.storage.keys()].filter((key) => /:[78](:|$)/.test(key))).toEqual([]);
    expect(stored(9)).toBeDefined();
  });

  it('starts a new session if its ID is reused', async () => {
    await one();
    close(7);
    await pass(1000);
    const again = shop(7, { grant: false });
    again.uuid = 'uuid-of-another';
    again.agent.navigate('doc-new');
    again.agent.say(page(), sample('uuid-of-another'));
    isWatchedFromTheStart(again, 7);
    ring(7);
    await pass(1000);
    expect(stored(7)).toMatchObject({ tab: { closedAt: null, access: 'watched' }, stage: { customer: { uuid: 'uuid-of-another' } } });
  });
});

describe('a tab whose ID changes', () => {
  it('keeps its session, history and alarm', async () => {
    settle({ autoRefresh: true });
    const made = await one();
    const before = structuredClone(stored(7));
    const history = kept('history:7:0');
    fake.tabs.set(17, { incognito: false, url: `${ORIGIN}/` });
    fake.tabs.delete(7);
    fake.relays.delete(7);
    fake.replaced.raise(17, 7);
    await pass(1000);
    expect(stored(17)).toEqual({ ...before, tab: { ...before?.tab, id: 17 } });
    expect(kept('history:17:0')).toEqual(history);
    expect([...fake.storage.keys()].filter((key) => /:7(:|$)/.test(key))).toEqual([]);
    expect(alarms()).toEqual({ 'session:17': T0 + 9 * MINUTE });
    expect(made.ran).toEqual([]);
  });

  it('sleeps if the browser discarded it', async () => {
    await one();
    fake.tabs.set(17, { incognito: false, url: `${ORIGIN}/`, discarded: true });
    fake.tabs.delete(7);
    fake.replaced.raise(17, 7);
    await pass(1000);
    expect(stored(17)).toMatchObject({ tab: { asleep: 'discarded', alarmAt: null } });
    expect(alarms()).toEqual({});
  });

  it('gets no session if it had none', async () => {
    await wake();
    fake.replaced.raise(17, 7);
    await flush();
    await pass(100);
    expect([...fake.storage.keys()]).toEqual([]);
  });
});
