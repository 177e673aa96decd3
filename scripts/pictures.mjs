// Takes the screenshots of README and docs: the real popup and panel on the sandbox shop. `npm run pictures`. Tokens stay masked.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program, ROOT, setUp } from './setup.mjs';
import { until } from './until.mjs';

const FOLDER = join(ROOT, 'docs', 'pictures');
/** Where most people keep DevTools, and at the right (px). */
const BOTTOM = { width: 1280, height: 360 };
const RIGHT = { width: 420, height: 900 };
/** What the stores list. */
const LISTING = { width: 1280, height: 800 };

await program(async () => {
  setUp();
  const { launchChromium, setTheme } = await import('./chromium.mjs');
  const { startSandbox } = await import('../sandbox/server.mjs');
  mkdirSync(join(FOLDER, 'store'), { recursive: true });
  const save = (/** @type {string} */ name, /** @type {Buffer} */ png) => writeFileSync(join(FOLDER, `${name}.png`), png);
  const sandbox = await startSandbox();
  const chromium = await launchChromium({ devtools: true });
  try {
    const page = chromium.context.pages()[0] ?? (await chromium.context.newPage());
    await page.goto(`${sandbox.origin}/?lifetime=2700`);
    const { panel, devtools, picture } = await chromium.openPanel(page);
    const is = (/** @type {string} */ selector) => panel.evaluate(`document.querySelector('${selector}') !== null`);
    const click = (/** @type {string} */ id) =>
      until(`${id} to click`, () =>
        panel.evaluate(`(() => { const it = document.querySelector('[data-testid="${id}"]'); it?.click(); return !!it; })()`),
      );
    const tab = (/** @type {string} */ name) => panel.evaluate(`document.getElementById('tab-${name}').click()`);
    const size = (/** @type {{ width: number, height: number }} */ { width, height }) =>
      devtools.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
    const done = () => until('the verdict', () => is('[data-testid="operation-result"][data-verdict="done"]'));
    const valid = () => until('the session', () => is('[data-testid="token"][data-token="valid"]'));
    const row = (/** @type {string} */ list, /** @type {string} */ words) =>
      until(words, () =>
        panel.evaluate(`(() => {
          const row = [...document.querySelectorAll('[data-testid="${list}-entry"]')].findLast((one) => one.textContent.includes('${words}'));
          row?.click();
          return !!row;
        })()`),
      );
    const inBothThemes = async (/** @type {string} */ name) => {
      for (const [scheme, theme] of /** @type {const} */ ([
        ['dark', 'dark'],
        ['light', 'default'],
      ])) {
        await devtools.evaluate(setTheme(theme));
        await panel.evaluate('document.activeElement.blur(); true');
        await until('the theme', () => panel.evaluate(`document.documentElement.dataset.theme === '${scheme}'`));
        save(`${name}-${scheme}`, await picture());
      }
    };

    const listing = async (/** @type {string} */ name) => {
      await size(LISTING);
      await until('the size', () => panel.evaluate('innerHeight > 600'));
      save(join('store', name), await picture());
      await size(BOTTOM);
      await until('the size', () => panel.evaluate('innerHeight < 600'));
    };

    await size(BOTTOM);
    await valid();
    await click('action-regenerateUUID');
    await click('run');
    await done();
    await page.getByRole('button', { name: 'Sign in as Ada' }).click();
    await until('Ada', () => is('[data-testid="session-state"][data-identity="signed-in"]'));
    await page.getByRole('button', { name: 'Change the API key' }).click();
    await until('somebody else', () => is('[data-testid="session-state"][data-identity="anonymous"]'));
    await valid();
    await click('action-refreshToken');
    await done();
    await inBothThemes('panel');
    await listing('session');
    await tab('timeline');
    await row('timeline', 'UUID');
    await until('the details', () => is('[data-testid="value-after"]'));
    await inBothThemes('timeline');
    await listing('timeline');
    await tab('network');
    await row('network', 'refresh/client');
    await until('the request', () => is('#view-network [data-testid="request-details"]'));
    await inBothThemes('network');
    await listing('network');
    await tab('session');
    await size(RIGHT);
    save('panel-right-light', await picture());

    await size(BOTTOM);
    await page.getByRole('button', { name: 'Sign in as Ada' }).click();
    await until('Ada', () => is('[data-testid="session-state"][data-identity="signed-in"]'));
    await tab('account');
    await click('action-getAccount');
    await until('the account', () => is('dl.account'));
    save('account-light', await picture());

    await tab('session');
    await page.goto(`${sandbox.origin}/?sdk=web&jwt`);
    await until('the Web SDK', () => is('[data-testid="dialect"][data-dialect="web"]'));
    await click('action-destroySession');
    await until('the steps', () => is('[data-testid="form-destroySession"]'));
    save('web-light', await picture());
    await click('cancel');
    await tab('storage');
    await until('the cookies', () => is('[data-testid="kept"]'));
    await panel.evaluate(`document.querySelector('[data-testid="kept"][data-name="_snrs_p"]')?.click()`);
    save('storage-light', await picture());
    // A separate shop, because switches that a URL sets stay set.
    await page.goto(`${sandbox.origin}/shop/?shop=wrong&sdk=web&jwt&duplicates&twokeys&exp=years`);
    await tab('diagnostics');
    await until('the issues', () => is('[data-rule="two-tracker-keys"]'));
    save('diagnostics-light', await picture());
    await listing('diagnostics');

    await tab('session');
    await page.goto(`${sandbox.origin}/?lifetime=2700`);
    await until('the shop', () => is('[data-testid="dialect"][data-dialect="react-native"]'));
    await valid();
    // The click grants access. The screenshots then use the popup's document in a tab, whose size can be set.
    const popup = await chromium.clickToolbar(page);
    await until('the popup', () => popup.evaluate(`document.querySelector('[data-testid="token"][data-token="valid"]') !== null`));
    const tabId = await popup.evaluate(
      '(globalThis.browser ?? chrome).tabs.query({ active: true, currentWindow: true }).then(([tab]) => tab.id)',
    );
    const alone = await chromium.context.newPage();
    await alone.setViewportSize({ width: 400, height: 600 });
    await alone.goto(`chrome-extension://${chromium.id}/popup.html?tabId=${tabId}`);
    await alone.locator('[data-testid="token"][data-token="valid"]').waitFor({ state: 'attached' });
    for (const scheme of /** @type {const} */ (['light', 'dark'])) {
      await alone.emulateMedia({ colorScheme: scheme });
      const height = await alone.evaluate(() => document.querySelector('.popup')?.clientHeight ?? 600);
      await alone.setViewportSize({ width: 400, height });
      save(`popup-${scheme}`, await alone.screenshot());
    }
  } finally {
    await chromium.close();
    await sandbox.close();
  }
  console.log(`The pictures are in ${FOLDER}`);
});
