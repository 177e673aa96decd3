/** A browser with tabs, frames, pages and views around the hub. A test file begins with `vi.mock('wxt/browser', …)`. */

import { vi } from 'vitest';
import { createHub, type Hub } from '@/lib/background/hub';
import { browserPlatform } from '@/lib/browser/browser-platform';
import { readMarkup } from '@/lib/page/markup';
import { AGENT_SCRIPT, type AgentCommand, CLIENT_SCRIPT, RELAY_SCRIPT, scriptsFor, TABLES_SCRIPT } from '@/lib/page/wire';
import { type BackgroundMessage, PORT_NAME } from '@/lib/protocol/background-message';
import { patched } from '@/lib/protocol/patch';
import type { ViewMessage } from '@/lib/protocol/view-message';
import type { Session } from '@/lib/session/session';
import { type FakeAgent, fakeAgent, unpacked } from './agent';
import { fake, killWorker, resetBrowser } from './browser';
import { type Draft, MINUTE, ORIGIN, page, sample, T0, tokenReport, wireToken } from './make';
import { type FakePort, fakePort } from './ports';

export const HOME = 'chrome-extension://abcdefgh/';
const NO_ACCESS = 'Cannot access contents of the page. Extension manifest must request permission to access the respective host.';
export const flush = () => vi.advanceTimersByTimeAsync(0);

/** A frame of a tab's page. */
export interface FakeFrame {
  readonly id: number;
  readonly url: string;
  readonly agent: FakeAgent;
  /** Where the toolbar click's grant does not hold. */
  foreign: boolean;
}

const empty = () => ({
  hub: undefined as unknown as Hub,
  /** Top documents by tab, and the frames below them. */
  agents: new Map<number, FakeAgent>(),
  frames: new Map<number, FakeFrame[]>(),
  /** Tabs where the toolbar click's grant holds. */
  granted: new Set<number>(),
});
export const world = empty();

/** Begins anew, with a hub; gives what cleans up. */
export function begin(): () => void {
  const end = beginEmpty();
  world.hub = createHub(HOME, browserPlatform());
  return end;
}

/** Begins anew, with no worker yet. */
export function beginEmpty(): () => void {
  vi.useFakeTimers({ now: T0 });
  resetBrowser();
  Object.assign(world, empty());
  fake.execute = async ({ target: { tabId }, files, func, args }, frameId) => {
    if (!fake.tabs.has(tabId)) throw new Error(`No tab with id: ${tabId}.`);
    const frame = world.frames.get(tabId)?.find(({ id }) => id === frameId);
    const agent = frameId === 0 ? world.agents.get(tabId) : frame?.agent;
    const origin = new URL(frame?.url ?? fake.tabs.get(tabId)?.url ?? ORIGIN);
    const watched = fake.hosts.has(`${origin.protocol}//${origin.hostname}/*`);
    if (!agent || (!watched && (!world.granted.has(tabId) || frame?.foreign))) throw new Error(NO_ACCESS);
    if (files) {
      if (files[0] === RELAY_SCRIPT) fake.relays.add(tabId);
      else for (const file of files) bring(agent, file);
      return undefined;
    }
    if (func === readMarkup) return { origin: ORIGIN, idle: [], cookies: [], scripts: [], inits: [], keys: [] };
    // The addresses of its frames.
    if (!args) {
      const children = frameId === 0 ? (world.frames.get(tabId) ?? []).map(({ url }) => url) : [];
      return { own: frame?.url ?? `${ORIGIN}/`, children };
    }
    return agent.exchange(unpacked(args[3]));
  };
  return () => {
    vi.clearAllTimers();
    vi.useRealTimers();
  };
}

function bring(agent: FakeAgent, file: string): void {
  if (file === CLIENT_SCRIPT) agent.equip();
  else if (file === TABLES_SCRIPT) agent.prepare();
  else if (file === AGENT_SCRIPT) {
    // Once: a second finds it there.
    if (!agent.present) agent.injected += 1;
    agent.present = true;
  } else throw new Error(`no such script: ${file}`);
}

/** What a page with a customer says first. */
export const hasCustomer = (uuid: string, frames = 0): Draft[] => [
  page(undefined, false, frames),
  sample(uuid),
  tokenReport(wireToken(T0 + 10 * MINUTE)),
];

/** A tab whose page has a customer; `grant` as after a click on the toolbar button. */
export function tab(id: number, { grant = true, uuid = `uuid-of-${id}`, says = hasCustomer(uuid) as readonly Draft[] } = {}): FakeAgent {
  const agent = fakeAgent(`doc-of-${id}`);
  agent.say(...says);
  world.agents.set(id, agent);
  fake.tabs.set(id, { incognito: false, url: `${ORIGIN}/` });
  if (grant) world.granted.add(id);
  return agent;
}

const toldFrames = (tabId: number) =>
  void fake.frames.set(
    tabId,
    (world.frames.get(tabId) ?? []).map(({ id }) => id),
  );

/** A frame in the page of a tab. The page itself tells how many it has. */
export function addFrame(tabId: number, id: number, says: readonly Draft[] = [], origin = ORIGIN): FakeFrame {
  const agent = fakeAgent(`doc-of-frame-${id}`, origin);
  agent.say(...says);
  const frame = { id, url: `${origin}/frame-${id}`, agent, foreign: false };
  world.frames.set(tabId, [...(world.frames.get(tabId) ?? []), frame]);
  toldFrames(tabId);
  return frame;
}

export function removeFrame(tabId: number, id: number): void {
  world.frames.set(
    tabId,
    (world.frames.get(tabId) ?? []).filter((frame) => frame.id !== id),
  );
  toldFrames(tabId);
}

export interface View {
  readonly port: FakePort;
  readonly messages: BackgroundMessage[];
  /** The session as the view has put it together. */
  session(): Session;
  say(message: ViewMessage): void;
  /** Answers from now on what the background asks of the page, and what it asked last. */
  lend(): void;
}

const GONE = { kind: 'gone', code: 'navigated', message: 'Object not found' } as const;

/** Answers what the background asks of a page, as the panel's page loop does. */
async function lent(tabId: number, message: Extract<BackgroundMessage, { n: string }>): Promise<unknown> {
  if (!fake.tabs.has(tabId)) throw GONE;
  const top = world.agents.get(tabId);
  const frames = world.frames.get(tabId) ?? [];
  if (message.type === 'page-list') {
    const of = async (frame: string | null, agent: FakeAgent | undefined) => {
      if (agent && !agent.present) bring(agent, AGENT_SCRIPT);
      return { frame, answer: await agent?.exchange(message.request) };
    };
    return { frames: await Promise.all([of(null, top), ...frames.map(({ url, agent }) => of(url, agent))]), beyond: [] };
  }
  const agent = message.frame === null ? top : frames.find(({ url }) => url === message.frame)?.agent;
  if (!agent) throw GONE;
  if (message.type === 'page-markup') return { origin: ORIGIN, idle: [], cookies: [], scripts: [], inits: [], keys: [] };
  if (message.type === 'page-script') return void bring(agent, message.file);
  if (!agent.present) for (const file of scriptsFor(message.request)) bring(agent, file);
  return agent.exchange(message.request);
}

export function view(
  id: number,
  { lends = false, answers = true, url = `${HOME}popup.html`, name = PORT_NAME, silent = false } = {},
): View {
  const port = fakePort(name, { url });
  let lending = answers;
  const answer = (message: BackgroundMessage) => {
    if (!('n' in message) || !lending) return;
    const say = (told: object) => {
      if (!port.disconnected) port.receive({ type: 'page-answer', n: message.n, ...told });
    };
    void lent(id, message).then(
      (result) => say(result === undefined ? {} : { answer: result }),
      (problem: unknown) => say({ problem }),
    );
  };
  port.onPost = (raw) => answer(raw as BackgroundMessage);
  if (world.hub) world.hub.connected(port);
  else fake.connected.raise(port);
  const say = (message: ViewMessage) => port.receive(message);
  const messages = port.posted as BackgroundMessage[];
  if (!silent) say({ type: 'hello', view: lends ? 'panel' : 'popup', tab: id, lends });
  return {
    port,
    messages,
    say,
    lend() {
      lending = true;
      const asked = messages.findLast((message) => 'n' in message);
      if (asked) answer(asked);
    },
    session() {
      const [first, ...rest] = messages.filter(({ type }) => type === 'state' || type === 'patch');
      if (first?.type !== 'state') throw new Error('no state was told first');
      return rest.reduce((session, message) => (message.type === 'patch' ? patched(session, message.patch) : session), first.session);
    },
  };
}

export const run = (id: string, operation: Extract<ViewMessage, { type: 'run' }>['operation'] = 'getUUID'): ViewMessage => ({
  type: 'run',
  id,
  operation,
  args: {},
  anyway: false,
  deadline: 10_000,
});
export const runs = (agent: FakeAgent) => agent.commands.filter(({ kind }) => kind === 'run');
export const answers = (of: View) => of.messages.filter(({ type }) => type === 'answer');
export const answersAtOnce = (agent: FakeAgent) => {
  agent.onCommand = (command: AgentCommand) => {
    if (command.kind === 'run')
      agent.say(
        { kind: 'started', id: command.id, client: 1 },
        { kind: 'settled', id: command.id, how: 'success', value: 'x', error: null, ms: 12 },
      );
  };
};

/** Clears all timers, and leaves the clock where it is. */
export function clearTimers(): void {
  const now = Date.now();
  vi.clearAllTimers();
  vi.setSystemTime(now);
}

/** The worker dies: its timers with it, its ports too; another begins over the same store. */
export function restart(...views: View[]): void {
  for (const { port } of views) port.disconnected = true;
  killWorker();
  clearTimers();
  fake.dead = false;
  world.hub = createHub(HOME, browserPlatform());
}
