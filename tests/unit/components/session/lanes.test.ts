/** The lanes of a session's past in the panel. */
import { afterEach, expect, it, vi } from 'vitest';
import { until } from '@/scripts/until.mjs';
import { type NodeInspector, openInspector } from '../../fakes/inspector';
import { callClient, historyOf, openShop } from '../../fakes/shop';
import { uuidIn, uuidShown } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

const MARKS = `[...document.querySelectorAll('[data-testid="lane-uuid"] [data-testid="generation"]')]`;

it('a generation names its UUID and its cause, and five hundred are drawn, the close ones together', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector);
  const v = await inspector.panel(page);
  const first = await uuidShown(v, page);
  await v.tab('Timeline');
  const marks = () => v.target.evaluate(`${MARKS}.length`);
  await until('a generation', async () => (await marks()) === 1);
  await callClient(page, 'regenerateUUID');
  await until('another generation', async () => (await marks()) === 2);
  const [earlier, later] = (await v.target.evaluate(`${MARKS}.map(({ title, dataset: { cause } }) => ({ title, cause }))`)) as {
    title: string;
    cause: string;
  }[];
  expect(earlier).toEqual({ title: expect.stringContaining(first) as string, cause: 'first' });
  expect(later?.cause).toBe('call');
  await v.target.evaluate(`${MARKS}[1].click()`);
  const details = async () => (await v.text('generation-details')) ?? '';
  const second = await uuidIn(page);
  await until('its details', async () => (await details()).includes(second));
  expect(await details()).toContain('regenerateUUID()');
  await v.target.evaluate(`document.querySelector('[data-testid="generation-details"] button').click()`);
  await until('the details of the earlier one', async () => (await details()).includes(first));

  // The agent samples at each call, and its mailbox holds what is collected late.
  const seen = () => historyOf(inspector, page).filter(({ kind }) => kind === 'uuid').length;
  for (let count = seen(); count < 502; count += 100) {
    await page.evaluate(async () => {
      const { Client } = (globalThis as unknown as { Synerise: { Client: { regenerateUUID(): void } } }).Synerise;
      for (let round = 0; round < 100; round += 1) {
        Client.regenerateUUID();
        if (round % 20 === 19) await new Promise((resolve) => setTimeout(resolve));
      }
    });
    await until('all of them in the history', () => seen() >= count + 100, 20_000);
  }
  await until(
    'all of them in the lane',
    async () => Number(await v.target.evaluate(`${MARKS}.reduce((sum, { dataset: { count } }) => sum + Number(count), 0)`)) >= 502,
  );
  await v.target.evaluate(`${MARKS}.find(({ dataset: { count } }) => count !== '1').click()`);
  await until('the way out of a crowd', () => v.there('zoom-out'));
  await v.click('zoom-out');
  await until('the whole lane', async () => !(await v.there('zoom-out')));
});
