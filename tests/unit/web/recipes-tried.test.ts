// Finding the recipe that made a UUID from an identifier, as entered by a user (facts §3.4).
import fc from 'fast-check';
import { v1, v3, v4, v5, v6, v7, validate, version } from 'uuid';
import { describe, expect, it } from 'vitest';
import { RECIPES, type Recipe } from '@/lib/sdk/dialects/computed';
import { readUuid, recipeOf, recipeWords, type Tried, tryRecipes, uuidKind, uuidOf } from '@/lib/web/recipes';
import { anyChar } from '../any-char';
import { native } from '../diagnostics/make';

const E_MAIL = 'customer@synerise.com';
const PLUGINS = 'ea1c3a9d-64a6-45d0-a70c-d2a055f350d3';
const URL_NAMESPACE = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';
/** Test vectors of facts §3.4 and of Python's `uuid.uuid5`. */
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
    [
      'Trackify with a salt after the identifier',
      TRACKIFY_SALTED,
      ['other', 'someString'],
      [{ recipe: 'trackify', identifier: E_MAIL, salt: 'someString' }],
    ],
    ['a salt that is not in the list', DOCS_SALTED, ['somestring'], []],
    ['a random UUID', RANDOM, ['someString'], []],
  ] as const)('%s', (_what, uuid, salts, expected) => {
    expect(fitting(tryRecipes(uuid, E_MAIL, salts))).toEqual(expected);
    // In any case, and with surrounding whitespace.
    expect(fitting(tryRecipes(` ${uuid.toUpperCase()}\n`, E_MAIL, salts))).toEqual(expected);
  });

  it('without a salt, docs and Trackify are the same and reported once, with both names', () => {
    const uuid = uuidOf('docs', { identifier: E_MAIL, salt: '', namespace: '' }) ?? '';
    const tried = tryRecipes(uuid, E_MAIL);
    expect(fitting(tried)).toEqual([{ recipe: 'docs', identifier: E_MAIL, salt: '' }]);
    expect(tried[0] && recipeWords(tried[0])).toBe('Synerise docs or Trackify, without a salt: URL namespace, identifier');
  });

  it('tries both salt orders in every known and given namespace, and describes what matches', () => {
    const OWN = '11111111-2222-4333-8444-555555555555';
    for (const [namespace, text, words] of [
      [OWN, `salt${E_MAIL}`, `Custom: namespace ${OWN}, salt “salt” + identifier`],
      [OWN, `${E_MAIL}salt`, `Custom: namespace ${OWN}, identifier + salt “salt”`],
      [OWN, E_MAIL, `Custom: namespace ${OWN}, identifier`],
      [v5.DNS, `salt${E_MAIL}`, 'Custom: DNS namespace, salt “salt” + identifier'],
      [v5.DNS, `${E_MAIL}salt`, 'Custom: DNS namespace, identifier + salt “salt”'],
      [v5.DNS, E_MAIL, 'Sylius plugin: DNS namespace, identifier'],
      [v5.URL, `salt${E_MAIL}`, 'Synerise docs: URL namespace, salt “salt” + identifier'],
      [v5.URL, `${E_MAIL}salt`, 'Trackify: URL namespace, identifier + salt “salt”'],
      [PLUGINS, `${E_MAIL}salt`, 'Custom: plugins’ namespace, identifier + salt “salt”'],
      [PLUGINS, E_MAIL, 'Magento and WooCommerce plugins: plugins’ namespace, identifier'],
    ] as const) {
      const fits = tryRecipes(v5(text, namespace), E_MAIL, ['other', 'salt'], [OWN]).filter((one) => one.fits);
      expect(fits.map(recipeWords)).toEqual([words]);
    }
  });

  it('accepts extra namespaces, and tries no combination twice', () => {
    expect(fitting(tryRecipes(PLUGIN, E_MAIL, [], [URL_NAMESPACE, PLUGINS.toUpperCase()]))).toEqual([
      { recipe: 'magento-woocommerce', identifier: E_MAIL, salt: '' },
    ]);
    expect(tryRecipes(PLUGIN, E_MAIL, [], ['no namespace', ''])).toHaveLength(tryRecipes(PLUGIN, E_MAIL).length);
    const tried = tryRecipes(RANDOM, ' A@b.example ', ['a', 'b'], [PLUGINS, RANDOM]);
    expect(new Set(tried.map(({ uuid }) => uuid)).size).toBe(tried.length);
    // Three spellings, without a salt and with two salts in two orders, in six namespaces.
    expect(tried).toHaveLength(3 * (1 + 2 * 2) * 6);
  });

  it('tries the identifier unchanged, trimmed and in lower case, and reports which one matched', () => {
    for (const typed of [E_MAIL, ` ${E_MAIL} `, 'Customer@Synerise.COM', '\tCUSTOMER@synerise.com\n'])
      expect(fitting(tryRecipes(PLUGIN, typed))).toEqual([{ recipe: 'magento-woocommerce', identifier: E_MAIL, salt: '' }]);
    // An integration that neither trims nor changes the case.
    for (const kept of [` ${E_MAIL} `, 'Customer@Synerise.COM']) {
      const uuid = uuidOf('sylius', { identifier: kept, salt: '', namespace: '' }) ?? '';
      expect(fitting(tryRecipes(uuid, kept))).toEqual([{ recipe: 'sylius', identifier: kept, salt: '' }]);
    }
    expect(new Set(tryRecipes(PLUGIN, E_MAIL).map(({ identifier }) => identifier))).toEqual(new Set([E_MAIL]));
  });

  it('tries nothing for no identifier', () => {
    expect(tryRecipes(PLUGIN, '', ['salt'], [PLUGINS])).toEqual([]);
  });

  it('is fast with as many salts and namespaces as the view accepts', { timeout: 60_000 }, () => {
    const many = (make: (at: number) => string) => Array.from({ length: 50 }, (_, at) => make(at));
    const begun = performance.now();
    const tried = tryRecipes(
      RANDOM,
      ' A@b.example',
      many(String),
      many(() => v4()),
    );
    expect(tried.length).toBeLessThanOrEqual(3 * 101 * 55);
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it('lists matches first, and every candidate is a version 5 UUID', () => {
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

  it('lists each combination once when salts or namespaces are repeated or empty', () => {
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

  it('accepts an identifier with half a surrogate pair, which a page’s token may contain', () => {
    expect(recipeOf(PLUGIN, 'cut@\ud83d')).toBeNull();
    expect(tryRecipes(PLUGIN, '\udc00@example.test')).not.toEqual([]);
    // Otherwise the whole session could not be shown.
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
  ])('version %i', (number, uuid) => {
    const kind = uuidKind(uuid);
    expect(kind.version).toBe(number);
    expect(kind.words).toMatch(new RegExp(`^v${number}, \\w`));
    expect(uuidKind(uuid.toUpperCase())).toEqual(kind);
  });

  it('distinguishes a random UUID from one derived from an identifier', () => {
    expect(uuidKind(RANDOM).words).toBe('v4, random');
    expect(uuidKind(DOCS_SALTED).words).toBe('v5, derived from an identifier');
  });

  it.each([
    '',
    'undefined',
    `${PLUGIN} `,
    PLUGIN.slice(1),
    PLUGIN.replaceAll('-', ''),
    `{${PLUGIN}}`,
    '74081271-9f45-9d83-049d-82c44bca5e74',
  ])('%j is not a UUID', (text) => {
    expect(uuidKind(text)).toEqual({ version: null, words: 'not a valid UUID' });
  });

  it('describes a version without a name by its number', () => {
    expect(uuidKind('74081271-9f45-8d83-849d-82c44bca5e74')).toEqual({ version: 8, words: 'v8' });
  });

  it('describes the nil and max UUIDs', () => {
    expect(uuidKind('00000000-0000-0000-0000-000000000000')).toEqual({ version: 0, words: expect.stringContaining('nil UUID') });
    for (const max of ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'])
      expect(uuidKind(max)).toEqual({ version: 15, words: expect.stringContaining('max UUID') });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: anyChar }), (text) => void uuidKind(text)));
  });
});

describe('readUuid', () => {
  it.each([
    PLUGIN,
    ` ${PLUGIN}\n`,
    PLUGIN.toUpperCase(),
    PLUGIN.replaceAll('-', ''),
    `{${PLUGIN.toUpperCase()}}`,
    `{${PLUGIN.replaceAll('-', '')}}`,
    `urn:uuid:${PLUGIN}`,
    `URN:UUID:${PLUGIN.toUpperCase()}`,
  ])('%j is read as the UUID', (text) => {
    expect(readUuid(text)).toBe(PLUGIN);
    expect(fitting(tryRecipes(text, E_MAIL))).toHaveLength(1);
  });

  it.each([
    '',
    'hello',
    `{${PLUGIN}`,
    `${PLUGIN}0`,
    PLUGIN.slice(1),
    '74081271-9f45-9d83-049d-82c44bca5e74',
    'z'.repeat(32),
  ])('%j is not read as a UUID', (text) => {
    expect(readUuid(text)).toBeNull();
    expect(fitting(tryRecipes(text, E_MAIL))).toEqual([]);
  });
});
