import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type ObservedCall, type Observer, observe } from '@/lib/page/observe';
import { original } from '@/lib/page/originals';

type Callback = (value?: unknown) => unknown;

/** Counts no call. */
const REPORTS_ALL = { repeat: () => undefined };

function recorder() {
  const calls: ObservedCall[] = [];
  const ends: { call: ObservedCall; succeeded: boolean; value: unknown }[] = [];
  const dropped: ObservedCall[] = [];
  const observer: Observer = {
    ...REPORTS_ALL,
    called: (call) => calls.push(call),
    ended: (call, succeeded, value) => ends.push({ call, succeeded, value }),
    dropped: (call) => dropped.push(call),
  };
  return { calls, ends, dropped, observer, told: () => ends.map(({ succeeded, value }) => [succeeded, value]) };
}

function watched<T extends object>(client: T, ...methods: string[]) {
  const seen = recorder();
  return { client, ...seen, ...observe(client, methods, seen.observer) };
}

describe('transparency for the page', () => {
  it('keeps name, length and own properties of a method', () => {
    const signIn = Object.assign(
      function signIn(_email: string, _password: string) {
        return true;
      },
      { displayName: 'mine' },
    );
    const { client } = watched({ signIn }, 'signIn');
    expect(client.signIn).not.toBe(signIn);
    expect(client.signIn.name).toBe('signIn');
    expect(client.signIn.length).toBe(2);
    expect(client.signIn.displayName).toBe('mine');
    expect(Reflect.ownKeys(client.signIn)).toEqual(Reflect.ownKeys(signIn));
    client.signIn.displayName = 'changed';
    expect(signIn.displayName).toBe('changed');
  });

  it('keeps the attributes of the property', () => {
    const source = Object.defineProperty({} as { go: () => void }, 'go', {
      value: () => undefined,
      enumerable: false,
      configurable: true,
      writable: false,
    });
    const { client } = watched(source, 'go');
    const { value, ...rest } = Object.getOwnPropertyDescriptor(client, 'go') as PropertyDescriptor;
    expect(rest).toEqual({ enumerable: false, configurable: true, writable: false });
    expect(value).toBeTypeOf('function');
  });

  it('keeps `this`, the arguments and their number, the return value and exceptions', () => {
    const error = new Error('thrown');
    const seen: { self: unknown; args: unknown[] }[] = [];
    const returned = {};
    const source = {
      go(...args: unknown[]) {
        seen.push({ self: this, args });
        return returned;
      },
      fail(): never {
        throw error;
      },
    };
    const { client } = watched(source, 'go', 'fail');
    expect(client.go()).toBe(returned);
    expect(client.go('a', undefined)).toBe(returned);
    const other = {};
    client.go.call(other as typeof source, 'b');
    expect(seen.map(({ args }) => args)).toEqual([[], ['a', undefined], ['b']]);
    expect(seen.map(({ self }) => self)).toEqual([client, client, other]);
    expect(() => client.fail()).toThrow(error);
  });

  it('keeps `new`, `new.target` and the prototype of a constructor', () => {
    const targets: unknown[] = [];
    class Context {
      constructor(readonly value: string) {
        targets.push(new.target);
      }
    }
    const { client, calls } = watched({ Context }, 'Context');
    const made = new client.Context('x');
    expect(made).toBeInstanceOf(Context);
    expect(made.value).toBe('x');
    expect(targets).toEqual([client.Context]);
    expect(calls).toEqual([]);
    expect(() => (client.Context as unknown as () => void)()).toThrow(TypeError);

    let called: unknown = 'unset';
    const plainCall = watched(
      {
        go: function go() {
          called = new.target;
        },
      },
      'go',
    );
    plainCall.client.go();
    expect(called).toBeUndefined();
  });

  it('calls each callback with its own `this` and all arguments, and returns its result', () => {
    const self = {};
    let returned: unknown;
    const source = {
      go(ok: Callback, _bad: Callback) {
        returned = Reflect.apply(ok, self, ['one', 'two']);
      },
    };
    const { client } = watched(source, 'go');
    const got: unknown[] = [];
    client.go(
      function (this: unknown, ...values: unknown[]) {
        got.push(this, values);
        return 'from the page';
      },
      () => undefined,
    );
    expect(got).toEqual([self, ['one', 'two']]);
    expect(got[0]).toBe(self);
    expect(returned).toBe('from the page');
  });

  it('passes an exception in the page’s callback on to the SDK', () => {
    const error = new Error('in the callback');
    let caught: unknown;
    const { client, told } = watched(
      {
        go(ok: Callback) {
          try {
            ok(1);
          } catch (thrown) {
            caught = thrown;
          }
        },
      },
      'go',
    );
    client.go(() => {
      throw error;
    });
    expect(caught).toBe(error);
    expect(told()).toEqual([[true, 1]]);
  });

  it('returns the method’s own promise and attaches no handler to it', async () => {
    const promise = Promise.reject(new Error('no'));
    const handled = vi.spyOn(promise, 'then');
    const { client, calls } = watched({ go: () => promise }, 'go');
    expect(client.go()).toBe(promise);
    expect(calls[0]?.awaited).toBe(false);
    expect(handled).not.toHaveBeenCalled();
    await expect(promise).rejects.toThrow('no');
  });

  it('leaves function arguments that are not callbacks unchanged', () => {
    const seen: unknown[] = [];
    const first = () => undefined;
    const { client } = watched({ go: (...args: unknown[]) => seen.push(...args) }, 'go');
    const ok = () => undefined;
    const bad = () => undefined;
    client.go(first, 'x', ok, bad);
    expect(seen[0]).toBe(first);
    expect(seen[1]).toBe('x');
    expect(seen[2]).not.toBe(ok);
  });

  it('is unaffected by an observer that throws', async () => {
    const broken: Observer = {
      repeat() {
        throw new Error('ours');
      },
      called() {
        throw new Error('ours');
      },
      ended() {
        throw new Error('ours');
      },
      dropped() {
        throw new Error('ours');
      },
    };
    const client = {
      sync: () => 'value',
      async: () => Promise.resolve('later'),
      back: (ok: Callback) => ok('back'),
      bad(): never {
        throw new RangeError('theirs');
      },
    };
    observe(client, ['sync', 'async', 'back', 'bad'], broken);
    const page = vi.fn();
    expect(client.sync()).toBe('value');
    await expect(client.async()).resolves.toBe('later');
    client.back(page);
    expect(page.mock.calls).toEqual([['back']]);
    expect(() => client.bad()).toThrow(RangeError);
  });

  it.each([
    [
      'a promise whose own `then` throws',
      () =>
        Object.defineProperty(Promise.resolve(), 'then', {
          value() {
            throw new Error('then');
          },
        }),
    ],
    [
      'a Proxy whose prototype cannot be read',
      () =>
        new Proxy(
          {},
          {
            getPrototypeOf() {
              throw new Error('trap');
            },
          },
        ),
    ],
  ])('returns %s unchanged', (_name, make) => {
    const returned = make();
    const { client } = watched({ go: () => returned }, 'go');
    expect(client.go() === returned).toBe(true);
  });
});

describe('reports to the observer', () => {
  it('reports method, client and success value once', () => {
    let answer: Callback = () => undefined;
    const sdk = {
      refreshToken(ok: Callback, _bad: Callback) {
        answer = ok;
      },
    };
    const { client, calls, ends } = watched(sdk, 'refreshToken');
    const args = [() => undefined, () => undefined] as const;
    client.refreshToken(...args);
    expect(calls).toEqual([
      {
        method: 'refreshToken',
        self: client,
        awaited: true,
        begun: expect.any(Number) as unknown,
        args: expect.any(Array) as unknown,
        site: expect.any(Function) as unknown,
      },
    ]);
    // The page's own callbacks, not the wrappers passed to the SDK.
    expect(calls[0]?.args[0]).toBe(args[0]);
    expect(calls[0]?.args[1]).toBe(args[1]);
    expect(calls[0]?.self).toBe(client);
    expect(ends).toEqual([]);
    answer(true);
    answer(true);
    expect(ends).toHaveLength(1);
    expect(ends[0]).toEqual({ call: calls[0], succeeded: true, value: true });
    expect(ends[0]?.call).toBe(calls[0]);
  });

  it('reports a call before the method runs, and its end before the page’s callback runs', () => {
    const order: string[] = [];
    const client = {
      go(ok: Callback, _bad: Callback) {
        order.push('method');
        ok();
      },
    };
    observe(client, ['go'], {
      ...REPORTS_ALL,
      called: () => order.push('called'),
      ended: () => order.push('ended'),
      dropped: () => order.push('dropped'),
    });
    client.go(
      () => order.push('page'),
      () => undefined,
    );
    expect(order).toEqual(['called', 'method', 'ended', 'page']);
  });

  const ok = () => undefined;
  const bad = () => undefined;
  it.each<[string, unknown[], number, boolean]>([
    ['onSuccess, onError: success', [ok, bad], 0, true],
    ['onSuccess, onError: error', [ok, bad], 1, false],
    ['arguments first: success', ['mode', true, ok, bad], 2, true],
    ['arguments first: error', ['mode', true, ok, bad], 3, false],
    ['onSuccess alone', [ok], 0, true],
    ['arguments and onSuccess alone', ['mode', true, ok], 2, true],
    ['undefined, onError', [undefined, bad], 1, false],
    ['null, onError', [null, bad], 1, false],
    ['arguments, undefined, onError', ['mode', true, undefined, bad], 3, false],
    ['onSuccess, undefined', [ok, undefined], 0, true],
    ['onSuccess, null', [ok, null], 0, true],
    ['arguments, onSuccess, undefined', ['mode', true, ok, undefined], 2, true],
  ])('identifies the callbacks: %s', (_name, args, at, succeeded) => {
    const { client, calls, told } = watched(
      {
        go: (...given: unknown[]) => {
          later = () => (given[at] as Callback)('value');
        },
      },
      'go',
    );
    let later: () => void = () => undefined;
    client.go(...args);
    expect(calls[0]?.awaited).toBe(true);
    expect(told()).toEqual([]);
    later();
    expect(told()).toEqual([[succeeded, 'value']]);
  });

  it('ends a call without callbacks when it returns', () => {
    const { client, calls, told } = watched({ signOut: () => 'done' }, 'signOut');
    client.signOut();
    expect(calls[0]?.awaited).toBe(false);
    expect(told()).toEqual([[true, 'done']]);
  });

  it('ends a call that throws as failed, with its error', () => {
    const { client, told } = watched(
      {
        go(_ok: Callback): never {
          throw new Error('secret');
        },
      },
      'go',
    );
    expect(() => client.go(() => undefined)).toThrow('secret');
    expect(told()).toMatchObject([[false, { message: 'secret' }]]);
  });

  it('reports one end when both a callback and a promise answer', async () => {
    const { client, told } = watched({ go: async (done: Callback) => void done('callback') }, 'go');
    await client.go(() => undefined);
    expect(told()).toEqual([[true, 'callback']]);
  });
});

describe('where methods are defined', () => {
  class Module {
    constructor(readonly name: string) {}
    refreshToken() {
      return this.name;
    }
    static destroySession(this: unknown) {
      return Module;
    }
  }

  it('observes prototype methods with the right instance, and restores the prototype', () => {
    const before = Object.getOwnPropertyDescriptor(Module.prototype, 'refreshToken');
    const one = new Module('one');
    const two = new Module('two');
    const { calls, revert } = watched(one, 'refreshToken');
    expect(one.refreshToken()).toBe('one');
    expect(two.refreshToken()).toBe('two');
    expect(calls.map(({ self }) => self)).toEqual([one, two]);
    expect(Object.hasOwn(one, 'refreshToken')).toBe(false);
    revert();
    expect(Object.getOwnPropertyDescriptor(Module.prototype, 'refreshToken')).toEqual(before);
    expect(Object.hasOwn(one, 'refreshToken')).toBe(false);
  });

  it('observes static methods', () => {
    const { calls, revert } = watched(Module as unknown as { destroySession(): unknown }, 'destroySession');
    expect(Module.destroySession()).toBe(Module);
    expect(calls[0]?.self).toBe(Module);
    revert();
  });

  it('lists frozen methods and accessors as unobserved and leaves them alone', () => {
    let reads = 0;
    const signOut = () => 'out';
    const frozen = Object.freeze({ signOut });
    expect(watched(frozen, 'signOut', 'absent').unobserved).toEqual(['signOut']);
    expect(frozen.signOut).toBe(signOut);
    const lazy = {
      get refreshToken() {
        reads += 1;
        return signOut;
      },
    };
    expect(watched(lazy, 'refreshToken').unobserved).toEqual(['refreshToken']);
    expect(reads).toBe(0);
  });

  it('wraps a writable method of a sealed client and restores it', () => {
    const signOut = () => 'out';
    const { client, unobserved, calls, revert } = watched(Object.seal({ signOut }), 'signOut');
    client.signOut();
    expect(unobserved).toEqual([]);
    expect(calls).toHaveLength(1);
    revert();
    expect(client.signOut).toBe(signOut);
  });

  it('never touches the built-in prototypes', () => {
    const before = Object.getOwnPropertyDescriptor(Object.prototype, 'toString');
    const client = {};
    expect(watched(client, 'toString').unobserved).toEqual(['toString']);
    expect(Object.getOwnPropertyDescriptor(Object.prototype, 'toString')).toEqual(before);
  });

  it('lists a method that a Proxy refuses to redefine as unobserved', () => {
    const client = new Proxy({ signOut: () => 1 }, { defineProperty: () => false });
    expect(watched(client, 'signOut').unobserved).toEqual(['signOut']);
  });
});

describe('wrapping and unwrapping', () => {
  it('wraps a method once, however often observe is called', () => {
    const signOut = () => undefined;
    const client = { signOut };
    const first = watched(client, 'signOut');
    const wrapper = client.signOut;
    const second = watched(client, 'signOut');
    expect(client.signOut).toBe(wrapper);
    expect(second.unobserved).toEqual([]);
    client.signOut();
    expect(first.calls).toHaveLength(1);
    expect(second.calls).toHaveLength(0);
    second.revert();
    expect(client.signOut).toBe(wrapper);
    first.revert();
    expect(client.signOut).toBe(signOut);
  });

  it('restores the exact descriptor and value', () => {
    const go = () => undefined;
    const client = Object.defineProperty({} as { go: () => void }, 'go', {
      value: go,
      enumerable: false,
      configurable: true,
      writable: false,
    });
    const before = Object.getOwnPropertyDescriptor(client, 'go');
    const { revert } = watched(client, 'go');
    revert();
    expect(Object.getOwnPropertyDescriptor(client, 'go')).toEqual(before);
    expect(client.go).toBe(go);
  });

  it('finds the original of its own wrapper only', () => {
    const go = () => undefined;
    const { client } = watched({ go }, 'go');
    expect(original(client.go)).toBe(go);
    expect(original(go)).toBe(go);
    expect(original(undefined)).toBeUndefined();
    expect(original('text')).toBe('text');
  });

  it('leaves a later wrapper by other code in place', () => {
    const go = vi.fn(() => 'value');
    const { client, revert } = watched({ go: go as () => string }, 'go');
    const inner = client.go;
    const theirs = () => inner();
    client.go = theirs;
    revert();
    expect(client.go).toBe(theirs);
    expect(client.go()).toBe('value');
    expect(go).toHaveBeenCalledTimes(1);
  });

  it('reports nothing after the revert, even through a wrapper that was kept', () => {
    const { client, calls, ends, revert } = watched({ go: (ok?: Callback) => ok?.('value') ?? 'value' }, 'go');
    const kept = client.go;
    revert();
    const page = vi.fn();
    expect(kept.call(client)).toBe('value');
    kept.call(client, page);
    expect(page.mock.calls).toEqual([['value']]);
    expect(calls).toEqual([]);
    expect(ends).toEqual([]);
  });

  it('still passes calls through if the client was frozen in the meantime', () => {
    const { client, revert } = watched({ go: (value: string) => value }, 'go');
    Object.freeze(client);
    expect(() => revert()).not.toThrow();
    expect(client.go('x')).toBe('x');
  });
});

type Named = { onSuccess?: Callback; onError?: Callback };

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe('named callbacks', () => {
  /** An observed method that records the arguments the SDK receives. */
  function named() {
    const state: { given: Named; args: unknown[] } = { given: {}, args: [] };
    const seen = watched(
      {
        refresh(...args: unknown[]) {
          state.args = args;
          state.given = args.at(-1) as Named;
        },
      },
      'refresh',
    );
    return { ...seen, refresh: seen.client.refresh.bind(seen.client) as (...args: unknown[]) => unknown, state };
  }

  it.each<[string, (given: Named) => void, boolean]>([
    ['success', ({ onSuccess }) => onSuccess?.('value'), true],
    ['error', ({ onError }) => onError?.('value'), false],
    ['success, called on the object', (given) => given.onSuccess?.('value'), true],
    ['success, from a copy', (given) => ({ ...given }).onSuccess?.('value'), true],
    ['success, twice', ({ onSuccess }) => void [onSuccess?.('value'), onSuccess?.('again')], true],
    ['success, then error', ({ onSuccess, onError }) => void [onSuccess?.('value'), onError?.('why')], true],
  ])('are observed once: %s', (_how, answer, succeeded) => {
    const { refresh, state, calls, told } = named();
    refresh('mode', { onSuccess: () => undefined, onError: () => undefined, timeout: 5 });
    expect(calls).toMatchObject([{ method: 'refresh', awaited: true }]);
    expect(told()).toEqual([]);
    answer(state.given);
    expect(told()).toEqual([[succeeded, 'value']]);
  });

  it.each([['onSuccess', true] as const, ['onError', false] as const])('are observed when only %s is given', (name, succeeded) => {
    const { refresh, state, told } = named();
    const page = vi.fn(() => 'from the page');
    refresh({ [name]: page });
    expect(state.given[name]?.('value')).toBe('from the page');
    expect(page.mock.calls).toEqual([['value']]);
    expect(told()).toEqual([[succeeded, 'value']]);
  });

  it('leave the rest of their object unchanged', () => {
    const { refresh, state } = named();
    class Options {
      timeout = 5;
      onSuccess() {
        return 'ok';
      }
      get extra() {
        return this.timeout;
      }
    }
    const options = new Options();
    refresh(options);
    const given = state.given as Options;
    expect(given).toBeInstanceOf(Options);
    expect(Object.keys(given)).toEqual(['timeout']);
    expect([given.extra, given.timeout, 'onError' in given]).toEqual([5, 5, false]);
    given.timeout = 6;
    expect(options.timeout).toBe(6);
    expect(Object.getOwnPropertyNames(options)).toEqual(['timeout']);
  });

  it.each<[string, unknown]>([
    ['no callbacks', { timeout: 5 }],
    ['callbacks that are not functions', { onSuccess: 'text', onError: null }],
    [
      'getters that throw',
      {
        get onSuccess(): never {
          throw new Error('getter');
        },
      },
    ],
    [
      'a Proxy that throws',
      new Proxy(
        {},
        {
          get() {
            throw new Error('trap');
          },
        },
      ),
    ],
    [
      'a Proxy that throws at every trap',
      new Proxy(
        {},
        Object.fromEntries(
          ['get', 'has', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'ownKeys'].map((trap) => [
            trap,
            () => {
              throw new Error('trap');
            },
          ]),
        ),
      ),
    ],
    ['a Proxy that was revoked', revoked()],
    ['null', null],
    ['an array', [1]],
  ])('are not found, and the argument itself is passed on: %s', (_what, arg) => {
    const { refresh, state, calls, told } = named();
    refresh(arg);
    expect(state.args[0] === arg).toBe(true);
    expect(calls).toMatchObject([{ awaited: false }]);
    expect(told()).toHaveLength(1);
  });

  it('are looked for in the last argument only', () => {
    const { refresh, state } = named();
    const first = { onSuccess: () => undefined };
    refresh(first, 'x');
    expect(state.args[0]).toBe(first);
  });

  it('in a frozen object are passed on as they are, and still called by the SDK', () => {
    const { refresh, state } = named();
    const onSuccess = vi.fn();
    refresh(Object.freeze({ onSuccess, timeout: 5 }));
    expect(Object.isFrozen(state.given)).toBe(true);
    state.given.onSuccess?.('value');
    expect(onSuccess.mock.calls).toEqual([['value']]);
  });

  it('in a frozen object are not awaited, because they cannot be observed', () => {
    const { refresh, calls, told } = named();
    refresh(Object.freeze({ onSuccess: () => undefined }));
    expect(calls).toMatchObject([{ awaited: false }]);
    expect(told()).toHaveLength(1);
  });

  it('are observed when defined on a frozen prototype', () => {
    const { refresh, state, told } = named();
    refresh(Object.create(Object.freeze({ onSuccess: () => undefined })));
    state.given.onSuccess?.('value');
    expect(told()).toEqual([[true, 'value']]);
  });

  it('are observed when returned by a getter, which runs no more often than without us', () => {
    const { refresh, state, told } = named();
    const page = vi.fn();
    const get = vi.fn(() => page);
    refresh(Object.defineProperty({}, 'onSuccess', { get, configurable: true, enumerable: true }));
    state.given.onSuccess?.('value');
    expect(get).toHaveBeenCalledTimes(1);
    expect(page.mock.calls).toEqual([['value']]);
    expect(told()).toEqual([[true, 'value']]);
  });

  it('are called with the page’s own object as `this`, so private members work', () => {
    const { refresh, state } = named();
    class Handler {
      #value: unknown;
      self: unknown;
      onSuccess(value: unknown) {
        this.self = this;
        this.#value = value;
      }
      get value() {
        return this.#value;
      }
    }
    const handler = new Handler();
    refresh(handler);
    state.given.onSuccess?.('value');
    expect(handler.value).toBe('value');
    expect(handler.self === handler).toBe(true);
  });

  it('are no longer observed after the revert', () => {
    const { refresh, state, told, revert } = named();
    const onSuccess = vi.fn();
    refresh({ onSuccess });
    revert();
    state.given.onSuccess?.('value');
    expect(onSuccess).toHaveBeenCalledTimes(1);
    expect(told()).toEqual([]);
  });
});

describe('call objects', () => {
  class Call {
    readonly cancel = vi.fn();
    constructor(readonly answer: (ok?: Callback, bad?: Callback) => unknown) {}
    execute(ok?: Callback, bad?: Callback) {
      return this.answer(ok, bad);
    }
  }
  const observed = (callObject: unknown) => watched({ refresh: () => callObject }, 'refresh');
  const own = (answer: Call['answer']): { execute: Call['answer']; cancel: () => void } => ({ execute: answer, cancel: vi.fn() });

  it.each<[string, (answer: Call['answer']) => { execute: Call['answer'] }]>([
    ['as an own property', own],
    ['on the prototype', (answer) => new Call(answer)],
    [
      'that is not enumerable',
      (answer) => Object.defineProperty({}, 'execute', { value: answer, configurable: true }) as ReturnType<typeof own>,
    ],
    [
      'that is read only',
      (answer) => Object.defineProperty({}, 'execute', { value: answer, writable: false, configurable: true }) as ReturnType<typeof own>,
    ],
    [
      'behind a getter',
      (answer) => Object.defineProperty({}, 'execute', { get: () => answer, configurable: true }) as ReturnType<typeof own>,
    ],
  ])('are observed through an `execute` %s, which is restored', (_where, make) => {
    let answer: Callback = () => undefined;
    const callObject = make((ok) => {
      answer = ok as Callback;
      return 'returned';
    });
    const before = Object.getOwnPropertyDescriptor(callObject, 'execute');
    const keys = Object.keys(callObject);
    const { client, calls, dropped, told } = observed(callObject);
    expect(client.refresh()).toBe(callObject);
    expect(dropped).toEqual([calls[0]]);
    expect(told()).toEqual([]);
    expect(Object.keys(callObject)).toEqual(keys);
    const page = vi.fn();
    expect(callObject.execute(page, () => undefined)).toBe('returned');
    expect(Object.getOwnPropertyDescriptor(callObject, 'execute')).toEqual(before);
    expect(calls).toMatchObject([{}, { method: 'refresh', awaited: true }]);
    expect(calls[1]?.self).toBe(client);
    expect(told()).toEqual([]);
    answer('value');
    expect(page.mock.calls).toEqual([['value']]);
    expect(told()).toEqual([[true, 'value']]);
  });

  it('report a failure, an exception, and an end without callbacks', () => {
    const failed = observed(own((_ok, bad) => bad?.('why')));
    (failed.client.refresh() as Call).execute(
      () => undefined,
      () => undefined,
    );
    expect(failed.told()).toEqual([[false, 'why']]);
    const thrown = observed(
      own(() => {
        throw new RangeError('boom');
      }),
    );
    expect(() => (thrown.client.refresh() as Call).execute(() => undefined)).toThrow(RangeError);
    expect(thrown.told()).toEqual([[false, new RangeError('boom')]]);
    const silent = observed(own(() => 'value'));
    (silent.client.refresh() as Call).execute();
    expect(silent.calls.at(-1)).toMatchObject({ awaited: false });
    expect(silent.told()).toEqual([[true, 'value']]);
  });

  it('count as one call each when executed', () => {
    const seen = watched({ refresh: () => own((ok) => ok?.('value')) }, 'refresh');
    const [one, two] = [seen.client.refresh(), seen.client.refresh()];
    expect(one).not.toBe(two);
    two.execute(() => undefined);
    expect(seen.dropped).toEqual(seen.calls.slice(0, 2));
    expect(seen.ends.map(({ call }) => call)).toEqual([seen.calls[2]]);
  });

  it('still work when executed twice; the second time is not observed', () => {
    const execute = vi.fn((ok?: Callback) => ok?.('value'));
    const { client, told } = observed(own(execute));
    const callObject = client.refresh() as Call;
    const page = vi.fn();
    callObject.execute(page);
    callObject.execute(page);
    expect(execute).toHaveBeenCalledTimes(2);
    expect(page).toHaveBeenCalledTimes(2);
    expect(told()).toEqual([[true, 'value']]);
  });

  it('keep `cancel`, and leave nothing pending when canceled or never executed', () => {
    const callObject = own(() => undefined);
    const { cancel } = callObject;
    const { client, calls, dropped, told } = observed(callObject);
    client.refresh();
    expect(callObject.cancel).toBe(cancel);
    callObject.cancel();
    expect(cancel).toHaveBeenCalledTimes(1);
    expect(dropped).toEqual(calls);
    expect(told()).toEqual([]);
  });

  it('keep the name, length and `this` of `execute`', () => {
    const callObject = new Call(() => undefined);
    const { client } = observed(callObject);
    client.refresh();
    expect([callObject.execute.name, callObject.execute.length]).toEqual(['execute', 2]);
    let self: unknown;
    const other = {
      execute() {
        self = this;
      },
    };
    (observed(other).client.refresh() as typeof other).execute();
    expect(self).toBe(other);
  });

  it.each<[string, unknown]>([
    ['a frozen one', Object.freeze({ execute: () => 'x' })],
    ['a sealed one of a class', Object.seal(new Call(() => 'x'))],
    [
      'a Proxy that refuses',
      new Proxy(
        own(() => 'x'),
        { defineProperty: () => false },
      ),
    ],
    [
      'a Proxy that throws',
      new Proxy(
        {},
        {
          get() {
            throw new Error('trap');
          },
        },
      ),
    ],
    ['one without execute', { cancel() {} }],
    ['one whose execute is not a function', { execute: 'text' }],
    ['null', null],
  ])('that cannot be observed are returned unchanged, and the call ends immediately: %s', (_what, callObject) => {
    const { client, dropped, told } = observed(callObject);
    expect(client.refresh() === callObject).toBe(true);
    expect(dropped).toEqual([]);
    expect(told()).toHaveLength(1);
  });

  it('are restored even when executed after the revert, and nothing is reported', () => {
    const callObject = own((ok) => ok?.('value'));
    const { execute } = callObject;
    const { client, told, calls, revert } = observed(callObject);
    client.refresh();
    revert();
    const page = vi.fn();
    callObject.execute(page);
    expect(page.mock.calls).toEqual([['value']]);
    expect(callObject.execute).toBe(execute);
    expect(calls).toHaveLength(1);
    expect(told()).toEqual([]);
  });

  it('that the SDK returns twice count as one call when executed', () => {
    const callObject = own((ok) => ok?.('value'));
    const { execute } = callObject;
    const { client, ends } = observed(callObject);
    client.refresh();
    client.refresh();
    callObject.execute(() => undefined);
    expect(callObject.execute).toBe(execute);
    expect(ends).toHaveLength(1);
  });
});

describe('methods of members', () => {
  it('are observed with their own `this` and full path, and restored', () => {
    const clear = function (this: unknown) {
      return this;
    };
    const jwt = { clearAccessToken: clear };
    const client = { jwt, client: { setUuid: (uuid: string) => uuid } };
    const { setUuid } = client.client;
    const { calls, ends, unobserved, revert } = watched(
      client,
      'jwt.clearAccessToken',
      'client.setUuid',
      'jwt.absent',
      'gone.setUuid',
      'client.setUuid.x',
    );
    expect(client.jwt.clearAccessToken()).toBe(jwt);
    expect(client.client.setUuid('new')).toBe('new');
    expect(calls.map(({ method }) => method)).toEqual(['jwt.clearAccessToken', 'client.setUuid']);
    expect(calls[0]?.self).toBe(jwt);
    expect(ends).toHaveLength(2);
    expect(unobserved).toEqual([]);
    revert();
    expect([jwt.clearAccessToken, client.client.setUuid]).toEqual([clear, setUuid]);
  });

  it('that cannot be wrapped are listed by full path, and a member that throws is skipped', () => {
    const client = {
      jwt: Object.freeze({ clearAccessToken: () => undefined }),
      get bad(): never {
        throw new Error('getter');
      },
    };
    expect(watched(client, 'jwt.clearAccessToken', 'bad.go').unobserved).toEqual(['jwt.clearAccessToken']);
  });
});

describe('a call that may be a repeat', () => {
  /** A getter whose answers come from `answers`; repeats of 1 are counted. */
  function counted(...answers: (() => unknown)[]) {
    const seen = recorder();
    const counted: unknown[] = [];
    const selves: unknown[] = [];
    const client = {
      read(...args: unknown[]) {
        selves.push(this);
        return args.length ? args : answers.shift()?.();
      },
    };
    const observer: Observer = {
      ...seen.observer,
      repeat: ({ method, self }) =>
        method === 'read' && self === client ? (answer) => answer === 1 && counted.push(answer) > 0 : undefined,
    };
    return { client, counted, selves, ...seen, ...observe(client, ['read'], observer) };
  }

  it('is only counted if it is one', () => {
    const {
      client,
      counted: all,
      calls,
      selves,
    } = counted(
      () => 1,
      () => 1,
    );
    expect([client.read(), client.read()]).toEqual([1, 1]);
    expect(all).toEqual([1, 1]);
    expect(calls).toEqual([]);
    expect(selves).toEqual([client, client]);
  });

  it('is reported with its time and call site if it is none, and made only once', () => {
    // The test runner sets Error.prepareStackTrace, which few pages do.
    const format = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
    Reflect.deleteProperty(Error, 'prepareStackTrace');
    onTestFinished(() => void (format && Object.defineProperty(Error, 'prepareStackTrace', format)));
    let within = 0;
    const { client, calls, told, selves } = counted(() => {
      within = Date.now();
      // The call takes at least a millisecond.
      while (Date.now() === within);
      return 2;
    });
    const caller = () => client.read();
    expect(caller()).toBe(2);
    expect(told()).toEqual([[true, 2]]);
    expect(calls[0]?.begun).toBeLessThanOrEqual(within);
    expect(calls[0]?.site()).toMatch(/^caller .*observe\.test\.ts/);
    expect(selves).toHaveLength(1);
  });

  it('is reported if it throws, which the page sees too', () => {
    const error = new Error('thrown');
    const { client, told } = counted(() => {
      throw error;
    });
    expect(() => client.read()).toThrow(error);
    expect(told()).toEqual([[false, error]]);
  });

  it('has no arguments, and the client as `this`', () => {
    const { client, counted: all, calls } = counted(() => 1);
    expect(client.read(1)).toEqual([1]);
    const { read } = client;
    expect(read.call({} as never)).toBe(1);
    expect(all).toEqual([]);
    expect(calls).toHaveLength(2);
  });

  it('is not counted after `revert`', () => {
    const { client, counted: all, revert } = counted(() => 1);
    const { read } = client;
    revert();
    expect(read.call(client)).toBe(1);
    expect(all).toEqual([]);
  });
});
