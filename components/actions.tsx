import { useEffect, useRef } from 'preact/hooks';
import { tableOf } from '@/lib/sdk/dialects';
import { OPERATION_NAMES, OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import { bindingKind, type Ruling, ruling } from '@/lib/session/ruling';
import type { Session } from '@/lib/session/session';
import type { Model } from './model';
import { OperationForm } from './operation-form';
import { Card } from './parts';

const GROUPS = ['token', 'uuid', 'end'] as const;

/** Buttons of all operations, and the form that one of them opened. */
export function Actions({ model, session }: { model: Model; session: Session }) {
  const open = model.form.value;
  const { stage } = session;
  if (stage.phase !== 'attached') return null;
  const names = OPERATION_NAMES.filter((name) => bindingKind(session, name) !== null);
  const rulings = new Map(names.map((name) => [name, rulingOf(model, session, name)]));
  const reasons = new Set([...rulings.values()].flatMap((ruled) => (ruled.kind === 'ruled-out' && ruled.anyway ? [ruled.reason] : [])));
  return (
    <Card title="Drive the page's SDK">
      <div class="actions">
        {GROUPS.map((group) => (
          <span class="group" key={group}>
            {names
              .filter((name) => OPERATIONS[name].group === group)
              .map((name) => (
                <ActionButton key={name} name={name} model={model} session={session} ruled={rulings.get(name) as Ruling} />
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
        <OperationForm key={open} name={open} model={model} session={session} client={stage.client} ruled={rulings.get(open) as Ruling} />
      )}
    </Card>
  );
}

/** Why what a keyboard shortcut asked for is not done. */
function WantedLine({ operation, model, session }: { operation: OperationName; model: Model; session: Session }) {
  const ruled = rulingOf(model, session, operation);
  if (ruled.kind === 'allowed' || ruled.anyway) return null;
  return (
    <p class="warn-text" role="alert">
      {OPERATIONS[operation].label}: {ruled.reason}
    </p>
  );
}

/** The session's ruling; while this view's own command is on its way, busy as well. */
function rulingOf(model: Model, session: Session, name: OperationName): Ruling {
  const ruled = ruling(session, name);
  const { value: result } = model.result;
  if (ruled.kind === 'allowed' && result?.kind === 'busy')
    return { kind: 'ruled-out', anyway: false, reason: `Busy: ${OPERATIONS[result.operation].label} is running.` };
  return ruled;
}

function ActionButton({ name, model, session, ruled }: { name: OperationName; model: Model; session: Session; ruled: Ruling }) {
  const { label, about, args, loses, note, group } = OPERATIONS[name];
  const ref = useRef<HTMLButtonElement>(null);
  const open = model.form.value === name;
  const wasOpen = useRef(false);
  useEffect(() => {
    // A form that closes gives the focus back to the button that opened it, unless the focus is somewhere else already.
    if (wasOpen.current && !open && document.activeElement === document.body) ref.current?.focus();
    wasOpen.current = open;
  }, [open]);
  const dialect = session.stage.phase === 'attached' ? tableOf(session.stage.client.dialect) : undefined;
  const binding = dialect?.bindings[name];
  const asks = args.length > 0 || loses({}).length > 0;
  const out = ruled.kind === 'ruled-out';
  const press = () => {
    if (out && !ruled.anyway) return;
    if (asks || out) model.form.value = open ? null : name;
    else model.run(name, {});
  };
  const isWanted = model.wanted.value === name;
  useEffect(() => {
    // A keyboard shortcut presses the button, where it can be pressed.
    if (!isWanted || (out && !ruled.anyway)) return;
    model.wanted.value = null;
    if (!open) press();
  }, [isWanted]);
  return (
    <button
      ref={ref}
      type="button"
      class={group === 'end' ? 'danger' : ''}
      data-testid={`action-${name}`}
      data-binding={bindingKind(session, name) ?? undefined}
      // Not `disabled`: it stays reachable by keyboard, tells its reason, and has "Run anyway" behind it.
      aria-disabled={out}
      aria-expanded={asks || out ? open : undefined}
      title={out ? ruled.reason : [about, binding?.kind === 'emulated' ? binding.about : note].filter(Boolean).join(' ')}
      onClick={press}
    >
      {label}
      {asks && '…'}
    </button>
  );
}
