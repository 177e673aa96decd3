// The requests of watched pages, as the browser tells them: which are kept, when they are told, and what a death of the worker costs.
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

/** A worker that follows; what it told. */
function worker(): Heard[] {
  const told: Heard[] = [];
  followTraffic(async (heard) => void told.push(...structuredClone(heard)));
  return told;
}
/** The worker dies, and the next event wakes another. */
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
/** What ended is told together. */
const settle = () => vi.advanceTimersByTimeAsync(250);
const short = (told: readonly Heard[]) =>
  told.map(({ captured: { key, status, problem, endedAt } }) => [key, status, problem, endedAt === null ? null : endedAt - T0]);

describe('a request of an SDK', () => {
  beforeEach(() => void fake.permissions.add('webRequest'));

  it('is told once it ended, with all of it and by whom', async () => {
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

  it('that takes long is told before its end too', async () => {
    const told = worker();
    begins('1');
    sends('1');
    await vi.advanceTimersByTimeAsync(1200);
    expect(short(told)).toEqual([['w1', null, null, null]]);
    answers('1');
    await settle();
    expect(short(told).slice(1)).toEqual([['w1', 200, null, 80]]);
  });

  it('that another extension stops before it is sent is told with the browser’s reason', async () => {
    const told = worker();
    begins('1');
    fails('1', 'net::ERR_BLOCKED_BY_CLIENT');
    await settle();
    expect(short(told)).toEqual([['w1', null, 'net::ERR_BLOCKED_BY_CLIENT', 80]]);
  });

  it('has no password in anything that is kept or told', async () => {
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
    ['of no tab', { tabId: -1 }],
    ['of a page that is rendered ahead', { documentLifecycle: 'prerender' }],
    ['of nobody’s', { url: 'https://shop.example/cart' }],
  ])('%s is not told, and nothing of it is kept', async (_name, over) => {
    const told = worker();
    begins('1', over);
    sends('1');
    answers('1');
    await vi.advanceTimersByTimeAsync(2000);
    expect(told).toEqual([]);
    expect(fake.storage.get('requests')).toBeUndefined();
  });

  it('that is sent on elsewhere is one, as the page made it', async () => {
    const told = worker();
    begins('1');
    sends('1');
    begins('1', { url: 'https://elsewhere.example/' });
    sends('1');
    answers('1', { statusCode: 404 });
    await settle();
    expect(told.map(({ captured: { host, status } }) => [host, status])).toEqual([['api.synerise.com', 404]]);
  });

  it('is of the page that Firefox names by its address, and of a frame where it is in one', async () => {
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

  it('leaves what is under way to the next, which tells how it ended; once', async () => {
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

  it('after an end that it had no time to tell leaves that to the next too', async () => {
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

  it('before what it told was taken has it told again', async () => {
    followTraffic(() => new Promise(() => undefined));
    begins('1');
    sends('1');
    answers('1');
    await settle();
    const second = another();
    await settle();
    expect(short(second)).toEqual([['w1', 200, null, 80]]);
  });

  it('before a request is sent on elsewhere tells nothing of where it was sent', async () => {
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

  it('keeps no more than the latest 200 under way', async () => {
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

describe('what is none of ours', () => {
  beforeEach(() => void fake.permissions.add('webRequest'));

  it('is let go of as it comes: requests of pages that nobody watches, the vendor’s own among them', async () => {
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

  it('goes with its site: what is under way when that is watched no more', async () => {
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
  it('has its requests told at once, those too that have not ended, and none of another’s', async () => {
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

  it('that made too many loses its own oldest, and no other tab’s', async () => {
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

describe('the permission', () => {
  it('taken back and given again has all heard again', async () => {
    fake.permissions.add('webRequest');
    const told = worker();
    // Firefox takes the listeners away with it.
    for (const event of [fake.beforeRequest, fake.sendHeaders, fake.completed, fake.failed]) event.clear();
    fake.permitted.raise({ permissions: ['webRequest'] });
    begins('1');
    sends('1');
    answers('1');
    await settle();
    expect(short(told)).toEqual([['w1', 200, null, 80]]);
  });

  it('is waited for: nothing is heard or read before it is given, and all that comes after', async () => {
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
