import { until } from '../../scripts/until.mjs';
import { blankExtension, compare, interleave, openChromium, openShop, probedBuild, sdkReady } from './support.mjs';

export const title = 'Toolbar click to UUID painted, on a page that was not asked about before';

/** @typedef {import('./support.mjs').Chromium} Chromium */

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  const origin = await openShop(bench);
  const inspector = await openChromium(bench, { extension: probedBuild(bench) });
  const blank = await openChromium(bench, { extension: blankExtension(bench) });
  const { warm, killed, nothing } = await interleave(bench.runs, {
    nothing: () => clickToPaint(blank, origin, workerRuns),
    warm: () => clickToPaint(inspector, origin, workerRuns),
    killed: () =>
      clickToPaint(inspector, origin, async (chromium) => {
        await chromium.killWorker();
        await until('the worker to be gone', async () => !(await hasWorker(chromium)));
      }),
  });
  return [
    compare({ name: 'worker runs', against: 'blank popup', unit: 'ms' }, warm, nothing),
    compare({ name: 'worker killed', against: 'blank popup', unit: 'ms' }, killed, nothing),
    compare({ name: 'worker killed', against: 'worker runs', unit: 'ms' }, killed, warm),
  ];
}

const hasWorker = async (/** @type {Chromium} */ { targets, id }) =>
  (await targets()).some(({ type, url }) => type === 'service_worker' && url.includes(id));

const workerRuns = async (/** @type {Chromium} */ chromium) => {
  await until('the worker to run', () => hasWorker(chromium));
};

/**
 * `clickToolbar` finds the tab and attaches to the popup within the time that counts here, so the click is made anew.
 * @param {Chromium} chromium @param {string} origin @param {(chromium: Chromium) => Promise<void>} prepare
 */
async function clickToPaint(chromium, origin, prepare) {
  const { context, cdp, targets, id } = chromium;
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  await sdkReady(page);
  await page.bringToFront();
  await prepare(chromium);
  const tab = await until('the tab', async () => (await targets()).find(({ type, url }) => type === 'tab' && url === page.url()));
  const popup = async () => (await targets()).find(({ url }) => url === `chrome-extension://${id}/popup.html`);
  const clicked = Date.now();
  await cdp.send(/** @type {any} */ ('Extensions.triggerAction'), { id, targetId: tab.targetId });
  const { title, targetId } = await until('the popup to be painted', async () => {
    const found = await popup();
    return found?.title.startsWith('painted ') && found;
  });
  await cdp.send('Target.closeTarget', { targetId });
  await until('the popup to be gone', async () => !(await popup()));
  await page.close();
  return Number(title.split(' ')[1]) - clicked;
}
