import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test as base, expect } from '@playwright/test';
import { launchChromium } from '../../scripts/chromium.mjs';
import {
  type Chromium,
  copyOf,
  grantsOf,
  type LaunchOptions,
  openPopup,
  popupOf,
  pressShortcut,
  promptedProfile,
  remove,
  seededProfile,
  tabIdOf,
  variant,
  WATCHED,
  watchedProfile,
} from './lifecycle';
import { canOpenScreen, withScreen } from './screen';

declare const chrome: typeof import('@wxt-dev/browser').browser;

/** Uses plain pages, to test the drivers independently of the sandbox. */
const test = base.extend<{ site: string; launch: (profile: string, options?: LaunchOptions) => Promise<Chromium> }>({
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
});

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
