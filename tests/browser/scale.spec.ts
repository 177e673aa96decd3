// A hundred thousand entries and very large recordings in the real panel.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './lifecycle';
import { entering, rowsOf } from './rows';
import { expect, hookOf, type Inspector, type Panel, test, until } from './support';

const ENTRIES = 100_000;
/** Work of less than this (ms) between two turns of the event loop is not counted as a slice. */
const SLICE = 3;
/** In how many slices work on all entries must be done at least. How long they take is a matter of `npm run bench`. */
// Not more: a fast machine filters all of them in a few.
const FEWEST = 3;

/** How many slices of work the panel does from `act` until `done`, which sees `rows()`: 1 if it is blocked by one long task. */
const slices = (v: Pick<Panel, 'target'>, act: string, done: string): Promise<number> =>
  v.target.evaluate(`(async () => {
    const turn = () => new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { port1.close(); resolve(); };
      port2.postMessage(null);
    });
    const rows = () => [...document.querySelectorAll('[data-testid="timeline-entry"]')].map(({ dataset }) => Number(dataset.seq));
    const until = Date.now() + 12_000;
    let count = 0;
    ${act};
    for (let turns = 1; !(${done}); turns += 1) {
      const before = performance.now();
      await turn();
      if (performance.now() - before >= ${SLICE}) count += 1;
      // Messages alone would keep timers from running.
      if (turns % 8 === 0) await new Promise((resolve) => setTimeout(resolve));
      if (Date.now() > until) throw new Error('Too late.');
    }
    return count;
  })()`);
const sorted = (column: string) => `document.querySelector('[role="columnheader"][data-column="${column}"] button').click()`;

/** Runs `work`, and checks that the longest task of the panel meanwhile is a small part of it: one long task would be most of it. */
async function unblocked(v: Pick<Panel, 'target'>, work: () => Promise<unknown>): Promise<void> {
  await v.target.evaluate(`(() => { globalThis.tasks = [];
    new PerformanceObserver((list) => globalThis.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' }); })()`);
  const started = performance.now();
  await work();
  const longest = Math.max(0, ...((await v.target.evaluate('globalThis.tasks')) as number[]));
  expect(longest).toBeLessThan((performance.now() - started) / 3);
}

/** How many rows the timeline has, in sight or not. */
const ROWS = `Number(document.querySelector('[data-testid="timeline"]').ariaRowCount)`;

/** Sends entries to the panel over its port, as the background does, a thousand at a time. */
async function say(inspector: Inspector, from: number, count: number): Promise<void> {
  const worker = await inspector.chromium.worker();
  await worker.evaluate(
    async ([first, many]) => {
      const { ports } = globalThis as unknown as { ports: { postMessage(message: unknown): void }[] };
      for (let sent = 0; sent < many; sent += 1000) {
        const entries = Array.from({ length: Math.min(1000, many - sent) }, (_, n) => {
          const seq = first + sent + n;
          const at = 1_800_000_000_000 + seq * 10;
          const call = { kind: 'call', key: `c${seq}`, does: 'getUUID', told: {}, looks: true, endedAt: at + 1, ok: true };
          const change = { kind: 'storage', area: 'cookie', name: `_snrs_${seq}`, before: null, value: 'x', of: `c${seq - 1}` };
          return { seq, nth: 0, at, ...(seq % 2 ? call : change) };
        });
        for (const port of ports)
          try {
            port.postMessage({ type: 'history', entries, dropped: 0, whole: false });
          } catch {
            // The view has closed.
          }
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    },
    [from, count] as const,
  );
}

/** A timeline to which `say` can send entries, with a thousand of them. `first` is the `seq` of its first row: rows are in order of time. */
async function timelineWith(inspector: Inspector): Promise<{ v: Panel; first: number }> {
  const { page } = await inspector.open();
  await until('the token', async () => (await hookOf(page)).held.token);
  const worker = await inspector.chromium.worker();
  await worker.evaluate(() => {
    const all: unknown[] = [];
    const { chrome } = globalThis as unknown as {
      chrome: { runtime: { onConnect: { addListener(listener: (port: unknown) => void): void } } };
    };
    chrome.runtime.onConnect.addListener((port) => all.push(port));
    (globalThis as unknown as { ports: unknown[] }).ports = all;
  });
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await v.tab('Timeline');
  const first = await until('the existing entries', async () => (await rowsOf(v))[0]?.seq);
  await say(inspector, 1000, 1000);
  await until('the first thousand', async () => (await rowsOf(v)).some(({ seq }) => seq > 1900));
  return { v, first };
}

test('a list that a person scrolls while entries arrive stays where it was scrolled to, and follows again at its end', async ({
  inspector,
}) => {
  const { v, first } = await timelineWith(inspector);
  const seqs = async () => (await rowsOf(v)).map(({ seq }) => seq);
  const coming = say(inspector, 2000, 60_000);
  // Scrolled in a frame in which rows were added: the table follows them only after it, before the scroll's event.
  const torn = await v.target.evaluate(`(async () => {
    const list = document.querySelector('[data-testid="timeline"]');
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    let torn = 0;
    for (let turn = 0; turn < 40; turn += 1) {
      list.scrollTop = list.scrollHeight;
      for (let frames = 0; frames < 4; frames += 1) await frame();
      list.scrollTop = 0;
      for (let frames = 0; frames < 4; frames += 1) await frame();
      if (list.scrollTop !== 0) torn += 1;
    }
    return torn;
  })()`);
  expect(torn).toBe(0);
  await coming;
  await until('all of them', async () => (await v.target.evaluate(ROWS)) > 61_000);
  expect((await seqs())[0]).toBe(first);
  await v.target.evaluate(
    `(() => { const list = document.querySelector('[data-testid="timeline"]'); list.scrollTop = list.scrollHeight; return true; })()`,
  );
  await until('the end', async () => (await seqs()).at(-1) === 61_999);
  await say(inspector, 62_000, 10);
  await until('the newest', async () => (await seqs()).at(-1) === 62_009);
});

test('100,000 entries are added, filtered, sorted, and scrolled without blocking the panel', async ({ inspector }) => {
  const { v, first } = await timelineWith(inspector);
  const last = 2000 + ENTRIES - 1;
  await unblocked(v, async () => {
    await say(inspector, 2000, ENTRIES);
    await until('the last entry', async () => (await rowsOf(v)).at(-1)?.seq === last, 60_000);
  });
  // Only visible rows are rendered.
  expect((await rowsOf(v)).length).toBeLessThan(100);
  expect(await slices(v, entering(`_snrs_${last - 1}`), `rows().join() === '${last - 1}'`)).toBeGreaterThanOrEqual(FEWEST);
  await slices(v, entering(''), 'rows().length > 10');
  await v.target.evaluate(`(async () => {
    const list = document.querySelector('[data-testid="timeline"]');
    for (let part = 0; part <= 20; part += 1) {
      list.scrollTop = (list.scrollHeight * part) / 20;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    list.scrollTop = 0;
  })()`);
  await until('the first entry', async () => (await rowsOf(v))[0]?.seq === first);
  expect((await rowsOf(v)).length).toBeLessThan(100);
  await slices(v, sorted('time'), `document.querySelector('[aria-sort="ascending"][data-column="time"]')`);
  expect(await slices(v, sorted('time'), `rows()[0] === ${last}`)).toBeGreaterThanOrEqual(FEWEST);
  expect(await slices(v, sorted('details'), `rows()[0] !== ${last}`)).toBeGreaterThanOrEqual(FEWEST);
});

/** Opens a file in the panel, as a user does in the browser's file dialog. */
async function opened(v: Pick<Panel, 'target'>, path: string): Promise<void> {
  const { result } = (await v.target.send('Runtime.evaluate', { expression: `document.querySelector('[data-testid="import-har"]')` })) as {
    result: { objectId: string };
  };
  await v.target.send('DOM.setFileInputFiles', { files: [path], objectId: result.objectId });
}

/** A recording of at least `bytes` bytes. Every tenth request is an SDK's. */
function recording(bytes: number): { path: string; requests: number } {
  const path = join(folder('har'), 'large.har');
  const file = openSync(path, 'w');
  const filler = 'x'.repeat(20_000);
  let written = writeSync(file, '{"log":{"version":"1.2","creator":{"name":"t","version":"1"},"entries":[');
  let requests = 0;
  for (; written < bytes; requests += 1) {
    const own = requests % 10 === 0;
    const entry = {
      startedDateTime: new Date(1_800_000_000_000 + requests * 100).toISOString(),
      time: 5,
      request: {
        method: 'GET',
        url: own ? 'https://api.example/v4/events/custom' : 'https://cdn.example/a.js',
        headers: [],
        bodySize: 0,
      },
      response: { status: 200, statusText: 'OK', headers: [], bodySize: -1, content: { size: 1, text: own ? '{}' : filler } },
    };
    written += writeSync(file, `${requests ? ',' : ''}${JSON.stringify(entry)}`);
  }
  writeSync(file, ']}}');
  closeSync(file);
  return { path, requests };
}

test('opening a 200 MB recording shows its progress, can be stopped, and does not block the panel', async ({ inspector }) => {
  const { page } = await inspector.open('/empty');
  const v = await inspector.panel(page);
  await v.tab('Network');
  await until('the tab', () => v.there('import-har'));
  const { path, requests } = recording(200_000_000);
  await opened(v, path);
  await until('progress', async () => /Reading… [1-9][\d.]* MB of 200\.\d MB/.test((await v.text('har-file')) ?? ''), 30_000);
  await v.click('har-cancel');
  await until('reading to stop', async () => (await v.attr('har-file', 'data-ended')) === 'cancelled');
  expect(await v.text('har-file')).toMatch(/Stopped after [\d.]+ MB of 200/);
  const stopped = (await rowsOf(v, 'network')).length;
  expect(stopped).toBeGreaterThan(0);

  await unblocked(v, async () => {
    await opened(v, path);
    await until('the whole recording', async () => (await v.attr('har-file', 'data-ended')) === 'whole', 120_000);
  });
  expect(await v.text('har-file')).toContain(
    `${Math.ceil(requests / 10).toLocaleString('en')} of ${requests.toLocaleString('en')} requests`,
  );
});
