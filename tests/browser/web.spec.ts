// The Web SDK's cookies in a real browser. Its operations are covered in `tests/unit/components/operations/web-operations.test.ts`.
import type { Page } from '@playwright/test';
import type { View } from '../../scripts/view.mjs';
import { expect, hookOf, type Inspector, test, until } from './support';

const cookiesIn = (page: Page) => page.evaluate(() => document.cookie);
const uuidIn = async (page: Page) => (await hookOf(page)).held.uuid ?? '';

async function attached(inspector: Inspector, path: string, view: 'popup' | 'panel'): Promise<{ page: Page; v: View; noise: string[] }> {
  const { page, noise } = await inspector.open(path);
  await until('the SDK', async () => (await hookOf(page)).held.uuid);
  const v = await inspector[view](page);
  await v.shows('uuid', await uuidIn(page));
  return { page, v, noise };
}

test('popup: regenerating the UUID shows its step first, changes the cookies, and can be undone', async ({ inspector }) => {
  const { page, v, noise } = await attached(inspector, '/?sdk=web&jwt', 'popup');
  const first = await uuidIn(page);
  await v.waitAttr('action-restorePreviousUUID', 'aria-disabled', 'true');
  await v.click('action-regenerateUUID');
  const step = await until('the step', async () =>
    /SR\.client\.setUuid\('([\da-f-]{36})'\)/.exec((await v.text('form-regenerateUUID')) ?? ''),
  );
  await v.click('run');
  await v.shows('uuid', step[1] ?? '');
  expect(await uuidIn(page)).toBe(step[1]);
  expect(await cookiesIn(page)).toContain(`_snrs_uuid=${step[1]}`);
  expect(await cookiesIn(page)).toContain(`_snrs_puuid=${first}`);
  const back = await v.operate('restorePreviousUUID');
  expect(back.verdict, back.text).toBe('done');
  expect(await uuidIn(page)).toBe(first);
  await v.shows('uuid', first);
  expect(noise).toEqual([]);
});

test('destroying the session also removes cookies set for the parent domain or a path', async ({ inspector }) => {
  for (const [host, query] of [
    ['www.shop.localhost', 'domain=.shop.localhost'],
    ['127.0.0.1', 'duplicates'],
  ]) {
    const { page } = await inspector.open('/empty');
    const v = await inspector.panel(page);
    await page.goto(`http://${host}:${new URL(inspector.sandbox.origin).port}/?sdk=web&${query}`);
    await until('the SDK', async () => (await hookOf(page)).held.uuid);
    await page.evaluate(() => {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is absent on http
      document.cookie = '_snrs_extra=1; path=/; secure';
    });
    expect(await cookiesIn(page)).toContain('_snrs_extra');
    const before = await uuidIn(page);
    await v.shows('uuid', before);
    const { verdict, text } = await v.operate('destroySession');
    expect(verdict, text).toBe('done');
    await v.click('result-details');
    await until('the removed cookies', async () => /"removed": \[[^\]]*"_snrs_extra"/.test((await v.text('operation-result')) ?? ''));
    expect(await cookiesIn(page).catch(() => '')).not.toContain('_snrs_extra');
    await until('a new visitor', async () => (await uuidIn(page).catch(() => '')) !== '');
    expect(await cookiesIn(page)).not.toContain(before);
    if (host === '127.0.0.1') break;
    await page.close();
  }
});

test('init consumes a reset cookie after a reload, and the network log reveals an HttpOnly cookie', async ({ inspector }) => {
  const { page, v } = await attached(inspector, '/?sdk=web&httponly', 'panel');
  const next = '99999999-8888-4777-8666-555555555555';
  await v.tab('Storage');
  await page.evaluate((uuid) => {
    // biome-ignore lint/suspicious/noDocumentCookie: a site's plugin does it this way
    document.cookie = `_snrs_reset_uuid=${uuid}; path=/`;
  }, next);
  await until('the cookie', async () => (await v.text('cookies'))?.includes('_snrs_reset_uuid'));
  await page.reload();
  await until('the UUID', async () => (await hookOf(page)).held.uuid === next);
  await until('the reset cookie to be removed', async () => !(await v.text('cookies'))?.includes('_snrs_reset_uuid'));
  // Only the network log reveals an HttpOnly cookie.
  await until('the HttpOnly cookie', async () => (await v.text('cookies'))?.includes('_snrs_cid is HttpOnly'));
});
