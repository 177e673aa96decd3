/** Small components that several cards use. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { copyText } from './copy';
import { fullTime } from './format';

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

export function Card({ title, aside, children }: { title: string; aside?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

/** One fact in a card's list; a `wide` one takes the full width where others are side by side. */
export function Fact({ name, wide, children }: { name: string; wide?: boolean; children: ComponentChildren }) {
  return (
    <div class={wide ? 'fact wide' : 'fact'}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** An instant (epoch ms): short on screen, in full on hover. */
export function Time({ at, children, ...rest }: { at: number; children: ComponentChildren; 'data-testid'?: string }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at)} {...rest}>
      {children}
    </time>
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
      {children}
    </button>
  );
}

/** Long text in a scrollable box. */
export function Pre({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions need keyboard access (axe scrollable-region-focusable)
    <pre tabIndex={0}>{children}</pre>
  );
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
  const said = useSignal<'' | 'Copied' | 'Not copied'>('');
  const copy = async () => {
    said.value = (await copyText(text())) ? 'Copied' : 'Not copied';
    setTimeout(() => {
      said.value = '';
    }, 1500);
  };
  return (
    <button type="button" class="small" aria-label={`${said.value || 'Copy'}: ${what}`} onClick={() => void copy()} {...rest}>
      <span aria-live="polite">{said.value || label}</span>
    </button>
  );
}
