/** Findings, worst first, each with its evidence and advice. */
import { Fragment } from 'preact';
import type { Finding, Severity } from '@/lib/diagnostics/rule';
import { Chip, type Tone } from '../ui/parts';

export const SEVERITY_WORDS: Record<Severity, { readonly label: string; readonly tone: Tone }> = {
  error: { label: 'Error', tone: 'bad' },
  warning: { label: 'Warning', tone: 'warn' },
  info: { label: 'Info', tone: 'info' },
};

export function FindingList({
  findings,
  go,
  mute,
}: {
  findings: readonly Finding[];
  /** Shows a timeline entry; `null` if there is no timeline. */
  go: ((seq: number) => void) | null;
  /** `null` if rules can't be muted here. */
  mute: { readonly run: (rule: string) => void; readonly not: string | null } | null;
}) {
  return (
    <ul class="findings" aria-label="Findings">
      {findings.map((finding) => (
        <Found key={finding.rule} finding={finding} go={go} mute={mute} />
      ))}
    </ul>
  );
}

/** Text in which backticks mark code. */
function Marked({ text }: { text: string }) {
  return (
    <>
      {text.split('`').map((part, index) => (
        <Fragment key={index}>{index % 2 ? <code>{part}</code> : part}</Fragment>
      ))}
    </>
  );
}

/** The most entries that are listed individually. */
const NAMED = 8;

function Found({ finding, go, mute }: Omit<Parameters<typeof FindingList>[0], 'findings'> & { finding: Finding }) {
  const { rule, severity, title, evidence, advice, entries } = finding;
  const { label, tone } = SEVERITY_WORDS[severity];
  return (
    <li data-testid="finding" data-rule={rule} data-severity={severity} class={`finding ${tone}`}>
      <div class="line">
        <Chip tone={tone}>{label}</Chip>
        <strong>{title}</strong>
        <span class="spacer" />
        {mute && (
          <button
            type="button"
            class="small"
            disabled={mute.not !== null}
            title={mute.not ?? 'Leaves this finding out on this site, until you take it back below'}
            onClick={() => mute.run(rule)}
          >
            Mute here
          </button>
        )}
      </div>
      <ul class="evidence">
        {evidence.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>
        <span class="quiet">What to do:</span> <Marked text={advice} />
      </p>
      {go && entries.length > 0 && (
        <p class="line quiet">
          Timeline:
          {entries.slice(-NAMED).map((seq) => (
            <button key={seq} type="button" class="link" data-testid="finding-entry" data-entry={seq} onClick={() => go(seq)}>
              #{seq}
            </button>
          ))}
          {entries.length > NAMED && `and ${entries.length - NAMED} earlier`}
        </p>
      )}
      <p class="quiet">
        Rule <code>{rule}</code>
      </p>
    </li>
  );
}
