// What the subjects of the bench share: interleaved runs, statistics, and browsers that tell when something was painted.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { startSandbox } from '../../sandbox/server.mjs';
import { BUILD, launchChromium, remove } from '../../scripts/chromium.mjs';
import { ROOT } from '../../scripts/setup.mjs';
import { until } from '../../scripts/until.mjs';

/**
 * @typedef {{ median: number, q1: number, q3: number, p95: number }} Spread
 * @typedef {object} Row one measurement beside its reference
 * @property {string} name
 * @property {string} against what the reference is
 * @property {'ms' | 'µs' | 'KB' | 'count'} unit
 * @property {number} runs
 * @property {Spread} value
 * @property {Spread} reference
 * @property {Spread} difference of the pairs, not of the medians
 * @property {Spread | null} ratio of the pairs; `null` where a reference is zero
 *
 * @typedef {object} Bench what a subject is given
 * @property {number} runs
 * @property {(undo: () => unknown) => void} defer runs after the subject, last first, also after a failure
 *
 * @typedef {(bench: Bench) => Promise<Row[]> | Row[]} Subject
 * @typedef {Awaited<ReturnType<typeof launchChromium>>} Chromium
 */

/** @param {readonly number[]} values @returns {Spread} */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => {
    const place = (sorted.length - 1) * part;
    const [low = Number.NaN, high = low] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return low + (high - low) * (place % 1);
  };
  return { median: at(0.5), q1: at(0.25), q3: at(0.75), p95: at(0.95) };
}

/**
 * @param {Pick<Row, 'name' | 'against' | 'unit'>} what
 * @param {readonly number[]} values
 * @param {readonly number[]} references of the same runs
 * @returns {Row}
 */
export function compare(what, values, references) {
  const pairs = values.map((value, run) => /** @type {const} */ ([value, references[run] ?? Number.NaN]));
  return {
    ...what,
    runs: values.length,
    value: spread(values),
    reference: spread(references),
    difference: spread(pairs.map(([value, reference]) => value - reference)),
    ratio: references.includes(0) ? null : spread(pairs.map(([value, reference]) => value / reference)),
  };
}

/**
 * Runs the arms in turn, in the other order each second time, so that noise and drift hit all alike. The first turn
 * warms up and does not count.
 * @template {string} Name
 * @template T
 * @param {number} runs
 * @param {Record<Name, () => Promise<T>>} arms
 * @returns {Promise<Record<Name, T[]>>}
 */
export async function interleave(runs, arms) {
  const names = /** @type {Name[]} */ (Object.keys(arms));
  const results = /** @type {Record<Name, T[]>} */ (/** @type {unknown} */ (Object.fromEntries(names.map((name) => [name, []]))));
  for (let run = 0; run <= runs; run += 1) {
    for (const name of run % 2 ? names : names.toReversed()) {
      const result = await arms[name]();
      if (run > 0) results[name].push(result);
    }
  }
  return results;
}

/** @param {Bench} bench @returns {string} a folder that goes with the subject */
export function temporary({ defer }) {
  const folder = mkdtempSync(join(tmpdir(), `synerise-bench-${process.pid}-`));
  defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return folder;
}

/**
 * In popup and panel, before all else: `bench.seen` has each UUID that was shown, with the time of the frame after it;
 * `bench.operate` clicks and gives what the verdict took to be painted. The title tells the first UUID to those who do
 * not want to disturb a loading page by attaching to it.
 */
export const PROBE = `(() => {
  const frames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const at = (id) => document.querySelector('[data-testid="' + id + '"]');
  const watch = (look) => {
    const observer = new MutationObserver(() => look() && observer.disconnect());
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  };
  const seen = [];
  let shown = '';
  watch(() => {
    const text = at('uuid')?.textContent ?? '';
    if (text === shown) return false;
    shown = text;
    if (text) frames().then(() => {
      seen.push({ text, at: Date.now(), sinceNavigation: performance.now() });
      if (seen.length === 1) document.title = 'painted ' + Date.now();
    });
    return false;
  });
  const operate = (operation) => new Promise((resolve) => {
    const before = at('operation-result').dataset.run;
    const started = performance.now();
    watch(() => {
      const result = at('operation-result');
      if (result.dataset.run === before || !result.dataset.verdict) return false;
      frames().then(() => resolve({ ms: performance.now() - started, verdict: result.dataset.verdict, text: result.innerText }));
      return true;
    });
    at('action-' + operation).click();
  });
  globalThis.bench = { seen, operate };
})();`;

/** The name of an empty page of the extension, to measure against. */
export const BARE = 'bare.html';

/** The name of a page of the extension that shows a line, as the least view would. */
export const LINE = 'line.html';
const LINE_HTML = '<!doctype html><head><script src="/probe.js"></script></head><body><p data-testid="uuid">One line of text.</p></body>';

/** A copy of a build whose views hold the probe, with `BARE` and `LINE`. @param {Bench} bench @param {string} [build] @returns {string} its folder */
export function probedBuild(bench, build = BUILD) {
  const folder = temporary(bench);
  cpSync(build, folder, { recursive: true });
  writeFileSync(join(folder, 'probe.js'), PROBE);
  writeFileSync(join(folder, BARE), '<!doctype html><title>Bare</title>');
  writeFileSync(join(folder, LINE), LINE_HTML);
  for (const view of ['popup.html', 'panel.html']) {
    const html = readFileSync(join(folder, view), 'utf8');
    writeFileSync(join(folder, view), html.replace('<head>', '<head><script src="/probe.js"></script>'));
  }
  return folder;
}

/** The name of a popup of the blank extension that shows what its background reads in the page: the least way there is to that. */
export const READING = 'reading.html';
const READS = `chrome.runtime.onConnect.addListener(async (port) => {
  const [{ id: tabId }] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
  const [{ result }] = await chrome.scripting.executeScript({ target: { tabId }, world: 'MAIN', func: () => location.href });
  port.postMessage(result);
});`;
const SHOWS = `chrome.runtime.connect().onMessage.addListener((text) => {
  document.querySelector('[data-testid="uuid"]').textContent = text;
});`;

/**
 * The least extension that has a popup: one line, or `READING`.
 * @param {Bench} bench @param {object} [more] of the manifest @returns {string} its folder
 */
export function blankExtension(bench, more = { background: { service_worker: 'worker.js' }, permissions: ['activeTab', 'scripting'] }) {
  const folder = temporary(bench);
  const files = {
    'manifest.json': JSON.stringify({
      manifest_version: 3,
      name: 'Blank',
      version: '1',
      action: { default_popup: 'popup.html' },
      ...more,
    }),
    'worker.js': READS,
    'probe.js': PROBE,
    'popup.html': LINE_HTML,
    'reading.js': SHOWS,
    [READING]: LINE_HTML.replace('One line of text.', '').replace('</body>', '<script src="/reading.js"></script></body>'),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** @param {Bench} bench @returns {Promise<string>} the shop's origin */
export async function openShop({ defer }) {
  const sandbox = await startSandbox();
  defer(() => sandbox.close());
  return sandbox.origin;
}

/**
 * Closes a browser with the subject: one that is still being launched, too.
 * @template {{ close(): Promise<void> }} T @param {Bench} bench @param {Promise<T>} launching @returns {Promise<T>}
 */
export function closedLater({ defer }, launching) {
  defer(() =>
    launching.then(
      (browser) => browser.close(),
      () => {},
    ),
  );
  return launching;
}

/** @param {Bench} bench @param {Parameters<typeof launchChromium>[0]} options */
export const openChromium = (bench, options) => closedLater(bench, launchChromium(options));

/**
 * A Chromium in which the extension is installed, and the sandbox's sites are watched or not.
 * @param {Bench} bench @param {boolean} watched @param {string} [extension] its folder
 */
export async function openInstalled(bench, watched, extension = BUILD) {
  const { module } = /** @type {{ module: typeof import('../browser/lifecycle') }} */ (
    await runnerImport(join(ROOT, 'tests', 'browser', 'lifecycle.ts'), { configFile: false, root: ROOT, logLevel: 'error' })
  );
  const profile = watched ? module.watchedProfile({ extension }) : module.seededProfile({ extension });
  bench.defer(() => remove(profile));
  return openChromium(bench, { extension, profile, installed: true });
}

/** Waits until the shop's SDK is initialized and has a token. @param {import('@playwright/test').Page} page */
export async function sdkReady(page) {
  await page.waitForFunction(() => {
    const { Synerise } = /** @type {{ Synerise?: { isInitialized(): boolean } }} */ (/** @type {unknown} */ (globalThis));
    return Synerise?.isInitialized() && JSON.parse(localStorage.getItem('sandbox-sdk:main') ?? 'null')?.held;
  });
}

/** The shop with the panel in its DevTools, settled. @param {Bench} bench */
export async function openPanel(bench) {
  const origin = await openShop(bench);
  const opened = await panelOn(await openChromium(bench, { extension: probedBuild(bench), devtools: true }), origin);
  await opened.settled();
  return opened;
}

/** The shop with the panel in its DevTools, as soon as it is there. @param {Chromium} chromium @param {string} origin of the shop */
export async function panelOn(chromium, origin) {
  const page = chromium.context.pages()[0] ?? (await chromium.context.newPage());
  await page.goto(`${origin}/`);
  await sdkReady(page);
  const { panel } = await chromium.openPanel(page);
  // The browser draws few frames of a page that the window of DevTools came to cover.
  await page.bringToFront();
  const settled = () => until('the panel to show UUID and token', () => panel.evaluate(SETTLED));
  return { chromium, page, panel, settled };
}

const SETTLED = `globalThis.bench?.seen.length > 0 && document.querySelector('[data-testid="token"]')?.dataset.token === 'valid'`;
