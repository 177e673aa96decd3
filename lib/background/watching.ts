import { browser } from 'wxt/browser';
import { nativeBrowser } from '../native-browser';
import { sitePattern } from '../site-pattern';
import type { SeenCookie } from '../web/cookies';

/** The sites that a person lets the inspector look at by itself: the hosts that the browser has granted, and nothing beside. */
export interface Watching {
  has(site: string): Promise<boolean>;
  /** A site's cookies whose names begin with `prefix`, with what script cannot ask; `null` without the permission. */
  cookies(site: string, prefix: string): Promise<SeenCookie[] | null>;
}

/** Follows the browser's permissions, here or in its own settings. Call at once: it listens. */
export function createWatching(changed: () => void): Watching {
  browser.permissions.onAdded.addListener(changed);
  browser.permissions.onRemoved.addListener(changed);
  const has: Watching['has'] = async (site) => /^https?:/.test(site) && browser.permissions.contains({ origins: [sitePattern(site)] });
  return {
    has,
    async cookies(site, prefix) {
      // The polyfill holds what was there when the worker began; this permission may be newer.
      const { cookies } = nativeBrowser();
      if (!cookies || !(await has(site))) return null;
      const { hostname: domain } = new URL(site);
      // By address for those of parent domains, by domain for those of other paths.
      const all = await Promise.all([cookies.getAll({ url: site }), cookies.getAll({ domain })]);
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
