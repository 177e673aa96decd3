import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Clock } from '@/lib/page/clock';
import type { Invocation, Settled } from '@/lib/page/invoke';

type Callback = (value?: unknown) => void;
type Method = (...args: never[]) => unknown;

let invoke: (invocation: Invocation) => void;
let clock: Clock;

beforeEach(async () => {
  vi.useFakeTimers({ now: 1_000 });
  vi.resetModules();
  ({ invoke } = await import('@/lib/page/invoke'));
  clock = (await import('@/lib/page/clock')).createClock();
});
afterEach(() => {
  vi.useRealTimers();
});

function call(method: Method | unknown, options: Partial<Invocation> = {}) {
  const settled: Settled[] = [];
  const late: string[] = [];
  invoke({
    method,
    self: {},
    args: [],
    convention: 'callbacks',
    deadline: 1000,
    clock,
    settle: (end) => settled.push(end),
    late: (how) => late.push(how),
    ...options,
  });
  return { settled, late, ends: () => settled.map(({ how, value }) => ({ how, value })) };
}

const callbacks = () => {
  let ok: Callback = () => undefined;
  let bad: Callback = () => undefined;
  const method = (onSuccess: Callback, onError: Callback) => {
    ok = onSuccess;
    bad = onError;
  };
  return { method, succeed: (value?: unknown) => ok(value), fail: (value?: unknown) => bad(value) };
};

describe('invoke with callbacks', () => {
  it('settles with the success callback and the time it took', async () => {
    const sdk = callbacks();
    const { settled, late } = call(sdk.method);
    expect(settled).toEqual([]);
    await vi.advanceTimersByTimeAsync(300);
    sdk.succeed(true);
    expect(settled).toEqual([{ how: 'success', value: true, ms: 300 }]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(settled).toHaveLength(1);
    expect(late).toEqual([]);
  });

  it('settles with the error callback', () => {
    const sdk = callbacks();
    const { ends } = call(sdk.method);
    const error = { code: 401, message: 'no' };
    sdk.fail(error);
    expect(ends()).toEqual([{ how: 'error', value: error }]);
  });

  it('settles once and reports every later callback as late', () => {
    const sdk = callbacks();
    const { ends, late } = call(sdk.method);
    sdk.fail('first');
    sdk.succeed('second');
    sdk.fail('third');
    expect(ends()).toEqual([{ how: 'error', value: 'first' }]);
    expect(late).toEqual(['success', 'error']);
  });

  it('settles with a callback called synchronously', () => {
    const { ends, late } = call((ok: Callback) => ok('now'));
    expect(ends()).toEqual([{ how: 'success', value: 'now' }]);
    expect(late).toEqual([]);
  });

  it('settles with what the method throws', async () => {
    const thrown = new Error('thrown');
    const { ends, late } = call(() => {
      throw thrown;
    });
    expect(ends()).toEqual([{ how: 'threw', value: thrown }]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(ends()).toHaveLength(1);
    expect(late).toEqual([]);
  });

  it('reports a throw after the callback as late', () => {
    const { ends, late } = call((ok: Callback) => {
      ok(1);
      throw new Error('after');
    });
    expect(ends()).toEqual([{ how: 'success', value: 1 }]);
    expect(late).toEqual(['threw']);
  });

  it('does not take the return value for the answer', async () => {
    const { ends } = call(() => 'returned');
    expect(ends()).toEqual([]);
    await vi.advanceTimersByTimeAsync(999);
    expect(ends()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ends()).toEqual([{ how: 'deadline', value: undefined }]);
  });

  it('reports a callback after the deadline as late', async () => {
    const sdk = callbacks();
    const { settled, late } = call(sdk.method, { deadline: 500 });
    await vi.advanceTimersByTimeAsync(500);
    expect(settled).toEqual([{ how: 'deadline', value: undefined, ms: 500 }]);
    sdk.succeed('too late');
    expect(settled).toHaveLength(1);
    expect(late).toEqual(['success']);
  });

  it('leaves no timer behind', () => {
    const sdk = callbacks();
    call(sdk.method);
    expect(vi.getTimerCount()).toBe(1);
    sdk.succeed();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('needs no listener for late answers', () => {
    const sdk = callbacks();
    const ends: string[] = [];
    invoke({ method: sdk.method, self: {}, args: [], convention: 'callbacks', deadline: 1, clock, settle: ({ how }) => ends.push(how) });
    sdk.succeed();
    expect(() => sdk.succeed()).not.toThrow();
    expect(ends).toEqual(['success']);
  });

  it('calls on the client, with the arguments in order and the callbacks last', () => {
    const self = { name: 'client' };
    let seen: { self: unknown; args: unknown[] } | undefined;
    const method = function (this: unknown, ...args: unknown[]) {
      seen = { self: this, args };
    };
    const args = Object.freeze(['SIGN_OUT', true]);
    call(method, { self, args });
    expect(seen?.self).toBe(self);
    expect(seen?.args).toEqual(['SIGN_OUT', true, expect.any(Function), expect.any(Function)]);
    expect(args).toHaveLength(2);
  });

  it.each([undefined, null, 'text', {}, 5])('reports the method %# as missing', async (method) => {
    const { settled } = call(method);
    expect(settled).toEqual([{ how: 'missing', value: undefined, ms: 0 }]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('invoke of a method that returns a promise', () => {
  it('settles with its rejection when no callback came', async () => {
    const reason = { code: 1, message: 'no' };
    const { ends } = call(() => Promise.reject(reason));
    await vi.advanceTimersByTimeAsync(1);
    expect(ends()).toEqual([{ how: 'rejected', value: reason }]);
  });

  it('settles with its value when no callback came', async () => {
    const { ends } = call(() => Promise.resolve('value'));
    await vi.advanceTimersByTimeAsync(1);
    expect(ends()).toEqual([{ how: 'success', value: 'value' }]);
  });

  it('prefers a callback in the same turn, and does not report the promise as late', async () => {
    const { ends, late } = call((_ok: Callback, bad: Callback) => {
      const answer = Promise.resolve(true);
      void answer.then(() => bad('real answer'));
      return answer;
    });
    await vi.advanceTimersByTimeAsync(2000);
    expect(ends()).toEqual([{ how: 'error', value: 'real answer' }]);
    expect(late).toEqual([]);
  });

  it('prefers a synchronous callback', async () => {
    const { ends, late } = call((ok: Callback) => {
      ok('callback');
      return Promise.reject(new Error('promise'));
    });
    await vi.advanceTimersByTimeAsync(2000);
    expect(ends()).toEqual([{ how: 'success', value: 'callback' }]);
    expect(late).toEqual([]);
  });

  it('reports a callback in a later turn as late', async () => {
    const { ends, late } = call((ok: Callback) => {
      setTimeout(() => ok('late'), 200);
      return Promise.resolve('promise');
    });
    await vi.advanceTimersByTimeAsync(2000);
    expect(ends()).toEqual([{ how: 'success', value: 'promise' }]);
    expect(late).toEqual(['success']);
  });

  it('ends at the deadline when the promise never settles', async () => {
    const { ends } = call(() => new Promise(() => undefined), { convention: 'sync' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(ends()).toEqual([{ how: 'deadline', value: undefined }]);
  });

  it('adopts a thenable that throws', async () => {
    const error = new Error('then');
    const hostile = {
      // biome-ignore lint/suspicious/noThenProperty: a hostile thenable is the subject
      then() {
        throw error;
      },
    };
    const { ends } = call(() => hostile);
    await vi.advanceTimersByTimeAsync(1);
    expect(ends()).toEqual([{ how: 'rejected', value: error }]);
  });

  it('adopts a thenable that answers twice', async () => {
    const hostile = {
      // biome-ignore lint/suspicious/noThenProperty: a hostile thenable is the subject
      then(ok: Callback, bad: Callback) {
        ok('one');
        bad('two');
        ok('three');
        throw new Error('four');
      },
    };
    const { ends, late } = call(() => hostile, { convention: 'sync' });
    await vi.advanceTimersByTimeAsync(2000);
    expect(ends()).toEqual([{ how: 'success', value: 'one' }]);
    expect(late).toEqual([]);
  });

  it('treats a value whose `then` cannot be read as a plain value', () => {
    const value = {
      // biome-ignore lint/suspicious/noThenProperty: a hostile thenable is the subject
      get then(): never {
        throw new Error('getter');
      },
    };
    const { settled } = call(() => value, { convention: 'sync' });
    expect(settled).toHaveLength(1);
    expect(settled[0]?.how).toBe('success');
    expect(settled[0]?.value).toBe(value);
  });
});

describe('invoke of a synchronous method', () => {
  it.each(['uuid', undefined, null, false, 0])('settles immediately with the return value %s', (value) => {
    const { ends } = call(() => value, { convention: 'sync' });
    expect(ends()).toEqual([{ how: 'success', value }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('passes no callbacks', () => {
    const method = vi.fn();
    call(method, { convention: 'sync', args: ['seed'] });
    expect(method.mock.calls).toEqual([['seed']]);
  });

  it('settles with the value of a promise', async () => {
    const { ends } = call(() => Promise.resolve('later'), { convention: 'sync' });
    expect(ends()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ends()).toEqual([{ how: 'success', value: 'later' }]);
  });

  it('settles with what it throws', () => {
    const { ends } = call(
      () => {
        throw 'text';
      },
      { convention: 'sync' },
    );
    expect(ends()).toEqual([{ how: 'threw', value: 'text' }]);
  });
});

describe('invoke on a page that patches its built-ins later', () => {
  it('uses the timers and Promise it saved at load', async () => {
    const wrong = () => {
      throw new Error('patched');
    };
    vi.stubGlobal('setTimeout', wrong);
    vi.stubGlobal('clearTimeout', wrong);
    vi.stubGlobal('Promise', wrong);
    const sync = call(async () => 'value', { convention: 'sync' });
    const never = call(() => undefined, { deadline: 50 });
    vi.unstubAllGlobals();
    await vi.advanceTimersByTimeAsync(50);
    expect(sync.ends()).toEqual([{ how: 'success', value: 'value' }]);
    expect(never.ends()).toEqual([{ how: 'deadline', value: undefined }]);
  });
});

describe('invoke with named callbacks', () => {
  it('passes one object with both callbacks, after the arguments', () => {
    let seen: unknown[] = [];
    const keep = (...args: unknown[]) => {
      seen = args;
    };
    const { ends } = call(keep, { convention: 'named', args: ['mode', true] });
    expect(seen).toEqual(['mode', true, { onSuccess: expect.any(Function), onError: expect.any(Function) }]);
    expect(ends()).toEqual([]);
    (seen[2] as { onError: Callback }).onError('no');
    expect(ends()).toEqual([{ how: 'error', value: 'no' }]);
  });

  it('settles with onSuccess and reports the rest as late', async () => {
    const { ends, late } = call(
      ({ onSuccess, onError }: Record<'onSuccess' | 'onError', Callback>) => {
        onSuccess('one');
        onSuccess('two');
        onError('three');
        return Promise.reject(new Error('four'));
      },
      { convention: 'named' },
    );
    await vi.advanceTimersByTimeAsync(2000);
    expect(ends()).toEqual([{ how: 'success', value: 'one' }]);
    expect(late).toEqual(['success', 'error']);
  });

  it.each<[string, () => unknown, unknown]>([
    ['value', () => Promise.resolve('value'), { how: 'success', value: 'value' }],
    ['rejection', () => Promise.reject('why'), { how: 'rejected', value: 'why' }],
  ])('settles with the %s of the promise when no callback came, as Flutter has both', async (_what, method, end) => {
    const { ends } = call(method, { convention: 'named' });
    await vi.advanceTimersByTimeAsync(1);
    expect(ends()).toEqual([end]);
  });

  it('does not take the return value for the answer', async () => {
    const { ends } = call(() => 'returned', { convention: 'named' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(ends()).toEqual([{ how: 'deadline', value: undefined }]);
  });
});

describe('invoke of a method that returns a call object', () => {
  const made = (execute: (...callbacks: Callback[]) => unknown) => call(() => ({ execute }), { convention: 'call' });

  it('executes it once, on itself, with both callbacks, and calls the method with the arguments only', () => {
    const self = {};
    const seen: unknown[] = [];
    const callObject = {
      execute(...args: unknown[]) {
        seen.push(this, args);
      },
      cancel: vi.fn(),
    };
    const method = vi.fn(function (this: unknown, ..._args: unknown[]) {
      seen.push(this);
      return callObject;
    });
    call(method, { convention: 'call', self, args: ['mode', true] });
    expect(method.mock.calls).toEqual([['mode', true]]);
    expect(seen).toEqual([self, callObject, [expect.any(Function), expect.any(Function)]]);
    expect(seen[0]).toBe(self);
    expect(seen[1]).toBe(callObject);
    expect(callObject.cancel).not.toHaveBeenCalled();
  });

  it.each<[string, (...callbacks: Callback[]) => unknown, unknown]>([
    ['its success', (ok) => ok?.('value'), { how: 'success', value: 'value' }],
    ['its failure', (_ok, bad) => bad?.('why'), { how: 'error', value: 'why' }],
    ['the value of its promise', () => Promise.resolve('value'), { how: 'success', value: 'value' }],
    ['the rejection of its promise', () => Promise.reject('why'), { how: 'rejected', value: 'why' }],
  ])('settles with %s', async (_what, execute, end) => {
    const { ends, late } = made(execute);
    await vi.advanceTimersByTimeAsync(1);
    expect(ends()).toEqual([end]);
    expect(late).toEqual([]);
  });

  it('settles with what `execute` or the method throws', () => {
    const boom = () => {
      throw 'boom';
    };
    expect(made(boom).ends()).toEqual([{ how: 'threw', value: 'boom' }]);
    expect(call(boom, { convention: 'call' }).ends()).toEqual([{ how: 'threw', value: 'boom' }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('settles once when it answers twice after the deadline', async () => {
    const { ends, late } = made((ok, bad) => {
      setTimeout(() => ok?.('late'), 1500);
      setTimeout(() => bad?.('later'), 1600);
    });
    await vi.advanceTimersByTimeAsync(2000);
    expect(ends()).toEqual([{ how: 'deadline', value: undefined }]);
    expect(late).toEqual(['success', 'error']);
  });

  it('ends at the deadline when `execute` never calls back, whatever it returned', async () => {
    const { ends } = made(() => ({ status: 'running' }));
    await vi.advanceTimersByTimeAsync(999);
    expect(ends()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ends()).toEqual([{ how: 'deadline', value: undefined }]);
  });

  it.each([
    undefined,
    null,
    true,
    'call',
    {},
    { execute: 5 },
    () => undefined,
  ])('ends and leaves no timer when %o is not a call object', async (what) => {
    const { settled, late } = call(() => what, { convention: 'call' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(settled).toHaveLength(1);
    expect(settled[0]?.how).toMatch(/threw|deadline/);
    expect(late).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
