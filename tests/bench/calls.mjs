import { until } from '../../scripts/until.mjs';
import { compare, openInstalled, openShop, sdkReady } from './support.mjs';

export const title =
  'A watched page with a panel, whose page calls its SDK 100 times a second: each minute after the second (one a run), first with calls that only read, then with some that the history keeps';

/** Calls of one beat, and beats in a second. */
const CALLS = 10;
const BEATS = 10;
const MINUTE = 60_000;
/** Until then caches fill, and lists reach their bounds (minutes). */
const FILLING = 2;

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  const url = `${await openShop(bench)}/`;
  const chromium = await openInstalled(bench, true);
  const page = chromium.context.pages()[0] ?? (await chromium.context.newPage());
  await page.goto(url);
  await sdkReady(page);
  const { panel } = await chromium.openPanel(page);
  const cdp = await chromium.context.newCDPSession(page);
  const { targetId } = /** @type {{ targetId: string }} */ (
    await until('the worker', async () =>
      (await chromium.targets()).find(
        (/** @type {{ type: string, url: string }} */ one) => one.type === 'service_worker' && one.url.includes(chromium.id),
      ),
    )
  );
  const worker = await chromium.attach(targetId);

  /** KB after a collection. @param {(method: any) => Promise<any>} send */
  const heap = async (send) => {
    await send('HeapProfiler.collectGarbage');
    return (await send('Runtime.getHeapUsage')).usedSize / 1024;
  };
  const sample = async () => ({
    page: await heap((method) => cdp.send(method)),
    panel: await heap((method) => panel.send(method)),
    worker: await heap((method) => worker.send(method)),
  });

  const rest = (/** @type {number} */ minutes) => new Promise((resolve) => setTimeout(resolve, minutes * MINUTE));
  /** @param {boolean} changing @param {string} calling what the page calls, in words */
  const phase = async (changing, calling) => {
    await page.evaluate(CALL, { calls: CALLS, beats: BEATS, changing });
    await rest(FILLING);
    const first = await sample();
    const calls = await page.evaluate(CALLED);
    const samples = /** @type {(typeof first)[]} */ ([]);
    for (let minute = 0; minute < bench.runs; minute += 1) {
      await rest(1);
      samples.push(await sample());
    }
    const made = ((await page.evaluate(CALLED)) - calls) / bench.runs / 60;
    return [
      .../** @type {const} */ (['page', 'panel', 'worker']).map((name) =>
        compare(
          { name: `${calling}: heap of the ${name}`, against: `after ${FILLING} minutes`, unit: 'KB' },
          samples.map((one) => one[name]),
          samples.map(() => first[name]),
        ),
      ),
      compare({ name: `${calling}: calls a second`, against: 'what was meant', unit: 'count' }, [made], [CALLS * BEATS]),
    ];
  };
  return [...(await phase(false, 'reading')), ...(await phase(true, 'changing'))];
}

/** In the page: calls the SDK so often until called again; where it is changing, now and then what asks the server or gives another UUID. */
const CALL = (/** @type {{ calls: number, beats: number, changing: boolean }} */ { calls, beats, changing }) => {
  const { Client } = /** @type {{ Synerise: { Client: Record<string, (...args: unknown[]) => unknown> } }} */ (
    /** @type {unknown} */ (globalThis)
  ).Synerise;
  const counted = /** @type {{ made: number, calling?: ReturnType<typeof setInterval> }} */ (Object.assign(globalThis, { made: 0 }));
  clearInterval(counted.calling);
  counted.calling = setInterval(() => {
    for (let call = 0; call < calls; call += 1) {
      counted.made += 1;
      if (changing && counted.made % 500 === 0) Client['regenerateUUID']?.();
      else if (changing && counted.made % 50 === 0)
        Client['retrieveToken']?.(
          () => undefined,
          () => undefined,
        );
      else Client[counted.made % 2 ? 'getUUID' : 'isSignedIn']?.();
    }
  }, 1000 / beats);
};

/** In the page: how many calls it made. */
const CALLED = () => /** @type {{ made: number }} */ (/** @type {unknown} */ (globalThis)).made;
