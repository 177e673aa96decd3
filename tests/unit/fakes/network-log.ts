/** What a browser's DevTools tells of a page's requests, from happy-dom's. */
import type { BrowserWindow, Headers, Request, Response } from 'happy-dom';
import type { Network } from '@/lib/devtools/requests';
import { fakeEvent } from './ports';

type Entry = Parameters<Parameters<Network['onRequestFinished']['addListener']>[0]>[0];

export interface NetworkLog {
  /** Called as a request begins. */
  begins(request: Request): void;
  /** Called as a request is answered, with the window that made it; gives the answer that the page is to have instead. */
  ends(request: Request, response: Response, window: BrowserWindow): Promise<Response | undefined>;
  /** `devtools.network` of a tab from now on, until `close`. @param isOwn whether a window is the tab's */
  open(isOwn: (window: BrowserWindow) => boolean): { readonly network: Network; close(): void };
}

export function createNetworkLog(): NetworkLog {
  const begun = new WeakMap<Request, { readonly at: number; readonly sent: Promise<string> }>();
  const ended = fakeEvent<[Entry, BrowserWindow]>();
  return {
    begins(request) {
      begun.set(request, { at: Date.now(), sent: request.clone().text() });
    },
    async ends(request, response, window) {
      const { status, statusText, headers } = response;
      // Pages, scripts and styles are no SDK's requests.
      if (!headers.get('content-type')?.includes('json')) return undefined;
      const { at = Date.now(), sent = '' } = begun.get(request) ?? {};
      // happy-dom's answers can be read once.
      const text = await response.text();
      ended.raise(entryOf(request, { status, statusText, headers, text }, await sent, at), window);
      return new window.Response(text, { status, statusText, headers });
    },
    open(isOwn) {
      const finished = fakeEvent<[Entry]>();
      const entries: Entry[] = [];
      let isOpen = true;
      ended.addListener((entry, window) => {
        if (!isOpen || !isOwn(window)) return;
        entries.push(entry);
        finished.raise(entry);
      });
      // The log is looked through again and again: without an answer, this ends.
      const getHAR: Network['getHAR'] = (callback) => void (isOpen && callback({ entries }));
      return {
        network: { onRequestFinished: finished, getHAR },
        close() {
          isOpen = false;
        },
      };
    },
  };
}

/** A HAR entry. */
function entryOf(
  { method, url, headers: asked }: Request,
  { status, statusText, headers, text }: { status: number; statusText: string; headers: Headers; text: string },
  sent: string,
  at: number,
): Entry {
  const named = (all: Headers) => [...all].map(([name, value]) => ({ name, value }));
  const response = { status, statusText, headers: named(headers), bodySize: text.length, content: { size: text.length } };
  const entry = {
    startedDateTime: new Date(at).toISOString(),
    time: Date.now() - at,
    request: { method, url, headers: named(asked), bodySize: sent.length, ...(sent && { postData: { text: sent } }) },
    response,
    getContent: (callback: (content: string, encoding: string) => void) => callback(text, ''),
  };
  return entry;
}
