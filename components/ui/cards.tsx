import './sections.css';
/** Sections with their facts. Apart from the small parts, since their style sheet is not needed for a first look. */
import type { ComponentChildren } from 'preact';
import { Boundary } from './boundary';
import { fullTime } from './format';

/** A section with a heading strip. */
export function Card({ title, aside, children }: { title: string; aside?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {aside}
      </header>
      <Boundary>{children}</Boundary>
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

/** Long text in a scrollable box. */
export function Pre({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions need keyboard access (axe scrollable-region-focusable)
    <pre tabIndex={0}>{children}</pre>
  );
}
