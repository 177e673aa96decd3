// Reads and changes the service worker's state from inside it.
import type { Page } from '@playwright/test';
import type { HistoryEntry } from '../../lib/session/history/history';
import type { Session } from '../../lib/session/session';
import { NO_SETTINGS, NO_SITE, type SiteSettings } from '../../lib/settings/settings';
import { type Chromium, tabIdOf } from './lifecycle';

/** Used in functions that run in the worker. */
declare const chrome: typeof import('@wxt-dev/browser').browser;

/** Runs in the worker: the stored session of a tab, or `null` if there is none. */
export const stored = async (tab: number): Promise<Session | null> =>
  JSON.parse(((await chrome.storage.session.get(`session:${tab}`)) as Record<string, string>)[`session:${tab}`] ?? 'null');

/** A tab's stored session, or `null` if there is none. */
export async function storedSession(chromium: Chromium, tab: number): Promise<Session | null> {
  const worker = await chromium.worker();
  return worker.evaluate(stored, tab);
}

export const sessionOf = async (chromium: Chromium, page: Page): Promise<Session | null> =>
  storedSession(chromium, await tabIdOf(chromium, page));

/** The stored history of a tab's sessions. */
export async function historyOf(chromium: Chromium, page: Page): Promise<readonly HistoryEntry[]> {
  const tab = await tabIdOf(chromium, page);
  const worker = await chromium.worker();
  return worker.evaluate(async (of) => {
    const all = (await chrome.storage.session.get(null)) as Record<string, string>;
    const chunks = Object.keys(all).filter((key) => key.startsWith(`history:${of}:`));
    const inOrder = chunks.sort((a, b) => Number(a.split(':')[2]) - Number(b.split(':')[2]));
    return inOrder.flatMap((key) => JSON.parse(all[key] ?? '[]') as HistoryEntry[]);
  }, tab);
}

/** What the worker stores about pending requests. */
export const storedRequests = async (chromium: Chromium): Promise<unknown> =>
  (await chromium.worker()).evaluate(async () => ((await chrome.storage.session.get('requests')) as Record<string, unknown>)['requests']);

export const alarmsOf = async (chromium: Chromium): Promise<readonly { name: string; scheduledTime: number }[]> =>
  (await chromium.worker()).evaluate(() => chrome.alarms.getAll());

export async function badgeOf(chromium: Chromium, page: Page): Promise<string> {
  const tabId = await tabIdOf(chromium, page);
  return (await chromium.worker()).evaluate((tab) => chrome.action.getBadgeText({ tabId: tab }), tabId);
}

export const scriptsOf = async (chromium: Chromium): Promise<readonly string[]> =>
  (await chromium.worker()).evaluate(async () => (await chrome.scripting.getRegisteredContentScripts()).map(({ id }) => id));

/** Stores a site's settings, as the settings page does. */
export async function setSite(chromium: Chromium, origin: string, site: Partial<SiteSettings>): Promise<void> {
  const worker = await chromium.worker();
  const settings = { ...NO_SETTINGS, sites: { [origin]: { ...NO_SITE, ...site } } };
  await worker.evaluate((whole) => chrome.storage.local.set({ settings: whole }), settings);
}

export const settingsOf = async (chromium: Chromium): Promise<unknown> =>
  (await chromium.worker()).evaluate(
    async () => ((await chrome.storage.local.get('settings')) as Record<string, unknown>)['settings'] ?? null,
  );

/** Revokes permission for sites, as the browser's own settings do. */
export const unwatch = async (chromium: Chromium, origins: readonly string[]): Promise<unknown> =>
  (await chromium.worker()).evaluate((all) => chrome.permissions.remove({ origins: [...all] }), origins);

/** Removes all that the extension stores, and its alarms and notifications. */
export const clearStored = async (chromium: Chromium): Promise<void> =>
  (await chromium.worker()).evaluate(async () => {
    await Promise.all([chrome.storage.session.clear(), chrome.storage.local.clear(), chrome.alarms.clearAll()]);
    // Without the permission, the API doesn't exist.
    for (const one of Object.keys((await chrome.notifications?.getAll()) ?? {})) await chrome.notifications.clear(one);
  });

export const storesSessions = async (chromium: Chromium): Promise<boolean> =>
  (await chromium.worker()).evaluate(async () =>
    Object.keys(await chrome.storage.session.get(null)).some((key) => key.startsWith('session:')),
  );
