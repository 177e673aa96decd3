import { describe, expect, it } from 'vitest';
import type { ArgumentValues } from '@/lib/sdk/operation';
import type { OperationName } from '@/lib/sdk/operations';
import { lastOutcome } from '@/lib/session/run';
import {
  client,
  type Draft,
  error,
  jwt,
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
import { type Story, sends, story, withLast } from '../fakes/story';

const WEB = client({ dialect: 'web', place: 'SR', version: null });
const OTHER = 'https://other.example';
const NONE = tokenReport(null, { none: true });
const web = (uuid: string, hash = ''): Draft => sample(uuid, { signedIn: null, simpleAuth: null, facts: { identityHash: hash } });
const ID = '5f6b1c0e-7a52-4f0e-9d3c-0b1a2c3d4e5f';

/** A page with a Web SDK, whose `destroySession` reloads the page. */
const onTheWeb = (...more: Draft[]): Story => {
  const made = story();
  made.says(T0, [page([WEB]), web('uuid-1'), ...more]);
  return made;
};
const destroy = (made: Story, at = T0 + 100) => made.run('op-1', at, 'destroySession');
const answered: Draft[] = [started('op-1'), settled('op-1', { value: { removed: ['_snrs_uuid'], left: ['_snrs_p'] }, ms: 4 })];
const newPage: Draft[] = [page([WEB]), web('uuid-2'), NONE];

describe('an operation that reloads the page', () => {
  it('is recognized by its steps', () => {
    const made = onTheWeb();
    destroy(made);
    expect(made.stage.activity).toMatchObject({ kind: 'running', run: { reloads: true, expects: 'new-uuid', aim: null } });
    const native = story();
    native.says(T0, [page(), sample('uuid-1')]);
    destroy(native);
    expect(native.stage.activity).toMatchObject({ run: { reloads: false } });
  });

  it('settles in the next document, with the earlier answer', () => {
    const made = onTheWeb(tokenReport(wireToken(T0 + 10 * MINUTE)));
    destroy(made);
    made.says(T0 + 110, answered);
    expect(lastOutcome(made.session.runs)).toBeNull();
    const { effects } = made.says(T0 + 500, [page([], false)], 'doc-2');
    expect(effects).toContainEqual({ type: 'wake', at: T0 + 15_100 });
    expect(withLast(made.session)).toMatchObject({
      runs: { carried: { run: { id: 'op-1' }, answer: { ms: 4 } } },
      last: null,
      stage: { phase: 'searching' },
    });
    made.says(T0 + 900, newPage, 'doc-2');
    expect(withLast(made.session)).toMatchObject({
      runs: { carried: null, ended: [{ id: 'op-1' }] },
      last: {
        id: 'op-1',
        verdict: 'done',
        note: null,
        answer: { how: 'success', value: { removed: ['_snrs_uuid'], left: ['_snrs_p'] }, ms: 4 },
        before: { uuid: 'uuid-1', token: expect.objectContaining({ origin: 'ANONYMOUS' }) as unknown },
        after: { uuid: 'uuid-2', token: null },
        at: T0 + 100,
        endedAt: T0 + 900,
      },
      stage: { activity: { kind: 'idle' } },
    });
  });

  it.each([
    ['started', [started('op-1')]],
    ['not reported', []],
  ] as [string, Draft[]][])('counts as answered if it was %s when the page was left', (_name, told) => {
    const made = onTheWeb();
    destroy(made);
    made.says(T0 + 110, told);
    made.says(T0 + 500, newPage, 'doc-2');
    expect(lastOutcome(made.session.runs)).toMatchObject({
      verdict: 'done',
      answer: { how: 'success', value: null, error: null, ms: 400 },
    });
  });

  it('keeps its error if it failed before', () => {
    const made = onTheWeb();
    destroy(made);
    made.says(T0 + 110, [started('op-1'), settled('op-1', { how: 'threw', error: error() })]);
    made.says(T0 + 120, newPage, 'doc-2');
    expect(lastOutcome(made.session.runs)).toMatchObject({ verdict: 'failed', answer: { error: error() } });
  });

  it('is refused after 3 s if nothing changed', () => {
    const made = onTheWeb();
    destroy(made);
    made.says(T0 + 110, answered);
    made.says(T0 + 500, [page([WEB]), web('uuid-1'), NONE], 'doc-2');
    expect(made.stage.activity).toMatchObject({ kind: 'checking', settledAt: T0 + 500, readings: 0, nextAt: T0 + 700 });
    expect(sends(made.tell({ at: T0 + 700, type: 'tick' }).effects)).toEqual([{ kind: 'read' }]);
    made.tell({ at: T0 + 3500, type: 'tick' });
    expect(lastOutcome(made.session.runs)).toMatchObject({ verdict: 'refused', note: null });
  });

  it('waits for the SDK, and lets no other operation run', () => {
    const made = onTheWeb();
    destroy(made);
    made.says(T0 + 110, answered);
    made.says(T0 + 500, [page([{ ...WEB, state: 'not-loaded' }])], 'doc-2');
    made.says(T0 + 600, [page([], true)], 'doc-2');
    expect(made.run('op-2', T0 + 700, 'getUUID').effects.map(({ type }) => type)).toEqual(['refuse']);
    expect(made.tell({ at: T0 + 5000, type: 'tick' }).effects).toEqual([{ type: 'wake', at: T0 + 15_100 }]);
    made.says(T0 + 6000, newPage, 'doc-2');
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'op-1', verdict: 'done' });
  });

  it.each([
    ['no SDK', (made: Story) => made.says(T0 + 500, [page([], true)], 'doc-2')],
    ['no answer', (made: Story) => made.tell({ at: T0 + 500, type: 'lost', problem: { kind: 'access', message: 'No access.' } })],
  ])('is interrupted after 15 s if the page returns with %s', (_name, comes) => {
    const made = onTheWeb();
    destroy(made);
    made.says(T0 + 110, answered);
    comes(made);
    made.tell({ at: T0 + 15_099, type: 'tick' });
    expect(withLast(made.session)).toMatchObject({ last: null, runs: { carried: { run: { id: 'op-1' } } } });
    expect(made.tell({ at: T0 + 15_100, type: 'tick' }).effects.filter(({ type }) => type !== 'note' && type !== 'detail')).toEqual([]);
    expect(withLast(made.session)).toMatchObject({
      runs: { carried: null, ended: [{ id: 'op-1' }] },
      last: {
        verdict: 'interrupted',
        note: 'document-gone',
        answer: { ms: 4 },
        before: { uuid: 'uuid-1' },
        after: { uuid: null, identity: 'unknown', token: null },
        endedAt: T0 + 15_100,
      },
    });
    made.says(T0 + 16_000, newPage, 'doc-3');
    expect(made.session).toMatchObject({ runs: { ended: [{ id: 'op-1' }] }, stage: { activity: { kind: 'idle' } } });
  });

  it('settles in the page that returns after it was lost', () => {
    const made = onTheWeb();
    destroy(made);
    made.tell({ at: T0 + 300, type: 'lost', problem: { kind: 'access', message: 'No access.' } });
    made.says(T0 + 500, newPage, 'doc-2');
    expect(withLast(made.session)).toMatchObject({ runs: { carried: null }, last: { verdict: 'done' } });
  });

  it.each([
    ['before its answer', []],
    ['after its answer', answered],
  ] as [string, Draft[]][])('ends with its site, %s', (_name, told) => {
    const made = onTheWeb();
    destroy(made);
    made.says(T0 + 110, told);
    made.says(T0 + 500, newPage, 'doc-2', OTHER);
    expect(withLast(made.session)).toMatchObject({
      visit: { origin: OTHER },
      runs: { carried: null, ended: [{ id: 'op-1' }] },
      last: { id: 'op-1', verdict: 'interrupted', note: 'document-gone' },
      stage: { activity: { kind: 'idle' } },
    });
    expect(made.run('op-1', T0 + 600, 'destroySession').effects).toEqual([]);
  });

  it('ends with its site between two documents', () => {
    const made = onTheWeb();
    destroy(made);
    made.says(T0 + 500, [page([])], 'doc-2');
    made.says(T0 + 600, newPage, 'doc-3', OTHER);
    expect(withLast(made.session)).toMatchObject({
      visit: { origin: OTHER },
      runs: { carried: null, ended: [{ id: 'op-1' }] },
      last: { id: 'op-1', verdict: 'interrupted', note: 'document-gone' },
    });
  });

  it.each([
    ['between two documents', [page([])]],
    ['while it is checked', [page([WEB]), web('uuid-1')]],
  ] as [string, Draft[]][])('survives a second reload %s', (_name, told) => {
    const made = onTheWeb();
    destroy(made);
    made.says(T0 + 110, answered);
    made.says(T0 + 500, told, 'doc-2');
    made.says(T0 + 900, [], 'doc-3');
    expect(made.session).toMatchObject({ history: { documents: 3 }, runs: { carried: { run: { id: 'op-1' }, answer: { ms: 4 } } } });
    made.says(T0 + 950, newPage, 'doc-3');
    expect(withLast(made.session)).toMatchObject({
      runs: { carried: null, ended: [{ id: 'op-1' }] },
      last: { verdict: 'done', answer: { ms: 4 } },
    });
  });

  it('is interrupted by a worker that wakes too late', () => {
    const made = onTheWeb();
    destroy(made);
    made.says(T0 + 500, [], 'doc-2');
    made.restart();
    made.tell({ at: T0 + MINUTE, type: 'tick' });
    expect(withLast(made.session)).toMatchObject({ runs: { carried: null }, last: { verdict: 'interrupted', answer: null } });
  });

  it('settles in the next document of its frame', () => {
    const made = story();
    made.says(T0, [page([], false, 1)], 'doc-top');
    made.lists(T0 + 1, listed('doc-top', null, []), listed('doc-f1', 'f1', [WEB]));
    made.says(T0 + 2, [page([WEB]), web('uuid-1')], 'doc-f1');
    destroy(made);
    made.says(T0 + 110, answered, 'doc-f1');
    made.lists(T0 + 400, listed('doc-top', null, []), listed('doc-f1b', 'f1', []));
    made.says(T0 + 500, newPage, 'doc-f1b');
    expect(withLast(made.session)).toMatchObject({ history: { documents: 2 }, runs: { carried: null }, last: { verdict: 'done' } });
  });

  it('ends with its frame', () => {
    const made = story();
    made.says(T0, [page([], false, 1)], 'doc-top');
    made.lists(T0 + 1, listed('doc-top', null, []), listed('doc-f1', 'f1', [WEB]));
    made.says(T0 + 2, [page([WEB]), web('uuid-1')], 'doc-f1');
    destroy(made);
    made.lists(T0 + 400, listed('doc-top', null, []));
    expect(withLast(made.session)).toMatchObject({
      tab: { target: null },
      runs: { carried: null, ended: [{ id: 'op-1' }] },
      last: { id: 'op-1', verdict: 'interrupted', note: 'document-gone' },
    });
  });

  it('records a late answer once, however often it is read', () => {
    const made = onTheWeb();
    destroy(made);
    made.says(T0 + 110, answered);
    const told = replyOf('doc-2', 0, T0 + 500, [...newPage, late('op-1')]);
    for (let round = 0; round < 2; round += 1) {
      made.tell({ at: T0 + 500 + round, type: 'reply', reply: told, target: null });
      expect(lastOutcome(made.session.runs)).toMatchObject({ verdict: 'done', late: ['success'] });
      made.tell({ at: T0 + 501 + round, type: 'lost', problem: { kind: 'access', message: '' } });
    }
  });
});

describe('an operation that does not reload', () => {
  it('is interrupted by a new document, and is not carried', () => {
    const made = onTheWeb();
    made.run('op-1', T0 + 100, 'setUuid', { uuid: ID });
    made.says(T0 + 500, newPage, 'doc-2');
    expect(withLast(made.session)).toMatchObject({
      runs: { carried: null },
      last: { verdict: 'interrupted', note: 'document-gone', answer: null },
    });
  });
});

describe('an operation with a known target', () => {
  const aims: [OperationName, ArgumentValues, string | null][] = [
    ['setUuid', { uuid: ID }, ID],
    ['regenerateUUID', { uuid: ID }, ID],
    ['regenerateUUIDWithClientIdentifier', { uuid: ID, clientIdentifier: 'anna', recipe: 'docs' }, ID],
    ['getUUIDForAuthentication', { uuid: ID, authID: 'anna', recipe: 'docs' }, null],
    ['clearAccessToken', {}, null],
    ['retrieveToken', { uuid: ID, token: 'x' }, null],
  ];
  it.each(aims)('%s %o aims at %s', (operation, args, aim) => {
    const made = onTheWeb();
    made.run('op-1', T0 + 1, operation, args);
    expect(made.stage.activity).toMatchObject({ run: { aim } });
  });

  it('sets the requested UUID', () => {
    const made = onTheWeb();
    made.run('op-1', T0 + 1, 'setUuid', { uuid: ID });
    made.says(T0 + 2, [started('op-1'), settled('op-1'), web(ID), NONE]);
    expect(lastOutcome(made.session.runs)).toMatchObject({ verdict: 'done', note: null, after: { uuid: ID } });
    made.run('op-2', T0 + 3, 'setUuid', { uuid: ID });
    made.says(T0 + 4, [started('op-2'), settled('op-2'), NONE]);
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'op-2', verdict: 'done', note: 'same-uuid' });
  });

  it('restores the UUID before the last change, and then the other again', () => {
    const made = onTheWeb();
    expect(made.session.history.previousUuid).toBeNull();
    made.says(T0 + 1, [web('uuid-2')]);
    expect(made.session.history.previousUuid).toBe('uuid-1');
    made.run('op-1', T0 + 2, 'restorePreviousUUID', { uuid: 'uuid-1' });
    made.says(T0 + 3, [started('op-1'), settled('op-1'), web('uuid-1'), NONE]);
    expect(withLast(made.session)).toMatchObject({
      history: { previousUuid: 'uuid-2' },
      last: { verdict: 'done', after: { uuid: 'uuid-1' } },
    });
  });

  it('keeps the previous UUID over readings with the same UUID or none, and over a reload', () => {
    const made = onTheWeb();
    made.says(T0 + 1, [web('uuid-2'), web('uuid-2')]);
    made.says(T0 + 2, [sample(null, { trouble: 'gone' })]);
    expect(made.session.history.previousUuid).toBe('uuid-1');
    made.says(T0 + 3, [page([WEB]), web('uuid-2')], 'doc-2');
    expect(made.session.history.previousUuid).toBe('uuid-1');
    made.says(T0 + 4, [page([WEB]), web('uuid-9')], 'doc-3', OTHER);
    expect(made.session.history.previousUuid).toBeNull();
  });

  it.each([
    'regenerateUUID',
    'regenerateUUIDWithClientIdentifier',
    'restorePreviousUUID',
    'getUUIDForAuthentication',
  ] as const)('is refused without the UUID that the view generates: %s', (operation) => {
    const made = onTheWeb();
    made.says(T0 + 1, [web('uuid-2')]);
    for (const args of [{}, { uuid: '' }, { clientIdentifier: 'anna', authID: 'anna', recipe: 'docs' }])
      expect(made.run('op-1', T0 + 2, operation, args).effects).toEqual([
        {
          type: 'refuse',
          id: 'op-1',
          problem: {
            kind: 'sdk',
            code: 'wrong-arguments',
            message: expect.stringMatching(/ (is missing|is missing|must be one of the options)\.$/),
          },
        },
      ]);
    expect(made.stage.activity.kind).toBe('idle');
  });
});

describe('site tokens', () => {
  const TOKEN = jwt({ sub: 'anna', exp: (T0 + 60 * MINUTE) / 1000 });
  const given = (raw: string) => tokenReport(wireToken(null, { raw, origin: null, realm: null, clientId: null }));

  it('are set once the SDK has a new one', () => {
    const made = onTheWeb(NONE);
    made.run('op-1', T0 + 1, 'setAccessToken', { token: TOKEN });
    made.says(T0 + 2, [started('op-1'), settled('op-1'), given(jwt({ sub: 'berta' }))]);
    // A different token counts as a change too.
    expect(lastOutcome(made.session.runs)).toMatchObject({ verdict: 'done' });
    made.run('op-2', T0 + 3, 'setAccessToken', { token: TOKEN });
    made.says(T0 + 4, [started('op-2'), settled('op-2'), given(TOKEN)]);
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'op-2', verdict: 'done' });
    made.run('op-3', T0 + 5, 'setAccessToken', { token: TOKEN });
    made.says(T0 + 6, [started('op-3'), settled('op-3'), given(TOKEN)]);
    expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'op-3', verdict: 'done', note: null });
  });

  it.each(['running', 'checking', 'ended', 'refused'])('are not stored when passed as an argument: %s', (state) => {
    const made = onTheWeb(NONE);
    const opaque = 'opaque-secret-that-is-no-jwt';
    for (const [id, token] of [
      ['op-1', TOKEN],
      ['op-2', opaque],
    ] as const) {
      if (state === 'refused') made.run('op-0', T0 + 1, 'getUUID');
      made.run(id, T0 + 1, 'setAccessToken', { token });
      if (state === 'checking') made.says(T0 + 2, [started(id), settled(id)]);
      if (state === 'ended') {
        const whole = { code: 'E', message: `bad token ${TOKEN}`, detail: { headers: [`Bearer ${TOKEN}`], [TOKEN]: TOKEN } };
        made.says(T0 + 2, [started(id), settled(id, { how: 'error', value: [TOKEN], error: whole }), NONE]);
        expect(lastOutcome(made.session.runs)).toMatchObject({ verdict: 'failed' });
      }
      const stored = JSON.stringify(made.session);
      for (const part of TOKEN.split('.')) expect(stored).not.toContain(part);
      expect(stored).not.toContain(opaque);
      made.tell({ at: T0 + MINUTE, type: 'tick' });
    }
  });

  it('are masked in the answer of an operation', () => {
    const made = onTheWeb(given('opaque-token-1'));
    made.run('op-1', T0 + 1, 'clearAccessToken');
    made.says(T0 + 2, [started('op-1'), settled('op-1', { value: 'removed opaque-token-1' }), NONE]);
    expect(lastOutcome(made.session.runs)).toMatchObject({ verdict: 'done', answer: { value: 'removed [token]' } });
    expect(JSON.stringify(made.session)).not.toContain('opaque-token-1');
  });

  it('are cleared once the SDK reports that there is none', () => {
    const made = onTheWeb(given(TOKEN));
    made.run('op-1', T0 + 1, 'clearAccessToken');
    made.says(T0 + 2, [started('op-1'), settled('op-1'), given(TOKEN)]);
    expect(lastOutcome(made.session.runs)).toBeNull();
    const { effects } = made.says(T0 + 3, [NONE]);
    expect(made.stage.token).toEqual({ kind: 'none', trouble: null, said: true });
    expect(lastOutcome(made.session.runs)).toMatchObject({ verdict: 'done', after: { token: null } });
    expect(effects).toContainEqual({ type: 'alarm', at: null });
  });

  it('are not cleared if the reading fails', () => {
    const made = onTheWeb(given(TOKEN));
    made.run('op-1', T0 + 1, 'clearAccessToken');
    made.says(T0 + 2, [started('op-1'), settled('op-1'), tokenReport(null, { how: 'threw', error: error() })]);
    expect(made.stage.token).toMatchObject({ kind: 'known', trouble: { kind: 'sdk' } });
    made.tell({ at: T0 + 4000, type: 'tick' });
    expect(lastOutcome(made.session.runs)).toMatchObject({ verdict: 'refused' });
  });

  it('have a missing token distinguished from one that could not be read', () => {
    const made = onTheWeb();
    expect(made.stage.token).toEqual({ kind: 'none', trouble: null, said: false });
    made.says(T0 + 1, [tokenReport(null)]);
    expect(made.stage.token).toMatchObject({ kind: 'none', said: false, trouble: { kind: 'sdk' } });
    made.says(T0 + 2, [NONE]);
    expect(made.stage.token).toEqual({ kind: 'none', trouble: null, said: true });
    made.says(T0 + 3, [tokenReport(null, { how: 'deadline' })]);
    expect(made.stage.token).toMatchObject({ kind: 'none', said: false, trouble: { kind: 'timeout' } });
  });

  it('come with the facts and cookies of a sample, which replace earlier ones', () => {
    const made = onTheWeb();
    made.says(T0 + 1, [sample('uuid-1', { facts: { identityHash: 'h', trackerKey: 'k' }, cookies: ['_snrs_uuid=uuid-1'] })]);
    expect(made.stage.customer).toMatchObject({ facts: { identityHash: 'h', trackerKey: 'k' }, cookies: ['_snrs_uuid=uuid-1'] });
    made.says(T0 + 2, [web('uuid-1')]);
    expect(made.stage.customer).toMatchObject({ facts: { identityHash: '' }, cookies: [] });
  });
});

it('an operation is refused if the SDK returns false', () => {
  const made = story();
  made.says(T0, [page(), sample('uuid-1'), tokenReport(wireToken(T0 + 10 * MINUTE))]);
  made.run('op-1', T0 + 1);
  made.says(T0 + 2, [started('op-1'), settled('op-1', { value: false })]);
  expect(lastOutcome(made.session.runs)).toBeNull();
  made.says(T0 + 3, [tokenReport(wireToken(T0 + 10 * MINUTE))]);
  expect(withLast(made.session)).toMatchObject({
    visit: { origin: ORIGIN },
    last: { verdict: 'refused', note: 'said-no', answer: { value: false } },
  });
});

describe('an operation whose page is gone before it was received', () => {
  const pressed = (args: ArgumentValues = {}, operation: OperationName = 'regenerateUUID'): Story => {
    const made = story();
    made.says(T0, [page(), sample('uuid-1')]);
    made.run('op-1', T0 + 100, operation, args);
    return made;
  };
  const next: Draft[] = [page(), sample('uuid-1')];
  const unsent = (made: Story, at: number, surely: boolean) => made.tell({ at, type: 'unsent', id: 'op-1', surely }).effects;
  const runs = (effects: Parameters<typeof sends>[0]) => sends(effects).filter(({ kind }) => kind === 'run');

  it('runs in the next document once that is confirmed, with no outcome in between', () => {
    const made = pressed();
    made.says(T0 + 200, next, 'doc-2');
    expect(withLast(made.session)).toMatchObject({
      last: null,
      runs: { carried: { run: { id: 'op-1' } } },
      stage: { activity: { kind: 'idle' } },
    });
    expect(runs(unsent(made, T0 + 300, true))).toMatchObject([{ id: 'op-1', document: 'doc-2', operation: 'regenerateUUID', args: {} }]);
    made.says(T0 + 400, [started('op-1'), settled('op-1')], 'doc-2');
    expect(made.session).toMatchObject({ runs: { carried: null }, stage: { activity: { kind: 'checking', run: { id: 'op-1' } } } });
  });

  it('waits for the SDK of the next document', () => {
    const made = pressed();
    made.says(T0 + 200, [page([], false)], 'doc-2');
    expect(runs(unsent(made, T0 + 300, true))).toEqual([]);
    expect(runs(made.says(T0 + 900, next, 'doc-2').effects)).toMatchObject([{ id: 'op-1', document: 'doc-2' }]);
  });

  it('makes other operations wait', () => {
    const made = pressed();
    made.says(T0 + 200, next, 'doc-2');
    expect(made.run('op-2', T0 + 250, 'refreshToken').effects).toMatchObject([{ type: 'refuse', id: 'op-2' }]);
  });

  it('is interrupted if the page may have received it', () => {
    const made = pressed();
    made.says(T0 + 200, next, 'doc-2');
    expect(runs(unsent(made, T0 + 300, false))).toEqual([]);
    expect(withLast(made.session)).toMatchObject({
      runs: { carried: null },
      last: { verdict: 'interrupted', note: 'document-gone', endedAt: T0 + 300 },
    });
  });

  it('is interrupted if nothing is confirmed', () => {
    const made = pressed();
    made.says(T0 + 200, next, 'doc-2');
    made.tell({ at: T0 + 15_100, type: 'tick' });
    expect(withLast(made.session)).toMatchObject({ runs: { carried: null }, last: { verdict: 'interrupted' } });
  });

  it.each<[string, Story, Draft[], string]>([
    ['for typed input', pressed({ clientIdentifier: 'jane' }, 'regenerateUUIDWithClientIdentifier'), next, ORIGIN],
    ['of another site', pressed(), next, OTHER],
  ])('is interrupted at once in a document %s', (_name, made, drafts, origin) => {
    made.says(T0 + 200, drafts, 'doc-2', origin);
    expect(made.session.runs.carried).toBeNull();
    expect(made.session.runs.ended.map(({ id }) => id)).toEqual(['op-1']);
    expect(runs(unsent(made, T0 + 300, true))).toEqual([]);
  });
});
