// An hour of 200 sessions in virtual time, with the worker killed every second: what was lost or done twice, and what it takes.
// By itself: `node tests/bench/soak.mjs [--sessions=200] [--seconds=3600] [--rate=4] [--seed=1]`
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { compare } from './support.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export const title = 'An hour of 200 sessions, the worker killed every second (virtual time)';

/**
 * Builds the soak with the browser's fake in the place of the browser, and runs it in a process of its own.
 * @param {readonly string[]} options
 * @param {(undo: () => unknown) => void} defer
 * @returns {Promise<import('./soak').SoakFigures>}
 */
async function run(options, defer) {
  const outDir = mkdtempSync(join(tmpdir(), `synerise-soak-${process.pid}-`));
  defer(() => rmSync(outDir, { recursive: true, force: true }));
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    resolve: {
      alias: [
        { find: 'wxt/browser', replacement: join(ROOT, 'tests/unit/fakes/browser.ts') },
        { find: /^@\//, replacement: ROOT },
      ],
    },
    ssr: { noExternal: true },
    build: { ssr: join(ROOT, 'tests/bench/soak.ts'), outDir, emptyOutDir: false, minify: false, target: 'node20' },
  });
  const child = spawn(process.execPath, ['--expose-gc', join(outDir, 'soak.js'), '--soak', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  defer(() => child.kill());
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  if (!text) throw new Error('The soak ended without figures.');
  return /** @type {import('./soak').SoakFigures} */ (JSON.parse(text));
}

/** @param {import('./soak').SoakFigures} figures what of them must be nothing */
const faults = ({ lost, doubledTransitions, doubledOperations, withoutOutcome, doubledRefreshes, refreshesAfterExpiry, stale }) => ({
  lost,
  doubledTransitions,
  doubledOperations,
  withoutOutcome,
  doubledRefreshes,
  refreshesAfterExpiry,
  stale,
});

/** @type {import('./support.mjs').Subject} */
export async function measure({ defer }) {
  const figures = await run([], defer);
  console.error(`Soak: ${JSON.stringify(figures)}`);
  const bad = Object.entries(faults(figures)).filter(([, count]) => count > 0);
  if (bad.length) console.error(`Soak: ${bad.map(([name, count]) => `${name} ${count}`).join(', ')}`);
  const kb = (/** @type {number} */ bytes) => [bytes / 1024];
  const count = /** @type {'KB'} */ (/** @type {unknown} */ ('count'));
  const { transitions, operations, kills, storageAtMost, quota, heapLate, heapEarly, realMs, virtualSeconds } = figures;
  return [
    ...Object.entries(faults(figures)).map(([name, found]) =>
      compare({ name: name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`), against: 'none', unit: count }, [found], [0]),
    ),
    compare({ name: 'transitions seen', against: 'kills of the worker', unit: count }, [transitions], [kills]),
    compare({ name: 'operations', against: 'kills of the worker', unit: count }, [operations], [kills]),
    compare({ name: 'storage.session at most', against: "the browser's limit", unit: 'KB' }, kb(storageAtMost), kb(quota)),
    compare({ name: 'heap in the end', against: 'after a third of it', unit: 'KB' }, kb(heapLate), kb(heapEarly)),
    compare({ name: 'real time of a virtual second', against: 'a second', unit: 'ms' }, [realMs / virtualSeconds], [1000]),
  ];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  /** @type {(() => unknown)[]} */
  const undone = [];
  try {
    const figures = await run(process.argv.slice(2), (undo) => undone.push(undo));
    console.log(JSON.stringify(figures, null, 2));
    if (Object.values(faults(figures)).some((count) => count > 0)) process.exitCode = 1;
  } finally {
    for (const undo of undone.reverse()) await undo();
  }
}
