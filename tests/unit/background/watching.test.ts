/** Sites that are watched with nobody looking: given, taken back, and the bells of their pages. */
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

/** A tab of a watched site, whose first bell nobody heard. */
async function watched(id: number, over: Parameters<typeof shop>[1] = {}) {
  const made = shop(id, { grant: false, ...over });
  if (over.url) made.agent.navigate(`doc-of-${id}`, new URL(over.url).origin);
  if (over.url) made.agent.say(page(), sample(made.uuid));
  isWatchedFromTheStart(made, id);
  await pass(100);
  return made;
}

describe('a site that is watched from now on', () => {
  it('has its scripts registered, once, for that site alone', async () => {
    await wake();
    expect(registered()).toEqual([]);
    grant(PATTERN);
    await pass(1000);
    expect(registered()).toEqual(scripts(PATTERN));
    // Another permission, and another worker, find them there.
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

  it('has its scripts registered once where the browser says it twice', async () => {
    await wake();
    fake.hosts.add(PATTERN);
    fake.permitted.raise({ origins: [PATTERN] });
    fake.permitted.raise({ permissions: ['cookies'] });
    await pass(1000);
    expect(fake.registrations).toBe(1);
  });

  it('has its open tabs taken up: relay beside the page, its bell and the agent’s the same, the session there with nobody looking', async () => {
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

  it('leaves a tab that sleeps asleep', async () => {
    const one = shop(7, { grant: false });
    fake.tabs.set(7, { incognito: false, url: `${ORIGIN}/`, discarded: true });
    await wake();
    grant(PATTERN);
    await pass(1000);
    expect(one.agent.requests).toHaveLength(0);
  });

  it('with a popup on it, goes on with one bell that both sides know', async () => {
    const { agent } = shop(7);
    await wake();
    const popup = await look(7);
    grant(PATTERN);
    await pass(3000);
    expect(popup.session().tab.access).toBe('watched');
    expect((toldTo(7, 'listen').at(-1)?.message as { bell: string }).bell).toBe(agent.watches.at(-1));
  });
});

describe('a site that is watched no more', () => {
  it('leaves no trace in pages, scripts and settings, and goes from memory where nobody looks', async () => {
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
    // Every tab's relay: it knows itself whether it is meant.
    for (const id of [7, 8, 9]) expect(toldTo(id, 'unwatch')).toMatchObject([{ message: { origins: [PATTERN] } }]);
    expect([one.agent.watching, two.agent.watching]).toEqual([false, false]);
    expect(registered()).toEqual(scripts(OTHER_PATTERN));
    expect(settings()).toEqual({ ...NO_SITE, lead: 90_000 });
    expect([stored(7), stored(8)]).toEqual([undefined, undefined]);
    expect([...fake.storage.keys()].filter((key) => /:[78](:|$)/.test(key))).toEqual([]);
    expect(Object.keys(alarms())).not.toEqual(expect.arrayContaining(['session:7']));
    // The other goes on.
    expect(settings(OTHER).autoRefresh).toBe(true);
    expect(stored(9)).toMatchObject({ tab: { access: 'watched' }, visit: { origin: OTHER } });
    expect(other.agent.watches).not.toContain(null);
    await pass(10 * MINUTE);
    expect(one.agent.requests.filter(({ command }) => command).length).toBe(0);
    expect(one.agent.requests.length).toBeLessThanOrEqual(asked + 2);
  });

  it('goes on for whoever looks, with what access is left', async () => {
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

  it('is told as out of reach to a popup that shows it, whose session stays', async () => {
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

  it('has no scripts left when it was the last', async () => {
    fake.hosts.add(PATTERN);
    await wake();
    await pass(100);
    expect(registered()).toEqual(scripts(PATTERN));
    takeBack(PATTERN);
    await pass(1000);
    expect(registered()).toEqual([]);
  });

  it('as soon as it was, leaves no trace', async () => {
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

  it.each([1, 2, 3, 5, 8, 13, 21, 34])('while it is still being taken up (%d turns later), leaves no trace', async (turns) => {
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

  it('and watched again at once, is watched', async () => {
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

  it('wakes the worker, which asks the agent: a session attaches with no view', async () => {
    const { agent } = await watched(7);
    background.main();
    // In the same turn, as a browser does that starts a worker for an event.
    ring(7);
    await pass(500);
    expect(stored(7)).toMatchObject({
      tab: { access: 'watched', observed: true },
      stage: { phase: 'attached', customer: { uuid: 'uuid-of-7' } },
    });
    expect(agent.requests.length).toBeGreaterThan(0);
    expect(alarms()).toEqual({ 'session:7': T0 + 9 * MINUTE });
  });

  it('brings each news of a page that nobody looks at', async () => {
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

  it('that rings without end has its page asked once, and once more for what came meanwhile', async () => {
    const { agent } = await watched(7);
    await wake();
    await pass(1000);
    const before = agent.requests.length;
    for (let count = 0; count < 500; count += 1) ring(7);
    await pass(2000);
    expect(agent.requests.length - before).toBe(2);
  });

  /** A watched tab that says something which nobody was told of yet. */
  async function unheard() {
    const made = await watched(7);
    await wake();
    await pass(1000);
    made.agent.said = () => undefined;
    made.agent.say(sample('uuid-unheard'));
    return { made, asked: made.agent.requests.length };
  }

  it.each(['prerender', 'cached', 'pending_deletion'])('is not heard of a document that is %s', async (lifecycle) => {
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
    ['of another extension', { type: 'bell' }, { id: 'other', tab: { id: 7 } }],
    ['of a page of ours', { type: 'bell' }, { id: 'abcdefgh' }],
    ['of nobody', { type: 'bell' }, {}],
    ['that is no bell', { type: 'run' }, { id: 'abcdefgh', tab: { id: 7 } }],
    ['that is nothing', null, { id: 'abcdefgh', tab: { id: 7 } }],
  ])('is no message %s', async (_name, message, sender) => {
    const { made, asked } = await unheard();
    fake.messaged.raise(message, sender);
    await pass(1000);
    expect(made.agent.requests).toHaveLength(asked);
    expect(stored(7)?.stage).toMatchObject({ customer: { uuid: 'uuid-of-7' } });
  });

  it('makes no second loop where a view waits for news already', async () => {
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

  it('of a site that is not watched finds nothing, and is no error', async () => {
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

describe('a browser that starts', () => {
  it('begins with watched sites and settings, no session and no alarm of before', async () => {
    settle({ autoRefresh: true });
    fake.hosts.add(PATTERN);
    // What the browser kept.
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
