import { useEffect, useRef } from 'preact/hooks';
import { tableOf } from '@/lib/sdk/dialects';
import type { AccountMatter } from '@/lib/sdk/operation';
import { OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import { type Availability, availabilityOf, bindingKind } from '@/lib/session/availability';
import type { Session } from '@/lib/session/session';
import type { Model } from '../state/model';
import { RefreshIcon } from '../ui/icons';

const DANGEROUS: readonly string[] = ['end', 'deletion'];

/** What an account operation needs, in a sentence. */
function needsWords({ needs, permission }: AccountMatter): string {
  const key = permission === null ? '' : `, and of the API key ${permission}`;
  return needs === 'customer' ? `Needs a signed-in customer${key}.` : permission === null ? '' : `Needs of the API key ${permission}.`;
}

/** `availabilityOf`, but also busy while this view's own command is pending. */
export function rulingOf(model: Model, session: Session, name: OperationName): Availability {
  const ruled = availabilityOf(session, name);
  const { value: result } = model.result;
  if (ruled.kind === 'allowed' && result?.kind === 'busy')
    return { kind: 'ruled-out', anyway: false, reason: `Busy: ${OPERATIONS[result.operation].label} is running.` };
  return ruled;
}

/** An operation's button: opens its form if there is something to fill in or confirm, otherwise runs it. */
export function ActionButton({
  name,
  model,
  session,
  ruled,
  inMenu = false,
}: {
  name: OperationName;
  model: Model;
  session: Session;
  ruled: Availability;
  inMenu?: boolean;
}) {
  const { label, about, args, loses, note, group, account } = OPERATIONS[name];
  const ref = useRef<HTMLButtonElement>(null);
  const open = model.form.value === name;
  const wasOpen = useRef(false);
  useEffect(() => {
    // A closing form returns the focus to what opened it (a closed menu shows only its own button), unless it is elsewhere already.
    if (wasOpen.current && !open && document.activeElement === document.body)
      (inMenu ? ref.current?.closest('.menu')?.querySelector('button') : ref.current)?.focus();
    wasOpen.current = open;
  }, [open]);
  const dialect = session.stage.phase === 'attached' ? tableOf(session.stage.client.dialect) : undefined;
  const binding = dialect?.bindings[name];
  const asks = args.length > 0 || loses({}).length > 0;
  const out = ruled.kind === 'ruled-out';
  /** Returns whether anything came of it. */
  const press = () => {
    if (out && !ruled.anyway) return false;
    if (!asks && !out) return model.run(name, {}) !== null;
    model.form.value = open ? null : name;
    return true;
  };
  const isWanted = model.wanted.value === name;
  useEffect(() => {
    // A keyboard shortcut presses the button if it is enabled.
    if (isWanted && ((open && (!out || ruled.anyway)) || press())) model.wanted.value = null;
  }, [isWanted]);
  return (
    <button
      ref={ref}
      type="button"
      role={inMenu ? 'menuitem' : undefined}
      tabIndex={inMenu ? -1 : undefined}
      class={DANGEROUS.includes(group) ? 'danger' : ''}
      data-testid={`action-${name}`}
      data-binding={bindingKind(session, name) ?? undefined}
      // Not `disabled`: it must stay reachable by keyboard, for its reason and for "Run anyway".
      aria-disabled={out}
      aria-expanded={asks || out ? open : undefined}
      title={
        out
          ? ruled.reason
          : [about, binding?.kind === 'emulated' ? binding.about : note, account && needsWords(account)].filter(Boolean).join(' ')
      }
      onClick={press}
    >
      {name === 'refreshToken' && !inMenu && <RefreshIcon />}
      {label}
      {asks && '…'}
    </button>
  );
}
