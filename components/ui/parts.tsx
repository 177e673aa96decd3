/** Small components that several cards use. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { copyText } from './copy';
import { CopyIcon, DoneIcon } from './icons';

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'quiet';

export function Chip({
  tone,
  dot,
  children,
  ...rest
}: {
  tone: Tone;
  dot?: boolean;
  children: ComponentChildren;
  [attribute: `data-${string}`]: string | undefined;
  title?: string;
}) {
  return (
    <span class={`chip ${tone}`} {...rest}>
      {dot && <span class="dot" aria-hidden="true" />}
      {children}
    </span>
  );
}

/** A toggle switch, sized for a line of several. */
export function Switch({
  testid,
  on,
  disabled = false,
  title,
  toggle,
  children,
  ...rest
}: {
  testid: string;
  on: boolean;
  disabled?: boolean;
  title: string;
  toggle(): void;
  children: ComponentChildren;
  [attribute: `data-${string}`]: string | undefined;
}) {
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      data-testid={testid}
      aria-checked={on}
      aria-disabled={disabled}
      title={title}
      onClick={() => !disabled && toggle()}
      {...rest}
    >
      <span class="knob" aria-hidden="true" />
      <span class="label">{children}</span>
    </button>
  );
}

/** Copies `text()`; `said` is the outcome, for a moment. */
function useCopy(text: () => string) {
  const said = useSignal<'' | 'Copied' | 'Not copied'>('');
  const copy = async () => {
    said.value = (await copyText(text())) ? 'Copied' : 'Not copied';
    setTimeout(() => {
      said.value = '';
    }, 1500);
  };
  return { said, copy };
}

/** Copies `text()` and briefly confirms it. */
export function CopyButton({
  text,
  what,
  label = 'Copy',
  ...rest
}: {
  text: () => string;
  what: string;
  /** The button's text, if there are several buttons. */
  label?: string;
  'data-testid'?: string;
}) {
  const { said, copy } = useCopy(text);
  return (
    <button type="button" class="small" aria-label={`${said.value || 'Copy'}: ${what}`} onClick={() => void copy()} {...rest}>
      <span aria-live="polite">{said.value || label}</span>
    </button>
  );
}

/** Copies `text()`: an icon, which turns into a check mark once it is copied. @param what such as "UUID" */
export function CopyIconButton({ text, what, ...rest }: { text: () => string; what: string; 'data-testid'?: string }) {
  const { said, copy } = useCopy(text);
  return (
    <button
      type="button"
      class={said.value === 'Not copied' ? 'bare danger' : 'bare'}
      aria-label={`${said.value || 'Copy'} ${what}`}
      title={said.value || `Copy ${what}`}
      onClick={() => void copy()}
      {...rest}
    >
      {said.value === 'Copied' ? <DoneIcon /> : <CopyIcon />}
      <span class="offscreen" aria-live="polite">
        {said.value}
      </span>
    </button>
  );
}
