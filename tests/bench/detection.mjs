import { until } from '../../scripts/until.mjs';
import { compare, interleave, openChromium, openShop } from './support.mjs';

export const title = 'One look through a page for SDKs, against its budget';

/** So many looks are timed as one: the page's clock is coarse. */
const LOOKS = 200;
/** Under 1 ms on a page without an SDK. */
const BUDGET = 1;

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  const origin = await openShop(bench);
  const { context, openPanel } = await openChromium(bench, { devtools: true });
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(`${origin}/empty`);
  await openPanel(page);
  const rows = [];
  for (const { name, path } of [
    { name: 'a page without an SDK', path: '/empty' },
    { name: "globals of an SDK's names", path: '/strange' },
    { name: 'a page with the Web SDK', path: '/?sdk=web' },
  ]) {
    await page.goto(`${origin}${path}`);
    await until('the agent with what to look for', () => page.evaluate(IS_SET_UP));
    const { look } = await interleave(bench.runs, { look: () => page.evaluate(LOOK) });
    rows.push(
      compare(
        { name, against: 'budget', unit: 'ms' },
        look,
        look.map(() => BUDGET),
      ),
    );
  }
  return rows;
}

const REQUEST = JSON.stringify({ cursor: 0, document: null, wait: 0, showing: false, client: null, list: true });
const IS_SET_UP = `(() => {
  const agent = globalThis[Symbol.for('synerise.inspector.agent')];
  return !!agent && JSON.parse(agent.exchange(${JSON.stringify(REQUEST)})).setup !== '';
})()`;

/** In the page: ms for one look. */
const LOOK = `(() => {
  const agent = globalThis[Symbol.for('synerise.inspector.agent')];
  const start = performance.now();
  for (let look = 0; look < ${LOOKS}; look += 1) agent.exchange(${JSON.stringify(REQUEST)});
  return (performance.now() - start) / ${LOOKS};
})()`;
