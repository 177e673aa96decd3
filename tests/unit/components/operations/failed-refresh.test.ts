import { afterEach, expect, it, vi } from 'vitest';
import { hookOf, type NodeInspector, openInspector } from '../../fakes/inspector';
import { openShop, outcomeOf } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

it.each([
  'react-native',
  'flutter',
  'ios',
  'android',
])('%s: a refresh that failed shows the code and message of the SDK, and is asked once', async (sdk) => {
  inspector = await openInspector();
  const page = await openShop(inspector, `/?sdk=${sdk}`);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await inspector.auth.set({ fail: 403 });
  const failed = await v.operate('refreshToken');
  expect(failed.verdict, failed.text).toBe('failed');
  expect(failed.text).toContain('403');
  expect(failed.text).toContain('switched to fail');
  expect(outcomeOf(inspector, page)?.answer?.error).toMatchObject({ code: 403, message: 'This call was switched to fail.' });
  expect((await hookOf(page)).calls.filter(([method]) => method === 'refreshToken')).toHaveLength(1);
});
