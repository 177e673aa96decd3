// The SDK requests that DevTools reports: each once, with its response and without passwords.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { followRequests, type Network } from '@/lib/devtools/requests';
import type { RequestRecord } from '@/lib/network/request';
import { T0 } from '../fakes/make';
import { API } from '../network/make';

beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
  return () => {
    vi.clearAllTimers();
    vi.useRealTimers();
  };
});

type Entry = Parameters<Parameters<Network['onRequestFinished']['addListener']>[0]>[0];
type Content = NonNullable<Entry['getContent']>;
interface Told {
  readonly url?: string;
  readonly method?: string;
  readonly sent?: string;
  readonly status?: number;
  readonly time?: number;
  readonly text?: string;
  readonly started?: string | Date;
  readonly getContent?: Content;
}

/** An entry as DevTools passes it on. */
const entry = (at: number, { url = `${API}/v4/events/custom`, method = 'POST', ...more }: Told = {}): Entry => {
  const { sent, status = 200, time = 40, text, started = new Date(at).toISOString(), getContent } = more;
  const postData = sent === undefined ? {} : { postData: { text: sent } };
  const content = text === undefined ? { size: 9 } : { size: text.length, text };
  const whole = {
    startedDateTime: started,
    time,
    request: { method, url, headers: [{ name: 'X-One', value: '1' }], bodySize: sent?.length ?? 0, ...postData },
    response: { status, statusText: 'OK', headers: [], bodySize: 9, content },
    ...(getContent && { getContent }),
  };
  return whole;
};
const content =
  (text: string | null, encoding = ''): Content =>
  (callback) =>
    callback(text, encoding);

/** `devtools.network` with a log that a test fills. */
function network() {
  let log: Entry[] = [];
  const listeners: ((one: Entry) => void)[] = [];
  let looks = 0;
  const made: Network = {
    onRequestFinished: { addListener: (listener) => void listeners.push(listener) },
    getHAR(callback) {
      looks += 1;
      callback({ entries: log });
    },
  };
  const told: RequestRecord[][] = [];
  return {
    told,
    all: () => told.flat(),
    looks: () => looks,
    follow: () => followRequests(made, (records) => told.push([...records])),
    logs: (...entries: Entry[]) => {
      log = [...log, ...entries];
    },
    /** A request finishes: it is in the log, and the listeners are called. */
    finish(one: Entry, logged: Entry = one) {
      if (!log.includes(logged)) log = [...log, logged];
      for (const listener of listeners) listener(one);
    },
  };
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('a finished request', () => {
  it('is reported with its content, in one batch with those that finish together, oldest first', async () => {
    const { follow, finish, told } = network();
    follow();
    finish(entry(T0 + 50, { method: 'PUT', getContent: content('second') }));
    finish(entry(T0 + 10, { sent: '{"a":1}', getContent: content('first') }));
    await pass(99);
    expect(told).toEqual([]);
    await pass(1);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject([
      {
        via: 'devtools',
        at: T0 + 10,
        endedAt: T0 + 50,
        method: 'POST',
        url: `${API}/v4/events/custom`,
        headers: [['X-One', '1']],
        body: { text: '{"a":1}', size: 7 },
        status: 200,
        answer: { text: 'first' },
      },
      { at: T0 + 50, method: 'PUT', answer: { text: 'second' } },
    ]);
    finish(entry(T0 + 300, { text: 'third, at hand' }));
    await pass(100);
    expect(told[1]).toMatchObject([{ answer: { text: 'third, at hand' } }]);
  });

  it.each<[string, Content | undefined]>([
    ['is not text', content('AAEC', 'base64')],
    ['is empty', content(null)],
    ['cannot be requested', undefined],
  ])('whose content %s is reported without it', async (_name, getContent) => {
    const { follow, finish, all } = network();
    follow();
    finish(entry(T0, { ...(getContent && { getContent }) }));
    await pass(100);
    expect(all()).toMatchObject([{ status: 200, answer: { text: null, size: 9 } }]);
  });

  it('whose content does not arrive is reported after two seconds, and not again when it arrives', async () => {
    const { follow, finish, all } = network();
    follow();
    let give: (text: string, encoding: string) => void = () => undefined;
    finish(
      entry(T0, {
        getContent: (callback) => {
          give = callback;
        },
      }),
    );
    await pass(2099);
    expect(all()).toEqual([]);
    await pass(1);
    expect(all()).toMatchObject([{ answer: { text: null } }]);
    give('late', '');
    await pass(5000);
    expect(all()).toHaveLength(1);
  });

  it('is reported once although the log has it too', async () => {
    const { follow, finish, all } = network();
    follow();
    finish(entry(T0, { text: 'x' }));
    await pass(10_000);
    expect(all()).toHaveLength(1);
  });

  it('is the same whether its start is a string or, as in Firefox, a Date', async () => {
    const { follow, finish, all } = network();
    follow();
    finish(entry(T0, { started: new Date(T0), text: 'x' }), entry(T0));
    await pass(10_000);
    expect(all()).toMatchObject([{ at: T0 }]);
  });
});

describe('the log', () => {
  it('reports earlier requests at once, and later those that never finish', async () => {
    const { follow, logs, all } = network();
    logs(entry(T0 - 5000, { method: 'GET' }));
    follow();
    await pass(100);
    expect(all()).toMatchObject([{ method: 'GET', at: T0 - 5000 }]);
    logs(entry(T0 + 200, { time: -1 }));
    await pass(1100);
    expect(all()).toHaveLength(2);
    expect(all()[1]).toMatchObject({ at: T0 + 200, endedAt: null, status: 200 });
    await pass(10_000);
    expect(all()).toHaveLength(2);
  });

  it('reports a pending request only once it has a response', async () => {
    const { follow, logs, all } = network();
    const open = entry(T0, { status: 0, time: -1 });
    logs(open);
    follow();
    await pass(5000);
    expect(all()).toEqual([]);
    Object.assign(open, entry(T0));
    await pass(1100);
    expect(all()).toMatchObject([{ status: 200 }]);
  });

  it('is read every second, and less often if a read takes long', async () => {
    const quick = network();
    quick.follow();
    await pass(10_000);
    expect(quick.looks()).toBe(11);
    const slow = network();
    const clock = vi.spyOn(performance, 'now');
    let now = 0;
    clock.mockImplementation(() => {
      now += 500;
      return now;
    });
    slow.follow();
    await pass(9999);
    expect(slow.looks()).toBe(1);
    await pass(1);
    expect(slow.looks()).toBe(2);
    clock.mockRestore();
  });

  it('gives a request that finishes later the same key, with more content', async () => {
    const { follow, logs, finish, all } = network();
    const one = entry(T0);
    logs(one);
    follow();
    await pass(500);
    finish(entry(T0, { getContent: content('whole') }), one);
    await pass(500);
    expect(all().map(({ key, answer }) => [key, answer.text])).toEqual([
      [all()[0]?.key, null],
      [all()[0]?.key, 'whole'],
    ]);
  });
});

describe('keys', () => {
  it('differ for two like requests of one ms, and agree between log and listener', async () => {
    const { follow, finish, all } = network();
    follow();
    finish(entry(T0, { text: 'a' }));
    finish(entry(T0, { text: 'b' }));
    await pass(10_000);
    expect(all().map(({ answer }) => answer.text)).toEqual(['a', 'b']);
    expect(new Set(all().map(({ key }) => key)).size).toBe(2);
  });

  it('are the same in a reopened panel, and different for another method, URL or ms', async () => {
    const keys = async (...entries: Entry[]) => {
      const { follow, logs, all } = network();
      logs(...entries);
      follow();
      await pass(100);
      return all().map(({ key }) => key);
    };
    const entries = [entry(T0), entry(T0), entry(T0, { method: 'PUT' }), entry(T0, { url: `${API}/v4/events/other` }), entry(T0 + 1)];
    const first = await keys(...entries);
    expect(new Set(first).size).toBe(5);
    expect(await keys(...entries)).toEqual(first);
  });
});

describe('not reported', () => {
  it.each<[string, Entry]>([
    ['a request of no SDK', entry(T0, { url: 'https://shop.example/cart' })],
    ['a preflight of the browser', entry(T0, { method: 'OPTIONS' })],
    ['a request of no web page', entry(T0, { url: 'chrome-extension://x/v4/events/custom' })],
    ['an entry without a request', { startedDateTime: new Date(T0).toISOString() }],
    ['an entry without a start', entry(T0, { started: 'nonsense' })],
  ])('%s', async (_name, one) => {
    const { follow, finish, all } = network();
    follow();
    finish(one);
    finish(entry(T0 + 1, { text: 'x' }));
    await pass(5000);
    expect(all()).toMatchObject([{ at: T0 + 1 }]);
  });

  it('passwords: they are removed from request and response before anything is reported', async () => {
    const { follow, finish, logs, told } = network();
    const sent = '{"email":"jane@x.example","password":"hush-1"}';
    logs(entry(T0 - 1, { url: `${API}/v4/events/a?password=hush-2`, sent }));
    follow();
    finish(entry(T0, { url: `${API}/sauth/v3/my-account/change-password`, sent, getContent: content('{"newPassword":"hush-3"}') }));
    await pass(3000);
    expect(told.flat()).toHaveLength(2);
    expect(JSON.stringify(told)).not.toContain('hush');
    expect(JSON.stringify(told)).toContain('jane@x.example');
  });
});
