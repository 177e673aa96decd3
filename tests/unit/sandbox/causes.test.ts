// Causes of a changed UUID or token (notes §2.2): each can be produced in each mobile dialect with the SDK's own methods.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/server.mjs';
import { openSite } from './site';

let sandbox: Sandbox;
let shops = 0;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const ADA = "'ada@shop.example', 'lovelace'";
const GRACE = "'grace@shop.example', 'cobol'";

/** Page code that calls each dialect's methods in its own argument order and returns a promise. */
const WAYS = {
  'react-native': {
    call: (method: string, args: string) => `new Promise((ok, ko) => Synerise.Client.${method}(${args}${args && ', '}ok, ko))`,
    settings: 'Synerise.Settings.sdk',
    simple: (data: string, authID: string) => ['simpleAuthentication', `new Synerise.ClientSimpleAuthenticationData(${data}), ${authID}`],
    authenticate: (token: string, authID: string) => [
      'authenticate',
      `${token}, 'GOOGLE', new Synerise.ClientAuthContext({ authID: ${authID} })`,
    ],
    conditionally: (token: string, authID: string) => [
      'authenticateConditionally',
      `${token}, 'GOOGLE', new Synerise.ClientConditionalAuthContext({ authID: ${authID} })`,
    ],
    remove: (factor: string) => ['deleteAccountByIdentityProvider', `${factor}, 'SYNERISE', null`],
    listen:
      'Synerise.Client.setClientStateChangeListener({ onClientSignedIn: () => told.push("in"), onClientSignedOut: (why) => told.push(why) })',
    status: 'result.status',
    code: 'error.code',
  },
  flutter: {
    call: (method: string, args: string) =>
      `new Promise((onSuccess, onError) => Synerise.client.${method}(${args}${args && ', '}{ onSuccess, onError }))`,
    settings: 'Synerise.settings.sdk',
    simple: (data: string, authID: string) => ['simpleAuthentication', `${data}, ${authID}`],
    authenticate: (token: string, authID: string) => ['authenticate', `{ authID: ${authID} }, 'GOOGLE', ${token}`],
    conditionally: null,
    remove: (factor: string) => ['deleteAccount', `${factor}, 'SYNERISE', null`],
    // Flutter has no listener.
    listen: null,
    status: 'result.status',
    code: 'error.code',
  },
  ios: {
    call: (method: string, args: string) => `new Promise((ok, ko) => Client.${method}(${args}${args && ', '}ok, ko))`,
    settings: 'Synerise.settings.sdk',
    simple: (data: string, authID: string) => ['simpleAuthentication', `${data}, ${authID}`],
    authenticate: (token: string, authID: string) => ['authenticate', `${token}, 'GOOGLE', ${authID}, null`],
    conditionally: (token: string, authID: string) => ['authenticateConditionally', `${token}, 'GOOGLE', ${authID}, null`],
    remove: (factor: string) => ['deleteAccount', `${factor}, 'SYNERISE', null`],
    listen:
      'Client.setClientStateDelegate({ snr_clientIsSignedIn: () => told.push("in"), snr_clientIsSignedOut: (why) => told.push(why) })',
    status: 'result.status',
    code: 'error.code',
  },
  android: {
    call: (method: string, args: string) => `new Promise((ok, ko) => Client.${method}(${args}).execute(ok, ko))`,
    settings: 'Synerise.settings.sdk',
    simple: (data: string, authID: string) => [
      'simpleAuthentication',
      `((data) => new Synerise.ClientData().setEmail(data.email).setCustomId(data.customId).setUuid(data.uuid))(${data}), ${authID}`,
    ],
    authenticate: (token: string, authID: string) => ['authenticate', `${token}, 'GOOGLE', null, null, ${authID}`],
    conditionally: (token: string, authID: string) => ['authenticateConditionally', `${token}, 'GOOGLE', null, null, ${authID}`],
    remove: (factor: string) => ['deleteAccount', `${factor}, 'SYNERISE', null`],
    listen:
      'Client.setOnClientStateChangeListener({ onClientSignedIn: () => told.push("in"), onClientSignedOut: (why) => told.push(why) })',
    status: 'result.getStatus().name()',
    code: 'error.getHttpCode()',
  },
} as const;
type Dialect = keyof typeof WAYS;
const DIALECTS = Object.keys(WAYS) as Dialect[];

/** Opens a page in a separate shop with an open anonymous session. `more` joins an existing shop and site. */
async function open(dialect: Dialect, search = '', more?: { shop: string; site: ReturnType<typeof openSite> }) {
  const shop = more?.shop ?? `shop-${shops++}`;
  const site = more?.site ?? openSite(sandbox);
  const page = await site.page(dialect, `?shop=${shop}&init=0&${search}`);
  if (dialect === 'react-native') await page.evaluate('Synerise.Initializer().init()');
  await page.evaluate('void (globalThis.told = [])');
  const way = WAYS[dialect];
  if (way.listen) await page.evaluate(way.listen);
  await page.until('sandboxSdk.held().token');
  return {
    ...page,
    shop,
    site,
    call: (method: string, args = '') => page.evaluate(`${way.call(method, args)}.then(() => 'ok')`),
    failing: (method: string, args = '') => page.evaluate(`${way.call(method, args)}.then(() => 'ok', (error) => ${way.code})`),
    anonymousAgain: (uuid: string) => page.until(`sandboxSdk.held().uuid !== '${uuid}' && sandboxSdk.held().token?.origin === 'ANONYMOUS'`),
    asked: () => sandbox.auth.requests.filter((request) => request.shop === shop),
  };
}

/** Expects these calls of the state listener, if the dialect has one. */
const told = (dialect: Dialect, page: { evaluate(code: string): Promise<unknown> }, ...expected: string[]) =>
  WAYS[dialect].listen ? page.evaluate('told').then((said) => expect(said).toEqual(expected)) : undefined;

describe.concurrent.each(DIALECTS)('%s', (dialect) => {
  const way = WAYS[dialect];

  test('a new API key destroys the session and is sent with requests', async () => {
    const page = await open(dialect);
    await page.call('signIn', ADA);
    const { uuid } = await page.held();
    await page.evaluate("Synerise.changeApiKey('00000000-0000-4000-8000-00000000beef')");
    expect(await page.held()).toMatchObject({ signedIn: false, account: null });
    await page.anonymousAgain(uuid);
    await told(dialect, page, 'in', 'SESSION_DESTROYED');
    expect(page.asked().at(-1)).toMatchObject({ apiKey: '00000000-0000-4000-8000-00000000beef' });
    expect(await page.evaluate('sandboxSdk.calls.at(-1)')).toEqual(['changeApiKey', ['00000000-0000-4000-8000-00000000beef']]);
  });

  test('a new API key keeps the session if the setting says so', async () => {
    const page = await open(dialect);
    const before = await page.held();
    await page.evaluate(`void (${way.settings}.shouldDestroySessionOnApiKeyChange = false)`);
    await page.evaluate("Synerise.changeApiKey('00000000-0000-4000-8000-00000000beef')");
    expect(await page.held()).toEqual(before);
  });

  test('the settings have their default values', async () => {
    const page = await open(dialect);
    expect(await page.evaluate(way.settings)).toEqual({
      enabled: true,
      doNotTrack: false,
      minTokenRefreshInterval: 1800,
      shouldDestroySessionOnApiKeyChange: true,
    });
  });

  test('doNotTrack starts an incognito session with a random UUID and no sign-in; turned off, an anonymous one', async () => {
    const page = await open(dialect);
    await page.call('signIn', ADA);
    const { uuid } = await page.held();
    await page.evaluate(`void (${way.settings}.doNotTrack = true)`);
    await page.until("sandboxSdk.held().token?.origin === 'INCOGNITO'");
    const hidden = await page.held();
    expect(hidden.uuid).not.toBe(uuid);
    expect(hidden.signedIn).toBe(false);
    await told(dialect, page, 'in', 'SYSTEM_SIGN_OUT');
    expect(page.asked().at(-1)).toMatchObject({ path: '/sauth/v3/auth/login/client/incognito', uuid: hidden.uuid });
    expect(await page.failing('signIn', ADA)).toBe(dialect === 'android' ? -1 : -109);
    await page.evaluate(`void (${way.settings}.doNotTrack = false)`);
    await page.until("sandboxSdk.held().token?.origin === 'ANONYMOUS'");
    expect((await page.held()).uuid).toBe(hidden.uuid);
  });

  test('Simple Authentication uses the UUID of its seed, or the given one', async () => {
    const page = await open(dialect);
    const [method = '', args = ''] = way.simple("{ email: 'lin@shop.example', customId: 'lin' }", "'seed'");
    await page.call(method, args);
    const first = await page.held();
    expect(first).toMatchObject({ signedIn: false, token: { origin: 'SIMPLE_AUTH' } });
    const client = dialect === 'ios' || dialect === 'android' ? 'Client' : dialect === 'flutter' ? 'Synerise.client' : 'Synerise.Client';
    expect(await page.evaluate(`${client}.isSignedInViaSimpleAuthentication()`)).toBe(true);
    expect(await page.evaluate(`${client}.isSignedIn()`)).toBe(false);
    const again = await open(dialect);
    await again.call(method, args);
    expect((await again.held()).uuid).toBe(first.uuid);
    const [, own = ''] = way.simple("{ uuid: '00000000-0000-4000-8000-0000000000aa', customId: 'lin' }", "'seed'");
    await page.call(method, own);
    expect((await page.held()).uuid).toBe('00000000-0000-4000-8000-0000000000aa');
  });

  test('a provider signs the customer in, with the UUID derived from the authID if given', async () => {
    const page = await open(dialect);
    const { uuid } = await page.held();
    const [method = '', plain = ''] = way.authenticate("'new@shop.example'", 'null');
    await page.call(method, plain);
    expect(await page.held()).toMatchObject({ uuid, signedIn: true, token: { origin: 'GOOGLE' } });
    const [, seeded = ''] = way.authenticate("'new@shop.example'", "'seed'");
    await page.call(method, seeded);
    const { uuid: own } = await page.held();
    expect(own).not.toBe(uuid);
    await page.call(method, seeded);
    expect((await page.held()).uuid).toBe(own);
    await told(dialect, page, 'in', 'in', 'in');
    expect(await page.failing(method, way.authenticate("'nobody'", 'null')[1])).toBe(dialect === 'ios' ? null : 401);
  });

  test('a conditional authentication signs in only a known customer', async () => {
    const page = await open(dialect);
    const before = await page.held();
    const status = async (token: string, authID: string) => {
      if (way.conditionally === null) {
        const named = `{ authID: ${authID}, onSuccess, onError }`;
        const code = `new Promise((onSuccess, onError) => Synerise.client.authenticateConditionally('GOOGLE', ${token}, ${named}))`;
        return page.evaluate(`${code}.then((result) => ${way.status})`);
      }
      const [method = '', args = ''] = way.conditionally(token, authID);
      return page.evaluate(`${way.call(method, args)}.then((result) => ${way.status})`);
    };
    expect(await status("'stranger@shop.example'", "'seed'")).toBe('REGISTRATION_REQUIRED');
    expect(await page.held()).toEqual(before);
    expect(await status("'ada@shop.example'", "'seed'")).toBe('SUCCESS');
    const { uuid, signedIn } = await page.held();
    expect([uuid === before.uuid, signedIn]).toEqual([false, true]);
  });

  test('signing in to another account changes the UUID; the same account keeps it', async () => {
    const page = await open(dialect);
    await page.call('signIn', ADA);
    const { uuid } = await page.held();
    await page.call('signIn', ADA);
    expect((await page.held()).uuid).toBe(uuid);
    await page.call('signIn', GRACE);
    const grace = await page.held();
    expect(grace).toMatchObject({ signedIn: true, account: 'grace@shop.example' });
    expect(grace.uuid).not.toBe(uuid);
    expect(page.asked().at(-1)).toMatchObject({ uuid: grace.uuid });
  });

  test('signing in to another account keeps the UUID in SDK versions that did so', async () => {
    const page = await open(dialect, 'keepuuid');
    await page.call('signIn', ADA);
    const { uuid } = await page.held();
    await page.call('signIn', GRACE);
    expect(await page.held()).toMatchObject({ uuid, account: 'grace@shop.example' });
  });

  test('a failed sign-in keeps the session', async () => {
    const page = await open(dialect);
    await page.call('signIn', ADA);
    const before = await page.held();
    await page.failing('signIn', "'grace@shop.example', 'wrong'");
    expect(await page.held()).toEqual(before);
  });

  test('deleting the account ends the session and its UUID', async () => {
    const page = await open(dialect);
    await page.call('signIn', ADA);
    const before = await page.held();
    const [method = '', wrong = ''] = way.remove("'wrong'");
    expect(await page.failing(method, wrong)).toBe(dialect === 'ios' ? null : 403);
    expect(await page.held()).toEqual(before);
    await page.call(method, way.remove("'lovelace'")[1]);
    await page.anonymousAgain(before.uuid);
    await told(dialect, page, 'in', 'USER_ACCOUNT_DELETED');
    expect(await page.failing('signIn', ADA)).not.toBe('ok');
    // The account still exists in other shops.
    const other = await open(dialect);
    expect(await other.failing('signIn', ADA)).toBe('ok');
  });

  test('a signed-in session with an expired token ends at the next refresh', async () => {
    const page = await open(dialect, 'lifetime=1');
    sandbox.auth.set(page.shop, { lifetime: 1 });
    await page.call('signIn', ADA);
    const { uuid } = await page.held();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await told(dialect, page, 'in');
    expect(await page.failing('refreshToken')).not.toBe('ok');
    await told(dialect, page, 'in', 'SESSION_EXPIRATION');
    expect(await page.held()).toMatchObject({ uuid, signedIn: false, account: null, token: null });
  });

  test('refreshes automatically near the expiry only when configured', async () => {
    sandbox.auth.set(`by-itself ${dialect}`, { lifetime: 4 });
    sandbox.auth.set(`not-by-itself ${dialect}`, { lifetime: 4 });
    const page = await open(dialect, 'autorefresh=3', { shop: `by-itself ${dialect}`, site: openSite(sandbox) });
    const plain = await open(dialect, '', { shop: `not-by-itself ${dialect}`, site: openSite(sandbox) });
    const { token } = await page.held();
    const before = await plain.held();
    await page.until(`sandboxSdk.held().token.raw !== '${token.raw}'`);
    expect((await page.held()).token.expiresAt).toBeGreaterThan(token.expiresAt);
    expect(sandbox.auth.refreshes(`by-itself ${dialect}`).length).toBeGreaterThan(0);
    // The page did not call it.
    expect(await page.evaluate('sandboxSdk.calls.filter(([name]) => name === "refreshToken")')).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await plain.held()).toEqual(before);
  });

  test('follows the other tab only when configured', async () => {
    const first = await open(dialect);
    const second = await open(dialect, 'sync', first);
    const third = await open(dialect, '', first);
    const { uuid } = await second.held();
    expect(uuid).toBe((await first.held()).uuid);
    await first.call('signIn', ADA);
    expect(await second.held()).toEqual(await first.held());
    await told(dialect, second, 'in');
    expect((await third.held()).signedIn).toBe(false);
    const [method = '', args = ''] = way.remove("'lovelace'");
    await first.call(method, args);
    await first.anonymousAgain(uuid);
    expect(await second.held()).toEqual(await first.held());
    await told(dialect, second, 'in', 'SYSTEM_SIGN_OUT');
  });

  test('can also break methods outside the client', async () => {
    const page = await open(dialect, 'break=changeApiKey:throw');
    expect(await page.evaluate("(async () => Synerise.changeApiKey('x'))().catch((error) => error.message)")).toBe('changeApiKey broke');
  });
});

describe('React Native', () => {
  test('calls toObject() on each context, so plain objects fail', async () => {
    const { evaluate } = await open('react-native');
    for (const call of [
      "simpleAuthentication({}, 'seed')",
      "authenticate('t', 'OAUTH', {})",
      "authenticateConditionally('t', 'OAUTH', {})",
    ])
      expect(await evaluate(`(async () => Synerise.Client.${call})().catch((error) => error.message)`)).toContain('toObject');
    expect(await evaluate("(async () => Synerise.changeApiKey('x', {}))().catch((error) => error.message)")).toContain('toObject');
  });

  test('starts incognito with withInitialDoNotTrack(true)', async () => {
    const page = await openSite(sandbox).page('react-native', '?shop=untracked&init=0');
    await page.evaluate('Synerise.Initializer().withInitialDoNotTrack(true).init()');
    await page.until("sandboxSdk.held().token?.origin === 'INCOGNITO'");
  });
});

test.each(DIALECTS)('%s ignores changeApiKey before it is initialized', async (dialect) => {
  const page = await openSite(sandbox).page(dialect, '?shop=early-key&init=held');
  const { uuid } = await page.held();
  await page.evaluate("Synerise.changeApiKey('x')");
  expect((await page.held()).uuid).toBe(uuid);
});

describe('an anonymous session that is still opening', () => {
  const hurry = async (shop: string) => {
    sandbox.auth.set(shop, { latency: 250 });
    const page = await openSite(sandbox).page('ios', `?shop=${shop}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    sandbox.auth.set(shop, { latency: 0 });
    return page;
  };

  test('does not replace one that was signed in meanwhile', async () => {
    const page = await hurry('hurry');
    await page.evaluate(WAYS.ios.call('signIn', ADA));
    const before = await page.held();
    expect(before).toMatchObject({ signedIn: true, token: { origin: 'SYNERISE' } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await page.held()).toEqual(before);
  });

  test('is awaited by a refresh', async () => {
    const page = await hurry('patience');
    expect(await page.evaluate(`${WAYS.ios.call('refreshToken', '')}.then(() => 'ok')`)).toBe('ok');
  });

  test('a refresh does not replace a session that was signed in meanwhile', async () => {
    const page = await openSite(sandbox).page('ios', '?shop=crossing');
    await page.until('sandboxSdk.held().token');
    sandbox.auth.set('crossing', { latency: 250 });
    await page.evaluate(`void (globalThis.refreshed = ${WAYS.ios.call('refreshToken', '')}.then(() => 'ok'))`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    sandbox.auth.set('crossing', { latency: 0 });
    await page.evaluate(WAYS.ios.call('signIn', ADA));
    const before = await page.held();
    expect(await page.evaluate('refreshed')).toBe('ok');
    expect(await page.held()).toEqual(before);
  });
});
