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
    const props = vnode.props as Record<string, unknown>;
    if (typeof vnode.type === 'string') {
      for (const name of TOLD) if (typeof props[name] === 'string') props[name] = seen(props[name]);
      const { children } = props;
      props['children'] = Array.isArray(children) ? children.map(seen) : seen(children);
    }
    before?.(vnode);
  };
}
