// Which recipe made a UUID of an identifier, tried the way somebody asks by hand (facts §3.4).
import fc from 'fast-check';
import { v1, v3, v4, v5, v6, v7, validate, version } from 'uuid';
import { describe, expect, it } from 'vitest';
import { RECIPES, type Recipe } from '@/lib/sdk/dialects/computed';
import { recipeOf, type Tried, tryRecipes, uuidKind, uuidOf } from '@/lib/web/recipes';
import { native } from '../diagnostics/make';

const E_MAIL = 'customer@synerise.com';
const PLUGINS = 'ea1c3a9d-64a6-45d0-a70c-d2a055f350d3';
const URL_NAMESPACE = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';
/** The vectors of facts §3.4, and those of Python's `uuid.uuid5`. */
const DOCS_SALTED = '345d4c8f-5aff-591d-a19c-1ca48923d9ee';
const PLUGIN = '74081271-9f45-5d83-849d-82c44bca5e74';
const SYLIUS = '9c9f47f8-43b0-5d5d-bb77-03a58786055f';
const TRACKIFY_SALTED = '9ad5af76-5f4d-5cb5-aa93-f67f0d1b6e95';
const RANDOM = 'b7e0f5a2-1f0e-4d0e-8f0b-3c2d1e0f9a8b';

const fitting = (tried: readonly Tried[]) =>
  tried.filter(({ fits }) => fits).map(({ recipe, identifier, salt }) => ({ recipe, identifier, salt }));

describe('tryRecipes', () => {
  it.each([
    ['Magento and WooCommerce', PLUGIN, [], [{ recipe: 'magento-woocommerce', identifier: E_MAIL, salt: '' }]],
    ['Sylius', SYLIUS, [], [{ recipe: 'sylius', identifier: E_MAIL, salt: '' }]],
    ["the documentation's own example", DOCS_SALTED, ['someString'], [{ recipe: 'docs', identifier: E_MAIL, salt: 'someString' }]],
    ['trackify, salt after', TRACKIFY_SALTED, ['other', 'someString'], [{ recipe: 'trackify', identifier: E_MAIL, salt: 'someString' }]],
    ['a salt that is not among them', DOCS_SALTED, ['somestring'], []],
    ['a random UUID', RANDOM, ['someString'], []],
  ] as const)('%s', (_what, uuid, salts, expected) => {
    expect(fitting(tryRecipes(uuid, E_MAIL, salts))).toEqual(expected);
    // However it is written, and whatever stands around it.
    expect(fitting(tryRecipes(` ${uuid.toUpperCase()}\n`, E_MAIL, salts))).toEqual(expected);
  });

  it('without a salt, docs and trackify are the same: both fit', () => {
    const uuid = uuidOf('docs', { identifier: E_MAIL, salt: '', namespace: '' }) ?? '';
    expect(fitting(tryRecipes(uuid, E_MAIL)).map(({ recipe }) => recipe)).toEqual(['docs', 'trackify']);
  });

  it('takes namespaces for the custom recipe alone, with and without salt', () => {
    expect(fitting(tryRecipes(PLUGIN, E_MAIL, [], [URL_NAMESPACE, PLUGINS]))).toEqual([
      { recipe: 'magento-woocommerce', identifier: E_MAIL, salt: '' },
      { recipe: 'custom', identifier: E_MAIL, salt: '' },
    ]);
    expect(fitting(tryRecipes(DOCS_SALTED, E_MAIL, ['someString'], [URL_NAMESPACE])).map(({ recipe }) => recipe)).toEqual([
      'docs',
      'custom',
    ]);
    expect(tryRecipes(PLUGIN, E_MAIL).some(({ recipe }) => recipe === 'custom')).toBe(false);
    expect(tryRecipes(PLUGIN, E_MAIL, [], ['no namespace', '']).some(({ recipe }) => recipe === 'custom')).toBe(false);
  });

  it('tries the identifier as it is, trimmed, and in small letters, and tells which it was', () => {
    for (const typed of [E_MAIL, ` ${E_MAIL} `, 'Customer@Synerise.COM', '\tCUSTOMER@synerise.com\n'])
      expect(fitting(tryRecipes(PLUGIN, typed))).toEqual([{ recipe: 'magento-woocommerce', identifier: E_MAIL, salt: '' }]);
    // An integration that trims nothing, and leaves capitals as they are.
    for (const kept of [` ${E_MAIL} `, 'Customer@Synerise.COM']) {
      const uuid = uuidOf('sylius', { identifier: kept, salt: '', namespace: '' }) ?? '';
      expect(fitting(tryRecipes(uuid, kept))).toEqual([{ recipe: 'sylius', identifier: kept, salt: '' }]);
    }
    expect(new Set(tryRecipes(PLUGIN, E_MAIL).map(({ identifier }) => identifier))).toEqual(new Set([E_MAIL]));
  });

  it('tries nothing for no identifier', () => {
    expect(tryRecipes(PLUGIN, '', ['salt'], [PLUGINS])).toEqual([]);
  });

  it('a salt changes nothing for a recipe without: it is tried once', () => {
    const tried = tryRecipes(RANDOM, E_MAIL, ['a', 'b'], [PLUGINS]);
    const count = (recipe: Recipe) => tried.filter((one) => one.recipe === recipe).length;
    expect({ plugin: count('magento-woocommerce'), sylius: count('sylius') }).toEqual({ plugin: 1, sylius: 1 });
    expect([count('docs'), count('trackify'), count('custom')]).toEqual([3, 3, 3]);
  });

  it('puts first what fits, and all of it is a UUIDv5 that the recipe makes', () => {
    const text = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(
        text,
        fc.array(text, { maxLength: 3 }),
        fc.array(fc.uuid(), { maxLength: 2 }),
        fc.nat(),
        (identifier, salts, namespaces, at) => {
          const all = tryRecipes(RANDOM, identifier, salts, namespaces);
          const picked = all[at % Math.max(1, all.length)];
          for (const { uuid } of all) expect([validate(uuid), version(uuid)]).toEqual([true, 5]);
          if (!picked) return;
          const again = tryRecipes(picked.uuid, identifier, salts, namespaces);
          expect(again).toHaveLength(all.length);
          expect(again[0]).toMatchObject({ uuid: picked.uuid, fits: true });
          const fits = again.map((one) => one.fits);
          expect(fits).toEqual([...fits].sort((a, b) => Number(b) - Number(a)));
          for (const one of again) expect(one.fits).toBe(one.uuid === picked.uuid);
        },
      ),
    );
  });

  it('tells each way once, where a salt or namespace is given twice or is empty', () => {
    const tried = tryRecipes(RANDOM, E_MAIL, ['', 'a', 'a'], [PLUGINS, PLUGINS]);
    expect(new Set(tried.map((one) => JSON.stringify(one))).size).toBe(tried.length);
  });
});

describe('recipeOf', () => {
  it.each([
    ['magento-woocommerce', PLUGIN, {}],
    ['sylius', SYLIUS.toUpperCase(), {}],
    ['docs', DOCS_SALTED, { salt: 'someString' }],
    ['trackify', TRACKIFY_SALTED, { salt: 'someString' }],
    [null, DOCS_SALTED, {}],
    [null, RANDOM, { salt: 'someString', namespace: PLUGINS }],
    [null, '', {}],
    [null, 'undefined', { namespace: 'nonsense' }],
  ] as const)('%s gives %s', (recipe, uuid, more) => {
    expect(recipeOf(uuid, E_MAIL, more)).toBe(recipe);
  });

  it('finds what uuidOf makes', () => {
    const recipe = fc.constantFrom(...(Object.keys(RECIPES) as Recipe[]));
    fc.assert(
      fc.property(recipe, fc.string({ minLength: 1 }), fc.string(), fc.uuid(), (name, identifier, salt, namespace) => {
        const uuid = uuidOf(name, { identifier, salt, namespace }) ?? '';
        const found = recipeOf(uuid, identifier, { salt, namespace });
        expect(found && uuidOf(found, { identifier, salt, namespace })).toBe(uuid);
      }),
    );
  });

  it('minds no identifier that is cut within a character: a page’s token may name one', () => {
    expect(recipeOf(PLUGIN, 'cut@\ud83d')).toBeNull();
    expect(tryRecipes(PLUGIN, '\udc00@example.test')).not.toEqual([]);
    // Else nothing is told of the session at all.
    expect(native({ token: { claims: { email: 'cut\ud83d@example.test' } } }).identifiers).toHaveLength(1);
  });
});

describe('uuidKind', () => {
  it.each([
    [1, v1()],
    [3, v3(E_MAIL, v5.URL)],
    [4, v4()],
    [5, PLUGIN],
    [6, v6()],
    [7, v7()],
    [0, '00000000-0000-0000-0000-000000000000'],
  ])('version %i', (number, uuid) => {
    const kind = uuidKind(uuid);
    expect(kind.version).toBe(number);
    expect(kind.words).toMatch(new RegExp(`^v${number}, \\w`));
    expect(uuidKind(uuid.toUpperCase())).toEqual(kind);
  });

  it('tells a random one from one that was made from an identifier', () => {
    expect(uuidKind(RANDOM).words).toBe('v4, random');
    expect(uuidKind(DOCS_SALTED).words).toBe('v5, made from an identifier');
  });

  it.each([
    '',
    'undefined',
    `${PLUGIN} `,
    PLUGIN.slice(1),
    PLUGIN.replaceAll('-', ''),
    `{${PLUGIN}}`,
    '74081271-9f45-9d83-049d-82c44bca5e74',
  ])('%j is none', (text) => {
    expect(uuidKind(text)).toEqual({ version: null, words: 'not a UUID by its form' });
  });

  it('has words for a version that nobody has named', () => {
    expect(uuidKind('74081271-9f45-8d83-849d-82c44bca5e74')).toEqual({ version: 8, words: 'v8' });
    expect(uuidKind('ffffffff-ffff-ffff-ffff-ffffffffffff').words).toMatch(/^v15/);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void uuidKind(text)));
  });
});
