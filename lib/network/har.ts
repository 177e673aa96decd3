/** Converts requests to and from HAR 1.2, which the DevTools of every browser export and import. Pure. */
import * as z from 'zod/mini';
import type { Header, RequestRecord, SeenBy } from './request';
import { MAX_BODY } from './requests';

// Files may come from anywhere, and DevTools entries differ by browser: only the fields that are used are validated.
const text = z.catch(z.string(), '');
const number = z.catch(z.number(), -1);
const maybe = z.catch(z.nullish(z.string()), null);
const headers = z.catch(z.array(z.object({ name: text, value: text })), []);
const harEntry = z.object({
  // Some tools write epoch ms as a number.
  startedDateTime: z.union([z.string(), z.number()]),
  time: number,
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers,
    bodySize: number,
    postData: z.catch(
      z.nullish(
        z.object({ text: maybe, encoding: maybe, params: z.catch(z.nullish(z.array(z.object({ name: text, value: text }))), null) }),
      ),
      null,
    ),
  }),
  response: z.catch(
    z.object({
      status: number,
      statusText: text,
      headers,
      bodySize: number,
      content: z.catch(z.object({ size: number, text: maybe, encoding: maybe }), { size: -1, text: null, encoding: null }),
      _error: z.catch(z.nullish(z.string()), null),
    }),
    { status: 0, statusText: '', headers: [], bodySize: -1, content: { size: -1, text: null, encoding: null }, _error: null },
  ),
  _unended: z.catch(z.optional(z.boolean()), undefined),
});
export type HarEntry = z.infer<typeof harEntry>;

/** A body's text; `null` if it is too long to keep. */
const kept = (body: string | undefined | null): string | null => (body == null || body.length > MAX_BODY ? null : body);
const size = (...told: readonly number[]): number | null => told.find((bytes) => bytes >= 0) ?? null;

interface Content {
  readonly text?: string | null | undefined;
  readonly encoding?: string | null | undefined;
}

/** The text of a body; `null` if it isn't text, or is too long to keep. */
function contentOf({ text: body, encoding }: Content): string | null {
  if (body == null || encoding !== 'base64') return kept(body);
  try {
    return kept(new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(body), (char) => char.charCodeAt(0))));
  } catch {
    return null;
  }
}

/** The request body; if the entry has no text, the form that its parameters make up. */
function sentOf(data: HarEntry['request']['postData']): string | null {
  if (!data) return null;
  const form = data.params?.length ? new URLSearchParams(data.params.map(({ name, value }) => [name, value])).toString() : null;
  return contentOf(form !== null && !data.text ? { text: form } : data);
}

/** The request of a HAR entry; `null` if `raw` isn't one. @param content the response text, if it isn't in the entry itself */
export function recordOf(raw: unknown, key: string, via: SeenBy, content?: string | null): RequestRecord | null {
  const parsed = harEntry.safeParse(raw);
  const at = parsed.success ? new Date(parsed.data.startedDateTime).getTime() : Number.NaN;
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
    body: { text: sentOf(request.postData), size: size(request.bodySize) },
    status: response.status > 0 ? response.status : null,
    statusText: response.statusText,
    answerHeaders: pairs(response.headers),
    answer: { text: kept(content) ?? contentOf(response.content), size: size(response.content.size, response.bodySize) },
    problem: response._error || null,
  };
}

/** A HAR of requests; secrets in them aren't masked. @param creator name and version of the program that writes it */
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
