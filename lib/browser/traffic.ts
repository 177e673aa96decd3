/**
 * Requests of watched pages, as the browser reports them (`webRequest`, listening only): needs no script in the page.
 * Includes requests from a page's first line on and beacons sent as the page unloads, but no response bodies.
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

/** Resource types of the SDKs' requests. A beacon is `ping` in Chromium and `beacon` in Firefox. */
const TYPES = ['xmlhttprequest', 'ping', 'beacon'];
/** A request that takes longer than this is reported before it ends (ms). */
const EARLY = 1000;
/** Changes within this time are written together (ms); those not written yet are lost if the worker is killed. */
const WRITE = 20;
/** Requests that end within this time are reported together (ms), because adding to a long history is expensive. */
const GATHER = 200;
/** The most requests of one tab that are followed at once; beyond that, the oldest are dropped. */
const MOST_OPEN = 200;
/** Key in `storage.session` of the requests whose end has not been reported, for the next worker. */
const OPEN = 'requests';

type Known = Pick<Heard, 'by' | 'captured'>;
type Began = Pick<Heard, 'by'> & { readonly record: RequestRecord };

/** Details that the browsers provide. For the requesting page, Chromium gives the origin (`initiator`), Firefox the URL. */
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

/** The part of `webRequest` that is used; the existing typings list fewer resource types. */
interface WebRequest {
  readonly onBeforeRequest: WebRequestEvent<Details & BeforeRequest>;
  readonly onSendHeaders: WebRequestEvent<Details & { readonly requestHeaders?: WebHeaders }>;
  readonly onCompleted: WebRequestEvent<Details & RequestEnd>;
  readonly onErrorOccurred: WebRequestEvent<Details & RequestEnd>;
  readonly ResourceType: Readonly<Record<string, string>>;
}

/**
 * Listens for requests as soon as the permission is granted. Call synchronously at startup.
 * @param tell receives the SDKs' requests, and each again once it has ended; if it rejects, the next worker reports them again
 */
export function followTraffic(tell: (heard: readonly Heard[]) => Promise<void>): Traffic {
  const begun = new Map<string, Began>();
  /** The SDKs' requests whose end has not been reported, mirrored in `storage.session`. */
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
    // Drop the requests of sites that are no longer watched; their end is not reported either.
    const gone = [...open].filter(([, { by }]) => !isWatched(by));
    for (const [id] of gone) for (const all of [open, begun, gathered]) all.delete(id);
    if (gone.length) mirror();
  };

  /** Stores the open requests for the next worker. */
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
  /** Resolves once the open requests of the previous worker are restored. */
  const loaded = () => {
    loading ??= browser.storage.session.get(OPEN).then(
      (stored) => {
        for (const [id, known] of (stored[OPEN] ?? []) as (readonly [string, Known])[]) {
          open.set(id, known);
          // If this worker saw it begin, that was a redirect of the same request.
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
  /** Reports the gathered requests. Runs one at a time; requests that arrive meanwhile wait for the next run. */
  const tellGathered = () =>
    tellInTurn(async () => {
      const all = [...gathered];
      gathered.clear();
      if (!all.length) return;
      await tell(all.map(([, heard]) => ({ ...heard, record: heard.record && withoutPasswords(heard.record) })));
      for (const [id, { captured }] of all) if (captured.endedAt !== null) open.delete(id);
      mirror();
    });
  /** Drops a tab's oldest requests if it has too many. */
  const bound = <T extends { readonly by: Requester }>(all: Map<string, T>, tab: number) => {
    const own = [...all].filter(([, { by }]) => by.tab === tab);
    for (const [id] of own.slice(0, Math.max(0, own.length - MOST_OPEN))) all.delete(id);
  };

  /** Keeps a request if an SDK made it, and drops it otherwise. Returns whether it was kept. */
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
    // A redirect belongs to the request already known; a prerendered page is not what the tab shows.
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
    // Blocked before it was sent, by another extension or the browser's own rules.
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
    // The polyfill has only the APIs that existed when the worker started; this permission may be newer.
    const { webRequest } = nativeBrowser() as unknown as { webRequest?: WebRequest };
    if (!webRequest) return;
    void loaded();
    void readSites().catch(logProblem);
    const { onBeforeRequest, onSendHeaders, onCompleted, onErrorOccurred, ResourceType } = webRequest;
    const known = new Set(Object.values(ResourceType));
    const filter = { urls: ['http://*/*', 'https://*/*'], types: TYPES.filter((type) => known.has(type)) };
    // Remove and add them again: Chromium 156 does not call a listener that is older than the host permission, and Firefox
    // removes the listeners together with the permission.
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
