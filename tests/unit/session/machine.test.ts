import { describe, expect, it } from 'vitest';
import type { Effect } from '@/lib/session/machine';
import type { Problem } from '@/lib/session/problem';
import { lastOutcome } from '@/lib/session/run';
import type { Stage } from '@/lib/session/session';
import {
  activityOf,
  client,
  type Draft,
  error,
  late,
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
import { attached, type Story, sends, story, withLast } from '../fakes/story';

const LOST: Problem = { kind: 'access', message: 'No access.' };

describe('documents', () => {
  it('a new document of the same origin continues the session', () => {
    const made = attached();
    made.says(T0 + 1000, [], 'doc-2');
    expect(made.session).toMatchObject({
      page: { document: 'doc-2', cursor: 0 },
      history: { documents: 2, since: T0 },
      visit: { origin: ORIGIN },
    });
  });

  it("another origin ends the session, and keeps the tab's data", () => {
    const made = attached();
    made.tell({ at: T0 + 10, type: 'access', access: 'visit' });
    made.run('op-1', T0 + 20);
    made.says(T0 + 1000, [], 'doc-2', 'https://other.example');
    expect(withLast(made.session)).toMatchObject({
      tab: { id: 7, access: 'visit', alarmAt: null },
      visit: { origin: 'https://other.example' },
      page: { document: 'doc-2' },
      history: { documents: 1, since: T0 + 1000, seeded: null }, // The interrupted operation is reported on the next site, too.
      last: { id: 'op-1', verdict: 'interrupted', note: 'document-gone' },
      stage: { phase: 'searching', candidate: null },
    });
  });

  it('a reply of the site that the tab has left is ignored, and one of the next site is not', () => {
    const made = attached();
    made.tell({ at: T0 + 10, type: 'navigated', origin: 'https://other.example' });
    const old = { type: 'reply', reply: replyOf('doc-1', 3, T0, [sample('late')]), target: null, nth: 0 } as const;
    const before = made.session;
    made.tell({ at: T0 + 20, ...old });
    expect(made.session).toEqual(before);
    // Sent before the tab left, and answered by the next page.
    made.tell({ at: T0 + 30, ...old, reply: replyOf('doc-2', 0, T0, [page(), sample('next')], 'https://other.example') });
    expect(made.session).toMatchObject({ history: { nth: 1 }, visit: { origin: 'https://other.example' } });
    made.tell({ at: T0 + 40, ...old });
    expect(made.stage.customer.uuid).toBe('next');
    // The tab is back, which the browser has not reported.
    made.tell({ at: T0 + 50, ...old, nth: 1 });
    expect(made.session).toMatchObject({ history: { nth: 2 }, visit: { origin: ORIGIN } });
  });

  it('each report is applied once', () => {
    const made = attached();
    const reply = replyOf('doc-1', 0, T0, [page(), sample('uuid-1'), tokenReport(wireToken(T0 + 10 * MINUTE))]);
    const again = made.tell({
      at: T0 + 50,
      type: 'reply',
      reply: { ...reply, reports: reply.reports.map((report) => (report.kind === 'sample' ? { ...report, uuid: 'replayed' } : report)) },
      target: null,
    });
    expect(again.session).toEqual(made.session);
    expect(made.stage.customer.uuid).toBe('uuid-1');
    expect(made.session.page.cursor).toBe(3);
  });

  it('the clock offset stays until it changes by more than a second', () => {
    const made = story();
    made.says(T0, [], 'doc-1', ORIGIN, { pageNow: T0 + 5000 });
    expect(made.session.visit.clockOffset).toBe(5000);
    made.says(T0, [], 'doc-1', ORIGIN, { pageNow: T0 + 6000 });
    expect(made.session.visit.clockOffset).toBe(5000);
    made.says(T0, [], 'doc-1', ORIGIN, { pageNow: T0 + 6001 });
    expect(made.session.visit.clockOffset).toBe(6001);
  });

  it('a reply that was long on its way leaves events at the page’s times, unlike a clock that is really behind', () => {
    const since = (sent: number, arrived: number) => {
      const made = attached();
      made.says(arrived, [sample('uuid-2')], 'doc-1', ORIGIN, { pageNow: sent });
      return made.session.history.spans.uuid?.from;
    };
    expect(since(T0 + 5000, T0 + 5400)).toBe(T0 + 5000);
    expect(since(T0 + 5000, T0 + 9000)).toBe(T0 + 9000);
  });

  it('a silence ends with the next reply, and with the loss of the page', () => {
    const made = attached();
    made.tell({ at: T0, type: 'silent', problem: LOST });
    expect(made.session.page.silence).toEqual(LOST);
    made.says(T0 + 1, []);
    expect(made.session.page.silence).toBeNull();
    made.tell({ at: T0 + 2, type: 'silent', problem: LOST });
    made.tell({ at: T0 + 3, type: 'lost', problem: LOST });
    expect(made.session).toMatchObject({ page: { silence: null }, stage: { phase: 'unreachable', problem: LOST } });
  });

  it('the state is rebuilt from the reports of a document that was lost', () => {
    const made = attached();
    made.tell({ at: T0 + 10, type: 'lost', problem: LOST });
    // The page continues: it returns the reports after the session's own cursor.
    const { cursor } = made.session.page;
    const mailbox = replyOf('doc-1', 0, T0 + 100, [page(), sample('uuid-1'), tokenReport(wireToken(T0 + 10 * MINUTE)), sample('uuid-2')]);
    made.tell({
      at: T0 + 100,
      type: 'reply',
      reply: { ...mailbox, reports: mailbox.reports.filter(({ seq }) => seq > cursor) },
      target: null,
    });
    made.tell({
      at: T0 + 200,
      type: 'reply',
      reply: { ...mailbox, reports: mailbox.reports.filter(({ seq }) => seq > made.session.page.cursor) },
      target: null,
    });
    expect(made.session.stage).toMatchObject({ phase: 'attached', customer: { uuid: 'uuid-2' } });
  });
});

describe('clients', () => {
  it('a shown client stays while another appears', () => {
    const made = story();
    made.says(T0, [page([client({ ref: 2 })]), sample('uuid-2', { client: 2 })]);
    made.says(T0 + 1, [page([client({ ref: 1 }), client({ ref: 2, version: '2.0.0' })])]);
    expect(made.stage).toMatchObject({ client: { ref: 2, version: '2.0.0' }, customer: { uuid: 'uuid-2' } });
  });

  it('the next ready client is shown, without data of the previous one', () => {
    const made = attached();
    made.says(T0 + 1, [page([client({ state: 'not-initialised' }), client({ ref: 3 })])]);
    expect(made.stage).toEqual({
      phase: 'attached',
      client: client({ ref: 3 }),
      customer: { uuid: null, trouble: null, signedIn: null, simpleAuth: null, facts: {}, cookies: [], stored: [] },
      token: { kind: 'none', trouble: null, said: false },
      activity: { kind: 'idle' },
    } satisfies Stage);
  });
});

describe('token', () => {
  it('is stale after a change of the UUID until it is read again', () => {
    const made = attached();
    made.says(T0 + 1, [sample('uuid-2')]);
    expect(made.stage.token).toMatchObject({ kind: 'known', stale: true });
    made.says(T0 + 2, [sample('uuid-2')]);
    expect(made.stage.token).toMatchObject({ stale: true });
    made.says(T0 + 3, [tokenReport(wireToken(T0 + 20 * MINUTE))]);
    expect(made.stage.token).toMatchObject({ stale: false, trouble: null, facts: { expiresAt: T0 + 20 * MINUTE } });
  });

  const failures: [Draft, Problem][] = [
    [
      tokenReport(null, { how: 'error', error: error({ code: 401, message: 'Unauthorized' }) }),
      { kind: 'sdk', code: '401', message: 'Unauthorized' },
    ],
    [tokenReport(null, { how: 'error', error: error({ code: 0, message: 'Zero' }) }), { kind: 'sdk', code: '0', message: 'Zero' }],
    [tokenReport(null, { how: 'rejected', error: error({ code: null, message: 'No' }) }), { kind: 'sdk', message: 'No' }],
    [tokenReport(null, { how: 'threw' }), { kind: 'sdk', message: 'Couldn’t read the token.' }],
    [tokenReport(null, { how: 'deadline' }), { kind: 'timeout', message: 'The SDK didn’t return a token in time.' }],
    [tokenReport(null, { how: 'missing' }), { kind: 'sdk', message: 'This SDK has no method that returns the token.' }],
    [tokenReport(null), { kind: 'sdk', message: 'The SDK returned something that isn’t a token.' }],
  ];
  it.each(failures)('a failed read is recorded next to a known token (%#)', (report, trouble) => {
    const made = attached();
    const before = made.stage.token;
    made.says(T0 + 1, [report]);
    expect(made.stage.token).toEqual({ ...before, trouble });
    expect(made.session.tab.alarmAt).toBe(T0 + 9 * MINUTE);
  });

  it.each(failures)('a failed read is the reason why there is no token (%#)', (report, trouble) => {
    const made = story();
    made.says(T0, [page(), report]);
    expect(made.stage.token).toEqual({ kind: 'none', trouble, said: false });
  });
});

describe('operations', () => {
  it('sends the command with its arguments, and a wake-up after the deadline', () => {
    const made = attached();
    const { effects } = made.run('op-1', T0 + 10, 'regenerateUUIDWithClientIdentifier', { clientIdentifier: 'anna' });
    expect(effects).toEqual([
      {
        type: 'send',
        command: {
          kind: 'run',
          id: 'op-1',
          document: 'doc-1',
          origin: ORIGIN,
          client: 1,
          operation: 'regenerateUUIDWithClientIdentifier',
          args: { clientIdentifier: 'anna' },
          deadline: 10_000,
          notAfter: T0 + 10 + 12_500,
        },
      },
      { type: 'wake', at: T0 + 10 + 13_000 },
    ]);
    expect(made.stage.activity).toMatchObject({
      kind: 'running',
      started: false,
      run: { id: 'op-1', expects: 'new-uuid', seed: 'anna', sameSeed: false, at: T0 + 10 },
    });
  });

  it('compares with the state at the start', () => {
    const made = attached();
    made.run('op-1', T0 + 10);
    made.says(T0 + 20, [sample('uuid-2'), started('op-1'), settled('op-1'), sample('uuid-3'), tokenReport(wireToken(T0 + 11 * MINUTE))]);
    expect(lastOutcome(made.session.runs)).toMatchObject({
      verdict: 'done',
      before: { uuid: 'uuid-2' },
      after: { uuid: 'uuid-3' },
      at: T0 + 10,
      endedAt: T0 + 20,
    });
  });

  it('is done with its answer if only an answer is expected', () => {
    const made = attached();
    made.run('op-1', T0 + 10, 'getUUID');
    made.says(T0 + 20, [started('op-1'), settled('op-1', { value: 'uuid-1', ms: 3 })]);
    expect(lastOutcome(made.session.runs)).toMatchObject({
      id: 'op-1',
      operation: 'getUUID',
      verdict: 'done',
      note: null,
      answer: { how: 'success', value: 'uuid-1', ms: 3 },
    });
    expect(made.stage.activity).toEqual({ kind: 'idle' });
  });

  it('reads again with growing pauses, then is refused', () => {
    const made = attached();
    made.run('op-1', T0);
    made.says(T0, [started('op-1'), settled('op-1')]);
    made.says(T0, [tokenReport(wireToken(T0 + 10 * MINUTE))]);
    const wakes: number[] = [];
    let reads = 0;
    for (let at = T0; activityOf(made.session) === 'checking' && at < T0 + 10_000; at += 100) {
      const { effects } = made.tell({ at, type: 'tick' });
      if (sends(effects).some(({ kind }) => kind === 'read')) {
        reads += 1;
        wakes.push(at - T0);
      }
    }
    expect(wakes).toEqual([200, 700, 1600, 3000]);
    expect(reads).toBe(4);
    expect(lastOutcome(made.session.runs)).toMatchObject({ verdict: 'refused', note: null, endedAt: T0 + 3000 });
  });

  it('runs a ruled-out operation only if that is allowed and requested', () => {
    const made = story();
    made.says(T0, [page(), sample('uuid-1', { signedIn: true })]);
    expect(made.run('op-1', T0 + 1).effects).toEqual([
      { type: 'refuse', id: 'op-1', problem: { kind: 'sdk', code: 'ruled-out', message: expect.stringContaining('anonymous') as string } },
    ]);
    expect(sends(made.run('op-2', T0 + 2, 'regenerateUUID', {}, true).effects)).toHaveLength(1);
    const busy = made.run('op-3', T0 + 3, 'getUUID', {}, true);
    expect(busy.effects.map(({ type }) => type)).toEqual(['refuse']);
    expect(busy.session.stage).toMatchObject({ activity: { run: { id: 'op-2' } } });
  });

  it('is done with the same UUID for the same seed, and explains a refusal to a signed-in customer', () => {
    const made = attached();
    const seeded = { clientIdentifier: 'anna' };
    made.run('op-1', T0, 'regenerateUUIDWithClientIdentifier', seeded);
    made.says(T0 + 1, [started('op-1'), settled('op-1'), sample('uuid-2'), tokenReport(wireToken(T0 + 11 * MINUTE))]);
    expect(made.session.history.seeded).toEqual({ seed: 'anna', uuid: 'uuid-2' });
    made.run('op-2', T0 + 2, 'regenerateUUIDWithClientIdentifier', seeded);
    made.says(T0 + 3, [started('op-2'), settled('op-2'), sample('uuid-2'), tokenReport(wireToken(T0 + 11 * MINUTE))]);
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'op-2', verdict: 'done', note: 'same-uuid' });
    made.says(T0 + 4, [sample('uuid-2', { signedIn: true })]);
    made.run('op-3', T0 + 5, 'regenerateUUIDWithClientIdentifier', { clientIdentifier: 'other' }, true);
    made.says(T0 + 6, [started('op-3'), settled('op-3'), tokenReport(wireToken(T0 + 11 * MINUTE))]);
    made.tell({ at: T0 + 3006, type: 'tick' });
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'op-3', verdict: 'refused', note: 'signed-in' });
  });

  it('records at the start whether the current UUID came from the seed', () => {
    const made = attached();
    const seeded = { clientIdentifier: 'anna' };
    made.run('op-1', T0, 'regenerateUUIDWithClientIdentifier', seeded);
    made.says(T0 + 1, [started('op-1'), settled('op-1'), sample('uuid-2'), tokenReport(wireToken(T0 + 11 * MINUTE))]);
    made.run('op-2', T0 + 2, 'regenerateUUIDWithClientIdentifier', seeded);
    // The page took another UUID meanwhile: keeping that is not a success.
    made.says(T0 + 3, [
      sample('uuid-3'),
      tokenReport(wireToken(T0 + 12 * MINUTE)),
      started('op-2'),
      settled('op-2'),
      tokenReport(wireToken(T0 + 12 * MINUTE)),
    ]);
    made.tell({ at: T0 + 4000, type: 'tick' });
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'op-2', verdict: 'refused' });
  });

  it.each([
    ['never-started', 'interrupted', false],
    ['page-silent', 'timed-out', true],
  ] as const)('ends as %s if the page stops reporting', (note, verdict, begins) => {
    const made = attached();
    made.run('op-1', T0);
    if (begins) made.says(T0 + 10, [started('op-1')]);
    expect(made.tell({ at: T0 + 12_999, type: 'tick' }).effects).toContainEqual({ type: 'wake', at: T0 + 13_000 });
    made.tell({ at: T0 + 13_000, type: 'tick' });
    expect(lastOutcome(made.session.runs)).toMatchObject({ verdict, note, answer: null, endedAt: T0 + 13_000 });
  });

  it('is unavailable if the SDK lacks the method', () => {
    const made = attached();
    made.run('op-1', T0);
    made.says(T0 + 1, [settled('op-1', { how: 'missing' })]);
    expect(lastOutcome(made.session.runs)).toMatchObject({ verdict: 'unavailable', note: 'no-method' });
  });

  it('keeps an error complete, and shows what changed anyway', () => {
    const made = attached();
    made.run('op-1', T0);
    made.says(T0 + 1, [
      started('op-1'),
      settled('op-1', { how: 'error', error: error() }),
      sample('uuid-2'),
      tokenReport(wireToken(T0 + 11 * MINUTE)),
    ]);
    expect(lastOutcome(made.session.runs)).toMatchObject({
      verdict: 'failed',
      answer: { how: 'error', error: error() },
      before: { uuid: 'uuid-1' },
      after: { uuid: 'uuid-2' },
    });
  });

  it('keeps its error if the page is left right afterwards', () => {
    const made = attached();
    made.run('op-1', T0);
    made.says(T0 + 1, [started('op-1'), settled('op-1', { how: 'error', error: error() })]);
    made.says(T0 + 300, [], 'doc-2');
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'op-1', verdict: 'failed', answer: { error: error() } });
  });

  it('records late answers to an ended operation, at most 20', () => {
    const made = attached();
    made.run('op-1', T0, 'getUUID');
    made.says(T0 + 1, [started('op-1'), settled('op-1')]);
    made.says(T0 + 2, [late('op-9')]);
    expect(lastOutcome(made.session.runs)?.late).toEqual([]);
    made.says(
      T0 + 3,
      Array.from({ length: 25 }, () => late('op-1')),
    );
    expect(lastOutcome(made.session.runs)?.late).toEqual(Array.from({ length: 20 }, () => 'success'));
    expect(lastOutcome(made.session.runs)?.verdict).toBe('done');
  });

  it('records a late answer that comes while the session is checked', () => {
    const made = attached();
    made.run('op-1', T0);
    made.says(T0 + 1, [started('op-1'), settled('op-1'), late('op-1')]);
    made.says(T0 + 2, [sample('uuid-2'), tokenReport(wireToken(T0 + 11 * MINUTE))]);
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'op-1', verdict: 'done', late: ['success'] });
  });
});

describe('an operation id', () => {
  const seeOff = (made: Story, id: string, at: number) => {
    made.run(id, at, 'getUUID');
    made.says(at + 1, [started(id), settled(id)]);
  };

  it('does nothing if it is repeated after it and another ended', () => {
    const made = attached();
    seeOff(made, 'op-1', T0);
    seeOff(made, 'op-2', T0 + 100);
    expect(sends(made.run('op-1', T0 + 200, 'getUUID').effects)).toEqual([]);
  });

  it('is sent again while it runs only until the page starts it', () => {
    const made = attached();
    const first = sends(made.run('op-1', T0).effects);
    expect(sends(made.run('op-1', T0 + 1).effects)).toEqual(first);
    made.says(T0 + 2, [started('op-1')]);
    expect(made.run('op-1', T0 + 3).effects).toEqual([]);
    made.says(T0 + 4, [settled('op-1')]);
    expect(made.run('op-1', T0 + 5).effects).toEqual([]);
  });
});

describe('alarm and badge', () => {
  const only = (effects: readonly Effect[], type: Effect['type']) => effects.filter((effect) => effect.type === type);

  it('are set for the expiry minus the lead, then for the expiry, then cleared', () => {
    const made = story();
    const expiresAt = T0 + 10 * MINUTE;
    const first = made.says(T0, [page(), sample('uuid-1'), tokenReport(wireToken(expiresAt))]);
    expect(only(first.effects, 'alarm')).toEqual([{ type: 'alarm', at: expiresAt - MINUTE }]);
    expect(only(first.effects, 'badge')).toEqual([{ type: 'badge', badge: { kind: 'none' } }]);
    const near = made.tell({ at: expiresAt - MINUTE, type: 'alarm' });
    expect(near.effects).toEqual([
      { type: 'note', entry: { seq: 3, nth: 0, at: expiresAt - MINUTE, kind: 'alarm', expiresAt } },
      { type: 'send', command: { kind: 'read' } },
      // For the case that the worker dies before the reply.
      { type: 'alarm', at: expiresAt - MINUTE + 30_000 },
    ]);
    // The reading brought nothing new, or failed.
    expect(made.tell({ at: expiresAt - MINUTE + 50, type: 'unanswered' }).effects).toEqual([
      { type: 'alarm', at: expiresAt },
      { type: 'badge', badge: { kind: 'near-expiry', expiresAt } },
    ]);
    const end = made.tell({ at: expiresAt, type: 'alarm' });
    expect(end.effects).toEqual([
      { type: 'note', entry: { seq: 4, nth: 0, at: expiresAt, kind: 'alarm', expiresAt } },
      { type: 'send', command: { kind: 'read' } },
      { type: 'alarm', at: null },
    ]);
    expect(made.tell({ at: expiresAt + 1, type: 'unanswered' }).effects).toEqual([{ type: 'badge', badge: { kind: 'expired' } }]);
    const renewed = made.says(expiresAt + 5, [tokenReport(wireToken(expiresAt + 10 * MINUTE))]);
    expect(renewed.effects.filter(({ type }) => type !== 'note')).toEqual([
      { type: 'alarm', at: expiresAt + 9 * MINUTE },
      { type: 'badge', badge: { kind: 'none' } },
    ]);
  });

  it('are not set for an expired token, or one without expiry', () => {
    const made = story();
    expect(made.says(T0, [page(), tokenReport(wireToken(T0 - 1000))]).effects).toEqual([{ type: 'badge', badge: { kind: 'expired' } }]);
    expect(made.session.tab.alarmAt).toBeNull();
    expect(made.says(T0 + 1, [tokenReport(wireToken(null))]).effects).toEqual([{ type: 'badge', badge: { kind: 'none' } }]);
  });

  it('are cleared with the page', () => {
    const made = attached();
    expect(made.tell({ at: T0 + 1, type: 'lost', problem: LOST }).effects).toEqual([
      { type: 'alarm', at: null },
      { type: 'badge', badge: { kind: 'none' } },
    ]);
  });
});
