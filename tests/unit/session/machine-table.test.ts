import { describe, expect, it } from 'vitest';
import type { Captured } from '@/lib/network/request';
import type { OperationName } from '@/lib/sdk/operations';
import { type SessionEvent, type Transition, transition } from '@/lib/session/machine';
import type { Problem } from '@/lib/session/problem';
import { lastOutcome } from '@/lib/session/run';
import { DEFAULT_POLICY, type Listed, newSession, type Session } from '@/lib/session/session';
import { stateOf as nameOf, STATES } from '@/lib/session/states';
import {
  activityOf,
  client,
  type Draft,
  error,
  frozen,
  late,
  listed,
  MINUTE,
  ORIGIN,
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
const SECOND = client({ ref: 5, place: 'Second.Client' });
/** A client whose `destroySession` reloads the page. */
const WEB = client({ ref: 3, dialect: 'web', place: 'SR', version: null });

type Script = (session: Session) => Session;
const after = (session: Session, event: SessionEvent): Session => transition(session, event).session;
const saysOf =
  (document: string) =>
  (at: number, ...drafts: Draft[]): Script =>
  (session) =>
    after(session, {
      at,
      type: 'reply',
      reply: replyOf(document, session.page.document === document ? session.page.cursor : 0, at, drafts),
      target: null,
    });
const says = saysOf('doc-1');
const asks =
  (id: string, at: number, operation: OperationName = 'regenerateUUID'): Script =>
  (session) =>
    after(session, { at, type: 'run', id, operation, args: {}, anyway: false, deadline: 10_000 });
const through = (...scripts: Script[]): Session => scripts.reduce((session, script) => script(session), newSession(7, false, T0));

/** Includes an operation that ended, so that there is a last outcome. */
const attach: Script[] = [
  says(T0 + 100, page([client(), SECOND]), sample('uuid-1')),
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
/** An operation whose page is gone, and whose SDK has not loaded again. */
const carry = (...drafts: Draft[]): Script[] => [
  saysOf('doc-0')(T0 + 100, page([WEB]), sample('uuid-1')),
  asks('op-1', T0 + 9000, 'destroySession'),
  saysOf('doc-0')(T0 + 9500, started('op-1'), ...drafts),
  says(T0 + 9900, page([])),
];

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
  bare('carried', 'carried', ...carry()),
  bare('carried, answered', 'carried', ...carry(settled('op-1'))),
];
/** The session's activity, with a carried operation. */
const stateOf = (session: Session): string => {
  const state = activityOf(session);
  return !session.runs.carried ? state : state === 'searching' ? 'carried' : `carried+${state}`;
};

it('the table has every stage', () => {
  expect(STAGES.map(({ session }) => stateOf(session))).toEqual(STAGES.map(({ column }) => column));
  expect(STAGES).toHaveLength(19);
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
  (session: Session): SessionEvent => ({ at: AT, type: 'reply', reply: replyOf('doc-1', session.page.cursor, AT, drafts), target: null });
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
  (): SessionEvent => ({ at: AT, type: 'listed', documents, beyond: [] });
const FRAMES = lists(listed('doc-1', null), listed('doc-f1', 'f1'));
const seen = (key: string, via: Captured['via']) => (): SessionEvent => ({
  at: AT,
  type: 'requests',
  requests: [
    {
      key,
      at: AT - 100,
      via,
      endedAt: AT,
      method: 'POST',
      host: 'api.snrs.it',
      path: '/v4/auth/login/client/anonymous',
      purpose: 'anonymous-login',
      status: 200,
      problem: null,
      bearer: null,
      gave: null,
      uuid: null,
      size: 100,
    },
  ],
});
const choose = (document: string, ref: number) => (): SessionEvent => ({ at: AT, type: 'choose', document, ref });

/**
 * Event → its result in each column: the activity (or phase), the verdict of an operation that it ended, and the
 * effects. `=`: the stage is unchanged. `alarm^ badge^`: only if a token was known.
 */
const COLUMNS = ['unreachable', 'searching', 'absent', 'idle', 'running', 'started', 'checking', 'carried'] as const;
type Cells = readonly [string, string, string, string, string, string, string, string];
interface Happening {
  /** An event that precedes the tested one in each stage. */
  readonly first?: (session: Session) => SessionEvent;
  readonly event: (session: Session) => SessionEvent;
  readonly cells: Cells;
  /** Other properties of the resulting session. */
  readonly has?: object;
}
const GONE_OPERATION = 'interrupted:document-gone alarm^ badge^';
const ended = (phase: string, carried = `carried+${phase}`): Cells => [
  phase,
  phase,
  phase,
  `${phase} alarm^ badge^`,
  `${phase} ${GONE_OPERATION}`,
  `${phase} ${GONE_OPERATION}`,
  `${phase} ${GONE_OPERATION}`,
  carried,
];
const STAYS: Cells = ['=', '=', '=', '=', '=', '=', '=', '='];
/** A reply from a page that could not be reached. */
const REACHED: Cells = ['searching', '=', '=', '=', '=', '=', '=', '='];
const TABLE = {
  access: { event: () => ({ at: AT, type: 'access', access: 'panel' }), cells: STAYS, has: { tab: { access: 'panel' } } },
  'reply with nothing': { event: reply(), cells: REACHED },
  'reply: page with the client': { event: reply(page()), cells: ['idle', 'idle', 'idle', '=', '=', '=', '=', 'carried'] },
  'reply: page without client': { event: reply(page([])), cells: ended('searching', 'carried') },
  'reply: page with a candidate': { event: reply(page([CANDIDATE])), cells: ended('searching', 'carried') },
  'reply: page absent': { event: reply(page([], true)), cells: ended('absent') },
  'reply: page with another client': { event: reply(page([client({ ref: 2 })])), cells: ended('idle', 'carried') },
  'reply: page with the client that reloaded it': {
    event: reply(page([WEB])),
    cells: ended('idle', 'checking wake'),
  },
  'reply: sample, same': { event: reply(sample('uuid-1')), cells: REACHED },
  'reply: sample, new UUID': {
    event: reply(sample('uuid-2')),
    cells: ['searching', '=', '=', 'idle', 'running', 'started', 'checking', '='],
  },
  'reply: sample of another client': { event: reply(sample('uuid-2', { client: 9 })), cells: REACHED },
  'reply: token': {
    event: reply(tokenReport(wireToken(T0 + 20 * MINUTE))),
    cells: ['searching', '=', '=', 'idle alarm badge', 'running alarm badge', 'started alarm badge', 'checking alarm badge', '='],
  },
  'reply: token near its end': {
    event: reply(tokenReport(wireToken(T0 + 30_000))),
    // Too soon for an alarm: a timer is used if none is due earlier.
    cells: ['searching', '=', '=', 'idle alarm badge wake', 'running alarm badge', 'started alarm badge', 'checking alarm badge', '='],
  },
  'reply: token without expiry': {
    event: reply(tokenReport(wireToken(null))),
    cells: ['searching', '=', '=', 'idle alarm^ badge^', 'running alarm^ badge^', 'started alarm^ badge^', 'checking alarm^ badge^', '='],
  },
  'reply: token not read': {
    event: reply(tokenReport(null, { how: 'error', error: error() })),
    cells: ['searching', '=', '=', 'idle', 'running', 'started', 'checking', '='],
  },
  'reply: no token, said so': {
    event: reply(tokenReport(null, { none: true })),
    cells: ['searching', '=', '=', 'idle alarm^ badge^', 'running alarm^ badge^', 'started alarm^ badge^', 'checking alarm^ badge^', '='],
  },
  'reply: token of another client': { event: reply(tokenReport(wireToken(T0 + 20 * MINUTE), { client: 9 })), cells: REACHED },
  'reply: started': { event: reply(started('op-1')), cells: ['searching', '=', '=', '=', 'started', '=', '=', '='] },
  'reply: started, another id': { event: reply(started('op-9')), cells: REACHED },
  'reply: settled with success': {
    event: reply(settled('op-1')),
    cells: ['searching', '=', '=', '=', 'checking wake', 'checking wake', '=', '='],
  },
  'reply: settled with error': {
    event: reply(settled('op-1', { how: 'error', error: error() })),
    cells: ['searching', '=', '=', '=', 'checking wake', 'checking wake', '=', '='],
  },
  'reply: settled, no method': {
    event: reply(settled('op-1', { how: 'missing' })),
    cells: ['searching', '=', '=', '=', 'idle unavailable:no-method', 'idle unavailable:no-method', '=', '='],
  },
  'reply: settled, another id': { event: reply(settled('op-9')), cells: REACHED },
  'reply: settled, an ended id': { event: reply(settled('op-0')), cells: REACHED },
  'reply: new UUID and token': {
    event: reply(sample('uuid-2'), tokenReport(wireToken(T0 + 20 * MINUTE))),
    cells: ['searching', '=', '=', 'idle alarm badge', 'running alarm badge', 'started alarm badge', 'idle done alarm badge', '='],
  },
  'reply: all in one': {
    event: reply(started('op-1'), settled('op-1'), sample('uuid-2'), tokenReport(wireToken(T0 + 20 * MINUTE))),
    cells: ['searching', '=', '=', 'idle alarm badge', 'idle done alarm badge', 'idle done alarm badge', 'idle done alarm badge', '='],
  },
  'reply: edited': {
    event: reply({ kind: 'edited', id: 'edit-1', undo: [], failed: [] }),
    cells: [
      'searching storage-edited',
      '= storage-edited',
      '= storage-edited',
      '= storage-edited',
      '= storage-edited',
      '= storage-edited',
      '= storage-edited',
      '= storage-edited',
    ],
  },
  'reply: late': { event: reply(late('op-0')), cells: REACHED },
  'reply from a new document, same origin': {
    event: other('doc-2', 'https://shop.example'),
    // An operation that the previous page may not have received waits for confirmation.
    cells: ended('searching', 'carried').with(4, 'carried alarm^ badge^ wake') as unknown as Cells,
  },
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
      'searching interrupted:document-gone',
    ],
  },
  'reply of a document that is not shown': {
    event: () => ({ at: AT, type: 'reply', reply: replyOf('doc-9', 0, AT, [page(), sample('uuid-9')]), target: 'doc-9' }),
    cells: STAYS,
  },
  'listed: nothing': { event: lists(), cells: STAYS },
  'listed: an SDK in the top frame': { event: FRAMES, cells: STAYS },
  'listed: an SDK in a frame alone': {
    event: lists(listed('doc-1', null, []), listed('doc-f1', 'f1')),
    cells: ['searching', 'searching', 'searching', '=', '=', '=', '=', '='],
  },
  'choose, what is not there': { event: choose('doc-9', 1), cells: STAYS },
  'choose, what is shown': { event: choose('doc-1', 1), cells: STAYS },
  'choose, another client of the document': {
    event: choose('doc-1', 5),
    cells: ['=', '=', '=', 'idle send alarm^ badge^', '=', '=', '=', '='],
  },
  'choose, a client in a frame': {
    first: FRAMES,
    event: choose('doc-f1', 1),
    cells: ['=', 'searching', 'searching', 'searching alarm^ badge^', '=', '=', '=', 'searching interrupted:document-gone'],
  },
  lost: { event: () => ({ at: AT, type: 'lost', problem: GONE }), cells: ended('unreachable') },
  silent: { event: () => ({ at: AT, type: 'silent', problem: SILENT }), cells: STAYS, has: { page: { silence: SILENT } } },
  closed: { event: () => ({ at: AT, type: 'closed' }), cells: ended('unreachable'), has: { tab: { access: 'none', closedAt: AT } } },
  asleep: {
    event: () => ({ at: AT, type: 'asleep', why: 'discarded' }),
    // The page cannot be asked, so no alarm is due.
    cells: ['=', '=', '=', '= alarm^ badge^', '= alarm^ badge^', '= alarm^ badge^', '= alarm^ badge^', '='],
    has: { tab: { asleep: 'discarded', alarmAt: null } },
  },
  jar: { event: () => ({ at: AT, type: 'jar', origin: ORIGIN, cookies: [] }), cells: STAYS, has: { visit: { jar: [] } } },
  'jar, of another site': {
    event: () => ({ at: AT, type: 'jar', origin: 'https://other.example', cookies: [] }),
    cells: STAYS,
    has: { visit: { jar: null } },
  },
  cookie: {
    event: () => ({ at: AT, type: 'cookie', news: { name: '_snrs_uuid', removed: true, uuid: null, cause: 'explicit' } }),
    cells: STAYS,
    has: { visit: { cookieNews: [{ at: AT, name: '_snrs_uuid' }] } },
  },
  'policy, the same': { event: () => ({ at: AT, type: 'policy', policy: DEFAULT_POLICY }), cells: STAYS },
  'policy, a longer lead': {
    event: () => ({ at: AT, type: 'policy', policy: { ...DEFAULT_POLICY, lead: 15 * MINUTE } }),
    cells: ['=', '=', '=', '= alarm^ badge^', '= alarm^ badge^', '= alarm^ badge^', '= alarm^ badge^', '='],
    has: { policy: { lead: 15 * MINUTE } },
  },
  'observed, from here on': { event: () => ({ at: AT, type: 'observed', observed: true }), cells: STAYS, has: { tab: { observed: true } } },
  'observed, no longer': {
    first: () => ({ at: AT, type: 'observed', observed: true }),
    event: () => ({ at: AT, type: 'observed', observed: false }),
    cells: STAYS,
    has: { tab: { observed: false }, visit: { unseenSince: AT } },
  },
  // An operation that reloads the page ends by its own report.
  'unsent, to a page that never had it': { event: () => ({ at: AT, type: 'unsent', id: 'op-1', surely: true }), cells: STAYS },
  'unsent, or nobody knows': { event: () => ({ at: AT, type: 'unsent', id: 'op-1', surely: false }), cells: STAYS },
  requests: { event: seen('r1', 'page'), cells: STAYS, has: { tab: { captured: [{ key: 'r1', same: null }] } } },
  'requests, seen the other way too': {
    first: seen('r1', 'page'),
    event: seen('r2', 'devtools'),
    cells: ['= same', '= same', '= same', '= same', '= same', '= same', '= same', '= same'],
    has: { tab: { captured: [{ key: 'r1', same: 'r2' }] } },
  },
  'edit-storage': {
    event: () => ({ at: AT, type: 'edit-storage', id: 'edit-1', origin: ORIGIN, changes: [] }),
    cells: ['= send', '= send', '= send', '= send', '= send', '= send', '= send', '= send'],
  },
  'run, a new id': {
    event: run('op-2'),
    cells: ['= refuse', '= refuse', '= refuse', 'running send wake', '= refuse', '= refuse', '= refuse', '= refuse'],
  },
  'run, the id that runs': {
    event: run('op-1'),
    cells: ['= refuse', '= refuse', '= refuse', 'running send wake', '= send', '=', '=', '='],
  },
  read: {
    event: () => ({ at: AT, type: 'read' }),
    cells: ['= send', '= send', '= send', '= send', '= send', '= send', '= send', '= send'],
  },
  alarm: {
    event: () => ({ at: AT, type: 'alarm' }),
    // The alarm reads first: the badge follows with the result, and the alarm is repeated if there is no reply.
    cells: ['=', '=', '=', '= send alarm^', '= send alarm^', '= send alarm^', '= send alarm^', '='],
  },
  'unanswered, and not asked': { event: () => ({ at: AT, type: 'unanswered' }), cells: STAYS },
  'unanswered, after the alarm': {
    first: () => ({ at: AT, type: 'alarm' }),
    event: () => ({ at: AT, type: 'unanswered' }),
    cells: ['=', '=', '=', '= alarm^ badge^', '= alarm^ badge^', '= alarm^ badge^', '= alarm^ badge^', '='],
  },
  'navigated, to another site': {
    event: () => ({ at: AT, type: 'navigated', origin: 'https://other.example' }),
    cells: [
      'searching',
      'searching',
      'searching',
      'searching alarm^ badge^',
      'searching interrupted:document-gone alarm^ badge^',
      'searching interrupted:document-gone alarm^ badge^',
      'searching interrupted:document-gone alarm^ badge^',
      'searching interrupted:document-gone',
    ],
    has: { tab: { site: 'https://other.example', target: null }, visit: { origin: null }, page: { document: null } },
  },
  'navigated, within the site': {
    event: () => ({ at: AT, type: 'navigated', origin: ORIGIN }),
    cells: ['=', '=', '=', '=', '=', '=', '=', '='],
  },
  markup: {
    event: ({ page: { document } }) => ({
      at: AT,
      type: 'markup',
      document: document ?? '',
      markup: { idle: [], cookies: ['_snrs_uuid=1'], scripts: [], inits: [], keys: [] },
    }),
    cells: ['=', '=', '=', '=', '=', '=', '=', '='],
    has: { page: { cookies: ['_snrs_uuid=1'], scripts: [], inits: [], keys: [] } },
  },
  'tick, too early': { event: () => ({ at: AT, type: 'tick' }), cells: ['=', '=', '=', '=', '= wake', '= wake', '= wake', '= wake'] },
  'tick, next reading': {
    event: () => ({ at: T0 + 10_100, type: 'tick' }),
    cells: ['=', '=', '=', '=', '= wake', '= wake', 'checking send wake', '= wake'],
  },
  'tick, long after': {
    event: () => ({ at: T0 + 60_000, type: 'tick' }),
    cells: [
      '=',
      '=',
      '=',
      '=',
      'idle interrupted:never-started',
      'idle timed-out:page-silent',
      'idle refused send',
      'searching interrupted:document-gone',
    ],
  },
} satisfies Record<string, Happening>;

/** Rows are named by the type of their event, plus what distinguishes it from others of that type. */
type Named<T extends string> = T | `${T}${' ' | ':' | ','}${string}`;
type EventType = SessionEvent['type'];
type WithoutRow = { [T in EventType]: Extract<keyof typeof TABLE, Named<T>> extends never ? T : never }[EventType];

it('the table has every event', () => {
  const without: Record<WithoutRow, never> = {};
  expect(without).toEqual({});
});

/** The result in the table's notation. History entries are tested in `history/generations.test.ts`. */
function told(before: Session, { session, effects }: Transition): string {
  const last = lastOutcome(session.runs);
  const fresh = last && last.id !== lastOutcome(before.runs)?.id ? [last.verdict + (last.note ? `:${last.note}` : '')] : [];
  return [stateOf(session), ...fresh, ...effects.map(({ type }) => type).filter((type) => type !== 'note' && type !== 'detail')].join(' ');
}

/** The state changes that the table caused. */
const gone = new Set<string>();

describe.each(Object.entries<Happening>(TABLE))('%s', (name, { first, event, cells, has = {} }) => {
  it.each(STAGES)('$name', ({ session: staged, column, token }) => {
    const session = first ? frozen(after(staged, first(staged))) : staged;
    const cell = cells[COLUMNS.indexOf(column as (typeof COLUMNS)[number])] ?? '';
    const expected = cell
      .replace(/^=/, column)
      .split(' ')
      .filter((word) => token !== 'none' || !word.endsWith('^'))
      .map((word) => word.replace('^', ''))
      .join(' ');
    const happening = frozen(event(session));
    expect(happening.type).toBe(name.split(/[ :,]/)[0]);
    const next = transition(session, happening);
    gone.add(`${nameOf(session)} → ${nameOf(next.session)}`);
    expect(told(session, next)).toBe(expected);
    expect(next.session).toMatchObject(has);
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

it('changes states only as lib/session/states.ts lists', () => {
  const ways = Object.entries(STATES).flatMap(([from, tos]) => Object.keys(tos).map((to) => `${from} → ${to}`));
  expect([...gone].filter((way) => !ways.includes(way) && new Set(way.split(' → ')).size > 1)).toEqual([]);
  // These take more than one event: tests/unit/session/machine-properties.test.ts and reloads.test.ts cover them.
  const longer = ['carried → absent', 'carried → idle', 'carried → running', 'carried → unreachable', 'checking → carried'];
  expect(ways.filter((way) => !gone.has(way)).sort()).toEqual(longer);
});
