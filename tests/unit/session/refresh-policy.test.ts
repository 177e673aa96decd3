// A token's alarm: read first, then act; auto-refresh with retries, two tabs with one token, badge and notifications.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentReport, ClientInfo, WireToken } from '@/lib/page/wire';
import type { Peer } from '@/lib/session/history/causes';
import { type SessionEvent, transition } from '@/lib/session/machine';
import { afterTry, alarmFor, badgeOf, decide, knownToken, refreshes } from '@/lib/session/refresh-policy';
import { lastOutcome } from '@/lib/session/run';
import { type Badge, type Notice, newSession, type Policy, type Session } from '@/lib/session/session';
import { fingerprint } from '@/lib/text/fingerprint';
import { client, type Draft, frozen, MINUTE, ORIGIN, sample, settled, started, T0, tokenReport, wireToken } from '../fakes/make';

const SECOND = 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A browser rings no alarm earlier than this after it was set (ms). */
const ALARM_FLOOR = 30_000;

type Answer = 'new' | 'same' | 'error' | 'silent';
interface Given {
  readonly tab?: number;
  readonly token?: WireToken | null;
  readonly policy?: Partial<Policy>;
  readonly client?: ClientInfo;
  /** The result of the n-th refresh, counted from 1; `silent`: no answer at all. */
  readonly refresh?: (n: number, at: number) => Answer;
  /** Lifetime of a new token (ms). */
  readonly life?: number;
  /** What other tabs have. */
  readonly peers?: () => readonly Peer[];
}

/** A session with its page, a browser that rings its alarm and a worker that runs its timer, all in virtual time. */
function kept(given: Given = {}) {
  const { tab = 7, life = HOUR, refresh = () => 'new', peers = () => [] } = given;
  let session: Session = newSession(tab, false, T0);
  let now = T0;
  let alarm: number | null = null;
  let timer: number | null = null;
  let seq = 0;
  let tokens = 0;
  let current: WireToken | null = given.token === undefined ? wireToken(T0 + 10 * MINUTE, { raw: 'first' }) : given.token;
  const later: { at: number; work: () => void }[] = [];
  const refreshed: number[] = [];
  const reads: number[] = [];
  const notices: { at: number; notice: Notice }[] = [];
  const badges: { at: number; badge: Badge }[] = [];
  const rung: number[] = [];
  /** Times at which its alarm was in the past. */
  const past: number[] = [];
  const world = {
    page: 'answers' as 'answers' | 'silent' | 'refuses',
    get session() {
      return session;
    },
    get now() {
      return now;
    },
    get alarm() {
      return alarm;
    },
    refreshed,
    reads,
    notices,
    badges,
    rung,
    past,
    tell(event: Record<string, unknown>) {
      const next = transition(session, frozen({ at: now, peers: peers(), ...event }) as unknown as SessionEvent);
      session = frozen(next.session);
      if (session.tab.alarmAt !== null && session.tab.alarmAt < now) past.push(now);
      for (const effect of next.effects) {
        if (effect.type === 'wake') timer = Math.max(effect.at, now);
        if (effect.type === 'alarm') alarm = effect.at === null ? null : Math.max(effect.at, now + ALARM_FLOOR);
        if (effect.type === 'notify') notices.push({ at: now, notice: effect.notice });
        if (effect.type === 'badge') badges.push({ at: now, badge: effect.badge });
        if (effect.type !== 'send') continue;
        const { command } = effect;
        if (command.kind === 'read') {
          reads.push(now);
          if (world.page === 'answers') later.push({ at: now + 20, work: () => world.says(world.read()) });
          // The channel's event when it stops collecting.
          later.push({ at: now + 15_000, work: () => world.tell({ type: 'unanswered' }) });
        } else {
          refreshed.push(now);
          const answer = refresh(refreshed.length, now);
          if (answer === 'silent' || world.page !== 'answers') continue;
          later.push({ at: now + 10, work: () => world.says(started(command.id)) });
          later.push({
            at: now + 50,
            work: () => {
              tokens += 1;
              if (answer === 'new') current = wireToken(now + life, { raw: `token-${tokens}` });
              const error = { code: 503, message: 'unavailable', detail: null };
              world.says(settled(command.id, answer === 'error' ? { how: 'error', error } : {}), world.read());
            },
          });
        }
      }
    },
    read: (): Draft => (current ? tokenReport(current) : tokenReport(null, { none: true })),
    says(...drafts: Draft[]) {
      const reports = drafts.map((draft) => {
        seq += 1;
        return { ...draft, seq, at: now } as AgentReport;
      });
      const reply = { document: `doc-${tab}`, origin: ORIGIN, path: '/', at: now, setup: '', bare: false, watching: false, reports };
      world.tell({ type: 'reply', target: null, reply });
    },
    setToken(token: WireToken | null) {
      current = token;
    },
    /** The time of the next event. */
    next: () => Math.min(alarm ?? Number.POSITIVE_INFINITY, timer ?? Number.POSITIVE_INFINITY, ...later.map(({ at }) => at)),
    /** Processes one due event. */
    step() {
      const at = world.next();
      now = Math.max(now, at);
      const due = later.findIndex((one) => one.at <= now);
      if (due >= 0) later.splice(due, 1)[0]?.work();
      else if (timer !== null && timer <= now) {
        timer = null;
        world.tell({ type: 'tick' });
      } else {
        alarm = null;
        rung.push(now);
        world.tell({ type: 'alarm' });
      }
    },
    /** Lets time pass; at most `most` events may happen meanwhile. */
    until(at: number, most = 2000) {
      let left = most;
      while (world.next() <= at) {
        left -= 1;
        if (left < 0) throw new Error(`no end of it: ${refreshed.length} refreshes, ${reads.length} readings at ${now - T0} ms`);
        world.step();
      }
      now = Math.max(now, at);
    },
    /** Sets the clock; pending alarms and timers keep their times. */
    setClock(at: number) {
      now = at;
    },
    /** The worker dies with its timer and everything in transit; its session is stored. */
    kill() {
      timer = null;
      later.length = 0;
      session = frozen(JSON.parse(JSON.stringify(session)) as Session);
    },
    wake: () => world.tell({ type: 'tick' }),
  };
  world.tell({ type: 'access', access: 'watched' });
  world.tell({ type: 'observed', observed: true });
  world.tell({ type: 'policy', policy: { lead: MINUTE, autoRefresh: false, notify: false, deadline: 10_000, ...given.policy } });
  const page = {
    kind: 'page',
    clients: [given.client ?? client()],
    absent: false,
    load: 'loaded',
    strays: [],
    frames: 0,
    loaded: T0,
    entered: '/',
    by: 'navigate',
  };
  const facts = given.client?.dialect === 'web' ? { facts: { identityHash: '' } } : {};
  world.says(page as Draft, sample('u0', facts), world.read());
  return world;
}
const AUTO = { autoRefresh: true } as const;
const first = (expiresAt: number) => wireToken(expiresAt, { raw: 'first' });

describe('when the alarm is due', () => {
  it('is the expiry minus the lead, and then the expiry', () => {
    const world = kept();
    expect(world.session.tab.alarmAt).toBe(T0 + 9 * MINUTE);
    world.until(T0 + 9 * MINUTE + SECOND);
    expect([world.rung, world.reads]).toEqual([[T0 + 9 * MINUTE], [T0 + 9 * MINUTE]]);
    expect(world.session.tab.alarmAt).toBe(T0 + 10 * MINUTE);
    world.until(T0 + HOUR);
    // Read once when the token expired, and not again.
    expect(world.reads).toEqual([T0 + 9 * MINUTE, T0 + 10 * MINUTE]);
    expect(world.session.tab.alarmAt).toBeNull();
    expect(world.refreshed).toEqual([]);
  });

  it('is the expiry if the lead has begun already, or now if auto-refresh is on', () => {
    expect(kept({ token: first(T0 + 40 * SECOND) }).session.tab.alarmAt).toBe(T0 + 40 * SECOND);
    const world = kept({ token: first(T0 + 40 * SECOND), policy: AUTO });
    world.until(T0 + 2 * SECOND);
    expect(world.reads).toEqual([T0]);
    expect(world.refreshed).toHaveLength(1);
  });

  it('is never without a token, without a known expiry, or for an expired token', () => {
    expect(kept({ token: null }).session.tab.alarmAt).toBeNull();
    expect(kept({ token: wireToken(null, { raw: 'opaque' }) }).session.tab.alarmAt).toBeNull();
    for (const policy of [{}, AUTO]) {
      const world = kept({ token: first(T0 - SECOND), policy });
      world.until(T0 + DAY);
      expect([world.session.tab.alarmAt, world.reads, world.refreshed]).toEqual([null, [], []]);
    }
  });

  it('is recomputed for a token that the page obtained itself', () => {
    const world = kept();
    world.until(T0 + 5 * MINUTE);
    world.says(tokenReport(wireToken(T0 + HOUR, { raw: 'second' })));
    expect([world.session.tab.alarmAt, world.alarm]).toEqual([T0 + 59 * MINUTE, T0 + 59 * MINUTE]);
    world.until(T0 + 30 * MINUTE);
    expect(world.rung).toEqual([]);
  });

  it('finds a token that the SDK refreshed itself, and does nothing', () => {
    const world = kept({ policy: AUTO });
    world.until(T0 + 8 * MINUTE);
    world.setToken(wireToken(T0 + HOUR, { raw: 'second' }));
    world.until(T0 + 20 * MINUTE);
    expect([world.reads.length, world.refreshed]).toEqual([1, []]);
    expect(world.session.tab.alarmAt).toBe(T0 + 59 * MINUTE);
  });

  it('moves with the lead, also if that exceeds the remaining time', () => {
    const world = kept();
    const policy = { lead: 5 * MINUTE, autoRefresh: false, notify: false, deadline: 10_000 };
    world.tell({ type: 'policy', policy });
    expect(world.session.tab.alarmAt).toBe(T0 + 5 * MINUTE);
    world.tell({ type: 'policy', policy: { ...policy, lead: DAY } });
    expect(world.session.tab.alarmAt).toBeLessThanOrEqual(T0 + 10 * MINUTE);
  });

  it('does not make a long warning time read the page every minute', () => {
    const world = kept({ policy: { lead: DAY } });
    world.until(T0 + HOUR);
    expect(world.reads.length).toBeLessThanOrEqual(2);
  });

  it('is never for a sleeping or closed tab, and is set again when its page answers', () => {
    for (const why of ['discarded', 'frozen'] as const) {
      const world = kept();
      world.tell({ type: 'asleep', why });
      expect([world.session.tab.alarmAt, world.alarm]).toEqual([null, null]);
      world.says(sample('u0'));
      expect(world.session.tab.alarmAt).toBe(T0 + 9 * MINUTE);
    }
    const world = kept();
    world.tell({ type: 'closed' });
    expect([world.session.tab.alarmAt, world.alarm]).toEqual([null, null]);
  });

  const instants = fc.constantFrom(-DAY, -HOUR, -1, 0, 1, 4000, 30 * SECOND, MINUTE, HOUR, DAY, 500 * DAY);
  it('is never in the past, for arbitrary tokens and clocks', () => {
    fc.assert(
      fc.property(
        instants,
        fc.constantFrom(5000, MINUTE, HOUR, DAY),
        fc.boolean(),
        instants,
        fc.record({ tries: fc.nat(5), nextAt: fc.option(instants), askedAt: fc.option(instants) }),
        (left, lead, autoRefresh, passed, tokenRefresh) => {
          const { session } = kept({ token: first(T0 + left), policy: { lead, autoRefresh } });
          const at = T0 + passed;
          const instant = (value: number | null) => (value === null ? null : T0 + value);
          const due = alarmFor(
            {
              ...session,
              tokenRefresh: {
                ...session.tokenRefresh,
                tries: tokenRefresh.tries,
                nextAt: instant(tokenRefresh.nextAt),
                askedAt: instant(tokenRefresh.askedAt),
              },
            },
            at,
          );
          const expiresAt = T0 + left;
          if (due === null) expect(expiresAt).toBeLessThanOrEqual(at);
          else {
            expect(due).toBeGreaterThanOrEqual(at);
            expect(due).toBeLessThanOrEqual(expiresAt);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('auto-refresh', () => {
  it('runs once within the lead, and then for the next token', () => {
    const world = kept({ policy: AUTO });
    world.until(T0 + 4 * HOUR);
    // 9 min, then one hour minus the lead each.
    expect(world.refreshed.length).toBe(4);
    expect(world.past).toEqual([]);
    expect(world.refreshed[0]).toBe(T0 + 9 * MINUTE + 20);
    expect(world.session.tokenRefresh).toMatchObject({ tries: 0, problem: null });
    expect(world.session.tab.badge).toEqual({ kind: 'none' });
  });

  it('does not run if it is off, without access, for the Web SDK, or without the method', () => {
    const web = client({ dialect: 'web', place: 'SR' });
    for (const given of [{}, { policy: AUTO, client: web }, { policy: AUTO, client: client({ missing: ['refreshToken'] }) }] as Given[]) {
      const world = kept(given);
      expect(refreshes(world.session)).toBe(false);
      world.until(T0 + HOUR);
      expect(world.refreshed).toEqual([]);
      expect(world.session.tab.alarmAt).toBeNull();
    }
    const world = kept({ policy: AUTO });
    world.tell({ type: 'access', access: 'none' });
    expect(refreshes(world.session)).toBe(false);
  });

  it('retries after 5 s, doubling, until the expiry and not after', () => {
    const world = kept({ token: first(T0 + 10 * MINUTE), policy: { ...AUTO, lead: 5 * MINUTE }, refresh: () => 'error' });
    world.until(T0 + 2 * HOUR);
    const pauses = world.refreshed.slice(1).map((at, n) => Math.round((at - (world.refreshed[n] ?? 0)) / SECOND));
    // Each retry reads first, and is judged within a second.
    expect(pauses).toEqual([5, 10, 20, 40, 80].map((pause, n) => expect.closeTo(pause, n < 2 ? -0.5 : -1)));
    expect(world.refreshed.every((at) => at < T0 + 10 * MINUTE)).toBe(true);
    expect(world.session.tab.badge).toEqual({ kind: 'expired' });
    expect(world.session.tokenRefresh.problem?.message).toBe('unavailable');
    expect(lastOutcome(world.session.runs)).toBeNull();
  });

  it('asks a page that never answers again with the same pauses, and not after the expiry', () => {
    const world = kept({ policy: { ...AUTO, lead: 5 * MINUTE } });
    world.page = 'silent';
    world.until(T0 + 2 * HOUR);
    expect(world.reads.length).toBeGreaterThan(3);
    expect(world.reads.length).toBeLessThan(12);
    expect(world.reads.every((at) => at <= T0 + 10 * MINUTE)).toBe(true);
    expect(world.session.tokenRefresh.askedAt).toBeNull();
  });

  it('does not call a silent SDK twice at once', () => {
    const world = kept({ policy: { ...AUTO, lead: 5 * MINUTE }, refresh: () => 'silent' });
    world.until(T0 + 2 * HOUR);
    // The deadline of 10 s and the grace period, then the pause.
    for (const [n, at] of world.refreshed.entries()) if (n > 0) expect(at - (world.refreshed[n - 1] ?? 0)).toBeGreaterThan(13 * SECOND);
    expect(world.refreshed.every((at) => at < T0 + 10 * MINUTE)).toBe(true);
  });

  it('clears the two failures before when the third try succeeds', () => {
    const world = kept({ policy: { ...AUTO, lead: 5 * MINUTE }, refresh: (n) => (n < 3 ? 'error' : 'new') });
    world.until(T0 + 6 * MINUTE);
    expect(world.refreshed).toHaveLength(3);
    expect(world.session.tokenRefresh).toMatchObject({ tries: 0, problem: null, nextAt: null });
    expect(world.session.tab.badge).toEqual({ kind: 'none' });
  });

  it('counts an answer without a new token as a failure', () => {
    const world = kept({ policy: { ...AUTO, lead: 2 * MINUTE }, refresh: () => 'same' });
    world.until(T0 + 8 * MINUTE + 5 * SECOND);
    expect(world.session.tokenRefresh.tries).toBe(1);
    world.until(T0 + HOUR);
    expect(world.refreshed.length).toBeLessThan(7);
  });

  it("waits for a person's operation", () => {
    const world = kept({ policy: AUTO, refresh: () => 'silent' });
    world.until(T0 + 9 * MINUTE - SECOND);
    world.tell({ type: 'run', id: 'mine', operation: 'retrieveToken', args: {}, anyway: false, deadline: 10_000 });
    world.until(T0 + 9 * MINUTE + 5 * SECOND);
    // The person's operation is the only one.
    expect(world.refreshed).toHaveLength(1);
    expect(world.session.stage).toMatchObject({ activity: { run: { id: 'mine' } } });
    world.until(T0 + 9 * MINUTE + 20 * SECOND);
    expect(world.refreshed).toHaveLength(2);
  });

  it('does not read the page repeatedly while a refresh is running, or set an alarm in the past', () => {
    for (const refresh of [() => 'error' as const, () => 'silent' as const, () => 'same' as const]) {
      const world = kept({ policy: { ...AUTO, lead: 5 * MINUTE }, refresh });
      world.until(T0 + HOUR);
      expect(world.past).toEqual([]);
      // One before each refresh, one or a few for the verdict, one at the expiry.
      expect(world.reads.length).toBeLessThanOrEqual(6 * world.refreshed.length + 2);
    }
    const slow = kept({ policy: { ...AUTO, lead: 5 * MINUTE }, refresh: () => 'silent' });
    slow.until(T0 + 5 * MINUTE + 10 * SECOND);
    expect([slow.refreshed.length, slow.reads.length]).toEqual([1, 1]);
  });

  it('does not refresh endlessly if tokens live shorter than the lead', () => {
    // The lead may be a day, and tokens usually live an hour.
    const world = kept({ token: first(T0 + HOUR), policy: { ...AUTO, lead: DAY }, life: HOUR });
    world.until(T0 + HOUR, 4000);
    expect(world.refreshed.length).toBeLessThan(70);
  });

  it('does not refresh endlessly if new tokens are expired already', () => {
    const world = kept({ policy: AUTO, life: -MINUTE });
    world.until(T0 + HOUR);
    expect(world.refreshed.length).toBeLessThan(3);
    expect(world.session.tab.badge).toEqual({ kind: 'expired' });
  });

  it('acts at once when turned on within the warning time, and stops when turned off', () => {
    const world = kept();
    world.until(T0 + 9 * MINUTE + 10 * SECOND);
    const policy = { lead: MINUTE, autoRefresh: true, notify: false, deadline: 10_000 };
    world.tell({ type: 'policy', policy });
    world.until(T0 + 9 * MINUTE + 12 * SECOND);
    expect(world.refreshed).toHaveLength(1);
    const other = kept({ policy: { ...AUTO, lead: 5 * MINUTE }, refresh: () => 'error' });
    other.until(T0 + 5 * MINUTE + 2 * SECOND);
    other.tell({ type: 'policy', policy: { ...policy, autoRefresh: false } });
    other.until(T0 + HOUR);
    expect(other.refreshed).toHaveLength(1);
  });
});

describe('a worker that dies', () => {
  it('during a refresh: the refresh is settled, and none is started next to it', () => {
    const world = kept({ policy: { ...AUTO, lead: 5 * MINUTE } });
    world.until(T0 + 5 * MINUTE + 25);
    expect(world.refreshed).toHaveLength(1);
    world.kill();
    world.wake();
    world.until(T0 + 5 * MINUTE + 10 * SECOND);
    expect(world.refreshed).toHaveLength(1);
    world.until(T0 + 9 * MINUTE);
    // That it was lost is known after the deadline; then it is retried.
    expect(world.refreshed.length).toBeGreaterThan(1);
    expect(knownToken(world.session)?.raw).not.toBe('first');
  });
});

describe('two tabs with the same token', () => {
  const shared = first(T0 + 10 * MINUTE);
  const peer = (acting: string | null): Peer => ({
    tab: 8,
    uuid: 'u0',
    uuidFrom: T0,
    token: fingerprint(shared.raw),
    tokenFrom: T0,
    acting,
  });

  it('refresh it in one tab: the other waits, and then reads', () => {
    let acting: string | null = fingerprint(shared.raw);
    const world = kept({ token: shared, policy: AUTO, peers: () => [peer(acting)] });
    world.until(T0 + 9 * MINUTE + 2 * SECOND);
    expect([world.reads.length, world.refreshed]).toEqual([1, []]);
    expect(decide(world.session, [peer(acting)], world.now)).toBe('aside');
    // The other tab has the new token, and this page's SDK takes it from the shared storage.
    acting = null;
    world.setToken(wireToken(T0 + HOUR, { raw: 'second' }));
    world.until(T0 + 9 * MINUTE + 10 * SECOND);
    expect([world.reads.length, world.refreshed]).toEqual([2, []]);
    expect(world.session.tab.alarmAt).toBe(T0 + 59 * MINUTE);
  });

  it('refresh it here if the other tab fails', () => {
    let acting: string | null = fingerprint(shared.raw);
    const world = kept({ token: shared, policy: AUTO, peers: () => [peer(acting)] });
    world.until(T0 + 9 * MINUTE + 4 * SECOND);
    acting = null;
    world.until(T0 + 9 * MINUTE + 10 * SECOND);
    expect(world.refreshed).toHaveLength(1);
  });

  it('do not wait if the other tab refreshes a different token', () => {
    const world = kept({ token: shared, policy: AUTO, peers: () => [peer('another')] });
    world.until(T0 + 9 * MINUTE + SECOND);
    expect(world.refreshed).toHaveLength(1);
  });

  it('count waiting as no failure, and stop waiting at the expiry', () => {
    const world = kept({ token: shared, policy: AUTO, peers: () => [peer(fingerprint(shared.raw))] });
    world.until(T0 + HOUR);
    expect([world.session.tokenRefresh.tries, world.refreshed]).toEqual([0, []]);
    expect(world.reads.length).toBeLessThan(25);
  });
});

describe('notifications', () => {
  const NOTIFY = { notify: true } as const;

  it('announce the coming expiry and the expiry, once each', () => {
    const world = kept({ policy: NOTIFY });
    world.until(T0 + HOUR);
    for (let n = 0; n < 5; n += 1) world.tell({ type: 'tick' });
    expect(world.notices.map(({ notice }) => notice)).toEqual(['near-expiry', 'expired']);
    // After the readings, which might have brought a new token.
    expect(world.notices.map(({ at }) => at - T0)).toEqual([9 * MINUTE + 20, 10 * MINUTE + 20]);
  });

  it('announce only failures and the expiry if auto-refresh is on', () => {
    expect(
      (() => {
        const world = kept({ policy: { ...NOTIFY, ...AUTO } });
        world.until(T0 + 2 * HOUR);
        return world.notices;
      })(),
    ).toEqual([]);
    const failing = kept({ policy: { ...NOTIFY, ...AUTO, lead: 3 * MINUTE }, refresh: () => 'error' });
    failing.until(T0 + HOUR);
    expect(failing.notices.map(({ notice }) => notice)).toEqual(['failing', 'expired']);
  });

  it('announce the expiry for the Web SDK too, which only the site can refresh', () => {
    const world = kept({ policy: { ...NOTIFY, ...AUTO }, client: client({ dialect: 'web', place: 'SR' }) });
    world.until(T0 + HOUR);
    expect(world.notices.map(({ notice }) => notice)).toEqual(['near-expiry', 'expired']);
    expect(world.refreshed).toEqual([]);
  });

  it('are not sent for a token that was expired from the start, if they are off, or while the tab sleeps', () => {
    const late = kept({ token: first(T0 - 1), policy: NOTIFY });
    late.until(T0 + HOUR);
    expect(late.notices).toEqual([]);
    const quiet = kept();
    quiet.until(T0 + HOUR);
    expect(quiet.notices).toEqual([]);
    const asleep = kept({ policy: NOTIFY });
    asleep.tell({ type: 'asleep', why: 'frozen' });
    asleep.until(T0 + HOUR);
    expect(asleep.notices).toEqual([]);
  });

  it('are sent for each token', () => {
    const world = kept({ policy: NOTIFY });
    world.until(T0 + 9 * MINUTE + SECOND);
    world.setToken(wireToken(T0 + 30 * MINUTE, { raw: 'second' }));
    world.says(world.read());
    world.until(T0 + HOUR);
    expect(world.notices.map(({ notice }) => notice)).toEqual(['near-expiry', 'near-expiry', 'expired']);
  });

  it('are not repeated by a restarted worker', () => {
    const world = kept({ policy: NOTIFY });
    world.until(T0 + 9 * MINUTE + SECOND);
    for (let n = 0; n < 5; n += 1) {
      world.kill();
      world.wake();
      world.until(world.now + SECOND);
    }
    expect(world.notices).toHaveLength(1);
  });
});

describe('the badge', () => {
  it('shows nothing, then the remaining time, then a mark', () => {
    const world = kept();
    expect(world.session.tab.badge).toEqual({ kind: 'none' });
    world.until(T0 + HOUR);
    const seen = world.badges.map(({ badge }) => badge.kind).filter((kind, n, all) => kind !== all[n - 1]);
    expect(seen).toEqual(['none', 'near-expiry', 'expired']);
    expect(world.badges.find(({ badge }) => badge.kind === 'near-expiry')?.badge).toEqual({
      kind: 'near-expiry',
      expiresAt: T0 + 10 * MINUTE,
    });
  });

  it('shows that refreshing fails until it succeeds', () => {
    const world = kept({ policy: { ...AUTO, lead: 5 * MINUTE }, refresh: (n) => (n < 2 ? 'error' : 'new') });
    world.until(T0 + 5 * MINUTE + 3 * SECOND);
    expect(world.session.tab.badge).toEqual({ kind: 'failing' });
    world.until(T0 + 6 * MINUTE);
    expect(world.session.tab.badge).toEqual({ kind: 'none' });
  });

  it('always matches the token', () => {
    fc.assert(
      fc.property(fc.integer({ min: -HOUR, max: HOUR }), fc.integer({ min: 5000, max: DAY }), fc.nat(3), (left, lead, tries) => {
        const { session } = kept({ token: first(T0 + left), policy: { lead } });
        const { kind } = badgeOf({ ...session, tokenRefresh: { ...session.tokenRefresh, tries } }, T0);
        expect(kind).toBe(left <= 0 ? 'expired' : left > lead ? 'none' : tries > 0 ? 'failing' : 'near-expiry');
      }),
      { numRuns: 200 },
    );
  });

  it('is cleared if the session has no token anymore', () => {
    const world = kept();
    world.until(T0 + 9 * MINUTE + SECOND);
    expect(world.session.tab.badge.kind).toBe('near-expiry');
    world.tell({ type: 'lost', problem: { kind: 'access', message: 'no' } });
    expect(world.session.tab.badge).toEqual({ kind: 'none' });
  });
});

describe('the pauses', () => {
  it('double from 5 s to at most five minutes, and end before the expiry', () => {
    const { session } = kept({ token: first(T0 + 10 * DAY) });
    let tokenRefresh = session.tokenRefresh;
    const pauses: (number | null)[] = [];
    for (let n = 0; n < 9; n += 1) {
      tokenRefresh = afterTry({ ...session, tokenRefresh }, 'failed', null, T0);
      pauses.push(tokenRefresh.nextAt === null ? null : (tokenRefresh.nextAt - T0) / SECOND);
    }
    expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
    const ending = kept({ token: first(T0 + 5 * SECOND) }).session;
    expect(afterTry(ending, 'failed', null, T0).nextAt).toBeNull();
  });
});
