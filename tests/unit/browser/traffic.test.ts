// The requests of watched pages, as the browser reports them: which are kept, when they are reported, and what is lost
// when the worker dies.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Heard } from '@/lib/background/platform';
import { followTraffic } from '@/lib/browser/traffic';
import { fake, killWorker } from '../fakes/browser';
import { T0 } from '../fakes/make';
import { beginEmpty, clearTimers } from '../fakes/world';

vi.mock('wxt/browser', () => import('../fakes/browser'));
beforeEach(beginEmpty);
beforeEach(() => void fake.hosts.add(`${SITE}/*`));

const SITE = 'https://shop.example';
const EVENTS = 'https://api.synerise.com/v4/events/custom';
const bytes = (text: string) => new TextEncoder().encode(text).buffer;

/** Starts a worker that follows the traffic; returns what it reports. */
function worker(): Heard[] {
  const told: Heard[] = [];
  followTraffic(async (heard) => void told.push(...structuredClone(heard)));
  return told;
}
/** The worker dies, and the next event starts another. */
function another(): Heard[] {
  killWorker();
  clearTimers();
  fake.dead = false;
  return worker();
}
const about = (id: string, over: object = {}) => ({
  requestId: id,
  tabId: 7,
  frameId: 0,
  type: 'xmlhttprequest',
  initiator: SITE,
  documentLifecycle: 'active',
  method: 'POST',
  url: EVENTS,
  timeStamp: T0,
  ...over,
});
const begins = (id: string, over: object = {}) => fake.beforeRequest.raise(about(id, over));
const sends = (id: string, headers: Record<string, string> = {}) =>
  fake.sendHeaders.raise(about(id, { requestHeaders: Object.entries(headers).map(([name, value]) => ({ name, value })) }));
const answers = (id: string, over: object = {}) =>
  fake.completed.raise(about(id, { timeStamp: T0 + 80, statusCode: 200, statusLine: 'HTTP/1.1 200 OK', responseHeaders: [], ...over }));
const fails = (id: string, error: string) => fake.failed.raise(about(id, { timeStamp: T0 + 80, error }));
/** Waits until finished requests are reported, which happens in batches. */
const settle = () => vi.advanceTimersByTimeAsync(250);
const short = (told: readonly Heard[]) =>
  told.map(({ captured: { key, status, problem, endedAt } }) => [key, status, problem, endedAt === null ? null : endedAt - T0]);

describe('a request of an SDK', () => {
  beforeEach(() => void fake.permissions.add('webRequest'));

  it('is reported once it ended, with its details and its origin', async () => {
    const told = worker();
    const token = `${btoa('{"alg":"none"}')}.${btoa('{}')}.`;
    begins('1', { requestBody: { raw: [{ bytes: bytes('{"uuid":"3f1d9c1e-6f0e-4d53-9a55-0c2d5f0f6f11"}') }] } });
    sends('1', { authorization: `Bearer ${token}` });
    expect(told).toEqual([]);
    answers('1');
    await settle();
    expect(told).toMatchObject([
      {
        by: { tab: 7, origin: SITE, top: true },
        captured: {
          key: 'w1',
          purpose: 'event',
          status: 200,
          uuid: '3f1d9c1e-6f0e-4d53-9a55-0c2d5f0f6f11',
          bearer: expect.any(String) as unknown,
        },
        record: { key: 'w1', headers: [['authorization', `Bearer ${token}`]], statusText: 'OK', endedAt: T0 + 80 },
      },
    ]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(told).toHaveLength(1);
  });

  it('is reported before its end too if it takes long', async () => {
    const told = worker();
    begins('1');
    sends('1');
    await vi.advanceTimersByTimeAsync(1200);
    expect(short(told)).toEqual([['w1', null, null, null]]);
    answers('1');
    await settle();
    expect(short(told).slice(1)).toEqual([['w1', 200, null, 80]]);
  });

  it("is reported with the browser's reason if another extension blocks it", async () => {
    const told = worker();
    begins('1');
    fails('1', 'net::ERR_BLOCKED_BY_CLIENT');
    await settle();
    expect(short(told)).toEqual([['w1', null, 'net::ERR_BLOCKED_BY_CLIENT', 80]]);
  });

  it('is stored and reported without any password', async () => {
    const told = worker();
    begins('1', {
      url: 'https://api.synerise.com/sauth/v3/auth/login/client',
      requestBody: { raw: [{ bytes: bytes('{"email":"jane@x.example","password":"hush-hush"}') }] },
    });
    sends('1', { authorization: 'Basic amFuZTpodXNoLWh1c2g=' });
    answers('1');
    await settle();
    expect(told).toHaveLength(1);
    expect(JSON.stringify([told, ...fake.storage])).not.toMatch(/hush|amFuZ/);
  });

  it.each<[string, object]>([
    ['outside any tab', { tabId: -1 }],
    ['of a prerendered page', { documentLifecycle: 'prerender' }],
    ['to another host', { url: 'https://shop.example/cart' }],
  ])('%s is neither reported nor stored', async (_name, over) => {
    const told = worker();
    begins('1', over);
    sends('1');
    answers('1');
    await vi.advanceTimersByTimeAsync(2000);
    expect(told).toEqual([]);
    expect(fake.storage.get('requests')).toBeUndefined();
  });

  it('is reported once if it is redirected, as the page made it', async () => {
    const told = worker();
    begins('1');
    sends('1');
    begins('1', { url: 'https://elsewhere.example/' });
    sends('1');
    answers('1', { statusCode: 404 });
    await settle();
    expect(told.map(({ captured: { host, status } }) => [host, status])).toEqual([['api.synerise.com', 404]]);
  });

  it('takes its page from documentUrl in Firefox, and knows whether it is from a frame', async () => {
    const told = worker();
    begins('1', { initiator: undefined, documentUrl: `${SITE}/cart?a=1`, frameId: 12, documentLifecycle: undefined });
    sends('1');
    answers('1');
    await settle();
    expect(told.map(({ by }) => by)).toEqual([{ tab: 7, origin: SITE, top: false }]);
  });
});

describe('a worker that dies', () => {
  beforeEach(() => void fake.permissions.add('webRequest'));

  it('leaves pending requests to the next worker, which reports once how they ended', async () => {
    const first = worker();
    begins('1', { requestBody: { raw: [{ bytes: bytes('{"uuid":"3f1d9c1e-6f0e-4d53-9a55-0c2d5f0f6f11"}') }] } });
    sends('1');
    begins('2');
    sends('2');
    await vi.advanceTimersByTimeAsync(20);
    const second = another();
    answers('1', { responseHeaders: [{ name: 'content-length', value: '9' }] });
    await settle();
    expect(first).toEqual([]);
    expect(second).toMatchObject([
      {
        by: { tab: 7, origin: SITE },
        captured: { key: 'w1', status: 200, size: 9, uuid: '3f1d9c1e-6f0e-4d53-9a55-0c2d5f0f6f11' },
        record: null,
      },
    ]);
    const third = another();
    answers('1');
    await settle();
    fails('2', 'net::ERR_FAILED');
    await settle();
    expect(short(third)).toEqual([['w2', null, 'net::ERR_FAILED', 80]]);
    expect(fake.storage.get('requests')).toEqual([]);
  });

  it('leaves a finished but unreported request to the next worker', async () => {
    const first = worker();
    begins('1');
    sends('1');
    answers('1');
    await vi.advanceTimersByTimeAsync(20);
    const second = another();
    await settle();
    expect(first).toEqual([]);
    expect(short(second)).toEqual([['w1', 200, null, 80]]);
    expect(fake.storage.get('requests')).toEqual([]);
  });

  it('has its unacknowledged report repeated by the next worker', async () => {
    followTraffic(() => new Promise(() => undefined));
    begins('1');
    sends('1');
    answers('1');
    await settle();
    const second = another();
    await settle();
    expect(short(second)).toEqual([['w1', 200, null, 80]]);
  });

  it('during a redirect reveals nothing of the redirect target', async () => {
    worker();
    begins('1');
    sends('1');
    await vi.advanceTimersByTimeAsync(20);
    const second = another();
    begins('1', { url: 'https://elsewhere.example/private' });
    sends('1');
    answers('1');
    await settle();
    expect(second).toMatchObject([{ captured: { key: 'w1', host: 'api.synerise.com', status: 200 }, record: null }]);
  });

  it('keeps only the latest 200 pending requests', async () => {
    worker();
    for (let n = 1; n <= 300; n += 1) {
      begins(String(n));
      sends(String(n));
    }
    await settle();
    expect((fake.storage.get('requests') as [string, unknown][]).map(([id]) => id)).toEqual(
      Array.from({ length: 200 }, (_, n) => String(n + 101)),
    );
  });
});

describe('requests of no watched page', () => {
  beforeEach(() => void fake.permissions.add('webRequest'));

  it("are ignored, including those of the vendor's own pages", async () => {
    fake.hosts.add('https://*.synerise.com/*');
    const told = worker();
    await settle();
    begins('1', { initiator: 'https://app.synerise.com' });
    sends('1');
    answers('1');
    await settle();
    expect(told).toEqual([]);
    expect(fake.storage.get('requests')).toBeUndefined();
  });

  it('are dropped when their site is no longer watched, even if pending', async () => {
    const told = worker();
    begins('1');
    sends('1');
    await settle();
    fake.hosts.clear();
    fake.dropped.raise({ origins: [`${SITE}/*`] });
    await settle();
    answers('1');
    await settle();
    expect(told).toEqual([]);
    expect(fake.storage.get('requests')).toEqual([]);
  });
});

describe('a tab that is left', () => {
  it('has its own requests reported at once, including pending ones', async () => {
    fake.permissions.add('webRequest');
    const told: Heard[] = [];
    const traffic = followTraffic(async (heard) => void told.push(...structuredClone(heard)));
    await settle();
    begins('1');
    sends('1');
    begins('2', { tabId: 8 });
    sends('2');
    await traffic.flush(7);
    expect(short(told)).toEqual([['w1', null, null, null]]);
  });

  it('drops its own oldest requests over the limit, and none of another tab', async () => {
    fake.permissions.add('webRequest');
    const told = worker();
    begins('first', { tabId: 8 });
    sends('first');
    for (let n = 1; n <= 300; n += 1) {
      begins(String(n));
      sends(String(n));
    }
    answers('first', { tabId: 8 });
    await settle();
    expect(short(told)).toEqual([['wfirst', 200, null, 80]]);
  });
});

describe('the webRequest permission', () => {
  it('re-registers the listeners if it is removed and granted again', async () => {
    fake.permissions.add('webRequest');
    const told = worker();
    // Firefox removes the listeners together with the permission.
    for (const event of [fake.beforeRequest, fake.sendHeaders, fake.completed, fake.failed]) event.clear();
    fake.permitted.raise({ permissions: ['webRequest'] });
    begins('1');
    sends('1');
    answers('1');
    await settle();
    expect(short(told)).toEqual([['w1', 200, null, 80]]);
  });

  it('starts the traffic when it is granted, and nothing is heard or read before', async () => {
    const told = worker();
    begins('1');
    await settle();
    expect(fake.log).toEqual([]);
    fake.permissions.add('webRequest');
    fake.permitted.raise({ permissions: ['webRequest'] });
    fake.permitted.raise({ permissions: ['cookies'] });
    begins('2');
    sends('2');
    answers('2');
    await settle();
    expect(short(told)).toEqual([['w2', 200, null, 80]]);
  });
});
