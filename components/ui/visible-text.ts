/** Passes all text of the views through `visible`, so that a page can't hide or reverse anything on screen. */
import { options, type VNode } from 'preact';
import { visible } from '@/lib/text/visible';

/** Attributes that are read aloud or shown on hover. */
const TOLD = ['title', 'aria-label'];

const seen = (value: unknown): unknown => (typeof value === 'string' ? visible(value) : value);

/** Call once, before anything is rendered. Input values (`value`) are left as they are. */
export function showAllText(): void {
  const { vnode: before } = options;
  options.vnode = (vnode: VNode) => {
    const drawn = vnode as unknown as { type: unknown; props: unknown };
    // Preact creates a vnode for every text.
    if (drawn.type === null) drawn.props = seen(drawn.props);
    else if (typeof drawn.type === 'string') {
      const props = drawn.props as Record<string, unknown>;
      for (const name of TOLD) if (name in props) props[name] = seen(props[name]);
    }
    before?.(vnode);
  };
}
