/** Requests the browser's permission for sites, and gives it back. */
import type { Manifest } from 'webextension-polyfill';
import { nativeBrowser } from '../browser/native-browser';
import { sitePattern, sitesOf, VENDOR_HOSTS } from './site-pattern';

/** Permissions requested together with a site, and removed with the last one, because they have no effect without a site. */
const WITH_SITES: Manifest.OptionalPermission[] = import.meta.env.FIREFOX ? ['cookies', 'webRequest'] : ['cookies'];

/** `permissions` is undefined in a DevTools panel in Firefox. */
const { permissions } = nativeBrowser();
const originsOf = (site: string) => [sitePattern(site)].filter((pattern) => pattern !== null);

/** Removes host patterns, in the form in which the browser lists them. Resolves to whether it removed them. */
export async function unwatch(origins: string[]): Promise<boolean> {
  const dropped = await permissions.remove({ origins });
  if (!sitesOf((await permissions.getAll()).origins).length) await permissions.remove({ origins: VENDOR_HOSTS, permissions: WITH_SITES });
  return dropped;
}

/** Functions to request and drop the permission for one site; `null` if the view has no access to the permissions API. */
export const sitePermission = () =>
  (permissions as typeof permissions | undefined)
    ? {
        ask: (site: string) => permissions.request({ origins: [...originsOf(site), ...VENDOR_HOSTS], permissions: WITH_SITES }),
        drop: (site: string) => unwatch(originsOf(site)),
      }
    : null;

/** Whether requests from watched sites to the host of that origin are observed. */
export const hears = (origin: string): Promise<boolean> =>
  permissions.contains({ origins: originsOf(origin), permissions: ['webRequest'] });
