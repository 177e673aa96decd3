/** The SDKs' requests, as the protocol's `Network` domain reports them, with their bodies. */
import type { Heard, Requester } from '../background/platform';
import type { RequestRecord } from '../network/request';
import { capturedOf, MAX_BODY } from '../network/requests';
import { withoutPasswords } from '../network/secrets';
import { endOf, recordOfBegin, type WebHeaders, withHeaders } from '../network/web-request';
import { originOf } from '../settings/site-pattern';
import type { Connection } from './connection';

/** Resource types of the SDKs' requests. */
const TYPES: ReadonlySet<string> = new Set(['XHR', 'Fetch', 'Ping']);
/** Requests within this time are reported together (ms). */
const GATHER = 100;
/** A request that takes longer than this is reported before it ends (ms). */
const EARLY = 1000;
/** The most requests that are followed at once; beyond that, the oldest are dropped. */
const MOST_OPEN = 200;

interface Open {
  readonly by: Requester;
  record: RequestRecord;
  /** Difference between the protocol's clock and epoch time (ms). */
  readonly offset: number;
  timer: NodeJS.Timeout;
}

type Headers = Readonly<Record<string, string>>;

export interface Network {
  /** Follows the requests of a connection. @param origin of the app that makes them; each page's is in its requests */
  follow(connection: Connection, origin?: string): void;
  /** Reports what is known of all requests at once. */
  flush(): Promise<void>;
}

/** @param tell called with each request of an SDK, and again once it has finished */
export function createNetwork(tab: number, tell: (heard: readonly Heard[]) => Promise<void>): Network {
  let connections = 0;
  let gathered = new Map<string, Heard>();
  const open = new Map<string, Open>();

  const report = async () => {
    const all = [...gathered.values()];
    gathered = new Map();
    if (all.length) await tell(all);
  };
  const gather = ({ by, record }: Open) => {
    const safe = withoutPasswords(record);
    const captured = capturedOf(safe);
    if (!captured) return;
    if (!gathered.size) setTimeout(() => void report().catch(() => undefined), GATHER);
    gathered.set(record.key, { by, captured, record: safe });
  };

  return {
    follow(connection, origin) {
      connections += 1;
      const prefix = `c${connections}`;
      const enable = (session?: string) =>
        // Engines without the domain have no requests to show.
        void connection.send('Network.enable', { maxPostDataSize: MAX_BODY }, session).catch(() => undefined);
      const keyOf = (session: string | undefined, id: unknown) => `${prefix}.${session ?? ''}.${String(id)}`;

      const began = (session: string | undefined, params: Readonly<Record<string, unknown>>) => {
        const { requestId, documentURL, request, timestamp, wallTime, type, redirectResponse } = params as unknown as Began;
        const key = keyOf(session, requestId);
        // A redirect belongs to the request already known.
        if (!TYPES.has(type ?? 'Fetch') || redirectResponse || open.has(key)) return;
        const { method, url } = request;
        const begun = recordOfBegin({ requestId: key, method, url, timeStamp: wallTime * 1000 });
        const record: RequestRecord = {
          ...withHeaders(begun, headersOf(request.headers)),
          key: `${key}.${begun.at}`,
          via: 'devtools',
          body: bodyOf(request.postData),
        };
        const by: Requester = { tab, origin: origin ?? originOf(documentURL), top: session === undefined };
        const one: Open = { by, record, offset: wallTime * 1000 - timestamp * 1000, timer: setTimeout(() => gather(one), EARLY).unref() };
        open.set(key, one);
        for (const [old, { timer }] of [...open].slice(0, Math.max(0, open.size - MOST_OPEN))) {
          clearTimeout(timer);
          open.delete(old);
        }
      };
      const ended = (session: string | undefined, params: Readonly<Record<string, unknown>>, problem: string | null) => {
        const { requestId, timestamp } = params as { requestId: string; timestamp: number };
        const key = keyOf(session, requestId);
        const one = open.get(key);
        if (!one || one.record.endedAt !== null) return;
        clearTimeout(one.timer);
        one.record = { ...one.record, endedAt: Math.round(timestamp * 1000 + one.offset), problem: problem?.slice(0, 100) ?? null };
        const done = () => {
          open.delete(key);
          gather(one);
        };
        if (problem !== null || !capturedOf(one.record)) return done();
        // It stays open for `flush`: if the page leaves before its body comes, its request was still made there.
        void connection
          .send<{ body: string; base64Encoded: boolean }>('Network.getResponseBody', { requestId }, session)
          .then(({ body, base64Encoded }) => (base64Encoded ? null : body))
          // The browser keeps no body of a beacon, and none of a page that was left.
          .catch(() => null)
          .then((text) => {
            const kept = bodyOf(text ?? undefined);
            one.record = { ...one.record, answer: { text: kept.text, size: kept.size ?? one.record.answer.size } };
            done();
          });
      };

      connection.listen(({ method, params, session }) => {
        if (method === 'Target.attachedToTarget') {
          enable(String(params['sessionId']));
          return;
        }
        const one = open.get(keyOf(session, params['requestId']));
        switch (method) {
          case 'Network.requestWillBeSent':
            began(session, params);
            return;
          case 'Network.requestWillBeSentExtraInfo':
            // With what the page's own headers lack, such as `Origin`.
            if (one) one.record = withHeaders(one.record, headersOf(params['headers'] as Headers));
            return;
          case 'Network.responseReceived': {
            const { response } = params as unknown as { response: { status: number; statusText: string; headers: Headers } };
            if (!one) return;
            const { endedAt: _endedAt, ...answered } = endOf({
              timeStamp: 0,
              statusCode: response.status,
              statusLine: `HTTP ${response.status} ${response.statusText}`,
              responseHeaders: headersOf(response.headers),
            });
            one.record = { ...one.record, ...answered };
            return;
          }
          case 'Network.loadingFinished':
            ended(session, params, null);
            return;
          case 'Network.loadingFailed':
            ended(session, params, String(params['errorText']));
        }
      });
      enable();
      // Whatever was open over it will not be heard of again.
      void connection.closed.then(() => {
        for (const [key, one] of open) {
          if (!key.startsWith(`${prefix}.`)) continue;
          clearTimeout(one.timer);
          open.delete(key);
        }
      });
    },
    async flush() {
      for (const one of open.values()) gather(one);
      await report();
    },
  };
}

interface Began {
  readonly requestId: string;
  readonly documentURL: string;
  readonly request: { readonly url: string; readonly method: string; readonly headers: Headers; readonly postData?: string };
  /** Seconds, from an arbitrary start. */
  readonly timestamp: number;
  /** Epoch s. */
  readonly wallTime: number;
  readonly type?: string;
  readonly redirectResponse?: object;
}

const headersOf = (headers: Headers): WebHeaders => Object.entries(headers).map(([name, value]) => ({ name, value: String(value) }));

const bodyOf = (text: string | undefined) => ({
  text: text !== undefined && text.length <= MAX_BODY ? text : null,
  size: text === undefined ? null : Buffer.byteLength(text),
});
