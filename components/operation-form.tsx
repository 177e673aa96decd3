import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type Argument, type ArgumentValues, OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import type { Ruling } from '@/lib/session/ruling';
import type { Model } from './model';

/** What an operation needs to know, or to have confirmed, before it runs. */
export function OperationForm({ name, model, ruled }: { name: OperationName; model: Model; ruled: Ruling }) {
  const { label, args, loses, note } = OPERATIONS[name];
  const values = useSignal<ArgumentValues>(Object.fromEntries(args.map((arg) => [arg.name, initial(arg)])));
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // Never on the button that loses something: the key that opened the form may still be down.
    const first = form.current?.querySelector<HTMLElement>('input, select, [data-testid="cancel"]');
    first?.focus();
  }, []);
  const lost = loses(values.value);
  const out = ruled.kind === 'ruled-out';
  const missing = args.find((arg) => arg.type === 'text' && arg.required && values.value[arg.name] === '');
  const close = () => {
    model.form.value = null;
  };
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!missing && !(out && !ruled.anyway)) model.run(name, values.value, out);
  };
  return (
    <form
      ref={form}
      class="form"
      data-testid={`form-${name}`}
      aria-label={label}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
      noValidate
    >
      <h3>{label}</h3>
      {out && <p class="warn-text">{ruled.reason}</p>}
      {args.map((arg) => (
        <Field
          key={arg.name}
          arg={arg}
          value={values.value[arg.name] ?? ''}
          set={(value) => {
            values.value = { ...values.value, [arg.name]: value };
          }}
        />
      ))}
      {lost.length > 0 && (
        <p>
          This will be lost: <strong>{new Intl.ListFormat('en').format(lost)}</strong>.
        </p>
      )}
      {note && <p class="quiet">{note}</p>}
      <div class="line">
        <button
          type="submit"
          class={lost.length ? 'primary danger' : 'primary'}
          data-testid={out ? 'run-anyway' : 'run'}
          disabled={!!missing || (out && !ruled.anyway)}
          title={missing ? `${missing.label} is missing.` : undefined}
        >
          {out ? 'Run anyway' : label}
        </button>
        <button type="button" data-testid="cancel" onClick={close}>
          Cancel
        </button>
      </div>
    </form>
  );
}

const initial = (arg: Argument): string | boolean => (arg.type === 'flag' ? false : arg.type === 'choice' ? (arg.options[0] ?? '') : '');

function Field({ arg, value, set }: { arg: Argument; value: string | boolean; set(value: string | boolean): void }) {
  const id = `argument-${arg.name}`;
  const hint = arg.hint === undefined ? undefined : `${id}-hint`;
  const common = { id, 'data-testid': id, 'aria-describedby': hint };
  return (
    <div class={`field ${arg.type}`}>
      <label for={id}>{arg.label}</label>
      {arg.type === 'text' && (
        <input
          {...common}
          type="text"
          value={String(value)}
          required={arg.required}
          autoComplete="off"
          maxLength={10_000}
          spellcheck={false}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
      {arg.type === 'choice' && (
        <select {...common} value={String(value)} onChange={(event) => set(event.currentTarget.value)}>
          {arg.options.map((option) => (
            <option key={option} value={option}>
              {option}
            </option>
          ))}
        </select>
      )}
      {arg.type === 'flag' && (
        <input {...common} type="checkbox" checked={value === true} onChange={(event) => set(event.currentTarget.checked)} />
      )}
      {arg.hint && (
        <small id={hint} class="quiet">
          {arg.hint}
        </small>
      )}
    </div>
  );
}
