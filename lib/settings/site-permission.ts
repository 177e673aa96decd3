/** The browser's permission for sites, asked for and given back. */
import type { Manifest } from 'webextension-polyfill';
import { nativeBrowser } from '../browser/native-browser';
import { sitePattern, sitesOf, VENDOR_HOSTS } from './site-pattern';

/** What is asked for with the first site, and tells nothing without one: it goes with the last. */
const WITH_SITES: Manifest.OptionalPermission[] = import.meta.env.FIREFOX ? ['cookies', 'webRequest'] : ['cookies'];

/** A DevTools panel of Firefox has none. */
const { permissions } = nativeBrowser();
const originsOf = (site: string) => [sitePattern(site)].filter((pattern) => pattern !== null);

/** Takes patterns back, as the browser has them. Gives whether it did. */
export async function unwatch(origins: string[]): Promise<boolean> {
  const dropped = await permissions.remove({ origins });
  if (!sitesOf((await permissions.getAll()).origins).length) await permissions.remove({ origins: VENDOR_HOSTS, permissions: WITH_SITES });
  return dropped;
}

/** What a view may ask for one site; `null` where it may not. */
export const sitePermission = () =>
  (permissions as typeof permissions | undefined)
    ? {
        ask: (site: string) => permissions.request({ origins: [...originsOf(site), ...VENDOR_HOSTS], permissions: WITH_SITES }),
        drop: (site: string) => unwatch(originsOf(site)),
      }
    : null;

/** Whether requests from watched sites to hosts of that origin are heard. */
export const hears = (origin: string): Promise<boolean> =>
  permissions.contains({ origins: originsOf(origin), permissions: ['webRequest'] });
