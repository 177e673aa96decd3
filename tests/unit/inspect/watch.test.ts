// The lines of `inspect --watch`: what is new in each report, once, as the published schema says.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setupFactsOf } from '@/lib/diagnostics/case';
import { type Report, reportOf } from '@/lib/report/report';
import { setupText } from '@/lib/session/setup-words';
import { lineSchema } from '@/scripts/inspect/output';
import { createNews } from '@/scripts/inspect/watch.mjs';
import { native } from '../diagnostics/make';
import { anyReport } from '../report/arbitraries';

const maker = { by: { name: 'Inspector', version: '1' }, browser: 'Chromium', findings: [], muted: [], broken: [], dropped: 0 };
const setupOf = ({ session }: Report) => setupText(setupFactsOf(session));
const parsed = (lines: readonly string[]) => lines.map((line) => lineSchema.parse(JSON.parse(line)));
const finding = {
  rule: 'token-expired',
  severity: 'error',
  title: 'Token expired',
  evidence: ['It expired.'],
  advice: 'Sign in again.',
  entries: [1],
} as const;
const document = { kind: 'document', seq: 1, nth: 0, at: 1, path: '/', by: 'navigate' } as const;
const request: Report['timeline'][number] = {
  kind: 'request',
  seq: 2,
  nth: 0,
  at: 2,
  key: 'r',
  via: 'devtools',
  endedAt: null,
  method: 'POST',
  host: 'a.example',
  path: '/',
  purpose: 'refresh',
  status: null,
  problem: null,
  bearer: null,
  gave: null,
  uuid: null,
  size: null,
};
const report = (over: Partial<Report> = {}): Report => ({ ...reportOf(native(), maker), ...over });

describe('what is printed', () => {
  it('is the session and everything so far at first, then nothing without a change', () => {
    const news = createNews(setupOf);
    const first = parsed(news(report({ timeline: [document], findings: [finding] })));
    expect(first.map(({ event }) => event)).toEqual(['session', 'entry', 'finding']);
    expect(news(report({ timeline: [document], findings: [finding] }))).toEqual([]);
  });

  it('is an entry again when it changes', () => {
    const news = createNews(setupOf);
    news(report({ timeline: [document, request] }));
    const ended = { ...request, endedAt: 5, status: 200 };
    expect(parsed(news(report({ timeline: [document, ended] })))).toEqual([{ version: 1, event: 'entry', entry: ended }]);
  });

  it('is a finding when it appears, when its evidence changes, and when it goes', () => {
    const news = createNews(setupOf);
    news(report());
    const changed = { ...finding, evidence: ['It expired, 2 minutes ago.'] };
    expect(parsed(news(report({ findings: [finding] })))).toMatchObject([{ event: 'finding', finding }]);
    expect(parsed(news(report({ findings: [changed] })))).toMatchObject([{ event: 'finding', finding: changed }]);
    expect(parsed(news(report()))).toMatchObject([{ event: 'finding-gone', rule: 'token-expired' }]);
  });

  it('is the session again when it changes', () => {
    const news = createNews(setupOf);
    const base = report();
    news(base);
    const gone = { ...base, session: { ...base.session, phase: 'absent' as const } };
    expect(parsed(news(gone))).toMatchObject([{ event: 'session', session: { phase: 'absent' } }]);
  });
});

it('of any report is what the schema says, one line each, without characters that nobody sees', () => {
  fc.assert(
    fc.property(anyReport, (any) => {
      const lines = createNews(setupOf)(any);
      parsed(lines);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    }),
    { numRuns: 60 },
  );
});
