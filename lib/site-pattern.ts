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
