// A report is unchanged after writing and reading, and old files can always be read.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod/mini';
import { diagnose } from '@/lib/diagnostics/diagnose';
import { RULES } from '@/lib/diagnostics/rules';
import { readReport, writeReport } from '@/lib/report/read';
import { caseOf, type Report, type ReportEntry, reportOf } from '@/lib/report/report';
import type { entrySchema, reportSchema } from '@/lib/report/schema';
import type { Plain } from '@/lib/sdk/plain-data';
import type { HistoryEntry } from '@/lib/session/history/history';
import { MINUTE, ORIGIN } from '../fakes/make';
import { anyReport } from './arbitraries';
import { API, caseOfPerson, DOCUMENT, JANE, MAKER, NOW, reportOfPerson, ruleIds, tokenOf } from './make';

type Whole = z.input<typeof reportSchema>;
type Entry = z.input<typeof entrySchema>;
/** Types for comparison: values from a page may be anything. */
type Loose<T> = [Plain] extends [T] ? never : T extends readonly unknown[] | object ? { -readonly [K in keyof T]: Loose<T[K]> } : T;

function read(file: string): Report {
  const back = readReport(file);
  if ('problem' in back) throw new Error(back.problem);
  return back.report;
}

/** A row's JSON as the timeline copies it, with its details. */
const copied = ({ detail, ...entry }: ReportEntry, requests: Report['requests']) => {
  const request = 'key' in entry ? requests.find(({ key }) => key === entry.key) : undefined;
  return { ...entry, ...((detail || request) && { detail: { ...(detail && { call: detail }), ...(request && { request }) } }) };
};

describe('a report', () => {
  it('is read as it was written', () => {
    const report = reportOfPerson();
    expect(read(writeReport(report))).toEqual(report);
    expect(read(`\ufeff${writeReport(report)}`)).toEqual(report);
  });

  it('is read as it was written, for arbitrary reports', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        expect(read(writeReport(report))).toEqual(report);
      }),
      { numRuns: 150 },
    );
  });

  it('may be anything that its types allow', () => {
    // Otherwise a report that was just written would not open.
    expectTypeOf<Loose<HistoryEntry>>().toExtend<Entry>();
    expectTypeOf<Loose<Report>>().toExtend<Whole>();
  });

  it('gives the same case', () => {
    const subject = caseOfPerson();
    const report = read(writeReport(reportOf(subject, { ...MAKER, findings: diagnose(RULES, subject).findings })));
    const again = caseOf(report);
    expect(ruleIds(again)).toEqual(ruleIds(subject));
    expect(ruleIds(again)).not.toEqual([]);
    expect(diagnose(RULES, again).findings).toEqual(report.findings);
    expect(again.entries).toEqual(subject.entries);
    for (const entry of subject.entries) if ('key' in entry) expect(again.detailOf(entry.key)).toEqual(subject.detailOf(entry.key));
    expect(again.detailOf('none')).toBeNull();
  });

  it('lists its sessions and generations', () => {
    const { sessions, generations } = reportOfPerson();
    expect(sessions).toEqual([{ nth: 2, from: expect.any(Number), to: expect.any(Number), entries: 18, uuids: 2, tokens: 1 }]);
    expect(generations.map(({ what, value, to }) => [what, value, to !== null])).toEqual([
      ['uuid', JANE.firstUuid, true],
      ['uuid', JANE.uuid, false],
      ['token', expect.any(String), false],
    ]);
  });
});

describe('rows copied from the timeline', () => {
  const report = reportOfPerson();
  const rows = report.timeline.map((entry) => copied(entry, report.requests));

  it('open as a report of those rows, with the details of calls and requests', () => {
    const opened = read(JSON.stringify(rows));
    expect(opened).toMatchObject({ format: report.format, version: 1, findings: [], muted: [], dropped: 0, sessions: report.sessions });
    expect(opened.timeline).toEqual(report.timeline);
    expect(opened.requests).toEqual(report.requests);
    expect(opened.session.at).toBe(Math.max(...rows.map(({ at }) => at)));
    expect(opened.generations).toEqual(report.generations);
  });

  it('open in the order in which they were recorded', () => {
    expect(read(JSON.stringify(rows.toReversed())).timeline).toEqual(report.timeline);
  });

  it("open in the form of a report's timeline", () => {
    expect(read(JSON.stringify(report.timeline)).timeline).toEqual(report.timeline);
    expect(read(JSON.stringify(report.timeline.slice(3, 4))).timeline).toHaveLength(1);
  });
});

describe('a file written by version 1', () => {
  const file = readFileSync(new URL('../../fixtures/report-v1.json', import.meta.url), 'utf8');

  it('opens', () => {
    const { session, timeline, requests, findings, ...about } = read(file);
    expect(about).toMatchObject({
      format: 'synerise-session-report',
      createdAt: '2027-01-15T08:30:00.000Z',
      by: MAKER.by,
      browser: 'Chrome 140',
      redaction: { tokens: 'kept', personal: 'kept', ids: 'kept' },
      dropped: 3,
      muted: ['old-cookies'],
    });
    expect(session).toMatchObject({
      at: NOW,
      origin: ORIGIN,
      phase: 'attached',
      identity: 'signed-in',
      nth: 2,
      customer: { uuid: JANE.uuid },
      token: { raw: tokenOf(JANE), clientId: JANE.clientId, customId: JANE.customId, expiresAt: NOW + 20 * MINUTE },
      account: { value: { email: JANE.email } },
    });
    expect(timeline.map(({ seq, kind }) => `${seq} ${kind}`)).toEqual([
      '1 document',
      '2 uuid',
      '3 call',
      '4 request',
      '5 uuid',
      '6 token',
      '7 identity',
      '8 callback',
      '9 storage',
      '10 storage',
      '11 request',
      '12 request',
      '13 request',
      '14 request',
      '15 request',
      '16 operation',
      '17 alarm',
      '18 document',
    ]);
    expect(timeline[2]?.detail).toMatchObject({ args: [JANE.email, '[secret]'], error: { code: 401 } });
    expect(requests.map(({ key, url }) => [key, url.startsWith(API)])).toEqual(
      ['d1.login', 'd2.refresh', 'd3.event', 'd4.form', 'd5.parts', `${DOCUMENT}.r6`].map((key) => [key, true]),
    );
    expect(findings.map(({ rule }) => rule)).toContain('update-not-saved');
  });

  it('keeps everything', () => {
    // Parts that version 1 did not have get defaults.
    const { session, ...rest } = JSON.parse(file) as Report;
    expect(read(file)).toEqual({
      ...rest,
      session: {
        ...session,
        twins: 0,
        page: { load: 'loaded', idle: [], scripts: [], inits: [], keys: [], readyAfter: null, sawStart: false },
      },
      pseudonymKey: null,
      broken: [],
    });
  });
});

it('copied rows count tokens as removed, and merge a request that was recorded twice', () => {
  const report = reportOfPerson();
  const rows = report.timeline.map((entry) => copied(entry, report.requests));
  const again = rows.filter(({ kind }) => kind === 'request');
  const opened = read(JSON.stringify([...rows, ...again]));
  expect(opened.redaction.tokens).toBe('removed');
  expect(opened.requests).toHaveLength(report.requests.length);
});
