import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { OPERATIONS, type OperationName, SESSION_OPERATION_NAMES } from '@/lib/sdk/operations';
import { type Availability, bindingKind } from '@/lib/session/availability';
import type { Session } from '@/lib/session/session';
import { AutoRefresh } from '../session/auto-refresh';
import type { Model } from '../state/model';
import { ChevronIcon } from '../ui/icons';
import { later } from '../ui/later';
import { useMedia } from '../ui/media';
import { ActionButton, rulingOf } from './action-button';

const OperationForm = later(async () => (await import('./operation-form')).OperationForm);

const GROUPS = ['token', 'uuid', 'end'] as const;

/** In the toolbar, in this order; all others are in the menu. */
const FIRST: readonly OperationName[] = [
  'refreshToken',
  'retrieveToken',
  'getUUID',
  'regenerateUUID',
  'regenerateUUIDWithClientIdentifier',
  'signOut',
  'destroySession',
];

const FEW: readonly OperationName[] = ['refreshToken', 'regenerateUUID'];
const IN_POPUP: readonly OperationName[] = [...FEW, 'signOut'];

/** The toolbar of the operations on the session, and the form that one of them opened. */
export function Actions({ model, session, isPopup = false }: { model: Model; session: Session; isPopup?: boolean }) {
  const open = model.form.value;
  const isNarrow = useMedia('(width < 760px)');
  const { stage } = session;
  if (stage.phase !== 'attached') return null;
  const names = SESSION_OPERATION_NAMES.filter((name) => bindingKind(session, name) !== null);
  const rulings = new Map<OperationName, Availability>(names.map((name) => [name, rulingOf(model, session, name)]));
  const reasons = new Set([...rulings.values()].flatMap((ruled) => (ruled.kind === 'ruled-out' && ruled.anyway ? [ruled.reason] : [])));
  const button = (name: OperationName, inMenu = false) => (
    <ActionButton key={name} name={name} model={model} session={session} ruled={rulings.get(name) as Availability} inMenu={inMenu} />
  );
  const inBar = (name: OperationName) => (isPopup ? IN_POPUP : isNarrow ? FEW : FIRST).includes(name);
  return (
    <>
      <div class="toolbar" role="toolbar" aria-label="Actions">
        {GROUPS.map((group, index) => {
          const own = FIRST.filter((name) => rulings.has(name) && inBar(name) && OPERATIONS[name].group === group);
          if (!own.length) return null;
          return (
            <span class="line" key={group}>
              {index > 0 && <span class="divider" />}
              {own.map((name) => button(name))}
            </span>
          );
        })}
        <More label="More actions">{names.filter((name) => !inBar(name)).map((name) => button(name, true))}</More>
        <span class="spacer" />
        <AutoRefresh model={model} session={session} stage={stage} />
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
    </>
  );
}

/** A menu of further actions, which stay in the document while it is closed. */
export function More({ label, children }: { label: string; children: ComponentChildren }) {
  const open = useSignal(false);
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!open.value) return undefined;
    const elsewhere = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) open.value = false;
    };
    addEventListener('pointerdown', elsewhere, true);
    return () => removeEventListener('pointerdown', elsewhere, true);
  }, [open.value]);
  const opener = () => box.current?.querySelector('button');
  const close = () => {
    // Before its item is hidden, which would lose the focus. A form that the item opened takes it from here.
    if (box.current?.querySelector('[role="menu"]')?.contains(document.activeElement)) opener()?.focus();
    open.value = false;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only for what bubbles from its menu
    <span
      ref={box}
      class="menu"
      onKeyDown={(event) => {
        const buttons = [...(box.current?.querySelectorAll<HTMLButtonElement>('[role="menu"] button') ?? [])];
        const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
        const to = { ArrowDown: at + 1, ArrowUp: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
        if (event.key === 'Escape' && open.value) {
          opener()?.focus();
          open.value = false;
        } else if (to !== undefined && open.value) buttons[to % buttons.length]?.focus();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <button type="button" aria-haspopup="menu" aria-expanded={open.value} title={label} onClick={() => (open.value = !open.value)}>
        More
        <ChevronIcon />
      </button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a key presses a button in it */}
      <div role="menu" tabIndex={-1} aria-label={label} hidden={!open.value} onClick={close}>
        {children}
      </div>
    </span>
  );
}

/** Why the action of a keyboard shortcut didn't run. */
function WantedLine({ operation, model, session }: { operation: OperationName; model: Model; session: Session }) {
  const ruled = rulingOf(model, session, operation);
  if (ruled.kind === 'allowed' || ruled.anyway) return null;
  return (
    <p class="warn-text note" role="alert">
      {OPERATIONS[operation].label}: {ruled.reason}
    </p>
  );
}
