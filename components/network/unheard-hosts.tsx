import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Session } from '@/lib/session/session';
import { covers, VENDOR_HOSTS } from '@/lib/settings/site-pattern';
import type { SitePermission } from '../state/model';

/** Hosts whose requests only DevTools saw: for other hosts, the browser reports requests only with permission. */
export function UnheardHosts({ permission, session }: { permission: SitePermission; session: Session }) {
  const unheard = useSignal<readonly string[]>([]);
  const { captured, site } = session.tab;
  const both = new Set(captured.flatMap(({ via, same, host }) => (via === 'page' || same !== null ? [host] : [])));
  const hosts = new Set(captured.map(({ host }) => host).filter((host) => !both.has(host)));
  const origins = [...hosts].map((host) => originOfHost(host, site));
  const look = async () => {
    const heard = await Promise.all(origins.map((origin) => permission.hears?.(origin) ?? true));
    unheard.value = origins.filter((_, index) => !heard[index]);
  };
  useEffect(() => void look().catch(() => undefined), [origins.join()]);
  return unheard.value.map((origin) => (
    <div key={origin} class="note line" role="status" data-testid="unheard-host">
      <span>
        Requests to <strong>{new URL(origin).host}</strong> are only recorded while DevTools is open.
      </span>
      <button
        type="button"
        class="small"
        title="Asks for permission. The host is then listed with the watched sites."
        // Must come first: the browser accepts a permission request only within the click's handler.
        onClick={() => void permission.ask(askedFor(origin, session)).then(look, () => undefined)}
      >
        Always record
      </button>
    </div>
  ));
}

/** Of hosts other than the page's own only the name is known; APIs are assumed to use HTTPS. */
const originOfHost = (host: string, site: string | null): string =>
  site !== null && URL.canParse(site) && new URL(site).host === host ? site : `https://${host}`;

/** Permission for the vendor's hosts is requested with the site's: they aren't sites to inspect. */
const askedFor = (origin: string, { tab: { site } }: Session): string =>
  site !== null && VENDOR_HOSTS.some((pattern) => covers(pattern, origin)) ? site : origin;
