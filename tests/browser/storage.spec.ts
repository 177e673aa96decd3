// The cookies that the Web SDK keeps in a real browser: shown, changed, removed and put back, as far as the access goes. The rest of
// the Storage tab is in `tests/unit/components/storage/storage-view.test.ts`.
import { edit, isThere, pressIn, undo } from './kept';
import { rowsOf } from './rows';
import { alone, expect, hookOf, test, until } from './support';
import { clean, fits, SHOWN } from './well-made';

const cookiesIn = (page: { evaluate(work: () => string): Promise<string> }) => page.evaluate(() => document.cookie);

for (const way of ['script', 'browser'] as const)
  test.describe(`through the ${way}`, () => {
    test.use({ watched: way === 'browser' });

    test('a cookie is edited, deleted, and put back, with all of it put back at once', async ({ inspector }) => {
      const { page } = await inspector.open('/?sdk=web&httponly');
      await until('the UUID', async () => (await hookOf(page)).held.uuid);
      const v = await inspector.panel(page);
      await v.waitAttr('dialect', 'data-ready', 'true');
      if (way === 'browser') await v.waitAttr('access', 'data-access', 'watched');
      await v.tab('Storage');
      await until('the cookies', () => isThere(v, '_snrs_uuid'));
      if (way === 'browser') await until('the HttpOnly one', () => isThere(v, '_snrs_cid'));
      else expect(await v.text('storage-access')).toMatch(/watch this site/i);
      const before = await cookiesIn(page);

      const other = '99999999-8888-4777-8666-555555555555';
      await edit(v, '_snrs_puuid', other);
      await until('the new value', async () => (await cookiesIn(page)).includes(`_snrs_puuid=${other}`));
      await undo(v);
      await until('the old value', async () => !(await cookiesIn(page)).includes(other));

      await pressIn(v, '_snrs_sa', 'Delete');
      await until('it to be gone', async () => !(await cookiesIn(page)).includes('_snrs_sa='));
      await until('its row to be gone', async () => !(await isThere(v, '_snrs_sa')));
      await undo(v);
      await until('it to be back', async () => (await cookiesIn(page)).includes('_snrs_sa='));

      await until('it to be done', async () => !(await v.disabled('delete-all')));
      await v.click('delete-all');
      expect(await cookiesIn(page)).toContain('_snrs_uuid=');
      await v.click('delete-all-yes');
      await until('none', async () => !(await cookiesIn(page)).includes('_snrs_'));
      if (way === 'browser') await until('the HttpOnly one gone', async () => !(await isThere(v, '_snrs_cid')));
      await undo(v);
      const sorted = (text: string) => text.split('; ').sort().join('; ');
      await until('all of it', async () => sorted(await cookiesIn(page)) === sorted(before));
      if (way === 'browser') await until('the HttpOnly one', () => isThere(v, '_snrs_cid'));
      // What changed, and when, is in the list below.
      await v.click('storage-show-changes');
      await until('the changes', async () => (await rowsOf(v, 'storage-changes')).length >= 4);
    });
  });

test.describe('by itself', () => {
  test.use({ watched: true });

  test('nothing that axe finds, or that is cut off, in Storage and Network', async ({ inspector }) => {
    const { page } = await inspector.open('/?sdk=web&events&duplicates');
    await until('the UUID', async () => (await hookOf(page)).held.uuid);
    const own = await alone(inspector, page);
    await own.getByRole('tab', { name: 'Storage' }).click();
    await own.getByTestId('kept').first().waitFor();
    await own.getByTestId('kept').first().click();
    await own.getByTestId('start-edit').click();
    await own.getByTestId('delete-all').click();
    await clean(own, 'Storage', SHOWN);
    await fits(own, 'Storage');
    await own.getByRole('tab', { name: 'Timeline' }).click();
    await own.getByTestId('timeline-entry').first().click();
    await fits(own, 'Timeline');
    await own.getByRole('tab', { name: 'Network' }).click();
    await own.getByTestId('network-entry').first().click();
    await own.getByTestId('request-details').last().waitFor();
    await clean(own, 'Network', SHOWN);
    await fits(own, 'Network');
  });
});
