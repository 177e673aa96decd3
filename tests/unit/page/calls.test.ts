/** Reports of the page's own calls on a watched site: each call once, in order, under the right operation name, without secrets. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ALL_TABLES, TABLES } from '@/lib/sdk/dialects';
import { type Asker, closePage, only, openPage, startAgent } from './page';

/** The window as an event target, because Node's global object is not one. */
const heard = new Map<string, Set<() => void>>();
class PageTarget {
  addEventListener(type: string, listener: () => void) {
    heard.set(type, (heard.get(type) ?? new Set()).add(listener));
  }
  removeEventListener(type: string, listener: () => void) {
    heard.get(type)?.delete(listener);
  }
  dispatchEvent({ type }: Event) {
    for (const listener of [...(heard.get(type) ?? [])]) listener();
  }
}

beforeEach(() => {
  openPage();
  heard.clear();
  vi.stubGlobal('EventTarget', PageTarget);
});
afterEach(closePage);

type Method = (...args: unknown[]) => unknown;
type Sdk = Record<string, Method>;
const nothing = () => undefined;

async function watching(): Promise<Asker> {
  const agent = await startAgent();
  quiet(agent);
  return agent;
}
const quiet = (agent: Asker) => agent.ask({ showing: false, watch: 'bell' });
const told = (agent: Asker) => {
  quiet(agent);
  return only(agent.reports, 'call').map(({ call, does, phase, told: what }) => [call, does, phase, what] as const);
};
const brief = (agent: Asker) => told(agent).map(([call, does, phase]) => `${call} ${does} ${phase}`);

/** Puts a dialect's SDK on the page, with every observable method made by `answer(method)`. */
function make(name: string, answer: (method: string) => Method = () => nothing): Sdk {
  const table = TABLES.find((one) => one.name === name);
  if (!table) throw new Error(name);
  const paths = [
    ...Object.values(table.bindings).flatMap((binding) => (binding.kind === 'native' ? binding.method.split('|') : [])),
    ...Object.keys(table.alsoChange),
  ];
  const sdk: Sdk = {};
  for (const path of paths) {
    const parts = path.split('.');
    const key = parts.pop() as string;
    if (parts[0]?.startsWith('^')) continue;
    let holder = sdk as Record<string, unknown>;
    for (const part of parts) {
      holder[part] ??= {};
      holder = holder[part] as Record<string, unknown>;
    }
    holder[key] = answer(key);
  }
  for (const getter of ['getUUID', 'getUuid']) if (getter in sdk) sdk[getter] = () => 'uuid-1';
  sdk['isSignedIn'] = () => false;
  sdk['isSignedInViaSimpleAuthentication'] = () => false;
  if (name === 'ios') vi.stubGlobal('SNRClient', sdk);
  else if (name === 'android') vi.stubGlobal('Client', sdk);
  else if (name === 'flutter') vi.stubGlobal('Synerise', { client: sdk, changeApiKey: answer('changeApiKey') });
  else if (name === 'web') {
    vi.stubGlobal('SyneriseTC', { uuid: 'uuid-1' });
    vi.stubGlobal('SR', Object.assign(sdk, { event: Object.assign(sdk['event'] ?? {}), init: sdk['init'] ?? nothing }));
  } else vi.stubGlobal('Synerise', { Client: sdk, isInitialized: () => true, changeApiKey: answer('changeApiKey') });
  return sdk;
}

const ok = () => undefined;
const bad = () => undefined;

describe('methods with two meanings', () => {
  it.each<[string, string, unknown[], string]>([
    ['ios', 'regenerateUUID', [], 'regenerateUUID'],
    ['ios', 'regenerateUUID', [undefined], 'regenerateUUID'],
    ['ios', 'regenerateUUID', ['seed'], 'regenerateUUIDWithClientIdentifier'],
    ['ios', 'signOut', [], 'signOut'],
    ['ios', 'signOut', ['SIGN_OUT', true, ok, bad], 'signOutWithMode'],
    ['ios', 'signOut', ['SIGN_OUT', true], 'signOutWithMode'],
    ['android', 'regenerateUuid', [], 'regenerateUUID'],
    ['android', 'regenerateUuid', ['seed'], 'regenerateUUIDWithClientIdentifier'],
    ['android', 'signOut', [], 'signOut'],
    ['react-native', 'regenerateUUID', [], 'regenerateUUID'],
    ['react-native', 'regenerateUUIDWithClientIdentifier', ['seed'], 'regenerateUUIDWithClientIdentifier'],
    ['react-native', 'signOut', [], 'signOut'],
    ['react-native', 'signOutWithMode', ['SIGN_OUT', true, ok, bad], 'signOutWithMode'],
    ['flutter', 'signOutWithMode', ['SIGN_OUT', true, { onSuccess: ok }], 'signOutWithMode'],
  ])('%s: %s(%j) is %s', async (dialect, method, args, does) => {
    const sdk = make(dialect);
    const agent = await watching();
    sdk[method]?.(...args);
    const [[, name] = []] = told(agent);
    expect(name).toBe(does);
    expect(new Set(told(agent).map(([, each]) => each))).toEqual(new Set([does]));
  });

  it('an Android call object counts as called once it is executed, with the arguments it was created with', async () => {
    const run: Method[] = [];
    const sdk = make(
      'android',
      (method) => () => (method === 'signOut' ? { execute: (...args: unknown[]) => run.push(args[0] as Method) } : undefined),
    );
    const agent = await watching();
    const call = sdk['signOut']?.('SIGN_OUT_WITH_SESSION_DESTROY', true) as { execute: Method };
    expect(brief(agent)).toEqual(['1 signOutWithMode called', '1 signOutWithMode dropped']);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(brief(agent)).toHaveLength(2);
    const pageOk = vi.fn();
    call.execute(pageOk, bad);
    expect(brief(agent).slice(2)).toEqual(['2 signOutWithMode called']);
    run[0]?.('done');
    run[0]?.('again');
    expect(pageOk.mock.calls).toEqual([['done'], ['again']]);
    expect(brief(agent).slice(3)).toEqual(['2 signOutWithMode succeeded']);
    expect(told(agent).map(([, , , what]) => what)).toEqual(Array(4).fill({ mode: 'SIGN_OUT_WITH_SESSION_DESTROY' }));
  });

  it('a call object that is never executed blocks nothing', async () => {
    const retrieve = vi.fn(() => ({ execute: (done: Method) => done({ getRawJwt: () => 'secret' }) }));
    const sdk = make('android', (method) => (method === 'retrieveToken' ? retrieve : () => ({ execute: nothing })));
    const agent = await watching();
    sdk['refreshToken']?.();
    retrieve.mockClear();
    agent.ask({ showing: false, watch: 'bell', command: { kind: 'read' } });
    expect(retrieve).toHaveBeenCalledTimes(1);
  });
});

describe('reporting each call once, in order', () => {
  it('numbers calls consistently when they overlap, nest and fail', async () => {
    const waiting: Record<'signIn' | 'refreshToken', [Method, Method][]> = { signIn: [], refreshToken: [] };
    const sdk = make('react-native', (method) => (...args) => {
      if (method === 'destroySession') sdk['regenerateUUID']?.();
      else if (method === 'deleteAccount') throw new Error('no');
      else if (method === 'signIn' || method === 'refreshToken') waiting[method].push(args.slice(-2) as [Method, Method]);
    });
    const agent = await watching();
    sdk['signIn']?.('a', 'b', ok, bad);
    sdk['refreshToken']?.(ok, bad);
    sdk['signIn']?.('c', 'd', ok, bad);
    waiting.signIn[1]?.[1]('wrong');
    waiting.signIn[0]?.[0]();
    sdk['destroySession']?.();
    expect(() => sdk['deleteAccount']?.('x', ok, bad)).toThrow('no');
    waiting.refreshToken[0]?.[0]();
    waiting.refreshToken[0]?.[1]();
    expect(brief(agent)).toEqual([
      '1 signIn called',
      '2 refreshToken called',
      '3 signIn called',
      '3 signIn failed',
      '1 signIn succeeded',
      '4 destroySession called',
      '5 regenerateUUID called',
      '5 regenerateUUID returned',
      '4 destroySession returned',
      '6 deleteAccount called',
      '6 deleteAccount failed',
      '2 refreshToken succeeded',
    ]);
  });

  it('reports one start and at most one end per call, in that order, for any sequence of calls and outcomes', async () => {
    const methods = ['signIn', 'refreshToken', 'signOut', 'destroySession', 'authenticate'];
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ method: fc.constantFrom(...methods), how: fc.constantFrom('ok', 'bad', 'both', 'late', 'never', 'throw', 'none') }),
          {
            maxLength: 12,
          },
        ),
        async (acts) => {
          closePage();
          openPage();
          vi.stubGlobal('EventTarget', PageTarget);
          const late: Method[] = [];
          let how = '';
          const sdk = make('react-native', (method) => (...args) => {
            if (method === 'retrieveToken') return;
            const [yes, no] = args.slice(-2) as Method[];
            if (how === 'ok' || how === 'both') yes?.();
            if (how === 'bad' || how === 'both') no?.();
            if (how === 'late') late.push(yes as Method);
            if (how === 'throw') throw new Error('thrown');
          });
          const agent = await watching();
          for (const act of acts) {
            how = act.how;
            try {
              sdk[act.method]?.(...(act.how === 'none' ? [] : [ok, bad]));
            } catch {}
          }
          for (const answer of late) answer();
          const seen = told(agent);
          const begun = seen.filter(([, , phase]) => phase === 'called');
          expect(begun.map(([call, does]) => [call, does])).toEqual(acts.map(({ method }, index) => [index + 1, method]));
          const ends = acts.map((_, index) =>
            seen.filter(([call, , phase]) => call === index + 1 && phase !== 'called').map(([, , phase]) => phase),
          );
          const expected = {
            ok: ['succeeded'],
            bad: ['failed'],
            both: ['succeeded'],
            late: ['succeeded'],
            never: [],
            throw: ['failed'],
            none: ['returned'],
          };
          expect(ends).toEqual(acts.map(({ how: each }) => expected[each as keyof typeof expected]));
        },
      ),
      { numRuns: 15 },
    );
  }, 30_000);

  it('ignores calls on another instance of the same class', async () => {
    class Shared {
      getUUID() {
        return 'uuid';
      }
      signIn() {}
    }
    const [one, other] = [new Shared(), new Shared()];
    vi.stubGlobal('Synerise', { Client: one });
    const agent = await watching();
    other.signIn();
    one.signIn();
    expect(brief(agent)).toEqual(['1 signIn called', '1 signIn returned']);
  });

  it('reports Synerise.changeApiKey', async () => {
    make('react-native');
    const agent = await watching();
    (globalThis as unknown as { Synerise: Sdk }).Synerise['changeApiKey']?.('secret-key-of-the-workspace');
    expect(brief(agent)).toEqual(['1 changeApiKey called', '1 changeApiKey returned']);
    expect(JSON.stringify(agent.reports)).not.toContain('secret-key');
  });

  it('does not report our own operations', async () => {
    make('react-native');
    const agent = await watching();
    agent.run('id-1', 'regenerateUUID');
    agent.run('id-2', 'signOut');
    expect(brief(agent)).toEqual([]);
  });
});

describe('reported arguments', () => {
  it('are a constant mode and whether there was an authID, and nothing else', async () => {
    const sdk = make('react-native');
    const agent = await watching();
    sdk['signOutWithMode']?.('SIGN_OUT', true, ok, bad);
    sdk['signOutWithMode']?.('m'.repeat(5000), true, ok, bad);
    sdk['authenticate']?.('token', 'PROVIDER', { authID: 'jane@x.example' }, ok, bad);
    sdk['authenticate']?.('token', 'PROVIDER', {}, ok, bad);
    sdk['simpleAuthentication']?.({ email: 'jane@x.example' }, 'auth-id', ok, bad);
    sdk['simpleAuthentication']?.({ email: 'jane@x.example' }, null, ok, bad);
    const what = told(agent).map(([, , , one]) => one);
    expect(what[0]).toEqual({ mode: 'SIGN_OUT' });
    expect(what[1]).toEqual({ mode: null });
    expect(what.slice(2)).toEqual([{ authID: true }, { authID: false }, { authID: true }, { authID: false }]);
  });

  it.each<[string, unknown]>([
    ['an object', { name: 'SIGN_OUT' }],
    ['an enum object', Object.freeze({ toString: () => 'SIGN_OUT', ordinal: 0 })],
    ['an array', ['SIGN_OUT']],
    ['null', null],
    ['a number', 0],
    ['a symbol', Symbol('SIGN_OUT')],
    [
      'a hostile Proxy',
      new Proxy(
        {},
        {
          get() {
            throw new Error('trap');
          },
          ownKeys() {
            throw new Error('trap');
          },
        },
      ),
    ],
  ])('a mode that is %s: the call is still reported, and the token is read after it', async (_name, mode) => {
    const retrieve = vi.fn((done: Method) => done({ tokenString: 'secret' }));
    const answers: Method[] = [];
    const sdk = make('react-native', (method) =>
      method === 'retrieveToken' ? (retrieve as Method) : (...args) => answers.push(args.at(-2) as Method),
    );
    const agent = await watching();
    await vi.advanceTimersByTimeAsync(1000);
    expect(() => sdk['signOutWithMode']?.(mode, true, ok, bad)).not.toThrow();
    retrieve.mockClear();
    answers[0]?.();
    expect(brief(agent)).toEqual(['1 signOutWithMode called', '1 signOutWithMode succeeded']);
    expect(retrieve).toHaveBeenCalledTimes(1);
  });

  it('that a bridge passes to the app name the method, and contain none of its arguments', async () => {
    const answers: { ok: Method; failed: Method }[] = [];
    vi.stubGlobal('SRInApp', {
      internalMethod: (...args: unknown[]) => answers.push({ ok: args.at(-2) as Method, failed: args.at(-1) as Method }),
    });
    const agent = await startAgent({ dialects: ALL_TABLES });
    quiet(agent);
    expect(only(agent.reports, 'page').at(-1)?.clients).toMatchObject([{ dialect: 'in-app', place: 'SRInApp', state: 'ready' }]);
    const bridge = (globalThis as unknown as { SRInApp: Record<'internalMethod', Method> }).SRInApp;
    bridge.internalMethod('Client/destroySession', { email: 'ada-s3cret' }, ok, bad);
    bridge.internalMethod('Client/changePassword', ['old-s3cret', 'new-s3cret'], ok, bad);
    // Since Android 6.6.0, in one object.
    bridge.internalMethod({ name: 'Client/signIn', parameters: ['s3cret'] }, ok, bad);
    bridge.internalMethod('not a method s3cret', ok, bad);
    for (const name of ['Client/authenticateByOAuth2', 'client/changePassword', 'Client.changePassword', 'no method'])
      bridge.internalMethod(name, ['old-s3cret'], 'new-s3cret', ok, bad);
    answers[0]?.ok('opaque-t0ken');
    answers[1]?.failed({ code: 401, message: 'Wrong password old-s3cret' });
    expect(told(agent)).toEqual([
      [1, 'internalMethod', 'called', { method: 'Client/destroySession' }],
      [2, 'internalMethod', 'called', { method: 'Client/changePassword' }],
      [3, 'internalMethod', 'called', { method: 'Client/signIn' }],
      [4, 'internalMethod', 'called', { method: null }],
      [5, 'internalMethod', 'called', { method: 'Client/authenticateByOAuth2' }],
      [6, 'internalMethod', 'called', { method: 'client/changePassword' }],
      [7, 'internalMethod', 'called', { method: 'Client.changePassword' }],
      [8, 'internalMethod', 'called', { method: null }],
      [1, 'internalMethod', 'succeeded', { method: 'Client/destroySession' }],
      [2, 'internalMethod', 'failed', { method: 'Client/changePassword' }],
    ]);
    expect(JSON.stringify(agent.reports)).toContain('Wrong password');
    expect(JSON.stringify(agent.reports)).not.toMatch(/s3cret|t0ken/);
  });

  it.each(TABLES.map(({ name }) => name))('of %s contain no secret of any call, whatever its field name', async (dialect) => {
    const table = TABLES.find(({ name }) => name === dialect);
    const paths = [
      ...Object.entries(table?.bindings ?? {}).flatMap(([, binding]) => (binding.kind === 'native' ? binding.method.split('|') : [])),
      ...Object.keys(table?.alsoChange ?? {}),
    ];
    const open = fc.stringMatching(/^[a-z]{12}$/);
    const secret = fc.stringMatching(/^[a-z]{12}$/).map((text) => `S3cret-${text}`);
    const thing = fc.oneof(
      open,
      fc.record({ email: open, password: secret, authID: open, token: secret, deeper: fc.record({ newPassword: secret }) }),
      fc.array(open, { maxLength: 2 }),
      fc.boolean(),
      fc.constant(undefined),
      fc.constant(null),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...paths), fc.array(thing, { maxLength: 5 })), { minLength: 1, maxLength: 8 }),
        async (calls) => {
          closePage();
          openPage();
          vi.stubGlobal('EventTarget', PageTarget);
          const sdk = make(dialect, () => (...args) => {
            const yes = args.find((arg) => typeof arg === 'function') as Method | undefined;
            yes?.();
            return undefined;
          });
          const agent = await watching();
          for (const [path, args] of calls) {
            const parts = path.split('.');
            const key = parts.pop() as string;
            let holder = sdk as unknown as Record<string, unknown>;
            for (const part of parts) holder = (part[0] === '^' ? Reflect.get(globalThis, part.slice(1)) : holder[part]) as typeof holder;
            // The sign-out methods' first argument is the mode, which may be reported.
            const own = /^signOut/.test(key) ? ['SIGN_OUT', ...args.slice(1)] : args;
            (holder?.[key] as Method | undefined)?.apply(holder, [...own, ok, bad]);
          }
          await vi.advanceTimersByTimeAsync(5000);
          quiet(agent);
          expect(JSON.stringify(agent.reports)).not.toContain('S3cret');
        },
      ),
      { numRuns: 12 },
    );
  }, 30_000);
});

describe('after a call has ended', () => {
  it('neither its arguments nor its callbacks are retained', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const sdk = make(
      'react-native',
      (method) =>
        (...args) =>
          void (method === 'retrieveToken' || (args.at(-2) as Method)()),
    );
    const agent = await watching();
    const refs = (() => {
      const credentials = { password: 'secret' };
      const callback = () => credentials;
      sdk['signIn']?.(credentials, 'password', callback, bad);
      return [new WeakRef(credentials), new WeakRef(callback)];
    })();
    await vi.advanceTimersByTimeAsync(60_000);
    quiet(agent);
    vi.useRealTimers();
    for (let n = 0; n < 5; n += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined]);
  });

  it('the mailbox stays bounded after five thousand calls', async () => {
    const sdk = make('react-native');
    const agent = await watching();
    for (let n = 0; n < 5000; n += 1) sdk['destroySession']?.();
    expect((agent.raw({ showing: false, watch: 'bell', cursor: 0 }) as string).length).toBeLessThan(500_000);
  }, 30_000);
});

describe('the token', () => {
  it('is never read while a page call is pending, whatever requests the agent gets', async () => {
    const retrieve = vi.fn((done: Method) => done({ tokenString: `secret-${retrieve.mock.calls.length}` }));
    const answers: Method[] = [];
    let uuid = 'uuid-1';
    const sdk = make('react-native', (method) =>
      method === 'retrieveToken' ? (retrieve as Method) : (...args) => answers.push(args.at(-2) as Method),
    );
    sdk['getUUID'] = () => uuid;
    const agent = await watching();
    await vi.advanceTimersByTimeAsync(1000);
    sdk['signIn']?.('a', 'b', ok, bad);
    retrieve.mockClear();
    for (let n = 0; n < 18; n += 1) {
      uuid = `uuid-n${n}`;
      agent.ask({ showing: n % 3 === 0, watch: 'bell', ...(n % 4 === 0 ? { command: { kind: 'read' as const } } : {}) });
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(retrieve).not.toHaveBeenCalled();
    answers[0]?.();
    expect(retrieve).toHaveBeenCalledTimes(1);
  });

  it('is not read after switching to another client and back while a page call is pending', async () => {
    const retrieve = vi.fn((done: Method) => done({ tokenString: 'secret' }));
    const sdk = make('react-native', (method) => (method === 'retrieveToken' ? (retrieve as Method) : nothing));
    make('ios');
    const agent = await watching();
    await vi.advanceTimersByTimeAsync(1000);
    sdk['signIn']?.('a', 'b', ok, bad);
    agent.ask({ showing: true, watch: 'bell', client: 2 });
    retrieve.mockClear();
    agent.ask({ showing: true, watch: 'bell', client: 1 });
    await vi.advanceTimersByTimeAsync(2000);
    expect(retrieve).not.toHaveBeenCalled();
  });
});
