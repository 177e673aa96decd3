// What rules once missed, and what they once reported after it was fixed.
import { describe, expect, it } from 'vitest';
import { fingerprint } from '@/lib/text/fingerprint';
import { MINUTE } from '../fakes/make';
import {
  ago,
  call,
  cause,
  documentEntry,
  EMAIL,
  failedCall,
  HOUR,
  identityEntry,
  inAndOut,
  jarOf,
  NOW,
  native,
  OTHER_UUID,
  operation,
  refusedWith,
  request,
  SECOND,
  seconds,
  signedIn,
  silentCall,
  UUID,
  uuidEntry,
  WEB_COOKIES,
  web,
} from './make';
import { found, type Row, silent, speaks } from './tables';

const SINCE = uuidEntry(ago(HOUR));
const AT = ago(2 * MINUTE);

/** Fixed by the page: it has done it correctly since. */
const mended: readonly Row[] = [
  silent(
    'plain-object-as-context',
    'the next call succeeded',
    signedIn({
      entries: [failedCall(AT, 'updateAccount'), call(ago(MINUTE), 'updateAccount')],
      details: refusedWith('updateAccount', AT, null, 'context.toObject is not a function'),
    }),
  ),
  silent(
    'known-error-code',
    'the next call succeeded',
    signedIn({ entries: [failedCall(AT, 'getAccount'), call(ago(MINUTE), 'getAccount')], details: refusedWith('getAccount', AT, 3200) }),
  ),
  silent(
    'flutter-field-names',
    'the next call has the correct names',
    signedIn({
      dialect: 'flutter',
      entries: [call(AT, 'updateAccount'), call(ago(MINUTE), 'updateAccount')],
      details: {
        ...inAndOut('updateAccount', AT, { args: [{ zipCode: '00-001' }] }),
        ...inAndOut('updateAccount', ago(MINUTE), { args: [{ zipcode: '00-001' }] }),
      },
    }),
  ),
  silent(
    'pin-and-email-swapped',
    'the next call has them in the correct order',
    native({
      entries: [call(AT, 'confirmAccountActivationByPin'), call(ago(MINUTE), 'confirmAccountActivationByPin')],
      details: {
        ...inAndOut('confirmAccountActivationByPin', AT, { args: ['[secret]', '1234'] }),
        ...inAndOut('confirmAccountActivationByPin', ago(MINUTE), { args: ['[secret]', EMAIL] }),
      },
    }),
  ),
  silent(
    'bearer-is-no-token',
    'the next requests carry the token',
    native({
      entries: [
        request(AT, 'event', { bearer: fingerprint('true') }),
        request(ago(MINUTE), 'event', { bearer: 'f1' }),
        request(ago(SECOND), 'event', { bearer: 'f1' }),
      ],
    }),
  ),
];

/** Rules that once reported nothing here, and should have. */
const misses: readonly Row[] = [
  // The first call is recorded ten seconds later, when it times out.
  speaks(
    'refresh-called-twice',
    'in the order in which calls are recorded: each when it ends',
    native({ entries: [call(ago(MINUTE) + 100, 'refreshToken'), silentCall(ago(MINUTE), 'refreshToken')] }),
    'called again 100 ms later',
    1,
    2,
  ),
  speaks(
    'token-near-expiry',
    'the Web SDK, which cannot refresh it',
    web({ token: { claims: { exp: seconds(NOW + 30 * SECOND) } }, session: { policy: { autoRefresh: true } } }),
    'in 30 seconds',
  ),
  speaks(
    'request-names-another-uuid',
    'long after a change that was not observed when it happened',
    native({
      entries: [
        uuidEntry(ago(HOUR), OTHER_UUID),
        uuidEntry(ago(20 * MINUTE), UUID, { after: ago(50 * MINUTE), cause: cause('unknown') }),
        request(AT, 'event', { uuid: OTHER_UUID }),
      ],
    }),
    OTHER_UUID,
    3,
  ),
  speaks(
    'sign-in-with-another-uuid',
    'someone was signed in once, and has signed out since',
    native({
      entries: [
        SINCE,
        identityEntry(ago(50 * MINUTE), 'anonymous', 'signed-in'),
        identityEntry(ago(40 * MINUTE), 'signed-in', 'anonymous'),
        request(AT, 'login', { uuid: OTHER_UUID }),
      ],
    }),
    OTHER_UUID,
    4,
  ),
  speaks(
    'reset-cookie-waits',
    'HttpOnly, as advised: only the browser lists it',
    web({
      session: { visit: { jar: [...jarOf(WEB_COOKIES), ...jarOf([`_snrs_reset_uuid=${OTHER_UUID}`], { httpOnly: true })] } },
      entries: [documentEntry(ago(MINUTE))],
    }),
    '_snrs_reset_uuid',
  ),
  speaks(
    'refresh-keeps-failing',
    'with an attempt in between that never started',
    native({
      entries: [
        failedCall(ago(3 * MINUTE), 'refreshToken'),
        operation(AT, 'refreshToken', { verdict: 'interrupted' }),
        failedCall(ago(MINUTE), 'refreshToken'),
      ],
    }),
    '2 refreshes',
    1,
    3,
  ),
];

describe('a fixed problem', () => {
  it.each(mended)('$rule $says: $where', ({ rule, subject }) => {
    expect(found(rule, subject)).toBeNull();
  });
});

describe('a problem that must be noticed', () => {
  it.each(misses)('$rule reports a finding: $where', ({ rule, subject, evidence, entries }) => {
    expect(found(rule, subject)).toMatchObject({ entries });
    expect(found(rule, subject)?.evidence.join(' ')).toContain(evidence[0]);
  });
});
