// Attacks on the server of the panel: whoever has no key gets nothing, and the process lives.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { HubPort } from '@/lib/background/view-ports';
import { memoryStorage, type Storage } from '@/lib/cdp/memory';
import { type PanelServer, servePanel } from '@/lib/cdp/panel-server';
import { PORT_PATH, PROTOCOL } from '@/lib/cdp/panel-wire';
import { until } from '@/scripts/until.mjs';

let folder: string;
let server: PanelServer;
let storage: Storage;
let ports: HubPort[];
let closed: number;
let host: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'panel-server-'));
  const build = join(folder, 'build');
  mkdirSync(join(build, 'chunks'), { recursive: true });
  writeFileSync(join(build, 'panel.html'), '<html><script type="module" src="/chunks/panel.js"></script></html>');
  writeFileSync(join(build, 'chunks', 'panel.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  storage = memoryStorage();
  ports = [];
  closed = 0;
  server = await servePanel({
    folder: build,
    runtime: 'globalThis.browser = {};',
    storage,
    connected: (port) => void ports.push(port),
    closed() {
      closed += 1;
    },
  });
  host = new URL(server.home).host;
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const keyOf = (address: string) => new URL(address).hash.slice(1);
const origin = () => server.home.slice(0, -1);

interface Tried {
  readonly status: number | null;
  readonly socket: WebSocket;
  readonly key: string | null;
  readonly messages: unknown[];
}

/** Opens the WebSocket as a page does that sends these headers. */
function open(key: string, { from = origin(), as = host, path = PORT_PATH, protocol = PROTOCOL } = {}): Promise<Tried> {
  const socket = new WebSocket(`ws://${host}${path}`, [protocol, key || 'none'], { headers: { host: as }, ...(from && { origin: from }) });
  const messages: unknown[] = [];
  return new Promise((resolve) => {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { key?: string };
      messages.push(message);
      if (message.key !== undefined) resolve({ status: null, socket, key: message.key, messages });
    });
    socket.on('unexpected-response', (_request, response) => resolve({ status: response.statusCode ?? 0, socket, key: null, messages }));
    socket.on('error', () => undefined);
  });
}

/** Requests a path exactly as it is written. */
const get = (
  path: string,
  { as = host, method = 'GET' } = {},
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.home);
    request({ hostname, port, path, method, headers: { host: as } }, (response) => {
      let text = '';
      response
        .on('data', (chunk) => (text += chunk))
        .on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    })
      .on('error', reject)
      .end();
  });

it('a key works once: a second tab with it is refused, and the first tab may come back with its own', async () => {
  const key = keyOf(server.newAddress());
  const first = await open(key);
  expect(first.key).toMatch(/^[\w-]{32}$/);
  expect(first.key).not.toBe(key);
  expect((await open(key)).status).toBe(403);
  // The tab's own key, while the tab is there.
  expect((await open(first.key ?? '')).status).toBe(403);
  first.socket.close();
  await until('the end of the first', () => closed === 1);
  const again = await open(first.key ?? '');
  expect(again.key).toBe(first.key);
  again.socket.close();
});

it.each<[what: string, key: (good: string) => string, how: Parameters<typeof open>[1], status: number]>([
  ['without a key', () => '', {}, 403],
  ['with another key', () => 'A'.repeat(32), {}, 403],
  ['with half of the key', (good) => good.slice(0, 16), {}, 403],
  ['from a page of another origin that has the key', (good) => good, { from: 'http://attacker.example' }, 403],
  ['from a page at another port', (good) => good, { from: 'http://127.0.0.1:1' }, 403],
  ['from a sandboxed frame', (good) => good, { from: 'null' }, 403],
  ['from a program that sends no Origin', (good) => good, { from: '' }, 403],
  ['under another name (DNS rebinding)', (good) => good, { as: 'attacker.example' }, 421],
  ['under localhost', (good) => good, { as: 'localhost' }, 421],
  ['at another path', (good) => good, { path: '/' }, 404],
  ['with another protocol', (good) => good, { protocol: 'x' }, 403],
])('a WebSocket %s is refused', async (_, key, how, status) => {
  const good = keyOf(server.newAddress());
  expect((await open(key(good), how)).status).toBe(status);
  expect(ports).toEqual([]);
  // What was refused used nothing up.
  const { socket, key: own } = await open(good);
  expect(own).not.toBeNull();
  socket.close();
});

it('files come from the build only, under their own names, with a policy that lets the panel talk to nobody else', async () => {
  const panel = await get('/panel.html?tabId=1');
  expect(panel.status).toBe(200);
  expect(panel.text).toMatch(/<script src="\/panel-runtime\.js"><\/script>\s*<script type="module"/);
  expect(panel.headers['content-security-policy']).toContain(`connect-src 'self' ws://${host};`);
  expect(panel.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(panel.headers['content-security-policy']).not.toContain('unsafe');
  expect((await get('/chunks/panel.js')).headers['content-type']).toContain('text/javascript');
  for (const path of [
    '/',
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '//secret.txt',
    '/chunks/../../secret.txt',
    '/chunks',
    '\\..\\secret.txt',
  ])
    expect(await get(path), path).toMatchObject({ status: expect.toBeOneOf([400, 404]), text: expect.not.stringContaining('secret') });
  expect((await get('/panel.html', { as: 'attacker.example' })).status).toBe(421);
  expect((await get('/panel.html', { method: 'POST' })).status).toBe(405);
  expect((await get('/panel.html', { method: 'HEAD' })).text).toBe('');
});

it('a port of the panel reaches the background, and messages go both ways', async () => {
  const { socket, messages } = await open(keyOf(server.newAddress()));
  socket.send(JSON.stringify({ open: 'panel@1' }));
  const port = await until('the port', () => ports[0]);
  expect(port.name).toBe('panel@1');
  expect(port.sender?.url).toBe(`${origin()}/panel.html`);
  const heard: unknown[] = [];
  let gone = 0;
  port.onMessage.addListener((message) => heard.push(message));
  port.onDisconnect.addListener(() => {
    gone += 1;
  });
  socket.send(JSON.stringify({ port: { type: 'hello' } }));
  await until('the message', () => heard.length);
  expect(heard).toEqual([{ type: 'hello' }]);
  port.postMessage({ type: 'state' });
  await until('the answer', () => messages.some((one) => 'port' in (one as object)));
  expect(messages.at(-1)).toEqual({ port: { type: 'state' } });
  socket.close();
  await until('the end', () => gone === 1 && closed === 1);
});

it('storage is shared: what one tab sets, it reads again, and it is told of changes', async () => {
  const { socket, messages } = await open(keyOf(server.newAddress()));
  socket.send(JSON.stringify({ ask: 1, set: { theme: 'dark' } }));
  socket.send(JSON.stringify({ ask: 2, get: 'theme' }));
  await until('the answer', () => messages.some((one) => (one as { answer?: number }).answer === 2));
  expect(messages).toContainEqual({ changed: { theme: { newValue: 'dark' } } });
  expect(messages.at(-1)).toEqual({ answer: 2, value: { theme: 'dark' } });
  expect(await storage.local.get('theme')).toEqual({ theme: 'dark' });
  socket.close();
});

it.each<[what: string, send: (socket: WebSocket) => void, code: number]>([
  ['a message over the limit', (socket) => socket.send('x'.repeat(4 * 2 ** 20 + 1)), 1009],
  ['text that is no JSON', (socket) => socket.send('{'), 1007],
  [
    'a flood of messages',
    (socket) => {
      for (let n = 0; n < 1200; n += 1) socket.send('{}');
    },
    1008,
  ],
])('%s ends that connection, and no other', async (_, send, code) => {
  const [good, bad] = [await open(keyOf(server.newAddress())), await open(keyOf(server.newAddress()))];
  const end = new Promise((resolve) => bad.socket.once('close', resolve));
  send(bad.socket);
  expect(await end).toBe(code);
  good.socket.send(JSON.stringify({ ask: 1, get: 'x' }));
  await until('the answer', () => good.messages.length > 1);
  good.socket.close();
});

it.each([
  ['null'],
  ['7'],
  ['[]'],
  ['{"open":7}'],
  ['{"ask":"x","set":null}'],
  ['{"port":{"type":"no such message"}}'],
])('a message that means nothing, %s, changes nothing', async (text) => {
  const { socket, messages } = await open(keyOf(server.newAddress()));
  socket.send(text);
  socket.send(JSON.stringify({ ask: 1, get: 'x' }));
  await until('the answer', () => messages.some((one) => (one as { answer?: unknown }).answer === 1));
  expect(ports).toEqual([]);
  socket.close();
});

it('a flood of connections that say nothing leaves the process alive', async () => {
  const { hostname, port } = new URL(server.home);
  const all = Array.from({ length: 300 }, () => connect(Number(port), hostname).on('error', () => undefined));
  await Promise.all(all.map((one) => new Promise((resolve) => one.once('connect', resolve).once('error', resolve).once('close', resolve))));
  for (const one of all) one.destroy();
  const { socket, key } = await until('the server', () => open(keyOf(server.newAddress())));
  expect(key).not.toBeNull();
  socket.close();
});
