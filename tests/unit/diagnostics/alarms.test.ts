// Situations of a healthy page, or of a tester at work, each of which once caused a false alarm.
import { describe, expect, it } from 'vitest';
import { fingerprint } from '@/lib/text/fingerprint';
import { identityHash } from '@/lib/web/recipes';
import { client, MINUTE, T0 } from '../fakes/make';
import {
  absent,
  ago,
  call,
  cause,
  cookiesOf,
  documentEntry,
  EMAIL,
  failedCall,
  type Given,
  HOUR,
  identityEntry,
  inAndOut,
  type Loose,
  NOW,
  native,
  OTHER_EMAIL,
  OTHER_UUID,
  operation,
  refusedWith,
  request,
  SECOND,
  seconds,
  signedIn,
  silentCall,
  storage,
  THIRD_UUID,
  TRACKER_KEY,
  theirToken,
  tokenEntry,
  UUID,
  uuid5,
  uuidEntry,
  WEB_COOKIES,
  WEB_UUID,
  web,
} from './make';
import { found, type Row, silent } from './tables';

const SINCE = uuidEntry(ago(HOUR));
const UNKNOWN = { origin: 'UNKNOWN' } as const;
const [REGENERATED, FORM] = [ago(5 * MINUTE), ago(15 * MINUTE)];
const five = (one: (at: number) => Loose[]): Loose[] => [1, 2, 3, 4, 5].flatMap((index) => one(ago(2 * MINUTE) + index * 5 * SECOND));
const AT = ago(2 * MINUTE);

const saved = (entry: Loose, context: { readonly [name: string]: string }, value: { readonly [name: string]: string | null }) =>
  signedIn({
    entries: [entry],
    details: inAndOut('updateAccount', AT, { args: [context] }),
    session: { history: { account: { at: AT + MINUTE, uuid: UUID, identity: 'signed-in', clientId: '434', value } } },
  });

const webToken = (given: Given = {}) => {
  const raw = web(given).token?.raw ?? '';
  return (at: number) => tokenEntry(at, fingerprint(raw), { origin: null, uuid: null, whom: EMAIL });
};
const NAMELESS: Given = { token: { claims: { uuid: undefined } } };
const facts = (hash: string) => ({ identityHash: hash, trackerKey: TRACKER_KEY });
const RESET = [...WEB_COOKIES, `_snrs_reset_uuid=${OTHER_UUID}`];

/** Rules that once reported a finding here, and should not. */
const alarms: readonly Row[] = [
  silent(
    'refresh-loop',
    'a person ran the refresh five times here',
    native({ entries: five((at) => [operation(at, 'refreshToken'), request(at + 50, 'refresh')]) }),
  ),
  // Calls are recorded when they end, so an older one may come last.
  silent(
    'refresh-loop',
    'four within a minute, and one three minutes earlier that was never answered',
    native({
      entries: [
        ...[0, 1, 2, 3].map((index) => call(ago(MINUTE) + index * SECOND, 'refreshToken')),
        silentCall(ago(4 * MINUTE), 'refreshToken'),
      ],
    }),
  ),
  silent(
    'anonymous-logins-in-a-row',
    'a person regenerated the UUID five times here',
    native({ entries: five((at) => [operation(at, 'regenerateUUID'), request(at + 50, 'anonymous-login')]) }),
  ),
  silent(
    'anonymous-login-failed',
    'canceled by navigating to a page without an SDK',
    absent(null, {
      entries: [
        request(ago(MINUTE), 'anonymous-login', { status: null, problem: 'net::ERR_ABORTED' }),
        documentEntry(ago(MINUTE) + SECOND, '/terms'),
      ],
    }),
  ),
  silent(
    'refresh-called-twice',
    'called again five minutes later, which cancels nothing',
    native({ entries: [silentCall(ago(10 * MINUTE), 'refreshToken'), call(ago(5 * MINUTE), 'refreshToken')] }),
  ),

  silent(
    'signed-out-unexpectedly',
    'doNotTrack was turned on',
    native({ token: { says: { origin: 'INCOGNITO' } }, entries: [identityEntry(ago(5 * MINUTE), 'signed-in', 'incognito')] }),
  ),
  silent(
    'sign-in-slow',
    'the next sign-in succeeded, and ended before the first timed out',
    signedIn({ entries: [call(ago(50 * SECOND), 'signIn'), silentCall(ago(MINUTE), 'signIn')] }),
  ),
  silent(
    'sign-in-slow',
    'no answer a quarter of an hour ago, outside the ten minutes that count',
    native({ entries: [silentCall(ago(15 * MINUTE), 'signIn')] }),
  ),
  silent(
    'sign-in-with-another-uuid',
    'a person ran authenticate here with an authID',
    native({
      entries: [SINCE, operation(AT - SECOND, 'authenticate', { endedAt: AT + SECOND }), request(AT, 'login', { uuid: OTHER_UUID })],
    }),
  ),
  silent(
    'sign-in-with-another-uuid',
    'a different account signed in while one was signed in from the start',
    signedIn({
      customer: { uuid: OTHER_UUID },
      entries: [SINCE, theirToken(ago(HOUR), 'f1', '434'), request(AT, 'login', { uuid: OTHER_UUID })],
    }),
  ),
  silent(
    'api-key-kept-session',
    'the SDK is gone, and so is its UUID',
    absent(client({ state: 'not-initialised' }), { entries: [SINCE, call(ago(MINUTE), 'changeApiKey')] }),
  ),

  // The Android bridge of React Native returns UNKNOWN for every token (facts §1.3).
  silent(
    'same-uuid-for-another-customer',
    'a customer of React Native on Android signed in',
    signedIn({
      entries: [SINCE, tokenEntry(ago(HOUR), 'f1', { origin: 'UNKNOWN', whom: '17' }), theirToken(AT, 'f2', '434', { origin: 'UNKNOWN' })],
    }),
  ),
  silent(
    'same-uuid-for-another-customer',
    'a customer by Simple Authentication signed in',
    signedIn({ entries: [SINCE, tokenEntry(ago(HOUR), 'f1', { origin: 'SIMPLE_AUTH', whom: '17' }), theirToken(AT, 'f2', '434')] }),
  ),
  silent(
    'same-uuid-for-another-customer',
    'the next token of the same customer has the custom ID too',
    web({ entries: [uuidEntry(ago(HOUR), WEB_UUID), webToken()(ago(HOUR)), tokenEntry(AT, 'f2', { origin: null, whom: 'c-17' })] }),
  ),
  silent(
    'uuid-recipes-differ',
    'the token belongs to someone else',
    web({ token: { claims: { uuid: uuid5(OTHER_EMAIL), email: OTHER_EMAIL } } }),
  ),
  silent(
    'request-names-another-uuid',
    'a third-party pixel has a parameter of that name',
    native({ entries: [SINCE, request(AT, 'tracking', { host: 'pixel.example', path: `/collect?uuid=${THIRD_UUID}`, uuid: THIRD_UUID })] }),
  ),
  silent(
    'request-names-another-uuid',
    'an update that sets the UUID',
    signedIn({ entries: [SINCE, request(AT, 'account-update', { uuid: OTHER_UUID })] }),
  ),
  silent(
    'identity-hash-of-another',
    'a name with an accent, whose hash the plugins compute from bytes (facts §3.4)',
    web({ token: { claims: { email: 'józef@shop.example' } }, customer: { facts: facts(hashOfBytes('józef@shop.example')) } }),
  ),
  silent(
    'identity-hash-of-another',
    'the token is from before the UUID changed',
    web({ token: { stale: true }, customer: { uuid: uuid5(OTHER_EMAIL), facts: facts(identityHash(OTHER_EMAIL)) } }),
  ),

  silent(
    'token-expired',
    'from before the UUID changed: a newer one exists',
    native({ token: { stale: true, claims: { exp: seconds(ago(MINUTE)) } } }),
  ),
  silent(
    'token-unusual-algorithm',
    'encrypted as a whole (facts §2.5)',
    native({ token: { header: { alg: 'RSA-OAEP-256', enc: 'A256GCM' }, says: { expiresAt: NOW + HOUR } } }),
  ),
  silent(
    'web-token-outlives-customer',
    'the site set the token, and then the UUID of the customer who signed in',
    web({
      ...NAMELESS,
      entries: [
        uuidEntry(T0, OTHER_UUID),
        webToken(NAMELESS)(ago(MINUTE)),
        uuidEntry(ago(MINUTE) + 300, WEB_UUID, { cause: cause('call', 'setUuid()') }),
      ],
    }),
  ),

  silent(
    'permission-missing',
    'the token had expired, which also returns 403 (facts §4.3)',
    signedIn({
      token: { claims: { exp: seconds(ago(5 * MINUTE)) } },
      entries: [theirToken(ago(HOUR), 'f1', '434', { expiresAt: ago(5 * MINUTE) }), failedCall(AT, 'getAccount')],
      details: refusedWith('getAccount', AT, 403),
    }),
  ),
  silent(
    'permission-missing',
    'a person has run it successfully since',
    signedIn({
      entries: [failedCall(AT, 'getAccount'), operation(ago(MINUTE), 'getAccount')],
      details: refusedWith('getAccount', AT, 403),
    }),
  ),
  silent(
    'update-not-saved',
    'the page was left meanwhile',
    saved(operation(AT, 'updateAccount', { verdict: 'interrupted' }), { city: 'Kraków' }, { city: null }),
  ),
  silent(
    'update-not-saved',
    'surrounding spaces are trimmed',
    saved(call(AT, 'updateAccount'), { firstName: 'Jan ' }, { firstName: 'Jan' }),
  ),
  silent(
    'update-not-saved',
    'a long text, of which only the beginning is known',
    saved(call(AT, 'updateAccount'), { avatarUrl: `${'a'.repeat(1000)}… (1200 characters)` }, { avatarUrl: 'a'.repeat(1200) }),
  ),
  // Recorded again under the same key when the answer arrived after all.
  silent(
    'call-unanswered',
    'the answer came late',
    signedIn({ entries: [silentCall(AT, 'getAccount'), call(AT, 'getAccount', { endedAt: AT + 12 * SECOND })] }),
  ),

  silent(
    'cookie-not-the-sdk-uuid',
    "both have the same text, which isn't a UUID",
    web({ customer: { uuid: 'c-17', cookies: cookiesOf('c-17') } }),
  ),
  silent(
    'reset-cookie-waits',
    'written 31 minutes ago, and no page load since',
    web({
      customer: { cookies: RESET },
      entries: [documentEntry(ago(40 * MINUTE)), storage(ago(31 * MINUTE), '_snrs_reset_uuid', OTHER_UUID)],
    }),
  ),
  silent(
    'uuid-cookie-http-only',
    'a server of another site set it',
    web({ set: [{ name: '_snrs_uuid', httpOnly: true, host: 'other.example' }] }),
  ),
  silent(
    'bearer-after-sign-out',
    'the anonymous token of React Native on Android, which returns UNKNOWN for every token (facts §1.3)',
    native({
      token: { says: UNKNOWN },
      entries: [
        tokenEntry(ago(HOUR), 'f0', UNKNOWN),
        theirToken(ago(30 * MINUTE), 'f1', '434', UNKNOWN),
        identityEntry(ago(30 * MINUTE), 'anonymous', 'signed-in', { of: 'in' }),
        identityEntry(ago(10 * MINUTE), 'signed-in', 'anonymous', { of: 'out' }),
        tokenEntry(ago(10 * MINUTE), 'f0', UNKNOWN),
        request(ago(5 * MINUTE), 'event', { bearer: 'f0' }),
      ],
    }),
  ),
  silent(
    'request-names-another-uuid',
    'events from before the change, which the SDK sends in a batch after it',
    native({
      entries: [
        uuidEntry(ago(HOUR), OTHER_UUID),
        call(REGENERATED, 'regenerateUUID'),
        uuidEntry(REGENERATED + 100, UUID, { cause: cause('call', 'regenerateUUID()') }),
        request(REGENERATED + 10 * SECOND, 'event', { path: '/v4/events/batch', uuid: OTHER_UUID }),
      ],
    }),
  ),
  silent(
    'web-token-outlives-customer',
    "the token's customer was recognized through a form some minutes later",
    web({
      ...NAMELESS,
      entries: [
        uuidEntry(ago(HOUR), OTHER_UUID),
        tokenEntry(ago(20 * MINUTE), fingerprint(web(NAMELESS).token?.raw ?? ''), { origin: null, uuid: null, whom: EMAIL }),
        call(FORM, 'sendFormData'),
        uuidEntry(FORM + 100, WEB_UUID, { cause: cause('call', 'sendFormData()') }),
      ],
    }),
  ),
];

describe('false alarms', () => {
  it.each(alarms)('$rule reports nothing: $where', ({ rule, subject }) => {
    expect(found(rule, subject)).toBeNull();
  });
});

/** As PHP does, from bytes. */
function hashOfBytes(text: string): string {
  let hash = 0;
  for (const byte of Buffer.from(text)) hash = (Math.imul(31, hash) + byte) | 0;
  return String(hash);
}
