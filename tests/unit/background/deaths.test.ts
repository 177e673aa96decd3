/**
 * The worker killed at every await of every flow. Each flow runs once undisturbed while the calls of the browser's API
 * are counted; then once for each call, with the worker dying there, before the browser hears of it and after it did it.
 */

import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { HistoryEntry } from '@/lib/session/history/history';
import { lastOutcome } from '@/lib/session/run';
import { newSession } from '@/lib/session/session';
import { NO_SITE } from '@/lib/settings/settings';
import { fake, grant, kept, setLocal, takeBack } from '../fakes/browser';
import {
  alarms,
  beginLiving,
  diesAgain,
  hasBeenWatching,
  inWhile,
  isWatchedFromTheStart,
  type Looker,
  look,
  PATTERN,
  pass,
  type Shop,
  settings,
  settle,
  shop,
  stored,
  wake,
} from '../fakes/living';
import { client, MINUTE, page, sample, settled, T0, tokenReport, wireToken } from '../fakes/make';
import { addFrame, run } from '../fakes/world';

vi.mock('wxt/browser', () => import('../fakes/browser'));
vi.setConfig({ testTimeout: 120_000 });
beforeEach(beginLiving);

interface Scene {
  readonly shop: Shop;
  readonly view: Looker | null;
}
interface Flow {
  readonly name: string;
  /** Everything up to the flow, undisturbed. */
  prepare(): Promise<Scene>;
  act(scene: Scene): void;
  /** How long it may take to come to rest, deaths included (ms). */
  readonly rest: number;
  /** What must hold whatever died. */
  check(scene: Scene): void;
  /** What must be as without a death; `false` where there is nothing to compare. Instants only where they do not depend on when the worker lived. */
  result(scene: Scene): unknown;
  /** Without a death it has such a result. */
  readonly ends?: true;
}
type Death = { readonly at: number; readonly when: 'before' | 'after' };

/** What of a tab's history is told: kinds and values, which no death may lose or double. */
function historyOf(tab: number): unknown[] {
  const { chunks = [] } = (kept(`history:${tab}`) ?? {}) as { chunks?: { n: number }[] };
  const entries = chunks.flatMap(({ n }) => kept(`history:${tab}:${n}`) as HistoryEntry[]);
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  // What never came to the page, or was asked again, is told beside; an alarm that no worker outlived rings again, and says so.
  const all = entries.filter((entry) => entry.kind !== 'alarm' && (entry.kind !== 'operation' || entry.verdict !== 'interrupted'));
  return all.map((entry) =>
    entry.kind === 'uuid' ? ['uuid', entry.uuid] : entry.kind === 'token' ? ['token', entry.fingerprint] : [entry.kind],
  );
}
/** What a session is, as far as it does not tell when the worker lived. */
function sessionOf(tab: number): unknown {
  const session = stored(tab);
  if (!session) return null;
  const {
    stage,
    tab: { access, alarmAt, badge, target, closedAt },
    visit: { origin },
    page: { document },
    history: { documents, nth, spans },
    policy: { lead, autoRefresh, notify },
  } = session;
  return {
    stage:
      stage.phase === 'attached'
        ? ['attached', stage.client.place, stage.customer.uuid, stage.token.kind, stage.activity.kind]
        : stage.phase,
    spans: [spans.uuid?.value, spans.token?.value],
    at: { access, origin, document, documents, nth, target, closed: closedAt !== null },
    policy: { lead, autoRefresh, notify },
    tokenRefresh: { alarmAt, badge },
  };
}
const isGeneration = (entry: unknown) => ['uuid', 'token'].includes((entry as string[])[0] ?? '');
const registered = () => [...fake.registered.values()].map(({ id, matches, js }) => [id, matches, js]);

/** A tab whose site is watched, with nobody looking. */
async function watched(over: Parameters<typeof shop>[1] = {}): Promise<Shop> {
  hasBeenWatching(PATTERN);
  const made = shop(7, { grant: false, ...over });
  isWatchedFromTheStart(made, 7);
  await wake();
  await pass(2000);
  expect(stored(7)).toMatchObject({ tab: { access: 'watched' }, stage: { phase: 'attached' } });
  return made;
}

const FLOWS: Flow[] = [
  ...[false, true].map(
    (lends): Flow => ({
      name: `a ${lends ? 'panel' : 'popup'} asks for an operation`,
      async prepare() {
        const made = shop(7, { grant: !lends });
        await wake();
        const view = await look(7, { lends });
        await pass(2000);
        expect(view.session().stage.phase).toBe('attached');
        return { shop: made, view };
      },
      act: ({ view }) => view?.say(run('op-1', 'regenerateUUID')),
      rest: 30_000,
      check({ shop: { ran }, view }) {
        expect(ran.length).toBeLessThanOrEqual(1);
        const { stage, runs } = view?.session() ?? newSession(7, false, 0);
        const last = lastOutcome(runs);
        expect(stage).toMatchObject({ activity: { kind: 'idle' } });
        // What ran and was answered is told as what it was; what never came to the page, as interrupted.
        expect([last?.id, last?.verdict]).toEqual(['op-1', ran.length ? 'done' : 'interrupted']);
      },
      // Nothing of it came to the page: nothing changed.
      result: ({ shop: { ran } }) => ran.length > 0 && [sessionOf(7), alarms(), historyOf(7)],
    }),
  ),
  {
    name: 'a popup asks for an operation whose SDK takes its time',
    async prepare() {
      const made = shop(7);
      await wake();
      const view = await look(7);
      await pass(2000);
      const { onCommand } = made.agent;
      made.agent.onCommand = (command) => {
        if (command.kind !== 'run') return onCommand(command);
        made.ran.push(command.operation);
        made.agent.say({ kind: 'started', id: command.id, client: 1 });
        made.expiresAt = made.next;
        inWhile(5000, () => made.agent.say(settled(command.id), tokenReport(wireToken(made.next))));
      };
      return { shop: made, view };
    },
    act: ({ view }) => view?.say(run('op-1', 'refreshToken')),
    rest: 30_000,
    check({ shop: { ran }, view }) {
      expect(ran.length).toBeLessThanOrEqual(1);
      const last = lastOutcome((view?.session() ?? newSession(7, false, 0)).runs);
      expect([last?.id, last?.verdict]).toEqual(['op-1', ran.length ? 'done' : 'interrupted']);
    },
    result: ({ shop: { ran } }) => ran.length > 0 && [sessionOf(7), alarms(), historyOf(7)],
  },
  {
    name: 'a popup asks for an operation that changes the account, which is then read again',
    async prepare() {
      const made = shop(7);
      await wake();
      const view = await look(7);
      await pass(2000);
      const account = { email: 'ada@shop.example', city: 'Warsaw' };
      const { onCommand } = made.agent;
      made.agent.onCommand = (command) => {
        if (command.kind !== 'run') return onCommand(command);
        made.ran.push(command.operation);
        if (command.operation === 'updateAccount') account.city = 'Łódź';
        const value = command.operation === 'getAccount' ? { ...account } : null;
        made.agent.say({ kind: 'started', id: command.id, client: 1 }, settled(command.id, { value }));
      };
      view.say(run('get-1', 'getAccount'));
      await pass(2000);
      expect(view.session().history.account).toMatchObject({ value: { city: 'Warsaw' } });
      made.ran.length = 0;
      return { shop: made, view };
    },
    act: ({ view }) =>
      view?.say({ type: 'run', id: 'op-1', operation: 'updateAccount', args: { city: 'Łódź' }, anyway: false, deadline: 10_000 }),
    rest: 40_000,
    check({ shop: { ran }, view }) {
      const { stage, runs, history } = view?.session() ?? newSession(7, false, 0);
      const last = lastOutcome(runs);
      const has = ran.includes('updateAccount');
      expect([[], ['updateAccount'], ['updateAccount', 'getAccount']]).toContainEqual(ran);
      expect(stage).toMatchObject({ activity: { kind: 'idle' } });
      expect([last?.id, last?.operation, last?.verdict]).toEqual(['op-1', 'updateAccount', has ? 'done' : 'interrupted']);
      expect(runs.ended.map(({ id }) => id)).toEqual(['get-1', 'op-1']);
      // Read again where that came to the page; told as not read where it did not.
      if (has) expect(last?.account).toMatchObject({ before: { value: { city: 'Warsaw' } } });
      if (has) expect(last?.account?.state).toBe(ran.includes('getAccount') ? 'read' : 'unread');
      if (last?.account?.state === 'read') expect(last.account.after).toMatchObject({ value: { city: 'Łódź' } });
      // What was read before the operation is not what it is afterwards.
      expect(history.account?.value['city']).toBe(!has ? 'Warsaw' : last?.account?.state === 'read' ? 'Łódź' : undefined);
    },
    ends: true,
    result: ({ shop: { ran } }) => ran.length === 2 && [sessionOf(7), alarms(), historyOf(7)],
  },
  {
    name: 'an operation reloads the page',
    async prepare() {
      const made = shop(7);
      const web = client({ dialect: 'web', place: 'SR' });
      const says = (uuid: string) =>
        made.agent.say(page([web]), sample(uuid, { facts: { identityHash: '' } }), tokenReport(null, { none: true }));
      made.agent.navigate('doc-1');
      says('web-1');
      await wake();
      const view = await look(7);
      await pass(2000);
      made.agent.onCommand = (command) => {
        if (command.kind !== 'run') return says(made.uuid === 'web-2' ? 'web-2' : 'web-1');
        made.ran.push(command.operation);
        made.agent.say({ kind: 'started', id: command.id, client: 1 }, settled(command.id, { value: { removed: [], left: [] } }));
        inWhile(1000, () => {
          made.uuid = 'web-2';
          made.agent.navigate('doc-2');
          made.agent.present = false;
          says('web-2');
          fake.updated.raise(7, { status: 'complete' });
        });
      };
      return { shop: made, view };
    },
    act: ({ view }) => view?.say(run('op-1', 'destroySession')),
    rest: 30_000,
    check({ shop: { ran }, view }) {
      expect(ran.length).toBeLessThanOrEqual(1);
      const { runs } = view?.session() ?? newSession(7, false, 0);
      const last = lastOutcome(runs);
      expect(runs.carried).toBeNull();
      expect([last?.id, last?.verdict]).toEqual(['op-1', ran.length ? 'done' : 'interrupted']);
    },
    result: ({ shop: { ran } }) => ran.length > 0 && [sessionOf(7), alarms(), historyOf(7)],
  },
  {
    name: 'the alarms of two tabs with one token',
    async prepare() {
      settle({ autoRefresh: true });
      const made = await watched({ expiresAt: T0 + 95_000 });
      const other = shop(8, { grant: false });
      Object.defineProperty(other, 'expiresAt', { get: () => made.expiresAt, set: (at: number) => Object.assign(made, { expiresAt: at }) });
      Object.defineProperty(other, 'ran', { value: made.ran });
      other.agent.say(tokenReport(wireToken(made.expiresAt)));
      isWatchedFromTheStart(other, 8);
      await pass(2000);
      expect(alarms()).toEqual({ 'session:7': T0 + 35_000, 'session:8': T0 + 35_000 });
      return { shop: made, view: null };
    },
    act: () => undefined,
    rest: 2 * MINUTE,
    check({ shop: { ran } }) {
      expect(ran).toEqual(['refreshToken']);
    },
    result: () => [sessionOf(7), sessionOf(8), alarms(), historyOf(7).filter(isGeneration), historyOf(8).filter(isGeneration)],
  },
  {
    name: 'a tab gets another number as the browser discards it',
    async prepare() {
      return { shop: await watched({ expiresAt: T0 + 95_000 }), view: null };
    },
    act: () => {
      fake.tabs.delete(7);
      fake.relays.delete(7);
      fake.tabs.set(17, { incognito: false, url: 'https://shop.example/', discarded: true });
      fake.replaced.raise(17, 7);
    },
    rest: MINUTE,
    check() {
      // One that was made all the same has rung, and cleared itself.
      expect(Object.keys(alarms()).filter((name) => name.startsWith('session'))).toEqual([]);
      // Moved, or told as a tab that was closed; never lost.
      const [session] = [stored(17) ?? stored(7)];
      expect(session?.history.spans.uuid?.value).toBe('uuid-of-7');
      expect(historyOf(session?.tab.id ?? 0)).toHaveLength(2);
      expect([stored(7), stored(17)].filter((one) => one && one.tab.closedAt === null).length).toBeLessThanOrEqual(1);
    },
    result: () => false,
  },
  {
    name: 'a popup switches refreshing on',
    async prepare() {
      const made = await watched();
      const view = await look(7);
      await pass(1000);
      return { shop: made, view };
    },
    act: ({ view }) => view?.say({ type: 'auto-refresh', on: true }),
    rest: 10_000,
    check({ view }) {
      // Asked once, and not again: done whole, or not at all.
      expect(view?.session().policy.autoRefresh).toBe(settings().autoRefresh);
      expect(stored(7)?.policy.autoRefresh).toBe(settings().autoRefresh);
    },
    result: () => settings().autoRefresh && [sessionOf(7), alarms()],
  },
  {
    name: 'the alarm of a watched site, with nobody looking',
    async prepare() {
      settle({ autoRefresh: true });
      // Due in a minute and a half, which is 30 s after the session begins.
      return { shop: await watched({ expiresAt: T0 + 95_000 }), view: null };
    },
    act: () => undefined,
    rest: 2 * MINUTE,
    check({ shop: { ran } }) {
      expect(ran).toEqual(['refreshToken']);
    },
    result: () => [sessionOf(7), alarms(), historyOf(7)],
  },
  {
    name: 'a site is watched from now on',
    async prepare() {
      const made = shop(7, { grant: false });
      await wake();
      await pass(1000);
      return { shop: made, view: null };
    },
    act: () => grant(PATTERN),
    rest: 10_000,
    check: () => undefined,
    result: ({ shop: { agent } }) => [sessionOf(7), alarms(), registered(), agent.watching, fake.relays.has(7), historyOf(7)],
  },
  {
    name: 'a site is watched no more, with nobody looking',
    async prepare() {
      settle({ autoRefresh: true, notify: true, lead: 90_000 });
      return { shop: await watched(), view: null };
    },
    act: () => takeBack(PATTERN),
    rest: 60_000,
    check({ shop: { agent } }) {
      expect(registered()).toEqual([]);
      expect(settings()).toEqual({ ...NO_SITE, lead: 90_000 });
      expect([agent.watching, fake.relays.has(7)]).toEqual([false, false]);
      expect(stored(7)).toBeUndefined();
      expect([...fake.storage.keys()].filter((key) => key.includes('7'))).toEqual([]);
      expect(alarms()).toEqual({});
    },
    result: () => null,
  },
  {
    name: 'a site is watched no more, with a panel open',
    async prepare() {
      settle({ autoRefresh: true });
      const made = await watched();
      const view = await look(7, { lends: true });
      await pass(2000);
      return { shop: made, view };
    },
    act: () => takeBack(PATTERN),
    rest: 30_000,
    check({ view }) {
      expect(registered()).toEqual([]);
      expect(settings()).toEqual(NO_SITE);
      expect(view?.session()).toMatchObject({ tab: { access: 'panel' }, policy: { autoRefresh: false }, stage: { phase: 'attached' } });
    },
    result: () => [sessionOf(7), alarms()],
  },
  {
    name: 'a watched page is loaded again',
    async prepare() {
      return { shop: await watched(), view: null };
    },
    act: ({ shop: made }) => made.navigate('doc-2'),
    rest: 10_000,
    check: () => undefined,
    result: () => [sessionOf(7), alarms(), historyOf(7)],
  },
  {
    name: 'a page that a popup shows is loaded again',
    async prepare() {
      const made = shop(7);
      await wake();
      const view = await look(7);
      await pass(2000);
      return { shop: made, view };
    },
    act: ({ shop: made }) => made.navigate('doc-2'),
    rest: 10_000,
    check: () => undefined,
    result: () => [sessionOf(7), alarms(), historyOf(7)],
  },
  {
    name: 'a tab is closed',
    async prepare() {
      return { shop: await watched(), view: null };
    },
    act: () => {
      fake.tabs.delete(7);
      fake.relays.delete(7);
      fake.removed.raise(7);
    },
    rest: 20_000,
    check() {
      expect(Object.keys(alarms())).toEqual(['prune']);
      expect(alarms()['prune']).toBe((stored(7)?.tab.closedAt ?? 0) + 30 * MINUTE);
    },
    result: () => {
      const { at, ...rest } = sessionOf(7) as { at: object };
      return [{ ...rest, at: { ...at, access: 'none' } }, historyOf(7)];
    },
  },
  {
    name: 'the settings of a watched site change, with nobody looking',
    async prepare() {
      return { shop: await watched(), view: null };
    },
    act: () => {
      settle({ lead: 2 * MINUTE, autoRefresh: true });
      setLocal('settings', fake.local.get('settings'));
    },
    rest: 10_000,
    check() {
      expect(alarms()).toEqual({ 'session:7': T0 + 8 * MINUTE });
    },
    result: () => [sessionOf(7), alarms()],
  },
  {
    name: 'the frames of a page are looked through',
    async prepare() {
      const made = shop(7, { frames: 2 });
      made.agent.navigate('doc-top');
      made.agent.say(page([], true, 2));
      for (const id of [1, 2])
        addFrame(7, id, id === 2 ? [page([client()]), sample('uuid-f2'), tokenReport(wireToken(T0 + 20 * MINUTE))] : [page([], true)]);
      await wake();
      await pass(500);
      return { shop: made, view: null };
    },
    act: () => void look(7),
    rest: 15_000,
    check: () => undefined,
    result: () => [sessionOf(7), alarms(), stored(7)?.tab.listing.map(({ document, frame }) => [document, frame]), historyOf(7)],
  },
];

/** Plays a flow; gives how many calls of the browser it took, and what came of it. */
async function play(flow: Flow, dies: Death | null, ...more: Death[]): Promise<{ calls: readonly string[]; result: unknown }> {
  const end = beginLiving();
  try {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const scene = await flow.prepare();
    Object.assign(fake, { calls: [], counting: true, dies });
    diesAgain(...more);
    flow.act(scene);
    await pass(flow.rest);
    const { calls } = fake;
    flow.check(scene);
    return { calls, result: structuredClone(flow.result(scene)) };
  } finally {
    end();
  }
}

describe.each(FLOWS)('$name', (flow) => {
  it('comes to its end, and to the same wherever the worker dies', async () => {
    const whole = await play(flow, null);
    expect(whole.calls.length).toBeGreaterThan(2);
    if (flow.ends) expect(whole.result).not.toBe(false);
    const failed: string[] = [];
    const dies = async (...deaths: [Death, ...Death[]]) => {
      try {
        const { result } = await play(flow, ...deaths);
        if (result !== false) expect(result).toEqual(whole.result);
      } catch (error) {
        const where = deaths.map(({ at, when }) => `${when} call ${at}`).join(', then ');
        failed.push(`${where} (${whole.calls[deaths[0].at - 1]}): ${(error as Error).message.split('\n')[0]}`);
      }
    };
    // What is repeated while a view looks on is enough to be seen twice.
    const last = Math.min(whole.calls.length, 60);
    for (let at = 1; at <= last; at += 1)
      for (const when of ['before', 'after'] as const) {
        await dies({ at, when });
        // Here and there its successor too, in its own calls.
        if (at % 3 === 0) await dies({ at, when }, { at: 1 + ((at * 7) % 17), when: at % 2 ? 'before' : 'after' });
      }
    expect(failed).toEqual([]);
  });
});
