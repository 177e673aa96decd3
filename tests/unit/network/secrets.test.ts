// Masking secrets in a request: no password, token or code is left, however it is wrapped.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Header } from '@/lib/network/request';
import { MASK, maskSecrets, safeRecord, withoutPasswords } from '@/lib/network/secrets';
import { API, JWT, record, UUID } from './make';

/** Part of every secret value here. */
const MARK = 'S3cretMark';
const PASSWORDS = ['password', 'oldPassword', 'newPassword', 'clientAuthFactor', 'pinCode', 'confirmationCode'];
const TOKENS = ['token', 'externalToken', 'identityProviderToken', 'accessToken', 'access_token', 'confirmationToken'];

const safe = (sent: string): string => safeRecord(record({ sent })).body.text ?? '';
const plain = (sent: string): string => withoutPasswords(record({ sent })).body.text ?? '';
const json = JSON.stringify;
/** JSON nested as strings within JSON, `times` levels deep. */
const wrapped = (value: unknown, times: number): string => (times ? wrapped({ data: json(value) }, times - 1) : json(value));

const name = fc.constantFrom(...PASSWORDS, ...TOKENS, 'PASSWORD', 'Token', 'pincode');
/** Names that arbitrary JSON must not have by chance: card and one-time codes are masked like passwords. */
const SECRET_NAMES = /password|pincode|clientauthfactor|confirmationcode|cvc|cvv|otp|pwd|mdp|\bp(?:in|ass)\b/i;
const odd = fc.string({
  unit: fc.constantFrom('"', '\\', '\n', '/', '}', ']', '{', ',', ':', '&', '=', ';', ' ', 'ł', '😀', 'a', '1'),
  maxLength: 12,
});
const value = fc.tuple(odd, odd).map(([before, after]) => before + MARK + after);

describe('safeRecord', () => {
  it('leaves no secret in a JSON body, however deep, also in JSON strings', () => {
    fc.assert(
      fc.property(name, value, fc.integer({ min: 0, max: 3 }), fc.boolean(), (key, secret, times, deep) => {
        const fields = { email: 'a@shop.example', [key]: secret, uuid: UUID };
        const text = wrapped(deep ? { list: [{ one: 1 }, { context: fields }] } : fields, times);
        expect(safe(text)).not.toContain(MARK);
        if (PASSWORDS.some((one) => one.toLowerCase() === key.toLowerCase())) expect(plain(text)).not.toContain(MARK);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves no secret in a truncated body', () => {
    fc.assert(
      fc.property(name, value, fc.integer({ min: 0, max: 2 }), fc.nat({ max: 120 }), (key, secret, times, length) => {
        expect(safe(wrapped({ [key]: secret, uuid: UUID }, times).slice(0, length))).not.toContain(MARK);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves no secret in a form or a query', () => {
    fc.assert(
      fc.property(name, value, (key, secret) => {
        const form = new URLSearchParams({ email: 'a@shop.example', [key]: secret, uuid: UUID }).toString();
        expect(safe(form)).not.toContain(MARK);
        expect(safe(form)).toContain(`uuid=${UUID}`);
        const { url } = safeRecord(record({ url: `${API}/auth/login/client?${form}` }));
        expect(url).not.toContain(MARK);
        expect(url).toContain(`&uuid=${UUID}`);
        expect(safe(new URLSearchParams({ [key]: secret }).toString())).toBe(`${key}=${MASK}`);
      }),
    );
  });

  it.each([
    ['numbers', `{"pinCode":1234567,"uuid":"${UUID}"}`, `{"pinCode":"${MASK}","uuid":"${UUID}"}`],
    ['an array', `{"password":["${MARK}"],"a":1}`, `{"password":"${MASK}","a":1}`],
    ['an object', `{"clientAuthFactor":{"value":"${MARK}"},"a":1}`, `{"clientAuthFactor":"${MASK}","a":1}`],
    ['indented JSON', `{\n  "password" : "${MARK}",\n  "a": 1\n}`, `{"password":"${MASK}","a":1}`],
    ['an empty token', '{"password":null,"token":""}', `{"password":null,"token":"${MASK}"}`],
    ['a bearer token as the body', `Bearer ${JWT}`, 'Bearer [token]'],
    ['a token anywhere', `{"note":"x ${JWT} y"}`, '{"note":"x [token] y"}'],
    [
      'a token in a query within a query',
      `r=${encodeURIComponent(`https://a.example/?x=${JWT}`)}`,
      'r=https%3A%2F%2Fa.example%2F%3Fx%3D[token]',
    ],
  ])('masks %s and leaves the rest', (_name, sent, masked) => {
    expect(safe(sent)).toBe(masked);
  });

  it.each<[Header, string]>([
    [['Authorization', `Bearer ${MARK}`], `Bearer ${MASK}`],
    [['authorization', `Basic ${MARK}`], `Basic ${MASK}`],
    [['Authorization', `Digest username="a", response="${MARK}"`], MASK],
    [['Authorization', MARK], MASK],
    [['Proxy-Authorization', `Bearer ${MARK}`], `Bearer ${MASK}`],
    [['Cookie', `_snrs_uuid=${UUID}; session=${MARK}`], MASK],
    [['Set-Cookie', `session=${MARK}; Path=/`], MASK],
    [['X-Simple-Auth-Hash', MARK], MASK],
    [['X-More', `a ${JWT} b`], 'a [token] b'],
    [['Referer', `https://shop.example/reset?token=${MARK}&lang=pl`], `https://shop.example/reset?token=${MASK}&lang=pl`],
  ])('masks the header %j', (header, masked) => {
    const { headers, answerHeaders } = safeRecord(record({ headers: [header], answerHeaders: [header] }));
    expect(headers).toEqual([[header[0], masked]]);
    expect(answerHeaders).toEqual(headers);
  });

  it('masks each part of a request', () => {
    const text = json({ password: MARK, token: JWT });
    const header: Header = ['X-More', `token=${JWT}`];
    const request = record({ url: `${API}/?password=${MARK}`, sent: text, got: text, headers: [header], answerHeaders: [header] });
    expect(json(safeRecord(request))).not.toMatch(new RegExp(`${MARK}|${JWT}`));
    expect(json(withoutPasswords(request))).not.toContain(MARK);
  });

  it('leaves everything else unchanged, and never modifies its argument', () => {
    const request = record({
      url: `${API}/v4/events/custom?clientUUID=${UUID}&passport=2`,
      sent: json({
        client: { uuid: UUID, email: 'a@shop.example' },
        label: 'forgot my password?',
        tokenOrigin: 'ANONYMOUS',
        expires: 1.5e9,
      }),
      got: '{"status":"ok"}',
      headers: [
        ['Api-Version', '4.4'],
        ['Accept', 'application/json'],
      ],
    });
    const copy = structuredClone(request);
    expect(safeRecord(request)).toEqual(copy);
    const secret = record({ sent: json({ password: MARK }), headers: [['Cookie', MARK]] });
    const before = structuredClone(secret);
    safeRecord(secret);
    expect(secret).toEqual(before);
    expect(safeRecord(record()).body.text).toBeNull();
  });

  it('does not change text that is masked already', () => {
    fc.assert(
      fc.property(name, value, (key, secret) => {
        const once = maskSecrets(json({ [key]: secret, a: JWT, q: `x=1&${key}=abc` }));
        expect(maskSecrets(once)).toBe(once);
      }),
    );
  });
});

describe('withoutPasswords', () => {
  it('keeps tokens, headers and everything else', () => {
    const sent = json({ password: MARK, token: JWT, identityProviderToken: 'opaque-1', uuid: UUID });
    const request = record({
      sent,
      headers: [['Authorization', `Bearer ${JWT}`]],
      got: json({ token: JWT }),
      url: `${API}/auth/login/client?token=key&pinCode=1`,
    });
    expect(withoutPasswords(request)).toEqual({
      ...request,
      url: `${API}/auth/login/client?token=key&pinCode=${MASK}`,
      body: { ...request.body, text: sent.replace(MARK, MASK) },
    });
  });

  it('does not change JSON without a password', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!SECRET_NAMES.test(text));
        expect(plain(text)).toBe(text);
      }),
    );
  });

  it('keeps JSON readable, except for the password', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PASSWORDS), value, fc.jsonValue(), (key, secret, other) => {
        fc.pre(!SECRET_NAMES.test(json(other)));
        expect(JSON.parse(plain(json({ other, [key]: secret, uuid: UUID })))).toEqual({
          ...JSON.parse(json({ other })),
          [key]: MASK,
          uuid: UUID,
        });
      }),
    );
  });
});
