/** The report: one file with everything known about a session, for a ticket, a colleague or a CI job. Pure. */

import { type Case, type CaseDetail, type CaseFacts, type Generation, generationsOf } from '../diagnostics/case';
import type { Finding } from '../diagnostics/rule';
import type { RequestRecord } from '../network/request';
import type { CallDetail } from '../page/wire';
import type { HistoryEntry } from '../session/history/history';
import { KEPT_WHOLE, type Redaction } from './secrecy';

export const REPORT_FORMAT = 'synerise-session-report';
/** Increased when the shape changes, together with a step in `read.ts` that upgrades the previous version. */
export const REPORT_VERSION = 1;

/** An entry of the timeline, with the details of its call. */
export type ReportEntry = HistoryEntry & { readonly detail?: CallDetail };

/** Summary of one customer session of the tab: one site, one client. */
export interface ReportSession {
  readonly nth: number;
  /** Time of its first and last entry (epoch ms). */
  readonly from: number;
  readonly to: number;
  readonly entries: number;
  /** Number of its UUID and token entries. */
  readonly uuids: number;
  readonly tokens: number;
}

/** A report. Instants inside are epoch ms. */
export interface Report {
  readonly format: typeof REPORT_FORMAT;
  readonly version: typeof REPORT_VERSION;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The extension, or the command line, and its version. */
  readonly by: { readonly name: string; readonly version: string };
  /** The browser, as it identifies itself. */
  readonly browser: string;
  /** How secrets were treated. */
  readonly redaction: Redaction;
  /** Identifies the key of the pseudonyms: those of one key are comparable. `null`: no pseudonyms, or several keys. */
  readonly pseudonymKey: string | null;
  /** What was known about the session at `session.at`. */
  readonly session: CaseFacts;
  readonly sessions: readonly ReportSession[];
  readonly generations: readonly Generation[];
  readonly timeline: readonly ReportEntry[];
  /** Number of older entries dropped for lack of space. */
  readonly dropped: number;
  /** Requests with all details; the timeline has a line for each. */
  readonly requests: readonly RequestRecord[];
  readonly findings: readonly Finding[];
  /** IDs of the rules that are muted on the site. */
  readonly muted: readonly string[];
  /** IDs of the rules that threw, so that what they check is unchecked: a bug of the inspector. */
  readonly broken: readonly string[];
}

/** What a report needs besides the case. */
export interface ReportMaker {
  readonly by: Report['by'];
  readonly browser: string;
  readonly findings: readonly Finding[];
  readonly muted: readonly string[];
  readonly broken: readonly string[];
  readonly dropped: number;
}

/** Creates the report of a case, with all its secrets: call `redact` before it goes anywhere. */
export function reportOf({ entries, detailOf, ...session }: Case, maker: ReportMaker): Report {
  const { by, findings, muted, broken, dropped } = maker;
  const requests = new Map<string, RequestRecord>();
  const timeline = entries.map((entry): ReportEntry => {
    const detail = 'key' in entry ? detailOf(entry.key) : null;
    if (entry.kind === 'request') {
      if (detail?.request) requests.set(entry.key, { ...detail.request, key: entry.key });
      return entry;
    }
    return detail?.call && Object.keys(detail.call).length ? { ...entry, detail: detail.call } : entry;
  });
  return {
    format: REPORT_FORMAT,
    version: REPORT_VERSION,
    createdAt: new Date(session.at).toISOString(),
    by,
    // A variable of this name would make WXT import the whole polyfill.
    browser: maker.browser,
    redaction: KEPT_WHOLE,
    pseudonymKey: null,
    session,
    sessions: sessionsOf(entries),
    generations: [...generationsOf(entries, 'uuid'), ...generationsOf(entries, 'token')].sort((a, b) => a.from - b.from || a.seq - b.seq),
    timeline,
    dropped,
    requests: [...requests.values()],
    findings,
    muted,
    broken,
  };
}

function sessionsOf(entries: readonly HistoryEntry[]): ReportSession[] {
  const byNth = new Map<number, HistoryEntry[]>();
  for (const entry of entries) {
    const own = byNth.get(entry.nth);
    if (own) own.push(entry);
    else byNth.set(entry.nth, [entry]);
  }
  const count = (own: readonly HistoryEntry[], kind: HistoryEntry['kind']) => own.filter((entry) => entry.kind === kind).length;
  return [...byNth].map(([nth, own]) => {
    const [from, to] = own.reduce(([least, most], { at }) => [Math.min(least, at), Math.max(most, at)], [Number.POSITIVE_INFINITY, 0]);
    return { nth, from, to, entries: own.length, uuids: count(own, 'uuid'), tokens: count(own, 'token') };
  });
}

/** The case in a report, for rules and views. */
export function caseOf({ session, timeline, requests }: Pick<Report, 'session' | 'timeline' | 'requests'>): Case {
  const details = new Map<string, CaseDetail>(requests.map((request) => [request.key, { request }]));
  const entries = timeline.map(({ detail, ...entry }) => {
    if (detail && 'key' in entry) details.set(entry.key, { call: detail });
    return entry as HistoryEntry;
  });
  return { ...session, entries, detailOf: (key) => details.get(key) ?? null };
}
