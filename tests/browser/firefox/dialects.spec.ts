import { JWT, MATRIX } from '../matrix';
import { callsOf, expect, type FirefoxPage, hookOf, pressInPage, test, until, VIEWS } from './support';

const heldBy = async (page: FirefoxPage) => (await hookOf(page)).held;

/** A JWT of the shop's own backend, for a customer with this UUID. */
const siteToken = (page: FirefoxPage, uuid: string | null): Promise<string> =>
  page.evaluate(async (of) => {
    const body = JSON.stringify({ uuid: of, email: 'ada@shop.example' });
    const answer = await fetch('/site/token', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return (await answer.json()).token as string;
  }, uuid);

for (const { table, cells } of MATRIX) {
  const path = `/?sdk=${table.name}${table.name === 'web' ? '&jwt' : ''}`;

  test(`${table.name}, panel: each operation has its verdict and its effect, as the page's SDK says`, async ({ inspector }) => {
    const page = await inspector.open(path);
    const v = await inspector.panel();
    await v.waitAttr('dialect', 'data-dialect', table.name);
    for (const { operation, binding, verdict, args, first } of cells) {
      await test.step(operation, async () => {
        await v.waitAttr(`action-${operation}`, 'data-binding', binding.kind);
        if (binding.kind === 'unavailable') {
          expect(await v.disabled(`action-${operation}`)).toBe(true);
          expect(await v.attr(`action-${operation}`, 'title')).toBe(binding.reason);
          return;
        }
        if (first === 'sign-in') {
          await pressInPage(page, 'Sign in as Ada');
          await v.waitAttr('session-state', 'data-identity', 'signed-in');
        }
        const before = await heldBy(page);
        await v.shows('uuid', before.uuid ?? '');
        const given = args['token'] === JWT ? { ...args, token: await siteToken(page, before.uuid) } : args;
        const ended = await v.operate(operation, given);
        expect(ended.verdict, ended.text).toBe(verdict);
        // A site that has the Web SDK asks for a token when it likes.
        await until('the page to settle', async () => {
          const { uuid, token } = await heldBy(page);
          return uuid && (token || table.name === 'web');
        });
        const after = await heldBy(page);
        await v.shows('uuid', after.uuid ?? '');
        if (operation === 'getUUID') expect(ended.text).toContain(after.uuid);
        if (operation === 'getUUIDForAuthentication') expect(after).toEqual(before);
        if (operation === 'retrieveToken') expect(after.token?.raw).toBe(before.token?.raw);
        if (operation === 'refreshToken') expect(after.token?.raw).not.toBe(before.token?.raw);
        if (operation === 'setAccessToken') expect(after.token?.raw).toBe(given['token']);
        if (operation === 'clearAccessToken') expect(after.token).toBeNull();
        if (operation === 'setUuid') expect(after.uuid).toBe(args['uuid']);
        if (/^(regenerate|destroy|restore)/.test(operation)) expect(after.uuid).not.toBe(before.uuid);
        if (/^signOut/.test(operation)) expect(after.signedIn).toBe(false);
      });
    }
    expect(await page.noise()).toEqual([]);
  });

  test(`${table.name}, popup: what the page holds is shown and driven`, async ({ inspector }) => {
    const page = await inspector.open(path);
    const v = await inspector.popup();
    await v.waitAttr('dialect', 'data-dialect', table.name);
    const before = await heldBy(page);
    await v.shows('uuid', before.uuid ?? '');
    const expiry = async () => Date.parse((await v.attr('token-expiry', 'datetime')) ?? '');
    await until('the expiry', async () => Math.abs((await expiry()) - (before.token?.expiresAt ?? 0)) < 1000);
    for (const operation of ['regenerateUUID', 'regenerateUUIDWithClientIdentifier', 'destroySession'] as const) {
      // The Web SDK's session ends with a reload of the page, and with it what the click granted.
      if (table.name === 'web' && operation === 'destroySession') continue;
      const args = operation === 'regenerateUUIDWithClientIdentifier' ? { clientIdentifier: 'ada-42' } : {};
      const { uuid } = await heldBy(page);
      const ended = await v.operate(operation, args);
      expect(ended.verdict, `${operation}: ${ended.text}`).toBe('done');
      const { uuid: next } = await heldBy(page);
      expect(next).not.toBe(uuid);
      await v.shows('uuid', next ?? '');
    }
  });
}

for (const name of ['flutter', 'ios', 'android'] as const) {
  test(`${name}: the SDK's false is told as a refusal`, async ({ inspector }) => {
    const page = await inspector.open(`/?sdk=${name}`);
    const v = await inspector.panel();
    await pressInPage(page, 'Sign in as Ada');
    await v.waitAttr('session-state', 'data-identity', 'signed-in');
    const { uuid } = await heldBy(page);
    await v.waitAttr('action-regenerateUUID', 'aria-disabled', 'true');
    await v.click('action-regenerateUUID');
    await v.click('run-anyway');
    await v.waitAttr('operation-result', 'data-verdict', 'refused');
    expect(await v.text('operation-result')).toContain('false');
    expect((await heldBy(page)).uuid).toBe(uuid);
  });
}

for (const name of ['react-native', 'flutter', 'ios', 'android'] as const) {
  test(`${name}: a failed refresh says what the SDK said, with code and message`, async ({ inspector }) => {
    const page = await inspector.open(`/?sdk=${name}`);
    const v = await inspector.panel();
    await v.waitAttr('token', 'data-token', 'valid');
    inspector.sandbox.auth.set('main', { fail: 403 });
    const failed = await v.operate('refreshToken');
    expect(failed.verdict, failed.text).toBe('failed');
    expect(failed.text).toContain('403');
    expect(failed.text).toContain('switched to fail');
    expect(await callsOf(page, 'refreshToken')).toHaveLength(1);
  });
}

test('web: a destroyed session leaves no cookie of the customer', async ({ inspector }) => {
  const page = await inspector.open('/?sdk=web&jwt');
  const v = await inspector.panel();
  const { uuid } = await heldBy(page);
  await v.shows('uuid', uuid ?? '');
  expect(await page.evaluate(() => document.cookie)).toContain(uuid);
  expect((await v.operate('destroySession')).verdict).toBe('done');
  const next = await until('a new visitor', async () => (await heldBy(page)).uuid);
  expect(next).not.toBe(uuid);
  expect(await page.evaluate(() => document.cookie)).not.toContain(uuid);
  await v.shows('uuid', next);
});

test('web: a regenerate is done on the cookies, and can be taken back', async ({ inspector }) => {
  const page = await inspector.open('/?sdk=web&jwt');
  const v = await inspector.panel();
  const { uuid: first } = await heldBy(page);
  await v.shows('uuid', first ?? '');
  expect((await v.operate('regenerateUUID')).verdict).toBe('done');
  const { uuid: second } = await heldBy(page);
  expect(second).not.toBe(first);
  const cookies = () => page.evaluate(() => document.cookie);
  expect(await cookies()).toContain(`_snrs_uuid=${second}`);
  expect((await v.operate('restorePreviousUUID')).verdict).toBe('done');
  expect((await heldBy(page)).uuid).toBe(first);
  expect(await cookies()).toContain(`_snrs_uuid=${first}`);
  await v.shows('uuid', first ?? '');
});

test('web: another namespace is found, and a snippet whose script never came is told', async ({ inspector }) => {
  const page = await inspector.open('/?sdk=web&ns=Tracker', { token: false });
  const v = await inspector.panel();
  await v.shows('uuid', await until('the UUID', async () => (await heldBy(page)).uuid));
  expect(await v.text('dialect')).toContain('Tracker');
  await page.goto(`${inspector.sandbox.origin}/?sdk=web&never`);
  await v.waitAttr('dialect', 'data-ready', 'false');
  await until('the words', async () => (await v.html()).includes('The Web SDK never loaded'));
});

for (const view of VIEWS) {
  test(`${view}: a bundled SDK that the app hands over is shown and driven`, async ({ inspector }) => {
    const page = await inspector.open('/bundled?sdk=ios', { token: false });
    const v = await inspector[view]();
    await v.shows('uuid', await until('the UUID', async () => (await heldBy(page)).uuid));
    expect(await v.text('dialect')).toContain('shop app');
    expect((await v.operate('regenerateUUID')).verdict).toBe('done');
    await v.shows('uuid', (await heldBy(page)).uuid ?? '');
  });
}
