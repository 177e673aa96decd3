// What identifies a value: the name it stands under, its form, or that it was found elsewhere.
import { beforeAll, describe, expect, it } from 'vitest';
import type { RequestRecord } from '@/lib/network/request';
import { pseudonymKey, redact } from '@/lib/report/redact';
import type { Report } from '@/lib/report/report';
import type { Redaction } from '@/lib/report/secrecy';
import { JANE, reportOfPerson, tokenOf } from './make';

const all = (one: Redaction['ids']): Redaction => ({ tokens: one, personal: one, ids: one });
const REMOVED = all('removed');
const UUID = '5b7f2f0e-9f3c-4f6e-8a43-6d2f1f0d9c11';
const json = JSON.stringify;

let key: CryptoKey;
beforeAll(async () => {
  key = await pseudonymKey(new Uint8Array(32).fill(5));
});

const WHOLE = reportOfPerson();
/** The report with a request that sends `sent`, and a finding with the evidence `said`. */
const telling = (sent: unknown, said: string, over: Partial<RequestRecord> = {}): Report => ({
  ...WHOLE,
  requests: [{ ...(WHOLE.requests[2] as RequestRecord), body: { text: typeof sent === 'string' ? sent : json(sent), size: 1 }, ...over }],
  findings: [{ rule: 'token-expired', severity: 'error', title: 'It has ended', evidence: [said], advice: 'See it.', entries: [1] }],
});
async function told(report: Report, how = REMOVED): Promise<{ readonly sent: string; readonly said: string; readonly whole: Report }> {
  const { report: whole } = await redact(report, how, key);
  return { whole, sent: whole.requests[0]?.body.text ?? '', said: whole.findings[0]?.evidence[0] ?? '' };
}

describe('a name identifies the value under it', () => {
  it.each([
    ...[
      'email',
      'userEmail',
      'customer_email',
      'E-Mail',
      'contactPhone',
      'phone_number',
      'billing[phone]',
      'client.customId',
      'custom_identify',
    ],
    ...[
      'firstName',
      'shipping_last_name',
      'given_name',
      'familyName',
      'preferred_username',
      'birthDate',
      'billingAddress',
      'zip-code',
      'authID',
    ],
    ...['company', 'nick', 'displayName', 'identityHash', 'snrs_he', 'deviceId', 'clientIdentifier', 'avatarUrl'],
    ...['accessToken', 'refresh_token', 'my_jwt', 'client_secret', 'apiKey', 'x-api-key', 'clientId', 'sessionId', 'sub', 'jti'],
  ])('%s', async (name) => {
    const value = 'Zq83 Wv71-b';
    const report = telling({ [name]: value, list: [[name, value]], label: 'Newsletter' }, `It was ${value}.`, {
      headers: [[name.replace(/[^\w-]/g, '-'), value]],
      answer: { text: `a=1&${encodeURIComponent(name)}=${encodeURIComponent(value)}`, size: 1 },
    });
    const { whole, sent, said } = await told(report);
    expect(json(whole)).not.toMatch(/Zq83|Wv71/);
    expect(JSON.parse(sent)).toMatchObject({ label: 'Newsletter' });
    expect(said).toMatch(/^It was \[[a-z-]+-removed\]\.$/);
  });

  it.each([
    'label',
    'capacity',
    'velocity',
    'emailVerified',
    'tokenOrigin',
    'sextant',
    'hashtag',
    'userAgent',
    'companyCount',
    'subject',
  ])('%s does not', async (name) => {
    const { sent, said } = await told(telling({ [name]: 'Zq83 Wv71-b' }, 'It was Zq83 Wv71-b.'));
    expect(JSON.parse(sent)).toEqual({ [name]: 'Zq83 Wv71-b' });
    expect(said).toBe('It was Zq83 Wv71-b.');
  });

  it.each([
    'raw',
    'whom',
    'who',
    'customId',
    'hashes',
    'clientId',
    'uuid',
    'previousUuid',
  ])('in the report itself: %s, even if it looks like nothing and stands nowhere else', async (field) => {
    for (const value of ['Zq83 Wv71', 8_371_902]) {
      const session = { ...WHOLE.session, customer: { ...WHOLE.session.customer, [field]: value } } as Report['session'];
      const { whole } = await told({ ...WHOLE, session });
      expect(json(whole.session.customer)).not.toMatch(/Zq83|8371902/);
    }
  });

  it('in cookies and storage too', async () => {
    const timeline = WHOLE.timeline.map((entry) =>
      entry.kind === 'storage'
        ? { ...entry, area: 'local' as const, name: 'snrs_access_token', before: 'Qx71-before-7', value: 'Qx71-after-9' }
        : entry,
    );
    const jar = [{ name: '_snrs_user_hash', value: 'Qx71-hash', httpOnly: false }];
    const customer = {
      ...(WHOLE.session.customer as NonNullable<Report['session']['customer']>),
      stored: ['local:snrs_customer_phone=Qx71 555', 'session:snrs_a={"user": {"mobile": "Qx71-5"}, "b": "c=d & e"}'],
    };
    const { whole } = await told({ ...WHOLE, timeline, session: { ...WHOLE.session, jar, customer } });
    expect(json(whole)).not.toContain('Qx71');
    expect(whole.session.customer?.stored).toEqual([
      'local:snrs_customer_phone=[personal-removed]',
      expect.stringContaining('"b":"c=d & e"'),
    ]);
  });
});

describe('a structured value under a name', () => {
  it('is found by its parts', async () => {
    const sent = {
      phone: { prefix: '+48', number: '600 700 800' },
      user: { id: 'usr-8841', firstName: 'Zdzisława', type: 'premium' },
      authToken: { value: 'kk81-zz92-qq73' },
    };
    const { said } = await told(telling(sent, 'To 600 700 800 of Zdzisława (usr-8841), premium: kk81-zz92-qq73.'));
    expect(said).toBe('To [personal-removed] of [personal-removed] ([personal-removed]), premium: [token-removed].');
  });

  it('is found without its authorization scheme', async () => {
    const { said } = await told(telling({ authToken: 'Bearer kk81zz92qq73' }, 'It sent kk81zz92qq73.'));
    expect(said).toBe('It sent [token-removed].');
  });

  it('is searched if it is kept', async () => {
    const sent = {
      user: { uuid: UUID, name: 'Zdzisława', token: 'kk81zz92qq73' },
      company: `Shop of ${UUID}`,
      login: json({ token: 'mm81zz92qq74' }),
    };
    const { sent: made } = await told(telling(sent, ''), { tokens: 'removed', personal: 'kept', ids: 'removed' });
    const id = expect.stringMatching(/^facade00-/) as string;
    expect(JSON.parse(made)).toEqual({
      user: { uuid: id, name: 'Zdzisława', token: '[token-removed]' },
      company: expect.stringMatching(/^Shop of facade00-/),
      login: json({ token: '[token-removed]' }),
    });
  });
});

describe('the form of a value identifies', () => {
  it('a token at the end of a sentence, as the same as elsewhere', async () => {
    const { whole, said } = await told(telling({}, `It sent ${tokenOf(JANE)}.`), all('pseudonym'));
    expect(said).toBe(`It sent ${whole.session.token?.raw}.`);
  });

  it('a token inside a word', async () => {
    const { said } = await told(telling({}, `my-prefix_${tokenOf({ ...JANE, customId: 'x' })} and so on`));
    expect(said).toBe('my-prefix_[token-removed] and so on');
  });

  it('a token that is kept, with everything inside it', async () => {
    const { said, whole } = await told(telling({}, `${tokenOf(JANE)} was for ${JANE.email}.`), {
      tokens: 'kept',
      personal: 'removed',
      ids: 'removed',
    });
    expect(said).toBe(`${tokenOf(JANE)} was for [e-mail-removed].`);
    expect(whole.session.token?.raw).toBe(tokenOf(JANE));
    expect(whole.session.token?.claims).toMatchObject({ email: '[e-mail-removed]' });
  });

  it('a UUID anywhere in a word', async () => {
    for (const text of [`id${UUID}`, `${UUID}abc`, `a${UUID.toUpperCase()}`, `{${UUID}}`, `x_${UUID}_y`])
      expect((await told(telling({}, text))).said.toLowerCase()).not.toContain(UUID);
  });

  it('no value in the nil UUID', async () => {
    const nil = '00000000-0000-0000-0000-000000000000';
    expect((await told(telling({}, `It is ${nil}.`))).said).toBe(`It is ${nil}.`);
  });

  it.each([
    '+48 600 700 800',
    '+48600700800',
    '+1 (212) 555-0100',
    '+44 20 7946 0958',
    '(+48) 600-700-800',
  ])('a phone number with a country code: %s', async (phone) => {
    expect((await told(telling({}, `Called ${phone}, no answer`))).said).not.toMatch(/\d{3}/);
  });

  it('a hash as personal data: kept with them, removed with them', async () => {
    const report = telling({ emailHash: 'Zq83Wv71' }, 'It was Zq83Wv71.');
    expect((await told(report, { tokens: 'removed', personal: 'kept', ids: 'removed' })).said).toBe('It was Zq83Wv71.');
    expect((await told(report, { tokens: 'kept', personal: 'removed', ids: 'kept' })).said).not.toContain('Zq83Wv71');
  });

  it('a hash of any form behind its name', async () => {
    const cookie = '_snrs_p=host:shop.example&emailHash:&user_hash:9f86d081884c7d65&identityHash:undefined&allVisits:3';
    const customer = { ...(WHOLE.session.customer as NonNullable<Report['session']['customer']>), cookies: [cookie] };
    const { whole } = await told({ ...WHOLE, session: { ...WHOLE.session, customer } });
    expect(whole.session.customer?.cookies).toEqual([cookie.replace('9f86d081884c7d65', '[personal-removed]')]);
  });
});

describe('a value found once is found elsewhere', () => {
  it('as a number', async () => {
    const { sent } = await told(
      telling({ id: 88410077, list: [88410077, 12], n: 88410078 }, '', { answer: { text: json({ customId: 88410077 }), size: 1 } }),
    );
    expect(JSON.parse(sent)).toEqual({ id: '[personal-removed]', list: ['[personal-removed]', 12], n: 88410078 });
  });

  it('as a phone number without its separators', async () => {
    expect((await told(telling({}, `sms to ${JANE.phone.replace(/\D/g, '')}`))).said).toBe('sms to [personal-removed]');
  });

  it('as a long value that was truncated', async () => {
    const long = `kk81${'zz92'.repeat(30)}end`;
    const { said } = await told(telling({ token: long }, `It was “${long.slice(0, 80)}… (127 characters)”`));
    expect(said).toMatch(/^It was “\[token-removed\]/);
    expect(said).not.toContain('kk81');
  });

  it("as a UUID field that isn't a valid UUID", async () => {
    const { whole } = await told(reportOfPerson({ ...JANE, uuid: 'customer/12345' }));
    expect(json(whole)).not.toContain('customer/12345');
    expect(whole.generations[1]).toMatchObject({ what: 'uuid', value: '[id-removed]' });
  });

  it('as a short word only where it stands alone', async () => {
    const { said } = await told(telling({ firstName: 'Ann' }, 'Ann, annual, ann_lee, mann; ANN.'));
    expect(said).toBe('[personal-removed], annual, [personal-removed]_lee, mann; [personal-removed].');
  });

  it('in any case and Unicode normalization', async () => {
    const data = { firstName: 'ΟΔΥΣΣΕΥΣ', lastName: 'Łódź-Żaneta', city: 'İZMİR İLİ' };
    const { said } = await told(telling(data, `οδυσσευς, ${'łódź-żaneta'.normalize('NFD')}, İzmİr İlİ`));
    expect(said).toBe('[personal-removed], [personal-removed], [personal-removed]');
  });

  it('in base64 on its own, however short it is', async () => {
    for (const name of ['Ida', 'Anna', 'Marek', 'Zofia K'])
      expect((await told(telling({ firstName: name }, `to=${Buffer.from(name).toString('base64')}`))).said).toMatch(/^to=\[secret\]/);
  });

  it('as the longest of several matches', async () => {
    const { said } = await told(
      telling({ firstName: 'Ann', displayName: 'Ann Lee', fullName: 'Ann Lee Smith' }, 'Ann Lee Smith, Ann Lee, Ann Leeds'),
      all('pseudonym'),
    );
    expect(new Set(said.match(/personal-[\da-f]{10}/g)).size).toBe(3);
    expect(said).toMatch(/^personal-\w+, personal-\w+, personal-\w+ Leeds$/);
  });

  it('unless it is a word without information', async () => {
    const { said } = await told(
      telling(
        { user: 'premium', login: 'success', sex: 'woman', hash: 'home', email: 'none', phone: 'unknown' },
        'premium success woman home none unknown',
      ),
    );
    expect(said).toBe('premium success woman home none unknown');
  });
});

it('our own enum values stay, even if a person has them as data', async () => {
  const timeline = WHOLE.timeline.map((entry) => (entry.kind === 'identity' ? { ...entry, before: 'simple-auth' as const } : entry));
  const data = {
    firstName: 'simple-auth',
    lastName: 'person',
    city: 'devtools',
    customId: 'updateAccount',
    fullName: 'expired',
    surname: 'refresh',
  };
  const { whole, said } = await told({ ...telling(data, 'simple-auth person devtools updateAccount'), timeline });
  expect(said).toBe(Array(4).fill('[personal-removed]').join(' '));
  expect(whole.timeline[6]).toMatchObject({ before: 'simple-auth', identity: 'signed-in' });
  expect(whole.timeline[15]).toMatchObject({ by: 'person', operation: 'updateAccount', verdict: 'done' });
  expect(whole.timeline[3]).toMatchObject({ via: 'devtools' });
  expect(whole.timeline[10]).toMatchObject({ purpose: 'refresh' });
  expect(whole.findings[0]).toMatchObject({ rule: 'token-expired' });
});

it('request keys stay distinct when more is redacted later', async () => {
  const renamed = JSON.parse(json(WHOLE).replaceAll('d1.login', `${JANE.uuid}.1`).replaceAll('d2.refresh', `of ${JANE.email}`)) as Report;
  const some = await redact(renamed, { tokens: 'kept', personal: 'removed', ids: 'kept' }, key);
  const { report } = await redact(some.report, REMOVED, key);
  const keys = report.requests.map((request) => request.key);
  expect(new Set(keys).size).toBe(keys.length);
  const listed = report.timeline.flatMap((entry) => (entry.kind === 'request' ? [entry.key] : []));
  expect([...listed].sort()).toEqual([...keys].sort());
});

describe('HTML and XML', () => {
  it.each([
    ['decimal', 'O&#39;Brien'],
    ['hexadecimal', 'O&#x27;Brien'],
    ['named', 'O&apos;Brien'],
    ['inside a tag', '<b title="O&#39;Brien">'],
    ['inside JSON', '{"html":"<p>O&#39;Brien</p>"}'],
  ])('has its character references decoded: %s', async (_, text) => {
    expect((await told(telling({ lastName: "O'Brien" }, text))).said).not.toMatch(/Brien/);
  });

  it('stays unchanged if nothing is hidden in it', async () => {
    const text = '/a?b=1&amp;c=2 &#8364; &unknown; &#99999999;';
    expect((await told(telling({ lastName: "O'Brien" }, text))).said).toBe(text);
  });
});

it('a phone number is found without its country code', async () => {
  for (const text of ['call 600100200 now', '0048600100200', '48600100200'])
    expect((await told(telling({ phone: '+48600100200' }, text))).said).not.toContain('600100200');
  expect((await told(telling({ phone: '+123456789' }, 'call 23456789 now'))).said).toBe('call [personal-removed] now');
});

describe('Basic authorization', () => {
  const header = ['Authorization', `Basic ${Buffer.from('ada:lovelace').toString('base64')}`] as const;
  it.each(['kept', 'pseudonym', 'removed'] as const)('is a password, with tokens %s', async (way) => {
    const { whole } = await told(telling({}, '', { headers: [header] }), all(way));
    expect(whole.requests[0]?.headers).toEqual([['Authorization', 'Basic [secret]']]);
  });
});

it('the parts of a token, stored separately, do not reveal it', async () => {
  const [header, payload = '', signature = ''] = tokenOf(JANE).split('.');
  const { sent } = await told(telling({ a: header, b: payload, c: signature }, ''));
  expect(sent).not.toContain(payload);
  expect(sent).not.toContain(signature);
  expect((await told(telling({ b: payload }, ''), { ...REMOVED, tokens: 'kept', personal: 'kept', ids: 'kept' })).sent).toContain(payload);
});

it('the arguments that an inline script passes to init() are searched by name, including numbers', async () => {
  const options = { trackerKey: 'aaaaaaaa-1111-4111-8111-111111111111', phone: 48_111_222_333, password: 123_456, disableWebPush: true };
  const page = { ...WHOLE.session.page, inits: [{ of: 'SR', options }] };
  const { whole } = await told({ ...WHOLE, session: { ...WHOLE.session, page } });
  const [init] = whole.session.page.inits;
  expect(init?.options).toMatchObject({ disableWebPush: true });
  expect(json(whole)).not.toContain('48111222333');
  expect(json(init)).not.toContain('123456');
});

it('a word under a common name is redacted elsewhere only if it is also under a personal name', async () => {
  expect((await told(telling({ user: 'Grace' }, 'It was Grace.'))).said).toContain('Grace');
  expect((await told(telling({ user: 'Grace', firstName: 'Grace' }, 'It was Grace.'))).said).not.toContain('Grace');
});

describe('a short name that is known', () => {
  it.each([
    ['in base32 of eight characters', 'Zdzis', 'LJSHU2LT'],
    ['in hex of eight digits', 'Ewka', '45776b61'],
    ['in base64 of two bytes a letter', 'Żółć', 'xbvDs8WCxIc'],
    ['in base64 of three bytes a letter', '漢字名', '5ryi5a2X5ZCN'],
    ['in base64 of four bytes a letter', '𠀀𠀁𠀂', '8KCAgPCggIHwoICC'],
  ])('is found %s', async (_how, name, text) => {
    const { said } = await told(telling({ firstName: name }, `It was ${text} then.`));
    expect(said).toBe('It was [secret] then.');
  });
});
