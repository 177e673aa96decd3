// What the account methods of the four mobile stand-ins do differently, checked by its effect on the auth server.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/server.mjs';
import { openSite } from './site';

let sandbox: Sandbox;
let shops = 0;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

type Call = readonly [method: string, ...args: string[]];

/** A call with positional callbacks after the arguments. */
const positional = ([method, ...args]: Call) => `Client.${method}(${[...args, 'ok', 'ko'].join(', ')})`;

const WAYS = {
  'react-native': {
    run: (call: Call) => `Synerise.${positional(call)}`,
    sync: (call: string) => `Synerise.Client.${call}`,
    /** Moves to Paris; the constructor of the context drops the city. */
    move: ['updateAccount', "Object.assign(new Synerise.ClientAccountUpdateContext(), { city: 'Paris' })"],
    reset: (email: string): Call => ['requestPasswordReset', email],
    account: `({ ...account, lastActivityDate: account.lastActivityDate.getTime() })`,
    error: '[error.code, error.message]',
  },
  flutter: {
    run: ([method, ...args]: Call) => `Synerise.client.${method}(${[...args, '{ onSuccess: ok, onError: ko }'].join(', ')})`,
    sync: null,
    move: ['updateAccount', "{ city: 'Paris' }"],
    reset: (email: string): Call => ['requestPasswordReset', email],
    account: 'account',
    error: '[error.code, error.message]',
  },
  ios: {
    run: positional,
    sync: (call: string) => `Client.${call}`,
    move: ['updateAccount', "{ city: 'Paris' }"],
    reset: (email: string): Call => ['requestPasswordReset', `{ email: ${email} }`],
    account: `({ ...account, lastActivityDate: account.lastActivityDate.getTime() })`,
    error: '[error.httpCode, error.errorBody.message]',
  },
  android: {
    run: ([method, ...args]: Call) => `Client.${method}(${args.join(', ')}).execute(ok, ko)`,
    sync: (call: string) => `Client.${call}`,
    move: ['updateAccount', "{ getCity: () => 'Paris' }"],
    reset: (email: string): Call => ['requestPasswordReset', `{ getEmail: () => ${email} }`],
    account: `({
      ...Object.fromEntries(Object.keys(account).map((getter) => [getter[3].toLowerCase() + getter.slice(4), account[getter]()])),
      sex: account.getSex().getSex(),
      agreements: Object.fromEntries(
        ['Email', 'Sms', 'Push', 'Bluetooth', 'Rfid', 'Wifi'].map((name) => [name.toLowerCase(), account.getAgreements()['get' + name]()]),
      ),
      lastActivityDate: account.getLastActivityDate().getTime(),
    })`,
    error: '[error.getHttpCode(), error.getErrorBody().getMessage()]',
  },
} as const;
type Dialect = keyof typeof WAYS;
const DIALECTS = Object.keys(WAYS) as Dialect[];
const text = (value: string) => `'${value}'`;

/** Opens a page in a separate shop with an open anonymous session. `ada`: Ada is signed in. */
async function open(dialect: Dialect, { search = '', ada = true } = {}) {
  const shop = `surface-${shops++}`;
  const page = await openSite(sandbox).page(dialect, `?shop=${shop}&init=0&${search}`);
  if (dialect === 'react-native') await page.evaluate('Synerise.Initializer().init()');
  await page.until('sandboxSdk.held().token');
  const way = WAYS[dialect];
  const promise = (call: Call) => `new Promise((ok, ko) => ${way.run(call)})`;
  /** The value passed to the success callback; `null` for none. */
  const call = (...call: Call) => page.evaluate(promise(call));
  if (ada) await call('signIn', "'ada@shop.example'", "'lovelace'");
  return {
    ...page,
    shop,
    way,
    call,
    failing: (...call: Call) => page.evaluate(`${promise(call)}.then(() => 'ok', (error) => ${way.error})`),
    read: (method: string, read: string, ...args: string[]) =>
      page.evaluate(`${promise([method, ...args])}.then((${read.startsWith('result') ? 'result' : 'account'}) => ${read})`),
    account: (email = 'ada@shop.example') => sandbox.auth.account(shop, email),
    code: () => text(sandbox.auth.mailbox(shop).at(-1)?.code ?? ''),
    about: () => sandbox.auth.mailbox(shop).at(-1)?.about,
    asked: () => sandbox.auth.requests.filter((request) => request.shop === shop),
  };
}

// Every operation of each is run through a view, and compared with what the server then has, in
// tests/unit/components/account.
describe.concurrent.each(DIALECTS)('%s', (dialect) => {
  test('returns the account', async () => {
    const page = await open(dialect);
    const account = await page.read('getAccount', page.way.account);
    const { password: _, active: __, provider: ___, lastActivityDate, ...known } = page.account() ?? { lastActivityDate: '' };
    expect(account).toEqual({ ...known, uuid: (await page.held()).uuid, lastActivityDate: Date.parse(lastActivityDate) });
  });

  test('opens a new anonymous session first when the anonymous token has expired', async () => {
    const page = await open(dialect, { ada: false });
    sandbox.auth.set(page.shop, { skew: 7200 });
    await page.evaluate(`void (Date.now = ((now) => () => now() + 7_200_000)(Date.now))`);
    await page.call(...page.way.reset("'ada@shop.example'"));
    expect(page.about()).toBe('password-reset');
  });

  test('signs the customer out when the token has expired', async () => {
    const page = await open(dialect);
    sandbox.auth.set(page.shop, { skew: 7200 });
    await page.evaluate(`void (Date.now = ((now) => () => now() + 7_200_000)(Date.now))`);
    expect(await page.failing(...(page.way.move as Call))).toEqual([401, 'The token has expired.']);
    expect(await page.held()).toMatchObject({ signedIn: false, token: null });
  });
});

describe('recognizeAnonymous', () => {
  const sync = (dialect: Dialect, call: string) => WAYS[dialect].sync?.(call) ?? '';

  test.each(['react-native', 'ios', 'android'] as const)('%s sends an event, but not while a customer is signed in', async (dialect) => {
    const page = await open(dialect, { ada: false });
    const { uuid } = await page.held();
    expect(await page.evaluate(sync(dialect, "recognizeAnonymous('lin@shop.example', null, { from: 'form' })"))).toBeNull();
    await expect.poll(() => sandbox.auth.events(page.shop)).toHaveLength(1);
    expect(sandbox.auth.events(page.shop)).toMatchObject([
      { uuid, event: { client: { uuid, email: 'lin@shop.example', customId: null }, params: { from: 'form' } } },
    ]);
    await page.call('signIn', "'ada@shop.example'", "'lovelace'");
    await page.evaluate(sync(dialect, "recognizeAnonymous(null, 'lin', null)"));
    // A later request is answered later, so the event would have arrived.
    await page.read('getAccount', '1');
    expect(sandbox.auth.events(page.shop)).toHaveLength(1);
  });

  test.each([
    ['react-native', '', "new Synerise.ClientSimpleAuthenticationData({ customId: 'lin' })", 1],
    ['react-native', 'android', "new Synerise.ClientSimpleAuthenticationData({ customId: 'lin' })", 0],
    ['ios', '', "{ customId: 'lin' }", 1],
    ['android', '', "{ getCustomId: () => 'lin' }", 0],
  ] as const)('%s %s after Simple Authentication', async (dialect, search, data, events) => {
    const page = await open(dialect, { ada: false, search });
    await page.call('simpleAuthentication', data, "'seed'");
    await page.evaluate(sync(dialect, "recognizeAnonymous('lin@shop.example', null, null)"));
    await page.call(...page.way.reset("'ada@shop.example'"));
    expect(sandbox.auth.events(page.shop)).toHaveLength(events);
  });

  test('does not exist in Flutter', async () => {
    const { evaluate } = await open('flutter');
    expect(await evaluate("'recognizeAnonymous' in Synerise.client")).toBe(false);
  });
});

describe('React Native', () => {
  test.each([
    ['registerAccount', '{}'],
    ['updateAccount', '{}'],
    ['updateAccountBasicInformation', '{}'],
    ['simpleAuthentication', "{}, 'seed'"],
    ['authenticate', "'t', 'OAUTH', {}"],
    ['authenticateConditionally', "'t', 'OAUTH', {}"],
  ])('%s throws immediately without a request when the context has no toObject()', async (method, args) => {
    const page = await open('react-native');
    const asked = page.asked().length;
    const code = `(() => { try { Synerise.Client.${method}(${args}, () => {}, () => {}); return 'none'; } catch (error) { return error.message; } })()`;
    expect(await page.evaluate(code)).toBe(`${method.startsWith('simple') ? 'data' : 'context'}.toObject is not a function`);
    // A later call has been answered, so an earlier request would show up.
    await page.call('getAccount');
    expect(page.asked()).toHaveLength(asked + 1);
  });

  test.each([
    ["new Synerise.ClientAccountUpdateContext({ city: 'Graz', company: 'Ink' })", { company: 'Ink' }],
    ["new Synerise.ClientAccountUpdateBasicInformationContext({ city: 'Graz', company: 'Ink' })", { company: 'Ink' }],
    [
      "new Synerise.ClientAccountRegisterContext('lin@shop.example', 'paper', { city: 'Graz' })",
      { email: 'lin@shop.example', password: 'paper' },
    ],
    ["new Synerise.ClientSimpleAuthenticationData({ city: 'Graz', company: 'Ink' })", { company: 'Ink' }],
  ])('%s drops the city until it is set', async (made, said) => {
    const page = await open('react-native');
    expect(await page.evaluate(`${made}.toObject()`)).toEqual(said);
    expect(await page.evaluate(`Object.assign(${made}, { city: 'Graz' }).toObject()`)).toEqual({ ...said, city: 'Graz' });
  });

  test("Android's bridge multiplies the date by a thousand, and sends no tags", async () => {
    const page = await open('react-native', { search: 'android' });
    const account = await page.read('getAccount', "[account.lastActivityDate.getTime(), 'tags' in account]");
    expect(account).toEqual([Date.parse(page.account()?.lastActivityDate ?? '') * 1000, false]);
  });

  test('still has the method that deletes with a password', async () => {
    const page = await open('react-native');
    expect(await page.call('deleteAccount', "'lovelace'")).toBe(true);
    expect(page.account()).toBeUndefined();
  });
});

describe('Flutter', () => {
  test('reads zipcode and countrycode, and ignores fields its contexts lack', async () => {
    const page = await open('flutter');
    const context = "{ zipCode: 'X1', countryCode: 'XX', displayName: 'X', birthDate: '2000-01-01', city: 'Graz' }";
    await page.call('updateAccount', context);
    expect(page.account()).toMatchObject({
      city: 'Graz',
      zipCode: 'W1',
      countryCode: 'GB',
      displayName: 'Ada B.',
      birthDate: '1815-12-10',
    });
    await page.call('updateAccountBasicInformation', context);
    expect(page.account()).toMatchObject({ zipCode: 'W1', displayName: 'X', birthDate: '2000-01-01' });
  });

  test('reads zipCode and countryCode in the data of Simple Authentication', async () => {
    const page = await open('flutter', { ada: false });
    const data = "{ customId: 'lin', zipCode: 'X1', zipcode: 'no', countryCode: 'XX', displayName: 'Lin' }";
    await page.call('simpleAuthentication', data, "'seed'");
    const { uuid } = await page.held();
    expect(sandbox.auth.profile(page.shop, uuid)).toMatchObject({ zipCode: 'X1', countryCode: 'XX', displayName: 'Lin' });
  });

  test.each(['authId', 'authID'])('reads %s from the context of authenticate', async (name) => {
    const page = await open('flutter', { ada: false });
    const { uuid } = await page.held();
    await page.call('authenticate', `{ ${name}: 'seed' }`, "'GOOGLE'", "'lin@shop.example'");
    expect((await page.held()).uuid).not.toBe(uuid);
  });

  test('also activates by the old method names', async () => {
    const page = await open('flutter', { ada: false });
    await page.call('registerAccount', "{ email: 'lin@shop.example', password: 'paper' }");
    await page.call('activateAccount', "'lin@shop.example'");
    await page.call('confirmAccount', page.code());
    expect(page.account('lin@shop.example')?.active).toBe(true);
  });

  test('authenticate succeeds with true, and each call returns a promise', async () => {
    const page = await open('flutter', { ada: false });
    expect(await page.call('authenticate', '{}', "'GOOGLE'", "'lin@shop.example'")).toBe(true);
    expect(await page.evaluate("typeof Synerise.client.changePassword('a', 'b', {}).then")).toBe('function');
    expect(await page.evaluate("Synerise.client.changePassword('a', 'b', {}).then(() => 'came')")).toBe('came');
  });

  test.each([
    ['requestPasswordReset', "''", 'email missing'],
    ['requestEmailChange', "null, 'lovelace'", 'email missing'],
    ['requestPhoneUpdate', 'null', 'phone missing'],
    ['requestAccountActivation', "''", 'email missing'],
    ['requestAccountActivationByPin', "''", 'email missing'],
  ])('%s without its required string fails with the code -1', async (method, args, message) => {
    const page = await open('flutter');
    expect(await page.failing(method, args)).toEqual([-1, message]);
  });
});

describe('Android', () => {
  test('reads contexts through getters only, the phone through getPhoneNumber', async () => {
    const page = await open('android');
    await page.call(
      'updateAccount',
      "{ city: 'Graz', getPhone: () => '555 0100', getFirstName: () => undefined, getLastName: () => 'King' }",
    );
    expect(page.account()).toMatchObject({ city: 'London', phone: '+44 20 7946 0815', firstName: 'Ada', lastName: 'King' });
    await page.call('updateAccount', '{ getAgreements: () => ({ getWifi: () => null, getSms: () => true, email: false }) }');
    expect(page.account()?.agreements).toMatchObject({ email: true, sms: true, push: true, wifi: false });
    await page.call('updateAccount', "{ getSex: () => ({ getSex: () => 'OTHER' }), getAttributes: () => null }");
    expect(page.account()).toMatchObject({ sex: 'OTHER', attributes: {} });
  });

  test('sends nothing before the call is executed, and a null agreement changes nothing', async () => {
    const page = await open('android');
    const asked = page.asked().length;
    await page.evaluate("void (globalThis.later = Client.changePassword('lovelace', 'engine'))");
    await page.call('getAccount');
    expect(page.asked()).toHaveLength(asked + 1);
    expect(page.account()?.password).toBe('lovelace');
    await page.evaluate('new Promise((ok, ko) => later.execute(ok, ko))');
    expect(page.account()?.password).toBe('engine');
    await page.call('requestPhoneUpdate', "'555 0100'");
    await page.call('confirmPhoneUpdate', "'555 0100'", page.code(), 'null');
    expect(page.account()).toMatchObject({ phone: '555 0100', agreements: { sms: false } });
  });

  test('returns the causes of a refusal through getters', async () => {
    const page = await open('android');
    const read = '((cause) => [cause.getField(), cause.getMessage(), cause.getRejectedValue()])(error.getErrorBody().getErrorCauses()[0])';
    const code = `new Promise((ok, ko) => Client.updateAccount({ getCity: () => '' }).execute(ok, ko)).catch((error) => ${read})`;
    expect(await page.evaluate(code)).toEqual(['city', 'must not be empty', '']);
  });

  test('returns conditions through a getter', async () => {
    const page = await open('android', { ada: false });
    sandbox.auth.set(page.shop, { condition: 'TERMS_ACCEPTANCE_REQUIRED' });
    const conditions = await page.read('signInConditionally', 'result.getConditions()', "'a@b.example'", "'x'");
    expect(conditions).toHaveLength(2);
  });
});

test('iOS returns the causes of a refusal in the error body', async () => {
  const page = await open('ios');
  const code = `new Promise((ok, ko) => Client.updateAccount({ city: '' }, ok, ko)).catch((error) => error.errorBody.errorCauses)`;
  expect(await page.evaluate(code)).toMatchObject([{ field: 'city', rejectedValue: '' }]);
});
