/** Passes changes of the SDK's cookies, as the browser reports them, to the sessions they belong to. */
import { isCookieOf } from '../web/cookies';
import type { Channels } from './channels';
import { logBug } from './log';
import type { CookieChange } from './platform';
import type { Registry } from './registry';
import type { Views } from './views';

/** Cookies whose value is a UUID, or starts with one before a colon (facts §3.3). */
const UUID_COOKIES = ['_snrs_uuid', '_snrs_reset_uuid', '_snrs_reset_uuid_and_identity_hash'];

/** Applies a cookie change to each session whose origin the cookie is sent to. */
export async function noteCookie(
  { registry, channels, views }: { readonly registry: Registry; readonly channels: Channels; readonly views: Views },
  { cookie, removed, cause }: CookieChange,
): Promise<void> {
  const { name, value, domain, hostOnly, storeId } = cookie;
  const uuid = UUID_COOKIES.includes(name) ? (value.split(':')[0]?.slice(0, 100) ?? null) : null;
  const seen = { name, httpOnly: false, secure: false, path: '/', ...(hostOnly ? { host: domain } : { domain }), expiresAt: null };
  for (const { tab, visit } of await registry.sessions()) {
    const { origin } = visit;
    // Chromium's incognito cookie store has the ID "1".
    if (origin === null || !/^http/.test(origin) || tab.incognito !== (storeId === '1' || storeId === 'firefox-private')) continue;
    if (!isCookieOf(seen, origin, 0)) continue;
    void registry
      .apply(tab.id, { type: 'cookie', news: { name, removed, cause, uuid } })
      .then(() => (views.of(tab.id).length ? channels.of(tab.id).cookies() : undefined))
      .catch(logBug);
  }
}
