import type { Page } from '@playwright/test';
import type { View } from '../../scripts/view.mjs';
import { expect, hookOf, type Inspector, test, until, VIEWS } from './support';

interface Chrome {
  readonly storage: { readonly local: { get(keys: null): Promise<unknown> } };
}

const cookiesIn = (page: Page) => page.evaluate(() => document.cookie);
const uuidIn = async (page: Page) => (await hookOf(page)).held.uuid ?? '';

async function attached(inspector: Inspector, path: string, view: 'popup' | 'panel'): Promise<{ page: Page; v: View; noise: string[] }> {
  const { page, noise } = await inspector.open(path);
  await until('the SDK', async () => (await hookOf(page)).held.uuid);
  const v = await inspector[view](page);
  await v.shows('uuid', await uuidIn(page));
  return { page, v, noise };
}

for (const view of VIEWS) {
  test.describe(view, () => {
    test('a regenerate shows its step, is done on the cookies, and can be taken back', async ({ inspector }) => {
      const { page, v, noise } = await attached(inspector, '/?sdk=web&jwt', view);
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

    test('a regenerate with identifier uses the chosen recipe', async ({ inspector }) => {
      const { page, v } = await attached(inspector, '/?sdk=web', view);
      // The vendor's own example, and the one of the plugins (facts §3.4).
      const docs = await v.operate('regenerateUUIDWithClientIdentifier', {
        clientIdentifier: 'customer@synerise.com',
        salt: 'someString',
      });
      expect(docs.verdict, docs.text).toBe('done');
      expect(await uuidIn(page)).toBe('345d4c8f-5aff-591d-a19c-1ca48923d9ee');
      const plugin = await v.operate('regenerateUUIDWithClientIdentifier', {
        recipe: 'magento-woocommerce',
        clientIdentifier: 'customer@synerise.com',
      });
      expect(plugin.verdict, plugin.text).toBe('done');
      expect(await uuidIn(page)).toBe('74081271-9f45-5d83-849d-82c44bca5e74');
      const again = await v.operate('regenerateUUIDWithClientIdentifier', {
        recipe: 'magento-woocommerce',
        clientIdentifier: 'customer@synerise.com',
      });
      expect(again.verdict).toBe('done');
      expect(again.text).toContain('Same UUID as before');
    });

    test('a destroyed session leaves no cookie of the customer, and a new visitor after the reload', async ({ inspector }) => {
      const { page, v } = await attached(inspector, '/?sdk=web', view);
      const before = await uuidIn(page);
      const destroyed = await v.operate('destroySession');
      expect(destroyed.verdict, destroyed.text).toBe('done');
      expect(destroyed.text).toContain('_snrs_p');
      await until('a new visitor', async () => (await uuidIn(page).catch(() => '')) !== '');
      expect(await uuidIn(page)).not.toBe(before);
      expect(await cookiesIn(page)).not.toContain(before);
      await v.shows('uuid', await uuidIn(page));
    });
  });
}

test('a destroyed session reaches cookies on the site’s domain and on a path', async ({ inspector }) => {
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
    expect(text).toMatch(/"removed": \[[^\]]*"_snrs_extra"/);
    expect(await cookiesIn(page).catch(() => '')).not.toContain('_snrs_extra');
    await until('a new visitor', async () => (await uuidIn(page).catch(() => '')) !== '');
    expect(await cookiesIn(page)).not.toContain(before);
    if (host === '127.0.0.1') break;
    await page.close();
  }
});

test('the cookies are told field by field, with what is odd about them', async ({ inspector }) => {
  const { page, v } = await attached(inspector, '/?sdk=web&duplicates&httponly', 'panel');
  await v.tab('Storage');
  await until('the cookies', async () => (await v.text('cookies'))?.includes('_snrs_p'));
  const words = (await v.text('cookies')) ?? '';
  expect(words).toContain('_snrs_uuid is there 2 times, with different values');
  expect(await v.html()).toContain(`<dt>permUuid</dt>`);
  expect(words).not.toContain('_snrs_cid\n');
  // Only the network log can tell of an HttpOnly cookie.
  await page.reload();
  await until('the HttpOnly cookie', async () => (await v.text('cookies'))?.includes('_snrs_cid is HttpOnly'));
});

test('a reset cookie waits for the next init, and is seen to be consumed', async ({ inspector }) => {
  const { page, v } = await attached(inspector, '/?sdk=web', 'panel');
  const next = '99999999-8888-4777-8666-555555555555';
  await v.tab('Storage');
  await page.evaluate((uuid) => {
    // biome-ignore lint/suspicious/noDocumentCookie: as a plugin of the site does it
    document.cookie = `_snrs_reset_uuid=${uuid}; path=/`;
  }, next);
  await until('the note', async () => (await v.text('cookies'))?.includes('_snrs_reset_uuid waits for the next init'));
  await page.reload();
  await until('the UUID', async () => (await hookOf(page)).held.uuid === next);
  await until('the note to go', async () => !(await v.text('cookies'))?.includes('waits for the next init'));
});

test('a token that is pasted is checked, set, never shown, and cleared', async ({ inspector }) => {
  const { page, v } = await attached(inspector, '/?sdk=web', 'panel');
  await until('no token', async () => (await v.text('token'))?.includes('The site has given the SDK no token'));
  expect(await v.attr('token', 'data-token')).toBe('none');
  await v.click('action-setAccessToken');
  await v.fill('token', 'no token');
  await until('the reason', async () => (await v.text('form-setAccessToken'))?.includes('is not a JWT'));
  expect(await v.disabled('run')).toBe(true);
  const jwt = await page.evaluate(
    async (uuid) => {
      const answer = await fetch('/site/token', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ uuid, email: 'ada@shop.example' }),
      });
      return (await answer.json()).token as string;
    },
    await uuidIn(page),
  );
  await v.fill('token', jwt);
  await until('run', async () => !(await v.disabled('run')));
  await v.click('run');
  await v.waitAttr('token', 'data-token', 'valid');
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  expect((await hookOf(page)).held.token?.raw).toBe(jwt);
  expect(await v.html()).not.toContain(jwt);
  const worker = await inspector.chromium.worker();
  const stored = await worker.evaluate(() =>
    (globalThis as unknown as { chrome: Chrome }).chrome.storage.local.get(null).then(JSON.stringify),
  );
  expect(stored).not.toContain(jwt);
  expect((await v.operate('clearAccessToken')).verdict).toBe('done');
  await v.waitAttr('token', 'data-token', 'none');
});

test('each state of the snippet is told apart', async ({ inspector }) => {
  const { page } = await inspector.open('/?sdk=web&never');
  const v = await inspector.panel(page);
  await v.waitAttr('session-state', 'data-phase', 'absent');
  await v.waitAttr('dialect', 'data-ready', 'false');
  expect(await v.html()).toContain('The Web SDK never loaded');
  await page.goto(`${inspector.sandbox.origin}/?sdk=web&uninitialised`);
  await until('the words', async () => (await v.html()).includes('The SDK was never initialized'));
  await page.goto(`${inspector.sandbox.origin}/?sdk=web&ns=Tracker&twokeys`);
  await v.shows('uuid', await until('the UUID', () => uuidIn(page)));
  expect(await v.text('dialect')).toContain('Tracker');
  await until('both keys', async () =>
    (await v.html()).includes('00000000-0000-4000-8000-00000000a001, 00000000-0000-4000-8000-00000000a002'),
  );
});
