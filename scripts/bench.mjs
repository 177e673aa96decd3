// Measures the extension's size, cost and speed, each against a reference in the same run. Reports only: no pass or fail.
// `npm run bench -- [--json] [--runs N] [--only SUBJECT]`
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { program, ROOT, SetupError, WXT } from './setup.mjs';

const SUBJECTS = ['sizes', 'unasked', 'watched', 'detection', 'popup', 'panel', 'change', 'operations', 'timeline', 'soak'];
/** Slow subjects, which run only when `--only` names them. */
const LONG_SUBJECTS = ['calls'];
const DEFAULT_RUNS = 30;
const USAGE = 'Usage: npm run bench -- [--json] [--runs N] [--only SUBJECT]';

/**
 * @typedef {import('../tests/bench/support.mjs').Row} Row
 * @typedef {import('../tests/bench/support.mjs').Spread} Spread
 */

await program(async () => {
  const { json, runs, subjects } = asked();
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

  /** @type {{ subject: string, title: string, rows: Row[] }[]} */
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
  console.log(json ? JSON.stringify({ at: new Date().toISOString(), machine, runs, results }, null, 2) : report(results));
});

/** @returns {{ json: boolean, runs: number, subjects: readonly string[] }} */
function asked() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        runs: { type: 'string', default: String(DEFAULT_RUNS) },
        only: { type: 'string' },
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
  return { json: values.json, runs, subjects: only === undefined ? SUBJECTS : [only] };
}

/** Runs setup, and builds the extension if there is no build yet. */
function prepare() {
  // In a child process with stdout redirected to stderr, so that npm and download output doesn't mix with the JSON.
  const setUp = "import { program, setUp } from './scripts/setup.mjs'; await program(async () => void setUp());";
  const ready = spawnSync(process.execPath, ['--input-type=module', '-e', setUp], { cwd: ROOT, stdio: ['inherit', 2, 2] });
  if (ready.status !== 0) throw new SetupError('The bench needs this set-up.');
  if (existsSync(join(ROOT, '.output', 'chrome-mv3', 'manifest.json'))) return;
  console.error('Building the extension …');
  const built = spawnSync(process.execPath, [WXT, 'build'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new SetupError(`The build failed:\n${built.stdout}${built.stderr}`);
}

/** @param {readonly { title: string, rows: Row[] }[]} results */
function report(results) {
  const number = (/** @type {number} */ value) => value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
  const ratio = (/** @type {number} */ value) => value.toFixed(2);
  /** @param {Spread} spread @param {(value: number) => string} write @param {number} runs */
  const whole = ({ median, q1, q3 }, write, runs) => (runs > 1 ? `${write(median)} [${write(q1)}, ${write(q3)}]` : write(median));
  const tables = results.map(({ title, rows }) => ({
    title,
    lines: [
      ['', 'measured', 'reference', 'difference', 'ratio', 'the reference'],
      ...rows.map((row) => [
        `${row.name}, ${row.unit}`,
        whole(row.value, number, row.runs),
        whole(row.reference, number, row.runs),
        whole(row.difference, number, row.runs),
        row.ratio ? whole(row.ratio, ratio, row.runs) : '',
        row.against,
      ]),
    ],
  }));
  const widths = (tables[0]?.lines[0] ?? []).map((_, column) =>
    Math.max(...tables.flatMap(({ lines }) => lines.map((line) => line[column]?.length ?? 0))),
  );
  const write = (/** @type {string[]} */ line) => `  ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  return ['Median [quartiles]; difference and ratio are of pairs measured one right after the other.', '']
    .concat(tables.flatMap(({ title, lines }) => [title, ...lines.map(write), '']))
    .join('\n')
    .trimEnd();
}
