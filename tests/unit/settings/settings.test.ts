import { describe, expect, it } from 'vitest';
import {
  DEADLINE,
  exportSettings,
  importSettings,
  LEAD,
  MAX_PLACES,
  NO_SETTINGS,
  NO_SITE,
  PATH_PATTERN,
  parseSettings,
  policyOf,
  SETTINGS_VERSION,
  type Settings,
  type SiteSettings,
  siteSettings,
  withSite,
} from '@/lib/settings/settings';

const SITE = 'https://shop.example';
const PLACE = { path: 'app.services.synerise', dialect: 'web' } as const;
/** Stored settings with a place for one site. */
const stored = (over: Record<string, unknown> = {}) => ({ ...NO_SETTINGS, sites: { [SITE]: { ...NO_SITE, places: [PLACE] } }, ...over });
const withPlaces = (places: unknown) => stored({ sites: { [SITE]: { ...NO_SITE, places } } });
const at = (path: unknown, dialect: unknown = 'web') => withPlaces([{ path, dialect }]);
/** A site with default settings only. */
const BARE = stored({ sites: { [SITE]: NO_SITE } });

describe('parseSettings', () => {
  it('returns what was stored, also through JSON', () => {
    expect(parseSettings(stored())).toEqual(stored());
    expect(parseSettings(JSON.parse(JSON.stringify(stored())))).toEqual(stored());
    expect(parseSettings(NO_SETTINGS)).toEqual(NO_SETTINGS);
  });

  it.each(['SR', '$', '_', 'a', 'a.b.c', 'a.0', '$a._b.c1', 'été.ключ', 'x'.repeat(200)])('accepts the path %s', (path) => {
    expect(parseSettings(at(path))).toEqual(at(path));
  });

  // Includes what `lib/page/path.ts` supports besides members: calls, a start at the page (`^`), alternatives (`|`).
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
  ])('rejects the path %j', (path) => {
    expect(parseSettings(at(path))).toEqual(BARE);
  });

  const rows: [string, unknown][] = [
    ['undefined', undefined],
    ['null', null],
    ['a string', '{}'],
    ['an array', []],
    ['no version', stored({ version: undefined })],
    ['a version before the first', stored({ version: 0 })],
    ['a newer version', stored({ version: SETTINGS_VERSION + 1 })],
    ['a fractional version', stored({ version: 1.5 })],
    ['a version as a string', stored({ version: String(SETTINGS_VERSION) })],
    ['no sites', stored({ sites: undefined })],
    ['sites as an array', stored({ sites: [PLACE] })],
    ['a site that is null', stored({ sites: { [SITE]: null } })],
    ['a site that is a string', stored({ sites: { [SITE]: 'x' } })],
    ['a site that is not an origin', stored({ sites: { 'shop.example': NO_SITE } })],
    ['a site with a path', stored({ sites: { [`${SITE}/cart`]: { ...NO_SITE, autoRefresh: true } } })],
    ['a browser page as a site', stored({ sites: { 'chrome://settings': { ...NO_SITE, autoRefresh: true } } })],
  ];
  it.each(rows)('returns the defaults for %s', (_name, value) => {
    expect(parseSettings(value)).toEqual(NO_SETTINGS);
  });

  const noPlaces: [string, unknown][] = [
    ['places as an object', withPlaces(PLACE)],
    ['no places', withPlaces(undefined)],
    ['a place that is null', withPlaces([null])],
    ['an unknown dialect', at('SR', 'cobol')],
    ['a dialect named like a prototype member', at('SR', 'constructor')],
    ['no dialect', at('SR', null)],
  ];
  it.each(noPlaces)('drops %s and keeps the rest of the site', (_name, value) => {
    expect(parseSettings(value)).toEqual(BARE);
  });

  it.each([
    ['lead', LEAD.least, true],
    ['lead', LEAD.most, true],
    ['lead', LEAD.least - 1, false],
    ['lead', LEAD.most + 1, false],
    ['lead', 60_000.5, false],
    ['lead', '60000', false],
    ['lead', Number.NaN, false],
    ['autoRefresh', true, true],
    ['autoRefresh', 'yes', false],
    ['notify', true, true],
    ['notify', 1, false],
  ])('%s of %j: accepted %j, otherwise the default', (field, value, taken) => {
    const parsed = parseSettings(stored({ sites: { [SITE]: { ...NO_SITE, [field]: value } } }));
    expect(parsed.sites[SITE]).toEqual(taken ? { ...NO_SITE, [field]: value } : NO_SITE);
  });

  it.each([
    ['deadline', DEADLINE.least, true],
    ['deadline', DEADLINE.most, true],
    ['deadline', DEADLINE.least - 1, false],
    ['deadline', DEADLINE.most + 1, false],
    ['deadline', null, false],
    ['theme', 'dark', true],
    ['theme', 'sepia', false],
  ])('%s of %j: accepted %j, otherwise the default', (field, value, taken) => {
    expect(parseSettings(stored({ [field]: value }))).toEqual(taken ? stored({ [field]: value }) : stored());
  });

  it('migrates the places of version 1, with defaults for the rest', () => {
    expect(parseSettings({ version: 1, places: { [SITE]: [PLACE] } })).toEqual(stored());
    expect(parseSettings({ version: 1, places: {} })).toEqual(NO_SETTINGS);
    for (const places of [undefined, null, 5, 'x', [PLACE]]) expect(parseSettings({ version: 1, places })).toEqual(NO_SETTINGS);
  });

  it('keeps at most the maximum number of places of a site', () => {
    expect(parseSettings(withPlaces(Array(MAX_PLACES + 5).fill(PLACE))).sites[SITE]?.places).toHaveLength(MAX_PLACES);
  });

  it('drops unknown fields', () => {
    expect(parseSettings({ ...withPlaces([{ ...PLACE, extra: 1 }]), extra: 1 })).toEqual(stored());
    expect(parseSettings(stored({ sites: { [SITE]: { ...NO_SITE, places: [PLACE], extra: 1 } } }))).toEqual(stored());
  });

  it.each(['sites', 'places'])('never changes a prototype through %s', (by) => {
    const version = by === 'places' ? 1 : SETTINGS_VERSION;
    const text = `{"version":${version},"${by}":{"__proto__":[{"path":"SR","dialect":"web"}]},"__proto__":{"polluted":1}}`;
    const { sites } = parseSettings(JSON.parse(text));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(sites) === null || Object.getPrototypeOf(sites) === Object.prototype).toBe(true);
  });

  it('PATH_PATTERN keeps no state between tests', () => {
    expect([PATH_PATTERN.test('a.b'), PATH_PATTERN.test('a.b'), PATH_PATTERN.global, PATH_PATTERN.sticky]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('withSite', () => {
  const settings = stored() as Settings;
  const OTHER = 'https://other.example';

  it('changes the given settings of one site, and leaves the rest and other sites unchanged', () => {
    expect(withSite(settings, OTHER, { places: [PLACE] }).sites).toEqual({ ...settings.sites, [OTHER]: { ...NO_SITE, places: [PLACE] } });
    expect(withSite(settings, SITE, { autoRefresh: true }).sites).toEqual({ [SITE]: { ...NO_SITE, places: [PLACE], autoRefresh: true } });
    expect(settings).toEqual(stored());
  });

  it('removes a site that has only default settings', () => {
    expect(withSite(settings, SITE, { places: [] })).toEqual(NO_SETTINGS);
    expect(withSite(settings, OTHER, { places: [] })).toEqual(settings);
    const on = withSite(settings, OTHER, { autoRefresh: true, lead: 90_000 });
    expect(withSite(on, OTHER, { lead: NO_SITE.lead, autoRefresh: false })).toEqual(settings);
  });

  it('returns settings that are read back unchanged', () => {
    const made = withSite(settings, OTHER, { places: [PLACE], notify: true });
    expect(parseSettings(made)).toEqual(made);
  });
});

it('settings of version 2, which had no muted rules, are accepted', () => {
  const { muted: _, ...before } = { ...NO_SITE, lead: 90_000 };
  const kept = parseSettings({ ...NO_SETTINGS, version: 2, sites: { [SITE]: before } });
  expect(kept.sites[SITE]).toEqual({ ...NO_SITE, lead: 90_000 });
  expect(importSettings(JSON.stringify({ ...NO_SETTINGS, version: 2, sites: { [SITE]: before } }))).toEqual({ settings: kept });
});

it('muted rules of a site are kept, and invalid rule ids are dropped', () => {
  const muted = (ids: unknown) => parseSettings(stored({ sites: { [SITE]: { ...NO_SITE, lead: 90_000, muted: ids } } })).sites[SITE]?.muted;
  expect(muted(['token-expired', 'uuid-churn'])).toEqual(['token-expired', 'uuid-churn']);
  expect(muted(['<script>'])).toEqual([]);
});

it('a site without its own settings has the defaults', () => {
  expect(siteSettings(stored() as Settings, 'https://other.example')).toEqual(NO_SITE);
  expect(policyOf({ ...(stored({ deadline: 5000 }) as Settings) }, SITE)).toEqual({
    lead: NO_SITE.lead,
    autoRefresh: false,
    notify: false,
    deadline: 5000,
    muted: [],
  });
});

describe('a settings file', () => {
  const whole = stored({ theme: 'dark', deadline: 20_000 }) as Settings;
  const file = (value: unknown) => JSON.stringify(value);

  it('is read back as it was written', () => {
    expect(importSettings(exportSettings(whole))).toEqual({ settings: whole });
    expect(exportSettings(whole)).not.toMatch(/eyJ/);
  });

  it('of version 1 is migrated', () => {
    expect(importSettings(file({ version: 1, places: { [SITE]: [PLACE] } }))).toEqual({ settings: stored() });
  });

  const site = (over: Partial<Record<keyof SiteSettings, unknown>>) => ({ ...whole, sites: { [SITE]: { ...NO_SITE, ...over } } });
  it.each([
    ['invalid JSON', '{', /Not valid JSON/],
    ['no content', '', /Not valid JSON/],
    ['null', 'null', /Not a settings file/],
    ['no version', file({ sites: {} }), /Not a settings file/],
    ['a newer version', file({ ...whole, version: SETTINGS_VERSION + 1 }), /version 4 .* \(1 to 3\)/],
    ['version 0', file({ ...whole, version: 0 }), /version 0/],
    ['a negative version', file({ ...whole, version: -1e15 }), /version -1/],
    ['a fractional version', file({ ...whole, version: 1.5 }), /version 1.5/],
    ['a lead out of range', file(site({ lead: 1 })), /at sites → https:\/\/shop.example → lead/],
    ['a path with a call', file(site({ places: [{ path: 'alert()', dialect: 'web' }] })), /→ path/],
    ['too many places', file(site({ places: Array(MAX_PLACES + 1).fill(PLACE) })), /→ places/],
    ['an unknown field', file({ ...whole, token: 'x' }), /Invalid settings/],
    ['a site that is not an origin', file({ ...whole, sites: { 'shop.example': NO_SITE } }), /Invalid settings/],
    ['a place without a dialect', file({ version: 1, places: { [SITE]: [{ path: 'SR' }] } }), /→ dialect/],
  ])('with %s is rejected as a whole, with a sentence', (_name, text, words) => {
    const read = importSettings(text);
    expect(read).toEqual({ problem: expect.stringMatching(words) as string });
    expect((read as { problem: string }).problem).toMatch(/\.$/);
  });
});

it('keeps valid places next to invalid ones', () => {
  const good = { path: 'app.sdk', dialect: 'web' } as const;
  const places = {
    'https://a.example': [good, { path: 'x'.repeat(201), dialect: 'web' }, null],
    'https://b.example': [good],
    'https://c.example': [5],
  };
  const read = parseSettings({ version: 1, places });
  expect(Object.entries(read.sites).map(([site, { places: all }]) => [site, all])).toEqual([
    ['https://a.example', [good]],
    ['https://b.example', [good]],
    ['https://c.example', []],
  ]);
});
