import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UNSEEN } from '@/components/state/commands';
import { createModel, type ModelOptions, type OpenPort } from '@/components/state/model';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import { patched, type SessionPatch } from '@/lib/protocol/patch';
import type { ViewMessage } from '@/lib/protocol/view-message';
import type { Problem } from '@/lib/session/problem';
import type { EndedRun, Moment } from '@/lib/session/run';
import { newSession, type Session, type Stage } from '@/lib/session/session';
import { client, customer, noToken, runOf, T0 } from '../../fakes/make';

beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
  return () => {
    vi.clearAllTimers();
    vi.useRealTimers();
  };
});

/** Lets a command run long enough to show. */
const lasts = () => vi.advanceTimersByTime(UNSEEN);

type RunMessage = Extract<ViewMessage, { type: 'run' }>;

/** A model of a background that the test plays. `sent`: every message that reached it, including hello. */
function model(options: Partial<ModelOptions> = {}) {
  const sent: ViewMessage[] = [];
  const state = { up: true };
  let handlers: Parameters<OpenPort>[0] | null = null;
  const open: OpenPort = (given) => {
    handlers = given;
    given.onConnection('connecting');
    sent.push(...given.hello());
    return { send: (message) => void (state.up && sent.push(message)), close: () => undefined };
  };
  const made = createModel({ tab: 7, view: 'popup', lends: false, open, ...options });
  const hear = (message: BackgroundMessage) => handlers?.onMessage(message);
  return {
    ...made,
    sent,
    hear,
    state,
    runs: () => sent.filter((message): message is RunMessage => message.type === 'run'),
    down() {
      state.up = false;
      handlers?.onConnection('reconnecting');
    },
    /** Connects again, sends hello, and receives `session`. */
    up(session: Session) {
      state.up = true;
      const said = handlers?.hello() ?? [];
      sent.push(...said);
      handlers?.onConnection('connected');
      hear({ type: 'state', session });
      return said;
    },
  };
}

const attached = (activity: Extract<Stage, { phase: 'attached' }>['activity'] = { kind: 'idle' }): Stage => ({
  phase: 'attached',
  client: client(),
  customer: customer(),
  token: noToken,
  activity,
});
const session = (over: SessionPatch = {}): Session => patched({ ...newSession(7, false, T0), stage: attached() }, over);
const busy = (id: string) => attached({ kind: 'running', run: runOf('getUUID', { id, at: T0 }), started: true });
const moment: Moment = { uuid: null, identity: 'unknown', token: null };
const outcome = (id: string, at = T0): EndedRun => ({
  id,
  operation: 'getUUID',
  by: 'person',
  expects: 'answer',
  nth: 0,
  at,
  endedAt: at + 5,
  verdict: 'done',
  answered: true,
  noted: true,
  result: { answer: null, before: moment, after: moment, note: null, late: [], account: null },
});
const REFUSAL: Problem = { kind: 'sdk', code: 'ruled-out', message: 'Busy.' };

/** A model that requested one operation, with the operation's id. */
function asked() {
  const made = model();
  made.hear({ type: 'state', session: session() });
  made.run('getUUID', {});
  return { ...made, id: made.runs()[0]?.id ?? '' };
}

describe('session', () => {
  it('sends hello, then mirrors state and patches', () => {
    const made = model({ view: 'panel', lends: true });
    expect(made.sent).toEqual([{ type: 'hello', view: 'panel', tab: 7, lends: true }]);
    expect(made.session.value).toBeNull();
    made.hear({ type: 'state', session: session() });
    expect(made.session.value).toEqual(session());
    made.hear({ type: 'patch', patch: { tab: { access: 'visit' }, page: { cursor: 3 } } });
    expect(made.session.value).toEqual(session({ tab: { access: 'visit' }, page: { cursor: 3 } }));
    made.hear({ type: 'state', session: session() });
    expect(made.session.value).toEqual(session());
  });

  it('ignores a patch before a state', () => {
    const made = model();
    made.hear({ type: 'patch', patch: { tab: { access: 'visit' } } });
    expect(made.session.value).toBeNull();
  });

  it('passes on messages that it does not handle', () => {
    const onOther = vi.fn();
    const made = model({ onOther });
    const asked = { origin: null, now: 0, cursor: 0, document: null, wait: 0, showing: true, client: null };
    const request: BackgroundMessage = { type: 'page-request', n: '1', frame: null, request: asked };
    made.hear(request);
    made.hear({ type: 'state', session: session() });
    expect(onOther.mock.calls).toEqual([[request]]);
  });

  it('exposes the state of the connection', () => {
    const made = model();
    expect(made.connection.value).toBe('connecting');
    made.down();
    expect(made.connection.value).toBe('reconnecting');
    made.up(session());
    expect(made.connection.value).toBe('connected');
  });

  it('ticks on every full second', () => {
    vi.setSystemTime(T0 + 300);
    const made = model();
    expect(made.now.value).toBe(T0 + 300);
    vi.advanceTimersByTime(699);
    expect(made.now.value).toBe(T0 + 300);
    vi.advanceTimersByTime(1);
    expect(made.now.value).toBe(T0 + 1000);
    vi.advanceTimersByTime(1000);
    expect(made.now.value).toBe(T0 + 2000);
  });

  it('reports on every connection that it is hidden', () => {
    const made = model();
    made.showing(false);
    expect(made.sent.at(-1)).toEqual({ type: 'showing', showing: false });
    made.down();
    expect(made.up(session())).toEqual([
      { type: 'hello', view: 'popup', tab: 7, lends: false },
      { type: 'showing', showing: false },
    ]);
    made.showing(true);
    made.down();
    expect(made.up(session())).toHaveLength(1);
  });
});

describe('run', () => {
  it('is busy with the id that it sent, and shows that once it lasts', () => {
    const made = model();
    made.hear({ type: 'state', session: session() });
    made.form.value = 'regenerateUUIDWithClientIdentifier';
    made.run('regenerateUUIDWithClientIdentifier', { clientIdentifier: 'anna' }, true);
    const [sent] = made.runs();
    expect(sent).toEqual({
      type: 'run',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      operation: 'regenerateUUIDWithClientIdentifier',
      args: { clientIdentifier: 'anna' },
      anyway: true,
      deadline: 10_000,
    });
    expect(made.form.value).toBeNull();
    expect(made.result.value).toBeNull();
    lasts();
    expect(made.result.value).toEqual({ kind: 'busy', id: sent?.id, operation: 'regenerateUUIDWithClientIdentifier', at: T0 });
  });

  it('ignores a second run while busy', () => {
    const made = asked();
    made.run('signOut', {});
    expect(made.runs()).toHaveLength(1);
    made.hear({ type: 'patch', patch: { stage: busy(made.id) } });
    made.hear({ type: 'answer', id: made.id, problem: null });
    made.run('signOut', {});
    expect(made.runs()).toHaveLength(1);
    lasts();
    made.run('signOut', {});
    expect(made.runs()).toHaveLength(1);
    expect(made.result.value).toMatchObject({ kind: 'busy', id: made.id });
  });

  it("ignores a run while another view's operation is running", () => {
    const made = model();
    made.hear({ type: 'state', session: session({ stage: busy('other') }) });
    expect(made.result.value).toEqual({ kind: 'busy', id: 'other', operation: 'getUUID', at: T0 });
    made.run('getUUID', {});
    expect(made.runs()).toEqual([]);
  });

  it('shows the outcome, and accepts another run', () => {
    const made = asked();
    made.hear({ type: 'patch', patch: { stage: busy(made.id) } });
    made.hear({ type: 'answer', id: made.id, problem: null });
    made.hear({ type: 'patch', patch: { stage: attached(), runs: { ended: [outcome(made.id)] } } });
    expect(made.result.value).toMatchObject({ kind: 'ended', id: made.id, operation: 'getUUID', outcome: { id: made.id, after: moment } });
    made.run('getUUID', {});
    expect(made.runs()).toHaveLength(2);
    expect(made.runs()[1]?.id).not.toBe(made.id);
    lasts();
    expect(made.result.value).toMatchObject({ kind: 'busy', id: made.runs()[1]?.id });
  });

  it('shows an outcome that arrives before the answer', () => {
    const made = asked();
    made.hear({ type: 'patch', patch: { runs: { ended: [outcome(made.id)] } } });
    made.hear({ type: 'answer', id: made.id, problem: null });
    expect(made.result.value).toMatchObject({ kind: 'ended', id: made.id });
  });

  it('shows a refusal until the next operation ends', () => {
    const made = asked();
    lasts();
    made.hear({ type: 'answer', id: 'another', problem: REFUSAL });
    expect(made.result.value).toMatchObject({ kind: 'busy' });
    made.hear({ type: 'answer', id: made.id, problem: REFUSAL });
    expect(made.result.value).toEqual({ kind: 'refused', id: made.id, operation: 'getUUID', problem: REFUSAL, lost: false });
    made.hear({ type: 'patch', patch: { tab: { access: 'visit' } } });
    expect(made.result.value).toMatchObject({ kind: 'refused' });
    made.hear({ type: 'patch', patch: { runs: { ended: [outcome('other', T0 + 2 * UNSEEN)] } } });
    expect(made.result.value).toMatchObject({ kind: 'ended', id: 'other' });
  });

  it('shows a refusal instead of an earlier outcome', () => {
    const made = model();
    made.hear({ type: 'state', session: session({ runs: { ended: [outcome('old', T0 - 1000)] } }) });
    expect(made.result.value).toMatchObject({ kind: 'ended', id: 'old' });
    made.run('signOut', {});
    made.hear({ type: 'answer', id: made.runs()[0]?.id ?? '', problem: REFUSAL });
    expect(made.result.value).toMatchObject({ kind: 'refused', operation: 'signOut', problem: REFUSAL });
  });

  it('is lost if its session ends', () => {
    const made = asked();
    made.hear({ type: 'patch', patch: { stage: busy(made.id) } });
    made.hear({ type: 'answer', id: made.id, problem: null });
    made.hear({
      type: 'patch',
      patch: { stage: { phase: 'searching', candidate: null }, visit: { origin: 'https://other.example' }, runs: { ended: [] } },
    });
    expect(made.result.value).toMatchObject({ kind: 'refused', id: made.id, lost: true, problem: { kind: 'gone' } });
  });
});

describe('a command that has just begun', () => {
  it('shows with all that it changed once it ends, and not before', () => {
    const made = asked();
    const before = made.session.value;
    made.hear({ type: 'patch', patch: { stage: busy(made.id) } });
    made.hear({ type: 'answer', id: made.id, problem: null });
    made.hear({ type: 'patch', patch: { tab: { access: 'visit' } } });
    expect(made.session.value).toBe(before);
    made.hear({ type: 'patch', patch: { stage: attached(), runs: { ended: [outcome(made.id)] } } });
    expect(made.session.value).toMatchObject({ stage: { activity: { kind: 'idle' } }, tab: { access: 'visit' } });
    expect(made.result.value).toMatchObject({ kind: 'ended', id: made.id });
  });

  it('shows with what it changed so far once it lasts', () => {
    const made = asked();
    made.hear({ type: 'patch', patch: { stage: busy(made.id) } });
    vi.advanceTimersByTime(UNSEEN - 1);
    expect(made.session.value?.stage).toEqual(attached());
    vi.advanceTimersByTime(1);
    expect(made.session.value?.stage).toEqual(busy(made.id));
  });

  it('keeps nothing back of another page', () => {
    for (const patch of [{ page: { document: 'doc-2' } }, { visit: { origin: 'https://other.example' } }]) {
      const made = asked();
      made.hear({ type: 'patch', patch });
      expect(made.session.value).toMatchObject(patch);
    }
  });

  it('shows why it was refused if another client came to be shown meanwhile', () => {
    const made = asked();
    made.hear({ type: 'patch', patch: { stage: { ...attached(), client: client({ ref: 2 }) } as Stage } });
    made.hear({ type: 'answer', id: made.id, problem: REFUSAL });
    expect(made.result.value).toMatchObject({ kind: 'refused', problem: REFUSAL });
  });

  it('shows its result if another SDK came to be shown meanwhile', () => {
    const made = asked();
    const other = { ...attached(), client: client({ ref: 2, dialect: 'ios' }) } as Stage;
    made.hear({ type: 'patch', patch: { stage: other } });
    made.hear({ type: 'patch', patch: { runs: { ended: [outcome(made.id)] } } });
    expect(made.result.value).toMatchObject({ kind: 'ended', id: made.id });
  });

  it('shows what was kept back when it is refused', () => {
    const made = asked();
    made.hear({ type: 'patch', patch: { tab: { access: 'visit' } } });
    made.hear({ type: 'answer', id: made.id, problem: REFUSAL });
    expect(made.session.value).toMatchObject({ tab: { access: 'visit' } });
    expect(made.result.value).toMatchObject({ kind: 'refused', problem: REFUSAL });
  });
});

describe('a reconnect', () => {
  it('repeats an unanswered command with the same id', () => {
    const made = asked();
    const [first] = made.runs();
    made.down();
    expect(made.up(session())).toEqual([{ type: 'hello', view: 'popup', tab: 7, lends: false }, first]);
    lasts();
    expect(made.result.value).toMatchObject({ kind: 'busy', id: made.id });
  });

  it('sends a command that was requested while disconnected', () => {
    const made = model();
    made.hear({ type: 'state', session: session() });
    made.down();
    made.run('getUUID', {});
    expect(made.runs()).toEqual([]);
    lasts();
    expect(made.result.value).toMatchObject({ kind: 'busy' });
    made.up(session());
    expect(made.runs()).toHaveLength(1);
    expect(made.result.value).toMatchObject({ kind: 'busy', id: made.runs()[0]?.id });
  });

  it('does not repeat an answered command, and resumes it from the session', () => {
    const made = asked();
    made.hear({ type: 'patch', patch: { stage: busy(made.id) } });
    made.hear({ type: 'answer', id: made.id, problem: null });
    made.down();
    expect(made.up(session({ stage: busy(made.id) }))).toHaveLength(1);
    lasts();
    expect(made.result.value).toMatchObject({ kind: 'busy', id: made.id });
    made.hear({ type: 'patch', patch: { stage: attached(), runs: { ended: [outcome(made.id)] } } });
    expect(made.result.value).toMatchObject({ kind: 'ended', id: made.id });
  });

  it('shows what ended while disconnected', () => {
    const made = asked();
    made.down();
    made.up(session({ runs: { ended: [outcome(made.id)] } }));
    expect(made.result.value).toMatchObject({ kind: 'ended', id: made.id });
    made.hear({ type: 'answer', id: made.id, problem: null });
    expect(made.result.value).toMatchObject({ kind: 'ended', id: made.id });
    made.down();
    expect(made.up(session())).toHaveLength(1);
  });

  it('treats an answered command that the session no longer has as lost', () => {
    const made = asked();
    made.hear({ type: 'patch', patch: { stage: busy(made.id) } });
    made.hear({ type: 'answer', id: made.id, problem: null });
    made.down();
    made.up(session());
    expect(made.result.value).toMatchObject({ kind: 'refused', id: made.id, lost: true });
  });
});

describe('readAgain', () => {
  it('sends at once, and again on each connection until it is answered', () => {
    const made = model();
    made.hear({ type: 'state', session: session() });
    made.readAgain();
    const read = made.sent.at(-1);
    expect(read).toMatchObject({ type: 'read', id: expect.any(String) as string });
    made.down();
    expect(made.up(session())).toContainEqual(read);
    made.hear({ type: 'answer', id: 'another', problem: null });
    made.down();
    expect(made.up(session())).toContainEqual(read);
    made.hear({ type: 'answer', id: read?.type === 'read' ? read.id : '', problem: null });
    made.down();
    expect(made.up(session())).toHaveLength(1);
    expect(made.result.value).toBeNull();
  });
});

describe('an operation that reloads the page', () => {
  const carried = (id: string): SessionPatch => ({
    stage: { phase: 'searching', candidate: null },
    page: { document: 'doc-2' },
    runs: { carried: { run: runOf('destroySession', { id, reloads: true }), answer: null } },
  });

  it('stays busy across documents, and shows its outcome', () => {
    const made = asked();
    made.hear({ type: 'patch', patch: { stage: busy(made.id) } });
    made.hear({ type: 'answer', id: made.id, problem: null });
    made.hear({ type: 'patch', patch: carried(made.id) });
    expect(made.result.value).toMatchObject({ kind: 'busy', id: made.id });
    made.hear({ type: 'patch', patch: { stage: busy(made.id), runs: { carried: null } } });
    expect(made.result.value).toMatchObject({ kind: 'busy', id: made.id });
    made.hear({ type: 'patch', patch: { stage: attached(), runs: { ended: [outcome(made.id)] } } });
    expect(made.result.value).toMatchObject({ kind: 'ended', id: made.id });
  });

  it('of another view also makes the model busy, which then sends no second one', () => {
    const made = model();
    made.hear({ type: 'state', session: session(carried('other')) });
    expect(made.result.value).toEqual({ kind: 'busy', id: 'other', operation: 'destroySession', at: T0 });
    made.run('getUUID', {});
    expect(made.runs()).toEqual([]);
  });

  it('is still busy after a reconnect in between, without being sent again', () => {
    const made = asked();
    made.hear({ type: 'answer', id: made.id, problem: null });
    made.down();
    expect(made.up(session(carried(made.id)))).toHaveLength(1);
    expect(made.result.value).toMatchObject({ kind: 'busy', id: made.id });
  });

  it('that ended with its site is cleared, even though no outcome is kept', () => {
    const made = asked();
    made.hear({ type: 'patch', patch: carried(made.id) });
    made.hear({ type: 'answer', id: made.id, problem: null });
    made.hear({
      type: 'patch',
      patch: { runs: { carried: null, ended: [{ ...outcome(made.id), result: null }] }, visit: { origin: 'https://other.example' } },
    });
    expect(made.result.value).toBeNull();
    made.run('getUUID', {});
    expect(made.runs()).toHaveLength(2);
  });
});

describe('choose', () => {
  it.each<[string, SessionPatch]>([
    ['another client of the document', { stage: { ...attached(), client: client({ ref: 2 }) } as Stage }],
    ['a new document after one that was lost', { page: { document: 'doc-2' }, stage: attached() }],
    ['another origin', { page: { document: null }, visit: { origin: null }, stage: { phase: 'searching', candidate: null } }],
  ])('%s closes the form', (_name, patch) => {
    const made = model();
    made.hear({ type: 'state', session: session({ page: { document: 'doc-1' }, visit: { origin: 'https://shop.example' } }) });
    made.form.value = 'setUuid';
    made.hear({ type: 'patch', patch: { runs: { ended: [] } } });
    expect(made.form.value).toBe('setUuid');
    made.hear({ type: 'patch', patch });
    expect(made.form.value).toBeNull();
  });

  it('discards what was typed when the site changes, and includes the document in a command', () => {
    const made = model();
    made.hear({ type: 'state', session: session({ page: { document: 'doc-1' }, visit: { origin: 'https://shop.example' } }) });
    made.run('getUUID', {});
    expect(made.runs()[0]).toMatchObject({ of: { document: 'doc-1', client: 1 } });
    made.remember({ id: '1', operation: 'signIn', at: T0, draft: {}, by: null });
    made.drafts.set('signIn', { site: 'https://shop.example', draft: {} });
    made.hear({ type: 'patch', patch: { page: { document: 'doc-2' } } });
    expect(made.drafts.size).toBe(1);
    made.hear({ type: 'patch', patch: { page: { document: null }, visit: { origin: null } } });
    expect(made.drafts.size).toBe(0);
  });

  it('sends the choice, and closes the form of the previous client', () => {
    const made = model();
    made.hear({ type: 'state', session: session() });
    made.form.value = 'setUuid';
    made.choose('doc-f1', 2);
    expect(made.sent.at(-1)).toEqual({ type: 'choose', document: 'doc-f1', ref: 2 });
    expect(made.form.value).toBeNull();
  });

  it.each([
    ['is gone', null],
    ['is replaced', 'doc-2'],
  ])('a form closes when its document %s', (_name, document) => {
    const made = model();
    made.hear({ type: 'state', session: session({ page: { document: 'doc-1' } }) });
    made.form.value = 'setUuid';
    made.hear({ type: 'patch', patch: { page: { cursor: 2 } } });
    expect(made.form.value).toBe('setUuid');
    made.hear({ type: 'patch', patch: { page: { document } } });
    expect(made.form.value).toBeNull();
  });
});

describe('typed secrets', () => {
  const SECRET = 'zq-secret';
  const typed = { oldPassword: SECRET, newPassword: `${SECRET}-2` };
  /** A model that requested a password change. */
  function changes() {
    const made = model();
    made.hear({ type: 'state', session: session() });
    const id = made.run('changePassword', typed) ?? '';
    return { ...made, id };
  }
  const again = (made: ReturnType<typeof changes>, over: SessionPatch = {}) => JSON.stringify(made.up(session(over)));

  it('are sent in full, and again in full until the command is accepted', () => {
    const made = changes();
    expect(made.runs()).toMatchObject([{ id: made.id, operation: 'changePassword', args: typed }]);
    for (const nth of [1, 2]) {
      made.down();
      again(made);
      expect(made.runs()).toHaveLength(nth + 1);
      expect(made.runs().at(-1)).toEqual(made.runs()[0]);
    }
  });

  it('are discarded once the command is accepted, and not sent again', () => {
    const made = changes();
    made.hear({ type: 'patch', patch: { stage: busy(made.id) } });
    made.hear({ type: 'answer', id: made.id, problem: null });
    made.down();
    expect(again(made, { stage: busy(made.id) })).not.toContain(SECRET);
    lasts();
    expect(JSON.stringify([made.result.value, made.session.value, made.sent.slice(-1)])).not.toContain(SECRET);
    expect(made.result.value).toEqual({ kind: 'busy', id: made.id, operation: 'changePassword', at: T0 });
  });

  it('once discarded, the command still ends normally: done, or lost with its session', () => {
    const done = changes();
    done.hear({ type: 'patch', patch: { stage: busy(done.id) } });
    done.hear({ type: 'answer', id: done.id, problem: null });
    done.hear({ type: 'patch', patch: { stage: attached(), runs: { ended: [{ ...outcome(done.id), operation: 'changePassword' }] } } });
    expect(done.result.value).toMatchObject({ kind: 'ended', id: done.id, operation: 'changePassword', outcome: { verdict: 'done' } });
    const lost = changes();
    lost.hear({ type: 'patch', patch: { stage: busy(lost.id) } });
    lost.hear({ type: 'answer', id: lost.id, problem: null });
    lost.hear({ type: 'patch', patch: { stage: { phase: 'searching', candidate: null } } });
    expect(lost.result.value).toMatchObject({ kind: 'refused', id: lost.id, operation: 'changePassword', lost: true });
    expect(JSON.stringify(lost.result.value)).not.toContain(SECRET);
  });

  it('are discarded if the command is refused', () => {
    const made = changes();
    made.hear({ type: 'answer', id: made.id, problem: REFUSAL });
    made.down();
    expect(again(made)).not.toContain(SECRET);
    expect(JSON.stringify(made.result.value)).not.toContain(SECRET);
  });

  it('are kept after an answer to another command', () => {
    const made = changes();
    made.hear({ type: 'answer', id: 'another', problem: null });
    made.down();
    again(made);
    expect(made.runs().at(-1)?.args).toEqual(typed);
  });
});

describe('the id that run returns', () => {
  it('is that of the sent command and of its result', () => {
    const made = model();
    made.hear({ type: 'state', session: session() });
    const id = made.run('getAccount', {});
    expect(id).toBe(made.runs()[0]?.id);
    lasts();
    expect(made.result.value).toMatchObject({ kind: 'busy', id });
    made.hear({ type: 'patch', patch: { runs: { ended: [outcome(id ?? '')] } } });
    expect(made.result.value).toMatchObject({ kind: 'ended', id });
  });

  it('is null while an operation of this or another view is running, and nothing is sent', () => {
    const made = asked();
    expect(made.run('signOut', {})).toBeNull();
    made.hear({ type: 'patch', patch: { stage: busy(made.id) } });
    made.hear({ type: 'answer', id: made.id, problem: null });
    expect(made.run('signOut', {})).toBeNull();
    made.hear({ type: 'patch', patch: { stage: busy('other'), runs: { ended: [outcome(made.id)] } } });
    expect(made.run('signOut', {})).toBeNull();
    expect(made.runs()).toHaveLength(1);
    made.hear({ type: 'patch', patch: { stage: attached() } });
    expect(made.run('signOut', {})).toBe(made.runs()[1]?.id);
  });

  it('is not null while the account is read automatically, which shows no result of its own', () => {
    const made = model();
    const follows = attached({ kind: 'running', run: runOf('getAccount', { id: 'account-up-1', by: 'follow-up' }), started: true });
    made.hear({ type: 'state', session: session({ stage: follows, runs: { ended: [outcome('up-1')] } }) });
    expect(made.result.value).toMatchObject({ kind: 'ended', id: 'up-1' });
    expect(made.run('getUUID', {})).toBe(made.runs()[0]?.id);
  });
});
