// Rules about signing in and out: facts §2.1, §2.2, §5 (2, 4, 5, 9, 10, 11, 25).

import { describe } from 'vitest';
import type { Case } from '@/lib/diagnostics/case';
import { MINUTE } from '../fakes/make';
import {
  absent,
  ago,
  call,
  callback,
  cause,
  failedCall,
  HOUR,
  identityEntry,
  type Loose,
  native,
  OTHER_UUID,
  operation,
  refusedWith,
  request,
  SECOND,
  signedIn,
  silentCall,
  tokenEntry,
  UUID,
  uuidEntry,
  web,
} from './make';
import { silent, speaks, tests } from './tables';
import { TOPICS } from './topics';

const OUT_AT = ago(10 * MINUTE);
const out = (of: string | null = null, reason: string | null = null) => identityEntry(OUT_AT, 'signed-in', 'anonymous', { of, reason });
const anonymous = (...entries: Loose[]) => native({ entries });

const told = (gap: number, ...more: Loose[]) =>
  anonymous(callback(OUT_AT, false, 'SYSTEM_SIGN_OUT'), callback(OUT_AT + gap, false, 'SYSTEM_SIGN_OUT'), ...more);

const SINCE = uuidEntry(ago(HOUR), UUID);
const LOGIN_AT = ago(5 * MINUTE);
const login = (uuid: string, ...more: Loose[]) => anonymous(SINCE, ...more, request(LOGIN_AT, 'login', { uuid }));

const simple = (code: string | number, over: Parameters<typeof native>[0] = {}) =>
  native({
    customer: { simpleAuth: true },
    token: { claims: { origin: 'SIMPLE_AUTH' }, says: { origin: 'SIMPLE_AUTH' } },
    entries: [failedCall(ago(MINUTE), 'getAccount')],
    details: refusedWith('getAccount', ago(MINUTE), code),
    ...over,
  });

const MADE_AT = ago(MINUTE) - SECOND;
const conditional = (maker: Loose): Case =>
  anonymous(SINCE, maker, uuidEntry(ago(MINUTE), OTHER_UUID, { cause: cause('call'), of: 'made' }));

const table = [
  speaks('signed-out-unexpectedly', 'no call, and no reason', anonymous(out()), ['At 2027-01-15 08:50:00 UTC.', 'No reason reported.'], 1),
  speaks(
    'signed-out-unexpectedly',
    'with a reason from the SDK',
    anonymous(out(null, 'SESSION_EXPIRATION')),
    'Reason: SESSION_EXPIRATION',
    1,
  ),
  speaks(
    'signed-out-unexpectedly',
    'with a reason that the listener received',
    anonymous(callback(OUT_AT - SECOND, false, 'SYSTEM_SIGN_OUT'), out()),
    'SYSTEM_SIGN_OUT',
    1,
    2,
  ),
  speaks('signed-out-unexpectedly', 'a call that ended long before', anonymous(call(OUT_AT - MINUTE, 'signOut'), out()), 'No reason', 2),
  silent('signed-out-unexpectedly', 'by a call that is known to have caused it', anonymous(out('signOut@1'))),
  silent('signed-out-unexpectedly', 'shortly after a call', anonymous(call(OUT_AT - 5 * SECOND, 'signOut'), out())),
  silent('signed-out-unexpectedly', 'shortly after an operation', anonymous(operation(OUT_AT - 5 * SECOND, 'destroySession'), out())),
  ...['USER_SIGN_OUT', 'SESSION_DESTROYED', 'USER_ACCOUNT_DELETED'].map((reason) =>
    silent('signed-out-unexpectedly', reason, anonymous(out(null, reason))),
  ),
  silent('signed-out-unexpectedly', 'signed in again', signedIn({ entries: [out()] })),
  silent('signed-out-unexpectedly', 'anonymous throughout', anonymous()),
  silent(
    'signed-out-unexpectedly',
    'on a page of the Web SDK where the site set no token',
    web({ token: null, entries: [tokenEntry(OUT_AT, '', { cause: cause('page-load') }), out()] }),
  ),
  silent('signed-out-unexpectedly', 'on a page without an SDK', absent(null, { entries: [out()] })),

  speaks('sign-out-told-twice', 'within five seconds', told(5 * SECOND), 'onClientSignedOut fired again 5000 ms later.', 1, 2),
  silent('sign-out-told-twice', 'later', told(5 * SECOND + 1)),
  silent(
    'sign-out-told-twice',
    'a sign-in in between',
    anonymous(callback(OUT_AT, false), callback(OUT_AT + SECOND, true), callback(OUT_AT + 2 * SECOND, false)),
  ),
  silent('sign-out-told-twice', 'a sign-in since', told(SECOND, callback(ago(MINUTE), true))),
  silent('sign-out-told-twice', 'one sign-out', anonymous(callback(OUT_AT, false))),
  silent('sign-out-told-twice', 'two sign-ins', anonymous(callback(OUT_AT, true), callback(OUT_AT + SECOND, true))),

  speaks(
    'sign-in-slow',
    'no answer',
    anonymous(silentCall(ago(MINUTE), 'signIn')),
    'signIn() at 2027-01-15 08:59:00 UTC hasn’t returned.',
    1,
  ),
  speaks(
    'sign-in-slow',
    'a login that took eight seconds',
    anonymous(request(ago(MINUTE), 'login', { endedAt: ago(MINUTE) + 8 * SECOND })),
    'Sign-in at 2027-01-15 08:59:00 UTC took 8 seconds.',
    1,
  ),
  silent(
    'sign-in-slow',
    'a login that took slightly less',
    anonymous(request(ago(MINUTE), 'login', { endedAt: ago(MINUTE) + 8 * SECOND - 1 })),
  ),
  silent('sign-in-slow', 'a login eleven minutes ago', anonymous(request(ago(11 * MINUTE), 'login', { endedAt: ago(10 * MINUTE) }))),
  silent('sign-in-slow', 'a different request', anonymous(request(ago(MINUTE), 'search', { endedAt: ago(SECOND) }))),
  silent('sign-in-slow', 'the next sign-in was answered', anonymous(silentCall(ago(2 * MINUTE), 'signIn'), call(ago(MINUTE), 'signIn'))),
  silent('sign-in-slow', 'the login is pending', anonymous(request(ago(MINUTE), 'login', { endedAt: null, status: null }))),

  speaks(
    'sign-in-with-another-uuid',
    'a different UUID from the one the customer had',
    login(OTHER_UUID),
    [`Sent at 2027-01-15 08:55:00 UTC: ${OTHER_UUID}.`, `SDK UUID before: ${UUID}.`],
    2,
  ),
  silent('sign-in-with-another-uuid', 'the same UUID', login(UUID.toUpperCase())),
  silent(
    'sign-in-with-another-uuid',
    'with an authID',
    login(OTHER_UUID, call(LOGIN_AT - SECOND, 'authenticate', { told: { authID: true } })),
  ),
  silent(
    'sign-in-with-another-uuid',
    'someone was signed in before',
    login(OTHER_UUID, identityEntry(ago(30 * MINUTE), 'anonymous', 'signed-in')),
  ),
  silent(
    'sign-in-with-another-uuid',
    'a login that was refused',
    anonymous(SINCE, request(LOGIN_AT, 'login', { uuid: OTHER_UUID, status: 401 })),
  ),
  silent('sign-in-with-another-uuid', 'a login without a UUID', anonymous(SINCE, request(LOGIN_AT, 'login'))),
  silent('sign-in-with-another-uuid', 'the previous UUID is unknown', anonymous(request(LOGIN_AT, 'login', { uuid: OTHER_UUID }))),

  speaks(
    'conditional-sign-in-changed-uuid',
    'by a call of the page',
    conditional(call(MADE_AT, 'signInConditionally', { key: 'made' })),
    [OTHER_UUID, 'by signInConditionally().'],
    2,
    3,
  ),
  speaks(
    'conditional-sign-in-changed-uuid',
    'by an operation',
    conditional(operation(MADE_AT, 'authenticateConditionally', { key: 'made' })),
    [OTHER_UUID, 'by authenticateConditionally().'],
    2,
    3,
  ),
  silent('conditional-sign-in-changed-uuid', 'by a different call', conditional(call(MADE_AT, 'signIn', { key: 'made' }))),
  silent(
    'conditional-sign-in-changed-uuid',
    'the cause of the change is unknown',
    conditional(call(MADE_AT, 'signInConditionally', { key: 'other' })),
  ),
  silent(
    'conditional-sign-in-changed-uuid',
    'the customer signed in with it',
    signedIn({
      entries: [
        call(MADE_AT, 'authenticateConditionally', { key: 'made' }),
        uuidEntry(ago(MINUTE), UUID, { cause: cause('call'), of: 'made' }),
      ],
    }),
  ),

  ...['403', 401, 3200].map((code) =>
    speaks(
      'simple-auth-is-no-sign-in',
      `refused with ${code}`,
      simple(code),
      `getAccount() failed with ${code} at 2027-01-15 08:59:00 UTC.`,
      1,
    ),
  ),
  silent('simple-auth-is-no-sign-in', 'failed for a different reason', simple(500)),
  silent('simple-auth-is-no-sign-in', 'the call succeeded', simple(403, { entries: [call(ago(MINUTE), 'getAccount')] })),
  silent('simple-auth-is-no-sign-in', 'an anonymous customer', simple(403, { customer: { simpleAuth: false }, token: {} })),
  silent(
    'simple-auth-is-no-sign-in',
    'the customer was anonymous at that time',
    simple(403, { entries: [failedCall(ago(MINUTE), 'getAccount'), identityEntry(ago(SECOND), 'anonymous', 'simple-auth')] }),
  ),
  silent(
    'simple-auth-is-no-sign-in',
    'a call that needs no sign-in',
    simple(403, {
      entries: [failedCall(ago(MINUTE), 'requestPasswordReset')],
      details: refusedWith('requestPasswordReset', ago(MINUTE), 403),
    }),
  ),

  speaks(
    'api-key-kept-session',
    'six seconds after the call',
    anonymous(SINCE, call(ago(6 * SECOND), 'changeApiKey')),
    `Called at 2027-01-15 08:59:54 UTC; the UUID is still ${UUID}.`,
    2,
  ),
  silent('api-key-kept-session', 'five seconds after the call', anonymous(SINCE, call(ago(5 * SECOND), 'changeApiKey'))),
  silent(
    'api-key-kept-session',
    'another UUID followed',
    anonymous(SINCE, call(ago(MINUTE), 'changeApiKey'), uuidEntry(ago(MINUTE) + SECOND, UUID)),
  ),
  silent('api-key-kept-session', 'a call that failed', anonymous(SINCE, failedCall(ago(MINUTE), 'changeApiKey'))),

  // Which of several entries counts, and which do not.
  speaks(
    'api-key-kept-session',
    'five seconds after the end of the call',
    anonymous(SINCE, call(ago(5 * SECOND), 'changeApiKey', { endedAt: ago(5 * SECOND) })),
    '08:59:55',
    2,
  ),
  speaks(
    'api-key-kept-session',
    'the UUID is older than the call',
    anonymous(SINCE, uuidEntry(ago(2 * MINUTE), UUID), call(ago(MINUTE), 'changeApiKey')),
    UUID,
    3,
  ),
  silent(
    'conditional-sign-in-changed-uuid',
    'the identity is unknown',
    native({
      customer: { signedIn: null, simpleAuth: null },
      token: null,
      entries: [uuidEntry(ago(MINUTE), UUID, { cause: cause('call', 'authenticateConditionally()') })],
    }),
  ),
  silent(
    'conditional-sign-in-changed-uuid',
    'the customer signed in with it, has signed out since, and keeps the UUID',
    anonymous(
      SINCE,
      uuidEntry(ago(9 * MINUTE), UUID, { cause: cause('call', 'authenticateConditionally()') }),
      identityEntry(ago(9 * MINUTE), 'anonymous', 'signed-in'),
      identityEntry(ago(MINUTE), 'signed-in', 'anonymous'),
    ),
  ),
  silent('signed-out-unexpectedly', 'ten seconds after the end of a call', anonymous(call(OUT_AT - 10 * SECOND - 200, 'signOut'), out())),
  speaks(
    'signed-out-unexpectedly',
    'eleven seconds after the end of a call',
    anonymous(call(OUT_AT - 11 * SECOND - 200, 'signOut'), out()),
    'No reason',
    2,
  ),
  speaks(
    'signed-out-unexpectedly',
    'an old callback, and one that reports a sign-in',
    anonymous(callback(OUT_AT - 11 * SECOND, false, 'USER_SIGN_OUT'), callback(OUT_AT - SECOND, true, 'USER_SIGN_OUT'), out()),
    'No reason',
    3,
  ),
  speaks('signed-out-unexpectedly', 'a call after the sign-out', anonymous(out(), call(OUT_AT + SECOND, 'signOut')), 'No reason', 1),
  speaks(
    'signed-out-unexpectedly',
    'the second of two sign-outs, with the closest reason',
    anonymous(
      out('signOut@1'),
      identityEntry(ago(8 * MINUTE), 'anonymous', 'signed-in'),
      callback(ago(5 * MINUTE) - 2 * SECOND, false, 'CLIENT_REJECTED'),
      callback(ago(5 * MINUTE) - SECOND, false, 'SESSION_EXPIRATION'),
      identityEntry(ago(5 * MINUTE), 'signed-in', 'anonymous'),
    ),
    'SESSION_EXPIRATION',
    4,
    5,
  ),
  speaks(
    'sign-in-slow',
    'the latest without an answer',
    anonymous(silentCall(ago(3 * MINUTE), 'signIn'), silentCall(ago(MINUTE), 'signIn')),
    '08:59:00',
    2,
  ),
  speaks(
    'sign-in-slow',
    'the latest of two slow logins',
    anonymous(...[3, 1].map((ms) => request(ago(ms * MINUTE), 'login', { endedAt: ago(ms * MINUTE) + 9 * SECOND }))),
    '08:59:00',
    2,
  ),
  silent(
    'sign-in-with-another-uuid',
    'with an authID five seconds before',
    login(OTHER_UUID, call(LOGIN_AT - 5 * SECOND + 1, 'authenticate', { told: { authID: true } })),
  ),
  speaks(
    'sign-in-with-another-uuid',
    'with an authID six seconds before',
    login(OTHER_UUID, call(LOGIN_AT - 6 * SECOND, 'authenticate', { told: { authID: true } })),
    OTHER_UUID,
    3,
  ),
  speaks(
    'sign-in-with-another-uuid',
    'a different identity before, but not signed in',
    login(OTHER_UUID, identityEntry(ago(30 * MINUTE), 'incognito', 'anonymous')),
    OTHER_UUID,
    3,
  ),
  silent(
    'sign-in-with-another-uuid',
    'a login that failed with 400',
    anonymous(SINCE, request(LOGIN_AT, 'login', { uuid: OTHER_UUID, status: 400 })),
  ),
  speaks(
    'simple-auth-is-no-sign-in',
    'the latest',
    simple(403, { entries: [call(ago(3 * MINUTE), 'getAccount'), failedCall(ago(MINUTE), 'getAccount')] }),
    '403',
    2,
  ),
];

describe('signing in and out', () => tests(table, TOPICS.signing));
