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
  let entries = new Map();
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
    const texts = new Map(timeline.map((entry) => [entry.seq, JSON.stringify(entry)]));
    for (const entry of timeline) if (entries.get(entry.seq) !== texts.get(entry.seq)) lines.push(line({ event: 'entry', entry }));
    entries = texts;
    const found = new Map(report.findings.map((finding) => [finding.rule, JSON.stringify(finding)]));
    for (const finding of report.findings)
      if (findings.get(finding.rule) !== found.get(finding.rule)) lines.push(line({ event: 'finding', at, finding }));
    for (const rule of findings.keys()) if (!found.has(rule)) lines.push(line({ event: 'finding-gone', at, rule }));
    findings = found;
    return lines;
  };
}

/**
 * Prints the events of what is open until `stop` is aborted, and closes it.
 * @param {import('./drive.mjs').Target} target @param {import('./core.mjs').Core} core @param {AbortSignal} stop
 * @throws {PageError} if the browser is gone
 */
export async function watch(target, { setupOf }, stop) {
  const news = createNews(setupOf);
  try {
    while (!stop.aborted) {
      for (const line of news(await target.report())) console.log(line);
      await pause(INTERVAL, undefined, { signal: stop }).catch(() => undefined);
    }
  } catch (error) {
    throw stop.aborted || (await target.isThere()) ? error : new PageError('The browser was closed.');
  } finally {
    await target.close();
  }
}
