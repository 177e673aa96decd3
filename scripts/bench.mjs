// Measures the extension's size, cost and speed, each against a reference in the same run. Reports only: no pass or fail.
// `npm run bench -- [--json] [--runs N] [--only SUBJECT] [--compare FILE]`. A whole run writes docs/speed.md too.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { comparison, report } from './bench-report.mjs';
import { buildExtension } from './build.mjs';
import { program, ROOT, SetupError } from './setup.mjs';
import { speedPage } from './speed-page.mjs';

const SUBJECTS = [
  'sizes',
  'unasked',
  'watched',
  'detection',
  'popup',
  'panel',
  'firefox',
  'change',
  'operations',
  'connected',
  'agents',
  'timeline',
  'soak',
];
/** Slow subjects, which run only when `--only` names them. */
const LONG_SUBJECTS = ['calls'];
const DEFAULT_RUNS = 30;
const USAGE = 'Usage: npm run bench -- [--json] [--runs N] [--only SUBJECT] [--compare FILE]';

/** @typedef {import('./bench-report.mjs').Result} Result */

await program(async () => {
  const { json, runs, subjects, before } = asked();
  prepare();
  /** @type {(() => unknown)[]} */
  const undone = [];
  // Serialized, because a signal can arrive while the interrupted subject is already cleaning up.
  let undoing = Promise.resolve();
  const undoAll = () => {
    undoing = undoing.then(async () => {
      for (let undo = undone.pop(); undo; undo = undone.pop()) await Promise.resolve().then(undo).catch(console.error);
    });
    return undoing;
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.once(signal, () => undoAll().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143)));

  /** @type {Result[]} */
  const results = [];
  for (const subject of subjects) {
    console.error(`Measuring: ${subject} …`);
    try {
      const { title, measure } = await import(`../tests/bench/${subject}.mjs`);
      results.push({ subject, title, rows: await measure({ runs, defer: (/** @type {() => unknown} */ undo) => undone.push(undo) }) });
    } finally {
      await undoAll();
    }
  }
  const machine = { node: process.versions.node, platform: process.platform, cpus: cpus().length, cpu: cpus()[0]?.model ?? 'unknown' };
  if (subjects === SUBJECTS) writeFileSync(join(ROOT, 'docs', 'speed.md'), speedPage(results, machine, runs, new Date()));
  console.log(json ? JSON.stringify({ at: new Date().toISOString(), machine, runs, results }, null, 2) : report(results));
  // On stdout it would follow the JSON, which programs could then not parse.
  if (before) console[json ? 'error' : 'log'](`\n${comparison(before, results)}`);
});

/** @returns {{ json: boolean, runs: number, subjects: readonly string[], before: readonly Result[] | null }} */
function asked() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        runs: { type: 'string', default: String(DEFAULT_RUNS) },
        only: { type: 'string' },
        compare: { type: 'string' },
      },
    }));
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : error} ${USAGE}`);
  }
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new SetupError(`--runs takes a whole number from 1 on, not ${values.runs}.`);
  const { only } = values;
  const all = [...SUBJECTS, ...LONG_SUBJECTS];
  if (only !== undefined && !all.includes(only)) throw new SetupError(`--only takes one of ${all.join(', ')}, not ${only}.`);
  const before = values.compare === undefined ? null : keptRun(values.compare);
  return { json: values.json, runs, subjects: only === undefined ? SUBJECTS : [only], before };
}

/** The results of a run that was kept with `--json`. @param {string} file @returns {readonly Result[]} */
function keptRun(file) {
  try {
    const text = readFileSync(file, 'utf8');
    // Without `--silent`, `npm run` prints the command before the JSON.
    const { results } = JSON.parse(text.slice(text.indexOf('{')));
    if (Array.isArray(results)) return results;
  } catch (error) {
    throw new SetupError(`Can't read ${file}: ${error instanceof Error ? error.message : error}`);
  }
  throw new SetupError(`${file} isn't a run of the bench. Keep one with \`npm run bench -- --json > FILE\`.`);
}

/** Runs setup, and builds the extension for each browser that has no build yet. */
function prepare() {
  // In a child process with stdout redirected to stderr, so that npm and download output doesn't mix with the JSON.
  const setUp = "import { program, setUp } from './scripts/setup.mjs'; await program(async () => void setUp());";
  const ready = spawnSync(process.execPath, ['--input-type=module', '-e', setUp], { cwd: ROOT, stdio: ['inherit', 2, 2] });
  if (ready.status !== 0) throw new SetupError('The bench needs this set-up.');
  for (const [build, ...args] of /** @type {const} */ ([['chrome-mv3'], ['firefox-mv3', '-b', 'firefox']]))
    if (!existsSync(join(ROOT, '.output', build, 'manifest.json'))) buildExtension(...args);
}
