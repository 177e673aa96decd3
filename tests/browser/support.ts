import { test as base, expect, type Page } from '@playwright/test';
import { type Sandbox, startSandbox } from '../../sandbox/server.mjs';
import { launchChromium } from '../../scripts/chromium.mjs';
import { until } from '../../scripts/until.mjs';
import { type Surface, type View, viewOf } from '../../scripts/view.mjs';
import { type Chromium, extensionPage, tabIdOf } from './lifecycle';
import type { Screen } from './screen';
import { type Kind, type Shared, sharedBrowsers } from './shared';

export { expect, until };
export type Panel = View & Pick<Awaited<ReturnType<Chromium['openPanel']>>, 'devtools' | 'picture'>;

/** What the shop's SDK itself reports, read in the page. */
export interface Held {
  readonly uuid: string;
  readonly signedIn: boolean;
  readonly token: { readonly raw: string; readonly origin: string; readonly expiresAt: number };
}

export interface Inspector {
  readonly chromium: Chromium;
  readonly sandbox: Sandbox;
  /** Opens a page of the shop; `noise` collects its console messages and errors. */
  open(path?: string): Promise<{ page: Page; noise: string[] }>;
  popup(page: Page): Promise<View>;
  panel(page: Page): Promise<Panel>;
  held(page: Page): Promise<Held>;
}

/**
 * `devtools` opens DevTools with each tab, as some users have it, and not only with the panel; `watched` makes the
 * sandbox's sites watched; a test with a `desk` gets a window on that screen, in its own browser.
 */
export const test = base.extend<Kind & { desk: Screen | null; inspector: Inspector }, { browsers: Shared }>({
  watched: [false, { option: true }],
  devtools: [false, { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
  desk: async ({}, use) => use(null),
  browsers: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
    async ({}, use) => {
      const browsers = sharedBrowsers();
      await use(browsers);
      await browsers.close();
    },
    { scope: 'worker' },
  ],
  inspector: async ({ devtools, watched, desk, browsers }, use) => {
    const chromium = desk
      ? await launchChromium({ devtools, headless: false, display: desk.display })
      : await browsers.take({ devtools, watched });
    const sandbox = await startSandbox();
    try {
      await use({
        chromium,
        sandbox,
        async open(path = '/') {
          const page = chromium.context.pages().find((one) => one.url() === 'about:blank') ?? (await chromium.context.newPage());
          const noise: string[] = [];
          page.on('console', (message) => noise.push(`${message.type()}: ${message.text()}`));
          page.on('pageerror', (error) => noise.push(`error: ${error.message}`));
          await page.goto(`${sandbox.origin}${path}`);
          await page.bringToFront();
          return { page, noise };
        },
        popup: async (page) => viewOf(await chromium.clickToolbar(page)),
        async panel(page) {
          const { panel, devtools: front, picture } = await chromium.openPanel(page);
          return { ...viewOf(panel), devtools: front, picture };
        },
        held: (page) =>
          page.evaluate(
            () =>
              new Promise<Held>((resolve, reject) => {
                const sdk = (globalThis as unknown as { Synerise: { Client: Record<string, (...args: unknown[]) => unknown> } }).Synerise
                  .Client;
                sdk['retrieveToken']?.(
                  (token: { tokenString: string; origin: string; expirationDate: Date }) =>
                    resolve({
                      uuid: String(sdk['getUUID']?.()),
                      signedIn: sdk['isSignedIn']?.() === true,
                      token: { raw: token.tokenString, origin: token.origin, expiresAt: token.expirationDate.getTime() },
                    }),
                  reject,
                );
              }),
          ),
      });
    } finally {
      if (desk) await chromium.close();
      await sandbox.close();
    }
  },
});

/** What a page's SDK reports about itself, and the calls and reads it received. */
export interface Hook {
  readonly dialect: string;
  readonly held: {
    readonly uuid: string | null;
    readonly signedIn: boolean;
    readonly token: { readonly raw: string; readonly origin: string | null; readonly expiresAt: number } | null;
  };
  readonly calls: readonly (readonly [string, readonly unknown[]])[];
  readonly reads: Readonly<Record<string, number>>;
}

/** Where functions can be evaluated: in a page of any browser, or in a frame. */
export interface Asked {
  evaluate<R>(run: () => R | Promise<R>): Promise<R>;
}

/** Reads the hook that each of the sandbox's SDKs provides. */
export const hookOf = (page: Asked): Promise<Hook> =>
  page.evaluate(() => {
    const { dialect, held, calls, reads } = (globalThis as unknown as { sandboxSdk: Hook & { held(): Hook['held'] } }).sandboxSdk;
    return { dialect, held: held(), calls: [...calls], reads: { ...reads } };
  });

/** Both views, for tests that run in each. */
export const VIEWS = ['popup', 'panel'] as const;

/** Waits until the shop's SDK is initialized and has a token. */
export async function sdkReady(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const sdk = (globalThis as unknown as { Synerise?: { isInitialized(): boolean } }).Synerise;
    const shop = new URLSearchParams(location.search).get('shop') ?? 'main';
    return sdk?.isInitialized() && JSON.parse(localStorage.getItem(`sandbox-sdk:${shop}`) ?? 'null')?.held;
  });
}

/** Opens the panel's Account tab on a page of the shop, once its SDK has a token. */
export async function accountTab(inspector: Inspector, path = '/'): Promise<{ page: Page; noise: string[]; v: Panel }> {
  const { page, noise } = await inspector.open(path);
  await until('the token of the page', async () => (await hookOf(page)).held.token);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await v.tab('Account');
  await until('the account operations', () => v.there('action-getAccount'));
  return { page, noise, v };
}

/** Expands the details of the last operation's result if they are collapsed. */
export async function unfoldResult(v: Pick<View, 'target'>): Promise<void> {
  await v.target.evaluate(`document.querySelector('[data-testid="result-details"][aria-expanded="false"]')?.click()`);
}

/** Opens the shop and, once its SDK has a token, the real panel; selects `tab` if given. */
export async function panelOn(
  inspector: Inspector,
  { path = '/', tab }: { path?: string; tab?: string } = {},
): Promise<{ page: Page; v: Panel }> {
  const { page } = await inspector.open(path);
  await until('the token', async () => (await hookOf(page)).held.token);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  if (tab !== undefined) await v.tab(tab);
  return { page, v };
}

/** Opens a view in its own tab, on the live session of `page`, so that axe and keyboard input can be used. */
export async function alone({ chromium }: Inspector, page: Page, view: 'panel' | 'popup' | 'options' = 'panel'): Promise<Page> {
  const { page: own } = await extensionPage(chromium, `${view}.html?tabId=${await tabIdOf(chromium, page)}`);
  await own.emulateMedia({ colorScheme: 'light' });
  await own
    .locator(
      view === 'options' ? '[data-testid="place-site"]' : '[data-phase="attached"], [data-phase="unreachable"], [data-phase="absent"]',
    )
    .first()
    .waitFor();
  return own;
}

/** Signs Ada in on the page, with `own` (a view from `alone`) in front again afterwards. */
export async function signInBehind(page: Page, own: Page): Promise<void> {
  await page.bringToFront();
  await page.getByRole('button', { name: 'Sign in as Ada' }).click();
  await own.bringToFront();
  await expect(own.getByTestId('session-state')).toHaveAttribute('data-identity', 'signed-in');
}

/** Selects the client whose option contains `words`. */
export async function chooseClient(v: Pick<View<Surface>, 'target'>, words: string): Promise<void> {
  const select = `document.querySelector('[data-testid="client-select"]')`;
  await until(`a client called ${words}`, () =>
    v.target.evaluate(`[...${select}?.options ?? []].some((one) => one.text.includes('${words}'))`),
  );
  await v.target.evaluate(`(() => {
    const option = [...${select}.options].find((one) => one.text.includes('${words}'));
    ${select}.value = option.value;
    ${select}.dispatchEvent(new Event('change', { bubbles: true }));
  })()`);
}
