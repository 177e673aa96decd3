/** Checks by hand in the panel: a token against a key, and a UUID against an identifier. */
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { until } from '@/scripts/until.mjs';
import { hookOf, type NodeInspector, openInspector } from '../../fakes/inspector';
import { openShop } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
beforeEach(async () => {
  inspector = await openInspector();
});
afterEach(() => inspector.close());

it("a token's signature fits the key that made it, not another, and not after a change", async () => {
  const page = await openShop(inspector, '/?sdk=web&jwt');
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await v.tab('Diagnostics');
  const verified = async (key: string) => {
    await v.type('check-key', key);
    await until('no verdict on another key', async () => !(await v.there('verification')));
    await until('something to check', async () => !(await v.disabled('verify-token')));
    await v.click('verify-token');
    await until('the verdict', () => v.there('verification'));
    return [await v.attr('verification', 'data-fits'), await v.attr('verification', 'data-why')];
  };
  await v.click('check-token-held');
  const key = await (await fetch(`${inspector.origin}/site/public.pem`)).text();
  expect(await verified(key)).toEqual(['true', null]);
  expect(await v.text('check-claims')).toContain('ada@shop.example');
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  expect(await verified(String(publicKey.export({ type: 'spki', format: 'pem' })))).toEqual(['false', 'wrong-key']);
  const [header, payload, signature] = String((await hookOf(page)).held.token?.raw).split('.');
  const claims = { ...(JSON.parse(Buffer.from(String(payload), 'base64url').toString()) as object), email: 'grace@shop.example' };
  await v.type('check-token', `Bearer ${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`);
  expect(await verified(key)).toEqual(['false', 'tampered']);
});

it('a UUID is tried against an identifier by every recipe, and the identifier is hashed', async () => {
  const v = await inspector.panel(await openShop(inspector));
  await v.waitAttr('token', 'data-token', 'valid');
  await v.tab('Diagnostics');
  await v.type('check-uuid', '74081271-9f45-5d83-849d-82c44bca5e74');
  // Also with other spaces and capitals.
  await v.type('check-identifier', 'Customer@Synerise.com ');
  await v.waitAttr('recipe-verdict', 'data-recipe', 'magento-woocommerce');
  await v.type('check-identifier', 'customer@synerise.com');
  await v.shows('identity-hash', '-374943845');
  await v.type('check-uuid', '345d4c8f-5aff-591d-a19c-1ca48923d9ee');
  await v.waitAttr('recipe-verdict', 'data-fits', 'false');
  await v.type('check-salts', 'someString');
  await v.waitAttr('recipe-verdict', 'data-recipe', 'docs');
});
