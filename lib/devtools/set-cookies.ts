import type { SeenCookie } from '../web/cookies';

/** The little of a HAR entry that is read. */
interface HarEntry {
  readonly response?: { readonly cookies?: readonly Partial<SeenCookie>[] };
}

export interface Network {
  readonly onRequestFinished: { addListener(listener: (entry: HarEntry) => void): void };
  getHAR(callback: (log: { readonly entries?: readonly HarEntry[] }) => void): void;
}

/** Tells of cookies with `prefix` that servers set, since DevTools was opened: their names and flags, never their values. */
export function followSetCookies(network: Network, prefix: string, tell: (cookie: SeenCookie) => void): void {
  const look = ({ response }: HarEntry) => {
    for (const { name, httpOnly, domain, path } of response?.cookies ?? [])
      if (name?.startsWith(prefix)) tell({ name, httpOnly: httpOnly === true, ...(domain && { domain }), ...(path && { path }) });
  };
  network.onRequestFinished.addListener(look);
  network.getHAR((log) => log.entries?.forEach(look));
}
