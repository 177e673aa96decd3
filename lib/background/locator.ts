/** Where tabs are, by the browser's word: the session of a site ends where its tab goes to another. */
import { originOf } from '../settings/site-pattern';
import type { Channels } from './channels';
import { logBug } from './log';
import type { Traffic } from './platform';
import type { Registry } from './registry';

export interface Locator {
  /** The browser says that a tab shows this address. */
  seenAt(tab: number, url: string): Promise<void>;
  /** The tab is at another origin: what is known of the requests of the page before is noted first, as its own. */
  leftFor(tab: number, origin: string): Promise<void>;
}

export function createLocator({
  registry,
  channels,
  traffic,
}: {
  readonly registry: Registry;
  readonly channels: Channels;
  readonly traffic: Traffic;
}): Locator {
  async function leftFor(tab: number, origin: string): Promise<void> {
    await traffic.flush(tab).catch(logBug);
    await channels.of(tab).navigated(origin);
  }
  return {
    async seenAt(tab, url) {
      const known = (await registry.sessions()).find((one) => one.tab.id === tab && one.tab.closedAt === null);
      const origin = originOf(url);
      if (known && known.tab.site !== null && known.tab.site !== origin) await leftFor(tab, origin);
    },
    leftFor,
  };
}
