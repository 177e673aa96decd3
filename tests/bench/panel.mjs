import { until } from '../../scripts/until.mjs';
import { compare, interleave, openPanel } from './support.mjs';

export const title = "Panel opened to UUID painted, from the navigation of the panel's document";

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  const { panel, settled } = await openPanel(bench);
  const { opened } = await interleave(bench.runs, {
    async opened() {
      await panel.evaluate('globalThis.left = true; location.reload()');
      const times = await until('the panel to open again', () => panel.evaluate(TIMES));
      await settled();
      return /** @type {{ uuid: number, first: number }} */ (times);
    },
  });
  return [
    compare(
      { name: 'UUID', against: 'first paint of the panel', unit: 'ms' },
      opened.map(({ uuid }) => uuid),
      opened.map(({ first }) => first),
    ),
  ];
}

/** In the panel: when it first painted anything, and its UUID, in ms since its navigation. */
const TIMES = `(() => {
  const [uuid] = globalThis.left ? [] : globalThis.bench.seen;
  const [first] = performance.getEntriesByName('first-contentful-paint');
  return uuid && first && { uuid: uuid.sinceNavigation, first: first.startTime };
})()`;
