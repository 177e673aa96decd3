// Clocks set back or forward, laptops that slept, and expiries that are past, far away, or in the wrong unit.
import { describe, expect, it } from 'vitest';
import { clockNotes, tokenFacts } from '@/lib/jwt/token';
import { tokenStatus } from '@/lib/jwt/token-status';
import { type Effect, type SessionEvent, transition } from '@/lib/session/machine';
import { newSession, type Session } from '@/lib/session/session';
import { client, type Draft, frozen, jwt, MINUTE, replyOf, sample, settled, started, T0, tokenReport, wireToken } from '../fakes/make';

const SECOND = 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const page = {
  kind: 'page',
  clients: [client()],
  absent: false,
  load: 'loaded',
  strays: [],
  frames: 0,
  loaded: T0,
  entered: '/',
  by: 'navigate',
} as Draft;

/** A session whose events the test sends, and whose effects it inspects. */
function clocked(expiresAt: number, { autoRefresh = false, notify = false, lead = MINUTE, raw = 'first' } = {}) {
  let session: Session = newSession(7, false, T0);
  let seq = 0;
  const all: Effect[] = [];
  const world = {
    get session() {
      return session;
    },
    tell(at: number, event: Record<string, unknown>) {
      const next = transition(session, frozen({ at, ...event }) as unknown as SessionEvent);
      session = frozen(next.session);
      all.push(...next.effects);
      return next.effects;
    },
    says(at: number, drafts: Draft[], pageNow = at) {
      const reply = { ...replyOf('doc-1', seq, pageNow, drafts), watching: false };
      seq += drafts.length;
      return world.tell(at, { type: 'reply', target: null, reply });
    },
    /** The page replies with the same token. */
    answers: (at: number) => world.says(at, [tokenReport(wireToken(expiresAt, { raw }))]),
    all,
  };
  world.tell(T0, { type: 'access', access: 'watched' });
  world.tell(T0, { type: 'observed', observed: true });
  world.tell(T0, { type: 'policy', policy: { lead, autoRefresh, notify, deadline: 10_000 } });
  world.says(T0, [page, sample('u0'), tokenReport(wireToken(expiresAt, { raw }))]);
  return world;
}
const runs = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.type === 'send' && effect.command.kind === 'run' ? [effect.command] : []));
const reads = (effects: readonly Effect[]) => effects.filter((effect) => effect.type === 'send' && effect.command.kind === 'read');
const alarms = (effects: readonly Effect[]) => effects.flatMap((effect) => (effect.type === 'alarm' ? [effect.at] : []));
const wakes = (effects: readonly Effect[]) => effects.flatMap((effect) => (effect.type === 'wake' ? [effect.at] : []));

describe('a changed clock', () => {
  it('set back: the early alarm reads the token, does nothing else and is set again for its time', () => {
    for (const autoRefresh of [false, true]) {
      const world = clocked(T0 + 10 * MINUTE, { autoRefresh, notify: true });
      // The clock shows T0 + 4 min when the alarm for T0 + 9 min fires.
      expect(reads(world.tell(T0 + 4 * MINUTE, { type: 'alarm' }))).toHaveLength(1);
      const effects = world.answers(T0 + 4 * MINUTE + 20);
      expect(runs(effects)).toEqual([]);
      expect(world.session.tab.alarmAt).toBe(T0 + 9 * MINUTE);
      expect(alarms(world.all).at(-1)).toBe(T0 + 9 * MINUTE);
      expect(world.session.tab.badge).toEqual({ kind: 'none' });
      expect(effects.some(({ type }) => type === 'notify')).toBe(false);
    }
  });

  it('set back without an answer from the page: the alarm is set again', () => {
    const world = clocked(T0 + 10 * MINUTE);
    world.tell(T0 + 4 * MINUTE, { type: 'alarm' });
    // An alarm that fired no longer exists, so it must have been set again.
    expect(alarms(world.all).at(-1)).not.toBeNull();
    world.tell(T0 + 5 * MINUTE, { type: 'unanswered' });
    expect(alarms(world.all).at(-1)).toBe(T0 + 9 * MINUTE);
  });

  it('set back within the warning time: an expiry alarm that fires early is set again', () => {
    const world = clocked(T0 + 10 * MINUTE);
    world.tell(T0 + 9 * MINUTE, { type: 'alarm' });
    world.answers(T0 + 9 * MINUTE + 20);
    expect(world.session.tab.alarmAt).toBe(T0 + 10 * MINUTE);
    expect(alarms(world.tell(T0 + 9 * MINUTE + 50 * SECOND, { type: 'alarm' }))).toEqual([T0 + 10 * MINUTE]);
  });

  it('set back an hour while the page is queried: the alarm is not delayed by that hour', () => {
    const world = clocked(T0 + 10 * MINUTE, { autoRefresh: true });
    world.tell(T0 + 9 * MINUTE, { type: 'alarm' });
    const now = T0 + 9 * MINUTE - HOUR;
    // The worker stopped, and restarts with the clock set back.
    world.tell(now, { type: 'tick' });
    expect(world.session.tab.alarmAt).not.toBeNull();
    expect((world.session.tab.alarmAt ?? 0) - now).toBeLessThanOrEqual(MINUTE + 69 * MINUTE);
    world.answers(now + 20);
    expect(world.session.tab.alarmAt).toBe(T0 + 9 * MINUTE);
    expect(world.session.tokenRefresh.askedAt).toBeNull();
  });

  it('set back while a retry is pending: retries only near the token’s expiry', () => {
    const world = clocked(T0 + 10 * MINUTE, { autoRefresh: true });
    world.tell(T0 + 9 * MINUTE, { type: 'alarm' });
    const [run] = runs(world.answers(T0 + 9 * MINUTE + 20));
    world.says(T0 + 9 * MINUTE + 60, [
      started(run?.id ?? ''),
      settled(run?.id ?? '', { how: 'error', error: { code: 1, message: 'no', detail: null } }),
    ]);
    world.tell(T0 + 9 * MINUTE + 3 * SECOND, { type: 'tick' });
    expect(world.session.tokenRefresh.tries).toBe(1);
    const now = T0 + 2 * MINUTE;
    world.tell(now, { type: 'tick' });
    expect(world.session.tab.alarmAt).toBe(T0 + 9 * MINUTE);
    world.tell(T0 + 9 * MINUTE + 10 * SECOND, { type: 'alarm' });
    expect(runs(world.answers(T0 + 9 * MINUTE + 10 * SECOND + 20))).toHaveLength(1);
  });

  it('set forward past the expiry: reads once, notifies of the expiry and refreshes nothing', () => {
    const world = clocked(T0 + 10 * MINUTE, { autoRefresh: true, notify: true });
    const now = T0 + 3 * HOUR;
    expect(reads(world.tell(now, { type: 'alarm' }))).toHaveLength(1);
    const effects = world.answers(now + 20);
    expect(runs(effects)).toEqual([]);
    expect(effects).toContainEqual({ type: 'notify', notice: 'expired' });
    expect([world.session.tab.alarmAt, world.session.tab.badge]).toEqual([null, { kind: 'expired' }]);
  });

  it('set forward into the warning time: acts immediately', () => {
    const world = clocked(T0 + 10 * MINUTE, { autoRefresh: true });
    // Any event after the change: the timer is due now.
    world.tell(T0 + 9 * MINUTE + 30 * SECOND, { type: 'tick' });
    expect(reads(world.all).length).toBeGreaterThan(0);
    expect(runs(world.answers(T0 + 9 * MINUTE + 31 * SECOND))).toHaveLength(1);
  });

  it('of the page that differs from the browser’s: its offset is stored but not used', () => {
    const world = clocked(T0 + 10 * MINUTE, { autoRefresh: true });
    world.says(T0 + MINUTE, [sample('u0')], T0 + MINUTE + 3 * HOUR);
    expect(world.session.visit.clockOffset).toBe(3 * HOUR);
    expect(world.session.tab.alarmAt).toBe(T0 + 9 * MINUTE);
    world.tell(T0 + 9 * MINUTE, { type: 'alarm' });
    const [run] = runs(
      world.says(T0 + 9 * MINUTE + 20, [tokenReport(wireToken(T0 + 10 * MINUTE, { raw: 'first' }))], T0 + 9 * MINUTE + 3 * HOUR),
    );
    // Whether a command is too old is judged by the background's clock.
    expect((run?.notAfter ?? 0) - T0).toBeGreaterThan(9 * MINUTE);
    expect(run?.notAfter).toBeLessThan(T0 + HOUR);
  });
});

describe('a laptop that slept', () => {
  it('through a running refresh: the refresh ends, and none follows after the expiry', () => {
    const world = clocked(T0 + 10 * MINUTE, { autoRefresh: true });
    world.tell(T0 + 9 * MINUTE, { type: 'alarm' });
    const [run] = runs(world.answers(T0 + 9 * MINUTE + 20));
    world.says(T0 + 9 * MINUTE + 40, [started(run?.id ?? '')]);
    const now = T0 + 5 * HOUR;
    world.tell(now, { type: 'tick' });
    world.answers(now + 20);
    world.tell(now + MINUTE, { type: 'tick' });
    expect(runs(world.all)).toHaveLength(1);
    expect(world.session.stage).toMatchObject({ activity: { kind: 'idle' } });
  });

  it('while the SDK renewed the token: sets a new alarm without a notification', () => {
    const world = clocked(T0 + 10 * MINUTE, { notify: true });
    const now = T0 + 8 * HOUR;
    world.tell(now, { type: 'alarm' });
    world.says(now + 20, [tokenReport(wireToken(now + HOUR, { raw: 'second' }))]);
    expect(world.session.tab.alarmAt).toBe(now + 59 * MINUTE);
    expect(world.all.filter(({ type }) => type === 'notify')).toEqual([]);
  });
});

describe('unusual expiries', () => {
  it('more than a year away: sets an alarm and no timer', () => {
    const world = clocked(T0 + 3 * YEAR, { autoRefresh: true });
    expect(world.session.tab.alarmAt).toBe(T0 + 3 * YEAR - MINUTE);
    expect(wakes(world.all)).toEqual([]);
    expect(world.session.tab.badge).toEqual({ kind: 'none' });
  });

  const at = (claims: object) => tokenFacts({ ...wireToken(null), raw: jwt(claims), expiresAt: null });

  it('in milliseconds instead of seconds: reads the intended time', () => {
    const raw = jwt({ exp: T0 + HOUR, ctd: T0 });
    expect(at({ exp: T0 + HOUR, ctd: T0 })).toMatchObject({ expiresAt: T0 + HOUR, createdAt: T0 });
    const world = clocked(T0 + 3 * HOUR, { raw });
    expect(world.session.tab.alarmAt).toBe(T0 + 59 * MINUTE);
    // And the reverse: seconds instead of milliseconds.
    expect(at({ exp: Math.round((T0 + HOUR) / 1000), ctd: Math.round(T0 / 1000) }).expiresAt).toBe(T0 + HOUR);
  });

  it('from the SDK, impossibly far away: sets a valid alarm time and no timer', () => {
    const world = clocked((T0 + HOUR) * 1000, { autoRefresh: true, notify: true });
    expect(Number.isFinite(new Date(world.session.tab.alarmAt ?? 0).getTime())).toBe(true);
    world.tell(T0 + HOUR, { type: 'tick' });
    expect([runs(world.all), wakes(world.all), world.session.tab.badge]).toEqual([[], [], { kind: 'none' }]);
  });

  it('before the creation: the token is expired on arrival', () => {
    const facts = at({ exp: Math.round((T0 - HOUR) / 1000), ctd: T0 });
    expect(facts.createdAt).toBeGreaterThan(facts.expiresAt ?? 0);
    expect(tokenStatus(facts, T0, MINUTE)).toBe('expired');
  });

  it('that differ between SDK and token: the token’s is used', () => {
    const raw = jwt({ exp: Math.round((T0 + 5 * MINUTE) / 1000) });
    const world = clocked(T0 + HOUR, { raw });
    expect(world.session.tab.alarmAt).toBe(T0 + 4 * MINUTE);
  });
});

describe('notes from comparing clocks', () => {
  const seconds = (at: number) => Math.round(at / 1000);
  const facts = (claims: object, said: number | null = null) => tokenFacts({ ...wireToken(null), raw: jwt(claims), expiresAt: said });
  const kinds = (...of: Parameters<typeof facts>) => clockNotes(facts(...of), { now: T0, late: false }).map(({ kind }) => kind);

  it('are none for a token issued this hour', () => {
    expect(kinds({ exp: seconds(T0 + HOUR), ctd: T0, nbf: seconds(T0) }, T0 + HOUR)).toEqual([]);
    expect(kinds({})).toEqual([]);
    // Clocks never match exactly, and seconds are rounded.
    expect(kinds({ exp: seconds(T0 + HOUR), ctd: T0 + 2 * SECOND, nbf: seconds(T0 + 3 * SECOND) }, T0 + HOUR + 999)).toEqual([]);
  });

  it('report a different expiry from the SDK than in the token', () => {
    const told = facts({ exp: seconds(T0 + HOUR) }, T0 + 2 * HOUR);
    expect(clockNotes(told, { now: T0, late: false })).toEqual([{ kind: 'sdk-disagrees', ms: HOUR }]);
    // Seconds read as milliseconds, as with Android's bridge: a date in 1970.
    expect(kinds({ exp: seconds(T0 + HOUR) }, seconds(T0 + HOUR))).toEqual(['sdk-disagrees']);
  });

  it('report the wrong unit, a lifetime of more than a year, and an expiry before arrival', () => {
    expect(kinds({ exp: T0 + HOUR })).toEqual(['exp-in-ms']);
    expect(kinds({ exp: seconds(T0 + 3 * YEAR), ctd: T0 })).toEqual(['long-lived']);
    expect(clockNotes(facts({ exp: seconds(T0 - HOUR) }), { now: T0, late: true })).toEqual([{ kind: 'ended-on-arrival', ms: HOUR }]);
  });
});
