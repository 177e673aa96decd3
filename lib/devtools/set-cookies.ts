import type { SeenCookie } from '../web/cookies';

/** The part of a HAR entry that is read. */
interface HarEntry {
  readonly request?: { readonly url?: string };
  readonly response?: {
    readonly cookies?: readonly { name?: string; httpOnly?: boolean; domain?: string; path?: string; expires?: string | null }[];
  };
}

/** The part of `devtools.network` that is needed for cookies. */
export interface CookieNetwork {
  readonly onRequestFinished: { addListener(listener: (entry: HarEntry) => void): void };
  getHAR(callback: (log: { readonly entries?: readonly HarEntry[] }) => void): void;
}

/** Reports cookies with `prefix` that servers have set since DevTools was opened: names and attributes, never values. */
export function followSetCookies(network: CookieNetwork, prefix: string, tell: (cookie: SeenCookie) => void): void {
  const look = ({ request, response }: HarEntry) => {
    if (!request?.url || !URL.canParse(request.url)) return;
    const { hostname: host } = new URL(request.url);
    for (const { name, httpOnly, domain, path, expires } of response?.cookies ?? []) {
      if (!name?.startsWith(prefix)) continue;
      const until = expires ? Date.parse(expires) : Number.NaN;
      const expiresAt = Number.isNaN(until) ? null : until;
      tell({ name, httpOnly: httpOnly === true, host, expiresAt, ...(domain && { domain }), ...(path && { path }) });
    }
  };
  network.onRequestFinished.addListener(look);
  network.getHAR((log) => log.entries?.forEach(look));
}
