// Drives a real Firefox with the built extension: toolbar button, popup, DevTools panel, background page. Everything that
// depends on Firefox or DevTools internals is in this file. It uses Marionette, built into every Firefox, over a local socket.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFirefox, ROOT, SetupError } from './setup.mjs';
import { until } from './until.mjs';

export const FIREFOX_BUILD = join(ROOT, '.output', 'firefox-mv3');

/** Timeouts (ms) of a script in Firefox, and of a Marionette command. */
const SCRIPT_MS = 40_000;
const COMMAND_MS = 45_000;

const GUARD = fileURLToPath(new URL('guarded.mjs', import.meta.url));

/** No prompts, no background network requests, and enough room for the panel below the page. */
const PREFS = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.safebrowsing.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'devtools.toolbox.footer.height': 480,
  'devtools.toolbox.host': 'bottom',
  'extensions.getAddons.cache.enabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,none',
  'toolkit.telemetry.enabled': false,
  // Any free port; Firefox writes the one that it picks to its profile.
  'marionette.port': 0,
};

/**
 * @typedef {object} FirefoxPage the inspected page's tab
 * @property {(url: string, options?: { wait?: 'load' | 'commit' }) => Promise<void>} goto `commit` waits only until the
 *   new document exists, not until it has loaded
 * @property {() => Promise<void>} reload
 * @property {<R, A = undefined>(run: (given: A) => R | Promise<R>, given?: A) => Promise<R>} evaluate Runs a function in the page,
 *   regardless of its CSP.
 * @property {() => Promise<string[]>} noise the document's console messages and errors
 *
 * @typedef {import('./view.mjs').Surface & { press(key: string): Promise<void> }} FirefoxSurface a popup or panel; `press` sends a
 *   real key press to the element that has the focus in it
 *
 * @typedef {(name: string, params?: object) => Promise<any>} Send sends a Marionette command
 */

/** WebDriver's key codes, by name. */
const KEYS = /** @type {Record<string, string>} */ ({
  Tab: '\uE004',
  Enter: '\uE007',
  Escape: '\uE00C',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowRight: '\uE014',
});

/**
 * @param {object} [options]
 * @param {string} [options.extension] folder of the build
 * @param {Record<string, string | number | boolean>} [options.prefs] added to `PREFS`
 * @param {string | null} [options.program] path of the browser
 */
export async function launchFirefox({ extension = FIREFOX_BUILD, prefs = {}, program = findFirefox() } = {}) {
  if (!existsSync(join(extension, 'manifest.json')))
    throw new SetupError(`No extension build in ${extension}. Run \`npm run build:firefox\` first.`);
  if (!program) throw new SetupError('Firefox not found. Install Firefox or Firefox ESR.');
  const profile = mkdtempSync(join(tmpdir(), `synerise-inspector-firefox-${process.pid}-`));
  const lines = Object.entries({ ...PREFS, ...prefs }).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  const args = ['--marionette', '--remote-allow-system-access', '--no-remote', '--headless', '--profile', profile, 'about:blank'];
  const guard = spawn(process.execPath, [GUARD, profile, program, ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, MOZ_CRASHREPORTER_DISABLE: '1', MOZ_HEADLESS_WIDTH: '1280', MOZ_HEADLESS_HEIGHT: '1000' },
  });
  const gone = once(guard, 'close');
  let said = '';
  guard.stderr.on('data', (more) => {
    said = `${said}${more}`.slice(-2000);
  });
  const close = async () => {
    guard.stdin.end();
    await within(30_000, 'Firefox to end', gone);
  };
  try {
    const port = await Promise.race([
      until('Firefox to listen', () => Number(readFileSync(join(profile, 'MarionetteActivePort'), 'utf8')), 60_000),
      gone.then(() => {
        throw new Error(`Firefox exited during startup: ${said}`);
      }),
    ]);
    const { send, end } = await connect(port);
    return await drive({
      send,
      extension,
      async close() {
        end();
        await close();
      },
    });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Connects to Marionette. Its messages are `LENGTH:[type, id, command or error, parameters or result]`. @param {number} port */
async function connect(port) {
  const socket = net.connect(port, '127.0.0.1');
  /** @type {Map<number, { resolve(value: any): void, reject(error: Error): void }>} */
  const waiting = new Map();
  let last = 0;
  let bytes = Buffer.alloc(0);
  /** @type {() => void} */
  let greeted = () => {};
  const greeting = new Promise((resolve) => {
    greeted = () => resolve(undefined);
  });
  const take = (/** @type {any} */ message) => {
    // The first message is the server's greeting, not a response.
    if (!Array.isArray(message)) return greeted();
    const [, id, error, result] = message;
    if (error) waiting.get(id)?.reject(new Error(`${error.error}: ${error.message}`));
    else waiting.get(id)?.resolve(result);
  };
  socket.on('data', (more) => {
    bytes = Buffer.concat([bytes, more]);
    for (;;) {
      const colon = bytes.indexOf(':');
      const end = colon + 1 + Number(bytes.subarray(0, Math.max(colon, 0)));
      if (colon < 0 || bytes.length < end) return;
      const message = bytes.subarray(colon + 1, end).toString();
      bytes = bytes.subarray(end);
      take(JSON.parse(message));
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox was closed.'));
  });
  await within(20_000, 'Firefox to greet', Promise.race([greeting, once(socket, 'close')]));
  /** @type {Send} */
  const send = async (name, params = {}) => {
    last += 1;
    const id = last;
    try {
      return await within(
        COMMAND_MS,
        name,
        new Promise((resolve, reject) => {
          waiting.set(id, { resolve, reject });
          if (socket.destroyed) reject(new Error('Firefox was closed.'));
          const text = JSON.stringify([0, id, name, params]);
          socket.write(`${Buffer.byteLength(text)}:${text}`);
        }),
      );
    } finally {
      waiting.delete(id);
    }
  };
  return { send, end: () => socket.destroy() };
}

/** @template T @param {number} ms @param {string} what @param {Promise<T>} promise @returns {Promise<T>} */
async function within(ms, what, promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: no answer in ${ms} ms`)), ms);
  });
  try {
    return /** @type {T} */ (await Promise.race([promise, late]));
  } finally {
    clearTimeout(timer);
  }
}

/** @param {{ send: Send, extension: string, close: () => Promise<void> }} options */
async function drive({ send, extension, close }) {
  const { id } = JSON.parse(readFileSync(join(extension, 'manifest.json'), 'utf8')).browser_specific_settings.gecko;
  await send('WebDriver:NewSession', { capabilities: { alwaysMatch: { unhandledPromptBehavior: 'ignore' } } });
  // Scripts run in the browser window and reach documents from there: with a single context, concurrent calls don't conflict.
  await send('Marionette:SetContext', { value: 'chrome' });
  await send('WebDriver:SetTimeouts', { script: SCRIPT_MS });
  /** The page's tab, by its `linkedPanel`, which doesn't change. */
  let main = '';

  /**
   * Runs `body` in the browser window, with `IN_BROWSER`'s declarations and `given` in scope.
   * @param {string} body @param {unknown[]} given
   */
  const inBrowser = async (body, ...given) => {
    const { value } = await send('WebDriver:ExecuteAsyncScript', {
      script: `const [given, addon, main, done] = arguments;
        (async () => { ${IN_BROWSER} ${body} })().then((value) => done({ value: value ?? null }), (error) => done({ error: String(error) }));`,
      args: [given, id, main],
      sandbox: 'system',
      newSandbox: true,
    });
    if (value.error !== undefined) throw new Error(value.error);
    return value.value;
  };

  /**
   * Evaluates an expression in the document of a <browser>.
   * @param {string} where code that finds the <browser> @param {string} expression @param {{ ms?: number, as?: Who }} [options]
   */
  const evaluateIn = (where, expression, { ms = 15_000, as = 'person' } = {}) =>
    inBrowser(`const shown = ${where}; ${EVALUATE}`, frameScript(expression, as), ms);

  /** Moves the mouse to a point in the window, then performs `acts` there. @param {{ x: number, y: number }} to @param {string[]} acts */
  const point = async (to, ...acts) => {
    const actions = [{ type: 'pointerMove', duration: 0, origin: 'viewport', ...to }, ...acts.map((type) => ({ type, button: 0 }))];
    await send('WebDriver:PerformActions', { actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }] });
  };

  const closePopup = async () => {
    // While the mouse rests on the button, Firefox preloads the next popup.
    await point({ x: 1, y: 1 });
    await until('no popup', () => inBrowser(CLOSE_POPUP));
  };

  const install = () => send('Addon:Install', { path: extension, temporary: true });

  /**
   * Waits for a view.
   * @param {string} what for the error message @param {string} where code that finds its <browser> @returns {Promise<FirefoxSurface>}
   */
  const surface = async (what, where) => {
    const ready = `document.readyState === 'complete' && document.body.childElementCount > 0`;
    await until(what, () => evaluateIn(where, ready, { ms: 2000 }), 20_000);
    return {
      evaluate: (expression) => evaluateIn(where, expression),
      setFile: (expression, path) =>
        inBrowser(`const shown = ${where}; ${SET_FILE} ${EVALUATE}`, frameScript(setFile(expression), 'browser'), 15_000, path),
      async press(key) {
        await inBrowser(`const shown = ${where}; ${FOCUS}`);
        const value = KEYS[key] ?? key;
        const actions = [
          { type: 'keyDown', value },
          { type: 'keyUp', value },
        ];
        await send('WebDriver:PerformActions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
      },
    };
  };

  /**
   * Runs `body`, which navigates the tab, and waits for the new document.
   * @param {string} body @param {'load' | 'commit'} wait @param {unknown[]} given
   */
  const navigate = async (body, wait, ...given) => {
    const before = await inBrowser(`const before = documentOf(tab.linkedBrowser); ${body}; return before;`, ...given);
    const arrived = `return documentOf(tab.linkedBrowser) !== given[0] && !(given[1] && tab.linkedBrowser.webProgress.isLoadingDocument);`;
    await until(`the page to ${wait}`, () => inBrowser(arrived, before, wait === 'load'), 30_000);
  };

  /** @type {FirefoxPage} */
  const page = {
    goto: (url, { wait = 'load' } = {}) => navigate(LOAD, wait, url),
    reload: () => navigate('win.gBrowser.reloadTab(tab)', 'load'),
    evaluate: (run, given) => evaluateIn(PAGE, `(${run})(${JSON.stringify(given)})`, { as: 'page' }),
    noise: () => evaluateIn(PAGE, NOISE, { as: 'browser' }),
  };

  await install();
  main = await inBrowser(FRESH_TAB);
  return {
    page,
    inBrowser,
    close,

    /** Opens an extension page, such as the settings, in its own tab. @param {string} path */
    async openExtensionPage(path) {
      const name = await inBrowser(OPEN_EXTENSION_PAGE, path);
      return surface(path, `tabOf(${JSON.stringify(name)})?.linkedBrowser`);
    },

    /** Clicks the toolbar button as a user does: grants activeTab and opens the real popup. */
    async clickToolbar() {
      // A click would close a popup that is open.
      await closePopup();
      const { x, y } = await inBrowser(BUTTON);
      await point({ x, y }, 'pointerDown', 'pointerUp');
      return surface('the popup', POPUP);
    },

    /** Opens our panel in the page's DevTools, opening DevTools first if needed. */
    async openPanel() {
      await until('the panel to be registered', () => inBrowser(SHOW_PANEL), 20_000);
      return surface('the panel page', PANEL);
    },

    /** Terminates the background page, as Firefox does when it is idle. */
    killBackground: () =>
      inBrowser('await extension.terminateBackground({ ignoreDevToolsAttached: true, disableResetIdleForTest: true });'),

    /** Resets the browser: one blank tab, no cookies, the extension reinstalled with nothing stored or granted. */
    async renew() {
      await closePopup();
      const view = await inBrowser('return action().viewId;');
      await send('Addon:Uninstall', { id });
      await inBrowser(FORGET_VIEW, view);
      main = await inBrowser(FRESH_TAB);
      await install();
    },

    /** Screenshot of the window. @returns {Promise<Buffer>} PNG */
    picture: async () => Buffer.from(await inBrowser(PICTURE), 'base64'),
  };
}

/** Prepended to every script that runs in the browser window. */
const IN_BROWSER = `
  const win = Services.wm.getMostRecentWindow('navigator:browser');
  const tabOf = (name) => win.gBrowser.tabs.find((one) => one.linkedPanel === name);
  const tab = tabOf(main);
  const extension = WebExtensionPolicy.getByID(addon)?.extension;
  const action = () => ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs')
    .ExtensionParent.apiManager.global.browserActionFor(extension);
  const documentOf = (browser) => browser.browsingContext?.currentWindowGlobal?.innerWindowId;
  const devtools = () => ChromeUtils.importESModule('resource://devtools/shared/loader/Loader.sys.mjs')
    .require('devtools/client/framework/devtools').gDevTools;
`;

/** Runs in the browser window: finds the <browser> of the page, the popup, the panel. */
const PAGE = 'tab.linkedBrowser';
const POPUP = `win.document.querySelector('.webextension-popup-browser:not(.webextension-preload-browser)')`;
const PANEL = `devtools().getToolboxForTab(tab)?.doc.querySelector('iframe[id*="webext-devtools-panel"]')?.contentDocument?.querySelector('browser')`;

/** Runs in the browser window: replaces all tabs with a blank one, removes all cookies, returns the tab's `linkedPanel`. */
const FRESH_TAB = `
  const old = [...win.gBrowser.tabs];
  win.gBrowser.selectedTab = win.gBrowser.addTrustedTab('about:blank');
  for (const one of old) {
    await devtools().closeToolboxForTab(one);
    win.gBrowser.removeTab(one);
  }
  Services.cookies.removeAll();
  return win.gBrowser.selectedTab.linkedPanel;
`;

const LOAD = `tab.linkedBrowser.fixupAndLoadURIString(given[0], { triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal() })`;

const OPEN_EXTENSION_PAGE = `
  win.gBrowser.selectedTab = win.gBrowser.addTrustedTab(extension.baseURI.resolve(given[0]));
  return win.gBrowser.selectedTab.linkedPanel;
`;

/** Runs in the browser window: selects the page's tab, pins the button to the toolbar if needed, returns the button's center. */
const BUTTON = `
  win.gBrowser.selectedTab = tab;
  if (win.CustomizableUI.getPlacementOfWidget(action().id)?.area !== 'nav-bar') win.CustomizableUI.addWidgetToArea(action().id, 'nav-bar');
  const { x, y, width, height } = win.document.getElementById(action().buttonViewId).getBoundingClientRect();
  return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
`;

/** Runs in the browser window: closes the popup; returns whether no popup is left. */
const CLOSE_POPUP = `
  const shown = ${POPUP};
  if (shown) win.CustomizableUI.hidePanelForNode(shown);
  return !shown && !win.document.getElementById('customizationui-widget-panel');
`;

/**
 * Runs in the browser window: removes a popup's view (`given[0]`) after its extension was uninstalled. Firefox misses views that
 * have been opened before, and would show the popup of the next installation in this one.
 */
const FORGET_VIEW = `
  for (let view; (view = win.PanelMultiView.getViewNode(win.document, given[0])); ) view.remove();
`;

/** Runs in the browser window: shows our panel; returns whether it is registered yet. */
const SHOW_PANEL = `
  win.gBrowser.selectedTab = tab;
  // The console is the cheapest of the tools to come up with.
  const toolbox = devtools().getToolboxForTab(tab) ?? (await devtools().showToolboxForTab(tab, { toolId: 'webconsole' }));
  const tool = toolbox.getAdditionalTools().find((one) => one.id.startsWith('webext-devtools-panel'));
  if (tool) await toolbox.selectTool(tool.id);
  return !!tool;
`;

/** Runs in the browser window: focuses `shown`, unless it already has the focus. */
const FOCUS = `if (Services.focus.focusedElement !== shown) shown.focus();`;

/** Runs in the browser window: runs a frame script (`given[0]`) in `shown`; returns its result, rejects after `given[1]` ms. */
const EVALUATE = `
  if (!shown?.messageManager) throw new Error('it is not there');
  const own = documentOf(shown);
  const name = 'synerise:' + Services.uuid.generateUUID();
  return new Promise((resolve, reject) => {
    const manager = shown.messageManager;
    const end = () => { manager.removeMessageListener(name, hear); win.clearInterval(timer); };
    const hear = ({ data }) => { end(); data.error === undefined ? resolve(data.value) : reject(new Error(data.error)); };
    const started = Date.now();
    const timer = win.setInterval(() => {
      if (documentOf(shown) !== own) { end(); reject(new Error('its document went')); }
      else if (Date.now() - started > given[1]) { end(); reject(new Error('no answer in ' + given[1] + ' ms')); }
    }, 50);
    manager.addMessageListener(name, hear);
    const source = 'const name = ' + JSON.stringify(name) + ';' + given[0];
    manager.loadFrameScript('data:application/javascript;charset=utf-8,' + encodeURIComponent(source), false);
    if (typeof file !== 'undefined') manager.sendAsyncMessage(name, file);
  });
`;

/** Runs in the browser window: reads the file at the path `given[2]`, for the frame script. */
const SET_FILE = `const file = await File.createFromFileName(given[2]);`;

/** Frame script: sets the file that it receives on a file input, as the browser's dialog does. @param {string} expression */
const setFile = (expression) => `new Promise((resolve) => {
  addMessageListener(name, ({ data: file }) => {
    const input = ((document) => ${expression})(content.document);
    input.mozSetFileArray([file]);
    for (const type of ['input', 'change']) input.dispatchEvent(new content.Event(type, { bubbles: true }));
    resolve(true);
  });
})`;

/** @typedef {'person' | 'page' | 'browser'} Who with a user gesture; as the page's own code; from outside the page's realm */

/**
 * Frame script: evaluates an expression, regardless of the document's CSP and of built-ins that it replaced.
 * @param {string} expression @param {Who} as
 */
const frameScript = (expression, as) => `(async () => {
  const tell = (told) => sendAsyncMessage(name, told);
  try {
    ${as === 'person' ? PERSON : ''}
    const text = ${as === 'browser' ? asJson(expression) : evaluated(expression)};
    ${as === 'person' ? 'input.destruct();' : ''}
    const json = await text;
    tell({ value: json === undefined ? null : JSON.parse(json) });
  } catch (error) {
    tell({ error: String(error) });
  }
})();`;

/** Frame script: until `input` is destructed, the browser treats whatever runs as user input. */
const PERSON = `
  content.document.notifyUserGestureActivation();
  const input = content.windowUtils.setHandlingUserInput(true);
`;

const asJson = (/** @type {string} */ expression) => `(async () => JSON.stringify(await (${expression})))()`;

/** Frame script: evaluates in a separate realm whose prototype is the document's global. @param {string} expression */
const evaluated = (expression) =>
  `Cu.evalInSandbox(${JSON.stringify(`((globalThis) => ${asJson(expression)})(window)`)}, new Cu.Sandbox(content, { sandboxPrototype: content, wantXrays: false }))`;

/** Frame script: the document's console messages and script errors. Script warnings are omitted: they are the browser's own. */
const NOISE = `(() => {
  const { innerWindowId } = content.windowGlobalChild;
  const said = Cc['@mozilla.org/consoleAPI-storage;1'].getService(Ci.nsIConsoleAPIStorage).getEvents(innerWindowId)
    .map(({ level, arguments: what }) => level + ': ' + what.join(' '));
  const errors = Services.console.getMessageArray()
    .filter((one) => one instanceof Ci.nsIScriptError && one.innerWindowID === innerWindowId && !(one.flags & Ci.nsIScriptError.warningFlag))
    .map(({ errorMessage }) => 'error: ' + errorMessage);
  return [...said, ...errors];
})()`;

/** Runs in the browser window: returns a base64 PNG of the window. */
const PICTURE = `
  const bitmap = await win.browsingContext.currentWindowGlobal.drawSnapshot(null, 1, 'white');
  const canvas = win.document.createElementNS('http://www.w3.org/1999/xhtml', 'canvas');
  Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  return canvas.toDataURL('image/png').split(',')[1];
`;
