import { viewOf } from '../../../scripts/view.mjs';
import { expect, hookOf, type Inspector, test, until } from './support';

/** Watches the shop by entering its address on the settings page; returns that page. */
async function watchTheShop({ firefox, sandbox }: Inspector) {
  const options = viewOf(await firefox.openExtensionPage('options.html'));
  await options.type('watch-address', sandbox.origin);
  await options.click('watch-add');
  await until('the site to be listed', () => options.there('watched-site'));
  return options;
}

test('the Firefox build installs, and its popup in its own tab has no access to a tab without a toolbar click', async ({ inspector }) => {
  const v = viewOf(await inspector.firefox.openExtensionPage('popup.html?tabId=1'));
  await v.waitAttr('connection', 'data-connection', 'connected');
  await v.waitAttr('session-state', 'data-phase', 'unreachable');
  expect(await v.attr('access', 'data-access')).toBe('none');
});

test('a watched site is recorded from page load', async ({ inspector }) => {
  const options = await watchTheShop(inspector);
  const page = await inspector.open('/early', { token: false });
  const identities = () => page.evaluate(() => (globalThis as unknown as { identities?: Record<string, unknown> }).identities);
  await until("the page's last check", async () => (await identities())?.['later'] !== undefined);
  expect(await identities()).toMatchObject({ atOnce: true, load: true, later: true });
  const calls = (): Promise<string[]> =>
    options.target.evaluate(`browser.storage.session.get(null).then((all) =>
      Object.entries(all).filter(([key]) => key.startsWith('session:')).map(([, text]) => JSON.parse(text)).flatMap(({ history }) => history?.calls?.map(({ does }) => does) ?? []))`);
  await until('both calls of its first script', async () => (await calls()).length === 2);
  expect((await calls()).sort()).toEqual(['refreshToken', 'signIn']);
});

test('the browser reports requests of a watched site with DevTools closed', async ({ inspector }) => {
  const options = await watchTheShop(inspector);
  const page = await inspector.open('/?sdk=web&events', { token: false });
  await until('the UUID', async () => (await hookOf(page)).held.uuid);
  const { uuid } = (await hookOf(page)).held;
  await page.evaluate((named) => void navigator.sendBeacon('/tracking/beacon', JSON.stringify({ uuid: named })), uuid);
  const told = (): Promise<[string, number | null, string | null][]> =>
    options.target.evaluate(`browser.storage.session.get(null).then((all) =>
      Object.entries(all).filter(([key]) => /^history:\\d+:\\d+$/.test(key)).flatMap(([, text]) =>
        JSON.parse(text).filter(({ kind, status }) => kind === 'request' && status !== null).map(({ purpose, status, uuid }) => [purpose, status, uuid])))`);
  await until('all three requests', async () => (await told()).length >= 3);
  expect((await told()).sort()).toEqual([
    ['event', 200, uuid],
    ['recommendation', 200, uuid],
    ['tracking', expect.any(Number), uuid],
  ]);
});
