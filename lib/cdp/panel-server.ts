/**
 * Serves the extension's panel to one tab of a browser on this machine, and connects it to the background. Everything here
 * is reachable by any page that guesses the port, and by any program on this machine: what matters is the WebSocket, which
 * needs a key that only the printed address contains.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { HubPort } from '../background/view-ports';
import type { Storage } from './memory';
import { PORT_PATH, PROTOCOL, type ToPanel, type ToServer } from './panel-wire';

export interface PanelServer {
  /** `http://127.0.0.1:<port>/` */
  readonly home: string;
  /** A new address of the panel, which works in one tab, once. */
  newAddress(): string;
  close(): Promise<void>;
}

export interface PanelNeeds {
  /** Folder of the extension's build. */
  readonly folder: string;
  /** Text of the script that replaces the extension API in the panel. */
  readonly runtime: string;
  connected(port: HubPort): void;
  readonly storage: Storage;
  /** A tab closed the panel. */
  closed(): void;
}

const HOST = '127.0.0.1';
const RUNTIME = '/panel-runtime.js';
const PANEL = '/panel.html';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};
/** The longest message from a panel (bytes), and how many may come within a second. */
const MAX_MESSAGE = 4 * 2 ** 20;
const MAX_PER_SECOND = 500;
/** The most open connections: a flood is refused, and the process lives. */
const MAX_CONNECTIONS = 64;
const PATIENCE = 10_000;

/** Starts the server. Resolves once it listens, at a free port. */
export async function servePanel({ folder, runtime, connected, storage, closed }: PanelNeeds): Promise<PanelServer> {
  const files = filesIn(folder);
  const html = String(files.get(PANEL)).replace('<script', `<script src="${RUNTIME}"></script>\n<script`);
  files.set(PANEL, Buffer.from(html));
  files.set(RUNTIME, Buffer.from(runtime));
  /** Keys of addresses that were not used yet, and keys that the tabs got which used one. */
  const unused = new Set<string>();
  const tabs = new Map<string, WebSocket | null>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
    handleProtocols: () => PROTOCOL,
  });
  const server = createServer({ requestTimeout: PATIENCE, headersTimeout: PATIENCE }, (request, response) => answer(request, response));
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  const address = server.address();
  const host = `${HOST}:${typeof address === 'object' && address ? address.port : 0}`;
  const home = `http://${host}`;
  const headers = {
    'Content-Security-Policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; worker-src 'self'; connect-src 'self' ws://${host}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  };

  // A name that an attacker's DNS server points at this machine must not get an answer.
  const isForUs = ({ headers: { host: named } }: IncomingMessage) => named === host;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const end = (status: number, body: string | Buffer, type = 'text/plain; charset=utf-8') => {
      response.writeHead(status, { ...headers, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (!isForUs(request)) {
      end(421, 'Unknown host.');
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      end(405, 'Only GET.');
      return;
    }
    // Looked up, never resolved: there is no path that leads out of the build.
    const path = (request.url ?? '').replace(/[?#].*/s, '');
    const file = files.get(path);
    if (file) end(200, file, TYPES[extname(path)] ?? 'application/octet-stream');
    else end(404, 'No such file.');
  }

  /** Takes a key: returns the tab's own, to use from then on; `null` if it is unknown, used, or in use by another tab. */
  function admit(key: string): string | null {
    const found = (all: Iterable<string>) => [...all].find((one) => isSame(one, key));
    const fresh = found(unused);
    if (fresh !== undefined) {
      unused.delete(fresh);
      const own = newKey();
      tabs.set(own, null);
      return own;
    }
    const known = found(tabs.keys());
    return known !== undefined && tabs.get(known) === null ? known : null;
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    socket.on('error', () => socket.destroy());
    if (!isForUs(request)) return refuse('421 Misdirected Request');
    if (request.url !== PORT_PATH) return refuse('404 Not Found');
    if (request.headers.origin !== home) return refuse('403 Forbidden');
    const [protocol, key = ''] = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim());
    const own = protocol === PROTOCOL ? admit(key) : null;
    if (own === null) return refuse('403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (made) => {
      tabs.set(own, made);
      serve(made, own);
    });
  });

  function serve(socket: WebSocket, key: string): void {
    const post = (message: ToPanel) => socket.send(JSON.stringify(message));
    let onMessage: (message: unknown) => void = () => undefined;
    const onDisconnect = new Set<() => void>();
    let second = 0;
    let count = 0;
    socket.on('message', (data) => {
      const now = Math.floor(Date.now() / 1000);
      count = now === second ? count + 1 : 1;
      second = now;
      if (count > MAX_PER_SECOND) {
        socket.close(1008, 'Too many messages');
        return;
      }
      let message: ToServer;
      try {
        message = Object(JSON.parse(String(data))) as ToServer;
      } catch {
        socket.close(1007, 'Not JSON');
        return;
      }
      if ('port' in message) onMessage(message.port);
      else if ('open' in message && typeof message.open === 'string')
        connected({
          name: message.open,
          sender: { url: `${home}${PANEL}` },
          postMessage: (told) => post({ port: told }),
          disconnect: () => socket.close(),
          onMessage: { addListener: (listener) => (onMessage = listener) },
          onDisconnect: { addListener: (listener) => void onDisconnect.add(listener) },
        });
      else if ('ask' in message) void stored(message).then(post, () => post({ answer: message.ask, value: null }));
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      tabs.set(key, null);
      live.delete(socket);
      for (const listener of onDisconnect) listener();
      closed();
    });
    live.add(socket);
    post({ key });
  }

  async function stored({ ask, get, set }: Extract<ToServer, { ask: unknown }>): Promise<ToPanel> {
    if (set) await storage.local.set(Object(set) as Record<string, unknown>);
    return { answer: ask, value: get === undefined ? null : await storage.local.get([get].flat().map(String)) };
  }

  const live = new Set<WebSocket>();
  storage.onLocalChange((changed) => {
    for (const socket of live) socket.send(JSON.stringify({ changed } satisfies ToPanel));
  });

  return {
    home: `${home}/`,
    newAddress() {
      const key = newKey();
      unused.add(key);
      // After `#`, so that browsers send it nowhere, and no log contains it.
      return `${home}${PANEL}?tabId=1#${key}`;
    },
    async close() {
      for (const socket of live) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const newKey = (): string => randomBytes(24).toString('base64url');

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** All files of a folder, by URL path. */
function filesIn(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, file).split(sep).join('/')}`, readFileSync(file));
  }
  return files;
}
