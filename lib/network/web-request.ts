/** Converts what the browser's `webRequest` reports to the same records as those from DevTools. Pure. */
import type { Body, Header, RequestRecord } from './request';

/** The details of `webRequest.onBeforeRequest` that are used; `timeStamp` in epoch ms, with fractions. */
export interface BeforeRequest {
  readonly requestId: string;
  readonly method: string;
  readonly url: string;
  readonly timeStamp: number;
  readonly requestBody?:
    | {
        /** A URL-encoded form, if Chromium parses it as one. */
        readonly formData?: Readonly<Record<string, readonly unknown[]>>;
        readonly raw?: readonly { readonly bytes?: unknown }[];
      }
    | null
    | undefined;
}

/** The headers of `onSendHeaders`, and of `onCompleted`. */
export type WebHeaders = readonly { readonly name: string; readonly value?: string | undefined }[];

/** How a request ended: `onCompleted`, or `onErrorOccurred` with the browser's error code. */
export interface RequestEnd {
  readonly timeStamp: number;
  readonly statusCode?: number;
  readonly statusLine?: string;
  readonly responseHeaders?: WebHeaders;
  readonly error?: string;
}

/** The text of a longer body isn't kept (bytes). */
const MAX_BODY = 20_000;
const MAX_HEADERS = 60;
/** Left out: the Storage tab covers cookies, with their flags, and only those of the SDK. */
const COOKIES = new Set(['cookie', 'set-cookie']);

/** The record of a request that has just begun. Its headers aren't known yet. */
export function recordOfBegin({ requestId, method, url, timeStamp, requestBody }: BeforeRequest): RequestRecord {
  return {
    key: `w${requestId}`,
    via: 'page',
    at: Math.round(timeStamp),
    endedAt: null,
    method: method.slice(0, 20),
    url: url.replace(/#.*/s, '').slice(0, 4000),
    headers: [],
    body: bodyOf(requestBody),
    status: null,
    statusText: '',
    answerHeaders: [],
    answer: { text: null, size: null },
    problem: null,
  };
}

/** The record with its request headers: all that is known until the request ends. */
export const withHeaders = (record: RequestRecord, headers: WebHeaders = []): RequestRecord => ({ ...record, headers: headersOf(headers) });

/** The fields of a record that are known once the request ends. `webRequest` doesn't provide the response body. */
export function endOf({ timeStamp, statusCode, statusLine = '', responseHeaders = [], error }: RequestEnd) {
  const answerHeaders = headersOf(responseHeaders);
  const size = Number(answerHeaders.find(([name]) => name.toLowerCase() === 'content-length')?.[1]);
  return {
    endedAt: Math.round(timeStamp),
    status: statusCode || null,
    statusText: /^\S+ \d+ (.*)$/.exec(statusLine)?.[1]?.slice(0, 100) ?? '',
    answerHeaders,
    answer: { text: null, size: Number.isSafeInteger(size) ? size : null },
    problem: error?.slice(0, 100) ?? null,
  };
}

const headersOf = (headers: WebHeaders): Header[] =>
  headers
    .filter(({ name, value }) => value !== undefined && !COOKIES.has(name.toLowerCase()))
    .slice(0, MAX_HEADERS)
    .map(({ name, value = '' }) => [name.slice(0, 200), value.slice(0, 5000)]);

/** A body's text, if the browser provides it: not for a Blob, a stream or a `Request`. */
function bodyOf(body: BeforeRequest['requestBody']): Body {
  if (body?.formData) {
    const pairs = Object.entries(body.formData).flatMap(([name, values]) => values.map((value) => [name, String(value)]));
    const text = new URLSearchParams(pairs).toString();
    return { text: text.length <= MAX_BODY ? text : null, size: text.length };
  }
  const parts = (body?.raw ?? []).map(({ bytes }) => bytes);
  if (!parts.length || !parts.every((bytes) => bytes instanceof ArrayBuffer)) return { text: null, size: null };
  const size = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (size > MAX_BODY) return { text: null, size };
  const decoder = new TextDecoder();
  return { text: parts.map((bytes) => decoder.decode(bytes, { stream: true })).join('') + decoder.decode(), size };
}
