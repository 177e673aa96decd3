/**
 * A browser in which the whole background lives, by its own entry point: its alarms ring, its pages go on by themselves,
 * it dies and is woken again. A test file begins with `vi.mock('wxt/browser', …)`.
 */
import { vi } from 'vitest';
import background from '@/entrypoints/background';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import { PORT_NAME } from '@/lib/protocol/background-message';
import type { RelayMessage } from '@/lib/protocol/relay';
import type { ViewMessage } from '@/lib/protocol/view-message';
import type { OperationName } from '@/lib/sdk/operations';
import type { Session } from '@/lib/session/session';
import { NO_SETTINGS, NO_SITE, SETTINGS_KEY, type Settings, type SiteSettings } from '@/lib/settings/settings';
import type { FakeAgent } from './agent';
import { alarmDue, cross, fake, kept, killWorker, type Registered, ringDue } from './browser';
import { client, type Draft, MINUTE, ORIGIN, page, sample, T0, tokenReport, wireToken } from './make';
import { beginEmpty, clearTimers, flush, HOME, tab, type View, view } from './world';

export const PATTERN = `${ORIGIN}/*`;
/** The extension's own pages, after a worker died, connect again so much later (ms). */
const RECONNECT = 1000;

/** A page with an SDK: what it holds, and what was called. */
export interface Shop {
  readonly agent: FakeAgent;
  uuid: string;
  expiresAt: number;
  /** Operations that ran, by name. */
  readonly ran: OperationName[];
  /** How the next refreshes end; a success where none is left. */
  readonly refreshes: ('fails' | 'silent')[];
  reads: number;
  /** When a token that is fetched here ends (epoch ms). */
  next: number;
  /** Loads another document of the same site. */
  navigate(document: string): void;
}

const shops = new Map<number, Shop>();
/** A bell rang, or an alarm, with no worker there. */
let wanted = false;
let diedAt: number | null = null;
const watchers: Looker[] = [];
/** What pages do later by themselves, whatever becomes of the worker. */
let later: { readonly at: number; readonly run: () => void }[] = [];
/** How the workers after the first die. */
let deaths: (typeof fake.dies)[] = [];

/** A view that connects again as the real ones do. */
export interface Looker {
  view: View;
  readonly messages: BackgroundMessage[];
  session(): Session;
  say(message: ViewMessage): void;
  close(): void;
}

/** Begins with no worker; gives what cleans up. */
export function beginLiving(): () => void {
  const end = beginEmpty();
  shops.clear();
  watchers.length = 0;
  wanted = false;
  diedAt = null;
  later = [];
  deaths = [];
  fake.died = () => {
    diedAt = Date.now();
    for (const { view: one } of watchers) one.port.disconnected = true;
  };
  fake.told = (id, told) => {
    const message = told as RelayMessage;
    const shop = shops.get(id);
    if (!shop) return;
    if (message.type === 'unwatch') {
      // The relay ends, and has the agent take itself away.
      fake.relays.delete(id);
      shop.agent.watching = false;
      shop.agent.present = false;
    }
  };
  return end;
}

/** A worker starts: by its entry point, in one go. */
export async function wake(): Promise<void> {
  fake.dead = false;
  wanted = false;
  diedAt = null;
  background.main();
  await flush();
}

/** The worker's timers are gone with it; whoever looks connects again, and says again what was not answered. */
async function revive(): Promise<void> {
  clearTimers();
  const dies = deaths.shift() ?? null;
  Object.assign(fake, { counting: dies !== null, dies, ...(dies && { calls: [] }) });
  await wake();
  for (const one of watchers) reconnect(one);
  await flush();
}

/** A page does something in `ms`. */
export const inWhile = (ms: number, run: () => void): void => void later.push({ at: Date.now() + ms, run });
/** The worker after the next death dies so. */
export const diesAgain = (...more: NonNullable<typeof fake.dies>[]): void => void deaths.push(...more);

/** Lets time pass: alarms ring, and a worker that died is woken by them, by bells, and by views. */
export async function pass(ms: number, step = 500): Promise<void> {
  for (const until = Date.now() + ms; Date.now() < until; ) {
    await vi.advanceTimersByTimeAsync(Math.min(step, until - Date.now()));
    const due = [...fake.alarms.keys()].some((name) => alarmDue(name) <= Date.now());
    const now = later.filter(({ at }) => at <= Date.now());
    later = later.filter(({ at }) => at > Date.now());
    for (const { run } of now) run();
    const revives = diedAt !== null && (wanted || due || Date.now() - diedAt >= RECONNECT);
    if (revives) await revive();
    if (diedAt === null) ringDue();
    // Otherwise the clock has waited for all that happened.
    if (due || now.length || revives) await flush();
  }
}

const bell = (id: number, documentLifecycle = 'active') => {
  if (fake.dead) wanted = true;
  fake.messaged.raise({ type: 'bell' }, { id: 'abcdefgh', tab: { id }, documentLifecycle });
};
/** The relay of a tab rings, for a document that is not what the tab shows. */
export const ring = bell;

/** A tab with a shop: its SDK has a customer whose token ends at `expiresAt`. */
export function shop(
  id: number,
  { grant = true, expiresAt = T0 + 10 * MINUTE, url = `${ORIGIN}/`, incognito = false, frames = 0 } = {},
): Shop {
  const agent = tab(id, { grant, says: [] });
  fake.tabs.set(id, { incognito, url });
  const made: Shop = {
    agent,
    uuid: `uuid-of-${id}`,
    expiresAt,
    ran: [],
    refreshes: [],
    reads: 0,
    next: T0 + 60 * MINUTE,
    navigate(document) {
      // Scripts of a watched site stand before the page.
      const watched = fake.registered.has('watch');
      fake.relays.delete(id);
      agent.navigate(document);
      agent.present = watched;
      if (watched) {
        fake.relays.add(id);
        agent.equip();
        agent.watching = true;
      }
      agent.say(page([client()], false, frames), sample(made.uuid), token());
      fake.updated.raise(id, { status: 'loading' });
      fake.updated.raise(id, { status: 'complete' });
    },
  };
  const token = (): Draft => tokenReport(wireToken(made.expiresAt));
  agent.said = () =>
    void setTimeout(() => {
      if (agent.watching && fake.relays.has(id)) bell(id);
    }, 50);
  agent.onCommand = (command) => {
    if (command.kind !== 'run') {
      made.reads += 1;
      agent.say(sample(made.uuid), token());
      return;
    }
    const { id: run, operation } = command;
    made.ran.push(operation);
    agent.say({ kind: 'started', id: run, client: 1 });
    const settled = { kind: 'settled' as const, id: run, value: null, error: null, ms: 5 };
    const fate = operation === 'refreshToken' ? made.refreshes.shift() : undefined;
    if (fate === 'silent') return;
    if (fate === 'fails') {
      agent.say({ ...settled, how: 'error', error: { code: 500, message: 'No.', detail: null } });
      return;
    }
    if (operation === 'refreshToken') made.expiresAt = made.next;
    if (operation === 'regenerateUUID') {
      made.uuid = `next-${made.uuid}`;
      made.expiresAt = made.next;
    }
    agent.say({ ...settled, how: 'success' }, sample(made.uuid), token());
  };
  shops.set(id, made);
  agent.say(page([client()], false, frames), sample(made.uuid), token());
  return made;
}

/** What the scripts that stand beside and in a watched page at its first line do, for a page that begins now. */
export function isWatchedFromTheStart(one: Shop, id: number): void {
  fake.relays.add(id);
  one.agent.equip();
  one.agent.watching = true;
}

const unanswered = ({ messages, said }: { messages: readonly BackgroundMessage[]; said: readonly ViewMessage[] }) =>
  said.filter((message) => 'id' in message && !messages.some((told) => told.type === 'answer' && told.id === message.id));

const SAID = new WeakMap<Looker, ViewMessage[]>();

function reconnect(one: Looker): void {
  const again = unanswered({ messages: one.messages, said: SAID.get(one) ?? [] });
  const { id, lends } = KIND.get(one) ?? { id: 7, lends: false };
  one.view = listening(one, id, lends);
  for (const message of again) one.view.say(message);
}

const KIND = new WeakMap<Looker, { readonly id: number; readonly lends: boolean }>();

function listening(one: Looker, id: number, lends: boolean): View {
  const made = view(id, { lends, url: `${HOME}${lends ? 'panel' : 'popup'}.html`, name: PORT_NAME });
  const { onPost } = made.port;
  one.messages.push(...made.messages);
  made.port.onPost = (message) => {
    if (fake.dead) return;
    // What is asked of a panel's page may be the last that the worker did, as any call of the browser may.
    const dies = 'n' in (message as object) ? cross(`port ${(message as BackgroundMessage).type}`) : null;
    if (dies === 'before') return;
    one.messages.push(structuredClone(message) as BackgroundMessage);
    onPost(message);
    if (dies === 'after') killWorker();
  };
  return made;
}

/** Opens a popup, or a panel that lends its `eval`, on a tab. */
export async function look(id: number, { lends = false } = {}): Promise<Looker> {
  const said: ViewMessage[] = [];
  const one: Looker = {
    view: undefined as unknown as View,
    messages: [],
    session: () => one.view.session(),
    say(message) {
      said.push(message);
      if (!one.view.port.disconnected) one.view.say(message);
    },
    close() {
      watchers.splice(watchers.indexOf(one), 1);
      one.view.port.drop();
    },
  };
  KIND.set(one, { id, lends });
  SAID.set(one, said);
  one.view = listening(one, id, lends);
  watchers.push(one);
  await flush();
  return one;
}

/** The session of a tab as it is stored. */
export const stored = (id: number): Session | undefined => kept(`session:${id}`) as Session | undefined;
export const alarms = (): Record<string, number> => Object.fromEntries([...fake.alarms].sort());

/** What is set for a site, before any worker is there. */
export function settle(over: Partial<SiteSettings>, origin = ORIGIN): void {
  const all = (fake.local.get(SETTINGS_KEY) as Settings | undefined) ?? NO_SETTINGS;
  fake.local.set(SETTINGS_KEY, { ...all, sites: { ...all.sites, [origin]: { ...NO_SITE, ...over } } });
}
export const settings = (origin = ORIGIN): SiteSettings => (fake.local.get(SETTINGS_KEY) as Settings | undefined)?.sites[origin] ?? NO_SITE;

/** The scripts of watched sites as they are to be registered. */
export const scripts = (...matches: string[]): Registered[] => {
  const everywhere = { matches, allFrames: true, runAt: 'document_start' };
  return [
    { id: 'watch', js: ['/page-agent.js', '/page-tables.js', '/page-client.js', '/page-watch.js'], world: 'MAIN', ...everywhere },
    { id: 'relay', js: ['/page-relay.js'], world: 'ISOLATED', ...everywhere },
  ];
};

/** Sites that were watched before any worker of this story. */
export function hasBeenWatching(...patterns: string[]): void {
  for (const pattern of patterns) fake.hosts.add(pattern);
  for (const script of scripts(...patterns)) fake.registered.set(script.id, script);
}
