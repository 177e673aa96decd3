// Page calls that do not change the session: reported once with arguments and result, grouped, and without secrets.
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { given, namesOf } from '@/lib/page/call-arguments';
import { TABLES } from '@/lib/sdk/dialects';
import { OPERATIONS } from '@/lib/sdk/operations';
import { SECRET_ARGUMENTS } from '@/lib/sdk/secrets';
import { type Asker, closePage, type FakeSdk, fakeSdk, LOADED, only, openPage, startAgent } from './page';

beforeEach(openPage);
afterEach(closePage);

type Method = (...args: unknown[]) => unknown;
const nothing = () => undefined;

/** An observed React Native SDK with `more` methods, one second after the agent started. */
async function observed(more: Record<string, Method> = {}) {
  const sdk: FakeSdk = fakeSdk();
  const client = Object.assign(sdk.client, more) as unknown as Record<string, Method>;
  vi.stubGlobal('Synerise', sdk.synerise);
  const agent = await startAgent();
  await agent.pass(1000);
  const call = (method: string, ...args: unknown[]) => client[method]?.(...args);
  const begun = agent.reports.length;
  const since = () => {
    agent.ask();
    return agent.reports.slice(begun);
  };
  return { sdk, agent, call, looks: () => only(since(), 'look'), calls: () => only(since(), 'call'), all: () => JSON.stringify(since()) };
}

describe('a page call that does not change the session', () => {
  it('is reported when it ends, with operation, times, arguments, result and call site', async () => {
    // The test runner sets Error.prepareStackTrace, which few pages do.
    const format = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
    Reflect.deleteProperty(Error, 'prepareStackTrace');
    onTestFinished(() => void (format && Object.defineProperty(Error, 'prepareStackTrace', format)));
    const { call, looks, calls } = await observed();
    expect(call('getUUID')).toBe('uuid-1');
    expect(looks()).toEqual([
      {
        seq: expect.any(Number),
        at: LOADED + 1000,
        kind: 'look',
        client: 1,
        call: 1,
        does: 'getUUID',
        begun: LOADED + 1000,
        endedAt: LOADED + 1000,
        ok: true,
        times: 1,
        detail: { args: [], site: expect.stringContaining('looks.test.ts'), value: 'uuid-1' },
      },
    ]);
    expect(calls()).toEqual([]);
  });

  it('with callbacks is reported when it ends, with its arguments and the callback’s value', async () => {
    const answers: Method[][] = [];
    const { agent, call, looks } = await observed({
      getAccount: (...args) => void answers.push(args as Method[]),
      requestPhoneUpdate: (...args) => void answers.push(args.slice(-2) as Method[]),
    });
    call('getAccount', nothing, nothing);
    call('requestPhoneUpdate', '+48 123', nothing, nothing);
    expect(looks()).toEqual([]);
    await agent.pass(300);
    answers[1]?.[1]?.({ code: 403, message: 'No such phone' });
    answers[0]?.[0]?.({ email: 'jane@x.example' });
    expect(looks()).toMatchObject([
      {
        call: 1,
        does: 'requestPhoneUpdate',
        begun: LOADED + 1000,
        endedAt: LOADED + 1300,
        ok: false,
        detail: { args: ['+48 123', '[function]', '[function]'], error: { code: 403, message: 'No such phone' } },
      },
      { call: 2, does: 'getAccount', ok: true, detail: { value: { email: 'jane@x.example' } } },
    ]);
    // An ended call has either an error or a value.
    expect(looks().map(({ detail }) => Object.keys(detail).sort())).toEqual([
      ['args', 'error', 'site'],
      ['args', 'site', 'value'],
    ]);
  });

  it('that throws is reported as failed, and still throws into the page', async () => {
    const thrown = new Error('not ready');
    const { call, looks } = await observed({
      recognizeAnonymous: () => {
        throw thrown;
      },
    });
    expect(() => call('recognizeAnonymous', 'jane@x.example')).toThrow(thrown);
    expect(looks()).toMatchObject([{ ok: false, endedAt: LOADED + 1000, detail: { error: { message: 'not ready' } } }]);
  });

  it('that returns a promise has an unknown outcome, and the promise is left alone', async () => {
    const promise = Promise.reject(new Error('the page’s own matter'));
    promise.catch(nothing);
    const then = vi.spyOn(promise, 'then');
    const { call, looks } = await observed({ getAccount: () => promise });
    expect(call('getAccount')).toBe(promise);
    expect(looks()).toMatchObject([{ does: 'getAccount', ok: null, endedAt: LOADED + 1000, times: 1 }]);
    expect(then).not.toHaveBeenCalled();
  });

  it('without an answer is reported as unanswered after ten seconds, and again when a late answer comes', async () => {
    const answers: Method[] = [];
    const { agent, call, looks } = await observed({ getAccount: (yes) => void answers.push(yes as Method) });
    call('getAccount', nothing, nothing);
    await agent.pass(9900);
    expect(looks()).toEqual([]);
    await agent.pass(5000);
    expect(looks()).toMatchObject([{ call: 1, begun: LOADED + 1000, endedAt: null, ok: null }]);
    expect(looks()[0]?.at).toBe(LOADED + 11_000);
    expect(Object.keys(looks()[0]?.detail ?? {}).sort()).toEqual(['args', 'site']);
    answers[0]?.('late');
    expect(looks().slice(1)).toMatchObject([{ call: 1, endedAt: LOADED + 15_900, ok: true, detail: { value: 'late' } }]);
  });
});

describe('a call that changes the session', () => {
  it('and never answers is reported as unanswered once', async () => {
    const { sdk, agent, call, calls, looks } = await observed();
    call('signIn', 'jane@x.example', 'hush', nothing, nothing);
    await agent.pass(9900);
    expect(calls().map(({ phase }) => phase)).toEqual(['called']);
    await agent.pass(20_000);
    expect(calls()).toMatchObject([
      { call: 1, phase: 'called', detail: { args: ['jane@x.example', '[secret]', '[function]', '[function]'] } },
      { call: 1, phase: 'unanswered', detail: {} },
    ]);
    sdk.waiting.signIn[0]?.ok?.();
    expect(calls().map(({ phase }) => phase)).toEqual(['called', 'unanswered', 'succeeded']);
    expect(looks()).toEqual([]);
  });
});

describe('repeated calls', () => {
  const times = (looks: readonly { times: number }[]) => looks.map((one) => one.times);

  it('are reported immediately, and then counted until the second is over', async () => {
    const { agent, call, looks } = await observed();
    call('getUUID');
    for (let n = 0; n < 4; n += 1) {
      await agent.pass(200);
      call('getUUID');
    }
    expect(times(looks())).toEqual([1]);
    await agent.pass(200);
    expect(looks()).toMatchObject([
      { call: 1, times: 1 },
      { call: 2, times: 4, begun: LOADED + 1200, endedAt: LOADED + 1800, ok: true, detail: { value: 'uuid-1' } },
    ]);
    await agent.pass(3000);
    expect(looks()).toHaveLength(2);
    // A new second starts with an immediate report.
    call('getUUID');
    expect(times(looks())).toEqual([1, 4, 1]);
  });

  it('are reported once when there is one in its second', async () => {
    const { agent, call, looks } = await observed();
    call('isSignedIn');
    await agent.pass(5000);
    expect(times(looks())).toEqual([1]);
  });

  it('with a new result within the second are preceded by the count of the old result', async () => {
    const { sdk, agent, call, looks } = await observed();
    for (let n = 0; n < 3; n += 1) call('isSignedIn');
    sdk.state.signedIn = true;
    for (let n = 0; n < 2; n += 1) call('isSignedIn');
    await agent.pass(2000);
    expect(looks().map(({ times: count, detail }) => [count, detail.value])).toEqual([
      [1, false],
      [2, false],
      [1, true],
      [1, true],
    ]);
  });

  it('that return null are counted like those with any other value', async () => {
    const { sdk, agent, call, looks } = await observed();
    Object.assign(sdk.state, { uuid: null });
    for (let n = 0; n < 4; n += 1) call('getUUID');
    await agent.pass(2000);
    expect(looks().map(({ times: count, detail }) => [count, detail.value])).toEqual([
      [1, null],
      [3, null],
    ]);
  });

  it('of different methods are counted separately', async () => {
    const { agent, call, looks } = await observed();
    for (let n = 0; n < 3; n += 1) {
      call('isSignedIn');
      call('isSignedInViaSimpleAuthentication');
    }
    await agent.pass(2000);
    expect(looks().map(({ does, times: count }) => [does, count])).toEqual([
      ['isSignedIn', 1],
      ['isSignedInViaSimpleAuthentication', 1],
      ['isSignedIn', 2],
      ['isSignedInViaSimpleAuthentication', 2],
    ]);
  });

  it.each<[string, Method, unknown[]]>([
    ['with arguments', () => true, ['jane@x.example']],
    ['that returned an object', () => ({ email: 'jane@x.example' }), []],
    [
      'that failed',
      () => {
        throw new Error('no');
      },
      [],
    ],
    ['that returned a promise', () => Promise.resolve(true), []],
  ])('%s are reported one by one', async (_name, recognizeAnonymous, args) => {
    const { agent, call, looks } = await observed({ recognizeAnonymous });
    for (let n = 0; n < 3; n += 1)
      try {
        call('recognizeAnonymous', ...args);
      } catch {
        // Thrown into the page, as expected.
      }
    await agent.pass(2000);
    expect(looks().map(({ call: number, times: count }) => [number, count])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });

  it('with any result are counted from the 21st on, until the second is over', async () => {
    const answers = vi.fn((n: unknown) => {
      if (n === 40) throw new Error('no');
      return { n };
    });
    const { agent, call, looks } = await observed({ recognizeAnonymous: answers });
    for (let n = 0; n < 50; n += 1)
      try {
        call('recognizeAnonymous', n);
      } catch {
        // Thrown into the page, as expected.
      }
    expect(answers).toHaveBeenCalledTimes(50);
    expect(times(looks())).toEqual(Array(20).fill(1));
    await agent.pass(1000);
    // One of the counted calls threw, so there is no common outcome.
    expect(looks().slice(20)).toMatchObject([{ times: 30, ok: null }]);
    call('recognizeAnonymous', 51);
    expect(looks().at(-1)).toMatchObject({ times: 1, detail: { args: [51] } });
  });
});

describe('secrets', () => {
  it('are exactly the arguments that the catalog marks as secret', () => {
    const secret = Object.values(OPERATIONS).flatMap(({ args }) =>
      args.filter((arg) => arg.type === 'text' && arg.secret).map(({ name }) => name),
    );
    expect([...SECRET_ARGUMENTS].sort()).toEqual([...new Set(secret)].sort());
  });

  /** Puts the client where its dialect's detection looks for it. */
  function place(dialect: string, client: Record<string, unknown>) {
    Object.assign(client, {
      [dialect === 'android' ? 'getUuid' : 'getUUID']: () => 'uuid-1',
      isSignedIn: () => false,
      destroySession: () => undefined,
      isSignedInViaSimpleAuthentication: () => false,
    });
    if (dialect === 'ios') vi.stubGlobal('SNRClient', client);
    else if (dialect === 'android') vi.stubGlobal('Client', client);
    else if (dialect === 'flutter') vi.stubGlobal('Synerise', { client });
    else if (dialect === 'react-native') vi.stubGlobal('Synerise', { Client: client, isInitialized: () => true });
    else {
      vi.stubGlobal('SyneriseTC', { uuid: 'uuid-1' });
      vi.stubGlobal('SR', { event: {}, init: nothing, jwt: {}, client });
    }
  }
  const LINES = TABLES.flatMap(({ name: dialect, bindings }) =>
    Object.entries(bindings).flatMap(([operation, binding]) => {
      if (binding.kind !== 'native') return [];
      const secret = SECRET_ARGUMENTS.filter((name) => namesOf(binding).includes(name));
      return secret.length ? binding.method.split('|').map((method) => ({ dialect, operation, method, binding, secret })) : [];
    }),
  );

  it('are each an argument of some method tested below', () => {
    expect(new Set(LINES.flatMap(({ secret }) => secret))).toEqual(new Set(SECRET_ARGUMENTS));
    expect(LINES.length).toBeGreaterThan(30);
  });

  it.each(LINES)('$dialect $method: $secret appear in no report even if the SDK repeats them', async ({
    dialect,
    operation,
    method,
    binding,
    secret,
  }) => {
    const values = Object.fromEntries(namesOf(binding).map((name) => [name, `open-${name}`]));
    // Passwords with characters that are special in regular expressions, URLs and JSON.
    const secrets = secret.map((name) => `Hu$h"${name}\\ (+)?&=%ü`);
    secret.forEach((name, index) => {
      values[name] = secrets[index] as string;
    });
    const passed = given(binding, values);
    const client: Record<string, unknown> = {};
    const answers: { yes: Method | undefined; no: Method | undefined }[] = [];
    client[method.split('.').at(-1) as string] = (...args: unknown[]) => {
      const named = args.at(-1) as { onSuccess?: Method; onError?: Method } | undefined;
      const isNamed = typeof named?.onError === 'function';
      answers.push(isNamed ? { yes: named.onSuccess, no: named.onError } : { yes: args.at(-2) as Method, no: args.at(-1) as Method });
    };
    place(dialect, client);
    const agent: Asker = await startAgent();
    await agent.pass(1000);
    const callbacks = binding.convention === 'named' ? [{ ...passed.named, onSuccess: nothing, onError: nothing }] : [nothing, nothing];
    const call = () => (client[method.split('.').at(-1) as string] as Method)(...passed.args, ...callbacks);
    const repeated = secrets.map((text) => `${text} ${JSON.stringify({ text })} https://x.example/?a=${encodeURIComponent(text)}`).join();
    call();
    answers[0]?.no?.({ code: secrets[0], message: `Wrong: ${repeated}`, errorBody: { [secrets[0] as string]: repeated } });
    call();
    answers[1]?.yes?.({ echo: [repeated] });
    await agent.pass(2000);
    expect(only(agent.reports, 'page').at(-1)?.clients).toMatchObject([{ dialect }]);
    const told = agent.reports.filter((report) => report.kind === 'call' || report.kind === 'look');
    expect(new Set(told.map(({ does }) => does))).toEqual(new Set([operation]));
    expect(told.length).toBeGreaterThanOrEqual(2);
    const text = JSON.stringify(agent.reports);
    expect(text).toContain('[secret]');
    expect(text).toContain('Wrong: [secret]');
    expect(text).not.toContain('Hu$h');
    expect(text).not.toMatch(/Hu%24h/i);
  });

  it('nested deep in a context, or behind a class getter, are not reported either', async () => {
    class Context {
      get password() {
        return 'hush-getter';
      }
      readonly more = { list: [{ newPassword: 'hush-deep' }] };
    }
    const { call, looks, all } = await observed({ registerAccount: (_context, _yes, no) => (no as Method)('hush-deep is too short') });
    call('registerAccount', new Context(), nothing, nothing);
    expect(looks()).toMatchObject([{ does: 'registerAccount', ok: false, detail: { error: { message: '[secret] is too short' } } }]);
    expect(all()).not.toContain('hush');
  });
});

describe('the token that the page gets from retrieveToken', () => {
  it('is in its own token report, and not in the call’s report', async () => {
    const { sdk, call, looks, all, agent } = await observed();
    sdk.state.token = { ...(sdk.state.token as object), tokenString: 'fresh.jwt.text', note: 'it is fresh.jwt.text' };
    const page = vi.fn();
    call('retrieveToken', page, nothing);
    expect(page).toHaveBeenCalledWith(sdk.state.token);
    expect(looks()).toMatchObject([
      { does: 'retrieveToken', ok: true, detail: { value: { tokenString: '[secret]', note: 'it is [secret]', rlm: 'client' } } },
    ]);
    expect(only(agent.reports, 'token').at(-1)).toMatchObject({ how: 'success', token: { raw: 'fresh.jwt.text' } });
    const others = agent.reports.filter(({ kind }) => kind !== 'token');
    expect(JSON.stringify(others)).not.toContain('fresh.jwt.text');
    expect(all()).toContain('fresh.jwt.text');
  });

  it('is reported as a token once, however often the page reads it', async () => {
    const { agent, call, looks } = await observed();
    const before = only(agent.reports, 'token').length;
    for (let n = 0; n < 3; n += 1) call('retrieveToken', nothing, nothing);
    expect(looks()).toHaveLength(3);
    expect(only(agent.reports, 'token')).toHaveLength(before);
  });
});
