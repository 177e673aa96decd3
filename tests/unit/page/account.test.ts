/** Every account operation, through the real agent, in each SDK's convention (facts §1.2–1.5, 1.7). The tables are written by hand. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { secretsOf } from '@/lib/forms/arguments';
import type { AgentRequest } from '@/lib/page/wire';
import { parseSaid } from '@/lib/protocol/agent';
import type { DialectName } from '@/lib/sdk/dialects/names';
import { ACCOUNT_OPERATION_NAMES, type AccountOperationName, OPERATIONS } from '@/lib/sdk/operations';
import { type Asker, type Callback, closePage, only, openPage, startAgent } from './page';

beforeEach(openPage);
afterEach(closePage);

type Fields = Record<string, unknown>;
type Native = Exclude<DialectName, 'web' | 'in-app'>;
const DIALECTS: readonly Native[] = ['react-native', 'flutter', 'ios', 'android'];
const SYNC: readonly string[] = ['recognizeAnonymous', 'isSignedIn', 'isSignedInViaSimpleAuthentication'];

/** How the SDK answers calls. */
type Answers = { ok: unknown } | { bad: unknown } | { throws: unknown } | { rejects: unknown };

/** One method call: positional arguments without callbacks, and named arguments. */
interface Called {
  readonly method: string;
  readonly args: readonly unknown[];
  readonly named: Fields;
}

const boom = (error: unknown) => {
  throw error;
};

/** Puts an SDK with these methods on the page. The methods follow the dialect's calling convention. */
function put(dialect: Native, methods: readonly string[], answers: Answers = { ok: true }) {
  const calls: Called[] = [];
  const end = (ok: Callback | undefined, bad: Callback | undefined) => {
    if ('ok' in answers) ok?.(answers.ok);
    else if ('bad' in answers) bad?.(answers.bad);
  };
  const fails = (): unknown => ('throws' in answers ? boom(answers.throws) : undefined);
  const made = (method: string) =>
    function (this: unknown, ...given: unknown[]): unknown {
      if (SYNC.includes(method)) {
        calls.push({ method, args: given, named: {} });
        fails();
        return 'rejects' in answers ? Promise.reject(answers.rejects) : 'ok' in answers ? answers.ok : undefined;
      }
      if (dialect === 'android') {
        calls.push({ method, args: given, named: {} });
        fails();
        return {
          execute: (ok: Callback, bad: Callback) => {
            if ('rejects' in answers) return Promise.reject(answers.rejects);
            end(ok, bad);
            return undefined;
          },
        };
      }
      if (dialect === 'flutter') {
        const { onSuccess, onError, ...named } = given.at(-1) as { onSuccess: Callback; onError: Callback } & Fields;
        calls.push({ method, args: given.slice(0, -1), named });
        fails();
        if ('rejects' in answers) return Promise.reject(answers.rejects);
        end(onSuccess, onError);
        return Promise.resolve(null);
      }
      const [ok, bad] = given.slice(-2) as Callback[];
      calls.push({ method, args: given.slice(0, -2), named: {} });
      fails();
      if ('rejects' in answers) return Promise.reject(answers.rejects);
      end(ok, bad);
      return undefined;
    };
  const token = { tokenString: 'raw-token', expirationDate: null, getRawJwt: () => 'raw-token' };
  const retrieve = {
    'react-native': (ok: Callback) => ok(token),
    ios: (ok: Callback) => ok(token),
    flutter: ({ onSuccess }: { onSuccess: Callback }) => onSuccess(token),
    android: () => ({ execute: (ok: Callback) => ok(token) }),
  };
  // Enough methods for detection to accept the object as a Synerise `Client`.
  const sure = { destroySession: () => undefined };
  const samples = { [dialect === 'android' ? 'getUuid' : 'getUUID']: () => 'uuid-1', retrieveToken: retrieve[dialect], ...sure };
  const client = {
    isSignedIn: () => false,
    isSignedInViaSimpleAuthentication: () => false,
    ...samples,
    ...Object.fromEntries(methods.map((method) => [method, made(method)])),
  };
  if (dialect === 'react-native') vi.stubGlobal('Synerise', { isInitialized: () => true, Client: client });
  else if (dialect === 'flutter') vi.stubGlobal('Synerise', { client });
  else vi.stubGlobal('Client', client);
  return { calls, client };
}

async function begun(): Promise<Asker> {
  const agent = await startAgent();
  agent.ask();
  await agent.pass(300);
  return agent;
}

/** Runs one operation as the background does, and returns its `settled` report. */
async function run(agent: Asker, operation: AccountOperationName, args: Fields = {}) {
  const secrets = secretsOf(operation);
  const command = { kind: 'run', id: 'op-1', client: 1, operation, args, ...(secrets.length && { secrets }), deadline: 10_000 };
  agent.ask({ command } as unknown as Partial<AgentRequest>);
  await agent.pass(200);
  return only(agent.reports, 'settled').at(-1);
}

/** The value as JSON data: enumerable own properties only. */
const asData = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

const UUID = '07243772-008a-42e1-ba37-c3807cebde8f';
const ALL: Fields = {
  email: 'ada@shop.example',
  password: 'pass-word',
  customId: 'c-1',
  uuid: UUID,
  firstName: 'Ada',
  lastName: 'L',
  displayName: 'AL',
  phone: '+48111222333',
  sex: 'FEMALE',
  birthDate: '1990-12-31',
  company: 'Engines',
  address: 'Main 1',
  zipCode: '00-001',
  city: 'Warsaw',
  province: 'MZ',
  countryCode: 'PL',
  avatarUrl: 'https://shop.example/a.png',
  agreements: { email: true, sms: false },
  attributes: { tier: 'gold', deep: { list: [1, null, { x: true }] } },
};
const only_ = (names: string, renamed: Fields = {}): Fields =>
  Object.fromEntries(names.split(' ').map((name) => [(renamed[name] as string | undefined) ?? name, ALL[name]]));

const BASIC =
  'firstName lastName displayName phone sex birthDate company address zipCode city province countryCode avatarUrl agreements attributes';
const UPDATE = `email customId uuid ${BASIC}`;
const REGISTER =
  'email password customId uuid firstName lastName phone sex company address zipCode city province countryCode agreements attributes';
const REGISTER_WITHOUT_UUID = REGISTER.replace(' uuid', '');
const DART_UPDATE =
  'email customId uuid firstName lastName phone sex company address zipCode city province countryCode agreements attributes';
const DART = { zipCode: 'zipcode', countryCode: 'countrycode' };
const JAVA = { phone: 'phoneNumber' };

const AGREED = { email: true, sms: false };
const ATTRIBUTES = ALL['attributes'];
const AUTH = { clientIdentityProvider: 'OAUTH', token: 't-1', authID: 'id-1', agreements: AGREED, attributes: ATTRIBUTES };
const BARE_AUTH = { clientIdentityProvider: 'APPLE', token: 't-1' };
const MAIL = { email: 'ada@shop.example', password: 'p-1', externalToken: 'x-1', authID: 'id-1' };
const GONE = { clientAuthFactor: 'f-1', clientIdentityProvider: 'GOOGLE', authID: 'id-1' };
const SIMPLE = { ...ALL, authID: 'id-1' };

/** The form's values, the SDK method, its positional arguments, and the named arguments beside the callbacks. */
type Row = readonly [given: Fields, method: string, args: readonly unknown[], named?: Fields];
type Table = Partial<Record<AccountOperationName, readonly Row[]>>;

/** The same in all four dialects (facts §1.2, and §1.1 for the getters). */
const ALIKE: Table = {
  getAccount: [[{}, 'getAccount', []]],
  signIn: [[{ email: 'e-1', password: 'p-1' }, 'signIn', ['e-1', 'p-1']]],
  signInConditionally: [[{ email: 'e-1', password: 'p-1' }, 'signInConditionally', ['e-1', 'p-1']]],
  isSignedIn: [[{}, 'isSignedIn', []]],
  isSignedInViaSimpleAuthentication: [[{}, 'isSignedInViaSimpleAuthentication', []]],
  requestAccountActivation: [[{ email: 'e-1' }, 'requestAccountActivation', ['e-1']]],
  confirmAccountActivation: [[{ token: 't-1' }, 'confirmAccountActivation', ['t-1']]],
  requestAccountActivationByPin: [[{ email: 'e-1' }, 'requestAccountActivationByPin', ['e-1']]],
  confirmEmailChange: [
    [{ token: 't-1', newsletterAgreement: true }, 'confirmEmailChange', ['t-1', true]],
    [{ token: 't-1', newsletterAgreement: false }, 'confirmEmailChange', ['t-1', false]],
  ],
  requestPhoneUpdate: [[{ phone: '+48111222333' }, 'requestPhoneUpdate', ['+48111222333']]],
  confirmPhoneUpdate: [
    [{ phone: '+48111222333', confirmationCode: 'c-1', smsAgreement: true }, 'confirmPhoneUpdate', ['+48111222333', 'c-1', true]],
    [{ phone: '+48111222333', confirmationCode: 'c-1', smsAgreement: false }, 'confirmPhoneUpdate', ['+48111222333', 'c-1', false]],
  ],
};
const RECOGNIZE: readonly Row[] = [
  [{ email: 'e-1', customIdentify: 'c-1', parameters: { a: 1 } }, 'recognizeAnonymous', ['e-1', 'c-1', { a: 1 }]],
  [{ customIdentify: 'c-1' }, 'recognizeAnonymous', [null, 'c-1', null]],
];
/** The Android bridge of React Native can't take null parameters (facts §8). */
const RECOGNIZE_WITH_OBJECT: readonly Row[] = [
  ...RECOGNIZE.slice(0, 1),
  [{ customIdentify: 'c-1' }, 'recognizeAnonymous', [null, 'c-1', {}]],
];
/** The same in React Native, Flutter and Android; iOS takes the new password first. */
const OLD_FIRST: readonly Row[] = [[{ oldPassword: 'old-1', newPassword: 'new-1' }, 'changePassword', ['old-1', 'new-1']]];
const PIN_FIRST: readonly Row[] = [[{ pinCode: '4711', email: 'e-1' }, 'confirmAccountActivationByPin', ['4711', 'e-1']]];
const MAIL_CHANGE: readonly Row[] = [
  [MAIL, 'requestEmailChange', ['ada@shop.example', 'p-1', 'x-1', 'id-1']],
  [{ email: 'e-1', password: 'p-1' }, 'requestEmailChange', ['e-1', 'p-1', null, null]],
  [{ email: 'e-1', externalToken: 'x-1' }, 'requestEmailChange', ['e-1', null, 'x-1', null]],
];
const DELETE: readonly Row[] = [
  [GONE, 'deleteAccount', ['f-1', 'GOOGLE', 'id-1']],
  [{ ...GONE, authID: undefined }, 'deleteAccount', ['f-1', 'GOOGLE', null]],
];
const SIMPLE_DATA: readonly Row[] = [
  [SIMPLE, 'simpleAuthentication', [only_(UPDATE), 'id-1']],
  [{ customId: 'c-1', authID: 'id-1' }, 'simpleAuthentication', [{ customId: 'c-1' }, 'id-1']],
];
const ONE_FIELD = (method: string): Row => [{ city: 'Łódź' }, method, [{ city: 'Łódź' }]];
const RESET_FIELD = (method: string): Row => [
  { company: null, attributes: { tier: null } },
  method,
  [{ company: null, attributes: { tier: null } }],
];

const TABLES: Readonly<Record<Native, Table>> = {
  'react-native': {
    ...ALIKE,
    recognizeAnonymous: RECOGNIZE_WITH_OBJECT,
    updateAccount: [[ALL, 'updateAccount', [only_(UPDATE)]], ONE_FIELD('updateAccount'), RESET_FIELD('updateAccount')],
    updateAccountBasicInformation: [
      [ALL, 'updateAccountBasicInformation', [only_(BASIC)]],
      ONE_FIELD('updateAccountBasicInformation'),
      RESET_FIELD('updateAccountBasicInformation'),
    ],
    registerAccount: [
      [ALL, 'registerAccount', [only_(REGISTER_WITHOUT_UUID)]],
      [{ email: 'e-1', password: 'p-1', city: 'x' }, 'registerAccount', [{ email: 'e-1', password: 'p-1', city: 'x' }]],
    ],
    authenticate: [
      [AUTH, 'authenticate', ['t-1', 'OAUTH', { authID: 'id-1', agreements: AGREED, attributes: ATTRIBUTES }]],
      [BARE_AUTH, 'authenticate', ['t-1', 'APPLE', {}]],
    ],
    authenticateConditionally: [
      [AUTH, 'authenticateConditionally', ['t-1', 'OAUTH', { authID: 'id-1', agreements: AGREED, attributes: ATTRIBUTES }]],
      [BARE_AUTH, 'authenticateConditionally', ['t-1', 'APPLE', {}]],
    ],
    simpleAuthentication: [...SIMPLE_DATA, [{ email: 'e-1' }, 'simpleAuthentication', [{ email: 'e-1' }, null]]],
    changePassword: OLD_FIRST,
    confirmAccountActivationByPin: PIN_FIRST,
    requestPasswordReset: [[{ email: 'e-1' }, 'requestPasswordReset', ['e-1']]],
    confirmPasswordReset: [[{ password: 'p-1', token: 't-1' }, 'confirmPasswordReset', ['p-1', 't-1']]],
    requestEmailChange: MAIL_CHANGE,
    deleteAccount: DELETE.map(([given, , args]): Row => [given, 'deleteAccountByIdentityProvider', args]),
  },
  flutter: {
    ...ALIKE,
    // Flutter's update context has no displayName, birthDate or avatarUrl.
    updateAccount: [
      [ALL, 'updateAccount', [only_(DART_UPDATE, DART)]],
      ONE_FIELD('updateAccount'),
      RESET_FIELD('updateAccount'),
      [{ zipCode: null, countryCode: 'PL' }, 'updateAccount', [{ zipcode: null, countrycode: 'PL' }]],
    ],
    updateAccountBasicInformation: [
      [ALL, 'updateAccountBasicInformation', [only_(BASIC, DART)]],
      ONE_FIELD('updateAccountBasicInformation'),
    ],
    registerAccount: [
      [ALL, 'registerAccount', [only_(REGISTER, DART)]],
      [{ email: 'e-1', password: 'p-1', zipCode: 'z' }, 'registerAccount', [{ email: 'e-1', password: 'p-1', zipcode: 'z' }]],
    ],
    authenticate: [
      [AUTH, 'authenticate', [{ authId: 'id-1', agreements: AGREED, attributes: ATTRIBUTES }, 'OAUTH', 't-1']],
      [BARE_AUTH, 'authenticate', [{}, 'APPLE', 't-1']],
    ],
    authenticateConditionally: [
      [
        AUTH,
        'authenticateConditionally',
        ['OAUTH', 't-1'],
        { clientAuthContext: { agreements: AGREED, attributes: ATTRIBUTES }, authID: 'id-1' },
      ],
      [BARE_AUTH, 'authenticateConditionally', ['APPLE', 't-1']],
    ],
    simpleAuthentication: SIMPLE_DATA,
    changePassword: OLD_FIRST,
    confirmAccountActivationByPin: [[{ pinCode: '4711', email: 'e-1' }, 'confirmAccountActivationByPin', ['e-1', '4711']]],
    requestPasswordReset: [[{ email: 'e-1' }, 'requestPasswordReset', ['e-1']]],
    confirmPasswordReset: [[{ password: 'p-1', token: 't-1' }, 'confirmPasswordReset', ['t-1', 'p-1']]],
    requestEmailChange: [
      [MAIL, 'requestEmailChange', ['ada@shop.example', 'p-1'], { externalToken: 'x-1', authID: 'id-1' }],
      [{ email: 'e-1', password: 'p-1' }, 'requestEmailChange', ['e-1', 'p-1']],
      [{ email: 'e-1', password: 'p-1', authID: 'id-1' }, 'requestEmailChange', ['e-1', 'p-1'], { authID: 'id-1' }],
    ],
    deleteAccount: DELETE,
  },
  ios: {
    ...ALIKE,
    recognizeAnonymous: RECOGNIZE,
    updateAccount: [[ALL, 'updateAccount', [only_(UPDATE)]], ONE_FIELD('updateAccount'), RESET_FIELD('updateAccount')],
    updateAccountBasicInformation: [[ALL, 'updateAccountBasicInformation', [only_(BASIC)]], ONE_FIELD('updateAccountBasicInformation')],
    registerAccount: [[ALL, 'registerAccount', [only_(REGISTER_WITHOUT_UUID)]]],
    authenticate: [
      [AUTH, 'authenticate', ['t-1', 'OAUTH', 'id-1', { agreements: AGREED, attributes: ATTRIBUTES }]],
      [BARE_AUTH, 'authenticate', ['t-1', 'APPLE', null, null]],
    ],
    authenticateConditionally: [
      [AUTH, 'authenticateConditionally', ['t-1', 'OAUTH', 'id-1', { agreements: AGREED, attributes: ATTRIBUTES }]],
      [BARE_AUTH, 'authenticateConditionally', ['t-1', 'APPLE', null, null]],
    ],
    simpleAuthentication: [
      ...SIMPLE_DATA,
      [
        { customId: 'c-1', tags: ['vip', 'pl'], authID: 'id-1' },
        'simpleAuthentication',
        [{ customId: 'c-1', tags: ['vip', 'pl'] }, 'id-1'],
      ],
    ],
    changePassword: [[{ oldPassword: 'old-1', newPassword: 'new-1' }, 'changePassword', ['new-1', 'old-1']]],
    confirmAccountActivationByPin: PIN_FIRST,
    requestPasswordReset: [[{ email: 'e-1' }, 'requestPasswordReset', [{ email: 'e-1' }]]],
    confirmPasswordReset: [[{ password: 'p-1', token: 't-1' }, 'confirmResetPassword', [{ password: 'p-1', token: 't-1' }]]],
    requestEmailChange: MAIL_CHANGE,
    deleteAccount: DELETE,
  },
  android: {
    ...ALIKE,
    recognizeAnonymous: RECOGNIZE,
    updateAccount: [[ALL, 'updateAccount', [only_(UPDATE, JAVA)]], ONE_FIELD('updateAccount'), RESET_FIELD('updateAccount')],
    updateAccountBasicInformation: [
      [ALL, 'updateAccountBasicInformation', [only_(BASIC, JAVA)]],
      ONE_FIELD('updateAccountBasicInformation'),
    ],
    registerAccount: [[ALL, 'registerAccount', [only_(REGISTER)]]],
    authenticate: [
      [AUTH, 'authenticate', ['t-1', 'OAUTH', AGREED, ATTRIBUTES, 'id-1']],
      [BARE_AUTH, 'authenticate', ['t-1', 'APPLE', null, null, null]],
    ],
    authenticateConditionally: [
      [AUTH, 'authenticateConditionally', ['t-1', 'OAUTH', AGREED, ATTRIBUTES, 'id-1']],
      [BARE_AUTH, 'authenticateConditionally', ['t-1', 'APPLE', null, null, null]],
    ],
    simpleAuthentication: [[SIMPLE, 'simpleAuthentication', [only_(UPDATE, JAVA), 'id-1']]],
    changePassword: OLD_FIRST,
    confirmAccountActivationByPin: PIN_FIRST,
    requestPasswordReset: [[{ email: 'e-1' }, 'requestPasswordReset', [{ email: 'e-1' }]]],
    confirmPasswordReset: [[{ password: 'p-1', token: 't-1' }, 'confirmPasswordReset', [{ password: 'p-1', token: 't-1' }]]],
    confirmPhoneUpdate: [
      ...(ALIKE.confirmPhoneUpdate ?? []),
      [{ phone: '12345', confirmationCode: 'c-1' }, 'confirmPhoneUpdate', ['12345', 'c-1', null]],
    ],
    requestEmailChange: MAIL_CHANGE,
    deleteAccount: DELETE,
  },
};
const ROWS = DIALECTS.flatMap((dialect) =>
  Object.entries(TABLES[dialect]).flatMap(([operation, rows]) =>
    rows.map((row, index) => ({ dialect, operation: operation as AccountOperationName, nth: index + 1, row })),
  ),
);
/** Every method name of any dialect: the fake SDK has them all, so that a call to a wrong one is noticed. */
const METHODS = [...new Set(ROWS.map(({ row }) => row[1]))];

describe('each account operation', () => {
  it.each(DIALECTS)('has rows for %s, except for operations the SDK lacks', (dialect) => {
    const lacks = dialect === 'flutter' ? ['recognizeAnonymous'] : [];
    expect([...Object.keys(TABLES[dialect]), ...lacks].sort()).toEqual([...ACCOUNT_OPERATION_NAMES].sort());
  });

  it.each(ROWS)('$dialect $operation ($nth) calls the SDK method with each value in its position', async ({ dialect, operation, row }) => {
    const [values, method, args, named = {}] = row;
    const methods = dialect === 'react-native' ? METHODS : METHODS.filter((one) => one !== 'deleteAccountByIdentityProvider');
    const { calls } = put(dialect, methods, { ok: SYNC.includes(operation) ? false : { status: 'SUCCESS' } });
    const agent = await begun();
    calls.length = 0;
    const settled = await run(agent, operation, values);
    const own = calls.filter((one) => SYNC.includes(operation) || !SYNC.includes(one.method));
    expect([...new Set(own.map((one) => one.method))].filter((one) => one === method || !SYNC.includes(one))).toEqual([method]);
    const [called] = own.filter((one) => one.method === method);
    expect({ args: asData(called?.args), named: asData(called?.named) }).toEqual({ args, named: asData(named) });
    expect(settled).toMatchObject({ id: 'op-1', how: 'success', error: null });
  });

  it('calls nothing in Flutter for an operation its SDK lacks', async () => {
    const { calls } = put('flutter', ['recognizeAnonymous']);
    expect(await run(await begun(), 'recognizeAnonymous', { email: 'e-1' })).toMatchObject({ how: 'missing' });
    expect(calls).toEqual([]);
  });

  it.each(DIALECTS)('%s: reports a failed call as an error with its code and message', async (dialect) => {
    put(dialect, ['requestPhoneUpdate'], { bad: { code: 403, message: 'Forbidden' } });
    expect(await run(await begun(), 'requestPhoneUpdate', { phone: '12345' })).toMatchObject({
      how: 'error',
      value: null,
      error: { code: 403, message: 'Forbidden' },
    });
  });
});

describe('old and new method names', () => {
  const OLD: readonly (readonly [AccountOperationName, string, string, Fields, unknown])[] = [
    ['requestAccountActivation', 'requestAccountActivation', 'activateAccount', { email: 'e-1' }, 'e-1'],
    ['confirmAccountActivation', 'confirmAccountActivation', 'confirmAccount', { token: 't-1' }, 't-1'],
  ];
  const rows = DIALECTS.flatMap((dialect) => OLD.map((row) => [dialect, ...row] as const));
  it.each(rows)('%s %s: the old method is called only when the new one is missing', async (dialect, operation, now, old, values, arg) => {
    const before = put(dialect, [old]);
    expect(await run(await begun(), operation, values)).toMatchObject({ how: 'success' });
    expect(before.calls).toMatchObject([{ method: old, args: [arg] }]);
    closePage();
    openPage();
    const after = put(dialect, [old, now]);
    expect(await run(await begun(), operation, values)).toMatchObject({ how: 'success' });
    expect(after.calls).toMatchObject([{ method: now, args: [arg] }]);
  });

  it.each(DIALECTS)('%s: an operation whose methods are all absent is reported as missing before it runs', async (dialect) => {
    put(dialect, ['updateAccount']);
    const agent = await begun();
    const [told] = only(agent.reports, 'page').flatMap(({ clients }) => clients);
    expect(told?.missing).toContain('confirmAccountActivation');
    expect(told?.missing).not.toContain('updateAccount');
    expect(await run(agent, 'confirmAccountActivation', { token: 't-1' })).toMatchObject({ how: 'missing' });
  });
});

describe('a context argument', () => {
  type Context = Fields & { toObject(): Fields };
  const contextOf = async (dialect: Native, operation: AccountOperationName, values: Fields): Promise<Context> => {
    const { calls } = put(dialect, [TABLES[dialect][operation]?.[0]?.[1] ?? operation]);
    await run(await begun(), operation, values);
    return calls[0]?.args[0] as Context;
  };

  // Facts §1.3: the SDK calls `toObject()` on every context argument, and copies agreements through their own class.
  it.each([
    'updateAccount',
    'updateAccountBasicInformation',
    'registerAccount',
    'simpleAuthentication',
  ] as const)('of %s has the toObject() that React Native calls; it returns plain copies, nested objects included', async (operation) => {
    const context = await contextOf('react-native', operation, SIMPLE);
    const made = context.toObject();
    expect(asData(made)).toEqual(asData(context));
    expect(made['city']).toBe('Warsaw');
    expect(asData(made['agreements'])).toEqual(AGREED);
    expect(Object.keys(context)).not.toContain('toObject');
    made['city'] = 'elsewhere';
    (made['agreements'] as Fields)['email'] = false;
    expect([context['city'], (context['agreements'] as Fields)['email']]).toEqual(['Warsaw', true]);
  });

  it('can be changed by the SDK, as an instance of its own class can', async () => {
    const context = await contextOf('ios', 'updateAccount', { city: 'x' });
    context['city'] = 'y';
    context['more'] = 1;
    expect(context).toMatchObject({ city: 'y', more: 1 });
  });

  it('on Android has a getter for each field, named after Android’s own fields', async () => {
    const context = (await contextOf('android', 'updateAccount', ALL)) as unknown as Record<string, () => unknown>;
    const told = (name: string) => asData(context[name]?.call(context));
    const names =
      'getEmail getCustomId getUuid getFirstName getLastName getDisplayName getPhoneNumber getSex getBirthDate getCompany getAddress getZipCode getCity getProvince getCountryCode getAvatarUrl';
    expect(Object.fromEntries(names.split(' ').map((name) => [name, told(name)]))).toEqual({
      getEmail: 'ada@shop.example',
      getCustomId: 'c-1',
      getUuid: UUID,
      getFirstName: 'Ada',
      getLastName: 'L',
      getDisplayName: 'AL',
      getPhoneNumber: '+48111222333',
      getSex: 'FEMALE',
      getBirthDate: '1990-12-31',
      getCompany: 'Engines',
      getAddress: 'Main 1',
      getZipCode: '00-001',
      getCity: 'Warsaw',
      getProvince: 'MZ',
      getCountryCode: 'PL',
      getAvatarUrl: 'https://shop.example/a.png',
    });
    const agreements = context['getAgreements']?.() as unknown as Record<string, () => unknown>;
    expect([agreements['getEmail']?.(), agreements['getSms']?.(), agreements['getPush']]).toEqual([true, false, undefined]);
    expect(told('getAttributes')).toEqual(ATTRIBUTES);
    expect(context['getPhone']).toBeUndefined();
  });

  it('of Android’s password reset has getters', async () => {
    const reset = (await contextOf('android', 'confirmPasswordReset', { password: 'p-1', token: 't-1' })) as unknown as {
      getPassword(): unknown;
      getToken(): unknown;
    };
    expect([reset.getPassword(), reset.getToken()]).toEqual(['p-1', 't-1']);
  });

  it.each(['react-native', 'flutter', 'ios'] as const)('on %s has no getters', async (dialect) => {
    const context = await contextOf(dialect, 'updateAccount', { city: 'x' });
    expect(Object.getOwnPropertyNames(context).sort()).toEqual(['city', 'toObject']);
  });

  it.each(DIALECTS)('%s: attributes with any name reach the SDK', async (dialect) => {
    const attributes = JSON.parse('{"__proto__":{"polluted":1},"constructor":"c","toObject":"t","getA":1,"a":2,"":"e"}') as Fields;
    const context = await contextOf(dialect, 'updateAccount', { attributes });
    expect(asData(context['attributes'])).toEqual(attributes);
    expect(({} as Fields)['polluted']).toBeUndefined();
  });
});

describe('the result of getAccount', () => {
  const told = { clientId: 434, email: 'ada@shop.example', anonymous: false, tags: ['a', 'b'], agreements: { email: true }, sex: 'FEMALE' };

  it.each(['react-native', 'flutter', 'ios'] as const)('%s: is reported unchanged, with a Date as an ISO string', async (dialect) => {
    put(dialect, ['getAccount'], { ok: { ...told, lastActivityDate: new Date(Date.UTC(2026, 0, 2)) } });
    expect(asData((await run(await begun(), 'getAccount'))?.value)).toEqual({ ...told, lastActivityDate: '2026-01-02T00:00:00.000Z' });
  });

  const own = (fields: Fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, () => value]));
  it.each<[string, Fields, Fields]>([
    [
      'by getters, including those of enum objects and agreements',
      own({
        getClientId: 434,
        getEmail: 'ada@shop.example',
        getFirstName: 'Ada',
        getPhone: '+48',
        getAnonymous: false,
        getSex: own({ getSex: 'FEMALE' }),
        getAgreements: own({ getEmail: true, getSms: false }),
        getAttributes: { tier: 'gold' },
        getTags: ['a'],
        getLastActivityDate: new Date(Date.UTC(2026, 0, 2)),
      }),
      {
        clientId: 434,
        email: 'ada@shop.example',
        firstName: 'Ada',
        phone: '+48',
        anonymous: false,
        sex: 'FEMALE',
        agreements: { email: true, sms: false },
        attributes: { tier: 'gold' },
        tags: ['a'],
        lastActivityDate: '2026-01-02T00:00:00.000Z',
      },
    ],
    ['sex as a Kotlin enum', own({ getSex: own({ name: 'MALE' }) }), { sex: 'MALE' }],
    ['sex as a string', own({ getSex: 'OTHER' }), { sex: 'OTHER' }],
    ['by properties where getters are missing', { email: 'm-1', sex: 'MALE', lastName: 'L' }, { email: 'm-1', sex: 'MALE', lastName: 'L' }],
    ['in part when one getter throws', { ...own({ getEmail: 'e' }), getCity: () => boom(new Error('no')) }, { email: 'e' }],
  ])('android: is read %s', async (_how, account, expected) => {
    put('android', ['getAccount'], { ok: account });
    const value = asData((await run(await begun(), 'getAccount'))?.value) as Fields;
    const given = (fields: Fields): Fields =>
      Object.fromEntries(
        Object.entries(fields).flatMap(([name, one]) => {
          const inner = name === 'agreements' ? given(one as Fields) : one;
          return one === null || (name === 'agreements' && !Object.keys(inner as Fields).length) ? [] : [[name, inner]];
        }),
      );
    expect(given(value)).toEqual(expected);
  });

  it.each([
    ['getters', { getStatus: () => ({ name: () => 'MFA_REQUIRED' }), getConditions: () => [{ a: 1 }] }],
    ['properties', { status: 'MFA_REQUIRED', conditions: [{ a: 1 }] }],
  ])('android: conditions are read by %s', async (_how, value) => {
    for (const operation of ['signInConditionally', 'authenticateConditionally'] as const) {
      put('android', [operation], { ok: value });
      expect(asData((await run(await begun(), operation, AUTH))?.value)).toEqual({ status: 'MFA_REQUIRED', conditions: [{ a: 1 }] });
      closePage();
      openPage();
    }
  });
});

describe('a secret argument', () => {
  /** The secret arguments of every operation that has any. */
  const SECRETS = ACCOUNT_OPERATION_NAMES.flatMap((operation) => {
    const names = OPERATIONS[operation].args.flatMap((arg) => (arg.type === 'text' && arg.secret ? [arg.name] : []));
    return names.length ? [{ operation, names }] : [];
  });
  const valuesOf = (operation: AccountOperationName, names: readonly string[]): Fields => ({
    ...(TABLES['react-native'][operation]?.[0]?.[0] ?? {}),
    ...Object.fromEntries(names.map((name) => [name, `zq-${name}-9!`])),
  });
  const HIDDEN = /zq-\w+-9!/;
  /** The answer of an SDK that repeats the given strings in its message, code, keys and lists. */
  const echo = (texts: readonly string[]) => ({
    message: `No: ${texts.join(' and ')} and ${texts.join(', ')}.`,
    code: texts[0],
    list: [texts, [{ deep: { rejectedValue: texts.join('') } }]],
    again: texts.map((text) => `<${text}${text}>`),
  });

  it('is any argument that the catalog marks as secret', () => {
    expect(SECRETS.map(({ operation, names }) => `${operation}: ${names.join(' ')}`)).toEqual([
      'signIn: password',
      'signInConditionally: password',
      'authenticate: token',
      'authenticateConditionally: token',
      'registerAccount: password',
      'confirmAccountActivation: token',
      'confirmAccountActivationByPin: pinCode',
      'changePassword: oldPassword newPassword',
      'confirmPasswordReset: password token',
      'requestEmailChange: password externalToken',
      'confirmEmailChange: token',
      'confirmPhoneUpdate: confirmationCode',
      'deleteAccount: clientAuthFactor',
    ]);
  });

  const rows = DIALECTS.flatMap((dialect) => SECRETS.map((one) => ({ dialect, ...one })));
  it.each(rows)('$dialect $operation: appears in no report even if the page repeats it', async ({ dialect, operation, names }) => {
    const values = valuesOf(operation, names);
    const texts = names.map((name) => String(values[name]));
    const method = TABLES[dialect][operation]?.[0]?.[1] ?? operation;
    const thrown = Object.assign(new Error(echo(texts).message), echo(texts));
    const ways: readonly [Answers, string][] = [
      [{ ok: echo(texts) }, 'success'],
      [{ bad: { ...echo(texts), httpCode: 403, errorBody: echo(texts), details: echo(texts) } }, 'error'],
      [{ throws: thrown }, 'threw'],
      [{ rejects: thrown }, 'rejected'],
      [{ throws: texts[0] }, 'threw'],
      [{ ok: texts.join(' ') }, 'success'],
    ];
    for (const [answers, how] of ways) {
      put(dialect, [method], answers);
      const settled = await run(await begun(), operation, values);
      expect(settled).toMatchObject({ how });
      expect(JSON.stringify(settled).match(HIDDEN), how).toBeNull();
      // Android reads only status and conditions from a conditional answer, so nothing is left to redact there.
      if (!('ok' in answers && /Conditionally/.test(operation))) expect(JSON.stringify(settled)).toContain('[secret]');
      closePage();
      openPage();
    }
  });

  const settles = async (operation: AccountOperationName, values: Fields, answers: Answers) => {
    put('react-native', [TABLES['react-native'][operation]?.[0]?.[1] ?? operation], answers);
    const agent = await begun();
    return { settled: await run(agent, operation, values), agent };
  };

  it.each([
    'a.*b$(1)',
    '[x',
    '\\',
    '\\d+',
    '🙂',
    'żółć ß',
    'secret',
    '$&',
    ' two words ',
    'a|b',
    '^',
    '-',
  ])('is hidden whatever characters it contains: %j', async (password) => {
    const said = `1${password}2${password}x${password}3`;
    const { settled } = await settles('signIn', { email: 'e@x', password }, { ok: { said } });
    expect(asData(settled?.value)).toEqual({ said: '1[secret]2[secret]x[secret]3' });
  });

  it('is hidden in a string that contains it JSON-escaped or URL-encoded', async () => {
    const password = 'p"q\\r s/ż';
    const said = [JSON.stringify({ password }), `https://x.y/?p=${encodeURIComponent(password)}`];
    const { settled } = await settles('signIn', { email: 'e@x', password }, { ok: said });
    expect(asData(settled?.value)).toEqual(['{"password":"[secret]"}', 'https://x.y/?p=[secret]']);
  });

  it('is not removed from reports that do not belong to the operation', async () => {
    const { settled, agent } = await settles('signIn', { email: 'e@x', password: 'uuid' }, { ok: 'my uuid' });
    expect(settled?.value).toBe('my [secret]');
    Object.assign((globalThis as unknown as { Synerise: { Client: object } }).Synerise.Client, { getUUID: () => 'uuid-2' });
    await agent.pass(1500);
    expect(only(agent.reports, 'sample').map(({ uuid }) => uuid)).toEqual(['uuid-1', 'uuid-2']);
    agent.ask({
      command: {
        kind: 'run',
        id: 'op-2',
        document: '',
        origin: '',
        client: 1,
        operation: 'getUUID',
        args: {},
        deadline: 1000,
        notAfter: Number.MAX_SAFE_INTEGER,
      },
    });
    await agent.pass(200);
    expect(only(agent.reports, 'settled').at(-1)).toMatchObject({ id: 'op-2', value: 'uuid-2' });
  });

  it('is hidden as an object key', async () => {
    const { settled } = await settles(
      'signIn',
      { email: 'e-1', password: 'zq-x-9!' },
      { bad: { code: 400, errors: { 'zq-x-9!': 'weak' } } },
    );
    expect(JSON.stringify(settled)).not.toMatch(HIDDEN);
  });

  it('is hidden where one secret contains another', async () => {
    for (const [oldPassword, newPassword] of [
      ['hunter', 'hunter2-more'],
      ['hunter2-more', 'hunter'],
    ]) {
      const { settled } = await settles('changePassword', { oldPassword, newPassword }, { ok: { said: 'from hunter to hunter2-more' } });
      expect(asData(settled?.value)).toEqual({ said: 'from [secret] to [secret]' });
      closePage();
      openPage();
    }
  });

  it('is hidden where the page repeats it as a number', async () => {
    const { settled } = await settles(
      'confirmAccountActivationByPin',
      { pinCode: '471147', email: 'e-1' },
      { bad: { code: 400, message: 'Wrong.', errors: [{ field: 'pin', rejectedValue: 471147 }] } },
    );
    expect(JSON.stringify(settled)).not.toContain('471147');
  });

  it('is hidden where truncation would cut it at the end of a long string', async () => {
    const secret = `hunter2-${'x'.repeat(40)}`;
    const { settled } = await settles(
      'signIn',
      { email: 'e-1', password: secret },
      { bad: { code: 400, message: 'm'.repeat(480) + secret, detail: 'd'.repeat(3980) + secret } },
    );
    expect(JSON.stringify(settled)).not.toContain('hunter2');
  });

  it('does not make a reply too long to parse, however short the secret', async () => {
    const { agent } = await settles('signIn', { email: 'e-1', password: 'e' }, { bad: { code: 'e'.repeat(90), message: 'e'.repeat(480) } });
    const reply = agent.raw({ cursor: 0 });
    expect(() => parseSaid(reply, 'https://shop.example')).not.toThrow();
  });

  it('is not replaced when it is empty or missing', async () => {
    const { settled } = await settles(
      'requestEmailChange',
      { email: 'e-1', externalToken: 'zq-x-9!' },
      { ok: { said: 'a null b zq-x-9!' } },
    );
    expect(asData(settled?.value)).toEqual({ said: 'a null b [secret]' });
  });
});
