// UUIDs derived from names are redacted with personal data; passwords and the site's cookies are redacted everywhere;
// old reports still open.
import { readFileSync } from 'node:fs';
import { v3, v5 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import { compare } from '@/lib/report/compare';
import { readReport, writeReport } from '@/lib/report/read';
import { pseudonymKey, redact } from '@/lib/report/redact';
import { REPORT_VERSION, type Report } from '@/lib/report/report';
import { DEFAULT_REDACTION, placeOf, type Redaction, untold } from '@/lib/report/secrecy';
import { API, JANE, reportOfPerson } from './make';

const MADE = v5('jane.kowalska@poczta.example', v5.DNS);
const MADE_3 = v3('jane.kowalska@poczta.example', v3.DNS);
const RANDOM = '5b7f2f0e-9f3c-4f6e-8a43-6d2f1f0d9c11';
const json = JSON.stringify;
const WHOLE = reportOfPerson();
const [REQUEST] = WHOLE.requests.slice(2);

let key: CryptoKey;
beforeAll(async () => {
  key = await pseudonymKey(new Uint8Array(32).fill(7));
});

const telling = (over: Partial<Report['requests'][number]>): Report => ({
  ...WHOLE,
  requests: [{ ...(REQUEST as Report['requests'][number]), ...over }],
});
async function answerOf(text: string, ways: Redaction = DEFAULT_REDACTION): Promise<string> {
  return (await redact(telling({ answer: { text, size: 1 } }), ways, key)).report.requests[0]?.answer.text ?? '';
}

describe('a UUID derived from a name', () => {
  it.each<[string, (uuid: string) => string]>([
    ['in a sentence', (uuid) => `It is ${uuid}, and was.`],
    ['in capitals', (uuid) => `It is ${uuid.toUpperCase()}.`],
    ['under a name', (uuid) => json({ client: { uuid }, uuid })],
    ['in a URL', (uuid) => `https://shop.example/?uuid=${uuid}#${uuid}`],
    ['in base64', (uuid) => `to ${btoa(json({ uuid }))}`],
    ['without dashes', (uuid) => `${uuid} is ${uuid.replaceAll('-', '')}`],
    ['reversed', (uuid) => `${uuid} is ${[...uuid].reverse().join('')}`],
  ])('is a pseudonym by default, while a random one stays: %s', async (_where, write) => {
    for (const uuid of [MADE, MADE_3]) {
      const made = await answerOf(write(uuid));
      expect(made.toLowerCase()).not.toContain(uuid);
      expect(made).not.toMatch(new RegExp(`${uuid.replaceAll('-', '')}|${btoa(json({ uuid }))}|${[...uuid].reverse().join('')}`));
    }
    expect(await answerOf(write(RANDOM))).toBe(write(RANDOM));
  });

  it('keeps its version, and is the same everywhere', async () => {
    const { report } = await redact(reportOfPerson(), DEFAULT_REDACTION, key);
    const uuid = report.session.customer?.uuid ?? '';
    expect(uuid).toMatch(/^facade00-[\da-f]{4}-5/);
    expect(json(report)).not.toContain(JANE.uuid);
    expect(json(report)).toContain(JANE.firstUuid);
    expect(report.timeline[4]).toMatchObject({ uuid });
    expect(report.session.token).toMatchObject({ uuid, claims: { uuid } });
    expect(report.redaction).toEqual(DEFAULT_REDACTION);
  });

  it.each<[Redaction, RegExp]>([
    [{ tokens: 'kept', personal: 'kept', ids: 'kept' }, new RegExp(`^${MADE}$`)],
    [{ tokens: 'kept', personal: 'kept', ids: 'pseudonym' }, /^facade00-(?!0000)/],
    [{ tokens: 'kept', personal: 'removed', ids: 'kept' }, /^facade00-0000/],
    [{ tokens: 'kept', personal: 'removed', ids: 'pseudonym' }, /^facade00-0000/],
    [{ tokens: 'kept', personal: 'pseudonym', ids: 'removed' }, /^facade00-0000/],
  ])('follows the stricter of two choices: %o', async (ways, as) => {
    expect(await answerOf(MADE, ways)).toMatch(as);
  });

  it('does not count as a difference between reports with two keys, while a random one does', async () => {
    const other = await pseudonymKey(new Uint8Array(32).fill(8));
    const [one, two] = await Promise.all([redact(WHOLE, DEFAULT_REDACTION, key), redact(WHOLE, DEFAULT_REDACTION, other)]);
    const fields = ({ report: { session } }: typeof one) => ({
      values: new Map([
        ['Customer: UUID', session.customer?.uuid ?? ''],
        ['Customer: previous UUID', session.previousUuid ?? ''],
      ]),
      whole: new Set<string>(),
    });
    const states = compare(fields(one), fields(two), untold(one.report, two.report)).map(({ field, state }) => [field, state]);
    expect(states).toEqual([
      ['Customer: previous UUID', 'same'],
      ['Customer: UUID', 'unknown'],
    ]);
    expect(placeOf('FACADE00-1111-4222-8333-444444444444', false)).toEqual(['ids']);
  });
});

describe('a password', () => {
  it('is in no report, and is found where it is repeated', async () => {
    const body = { text: json({ passphrase: 'Tr0ub4dor&3' }), size: 1 };
    for (const tokens of ['kept', 'pseudonym', 'removed'] as const) {
      const { report, redacted } = await redact(
        telling({ body, answer: { text: `You sent 3&rod4bu0rT, ${btoa('Tr0ub4dor&3')} and tr0ub4dor&3`, size: 1 } }),
        { tokens, personal: 'kept', ids: 'kept' },
        key,
      );
      expect(report.requests[0]?.body.text).toBe(json({ passphrase: '[secret]' }));
      expect(report.requests[0]?.answer.text).toBe('You sent [secret], [secret]= and [secret]');
      if (tokens === 'kept') expect(redacted).toEqual({ tokens: 0, personal: 0, ids: 0 });
    }
  });

  it('is recognized by the purpose of a request', async () => {
    const over = { url: `${API}/sauth/my-account/email-change/confirmation`, body: { text: json({ code: '48213577' }), size: 1 } };
    const { report } = await redact(telling({ ...over, statusText: 'not 48213577' }), DEFAULT_REDACTION, key);
    expect(json(report.requests)).not.toContain('48213577');
    const { report: event } = await redact(telling({ body: over.body }), DEFAULT_REDACTION, key);
    expect(event.requests[0]?.body.text).toBe(json({ code: '48213577' }));
  });
});

it("a site's session cookie is found elsewhere, and a settings cookie is not", async () => {
  const headers = [
    ['Cookie', `lang=pl; theme=dark-mode; at=2026-11-21T12:00:00.000Z; sid=s%3AkK81zz92qq73mm55.tail; _snrs_uuid=${RANDOM}`],
  ] as const;
  const said = 'dark-mode at 2026-11-21T12:00:00.000Z';
  const text = `It sent s:kK81zz92qq73mm55.tail in ${said} for ${RANDOM}`;
  const { report } = await redact(telling({ headers, answer: { text, size: 1 } }), DEFAULT_REDACTION, key);
  expect(report.requests[0]?.headers).toEqual([['Cookie', '[secret]']]);
  expect(report.requests[0]?.answer.text).toMatch(new RegExp(`^It sent token-[\\da-f]{12} in ${said} for ${RANDOM}$`));
});

it.each(
  'passenger compass postcode countryCode errorCode statusCode promo_code keyboard tokenOrigin boarding_pass pinColor code'.split(' '),
)('%s stays in the default report', async (name) => {
  for (const text of [json({ [name]: 'Zq83 Wv71-b' }), json([{ key: name, val: 'Zq83' }, [name, 'Zq83']]), `a=1&${name}=Zq83`])
    expect(await answerOf(text)).toBe(text);
});

describe('an old report', () => {
  const FILE = readFileSync('tests/unit/report/fixtures/version-1.json', 'utf8');

  it('opens with the same content', () => {
    const back = readReport(FILE);
    if ('problem' in back) throw new Error(back.problem);
    expect(back.report.version).toBe(REPORT_VERSION);
    const { session, ...rest } = JSON.parse(FILE) as { session: object };
    // Reports had nothing about the page at that time.
    expect(back.report).toEqual({
      ...rest,
      session: { ...session, page: { load: 'loaded', idle: [], scripts: [], inits: [], keys: [], readyAfter: null, sawStart: false } },
    });
    expect(readReport(writeReport(back.report))).toEqual(back);
    // It dates from a time when all UUIDs were kept.
    expect(back.report.session.customer?.uuid).toBe(JANE.uuid);
  });

  it('is redacted again like any other', async () => {
    const back = readReport(FILE);
    if ('problem' in back) throw new Error(back.problem);
    const { report } = await redact(back.report, DEFAULT_REDACTION, key);
    expect(json(report)).not.toContain(JANE.uuid);
    expect(report.session.token?.raw).toBe(back.report.session.token?.raw);
    expect(report.pseudonymKey).toBe(back.report.pseudonymKey);
  });
});

it('replaces a key that contains a secret with the same number everywhere, so that entries stay linked', async () => {
  const own = `d1.${JANE.email}`;
  const call = WHOLE.timeline.find((entry) => entry.kind === 'call');
  if (!call || !REQUEST) throw new Error('no call, no request');
  const timeline: Report['timeline'] = [{ ...call, key: own }];
  const { report } = await redact(
    {
      ...WHOLE,
      timeline,
      requests: [
        { ...REQUEST, key: own },
        { ...REQUEST, key: 'd2.plain' },
      ],
    },
    DEFAULT_REDACTION,
    key,
  );
  const [entry] = report.timeline;
  expect(entry && 'key' in entry && entry.key).toMatch(/^key-\d+$/);
  expect(report.requests.map((one) => one.key)).toEqual([entry && 'key' in entry && entry.key, 'd2.plain']);
});

it("redacts a generation's UUID even if it isn't in UUID format", async () => {
  const [generation] = WHOLE.generations.filter(({ what }) => what === 'uuid');
  if (!generation) throw new Error('no generation');
  const generations = [{ ...generation, value: 'customer-12345' }];
  const ids: Redaction = { ...DEFAULT_REDACTION, ids: 'removed' };
  const { report } = await redact({ ...WHOLE, timeline: [], requests: [], findings: [], generations }, ids, key);
  expect(JSON.stringify(report)).not.toContain('customer-12345');
});
