/** Storage and alarms in memory, for a background that runs outside a browser. */
import type { Area, Platform } from '../background/platform';

/** A storage area in memory; `items` is what it holds. @param changed called with each change */
export function memoryArea(
  changed: (changes: Readonly<Record<string, { readonly newValue?: unknown }>>) => void = () => undefined,
): Area & {
  readonly items: Map<string, unknown>;
} {
  const items = new Map<string, unknown>();
  const names = (keys: string | string[]) => [keys].flat();
  const remove = (keys: readonly string[]) => {
    for (const key of keys) items.delete(key);
    changed(Object.fromEntries(keys.map((key) => [key, {}])));
  };
  return {
    items,
    get: async (keys) => Object.fromEntries(names(keys).flatMap((key) => (items.has(key) ? [[key, items.get(key)]] : []))),
    async set(all) {
      const kept = structuredClone(all);
      for (const [key, value] of Object.entries(kept)) items.set(key, value);
      changed(Object.fromEntries(Object.entries(kept).map(([key, newValue]) => [key, { newValue }])));
    },
    remove: async (keys) => remove(names(keys)),
    clear: async () => remove([...items.keys()]),
  };
}

/** What a browser keeps on disk, here in memory, with those who follow it. */
export interface Storage {
  readonly local: Area;
  readonly onLocalChange: Platform['onLocalChange'];
}

export function memoryStorage(): Storage {
  const listeners = new Set<Parameters<Platform['onLocalChange']>[0]>();
  const local = memoryArea((changes) => {
    for (const listener of listeners) listener(changes);
  });
  return { local, onLocalChange: (listener) => void listeners.add(listener) };
}

/** The longest delay of a timer in Node (ms). */
const LONGEST = 2 ** 31 - 1;

/** Alarms as timers. They don't keep the process running. @param ring called with the name of each alarm that is due */
export function timerAlarms(ring: (name: string) => void): Platform['alarms'] {
  const timers = new Map<string, NodeJS.Timeout>();
  const clear = (name: string) => {
    clearTimeout(timers.get(name));
    return timers.delete(name);
  };
  const set = (name: string, when: number) => {
    clear(name);
    const rest = when - Date.now();
    const due = () => {
      if (rest > LONGEST) set(name, when);
      else if (clear(name)) ring(name);
    };
    timers.set(name, setTimeout(due, Math.min(LONGEST, Math.max(0, rest))).unref());
  };
  return {
    set: async (name, when) => set(name, when),
    clear: async (name) => clear(name),
    names: async () => [...timers.keys()],
  };
}
