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
