import { until } from '../../scripts/until.mjs';
import { blankExtension, compare, interleave, openChromium, openShop, probedBuild, READING, sdkReady } from './support.mjs';

export const title = 'Toolbar click to UUID painted, on a page that was not asked about before';

/** @typedef {import('./support.mjs').Chromium} Chromium */

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  const origin = await openShop(bench);
  const inspector = await openChromium(bench, { extension: probedBuild(bench) });
  const blank = await openChromium(bench, { extension: blankExtension(bench) });
  const { warm, killed, nothing, leastWarm, leastKilled } = await interleave(bench.runs, {
    nothing: () => clickToPaint(blank, origin),
    leastWarm: () => clickToPaint(blank, origin, { view: READING }),
    leastKilled: () => clickToPaint(blank, origin, { view: READING, kill: true }),
    warm: () => clickToPaint(inspector, origin),
    killed: () => clickToPaint(inspector, origin, { kill: true }),
  });
  return [
    compare({ name: 'worker runs', against: 'blank popup', unit: 'ms' }, warm, nothing),
    compare({ name: 'worker killed', against: 'blank popup', unit: 'ms' }, killed, nothing),
    compare({ name: 'worker killed', against: 'worker runs', unit: 'ms' }, killed, warm),
    compare({ name: 'worker runs, beside the least', against: 'a line read in the page', unit: 'ms' }, warm, leastWarm),
    compare({ name: 'worker killed, beside the least', against: 'a line read in the page', unit: 'ms' }, killed, leastKilled),
  ];
}

const hasWorker = async (/** @type {Chromium} */ { targets, id }) =>
  (await targets()).some(({ type, url }) => type === 'service_worker' && url.includes(id));

/** In the worker: sets the file of the popup. @param {string} popup */
const SET_POPUP = (popup) =>
  /** @type {{ chrome: { action: { setPopup(details: { popup: string }): Promise<void> } } }} */ (
    /** @type {unknown} */ (globalThis)
  ).chrome.action.setPopup({ popup });

/**
 * `clickToolbar` finds the tab and attaches to the popup within the time that counts here, so the click is made anew.
 * @param {Chromium} chromium @param {string} origin
 * @param {{ view?: string, kill?: boolean }} [options] the file of the popup, and whether the worker is killed before the click
 */
async function clickToPaint(chromium, origin, { view = 'popup.html', kill = false } = {}) {
  const { context, cdp, targets, id } = chromium;
  const worker = await chromium.worker();
  await worker.evaluate(SET_POPUP, view);
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  await sdkReady(page);
  await page.bringToFront();
  if (kill) {
    await chromium.killWorker();
    await until('the worker to be gone', async () => !(await hasWorker(chromium)));
  }
  const tab = await until('the tab', async () => (await targets()).find(({ type, url }) => type === 'tab' && url === page.url()));
  const popup = async () => (await targets()).find(({ url }) => url === `chrome-extension://${id}/${view}`);
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
