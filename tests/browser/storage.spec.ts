// The Web SDK's cookies in a real browser: shown, edited, deleted, and restored, as far as access allows. The rest of
// the Storage tab is covered in `tests/unit/components/storage/storage-view.test.ts`.
import { edit, isThere, pressIn, undo } from './kept';
import { rowsOf } from './rows';
import { expect, hookOf, test, until } from './support';

const cookiesIn = (page: { evaluate(work: () => string): Promise<string> }) => page.evaluate(() => document.cookie);

for (const way of ['script', 'browser'] as const)
  test.describe(`cookie access through the ${way}`, () => {
    test.use({ watched: way === 'browser' });

    test('cookies are edited and deleted, and undo restores one or all of them', async ({ inspector }) => {
      const { page } = await inspector.open('/?sdk=web&httponly');
      await until('the UUID', async () => (await hookOf(page)).held.uuid);
      const v = await inspector.panel(page);
      await v.waitAttr('dialect', 'data-ready', 'true');
      if (way === 'browser') await v.waitAttr('access', 'data-access', 'watched');
      await v.tab('Storage');
      await until('the cookies', () => isThere(v, '_snrs_uuid'));
      if (way === 'browser') await until('the HttpOnly cookie', () => isThere(v, '_snrs_cid'));
      else expect(await v.text('storage-access')).toMatch(/watch this site/i);
      const before = await cookiesIn(page);

      const other = '99999999-8888-4777-8666-555555555555';
      await edit(v, '_snrs_puuid', other);
      await until('the new value', async () => (await cookiesIn(page)).includes(`_snrs_puuid=${other}`));
      await undo(v);
      await until('the old value', async () => !(await cookiesIn(page)).includes(other));

      await pressIn(v, '_snrs_sa', 'Delete');
      await until('the cookie to be deleted', async () => !(await cookiesIn(page)).includes('_snrs_sa='));
      await until('its row to disappear', async () => !(await isThere(v, '_snrs_sa')));
      await undo(v);
      await until('the cookie to be restored', async () => (await cookiesIn(page)).includes('_snrs_sa='));

      await until('the undo to finish', async () => !(await v.disabled('delete-all')));
      await v.click('delete-all');
      expect(await cookiesIn(page)).toContain('_snrs_uuid=');
      await v.click('delete-all-yes');
      await until('no SDK cookies', async () => !(await cookiesIn(page)).includes('_snrs_'));
      if (way === 'browser') await until('the HttpOnly cookie to be deleted', async () => !(await isThere(v, '_snrs_cid')));
      await undo(v);
      const sorted = (text: string) => text.split('; ').sort().join('; ');
      await until('all cookies to be restored', async () => sorted(await cookiesIn(page)) === sorted(before));
      if (way === 'browser') await until('the HttpOnly cookie', () => isThere(v, '_snrs_cid'));
      // The list below shows what changed and when.
      await v.click('storage-show-changes');
      await until('the changes', async () => (await rowsOf(v, 'storage-changes')).length >= 4);
    });
  });
