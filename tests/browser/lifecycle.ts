// Triggers what browsers do to tabs, workers, and profiles. This takes more than a page: profiles with the extension already
// installed and, for frozen and prerendered pages, a browser that Playwright is not attached to.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import puppeteer, { type Page as QuietPage } from 'puppeteer-core';
import { BUILD, launchChromium, launchOptions, remove, type Target, targetIdOf } from '../../scripts/chromium.mjs';
import { until } from '../../scripts/until.mjs';
import type { Screen } from './screen';

/** Used in functions that run in the worker or an extension page. */
declare const chrome: typeof import('@wxt-dev/browser').browser;

export type Chromium = Awaited<ReturnType<typeof launchChromium>>;
export type LaunchOptions = NonNullable<Parameters<typeof launchChromium>[0]>;

/** Playwright disables the back-forward cache with this switch: launch `without` it to have the cache. */
export const WITHOUT_CACHE = '--disable-back-forward-cache';

// ---------------------------------------------------------------------------------------------------------- profiles

export interface Seed {
  readonly extension?: string;
  /** Granted as if by the browser's prompt. */
  readonly origins?: readonly string[];
  readonly permissions?: readonly string[];
  readonly incognito?: boolean;
}

interface Manifest {
  readonly permissions?: readonly string[];
  readonly devtools_page?: string;
  readonly [key: string]: unknown;
}

const manifestOf = (extension: string) => JSON.parse(readFileSync(join(extension, 'manifest.json'), 'utf8')) as Manifest;

/** The id of an unpacked extension, which Chromium derives from the path of its folder. */
export const idOf = (extension = BUILD): string =>
  createHash('sha256')
    .update(realpathSync(extension))
    .digest('hex')
    .slice(0, 32)
    .replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));

/** Creates a temporary folder, which is removed when the process exits, if not earlier. */
export function folder(name: string): string {
  const path = mkdtempSync(join(tmpdir(), `synerise-inspector-${name}-`));
  if (folders.size === 0) process.once('exit', () => folders.forEach(remove));
  folders.add(path);
  return path;
}

const folders = new Set<string>();

export { remove };

/**
 * A profile in which the extension is installed as if by hand ("Load unpacked" in developer mode) and has the grants of `seed`.
 * It contains the preferences that Chromium itself writes after the prompt, so neither a prompt nor a screen is needed. Launch
 * it with `installed: true`. An extension loaded by a switch is reinstalled at each start; this one keeps its alarms and
 * registered scripts across a restart, receives `onStartup`, and comes back after `runtime.reload()`.
 */
export function seededProfile({ extension = BUILD, origins = [], permissions = [], incognito = false }: Seed = {}): string {
  const manifest = manifestOf(extension);
  const set = (api: readonly string[]) => ({ api, explicit_host: origins, manifest_permissions: [], scriptable_host: [] });
  const granted = set([...(manifest.permissions ?? []), ...(manifest.devtools_page ? ['devtools'] : []), ...permissions]);
  const now = String((Date.now() + 11_644_473_600_000) * 1000);
  const entry = {
    // Unpacked; one loaded by a switch would be 8.
    location: 4,
    path: realpathSync(extension),
    creation_flags: 38,
    first_install_time: now,
    last_update_time: now,
    disable_reasons: [],
    from_webstore: false,
    newAllowFileAccess: true,
    withholding_permissions: false,
    active_permissions: granted,
    granted_permissions: granted,
    runtime_granted_permissions: set(permissions),
    ...(incognito && { incognito }),
  };
  const profile = folder('profile');
  mkdirSync(join(profile, 'Default'));
  writeFileSync(
    join(profile, 'Default', 'Preferences'),
    JSON.stringify({ extensions: { ui: { developer_mode: true }, settings: { [idOf(extension)]: entry } } }),
  );
  return profile;
}

/** The grants of a user who watches the sandbox's sites. */
export const WATCHED = {
  origins: ['http://127.0.0.1/*', 'http://localhost/*'],
  permissions: ['cookies', 'notifications', 'webRequest'],
} as const;

/** A new profile in which the sandbox's sites are watched, for headless tests. Launch it with `installed: true`. */
export const watchedProfile = (seed: Seed = {}): string => seededProfile({ ...WATCHED, ...seed });

/**
 * A profile whose grants come from the browser's real prompt, confirmed by keyboard on a screen; launched without `installed`.
 * Slow: only used to show that `watchedProfile` matches what the prompt grants. Copies of it have the grants too.
 */
export async function promptedProfile(screen: Screen): Promise<string> {
  const profile = folder('prompted');
  const chromium = await launchChromium({ profile, headless: false, display: screen.display });
  try {
    const { page, target } = await extensionPage(chromium, 'options.html');
    await page.bringToFront();
    const wanted = JSON.stringify(WATCHED);
    // Not awaited: the answer comes from the keyboard.
    await target.evaluate(`void chrome.permissions.request(${wanted}).then((yes) => { globalThis.answered = yes; })`);
    await screen.answer(['Tab', 'Return'], async () => (await target.evaluate('globalThis.answered')) === true);
  } finally {
    await chromium.close();
  }
  return profile;
}

export function copyOf(profile: string): string {
  const copy = folder('copy');
  cpSync(profile, copy, { recursive: true });
  return copy;
}

/** A copy of the build with changes to its manifest, such as `commands`. It has a different id. */
export function variant(changes: Record<string, unknown>): string {
  const extension = folder('variant');
  cpSync(BUILD, extension, { recursive: true });
  writeFileSync(join(extension, 'manifest.json'), JSON.stringify({ ...manifestOf(extension), ...changes }));
  return extension;
}

/** A browser that can be restarted with the same profile. */
export interface Restartable {
  now: Chromium;
  /** `tabs` restores the tabs that were open. */
  restart(options?: { tabs?: boolean }): Promise<Chromium>;
  /** Also removes the profile. */
  close(): Promise<void>;
}

export async function restartable(options: LaunchOptions & { profile: string }): Promise<Restartable> {
  const browser: Restartable = {
    now: await launchChromium(options),
    async restart({ tabs = false } = {}) {
      await browser.now.close();
      browser.now = await launchChromium({
        ...options,
        keepTabs: tabs,
        args: [...(options.args ?? []), ...(tabs ? ['--restore-last-session'] : [])],
      });
      return browser.now;
    },
    async close() {
      await browser.now.close();
      remove(options.profile);
    },
  };
  return browser;
}

/** The extension's current grants. */
export const grantsOf = async (chromium: Chromium) => (await chromium.worker()).evaluate(() => chrome.permissions.getAll());

// -------------------------------------------------------------------------------------------------------------- tabs

/** Opens an extension page in its own tab, both as a Playwright page and as a target with user gestures. */
export async function extensionPage(chromium: Chromium, path: string): Promise<{ page: Page; target: Target }> {
  const page = await chromium.context.newPage();
  await page.goto(`chrome-extension://${chromium.id}/${path}`);
  return { page, target: await chromium.attach(await targetIdOf(page)) };
}

/** The extension's id for a page's tab, found without a permission to read URLs. Brings the page to the front. */
export async function tabIdOf(chromium: Chromium, page: Page): Promise<number> {
  await page.bringToFront();
  const { windowId } = await chromium.cdp.send('Browser.getWindowForTarget', { targetId: await targetIdOf(page) });
  const worker = await chromium.worker();
  return until('the tab id', () =>
    worker.evaluate(async (of) => (await chrome.tabs.query({ active: true, windowId: of }))[0]?.id, windowId),
  );
}

export interface Discarded {
  readonly before: number;
  /** The new id, reported by `tabs.onReplaced`. The worker gets no `onRemoved` for the old one. */
  readonly after: number;
  /** Brings the tab to the front, which reloads it under its new id. */
  wake(): Promise<Page>;
}

/** Discards a page's tab, as the browser does when memory is low. Playwright's page closes with it. */
export async function discard(chromium: Chromium, page: Page): Promise<Discarded> {
  const before = await tabIdOf(chromium, page);
  // The browser itself never discards the active tab.
  const front = await chromium.context.newPage();
  await front.bringToFront();
  const worker = await chromium.worker();
  const closed = page.waitForEvent('close');
  const after = await worker.evaluate(async (id) => (await chrome.tabs.discard(id))?.id ?? -1, before);
  await closed;
  return {
    before,
    after,
    async wake() {
      const woken = chromium.context.waitForEvent('page');
      await (await chromium.worker()).evaluate((id) => chrome.tabs.update(id, { active: true }), after);
      const again = await woken;
      await again.waitForLoadState();
      return again;
    },
  };
}

/**
 * Goes back in history to a page that must come from the back-forward cache: launch with `without: [WITHOUT_CACHE]`.
 * Doesn't use `page.goBack()`, which never settles in this case even though the page is there.
 */
export async function backFromCache(page: Page): Promise<void> {
  await page.evaluate(() => void setTimeout(() => history.back()));
  await until('the page from the cache', () => page.evaluate(() => (globalThis as { keptByCache?: boolean }).keptByCache === true));
}

/** Marks a page so that `backFromCache` recognizes it; a reload would lose the mark. */
export const markForCache = (page: Page): Promise<void> =>
  page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => Object.assign(globalThis, { keptByCache: persisted }));
  });

/** Moves a page's tab into a new window; returns the window's id. */
export async function moveOut(chromium: Chromium, page: Page): Promise<number> {
  const tab = await tabIdOf(chromium, page);
  const worker = await chromium.worker();
  return worker.evaluate(async (tabId) => (await chrome.windows.create({ tabId }))?.id ?? -1, tab);
}

/** Opens a page in an incognito window, where the extension must be allowed (`incognito` in `Seed`). */
export async function openIncognito(chromium: Chromium, url: string): Promise<{ page: Page; windowId: number; close(): Promise<void> }> {
  const worker = await chromium.worker();
  const opening = chromium.context.waitForEvent('page');
  // If the extension is not allowed, no page opens, and this rejects when the browser is closed.
  opening.catch(() => undefined);
  const windowId = await worker.evaluate(async (to) => (await chrome.windows.create({ incognito: true, url: to }))?.id ?? null, url);
  if (windowId === null) throw new Error('The extension is not allowed in incognito: it is not told of the window.');
  const page = await opening;
  await page.waitForURL(url);
  return {
    page,
    windowId,
    async close() {
      const gone = page.waitForEvent('close');
      await (await chromium.worker()).evaluate((id) => chrome.windows.remove(id), windowId);
      await gone;
    },
  };
}

// ----------------------------------------------------------------------------------------------------- the extension

/**
 * Reloads the extension as an update does: its own pages and panels close, web pages stay open. Needs a profile in developer
 * mode (`seededProfile`); in any other, Chromium disables the extension permanently.
 */
export async function reloadExtension(chromium: Chromium): Promise<void> {
  const worker = await chromium.worker();
  const again = chromium.context.waitForEvent('serviceworker');
  await worker.evaluate(() => void setTimeout(() => chrome.runtime.reload()));
  await again;
}

const FILLER = 'filler:';

/**
 * Fills storage.session so that no further write fits; returns a function that makes room again. The quota counts heap memory:
 * strings of up to about 20 characters and plain numbers don't count and still fit.
 */
export async function fillSession(chromium: Chromium): Promise<() => Promise<void>> {
  const worker = await chromium.worker();
  await worker.evaluate(async (prefix) => {
    let count = 0;
    for (const size of [2 ** 20, 2 ** 16, 2 ** 12, 2 ** 8, 2 ** 5])
      for (let fits = true; fits; ) {
        fits = await chrome.storage.session.set({ [`${prefix}${count}`]: 'x'.repeat(size) }).then(
          () => true,
          () => false,
        );
        if (fits) count += 1;
      }
  }, FILLER);
  return async () =>
    (await chromium.worker()).evaluate(async (prefix) => {
      const keys = Object.keys(await chrome.storage.session.get(null));
      await chrome.storage.session.remove(keys.filter((key) => key.startsWith(prefix)));
    }, FILLER);
}

/** Presses a keyboard shortcut of the extension (`commands`) until `done`. */
export async function pressShortcut({ display }: Screen, key: string, done: () => Promise<boolean>): Promise<void> {
  const env = { ...process.env, DISPLAY: display };
  for (let tries = 0; tries < 8; tries += 1) {
    spawnSync('xdotool', ['search', '--onlyvisible', '--name', 'Chromium$', 'windowactivate', '--sync'], { env, timeout: 3000 });
    spawnSync('xdotool', ['key', '--clearmodifiers', key], { env, timeout: 3000 });
    if (await until(key, done, 2500).catch(() => false)) return;
  }
  throw new Error(`Nothing came of ${key}.`);
}

/** Opens the popup as the extension itself can: without `activeTab`. */
export async function openPopup(chromium: Chromium): Promise<Target> {
  await (await chromium.worker()).evaluate(() => chrome.action.openPopup());
  return popupOf(chromium);
}

/** The popup that is open. */
export async function popupOf(chromium: Chromium): Promise<Target> {
  const start = `chrome-extension://${chromium.id}/popup.html`;
  const target = await until('the popup', async () =>
    (await chromium.targets()).find(({ type, url }) => type === 'page' && url.startsWith(start)),
  );
  return chromium.attach(target.targetId);
}

/** The ids of the notifications on display. Needs the `notifications` permission. */
export const notificationsOf = async (chromium: Chromium): Promise<string[]> =>
  (await chromium.worker()).evaluate(async () => Object.keys(await chrome.notifications.getAll()));

// -------------------------------------------------------------------------------------------------- the quiet browser

/**
 * A browser driven by Puppeteer. Playwright keeps every page visible and focused, so none can be frozen, and the way
 * it attaches prevents prerendering; Puppeteer does neither.
 */
export interface Quiet {
  readonly id: string;
  newPage(): Promise<QuietPage>;
  /** Runs a function in the worker. */
  inWorker<T, A extends unknown[]>(what: (...args: A) => T, ...args: A): Promise<Awaited<T>>;
  tabIdOf(page: QuietPage): Promise<number>;
  /** Freezes a page in the background, as the browser does to save energy; `thaw` ends that. */
  freeze(page: QuietPage): Promise<{ tabId: number; thaw(): Promise<void> }>;
  /** Makes a page prerender a URL; `activate` follows the link to it. The site must be watched. */
  prerender(page: QuietPage, url: string): Promise<{ tabId: number; frameId: number; documentId: string; activate(): Promise<void> }>;
  close(): Promise<void>;
}

/** Launches with a profile of `seededProfile` or `watchedProfile`, which is removed when the browser closes. */
export async function launchQuiet({ profile, extension = BUILD }: { profile: string; extension?: string }): Promise<Quiet> {
  const options = launchOptions({ headless: true, args: ['--enable-unsafe-extension-debugging'] });
  const browser = await puppeteer.launch({
    browser: 'chrome',
    ...(options?.executablePath && { executablePath: options.executablePath }),
    headless: true,
    pipe: true,
    userDataDir: profile,
    ignoreDefaultArgs: ['--disable-extensions'],
    defaultViewport: null,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: options?.args ?? [],
  });
  const id = idOf(extension);
  const worker = async () => {
    const found = await browser.waitForTarget((target) => target.type() === 'service_worker' && target.url().includes(id), {
      timeout: 20_000,
    });
    const running = await found.worker();
    if (!running) throw new Error('The worker ended.');
    return running;
  };
  const quiet: Quiet = {
    id,
    newPage: () => browser.newPage(),
    inWorker: async (what, ...args) => (await worker()).evaluate(what as never, ...(args as unknown as never[])) as never,
    async tabIdOf(page) {
      await page.bringToFront();
      const session = await page.createCDPSession();
      const { targetInfo } = await session.send('Target.getTargetInfo');
      const { windowId } = await session.send('Browser.getWindowForTarget', { targetId: targetInfo.targetId });
      await session.detach();
      return until('the tab id', () =>
        quiet.inWorker(async (of) => (await chrome.tabs.query({ active: true, windowId: of }))[0]?.id, windowId),
      );
    },
    async freeze(page) {
      const tabId = await quiet.tabIdOf(page);
      const frozen = (wanted: boolean) =>
        until(`frozen to be ${wanted}`, () => quiet.inWorker(async (of, is) => (await chrome.tabs.get(of)).frozen === is, tabId, wanted));
      // Only a hidden page can be frozen.
      await (await browser.newPage()).bringToFront();
      await until('the page to be hidden', () => page.evaluate(() => document.visibilityState === 'hidden'));
      const session = await page.createCDPSession();
      await session.send('Page.setWebLifecycleState', { state: 'frozen' });
      await frozen(true);
      return {
        tabId,
        async thaw() {
          await session.send('Page.setWebLifecycleState', { state: 'active' });
          await frozen(false);
        },
      };
    },
    async prerender(page, url) {
      const tabId = await quiet.tabIdOf(page);
      await quiet.inWorker(() => {
        const rang: unknown[] = [];
        (globalThis as unknown as { rang: unknown[] }).rang = rang;
        chrome.runtime.onMessage.addListener((_message, sender) => void rang.push(sender));
      });
      await page.evaluate((to) => {
        const rules = document.createElement('script');
        rules.type = 'speculationrules';
        rules.textContent = JSON.stringify({ prerender: [{ urls: [to], eagerness: 'immediate' }] });
        document.head.append(rules);
      }, url);
      // The protocol lists a prerendered page only in the tab's own session, and a session on the page would prevent prerendering.
      // So this waits for a message from its relay.
      const { frameId, documentId } = await until('the page to be prerendered', () =>
        quiet.inWorker((to) => {
          const heard = (
            globalThis as unknown as { rang: { frameId?: number; documentId?: string; documentLifecycle?: string; url?: string }[] }
          ).rang;
          const { frameId, documentId } = heard.find((one) => one.documentLifecycle === 'prerender' && one.url === to) ?? {};
          return frameId !== undefined && documentId !== undefined ? { frameId, documentId } : null;
        }, url),
      );
      return {
        tabId,
        frameId,
        documentId,
        async activate() {
          await page.evaluate((to) => {
            const link = Object.assign(document.createElement('a'), { href: to });
            document.body.append(link);
            setTimeout(() => link.click());
          }, url);
          // Ask the browser, because the previous page is gone along with its context.
          await until('the page to be activated', () =>
            quiet.inWorker(
              async (id, document) => {
                const target = { tabId: id, documentIds: [document] };
                const [one] = await chrome.scripting.executeScript({ target, func: () => true });
                return one?.frameId === 0;
              },
              tabId,
              documentId,
            ),
          );
        },
      };
    },
    async close() {
      await browser.close();
      remove(profile);
    },
  };
  return quiet;
}
