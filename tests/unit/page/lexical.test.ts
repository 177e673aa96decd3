import { runInThisContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { detect } from '@/lib/page/detect';
import { TABLES } from '@/lib/sdk/dialects';

const places = () =>
  detect({ id: 't', dialects: TABLES, places: [] }).found.map(({ place, client }) => ({
    place,
    uuid: (client as { getUUID(): string } | null)?.getUUID(),
  }));

// In its own file: a top-level `let` cannot be removed from the realm.
runInThisContext('let Synerise;');
afterEach(() => {
  runInThisContext('Synerise = undefined;');
});

it('finds nothing while the name is undefined', () => {
  expect(places()).toEqual([]);
});

it('finds a top-level class, which is not a property of the global object', () => {
  runInThisContext('Synerise = class { static get Client() { return { getUUID: () => "lexical" }; } };');
  expect('Synerise' in globalThis).toBe(false);
  expect(places()).toEqual([{ place: 'Synerise.Client', uuid: 'lexical' }]);
});

it('finds it behind an element with that id, which is a property of window', () => {
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

describe('other lexical names', () => {
  const all = () =>
    detect({ id: 't', dialects: TABLES, places: [] }).found.map(({ dialect, place, state }) => `${dialect.name} ${place} ${state}`);

  it('are found when declared by class, `let` or `const`', () => {
    runInThisContext('class Client { static getUuid() {} static retrieveToken() {} static regenerateUuid() {} }');
    runInThisContext('let SNRClient = { getUUID() {}, isSignedIn() {}, regenerateUUID() {}, destroySession() {} };');
    runInThisContext('const SR = { event: {}, client: {}, init() {} }; var SyneriseTC = { uuid: "uuid" };');
    for (const name of ['Client', 'SNRClient', 'SR']) expect(name in globalThis).toBe(false);
    expect(all()).toEqual(['ios SNRClient ready', 'android Client ready', 'web SR ready']);
  });

  it('are found behind a `window` property of the browser with the same name', () => {
    const page = Object.getPrototypeOf(globalThis) as object;
    // Browsers have a `Client` class (service workers), and an element with the id is also on `window`.
    Object.defineProperty(page, 'Client', { value: class Client {}, configurable: true });
    Object.defineProperty(page, 'SR', { value: { nodeType: 1 }, configurable: true });
    try {
      expect(all()).toEqual(['ios SNRClient ready', 'android Client ready', 'web SR ready']);
    } finally {
      Reflect.deleteProperty(page, 'Client');
      Reflect.deleteProperty(page, 'SR');
    }
  });
});
