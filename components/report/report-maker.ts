/** Makes reports of a live tab, each redacted as chosen when it was requested. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Redacted } from '@/lib/report/redact';
import type { Report } from '@/lib/report/report';
import { DEFAULT_REDACTION, type Redaction, type SecretKind, type Way } from '@/lib/report/secrecy';
import type { Diagnoser } from '../diagnostics/diagnosis';
import { summaryOf } from '../timeline/entry-words';

/** The view's part in making reports. */
export interface ReportBy {
  readonly version: string;
  /** The browser, as it names itself. */
  readonly browser: string;
  pseudonyms(): Promise<CryptoKey>;
  /** Has the tab's frames searched. */
  survey(): Promise<void>;
}

/** The input of a report, besides `ReportBy`. */
export interface Told {
  look: Diagnoser['look'];
  readonly muted: readonly string[];
  readonly dropped: number;
}

export type Form = 'report' | 'markdown' | 'har';

export interface Made {
  readonly report: Report;
  readonly redacted: Redacted;
  /** The report's text, by format. */
  readonly texts: Readonly<Record<Form, () => string>>;
}

export interface ReportMaker {
  readonly ways: ReadonlySignal<Redaction>;
  /** `null` until a report is requested with the current redaction. */
  readonly made: ReadonlySignal<Made | 'busy' | 'failed' | null>;
  /** Changes the redaction. Discards an earlier report, and one in progress. */
  choose(kind: SecretKind, way: Way): void;
  make(told: Told): Promise<void>;
}

export function createReportMaker(by: ReportBy): ReportMaker {
  const ways = signal<Redaction>(DEFAULT_REDACTION);
  const made = signal<Made | 'busy' | 'failed' | null>(null);
  /** Number of the latest report that was requested. */
  let run = 0;
  async function report(told: Told, chosen: Redaction): Promise<Made | 'failed'> {
    // Load everything at once: if the extension is updated in between, later imports would fail.
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
