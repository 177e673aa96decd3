import { describe, expect, it } from 'vitest';
import type { Plain } from '@/lib/sdk/plain-data';
import { identityOf, momentOf } from '@/lib/session/identity';
import { type Customer, newSession, type TokenState } from '@/lib/session/session';
import type { Identity } from '@/lib/session/terms';
import { customer, knownToken, noToken, T0 } from '../fakes/make';

const said = (signedIn: boolean | null, simpleAuth: boolean | null) => customer({ signedIn, simpleAuth });
const token = (origin: string | null, realm: string | null = null) => knownToken({ origin, realm });

describe('identityOf', () => {
  const rows: [string, Customer, TokenState, Identity, string][] = [
    ['signed in according to the SDK', said(true, null), noToken, 'signed-in', 'isSignedIn() = true'],
    ['signed in wins over simple auth', said(true, true), noToken, 'signed-in', 'isSignedIn() = true'],
    ['signed in wins over any token', said(true, false), token('INCOGNITO', 'anonymous_client'), 'signed-in', 'isSignedIn() = true'],
    ['simple auth', said(false, true), noToken, 'simple-auth', 'isSignedInViaSimpleAuthentication() = true'],
    ['simple auth wins over the token', said(null, true), token('ANONYMOUS'), 'simple-auth', 'isSignedInViaSimpleAuthentication() = true'],
    ['incognito wins over signed out', said(false, false), token('INCOGNITO'), 'incognito', 'token origin = INCOGNITO'],
    ['incognito by the token only', said(null, null), token('INCOGNITO'), 'incognito', 'token origin = INCOGNITO'],
    ['signed out in both ways', said(false, false), token('SYNERISE', 'client'), 'anonymous', 'isSignedIn() = false'],
    ['signed out, without a token', said(false, false), noToken, 'anonymous', 'isSignedIn() = false'],
    [
      'signed out, simple auth unknown, with a simple auth token',
      said(false, null),
      token('SIMPLE_AUTH'),
      'simple-auth',
      'token origin = SIMPLE_AUTH',
    ],
    ['simple auth by the token only', said(null, null), token('SIMPLE_AUTH'), 'simple-auth', 'token origin = SIMPLE_AUTH'],
    ['anonymous by the token', said(null, null), token('ANONYMOUS', 'client'), 'anonymous', 'token origin = ANONYMOUS'],
    ['signed out, simple auth unknown', said(false, null), token('SYNERISE', 'client'), 'anonymous', 'isSignedIn() = false'],
    ...['SYNERISE', 'OAUTH', 'FACEBOOK', 'GOOGLE', 'APPLE'].map((origin): (typeof rows)[number] => [
      `signed in by ${origin}`,
      said(null, false),
      token(origin, 'anonymous_client'),
      'signed-in',
      `token origin = ${origin}`,
    ]),
    ['signed in by the realm', said(null, null), token('UNKNOWN', 'client'), 'signed-in', 'token realm = client'],
    ['anonymous by the realm', said(null, null), token(null, 'anonymous_client'), 'anonymous', 'token realm = anonymous_client'],
    ['a realm and an origin without information', said(null, null), token('UNKNOWN', 'other'), 'unknown', 'not reported by SDK or token'],
    ['no information', said(null, null), noToken, 'unknown', 'not reported by SDK or token'],
    ['a denied simple auth without other information', said(null, false), noToken, 'unknown', 'not reported by SDK or token'],
    ['a stale token', said(null, null), knownToken({ origin: 'SYNERISE' }, true), 'unknown', 'not reported by SDK or token'],
  ];

  it.each(rows)('%s', (_name, who, held, identity, evidence) => {
    expect(identityOf(who, held)).toEqual({ identity, evidence });
  });
});

describe('identityOf on the web', () => {
  const HASH = '5d41402abc4b2a76b9719d911017c592';
  /** The token was read, and the SDK returned none. */
  const noneSet: TokenState = { kind: 'none', trouble: null, said: true };
  const hashed = (identityHash: Plain) => customer({ facts: { identityHash } });
  const NO_HASH = 'no identity hash and no token';
  const rows: [string, Customer, TokenState, Identity, string][] = [
    ['a site token', hashed(''), token(null), 'signed-in', 'site JWT set'],
    ['a site token without a hash', hashed(null), token(null), 'signed-in', 'site JWT set'],
    ['an empty hash', hashed(''), noneSet, 'anonymous', 'empty identity hash, no token'],
    ['a hash', hashed(HASH), noneSet, 'unknown', `identity hash ${HASH}, no token`],
    ['no hash', hashed(null), noneSet, 'unknown', NO_HASH],
    ["a hash that isn't text", hashed(['x']), noneSet, 'unknown', NO_HASH],
    ['a hash that is false', hashed(false), noneSet, 'unknown', NO_HASH],
    ['a token that has not been read yet', hashed(''), noToken, 'unknown', 'token not read yet'],
    [
      'Do Not Track by its effect',
      customer({ facts: { identityHash: '', doNotTrack: 'likely' } }),
      noneSet,
      'incognito',
      'probably Do Not Track',
    ],
    ['unrelated facts only', customer({ facts: { trackerKey: 'k' } }), noneSet, 'unknown', 'not reported by SDK or token'],
  ];
  it.each(rows)('%s', (_name, who, held, identity, evidence) => {
    expect(identityOf(who, held)).toEqual({ identity, evidence });
  });
});

describe('momentOf', () => {
  it('contains no token', () => {
    const held = knownToken();
    const text = JSON.stringify(momentOf({ customer: customer(), token: held }));
    if (held.kind !== 'known') throw new Error('made wrongly');
    for (const part of held.facts.raw.split('.')) expect(text).not.toContain(part);
  });

  it('distinguishes tokens by their text alone', () => {
    const of = (raw: string) => momentOf({ customer: customer(), token: knownToken({ raw }) }).token?.fingerprint;
    expect(of('a.b.c')).toBe(of('a.b.c'));
    expect(new Set(['a.b.c', 'a.b.d', 'c.b.a', 'b.a.c', ''].map(of)).size).toBe(5);
  });

  it('has no token if none is known', () => {
    expect(momentOf({ customer: customer(), token: noToken })).toEqual({ uuid: 'uuid-1', identity: 'unknown', token: null });
  });
});

it('newSession starts with no information', () => {
  expect(newSession(7, true, T0)).toMatchObject({
    tab: { id: 7, incognito: true, access: 'none', alarmAt: null, site: null, listing: [], target: null, chosen: null },
    visit: { origin: null },
    page: { document: null, cursor: 0, clients: [] },
    stage: { phase: 'searching', candidate: null },
    history: { nth: 0, since: T0, previousUuid: null },
    runs: { carried: null, ended: [] },
  });
});
