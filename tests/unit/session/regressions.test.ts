import { expect, it } from 'vitest';
import { lastOutcome } from '@/lib/session/run';
import { DEFAULT_POLICY } from '@/lib/session/session';
import { client, error, listed, MINUTE, ORIGIN, page, sample, settled, started, T0, tokenReport, wireToken } from '../fakes/make';
import { attached, type Story, sends, story, withLast } from '../fakes/story';

const WEB = client({ dialect: 'web', place: 'SR', version: null });
const SECOND = client({ ref: 2, dialect: 'web', place: 'SR' });
const onTheWeb = (): Story => {
  const made = story();
  made.says(T0, [page([WEB]), sample('uuid-1')]);
  return made;
};

it('the chosen client of a document is shown again even if it is ready later than another', () => {
  const made = story();
  made.says(T0, [page([client(), SECOND]), sample('uuid-1')]);
  made.choose(T0 + 1, 'doc-1', 2);
  made.says(T0 + 2, [page([client()])], 'doc-2');
  made.says(T0 + 3, [page([client(), SECOND])], 'doc-2');
  expect(made.stage.client.ref).toBe(2);
});

it('a chosen frame that reloads is not left for a client of the same kind in the top frame', () => {
  const made = attached();
  made.lists(T0 + 1, listed('doc-1', null), listed('doc-f1', 'f1'));
  made.choose(T0 + 2, 'doc-f1', 1);
  // Before the frame's first reply.
  made.lists(T0 + 3, listed('doc-1', null), listed('doc-f1', 'f1'));
  expect(made.session.tab.target?.document).toBe('doc-f1');
  made.says(T0 + 4, [page()], 'doc-f1');
  made.says(T0 + 5, [page([])], 'doc-f1b');
  made.lists(T0 + 6, listed('doc-1', null), listed('doc-f1b', 'f1', []));
  expect(made.session.tab.target?.document).toBe('doc-f1b');
});

it('an operation that reloads the top frame is not ended by a frame whose SDK is ready first', () => {
  const made = story();
  made.says(T0, [page([WEB], false, 1), sample('uuid-1')]);
  made.run('op-1', T0 + 1, 'destroySession');
  made.says(T0 + 2, [page([])], 'doc-2');
  made.lists(T0 + 3, listed('doc-2', null, []), listed('doc-f1', 'f1'));
  expect(made.session).toMatchObject({ tab: { target: null }, runs: { carried: { run: { id: 'op-1' } } } });
});

it('a running operation is not ended when a chosen client appears elsewhere', () => {
  const made = attached();
  made.lists(T0 + 1, listed('doc-1', null), listed('doc-f1', 'f1', [SECOND], 'https://other.example'));
  made.choose(T0 + 2, 'doc-f1', 2);
  made.lists(T0 + 3, listed('doc-1', null));
  made.says(T0 + 4, [page(), sample('uuid-1')]);
  made.run('op-1', T0 + 5);
  made.lists(T0 + 6, listed('doc-1', null), listed('doc-f1b', 'f1', [SECOND], 'https://other.example'));
  expect(made.stage.activity).toMatchObject({ kind: 'running', run: { id: 'op-1' } });
});

it('the id of an operation carried between two documents is not refused when it is repeated', () => {
  const made = onTheWeb();
  made.run('op-1', T0 + 1, 'destroySession');
  made.says(T0 + 2, [page([])], 'doc-2');
  expect(made.run('op-1', T0 + 3, 'destroySession').effects).toEqual([]);
});

it('the UUID from before a reload can be restored', () => {
  const made = onTheWeb();
  made.run('op-1', T0 + 1, 'destroySession');
  made.says(T0 + 2, [started('op-1'), settled('op-1')]);
  made.says(T0 + 3, [page([WEB]), sample('uuid-2'), tokenReport(null, { none: true })], 'doc-2');
  expect(lastOutcome(made.session.runs)).toMatchObject({ before: { uuid: 'uuid-1' }, after: { uuid: 'uuid-2' } });
  expect(made.session.history.previousUuid).toBe('uuid-1');
});

it('a UUID that is temporarily unreadable hides no change', () => {
  const made = onTheWeb();
  made.says(T0 + 1, [sample(null, { trouble: 'gone' }), sample('uuid-2')]);
  expect(made.session.history.previousUuid).toBe('uuid-1');
});

it('nothing can be chosen on an unreachable page', () => {
  const made = story();
  made.says(T0, [page([client(), SECOND]), sample('uuid-1')]);
  made.tell({ at: T0 + 1, type: 'lost', problem: { kind: 'access', message: '' } });
  made.choose(T0 + 2, 'doc-1', 2);
  expect(made.session.stage.phase).toBe('unreachable');
});

it("a token argument that isn't a JWT is stored nowhere", () => {
  const made = onTheWeb();
  made.run('op-1', T0 + 1, 'setAccessToken', { token: 'opaque-secret' });
  made.says(T0 + 2, [
    started('op-1'),
    settled('op-1', { how: 'error', error: error({ message: 'bad token opaque-secret' }) }),
    tokenReport(null, { none: true }),
  ]);
  expect(JSON.stringify(made.session)).not.toContain('opaque-secret');
});

it('an error of a token read contains no token', () => {
  const made = onTheWeb();
  const jwt = 'eyJhbGciOiJSUzUxMiJ9.eyJpc3MiOiJTeW5lcmlzZSJ9.c2lnbmF0dXJl';
  made.says(T0 + 1, [tokenReport(null, { how: 'error', error: error({ message: `expired: ${jwt}` }) })]);
  expect(JSON.stringify(made.session)).not.toContain(jwt);
});

it('the documents of the previous page are not listed on the next', () => {
  const made = attached();
  made.lists(T0 + 1, listed('doc-1', null), listed('doc-f1', 'f1'));
  made.says(T0 + 2, [page()], 'doc-2', 'https://other.example');
  expect(made.session.tab.listing).toEqual([]);
});

it('a page that has no frames anymore lists none', () => {
  const made = story();
  made.says(T0, [page(undefined, false, 1)]);
  made.lists(T0 + 1, listed('doc-1', null), listed('doc-f1', 'f1'));
  made.says(T0 + 2, [page(undefined, false, 0)]);
  expect(made.session.tab.listing).toEqual([]);
});

it('a frame that another carrier names differently keeps its session over a reload', () => {
  const made = story();
  made.says(T0, [page([], false, 1)], 'doc-top');
  made.lists(T0 + 1, listed('doc-top', null, []), listed('doc-f1', '5'));
  made.says(T0 + 2, [page(), sample('uuid-f1')], 'doc-f1');
  const url = `${ORIGIN}/frame`;
  made.lists(T0 + 3, listed('doc-top', null, []), listed('doc-f1', url));
  made.lists(T0 + 4, listed('doc-top', null, []), listed('doc-f1b', url));
  made.says(T0 + 5, [page(), sample('uuid-f1')], 'doc-f1b');
  expect(made.session).toMatchObject({ history: { documents: 2, since: T0 + 1 } });
});

it('another dialect on the next page of the site starts a new session, into which no earlier UUID can be restored', () => {
  const made = onTheWeb();
  made.says(T0 + 1, [sample('uuid-2')]);
  expect(made.session.history.previousUuid).toBe('uuid-1');
  made.says(T0 + 9, [page([client()]), sample('uuid-3')], 'doc-2');
  expect(made.session).toMatchObject({ history: { previousUuid: null, since: T0 + 9, documents: 1 } });
  made.says(T0 + 12, [page([client()]), sample('uuid-3')], 'doc-3');
  expect(made.session).toMatchObject({ history: { since: T0 + 9, documents: 2 } });
});

it('cookies of a site that was left are not stored for the next', () => {
  const made = onTheWeb();
  made.tell({ at: T0 + 1, type: 'jar', origin: 'https://other.example', cookies: [{ name: '_snrs_p', httpOnly: true }] });
  expect(made.session.visit.jar).toBeNull();
  made.tell({ at: T0 + 2, type: 'jar', origin: ORIGIN, cookies: [{ name: '_snrs_p', httpOnly: true }] });
  expect(made.session.visit.jar).toHaveLength(1);
});

it('an operation that reloads the page settles on its own client, even if another is ready first', () => {
  const made = onTheWeb();
  made.run('op-1', T0 + 10, 'destroySession');
  made.says(T0 + 20, [started('op-1'), settled('op-1')]);
  made.says(T0 + 500, [page([client()]), sample('uuid-of-another')], 'doc-2');
  expect(made.session.stage.phase).toBe('searching');
  expect(lastOutcome(made.session.runs)).toBeNull();
  const late = client({ ref: 2, dialect: 'web', place: 'SR' });
  made.says(T0 + 2000, [page([client(), late]), sample('uuid-1', { client: 2 })], 'doc-2');
  made.tell({ at: T0 + 9000, type: 'tick' });
  expect(lastOutcome(made.session.runs)).toMatchObject({ id: 'op-1', verdict: 'refused' });
});

it('an operation that reloads the page gives way to another client if its own never appears', () => {
  const made = onTheWeb();
  made.run('op-1', T0 + 10, 'destroySession');
  made.says(T0 + 500, [page([client()])], 'doc-2');
  made.tell({ at: T0 + 20_000, type: 'tick' });
  expect(withLast(made.session)).toMatchObject({
    last: { verdict: 'interrupted' },
    stage: { phase: 'attached', client: { dialect: 'react-native' } },
  });
});

it('a reload that the page delays is awaited, and reported if it does not happen', () => {
  const made = onTheWeb();
  made.run('op-1', T0 + 10, 'destroySession');
  made.says(T0 + 20, [started('op-1'), settled('op-1')]);
  made.tell({ at: T0 + 6000, type: 'tick' });
  expect(lastOutcome(made.session.runs)).toBeNull();
  made.tell({ at: T0 + 16_000, type: 'tick' });
  expect(lastOutcome(made.session.runs)).toMatchObject({ verdict: 'refused', note: 'not-reloaded' });
});

it('the frame with the chosen URL is found again among several of one kind, and no other is taken for it', () => {
  const made = onTheWeb();
  const at = (document: string, frame: string, path: string) => ({ ...listed(document, frame), path });
  const top = listed('doc-1', null, []);
  made.tell({ at: T0 + 1, type: 'listed', documents: [top, at('a', '4', '/a'), at('b', '5', '/b')], beyond: [] });
  made.choose(T0 + 2, 'b', 1);
  expect(made.session.tab.target?.document).toBe('b');
  made.tell({ at: T0 + 3, type: 'listed', documents: [top, at('a2', '8', '/a'), at('c2', '9', '/c')], beyond: [] });
  made.tell({ at: T0 + 4, type: 'listed', documents: [top, at('a2', '8', '/a'), at('b2', '7', '/b')], beyond: [] });
  expect(made.session.tab.target?.document).toBe('b2');
});

it('a token in an unexpected field of a sample is masked', () => {
  const made = onTheWeb();
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJ1dWlkIjoieCJ9.c2lnbmF0dXJl';
  made.says(T0 + 1, [sample(jwt, { facts: { identityHash: jwt }, cookies: [`_snrs_x=${jwt}`] })]);
  expect(JSON.stringify(made.session)).not.toContain(jwt);
});

it('a reading with several tokens is judged by the last one', () => {
  const made = attached();
  made.tell({ at: T0, type: 'access', access: 'watched' });
  made.tell({ at: T0, type: 'policy', policy: { ...DEFAULT_POLICY, autoRefresh: true } });
  const due = T0 + 9 * MINUTE;
  made.tell({ at: due, type: 'alarm' });
  const old = tokenReport(wireToken(T0 + 10 * MINUTE));
  const ended = tokenReport(wireToken(due - MINUTE, { raw: 'another' }));
  expect(sends(made.says(due + 20, [old, ended]).effects)).toEqual([]);
  expect(made.session.tokenRefresh.askedAt).toBeNull();
});

it('a token of another site is due at once, even if the alarm has just refreshed one of the previous site', () => {
  const made = attached();
  made.tell({ at: T0, type: 'access', access: 'watched' });
  made.tell({ at: T0, type: 'policy', policy: { ...DEFAULT_POLICY, autoRefresh: true } });
  const due = T0 + 9 * MINUTE;
  made.tell({ at: due, type: 'alarm' });
  const [run] = sends(made.says(due + 20, [tokenReport(wireToken(T0 + 10 * MINUTE))]).effects);
  const id = run?.kind === 'run' ? run.id : '';
  made.says(due + 40, [started(id), settled(id), tokenReport(wireToken(T0 + 70 * MINUTE, { raw: 'new' }))]);
  expect(made.session.runs.ended.at(-1)).toMatchObject({ by: 'alarm', verdict: 'done' });
  const there = due + 5000;
  made.says(there, [page(), sample('uuid-b'), tokenReport(wireToken(there + 40_000, { raw: 'other' }))], 'doc-b', 'https://other.example');
  expect(made.session.tab.alarmAt).toBe(there);
});
