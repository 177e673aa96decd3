/**
 * The agent inside a document: looks for SDKs and answers `exchange`. It acts only while requests arrive, or on watched
 * sites, and is injected into every frame that is looked at; the driver (`driver.ts`) is injected only where a client is shown.
 */
import { afterThisTurn, defineProperty, isArray, missingBuiltins, page, pageNow } from './builtins';
import { createClock, type Timer } from './clock';
import { type Detected, detect } from './detect';
import type { Client, Driving } from './driver';
import { listen, raise } from './events';
import { type AgentHandle, agentOf } from './handle';
import { KIT } from './kit';
import { createMailbox, type News } from './mailbox';
import { newId } from './new-id';
import { each, filter, find, includes, join, jsonOf, map, part, push as put, some, table } from './own';
import { createPageFacts } from './page-facts';
import { cut, peek } from './plain';
import { symbolOf } from './symbols';
import { AGENT_VERSION, type AgentRequest, type Awaited, type ClientInfo, END_SUFFIX, HANDLE_KEY, type Setup } from './wire';

// All durations in ms.
/** Interval between looks while a client is known or the page has none. */
const LOOK = 1000;
/** Interval between looks while searching, and while a client is in haste. */
const QUICK_LOOK = 250;
/** How often a waiting exchange checks whether a look is due. */
const BEAT = 100;
/** After this long without an exchange that shows the page, the page's methods are unwrapped. */
const LEASE = 8000;
/** Interval between looks on a watched site while no view shows it and nothing happens. */
const QUIET_LOOK = 5000;
/** Reports within this time ring the bell once. */
const RING = 50;

interface Known {
  readonly ref: number;
  readonly found: Detected;
  /** When it was found (ms since the agent started). */
  readonly at: number;
  /** `null` until the client is shown. */
  driver: Client | null;
}

/** Creates an agent for this document; it does nothing until the first exchange. */
export function createAgent(setup: Setup = { id: '', dialects: [], places: [] }, driving: Driving | null = null): AgentHandle {
  const documentId = newId();
  const clock = createClock();
  const { elapsed } = clock;
  // Finds out whether the page's timers fire at all: otherwise no request may wait in the page.
  clock.set(() => undefined);
  const facts = createPageFacts(elapsed);
  const mailbox = createMailbox(pageNow);
  const seenIds = table<true>();
  let known: Known[] = [];
  /** `ref` of the client that is shown; `null` for the first. */
  let shownRef: number | null = null;
  let nextRef = 1;
  /** Places of SDKs that aren't ready. */
  let unready: readonly string[] = [];
  let pageText = '';
  let nextLook = 0;
  let showingUntil = 0;
  let leaseTimer: Timer | undefined;
  let wakeWaiters: (() => void)[] = [];
  /** While the site is watched, name of the event that announces reports that no request waits for. */
  let bell: string | null = null;
  let endBell = () => {};
  let ringTimer: Timer | undefined;
  let tendTimer: Timer | undefined;

  const reply = (reports: readonly string[]): string => {
    const path = cut(location.pathname + location.search, 300);
    const head = {
      document: documentId,
      path,
      at: pageNow(),
      setup: setup.id,
      waits: clock.rings(),
      missing: missingBuiltins,
      bare: !!known.length && !driving,
      watching: bell !== null,
    };
    const text = jsonOf(head, isArray);
    return `${part(text, 0, text.length - 1)},"reports":[${join(reports, ',')}]}`;
  };

  const push = (news: News): void => {
    mailbox.push(news);
    each(wakeWaiters, (wake) => wake());
    if (!bell || ringTimer) return;
    ringTimer = clock.set(() => {
      ringTimer = undefined;
      if (bell && !wakeWaiters.length) raise(bell);
    }, RING);
  };

  const shown = (): Known | undefined => find(known, ({ ref }) => ref === shownRef) ?? known[0];

  /** The driver of the shown client, created on first use if the agent has the driver script. */
  function driver(): Client | null {
    const client = shown();
    if (client && driving) client.driver ??= driving(client.found, { ref: client.ref, at: client.at, clock, push, lookSoon });
    return client?.driver ?? null;
  }

  function lookSoon(): void {
    nextLook = 0;
    if (!bell) return;
    clock.clear(tendTimer);
    tendTimer = clock.set(tend, 0);
  }

  /** Finds the SDKs in the document, and reports them if anything changed. @param force a view wants everything reported again */
  function findClients(force = false): { client: Known | undefined; driven: Client | null; absent: boolean } {
    const time = elapsed();
    const { found, strays } = detect(setup);
    const fresh = (one: Detected): Known => ({ ref: nextRef++, found: one, at: time, driver: null });
    let again: readonly Detected[] | null = null;
    const kept = map(found, (one) => {
      if (!one.client) return undefined;
      const ofKind = filter(known, ({ found: { dialect } }) => dialect.name === one.dialect.name);
      const same = find(ofKind, ({ found: { client } }) => client === one.client);
      const before = find(ofKind, ({ found: { place } }) => place === one.place);
      if (same || !before) return same ?? fresh(one);
      // Replaced, if a second look confirms it: a getter that creates a new object each time still returns the same client.
      again ??= detect(setup).found;
      return some(again, ({ client }) => client === one.client) ? fresh(one) : before;
    });
    const before = known;
    known = filter(kept as Known[], (client) => client !== undefined);
    const client = shown();
    unwatchAll(before, client);
    const observing = time < showingUntil || bell !== null;
    const driven = observing ? driver() : (client?.driver ?? null);
    if (observing) driven?.watch();

    const clients = map(found, (one, index) => infoOf(one, kept[index]));
    unready = map(
      filter(found, (one) => !one.client),
      ({ place }) => place,
    );
    const { absent, ...rest } = facts.now(known.length > 0);
    // The page may have a global named `length`.
    const length = peek(window, 'length');
    const frames = typeof length === 'number' && (length | 0) === length && length > 0 ? length : 0;
    const report = { kind: 'page' as const, clients, absent, strays, frames, ...rest };
    const text = jsonOf(report, isArray);
    if (text !== pageText || force) {
      pageText = text;
      push(report);
    }
    return { client, driven, absent };
  }

  /** Finds SDKs, and samples the client that is shown. Returns true if the next look is due soon. */
  function look(force = false): boolean {
    const { client, driven, absent } = findClients(force);
    const time = elapsed();
    const haste = driven ? driven.haste(time) : client || absent ? null : 'boosted';
    // While no view shows the page, a client is sampled only after something happened.
    if (time < showingUntil || (bell && haste)) driven?.look(force);
    nextLook = time + (haste === 'held' ? BEAT : haste ? QUICK_LOOK : LOOK);
    return haste !== null;
  }

  function infoOf({ dialect, place, version, state }: Detected, client: Known | undefined): ClientInfo {
    return {
      ref: client?.ref ?? 0,
      dialect: dialect.name,
      place,
      version,
      state,
      missing: client?.driver?.missing() ?? [],
      unobserved: client?.driver?.unobserved() ?? [],
    };
  }

  const unwatchAll = (all = known, but?: Known) => {
    each(all, (client) => {
      if (client !== but) client.driver?.unwatch();
    });
  };

  /** No view shows the page any more. On a watched site, calls are still observed. */
  function release(): void {
    showingUntil = 0;
    clock.clear(leaseTimer);
    if (!bell) unwatchAll();
  }

  function lease(): void {
    showingUntil = elapsed() + LEASE;
    clock.clear(leaseTimer);
    leaseTimer = clock.set(release, LEASE);
    driver()?.watch();
  }

  /** Starts looking and ringing automatically; `null` ends that. */
  function watch(next: string | null): void {
    if (bell === next) return;
    endBell();
    bell = next;
    clock.clear(tendTimer);
    if (next === null) {
      if (elapsed() >= showingUntil) unwatchAll();
      return;
    }
    endBell = listen(next + END_SUFFIX, revert);
    tend();
  }

  /** The looks at a watched site while no view shows it. */
  function tend(): void {
    clock.clear(tendTimer);
    let soon = false;
    try {
      const time = elapsed();
      soon = time >= showingUntil && look();
      each(known, (client) => client.driver?.beat(time));
    } catch {
      // The page replaced some of its globals: look again later.
    }
    if (bell) tendTimer = clock.set(tend, soon ? QUICK_LOOK : QUIET_LOOK);
  }

  function revert(): void {
    const over = bell;
    watch(null);
    release();
    // `watch.ts`, which runs before the page's first line, ends with it.
    if (over) raise(over + END_SUFFIX);
    // A different version may have been installed by now.
    if (agentOf() === handle) delete (page as unknown as Record<PropertyKey, unknown>)[symbolOf(HANDLE_KEY)];
  }

  function beat(): void {
    const time = elapsed();
    if (time >= nextLook) look();
    each(known, (client) => client.driver?.beat(time));
  }

  /** @param taken when the page took up the command (epoch ms) */
  function run(command: Extract<AgentRequest['command'], { kind: 'run' }>, taken: number): void {
    const { id, client: ref, notAfter } = command;
    // Sent again after the background restarted, so it runs or ran already; or it came too late.
    if (seenIds[id] || taken > notAfter) return;
    seenIds[id] = true;
    const client = find(known, (one) => one.ref === ref);
    if (client?.driver) client.driver.run(command);
    else push({ kind: 'settled', id, how: 'missing', value: null, error: null, ms: 0 });
  }

  function exchange(request: AgentRequest): string | Awaited {
    const taken = clock.tell(request.now);
    const own = request.document === documentId;
    if (request.setup) {
      setup = request.setup;
      lookSoon();
    }
    const cursor = own ? request.cursor : 0;
    if (request.list) {
      findClients();
      return reply([`{"seq":0,"at":${pageNow()},${part(pageText, 1)}`]);
    }
    const before = shown();
    shownRef = own ? request.client : null;
    // Before a different client is wrapped: the two may share the methods of their class.
    unwatchAll(known, shown());
    if (request.watch !== undefined) watch(request.watch);
    if (request.showing) lease();
    else release();
    if (!own || mailbox.lost(request.cursor) || shown() !== before) look(true);
    if (request.command && own) {
      // Look again first, so that a client that was just replaced isn't driven.
      findClients();
      const driven = driver();
      const { command } = request;
      if (command.kind === 'run') run(command, taken);
      else if (command.kind === 'read') driven?.readAgain();
      else if (driven && !seenIds[command.id]) {
        seenIds[command.id] = true;
        driven.edit(command);
      }
    } else beat();
    const news = mailbox.after(cursor);
    return request.wait <= 0 || news.length ? reply(news) : waitForNews(cursor, elapsed() + request.wait);
  }

  /** Resolves to the answer once there are reports, or at `until` (ms since the agent started), without the page's `Promise`. */
  function waitForNews(cursor: number, until: number): Awaited {
    let timer: Timer | undefined;
    let answer: string | undefined;
    let deliver = (_answer: string): void => undefined;
    const wake = () => {
      clock.clear(timer);
      wakeWaiters = filter(wakeWaiters, (other) => other !== wake);
      // After this turn, so that reports of one moment are sent together.
      afterThisTurn(() => {
        answer = reply(mailbox.after(cursor));
        deliver(answer);
      });
    };
    const wait = () => {
      const left = until - elapsed();
      timer = clock.set(
        () => {
          beat();
          if (!includes(wakeWaiters, wake)) return;
          if (elapsed() >= until) wake();
          else wait();
        },
        left < BEAT ? left : BEAT,
      );
    };
    put(wakeWaiters, wake);
    wait();
    return {
      // biome-ignore lint/suspicious/noThenProperty: it is meant to be awaited
      then(resolve) {
        if (answer === undefined) deliver = resolve;
        else resolve(answer);
      },
    };
  }

  const handle: AgentHandle = {
    version: AGENT_VERSION,
    exchange,
    kit: KIT,
    setup(common) {
      if (!setup.id) setup = common;
    },
    equip(make) {
      if (driving) return;
      driving = make;
      lookSoon();
    },
    look() {
      return findClients().client || bell === null ? null : unready;
    },
    revert,
  };
  return handle;
}

/** Installs the agent on this page, once: a second injection finds it already installed. Reverts one of a different version. */
export function installAgent(): void {
  const before = agentOf();
  if (before?.version === AGENT_VERSION) return;
  const handle = createAgent();
  const key = symbolOf(HANDLE_KEY);
  try {
    before?.revert();
    defineProperty(page, key, { value: handle, configurable: true });
  } catch {
    (page as unknown as Record<PropertyKey, unknown>)[key] = handle;
  }
}
