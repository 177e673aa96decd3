import { createContext, runInContext } from 'node:vm';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AGENT_VERSION, type AgentRequest, callAgent, callExpression, HANDLE_KEY, MAX_SAID, pack } from '@/lib/page/wire';

const key = Symbol.for(HANDLE_KEY);
const ORIGIN = 'https://shop.example';
const REQUEST: AgentRequest = { origin: ORIGIN, now: 0, cursor: 0, document: 'd', wait: 0, showing: true, client: null };
const put = (handle: unknown) => Object.defineProperty(globalThis, key, { value: handle, configurable: true });
const ask = (over: Partial<AgentRequest> = {}) => {
  const request = { ...REQUEST, ...over };
  return callAgent(HANDLE_KEY, 3, request.origin, pack(request));
};

beforeEach(() => {
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('location', { origin: ORIGIN });
  return () => {
    Reflect.deleteProperty(globalThis, key);
    vi.unstubAllGlobals();
  };
});

describe('callAgent', () => {
  it('returns only the origin when there is no agent', () => {
    expect(ask()).toBe(`${ORIGIN}\n`);
  });

  it('passes the request to the agent and returns its reply after the origin', () => {
    const exchange = vi.fn(() => '{"document":"d"}');
    put({ version: 3, exchange, revert: vi.fn() });
    expect(ask({ wait: 0 })).toBe(`${ORIGIN}\n{"document":"d"}`);
    expect(exchange.mock.calls).toEqual([[expect.objectContaining(REQUEST)]]);
  });

  it('passes nothing to a page of another origin and does not touch its handle', () => {
    const touched = vi.fn();
    put(new Proxy({}, { get: touched }));
    vi.stubGlobal('location', { origin: 'https://other.example' });
    expect(ask()).toBe('https://other.example\n!moved');
    expect(touched).not.toHaveBeenCalled();
  });

  it('triggers no setter of another origin’s page with the request’s data', () => {
    const seen = vi.fn();
    const context = createContext({ location: { origin: 'https://evil.example' }, seen });
    runInContext(
      `var window = globalThis;
       for (let i = 0; i < 50; i += 1) Object.defineProperty(Array.prototype, i, { set: seen, get() { return undefined; }, configurable: true });
       for (const name of ['password', 'places', 'path']) Object.defineProperty(Object.prototype, name, { set: seen, configurable: true });`,
      context,
    );
    const setup = { id: 's', dialects: [], places: [{ path: 'bank.secret.sdk', dialect: 'ios' as const }] };
    expect(runInContext(callExpression({ ...REQUEST, setup }), context)).toBe('https://evil.example\n!moved');
    expect(seen).not.toHaveBeenCalled();
  });

  it('sends a request without an origin to a page of any origin', () => {
    const exchange = vi.fn(() => '{}');
    put({ version: 3, exchange });
    vi.stubGlobal('location', { origin: 'https://other.example' });
    expect(ask({ origin: null })).toBe('https://other.example\n{}');
  });

  it.each([2, 4])('asks nothing of an agent of version %d, and returns no reply', (version) => {
    const exchange = vi.fn();
    put({ version, exchange });
    expect(ask()).toBe(`${ORIGIN}\n`);
    expect(exchange).not.toHaveBeenCalled();
  });

  it('returns the reply of a waiting exchange as a promise', async () => {
    put({ version: 3, exchange: () => Promise.resolve('"later"') });
    const answer = ask();
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toBe(`${ORIGIN}\n"later"`);
  });

  it('limits the length of a forged handle’s reply', async () => {
    const limit = 500_000;
    expect(MAX_SAID).toBe(limit);
    put({ version: 3, exchange: () => 'x'.repeat(limit) });
    expect(ask()).toBe(`${ORIGIN}\n!hostile`);
    put({ version: 3, exchange: () => 'x'.repeat(limit - 1) });
    expect(ask()).toHaveLength(ORIGIN.length + limit);
    put({ version: 3, exchange: () => Promise.resolve('x'.repeat(limit)) });
    expect(await ask()).toBe(`${ORIGIN}\n!hostile`);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['an object', { document: 'd' }],
    ['a String object', Object('text')],
    ['a string-like object', { length: 1, toString: () => 'x' }],
    ['a promise of an object', Promise.resolve({})],
    ['a function', () => 'text'],
  ])('returns "hostile" when a forged handle returns %s', async (_name, answer) => {
    put({ version: 3, exchange: () => answer });
    expect(await ask()).toBe(`${ORIGIN}\n!hostile`);
  });

  it.each<[string, unknown]>([
    ['throws', { version: 3, exchange: () => raise() }],
    ['rejects', { version: 3, exchange: () => Promise.reject(new Error('no')) }],
    ['has no exchange', { version: 3 }],
  ])('returns "threw" when a handle %s', async (_name, handle) => {
    put(handle);
    expect(await ask()).toBe(`${ORIGIN}\n!threw`);
  });

  it('looks up the plain key when the page replaced Symbol', () => {
    vi.stubGlobal('Symbol', undefined);
    vi.stubGlobal(HANDLE_KEY, { version: 3, exchange: () => '{}' });
    expect(ask()).toBe(`${ORIGIN}\n{}`);
  });

  it('returns a native promise when the page replaced Promise', async () => {
    const Native = Promise;
    class ZoneAwarePromise {
      // biome-ignore lint/suspicious/noThenProperty: zone.js does this
      then(): never {
        throw new Error('zone');
      }
    }
    put({ version: 3, exchange: () => Native.resolve('"later"') });
    vi.stubGlobal('Promise', ZoneAwarePromise);
    const answer = ask();
    vi.unstubAllGlobals();
    expect(Object.getPrototypeOf(answer)).toBe(Native.prototype);
    expect(await answer).toBe(`${ORIGIN}\n"later"`);
  });
});

describe('callExpression', () => {
  it('transfers every member, including null, arrays and a key named __proto__', () => {
    const told: unknown[] = [];
    const context = createContext({ location: { origin: ORIGIN }, told });
    runInContext(
      `var window = globalThis; window[Symbol.for('${HANDLE_KEY}')] = { version: ${AGENT_VERSION}, exchange(request) { told.push(JSON.stringify(request)); return '{}'; } };`,
      context,
    );
    const args = JSON.parse('{"__proto__":{"a":"\\"__proto__\\":1","b":[null,[],{}],"c":null}}') as Record<string, never>;
    const request: AgentRequest = {
      ...REQUEST,
      command: { kind: 'run', id: '1', document: 'd', origin: ORIGIN, client: 1, operation: 'getUUID', args, deadline: 1, notAfter: 1 },
    };
    expect(runInContext(callExpression(request), context)).toBe(`${ORIGIN}\n{}`);
    expect(told).toEqual([JSON.stringify(request)]);
  });
});

function raise(): never {
  throw new Error('no');
}
