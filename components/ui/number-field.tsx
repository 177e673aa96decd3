import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';

/** An integer input with bounds: a valid value is stored, an invalid one is shown as an error. */
export function NumberField({
  label,
  testid,
  value,
  least,
  most,
  change,
}: {
  label: string;
  testid: string;
  value: number;
  least: number;
  most: number;
  change(value: number): void;
}) {
  const id = useId();
  const typed = useSignal<string | null>(null);
  const text = typed.value ?? String(value);
  const number = Number(text);
  const wrong = !/^\d+$/.test(text.trim()) || number < least || number > most;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode="numeric"
        data-testid={testid}
        value={text}
        aria-invalid={wrong}
        aria-describedby={`${id}-wrong`}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
        }}
        onChange={() => {
          if (wrong) return;
          typed.value = null;
          if (number !== value) change(number);
        }}
      />
      <small id={`${id}-wrong`} class="warn-text">
        {wrong && `A whole number from ${least} to ${most}.`}
      </small>
    </div>
  );
}
