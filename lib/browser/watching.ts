import type { Cookies } from 'webextension-polyfill';
import { browser } from 'wxt/browser';
import { logProblem } from '../background/log';
import type { CookieChange, Watching, WatchingHooks } from '../background/platform';
import { AGENT_SCRIPT, CLIENT_SCRIPT, RELAY_SCRIPT, TABLES_SCRIPT, WATCH_SCRIPT } from '../page/wire';
import type { RelayMessage } from '../protocol/relay';
import { covers, sitesOf } from '../settings/site-pattern';
import { createTurns } from '../tasks/turns';
import { SDK_COOKIES, type SeenCookie } from '../web/cookies';
import { nativeBrowser } from './native-browser';

/** Key in `storage.local` of the granted patterns, so that one revoked while no worker was running is noticed. */
const KNOWN = 'watched';

/** The host patterns of all watched sites. */
const patterns = async () => sitesOf((await browser.permissions.getAll()).origins);

const watches = async (origin: string): Promise<boolean> => (await patterns()).some((pattern) => covers(pattern, origin));

/** The content scripts for the page's own world (`MAIN`) and the isolated one, by the ID they are registered under. */
const SCRIPTS = [
  { id: 'watch', js: [AGENT_SCRIPT, TABLES_SCRIPT, CLIENT_SCRIPT, WATCH_SCRIPT], world: 'MAIN' as const },
  { id: 'relay', js: [RELAY_SCRIPT], world: 'ISOLATED' as const },
];

/** Follows permission changes, made here or in the browser's settings. Call synchronously at startup: it adds listeners. */
export function createWatching(hooks: WatchingHooks): Watching {
  const changed = (change: CookieChange) => {
    if (change.cookie.name.startsWith(SDK_COOKIES)) hooks.cookie(change);
  };
  const follow = () => {
    // The polyfill has only the APIs that existed when the worker started; this permission may be newer. Firefox removes the
    // listeners together with the permission.
    const { cookies } = nativeBrowser();
    cookies?.onChanged.removeListener(changed);
    cookies?.onChanged.addListener(changed);
  };
  follow();
  browser.permissions.onAdded.addListener(() => {
    follow();
    hooks.changed([]);
  });
  browser.permissions.onRemoved.addListener(({ origins }) => hooks.changed(sitesOf(origins)));

  const inTurn = createTurns();
  const known = async () => ((await browser.storage.local.get(KNOWN))[KNOWN] ?? []) as readonly string[];

  async function reconcile(): Promise<boolean> {
    const { scripting } = nativeBrowser();
    const matches = [...(await patterns())];
    const there = await scripting.getRegisteredContentScripts({ ids: SCRIPTS.map(({ id }) => id) });
    const wanted = matches.length
      ? SCRIPTS.map((script) => ({ ...script, matches, allFrames: true, runAt: 'document_start' as const }))
      : [];
    const isThere = ({ id, js }: (typeof wanted)[number]) =>
      there.some(
        (one) => one.id === id && [...(one.matches ?? [])].sort().join() === [...matches].sort().join() && namesOf(one.js) === namesOf(js),
      );
    if (wanted.length === there.length && wanted.every(isThere)) return false;
    if (there.length) await scripting.unregisterContentScripts({ ids: there.map(({ id }) => id) });
    // Registrations persist across browser restarts, and are made again after an update of the extension.
    if (wanted.length) await scripting.registerContentScripts(wanted as Parameters<typeof scripting.registerContentScripts>[0]);
    return true;
  }

  return {
    access: 'watched',
    watches,
    async has(tab) {
      // `url` is set only with a host permission or after a toolbar click.
      const url = await browser.tabs.get(tab).then(
        (found) => found.url,
        () => undefined,
      );
      return url !== undefined && URL.canParse(url) && watches(new URL(url).origin);
    },
    async cookies(tab, origin, prefix) {
      const { cookies } = nativeBrowser();
      if (!cookies || !(await watches(origin))) return null;
      // Incognito and container tabs have their own cookie stores.
      const store = (await cookies.getAllCookieStores()).find(({ tabIds }) => tabIds.includes(tab));
      if (!store) return null;
      const { hostname: domain } = new URL(origin);
      const storeId = store.id;
      // Query by URL to include cookies of parent domains, and by domain to include those of other paths.
      const all = await Promise.all([cookies.getAll({ url: origin, storeId }), cookies.getAll({ domain, storeId })]);
      const seen = new Map<string, SeenCookie>();
      for (const { name, value, httpOnly, secure, sameSite, domain: of, path, expirationDate } of all.flat()) {
        if (!name.startsWith(prefix)) continue;
        const expiresAt = expirationDate === undefined ? null : Math.round(expirationDate * 1000);
        seen.set(`${name} ${of} ${path}`, { name, value, httpOnly, secure, sameSite, domain: of, path, expiresAt });
      }
      return [...seen.values()];
    },
    async setCookie(tab, { name, domain = '', path = '/', secure = false, httpOnly, sameSite, expiresAt }, value) {
      const { cookies } = nativeBrowser();
      const store = (await cookies?.getAllCookieStores())?.find(({ tabIds }) => tabIds.includes(tab));
      if (!cookies || !store) return false;
      const url = `http${secure ? 's' : ''}://${domain.replace(/^\./, '')}${path}`;
      const of = { url, name, storeId: store.id };
      if (value === null) return (await cookies.remove(of)) !== null;
      const made = await cookies.set({
        ...of,
        value,
        path,
        secure,
        httpOnly,
        ...(domain.startsWith('.') && { domain }),
        ...(sameSite !== undefined && { sameSite: sameSite as Cookies.SameSiteStatus }),
        ...(typeof expiresAt === 'number' && { expirationDate: expiresAt / 1000 }),
      });
      return made !== null;
    },
    async gone() {
      const before = await known();
      const now = await patterns();
      const all = [...new Set([...before, ...now])];
      // Store a new pattern before acting on it, so that it is known if it is revoked meanwhile.
      if (all.length > before.length) await browser.storage.local.set({ [KNOWN]: all });
      return before.filter((pattern) => !now.includes(pattern));
    },
    async settled() {
      const now = [...(await patterns())];
      const before = await known();
      if ([...before].sort().join() !== now.sort().join()) await browser.storage.local.set({ [KNOWN]: now });
    },
    register() {
      return inTurn(reconcile).catch((error: unknown) => {
        logProblem(error);
        return false;
      });
    },
    async tabs() {
      const matches = await patterns();
      if (!matches.length) return [];
      return (await browser.tabs.query({ url: [...matches] })).flatMap(({ id, discarded }) => (id === undefined || discarded ? [] : [id]));
    },
    // Without the permission, only the relays that are already in the pages can act there.
    async leave(origins) {
      const message: RelayMessage = { type: 'unwatch', origins };
      const tabs = await browser.tabs.query({});
      await Promise.all(tabs.map(({ id }) => id !== undefined && browser.tabs.sendMessage(id, message).catch(() => undefined)));
    },
  };
}

/** Joins file names for comparison: browsers return them with or without the leading slash. */
const namesOf = (files: readonly unknown[] | undefined) => (files ?? []).map((file) => String(file).replace(/^\//, '')).join();
