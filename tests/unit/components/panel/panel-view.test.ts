import { afterEach, expect, it } from 'vitest';
import { TABLES } from '@/lib/sdk/dialects';
import { until } from '@/scripts/until.mjs';
import { hookOf, type NodeInspector, openInspector } from '../../fakes/inspector';

let inspector: NodeInspector;
afterEach(() => inspector.close());

it.each(TABLES.map(({ name }) => name))('shows the customer of a %s page, and regenerates the UUID', async (sdk) => {
  inspector = await openInspector();
  const page = await inspector.open(`/?sdk=${sdk}`);
  const v = await inspector.panel(page);
  const uuid = async () => (await hookOf(page)).held.uuid;
  await until('the UUID of the page', async () => (await uuid()) !== null && (await v.text('uuid')) === (await uuid()));
  const before = await uuid();
  expect(await v.operate('regenerateUUID')).toMatchObject({ operation: 'regenerateUUID', verdict: 'done' });
  expect(await uuid()).not.toBe(before);
  await until('the new UUID', async () => (await v.text('uuid')) === (await uuid()));
}, 30_000);
