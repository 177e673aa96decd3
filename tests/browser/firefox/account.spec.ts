// Account operations in Firefox: forms, answers, and secrets. Every operation and dialect is covered in `tests/unit/components/account`.
import { CALLS, type Given, typed } from '../account-matrix';
import { callsOf, expect, type FirefoxPage, type FirefoxView, type Inspector, pressInPage, test, until } from './support';

const ADA = 'ada@shop.example';
const PASSWORD = 'lovelace';
const SECRET = 'n3w-secret';

/** Opens the panel's Account tab on a page where Ada is signed in, unless `out`. */
async function accountTab(inspector: Inspector, { out = false } = {}): Promise<{ page: FirefoxPage; v: FirefoxView }> {
  const page = await inspector.open();
  if (!out) await pressInPage(page, 'Sign in as Ada');
  const v = await inspector.panel();
  await v.waitAttr('session-state', 'data-identity', out ? 'anonymous' : 'signed-in');
  await v.tab('Account');
  await until('the account operations', () => v.there('action-getAccount'));
  return { page, v };
}

test('a customer signs in, and the account is read, updated, and deleted', async ({ inspector }) => {
  const { auth } = inspector.sandbox;
  const { page, v } = await accountTab(inspector, { out: true });
  const wrong = await v.operate('signIn', { email: ADA, password: 'not-hers-at-all' });
  expect(wrong.verdict).toBe('failed');
  expect(wrong.text).toContain('401');
  expect(wrong.text).toContain('Wrong e-mail or password');
  expect((await v.operate('signIn', { email: ADA, password: PASSWORD })).verdict).toBe('done');
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  expect(await v.html()).not.toContain(PASSWORD);

  expect((await v.operate('getAccount')).verdict).toBe('done');
  await until('the account', async () => (await v.html()).includes('Analytical Engines Ltd'));
  const changed = await v.operate('updateAccount', { city: 'Kraków', firstName: 'Augusta' });
  expect(changed.verdict, changed.text).toBe('done');
  expect(await callsOf(page, 'updateAccount')).toEqual([[{ city: 'Kraków', firstName: 'Augusta' }]]);
  expect(auth.account('main', ADA)).toMatchObject({ city: 'Kraków', firstName: 'Augusta' });
  await until('the new city', async () => (await v.html()).includes('Kraków'));

  // Deletion requires the email address.
  await v.open('deleteAccount', { clientAuthFactor: PASSWORD });
  expect(await v.disabled('run')).toBe(true);
  await v.type('confirm-email', ADA);
  await until('Run to be enabled', async () => !(await v.disabled('run')));
  await v.click('cancel');
  await until('the form to close', async () => !(await v.there('form-deleteAccount')));
  expect(await callsOf(page, 'deleteAccountByIdentityProvider')).toEqual([]);
  await v.open('deleteAccount', { clientAuthFactor: PASSWORD });
  await v.type('confirm-email', ADA);
  const deleted = await v.ended(await v.submit());
  expect(deleted.verdict, deleted.text).toBe('done');
  expect(await callsOf(page, 'deleteAccountByIdentityProvider')).toHaveLength(1);
  expect(auth.account('main', ADA)).toBeUndefined();
  expect(await page.noise()).toEqual([]);
});

test('form values reach the right arguments, and no secret stays in the document', async ({ inspector }) => {
  const { page, v } = await accountTab(inspector);
  const phone = '+48 111 222 333';
  for (const [operation, given] of [
    ['changePassword', { oldPassword: PASSWORD, newPassword: SECRET }],
    ['requestPasswordReset', { email: ADA }],
    ['requestEmailChange', { email: 'augusta@shop.example', password: SECRET }],
    ['requestPhoneUpdate', { phone }],
  ] as const satisfies readonly (readonly [keyof typeof CALLS, Given])[]) {
    const ended = await v.operate(operation, typed(given));
    expect(ended.verdict, `${operation}: ${ended.text}`).toBe('done');
    const [method, args] = CALLS[operation]['react-native'](given);
    expect(await callsOf(page, method)).toEqual([args]);
  }
  const confirmationCode = inspector.sandbox.auth.mailbox('main').findLast(({ to }) => to === phone)?.code ?? '';
  const given = { phone, confirmationCode, smsAgreement: true };
  expect((await v.operate('confirmPhoneUpdate', given)).verdict).toBe('done');
  expect(await callsOf(page, 'confirmPhoneUpdate')).toEqual([[phone, confirmationCode, true]]);
  expect(inspector.sandbox.auth.account('main', ADA)).toMatchObject({ password: SECRET, phone });
  expect(await v.html()).not.toContain(SECRET);
});
