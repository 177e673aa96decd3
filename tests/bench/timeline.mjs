import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../scripts/until.mjs';
import { BARE, compare, interleave, openPanel } from './support.mjs';

export const title = 'A hundred thousand entries into the timeline, beside a bare page in its place that keeps the same entries';

const ENTRIES = 100_000;
/** Later than what the shop's own page has by then. */
const FIRST = 1000;
const LAST = FIRST + ENTRIES - 1;
/** Only the entry before the last has it. */
const WORD = `_snrs_${LAST - 1}`;
/** One a frame, from the top to the bottom. */
const STEPS = 120;
/** px, of a row of the timeline */
const ROW = 24;
/** Between the last entry and the first letter of the filter (ms). */
const PAUSE = 1000;
/** What the browser calls a long task begins there (ms). */
const LONG = 50;

/** @typedef {{ from: number, to: number }} Span epoch ms */

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  const { chromium, panel, settled } = await openPanel(bench);
  const worker = await chromium.worker();
  await worker.evaluate(COLLECT);
  const address = await panel.evaluate('location.href');
  // The bare page opens a port of the same name: the background cuts any other.
  const name = await portAfter(worker, () => panel.evaluate('globalThis.left = true; location.reload()'));

  const heap = async () => {
    // Without it the number says when the last collection happened to be.
    await panel.send('HeapProfiler.collectGarbage');
    const { usedSize } = await panel.send('Runtime.getHeapUsage');
    return /** @type {number} */ (usedSize) / 1024;
  };

  /** @param {() => Promise<unknown>} open @param {string} ways how this page takes entries up, looks through them, and scrolls */
  const turn = async (open, ways) => {
    await open();
    await panel.evaluate(COMMON);
    await panel.evaluate(ways);
    const before = await heap();
    await panel.evaluate('void bench.last().then((at) => { bench.lastAt = at; })');
    const from = await worker.evaluate(SAY, { first: FIRST, count: ENTRIES });
    const to = /** @type {number} */ (await until('the last entry', () => panel.evaluate('bench.lastAt'), 120_000));
    const after = await heap();
    // Nobody types sooner.
    await pause(PAUSE);
    const rest = Date.now();
    const look = /** @type {Span} */ (await panel.evaluate('bench.look()'));
    await panel.evaluate('bench.lookNoMore()');
    const sort = /** @type {Span} */ (await panel.evaluate('bench.sort()'));
    await panel.evaluate('bench.sortNoMore()');
    const scrolling = Date.now();
    const { frames, end } = /** @type {{ frames: number[], end: number }} */ (await panel.evaluate('bench.scroll()'));
    const tasks = /** @type {{ at: number, ms: number }[]} */ (await panel.evaluate('bench.tasks()'));
    const long = (/** @type {Span[]} */ ...spans) => {
      const within = tasks.filter(({ at }) => spans.some((span) => at >= span.from && at < span.to)).map(({ ms }) => ms);
      return { count: within.length, longest: Math.max(0, ...within) };
    };
    const early = Math.min(from + 1000, to);
    return {
      last: to - from,
      look: look.to - look.from,
      sort: sort.to - sort.from,
      frame: frames.reduce((sum, one) => sum + one, 0) / frames.length,
      slowest: Math.max(...frames),
      before,
      after,
      early: long({ from, to: early }),
      // Without our own collection of garbage in between.
      late: long({ from: early, to }, { from: rest, to: scrolling }),
      scroll: long({ from: scrolling, to: end }),
    };
  };

  const { timeline, bare } = await interleave(bench.runs, {
    timeline: () =>
      turn(async () => {
        await portAfter(worker, () => panel.evaluate(`globalThis.left = true; location.href = '${address}'`));
        await until('another document', () => panel.evaluate('!globalThis.left'));
        await settled();
        await panel.evaluate(`[...document.querySelectorAll('[role="tab"]')].find((one) => one.textContent === 'Timeline').click()`);
        await until('the timeline', () => panel.evaluate(`!!document.querySelector('[data-testid="timeline-entry"]')`));
      }, IN_PANEL),
    bare: () =>
      turn(
        () =>
          portAfter(worker, async () => {
            await panel.evaluate(`globalThis.left = true; location.href = '/${BARE}'`);
            await until('the bare page', () => panel.evaluate(`!globalThis.left && document.title === 'Bare'`));
            await panel.evaluate(`globalThis.port = chrome.runtime.connect({ name: '${name}' }); true`);
          }),
        IN_BARE,
      ),
  });

  /** @typedef {(typeof timeline)[number]} Turn */
  const row = (
    /** @type {string} */ what,
    /** @type {import('./support.mjs').Row['unit']} */ unit,
    /** @type {(turn: Turn) => number} */ of,
    /** @type {string} */ against = 'the bare page',
    /** @type {number[]} */ references = bare.map(of),
  ) => compare({ name: what, against, unit }, timeline.map(of), references);
  const long = (/** @type {string} */ when, /** @type {'early' | 'late' | 'scroll'} */ span) => [
    row(`tasks over ${LONG} ms ${when}`, 'count', (one) => one[span].count),
    // 0 where there are none.
    compare(
      { name: `the longest of them ${when}`, against: 'where they begin', unit: 'ms' },
      timeline.map((one) => one[span].longest),
      timeline.map(() => LONG),
    ),
  ];
  return [
    row('last row painted', 'ms', ({ last }) => last, 'the bare page has the entry'),
    ...long('in the first second', 'early'),
    ...long('later, with filtering and sorting', 'late'),
    ...long('while scrolling', 'scroll'),
    row('filtered by a word, a second later', 'ms', ({ look }) => look, 'all looked through in one go'),
    row('sorted by time, newest first', 'ms', ({ sort }) => sort, 'all sorted in one go'),
    row('a frame of scrolling', 'ms', ({ frame }) => frame),
    row('the slowest frame of it', 'ms', ({ slowest }) => slowest),
    compare(
      { name: 'heap with the entries', against: 'before them', unit: 'KB' },
      timeline.map(({ after }) => after),
      timeline.map(({ before }) => before),
    ),
    row('what they take of it', 'KB', ({ before, after }) => after - before),
  ];
}

/** @typedef {{ name: string, postMessage(message: unknown): void }} Port */

/** The name of the port that was opened by what `open` does, from where on no other is spoken to. @param {import('@playwright/test').Worker} worker @param {() => Promise<unknown>} open */
async function portAfter(worker, open) {
  await worker.evaluate(() => Object.assign(globalThis, { ports: [] }));
  await open();
  return until('the port', () =>
    worker.evaluate(() => /** @type {{ ports: Port[] }} */ (/** @type {unknown} */ (globalThis)).ports[0]?.name),
  );
}

/** In the worker: keeps the ports that are opened. */
const COLLECT = () => {
  const all = /** @type {{ ports: Port[], chrome: { runtime: { onConnect: { addListener(listener: (port: Port) => void): void } } } }} */ (
    /** @type {unknown} */ (globalThis)
  );
  all.ports = [];
  all.chrome.runtime.onConnect.addListener((port) => all.ports.push(port));
};

/** In the worker: says entries to the views, as the background does, a thousand at a time. Gives when it began (epoch ms). */
const SAY = async (/** @type {{ first: number, count: number }} */ { first, count }) => {
  const { ports } = /** @type {{ ports: Port[] }} */ (/** @type {unknown} */ (globalThis));
  const began = Date.now();
  for (let sent = 0; sent < count; sent += 1000) {
    const entries = Array.from({ length: Math.min(1000, count - sent) }, (_, n) => {
      const seq = first + sent + n;
      const at = began + seq * 10;
      const call = { kind: 'call', key: `c${seq}`, does: 'getUUID', told: {}, looks: true, endedAt: at + 1, ok: true };
      const change = { kind: 'storage', area: 'cookie', name: `_snrs_${seq}`, before: null, value: 'x', of: `c${seq - 1}` };
      return { seq, nth: 0, at, ...(seq % 2 ? call : change) };
    });
    for (const port of ports) port.postMessage({ type: 'history', entries, dropped: 0, whole: false });
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return began;
};

/** In either page: its long tasks, and scrolling. */
const COMMON = `(() => {
  const tasks = [];
  const take = (entries) => tasks.push(...entries.map(({ startTime, duration }) => ({ at: performance.timeOrigin + startTime, ms: duration })));
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ type: 'longtask' });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  globalThis.bench = {
    tasks() {
      take(observer.takeRecords());
      return tasks;
    },
    painted: () => frame().then(frame).then(() => Date.now()),
    async scrollThrough(list) {
      const frames = [];
      let before = await frame();
      for (let step = 0; step <= ${STEPS}; step += 1) {
        list.scrollTop = (list.scrollHeight * step) / ${STEPS};
        const now = await frame();
        frames.push(now - before);
        before = now;
      }
      return { frames, end: await bench.painted() };
    },
  };
})()`;

/** In the panel. */
const IN_PANEL = `(() => {
  const ROWS = '[data-testid="timeline-entry"]';
  const drawn = () => [...document.querySelectorAll(ROWS)].map(({ dataset: { seq } }) => Number(seq));
  const seen = (is) => new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!is()) return;
      observer.disconnect();
      resolve(bench.painted());
    });
    observer.observe(document, { subtree: true, childList: true, attributeFilter: ['data-seq', 'aria-sort'] });
  });
  const type = (words) => {
    const input = document.querySelector('[role="tabpanel"]:not([hidden]) .toolbar input[type="search"]');
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), 'value').set.call(input, words);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  };
  Object.assign(bench, {
    last: () => seen(() => document.querySelector(ROWS + '[data-seq="${LAST}"]')),
    async look() {
      const one = seen(() => drawn().join() === '${LAST - 1}');
      const from = Date.now();
      type('${WORD}');
      return { from, to: await one };
    },
    lookNoMore() {
      const all = seen(() => drawn().length > 10);
      type('');
      return all;
    },
    async sort() {
      const head = '[role="tabpanel"]:not([hidden]) [role="columnheader"][data-column="time"]';
      const order = (is) => {
        const ordered = seen(() => document.querySelector(head).ariaSort === is);
        document.querySelector(head + ' button').click();
        return ordered;
      };
      bench.sortNoMore = () => order('none');
      await order('ascending');
      const list = document.querySelector('[data-testid="timeline"]');
      list.scrollTop = 0;
      const newest = seen(() => drawn()[0] === ${LAST});
      const from = Date.now();
      document.querySelector(head + ' button').click();
      return { from, to: await newest };
    },
    async scroll() {
      const scrolled = await bench.scrollThrough(document.querySelector('[data-testid="timeline"]'));
      if (drawn().at(-1) !== ${LAST}) throw new Error('The list ends with ' + drawn().at(-1));
      return scrolled;
    },
  });
})()`;

/** In the bare page: keeps what it is told, looks through it in one go, and scrolls a space as high as the list. */
const IN_BARE = `(() => {
  const entries = [];
  const last = new Promise((resolve) => {
    port.onMessage.addListener((message) => {
      entries.push(...message.entries);
      if (entries.at(-1).seq === ${LAST}) resolve(Date.now());
    });
  });
  const list = document.createElement('div');
  list.style.cssText = 'position: fixed; inset: 0; overflow: auto';
  list.append(document.createElement('div'));
  list.firstChild.style.height = '${ENTRIES * ROW}px';
  document.body.append(list);
  Object.assign(bench, {
    last: () => last,
    async look() {
      const from = Date.now();
      const found = entries.filter((entry) => JSON.stringify(entry).toLowerCase().includes('${WORD}'));
      if (entries.length !== ${ENTRIES} || found.length !== 1) throw new Error(found.length + ' of ' + entries.length);
      return { from, to: await bench.painted() };
    },
    lookNoMore: () => undefined,
    async sort() {
      const from = Date.now();
      const sorted = [...entries].sort((one, other) => other.at - one.at);
      if (sorted[0].seq !== ${LAST}) throw new Error(sorted[0].seq + ' is first');
      return { from, to: await bench.painted() };
    },
    sortNoMore: () => undefined,
    scroll: () => bench.scrollThrough(list),
  });
})()`;
