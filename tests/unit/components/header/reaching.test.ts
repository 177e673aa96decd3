// Where SDKs are found on a page, and that the page notices nothing of being looked at.
import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { TABLES } from '@/lib/sdk/dialects';
import { until } from '@/scripts/until.mjs';
import { LOADED_LONG_AGO } from '../../fakes/documents';
import { hookOf, type NodeInspector, openInspector } from '../../fakes/inspector';
import { press } from '../../fakes/shop';
import { textOf, uuidIn, uuidShown } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

/** The panel on a page of the sandbox, once it shows the page's UUID. */
async function shown(path: string, view: 'popup' | 'panel' = 'panel') {
  inspector = await openInspector();
  const page = await inspector.open(path);
  const v = await inspector[view](page);
  return { page, v, uuid: await uuidShown(v, page) };
}

it.each(TABLES.map(({ name }) => name))('what a page does with its %s SDK shows, and the page notices nothing', async (sdk) => {
  const { page, v, uuid: before } = await shown(`/?sdk=${sdk}`);
  await press(page, 'regenerate');
  await until('another UUID in the page', async () => (await uuidIn(page)) !== before);
  await uuidShown(v, page);
  await press(page, 'sign-in');
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  await until('the token that the page holds', async () => {
    const expiresAt = (await hookOf(page)).held.token?.expiresAt ?? 0;
    return Math.abs(Date.parse((await v.attr('token-expiry', 'datetime')) ?? '') - expiresAt) < 1000;
  });
  expect(page.noise).toEqual([]);
});

it.each(['popup', 'panel'] as const)('an SDK that an app hands over before the %s comes, and another after, is shown', async (view) => {
  const { page, v } = await shown('/bundled?sdk=ios', view);
  expect(await v.text('dialect')).toContain('shop app');
  expect(await v.operate('regenerateUUID')).toMatchObject({ verdict: 'done' });
  const before = await uuidShown(v, page);
  // The agent is there now: a new instance under the same name takes the place of the old.
  await press(page, 'replace');
  await until('a new instance', async () => ![before, ''].includes(await uuidIn(page)));
  await uuidShown(v, page);
  expect(await v.there('client-select')).toBe(false);
  expect(page.noise).toEqual([]);
});

it('an SDK that is handed over twice, as by StrictMode of React, is one client', async () => {
  const { v } = await shown('/bundled?sdk=react-native&strict');
  expect(await v.there('client-select')).toBe(false);
});

it('rubbish that is handed over does no harm', async () => {
  const { page, v } = await shown('/bundled?sdk=flutter&hostile');
  expect(await v.operate('destroySession')).toMatchObject({ verdict: 'done' });
  expect(page.noise).toEqual([]);
});

it.each([
  ['the Objective-C name', '/?sdk=ios&snr'],
  ['an Android SDK before 6.0', '/?sdk=android&old'],
])('%s is found, and gives its token', async (_what, path) => {
  const { page, v } = await shown(path);
  await v.waitAttr('token', 'data-token', 'valid');
  expect(await v.operate('retrieveToken')).toMatchObject({ verdict: 'done' });
  expect(page.noise).toEqual([]);
});

it('a method that came after the client’s version says so', async () => {
  const { v } = await shown('/?sdk=ios&version=4.14.9&break=getUUIDForAuthentication:removed');
  await v.waitAttr('action-getUUIDForAuthentication', 'data-binding', 'unavailable');
  const title = await v.attr('action-getUUIDForAuthentication', 'title');
  expect(title).toContain('4.14.9');
  expect(title).toContain('4.15.0');
});

it('globals that only have an SDK’s name are no SDK', async () => {
  const strange = readFileSync(new URL('../../../../sandbox/shop/strange.html', import.meta.url), 'utf8');
  inspector = await openInspector({ files: { '/': strange.replace('<head>', `<head>${LOADED_LONG_AGO}`) } });
  const page = await inspector.open();
  expect(await page.evaluate(() => `${typeof (globalThis as unknown as { Client: unknown }).Client}`)).toBe('function');
  const v = await inspector.panel(page);
  await v.waitAttr('session-state', 'data-phase', 'absent');
  expect(await v.attr('dialect', 'data-dialect')).toBeNull();
  expect(page.noise).toEqual([]);
});

it('a Web SDK of another namespace, and the tracker keys of two inits, show', async () => {
  const { v } = await shown('/?sdk=web&ns=Tracker&twokeys');
  expect(await v.text('dialect')).toContain('Tracker');
  await textOf(v, 'sdk-card', /00000000-0000-4000-8000-00000000a001, 00000000-0000-4000-8000-00000000a002/);
});
