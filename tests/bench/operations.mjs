import { until } from '../../scripts/until.mjs';
import { compare, interleave, openPanel } from './support.mjs';

export const title = "An operation from the panel: click to verdict painted, and the SDK's own time in it";

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  const { panel } = await openPanel(bench);
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
  return Object.entries(ran).map(([name, times]) =>
    compare(
      { name, against: "the SDK's own time", unit: 'ms' },
      times.map(({ ms }) => ms),
      times.map(({ own }) => own),
    ),
  );
}
