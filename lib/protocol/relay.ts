/** The relay, in the isolated world of a watched page: hears the agent's bell and wakes the background, which then asks the agent. */

import { END_SUFFIX, HELLO_EVENT, READY_EVENT } from '../page/wire';
import { covers } from '../settings/site-pattern';

/** From the relay to the background: the agent has news that no request waits for. */
export interface Bell {
  readonly type: 'bell';
}

/** From the background to relays. */
export type RelayMessage =
  /** The event name of the bell, for an agent that was in the page before the relay. */
  | { readonly type: 'listen'; readonly bell: string }
  /** These sites (host patterns) are no longer watched. */
  | { readonly type: 'unwatch'; readonly origins: readonly string[] };

/** The part of `browser.runtime` that is used. */
export interface RelayRuntime {
  readonly id?: string | undefined;
  sendMessage(message: Bell): Promise<unknown>;
  readonly onMessage: {
    addListener(listener: (message: RelayMessage) => void): void;
    removeListener(listener: (message: RelayMessage) => void): void;
  };
}

/**
 * Opens the relay of a document.
 * @param place the document's `location`
 * @param runtime called again at each use: once the extension was updated or removed, it throws or its result has no `id`,
 * and the relay leaves the page as if it had never been watched
 */
export function openRelay(page: EventTarget, place: Pick<Location, 'href'>, runtime: () => RelayRuntime): void {
  let bell: string | null = null;
  const ring = () => {
    try {
      if (!runtime().id) throw new Error('gone');
      // A worker that is being replaced misses this ring but gets the next one.
      runtime()
        .sendMessage({ type: 'bell' })
        .catch(() => undefined);
    } catch {
      end();
    }
  };
  const shown = (event: Event) => void ((event as PageTransitionEvent).persisted && ring());
  // Only the first event is the agent's; later ones may come from the page.
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
      // The extension is gone, and its listeners are, too.
    }
  };
  page.addEventListener(HELLO_EVENT, greeted);
  // The page returns from the back-forward cache, or was prerendered and is shown now.
  page.addEventListener('pageshow', shown);
  page.addEventListener('prerenderingchange', ring, true);
  runtime().onMessage.addListener(told);
  page.dispatchEvent(new CustomEvent(READY_EVENT));
}
