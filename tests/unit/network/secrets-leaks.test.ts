// Ways by which secrets come through, or by which more than they is lost: each is a fault of lib/network/secrets.ts until its `fails` is gone.
import { describe, expect, it } from 'vitest';
import type { Header } from '@/lib/network/request';
import { capturedOf } from '@/lib/network/requests';
import { maskSecrets, safeRecord, withoutPasswords } from '@/lib/network/secrets';
import { API, msOf, record, UUID } from './make';

const MARK = 'S3cretMark';
const json = JSON.stringify;
const inUrl = encodeURIComponent;

describe('a password does not come through', () => {
  it.each([
    ['as the value that the server rejected (facts §4.4)', json({ errors: [{ code: 1, field: 'password', rejectedValue: MARK }] })],
    ['in JSON that is encoded in a form', `data=${inUrl(json({ password: MARK }))}`],
    ['in a field of a form in parts', `--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n${MARK}\r\n--b--\r\n`],
    ['in a field of a group', `user[password]=${MARK}`],
    ['in a field of a group, encoded', `user%5Bpassword%5D=${MARK}`],
    ['in the first field of a form in JSON', json({ form: `password=${MARK}` })],
    ['under a name that is encoded', `p%61ssword=${MARK}`],
    ['under a name that is escaped', `{"p\\u0061ssword":"${MARK}"}`],
    ['behind a value that holds another', json({ clientAuthFactor: { a: { b: 1 }, value: MARK } })],
    ['behind a bracket in a list', json({ password: ['a]', MARK] })],
    ['in a pair of name and value', json([{ name: 'password', value: MARK }])],
    ['with an end of a form in it that is no form', `password=a;${MARK}`],
    ['confirmed', json({ passwordConfirmation: MARK })],
    ['in another spelling', json({ old_password: MARK })],
    ['in another spelling of a code', json({ pin_code: MARK })],
    ['by the name on the wire of a factor', json({ authFactor: MARK })],
  ])('%s', (_name, sent) => {
    expect(withoutPasswords(record({ sent })).body.text).not.toContain(MARK);
    expect(safeRecord(record({ sent })).body.text).not.toContain(MARK);
  });
});

describe('a token does not come through', () => {
  it.each([
    ['in an address that is encoded', `r=${inUrl(`https://shop.example/?a=1&token=${MARK}`)}`],
    ['to refresh another by', json({ refreshToken: MARK })],
    ['to refresh another by, as OAuth has it', `grant_type=refresh_token&refresh_token=${MARK}`],
    ['of OpenID', json({ id_token: MARK })],
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

  it('in what is said of a failure', () => {
    const request = record({ problem: `Failed to fetch ${API}/auth/login/client?token=${MARK}` });
    expect(safeRecord(request).problem).not.toContain(MARK);
  });

  it('in what is said of a failure, to the history', () => {
    expect(json(capturedOf(record({ problem: `Failed to fetch ${API}/auth/login/client?token=${MARK}` })))).not.toContain(MARK);
  });
});

describe('no more than secrets is lost', () => {
  it('of JSON within JSON', () => {
    const inner = { password: MARK, uuid: UUID };
    const { data } = JSON.parse(withoutPasswords(record({ sent: json({ data: json(inner) }) })).body.text ?? '') as { data: string };
    expect(JSON.parse(data)).toMatchObject({ uuid: UUID });
  });

  it('of JSON with an address in it that has a token', () => {
    const sent = json({ params: { uri: 'https://shop.example/reset?token=abc', title: 'Reset' }, client: { uuid: UUID } });
    expect(JSON.parse(safeRecord(record({ sent })).body.text ?? '')).toMatchObject({ params: { title: 'Reset' }, client: { uuid: UUID } });
  });

  it('of a request by whose payload it is known for one of an SDK', () => {
    const sent = json({ params: { uri: 'https://shop.example/?a=1&password=abc', title: 'Login' }, client: { uuid: UUID } });
    const request = record({ url: 'https://t.shop.example/collect', sent });
    expect(capturedOf(request)?.uuid).toBe(UUID);
    expect(capturedOf(withoutPasswords(request))?.uuid).toBe(UUID);
  });
});

describe('a text of a hostile page takes no long time', () => {
  // 14 s for the 200 000 that a body may have: time grows with the square.
  it('of backslashes', () => {
    expect(msOf(() => withoutPasswords(record({ sent: '\\'.repeat(60_000) })))).toBeLessThan(200);
  });

  it('of what could begin a token', () => {
    expect(msOf(() => maskSecrets('eyJaaaaa'.repeat(12_000)))).toBeLessThan(200);
  });
});
