import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cookieNotes, fieldOf, instantOfField, isCookieOf, parseCookie, type SnrsCookie } from '@/lib/web/cookies';
import { anyChar } from '../any-char';

/** The value of a cookie as it was read. The parser must lose nothing. */
function printCookie({ raw, form, encoded, fields }: SnrsCookie): string {
  // JSON can be written in many ways: only the original text is certain to be identical.
  if (form === 'json') return raw;
  const text =
    form === 'text' ? (fields[0]?.value ?? '') : fields.map(({ key, value }) => (value === null ? key : `${key}:${value}`)).join('&');
  return encoded ? encodeURIComponent(text) : text;
}

/** Facts §3.8: cookies of live sites, with invented UUIDs. */
const SAMPLES = {
  S1: '_snrs_sa=ssuid:6513270e-269e-4d37-b2a7-4de452e6b438&appear:1521706391&sessionVisits:2; _snrs_sb=ssuid:6513270e-269e-4d37-b2a7-4de452e6b438&leaves:1521706392; _snrs_p=host:brand24.com&permUuid:d23f0824-128b-4f33-8c5c-7fd0a6a3a450&uuid:d23f0824-128b-4f33-8c5c-7fd0a6a3a450&emailHash:&user_hash:&init:1521706391&last:1521706391&current:1521706391&uniqueVisits:1&allVisits:1; _snrs_uuid=d23f0824-128b-4f33-8c5c-7fd0a6a3a450; _snrs_puuid=d23f0824-128b-4f33-8c5c-7fd0a6a3a450',
  S3: '_snrs_uuid=36f675cc-81e7-4ef5-a8e2-5d940ed90475; _snrs_puuid=36f675cc-81e7-4ef5-a8e2-5d940ed90475; _snrs_sa=ssuid:6b0d549b-6f03-475a-9600-a35a099950d8&appear:1587910063&sessionVisits:7; _snrs_sb=ssuid:6b0d549b-6f03-475a-9600-a35a099950d8&leaves:1587910185; _snrs_p=host:www.leroymerlin.pl&permUuid:36f675cc-81e7-4ef5-a8e2-5d940ed90475&uuid:36f675cc-81e7-4ef5-a8e2-5d940ed90475&emailHash:&user_hash:&init:1582548472&last:1587910063.501&current:1587910185&uniqueVisits:15&allVisits:396',
  S6: '_snrs_uuid=0cb1e29c-658c-4a14-95e6-0af593bd04cf; _snrs_puuid=0cb1e29c-658c-4a14-95e6-0af593bd04cf; _snrs_sa=ssuid:8e81973e-0bec-47b0-b898-d190f9ebdacc&appear:1631129025&sessionVisits:8; _snrs_sb=ssuid:8e81973e-0bec-47b0-b898-d190f9ebdacc&leaves:1631129214; _snrs_p=host:nbsklep.pl&permUuid:0cb1e29c-658c-4a14-95e6-0af593bd04cf&uuid:0cb1e29c-658c-4a14-95e6-0af593bd04cf&identityHash:&user_hash:&init:1631129025&last:1631129025&current:1631129214&uniqueVisits:1&allVisits:3',
  S8: '_snrs_sb=ssuid:ae97ba94-d0ed-482f-8f6d-05584ef8aa38&leaves:1693384058; _snrs_sa=ssuid:ae97ba94-d0ed-482f-8f6d-05584ef8aa38&appear:1693384057&sessionVisits:1; _snrs_p=host:www.mediaexpert.pl&permUuid:923a7369-94e3-4f91-9a61-dbe22e44158b&uuid:923a7369-94e3-4f91-9a61-dbe22e44158b&identityHash:&user_hash:&init:1693384058&last:1693384058&current:1693384058&uniqueVisits:1&allVisits:1; _snrs_uuid=923a7369-94e3-4f91-9a61-dbe22e44158b; _snrs_puuid=923a7369-94e3-4f91-9a61-dbe22e44158b; _snrs_cid=0; _snrs_dc_views_sd_18f135d2-5f55-4203-b018-50c5a38fd547=1',
  S11: '_snrs_uuid=c6f87718-6d76-407e-881e-d162ae2eb154; _snrs_puuid=c6f87718-6d76-407e-881e-d162ae2eb154; _snrs_sa=ssuid:ec66a787-95e7-41d1-b731-af10506bf2ef&appear:1744991953&sessionVisits:3; _snrs_sb=ssuid:ec66a787-95e7-41d1-b731-af10506bf2ef&leaves:1744992219; _snrs_p=host:www.orange.pl&permUuid:c6f87718-6d76-407e-881e-d162ae2eb154&uuid:c6f87718-6d76-407e-881e-d162ae2eb154&identityHash:&user_hash:&init:1744813657&last:1744991954.016&current:1744992219&uniqueVisits:2&allVisits:7&globalControlGroup:false',
};
const UUID = 'd23f0824-128b-4f33-8c5c-7fd0a6a3a450';
const OTHER = '0cb1e29c-658c-4a14-95e6-0af593bd04cf';

const read = (header: string) => header.split('; ').map(parseCookie);
const notes = (header: string, uuid: string | null = null, seen?: Parameters<typeof cookieNotes>[2]) =>
  cookieNotes(read(header), uuid, seen).map(({ text }) => text);

describe('cookies of live sites', () => {
  it.each(Object.entries(SAMPLES))('%s is read completely and printed unchanged', (_name, header) => {
    const cookies = read(header);
    expect(cookies.map((cookie) => `${cookie.name}=${printCookie(cookie)}`).join('; ')).toBe(header);
    expect(fieldOf(cookies, '_snrs_p', 'uuid')).toBe(fieldOf(cookies, '_snrs_uuid'));
    expect(fieldOf(cookies, '_snrs_p', 'identityHash', 'emailHash')).toBe('');
  });

  it.each([
    [
      'S1',
      [
        '_snrs_p has emailHash, the legacy name of identityHash.',
        'More pages in this visit (2) than in total (1): counted separately by the SDK.',
      ],
    ],
    ['S6', ['More pages in this visit (8) than in total (3): counted separately by the SDK.']],
    ['S8', []],
    ['S11', []],
  ] as const)('%s gets only the expected notes', (name, expected) => {
    expect(notes(SAMPLES[name]).sort()).toEqual([...expected].sort());
  });

  it('reads times in seconds, with or without a fraction, and nothing else as a time', () => {
    expect(instantOfField({ key: 'last', value: '1587910063.501' })).toBe(1587910063501);
    expect(instantOfField({ key: 'init', value: '1521706391' })).toBe(1521706391000);
    for (const value of ['undefined', '', '-1', '1e9', '999999999999999', ' 1', null])
      expect(instantOfField({ key: 'init', value })).toBeNull();
    expect(instantOfField({ key: 'allVisits', value: '1521706391' })).toBeNull();
  });
});

describe('unusual cookies', () => {
  it('keeps text after a second colon, unknown keys, and parts without a colon', () => {
    const { fields } = parseCookie('_snrs_p=host:localhost:8080&new:1&bare&:x&a:');
    expect(fields).toEqual([
      { key: 'host', value: 'localhost:8080' },
      { key: 'new', value: '1' },
      { key: 'bare', value: null },
      { key: '', value: 'x' },
      { key: 'a', value: '' },
    ]);
  });

  it('reads the parameters as JSON, plain, with escaped quotes, or percent-encoded', () => {
    const expected = [
      { key: 'snrs_cl', value: UUID },
      { key: 'n', value: '1' },
    ];
    const json = `{"snrs_cl":"${UUID}","n":1}`;
    for (const text of [json, json.replaceAll('"', '\\"'), encodeURIComponent(json)])
      expect(parseCookie(`_snrs_params=${text}`)).toMatchObject({ form: 'json', fields: expected, raw: text });
    expect(parseCookie('_snrs_params=[1]').form).toBe('text');
    expect(notes('_snrs_params={broken').join()).toContain('_snrs_params isn’t valid JSON');
  });

  it('reads UUID and identity hash for the next init, including a negative hash', () => {
    expect(parseCookie(`_snrs_reset_uuid_and_identity_hash=${UUID}:-374943845`).fields).toEqual([{ key: UUID, value: '-374943845' }]);
  });

  it('decodes only what encodes back to itself', () => {
    const pairs = 'host:a&uuid:b';
    expect(parseCookie(`_snrs_p=${encodeURIComponent(pairs)}`)).toMatchObject({
      encoded: true,
      fields: [{ key: 'host' }, { key: 'uuid' }],
    });
    // Lowercase escapes would not be restored.
    expect(parseCookie('_snrs_p=host%3aa')).toMatchObject({ encoded: false, fields: [{ key: 'host%3aa', value: null }] });
    expect(parseCookie('_snrs_p=%E0%A4%A').encoded).toBe(false);
  });

  it.each([
    [`_snrs_uuid=${UUID}; _snrs_uuid=${OTHER}`, UUID, 'Duplicate _snrs_uuid with different values'],
    [`_snrs_uuid=${UUID}; _snrs_uuid=${UUID}`, UUID, 'Duplicate _snrs_uuid (2×'],
    [`_snrs_uuid=${UUID}`, OTHER, `_snrs_uuid is ${UUID} but the SDK uses ${OTHER}.`],
    ['_snrs_uuid=none', null, '_snrs_uuid isn’t a valid UUID'],
    [`_snrs_uuid=${UUID}; _snrs_p=uuid:${OTHER}`, null, 'reset in progress or interrupted'],
    [`_snrs_puuid=${UUID}; _snrs_p=permUuid:${OTHER}`, null, '_snrs_puuid ≠ _snrs_p.permUuid'],
    [`_snrs_uuid=${UUID}; _snrs_puuid=${OTHER}`, null, '_snrs_puuid is the first one'],
    ['_snrs_p=init:undefined', null, '_snrs_p.init is "undefined"'],
    ['_snrs_sa=ssuid:a; _snrs_sb=ssuid:b', null, 'belong to different visits'],
    [`_snrs_reset_uuid=${UUID}`, null, '_snrs_reset_uuid is applied at the next SDK init'],
    [`_snrs_reset_uuid_and_identity_hash=${UUID}:1`, null, '_snrs_reset_uuid_and_identity_hash is applied at the next SDK init'],
  ])('%s: %s', (header, uuid, words) => {
    expect(notes(header, uuid).join('\n')).toContain(words);
    expect(notes(`_snrs_uuid=${UUID}; _snrs_puuid=${UUID}; _snrs_p=uuid:${UUID}&permUuid:${UUID}`, UUID)).toEqual([]);
  });

  it('lists cookies it cannot read, without calling them missing', () => {
    expect(notes(`_snrs_uuid=${UUID}`).join()).toContain('Not visible to script: _snrs_puuid, _snrs_p ');
    const seen = [{ name: '_snrs_p', httpOnly: true, domain: '.shop.example', path: '/' }];
    const known = notes(`_snrs_uuid=${UUID}; _snrs_puuid=${UUID}`, UUID, { set: seen, jar: null });
    expect(known).toEqual(['_snrs_p is HttpOnly (set by a server for .shop.example on /): not accessible to script.']);
    // With the browser's cookie jar, a missing cookie is certain.
    expect(notes(`_snrs_uuid=${UUID}`, UUID, { set: [], jar: [{ name: '_snrs_puuid', httpOnly: false }] })).toEqual(['Missing: _snrs_p.']);
  });
});

it.each([
  ['https://shop.example', { host: 'shop.example' }, true],
  ['https://shop.example', { host: 'other.example' }, false],
  ['https://www.shop.example', { host: 'cdn.shop.example', domain: '.shop.example' }, true],
  ['https://www.shop.example', { host: 'cdn.shop.example', domain: 'cdn.shop.example' }, false],
  ['https://myshop.example', { host: 'shop.example', domain: 'shop.example' }, false],
  ['https://shop.example', { host: 'shop.example', expiresAt: 999 }, false],
  ['https://shop.example', { host: 'shop.example', expiresAt: 1001 }, true],
  ['https://shop.example', { host: 'shop.example', expiresAt: null }, true],
])('a cookie set by a server belongs to %s: %j %s', (origin, cookie, its) => {
  expect(isCookieOf({ name: '_snrs_x', httpOnly: true, ...cookie }, origin, 1000)).toBe(its);
});

describe('any text', () => {
  const name = fc.constantFrom(
    '_snrs_p',
    '_snrs_sa',
    '_snrs_sb',
    '_snrs_uuid',
    '_snrs_params',
    '_snrs_reset_uuid_and_identity_hash',
    '_snrs_x',
  );
  const value = fc.oneof(
    fc.string(),
    fc.array(fc.tuple(fc.string(), fc.string())).map((pairs) => pairs.map(([key, text]) => `${key}:${text}`).join('&')),
    fc.string().map(encodeURIComponent),
    fc.json(),
  );

  it('is printed exactly as it was read', () => {
    fc.assert(fc.property(name, value, (key, text) => printCookie(parseCookie(`${key}=${text}`)) === text));
  });

  it('never makes the parser throw', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: anyChar })), fc.option(fc.string()), (pairs, uuid) => {
        cookieNotes(pairs.map(parseCookie), uuid);
      }),
    );
  });
});
