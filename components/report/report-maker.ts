/** Makes reports of a live tab, each as the person chose when it was asked for. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Redacted } from '@/lib/report/redact';
import type { Report } from '@/lib/report/report';
import { DEFAULT_REDACTION, type Redaction, type SecretKind, type Way } from '@/lib/report/secrecy';
import type { Diagnoser } from '../diagnostics/diagnosis';
import { summaryOf } from '../timeline/entry-words';

/** Who makes reports. */
export interface ReportBy {
  readonly version: string;
  /** The browser, by its own words. */
  readonly browser: string;
  pseudonyms(): Promise<CryptoKey>;
  /** Has the tab's frames looked through. */
  survey(): Promise<void>;
}

/** What a report is made of beside who makes it. */
export interface Told {
  look: Diagnoser['look'];
  readonly muted: readonly string[];
  readonly dropped: number;
}

export type Form = 'report' | 'markdown' | 'har';

export interface Made {
  readonly report: Report;
  readonly redacted: Redacted;
  /** In each form that it can be saved in. */
  readonly texts: Readonly<Record<Form, () => string>>;
}

export interface ReportMaker {
  readonly ways: ReadonlySignal<Redaction>;
  /** `null` while none was asked for in these ways. */
  readonly made: ReadonlySignal<Made | 'busy' | 'failed' | null>;
  /** A report of before was made otherwise, and goes; so does one that is under way. */
  choose(kind: SecretKind, way: Way): void;
  make(told: Told): Promise<void>;
}

export function createReportMaker(by: ReportBy): ReportMaker {
  const ways = signal<Redaction>(DEFAULT_REDACTION);
  const made = signal<Made | 'busy' | 'failed' | null>(null);
  /** Of the report that is waited for. */
  let run = 0;
  async function report(told: Told, chosen: Redaction): Promise<Made | 'failed'> {
    // All of it at once: of an extension that is updated meanwhile nothing more could be had.
    const [{ reportOf }, { redact }, { writeReport }, { reportMarkdown }, { harOf }] = await Promise.all([
      import('@/lib/report/report'),
      import('@/lib/report/redact'),
      import('@/lib/report/read'),
      import('@/lib/report/markdown'),
      import('@/lib/network/har'),
    ]);
    await by.survey();
    const seen = await told.look();
    if (!seen) return 'failed';
    const { muted, dropped } = told;
    const { findings, broken } = seen.diagnosis;
    const whole = reportOf(seen.subject, {
      by: { name: 'Synerise Session Inspector', version: by.version },
      browser: by.browser,
      findings: findings.filter(({ rule }) => !muted.includes(rule)),
      muted,
      broken,
      dropped,
    });
    const { report, redacted } = await redact(whole, chosen, await by.pseudonyms());
    const json = writeReport(report);
    const texts = {
      report: () => json,
      markdown: () => reportMarkdown(report, summaryOf),
      har: () => JSON.stringify(harOf(report.requests, report.by), null, 1),
    };
    return { report, redacted, texts };
  }
  return {
    ways,
    made,
    choose(kind, way) {
      run += 1;
      ways.value = { ...ways.peek(), [kind]: way };
      made.value = null;
    },
    async make(told) {
      run += 1;
      const own = run;
      made.value = 'busy';
      const ended = await report(told, ways.peek()).catch(() => 'failed' as const);
      if (own === run) made.value = ended;
    },
  };
}
