/**
 * Requests of watched pages, by the browser's own word (`webRequest`, which only listens): nothing of ours stands in the
 * page for it. It tells those from a page's first line on, and a beacon as the page goes, with no answer's body.
 */

import { browser } from 'wxt/browser';
import { logProblem } from '../background/log';
import type { Heard, Requester, Traffic } from '../background/platform';
import type { RequestRecord } from '../network/request';
import { capturedOf } from '../network/requests';
import { withoutPasswords } from '../network/secrets';
import { type BeforeRequest, endOf, type RequestEnd, recordOfBegin, type WebHeaders, withHeaders } from '../network/web-request';
import { covers, originOf, sitesOf } from '../settings/site-pattern';
import { createTurns } from '../tasks/turns';
import { nativeBrowser } from './native-browser';

/** What SDKs send their requests as. `ping` is Chromium's word for a beacon, `beacon` Firefox's. */
const TYPES = ['xmlhttprequest', 'ping', 'beacon'];
/** A request that takes longer is told before its end (ms). */
const EARLY = 1000;
/** What changes within so long is written together (ms): what changed since is lost where the worker is killed. */
const WRITE = 20;
/** What ends within so long is told together (ms): to note it costs the more, the longer the history is. */
const GATHER = 200;
/** How many of one tab are followed at once: the oldest are given up. */
const MOST_OPEN = 200;
/** Where in `storage.session` those are that were not told to their end, for the worker after this one. */
const OPEN = 'requests';

type Known = Pick<Heard, 'by' | 'captured'>;
type Began = Pick<Heard, 'by'> & { readonly record: RequestRecord };

/** The details that both browsers give: Chromium names the maker by its origin, Firefox by its address. */
interface Details {
  readonly requestId: string;
  readonly tabId: number;
  readonly frameId: number;
  readonly initiator?: string;
  readonly documentUrl?: string;
  readonly documentLifecycle?: string;
}

interface WebRequestEvent<T> {
  addListener(listener: (details: T) => void, filter: object, extra?: readonly string[]): void;
  removeListener(listener: (details: T) => void): void;
}

/** `webRequest` in the few words that are used of it; types of the browser's own name fewer kinds of requests. */
interface WebRequest {
  readonly onBeforeRequest: WebRequestEvent<Details & BeforeRequest>;
  readonly onSendHeaders: WebRequestEvent<Details & { readonly requestHeaders?: WebHeaders }>;
  readonly onCompleted: WebRequestEvent<Details & RequestEnd>;
  readonly onErrorOccurred: WebRequestEvent<Details & RequestEnd>;
  readonly ResourceType: Readonly<Record<string, string>>;
}

/**
 * Begins to listen where the permission is there, now or once it is given. Call at once. @param tell receives the
 * SDKs' requests, and each again once it has ended; whatever it did not accept, the next worker reports again
 */
export function followTraffic(tell: (heard: readonly Heard[]) => Promise<void>): Traffic {
  const begun = new Map<string, Began>();
  /** Those that an SDK made and that were not told to their end, mirrored in `storage.session`. */
  const open = new Map<string, Known>();
  const gathered = new Map<string, Heard>();
  const inTurn = createTurns();
  const tellInTurn = createTurns();
  let isStale = false;
  /** Patterns of the watched sites; `null` until they are known. */
  let sites: readonly string[] | null = null;

  const isWatched = ({ origin }: Requester) => !sites || sites.some((pattern) => covers(pattern, origin));
  const readSites = async () => {
    sites = sitesOf((await browser.permissions.getAll()).origins);
    // Of a site that is watched no more nothing is kept, nor told how it ended.
    const gone = [...open].filter(([, { by }]) => !isWatched(by));
    for (const [id] of gone) for (const all of [open, begun, gathered]) all.delete(id);
    if (gone.length) mirror();
  };

  /** Keeps what is under way for the worker after this one. */
  const mirror = () => {
    if (isStale) return;
    isStale = true;
    setTimeout(() => {
      void inTurn(async () => {
        await loaded();
        isStale = false;
        await browser.storage.session.set({ [OPEN]: [...open] });
      }).catch(logProblem);
    }, WRITE);
  };
  let loading: Promise<void> | null = null;
  /** What the worker before this one left is there then. */
  const loaded = () => {
    loading ??= browser.storage.session.get(OPEN).then(
      (stored) => {
        for (const [id, known] of (stored[OPEN] ?? []) as (readonly [string, Known])[]) {
          open.set(id, known);
          // What came of it since is where it was sent on to.
          begun.delete(id);
          if (known.captured.endedAt !== null) gather(id, { ...known, record: null });
        }
      },
      () => undefined,
    );
    return loading;
  };
  const gather = (id: string, heard: Heard) => {
    const isFirst = gathered.size === 0;
    gathered.set(id, heard);
    if (isFirst) setTimeout(() => void tellGathered().catch(logProblem), GATHER);
  };
  /** One telling after another: what comes meanwhile waits for the next. */
  const tellGathered = () =>
    tellInTurn(async () => {
      const all = [...gathered];
      gathered.clear();
      if (!all.length) return;
      await tell(all.map(([, heard]) => ({ ...heard, record: heard.record && withoutPasswords(heard.record) })));
      for (const [id, { captured }] of all) if (captured.endedAt !== null) open.delete(id);
      mirror();
    });
  /** Gives up the oldest of a tab that has too many. */
  const bound = <T extends { readonly by: Requester }>(all: Map<string, T>, tab: number) => {
    const own = [...all].filter(([, { by }]) => by.tab === tab);
    for (const [id] of own.slice(0, Math.max(0, own.length - MOST_OPEN))) all.delete(id);
  };

  /** Told where an SDK made it; let go of where none did. */
  const ready = (id: string, headers?: WebHeaders): boolean => {
    const one = begun.get(id);
    if (!one) return false;
    const record = withHeaders(one.record, headers);
    const captured = isWatched(one.by) ? capturedOf(record) : null;
    if (!captured) {
      begun.delete(id);
      return false;
    }
    begun.set(id, { ...one, record });
    open.set(id, { by: one.by, captured });
    bound(open, one.by.tab);
    mirror();
    return true;
  };

  const began = (details: Details & BeforeRequest) => {
    const { requestId, tabId, frameId, initiator, documentUrl = '', documentLifecycle } = details;
    const by = { tab: tabId, origin: initiator ?? originOf(documentUrl), top: frameId === 0 };
    // A redirect is the request of before; a page that is rendered ahead is not what the tab shows.
    if (tabId < 0 || begun.has(requestId) || open.has(requestId) || documentLifecycle === 'prerender' || !isWatched(by)) return;
    begun.set(requestId, { by, record: recordOfBegin(details) });
    bound(begun, tabId);
  };
  const sent = ({ requestId, requestHeaders }: Details & { readonly requestHeaders?: WebHeaders }) => {
    if (open.has(requestId) || !ready(requestId, requestHeaders)) return;
    setTimeout(() => {
      const one = begun.get(requestId);
      const known = open.get(requestId);
      if (one && known) gather(requestId, { ...known, record: one.record });
    }, EARLY);
  };
  const ended = async (id: string, end: RequestEnd) => {
    const one = begun.get(id);
    // Stopped before it was sent, by another extension or the browser's own rules.
    if (one && !open.has(id)) ready(id);
    const began = begun.get(id);
    begun.delete(id);
    if (!began) await loaded();
    const known = open.get(id);
    if (!known) return;
    const how = endOf(end);
    const { endedAt, status, problem, answer } = how;
    const captured = { ...known.captured, endedAt, status, problem, size: answer.size };
    open.set(id, { ...known, captured });
    mirror();
    gather(id, { ...known, captured, record: began ? { ...began.record, ...how } : null });
  };
  const over = (details: Details & RequestEnd) => void ended(details.requestId, details);

  const follow = () => {
    // The polyfill holds what was there when the worker began; this permission may be newer.
    const { webRequest } = nativeBrowser() as unknown as { webRequest?: WebRequest };
    if (!webRequest) return;
    void loaded();
    void readSites().catch(logProblem);
    const { onBeforeRequest, onSendHeaders, onCompleted, onErrorOccurred, ResourceType } = webRequest;
    const known = new Set(Object.values(ResourceType));
    const filter = { urls: ['http://*/*', 'https://*/*'], types: TYPES.filter((type) => known.has(type)) };
    // Anew: Chromium 156 tells nothing to a listener that is older than the host's permission, and Firefox takes the
    // listeners away with the permission.
    onBeforeRequest.removeListener(began);
    onBeforeRequest.addListener(began, filter, ['requestBody']);
    onSendHeaders.removeListener(sent);
    onSendHeaders.addListener(sent, filter, ['requestHeaders']);
    onCompleted.removeListener(over);
    onCompleted.addListener(over, filter, ['responseHeaders']);
    onErrorOccurred.removeListener(over);
    onErrorOccurred.addListener(over, filter);
  };
  follow();
  browser.permissions.onAdded.addListener(follow);
  browser.permissions.onRemoved.addListener(() => void readSites().catch(logProblem));
  return {
    flush(tab) {
      for (const [id, known] of open) {
        const one = begun.get(id);
        if (known.by.tab === tab && one && !gathered.has(id)) gather(id, { ...known, record: one.record });
      }
      return gathered.size ? tellGathered() : Promise.resolve();
    },
  };
}
