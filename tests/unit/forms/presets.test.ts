import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { argumentsOf, secretsOf } from '@/lib/forms/arguments';
import { type Draft, draftOf, type Filled, fitting, valuesOf, withoutSecretFields } from '@/lib/forms/draft';
import { PRESETS_KEY, presetShelf } from '@/lib/forms/preset-shelf';
import {
  MAX_NAME,
  MAX_PRESETS,
  type Preset,
  type Presets,
  parsePresets,
  storedPresets,
  TooManyPresets,
  withoutPreset,
  withPreset,
} from '@/lib/forms/presets';
import { tableOf } from '@/lib/sdk/dialects';
import type { Argument } from '@/lib/sdk/operation';
import { OPERATION_NAMES, type OperationName } from '@/lib/sdk/operations';

const SITE = 'https://shop.example';
const OTHER = 'https://other.example';
const made = (name: string, over: Partial<Preset> = {}): Preset => ({
  name,
  operation: 'signIn',
  draft: { email: `${name}@shop.example` },
  ...over,
});
const names = (all: Presets, site = SITE) => (all[site] ?? []).map(({ name }) => name);
const FULL: Draft = {
  email: 'ada@shop.example',
  newsletterAgreement: true,
  sex: '',
  agreements: { email: 'true', sms: 'false', push: '' },
  attributes: [{ key: 'tier', text: '"gold"' }],
};
const stored = (sites: unknown, version: unknown = 1) => ({ version, sites });
const one = (over: object) => stored({ [SITE]: [{ ...made('a'), ...over }] });

describe('stored presets', () => {
  it('are read back unchanged, also through JSON', () => {
    const all: Presets = { [SITE]: [made('a', { draft: FULL }), made('a', { operation: 'updateAccount' })], [OTHER]: [made('b')] };
    expect(parsePresets(storedPresets(all))).toEqual(all);
    expect(parsePresets(JSON.parse(JSON.stringify(storedPresets(all))))).toEqual(all);
  });

  it.each([
    undefined,
    null,
    7,
    'x',
    [],
    {},
    { sites: {} },
    stored({ [SITE]: [made('a')] }, 2),
    stored({ [SITE]: [made('a')] }, '1'),
    stored(null),
    stored('x'),
    stored(7),
  ])('in %j are none', (value) => {
    expect(Object.values(parsePresets(value)).flat()).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['no name', one({ name: '' })],
    ['a name that is not a string', one({ name: 7 })],
    ['too long a name', one({ name: 'n'.repeat(MAX_NAME + 1) })],
    ['no operation', one({ operation: undefined })],
    ['too long an operation', one({ operation: 'o'.repeat(500) })],
    ['no draft', one({ draft: null })],
    ['a number in its draft', one({ draft: { email: 7 } })],
    ['null in its draft', one({ draft: { agreements: null } })],
    ['a string of several megabytes', one({ draft: { email: 'x'.repeat(3_000_000) } })],
    ['a null row', one({ draft: { attributes: [null] } })],
    ['a row of numbers', one({ draft: { attributes: [{ key: 1, text: 2 }] } })],
    ['too many rows', one({ draft: { attributes: [...Array(201)].map(() => ({ key: 'k', text: 't' })) } })],
    ['an agreement that is neither true nor false', one({ draft: { agreements: { email: 'yes' } } })],
    ['an object nested in an object', one({ draft: { agreements: { email: { deep: true } } } })],
    ['entries that are not presets', stored({ [SITE]: [null, 7, 'x', [], {}] })],
    ['an object instead of a list', stored({ [SITE]: { 0: made('a') } })],
  ])('with %s are left out', (_what, value) => {
    expect(parsePresets(value)[SITE] ?? []).toEqual([]);
  });

  it('lose only what is damaged', () => {
    const all = stored({ [SITE]: [made('a'), { ...made('b'), draft: 7 }, made('c')], [OTHER]: 'x', 'https://third.example': [made('d')] });
    expect([names(parsePresets(all)), names(parsePresets(all), OTHER), names(parsePresets(all), 'https://third.example')]).toEqual([
      ['a', 'c'],
      [],
      ['d'],
    ]);
  });

  it('may reach the size limit, and no more than the maximum number is read', () => {
    const longest = one({
      name: 'n'.repeat(MAX_NAME),
      draft: { email: 'x'.repeat(10_000), attributes: [...Array(200)].map(() => ({ key: 'k', text: 't' })) },
    });
    expect(parsePresets(longest)[SITE]).toHaveLength(1);
    const many = stored({ [SITE]: [...Array(500).keys()].map((n) => made(`p${n}`)) });
    expect(parsePresets(many)[SITE]).toHaveLength(MAX_PRESETS);
  });

  it('never change a prototype, whatever their keys', () => {
    const text = JSON.stringify(stored({ [SITE]: [made('a')] })).replace(
      '"sites":{',
      '"sites":{"__proto__":[{"name":"x"}],"constructor":[],',
    );
    const all = parsePresets(JSON.parse(text));
    expect(names(all)).toEqual(['a']);
    expect(Object.getPrototypeOf(all)).toBe(Object.prototype);
    const draft = JSON.parse('{"__proto__":{"email":"true"},"email":"e"}') as Draft;
    expect(JSON.stringify(({} as Record<string, unknown>)['email'] ?? null)).toBe('null');
    expect(parsePresets(one({ draft }))[SITE]?.[0]?.draft['email']).toBe('e');
  });

  it('of any shape never throw, and what is read is read back unchanged', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.record({ version: fc.constant(1), sites: fc.dictionary(fc.constant(SITE), fc.anything()) })),
        (value) => {
          const all = parsePresets(value);
          expect(parsePresets(storedPresets(all))).toEqual(all);
        },
      ),
      { seed: 41, numRuns: 300 },
    );
  });
});

describe('a preset', () => {
  const all: Presets = { [SITE]: [made('a'), made('b')], [OTHER]: [made('a')] };

  it('is added at the end, and other sites stay unchanged', () => {
    const next = withPreset(all, SITE, made('c'));
    expect(names(next)).toEqual(['a', 'b', 'c']);
    expect(next[OTHER]).toBe(all[OTHER]);
    expect(names(all)).toEqual(['a', 'b']);
    expect(names(withPreset({}, SITE, made('c')))).toEqual(['c']);
  });

  it('replaces one with the same operation and name, and no other', () => {
    const next = withPreset(all, SITE, made('a', { draft: { email: 'new' } }));
    expect(names(next)).toEqual(['b', 'a']);
    expect(next[SITE]?.at(-1)?.draft).toEqual({ email: 'new' });
    expect(names(withPreset(all, SITE, made('a', { operation: 'registerAccount' })))).toEqual(['a', 'b', 'a']);
    expect(names(withPreset(all, SITE, made('A')))).toEqual(['a', 'b', 'A']);
  });

  const many: Presets = { [SITE]: [...Array(MAX_PRESETS).keys()].map((n) => made(`p${n}`)), [OTHER]: [made('a')] };

  it('is refused when the site has the maximum number, instead of pushing one out', () => {
    expect(() => withPreset(many, SITE, made('new'))).toThrow(TooManyPresets);
    expect(names(withPreset(many, SITE, made('p7', { draft: { email: 'new' } })))).toEqual([
      ...names(many).filter((name) => name !== 'p7'),
      'p7',
    ]);
    expect(names(withPreset(many, OTHER, made('new')), OTHER)).toEqual(['a', 'new']);
    const [, ...rest] = many[SITE] ?? [];
    expect(names(withPreset({ ...many, [SITE]: rest }, SITE, made('new')))).toHaveLength(MAX_PRESETS);
  });

  it('is removed by operation and name; a site without presets is not kept', () => {
    expect(names(withoutPreset(all, SITE, { name: 'a', operation: 'signIn' }))).toEqual(['b']);
    expect(withoutPreset(all, SITE, { name: 'a', operation: 'registerAccount' })).toEqual(all);
    expect(withoutPreset(all, OTHER, { name: 'a', operation: 'signIn' })).toEqual({ [SITE]: all[SITE] });
    expect(withoutPreset(all, 'https://third.example', { name: 'a', operation: 'signIn' })).toEqual(all);
  });
});

describe('a secret', () => {
  const DIALECTS = ['react-native', 'flutter', 'ios', 'android', 'web'] as const;
  const SECRET = 'zq-secret';
  /** A plausible input for an argument; a secret argument contains `SECRET`. */
  const filled = (arg: Argument): fc.Arbitrary<Filled> => {
    switch (arg.type) {
      case 'text':
        return arg.secret ? fc.constantFrom(SECRET, ` ${SECRET}x`) : fc.string({ maxLength: 20 });
      case 'choice':
        return fc.constantFrom(...arg.options);
      case 'flag':
        return fc.boolean();
      case 'tristate':
        return fc.constantFrom('', 'true', 'false');
      case 'tristates':
        return fc.record(Object.fromEntries(arg.of.map((name) => [name, fc.constantFrom('', 'true', 'false')])));
      case 'list':
        return fc.string({ maxLength: 10 });
      case 'map':
        return fc.array(fc.record({ key: fc.string({ maxLength: 10 }), text: fc.string({ maxLength: 10 }) }), { maxLength: 3 });
    }
  };

  it.each(OPERATION_NAMES)('of %s is never stored, and the rest is read back', (operation) => {
    for (const dialect of DIALECTS) {
      const args = argumentsOf(operation, tableOf(dialect)?.bindings[operation]);
      fc.assert(
        fc.property(fc.record(Object.fromEntries(args.map((arg) => [arg.name, filled(arg)]))), (draft: Draft) => {
          const preset: Preset = { name: 'p', operation, draft: withoutSecretFields(args, draft) };
          const text = JSON.stringify(storedPresets(withPreset({}, SITE, preset)));
          expect(text).not.toContain(SECRET);
          const [read] = parsePresets(JSON.parse(text))[SITE] ?? [];
          expect(read).toEqual(preset);
          // Filled into the form again, it makes the same values, except for the secrets.
          const again = { ...draftOf(args), ...fitting(args, read?.draft ?? {}) };
          const open = { ...draft, ...Object.fromEntries(secretsOf(operation).map((name) => [name, ''])) };
          expect(valuesOf(args, again)).toEqual(valuesOf(args, open));
        }),
        { seed: 42, numRuns: 15 },
      );
    }
  });

  it('is marked in the catalog if its name suggests one', () => {
    const suspicious = /password|token|pin|secret|code$|factor/i;
    const open = OPERATION_NAMES.flatMap((operation: OperationName) =>
      argumentsOf(operation, undefined)
        .filter(
          (arg) => arg.type === 'text' && !arg.secret && suspicious.test(arg.name) && arg.name !== 'zipCode' && arg.name !== 'countryCode',
        )
        .map(({ name }) => `${operation} ${name}`),
    );
    expect(open).toEqual([]);
  });
});

// --- the shelf -----------------------------------------------------------------------------------------------------

type Listener = (changes: Record<string, { newValue?: unknown }>) => void;

/** A fake browser storage: values are copied and answers are asynchronous. Several shelves can share it. */
function storage(first?: unknown) {
  const kept = new Map<string, string>(first === undefined ? [] : [[PRESETS_KEY, JSON.stringify(first)]]);
  const listeners: Listener[] = [];
  const state = { full: false, broken: false };
  const read = () => kept.get(PRESETS_KEY);
  return {
    state,
    kept: () => parsePresets(JSON.parse(read() ?? 'null')),
    raw: read,
    tell: (value: unknown, key = PRESETS_KEY) => {
      for (const listener of listeners) listener({ [key]: { newValue: value } });
    },
    storage: {
      get: async (key: string) => {
        await Promise.resolve();
        if (state.broken) throw new Error('No storage.');
        const text = kept.get(key);
        return text === undefined ? {} : { [key]: JSON.parse(text) as unknown };
      },
      set: async (items: Record<string, unknown>) => {
        await Promise.resolve();
        if (state.full) throw new Error('QUOTA_BYTES quota exceeded');
        for (const [key, value] of Object.entries(items)) {
          kept.set(key, JSON.stringify(value));
          for (const listener of listeners) listener({ [key]: { newValue: JSON.parse(JSON.stringify(value)) as unknown } });
        }
      },
      onChanged: { addListener: (listener: Listener) => void listeners.push(listener) },
    },
  };
}
const read = (shelf: ReturnType<typeof presetShelf>, count = 1) => vi.waitFor(() => expect(names(shelf.all.value)).toHaveLength(count));

describe('the shelf', () => {
  it('starts with what is stored, or empty if that cannot be read', async () => {
    const shelf = presetShelf(storage(storedPresets({ [SITE]: [made('a')] })).storage);
    expect(shelf.all.value).toEqual({});
    await read(shelf);
    const broken = storage(storedPresets({ [SITE]: [made('a')] }));
    broken.state.broken = true;
    const none = presetShelf(broken.storage);
    expect(await none.save(SITE, made('b'))).toMatch(/^Couldn’t save the preset/);
    expect(none.all.value).toEqual({});
  });

  it('stores and shows what is saved, and drops what is removed', async () => {
    const made_ = storage();
    const shelf = presetShelf(made_.storage);
    expect(await shelf.save(SITE, made('a', { draft: FULL }))).toBeNull();
    expect(await shelf.save(SITE, made('b'))).toBeNull();
    expect(made_.kept()).toEqual({ [SITE]: [made('a', { draft: FULL }), made('b')] });
    expect(shelf.all.value).toEqual(made_.kept());
    expect(await shelf.remove(SITE, made('a'))).toBeNull();
    expect([names(shelf.all.value), names(made_.kept())]).toEqual([['b'], ['b']]);
  });

  it('keeps what another panel saved meanwhile', async () => {
    const shared = storage();
    const [mine, theirs] = [presetShelf(shared.storage), presetShelf(shared.storage)];
    await theirs.save(SITE, made('theirs'));
    await mine.save(SITE, made('mine'));
    expect(names(shared.kept())).toEqual(['theirs', 'mine']);
    await vi.waitFor(() => expect(names(theirs.all.value)).toEqual(['theirs', 'mine']));
  });

  it('keeps both of two presets saved at the same time', async () => {
    const made_ = storage();
    const shelf = presetShelf(made_.storage);
    await Promise.all([shelf.save(SITE, made('a')), shelf.save(SITE, made('b'))]);
    expect(names(made_.kept()).sort()).toEqual(['a', 'b']);
    await Promise.all([shelf.remove(SITE, made('a')), shelf.remove(SITE, made('b'))]);
    expect(made_.kept()).toEqual({});
  });

  it('follows changes of its own storage key only', async () => {
    const made_ = storage(storedPresets({ [SITE]: [made('a')] }));
    const shelf = presetShelf(made_.storage);
    await read(shelf);
    made_.tell(storedPresets({ [SITE]: [made('b'), made('c')] }), 'settings');
    expect(names(shelf.all.value)).toEqual(['a']);
    made_.tell(storedPresets({ [SITE]: [made('b'), made('c')] }));
    await vi.waitFor(() => expect(names(shelf.all.value)).toEqual(['b', 'c']));
    made_.tell(undefined);
    await vi.waitFor(() => expect(shelf.all.value).toEqual({}));
  });

  it('reports why it could not save, and keeps and shows what was there', async () => {
    const made_ = storage(storedPresets({ [SITE]: [made('a')] }));
    const shelf = presetShelf(made_.storage);
    await read(shelf);
    made_.state.full = true;
    expect(await shelf.save(SITE, made('b'))).toMatch(/^Couldn’t save the preset: .*\.$/);
    expect(await shelf.remove(SITE, made('a'))).toMatch(/^Couldn’t save the preset: .*\.$/);
    expect([names(shelf.all.value), names(made_.kept())]).toEqual([['a'], ['a']]);
    made_.state.full = false;
    expect(await shelf.save(SITE, made('b'))).toBeNull();
    expect(names(made_.kept())).toEqual(['a', 'b']);
  });

  it('reports that it could not save if the schema is gone after an update', async () => {
    vi.resetModules();
    vi.doMock('@/lib/forms/presets', () => {
      throw new Error('Failed to fetch dynamically imported module');
    });
    onTestFinished(() => {
      vi.doUnmock('@/lib/forms/presets');
      vi.resetModules();
    });
    const { presetShelf: shelfOf } = await import('@/lib/forms/preset-shelf');
    const made_ = storage(storedPresets({ [SITE]: [made('a')] }));
    const shelf = shelfOf(made_.storage);
    expect(await shelf.save(SITE, made('c'))).toMatch(/^Couldn’t save the preset: .*\.$/);
    expect(names(made_.kept())).toEqual(['a']);
  });

  it('reports that a site is full, keeps its presets, and accepts one more after one is removed', async () => {
    const made_ = storage(storedPresets({ [SITE]: [...Array(MAX_PRESETS).keys()].map((n) => made(`p${n}`)) }));
    const shelf = presetShelf(made_.storage);
    expect(await shelf.save(SITE, made('new'))).toMatch(/^Limit of 50 presets per site reached\. Remove one first\.$/);
    expect(names(made_.kept())).toHaveLength(MAX_PRESETS);
    expect(await shelf.remove(SITE, made('p0'))).toBeNull();
    expect(await shelf.save(SITE, made('new'))).toBeNull();
    expect(names(made_.kept()).at(-1)).toBe('new');
  });

  it('overwrites what is damaged in the storage', async () => {
    const made_ = storage({ version: 1, sites: { [SITE]: 'x', [OTHER]: [made('o')] } });
    const shelf = presetShelf(made_.storage);
    await shelf.save(SITE, made('a'));
    expect([names(made_.kept()), names(made_.kept(), OTHER)]).toEqual([['a'], ['o']]);
  });
});
