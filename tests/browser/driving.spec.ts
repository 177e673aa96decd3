import { expect, hookOf, sdkReady, test, until, VIEWS } from './support';

/** Runs in the page. */
const SIGN_IN = () =>
  new Promise<void>((resolve, reject) => {
    const { Client } = (globalThis as unknown as { Synerise: { Client: Record<string, (...args: unknown[]) => unknown> } }).Synerise;
    Client['signIn']?.('ada@shop.example', 'lovelace', resolve, reject);
  });

// What each operation does and shows is covered in tests/unit/components/operations/driving.test.ts.
for (const view of VIEWS) {
  test(`${view}: an operation runs exactly once, as page and server confirm, and a canceled one not at all`, async ({ inspector }) => {
    const { page } = await inspector.open();
    await sdkReady(page);
    const calls = async (name: string) => (await hookOf(page)).calls.filter(([method]) => method === name);
    const v = await inspector[view](page);
    const first = await inspector.held(page);
    await v.shows('uuid', first.uuid);

    const get = await v.operate('getUUID');
    expect(get).toMatchObject({ operation: 'getUUID', verdict: 'done' });
    expect(get.text).toContain(first.uuid);

    expect((await v.operate('refreshToken')).verdict).toBe('done');
    expect(await calls('refreshToken')).toHaveLength(1);
    expect(inspector.sandbox.auth.requests.filter(({ path }) => path === '/sauth/v3/auth/refresh/client')).toMatchObject([{ status: 200 }]);
    expect((await inspector.held(page)).token.raw).not.toBe(first.token.raw);

    await v.click('action-destroySession');
    await until('the confirmation', () => v.there('form-destroySession'));
    await v.click('cancel');
    await until('the form to close', async () => !(await v.there('form-destroySession')));

    expect((await v.operate('regenerateUUIDWithClientIdentifier', { clientIdentifier: 'ada-42' })).verdict).toBe('done');
    expect(await calls('regenerateUUIDWithClientIdentifier')).toEqual([['regenerateUUIDWithClientIdentifier', ['ada-42']]]);
    const { uuid } = await inspector.held(page);
    expect(uuid).not.toBe(first.uuid);
    await v.shows('uuid', uuid);
    expect(await calls('destroySession')).toEqual([]);

    await page.evaluate(SIGN_IN);
    await v.waitAttr('session-state', 'data-identity', 'signed-in');
    await v.waitAttr('token-origin', 'data-origin', 'SYNERISE');
    expect((await v.operate('signOutWithMode', { mode: 'SIGN_OUT_WITH_SESSION_DESTROY' })).verdict).toBe('done');
    await v.waitAttr('session-state', 'data-identity', 'anonymous');
    const fresh = await inspector.held(page);
    expect(fresh.uuid).not.toBe(uuid);
    await v.shows('uuid', fresh.uuid);
    expect(await calls('signOutWithMode')).toEqual([['signOutWithMode', ['SIGN_OUT_WITH_SESSION_DESTROY', false]]]);
    expect(inspector.sandbox.auth.requests.filter(({ path }) => path === '/sauth/my-account/logout')).toHaveLength(1);
  });
}
