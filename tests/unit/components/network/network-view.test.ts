// The Network tab in the panel: its filter of problems, and its way to the Timeline.
import { afterEach, it, vi } from 'vitest';
import { until } from '@/scripts/until.mjs';
import { hookOf, type NodeInspector, openInspector } from '../../fakes/inspector';
import { callClient, openShop } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

it('a request with a UUID that the SDK turns out to use is a problem no longer', async () => {
  inspector = await openInspector({ requests: true });
  const page = await openShop(inspector);
  const v = await inspector.panel(page);
  const become = async (identifier: string) => {
    const before = (await hookOf(page)).held.uuid;
    await callClient(page, 'regenerateUUIDWithClientIdentifier', identifier);
    await until('another UUID', async () => (await hookOf(page)).held.uuid !== before);
    const { uuid } = (await hookOf(page)).held;
    await until('it in the panel', async () => (await v.text('uuid')) === uuid);
    return String(uuid);
  };
  const wanted = await become('ada');
  await become('grace');
  await v.tab('Network');
  await v.click('network-problems');
  await until('no problem yet', async () => (await v.count('network-entry')) === 0);
  await page.evaluate(
    (uuid) => void fetch('/recommendations/v2/recommend/campaigns/similar', { method: 'POST', body: JSON.stringify({ client: { uuid } }) }),
    wanted,
  );
  await until('the problem', async () => (await v.count('network-entry')) === 1);
  await become('ada');
  await until('no problem', async () => (await v.count('network-entry')) === 0);
});

it('a request is shown in the Timeline by its context menu', async () => {
  inspector = await openInspector({ requests: true });
  const page = await openShop(inspector);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await callClient(page, 'regenerateUUID');
  await v.tab('Network');
  await until('the request', async () => (await v.count('network-entry')) > 0);
  const row = `document.querySelector('[data-testid="network-entry"]')`;
  const seq = await v.target.evaluate(`${row}.dataset.seq`);
  await v.target.evaluate(`${row}.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))`);
  await until('the menu', () => v.there('context-menu'));
  await v.target.evaluate(
    `[...document.querySelectorAll('[data-testid="context-menu"] button')].find((one) => one.textContent === 'Show in Timeline').click()`,
  );
  await until('it in the Timeline', () =>
    v.target.evaluate(`document.querySelector('#view-timeline:not([hidden]) [aria-selected="true"][data-seq="${seq}"]') !== null`),
  );
});
