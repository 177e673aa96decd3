/** Requests over a debugging connection, beside a page that leaves. */
import { expect, it } from 'vitest';
import type { Heard } from '@/lib/background/platform';
import type { CdpEvent, Connection } from '@/lib/cdp/connection';
import { createNetwork } from '@/lib/cdp/network';

it('reports a finished request when its page navigates away, even before its body has arrived', async () => {
  const heard: Heard[] = [];
  const listeners: ((event: CdpEvent) => void)[] = [];
  let answer: (body: object) => void = () => {};
  const connection = {
    send: async (method: string) => (method === 'Network.getResponseBody' ? new Promise((resolve) => (answer = resolve)) : {}),
    listen: (listener: (event: CdpEvent) => void) => void listeners.push(listener),
    closed: new Promise<string>(() => undefined),
    close: () => undefined,
  } as unknown as Connection;
  const network = createNetwork(1, async (all) => void heard.push(...all));
  network.follow(connection);
  const tell = (method: string, params: object) => {
    for (const listener of listeners) listener({ method, params: { requestId: '7', ...params }, session: undefined });
  };
  tell('Network.requestWillBeSent', {
    documentURL: 'https://shop.example/',
    request: { url: 'https://api.snrapi.com/v4/events/custom', method: 'POST', headers: {}, postData: '{}' },
    timestamp: 1,
    wallTime: 1_800_000_000,
    type: 'Fetch',
  });
  tell('Network.responseReceived', { response: { status: 200, statusText: 'OK', headers: {} } });
  tell('Network.loadingFinished', { timestamp: 2 });
  await network.flush();
  expect(heard.map(({ by, record }) => [by.origin, record?.url, record?.endedAt])).toEqual([
    ['https://shop.example', 'https://api.snrapi.com/v4/events/custom', 1_800_000_001_000],
  ]);
  answer({ body: '{}', base64Encoded: false });
  await new Promise((resolve) => setImmediate(resolve));
  await network.flush();
  expect(heard).toHaveLength(2);
  await network.flush();
  expect(heard).toHaveLength(2);
});
