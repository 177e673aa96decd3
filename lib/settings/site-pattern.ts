/**
 * The host permission that covers a site; `null` if it isn't a website. Contains no port, since Firefox supports none in
 * host patterns, and cookies ignore ports, too.
 */
export function sitePattern(site: string): string | null {
  if (!URL.canParse(site)) return null;
  const { protocol, hostname, origin } = new URL(site);
  // A page may report anything: a pattern with a wildcard would request access to more than one site.
  return /^https?:$/.test(protocol) && origin === site && /^[\w.-]+$|^\[[\da-f:]+\]$/.test(hostname) ? `${protocol}//${hostname}/*` : null;
}

/**
 * The vendor's own hosts. Needed to see requests to them on watched sites: the browser reports a request only if both its
 * page and its host are granted. No scripts are injected into pages there. Hosts: facts §3.6 and §4.
 */
export const VENDOR_HOSTS = ['https://*.synerise.com/*', 'https://*.snrbox.com/*'];

/** The granted patterns that are for watched sites. */
export const sitesOf = (patterns: readonly string[] = []): string[] => patterns.filter((pattern) => !VENDOR_HOSTS.includes(pattern));

/** Whether a host pattern, which may be broader than those from `sitePattern`, covers a site. */
export function covers(pattern: string, site: string): boolean {
  if (!URL.canParse(site)) return false;
  const { protocol, hostname } = new URL(site);
  const [scheme = '', host = ''] = pattern.split('://');
  const name = host.split('/')[0] ?? '';
  const fits = name === '*' || name === hostname || (name.startsWith('*.') && `.${hostname}`.endsWith(name.slice(1)));
  return pattern === '<all_urls>' || (fits && (scheme === '*' ? /^https?:$/.test(protocol) : `${scheme}:` === protocol));
}

/** The origin of a URL, as `location.origin` would return it; `'null'` for an invalid URL. */
export const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : 'null');
