import { viewOf } from '../../../scripts/view.mjs';
import { expect, test, until } from './support';

test('the Firefox build installs, and its popup as a page of its own has no access to a tab that nobody clicked on', async ({
  inspector,
}) => {
  const v = viewOf(await inspector.firefox.openExtensionPage('popup.html?tabId=1'));
  await v.waitAttr('connection', 'data-connection', 'connected');
  await v.waitAttr('session-state', 'data-phase', 'unreachable');
  expect(await v.attr('access', 'data-access')).toBe('none');
});

test('a site is watched, from the first line of its pages on', async ({ inspector }) => {
  const options = viewOf(await inspector.firefox.openExtensionPage('options.html'));
  await options.type('watch-address', inspector.sandbox.origin);
  await options.click('watch-add');
  await until('the site to be listed', () => options.there('watched-site'));
  const page = await inspector.open('/early', { token: false });
  const identities = () => page.evaluate(() => (globalThis as unknown as { identities?: Record<string, unknown> }).identities);
  await until('the last look of the page', async () => (await identities())?.['later'] !== undefined);
  expect(await identities()).toMatchObject({ atOnce: true, load: true, later: true });
  const calls = (): Promise<string[]> =>
    options.target.evaluate(`browser.storage.session.get(null).then((all) =>
      Object.values(all).flatMap(({ calls }) => calls?.map(({ does }) => does) ?? []))`);
  await until('both calls of its first script', async () => (await calls()).length === 2);
  expect((await calls()).sort()).toEqual(['refreshToken', 'signIn']);
});
