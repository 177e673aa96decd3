import { browser } from 'wxt/browser';
import { nativeBrowser } from '../native-browser';
import { sitePattern } from '../site-pattern';
import type { SeenCookie } from '../web/cookies';

/** The sites that a person lets the inspector look at by itself: the hosts that the browser has granted, and nothing beside. */
export interface Watching {
  /** Whether the site that a tab shows is watched, by the browser's own word for where the tab is. */
  has(tab: number): Promise<boolean>;
  /** Cookies of `origin` in the tab's own cookie store whose names begin with `prefix`, with what script cannot ask; `null` without the permission. */
  cookies(tab: number, origin: string, prefix: string): Promise<SeenCookie[] | null>;
}

const granted = async (origin: string): Promise<boolean> => {
  const pattern = sitePattern(origin);
  return pattern !== null && browser.permissions.contains({ origins: [pattern] });
};

/** Follows the browser's permissions, here or in its own settings. Call at once: it listens. */
export function createWatching(changed: () => void): Watching {
  browser.permissions.onAdded.addListener(changed);
  browser.permissions.onRemoved.addListener(changed);
  return {
    async has(tab) {
      // Told only where the host is granted, or was just clicked on.
      const url = await browser.tabs.get(tab).then(
        (found) => found.url,
        () => undefined,
      );
      return url !== undefined && URL.canParse(url) && granted(new URL(url).origin);
    },
    async cookies(tab, origin, prefix) {
      // The polyfill holds what was there when the worker began; this permission may be newer.
      const { cookies } = nativeBrowser();
      if (!cookies || !(await granted(origin))) return null;
      // An incognito tab, or a container's, has a store of its own.
      const store = (await cookies.getAllCookieStores()).find(({ tabIds }) => tabIds.includes(tab));
      if (!store) return null;
      const { hostname: domain } = new URL(origin);
      const storeId = store.id;
      // By address for those of parent domains, by domain for those of other paths.
      const all = await Promise.all([cookies.getAll({ url: origin, storeId }), cookies.getAll({ domain, storeId })]);
      const seen = new Map<string, SeenCookie>();
      for (const { name, httpOnly, secure, domain: of, path, expirationDate } of all.flat()) {
        if (!name.startsWith(prefix)) continue;
        const expiresAt = expirationDate === undefined ? null : Math.round(expirationDate * 1000);
        seen.set(`${name} ${of} ${path}`, { name, httpOnly, secure, domain: of, path, expiresAt });
      }
      return [...seen.values()];
    },
  };
}
