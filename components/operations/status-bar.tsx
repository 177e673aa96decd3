import './operations.css';
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Result } from '../state/commands';
import type { Model } from '../state/model';
import { later } from '../ui/later';

/** How long ago a result's operation ended at most for its details to open automatically (ms). */
const NEW = 5000;

const StatusContent = later(async () => (await import('./status-content')).StatusContent);

/** The last operation, in a line, with its details to unfold. Always in the document, so that screen readers announce changes. */
export function StatusBar({ model }: { model: Model }) {
  if (model.result.value) StatusContent.request();
  // Attributes and words of a result show together.
  const result = StatusContent.isSettled.value ? model.result.value : null;
  const busy = result?.kind === 'busy';
  const outcome = result?.kind === 'ended' ? result.outcome : null;
  const isNew = useMemo(() => outcome !== null && model.now.peek() - outcome.endedAt <= NEW, [outcome?.id]);
  // The meaning of an error and the changes of an account are what the user looks for next: they show with the verdict.
  const opensItself = isNew && outcome !== null && ((outcome.answer?.error && outcome.verdict === 'failed') || outcome.account);
  /** What the user chose for a result. */
  const chosen = useSignal<{ readonly id: string; readonly isOpen: boolean } | null>(null);
  const isOpen = result !== null && (chosen.value?.id === result.id ? chosen.value.isOpen : Boolean(opensItself));
  const toggle = () => {
    if (result) chosen.value = { id: result.id, isOpen: !isOpen };
  };
  return (
    <section
      class={`status-bar ${result ? '' : 'empty'}`}
      role="status"
      aria-label="Last operation"
      data-testid="operation-result"
      data-run={result?.id}
      data-operation={result?.operation}
      aria-busy={busy ? 'true' : undefined}
      data-verdict={verdictOf(result)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        toggle();
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {result && <StatusContent model={model} result={result} isOpen={isOpen} toggle={toggle} />}
    </section>
  );
}

function verdictOf(result: Result | null): string | undefined {
  if (result?.kind === 'ended') return result.outcome.verdict;
  if (result?.kind === 'refused') return result.lost ? 'interrupted' : 'unavailable';
  return undefined;
}
