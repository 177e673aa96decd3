import { expect, sdkReady, test, until, VIEWS } from './support';

type Client = Record<string, (...args: unknown[]) => unknown>;
/** In the page: counts the SDK calls of each method from now on, below any wrapper of ours. */
const COUNT = () => {
  const { Client: client } = (globalThis as unknown as { Synerise: { Client: Client } }).Synerise;
  const calls: Record<string, unknown[][]> = {};
  Object.assign(globalThis, { calls });
  for (const name of [
    'refreshToken',
    'regenerateUUID',
    'regenerateUUIDWithClientIdentifier',
    'destroySession',
    'signOut',
    'signOutWithMode',
  ]) {
    const own = client[name] as (...args: unknown[]) => unknown;
    calls[name] = [];
    client[name] = function (this: unknown, ...args: unknown[]) {
      calls[name]?.push(args.filter((arg) => typeof arg !== 'function'));
      return own.apply(this, args);
    };
  }
};
const SIGN_IN = () =>
  new Promise<void>((resolve, reject) => {
    const { Client: client } = (globalThis as unknown as { Synerise: { Client: Client } }).Synerise;
    client['signIn']?.('ada@shop.example', 'lovelace', resolve, reject);
  });

for (const view of VIEWS) {
  test.describe(view, () => {
    test('runs each operation of an anonymous customer, once, as page and server say', async ({ inspector }) => {
      const { page } = await inspector.open();
      await sdkReady(page);
      await page.evaluate(COUNT);
      const calls = (name: string) =>
        page.evaluate((method) => (globalThis as unknown as { calls: Record<string, unknown[][]> }).calls[method], name);
      const v = await inspector[view](page);
      const first = await inspector.held(page);
      await v.shows('uuid', first.uuid);

      const get = await v.operate('getUUID');
      expect(get).toMatchObject({ operation: 'getUUID', verdict: 'done' });
      expect(get.text).toContain(first.uuid);

      const retrieve = await v.operate('retrieveToken');
      expect(retrieve.verdict).toBe('done');
      expect(await v.html()).not.toContain(first.token.raw);

      // The sandbox counts expiry in whole seconds: a refresh in the same second changes the token all the same.
      const refresh = await v.operate('refreshToken');
      expect(refresh.verdict).toBe('done');
      expect(refresh.text).toContain('true');
      expect(await calls('refreshToken')).toHaveLength(1);
      expect(inspector.sandbox.auth.requests.filter(({ path }) => path === '/sauth/v3/auth/refresh/client')).toMatchObject([
        { status: 200 },
      ]);
      const refreshed = await inspector.held(page);
      expect(refreshed.token.raw).not.toBe(first.token.raw);
      expect(refreshed.uuid).toBe(first.uuid);

      const regenerate = await v.operate('regenerateUUID');
      const second = await inspector.held(page);
      expect(regenerate.verdict).toBe('done');
      expect(second.uuid).not.toBe(first.uuid);
      expect(regenerate.text).toContain(first.uuid);
      expect(regenerate.text).toContain(second.uuid);
      await v.shows('uuid', second.uuid);
      expect(await calls('regenerateUUID')).toHaveLength(1);

      expect((await v.operate('regenerateUUIDWithClientIdentifier', { clientIdentifier: 'ada-42' })).verdict).toBe('done');
      expect(await calls('regenerateUUIDWithClientIdentifier')).toEqual([['ada-42']]);
      const seeded = await inspector.held(page);
      await v.shows('uuid', seeded.uuid);
      const again = await v.operate('regenerateUUIDWithClientIdentifier', { clientIdentifier: 'ada-42' });
      expect(again.verdict).toBe('done');
      expect(again.text).toContain('Same UUID as before');
      await v.shows('uuid', seeded.uuid);

      expect((await v.operate('destroySession')).verdict).toBe('done');
      const fresh = await inspector.held(page);
      expect(fresh.uuid).not.toBe(seeded.uuid);
      await v.shows('uuid', fresh.uuid);
      expect(await calls('destroySession')).toHaveLength(1);
      expect(inspector.sandbox.auth.requests.some(({ path, uuid }) => path.endsWith('/anonymous') && uuid === fresh.uuid)).toBe(true);
    });

    test('signs a customer out in each way', async ({ inspector }) => {
      const { page } = await inspector.open();
      await sdkReady(page);
      await page.evaluate(COUNT);
      const v = await inspector[view](page);
      await page.evaluate(SIGN_IN);
      await v.waitAttr('session-state', 'data-identity', 'signed-in');
      await v.waitAttr('token-origin', 'data-origin', 'SYNERISE');
      const { uuid } = await inspector.held(page);
      const out = await v.operate('signOut');
      expect(out.verdict).toBe('done');
      expect(out.text).toContain('Anonymous');
      await v.waitAttr('session-state', 'data-identity', 'anonymous');
      await v.shows('uuid', uuid);

      await page.evaluate(SIGN_IN);
      await v.waitAttr('session-state', 'data-identity', 'signed-in');
      expect((await v.operate('signOutWithMode', { mode: 'SIGN_OUT', fromAllDevices: true })).verdict).toBe('done');
      await v.shows('uuid', uuid);

      await page.evaluate(SIGN_IN);
      await v.waitAttr('session-state', 'data-identity', 'signed-in');
      expect((await v.operate('signOutWithMode', { mode: 'SIGN_OUT_WITH_SESSION_DESTROY' })).verdict).toBe('done');
      const fresh = await inspector.held(page);
      expect(fresh.uuid).not.toBe(uuid);
      await v.shows('uuid', fresh.uuid);
      expect(await page.evaluate(() => (globalThis as unknown as { calls: Record<string, unknown[][]> }).calls['signOutWithMode'])).toEqual(
        [
          ['SIGN_OUT', true],
          ['SIGN_OUT_WITH_SESSION_DESTROY', false],
        ],
      );
      expect(inspector.sandbox.auth.requests.filter(({ path }) => path === '/sauth/my-account/logout')).toHaveLength(2);
    });

    test('asks before loss, says what is lost, and takes no for an answer', async ({ inspector }) => {
      const { page } = await inspector.open();
      await sdkReady(page);
      await page.evaluate(COUNT);
      const v = await inspector[view](page);
      const { uuid } = await inspector.held(page);
      await v.shows('uuid', uuid);
      await v.click('action-destroySession');
      await until('the confirmation', () => v.there('form-destroySession'));
      const asked = (await v.text('form-destroySession')) ?? '';
      for (const loss of ['UUID', 'authentication token', 'login session', 'custom e-mail', 'custom identifier'])
        expect(asked).toContain(loss);
      await v.click('cancel');
      await until('the form to close', async () => !(await v.there('form-destroySession')));
      await v.click('action-regenerateUUID');
      await until('the other form', () => v.there('form-regenerateUUID'));
      await v.click('action-destroySession');
      await until('one form only', async () => (await v.there('form-destroySession')) && !(await v.there('form-regenerateUUID')));
      await v.click('cancel');
      expect(await page.evaluate(() => (globalThis as unknown as { calls: Record<string, unknown[][]> }).calls)).toMatchObject({
        destroySession: [],
        regenerateUUID: [],
      });
      expect((await inspector.held(page)).uuid).toBe(uuid);
    });

    test('rules regenerate out for a signed-in customer, and runs it anyway when told to', async ({ inspector }) => {
      const { page } = await inspector.open();
      await sdkReady(page);
      await page.evaluate(SIGN_IN);
      const v = await inspector[view](page);
      await v.waitAttr('session-state', 'data-identity', 'signed-in');
      expect(await v.disabled('action-regenerateUUID')).toBe(true);
      expect(await v.attr('action-regenerateUUID', 'title')).toContain('anonymous');
      const { uuid } = await inspector.held(page);
      await v.click('action-regenerateUUID');
      await v.click('run-anyway');
      await v.waitAttr('operation-result', 'data-verdict', 'refused');
      expect(await v.text('operation-result')).toContain('signed in');
      await v.shows('uuid', uuid);
    });

    test("tells the SDK's own error whole, and how long it took", async ({ inspector }) => {
      const { page } = await inspector.open();
      await sdkReady(page);
      const v = await inspector[view](page);
      await v.waitAttr('token', 'data-token', 'valid');
      inspector.sandbox.auth.set('main', { fail: 401 });
      const failed = await v.operate('refreshToken');
      expect(failed.verdict).toBe('failed');
      expect(failed.text).toContain('401');
      expect(failed.text).toContain('switched to fail');
      expect(failed.text).toMatch(/\d+ ms|\d s/);
      expect((await v.operate('refreshToken')).verdict).toBe('done');
    });
  });
}

test('one operation at a time: the others are busy, with the reason', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  inspector.sandbox.auth.set('main', { latency: 2500 });
  const run = await v.begin('refreshToken');
  expect(await v.attr('operation-result', 'aria-busy')).toBe('true');
  expect(await v.attr('operation-result', 'data-verdict')).toBeNull();
  await until('busy', () => v.disabled('action-getUUID'));
  expect(await v.attr('action-getUUID', 'title')).toContain('Busy');
  await v.click('action-getUUID');
  expect(await v.attr('operation-result', 'data-run')).toBe(run);
  expect((await v.ended(run)).verdict).toBe('done');
});

test('a refresh after the server calls the token ended fails with what the server said', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  inspector.sandbox.auth.set('main', { skew: 7200 });
  const { verdict, text } = await v.operate('refreshToken');
  expect(verdict).toBe('failed');
  expect(text).toContain('401');
  expect(text).toContain('cannot be refreshed');
});
