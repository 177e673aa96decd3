/** The inspector outside a browser: the background over a debugging connection, which it keeps. */
import { createHub, type Hub } from '../background/hub';
import type { CookieChange, Platform, WatchingHooks } from '../background/platform';
import { type Problem, ProblemError } from '../session/problem';
import { openApp } from './app-place';
import { cdpCarrier } from './cdp-carrier';
import { type Connection, openConnection } from './connection';
import { appOrigin, type Endpoint, matching, type Target } from './endpoint';
import { memoryArea, type Storage, timerAlarms } from './memory';
import { createNetwork } from './network';
import { openPage } from './page-place';
import type { Place, Scripts } from './place';

/** The only tab: the target that is inspected. */
export const TAB = 1;

/** What happens to the connection. */
export type Progress =
  | { readonly is: 'connected'; readonly target: Target }
  /** Not connected: why, and when the next attempt follows (ms). */
  | { readonly is: 'waiting'; readonly why: string; readonly next: number };

export interface Inspector {
  readonly hub: Hub;
  /** Leaves the target as if it had never been inspected. */
  stop(): Promise<void>;
}

export interface Needs {
  readonly endpoint: Endpoint;
  /** Words of the target's kind, title or address; empty for the only one, or the first. */
  readonly words: string;
  readonly scripts: Scripts;
  /** URL prefix of the panel's pages. */
  readonly home: string;
  readonly storage: Storage;
  readonly progress: (progress: Progress) => void;
}

/** The pauses between attempts to connect: from the first, doubling, to the longest (ms). */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;

/** Starts to connect, and goes on until it is stopped. */
export function createInspector({ endpoint, words, scripts, home, storage, progress }: Needs): Inspector {
  let place: Place | null = null;
  let connection: Connection | null = null;
  let lost: Problem = { kind: 'gone', code: 'disconnected', message: 'Connecting…' };
  let isOver = false;
  let wake: () => void = () => undefined;
  const current = (): Place => {
    if (!place) throw new ProblemError(lost);
    return place;
  };
  const tabNow = () => ({ id: TAB, url: place?.url(), incognito: false, discarded: false, frozen: false });

  let network: ReturnType<typeof createNetwork> | null = null;
  let hooked: WatchingHooks | null = null;
  const platform: Platform = {
    session: memoryArea(),
    ...storage,
    alarms: timerAlarms((name) => void hub.alarm(name)),
    tabs: { get: async (tab) => (tab === TAB ? tabNow() : null), all: async () => [tabNow()] },
    showBadge: async () => undefined,
    notify: async () => undefined,
    carrier: () => cdpCarrier(current),
    watching: (hooks) => {
      hooked = hooks;
      return {
        access: 'connected',
        has: async () => true,
        watches: async () => true,
        cookies: async (_tab, origin, prefix) => (await place?.cookies(origin, prefix)) ?? null,
        setCookie: async (_tab, cookie, value) => (await place?.setCookie(cookie, value)) ?? false,
        register: async () => false,
        gone: async () => [],
        settled: async () => undefined,
        leave: async () => undefined,
        tabs: async () => [TAB],
      };
    },
    traffic(tell) {
      network = createNetwork(TAB, tell);
      return { flush: () => network?.flush() ?? Promise.resolve() };
    },
  };
  const hub = createHub(home, platform);

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** @throws with the reason, in words */
  async function connect(before: Target | null): Promise<Target> {
    // A panel of ours may be open in the very browser.
    const targets = (await endpoint.targets()).filter(({ address }) => !address.startsWith(home));
    const target = chosen(matching(targets, words), before);
    if (!target) throw new Error(targets.length ? `Nothing at ${endpoint.address} matches.` : `Nothing to inspect at ${endpoint.address}.`);
    const made = await openConnection(target.socket, target.origin);
    connection = made;
    if (isOver) {
      made.close();
      throw new Error('Stopped.');
    }
    const hooks = {
      rang: () => hub.bell(TAB, 'active'),
      at: (url: string) => hub.tabUpdated(TAB, url),
      cookie: (change: CookieChange) => hooked?.cookie(change),
    };
    const origin = target.kind === 'page' ? undefined : appOrigin(target);
    network?.follow(made, origin);
    try {
      place = origin === undefined ? await openPage(made, scripts, hooks) : await openApp(made, scripts, hooks, origin);
    } catch (error) {
      made.close();
      throw error;
    }
    return target;
  }

  async function keepConnected(): Promise<void> {
    let wait = FIRST_PAUSE;
    let before: Target | null = null;
    while (!isOver) {
      let why: string;
      try {
        before = await connect(before);
        wait = FIRST_PAUSE;
        progress({ is: 'connected', target: before });
        const url = place?.url();
        hub.tabUpdated(TAB, ...(url === undefined ? [] : [url]));
        // Read at once, so that a panel has nothing to wait for.
        hub.bell(TAB, 'active');
        const reason = await connection?.closed;
        why = `The connection was closed (${reason}).`;
      } catch (error) {
        why = error instanceof Error ? error.message : String(error);
      }
      place = null;
      lost = { kind: 'gone', code: 'disconnected', message: why.slice(0, 300) };
      if (isOver) return;
      progress({ is: 'waiting', why, next: wait });
      await pause(wait);
      wait = Math.min(2 * wait, LONGEST_PAUSE);
    }
  }

  void hub.woken();
  const kept = keepConnected();
  return {
    hub,
    async stop() {
      isOver = true;
      await place?.leave().catch(() => undefined);
      hub.tabRemoved(TAB);
      connection?.close();
      wake();
      await kept;
    },
  };
}

/** The target to connect to: the one from before, or its successor, such as an app that was started again; at first, the first. */
export function chosen(fits: readonly Target[], before: Target | null): Target | undefined {
  if (!before) return fits[0];
  const alike = fits.filter(({ kind }) => kind === before.kind);
  return fits.find(({ id }) => id === before.id) ?? alike.find(({ address }) => address === before.address) ?? alike[0];
}
