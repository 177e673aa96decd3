// Serves the demo shop and its auth server on 127.0.0.1: `node sandbox/server.mjs [port]`.
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createAuthServer, DEFAULT_SWITCHES } from './auth.mjs';

const FILES = /** @type {Record<string, readonly [string, string]>} */ ({
  '/': ['shop/index.html', 'text/html; charset=utf-8'],
  '/empty': ['shop/empty.html', 'text/html; charset=utf-8'],
  '/shop.css': ['shop/shop.css', 'text/css'],
  '/shop.js': ['shop/shop.js', 'text/javascript'],
  '/sdk/react-native.js': ['shop/sdk-react-native.js', 'text/javascript'],
});

/** As strict as a page can be that still has an SDK. */
const STRICT_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'";
const MAX_BODY = 100_000;

/**
 * @typedef {object} Sandbox
 * @property {string} origin such as `http://127.0.0.1:40123`
 * @property {import('./auth.mjs').AuthServer} auth
 * @property {() => Promise<void>} close
 */

/** @param {number} [port] a free one by default @returns {Promise<Sandbox>} */
export async function startSandbox(port = 0) {
  const auth = await createAuthServer();
  const server = http.createServer((request, response) => {
    respond(auth, request, response).catch((error) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? error.message : 'failed');
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${address.port}`,
    auth,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** @param {import('./auth.mjs').AuthServer} auth @param {http.IncomingMessage} request @param {http.ServerResponse} response */
async function respond(auth, request, response) {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const method = request.method ?? 'GET';
  const shop = String(request.headers['x-sandbox-shop'] ?? url.searchParams.get('shop') ?? 'main');
  /** @param {number} status @param {unknown} body */
  const json = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(body));
  };
  const file = FILES[url.pathname];
  if (file && method === 'GET') {
    if (url.pathname === '/') auth.set(shop, switchesOf(url.searchParams));
    const text = await readFile(fileURLToPath(new URL(file[0], import.meta.url)));
    const csp = url.searchParams.has('csp') ? { 'content-security-policy': STRICT_CSP } : {};
    response.writeHead(200, { 'content-type': file[1], 'cache-control': 'no-store', ...csp });
    response.end(text);
    return;
  }
  if (url.pathname === '/v4/public.pem') {
    response.writeHead(200, { 'content-type': 'application/x-pem-file' });
    response.end(await auth.publicPem());
    return;
  }
  let body;
  try {
    body = method === 'POST' ? await readBody(request) : {};
  } catch {
    json(400, {
      timestamp: new Date().toISOString(),
      status: 400,
      error: 'Bad Request',
      message: 'The body is not JSON.',
      path: url.pathname,
      errors: [],
    });
    return;
  }
  if (url.pathname === '/sandbox/switches') {
    if (method === 'POST') auth.set(shop, switchesOf(new URLSearchParams(/** @type {Record<string, string>} */ (body))));
    json(200, auth.switches(shop));
    return;
  }
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
  const answer = await auth.handle({ shop, method, path: url.pathname, token, body });
  json(answer.status, answer.body);
}

/** Only the switches that are named change. @param {URLSearchParams} params @returns {Partial<import('./auth.mjs').Switches>} */
function switchesOf(params) {
  /** @type {Record<string, number | boolean>} */
  const changes = {};
  for (const [name, standard] of Object.entries(DEFAULT_SWITCHES)) {
    const value = params.get(name);
    if (value === null) continue;
    if (typeof standard === 'boolean') changes[name] = value !== 'false' && value !== '0';
    else if (Number.isFinite(Number(value))) changes[name] = Number(value);
  }
  return changes;
}

/** @param {http.IncomingMessage} request @returns {Promise<Record<string, unknown>>} */
async function readBody(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_BODY) throw new Error('too long');
  }
  const value = text === '' ? {} : JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error('no object');
  return value;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { origin } = await startSandbox(Number(process.argv[2] ?? 0));
  console.log(`The sandbox shop is at ${origin}/`);
}
