// Takes the README's screenshots of the real popup and panel on the sandbox shop: `npm run pictures`. Tokens stay masked.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program, ROOT, setUp } from './setup.mjs';
import { until } from './until.mjs';

const FOLDER = join(ROOT, 'docs', 'pictures');

await program(async () => {
  setUp();
  const { launchChromium, setTheme } = await import('./chromium.mjs');
  const { startSandbox } = await import('../sandbox/server.mjs');
  mkdirSync(FOLDER, { recursive: true });
  const save = (/** @type {string} */ name, /** @type {Buffer} */ png) => writeFileSync(join(FOLDER, `${name}.png`), png);
  const sandbox = await startSandbox();
  const chromium = await launchChromium({ devtools: true });
  try {
    const page = chromium.context.pages()[0] ?? (await chromium.context.newPage());
    await page.goto(`${sandbox.origin}/?lifetime=2700`);
    const { panel, devtools, picture } = await chromium.openPanel(page);
    const click = (/** @type {import('./chromium.mjs').Target} */ view, /** @type {string} */ id) =>
      until(`${id} to click`, () =>
        view.evaluate(`(() => { const it = document.querySelector('[data-testid="${id}"]'); it?.click(); return !!it; })()`),
      );
    const done = () =>
      until('the verdict', () =>
        panel.evaluate(`document.querySelector('[data-testid="operation-result"][data-verdict="done"]') !== null`),
      );
    const tab = (/** @type {string} */ name) => panel.evaluate(`document.getElementById('tab-${name}').click()`);
    const type = (/** @type {string} */ name, /** @type {string} */ text) =>
      until(`${name} to be asked`, () =>
        panel.evaluate(`(() => {
          const input = document.querySelector('[data-testid="argument-${name}"]');
          if (!input) return false;
          Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), 'value').set.call(input, ${JSON.stringify(text)});
          return input.dispatchEvent(new Event('input', { bubbles: true }));
        })()`),
      );
    /** A made-up customer's account after an edit. */
    const account = async () => {
      await page.getByRole('button', { name: 'Sign in as Ada' }).click();
      await until('Ada', () => panel.evaluate(`document.querySelector('[data-testid="session-state"]').dataset.identity === 'signed-in'`));
      await tab('account');
      await devtools.send('Emulation.setDeviceMetricsOverride', { width: 980, height: 940, deviceScaleFactor: 1, mobile: false });
      await click(panel, 'action-getAccount');
      await until('the account', () => panel.evaluate(`document.querySelector('dl.account') !== null`));
      await click(panel, 'action-updateAccount');
      await type('city', 'Kraków');
      await click(panel, 'run');
      await until('the difference', () => panel.evaluate(`document.querySelector('.changes caption') !== null`));
      await panel.evaluate(`document.activeElement.blur(); document.scrollingElement.scrollTop = 0; true`);
      save('account-light', await picture());
      await tab('session');
    };
    /** The timeline, and a request in it. */
    const happened = async () => {
      await tab('timeline');
      await devtools.send('Emulation.setDeviceMetricsOverride', { width: 1180, height: 760, deviceScaleFactor: 1, mobile: false });
      const row = (/** @type {string} */ list, /** @type {string} */ words) =>
        until(words, () =>
          panel.evaluate(`(() => {
            const row = [...document.querySelectorAll('[data-testid="${list}-entry"]')].find((one) => one.textContent.includes('${words}'));
            row?.click();
            return !!row;
          })()`),
        );
      await page.getByRole('button', { name: 'Refresh token' }).click();
      await row('timeline', 'refreshToken()');
      await until('the details', () => panel.evaluate(`document.querySelector('[data-testid="call-details"]') !== null`));
      await row('timeline', 'Token refresh');
      await until('the request', () => panel.evaluate(`document.querySelector('[data-testid="request-details"] pre') !== null`));
      await row('timeline', 'refreshToken()');
      save('timeline-light', await picture());
      await devtools.evaluate(setTheme('dark'));
      await until('the theme', () => panel.evaluate(`document.documentElement.dataset.theme === 'dark'`));
      await tab('network');
      await row('network', 'Token refresh');
      await until('the request', () =>
        panel.evaluate(`document.querySelector('#view-network [data-testid="request-details"] pre') !== null`),
      );
      save('network-dark', await picture());
      await devtools.evaluate(setTheme('default'));
      await tab('session');
    };
    await devtools.send('Emulation.setDeviceMetricsOverride', { width: 860, height: 800, deviceScaleFactor: 1, mobile: false });
    await until('the session', () => panel.evaluate(`document.querySelector('[data-testid="token"][data-token="valid"]') !== null`));
    await click(panel, 'action-regenerateUUID');
    await click(panel, 'run');
    await done();
    for (const [name, theme] of /** @type {const} */ ([
      ['light', 'default'],
      ['dark', 'dark'],
    ])) {
      await devtools.evaluate(setTheme(theme));
      await panel.evaluate(`for (const one of document.querySelectorAll('*')) one.scrollTop = 0; true`);
      await until('the theme', () => panel.evaluate(`document.documentElement.dataset.theme === '${name}'`));
      save(`panel-${name}`, await picture());
    }
    await devtools.evaluate(setTheme('default'));
    await page.goto(`${sandbox.origin}/?sdk=web&jwt`);
    await until('the Web SDK', () => panel.evaluate(`document.querySelector('[data-testid="dialect"]')?.dataset.dialect === 'web'`));
    await devtools.send('Emulation.setDeviceMetricsOverride', { width: 860, height: 1080, deviceScaleFactor: 1, mobile: false });
    await click(panel, 'action-destroySession');
    save('web-light', await picture());
    await click(panel, 'cancel');
    await tab('storage');
    await until('the cookies', () => panel.evaluate(`document.querySelector('[data-testid="kept"]') !== null`));
    await devtools.send('Emulation.setDeviceMetricsOverride', { width: 860, height: 760, deviceScaleFactor: 1, mobile: false });
    save('storage-light', await picture());
    // A separate shop, because switches that a URL sets stay set.
    await page.goto(`${sandbox.origin}/shop/?shop=wrong&sdk=web&jwt&duplicates&twokeys&exp=years`);
    await tab('diagnostics');
    await until('the findings', () => panel.evaluate(`document.querySelector('[data-rule="two-tracker-keys"]') !== null`));
    await devtools.send('Emulation.setDeviceMetricsOverride', { width: 900, height: 900, deviceScaleFactor: 1, mobile: false });
    save('diagnostics-light', await picture());
    await tab('session');
    await page.goto(`${sandbox.origin}/?lifetime=2700`);
    await until('the shop', () => panel.evaluate(`document.querySelector('[data-testid="dialect"]')?.dataset.dialect === 'react-native'`));
    await until('the session', () => panel.evaluate(`document.querySelector('[data-testid="token"][data-token="valid"]') !== null`));
    await account();
    await happened();
    await devtools.send('Emulation.setDeviceMetricsOverride', { width: 860, height: 640, deviceScaleFactor: 1, mobile: false });
    sandbox.auth.set('main', { lifetime: 50 });
    await click(panel, 'action-refreshToken');
    await until('the short token', () =>
      panel.evaluate(`document.querySelector('[data-testid="token"][data-token="near-expiry"]') !== null`),
    );
    await done();
    // The click grants access. The screenshots then use the popup's document in a tab, whose size can be set.
    const popup = await chromium.clickToolbar(page);
    await until('the popup', () => popup.evaluate(`document.querySelector('[data-testid="token"][data-token="near-expiry"]') !== null`));
    const tabId = await popup.evaluate(
      '(globalThis.browser ?? chrome).tabs.query({ active: true, currentWindow: true }).then(([tab]) => tab.id)',
    );
    const alone = await chromium.context.newPage();
    await alone.setViewportSize({ width: 400, height: 600 });
    await alone.goto(`chrome-extension://${chromium.id}/popup.html?tabId=${tabId}`);
    await alone.locator('[data-testid="token"][data-token="near-expiry"]').waitFor();
    for (const scheme of /** @type {const} */ (['light', 'dark'])) {
      await alone.emulateMedia({ colorScheme: scheme });
      save(`popup-${scheme}`, await alone.screenshot());
    }
  } finally {
    await chromium.close();
    await sandbox.close();
  }
});
