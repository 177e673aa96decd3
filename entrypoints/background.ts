import { browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { createHub } from '@/lib/background/hub';

export default defineBackground(() => {
  const hub = createHub(browser.runtime.getURL('/'));
  // At once and in one go: a worker that was woken by an event hears only listeners that are there by now.
  browser.runtime.onConnect.addListener((port) => hub.connected(port));
  browser.alarms.onAlarm.addListener(({ name }) => hub.alarm(name));
  browser.tabs.onUpdated.addListener((tab, { status }) => {
    if (status) hub.tabUpdated(tab);
  });
  browser.tabs.onRemoved.addListener((tab) => hub.tabRemoved(tab));
  // A browser that starts has no session yet: what alarms it kept belong to none.
  browser.runtime.onStartup.addListener(() => void browser.alarms.clearAll());
  void hub.woken();
});
