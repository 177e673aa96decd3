import './operations.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Result } from '../state/commands';
import type { Model } from '../state/model';
import { later } from '../ui/later';

const StatusContent = later(async () => (await import('./status-content')).StatusContent);

/** The last operation, in a line, with its details to unfold. Always in the document, so that screen readers announce changes. */
export function StatusBar({ model }: { model: Model }) {
  if (model.result.value) StatusContent.request();
  // Attributes and words of a result show together.
  const result = StatusContent.isSettled.value ? model.result.value : null;
  const busy = result?.kind === 'busy';
  const opened = useSignal<string | null>(null);
  const isOpen = result !== null && opened.value === result.id;
  const outcome = result?.kind === 'ended' ? result.outcome : null;
  useEffect(() => {
    if (!outcome || model.now.value - outcome.at > 5000) return;
    // The meaning of an error and the changes of an account are what the user looks for next.
    if ((outcome.answer?.error && outcome.verdict === 'failed') || outcome.account) opened.value = outcome.id;
  }, [outcome?.id, outcome?.account === null]);
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
        opened.value = null;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {result && <StatusContent model={model} result={result} opened={opened} />}
    </section>
  );
}

function verdictOf(result: Result | null): string | undefined {
  if (result?.kind === 'ended') return result.outcome.verdict;
  if (result?.kind === 'refused') return result.lost ? 'interrupted' : 'unavailable';
  return undefined;
}
