import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Calls `set` with the width of an element (px) now and whenever it changes. @param deps change when the element appears or disappears */
export function useWidth(box: RefObject<HTMLElement | null>, set: (width: number) => void, deps: readonly unknown[] = []): void {
  useEffect(() => {
    const { current } = box;
    if (!current) return undefined;
    const measure = () => set(current.clientWidth);
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    measure();
    return () => observer.disconnect();
  }, deps);
}
