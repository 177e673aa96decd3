// What the Web SDK keeps in the browser: told, changed, taken away and put back, as far as the access goes.
import { rowsOf } from './rows';
import { expect, hookOf, type Panel, panelAlone, test, until } from './support';
import { clean, fits, SHOWN } from './well-made';

const cookiesIn = (page: { evaluate(work: () => string): Promise<string> }) => page.evaluate(() => document.cookie);
const kept = (name: string) => `document.querySelector('[data-testid="kept"][data-name="${name}"]')`;
/** Presses a button in a row, once it can be pressed. */
async function pressIn(v: Pick<Panel, 'target'>, name: string, what: string): Promise<void> {
  const button = `[...(${kept(name)}?.querySelectorAll('button') ?? [])].find((one) => one.textContent.trim() === '${what}')`;
  await until(`${what} of ${name}`, () => v.target.evaluate(`${button}?.disabled === false`));
  await v.target.evaluate(`${button}.click()`);
}
const isThere = (v: Pick<Panel, 'target'>, name: string) => v.target.evaluate(`!!${kept(name)}`);

/** Gives a row another value, by its form. */
async function edit(v: Panel, name: string, value: string): Promise<void> {
  await pressIn(v, name, 'Edit');
  await until('the form', () => v.there('edit-kept'));
  await v.type('edit-kept', value);
  await v.click('save-kept');
}

/** Takes the last change back, once the view knows that it was made: until then the button is for the one before, and off. */
async function undo(v: Panel): Promise<void> {
  await until('something to undo', async () => (await v.there('undo-storage')) && !(await v.disabled('undo-storage')));
  await v.click('undo-storage');
}

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
      else expect(await v.text('storage-access')).toContain('watch this site');
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
      await until('the changes', async () => (await rowsOf(v, 'storage-changes')).length >= 4);
    });
  });

test('keys of Web Storage are told, edited, deleted and put back; those of others are not', async ({ inspector }) => {
  const { page } = await inspector.open('/?sdk=web');
  await until('the UUID', async () => (await hookOf(page)).held.uuid);
  await page.evaluate(() => {
    localStorage.setItem('snrs_state', 'one');
    sessionStorage.setItem('synerise:visit', '1');
    localStorage.setItem('cart', 'not ours');
  });
  const v = await inspector.panel(page);
  await v.waitAttr('dialect', 'data-ready', 'true');
  await v.tab('Storage');
  await until('the keys', async () => (await isThere(v, 'snrs_state')) && (await isThere(v, 'synerise:visit')));
  expect(await isThere(v, 'cart')).toBe(false);
  await edit(v, 'snrs_state', 'two');
  await until('the new value', async () => (await page.evaluate(() => localStorage.getItem('snrs_state'))) === 'two');
  await pressIn(v, 'synerise:visit', 'Delete');
  await until('it to be gone', async () => (await page.evaluate(() => sessionStorage.getItem('synerise:visit'))) === null);
  await undo(v);
  await until('it to be back', async () => (await page.evaluate(() => sessionStorage.getItem('synerise:visit'))) === '1');
  expect(await page.evaluate(() => localStorage.getItem('cart'))).toBe('not ours');
});

test('what a cookie cannot hold is refused before it is tried', async ({ inspector }) => {
  const { page } = await inspector.open('/?sdk=web');
  await until('the UUID', async () => (await hookOf(page)).held.uuid);
  const v = await inspector.panel(page);
  await v.waitAttr('dialect', 'data-ready', 'true');
  await v.tab('Storage');
  await until('the cookies', () => isThere(v, '_snrs_uuid'));
  await pressIn(v, '_snrs_uuid', 'Edit');
  await v.type('edit-kept', 'a; domain=elsewhere.example');
  expect(await v.disabled('save-kept')).toBe(true);
  expect(await v.html()).toContain('A cookie cannot hold a semicolon');
});

test('cookies of one name on two places show side by side', async ({ inspector }) => {
  const { page } = await inspector.open('/?sdk=web&duplicates');
  await until('the UUID', async () => (await hookOf(page)).held.uuid);
  const v = await inspector.panel(page);
  await v.waitAttr('dialect', 'data-ready', 'true');
  await v.tab('Storage');
  await until(
    'both',
    async () => (await v.target.evaluate(`document.querySelectorAll('[data-testid="kept"][data-name="_snrs_uuid"]').length`)) === 2,
  );
  expect(await v.text('cookies')).toContain('also elsewhere, with another value');
});

test.describe('by itself', () => {
  test.use({ watched: true });

  for (const colorScheme of ['light', 'dark'] as const)
    test(`${colorScheme}: nothing that axe finds, or that is cut off, in Storage and Network`, async ({ inspector }) => {
      const { page } = await inspector.open('/?sdk=web&events&duplicates');
      await until('the UUID', async () => (await hookOf(page)).held.uuid);
      const own = await panelAlone(inspector, colorScheme);
      await own.getByRole('tab', { name: 'Storage' }).click();
      await own.getByTestId('kept').first().waitFor();
      await own.getByTestId('kept').first().getByRole('button', { name: 'Edit' }).click();
      await own.getByTestId('delete-all').click();
      await clean(own, SHOWN);
      await fits(own);
      await own.getByRole('tab', { name: 'Timeline' }).click();
      await own.getByTestId('timeline-entry').first().click();
      await fits(own);
      await own.getByRole('tab', { name: 'Network' }).click();
      await own.getByTestId('network-entry').first().click();
      await own.getByTestId('request-details').last().waitFor();
      await clean(own, SHOWN);
      await fits(own);
    });
});
