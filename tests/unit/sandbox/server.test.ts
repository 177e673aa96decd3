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

const post = async (path: string, body: object, shop: string, token?: string) => {
  const headers = { 'x-sandbox-shop': shop, ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${sandbox.origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, ...(await answer.json()) };
};
const LOGIN = '/sauth/v3/auth/login/client';
const REFRESH = '/sauth/v3/auth/refresh/client';
const anonymous = (shop: string) => post(`${LOGIN}/anonymous`, { uuid: UUID }, shop);

describe('odd clocks', () => {
  const now = () => Date.now() / 1000;
  test('an expiry in ms', async () => {
    sandbox.auth.set('ms', { exp: 'ms', lifetime: 90 });
    const { token, expiresAt } = await anonymous('ms');
    expect(expiresAt).toBe(decodeJwt(token).exp);
    expect(Math.abs(expiresAt / 1000 - now() - 90)).toBeLessThan(2);
  });

  test('an expiry that is past: the token is of no use', async () => {
    sandbox.auth.set('past', { exp: 'past' });
    const { token, expiresAt } = await anonymous('past');
    expect(expiresAt).toBeLessThan(now());
    expect((await post(REFRESH, {}, 'past', token)).status).toBe(401);
  });

  test('an expiry beyond a year', async () => {
    sandbox.auth.set('years', { exp: 'years' });
    expect((await anonymous('years')).expiresAt - now()).toBeGreaterThan(366 * 86_400);
  });

  test("the site's own token has the same", async () => {
    sandbox.auth.set('site-years', { exp: 'years' });
    const { token } = await (await siteToken({ uuid: UUID, email: 'ada@shop.example' }, 'site-years')).json();
    expect((decodeJwt(token).exp ?? 0) - now()).toBeGreaterThan(366 * 86_400);
  });

  test('a creation in s as `iat`, or in ms as `ctd`', async () => {
    const vendor = decodeJwt((await anonymous('ctd')).token);
    expect(Math.abs(Number(vendor['ctd']) / 1000 - now())).toBeLessThan(2);
    expect('iat' in vendor).toBe(false);
    sandbox.auth.set('iat', { created: 'iat' });
    const other = decodeJwt((await anonymous('iat')).token);
    expect(Math.abs((other.iat ?? 0) - now())).toBeLessThan(2);
    expect('ctd' in other).toBe(false);
  });

  test('a page sets them by its address, in lower case too, and only to what they may be', async () => {
    await get('/?shop=by-url&exp=ms&created=iat&refreshfails=2&refreshstatus=429');
    expect(sandbox.auth.switches('by-url')).toMatchObject({ exp: 'ms', created: 'iat', refreshFails: 2, refreshStatus: 429 });
    await get('/?shop=by-url&exp=never&created=today');
    expect(sandbox.auth.switches('by-url')).toMatchObject({ exp: 'ms', created: 'iat' });
  });
});

describe('refreshes that fail', () => {
  test('as often as they are told to, and no other call', async () => {
    const { token } = await anonymous('fails');
    sandbox.auth.set('fails', { refreshFails: 2, refreshStatus: 500 });
    expect((await anonymous('fails')).status).toBe(200);
    const answers = [];
    for (let i = 0; i < 3; i += 1) answers.push((await post(REFRESH, {}, 'fails', token)).status);
    expect(answers).toEqual([500, 500, 200]);
    expect(sandbox.auth.switches('fails').refreshFails).toBe(0);
  });

  test('are counted with their times, each shop for itself', async () => {
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
  test('keeps whom the token is for', async () => {
    const data = { uuid: UUID, customId: 'lin', authID: 'seed' };
    const first = await post(`${LOGIN}/simple-auth`, data, 'keeps');
    expect(first).toMatchObject({ origin: 'SIMPLE_AUTH', rlm: 'anonymous_client', customId: 'lin' });
    const { status: _, token: __, expiresAt: ___, ...holder } = first;
    expect(await post(REFRESH, {}, 'keeps', first.token)).toMatchObject(holder);
    expect(decodeJwt(first.token)).toMatchObject({ ...holder, uuid: UUID });
  });

  test('of a deleted account is refused', async () => {
    const { token } = await post(LOGIN, { uuid: UUID, email: 'ada@shop.example', password: 'lovelace' }, 'deleted');
    const gone = { clientAuthFactor: 'lovelace', identityProvider: 'SYNERISE' };
    expect((await post('/sauth/my-account/delete', gone, 'deleted', token)).status).toBe(200);
    expect((await post(REFRESH, {}, 'deleted', token)).status).toBe(401);
  });
});
