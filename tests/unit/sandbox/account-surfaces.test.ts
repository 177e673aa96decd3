// The account methods of the four mobile stand-ins: names, argument orders and conventions, checked by their effect on the auth server.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/server.mjs';
import { openSite } from './site';

let sandbox: Sandbox;
let shops = 0;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

type Fields = Record<string, unknown>;
type Call = readonly [method: string, ...args: string[]];
const json = (value: unknown) => JSON.stringify(value);

/** A Java-style object with getters only. The phone getter is `getPhoneNumber`. */
function getters(fields: Fields): string {
  const parts = Object.entries(fields).map(([name, value]) => {
    const getter = name === 'phone' ? 'getPhoneNumber' : `get${name[0]?.toUpperCase()}${name.slice(1)}`;
    return `${getter}: () => (${name === 'agreements' && value !== null ? getters(value as Fields) : json(value)})`;
  });
  return `{ ${parts.join(', ')} }`;
}

/** A Dart context, where `zipcode` and `countrycode` are lower case. */
const dart = ({ zipCode, countryCode, ...rest }: Fields) =>
  json({ ...rest, ...(zipCode !== undefined && { zipcode: zipCode }), ...(countryCode !== undefined && { countrycode: countryCode }) });

/** A React Native context class, filled after construction, because its constructor drops the city. */
const instance = (name: string) => (fields: Fields) => `Object.assign(new Synerise.${name}(), ${json(fields)})`;

/** A call with positional callbacks after the arguments. */
const positional = ([method, ...args]: Call) => `Client.${method}(${[...args, 'ok', 'ko'].join(', ')})`;

const WAYS = {
  'react-native': {
    run: (call: Call) => `Synerise.${positional(call)}`,
    sync: (call: string) => `Synerise.Client.${call}`,
    update: (fields: Fields): Call => ['updateAccount', instance('ClientAccountUpdateContext')(fields)],
    basic: (fields: Fields): Call => ['updateAccountBasicInformation', instance('ClientAccountUpdateBasicInformationContext')(fields)],
    password: (old: string, next: string): Call => ['changePassword', old, next],
    reset: (email: string): Call => ['requestPasswordReset', email],
    confirmReset: (token: string, password: string): Call => ['confirmPasswordReset', password, token],
    email: (email: string, password: string, externalToken: string): Call => ['requestEmailChange', email, password, externalToken, "'id'"],
    register: ({ email, password, ...rest }: Fields): Call => [
      'registerAccount',
      `Object.assign(new Synerise.ClientAccountRegisterContext(${json(email)}, ${json(password)}), ${json(rest)})`,
    ],
    activation: ['requestAccountActivation', 'confirmAccountActivation'],
    pin: (email: string, pin: string): Call => ['confirmAccountActivationByPin', pin, email],
    authenticate: (token: string, fields: Fields): Call => ['authenticate', token, "'GOOGLE'", instance('ClientAuthContext')(fields)],
    remove: (factor: string, provider: string): Call => ['deleteAccountByIdentityProvider', factor, provider, 'null'],
    done: true,
    account: `({ ...account, lastActivityDate: account.lastActivityDate.getTime() })`,
    error: '[error.code, error.message]',
    status: 'result.status',
  },
  flutter: {
    /** Arguments that start with `...` are named ones. */
    run([method, ...args]: Call) {
      const named = args.filter((arg) => arg.startsWith('...'));
      const plain = args.filter((arg) => !arg.startsWith('...'));
      return `Synerise.client.${method}(${[...plain, `{ ${[...named, 'onSuccess: ok', 'onError: ko'].join(', ')} }`].join(', ')})`;
    },
    sync: null,
    update: (fields: Fields): Call => ['updateAccount', dart(fields)],
    basic: (fields: Fields): Call => ['updateAccountBasicInformation', dart(fields)],
    password: (old: string, next: string): Call => ['changePassword', old, next],
    reset: (email: string): Call => ['requestPasswordReset', email],
    confirmReset: (token: string, password: string): Call => ['confirmPasswordReset', token, password],
    email: (email: string, password: string, externalToken: string): Call => [
      ...(['requestEmailChange', email, password] as const),
      `...{ externalToken: ${externalToken}, authID: 'id' }`,
    ],
    register: (fields: Fields): Call => ['registerAccount', dart(fields)],
    activation: ['requestAccountActivation', 'confirmAccountActivation'],
    pin: (email: string, pin: string): Call => ['confirmAccountActivationByPin', email, pin],
    authenticate: (token: string, fields: Fields): Call => ['authenticate', dart(fields), "'GOOGLE'", token],
    remove: (factor: string, provider: string): Call => ['deleteAccount', factor, provider, 'null'],
    done: null,
    account: 'account',
    error: '[error.code, error.message]',
    status: 'result.status',
  },
  ios: {
    run: positional,
    sync: (call: string) => `Client.${call}`,
    update: (fields: Fields): Call => ['updateAccount', json(fields)],
    basic: (fields: Fields): Call => ['updateAccountBasicInformation', json(fields)],
    password: (old: string, next: string): Call => ['changePassword', next, old],
    reset: (email: string): Call => ['requestPasswordReset', `{ email: ${email} }`],
    confirmReset: (token: string, password: string): Call => ['confirmResetPassword', `{ password: ${password}, token: ${token} }`],
    email: (email: string, password: string, externalToken: string): Call => ['requestEmailChange', email, password, externalToken, "'id'"],
    register: (fields: Fields): Call => ['registerAccount', json(fields)],
    activation: ['requestAccountActivation', 'confirmAccountActivation'],
    pin: (email: string, pin: string): Call => ['confirmAccountActivationByPin', pin, email],
    authenticate: (token: string, fields: Fields): Call => ['authenticate', token, "'GOOGLE'", 'null', json(fields)],
    remove: (factor: string, provider: string): Call => ['deleteAccount', factor, provider, 'null'],
    done: null,
    account: `({ ...account, lastActivityDate: account.lastActivityDate.getTime() })`,
    error: '[error.httpCode, error.errorBody.message]',
    status: 'result.status',
  },
  android: {
    run: ([method, ...args]: Call) => `Client.${method}(${args.join(', ')}).execute(ok, ko)`,
    sync: (call: string) => `Client.${call}`,
    update: (fields: Fields): Call => ['updateAccount', getters(fields)],
    basic: (fields: Fields): Call => ['updateAccountBasicInformation', getters(fields)],
    password: (old: string, next: string): Call => ['changePassword', old, next],
    reset: (email: string): Call => ['requestPasswordReset', `{ getEmail: () => ${email} }`],
    confirmReset: (token: string, password: string): Call => [
      'confirmPasswordReset',
      `{ getPassword: () => ${password}, getToken: () => ${token} }`,
    ],
    email: (email: string, password: string, externalToken: string): Call => ['requestEmailChange', email, password, externalToken, "'id'"],
    register: (fields: Fields): Call => ['registerAccount', getters(fields)],
    activation: ['requestAccountActivation', 'confirmAccountActivation'],
    pin: (email: string, pin: string): Call => ['confirmAccountActivationByPin', pin, email],
    authenticate: (token: string, { agreements, attributes }: Fields): Call => [
      ...(['authenticate', token, "'GOOGLE'"] as const),
      agreements === undefined ? 'null' : getters(agreements as Fields),
      json(attributes ?? null),
      'null',
    ],
    remove: (factor: string, provider: string): Call => ['deleteAccount', factor, provider, 'null'],
    done: null,
    account: `({
      ...Object.fromEntries(Object.keys(account).map((getter) => [getter[3].toLowerCase() + getter.slice(4), account[getter]()])),
      sex: account.getSex().getSex(),
      agreements: Object.fromEntries(
        ['Email', 'Sms', 'Push', 'Bluetooth', 'Rfid', 'Wifi'].map((name) => [name.toLowerCase(), account.getAgreements()['get' + name]()]),
      ),
      lastActivityDate: account.getLastActivityDate().getTime(),
    })`,
    error: '[error.getHttpCode(), error.getErrorBody().getMessage()]',
    status: 'result.getStatus().name() === String(result.getStatus()) && result.getStatus().name()',
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

describe.concurrent.each(DIALECTS)('%s', (dialect) => {
  test('returns the account', async () => {
    const page = await open(dialect);
    const account = await page.read('getAccount', page.way.account);
    const { password: _, active: __, provider: ___, lastActivityDate, ...known } = page.account() ?? { lastActivityDate: '' };
    expect(account).toEqual({ ...known, uuid: (await page.held()).uuid, lastActivityDate: Date.parse(lastActivityDate) });
  });

  test('updates each field of the context; null resets a field', async () => {
    const page = await open(dialect);
    const fields = {
      ...{ phone: '555 0100', firstName: 'Augusta', lastName: 'King', sex: 'OTHER', company: 'Engines', address: '1 Lane' },
      ...{ city: 'Ockham', province: 'Surrey', zipCode: 'KT11', countryCode: 'UK', customId: 'aug', email: 'augusta@shop.example' },
      ...{ agreements: { sms: true, push: false }, attributes: { ink: 'red', notebooks: null } },
    };
    expect(await page.call(...page.way.update(fields))).toBe(page.way.done);
    const { attributes, agreements, ...plain } = fields;
    const account = page.account('augusta@shop.example');
    expect(account).toMatchObject({ ...plain, agreements: { email: true, sms: true, push: false, wifi: true } });
    expect(account?.attributes).toEqual({ favouriteInk: 'deep blue', ink: 'red' });
    expect((await page.held()).account).toBe('augusta@shop.example');
    await page.call(...page.way.update({ company: null }));
    expect(page.account('augusta@shop.example')).toMatchObject({ company: null, city: 'Ockham' });
  });

  test('updates basic information of a customer without an account', async () => {
    const page = await open(dialect, { ada: false });
    const fields = {
      displayName: 'Lin',
      phone: '555 0100',
      zipCode: 'X1',
      avatarUrl: 'https://shop.example/lin.png',
      birthDate: '2000-02-29',
    };
    expect(await page.call(...page.way.basic(fields))).toBe(page.way.done);
    expect(sandbox.auth.profile(page.shop, (await page.held()).uuid)).toMatchObject(fields);
  });

  test('reports a refusal in its own error format', async () => {
    const page = await open(dialect);
    expect(await page.failing(...page.way.update({ city: '' }))).toEqual([400, 'city must not be empty.']);
    expect(await page.failing(...page.way.password("'guess'", "'engine'"))).toEqual([403, 'The old password is wrong.']);
    sandbox.auth.set(page.shop, { denied: 'SAUTH_CLIENT_DELETE' });
    const [status, message] = await page.failing(...page.way.remove("'lovelace'", "'SYNERISE'"));
    expect([status, message.includes('SAUTH_CLIENT_DELETE')]).toEqual([403, true]);
  });

  test('changes the password with its own argument order, and keeps the session', async () => {
    const page = await open(dialect);
    const before = await page.held();
    expect(await page.call(...page.way.password("'lovelace'", "'engine'"))).toBe(page.way.done);
    expect(page.account()?.password).toBe('engine');
    expect(await page.held()).toEqual(before);
  });

  test('resets the password with its own argument order', async () => {
    const page = await open(dialect, { ada: false });
    expect(await page.call(...page.way.reset("'ada@shop.example'"))).toBe(page.way.done);
    expect(await page.call(...page.way.confirmReset(page.code(), "'engine'"))).toBe(page.way.done);
    expect(page.account()?.password).toBe('engine');
  });

  test('changes the email', async () => {
    const page = await open(dialect);
    expect(await page.call(...page.way.email("'new@shop.example'", "'lovelace'", 'null'))).toBe(page.way.done);
    expect(page.asked().at(-1)?.fields).toEqual(expect.arrayContaining(['email', 'password', 'externalToken', 'authID']));
    expect(await page.call('confirmEmailChange', page.code(), 'false')).toBe(page.way.done);
    expect(page.account('new@shop.example')?.agreements).toMatchObject({ email: false });
    // It is the same customer, who keeps the UUID at the next sign-in.
    const { uuid, account } = await page.held();
    expect(account).toBe('new@shop.example');
    await page.call('signIn', "'new@shop.example'", "'lovelace'");
    expect((await page.held()).uuid).toBe(uuid);
  });

  test("changes the email of an identity provider's customer with the provider's token", async () => {
    const page = await open(dialect, { ada: false });
    await page.call(...page.way.authenticate("'lin@shop.example'", {}));
    expect(await page.failing(...page.way.email("'new@shop.example'", 'null', "'guess'"))).toEqual([403, 'Wrong password or token.']);
    await page.call(...page.way.email("'new@shop.example'", 'null', "'lin@shop.example'"));
    expect(page.about()).toBe('email-change');
  });

  test('changes the phone with its own argument order', async () => {
    const page = await open(dialect);
    expect(await page.call('requestPhoneUpdate', "'555 0100'")).toBe(page.way.done);
    expect(await page.call('confirmPhoneUpdate', "'555 0100'", page.code(), 'true')).toBe(page.way.done);
    expect(page.account()).toMatchObject({ phone: '555 0100', agreements: { sms: true } });
  });

  const LIN = { email: 'lin@shop.example', password: 'paper', firstName: 'Lin', city: 'Graz', zipCode: '8010' };

  test('registers and activates by token without signing in', async () => {
    const page = await open(dialect, { ada: false });
    const before = await page.held();
    expect(await page.call(...page.way.register({ ...LIN, agreements: { sms: true }, attributes: { ink: 'red' } }))).toBe(page.way.done);
    expect(page.account(LIN.email)).toMatchObject({ ...LIN, active: false, agreements: { sms: true }, attributes: { ink: 'red' } });
    const [request, confirm] = page.way.activation;
    expect(await page.call(request, "'lin@shop.example'")).toBe(page.way.done);
    expect(await page.call(confirm, page.code())).toBe(page.way.done);
    expect(page.account(LIN.email)?.active).toBe(true);
    expect(await page.held()).toEqual(before);
  });

  test('activates by PIN with its own argument order', async () => {
    const page = await open(dialect, { ada: false });
    await page.call(...page.way.register(LIN));
    expect(await page.read('signInConditionally', page.way.status, "'lin@shop.example'", "'paper'")).toBe('ACTIVATION_REQUIRED');
    expect(await page.call('requestAccountActivationByPin', "'lin@shop.example'")).toBe(page.way.done);
    expect(await page.call(...page.way.pin("'lin@shop.example'", page.code()))).toBe(page.way.done);
    expect(await page.read('signInConditionally', page.way.status, "'lin@shop.example'", "'paper'")).toBe('SUCCESS');
    expect((await page.held()).signedIn).toBe(true);
  });

  test('signs in conditionally on success only', async () => {
    const page = await open(dialect, { ada: false });
    sandbox.auth.set(page.shop, { condition: 'MFA_REQUIRED' });
    const before = await page.held();
    expect(await page.read('signInConditionally', page.way.status, "'ada@shop.example'", "'lovelace'")).toBe('MFA_REQUIRED');
    expect(await page.held()).toEqual(before);
  });

  test('stores the agreements and attributes of a provider sign-in', async () => {
    const page = await open(dialect, { ada: false });
    await page.call(...page.way.authenticate("'lin@shop.example'", { agreements: { sms: true }, attributes: { ink: 'red' } }));
    expect(page.account('lin@shop.example')).toMatchObject({ agreements: { sms: true, email: false }, attributes: { ink: 'red' } });
  });

  test('deletes the account with its own argument order', async () => {
    const page = await open(dialect, { ada: false });
    await page.call(...page.way.authenticate("'lin@shop.example'", {}));
    const before = await page.held();
    expect(await page.failing(...page.way.remove("'guess'", "'GOOGLE'"))).toEqual([403, 'Wrong password or token.']);
    expect(await page.call(...page.way.remove("'lin@shop.example'", "'GOOGLE'"))).toBe(page.way.done);
    expect(page.account('lin@shop.example')).toBeUndefined();
    await page.until(`sandboxSdk.held().uuid !== '${before.uuid}' && sandboxSdk.held().token?.origin === 'ANONYMOUS'`);
  });

  test('reports a network failure', async () => {
    const page = await open(dialect);
    sandbox.auth.set(page.shop, { down: true });
    const told = page.way.error
      .replace('error.errorBody.message', 'error.errorType')
      .replace('.getErrorBody().getMessage()', '.getErrorType()');
    const failing = `new Promise((ok, ko) => ${page.way.run(['getAccount'])}).catch((error) => ${told})`;
    expect(await page.evaluate(failing)).toEqual([-1, dialect === 'ios' ? 'Network' : 'NETWORK_ERROR']);
    expect((await page.held()).signedIn).toBe(true);
  });

  test('opens a new anonymous session first when the anonymous token has expired', async () => {
    const page = await open(dialect, { ada: false });
    sandbox.auth.set(page.shop, { skew: 7200 });
    await page.evaluate(`void (Date.now = ((now) => () => now() + 7_200_000)(Date.now))`);
    expect(await page.call(...page.way.reset("'ada@shop.example'"))).toBe(page.way.done);
  });

  test('signs the customer out when the token has expired', async () => {
    const page = await open(dialect);
    sandbox.auth.set(page.shop, { skew: 7200 });
    await page.evaluate(`void (Date.now = ((now) => () => now() + 7_200_000)(Date.now))`);
    expect(await page.failing(...page.way.update({ city: 'Paris' }))).toEqual([401, 'The token has expired.']);
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
