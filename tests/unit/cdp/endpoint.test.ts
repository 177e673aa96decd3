// What a debugging endpoint lists, as Chromium, Node.js and Metro write it, and what is made of it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { appOrigin, EndpointError, endpointAt, matching, type Target } from '@/lib/cdp/endpoint';
import { chosen } from '@/lib/cdp/inspector';

let close: () => void = () => undefined;
afterEach(() => close());

async function serving(answer: unknown, status = 200): Promise<string> {
  const server = createServer((_request, response) =>
    response.writeHead(status).end(typeof answer === 'string' ? answer : JSON.stringify(answer)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => server.close();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const listed = async (...entries: readonly object[]): Promise<readonly Target[]> => endpointAt(await serving(entries)).targets();

const PAGE = {
  id: 'A1',
  type: 'page',
  title: 'Paper &amp; Ink',
  url: 'https://shop.example/',
  webSocketDebuggerUrl: 'ws://localhost/devtools/page/A1',
};

describe('the list', () => {
  it('has pages and web views, and neither workers, frames, DevTools nor extensions', async () => {
    const found = await listed(
      PAGE,
      { ...PAGE, id: 'A2', type: 'webview' },
      { ...PAGE, id: 'A3', type: 'iframe' },
      { ...PAGE, id: 'A4', type: 'service_worker' },
      { ...PAGE, id: 'A5', url: 'devtools://devtools/bundled/inspector.html' },
      { ...PAGE, id: 'A6', url: 'chrome-extension://abc/popup.html' },
      { ...PAGE, id: 'A7', webSocketDebuggerUrl: undefined },
    );
    expect(found.map(({ id, kind, title }) => [id, kind, title])).toEqual([
      ['A1', 'page', 'Paper & Ink'],
      ['A2', 'page', 'Paper & Ink'],
    ]);
  });

  it('leads to the endpoint’s own host, whatever the endpoint calls itself', async () => {
    const [{ socket } = { socket: '' }] = await listed({ ...PAGE, webSocketDebuggerUrl: 'ws://attacker.example:1/devtools/page/A1' });
    expect(new URL(socket).hostname).toBe('127.0.0.1');
    expect(new URL(socket).pathname).toBe('/devtools/page/A1');
  });

  it('has a Node.js process by its script, without folders of this machine', async () => {
    const [node] = await listed({
      id: 'n',
      type: 'node',
      title: '/home/ada/shop/server.mjs',
      url: 'file:///home/ada',
      webSocketDebuggerUrl: 'ws://127.0.0.1/n',
    });
    expect(node).toMatchObject({ kind: 'node', address: 'server.mjs' });
    expect(node && appOrigin(node)).toBe('app://server.mjs');
    expect(node).not.toHaveProperty('origin');
  });

  it.each([
    ['by its app ID', { appId: 'com.example.shop', reactNative: { logicalDeviceId: 'd' } }],
    ['of older versions by its description', { description: 'com.example.shop', vm: 'Hermes' }],
  ])('has a React Native app %s, with the Origin header that Metro requires', async (_, more) => {
    const [app] = await listed({
      id: 'd-1',
      type: 'node',
      title: 'React Native',
      deviceName: 'Pixel',
      webSocketDebuggerUrl: 'ws://127.0.0.1/inspector/debug',
      ...more,
    });
    expect(app).toMatchObject({ kind: 'react-native', title: 'Pixel: React Native', address: 'com.example.shop' });
    expect(app?.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(app && appOrigin(app)).toBe('app://com.example.shop');
  });

  it.each([
    ['an answer that is no list', { error: 'x' }, 200],
    ['an answer that is no JSON', '<html>', 200],
    ['an error', [], 404],
  ])('is refused in words for %s', async (_, answer, status) => {
    await expect(endpointAt(await serving(answer, status)).targets()).rejects.toThrow("answers, but isn't a debugging endpoint");
  });

  it('says what to start if nothing answers', async () => {
    await expect(endpointAt('http://127.0.0.1:9').targets()).rejects.toThrow('--remote-debugging-port');
  });

  it('survives entries that are nothing', async () => {
    expect(await endpointAt(await serving([null, 7, 'x', []])).targets()).toEqual([]);
  });
});

describe('an address', () => {
  it.each([
    ['9222 on this machine', '127.0.0.1:9222', 'http://127.0.0.1:9222'],
    ['http', 'http://localhost:8081/debugger-ui?x', 'http://localhost:8081'],
    ['the browser’s own WebSocket', 'ws://127.0.0.1:9222/devtools/browser/abc', 'http://127.0.0.1:9222'],
  ])('of %s lists its targets', (_, text, address) => expect(endpointAt(text).address).toBe(address));

  it.each([
    ['ws://127.0.0.1:9222/devtools/page/A1', 'page'],
    ['ws://127.0.0.1:8081/inspector/debug?device=1&page=2', 'react-native'],
    ['ws://127.0.0.1:9229/0f2c936f-b1cd-4ac9-aab3-f63b0f33d55e', 'node'],
  ])('%s is one %s', async (text, kind) => {
    expect(await endpointAt(text).targets()).toMatchObject([{ kind, socket: text }]);
  });

  it.each(['ftp://127.0.0.1', 'http://', 'file:///etc/passwd'])('%s is refused', (text) =>
    expect(() => endpointAt(text)).toThrow(EndpointError));
});

const target = (id: string, more: Partial<Target> = {}): Target => ({
  id,
  kind: 'page',
  title: 'Shop',
  address: 'https://shop.example/',
  socket: 'ws://x',
  ...more,
});

describe('the target', () => {
  it('is found by words of its kind, title and address, in any order and case', () => {
    const all = [target('1'), target('2', { kind: 'react-native', title: 'Pixel: React Native', address: 'com.example.shop' })];
    expect(matching(all, 'APP pixel').map(({ id }) => id)).toEqual(['2']);
    expect(matching(all, 'shop')).toHaveLength(2);
    expect(matching(all, '')).toHaveLength(2);
    expect(matching(all, 'shop nothing')).toEqual([]);
  });

  it('is the one from before; else one with its address; else one of its kind', () => {
    const before = target('1');
    const successor = target('3');
    const other = target('2', { address: 'https://other.example/' });
    const node = target('4', { kind: 'node' });
    expect(chosen([other, before, successor], before)?.id).toBe('1');
    expect(chosen([node, other, successor], before)?.id).toBe('3');
    expect(chosen([node, other], before)?.id).toBe('2');
    expect(chosen([node], before)).toBeUndefined();
    expect(chosen([other, node], null)?.id).toBe('2');
  });
});

it('an app’s origin contains nothing that an origin can’t', () => {
  const origin = (address: string, title = '') => appOrigin(target('1', { kind: 'node', address, title }));
  expect(origin('Com.Example_Shop')).toBe('app://com.example-shop');
  expect(origin('../../x y"<z>')).toBe('app://x-y-z');
  expect(origin('', 'My App')).toBe('app://my-app');
  expect(origin('', '…')).toBe('app://app');
  expect(origin('a'.repeat(500))).toHaveLength(106);
});
