import { until } from '../../scripts/until.mjs';
import { openLeast } from './least.mjs';
import { compare, interleave, openPanel, openShop, panelOn } from './support.mjs';

export const title = "An operation from the panel: click to verdict painted, and the SDK's own time in it";

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  // One browser after the other: two would share the machine.
  const ours = await operations(bench, await openPanel(bench));
  const least = await operations(bench, await panelOn(await openLeast(bench, 'still'), await openShop(bench)));
  return /** @type {const} */ (['getUUID', 'refreshToken']).flatMap((name) =>
    /** @type {const} */ ([
      ["the SDK's own time", ours[name].map(({ own }) => own)],
      ['the least inspector', least[name].map(({ ms }) => ms)],
    ]).map(([against, references]) =>
      compare(
        { name, against, unit: 'ms' },
        ours[name].map(({ ms }) => ms),
        references,
      ),
    ),
  );
}

/** @param {import('./support.mjs').Bench} bench @param {Awaited<ReturnType<typeof panelOn>>} opened */
async function operations(bench, { chromium, panel, settled }) {
  await settled();
  const operate = async (/** @type {string} */ operation) => {
    await until(`${operation} to be allowed`, () =>
      panel.evaluate(`document.querySelector('[data-testid="action-${operation}"]').getAttribute('aria-disabled') === 'false'`),
    );
    const { ms, verdict, text } = await panel.evaluate(`bench.operate('${operation}')`);
    const [, own, unit] = / in ([\d.]+) (ms|s) ·/.exec(text) ?? [];
    if (verdict !== 'done' || own === undefined) throw new Error(`${operation} ended with ${verdict}: ${text}`);
    return { ms, own: Number(own) * (unit === 's' ? 1000 : 1) };
  };
  const ran = await interleave(bench.runs, {
    getUUID: () => operate('getUUID'),
    refreshToken: () => operate('refreshToken'),
  });
  await chromium.close();
  return ran;
}
