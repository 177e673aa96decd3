// Rules about tokens: facts §2.3, §2.5, §5 (13, 19, 20, 34), RFC 7519.
import { describe } from 'vitest';
import { NO_TOKEN_REFRESH } from '@/lib/session/session';
import { jwt, MINUTE } from '../fakes/make';
import {
  ago,
  cause,
  DAY,
  EMAIL,
  HOUR,
  NOW,
  native,
  OTHER_UUID,
  printOf,
  SECOND,
  seconds,
  type TokenGiven,
  tokenEntry,
  UUID,
  uuidEntry,
  WEB_UUID,
  web,
} from './make';
import { silent, speaks, tests } from './tables';
import { TOPICS } from './topics';

const WEEK = 7 * DAY;
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const endsIn = (ms: number, given: Parameters<typeof native>[0] = {}) =>
  native({ ...given, token: { ...given.token, claims: { exp: seconds(NOW + ms) } } });
const made = (claims: Readonly<Record<string, unknown>>, says: TokenGiven['says'] = {}) => native({ token: { claims, says } });

/** `count` new tokens, evenly spread over the last `ms`. */
const tokensIn = (count: number, ms: number, by = cause('unknown')) =>
  native({ entries: numbers(count).map((n) => tokenEntry(ago(ms) + Math.floor((ms * n) / count), `f${n}`, { cause: by })) });

/** A token with extra text around it. */
const wrapped = (around: (raw: string) => string) =>
  made({}, { raw: around(jwt({ uuid: UUID, ctd: NOW - MINUTE, exp: seconds(NOW + HOUR) })) });

const trouble = { kind: 'sdk', code: '-105', message: 'The network is gone.' } as const;
const refreshes = (tries: number, problem: typeof trouble | null = null) => ({ facts: { autoRefresh: { on: true, tries, problem } } });

/** The Web SDK's customer changed after the site had set a token without a UUID. */
const outlived = (gap: number, over: { readonly uuid?: string; readonly first?: boolean } = {}) => {
  const subject = web({ token: { claims: { uuid: over.uuid } } });
  const fingerprint = printOf(subject.token?.raw ?? '');
  return web({
    token: { claims: { uuid: over.uuid } },
    entries: [
      uuidEntry(ago(HOUR), OTHER_UUID),
      tokenEntry(ago(20 * MINUTE), fingerprint, { origin: null, uuid: null, whom: EMAIL }),
      uuidEntry(ago(20 * MINUTE) + gap, WEB_UUID, { cause: cause(over.first ? 'first' : 'call', over.first ? null : 'setUuid()') }),
    ],
  });
};

const table = [
  speaks('token-expired', 'at the moment of expiry', endsIn(0), 'Expired at 2027-01-15 09:00:00 UTC'),
  speaks('token-expired', 'three minutes after the expiry', endsIn(-3 * MINUTE), 'Expired at 2027-01-15 08:57:00 UTC, 3 minutes ago.'),
  speaks(
    'token-expired',
    'expired before it was first read',
    endsIn(-MINUTE, { session: { tokenRefresh: { ...NO_TOKEN_REFRESH, late: true } } }),
    'Already expired when first read',
  ),
  speaks(
    'token-expired',
    "by the SDK's expiry of a token that cannot be decoded",
    made({ exp: undefined }, { expiresAt: NOW - 1 }),
    '08:59:59',
  ),
  silent('token-expired', 'one second before the expiry', endsIn(SECOND)),
  silent('token-expired', 'unknown expiry', made({ exp: undefined })),
  silent('token-expired', 'no token', native({ token: null })),

  speaks('token-near-expiry', 'within the warning time', endsIn(MINUTE), 'Expires at 2027-01-15 09:01:00 UTC, in 1 minute.'),
  speaks(
    'token-near-expiry',
    "within the site's warning time",
    endsIn(5 * MINUTE, { session: { policy: { lead: 5 * MINUTE } } }),
    'in 5 minutes',
  ),
  speaks('token-near-expiry', 'after failed refreshes', endsIn(30 * SECOND, refreshes(2, trouble)), 'failed 2 times: The network is gone.'),
  silent('token-near-expiry', 'before the warning time', endsIn(MINUTE + SECOND)),
  silent('token-near-expiry', 'an auto-refresh is due', endsIn(30 * SECOND, refreshes(0))),
  silent('token-near-expiry', 'after the expiry', endsIn(0)),

  speaks('token-not-yet-valid', 'six seconds too early', made({ nbf: seconds(NOW + 6 * SECOND) }), 'Valid in 6 seconds.'),
  silent('token-not-yet-valid', 'within the allowed clock difference', made({ nbf: seconds(NOW + 5 * SECOND) })),

  speaks('token-created-ahead', 'by ctd', made({ ctd: NOW + 6 * SECOND }), '6 seconds ahead'),
  speaks('token-created-ahead', 'by iat', made({ ctd: undefined, iat: seconds(NOW + 2 * MINUTE) }), '2 minutes ahead'),
  silent('token-created-ahead', 'within the allowed clock difference', made({ ctd: NOW + 5 * SECOND })),

  speaks('token-long-lived', 'a minute more than a week', made({ ctd: NOW, exp: seconds(NOW + WEEK + MINUTE) }), 'Lifetime: 7 days.'),
  speaks(
    'token-long-lived',
    'counted from now if the creation time is unknown',
    made({ ctd: undefined, exp: seconds(NOW + 30 * DAY) }),
    '30 days',
  ),
  silent('token-long-lived', 'a week plus one second of rounding', made({ ctd: NOW - SECOND, exp: seconds(NOW + WEEK) })),
  silent('token-long-lived', 'an exp in milliseconds, which has its own rule', made({ exp: NOW + 30 * DAY })),

  speaks(
    'token-expiry-in-ms',
    'an exp of thirteen digits',
    made({ exp: NOW + HOUR }),
    'As milliseconds it expires at 2027-01-15 10:00:00 UTC',
  ),
  silent('token-expiry-in-ms', 'the same time in seconds', made({ exp: seconds(NOW + HOUR) })),
  silent('token-expiry-in-ms', 'the largest value that counts as seconds', made({ exp: 99_999_999_999 })),

  speaks('token-expiry-in-ms', 'microseconds, as in PHP', made({ exp: (NOW + HOUR) * 1000 }), 'As microseconds'),

  speaks('token-time-not-number', 'a number in quotes', made({ exp: String(seconds(NOW + HOUR)) }), 'exp is a number in quotes.'),
  speaks('token-time-not-number', 'a date', made({ nbf: '2027-01-15T08:00:00Z' }), 'nbf is a date. Read here as 2027-01-15 08:00:00 UTC.'),
  silent('token-time-not-number', 'numbers', made({ exp: seconds(NOW + HOUR), nbf: 0, iat: -5 })),
  silent('token-time-not-number', 'not a time at all, which has its own rule', made({ exp: 'soon' })),

  speaks('token-time-unreadable', 'words', made({ exp: 'soon' }), 'exp is "soon".'),
  speaks('token-time-unreadable', 'null, a boolean and an array', made({ exp: null, nbf: true, iat: [5] }), 'nbf is true.'),
  silent('token-time-unreadable', 'a number in quotes', made({ exp: String(seconds(NOW + HOUR)) })),
  silent('token-time-unreadable', 'no time claims', made({ exp: undefined, nbf: undefined, iat: undefined })),

  speaks('token-churn', 'ten in a minute', tokensIn(10, 59 * SECOND), '10 new tokens within 1 min', ...numbers(10)),
  speaks('token-churn', '599 in a minute', tokensIn(599, 59 * SECOND), '599 new tokens', ...numbers(599)),
  silent('token-churn', 'nine in a minute', tokensIn(9, 59 * SECOND)),
  silent('token-churn', 'ten in an hour', tokensIn(10, HOUR)),
  silent('token-churn', 'tokens of page loads', tokensIn(20, 59 * SECOND, cause('page-load'))),
  silent('token-churn', 'by refreshToken, which has its own rule', tokensIn(20, 59 * SECOND, cause('call', 'refreshToken()'))),

  speaks('token-expired', 'by an exp written as text', made({ exp: String(seconds(NOW - HOUR)) }), 'ago'),
  speaks('token-expired', 'by an exp of 0', made({ exp: 0 }), 'Expired at 1970-01-01 00:00:00 UTC'),
  speaks('token-expired', 'by an exp before 1970', made({ exp: -5 }), 'Expired at 1969-12-31 23:59:55 UTC'),

  speaks(
    'token-no-jwt',
    'a word where the token should be',
    web({ token: { says: { raw: 'undefined', expiresAt: null } } }),
    'Can’t decode its claims',
  ),
  speaks(
    'token-no-jwt',
    "claims that aren't valid",
    web({ token: { says: { raw: 'a.b.c', expiresAt: null } } }),
    'Can’t decode its claims',
  ),
  silent('token-no-jwt', 'a token of another SDK, whose workspace may encrypt it', native({ token: { says: { raw: 'opaque' } } })),
  speaks(
    'token-with-more-around-it',
    'the word Bearer',
    wrapped((raw) => `Bearer ${raw}`),
    'Before: "Bearer "',
  ),
  speaks(
    'token-with-more-around-it',
    'quotes',
    wrapped((raw) => `"${raw}"`),
    '; after: ',
  ),
  silent(
    'token-with-more-around-it',
    'nothing around it',
    wrapped((raw) => raw),
  ),

  speaks(
    'token-expiry-disagrees',
    'an expirationDate that took seconds for milliseconds',
    made({}, { expiresAt: Math.round((NOW + 50 * MINUTE) / 1000) }),
    'earlier than the token’s exp',
  ),
  speaks('token-expiry-disagrees', 'six seconds later', made({}, { expiresAt: NOW + 50 * MINUTE + 6 * SECOND }), '6 seconds later'),
  silent('token-expiry-disagrees', 'five seconds apart', made({}, { expiresAt: NOW + 50 * MINUTE + 5 * SECOND })),
  silent('token-expiry-disagrees', 'the SDK returns no expiry', made({}, { expiresAt: null })),

  speaks('token-unsigned', 'alg none', native({ token: { header: { alg: 'none' } } }), 'alg is none'),
  speaks('token-unsigned', 'alg none in any letter case', native({ token: { header: { alg: 'NoNe' } } }), 'alg is NoNe'),
  silent('token-unsigned', 'a signed token', native({ token: { header: { alg: 'RS512' } } })),

  speaks(
    'token-unusual-algorithm',
    'the algorithm of site tokens in a native SDK',
    native({ token: { header: { alg: 'RS256' } } }),
    'tokens of this kind use RS512',
  ),
  speaks(
    'token-unusual-algorithm',
    'the algorithm of the auth server in the Web SDK',
    web({ token: { header: { alg: 'RS512' } } }),
    'use RS256',
  ),
  silent('token-unusual-algorithm', 'RS512 in a native SDK', native()),
  silent('token-unusual-algorithm', 'RS256 in the Web SDK', web()),
  silent('token-unusual-algorithm', 'alg none, which has its own rule', native({ token: { header: { alg: 'none' } } })),

  speaks(
    'token-of-another-uuid',
    'read since the last change',
    native({ token: { claims: { uuid: OTHER_UUID } }, entries: [tokenEntry(ago(HOUR)), uuidEntry(ago(MINUTE), UUID)] }),
    [`Token UUID: ${OTHER_UUID}.`, `SDK UUID: ${UUID}.`],
    1,
    2,
  ),
  silent('token-of-another-uuid', 'not read since the last change', native({ token: { claims: { uuid: OTHER_UUID }, stale: true } })),
  silent('token-of-another-uuid', 'the same UUID in capital letters', native({ token: { claims: { uuid: UUID.toUpperCase() } } })),
  silent('token-of-another-uuid', 'a token without a UUID', native({ token: { claims: { uuid: undefined } } })),

  speaks(
    'token-unreadable',
    'a token that was readable before',
    native({ token: { trouble } }),
    'retrieveToken: The network is gone. (code -105)',
  ),
  speaks(
    'token-unreadable',
    'no token',
    native({ token: null, facts: { tokenTrouble: { kind: 'timeout', message: 'No answer.' } } }),
    'No answer.',
  ),
  silent('token-unreadable', 'after the expiry, which the SDK reports in this way', endsIn(-MINUTE, { token: { trouble } })),
  silent('token-unreadable', 'a readable token', native()),

  speaks(
    'web-token-outlives-customer',
    'a UUID that is five minutes newer',
    outlived(5 * MINUTE),
    ['since 2027-01-15 08:40:00 UTC', 'since 2027-01-15 08:45:00 UTC'],
    2,
    3,
  ),
  silent('web-token-outlives-customer', 'a token with a UUID', outlived(5 * MINUTE, { uuid: WEB_UUID })),
  silent('web-token-outlives-customer', 'both at once', outlived(0)),
  silent('web-token-outlives-customer', 'the first UUID of the session', outlived(5 * MINUTE, { first: true })),

  speaks(
    'origin-unknown',
    'the token itself has an origin',
    native({ token: { claims: { origin: 'SYNERISE' }, says: { origin: 'UNKNOWN' } } }),
    'the origin claim is SYNERISE',
  ),
  speaks(
    'origin-unknown',
    'as the Android bridge returns it',
    made({ origin: undefined }, { origin: 'UNKNOWN', realm: null }),
    'token.rlm is missing',
  ),
  silent('origin-unknown', 'the realm is known', made({ origin: undefined }, { origin: 'UNKNOWN' })),
  silent('origin-unknown', 'the origin is known', made({ origin: 'SYNERISE' }, { origin: 'SYNERISE' })),
  silent('origin-unknown', 'in another dialect', native({ dialect: 'android', token: { says: { origin: 'UNKNOWN', realm: null } } })),
  speaks(
    'token-of-another-uuid',
    'with the two latest changes',
    native({
      token: { claims: { uuid: OTHER_UUID } },
      entries: [uuidEntry(ago(HOUR), OTHER_UUID), tokenEntry(ago(HOUR)), uuidEntry(ago(MINUTE), UUID)],
    }),
    OTHER_UUID,
    2,
    3,
  ),
  silent('web-token-outlives-customer', 'a native SDK', { ...outlived(5 * MINUTE), sdk: native().sdk }),
  silent('web-token-outlives-customer', 'a different token has replaced it', {
    ...outlived(5 * MINUTE),
    token: web({ token: { claims: { uuid: undefined, jti: '2' } } }).token,
  }),
  silent('web-token-outlives-customer', 'the token is gone', { ...outlived(5 * MINUTE), token: null }),
];

describe('tokens', () => tests(table, TOPICS.token));
