// Two tabs of one site, their pages, the browser's alarms and a worker that dies: invariants that hold for arbitrary
// events in any order.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentCommand, AgentReport, WireToken } from '@/lib/page/wire';
import type { ChangeName } from '@/lib/sdk/changes';
import type { OperationName } from '@/lib/sdk/operations';
import type { Peer } from '@/lib/session/history/causes';
import type { HistoryEntry } from '@/lib/session/history/history';
import { type Effect, type SessionEvent, transition } from '@/lib/session/machine';
import { alarmFor, knownToken } from '@/lib/session/refresh-policy';
import { hasEnded, lastOutcome } from '@/lib/session/run';
import { newSession, type Session } from '@/lib/session/session';
import { fingerprint } from '@/lib/text/fingerprint';
import { client, type Draft, frozen, jwt, MINUTE, ORIGIN, T0, wireToken } from '../fakes/make';

const SECOND = 1000;
const HOUR = 60 * MINUTE;
const OTHER = 'https://other.example';
/** Durations (ms): a message between two parts, an SDK's answer, and until a silent page is noticed. */
const LATENCY = 10;
const SDK = 30;
const NOTICED = 4000;
/** How long the channel collects the results of a reading (ms). */
const COLLECTS = 15_000;
const ALARM_FLOOR = 30_000;

type RunCommand = Extract<AgentCommand, { kind: 'run' }>;
type Happening = Record<string, unknown> & { readonly type: SessionEvent['type'] };

/** One document with an SDK and an agent. Its mailbox is append-only. */
class Document {
  readonly reports: AgentReport[] = [];
  readonly seen = new Set<string>();
  sampled = '';
  calls = 0;
  constructor(
    readonly name: string,
    readonly origin: string,
    readonly by: string,
    readonly loaded: number,
  ) {}
}

/** A tab: its page, and the browser's and worker's state for it. */
class Tab {
  session: Session;
  page: Document;
  uuid = 'uuid-0';
  token: WireToken | null;
  signedIn = false;
  silent = false;
  refuses = false;
  /** Commands that a silent page has not received. */
  waiting: { command: AgentCommand; document: string }[] = [];
  alarm: number | null = null;
  /** How much of each mailbox reached the machine, and the UUIDs seen, by session. */
  readonly read = new Map<string, number>();
  readonly shown: string[][] = [[]];
  readonly notes: HistoryEntry[] = [];
  readonly accepted: string[] = [];
  readonly ended: string[] = [];
  constructor(
    readonly id: number,
    token: WireToken,
  ) {
    this.session = newSession(id, false, T0);
    this.page = new Document(`doc-${id}-1`, ORIGIN, 'navigate', T0);
    this.token = token;
  }
}

interface Due {
  at: number;
  readonly tab: Tab;
  /** Whether it dies with the worker. */
  readonly mortal: boolean;
  readonly kind: 'work' | 'timer';
  readonly work: () => void;
}

class World {
  now = T0;
  alive = true;
  serial = 0;
  due: Due[] = [];
  readonly secrets: string[] = [];
  readonly executed: string[] = [];
  readonly tabs: readonly Tab[];
  documents = 2;
  constructor() {
    const shared = this.mint(10 * MINUTE);
    this.tabs = [new Tab(1, shared), new Tab(2, shared)];
    for (const tab of this.tabs) {
      this.load(tab);
      this.apply(tab, { type: 'access', access: 'watched' });
      this.apply(tab, { type: 'observed', observed: true });
      this.policy(tab, MINUTE, true);
      this.poll(tab);
    }
  }

  mint(life: number): WireToken {
    this.serial += 1;
    const raw = jwt({ sub: `customer-${this.serial}`, exp: Math.round((this.now + life) / 1000) });
    this.secrets.push(raw);
    return wireToken(Math.round((this.now + life) / 1000) * 1000, { raw });
  }

  // --- the page ----------------------------------------------------------------------------------------------------

  say(tab: Tab, ...drafts: Draft[]) {
    const { page } = tab;
    for (const draft of drafts) page.reports.push({ ...draft, seq: page.reports.length + 1, at: this.now } as AgentReport);
  }
  /** The agent samples: it reports what is new. */
  sample(tab: Tab, token = true) {
    const { uuid, signedIn, page } = tab;
    const text = JSON.stringify([uuid, signedIn]);
    if (page.sampled !== text)
      this.say(tab, { kind: 'sample', client: 1, uuid, signedIn, simpleAuth: false, trouble: null, facts: {}, cookies: [], stored: [] });
    page.sampled = text;
    const wire = tab.token && tab.token.expiresAt !== null && tab.token.expiresAt > this.now ? tab.token : null;
    if (token) this.say(tab, { kind: 'token', client: 1, how: 'success', token: wire, none: wire === null, error: null });
  }
  load(tab: Tab) {
    const { by } = tab.page;
    this.say(tab, {
      kind: 'page',
      clients: [client()],
      absent: false,
      load: 'loaded',
      strays: [],
      frames: 0,
      loaded: tab.page.loaded,
      entered: '/',
      by,
    } as Draft);
    this.sample(tab);
  }
  /** The effect of a call on the SDK. */
  change(tab: Tab, does: ChangeName) {
    this.serial += 1;
    if (does === 'regenerateUUID' && tab.signedIn) return;
    if (does === 'regenerateUUID' || does === 'destroySession') [tab.uuid, tab.signedIn] = [`uuid-${this.serial}`, false];
    if (does === 'signIn') tab.signedIn = true;
    if (does === 'signOut') tab.signedIn = false;
    if (does === 'refreshToken' && tab.token && (tab.token.expiresAt ?? 0) <= this.now) return;
    if (does !== 'getUUID') tab.token = this.mint(HOUR);
  }
  calls(tab: Tab, does: ChangeName) {
    const { page } = tab;
    page.calls += 1;
    const call = { kind: 'call' as const, client: 1, call: page.calls, does, told: {} };
    const { observed } = tab.session.tab;
    if (observed) this.say(tab, { ...call, phase: 'called' });
    this.change(tab, does);
    if (observed) this.say(tab, { ...call, phase: 'succeeded' });
    if (observed) this.sample(tab);
    this.bell(tab);
  }
  /** A request with a command reaches `document`, or another one that has replaced it. */
  takes(tab: Tab, command: AgentCommand, document: string) {
    if (tab.silent) {
      tab.waiting.push({ command, document });
      return;
    }
    const { page } = tab;
    if (page.name === document) {
      if (command.kind !== 'run') this.sample(tab);
      else if (!page.seen.has(command.id) && this.now <= command.notAfter) this.executes(tab, command);
    }
    this.poll(tab);
  }
  executes(tab: Tab, { id, operation }: RunCommand) {
    const { page } = tab;
    page.seen.add(id);
    this.executed.push(id);
    this.sample(tab, false);
    this.say(tab, { kind: 'started', id, client: 1 });
    const fails = tab.refuses && operation === 'refreshToken';
    this.later(tab, SDK, false, () => {
      if (tab.page !== page) return;
      if (!fails) this.change(tab, operation);
      const error = { code: 503, message: `unavailable for ${tab.token?.raw}`, detail: null };
      this.say(tab, {
        kind: 'settled',
        id,
        how: fails ? 'error' : 'success',
        value: tab.token?.raw ?? null,
        error: fails ? error : null,
        ms: SDK,
      });
      this.sample(tab);
      this.bell(tab);
    });
  }
  /** A pending request returns, or the relay rings: a watched page announces its news itself. */
  bell(tab: Tab) {
    if (this.alive && !tab.silent) this.poll(tab);
  }

  // --- the worker --------------------------------------------------------------------------------------------------

  later(tab: Tab, ms: number, mortal: boolean, work: () => void, kind: Due['kind'] = 'work') {
    this.due.push({ at: this.now + ms, tab, mortal, kind, work });
  }
  /** Sends a reply with the current reports, which may be lost in transit. */
  poll(tab: Tab) {
    if (!this.alive || tab.silent) return;
    const { page } = tab;
    const cursor = tab.session.page.document === page.name ? tab.session.page.cursor : 0;
    const reports = page.reports.filter(({ seq }) => seq > cursor);
    const reply = { document: page.name, origin: page.origin, path: '/', at: this.now, setup: '', bare: false, watching: true, reports };
    this.later(tab, LATENCY, true, () => {
      this.delivered(tab, page, reports);
      this.apply(tab, { type: 'reply', target: null, reply });
      this.checkShown(tab);
    });
  }
  delivered(tab: Tab, page: Document, reports: readonly AgentReport[]) {
    const { session } = tab;
    if (session.visit.origin !== null && session.visit.origin !== page.origin) tab.shown.push([]);
    const known = tab.read.get(page.name) ?? 0;
    const list = tab.shown.at(-1) as string[];
    for (const report of reports) {
      if (report.seq <= known) continue;
      if (report.kind === 'sample' && report.uuid !== null && report.uuid !== list.at(-1)) list.push(report.uuid);
      tab.read.set(page.name, report.seq);
    }
  }
  checkShown(tab: Tab) {
    const noted = tab.notes.flatMap((entry) => (entry.kind === 'uuid' ? [entry] : []));
    const bySession = tab.shown.map((_, nth) => noted.filter((entry) => entry.nth === nth).map(({ uuid }) => uuid));
    expect(bySession).toEqual(tab.shown);
  }

  peersOf(tab: Tab): Peer[] {
    return this.tabs
      .filter((one) => one !== tab && one.session.visit.origin === tab.session.visit.origin)
      .map(({ id, session }) => {
        const facts = knownToken(session);
        const acts =
          session.stage.phase === 'attached' &&
          session.stage.activity.kind !== 'idle' &&
          session.stage.activity.run.operation === 'refreshToken';
        const { uuid, token } = session.history.spans;
        return {
          tab: id,
          uuid: uuid?.value ?? null,
          uuidFrom: uuid?.from ?? 0,
          token: token?.value ?? null,
          tokenFrom: token?.from ?? 0,
          acting: acts && facts ? fingerprint(facts.raw) : null,
        };
      });
  }

  /** The registry: stores after each transition, and then carries out the effects. */
  apply(tab: Tab, happening: Happening) {
    const at = this.now;
    const before = tab.session;
    const { session, effects } = transition(before, frozen({ ...happening, at, peers: this.peersOf(tab) }) as unknown as SessionEvent);
    this.check(tab, before, session, effects, happening);
    tab.session = frozen(JSON.parse(JSON.stringify(session)) as Session);
    for (const effect of effects) this.carryOut(tab, effect);
  }
  carryOut(tab: Tab, effect: Effect) {
    if (effect.type === 'note') tab.notes.push(effect.entry);
    if (effect.type === 'alarm') tab.alarm = effect.at === null ? null : Math.max(effect.at, this.now + ALARM_FLOOR);
    if (effect.type === 'wake') {
      this.due = this.due.filter((one) => one.kind !== 'timer' || one.tab !== tab);
      this.later(tab, Math.max(0, effect.at - this.now), true, () => this.apply(tab, { type: 'tick' }), 'timer');
    }
    if (effect.type === 'send') {
      const { command } = effect;
      const document = tab.session.page.document ?? '';
      this.later(tab, LATENCY, true, () => this.takes(tab, command, document));
      if (command.kind === 'read') this.later(tab, COLLECTS, true, () => this.apply(tab, { type: 'unanswered' }));
    }
  }

  // --- invariants at each step --------------------------------------------------------------------------------------

  check(tab: Tab, before: Session, after: Session, effects: readonly Effect[], happening: Happening) {
    const running = runningIn(after);
    if (after.runs.carried) expect(after.stage).not.toMatchObject({ activity: { kind: 'running' } });
    if (running !== null && running !== runningIn(before)) tab.accepted.push(running);
    const gone = after.runs.ended.filter(({ id }) => !hasEnded(before.runs, id));
    for (const { id } of gone) {
      expect(tab.ended).not.toContain(id);
      tab.ended.push(id);
    }
    if (happening.type === 'run' && hasEnded(before.runs, String(happening['id']))) expect(sent(effects)).toEqual([]);

    expect(after.tab.alarmAt).toBe(alarmFor(after, this.now));
    if (after.tab.alarmAt !== null) expect(after.tab.alarmAt).toBeGreaterThanOrEqual(this.now);
    if (after.tab.alarmAt !== before.tab.alarmAt)
      expect(effects.filter(({ type }) => type === 'alarm')).toEqual([{ type: 'alarm', at: after.tab.alarmAt }]);

    const noted = effects.flatMap((effect) => (effect.type === 'note' ? [effect.entry] : []));
    expect(noted.map(({ seq }) => seq)).toEqual(noted.map((_, n) => before.tab.noted + n + 1));
    expect(after.tab.noted).toBe(before.tab.noted + noted.length);
    expect(noted.every(({ nth }) => nth <= after.history.nth)).toBe(true);
    const texts = JSON.stringify([
      noted,
      after.history.spans,
      lastOutcome(after.runs),
      after.history.calls,
      after.tokenRefresh,
      after.history.signedOut,
    ]);
    for (const secret of this.secrets) if (texts.includes(secret)) throw new Error('a token was noted');

    for (const { id, deadline } of sent(effects)) {
      if (!id.startsWith('alarm-')) continue;
      const facts = knownToken(after);
      const expiresAt = facts?.expiresAt ?? 0;
      expect(deadline).toBeGreaterThan(0);
      expect(expiresAt, 'refreshed after the expiry').toBeGreaterThan(this.now);
      expect(after.policy.autoRefresh).toBe(true);
      const same = this.peersOf(tab).filter(({ acting }) => acting !== null && acting === fingerprint(facts?.raw ?? ''));
      expect(same, 'refreshed twice at once').toEqual([]);
    }
  }

  // --- possible events ----------------------------------------------------------------------------------------------

  policy(tab: Tab, lead: number, autoRefresh: boolean) {
    if (this.alive) this.apply(tab, { type: 'policy', policy: { lead, autoRefresh, notify: true, deadline: 10_000 } });
  }
  observe(tab: Tab, observed: boolean) {
    if (!this.alive) return;
    this.apply(tab, { type: 'observed', observed });
    if (observed) this.poll(tab);
  }
  run(tab: Tab, id: string, operation: OperationName) {
    if (this.alive) this.apply(tab, { type: 'run', id, operation, args: {}, anyway: true, deadline: 10_000 });
  }
  navigate(tab: Tab, origin: string, by: string) {
    this.documents += 1;
    tab.page = new Document(`doc-${tab.id}-${this.documents}`, origin, by, this.now + this.documents);
    tab.waiting = [];
    this.load(tab);
    this.bell(tab);
  }
  silence(tab: Tab, silent: boolean) {
    if (tab.silent === silent) return;
    tab.silent = silent;
    if (silent) {
      // A request pending in the page is given up.
      const problem = { kind: 'timeout', message: 'The page does not answer.' };
      if (this.alive) this.later(tab, NOTICED, true, () => tab.silent && this.apply(tab, { type: 'silent', problem }));
      return;
    }
    for (const { command, document } of tab.waiting.splice(0)) this.takes(tab, command, document);
    this.bell(tab);
  }
  lose(tab: Tab) {
    if (!this.alive) return;
    // Everything in transit is lost with the access.
    this.due = this.due.filter((due) => due.tab !== tab || !due.mortal || due.kind === 'timer');
    this.apply(tab, { type: 'access', access: 'none' });
    this.apply(tab, { type: 'lost', problem: { kind: 'access', message: 'no access' } });
    this.apply(tab, { type: 'access', access: 'watched' });
    this.poll(tab);
  }
  die() {
    if (!this.alive) return;
    this.alive = false;
    this.due = this.due.filter(({ mortal }) => !mortal);
  }
  wake() {
    if (this.alive) return;
    this.alive = true;
    for (const tab of this.tabs) {
      // All alarms are set again: the worker may have died between storing one and setting it.
      if (tab.session.tab.alarmAt !== null) tab.alarm = Math.max(tab.session.tab.alarmAt, this.now + ALARM_FLOOR);
    }
    for (const tab of this.tabs) {
      this.apply(tab, { type: 'tick' });
      this.poll(tab);
    }
  }
  jump(ms: number) {
    this.now += ms;
    // Timers do not follow the clock.
    for (const one of this.due) one.at += ms;
  }
  /** Time passes, and due events happen. */
  pass(ms: number) {
    const end = this.now + ms;
    for (let left = 5000; ; left -= 1) {
      if (left === 0) throw new Error('no end of it');
      const [first] = [...this.due].sort((a, b) => a.at - b.at);
      const ringing = this.tabs.filter(({ alarm }) => alarm !== null).sort((a, b) => (a.alarm ?? 0) - (b.alarm ?? 0))[0];
      const at = Math.min(first?.at ?? Number.POSITIVE_INFINITY, ringing?.alarm ?? Number.POSITIVE_INFINITY);
      if (at > end) break;
      this.now = Math.max(this.now, at);
      if (first && first.at === at) {
        this.due.splice(this.due.indexOf(first), 1);
        first.work();
      } else if (ringing) {
        ringing.alarm = null;
        // An alarm wakes the worker.
        this.wake();
        this.apply(ringing, { type: 'alarm' });
      }
    }
    this.now = end;
  }

  // --- invariants at the end ----------------------------------------------------------------------------------------

  settle() {
    this.wake();
    for (const tab of this.tabs) {
      tab.refuses = false;
      this.silence(tab, false);
      this.observe(tab, true);
      this.policy(tab, MINUTE, true);
      this.poll(tab);
    }
    this.pass(MINUTE);
    expect(this.executed, 'a command ran twice').toEqual([...new Set(this.executed)]);
    for (const tab of this.tabs) {
      this.apply(tab, { type: 'read' });
      this.pass(SECOND);
      const { session } = tab;
      expect(runningIn(session), 'something runs for ever').toBeNull();
      expect([...tab.ended].sort(), 'one outcome each').toEqual([...tab.accepted].sort());
      expect(tab.notes.map(({ seq }) => seq)).toEqual(tab.notes.map((_, n) => n + 1));
      expect(session.history.spans.uuid?.value).toBe(tab.uuid);
      expect(session.stage.phase).toBe('attached');
      this.checkShown(tab);
    }
    // The current tokens are refreshed before they expire, by the alarms alone.
    const before = this.tabs.map(({ token, session }) => ({ token, left: (knownToken(session)?.expiresAt ?? 0) - this.now }));
    this.pass(Math.max(...before.map(({ left }) => left), 0) + SECOND);
    this.tabs.forEach((tab, n) => {
      const { token, left } = before[n] ?? { token: null, left: 0 };
      if (left > 2 * MINUTE && left < 3 * HOUR) expect(tab.token, `not refreshed before its end`).not.toBe(token);
    });
  }
}

const sent = (effects: readonly Effect[]): RunCommand[] =>
  effects.flatMap((effect) => (effect.type === 'send' && effect.command.kind === 'run' ? [effect.command] : []));

function runningIn({ stage, runs: { carried } }: Session): string | null {
  if (carried) return carried.run.id;
  return stage.phase === 'attached' && stage.activity.kind !== 'idle' ? stage.activity.run.id : null;
}

type Model = Record<string, never>;
/** One event, shown by its name in a counterexample. */
class Happens implements fc.Command<Model, World> {
  constructor(
    readonly name: string,
    readonly work: (world: World) => void,
  ) {}
  check = () => true;
  run(_model: Model, world: World) {
    this.work(world);
  }
  toString = () => this.name;
}
const one = <T>(name: string, from: fc.Arbitrary<T>, work: (world: World, value: T, tab: Tab) => void) =>
  fc
    .tuple(fc.constantFrom(0, 1), from)
    .map(([n, value]) => new Happens(`${name}(${n}, ${String(value)})`, (world) => work(world, value, world.tabs[n] as Tab)));
const nothing = fc.constant('');

const CALLS = fc.constantFrom<ChangeName>('regenerateUUID', 'destroySession', 'signIn', 'signOut', 'refreshToken');
const OPERATIONS = fc.constantFrom<OperationName>('regenerateUUID', 'destroySession', 'refreshToken', 'getUUID', 'signOut');
const commands = fc.commands(
  [
    one('pass', fc.constantFrom(0, 5, 15, 25, 45, 500, 3000, 31_000, MINUTE, 9 * MINUTE, HOUR), (world, ms) => world.pass(ms)),
    one('pass', fc.constantFrom(5, 15, 45), (world, ms) => world.pass(ms)),
    one('calls', CALLS, (world, does, tab) => world.calls(tab, does)),
    one('reload', nothing, (world, _, tab) => world.navigate(tab, tab.page.origin, 'reload')),
    one('goes', fc.constantFrom(ORIGIN, OTHER), (world, origin, tab) => world.navigate(tab, origin, 'navigate')),
    // Few ids, so that some are repeated.
    one('run', fc.tuple(fc.nat(2), OPERATIONS), (world, [n, operation], tab) => world.run(tab, `op-${tab.id}-${n}`, operation)),
    one('runs through', fc.tuple(fc.nat(2), OPERATIONS), (world, [n, operation], tab) => {
      world.run(tab, `op-${tab.id}-${n}`, operation);
      world.pass(5000);
    }),
    one('dies', nothing, (world) => world.die()),
    one('wakes', nothing, (world) => world.wake()),
    one('silent', fc.boolean(), (world, silent, tab) => world.silence(tab, silent)),
    one('refuses', fc.boolean(), (_world, refuses, tab) => {
      tab.refuses = refuses;
    }),
    one('policy', fc.tuple(fc.constantFrom(5000, MINUTE, 10 * MINUTE), fc.boolean()), (world, [lead, auto], tab) =>
      world.policy(tab, lead, auto),
    ),
    one('observed', fc.boolean(), (world, observed, tab) => world.observe(tab, observed)),
    one('lost', nothing, (world, _, tab) => world.lose(tab)),
    one('jump', fc.constantFrom(-HOUR, -MINUTE, -1, MINUTE, HOUR), (world, ms) => world.jump(ms)),
    one('sleeps', fc.constantFrom('frozen', 'discarded'), (world, why, tab) => world.alive && world.apply(tab, { type: 'asleep', why })),
  ],
  { maxCommands: 60, size: 'max' },
);

describe('sessions under arbitrary events', () => {
  it('keep every invariant', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(commands, (all) => {
        let world: World | null = null;
        fc.modelRun(() => {
          world = new World();
          return { model: {}, real: world };
        }, all);
        (world as World | null)?.settle();
      }),
      { numRuns: Number(process.env['MODEL_RUNS'] ?? 150) },
    );
  });
});
