// What popup and panel show of the customer and the token of a page of the shop.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { until } from '@/scripts/until.mjs';
import { hookOf, type NodeInspector, type NodePage, openInspector } from '../../fakes/inspector';
import { callClient, openShop, press } from '../../fakes/shop';
import { unfolded, uuidIn, uuidShown } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

const globalsOf = (page: NodePage): Promise<string> => page.evaluate(() => Object.keys(globalThis).join());
describe.each(['popup', 'panel'] as const)('the %s', (view) => {
  it('shows what the page holds, and leaves no trace in the page', async () => {
    inspector = await openInspector();
    const page = await openShop(inspector);
    const { uuid, token } = (await hookOf(page)).held;
    const globals = await globalsOf(page);
    const v = await inspector[view](page);
    await v.shows('uuid', uuid ?? '');
    await v.waitAttr('token', 'data-token', 'valid');
    expect(await v.attr('session-state', 'data-phase')).toBe('attached');
    expect(await v.attr('session-state', 'data-identity')).toBe('anonymous');
    expect(await v.attr('dialect', 'data-dialect')).toBe('react-native');
    expect(await v.attr('dialect', 'data-ready')).toBe('true');
    expect(await v.text('dialect')).toContain('Synerise.Client');
    expect(await v.attr('access', 'data-access')).toBe(view === 'popup' ? 'visit' : 'panel');
    expect(await v.text('site')).toBe(new URL(inspector.origin).host);
    expect(await v.attr('token-origin', 'data-origin')).toBe('ANONYMOUS');
    expect(Date.parse((await v.attr('token-expiry', 'datetime')) ?? '')).toBe(token?.expiresAt);
    expect(await v.attr('connection', 'data-connection')).toBe('connected');
    for (const id of ['site', 'access', 'session-state', 'dialect', 'connection', 'operation-result'])
      expect(await v.count(id), id).toBe(1);
    expect(page.noise).toEqual([]);
    expect(await globalsOf(page)).toBe(globals);
  });

  it.each([
    ['empty', '', 'No UUID: the SDK may not be initialized yet.'],
    ['a number', 42, 'Can’t read UUID: 42'],
  ])('says next to the UUID label why there is no UUID: %s', async (_, value, words) => {
    inspector = await openInspector();
    const page = await openShop(inspector);
    await page.evaluate((given) => {
      (globalThis as unknown as { Synerise: { Client: { getUUID(): unknown } } }).Synerise.Client.getUUID = () => given;
    }, value);
    const v = await inspector[view](page);
    const beside = `document.querySelector('[data-testid="uuid"]')?.parentElement.textContent`;
    await until('the reason', async () => String(await v.target.evaluate(beside)).includes(words));
  });

  it('stays whole with a token whose claims are nested deeper than anything can be drawn', async () => {
    inspector = await openInspector();
    const page = await openShop(inspector);
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const token = `e30.${Buffer.from(`{"exp":4e9,"a":${deep}}`).toString('base64url')}.x`;
    await page.evaluate((raw) => {
      const { Client } = (globalThis as unknown as { Synerise: { Client: { retrieveToken: unknown } } }).Synerise;
      Client.retrieveToken = (told: (answer: object) => void) =>
        told({ tokenString: raw, origin: 'ANONYMOUS', expirationDate: new Date(4e12) });
    }, token);
    const v = await inspector[view](page);
    await v.waitAttr('token', 'data-token', 'valid');
    await until('its claims', async () => (await v.text('token-claims'))?.includes('"…"'));
    await until('the actions', () => v.there('action-regenerateUUID'));
    expect(page.noise).toEqual([]);
  });

  it('masks the token until it is revealed, and decodes it', async () => {
    inspector = await openInspector();
    const page = await openShop(inspector);
    const raw = (await hookOf(page)).held.token?.raw ?? '';
    const v = await inspector[view](page);
    await v.waitAttr('token-raw', 'data-masked', 'true');
    expect(await v.html()).not.toContain(raw);
    const claims = await v.target.evaluate(`document.querySelector('[data-testid="token-claims"]').textContent`);
    expect(claims).toContain('"alg": "RS512"');
    expect(claims).toContain('"iss": "Synerise"');
    await v.click('reveal-token');
    await v.waitAttr('token-raw', 'data-masked', 'false');
    expect((await v.text('token-raw'))?.replace(/\s/g, '')).toBe(raw);
    await v.click('reveal-token');
    await v.waitAttr('token-raw', 'data-masked', 'true');
    expect(await v.html()).not.toContain(raw);
  });

  it('follows a new UUID that the page itself asked for, and a client that replaces another', async () => {
    inspector = await openInspector();
    const page = await openShop(inspector);
    const v = await inspector[view](page);
    const first = await uuidShown(v, page);
    await callClient(page, 'regenerateUUID');
    const second = await uuidShown(v, page);
    expect(second).not.toBe(first);
    await press(page, 'replace');
    await until('the other client', async () => ![null, first, second].includes((await hookOf(page)).held.uuid));
    await uuidShown(v, page);
  });
});

it('a token is counted down to its end, and only its SDK brings the next one', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector, '/?lifetime=3');
  const v = await inspector.popup(page);
  await v.waitAttr('token', 'data-token', 'near-expiry');
  const first = await v.text('token-countdown');
  const expiry = await v.attr('token-expiry', 'datetime');
  expect(Date.parse(expiry ?? '')).toBeGreaterThan(Date.now());
  await until('the countdown to tick', async () => (await v.text('token-countdown')) !== first);
  await until(
    'the end of this token, or the next one',
    async () => (await v.attr('token', 'data-token')) === 'expired' || (await v.attr('token-expiry', 'datetime')) !== expiry,
  );
  expect(Date.parse(expiry ?? '')).toBeLessThanOrEqual(Date.now());
});

it('an unreadable token has origin and expiry, as the SDK reports them', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector, '/?opaque');
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'opaque');
  expect(await v.attr('token-origin', 'data-origin')).toBe('ANONYMOUS');
  expect(Date.parse((await v.attr('token-expiry', 'datetime')) ?? '')).toBe((await hookOf(page)).held.token?.expiresAt);
});

it('an origin that the Android bridge loses is shown as the token has it, beside what the SDK says', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector, '/?android');
  const v = await inspector.panel(page);
  await v.waitAttr('token-origin', 'data-origin', 'UNKNOWN');
  expect(await unfolded(v, 'token')).toContain('ANONYMOUS');
  expect(await v.attr('session-state', 'data-identity')).toBe('anonymous');
  expect(await v.text('uuid')).toBe(await uuidIn(page));
});

it('a clock of the server that is ahead of the computer is noted on the token', async () => {
  inspector = await openInspector();
  const page = await openShop(inspector, '/?skew=600');
  const v = await inspector.panel(page);
  await v.waitAttr('clock-note', 'data-note', 'created-ahead');
});
