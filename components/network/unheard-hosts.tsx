import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Session } from '@/lib/session/session';
import { covers, VENDOR_HOSTS } from '@/lib/settings/site-pattern';
import type { SitePermission } from '../state/model';

/** Hosts of a watched page's requests that DevTools alone saw: the browser tells of the others only where they are granted too. */
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
        Requests to <strong>{new URL(origin).host}</strong> show only while DevTools is open.
      </span>
      <button
        type="button"
        class="small"
        title="The browser asks you first. The host is then listed with the watched sites."
        // First of all: the browser takes a request only from the click itself.
        onClick={() => void permission.ask(askedFor(origin, session)).then(look, () => undefined)}
      >
        Always show
      </button>
    </div>
  ));
}

/** Of a host other than the page's own only its name is known; an API is asked over TLS. */
const originOfHost = (host: string, site: string | null): string =>
  site !== null && URL.canParse(site) && new URL(site).host === host ? site : `https://${host}`;

/** The vendor's hosts are asked for with the site: none of them is a site to look into. */
const askedFor = (origin: string, { tab: { site } }: Session): string =>
  site !== null && VENDOR_HOSTS.some((pattern) => covers(pattern, origin)) ? site : origin;
