import { beforeEach, describe, expect, it, vi } from 'vitest';
import { PORT_NAME } from '@/lib/protocol/background-message';
import { lastOutcome } from '@/lib/session/run';
import type { FakeAgent } from '../fakes/agent';
import { fake, kept } from '../fakes/browser';
import { MINUTE, ORIGIN, page, replyOf, sample, settled, started, T0, tokenReport, wireToken } from '../fakes/make';
import { fakePort } from '../fakes/ports';
import { answers, answersAtOnce, begin, flush, HOME, restart, run, runs, tab, view, world } from '../fakes/world';

vi.mock('wxt/browser', () => import('../fakes/browser'));
beforeEach(begin);

describe('ports', () => {
  it.each([
    ['a page', { url: 'https://shop.example/', name: PORT_NAME }],
    ['a page whose URL imitates ours', { url: `https://evil.example/${HOME}`, name: PORT_NAME }],
    ['another extension', { url: 'chrome-extension://other/popup.html', name: PORT_NAME }],
    ['another version', { url: `${HOME}popup.html`, name: 'synerise-session-inspector@0' }],
  ])('disconnects %s', async (_name, { url, name }) => {
    tab(7);
    const foreign = view(7, { url, name });
    await flush();
    expect(foreign.port.disconnected).toBe(true);
    // Our own view of another version gets the reason; anything else gets no message.
    expect(foreign.messages).toEqual(url.startsWith(HOME) ? [{ type: 'outdated' }] : []);
    expect(fake.injections).toEqual([]);
  });

  it('disconnects a port without a sender', () => {
    const port = fakePort(PORT_NAME);
    world.hub.connected(port);
    expect(port.disconnected).toBe(true);
  });

  it('ignores messages before hello, and invalid ones', async () => {
    tab(7);
    const early = view(7, { silent: true });
    early.say(run('op-1'));
    early.port.receive({ type: 'hello', view: 'popup', tab: 'seven', lends: false });
    early.port.receive('hello');
    await flush();
    expect(early.messages).toEqual([]);
    expect(fake.injections).toEqual([]);
  });

  it('sends the whole state first, then patches', async () => {
    tab(7);
    const popup = view(7);
    await flush();
    expect(popup.messages.map(({ type }) => type)).toEqual(['state', ...popup.messages.slice(1).map(() => 'patch')]);
    expect(popup.messages.length).toBeGreaterThan(1);
    expect(popup.session()).toMatchObject({
      tab: { id: 7, access: 'visit' },
      stage: { phase: 'attached', customer: { uuid: 'uuid-of-7' } },
    });
    world.agents.get(7)?.say(sample('uuid-new'));
    await flush();
    expect(popup.session().stage).toMatchObject({ customer: { uuid: 'uuid-new' }, token: { stale: true } });
    expect(popup.messages.filter(({ type }) => type === 'state')).toHaveLength(1);
  });

  it('binds a view to its tab once', async () => {
    tab(7);
    tab(8);
    const popup = view(7);
    await flush();
    popup.say({ type: 'hello', view: 'popup', tab: 8, lends: false });
    popup.say(run('op-1'));
    await flush();
    expect(runs(world.agents.get(7) as FakeAgent)).toHaveLength(1);
    expect(world.agents.get(8)?.requests).toEqual([]);
    expect(popup.messages.filter(({ type }) => type === 'state')).toHaveLength(1);
  });

  it.each([
    ['times out', undefined],
    // A discarded page must not be sent anything.
    ['waits if the tab was discarded', true],
  ])('an operation in a tab whose ID changed %s', async (_, discarded) => {
    tab(7);
    const popup = view(7);
    await flush();
    popup.say(run('op-1'));
    await flush();
    expect(popup.session().stage).toMatchObject({ activity: { kind: 'running' } });
    fake.tabs.set(8, { incognito: false, ...(discarded && { discarded }) });
    fake.tabs.delete(7);
    await world.hub.tabReplaced(7, 8);
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    const stage = kept('session:8') as { stage: { activity?: { kind: string } }; tab: { asleep: unknown } };
    expect([stage.stage.activity?.kind ?? null, stage.tab.asleep]).toEqual(discarded ? [expect.anything(), 'discarded'] : ['idle', null]);
  });

  it('keeps two tabs apart', async () => {
    tab(7);
    tab(8);
    const [seven, eight] = [view(7), view(8)];
    await flush();
    const heard = eight.messages.length;
    world.agents.get(7)?.say(sample('uuid-new'));
    seven.say(run('op-1'));
    await flush();
    expect(seven.session().stage).toMatchObject({ customer: { uuid: 'uuid-new' } });
    expect(eight.messages).toHaveLength(heard);
    expect(eight.session().stage).toMatchObject({ customer: { uuid: 'uuid-of-8' } });
    expect(runs(world.agents.get(8) as FakeAgent)).toEqual([]);
  });

  it('updates both views of one tab', async () => {
    answersAtOnce(tab(7));
    const [first, second] = [view(7), view(7)];
    await flush();
    first.say(run('op-1'));
    await flush();
    expect(lastOutcome(second.session().runs)).toMatchObject({ id: 'op-1', verdict: 'done' });
    expect(answers(first)).toEqual([{ type: 'answer', id: 'op-1', problem: null }]);
    expect(answers(second)).toEqual([]);
  });

  it('tolerates a view that goes away while it is being updated', async () => {
    tab(7);
    const [first, second] = [view(7), view(7)];
    await flush();
    first.port.onPost = () => {
      throw new Error('gone');
    };
    world.agents.get(7)?.say(sample('uuid-new'));
    await flush();
    expect(second.session().stage).toMatchObject({ customer: { uuid: 'uuid-new' } });
  });
});

describe('commands', () => {
  it('a run reaches the page once, and is acknowledged once it is accepted', async () => {
    const agent = tab(7);
    const popup = view(7);
    await flush();
    popup.say(run('op-1', 'regenerateUUID'));
    await flush();
    expect(runs(agent)).toEqual([
      {
        kind: 'run',
        id: 'op-1',
        document: 'doc-of-7',
        origin: ORIGIN,
        client: 1,
        operation: 'regenerateUUID',
        args: {},
        deadline: 10_000,
        notAfter: expect.any(Number),
      },
    ]);
    const types = popup.messages.map((message) => (message.type === 'patch' && message.patch.stage ? 'stage' : message.type));
    expect(types.lastIndexOf('stage')).toBeLessThan(types.indexOf('answer'));
    popup.say(run('op-2'));
    await flush();
    expect(answers(popup)[1]).toMatchObject({ id: 'op-2', problem: { kind: 'sdk', code: 'ruled-out' } });
    expect(runs(agent)).toHaveLength(1);
  });

  it('a repeat after the worker died returns the stored outcome, and runs nothing', async () => {
    const agent = tab(7);
    answersAtOnce(agent);
    const before = view(7);
    await flush();
    before.say(run('op-1'));
    await flush();
    restart(before);
    const popup = view(7);
    popup.say(run('op-1'));
    await flush();
    const [state] = popup.messages;
    expect(state).toMatchObject({
      type: 'state',
      session: { runs: { ended: [{ id: 'op-1', verdict: 'done', result: { answer: { value: 'x' } } }] } },
    });
    expect(answers(popup)).toEqual([{ type: 'answer', id: 'op-1', problem: null }]);
    expect(runs(agent)).toHaveLength(1);
  });

  it('a repeat after the worker died is not sent again if the operation started, and settles', async () => {
    const agent = tab(7);
    agent.onCommand = (command) => {
      if (command.kind === 'run') agent.say(started(command.id));
    };
    const before = view(7);
    await flush();
    before.say(run('op-1'));
    await flush();
    restart(before);
    const popup = view(7);
    popup.say(run('op-1'));
    await flush();
    expect(runs(agent)).toHaveLength(1);
    agent.say(settled('op-1', { value: 'late' }));
    await flush();
    expect(lastOutcome(popup.session().runs)).toMatchObject({ id: 'op-1', verdict: 'done' });
    expect(runs(agent)).toHaveLength(1);
  });

  it('an operation that never started is interrupted when the worker wakes with no view open', async () => {
    const agent = tab(7);
    const before = view(7);
    await flush();
    before.say(run('op-1'));
    await flush();
    restart(before);
    vi.setSystemTime(T0 + MINUTE);
    await world.hub.woken();
    const popup = view(7);
    await flush();
    expect(lastOutcome(popup.session().runs)).toMatchObject({ id: 'op-1', verdict: 'interrupted', note: 'never-started' });
    expect(runs(agent)).toHaveLength(1);
  });

  it.each([
    'visit',
    'watched',
  ] as const)('a worker that wakes with no view open catches up on what a page reported meanwhile (%s)', async (access) => {
    const agent = tab(7);
    if (access === 'watched') fake.hosts.add(`${ORIGIN}/*`);
    const before = view(7);
    await flush();
    expect(before.session().tab.access).toBe(access);
    before.say(run('op-1'));
    await flush();
    restart(before);
    agent.say(started('op-1'), sample('uuid-next'), settled('op-1'), tokenReport(wireToken(T0 + MINUTE)));
    await world.hub.woken();
    await vi.advanceTimersByTimeAsync(20_000);
    const popup = view(7);
    await flush();
    expect(lastOutcome(popup.session().runs)).toMatchObject({ id: 'op-1', verdict: 'done' });
  });

  it('read reaches the page', async () => {
    const agent = tab(7);
    const popup = view(7);
    await flush();
    popup.say({ type: 'read', id: 'r-1' });
    await flush();
    expect(agent.commands).toEqual([{ kind: 'read' }]);
    expect(answers(popup)).toEqual([{ type: 'answer', id: 'r-1', problem: null }]);
  });

  it('an alarm reads its own tab only', async () => {
    const [seven, eight] = [tab(7), tab(8)];
    view(7);
    view(8);
    await flush();
    world.hub.alarm('session:7');
    world.hub.alarm('backup');
    await flush();
    expect(seven.commands).toEqual([{ kind: 'read' }]);
    expect(eight.commands).toEqual([]);
  });
});

describe('carriers', () => {
  it('injects the agent once', async () => {
    const agent = tab(7);
    agent.present = false;
    const popup = view(7);
    await flush();
    expect(agent.injected).toBe(1);
    expect(popup.session().stage.phase).toBe('attached');
  });

  it('reports missing access, and finds the page after the click', async () => {
    tab(7, { grant: false });
    const popup = view(7);
    await flush();
    expect(popup.session()).toMatchObject({ tab: { access: 'none' }, stage: { phase: 'unreachable', problem: { kind: 'access' } } });
    world.granted.add(7);
    world.hub.tabUpdated(7);
    await flush();
    expect(popup.session()).toMatchObject({ tab: { access: 'visit' }, stage: { phase: 'attached' } });
  });

  it('loses the page when the grant ends', async () => {
    const agent = tab(7);
    const popup = view(7);
    await flush();
    world.granted.delete(7);
    agent.say(sample('uuid-1'));
    await vi.advanceTimersByTimeAsync(6000);
    expect(popup.session()).toMatchObject({ tab: { access: 'none' }, stage: { phase: 'unreachable', problem: { kind: 'access' } } });
  });

  it('reaches the page through a panel without any grant', async () => {
    const agent = tab(7, { grant: false });
    const panel = view(7, { lends: true });
    await flush();
    expect(panel.session()).toMatchObject({ tab: { access: 'panel' }, stage: { phase: 'attached', customer: { uuid: 'uuid-of-7' } } });
    panel.say(run('op-1'));
    await flush();
    expect(runs(agent)).toHaveLength(1);
    expect(fake.injections).toEqual([]);
  });

  it('shows the wider of the two accesses', async () => {
    tab(7);
    const panel = view(7, { lends: true });
    await flush();
    expect(panel.session().tab.access).toBe('panel');
    const popup = view(7);
    await flush();
    expect(popup.session().tab.access).toBe('visit');
    expect(panel.session().tab.access).toBe('visit');
  });

  it("ends the click's grant with the origin, even while a panel is open", async () => {
    const agent = tab(7);
    const panel = view(7, { lends: true });
    view(7);
    await flush();
    expect(panel.session().tab.access).toBe('visit');
    world.granted.delete(7);
    agent.navigate('doc-elsewhere', 'https://other.example');
    agent.say(page(), sample('uuid-elsewhere'));
    world.hub.tabUpdated(7);
    panel.say({ type: 'read', id: 'r-1' });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(panel.session()).toMatchObject({ visit: { origin: 'https://other.example' }, stage: { phase: 'attached' } });
    expect(panel.session().tab.access).toBe('panel');
  });

  it('has no access after the only panel closes', async () => {
    tab(7, { grant: false });
    const panel = view(7, { lends: true });
    const popup = view(7);
    await flush();
    expect(popup.session().tab.access).toBe('panel');
    panel.port.drop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(popup.session()).toMatchObject({ tab: { access: 'none' }, stage: { phase: 'unreachable' } });
  });

  it("ignores a panel's answer to a worker that died", async () => {
    tab(7, { grant: false });
    const before = view(7, { lends: true, answers: false });
    await flush();
    const [old] = before.messages.flatMap((message) => (message.type === 'page-request' ? [message] : []));
    restart(before);
    const panel = view(7, { lends: true, answers: false });
    await flush();
    panel.say({ type: 'page-answer', n: old?.n ?? '', answer: JSON.stringify(replyOf('doc-old', 0, T0, [])) });
    await flush();
    expect(panel.session().page.document).toBeNull();
    const [asked] = panel.messages.flatMap((message) => (message.type === 'page-request' ? [message] : []));
    expect(asked && asked.n !== old?.n).toBe(true);
    panel.lend();
    await flush();
    expect(panel.session().page.document).toBe('doc-of-7');
  });

  /** A dialog opens in the page: nothing is answered until the test closes it. */
  async function withDialog() {
    const agent = tab(7);
    const popup = view(7);
    await flush();
    const { execute } = fake;
    let close: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (close = resolve));
    fake.execute = (...asked) => closed.then(() => execute(...asked));
    agent.say(sample('uuid-of-7'));
    await vi.advanceTimersByTimeAsync(10_000);
    return { popup, close };
  }

  it('reports that a page stopped answering, and when it answers again', async () => {
    const { popup, close } = await withDialog();
    expect(popup.session()).toMatchObject({ page: { silence: { kind: 'timeout' } }, stage: { phase: 'attached' } });
    close();
    await vi.advanceTimersByTimeAsync(6000);
    expect(popup.session().page.silence).toBeNull();
  });

  it('notices within a second that a page answers again', async () => {
    const { popup, close } = await withDialog();
    close();
    await vi.advanceTimersByTimeAsync(1000);
    expect(popup.session().page.silence).toBeNull();
  });

  it('finds the new document after a navigation', async () => {
    const agent = tab(7);
    const popup = view(7);
    await flush();
    const { execute } = fake;
    let failures = 2;
    fake.execute = (...asked) => {
      if (failures === 0) return execute(...asked);
      failures -= 1;
      return Promise.reject(new Error('Frame with ID 0 was removed.'));
    };
    agent.say(sample('uuid-of-7'));
    agent.navigate('doc-next');
    agent.say(page(), sample('uuid-of-7'));
    await vi.advanceTimersByTimeAsync(6000);
    expect(popup.session()).toMatchObject({ page: { document: 'doc-next' }, history: { documents: 2 }, stage: { phase: 'attached' } });
  });

  it('asks nothing while no view shows the tab, and tells the page so', async () => {
    const agent = tab(7);
    const popup = view(7);
    await flush();
    popup.say({ type: 'showing', showing: false });
    await vi.advanceTimersByTimeAsync(6000);
    const asked = agent.requests.length;
    expect(agent.requests.some(({ showing }) => !showing)).toBe(true);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(agent.requests).toHaveLength(asked);
    popup.say({ type: 'showing', showing: true });
    await flush();
    expect(agent.requests.length).toBeGreaterThan(asked);
  });
});

describe('a closed tab', () => {
  it('is kept readable if it had a customer, without an alarm or pending work', async () => {
    tab(7);
    const popup = view(7);
    await flush();
    expect(fake.storage.has('session:7')).toBe(true);
    expect(fake.alarms.has('session:7')).toBe(true);
    popup.port.drop();
    world.hub.tabRemoved(7);
    fake.tabs.delete(7);
    await flush();
    expect(kept('session:7')).toMatchObject({
      tab: { closedAt: T0, access: 'none', alarmAt: null },
      stage: { phase: 'unreachable' },
    });
    expect([...fake.alarms]).toEqual([['prune', T0 + 30 * MINUTE]]);
  });

  it('is forgotten if it had no customer', async () => {
    tab(7, { says: [page([], true)] });
    const popup = view(7);
    await flush();
    expect(fake.storage.has('session:7')).toBe(true);
    popup.port.drop();
    world.hub.tabRemoved(7);
    fake.tabs.delete(7);
    await flush();
    expect([...fake.storage.keys()]).toEqual(['sessions']);
    expect(kept('sessions')).toMatchObject({ tabs: [] });
    expect([...fake.alarms.keys()]).toEqual([]);
  });

  it('stays closed when the request pending in its page fails', async () => {
    tab(7);
    let fail: (error: Error) => void = () => undefined;
    view(7);
    await flush();
    const { execute } = fake;
    fake.execute = () => new Promise((_resolve, reject) => (fail = reject));
    world.agents.get(7)?.say(sample('uuid-1'));
    await flush();
    world.hub.tabRemoved(7);
    fake.tabs.delete(7);
    await flush();
    fail(new Error('The tab was closed.'));
    fake.execute = execute;
    const closed = structuredClone(kept('session:7'));
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(closed).toMatchObject({ tab: { closedAt: T0 } });
    expect(kept('session:7')).toEqual(closed);
  });
});
