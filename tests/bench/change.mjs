import { until } from '../../scripts/until.mjs';
import { compare, interleave, openPanel, sdkReady } from './support.mjs';

export const title = 'The page changes its UUID, to the panel painted';

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  const { page, panel, settled } = await openPanel(bench);
  const { change } = await interleave(bench.runs, {
    async change() {
      const { uuid, at, frame } = await page.evaluate(CHANGE);
      const shown = await until('the panel to show the change', () => panel.evaluate(`bench.seen.find(({ text }) => text === '${uuid}')`));
      await sdkReady(page);
      await settled();
      return { panel: shown.at - at, page: frame - at };
    },
  });
  return [
    compare(
      { name: 'UUID in the panel', against: "the page's own next frame", unit: 'ms' },
      change.map((one) => one.panel),
      change.map((one) => one.page),
    ),
  ];
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
