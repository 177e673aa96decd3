/** The driver of a client against the vendor's bridges as they are (facts §8). */
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

describe.each<Platform>(['android', 'ios'])('a refresh of the page under way on %s', (platform) => {
  it('keeps a refresh of ours from nothing: the new token is read as soon as ours is answered', async () => {
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
    // Nobody says that it was answered.
    await agent.pass(11_000);
    expect(of(agent, 'call').at(-1)?.phase).toBe(platform === 'android' ? 'unanswered' : 'succeeded');
  });

  it('that the page begins once more is waited for alone', async () => {
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

describe('the token as an SDK starts', () => {
  it.each<Platform>(['android', 'ios'])('on %s: what the page asked for before we came is answered to the page', async (platform) => {
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
    // Both show at once.
    expect(of(agent, 'sample')).toHaveLength(1);
    expect(state.canceled).toEqual([]);
  });

  it('is the page’s own answer, where it asks while we look', async () => {
    stubPerformance(300);
    const { Synerise } = put('android');
    const agent = await startAgent();
    agent.ask();
    await agent.pass(100);
    Synerise.Client.retrieveToken(() => undefined);
    await agent.pass(TAKES + 100);
    expect(of(agent, 'token')).toMatchObject([{ how: 'success' }]);
  });

  it('is read at once on a page that had been there for long', async () => {
    await attached('android');
  });

  it('that the page asks for while ours is under way is told by the page’s answer', async () => {
    const { agent, Synerise, state } = await attached('android');
    agent.ask({ command: { kind: 'read' } } as never);
    await agent.pass(100);
    const onSuccess = vi.fn();
    Synerise.Client.retrieveToken(onSuccess);
    expect(state.canceled).toEqual(['retrieveToken']);
    await agent.pass(TAKES + 200);
    expect(onSuccess).toHaveBeenCalledTimes(1);
    expect(of(agent, 'token')).toHaveLength(2);
    // Ours is not waited for: an operation's token follows at once.
    run(agent, 'refreshToken');
    await agent.pass(2 * TAKES + 300);
    expect(of(agent, 'token')).toHaveLength(3);
  });
});

describe('what the bridges take', () => {
  it('recognizeAnonymous without parameters arrives on Android', async () => {
    const { agent, state } = await attached('android');
    run(agent, 'recognizeAnonymous', { customIdentify: 'c-1' });
    await agent.pass(100);
    expect(state.received.at(-1)).toEqual({ name: 'recognizeAnonymous', args: [null, 'c-1', {}] });
  });
});

describe('where the rest of an SDK is found', () => {
  const facts = (agent: Asker) => of(agent, 'sample').at(-1)?.facts;
  const PLACES: readonly Place[] = [{ path: 'app.sdk', dialect: 'react-native' }];
  type Made = ReturnType<typeof reactNativeBridge>['Synerise'];
  it.each<[string, (sdk: Made) => void]>([
    ['the global', (sdk) => vi.stubGlobal('Synerise', sdk)],
    ['a module namespace at the global', (sdk) => vi.stubGlobal('Synerise', { Synerise: sdk, ClientAccountUpdateContext: class {} })],
    ['a place', (sdk) => vi.stubGlobal('app', { sdk })],
    ['a module namespace at a place', (sdk) => vi.stubGlobal('app', { sdk: { Synerise: sdk } })],
    ['handed over', (sdk) => hand(sdk)],
    ['a module namespace that is handed over', (sdk) => hand({ Synerise: sdk })],
  ])('%s: do-not-track is known, and a change of the API key is seen', async (_where, stand) => {
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

  it('a client by itself has none of another SDK’s', async () => {
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
