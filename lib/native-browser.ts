import type { Browser } from 'webextension-polyfill';
import { sitePattern } from './site-pattern';

/**
 * The browser's own extension API, for views: all that they call gives promises in both browsers, and the polyfill
 * would take an eighth of the popup's budget.
 */
export function nativeBrowser(): Browser {
  const { browser, chrome } = globalThis as unknown as { browser?: Browser; chrome: Browser };
  return browser ?? chrome;
}

/** The browser's permission for sites, where this page may ask for it: a DevTools panel of Firefox may not. */
export function sitePermission(): { ask(site: string): Promise<boolean>; drop(site: string): Promise<boolean> } | null {
  const { permissions } = nativeBrowser() as Partial<Pick<Browser, 'permissions'>>;
  if (!permissions) return null;
  return {
    ask: (site) => permissions.request({ origins: [sitePattern(site)], permissions: ['cookies'] }),
    async drop(site) {
      const dropped = await permissions.remove({ origins: [sitePattern(site)] });
      // `cookies` tells nothing without a site; it goes with the last one.
      const { origins } = await permissions.getAll();
      if (!origins?.length) await permissions.remove({ permissions: ['cookies'] });
      return dropped;
    },
  };
}
