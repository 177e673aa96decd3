/** Facts about a document apart from its SDKs: how it was navigated to, and whether it has loaded. */
import { apply, page } from './builtins';
import { part, split, starts } from './own';
import { cut, peek } from './plain';
import type { AgentReport } from './wire';

type PageReport = Extract<AgentReport, { kind: 'page' }>;
export type PageFacts = Pick<PageReport, 'absent' | 'load' | 'entered' | 'by' | 'loaded'>;

/** How long after load `searching` becomes `absent` (ms). */
const ABSENT_AFTER = 2000;
/** A document that has not loaded after this long is no longer waited for (ms); anything that appears later is still found. */
const STUCK_AFTER = 8000;
/** The facts of this document. `now` is called at each look; `hasClient`: an SDK was found. @param elapsed ms since the agent started */
export function createPageFacts(elapsed: () => number): { now(hasClient: boolean): PageFacts } {
  const { entered, by, loaded, sinceLoad } = navigation();
  const begun = elapsed();
  /** When the document finished loading, as far as that is known (ms since the agent started). */
  let loadedAt: number | null = null;
  return {
    now(hasClient) {
      const time = elapsed();
      if (loadedAt === null && peek(document, 'readyState') === 'complete') loadedAt = time - sinceLoad();
      const isStuck = loadedAt === null && time - begun >= STUCK_AFTER;
      const absent = !hasClient && (isStuck || (loadedAt !== null && time - loadedAt >= ABSENT_AFTER));
      return {
        absent,
        load: loadedAt !== null ? 'loaded' : isStuck ? 'stuck' : 'loading',
        entered,
        by,
        loaded,
      };
    },
  };
}

/** How this document was navigated to, as the page recorded it before the agent started; empty values if it keeps no such record. */
function navigation() {
  const { performance } = page as { performance?: Performance };
  const entry = (): PerformanceNavigationTiming | undefined => {
    try {
      return (apply(performance?.getEntriesByType as () => unknown, performance, ['navigation']) as PerformanceNavigationTiming[])[0];
    } catch {
      return undefined;
    }
  };
  const textAt = (key: string): string => {
    const value = peek(entry(), key);
    return typeof value === 'string' ? value : '';
  };
  const numberOf = (value: unknown): number => (typeof value === 'number' && value - value === 0 && value > 0 ? value : 0);
  const { origin } = location;
  const name = textAt('name');
  const origined = numberOf(peek(performance, 'timeOrigin'));
  return {
    entered: starts(name, origin) ? cut(split(part(name, origin.length), '#')[0] ?? '', 300) : '',
    by: cut(textAt('type'), 20),
    // Stays the same if the agent is injected again.
    loaded: origined + 0.5 - ((origined + 0.5) % 1),
    /** ms since the load event ended, as far as the page knows; 0 otherwise. */
    sinceLoad(): number {
      const end = numberOf(peek(entry(), 'loadEventEnd'));
      let now = 0;
      try {
        now = numberOf(apply(performance?.now as () => unknown, performance, []));
      } catch {
        // The page replaced `performance`.
      }
      return end && now > end ? now - end : 0;
    },
  };
}
