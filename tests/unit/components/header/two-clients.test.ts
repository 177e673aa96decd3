// A page with two SDKs, and one with a global that only has an SDK's name.
import { afterEach, expect, it, vi } from 'vitest';
import { until } from '@/scripts/until.mjs';
import { LOADED_LONG_AGO } from '../../fakes/documents';
import { type NodeInspector, type NodePage, openInspector } from '../../fakes/inspector';
import { chooseClient, clientsOf } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

/** The second SDK has a global of the first one's name beside its own. */
const TWO = `<!doctype html><title>two</title><script src="/sdk/flutter.js"></script>
  <script>globalThis.first = sandboxSdk; globalThis.own = Synerise;</script>
  <script src="/sdk/android.js"></script><script>globalThis.Synerise = own;</script>`;
const heldBy = async (page: NodePage) =>
  JSON.parse(
    await page.evaluate(() => {
      const { first, sandboxSdk } = globalThis as unknown as Record<'first' | 'sandboxSdk', { held(): { uuid: string } }>;
      return JSON.stringify({ flutter: first.held().uuid, android: sandboxSdk.held().uuid });
    }),
  ) as { flutter: string; android: string };

it.each(['popup', 'panel'] as const)('of two clients of a page the one that is chosen in the %s is shown and driven', async (view) => {
  inspector = await openInspector({ files: { '/two': TWO } });
  const page = await inspector.open('/two');
  const v = await inspector[view](page);
  await until('both', async () => (await clientsOf(v)).length === 2);
  await chooseClient(v, 'Android');
  await v.waitAttr('dialect', 'data-dialect', 'android');
  const before = await heldBy(page);
  await v.shows('uuid', before.android);
  expect((await v.operate('regenerateUUID')).verdict).toBe('done');
  const after = await heldBy(page);
  expect(after.android).not.toBe(before.android);
  expect(after.flutter).toBe(before.flutter);
  await v.shows('uuid', after.android);
  await chooseClient(v, 'Flutter');
  await v.waitAttr('dialect', 'data-dialect', 'flutter');
  await v.shows('uuid', after.flutter);
});

it('a global of an SDK’s name that is something else is not called', async () => {
  const stranger = `${LOADED_LONG_AGO}<script>globalThis.called = 0;
    globalThis.Client = { getUUID() { called += 1; }, refreshToken() { called += 1; }, send() { called += 1; } };</script>`;
  inspector = await openInspector({ files: { '/': stranger } });
  const page = await inspector.open();
  const v = await inspector.panel(page);
  await v.waitAttr('session-state', 'data-phase', 'absent');
  expect(await page.evaluate(() => (globalThis as unknown as { called: number }).called)).toBe(0);
  expect(page.noise).toEqual([]);
});
