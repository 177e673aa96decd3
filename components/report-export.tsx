/** Makes a report of what is shown: what of it is secret goes out as the person chooses, after a look at it. */
import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Case } from '@/lib/diagnostics/case';
import type { Finding } from '@/lib/diagnostics/rule';
import { DEFAULT_REDACTION, type Redacted, type Redaction, type SecretKind, type Way } from '@/lib/report/redact';
import type { Report } from '@/lib/report/report';
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
  readonly json: string;
}

export function ReportExport({
  by,
  subject,
  findings,
  muted,
  dropped,
  aside,
}: {
  by: ReportBy;
  /** What is to be told, as it stands; `null` while nothing is known. */
  subject: (() => Case) | null;
  findings: readonly Finding[];
  muted: readonly string[];
  dropped: number;
  aside: ComponentChildren;
}) {
  const ways = useSignal<Redaction>(DEFAULT_REDACTION);
  const made = useSignal<Made | 'busy' | 'failed' | null>(null);
  const looked = useSignal<Form | null>(null);
  const make = async () => {
    if (!subject) return;
    made.value = 'busy';
    try {
      const [{ reportOf }, { redact }, { writeReport }] = await Promise.all([
        import('@/lib/report/report'),
        import('@/lib/report/redact'),
        import('@/lib/report/read'),
      ]);
      const whole = reportOf(subject(), {
        by: { name: 'Synerise Session Inspector', version: by.version },
        browser: by.browser,
        findings,
        muted,
        dropped,
      });
      const { report, redacted } = await redact(whole, ways.value, await by.pseudonyms());
      made.value = { report, redacted, json: writeReport(report) };
    } catch {
      made.value = 'failed';
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
          disabled={made.value === 'busy' || subject === null}
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
        {made.value === 'failed' && <p class="error-text">The report could not be made: close DevTools and open them again.</p>}
        {ready && <Ready made={ready} looked={looked} />}
      </div>
    </Card>
  );
}

function Ready({ made: { report, redacted, json }, looked }: { made: Made; looked: Signal<Form | null> }) {
  const name = `synerise-session-${report.createdAt.slice(0, 19).replaceAll(':', '-')}`;
  const size = json.length < 1e6 ? `${Math.ceil(json.length / 1000)} KB` : `${(json.length / 1e6).toFixed(1)} MB`;
  const taken = KINDS.filter((kind) => report.redaction[kind] !== 'kept').map(
    (kind) => `${redacted[kind]} × ${SECRET_WORDS[kind].label.toLowerCase()} ${WAY_WORDS[report.redaction[kind]]}`,
  );
  const markdown = async () => (await import('@/lib/report/markdown')).reportMarkdown(report, summaryOf);
  const har = async () => {
    const { harOf } = await import('@/lib/capture/har');
    return JSON.stringify(harOf(report.requests, report.by), null, 1);
  };
  const save = (text: Promise<string>, ending: string) => void text.then((whole) => saveText(whole, `${name}.${ending}`));
  return (
    <div data-testid="report-ready">
      <p class="quiet">
        Made at {new Date(report.createdAt).toLocaleTimeString('en-GB')}: what happened since is not in it. {size} ·{' '}
        {report.timeline.length.toLocaleString('en')} entries, {report.requests.length.toLocaleString('en')} requests,{' '}
        {report.findings.length} {report.findings.length === 1 ? 'finding' : 'findings'}
        {taken.length > 0 && ` · ${taken.join(', ')}`}
      </p>
      <div class="line">
        <button type="button" class="primary" data-testid="save-report" onClick={() => saveText(json, `${name}.json`)}>
          Save the report
        </button>
        <button type="button" class="small" data-testid="save-markdown" onClick={() => save(markdown(), 'md')}>
          As Markdown
        </button>
        <button type="button" class="small" data-testid="save-har" disabled={!report.requests.length} onClick={() => save(har(), 'har')}>
          As HAR
        </button>
        <CopyMarkdown text={markdown} />
      </div>
      <Preview looked={looked} texts={{ report: async () => json, markdown, har }} />
    </div>
  );
}

const FORMS = { report: 'the report', markdown: 'as Markdown', har: 'as HAR' } as const;
type Form = keyof typeof FORMS;

/** What goes out, in each form that it can be saved in. @param looked the one that is looked at; it stays so when the report is made anew */
function Preview({ looked, texts }: { looked: Signal<Form | null>; texts: Readonly<Record<Form, () => Promise<string>>> }) {
  const text = useSignal('');
  const upTo = useSignal(PREVIEW);
  const form = looked.value;
  useEffect(() => {
    if (form === null) return;
    let over = false;
    void texts[form]().then((whole) => {
      if (over) return;
      text.value = whole;
      upTo.value = PREVIEW;
    });
    return () => {
      over = true;
    };
  }, [form]);
  const more = text.value.length - upTo.value;
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
        <Pre>{text.value.slice(0, upTo.value)}</Pre>
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

function CopyMarkdown({ text }: { text: () => Promise<string> }) {
  const whole = useSignal<string | null>(null);
  if (whole.value === null)
    void text().then((made) => {
      whole.value = made;
    });
  return whole.value === null ? null : (
    <CopyButton what="the report as Markdown" label="Copy for a ticket" text={() => whole.value ?? ''} />
  );
}
