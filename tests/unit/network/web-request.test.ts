// Conversion of `webRequest` details, as observed in Chromium 156 and Firefox ESR.
import { describe, expect, it } from 'vitest';
import { type BeforeRequest, endOf, recordOfBegin, withHeaders } from '@/lib/network/web-request';

const bytes = (text: string) => new TextEncoder().encode(text).buffer;
const begin = (over: Partial<BeforeRequest> = {}): BeforeRequest => ({
  requestId: '17',
  method: 'POST',
  url: 'https://api.synerise.com/v4/events/custom#part',
  timeStamp: 1_700_000_000_000.7,
  ...over,
});
const bodyOf = (requestBody: BeforeRequest['requestBody']) => recordOfBegin(begin({ requestBody })).body;

describe('a starting request', () => {
  it('becomes a record without a fragment or an end time, with a start in whole ms', () => {
    expect(recordOfBegin(begin())).toEqual({
      key: 'w17',
      via: 'page',
      at: 1_700_000_000_001,
      endedAt: null,
      method: 'POST',
      url: 'https://api.synerise.com/v4/events/custom',
      headers: [],
      body: { text: null, size: null },
      status: null,
      statusText: '',
      answerHeaders: [],
      answer: { text: null, size: null },
      problem: null,
    });
  });

  it.each<[string, BeforeRequest['requestBody'], string | null, number | null]>([
    ['text', { raw: [{ bytes: bytes('{"a":"ü"}') }] }, '{"a":"ü"}', 10],
    ['text in parts, split within a character', { raw: [{ bytes: bytes('ü').slice(0, 1) }, { bytes: bytes('ü').slice(1) }] }, 'ü', 2],
    ['an urlencoded form', { formData: { a: ['1', 'ü'], b: [''] } }, 'a=1&a=%C3%BC&b=', 15],
    ['a Blob, which the browser does not report', {}, null, null],
    ['a body with a file', { raw: [{ bytes: bytes('a') }, {}] }, null, null],
    ['none', null, null, null],
    ['no parts', { raw: [] }, null, null],
    ['the longest reported body', { raw: [{ bytes: bytes('x'.repeat(20_000)) }] }, 'x'.repeat(20_000), 20_000],
    ['a body longer than is reported', { raw: [{ bytes: bytes('x'.repeat(20_001)) }] }, null, 20_001],
    ['a form longer than is reported', { formData: { a: ['x'.repeat(20_000)] } }, null, 20_002],
  ])('has the right body: %s', (_name, body, text, size) => {
    expect(bodyOf(body)).toEqual({ text, size });
  });

  it('has its headers, without cookies', () => {
    const { headers } = withHeaders(recordOfBegin(begin()), [
      { name: 'Authorization', value: 'Bearer a.b.c' },
      { name: 'Cookie', value: 'session=1' },
      { name: 'x-binary' },
      { name: 'x-long', value: 'x'.repeat(9000) },
    ]);
    expect(headers.map(([name, value]) => [name, value.length])).toEqual([
      ['Authorization', 12],
      ['x-long', 5000],
    ]);
  });
});

describe('the end of a request', () => {
  it.each([
    ['HTTP/1.1 200 OK', 'OK'],
    ['HTTP/1.1 404 Not Found', 'Not Found'],
    ['HTTP/2.0 200', ''],
    ['', ''],
  ])('has its status and the text from the line %j', (statusLine, statusText) => {
    expect(endOf({ timeStamp: 5.4, statusCode: 200, statusLine })).toMatchObject({ endedAt: 5, status: 200, statusText, problem: null });
  });

  it('has the size from its headers, and no cookies', () => {
    const ended = endOf({
      timeStamp: 5,
      statusCode: 200,
      responseHeaders: [
        { name: 'Content-Length', value: '13' },
        { name: 'Set-Cookie', value: 'a=1' },
      ],
    });
    expect(ended).toMatchObject({ answer: { text: null, size: 13 }, answerHeaders: [['Content-Length', '13']] });
    expect(endOf({ timeStamp: 5, responseHeaders: [{ name: 'content-length', value: 'many' }] }).answer.size).toBeNull();
    expect(endOf({ timeStamp: 5 }).answer.size).toBeNull();
  });

  it('has the browser’s reason when there was no response', () => {
    expect(endOf({ timeStamp: 5, error: 'net::ERR_BLOCKED_BY_CLIENT' })).toMatchObject({
      status: null,
      problem: 'net::ERR_BLOCKED_BY_CLIENT',
    });
  });
});
