/** The agent of a watched page without a view: how little it does, when it rings the bell, and how it ends. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Asker, closePage, type FakeSdk, fakeSdk, LOADED, only, openPage, startAgent, stubPerformance } from './page';

/** The window as an event target, because Node's global object is not one. */
const heard = new Map<string, Set<() => void>>();
let rung: string[] = [];
class PageTarget {
  addEventListener(type: string, listener: () => void) {
    heard.set(type, (heard.get(type) ?? new Set()).add(listener));
  }
  removeEventListener(type: string, listener: () => void) {
    heard.get(type)?.delete(listener);
  }
  dispatchEvent({ type }: { type: string }) {
    rung.push(type);
    for (const listener of [...(heard.get(type) ?? [])]) listener();
  }
}
const listening = () => [...heard].flatMap(([type, all]) => [...all].map(() => type));
const raise = (type: string) => {
  for (const listener of [...(heard.get(type) ?? [])]) listener();
};

let sdk: FakeSdk;
beforeEach(() => {
  openPage();
  heard.clear();
  rung = [];
  vi.stubGlobal('EventTarget', PageTarget);
  sdk = fakeSdk();
  vi.stubGlobal('Synerise', sdk.synerise);
});
afterEach(closePage);

const nothing = () => undefined;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const quiet = (agent: Asker, more = {}) => agent.ask({ showing: false, watch: 'bell', ...more });
const reads = () => sdk.methods.retrieveToken.mock.calls.length;
const samples = () => sdk.methods.getUUID.mock.calls.length;
const isOwn = () =>
  Object.entries(sdk.methods).every(([name, method]) => (sdk.client as unknown as Record<string, unknown>)[name] === method);

async function watching(): Promise<Asker> {
  const agent = await startAgent();
  quiet(agent);
  await pass(10_000);
  quiet(agent);
  return agent;
}

describe('without a view or any activity', () => {
  it('calls no getters and reads no token', async () => {
    await watching();
    for (const method of Object.values(sdk.methods)) method.mockClear();
    rung = [];
    await pass(600_000);
    for (const method of Object.values(sdk.methods)) expect(method).not.toHaveBeenCalled();
    expect(rung).toEqual([]);
  });

  it('sets one timer every 5 s', async () => {
    await watching();
    const set = vi.spyOn(globalThis, 'setTimeout');
    expect(vi.getTimerCount()).toBe(1);
    const next = async () => {
      const before = Date.now();
      await vi.advanceTimersToNextTimerAsync();
      return Date.now() - before;
    };
    await next();
    expect([await next(), await next(), await next()]).toEqual([5000, 5000, 5000]);
    expect(vi.getTimerCount()).toBe(1);
    set.mockRestore();
  });

  it('looks at a page without an SDK every 250 ms until 2 s after load, then every 5 s', async () => {
    vi.stubGlobal('Synerise', undefined);
    let looks = 0;
    vi.stubGlobal('Client', undefined);
    Object.defineProperty(globalThis, 'Synerise', {
      configurable: true,
      get() {
        looks += 1;
        return undefined;
      },
    });
    const agent = await startAgent();
    quiet(agent);
    looks = 0;
    await pass(1000);
    // Each look reads the name once.
    expect(looks).toBeLessThanOrEqual(4);
    expect(looks).toBeGreaterThanOrEqual(3);
    await pass(2000);
    looks = 0;
    await pass(50_000);
    expect(looks).toBeLessThanOrEqual(11);
    expect(looks).toBeGreaterThanOrEqual(9);
    expect(only(quiet(agent), 'page').at(-1)).toMatchObject({ absent: true });
  });

  it('wraps, samples and reads a late SDK without being asked, and rings the bell', async () => {
    vi.stubGlobal('Synerise', undefined);
    const agent = await watching();
    rung = [];
    vi.stubGlobal('Synerise', sdk.synerise);
    await pass(6000);
    expect(rung.length).toBeGreaterThanOrEqual(1);
    expect(isOwn()).toBe(false);
    expect(quiet(agent).map(({ kind }) => kind)).toEqual(['page', 'sample', 'token']);
    expect(reads()).toBe(1);
  });
});

describe('after a page call', () => {
  it('samples the client every 250 ms for 3 s, then stops', async () => {
    await watching();
    sdk.methods.getUUID.mockClear();
    sdk.client.regenerateUUID();
    await pass(3000);
    const during = samples();
    expect(during).toBeGreaterThanOrEqual(11);
    expect(during).toBeLessThanOrEqual(16);
    await pass(1000);
    sdk.methods.getUUID.mockClear();
    await pass(60_000);
    expect(samples()).toBe(0);
  });

  it('reads the token of an SDK that has just started, even if its timer fires before the clock gets there', async () => {
    stubPerformance(300);
    vi.stubGlobal('Synerise', undefined);
    const agent = await startAgent();
    quiet(agent);
    await pass(500);
    vi.stubGlobal('Synerise', sdk.synerise);
    await pass(1000);
    // The clock is corrected.
    vi.setSystemTime(Date.now() - 1);
    await pass(5000);
    expect(reads()).toBe(1);
  });

  it('reports a change 2 s later, rings the bell and reads the token once', async () => {
    const agent = await watching();
    sdk.client.regenerateUUID();
    await pass(1500);
    quiet(agent);
    const before = reads();
    rung = [];
    sdk.state.uuid = 'uuid-late';
    await pass(700);
    expect(rung).toEqual(['bell']);
    expect(only(quiet(agent), 'sample')).toMatchObject([{ uuid: 'uuid-late' }]);
    expect(reads() - before).toBe(1);
  });

  it('reads a token that the call brings later, one second after it', async () => {
    const agent = await watching();
    sdk.client.signOut();
    quiet(agent);
    sdk.state.token = { tokenString: 'secret-late' };
    await pass(1500);
    expect(only(quiet(agent), 'token').at(-1)).toMatchObject({ token: { raw: 'secret-late' } });
  });

  it('rings once for many calls at the same time', async () => {
    await watching();
    rung = [];
    for (let n = 0; n < 50; n += 1) sdk.client.regenerateUUID();
    await pass(49);
    expect(rung).toEqual([]);
    await pass(1);
    expect(rung).toEqual(['bell']);
  });

  it('answers a waiting exchange instead of ringing', async () => {
    const agent = await watching();
    rung = [];
    const answer = agent.raw({ showing: false, watch: 'bell', wait: 5000 });
    sdk.client.regenerateUUID();
    await pass(0);
    const reports = agent.take(await answer);
    expect(reports.map(({ kind }) => kind)).toContain('call');
    const again = agent.raw({ showing: false, watch: 'bell', wait: 300 });
    await pass(100);
    expect(rung).toEqual([]);
    await pass(400);
    await answer;
    await again;
  });
});

describe('together with a view', () => {
  it('keeps the same wrappers when the view goes', async () => {
    const agent = await watching();
    const wrapped = sdk.client.signIn;
    agent.ask({ watch: 'bell' });
    await agent.pass(2000, { watch: 'bell' });
    quiet(agent);
    await pass(20_000);
    expect(sdk.client.signIn).toBe(wrapped);
    expect(isOwn()).toBe(false);
  });

  it('stays wrapped while the view shows the page after watching ends', async () => {
    const agent = await watching();
    agent.ask({ watch: null });
    expect(isOwn()).toBe(false);
    expect(listening()).toEqual([]);
    await agent.pass(3000);
    expect(isOwn()).toBe(false);
    await pass(8001);
    expect(isOwn()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('unwraps immediately when watching ends without a view', async () => {
    const agent = await watching();
    agent.ask({ showing: false, watch: null });
    expect(isOwn()).toBe(true);
    await pass(60);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps watching after a request without a `watch` field', async () => {
    const agent = await watching();
    agent.ask({ showing: false });
    agent.ask({ showing: false, list: true });
    expect(listening()).toEqual(['bell.end']);
    expect(isOwn()).toBe(false);
  });
});

describe('another bell', () => {
  it('replaces the first: one bell, one end event, one timer', async () => {
    const agent = await watching();
    for (let n = 0; n < 5; n += 1) agent.ask({ showing: false, watch: `bell-${n}` });
    expect(listening()).toEqual(['bell-4.end']);
    rung = [];
    sdk.client.regenerateUUID();
    await pass(100);
    expect(new Set(rung)).toEqual(new Set(['bell-4']));
    raise('bell.end');
    raise('bell-3.end');
    expect(isOwn()).toBe(false);
    await pass(10_000);
    expect(vi.getTimerCount()).toBe(1);
  });

  it.each(['', '__proto__', 'click', 'synerise.inspector.hello'])('with an unusual name (%j) throws nothing', async (name) => {
    const agent = await startAgent();
    expect(() => agent.ask({ showing: false, watch: name })).not.toThrow();
    sdk.client.regenerateUUID();
    await pass(1000);
    agent.handle.revert();
    expect(isOwn()).toBe(true);
    expect(listening()).toEqual([]);
  });
});

describe('the end', () => {
  const key = Symbol.for('synerise.inspector.agent');
  const put = (handle: unknown) => Object.defineProperty(globalThis, key, { value: handle, configurable: true });
  afterEach(() => {
    Reflect.deleteProperty(globalThis, key);
  });

  it.each(['the relay', 'revert'])('by %s restores methods, handle, listeners and timers as if never watched', async (how) => {
    const descriptors = Object.getOwnPropertyDescriptors(sdk.client);
    const agent = await watching();
    put(agent.handle);
    if (how === 'revert') agent.handle.revert();
    else raise('bell.end');
    expect(Object.getOwnPropertyDescriptors(sdk.client)).toEqual(descriptors);
    expect(isOwn()).toBe(true);
    expect(key in globalThis).toBe(false);
    expect(listening()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    for (const method of Object.values(sdk.methods)) method.mockClear();
    rung = [];
    sdk.client.regenerateUUID();
    await pass(60_000);
    expect(samples() + reads()).toBe(0);
    expect(rung).toEqual([]);
  });

  it('during a page call keeps its callbacks working, and no read follows', async () => {
    const agent = await watching();
    const page = vi.fn();
    sdk.client.signIn('a', 'b', page, nothing);
    agent.handle.revert();
    const before = reads();
    sdk.waiting.signIn[0]?.ok?.('in');
    await pass(60_000);
    expect(page.mock.calls).toEqual([['in']]);
    expect(reads()).toBe(before);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('just after a page call leaves no look or read to follow', async () => {
    const agent = await watching();
    sdk.client.regenerateUUID();
    agent.handle.revert();
    const before = [reads(), samples()];
    rung = [];
    await pass(60_000);
    expect([reads(), samples()]).toEqual(before);
    expect(rung).toEqual([]);
  });

  it('does nothing the second time', async () => {
    const agent = await watching();
    agent.handle.revert();
    expect(() => agent.handle.revert()).not.toThrow();
    raise('bell.end');
    expect(isOwn()).toBe(true);
  });

  it('leaves a newer handle of another version in place', async () => {
    const agent = await watching();
    const other = { version: 99 };
    put(other);
    agent.handle.revert();
    expect((globalThis as unknown as Record<symbol, unknown>)[key]).toBe(other);
  });

  it('leaves what the page put in place of a wrapper', async () => {
    const agent = await watching();
    const theirs = vi.fn();
    const wrapped = sdk.client.signOut;
    sdk.client.signOut = theirs as never;
    (sdk.client as unknown as Record<string, unknown>)['destroySession'] = function wrapper(this: unknown) {
      return wrapped.call(this as never);
    };
    const own = sdk.client.destroySession;
    agent.handle.revert();
    expect(sdk.client.signOut).toBe(theirs);
    expect(sdk.client.destroySession).toBe(own);
    expect(() => sdk.client.destroySession()).not.toThrow();
  });
});

describe('an SDK that is replaced, or one of several', () => {
  it('is unwrapped, and the new one is wrapped and reported', async () => {
    const agent = await watching();
    const other = fakeSdk();
    other.state.uuid = 'uuid-of-other';
    vi.stubGlobal('Synerise', other.synerise);
    await pass(6000);
    expect(isOwn()).toBe(true);
    expect(other.client.signIn).not.toBe(other.methods.signIn);
    const reports = quiet(agent);
    expect(only(reports, 'page').at(-1)).toMatchObject({ clients: [{ ref: 2 }] });
    expect(only(reports, 'sample').at(-1)).toMatchObject({ client: 2, uuid: 'uuid-of-other' });
    agent.handle.revert();
    expect(other.client.signIn).toBe(other.methods.signIn);
  });

  it('is unwrapped when it disappears, and its timers do nothing', async () => {
    const agent = await watching();
    sdk.client.regenerateUUID();
    vi.stubGlobal('Synerise', undefined);
    await pass(6000);
    expect(isOwn()).toBe(true);
    for (const method of Object.values(sdk.methods)) method.mockClear();
    await pass(60_000);
    expect(samples() + reads()).toBe(0);
    expect(only(quiet(agent), 'page').at(-1)).toMatchObject({ clients: [] });
  });

  it('causes no trouble when all its methods throw', async () => {
    for (const method of Object.values(sdk.methods))
      method.mockImplementation(() => {
        throw new Error('broken');
      });
    const agent = await startAgent();
    expect(() => quiet(agent)).not.toThrow();
    await pass(20_000);
    expect(() => sdk.client.regenerateUUID()).toThrow('broken');
    expect(() => sdk.client.signOut()).toThrow('broken');
    await pass(20_000);
    quiet(agent);
    expect(only(agent.reports, 'call').map(({ does, phase }) => `${does} ${phase}`)).toEqual([
      'regenerateUUID called',
      'regenerateUUID failed',
      'signOut called',
      'signOut failed',
    ]);
  });
});

describe('a page that calls the handle itself', () => {
  it.each<[string, unknown[]]>([
    ['no argument', []],
    ['null', ['null']],
    ['a number', ['5']],
    ['invalid JSON', ['{']],
    ['an empty object', ['{}']],
    ['an invalid watch', ['{"watch":{"a":1}}']],
    ['an invalid setup', ['{"setup":{}}']],
    ['an invalid command', ['{"command":{}}']],
    ['an invalid cursor', ['{"cursor":"x","wait":"y"}']],
  ])('with %s does not stop the agent from working for the background', async (_name, args) => {
    const agent = await watching();
    try {
      void (agent.handle.exchange as (...all: unknown[]) => unknown)(...args);
    } catch {
      // An exception here affects only the page.
    }
    const errors: unknown[] = [];
    try {
      await pass(6000);
    } catch (error) {
      errors.push(error);
    }
    const { TABLES } = await import('@/lib/sdk/dialects');
    quiet(agent, { setup: { id: 't', dialects: TABLES, places: [] } });
    sdk.client.regenerateUUID();
    await pass(1000);
    quiet(agent);
    expect(errors).toEqual([]);
    expect(only(agent.reports, 'call').map(({ phase }) => phase)).toEqual(['called', 'returned']);
    agent.handle.revert();
    expect(isOwn()).toBe(true);
  });

  it('cannot make it return more than one mailbox', async () => {
    const agent = await watching();
    for (let n = 0; n < 1500; n += 1) agent.raw({ cursor: -5, document: null });
    expect((agent.raw({ showing: false, watch: 'bell', cursor: 0 }) as string).length).toBeLessThan(500_000);
  }, 30_000);

  it('learns from `look` whether more is expected, without calling the SDK', async () => {
    const agent = await startAgent();
    expect(agent.handle.look()).toBeNull();
    vi.stubGlobal('Synerise', undefined);
    const other = await startAgent();
    expect(other.handle.look()).toBeNull();
    other.ask({ showing: false, watch: 'bell' });
    expect(other.handle.look()).toEqual([]);
    other.handle.revert();
    expect(other.handle.look()).toBeNull();
    for (const method of Object.values(sdk.methods)) expect(method).not.toHaveBeenCalled();
  });
});

describe('a page that patches its clock later', () => {
  it.each<[string, () => void]>([
    ['Date.now', () => void vi.spyOn(Date, 'now').mockImplementation(() => Number.NaN)],
    [
      'setTimeout',
      () =>
        vi.stubGlobal('setTimeout', () => {
          throw new Error('patched');
        }),
    ],
    ['performance', () => vi.stubGlobal('performance', {})],
    ['document', () => vi.stubGlobal('document', {})],
  ])('%s: a later SDK is found and its calls are reported', async (_what, patch) => {
    vi.stubGlobal('Synerise', undefined);
    vi.stubGlobal('document', { readyState: 'complete', cookie: '', scripts: [] });
    const agent = await startAgent();
    quiet(agent);
    await pass(300);
    const real = Date.now;
    patch();
    await pass(1000).catch(nothing);
    vi.stubGlobal('Synerise', sdk.synerise);
    await pass(6000).catch(nothing);
    Date.now = real;
    expect(isOwn()).toBe(false);
    sdk.client.regenerateUUID();
    const { stubGlobal } = vi;
    stubGlobal('performance', { now: () => 0, getEntriesByType: () => [] });
    quiet(agent);
    expect(only(agent.reports, 'call').map(({ phase }) => phase)).toEqual(['called', 'returned']);
    expect(agent.reports.every(({ at }) => at >= LOADED)).toBe(true);
  });
});
