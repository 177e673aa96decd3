import { TABLES } from '@/lib/sdk/dialects';
import { traitsOf } from '@/lib/sdk/dialects/names';
import { expect, hookOf, test, until } from './support';

const NATIVE = TABLES.map(({ name }) => name).filter((name) => !traitsOf(name).onWeb);

// Every operation of every dialect is covered in tests/unit/components/operations/dialects.test.ts.
test('the SDK of each native dialect is found and shown, and runs operations', async ({ inspector }) => {
  const { page, noise } = await inspector.open('/empty');
  const v = await inspector.panel(page);
  for (const name of NATIVE) {
    await test.step(name, async () => {
      await page.goto(`${inspector.sandbox.origin}/?sdk=${name}&shop=${name}`);
      await until('the token', async () => (await hookOf(page)).held.token);
      await v.waitAttr('dialect', 'data-dialect', name);
      const first = (await hookOf(page)).held;
      await v.shows('uuid', first.uuid ?? '');
      await v.waitAttr('token', 'data-token', 'valid');
      const refresh = await v.operate('refreshToken');
      expect(refresh.verdict, refresh.text).toBe('done');
      expect((await hookOf(page)).held.token?.raw).not.toBe(first.token?.raw);
      const regenerate = await v.operate('regenerateUUID');
      expect(regenerate.verdict, regenerate.text).toBe('done');
      const second = (await hookOf(page)).held;
      expect(second.uuid).not.toBe(first.uuid);
      await v.shows('uuid', second.uuid ?? '');
    });
  }
  expect(noise).toEqual([]);
});

test('the Web SDK runs operations, and destroying its session removes its cookies and reloads the page', async ({ inspector }) => {
  const { page, noise } = await inspector.open('/?sdk=web&jwt');
  const v = await inspector.panel(page);
  await v.waitAttr('dialect', 'data-dialect', 'web');
  await until('the token', async () => (await hookOf(page)).held.token);
  await v.shows('uuid', (await hookOf(page)).held.uuid ?? '');
  await v.waitAttr('action-refreshToken', 'data-binding', 'unavailable');

  expect((await v.operate('clearAccessToken')).verdict).toBe('done');
  expect((await hookOf(page)).held.token).toBeNull();

  const uuid = '11111111-2222-4333-8444-555555555555';
  expect((await v.operate('setUuid', { uuid })).verdict).toBe('done');
  expect((await hookOf(page)).held.uuid).toBe(uuid);
  await v.shows('uuid', uuid);

  await page.evaluate(() => Object.assign(globalThis, { isBefore: true }));
  const { verdict, text } = await v.operate('destroySession');
  expect(verdict, text).toBe('done');
  expect(await page.evaluate(() => 'isBefore' in globalThis)).toBe(false);
  const fresh = await until('the UUID of the page', async () => (await hookOf(page)).held.uuid);
  expect(fresh).not.toBe(uuid);
  expect(await page.evaluate(() => document.cookie)).not.toContain(uuid);
  await v.shows('uuid', fresh);
  expect(noise).toEqual([]);
});
