import { describe, expect, it } from 'vitest';
import { diagnose } from '@/lib/diagnostics/diagnose';
import { RULES } from '@/lib/diagnostics/rules';
import { identityHash } from '@/lib/web/recipes';
import { MINUTE, T0 } from '../fakes/make';
import {
  absent,
  ago,
  call,
  callback,
  cause,
  cookiesOf,
  documentEntry,
  EMAIL,
  HOUR,
  identityEntry,
  inAndOut,
  jarOf,
  type Loose,
  NATIVE,
  NOW,
  native,
  OTHER_UUID,
  operation,
  request,
  SECOND,
  signedIn,
  storage,
  TRACKER_KEY,
  theirToken,
  tokenEntry,
  UUID,
  uuidEntry,
  WEB_COOKIES,
  WEB_UUID,
  web,
} from './make';

const said = (subject: Parameters<typeof diagnose>[1]) => {
  const { findings, broken } = diagnose(RULES, subject);
  return [...findings.map(({ rule, evidence }) => `${rule}: ${evidence.join(' ')}`), ...broken.map((rule) => `${rule} broke`)];
};

const BEGUN: readonly Loose[] = [uuidEntry(T0), tokenEntry(T0)];

describe.each(NATIVE)('a healthy session of %s', (dialect) => {
  it('of an anonymous customer', () => {
    expect(said(native({ dialect, entries: BEGUN }))).toEqual([]);
  });

  it('with no recorded history', () => {
    expect(said(native({ dialect }))).toEqual([]);
    expect(said(signedIn({ dialect }))).toEqual([]);
  });

  it('with a sign-in, a refresh, an account read, an update and a sign-out', () => {
    const [inAt, refreshedAt, updatedAt, outAt] = [ago(25 * MINUTE), ago(15 * MINUTE), ago(12 * MINUTE), ago(5 * MINUTE)];
    const entries: Loose[] = [
      ...BEGUN,
      request(ago(26 * MINUTE), 'anonymous-login', { gave: 'f1' }),
      call(inAt, 'signIn'),
      request(inAt + 50, 'login', { uuid: UUID, gave: 'f2' }),
      theirToken(inAt + 300, 'f2', '434', { of: `signIn@${inAt}` }),
      identityEntry(inAt + 300, 'anonymous', 'signed-in', { of: `signIn@${inAt}` }),
      callback(inAt + 310, true),
      request(ago(20 * MINUTE), 'account-read', { bearer: 'f2' }),
      call(ago(20 * MINUTE), 'getAccount', { looks: true }),
      call(refreshedAt, 'refreshToken'),
      request(refreshedAt + 50, 'refresh', { bearer: 'f2', gave: 'f3' }),
      theirToken(refreshedAt + 300, 'f3', '434'),
      call(updatedAt, 'updateAccount'),
      operation(updatedAt + MINUTE, 'getAccount'),
      request(ago(8 * MINUTE), 'event', { uuid: UUID, bearer: 'f3' }),
      documentEntry(ago(7 * MINUTE), '/account', 'within'),
      call(outAt, 'signOut'),
      request(outAt + 50, 'logout', { bearer: 'f3' }),
      tokenEntry(outAt + 400, 'f4', { cause: cause('call', 'signOut()') }),
      identityEntry(outAt + 400, 'signed-in', 'anonymous', { of: `signOut@${outAt}` }),
      callback(outAt + 410, false, 'USER_SIGN_OUT'),
      request(ago(MINUTE), 'event', { uuid: UUID, bearer: 'f4' }),
    ];
    const details = inAndOut('updateAccount', updatedAt, { args: [{ firstName: 'Jan', agreements: { email: true } }] });
    const value = { firstName: 'Jan', agreements: { email: true }, lastActivityDate: NOW - HOUR };
    const account = { at: updatedAt + MINUTE, uuid: UUID, identity: 'signed-in', clientId: '434', value } as const;
    expect(said(native({ dialect, entries, details, session: { history: { account } } }))).toEqual([]);
  });

  it('with a regenerated UUID that everything follows', () => {
    const at = ago(5 * MINUTE);
    const entries = [
      uuidEntry(T0, OTHER_UUID),
      tokenEntry(T0, 'f1', { uuid: OTHER_UUID }),
      request(ago(10 * MINUTE), 'event', { uuid: OTHER_UUID, bearer: 'f1' }),
      call(at, 'regenerateUUID'),
      uuidEntry(at + 100, UUID, { cause: cause('call', 'regenerateUUID()'), of: `regenerateUUID@${at}` }),
      request(at + 150, 'anonymous-login', { uuid: UUID, gave: 'f2' }),
      tokenEntry(at + 400, 'f2', { cause: cause('call', 'regenerateUUID()') }),
      request(ago(MINUTE), 'recommendation', { uuid: UUID, bearer: 'f2' }),
    ];
    expect(said(native({ dialect, entries }))).toEqual([]);
  });

  it('of a Simple Auth customer', () => {
    const token = { claims: { origin: 'SIMPLE_AUTH' }, says: { origin: 'SIMPLE_AUTH' } };
    expect(said(native({ dialect, customer: { simpleAuth: true }, token, entries: BEGUN }))).toEqual([]);
  });

  it('whose token cannot be decoded, as with an encrypted payload', () => {
    const raw = `${Buffer.from('{"alg":"RS512"}').toString('base64url')}.AAAAAAAA.BBBBBBBB`;
    expect(said(native({ dialect, token: { says: { raw, expiresAt: NOW + HOUR } }, entries: BEGUN }))).toEqual([]);
  });
});

describe('a healthy session of the Web SDK', () => {
  const jar = jarOf(WEB_COOKIES);

  it('of a recognized customer with a site token', () => {
    expect(said(web())).toEqual([]);
    expect(said(web({ session: { visit: { jar } } }))).toEqual([]);
  });

  it('of an unknown visitor', () => {
    const customer = {
      uuid: UUID,
      cookies: cookiesOf(UUID),
      facts: { identityHash: '', trackerKey: TRACKER_KEY },
    };
    expect(said(web({ token: null, customer, entries: [uuidEntry(T0), request(ago(MINUTE), 'event', { uuid: UUID })] }))).toEqual([]);
  });

  it('whose UUID was reset once in this browser', () => {
    expect(said(web({ customer: { cookies: cookiesOf(WEB_UUID, identityHash(EMAIL), UUID) }, session: { visit: { jar } } }))).toEqual([]);
  });

  it('with a reset pending until the next page load, and page views within one document', () => {
    const entries = [
      uuidEntry(T0, WEB_UUID),
      tokenEntry(T0, 'f1', { origin: null, whom: EMAIL, uuid: WEB_UUID }),
      documentEntry(ago(20 * MINUTE)),
      ...[1, 2, 3, 4].flatMap((page) => [
        documentEntry(ago(19 * MINUTE) + page * MINUTE, `/p${page}`, 'within'),
        request(ago(19 * MINUTE) + page * MINUTE + SECOND, 'event', { uuid: WEB_UUID }),
      ]),
      storage(ago(5 * MINUTE), '_snrs_reset_uuid', OTHER_UUID),
    ];
    expect(said(web({ entries, customer: { cookies: [...WEB_COOKIES, `_snrs_reset_uuid=${OTHER_UUID}`] } }))).toEqual([]);
  });
});

describe('a page with nothing to report', () => {
  it('has no SDK', () => {
    expect(said(absent(null))).toEqual([]);
  });

  it('cannot be reached', () => {
    const problem = { kind: 'access', message: 'The browser forbids it.' } as const;
    expect(said(native({ session: { stage: { phase: 'unreachable', problem } } }))).toEqual([]);
  });
});
