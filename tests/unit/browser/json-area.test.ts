import { expect, it } from 'vitest';
import type { Area } from '@/lib/background/platform';
import { jsonArea } from '@/lib/browser/json-area';

/** An area in memory, and what is in it. */
function memory() {
  const held = new Map<string, unknown>();
  const area: Area = {
    get: async (keys) => Object.fromEntries([...held].filter(([key]) => keys.includes(key))),
    set: async (items) => {
      for (const [key, value] of Object.entries(items)) held.set(key, value);
    },
    remove: async (keys) => {
      for (const key of [keys].flat()) held.delete(key);
    },
    clear: async () => held.clear(),
  };
  return { area, held };
}

it('keeps values as text, and returns them as they were', async () => {
  const { area, held } = memory();
  const one = jsonArea(area);
  const items = { list: [1, 'ż', null], tab: { id: 7, closedAt: null } };
  await one.set(items);
  expect(Object.fromEntries(held)).toEqual({ list: '[1,"ż",null]', tab: '{"id":7,"closedAt":null}' });
  expect(await one.get(['list', 'tab', 'missing'])).toEqual(items);
  await one.remove('list');
  expect(await one.get(['list', 'tab'])).toEqual({ tab: items.tab });
  await one.clear();
  expect(held.size).toBe(0);
});

it('ignores values that are not text', async () => {
  const { area, held } = memory();
  held.set('sessions', { version: 11 });
  expect(await jsonArea(area).get('sessions')).toEqual({});
});
