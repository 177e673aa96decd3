import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { ComponentChildren, Ref } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';

/** Handle of virtualized rows. */
export interface Rows {
  /** Scrolls a row into view. */
  show(index: number): void;
}

/** The number of slots is a multiple of this. */
const SLOTS = 16;

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
  /** @param slot key of the row's element: rows that scroll out of sight leave theirs to those that come */
  children(index: number, top: number, slot: number): ComponentChildren;
}) {
  const [, redraw] = useReducer<number, void>((n) => n + 1, 0);
  const made = useRef<Virtualizer<HTMLElement, Element> | null>(null);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
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
  const items = virtual.getVirtualItems();
  // Rounded up, so that one row more or less keeps the slots of the others.
  const slots = Math.ceil(items.length / SLOTS) * SLOTS;
  return (
    <div class="rows-space" style={{ height: `${virtual.getTotalSize()}px` }}>
      {items.map(({ index, start }) => children(index, start, index % slots))}
    </div>
  );
}
