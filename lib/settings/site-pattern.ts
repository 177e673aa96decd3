/**
 * The host permission that covers a site; `null` for what is no site of the web. No port is in it, since Firefox knows
 * none there, and cookies know none either.
 */
export function sitePattern(site: string): string | null {
  if (!URL.canParse(site)) return null;
  const { protocol, hostname, origin } = new URL(site);
  // What a page reports may be anything; a pattern with a wildcard would ask for more than a site.
  return /^https?:$/.test(protocol) && origin === site && /^[\w.-]+$|^\[[\da-f:]+\]$/.test(hostname) ? `${protocol}//${hostname}/*` : null;
}

/**
 * The vendor's own hosts, whose requests are heard on watched sites: the browser tells of a request only where both its page
 * and its host are granted. Nothing is put into pages there. Hosts: facts §3.6 and §4.
 */
export const VENDOR_HOSTS = ['https://*.synerise.com/*', 'https://*.snrbox.com/*'];

/** Of the patterns that the browser has granted, those of sites that are watched. */
export const sitesOf = (patterns: readonly string[] = []): string[] => patterns.filter((pattern) => !VENDOR_HOSTS.includes(pattern));

/** Whether a host pattern, which may be a broader one than `sitePattern` gives, covers a site. */
export function covers(pattern: string, site: string): boolean {
  if (!URL.canParse(site)) return false;
  const { protocol, hostname } = new URL(site);
  const [scheme = '', host = ''] = pattern.split('://');
  const name = host.split('/')[0] ?? '';
  const fits = name === '*' || name === hostname || (name.startsWith('*.') && `.${hostname}`.endsWith(name.slice(1)));
  return pattern === '<all_urls>' || (fits && (scheme === '*' ? /^https?:$/.test(protocol) : `${scheme}:` === protocol));
}

/** The origin of an address, as `location.origin` would tell it. */
export const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : 'null');
