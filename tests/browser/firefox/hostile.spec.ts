// Difficult pages in Firefox. Replaced built-ins and foreign globals are covered in `tests/unit/components/header`.
import { expect, hookOf, test, until, VIEWS } from './support';

const SDK = '<script src="/sdk/ios.js"></script>';

test('popup and panel work on a page whose clock stands still', async ({ inspector }) => {
  const { page } = await inspector.openPage(`<!doctype html><title>still</title><script>Date.now = () => 1;</script>${SDK}`);
  for (const view of VIEWS) {
    const v = await inspector[view]();
    await v.shows('uuid', (await hookOf(page)).held.uuid ?? '');
    expect((await v.operate('regenerateUUID')).verdict).toBe('done');
    await v.shows('uuid', (await hookOf(page)).held.uuid ?? '');
  }
  expect(await page.noise()).toEqual([]);
});

test('a page is shown before it has loaded, while an image is pending', async ({ inspector }) => {
  const html = `<!doctype html><title>never loaded</title>${SDK}<img src="/hang.png" alt="">`;
  const { page } = await inspector.openPage({ '/': html, '/hang.png': null }, { wait: 'commit' });
  const v = await inspector.panel();
  await v.shows('uuid', await until('the UUID', async () => (await hookOf(page)).held.uuid));
  expect(await page.evaluate(() => document.readyState)).toBe('interactive');
});
