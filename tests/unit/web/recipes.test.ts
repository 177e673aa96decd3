import fc from 'fast-check';
import { validate, version } from 'uuid';
import { describe, expect, it } from 'vitest';
import { RECIPES, type Recipe } from '@/lib/sdk/dialects/computed';
import { identityHash, identityHashOfBytes, uuidOf } from '@/lib/web/recipes';

const E_MAIL = 'customer@synerise.com';
const input = { identifier: E_MAIL, salt: '', namespace: '' };
const NAMES = Object.keys(RECIPES) as Recipe[];

describe('UUIDs from identifiers (facts §3.4)', () => {
  it.each([
    ["the documentation's own example", 'docs', { ...input, salt: 'someString' }, '345d4c8f-5aff-591d-a19c-1ca48923d9ee'],
    ['Magento and WooCommerce', 'magento-woocommerce', input, '74081271-9f45-5d83-849d-82c44bca5e74'],
    // From Python, such as uuid.uuid5(uuid.NAMESPACE_DNS, 'customer@synerise.com').
    ['Sylius', 'sylius', input, '9c9f47f8-43b0-5d5d-bb77-03a58786055f'],
    ['Trackify with a salt after the identifier', 'trackify', { ...input, salt: 'someString' }, '9ad5af76-5f4d-5cb5-aa93-f67f0d1b6e95'],
    [
      'custom with the plugins’ namespace',
      'custom',
      { ...input, namespace: 'ea1c3a9d-64a6-45d0-a70c-d2a055f350d3' },
      '74081271-9f45-5d83-849d-82c44bca5e74',
    ],
    [
      'custom with a salt before the identifier',
      'custom',
      { ...input, salt: 'someString', namespace: '6ba7b811-9dad-11d1-80b4-00c04fd430c8' },
      '345d4c8f-5aff-591d-a19c-1ca48923d9ee',
    ],
    ['an identifier beyond ASCII', 'docs', { ...input, identifier: 'zażółć@example.test' }, 'd05703c5-7e33-5333-80bb-236d7afb7a13'],
  ] as const)('%s', (_what, recipe, given, uuid) => {
    expect(uuidOf(recipe, given)).toBe(uuid);
  });

  it('returns null while something is missing', () => {
    for (const recipe of NAMES) expect(uuidOf(recipe, { ...input, identifier: '' })).toBeNull();
    for (const namespace of ['', 'no UUID', '6ba7b811']) expect(uuidOf('custom', { ...input, namespace })).toBeNull();
  });

  it('are version 5, and the same for the same input', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.string({ minLength: 1 }), fc.string(), fc.uuid(), (recipe, identifier, salt, namespace) => {
        const uuid = uuidOf(recipe, { identifier, salt, namespace }) ?? '';
        return validate(uuid) && version(uuid) === 5 && uuid === uuidOf(recipe, { identifier, salt, namespace });
      }),
    );
  });
});

describe('the identity hash (facts §3.4)', () => {
  it.each([
    [E_MAIL, '-374943845'],
    ['john.doe@synerise.com', '56213058'],
    ['', '0'],
    ['a', '97'],
  ])('of %j', (text, hash) => {
    expect(identityHash(text)).toBe(hash);
  });

  it('of bytes, as in PHP, differs only for non-ASCII text', () => {
    expect(identityHashOfBytes(E_MAIL)).toBe(identityHash(E_MAIL));
    // ż is one UTF-16 code unit, and the bytes c5 bc in UTF-8.
    expect([identityHash('ż'), identityHashOfBytes('ż')]).toEqual([String(0x17c), String(0xc5 * 31 + 0xbc)]);
  });
});
