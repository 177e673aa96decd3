// A page's reports in the history: its reads, callbacks, captured requests, storage and navigation; each once.
import { describe, expect, it } from 'vitest';
import type { Captured, RequestRecord } from '@/lib/network/request';
import { capturedOf } from '@/lib/network/requests';
import type { EntryDetail, HistoryEntry } from '@/lib/session/history/history';
import type { Effect } from '@/lib/session/machine';
import type { Session } from '@/lib/session/session';
import type { SeenCookie } from '@/lib/web/cookies';
import { type Draft, loadedPage, MINUTE, ORIGIN, page, replyOf, sample, T0, tokenReport, wireToken } from '../fakes/make';
import { attached, type Story, sends, story } from '../fakes/story';

type EntryOf<K extends HistoryEntry['kind']> = Extract<HistoryEntry, { kind: K }>;

const notes = <K extends HistoryEntry['kind']>(effects: readonly Effect[], kind: K): EntryOf<K>[] =>
  effects.flatMap((effect) => (effect.type === 'note' && effect.entry.kind === kind ? [effect.entry as EntryOf<K>] : []));
const details = (effects: readonly Effect[]): Record<string, EntryDetail> =>
  Object.fromEntries(effects.flatMap((effect) => (effect.type === 'detail' ? [[effect.key, effect.detail]] : [])));

const look = (call: number, over: Partial<Extract<Draft, { kind: 'look' }>> = {}): Draft => ({
  kind: 'look',
  client: 1,
  call,
  does: 'getUUID',
  begun: T0 + 900,
  endedAt: T0 + 950,
  ok: true,
  times: 1,
  detail: { args: [], value: 'uuid-1', site: 'app.js:1:2' },
  ...over,
});
const call = (
  number: number,
  phase: Extract<Draft, { kind: 'call' }>['phase'],
  does: Extract<Draft, { kind: 'call' }>['does'] = 'signIn',
): Draft => ({
  kind: 'call',
  client: 1,
  call: number,
  does,
  phase,
  told: {},
  detail: phase === 'called' ? { args: ['jane'] } : { value: 1 },
});
const state = (signedIn: boolean, over: { client?: number; reason?: string | null } = {}): Draft => ({
  kind: 'state',
  client: 1,
  signedIn,
  reason: null,
  ...over,
});
const record = (n: number, over: Partial<RequestRecord> = {}): RequestRecord => ({
  key: `w${n}`,
  via: 'page',
  at: T0 + 800,
  endedAt: T0 + 900,
  method: 'POST',
  url: `https://api.synerise.com/v4/events/e${n}`,
  headers: [],
  body: { text: null, size: null },
  status: 200,
  statusText: 'OK',
  answerHeaders: [],
  answer: { text: null, size: 7 },
  problem: null,
  ...over,
});

describe('a call by the page that does not change the session', () => {
  it('is one entry, in our clock, with a detail', () => {
    const told = attached();
    // The page's clock is five seconds ahead.
    const ahead = { begun: T0 + 5900, endedAt: T0 + 5950 };
    const { effects } = told.says(T0 + 1000, [look(4, ahead)], 'doc-1', ORIGIN, { pageNow: T0 + 6000 });
    expect(notes(effects, 'call')).toEqual([
      { kind: 'call', seq: 3, nth: 0, at: T0 + 900, key: 'doc-1.1.4', does: 'getUUID', told: {}, looks: true, endedAt: T0 + 950, ok: true },
    ]);
    expect(details(effects)).toEqual({ 'doc-1.1.4': { call: { args: [], value: 'uuid-1', site: 'app.js:1:2' } } });
  });

  it('is one entry with a count if it was repeated, and has no end without an answer', () => {
    const { effects } = attached().says(T0 + 1000, [look(1, { times: 7 }), look(2, { endedAt: null, ok: null })]);
    expect(notes(effects, 'call')).toMatchObject([{ times: 7 }, { endedAt: null, ok: null }]);
    expect(notes(effects, 'call')[1]).not.toHaveProperty('times');
  });

  it('of a client that is not shown is ignored', () => {
    expect(attached().says(T0 + 1000, [look(1, { client: 2 })]).effects).toEqual([]);
  });

  it('has its token masked in the detail', () => {
    const told = attached();
    const { raw } = wireToken(T0 + 10 * MINUTE);
    const { effects } = told.says(T0 + 1000, [look(1, { detail: { args: [`it is ${raw}`], value: { raw } } })]);
    expect(Object.keys(details(effects))).toEqual(['doc-1.1.1']);
    expect(JSON.stringify(effects)).not.toContain(raw);
  });
});

describe("a call of the page's own listener by the SDK", () => {
  it('is an entry of its own, linked to the only pending sign-in', () => {
    const told = attached();
    told.says(T0 + 1000, [call(1, 'called')]);
    const { effects } = told.says(T0 + 1100, [state(true)]);
    expect(notes(effects, 'callback')).toMatchObject([{ at: T0 + 1100, signedIn: true, reason: null, of: 'doc-1.1.1' }]);
  });

  it.each<[string, Draft[]]>([
    ['no call is pending', []],
    ['two are pending', [call(1, 'called'), call(2, 'called', 'authenticate')]],
    ['the call has ended', [call(1, 'called'), call(1, 'succeeded')]],
    ['the call timed out', [call(1, 'called'), call(1, 'unanswered')]],
    ['the call does not sign in', [call(1, 'called', 'refreshToken')]],
  ])('is linked to no call if %s', (_name, calls) => {
    const told = attached();
    told.says(T0 + 1000, calls);
    expect(notes(told.says(T0 + 1100, [state(false, { reason: 'USER_ACTION' })]).effects, 'callback')).toMatchObject([
      { signedIn: false, reason: 'USER_ACTION', of: null },
    ]);
    expect(told.session.history.signedOut).toMatchObject({ reason: 'USER_ACTION', expired: false });
  });

  it('of another client is ignored', () => {
    expect(attached().says(T0 + 1000, [state(true, { client: 2 })]).effects).toEqual([]);
  });
});

describe('a captured request', () => {
  const seen = (told: Story, at: number, ...records: RequestRecord[]) =>
    told.tell({ at, type: 'requests', requests: records.map((one) => capturedOf(one) as Captured), records });

  it('is an entry without headers and bodies, and a complete detail', () => {
    const body = { text: '{"uuid":"3f1d9c1e-6f0e-4d53-9a55-0c2d5f0f6f11"}', size: 47 };
    const { effects } = seen(attached(), T0 + 1000, record(3, { body }));
    expect(notes(effects, 'request')).toMatchObject([
      { key: 'w3', at: T0 + 800, endedAt: T0 + 900, via: 'page', purpose: 'event', status: 200, size: 7 },
    ]);
    expect(notes(effects, 'request')[0]).not.toHaveProperty('body');
    expect(details(effects)).toEqual({ w3: { request: record(3, { body }) } });
  });

  it('is recorded on a page without a customer too', () => {
    const told = story();
    told.says(T0, [page([])]);
    expect(notes(seen(told, T0 + 1000, record(2)).effects, 'request')).toMatchObject([{ key: 'w2' }]);
  });

  it('reported before and after its end is recorded twice under one key', () => {
    const told = attached();
    seen(told, T0 + 1000, record(1, { endedAt: null, status: null, answer: { text: null, size: null } }));
    seen(told, T0 + 2000, record(1));
    expect(notes(told.effects, 'request').map(({ key, status, endedAt }) => [key, status, endedAt])).toEqual([
      ['w1', null, null],
      ['w1', 200, T0 + 900],
    ]);
  });
});

describe('changes to cookies and storage', () => {
  it('are sent to the page, and what undoes them is returned, with or without an SDK', () => {
    const told = story();
    const changes = [{ area: 'local', name: 'snr', value: '1' }] as const;
    const { effects } = told.tell({ at: T0, type: 'edit-storage', id: 'edit-1', origin: ORIGIN, changes });
    expect(sends(effects)).toEqual([{ kind: 'edit', id: 'edit-1', origin: ORIGIN, changes }]);
    const undo = [{ area: 'local', name: 'snr', value: null, at: [] }] as const;
    told.says(T0 + 100, [page([])]);
    const came = told.says(T0 + 200, [{ kind: 'edited', id: 'edit-1', undo, failed: ['other'] }]).effects;
    expect(came).toEqual([{ type: 'storage-edited', id: 'edit-1', undo, failed: ['other'] }]);
  });
});

describe('data that the SDK stores in the browser', () => {
  const kept = (told: Story, at: number, cookies: string[], stored: string[] = [], uuid = 'uuid-1') =>
    told.says(at, [sample(uuid, { cookies, stored })]);
  const cookie = (value: string, over: Partial<SeenCookie> = {}): SeenCookie => ({
    name: '_snrs_uuid',
    value,
    domain: 'shop.example',
    path: '/',
    httpOnly: false,
    secure: true,
    expiresAt: null,
    ...over,
  });
  const jar = (told: Story, at: number, cookies: Session['visit']['jar'], origin = ORIGIN) =>
    told.tell({ at, type: 'jar', origin, cookies });
  const changes = (effects: readonly Effect[]) =>
    notes(effects, 'storage').map(({ area, name, before, value, of }) => [area, name, before, value, of]);

  it('is recorded when it is added, changed and removed, by area and name', () => {
    const told = attached();
    kept(told, T0 + 1000, ['_snrs_a=1=1'], ['local:snr=x', 'session:snr=y']);
    expect(changes(told.effects).sort()).toEqual([
      ['cookie', '_snrs_a', null, '1=1', null],
      ['local', 'snr', null, 'x', null],
      ['session', 'snr', null, 'y', null],
    ]);
    expect(changes(kept(told, T0 + 2000, ['_snrs_a=2'], ['local:snr=x']).effects).sort()).toEqual([
      ['cookie', '_snrs_a', '1=1', '2', null],
      ['session', 'snr', 'y', null, null],
    ]);
    expect(changes(kept(told, T0 + 3000, ['_snrs_a=2'], ['local:snr=x']).effects)).toEqual([]);
  });

  it('counts the first of two cookies with one name, as the SDK does, and truncates long values', () => {
    const told = attached();
    kept(told, T0 + 1000, ['_snrs_a=first', '_snrs_a=second']);
    kept(told, T0 + 2000, ['_snrs_a=first', '_snrs_a=other']);
    expect(changes(told.effects)).toEqual([['cookie', '_snrs_a', null, 'first', null]]);
    const [[, , , value] = []] = changes(kept(told, T0 + 3000, [`_snrs_a=${'x'.repeat(500)}`]).effects);
    expect(value).toBe(`${'x'.repeat(120)}…`);
  });

  it("uses only the browser's cookies if available, each by its path, including HttpOnly ones", () => {
    const told = attached();
    jar(told, T0 + 500, [cookie('a')]);
    expect(changes(told.effects)).toEqual([]);
    expect(changes(kept(told, T0 + 1000, ['_snrs_uuid=b'], ['local:snr=x']).effects)).toEqual([['local', 'snr', null, 'x', null]]);
    const hidden = cookie('h', { name: '_snrs_p', httpOnly: true });
    expect(changes(jar(told, T0 + 1100, [cookie('b'), cookie('a', { path: '/pl' }), hidden]).effects)).toEqual([
      ['cookie', '_snrs_uuid', 'a', 'b', null],
      ['cookie', '_snrs_uuid', null, 'a', null],
      ['cookie', '_snrs_p', null, 'h', null],
    ]);
    expect(changes(jar(told, T0 + 1200, [hidden, cookie('b')]).effects)).toEqual([['cookie', '_snrs_uuid', 'a', null, null]]);
    // Of a site that was left meanwhile, and an unchanged jar.
    expect(jar(told, T0 + 1300, [], 'https://other.example').effects).toEqual([]);
    expect(jar(told, T0 + 1300, [cookie('b'), hidden]).effects).toEqual([]);
  });

  it('with a new UUID is linked to what changed the UUID, from a sample and from the browser a moment later', () => {
    const told = attached();
    jar(told, T0 + 500, [cookie('uuid-1')]);
    told.says(T0 + 1000, [call(1, 'called', 'regenerateUUID'), call(1, 'returned', 'regenerateUUID')]);
    const stored = ['local:snr={"uuid":"uuid-2"}', 'local:snr-n=5'];
    const { effects } = kept(told, T0 + 1100, [], stored, 'uuid-2');
    const [made] = notes(effects, 'uuid');
    expect(made).toMatchObject({ uuid: 'uuid-2', of: 'doc-1.1.1' });
    expect(changes(effects).sort()).toEqual([
      ['local', 'snr', null, '{"uuid":"uuid-2"}', 'doc-1.1.1'],
      ['local', 'snr-n', null, '5', null],
    ]);
    expect(changes(jar(told, T0 + 1200, [cookie('uuid-2')]).effects)).toEqual([['cookie', '_snrs_uuid', 'uuid-1', 'uuid-2', 'doc-1.1.1']]);
    expect(changes(jar(told, T0 + 9000, [cookie('uuid-2:9')]).effects)).toEqual([['cookie', '_snrs_uuid', 'uuid-2', 'uuid-2:9', null]]);
  });
});

describe('navigation', () => {
  it('to another document of the site is recorded once, as a document and not as a change within one', () => {
    const told = story();
    told.says(T0, [loadedPage(), sample('uuid-1')]);
    const when = T0 + 5000;
    const reply = { ...replyOf('doc-2', 0, when, [loadedPage({ entered: '/cart', by: 'reload' }), sample('uuid-1')]), path: '/cart' };
    const { effects } = told.tell({ at: when, type: 'reply', target: null, reply });
    expect(notes(effects, 'document')).toMatchObject([{ path: '/cart', by: 'reload' }]);
  });
});

describe('reports that are read again', () => {
  it('are recorded once, with their details, after the page was lost or the worker restarted', () => {
    const drafts = [page(), sample('uuid-1'), tokenReport(wireToken(T0 + 10 * MINUTE)), look(1), state(true), call(2, 'called')];
    const told = story();
    told.says(T0 + 1000, drafts);
    const {
      tab: { noted, captured },
      history: { calls },
    } = told.session;
    expect(noted).toBe(4);
    told.restart();
    told.tell({ at: T0 + 2000, type: 'lost', problem: { kind: 'gone', message: 'gone' } });
    const again = told.tell({ at: T0 + 3000, type: 'reply', target: null, reply: replyOf('doc-1', 0, T0 + 1000, [...drafts, look(3)]) });
    expect(notes(again.effects, 'call')).toMatchObject([{ key: 'doc-1.1.3' }]);
    expect(Object.keys(details(again.effects))).toEqual(['doc-1.1.3']);
    expect(told.session).toMatchObject({ tab: { noted: noted + 1, captured }, history: { calls }, stage: { phase: 'attached' } });
  });
});
