import { FIREFOX_BUILD, launchFirefox } from '../../scripts/firefox.mjs';
import { findFirefox } from '../../scripts/setup.mjs';
import { until } from '../../scripts/until.mjs';
import { blankExtension, closedLater, compare, interleave, LINE, openShop, probedBuild } from './support.mjs';

export const title = 'In Firefox: a view opened to UUID painted, from the navigation of its document';

const BLANK = { background: { scripts: ['worker.js'] }, browser_specific_settings: { gecko: { id: 'blank@bench.example' } } };

/** @typedef {Awaited<ReturnType<typeof launchFirefox>>} Firefox */

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  if (!findFirefox()) {
    console.error('Not measured: Firefox not found.');
    return [];
  }
  const shop = `${await openShop(bench)}/`;
  const inspector = await closedLater(bench, launchFirefox({ extension: probedBuild(bench, FIREFOX_BUILD) }));
  const blank = await closedLater(bench, launchFirefox({ extension: blankExtension(bench, BLANK) }));
  const popup = async (/** @type {Firefox} */ { page, clickToolbar }) => {
    await ready(page, shop);
    return painted(await clickToolbar());
  };
  const popups = await interleave(bench.runs, { inspector: () => popup(inspector), blank: () => popup(blank) });
  await blank.close();

  await ready(inspector.page, shop);
  const panel = await inspector.openPanel();
  await painted(panel);
  const shown = async (/** @type {string} */ file) => {
    await panel.evaluate(`void (globalThis.left = true, location.href = '/${file}')`);
    return painted(panel);
  };
  const panels = await interleave(bench.runs, { inspector: () => shown('panel.html'), blank: () => shown(LINE) });
  return [
    compare(
      { name: 'popup, on a page that was not asked about before', against: 'blank popup', unit: 'ms' },
      popups.inspector,
      popups.blank,
    ),
    compare({ name: 'panel', against: 'a line in its place', unit: 'ms' }, panels.inspector, panels.blank),
  ];
}

/** Loads the page, and waits until its SDK has a token. @param {Firefox['page']} page @param {string} url */
async function ready(page, url) {
  await page.goto(url);
  await until('the token of the page', () => page.evaluate(() => Reflect.get(globalThis, 'sandboxSdk')?.held().token));
}

/** When a view that was just opened had painted its first UUID (ms since its navigation). @param {{ evaluate(expression: string): Promise<any> }} view */
const painted = async (view) =>
  /** @type {{ sinceNavigation: number }} */ (
    await until('the UUID to be painted', () => view.evaluate('globalThis.left ? null : (globalThis.bench?.seen[0] ?? null)'))
  ).sinceNavigation;
