// The status bar: what the last action did, on every tab, until it is closed or its SDK is gone.
import { afterEach, expect, it, vi } from 'vitest';
import { until } from '@/scripts/until.mjs';
import { type NodeInspector, openInspector } from '../../fakes/inspector';
import { callClient, openShop } from '../../fakes/shop';
import { uuidIn, uuidShown } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

it('shows verdict, value and changes in a line, details on request, and closes', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector);
  const v = await inspector.panel(page);
  const before = await uuidShown(v, page);
  expect(await v.attr('operation-result', 'data-verdict')).toBeNull();

  const { verdict, text } = await v.operate('regenerateUUID');
  expect(verdict).toBe('done');
  await until('both UUIDs in the line', async () => {
    const line = (await v.text('operation-result')) ?? '';
    return line.includes(before) && line.includes(await uuidIn(page));
  });
  expect(text).toContain('regenerateUUID');
  expect(await v.there('operation-details')).toBe(false);
  await v.click('result-details');
  await until('the details', () => v.there('operation-details'));
  for (const name of ['Timeline', 'Network', 'Storage', 'Account', 'Diagnostics', 'Session']) {
    await v.tab(name);
    expect(await v.count('operation-result')).toBe(1);
    expect(await v.attr('operation-result', 'data-verdict')).toBe('done');
  }
  await v.click('dismiss-result');
  await until('it to be closed', async () => (await v.text('operation-result')) === '');
  expect(await v.attr('operation-result', 'data-verdict')).toBeNull();
});

it('opens the details of an error automatically, together with the verdict, with its code and message in the line', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector);
  const v = await inspector.panel(page);
  await uuidShown(v, page);
  await inspector.auth.set({ fail: 503 });
  /** Whether the details were there as soon as the verdict was. */
  let wereThere: boolean | null = null;
  const bar = document.querySelector('[data-testid="operation-result"]');
  const { MutationObserver } = document.defaultView as Window & typeof globalThis;
  new MutationObserver(() => {
    if (bar?.getAttribute('data-verdict') === 'failed') wereThere ??= bar.querySelector('[data-testid="operation-details"]') !== null;
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
  const { verdict, text } = await v.operate('refreshToken');
  expect(verdict).toBe('failed');
  expect(text).toContain('503');
  expect(await v.there('operation-details')).toBe(true);
  expect(wereThere).toBe(true);
});

it.each(['popup', 'panel'] as const)('of a page without an SDK, the %s shows no result of the page before', async (view) => {
  inspector = await openInspector();
  const page = await openShop(inspector);
  const v = await inspector[view](page);
  await uuidShown(v, page);
  await v.operate('getUUID');
  await page.goto('/empty');
  await until('no SDK', async () => (await v.attr('session-state', 'data-phase')) === 'absent');
  await until('no result', async () => (await v.attr('operation-result', 'data-verdict')) === null);
  expect(await v.text('operation-result')).toBe('');
});

it('of a page with another SDK, the panel shows no result of the SDK before', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector);
  const v = await inspector.panel(page);
  await uuidShown(v, page);
  await v.operate('getUUID');
  await page.goto('/?sdk=flutter');
  await until('the other SDK', async () => (await v.attr('dialect', 'data-dialect')) === 'flutter');
  await until('no result', async () => (await v.attr('operation-result', 'data-verdict')) === null);
});

it('shows what the page did meanwhile in the identity bar, on every tab', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector);
  const v = await inspector.panel(page);
  const before = await uuidShown(v, page);
  await v.tab('Network');
  await callClient(page, 'regenerateUUID');
  const after = await until('another UUID', async () => {
    const uuid = await uuidIn(page);
    return uuid !== before && (await v.text('uuid')) === uuid && uuid;
  });
  expect(after).not.toBe(before);
});
