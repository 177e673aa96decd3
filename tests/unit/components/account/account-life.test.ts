// The life of an account by each SDK that has accounts: what is typed reaches the SDK as it expects it, and has its effect on the server.
import { afterEach, expect, it, vi } from 'vitest';
import { tableOf } from '@/lib/sdk/dialects';
import type { DialectName } from '@/lib/sdk/dialects/names';
import type { AccountOperationName } from '@/lib/sdk/operations';
import { until } from '@/scripts/until.mjs';
import { ACCOUNT_CELLS, CALLS, type Given, NATIVE_DIALECTS, typed } from '../../../browser/account-matrix';
import { accountTab, callsOf, wordsOf } from '../../fakes/account';
import { hookOf, type NodeInspector, openInspector } from '../../fakes/inspector';
import { openShop, press } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

const MARY = 'mary@shop.example';
const MARIA = 'maria@shop.example';
const PETER = 'peter@shop.example';
const OLGA = 'olga@shop.example';
const HELGA = 'helga@shop.example';
const [FIRST, SECOND, THIRD, PETERS] = ['first-secret-1', 'second-secret-2', 'third-secret-3', 'peters-secret-4'] as const;
const PHONE = '+48 111 222 333';
const SECRETS = ['password', 'oldPassword', 'newPassword', 'token', 'externalToken', 'clientAuthFactor'];

/** Getters are called by the panel as well, and counted only. */
const GETTERS: readonly AccountOperationName[] = ['isSignedIn', 'isSignedInViaSimpleAuthentication'];

/** Why an SDK has no such operation. */
function reasonOf(dialect: DialectName, operation: AccountOperationName): string {
  const binding = tableOf(dialect)?.bindings[operation];
  return binding?.kind === 'unavailable' ? binding.reason : 'it has one';
}

it.each(NATIVE_DIALECTS)('%s: each account operation calls the SDK once with what was typed, and has its effect', async (dialect) => {
  inspector = await openInspector();
  const { auth } = inspector;
  const { page, v } = await accountTab(inspector, `/?sdk=${dialect}`);
  const through = new Set<AccountOperationName>();
  const held = async () => (await hookOf(page)).held;
  const account = auth.account;

  /** Fills the form in, runs it, and sees that the SDK was called once with just that. Gives the result's text. */
  const act = async (operation: AccountOperationName, given: Given = {}, confirm?: string): Promise<string> => {
    through.add(operation);
    await v.waitAttr(`action-${operation}`, 'data-binding', 'native');
    const [method, args] = CALLS[operation][dialect](given);
    const [before, { reads }] = [await callsOf(page, method), await hookOf(page)];
    if (Object.keys(given).length) await v.open(operation, typed(given));
    if (confirm !== undefined) await v.type('confirm-email', confirm);
    const { verdict, text } = await v.ended(Object.keys(given).length ? await v.submit() : await v.begin(operation));
    expect(verdict, `${operation}: ${text}`).toBe('done');
    if (GETTERS.includes(operation)) expect((await hookOf(page)).reads[method]).toBeGreaterThan(reads[method] ?? 0);
    else expect(await callsOf(page, method)).toEqual([...before, args]);
    const html = await v.html();
    for (const secret of SECRETS.flatMap((name) => given[name] ?? [])) expect(html, operation).not.toContain(secret);
    return text;
  };
  const signOutInPage = async () => {
    await press(page, 'sign-out');
    await v.waitAttr('session-state', 'data-identity', 'anonymous');
    await until('the anonymous token', async () => (await held()).token?.origin === 'ANONYMOUS');
  };

  // A new customer: registered, activated by the token of the second e-mail, signed in.
  const registered = {
    email: MARY,
    password: FIRST,
    firstName: 'Mary',
    city: 'Warsaw',
    zipCode: '00-001',
    phone: '+48 222 333 444',
    agreements: { email: true, push: true },
    attributes: { size: 38, color: 'red', old: true },
  };
  await act('registerAccount', registered);
  expect(await account(MARY)).toMatchObject({ ...registered, active: false, agreements: { email: true, push: true, sms: false } });
  const firstCode = await auth.code('activation', MARY);
  await act('requestAccountActivation', { email: MARY });
  expect(await auth.code('activation', MARY)).not.toBe(firstCode);
  await act('confirmAccountActivation', { token: await auth.code('activation', MARY) });
  expect(await account(MARY)).toMatchObject({ active: true });
  await act('signIn', { email: MARY, password: FIRST });
  expect(await held()).toMatchObject({ account: MARY, signedIn: true });
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  expect(await act('isSignedIn')).toContain('true');

  // What is known of the customer, and changed: only what differs is sent; `null` resets.
  await act('getAccount');
  const asked = (await auth.requests()).filter(({ method, path }) => method === 'GET' && path.endsWith('/personal-information'));
  expect(asked).toMatchObject([{ status: 200 }]);
  await until('the account', async () => (await wordsOf(v)).includes('Warsaw'));
  const changes = {
    firstName: null,
    lastName: 'Somerville',
    customId: 'mary-1',
    city: 'Kraków',
    countryCode: 'PL',
    sex: 'FEMALE',
    agreements: { email: false, sms: true },
    attributes: { size: 39, old: null, fresh: { since: [1, 'two'] } },
  };
  await act('updateAccount', changes);
  expect(await account(MARY)).toMatchObject({
    ...changes,
    zipCode: '00-001',
    agreements: { email: false, sms: true, push: true },
    attributes: { size: 39, color: 'red', fresh: { since: [1, 'two'] } },
  });
  expect(Object.keys((await account(MARY))?.attributes ?? {}).sort()).toEqual(['color', 'fresh', 'size']);
  const basics = {
    displayName: 'Mary S.',
    birthDate: '1780-12-26',
    avatarUrl: 'https://shop.example/mary.png',
    company: 'Connexion',
    address: '1 Rynek',
    province: 'Lesser Poland',
    zipCode: '30-001',
  };
  await act('updateAccountBasicInformation', basics);
  expect(await account(MARY)).toMatchObject({ ...basics, city: 'Kraków' });

  // Another e-mail, another phone, and passwords.
  await act('requestEmailChange', { email: MARIA, password: FIRST });
  expect(await account(MARY)).toBeDefined();
  await act('confirmEmailChange', { token: await auth.code('email-change', MARIA), newsletterAgreement: true });
  expect(await account(MARY)).toBeUndefined();
  expect(await account(MARIA)).toMatchObject({ agreements: { email: true, sms: true } });
  expect(await held()).toMatchObject({ account: MARIA });
  await act('requestPhoneUpdate', { phone: PHONE });
  const confirmationCode = await auth.code('phone-update', PHONE);
  expect(confirmationCode).toMatch(/^0\d{3}$/);
  // On Android the agreement may be left as it is, which is told as null.
  const sms = { smsAgreement: dialect === 'android' ? null : false };
  await act('confirmPhoneUpdate', { phone: PHONE, confirmationCode, ...sms });
  expect(await account(MARIA)).toMatchObject({ phone: PHONE, agreements: { sms: dialect === 'android' } });
  await act('changePassword', { oldPassword: FIRST, newPassword: SECOND });
  expect(await account(MARIA)).toMatchObject({ password: SECOND });
  await act('requestPasswordReset', { email: MARIA });
  await act('confirmPasswordReset', { password: THIRD, token: await auth.code('password-reset', MARIA) });
  expect(await account(MARIA)).toMatchObject({ password: THIRD });

  // A second account, activated by PIN, signed in conditionally.
  await signOutInPage();
  await auth.set({ activation: 'pin' });
  await act('registerAccount', { email: PETER, password: PETERS });
  await act('requestAccountActivationByPin', { email: PETER });
  await act('confirmAccountActivationByPin', { email: PETER, pinCode: await auth.code('activation-by-pin', PETER) });
  expect(await account(PETER)).toMatchObject({ active: true });
  expect(await act('signInConditionally', { email: PETER, password: PETERS })).toContain('SUCCESS');
  expect(await held()).toMatchObject({ account: PETER, signedIn: true });

  // With an identity provider, whose tokens are e-mails in the sandbox.
  await signOutInPage();
  const olga = { clientIdentityProvider: 'GOOGLE', token: OLGA, agreements: { push: true }, attributes: { via: 'search' } };
  await act('authenticate', { ...olga, authID: 'olga-1' });
  expect(await account(OLGA)).toMatchObject({ provider: 'GOOGLE', agreements: { push: true }, attributes: { via: 'search' } });
  expect(await held()).toMatchObject({ account: OLGA, signedIn: true, token: { origin: 'GOOGLE' } });
  await signOutInPage();
  const again = { ...olga, agreements: { wifi: true }, attributes: { via: 'link' }, authID: 'olga-2' };
  expect(await act('authenticateConditionally', again)).toContain('SUCCESS');
  expect(await account(OLGA)).toMatchObject({ agreements: { push: true, wifi: true }, attributes: { via: 'link' } });
  expect(await held()).toMatchObject({ account: OLGA, signedIn: true });

  // Proven by the provider's token. What one SDK insists on, and another may leave out, is told as well.
  await act('requestEmailChange', { email: HELGA, password: 'not-hers-5', externalToken: OLGA, authID: 'olga-2' });
  expect(await auth.code('email-change', HELGA)).toHaveLength(32);

  // By Simple Authentication: known, and not signed in.
  await signOutInPage();
  const lin = { authID: 'lin-1', email: 'lin@shop.example', customId: 'lin', firstName: 'Lin', city: 'Oslo', phone: PHONE };
  await act('simpleAuthentication', { ...lin, zipCode: '0150', agreements: { sms: true }, attributes: { tall: true } });
  const recognized = await held();
  expect(recognized).toMatchObject({ signedIn: false, token: { origin: 'SIMPLE_AUTH' } });
  const { authID: _, email: __, ...told } = lin;
  const profile = { ...told, zipCode: '0150', agreements: { sms: true }, attributes: { tall: true } };
  expect(await auth.profile(recognized.uuid ?? '')).toMatchObject(profile);
  await v.waitAttr('session-state', 'data-identity', 'simple-auth');
  expect(await act('isSignedInViaSimpleAuthentication')).toContain('true');

  // Anonymous.
  await signOutInPage();
  const cell = ACCOUNT_CELLS.find((one) => one.dialect === dialect && one.operation === 'recognizeAnonymous');
  if (cell?.verdict === 'unavailable') {
    through.add('recognizeAnonymous');
    await v.waitAttr('action-recognizeAnonymous', 'data-binding', 'unavailable');
    expect(await v.disabled('action-recognizeAnonymous')).toBe(true);
    expect(await v.attr('action-recognizeAnonymous', 'title')).toContain(reasonOf(dialect, 'recognizeAnonymous'));
    await v.click('action-recognizeAnonymous');
    expect(await v.there('form-recognizeAnonymous')).toBe(false);
  } else {
    await act('recognizeAnonymous', {
      email: 'guest@shop.example',
      customIdentify: 'guest-1',
      parameters: { visits: 3, from: 'a link' },
    });
    await until('the event', async () => (await auth.events()).length === 1);
    const { uuid } = await held();
    const client = { email: 'guest@shop.example', customId: 'guest-1', uuid };
    expect(await auth.events()).toMatchObject([{ uuid, event: { client, params: { visits: 3, from: 'a link' } } }]);
  }

  // The end, with the password of the reset.
  await act('signIn', { email: MARIA, password: THIRD });
  await act('getAccount');
  const { uuid } = await held();
  await act('deleteAccount', { clientAuthFactor: THIRD, clientIdentityProvider: 'SYNERISE' }, MARIA);
  expect(await account(MARIA)).toBeUndefined();
  expect((await auth.accounts()).map(({ email }) => email)).toContain(PETER);
  const left = await held();
  expect(left).toMatchObject({ account: null, signedIn: false });
  expect(left.uuid).not.toBe(uuid);
  await v.waitAttr('session-state', 'data-identity', 'anonymous');
  await v.shows('uuid', left.uuid ?? '');

  const own = ACCOUNT_CELLS.filter((one) => one.dialect === dialect).map(({ operation }) => operation);
  expect([...through].sort()).toEqual([...own].sort());
  expect(page.noise).toEqual([]);
});

it('web: each account operation is shown as unavailable with its reason, and does nothing', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector, '/?sdk=web&jwt');
  const v = await inspector.panel(page);
  await v.waitAttr('dialect', 'data-dialect', 'web');
  await v.tab('Account');
  for (const { operation, verdict } of ACCOUNT_CELLS.filter(({ dialect }) => dialect === 'web')) {
    expect(verdict).toBe('unavailable');
    await v.waitAttr(`action-${operation}`, 'data-binding', 'unavailable');
    expect(await v.disabled(`action-${operation}`)).toBe(true);
    expect(await v.attr(`action-${operation}`, 'title')).toContain(reasonOf('web', operation));
    await v.click(`action-${operation}`);
    expect(await v.there(`form-${operation}`)).toBe(false);
  }
  expect(await v.attr('operation-result', 'data-run')).toBeNull();
});
