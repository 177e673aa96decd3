// The Web SDK's state in its cookies: when a page load starts with a new UUID, and related page behavior.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/server.mjs';
import { openSite } from './site';

const OTHER = '00000000-0000-4000-8000-0000000000bb';
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const uuidOf = async (page: { held(): Promise<{ uuid: string }> }) => (await page.held()).uuid;

test('the next page load has the same UUID, or a new one after the cookies are removed', async () => {
  const site = openSite(sandbox);
  const uuid = await uuidOf(await site.webPage());
  expect(await uuidOf(await site.webPage())).toBe(uuid);
  for (const name of [...site.cookies.keys()]) if (name.startsWith('_snrs_')) site.cookies.delete(name);
  expect(await uuidOf(await site.webPage())).not.toBe(uuid);
});

test('removing _snrs_uuid alone gives a new UUID; _snrs_puuid keeps the first one', async () => {
  const site = openSite(sandbox);
  const uuid = await uuidOf(await site.webPage());
  site.cookies.delete('_snrs_uuid');
  expect(await uuidOf(await site.webPage())).not.toBe(uuid);
  expect(site.cookies.get('_snrs_puuid')?.value).toBe(uuid);
});

test('cookies with a short lifetime expire', async () => {
  const site = openSite(sandbox);
  const uuid = await uuidOf(await site.webPage('cookiesfor=1'));
  expect(await uuidOf(await site.webPage('cookiesfor=1'))).toBe(uuid);
  await new Promise((resolve) => setTimeout(resolve, 1050));
  expect(await uuidOf(await site.webPage('cookiesfor=1'))).not.toBe(uuid);
});

test.each([
  [`snrs_reset_uuid=${OTHER}`, ''],
  [`snrs_cl=${OTHER}&snrs_he=42`, '42'],
])('a link with %s sets the UUID', async (search, hash) => {
  const site = openSite(sandbox);
  await site.webPage();
  const page = await site.webPage(search);
  expect(await uuidOf(page)).toBe(OTHER);
  expect(await page.evaluate('SR.client.getIdentityHash()')).toBe(hash);
  // The parameters are still in the address.
  expect(await page.evaluate('location.href')).toContain('snrs_');
});

test('the cookie _snrs_reset_uuid sets the UUID, and is consumed', async () => {
  const site = openSite(sandbox);
  await site.webPage();
  site.cookies.set('_snrs_reset_uuid', { value: OTHER, until: Number.POSITIVE_INFINITY });
  expect(await uuidOf(await site.webPage())).toBe(OTHER);
  expect([...(await openCookies(site))]).not.toContain('_snrs_reset_uuid');
});

/** The names of the cookies that have not expired. */
const openCookies = async (site: ReturnType<typeof openSite>) =>
  [...site.cookies].filter(([, { until }]) => until > Date.now()).map(([name]) => name);

test('a site may remove the parameters from its address after the SDK has read them', async () => {
  const page = await openSite(sandbox).webPage(`stripurl&snrs_cl=${OTHER}&snrs_he=42&other=1`);
  expect(await uuidOf(page)).toBe(OTHER);
  await page.until("!location.href.includes('snrs_')");
  expect(await page.evaluate('location.search')).toBe('?sdk=web&late=0&init=0&stripurl=&other=1');
});

test('the tracker key is the one in the address', async () => {
  const site = openSite(sandbox);
  const first = await site.webPage();
  expect(await first.evaluate('SyneriseTC.trackerUID')).toBe('00000000-0000-4000-8000-00000000a001');
  const second = await site.webPage(`key=${OTHER}`);
  expect(await second.evaluate('[SyneriseTC.trackerUID, siteTracking[0].trackerKey]')).toEqual([OTHER, OTHER]);
  expect(await uuidOf(second)).toBe(await uuidOf(first));
});
