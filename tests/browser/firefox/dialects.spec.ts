// A smoke test per dialect in Firefox, and the Web SDK's cookies. Every operation is covered in `tests/unit/components/operations`.
import { TABLES } from '@/lib/sdk/dialects';
import { type Asked, expect, hookOf, test, until } from './support';

const heldBy = async (page: Asked) => (await hookOf(page)).held;

test('the SDK of each dialect is shown and runs operations in the panel, one page after another', async ({ inspector }) => {
  let page = await inspector.open('/empty', { token: false });
  const v = await inspector.panel();
  for (const { name, bindings } of TABLES)
    await test.step(name, async () => {
      // Each dialect has its own shop, so that no customer of the previous page is left.
      page = await inspector.open(`/?sdk=${name}&shop=${name}${name === 'web' ? '&jwt' : ''}`);
      await v.waitAttr('dialect', 'data-dialect', name);
      const before = await heldBy(page);
      await v.shows('uuid', before.uuid ?? '');
      const expiry = async () => Date.parse((await v.attr('token-expiry', 'datetime')) ?? '');
      await until('the expiry', async () => Math.abs((await expiry()) - (before.token?.expiresAt ?? 0)) < 1000);
      if (bindings.refreshToken?.kind === 'native') {
        expect((await v.operate('refreshToken')).verdict).toBe('done');
        const { uuid, token } = await heldBy(page);
        expect(uuid).toBe(before.uuid);
        expect(token?.raw).not.toBe(before.token?.raw);
      }
      const ended = await v.operate('regenerateUUID');
      expect(ended.verdict, ended.text).toBe('done');
      const after = await heldBy(page);
      expect(after.uuid).not.toBe(before.uuid);
      await v.shows('uuid', after.uuid ?? '');
      expect(await page.noise()).toEqual([]);
    });

  await test.step('an SDK that an app bundles and hands over', async () => {
    page = await inspector.open('/bundled?sdk=ios&shop=bundled', { token: false });
    await v.shows('uuid', await until('the UUID', async () => (await heldBy(page)).uuid));
    expect(await v.text('dialect')).toContain('shop app');
    expect((await v.operate('regenerateUUID')).verdict).toBe('done');
    await v.shows('uuid', (await heldBy(page)).uuid ?? '');
  });
});

test('web: cookies follow a new UUID and its undo, and destroying the session leaves no customer cookies', async ({ inspector }) => {
  const page = await inspector.open('/?sdk=web&jwt');
  const v = await inspector.panel();
  const { uuid: first } = await heldBy(page);
  await v.shows('uuid', first ?? '');
  const cookies = () => page.evaluate(() => document.cookie);
  expect((await v.operate('regenerateUUID')).verdict).toBe('done');
  const { uuid: second } = await heldBy(page);
  expect(second).not.toBe(first);
  expect(await cookies()).toContain(`_snrs_uuid=${second}`);
  expect((await v.operate('restorePreviousUUID')).verdict).toBe('done');
  expect((await heldBy(page)).uuid).toBe(first);
  expect(await cookies()).toContain(`_snrs_uuid=${first}`);
  await v.shows('uuid', first ?? '');

  expect((await v.operate('destroySession')).verdict).toBe('done');
  const next = await until('a new visitor', async () => (await heldBy(page)).uuid);
  expect([first, second]).not.toContain(next);
  expect(await cookies()).not.toContain(first);
  await v.shows('uuid', next);
});
