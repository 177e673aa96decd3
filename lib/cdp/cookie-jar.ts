/** The browser's cookie store over the debugging protocol. */
import type { ChangedCookie } from '../background/platform';
import { SDK_COOKIES, type SeenCookie } from '../web/cookies';
import type { Connection } from './connection';
import type { PlaceHooks } from './place';

export interface CookieJar {
  /** The cookies for an origin whose names begin with `prefix`. */
  read(origin: string, prefix: string): Promise<SeenCookie[]>;
  /** Sets the value of a cookie, or removes it (`null`). Resolves to whether it could. */
  set(cookie: SeenCookie, value: string | null): Promise<boolean>;
  /**
   * Reports which of the SDK's cookies changed since the last look at the same site: the protocol has no event for that. Called
   * when a document ends and when one starts, since an SDK removes a reset cookie as soon as it has read it.
   */
  look(url: string): void;
}

export function createCookieJar(connection: Connection, tell: PlaceHooks['cookie']): CookieJar {
  /** The cookies at the last look, by place, and of which site. */
  let last: { readonly site: string; readonly cookies: ReadonlyMap<string, ProtocolCookie> } | null = null;
  const cookiesFor = async (origin: string, prefix: string) =>
    (await connection.send<{ cookies: readonly ProtocolCookie[] }>('Network.getCookies', { urls: [origin] })).cookies.filter(({ name }) =>
      name.startsWith(prefix),
    );

  async function compare(url: string): Promise<void> {
    const site = new URL(url).origin;
    const cookies = new Map((await cookiesFor(site, SDK_COOKIES)).map((one) => [`${one.name} ${one.domain} ${one.path}`, one]));
    const before = last?.site === site ? last.cookies : null;
    last = { site, cookies };
    if (!before) return;
    for (const [place, one] of cookies)
      if (before.get(place)?.value !== one.value) tell({ cookie: changed(one), removed: false, cause: 'explicit' });
    for (const [place, one] of before)
      if (!cookies.has(place)) tell({ cookie: changed(one), removed: true, cause: isOver(one) ? 'expired' : 'explicit' });
  }

  return {
    read: async (origin, prefix) => (await cookiesFor(origin, prefix)).map(seenCookie),
    async set({ name, domain = '', path = '/', secure = false, httpOnly, sameSite = '', expiresAt }, value) {
      if (value === null) return sent(connection.send('Network.deleteCookies', { name, domain, path }));
      const same = Object.entries(SAME_SITE).find(([, ours]) => ours === sameSite)?.[0];
      return sent(
        connection.send<{ success?: boolean }>('Network.setCookie', {
          name,
          value,
          path,
          secure,
          httpOnly,
          // A host-only cookie has none: with a domain it would become another cookie.
          ...(domain.startsWith('.') ? { domain } : { url: `http${secure ? 's' : ''}://${domain}${path}` }),
          ...(same !== undefined && { sameSite: same }),
          ...(typeof expiresAt === 'number' && { expires: expiresAt / 1000 }),
        }),
      );
    },
    // A page that is gone by now, or has no address that cookies are sent to.
    look: (url) => void compare(url).catch(() => undefined),
  };
}

interface ProtocolCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  /** Epoch s; -1 for a session cookie. */
  readonly expires: number;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite?: string;
}

/** The protocol's names, and those of the extension API that `SeenCookie` uses. */
const SAME_SITE: Readonly<Record<string, string>> = { Strict: 'strict', Lax: 'lax', None: 'no_restriction' };

const isOver = ({ expires }: ProtocolCookie): boolean => expires >= 0 && expires * 1000 <= Date.now();

const changed = ({ name, value, domain }: ProtocolCookie): ChangedCookie => ({
  name,
  value,
  domain,
  hostOnly: !domain.startsWith('.'),
  // Of the normal profile: a port belongs to one profile.
  storeId: '0',
});

const seenCookie = ({ name, value, domain, path, expires, httpOnly, secure, sameSite = '' }: ProtocolCookie): SeenCookie => ({
  name,
  value,
  domain,
  path,
  httpOnly,
  secure,
  sameSite: SAME_SITE[sameSite] ?? 'unspecified',
  expiresAt: expires < 0 ? null : Math.round(expires * 1000),
});

const sent = (work: Promise<{ success?: boolean }>): Promise<boolean> =>
  work.then(
    ({ success }) => success !== false,
    () => false,
  );
