/** The popup's first script: the tab that it says hello for. */
import { afterEach, expect, it, vi } from 'vitest';
import { until } from '@/scripts/until.mjs';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

it.each([
  ['', 7],
  ['?tabId=12', 12],
  ['?tabId=1796065415', 1_796_065_415],
  // A tab that doesn't exist: the popup says that it was closed.
  ['?tabId=abc', 2 ** 31 - 1],
  ['?tabId=-1', 2 ** 31 - 1],
  ['?tabId=1e300', 2 ** 31 - 1],
])('opened as popup.html%s', async (search, tab) => {
  const sent: unknown[] = [];
  const port = {
    postMessage: (message: unknown) => void sent.push(message),
    onMessage: { addListener: () => undefined },
    onDisconnect: { addListener: () => undefined },
  };
  vi.stubGlobal('browser', { tabs: { query: async () => [{ id: 7 }] }, runtime: { connect: () => port } });
  vi.stubGlobal('location', { search });
  vi.stubGlobal('document', { addEventListener: () => undefined });
  const { default: early } = await import('@/entrypoints/popup-early');
  early.main();
  await until('the hello', () => sent.length > 0);
  expect(sent).toEqual([{ type: 'hello', view: 'popup', tab, lends: false }]);
});
