import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { unmuted } from '@/lib/diagnostics/diagnosis';
import { type Finding, runsOn, type Severity } from '@/lib/diagnostics/rule';
import { count } from '@/lib/text/count';
import { withInstants } from '@/lib/text/instants';
import type { Model } from '../state/model';
import type { Source } from '../state/record';
import { Time } from '../ui/cards';
import { type Column, DataTable } from '../ui/data-table';
import { DetailsPane } from '../ui/details-pane';
import { FilterInput, Pills } from '../ui/filter';
import { clock, time } from '../ui/format';
import { FailedIcon, RefreshIcon, WarningIcon } from '../ui/icons';
import type { Diagnoser } from './diagnosis';
import { FindingDetails } from './finding-list';
import { SEVERITY_WORDS } from './severity-words';

const COLUMNS: readonly Column<Finding>[] = [
  {
    id: 'issue',
    label: 'Issue',
    width: 220,
    grows: true,
    cell: ({ severity, title }) => (
      <>
        <SeverityIcon severity={severity} />
        <span class="plain">{title}</span>
      </>
    ),
    sorts: ({ title }) => title,
  },
  { id: 'check', label: 'Check', width: 200, from: 620, cell: ({ rule }) => <code class="quiet">{rule}</code>, sorts: ({ rule }) => rule },
  {
    id: 'evidence',
    label: 'Evidence',
    width: 160,
    grows: true,
    from: 900,
    cell: ({ evidence }) => <span class="plain">{withInstants(evidence[0] ?? '', (at) => clock(at, Date.now()))}</span>,
  },
];

function SeverityIcon({ severity }: { severity: Severity }) {
  const { label, tone } = SEVERITY_WORDS[severity];
  return (
    <span class={`${tone}-text`} title={label}>
      {severity === 'error' ? <FailedIcon /> : <WarningIcon />}
      <span class="offscreen">{label}:</span>
    </span>
  );
}

type Shown = 'all' | Severity | 'hidden';

/** The session's issues as a table, and the chosen one beside it with its evidence and its fix. */
export function Issues({ model, record, diagnoser, go }: { model: Model; record: Source; diagnoser: Diagnoser; go(seq: number): void }) {
  const session = model.session.value;
  const diagnosis = diagnoser.diagnosis.value;
  const muted = session?.policy.muted ?? [];
  const chosenPill = useSignal<Shown>('all');
  // With nothing hidden left, there is no list of hidden checks.
  const shown: Shown = chosenPill.value === 'hidden' && !muted.length ? 'all' : chosenPill.value;
  const words = useSignal('');
  const selected = useSignal<string | null>(null);
  const active = unmuted(diagnosis, muted);
  const rules = diagnoser.rules.value;
  const titleOf = (id: string) => rules.find((rule) => rule.id === id)?.title ?? id;
  const fits = ({ title, rule, evidence }: Finding) =>
    words.value
      .toLowerCase()
      .split(/\s+/)
      .every((word) => [title, rule, ...evidence].join(' ').toLowerCase().includes(word));
  const rows = active.filter((one) => (shown === 'all' || one.severity === shown) && fits(one));
  const chosen = rows.find(({ rule }) => rule === selected.value) ?? null;
  useEffect(() => {
    // The first issue is opened automatically, with its fix.
    if (selected.value === null && rows[0]) selected.value = rows[0].rule;
  }, [rows.length]);
  const no = !session?.visit.origin
    ? 'No site to hide it on'
    : session.tab.incognito
      ? 'Not available in Incognito (settings aren’t saved).'
      : null;
  const of = (severity: Severity) => active.filter((one) => one.severity === severity).length;
  const pills: readonly (readonly [Shown, string])[] = [
    ['all', 'All'],
    ['error', 'Errors'],
    ['warning', 'Warnings'],
    ['info', 'Info'],
    ...(muted.length ? [['hidden', `Hidden (${muted.length})`] as const] : []),
  ];
  return (
    <>
      <div class="toolbar">
        <button
          type="button"
          class="bare"
          data-testid="run-rules"
          aria-label="Check again"
          title="Check again"
          onClick={() => diagnoser.run()}
        >
          <RefreshIcon />
        </button>
        <span class="divider" />
        <FilterInput value={words.value} set={(value) => (words.value = value)} />
        <Pills pills={pills} chosen={shown} choose={(name) => (chosenPill.value = name)} testid="issues" />
      </div>
      {diagnoser.trouble.value && <p class="error-text note">{diagnoser.trouble.value}</p>}
      {diagnosis && diagnosis.broken.length > 0 && (
        <p class="error-text note">Checks that failed (inspector bug): {diagnosis.broken.join(', ')}.</p>
      )}
      {shown === 'hidden' ? (
        <ul class="muted" data-testid="muted">
          {muted.map((rule) => (
            <li key={rule} class="line">
              <span>{titleOf(rule)}</span>
              {diagnosis?.findings.some((one) => one.rule === rule) && <span class="warn-text">active</span>}
              <button type="button" class="link" data-testid={`unmute-${rule}`} onClick={() => model.mute(rule, false)}>
                Unhide
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <div class="panes">
          <DataTable
            label="Issues"
            testid="issues"
            rows={rows}
            columns={COLUMNS}
            keyOf={({ rule }) => rule}
            look={({ rule, severity }) => ({ data: { 'data-testid': 'finding', 'data-rule': rule, 'data-severity': severity } })}
            selected={selected.value}
            select={(key) => (selected.value = key === null ? '' : String(key))}
            empty={<Nothing checked={diagnosis !== null} attached={session?.stage.phase === 'attached'} some={active.length > 0} />}
          />
          {chosen && (
            <DetailsPane
              label="Issue"
              title={chosen.title}
              close={() => (selected.value = '')}
              sections={[
                {
                  name: 'finding',
                  label: 'Issue',
                  content: <FindingDetails finding={chosen} now={model.now.value} entries={record.history.value.entries} go={go} />,
                },
              ]}
              actions={
                <button
                  type="button"
                  class="link"
                  data-testid="mute-finding"
                  disabled={no !== null}
                  title={no ?? 'Hide this check on this site'}
                  onClick={() => model.mute(chosen.rule, true)}
                >
                  Hide on this site
                </button>
              }
            />
          )}
        </div>
      )}
      <div class="counts">
        <span class={of('error') ? 'bad-text' : 'quiet'}>{count(of('error'), 'error')}</span>
        <span class={of('warning') ? 'warn-text' : 'quiet'}>{count(of('warning'), 'warning')}</span>
        {of('info') > 0 && <span>{of('info')} info</span>}
        {muted.length > 0 && <span>{muted.length} hidden</span>}
        <span>{count(rules.filter((rule) => runsOn(rule, session?.tab.site ?? null)).length, 'check')}</span>
        <span class="spacer" />
        <span class="quiet" data-testid="last-run">
          {diagnosis ? (
            <>
              updated <Time at={diagnosis.at}>{time(diagnosis.at)}</Time>
            </>
          ) : (
            'checking…'
          )}
        </span>
      </div>
    </>
  );
}

function Nothing({ checked, attached, some }: { checked: boolean; attached: boolean; some: boolean }) {
  if (!checked) return <>Checking…</>;
  if (some) return <>No issues match the filter.</>;
  return <span data-testid="no-findings">{attached ? 'No issues found' : 'No SDK to check.'}</span>;
}
