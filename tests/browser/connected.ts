// What `--connect` is tried on: a Chromium with a debugging port, an app in Node.js, and one behind Metro's inspector proxy.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { join } from 'node:path';
import { type Browser, test as base, chromium, expect, type Page } from '@playwright/test';
import WebSocket, { type WebSocketServer } from 'ws';
import { type Sandbox, startSandbox } from '../../sandbox/server.mjs';
import { launchOptions } from '../../scripts/chromium.mjs';
import { launchDebugged as launch } from '../../scripts/debugged.mjs';
import { ROOT } from '../../scripts/setup.mjs';
import { until } from '../../scripts/until.mjs';
import { type Surface, surfaceOf, type View, viewOf } from '../../scripts/view.mjs';
import type { Hook } from './support';

export interface Command {
  /** Everything it printed. */
  output(): string;
  /** What it printed to stdout. */
  out(): string;
  /** Stops it as Ctrl-C does. Resolves to its exit code. */
  stop(): Promise<number | null>;
  readonly ended: Promise<number | null>;
}

/** A Chromium as a person starts it, with a debugging port. */
export interface Debugged {
  readonly endpoint: string;
  readonly page: Page;
  newPage(): Promise<Page>;
  /** Sends a command to the first page, even one that has crashed. */
  send(method: string): Promise<void>;
  close(): Promise<void>;
}

/** An app that is no page. */
export interface App {
  readonly endpoint: string;
  /** Has the app do something by itself, and returns the state of its SDK. */
  act(action?: 'sign-in' | 'refresh' | 'regenerate'): Promise<Omit<Hook, 'dialect'>>;
  close(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createNetServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** A connection, still opening, to the first target of an endpoint. */
async function socketTo(endpoint: string): Promise<WebSocket> {
  const [target] = (await (await fetch(`${endpoint}/json/list`)).json()) as [{ webSocketDebuggerUrl: string }];
  return new WebSocket(target.webSocketDebuggerUrl);
}

/** @param port a free one by default */
export async function launchDebugged(url: string, port = 0): Promise<Debugged> {
  const { context, page, endpoint, close } = await launch({ port, viewport: { width: 1280, height: 360 } });
  await page.goto(url);
  return {
    endpoint,
    page,
    newPage: () => context.newPage(),
    async send(method) {
      const socket = await socketTo(endpoint);
      await new Promise((resolve) => socket.once('open', resolve));
      socket.send(JSON.stringify({ id: 1, method }));
      await new Promise((resolve) => socket.once('message', resolve));
      socket.close();
    },
    close,
  };
}

/** The sandbox's app in Node.js, with a debugging port. */
export async function startApp(sandbox: Sandbox, shop: string): Promise<App> {
  const port = await freePort();
  const child = fork(join(ROOT, 'sandbox', 'app.js'), [sandbox.origin, shop], {
    execArgv: [`--inspect=127.0.0.1:${port}`],
    silent: true,
  });
  let last = 0;
  const act: App['act'] = (action) =>
    new Promise((resolve, reject) => {
      last += 1;
      const id = last;
      const heard = (message: unknown) => {
        const { id: of, ...state } = message as { id: number } & Omit<Hook, 'dialect'>;
        if (of !== id) return;
        child.off('message', heard);
        resolve(state);
      };
      child.on('message', heard);
      child.send({ id, action }, (error) => error && reject(error));
    });
  await until('the token of the app', async () => (await act()).held.token);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    act,
    async close() {
      child.kill();
      await new Promise((resolve) => (child.exitCode === null && child.signalCode === null ? child.once('exit', resolve) : resolve(null)));
    },
  };
}

/** Metro's own inspector proxy, with a device that forwards to an app: what React Native does on a phone. */
export async function behindMetro(app: App, { id = 'com.example.shop' } = {}): Promise<App> {
  const { createDevMiddleware } = await import('@react-native/dev-middleware');
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const { middleware, websocketEndpoints } = createDevMiddleware({ projectRoot: ROOT, serverBaseUrl: origin }) as unknown as Middleware;
  const server = createServer((request, response) => middleware(request, response, () => response.writeHead(404).end()));
  server.on('upgrade', (request, socket, head) => {
    const endpoint = websocketEndpoints[new URL(request.url ?? '', origin).pathname];
    if (endpoint) endpoint.handleUpgrade(request, socket, head, (made) => endpoint.emit('connection', made, request));
    else socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

  const device = new WebSocket(`ws://127.0.0.1:${port}/inspector/device?device=d1&name=Pixel&app=${id}`);
  const send = (message: object) => device.send(JSON.stringify(message));
  let engine: WebSocket | null = null;
  device.on('message', async (data) => {
    const { event, payload } = JSON.parse(String(data)) as { event: string; payload?: { pageId: string; wrappedEvent?: string } };
    if (event === 'getPages')
      send({ event, payload: [{ id: 'main', title: 'React Native', vm: 'Hermes', app: id, description: id, capabilities: {} }] });
    else if (event === 'connect') {
      const opened = await socketTo(app.endpoint);
      engine = opened;
      opened.on('message', (told) => send({ event: 'wrappedEvent', payload: { pageId: payload?.pageId, wrappedEvent: String(told) } }));
    } else if (event === 'wrappedEvent' && payload?.wrappedEvent !== undefined) {
      const { wrappedEvent } = payload;
      if (engine?.readyState === WebSocket.CONNECTING) engine.once('open', () => engine?.send(wrappedEvent));
      else engine?.send(wrappedEvent);
    } else if (event === 'disconnect') engine?.close();
  });
  await until('the device in the list', async () => ((await (await fetch(`${origin}/json/list`)).json()) as unknown[]).length);
  return {
    endpoint: origin,
    act: app.act,
    async close() {
      engine?.close();
      device.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The part of Metro's development server that is used. Its own types are for Flow. */
interface Middleware {
  middleware(request: IncomingMessage, response: ServerResponse, next: () => void): void;
  readonly websocketEndpoints: Readonly<Record<string, WebSocketServer>>;
}

function command(script: string, args: readonly string[]): Command {
  const child: ChildProcess = spawn(process.execPath, [join(ROOT, 'scripts', script), ...args], { cwd: ROOT });
  let output = '';
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  child.stdout?.on('data', (chunk) => (out += chunk));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    output: () => output,
    out: () => out,
    ended,
    stop() {
      child.kill('SIGINT');
      return ended;
    },
  };
}

export interface ConnectedFixtures {
  readonly sandbox: Sandbox;
  /** Runs a script, by default that of `npm start`; it is stopped with the test. */
  readonly start: (args: readonly string[], script?: string) => Command;
  /** Runs `npm start -- --connect`, and opens the panel in a browser of its own. */
  readonly connect: (
    endpoint: string,
    words?: string,
  ) => Promise<{ readonly run: Command; readonly v: View<Surface>; readonly panel: Page; readonly address: string }>;
  /** A page of a browser without a debugging port. */
  readonly viewer: () => Promise<Page>;
}

interface WorkerFixtures {
  readonly viewers: Browser;
}

export const test = base.extend<ConnectedFixtures, WorkerFixtures>({
  viewers: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
    async ({}, use) => {
      const browser = await chromium.launch(launchOptions({ headless: true, args: [] }));
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
  sandbox: async ({}, use) => {
    const sandbox = await startSandbox();
    await use(sandbox);
    await sandbox.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
  start: async ({}, use) => {
    const all: Command[] = [];
    await use((args, script = 'start.mjs') => {
      const made = command(script, args);
      all.push(made);
      return made;
    });
    await Promise.all(all.map((one) => one.stop()));
  },
  viewer: async ({ viewers }, use) => {
    const context = await viewers.newContext({ viewport: { width: 1280, height: 360 } });
    await use(() => context.newPage());
    await context.close();
  },
  connect: async ({ start, viewer }, use) => {
    await use(async (endpoint, words) => {
      const run = start(['--connect', endpoint, ...(words === undefined ? [] : ['--target', words])]);
      const address = await until('the address of the panel', () => /Panel: (\S+)/.exec(run.output())?.[1], 60_000).catch(() => {
        throw new Error(run.output());
      });
      const panel = await viewer();
      await panel.goto(address);
      return { run, panel, address, v: viewOf(surfaceOf(panel)) };
    });
  },
});

export { expect, until };
