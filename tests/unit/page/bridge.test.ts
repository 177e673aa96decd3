/** The client driver against the vendor's real bridge behavior (facts §8). */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CONNECT_KEY, type Place } from '@/lib/page/wire';
import { reactNativeBridge } from '@/tests/fixtures/react-native-bridge';
import { type Asker, closePage, openPage, type ReportOf, startAgent, stubPerformance } from './page';

const TAKES = 400;
type Platform = 'android' | 'ios';

beforeEach(() => openPage());
afterEach(() => closePage());

function put(platform: Platform, more: { doNotTrack?: boolean } = {}) {
  const made = reactNativeBridge({ platform, takes: TAKES, ...more });
  vi.stubGlobal('Synerise', made.Synerise);
  return made;
}
const of = <K extends 'token' | 'call' | 'look' | 'settled' | 'sample'>(agent: Asker, kind: K) =>
  agent.reports.filter((one): one is ReportOf<K> => one.kind === kind);
const run = (agent: Asker, operation: string, args = {}) =>
  agent.ask({
    command: {
      kind: 'run',
      id: 'op-1',
      document: '',
      origin: 'https://shop.example',
      client: 1,
      operation,
      args,
      deadline: 10_000,
      notAfter: 9e15,
    },
  } as never);
/** An agent that has read the token once. */
async function attached(platform: Platform) {
  const bridge = put(platform);
  const agent = await startAgent();
  agent.ask();
  await agent.pass(TAKES + 200);
  expect(of(agent, 'token')).toHaveLength(1);
  return { agent, ...bridge };
}

describe.each<Platform>(['android', 'ios'])('a pending refresh by the page on %s', (platform) => {
  it('does not block our refresh: the new token is read as soon as ours is answered', async () => {
    const { agent, Synerise, state } = await attached(platform);
    const onSuccess = vi.fn();
    Synerise.Client.refreshToken(onSuccess);
    await agent.pass(100);
    run(agent, 'refreshToken');
    await agent.pass(TAKES + 100);
    expect(of(agent, 'settled')).toMatchObject([{ how: 'success' }]);
    await agent.pass(TAKES + 300);
    const [before, after] = of(agent, 'token');
    expect(after?.token?.raw).not.toBe(before?.token?.raw);
    expect(state.canceled.includes('refreshToken')).toBe(platform === 'android');
    expect(onSuccess).toHaveBeenCalledTimes(platform === 'android' ? 0 : 1);
    // On Android the bridge never answers the canceled call.
    await agent.pass(11_000);
    expect(of(agent, 'call').at(-1)?.phase).toBe(platform === 'android' ? 'unanswered' : 'succeeded');
  });

  it('followed by a second one: only the second is awaited', async () => {
    const { agent, Synerise } = await attached(platform);
    Synerise.Client.refreshToken();
    await agent.pass(100);
    const answered = vi.fn();
    Synerise.Client.refreshToken(answered);
    await agent.pass(2 * TAKES + 300);
    expect(answered).toHaveBeenCalledTimes(1);
    expect(of(agent, 'token').length).toBeGreaterThan(1);
  });
});

describe('the token while an SDK starts', () => {
  it.each<Platform>(['android', 'ios'])('on %s: a read the page started before us is answered to the page', async (platform) => {
    stubPerformance(300);
    const { Synerise, state } = put(platform);
    const onSuccess = vi.fn();
    Synerise.Client.retrieveToken(onSuccess);
    const agent = await startAgent();
    agent.ask();
    await agent.pass(1500);
    expect(onSuccess).toHaveBeenCalledTimes(1);
    expect(of(agent, 'token')).toEqual([]);
    await agent.pass(1500);
    expect(of(agent, 'token')).toMatchObject([{ how: 'success' }]);
    expect(of(agent, 'sample')).toHaveLength(1);
    expect(state.canceled).toEqual([]);
  });

  it('keeps nobody waiting for the UUID', async () => {
    stubPerformance(300);
    put('android');
    const agent = await startAgent();
    agent.ask();
    await agent.pass(200);
    expect(of(agent, 'sample')).toMatchObject([{ uuid: expect.any(String) as string }]);
    expect(of(agent, 'token')).toEqual([]);
  });

  it('comes from the page’s own read when it reads while we look', async () => {
    stubPerformance(300);
    const { Synerise } = put('android');
    const agent = await startAgent();
    agent.ask();
    await agent.pass(100);
    Synerise.Client.retrieveToken(() => undefined);
    await agent.pass(TAKES + 100);
    expect(of(agent, 'token')).toMatchObject([{ how: 'success' }]);
  });

  it('is read immediately on a page that loaded long ago', async () => {
    await attached('android');
  });

  it('comes from the page’s answer when the page reads while our read is pending', async () => {
    const { agent, Synerise, state } = await attached('android');
    agent.ask({ command: { kind: 'read' } } as never);
    await agent.pass(100);
    const onSuccess = vi.fn();
    Synerise.Client.retrieveToken(onSuccess);
    expect(state.canceled).toEqual(['retrieveToken']);
    await agent.pass(TAKES + 200);
    expect(onSuccess).toHaveBeenCalledTimes(1);
    expect(of(agent, 'token')).toHaveLength(2);
    // Our canceled read is not awaited: an operation's token follows immediately.
    run(agent, 'refreshToken');
    await agent.pass(2 * TAKES + 300);
    expect(of(agent, 'token')).toHaveLength(3);
  });
});

describe('arguments of the bridges', () => {
  it('recognizeAnonymous without parameters arrives on Android', async () => {
    const { agent, state } = await attached('android');
    run(agent, 'recognizeAnonymous', { customIdentify: 'c-1' });
    await agent.pass(100);
    expect(state.received.at(-1)).toEqual({ name: 'recognizeAnonymous', args: [null, 'c-1', {}] });
  });
});

describe('finding the other modules of an SDK', () => {
  const facts = (agent: Asker) => of(agent, 'sample').at(-1)?.facts;
  const PLACES: readonly Place[] = [{ path: 'app.sdk', dialect: 'react-native' }];
  type Made = ReturnType<typeof reactNativeBridge>['Synerise'];
  it.each<[string, (sdk: Made) => void]>([
    ['the global', (sdk) => vi.stubGlobal('Synerise', sdk)],
    ['a module namespace at the global', (sdk) => vi.stubGlobal('Synerise', { Synerise: sdk, ClientAccountUpdateContext: class {} })],
    ['a place', (sdk) => vi.stubGlobal('app', { sdk })],
    ['a module namespace at a place', (sdk) => vi.stubGlobal('app', { sdk: { Synerise: sdk } })],
    ['registered', (sdk) => hand(sdk)],
    ['a registered module namespace', (sdk) => hand({ Synerise: sdk })],
  ])('%s: do-not-track is read, and a change of the API key is reported', async (_where, stand) => {
    const { Synerise, state } = reactNativeBridge({ platform: 'ios', takes: TAKES, doNotTrack: true });
    stand(Synerise);
    const agent = await startAgent({ places: PLACES });
    agent.ask();
    await agent.pass(200);
    expect(facts(agent)).toEqual({ doNotTrack: true });
    state.settings.doNotTrack = false;
    Synerise.changeApiKey('a-made-up-key');
    Synerise.Tracker.setCustomIdentifier();
    expect(of(agent, 'call').map(({ does }) => does)).toEqual([]);
    await agent.pass(300);
    expect(
      of(agent, 'call')
        .filter(({ phase }) => phase === 'called')
        .map(({ does }) => does),
    ).toEqual(['changeApiKey', 'setCustomIdentifier']);
    expect(JSON.stringify(agent.reports)).not.toContain('a-made-up-key');
    Reflect.deleteProperty(globalThis, Symbol.for(CONNECT_KEY));
  });

  it('a client registered alone takes no settings from another SDK', async () => {
    const { Synerise } = reactNativeBridge({ platform: 'ios', takes: TAKES });
    vi.stubGlobal('Synerise', { Settings: { sdk: { doNotTrack: true } } });
    hand(Synerise.Client);
    const agent = await startAgent();
    agent.ask();
    await agent.pass(200);
    expect(agent.reports[0]).toMatchObject({ clients: [{ dialect: 'react-native', place: 'mine' }] });
    expect(facts(agent)).toEqual({ doNotTrack: null });
    Reflect.deleteProperty(globalThis, Symbol.for(CONNECT_KEY));
  });

  const hand = (sdk: unknown) =>
    Object.defineProperty(globalThis, Symbol.for(CONNECT_KEY), { value: { pending: [[sdk, { name: 'mine' }]] }, configurable: true });
});
