/**
 * The interface between the background and its environment. `lib/browser` implements it for an extension; another
 * implementation, such as Node with a debugging endpoint, runs the same background.
 */
import type { Captured, RequestRecord } from '../network/request';
import type { Notice, Session } from '../session/session';
import type { SeenCookie } from '../web/cookies';
import type { Carrier } from './carrier';

/** A key-value store for JSON values. Its promises reject if the underlying store fails. */
export interface Area {
  get(keys: string | string[]): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
  remove(keys: string | string[]): Promise<void>;
  clear(): Promise<void>;
}

/** The known properties of a tab. */
export interface Tab {
  readonly id: number;
  /** `undefined` unless the browser lets the extension see it. */
  readonly url: string | undefined;
  readonly incognito: boolean;
  /** Whether the browser put the tab to sleep: discarded or frozen. */
  readonly discarded: boolean;
  readonly frozen: boolean;
}

export interface Platform {
  /** In memory, inaccessible to pages, and lost when the browser closes. */
  readonly session: Area;
  /** On disk. */
  readonly local: Area;
  /** Calls `listener` with the changes in `local`, by key. Call synchronously at startup. */
  onLocalChange(listener: (changes: Readonly<Record<string, { readonly newValue?: unknown }>>) => void): void;
  /** Alarms wake the background at `when` (epoch ms) and pass it their name. */
  readonly alarms: {
    set(name: string, when: number): Promise<unknown>;
    clear(name: string): Promise<unknown>;
    names(): Promise<readonly string[]>;
  };
  readonly tabs: {
    /** `null` if there is no such tab. */
    get(tab: number): Promise<Tab | null>;
    all(): Promise<readonly Tab[]>;
  };
  /** Shows a text on a tab's toolbar button. Rejects if the tab is gone. @param color a CSS color */
  showBadge(tab: number, text: string, color: string): Promise<void>;
  /** Notifies the user about a session's token. The notification contains no token and no UUID. */
  notify(session: Session, notice: Notice): Promise<void>;
  /** The carrier to a tab's page that needs no panel. */
  carrier(tab: number): Carrier;
  /** The watched sites. Call synchronously at startup: it adds listeners. */
  watching(hooks: WatchingHooks): Watching;
  /**
   * Follows the requests of watched pages. Call synchronously at startup: it adds listeners.
   * @param tell receives each request, and again once it has ended; if it rejects, it receives the requests again later
   */
  traffic(tell: (heard: readonly Heard[]) => Promise<void>): Traffic;
}

/** A cookie that changed. */
export interface ChangedCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly hostOnly: boolean;
  /** The browser's ID of the cookie store: each profile has its own. */
  readonly storeId: string;
}

/** A change of one of the SDK's cookies. `cause`: the browser's name for why. */
export interface CookieChange {
  readonly cookie: ChangedCookie;
  readonly removed: boolean;
  readonly cause: string;
}

/** The watched sites: exactly the hosts that the browser has granted, or whatever a debugging connection reaches. */
export interface Watching {
  readonly access: 'watched' | 'connected';
  /** Whether the site that a tab shows, as the browser reports it, is watched. */
  has(tab: number): Promise<boolean>;
  /** Whether a site is watched. */
  watches(origin: string): Promise<boolean>;
  /**
   * Cookies of `origin` in the tab's own cookie store whose names begin with `prefix`, including what scripts cannot read
   * (HttpOnly cookies, attributes); `null` without the permission.
   */
  cookies(tab: number, origin: string, prefix: string): Promise<SeenCookie[] | null>;
  /** Sets the value of a cookie in the tab's own store, or removes it (`null`). Resolves to false if the browser did not do it. */
  setCookie(tab: number, cookie: SeenCookie, value: string | null): Promise<boolean>;
  /**
   * Registers our scripts with the browser, to run in watched pages before the page's first line, and in no others.
   * Resolves to whether this changed anything.
   */
  register(): Promise<boolean>;
  /** Host patterns that have been revoked since `settled` was last called. */
  gone(): Promise<readonly string[]>;
  /** Records that the revocations from `gone` have been handled. */
  settled(): Promise<void>;
  /** Ends our scripts in pages of sites that are no longer watched. @param origins host patterns */
  leave(origins: readonly string[]): Promise<void>;
  /** Tabs that currently show a watched site, without discarded ones. */
  tabs(): Promise<readonly number[]>;
}

export interface WatchingHooks {
  /** The browser's permissions changed. @param removed host patterns that were revoked */
  changed(removed: readonly string[]): void;
  /** A cookie of the SDK changed, in the normal or the incognito profile. */
  cookie(change: CookieChange): void;
}

/** The page that made a request, as the browser reports it. */
export interface Requester {
  readonly tab: number;
  readonly origin: string;
  /** Whether it is in the tab's top frame. */
  readonly top: boolean;
}

/** A request as it is reported. `record` is `null` if an earlier worker saw it begin. */
export interface Heard {
  readonly by: Requester;
  readonly captured: Captured;
  readonly record: RequestRecord | null;
}

export interface Traffic {
  /** Reports a tab's known requests at once, including those that have not ended, because its page is being left. */
  flush(tab: number): Promise<void>;
}
