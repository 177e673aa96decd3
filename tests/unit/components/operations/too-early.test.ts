import { afterEach, expect, it, vi } from 'vitest';
import { until } from '../../../../scripts/until.mjs';
import { hookOf, type NodeInspector, openInspector } from '../../fakes/inspector';
import { openShop } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

it('a shortcut pressed while an action is running, even one that does not show yet, says why nothing happened', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector, '/?sdk=ios');
  const v = await inspector.popup(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await inspector.auth.set({ latency: 3000 });
  await v.click('action-refreshToken');
  expect(await v.attr('operation-result', 'aria-busy')).toBeNull();
  await inspector.hub.command(page.tab, 'refreshToken');
  await until('the reason', async () => /Refresh token: Busy/.test(await v.html()));
  expect((await hookOf(page)).calls.filter(([method]) => method === 'refreshToken')).toHaveLength(1);
});
