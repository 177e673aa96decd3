import type { Signal } from '@preact/signals';
import type { ComponentChildren, TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ClientInfo } from '@/lib/page/wire';
import { OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import type { Availability } from '@/lib/session/availability';
import type { Session } from '@/lib/session/session';
import type { Model } from '../state/model';

/** Props of every operation's form. */
export interface FormProps {
  readonly name: OperationName;
  readonly model: Model;
  readonly session: Session;
  readonly client: ClientInfo;
  readonly ruled: Availability;
}

/**
 * The frame of all forms: name, availability, what will be lost, and the buttons. `blocked`: why it can't run yet. The
 * button is never disabled: if pressed too early, it focuses the first input to fix.
 */
export function FormFrame({
  name,
  model,
  ruled,
  lost,
  blocked,
  run,
  tried,
  canceled,
  brief = false,
  children,
}: Pick<FormProps, 'name' | 'model' | 'ruled'> & {
  lost: readonly string[];
  blocked: string | null;
  /** Called if nothing blocks it. */
  run(anyway: boolean): void;
  /** Set if something blocks it: from then on, missing values are shown as errors. */
  tried: Signal<boolean>;
  /** Called if the user cancels the form. */
  canceled?(): void;
  /** Nothing is to be filled in: one line asks for a confirmation. */
  brief?: boolean;
  children: ComponentChildren;
}) {
  const { label } = OPERATIONS[name];
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // Never focus a destructive button: the key that opened the form may still be down.
    form.current?.querySelector<HTMLElement>('.field input, .field select, [data-testid="cancel"]')?.focus();
  }, []);
  const out = ruled.kind === 'ruled-out';
  const anyway = out && ruled.anyway;
  const held = blocked !== null || (out && !ruled.anyway);
  const close = () => {
    canceled?.();
    model.form.value = null;
  };
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!held) {
      run(out);
      return;
    }
    tried.value = true;
    // Wait until the errors that were just found are rendered.
    requestAnimationFrame(() => {
      const first = form.current?.querySelector<HTMLElement>(
        '[aria-invalid="true"], [data-wrong="true"] input, [data-wrong="true"] select',
      );
      (first ?? form.current?.querySelector<HTMLElement>('.field input, .field select'))?.focus();
    });
  };
  return (
    <form
      ref={form}
      class={lost.length && brief ? 'form loses' : 'form'}
      data-testid={`form-${name}`}
      aria-label={label}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // Otherwise Escape also opens the DevTools console.
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
      noValidate
    >
      {!brief && <h2>{label}</h2>}
      {out && <p class="warn-text">{ruled.reason}</p>}
      {children}
      <div class="line run-line">
        {brief && <h2>{lost.length ? `${label}?` : label}</h2>}
        {lost.length > 0 && (
          <p id="run-lost" class={brief ? undefined : 'warn-text'}>
            Clears {new Intl.ListFormat('en').format(lost)}. <span class="quiet">Can’t be undone.</span>
          </p>
        )}
        {/* Announced only after a first try, not on each key press before. */}
        <span id="run-reason" class="quiet" role={tried.value ? 'status' : undefined}>
          {blocked}
        </span>
        <span class="spacer" />
        <button type="button" data-testid="cancel" onClick={close}>
          Cancel
        </button>
        <button
          type="submit"
          class={lost.length ? 'primary danger' : 'primary'}
          data-testid={anyway ? 'run-anyway' : 'run'}
          aria-disabled={held}
          aria-describedby="run-lost run-reason"
        >
          {anyway ? 'Run anyway' : label}
        </button>
      </div>
    </form>
  );
}
