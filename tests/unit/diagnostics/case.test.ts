// How a session becomes a case.
import { describe, expect, it } from 'vitest';
import { factOf, generationsOf, heldHash, memberOf } from '@/lib/diagnostics/case';
import { cookieNotice } from '@/lib/diagnostics/cookie-news';
import type { HistoryEntry } from '@/lib/session/history/history';
import { fingerprint } from '@/lib/text/fingerprint';
import { identityHash } from '@/lib/web/recipes';
import { client, listed, MINUTE, ORIGIN, T0 } from '../fakes/make';
import {
  absent,
  cause,
  cookiesOf,
  documentEntry,
  EMAIL,
  HOUR,
  NOW,
  native,
  numbered,
  OTHER_UUID,
  tokenEntry,
  UUID,
  uuidEntry,
  WEB_UUID,
  web,
} from './make';

describe('factsOf', () => {
  it('decodes the token, and identifies it by its fingerprint', () => {
    const { token } = native();
    expect(token).toMatchObject({ header: { alg: 'RS512' }, claims: { uuid: UUID, origin: 'ANONYMOUS' }, stale: false, late: false });
    expect(token?.fingerprint).toBe(fingerprint(token?.raw ?? ''));
    expect(native({ token: { stale: true } }).token?.stale).toBe(true);
    expect(native({ token: null }).token).toBeNull();
  });

  it('names the kind of customer, and the evidence for it', () => {
    expect(native()).toMatchObject({ identity: 'anonymous', identityEvidence: 'isSignedIn() = false' });
    expect(web()).toMatchObject({ identity: 'signed-in' });
    expect(absent(null)).toMatchObject({
      identity: 'unknown',
      identityEvidence: 'no SDK',
      customer: null,
      token: null,
      sdk: null,
    });
  });

  it('shows an SDK that is not ready', () => {
    const candidate = client({ state: 'not-initialised' });
    expect(absent(candidate)).toMatchObject({ phase: 'absent', sdk: candidate, problem: null });
  });

  it('gives the reason why a page cannot be reached', () => {
    const problem = { kind: 'access', message: 'The browser forbids it.' } as const;
    expect(native({ session: { stage: { phase: 'unreachable', problem } } })).toMatchObject({ phase: 'unreachable', problem, sdk: null });
  });

  it('lists the SDKs of all documents, the shown one once', () => {
    const listing = [listed('doc-1', null), listed('doc-2', 'f1', [client({ place: 'other' })], 'https://frame.example')];
    expect(native({ session: { tab: { listing } } }).clients.map(({ place, document, origin }) => [place, document, origin])).toEqual([
      ['Synerise.Client', 'doc-1', ORIGIN],
      ['other', 'doc-2', 'https://frame.example'],
    ]);
  });

  it('includes whether auto-refresh is on, and how it went', () => {
    const problem = { kind: 'sdk', message: 'No.' } as const;
    const tokenRefresh = { token: null, tries: 2, nextAt: null, problem, askedAt: null, warned: true, late: false, told: [] };
    expect(native({ session: { policy: { autoRefresh: true }, tokenRefresh } }).autoRefresh).toEqual({ on: true, tries: 2, problem });
  });

  it('lists the identifiers in token and account, each once, with the hashes of both spellings and the recipe', () => {
    const account = {
      at: NOW,
      uuid: WEB_UUID,
      identity: 'signed-in',
      clientId: null,
      value: { email: EMAIL, customId: ' C-17 ' },
    } as const;
    expect(web({ session: { history: { account } } }).identifiers).toEqual([
      {
        kind: 'email',
        who: EMAIL,
        from: 'token claim email',
        hashes: [identityHash(EMAIL), identityHash(EMAIL), identityHash(EMAIL)],
        makes: [{ uuid: WEB_UUID, recipe: 'docs' }],
      },
      {
        kind: 'customId',
        who: ' C-17 ',
        from: 'account',
        hashes: [identityHash(' C-17 '), identityHash('c-17'), identityHash(' C-17 ')],
        makes: [],
      },
    ]);
  });

  it("takes no identifiers from an account that was read for another UUID, or from values that aren't text", () => {
    const account = { at: NOW, uuid: OTHER_UUID, identity: 'signed-in', clientId: null, value: { email: EMAIL } } as const;
    expect(native({ session: { history: { account } } }).identifiers).toEqual([]);
    expect(native({ token: { claims: { email: 7, customId: '' } } }).identifiers).toEqual([]);
  });
});

describe('heldHash', () => {
  const none = { trackerKey: null };
  it.each([
    ['as the SDK returns it', web(), identityHash(EMAIL)],
    ["the cookie's if the SDK has none", web({ customer: { facts: none, cookies: cookiesOf(WEB_UUID, '7') } }), '7'],
    [
      "the cookie's under its old name",
      web({ customer: { facts: none, cookies: cookiesOf(WEB_UUID, '7').map((one) => one.replace('identityHash', 'emailHash')) } }),
      '7',
    ],
    ['none', web({ customer: { facts: { identityHash: '' } } }), null],
    ['the text "undefined"', web({ customer: { facts: { identityHash: 'undefined' } } }), null],
    ['no customer', absent(null), null],
  ])('%s', (_name, subject, hash) => expect(heldHash(subject)).toBe(hash));
});

describe('generationsOf', () => {
  it('gives each generation from its start to the start of the next of its kind', () => {
    const entries = numbered([
      uuidEntry(T0, OTHER_UUID),
      tokenEntry(T0 + 1, 'f1'),
      uuidEntry(T0 + MINUTE, UUID, { cause: cause('call', 'setUuid()') }),
    ]);
    expect(generationsOf(entries, 'uuid')).toEqual([
      { what: 'uuid', value: OTHER_UUID, from: T0, to: T0 + MINUTE, seq: 1, nth: 0, cause: cause('first') },
      { what: 'uuid', value: UUID, from: T0 + MINUTE, to: null, seq: 3, nth: 0, cause: cause('call', 'setUuid()') },
    ]);
    expect(generationsOf(entries, 'token')).toMatchObject([{ value: 'f1', to: null }]);
    expect(generationsOf([], 'token')).toEqual([]);
  });

  it('ends a generation with its session, even if the next session has begun', () => {
    const [first, second] = [uuidEntry(T0, OTHER_UUID), uuidEntry(T0 + HOUR, UUID, { nth: 1 })];
    const ends = (entries: HistoryEntry[]) => generationsOf(entries, 'uuid').map(({ to }) => to);
    expect(ends(numbered([first, second]))).toEqual([T0 + HOUR, null]);
    expect(ends(numbered([first, second, documentEntry(T0 + 2 * HOUR)]))).toEqual([null, T0 + 2 * HOUR]);
  });
});

describe('lookups', () => {
  it('return undefined if there is no record', () => {
    expect([memberOf(null, 'a'), memberOf('a', 'length'), memberOf([1], '0'), memberOf({ a: 1 }, 'a')]).toEqual([
      undefined,
      undefined,
      undefined,
      1,
    ]);
    expect(factOf(absent(null), 'doNotTrack')).toBeUndefined();
    expect(factOf(native(), 'doNotTrack')).toBe(false);
  });

  it('return cookie notices only for the Web SDK', () => {
    const cookies = cookiesOf(OTHER_UUID);
    expect(cookieNotice(web({ customer: { cookies } }), 'not-the-sdk-uuid')?.evidence).toHaveLength(1);
    expect(cookieNotice(web({ customer: { cookies } }), 'duplicate')).toBeNull();
    expect(cookieNotice(native({ customer: { cookies } }), 'not-the-sdk-uuid')).toBeNull();
    expect(cookieNotice(absent(null), 'missing')).toBeNull();
  });
});
