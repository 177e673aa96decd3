import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { AgentReport, Settlement } from '@/lib/page/wire';
import { OPERATION_NAMES } from '@/lib/sdk/operations';
import { type SessionEvent, transition } from '@/lib/session/machine';
import { lastOutcome } from '@/lib/session/run';
import { type Listed, newSession, type Session, underWay } from '@/lib/session/session';
import { STATES, stateOf } from '@/lib/session/states';
import { client, type Draft, error, frozen, listed, loadedOf, ORIGIN, replyOf, T0, wireToken } from '../fakes/make';

type Pick = readonly number[];
/** One event of a story, before its time, sequence number and document are known. */
interface Beat {
  readonly pause: number;
  readonly what: number;
  readonly pick: Pick;
  readonly drafts: readonly Draft[];
}

const HOWS: readonly Settlement[] = ['success', 'error', 'threw', 'rejected', 'deadline', 'missing'];
const OTHER = 'https://other.example';
/** The second client has an operation that reloads the page. */
const WEB = client({ ref: 2, dialect: 'web', place: 'SR' });
const ids = fc.constantFrom('a', 'b', 'c', 'd');
const refs = fc.constantFrom(1, 1, 1, 2);
const clients = fc.subarray([client(), WEB, client({ ref: 3, state: 'not-initialised' })]);
const draft: fc.Arbitrary<Draft> = fc.oneof(
  fc.record({
    kind: fc.constant('page' as const),
    clients,
    absent: fc.boolean(),
    load: fc.constant('loaded' as const),
    strays: fc.constant([]),
    frames: fc.constantFrom(0, 2),
    entered: fc.constantFrom('/', '/a?snrs_cl=1'),
    loaded: fc.constantFrom(T0, T0 + 1),
    by: fc.constantFrom('navigate', 'reload'),
  }),
  fc.record({
    kind: fc.constant('sample' as const),
    client: refs,
    uuid: fc.constantFrom('u1', 'u2', null),
    signedIn: fc.constantFrom(true, false, null),
    simpleAuth: fc.constantFrom(true, false, null),
    trouble: fc.constant(null),
    facts: fc.constantFrom({}, { identityHash: '' }),
    cookies: fc.constant([]),
    stored: fc.constant([]),
  }),
  fc.record({
    kind: fc.constant('token' as const),
    client: refs,
    how: fc.constantFrom(...HOWS),
    token: fc.constantFrom(null, wireToken(null), wireToken(T0 + 5000), wireToken(T0 + 200_000), wireToken(T0 - 1)),
    none: fc.constant(false),
    error: fc.constantFrom(null, error()),
  }),
  fc.record({ kind: fc.constant('started' as const), id: ids, client: refs }),
  fc.record({
    kind: fc.constant('settled' as const),
    id: ids,
    how: fc.constantFrom(...HOWS),
    value: fc.constantFrom(null, false, true),
    error: fc.constant(null),
    ms: fc.nat(99),
  }),
  fc.record({ kind: fc.constant('late' as const), id: ids, how: fc.constantFrom(...HOWS) }),
);
const beat: fc.Arbitrary<Beat> = fc.record({
  pause: fc.constantFrom(0, 1, 150, 400, 1500, 20_000),
  what: fc.nat(27),
  pick: fc.array(fc.nat(99), { minLength: 4, maxLength: 4 }),
  drafts: fc.array(draft, { maxLength: 5 }),
});
const begins = (what: number, first: readonly (typeof WEB)[]): Beat => ({
  pause: 0,
  what,
  pick: [1, 0, 0, 0],
  drafts: [
    { kind: 'page', clients: first, absent: false, load: 'loaded', strays: [], frames: 2, entered: '/', by: 'navigate', loaded: T0 },
  ],
});
/** Most stories start with a ready client, in the top frame or in a frame that is shown. */
const beats = fc
  .tuple(
    fc.constantFrom([], [begins(0, [client()])], [begins(0, [WEB])], [begins(0, []), begins(20, [WEB, client()]), begins(22, [])]),
    fc.array(beat, { minLength: 1, maxLength: 60, size: 'max' }),
  )
  .map(([first, rest]): readonly Beat[] => [...first, ...rest]);

/** The tab: the document in each frame (`null`: the top frame), and what each has reported. */
interface Standing {
  readonly document: string;
  readonly origin: string;
  readonly mailbox: AgentReport[];
}
interface World {
  readonly places: Map<string | null, Standing>;
  made: number;
}
const FRAMES = [null, 'f1', 'f2'];

function navigate(where: World, frame: string | null, origin: string): Standing {
  where.made += 1;
  const standing: Standing = { document: `doc-${where.made}`, origin, mailbox: [] };
  where.places.set(frame, standing);
  // The frames are removed with the document that contains them.
  if (frame === null) for (const other of FRAMES.slice(1)) where.places.delete(other);
  return standing;
}

const listedAt = ([frame, { document, origin, mailbox }]: readonly [string | null, Standing]): Listed => {
  const told = mailbox.findLast(({ kind }) => kind === 'page');
  return listed(document, frame, told?.kind === 'page' ? told.clients : [], origin);
};

/** The event for `beat`, in a world whose documents reply as agents do. */
function eventOf({ what, pick, drafts }: Beat, at: number, session: Session, where: World, origins: boolean, id: string): SessionEvent {
  const [first = 0, second = 0] = pick;
  const origin = origins && first < 30 ? OTHER : ORIGIN;
  const says = (standing: Standing) => {
    const current = running(session);
    for (const entry of drafts) {
      // Most of a page's reports about operations concern the running one.
      const own = 'id' in entry && current !== null && entry.id !== 'd' ? { ...entry, id: current } : entry;
      standing.mailbox.push({
        ...own,
        ...(own.kind === 'page' && { loaded: loadedOf(standing.document) }),
        seq: standing.mailbox.length + 1,
        at,
      } as AgentReport);
    }
  };
  const surveys = (): SessionEvent => ({
    at,
    type: 'listed',
    documents: [...where.places].map(listedAt),
    beyond: first % 2 ? [''] : [],
  });
  if (what < 11) {
    const frame = session.tab.target?.frame ?? null;
    if (what === 9) navigate(where, frame, origin);
    if (what === 10) navigate(where, null, origin);
    const standing = where.places.get(frame);
    if (!standing) return surveys();
    says(standing);
    const cursor = session.page.document === standing.document && first % 3 !== 0 ? session.page.cursor : 0;
    const head = { ...replyOf(standing.document, 0, at + second, [], standing.origin) };
    return {
      at,
      type: 'reply',
      reply: { ...head, reports: standing.mailbox.filter(({ seq }) => seq > cursor) },
      target: session.tab.target?.document ?? null,
    };
  }
  if (what < 15) {
    const operation = second % 4 === 0 ? 'destroySession' : (OPERATION_NAMES[first % OPERATION_NAMES.length] ?? 'getUUID');
    return {
      at,
      type: 'run',
      id,
      operation,
      args: { clientIdentifier: second % 2 ? 'x' : 'y', uuid: second % 3 ? 'u2' : 'u1', token: 'x.y.z' },
      anyway: second % 3 === 0,
      deadline: 10_000,
    };
  }
  switch (what) {
    case 15:
      return { at, type: 'access', access: 'visit' };
    case 16:
      return first < 50
        ? { at, type: 'lost', problem: { kind: 'gone', message: '' } }
        : { at, type: 'silent', problem: { kind: 'timeout', message: '' } };
    case 17:
      return { at, type: 'read' };
    case 18:
      return { at, type: 'alarm' };
    case 19: {
      // A reply of a document that is not shown, which may use the name of the shown one.
      const [standing] = [...where.places].filter(([frame]) => frame !== (session.tab.target?.frame ?? null)).map(([, other]) => other);
      const reply = replyOf((second % 2 ? session.page.document : standing?.document) ?? 'doc-x', 90, at, drafts, origin);
      return { at, type: 'reply', reply, target: session.tab.target === null ? 'doc-elsewhere' : null };
    }
    case 20: {
      const frame = FRAMES[1 + (first % 2)] ?? null;
      const standing = where.places.get(frame);
      says(second % 4 === 0 || !standing ? navigate(where, frame, origin) : standing);
      return surveys();
    }
    case 21:
      where.places.delete(FRAMES[1 + (first % 2)] ?? '');
      return surveys();
    case 22:
      return surveys();
    case 23:
    case 24: {
      const all = [session.page.document, ...session.tab.listing.map(({ document }) => document)];
      return { at, type: 'choose', document: all[first % all.length] ?? 'doc-none', ref: second % 4 };
    }
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

/** Plays a story: every state is frozen, so that an impure transition throws, and sometimes stored as JSON. */
function play(
  story: readonly Beat[],
  { origins = true, fresh = false } = {},
): { readonly steps: readonly Step[]; readonly end: Session; readonly at: number } {
  let session: Session = frozen(newSession(7, false, T0));
  let at = T0;
  const where: World = { places: new Map(), made: 0 };
  navigate(where, null, ORIGIN);
  const steps: Step[] = [];
  story.forEach((one, index) => {
    at += one.pause;
    const [, , third = 0, fourth = 0] = one.pick;
    const id = fresh ? `id-${third < 70 ? index : Math.max(0, index - 1)}` : `id-${third % 4}`;
    const event = frozen(eventOf(one, at, session, where, origins, id));
    const next = frozen(transition(session, event));
    steps.push({ before: session, event, after: next.session, effects: next.effects });
    session = fourth % 10 ? next.session : frozen(JSON.parse(JSON.stringify(next.session)) as Session);
  });
  return { steps, end: session, at };
}

const activity = ({ stage }: Session) => (stage.phase === 'attached' ? stage.activity : null);
/** The running operation: in the shown document, or carried from one document to the next. */
const running = (session: Session) => {
  const doing = activity(session);
  return (doing && doing.kind !== 'idle' ? doing.run.id : null) ?? session.runs.carried?.run.id ?? null;
};
/** The ids that ended in a step. */
const endedIn = ({ before, after }: Omit<Step, 'event' | 'effects'>): readonly string[] => idsOf(after).slice(before.runs.ended.length);
const idsOf = ({ runs }: Session): readonly string[] => runs.ended.map(({ id }) => id);

const RUNS = { numRuns: 400, seed: 11 };
/** The stories, each played once for all checks. */
const STORIES = fc.sample(beats, RUNS).map((story) => play(story));
/** Runs `check` on each story; if it fails, lets fast-check shrink the story to the smallest failing one. */
function holds(check: (told: ReturnType<typeof play>) => void): void {
  try {
    for (const told of STORIES) check(told);
  } catch {
    fc.assert(
      fc.property(beats, (story) => check(play(story))),
      RUNS,
    );
  }
}
// So many stories are slow on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

describe('for arbitrary stories', () => {
  it('every special situation is reached', () => {
    const seen = new Set<string>();
    holds((told) => {
      for (const { before, event, after } of told.steps) {
        if (after.runs.carried) seen.add(`carried, ${after.stage.phase}`);
        if (before.runs.carried && !after.runs.carried) seen.add(activity(after)?.kind === 'idle' ? 'carried to its end' : 'carried over');
        if (after.tab.target && after.stage.phase === 'attached')
          seen.add(after.visit.origin === after.tab.site ? 'in a frame' : 'in a foreign frame');
        if (event.type === 'choose' && after.tab.chosen !== before.tab.chosen)
          seen.add(after.tab.target ? 'chosen in a frame' : 'chosen in the top');
        if (event.type === 'listed' && before.tab.target && !after.tab.target) seen.add('back to the top');
        if (
          event.type === 'listed' &&
          before.page.document &&
          after.page.document === before.page.document &&
          after.tab.target !== before.tab.target
        )
          seen.add('a frame reloaded');
      }
    });
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'a frame reloaded',
        'back to the top',
        'carried over',
        'carried to its end',
        'carried, searching',
        'carried, unreachable',
        'chosen in a frame',
        'chosen in the top',
        'in a foreign frame',
        'in a frame',
      ]),
    );
  });

  it('each state change is one that lib/session/states.ts lists', () => {
    holds((told) => {
      for (const { before, after } of told.steps)
        if (stateOf(after) !== stateOf(before)) expect(STATES[stateOf(before)]).toHaveProperty(stateOf(after));
    });
  });

  it('no impossible state is reached', () => {
    holds((told) => {
      for (const { before, event, after, effects } of told.steps) {
        expect('activity' in after.stage).toBe(after.stage.phase === 'attached');
        if (after.stage.phase === 'attached') {
          expect(after.stage.client.state).toBe('ready');
          // The shown client is one of those that can be chosen, and a carried operation has arrived.
          expect(after.page.clients).toContainEqual(after.stage.client);
          expect([after.page.document === null, after.visit.origin === null, after.runs.carried]).toEqual([false, false, null]);
        }
        if (after.runs.carried) expect(after.runs.carried.run.reloads).toBe(true);
        if (after.page.document === null) expect([after.visit.origin, after.page.cursor, after.history.documents]).toEqual([null, 0, 0]);
        if (event.type === 'reply' && after !== before && after.tab.target) expect(after.tab.target.document).toBe(after.page.document);
        if (after.tab.target === null && after.page.document !== null && event.type === 'reply' && after !== before)
          expect(after.tab.site).toBe(after.visit.origin);
        if (event.type !== 'choose') expect(after.tab.chosen).toEqual(before.tab.chosen);
        // Only a survey finds documents; a page without frames may have none to list.
        if (event.type !== 'listed' && after.tab.listing.length) expect(after.tab.listing).toEqual(before.tab.listing);
        // Nothing that is due lies in the past once it was processed.
        if (after.tab.alarmAt !== null) expect(after.tab.alarmAt).toBeGreaterThanOrEqual(event.at + (event.type === 'tick' ? 1 : 0));
        if (after.page.document === before.page.document && before.stage.phase !== 'unreachable' && after.stage.phase !== 'unreachable')
          expect(after.page.cursor).toBeGreaterThanOrEqual(before.page.cursor);
        // One alarm effect for each change, and none without; an alarm that rang is set again if it is still due.
        const fired = event.type === 'alarm' && after.tab.alarmAt !== null;
        expect(effects.filter(({ type }) => type === 'alarm')).toEqual(
          after.tab.alarmAt === before.tab.alarmAt && !fired ? [] : [{ type: 'alarm', at: after.tab.alarmAt }],
        );
        // An overdue wake-up is due at once; a tick leaves nothing overdue.
        const wakes = effects.filter((effect) => effect.type === 'wake');
        expect(wakes.length).toBeLessThanOrEqual(1);
        if (event.type === 'tick') for (const { at } of wakes) expect(at).toBeGreaterThan(event.at);
      }
    });
  });

  it('a reply of a document that is not shown changes nothing', () => {
    holds((told) => {
      for (const { before, event, after, effects } of told.steps) {
        if (event.type !== 'reply' || event.target === (before.tab.target?.document ?? null)) continue;
        // Only the effects of the passing time.
        expect({ session: after, effects }).toEqual(transition(before, { at: event.at, type: 'access', access: before.tab.access }));
      }
    });
  });

  it('data of a document is dropped with it', () => {
    holds((told) => {
      for (const { before, event, after } of told.steps) {
        const left = after.page.document !== before.page.document;
        const away = after.page.document === null || (before.visit.origin !== null && after.visit.origin !== before.visit.origin);
        // Another document of the same site continues the session; another frame or site starts a new one.
        if (left && before.page.document !== null && away) {
          expect([after.history.seeded, after.runs.carried, after.history.since]).toEqual([null, null, event.at]);
          // A running operation is reported as ended; nothing else of the previous session is kept.
          const doing = before.runs.carried ?? underWay(before.stage);
          expect(lastOutcome(after.runs)?.id ?? null).toBe(doing ? doing.run.id : null);
          // A reply may itself change the UUID.
          if (event.type !== 'reply') expect(after.history.previousUuid).toBeNull();
        }
        // Another client starts a new session too; one reply may bring several, including the previous one.
        const goneOn = [before.history.documents + 1, before.history.since];
        if (left && !away && before.page.document !== null)
          expect([goneOn, [1, event.at]]).toContainEqual([after.history.documents, after.history.since]);
        expect(idsOf(after).slice(0, before.runs.ended.length)).toEqual(idsOf(before));
      }
    });
  });

  it('one operation runs at a time, and only a run event starts one', () => {
    holds((told) => {
      for (const { before, event, after, effects } of told.steps) {
        const [was, is] = [running(before), running(after)];
        if (is !== was && is !== null) expect([event.type, was]).toEqual(['run', null]);
        const sent = effects.filter((effect) => effect.type === 'send' && effect.command.kind === 'run');
        expect(sent.length).toBeLessThanOrEqual(1);
        if (sent.length) expect(sent[0]).toMatchObject({ command: { id: is } });
        if (was !== null && is !== was) expect(idsOf(after)).toContain(was);
        // An operation that stopped running has an outcome, unless its whole session ended with its origin or frame.
        if (was !== null && is !== was && after.visit.origin === before.visit.origin) expect(lastOutcome(after.runs)?.id).toBe(was);
      }
    });
  });

  it('a failed read never drops a token', () => {
    holds((told) => {
      for (const { before, event, after } of told.steps) {
        if (before.stage.phase !== 'attached' || after.stage.phase !== 'attached' || before.page.document !== after.page.document) continue;
        // A client that returns starts again, and so does another client that was chosen.
        const looked = event.type === 'reply' && event.reply.reports.some(({ kind, seq }) => kind === 'page' && seq > before.page.cursor);
        if (!looked && event.type !== 'choose' && before.stage.token.kind === 'known') expect(after.stage.token.kind).toBe('known');
      }
    });
  });

  it('an id that ended never runs again, and ends once', () => {
    holds((told) => {
      const over = new Set<string>();
      for (const step of told.steps) {
        for (const effect of step.effects)
          if (effect.type === 'send' && effect.command.kind === 'run') expect([...over]).not.toContain(effect.command.id);
        for (const id of endedIn(step)) {
          expect([...over]).not.toContain(id);
          over.add(id);
        }
      }
    });
  });

  it('every accepted operation ends once', () => {
    fc.assert(
      fc.property(beats, (story) => {
        const { steps, end, at } = play(story, { fresh: true });
        const taken: string[] = [];
        const ends: string[] = [];
        for (const step of steps) {
          const { before, event, after } = step;
          ends.push(...endedIn(step));
          if (event.type === 'run' && running(before) === null && running(after) === event.id) taken.push(event.id);
        }
        let session = end;
        for (let now = at; running(session) !== null && now < at + 60_000; now += 500) {
          const next = transition(session, { at: now, type: 'tick' }).session;
          ends.push(...endedIn({ before: session, after: next }));
          session = next;
        }
        expect(running(session)).toBeNull();
        expect(ends).toEqual(taken);
      }),
      RUNS,
    );
  });
});
