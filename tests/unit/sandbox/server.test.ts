import { decodeJwt, importSPKI, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

test("the site's backend issues a site JWT with the shop's token lifetime", async () => {
  sandbox.auth.set('short', { lifetime: 90 });
  const { token } = await (await siteToken({ uuid: UUID, email: 'ada@shop.example' }, 'short')).json();
  const key = await importSPKI(await (await get('/site/public.pem')).text(), 'RS256');
  const { payload, protectedHeader } = await jwtVerify(token, key);
  expect(protectedHeader.alg).toBe('RS256');
  expect(payload).toMatchObject({ uuid: UUID, email: 'ada@shop.example' });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(90);
});

test("the site's backend refuses a token request without a customer", async () => {
  expect((await siteToken({ uuid: UUID })).status).toBe(400);
});

test('an unknown SDK is answered with 404 and its name', async () => {
  const answer = await get('/?sdk=symbian');
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('symbian');
  expect((await get('/sdk/symbian.js')).status).toBe(404);
});

test('the page with duplicate cookies is below both cookie paths', async () => {
  expect((await get('/?sdk=web&duplicates')).headers.get('location')).toBe('/shop/?sdk=web&duplicates');
  expect((await get('/shop/?sdk=web&duplicates')).status).toBe(200);
});

test('an HttpOnly cookie is set only on request', async () => {
  expect((await get('/?sdk=web&httponly')).headers.get('set-cookie')).toContain('HttpOnly');
  expect((await get('/?sdk=web')).headers.get('set-cookie')).toBeNull();
});

const post = async (path: string, body: object, shop: string, token?: string) => {
  const headers = { 'x-sandbox-shop': shop, ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${sandbox.origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, ...(await answer.json()) };
};
const LOGIN = '/sauth/v3/auth/login/client';
const REFRESH = '/sauth/v3/auth/refresh/client';
const anonymous = (shop: string) => post(`${LOGIN}/anonymous`, { uuid: UUID }, shop);

describe('unusual times in tokens', () => {
  const now = () => Date.now() / 1000;
  test('an expiry in ms', async () => {
    sandbox.auth.set('ms', { exp: 'ms', lifetime: 90 });
    const { token, expiresAt } = await anonymous('ms');
    expect(expiresAt).toBe(decodeJwt(token).exp);
    expect(Math.abs(expiresAt / 1000 - now() - 90)).toBeLessThan(2);
  });

  test('an expiry in the past makes the token invalid', async () => {
    sandbox.auth.set('past', { exp: 'past' });
    const { token, expiresAt } = await anonymous('past');
    expect(expiresAt).toBeLessThan(now());
    expect((await post(REFRESH, {}, 'past', token)).status).toBe(401);
  });

  test('an expiry more than a year away', async () => {
    sandbox.auth.set('years', { exp: 'years' });
    expect((await anonymous('years')).expiresAt - now()).toBeGreaterThan(366 * 86_400);
  });

  test('the site token has the same expiry', async () => {
    sandbox.auth.set('site-years', { exp: 'years' });
    const { token } = await (await siteToken({ uuid: UUID, email: 'ada@shop.example' }, 'site-years')).json();
    expect((decodeJwt(token).exp ?? 0) - now()).toBeGreaterThan(366 * 86_400);
  });

  test('a creation time as `iat` in s or as `ctd` in ms', async () => {
    const vendor = decodeJwt((await anonymous('ctd')).token);
    expect(Math.abs(Number(vendor['ctd']) / 1000 - now())).toBeLessThan(2);
    expect('iat' in vendor).toBe(false);
    sandbox.auth.set('iat', { created: 'iat' });
    const other = decodeJwt((await anonymous('iat')).token);
    expect(Math.abs((other.iat ?? 0) - now())).toBeLessThan(2);
    expect('ctd' in other).toBe(false);
  });

  test('are set by the page address, also in lower case, and to allowed values only', async () => {
    await get('/?shop=by-url&exp=ms&created=iat&refreshfails=2&refreshstatus=429');
    expect(sandbox.auth.switches('by-url')).toMatchObject({ exp: 'ms', created: 'iat', refreshFails: 2, refreshStatus: 429 });
    await get('/?shop=by-url&exp=never&created=today');
    expect(sandbox.auth.switches('by-url')).toMatchObject({ exp: 'ms', created: 'iat' });
  });
});

describe('refreshes that fail', () => {
  test('fail as often as set, without affecting other calls', async () => {
    const { token } = await anonymous('fails');
    sandbox.auth.set('fails', { refreshFails: 2, refreshStatus: 500 });
    expect((await anonymous('fails')).status).toBe(200);
    const answers = [];
    for (let i = 0; i < 3; i += 1) answers.push((await post(REFRESH, {}, 'fails', token)).status);
    expect(answers).toEqual([500, 500, 200]);
    expect(sandbox.auth.switches('fails').refreshFails).toBe(0);
  });

  test('are recorded with their times, per shop', async () => {
    const { token } = await anonymous('counted');
    await post(REFRESH, { apiKey: 'key' }, 'counted', token);
    await post(REFRESH, {}, 'counted');
    const asked = sandbox.auth.refreshes('counted');
    expect(asked).toMatchObject([
      { status: 200, apiKey: 'key' },
      { status: 401, apiKey: null },
    ]);
    expect(asked.every(({ at }) => Math.abs(at - Date.now()) < 5000)).toBe(true);
    expect(sandbox.auth.refreshes('nobody')).toEqual([]);
  });
});

describe('a refresh', () => {
  test('keeps the token’s customer', async () => {
    const data = { uuid: UUID, customId: 'lin', authID: 'seed' };
    const first = await post(`${LOGIN}/simple-auth`, data, 'keeps');
    expect(first).toMatchObject({ origin: 'SIMPLE_AUTH', rlm: 'anonymous_client', customId: 'lin' });
    const { status: _, token: __, expiresAt: ___, ...holder } = first;
    expect(await post(REFRESH, {}, 'keeps', first.token)).toMatchObject(holder);
    expect(decodeJwt(first.token)).toMatchObject({ ...holder, uuid: UUID });
  });

  test('is refused for a deleted account', async () => {
    const { token } = await post(LOGIN, { uuid: UUID, email: 'ada@shop.example', password: 'lovelace' }, 'deleted');
    const gone = { clientAuthFactor: 'lovelace', identityProvider: 'SYNERISE' };
    expect((await post('/sauth/my-account/delete', gone, 'deleted', token)).status).toBe(200);
    expect((await post(REFRESH, {}, 'deleted', token)).status).toBe(401);
  });
});
