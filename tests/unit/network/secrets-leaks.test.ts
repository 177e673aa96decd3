// Regression tests of leaks: secrets that were not masked, and data lost along with them (lib/network/secrets.ts).
import { describe, expect, it } from 'vitest';
import type { Header } from '@/lib/network/request';
import { capturedOf } from '@/lib/network/requests';
import { maskSecrets, safeRecord, withoutPasswords } from '@/lib/network/secrets';
import { API, msOf, record, UUID } from './make';

const MARK = 'S3cretMark';
const json = JSON.stringify;
const inUrl = encodeURIComponent;

describe('a password is masked', () => {
  it.each([
    ['as the value rejected by the server (facts §4.4)', json({ errors: [{ code: 1, field: 'password', rejectedValue: MARK }] })],
    ['in JSON encoded in a form', `data=${inUrl(json({ password: MARK }))}`],
    ['in a field of a multipart form', `--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n${MARK}\r\n--b--\r\n`],
    ['in a grouped field', `user[password]=${MARK}`],
    ['in an encoded grouped field', `user%5Bpassword%5D=${MARK}`],
    ['in the first field of a form within JSON', json({ form: `password=${MARK}` })],
    ['under a percent-encoded name', `p%61ssword=${MARK}`],
    ['under an escaped name', `{"p\\u0061ssword":"${MARK}"}`],
    ['after a nested value', json({ clientAuthFactor: { a: { b: 1 }, value: MARK } })],
    ['after a bracket in a list', json({ password: ['a]', MARK] })],
    ['in a name and value pair', json([{ name: 'password', value: MARK }])],
    ['with a semicolon in it', `password=a;${MARK}`],
    ['in a confirmation field', json({ passwordConfirmation: MARK })],
    ['in another spelling', json({ old_password: MARK })],
    ['in another spelling of a code', json({ pin_code: MARK })],
    ['under the wire name of the authentication factor', json({ authFactor: MARK })],
  ])('%s', (_name, sent) => {
    expect(withoutPasswords(record({ sent })).body.text).not.toContain(MARK);
    expect(safeRecord(record({ sent })).body.text).not.toContain(MARK);
  });
});

describe('a token is masked', () => {
  it.each([
    ['in an encoded URL', `r=${inUrl(`https://shop.example/?a=1&token=${MARK}`)}`],
    ['as a refresh token', json({ refreshToken: MARK })],
    ['as an OAuth refresh token', `grant_type=refresh_token&refresh_token=${MARK}`],
    ['as an OpenID token', json({ id_token: MARK })],
  ])('%s', (_name, sent) => {
    expect(safeRecord(record({ sent })).body.text).not.toContain(MARK);
  });

  it.each<Header>([
    ['X-Auth-Token', MARK],
    ['X-Access-Token', MARK],
    ['Location', `https://shop.example/#access_token=${MARK}`],
    ['Location', `https://shop.example/?refresh_token=${MARK}`],
  ])('in the header %s: %s', (...header) => {
    expect(json(safeRecord(record({ answerHeaders: [header] })).answerHeaders)).not.toContain(MARK);
  });

  it.each([
    `${API}/v4/events/custom#token=${MARK}`,
    `${API}/v4/events/custom?tok%65n=${MARK}`,
    `${API}/v4/events/custom?client=${inUrl(json({ token: MARK }))}`,
    `https://admin:${MARK}@api.synerise.com/v4/events/custom`,
  ])('in the address %s', (url) => {
    expect(safeRecord(record({ url })).url).not.toContain(MARK);
  });

  it('in a failure reason', () => {
    const request = record({ problem: `Failed to fetch ${API}/auth/login/client?token=${MARK}` });
    expect(safeRecord(request).problem).not.toContain(MARK);
  });

  it('in a failure reason in the history', () => {
    expect(json(capturedOf(record({ problem: `Failed to fetch ${API}/auth/login/client?token=${MARK}` })))).not.toContain(MARK);
  });
});

describe('only secrets are masked', () => {
  it('in JSON within JSON', () => {
    const inner = { password: MARK, uuid: UUID };
    const { data } = JSON.parse(withoutPasswords(record({ sent: json({ data: json(inner) }) })).body.text ?? '') as { data: string };
    expect(JSON.parse(data)).toMatchObject({ uuid: UUID });
  });

  it('in JSON that contains a URL with a token', () => {
    const sent = json({ params: { uri: 'https://shop.example/reset?token=abc', title: 'Reset' }, client: { uuid: UUID } });
    expect(JSON.parse(safeRecord(record({ sent })).body.text ?? '')).toMatchObject({ params: { title: 'Reset' }, client: { uuid: UUID } });
  });

  it('in a payload by which the request is recognized as an SDK’s', () => {
    const sent = json({ params: { uri: 'https://shop.example/?a=1&password=abc', title: 'Login' }, client: { uuid: UUID } });
    const request = record({ url: 'https://t.shop.example/collect', sent });
    expect(capturedOf(request)?.uuid).toBe(UUID);
    expect(capturedOf(withoutPasswords(request))?.uuid).toBe(UUID);
  });
});

describe('hostile text is processed quickly', () => {
  // This once took 14 s for the 200,000 characters a body may have: the time grew quadratically.
  it('with backslashes', () => {
    expect(msOf(() => withoutPasswords(record({ sent: '\\'.repeat(60_000) })))).toBeLessThan(200);
  });

  it('with many possible token starts', () => {
    expect(msOf(() => maskSecrets('eyJaaaaa'.repeat(12_000)))).toBeLessThan(200);
  });
});
