// Drives a real Chromium with the built extension: toolbar click, popup, DevTools panel, service worker. Everything that
// depends on Chromium or DevTools internals is in this file. Used by `npm start`, the browser tests and the bench.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium, ROOT, SetupError } from './setup.mjs';
import { until } from './until.mjs';

export const BUILD = join(ROOT, '.output', 'chrome-mv3');

/**
 * Removes a folder that a browser may still be writing to, as it does briefly after a user closes it. Retries the whole
 * removal for up to 10 s: `rmSync` itself retries only its last step, and would find new files in the folder.
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
 * @typedef {object} Own Chromium only
 * @property {(method: string, params?: object) => Promise<any>} send sends a CDP command
 * @property {() => Promise<Buffer>} picture PNG screenshot
 *
 * @typedef {import('./view.mjs').Surface & Own} Target a page that Playwright doesn't expose: popup, panel or DevTools
 */

/**
 * @param {object} [options]
 * @param {string} [options.extension] build folder
 * @param {boolean} [options.devtools] opens DevTools for each tab
 * @param {boolean} [options.headless]
 * @param {string[]} [options.args]
 * @param {'light' | 'dark'} [options.scheme]
 * @param {string} [options.display] X display to show the window on
 * @param {string} [options.profile] profile folder, which the caller removes; by default a temporary one, removed on close
 * @param {boolean} [options.installed] the profile already has the extension installed (tests/browser/lifecycle.ts): no switches load it
 * @param {boolean} [options.keepTabs] keeps the tabs that the browser opens on start, such as restored ones
 * @param {string[]} [options.without] Playwright default switches to omit
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
    throw new SetupError(`No extension build in ${extension}. Run \`npm run build\` first.`);
  const profile = given ?? newProfile();
  const context = await sandboxed((sandbox) =>
    chromium.launchPersistentContext(profile, {
      // Switches that load an extension also override `--disable-extensions`, so only an installed one needs it omitted.
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
    }),
  );
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

/** A folder for a profile. The caller removes it. @returns {string} */
export const newProfile = () => mkdtempSync(join(tmpdir(), `synerise-inspector-${process.pid}-`));

/**
 * Starts Chromium with its sandbox, or without it where it doesn't work.
 * @template T @param {(sandbox: boolean) => Promise<T>} start @returns {Promise<T>}
 */
export const sandboxed = (start) =>
  start(true).catch((error) => {
    // As root, Chromium already runs without a sandbox.
    if (process.getuid?.() === 0 || !/No usable sandbox/.test(String(error))) throw error;
    console.error("Chromium's sandbox doesn't work on this machine. Running without it.");
    return start(false);
  });

/**
 * Launch options for Chromium, with or without an extension. The caller handles signals.
 * @param {{ headless: boolean, sandbox?: boolean, args: string[], scheme?: 'light' | 'dark' | undefined, display?: string | undefined }} options
 * @returns {Parameters<typeof chromium.launchPersistentContext>[1]}
 */
export function launchOptions({ headless, sandbox = true, args, scheme, display }) {
  const executablePath = findChromium();
  return {
    ...(executablePath && { executablePath }),
    headless,
    // Chromium has no sandbox as root; Playwright disables it for every user unless it is requested.
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
      // `--no-sandbox` is for drivers that don't support `chromiumSandbox`; headless machines have no GPU.
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
  // The first tab's DevTools may have opened before the extension loaded, in which case they never show its panel.
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

  /**
   * DevTools in which our panel was opened, by the target id of the inspected page. `empty`: `emptyPanel` has unloaded the panel.
   * @type {Map<string, { devtools: Target, front: string, empty: boolean }>}
   */
  const opened = new Map();

  /** Waits for the front end of the DevTools that opened with a page's tab. @param {import('@playwright/test').Page} page */
  async function frontOf(page) {
    /** @type {Map<string, Target>} */
    const candidates = new Map();
    const fronts = new Set([...opened.values()].map(({ front }) => front));
    return until(
      'DevTools of the page',
      async () => {
        for (const target of await targets()) {
          if (target.type !== 'page' || !target.url.startsWith('devtools://') || fronts.has(target.targetId)) continue;
          const candidate = candidates.get(target.targetId) ?? (await attach(target.targetId));
          candidates.set(target.targetId, candidate);
          if ((await candidate.evaluate(INSPECTED_URL)) === page.url()) return { devtools: candidate, front: target.targetId };
        }
        return null;
      },
      20_000,
    );
  }

  /** Opens DevTools for a page and returns its front end. @param {import('@playwright/test').Page} page */
  async function openFront(page) {
    // The console is the cheapest DevTools panel to open.
    const { targetId } = await cdp.send(/** @type {any} */ ('Target.openDevTools'), {
      targetId: await targetIdOf(page),
      panelId: 'console',
    });
    const devtools = await attach(targetId);
    await until('DevTools of the page', async () => (await devtools.evaluate(INSPECTED_URL)) === page.url(), 20_000);
    return { devtools, front: targetId };
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

    /** Clicks the toolbar button as a user does: grants activeTab, opens the real popup. @param {import('@playwright/test').Page} page */
    async clickToolbar(page) {
      await page.bringToFront();
      const tab = await until('the tab', async () => (await targets()).find(({ type, url }) => type === 'tab' && url === page.url()));
      await cdp.send(/** @type {any} */ ('Extensions.triggerAction'), { id, targetId: tab.targetId });
      return attachTo('the popup', ({ type, url }) => type === 'page' && url.startsWith(`chrome-extension://${id}/popup.html`));
    },

    /**
     * Opens our panel in a page's DevTools, opening DevTools first unless they opened with the tab. `devtools` is their front end.
     * @param {import('@playwright/test').Page} page
     */
    async openPanel(page) {
      const pageId = await targetIdOf(page);
      const known = opened.get(pageId);
      const before = new Set((await targets()).map(({ targetId }) => targetId));
      const { devtools, front } = known?.empty ? known : await (withTabs ? frontOf(page) : openFront(page));
      opened.set(pageId, { devtools, front, empty: false });
      if (known?.empty) await devtools.evaluate(loadPanel(`chrome-extension://${id}/panel.html`));
      else await devtools.evaluate(UNDOCK);
      await until('the panel to be registered', () => devtools.evaluate(showView(id)), 6000).catch(async () => {
        // On a busy machine the front end may load before it is told about the extension, and it never asks again.
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
        /** PNG screenshot of DevTools with the panel. */
        async picture() {
          // After two frames the current DOM is on screen, both in the panel's process and in the front end.
          for (const target of [panel, devtools]) await target.evaluate(PAINTED);
          return devtools.picture();
        },
      };
    },

    /**
     * Unloads the panel of a page, whose DevTools stay open: `openPanel` loads it again. Returns whether there was one.
     * @param {import('@playwright/test').Page} page
     */
    async emptyPanel(page) {
      const known = opened.get(await targetIdOf(page));
      if (!known || !(await known.devtools.evaluate(loadPanel('about:blank')))) return false;
      known.empty = true;
      return true;
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

/** Runs in the DevTools front end: returns the URL of the inspected page. */
const INSPECTED_URL = `(async () => {
  const SDK = await import('./core/sdk/sdk.js');
  return SDK.TargetManager.TargetManager.instance().primaryPageTarget()?.inspectedURL() ?? '';
})()`;

/** Runs in the DevTools front end: undocks it, so that a screenshot shows all of it. */
const UNDOCK = `(async () => {
  const UI = await import('./ui/legacy/legacy.js');
  UI.DockController.DockController.instance().setDockSide('undocked');
  return true;
})()`;

/** Runs in the DevTools front end: shows an extension's panel; returns whether it is registered. @param {string} id */
const showView = (id) => `(async () => {
  const views = (await import('./ui/legacy/legacy.js')).ViewManager.ViewManager.instance();
  const name = [...views.views.keys()].find((key) => key.includes('chrome-extension://${id}'));
  if (!name) return false;
  await views.showView(name);
  return true;
})()`;

/** Runs in the DevTools front end: loads an address in our panel's frame; returns whether there is one. @param {string} address */
const loadPanel = (address) => `(() => {
  const framesIn = (root) => [...root.querySelectorAll('*')].flatMap((one) =>
    one instanceof HTMLIFrameElement ? [one] : one.shadowRoot ? framesIn(one.shadowRoot) : []);
  globalThis.ownPanel ??= framesIn(document).find(({ src }) => src.endsWith('/panel.html'));
  if (!globalThis.ownPanel?.isConnected) return false;
  globalThis.ownPanel.src = '${address}';
  return true;
})()`;

/** Resolves once the document's current content is painted. */
const PAINTED = 'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))';

/** Runs in the DevTools front end: sets its theme. @param {'default' | 'dark'} theme */
export const setTheme = (theme) => `(async () => {
  const Common = await import('./core/common/common.js');
  Common.Settings.Settings.instance().moduleSetting('ui-theme').set('${theme}');
  return true;
})()`;
