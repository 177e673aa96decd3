// The account as it is shown, edited and deleted in the Account tab.
import { afterEach, expect, it, vi } from 'vitest';
import { fieldWords } from '@/components/account/account-words';
import { IDENTITY_WORDS } from '@/components/state/words';
import { traitsOf } from '@/lib/sdk/dialects/names';
import { OPERATIONS } from '@/lib/sdk/operations';
import { differences } from '@/lib/session/account';
import { until } from '@/scripts/until.mjs';
import { NATIVE_DIALECTS } from '../../../browser/account-matrix';
import { ADA, accountTab, callsOf, wordsOf } from '../../fakes/account';
import { hookOf, type NodeInspector, type NodePage, type NodeView, openInspector } from '../../fakes/inspector';
import { outcomeOf, sessionOf } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

type Sdk = { Synerise: { Client: Record<string, (...args: unknown[]) => unknown> } };

let inspector: NodeInspector;
afterEach(() => inspector.close());

const accountOf = (page: NodePage) => sessionOf(inspector, page)?.history.account?.value;
/** What the last operation changed in the account, as far as both of its readings tell. */
function changedIn(page: NodePage) {
  const change = outcomeOf(inspector, page)?.account;
  return change?.after ? differences(change.before.value, change.after.value) : null;
}
const pattern = (...words: readonly string[]) => new RegExp(words.map((one) => one.replace(/[^\w\s]/g, '\\$&')).join('.{0,20}?'), 's');
/** Whether the view shows these words one after another, with little between them. */
const shows = async (v: NodeView, ...words: readonly string[]): Promise<boolean> => pattern(...words).test(await wordsOf(v));

/** The Account tab without the result of the last operation, in which the SDK's answer stands as well. */
const TAB = `(() => {
  const tab = document.querySelector('[role="tabpanel"]:not([hidden])').cloneNode(true);
  tab.querySelector('[data-testid="operation-result"]')?.remove();
  return tab;
})()`;
const tabShows = async (v: NodeView, ...words: readonly string[]): Promise<boolean> =>
  pattern(...words).test(String(await v.target.evaluate(`${TAB}.textContent`)));
/** Waits until the Account tab shows a field of the account with its value. */
const showsField = (v: NodeView, field: string, value: string) =>
  until(`${field} with ${value}`, () => tabShows(v, fieldWords(field), value));

const FIELDS = {
  clientId: '42',
  email: ADA,
  customId: 'ada-1815',
  firstName: 'Ada',
  lastName: 'Byron',
  displayName: 'Ada B.',
  phone: '+44 20 7946 0815',
  sex: 'FEMALE',
  birthDate: '1815-12-10',
  company: 'Analytical Engines Ltd',
  address: '12 St James Square',
  zipCode: 'W1',
  city: 'London',
  province: 'Greater London',
  countryCode: 'GB',
  avatarUrl: 'https://shop.example/people/ada.png',
};

it.each([
  ...NATIVE_DIALECTS.map((dialect) => [`sdk=${dialect}`, dialect, false] as const),
  // Its bridge tells a time 1000 times too far, and no tags.
  ['sdk=react-native&android', 'react-native', true] as const,
])('%s: the account is shown whole, as the server knows it', async (switches, dialect, quirks) => {
  inspector = await openInspector();
  const { page, v } = await accountTab(inspector, `/?${switches}`, { ada: true });
  const { uuid } = (await hookOf(page)).held;
  expect((await v.operate('getAccount')).verdict).toBe('done');
  for (const [field, value] of Object.entries({ ...FIELDS, uuid: String(uuid) })) await showsField(v, field, value);
  for (const [name, agreed] of Object.entries({ email: true, sms: false, push: true, bluetooth: false, rfid: false, wifi: true }))
    expect(await tabShows(v, name, agreed ? 'yes' : 'no'), name).toBe(true);
  expect(await tabShows(v, 'favouriteInk', '"deep blue"')).toBe(true);
  expect(await tabShows(v, 'notebooks', '7')).toBe(true);
  expect(accountOf(page)?.['attributes']).toEqual({ favouriteInk: 'deep blue', notebooks: 7 });

  const { lastActivityDate } = (await inspector.auth.account(ADA)) ?? {};
  expect(await v.target.evaluate(`[...${TAB}.querySelectorAll('time')].map((time) => time.dateTime)`)).toContain(lastActivityDate);
  expect(await tabShows(v, traitsOf(dialect).misreadsTime ?? 'nothing to misread')).toBe(quirks);
  expect(await tabShows(v, fieldWords('tags'), 'vip', 'notebooks')).toBe(!quirks);
});

it('an edit sends the changed fields only, as its preview says, and the difference is shown', async () => {
  inspector = await openInspector();
  const { auth } = inspector;
  const { page, v } = await accountTab(inspector, '/', { ada: true });
  expect((await v.operate('getAccount')).verdict).toBe('done');
  // An agreement that is sent either way begins as it is.
  await v.open('confirmEmailChange');
  expect(await v.value('argument-newsletterAgreement')).toBe(true);
  await v.open('updateAccount');
  const begun = { city: 'London', sex: 'FEMALE', 'agreements.sms': 'false', email: ADA };
  for (const [name, value] of Object.entries(begun)) expect(await v.value(`argument-${name}`), name).toBe(value);
  expect(await v.disabled('run')).toBe(true);
  const edits = { city: 'Paris', company: '', 'agreements.sms': 'true', 'attributes.notebooks': '{"blank": 2, "full": [5]}' };
  for (const [name, value] of Object.entries(edits)) await v.fill(name, value);
  // Changed, and back again: not a change.
  await v.fill('firstName', 'Augusta');
  await v.fill('firstName', 'Ada');
  await v.target.evaluate(`document.querySelector('[aria-label="Remove favouriteInk"]').click()`);
  await v.shows(
    'preview',
    'Synerise.Client.updateAccount({ company: null, city: "Paris", agreements: { sms: true }, attributes: { notebooks: { blank: 2, full: [5] }, favouriteInk: null } }, onSuccess, onError)',
  );
  expect(await v.text('form-updateAccount')).toMatch(/null[^.]*Company[^.]*favouriteInk/);
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  const attributes = { notebooks: { blank: 2, full: [5] } };
  const sent = { city: 'Paris', company: null, agreements: { sms: true }, attributes: { ...attributes, favouriteInk: null } };
  expect(await callsOf(page, 'updateAccount')).toEqual([[sent]]);
  const kept = await auth.account(ADA);
  expect(kept).toMatchObject({ firstName: 'Ada', city: 'Paris', company: null, province: 'Greater London' });
  expect(kept?.attributes).toEqual(attributes);
  await until('the account to be read again', () => changedIn(page));
  expect(changedIn(page)).toEqual([
    { field: 'company', before: 'Analytical Engines Ltd', after: null },
    { field: 'city', before: 'London', after: 'Paris' },
    { field: 'agreements.sms', before: false, after: true },
    { field: 'attributes.favouriteInk', before: 'deep blue', after: null },
    { field: 'attributes.notebooks', before: 7, after: attributes.notebooks },
  ]);
  await until('the difference', () => shows(v, fieldWords('city'), 'London', 'Paris'));
  expect(await shows(v, fieldWords('company'), 'Analytical Engines Ltd')).toBe(true);
  expect(await shows(v, fieldWords('agreements.sms'), 'false', 'true')).toBe(true);
  expect(await shows(v, fieldWords('attributes.favouriteInk'), 'deep blue')).toBe(true);
  expect(await shows(v, fieldWords('attributes.notebooks'), '7', '{"blank":2,"full":[5]}')).toBe(true);
  await showsField(v, 'city', 'Paris');
});

it('an update that changes nothing, or after which the account cannot be read, is told as that', async () => {
  inspector = await openInspector();
  const { page, v } = await accountTab(inspector, '/', { ada: true });
  expect((await v.operate('getAccount')).verdict).toBe('done');
  await page.evaluate(() => {
    const { Client: client } = (globalThis as unknown as Sdk).Synerise;
    client['updateAccount'] = (_context, onSuccess) => (onSuccess as () => void)();
  });
  expect((await v.operate('updateAccount', { city: 'Paris' })).verdict).toBe('done');
  await until('the account to be read again', () => changedIn(page));
  expect(changedIn(page)).toEqual([]);
  await until('the words', async () => /account unchanged/i.test(await wordsOf(v)));
  await page.evaluate(() => void delete (globalThis as unknown as Sdk).Synerise.Client['updateAccount']);

  await inspector.auth.set({ denied: 'API_PERSONAL_INFORMATION_CLIENT_READ' });
  expect((await v.operate('updateAccount', { city: 'Oslo' })).verdict).toBe('done');
  await until('the words', async () => /changes are unknown/i.test(await wordsOf(v)));
  expect(outcomeOf(inspector, page)?.account).toMatchObject({ state: 'unread', after: null });
  expect(await inspector.auth.account(ADA)).toMatchObject({ city: 'Oslo' });
});

it('a sign-in and a deletion show how the session changed, and a deleted account is not shown any more', async () => {
  inspector = await openInspector();
  const { page, v } = await accountTab(inspector);
  const before = (await hookOf(page)).held;
  expect((await v.operate('signIn', { email: ADA, password: 'lovelace' })).verdict).toBe('done');
  expect(outcomeOf(inspector, page)).toMatchObject({
    before: { identity: 'anonymous', uuid: before.uuid, token: { origin: 'ANONYMOUS' } },
    after: { identity: 'signed-in', uuid: before.uuid, token: { origin: 'SYNERISE' } },
  });
  await until('the identities', () => shows(v, IDENTITY_WORDS.anonymous, IDENTITY_WORDS['signed-in']));
  expect(await wordsOf(v)).toMatch(/ANONYMOUS.{1,60}SYNERISE/s);
  expect((await v.operate('getAccount')).verdict).toBe('done');
  await showsField(v, 'lastName', 'Byron');

  await v.open('deleteAccount', { clientAuthFactor: 'lovelace' });
  const form = String(await v.text('form-deleteAccount'));
  expect(form).toContain(ADA);
  for (const lost of OPERATIONS.deleteAccount.loses({})) expect(form).toContain(lost);
  expect(await v.disabled('run')).toBe(true);
  for (const wrong of ['grace@shop.example', 'ada@shop.exampl', 'ada']) {
    await v.type('confirm-email', '  ADA@shop.example ');
    await until('run to be enabled', async () => !(await v.disabled('run')));
    await v.type('confirm-email', wrong);
    await until(`run to be disabled by ${wrong}`, () => v.disabled('run'));
    // Nor does Enter.
    await v.target.evaluate(`document.querySelector('[data-testid="form-deleteAccount"]').requestSubmit()`);
    expect(await v.there('form-deleteAccount')).toBe(true);
  }
  expect(await callsOf(page, 'deleteAccountByIdentityProvider')).toEqual([]);
  await v.type('confirm-email', '  ADA@shop.example ');
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  const after = (await hookOf(page)).held;
  expect(await inspector.auth.account(ADA)).toBeUndefined();
  expect(outcomeOf(inspector, page)).toMatchObject({
    before: { identity: 'signed-in', uuid: before.uuid },
    after: { identity: 'anonymous', uuid: after.uuid },
  });
  await until('the identities', () => shows(v, IDENTITY_WORDS['signed-in'], IDENTITY_WORDS.anonymous));
  expect(await shows(v, String(before.uuid), String(after.uuid))).toBe(true);
  await until('the account to go', async () => !(await v.html()).includes('Byron'));
});
