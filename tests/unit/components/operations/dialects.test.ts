// Each operation of each dialect, run from the panel: what it does to the SDK of the page, by the SDK's own account.
import { afterEach, expect, it, vi } from 'vitest';
import { until } from '@/scripts/until.mjs';
import { JWT, MATRIX } from '@/tests/browser/matrix';
import { hookOf, type NodeInspector, type NodePage, openInspector } from '../../fakes/inspector';
import { openShop, signIn } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

/** A token that the site's backend makes for Ada. */
const siteToken = async (page: NodePage, uuid: string | null): Promise<string> =>
  page.evaluate(async (of) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ uuid: of, email: 'ada@shop.example' });
    return (await (await fetch('/site/token', { method: 'POST', headers, body })).json()).token as string;
  }, uuid);

it.each(MATRIX.map(({ table, cells }) => [table.name, cells] as const))('%s: each operation is done once', async (sdk, cells) => {
  inspector = await openInspector();
  const page = await openShop(inspector, `/?sdk=${sdk}${sdk === 'web' ? '&jwt' : ''}`);
  const v = await inspector.panel(page);
  await v.waitAttr('dialect', 'data-dialect', sdk);
  await v.waitAttr('session-state', 'data-phase', 'attached');
  for (const { operation, binding, verdict, args, first } of cells) {
    await v.waitAttr(`action-${operation}`, 'data-binding', binding.kind);
    if (binding.kind === 'unavailable') {
      expect(verdict).toBe('unavailable');
      expect(await v.disabled(`action-${operation}`)).toBe(true);
      expect(await v.attr(`action-${operation}`, 'title')).toBe(binding.reason);
      continue;
    }
    if (first === 'sign-in') {
      await signIn(page);
      await v.waitAttr('session-state', 'data-identity', 'signed-in');
    }
    await v.shows('uuid', (await hookOf(page)).held.uuid ?? '');
    const before = await hookOf(page);
    const given = args['token'] === JWT ? await siteToken(page, before.held.uuid) : undefined;
    const { verdict: ended, text } = await v.operate(operation, given === undefined ? args : { ...args, token: given });
    expect(ended, `${operation}: ${text}`).toBe(verdict);
    await until('the page to settle', async () => {
      const { uuid, token } = (await hookOf(page)).held;
      // A site that has the Web SDK asks for a token when it likes.
      return uuid && (token || sdk === 'web');
    });
    const after = await hookOf(page);
    await v.shows('uuid', after.held.uuid ?? '');
    if (binding.kind === 'native') {
      const name = binding.method
        .split('|')
        .map((way) => way.split('.').at(-1) ?? '')
        .find((way) => after.calls.some(([method]) => method === way) || way in after.reads);
      const count = ({ calls }: typeof after) => calls.filter(([method]) => method === name).length;
      if (!binding.keepsSession && !binding.answersToken) expect(count(after), operation).toBe(count(before) + 1);
      // The values where the SDK has them.
      if (binding.args.length && name)
        expect(after.calls.filter(([method]) => method === name).at(-1)?.[1]).toEqual(
          binding.args.map((arg) => given ?? args[String(arg)]),
        );
    }
    if (given !== undefined) expect(text).not.toContain(given);
    if (operation === 'getUUID') expect(text).toContain(after.held.uuid);
    if (operation === 'getUUIDForAuthentication') {
      expect(after.held).toEqual(before.held);
      expect(text).toMatch(/[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-/);
    }
    if (operation === 'retrieveToken') expect(after.held.token?.raw).toBe(before.held.token?.raw);
    if (operation === 'refreshToken') expect(after.held.token?.raw).not.toBe(before.held.token?.raw);
    if (operation === 'setAccessToken') expect(after.held.token?.raw).toBe(given);
    if (operation === 'clearAccessToken') expect(after.held.token).toBeNull();
    if (operation === 'setUuid') expect(after.held.uuid).toBe(args['uuid']);
    if (/^(regenerate|destroy|restore)/.test(operation)) expect(after.held.uuid).not.toBe(before.held.uuid);
    if (/^signOut/.test(operation)) expect(after.held.signedIn).toBe(false);
  }
  expect(page.noise).toEqual([]);
});

it.each([
  'flutter',
  'ios',
  'android',
])('%s: a signed-in customer keeps the UUID, and the false of the SDK is shown as a refusal', async (sdk) => {
  inspector = await openInspector();
  const page = await openShop(inspector, `/?sdk=${sdk}`);
  await signIn(page);
  const v = await inspector.panel(page);
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  const { uuid } = (await hookOf(page)).held;
  await v.waitAttr('action-regenerateUUID', 'aria-disabled', 'true');
  await v.click('action-regenerateUUID');
  await v.click('run-anyway');
  await v.waitAttr('operation-result', 'data-verdict', 'refused');
  expect(await v.text('operation-result')).toContain('false');
  expect((await hookOf(page)).held.uuid).toBe(uuid);
});
