// Requests that panels and pages captured: each is in the history once, whichever captured it and however often it is reported.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Requester } from '@/lib/background/platform';
import type { Captured, RequestRecord } from '@/lib/network/request';
import { capturedOf } from '@/lib/network/requests';
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import { fake } from '../fakes/browser';
import { MINUTE, ORIGIN, T0 } from '../fakes/make';
import { begin, flush, restart, tab, type View, view, world } from '../fakes/world';
import { captured } from '../network/make';

vi.mock('wxt/browser', () => import('../fakes/browser'));
beforeEach(begin);
beforeEach(() => void fake.hosts.add(`${ORIGIN}/*`));

type MessageOf<K extends BackgroundMessage['type']> = Extract<BackgroundMessage, { type: K }>;
const heard = <K extends BackgroundMessage['type']>(of: View, type: K) =>
  of.messages.filter((message): message is MessageOf<K> => message.type === type);
const requestsIn = (of: View) =>
  heard(of, 'history').flatMap(({ entries }) => entries.flatMap((entry) => (entry.kind === 'request' ? [entry] : [])));

const request = (n: number, over: Partial<Captured> = {}): Captured =>
  captured({ key: `d${n}`, at: T0 + n * 10, path: `/v4/events/e${n}`, purpose: 'event', ...over });
/** The same request as the browser reports it for a watched page. */
const reported = (n: number, over: Partial<RequestRecord> = {}): RequestRecord => ({
  key: `w${n}`,
  via: 'page',
  at: T0 + n * 10,
  endedAt: T0 + n * 10 + 100,
  method: 'POST',
  url: `https://api.synerise.com/v4/events/e${n}`,
  headers: [],
  body: { text: null, size: null },
  status: 200,
  statusText: 'OK',
  answerHeaders: [],
  answer: { text: null, size: null },
  problem: null,
  ...over,
});
/** The browser reports a request; `by` overrides who made it (default: the tab's own page). */
async function tells(record: RequestRecord, by: Partial<Requester> = {}): Promise<void> {
  await world.hub.requested([{ by: { tab: 7, origin: ORIGIN, top: true, ...by }, captured: capturedOf(record) as Captured, record }]);
  await flush();
}

/** A panel on a tab with a customer, with helpers to report captured requests. */
async function panel(id = 7) {
  const agent = world.agents.get(id) ?? tab(id);
  const made = view(id, { lends: true });
  await flush();
  let said = 0;
  return {
    ...made,
    agent,
    /** Returns the id of the message, for the answer. */
    async sees(...requests: Captured[]) {
      said += 1;
      made.say({ type: 'captured', id: `seen-${said}`, requests });
      await flush();
      return `seen-${said}`;
    },
    keys: () => requestsIn(made).map(({ key }) => key),
    answers: () => heard(made, 'answer'),
    same: () => heard(made, 'same').map(({ key, as }) => [key, as]),
  };
}

describe('requests captured by a panel', () => {
  it('are stored in the history, which only panels receive, and then acknowledged', async () => {
    const one = await panel();
    const popup = view(7);
    await flush();
    const id = await one.sees(request(1), request(2));
    expect(one.keys()).toEqual(['d1', 'd2']);
    expect(requestsIn(one)[0]).toMatchObject({ ...request(1), nth: 0 });
    expect(one.answers()).toEqual([{ type: 'answer', id, problem: null }]);
    const types = one.messages.map(({ type }) => type);
    expect(types.lastIndexOf('history')).toBeLessThan(types.lastIndexOf('answer'));
    expect([heard(popup, 'history'), heard(popup, 'answer')]).toEqual([[], []]);
  });

  it('of another tab go only into the history of that tab', async () => {
    const [one, other] = [await panel(7), await panel(8)];
    await other.sees(request(1));
    expect([one.keys(), other.keys()]).toEqual([[], ['d1']]);
    expect(one.answers()).toEqual([]);
  });

  it('are acknowledged but not stored again if reported twice', async () => {
    const one = await panel();
    await one.sees(request(1));
    const { noted } = one.session().tab;
    const id = await one.sees(request(1));
    expect(one.keys()).toEqual(['d1']);
    expect(one.session().tab.noted).toBe(noted);
    expect(one.answers().at(-1)).toEqual({ type: 'answer', id, problem: null });
  });

  it('are not stored again, however old, if a reopened panel or a restarted worker gets them a second time', async () => {
    const one = await panel();
    const all = Array.from({ length: 250 }, (_, n) => request(n));
    await one.sees(...all);
    one.port.drop();
    const anew = await panel();
    expect(anew.keys()).toHaveLength(250);
    await anew.sees(...all);
    expect(anew.keys()).toHaveLength(250);
    restart(anew as unknown as View);
    const last = await panel();
    await last.sees(...all, request(300));
    expect(last.keys()).toHaveLength(251);
  });

  it('are reported again once they have a response or a token', async () => {
    const one = await panel();
    await one.sees(request(1, { status: null, endedAt: null }));
    await one.sees(request(1));
    await one.sees(request(1, { gave: 'f1' }));
    expect(requestsIn(one).map(({ key, status, gave }) => [key, status, gave])).toEqual([
      ['d1', null, null],
      ['d1', 200, null],
      ['d1', 200, 'f1'],
    ]);
  });
});

describe('a request captured by both panel and page', () => {
  it('is matched if recent, whichever captured it first', async () => {
    const one = await panel();
    await tells(reported(1));
    await one.sees(request(1), request(2));
    await tells(reported(2));
    expect(one.keys()).toEqual(['w1', 'd2']);
    expect(one.same()).toEqual([
      ['d1', 'w1'],
      ['w2', 'd2'],
    ]);
    expect(heard(one, 'detail').map(({ key }) => key)).toEqual(['w1', 'w2']);
  });

  /** A page that reported requests long before a panel was opened, with many others since. */
  async function longAgo(...records: RequestRecord[]) {
    const first = await panel();
    vi.setSystemTime(T0 + 1000);
    for (const record of records) await tells(record);
    await first.sees(...Array.from({ length: 200 }, (_, n) => request(1000 + n, { path: `/v4/events/x${n}` })));
    first.port.drop();
    vi.setSystemTime(T0 + MINUTE);
    return panel();
  }

  it('is matched even if it is older than the session remembers, and only panels are told', async () => {
    const one = await longAgo(reported(1), reported(2));
    const popup = view(7);
    await flush();
    const before = one.keys().length;
    const id = await one.sees(request(1), request(2));
    expect(one.same()).toEqual([
      ['d1', 'w1'],
      ['d2', 'w2'],
    ]);
    expect(one.keys()).toHaveLength(before);
    expect(one.answers().at(-1)).toEqual({ type: 'answer', id, problem: null });
    expect(heard(popup, 'same')).toEqual([]);
    // A repeated report gets the same match.
    await one.sees(request(1));
    expect(one.same().at(-1)).toEqual(['d1', 'w1']);
    expect(one.keys()).toHaveLength(before);
  });

  it('is matched at most once if there are two alike, with the nearest in time', async () => {
    const url = 'https://api.synerise.com/v4/events/twice';
    const one = await longAgo(reported(1, { url }), reported(2, { url, at: T0 + 900 }));
    const alike = (key: string, at: number) => request(0, { key, at, path: '/v4/events/twice' });
    await one.sees(alike('a', T0 + 890));
    await one.sees(alike('b', T0 + 20));
    expect(one.same()).toEqual([
      ['a', 'w2'],
      ['b', 'w1'],
    ]);
    const before = one.keys().length;
    await one.sees(alike('c', T0 + 30));
    expect(one.keys().slice(before)).toEqual(['c']);
  });

  it.each<[string, Partial<Captured>]>([
    ['a different path', { path: '/v4/events/other' }],
    ['a different host', { host: 'other.synerise.com' }],
    ['a different method', { method: 'PUT' }],
    ['a different time', { at: T0 + 10_000 }],
  ])('is not matched to an old one with %s', async (_name, over) => {
    const one = await longAgo(reported(1));
    const before = one.keys().length;
    await one.sees(request(1, over));
    expect(one.same()).toEqual([]);
    expect(one.keys().slice(before)).toEqual(['d1']);
  });
});

describe('a request that the browser reports', () => {
  it('is stored in the history of its page, and its details are sent to open panels', async () => {
    const one = await panel();
    await tells(reported(1));
    expect(one.keys()).toEqual(['w1']);
    expect(heard(one, 'detail')).toEqual([{ type: 'detail', key: 'w1', detail: { request: reported(1) } }]);
  });

  it.each<[string, Partial<Requester>]>([
    ['of a site that is not watched', { origin: 'https://other.example' }],
    ['of a cross-site frame', { origin: 'https://frames.example', top: false }],
  ])('%s is not stored', async (_name, by) => {
    fake.hosts.add('https://frames.example/*');
    const one = await panel();
    await tells(reported(1), by);
    expect(one.keys()).toEqual([]);
  });

  it('of a page already left is not stored for its successor, and the first of a new page is stored in its own session', async () => {
    fake.hosts.add('https://next.example/*');
    const one = await panel();
    fake.tabs.set(7, { incognito: false, url: `${ORIGIN}/` });
    await tells(reported(1), { origin: 'https://next.example' });
    expect(one.keys()).toEqual([]);
    fake.tabs.set(7, { incognito: false, url: 'https://next.example/' });
    one.agent.navigate('doc-next', 'https://next.example');
    await tells(reported(2), { origin: 'https://next.example' });
    expect(requestsIn(one).map(({ key, nth }) => [key, nth])).toEqual([['w2', 1]]);
    await tells(reported(3));
    expect(one.keys()).toEqual(['w2']);
  });

  it('of a closed tab creates no session', async () => {
    fake.tabs.delete(9);
    await tells(reported(1), { tab: 9 });
    expect([...fake.storage.keys()].filter((key) => key.includes('9'))).toEqual([]);
  });
});
