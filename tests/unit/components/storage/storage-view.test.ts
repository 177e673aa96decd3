// The Storage tab: what the Web SDK keeps in the browser, as the page's script sees and changes it. `tests/browser` changes real cookies.
import { afterEach, expect, it, vi } from 'vitest';
import { type CookieNoteKind, cookieNotes, parseCookie } from '@/lib/web/cookies';
import { until } from '@/scripts/until.mjs';
import { countOf, edit, isThere, pressIn, undo } from '@/tests/browser/kept';
import { type NodeInspector, type NodePage, openInspector } from '../../fakes/inspector';
import { sessionOf } from '../../fakes/shop';
import { textOf, uuidIn, uuidShown } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

const OTHER = '99999999-8888-4777-8666-555555555555';

let inspector: NodeInspector;
afterEach(() => inspector.close());

/** What the page has under a key of a store. */
const storedIn = (page: NodePage, area: 'localStorage' | 'sessionStorage', key: string) =>
  page.evaluate((of) => globalThis[of.area as 'localStorage'].getItem(of.key), { area, key });

/** What is odd about the cookies of a page, of one kind, in words. */
function noteIn(page: NodePage, kind: CookieNoteKind): string | undefined {
  const stage = sessionOf(inspector, page)?.stage;
  if (stage?.phase !== 'attached') return undefined;
  return cookieNotes(stage.customer.cookies.map(parseCookie), stage.customer.uuid).find((one) => one.kind === kind)?.text;
}

/** The Storage tab of the panel on a page of the Web SDK. */
async function storageTab(path = '/?sdk=web') {
  inspector = await openInspector();
  const page = await inspector.open(path);
  const v = await inspector.panel(page);
  await uuidShown(v, page);
  await v.tab('Storage');
  await until('the cookies', () => isThere(v, '_snrs_uuid'));
  return { page, v };
}

it('keys of Web Storage are edited, deleted and put back; those of others do not show', async () => {
  inspector = await openInspector();
  const page = await inspector.open('/?sdk=web');
  await page.evaluate(() => {
    localStorage.setItem('snrs_state', 'one');
    sessionStorage.setItem('synerise:visit', '1');
    localStorage.setItem('cart', 'not ours');
  });
  const v = await inspector.panel(page);
  await v.tab('Storage');
  await v.click('storage-show-local');
  await until('the key', () => isThere(v, 'snrs_state'));
  expect(await isThere(v, 'cart')).toBe(false);
  await edit(v, 'snrs_state', 'two');
  await until('the new value', async () => (await storedIn(page, 'localStorage', 'snrs_state')) === 'two');
  await v.click('storage-show-session');
  await pressIn(v, 'synerise:visit', 'Delete');
  await until('it to be gone', async () => (await storedIn(page, 'sessionStorage', 'synerise:visit')) === null);
  await undo(v);
  await until('it to be back', async () => (await storedIn(page, 'sessionStorage', 'synerise:visit')) === '1');
  expect(await storedIn(page, 'localStorage', 'cart')).toBe('not ours');
});

it('cookies show field by field, those of one name side by side, and a value that no cookie can hold is refused', async () => {
  const { v, page } = await storageTab('/?sdk=web&duplicates&httponly');
  await until('both', async () => (await countOf(v, '_snrs_uuid')) === 2);
  const words = await textOf(v, 'cookies', /permUuid/);
  expect(words).toContain(await uuidIn(page));
  expect(words).toContain('00000000-0000-4000-8000-0000000000d2');
  expect(words).toContain(noteIn(page, 'duplicate'));
  expect(words).not.toContain('_snrs_cid');
  await pressIn(v, '_snrs_puuid', 'Edit');
  await v.type('edit-kept', 'a; domain=elsewhere.example');
  expect(await v.disabled('save-kept')).toBe(true);
  await v.type('edit-kept', 'a');
  expect(await v.disabled('save-kept')).toBe(false);
});

it('a reset cookie waits for the next init, which consumes it', async () => {
  const { v, page } = await storageTab();
  await page.evaluate((uuid) => {
    // biome-ignore lint/suspicious/noDocumentCookie: as a plugin of the site does it
    document.cookie = `_snrs_reset_uuid=${uuid}; path=/`;
  }, OTHER);
  await until('the note', async () => {
    const note = noteIn(page, 'reset-waits');
    return note && (await v.text('cookies'))?.includes(note);
  });
  await page.reload();
  await until('the UUID', async () => (await uuidIn(page)) === OTHER);
  await v.shows('uuid', OTHER);
  await until('the cookie to go', async () => !(await v.text('cookies'))?.includes('_snrs_reset_uuid'));
});
