// Comparing two moments: everything known of a session, and what its entries say about an earlier moment.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, type Difference, type Fields, fieldsAt, fieldsOf } from '@/lib/report/compare';
import { NO_SECRECY, SECRET_KINDS, type Secrecy, type SecretKind, untold, type Way } from '@/lib/report/secrecy';
import type { HistoryEntry } from '@/lib/session/history/history';
import {
  absent,
  documentEntry,
  EMAIL,
  identityEntry,
  type Loose,
  NOW,
  native,
  numbered,
  OTHER_UUID,
  signedIn,
  storage,
  tokenEntry,
  UUID,
  uuidEntry,
  WEB_UUID,
  web,
} from '../diagnostics/make';
import { MINUTE, ORIGIN, T0 } from '../fakes/make';

const iso = (at: number): string => new Date(at).toISOString();
const told = ({ values }: Fields): Record<string, string> => Object.fromEntries(values);
const at = (entries: readonly Loose[], moment: number, nth = 0) => told(fieldsAt(numbered(entries), { at: moment, nth }));
const rowsOf = (left: Fields, right: Fields): Record<string, Difference['state']> =>
  Object.fromEntries(compare(left, right).map(({ field, state }) => [field, state]));
const fields = (values: Record<string, string>, whole = true): Fields => ({
  values: new Map(Object.entries(values)),
  // A field without a colon is its own group.
  whole: new Set(whole ? ['a', 'b', 'c', '__proto__', ...Object.keys(values).map((name) => name.split(':')[0] ?? '')] : []),
});

describe('fieldsOf', () => {
  it('lists page, SDK, customer and token', () => {
    expect(told(fieldsOf(signedIn({ session: { page: { path: '/cart?a=1' }, history: { previousUuid: OTHER_UUID } } })))).toMatchObject({
      'Page: site': ORIGIN,
      'Page: URL': '/cart?a=1',
      'SDK: dialect': 'React Native',
      'SDK: place': 'Synerise.Client',
      'SDK: version': '1.5.0',
      'Customer: identity': 'signed-in',
      'Customer: UUID': UUID,
      'Customer: previous UUID': OTHER_UUID,
      'Customer: doNotTrack': 'false',
      'Token: origin': 'SYNERISE',
      'Token: realm': 'client',
      'Token: created': iso(T0),
      'Token: expires': iso(NOW + 50 * MINUTE),
      'Token: header alg': 'RS512',
      'Token: claim uuid': UUID,
      'Token: claim exp': String((NOW + 50 * MINUTE) / 1000),
    });
  });

  it('never contains the token itself', () => {
    const one = signedIn();
    expect(one.token?.raw).toMatch(/^eyJ/);
    expect(JSON.stringify(told(fieldsOf(one)))).not.toContain(one.token?.raw?.split('.')[2] ?? '-');
  });

  it('has only the fingerprint "none" if there is no token', () => {
    const { 'Token: fingerprint': fingerprint, ...rest } = told(fieldsOf(native({ token: null })));
    expect(fingerprint).toBe('none');
    expect(Object.keys(rest).filter((name) => name.startsWith('Token:'))).toEqual([]);
  });

  it('says so if the token cannot be decoded or read', () => {
    const trouble = { kind: 'sdk', message: 'The SDK gave an error.' } as const;
    expect(told(fieldsOf(native({ token: { trouble } })))['Token: error']).toBe('The SDK gave an error.');
    const opaque = native({ token: { says: { raw: 'no-jwt', expiresAt: null } } });
    expect(told(fieldsOf(opaque))).toMatchObject({ 'Token: created': 'unknown', 'Token: expires': 'unknown' });
  });

  it('has no customer fields without a customer', () => {
    const names = Object.keys(told(fieldsOf(absent(null))));
    expect(names).toEqual(['Page: site', 'Page: URL', 'Customer: identity']);
  });

  it('lists cookies field by field, and numbers repeated names', () => {
    const cookies = ['_snrs_uuid=a', '_snrs_p=host:x&uuid:a', '_snrs_uuid=b', '_snrs_p=uuid:b', '_snrs_uuid=c', 'bare', '_snrs_p=nocolon'];
    const all = Object.entries(told(fieldsOf(web({ customer: { cookies } })))).filter(([name]) => name.startsWith('Cookies:'));
    expect(all).toEqual([
      ['Cookies: _snrs_uuid', 'a'],
      ['Cookies: _snrs_p host', 'x'],
      ['Cookies: _snrs_p uuid', 'a'],
      ['Cookies: _snrs_uuid (2)', 'b'],
      ['Cookies: _snrs_p (2) uuid', 'b'],
      ['Cookies: _snrs_uuid (3)', 'c'],
      ['Cookies: bare', ''],
      ['Cookies: _snrs_p (3) nocolon', ''],
    ]);
  });

  it('lists Web Storage by area and key, with the complete value even if it contains =', () => {
    const stored = ['local:snrs-a=1=2', 'session:snrs-a=', 'local:snrs-b={"x":"y"}'];
    expect(told(fieldsOf(web({ customer: { stored } })))).toMatchObject({
      'Web Storage: local:snrs-a': '1=2',
      'Web Storage: session:snrs-a': '',
      'Web Storage: local:snrs-b': '{"x":"y"}',
    });
  });

  it('lists the account, without nested objects', () => {
    const value = { email: EMAIL, tags: ['a', 'b'], agreements: { sms: true }, phone: null };
    const account = { at: NOW, uuid: UUID, identity: 'signed-in', clientId: null, value } as const;
    const all = Object.entries(told(fieldsOf(signedIn({ session: { history: { account } } })))).filter(([name]) =>
      name.startsWith('Account:'),
    );
    expect(Object.fromEntries(all)).toEqual({ 'Account: email': EMAIL, 'Account: tags': '["a","b"]', 'Account: phone': 'null' });
  });

  it('accepts any name, including those of prototypes', () => {
    const facts = JSON.parse('{"__proto__":1,"constructor":{"a":2}}') as Record<string, never>;
    expect([...fieldsOf(native({ customer: { facts } })).values]).toEqual(
      expect.arrayContaining([
        ['Customer: __proto__', '1'],
        ['Customer: constructor', '{"a":2}'],
      ]),
    );
  });
});

describe('fieldsAt', () => {
  const story: readonly Loose[] = [
    documentEntry(T0, '/'),
    uuidEntry(T0 + 10, 'u-1'),
    tokenEntry(T0 + 20, 'f-1', { uuid: 'u-1', createdAt: T0, expiresAt: T0 + MINUTE }),
    storage(T0 + 30, '_snrs_uuid', 'u-1'),
    storage(T0 + 35, 'snrs-x', 'y', { area: 'local' }),
    identityEntry(T0 + 40, 'anonymous', 'signed-in'),
    tokenEntry(T0 + 40, 'f-2', { origin: null, uuid: null, expiresAt: null }),
    documentEntry(T0 + 50, '/thanks'),
    storage(T0 + 60, '_snrs_uuid', null),
    storage(T0 + 65, 'snrs-x', null, { area: 'local' }),
    tokenEntry(T0 + 70, ''),
    uuidEntry(T0 + 80, 'u-2'),
    identityEntry(T0 + 90, 'signed-in', 'anonymous'),
  ];

  it('lists what was recorded up to that moment', () => {
    expect(at(story, T0 + 35)).toEqual({
      'Page: URL': '/',
      'Customer: UUID': 'u-1',
      'Customer: identity': 'anonymous',
      'Token: fingerprint': 'f-1',
      'Token: origin': 'ANONYMOUS',
      'Token: created': iso(T0),
      'Token: expires': iso(T0 + MINUTE),
      'Token: claim uuid': 'u-1',
      'Cookies: _snrs_uuid': 'u-1',
      'Web Storage: local:snrs-x': 'y',
    });
  });

  it('keeps nothing of a token once another follows', () => {
    const all = at(story, T0 + 50);
    expect(all).toMatchObject({
      'Token: fingerprint': 'f-2',
      'Token: origin': 'none',
      'Token: expires': 'unknown',
      'Page: URL': '/thanks',
    });
    expect(all).not.toHaveProperty(['Token: claim uuid']);
  });

  it('drops what was removed, and a token that is gone', () => {
    expect(at(story, T0 + 75)).toEqual({
      'Page: URL': '/thanks',
      'Customer: UUID': 'u-1',
      'Customer: identity': 'signed-in',
      'Token: fingerprint': 'none',
    });
  });

  it('takes the identity before its first change from that change', () => {
    expect(at(story, T0)).toEqual({ 'Page: URL': '/', 'Customer: identity': 'anonymous' });
    expect(at(story, T0 + 39)['Customer: identity']).toBe('anonymous');
    expect(at(story, T0 + 40)['Customer: identity']).toBe('signed-in');
    expect(at(story, T0 + 95)).toMatchObject({ 'Customer: identity': 'anonymous', 'Customer: UUID': 'u-2' });
  });

  it('has almost nothing before the first entry, and nothing without entries', () => {
    expect(at(story, T0 - 1)).toEqual({ 'Customer: identity': 'anonymous' });
    expect(at([], T0)).toEqual({});
    expect(at([uuidEntry(T0, 'u-1')], T0)).toEqual({ 'Customer: UUID': 'u-1' });
  });

  it('does not modify its entries', () => {
    const entries = numbered(story);
    const before = JSON.stringify(entries);
    fieldsAt(entries, { at: T0 + 100, nth: 0 });
    expect(JSON.stringify(entries)).toBe(before);
  });

  it('changes only at an entry', () => {
    const moments = fc.integer({ min: T0 - 5, max: T0 + 100 });
    const entries: readonly HistoryEntry[] = numbered(story);
    fc.assert(
      fc.property(moments, moments, (one, other) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)];
        const between = entries.filter((entry) => entry.at > early && entry.at <= late);
        if (!between.length) expect(fieldsAt(entries, { at: late, nth: 0 })).toEqual(fieldsAt(entries, { at: early, nth: 0 }));
      }),
    );
  });

  it('excludes earlier sessions', () => {
    const entries = [
      uuidEntry(T0, 'u-1', { nth: 0 }),
      tokenEntry(T0 + 1, 'f-1', { nth: 0 }),
      storage(T0 + 2, '_snrs_uuid', 'u-1'),
      uuidEntry(T0 + MINUTE, 'u-2', { nth: 1 }),
    ];
    expect(at(entries, T0 + MINUTE, 1)).toEqual({ 'Customer: UUID': 'u-2' });
  });

  it('takes no first identity from a later session', () => {
    const later = { ...identityEntry(T0 + MINUTE, 'unknown', 'signed-in'), nth: 1 };
    expect(at([uuidEntry(T0, 'u-1'), later], T0)).toEqual({ 'Customer: UUID': 'u-1' });
  });
});

describe('compare', () => {
  it('lists differences first, then equal fields, and last those that one side does not have', () => {
    const rows = compare(fields({ a: '1', b: '2', c: '3', d: '' }, false), fields({ b: '2', a: '0', e: '5', d: '' }));
    expect(rows).toEqual([
      { field: 'a', left: '1', right: '0', state: 'differs' },
      { field: 'c', left: '3', right: null, state: 'differs' },
      { field: 'b', left: '2', right: '2', state: 'same' },
      { field: 'd', left: '', right: '', state: 'same' },
      { field: 'e', left: null, right: '5', state: 'unknown' },
    ]);
  });

  it('treats a one-sided field as a difference only if both sides are complete', () => {
    expect(rowsOf(fields({ a: '1' }), fields({}))).toEqual({ a: 'differs' });
    expect(rowsOf(fields({ a: '1' }, false), fields({}, false))).toEqual({ a: 'unknown' });
    expect(rowsOf(fields({ a: '1' }), fields({}, false))).toEqual({ a: 'unknown' });
    expect(rowsOf(fields({ a: 'none' }), fields({ a: '' }))).toEqual({ a: 'differs' });
  });

  it('finds no difference between a case and itself', () => {
    for (const one of [native(), web(), absent(null)]) {
      const states = new Set(compare(fieldsOf(one), fieldsOf(one)).map(({ state }) => state));
      expect([...states]).toEqual(['same']);
    }
  });

  it('finds the differences before and after a sign-in', () => {
    expect(
      compare(fieldsOf(native()), fieldsOf(signedIn()))
        .filter(({ state }) => state === 'differs')
        .map(({ field }) => field),
    ).toEqual(expect.arrayContaining(['Customer: identity', 'Token: fingerprint', 'Token: origin', 'Token: claim rlm']));
  });

  it('finds the current state and the latest moment equal in their common fields', () => {
    const now = native();
    const entries = numbered([
      documentEntry(T0, '/'),
      uuidEntry(T0, UUID),
      tokenEntry(T0, now.token?.fingerprint, { createdAt: T0, expiresAt: NOW + 50 * MINUTE }),
    ]);
    const rows = compare(fieldsOf(now), fieldsAt(entries, { at: NOW, nth: 0 }));
    expect(rows.filter(({ state }) => state === 'differs')).toEqual([]);
    expect(rows.filter(({ state }) => state === 'same').map(({ field }) => field)).toEqual(
      expect.arrayContaining([
        'Page: URL',
        'Customer: UUID',
        'Token: fingerprint',
        'Token: created',
        'Token: expires',
        'Token: claim uuid',
      ]),
    );
  });

  it('is symmetric', () => {
    const side = fc.tuple(fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), fc.constantFrom('', 'x', 'y')), fc.boolean());
    fc.assert(
      fc.property(side, side, ([one, oneWhole], [other, otherWhole]) => {
        const [left, right] = [fields(one, oneWhole), fields(other, otherWhole)];
        const rows = compare(left, right);
        expect(new Set(rows.map(({ field }) => field)).size).toBe(rows.length);
        expect(rowsOf(right, left)).toEqual(rowsOf(left, right));
        for (const row of rows) expect(row.state === 'same').toBe(row.left === row.right);
      }),
    );
  });

  it('does not treat an account that was not read as missing', () => {
    const account = { at: NOW, uuid: UUID, identity: 'signed-in', clientId: null, value: { email: EMAIL } } as const;
    expect(rowsOf(fieldsOf(signedIn({ session: { history: { account } } })), fieldsOf(signedIn()))['Account: email']).toBe('unknown');
  });

  it("uses the same names for a cookie's fields now and at a moment", () => {
    const value = `host:shop.example&uuid:${WEB_UUID}`;
    const now = fieldsOf(web({ customer: { cookies: [`_snrs_p=${value}`] } }));
    const then = fieldsAt(numbered([storage(T0, '_snrs_p', value)]), { at: NOW, nth: 0 });
    expect(compare(now, then).filter(({ field, state }) => field.startsWith('Cookies:') && state !== 'same')).toEqual([]);
  });

  it('does not treat a value truncated in the history as different', () => {
    const value = 'x'.repeat(200);
    const now = fieldsOf(web({ customer: { stored: [`local:snrs-x=${value}`] } }));
    const then = fieldsAt(numbered([storage(T0, 'snrs-x', `${value.slice(0, 120)}…`, { area: 'local' })]), { at: NOW, nth: 0 });
    expect(rowsOf(now, then)['Web Storage: local:snrs-x']).not.toBe('differs');
  });
});

describe('redacted values that cannot be compared', () => {
  const way = (tokens: Way, pseudonymKey: string | null = null): Secrecy => ({
    redaction: { ...NO_SECRECY.redaction, tokens },
    pseudonymKey,
  });

  it.each<[string, Secrecy, Secrecy, boolean]>([
    ['both kept', NO_SECRECY, NO_SECRECY, false],
    ['pseudonyms with one key', way('pseudonym', 'k'), way('pseudonym', 'k'), false],
    ['pseudonyms with two keys', way('pseudonym', 'k'), way('pseudonym', 'l'), true],
    ['pseudonyms with an unknown key', way('pseudonym'), way('pseudonym'), true],
    ['pseudonyms and kept values', way('pseudonym', 'k'), NO_SECRECY, true],
    ['removed on both sides', way('removed'), way('removed'), true],
    ['removed on one side', NO_SECRECY, way('removed'), true],
  ])('%s', (_, one, other, expected) => {
    expect(untold(one, other)).toEqual(expected ? ['tokens'] : []);
    expect(untold(other, one)).toEqual(expected ? ['tokens'] : []);
  });

  it('are listed by kind', () => {
    const all: Secrecy = { redaction: { tokens: 'removed', personal: 'pseudonym', ids: 'kept' }, pseudonymKey: 'k' };
    expect(untold(all, NO_SECRECY)).toEqual(['tokens', 'personal']);
    expect(untold(all, all)).toEqual(['tokens']);
  });
});

describe('a replacement of a redacted value', () => {
  const side = (value: string, name = 'Token: claim email') => fields({ [name]: value });
  it.each([
    ['a@b.pl', '883bd48a49@pseudonym.invalid', 'personal'],
    ['[e-mail-removed]', '[e-mail-removed]', 'personal'],
    ['token-0123456789ab', 'token-ba9876543210', 'tokens'],
    ['id-0123456789', 'id-0123456780', 'ids'],
  ] as const)('makes %s and %s comparable only if its kind is not redacted', (one, other, kind) => {
    const state = (secret: readonly SecretKind[]) => compare(side(one), side(other), secret)[0]?.state;
    expect(state([kind])).toBe('unknown');
    expect(state([])).toBe(one === other ? 'same' : 'differs');
    expect(state(SECRET_KINDS.filter((own) => own !== kind))).toBe(one === other ? 'same' : 'differs');
  });

  it('may be a number in place of a hash', () => {
    const state = (name: string) => compare(side('96341057060', name), side('-555794732', name), ['personal'])[0]?.state;
    expect(state('Customer: identityHash')).toBe('unknown');
    expect(state('Customer: count')).toBe('differs');
  });
});

it('a page that is still searching has no complete group of fields', () => {
  const { whole } = fieldsOf({ ...native(), phase: 'searching', customer: null, token: null, account: null });
  expect([...whole]).toEqual([]);
  expect([...fieldsOf(absent(null)).whole]).toEqual(expect.arrayContaining(['Page', 'SDK', 'Customer', 'Cookies']));
});
