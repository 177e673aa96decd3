// Browsers that tests use one after another: starting one, and its first DevTools, takes longer than most tests.
import { launchChromium } from '../../scripts/chromium.mjs';
import { until } from '../../scripts/until.mjs';
import { type Chromium, grantsOf, watchedProfile } from './lifecycle';
import { scriptsOf } from './worker';

/** Used in functions that run in the extension's origin. */
declare const chrome: typeof import('@wxt-dev/browser').browser;

/** How a browser is started. */
export interface Kind {
  /** DevTools opens with each tab, as some users have it; otherwise only with the panel. */
  readonly devtools: boolean;
  /** The sandbox's sites are watched. */
  readonly watched: boolean;
}

export interface Shared {
  /** A browser as good as new, with one blank tab. */
  take(kind: Kind): Promise<Chromium>;
  /** Closes all of them. */
  close(): Promise<void>;
}

interface Kept {
  readonly chromium: Chromium;
  /** The extension's grants when the browser was new. */
  readonly grants: string;
}

export function sharedBrowsers(): Shared {
  const kept = new Map<string, Kept>();
  return {
    async take(kind) {
      const name = JSON.stringify([kind.devtools, kind.watched]);
      const before = kept.get(name);
      kept.delete(name);
      if (before && (await renewed(before))) kept.set(name, before);
      else {
        await before?.chromium.close();
        const chromium = await launch(kind);
        kept.set(name, { chromium, grants: await granted(chromium) });
      }
      const { chromium } = kept.get(name) as Kept;
      if (kind.watched) await registered(chromium);
      return chromium;
    },
    async close() {
      await Promise.allSettled([...kept.values()].map(({ chromium }) => chromium.close()));
    },
  };
}

const launch = ({ devtools, watched }: Kind): Promise<Chromium> =>
  launchChromium({ devtools, ...(watched && { profile: watchedProfile(), installed: true }) });

const granted = async (chromium: Chromium): Promise<string> => JSON.stringify(await grantsOf(chromium));

/** The worker registers the scripts of watched sites as it starts; a page opened earlier is recorded, but not from page load. */
const registered = (chromium: Chromium): Promise<unknown> =>
  until('the scripts of watched sites', async () => (await scriptsOf(chromium)).length > 0);

/** Cleans up after a test; returns whether everything could be undone. */
async function renewed({ chromium, grants }: Kept): Promise<boolean> {
  try {
    const { context, id } = chromium;
    const before = context.pages();
    // In the extension's origin, without a script that would connect to the worker.
    const page = await context.newPage();
    await page.goto(`chrome-extension://${id}/icon.svg`);
    for (const one of before) await one.close();
    const own = `chrome-extension://${id}/`;
    for (const { targetId, type, url } of await chromium.targets())
      if (type === 'page' && url.startsWith(own) && url !== page.url()) await chromium.cdp.send('Target.closeTarget', { targetId });

    const session = await context.newCDPSession(page);
    await session.send('ServiceWorker.enable');
    // An event of a tab that has just closed may wake the worker again.
    const stop = () =>
      until('the worker to end', async () => {
        await session.send('ServiceWorker.stopAllWorkers');
        return !(await chromium.targets()).some(({ type }) => type === 'service_worker');
      });
    await stop();
    await page.evaluate(async () => {
      await Promise.all([chrome.storage.session.clear(), chrome.storage.local.clear(), chrome.alarms.clearAll()]);
      // Without the permission, the API doesn't exist.
      for (const one of Object.keys((await chrome.notifications?.getAll()) ?? {})) await chrome.notifications.clear(one);
    });
    await context.clearCookies();
    // A later sandbox may get the same port, and must not find this one's sessions.
    await session.send('Storage.clearDataForOrigin', { origin: '*', storageTypes: 'local_storage' });
    // An alarm or a tab event may have woken the worker before everything was cleared.
    await stop();
    await session.send('ServiceWorker.startWorker', { scopeURL: own });
    const same = (await granted(chromium)) === grants;
    await context.newPage();
    await page.close();
    return same;
  } catch {
    // Whatever went wrong, this browser can't be reused.
    return false;
  }
}
