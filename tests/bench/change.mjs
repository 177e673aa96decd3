import { until } from '../../scripts/until.mjs';
import { openLeast } from './least.mjs';
import { compare, interleave, openInstalled, openPanel, openShop, PROBE, panelOn, sdkReady } from './support.mjs';

export const title = 'The page changes its UUID, to the panel painted';

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  const rows = [];
  // One browser after the other: two would share the machine.
  for (const [name, how, open] of /** @type {const} */ ([
    ['by the panel alone', 'asking', openPanel],
    ['on a watched site', 'watching', watchedPanel],
  ])) {
    const ours = await changes(bench, await open(bench));
    const least = await changes(bench, await panelOn(await openLeast(bench, how), await openShop(bench)));
    const panel = ours.map((one) => one.panel);
    for (const [against, references] of /** @type {const} */ ([
      ["the page's own next frame", ours.map((one) => one.page)],
      ['the least inspector', least.map((one) => one.panel)],
    ]))
      rows.push(compare({ name: `UUID in the panel, ${name}`, against, unit: 'ms' }, panel, references));
  }
  return rows;
}

/** The same where the site is watched. Its build is the one that the profile has, so the probe comes later. @param {import('./support.mjs').Bench} bench */
async function watchedPanel(bench) {
  const opened = await panelOn(await openInstalled(bench, true), await openShop(bench));
  await opened.panel.evaluate(PROBE);
  return opened;
}

/** Times from the change to both paints (ms). @param {import('./support.mjs').Bench} bench @param {Awaited<ReturnType<typeof panelOn>>} opened */
async function changes(bench, { chromium, page, panel, settled }) {
  await settled();
  const { change } = await interleave(bench.runs, {
    async change() {
      const { uuid, at, frame } = await page.evaluate(CHANGE);
      const shown = await until('the panel to show the change', () => panel.evaluate(`bench.seen.find(({ text }) => text === '${uuid}')`));
      await sdkReady(page);
      await settled();
      return { panel: shown.at - at, page: frame - at };
    },
  });
  await chromium.close();
  return change;
}

const CHANGE = async () => {
  const { Client } = /** @type {{ Synerise: { Client: Record<'regenerateUUID' | 'getUUID', () => string> } }} */ (
    /** @type {unknown} */ (globalThis)
  ).Synerise;
  // The run before ended with a look of the panel: a change right after it would always meet the same point of its loop.
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
  Client.regenerateUUID();
  const at = Date.now();
  const uuid = Client.getUUID();
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return { uuid, at, frame: Date.now() };
};
