// Drives a real Chromium with the built extension: toolbar click, popup, DevTools panel, service worker. All that is
// internal to Chromium and its DevTools stands here; `npm start`, the browser tests and the bench use it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium, ROOT, SetupError } from './setup.mjs';

export const BUILD = join(ROOT, '.output', 'chrome-mv3');

/**
 * Waits for `probe` to give something truthy.
 * @template T
 * @param {string} what for the error
 * @param {() => Promise<T> | T} probe
 * @param {number} [ms]
 * @returns {Promise<Exclude<T, null | undefined | false | 0 | ''>>}
 */
export async function until(what, probe, ms = 10_000) {
  const end = Date.now() + ms;
  /** @type {unknown} */
  let last;
  for (;;) {
    try {
      const value = await probe();
      if (value) return /** @type {Exclude<T, null | undefined | false | 0 | ''>} */ (value);
      last = value;
    } catch (error) {
      last = error instanceof Error ? error.message : error;
    }
    if (Date.now() > end) throw new Error(`Waited ${ms} ms for ${what}; last: ${JSON.stringify(last)?.slice(0, 300)}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/**
 * Removes a folder that a browser may still write into, as it does for a moment after a person closed it: `rmSync` would
 * repeat only its last step, and find the folder filled again.
 * @param {string} path
 */
export function remove(path) {
  const end = Date.now() + 10_000;
  for (;;) {
    try {
      return rmSync(path, { recursive: true, force: true, maxRetries: 1, retryDelay: 40 });
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/**
 * @typedef {object} Own of Chromium
 * @property {(method: string, params?: object) => Promise<any>} send a CDP command
 * @property {() => Promise<Buffer>} picture
 *
 * @typedef {import('./view.mjs').Surface & Own} Target a page that Playwright does not surface: popup, panel, DevTools
 */

/**
 * @param {object} [options]
 * @param {string} [options.extension] folder of the build
 * @param {boolean} [options.devtools] opens DevTools for each tab
 * @param {boolean} [options.headless]
 * @param {string[]} [options.args]
 * @param {'light' | 'dark'} [options.scheme]
 * @param {string} [options.display] X display to show the window on
 * @param {string} [options.profile] folder to start on and to leave behind, the giver's to remove; without it one that goes with the browser
 * @param {boolean} [options.installed] the profile has the extension in it (tests/browser/lifecycle.ts), and it is not loaded by switches
 * @param {boolean} [options.keepTabs] leaves the tabs that the browser started with, such as restored ones
 * @param {string[]} [options.without] switches of Playwright's own to leave out
 */
export async function launchChromium({
  extension = BUILD,
  devtools = false,
  headless = true,
  args = [],
  scheme,
  display,
  profile: given,
  installed = false,
  keepTabs = false,
  without = [],
} = {}) {
  if (!existsSync(join(extension, 'manifest.json')))
    throw new SetupError(`No build of the extension is in ${extension}: run \`npm run build\` first.`);
  const profile = given ?? mkdtempSync(join(tmpdir(), `synerise-inspector-${process.pid}-`));
  const start = (/** @type {boolean} */ sandbox) =>
    chromium.launchPersistentContext(profile, {
      // Switches that load an extension lift this one too.
      ignoreDefaultArgs: [...(installed ? ['--disable-extensions'] : []), ...without],
      ...launchOptions({
        headless,
        sandbox,
        scheme,
        display,
        args: [
          '--enable-unsafe-extension-debugging',
          ...(installed ? [] : [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`]),
          ...(devtools ? ['--auto-open-devtools-for-tabs'] : []),
          ...args,
        ],
      }),
    });
  const context = await start(true).catch((error) => {
    // Root has none to begin with.
    if (process.getuid?.() === 0 || !/No usable sandbox/.test(String(error))) throw error;
    console.error("Chromium's sandbox does not work on this machine: Chromium runs without it.");
    return start(false);
  });
  const close = async () => {
    await context.close().catch(() => {});
    if (given === undefined) remove(profile);
  };
  try {
    return await drive(context, close, { keepTabs, devtools });
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * How Chromium is started, with an extension or without. Signals are the caller's.
 * @param {{ headless: boolean, sandbox?: boolean, args: string[], scheme?: 'light' | 'dark' | undefined, display?: string | undefined }} options
 * @returns {Parameters<typeof chromium.launchPersistentContext>[1]}
 */
export function launchOptions({ headless, sandbox = true, args, scheme, display }) {
  const executablePath = findChromium();
  return {
    ...(executablePath && { executablePath }),
    headless,
    // Root has none in Chromium; Playwright leaves it out for everybody, unless it is asked for.
    chromiumSandbox: sandbox && process.getuid?.() !== 0,
    handleSIGINT: false,
    handleSIGTERM: false,
    viewport: headless ? { width: 1280, height: 800 } : null,
    ...(scheme && { colorScheme: scheme }),
    ...(display && { env: { ...process.env, DISPLAY: display } }),
    args: [
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-default-apps',
      // For drivers that know nothing of `chromiumSandbox`; and a headless machine has no GPU.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(headless ? ['--disable-gpu'] : []),
      ...args,
    ],
  };
}

/**
 * @param {import('@playwright/test').BrowserContext} context @param {() => Promise<void>} close
 * @param {{ keepTabs: boolean, devtools: boolean }} options
 */
async function drive(context, close, { keepTabs, devtools: withTabs }) {
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker', { timeout: 20_000 }));
  const id = new URL(worker.url()).host;
  // The first tab's DevTools may have started before the extension was loaded, and would never show its panel.
  if (!keepTabs) {
    const first = context.pages();
    await context.newPage();
    for (const page of first) await page.close();
  }
  const browser = /** @type {import('@playwright/test').Browser} */ (context.browser());
  const cdp = await browser.newBrowserCDPSession();
  /** @type {Map<string, { answered(message: any): void, gone(): void }>} */
  const attached = new Map();
  cdp.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => attached.get(sessionId)?.answered(JSON.parse(message)));
  cdp.on('Target.detachedFromTarget', ({ sessionId }) => {
    attached.get(sessionId)?.gone();
    attached.delete(sessionId);
  });

  const targets = async () => (await cdp.send('Target.getTargets', { filter: [{}] })).targetInfos;

  /** @param {string} targetId @returns {Promise<Target>} */
  async function attach(targetId) {
    const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: false });
    /** @type {Map<number, { resolve(value: any): void, reject(error: Error): void }>} */
    const waiting = new Map();
    let last = 0;
    const fail = (/** @type {number} */ id, /** @type {Error} */ error) => {
      waiting.get(id)?.reject(error);
      waiting.delete(id);
    };
    attached.set(sessionId, {
      answered({ id: answered, result, error }) {
        if (error) return fail(answered, new Error(error.message));
        waiting.get(answered)?.resolve(result);
        waiting.delete(answered);
      },
      gone() {
        for (const id of [...waiting.keys()]) fail(id, new Error('It was closed.'));
      },
    });
    /** @type {Target['send']} */
    const send = (method, params = {}) =>
      new Promise((resolve, reject) => {
        last += 1;
        const id = last;
        const timer = setTimeout(() => fail(id, new Error(`${method}: no answer`)), 15_000);
        waiting.set(id, {
          resolve(value) {
            clearTimeout(timer);
            resolve(value);
          },
          reject(error) {
            clearTimeout(timer);
            reject(error);
          },
        });
        cdp
          .send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) })
          .catch((error) => fail(id, error));
      });
    return {
      send,
      async evaluate(expression) {
        const { result, exceptionDetails } = await send('Runtime.evaluate', {
          expression,
          awaitPromise: true,
          returnByValue: true,
          userGesture: true,
        });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
      },
      async setFile(expression, path) {
        const { result } = await send('Runtime.evaluate', { expression });
        await send('DOM.setFileInputFiles', { files: [path], objectId: result.objectId });
      },
      picture: async () => Buffer.from((await send('Page.captureScreenshot', { format: 'png' })).data, 'base64'),
    };
  }

  /** @param {string} what @param {(target: any) => boolean} matches */
  const attachTo = async (what, matches) => attach((await until(what, async () => (await targets()).find(matches))).targetId);

  /** The front end of the DevTools that came with a page's tab, once it is up. @param {import('@playwright/test').Page} page */
  async function frontOf(page) {
    /** @type {Map<string, Target>} */
    const candidates = new Map();
    return until(
      'DevTools of the page',
      async () => {
        for (const target of await targets()) {
          if (target.type !== 'page' || !target.url.startsWith('devtools://') || openedFronts.has(target.targetId)) continue;
          const candidate = candidates.get(target.targetId) ?? (await attach(target.targetId));
          candidates.set(target.targetId, candidate);
          if ((await candidate.evaluate(INSPECTED_URL)) === page.url()) return { candidate, targetId: target.targetId };
        }
        return null;
      },
      20_000,
    );
  }

  /** Opens DevTools for a page, and gives its front end. @param {import('@playwright/test').Page} page */
  async function openFront(page) {
    // The console is its cheapest view to come up with.
    const { targetId } = await cdp.send(/** @type {any} */ ('Target.openDevTools'), {
      targetId: await targetIdOf(page),
      panelId: 'console',
    });
    const candidate = await attach(targetId);
    await until('DevTools of the page', async () => (await candidate.evaluate(INSPECTED_URL)) === page.url(), 20_000);
    return { candidate, targetId };
  }

  return {
    context,
    id,
    cdp,
    targets,
    attach,
    close,
    frontOf,
    worker: () => until('the service worker', () => context.serviceWorkers().find((one) => one.url().includes(id))),

    /** A person's click on the toolbar button: grants activeTab and opens the real popup. @param {import('@playwright/test').Page} page */
    async clickToolbar(page) {
      await page.bringToFront();
      const tab = await until('the tab', async () => (await targets()).find(({ type, url }) => type === 'tab' && url === page.url()));
      await cdp.send(/** @type {any} */ ('Extensions.triggerAction'), { id, targetId: tab.targetId });
      return attachTo('the popup', ({ type, url }) => type === 'page' && url.startsWith(`chrome-extension://${id}/popup.html`));
    },

    /**
     * Our panel in the DevTools of a page, which are opened unless they came with its tab; `devtools` is their front end.
     * @param {import('@playwright/test').Page} page
     */
    async openPanel(page) {
      const { candidate: devtools, targetId: front } = await (withTabs ? frontOf(page) : openFront(page));
      openedFronts.add(front);
      await devtools.evaluate(UNDOCK);
      const before = new Set((await targets()).map(({ targetId }) => targetId));
      await until('the panel to be registered', () => devtools.evaluate(showView(id)), 6000).catch(async () => {
        // On a busy machine a front end may come up before it hears of the extension, and then never asks again.
        await devtools.send('Page.reload');
        await until('the panel to be registered', () => devtools.evaluate(showView(id)), 20_000);
      });
      const panel = await attachTo(
        'the panel page',
        ({ url, targetId }) => !before.has(targetId) && url.startsWith(`chrome-extension://${id}/panel.html`),
      );
      return {
        devtools,
        panel,
        /** DevTools with the panel, as painted now. */
        async picture() {
          // Two frames later what the document holds is on screen, in the panel's own process and in the front end.
          for (const target of [panel, devtools]) await target.evaluate(PAINTED);
          return devtools.picture();
        },
      };
    },

    async killWorker() {
      const target = (await targets()).find(({ type, url }) => type === 'service_worker' && url.includes(id));
      if (target) await cdp.send('Target.closeTarget', { targetId: target.targetId });
    },
  };
}

/** @param {import('@playwright/test').Page} page @returns {Promise<string>} */
export async function targetIdOf(page) {
  const session = await page.context().newCDPSession(page);
  const { targetInfo } = await session.send('Target.getTargetInfo');
  await session.detach();
  return targetInfo.targetId;
}

/** @type {Set<string>} DevTools front ends whose panel is open */
const openedFronts = new Set();

/** In the DevTools front end: the address of the page that it inspects. */
const INSPECTED_URL = `(async () => {
  const SDK = await import('./core/sdk/sdk.js');
  return SDK.TargetManager.TargetManager.instance().primaryPageTarget()?.inspectedURL() ?? '';
})()`;

/** In the DevTools front end: gives it the whole window, so that a picture shows it whole. */
const UNDOCK = `(async () => {
  const UI = await import('./ui/legacy/legacy.js');
  UI.DockController.DockController.instance().setDockSide('undocked');
  return true;
})()`;

/** In the DevTools front end: shows the panel of an extension. @param {string} id */
const showView = (id) => `(async () => {
  const views = (await import('./ui/legacy/legacy.js')).ViewManager.ViewManager.instance();
  const name = [...views.views.keys()].find((key) => key.includes('chrome-extension://${id}'));
  if (!name) return false;
  await views.showView(name);
  return true;
})()`;

/** Resolves once what the document holds is painted. */
const PAINTED = 'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))';

/** In the DevTools front end: switches its theme. @param {'default' | 'dark'} theme */
export const setTheme = (theme) => `(async () => {
  const Common = await import('./core/common/common.js');
  Common.Settings.Settings.instance().moduleSetting('ui-theme').set('${theme}');
  return true;
})()`;
