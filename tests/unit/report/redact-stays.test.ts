// What is no secret stays readable; and no text of a hostile page takes a long time.
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { pseudonymKey, redact } from '@/lib/report/redact';
import type { Report } from '@/lib/report/report';
import type { Redaction } from '@/lib/report/secrecy';
import { parseCookie } from '@/lib/web/cookies';
import { JANE, NOW, reportOfPerson } from './make';

vi.setConfig({ testTimeout: 60_000 });

const all = (one: Redaction['ids']): Redaction => ({ tokens: one, personal: one, ids: one });
const GONE = [all('removed'), all('pseudonym')];

let key: CryptoKey;
beforeAll(async () => {
  key = await pseudonymKey(new Uint8Array(32).fill(9));
});

const WHOLE = reportOfPerson();
/** The report with that text as the body of a request, in an evidence, and as what was given to a call. */
const withText = (text: string): Report => ({
  ...WHOLE,
  timeline: WHOLE.timeline.slice(0, 6),
  requests: [{ ...(WHOLE.requests[2] as Report['requests'][number]), answer: { text, size: text.length } }],
  findings: [{ rule: 'token-expired', severity: 'error', title: 'It has ended', evidence: [text], advice: 'See it.', entries: [1] }],
});
async function afterwards(text: string, how: Redaction): Promise<string[]> {
  const { report } = await redact(withText(text), how, key);
  return [report.requests[0]?.answer.text ?? '', report.findings[0]?.evidence[0] ?? ''];
}
/** The same for many texts in one report, each in a finding of its own. */
async function allAfterwards(texts: readonly string[], how: Redaction): Promise<string[]> {
  const report = withText('');
  const findings = texts.map((text) => ({ ...(report.findings[0] as Report['findings'][number]), evidence: [text] }));
  const made = await redact({ ...report, findings }, how, key);
  return made.report.findings.map(({ evidence }) => evidence[0] ?? '');
}

const WORDS = `The session of the page was renewed at a quarter past nine because its token had ended Sign in anew see account settings for
  newsletter delivery and payment Zażółć gęślą jaźń Straße naïve café Привет 日本語 e-mail phone address password-reset profile user
  customer login company city user-agent background-color internationalization misunderstanding counterrevolutionary HTTP JSON
  v4 utf-8 en-GB pl_PL iPhone15 SM-A600FN 5.9.0 1.6.3 application/json text/html 100% 50%25 #top ?page=2
  /cart/checkout /v4/events/custom /sauth/v3/auth/login/client https://shop.example/a/b.js:12:34 [secret] [token] 12:30 2026-11-21
  2026-11-21T12:00:00.000Z +058041-02-03T10:00:00Z +02:00 1800001800000 404 -109 3.14 1e9 0xff #a1b2c3 2.5.1-rc.1 GTM-5XK8 UA-1234-5
  1njg9xw15jh8du token-expired uuid-in-url true null undefined NOT_SPECIFIED`
  .split(/\s+/)
  .filter(Boolean);
const prose = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));

describe('words without secrets', () => {
  it('stay as they are', async () => {
    await fc.assert(
      fc.asyncProperty(prose, fc.constantFrom(...GONE), async (text, how) => {
        expect(await afterwards(text, how)).toEqual([text, text]);
      }),
      { numRuns: 60 },
    );
  });

  it('stay one by one', async () => {
    const words = [...WORDS, 'a=b', 'max-age=3600', 'x&y', '?a=b&c'];
    for (const how of GONE) expect(await allAfterwards(words, how)).toEqual(words);
  });

  it('stay in whatever form', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.constantFrom('label', 'title', 'page', 'params', 'note', 'items'),
          fc.oneof(prose, fc.jsonValue({ noUnicodeString: true, maxDepth: 2, stringUnit: fc.constantFrom('a', 'B', ' ', '.') })),
          { minKeys: 1 },
        ),
        fc.constantFrom(...GONE),
        async (data, how) => {
          const pairs = Object.entries(data).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
          for (const text of [
            JSON.stringify(data),
            JSON.stringify({ data: JSON.stringify(data) }),
            JSON.stringify(data, null, 2),
            String(new URLSearchParams(pairs)),
          ])
            expect(await afterwards(text, how)).toEqual([text, text]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('stay in base64, in percent signs and in escapes', async () => {
    for (const text of [
      Buffer.from('The session of the page was renewed').toString('base64'),
      encodeURIComponent('a "quarter" past nine & more'),
      '{"a":"\\u0142\\u00f3d\\/ka","b',
      'C:\\new\\table',
    ])
      for (const how of GONE) expect(await afterwards(text, how)).toEqual([text, text]);
  });
});

describe('the structure', () => {
  it.each(GONE.map((how) => [how.ids, how] as const))('stays: %s', async (_name, how) => {
    const { report } = await redact(WHOLE, how, key);
    const shape = (value: unknown): unknown => {
      if (typeof value === 'string') return '';
      if (Array.isArray(value)) return value.map(shape);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, name === 'clientId' ? '' : shape(entry)]));
    };
    // All fields, and all numbers.
    const told = { redaction: how, pseudonymKey: report.pseudonymKey };
    expect(shape(report)).toEqual(shape({ ...WHOLE, ...told }));
    expect(report.timeline.map((entry) => ({ ...entry, uuid: 0, key: 0, path: 0, whom: 0, of: 0, cause: 0, value: 0, detail: 0 }))).toEqual(
      WHOLE.timeline.map((entry) => ({ ...entry, uuid: 0, key: 0, path: 0, whom: 0, of: 0, cause: 0, value: 0, detail: 0 })),
    );
    const asked = ({ requests }: Report) =>
      requests.map(({ method, status, at, endedAt, url, answerHeaders }) => [
        method,
        status,
        at,
        endedAt,
        url.split('?')[0],
        answerHeaders,
      ]);
    expect(asked(report)).toEqual(asked(WHOLE));
    expect(report.findings.map(({ rule, title, advice, entries }) => [rule, title, advice, entries])).toEqual(
      WHOLE.findings.map(({ rule, title, advice, entries }) => [rule, title, advice, entries]),
    );
    const { session, ...about } = report;
    expect(session).toMatchObject({
      at: NOW,
      phase: 'attached',
      origin: 'https://shop.example',
      token: { origin: 'SYNERISE', header: { alg: 'RS256' }, fingerprint: WHOLE.session.token?.fingerprint },
    });
    expect(about).toMatchObject({ by: WHOLE.by, browser: WHOLE.browser, createdAt: WHOLE.createdAt, muted: WHOLE.muted });
    expect(session.account?.value).toMatchObject({
      sex: 'NOT_SPECIFIED',
      anonymous: false,
      agreements: { email: true, sms: false },
      tags: ['vip'],
    });
  });

  it.each(GONE.map((how) => [how.ids, how] as const))('of cookies stays: %s', async (_name, how) => {
    const { report } = await redact(WHOLE, how, key);
    const read = (from: Report) =>
      (from.session.customer?.cookies ?? [])
        .map(parseCookie)
        .map(({ name, form, encoded, fields }) => [name, form, encoded, fields.length > 1 && fields.map(({ key: field }) => field)]);
    expect(read(report)).toEqual(read(WHOLE));
    const state = parseCookie(report.session.customer?.cookies[3] ?? '');
    expect(Object.fromEntries(state.fields.map(({ key: field, value }) => [field, value]))).toMatchObject({
      host: 'shop.example',
      user_hash: '',
      last: '1799999900.016',
      allVisits: '7',
    });
  });

  it('of a path stays, with what is beside the secret', async () => {
    const path = `/pl%20PL/of/${encodeURIComponent(JANE.email)}/now?a=1&to=${encodeURIComponent(JANE.email)}&b=%C5%82#top`;
    const [made] = await afterwards(path, all('removed'));
    expect(made).toBe('/pl%20PL/of/[e-mail-removed]/now?a=1&to=[e-mail-removed]&b=%C5%82#top');
  });

  it('stays where a call was given a mark and something else', async () => {
    const args = ['[secret]', JANE.email];
    const timeline = WHOLE.timeline.map((entry, index) => (index === 2 ? { ...entry, detail: { args } } : entry));
    const { report } = await redact({ ...WHOLE, timeline }, { tokens: 'removed', personal: 'kept', ids: 'removed' }, key);
    expect(report.timeline[2]?.detail?.args).toEqual(args);
  });

  it('stays of a list of names', async () => {
    const text = JSON.stringify({ required: ['email', 'phone'], missing: ['firstName', 'customer name'], note: 'Tell the phone.' });
    const [made] = await afterwards(text, all('removed'));
    expect(JSON.parse(made ?? '')).toMatchObject({ note: 'Tell the phone.' });
    expect(Object.keys(JSON.parse(made ?? '') as object)).toEqual(['required', 'missing', 'note']);
  });
});

describe('a text of a hostile page takes no long time', () => {
  const LENGTH = 200_000;
  const long = (piece: string) => piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH);
  const base64Of = (text: string): string => Buffer.from(text).toString('base64');
  let nest = JANE.email;
  while (nest.length < LENGTH / 2) nest = base64Of(nest);

  it.each([
    ['a letter', long('a')],
    ['backslashes', long('\\')],
    ['percent signs', long('%')],
    ['percent signs of percent signs', `%${long('25')}40`],
    ['at signs', long('@')],
    ['what may be e-mails', long('a@b.')],
    ['what may be tokens', long('eyJaaaaa')],
    ['what may be tokens behind a dot', `aaaaaaaaa.${long('eyJaaaaa')}`],
    ['what may be phones', long('+1 2')],
    ['what may be UUIDs', long('deadbeef-')],
    ['UUIDs', long(JANE.uuid)],
    ['base64 of base64', nest],
    ['lines', long(`${'A'.repeat(76)}\r\n`)],
    ['names', long('email=')],
    ['names that hold themselves', `${'{"user":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['forms in parts', `--b\r\n${long('\r\n\r\n--b\r\n')}`],
    ['beginnings of values', long(JANE.email.slice(0, 20))],
    ['half characters', long('\ud800')],
    ['letters that grow', long('İ')],
  ])('of %s', async (_name, text) => {
    const before = process.cpuUsage();
    await redact(withText(text), all('pseudonym'), key);
    // In time with the square of its length it would be tens of seconds.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(4000);
  });

  it('nor do very many values', async () => {
    const requests = Array.from({ length: 3000 }, (_one, index) => ({
      ...(WHOLE.requests[0] as Report['requests'][number]),
      key: `r${index}`,
      body: {
        text: JSON.stringify({ email: `customer.${index}@poczta.example`, customId: `C-${index}-0098`, lastName: `Nowak${index}a` }),
        size: 1,
      },
    }));
    const before = process.cpuUsage();
    const { report, redacted } = await redact({ ...WHOLE, requests }, all('pseudonym'), key);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(10_000);
    expect(redacted.personal).toBeGreaterThan(9000);
    expect(JSON.stringify(report)).not.toMatch(/customer\.\d|C-\d+-0098|Nowak\d/);
  });
});
