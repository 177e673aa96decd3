/** Issues, worst first, each with its evidence and its fix. */
import { Fragment } from 'preact';
import type { Finding } from '@/lib/diagnostics/rule';
import type { HistoryEntry } from '@/lib/session/history/history';
import { withInstants } from '@/lib/text/instants';
import { entryName } from '../timeline/entry-words';
import { clock, time } from '../ui/format';
import { Chip } from '../ui/parts';
import { SEVERITY_WORDS } from './severity-words';

interface Links {
  /** Epoch ms. */
  readonly now: number;
  /** Where the entries that an issue is based on are found. */
  readonly entries: readonly HistoryEntry[];
  /** Shows a timeline entry; `null` if there is no timeline. */
  readonly go: ((seq: number) => void) | null;
}

/** The issues of an opened report, one below the other. */
export function FindingList({ findings, ...links }: Links & { findings: readonly Finding[] }) {
  return (
    <ul class="findings" aria-label="Issues">
      {findings.map((finding) => {
        const { label, tone } = SEVERITY_WORDS[finding.severity];
        return (
          <li key={finding.rule} data-testid="finding" data-rule={finding.rule} data-severity={finding.severity} class="finding">
            <div class="line">
              <Chip tone={tone}>{label}</Chip>
              <strong>{finding.title}</strong>
            </div>
            <FindingDetails finding={finding} {...links} />
          </li>
        );
      })}
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

/** What an issue is based on, with links to the timeline, and how to fix it. */
export function FindingDetails({ finding: { rule, evidence, advice, entries: seqs }, now, entries, go }: Links & { finding: Finding }) {
  const latest = seqs.slice(-NAMED);
  const found = latest.flatMap((seq) => entries.find((one) => one.seq === seq) ?? []);
  return (
    <div class="finding-details" data-testid="finding-details" data-rule={rule}>
      <ul class="evidence">
        {evidence.map((line) => (
          <li key={line}>{withInstants(line, (at) => clock(at, now))}</li>
        ))}
      </ul>
      {go && found.length > 0 && (
        <p class="line">
          <span class="quiet">Seen in</span>
          {found.map((entry) => (
            <button
              key={entry.seq}
              type="button"
              class="link"
              data-testid="finding-entry"
              data-entry={entry.seq}
              onClick={() => go(entry.seq)}
            >
              {entryName(entry)} {time(entry.at)}
            </button>
          ))}
          {seqs.length > NAMED && <span class="quiet">and {seqs.length - NAMED} earlier</span>}
        </p>
      )}
      <h3>How to fix it</h3>
      <p>
        <Marked text={advice} />
      </p>
    </div>
  );
}
