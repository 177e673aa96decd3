import type { Page } from '@playwright/test';
import { NATIVE_DIALECTS } from './account-matrix';
import { accountTab, expect, hookOf, type Inspector, type Panel, test, until } from './support';

/** In functions that are evaluated in the worker. */
declare const chrome: typeof import('@wxt-dev/browser').browser;

type Args = Record<string, string | boolean>;
type Client = Record<string, (...args: unknown[]) => unknown>;
type Sdk = { Synerise: { Client: Client } };

const SHOP = 'main';
const ADA = 'ada@shop.example';
const WRONG = 'not-the-secret';

/** What the panel says that the error likely means, most likely first. */
const meanings = (v: Panel): Promise<readonly string[]> =>
  v.target.evaluate(`[...document.querySelectorAll('[data-testid="operation-result"] .meanings li')].map((one) => one.innerText)`);

async function signInAsAda(page: Page, v: Panel): Promise<void> {
  await page.getByRole('button', { name: 'Sign in as Ada' }).click();
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
}

/** Deletes the account, its e-mail typed. */
async function remove(v: Panel, clientAuthFactor: string) {
  await v.open('deleteAccount', { clientAuthFactor });
  await v.type('confirm-email', ADA);
  return v.ended(await v.submit());
}

/** Before a view opens: how long an SDK has to answer (ms). */
const setDeadline = async ({ chromium }: Inspector, deadline: number): Promise<void> =>
  (await chromium.worker()).evaluate(
    (ms) => chrome.storage.local.set({ settings: { version: 2, sites: {}, deadline: ms, theme: 'auto' } }),
    deadline,
  );

async function wrongPassword({ sandbox }: Inspector, v: Panel, message: string): Promise<void> {
  const { verdict, text } = await v.operate('changePassword', { oldPassword: WRONG, newPassword: 'another-secret' });
  expect(verdict).toBe('failed');
  expect(text).toContain(`Code 403: ${message}`);
  const [first, second] = await meanings(v);
  expect(first).toContain('The old password is wrong.');
  expect(second).toContain('SAUTH_CHANGE_PASSWORD_CLIENT_UPDATE');
  expect(second).not.toContain('which the answer names');
  // The whole error folds away, and is there.
  expect(await v.target.evaluate(`document.querySelector('[data-testid="operation-result"] details').textContent`)).toContain('403');
  expect(sandbox.auth.account(SHOP, ADA)?.password).toBe('lovelace');
}

/** Android's bridges tell an error otherwise than iOS' do. */
const ANDROID_BRIDGES = [
  ['sdk=react-native&android', 'The old password is wrong.'],
  ['sdk=flutter&android', 'HTTP_ERROR'],
] as const;

test("through Android's bridges a wrong password means the same, whatever the error says", async ({ inspector }) => {
  for (const [switches, message] of ANDROID_BRIDGES) {
    await test.step(switches, async () => {
      const { page, v } = await accountTab(inspector, `/?${switches}`);
      await signInAsAda(page, v);
      await wrongPassword(inspector, v, message);
      await page.close();
    });
  }
});

/** Every permission that an API key may lack, and an operation that needs it. */
const PERMISSIONS: readonly (readonly [string, string, Args])[] = [
  ['API_PERSONAL_INFORMATION_CLIENT_READ', 'getAccount', {}],
  ['API_PERSONAL_INFORMATION_CLIENT_UPDATE', 'updateAccount', { city: 'Paris' }],
  ['API_BASIC_INFORMATION_CLIENT_UPDATE', 'updateAccountBasicInformation', { city: 'Rome' }],
  ['API_PERSONAL_PHONE_CLIENT_CREATE', 'requestPhoneUpdate', { phone: '+48 111 222 333' }],
  ['SAUTH_CHANGE_EMAIL_CLIENT_UPDATE', 'requestEmailChange', { email: 'ada2@shop.example', password: 'lovelace' }],
  ['SAUTH_CHANGE_PASSWORD_CLIENT_UPDATE', 'changePassword', { oldPassword: 'lovelace', newPassword: 'lovelace' }],
  ['SAUTH_PASSWORD_RESET_CLIENT_CREATE', 'requestPasswordReset', { email: ADA }],
  ['SAUTH_REGISTER_CLIENT_CREATE', 'registerAccount', { email: 'new@shop.example', password: 'another-secret' }],
  ['SAUTH_CLIENT_DELETE', 'deleteAccount', {}],
];

test('each missing permission is named, and the operation works once the key has it', async ({ inspector }) => {
  const { auth } = inspector.sandbox;
  const { page, v } = await accountTab(inspector);
  await signInAsAda(page, v);
  for (const [permission, operation, args] of PERMISSIONS) {
    await test.step(permission, async () => {
      const operate = () => (operation === 'deleteAccount' ? remove(v, 'lovelace') : v.operate(operation, args));
      auth.set(SHOP, { denied: permission });
      const denied = await operate();
      expect(denied.verdict).toBe('failed');
      expect(denied.text).toContain('Code 403');
      expect((await meanings(v))[0]).toMatch(new RegExp(`lacks the permission ${permission}, which the answer names`));
      auth.set(SHOP, { denied: '' });
      expect((await operate()).verdict).toBe('done');
    });
  }
});

test('a token that ran out is told as that, and that the customer has to sign in again', async ({ inspector }) => {
  const { auth } = inspector.sandbox;
  const { page, v } = await accountTab(inspector);
  await signInAsAda(page, v);
  // By the server's clock: by its own, the SDK would say so itself.
  auth.set(SHOP, { skew: 7200 });
  const { verdict, text } = await v.operate('getAccount');
  expect(verdict).toBe('failed');
  expect(text).toContain('Code 401: The token has expired.');
  expect(await meanings(v)).toEqual([expect.stringMatching(/token has expired.*sign in again/)]);

  // By both: who asks first, a reading of the token or of the account, learns it.
  auth.set(SHOP, { skew: 0, lifetime: 2 });
  await page.getByRole('button', { name: 'Refresh token' }).click();
  await v.waitAttr('session-state', 'data-identity', 'anonymous');
  const ended = await v.operate('getAccount');
  expect(ended.verdict).toBe('failed');
  expect(ended.text).toMatch(/Code 40[13]/);
  expect((await meanings(v))[0]).toMatch(/sign in again|Nobody is signed in/);
});

test('a slow server: busy is shown and keeps others waiting, then done', async ({ inspector }) => {
  const { auth } = inspector.sandbox;
  const { v } = await accountTab(inspector);
  auth.set(SHOP, { latency: 1500 });
  const run = await v.begin('requestPasswordReset', { email: ADA });
  expect(await v.attr('operation-result', 'aria-busy')).toBe('true');
  expect(await v.attr('operation-result', 'data-verdict')).toBeNull();
  await until('the others to wait', () => v.disabled('action-getAccount'));
  expect(await v.attr('action-getAccount', 'title')).toBe('Busy: Request reset is running.');
  expect((await v.ended(run)).verdict).toBe('done');
  expect(auth.requests.filter(({ path }) => path.endsWith('/password-reset/request'))).toHaveLength(1);
});

test('no answer before the deadline: timed out, with a late one noted and not obeyed, or where to look', async ({ inspector }) => {
  const { auth } = inspector.sandbox;
  await setDeadline(inspector, 1000);
  const { noise, v } = await accountTab(inspector, '/?break=requestAccountActivation:swallow');
  auth.set(SHOP, { latency: 2500 });
  const { verdict, text } = await v.operate('requestPasswordReset', { email: ADA });
  expect(verdict).toBe('timed-out');
  expect(text).toContain('No answer came');
  await until('the late answer', async () => ((await v.text('operation-result')) ?? '').includes('answered once more (success)'));
  expect(await v.attr('operation-result', 'data-verdict')).toBe('timed-out');
  expect(auth.mailbox(SHOP)).toHaveLength(1);
  auth.set(SHOP, { latency: 0 });
  expect((await v.operate('requestPasswordReset', { email: ADA })).verdict).toBe('done');

  const swallowed = await v.operate('requestAccountActivation', { email: ADA });
  expect(swallowed.verdict).toBe('timed-out');
  expect(swallowed.text).toContain('swallow exceptions');
  expect(noise).toEqual([expect.stringContaining('the native side of requestAccountActivation broke')]);
});

const TOKEN_WRONG = /token.* is not valid: it may be cut off, used already, or replaced/;

test('a wrong token, code or PIN is told as that, and the right one works afterwards', async ({ inspector }) => {
  const { auth } = inspector.sandbox;
  const { page, v } = await accountTab(inspector);
  const code = (about: string) => auth.mailbox(SHOP).findLast((one) => one.about === about)?.code ?? 'no such message';
  const fails = async (operation: string, args: Args, means: RegExp, code = 403) =>
    test.step(`${operation} ${code}`, async () => {
      const { verdict, text } = await v.operate(operation, args);
      expect(verdict, text).toBe('failed');
      expect(text).toContain(`Code ${code}`);
      expect((await meanings(v))[0]).toMatch(means);
    });
  const works = async (operation: string, args: Args) => {
    const { verdict, text } = await v.operate(operation, args);
    expect(verdict, text).toBe('done');
  };
  const phone = '+48 111 222 333';
  const email = 'new@shop.example';

  await works('registerAccount', { email, password: 'new-secret-1' });
  await fails('confirmAccountActivation', { token: WRONG }, TOKEN_WRONG);
  await fails('signIn', { email, password: 'new-secret-1' }, /password is wrong, or the account is not active yet/, 401);
  await works('requestAccountActivationByPin', { email });
  await fails('confirmAccountActivationByPin', { email, pinCode: '999999x' }, TOKEN_WRONG);
  await works('confirmAccountActivationByPin', { email, pinCode: code('activation-by-pin') });
  await works('requestPasswordReset', { email });
  await fails('confirmPasswordReset', { password: 'new-secret-2', token: WRONG }, TOKEN_WRONG);
  expect(auth.account(SHOP, email)?.password).toBe('new-secret-1');
  const used = code('password-reset');
  await works('confirmPasswordReset', { password: 'new-secret-2', token: used });
  await fails('confirmPasswordReset', { password: 'new-secret-3', token: used }, TOKEN_WRONG);
  await fails('signIn', { email, password: 'new-secret-1' }, /password is wrong/, 401);

  await signInAsAda(page, v);
  await fails('requestEmailChange', { email: 'ada2@shop.example', password: WRONG }, /The password, or the provider's token, is wrong/);
  await works('requestEmailChange', { email: 'ada2@shop.example', password: 'lovelace' });
  await fails('confirmEmailChange', { token: WRONG }, TOKEN_WRONG);
  expect(auth.account(SHOP, ADA)).toBeDefined();
  await works('confirmEmailChange', { token: code('email-change') });
  await works('requestPhoneUpdate', { phone });
  await fails(
    'confirmPhoneUpdate',
    { phone, confirmationCode: '12345' },
    /The code is wrong, was used already, or has expired; or the UUID does not exist/,
  );
  await works('confirmPhoneUpdate', { phone, confirmationCode: code('phone-update') });
  await test.step('deleteAccount 403', async () => {
    await v.open('deleteAccount', { clientAuthFactor: WRONG });
    await v.type('confirm-email', 'ada2@shop.example');
    expect((await v.ended(await v.submit())).verdict).toBe('failed');
    expect((await meanings(v))[0]).toContain("The password, or the provider's token, is wrong.");
    expect(auth.account(SHOP, 'ada2@shop.example')).toBeDefined();
  });
});

test('what the server knows or not: 404, 409, 412, 400 and 401 are told with their meaning', async ({ inspector }) => {
  const { auth } = inspector.sandbox;
  const { page, v } = await accountTab(inspector);
  const fails = async (operation: string, args: Args, code: number, ...means: RegExp[]) =>
    test.step(`${operation} ${code}`, async () => {
      const { verdict, text } = await v.operate(operation, args);
      expect(verdict, text).toBe('failed');
      expect(text).toContain(`Code ${code}`);
      const told = await meanings(v);
      expect(told).toHaveLength(means.length);
      for (const [at, words] of means.entries()) expect(told[at]).toMatch(words);
    });
  const email = 'nobody@shop.example';
  for (const operation of ['requestPasswordReset', 'requestAccountActivation', 'requestAccountActivationByPin'])
    await fails(operation, { email }, 404, /No account has this e-mail/);
  // Of which nothing is published.
  await fails('confirmAccountActivationByPin', { email, pinCode: '000000' }, 404);
  await fails('registerAccount', { email: ADA, password: 'another-secret' }, 409, /Another account has this e-mail/);
  expect(auth.account(SHOP, ADA)?.password).toBe('lovelace');
  await fails('simpleAuthentication', { authID: 'seed', firstName: 'Nobody' }, 412, /Neither an e-mail nor a custom ID was given/);
  await fails('authenticate', { clientIdentityProvider: 'GOOGLE', token: WRONG }, 401, /provider's token is not accepted/);
  await fails('requestAccountActivation', { email: ADA }, 409, /is so already, or is taken/);
  await signInAsAda(page, v);
  await fails('requestEmailChange', { email: 'grace@shop.example', password: 'lovelace' }, 409, /Another account has this e-mail/);
  await fails('updateAccount', { 'attributes.empty': '""' }, 400, /A field is not accepted.*Empty texts are rejected/);
  auth.set(SHOP, { fail: 503 });
  await fails('getAccount', {}, 503, /The vendor's backend failed/);
});

const CONDITIONS: readonly (readonly [string, string])[] = [
  ['UNAUTHORIZED', 'The e-mail, the password or the token is wrong.'],
  ['ACTIVATION_REQUIRED', 'The account waits for its activation'],
  ['REGISTRATION_REQUIRED', 'There is no such account'],
  ['APPROVAL_REQUIRED', 'The workspace has to approve the account first.'],
  ['TERMS_ACCEPTANCE_REQUIRED', 'The customer has to accept the terms first'],
  ['MFA_REQUIRED', 'A second factor is asked for.'],
];

for (const dialect of NATIVE_DIALECTS) {
  test(`${dialect}: each condition of a sign-in, a wrong password and a server that is down are told in words`, async ({ inspector }) => {
    const { auth } = inspector.sandbox;
    const { page, noise, v } = await accountTab(inspector, `/?sdk=${dialect}`);
    for (const [condition, words] of CONDITIONS) {
      auth.set(SHOP, { condition });
      const byPassword = await v.operate('signInConditionally', { email: ADA, password: 'lovelace' });
      expect(byPassword.verdict).toBe('done');
      expect(byPassword.text).toContain(`${condition}: ${words}`);
    }
    // With what it is about.
    auth.set(SHOP, { condition: 'MFA_REQUIRED' });
    const byProvider = await v.operate('authenticateConditionally', { clientIdentityProvider: 'GOOGLE', token: ADA });
    expect(byProvider.text).toContain('MFA_REQUIRED: A second factor is asked for.');
    expect(byProvider.text).toContain('digits');
    expect((await hookOf(page)).held.signedIn).toBe(false);
    // As they come by themselves.
    auth.set(SHOP, { condition: '' });
    expect((await v.operate('signInConditionally', { email: ADA, password: WRONG })).text).toContain('UNAUTHORIZED: ');
    expect((await v.operate('signInConditionally', { email: 'nobody@shop.example', password: WRONG })).text).toContain(
      'REGISTRATION_REQUIRED: ',
    );
    expect((await hookOf(page)).held.signedIn).toBe(false);
    const signedIn = await v.operate('signInConditionally', { email: ADA, password: 'lovelace' });
    expect(signedIn.text).toContain('SUCCESS: The customer is signed in.');
    await v.waitAttr('session-state', 'data-identity', 'signed-in');

    await wrongPassword(inspector, v, 'The old password is wrong.');

    const right = { oldPassword: 'lovelace', newPassword: 'another-secret' };
    auth.set(SHOP, { down: true });
    const { verdict, text } = await v.operate('changePassword', right);
    expect(verdict).toBe('failed');
    expect(text).toContain('Code -1');
    expect(await meanings(v)).toEqual([expect.stringContaining('no connection')]);
    auth.set(SHOP, { down: false });
    expect((await v.operate('changePassword', right)).verdict).toBe('done');
    // But for the browser's own word of each answer.
    expect(noise.filter((line) => !line.includes('Failed to load resource'))).toEqual([]);
  });
}

test('what only a customer may is warned of before it runs, and tells afterwards that nobody is signed in', async ({ inspector }) => {
  const { v } = await accountTab(inspector);
  const FORMS: readonly (readonly [string, Args])[] = [
    ['updateAccount', { city: 'Paris' }],
    ['changePassword', { oldPassword: 'lovelace', newPassword: 'another-secret' }],
    ['deleteAccount', { clientAuthFactor: 'lovelace' }],
  ];
  for (const [operation, args] of FORMS) {
    await test.step(operation, async () => {
      await v.open(operation, args);
      expect(await v.text(`form-${operation}`)).toContain('Needs a signed-in customer; this one is anonymous.');
      if (operation === 'deleteAccount') await v.type('confirm-email', ADA);
      const { verdict, text } = await v.ended(await v.submit());
      expect(verdict).toBe('failed');
      expect(text).toContain('Code 403');
      expect((await meanings(v))[0]).toContain('Nobody is signed in');
    });
  }
  const { verdict } = await v.operate('getAccount');
  expect(verdict).toBe('failed');
  expect((await meanings(v))[0]).toContain('Nobody is signed in');
  expect(inspector.sandbox.auth.account(SHOP, ADA)).toMatchObject({ city: 'London', password: 'lovelace' });
});

/** What the page's SDK does from now on in place of a method, the operation, its verdict, and what must be said. */
const BROKEN: readonly (readonly [string, string, string, string, RegExp])[] = [
  ['getAccount', 'throw', 'getAccount', 'failed', /getAccount broke \(thrown\)/],
  ['getAccount', 'twice', 'getAccount', 'done', /answered once more \(success\)/],
  ['getAccount', 'hang', 'getAccount', 'timed-out', /No answer came/],
  ['getAccount', 'cycle', 'getAccount', 'done', /circular/],
  ['getAccount', 'getter', 'getAccount', 'done', /this getter throws/],
  ['getAccount', 'huge', 'getAccount', 'done', /5000000 characters/],
  ['getAccount', 'proxy', 'getAccount', 'done', /this proxy throws/],
  ['getAccount', 'bigint', 'getAccount', 'done', /1000000000000000000000000000000n/],
  ['changePassword', 'throw', 'changePassword', 'failed', /changePassword broke \(thrown\)/],
  ['changePassword', 'hang', 'changePassword', 'timed-out', /No answer came/],
  ['updateAccount', 'twice', 'updateAccount', 'done', /answered once more \(success\)/],
  ['deleteAccountByIdentityProvider', 'throw', 'deleteAccount', 'failed', /deleteAccountByIdentityProvider broke/],
  ['signIn', 'throw', 'signIn', 'failed', /signIn broke \(thrown\)/],
  ['signInConditionally', 'cycle', 'signInConditionally', 'done', /circular/],
];
const FILLED: Readonly<Record<string, Args>> = {
  changePassword: { oldPassword: 'lovelace', newPassword: 'another-secret' },
  updateAccount: { city: 'Paris' },
  signIn: { email: ADA, password: 'lovelace' },
  signInConditionally: { email: ADA, password: 'lovelace' },
};

/** In the page: its SDK's method breaks. Gives what mends it. */
const BREAK = ([method, how]: readonly [string, string]) => {
  const { Client: client } = (globalThis as unknown as Sdk).Synerise;
  const own = client[method] as (...args: unknown[]) => unknown;
  const cycle: Record<string, unknown> = { name: 'cycle' };
  cycle['self'] = cycle;
  const throws = (what: string) => () => {
    throw new TypeError(what);
  };
  const answers: Record<string, unknown> = {
    cycle,
    getter: Object.defineProperty({}, 'email', { enumerable: true, get: throws('this getter throws') }),
    huge: 'x'.repeat(5_000_000),
    proxy: new Proxy({}, { ownKeys: throws('this proxy throws') }),
    bigint: { clientId: 10n ** 30n },
  };
  const ways: Record<string, (...args: unknown[]) => unknown> = {
    throw: throws(`${method} broke`),
    hang: () => undefined,
    twice(...args) {
      own.apply(client, args);
      setTimeout(() => own.apply(client, args), 50);
    },
  };
  client[method] = ways[how] ?? ((...args) => (args.at(-2) as (value: unknown) => void)(answers[how]));
  Object.assign(globalThis, { mend: () => delete client[method] });
};

test('an SDK that breaks is told from a healthy one, and the panel goes on', async ({ inspector }) => {
  await setDeadline(inspector, 1000);
  const { page, noise, v } = await accountTab(inspector);
  await signInAsAda(page, v);
  for (const [method, how, operation, expected, words] of BROKEN) {
    await test.step(`${method} ${how}`, async () => {
      await page.evaluate(BREAK, [method, how] as const);
      const { verdict } = operation === 'deleteAccount' ? await remove(v, 'lovelace') : await v.operate(operation, FILLED[operation]);
      expect(verdict).toBe(expected);
      const said = () => v.target.evaluate(`document.querySelector('[data-testid="operation-result"]').textContent`);
      await until('the words', async () => words.test((await said()) ?? ''));
      expect(await v.attr('operation-result', 'data-verdict')).toBe(expected);
      expect(await v.html()).not.toContain('lovelace');
      await page.evaluate(() => (globalThis as unknown as { mend(): void }).mend());
      expect((await v.operate('getAccount')).verdict).toBe('done');
    });
  }
  expect(inspector.sandbox.auth.account(SHOP, ADA)).toMatchObject({ password: 'lovelace', city: 'Paris' });
  expect(noise).toEqual([]);
});

test("a context that is none: the page's own mistake is its own, an SDK's answer is explained", async ({ inspector }) => {
  const { page, noise, v } = await accountTab(inspector);
  await signInAsAda(page, v);
  const mistaken = page.evaluate(() => (globalThis as unknown as Sdk).Synerise.Client['updateAccount']?.({ city: 'Paris' }));
  await expect(mistaken).rejects.toThrow('context.toObject is not a function');
  expect(await v.attr('operation-result', 'data-run')).toBeNull();
  // Ours is a context all the same.
  expect((await v.operate('updateAccount', { city: 'Paris' })).verdict).toBe('done');
  expect(inspector.sandbox.auth.account(SHOP, ADA)?.city).toBe('Paris');

  const words = /plain object was passed where the SDK calls toObject\(\)/;
  await page.evaluate(() => {
    const { Client: client } = (globalThis as unknown as Sdk).Synerise;
    client['updateAccount'] = (_context, _onSuccess, onError) =>
      (onError as (error: unknown) => void)({ code: 10, message: 'context.toObject is not a function' });
    client['updateAccountBasicInformation'] = () => {
      throw new TypeError('context.toObject is not a function');
    };
  });
  for (const operation of ['updateAccount', 'updateAccountBasicInformation']) {
    const { verdict } = await v.operate(operation, { city: 'Rome' });
    expect(verdict).toBe('failed');
    expect((await meanings(v))[0]).toMatch(words);
  }
  expect(noise).toEqual([]);
});
