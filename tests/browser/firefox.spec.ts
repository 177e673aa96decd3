import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import puppeteer, { type Browser } from 'puppeteer-core';
import { until } from '../../scripts/chromium.mjs';
import { ROOT, which } from '../../scripts/setup.mjs';

const BUILD = join(ROOT, '.output', 'firefox-mv3');
const ADDON = 'synerise-session-inspector@session-inspector.example';
const UUID = '6f1f0f5e-52cf-4a0a-9d9d-0f3f5f4a7c11';
const firefox = which('firefox-esr') ?? which('firefox');

// Told by `npm test` as "not run here", and a failure with CI=true.
if (firefox) {
  test('the Firefox build installs in Firefox, and its popup renders there', async () => {
    expect(existsSync(BUILD)).toBe(true);
    let browser: Browser | undefined;
    try {
      browser = await puppeteer.launch({
        browser: 'firefox',
        executablePath: firefox,
        headless: true,
        args: ['--remote-allow-system-access'],
        extraPrefsFirefox: { 'extensions.webextensions.uuids': JSON.stringify({ [ADDON]: UUID }) },
      });
      expect(await browser.installExtension(BUILD)).toBe(ADDON);
      const page = await browser.newPage();
      // `goto` of an extension page never settles in Firefox, though the page loads.
      await page.goto(`moz-extension://${UUID}/popup.html?tabId=1`, { timeout: 2000 }).catch(() => undefined);
      const attribute = (id: string, name: string) =>
        page.evaluate((testId, of) => document.querySelector(`[data-testid="${testId}"]`)?.getAttribute(of) ?? null, id, name);
      await until('the popup to be connected', async () => (await attribute('connection', 'data-connection')) === 'connected', 20_000);
      await until('its session', async () => (await attribute('session-state', 'data-phase')) === 'unreachable', 20_000);
      expect(await attribute('access', 'data-access')).toBe('none');
    } finally {
      await browser?.close();
    }
  });
}
