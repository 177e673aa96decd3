import type { Page } from '@playwright/test';
import { expect, hookOf, type Inspector, sdkReady, test, until } from './support';
import { historyOf, sessionOf } from './worker';

// Facts §2.2: causes that need a real browser. The others are covered in tests/unit/components/session/uuid-causes.test.ts.
test.use({ watched: true });

/** Runs in the page. */
const REGENERATE = () => (globalThis as unknown as { Synerise: { Client: { regenerateUUID(): void } } }).Synerise.Client.regenerateUUID();

/** The recorded cause of the page's current UUID. */
async function causeOf({ chromium }: Inspector, page: Page) {
  const { uuid } = (await hookOf(page)).held;
  await until(
    'the UUID of the page to be known',
    async () => (await sessionOf(chromium, page))?.history.spans.uuid?.value === uuid,
    15_000,
  );
  return (await historyOf(chromium, page)).flatMap((entry) => (entry.kind === 'uuid' ? [entry] : [])).at(-1)?.cause;
}

/** Waits until the page's SDK has a UUID other than `before`, and returns it. */
const uuidOf = (page: Page, before: string | null = null): Promise<string> =>
  until('a new UUID in the page', async () => {
    const { uuid } = (await hookOf(page)).held;
    return uuid !== before && uuid;
  });

test('a UUID change in another tab of the site is attributed to that tab', async ({ inspector }) => {
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

test("a change of the Web SDK's UUID is attributed to the removal of its cookies", async ({ inspector }) => {
  const { page } = await inspector.open('/?sdk=web');
  const first = await uuidOf(page);
  expect((await causeOf(inspector, page))?.kind).toBe('first');
  await page.context().clearCookies();
  await page.reload();
  await uuidOf(page, first);
  expect(await causeOf(inspector, page)).toMatchObject({ kind: 'cookies-removed', sure: true });
});

test("a change of the Web SDK's UUID after its cookies expired is attributed to missing cookies", async ({ inspector }) => {
  const { page } = await inspector.open('/?sdk=web&cookiesfor=3');
  const first = await uuidOf(page);
  expect((await causeOf(inspector, page))?.kind).toBe('first');
  await until('the cookies to expire', () => page.evaluate(() => !document.cookie.includes('_snrs_uuid')), 15_000);
  await page.reload();
  await uuidOf(page, first);
  expect(['cookies-expired', 'cookies-removed']).toContain((await causeOf(inspector, page))?.kind);
});
