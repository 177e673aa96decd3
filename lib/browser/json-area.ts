/**
 * A store that keeps its values as JSON text. Chromium copies a session of 6 KB as text in half the time that it takes as an
 * object (1.2 instead of 2.1 ms for a write, of which 1.1 go to any write; measured in Chromium 156), and counts a quarter of
 * its bytes. What isn't text is of an earlier version, and left out.
 */
import type { Area } from '../background/platform';

export const jsonArea = (area: Area): Area => ({
  async get(keys) {
    const found = await area.get(keys);
    return Object.fromEntries(Object.entries(found).flatMap(([key, text]) => (typeof text === 'string' ? [[key, JSON.parse(text)]] : [])));
  },
  set: (items) => area.set(Object.fromEntries(Object.entries(items).map(([key, value]) => [key, JSON.stringify(value)]))),
  remove: (keys) => area.remove(keys),
  clear: () => area.clear(),
});
