#!/usr/bin/env node
// `npm run inspect -- URL`: prints a page's session and its diagnostic findings. See `--help`.
import { accessSync, constants, existsSync, lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { cancelable } from './cancel.mjs';
import { askedFor, EXIT, Interrupted, PageError, SEVERITIES, USAGE, UsageError } from './inspect/arguments.mjs';
import { json, jsonProblem, table } from './inspect/print.mjs';
import { setUp, toldOf } from './setup.mjs';
import { linesOnTerminal } from './terminal.mjs';

/** @param {readonly string[]} args @returns {Promise<number>} */
async function main(args) {
  const asked = askedFor(args);
  if (asked.help) {
    console.log(USAGE);
    return EXIT.fine;
  }
  if (asked.report !== null) writable(asked.report, asked.check === null);
  setUp();
  // Imported after setup: before it, the packages that this module uses may be missing.
  const { loadCore } = await import('./inspect/core.mjs');
  const core = await loadCore();
  if (asked.watch) {
    await follow(asked, core);
    return EXIT.fine;
  }
  const unknown = asked.mute.filter((rule) => !core.ruleIds.includes(rule));
  if (unknown.length) throw new UsageError(`Unknown rule: ${unknown.join(', ')}. See docs/diagnostics.md.`);
  const { report, steps } =
    asked.check === null ? await look(asked, core) : { report: await fromFile(asked.check, asked, core), steps: [] };
  const { findings: all, broken } = asked.check === null ? report : core.diagnose(report);
  if (broken.length) console.error(`Checks that failed (inspector bug): ${broken.join(', ')}.`);
  const muted = [...new Set([...asked.mute, ...report.muted])];
  const findings = all.filter(({ rule }) => !muted.includes(rule));
  const isBad = findings.some(({ severity }) => asked.failOn !== null && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(asked.failOn));
  const isOff = steps.some(({ ok }) => !ok);
  if (asked.report !== null) {
    const made = { ...report, findings, muted, broken };
    writeFileSync(asked.report, core.fileText(asked.report, made));
  }
  const told = { report, setup: core.setupOf(report), findings, muted, broken, steps, failed: isBad || isOff || broken.length > 0 };
  console.log(asked.json ? json(told) : table(told, core));
  return isOff ? EXIT.script : isBad ? EXIT.findings : broken.length > 0 ? EXIT.setup : EXIT.fine;
}

/** @param {import('./inspect/arguments.mjs').Asked} asked @param {import('./inspect/core.mjs').Core} core */
async function look({ url, ...asked }, core) {
  const { readSteps } = await import('./inspect/steps.mjs');
  const steps = asked.script === null ? [] : readSteps(asked.script, core.operations, process.env);
  const { ensureBuild } = await import('./build.mjs');
  ensureBuild();
  const { inspect } = await import('./inspect/drive.mjs');
  return inspect({ ...asked, secrets: asked.secrets ?? 'pseudonym', url: url ?? '' }, steps, core);
}

/** @param {import('./inspect/arguments.mjs').Asked} asked @param {import('./inspect/core.mjs').Core} core */
async function follow({ url, connect, target, wait, anyStatus, secrets }, core) {
  const [{ openTarget }, { watch }, { ensureBuild }] = await Promise.all([
    import('./inspect/drive.mjs'),
    import('./inspect/watch.mjs'),
    import('./build.mjs'),
  ]);
  ensureBuild();
  const where = connect === null ? { url: url ?? '' } : { endpoint: connect, target };
  const stop = new AbortController();
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => stop.abort());
  process.stdout.once('error', () => stop.abort());
  try {
    await cancelable(stop.signal, async () =>
      watch(await openTarget(where, { wait, anyStatus, secrets: secrets ?? 'pseudonym' }, core), core, stop.signal),
    );
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
}

/**
 * Fails before anything runs if the report can't be written. Removes an old report, which could be mistaken for this run's.
 * @param {string} file @param {boolean} isNew removes the existing file
 */
function writable(file, isNew) {
  try {
    accessSync(existsSync(file) ? file : dirname(resolve(file)), constants.W_OK);
    if (isNew && existsSync(file) && lstatSync(file).isFile()) rmSync(file);
  } catch (error) {
    throw new UsageError(`Can't write the report: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Reads a report from a file and redacts it as requested, because the output may end up in a CI log.
 * @param {string} file @param {import('./inspect/arguments.mjs').Asked} asked @param {import('./inspect/core.mjs').Core} core
 */
async function fromFile(file, { secrets }, core) {
  const report = readFile(file, core);
  return secrets === null ? report : core.redactReport(report, secrets);
}

/** @param {string} file @param {import('./inspect/core.mjs').Core} core */
function readFile(file, core) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`Can't read ${file}: ${error instanceof Error ? error.message : error}`);
  }
  const read = core.readReport(text);
  if ('problem' in read) throw new UsageError(`${file}: ${read.problem}`);
  return read.report;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const reason = linesOnTerminal(error instanceof Error ? error.message : error);
  console.error(toldOf(error));
  if (error instanceof UsageError) console.error('Run `npm run inspect -- --help` for usage.');
  process.exitCode = error instanceof UsageError || error instanceof PageError || error instanceof Interrupted ? error.exit : EXIT.setup;
  // Programs find every error on stdout too; with `--watch`, in one line.
  const isLines = process.argv.includes('--watch');
  if (isLines || process.argv.includes('--json')) console.log(jsonProblem({ exit: process.exitCode, reason }, isLines ? 0 : 2));
  // Pending waits would keep the process running.
  if (error instanceof Interrupted) process.exit();
}
