// `npm run inspect -- --watch`: prints one JSON line per event of a session, until it is stopped.
import { setTimeout as pause } from 'node:timers/promises';
import { jsonOnTerminal } from '../terminal.mjs';
import { PageError } from './arguments.mjs';
import { jsonSession, OUTPUT_VERSION } from './print.mjs';

/** @typedef {import('../../lib/report/report').Report} Report */

/** Between two looks at the session (ms). */
const INTERVAL = 500;

/**
 * Creates a function that returns the lines for what changed since the report before.
 * @param {import('./core.mjs').Core['setupOf']} setupOf
 * @returns {(report: Report) => readonly string[]}
 */
export function createNews(setupOf) {
  let shown = '';
  /** The entries as printed, by `seq`. @type {Map<number, string>} */
  const entries = new Map();
  /** The findings as printed, by rule. @type {Map<string, string>} */
  let findings = new Map();
  const line = (/** @type {object} */ event) => jsonOnTerminal(JSON.stringify({ version: OUTPUT_VERSION, ...event }));
  return (report) => {
    const { session, timeline } = report;
    const { at } = session;
    const lines = [];
    const now = jsonSession(session, setupOf(report));
    if (JSON.stringify(now) !== shown) {
      shown = JSON.stringify(now);
      lines.push(line({ event: 'session', at, session: now }));
    }
    for (const entry of timeline) {
      const text = JSON.stringify(entry);
      if (entries.get(entry.seq) === text) continue;
      entries.set(entry.seq, text);
      lines.push(line({ event: 'entry', entry }));
    }
    const found = new Map(report.findings.map((finding) => [finding.rule, JSON.stringify(finding)]));
    for (const finding of report.findings)
      if (findings.get(finding.rule) !== found.get(finding.rule)) lines.push(line({ event: 'finding', at, finding }));
    for (const rule of findings.keys()) if (!found.has(rule)) lines.push(line({ event: 'finding-gone', at, rule }));
    findings = found;
    return lines;
  };
}

/**
 * Prints the events of what is open until a signal stops it, or nobody reads them any more.
 * @param {import('./drive.mjs').Target} target @param {import('./core.mjs').Core} core
 * @throws {PageError} if the browser is gone
 */
export async function watch(target, { setupOf }) {
  const stop = new AbortController();
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => stop.abort());
  process.stdout.once('error', () => stop.abort());
  const news = createNews(setupOf);
  try {
    while (!stop.signal.aborted) {
      for (const line of news(await target.report())) console.log(line);
      await pause(INTERVAL, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } catch (error) {
    if (!stop.signal.aborted) throw (await target.isThere()) ? error : new PageError('The browser was closed.');
  } finally {
    await target.close();
  }
}
