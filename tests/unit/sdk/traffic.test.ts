// The page's own requests on a watched site: which of them are told, when, and that the page's calls go on as they are.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { observeTraffic as Observe } from '@/lib/sdk/traffic';

type Push = Parameters<typeof Observe>[0];
type Told = Parameters<Push>[0];

const T = Date.UTC(2026, 0, 1);
const API = 'https://api.synerise.com';
const LOGIN = `${API}/sauth/v3/auth/login/client`;
const EVENTS = `${API}/v4/events/custom`;

/** Who listens to what; Node's global is no target of events. */
let heard: { target: object; type: string; listener: () => void; capture: boolean }[] = [];
class Target {
  addEventListener(type: string, listener: () => void, capture: unknown = false) {
    heard.push({ target: this, type, listener, capture: capture === true });
  }
  removeEventListener(type: string, listener: () => void) {
    heard = heard.filter((one) => one.target !== this || one.type !== type || one.listener !== listener);
  }
}
const raise = (target: object, type: string) => {
  const all = heard.filter((one) => one.target === target && one.type === type);
  for (const { listener } of all.sort((a, b) => Number(b.capture) - Number(a.capture))) listener();
};

/** New for each test: what is wrapped are prototypes. */
const classes = () => {
  class Xhr extends Target {
    [state: string]: unknown;
    readonly headers: Record<string, string> = {};
    readonly log: unknown[] = [];
    open(...args: unknown[]): void {
      this['readyState'] = 1;
      this.log.push(['open', ...args]);
    }
    setRequestHeader(...args: unknown[]): void {
      this.log.push(['setRequestHeader', ...args]);
    }
    send(...args: unknown[]): void {
      this.log.push(['send', ...args]);
    }
    getResponseHeader(name: string) {
      return this.headers[name] ?? null;
    }
    getAllResponseHeaders() {
      return Object.entries(this.headers).reduce((all, [name, value]) => `${all}${name}: ${value}\r\n`, '');
    }
  }
  class Beacons {
    sendBeacon(..._args: unknown[]) {
      return true;
    }
  }
  const { open, setRequestHeader, send } = Xhr.prototype;
  return { Xhr, Beacons, own: { open, setRequestHeader, send, sendBeacon: Beacons.prototype.sendBeacon } };
};
class Timing {
  constructor(hear: (typeof timings)[number]) {
    timings.push(hear);
  }
  observe() {}
  disconnect() {
    unobserved();
  }
}
let { Xhr, Beacons, own } = classes();
type Xhr = InstanceType<typeof Xhr>;

const promise = Promise.resolve('the answer');
const fetched = vi.fn<(...args: unknown[]) => unknown>();
let timings: ((list: { getEntries(): unknown[] }) => void)[] = [];
const call = (...given: unknown[]) => (fetch as (...all: unknown[]) => unknown)(...given);
const unobserved = vi.fn();
/** By the page's own clock, as in resource timing. */
let fetchedAt = 0;

beforeEach(() => {
  vi.useFakeTimers({ now: T });
  vi.resetModules();
  ({ Xhr, Beacons, own } = classes());
  heard = [];
  timings = [];
  unobserved.mockReset();
  fetched.mockReset().mockImplementation(() => {
    fetchedAt = performance.now();
    return promise;
  });
  vi.stubGlobal('fetch', fetched);
  vi.stubGlobal('XMLHttpRequest', Xhr);
  vi.stubGlobal('navigator', new Beacons());
  vi.stubGlobal('EventTarget', Target);
  vi.stubGlobal('document', { baseURI: 'https://shop.example/sale/' });
  vi.stubGlobal('PerformanceObserver', Timing);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Observes; `told` are the reports, `leaving` whether each came while the page was left. */
async function observed(push?: Push) {
  const { observeTraffic } = (await import('@/lib/sdk/traffic')) as { observeTraffic: typeof Observe };
  const told: Told[] = [];
  const leaving: boolean[] = [];
  const end = observeTraffic((news, goes) => {
    told.push(news);
    leaving.push(goes);
    push?.(news, goes);
  });
  return { told, leaving, end };
}
/** The browser's resource timing of a request that ended: of the one that the page made last, unless it is told otherwise. */
const timed = (name: string, over: object = {}) => {
  const entry = { name, initiatorType: 'fetch', startTime: fetchedAt + 3, duration: 42.4, responseStatus: 200, encodedBodySize: 99 };
  for (const hear of timings) hear({ getEntries: () => [{ ...entry, ...over }] });
};
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function sent(url: string, { method = 'POST', headers = {}, body = null as unknown } = {}): Xhr {
  const xhr = new Xhr();
  xhr.open(method, url);
  for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
  xhr.send(body);
  return xhr;
}
function answered(xhr: Xhr, over: object = { status: 200, statusText: 'OK', responseText: '{"token":"x"}' }): void {
  Object.assign(xhr, { responseType: '', responseText: '', statusText: '' }, over);
  raise(xhr, 'loadend');
}

describe('fetch', () => {
  it('is told as it ended by the browser’s own word, and the page has its own promise', async () => {
    const { told, leaving } = await observed();
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"email":"jane@x.example"}' };
    expect(fetch(`${LOGIN}#part`, init)).toBe(promise);
    expect(fetched.mock.calls).toEqual([[`${LOGIN}#part`, init]]);
    expect(fetched.mock.calls[0]?.[1]).toBe(init);
    await pass(500);
    expect(told).toEqual([]);
    timed(LOGIN);
    const ended = { n: 1, begun: T, endedAt: T + 42, status: 200, statusText: '', problem: null };
    const went = { method: 'POST', url: LOGIN, headers: Object.entries(init.headers), body: { text: init.body, size: 26 } };
    expect(told).toEqual([{ kind: 'request', ...ended, ...went, answerHeaders: [], answer: { text: null, size: 99 } }]);
    expect(leaving).toEqual([false]);
    await pass(5000);
    timed(LOGIN);
    expect(told).toHaveLength(1);
  });

  const post = (body: unknown) => [EVENTS, { method: 'POST', body }];
  const request = new Request(EVENTS, { method: 'PUT', headers: { 'X-One': '1' } });
  const TWO = [['X-Two', '2']];
  it.each<[string, unknown[], object]>([
    ['an address alone', [EVENTS], { method: 'GET', url: EVENTS, headers: [], body: { text: null, size: null } }],
    ['a URL', [new URL(EVENTS), { method: 'POST' }], { method: 'POST', url: EVENTS }],
    ['a path', ['/v4/events/custom'], { url: 'https://shop.example/v4/events/custom' }],
    ['a Request', [request], { method: 'PUT', url: EVENTS, headers: [['x-one', '1']] }],
    ['a Request and more', [request, { method: 'POST', headers: TWO }], { method: 'POST', headers: TWO }],
    ['a form', post(new URLSearchParams('a=1&b=2')), { body: { text: 'a=1&b=2', size: 7 } }],
    ['a Blob', post(new Blob(['12345'])), { body: { text: null, size: 5 } }],
    ['bytes', post(new Uint8Array(7)), { body: { text: null, size: null } }],
    ['a long body', post('x'.repeat(20_001)), { body: { text: null, size: 20_001 } }],
  ])('of %s', async (_name, args, expected) => {
    const { told } = await observed();
    call(...args);
    await pass(1000);
    expect(told).toMatchObject([expected]);
    expect(fetched.mock.calls[0]).toEqual(args);
  });

  it('of one address end each by its own timing, whichever ends first', async () => {
    const { told } = await observed();
    void fetch(EVENTS, { method: 'POST', body: 'one' });
    const first = fetchedAt;
    await pass(100);
    void fetch(EVENTS, { method: 'POST', body: 'two' });
    timed(EVENTS, { responseStatus: 202 });
    // The status of another site's answer may be kept from us: that is no failure.
    timed(EVENTS, { responseStatus: 0, encodedBodySize: 0, startTime: first });
    const brief = told.map(({ n, status, body, problem, answer }) => [n, status, body.text, problem, answer.size].join());
    expect(brief).toEqual(['2,202,two,,99', '1,,one,,']);
  });

  it.each<[string, number, object]>([
    ['another kind of request', 1, { initiatorType: 'beacon' }],
    ['another one of its address', 1, { startTime: 9e9 }],
    ['one of two that began at once', 2, {}],
  ])('is not ended by the timing of %s', async (_name, count, over) => {
    const { told } = await observed();
    for (let n = 0; n < count; n += 1) void fetch(EVENTS);
    timed(EVENTS, over);
    await pass(1000);
    expect(told.map(({ endedAt, status }) => [endedAt, status])).toEqual(Array(count).fill([null, null]));
  });

  it('that takes longer than a second is told before its end, and then again as the same', async () => {
    const { told } = await observed();
    void fetch(EVENTS);
    await pass(999);
    expect(told).toEqual([]);
    await pass(1);
    expect(told).toMatchObject([{ n: 1, endedAt: null, status: null, begun: T }]);
    await pass(3000);
    timed(EVENTS, { duration: 4000 });
    expect(told).toMatchObject([{ n: 1 }, { n: 1, endedAt: T + 4000, status: 200, begun: T }]);
    await pass(5000);
    expect(told).toHaveLength(2);
  });
});

describe('which requests are told', () => {
  it.each<[string, string, unknown, boolean]>([
    ['a login', LOGIN, null, true],
    ['a refresh', `${API}/sauth/v3/auth/refresh/client`, null, true],
    ['an account’s', `${API}/sauth/v3/my-account/personal-information`, null, true],
    ['a registration', `${API}/sauth/v3/clients/registered`, null, true],
    ['an event', EVENTS, null, true],
    ['recommendations', `${API}/recommendations/v2/recommend/campaigns/x`, null, true],
    ['a search', `${API}/search/v2/indices/x/query`, null, true],
    ['one that names a customer in its query', 'https://track.example/?clientUUID=1', null, true],
    ['one that names a customer in its body', 'https://track.example/', '{ "uuid" : "1" }', true],
    ['the site’s own', 'https://shop.example/api/cart', '{"id":1}', false],
    ['another that has events', 'https://shop.example/v5/events', 'uuidless', false],
  ])('%s', async (_name, url, body, isTold) => {
    const { told } = await observed();
    call(url, { method: 'POST', body });
    answered(sent(url, { body }));
    navigator.sendBeacon(url, body as string);
    await pass(1000);
    expect(told).toHaveLength(isTold ? 3 : 0);
    expect(new Set(told.map(({ n }) => n)).size).toBe(told.length);
  });

  it('one that names a customer in a Blob is told once it is read', async () => {
    const { told } = await observed();
    const blob = new Blob(['{"clientUUID":"1"}']);
    expect(navigator.sendBeacon('https://track.example/', blob)).toBe(true);
    navigator.sendBeacon('https://track.example/', new Blob(['{"cart":1}']));
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(told).toMatchObject([{ method: 'POST', url: 'https://track.example/', body: { text: '{"clientUUID":"1"}', size: 18 } }]);
  });
});

describe('XMLHttpRequest', () => {
  it('is told with its answer, once', async () => {
    const { told } = await observed();
    const xhr = sent(LOGIN, { method: 'post', headers: { 'X-Key': 'k' }, body: '{"a":1}' });
    expect(xhr.log.map(String)).toEqual([`open,post,${LOGIN}`, 'setRequestHeader,X-Key,k', 'send,{"a":1}']);
    await pass(300);
    Object.assign(xhr.headers, { 'content-type': 'application/json', 'content-length': '13' });
    answered(xhr);
    await pass(5000);
    const ended = { n: 1, begun: T, endedAt: T + 300, status: 200, statusText: 'OK', problem: null };
    const went = { method: 'post', url: LOGIN, headers: [['X-Key', 'k']], body: { text: '{"a":1}', size: 7 } };
    const came = { answerHeaders: Object.entries(xhr.headers), answer: { text: '{"token":"x"}', size: 13 } };
    expect(told).toEqual([{ kind: 'request', ...ended, ...went, ...came }]);
  });

  it('that failed has a problem and no status', async () => {
    const { told } = await observed();
    answered(sent(LOGIN), { status: 0 });
    expect(told).toMatchObject([{ status: null, endedAt: T, problem: 'failed' }]);
  });

  it.each(['json', 'blob'])('whose answer is of type %s is not read', async (responseType) => {
    const { told } = await observed();
    // Reading the text of such a one throws.
    answered(sent(LOGIN), { status: 200, responseType, responseText: 'read' });
    expect(told).toMatchObject([{ status: 200, answer: { text: null } }]);
  });

  it('opened anew has given up what it was sent for, and is another request, without the headers', async () => {
    const { told } = await observed();
    const xhr = sent(LOGIN, { headers: { 'X-First': '1' } });
    xhr.send('once more, which throws');
    xhr.open('GET', EVENTS);
    xhr.send();
    answered(xhr, { status: 404 });
    expect(told).toMatchObject([
      { n: 1, url: LOGIN, status: null, problem: 'given up' },
      { n: 2, method: 'GET', url: EVENTS, headers: [], status: 404, problem: null },
    ]);
    await pass(1000);
    expect(told).toHaveLength(2);
  });
});

describe('a page that is left', () => {
  it('has told before its own listeners what is under way, each once, and says that it goes', async () => {
    const onTheWay: number[] = [];
    Target.prototype.addEventListener.call(globalThis as never, 'pagehide', () => void onTheWay.push(told.length));
    const { told, leaving } = await observed();
    void fetch(LOGIN);
    answered(sent(EVENTS));
    sent(`${EVENTS}2`);
    const before = told.length;
    raise(globalThis, 'pagehide');
    expect(told.slice(before).map(({ n, endedAt }) => `${n} ${endedAt}`)).toEqual(['1 null', '3 null']);
    expect(leaving).toEqual([false, true, true]);
    expect(onTheWay).toEqual([3]);
    // A beacon while it goes; and what was told is not told again by its timer.
    navigator.sendBeacon(EVENTS, 'last');
    await pass(5000);
    expect(told).toHaveLength(4);
    expect(leaving.at(-1)).toBe(true);
    // Out of the back-forward cache it goes on as before.
    raise(globalThis, 'pageshow');
    answered(sent(EVENTS));
    expect(leaving.slice(4)).toEqual([false]);
  });
});

describe('the page’s calls', () => {
  it('are made once, with what the page gave, and give and throw what they do, whatever goes wrong in our part', async () => {
    const { told } = await observed(() => {
      throw new Error('nobody hears us');
    });
    expect(fetch(EVENTS)).toBe(promise);
    expect(navigator.sendBeacon(EVENTS, 'x')).toBe(true);
    expect(navigator.sendBeacon('http://[', 'x')).toBe(true);
    expect(call()).toBe(promise);
    timed(LOGIN);
    expect(fetched.mock.calls).toEqual([[EVENTS], []]);
    expect(told).toHaveLength(1);
    const thrown = new TypeError('not allowed');
    fetched.mockImplementation(() => {
      throw thrown;
    });
    expect(() => fetch(LOGIN)).toThrow(thrown);
  });

  it('find what they are given as it was: no code of the page has run', async () => {
    const { told } = await observed();
    const ran = vi.fn(() => 'POST');
    const to = { toString: ran };
    const init = Object.defineProperties({}, { method: { get: ran, enumerable: true }, body: { get: ran } });
    const headers = new Map([['X-One', '1']]).entries();
    call(to, init);
    call(EVENTS, init);
    call(EVENTS, { headers });
    navigator.sendBeacon(to as unknown as string, to as unknown as string);
    const xhr = new Xhr();
    xhr.open('GET', to);
    xhr.send(to);
    expect(ran).not.toHaveBeenCalled();
    expect([...headers]).toEqual([['X-One', '1']]);
    await pass(1000);
    expect(told.map(({ headers: seen }) => seen)).toEqual([[], []]);
  });

  it('a browser with none of the rest has its fetches told, whose end is not known', async () => {
    for (const name of ['PerformanceObserver', 'XMLHttpRequest', 'navigator']) vi.stubGlobal(name, undefined);
    const { told } = await observed();
    expect(fetch(EVENTS)).toBe(promise);
    await pass(20_000);
    expect(told).toMatchObject([{ n: 1, endedAt: null }]);
  });
});

describe('the wrappers', () => {
  it('are taken off at the end, and nothing is told any more, of old requests nor of new', async () => {
    const before = Object.getOwnPropertyDescriptor(Xhr.prototype, 'send');
    const { told, end } = await observed();
    expect(Object.getOwnPropertyDescriptor(Xhr.prototype, 'send')).toEqual({ ...before, value: expect.not.toBeOneOf([own.send]) });
    expect(Xhr.prototype.send.name).toBe('send');
    const kept = fetch;
    void fetch(EVENTS);
    const xhr = sent(LOGIN);
    end();
    expect(fetch).toBe(fetched);
    for (const name of ['open', 'setRequestHeader', 'send'] as const) expect(Xhr.prototype[name]).toBe(own[name]);
    expect(Object.getPrototypeOf(navigator).sendBeacon).toBe(own.sendBeacon);
    expect(unobserved).toHaveBeenCalledTimes(1);
    timed(EVENTS);
    answered(xhr);
    raise(globalThis, 'pagehide');
    await pass(5000);
    // What the page kept of ours calls through.
    expect(kept(EVENTS)).toBe(promise);
    await pass(5000);
    expect(told).toEqual([]);
    expect(heard.filter(({ target }) => target === globalThis)).toEqual([]);
  });

  it('of somebody else that came since stay, over ours, which are silent', async () => {
    const { told, end } = await observed();
    const ours = fetch;
    const theirs = vi.fn((...args: Parameters<typeof fetch>) => ours(...args));
    vi.stubGlobal('fetch', theirs);
    end();
    expect(fetch).toBe(theirs);
    expect(fetch(EVENTS)).toBe(promise);
    expect(fetched).toHaveBeenCalledTimes(1);
    await pass(5000);
    expect(told).toEqual([]);
  });
});
