import { browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { createHub } from '@/lib/background/hub';
import { browserPlatform } from '@/lib/browser/browser-platform';
import { followNotifications } from '@/lib/browser/notify';
import { followShortcuts } from '@/lib/browser/shortcuts';
import type { Bell } from '@/lib/protocol/relay';

export default defineBackground(() => {
  const hub = createHub(browser.runtime.getURL('/'), browserPlatform());
  // Add all listeners synchronously: the event that woke the worker reaches only listeners that exist by then.
  browser.runtime.onConnect.addListener((port) => hub.connected(port));
  browser.runtime.onMessage.addListener((message: unknown, sender) => {
    const { tab, documentLifecycle } = sender as typeof sender & { documentLifecycle?: string };
    // Accept messages only from our own relays, and send no answer.
    if (sender.id === browser.runtime.id && tab?.id !== undefined && (message as Bell | null)?.type === 'bell')
      hub.bell(tab.id, documentLifecycle);
    return undefined;
  });
  // This listener only wakes the worker after an update, so that it restores what the update removed.
  browser.runtime.onInstalled.addListener(() => undefined);
  browser.alarms.onAlarm.addListener(({ name }) => void hub.alarm(name));
  browser.tabs.onUpdated.addListener((tab, change) => {
    const { status, url, discarded, frozen } = change as typeof change & { frozen?: boolean };
    if (status || url !== undefined) hub.tabUpdated(tab, url);
    if (frozen === false) void hub.tabAwake(tab);
    if (discarded || frozen) void hub.tabAsleep(tab, discarded ? 'discarded' : 'frozen');
  });
  browser.tabs.onReplaced.addListener((to, from) => void hub.tabReplaced(from, to));
  browser.tabs.onRemoved.addListener((tab) => hub.tabRemoved(tab));
  // A browser that has just started has no sessions: alarms that it kept belong to none.
  browser.runtime.onStartup.addListener(() => void browser.alarms.clearAll());
  followShortcuts(hub);
  followNotifications();
  void hub.woken();
});
