/** The report: one file that holds what is known of a session, for a ticket, a colleague or a CI job. Pure. */

import { type Case, type CaseDetail, type CaseFacts, type Generation, generationsOf } from '../diagnostics/case';
import type { Finding } from '../diagnostics/rule';
import type { RequestRecord } from '../network/request';
import type { CallDetail } from '../page/wire';
import type { HistoryEntry } from '../session/history/history';
import { KEPT_WHOLE, type Redaction } from './secrecy';

export const REPORT_FORMAT = 'synerise-session-report';
/** Raised when the shape changes, with a step in `read.ts` that brings the older one up. */
export const REPORT_VERSION = 1;

/** An entry of the timeline, with what is known of a call beside it. */
export type ReportEntry = HistoryEntry & { readonly detail?: CallDetail };

/** One session of the tab: what a customer had on one site, by one SDK. */
export interface ReportSession {
  readonly nth: number;
  /** Of its first and last entry (epoch ms). */
  readonly from: number;
  readonly to: number;
  readonly entries: number;
  /** UUIDs and tokens that it has had. */
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
  /** The browser, by its own words. */
  readonly browser: string;
  /** What was done with what is secret. */
  readonly redaction: Redaction;
  /** Of the key that pseudonyms were made with: those of one key can be held against each other. `null`: none, or of several keys. */
  readonly pseudonymKey: string | null;
  /** What was known of the session at `session.at`. */
  readonly session: CaseFacts;
  readonly sessions: readonly ReportSession[];
  readonly generations: readonly Generation[];
  readonly timeline: readonly ReportEntry[];
  /** How many older entries there was no room for. */
  readonly dropped: number;
  /** Requests of which all is known; the timeline has a line of each. */
  readonly requests: readonly RequestRecord[];
  readonly findings: readonly Finding[];
  /** Ids of the rules whose findings were left out at the site. */
  readonly muted: readonly string[];
  /** Ids of the rules that broke, so that what they look at was not looked at: a fault of the inspector. */
  readonly broken: readonly string[];
}

/** What a report is made of beside the case. */
export interface ReportMaker {
  readonly by: Report['by'];
  readonly browser: string;
  readonly findings: readonly Finding[];
  readonly muted: readonly string[];
  readonly broken: readonly string[];
  readonly dropped: number;
}

/** The report of a case, with all its secrets in it: `redact` comes before it goes anywhere. */
export function reportOf({ entries, detailOf, ...session }: Case, { by, browser, findings, muted, broken, dropped }: ReportMaker): Report {
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
    browser,
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

/** The case that a report tells, for rules and views. */
export function caseOf({ session, timeline, requests }: Pick<Report, 'session' | 'timeline' | 'requests'>): Case {
  const details = new Map<string, CaseDetail>(requests.map((request) => [request.key, { request }]));
  const entries = timeline.map(({ detail, ...entry }) => {
    if (detail && 'key' in entry) details.set(entry.key, { call: detail });
    return entry as HistoryEntry;
  });
  return { ...session, entries, detailOf: (key) => details.get(key) ?? null };
}
