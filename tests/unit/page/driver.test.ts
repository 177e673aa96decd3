import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Plain } from '@/lib/sdk/plain-data';
import { type Asker, type Callback, closePage, LOADED, ofSession, only, openPage, startAgent } from './page';

beforeEach(openPage);
afterEach(closePage);

const nothing = () => undefined;
const boom = (why = 'boom') => {
  throw new Error(why);
};
const stub = (globals: object) => {
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
};

interface Answer {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** A getter that returns promises, which the test settles. */
function slow() {
  const asked: Answer[] = [];
  const get = vi.fn(() => new Promise((resolve, reject) => asked.push({ resolve, reject })));
  return { get, asked };
}

type Named = { onSuccess?: Callback; onError?: Callback };

/** A Flutter SDK whose getters return promises. */
function flutter(token: unknown = { tokenString: 'secret', expirationDate: LOADED + 60_000 }) {
  const [uuid, signedIn, simple] = [slow(), slow(), slow()];
  const client = {
    getUUID: uuid.get as () => unknown,
    isSignedIn: signedIn.get as () => unknown,
    isSignedInViaSimpleAuthentication: simple.get as () => unknown,
    retrieveToken: vi.fn(({ onSuccess }: Named) => {
      onSuccess?.(token);
      return Promise.resolve(token);
    }),
    refreshToken: vi.fn((_callbacks: Named): unknown => undefined),
    signOutWithMode: vi.fn((_mode: unknown, _all: unknown, _callbacks: Named): unknown => undefined),
    regenerateUUID: vi.fn(async (): Promise<unknown> => true),
  };
  return { uuid, signedIn, simple, client, put: () => vi.stubGlobal('Synerise', { client }) };
}

async function begun(setup = {}): Promise<Asker> {
  const agent = await startAgent(setup);
  agent.ask();
  return agent;
}

const settled = (agent: Asker) => only(agent.reports, 'settled').map(({ id, how, value }) => [id, how, value]);
const tokens = (agent: Asker) => only(agent.reports, 'token').map(({ how, none, token }) => [how, none, token?.raw ?? null]);
const uuids = (agent: Asker) => only(agent.reports, 'sample').map(({ uuid }) => uuid);

describe('getters that return promises', () => {
  it('report nothing until all have answered once, then one sample', async () => {
    const sdk = flutter();
    sdk.put();
    const agent = await begun();
    await agent.pass(300);
    sdk.uuid.asked[0]?.resolve('uuid-1');
    sdk.signedIn.asked[0]?.resolve(true);
    await agent.pass(300);
    expect(only(agent.reports, 'sample')).toEqual([]);
    sdk.simple.asked[0]?.resolve(false);
    expect(only(await agent.pass(100), 'sample')).toMatchObject([{ uuid: 'uuid-1', signedIn: true, simpleAuth: false, trouble: null }]);
    expect(tokens(agent)).toEqual([['success', false, 'secret']]);
  });

  it('are never called twice concurrently, and are given up after 10 s', async () => {
    const sdk = flutter();
    sdk.put();
    const agent = await begun();
    sdk.signedIn.asked[0]?.resolve(false);
    sdk.simple.asked[0]?.resolve(false);
    await agent.pass(9900);
    expect(sdk.uuid.get).toHaveBeenCalledTimes(1);
    expect(uuids(agent)).toEqual([]);
    await agent.pass(1500);
    expect(sdk.uuid.get).toHaveBeenCalledTimes(2);
    sdk.signedIn.asked.at(-1)?.resolve(false);
    sdk.simple.asked.at(-1)?.resolve(false);
    await agent.pass(100);
    expect(only(agent.reports, 'sample')).toMatchObject([{ uuid: null, trouble: 'didn’t respond', signedIn: false }]);
    await agent.pass(8000);
    expect(sdk.uuid.get).toHaveBeenCalledTimes(2);
  });

  it('keep their last value while they are called again', async () => {
    const sdk = flutter();
    sdk.put();
    const agent = await begun();
    for (const { asked } of [sdk.signedIn, sdk.simple]) asked[0]?.resolve(false);
    sdk.uuid.asked[0]?.resolve('uuid-1');
    await agent.pass(2500);
    expect(sdk.uuid.get).toHaveBeenCalledTimes(2);
    expect(uuids(agent)).toEqual(['uuid-1']);
    await agent.pass(20_000);
    expect(uuids(agent)).toEqual(['uuid-1']);
  });

  it('report a change as soon as it arrives, and the token is read again', async () => {
    const sdk = flutter();
    sdk.put();
    const agent = await begun();
    for (const { asked } of [sdk.signedIn, sdk.simple]) asked[0]?.resolve(false);
    sdk.uuid.asked[0]?.resolve('uuid-1');
    await agent.pass(1500);
    sdk.uuid.asked[1]?.resolve('uuid-2');
    await vi.advanceTimersByTimeAsync(0);
    const before = Date.now();
    expect(only(agent.ask(), 'sample')).toMatchObject([{ at: before, uuid: 'uuid-2' }]);
    expect(sdk.client.retrieveToken).toHaveBeenCalledTimes(2);
  });

  it('that reject are reported so, and are called again at the next look', async () => {
    const sdk = flutter();
    sdk.put();
    const agent = await begun();
    sdk.uuid.asked[0]?.reject({ code: -1, message: 'no bridge' });
    sdk.signedIn.asked[0]?.reject('x');
    sdk.simple.asked[0]?.resolve(false);
    await agent.pass(200);
    expect(only(agent.reports, 'sample')).toMatchObject([
      { uuid: null, trouble: 'rejected: no bridge', signedIn: null, simpleAuth: false },
    ]);
    await agent.pass(1000);
    sdk.uuid.asked[1]?.resolve('uuid-1');
    await agent.pass(100);
    expect(only(agent.reports, 'sample').at(-1)).toMatchObject({ uuid: 'uuid-1', trouble: null });
  });

  it('that answer after being given up are ignored', async () => {
    const sdk = flutter();
    sdk.client.isSignedIn = sdk.client.isSignedInViaSimpleAuthentication = () => false;
    sdk.put();
    const agent = await begun();
    await agent.pass(11_500);
    expect(sdk.uuid.asked).toHaveLength(2);
    sdk.uuid.asked[1]?.resolve('new');
    await agent.pass(100);
    sdk.uuid.asked[0]?.resolve('old');
    await agent.pass(500);
    expect(uuids(agent)).toEqual([null, 'new']);
  });

  it('that return hostile thenables report one value', async () => {
    const sdk = flutter();
    sdk.client.isSignedIn = sdk.client.isSignedInViaSimpleAuthentication = () => false;
    sdk.client.getUUID = () => ({
      // biome-ignore lint/suspicious/noThenProperty: a hostile thenable is the subject
      then(ok: Callback, bad: Callback) {
        ok('one');
        ok('two');
        bad('three');
        boom();
      },
    });
    sdk.put();
    const agent = await begun();
    await agent.pass(3000);
    expect(uuids(agent)).toEqual(['one']);
  });

  it('do not keep the token of a late and slow client from being read', async () => {
    const agent = await begun();
    await agent.pass(1000);
    const sdk = flutter();
    sdk.put();
    await agent.pass(600);
    for (const { asked } of [sdk.uuid, sdk.signedIn, sdk.simple]) asked[0]?.resolve('uuid-1');
    await agent.pass(2000);
    expect(uuids(agent)[0]).toBe('uuid-1');
    expect(tokens(agent)).toEqual([['success', false, 'secret']]);
  });

  it.each<[string, () => unknown]>([
    ['a hostile rejection', () => Promise.reject(new Proxy({}, { get: () => boom() }))],
    ['a throw', () => boom('bridge gone')],
  ])('still produce a valid sample with %s', async (_what, getUUID) => {
    const sdk = flutter();
    sdk.client.isSignedIn = sdk.client.isSignedInViaSimpleAuthentication = () => false;
    sdk.client.getUUID = getUUID;
    sdk.put();
    const agent = await begun();
    await agent.pass(300);
    expect(only(agent.reports, 'sample')).toMatchObject([
      { uuid: null, trouble: expect.stringMatching(/^(rejected: |threw bridge gone)/) },
    ]);
  });
});

describe('Flutter', () => {
  const ready = () => {
    const sdk = flutter();
    Object.assign(sdk.client, { getUUID: () => 'uuid-1', isSignedIn: () => false, isSignedInViaSimpleAuthentication: () => false });
    sdk.put();
    return sdk;
  };

  it('is read with named callbacks, and its dates are in ms', async () => {
    const sdk = ready();
    const agent = await begun();
    expect(sdk.client.retrieveToken.mock.calls).toEqual([[{ onSuccess: expect.any(Function), onError: expect.any(Function) }]]);
    expect(only(agent.reports, 'token')).toMatchObject([{ how: 'success', token: { raw: 'secret', expiresAt: LOADED + 60_000 } }]);
  });

  it('runs an operation with named callbacks', async () => {
    const sdk = ready();
    const agent = await begun();
    agent.run('a', 'signOutWithMode', { fromAllDevices: true, mode: 'SIGN_OUT' });
    const [mode, all, callbacks] = sdk.client.signOutWithMode.mock.calls[0] ?? [];
    expect([mode, all]).toEqual(['SIGN_OUT', true]);
    callbacks?.onError?.({ code: 500, message: 'HTTP_ERROR', details: 'why' });
    expect(only(agent.ask(), 'settled')).toMatchObject([
      { id: 'a', how: 'error', error: { code: 500, message: 'HTTP_ERROR', detail: { details: 'why' } } },
    ]);
  });

  it('runs an operation that returns only a promise', async () => {
    const sdk = ready();
    const agent = await begun();
    expect(only(agent.run('a', 'regenerateUUID'), 'settled')).toEqual([]);
    expect(only(await agent.pass(100), 'settled')).toMatchObject([{ id: 'a', how: 'success', value: true }]);
    expect(sdk.client.regenerateUUID.mock.calls).toEqual([[]]);
  });

  it('observes the page’s calls with named callbacks and starts no read of its own beside them', async () => {
    const sdk = ready();
    const agent = await begun();
    let page: Named = {};
    sdk.client.retrieveToken.mockImplementation((callbacks: Named) => {
      page = callbacks;
      return Promise.resolve() as Promise<never>;
    });
    (sdk.client.retrieveToken as (callbacks: Named) => unknown)({ onSuccess: nothing });
    agent.ask({ command: { kind: 'read' } });
    expect(sdk.client.retrieveToken).toHaveBeenCalledTimes(2);
    page.onSuccess?.({ tokenString: 'theirs' });
    expect(only(agent.ask(), 'token')[0]).toMatchObject({ token: { raw: 'theirs' } });
  });
});

/** An Android SDK. With `state.prompt` false, the test answers its calls. */
function android() {
  const made: { ok: Callback; bad: Callback }[] = [];
  const state = { prompt: true, uuid: 'uuid-1' };
  const token = {
    getRawJwt: () => 'secret',
    getExpirationUnixTime: () => LOADED / 1000 + 60,
    getOrigin: () => ({ getOrigin: () => 'SYNERISE' }),
    getTokenRLM: () => boom(),
  };
  const call = (value: unknown) => ({
    execute: vi.fn((ok: Callback, bad: Callback) => {
      if (state.prompt) ok(value);
      else made.push({ ok, bad });
    }),
    cancel: vi.fn(),
  });
  const client = {
    getUuid: vi.fn(() => state.uuid),
    isSignedIn: () => true,
    isSignedInViaSimpleAuthentication: () => false,
    retrieveToken: vi.fn(() => call(token)),
    refreshToken: vi.fn(() => call(undefined)),
    regenerateUuid: vi.fn((seed?: string) => {
      state.uuid = seed ? `uuid-of-${seed}` : 'uuid-2';
      return true;
    }),
    signOut: vi.fn((..._args: unknown[]): unknown => call(undefined)),
    getUuidForAuthentication: vi.fn((id: string) => `for-${id}`),
  };
  return { state, made, token, client, put: () => vi.stubGlobal('Client', client) };
}

describe('Android', () => {
  it('is sampled by getters, and its token is read by a call object executed once', async () => {
    const sdk = android();
    sdk.put();
    const agent = await begun();
    expect(only(agent.reports, 'sample')).toMatchObject([{ uuid: 'uuid-1', signedIn: true, simpleAuth: false }]);
    expect(only(agent.reports, 'token')).toMatchObject([
      { token: { raw: 'secret', origin: 'SYNERISE', realm: null, clientId: null, expiresAt: LOADED + 60_000 } },
    ]);
    expect(sdk.client.retrieveToken.mock.calls).toEqual([[]]);
    expect(sdk.client.retrieveToken.mock.results[0]?.value.execute).toHaveBeenCalledTimes(1);
  });

  it('in an older version is read by the older method name', async () => {
    const sdk = android();
    const { retrieveToken: getToken, ...rest } = sdk.client;
    vi.stubGlobal('Client', { ...rest, getToken });
    const agent = await begun();
    expect(tokens(agent)).toEqual([['success', false, 'secret']]);
    expect(only(agent.reports, 'page').at(-1)?.clients[0]?.missing.filter(ofSession)).toEqual(['destroySession']);
  });

  it('runs a call object, and reads the error from its getters', async () => {
    const sdk = android();
    sdk.put();
    const agent = await begun();
    sdk.state.prompt = false;
    agent.run('a', 'refreshToken');
    expect(sdk.made).toHaveLength(1);
    sdk.made[0]?.bad({ getHttpCode: () => 401, getErrorBody: () => ({ getMessage: () => 'expired' }) });
    expect(only(agent.ask(), 'settled')).toMatchObject([
      { id: 'a', how: 'error', error: { code: 401, message: 'expired', detail: { httpCode: 401 } } },
    ]);
  });

  it('selects overloads by their arguments', async () => {
    const sdk = android();
    sdk.put();
    const agent = await begun();
    agent.run('a', 'regenerateUUID');
    agent.run('b', 'regenerateUUIDWithClientIdentifier', { clientIdentifier: 'seed' });
    agent.run('c', 'signOut');
    agent.run('d', 'signOutWithMode', { mode: 'SIGN_OUT', fromAllDevices: false });
    agent.run('e', 'getUUIDForAuthentication', { authID: 'mail' });
    expect(sdk.client.regenerateUuid.mock.calls).toEqual([[], ['seed']]);
    expect(sdk.client.signOut.mock.calls).toEqual([[], ['SIGN_OUT', false]]);
    expect(settled(agent).map(([id, how]) => [id, how])).toEqual([...'abcde'].map((id) => [id, 'success']));
    expect(settled(agent).at(-1)).toEqual(['e', 'success', 'for-mail']);
    expect(uuids(agent)).toEqual(['uuid-1', 'uuid-2', 'uuid-of-seed']);
  });

  it('is not read while a call the page executed is pending, but is when the call was only created', async () => {
    const sdk = android();
    sdk.put();
    const agent = await begun();
    sdk.client.refreshToken();
    agent.ask({ command: { kind: 'read' } });
    expect(tokens(agent)).toHaveLength(2);
    sdk.state.prompt = false;
    sdk.client.refreshToken().execute(nothing, nothing);
    agent.ask({ command: { kind: 'read' } });
    await agent.pass(2000);
    expect(tokens(agent)).toHaveLength(2);
    sdk.state.prompt = true;
    sdk.made[0]?.ok(undefined);
    agent.ask();
    expect(tokens(agent)).toHaveLength(3);
  });

  it('needs no read of ours after the page’s retrieveToken, and reports the same token once', async () => {
    const sdk = android();
    sdk.put();
    const agent = await begun();
    sdk.client.retrieveToken().execute(nothing, nothing);
    await agent.pass(2000);
    expect(tokens(agent)).toHaveLength(1);
    sdk.token.getRawJwt = () => 'secret-2';
    sdk.client.retrieveToken().execute(nothing, nothing);
    await agent.pass(2000);
    expect(tokens(agent).map(([, , raw]) => raw)).toEqual(['secret', 'secret-2']);
    expect(sdk.client.retrieveToken).toHaveBeenCalledTimes(3);
  });

  it('executes our operations below our wrapper, so they are not page calls', async () => {
    const sdk = android();
    sdk.put();
    const agent = await begun();
    agent.run('a', 'refreshToken');
    agent.ask();
    const before = tokens(agent).length;
    await agent.pass(12_000);
    expect(tokens(agent)).toHaveLength(before);
  });
});

describe('iOS', () => {
  const put = () => {
    const client = {
      getUUID: () => 'uuid-1',
      isSignedIn: () => true,
      retrieveToken: vi.fn((success: Callback, _failure: Callback) => success({ tokenString: 'secret', isNearExpiring: () => true })),
      refreshToken: vi.fn((_success: Callback, failure: Callback) => failure({ httpCode: 401, errorBody: { message: 'expired' } })),
      regenerateUUID: vi.fn((_identifier?: string) => true),
      signOut: vi.fn((..._args: unknown[]): unknown => undefined),
      getUUIDForAuthentication: vi.fn((id: string) => `for-${id}`),
      destroySession: vi.fn(),
    };
    vi.stubGlobal('Client', Object.assign(class {}, client));
    return client;
  };

  it('is read with closures, and its sample has null where it has no getter', async () => {
    put();
    const agent = await begun();
    expect(only(agent.reports, 'sample')).toMatchObject([{ uuid: 'uuid-1', signedIn: true, simpleAuth: null, trouble: null }]);
    expect(only(agent.reports, 'token')).toMatchObject([{ how: 'success', token: { raw: 'secret', nearExpiry: true } }]);
    expect(only(agent.reports, 'page').at(-1)?.clients[0]?.missing.filter(ofSession)).toEqual([]);
  });

  it('selects overloads by their arguments, closures last', async () => {
    const client = put();
    const agent = await begun();
    agent.run('a', 'regenerateUUID');
    agent.run('b', 'regenerateUUIDWithClientIdentifier', { clientIdentifier: 'seed' });
    agent.run('c', 'signOut');
    agent.run('d', 'signOutWithMode', { mode: 'SIGN_OUT', fromAllDevices: true });
    agent.run('e', 'getUUIDForAuthentication', { authID: 'mail' });
    agent.run('f', 'destroySession');
    agent.run('g', 'refreshToken');
    expect(client.regenerateUUID.mock.calls).toEqual([[], ['seed']]);
    expect(client.signOut.mock.calls).toEqual([[], ['SIGN_OUT', true, expect.any(Function), expect.any(Function)]]);
    expect(client.destroySession.mock.calls).toEqual([[]]);
    expect(settled(agent)).toEqual([
      ['a', 'success', true],
      ['b', 'success', true],
      ['c', 'success', null],
      ['e', 'success', 'for-mail'],
      ['f', 'success', null],
      ['g', 'error', null],
    ]);
    expect(only(agent.reports, 'settled').at(-1)?.error).toMatchObject({ code: 401, message: 'expired' });
  });
});

/** A loaded Web SDK holding the given site token. */
function web(jwt: unknown = null) {
  const state = { jwt };
  const clearAccessToken = vi.fn((): void => {
    state.jwt = null;
  });
  const tracker = { uuid: 'uuid-1' as unknown, trackerUID: 'key' };
  const sdk = {
    event: {},
    init: nothing,
    client: {
      setUuid: vi.fn((uuid: string): void => {
        tracker.uuid = uuid;
      }),
      setAccessToken: vi.fn((token: string): void => {
        state.jwt = token;
      }),
      getIdentityHash: vi.fn((): unknown => 'hash'),
      setUuidAndIdentityHash: vi.fn(),
    },
    jwt: { getAccessToken: vi.fn((): unknown => state.jwt), clearAccessToken },
  };
  return { state, sdk, tracker, clearAccessToken, put: () => stub({ SR: sdk, SyneriseTC: tracker }) };
}

describe('the Web SDK', () => {
  it('is sampled: UUID, facts and cookies', async () => {
    const { put, sdk } = web();
    stub({ document: { readyState: 'complete', scripts: [], cookie: 'a=1; _snrs_uuid=uuid-1; _snrs_p=x' } });
    put();
    const agent = await begun();
    expect(only(agent.reports, 'sample')).toMatchObject([
      {
        uuid: 'uuid-1',
        signedIn: null,
        simpleAuth: null,
        trouble: null,
        facts: { identityHash: 'hash', trackerKey: 'key' },
        cookies: ['_snrs_uuid=uuid-1', '_snrs_p=x'],
      },
    ]);
    expect(sdk.client.getIdentityHash.mock.contexts[0]).toBe(sdk.client);
  });

  it.each<[string, unknown, unknown[]]>([
    ['none', null, ['success', true, null]],
    ['none', undefined, ['success', true, null]],
    ['none', '', ['success', true, null]],
    ['the site token', 'secret', ['success', false, 'secret']],
    ['unreadable', { odd: true }, ['success', false, null]],
  ])('reports its token: %s', async (_what, jwt, expected) => {
    web(jwt).put();
    expect(tokens(await begun())).toEqual([expected]);
  });

  it.each([null, 'secret'])('answers retrieveToken with the current token: %o', async (jwt) => {
    web(jwt).put();
    const agent = await begun();
    agent.run('a', 'retrieveToken');
    expect(settled(agent)).toEqual([['a', 'success', null]]);
    expect(tokens(agent).at(-1)).toEqual(['success', jwt === null, jwt]);
  });

  it('reports that the token is gone', async () => {
    const { put, sdk } = web('secret');
    put();
    const agent = await begun();
    sdk.jwt.clearAccessToken();
    await agent.pass(300);
    sdk.client.setAccessToken('secret-2');
    await agent.pass(300);
    const seen = tokens(agent).map(([, none, raw]) => (none ? 'none' : raw));
    expect(seen.filter((one, index) => one !== seen[index - 1])).toEqual(['secret', 'none', 'secret-2']);
  });

  it('without the getter reports no token, and lists the missing operations', async () => {
    const { put, sdk } = web('secret');
    Reflect.deleteProperty(sdk, 'jwt');
    Reflect.deleteProperty(sdk.client, 'setUuid');
    put();
    const agent = await begun();
    expect(tokens(agent)).toEqual([['missing', false, null]]);
    expect(only(agent.reports, 'page').at(-1)?.clients[0]?.missing.toSorted()).toEqual([
      'clearAccessToken',
      'regenerateUUID',
      'regenerateUUIDWithClientIdentifier',
      'restorePreviousUUID',
      'retrieveToken',
      'setUuid',
    ]);
  });

  it('lists a method as missing until it appears, and keeps one available after it disappears', async () => {
    const { put, sdk } = web();
    const { setUuid } = sdk.client;
    Reflect.deleteProperty(sdk.client, 'setUuid');
    put();
    const agent = await begun();
    Reflect.deleteProperty(sdk.jwt, 'clearAccessToken');
    sdk.client.setUuid = setUuid;
    await agent.pass(1100);
    const seen = only(agent.reports, 'page').map(({ clients }) => clients[0]?.missing);
    expect(seen[0]).toContain('setUuid');
    expect(seen.at(-1)).toEqual([]);
  });

  it('lists nothing as missing when complete, and clears the token by either method name', async () => {
    const { put, sdk, clearAccessToken } = web('secret');
    Reflect.deleteProperty(sdk.jwt, 'clearAccessToken');
    Object.assign(sdk.client, { clearAccessToken });
    put();
    const agent = await begun();
    expect(only(agent.reports, 'page').at(-1)?.clients[0]?.missing.filter(ofSession)).toEqual([]);
    agent.run('a', 'clearAccessToken');
    expect(settled(agent)).toEqual([['a', 'success', null]]);
    expect(clearAccessToken.mock.contexts[0]).toBe(sdk.client);
  });

  it.each(['setUuid', 'setUuidAndIdentityHash'] as const)('is sampled again as soon as the page calls client.%s', async (method) => {
    const { put, sdk, tracker } = web();
    put();
    const agent = await begun();
    sdk.client[method].mockImplementation((uuid: string) => {
      tracker.uuid = uuid;
    });
    sdk.client[method]('theirs');
    expect(only(agent.ask(), 'sample')).toMatchObject([{ uuid: 'theirs' }]);
  });

  it('reports a fact that throws or is oversized as bounded data, along with the rest', async () => {
    const { put, sdk } = web();
    sdk.client.getIdentityHash.mockImplementation(() => boom());
    put();
    const agent = await begun();
    expect(only(agent.reports, 'sample')).toMatchObject([{ uuid: 'uuid-1', facts: { identityHash: null, trackerKey: 'key' } }]);
    sdk.client.getIdentityHash.mockImplementation(() => 'x'.repeat(1e6));
    const [sample] = only(await agent.pass(1100), 'sample');
    expect(JSON.stringify(sample).length).toBeLessThan(10_000);
  });

  it('reports why there is no UUID', async () => {
    const { put, tracker } = web();
    put();
    const agent = await begun();
    tracker.uuid = '';
    await agent.pass(1100);
    expect(only(agent.reports, 'sample').at(-1)).toMatchObject({ uuid: null, trouble: 'empty' });
  });
});

describe('an emulated operation', () => {
  const started = async (jwt: unknown = 'secret') => {
    const fake = web(jwt);
    fake.put();
    const agent = await begun();
    return { ...fake, agent, reload: location.reload as unknown as ReturnType<typeof vi.fn> };
  };

  it.each([
    'regenerateUUID',
    'regenerateUUIDWithClientIdentifier',
    'restorePreviousUUID',
    'setUuid',
  ])('%s passes only the UUID made by the view to the SDK', async (operation) => {
    const { agent, sdk } = await started();
    const reports = agent.run('a', operation, { uuid: 'made', clientIdentifier: 'seed', salt: 'salt' });
    expect(sdk.client.setUuid.mock.calls).toEqual([['made']]);
    expect(sdk.client.setUuid.mock.contexts[0]).toBe(sdk.client);
    expect(only(reports, 'settled')).toMatchObject([{ id: 'a', how: 'success', value: null }]);
    expect(only(reports, 'sample')).toMatchObject([{ uuid: 'made' }]);
  });

  it('is not a page call: no read follows later', async () => {
    const { agent, sdk } = await started();
    agent.run('a', 'regenerateUUID', { uuid: 'made' });
    const before = sdk.jwt.getAccessToken.mock.calls.length;
    await agent.pass(3000);
    expect(sdk.jwt.getAccessToken.mock.calls.length).toBe(before);
  });

  it('returns the SDK’s UUID or the one computed by the view, without changing the SDK', async () => {
    const { agent, sdk, tracker } = await started();
    tracker.uuid = 'uuid-9';
    agent.run('a', 'getUUID');
    agent.run('b', 'getUUIDForAuthentication', { authID: 'mail', uuid: 'computed' });
    expect(settled(agent)).toEqual([
      ['a', 'success', 'uuid-9'],
      ['b', 'success', 'computed'],
    ]);
    expect(sdk.client.setUuid).not.toHaveBeenCalled();
  });

  it.each([
    'refreshToken',
    'signOut',
    'signOutWithMode',
    'constructor',
    'noSuchThing',
  ])('that is unavailable settles as missing and calls nothing: %s', async (operation) => {
    const { agent, sdk, clearAccessToken } = await started();
    const reports = agent.run('a', operation);
    expect(reports).toMatchObject([{ kind: 'settled', id: 'a', how: 'missing', value: null, error: null, ms: 0 }]);
    for (const method of [...Object.values(sdk.client), clearAccessToken])
      if (method !== sdk.client.getIdentityHash) expect(method).not.toHaveBeenCalled();
  });

  it('whose step throws stops there', async () => {
    const cookie = { readyState: 'complete', scripts: [], cookie: '_snrs_uuid=1' };
    stub({ document: cookie });
    const { agent, clearAccessToken, reload } = await started();
    clearAccessToken.mockImplementation(() => boom('not now'));
    expect(only(agent.run('a', 'destroySession'), 'settled')).toMatchObject([{ how: 'threw', error: { message: 'not now' } }]);
    await agent.pass(2000);
    expect(cookie.cookie).toBe('_snrs_uuid=1');
    expect(reload).not.toHaveBeenCalled();
  });

  it('whose method has disappeared settles as thrown', async () => {
    const { agent, sdk } = await started();
    Reflect.deleteProperty(sdk.client, 'setUuid');
    expect(only(agent.run('a', 'regenerateUUID', { uuid: 'made' }), 'settled')).toMatchObject([{ how: 'threw', value: null }]);
  });

  describe('destroySession', () => {
    /** A cookie jar in which script can remove every cookie except `_snrs_left`. */
    const jar = (...names: string[]) => {
      let held = names;
      const document = {
        readyState: 'complete',
        scripts: [],
        add: (name: string) => held.push(name),
        get cookie() {
          return held.map((name) => `${name}=1`).join('; ');
        },
        set cookie(text: string) {
          held = held.filter((name) => name === '_snrs_left' || !text.startsWith(`${name}=;max-age=0`));
        },
      };
      stub({ document });
      return document;
    };

    it('clears the token, removes the cookies, lists those left, and reloads after its result has left the page', async () => {
      const document = jar('a', '_snrs_uuid', '_snrs_left', '_snrs_p');
      const { agent, clearAccessToken, reload, sdk } = await started();
      const reports = agent.run('a', 'destroySession');
      expect(clearAccessToken.mock.contexts).toEqual([sdk.jwt]);
      expect(only(reports, 'settled')).toMatchObject([
        { how: 'success', value: { removed: ['_snrs_uuid', '_snrs_p'], left: ['_snrs_left'] } as unknown as Plain },
      ]);
      expect(document.cookie).toBe('a=1; _snrs_left=1');
      // The SDK writes a cookie again from memory.
      document.add('_snrs_uuid');
      await vi.advanceTimersByTimeAsync(200);
      expect(reload).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(100);
      expect(reload).toHaveBeenCalledTimes(1);
      expect(document.cookie).toBe('a=1; _snrs_left=1');
    });

    it('continues when the SDK has no method to clear the token', async () => {
      const document = jar('_snrs_uuid');
      const { agent, sdk, reload } = await started();
      Reflect.deleteProperty(sdk.jwt, 'clearAccessToken');
      agent.run('a', 'destroySession');
      await vi.advanceTimersByTimeAsync(300);
      expect(document.cookie).toBe('');
      expect(reload).toHaveBeenCalledTimes(1);
    });
  });
});

describe('a token returned by an operation', () => {
  it.each<[string, Record<string, unknown>]>([
    ['setAccessToken', { token: 'secret-2' }],
    ['clearAccessToken', {}],
    ['retrieveToken', {}],
  ])('is only in a token report when %s returns it', async (operation, args) => {
    const { put, sdk, clearAccessToken } = web('secret-1');
    sdk.client.setAccessToken.mockImplementation(((token: string) => token) as never);
    clearAccessToken.mockImplementation((() => 'secret-1') as never);
    put();
    const agent = await begun();
    agent.run('a', operation, args);
    await agent.pass(500);
    const kinds = agent.reports.filter((report) => JSON.stringify(report).includes('secret')).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['token']));
  });
});
