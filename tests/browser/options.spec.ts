import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { viewOf } from '../../scripts/view.mjs';
import { extensionPage, folder, popupOf, pressShortcut, tabIdOf } from './lifecycle';
import { canOpenScreen, withScreen } from './screen';
import { test as base, expect, hookOf, sdkReady, until } from './support';
import { historyOf, sessionOf, setSite, settingsOf } from './worker';

const test = base;

const themeOf = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);

test('settings go into a file and out of it, are reset, and each loss is taken back', async ({ inspector }) => {
  const { chromium } = inspector;
  await setSite(chromium, 'https://shop.example', { lead: 90_000, autoRefresh: true });
  const { page: options } = await extensionPage(chromium, 'options.html');
  await expect(options.getByTestId('other-site')).toHaveCount(1);
  const before = await settingsOf(chromium);

  const [download] = await Promise.all([options.waitForEvent('download'), options.getByTestId('export').click()]);
  const file = join(folder('settings'), 'settings.json');
  await download.saveAs(file);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(before);

  await options.getByTestId('reset').click();
  await expect(options.getByTestId('other-site')).toHaveCount(0);
  await options.getByTestId('undo').click();
  await expect(options.getByTestId('other-site')).toHaveCount(1);
  await options.getByTestId('reset').click();
  await expect(options.getByTestId('other-site')).toHaveCount(0);
  await options.getByTestId('import').setInputFiles(file);
  await expect(options.getByTestId('other-site')).toHaveCount(1);
  expect(await settingsOf(chromium)).toEqual(before);

  for (const [text, words] of [
    ['{"version":99}', 'version 99'],
    ['not JSON', 'no JSON'],
    ['{"version":2,"sites":{"nowhere":{}},"deadline":1,"theme":"auto"}', 'do not fit'],
  ] as const) {
    writeFileSync(file, text);
    await options.getByTestId('import').setInputFiles(file);
    await expect(options.getByTestId('import-problem')).toContainText(words);
    expect(await settingsOf(chromium)).toEqual(before);
  }
});

test('the theme that is chosen is shown at once, in every open view', async ({ inspector }) => {
  const { chromium } = inspector;
  const { page } = await inspector.open('/');
  await sdkReady(page);
  const tab = await tabIdOf(chromium, page);
  const { page: options } = await extensionPage(chromium, 'options.html');
  const { page: popup } = await extensionPage(chromium, `popup.html?tabId=${tab}`);
  const { page: panel } = await extensionPage(chromium, `panel.html?tabId=${tab}`);
  for (const theme of ['dark', 'light'] as const) {
    await options.getByTestId('theme').selectOption(theme);
    for (const view of [options, popup, panel]) await expect.poll(() => themeOf(view)).toBe(theme);
  }
  await options.getByTestId('theme').selectOption('auto');
  for (const view of [options, popup, panel]) await expect.poll(() => themeOf(view)).toBe('light dark');
});

test("the deadline of the settings is an operation's", async ({ inspector }) => {
  const { chromium } = inspector;
  const { page: options } = await extensionPage(chromium, 'options.html');
  await options.getByTestId('deadline').fill('2.5');
  await options.getByTestId('deadline').blur();
  await expect(options.getByText('A whole number from 1 to 120.')).toBeVisible();
  await options.getByTestId('deadline').fill('2');
  await options.getByTestId('deadline').blur();
  await until('it to be stored', async () => ((await settingsOf(chromium)) as { deadline?: number } | null)?.deadline === 2000);
  const { page } = await inspector.open('/?break=refreshToken:hang');
  await sdkReady(page);
  const popup = await inspector.popup(page);
  await popup.waitAttr('token', 'data-token', 'valid');
  expect(await popup.operate('refreshToken')).toMatchObject({ verdict: 'timed-out' });
});

test('auto-refresh is switched in the popup, for the site', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page } = await inspector.open('/');
  await sdkReady(page);
  const popup = await inspector.popup(page);
  await popup.waitAttr('auto-refresh', 'aria-checked', 'false');
  await popup.click('auto-refresh');
  await popup.waitAttr('auto-refresh', 'aria-checked', 'true');
  expect(await settingsOf(chromium)).toMatchObject({ sites: { [sandbox.origin]: { autoRefresh: true } } });
});

test.describe('lanes', () => {
  test.use({ watched: true });

  test('a generation tells itself to the hover, its cause to the click, and five hundred are drawn', async ({ inspector }) => {
    const { chromium } = inspector;
    const { page } = await inspector.open('/');
    await sdkReady(page);
    await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
    const tab = await tabIdOf(chromium, page);
    const { page: panel } = await extensionPage(chromium, `panel.html?tabId=${tab}`);
    const lane = panel.getByTestId('lane-uuid');
    await expect(lane.getByTestId('generation')).toHaveCount(1);
    const first = (await hookOf(page)).held.uuid ?? '?';
    type Sdk = { Synerise: { Client: { regenerateUUID(): void } } };
    await page.evaluate(() => (globalThis as unknown as Sdk).Synerise.Client.regenerateUUID());
    await expect(lane.getByTestId('generation')).toHaveCount(2);
    await expect(lane.getByTestId('generation').first()).toHaveAttribute('title', new RegExp(`${first}.* to .*there when first seen`));
    await lane.getByTestId('generation').last().click();
    const details = panel.getByTestId('generation-details');
    await expect(details).toContainText((await hookOf(page)).held.uuid ?? '?');
    await expect(details).toContainText('regenerateUUID(), called by the page');
    await details.getByRole('button', { name: 'Earlier' }).click();
    await expect(details).toContainText(first);

    // One after another, each seen: the agent samples at each call, and its mailbox holds what a busy machine collects late.
    const all = async () => (await historyOf(chromium, page)).filter(({ kind }) => kind === 'uuid').length;
    for (let seen = 2; seen < 502; seen += 100) {
      await page.evaluate(async () => {
        for (let round = 0; round < 100; round += 1) {
          (globalThis as unknown as Sdk).Synerise.Client.regenerateUUID();
          if (round % 20 === 19) await new Promise((resolve) => setTimeout(resolve));
        }
      });
      await until('all of them', async () => (await all()) >= seen + 100, 20_000);
    }
    await expect
      .poll(() =>
        lane
          .getByTestId('generation')
          .evaluateAll((marks) => marks.reduce((sum, mark) => sum + Number(mark.getAttribute('data-count')), 0)),
      )
      .toBeGreaterThanOrEqual(502);
    // Into a crowd and out again.
    const crowd = lane.locator('[data-count]:not([data-count="1"])').first();
    await crowd.click();
    await expect(panel.getByTestId('zoom-out')).toBeVisible();
    await panel.getByTestId('zoom-out').click();
    await expect(panel.getByTestId('zoom-out')).toHaveCount(0);
  });
});

if (canOpenScreen) {
  test.describe('keyboard shortcuts', () => {
    test.use({
      // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern
      desk: async ({}, use) => withScreen(use),
    });

    test('refresh at once, and regenerate after it was confirmed', async ({ inspector, desk }) => {
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
      await until('the question', () => second.there('form-regenerateUUID'));
      expect((await hookOf(page)).held.uuid).toBe(before.uuid);
      await second.click('run');
      await second.waitAttr('operation-result', 'data-verdict', 'done');
      expect((await hookOf(page)).held.uuid).not.toBe(before.uuid);
    });
  });
}
