import { beforeEach, describe, expect, it, vi } from 'vitest';
import { browserPlatform } from '@/lib/browser/browser-platform';
import { AGENT_SCRIPT, AGENT_VERSION, type AgentRequest, CLIENT_SCRIPT, type Place, TABLES_SCRIPT } from '@/lib/page/wire';
import { lastOutcome } from '@/lib/session/run';
import { NO_SETTINGS, NO_SITE } from '@/lib/settings/settings';
import { browser, fake, setLocal } from '../fakes/browser';
import { client, MINUTE, ORIGIN, page, sample, settled, started, T0 } from '../fakes/make';
import { withLast } from '../fakes/story';
import { addFrame, begin, flush, hasCustomer, removeFrame, restart, run, runs, tab, type View, view, world } from '../fakes/world';

vi.mock('wxt/browser', () => import('../fakes/browser'));
beforeEach(begin);

const OTHER = 'https://other.example';
const SURVEY = 1000;
const BARE_TOP = [page([], true, 2)];
const PLACE = { path: 'app.sdk', dialect: 'web' } as const;
const settings = (places: Record<string, Place[]>) => ({
  ...NO_SETTINGS,
  sites: Object.fromEntries(Object.entries(places).map(([at, all]) => [at, { ...NO_SITE, places: all }])),
});
/** The requests that ask for news, which also bring the driver; surveys are left out. */
const asked = (requests: readonly AgentRequest[]) => requests.filter(({ list }) => !list);
const surveyed = (requests: readonly AgentRequest[]) => requests.filter(({ list }) => list);
const uuidOf = (of: View) => {
  const { stage } = of.session();
  return stage.phase === 'attached' ? stage.customer.uuid : stage.phase;
};

/** A tab whose top document has no SDK and whose frame 5 has one; `lends`: access through the panel, without a click. */
async function framed({ lends = false } = {}) {
  const top = tab(7, { says: BARE_TOP, grant: !lends });
  const other = addFrame(7, 4, [page([])]);
  const frame = addFrame(7, 5, hasCustomer('uuid-f5'));
  const shown = view(7, { lends });
  await vi.advanceTimersByTimeAsync(SURVEY);
  return { top, other, frame, shown };
}

describe('setup', () => {
  it('is sent to each document once', async () => {
    const agent = tab(7);
    view(7);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(agent.requests.length).toBeGreaterThan(3);
    expect(agent.setups).toHaveLength(1);
    expect(agent.setups[0]).toMatchObject({ dialects: expect.arrayContaining([]) as unknown, places: [] });
    expect(agent.setups[0]?.dialects.map(({ name }) => name)).toContain('web');
    agent.navigate('doc-next');
    agent.say(...hasCustomer('uuid-1'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(agent.setups).toHaveLength(2);
  });

  it('is sent again at once to a site whose settings change', async () => {
    const [seven, eight] = [tab(7), tab(8)];
    eight.navigate('doc-of-8', OTHER);
    fake.tabs.set(8, { incognito: false, url: `${OTHER}/` });
    eight.say(...hasCustomer('uuid-of-8'));
    view(7);
    view(8);
    await flush();
    setLocal('settings', settings({ [ORIGIN]: [PLACE] }));
    await flush();
    expect(seven.setups.map(({ places }) => places)).toEqual([[], [PLACE]]);
    expect(eight.setups.map(({ places }) => places)).toEqual([[]]);
    setLocal('settings', settings({ [OTHER]: [PLACE] }));
    await flush();
    expect(seven.setups.map(({ places }) => places)).toEqual([[], [PLACE], []]);
    expect(eight.setups.map(({ places }) => places)).toEqual([[], [PLACE]]);
  });

  it('uses the settings stored before, and ignores other storage changes', async () => {
    fake.local.set('settings', settings({ [ORIGIN]: [PLACE] }));
    world.hub = (await import('@/lib/background/hub')).createHub('chrome-extension://abcdefgh/', browserPlatform());
    const agent = tab(7);
    view(7);
    await flush();
    setLocal('other', 1);
    agent.say(sample('uuid-x'));
    await flush();
    expect(agent.setups.map(({ places }) => places)).toEqual([[], [PLACE]]);
  });

  it.each([
    ['unreadable', () => void fake.local.set('settings', { version: 99, places: { [ORIGIN]: [PLACE] } })],
    ['gone', () => void Object.assign(fake, { localFails: true })],
  ])('names only the dialects if the settings are %s', async (_name, prepare) => {
    prepare();
    world.hub = (await import('@/lib/background/hub')).createHub('chrome-extension://abcdefgh/', browserPlatform());
    const agent = tab(7);
    const popup = view(7);
    await flush();
    expect(agent.setups).toMatchObject([{ places: [] }]);
    expect(uuidOf(popup)).toBe('uuid-of-7');
  });

  it('has an id that identifies the version and the places, and nothing else', async () => {
    const agent = tab(7);
    view(7);
    await flush();
    setLocal('settings', settings({ [ORIGIN]: [PLACE], [OTHER]: [{ path: 'secret', dialect: 'ios' }] }));
    await flush();
    expect(agent.setups.map(({ id }) => id)).toEqual([`${AGENT_VERSION}[]`, `${AGENT_VERSION}${JSON.stringify([PLACE])}`]);
    expect(JSON.stringify(agent.setups)).not.toContain('secret');
  });
});

describe('the driver', () => {
  it('comes with the agent of a page that a view shows, and once', async () => {
    const agent = tab(7, { says: [page([client({ state: 'not-initialised' })])] });
    agent.present = false;
    const popup = view(7);
    await vi.advanceTimersByTimeAsync(6000);
    expect([agent.injected, agent.equipped]).toEqual([1, 1]);
    agent.say(...hasCustomer('uuid-1'));
    await flush();
    agent.say(sample('uuid-2'));
    await vi.advanceTimersByTimeAsync(6000);
    expect(agent.equipped).toBe(1);
    expect(uuidOf(popup)).toBe('uuid-2');
  });

  it('is not injected into frames that are only surveyed', async () => {
    const agent = tab(7, { says: hasCustomer('uuid-of-7', 1) });
    const frame = addFrame(7, 5, hasCustomer('uuid-f5'));
    view(7);
    await vi.advanceTimersByTimeAsync(3 * SURVEY);
    expect(surveyed(frame.agent.requests).length).toBeGreaterThan(1);
    expect(asked(frame.agent.requests)).toEqual([]);
    expect([agent.equipped, frame.agent.equipped]).toEqual([1, 0]);
    expect(frame.agent.setups).toHaveLength(1);
  });

  it('is injected through the panel too', async () => {
    const { top, frame, shown } = await framed({ lends: true });
    expect(uuidOf(shown)).toBe('uuid-f5');
    expect([top.equipped, frame.agent.equipped]).toEqual([0, 1]);
    expect(fake.injections).toEqual([]);
    expect(shown.messages).toContainEqual(expect.objectContaining({ type: 'page-script', frame: frame.url, file: CLIENT_SCRIPT }));
  });
});

describe('surveys', () => {
  it('run while the page has frames and a view shows it', async () => {
    const agent = tab(7);
    const popup = view(7);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(surveyed(agent.requests)).toEqual([]);
    agent.say(page(undefined, false, 1));
    await vi.advanceTimersByTimeAsync(3 * SURVEY);
    const made = surveyed(agent.requests).length;
    expect(made).toBeGreaterThanOrEqual(3);
    expect(made).toBeLessThanOrEqual(4);
    expect(popup.session().tab.listing).toMatchObject([{ document: 'doc-of-7', frame: null, origin: ORIGIN }]);
    // A survey that finds no change sends nothing.
    const told = popup.messages.length;
    await vi.advanceTimersByTimeAsync(2 * SURVEY);
    expect(popup.messages).toHaveLength(told);
    popup.say({ type: 'showing', showing: false });
    await vi.advanceTimersByTimeAsync(2 * SURVEY);
    const then = surveyed(agent.requests).length;
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(surveyed(agent.requests)).toHaveLength(then);
  });

  it('stop when the page has no frames any more', async () => {
    const agent = tab(7, { says: hasCustomer('uuid-of-7', 1) });
    view(7);
    await vi.advanceTimersByTimeAsync(2 * SURVEY);
    agent.say(page());
    await vi.advanceTimersByTimeAsync(2 * SURVEY);
    const made = surveyed(agent.requests).length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(surveyed(agent.requests)).toHaveLength(made);
  });

  it('request only the current state', async () => {
    const { frame } = await framed();
    for (const request of surveyed(frame.agent.requests))
      expect(request).toMatchObject({ cursor: 0, document: null, wait: 0, showing: false, client: null, list: true });
  });

  it('inject the agent if it is missing', async () => {
    tab(7, { says: hasCustomer('uuid-of-7', 2) });
    const frame = addFrame(7, 5, hasCustomer('uuid-f5'));
    frame.agent.present = false;
    const popup = view(7);
    await vi.advanceTimersByTimeAsync(SURVEY);
    expect(frame.agent.injected).toBe(1);
    expect(popup.session().tab.listing).toMatchObject([{ frame: null }, { frame: '5', document: 'doc-of-frame-5', clients: [client()] }]);
  });

  it('report the frames that they cannot reach', async () => {
    tab(7, { says: hasCustomer('uuid-of-7', 2) });
    addFrame(7, 5, hasCustomer('uuid-f5'), OTHER).foreign = true;
    const popup = view(7);
    await vi.advanceTimersByTimeAsync(SURVEY);
    expect(popup.session()).toMatchObject({ tab: { beyond: [expect.stringContaining('/frame-') as string], listing: [{ frame: null }] } });
    expect(uuidOf(popup)).toBe('uuid-of-7');
  });

  it('treat two frames that report the same document as one', async () => {
    tab(7, { says: hasCustomer('uuid-of-7', 2) });
    const [first, second] = [addFrame(7, 5, hasCustomer('uuid-f5')), addFrame(7, 6, hasCustomer('uuid-f6'))];
    second.agent.navigate('doc-of-frame-5');
    second.agent.say(page());
    const popup = view(7);
    await vi.advanceTimersByTimeAsync(SURVEY);
    expect(popup.session().tab.listing.map(({ frame }) => frame)).toEqual([null, '5']);
    expect(first.agent.requests.length).toBeGreaterThan(0);
  });

  it('still list the other frames if one answers with an invalid reply', async () => {
    tab(7, { says: hasCustomer('uuid-of-7', 2) });
    const bad = addFrame(7, 5);
    addFrame(7, 6, hasCustomer('uuid-f6'));
    bad.agent.exchange = async () => '"hostile"';
    const popup = view(7);
    await vi.advanceTimersByTimeAsync(SURVEY);
    expect(popup.session().tab.listing.map(({ frame }) => frame)).toEqual([null, '6']);
  });
});

describe('a client in a frame', () => {
  it.each([false, true])('is shown if the top frame has none (panel: %s)', async (lends) => {
    const { frame, shown } = await framed({ lends });
    expect(uuidOf(shown)).toBe('uuid-f5');
    expect(shown.session().tab.target).toEqual({ document: 'doc-of-frame-5', frame: lends ? frame.url : '5' });
    frame.agent.say(sample('uuid-new'));
    await flush();
    expect(uuidOf(shown)).toBe('uuid-new');
  });

  it.each([false, true])('is the only one asked, and the only one that runs operations (panel: %s)', async (lends) => {
    const { top, other, frame, shown } = await framed({ lends });
    const before = asked(top.requests).length;
    shown.say(run('op-1'));
    shown.say({ type: 'read', id: 'r-1' });
    await vi.advanceTimersByTimeAsync(12_000);
    // A request pending there when the frame was found may still be counted.
    expect(asked(top.requests).length).toBeLessThanOrEqual(before);
    expect(asked(other.agent.requests)).toEqual([]);
    expect(runs(frame.agent)).toMatchObject([{ id: 'op-1', client: 1 }]);
    expect([top.commands, other.agent.commands]).toEqual([[], []]);
    frame.agent.say(started('op-1'), settled('op-1'));
    await flush();
    expect(lastOutcome(shown.session().runs)).toMatchObject({ id: 'op-1' });
  });

  it('that disappears is replaced by another, or by the top frame', async () => {
    const { shown, other } = await framed();
    other.agent.say(...hasCustomer('uuid-f4'));
    removeFrame(7, 5);
    await vi.advanceTimersByTimeAsync(2 * SURVEY);
    expect(shown.session()).toMatchObject({ tab: { target: { frame: '4' }, access: 'visit' } });
    expect(uuidOf(shown)).toBe('uuid-f4');
    removeFrame(7, 4);
    await vi.advanceTimersByTimeAsync(6000);
    expect(shown.session()).toMatchObject({ tab: { target: null, access: 'visit' }, page: { silence: null }, stage: { phase: 'absent' } });
  });

  it('that disappears while its answer is pending is noticed at once, not with the next survey', async () => {
    const { shown, frame } = await framed();
    let leave: () => void = () => undefined;
    const { exchange } = frame.agent;
    frame.agent.exchange = (request) =>
      request.list ? exchange(request) : new Promise((_, reject) => (leave = () => reject(new Error('Frame with ID 5 was removed.'))));
    frame.agent.say(sample('uuid-f5'));
    const surveysSoFar = () => surveyed(frame.agent.requests).length;
    for (const before = surveysSoFar(); surveysSoFar() < before + 2; ) await vi.advanceTimersByTimeAsync(50);
    removeFrame(7, 5);
    leave();
    await vi.advanceTimersByTimeAsync(200);
    expect(shown.session()).toMatchObject({ tab: { target: null, access: 'visit' } });
  });

  it('keeps its history over a reload of its frame', async () => {
    const { shown, frame } = await framed();
    frame.agent.navigate('doc-of-frame-5b');
    frame.agent.say(...hasCustomer('uuid-f5'));
    await vi.advanceTimersByTimeAsync(2 * SURVEY);
    expect(shown.session()).toMatchObject({
      page: { document: 'doc-of-frame-5b' },
      history: { documents: 2 },
      tab: { target: { document: 'doc-of-frame-5b' } },
    });
    expect(uuidOf(shown)).toBe('uuid-f5');
  });

  it('is unreachable with the whole tab when the access ends', async () => {
    const { shown, frame } = await framed();
    // Until the request pending in the top frame has returned.
    await vi.advanceTimersByTimeAsync(6000);
    world.granted.delete(7);
    frame.agent.say(sample('uuid-x'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(shown.session()).toMatchObject({ tab: { access: 'none' }, stage: { phase: 'unreachable', problem: { kind: 'access' } } });
    world.granted.add(7);
    world.hub.tabUpdated(7);
    await vi.advanceTimersByTimeAsync(2 * SURVEY);
    expect(uuidOf(shown)).toBe('uuid-x');
  });

  it('is found again by a restarted worker, which does not remember the frame', async () => {
    const { shown, frame, top } = await framed();
    const waiting = asked(top.requests).length;
    restart(shown);
    const again = view(7);
    await flush();
    expect(again.session()).toMatchObject({ tab: { target: { document: 'doc-of-frame-5' } }, history: { documents: 1 } });
    frame.agent.say(sample('uuid-later'));
    await vi.advanceTimersByTimeAsync(SURVEY);
    expect(uuidOf(again)).toBe('uuid-later');
    expect(asked(top.requests)).toHaveLength(waiting);
  });

  it('that disappeared while the worker was down is replaced by the top frame', async () => {
    const { shown } = await framed();
    restart(shown);
    removeFrame(7, 5);
    const again = view(7);
    await vi.advanceTimersByTimeAsync(SURVEY);
    expect(again.session()).toMatchObject({ tab: { target: null }, stage: { phase: 'absent' } });
  });

  it('is found through the other carrier, which names frames differently', async () => {
    const { shown, frame } = await framed();
    const panel = view(7, { lends: true });
    panel.say({ type: 'read', id: 'r-1' });
    await vi.advanceTimersByTimeAsync(6000);
    frame.agent.say(sample('uuid-by-panel'));
    await vi.advanceTimersByTimeAsync(SURVEY);
    expect(uuidOf(shown)).toBe('uuid-by-panel');
    expect(shown.session()).toMatchObject({ tab: { target: { document: 'doc-of-frame-5' } }, history: { documents: 1 } });
    const asks = panel.messages.flatMap((message) => (message.type === 'page-request' ? [message.frame] : []));
    expect(new Set(asks)).toEqual(new Set([frame.url]));
    panel.port.drop();
    await vi.advanceTimersByTimeAsync(6000);
    frame.agent.say(sample('uuid-by-click'));
    await vi.advanceTimersByTimeAsync(SURVEY);
    expect(uuidOf(shown)).toBe('uuid-by-click');
  });
});

describe('a choice', () => {
  /** The top frame has a customer, and frame 5 has another. */
  async function both() {
    const top = tab(7, { says: hasCustomer('uuid-of-7', 1) });
    const frame = addFrame(7, 5, hasCustomer('uuid-f5'));
    const shown = view(7);
    // In the middle of a wait, and of a pause between two surveys.
    await vi.advanceTimersByTimeAsync(2 * SURVEY + 300);
    return { top, frame, shown };
  }
  const choose = (document: string, ref = 1) => ({ type: 'choose', document, ref }) as const;

  it('is shown at once, without waiting for the pending request in the previous document', async () => {
    const { shown } = await both();
    expect(uuidOf(shown)).toBe('uuid-of-7');
    shown.say(choose('doc-of-frame-5'));
    await flush();
    expect(uuidOf(shown)).toBe('uuid-f5');
    shown.say(choose('doc-of-7'));
    await flush();
    expect(uuidOf(shown)).toBe('uuid-of-7');
  });

  it('persists, and late reports of the previous document are not applied', async () => {
    const { shown, top } = await both();
    shown.say(choose('doc-of-frame-5'));
    await flush();
    top.say(sample('uuid-of-the-top'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(uuidOf(shown)).toBe('uuid-f5');
    expect(shown.session()).toMatchObject({ tab: { target: { document: 'doc-of-frame-5' } }, page: { silence: null } });
  });

  it('of another client in the same document is sent to the agent, and that client is read', async () => {
    const agent = tab(7, { says: [page([client(), client({ ref: 2, place: 'Second' })]), sample('uuid-1')] });
    const popup = view(7);
    await flush();
    popup.say(choose('doc-of-7', 2));
    await flush();
    agent.say(sample('uuid-2', { client: 2 }));
    await vi.advanceTimersByTimeAsync(6000);
    expect(agent.commands).toEqual([{ kind: 'read' }]);
    expect(agent.requests.at(-1)).toMatchObject({ client: 2 });
    expect(uuidOf(popup)).toBe('uuid-2');
    expect(popup.session()).toMatchObject({ tab: { chosen: { place: 'Second' } }, history: { documents: 1 } });
  });

  it('of a missing document or client is ignored', async () => {
    const { shown } = await both();
    const heard = shown.messages.length;
    for (const message of [choose('doc-none'), choose('doc-of-frame-5', 9), choose('doc-of-7', -1)]) shown.say(message);
    await flush();
    expect(shown.messages).toHaveLength(heard);
  });

  it('survives a restart of the worker', async () => {
    const { shown } = await both();
    shown.say(choose('doc-of-frame-5'));
    await flush();
    restart(shown);
    const again = view(7);
    await vi.advanceTimersByTimeAsync(2 * SURVEY);
    expect(uuidOf(again)).toBe('uuid-f5');
    expect(again.session().tab.chosen).toMatchObject({ origin: ORIGIN });
  });
});

describe('an operation that reloads the page', () => {
  const WEB = client({ dialect: 'web', place: 'SR' });

  it('settles in the next document', async () => {
    const agent = tab(7, { says: [page([WEB]), sample('uuid-1')] });
    agent.onCommand = (command) => {
      if (command.kind === 'run') agent.say(started(command.id), settled(command.id, { value: { left: [] } }));
    };
    const popup = view(7);
    await flush();
    popup.say(run('op-1', 'destroySession'));
    await vi.advanceTimersByTimeAsync(100);
    expect(lastOutcome(popup.session().runs)).toBeNull();
    agent.navigate('doc-next');
    agent.say(page([]));
    await vi.advanceTimersByTimeAsync(6000);
    expect(popup.session()).toMatchObject({ page: { document: 'doc-next' }, runs: { carried: { run: { id: 'op-1' } } } });
    agent.say(page([WEB]), sample('uuid-2'));
    await vi.advanceTimersByTimeAsync(2000);
    expect(withLast(popup.session())).toMatchObject({
      runs: { carried: null },
      last: { id: 'op-1', verdict: 'done', answer: { value: { left: [] } } },
    });
    expect(runs(agent)).toHaveLength(1);
  });

  it.each([false, true])('is interrupted after 15 s if the SDK never loads (worker dies: %s)', async (dies) => {
    const agent = tab(7, { says: [page([WEB]), sample('uuid-1')] });
    const popup = view(7);
    await flush();
    popup.say(run('op-1', 'destroySession'));
    await flush();
    agent.navigate('doc-next');
    agent.say(page([], true));
    await vi.advanceTimersByTimeAsync(6000);
    let shown = popup;
    if (dies) {
      restart(popup);
      await world.hub.woken();
      shown = view(7);
    }
    await vi.advanceTimersByTimeAsync(15_000);
    expect(withLast(shown.session())).toMatchObject({
      runs: { carried: null },
      last: { id: 'op-1', verdict: 'interrupted', note: 'document-gone' },
    });
    expect(lastOutcome(shown.session().runs)?.endedAt).toBeLessThanOrEqual(T0 + 22_000);
  });
});

it('injects the agent and driver scripts by their file names', async () => {
  const agent = tab(7);
  agent.present = false;
  view(7);
  await flush();
  expect(fake.injections.flatMap(({ files, world: where }) => (files ? [[files, where]] : []))).toEqual([
    [[AGENT_SCRIPT, TABLES_SCRIPT, CLIENT_SCRIPT], 'MAIN'],
  ]);
});

describe('a watched site', () => {
  const WEB = client({ dialect: 'web', place: 'SR' });
  let stored: object[] = [];
  const onChanged = { addListener: () => undefined, removeListener: () => undefined };
  const jar = { onChanged, getAll: async () => stored, getAllCookieStores: async () => [{ id: '0', tabIds: [7] }] };
  const has = (cookies: object) => vi.stubGlobal('browser', Object.create(browser, { cookies: { value: cookies } }));
  const cookie = (name: string, httpOnly: boolean) => ({
    name,
    httpOnly,
    secure: true,
    domain: 'shop.example',
    path: '/',
    value: `secret-${name}`,
  });
  const watch = (granted: boolean) => {
    if (granted) fake.hosts.add('https://shop.example/*');
    else fake.hosts.clear();
    (granted ? fake.permitted : fake.dropped).raise({ origins: ['https://shop.example/*'] });
  };

  it('reports its access and cookie names, and neither after the permission is removed', async () => {
    has(jar);
    stored = [cookie('_snrs_p', true), cookie('session', true)];
    const agent = tab(7, { says: [page([WEB]), sample('uuid-1')] });
    const popup = view(7);
    await flush();
    expect(popup.session()).toMatchObject({ tab: { access: 'visit' }, visit: { jar: null } });
    watch(true);
    await flush();
    expect(popup.session()).toMatchObject({ tab: { access: 'watched' }, visit: { jar: [{ name: '_snrs_p', httpOnly: true }] } });
    stored = [...stored, cookie('_snrs_uuid', false)];
    agent.say(sample('uuid-2'));
    await flush();
    expect(popup.session().visit.jar).toMatchObject([{ name: '_snrs_p' }, { name: '_snrs_uuid', httpOnly: false }]);
    expect(JSON.stringify(popup.session())).not.toContain('secret-session');
    watch(false);
    await vi.advanceTimersByTimeAsync(6000);
    expect(popup.session()).toMatchObject({ tab: { access: 'visit' }, visit: { jar: null } });
    vi.unstubAllGlobals();
  });

  it('uses the cookie store of the tab, and reports no cookies if the tab has none', async () => {
    const getAll = vi.fn(async () => [cookie('_snrs_p', true)]);
    has({
      onChanged,
      getAll,
      getAllCookieStores: async () => [
        { id: '1', tabIds: [7] },
        { id: '0', tabIds: [8] },
      ],
    });
    fake.hosts.add('https://shop.example/*');
    for (const id of [7, 9]) tab(id, { says: [page([WEB]), sample('uuid-1')] });
    const [incognito, without] = [view(7), view(9)];
    await flush();
    expect(incognito.session().visit.jar).toHaveLength(1);
    expect(without.session().visit.jar).toBeNull();
    expect(getAll.mock.calls.flat().every((details) => (details as { storeId?: string }).storeId === '1')).toBe(true);
    vi.unstubAllGlobals();
  });
});
