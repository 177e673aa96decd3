import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test as base, expect } from '@playwright/test';
import { launchChromium } from '../../scripts/chromium.mjs';
import { until } from '../../scripts/until.mjs';
import {
  backFromCache,
  type Chromium,
  clickNotification,
  copyOf,
  discard,
  extensionPage,
  fillSession,
  grantsOf,
  type LaunchOptions,
  launchQuiet,
  markForCache,
  moveOut,
  moveTo,
  notificationsOf,
  openIncognito,
  openPopup,
  popupOf,
  pressShortcut,
  promptedProfile,
  type Quiet,
  reloadExtension,
  remove,
  restartable,
  seededProfile,
  shiftPageClock,
  shiftWorkerClock,
  tabIdOf,
  variant,
  WATCHED,
  WITHOUT_CACHE,
  watchedProfile,
} from './lifecycle';
import { canOpenScreen, withScreen } from './screen';

declare const chrome: typeof import('@wxt-dev/browser').browser;

/** Uses plain pages, to test the drivers independently of the sandbox. */
const test = base.extend<{ site: string; launch: (profile: string, options?: LaunchOptions) => Promise<Chromium>; quiet: Quiet }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
  site: async ({}, use) => {
    const server = http.createServer(({ url }, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<!doctype html><html><head><title>${url}</title></head><body></body></html>`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.closeAllConnections();
    server.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
  launch: async ({}, use) => {
    const open: { chromium: Chromium; profile: string }[] = [];
    await use(async (profile, options = {}) => {
      const chromium = await launchChromium({ installed: true, ...options, profile });
      open.push({ chromium, profile });
      return chromium;
    });
    for (const { chromium, profile } of open) {
      await chromium.close();
      remove(profile);
    }
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
  quiet: async ({}, use) => {
    const quiet = await launchQuiet({ profile: watchedProfile() });
    await use(quiet);
    await quiet.close();
  },
});

/** Makes the worker record the tab events that it receives. */
const listen = async (chromium: Chromium) =>
  (await chromium.worker()).evaluate(() => {
    const heard: unknown[][] = [];
    Object.assign(globalThis, { heard });
    for (const name of ['onReplaced', 'onRemoved', 'onDetached', 'onAttached'] as const)
      (chrome.tabs[name] as unknown as { addListener(listener: (...args: unknown[]) => void): void }).addListener((...args) =>
        heard.push([name, ...args]),
      );
  });
const heardBy = async (chromium: Chromium) =>
  (await chromium.worker()).evaluate(() => (globalThis as unknown as { heard: unknown[][] }).heard);

/** `reached` if the extension can access a tab, otherwise the error message. */
const reaches = async (chromium: Chromium, tabId: number) =>
  (await chromium.worker()).evaluate(
    (id) =>
      chrome.scripting.executeScript({ target: { tabId: id }, func: () => 'reached' }).then(
        ([frame]) => String(frame?.result),
        (error: Error) => error.message,
      ),
    tabId,
  );

test('a watched profile reaches its sites without a prompt, headless; a seeded one reaches none, even if it opens its popup', async ({
  launch,
  site,
}) => {
  const chromium = await launch(watchedProfile());
  const { origins, permissions } = await grantsOf(chromium);
  expect(origins).toEqual(WATCHED.origins);
  expect(permissions).toEqual(expect.arrayContaining([...WATCHED.permissions]));
  const page = await chromium.context.newPage();
  await page.goto(site);
  expect(await reaches(chromium, await tabIdOf(chromium, page))).toBe('reached');

  const nothing = await launch(seededProfile());
  expect((await grantsOf(nothing)).origins).toEqual([]);
  const other = await nothing.context.newPage();
  await other.goto(site);
  const tabId = await tabIdOf(nothing, other);
  const popup = await openPopup(nothing);
  expect(await popup.evaluate('location.pathname')).toBe('/popup.html');
  expect(await reaches(nothing, tabId)).toContain('Cannot access contents of');
});

if (canOpenScreen)
  test('a watched profile has the same grants as one made with the real prompt, and a copy keeps them', async ({ launch }) => {
    await withScreen(async (screen) => {
      const prompted = await promptedProfile(screen);
      const [real, seeded] = [await launch(copyOf(prompted), { installed: false }), await launch(watchedProfile())];
      remove(prompted);
      expect(real.id).toBe(seeded.id);
      const sorted = ({ origins = [], permissions = [] }: { origins?: string[]; permissions?: string[] }) => [
        [...origins].sort(),
        [...permissions].sort(),
      ];
      expect(sorted(await grantsOf(real))).toEqual(sorted(await grantsOf(seeded)));
    });
  });

test('a restarted browser keeps grants, storage.local, scripts, and tabs, and loses storage.session', async ({ site }) => {
  const browser = await restartable({ profile: watchedProfile(), installed: true });
  try {
    await (browser.now.context.pages()[0] ?? (await browser.now.context.newPage())).goto(`${site}/restored`);
    await (await browser.now.worker()).evaluate(async () => {
      await chrome.storage.local.set({ kept: 1 });
      await chrome.storage.session.set({ lost: 1 });
      await chrome.scripting.registerContentScripts([{ id: 'kept', js: ['page-agent.js'], matches: ['http://127.0.0.1/*'] }]);
    });
    const again = await browser.restart({ tabs: true });
    await until('the restored tab', () => again.context.pages().some((page) => page.url() === `${site}/restored`));
    const left = await (await again.worker()).evaluate(async () => ({
      local: (await chrome.storage.local.get('kept'))['kept'],
      session: (await chrome.storage.session.get('lost'))['lost'],
      script: (await chrome.scripting.getRegisteredContentScripts({ ids: ['kept'] })).length,
    }));
    expect(left).toEqual({ local: 1, script: 1 });
    expect((await grantsOf(again)).origins).toEqual(WATCHED.origins);
  } finally {
    await browser.close();
  }
});

test('a tab keeps its id in another window, gets a new id when discarded, and loads under the new id when shown', async ({
  launch,
  site,
}) => {
  const chromium = await launch(watchedProfile());
  const page = await chromium.context.newPage();
  await page.goto(`${site}/discarded`);
  const tabId = await tabIdOf(chromium, page);
  await chromium.context.newPage();
  const worker = await chromium.worker();
  const windowOf = () => worker.evaluate(async (id) => (await chrome.tabs.get(id)).windowId, tabId);
  const first = await windowOf();
  await listen(chromium);
  const second = await moveOut(chromium, page);
  expect(await windowOf()).toBe(second);
  await moveTo(chromium, page, first);
  expect(await windowOf()).toBe(first);
  expect((await heardBy(chromium)).map(([name, id]) => [name, id])).toEqual([
    ['onDetached', tabId],
    ['onAttached', tabId],
    ['onDetached', tabId],
    ['onAttached', tabId],
  ]);
  expect(await tabIdOf(chromium, page)).toBe(tabId);

  const { before, after, wake } = await discard(chromium, page);
  expect(before).toBe(tabId);
  expect(after).not.toBe(before);
  expect((await heardBy(chromium)).slice(4)).toEqual([['onReplaced', after, before]]);
  expect(await reaches(chromium, before)).toBe(`No tab with id: ${before}`);
  expect(await reaches(chromium, after)).toContain('Cannot access contents of');
  const again = await wake();
  expect(again.url()).toBe(`${site}/discarded`);
  expect(await tabIdOf(chromium, again)).toBe(after);
  expect(await reaches(chromium, after)).toBe('reached');
});

test('a prerendered page becomes the top frame of its tab, and a frozen tab runs no script until it thaws', async ({ quiet, site }) => {
  const page = await quiet.newPage();
  await page.goto(`${site}/a`);
  const tabId = await quiet.tabIdOf(page);
  const { frameId, documentId, activate } = await quiet.prerender(page, `${site}/b`);
  expect(frameId).toBeGreaterThan(0);
  const top = () =>
    quiet.inWorker(
      async (id) =>
        (await chrome.scripting.executeScript({ target: { tabId: id }, func: () => [location.pathname, String(document.readyState)] }))[0],
      tabId,
    );
  const before = await top();
  expect(before?.result?.[0]).toBe('/a');
  await activate();
  const after = await top();
  expect(after).toMatchObject({ frameId: 0, result: ['/b', 'complete'] });
  expect(before?.documentId).not.toBe(documentId);
  expect(after?.documentId).toBe(documentId);
  expect(await quiet.tabIdOf(page)).toBe(tabId);

  const still = await quiet.newPage();
  await still.goto(site);
  const { tabId: frozen, thaw } = await quiet.freeze(still);
  await quiet.inWorker((id) => {
    const asked: { answer?: unknown } = {};
    Object.assign(globalThis, { asked });
    void chrome.scripting.executeScript({ target: { tabId: id }, func: () => 'awake' }).then(([frame]) => {
      asked.answer = frame?.result;
    });
  }, frozen);
  const answer = () => quiet.inWorker(() => (globalThis as unknown as { asked: { answer?: string } }).asked.answer ?? null);
  // Another tab responds in the meantime, so the frozen one has had time to.
  const other = await quiet.newPage();
  await other.goto(site);
  const beside = await quiet.tabIdOf(other);
  await quiet.inWorker((id) => chrome.scripting.executeScript({ target: { tabId: id }, func: () => 1 }).then(() => 1), beside);
  expect(await answer()).toBe(null);
  await thaw();
  await until('the answer', async () => (await answer()) === 'awake');
});

test('a page from the back-forward cache is the same document, and an incognito tab is reached if the extension is allowed there', async ({
  launch,
  site,
}) => {
  const chromium = await launch(watchedProfile({ incognito: true }), { without: [WITHOUT_CACHE] });
  const page = await chromium.context.newPage();
  await page.goto(`${site}/a`);
  const tabId = await tabIdOf(chromium, page);
  const worker = await chromium.worker();
  const documentOf = () =>
    worker.evaluate(async (id) => (await chrome.scripting.executeScript({ target: { tabId: id }, func: () => 1 }))[0]?.documentId, tabId);
  const before = await documentOf();
  await markForCache(page);
  await page.goto(`${site}/b`);
  expect(await documentOf()).not.toBe(before);
  await backFromCache(page);
  expect(page.url()).toBe(`${site}/a`);
  expect(await documentOf()).toBe(before);

  await listen(chromium);
  const secret = await openIncognito(chromium, `${site}/private`);
  const its = await tabIdOf(chromium, secret.page);
  expect(await reaches(chromium, its)).toBe('reached');
  expect(await (await chromium.worker()).evaluate(async (id) => (await chrome.tabs.get(id)).incognito, its)).toBe(true);
  await secret.close();
  // The browser's own initial tab may close in the meantime.
  const ofIt = async () => (await heardBy(chromium)).filter(([, id]) => id === its);
  await until('the tab to close', async () => (await ofIt()).length > 0);
  expect(await ofIt()).toEqual([['onRemoved', its, { isWindowClosing: true, windowId: secret.windowId }]]);
  await expect(openIncognito(await launch(watchedProfile()), site)).rejects.toThrow('not allowed');
});

test('storage.session is filled, clocks shifted, notifications clicked, and reloading the extension ends its worker and views', async ({
  launch,
  site,
}) => {
  const chromium = await launch(watchedProfile(), { devtools: true });
  const write = async () =>
    (await chromium.worker()).evaluate(() =>
      chrome.storage.session.set({ lost: 'x'.repeat(100) }).then(
        () => 'stored',
        (error: Error) => error.message,
      ),
    );
  const empty = await fillSession(chromium);
  expect(await write()).toBe('Session storage quota bytes exceeded. Values were not stored.');
  await empty();
  expect(await write()).toBe('stored');

  const page = await chromium.context.newPage();
  await shiftPageClock(page, -3_600_000);
  await page.goto(site);
  const hours = (at: number) => Math.round((at - Date.now()) / 3_600_000);
  expect((await page.evaluate(() => [Date.now(), Date.parse(new Date().toISOString())])).map(hours)).toEqual([-1, -1]);
  expect(await page.evaluate(() => new Date(0) instanceof Date && new Date(0).toISOString())).toBe('1970-01-01T00:00:00.000Z');

  const worker = await chromium.worker();
  await worker.evaluate(async () => {
    const clicked: string[] = [];
    Object.assign(globalThis, { clicked });
    chrome.notifications.onClicked.addListener((id) => clicked.push(id));
    await chrome.notifications.create('near', { type: 'basic', iconUrl: '/icon-48.png', title: 'Near', message: 'its end' });
  });
  expect(await notificationsOf(chromium)).toEqual(['near']);
  await clickNotification(chromium, 'near');
  expect(await worker.evaluate(() => (globalThis as unknown as { clicked: string[] }).clicked)).toEqual(['near']);

  await shiftWorkerClock(chromium, 7_200_000);
  expect(hours(await (await chromium.worker()).evaluate(() => Date.now()))).toBe(2);

  const { panel } = await chromium.openPanel(page);
  const { page: options } = await extensionPage(chromium, 'options.html');
  const gone = options.waitForEvent('close');
  await reloadExtension(chromium);
  await gone;
  await expect(panel.evaluate('1')).rejects.toThrow();
  expect(await page.evaluate(() => document.title)).toBe('/');
  // The old worker may still be listed for a moment.
  const [lost, shift] = await until('the new worker', async () => {
    const after = await chromium.worker();
    return [await after.evaluate(() => chrome.storage.session.get('lost')), hours(await after.evaluate(() => Date.now()))] as const;
  });
  expect(lost).toEqual({});
  expect(Math.abs(shift)).toBe(0);
  await extensionPage(chromium, 'options.html');
});

if (canOpenScreen)
  test("the toolbar button's shortcut opens the popup and grants access to the tab", async ({ launch, site }) => {
    const extension = variant({ commands: { _execute_action: { suggested_key: { default: 'Alt+Shift+Y' } } } });
    await withScreen(async (screen) => {
      // The manifest's shortcuts are assigned when an extension is installed, which a seeded profile skips.
      const chromium = await launch(seededProfile({ extension }), {
        extension,
        installed: false,
        headless: false,
        display: screen.display,
      });
      const page = await chromium.context.newPage();
      await page.goto(site);
      const tabId = await tabIdOf(chromium, page);
      expect(await reaches(chromium, tabId)).toContain('Cannot access contents of');
      await pressShortcut(screen, 'alt+shift+y', async () => (await chromium.targets()).some(({ url }) => url.includes('popup.html')));
      await popupOf(chromium);
      expect(await reaches(chromium, tabId)).toBe('reached');
      await chromium.close();
    });
    remove(extension);
  });
