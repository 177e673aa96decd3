/** The host permission that covers a site: no port is in it, since Firefox knows none there, and cookies know none either. */
export function sitePattern(site: string): string {
  const { protocol, hostname } = new URL(site);
  return `${protocol}//${hostname}/*`;
}
