import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD } from '../../scripts/chromium.mjs';
import { until } from '../../scripts/until.mjs';
import { compare, interleave, openInstalled, openShop, sdkReady, temporary } from './support.mjs';

export const title = 'A shop page on a watched site, and the same page where nothing is watched';

/** The page is left alone for so long after it has loaded, and then has paid what it pays for its load (ms). */
const SETTLING = 1000;
/** So many are timed as one: the page's clock is coarse. */
const CALLS = 10_000;
const BEGUN = 1000;
const REQUESTS = 200;
/** What requests leave behind in the page comes within this time (ms). */
const AFTER = 1500;

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  const url = `${await openShop(bench)}/`;
  const watched = await visitor(await openWatching(bench), url, true);
  const empty = await visitor(await openWatching(bench, emptied(bench)), url, false);
  const not = await visitor(await openInstalled(bench, false), url, false);
  const loads = await interleave(bench.runs, { watched: watched.load, empty: empty.load, not: not.load });
  const calls = await interleave(bench.runs, { watched: watched.calls, not: not.calls });
  const ofLoads = /** @type {const} */ ([
    ['navigation to load', 'load', 'ms'],
    ['main thread until a second after it', 'task', 'ms'],
    ['script in it', 'script', 'ms'],
    ['heap', 'heap', 'KB'],
  ]);
  const references = /** @type {const} */ ([
    ['not watched', 'not'],
    ['empty scripts', 'empty'],
  ]);
  return [
    ...references.flatMap(([against, reference]) =>
      ofLoads.map(([name, key, unit]) =>
        compare(
          { name, against, unit },
          loads.watched.map((one) => one[key]),
          loads[reference].map((one) => one[key]),
        ),
      ),
    ),
    .../** @type {const} */ ([
      ['a call of getUUID()', 'call'],
      ["a fetch that is no SDK's, aborted before it starts", 'otherBegun'],
      ["a fetch as an SDK's, aborted before it starts", 'ownBegun'],
      ["a request that is no SDK's, main thread", 'otherWhole'],
      ["a request as an SDK's, main thread", 'ownWhole'],
    ]).map(([name, key]) =>
      compare(
        { name, against: 'not watched', unit: 'µs' },
        calls.watched.map((one) => one[key]),
        calls.not.map((one) => one[key]),
      ),
    ),
  ];
}

/** @param {import('./support.mjs').Bench} bench @param {string} [extension] */
async function openWatching(bench, extension) {
  const chromium = await openInstalled(bench, true, extension);
  // A page that is opened before is taken up as well, but not from its first line on.
  await until('the scripts of watched sites', async () => (await chromium.worker()).evaluate(REGISTERED));
  return chromium;
}

/** A copy of the build whose scripts for pages are empty: what a script in each of the two worlds costs in the browser itself. @param {import('./support.mjs').Bench} bench */
function emptied(bench) {
  const folder = temporary(bench);
  cpSync(BUILD, folder, { recursive: true });
  for (const name of ['agent', 'tables', 'client', 'watch', 'relay']) writeFileSync(join(folder, `page-${name}.js`), '');
  return folder;
}

/** In the worker: whether the scripts of watched sites are there. */
const REGISTERED = async () => {
  const { scripting } = /** @type {{ chrome: { scripting: { getRegisteredContentScripts(): Promise<unknown[]> } } }} */ (
    /** @type {unknown} */ (globalThis)
  ).chrome;
  return (await scripting.getRegisteredContentScripts()).length > 0;
};

/** @param {import('./support.mjs').Chromium} chromium @param {string} url @param {boolean} watched */
async function visitor({ context }, url, watched) {
  const page = context.pages()[0] ?? (await context.newPage());
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  /** ms since the document began */
  const spent = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    const of = (/** @type {string} */ name) => (metrics.find((metric) => metric.name === name)?.value ?? Number.NaN) * 1000;
    return { script: of('ScriptDuration'), task: of('TaskDuration') };
  };
  /** µs of the main thread for each request. @param {string} path @param {object} event */
  const whole = async (path, event) => {
    const before = await spent();
    await page.evaluate(REQUEST, { path, body: JSON.stringify(event), count: REQUESTS, after: AFTER });
    return (((await spent()).task - before.task) / REQUESTS) * 1000;
  };
  /** µs for each. @param {string} path @param {object} event */
  const begun = async (path, event) =>
    ((await page.evaluate(BEGIN, { path, body: JSON.stringify(event), count: BEGUN, after: AFTER })) / BEGUN) * 1000;
  const visit = async () => {
    await page.bringToFront();
    await page.goto(url);
    await sdkReady(page);
    const { load, isWatched } = await page.evaluate(LOADED, SETTLING);
    if (isWatched !== watched) throw new Error(`The page is ${isWatched ? '' : 'not '}watched.`);
    return load;
  };
  return {
    async load() {
      const load = await visit();
      const { script, task } = await spent();
      // Without it the number says when the last collection happened to be.
      await cdp.send('HeapProfiler.collectGarbage');
      const { usedSize } = await cdp.send('Runtime.getHeapUsage');
      return { load, task, script, heap: usedSize / 1024 };
    },
    async calls() {
      await visit();
      const call = (await page.evaluate(CALL, CALLS)) / CALLS;
      const other = { action: 'page.visit', label: 'A page', params: { uri: url } };
      const own = { ...other, client: { uuid: crypto.randomUUID() } };
      return {
        call: call * 1000,
        otherWhole: await whole('/tracking/other', other),
        ownWhole: await whole('/tracking/v4/events/custom', own),
        // Last, and with other URLs: responses are matched to requests by URL.
        otherBegun: await begun('/tracking/aborted', other),
        ownBegun: await begun('/tracking/v4/events/aborted', own),
      };
    },
  };
}

/** In the page: how long it took to load (ms), asked once it had `settling` to itself, and whether our agent is there. */
const LOADED = async (/** @type {number} */ settling) => {
  const [entry] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
  const load = entry?.loadEventEnd ?? Number.NaN;
  await new Promise((resolve) => setTimeout(resolve, load + settling - performance.now()));
  return { load, isWatched: Symbol.for('synerise.inspector.agent') in globalThis };
};

/** In the page: ms for so many calls of a method. */
const CALL = (/** @type {number} */ count) => {
  const { Client } = /** @type {{ Synerise: { Client: { getUUID(): string } } }} */ (/** @type {unknown} */ (globalThis)).Synerise;
  const start = performance.now();
  for (let call = 0; call < count; call += 1) Client.getUUID();
  return performance.now() - start;
};

/** @typedef {{ path: string, body: string, count: number, after: number }} Requests */

/** In the page: ms that it took to begin so many requests that come to nothing, so that no network is in it. */
const BEGIN = async (/** @type {Requests} */ { path, body, count, after }) => {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.abort() };
  const all = [];
  const start = performance.now();
  for (let request = 0; request < count; request += 1) all.push(fetch(path, init));
  const took = performance.now() - start;
  await Promise.allSettled(all);
  await new Promise((resolve) => setTimeout(resolve, after));
  return took;
};

/** In the page: makes so many requests, one after another, and waits for what they leave behind. */
const REQUEST = async (/** @type {Requests} */ { path, body, count, after }) => {
  for (let request = 0; request < count; request += 1)
    await (await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text();
  await new Promise((resolve) => setTimeout(resolve, after));
};
