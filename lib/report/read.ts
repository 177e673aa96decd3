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
  if (!rows.success) return { problem: `Not a list of timeline rows${placeOf(rows.error)}.` };
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
    return { problem: `File is too large: ${Math.round(file.length / 1e6)} MB (limit ${MAX_REPORT / 1e6} MB).` };
  if (file.trim() === '') return { problem: 'File is empty.' };
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
    if (error instanceof RangeError || /recursion/.test(String(error))) return { problem: 'Not a session report (nested too deeply).' };
    throw error;
  }
}

function checked(stored: unknown): { readonly report: Report } | Unreadable {
  const from = versionOf(stored);
  if (typeof from !== 'number') return from;
  let known = stored as object;
  for (let version = from; version < REPORT_VERSION; version += 1) {
    const next = STEPS[version]?.(known) ?? { problem: `Unknown report version ${version}.` };
    if ('problem' in next) return next as Unreadable;
    known = next;
  }
  const parsed = reportSchema.safeParse(known);
  return parsed.success ? { report: parsed.data } : { problem: `Report is damaged${placeOf(parsed.error)}.` };
}

function versionOf(stored: unknown): number | Unreadable {
  if (Array.isArray(stored)) return 0;
  if (typeof stored !== 'object' || stored === null) return { problem: 'Not a session report.' };
  const { format, version, log } = stored as { format?: unknown; version?: unknown; log?: unknown };
  if (format !== REPORT_FORMAT)
    return {
      problem: log === undefined ? 'Not a session report.' : 'This is a HAR file. Import it in the Network tab.',
    };
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) return { problem: 'Report is damaged (no version).' };
  if (version > REPORT_VERSION)
    return {
      problem: `Report version ${version} isn’t supported (up to ${REPORT_VERSION}). Update the inspector.`,
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
  if (file.trimStart().startsWith('{') && last !== '}') return 'File is truncated.';
  const at = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return `Not valid JSON${at === undefined ? '' : ` (character ${Number(at).toLocaleString('en')})`}.`;
}

/** The text of a report file. */
export const writeReport = (report: Report): string => `${JSON.stringify(report, null, 1)}\n`;
