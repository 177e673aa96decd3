import './diagnostics.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ReportExport } from '../report/report-export';
import type { ReportBy } from '../report/report-maker';
import { type OpenedReport, openReport, type Unopened } from '../report/report-source';
import type { Model } from '../state/model';
import type { TabRecord } from '../state/record';
import { clock } from '../ui/format';
import { later } from '../ui/later';
import { Card, Time } from '../ui/parts';
import { caseNow, type Watched } from './case-now';
import { CheckCompare } from './check-compare';
import { CheckUuid } from './check-uuid';
import type { Diagnoser } from './diagnosis';
import { FindingList } from './finding-list';

const CheckToken = later(async () => (await import('./check-token')).CheckToken);
const ReportView = later(async () => (await import('../report/report-view')).ReportView);

/** Findings about the session, manual checks, and reports. */
export function DiagnosticsView({
  model,
  record,
  diagnoser,
  watched,
  by,
  active,
  go,
}: {
  model: Model;
  record: TabRecord;
  diagnoser: Diagnoser;
  watched: Watched;
  by: ReportBy;
  /** Whether the view is visible. */
  active: boolean;
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
  const isLive = active && shown.value === null;
  const subject = session ? () => caseNow(session, watched, Date.now()) : null;
  const muted = session?.policy.muted ?? [];
  return (
    <>
      {shown.value && (
        <ReportView
          opened={shown.value}
          rules={diagnoser.rules.value}
          trouble={diagnoser.trouble.value}
          active={active}
          close={() => (shown.value = null)}
        />
      )}
      {/* Hidden, not removed: inputs and results stay while a report is shown. */}
      <div class="diagnostics" hidden={shown.value !== null}>
        {shown.value === null && <Findings model={model} diagnoser={diagnoser} go={go} />}
        <ReportExport
          by={by}
          look={session ? () => diagnoser.look() : null}
          muted={muted}
          dropped={record.history.peek().dropped}
          aside={
            <OpenReport
              open={open}
              unopened={unopened.value}
              reports={reports.value}
              show={(one) => (shown.value = one)}
              forget={(one) => (reports.value = reports.value.filter((other) => other !== one))}
            />
          }
        />
        <div class="columns">
          <CheckToken held={token} now={now} />
          <CheckUuid held={uuid} />
        </div>
        <CheckCompare
          now={now}
          live={subject}
          entries={record.history.value.entries}
          others={model.others.value}
          reports={reports.value}
          ask={() => model.askOthers()}
          active={isLive}
        />
      </div>
    </>
  );
}

const isSame = (one: OpenedReport, other: OpenedReport) => one.name === other.name && one.report.createdAt === other.report.createdAt;

function Findings({ model, diagnoser, go }: { model: Model; diagnoser: Diagnoser; go(seq: number): void }) {
  const session = model.session.value;
  const diagnosis = diagnoser.diagnosis.value;
  const muted = session?.policy.muted ?? [];
  const findings = diagnosis?.findings.filter(({ rule }) => !muted.includes(rule)) ?? [];
  const left = diagnosis?.findings.filter(({ rule }) => muted.includes(rule)) ?? [];
  const rules = diagnoser.rules.value;
  const titleOf = (id: string) => rules.find((rule) => rule.id === id)?.title ?? id;
  const not = !session?.visit.origin
    ? 'There is no site to mute it on.'
    : session.tab.incognito
      ? 'This is a setting, and of incognito nothing is kept on disk.'
      : null;
  return (
    <Card
      title="Findings"
      aside={
        <span class="line quiet" data-testid="last-run">
          {diagnosis ? (
            <>
              {rules.length} rules, last run <Time at={diagnosis.at}>{clock(diagnosis.at, model.now.value)}</Time>
            </>
          ) : (
            'looking…'
          )}
          <button type="button" class="small" data-testid="run-rules" onClick={() => diagnoser.run()}>
            Run now
          </button>
        </span>
      }
    >
      {diagnoser.trouble.value && <p class="error-text">{diagnoser.trouble.value}</p>}
      {diagnosis && diagnosis.broken.length > 0 && (
        <p class="error-text">These rules failed, which is a fault of the inspector: {diagnosis.broken.join(', ')}.</p>
      )}
      {diagnosis && findings.length === 0 && session?.stage.phase !== 'attached' && (
        <p data-testid="no-findings">There is nothing to look at: no SDK of Synerise is shown.</p>
      )}
      {diagnosis && findings.length === 0 && session?.stage.phase === 'attached' && (
        <p data-testid="no-findings">
          Nothing is wrong, as far as the rules see.{' '}
          <span class="quiet">They look at the session, its requests, calls and cookies whenever something changes.</span>
        </p>
      )}
      <FindingList findings={findings} go={go} mute={{ run: (rule) => model.mute(rule, true), not }} />
      {muted.length > 0 && (
        <details data-testid="muted">
          <summary>
            {muted.length} muted on this site{left.length > 0 && `, ${left.length} of them would speak now`}
          </summary>
          <ul class="muted">
            {muted.map((rule) => (
              <li key={rule} class="line">
                <span>{titleOf(rule)}</span>
                <button type="button" class="small" data-testid={`unmute-${rule}`} onClick={() => model.mute(rule, false)}>
                  Hear it again
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

function OpenReport({
  open,
  unopened,
  reports,
  show,
  forget,
}: {
  open(file: File): Promise<void>;
  unopened: Unopened | null;
  reports: readonly OpenedReport[];
  show(one: OpenedReport): void;
  forget(one: OpenedReport): void;
}) {
  const busy = useSignal(false);
  return (
    <div class="line">
      <label class="button small">
        {busy.value ? 'Opening…' : 'Open a report'}
        <input
          type="file"
          class="offscreen"
          accept="application/json,.json"
          data-testid="open-report"
          onChange={({ currentTarget }) => {
            const [chosen] = currentTarget.files ?? [];
            currentTarget.value = '';
            if (!chosen) return;
            busy.value = true;
            void open(chosen).finally(() => {
              busy.value = false;
            });
          }}
        />
      </label>
      {reports.map((one) => (
        <span key={`${one.name} ${one.report.createdAt}`} class="line">
          <button type="button" class="link" data-testid="report-again" onClick={() => show(one)}>
            {one.name}
          </button>
          <button type="button" class="link" data-testid="report-forget" aria-label={`Forget ${one.name}`} onClick={() => forget(one)}>
            ×
          </button>
        </span>
      ))}
      <span role="alert" class={unopened ? undefined : 'offscreen'}>
        {unopened && (
          <span class="error-text" data-testid="report-problem">
            {unopened.name}: {unopened.problem}
          </span>
        )}
      </span>
    </div>
  );
}
