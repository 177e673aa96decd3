/** The SDK's calls to the page's own state listener on a watched site: reported, and passed on unchanged. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Asker, closePage, type FakeSdk, fakeSdk, only, openPage, startAgent } from './page';

/** The window as an event target, because Node's global object is not one. */
const heard = new Map<string, Set<() => void>>();
const rung: string[] = [];
class PageTarget {
  addEventListener(type: string, listener: () => void) {
    heard.set(type, (heard.get(type) ?? new Set()).add(listener));
  }
  removeEventListener(type: string, listener: () => void) {
    heard.get(type)?.delete(listener);
  }
  dispatchEvent({ type }: Event) {
    rung.push(type);
    for (const listener of [...(heard.get(type) ?? [])]) listener();
  }
}

let sdk: FakeSdk;
/** The calls of the SDK's setter: `this`, then the arguments. */
let given: unknown[][];

beforeEach(() => {
  openPage();
  vi.stubGlobal('EventTarget', PageTarget);
  heard.clear();
  rung.length = 0;
  sdk = fakeSdk();
  given = [];
  vi.stubGlobal('Synerise', sdk.synerise);
  (sdk.client as unknown as Record<string, unknown>)['setClientStateChangeListener'] = function (this: unknown, ...args: unknown[]) {
    given.push([this, ...args]);
    return 'set';
  };
});
afterEach(closePage);

type Setter = (...args: unknown[]) => unknown;
type Member = (...args: unknown[]) => unknown;
const set = (...args: unknown[]) => (sdk.client.setClientStateChangeListener as unknown as Setter).apply(sdk.client, args);
const kept = () => given.at(-1)?.[1] as Record<string, Member>;
const states = (agent: Asker) => only(agent.reports, 'state').map(({ signedIn, reason }) => [signedIn, reason]);

async function watching(): Promise<Asker> {
  const agent = await startAgent();
  agent.ask({ showing: false, watch: 'bell' });
  return agent;
}
const quiet = (agent: Asker) => agent.ask({ showing: false, watch: 'bell' });

describe('the setter', () => {
  it('keeps `this`, the return value and the other arguments', async () => {
    await watching();
    const listener = { onClientSignedIn() {} };
    expect(set(listener, 'more', 7)).toBe('set');
    expect(given[0]?.[0]).toBe(sdk.client);
    expect(given[0]?.slice(2)).toEqual(['more', 7]);
  });

  it.each<[string, unknown[]]>([
    ['no argument', []],
    ['undefined', [undefined]],
    ['null', [null]],
    ['a string', ['text']],
    ['a function', [() => undefined]],
    ['an object without callbacks', [{ other: 1 }]],
    ['several', [null, 1, 2]],
  ])('passes on %s unchanged, with the same number of arguments', async (_name, args) => {
    await watching();
    set(...args);
    expect(given).toHaveLength(1);
    expect(given[0]?.slice(1)).toEqual(args);
    for (const [index, arg] of args.entries()) expect(given[0]?.[index + 1]).toBe(arg);
  });

  it('passes on its exception', async () => {
    const error = new Error('no listener now');
    (sdk.client as unknown as Record<string, unknown>)['setClientStateChangeListener'] = () => {
      throw error;
    };
    await watching();
    expect(() => set({ onClientSignedIn() {} })).toThrow(error);
  });

  it('is never called by us', async () => {
    const agent = await watching();
    for (let n = 0; n < 20; n += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      quiet(agent);
    }
    agent.handle.revert();
    expect(given).toEqual([]);
  });

  it('is restored by a revert', async () => {
    const own = sdk.client.setClientStateChangeListener;
    const agent = await watching();
    expect(sdk.client.setClientStateChangeListener).not.toBe(own);
    agent.handle.revert();
    expect(sdk.client.setClientStateChangeListener).toBe(own);
  });
});

describe('the listener', () => {
  it('receives the same `this` and arguments; its return value and exception reach the SDK', async () => {
    const agent = await watching();
    const seen: unknown[][] = [];
    const error = new Error('in the page');
    const listener = {
      onClientSignedIn(this: unknown, ...args: unknown[]) {
        seen.push([this, ...args]);
        return 'answer';
      },
      onClientSignedOut(): never {
        throw error;
      },
    };
    set(listener);
    expect(kept()['onClientSignedIn']?.(1, undefined)).toBe('answer');
    expect(seen).toEqual([[listener, 1, undefined]]);
    expect(seen[0]?.[0]).toBe(listener);
    expect(() => kept()['onClientSignedOut']?.('USER_SIGN_OUT')).toThrow(error);
    const other = {};
    kept()['onClientSignedIn']?.call(other);
    expect(seen[1]).toEqual([other]);
    expect(seen[1]?.[0]).toBe(other);
    quiet(agent);
    expect(states(agent)).toEqual([
      [true, null],
      [false, 'USER_SIGN_OUT'],
      [true, null],
    ]);
  });

  it('of a class with private fields works', async () => {
    await watching();
    class Listener {
      #count = 0;
      onClientSignedIn() {
        this.#count += 1;
        return this.#count;
      }
    }
    set(new Listener());
    kept()['onClientSignedIn']?.();
    expect(kept()['onClientSignedIn']?.()).toBe(2);
  });

  it('with a callback added or replaced after it was set is called with the current callback', async () => {
    const agent = await watching();
    const first = vi.fn();
    const listener: Record<string, Member> = { onClientSignedIn: first };
    set(listener);
    const [now, out] = [vi.fn(), vi.fn()];
    listener['onClientSignedIn'] = now;
    listener['onClientSignedOut'] = out;
    kept()['onClientSignedIn']?.();
    kept()['onClientSignedOut']?.('SESSION_DESTROYED');
    expect([first.mock.calls.length, now.mock.calls.length, out.mock.calls]).toEqual([0, 1, [['SESSION_DESTROYED']]]);
    quiet(agent);
    expect(states(agent)).toEqual([
      [true, null],
      [false, 'SESSION_DESTROYED'],
    ]);
  });

  it('whose callback is deleted no longer has it', async () => {
    await watching();
    const listener: Record<string, Member> = { onClientSignedIn: () => undefined, onClientSignedOut: () => undefined };
    set(listener);
    delete listener['onClientSignedIn'];
    expect(kept()['onClientSignedIn']).toBeUndefined();
  });

  it('that is frozen before or after it is set still works', async () => {
    await watching();
    for (const when of ['before', 'after']) {
      const onClientSignedIn = vi.fn();
      const listener = { onClientSignedIn };
      if (when === 'before') Object.freeze(listener);
      set(listener);
      if (when === 'after') Object.freeze(listener);
      expect(() => kept()['onClientSignedIn']?.()).not.toThrow();
      expect(onClientSignedIn).toHaveBeenCalledTimes(1);
    }
  });

  it('set before watching is not reported; set again, each call is reported once', async () => {
    const listener = { onClientSignedIn: vi.fn() };
    set(listener);
    const agent = await watching();
    kept()['onClientSignedIn']?.();
    quiet(agent);
    expect(states(agent)).toEqual([]);
    set(listener);
    set(listener);
    kept()['onClientSignedIn']?.();
    quiet(agent);
    expect(states(agent)).toEqual([[true, null]]);
    expect(listener.onClientSignedIn).toHaveBeenCalledTimes(2);
  });

  it('is no longer reported after a revert, and still works', async () => {
    const agent = await watching();
    const listener = { onClientSignedIn: vi.fn() };
    set(listener);
    agent.handle.revert();
    const calls = sdk.methods.getUUID.mock.calls.length;
    kept()['onClientSignedIn']?.();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(listener.onClientSignedIn).toHaveBeenCalledTimes(1);
    expect(sdk.methods.getUUID.mock.calls).toHaveLength(calls);
    expect(agent.ask({ showing: false }).filter(({ kind }) => kind === 'state')).toEqual([]);
  });

  it('rings the bell, and has the client sampled immediately', async () => {
    const agent = await watching();
    await vi.advanceTimersByTimeAsync(5000);
    quiet(agent);
    set({ onClientSignedIn() {} });
    rung.length = 0;
    sdk.state.signedIn = true;
    kept()['onClientSignedIn']?.();
    await vi.advanceTimersByTimeAsync(60);
    expect(rung).toEqual(['bell']);
    expect(quiet(agent).map(({ kind }) => kind)).toEqual(['state', 'sample', 'token']);
  });
});

describe('the reported reason', () => {
  const AS: [string, unknown, string | null][] = [
    ['a string', 'SESSION_EXPIRATION', 'SESSION_EXPIRATION'],
    ['nothing', undefined, null],
    ['a number', 3, null],
    ['an oversized string', 'x'.repeat(10_000), null],
    [
      'a hostile object',
      new Proxy(
        {},
        {
          get() {
            throw new Error('trap');
          },
        },
      ),
      null,
    ],
  ];
  it.each(AS)('%s', async (_name, reason, said) => {
    const agent = await watching();
    const onClientSignedOut = vi.fn();
    set({ onClientSignedOut });
    kept()['onClientSignedOut']?.(reason);
    quiet(agent);
    const [[, told]] = states(agent) as [[boolean, string | null]];
    expect(told).toBe(said);
    expect(onClientSignedOut.mock.calls[0]?.[0]).toBe(reason);
  });

  it('does not contain a token or an email that an SDK passes with a sign-in', async () => {
    const agent = await watching();
    set({ onClientSignedIn() {} });
    kept()['onClientSignedIn']?.('jane@secret.example', { token: 'abc-secret' });
    quiet(agent);
    expect(JSON.stringify(agent.reports)).not.toMatch(/jane@|abc-secret/);
  });

  it('is the name of Android’s enum object', async () => {
    vi.stubGlobal('Synerise', undefined);
    let listener: Record<string, Member> = {};
    vi.stubGlobal('Client', {
      getUuid: () => 'uuid-1',
      regenerateUuid: () => undefined,
      destroySession: () => undefined,
      isSignedIn: () => false,
      retrieveToken: () => ({ execute() {} }),
      setOnClientStateChangeListener(one: typeof listener) {
        listener = one;
      },
    });
    const agent = await watching();
    const { Client } = globalThis as unknown as { Client: { setOnClientStateChangeListener(one: object): void } };
    const onClientSignedOut = vi.fn();
    Client.setOnClientStateChangeListener({ onClientSignedOut });
    const reason = { name: () => 'SESSION_EXPIRATION', toString: () => 'SESSION_EXPIRATION' };
    listener['onClientSignedOut']?.(reason);
    quiet(agent);
    expect(onClientSignedOut.mock.calls).toEqual([[reason]]);
    expect(states(agent)).toEqual([[false, 'SESSION_EXPIRATION']]);
  });

  it('is read from iOS’s delegate methods', async () => {
    vi.stubGlobal('Synerise', undefined);
    let listener: Record<string, Member> = {};
    const client = {
      getUUID: () => 'uuid-1',
      regenerateUUID: () => undefined,
      destroySession: () => undefined,
      isSignedIn: () => false,
      retrieveToken() {},
      setClientStateDelegate(one: typeof listener) {
        listener = one;
      },
    };
    vi.stubGlobal('SNRClient', client);
    const agent = await watching();
    client.setClientStateDelegate({ snr_clientIsSignedIn: () => undefined, snr_clientIsSignedOut: () => undefined });
    listener['snr_clientIsSignedIn']?.();
    listener['snr_clientIsSignedOut']?.('ClientRejected');
    quiet(agent);
    expect(states(agent)).toEqual([
      [true, null],
      [false, 'ClientRejected'],
    ]);
  });
});
