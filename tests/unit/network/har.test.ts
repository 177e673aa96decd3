// HAR import and export: entries of browser DevTools are read, and exported records are read back unchanged.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { harOf, recordOf } from '@/lib/network/har';
import type { RequestRecord } from '@/lib/network/request';
import { MAX_BODY } from '@/lib/network/requests';
import { anyChar } from '../any-char';
import { T0 } from '../fakes/make';
import { API, record, UUID } from './make';

const CREATOR = { name: 'Synerise Session Inspector', version: '0.1.0' };
const entriesOf = (records: readonly RequestRecord[]): unknown[] =>
  (JSON.parse(JSON.stringify(harOf(records, CREATOR))) as { log: { entries: unknown[] } }).log.entries;
const again = (one: RequestRecord): RequestRecord | null => recordOf(entriesOf([one])[0], one.key, one.via);
const base64 = (bytes: string | Uint8Array): string => Buffer.from(bytes as string).toString('base64');

/** An entry as exported by Chromium, with its own fields (shortened). */
const chromium = {
  _connectionId: '812',
  _initiator: { type: 'script' },
  _priority: 'High',
  _resourceType: 'fetch',
  cache: {},
  connection: '443',
  request: {
    method: 'POST',
    url: `${API}/sauth/v3/auth/refresh/client`,
    httpVersion: 'h2',
    headers: [
      { name: ':authority', value: 'api.synerise.com' },
      { name: 'authorization', value: 'Bearer abc' },
    ],
    queryString: [],
    cookies: [],
    headersSize: -1,
    bodySize: 16,
    postData: { mimeType: 'application/json', text: '{"apiKey":"key"}' },
  },
  response: {
    status: 200,
    statusText: '',
    httpVersion: 'h2',
    headers: [{ name: 'content-type', value: 'application/json' }],
    cookies: [],
    content: { size: 15, mimeType: 'application/json', text: '{"token":"abc"}' },
    redirectURL: '',
    headersSize: -1,
    bodySize: -1,
    _transferSize: 310,
    _error: null,
    _fetchedViaServiceWorker: false,
  },
  serverIPAddress: '10.0.0.1',
  startedDateTime: new Date(T0).toISOString(),
  time: 120.4000000001397,
  timings: { blocked: 1, dns: -1, ssl: -1, connect: -1, send: 0.1, wait: 100, receive: 19.3 },
};
/** An entry as exported by Firefox. */
const firefox = {
  startedDateTime: '2027-01-15T09:00:00.000+01:00',
  request: {
    bodySize: 0,
    method: 'GET',
    url: `${API}/v4/my-account/personal-information`,
    httpVersion: 'HTTP/2',
    headers: [{ name: 'Api-Version', value: '4.4' }],
    cookies: [],
    queryString: [],
    headersSize: 420,
  },
  response: {
    status: 403,
    statusText: 'Forbidden',
    httpVersion: 'HTTP/2',
    headers: [{ name: 'content-type', value: 'application/json' }],
    cookies: [],
    content: { mimeType: 'application/json', size: 14, encoding: 'base64', text: base64('{"status":403}') },
    redirectURL: '',
    headersSize: 200,
    bodySize: 214,
  },
  cache: {},
  timings: { blocked: 0, dns: 0, connect: 0, ssl: 0, send: 0, wait: 30, receive: 0 },
  time: 30,
  _securityState: 'secure',
  serverIPAddress: '10.0.0.1',
  connection: '443',
  pageref: 'page_1',
};

describe('recordOf', () => {
  it('reads an entry exported by Chromium', () => {
    expect(recordOf(chromium, 'c1', 'file')).toEqual({
      key: 'c1',
      via: 'file',
      at: T0,
      endedAt: T0 + 120,
      method: 'POST',
      url: chromium.request.url,
      headers: [
        [':authority', 'api.synerise.com'],
        ['authorization', 'Bearer abc'],
      ],
      body: { text: '{"apiKey":"key"}', size: 16 },
      status: 200,
      statusText: '',
      answerHeaders: [['content-type', 'application/json']],
      answer: { text: '{"token":"abc"}', size: 15 },
      problem: null,
    });
  });

  it('reads an entry exported by Firefox', () => {
    expect(recordOf(firefox, 'f1', 'file')).toMatchObject({
      at: T0,
      endedAt: T0 + 30,
      body: { text: null, size: 0 },
      status: 403,
      statusText: 'Forbidden',
      answer: { text: '{"status":403}', size: 14 },
    });
  });

  it('a request without a response has no status, and the reported reason', () => {
    const response = {
      status: 0,
      statusText: '',
      headers: [],
      content: { size: 0, mimeType: 'x-unknown' },
      bodySize: -1,
      _error: 'net::ERR_ABORTED',
    };
    expect(recordOf({ ...chromium, response }, 'c1', 'file')).toMatchObject({
      status: null,
      problem: 'net::ERR_ABORTED',
      answer: { text: null, size: 0 },
    });
    // DevTools do not know the response yet, or the file does not contain it.
    for (const none of [undefined, null, 'x', {}])
      expect(recordOf({ ...chromium, response: none }, 'c1', 'file')).toMatchObject({
        status: null,
        problem: null,
        answer: { text: null, size: null },
      });
    expect(recordOf({ ...chromium, time: -1 }, 'c1', 'file')?.endedAt).toBeNull();
  });

  it('uses content that DevTools returned separately', () => {
    const { text: _text, ...content } = chromium.response.content;
    const entry = { ...chromium, response: { ...chromium.response, content } };
    expect(recordOf(entry, 'c1', 'devtools')?.answer.text).toBeNull();
    expect(recordOf(entry, 'c1', 'devtools', 'told')?.answer.text).toBe('told');
    expect(recordOf(chromium, 'c1', 'devtools', 'told')?.answer.text).toBe('told');
    expect(recordOf(chromium, 'c1', 'devtools', null)?.answer.text).toBe('{"token":"abc"}');
  });

  it.each([
    ['text', base64('Łódź 😀'), 'Łódź 😀'],
    ['not text', base64(new Uint8Array([0xff, 0xd8, 0xff])), null],
    ['not base64', '*****', null],
  ])('decodes content that is %s', (_name, body, text) => {
    const entry = { ...chromium, response: { ...chromium.response, content: { size: 4, encoding: 'base64', text: body } } };
    expect(recordOf(entry, 'c1', 'file')?.answer.text).toBe(text);
  });

  it.each<[string, object, string | null]>([
    ['an encoding of null', { encoding: null }, '{"token":"abc"}'],
    ['a text of null', { text: null }, null],
  ])('reads content with %s by its other fields', (_name, over, text) => {
    const entry = { ...chromium, response: { ...chromium.response, content: { ...chromium.response.content, ...over } } };
    expect(recordOf(entry, 'c1', 'file')?.answer).toEqual({ text, size: 15 });
  });

  it.each<[string, object, string | null]>([
    [
      'parameters instead of a text',
      {
        params: [
          { name: 'a', value: 'ü' },
          { name: 'b', value: '' },
        ],
      },
      'a=%C3%BC&b=',
    ],
    ['parameters and an empty text', { params: [{ name: 'a', value: '1' }], text: '' }, 'a=1'],
    ['base64', { encoding: 'base64', text: base64('{"apiKey":"key"}') }, '{"apiKey":"key"}'],
    ['base64 that is not text', { encoding: 'base64', text: base64(new Uint8Array([0xff, 0xd8, 0xff])) }, null],
    ['null', { text: null }, null],
  ])('reads the request body from %s', (_name, postData, text) => {
    const entry = { ...chromium, request: { ...chromium.request, postData } };
    expect(recordOf(entry, 'c1', 'file')?.body.text).toBe(text);
  });

  it('accepts a start time as a number (ms)', () => {
    expect(recordOf({ ...chromium, startedDateTime: T0 }, 'c1', 'file')?.at).toBe(T0);
  });

  it('keeps no body that is longer than the limit', () => {
    const long = (size: number) => ({
      ...chromium,
      request: { ...chromium.request, postData: { text: 'x'.repeat(size) } },
      response: { ...chromium.response, content: { size, text: 'y'.repeat(size) } },
    });
    const [whole, none] = [MAX_BODY, MAX_BODY + 1].map((size) => recordOf(long(size), 'c1', 'file'));
    expect([whole?.body.text?.length, whole?.answer.text?.length]).toEqual([MAX_BODY, MAX_BODY]);
    expect([none?.body.text, none?.answer.text]).toEqual([null, null]);
    expect(none?.answer.size).toBe(MAX_BODY + 1);
  });

  it('ignores invalid fields other than the request itself', () => {
    const odd = {
      startedDateTime: chromium.startedDateTime,
      time: 'long',
      request: { method: 'GET', url: 'https://a.example/', headers: 'none', bodySize: '1', postData: [] },
      response: { status: 'ok', statusText: 7, headers: [{ name: 1 }], content: 'x', _error: {} },
    };
    expect(recordOf(odd, 'c1', 'file')).toMatchObject({
      headers: [],
      body: { text: null, size: null },
      endedAt: null,
      status: null,
      statusText: '',
      problem: null,
    });
  });

  it('ignores an invalid error and keeps the response', () => {
    const entry = { ...chromium, response: { ...chromium.response, _error: { code: 1 } } };
    expect(recordOf(entry, 'c1', 'file')).toMatchObject({ status: 200, problem: null, answer: { text: '{"token":"abc"}' } });
  });

  it('returns null for an invalid entry, and never throws', () => {
    for (const raw of [null, undefined, 1, 'x', [], {}, { ...chromium, startedDateTime: 'once' }, { ...chromium, request: undefined }])
      expect(recordOf(raw, 'k', 'file')).toBeNull();
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withBigInt: true }),
        fc.constantFrom('request', 'response', 'time', 'startedDateTime'),
        (raw, name) => {
          recordOf(raw, 'k', 'file');
          recordOf({ ...chromium, [name]: raw }, 'k', 'file');
        },
      ),
    );
  });

  it('keeps the text of a response without a size', () => {
    const entry = { ...chromium, response: { ...chromium.response, content: { mimeType: 'text/plain', text: 'told' } } };
    expect(recordOf(entry, 'c1', 'file')?.answer.text).toBe('told');
  });
});

const text = fc.string({ unit: anyChar });
const header = fc.tuple(text, text);
const size = fc.option(fc.nat());
const instants = fc.tuple(fc.integer({ min: 0, max: 4e12 }), fc.option(fc.nat()));
const anyRecord: fc.Arbitrary<RequestRecord> = fc
  .record({
    instants,
    method: text,
    url: fc.oneof(text, fc.webUrl({ withQueryParameters: true, withFragments: true })),
    headers: fc.array(header),
    body: fc.record({ text: fc.option(text), size }),
    status: fc.option(fc.integer({ min: 1, max: 999 })),
    statusText: text,
    answerHeaders: fc.array(header),
    answer: fc.record({ text: fc.option(text), size }),
    problem: fc.option(text.filter(Boolean)),
    via: fc.constantFrom('devtools', 'page', 'file'),
  })
  .map(({ instants: [at, ms], ...rest }) => ({ key: 'k', at, endedAt: ms === null ? null : at + ms, ...rest }));

describe('harOf', () => {
  it('any record is the same after export and import', () => {
    fc.assert(
      fc.property(anyRecord, (one) => {
        expect(again(one)).toEqual(one);
      }),
      { numRuns: 300 },
    );
  });

  it('any imported entry is the same after export and import', () => {
    const pair = fc.record({ name: text, value: text });
    const entry = fc.record(
      {
        startedDateTime: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString()),
        time: fc.oneof(fc.double({ min: -2, max: 1e7, noNaN: true }), fc.constant(undefined)),
        request: fc.record({
          method: text,
          url: text,
          headers: fc.array(pair),
          bodySize: fc.integer({ min: -1 }),
          postData: fc.option(fc.record({ text: fc.option(text) })),
        }),
        response: fc.record({
          status: fc.integer({ min: -1, max: 600 }),
          statusText: text,
          headers: fc.array(pair),
          bodySize: fc.integer({ min: -1 }),
          content: fc.record({ size: fc.integer({ min: -1 }), text: text.map(base64), encoding: fc.constantFrom('base64', '', 'gzip') }),
          _error: fc.option(text),
        }),
      },
      { requiredKeys: ['startedDateTime', 'request'] },
    );
    fc.assert(
      fc.property(entry, (raw) => {
        const one = recordOf(raw, 'k', 'file');
        expect(one).not.toBeNull();
        expect(one && again(one)).toEqual(one);
      }),
      { numRuns: 300 },
    );
  });

  it('is a valid HAR 1.2 for other tools', () => {
    const url = `${API}/search/v2/indices/a/query?clientUUID=${UUID}&q=a%20b&q=`;
    const { log } = harOf([record({ url, sent: '{}', got: '[]' })], CREATOR) as {
      log: Record<string, unknown> & { entries: Record<string, unknown>[] };
    };
    expect(log).toMatchObject({ version: '1.2', creator: CREATOR });
    expect(log.entries[0]).toMatchObject({
      startedDateTime: new Date(T0).toISOString(),
      time: 120,
      cache: {},
      timings: { send: 0, wait: 120, receive: 0 },
      request: {
        httpVersion: '',
        cookies: [],
        headersSize: -1,
        queryString: [
          { name: 'clientUUID', value: UUID },
          { name: 'q', value: 'a b' },
          { name: 'q', value: '' },
        ],
        postData: { mimeType: 'application/json', text: '{}' },
      },
      response: { cookies: [], redirectURL: '', content: { size: 2, mimeType: 'application/json', text: '[]' } },
    });
  });

  it('keeps the order, and may be empty', () => {
    const three = ['a', 'b', 'c'].map((key) => record({ key, url: `https://a.example/${key}` }));
    expect(entriesOf(three).map((raw) => recordOf(raw, '', 'file')?.url)).toEqual(three.map(({ url }) => url));
    expect(entriesOf([])).toEqual([]);
  });
});
