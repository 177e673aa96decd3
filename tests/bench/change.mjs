import { until } from '../../scripts/until.mjs';
import { compare, interleave, openInstalled, openPanel, openShop, PROBE, panelOn, sdkReady } from './support.mjs';

export const title = 'The page changes its UUID, to the panel painted';

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  // One browser after the other: two would share the machine.
  return [
    await changes(bench, 'by the panel alone', await openPanel(bench)),
    await changes(bench, 'on a watched site', await watchedPanel(bench)),
  ];
}

/** The same where the site is watched. Its build is the one that the profile has, so the probe comes later. @param {import('./support.mjs').Bench} bench */
async function watchedPanel(bench) {
  const opened = await panelOn(await openInstalled(bench, true), await openShop(bench));
  await opened.panel.evaluate(PROBE);
  return opened;
}

/** @param {import('./support.mjs').Bench} bench @param {string} name @param {Awaited<ReturnType<typeof panelOn>>} opened */
async function changes(bench, name, { chromium, page, panel, settled }) {
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
  return compare(
    { name: `UUID in the panel, ${name}`, against: "the page's own next frame", unit: 'ms' },
    change.map((one) => one.panel),
    change.map((one) => one.page),
  );
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
