/** The agent inside a page: looks, observes, runs, and answers `exchange`. It acts only while somebody exchanges. */
import {
  apply,
  clearTimeout,
  defineProperty,
  freeze,
  keys,
  NativePromise,
  NativeSet,
  now,
  parse,
  queueMicrotask,
  setTimeout,
} from './builtins';
import { type Detected, detect } from './detect';
import type { Binding, Dialect } from './dialects/dialect';
import { invoke } from './invoke';
import { createMailbox } from './mailbox';
import { type ObservedCall, observe, original } from './observe';
import type { OperationName } from './operations';
import { cut, describe, peek, plain, textOf } from './plain';
import {
  AGENT_VERSION,
  type AgentCommand,
  type AgentHandle,
  type AgentRequest,
  type ClientInfo,
  HANDLE_KEY,
  type Settlement,
  type WireError,
  type WireToken,
} from './wire';

// All durations in ms.
/** Between two looks while a client is known or the page has none. */
const LOOK = 1000;
/** Between two looks while searching, and for `BOOST` after something happened. */
const QUICK_LOOK = 250;
const BOOST = 3000;
/** How long the first sample of a client waits for its first token. */
const HOLD = 100;
/** How often a waiting exchange checks whether a look is due. */
const BEAT = 100;
/** Without an exchange that shows the page for so long, the page's methods are unwrapped. */
const LEASE = 8000;
/** `searching` becomes `absent` so long after load (DESIGN §4). */
const ABSENT_AFTER = 2000;
/** How long a passive `retrieveToken` is waited for, and a call of the page counts as pending. */
const PATIENCE = 10_000;
/** After a call of the page whose end cannot be seen, the token is read again so much later. */
const LATER_READ = 1000;

interface Client {
  readonly info: { ref: number; missing: OperationName[]; unobserved: string[] };
  readonly found: Detected & { client: object };
  revert: (() => void) | null;
  sample: string;
  readonly bornAt: number;
  /** Until then (epoch ms) the first sample waits for the first token, so that both show at once. */
  heldUntil: number;
  token: WireToken | null;
  /** The expiry (epoch ms) after which the token was read again: once each. */
  rereadAt: number | null;
  /** The passive read under way, if any: an answer to an older one is ignored. */
  reading: object | null;
  readWanted: boolean;
  /** An operation of ours runs: no passive read beside it. */
  running: boolean;
  pending: Set<ObservedCall>;
  boostUntil: number;
  /** When the token is read for a call whose end was not seen (epoch ms). */
  dueAt: number;
}

/** An agent for this document, which does nothing until somebody exchanges. */
export function createAgent(dialects: readonly Dialect[]): AgentHandle {
  const documentId = newId();
  const mailbox = createMailbox(now);
  const seenIds = new NativeSet<string>();
  let clients: Client[] = [];
  let nextRef = 1;
  let pageText = '';
  let nextLook = 0;
  let showingUntil = 0;
  let leaseTimer: ReturnType<typeof setTimeout> | undefined;
  let wakeWaiters: (() => void)[] = [];

  const push: typeof mailbox.push = (news) => {
    mailbox.push(news);
    for (const wake of wakeWaiters) wake();
  };

  // --- looking -------------------------------------------------------------------------------------------------

  function look(force = false): void {
    const time = now();
    const found = detect(dialects);
    const kept = found.map((one) => {
      if (!one.client) return undefined;
      // A getter that makes a new object each time must not be a new client at each look.
      const young = clients.find(({ found: { place }, bornAt }) => place === one.place && time < bornAt + LOOK);
      return clientOf(one.client) ?? young ?? newClient(one as Client['found']);
    });
    for (const gone of clients) if (!kept.includes(gone)) unwatch(gone);
    clients = kept.filter((client) => client !== undefined);
    if (time < showingUntil) for (const client of clients) watch(client);

    const infos = found.map((one, index) => infoOf(one, kept[index]));
    const absent = clients.length === 0 && sinceLoad() >= ABSENT_AFTER;
    const text = textOf([infos, absent]);
    if (text !== pageText || force) {
      pageText = text;
      push({ kind: 'page', clients: infos, absent });
    }
    for (const client of clients) {
      const ends = client.token?.expiresAt ?? null;
      const ended = ends !== null && ends <= time && client.rereadAt !== ends;
      if (ended) client.rereadAt = ends;
      if (takeSample(client, force) || ended || (force && !client.reading)) readToken(client);
    }
    const quick = clients.length ? clients.some(({ boostUntil }) => boostUntil > time) : !absent;
    const held = clients.some(({ heldUntil }) => heldUntil > time);
    nextLook = time + (held ? HOLD : quick ? QUICK_LOOK : LOOK);
  }

  function newClient(found: Client['found']): Client {
    const missing = (keys(found.dialect.bindings) as OperationName[]).filter((name) => {
      const binding = found.dialect.bindings[name];
      return binding.kind === 'native' && typeof peek(found.client, binding.method) !== 'function';
    });
    const client: Client = {
      info: { ref: nextRef, missing, unobserved: [] },
      found,
      revert: null,
      sample: '',
      bornAt: now(),
      heldUntil: now() + HOLD,
      token: null,
      rereadAt: null,
      reading: null,
      readWanted: false,
      running: false,
      pending: new NativeSet(),
      boostUntil: 0,
      dueAt: Infinity,
    };
    nextRef += 1;
    return client;
  }

  function infoOf({ dialect, place, version }: Detected, client: Client | undefined): ClientInfo {
    const { ref, missing, unobserved } = client?.info ?? { ref: 0, missing: [], unobserved: [] };
    return { ref, dialect: dialect.name, place, version, ready: !!client, missing, unobserved };
  }

  /** Reads the cheap getters. Gives true where something changed since the last report. */
  function takeSample(client: Client, force = false): boolean {
    const { samples } = client.found.dialect;
    let trouble: string | null = null;
    const call = (method: string): unknown => {
      try {
        return apply(methodOf(client, method), client.found.client, []);
      } catch (error) {
        trouble = `threw ${describe(error)}`;
        return undefined;
      }
    };
    const flag = (value: unknown) => (typeof value === 'boolean' ? value : null);
    const signedIn = flag(call(samples.signedIn));
    const simpleAuth = flag(call(samples.simpleAuth));
    const uuid = call(samples.uuid);
    const usable = typeof uuid === 'string' && uuid.length > 0 && uuid.length <= 200;
    const sample = { uuid: usable ? uuid : null, signedIn, simpleAuth, trouble: usable ? null : (trouble ?? cut(textOf(uuid), 120)) };
    const text = textOf(sample);
    const changed = text !== client.sample;
    const first = client.sample === '';
    if (client.heldUntil > now()) return !client.reading;
    if (changed || force) {
      client.sample = text;
      push({ kind: 'sample', client: client.info.ref, ...sample });
    }
    return changed && !first;
  }

  /** Asks the SDK for the token: never twice at once, and never while a call of the page is known to be pending. */
  function readToken(client: Client): void {
    const binding = client.found.dialect.bindings.retrieveToken;
    if (binding.kind !== 'native') return;
    if (client.reading || client.pending.size || client.running) {
      client.readWanted = true;
      return;
    }
    const reading = {};
    client.reading = reading;
    client.readWanted = false;
    invoke({
      method: methodOf(client, binding.method),
      self: client.found.client,
      args: [],
      convention: binding.convention,
      deadline: PATIENCE,
      settle({ how, value }) {
        if (client.reading !== reading) return;
        client.reading = null;
        reportToken(client, how, value);
        if (client.readWanted) readToken(client);
      },
    });
  }

  function reportToken(client: Client, how: Settlement, value: unknown): void {
    const token = how === 'success' ? client.found.dialect.readToken(value) : null;
    const error = errorOf(client, how, value);
    client.heldUntil = 0;
    takeSample(client);
    client.token = token ?? client.token;
    push({ kind: 'token', client: client.info.ref, how, token, error });
  }

  /** The SDK's own method, below our wrapper. */
  const methodOf = (client: Client, method: string) => original(peek(client.found.client, method)) as () => unknown;

  /** The known client of an SDK instance. */
  const clientOf = (instance: object | null) => clients.find(({ found }) => found.client === instance);

  const errorOf = (client: Client, how: Settlement, value: unknown): WireError | null =>
    how === 'error' || how === 'threw' || how === 'rejected' ? client.found.dialect.readError(value) : null;

  // --- observing -----------------------------------------------------------------------------------------------

  function watch(client: Client): void {
    if (client.revert) return;
    const { bindings, alsoChange } = client.found.dialect;
    const methods = new NativeSet(alsoChange);
    for (const name of keys(bindings) as OperationName[]) {
      const binding = bindings[name];
      if (binding.kind === 'native' && !binding.looksOnly) methods.add(binding.method);
    }
    const { unobserved, revert } = observe(client.found.client, [...methods], {
      called(call) {
        const caller = clientOf(call.self);
        caller?.pending.add(call);
        // Waited for, but not for ever: some calls never end (facts §1.3).
        if (caller) setTimeout(() => over(caller, call), PATIENCE);
      },
      ended(call, succeeded, value) {
        const caller = clientOf(call.self);
        if (!caller) return;
        const token = bindings.retrieveToken;
        if (token.kind === 'native' && call.method === token.method) {
          // The page asked by itself: its answer saves us a call of our own.
          if (succeeded && caller.found.dialect.readToken(value)) reportToken(caller, 'success', value);
        } else {
          caller.boostUntil = now() + BOOST;
          nextLook = 0;
          if (!call.awaited) caller.dueAt = now() + LATER_READ;
          takeSample(caller);
          caller.readWanted = true;
        }
        over(caller, call);
      },
    });
    client.revert = revert;
    client.info.unobserved = unobserved;
  }

  function over(client: Client, call: ObservedCall): void {
    if (client.pending.delete(call) && client.readWanted) readToken(client);
  }

  function unwatch(client: Client): void {
    client.revert?.();
    client.revert = null;
    client.pending.clear();
  }

  /** Nobody looks any more. */
  function release(): void {
    showingUntil = 0;
    clearTimeout(leaseTimer);
    clients.forEach(unwatch);
  }

  function lease(): void {
    showingUntil = now() + LEASE;
    clearTimeout(leaseTimer);
    leaseTimer = setTimeout(() => clients.forEach(unwatch), LEASE);
    for (const client of clients) watch(client);
  }

  // --- running -------------------------------------------------------------------------------------------------

  function run({ id, client: ref, operation, args, deadline, notAfter }: Extract<AgentCommand, { kind: 'run' }>): void {
    // Sent again after the background died: it runs or ran already.
    if (seenIds.has(id) || now() > notAfter) return;
    seenIds.add(id);
    const client = clients.find(({ info }) => info.ref === ref);
    const binding: Binding | undefined = client?.found.dialect.bindings[operation];
    if (!client || binding?.kind !== 'native') {
      push({ kind: 'settled', id, how: 'missing', value: null, error: null, ms: 0 });
      return;
    }
    takeSample(client);
    push({ kind: 'started', id, client: ref });
    // An operation goes before a passive read, which some bridges would cancel.
    client.reading = null;
    client.running = true;
    invoke({
      method: methodOf(client, binding.method),
      self: client.found.client,
      args: binding.args.map((name) => args[name]),
      convention: binding.convention,
      deadline,
      settle({ how, value, ms }) {
        client.running = false;
        const succeeded = how === 'success';
        const isToken = succeeded && client.found.dialect.readToken(value) !== null;
        client.boostUntil = now() + BOOST;
        nextLook = 0;
        takeSample(client);
        if (binding.answersToken && succeeded) reportToken(client, how, value);
        push({
          kind: 'settled',
          id,
          how,
          // A token goes its own way, into the token card, where it is masked.
          value: succeeded && !binding.answersToken && !isToken ? plain(value) : null,
          error: errorOf(client, how, value),
          ms,
        });
        if (!binding.looksOnly && !binding.answersToken) readToken(client);
      },
      late: (how) => push({ kind: 'late', id, how }),
    });
  }

  // --- answering -----------------------------------------------------------------------------------------------

  function beat(): void {
    const time = now();
    if (time >= nextLook) look();
    for (const client of clients) {
      if (client.dueAt <= time) {
        client.dueAt = Infinity;
        readToken(client);
      }
    }
  }

  function exchange(text: string): string | Promise<string> {
    const request = parse(text) as AgentRequest;
    const known = request.document === documentId;
    if (request.showing) lease();
    else release();
    if (!known || mailbox.lost(request.cursor)) look(true);
    if (request.command && known) {
      // A look first, so that a client that was just replaced is not driven.
      look();
      if (request.command.kind === 'run') run(request.command);
      else {
        for (const client of clients) {
          takeSample(client);
          readToken(client);
        }
      }
    } else beat();
    const cursor = known ? request.cursor : 0;
    const reply = () =>
      `{"document":${textOf(documentId)},"origin":${textOf(location.origin)},"at":${now()},"reports":[${mailbox.after(cursor).join()}]}`;
    if (request.wait <= 0 || mailbox.after(cursor).length) return reply();

    const until = now() + request.wait;
    return new NativePromise((resolve) => {
      let timer: ReturnType<typeof setTimeout>;
      const wake = () => {
        clearTimeout(timer);
        wakeWaiters = wakeWaiters.filter((other) => other !== wake);
        // After this turn, so that news that come together go together.
        queueMicrotask(() => resolve(reply()));
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

  return {
    version: AGENT_VERSION,
    exchange,
    revert: release,
  };
}

/** Puts the agent on this page, once: a second injection finds it there. */
export function installAgent(dialects: readonly Dialect[]): void {
  const key = Symbol.for(HANDLE_KEY);
  if ((globalThis as unknown as Record<symbol, AgentHandle | undefined>)[key]?.version === AGENT_VERSION) return;
  defineProperty(globalThis, key, { value: freeze(createAgent(dialects)), configurable: true });
}

/** ms since the page's load event ended; 0 while it loads. */
function sinceLoad(): number {
  if (document.readyState !== 'complete') return 0;
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return entry?.loadEventEnd ? performance.now() - entry.loadEventEnd : 0;
}

/** Unguessable enough to tell documents apart; `crypto.randomUUID` is absent on http. */
function newId(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('');
}
