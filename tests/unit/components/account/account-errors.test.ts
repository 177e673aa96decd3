// Account operations that fail: the verdict, the SDK's code and message, and the hints on what they mean.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NOTE_WORDS } from '@/components/operations/outcome-words';
import { CONDITIONS, ERROR_HINTS, errorHintsOf } from '@/lib/forms/error-hints';
import { OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import type { Identity } from '@/lib/session/terms';
import { until } from '@/scripts/until.mjs';
import { NATIVE_DIALECTS } from '../../../browser/account-matrix';
import { ADA, accountTab, deleteAccount, hintOf, hintsOn, signInAsAda, wordsOf } from '../../fakes/account';
import { hookOf, type NodeInspector, openInspector } from '../../fakes/inspector';
import { moment } from '../../fakes/make';
import { outcomeOf, press } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

type Args = Record<string, string | boolean>;
type Tab = Awaited<ReturnType<typeof accountTab>>;
type Sdk = { Synerise: { Client: Record<string, (...args: unknown[]) => unknown> } };

const WRONG = 'not-the-secret';
const PHONE = '+48 111 222 333';

/** The first hint on a 403 of reading the account, by the table. */
const on403 = (identity: Identity, message = '') =>
  errorHintsOf({ operation: 'getAccount', before: moment({ identity }) }, null, { code: 403, message, detail: null })[0];
const NOBODY = on403('anonymous')?.text ?? '';
const FROM_ANSWER = on403('signed-in', 'API_PERSONAL_INFORMATION_CLIENT_READ')?.source;
const NO_CONNECTION = ERROR_HINTS.flatMap(({ says, codes, dialects, text }) =>
  says?.test('NETWORK_ERROR') || (codes?.includes(-1) && dialects?.includes('ios')) ? [text] : [],
);

let inspector: NodeInspector;
afterEach(() => inspector.close());

/** An operation fails with a code of the SDK, and with this hint first. */
async function fails(tab: Tab, operation: OperationName, args: Args, code: number, hint: string | null = hintOf(code, operation)) {
  const { verdict, text } = await tab.v.operate(operation, args);
  expect(verdict, `${operation}: ${text}`).toBe('failed');
  expect(text).toContain(String(code));
  expect(outcomeOf(inspector, tab.page)?.answer?.error?.code).toBe(code);
  expect((await hintsOn(inspector, tab))[0]?.text ?? null).toBe(hint);
}

async function works({ v }: Tab, operation: OperationName, args: Args) {
  const { verdict, text } = await v.operate(operation, args);
  expect(verdict, `${operation}: ${text}`).toBe('done');
}

async function failsOnOldPassword(tab: Tab, message: string) {
  const { verdict, text } = await tab.v.operate('changePassword', { oldPassword: WRONG, newPassword: 'another-secret' });
  expect(verdict).toBe('failed');
  expect(text).toMatch(new RegExp(`403\\W*${message}`));
  const [first, second] = await hintsOn(inspector, tab);
  expect(first?.text).toBe(hintOf(403, 'changePassword'));
  expect(second?.text).toContain('SAUTH_CHANGE_PASSWORD_CLIENT_UPDATE');
  expect(second?.source).not.toBe(FROM_ANSWER);
  // The whole error is there, too.
  const { detail } = outcomeOf(inspector, tab.page)?.answer?.error ?? {};
  expect((await wordsOf(tab.v)).replaceAll(/\s/g, '')).toContain(JSON.stringify(detail).replaceAll(/\s/g, ''));
  expect(await inspector.auth.account(ADA)).toMatchObject({ password: 'lovelace' });
}

describe.each(NATIVE_DIALECTS)('%s', (dialect) => {
  it('shows the status of a conditional sign-in, a wrong password, and a server that is down', async () => {
    inspector = await openInspector();
    const { auth } = inspector;
    const tab = await accountTab(inspector, `/?sdk=${dialect}`);
    const { page, v } = tab;
    const conditional = async (args: Args, operation: OperationName = 'signInConditionally') => {
      const { verdict, text } = await v.operate(operation, args);
      expect(verdict).toBe('done');
      return `${text} ${await wordsOf(v)}`;
    };
    const right = { email: ADA, password: 'lovelace' };
    for (const condition of Object.keys(CONDITIONS).filter((one) => one !== 'SUCCESS')) {
      await auth.set({ condition });
      const text = await conditional(right);
      expect(text).toContain(condition);
      expect(text).toContain(CONDITIONS[condition]);
    }
    // With what it is about.
    await auth.set({ condition: 'MFA_REQUIRED' });
    const text = await conditional({ clientIdentityProvider: 'GOOGLE', token: ADA }, 'authenticateConditionally');
    expect(text).toContain(CONDITIONS['MFA_REQUIRED']);
    expect(text).toContain('digits');
    // As they come by themselves.
    await auth.set({ condition: '' });
    expect(await conditional({ email: ADA, password: WRONG })).toContain('UNAUTHORIZED');
    expect(await conditional({ email: 'nobody@shop.example', password: WRONG })).toContain('REGISTRATION_REQUIRED');
    expect((await hookOf(page)).held.signedIn).toBe(false);
    expect(await conditional(right)).toContain(CONDITIONS['SUCCESS']);
    await v.waitAttr('session-state', 'data-identity', 'signed-in');

    await failsOnOldPassword(tab, 'The old password is wrong.');

    const passwords = { oldPassword: 'lovelace', newPassword: 'another-secret' };
    await auth.set({ down: true });
    const { verdict } = await v.operate('changePassword', passwords);
    expect(verdict).toBe('failed');
    expect(outcomeOf(inspector, page)?.answer?.error?.code).toBe(-1);
    const [hint, ...more] = await hintsOn(inspector, tab);
    expect(NO_CONNECTION).toContain(hint?.text);
    expect(more).toEqual([]);
    await auth.set({ down: false });
    await works(tab, 'changePassword', passwords);
  });
});

it.each([
  ['react-native', 'The old password is wrong.'],
  ['flutter', 'HTTP_ERROR'],
])('a wrong password means the same through the Android bridge of %s', async (sdk, message) => {
  inspector = await openInspector();
  await failsOnOldPassword(await accountTab(inspector, `/?sdk=${sdk}&android`, { ada: true }), message);
});

/** Every permission that an API key may lack, and an operation that needs it. */
const PERMISSIONS: readonly (readonly [string, OperationName, Args])[] = [
  ['API_PERSONAL_INFORMATION_CLIENT_READ', 'getAccount', {}],
  ['API_PERSONAL_INFORMATION_CLIENT_UPDATE', 'updateAccount', { city: 'Paris' }],
  ['API_BASIC_INFORMATION_CLIENT_UPDATE', 'updateAccountBasicInformation', { city: 'Rome' }],
  ['API_PERSONAL_PHONE_CLIENT_CREATE', 'requestPhoneUpdate', { phone: PHONE }],
  ['SAUTH_CHANGE_EMAIL_CLIENT_UPDATE', 'requestEmailChange', { email: 'ada2@shop.example', password: 'lovelace' }],
  ['SAUTH_CHANGE_PASSWORD_CLIENT_UPDATE', 'changePassword', { oldPassword: 'lovelace', newPassword: 'lovelace' }],
  ['SAUTH_PASSWORD_RESET_CLIENT_CREATE', 'requestPasswordReset', { email: ADA }],
  ['SAUTH_REGISTER_CLIENT_CREATE', 'registerAccount', { email: 'new@shop.example', password: 'another-secret' }],
  ['SAUTH_CLIENT_DELETE', 'deleteAccount', {}],
];

it('a missing permission is named, and the operation works once the key has it', async () => {
  inspector = await openInspector();
  const { auth } = inspector;
  const tab = await accountTab(inspector, '/', { ada: true });
  for (const [permission, operation, args] of PERMISSIONS) {
    const operate = () => (operation === 'deleteAccount' ? deleteAccount(tab.v, 'lovelace') : tab.v.operate(operation, args));
    await auth.set({ denied: permission });
    const { verdict, text } = await operate();
    expect(verdict).toBe('failed');
    expect(text).toContain('403');
    expect((await hintsOn(inspector, tab))[0]).toEqual({ text: expect.stringContaining(permission), source: FROM_ANSWER });
    await auth.set({ denied: '' });
    expect((await operate()).verdict).toBe('done');
  }
});

it('an expired token is told as that, by the server and by the SDK', async () => {
  inspector = await openInspector();
  const tab = await accountTab(inspector, '/', { ada: true });
  const { page, v } = tab;
  // By the server's clock only: by its own, the SDK would say so itself.
  await inspector.auth.set({ skew: 7200 });
  await fails(tab, 'getAccount', {}, 401, hintOf(401));
  expect(await v.text('operation-result')).toContain('The token has expired.');
  expect(await hintsOn(inspector, tab)).toHaveLength(1);

  // By both: a reading of the token or of the account learns it, whichever asks first.
  await inspector.auth.set({ skew: 0, lifetime: 1 });
  await press(page, 'refresh');
  await v.waitAttr('session-state', 'data-identity', 'anonymous');
  const { verdict, text } = await v.operate('getAccount');
  expect(verdict).toBe('failed');
  expect(text).toMatch(/40[13]/);
  expect([NOBODY, hintOf(401)]).toContain((await hintsOn(inspector, tab))[0]?.text);
});

it('an operation is busy until a slow server answers, and others wait', async () => {
  inspector = await openInspector();
  const { v } = await accountTab(inspector);
  await inspector.auth.set({ latency: 500 });
  const run = await v.begin('requestPasswordReset', { email: ADA });
  expect(await v.attr('operation-result', 'aria-busy')).toBe('true');
  expect(await v.attr('operation-result', 'data-verdict')).toBeNull();
  await until('the others to wait', () => v.disabled('action-getAccount'));
  expect(await v.attr('action-getAccount', 'title')).toContain(OPERATIONS.requestPasswordReset.label);
  expect((await v.ended(run)).verdict).toBe('done');
  const asked = (await inspector.auth.requests()).filter(({ path }) => path.endsWith('/password-reset/request'));
  expect(asked).toHaveLength(1);
});

it('a wrong token, code or PIN is told as that, and the right one works afterwards', async () => {
  inspector = await openInspector();
  const { auth } = inspector;
  const tab = await accountTab(inspector);
  const email = 'new@shop.example';

  await works(tab, 'registerAccount', { email, password: 'new-secret-1' });
  await fails(tab, 'confirmAccountActivation', { token: WRONG }, 403);
  await fails(tab, 'signIn', { email, password: 'new-secret-1' }, 401);
  await works(tab, 'requestAccountActivationByPin', { email });
  await fails(tab, 'confirmAccountActivationByPin', { email, pinCode: '999999x' }, 403);
  await works(tab, 'confirmAccountActivationByPin', { email, pinCode: await auth.code('activation-by-pin') });
  await works(tab, 'requestPasswordReset', { email });
  await fails(tab, 'confirmPasswordReset', { password: 'new-secret-2', token: WRONG }, 403);
  expect(await auth.account(email)).toMatchObject({ password: 'new-secret-1' });
  const used = await auth.code('password-reset');
  await works(tab, 'confirmPasswordReset', { password: 'new-secret-2', token: used });
  await fails(tab, 'confirmPasswordReset', { password: 'new-secret-3', token: used }, 403);
  await fails(tab, 'signIn', { email, password: 'new-secret-1' }, 401);

  await signInAsAda(tab.page, tab.v);
  await fails(tab, 'requestEmailChange', { email: 'ada2@shop.example', password: WRONG }, 403);
  await works(tab, 'requestEmailChange', { email: 'ada2@shop.example', password: 'lovelace' });
  await fails(tab, 'confirmEmailChange', { token: WRONG }, 403);
  expect(await auth.account(ADA)).toBeDefined();
  await works(tab, 'confirmEmailChange', { token: await auth.code('email-change') });
  await works(tab, 'requestPhoneUpdate', { phone: PHONE });
  await fails(tab, 'confirmPhoneUpdate', { phone: PHONE, confirmationCode: '12345' }, 403);
  await works(tab, 'confirmPhoneUpdate', { phone: PHONE, confirmationCode: await auth.code('phone-update') });
  expect((await deleteAccount(tab.v, WRONG, 'ada2@shop.example')).verdict).toBe('failed');
  expect((await hintsOn(inspector, tab))[0]?.text).toBe(hintOf(403, 'deleteAccount'));
  expect(await auth.account('ada2@shop.example')).toBeDefined();
});

it('the statuses 404, 409, 412, 400, 401 and 503 of the server are told with their meaning', async () => {
  inspector = await openInspector();
  const { auth } = inspector;
  const tab = await accountTab(inspector);
  const email = 'nobody@shop.example';
  const failsWithOneHint = async (...failure: [OperationName, Args, number, string?]) => {
    await fails(tab, ...failure);
    expect(await hintsOn(inspector, tab)).toHaveLength(1);
  };
  await failsWithOneHint('requestPasswordReset', { email }, 404);
  await failsWithOneHint('requestAccountActivation', { email }, 404);
  await failsWithOneHint('requestAccountActivationByPin', { email }, 404);
  // Of this one nothing is published.
  await fails(tab, 'confirmAccountActivationByPin', { email, pinCode: '000000' }, 404, null);
  await failsWithOneHint('registerAccount', { email: ADA, password: 'another-secret' }, 409);
  expect(await auth.account(ADA)).toMatchObject({ password: 'lovelace' });
  await failsWithOneHint('simpleAuthentication', { authID: 'seed', firstName: 'Nobody' }, 412);
  await failsWithOneHint('authenticate', { clientIdentityProvider: 'GOOGLE', token: WRONG }, 401);
  await failsWithOneHint('requestAccountActivation', { email: ADA }, 409, hintOf(409));
  await signInAsAda(tab.page, tab.v);
  await failsWithOneHint('requestEmailChange', { email: 'grace@shop.example', password: 'lovelace' }, 409);
  await failsWithOneHint('updateAccount', { 'attributes.empty': '""' }, 400);
  await auth.set({ fail: 503 });
  await failsWithOneHint('getAccount', {}, 503, hintOf(503));
});

it('an operation for signed-in customers is warned of in its form, and tells afterwards that nobody is', async () => {
  inspector = await openInspector();
  const tab = await accountTab(inspector);
  const { v } = tab;
  const forms: readonly (readonly [OperationName, Args])[] = [
    ['updateAccount', { city: 'Paris' }],
    ['changePassword', { oldPassword: 'lovelace', newPassword: 'another-secret' }],
    ['deleteAccount', { clientAuthFactor: 'lovelace' }],
  ];
  for (const [operation, args] of forms) {
    await v.open(operation, args);
    expect(await v.text(`form-${operation}`)).toMatch(/sign(ed)?-in.*anonymous/i);
    if (operation === 'deleteAccount') await v.type('confirm-email', ADA);
    const { verdict, text } = await v.ended(await v.submit());
    expect(verdict).toBe('failed');
    expect(text).toContain('403');
    expect((await hintsOn(inspector, tab))[0]?.text).toBe(NOBODY);
  }
  expect((await v.operate('getAccount')).verdict).toBe('failed');
  expect((await hintsOn(inspector, tab))[0]?.text).toBe(NOBODY);
  expect(await inspector.auth.account(ADA)).toMatchObject({ city: 'London', password: 'lovelace' });
});

/** A method of the SDK, how it breaks, the operation that calls it, its verdict, and what the view says. */
const BROKEN: readonly (readonly [string, string, OperationName, string, string])[] = [
  ['getAccount', 'throw', 'getAccount', 'failed', 'getAccount broke'],
  ['getAccount', 'twice', 'getAccount', 'done', 'success'],
  ['getAccount', 'hang', 'getAccount', 'timed-out', NOTE_WORDS['no-callback']],
  ['getAccount', 'cycle', 'getAccount', 'done', 'circular'],
  ['getAccount', 'getter', 'getAccount', 'done', 'this getter throws'],
  ['getAccount', 'huge', 'getAccount', 'done', '5000000 characters'],
  ['getAccount', 'proxy', 'getAccount', 'done', 'this proxy throws'],
  ['getAccount', 'bigint', 'getAccount', 'done', '1000000000000000000000000000000n'],
  ['changePassword', 'throw', 'changePassword', 'failed', 'changePassword broke'],
  ['changePassword', 'hang', 'changePassword', 'timed-out', NOTE_WORDS['no-callback']],
  ['updateAccount', 'twice', 'updateAccount', 'done', 'success'],
  ['deleteAccountByIdentityProvider', 'throw', 'deleteAccount', 'failed', 'deleteAccountByIdentityProvider broke'],
  ['signIn', 'throw', 'signIn', 'failed', 'signIn broke'],
  ['signInConditionally', 'cycle', 'signInConditionally', 'done', 'circular'],
];
const FILLED: Readonly<Record<string, Args>> = {
  changePassword: { oldPassword: 'lovelace', newPassword: 'another-secret' },
  updateAccount: { city: 'Paris' },
  signIn: { email: ADA, password: 'lovelace' },
  signInConditionally: { email: ADA, password: 'lovelace' },
};

/** In the page: a method of its SDK breaks, until `mend` is called. */
const BREAK = ({ method, how }: { method: string; how: string }) => {
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
  Object.assign(globalThis, { mend: () => void delete client[method] });
};

it('a method of the SDK that breaks is told from a working one, and the panel goes on', async () => {
  inspector = await openInspector({ settings: { deadline: 1000 } });
  const { page, v } = await accountTab(inspector, '/', { ada: true });
  for (const [method, how, operation, expected, words] of BROKEN) {
    const what = `${method} ${how}`;
    await page.evaluate(BREAK, { method, how });
    const { verdict } = operation === 'deleteAccount' ? await deleteAccount(v, 'lovelace') : await v.operate(operation, FILLED[operation]);
    expect(verdict, what).toBe(expected);
    await until(`the words on ${what}`, async () => (await wordsOf(v)).includes(words));
    if (how === 'throw') expect(outcomeOf(inspector, page)?.answer?.how).toBe('threw');
    if (how === 'twice') await until('the second answer', () => outcomeOf(inspector, page)?.late.includes('success'));
    expect(await v.attr('operation-result', 'data-verdict'), what).toBe(expected);
    expect(await v.html()).not.toContain('lovelace');
    await page.evaluate(() => (globalThis as unknown as { mend(): void }).mend());
    expect((await v.operate('getAccount')).verdict).toBe('done');
  }
  expect(await inspector.auth.account(ADA)).toMatchObject({ password: 'lovelace', city: 'Paris' });
  expect(page.noise).toEqual([]);
});

it("the page's own call with a plain object stays its own mistake, and the same answer to an operation is explained", async () => {
  inspector = await openInspector();
  const tab = await accountTab(inspector, '/', { ada: true });
  const { page, v } = tab;
  const mistake = 'context.toObject is not a function';
  const thrown = page.evaluate(() => {
    try {
      (globalThis as unknown as Sdk).Synerise.Client['updateAccount']?.({ city: 'Paris' });
      return null;
    } catch (error) {
      return String((error as Error).message);
    }
  });
  expect(await thrown).toBe(mistake);
  expect(await v.attr('operation-result', 'data-run')).toBeNull();
  // Ours is given a context.
  await works(tab, 'updateAccount', { city: 'Paris' });
  expect(await inspector.auth.account(ADA)).toMatchObject({ city: 'Paris' });

  await page.evaluate((message) => {
    const { Client: client } = (globalThis as unknown as Sdk).Synerise;
    client['updateAccount'] = (_context, _onSuccess, onError) => (onError as (error: unknown) => void)({ code: 10, message });
    client['updateAccountBasicInformation'] = () => {
      throw new TypeError(message);
    };
  }, mistake);
  for (const operation of ['updateAccount', 'updateAccountBasicInformation']) {
    expect((await v.operate(operation, { city: 'Rome' })).verdict).toBe('failed');
    expect((await hintsOn(inspector, tab))[0]?.text).toContain('toObject()');
  }
  expect(page.noise).toEqual([]);
});
