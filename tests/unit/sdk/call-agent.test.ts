import { createContext, runInContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { callAgent, HANDLE_KEY } from '@/lib/sdk/wire';

const key = Symbol.for(HANDLE_KEY);
const put = (handle: unknown) => Object.defineProperty(globalThis, key, { value: handle, configurable: true });
const ask = () => callAgent(HANDLE_KEY, 3, '{}');

afterEach(() => {
  Reflect.deleteProperty(globalThis, key);
  vi.unstubAllGlobals();
});

describe('callAgent', () => {
  it('gives null where there is no agent', () => {
    expect(ask()).toBeNull();
  });

  it('hands the request over and the answer back', () => {
    const exchange = vi.fn(() => '{"document":"d"}');
    put({ version: 3, exchange, revert: vi.fn() });
    expect(callAgent(HANDLE_KEY, 3, '{"wait":0}')).toBe('{"document":"d"}');
    expect(exchange.mock.calls).toEqual([['{"wait":0}']]);
  });

  it.each([2, 4])('reverts an agent of version %d, and gives null', (version) => {
    const exchange = vi.fn();
    const revert = vi.fn();
    put({ version, exchange, revert });
    expect(ask()).toBeNull();
    expect(revert).toHaveBeenCalledTimes(1);
    expect(exchange).not.toHaveBeenCalled();
  });

  it('gives the answer of an exchange that waits as a promise', async () => {
    put({ version: 3, exchange: () => Promise.resolve('"later"') });
    const answer = ask();
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toBe('"later"');
  });

  it('bounds what a forged handle answers', async () => {
    const limit = 2_000_000;
    put({ version: 3, exchange: () => 'x'.repeat(limit) });
    expect(ask()).toBe('"hostile"');
    put({ version: 3, exchange: () => 'x'.repeat(limit - 1) });
    expect(ask()).toHaveLength(limit - 1);
    put({ version: 3, exchange: () => Promise.resolve('x'.repeat(limit)) });
    expect(await ask()).toBe('"hostile"');
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['an object', { document: 'd' }],
    ['a String object', Object('text')],
    ['a text-like', { length: 1, toString: () => 'x' }],
    ['a promise of an object', Promise.resolve({})],
    ['a function', () => 'text'],
  ])('says hostile where a forged handle answers %s', async (_name, answer) => {
    put({ version: 3, exchange: () => answer });
    expect(await ask()).toBe('"hostile"');
  });

  it('answers with a promise of the browser where the page replaced Promise', async () => {
    const Native = Promise;
    class ZoneAwarePromise {
      // biome-ignore lint/suspicious/noThenProperty: zone.js does so
      then(): never {
        throw new Error('zone');
      }
    }
    put({ version: 3, exchange: () => Native.resolve('"later"') });
    vi.stubGlobal('Promise', ZoneAwarePromise);
    const answer = ask();
    vi.unstubAllGlobals();
    expect(Object.getPrototypeOf(answer)).toBe(Native.prototype);
    expect(await answer).toBe('"later"');
  });

  it('adopts a promise of the page that is none of the browser', async () => {
    const zoned = {
      // biome-ignore lint/suspicious/noThenProperty: zone.js does so
      then(ok: (value: string) => void) {
        ok('"zoned"');
      },
    };
    put({ version: 3, exchange: () => zoned });
    expect(await ask()).toBe('"zoned"');
  });

  it('needs nothing from outside itself: its text runs in another realm', async () => {
    const context = createContext({});
    runInContext(
      `Object.defineProperty(globalThis, Symbol.for(${JSON.stringify(HANDLE_KEY)}),
        { value: { version: 3, exchange: (text) => (text === 'wait' ? Promise.resolve('later') : text) } });`,
      context,
    );
    const run = (request: string) =>
      runInContext(`(${callAgent.toString()})(${JSON.stringify(HANDLE_KEY)}, 3, ${JSON.stringify(request)})`, context) as unknown;
    expect(run('now')).toBe('now');
    expect(await run('wait')).toBe('later');
    expect(runInContext(`(${callAgent.toString()})('another.key', 3, '{}')`, context)).toBeNull();
  });
});
