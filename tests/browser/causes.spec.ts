import type { Page } from '@playwright/test';
import { expect, hookOf, type Inspector, sdkReady, test, until } from './support';
import { historyOf, sessionOf } from './worker';

// Facts §2.2: causes that take a browser. The others: tests/unit/components/session/uuid-causes.test.ts.
test.use({ watched: true });

const UUID = '22222222-2222-4222-8222-222222222222';

/** In the page. */
const REGENERATE = () => (globalThis as unknown as { Synerise: { Client: { regenerateUUID(): void } } }).Synerise.Client.regenerateUUID();

/** The cause of the UUID that the page has now. */
async function causeOf({ chromium }: Inspector, page: Page) {
  const { uuid } = (await hookOf(page)).held;
  await until(
    'the UUID of the page to be known',
    async () => (await sessionOf(chromium, page))?.history.spans.uuid?.value === uuid,
    15_000,
  );
  return (await historyOf(chromium, page)).flatMap((entry) => (entry.kind === 'uuid' ? [entry] : [])).at(-1)?.cause;
}

/** Waits until the page's SDK has another UUID than `before`, if it has any; gives it. */
const uuidOf = (page: Page, before: string | null = null): Promise<string> =>
  until('a UUID of the page', async () => {
    const { uuid } = (await hookOf(page)).held;
    return uuid !== before && uuid;
  });

test('a watched page that no view shows: a call of its own, and a reload without its storage', async ({ inspector }) => {
  const { page } = await inspector.open('/');
  await sdkReady(page);
  expect((await causeOf(inspector, page))?.kind).toBe('first');
  const first = await uuidOf(page);
  await page.evaluate(REGENERATE);
  await uuidOf(page, first);
  expect(await causeOf(inspector, page)).toMatchObject({ kind: 'call', by: 'regenerateUUID()', sure: true });
  // Reinstalled, as a page can show it: the storage is gone, and with it the UUID.
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await sdkReady(page);
  expect(await causeOf(inspector, page)).toMatchObject({ kind: 'unknown', sure: false, by: null });
});

test('the UUID changed in another tab of the site', async ({ inspector }) => {
  const { page: one } = await inspector.open('/?sync');
  await sdkReady(one);
  await causeOf(inspector, one);
  const { page: two } = await inspector.open('/?sync');
  await sdkReady(two);
  await causeOf(inspector, two);
  await two.evaluate(REGENERATE);
  expect(await causeOf(inspector, two)).toMatchObject({ kind: 'call' });
  await one.bringToFront();
  const popup = await inspector.popup(one);
  await popup.shows('uuid', (await hookOf(two)).held.uuid ?? '');
  expect(await causeOf(inspector, one)).toMatchObject({ kind: 'other-tab', sure: true });
});

test('the UUID of the Web SDK changed by a reset cookie, by a link, and because its cookies were removed', async ({ inspector }) => {
  const { page } = await inspector.open('/?sdk=web');
  const first = await uuidOf(page);
  expect((await causeOf(inspector, page))?.kind).toBe('first');
  await page.evaluate((uuid) => {
    // biome-ignore lint/suspicious/noDocumentCookie: as sites set it
    document.cookie = `_snrs_reset_uuid=${uuid};path=/`;
  }, UUID);
  await page.reload();
  const second = await uuidOf(page, first);
  expect(await causeOf(inspector, page)).toMatchObject({ kind: 'reset-cookie', by: '_snrs_reset_uuid', sure: true });
  await page.goto(`${inspector.sandbox.origin}/?sdk=web&stripurl&snrs_cl=33333333-3333-4333-8333-333333333333`);
  const third = await uuidOf(page, second);
  expect(await causeOf(inspector, page)).toMatchObject({ kind: 'link', by: 'snrs_cl', sure: true });
  await page.context().clearCookies();
  await page.goto(`${inspector.sandbox.origin}/?sdk=web`);
  await uuidOf(page, third);
  expect(await causeOf(inspector, page)).toMatchObject({ kind: 'cookies-removed', sure: true });
});

test('the UUID of the Web SDK changed because its cookies expired', async ({ inspector }) => {
  const { page } = await inspector.open('/?sdk=web&cookiesfor=3');
  const first = await uuidOf(page);
  expect((await causeOf(inspector, page))?.kind).toBe('first');
  await until('the cookies to expire', () => page.evaluate(() => !document.cookie.includes('_snrs_uuid')), 15_000);
  await page.reload();
  await uuidOf(page, first);
  expect(['cookies-expired', 'cookies-removed']).toContain((await causeOf(inspector, page))?.kind);
});
