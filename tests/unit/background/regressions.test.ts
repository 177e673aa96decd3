import { beforeEach, expect, it, vi } from 'vitest';
import { WAIT } from '@/lib/background/pump';
import { fake } from '../fakes/browser';
import { MINUTE, ORIGIN, page, sample } from '../fakes/make';
import { withLast } from '../fakes/story';
import { addFrame, begin, flush, hasCustomer, run, runs, tab, view, world } from '../fakes/world';

vi.mock('wxt/browser', () => import('../fakes/browser'));
beforeEach(begin);
const SURVEY = 1000;
const OTHER = 'https://other.example';

/** Rejects pending requests in a frame when it goes, as browsers do. `leave` removes frames; `back` lets the next document answer. */
function rejecting() {
  const { execute } = fake;
  const waiting = new Map<number, Set<(error: Error) => void>>();
  const away = new Set<number>();
  fake.execute = (injection, id) => {
    if (away.has(id)) return Promise.reject(new Error(`Frame with ID ${id} was removed.`));
    return new Promise((resolve, reject) => {
      const all = waiting.get(id) ?? new Set();
      waiting.set(id, all.add(reject));
      execute(injection, id).then(resolve, reject);
    });
  };
  return {
    leave(id: number) {
      away.add(id);
      for (const reject of waiting.get(id) ?? []) reject(new Error(`Frame with ID ${id} was removed.`));
    },
    back: (id: number) => away.delete(id),
  };
}

it('a command sent during a navigation does not run in the next document', async () => {
  const agent = tab(7);
  const popup = view(7);
  const browser = rejecting();
  await flush();
  agent.say(sample('uuid-of-7'));
  await vi.advanceTimersByTimeAsync(100);
  browser.leave(0);
  await vi.advanceTimersByTimeAsync(100);
  popup.say(run('op-1', 'regenerateUUID'));
  await vi.advanceTimersByTimeAsync(10);
  agent.navigate('doc-next');
  agent.say(...hasCustomer('uuid-of-7'));
  browser.back(0);
  await vi.advanceTimersByTimeAsync(6000);
  expect(withLast(popup.session())).toMatchObject({ page: { document: 'doc-next' }, last: { id: 'op-1', verdict: 'interrupted' } });
  expect(runs(agent)).toEqual([]);
});

it('a command for a frame that disappeared does not run in the frame that is shown instead', async () => {
  const top = tab(7, { says: [page([], true, 1)] });
  const frame = addFrame(7, 5, hasCustomer('uuid-f5'));
  const other = addFrame(7, 6, hasCustomer('uuid-f6'));
  const popup = view(7);
  const browser = rejecting();
  await vi.advanceTimersByTimeAsync(7 * SURVEY + 950);
  frame.agent.say(sample('uuid-f5'));
  await vi.advanceTimersByTimeAsync(40);
  expect(popup.session().tab.target).toMatchObject({ frame: '5' });
  browser.leave(5);
  popup.say(run('op-1', 'regenerateUUID'));
  world.frames.set(7, [other]);
  fake.frames.set(7, [6]);
  await vi.advanceTimersByTimeAsync(6000);
  expect(popup.session()).toMatchObject({ tab: { target: { frame: '6' } } });
  expect([...runs(frame.agent), ...runs(top), ...runs(other.agent)]).toEqual([]);
});

it('a shown frame that navigates to another site is replaced by the top frame', async () => {
  tab(7, { says: [page([], true, 1)] });
  const frame = addFrame(7, 5, hasCustomer('uuid-f5'));
  const popup = view(7);
  await vi.advanceTimersByTimeAsync(8 * SURVEY);
  expect(popup.session().tab.target).toMatchObject({ frame: '5' });
  frame.foreign = true;
  frame.agent.say(sample('x'));
  await vi.advanceTimersByTimeAsync(8 * SURVEY);
  expect(popup.session()).toMatchObject({
    tab: { access: 'visit', target: null, beyond: [expect.any(String) as string] },
    stage: { phase: 'absent' },
  });
});

it('an answer that comes after the tab has left for another site starts no session', async () => {
  const agent = tab(7);
  fake.tabs.set(7, { incognito: false, url: `${ORIGIN}/` });
  const popup = view(7);
  await vi.advanceTimersByTimeAsync(SURVEY);
  const { exchange } = agent;
  let deliver: () => void = () => undefined;
  agent.exchange = async (request) => {
    const answer = await exchange(request);
    if (request.wait > 0) await new Promise<void>((resolve) => (deliver = resolve));
    return answer;
  };
  await vi.advanceTimersByTimeAsync(WAIT + 100);
  agent.say(sample('late'));
  await flush();
  fake.tabs.set(7, { incognito: false, url: `${OTHER}/` });
  // The next page is still loading.
  agent.exchange = () => new Promise(() => undefined);
  world.hub.tabUpdated(7, `${OTHER}/`);
  deliver();
  await flush();
  const { history, visit, tab: its } = popup.session();
  expect([history.nth, visit.origin, its.site]).toEqual([1, null, OTHER]);
});

it('a pending request in the previous document does not mark the shown one as silent', async () => {
  tab(7, { says: hasCustomer('uuid-of-7', 1) });
  const frame = addFrame(7, 5, hasCustomer('uuid-f5'));
  const popup = view(7);
  await vi.advanceTimersByTimeAsync(2 * SURVEY + 300);
  const { execute } = fake;
  // The top document no longer answers the pending request; surveys and the frame still do.
  fake.execute = (injection, id) =>
    id === 0 && injection.args && !String(injection.args[2]).includes('"list":true')
      ? new Promise(() => undefined)
      : execute(injection, id);
  world.agents.get(7)?.say(sample('uuid-of-7'));
  await flush();
  await vi.advanceTimersByTimeAsync(100);
  popup.say({ type: 'choose', document: 'doc-of-frame-5', ref: 1 });
  const silences: unknown[] = [];
  for (let i = 0; i < 30; i += 1) {
    await vi.advanceTimersByTimeAsync(500);
    silences.push(popup.session().page.silence);
  }
  expect(popup.session().tab.target).toMatchObject({ document: 'doc-of-frame-5' });
  expect(silences.filter(Boolean)).toEqual([]);
  void frame;
});

it('a pending request in the previous document does not restore access', async () => {
  tab(7, { says: [page([], true, 2)] });
  const frame = addFrame(7, 5, hasCustomer('uuid-f5'));
  const popup = view(7);
  await vi.advanceTimersByTimeAsync(SURVEY);
  world.granted.delete(7);
  frame.agent.say(sample('uuid-x'));
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(popup.session()).toMatchObject({ tab: { access: 'none' }, stage: { phase: 'unreachable' } });
});

it('the listing of a page with frames is cleared when the page goes', async () => {
  const agent = tab(7, { says: hasCustomer('uuid-of-7', 1) });
  addFrame(7, 5, hasCustomer('uuid-f5'));
  const popup = view(7);
  await vi.advanceTimersByTimeAsync(2 * SURVEY);
  expect(popup.session().tab.listing).toHaveLength(2);
  world.frames.set(7, []);
  fake.frames.set(7, []);
  agent.navigate('doc-next');
  agent.say(...hasCustomer('uuid-of-7', 0));
  popup.say({ type: 'read', id: 'r-1' });
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(popup.session()).toMatchObject({ page: { document: 'doc-next' } });
  expect(popup.session().tab.listing).toEqual([]);
});
