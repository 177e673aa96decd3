import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATION_NAMES } from '@/lib/sdk/operations';
import type { Report, Settlement } from '@/lib/sdk/wire';
import { type SessionEvent, transition } from '@/lib/session/machine';
import { newSession, type Session } from '@/lib/session/session';
import { client, type Draft, error, frozen, ORIGIN, T0, wireToken } from '../fakes/make';

type Pick = readonly number[];
/** What a story is made of: an event before its time, its sequence number and its document are known. */
interface Beat {
  readonly pause: number;
  readonly what: number;
  readonly pick: Pick;
  readonly drafts: readonly Draft[];
}

const HOWS: readonly Settlement[] = ['success', 'error', 'threw', 'rejected', 'deadline', 'missing'];
const ids = fc.constantFrom('a', 'b', 'c', 'd');
const refs = fc.constantFrom(1, 1, 1, 2);
const clients = fc.subarray([client(), client({ ref: 2 }), client({ ref: 3, ready: false })]);
const draft: fc.Arbitrary<Draft> = fc.oneof(
  fc.record({ kind: fc.constant('page' as const), clients, absent: fc.boolean() }),
  fc.record({
    kind: fc.constant('sample' as const),
    client: refs,
    uuid: fc.constantFrom('u1', 'u2', null),
    signedIn: fc.constantFrom(true, false, null),
    simpleAuth: fc.constantFrom(true, false, null),
    trouble: fc.constant(null),
  }),
  fc.record({
    kind: fc.constant('token' as const),
    client: refs,
    how: fc.constantFrom(...HOWS),
    token: fc.constantFrom(null, wireToken(null), wireToken(T0 + 5000), wireToken(T0 + 200_000), wireToken(T0 - 1)),
    error: fc.constantFrom(null, error()),
  }),
  fc.record({ kind: fc.constant('started' as const), id: ids, client: refs }),
  fc.record({
    kind: fc.constant('settled' as const),
    id: ids,
    how: fc.constantFrom(...HOWS),
    value: fc.constant(null),
    error: fc.constant(null),
    ms: fc.nat(99),
  }),
  fc.record({ kind: fc.constant('late' as const), id: ids, how: fc.constantFrom(...HOWS) }),
);
const beat: fc.Arbitrary<Beat> = fc.record({
  pause: fc.constantFrom(0, 1, 150, 400, 1500, 20_000),
  what: fc.nat(19),
  pick: fc.array(fc.nat(99), { minLength: 4, maxLength: 4 }),
  drafts: fc.array(draft, { maxLength: 5 }),
});
/** Most stories begin with a client that is ready. */
const beats = fc
  .tuple(fc.boolean(), fc.array(beat, { minLength: 1, maxLength: 60, size: 'max' }))
  .map(([bare, rest]): readonly Beat[] => [
    ...(bare ? [] : [{ pause: 0, what: 4, pick: [0, 0, 0, 0], drafts: [{ kind: 'page' as const, clients: [client()], absent: false }] }]),
    ...rest,
  ]);

interface World {
  readonly mailboxes: Map<string, Report[]>;
  document: string;
  origin: string;
  made: number;
}
const world = (): World => ({ mailboxes: new Map(), document: 'doc-0', origin: ORIGIN, made: 0 });

/** The event that `beat` stands for in a world in which a page answers as the agent does. */
function eventOf({ what, pick, drafts }: Beat, at: number, session: Session, where: World, origins: boolean, id: string): SessionEvent {
  const [first = 0, second = 0] = pick;
  if (what < 10) {
    if (what === 9) {
      where.made += 1;
      where.document = `doc-${where.made}`;
      if (origins && first < 40) where.origin = first < 20 ? ORIGIN : 'https://other.example';
    }
    const mailbox = where.mailboxes.get(where.document) ?? [];
    where.mailboxes.set(where.document, mailbox);
    const current = running(session);
    for (const entry of drafts) {
      // Most of what a page says of an operation is of the one that runs.
      const own = 'id' in entry && current !== null && entry.id !== 'd' ? { ...entry, id: current } : entry;
      mailbox.push({ ...own, seq: mailbox.length + 1, at } as Report);
    }
    const cursor = session.document === where.document && first % 3 !== 0 ? session.cursor : 0;
    return {
      at,
      type: 'reply',
      reply: { document: where.document, origin: where.origin, at: at + second, reports: mailbox.filter(({ seq }) => seq > cursor) },
    };
  }
  if (what < 14) {
    const operation = OPERATION_NAMES[first % OPERATION_NAMES.length] ?? 'getUUID';
    return {
      at,
      type: 'run',
      id,
      operation,
      args: { clientIdentifier: second % 2 ? 'x' : 'y' },
      anyway: second % 3 === 0,
      deadline: 10_000,
    };
  }
  switch (what) {
    case 14:
      return { at, type: 'access', access: 'visit' };
    case 15:
      return first < 50
        ? { at, type: 'lost', problem: { kind: 'gone', message: '' } }
        : { at, type: 'silent', problem: { kind: 'timeout', message: '' } };
    case 16:
      return { at, type: 'read' };
    case 17:
      return { at, type: 'alarm' };
    default:
      return { at, type: 'tick' };
  }
}

interface Step {
  readonly before: Session;
  readonly event: SessionEvent;
  readonly after: Session;
  readonly effects: ReturnType<typeof transition>['effects'];
}

/** Plays a story: all states frozen, so that a transition that is not pure throws. */
function play(
  story: readonly Beat[],
  { origins = true, fresh = false } = {},
): { readonly steps: readonly Step[]; readonly end: Session; readonly at: number } {
  let session: Session = frozen(newSession(7, false, T0));
  let at = T0;
  const where = world();
  const steps: Step[] = [];
  story.forEach((one, index) => {
    at += one.pause;
    const [, , third = 0] = one.pick;
    const id = fresh ? `id-${third < 70 ? index : Math.max(0, index - 1)}` : `id-${third % 4}`;
    const event = frozen(eventOf(one, at, session, where, origins, id));
    const next = frozen(transition(session, event));
    steps.push({ before: session, event, after: next.session, effects: next.effects });
    session = next.session;
  });
  return { steps, end: session, at };
}

const activity = ({ stage }: Session) => (stage.phase === 'attached' ? stage.activity : null);
const running = (session: Session) => {
  const doing = activity(session);
  return doing && doing.kind !== 'idle' ? doing.run.id : null;
};
const RUNS = { numRuns: 400, seed: 7 };

describe('whatever happens', () => {
  it('no impossible state is reached', () => {
    fc.assert(
      fc.property(beats, (story) => {
        for (const { before, event, after, effects } of play(story).steps) {
          expect('activity' in after.stage).toBe(after.stage.phase === 'attached');
          if (after.stage.phase === 'attached') expect(after.stage.client.ready).toBe(true);
          expect(after.alarmAt === null || after.alarmAt > event.at).toBe(true);
          if (after.document === before.document && before.stage.phase !== 'unreachable' && after.stage.phase !== 'unreachable')
            expect(after.cursor).toBeGreaterThanOrEqual(before.cursor);
          // One alarm effect for each change of it, none without.
          expect(effects.filter(({ type }) => type === 'alarm')).toEqual(
            after.alarmAt === before.alarmAt ? [] : [{ type: 'alarm', at: after.alarmAt }],
          );
          for (const effect of effects) if (effect.type === 'wake') expect(effect.at).toBeGreaterThan(event.at);
        }
      }),
      RUNS,
    );
  });

  it('one operation runs at a time, and only a run begins one', () => {
    fc.assert(
      fc.property(beats, (story) => {
        for (const { before, event, after, effects } of play(story).steps) {
          const [was, is] = [running(before), running(after)];
          if (is !== was && is !== null) expect([event.type, was]).toEqual(['run', null]);
          const sent = effects.filter((effect) => effect.type === 'send' && effect.command.kind === 'run');
          expect(sent.length).toBeLessThanOrEqual(1);
          if (sent.length) expect(sent[0]).toMatchObject({ command: { id: is } });
          // What ran and runs no more has its outcome, unless its whole session ended with its origin.
          if (was !== null && is !== was && after.origin === before.origin) expect(after.last?.id).toBe(was);
        }
      }),
      RUNS,
    );
  });

  it('a failing read erases no token', () => {
    fc.assert(
      fc.property(beats, (story) => {
        for (const { before, event, after } of play(story).steps) {
          if (before.stage.phase !== 'attached' || after.stage.phase !== 'attached' || before.document !== after.document) continue;
          // A client that went and came back begins anew.
          const looked = event.type === 'reply' && event.reply.reports.some(({ kind, seq }) => kind === 'page' && seq > before.cursor);
          if (!looked && before.stage.token.kind === 'known') expect(after.stage.token.kind).toBe('known');
        }
      }),
      RUNS,
    );
  });

  it('an id that ended never runs again', () => {
    fc.assert(
      fc.property(beats, (story) => {
        const over = new Set<string>();
        for (const { before, after, effects } of play(story, { origins: false }).steps) {
          for (const effect of effects)
            if (effect.type === 'send' && effect.command.kind === 'run') expect([...over]).not.toContain(effect.command.id);
          if (after.last && after.last.id !== before.last?.id) over.add(after.last.id);
        }
      }),
      RUNS,
    );
  });

  it('every operation that was taken ends once', () => {
    fc.assert(
      fc.property(beats, (story) => {
        const { steps, end, at } = play(story, { origins: false, fresh: true });
        const taken: string[] = [];
        const ends: string[] = [];
        const note = (before: Session, after: Session) => {
          if (after.last && after.last.id !== before.last?.id) ends.push(after.last.id);
        };
        for (const { before, event, after } of steps) {
          note(before, after);
          if (
            event.type === 'run' &&
            running(before) === null &&
            (running(after) === event.id || (after.last?.id === event.id && before.last?.id !== event.id))
          )
            taken.push(event.id);
        }
        let session = end;
        for (let now = at; running(session) !== null && now < at + 60_000; now += 500) {
          const next = transition(session, { at: now, type: 'tick' }).session;
          note(session, next);
          session = next;
        }
        expect(running(session)).toBeNull();
        expect(ends).toEqual(taken);
      }),
      RUNS,
    );
  });
});
