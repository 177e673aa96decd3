/** A platform for the background that is no browser: memory for storage, timers for alarms. */
import type { Area, Platform, Watching } from '@/lib/background/platform';

/** A storage area in memory; `items` is what it holds. */
export function memoryArea(): Area & { readonly items: Map<string, unknown> } {
  const items = new Map<string, unknown>();
  const names = (keys: string | string[]) => [keys].flat();
  return {
    items,
    get: async (keys) => Object.fromEntries(names(keys).flatMap((key) => (items.has(key) ? [[key, items.get(key)]] : []))),
    set: async (all) => {
      for (const [key, value] of Object.entries(all)) items.set(key, structuredClone(value));
    },
    remove: async (keys) => {
      for (const key of names(keys)) items.delete(key);
    },
    clear: async () => items.clear(),
  };
}

/** A person who lets the inspector watch all sites (`true`) or none, in a browser that reports no cookies. */
export const watchingAll = (all: boolean): Watching => ({
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
