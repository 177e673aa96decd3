import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { startSandbox } from '../../sandbox/server.mjs';
import { until } from '../../scripts/chromium.mjs';
import { ROOT, which } from '../../scripts/setup.mjs';

const BUILD = join(ROOT, '.output', 'firefox-mv3');
const ADDON = 'synerise-session-inspector@session-inspector.example';
const UUID = '6f1f0f5e-52cf-4a0a-9d9d-0f3f5f4a7c11';
const firefox = which('firefox-esr') ?? which('firefox');

/** Firefox with the build in it; `prefs` beside those that give the extension's pages a known address. */
async function launch(prefs: Record<string, unknown> = {}): Promise<Browser> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: String(firefox),
    headless: true,
    args: ['--remote-allow-system-access'],
    extraPrefsFirefox: { 'extensions.webextensions.uuids': JSON.stringify({ [ADDON]: UUID }), ...prefs },
  });
  expect(await browser.installExtension(BUILD)).toBe(ADDON);
  return browser;
}

/** A page of the extension. `goto` of one never settles in Firefox, though the page loads. */
async function openPage(browser: Browser, path: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`moz-extension://${UUID}/${path}`, { timeout: 2000 }).catch(() => undefined);
  return page;
}

// Told by `npm test` as "not run here", and a failure with CI=true.
if (firefox) {
  test('the Firefox build installs in Firefox, and its popup renders there', async () => {
    expect(existsSync(BUILD)).toBe(true);
    let browser: Browser | undefined;
    try {
      browser = await launch();
      const page = await openPage(browser, 'popup.html?tabId=1');
      const attribute = (id: string, name: string) =>
        page.evaluate((testId, of) => document.querySelector(`[data-testid="${testId}"]`)?.getAttribute(of) ?? null, id, name);
      await until('the popup to be connected', async () => (await attribute('connection', 'data-connection')) === 'connected', 20_000);
      await until('its session', async () => (await attribute('session-state', 'data-phase')) === 'unreachable', 20_000);
      expect(await attribute('access', 'data-access')).toBe('none');
    } finally {
      await browser?.close();
    }
  });

  test('a site is watched in Firefox, from the first line of its pages on', async () => {
    const sandbox = await startSandbox();
    let browser: Browser | undefined;
    try {
      // The prompt is the browser's own, and no page: Firefox has a preference that answers it with yes.
      browser = await launch({ 'extensions.webextOptionalPermissionPrompts': false });
      const options = await openPage(browser, 'options.html');
      await until('the settings page', () => options.$('[data-testid="watch-address"]'), 20_000);
      await options.type('[data-testid="watch-address"]', sandbox.origin);
      await options.click('[data-testid="watch-add"]');
      await until('the site to be listed', () => options.$('[data-testid="watched-site"]'), 20_000);
      const page = await browser.newPage();
      await page.goto(`${sandbox.origin}/early`);
      const identities = () => page.evaluate(() => (globalThis as unknown as { identities?: Record<string, unknown> }).identities);
      await until('the last look of the page', async () => (await identities())?.['later'] !== undefined, 20_000);
      expect(await identities()).toMatchObject({ atOnce: true, load: true, later: true });
      const calls = () =>
        options.evaluate(async () => {
          const { browser: extension } = globalThis as unknown as { browser: typeof import('@wxt-dev/browser').browser };
          const sessions = Object.values(await extension.storage.session.get(null)) as { calls?: { does: string }[] }[];
          return sessions.flatMap((one) => one.calls?.map(({ does }) => does) ?? []);
        });
      await until('both calls of its first script', async () => (await calls()).length === 2, 20_000);
      expect((await calls()).sort()).toEqual(['refreshToken', 'signIn']);
    } finally {
      await browser?.close();
      await sandbox.close();
    }
  });
}
