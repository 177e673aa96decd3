/** The entry point for browser events: wires the background's modules together and routes each event to the right one. */
import type { OperationName } from '../sdk/operations';
import { isOpen } from '../session/terms';
import { createChannels } from './channels';
import { noteCookie } from './cookie-news';
import { createLocator } from './locator';
import { logBug } from './log';
import { createPermissions } from './permissions';
import type { Heard, Platform, Watching } from './platform';
import { createRegistry, type Registry } from './registry';
import { createSessionRequests } from './session-requests';
import { createSettings } from './settings';
import { createViewPorts, type HubPort } from './view-ports';
import { createViews } from './views';

export interface Hub {
  /** A view opened its port. */
  connected(port: HubPort): void;
  alarm(name: string): Promise<void>;
  /** The relay of a document in a tab rang. `lifecycle`: the document's current state, as the browser names it. */
  bell(tab: number, lifecycle: string | undefined): void;
  /** Adds requests that SDKs made to their sessions. @throws what the store throws */
  requested(heard: readonly Heard[]): Promise<void>;
  /** A keyboard shortcut was pressed in a tab. */
  command(tab: number, operation: OperationName): Promise<void>;
  /** The browser put a tab to sleep. */
  tabAsleep(tab: number, why: 'discarded' | 'frozen'): Promise<void>;
  /** A sleeping tab woke up. */
  tabAwake(tab: number): Promise<void>;
  /** The browser changed a tab's ID. */
  tabReplaced(from: number, to: number): Promise<void>;
  /** A tab is loading or has loaded a document. `url`: the new URL, if it changed and the browser reports it. */
  tabUpdated(tab: number, url?: string): void;
  tabRemoved(tab: number): void;
  /** The worker started: closes sessions whose tab is gone, resumes the others, and restores alarms and permissions. */
  woken(): Promise<void>;
}

/** @param home URL prefix of the extension's own pages: only they may connect. */
export function createHub(home: string, platform: Platform): Hub {
  const { tabs } = platform;
  const views = createViews();
  const settings = createSettings(platform, () => void channels.everywhere((one) => one.lookAnew()));
  const watching: Watching = platform.watching({
    changed: (removed) => void fitPermissions(true, removed).catch(logBug),
    cookie: (change) => noteCookie({ registry, channels, views }, change),
  });
  const registry: Registry = createRegistry(platform, {
    send: (tab, command) => void channels.of(tab).send(command),
    tell: views.tell,
    // No notification while a view shows the tab.
    notify: (session, notice) => void (views.isShown(session.tab.id) || platform.notify(session, notice)),
  });
  const channels = createChannels(registry, platform.carrier, { settings, watching });
  const fitPermissions = createPermissions({ registry, channels, views, settings, watching });
  const requests = createSessionRequests({ registry, channels, views, watching, tabs });
  const traffic = platform.traffic(requests.note);

  const locator = createLocator({ registry, channels, traffic });
  /** `registry.get` would create one. */
  const hasSession = async (tab: number) => (await registry.sessions()).some((one) => one.tab.id === tab);
  const ports = createViewPorts(home, { registry, channels, views, settings, watching, requests, locator, tabs });

  return {
    connected: ports.connected,
    async alarm(name) {
      const tab = registry.tabOfAlarm(name);
      if (tab === null) return void (await registry.prune().catch(logBug));
      if (!(await registry.sessions()).some((one) => one.tab.id === tab && one.tab.closedAt === null)) return;
      // Don't read the page of a tab that is gone or asleep.
      const shown = await tabs.get(tab);
      if (!shown) await registry.close(tab);
      else if (shown.discarded || shown.frozen)
        await registry.apply(tab, { type: 'asleep', why: shown.discarded ? 'discarded' : 'frozen' });
      else await registry.apply(tab, { type: 'alarm' });
    },
    bell(tab, lifecycle) {
      // Ignore prerendered documents and those in the back-forward cache: the tab does not show them.
      if (lifecycle === undefined || lifecycle === 'active') void channels.of(tab).rung().catch(logBug);
    },
    requested: requests.note,
    async command(tab, operation) {
      ports.wanted(tab, operation);
      await channels.of(tab).probe();
    },
    async tabAsleep(tab, why) {
      if (await hasSession(tab)) await registry.apply(tab, { type: 'asleep', why }).catch(logBug);
    },
    async tabAwake(tab) {
      if ((await registry.sessions()).some((one) => one.tab.id === tab && one.tab.asleep !== null))
        await channels.of(tab).rung().catch(logBug);
    },
    async tabReplaced(from, to) {
      channels.close(from);
      await registry.move(from, to).catch(logBug);
      // Chromium changes a tab's ID when it discards the tab.
      if ((await tabs.get(to))?.discarded) await this.tabAsleep(to, 'discarded');
      // What runs in the page times out under the new ID.
      else if (await hasSession(to)) await registry.apply(to, { type: 'tick' }).catch(logBug);
    },
    tabUpdated(tab, url) {
      if (url !== undefined) void locator.seenAt(tab, url).catch(logBug);
      if (views.of(tab).length) void channels.of(tab).probe();
    },
    tabRemoved(tab) {
      channels.close(tab);
      requests.forget(tab);
      ports.forget(tab);
      void registry.close(tab).catch(logBug);
    },
    async woken() {
      const open = new Set((await tabs.all()).map(({ id }) => id));
      for (const { tab: known, visit } of await registry.sessions()) {
        const { id: tab } = known;
        const { origin } = visit;
        if (known.closedAt !== null) continue;
        // The tab was closed while no worker was running, or while one was dying.
        if (!open.has(tab)) {
          await registry.close(tab);
          continue;
        }
        const policy = origin === null ? [] : [{ type: 'policy' as const, policy: await settings.policy(origin) }];
        await registry.apply(tab, ...policy, { type: 'tick' }).catch(logBug);
        // An operation may be running in the page with no view open. A panel reconnects automatically.
        if (isOpen((await registry.get(tab)).tab.access)) void channels.of(tab).probe();
      }
      await registry.rearm();
      await fitPermissions(false);
      await registry.prune();
    },
  };
}
