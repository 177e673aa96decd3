// How generations, identities, operations, calls and documents are recorded: each once, in order, with gaps in observation.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentReport, WireToken } from '@/lib/page/wire';
import type { ChangeName } from '@/lib/sdk/changes';
import type { Plain } from '@/lib/sdk/plain-data';
import type { HistoryEntry } from '@/lib/session/history/history';
import type { SessionEvent } from '@/lib/session/machine';
import { fingerprint } from '@/lib/text/fingerprint';
import {
  client,
  type Draft,
  jwt,
  MINUTE,
  ORIGIN,
  loadedPage as page,
  sample,
  settled,
  started,
  T0,
  tokenReport,
  wireToken,
} from '../../fakes/make';
import { type Story, story } from '../../fakes/story';

const SECOND = 1000;
const HOUR = 60 * MINUTE;

type Phase = 'called' | 'succeeded' | 'failed' | 'returned' | 'dropped';
const call = (n: number, does: ChangeName, phase: Phase, told: Record<string, Plain> = {}): Draft => ({
  kind: 'call',
  client: 1,
  call: n,
  does,
  told,
  phase,
});
const state = (signedIn: boolean, reason: string | null = null): Draft => ({ kind: 'state', client: 1, signedIn, reason });
const token = (name: string, expiresAt: number = T0 + HOUR, over: Partial<WireToken> = {}): WireToken =>
  wireToken(expiresAt, { raw: `opaque-${name}`, ...over });
const has = (wire: WireToken) => tokenReport(wire);
const NO_TOKEN = tokenReport(null, { none: true });

type EntryOf<K extends HistoryEntry['kind']> = Extract<HistoryEntry, { kind: K }>;
const notes = (of: Story): HistoryEntry[] => of.effects.flatMap((effect) => (effect.type === 'note' ? [effect.entry] : []));
const entries = <K extends HistoryEntry['kind']>(of: Story, kind: K): EntryOf<K>[] =>
  notes(of).filter((entry): entry is EntryOf<K> => entry.kind === kind);
const uuids = (of: Story) => entries(of, 'uuid').map(({ uuid }) => uuid);

function began(first: Draft[] = [sample('u0'), has(token('t0'))], observed = true): Story {
  const made = story();
  if (observed) made.tell({ at: T0, type: 'observed', observed: true });
  made.says(T0, [page(), ...first]);
  return made;
}

/** A mailbox that keeps all its reports, as the page's agent does. */
function mailbox(made: Story, document = 'doc-1', origin = ORIGIN) {
  const reports: AgentReport[] = [];
  return {
    put(at: number, ...drafts: Draft[]) {
      for (const draft of drafts) reports.push({ ...draft, seq: reports.length + 1, at } as AgentReport);
    },
    /** Returns all reports after `cursor`; 0 for a document other than the current one, as after the worker lost its place. */
    read(at: number, cursor = made.session.page.document === document ? made.session.page.cursor : 0) {
      const reply = { document, origin, path: '/', at, setup: '', bare: false, watching: false, waits: true, missing: [] };
      made.tell({
        at,
        type: 'reply',
        target: null,
        reply: { ...reply, reports: reports.filter(({ seq }) => seq > cursor) },
      } as SessionEvent);
    },
  };
}

describe('generations', () => {
  for (const count of [10, 500]) {
    it(`${count} generations start and end where the page changed`, () => {
      const made = began();
      for (let n = 1; n < count; n += 1) made.says(T0 + n * SECOND, [sample(`u${n}`), has(token(`t${n}`))]);
      expect(uuids(made)).toEqual(Array.from({ length: count }, (_, n) => `u${n}`));
      expect(entries(made, 'uuid').map(({ at, after }) => [at, after])).toEqual(
        Array.from({ length: count }, (_, n) => [T0 + n * SECOND, T0 + n * SECOND]),
      );
      expect(entries(made, 'token').map(({ fingerprint: mark }) => mark)).toEqual(
        Array.from({ length: count }, (_, n) => fingerprint(`opaque-t${n}`)),
      );
      expect(made.session.history.spans.uuid).toMatchObject({ value: `u${count - 1}`, from: T0 + (count - 1) * SECOND });
      // The session itself does not grow with them.
      expect(JSON.stringify(made.session).length).toBeLessThan(8000);
    });
  }

  it('a reading without changes records nothing', () => {
    const made = began();
    const before = notes(made).length;
    made.says(T0 + MINUTE, [page(), sample('u0'), has(token('t0')), sample('u0')]);
    made.tell({ at: T0 + 2 * MINUTE, type: 'tick' });
    expect(notes(made)).toHaveLength(before);
  });

  it('each changed report in one reply starts its own generation', () => {
    const made = began();
    made.says(T0 + MINUTE, [sample('u1'), sample('u2'), has(token('t1')), sample('u0'), has(token('t2'))]);
    expect(uuids(made)).toEqual(['u0', 'u1', 'u2', 'u0']);
    expect(entries(made, 'token')).toHaveLength(3);
  });

  it('a UUID that cannot be read ends no generation', () => {
    const made = began();
    made.says(T0 + MINUTE, [sample(null, { trouble: 'threw' })]);
    made.says(T0 + 2 * MINUTE, [sample('u0')]);
    expect(uuids(made)).toEqual(['u0']);
    made.says(T0 + 3 * MINUTE, [sample(null, { trouble: 'threw' }), sample('u1')]);
    expect(uuids(made)).toEqual(['u0', 'u1']);
  });
});

describe('tokens', () => {
  it('a failed or unanswered read ends no generation', () => {
    const made = began();
    made.says(T0 + MINUTE, [tokenReport(null, { how: 'error', error: { code: 500, message: 'no', detail: null } })]);
    made.says(T0 + 2 * MINUTE, [tokenReport(null, { how: 'deadline' })]);
    expect(entries(made, 'token')).toHaveLength(1);
  });

  it('a token from before a UUID change starts no generation until it is read again', () => {
    const made = began();
    made.says(T0 + MINUTE, [sample('u1')]);
    expect(made.stage.token).toMatchObject({ kind: 'known', stale: true });
    expect(entries(made, 'token')).toHaveLength(1);
    // The same token is read again: its generation continues.
    made.says(T0 + MINUTE + SECOND, [has(token('t0'))]);
    expect(entries(made, 'token')).toHaveLength(1);
    made.says(T0 + MINUTE + 2 * SECOND, [has(token('t1'))]);
    expect(entries(made, 'token')).toHaveLength(2);
  });

  it('no token, a token, no token: each is a generation', () => {
    const made = began([sample('u0'), NO_TOKEN]);
    made.says(T0 + MINUTE, [has(token('t1', T0 + HOUR, { origin: 'SYNERISE' }))]);
    made.says(T0 + 2 * MINUTE, [NO_TOKEN]);
    made.says(T0 + 3 * MINUTE, [NO_TOKEN]);
    made.says(T0 + 4 * MINUTE, [has(token('t2'))]);
    const seen = entries(made, 'token').filter(({ fingerprint: mark }, n) => n > 0 || mark !== '');
    expect(seen.map(({ fingerprint: mark, at }) => [mark, at])).toEqual([
      [fingerprint('opaque-t1'), T0 + MINUTE],
      ['', T0 + 2 * MINUTE],
      [fingerprint('opaque-t2'), T0 + 4 * MINUTE],
    ]);
    expect(seen[0]).toMatchObject({ origin: 'SYNERISE', expiresAt: T0 + HOUR });
    expect(seen[1]).toMatchObject({ origin: null, expiresAt: null });
  });

  it('a token that returns after a gap is a new generation', () => {
    const made = began();
    made.says(T0 + MINUTE, [NO_TOKEN]);
    made.says(T0 + 2 * MINUTE, [has(token('t0'))]);
    expect(entries(made, 'token').map(({ fingerprint: mark }) => mark === '')).toEqual([false, true, false]);
  });

  it('nothing recorded contains the text of a token', () => {
    const raw = jwt({ sub: 'x', exp: Math.round((T0 + HOUR) / 1000) });
    const made = began([sample('u0'), tokenReport(wireToken(T0 + HOUR, { raw }))]);
    made.run('op-1', T0 + SECOND, 'retrieveToken');
    made.says(T0 + 2 * SECOND, [started('op-1'), settled('op-1', { value: raw })]);
    made.says(T0 + MINUTE, [
      call(1, 'destroySession', 'called', { authID: true }),
      sample('u1', { facts: { last: raw }, trouble: raw }),
      call(1, 'destroySession', 'failed'),
    ]);
    made.says(T0 + 2 * MINUTE, [NO_TOKEN]);
    expect(JSON.stringify(notes(made))).not.toContain(raw.slice(0, 30));
    expect(JSON.stringify(made.session.history.spans)).not.toContain(raw.slice(0, 30));
  });
});

describe('identities', () => {
  it('each change is recorded with the identity before', () => {
    const made = began();
    made.says(T0 + MINUTE, [sample('u0', { signedIn: true })]);
    made.says(T0 + 2 * MINUTE, [sample('u0', { simpleAuth: true })]);
    made.says(T0 + 3 * MINUTE, [sample('u0')]);
    expect(entries(made, 'identity').map(({ before, identity }) => [before, identity])).toEqual([
      ['anonymous', 'signed-in'],
      ['signed-in', 'simple-auth'],
      ['simple-auth', 'anonymous'],
    ]);
  });

  it('a temporarily unknown identity is not a change', () => {
    const made = began([sample('u0', { signedIn: true }), NO_TOKEN]);
    made.says(T0 + MINUTE, [sample('u0', { signedIn: null, simpleAuth: null })]);
    made.says(T0 + 2 * MINUTE, [sample('u0', { signedIn: true })]);
    expect(entries(made, 'identity')).toEqual([]);
    // A change across an unknown moment.
    made.says(T0 + 3 * MINUTE, [sample('u0', { signedIn: null, simpleAuth: null })]);
    made.says(T0 + 4 * MINUTE, [sample('u0')]);
    expect(entries(made, 'identity')).toMatchObject([{ before: 'signed-in', identity: 'anonymous' }]);
  });

  const signedIn = () => began([sample('u0', { signedIn: true }), has(token('t0', T0 + MINUTE, { origin: 'SYNERISE' }))]);

  it('sign-out by an expired token: the SDK calls its listener before the getters change', () => {
    const made = signedIn();
    made.says(T0 + MINUTE + SECOND, [state(false, 'SESSION_EXPIRATION')]);
    made.says(T0 + MINUTE + 2 * SECOND, [sample('u0'), NO_TOKEN]);
    expect(made.session.history.signedOut).toEqual({ at: T0 + MINUTE + 2 * SECOND, expired: true, reason: 'SESSION_EXPIRATION' });
    expect(entries(made, 'identity')).toMatchObject([{ before: 'signed-in', identity: 'anonymous', reason: 'SESSION_EXPIRATION' }]);
  });

  it('… or after they change', () => {
    const made = signedIn();
    made.says(T0 + MINUTE + SECOND, [sample('u0'), NO_TOKEN]);
    expect(made.session.history.signedOut).toMatchObject({ expired: true });
    made.says(T0 + MINUTE + 2 * SECOND, [state(false, 'SESSION_EXPIRATION')]);
    expect(made.session.history.signedOut).toMatchObject({ expired: true, reason: 'SESSION_EXPIRATION' });
  });

  it('… or not at all: the expired token is the reason', () => {
    const made = signedIn();
    made.says(T0 + MINUTE + SECOND, [sample('u0')]);
    expect(made.session.history.signedOut).toEqual({ at: T0 + MINUTE + SECOND, expired: true, reason: null });
  });

  it('… with the error of the token read, if that is all the SDK returns', () => {
    const made = signedIn();
    const error = { code: 401, message: 'Session expired', detail: null };
    made.says(T0 + MINUTE + SECOND, [tokenReport(null, { how: 'error', error }), sample('u0')]);
    expect(made.session.history.signedOut).toMatchObject({ expired: true, reason: 'Session expired' });
  });

  it('a sign-out by a person with a valid token is not an expiry', () => {
    const made = signedIn();
    made.says(T0 + 10 * SECOND, [state(false, 'USER_SIGN_OUT'), sample('u0'), NO_TOKEN]);
    expect(made.session.history.signedOut).toMatchObject({ expired: false, reason: 'USER_SIGN_OUT' });
    made.says(T0 + 20 * SECOND, [state(true), sample('u0', { signedIn: true })]);
    expect(made.session.history.signedOut).toBeNull();
  });

  it('a listener call for a sign-in is not a sign-out', () => {
    const made = signedIn();
    made.says(T0 + SECOND, [state(true)]);
    expect(made.session.history.signedOut).toBeNull();
  });

  it('a customer who was not signed in is not signed out', () => {
    const made = began([sample('u0', { simpleAuth: true })]);
    made.says(T0 + MINUTE, [sample('u0')]);
    expect(entries(made, 'identity')).toMatchObject([{ before: 'simple-auth', identity: 'anonymous', reason: null }]);
    expect(made.session.history.signedOut).toBeNull();
  });

  it('the reason of an earlier sign-out is not the reason of a later one', () => {
    const made = signedIn();
    made.says(T0 + 10 * SECOND, [state(false, 'USER_SIGN_OUT'), sample('u0')]);
    // Flutter has no listener: only the getters show that the customer signs in and out.
    made.says(T0 + 20 * SECOND, [sample('u0', { signedIn: true })]);
    made.says(T0 + 30 * SECOND, [sample('u0')]);
    expect(made.session.history.signedOut).toMatchObject({ at: T0 + 30 * SECOND, reason: null });
  });
});

describe('documents', () => {
  it('a reload is a boundary within the same session', () => {
    const made = began();
    made.says(T0 + MINUTE, [page({ entered: '/cart?x=1', by: 'reload' }), sample('u0'), has(token('t0'))], 'doc-2');
    expect(entries(made, 'document')).toEqual([{ seq: 3, nth: 0, kind: 'document', at: T0 + MINUTE, path: '/cart?x=1', by: 'reload' }]);
    expect(made.session.history.documents).toBe(2);
    expect(uuids(made)).toEqual(['u0']);
  });

  it('one boundary is recorded, however often the document reports its SDKs', () => {
    const made = began();
    made.says(T0 + MINUTE, [page({ clients: [], by: 'reload' })], 'doc-2');
    made.says(T0 + MINUTE + 100, [page({ clients: [client({ state: 'not-initialised' })], by: 'reload' })], 'doc-2');
    made.says(T0 + MINUTE + 200, [page({ by: 'reload' }), sample('u0')], 'doc-2');
    expect(entries(made, 'document')).toHaveLength(1);
  });

  it('a document restored from the back-forward cache is recorded', () => {
    const made = began();
    made.says(T0 + MINUTE, [page({ entered: '/two', by: 'navigate' }), sample('u0')], 'doc-2');
    const box = mailbox(made, 'doc-1');
    box.put(T0, page(), sample('u0'), has(token('t0')));
    box.put(T0 + 2 * MINUTE, sample('u0'));
    box.read(T0 + 2 * MINUTE, 0);
    expect(entries(made, 'document').map(({ by, path }) => [by, path])).toEqual([
      ['navigate', '/two'],
      ['restored', '/'],
    ]);
    expect(uuids(made)).toEqual(['u0']);
  });

  it('old reports in the mailbox of a restored document are not changes', () => {
    const made = story();
    made.tell({ at: T0, type: 'observed', observed: true });
    const box = mailbox(made, 'doc-1');
    box.put(T0, page(), sample('u0'), has(token('t0')));
    box.read(T0);
    box.put(T0 + 10 * SECOND, call(1, 'regenerateUUID', 'called'), call(1, 'regenerateUUID', 'returned'), sample('u1'), has(token('t1')));
    box.read(T0 + 10 * SECOND);
    made.says(T0 + MINUTE, [page({ entered: '/two' }), sample('u1'), has(token('t1'))], 'doc-2');
    const before = notes(made).length;
    box.read(T0 + 2 * MINUTE, 0);
    expect(
      notes(made)
        .slice(before)
        .map(({ kind }) => kind),
    ).toEqual(['document']);
  });

  it('another origin starts a new session', () => {
    const made = began();
    made.says(T0 + MINUTE, [page(), sample('v0')], 'doc-x', 'https://other.example');
    expect(entries(made, 'document')).toEqual([]);
    expect(notes(made).at(-1)).toMatchObject({ kind: 'uuid', nth: 1, uuid: 'v0', cause: { kind: 'first' } });
  });
});

describe('gaps in observation', () => {
  it('a change in a gap may be as old as the gap, and is recorded at the first reading after it', () => {
    const made = began();
    made.tell({ at: T0 + MINUTE, type: 'observed', observed: false });
    made.tell({ at: T0 + 5 * MINUTE, type: 'observed', observed: true });
    made.says(T0 + 5 * MINUTE + 20, [sample('u1'), has(token('t1'))]);
    expect(entries(made, 'uuid').at(-1)).toMatchObject({ at: T0 + 5 * MINUTE + 20, after: T0 + MINUTE });
    expect(entries(made, 'uuid').at(-1)?.cause.evidence.join(' ')).toMatch(/Not recorded for 4 min/);
    // Its token was read at the same time.
    expect(entries(made, 'token').at(-1)).toMatchObject({ after: T0 + MINUTE });
    // From here on the page is observed.
    made.says(T0 + 6 * MINUTE, [sample('u2')]);
    expect(entries(made, 'uuid').at(-1)).toMatchObject({ at: T0 + 6 * MINUTE, after: T0 + 6 * MINUTE });
  });

  it("each gap between the alarm's readings starts with the reading before", () => {
    const made = began();
    made.tell({ at: T0 + MINUTE, type: 'observed', observed: false });
    made.says(T0 + 5 * MINUTE, [sample('u1')]);
    made.says(T0 + 9 * MINUTE, [sample('u2')]);
    expect(entries(made, 'uuid').map(({ at, after }) => [at, after])).toEqual([
      [T0, T0],
      [T0 + 5 * MINUTE, T0 + MINUTE],
      [T0 + 9 * MINUTE, T0 + 5 * MINUTE],
    ]);
  });

  it('a gap without changes does not affect a later change', () => {
    const made = began();
    made.tell({ at: T0 + MINUTE, type: 'observed', observed: false });
    made.tell({ at: T0 + 5 * MINUTE, type: 'observed', observed: true });
    made.says(T0 + 5 * MINUTE + 20, [sample('u0'), has(token('t0'))]);
    made.says(T0 + 8 * MINUTE, [sample('u1')]);
    expect(entries(made, 'uuid').at(-1)).toMatchObject({ at: T0 + 8 * MINUTE, after: T0 + 8 * MINUTE });
  });

  it('a generation starts after the one before, and no later than it was read, for arbitrary gaps', () => {
    const beat = fc.record({
      pause: fc.constantFrom(0, 20, SECOND, MINUTE),
      observed: fc.option(fc.boolean()),
      uuid: fc.option(fc.constantFrom('u0', 'u1', 'u2')),
      reload: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(beat, { maxLength: 25 }), (beats) => {
        const made = began();
        let at = T0;
        let document = 1;
        for (const { pause, observed, uuid, reload } of beats) {
          at += pause;
          if (observed !== null) made.tell({ at, type: 'observed', observed });
          if (reload) document += 1;
          if (uuid !== null || reload)
            made.says(at, [...(reload ? [page({ by: 'reload' })] : []), ...(uuid ? [sample(uuid)] : [])], `doc-${document}`);
        }
        const all = entries(made, 'uuid');
        all.forEach((entry, n) => {
          expect(entry.after).toBeLessThanOrEqual(entry.at);
          const before = all[n - 1];
          if (before) expect(entry.after).toBeGreaterThanOrEqual(before.at);
          if (before) expect(entry.uuid).not.toBe(before.uuid);
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('sequence numbers', () => {
  it('are consecutive over reloads, other origins and other clients; `nth` identifies the session', () => {
    const made = began();
    made.says(T0 + SECOND, [sample('u1')]);
    made.says(T0 + 2 * SECOND, [page({ by: 'reload' }), sample('u2')], 'doc-2');
    made.says(T0 + 3 * SECOND, [page(), sample('v0')], 'doc-x', 'https://other.example');
    made.says(T0 + 4 * SECOND, [sample('v1')], 'doc-x', 'https://other.example');
    // Another client in the same document.
    made.says(
      T0 + 5 * SECOND,
      [page({ clients: [client({ ref: 2, place: 'app.synerise' })] }), sample('w0', { client: 2 })],
      'doc-x',
      'https://other.example',
    );
    made.restart();
    made.tell({ at: T0 + 6 * SECOND, type: 'lost', problem: { kind: 'access', message: 'no' } });
    made.says(T0 + 7 * SECOND, [page(), sample('u9')], 'doc-3');
    const all = notes(made);
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, n) => n + 1));
    expect(entries(made, 'uuid').map(({ uuid, nth }) => [uuid, nth])).toEqual([
      ['u0', 0],
      ['u1', 0],
      ['u2', 0],
      ['v0', 1],
      ['v1', 1],
      ['w0', 2],
      ['u9', 3],
    ]);
    // The entries of a session are contiguous.
    expect(all.map(({ nth }) => nth)).toEqual(all.map(({ nth }) => nth).sort((a, b) => a - b));
  });
});

describe('operations and calls', () => {
  it('an operation is recorded once, with its verdict', () => {
    const made = began();
    made.run('op-1', T0 + SECOND, 'regenerateUUID');
    made.says(T0 + SECOND + 30, [started('op-1'), settled('op-1'), sample('u1'), has(token('t1'))]);
    made.tell({ at: T0 + 10 * SECOND, type: 'tick' });
    made.run('op-1', T0 + 11 * SECOND, 'regenerateUUID');
    expect(entries(made, 'operation')).toMatchObject([
      { operation: 'regenerateUUID', by: 'person', at: T0 + SECOND, endedAt: T0 + SECOND + 30, verdict: 'done' },
    ]);
  });

  it('an operation interrupted by a navigation to another site belongs to the session it ran in', () => {
    const made = began();
    made.run('op-1', T0 + SECOND, 'regenerateUUID');
    made.says(T0 + 2 * SECOND, [page(), sample('v0')], 'doc-x', 'https://other.example');
    expect(entries(made, 'operation')).toMatchObject([{ operation: 'regenerateUUID', verdict: 'interrupted', nth: 0 }]);
  });

  it('an operation interrupted by a reload, a lost page or a closed tab is recorded once', () => {
    for (const cut of ['reload', 'lost', 'closed'] as const) {
      const made = began();
      made.run('op-1', T0 + SECOND, 'regenerateUUID');
      if (cut === 'reload') made.says(T0 + 2 * SECOND, [page({ by: 'reload' }), sample('u0')], 'doc-2');
      else if (cut === 'lost') made.tell({ at: T0 + 2 * SECOND, type: 'lost', problem: { kind: 'access', message: 'no' } });
      else made.tell({ at: T0 + 2 * SECOND, type: 'closed' });
      made.tell({ at: T0 + 30 * SECOND, type: 'tick' });
      expect(entries(made, 'operation')).toMatchObject([{ verdict: 'interrupted' }]);
    }
  });

  it('a call is recorded once, when it ends, with its start time', () => {
    const made = began();
    made.says(T0 + SECOND, [call(1, 'signIn', 'called')]);
    expect(entries(made, 'call')).toEqual([]);
    made.says(T0 + 4 * SECOND, [call(1, 'signIn', 'succeeded')]);
    made.says(T0 + 5 * SECOND, [sample('u0', { signedIn: true })]);
    expect(entries(made, 'call')).toMatchObject([{ does: 'signIn', at: T0 + SECOND, endedAt: T0 + 4 * SECOND, ok: true }]);
  });

  it('concurrent calls are recorded separately, and one that only created a call object is not', () => {
    const made = began();
    made.says(T0 + SECOND, [
      call(1, 'signIn', 'called'),
      call(2, 'refreshToken', 'called'),
      call(3, 'deleteAccount', 'called'),
      call(3, 'deleteAccount', 'dropped'),
      call(2, 'refreshToken', 'failed'),
      call(1, 'signIn', 'returned'),
    ]);
    expect(entries(made, 'call').map(({ does, ok }) => [does, ok])).toEqual([
      ['refreshToken', false],
      ['signIn', null],
    ]);
  });

  it('more calls than are remembered at a time are recorded once each', () => {
    const made = began();
    const many = Array.from({ length: 60 }, (_, n) => n + 1);
    made.says(
      T0 + SECOND,
      many.flatMap((n) => [call(n, 'refreshToken', 'called'), call(n, 'refreshToken', 'succeeded')]),
    );
    expect(entries(made, 'call')).toHaveLength(60);
  });

  it('calls with the same number in two documents are separate', () => {
    const made = began();
    made.says(T0 + SECOND, [call(1, 'signIn', 'called'), call(1, 'signIn', 'succeeded')]);
    made.says(
      T0 + 2 * SECOND,
      [page({ by: 'reload' }), sample('u0'), call(1, 'signIn', 'called'), call(1, 'signIn', 'succeeded')],
      'doc-2',
    );
    expect(entries(made, 'call')).toHaveLength(2);
  });
});

describe('a mailbox that is read again', () => {
  /** A page with three UUIDs, a call and an operation, all of which were reported. */
  function told() {
    const made = story();
    made.tell({ at: T0, type: 'observed', observed: true });
    const box = mailbox(made);
    box.put(T0, page(), sample('u0'), has(token('t0')));
    box.read(T0);
    box.put(T0 + SECOND, call(1, 'regenerateUUID', 'called'), call(1, 'regenerateUUID', 'returned'), sample('u1'), has(token('t1')));
    box.read(T0 + SECOND);
    made.run('op-1', T0 + 5 * SECOND, 'regenerateUUID');
    box.put(T0 + 5 * SECOND, started('op-1'), settled('op-1'), sample('u2'), has(token('t2')));
    box.read(T0 + 5 * SECOND + 20);
    made.tell({ at: T0 + 9 * SECOND, type: 'tick' });
    expect(uuids(made)).toEqual(['u0', 'u1', 'u2']);
    expect([entries(made, 'call').length, entries(made, 'operation').length]).toEqual([1, 1]);
    return { made, box };
  }
  const counts = (made: Story) => ({
    uuids: uuids(made),
    tokens: entries(made, 'token').length,
    calls: entries(made, 'call').length,
    operations: entries(made, 'operation').length,
    documents: entries(made, 'document').length,
  });
  const ONCE = { uuids: ['u0', 'u1', 'u2'], tokens: 3, calls: 1, operations: 1, documents: 0 };

  it('records nothing twice after the worker died, read from its cursor on', () => {
    const { made, box } = told();
    made.restart();
    box.read(T0 + MINUTE);
    expect(counts(made)).toEqual(ONCE);
  });

  it('records nothing twice after the worker died, read from the start', () => {
    const { made, box } = told();
    made.restart();
    box.read(T0 + MINUTE, 0);
    expect(counts(made)).toEqual(ONCE);
  });

  it('records nothing twice if a reply was lost with the worker', () => {
    const { made, box } = told();
    box.put(T0 + 20 * SECOND, call(2, 'destroySession', 'called'), call(2, 'destroySession', 'returned'), sample('u3'));
    made.restart();
    box.read(T0 + 20 * SECOND);
    made.restart();
    box.read(T0 + 21 * SECOND);
    expect(counts(made)).toEqual({ ...ONCE, uuids: ['u0', 'u1', 'u2', 'u3'], calls: 2 });
  });

  it('records nothing twice if access was lost and granted again', () => {
    const { made, box } = told();
    made.tell({ at: T0 + MINUTE, type: 'lost', problem: { kind: 'access', message: 'no' } });
    box.read(T0 + 10 * MINUTE);
    expect(made.session.stage.phase).toBe('attached');
    expect(counts(made)).toEqual(ONCE);
    expect(made.session.history.spans.uuid?.value).toBe('u2');
  });

  it('… and an old call in it is not the cause of a new change', () => {
    const { made, box } = told();
    made.tell({ at: T0 + MINUTE, type: 'lost', problem: { kind: 'access', message: 'no' } });
    box.put(T0 + 9 * MINUTE, sample('u3'));
    box.read(T0 + 10 * MINUTE);
    expect(uuids(made)).toEqual(['u0', 'u1', 'u2', 'u3']);
    expect(entries(made, 'uuid').at(-1)?.cause).toMatchObject({ kind: 'unknown', sure: false });
    // The page could not be observed without access.
    expect(entries(made, 'uuid').at(-1)?.after).toBe(T0 + MINUTE);
  });
});
