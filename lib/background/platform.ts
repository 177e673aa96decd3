/**
 * What the background asks of the place that it runs in. `lib/browser` is that place for an extension; another that has
 * the same, such as Node beside a debugging endpoint, runs the same background.
 */
import type { Captured, RequestRecord } from '../network/request';
import type { Notice, Session } from '../session/session';
import type { SeenCookie } from '../web/cookies';
import type { Carrier } from './carrier';

/** A place for JSON values under keys. Each promise rejects where the place does. */
export interface Area {
  get(keys: string | string[]): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
  remove(keys: string | string[]): Promise<void>;
  clear(): Promise<void>;
}

/** A tab, as far as it is known. */
export interface Tab {
  readonly id: number;
  /** Only where the browser lets us know. */
  readonly url: string | undefined;
  readonly incognito: boolean;
  /** The browser put it to sleep. */
  readonly discarded: boolean;
  readonly frozen: boolean;
}

export interface Platform {
  /** In memory, out of reach of pages, and gone with the browser. */
  readonly session: Area;
  /** On disk. */
  readonly local: Area;
  /** Told of what changed in `local`, by key. Call at once: it listens. */
  onLocalChange(listener: (changes: Readonly<Record<string, { readonly newValue?: unknown }>>) => void): void;
  /** They wake the background (ms since the epoch), and come back by name. */
  readonly alarms: {
    set(name: string, when: number): Promise<unknown>;
    clear(name: string): Promise<unknown>;
    names(): Promise<readonly string[]>;
  };
  readonly tabs: {
    /** `null`: there is none. */
    get(tab: number): Promise<Tab | null>;
    all(): Promise<readonly Tab[]>;
  };
  /** Shows a text on the button of a tab; rejects where the tab is gone. @param color as CSS writes it */
  showBadge(tab: number, text: string, color: string): Promise<void>;
  /** Tells a person of a session's token. No token and no UUID is in it. */
  notify(session: Session, notice: Notice): Promise<void>;
  /** The way into a tab's page that needs no panel. */
  carrier(tab: number): Carrier;
  /** The sites that a person lets us look at by ourselves. Call at once: it listens. */
  watching(hooks: WatchingHooks): Watching;
  /** Follows the requests of watched pages. Call at once: it listens. @param tell receives each request, and again once it has ended; what it does not accept is told again */
  traffic(tell: (heard: readonly Heard[]) => Promise<void>): Traffic;
}

/** A cookie that changed. */
export interface ChangedCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly hostOnly: boolean;
  /** The browser's name for the profile's cookies. */
  readonly storeId: string;
}

/** The sites that a person lets the inspector look at by itself: the hosts that the browser has granted, and nothing beside. */
export interface Watching {
  /** Whether the site that a tab shows is watched, by the browser's own word for where the tab is. */
  has(tab: number): Promise<boolean>;
  /** Whether a site is watched. */
  watches(origin: string): Promise<boolean>;
  /** Cookies of `origin` in the tab's own cookie store whose names begin with `prefix`, with what script cannot ask; `null` without the permission. */
  cookies(tab: number, origin: string, prefix: string): Promise<SeenCookie[] | null>;
  /** Gives a cookie of the tab's own store another value, or takes it away (`null`). False where the browser did not do it. */
  keepCookie(tab: number, cookie: SeenCookie, value: string | null): Promise<boolean>;
  /** Has the browser put our scripts into watched pages before their first line, and into no others. Gives whether that was not so already. */
  register(): Promise<boolean>;
  /** What was granted when `settled` was called last, and is granted no more. */
  gone(): Promise<readonly string[]>;
  /** What `gone` tells was done away with. */
  settled(): Promise<void>;
  /** Takes what stands in the pages of sites that are watched no more out of them. @param origins host patterns */
  leave(origins: readonly string[]): Promise<void>;
  /** Tabs that show a watched site now. */
  tabs(): Promise<readonly number[]>;
}

export interface WatchingHooks {
  /** The browser's permissions changed; `removed` were taken back. */
  changed(removed: readonly string[]): void;
  /** A cookie of the SDK changed, in the profile of incognito or not. */
  cookie(change: { readonly cookie: ChangedCookie; readonly removed: boolean; readonly cause: string }): void;
}

/** Who made a request, by the browser's word. */
export interface Requester {
  readonly tab: number;
  readonly origin: string;
  /** In the tab's top frame. */
  readonly top: boolean;
}

/** A request as it is told; `record` of `null`: another worker saw it begin. */
export interface Heard {
  readonly by: Requester;
  readonly captured: Captured;
  readonly record: RequestRecord | null;
}

export interface Traffic {
  /** Tells at once what is known of a tab's requests, those too that have not ended: its page is being left. */
  flush(tab: number): Promise<void>;
}
