import { OPERATIONS, type OperationName, SESSION_OPERATION_NAMES } from '@/lib/sdk/operations';
import { type Availability, bindingKind } from '@/lib/session/availability';
import type { Session } from '@/lib/session/session';
import type { Model } from '../state/model';
import { Card } from '../ui/parts';
import { ActionButton, rulingOf } from './action-button';
import { OperationForm } from './operation-form';

const GROUPS = ['token', 'uuid', 'end'] as const;

/** The session operations' buttons, and the form that is open. */
export function Actions({ model, session }: { model: Model; session: Session }) {
  const open = model.form.value;
  const { stage } = session;
  if (stage.phase !== 'attached') return null;
  const names = SESSION_OPERATION_NAMES.filter((name) => bindingKind(session, name) !== null);
  const rulings = new Map<OperationName, Availability>(names.map((name) => [name, rulingOf(model, session, name)]));
  const reasons = new Set([...rulings.values()].flatMap((ruled) => (ruled.kind === 'ruled-out' && ruled.anyway ? [ruled.reason] : [])));
  return (
    <Card title="Drive the page's SDK">
      <div class="actions">
        {GROUPS.map((group) => (
          <span class="group" key={group}>
            {names
              .filter((name) => OPERATIONS[name].group === group)
              .map((name) => (
                <ActionButton key={name} name={name} model={model} session={session} ruled={rulings.get(name) as Availability} />
              ))}
          </span>
        ))}
      </div>
      {model.wanted.value && <WantedLine operation={model.wanted.value} model={model} session={session} />}
      {[...reasons].map((reason) => (
        <p class="quiet note" key={reason}>
          {reason}
        </p>
      ))}
      {open && rulings.has(open) && (
        <OperationForm
          key={open}
          name={open}
          model={model}
          session={session}
          client={stage.client}
          ruled={rulings.get(open) as Availability}
        />
      )}
    </Card>
  );
}

/** Why an operation that a keyboard shortcut requested doesn't run. */
function WantedLine({ operation, model, session }: { operation: OperationName; model: Model; session: Session }) {
  const ruled = rulingOf(model, session, operation);
  if (ruled.kind === 'allowed' || ruled.anyway) return null;
  return (
    <p class="warn-text" role="alert">
      {OPERATIONS[operation].label}: {ruled.reason}
    </p>
  );
}
