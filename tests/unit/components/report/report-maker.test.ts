// Making a report of a live tab: of its state at that moment, with the choices made when it was requested.
import { describe, expect, it } from 'vitest';
import { createReportMaker, type Made, type ReportMaker, type Told } from '@/components/report/report-maker';
import { diagnose } from '@/lib/diagnostics/diagnose';
import type { Rule } from '@/lib/diagnostics/rule';
import { pseudonymKey } from '@/lib/report/redact';
import { native, signedIn, UUID } from '../../diagnostics/make';

const rule = (id: string, check: Rule['check']): Rule => ({
  ...{ id, severity: 'error', title: id, looksAt: 'All.', advice: 'None.', source: 'Nowhere.' },
  check,
});
const RULES = [
  rule('speaks', () => ({ evidence: ['x'] })),
  rule('muted', () => ({ evidence: ['x'] })),
  rule('breaks', () => {
    throw new Error('broken');
  }),
];
const by = {
  version: '1.2.3',
  browser: 'Chromium',
  survey: async () => undefined,
  pseudonyms: () => pseudonymKey(new Uint8Array(32).fill(9)),
};
const subject = signedIn();
const raw = String(subject.token?.raw);
const seen = { subject, diagnosis: diagnose(RULES, subject) };
const told = (look: Told['look'] = async () => seen): Told => ({ look, muted: ['muted'], dropped: 4 });
const made = ({ made: { value } }: ReportMaker): Made => {
  if (value === null || typeof value === 'string') throw new Error(`There is none: ${value}`);
  return value;
};
/** A look that ends when the test lets it. */
function held() {
  let end: () => void = () => undefined;
  const open = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { look: () => open.then(() => seen), end };
}

describe('a report', () => {
  it('contains the current findings, in each format', async () => {
    const maker = createReportMaker(by);
    await maker.make(told());
    const { report, texts } = made(maker);
    expect(report).toMatchObject({ by: { version: '1.2.3' }, browser: 'Chromium', muted: ['muted'], broken: ['breaks'], dropped: 4 });
    expect(report.findings.map(({ rule: id }) => id)).toEqual(['speaks']);
    expect(JSON.parse(texts.report())).toMatchObject({ session: { customer: { uuid: UUID } } });
    expect(texts.markdown()).toContain('# Synerise session report');
    expect(JSON.parse(texts.har())).toMatchObject({ log: { entries: [] } });
    expect(texts.report()).not.toContain(raw);
  });

  it('fails if the tab could not be examined', async () => {
    for (const look of [async () => null, () => Promise.reject(new Error('gone'))]) {
      const maker = createReportMaker(by);
      await maker.make(told(look));
      expect(maker.made.value).toBe('failed');
    }
  });

  it('is discarded if a choice changed while it was being made', async () => {
    const maker = createReportMaker(by);
    maker.choose('tokens', 'kept');
    const { look, end } = held();
    const making = maker.make(told(look));
    expect(maker.made.value).toBe('busy');
    maker.choose('tokens', 'removed');
    expect(maker.made.value).toBeNull();
    end();
    await making;
    expect(maker.made.value).toBeNull();
    await maker.make(told());
    expect(made(maker).texts.report()).not.toContain(raw);
    expect(made(maker).report.redaction.tokens).toBe('removed');
  });

  it('is the one requested last, whichever finishes first', async () => {
    const maker = createReportMaker(by);
    const first = held();
    const making = maker.make(told(first.look));
    const other = native();
    await maker.make(told(async () => ({ subject: other, diagnosis: diagnose([], other) })));
    first.end();
    await making;
    expect(made(maker).report.findings).toEqual([]);
  });

  it('is discarded when a choice changes', async () => {
    const maker = createReportMaker(by);
    await maker.make(told());
    maker.choose('ids', 'removed');
    expect(maker.made.value).toBeNull();
    expect(maker.ways.value).toEqual({ tokens: 'pseudonym', personal: 'pseudonym', ids: 'removed' });
  });
});
