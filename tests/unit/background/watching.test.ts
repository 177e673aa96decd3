/** Sites that are watched while no view is open: permission granted, permission removed, and the bells of their pages. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import background from '@/entrypoints/background';
import { NO_SITE } from '@/lib/settings/settings';
import { fake, grant, takeBack } from '../fakes/browser';
import {
  alarms,
  beginLiving,
  hasBeenWatching,
  isWatchedFromTheStart,
  look,
  PATTERN,
  pass,
  ring,
  scripts,
  settings,
  settle,
  shop,
  stored,
  wake,
} from '../fakes/living';
import { MINUTE, ORIGIN, page, sample, T0 } from '../fakes/make';
import { flush } from '../fakes/world';

vi.mock('wxt/browser', () => import('../fakes/browser'));
beforeEach(beginLiving);

const OTHER = 'https://other.example';
const OTHER_PATTERN = `${OTHER}/*`;
const registered = () => [...fake.registered.values()];
const toldTo = (tab: number, type: string) =>
  fake.messages.filter(({ tab: to, message }) => to === tab && (message as { type: string }).type === type);

/** A tab of a watched site whose first bell was not heard. */
async function watched(id: number, over: Parameters<typeof shop>[1] = {}) {
  const made = shop(id, { grant: false, ...over });
  if (over.url) made.agent.navigate(`doc-of-${id}`, new URL(over.url).origin);
  if (over.url) made.agent.say(page(), sample(made.uuid));
  isWatchedFromTheStart(made, id);
  await pass(100);
  return made;
}

describe('a newly watched site', () => {
  it('has its scripts registered once, for that site only', async () => {
    await wake();
    expect(registered()).toEqual([]);
    grant(PATTERN);
    await pass(1000);
    expect(registered()).toEqual(scripts(PATTERN));
    // A further permission, or a restarted worker, finds them registered.
    fake.permissions.add('cookies');
    fake.permitted.raise({ permissions: ['cookies'] });
    await pass(1000);
    fake.installed.raise();
    await pass(1000);
    expect(fake.registrations).toBe(1);
    grant(OTHER_PATTERN);
    await pass(1000);
    expect(registered()).toEqual(scripts(PATTERN, OTHER_PATTERN));
    expect(fake.registrations).toBe(2);
  });

  it('has its scripts registered once even if the browser raises the event twice', async () => {
    await wake();
    fake.hosts.add(PATTERN);
    fake.permitted.raise({ origins: [PATTERN] });
    fake.permitted.raise({ permissions: ['cookies'] });
    await pass(1000);
    expect(fake.registrations).toBe(1);
  });

  it('has its open tabs taken over: a relay is added, agent and relay share a bell, and sessions attach with no view open', async () => {
    const [one, two] = [shop(7, { grant: false }), shop(8, { grant: false })];
    const elsewhere = shop(9, { grant: false, url: `${OTHER}/` });
    await wake();
    await pass(1000);
    expect([stored(7), stored(8)]).toEqual([undefined, undefined]);
    grant(PATTERN);
    await pass(1000);
    for (const [id, { agent }] of [
      [7, one],
      [8, two],
    ] as const) {
      expect(stored(id)).toMatchObject({
        tab: { access: 'watched', observed: true },
        stage: { phase: 'attached', customer: { uuid: `uuid-of-${id}` } },
      });
      expect(fake.relays.has(id)).toBe(true);
      const bells = toldTo(id, 'listen').map(({ message }) => (message as { bell: string }).bell);
      expect(bells.at(-1)).toBe(agent.watches.at(-1));
      expect(agent.watching).toBe(true);
    }
    expect(new Set([...one.agent.watches, ...two.agent.watches]).size).toBeGreaterThan(1);
    expect(elsewhere.agent.requests).toHaveLength(0);
    expect(alarms()).toEqual({ 'session:7': T0 + 9 * MINUTE, 'session:8': T0 + 9 * MINUTE });
  });

  it('leaves a sleeping tab asleep', async () => {
    const one = shop(7, { grant: false });
    fake.tabs.set(7, { incognito: false, url: `${ORIGIN}/`, discarded: true });
    await wake();
    grant(PATTERN);
    await pass(1000);
    expect(one.agent.requests).toHaveLength(0);
  });

  it('with a popup open keeps one bell that agent and relay share', async () => {
    const { agent } = shop(7);
    await wake();
    const popup = await look(7);
    grant(PATTERN);
    await pass(3000);
    expect(popup.session().tab.access).toBe('watched');
    expect((toldTo(7, 'listen').at(-1)?.message as { bell: string }).bell).toBe(agent.watches.at(-1));
  });
});

describe('a site that is no longer watched', () => {
  it('leaves no trace in pages, scripts and settings, and its sessions are dropped if no view is open', async () => {
    settle({ autoRefresh: true, notify: true, lead: 90_000 });
    settle({ autoRefresh: true }, OTHER);
    hasBeenWatching(PATTERN, OTHER_PATTERN);
    const [one, two] = [await watched(7), await watched(8)];
    const other = await watched(9, { url: `${OTHER}/` });
    await wake();
    for (const id of [7, 8, 9]) ring(id);
    await pass(1000);
    expect([7, 8, 9].map((id) => stored(id)?.tab.access)).toEqual(['watched', 'watched', 'watched']);
    const asked = one.agent.requests.length;
    takeBack(PATTERN);
    await pass(2000);
    // Every tab's relay gets the message, and checks the origins itself.
    for (const id of [7, 8, 9]) expect(toldTo(id, 'unwatch')).toMatchObject([{ message: { origins: [PATTERN] } }]);
    expect([one.agent.watching, two.agent.watching]).toEqual([false, false]);
    expect(registered()).toEqual(scripts(OTHER_PATTERN));
    expect(settings()).toEqual({ ...NO_SITE, lead: 90_000 });
    expect([stored(7), stored(8)]).toEqual([undefined, undefined]);
    expect([...fake.storage.keys()].filter((key) => /:[78](:|$)/.test(key))).toEqual([]);
    expect(Object.keys(alarms())).not.toEqual(expect.arrayContaining(['session:7']));
    // The other site is still watched.
    expect(settings(OTHER).autoRefresh).toBe(true);
    expect(stored(9)).toMatchObject({ tab: { access: 'watched' }, visit: { origin: OTHER } });
    expect(other.agent.watches).not.toContain(null);
    await pass(10 * MINUTE);
    expect(one.agent.requests.filter(({ command }) => command).length).toBe(0);
    expect(one.agent.requests.length).toBeLessThanOrEqual(asked + 2);
  });

  it('keeps the session of an open view, with the remaining access', async () => {
    settle({ autoRefresh: true });
    hasBeenWatching(PATTERN);
    const [one, two] = [await watched(7), await watched(8)];
    await wake();
    const panel = await look(7, { lends: true });
    ring(8);
    await pass(1000);
    expect(panel.session()).toMatchObject({ tab: { access: 'watched' }, policy: { autoRefresh: true } });
    takeBack(PATTERN);
    await pass(15_000);
    expect(panel.session()).toMatchObject({ tab: { access: 'panel' }, policy: { autoRefresh: false }, stage: { phase: 'attached' } });
    expect(stored(8)).toBeUndefined();
    one.uuid = 'uuid-later';
    one.agent.say(sample('uuid-later'));
    await pass(6000);
    expect(panel.session()).toMatchObject({ tab: { access: 'panel' }, stage: { customer: { uuid: 'uuid-later' } } });
    expect(two.agent.watching).toBe(false);
  });

  it('is unreachable in a popup that shows it, but keeps its session', async () => {
    hasBeenWatching(PATTERN);
    await watched(7);
    await wake();
    const popup = await look(7);
    await pass(1000);
    expect(popup.session()).toMatchObject({ tab: { access: 'watched' }, stage: { phase: 'attached' } });
    takeBack(PATTERN);
    await pass(15_000);
    expect(popup.session()).toMatchObject({ tab: { access: 'none' }, stage: { phase: 'unreachable', problem: { kind: 'access' } } });
    expect(stored(7)?.history.spans.uuid?.value).toBe('uuid-of-7');
    expect(alarms()).toEqual({});
  });

  it('leaves no scripts registered if it was the last one', async () => {
    fake.hosts.add(PATTERN);
    await wake();
    await pass(100);
    expect(registered()).toEqual(scripts(PATTERN));
    takeBack(PATTERN);
    await pass(1000);
    expect(registered()).toEqual([]);
  });

  it('leaves no trace if the permission is removed as soon as it was granted', async () => {
    const one = shop(7, { grant: false });
    await wake();
    settle({ autoRefresh: true });
    grant(PATTERN);
    takeBack(PATTERN);
    await pass(5000);
    expect(registered()).toEqual([]);
    expect(settings()).toEqual(NO_SITE);
    expect([one.agent.watching, stored(7)]).toEqual([false, undefined]);
    expect(alarms()).toEqual({});
  });

  it.each([1, 2, 3, 5, 8, 13, 21, 34])('leaves no trace if the permission is removed during setup (%d microtasks later)', async (turns) => {
    const one = shop(7, { grant: false });
    settle({ autoRefresh: true });
    await wake();
    await pass(500);
    grant(PATTERN);
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    takeBack(PATTERN);
    await pass(20_000);
    expect(registered()).toEqual([]);
    expect(settings()).toEqual(NO_SITE);
    expect([one.agent.watching, stored(7)]).toEqual([false, undefined]);
    expect(alarms()).toEqual({});
  });

  it('is watched again if the permission is granted again at once', async () => {
    hasBeenWatching(PATTERN);
    const { agent } = await watched(7);
    await wake();
    ring(7);
    await pass(1000);
    takeBack(PATTERN);
    grant(PATTERN);
    await pass(3000);
    expect(registered()).toEqual(scripts(PATTERN));
    expect(stored(7)?.tab.access).toBe('watched');
    expect((toldTo(7, 'listen').at(-1)?.message as { bell: string }).bell).toBe(agent.watches.at(-1));
    expect(agent.watching).toBe(true);
  });
});

describe('the bell of a page', () => {
  beforeEach(() => hasBeenWatching(PATTERN));

  it('wakes the worker, which asks the agent: a session attaches with no view open', async () => {
    const { agent } = await watched(7);
    background.main();
    // In the same turn, as a browser does when it starts a worker for an event.
    ring(7);
    await pass(500);
    expect(stored(7)).toMatchObject({
      tab: { access: 'watched', observed: true },
      stage: { phase: 'attached', customer: { uuid: 'uuid-of-7' } },
    });
    expect(agent.requests.length).toBeGreaterThan(0);
    expect(alarms()).toEqual({ 'session:7': T0 + 9 * MINUTE });
  });

  it('delivers every change of a page that no view shows', async () => {
    const one = await watched(7);
    await wake();
    ring(7);
    await pass(500);
    one.uuid = 'uuid-2';
    one.agent.say(sample('uuid-2'));
    await pass(500);
    expect(stored(7)?.stage).toMatchObject({ customer: { uuid: 'uuid-2' } });
    one.navigate('doc-2');
    await pass(1000);
    expect(stored(7)).toMatchObject({ page: { document: 'doc-2' }, history: { documents: 2 }, stage: { phase: 'attached' } });
  });

  it('that rings continuously causes one request, and one more for what came meanwhile', async () => {
    const { agent } = await watched(7);
    await wake();
    await pass(1000);
    const before = agent.requests.length;
    for (let count = 0; count < 500; count += 1) ring(7);
    await pass(2000);
    expect(agent.requests.length - before).toBe(2);
  });

  /** A watched tab with a report that has not been announced yet. */
  async function unheard() {
    const made = await watched(7);
    await wake();
    await pass(1000);
    made.agent.said = () => undefined;
    made.agent.say(sample('uuid-unheard'));
    return { made, asked: made.agent.requests.length };
  }

  it.each(['prerender', 'cached', 'pending_deletion'])('is ignored if the document is in state %s', async (lifecycle) => {
    const { made, asked } = await unheard();
    ring(7, lifecycle);
    await pass(1000);
    expect(made.agent.requests).toHaveLength(asked);
    expect(stored(7)?.stage).toMatchObject({ customer: { uuid: 'uuid-of-7' } });
    ring(7, 'active');
    await pass(1000);
    expect(stored(7)?.stage).toMatchObject({ customer: { uuid: 'uuid-unheard' } });
  });

  it.each([
    ['from another extension', { type: 'bell' }, { id: 'other', tab: { id: 7 } }],
    ['from one of our own pages', { type: 'bell' }, { id: 'abcdefgh' }],
    ['without a sender', { type: 'bell' }, {}],
    ['of another type', { type: 'run' }, { id: 'abcdefgh', tab: { id: 7 } }],
    ['that is null', null, { id: 'abcdefgh', tab: { id: 7 } }],
  ])('ignores a message %s', async (_name, message, sender) => {
    const { made, asked } = await unheard();
    fake.messaged.raise(message, sender);
    await pass(1000);
    expect(made.agent.requests).toHaveLength(asked);
    expect(stored(7)?.stage).toMatchObject({ customer: { uuid: 'uuid-of-7' } });
  });

  it('starts no second loop if a view already waits for news', async () => {
    const one = await watched(7);
    await wake();
    const popup = await look(7);
    await pass(1000);
    const before = one.agent.requests.length;
    one.agent.say(sample('uuid-2'));
    await pass(300, 50);
    expect(popup.session().stage).toMatchObject({ customer: { uuid: 'uuid-2' } });
    expect(one.agent.requests.length - before).toBeLessThanOrEqual(2);
  });

  it('does nothing, and logs no error, if the site is not watched', async () => {
    fake.hosts.clear();
    fake.registered.clear();
    const error = vi.spyOn(console, 'error');
    const { agent } = await watched(7);
    await wake();
    ring(7);
    await pass(1000);
    expect(agent.requests).toHaveLength(0);
    expect(stored(7)?.stage.phase ?? 'none').not.toBe('attached');
    expect(error).not.toHaveBeenCalled();
  });
});

describe('a browser start', () => {
  it('keeps watched sites and settings, and clears sessions and alarms from before', async () => {
    settle({ autoRefresh: true });
    fake.hosts.add(PATTERN);
    // Left over from the previous browser session.
    fake.alarms.set('session:7', T0 + MINUTE);
    fake.alarms.set('prune', T0 + MINUTE);
    background.main();
    fake.startup.raise();
    await flush();
    await pass(2 * MINUTE);
    expect(alarms()).toEqual({});
    expect(registered()).toEqual(scripts(PATTERN));
    expect(settings().autoRefresh).toBe(true);
    expect([...fake.storage.keys()]).toEqual([]);
  });
});
