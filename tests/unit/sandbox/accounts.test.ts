// The auth server's customer accounts: each endpoint's rules, statuses and permissions, and the flows with confirmation codes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/server.mjs';

const UUID = '345d4c8f-5aff-591d-a19c-1ca48923d9ee';
const LOGIN = '/sauth/v3/auth/login/client';
const PERSONAL = '/v4/my-account/personal-information';
const BASIC = '/v4/my-account/basic-information';
const PASSWORD = '/sauth/my-account/change-password';
const RESET = '/sauth/clients/password-reset';
const EMAIL = '/sauth/my-account/email-change';
const PHONE = '/v4/my-account/phone-update';
const DELETE = '/sauth/my-account/delete';
const REGISTERED = '/sauth/clients/registered';
const ACTIVATION = '/sauth/clients/activation';

let sandbox: Sandbox;
let shops = 0;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

type Body = Record<string, unknown>;

async function call(shop: string, path: string, body?: Body, token?: string) {
  const answer = await fetch(`${sandbox.origin}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'x-sandbox-shop': shop, ...(token && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

/** Opens a separate shop with an anonymous session, or with Ada signed in. */
async function open(who: 'nobody' | 'ada' = 'ada') {
  const shop = `accounts-${shops++}`;
  const ada = { uuid: UUID, email: 'ada@shop.example', password: 'lovelace' };
  const { token } = (await call(shop, who === 'ada' ? LOGIN : `${LOGIN}/anonymous`, ada)).body;
  const post = (path: string, body: Body) => call(shop, path, body, token);
  const status = async (path: string, body: Body) => (await post(path, body)).status;
  return {
    shop,
    token: token as string,
    post,
    status,
    get: () => call(shop, PERSONAL, undefined, token),
    account: (email = 'ada@shop.example') => sandbox.auth.account(shop, email),
    code: () => sandbox.auth.mailbox(shop).at(-1)?.code ?? '',
    mail: () => sandbox.auth.mailbox(shop),
    signIn: async (email: string, password: string) => (await call(shop, LOGIN, { uuid: UUID, email, password })).status,
  };
}

const ADA = {
  clientId: 42,
  email: 'ada@shop.example',
  uuid: UUID,
  firstName: 'Ada',
  lastName: 'Byron',
  sex: 'FEMALE',
  city: 'London',
  zipCode: 'W1',
  countryCode: 'GB',
  agreements: { email: true, sms: false, push: true, bluetooth: false, rfid: false, wifi: true },
  tags: ['vip', 'notebooks'],
  anonymous: false,
};

describe('personal information', () => {
  test('is returned in full, without the password', async () => {
    const { get } = await open();
    const { status, body } = await get();
    expect(status).toBe(200);
    expect(body).toMatchObject(ADA);
    expect(Object.keys(body).sort()).toEqual(
      [
        ...['clientId', 'email', 'phone', 'customId', 'uuid', 'firstName', 'lastName', 'displayName', 'sex', 'birthDate', 'avatarUrl'],
        ...['company', 'address', 'city', 'province', 'zipCode', 'countryCode', 'anonymous', 'lastActivityDate'],
        ...['agreements', 'attributes', 'tags'],
      ].sort(),
    );
    expect(Date.now() - Date.parse(body.lastActivityDate)).toBeLessThan(5000);
  });

  test('changes only what is given', async () => {
    const { post, get } = await open();
    const before = (await get()).body;
    expect(await post(PERSONAL, { city: 'Paris', agreements: { sms: true }, attributes: { notebooks: 8, ink: 'red' } })).toEqual({
      status: 200,
      body: {},
    });
    const { lastActivityDate: _, ...after } = (await get()).body;
    const { lastActivityDate: __, ...old } = before;
    expect(after).toEqual({
      ...old,
      city: 'Paris',
      agreements: { ...old.agreements, sms: true },
      attributes: { favouriteInk: 'deep blue', notebooks: 8, ink: 'red' },
    });
  });

  test('null resets a field, an attribute, or all of them', async () => {
    const { post, account } = await open();
    await post(PERSONAL, { company: null, sex: null, agreements: { push: null }, attributes: { notebooks: null } });
    expect(account()).toMatchObject({
      company: null,
      sex: 'NOT_SPECIFIED',
      agreements: { push: false, wifi: true },
      attributes: { favouriteInk: 'deep blue' },
    });
    expect(account()?.attributes).not.toHaveProperty('notebooks');
    await post(PERSONAL, { agreements: null, attributes: null });
    expect(account()?.attributes).toEqual({});
    expect(Object.values(account()?.agreements ?? {})).toEqual([false, false, false, false, false, false]);
  });

  test.each<[Body, string, unknown]>([
    [{ city: '' }, 'city', ''],
    [{ attributes: { ink: '' } }, 'attributes.ink', ''],
    [{ email: 'no e-mail' }, 'email', 'no e-mail'],
    [{ email: null }, 'email', null],
    [{ phone: 'call me' }, 'phone', 'call me'],
    [{ sex: 'female' }, 'sex', 'female'],
    [{ firstName: 7 }, 'firstName', 7],
    [{ agreements: { sms: 'yes' } }, 'agreements.sms', 'yes'],
    [{ agreements: { fax: true } }, 'agreements.fax', true],
    [{ attributes: [1] }, 'attributes', [1]],
  ])('refuses %j and changes nothing', async (wrong, field, rejectedValue) => {
    const { post, account } = await open();
    const before = account();
    const { status, body } = await post(PERSONAL, { lastName: 'King', ...wrong });
    expect([status, body.status, body.path]).toEqual([400, 400, PERSONAL]);
    expect(body.errors).toEqual([{ code: expect.any(Number), field, message: expect.any(String), rejectedValue }]);
    expect(body.message).toContain(field);
    expect(account()).toEqual(before);
  });

  test('refuses the email of another account', async () => {
    const { post, status, account, get } = await open();
    const { status: answered, body } = await post(PERSONAL, { email: 'grace@shop.example', city: 'Paris' });
    expect([answered, body.error, body.errors[0].field]).toEqual([409, 'Conflict', 'email']);
    expect(account()?.city).toBe('London');
    expect(await status(PERSONAL, { email: 'ada@shop.example' })).toBe(200);
    expect(await status(PERSONAL, { email: 'countess@shop.example', uuid: '0' })).toBe(200);
    expect(account('countess@shop.example')).toMatchObject({ clientId: 42, uuid: '0' });
    expect((await get()).body.uuid).toBe('0');
  });
});

describe('basic information', () => {
  test('updates the account of a signed-in customer, and otherwise the profile', async () => {
    const ada = await open();
    expect(await ada.status(BASIC, { firstName: 'Augusta', attributes: { notebooks: null } })).toBe(200);
    expect(ada.account()).toMatchObject({ firstName: 'Augusta', attributes: { favouriteInk: 'deep blue' } });
    const nobody = await open('nobody');
    expect(await nobody.status(BASIC, { firstName: 'Lin', agreements: { push: true } })).toBe(200);
    expect(sandbox.auth.profile(nobody.shop, UUID)).toMatchObject({ firstName: 'Lin', agreements: { push: true, sms: false } });
  });

  test.each(['email', 'customId', 'uuid'])('refuses to change %s', async (field) => {
    const { post } = await open();
    const { status, body } = await post(BASIC, { [field]: 'x@shop.example' });
    expect([status, body.errors[0]]).toMatchObject([400, { field, rejectedValue: 'x@shop.example' }]);
  });
});

describe('the password', () => {
  test('changes with the old password, and the session stays', async () => {
    const { post, get, signIn } = await open();
    const wrong = await post(PASSWORD, { oldPassword: 'guess', password: 'engine' });
    expect(wrong.status).toBe(403);
    expect(JSON.stringify(wrong)).not.toMatch(/guess|engine|lovelace/);
    expect((await post(PASSWORD, { oldPassword: 'lovelace', password: 'engine' })).status).toBe(200);
    expect((await get()).status).toBe(200);
    expect([await signIn('ada@shop.example', 'lovelace'), await signIn('ada@shop.example', 'engine')]).toEqual([401, 200]);
  });

  test('is never empty, and never returned', async () => {
    const { post } = await open();
    const { status, body } = await post(PASSWORD, { oldPassword: 'lovelace', password: '' });
    expect([status, body.errors[0]]).toMatchObject([400, { field: 'password', rejectedValue: null }]);
    expect((await post(PASSWORD, { password: 'engine' })).body.errors[0]).toMatchObject({ field: 'oldPassword' });
    expect(JSON.stringify(await post(PASSWORD, { oldPassword: 'lovelace', password: 1234567 }))).not.toContain('1234567');
  });

  test('is reset once with the mailed token, without a sign-in', async () => {
    const { status, mail, code, signIn } = await open('nobody');
    expect(await status(`${RESET}/request`, { email: 'nobody@shop.example' })).toBe(404);
    expect(await status(`${RESET}/request`, { email: 'nobody' })).toBe(400);
    expect(mail()).toEqual([]);
    expect(await status(`${RESET}/request`, { email: 'ada@shop.example' })).toBe(200);
    expect(mail()).toMatchObject([{ kind: 'email', to: 'ada@shop.example', about: 'password-reset' }]);
    const [first, confirm] = [code(), `${RESET}/confirmation`];
    await status(`${RESET}/request`, { email: 'ada@shop.example' });
    // A newer token replaces the first.
    expect(await status(confirm, { token: first, password: 'engine' })).toBe(403);
    expect(await status(confirm, { token: code(), password: '' })).toBe(400);
    expect(await status(confirm, { token: code(), password: 'engine' })).toBe(200);
    expect(await status(confirm, { token: code(), password: 'again' })).toBe(403);
    expect(await signIn('ada@shop.example', 'engine')).toBe(200);
  });
});

describe('the email', () => {
  test('changes with the password and the token mailed to the new address', async () => {
    const { status, mail, code, account, get } = await open();
    const request = (more: Body) => status(`${EMAIL}/request`, { email: 'countess@shop.example', password: 'lovelace', ...more });
    expect(await request({ password: 'guess' })).toBe(403);
    expect(await request({ password: null })).toBe(403);
    expect(await request({ email: 'countess' })).toBe(400);
    expect(await request({ email: 'grace@shop.example' })).toBe(409);
    expect(mail()).toEqual([]);
    expect(await request({})).toBe(200);
    expect(mail()).toMatchObject([{ kind: 'email', to: 'countess@shop.example', about: 'email-change' }]);
    const confirm = (more: Body) => status(`${EMAIL}/confirmation`, { token: code(), newsletterAgreement: false, ...more });
    expect(await confirm({ token: 'guess' })).toBe(403);
    expect(await confirm({ newsletterAgreement: 'no' })).toBe(400);
    expect(account()).toBeDefined();
    expect(await confirm({})).toBe(200);
    expect(account('countess@shop.example')).toMatchObject({ clientId: 42, agreements: { email: false } });
    expect((await get()).body.email).toBe('countess@shop.example');
    expect(await confirm({})).toBe(403);
  });

  test('needs the provider’s token for a provider’s customer, and does not change without a sign-in', async () => {
    const { shop } = await open();
    const body = { uuid: UUID, identityProvider: 'GOOGLE', identityProviderToken: 'lin@shop.example' };
    const { token } = (await call(shop, LOGIN, body)).body;
    const request = async (more: Body, bearer = token) =>
      (await call(shop, `${EMAIL}/request`, { email: 'lin2@shop.example', password: null, ...more }, bearer)).status;
    expect(await request({})).toBe(403);
    expect(await request({ externalToken: 'ada@shop.example' })).toBe(403);
    expect(await request({ externalToken: 'lin@shop.example' })).toBe(200);
    const nobody = await open('nobody');
    expect(await nobody.status(`${EMAIL}/request`, { email: 'x@shop.example', password: 'lovelace' })).toBe(403);
  });
});

describe('the phone', () => {
  test('changes with the code sent to it; a null agreement leaves the agreement unchanged', async () => {
    const { status, mail, code, account } = await open();
    const phone = '+44 20 7946 0852';
    expect(await status(`${PHONE}/request`, { phone: '' })).toBe(400);
    expect(await status(`${PHONE}/request`, { phone })).toBe(200);
    expect(mail()).toMatchObject([{ kind: 'sms', to: phone, about: 'phone-update', code: expect.stringMatching(/^0\d{3}$/) }]);
    const confirm = (more: Body) => status(`${PHONE}/confirmation`, { phone, confirmationCode: code(), smsAgreement: null, ...more });
    expect(await confirm({ confirmationCode: '99999' })).toBe(403);
    expect(await confirm({ confirmationCode: String(Number(code())) })).toBe(403);
    expect(await confirm({ phone: '+44 20 7946 0999' })).toBe(403);
    expect(await confirm({ confirmationCode: Number(code()) })).toBe(400);
    expect(await confirm({})).toBe(200);
    expect(account()).toMatchObject({ phone, agreements: { sms: false } });
    expect(await confirm({})).toBe(403);
    await status(`${PHONE}/request`, { phone });
    expect(await confirm({ smsAgreement: true })).toBe(200);
    expect(account()?.agreements).toMatchObject({ sms: true });
    await status(`${PHONE}/request`, { phone });
    expect(await confirm({})).toBe(200);
    expect(account()?.agreements).toMatchObject({ sms: true });
  });

  test('without an account belongs to the profile; a code works for no other customer', async () => {
    const { shop, status, code } = await open('nobody');
    await status(`${PHONE}/request`, { phone: '555 0100' });
    const { token } = (await call(shop, LOGIN, { uuid: UUID, email: 'ada@shop.example', password: 'lovelace' })).body;
    const body = { phone: '555 0100', confirmationCode: code(), smsAgreement: true };
    expect((await call(shop, `${PHONE}/confirmation`, body, token)).status).toBe(403);
    expect(await status(`${PHONE}/confirmation`, body)).toBe(200);
    expect(sandbox.auth.profile(shop, UUID)).toMatchObject({ phone: '555 0100', agreements: { sms: true } });
  });
});

test('an account is deleted with its password only', async () => {
  const { status, account, get } = await open();
  expect(await status(DELETE, { clientAuthFactor: 'guess', identityProvider: 'SYNERISE' })).toBe(403);
  expect(await status(DELETE, { identityProvider: 'SYNERISE' })).toBe(403);
  expect(await status(DELETE, { clientAuthFactor: 'lovelace', identityProvider: 'SYNERISE' })).toBe(200);
  expect(account()).toBeUndefined();
  expect((await get()).status).toBe(403);
});

test('an account without a password is not deleted by a null password', async () => {
  const { shop } = await open();
  const body = { uuid: UUID, identityProvider: 'GOOGLE', identityProviderToken: 'lin@shop.example' };
  const { token } = (await call(shop, LOGIN, body)).body;
  expect((await call(shop, DELETE, { clientAuthFactor: null, identityProvider: 'SYNERISE' }, token)).status).toBe(403);
  expect((await call(shop, DELETE, { clientAuthFactor: 'lin@shop.example', identityProvider: 'GOOGLE' }, token)).status).toBe(200);
});

describe('a new account', () => {
  const LIN = { email: 'lin@shop.example', password: 'paper', firstName: 'Lin', agreements: { email: true }, attributes: { ink: 'red' } };

  test('waits for the mailed token', async () => {
    const { shop, status, account, code, mail, signIn } = await open('nobody');
    expect(await status(REGISTERED, LIN)).toBe(200);
    expect(account('lin@shop.example')).toMatchObject({
      ...LIN,
      active: false,
      provider: 'SYNERISE',
      agreements: { email: true, sms: false },
    });
    expect(mail()).toMatchObject([{ kind: 'email', to: 'lin@shop.example', about: 'activation' }]);
    expect(await signIn('lin@shop.example', 'paper')).toBe(401);
    const conditionally = async () => (await call(shop, `${LOGIN}/conditional`, { uuid: UUID, ...LIN })).body.status;
    expect(await conditionally()).toBe('ACTIVATION_REQUIRED');
    expect(await status(`${ACTIVATION}/confirmation`, { token: 'guess' })).toBe(403);
    expect(await status(`${ACTIVATION}/confirmation`, { token: code() })).toBe(200);
    expect(await conditionally()).toBe('SUCCESS');
    expect(await signIn('lin@shop.example', 'paper')).toBe(200);
  });

  test('gets another token or a PIN on request', async () => {
    const { status, code, mail, account } = await open('nobody');
    await status(REGISTERED, LIN);
    for (const request of ['request', 'by-pin-code/request']) {
      expect(await status(`${ACTIVATION}/${request}`, { email: 'nobody@shop.example' })).toBe(404);
      expect(await status(`${ACTIVATION}/${request}`, { email: 'ada@shop.example' })).toBe(409);
    }
    expect(mail()).toHaveLength(1);
    const old = code();
    await status(`${ACTIVATION}/request`, { email: 'lin@shop.example' });
    expect(await status(`${ACTIVATION}/confirmation`, { token: old })).toBe(403);
    await status(`${ACTIVATION}/by-pin-code/request`, { email: 'lin@shop.example' });
    expect(mail().map(({ about }) => about)).toEqual(['activation', 'activation', 'activation-by-pin']);
    expect(code()).toMatch(/^0\d{5}$/);
    const confirm = (body: Body) => status(`${ACTIVATION}/by-pin-code/confirmation`, body);
    expect(await confirm({ pinCode: 'x', email: 'lin@shop.example' })).toBe(403);
    expect(await confirm({ pinCode: code(), email: 'nobody@shop.example' })).toBe(404);
    expect(account('lin@shop.example')?.active).toBe(false);
    expect(await confirm({ pinCode: code(), email: 'lin@shop.example' })).toBe(200);
    expect(account('lin@shop.example')?.active).toBe(true);
  });

  test('needs a PIN or no activation, as the shop is set', async () => {
    const { shop, status, mail, account } = await open('nobody');
    sandbox.auth.set(shop, { activation: 'pin' });
    await status(REGISTERED, LIN);
    expect(mail()).toMatchObject([{ about: 'activation-by-pin' }]);
    sandbox.auth.set(shop, { activation: 'none' });
    await status(REGISTERED, { ...LIN, email: 'ann@shop.example' });
    expect(mail()).toHaveLength(1);
    expect(account('ann@shop.example')?.active).toBe(true);
  });

  test('needs a unique email and a password', async () => {
    const { status, shop } = await open('nobody');
    expect(await status(REGISTERED, { ...LIN, email: 'ada@shop.example' })).toBe(409);
    expect(await status(REGISTERED, { ...LIN, email: 'lin' })).toBe(400);
    expect(await status(REGISTERED, { ...LIN, password: '' })).toBe(400);
    expect(await status(REGISTERED, { ...LIN, city: '' })).toBe(400);
    expect(sandbox.auth.accounts(shop)).toHaveLength(2);
  });

  test('of a provider has the agreements and attributes it was created with', async () => {
    const { shop } = await open();
    const body = { uuid: UUID, identityProvider: 'GOOGLE', identityProviderToken: 'new@shop.example' };
    await call(shop, LOGIN, { ...body, agreements: { sms: true }, attributes: { ink: 'red' } });
    expect(sandbox.auth.account(shop, 'new@shop.example')).toMatchObject({
      ...{ provider: 'GOOGLE', password: null, active: true, agreements: { sms: true }, attributes: { ink: 'red' } },
    });
    // Null agreements and attributes reset nothing.
    await call(shop, LOGIN, { ...body, agreements: null, attributes: null });
    expect(sandbox.auth.account(shop, 'new@shop.example')?.attributes).toEqual({ ink: 'red' });
  });
});

describe('who may call what', () => {
  const ALL: [path: string, body: Body | undefined, needs: 'customer' | 'anybody', permission: string | null][] = [
    [PERSONAL, undefined, 'customer', 'API_PERSONAL_INFORMATION_CLIENT_READ'],
    [PERSONAL, { city: 'Paris' }, 'customer', 'API_PERSONAL_INFORMATION_CLIENT_UPDATE'],
    [BASIC, { city: 'Paris' }, 'anybody', 'API_BASIC_INFORMATION_CLIENT_UPDATE'],
    [PASSWORD, { oldPassword: 'lovelace', password: 'engine' }, 'customer', 'SAUTH_CHANGE_PASSWORD_CLIENT_UPDATE'],
    [`${RESET}/request`, { email: 'ada@shop.example' }, 'anybody', 'SAUTH_PASSWORD_RESET_CLIENT_CREATE'],
    [`${RESET}/confirmation`, {}, 'anybody', 'SAUTH_PASSWORD_RESET_CLIENT_CREATE'],
    [`${EMAIL}/request`, { email: 'x@shop.example', password: 'lovelace' }, 'anybody', 'SAUTH_CHANGE_EMAIL_CLIENT_UPDATE'],
    [`${EMAIL}/confirmation`, {}, 'anybody', 'SAUTH_CHANGE_EMAIL_CLIENT_UPDATE'],
    [`${PHONE}/request`, { phone: '555 0100' }, 'anybody', 'API_PERSONAL_PHONE_CLIENT_CREATE'],
    [`${PHONE}/confirmation`, {}, 'anybody', 'API_PERSONAL_PHONE_CLIENT_CREATE'],
    [DELETE, { clientAuthFactor: 'lovelace' }, 'customer', 'SAUTH_CLIENT_DELETE'],
    [REGISTERED, { email: 'lin@shop.example', password: 'paper' }, 'anybody', 'SAUTH_REGISTER_CLIENT_CREATE'],
    [`${ACTIVATION}/request`, {}, 'anybody', null],
    [`${ACTIVATION}/confirmation`, {}, 'anybody', null],
    [`${ACTIVATION}/by-pin-code/request`, {}, 'anybody', null],
    [`${ACTIVATION}/by-pin-code/confirmation`, {}, 'anybody', null],
    ['/v4/events/custom', { action: 'x' }, 'anybody', null],
  ];

  test.each(ALL)('%s %j needs a token', async (path, body) => {
    const { shop, token } = await open();
    expect((await call(shop, path, body)).status).toBe(401);
    sandbox.auth.set(shop, { skew: 7200 });
    const { status, body: answer } = await call(shop, path, body, token);
    expect([status, answer.message]).toEqual([401, 'The token has expired.']);
  });

  test.each(ALL)('%s %j needs a signed-in customer only if marked so', async (path, body, needs) => {
    const { shop, token } = await open('nobody');
    const { status, body: answer } = await call(shop, path, body, token);
    if (needs === 'customer') expect([status, answer.message]).toEqual([403, 'This needs a signed-in customer.']);
    else expect(answer.message ?? '').not.toContain('needs a signed-in');
  });

  test.each(ALL)('%s %j needs its own permission and no other', async (path, body, _, permission) => {
    const { shop, token } = await open();
    const all = new Set(ALL.flatMap((one) => one[3] ?? []));
    const refused = (answer: { message?: string }) => answer.message?.includes('permission') ?? false;
    sandbox.auth.set(shop, { denied: [...all].filter((one) => one !== permission).join(', ') });
    expect(refused((await call(shop, path, body, token)).body)).toBe(false);
    if (permission === null) return;
    sandbox.auth.set(shop, { denied: permission });
    const { status, body: answer } = await call(shop, path, body, token);
    expect([status, answer.message]).toEqual([403, `The API key does not have the permission ${permission}.`]);
  });
});

describe('switches', () => {
  test.each([
    'UNAUTHORIZED',
    'ACTIVATION_REQUIRED',
    'REGISTRATION_REQUIRED',
    'APPROVAL_REQUIRED',
    'TERMS_ACCEPTANCE_REQUIRED',
    'MFA_REQUIRED',
  ])('a conditional login returns %s', async (condition) => {
    const { shop } = await open();
    sandbox.auth.set(shop, { condition });
    const { status, body } = await call(shop, `${LOGIN}/conditional`, { uuid: UUID, email: 'ada@shop.example', password: 'lovelace' });
    expect([status, body.status, 'token' in body]).toEqual([200, condition, false]);
    const conditions = ['APPROVAL_REQUIRED', 'TERMS_ACCEPTANCE_REQUIRED', 'MFA_REQUIRED'].includes(condition);
    expect(body.conditions.length > 0 && typeof body.conditions[0] === 'object').toBe(conditions);
  });

  test('a conditional login returns its real status without a switch', async () => {
    const { shop } = await open();
    const status = async (email: string, password: string) =>
      (await call(shop, `${LOGIN}/conditional`, { uuid: UUID, email, password })).body.status;
    expect(await status('ada@shop.example', 'lovelace')).toBe('SUCCESS');
    expect(await status('ada@shop.example', 'guess')).toBe('UNAUTHORIZED');
    expect(await status('lin@shop.example', 'guess')).toBe('REGISTRATION_REQUIRED');
  });

  test('a server that is down answers no requests until it is up again', async () => {
    const { shop, token } = await open();
    sandbox.auth.set(shop, { down: true });
    for (let i = 0; i < 2; i += 1) await expect(call(shop, PERSONAL, undefined, token)).rejects.toThrow();
    // Another shop's server is up.
    await open();
    expect(sandbox.auth.requests.filter((one) => one.shop === shop).at(-1)).toMatchObject({ path: PERSONAL, status: 0 });
    sandbox.auth.set(shop, { down: false });
    expect((await call(shop, PERSONAL, undefined, token)).status).toBe(200);
  });

  test('are set by the page address, to allowed values only', async () => {
    const set = (search: string) => fetch(`${sandbox.origin}/?shop=account-switches&${search}`);
    await set('denied=SAUTH_CLIENT_DELETE,%20NOTHING,SAUTH_REGISTER_CLIENT_CREATE&condition=MFA_REQUIRED&activation=pin&down');
    const expected = {
      denied: 'SAUTH_CLIENT_DELETE,SAUTH_REGISTER_CLIENT_CREATE',
      condition: 'MFA_REQUIRED',
      activation: 'pin',
      down: true,
    };
    expect(sandbox.auth.switches('account-switches')).toMatchObject(expected);
    await set('condition=SUCCESS&activation=never');
    expect(sandbox.auth.switches('account-switches')).toMatchObject(expected);
    await set('denied=&condition=&down=0');
    expect(sandbox.auth.switches('account-switches')).toMatchObject({ denied: '', condition: '', down: false });
  });
});

describe('data for tests', () => {
  test('requests list the field names of their bodies, without secrets', async () => {
    const { shop, post } = await open();
    await post(PASSWORD, { oldPassword: 'lovelace', password: 'engine' });
    const asked = sandbox.auth.requests.filter((one) => one.shop === shop);
    expect(asked.at(-1)).toMatchObject({ path: PASSWORD, status: 200, fields: ['oldPassword', 'password'] });
    expect(JSON.stringify(asked)).not.toMatch(/lovelace|engine/);
  });

  test('accounts and messages are copies and belong to one shop', async () => {
    const { shop, account } = await open();
    const first = account();
    if (first) first.city = 'Paris';
    expect(account()?.city).toBe('London');
    expect(account()?.password).toBe('lovelace');
    await call(
      shop,
      `${RESET}/request`,
      { email: 'ada@shop.example' },
      (await call(shop, `${LOGIN}/anonymous`, { uuid: UUID })).body.token,
    );
    expect(sandbox.auth.mailbox(shop)).toHaveLength(1);
    expect(sandbox.auth.mailbox('another shop')).toEqual([]);
    expect(await (await fetch(`${sandbox.origin}/sandbox/mailbox?shop=${shop}`)).json()).toEqual(sandbox.auth.mailbox(shop));
  });

  test('an event is recorded with its UUID', async () => {
    const { shop, post } = await open('nobody');
    const event = { action: 'client.recognize', client: { uuid: UUID, email: 'lin@shop.example' } };
    expect((await post('/v4/events/custom', event)).status).toBe(200);
    expect(sandbox.auth.events(shop)).toMatchObject([{ uuid: UUID, event }]);
  });

  test('Simple Authentication needs an identifier, and refuses an invalid email', async () => {
    const simple = async (body: Body) => (await call('simple', `${LOGIN}/simple-auth`, { uuid: UUID, ...body })).status;
    expect(await simple({})).toBe(412);
    expect(await simple({ email: null, customId: null })).toBe(412);
    expect(await simple({ email: 'lin' })).toBe(400);
    expect(await simple({ customId: 'lin', firstName: 'Lin' })).toBe(200);
    expect(sandbox.auth.profile('simple', UUID)).toMatchObject({ customId: 'lin', firstName: 'Lin' });
  });
});
