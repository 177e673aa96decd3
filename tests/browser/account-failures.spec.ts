// tests/unit/components/account/account-errors.test.ts covers what the other errors mean.
import { accountTab, expect, test, unfoldResult, until } from './support';

/** Used in functions that run in the worker. */
declare const chrome: typeof import('@wxt-dev/browser').browser;

const SHOP = 'main';
const email = 'ada@shop.example';

test('an operation times out after the stored deadline and fails if the server is down', async ({ inspector }) => {
  const { auth } = inspector.sandbox;
  const worker = await inspector.chromium.worker();
  await worker.evaluate(() => chrome.storage.local.set({ settings: { version: 2, sites: {}, deadline: 1000, theme: 'auto' } }));
  const { noise, v } = await accountTab(inspector, '/?break=requestAccountActivation:swallow');
  auth.set(SHOP, { latency: 2000 });
  expect((await v.operate('requestPasswordReset', { email })).verdict).toBe('timed-out');
  // A late answer is recorded but doesn't change the verdict.
  await unfoldResult(v);
  await until('the late answer', async () => ((await v.text('operation-result')) ?? '').includes('success'));
  expect(await v.attr('operation-result', 'data-verdict')).toBe('timed-out');
  expect(auth.mailbox(SHOP)).toHaveLength(1);
  auth.set(SHOP, { latency: 0 });
  expect((await v.operate('requestPasswordReset', { email })).verdict).toBe('done');

  expect((await v.operate('requestAccountActivation', { email })).verdict).toBe('timed-out');
  expect(noise).toEqual([expect.stringContaining('the native side of requestAccountActivation broke')]);

  auth.set(SHOP, { down: true });
  const down = await v.operate('requestPasswordReset', { email });
  expect(down.verdict).toBe('failed');
  expect(down.text).toContain('-1');
  auth.set(SHOP, { down: false });
  expect((await v.operate('requestPasswordReset', { email })).verdict).toBe('done');
});
