// The settings page and the keyboard shortcuts in a real browser; what each field does is tested in Node.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { viewOf } from '../../scripts/view.mjs';
import { extensionPage, folder, popupOf, pressShortcut, tabIdOf } from './lifecycle';
import { canOpenScreen, withScreen } from './screen';
import { expect, hookOf, sdkReady, test, until } from './support';
import { setSite, settingsOf } from './worker';

const themeOf = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);

test('settings are exported and imported, and a new theme applies immediately in every open view', async ({ inspector }) => {
  const { chromium } = inspector;
  await setSite(chromium, 'https://shop.example', { lead: 90_000, autoRefresh: true });
  const { page } = await inspector.open('/');
  await sdkReady(page);
  const tab = await tabIdOf(chromium, page);
  const { page: options } = await extensionPage(chromium, 'options.html');
  await expect(options.getByTestId('other-site')).toHaveCount(1);
  const before = await settingsOf(chromium);
  const [download] = await Promise.all([options.waitForEvent('download'), options.getByTestId('export').click()]);
  const file = join(folder('settings'), 'settings.json');
  await download.saveAs(file);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(before);
  await options.getByTestId('reset').click();
  await expect(options.getByTestId('other-site')).toHaveCount(0);
  await options.getByTestId('import').setInputFiles(file);
  await expect(options.getByTestId('other-site')).toHaveCount(1);
  expect(await settingsOf(chromium)).toEqual(before);

  const { page: popup } = await extensionPage(chromium, `popup.html?tabId=${tab}`);
  const { page: panel } = await extensionPage(chromium, `panel.html?tabId=${tab}`);
  for (const theme of ['dark', 'light'] as const) {
    await options.getByTestId('theme').selectOption(theme);
    for (const view of [options, popup, panel]) await expect.poll(() => themeOf(view)).toBe(theme);
  }
  await options.getByTestId('theme').selectOption('auto');
  for (const view of [options, popup, panel]) await expect.poll(() => themeOf(view)).toBe('light dark');
});

test('the popup uses the deadline from the settings page, and its own switch is saved in the settings', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page: options } = await extensionPage(chromium, 'options.html');
  await options.getByTestId('deadline').fill('2');
  await options.getByTestId('deadline').blur();
  await until('the deadline to be stored', async () => ((await settingsOf(chromium)) as { deadline?: number } | null)?.deadline === 2000);
  const { page } = await inspector.open('/?break=refreshToken:hang');
  await sdkReady(page);
  const popup = await inspector.popup(page);
  await popup.waitAttr('token', 'data-token', 'valid');
  expect(await popup.operate('refreshToken')).toMatchObject({ verdict: 'timed-out' });
  await popup.click('auto-refresh');
  await popup.waitAttr('auto-refresh', 'aria-checked', 'true');
  expect(await settingsOf(chromium)).toMatchObject({ deadline: 2000, sites: { [sandbox.origin]: { autoRefresh: true } } });
});

if (canOpenScreen) {
  test.describe('keyboard shortcuts', () => {
    test.use({
      // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
      desk: async ({}, use) => withScreen(use),
    });

    test('refresh the token immediately, and regenerate the UUID after confirmation', async ({ inspector, desk }) => {
      const { chromium } = inspector;
      const { page } = await inspector.open('/');
      await sdkReady(page);
      const before = (await hookOf(page)).held;
      const isOpen = async () => (await chromium.targets()).some(({ url }) => url.includes('/popup.html'));
      if (!desk) throw new Error('no screen');
      await pressShortcut(desk, 'alt+shift+k', isOpen);
      const popup = viewOf(await popupOf(chromium));
      await popup.waitAttr('operation-result', 'data-operation', 'refreshToken');
      await popup.waitAttr('operation-result', 'data-verdict', 'done');
      expect((await hookOf(page)).held.token?.raw).not.toBe(before.token?.raw);
      await popup.target.evaluate('setTimeout(() => window.close())');
      await until('the popup to close', async () => !(await isOpen()));

      await pressShortcut(desk, 'alt+shift+u', isOpen);
      const second = viewOf(await popupOf(chromium));
      await until('the confirmation', () => second.there('form-regenerateUUID'));
      expect((await hookOf(page)).held.uuid).toBe(before.uuid);
      await second.click('run');
      await second.waitAttr('operation-result', 'data-verdict', 'done');
      expect((await hookOf(page)).held.uuid).not.toBe(before.uuid);
    });
  });
}
