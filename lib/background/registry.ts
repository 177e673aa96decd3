/** The one owner of all sessions: takes events, keeps what the machine says, then tells the views and acts. */
import { browser } from 'wxt/browser';
import { type BackgroundMessage, patchOf } from '../protocol/messages';
import type { AgentCommand } from '../sdk/wire';
import { type Effect, type SessionEvent, transition } from '../session/machine';
import { problemOf } from '../session/problem';
import { newSession, type Session } from '../session/session';
import { showBadge } from './badge';
import { store } from './store';

const ALARM_PREFIX = 'session:';

/** A session event before the registry puts the time on it. */
export type Happening = SessionEvent extends infer E ? (E extends SessionEvent ? Omit<E, 'at'> : never) : never;

export interface RegistryHooks {
  /** Sends a command to the page of a tab. */
  send(tab: number, command: AgentCommand): void;
  /** Tells every view of a tab. */
  tell(tab: number, message: BackgroundMessage): void;
}

export interface Registry {
  /** The session of a tab; a new one where there is none. */
  get(tab: number): Promise<Session>;
  /** Applies happenings in order, as one: stored before anyone is told, told before anything is done. */
  apply(tab: number, ...happenings: Happening[]): Promise<readonly Effect[]>;
  forget(tab: number): Promise<void>;
  tabs(): Promise<number[]>;
  /** Makes the alarms of all sessions again: a worker may have died between storing one and making it. */
  rearm(): Promise<void>;
  /** The tab that an alarm belongs to; `null` for a foreign alarm. */
  tabOfAlarm(name: string): number | null;
}

/** The registry over `storage.session`; what it is to do beyond storing is in `hooks`. */
export function createRegistry(hooks: RegistryHooks): Registry {
  const sessions = new Map<number, Session>();
  const queues = new Map<number, Promise<unknown>>();
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  const loaded = store.load().then(
    (all) => {
      for (const session of all) sessions.set(session.tab, session);
    },
    // Begun anew: what was stored cannot be read.
    (error: unknown) => console.error(problemOf(error).message),
  );

  async function get(tab: number): Promise<Session> {
    await loaded;
    const known = sessions.get(tab);
    if (known) return known;
    const incognito = await browser.tabs.get(tab).then(
      (found) => found.incognito,
      () => false,
    );
    const session = sessions.get(tab) ?? newSession(tab, incognito, Date.now());
    sessions.set(tab, session);
    return session;
  }

  /** One at a time per tab. */
  function queued<T>(tab: number, work: () => Promise<T>): Promise<T> {
    const turn = (queues.get(tab) ?? Promise.resolve()).then(work, work);
    queues.set(
      tab,
      turn.catch(() => {}),
    );
    return turn;
  }

  const apply: Registry['apply'] = (tab, ...happenings) =>
    queued(tab, async () => {
      const before = await get(tab);
      let session = before;
      const effects: Effect[] = [];
      for (const happening of happenings) {
        const step = transition(session, { ...happening, at: Date.now() } as SessionEvent);
        session = step.session;
        effects.push(...step.effects);
      }
      const patch = patchOf(before, session);
      if (patch) {
        await store.save(session);
        sessions.set(tab, session);
        hooks.tell(tab, { type: 'patch', patch });
      }
      for (const effect of effects) carryOut(tab, effect);
      return effects;
    });

  function carryOut(tab: number, effect: Effect): void {
    switch (effect.type) {
      case 'send':
        hooks.send(tab, effect.command);
        return;
      case 'wake':
        clearTimeout(timers.get(tab));
        timers.set(
          tab,
          setTimeout(() => void apply(tab, { type: 'tick' }), Math.max(0, effect.at - Date.now())),
        );
        return;
      case 'alarm':
        void (effect.at === null
          ? browser.alarms.clear(`${ALARM_PREFIX}${tab}`)
          : browser.alarms.create(`${ALARM_PREFIX}${tab}`, { when: effect.at }));
        return;
      case 'badge':
        void showBadge(tab, effect.badge, Date.now());
        return;
      case 'refuse':
        return;
    }
  }

  return {
    get,
    apply,
    forget: (tab) =>
      queued(tab, async () => {
        await loaded;
        sessions.delete(tab);
        queues.delete(tab);
        clearTimeout(timers.get(tab));
        timers.delete(tab);
        await Promise.all([store.remove(tab), browser.alarms.clear(`${ALARM_PREFIX}${tab}`)]).catch((error: unknown) =>
          console.error(problemOf(error)),
        );
      }),
    async rearm() {
      await loaded;
      for (const { tab, alarmAt } of sessions.values()) if (alarmAt !== null) carryOut(tab, { type: 'alarm', at: alarmAt });
    },
    tabs: async () => {
      await loaded;
      return [...sessions.keys()];
    },
    tabOfAlarm: (name) => (/^session:\d+$/.test(name) ? Number(name.slice(ALARM_PREFIX.length)) : null),
  };
}
