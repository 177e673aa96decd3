import http from 'node:http';
import { chromium } from '@playwright/test';
import { launchOptions } from '../../scripts/chromium.mjs';
import { compare, interleave, openChromium, openShop, sdkReady, temporary } from './support.mjs';

export const title = 'A page that nobody asked about, with the extension and without';

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  const pages = [
    { name: 'shop page', url: `${await openShop(bench)}/`, ready: sdkReady },
    { name: '300 nodes and a frame', url: await servePlainPage(bench), ready: async () => {} },
  ];
  const { context } = await openChromium(bench, {});
  const arms = { with: await visitor(context), without: await visitor(await launchWithout(bench)) };
  const rows = [];
  for (const { name, url, ready } of pages) {
    const seen = await interleave(bench.runs, {
      with: () => arms.with(url, ready),
      without: () => arms.without(url, ready),
    });
    for (const { what, unit } of /** @type {const} */ ([
      { what: 'load', unit: 'ms' },
      { what: 'heap', unit: 'KB' },
    ]))
      rows.push(
        compare(
          { name: `${name}: ${what}`, against: 'without', unit },
          seen.with.map((visit) => visit[what]),
          seen.without.map((visit) => visit[what]),
        ),
      );
  }
  return rows;
}

/** @param {import('@playwright/test').BrowserContext} context */
async function visitor(context) {
  const page = context.pages()[0] ?? (await context.newPage());
  const cdp = await context.newCDPSession(page);
  return async (/** @type {string} */ url, /** @type {(page: import('@playwright/test').Page) => Promise<void>} */ ready) => {
    await page.bringToFront();
    await page.goto(url);
    const load = await page.waitForFunction(() => {
      const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
      return navigation?.loadEventEnd;
    });
    await ready(page);
    // Without it the number says when the last collection happened to be.
    await cdp.send('HeapProfiler.collectGarbage');
    const { usedSize } = await cdp.send('Runtime.getHeapUsage');
    return { load: /** @type {number} */ (await load.jsonValue()), heap: usedSize / 1024 };
  };
}

/** Chromium as `launchChromium` starts it, without an extension. @param {import('./support.mjs').Bench} bench */
async function launchWithout(bench) {
  const profile = temporary(bench);
  const launching = chromium.launchPersistentContext(
    profile,
    launchOptions({ headless: true, args: ['--enable-unsafe-extension-debugging'] }),
  );
  bench.defer(() =>
    launching.then(
      (context) => context.close(),
      () => {},
    ),
  );
  return launching;
}

/** @param {import('./support.mjs').Bench} bench @returns {Promise<string>} address of a page without an SDK */
async function servePlainPage({ defer }) {
  const head = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Plain</title>';
  const item = '<li><a href="#"><b>An item</b></a></li>';
  const page = `${head}<ul>${item.repeat(98)}</ul><iframe src="/frame"></iframe>`;
  const server = http.createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    response.end(request.url === '/frame' ? `${head}<p>A frame.</p>` : page);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/`;
}
