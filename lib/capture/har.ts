/** HAR 1.2: requests to and from the format that every browser's DevTools write and read. Pure. */
import * as z from 'zod/mini';
import { type Header, MAX_BODY, type RequestRecord, type SeenBy } from './requests';

// A file may come from anywhere, and DevTools' own entries differ by browser: only what is used is asked for.
const text = z.catch(z.string(), '');
const number = z.catch(z.number(), -1);
const headers = z.catch(z.array(z.object({ name: text, value: text })), []);
const harEntry = z.object({
  startedDateTime: z.string(),
  time: number,
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers,
    bodySize: number,
    postData: z.catch(z.optional(z.object({ text: z.optional(z.string()) })), undefined),
  }),
  response: z.catch(
    z.object({
      status: number,
      statusText: text,
      headers,
      bodySize: number,
      content: z.catch(z.object({ size: number, text: z.optional(z.string()), encoding: z.optional(z.string()) }), { size: -1 }),
      _error: z.catch(z.nullish(z.string()), null),
    }),
    { status: 0, statusText: '', headers: [], bodySize: -1, content: { size: -1 }, _error: null },
  ),
  _unended: z.catch(z.optional(z.boolean()), undefined),
});
export type HarEntry = z.infer<typeof harEntry>;

/** A body's text, as far as it is kept. */
const kept = (body: string | undefined | null): string | null => (body == null || body.length > MAX_BODY ? null : body);
const size = (...told: readonly number[]): number | null => told.find((bytes) => bytes >= 0) ?? null;

/** The text that a response holds; `null` for what is none. */
function contentOf({ text: body, encoding }: HarEntry['response']['content']): string | null {
  if (body === undefined || encoding !== 'base64') return kept(body);
  try {
    return kept(new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(body), (char) => char.charCodeAt(0))));
  } catch {
    return null;
  }
}

/** The request that an entry of a HAR tells; `null` where it is no entry. @param content the response's text where the entry itself has none */
export function recordOf(raw: unknown, key: string, via: SeenBy, content?: string | null): RequestRecord | null {
  const parsed = harEntry.safeParse(raw);
  const at = parsed.success ? Date.parse(parsed.data.startedDateTime) : Number.NaN;
  if (!parsed.success || Number.isNaN(at)) return null;
  const { time, request, response, _unended } = parsed.data;
  const pairs = (list: readonly { name: string; value: string }[]): Header[] => list.map(({ name, value }) => [name, value]);
  return {
    key,
    via,
    at,
    endedAt: _unended || time < 0 ? null : at + Math.round(time),
    method: request.method,
    url: request.url,
    headers: pairs(request.headers),
    body: { text: kept(request.postData?.text), size: size(request.bodySize) },
    status: response.status > 0 ? response.status : null,
    statusText: response.statusText,
    answerHeaders: pairs(response.headers),
    answer: { text: kept(content) ?? contentOf(response.content), size: size(response.content.size, response.bodySize) },
    problem: response._error || null,
  };
}

/** A HAR of requests, with whatever secrets stand in them. @param creator name and version of who makes it */
export function harOf(records: readonly RequestRecord[], creator: { readonly name: string; readonly version: string }): object {
  return { log: { version: '1.2', creator, pages: [], entries: records.map(entryOf) } };
}

function entryOf({
  at,
  endedAt,
  method,
  url,
  headers: sent,
  body,
  status,
  statusText,
  answerHeaders,
  answer,
  problem,
}: RequestRecord): object {
  const named = (list: readonly Header[]) => list.map(([name, value]) => ({ name, value }));
  const type = (list: readonly Header[]) => list.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const query = URL.canParse(url) ? [...new URL(url).searchParams].map(([name, value]) => ({ name, value })) : [];
  const time = endedAt === null ? 0 : endedAt - at;
  return {
    startedDateTime: new Date(at).toISOString(),
    time,
    request: {
      method,
      url,
      httpVersion: '',
      cookies: [],
      headers: named(sent),
      queryString: query,
      headersSize: -1,
      bodySize: body.size ?? -1,
      ...(body.text !== null && { postData: { mimeType: type(sent), text: body.text } }),
    },
    response: {
      status: status ?? 0,
      statusText,
      httpVersion: '',
      cookies: [],
      headers: named(answerHeaders),
      content: { size: answer.size ?? -1, mimeType: type(answerHeaders), ...(answer.text !== null && { text: answer.text }) },
      redirectURL: '',
      headersSize: -1,
      bodySize: -1,
      ...(problem !== null && { _error: problem }),
    },
    cache: {},
    timings: { send: 0, wait: time, receive: 0 },
    ...(endedAt === null && { _unended: true }),
  };
}
