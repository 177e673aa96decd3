// Pages that make it hard. One more is a document, which has the sandbox's scripts beside it, and what must be shown on it.
import { expect, hookOf, test, until, VIEWS } from './support';

const SDK = '<script src="/sdk/ios.js"></script>';

for (const view of VIEWS) {
  test(`${view}: a page whose clock stands still`, async ({ inspector }) => {
    const { page } = await inspector.openPage(`<!doctype html><title>still</title><script>Date.now = () => 1;</script>${SDK}`);
    const v = await inspector[view]();
    await v.shows('uuid', (await hookOf(page)).held.uuid ?? '');
    expect((await v.operate('regenerateUUID')).verdict).toBe('done');
    await v.shows('uuid', (await hookOf(page)).held.uuid ?? '');
    expect(await page.noise()).toEqual([]);
  });
}

test('a page whose image never answers is shown before it has loaded', async ({ inspector }) => {
  const html = `<!doctype html><title>never loaded</title>${SDK}<img src="/hang.png" alt="">`;
  const { page } = await inspector.openPage({ '/': html, '/hang.png': null }, { wait: 'commit' });
  const v = await inspector.panel();
  await v.shows('uuid', await until('the UUID', async () => (await hookOf(page)).held.uuid));
  expect(await page.evaluate(() => document.readyState)).toBe('interactive');
});

test('a global of the SDK’s name that is somebody else’s is not called', async ({ inspector }) => {
  const html =
    '<!doctype html><title>stranger</title><script>globalThis.called = 0; globalThis.Client = { send() { called += 1; } };</script>';
  const { page } = await inspector.openPage(html);
  const v = await inspector.panel();
  await v.waitAttr('session-state', 'data-phase', 'absent');
  expect(await page.evaluate(() => (globalThis as unknown as { called: number }).called)).toBe(0);
  expect(await page.noise()).toEqual([]);
});
