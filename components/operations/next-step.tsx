import { useSignal } from '@preact/signals';
import { conditionOf } from '@/lib/forms/error-hints';
import { leadsTo, OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import { bindingKind } from '@/lib/session/availability';
import { lastOutcome } from '@/lib/session/run';
import type { Session } from '@/lib/session/session';
import type { Model } from '../state/model';

/** After the first of two steps: the next one, and where its code or token comes from. */
export function NextStep({ model, session }: { model: Model; session: Session }) {
  const dismissed = useSignal<string | null>(null);
  const last = lastOutcome(session.runs);
  if (!last || model.form.value !== null) return null;
  // If the second step failed, the first one still applies.
  const sent =
    last.verdict === 'done'
      ? model.sent.value.find(({ id }) => id === last.id)
      : model.sent.value.findLast(({ operation }) => leadsTo(operation, last.operation));
  if (!sent || sent.id === dismissed.value) return null;
  const condition = last.id === sent.id ? conditionOf(last.answer?.value) : null;
  const steps = (OPERATIONS[sent.operation].account?.leadsTo ?? []).filter(
    ({ operation, when }) =>
      (when === undefined || when === condition) && (bindingKind(session, operation as OperationName) ?? 'unavailable') !== 'unavailable',
  );
  if (!steps.length) return null;
  return (
    <section class="next-step" aria-label="Next step">
      <h3>Next</h3>
      <ul>
        {steps.map(({ operation, about }) => (
          <li key={operation}>
            <button
              type="button"
              class="primary"
              onClick={() => {
                model.form.value = operation as OperationName;
              }}
            >
              {OPERATIONS[operation as OperationName].label}…
            </button>{' '}
            <span class="quiet">{about}</span>
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="link"
        onClick={() => {
          dismissed.value = sent.id;
        }}
      >
        Dismiss
      </button>
    </section>
  );
}
