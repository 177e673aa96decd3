/** Tracks which site each tab shows, as the browser reports it: a site's session ends when its tab goes to another site. */
import { originOf } from '../settings/site-pattern';
import type { Channels } from './channels';
import { logBug } from './log';
import type { Traffic } from './platform';
import type { Registry } from './registry';

export interface Locator {
  /** The browser reported that a tab shows this URL. */
  seenAt(tab: number, url: string): Promise<void>;
  /** The tab moved to another origin. First adds the previous page's pending requests to that page's session. */
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
