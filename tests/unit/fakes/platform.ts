/** A platform for the background that is no browser: memory for storage, timers for alarms. */
import type { Platform, Watching } from '@/lib/background/platform';

export { memoryArea } from '@/lib/cdp/memory';

/** A person who lets the inspector watch all sites (`true`) or none, in a browser that reports no cookies. */
export const watchingAll = (all: boolean): Watching => ({
  access: 'watched',
  has: async () => all,
  watches: async () => all,
  cookies: async () => null,
  setCookie: async () => false,
  register: async () => false,
  gone: async () => [],
  settled: async () => undefined,
  leave: async () => undefined,
  tabs: async () => [],
});

/** Alarms by name, with the instant (epoch ms) that each is due at. */
export function memoryAlarms(): { readonly due: Map<string, number>; readonly alarms: Platform['alarms'] } {
  const due = new Map<string, number>();
  return {
    due,
    alarms: {
      set: async (name, when) => due.set(name, when),
      clear: async (name) => due.delete(name),
      names: async () => [...due.keys()],
    },
  };
}
