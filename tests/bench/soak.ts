/**
 * An hour of many sessions over the real hub, registry, channels, store and machine, in virtual time: pages that change by
 * themselves, operations asked for in views, tokens that end, alarms, and a worker that is killed every second. Counts what was
 * lost, what was done twice, and what it takes. `soak.mjs` builds and runs it.
 */

import { createHub, type Hub } from '@/lib/background/hub';
import { browserPlatform } from '@/lib/browser/browser-platform';
import { type AgentCommand, type AgentReport, type AgentRequest, RELAY_SCRIPT, type WireToken } from '@/lib/page/wire';
import { type BackgroundMessage, PORT_NAME } from '@/lib/protocol/background-message';
import type { ViewMessage } from '@/lib/protocol/view-message';
import type { ChangeName } from '@/lib/sdk/changes';
import type { OperationName } from '@/lib/sdk/operations';
import type { HistoryEntry } from '@/lib/session/history/history';
import type { Session } from '@/lib/session/session';
import { NO_SETTINGS, NO_SITE, SETTINGS_KEY } from '@/lib/settings/settings';
import { fingerprint } from '@/lib/text/fingerprint';
import { randomOf } from '../random';
import { unpacked } from '../unit/fakes/agent';
import { alarmDue, browser, fake, killWorker } from '../unit/fakes/browser';
import { client, type Draft, jwt, MINUTE, T0 } from '../unit/fakes/make';
import { type FakePort, fakePort } from '../unit/fakes/ports';

export interface SoakOptions {
  readonly sessions: number;
  /** Virtual seconds. */
  readonly seconds: number;
  /** Changes by pages in one virtual second, on average. */
  readonly rate: number;
  readonly seed: number;
}

/** Durations in ms, sizes in bytes. */
export interface SoakFigures {
  readonly sessions: number;
  readonly virtualSeconds: number;
  readonly realMs: number;
  readonly kills: number;
  readonly wakes: number;
  readonly transitions: number;
  readonly lost: number;
  readonly doubledTransitions: number;
  readonly operations: number;
  readonly doubledOperations: number;
  readonly withoutOutcome: number;
  /** Of alarms: how many, of one token more than once, of one that had ended. */
  readonly refreshes: number;
  readonly doubledRefreshes: number;
  readonly refreshesAfterExpiry: number;
  readonly endedTokens: number;
  /** Sessions that show something else than their page, a minute after the last change. */
  readonly stale: number;
  readonly storage: number;
  readonly storageAtMost: number;
  readonly quota: number;
  readonly droppedEntries: number;
  readonly alarms: number;
  readonly heapEarly: number;
  readonly heapLate: number;
  readonly problems: readonly string[];
}

const SECOND = 1000;
const QUOTA = 10_000_000;
const HOME = 'chrome-extension://abcdefgh/';
/** So many views are open; each asks for an operation now and then. */
const VIEWS = 10;
const SITES = 20;
const LATENCY = 4;
const SDK = 30;
const RING = 60;
const RECONNECT = 150;
const MAILBOX = 300;
const LAST_QUIET = MINUTE;
const LAST_CHANGES = 20;

// --- time --------------------------------------------------------------------------------------------------------------

interface Timer {
  readonly id: number;
  readonly at: number;
  /** It dies with the worker. */
  readonly mortal: boolean;
  readonly work: () => void;
}
const real = { setImmediate: globalThis.setImmediate, now: performance.now.bind(performance) };
/** All that is on the way has arrived. */
const flush = () => new Promise<void>((resolve) => real.setImmediate(resolve));

/** A clock of our own: the worker's timers die with it, the pages' do not. */
function virtualClock() {
  let now = T0;
  let ids = 0;
  let heap: Timer[] = [];
  const gone = new Set<number>();
  const before = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.id < b.id);
  const push = (timer: Timer) => {
    heap.push(timer);
    for (let n = heap.length - 1; n > 0; ) {
      const up = (n - 1) >> 1;
      if (!before(heap[n] as Timer, heap[up] as Timer)) break;
      [heap[n], heap[up]] = [heap[up] as Timer, heap[n] as Timer];
      n = up;
    }
  };
  const pop = (): Timer | undefined => {
    const [first] = heap;
    const last = heap.pop();
    if (!first || !last || !heap.length) return first;
    heap[0] = last;
    for (let n = 0; ; ) {
      let least = n;
      for (const child of [2 * n + 1, 2 * n + 2])
        if (child < heap.length && before(heap[child] as Timer, heap[least] as Timer)) least = child;
      if (least === n) break;
      [heap[n], heap[least]] = [heap[least] as Timer, heap[n] as Timer];
      n = least;
    }
    return first;
  };
  const add = (ms: number, mortal: boolean, work: () => void) => {
    ids += 1;
    push({ id: ids, at: now + Math.max(0, ms), mortal, work });
    return ids;
  };
  Object.assign(globalThis, {
    setTimeout: (work: () => void, ms = 0) => add(ms, true, work),
    clearTimeout: (id: number | undefined) => void (id !== undefined && gone.add(id)),
  });
  Date.now = () => now;
  return {
    now: () => now,
    later: (ms: number, work: () => void) => add(ms, false, work),
    killTimers() {
      const kept = heap.filter(({ mortal }) => !mortal);
      heap = [];
      for (const timer of kept) push(timer);
      gone.clear();
    },
    async until(at: number) {
      for (;;) {
        const [first] = heap;
        if (!first || first.at > at) break;
        now = Math.max(now, first.at);
        // All of one instant together: what they begin arrives later.
        for (let next: Timer | undefined = first; next && next.at <= now; [next] = heap) {
          pop();
          if (!gone.delete(next.id)) next.work();
        }
        await flush();
      }
      now = at;
    },
  };
}

// --- the soak ------------------------------------------------------------------------------------------------------------

export async function soak({ sessions, seconds, rate, seed }: SoakOptions): Promise<SoakFigures> {
  const begun = real.now();
  const clock = virtualClock();
  const random = randomOf(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const problems: string[] = [];
  const problem = (text: string) => void (problems.length < 20 && problems.push(text));
  console.error = (...said: unknown[]) => problem(`console.error: ${said.join(' ')}`);
  let quiet = false;
  let serial = 0;
  const refreshedTokens = new Set<string>();
  let refreshes = 0;
  let doubledRefreshes = 0;
  let refreshesAfterExpiry = 0;
  let transitions = 0;

  /** What tabs of one site share where its SDK keeps its token in the site's storage. */
  interface Customer {
    uuid: string;
    token: WireToken;
    signedIn: boolean;
    readonly life: number;
  }
  const mint = (life: number): WireToken => {
    serial += 1;
    const expiresAt = Math.round((clock.now() + life) / 1000) * 1000;
    const raw = jwt({ sub: `customer-${serial}`, exp: expiresAt / 1000 });
    return { raw, origin: 'ANONYMOUS', realm: 'anonymous_client', clientId: null, customId: null, expiresAt, nearExpiry: null };
  };
  const customer = (): Customer => {
    serial += 1;
    const life = (5 + Math.floor(random() * 20)) * MINUTE;
    return { uuid: `uuid-${serial}`, token: mint(life), signedIn: false, life };
  };

  /** A tab with the page in it: an SDK, and an agent that watches and rings. */
  class Page {
    document = '';
    reports: AgentReport[] = [];
    seq = 0;
    setup = '';
    sampled = '';
    read = '';
    calls = 0;
    changedAt = 0;
    ringing = false;
    waiting: (() => void) | null = null;
    readonly executed = new Map<string, number>();
    /** What the page said, in order: the truth that the history is compared with. */
    readonly uuids: string[] = [];
    readonly tokens: string[] = [];
    /** What was written of its history. */
    lastSeq = 0;
    readonly notedUuids: string[] = [];
    readonly notedTokens: string[] = [];
    operations = 0;
    doubled = 0;
    documents = 0;
    constructor(
      readonly tab: number,
      readonly origin: string,
      readonly customer: Customer,
    ) {}

    load(by: string) {
      this.documents += 1;
      this.document = `doc-${this.tab}-${this.documents}`;
      [this.reports, this.seq, this.sampled, this.read, this.setup, this.waiting] = [[], 0, '', 'nothing yet', '', null];
      this.say({
        kind: 'page',
        clients: [client()],
        absent: false,
        load: 'loaded',
        strays: [],
        frames: 0,
        loaded: T0 + this.documents,
        entered: '/',
        by,
      } as Draft);
      this.look();
    }
    say(draft: Draft) {
      this.seq += 1;
      this.reports.push({ ...draft, seq: this.seq, at: clock.now() } as AgentReport);
      // As the agent's mailbox, bounded; what is in the document is known still.
      if (this.reports.length > MAILBOX) this.reports.splice(1, this.reports.length - MAILBOX);
      const hear = this.waiting;
      this.waiting = null;
      if (hear) clock.later(0, hear);
      else this.ring();
    }
    ring() {
      if (this.ringing) return;
      this.ringing = true;
      clock.later(RING, () => {
        this.ringing = false;
        worker().bell(this.tab, 'active');
      });
    }
    look() {
      const { uuid, signedIn, token } = this.customer;
      const text = `${uuid} ${signedIn}`;
      if (text !== this.sampled) {
        this.sampled = text;
        if (this.uuids.at(-1) !== uuid) {
          this.uuids.push(uuid);
          transitions += 1;
        }
        this.say({ kind: 'sample', client: 1, uuid, signedIn, simpleAuth: false, trouble: null, facts: {}, cookies: [], stored: [] });
      }
      const good = (token.expiresAt ?? 0) > clock.now();
      const mark = good ? fingerprint(token.raw) : '';
      if (mark !== this.read) {
        this.read = mark;
        this.changedAt = clock.now();
        if (this.tokens.at(-1) !== mark) {
          this.tokens.push(mark);
          transitions += 1;
        }
      }
      this.say({ kind: 'token', client: 1, how: 'success', token: good ? token : null, none: !good, error: null });
    }
    change(does: ChangeName, byAlarm = false) {
      const { customer: mine } = this;
      serial += 1;
      this.changedAt = clock.now();
      // A token that has ended cannot be refreshed, whoever asks.
      const ended = (mine.token.expiresAt ?? 0) <= clock.now();
      if (does === 'refreshToken' && byAlarm) {
        refreshes += 1;
        if (refreshedTokens.has(mine.token.raw)) doubledRefreshes += 1;
        refreshedTokens.add(mine.token.raw);
        if (ended) refreshesAfterExpiry += 1;
      }
      if (does === 'refreshToken' && ended) return;
      if (does === 'regenerateUUID' && mine.signedIn) return;
      if (does === 'regenerateUUID' || does === 'destroySession') [mine.uuid, mine.signedIn] = [`uuid-${serial}`, false];
      if (does === 'signIn') mine.signedIn = true;
      if (does === 'signOut') mine.signedIn = false;
      if (does !== 'retrieveToken') mine.token = mint(mine.life);
    }
    call(does: ChangeName) {
      this.calls += 1;
      const call = { kind: 'call' as const, client: 1, call: this.calls, does, told: {} };
      this.say({ ...call, phase: 'called' });
      this.change(does);
      this.say({ ...call, phase: 'succeeded' });
      this.look();
    }
    obey(command: AgentCommand) {
      if (command.kind !== 'run') {
        this.look();
        return;
      }
      const { id, operation, notAfter } = command;
      if (clock.now() > notAfter) return;
      const times = (this.executed.get(id) ?? 0) + 1;
      // As the agent does: an id that it has seen is refused. That it came at all is no fault; that it ran twice would be.
      if (times > 1) return;
      this.executed.set(id, times);
      const { document } = this;
      this.say({ kind: 'started', id, client: 1 });
      clock.later(SDK, () => {
        if (this.document !== document) return;
        this.change(operation, id.startsWith('alarm-'));
        this.say({ kind: 'settled', id, how: 'success', value: null, error: null, ms: SDK });
        this.look();
      });
    }
    async exchange(request: AgentRequest): Promise<string> {
      await new Promise<void>((resolve) => clock.later(LATENCY, resolve));
      if (request.setup) this.setup = request.setup.id;
      const { document, origin } = this;
      const head = { document, path: '/', setup: this.setup, bare: false, watching: true, waits: true, missing: [] };
      const reply = (reports: readonly AgentReport[]) => `${origin}\n${JSON.stringify({ ...head, at: clock.now(), reports })}`;
      if (request.list) return reply(this.reports.slice(0, 1));
      const own = request.document === document;
      if (own && request.command) this.obey(request.command);
      const news = () => this.reports.filter(({ seq }) => seq > (own ? request.cursor : 0));
      if (own && !news().length && request.wait) {
        await new Promise<void>((resolve) => {
          this.waiting = resolve;
          clock.later(request.wait, resolve);
        });
      }
      return reply(news());
    }
  }

  // --- the browser -----------------------------------------------------------------------------------------------------

  const pages = new Map<number, Page>();
  const origins = Array.from({ length: SITES }, (_, n) => `https://shop-${n}.example`);
  const sites: Record<string, typeof NO_SITE> = {};
  for (const [n, origin] of origins.entries()) {
    fake.hosts.add(`${origin}/*`);
    sites[origin] = { ...NO_SITE, lead: MINUTE, autoRefresh: n % 2 === 0, notify: n % 3 === 0 };
  }
  fake.local.set(SETTINGS_KEY, { ...NO_SETTINGS, sites });
  fake.permissions.add('notifications');
  fake.execute = async ({ target: { tabId }, files, args }) => {
    const page = pages.get(tabId);
    if (!page) throw new Error(`No tab with id: ${tabId}.`);
    if (files) {
      if (files[0] === RELAY_SCRIPT) fake.relays.add(tabId);
      return undefined;
    }
    return args ? page.exchange(unpacked(args[3])) : 0;
  };

  if (!('getAll' in browser.alarms))
    Object.assign(browser.alarms, {
      getAll: () =>
        fake.dead ? new Promise(() => undefined) : Promise.resolve([...fake.alarms].map(([name, at]) => ({ name, scheduledTime: at }))),
    });
  // What is stored, counted as it is written; and what of each history is new.
  const sizes = new Map<string, number>();
  let stored = 0;
  let storedAtMost = 0;
  const { session: area } = browser.storage;
  const resize = (key: string, size: number) => {
    stored += size - (sizes.get(key) ?? 0);
    if (size) sizes.set(key, size);
    else sizes.delete(key);
  };
  const there = new Map<string, string>();
  const read = (key: string): unknown => JSON.parse(there.get(key) ?? 'null') ?? undefined;
  const never = () => new Promise<never>(() => undefined);
  Object.assign(area, {
    async get(keys: string | readonly string[]) {
      const asking = fake.worker;
      if (fake.dead) return never();
      const found = Object.fromEntries([keys].flat().flatMap((key) => (there.has(key) ? [[key, there.get(key)]] : [])));
      await Promise.resolve();
      return fake.worker === asking ? found : never();
    },
    async set(items: Record<string, string>) {
      const asking = fake.worker;
      if (fake.dead) return never();
      const made = Object.entries(items).map(([key, value]) => [key, key.length + value.length] as const);
      const more = made.reduce((sum, [key, size]) => sum + size - (sizes.get(key) ?? 0), 0);
      await Promise.resolve();
      if (stored + more > QUOTA) throw new Error('QUOTA_BYTES quota exceeded');
      for (const [key, size] of made) resize(key, size);
      for (const [key, value] of Object.entries(items)) {
        there.set(key, value);
        if (/^history:\d+:\d+$/.test(key)) written(key, JSON.parse(value) as HistoryEntry[]);
      }
      storedAtMost = Math.max(storedAtMost, stored);
      return fake.worker === asking ? undefined : never();
    },
    async remove(keys: string | readonly string[]) {
      if (fake.dead) return never();
      for (const key of [keys].flat()) {
        resize(key, 0);
        there.delete(key);
      }
      return undefined;
    },
    async clear() {
      problem('the store was cleared');
    },
  });
  function written(key: string, entries: readonly HistoryEntry[]) {
    const page = pages.get(Number(key.split(':')[1]));
    if (!page) return;
    let first = entries.length;
    while (first > 0 && (entries[first - 1]?.seq ?? 0) > page.lastSeq) first -= 1;
    for (const entry of entries.slice(first)) {
      if (entry.seq !== page.lastSeq + 1) problem(`tab ${page.tab}: entry ${entry.seq} after ${page.lastSeq}`);
      page.lastSeq = entry.seq;
      if (entry.kind === 'uuid') page.notedUuids.push(entry.uuid);
      if (entry.kind === 'token') page.notedTokens.push(entry.fingerprint);
      if (entry.kind === 'operation' && entry.by === 'person') page.operations += 1;
    }
  }

  // --- the worker ------------------------------------------------------------------------------------------------------

  let hub: Hub | null = null;
  let kills = 0;
  let wakes = 0;
  /** An event wakes it. */
  function worker(): Hub {
    if (hub) return hub;
    fake.dead = false;
    wakes += 1;
    hub = createHub(HOME, browserPlatform());
    void hub.woken();
    return hub;
  }
  async function kill() {
    if (!hub) return;
    kills += 1;
    hub = null;
    killWorker();
    clock.killTimers();
    for (const view of views) view.dropped();
    // What it was about to do finds nobody there.
    await flush();
    fake.log.length = 0;
    fake.injections.length = 0;
    fake.messages.length = 0;
  }

  // --- the views -------------------------------------------------------------------------------------------------------

  /** A view that sends again what was not answered, as the port of the panel does. */
  class View {
    port: FakePort | null = null;
    readonly open = new Map<string, ViewMessage>();
    readonly accepted = new Set<string>();
    get unanswered() {
      return this.open.size;
    }
    constructor(readonly page: Page) {}
    connect() {
      if (this.port && !this.port.disconnected) return;
      const port = fakePort(PORT_NAME, { url: `${HOME}popup.html` });
      this.port = port;
      port.onPost = (raw) => {
        const message = raw as BackgroundMessage;
        if (message.type !== 'answer') return;
        // The port was cut as the answer came: it is asked again, after it ran and ended.
        if (!quiet && random() < 0.2) return;
        if (message.problem === null) this.accepted.add(message.id);
        this.open.delete(message.id);
      };
      worker().connected(port);
      port.receive({ type: 'hello', view: 'popup', tab: this.page.tab, lends: false });
      for (const message of this.open.values()) port.receive(message);
    }
    dropped() {
      if (this.port) this.port.disconnected = true;
      clock.later(RECONNECT, () => this.connect());
    }
    ask() {
      serial += 1;
      const operation = pick<OperationName>(['regenerateUUID', 'refreshToken', 'retrieveToken', 'destroySession']);
      const id = `view-${this.page.tab}-${serial}`;
      const message: ViewMessage = { type: 'run', id, operation, args: {}, anyway: true, deadline: 10_000 };
      this.open.set(id, message);
      if (this.port && !this.port.disconnected) this.port.receive(message);
      // The port keeps no more than what was said to it last.
      if (this.port) this.port.posted.length = 0;
    }
  }
  const views: View[] = [];

  // --- an hour ---------------------------------------------------------------------------------------------------------

  for (let n = 0; n < sessions; n += 1) {
    const origin = origins[n % SITES] as string;
    // The first two tabs of each fourth site share what their SDK has.
    const twin = n >= SITES && n < 2 * SITES && n % 4 === 0 ? pages.get(n - SITES + 1)?.customer : undefined;
    const page = new Page(n + 1, origin, twin ?? customer());
    pages.set(page.tab, page);
    fake.tabs.set(page.tab, { incognito: false, url: `${origin}/` });
    fake.relays.add(page.tab);
    page.load('navigate');
  }
  const all = [...pages.values()];
  const shared = new Set(all.map(({ customer: mine }) => mine).filter((mine, n, list) => list.indexOf(mine) !== n));
  const alone = all.filter(({ customer: mine }) => !shared.has(mine));
  // The others are left to themselves and to the alarms.
  const lively = alone.filter((_, n) => n % 3 !== 1);
  for (let n = 0; n < VIEWS; n += 1) {
    const view = new View(lively[(n * 7) % lively.length] as Page);
    views.push(view);
    view.connect();
  }
  const DOES: readonly ChangeName[] = ['regenerateUUID', 'destroySession', 'signIn', 'signOut', 'refreshToken'];
  let heapEarly = 0;
  for (let second = 0; second < seconds + LAST_QUIET / SECOND; second += 1) {
    const from = T0 + second * SECOND;
    quiet = second >= seconds;
    if (!quiet) {
      for (let n = 0; n < rate * 2; n += 1) {
        if (random() >= 0.5) continue;
        const page = pick(lively);
        const does = pick(DOES);
        clock.later(random() * SECOND, () => page.call(does));
      }
      if (random() < 0.3) {
        const page = pick(all);
        // Not a page that has only just said something: what nobody could read is nobody's loss.
        clock.later(random() * SECOND, () => clock.now() - page.changedAt > 5 * SECOND && page.load('reload'));
      }
      for (const view of views) if (random() < 0.1) clock.later(random() * SECOND, () => view.ask());
    }
    // The last changes of all: the worker is killed while it reads them, and nothing rings any more.
    if (second === seconds) for (const page of lively.slice(0, LAST_CHANGES)) page.call('destroySession');
    await clock.until(second === seconds ? from + RING + 2 : from + Math.floor(random() * SECOND));
    if (second <= seconds) await kill();
    await clock.until(from + SECOND);
    for (const name of [...fake.alarms.keys()]) {
      if (alarmDue(name) > clock.now()) continue;
      fake.alarms.delete(name);
      void worker().alarm(name);
      await flush();
    }
    if (second === Math.floor(seconds / 3)) heapEarly = heap();
  }
  worker();
  await clock.until(clock.now() + 20 * SECOND);

  // --- what came of it -------------------------------------------------------------------------------------------------

  let lost = 0;
  let doubledTransitions = 0;
  let stale = 0;
  let endedTokens = 0;
  let withoutOutcome = 0;
  let droppedEntries = 0;
  const asked = new Map(views.map((view) => [view.page, view]));
  for (const page of all) {
    const { missing, extra } = difference(page.uuids, page.notedUuids);
    const tokens = difference(page.tokens, page.notedTokens);
    lost += missing + tokens.missing;
    doubledTransitions += extra + tokens.extra;
    if (missing + extra) problem(`tab ${page.tab}: UUIDs ${missing} missing, ${extra} too many`);
    if (tokens.missing + tokens.extra) problem(`tab ${page.tab}: tokens ${tokens.missing} missing, ${tokens.extra} too many`);
    const session = read(`session:${page.tab}`) as Session | undefined;
    if (session?.history.spans.uuid?.value !== page.customer.uuid) stale += 1;
    if (sites[page.origin]?.autoRefresh) endedTokens += page.tokens.filter((mark) => mark === '').length;
    const accepted = asked.get(page)?.accepted.size ?? 0;
    withoutOutcome += Math.abs(accepted - page.operations) + (asked.get(page)?.unanswered ?? 0);
    if (accepted !== page.operations) problem(`tab ${page.tab}: ${accepted} operations taken, ${page.operations} noted`);
    droppedEntries += (read(`history:${page.tab}`) as { dropped?: number } | undefined)?.dropped ?? 0;
  }
  const executed = all.flatMap((page) => [...page.executed.values()]);
  return {
    sessions,
    virtualSeconds: seconds,
    realMs: Math.round(real.now() - begun),
    kills,
    wakes,
    transitions,
    lost,
    doubledTransitions,
    operations: views.reduce((sum, { accepted }) => sum + accepted.size, 0),
    doubledOperations: executed.filter((times) => times > 1).length,
    withoutOutcome,
    refreshes,
    doubledRefreshes,
    refreshesAfterExpiry,
    endedTokens,
    stale,
    storage: stored,
    storageAtMost: storedAtMost,
    quota: QUOTA,
    droppedEntries,
    alarms: fake.alarms.size,
    heapEarly,
    heapLate: heap(),
    problems,
  };
}

/** How many of `expected` are missing in `got`, in order, and how many are there too often. */
function difference(expected: readonly string[], got: readonly string[]): { missing: number; extra: number } {
  let place = 0;
  let extra = 0;
  let found = 0;
  for (const value of got) {
    const at = expected.indexOf(value, place);
    if (at < 0) extra += 1;
    else {
      found += 1;
      place = at + 1;
    }
  }
  return { missing: expected.length - found, extra };
}

function heap(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed;
}

if (process.argv.includes('--soak')) {
  const option = (name: string, otherwise: number) =>
    Number(process.argv.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);
  const figures = await soak({
    sessions: option('sessions', 200),
    seconds: option('seconds', 3600),
    rate: option('rate', 4),
    seed: option('seed', 1),
  });
  process.stdout.write(JSON.stringify(figures));
  process.exit(0);
}
