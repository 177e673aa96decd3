import './diagnostics.css';
import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { ReportExport } from '../report/report-export';
import type { ReportBy } from '../report/report-maker';
import { type OpenedReport, openReport, type Unopened } from '../report/report-source';
import type { Model } from '../state/model';
import type { TabRecord } from '../state/record';
import { CloseIcon, CompareIcon, ExportIcon } from '../ui/icons';
import { TokenIcon, UuidIcon } from '../ui/kind-icons';
import { later } from '../ui/later';
import { caseNow, type Watched } from './case-now';
import { CheckCompare } from './check-compare';
import { CheckUuid } from './check-uuid';
import type { Diagnoser } from './diagnosis';
import { Issues } from './issues';
import { OpenReport } from './open-report';

const CheckToken = later(async () => (await import('./check-token')).CheckToken);
const ReportView = later(async () => (await import('../report/report-view')).ReportView);

/** The tools of the Diagnostics tab: each opens below the toolbar in place of the issues. */
export type Tool = 'token' | 'uuid' | 'compare' | 'export';

const TOOLS: readonly (readonly [Tool, string, () => ComponentChildren])[] = [
  ['token', 'Token decoder', () => <TokenIcon />],
  ['uuid', 'UUID check', () => <UuidIcon />],
  ['compare', 'Compare', () => <CompareIcon />],
  ['export', 'Export report…', () => <ExportIcon />],
];

/** Issues of the session, manual checks, and reports. */
export function DiagnosticsView({
  model,
  record,
  diagnoser,
  watched,
  by,
  active,
  tool,
  go,
}: {
  model: Model;
  record: TabRecord;
  diagnoser: Diagnoser;
  watched: Watched;
  by: ReportBy;
  /** Whether the view is visible. */
  active: boolean;
  /** The tool that is open; `null` for the issues. */
  tool: Signal<Tool | null>;
  /** Shows a timeline entry. */
  go(seq: number): void;
}) {
  const session = model.session.value;
  const reports = useSignal<readonly OpenedReport[]>([]);
  const shown = useSignal<OpenedReport | null>(null);
  const unopened = useSignal<Unopened | null>(null);
  const now = model.now.value;
  const token = session?.stage.phase === 'attached' && session.stage.token.kind === 'known' ? session.stage.token.facts.raw : null;
  const uuid = session?.stage.phase === 'attached' ? session.stage.customer.uuid : null;
  const open = async (file: File) => {
    unopened.value = null;
    const opened = await openReport(file);
    if ('problem' in opened) {
      unopened.value = opened;
      return;
    }
    void diagnoser.prepare();
    // Opening the same file again replaces it.
    reports.value = [...reports.value.filter((one) => !isSame(one, opened)), opened];
    shown.value = opened;
  };
  useEffect(() => {
    if (active) diagnoser.run();
  }, [active]);
  const chosen = shown.value === null ? tool.value : null;
  const subject = session ? () => caseNow(session, watched, Date.now()) : null;
  return (
    <div class="filled diagnostics-view">
      <div class="toolbar">
        {TOOLS.map(([name, label, icon]) => (
          <button
            key={name}
            type="button"
            data-testid={`tool-${name}`}
            aria-pressed={chosen === name}
            onClick={() => {
              tool.value = chosen === name ? null : name;
              shown.value = null;
            }}
          >
            {icon()}
            {label}
          </button>
        ))}
        <OpenReport
          open={open}
          unopened={unopened.value}
          reports={reports.value}
          show={(one) => (shown.value = one)}
          forget={(one) => (reports.value = reports.value.filter((other) => other !== one))}
        />
        <span class="spacer" />
        {chosen && (
          <button type="button" class="bare" aria-label="Back to the issues" title="Back to the issues" onClick={() => (tool.value = null)}>
            <CloseIcon />
          </button>
        )}
      </div>
      {shown.value && (
        <div class="scrolling">
          <ReportView
            opened={shown.value}
            rules={diagnoser.rules.value}
            trouble={diagnoser.trouble.value}
            active={active}
            close={() => (shown.value = null)}
          />
        </div>
      )}
      {shown.value === null && chosen === null && <Issues model={model} record={record} diagnoser={diagnoser} go={go} />}
      {/* Hidden, not removed: inputs and results stay while another tool is open. */}
      <div class="scrolling diagnostics" hidden={chosen === null}>
        <div hidden={chosen !== 'token'}>
          <CheckToken held={token} now={now} />
        </div>
        <div hidden={chosen !== 'uuid'}>
          <CheckUuid held={uuid} />
        </div>
        <div hidden={chosen !== 'compare'}>
          <CheckCompare
            now={now}
            live={subject}
            entries={record.history.value.entries}
            others={model.others.value}
            reports={reports.value}
            ask={() => model.askOthers()}
            active={active && chosen === 'compare'}
          />
        </div>
        <div hidden={chosen !== 'export'}>
          <ReportExport
            by={by}
            look={session ? () => diagnoser.look() : null}
            muted={session?.policy.muted ?? []}
            dropped={record.history.peek().dropped}
          />
        </div>
      </div>
    </div>
  );
}

const isSame = (one: OpenedReport, other: OpenedReport) => one.name === other.name && one.report.createdAt === other.report.createdAt;
