import { importSPKI, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/server.mjs';

const UUID = '345d4c8f-5aff-591d-a19c-1ca48923d9ee';
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const get = (path: string) => fetch(`${sandbox.origin}${path}`, { redirect: 'manual' });
const siteToken = (body: object, shop = 'main') =>
  fetch(`${sandbox.origin}/site/token`, { method: 'POST', headers: { 'x-sandbox-shop': shop }, body: JSON.stringify(body) });

test("the site's backend makes a JWT of the site, with the lifetime of the shop", async () => {
  sandbox.auth.set('short', { lifetime: 90 });
  const { token } = await (await siteToken({ uuid: UUID, email: 'ada@shop.example' }, 'short')).json();
  const key = await importSPKI(await (await get('/site/public.pem')).text(), 'RS256');
  const { payload, protectedHeader } = await jwtVerify(token, key);
  expect(protectedHeader.alg).toBe('RS256');
  expect(payload).toMatchObject({ uuid: UUID, email: 'ada@shop.example' });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(90);
});

test("the site's backend wants to know whom a token is for", async () => {
  expect((await siteToken({ uuid: UUID })).status).toBe(400);
});

test('an SDK that the sandbox has not is told', async () => {
  const answer = await get('/?sdk=symbian');
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('symbian');
  expect((await get('/sdk/symbian.js')).status).toBe(404);
});

test('a page with two cookies of one name stands below the path of both', async () => {
  expect((await get('/?sdk=web&duplicates')).headers.get('location')).toBe('/shop/?sdk=web&duplicates');
  expect((await get('/shop/?sdk=web&duplicates')).status).toBe(200);
});

test('a cookie that no script can read is set only when asked for', async () => {
  expect((await get('/?sdk=web&httponly')).headers.get('set-cookie')).toContain('HttpOnly');
  expect((await get('/?sdk=web')).headers.get('set-cookie')).toBeNull();
});
