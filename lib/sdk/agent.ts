/**
 * The agent inside a document: looks for SDKs and answers `exchange`. It acts only while somebody exchanges, and it goes
 * into every frame that is looked at: what drives a client (`client.ts`) is brought only where one is shown.
 */
import {
  apply,
  clearTimeout,
  defineProperty,
  freeze,
  listen,
  NativePromise,
  NativeSet,
  now,
  parse,
  queueMicrotask,
  raise,
  setTimeout,
} from './builtins';
import type { Client, Driving } from './client';
import { type Detected, detect } from './detect';
import { createMailbox, type News } from './mailbox';
import { cut, peek, textOf } from './plain';
import {
  AGENT_VERSION,
  type AgentHandle,
  type AgentRequest,
  type ClientInfo,
  END_SUFFIX,
  HANDLE_KEY,
  type Hearing,
  type Setup,
} from './wire';

// All durations in ms.
/** Between two looks while a client is known or the page has none. */
const LOOK = 1000;
/** Between two looks while searching, and while a client is in haste. */
const QUICK_LOOK = 250;
/** How often a waiting exchange checks whether a look is due. */
const BEAT = 100;
/** Without an exchange that shows the page for so long, the page's methods are unwrapped. */
const LEASE = 8000;
/** Between two looks on a watched site where nobody looks, and nothing happens. */
const QUIET_LOOK = 5000;
/** News of one moment ring once. */
const RING = 50;
/** `searching` becomes `absent` so long after load (DESIGN §4). */
const ABSENT_AFTER = 2000;

interface Known {
  readonly ref: number;
  readonly found: Detected;
  /** `null` until it is shown. */
  driver: Client | null;
}

/** An agent for this document, which does nothing until somebody exchanges. */
export function createAgent(setup: Setup = { id: '', dialects: [], places: [] }, driving: Driving | null = null): AgentHandle {
  const documentId = newId();
  const load = pageLoad();
  const mailbox = createMailbox(now);
  const seenIds = new NativeSet<string>();
  let known: Known[] = [];
  /** `ref` of the client that is shown; `null` for the first. */
  let shownRef: number | null = null;
  let nextRef = 1;
  /** Places where an SDK stands that is not ready. */
  let unready: readonly string[] = [];
  let pageText = '';
  let nextLook = 0;
  let showingUntil = 0;
  let leaseTimer: ReturnType<typeof setTimeout> | undefined;
  let wakeWaiters: (() => void)[] = [];
  /** Name of the event that tells of news nobody waits for, while the site is watched. */
  let bell: string | null = null;
  let endBell = () => {};
  let hearing: Hearing | null = null;
  let deafen = () => {};
  let ringTimer: ReturnType<typeof setTimeout> | undefined;
  let tendTimer: ReturnType<typeof setTimeout> | undefined;

  const reply = (reports: readonly string[]): string => {
    const path = cut(location.pathname + location.search, 300);
    const head = { document: documentId, origin: location.origin, path, at: now(), setup: setup.id };
    return `${textOf({ ...head, bare: !!known.length && !driving, watching: bell !== null }).slice(0, -1)},"reports":[${reports.join()}]}`;
  };

  const push = (news: News): string => {
    const text = mailbox.push(news);
    for (const wake of wakeWaiters) wake();
    if (!bell || ringTimer) return text;
    ringTimer = setTimeout(() => {
      ringTimer = undefined;
      if (bell && !wakeWaiters.length) raise(bell);
    }, RING);
    return text;
  };

  const shown = (): Known | undefined => known.find(({ ref }) => ref === shownRef) ?? known[0];

  /** The driver of the shown client, made where it can be. */
  function driver(): Client | null {
    const client = shown();
    if (client && driving) client.driver ??= driving(client.found, { ref: client.ref, push, lookSoon });
    return client?.driver ?? null;
  }

  function lookSoon(): void {
    nextLook = 0;
    if (!bell) return;
    clearTimeout(tendTimer);
    tendTimer = setTimeout(tend, 0);
  }

  /** Finds what stands in the document, and tells it where it is news. @param force a view wants everything told again */
  function find(force = false): { client: Known | undefined; driven: Client | null; absent: boolean } {
    const time = now();
    const { found, strays } = detect(setup);
    let again: readonly Detected[] | null = null;
    const kept = found.map((one) => {
      if (!one.client) return undefined;
      const ofKind = known.filter(({ found: { dialect } }) => dialect.name === one.dialect.name);
      const same = ofKind.find(({ found: { client } }) => client === one.client);
      const before = ofKind.find(({ found: { place } }) => place === one.place);
      if (same || !before) return same ?? { ref: nextRef++, found: one, driver: null };
      // Replaced, where a second look agrees; a getter that makes a new object each time is the same client all along.
      again ??= detect(setup).found;
      return again.some(({ client }) => client === one.client) ? { ref: nextRef++, found: one, driver: null } : before;
    });
    const before = known;
    known = kept.filter((client) => client !== undefined);
    const client = shown();
    for (const other of before) if (other !== client) other.driver?.unwatch();
    const observing = time < showingUntil || bell !== null;
    const driven = observing ? driver() : (client?.driver ?? null);
    if (observing) driven?.watch();

    const clients = found.map((one, index) => infoOf(one, kept[index]));
    unready = found.flatMap((one) => (one.client ? [] : [one.place]));
    const absent = known.length === 0 && load.since() >= ABSENT_AFTER;
    // A page may have a global of that name.
    const length = peek(window, 'length');
    const page = {
      clients,
      absent,
      strays,
      frames: typeof length === 'number' && (length | 0) === length && length > 0 ? length : 0,
      ...load.facts,
    };
    const text = textOf(page);
    if (text !== pageText || force) {
      pageText = text;
      push({ kind: 'page', ...page });
    }
    return { client, driven, absent };
  }

  /** Finds what stands there, and samples the client that is shown. True where more is to come soon. */
  function look(force = false): boolean {
    const { client, driven, absent } = find(force);
    const time = now();
    const haste = driven ? driven.haste(time) : client || absent ? null : 'boosted';
    // With nobody looking a client is sampled only when something happened.
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

  const unwatchAll = () => {
    for (const client of known) client.driver?.unwatch();
  };

  /** Nobody looks any more. On a watched site the calls are observed all the same. */
  function release(): void {
    showingUntil = 0;
    clearTimeout(leaseTimer);
    if (!bell) unwatchAll();
  }

  function lease(): void {
    showingUntil = now() + LEASE;
    clearTimeout(leaseTimer);
    leaseTimer = setTimeout(release, LEASE);
    driver()?.watch();
  }

  /** Begins, or with `null` ends, to look and ring by itself. */
  function watch(next: string | null): void {
    if (bell === next) return;
    endBell();
    deafen();
    bell = next;
    clearTimeout(tendTimer);
    if (next === null) {
      if (now() >= showingUntil) unwatchAll();
      return;
    }
    endBell = listen(next + END_SUFFIX, revert);
    hear();
    tend();
  }

  function hear(): void {
    if (!hearing || !bell) return;
    deafen = hearing((news, leaving) => {
      const text = push(news);
      // Nobody will ask this page any more: its last words go with the bell.
      if (leaving && bell) raise(bell, reply([text]));
    });
  }

  /** The looks at a watched site while no view looks. */
  function tend(): void {
    clearTimeout(tendTimer);
    let soon = false;
    try {
      const time = now();
      soon = time >= showingUntil && look();
      for (const client of known) client.driver?.beat(time);
    } catch {
      // What the page made of its globals: looked at again later.
    }
    if (bell) tendTimer = setTimeout(tend, soon ? QUICK_LOOK : QUIET_LOOK);
  }

  function revert(): void {
    const over = bell;
    watch(null);
    release();
    // Whoever waits for the page's first line hears it too.
    if (over) raise(over + END_SUFFIX);
    // Another version may stand there by now.
    if (handleOf() === handle) delete (globalThis as unknown as Record<symbol, unknown>)[Symbol.for(HANDLE_KEY)];
  }

  function beat(): void {
    const time = now();
    if (time >= nextLook) look();
    for (const client of known) client.driver?.beat(time);
  }

  function run(command: Extract<AgentRequest['command'], { kind: 'run' }>): void {
    const { id, client: ref, notAfter } = command;
    // Sent again after the background died: it runs or ran already.
    if (seenIds.has(id) || now() > notAfter) return;
    seenIds.add(id);
    const client = known.find((one) => one.ref === ref);
    if (client?.driver) client.driver.run(command);
    else push({ kind: 'settled', id, how: 'missing', value: null, error: null, ms: 0 });
  }

  function exchange(text: string): string | Promise<string> {
    const request = parse(text) as AgentRequest;
    const own = request.document === documentId;
    if (request.setup) {
      setup = request.setup;
      lookSoon();
    }
    const cursor = own ? request.cursor : 0;
    if (request.list) {
      find();
      return reply([`{"seq":0,"at":${now()},"kind":"page",${pageText.slice(1)}`]);
    }
    const before = shown();
    shownRef = own ? request.client : null;
    // Before another is wrapped: the two may share their class's methods.
    for (const one of known) if (one !== shown()) one.driver?.unwatch();
    if (request.watch !== undefined) watch(request.watch);
    if (request.showing) lease();
    else release();
    if (!own || mailbox.lost(request.cursor) || shown() !== before) look(true);
    if (request.command && own) {
      // So that a client that was just replaced is not driven.
      find();
      const driven = driver();
      const { command } = request;
      if (command.kind === 'run') run(command);
      else if (command.kind === 'read') driven?.readAgain();
      else if (driven && !seenIds.has(command.id)) {
        seenIds.add(command.id);
        driven.keep(command);
      }
    } else beat();
    if (request.wait <= 0 || mailbox.after(cursor).length) return reply(mailbox.after(cursor));

    const until = now() + request.wait;
    return new NativePromise((resolve) => {
      let timer: ReturnType<typeof setTimeout>;
      const wake = () => {
        clearTimeout(timer);
        wakeWaiters = wakeWaiters.filter((other) => other !== wake);
        // After this turn, so that news that come together go together.
        queueMicrotask(() => resolve(reply(mailbox.after(cursor))));
      };
      const wait = () => {
        timer = setTimeout(
          () => {
            beat();
            if (!wakeWaiters.includes(wake)) return;
            if (now() >= until) wake();
            else wait();
          },
          Math.min(BEAT, until - now()),
        );
      };
      wakeWaiters.push(wake);
      wait();
    });
  }

  const handle: AgentHandle = freeze({
    version: AGENT_VERSION,
    exchange,
    equip(make: Driving) {
      driving ??= make;
      lookSoon();
    },
    hear(observe: Hearing) {
      if (hearing) return;
      hearing = observe;
      hear();
    },
    look() {
      return find().client || bell === null ? null : unready;
    },
    revert,
  });
  return handle;
}

const handleOf = () => (globalThis as unknown as Record<symbol, AgentHandle | undefined>)[Symbol.for(HANDLE_KEY)];

/** Puts the agent on this page, once: a second injection finds it there. */
export function installAgent(): void {
  if (handleOf()?.version === AGENT_VERSION) return;
  defineProperty(globalThis, Symbol.for(HANDLE_KEY), { value: createAgent(), configurable: true });
}

/** How this document was come by, and how long ago: by what the page had for it when the agent came. */
function pageLoad() {
  const { performance } = globalThis;
  const { getEntriesByType, now: sinceStart, timeOrigin } = performance;
  const entry = () => (apply(getEntriesByType, performance, ['navigation']) as PerformanceNavigationTiming[])[0];
  const { name = '', type = '' } = entry() ?? {};
  return {
    facts: {
      entered: name.startsWith(location.origin) ? cut(name.slice(location.origin.length).split('#')[0] ?? '', 300) : '',
      by: cut(type, 20),
      // The same where the agent is put there anew.
      loaded: Math.round(timeOrigin) || 0,
    },
    /** ms since the page's load event ended; 0 while it loads. */
    since(): number {
      if (document.readyState !== 'complete') return 0;
      const end = entry()?.loadEventEnd;
      return end ? (apply(sinceStart, performance, []) as number) - end : 0;
    },
  };
}

/** Unguessable enough to tell documents apart; `crypto.randomUUID` is absent on http. */
function newId(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('');
}
