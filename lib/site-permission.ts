import type { Browser } from 'webextension-polyfill';
import { nativeBrowser } from './native-browser';
import { sitePattern } from './site-pattern';

/** The browser's permission for sites, where this page may ask for it: a DevTools panel of Firefox may not. */
export function sitePermission(): {
  ask(site: string): Promise<boolean>;
  drop(site: string): Promise<boolean>;
  /** @param pattern as the browser has it */
  dropPattern(pattern: string): Promise<boolean>;
} | null {
  const { permissions } = nativeBrowser() as Partial<Pick<Browser, 'permissions'>>;
  if (!permissions) return null;
  const origins = (site: string) => [sitePattern(site)].filter((pattern) => pattern !== null);
  const drop = async (patterns: string[]) => {
    const dropped = await permissions.remove({ origins: patterns });
    // `cookies` tells nothing without a site; it goes with the last one.
    const { origins: left } = await permissions.getAll();
    if (!left?.length) await permissions.remove({ permissions: ['cookies'] });
    return dropped;
  };
  return {
    ask: (site) => permissions.request({ origins: origins(site), permissions: ['cookies'] }),
    drop: (site) => drop(origins(site)),
    dropPattern: (pattern) => drop([pattern]),
  };
}
