import { describe, expect, it } from 'vitest';
import { NO_SETTINGS, PATH_PATTERN, parseSettings, SETTINGS_VERSION, type Settings, withPlaces } from '@/lib/settings';

const SITE = 'https://shop.example';
const PLACE = { path: 'app.services.synerise', dialect: 'web' } as const;
const stored = (over: Record<string, unknown> = {}) => ({ version: SETTINGS_VERSION, places: { [SITE]: [PLACE] }, ...over });
const at = (path: unknown, dialect: unknown = 'web') => stored({ places: { [SITE]: [{ path, dialect }] } });

describe('parseSettings', () => {
  it('gives back what was stored, through JSON too', () => {
    expect(parseSettings(stored())).toEqual(stored());
    expect(parseSettings(JSON.parse(JSON.stringify(stored())))).toEqual(stored());
    expect(parseSettings(NO_SETTINGS)).toEqual(NO_SETTINGS);
  });

  it.each(['SR', '$', '_', 'a', 'a.b.c', 'a.0', '$a._b.c1', 'été.ключ', 'x'.repeat(200)])('takes the path %s', (path) => {
    expect(parseSettings(at(path))).toEqual(at(path));
  });

  // What a path could mean in `lib/sdk/path.ts` beside members: a call, a start, an alternative.
  it.each([
    '',
    ' ',
    'a b',
    ' a',
    'a ',
    'a\n',
    '.a',
    'a.',
    'a..b',
    '1a',
    '0',
    'a()',
    'alert()',
    'a.b()',
    '^a',
    'a.^b',
    'a|b',
    'a[0]',
    'a["b"]',
    'a-b',
    'a;b',
    'a=b',
    'a/b',
    '`a`',
    'a\u200b',
    'x'.repeat(201),
    5,
    null,
    undefined,
    {},
    ['a'],
  ])('takes no path %j', (path) => {
    expect(parseSettings(at(path))).toEqual(NO_SETTINGS);
  });

  const rows: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['text', '{}'],
    ['a list', []],
    ['no version', stored({ version: undefined })],
    ['an older version', stored({ version: SETTINGS_VERSION - 1 })],
    ['a newer version', stored({ version: SETTINGS_VERSION + 1 })],
    ['a version as text', stored({ version: String(SETTINGS_VERSION) })],
    ['no places', stored({ places: undefined })],
    ['places as a list', stored({ places: [PLACE] })],
    ['places of a site as an object', stored({ places: { [SITE]: PLACE } })],
    ['a place that is null', stored({ places: { [SITE]: [null] } })],
    ['an unknown dialect', at('SR', 'cobol')],
    ['a dialect of a prototype', at('SR', 'constructor')],
    ['no dialect', at('SR', null)],
  ];
  it.each(rows)('makes nothing of %s', (_name, value) => {
    expect(parseSettings(value)).toEqual(NO_SETTINGS);
  });

  it('drops what it does not know', () => {
    expect(parseSettings({ ...stored({ places: { [SITE]: [{ ...PLACE, extra: 1 }] } }), extra: 1 })).toEqual(stored());
  });

  it('reaches no prototype', () => {
    const text = `{"version":${SETTINGS_VERSION},"places":{"__proto__":[{"path":"SR","dialect":"web"}]},"__proto__":{"polluted":1}}`;
    const { places } = parseSettings(JSON.parse(text));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(places) === null || Object.getPrototypeOf(places) === Object.prototype).toBe(true);
  });

  it('the pattern is for one path at a time', () => {
    expect([PATH_PATTERN.test('a.b'), PATH_PATTERN.test('a.b'), PATH_PATTERN.global, PATH_PATTERN.sticky]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('withPlaces', () => {
  const settings = stored() as Settings;
  const OTHER = 'https://other.example';

  it('sets the places of one site, and leaves the others', () => {
    expect(withPlaces(settings, OTHER, [PLACE]).places).toEqual({ [SITE]: [PLACE], [OTHER]: [PLACE] });
    expect(withPlaces(settings, SITE, [PLACE, PLACE]).places).toEqual({ [SITE]: [PLACE, PLACE] });
    expect(settings).toEqual(stored());
  });

  it('keeps nothing of a site without places', () => {
    expect(withPlaces(settings, SITE, [])).toEqual(NO_SETTINGS);
    expect(withPlaces(settings, OTHER, [])).toEqual(settings);
  });

  it('is read again just so', () => {
    expect(parseSettings(withPlaces(settings, OTHER, [PLACE]))).toEqual(withPlaces(settings, OTHER, [PLACE]));
  });
});

it('keeps what is readable beside what is not', () => {
  const good = { path: 'app.sdk', dialect: 'web' };
  const places = {
    'https://a.example': [good, { path: 'x'.repeat(201), dialect: 'web' }, null],
    'https://b.example': [good],
    'https://c.example': [5],
  };
  expect(parseSettings({ version: 1, places }).places).toEqual({ 'https://a.example': [good], 'https://b.example': [good] });
});
