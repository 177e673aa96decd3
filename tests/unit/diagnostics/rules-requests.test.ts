// Rules about refreshes, logins and what requests carry: facts §1.3, §2.3, §4.3, §5 (6, 7, 8, 9, 22, 23, 34).
import { describe } from 'vitest';
import { MINUTE } from '../fakes/make';
import {
  ago,
  call,
  cause,
  failedCall,
  HOUR,
  identityEntry,
  type Loose,
  native,
  OTHER_UUID,
  operation,
  printOf,
  refusedWith,
  request,
  SECOND,
  signedIn,
  silentCall,
  theirToken,
  tokenEntry,
  uuidEntry,
  web,
} from './make';
import { silent, speaks, tests } from './tables';
import { TOPICS } from './topics';

const anonymous = (...entries: Loose[]) => native({ entries });
/** `count` entries, `every` ms apart, the last a minute ago. */
const row = (count: number, every: number, one: (at: number) => Loose): Loose[] =>
  [...Array(count).keys()].map((index) => one(ago(MINUTE) - (count - 1 - index) * every));
const seqs = (count: number) => [...Array(count).keys()].map((index) => index + 1);

/** A token that expired 20 minutes ago. */
const ENDED = tokenEntry(ago(40 * MINUTE), 'f1', { expiresAt: ago(20 * MINUTE) });
const NEXT = tokenEntry(ago(5 * MINUTE), 'f2');

const SIGN_OUT = ago(10 * MINUTE);
const signedOut = (...entries: Loose[]) =>
  anonymous(theirToken(ago(40 * MINUTE), 'f1', '434'), identityEntry(SIGN_OUT, 'signed-in', 'anonymous', { of: 'x' }), ...entries);
const sent = (after: number, bearer: string, purpose = 'event') => request(SIGN_OUT + after, purpose, { bearer, host: 'shop.example' });
const carries = (word: string) => anonymous(request(ago(MINUTE), 'event', { bearer: printOf(word) }));

const login = (over: Parameters<typeof request>[2], at = ago(MINUTE)) => request(at, 'anonymous-login', over);
const without = (...entries: Loose[]) => native({ token: null, entries });

const table = [
  speaks(
    'refresh-after-expiry',
    'a call a minute after the expiry',
    anonymous(ENDED, failedCall(ago(19 * MINUTE), 'refreshToken')),
    '1 attempt, last at 2027-01-15 08:41:00 UTC',
    2,
  ),
  speaks(
    'refresh-after-expiry',
    'a call and a request',
    anonymous(ENDED, failedCall(ago(19 * MINUTE), 'refreshToken'), request(ago(18 * MINUTE), 'refresh', { status: 401 })),
    '2 attempts, last at 2027-01-15 08:42:00 UTC',
    2,
    3,
  ),
  speaks(
    'refresh-after-expiry',
    'an operation run here',
    anonymous(ENDED, operation(ago(MINUTE), 'refreshToken', { verdict: 'failed' })),
    '08:59:00',
    2,
  ),
  silent('refresh-after-expiry', 'at the moment of expiry', anonymous(ENDED, failedCall(ago(20 * MINUTE), 'refreshToken'))),
  silent('refresh-after-expiry', 'it returned a new token', anonymous(ENDED, failedCall(ago(19 * MINUTE), 'refreshToken'), NEXT)),
  silent(
    'refresh-after-expiry',
    'there was no token anymore',
    anonymous(ENDED, tokenEntry(ago(20 * MINUTE), '', { expiresAt: null }), failedCall(ago(MINUTE), 'refreshToken')),
  ),

  speaks(
    'refresh-loop',
    'five calls within a minute',
    anonymous(...row(5, 15 * SECOND, (at) => call(at, 'refreshToken'))),
    '5 refreshes within 1 min (from 2027-01-15 08:58:00 UTC).',
    ...seqs(5),
  ),
  speaks(
    'refresh-loop',
    'six requests',
    anonymous(...row(6, SECOND, (at) => request(at, 'refresh'))),
    '6 refreshes within 1 min',
    ...seqs(6),
  ),
  silent('refresh-loop', 'four calls', anonymous(...row(4, SECOND, (at) => call(at, 'refreshToken')))),
  silent('refresh-loop', 'five in more than a minute', anonymous(...row(5, 15 * SECOND + 1, (at) => call(at, 'refreshToken')))),
  silent('refresh-loop', 'five calls six minutes ago', anonymous(...row(5, SECOND, (at) => call(at - 5 * MINUTE, 'refreshToken')))),
  silent('refresh-loop', 'five calls of a different kind', anonymous(...row(5, SECOND, (at) => call(at, 'getAccount')))),

  speaks(
    'refresh-keeps-failing',
    'two in a row, one by the page and one run here',
    native({
      entries: [failedCall(ago(3 * MINUTE), 'refreshToken'), operation(ago(MINUTE), 'refreshToken', { verdict: 'failed' })],
      details: refusedWith('refreshToken', ago(MINUTE), -108, 'Blocked'),
    }),
    ['2 refreshes failed in a row.', 'Last error: -108: Blocked'],
    1,
    2,
  ),
  silent('refresh-keeps-failing', 'one failure', anonymous(failedCall(ago(MINUTE), 'refreshToken'))),
  silent(
    'refresh-keeps-failing',
    'two with a success in between',
    anonymous(failedCall(ago(3 * MINUTE), 'refreshToken'), call(ago(2 * MINUTE), 'refreshToken'), failedCall(ago(MINUTE), 'refreshToken')),
  ),
  silent(
    'refresh-keeps-failing',
    'a new token has arrived since',
    anonymous(failedCall(ago(8 * MINUTE), 'refreshToken'), failedCall(ago(7 * MINUTE), 'refreshToken'), NEXT),
  ),

  speaks(
    'refresh-called-twice',
    'the first call had no answer',
    anonymous(silentCall(ago(MINUTE), 'refreshToken'), call(ago(MINUTE) + 100, 'refreshToken')),
    'refreshToken() never returned; called again 100 ms later.',
    1,
    2,
  ),
  speaks(
    'refresh-called-twice',
    'retrieveToken in Flutter',
    native({ dialect: 'flutter', entries: [silentCall(ago(MINUTE), 'retrieveToken'), call(ago(MINUTE) + 100, 'retrieveToken')] }),
    'retrieveToken()',
    1,
    2,
  ),
  silent(
    'refresh-called-twice',
    'both were answered',
    anonymous(call(ago(MINUTE), 'refreshToken'), call(ago(MINUTE) + 100, 'refreshToken')),
  ),
  silent(
    'refresh-called-twice',
    'a different method was called',
    anonymous(silentCall(ago(MINUTE), 'refreshToken'), call(ago(MINUTE) + 100, 'retrieveToken')),
  ),
  silent(
    'refresh-called-twice',
    'an SDK that cancels no calls',
    native({ dialect: 'ios', entries: [silentCall(ago(MINUTE), 'refreshToken'), call(ago(MINUTE) + 100, 'refreshToken')] }),
  ),

  speaks(
    'bearer-after-sign-out',
    'two seconds after the sign-out',
    signedOut(sent(2 * SECOND, 'f1')),
    ['Signed out at 2027-01-15 08:50:00 UTC; 1 request since', 'to shop.example'],
    2,
    3,
  ),
  speaks(
    'bearer-after-sign-out',
    'repeatedly',
    signedOut(sent(2 * SECOND, 'f1'), sent(MINUTE, 'f1')),
    '2 requests since, last at 2027-01-15 08:51:00',
    2,
    3,
    4,
  ),
  silent('bearer-after-sign-out', 'within a second of the sign-out', signedOut(sent(SECOND, 'f1'))),
  silent('bearer-after-sign-out', 'the logout request', signedOut(sent(2 * SECOND, 'f1', 'logout'))),
  silent('bearer-after-sign-out', 'the token from after the sign-out', signedOut(tokenEntry(SIGN_OUT, 'f2'), sent(2 * SECOND, 'f2'))),
  silent(
    'bearer-after-sign-out',
    'signed in again',
    signedIn({
      entries: [theirToken(ago(40 * MINUTE), 'f1', '434'), identityEntry(SIGN_OUT, 'signed-in', 'anonymous'), sent(MINUTE, 'f1')],
    }),
  ),
  silent(
    'bearer-after-sign-out',
    'the anonymous token from before',
    anonymous(tokenEntry(ago(40 * MINUTE), 'f1'), identityEntry(SIGN_OUT, 'signed-in', 'anonymous'), sent(MINUTE, 'f1')),
  ),

  speaks(
    'bearer-expired',
    'a second after the expiry',
    anonymous(ENDED, request(ago(20 * MINUTE) + SECOND, 'event', { bearer: 'f1' })),
    '1 request, last at 2027-01-15 08:40:01 UTC to api.synerise.com/v4/events/custom.',
    2,
  ),
  speaks(
    'bearer-expired',
    'two requests',
    anonymous(ENDED, request(ago(9 * MINUTE), 'event', { bearer: 'f1' }), request(ago(8 * MINUTE), 'search', { bearer: 'f1' })),
    '2 requests',
    2,
    3,
  ),
  silent('bearer-expired', 'at the moment of expiry', anonymous(ENDED, request(ago(20 * MINUTE), 'event', { bearer: 'f1' }))),
  silent('bearer-expired', 'a refresh, which has its own rule', anonymous(ENDED, request(ago(MINUTE), 'refresh', { bearer: 'f1' }))),
  silent(
    'bearer-expired',
    'a token with unknown expiry',
    anonymous(tokenEntry(ago(HOUR), 'f1', { expiresAt: null }), request(ago(MINUTE), 'event', { bearer: 'f1' })),
  ),
  silent('bearer-expired', 'another token has arrived since', anonymous(ENDED, request(ago(9 * MINUTE), 'event', { bearer: 'f1' }), NEXT)),

  ...['true', 'undefined', 'null', 'false', 'NaN'].map((word) =>
    speaks('bearer-is-no-token', word, carries(word), `“Authorization: Bearer ${word}” sent to api.synerise.com`, 1),
  ),
  silent('bearer-is-no-token', 'a token', carries('eyJhbGciOiJSUzUxMiJ9.e30.x')),
  silent('bearer-is-no-token', 'no bearer', anonymous(request(ago(MINUTE), 'event'))),

  speaks(
    'anonymous-logins-in-a-row',
    'four within a minute',
    anonymous(...row(4, 20 * SECOND, (at) => request(at, 'anonymous-login'))),
    '4 sign-ins within 1 min (from 2027-01-15 08:58:00 UTC).',
    ...seqs(4),
  ),
  silent('anonymous-logins-in-a-row', 'three', anonymous(...row(3, SECOND, (at) => request(at, 'anonymous-login')))),
  silent(
    'anonymous-logins-in-a-row',
    'four in more than a minute',
    anonymous(...row(4, 20 * SECOND + 1, (at) => request(at, 'anonymous-login'))),
  ),
  silent(
    'anonymous-logins-in-a-row',
    'one request that was reported four times',
    anonymous(...row(4, SECOND, (at) => request(at, 'anonymous-login', { key: 'r1' }))),
  ),
  silent(
    'anonymous-logins-in-a-row',
    'each after the page signed out',
    anonymous(...row(4, 10 * SECOND, (at) => call(at - 200, 'signOut')), ...row(4, 10 * SECOND, (at) => request(at, 'anonymous-login'))),
  ),
  silent('anonymous-logins-in-a-row', 'logins of customers', anonymous(...row(4, SECOND, (at) => request(at, 'login')))),

  speaks('anonymous-login-failed', 'refused', without(login({ status: 403 })), 'Result: 403.', 1),
  speaks(
    'anonymous-login-failed',
    'blocked',
    without(login({ status: null, problem: 'net::ERR_BLOCKED_BY_CLIENT' })),
    'net::ERR_BLOCKED_BY_CLIENT',
    1,
  ),
  speaks(
    'anonymous-login-failed',
    'after doNotTrack changed',
    without(
      uuidEntry(ago(2 * MINUTE), OTHER_UUID, { cause: cause('do-not-track') }),
      request(ago(MINUTE), 'incognito-login', { status: 500 }),
    ),
    'doNotTrack was switched just before.',
    1,
    2,
  ),
  silent('anonymous-login-failed', 'the login succeeded', without(login({ status: 200 }))),
  silent('anonymous-login-failed', 'the next login succeeded', without(login({ status: 500 }, ago(2 * MINUTE)), login({ status: 200 }))),
  silent('anonymous-login-failed', 'a token is present', anonymous(login({ status: 403 }))),
  silent('anonymous-login-failed', 'the login is pending', without(login({ status: null, endedAt: null }))),

  speaks(
    'event-refused',
    'the latest',
    web({ entries: [request(ago(MINUTE), 'event', { status: 403 })] }),
    '403 for /v4/events/custom at 2027-01-15 08:59:00 UTC.',
    1,
  ),
  speaks('event-refused', 'without a token', web({ entries: [request(ago(MINUTE), 'event', { status: 401 })] }), '401', 1),
  silent(
    'event-refused',
    'the next event was accepted',
    web({ entries: [request(ago(2 * MINUTE), 'event', { status: 403 }), request(ago(MINUTE), 'event')] }),
  ),
  silent('event-refused', 'the content of the event was invalid', web({ entries: [request(ago(MINUTE), 'event', { status: 400 })] })),
  silent('event-refused', 'a different request', web({ entries: [request(ago(MINUTE), 'search', { status: 403 })] })),

  // Which of several entries counts, and which do not.
  silent(
    'anonymous-logins-in-a-row',
    'four logins six minutes ago',
    anonymous(...row(4, SECOND, (at) => request(at - 5 * MINUTE, 'anonymous-login'))),
  ),
  speaks(
    'anonymous-login-failed',
    'before doNotTrack changed',
    without(login({ status: 403 }), uuidEntry(ago(MINUTE) + 2 * SECOND, OTHER_UUID, { cause: cause('do-not-track') })),
    'Result: 403.',
    1,
  ),
  speaks(
    'anonymous-login-failed',
    'after a different change of the UUID',
    without(uuidEntry(ago(2 * MINUTE), OTHER_UUID, { cause: cause('call') }), login({ status: 400 })),
    '400',
    2,
  ),
  speaks(
    'anonymous-login-failed',
    'after two changes of doNotTrack',
    without(...[3, 2].map((ms) => uuidEntry(ago(ms * MINUTE), OTHER_UUID, { cause: cause('do-not-track') })), login({ status: 400 })),
    'doNotTrack',
    2,
    3,
  ),
  speaks(
    'bearer-after-sign-out',
    'after the second of two sign-outs',
    signedOut(
      theirToken(ago(8 * MINUTE), 'f2', '434'),
      identityEntry(ago(8 * MINUTE), 'anonymous', 'signed-in'),
      identityEntry(ago(5 * MINUTE), 'signed-in', 'anonymous'),
      request(ago(MINUTE), 'event', { bearer: 'f2' }),
    ),
    'Signed out at 2027-01-15 08:55:00 UTC',
    5,
    6,
  ),
  silent(
    'bearer-after-sign-out',
    'a request between two sign-outs',
    signedOut(
      sent(2 * SECOND, 'f1'),
      identityEntry(ago(8 * MINUTE), 'anonymous', 'signed-in'),
      identityEntry(ago(5 * MINUTE), 'signed-in', 'anonymous'),
    ),
  ),
  speaks(
    'refresh-called-twice',
    'the latest',
    anonymous(
      silentCall(ago(9 * MINUTE), 'refreshToken'),
      call(ago(9 * MINUTE) + 50, 'refreshToken'),
      silentCall(ago(MINUTE), 'refreshToken'),
      call(ago(MINUTE) + 100, 'refreshToken'),
    ),
    '100 ms',
    3,
    4,
  ),
  speaks(
    'refresh-keeps-failing',
    'the token is older, and then there was none',
    anonymous(
      tokenEntry(ago(HOUR)),
      failedCall(ago(8 * MINUTE), 'refreshToken'),
      tokenEntry(ago(7 * MINUTE), ''),
      failedCall(ago(6 * MINUTE), 'refreshToken'),
    ),
    '2 refreshes',
    2,
    4,
  ),
  speaks(
    'refresh-keeps-failing',
    'with the last error',
    native({
      entries: [failedCall(ago(3 * MINUTE), 'refreshToken'), failedCall(ago(MINUTE), 'refreshToken')],
      details: {
        ...refusedWith('refreshToken', ago(3 * MINUTE), 500, 'First'),
        ...refusedWith('refreshToken', ago(MINUTE), null, 'Second'),
      },
    }),
    'Last error: Second',
    1,
    2,
  ),
];

describe('refreshes, logins and bearers', () => tests(table, TOPICS.requests));
