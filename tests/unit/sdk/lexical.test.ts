import { runInThisContext } from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { detect } from '@/lib/sdk/detect';
import { DIALECTS } from '@/lib/sdk/dialects';

const places = () => detect(DIALECTS).map(({ place, client }) => ({ place, uuid: (client as { getUUID(): string } | null)?.getUUID() }));

// In a file of its own: a top-level `let` cannot be taken from the realm again.
runInThisContext('let Synerise;');
afterEach(() => {
  runInThisContext('Synerise = undefined;');
});

it('finds nothing while the name holds nothing', () => {
  expect(places()).toEqual([]);
});

it('finds a top-level class, which is on no object', () => {
  runInThisContext('Synerise = class { static get Client() { return { getUUID: () => "lexical" }; } };');
  expect('Synerise' in globalThis).toBe(false);
  expect(places()).toEqual([{ place: 'Synerise.Client', uuid: 'lexical' }]);
});

it('finds it behind an element with that id, which stands on window', () => {
  const page = Object.getPrototypeOf(globalThis) as object;
  Object.defineProperty(page, 'Synerise', { value: { nodeType: 1, id: 'Synerise' }, configurable: true });
  try {
    runInThisContext('Synerise = { Synerise: { Client: { getUUID: () => "behind" } } };');
    expect('Synerise' in globalThis).toBe(true);
    expect(places()).toEqual([{ place: 'Synerise.Synerise.Client', uuid: 'behind' }]);
  } finally {
    Reflect.deleteProperty(page, 'Synerise');
  }
});
