import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { ComponentChildren, Ref } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';

/** Handle of virtualized rows. */
export interface Rows {
  /** Scrolls a row into view. */
  show(index: number): void;
}

/** Virtualized rows of equal height: only visible ones are in the document. `height` in px. */
export function VirtualRows({
  count,
  height,
  above = 0,
  rows,
  scroller,
  children,
}: {
  count: number;
  height: number;
  /** What of the scrolling element stands over the first row, and stays there (px). */
  above?: number;
  rows: Ref<Rows>;
  /** The scroll container. */
  scroller: { readonly current: HTMLElement | null };
  children(index: number, top: number): ComponentChildren;
}) {
  const [, redraw] = useReducer<number, void>((n) => n + 1, 0);
  const made = useRef<Virtualizer<HTMLElement, Element> | null>(null);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(),
  };
  made.current ??= new Virtualizer(options);
  const virtual = made.current;
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  useEffect(() => {
    const shown: Rows = {
      show(index) {
        const within = scroller.current;
        if (!within) return;
        // All rows have the same height, so there is nothing to measure and no frame to wait for.
        const top = index * height;
        if (top < within.scrollTop) within.scrollTop = top;
        else if (top + height > within.scrollTop + within.clientHeight - above)
          within.scrollTop = top + height - within.clientHeight + above;
      },
    };
    if (typeof rows === 'function') rows(shown);
    else if (rows) rows.current = shown;
  }, []);
  return (
    <div class="rows-space" style={{ height: `${virtual.getTotalSize()}px` }}>
      {virtual.getVirtualItems().map(({ index, start }) => children(index, start))}
    </div>
  );
}
