import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/server.mjs';
import { openSite } from './site';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const page = (dialect: string, search = '', script = '') => openSite(sandbox).page(dialect, search, script);

describe('globals on the page', () => {
  test.each([
    ['react-native', '', '', ['Synerise']],
    ['flutter', '', '', ['Synerise']],
    ['ios', '', '', ['Client', 'Synerise']],
    ['ios', '?snr', '', ['SNRClient', 'Synerise']],
    ['ios', '?lexical', '?lexical', []],
    ['android', '', '', ['Client', 'Synerise']],
  ])('%s%s', async (dialect, search, script, globals) => {
    const shown = await page(dialect, search, script);
    expect(shown.globals).toEqual(globals);
    expect(await shown.evaluate('sandboxSdk.dialect')).toBe(dialect);
  });

  test('a lexical class and its Synerise can be used by name', async () => {
    const { evaluate } = await page('ios', '?lexical', '?lexical');
    expect(await evaluate('[typeof Client, typeof Synerise]')).toEqual(['function', 'object']);
  });
});

/** Page code that calls each dialect's method and returns a promise. */
const CALLS = {
  flutter: (call: string) => `new Promise((onSuccess, onError) => Synerise.client.${call.replace(')', '{ onSuccess, onError })')})`,
  ios: (call: string) => `new Promise((ok, ko) => Client.${call.replace(')', 'ok, ko)')})`,
  android: (call: string) => `new Promise((ok, ko) => Client.${call}.execute(ok, ko))`,
};

describe('a token', () => {
  test('has its expiry in ms on Flutter', async () => {
    const { evaluate } = await page('flutter');
    const token = await evaluate(CALLS.flutter('retrieveToken()'));
    expect(token).toMatchObject({ origin: 'ANONYMOUS', rlm: 'anonymous_client' });
    expect(token.expirationDate).toBe((await evaluate('sandboxSdk.held()')).token.expiresAt);
  });

  test('has its expiry as a Date on iOS', async () => {
    const { evaluate } = await page('ios');
    expect(await evaluate(`${CALLS.ios('retrieveToken()')}.then((token) => token.expirationDate instanceof Date)`)).toBe(true);
  });

  test('has its expiry in s on Android, through a getter, and no enumerable properties', async () => {
    const { evaluate } = await page('android');
    const read = 'Promise.resolve(token).then((token) => [token.getExpirationUnixTime() * 1000, Object.keys(token)])';
    const [expiresAt, keys] = await evaluate(`${CALLS.android('retrieveToken()')}.then((token) => ${read})`);
    expect(expiresAt).toBe((await evaluate('sandboxSdk.held()')).token.expiresAt);
    expect(keys).toEqual([]);
  });
});

describe('an error', () => {
  const WRONG = "signIn('ada@shop.example', 'wrong', )";
  test('on Flutter has a code and message, on Android with the reason in its details', async () => {
    const caught = `${CALLS.flutter(WRONG)}.catch((error) => error)`;
    expect(await (await page('flutter')).evaluate(caught)).toEqual({ code: 401, message: 'Wrong e-mail or password.' });
    expect(await (await page('flutter', '?android')).evaluate(caught)).toEqual({
      code: 401,
      message: 'HTTP_ERROR',
      details: 'Wrong e-mail or password.',
    });
  });

  test('on Flutter has the code -1 when the native code is a string', async () => {
    const caught = `${CALLS.flutter("signIn('', 'x', )")}.catch((error) => error)`;
    expect(await (await page('flutter')).evaluate(caught)).toMatchObject({ code: -1 });
  });

  test('on iOS has its message in the body', async () => {
    expect(await (await page('ios')).evaluate(`${CALLS.ios(WRONG)}.catch((error) => error)`)).toEqual({
      errorType: 'Http',
      httpCode: 401,
      errorBody: { message: 'Wrong e-mail or password.', status: 401 },
    });
  });

  test('on Android is read through getters', async () => {
    const read = '[error.getErrorType(), error.getHttpCode(), error.getErrorBody().getMessage()]';
    const caught = `${CALLS.android("signIn('ada@shop.example', 'wrong')")}.catch((error) => ${read})`;
    expect(await (await page('android')).evaluate(caught)).toEqual(['HTTP_ERROR', 401, 'Wrong e-mail or password.']);
  });
});

describe('Android call objects', () => {
  test('send no request before they are executed', async () => {
    const { evaluate } = await page('android');
    await evaluate(CALLS.android('retrieveToken()'));
    const asked = sandbox.auth.requests.length;
    await evaluate('(Client.refreshToken(), new Promise((resolve) => setTimeout(resolve, 50)))');
    expect(sandbox.auth.requests).toHaveLength(asked);
  });

  test('of the same kind cancel an earlier one', async () => {
    const { evaluate } = await page('android');
    await evaluate(CALLS.android('retrieveToken()'));
    const both = `(async () => {
      const came = [];
      Client.refreshToken().execute(() => came.push('first'), () => came.push('first'));
      await ${CALLS.android('refreshToken()')};
      await new Promise((resolve) => setTimeout(resolve, 50));
      return came;
    })()`;
    expect(await evaluate(both)).toEqual([]);
  });

  test('for the token come from getToken before 6.0', async () => {
    const { evaluate } = await page('android', '?old');
    expect(await evaluate("['getToken' in Client, 'retrieveToken' in Client]")).toEqual([true, false]);
    expect(await evaluate(`${CALLS.android('getToken()')}.then((token) => token.getOrigin().getOrigin())`)).toBe('ANONYMOUS');
  });
});

describe('regenerating', () => {
  const cases = [
    ['flutter', 'Synerise.client.regenerateUUID()', "Synerise.client.regenerateUUIDWithClientIdentifier('seed')"],
    ['ios', 'Client.regenerateUUID()', "Client.regenerateUUID('seed')"],
    ['android', 'Client.regenerateUuid()', "Client.regenerateUuid('seed')"],
  ] as const;
  test.each(cases)('is refused by %s while a customer is signed in', async (dialect, plain, seeded) => {
    const { evaluate } = await page(dialect);
    const signIn = dialect === 'android' ? "signIn('ada@shop.example', 'lovelace')" : "signIn('ada@shop.example', 'lovelace', )";
    await evaluate(CALLS[dialect](signIn));
    const { uuid } = await evaluate('sandboxSdk.held()');
    expect([await evaluate(plain), await evaluate(seeded)]).toEqual([false, false]);
    expect(await evaluate('sandboxSdk.held()')).toMatchObject({ uuid, signedIn: true });
  });

  test.each(cases)('makes the same UUID from the same seed with %s', async (dialect, plain, seeded) => {
    const { evaluate } = await page(dialect);
    expect(await evaluate(seeded)).toBe(true);
    const { uuid } = await evaluate('sandboxSdk.held()');
    expect(await evaluate(plain)).toBe(true);
    expect((await evaluate('sandboxSdk.held()')).uuid).not.toBe(uuid);
    await evaluate(seeded);
    expect((await evaluate('sandboxSdk.held()')).uuid).toBe(uuid);
  });
});

describe('the record of calls', () => {
  test('lists methods with their plain arguments, and getters separately', async () => {
    const { evaluate } = await page('flutter');
    await evaluate('Synerise.client.getUUID()');
    await evaluate(CALLS.flutter("signIn('ada@shop.example', 'lovelace', )"));
    await evaluate("Synerise.client.regenerateUUIDWithClientIdentifier('seed')");
    expect(await evaluate('sandboxSdk.calls')).toEqual([
      ['signIn', ['ada@shop.example', 'lovelace']],
      ['regenerateUUIDWithClientIdentifier', ['seed']],
    ]);
    expect(await evaluate('sandboxSdk.reads')).toEqual({ getUUID: 1 });
  });

  test('leaves out positional callbacks', async () => {
    const { evaluate } = await page('ios');
    await evaluate(CALLS.ios('retrieveToken()'));
    expect(await evaluate('sandboxSdk.calls')).toEqual([['retrieveToken', []]]);
  });

  test("keeps a method's name and length", async () => {
    const { evaluate } = await page('ios');
    expect(await evaluate('[Client.refreshToken.name, Client.refreshToken.length]')).toEqual(['refreshToken', 2]);
  });
});

describe('a broken method', () => {
  test.each([
    ['flutter', CALLS.flutter('refreshToken()')],
    ['ios', CALLS.ios('refreshToken()')],
    ['android', CALLS.android('refreshToken()')],
  ])('of %s returns a huge value in its own calling convention', async (dialect, call) => {
    const { evaluate } = await page(dialect, '?break=refreshToken:huge');
    expect(await evaluate(`${call}.then((value) => value.length)`)).toBe(5_000_000);
  });
});
