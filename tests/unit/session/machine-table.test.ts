import { describe, expect, it } from 'vitest';
import { type SessionEvent, type Transition, transition } from '@/lib/session/machine';
import type { Problem } from '@/lib/session/problem';
import { type Listed, newSession, type Session } from '@/lib/session/session';
import {
  activityOf,
  client,
  type Draft,
  error,
  frozen,
  late,
  listed,
  MINUTE,
  page,
  replyOf,
  sample,
  settled,
  started,
  T0,
  tokenReport,
  wireToken,
} from '../fakes/make';

const AT = T0 + 10_000;
const GONE: Problem = { kind: 'gone', message: 'The tab was closed.' };
const SILENT: Problem = { kind: 'timeout', message: 'No answer.' };
const CANDIDATE = client({ ref: 4, state: 'not-initialised' });

type Script = (session: Session) => Session;
const after = (session: Session, event: SessionEvent): Session => transition(session, event).session;
const says =
  (at: number, ...drafts: Draft[]): Script =>
  (session) =>
    after(session, {
      at,
      type: 'reply',
      reply: replyOf('doc-1', session.document === 'doc-1' ? session.cursor : 0, at, drafts),
      target: null,
    });
const asks =
  (id: string, at: number): Script =>
  (session) =>
    after(session, { at, type: 'run', id, operation: 'regenerateUUID', args: {}, anyway: false, deadline: 10_000 });
const through = (...scripts: Script[]): Session => scripts.reduce((session, script) => script(session), newSession(7, false, T0));

/** An operation that ended before, so that `last` is there. */
const attach: Script[] = [
  says(T0 + 100, page(), sample('uuid-1')),
  asks('op-0', T0 + 200),
  says(T0 + 300, settled('op-0', { how: 'missing' })),
];
const TOKENS: Record<string, Script[]> = {
  none: [],
  known: [says(T0 + 400, tokenReport(wireToken(T0 + 10 * MINUTE)))],
  stale: [says(T0 + 400, tokenReport(wireToken(T0 + 10 * MINUTE))), says(T0 + 500, sample('uuid-0')), says(T0 + 500, sample('uuid-1'))],
};
const ACTIVITIES: Record<string, Script[]> = {
  idle: [],
  running: [asks('op-1', T0 + 9000)],
  started: [asks('op-1', T0 + 9000), says(T0 + 9500, started('op-1'))],
  checking: [asks('op-1', T0 + 9000), says(T0 + 9500, started('op-1')), says(T0 + 9900, settled('op-1'))],
};

interface Row {
  readonly name: string;
  readonly column: string;
  readonly token: string;
  readonly session: Session;
}
const bare = (name: string, column: string, ...scripts: Script[]): Row => ({
  name,
  column,
  token: 'none',
  session: frozen(through(...scripts)),
});
const STAGES: Row[] = [
  bare('unreachable', 'unreachable', ...attach, (session) => after(session, { at: T0 + 600, type: 'lost', problem: GONE })),
  bare('searching', 'searching', says(T0 + 100, page([]))),
  bare('searching with candidate', 'searching', says(T0 + 100, page([CANDIDATE]))),
  bare('absent', 'absent', says(T0 + 100, page([], true))),
  bare('absent with candidate', 'absent', says(T0 + 100, page([CANDIDATE], true))),
  ...Object.entries(ACTIVITIES).flatMap(([activity, acts]) =>
    Object.entries(TOKENS).map(([token, reads]) => ({
      ...bare(`attached, ${activity}, token ${token}`, activity, ...attach, ...reads, ...acts),
      token,
    })),
  ),
];

it('the table has every stage', () => {
  expect(STAGES.map(({ session }) => activityOf(session))).toEqual(STAGES.map(({ column }) => column));
  expect(STAGES).toHaveLength(17);
  for (const { session, token, name } of STAGES) {
    const { stage } = session;
    if (stage.phase === 'attached')
      expect([stage.token.kind, stage.token.kind === 'known' && stage.token.stale]).toEqual([
        token === 'none' ? 'none' : 'known',
        token === 'stale',
      ]);
    else if (stage.phase !== 'unreachable') expect(stage.candidate).toEqual(name.endsWith('candidate') ? CANDIDATE : null);
  }
});

const reply =
  (...drafts: Draft[]) =>
  (session: Session): SessionEvent => ({ at: AT, type: 'reply', reply: replyOf('doc-1', session.cursor, AT, drafts), target: null });
const run = (id: string) => (): SessionEvent => ({
  at: AT,
  type: 'run',
  id,
  operation: 'regenerateUUID',
  args: {},
  anyway: false,
  deadline: 10_000,
});
const other = (document: string, origin: string) => (): SessionEvent => ({
  at: AT,
  type: 'reply',
  reply: replyOf(document, 0, AT, [], origin),
  target: null,
});

const lists =
  (...documents: Listed[]) =>
  (): SessionEvent => ({ at: AT, type: 'listed', documents, beyond: { foreign: 0, twins: 0 } });

/**
 * Event → what comes of it in each column: the activity (or phase), the verdict of an operation that it ended, and the
 * effects. `=`: the stage stays what it was. `alarm^ badge^`: only where a token was known.
 */
const COLUMNS = ['unreachable', 'searching', 'absent', 'idle', 'running', 'started', 'checking'] as const;
type Cells = readonly [string, string, string, string, string, string, string];
const GONE_OPERATION = 'interrupted:document-gone alarm^ badge^';
const ended = (phase: string): Cells => [
  phase,
  phase,
  phase,
  `${phase} alarm^ badge^`,
  `${phase} ${GONE_OPERATION}`,
  `${phase} ${GONE_OPERATION}`,
  `${phase} ${GONE_OPERATION}`,
];
const STAYS: Cells = ['=', '=', '=', '=', '=', '=', '='];
/** An answer from a page that could not be reached. */
const REACHED: Cells = ['searching', '=', '=', '=', '=', '=', '='];
const TABLE: Record<string, { readonly event: (session: Session) => SessionEvent; readonly cells: Cells }> = {
  access: { event: () => ({ at: AT, type: 'access', access: 'panel' }), cells: STAYS },
  'reply with nothing': { event: reply(), cells: REACHED },
  'reply: page with the client': { event: reply(page()), cells: ['idle', 'idle', 'idle', '=', '=', '=', '='] },
  'reply: page without client': { event: reply(page([])), cells: ended('searching') },
  'reply: page with a candidate': { event: reply(page([CANDIDATE])), cells: ended('searching') },
  'reply: page absent': { event: reply(page([], true)), cells: ended('absent') },
  'reply: page with another client': { event: reply(page([client({ ref: 2 })])), cells: ended('idle') },
  'reply: sample, same': { event: reply(sample('uuid-1')), cells: REACHED },
  'reply: sample, new UUID': { event: reply(sample('uuid-2')), cells: ['searching', '=', '=', 'idle', 'running', 'started', 'checking'] },
  'reply: sample of another client': { event: reply(sample('uuid-2', { client: 9 })), cells: REACHED },
  'reply: token': {
    event: reply(tokenReport(wireToken(T0 + 20 * MINUTE))),
    cells: ['searching', '=', '=', 'idle alarm badge', 'running alarm badge', 'started alarm badge', 'checking alarm badge'],
  },
  'reply: token near its end': {
    event: reply(tokenReport(wireToken(T0 + 30_000))),
    // Nearer than alarms are: a timer carries it, where none is due before.
    cells: ['searching', '=', '=', 'idle alarm badge wake', 'running alarm badge', 'started alarm badge', 'checking alarm badge'],
  },
  'reply: token without expiry': {
    event: reply(tokenReport(wireToken(null))),
    cells: ['searching', '=', '=', 'idle alarm^ badge^', 'running alarm^ badge^', 'started alarm^ badge^', 'checking alarm^ badge^'],
  },
  'reply: token not read': {
    event: reply(tokenReport(null, { how: 'error', error: error() })),
    cells: ['searching', '=', '=', 'idle', 'running', 'started', 'checking'],
  },
  'reply: no token, said so': {
    event: reply(tokenReport(null, { none: true })),
    cells: ['searching', '=', '=', 'idle alarm^ badge^', 'running alarm^ badge^', 'started alarm^ badge^', 'checking alarm^ badge^'],
  },
  'reply: token of another client': { event: reply(tokenReport(wireToken(T0 + 20 * MINUTE), { client: 9 })), cells: REACHED },
  'reply: started': { event: reply(started('op-1')), cells: ['searching', '=', '=', '=', 'started', '=', '='] },
  'reply: started, another id': { event: reply(started('op-9')), cells: REACHED },
  'reply: settled with success': {
    event: reply(settled('op-1')),
    cells: ['searching', '=', '=', '=', 'checking wake', 'checking wake', '='],
  },
  'reply: settled with error': {
    event: reply(settled('op-1', { how: 'error', error: error() })),
    cells: ['searching', '=', '=', '=', 'checking wake', 'checking wake', '='],
  },
  'reply: settled, no method': {
    event: reply(settled('op-1', { how: 'missing' })),
    cells: ['searching', '=', '=', '=', 'idle unavailable:no-method', 'idle unavailable:no-method', '='],
  },
  'reply: settled, another id': { event: reply(settled('op-9')), cells: REACHED },
  'reply: settled, an ended id': { event: reply(settled('op-0')), cells: REACHED },
  'reply: new UUID and token': {
    event: reply(sample('uuid-2'), tokenReport(wireToken(T0 + 20 * MINUTE))),
    cells: ['searching', '=', '=', 'idle alarm badge', 'running alarm badge', 'started alarm badge', 'idle done alarm badge'],
  },
  'reply: all in one': {
    event: reply(started('op-1'), settled('op-1'), sample('uuid-2'), tokenReport(wireToken(T0 + 20 * MINUTE))),
    cells: ['searching', '=', '=', 'idle alarm badge', 'idle done alarm badge', 'idle done alarm badge', 'idle done alarm badge'],
  },
  'reply: late': { event: reply(late('op-0')), cells: REACHED },
  'reply from a new document, same origin': { event: other('doc-2', 'https://shop.example'), cells: ended('searching') },
  'reply from another origin': {
    event: other('doc-3', 'https://other.example'),
    cells: [
      'searching',
      'searching',
      'searching',
      'searching alarm^ badge^',
      'searching interrupted:document-gone alarm^ badge^',
      'searching interrupted:document-gone alarm^ badge^',
      'searching interrupted:document-gone alarm^ badge^',
    ],
  },
  'reply of a document that is not shown': {
    event: () => ({ at: AT, type: 'reply', reply: replyOf('doc-9', 0, AT, [page(), sample('uuid-9')]), target: 'doc-9' }),
    cells: STAYS,
  },
  'listed: nothing': { event: lists(), cells: STAYS },
  'listed: an SDK in the top frame': { event: lists(listed('doc-1', null), listed('doc-f1', 'f1')), cells: STAYS },
  'listed: an SDK in a frame alone': {
    event: lists(listed('doc-1', null, []), listed('doc-f1', 'f1')),
    cells: ['searching', 'searching', 'searching', '=', '=', '=', '='],
  },
  'choose, what is not there': { event: () => ({ at: AT, type: 'choose', document: 'doc-9', ref: 1 }), cells: STAYS },
  lost: { event: () => ({ at: AT, type: 'lost', problem: GONE }), cells: ended('unreachable') },
  silent: { event: () => ({ at: AT, type: 'silent', problem: SILENT }), cells: STAYS },
  'run, a new id': {
    event: run('op-2'),
    cells: ['= refuse', '= refuse', '= refuse', 'running send wake', '= refuse', '= refuse', '= refuse'],
  },
  'run, the id that runs': { event: run('op-1'), cells: ['= refuse', '= refuse', '= refuse', 'running send wake', '= send', '=', '='] },
  read: { event: () => ({ at: AT, type: 'read' }), cells: ['= send', '= send', '= send', '= send', '= send', '= send', '= send'] },
  alarm: {
    event: () => ({ at: AT, type: 'alarm' }),
    // Reads first: the badge comes with what the reading brings; and once more, where no answer comes.
    cells: ['=', '=', '=', '= send alarm^', '= send alarm^', '= send alarm^', '= send alarm^'],
  },
  'tick, too early': { event: () => ({ at: AT, type: 'tick' }), cells: ['=', '=', '=', '=', '= wake', '= wake', '= wake'] },
  'tick, next reading': {
    event: () => ({ at: T0 + 10_100, type: 'tick' }),
    cells: ['=', '=', '=', '=', '= wake', '= wake', 'checking send wake'],
  },
  'tick, long after': {
    event: () => ({ at: T0 + 60_000, type: 'tick' }),
    cells: ['=', '=', '=', '=', 'idle interrupted:never-started', 'idle timed-out:page-silent', 'idle refused send'],
  },
};

/** What came of it, in the table's own words. What the history is told is `trace.test.ts`'s matter. */
function told(before: Session, { session, effects }: Transition): string {
  const fresh =
    session.last !== null && session.last.id !== before.last?.id
      ? [session.last.verdict + (session.last.note ? `:${session.last.note}` : '')]
      : [];
  return [activityOf(session), ...fresh, ...effects.map(({ type }) => type).filter((type) => type !== 'note')].join(' ');
}

describe.each(Object.entries(TABLE))('%s', (_event, { event, cells }) => {
  it.each(STAGES)('$name', ({ session, column, token }) => {
    const cell = cells[COLUMNS.indexOf(column as (typeof COLUMNS)[number])] ?? '';
    const expected = cell
      .replace(/^=/, column)
      .split(' ')
      .filter((word) => token !== 'none' || !word.endsWith('^'))
      .map((word) => word.replace('^', ''))
      .join(' ');
    const next = transition(session, frozen(event(session)));
    expect(told(session, next)).toBe(expected);
    if (cell.startsWith('=')) {
      const { stage } = next.session;
      if (stage.phase !== 'attached' || session.stage.phase !== 'attached') expect(stage).toEqual(session.stage);
      else
        expect({ ...stage, activity: null, customer: null, client: null }).toEqual({
          ...session.stage,
          activity: null,
          customer: null,
          client: null,
        });
    }
  });
});
