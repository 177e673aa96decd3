// Tests in real Firefox: all tests of a Playwright worker share one browser, which is reset between them.
import { test as base } from '@playwright/test';
import { type Sandbox, startSandbox } from '../../../sandbox/server.mjs';
import { type FirefoxPage, type FirefoxSurface, launchFirefox } from '../../../scripts/firefox.mjs';
import { type View, viewOf } from '../../../scripts/view.mjs';
import { type Files, serve } from '../own-pages';
import { hookOf, until } from '../support';

export { expect } from '@playwright/test';
export type { Asked } from '../support';
export { hookOf, until, VIEWS } from '../support';
export type { FirefoxPage };
export type Firefox = Awaited<ReturnType<typeof launchFirefox>>;
export type FirefoxView = View<FirefoxSurface>;

export interface Inspector {
  readonly firefox: Firefox;
  readonly sandbox: Sandbox;
  /** Opens a page of the shop, and waits for its SDK to have a token unless `token` is false. */
  open(path?: string, options?: { token?: boolean }): Promise<FirefoxPage>;
  /** Opens a test's own page, with the sandbox's scripts and servers under the same origin, which is returned too. */
  openPage(files: Files | string, options?: { wait?: 'load' | 'commit' }): Promise<{ page: FirefoxPage; origin: string }>;
  /** The real popup, after a click on the toolbar button. */
  popup(): Promise<FirefoxView>;
  /** The real panel, in the DevTools of the page. */
  panel(): Promise<FirefoxView>;
}

/** The permission prompt belongs to the browser and can't be driven like a page; this setting accepts it automatically. */
const prefs = { 'extensions.webextOptionalPermissionPrompts': false };

export const test = base.extend<{ inspector: Inspector }, { firefoxes: { take(): Promise<Firefox> } }>({
  firefoxes: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
    async ({}, use) => {
      let kept: Firefox | undefined;
      await use({
        async take() {
          if (kept) await kept.renew();
          else kept = await launchFirefox({ prefs });
          return kept;
        },
      });
      await kept?.close();
    },
    { scope: 'worker' },
  ],
  inspector: async ({ firefoxes }, use, info) => {
    const firefox = await firefoxes.take();
    const sandbox = await startSandbox();
    const closers: (() => Promise<unknown> | unknown)[] = [() => sandbox.close()];
    const { page } = firefox;
    try {
      await use({
        firefox,
        sandbox,
        async open(path = '/', { token = true } = {}) {
          await page.goto(`${sandbox.origin}${path}`);
          if (token) await until('the token of the page', async () => (await hookOf(page)).held.token);
          return page;
        },
        async openPage(files, { wait = 'load' } = {}) {
          const { origin, close } = await serve(typeof files === 'string' ? { '/': files } : files, sandbox.origin);
          closers.push(close);
          await page.goto(`${origin}/`, { wait });
          return { page, origin };
        },
        popup: async () => viewOf(await firefox.clickToolbar()),
        panel: async () => viewOf(await firefox.openPanel()),
      });
    } finally {
      for (const close of closers) await close();
      if (info.status !== info.expectedStatus) await info.attach('the window', { body: await firefox.picture(), contentType: 'image/png' });
    }
  },
});

/** Clicks a button on the shop's page, by its text. */
export const pressInPage = (page: FirefoxPage, words: string): Promise<void> =>
  page.evaluate((name) => {
    const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name);
    if (!button) throw new Error(`There is no button ${name}.`);
    button.click();
  }, words);

/** The arguments of each call to a method of the page's SDK. */
export const callsOf = async (page: FirefoxPage, method: string): Promise<readonly (readonly unknown[])[]> =>
  (await hookOf(page)).calls.filter(([name]) => name === method).map(([, args]) => args);
