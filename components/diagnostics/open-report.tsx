import { useSignal } from '@preact/signals';
import type { OpenedReport, Unopened } from '../report/report-source';
import { FileButton } from '../ui/file-button';
import { CloseIcon, ImportIcon } from '../ui/icons';

/** Opens report files, and lists the ones that were opened. */
export function OpenReport({
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
    <>
      <FileButton
        accept="application/json,.json"
        testid="open-report"
        take={(file) => {
          busy.value = true;
          void open(file).finally(() => {
            busy.value = false;
          });
        }}
      >
        <ImportIcon />
        {busy.value ? 'Opening…' : 'Import report…'}
      </FileButton>
      {reports.map((one) => (
        <span key={`${one.name} ${one.report.createdAt}`} class="line">
          <button type="button" class="link" data-testid="report-again" onClick={() => show(one)}>
            {one.name}
          </button>
          <button type="button" class="bare" data-testid="report-forget" aria-label={`Remove ${one.name}`} onClick={() => forget(one)}>
            <CloseIcon />
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
    </>
  );
}
