/** Makes a report of the shown tab, with a preview. The user chooses how secrets are redacted. */
import { type Signal, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { SecretKind, Way } from '@/lib/report/secrecy';
import { count } from '@/lib/text/count';
import type { Diagnoser } from '../diagnostics/diagnosis';
import { Card, Pre } from '../ui/cards';
import { bytesWords, clock } from '../ui/format';
import { CopyButton } from '../ui/parts';
import { saveText } from '../ui/save';
import { createReportMaker, type Form, type Made, type ReportBy } from './report-maker';
import { SECRET_WORDS, WAY_WORDS } from './report-words';

const KINDS = Object.keys(SECRET_WORDS) as SecretKind[];
/** How much of a report the preview shows at first, and how much each step adds (characters). */
const PREVIEW = 60_000;

const FORMS: Readonly<Record<Form, string>> = { report: 'JSON', markdown: 'Markdown', har: 'HAR' };
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
}: {
  by: ReportBy;
  /** Collects the current case for the report; `null` while there is no session. */
  look: Diagnoser['look'] | null;
  muted: readonly string[];
  dropped: number;
}) {
  const { ways, made, choose, make } = useMemo(() => createReportMaker(by), [by]);
  const looked = useSignal<Form | null>(null);
  const ready = made.value !== null && typeof made.value === 'object' ? made.value : null;
  return (
    <Card title="Report">
      <p class="quiet">Export everything recorded in this tab, to attach to a ticket or check in CI. Review before sharing.</p>
      <div class="line">
        {KINDS.map((kind) => (
          <div class="field" key={kind} title={SECRET_WORDS[kind].about}>
            <label for={`redact-${kind}`}>{SECRET_WORDS[kind].label}</label>
            <select
              id={`redact-${kind}`}
              data-testid={`redact-${kind}`}
              value={ways.value[kind]}
              onChange={({ currentTarget }) => {
                choose(kind, currentTarget.value as Way);
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
          onClick={() => look && void make({ look, muted, dropped })}
        >
          {made.value === 'busy' ? 'Creating…' : ready ? 'Update report' : 'Create report'}
        </button>
      </div>
      {ways.value.tokens === 'kept' && (
        <p class="warn-text" data-testid="report-warning">
          Contains live tokens: anyone with this file can act as the customer until they expire.
        </p>
      )}
      {ways.value.tokens !== 'kept' && ways.value.personal === 'kept' && (
        <p class="warn-text">Contains personal data (email, name, phone, address).</p>
      )}
      <div role="status">
        {made.value === 'failed' && (
          <p class="error-text" data-testid="report-failed">
            Couldn’t create the report. Close and reopen DevTools.
          </p>
        )}
        {ready && <p class="quiet">{summary(ready)}</p>}
      </div>
      {ready && <Ready made={ready} looked={looked} />}
    </Card>
  );
}

/** Summarizes the report's content and what was redacted. */
function summary({ report, redacted, texts }: Made): string {
  const size = bytesWords(texts.report().length);
  const taken = KINDS.filter((kind) => report.redaction[kind] !== 'kept').map(
    (kind) =>
      `${redacted[kind]} ${kind === 'ids' ? SECRET_WORDS[kind].label : SECRET_WORDS[kind].label.toLowerCase()} ${WAY_WORDS[report.redaction[kind]].toLowerCase()}`,
  );
  const at = Date.parse(report.createdAt);
  const holds = [count(report.timeline.length, 'entry', 'entries'), count(report.requests.length, 'request')];
  return [`Snapshot from ${clock(at, Date.now())}`, size, ...holds, count(report.findings.length, 'issue'), ...taken].join(' · ');
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
          Download JSON
        </button>
        <button type="button" class="small" data-testid="save-markdown" onClick={() => save('markdown')}>
          Download Markdown
        </button>
        <button type="button" class="small" data-testid="save-har" disabled={!report.requests.length} onClick={() => save('har')}>
          Download HAR
        </button>
        <CopyButton what="the report as Markdown" label="Copy as Markdown" text={texts.markdown} />
      </div>
      <Preview looked={looked} texts={texts} />
    </div>
  );
}

/** A preview of each format in which the report can be saved. @param looked the shown format; kept when the report is made again */
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
      <summary>Preview</summary>
      <div class="line">
        <label for="preview-form">Format</label>
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
          Show more ({more.toLocaleString('en')} characters left)
        </button>
      )}
    </details>
  );
}
