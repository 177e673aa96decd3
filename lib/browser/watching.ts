import type { Cookies } from 'webextension-polyfill';
import { browser } from 'wxt/browser';
import { logProblem } from '../background/log';
import type { Watching, WatchingHooks } from '../background/platform';
import { AGENT_SCRIPT, CLIENT_SCRIPT, RELAY_SCRIPT, WATCH_SCRIPT } from '../page/wire';
import type { RelayMessage } from '../protocol/relay';
import { covers, sitesOf } from '../settings/site-pattern';
import { createTurns } from '../tasks/turns';
import type { SeenCookie } from '../web/cookies';
import { nativeBrowser } from './native-browser';

/** Where in `storage.local` the granted patterns are kept, so that one that was taken back while no worker lived is noticed. */
const KNOWN = 'watched';
/** Cookies whose changes are followed: the Web SDK's (facts §3.3). */
const COOKIES = '_snrs_';

/** The patterns of all sites that are watched. */
const patterns = async () => sitesOf((await browser.permissions.getAll()).origins);

const watches = async (origin: string): Promise<boolean> => (await patterns()).some((pattern) => covers(pattern, origin));

/** The two worlds' scripts. Each id stands for what is registered under it. */
const SCRIPTS = [
  { id: 'watch', js: [AGENT_SCRIPT, CLIENT_SCRIPT, WATCH_SCRIPT], world: 'MAIN' as const },
  { id: 'relay', js: [RELAY_SCRIPT], world: 'ISOLATED' as const },
];

/** Follows the browser's permissions, here or in its own settings. Call at once: it listens. */
export function createWatching(hooks: WatchingHooks): Watching {
  const changed = (change: Parameters<WatchingHooks['cookie']>[0]) => {
    if (change.cookie.name.startsWith(COOKIES)) hooks.cookie(change);
  };
  const follow = () => {
    // The polyfill holds what was there when the worker began; this permission may be newer. Firefox takes listeners away with it.
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
    // Persists over restarts of the browser, and is made anew after an update of the extension.
    if (wanted.length) await scripting.registerContentScripts(wanted as Parameters<typeof scripting.registerContentScripts>[0]);
    return true;
  }

  return {
    watches,
    async has(tab) {
      // Told only where the host is granted, or was just clicked on.
      const url = await browser.tabs.get(tab).then(
        (found) => found.url,
        () => undefined,
      );
      return url !== undefined && URL.canParse(url) && watches(new URL(url).origin);
    },
    async cookies(tab, origin, prefix) {
      const { cookies } = nativeBrowser();
      if (!cookies || !(await watches(origin))) return null;
      // An incognito tab, or a container's, has a store of its own.
      const store = (await cookies.getAllCookieStores()).find(({ tabIds }) => tabIds.includes(tab));
      if (!store) return null;
      const { hostname: domain } = new URL(origin);
      const storeId = store.id;
      // By address for those of parent domains, by domain for those of other paths.
      const all = await Promise.all([cookies.getAll({ url: origin, storeId }), cookies.getAll({ domain, storeId })]);
      const seen = new Map<string, SeenCookie>();
      for (const { name, value, httpOnly, secure, sameSite, domain: of, path, expirationDate } of all.flat()) {
        if (!name.startsWith(prefix)) continue;
        const expiresAt = expirationDate === undefined ? null : Math.round(expirationDate * 1000);
        seen.set(`${name} ${of} ${path}`, { name, value, httpOnly, secure, sameSite, domain: of, path, expiresAt });
      }
      return [...seen.values()];
    },
    async keepCookie(tab, { name, domain = '', path = '/', secure = false, httpOnly, sameSite, expiresAt }, value) {
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
      // Before anything is done for a new one, so that it is known should it be taken back meanwhile.
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
    // The browser lets nobody but the relays into their pages now.
    async leave(origins) {
      const message: RelayMessage = { type: 'unwatch', origins };
      const tabs = await browser.tabs.query({});
      await Promise.all(tabs.map(({ id }) => id !== undefined && browser.tabs.sendMessage(id, message).catch(() => undefined)));
    },
  };
}

/** Browsers give file names back with or without their leading slash. */
const namesOf = (files: readonly unknown[] | undefined) => (files ?? []).map((file) => String(file).replace(/^\//, '')).join();
