/** Makes a report of what is shown: what of it is secret goes out as the person chooses, after a look at it. */
import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { Redacted } from '@/lib/report/redact';
import type { Report } from '@/lib/report/report';
import { DEFAULT_REDACTION, type Redaction, type SecretKind, type Way } from '@/lib/report/secrecy';
import type { Diagnoser } from './diagnosis';
import { summaryOf } from './entry-words';
import { Card, CopyButton, Pre } from './parts';
import { SECRET_WORDS, WAY_WORDS } from './report-words';
import { saveText } from './save';

const KINDS = Object.keys(SECRET_WORDS) as SecretKind[];
/** So much more of a report is shown at once before it is saved (characters). */
const PREVIEW = 60_000;

/** Who makes reports. */
export interface ReportBy {
  readonly version: string;
  /** The browser, by its own words. */
  readonly browser: string;
  pseudonyms(): Promise<CryptoKey>;
}

interface Made {
  readonly report: Report;
  readonly redacted: Redacted;
  /** In each form that it can be saved in. */
  readonly texts: Readonly<Record<Form, () => string>>;
}

const FORMS = { report: 'the report', markdown: 'as Markdown', har: 'as HAR' } as const;
type Form = keyof typeof FORMS;
const ENDINGS: Readonly<Record<Form, readonly [string, string]>> = {
  report: ['json', 'application/json'],
  markdown: ['md', 'text/markdown'],
  har: ['har', 'application/json'],
};

export function ReportExport({
  by,
  look,
  muted,
  dropped,
  aside,
}: {
  by: ReportBy;
  /** Looks at what is to be told, as it stands; `null` while nothing is known. */
  look: Diagnoser['look'] | null;
  muted: readonly string[];
  dropped: number;
  aside: ComponentChildren;
}) {
  const ways = useSignal<Redaction>(DEFAULT_REDACTION);
  const made = useSignal<Made | 'busy' | 'failed' | null>(null);
  const looked = useSignal<Form | null>(null);
  /** Of the report that is waited for: one that was asked for in another way comes too late. */
  const run = useRef(0);
  const make = async () => {
    if (!look) return;
    run.current += 1;
    const own = run.current;
    const chosen = ways.peek();
    made.value = 'busy';
    const end = (with_: Made | 'failed') => {
      if (own === run.current) made.value = with_;
    };
    try {
      // All of it at once: of an extension that is updated meanwhile nothing more could be had.
      const [{ reportOf }, { redact }, { writeReport }, { reportMarkdown }, { harOf }] = await Promise.all([
        import('@/lib/report/report'),
        import('@/lib/report/redact'),
        import('@/lib/report/read'),
        import('@/lib/report/markdown'),
        import('@/lib/capture/har'),
      ]);
      const seen = await look();
      if (!seen) return end('failed');
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
      end({ report, redacted, texts });
    } catch {
      end('failed');
    }
  };
  const ready = made.value !== null && typeof made.value === 'object' ? made.value : null;
  return (
    <Card title="Report" aside={aside}>
      <p class="quiet">
        All that is known of this tab as one file: for a ticket, a colleague, or a check in CI. Look at it before it goes out.
      </p>
      <div class="line">
        {KINDS.map((kind) => (
          <div class="field" key={kind} title={SECRET_WORDS[kind].about}>
            <label for={`redact-${kind}`}>{SECRET_WORDS[kind].label}</label>
            <select
              id={`redact-${kind}`}
              data-testid={`redact-${kind}`}
              value={ways.value[kind]}
              onChange={({ currentTarget }) => {
                ways.value = { ...ways.value, [kind]: currentTarget.value as Way };
                run.current += 1;
                made.value = null;
              }}
            >
              {Object.entries(WAY_WORDS).map(([way, words]) => (
                <option key={way} value={way}>
                  {words}
                </option>
              ))}
            </select>
          </div>
        ))}
        <button
          type="button"
          class="primary"
          data-testid="make-report"
          disabled={made.value === 'busy' || look === null}
          onClick={() => void make()}
        >
          {made.value === 'busy' ? 'Making…' : ready ? 'Make it anew' : 'Make the report'}
        </button>
      </div>
      {ways.value.tokens === 'kept' && (
        <p class="warn-text" data-testid="report-warning">
          Whoever has this file can act as the customer until the tokens end, and can read what stands in them.
        </p>
      )}
      {ways.value.tokens !== 'kept' && ways.value.personal === 'kept' && (
        <p class="warn-text">It names the customer: e-mail, name, phone and address stand in it as far as they were seen.</p>
      )}
      <div role="status">
        {made.value === 'failed' && (
          <p class="error-text" data-testid="report-failed">
            The report could not be made: close DevTools and open them again.
          </p>
        )}
        {ready && <p class="quiet">{summary(ready)}</p>}
      </div>
      {ready && <Ready made={ready} looked={looked} />}
    </Card>
  );
}

/** What the report holds, and what was taken out of it. */
function summary({ report, redacted, texts }: Made): string {
  const { length } = texts.report();
  const size = length < 1e6 ? `${Math.ceil(length / 1000)} KB` : `${(length / 1e6).toFixed(1)} MB`;
  const count = (many: number, one: string, several = `${one}s`) => `${many.toLocaleString('en')} ${many === 1 ? one : several}`;
  const taken = KINDS.filter((kind) => report.redaction[kind] !== 'kept').map(
    (kind) => `${redacted[kind]} × ${SECRET_WORDS[kind].label.toLowerCase()} ${WAY_WORDS[report.redaction[kind]]}`,
  );
  const at = new Date(report.createdAt).toLocaleTimeString('en-GB');
  const holds = [count(report.timeline.length, 'entry', 'entries'), count(report.requests.length, 'request')];
  return `Made at ${at}: what happened since is not in it. ${[`${size} · ${holds.join(', ')}, ${count(report.findings.length, 'finding')}`, ...taken].join(' · ')}`;
}

function Ready({ made: { report, texts }, looked }: { made: Made; looked: Signal<Form | null> }) {
  const save = (form: Form) => {
    const [ending, type] = ENDINGS[form];
    saveText(texts[form](), `synerise-session-${report.createdAt.slice(0, 19).replaceAll(':', '-')}.${ending}`, type);
  };
  return (
    <div data-testid="report-ready">
      <div class="line">
        <button type="button" class="primary" data-testid="save-report" onClick={() => save('report')}>
          Save the report
        </button>
        <button type="button" class="small" data-testid="save-markdown" onClick={() => save('markdown')}>
          As Markdown
        </button>
        <button type="button" class="small" data-testid="save-har" disabled={!report.requests.length} onClick={() => save('har')}>
          As HAR
        </button>
        <CopyButton what="the report as Markdown" label="Copy for a ticket" text={texts.markdown} />
      </div>
      <Preview looked={looked} texts={texts} />
    </div>
  );
}

/** What goes out, in each form that it can be saved in. @param looked the one that is looked at; it stays so when the report is made anew */
function Preview({ looked, texts }: { looked: Signal<Form | null>; texts: Made['texts'] }) {
  const upTo = useSignal(PREVIEW);
  const form = looked.value;
  const text = useMemo(() => (form === null ? '' : texts[form]()), [form, texts]);
  const more = text.length - upTo.value;
  return (
    <details
      open={form !== null}
      onToggle={({ currentTarget: { open } }) => {
        if (open !== (looked.peek() !== null)) looked.value = open ? 'report' : null;
      }}
    >
      <summary>What goes out</summary>
      <div class="line">
        <label for="preview-form">Look at</label>
        <select
          id="preview-form"
          data-testid="preview-form"
          value={form ?? 'report'}
          onChange={({ currentTarget }) => {
            looked.value = currentTarget.value as Form;
            upTo.value = PREVIEW;
          }}
        >
          {Object.entries(FORMS).map(([one, words]) => (
            <option key={one} value={one}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <div data-testid="report-preview">
        <Pre>{text.slice(0, upTo.value)}</Pre>
      </div>
      {more > 0 && (
        <button
          type="button"
          class="small"
          data-testid="preview-more"
          onClick={() => {
            upTo.value += PREVIEW;
          }}
        >
          Show more: {more.toLocaleString('en')} characters are left
        </button>
      )}
    </details>
  );
}
