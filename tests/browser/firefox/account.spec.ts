import { CALLS, type Given, typed } from '../account-matrix';
import { callsOf, expect, type FirefoxPage, type FirefoxView, type Inspector, pressInPage, test, until } from './support';

const ADA = 'ada@shop.example';
const PASSWORD = 'lovelace';
const SECRET = 'n3w-secret';

/** The panel's Account tab, on a page of this dialect where Ada is signed in unless `out`. */
async function accountTab(
  inspector: Inspector,
  { dialect = 'react-native', out = false } = {},
): Promise<{ page: FirefoxPage; v: FirefoxView }> {
  const page = await inspector.open(`/?sdk=${dialect}`);
  if (!out) await pressInPage(page, 'Sign in as Ada');
  const v = await inspector.panel();
  await v.waitAttr('session-state', 'data-identity', out ? 'anonymous' : 'signed-in');
  await v.tab('Account');
  await until('the operations on accounts', () => v.there('action-getAccount'));
  return { page, v };
}

test('a customer signs in, the account is read, and only what was changed is sent', async ({ inspector }) => {
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
  await until('the account', async () => (await v.target.evaluate(`document.querySelector('dl.account')?.innerText ?? ''`)).includes(ADA));
  const changed = await v.operate('updateAccount', { city: 'Kraków', firstName: 'Augusta' });
  expect(changed.verdict, changed.text).toBe('done');
  expect(await callsOf(page, 'updateAccount')).toEqual([[{ city: 'Kraków', firstName: 'Augusta' }]]);
  expect(auth.account('main', ADA)).toMatchObject({ city: 'Kraków', firstName: 'Augusta' });
  await until('the new city', async () => (await v.target.evaluate(`document.querySelector('dl.account').innerText`)).includes('Kraków'));
  expect(await page.noise()).toEqual([]);
});

test('values land where they belong, and no secret stays in the document', async ({ inspector }) => {
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

for (const dialect of ['react-native', 'flutter', 'ios', 'android'] as const) {
  test(`${dialect}: the old and the new password are where this SDK has them`, async ({ inspector }) => {
    const { page, v } = await accountTab(inspector, { dialect });
    const given = { oldPassword: PASSWORD, newPassword: SECRET };
    expect((await v.operate('changePassword', given)).verdict).toBe('done');
    expect(await callsOf(page, 'changePassword')).toEqual([CALLS.changePassword[dialect](given)[1]]);
    expect(inspector.sandbox.auth.account('main', ADA)?.password).toBe(SECRET);
  });
}

test('a wrong old password is failed, with what it likely means', async ({ inspector }) => {
  const { v } = await accountTab(inspector);
  const { verdict, text } = await v.operate('changePassword', { oldPassword: 'nope', newPassword: SECRET });
  expect(verdict).toBe('failed');
  expect(text).toContain('403');
  expect(text).toMatch(/old password/i);
});

test('deleting an account asks for its e-mail', async ({ inspector }) => {
  const { page, v } = await accountTab(inspector);
  expect((await v.operate('getAccount')).verdict).toBe('done');
  await v.open('deleteAccount', { clientAuthFactor: PASSWORD });
  expect(await v.disabled('run')).toBe(true);
  await v.type('confirm-email', ADA);
  await until('run to be enabled', async () => !(await v.disabled('run')));
  await v.click('cancel');
  expect(await callsOf(page, 'deleteAccountByIdentityProvider')).toEqual([]);
  expect(inspector.sandbox.auth.account('main', ADA)).toBeDefined();
});
