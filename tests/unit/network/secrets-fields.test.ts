// Secrets of a request by position: field names of every kind, lists of names and values, codes of account requests, and echoed secrets.
import { describe, expect, it } from 'vitest';
import { isAboutAccount } from '@/lib/network/purposes';
import { MASK, safeRecord, safeValue, withoutPasswords } from '@/lib/network/secrets';
import { ENCODINGS } from '@/lib/redaction/encodings';
import { API, JWT, record, UUID } from './make';

const MARK = 'S3cretMark';
const json = JSON.stringify;
const gone = (sent: string, url = `${API}/v4/events/custom`) => [
  withoutPasswords(record({ url, sent })).body.text ?? '',
  safeRecord(record({ url, sent })).body.text ?? '',
];
const CHANGE = `${API}/sauth/my-account/email-change/confirmation`;
const part = (name: string, value: string) => `--b7\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

const FIELDS =
  `user_pass newPass passphrase otp credential haslo hasło passwort kennwort contraseña senha mot-de-passe pin smsCode verification_code
  reset_code authCode activationCode passwordConfirmation user[pass] form.fields[0].pin passcode totp`.split(/\s+/);

describe.each(FIELDS)('%s', (name) => {
  it.each<[string, string]>([
    ['JSON', json({ email: 'a@shop.example', [name]: MARK, label: 'Newsletter' })],
    ['a number', json({ [name]: 4_821_357, label: 'Newsletter' }).replace('4821357', '48213570')],
    ['truncated JSON', `{"label":"Newsletter","a":{"${name}":"${MARK}","b":[`],
    ['JSON within truncated JSON', `{"label":"Newsletter","a":${json(json({ [name]: MARK, more: 1 }))},"b":[`],
    ['a form', new URLSearchParams({ label: 'Newsletter', [name]: MARK }).toString()],
    ['a multipart form', `${part('label', 'Newsletter')}${part(name, MARK)}--b7--\r\n`],
    ['a list of names and values', json([{ key: name, val: MARK }, 'Newsletter'])],
    ['lists with other key names', json([{ name, value: MARK }, { field: name, value: MARK }, { k: name, v: MARK }, 'Newsletter'])],
    ['a truncated list', `{"label":"Newsletter","fields":[{"key":"${name}","val":"${MARK}"},{"`],
    ['a list of pairs', json([[name, MARK], 'Newsletter'])],
    ['a truncated list of pairs', `{"label":"Newsletter","fields":[["${name}","${MARK}"],["`],
    ['base64 of JSON', `Newsletter ${Buffer.from(json({ [name]: MARK })).toString('base64')}`],
    ['hex of JSON', `Newsletter ${Buffer.from(json({ [name]: MARK })).toString('hex')}`],
  ])('is masked in %s', (_where, sent) => {
    for (const made of gone(sent)) {
      expect(made).not.toMatch(/S3cretMark|48213570/);
      expect(made).toContain('Newsletter');
      expect(made).toContain(MASK);
    }
  });
});

describe.each(
  'passenger compass postcode countryCode zipCode errorCode statusCode promo_code keyboard tokenOrigin boarding_pass pinColor code'.split(
    ' ',
  ),
)('%s', (name) => {
  it('is not masked', () => {
    for (const sent of [
      json({ [name]: MARK, list: [{ key: name, val: MARK }, [name, MARK]] }),
      `a=1&${name}=${MARK}`,
      `${part(name, MARK)}--b7--\r\n`,
      `{"${name}":"${MARK}","b":[`,
    ])
      expect(gone(sent)).toEqual([sent, sent]);
  });
});

describe('a code', () => {
  it.each<[string, string, string?]>([
    ['of an account request', json({ code: MARK, a: 1 }), CHANGE],
    ['of an account request, in a form', `a=1&code=${MARK}`, CHANGE],
    ['of an account request, in a multipart form', `${part('a', '1')}${part('code', MARK)}--b7--\r\n`, CHANGE],
    ['of a truncated account request', `{"a":1,"code":"${MARK}","b":[`, CHANGE],
    ['of a sign-in request', json({ data: { code: MARK } }), `${API}/sauth/v3/auth/login/client`],
    ['next to a password', json({ user: { password: 'x', code: MARK } })],
    ['next to an email', json([{ email: 'a@shop.example', code: MARK }])],
    ['next to an email, in a form', `email=a%40shop.example&code=${MARK}`],
    ['next to a phone, in a multipart form', `${part('phone', '1')}${part('code', MARK)}--b7--\r\n`],
  ])('%s is masked', (_where, sent, url) => {
    for (const made of gone(sent, url)) expect(made).not.toContain(MARK);
  });

  it('in the address of an account request is masked', () => {
    expect(withoutPasswords(record({ url: `${CHANGE}?code=${MARK}&lang=pl` })).url).toBe(`${CHANGE}?code=${MASK}&lang=pl`);
  });

  it('of an error is not masked, whatever the request', () => {
    const got = json({ code: 4001, errors: [{ code: 'INVALID', field: 'email', message: 'No e-mail' }], message: 'It failed' });
    const request = record({ url: CHANGE, sent: '{}', got });
    expect(withoutPasswords(request)).toEqual(request);
    expect(safeRecord(request)).toEqual(request);
    const call = { args: ['a'], error: { code: 401, message: 'a@shop.example is unknown', email: 'a@shop.example' } };
    expect(safeValue(call)).toEqual(call);
  });

  it('of an account request is recognized by the request’s purpose', () => {
    for (const path of ['/sauth/my-account/change-password', '/sauth/v3/auth/login/client', '/sauth/clients/activation/confirmation'])
      expect([path, isAboutAccount({ method: 'POST', url: `${API}${path}` })]).toEqual([path, true]);
    for (const path of ['/v4/events/custom', '/sauth/v3/auth/refresh/client', '/recommendations/v2/recommend/a'])
      expect([path, isAboutAccount({ method: 'POST', url: `${API}${path}` })]).toEqual([path, false]);
    expect(isAboutAccount({ method: 'POST', url: 'no address' })).toBe(false);
  });
});

describe('a sent password', () => {
  const sent = json({ email: 'a@shop.example', password: 'Tr0ub4dor&3' });
  it.each(ENCODINGS.map(({ name, write }) => [name, write] as const))('is masked in the response when encoded as %s', (_name, write) => {
    const form = write('Tr0ub4dor&3');
    const made = withoutPasswords(
      record({
        url: `${API}/a?back=${encodeURIComponent(form)}`,
        sent,
        got: json({ said: `You sent ${form}.` }),
        problem: form,
        answerHeaders: [['X-Echo', form]],
      }),
    );
    for (const text of [made.url, made.answer.text, made.problem, made.answerHeaders[0]?.[1]]) {
      expect(text).not.toContain(form);
      expect(decodeURIComponent(text ?? '')).not.toContain(form);
    }
    expect(made.answer.text).toContain('You sent');
  });

  it('is not masked elsewhere if it is a common word, or in host and path', () => {
    const request = record({
      url: 'https://sunshine1.example/sunshine1?q=1',
      sent: json({ password: 'shop', pin: 1234, passphrase: 'sunshine1' }),
      got: json({ said: 'The shop sold 1234', password: 'no' }),
    });
    const made = withoutPasswords(request);
    expect(made.url).toBe(request.url);
    expect(made.answer.text).toBe(json({ said: 'The shop sold 1234', password: MASK }));
  });
});

describe('a token', () => {
  it.each(ENCODINGS.filter(({ sought }) => !sought).map(({ name, write }) => [name, write] as const))('is masked as %s', (_name, write) => {
    for (const sent of [json({ state: write(JWT), uuid: UUID }), `It was ${write(JWT)} there`]) {
      const made = safeRecord(record({ sent })).body.text ?? '';
      expect(made).not.toContain(json(write(JWT)).slice(1, -1));
      expect(made).not.toContain(write(JWT));
      expect(made).toMatch(/\[(secret|token)\]/);
      expect(made).toMatch(new RegExp(`${UUID}|It was`));
    }
  });
});
