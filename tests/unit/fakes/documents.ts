/** What a browser keeps over the documents of a tab and tells each of them, and happy-dom does not. */
import type { BrowserPage, BrowserWindow, Storage } from 'happy-dom';
import { until } from '@/scripts/until.mjs';

export interface Documents {
  /** Called before a new document's scripts run. */
  begins(window: BrowserWindow): void;
  /** Waits while a page is between two documents: happy-dom has the window of the next one before its content. */
  settled(page: BrowserPage): Promise<unknown> | null;
  /** Reloads by `load`: the document that comes knows that it was reloaded. */
  reloads(load: () => Promise<unknown>): Promise<void>;
}

/** For how long a tab's first document is open when the test begins (ms): nobody waits for what its SDK answers as it starts. */
const AGE = 5000;

/** At the start of a page of a test's own: one that finished loading 5 s ago. An SDK that is not there by then is absent. */
export const LOADED_LONG_AGO = `<script>Object.defineProperty(window, 'performance', { configurable: true, value: {
  timeOrigin: Date.now() - ${AGE}, now: () => ${AGE}, getEntriesByType: () => [{ loadEventEnd: 1 }], getEntriesByName: () => [] } });</script>`;

/** For one tab. */
export function createDocuments(): Documents {
  /** localStorage by origin. */
  const storages = new Map<string, Storage>();
  let by = 'navigate';
  let age = AGE;
  const ready = new WeakSet<BrowserWindow>();
  const isSettled = (page: BrowserPage) => ready.has(page.mainFrame.window);
  return {
    settled: (page) => (isSettled(page) ? null : until('the next document', () => isSettled(page))),
    begins(window) {
      ready.add(window);
      const { origin, href } = window.location;
      const storage = storages.get(origin) ?? window.localStorage;
      storages.set(origin, storage);
      const begun = performance.now() - age;
      age = 0;
      const entry = { name: href, entryType: 'navigation', type: by };
      const timing = {
        timeOrigin: performance.timeOrigin + begun,
        now: () => performance.now() - begun,
        getEntriesByType: (type: string) => (type === 'navigation' ? [entry] : []),
      };
      for (const [name, value] of Object.entries({ localStorage: storage, performance: timing }))
        Object.defineProperty(window, name, { value, configurable: true, writable: true });
    },
    async reloads(load) {
      by = 'reload';
      await load();
      by = 'navigate';
    },
  };
}
