// Pages that are hard to observe: an SDK used as soon as it is defined, pages from the back/forward cache, prerendered pages.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/server.mjs';
import { PERMISSIONS, switchesOf } from '../../../sandbox/switches.mjs';
import { openSite, pageOf } from './site';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const get = (path: string) => fetch(`${sandbox.origin}${path}`);
const inlineOf = (html: string) => /<script>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';

describe('/early', () => {
  test.concurrent.each([
    ['react-native', 'Synerise', 'getUUID'],
    ['flutter', 'Synerise', 'getUUID'],
    ['ios', 'Client', 'getUUID'],
    ['android', 'Client', 'getUuid'],
  ])('%s is defined and called in one script', async (sdk, name, uuid) => {
    const search = `?sdk=${sdk}&shop=early-${sdk}`;
    const html = await (await get(`/early${search}`)).text();
    const tab = openSite(sandbox).openTab(search);
    await tab.run(/<script src="([^"]+)"/.exec(html)?.[1] ?? '');
    // The preceding script defines no SDK.
    expect(tab.globals()).toEqual(['createSandboxSdk']);
    tab.evaluate(inlineOf(html));
    const page = pageOf(tab);
    expect(await page.evaluate(`[typeof ${name}, sandboxSdk.reads, sandboxSdk.calls]`)).toEqual([
      sdk === 'flutter' ? 'object' : 'function',
      { [uuid]: 1 },
      [
        ['refreshToken', []],
        ['signIn', ['ada@shop.example', 'lovelace']],
      ],
    ]);
    tab.tell('DOMContentLoaded');
    // The page replaces the method.
    const client = { 'react-native': 'Synerise.Client', flutter: 'Synerise.client' }[sdk] ?? 'Client';
    tab.evaluate(`${client}.refreshToken = ${client}.refreshToken.bind(${client})`);
    tab.tell('load');
    await page.until("'later' in identities");
    expect(await page.evaluate('identities')).toEqual({
      before: { in: false, typeof: 'undefined' },
      descriptor: { writable: true, enumerable: true, configurable: true },
      atOnce: true,
      DOMContentLoaded: true,
      load: false,
      later: false,
    });
    expect(await page.evaluate('answers')).toMatchObject({ [uuid]: { ok: expect.any(String) }, signIn: { ok: true } });
    expect(await page.held()).toMatchObject({ signedIn: true });
  });

  test('allows its inline script, and no other, in its content security policy', async () => {
    const answer = await get('/early?csp');
    const hash = createHash('sha256')
      .update(inlineOf(await answer.text()))
      .digest('base64');
    expect(answer.headers.get('content-security-policy')).toContain(`script-src 'self' 'sha256-${hash}';`);
    expect((await get('/?csp')).headers.get('content-security-policy')).toContain("script-src 'self';");
  });

  test('has no Web SDK', async () => {
    expect((await get('/early?sdk=web')).status).toBe(404);
  });
});

describe('/cached', () => {
  test('may be cached by the browser', async () => {
    expect((await get('/cached')).headers.get('cache-control')).not.toContain('no-store');
    expect((await get('/')).headers.get('cache-control')).toContain('no-store');
    const script = await (await get('/cached.js')).text();
    expect(script).not.toMatch(/addEventListener\('(before)?unload/);
  });

  test('links to another page and to itself', async () => {
    expect(await (await get('/cached')).text()).toMatch(/href="\/empty"[\s\S]*href="\/cached"/);
  });
});

test('/prerender has a link to the shop, and speculation rules added by its script', async () => {
  expect(await (await get('/prerender')).text()).toMatch(/src="\/prerender.js"[\s\S]*href="\/"/);
  expect(await (await get('/prerender.js')).text()).toContain('speculationrules');
});

describe('the shop', () => {
  const optionsOf = (html: string, name: string) =>
    [
      ...(html.match(new RegExp(`<select name="${name}">([\\s\\S]*?)</select>`))?.[1] ?? '').matchAll(
        /<option(?: value="([^"]*)")?[^>]*>([^<]*)/g,
      ),
    ].map(([, value, text]) => value ?? text ?? '');

  test('has a checkbox for each permission of the API key, and a link to its mailbox', async () => {
    const html = await (await get('/')).text();
    const boxes = [...html.matchAll(/name="denied" value="(\w+)" checked/g)].map(([, name]) => name);
    expect(boxes.sort()).toEqual([...PERMISSIONS].sort());
    expect(html).toContain('href="/mailbox"');
  });

  test.each(['activation', 'condition'] as const)('offers exactly the allowed values of the switch %s', async (name) => {
    const options = optionsOf(await (await get('/')).text(), name);
    expect(options.length).toBe(name === 'activation' ? 3 : 7);
    for (const option of options) expect(switchesOf(new URLSearchParams({ [name]: option }))).toEqual({ [name]: option });
  });

  test('serves the scripts of its forms and mailbox', async () => {
    expect(await (await get('/mailbox?shop=x')).text()).toContain('src="/mailbox.js"');
    for (const script of ['/mailbox.js', '/play-switches.js', '/modules/native-account.js']) expect((await get(script)).status).toBe(200);
  });
});
