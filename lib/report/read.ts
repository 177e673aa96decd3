/** Reads report files of this and older versions. A file may come from anywhere, so nothing in it is trusted. */
import * as z from 'zod/mini';
import { factsOf, memberOf } from '../diagnostics/case';
import { isRecord } from '../page/plain';
import { newSession, withPart } from '../session/session';
import { REPORT_FORMAT, REPORT_VERSION, type Report, type ReportEntry, reportOf } from './report';
import { entrySchema, MOST_ENTRIES, reportSchema } from './schema';

/** Longer files aren't read (characters). */
export const MAX_REPORT = 200_000_000;

/** What is wrong with a file, in a sentence for the person who chose it. */
export interface Unreadable {
  readonly problem: string;
}

type Step = (stored: unknown) => object | Unreadable;
/** Upgrades from version `n` to `n + 1`. Version 0 is a list of rows copied from the timeline, and nothing else. */
const STEPS: Readonly<Record<number, Step>> = { 0: ofRows };

function ofRows(stored: unknown): object | Unreadable {
  const list = stored as readonly unknown[];
  const rows = z.array(entrySchema).check(z.minLength(1), z.maxLength(MOST_ENTRIES)).safeParse(list.map(rowOf));
  if (!rows.success) return { problem: `This file is a list, and none of the rows of a timeline${placeOf(rows.error)}.` };
  // The timeline shows effects under their causes, and rows may have been filtered out.
  const entries = (rows.data as ReportEntry[]).sort((a, b) => a.seq - b.seq);
  const requests = new Map<unknown, object>();
  for (const row of list) {
    const request = memberOf(memberOf(row, 'detail'), 'request');
    // A request is noted again when more is known: the last one wins.
    if (isRecord(request)) requests.set(memberOf(row, 'key'), { ...request, key: memberOf(row, 'key') });
  }
  const at = entries.reduce((latest, entry) => Math.max(latest, entry.at), 0);
  const facts = factsOf(withPart(newSession(0, false, entries[0]?.at ?? at), 'history', { nth: entries.at(-1)?.nth ?? 0 }), at, []);
  const by = { name: 'Rows copied from a timeline', version: '' };
  const made = reportOf({ ...facts, entries, detailOf: () => null }, { by, browser: '', findings: [], muted: [], broken: [], dropped: 0 });
  // Rows copied from the timeline contain no tokens.
  return { ...made, redaction: { ...made.redaction, tokens: 'removed' }, timeline: entries, requests: [...requests.values()] };
}

/** Copied rows hold the details of a call one level deeper than reports do. */
function rowOf(row: unknown): unknown {
  const call = memberOf(memberOf(row, 'detail'), 'call');
  return isRecord(row) && call !== undefined ? { ...row, detail: call } : row;
}

/** Parses a report file; returns the report, or what is wrong with the file. */
export function readReport(file: string): { readonly report: Report } | Unreadable {
  if (file.length > MAX_REPORT)
    return { problem: `This file is too long: ${Math.round(file.length / 1e6)} MB of at most ${MAX_REPORT / 1e6} MB.` };
  if (file.trim() === '') return { problem: 'This file is empty.' };
  let stored: unknown;
  try {
    // Some editors add a byte order mark.
    stored = JSON.parse(file.replace(/^\ufeff/, ''));
  } catch (error) {
    return { problem: brokenJson(file, error) };
  }
  try {
    return checked(stored);
  } catch (error) {
    // Nested deeper than any real report. Firefox throws a different type of error.
    if (error instanceof RangeError || /recursion/.test(String(error)))
      return { problem: 'This file is nested too deeply to be a report.' };
    throw error;
  }
}

function checked(stored: unknown): { readonly report: Report } | Unreadable {
  const from = versionOf(stored);
  if (typeof from !== 'number') return from;
  let known = stored as object;
  for (let version = from; version < REPORT_VERSION; version += 1) {
    const next = STEPS[version]?.(known) ?? { problem: `This report is of version ${version}, which no inspector ever wrote.` };
    if ('problem' in next) return next as Unreadable;
    known = next;
  }
  const parsed = reportSchema.safeParse(known);
  return parsed.success ? { report: parsed.data } : { problem: `This report is damaged${placeOf(parsed.error)}.` };
}

function versionOf(stored: unknown): number | Unreadable {
  if (Array.isArray(stored)) return 0;
  if (typeof stored !== 'object' || stored === null) return { problem: 'This file is JSON, and no report.' };
  const { format, version, log } = stored as { format?: unknown; version?: unknown; log?: unknown };
  if (format !== REPORT_FORMAT)
    return {
      problem: log === undefined ? 'This file is JSON, and no report of this inspector.' : 'This file is a HAR: open it under Network.',
    };
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    return { problem: 'This report names no version: it is damaged.' };
  if (version > REPORT_VERSION)
    return {
      problem: `This report is of version ${version}; this inspector knows versions up to ${REPORT_VERSION}. A newer one opens it.`,
    };
  return version;
}

function placeOf({ issues }: z.core.$ZodError): string {
  const [issue] = issues;
  return issue?.path.length ? ` at ${issue.path.map(String).join(' → ')}: ${issue.message}` : '';
}

/** Explains where JSON is invalid; a missing end is the most common reason. */
function brokenJson(file: string, error: unknown): string {
  const last = file.trimEnd().at(-1);
  if (file.trimStart().startsWith('{') && last !== '}') return 'This file breaks off: its end is missing. It may have been cut on its way.';
  const at = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return `This file is no JSON${at === undefined ? '' : `, from character ${Number(at).toLocaleString('en')} on`}: it may be damaged, or of another kind.`;
}

/** The text of a report file. */
export const writeReport = (report: Report): string => `${JSON.stringify(report, null, 1)}\n`;
