/** The bell of a watched site: beside the page, it hears the agent ring and wakes the background, which then asks the agent. */

import { END_SUFFIX, HELLO_EVENT, READY_EVENT } from '../page/wire';
import { covers } from '../settings/site-pattern';

/** From the relay to the background: the agent has news that nobody waits for. */
export interface Bell {
  readonly type: 'bell';
}

/** From the background to relays. */
export type RelayMessage =
  /** The agent of a page that was there before rings by this name. */
  | { readonly type: 'listen'; readonly bell: string }
  /** These sites, as host patterns, are watched no more. */
  | { readonly type: 'unwatch'; readonly origins: readonly string[] };

/** The little that is needed of `browser.runtime`. */
export interface RelayRuntime {
  readonly id?: string | undefined;
  sendMessage(message: Bell): Promise<unknown>;
  readonly onMessage: {
    addListener(listener: (message: RelayMessage) => void): void;
    removeListener(listener: (message: RelayMessage) => void): void;
  };
}

/**
 * Opens the relay of a document. @param place `location` of the document @param runtime read anew at each use: once the
 * extension was updated or removed it throws, or has no id, and the page is left as if nobody had watched it
 */
export function openRelay(page: EventTarget, place: Pick<Location, 'href'>, runtime: () => RelayRuntime): void {
  let bell: string | null = null;
  const ring = () => {
    try {
      if (!runtime().id) throw new Error('gone');
      // A worker that is just being replaced hears the next one.
      runtime()
        .sendMessage({ type: 'bell' })
        .catch(() => undefined);
    } catch {
      end();
    }
  };
  const shown = (event: Event) => void ((event as PageTransitionEvent).persisted && ring());
  // The first only: what follows is the page's.
  const greeted = (event: Event) => {
    page.removeEventListener(HELLO_EVENT, greeted);
    follow(String((event as CustomEvent<unknown>).detail));
    ring();
  };
  const follow = (name: string) => {
    if (bell !== null) page.removeEventListener(bell, ring);
    bell = name;
    page.addEventListener(name, ring);
  };
  const told = (message: RelayMessage) => {
    if (message.type === 'listen') {
      page.removeEventListener(HELLO_EVENT, greeted);
      follow(message.bell);
    } else if (message.type === 'unwatch' && message.origins.some((pattern) => covers(pattern, place.href))) end();
  };
  const end = () => {
    page.removeEventListener(HELLO_EVENT, greeted);
    page.removeEventListener('pageshow', shown);
    page.removeEventListener('prerenderingchange', ring, true);
    if (bell !== null) {
      page.removeEventListener(bell, ring);
      page.dispatchEvent(new CustomEvent(bell + END_SUFFIX));
    }
    bell = null;
    try {
      runtime().onMessage.removeListener(told);
    } catch {
      // The extension is gone, and its listeners with it.
    }
  };
  page.addEventListener(HELLO_EVENT, greeted);
  // A page that comes back from the back-forward cache, and one that was rendered ahead and is shown now.
  page.addEventListener('pageshow', shown);
  page.addEventListener('prerenderingchange', ring, true);
  runtime().onMessage.addListener(told);
  page.dispatchEvent(new CustomEvent(READY_EVENT));
}
