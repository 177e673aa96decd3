import type { Page } from '@playwright/test';
import { setTheme } from '../../scripts/chromium.mjs';
import { expect, type Inspector, sdkReady, test, until } from './support';
import { clean, fits } from './well-made';

/** The view as a page of its own beside the real one, on the same live session: what axe and a keyboard can drive. */
async function alone(inspector: Inspector, page: Page, view: 'popup' | 'panel' | 'options', scheme: 'light' | 'dark'): Promise<Page> {
  const worker = await inspector.chromium.worker();
  type Extension = { chrome: { tabs: { query(q: object): Promise<{ id: number; active: boolean }[]> } } };
  const tabs = await worker.evaluate(() => (globalThis as unknown as Extension).chrome.tabs.query({}));
  const own = await inspector.chromium.context.newPage();
  await own.emulateMedia({ colorScheme: scheme });
  for (const { id } of tabs) {
    await own.goto(`chrome-extension://${inspector.chromium.id}/${view}.html?tabId=${id}`);
    if (view === 'options') {
      await own.getByTestId('place-site').waitFor();
      return own;
    }
    const attached = await own.waitForFunction(() =>
      document.querySelector('[data-phase="attached"], [data-phase="unreachable"]')?.getAttribute('data-phase'),
    );
    if ((await attached.jsonValue()) === 'attached') return own;
  }
  throw new Error(`no session of ${page.url()}`);
}

for (const scheme of ['light', 'dark'] as const) {
  test(`${scheme}: nothing that axe finds, or that is cut off, in the Web SDK's forms and cookies, the choice of clients and the settings`, async ({
    inspector,
  }) => {
    const { page } = await inspector.open('/frames?top=web&a=ios&b=android&jwt&duplicates');
    const panel = await inspector.panel(page);
    await panel.waitAttr('dialect', 'data-dialect', 'web');
    await until('the choice', () => panel.there('client-select'));
    const own = await alone(inspector, page, 'panel', scheme);
    for (const operation of ['regenerateUUIDWithClientIdentifier', 'setAccessToken', 'setUuid', 'destroySession']) {
      await own.getByTestId(`action-${operation}`).click();
      const form = own.getByTestId(`form-${operation}`);
      await form.waitFor();
      // With what is wrong said.
      for (const input of await form.locator('input').all()) await input.fill('not fitting');
      await clean(own);
      await fits(own);
    }
    const options = await alone(inspector, page, 'options', scheme);
    await options.getByTestId('place-site').fill('no address');
    await options.getByTestId('place-path').fill('not a path');
    await clean(options);
    await options.getByTestId('place-site').fill('https://shop.example');
    await options.getByTestId('place-path').fill('app.services.synerise');
    await options.getByTestId('place-add').click();
    await options.getByTestId('place').waitFor();
    await clean(options);
    await fits(options);
  });
}

for (const view of ['popup', 'panel'] as const) {
  for (const scheme of ['light', 'dark'] as const) {
    test(`${view}, ${scheme}: nothing that axe finds, with claims, form and result open`, async ({ inspector }) => {
      const { page } = await inspector.open();
      await sdkReady(page);
      const panel = await inspector.panel(page);
      await panel.waitAttr('token', 'data-token', 'valid');
      await panel.operate('refreshToken');
      const own = await alone(inspector, page, view, scheme);
      await own.getByText('Header and claims').click();
      await clean(own);
      await own.getByTestId('action-signOutWithMode').click();
      await own.getByTestId('form-signOutWithMode').waitFor();
      await clean(own);
    });
  }
}

test('everything is done by keyboard: open, fill, run, cancel, and the focus comes back', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const panel = await inspector.panel(page);
  await panel.waitAttr('token', 'data-token', 'valid');
  const own = await alone(inspector, page, 'panel', 'light');
  const button = own.getByRole('button', { name: 'Regenerate with identifier' });
  await button.focus();
  await own.keyboard.press('Enter');
  await expect(own.getByTestId('argument-clientIdentifier')).toBeFocused();
  await own.keyboard.press('Escape');
  await expect(own.getByTestId('form-regenerateUUIDWithClientIdentifier')).toHaveCount(0);
  await expect(button).toBeFocused();
  await own.keyboard.press('Enter');
  await expect(own.getByTestId('argument-clientIdentifier')).toBeFocused();
  await own.keyboard.type('ada-42');
  await own.keyboard.press('Enter');
  await expect(own.getByTestId('operation-result')).toHaveAttribute('data-verdict', 'done');
  await expect(own.getByTestId('uuid')).toHaveText((await inspector.held(page)).uuid);
});

test('nothing is cut off or overlaps in a narrow panel', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const panel = await inspector.panel(page);
  await panel.waitAttr('token', 'data-token', 'valid');
  const own = await alone(inspector, page, 'panel', 'light');
  await fits(own);
});

test('the panel follows the theme of DevTools, switched live', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const panel = await inspector.panel(page);
  await panel.waitAttr('token', 'data-token', 'valid');
  const background = () => panel.target.evaluate('getComputedStyle(document.documentElement).backgroundColor');
  await until('light', async () => (await background()) === 'rgb(255, 255, 255)');
  await panel.devtools.evaluate(setTheme('dark'));
  await until('dark', async () => (await background()) === 'rgb(32, 33, 36)');
  await panel.devtools.evaluate(setTheme('default'));
  await until('light again', async () => (await background()) === 'rgb(255, 255, 255)');
});
