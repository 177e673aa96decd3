/** The background's platform, implemented with the browser's extension API. */
import { browser } from 'wxt/browser';
import type { Area, Platform, Tab } from '../background/platform';
import { jsonArea } from './json-area';
import { notifyOf } from './notify';
import { scriptingCarrier } from './scripting-carrier';
import { followTraffic } from './traffic';
import { createWatching } from './watching';

/** The tab properties that both browsers provide. */
interface Told {
  readonly id?: number | undefined;
  readonly url?: string | undefined;
  readonly incognito: boolean;
  readonly discarded?: boolean | undefined;
  readonly frozen?: boolean | undefined;
}
const tabOf = ({ id = -1, url, incognito, discarded = false, frozen = false }: Told): Tab => ({ id, url, incognito, discarded, frozen });

export const browserPlatform = (): Platform => ({
  session: jsonArea(browser.storage.session as Area),
  local: browser.storage.local as Area,
  // Not `storage.onChanged`: the browser would send the whole session, before and after, with each write of `session`.
  onLocalChange: (listener) => browser.storage.local.onChanged.addListener(listener),
  alarms: {
    set: async (name, when) => browser.alarms.create(name, { when }),
    clear: (name) => browser.alarms.clear(name),
    names: async () => (await browser.alarms.getAll()).map(({ name }) => name),
  },
  tabs: {
    get: (tab) =>
      browser.tabs.get(tab).then(
        (found) => tabOf({ ...found, id: tab }),
        () => null,
      ),
    all: async () => (await browser.tabs.query({})).map((tab) => tabOf(tab)),
  },
  async showBadge(tabId, text, color) {
    await browser.action.setBadgeBackgroundColor({ tabId, color });
    await browser.action.setBadgeText({ tabId, text });
  },
  notify: notifyOf,
  carrier: scriptingCarrier,
  watching: createWatching,
  traffic: followTraffic,
});
