// What the history records of a request, and which call is taken as its cause: without secrets, and without guessing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PURPOSES } from '@/lib/network/purposes';
import type { Captured } from '@/lib/network/request';
import {
  bearerOf,
  capturedOf,
  headerOf,
  isSameRequest,
  jsonOf,
  MAX_BODY,
  type Maker,
  makerOfRequest,
  namedUuid,
} from '@/lib/network/requests';
import { fingerprint } from '@/lib/text/fingerprint';
import { jwt, MINUTE, T0 } from '../fakes/make';
import { API, captured, JWT, OTHER_UUID, record, UUID } from './make';

describe('capturedOf', () => {
  it('records a login with the token it returned, without bodies', () => {
    const request = record({ sent: JSON.stringify({ uuid: UUID, password: 'hunter2' }), got: JSON.stringify({ token: JWT }) });
    expect(capturedOf(request)).toEqual(
      captured({ uuid: UUID, gave: fingerprint(JWT), size: Buffer.byteLength(request.answer.text ?? '') }),
    );
  });

  it('records a sent token only by its fingerprint', () => {
    const told = capturedOf(record({ url: `${API}/sauth/v3/auth/refresh/client`, headers: [['aUTHorization', `bearer  ${JWT}`]] }));
    expect(told?.bearer).toBe(fingerprint(JWT));
    expect(JSON.stringify(told)).not.toContain(JWT);
  });

  it.each([
    ['an object', JSON.stringify({ token: JWT, more: 1 }), true],
    ['a JSON string', JSON.stringify(JWT), true],
    ['the token itself', `${JWT}\n`, true],
    ['an object without a token', '{"status":"x"}', false],
    ['a token that is not a JWT', '{"token":"hello"}', false],
    ['a number as the token', '{"token":1}', false],
    ['an array', JSON.stringify([{ token: JWT }]), false],
    ['empty', '', false],
  ])('finds the token in a response that is %s: %#', (_name, got, found) => {
    expect(capturedOf(record({ got }))?.gave).toBe(found ? fingerprint(JWT) : null);
  });

  it('reads no token from a truncated response', () => {
    expect(capturedOf(record({ got: `{"token":"${JWT}"` }))?.gave).toBeNull();
  });

  it('reads a token only from responses to token requests', () => {
    const got = JSON.stringify({ token: JWT });
    expect(capturedOf(record({ method: 'GET', url: `${API}/v4/my-account/personal-information`, got }))?.gave).toBeNull();
    expect(capturedOf(record({ method: 'GET', url: `${API}/v4/public.pem`, got }))?.gave).toBeNull();
  });

  it('distinguishes an encrypted token from none', () => {
    const opaque = jwt('not JSON', { alg: 'RSA-OAEP', enc: 'A256GCM' });
    expect(capturedOf(record({ got: JSON.stringify({ token: opaque }) }))?.gave).toBe(fingerprint(opaque));
  });

  it.each([
    '',
    'nonsense',
    '/relative',
    'data:text/plain,uuid',
    'blob:https://a.example/1',
    'ws://api.synerise.com/auth/login/client',
  ])('returns null for the address %j', (url) => {
    expect(capturedOf(record({ url }))).toBeNull();
  });

  it('returns null for a request that is not from an SDK', () => {
    expect(capturedOf(record({ url: 'https://shop.example/api/cart', sent: '{"uuid":"no uuid"}' }))).toBeNull();
  });

  it('recognizes a site’s own tracking host by the UUID in the request', () => {
    const told = capturedOf(
      record({ method: 'PUT', url: 'https://t.shop.example:8443/collect?x=1', sent: JSON.stringify({ client: { uuid: UUID } }) }),
    );
    expect(told).toMatchObject({ purpose: 'tracking', host: 't.shop.example:8443', path: '/collect?x=1', uuid: UUID });
  });

  it('leaves no token, password or code in the path, and no user name or password in the host', () => {
    const query = `token=${JWT}&a=1&password=hunter2&PinCode=4711&access_token=opaque-1&confirmationCode=9876#token=opaque-2`;
    const told = capturedOf(record({ url: `https://admin:hunter2@api.synerise.com/sauth/v3/auth/login/client?${query}` }));
    expect(told?.path).toBe(
      '/sauth/v3/auth/login/client?token=[secret]&a=1&password=[secret]&PinCode=[secret]&access_token=[secret]&confirmationCode=[secret]',
    );
    expect(told?.host).toBe('api.synerise.com');
  });

  it('limits the length of every field', () => {
    const told = capturedOf(
      record({ method: 'x'.repeat(500), url: `https://${'a'.repeat(60)}.example/auth/login/client?q=${'é'.repeat(5000)}`, status: 0 }),
    );
    expect(told?.method).toBe('X'.repeat(20));
    expect(told?.path).toHaveLength(300);
    expect(told?.status).toBeNull();
  });

  it('limits a failure reason to what the message schema accepts', () => {
    // `view-message.ts` accepts 200 characters; a longer one would make it reject the whole message with all its requests.
    expect(capturedOf(record({ problem: 'x'.repeat(5000) }))?.problem?.length).toBeLessThanOrEqual(200);
  });
});

describe('reading a request', () => {
  it('finds headers in any case, and the first of two', () => {
    expect(
      headerOf(
        [
          ['X-A', '1'],
          ['x-a', '2'],
        ],
        'x-a',
      ),
    ).toBe('1');
    expect(headerOf([['X-A', '1']], 'x-b')).toBeNull();
  });

  it.each(['Basic abc', 'Bearer', 'Bearer ', 'Bearer a b', 'x Bearer a', ''])('finds no bearer token in %j', (value) => {
    expect(bearerOf({ headers: [['Authorization', value]] })).toBeNull();
  });

  it.each([
    ['{"a":1}', { a: 1 }],
    ['  [1]', [1]],
    ['"x"', 'x'],
    ['12', null],
    ['true', null],
    ['a=1', null],
    ['{"a":', null],
    ['', null],
  ])('reads the JSON of %j', (text, json) => {
    expect(jsonOf({ text })).toEqual(json);
  });

  it('reads no body longer than the limit', () => {
    const text = (size: number) => `"${'x'.repeat(size - 2)}"`;
    expect(jsonOf({ text: text(MAX_BODY) })).toHaveLength(MAX_BODY - 2);
    expect(jsonOf({ text: text(MAX_BODY + 1) })).toBeNull();
  });
});

describe('namedUuid', () => {
  const named = (sent: unknown, query = '') =>
    namedUuid(new URL(`https://a.example/${query}`), { text: sent === null ? null : JSON.stringify(sent), size: null });

  it.each([
    [{ clientUUID: UUID }, ''],
    [{ clientUuid: UUID }, ''],
    [{ client: { uuid: UUID } }, ''],
    [{ uuid: UUID.toUpperCase() }, ''],
    [[{ uuid: UUID }, { uuid: OTHER_UUID }], ''],
    [null, `?clientUUID=${UUID}`],
    [null, `?clientUuid=${UUID}`],
    [{ client: 'x', uuid: 12 }, `?uuid=${UUID}`],
  ])('is found in %j %s', (sent, query) => {
    expect(named(sent, query)?.toLowerCase()).toBe(UUID);
  });

  it.each([
    [{ uuid: `${UUID}0` }],
    [{ uuid: 'undefined' }],
    [{ other: UUID }],
    [{ client: [UUID] }],
    [[]],
    [[null]],
    [UUID],
  ])('is not found in %j', (sent) => {
    expect(named(sent)).toBeNull();
  });

  it('prefers the customer in the payload to the sender in the query', () => {
    expect(named({ clientUUID: UUID, uuid: OTHER_UUID }, `?uuid=${OTHER_UUID}`)).toBe(UUID);
  });

  it('ignores inherited fields', () => {
    expect(named(JSON.parse(`{"__proto__":{"uuid":"${UUID}"}}`))).toBeNull();
  });
});

const maker = (key: string, at: number, endedAt: number | null, does: Maker['does'] = 'refreshToken'): Maker => ({
  key,
  does,
  at,
  endedAt,
});
const refresh = (at: number) => captured({ purpose: 'refresh', at });

describe('makerOfRequest', () => {
  it.each([
    ['started before, still running', maker('a', T0 - 100, null), 'a'],
    ['started before, ended after', maker('a', T0 - 100, T0 + 100), 'a'],
    ['started a moment later, by another clock', maker('a', T0 + 50, null), 'a'],
    ['started later', maker('a', T0 + 51, null), null],
    ['ended just before', maker('a', T0 - 200, T0 - 1500), 'a'],
    ['ended long before', maker('a', T0 - 2000, T0 - 1501), null],
    ['of an unrelated operation', maker('a', T0 - 100, null, 'getAccount'), null],
  ])('a call %s', (_name, one, key) => {
    expect(makerOfRequest(refresh(T0), [one])).toBe(key);
  });

  it('does not choose between two equally likely calls', () => {
    expect(makerOfRequest(refresh(T0), [maker('a', T0 - 100, null), maker('b', T0 - 50, T0 + 50, 'retrieveToken')])).toBeNull();
    expect(makerOfRequest(refresh(T0), [maker('a', T0 - 900, T0 - 800), maker('b', T0 - 500, T0 - 400)])).toBeNull();
  });

  it('prefers a running call to one that has returned', () => {
    expect(makerOfRequest(refresh(T0), [maker('a', T0 - 900, T0 - 800), maker('b', T0 - 100, null)])).toBe('b');
  });

  it('returns null for an unknown purpose, or one that no call causes', () => {
    const all = [maker('a', T0 - 100, null)];
    expect(makerOfRequest(captured({ purpose: 'of another version' }), all)).toBeNull();
    expect(makerOfRequest(captured({ purpose: 'search' }), all)).toBeNull();
    expect(makerOfRequest(refresh(T0), [])).toBeNull();
  });

  it('does not attribute a request to a call an hour earlier whose end was not observed', () => {
    expect(makerOfRequest(refresh(T0), [maker('a', T0 - 60 * MINUTE, null, 'retrieveToken')])).toBeNull();
  });

  it('chooses a call with matching time and operation, regardless of the order', () => {
    const does = fc.constantFrom<Maker['does']>('refreshToken', 'retrieveToken', 'signIn', 'getAccount', 'signOut');
    const one = fc.record({ does, from: fc.integer({ min: -3000, max: 200 }), ms: fc.option(fc.integer({ min: 0, max: 3000 })) });
    const purpose = fc.constantFrom(...PURPOSES.map(({ name }) => name));
    fc.assert(
      fc.property(purpose, fc.array(one, { maxLength: 6 }), (name, calls) => {
        const makers = calls.map(({ does: what, from, ms }, n) => maker(`m${n}`, T0 + from, ms === null ? null : T0 + from + ms, what));
        const request = captured({ purpose: name });
        const key = makerOfRequest(request, makers);
        expect(makerOfRequest(request, makers.toReversed())).toBe(key);
        const found = makers.find((other) => other.key === key);
        if (!found) return;
        expect(PURPOSES.find((other) => other.name === name)?.does).toContain(found.does);
        expect(found.at).toBeLessThanOrEqual(T0 + 50);
        // The call is also chosen when alone, but not when there is a second one like it.
        expect(makerOfRequest(request, [found])).toBe(key);
        expect(makerOfRequest(request, [...makers, { ...found, key: 'twin' }])).toBeNull();
      }),
    );
  });
});

describe('isSameRequest', () => {
  const page = (over: Partial<Captured> = {}) => captured({ key: 'p1', via: 'page', uuid: UUID, ...over });
  const devtools = captured({ uuid: UUID });

  it('matches two records within two seconds with equal known fields', () => {
    // Times, sizes and statuses may differ between the sources.
    expect(isSameRequest(devtools, page({ at: T0 - 2000, size: 9, status: null, endedAt: null }))).toBe(true);
    expect(isSameRequest(page({ at: T0 + 2000 }), devtools)).toBe(true);
  });

  it.each<Partial<Captured>>([
    { at: T0 + 2001 },
    { at: T0 - 2001 },
    { via: 'devtools' },
    { method: 'GET' },
    { host: 'other.example' },
    { path: '/other' },
    { uuid: OTHER_UUID },
  ])('does not match with %j', (over) => {
    expect(isSameRequest(devtools, page(over))).toBe(false);
  });

  it('matches when one of them could not read the UUID', () => {
    // The page's wrapper can't read a Blob, a stream, a `Request` or a body of more than 20,000 characters.
    expect(isSameRequest(devtools, page({ uuid: null }))).toBe(true);
  });
});
