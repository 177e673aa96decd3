// Serves the demo shop and its auth server on 127.0.0.1: `node sandbox/server.mjs [port]`.
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createAuthServer } from './auth.mjs';
import { DIALECTS, isDialect } from './dialects.mjs';
import { createSiteBackend } from './site.mjs';
import { switchesOf } from './switches.mjs';

const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript';

/** The pages, and the file behind each. */
const PAGES = /** @type {Record<string, string>} */ ({
  '/': 'index.html',
  // A subpath, for cookies with a path.
  '/shop/': 'index.html',
  '/bundled': 'index.html',
  '/frames': 'frames.html',
  '/strange': 'strange.html',
  '/empty': 'empty.html',
  '/early': 'early.html',
  '/in-app': 'in-app.html',
  '/cached': 'cached.html',
  '/prerender': 'prerender.html',
  '/mailbox': 'mailbox.html',
});

const FILES = /** @type {Record<string, readonly [string, string]>} */ ({
  '/shop.css': ['shop.css', 'text/css'],
  ...Object.fromEntries(
    ['adapters', 'bring', 'bundled', 'cached', 'frames', 'mailbox', 'play', 'play-switches', 'prerender', 'shop', 'snippet', 'strange'].map(
      (name) => [`/${name}.js`, [`${name}.js`, SCRIPT]],
    ),
  ),
  // Modules of the app that bundles its SDK.
  ...Object.fromEntries(
    ['stand-in', 'native', 'native-account', ...DIALECTS.map((dialect) => `sdk-${dialect}`)].map((name) => [
      `/modules/${name}.js`,
      [`${name}.js`, SCRIPT],
    ]),
  ),
});

/** Requests of a visit with `?events`: accepted and discarded. */
const VISIT = /^\/(tracking\/|recommendations\/v2\/recommend\/)/;

/** The strictest policy under which a page can still have an SDK. */
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
  const site = await createSiteBackend(auth);
  const server = http.createServer((request, response) => {
    respond({ auth, site }, request, response).catch((error) => {
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

/** @param {string} name of a file in shop/ */
const read = (name) => readFile(fileURLToPath(new URL(`shop/${name}`, import.meta.url)), 'utf8');

/**
 * An SDK's script: its modules in one scope, so that the SDK's own globals are the only ones.
 * @param {string} dialect @param {URLSearchParams} query `lexical`: a top-level declaration, which isn't a property of `window`;
 * `factory`: only a function that creates the SDK
 */
async function sdkScript(dialect, query) {
  const modules = await Promise.all(['stand-in.js', 'native-account.js', 'native.js', `sdk-${dialect}.js`].map(read));
  const scope = modules.map((text) => text.replace(/^import [^;]*;$/gm, '').replace(/^export /gm, '')).join('\n');
  if (query.has('factory')) return `globalThis.createSandboxSdk = (() => {\n${scope}\nreturn createSdk;\n})();`;
  if (query.has('lexical'))
    return `const { Client, Synerise } = (() => {\n${scope}\nconst Client = createSdk();\nreturn { Client, Synerise: facades.get(Client) };\n})();`;
  return `(() => {\n${scope}\ninstall(createSdk());\n})();`;
}

/** The path ends in the name of the vendor's script (notes §3.1). */
const WEB_SCRIPT = '/sdk/synerise-javascript-sdk.min.js';

/** @param {string} path @param {URLSearchParams} query @returns {Promise<readonly [text: string, type: string] | null>} */
async function textAt(path, query) {
  const page = PAGES[path];
  if (page) {
    const html = await read(page);
    if (path === '/bundled') return [html.replace('/shop.js', '/bundled.js'), HTML];
    return [path === '/early' ? html.replace('/sdk/react-native.js', `/sdk/${query.get('sdk') ?? 'react-native'}.js`) : html, HTML];
  }
  const file = FILES[path];
  if (file) return [await read(file[0]), file[1]];
  const dialect = path === WEB_SCRIPT ? 'web' : /^\/sdk\/([a-z-]+)\.js$/.exec(path)?.[1];
  return dialect && isDialect(dialect) ? [await sdkScript(dialect, query), SCRIPT] : null;
}

/**
 * @param {{ auth: import('./auth.mjs').AuthServer, site: import('./site.mjs').SiteBackend }} backends
 * @param {http.IncomingMessage} request @param {http.ServerResponse} response
 */
async function respond({ auth, site }, request, response) {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const method = request.method ?? 'GET';
  const shop = String(request.headers['x-sandbox-shop'] ?? url.searchParams.get('shop') ?? 'main');
  /** @param {number} status @param {unknown} body */
  const json = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(body));
  };
  const query = url.searchParams;
  const page = PAGES[url.pathname];
  const unknown = ['sdk', 'top', 'a', 'b'].map((name) => query.get(name)).find((name) => name !== null && !isDialect(name));
  if (page && unknown !== undefined) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`The sandbox has no SDK "${unknown}": ${DIALECTS.join(', ')}.`);
    return;
  }
  if (url.pathname === '/early' && query.get('sdk') === 'web') {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('The Web SDK comes by its snippet, and late: this page has the other four.');
    return;
  }
  // Two cookies of the same name with different paths need a page below both paths.
  if (url.pathname === '/' && query.has('duplicates')) {
    response.writeHead(302, { location: `/shop/${url.search}` });
    response.end();
    return;
  }
  const text = method === 'GET' ? await textAt(url.pathname, query) : null;
  if (text) {
    if (page) auth.set(shop, switchesOf(query));
    response.writeHead(200, {
      'content-type': text[1],
      // `no-store` also keeps a page out of the back-forward cache.
      'cache-control': url.pathname === '/cached' ? 'no-cache' : 'no-store',
      ...(query.has('csp') && { 'content-security-policy': policyFor(text[0]) }),
      // A cookie that scripts can't read or remove.
      ...(page && query.has('httponly') && { 'set-cookie': '_snrs_cid=0; Path=/; HttpOnly' }),
    });
    response.end(text[0]);
    return;
  }
  const key = { '/v4/public.pem': auth, '/site/public.pem': site }[url.pathname];
  if (key) {
    response.writeHead(200, { 'content-type': 'application/x-pem-file' });
    response.end(await key.publicPem());
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
  if (url.pathname === '/sandbox/mailbox') {
    json(200, auth.mailbox(shop));
    return;
  }
  if (url.pathname === '/site/token' && method === 'POST') {
    const { status, body: answer } = await site.token(shop, body);
    json(status, answer);
    return;
  }
  if (VISIT.test(url.pathname)) {
    json(200, url.pathname.startsWith('/recommendations/') ? { data: [], correlationId: randomUUID() } : {});
    return;
  }
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
  const answer = await auth.handle({ shop, method, path: url.pathname, token, body });
  // As if there were no server: the caller gets a network error.
  if (!answer) {
    request.socket.destroy();
    return;
  }
  json(answer.status, answer.body);
}

/** The policy for a page, which allows the page's inline scripts by hash. @param {string} html */
function policyFor(html) {
  const inline = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => script ?? '');
  const hashes = inline.map((script) => ` 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return STRICT_CSP.replace("script-src 'self'", `script-src 'self'${hashes.join('')}`);
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
