import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { ComponentChildren, Ref } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';

/** What can be asked of rows that are drawn only where they are seen. */
export interface Rows {
  /** Brings a row into sight. */
  show(index: number): void;
}

/** Rows of one height, of which only those in sight are in the document. `height` in px. */
export function VirtualRows({
  count,
  height,
  rows,
  scroller,
  children,
}: {
  count: number;
  height: number;
  rows: Ref<Rows>;
  /** The element that scrolls. */
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
        // All rows are of one height: no measuring, and no frame to wait for.
        const top = index * height;
        if (top < within.scrollTop) within.scrollTop = top;
        else if (top + height > within.scrollTop + within.clientHeight) within.scrollTop = top + height - within.clientHeight;
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
