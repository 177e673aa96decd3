/** All text of the views goes through `visible`, wherever it comes from: a page cannot hide or turn anything on screen. */
import { options, type VNode } from 'preact';
import { visible } from '@/lib/text/visible';

/** What is read aloud or shown on hover is text too. */
const TOLD = ['title', 'aria-label'];

const seen = (value: unknown): unknown => (typeof value === 'string' ? visible(value) : value);

/** Call once, before anything is drawn. What is typed or chosen (`value`) stays as it is. */
export function showAllText(): void {
  const { vnode: before } = options;
  options.vnode = (vnode: VNode) => {
    const drawn = vnode as unknown as { type: unknown; props: unknown };
    // Preact makes a node for each text, wherever it is.
    if (drawn.type === null) drawn.props = seen(drawn.props);
    else if (typeof drawn.type === 'string') {
      const props = drawn.props as Record<string, unknown>;
      for (const name of TOLD) if (name in props) props[name] = seen(props[name]);
    }
    before?.(vnode);
  };
}
