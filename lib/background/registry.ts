/** Owns all sessions: passes events to the machine, stores the result, then updates the views and carries out the effects. */

import type { AgentCommand } from '../page/wire';
import type { BackgroundMessage } from '../protocol/background-message';
import { patchOf } from '../protocol/patch';
import type { Peer } from '../session/history/causes';
import { type Effect, type SessionEvent, transition } from '../session/machine';
import { knownToken } from '../session/refresh-policy';
import { type Notice, newSession, type Session, underWay, withPart } from '../session/session';
import { createTurns } from '../tasks/turns';
import { fingerprint } from '../text/fingerprint';
import { showBadge } from './badge';
import { logProblem } from './log';
import type { Platform } from './platform';
import { createStore, type History } from './store';

const ALARM_PREFIX = 'session:';
/** Name of the alarm for the time when the oldest closed session should be forgotten. */
const PRUNE_ALARM = 'prune';
/** How long a closed tab's session stays readable (ms), and how many such sessions are kept. */
const CLOSED_KEPT = 1_800_000;
const CLOSED_MOST = 200;
/** The longest delay that `setTimeout` supports (ms). */
const LONGEST_TIMER = 2 ** 31 - 1;

/** A session event before the registry adds the time and the peers. */
export type Happening = SessionEvent extends infer E ? (E extends SessionEvent ? Omit<E, 'at' | 'peers'> : never) : never;

export interface RegistryHooks {
  /** Sends a command to the page of a tab. */
  send(tab: number, command: AgentCommand): void;
  /** Sends a message to the views of a tab. */
  tell(tab: number, message: BackgroundMessage): void;
  /** Notifies the user, who may not be looking at the tab. */
  notify(session: Session, notice: Notice): void;
}

export interface Registry {
  /** The session of a tab, created if there is none. */
  get(tab: number): Promise<Session>;
  /** The history of a tab. */
  history(tab: number): Promise<History>;
  /** Applies events in order, as one step: stores the result, then updates the views, then carries out the effects and returns them. */
  apply(tab: number, ...happenings: Happening[]): Promise<readonly Effect[]>;
  forget(tab: number): Promise<void>;
  /** The tab was closed: its session stays readable for a while, unless it never had a UUID. */
  close(tab: number): Promise<void>;
  /** The browser changed a tab's ID. */
  move(from: number, to: number): Promise<void>;
  /**
   * Forgets sessions that were closed more than half an hour ago or are too many, and all closed incognito sessions once no
   * incognito tab is left.
   */
  prune(): Promise<void>;
  sessions(): Promise<readonly Session[]>;
  /** Sets all sessions' alarms again and clears stale ones: a worker may have died between storing an alarm and setting it. */
  rearm(): Promise<void>;
  /** The tab that an alarm belongs to; `null` for the one that prunes closed tabs. */
  tabOfAlarm(name: string): number | null;
}

/** The registry over `platform.session`. `hooks` carry out what goes beyond storage, alarms and the badge. */
export function createRegistry(platform: Platform, hooks: RegistryHooks): Registry {
  const { alarms, tabs } = platform;
  const store = createStore(platform.session);
  const sessions = new Map<number, Session>();
  /** Sessions being written. Peers must see these already, so that two tabs do not act on the same token at once. */
  const latest = new Map<number, Session>();
  /** Kept for good: work of a tab that is forgotten may still wait. */
  const queues = new Map<number, ReturnType<typeof createTurns>>();
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  const loaded = store.load().then(
    (all) => {
      for (const session of all) sessions.set(session.tab.id, session);
    },
    // The stored sessions cannot be read: start without them.
    logProblem,
  );

  async function get(tab: number): Promise<Session> {
    await loaded;
    const known = sessions.get(tab);
    if (known) return known;
    const incognito = (await tabs.get(tab))?.incognito === true;
    const session = sessions.get(tab) ?? newSession(tab, incognito, Date.now());
    sessions.set(tab, session);
    return session;
  }

  /** Runs work one at a time per tab. */
  function queued<T>(tab: number, work: () => Promise<T>): Promise<T> {
    const turns = queues.get(tab) ?? createTurns();
    queues.set(tab, turns);
    return turns(work);
  }

  /** The peers of a session: other tabs' sessions of the same origin and profile. */
  function peersOf({ tab: { id: tab, incognito }, visit: { origin } }: Session): Peer[] {
    const peers: Peer[] = [];
    for (const known of sessions.values()) {
      const other = latest.get(known.tab.id) ?? known;
      if (other.tab.id !== tab && other.visit.origin === origin && origin !== null && other.tab.incognito === incognito)
        peers.push(peerOf(other));
    }
    return peers;
  }

  const apply: Registry['apply'] = (tab, ...happenings) =>
    queued(tab, async () => {
      const before = await get(tab);
      const effects: Effect[] = [];
      let session = before;
      for (const happening of happenings) {
        const step = transition(session, { ...happening, at: Date.now(), peers: peersOf(session) } as SessionEvent);
        session = step.session;
        effects.push(...step.effects);
      }
      const patch = patchOf(before, session);
      if (patch) {
        const entries = effects.flatMap((effect) => (effect.type === 'note' ? [effect.entry] : []));
        latest.set(tab, session);
        let dropped: number;
        try {
          dropped = await store.save(session, entries);
          // Synchronously with the removal from `latest`: otherwise another tab could see the old session in between.
          sessions.set(tab, session);
        } finally {
          latest.delete(tab);
        }
        hooks.tell(tab, { type: 'patch', patch });
        if (entries.length) hooks.tell(tab, { type: 'history', entries, dropped, whole: false });
      }
      for (const effect of effects) carryOut(session, effect);
      return effects;
    });

  function carryOut(session: Session, effect: Effect): void {
    const { id: tab } = session.tab;
    switch (effect.type) {
      case 'send':
        hooks.send(tab, effect.command);
        return;
      case 'wake':
        clearTimeout(timers.get(tab));
        timers.set(
          tab,
          setTimeout(
            () => void apply(tab, { type: 'tick' }).catch(logProblem),
            Math.min(LONGEST_TIMER, Math.max(0, effect.at - Date.now())),
          ),
        );
        return;
      case 'alarm':
        void (effect.at === null ? alarms.clear(`${ALARM_PREFIX}${tab}`) : alarms.set(`${ALARM_PREFIX}${tab}`, effect.at));
        return;
      case 'badge':
        void showBadge(platform, tab, effect.badge, Date.now());
        return;
      case 'notify':
        hooks.notify(session, effect.notice);
        return;
      case 'detail':
        hooks.tell(tab, { type: 'detail', key: effect.key, detail: effect.detail });
        return;
      case 'same':
      case 'storage-edited':
        hooks.tell(tab, effect);
        return;
      case 'note':
      case 'refuse':
        return;
    }
  }

  /** Removes all of a tab; in its queue only. */
  async function remove(tab: number): Promise<void> {
    await loaded;
    sessions.delete(tab);
    clearTimeout(timers.get(tab));
    timers.delete(tab);
    await Promise.all([store.remove(tab), alarms.clear(`${ALARM_PREFIX}${tab}`)]).catch(logProblem);
  }

  const forget: Registry['forget'] = (tab) => queued(tab, () => remove(tab));

  const prune: Registry['prune'] = async () => {
    await loaded;
    const closed = [...sessions.values()]
      .filter(({ tab: { closedAt } }) => closedAt !== null)
      .sort((a, b) => (b.tab.closedAt ?? 0) - (a.tab.closedAt ?? 0));
    const now = Date.now();
    const incognito = (await tabs.all()).some((one) => one.incognito);
    const old = closed.filter(
      (one, index) => index >= CLOSED_MOST || now - (one.tab.closedAt ?? 0) >= CLOSED_KEPT || (one.tab.incognito && !incognito),
    );
    await Promise.all(old.map(({ tab: { id: tab } }) => forget(tab)));
    const oldest = closed.filter((one) => !old.includes(one)).at(-1)?.tab.closedAt;
    await (oldest == null ? alarms.clear(PRUNE_ALARM) : alarms.set(PRUNE_ALARM, oldest + CLOSED_KEPT));
  };

  return {
    get,
    apply,
    forget,
    prune,
    async history(tab) {
      await loaded;
      return store.history(tab);
    },
    async close(tab) {
      const { spans } = (await get(tab)).history;
      // A session that never had a UUID has nothing to read.
      if (spans.uuid) await apply(tab, { type: 'closed' });
      else await forget(tab);
      clearTimeout(timers.get(tab));
      await prune();
    },
    async move(from, to) {
      await queued(from, async () => {
        await loaded;
        const session = sessions.get(from);
        if (!session) return;
        const { entries } = await store.history(from);
        // Save it under the new ID first: if the worker dies in between, the old session is closed later, as its tab is gone.
        await queued(to, async () => {
          const moved = withPart(session, 'tab', { id: to });
          await store.save(moved, entries);
          sessions.set(to, moved);
          if (moved.tab.alarmAt !== null) carryOut(moved, { type: 'alarm', at: moved.tab.alarmAt });
        });
        await remove(from);
      });
    },
    async rearm() {
      await loaded;
      const wanted = new Map([...sessions.values()].map(({ tab: { id: tab, alarmAt } }) => [`${ALARM_PREFIX}${tab}`, alarmAt]));
      const there = await alarms.names();
      const left = there.filter((name) => name.startsWith(ALARM_PREFIX) && (wanted.get(name) ?? null) === null);
      await Promise.all(left.map((name) => alarms.clear(name)));
      for (const session of sessions.values())
        if (session.tab.alarmAt !== null) carryOut(session, { type: 'alarm', at: session.tab.alarmAt });
    },
    sessions: async () => {
      await loaded;
      return [...sessions.values()];
    },
    tabOfAlarm: (name) => (/^session:\d+$/.test(name) ? Number(name.slice(ALARM_PREFIX.length)) : null),
  };
}

function peerOf(session: Session): Peer {
  const {
    stage,
    tab: { id: tab },
    history: { spans },
  } = session;
  const facts = knownToken(session);
  const refreshing = underWay(stage)?.run.operation === 'refreshToken';
  return {
    tab,
    uuid: spans.uuid?.value ?? null,
    uuidFrom: spans.uuid?.from ?? 0,
    token: spans.token?.value ?? null,
    tokenFrom: spans.token?.from ?? 0,
    acting: refreshing && facts ? fingerprint(facts.raw) : null,
  };
}
