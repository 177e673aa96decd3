/**
 * Sees the requests of a watched page that an SDK may make, with what DevTools cannot see: those before it was opened,
 * and a beacon while the page goes. The page's promises are left alone: a handler of ours would hide their rejections, so
 * how a `fetch` ended is what the browser's own resource timing says, without its body.
 */
import { apply, defineProperty, getOwnPropertyDescriptor, keys, NativeProxy, pageNow as now } from './builtins';
import { listen } from './events';
import type { News } from './mailbox';
import { cut, peek } from './plain';
import type { WireBody } from './wire';

type RequestNews = Extract<News, { kind: 'request' }>;
type Pair = readonly [string, string];

/** The paths of SDKs, coarsely; what a request is for is told later, from all of it (`lib/capture/purposes.ts`). */
const PATHS = /\/auth\/(login|refresh)\/|\/my-account\/|\/clients\/|\/v4\/(events|public)|\/recommendations\/v|\/search\/v/;
/** What names a customer (facts §3.6, §4.2). */
const NAMES = /client_?uuid|"uuid"\s*:/i;
/** More of a body is not told (characters). */
const MAX_BODY = 20_000;
const MAX_HEADERS = 60;
/** A request that takes longer is told before its end (ms): one whose answer the page does not read has none. */
const EARLY = 1000;
/** How many requests' ends are waited for, and how long (ms). */
const MOST_OPEN = 100;
const LONGEST = 60_000;
/** The browser starts a `fetch` so soon after the call (ms), by its resource timing. */
const NEAR = 50;

const {
  URL: NativeUrl,
  URLSearchParams: Params,
  Headers: NativeHeaders,
  Request: NativeRequest,
  XMLHttpRequest: Xhr,
  Blob: NativeBlob,
  AbortSignal: NativeSignal,
} = globalThis;
const { getResponseHeader, getAllResponseHeaders } = Xhr?.prototype ?? {};
const addEventListener = globalThis.EventTarget?.prototype.addEventListener;
const blobText = NativeBlob?.prototype.text;
const forEachHeader = NativeHeaders?.prototype.forEach;
const paramsText = Params?.prototype.toString;
const { performance: clock } = globalThis;
const { now: sinceStart } = clock ?? {};

/** A getter of the browser's own, as it was when we came. */
const getterOf = (prototype: object | undefined, name: string) => (prototype ? getOwnPropertyDescriptor(prototype, name)?.get : undefined);
const hrefOf = getterOf(NativeUrl?.prototype, 'href');
const requestGetters = {
  url: getterOf(NativeRequest?.prototype, 'url'),
  method: getterOf(NativeRequest?.prototype, 'method'),
  headers: getterOf(NativeRequest?.prototype, 'headers'),
};
const blobSize = getterOf(NativeBlob?.prototype, 'size');
const isAborted = getterOf(NativeSignal?.prototype, 'aborted');
const got = (getter: (() => unknown) | undefined, self: unknown): unknown => (getter && self ? apply(getter, self, []) : undefined);

/** An own field that is plain data: whatever would run the page's code is left for the browser to ask, once. */
const dataOf = (holder: unknown, key: PropertyKey): unknown =>
  typeof holder === 'object' && holder !== null ? getOwnPropertyDescriptor(holder, key)?.value : undefined;
const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Begins to see; gives what ends it. @param push takes what was seen; `leaving`: nobody may be able to ask this page any more */
export function observeTraffic(push: (news: RequestNews, leaving: boolean) => void): () => void {
  let active = true;
  let count = 0;
  /** The page is being left, or rests in the back-forward cache. */
  let leaving = false;
  const ends: (() => void)[] = [];
  /** Requests of `fetch` whose end is not known, oldest first; `begun` in ms since the page's start. */
  let open: { readonly url: string; readonly begun: number; end(timing: PerformanceResourceTiming): void }[] = [];

  /** What is to be done with what the call returns, at once. */
  type Seen = ((returned: unknown) => void) | undefined;

  /** Puts a wrapper in a method's place. What goes wrong in ours leaves the page's call as it is. */
  function wrap(owner: object | undefined, key: string, seen: (self: unknown, args: unknown[]) => Seen): void {
    const descriptor = owner && getOwnPropertyDescriptor(owner, key);
    const method = descriptor?.value as ((...args: unknown[]) => unknown) | undefined;
    if (!NativeProxy || !owner || typeof method !== 'function' || !descriptor?.configurable) return;
    const wrapper = new NativeProxy(method, {
      apply(target, self, args: unknown[]) {
        const after = active ? quietly(() => seen(self, args)) : undefined;
        const returned: unknown = apply(target, self, args);
        if (after) quietly(() => after(returned));
        return returned;
      },
    });
    defineProperty(owner, key, { ...descriptor, value: wrapper });
    ends.push(() => {
      // Somebody else may have wrapped it since: theirs stays, and ours within passes calls through.
      if (getOwnPropertyDescriptor(owner, key)?.value === wrapper) defineProperty(owner, key, descriptor);
    });
  }

  type Begun = Pick<RequestNews, 'method' | 'url' | 'headers' | 'body'>;
  const matters = ({ url, body }: Begun) => PATHS.test(url) || NAMES.test(url) || (body.text !== null && NAMES.test(body.text));
  const tell = (begun: Begun, at: number, n: number, end: Partial<RequestNews> = {}) => {
    if (!active) return;
    const news: RequestNews = {
      kind: 'request',
      n,
      begun: at,
      endedAt: null,
      status: null,
      statusText: '',
      answerHeaders: [],
      answer: { text: null, size: null },
      problem: null,
      ...begun,
      ...end,
    };
    push(news, leaving);
  };

  /** Requests that were not told yet. */
  const underWay = new Set<() => void>();
  /** A request begins: told once it is over, and before that where it takes long or the page goes. */
  const begin = (begun: Begun): { readonly at: number; end(more: Partial<RequestNews>): void } => {
    count += 1;
    const n = count;
    const at = now();
    let over = false;
    const early = () => {
      if (underWay.delete(early)) tell(begun, at, n);
    };
    underWay.add(early);
    setTimeout(early, EARLY);
    return {
      at,
      end(more) {
        underWay.delete(early);
        if (!over) tell(begun, at, n, more);
        over = true;
      },
    };
  };
  ends.push(
    // Before the page's own listeners, which send their last events.
    listen(
      'pagehide',
      () => {
        leaving = true;
        for (const early of [...underWay]) early();
      },
      globalThis,
      true,
    ),
    listen(
      'pageshow',
      () => {
        leaving = false;
      },
      globalThis,
      true,
    ),
  );

  wrap(globalThis, 'fetch', (_self, [input, init]) => {
    const request = NativeRequest !== undefined && input instanceof NativeRequest ? input : null;
    const url = addressOf(request ? got(requestGetters.url, request) : input);
    if (url === null) return;
    const begun: Begun = {
      method: cut(textIn(dataOf(init, 'method')) ?? textIn(got(requestGetters.method, request)) ?? 'GET', 20),
      url,
      headers: [],
      body: bodyOf(dataOf(init, 'body')),
    };
    if (!matters(begun)) return;
    const signal = dataOf(init, 'signal');
    if (NativeSignal !== undefined && signal instanceof NativeSignal && got(isAborted, signal) === true) return;
    const headers = headersOf(dataOf(init, 'headers') ?? (request ? got(requestGetters.headers, request) : undefined));
    const its = begin({ ...begun, headers });
    const mine = {
      url,
      begun: apply(sinceStart as () => number, clock, []) as number,
      end({ duration, responseStatus, encodedBodySize }: PerformanceResourceTiming) {
        // The status of another site's answer may be kept from us: that is no failure.
        its.end({
          endedAt: its.at + Math.round(duration),
          status: responseStatus || null,
          answer: { text: null, size: encodedBodySize || null },
        });
      },
    };
    open = [...open.filter((one) => mine.begun - one.begun < LONGEST), mine].slice(-MOST_OPEN);
  });

  interface Opened {
    readonly method: string;
    readonly url: string;
    readonly headers: Pair[];
    request: ReturnType<typeof begin> | null;
  }
  const xhrs = new WeakMap<object, Opened>();
  wrap(Xhr?.prototype, 'open', (self, [method, to]) => {
    // Opened anew, what it was sent for before is given up.
    xhrs.get(self as object)?.request?.end({ endedAt: now(), problem: 'given up' });
    xhrs.delete(self as object);
    const url = addressOf(to);
    if (url !== null && typeof method === 'string') xhrs.set(self as object, { method: cut(method, 20), url, headers: [], request: null });
  });
  wrap(Xhr?.prototype, 'setRequestHeader', (self, [name, value]) => {
    const known = xhrs.get(self as object);
    if (known && known.headers.length < MAX_HEADERS && typeof name === 'string' && typeof value === 'string')
      known.headers.push([cut(name, 200), cut(value, 5000)]);
  });
  wrap(Xhr?.prototype, 'send', (self, [sent]) => {
    const xhr = self as XMLHttpRequest;
    const known = xhrs.get(xhr);
    // Only what was opened can be sent, once.
    if (!known || known.request || peek(xhr, 'readyState') !== 1) return;
    const { method, url, headers } = known;
    const begun = { method, url, headers, body: bodyOf(sent) };
    if (!matters(begun)) return;
    const request = begin(begun);
    known.request = request;
    const ended = () => {
      if (xhrs.get(xhr)?.request !== request) return;
      const type = peek(xhr, 'responseType');
      const text = type === '' || type === 'text' ? peek(xhr, 'responseText') : null;
      const status = (peek(xhr, 'status') as number) || null;
      request.end({
        endedAt: now(),
        status,
        statusText: cut(String(peek(xhr, 'statusText')), 100),
        answerHeaders: linesOf(apply(getAllResponseHeaders as () => string, xhr, [])),
        answer: {
          text: typeof text === 'string' && text.length <= MAX_BODY ? text : null,
          size: Number(apply(getResponseHeader as () => string, xhr, ['content-length'] as never)) || null,
        },
        problem: status === null ? 'failed' : null,
      });
    };
    apply(addEventListener as never, xhr, ['loadend', ended, { once: true }] as never);
  });

  wrap(peek(globalThis, 'navigator') ? Object.getPrototypeOf(navigator) : undefined, 'sendBeacon', (_self, [to, data]) => {
    const url = addressOf(to);
    if (url === null) return;
    const begun: Begun = { method: 'POST', url, headers: [], body: bodyOf(data) };
    const at = now();
    count += 1;
    const n = count;
    return (returned) => {
      // Too much for the browser's queue.
      const refused = returned === false ? { problem: 'refused by the browser' } : {};
      if (matters(begun)) tell(begun, at, n, refused);
      else if (NativeBlob !== undefined && data instanceof NativeBlob && (got(blobSize, data) as number) <= MAX_BODY)
        // What a Blob holds is told later; of a page that goes meanwhile, nobody hears it.
        void (apply(blobText, data, []) as Promise<string>).then(
          (text) => {
            const whole = { ...begun, body: { ...begun.body, text } };
            if (matters(whole)) tell(whole, at, n, refused);
          },
          () => undefined,
        );
    };
  });

  try {
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
        if (entry.initiatorType !== 'fetch') continue;
        const { startTime } = entry;
        const fits = open.filter(({ url, begun }) => url === entry.name && startTime - begun > -2 && startTime - begun < NEAR);
        // Of two that begun at once nobody can tell which one it is.
        if (fits.length === 1) fits[0]?.end(entry);
        open = open.filter((one) => !fits.includes(one));
      }
    });
    observer.observe({ type: 'resource' });
    ends.push(() => observer.disconnect());
  } catch {
    // A browser without it: how a fetch ended is not known.
  }
  return () => {
    active = false;
    for (const end of ends) end();
  };
}

/** The whole address of what a page asks for, without its fragment, as resource timing has it; `null` where only the page's own code could tell it. */
function addressOf(url: unknown): string | null {
  const text = NativeUrl !== undefined && url instanceof NativeUrl ? got(hrefOf, url) : url;
  if (typeof text !== 'string') return null;
  const whole = new NativeUrl(text, document.baseURI);
  whole.hash = '';
  return cut(whole.href, 3000);
}

/** Headers that are data; an iterator of the page's would be at its end for the browser. */
function headersOf(given: unknown): Pair[] {
  const pairs: Pair[] = [];
  const add = (name: unknown, value: unknown) => {
    if (pairs.length < MAX_HEADERS && typeof name === 'string' && typeof value === 'string') pairs.push([cut(name, 200), cut(value, 5000)]);
  };
  if (NativeHeaders !== undefined && given instanceof NativeHeaders)
    apply(forEachHeader as never, given, [(value: string, name: string) => add(name, value)] as never);
  else if (Array.isArray(given)) for (const key of keys(given)) add(dataOf(dataOf(given, key), 0), dataOf(dataOf(given, key), 1));
  else if (typeof given === 'object' && given !== null && !(Symbol.iterator in given))
    for (const key of keys(given)) add(key, dataOf(given, key));
  return pairs;
}

const linesOf = (text: unknown): Pair[] =>
  String(text ?? '')
    .split('\r\n')
    .filter(Boolean)
    .slice(0, MAX_HEADERS)
    .map((line) => {
      const at = line.indexOf(': ');
      return [cut(line.slice(0, at), 200), cut(line.slice(at + 2), 5000)];
    });

/** A body's text, where it is one at hand: of a stream or a Blob nothing is read. */
function bodyOf(body: unknown): WireBody {
  const text = Params !== undefined && body instanceof Params ? (apply(paramsText as () => string, body, []) as string) : body;
  if (typeof text === 'string') return { text: text.length <= MAX_BODY ? text : null, size: text.length };
  const size = NativeBlob !== undefined && body instanceof NativeBlob ? got(blobSize, body) : null;
  return { text: null, size: typeof size === 'number' ? size : null };
}

/** Runs our own bookkeeping: the page must notice nothing of what goes wrong there. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
