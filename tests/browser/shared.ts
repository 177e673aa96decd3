// Browsers that tests use one after another: to start one, and its first DevTools, takes longer than most tests.
import { launchChromium } from '../../scripts/chromium.mjs';
import { until } from '../../scripts/until.mjs';
import { type Chromium, grantsOf, watchedProfile } from './lifecycle';
import { scriptsOf } from './worker';

/** In functions that are evaluated in the extension's origin. */
declare const chrome: typeof import('@wxt-dev/browser').browser;

/** What a browser is started with. */
export interface Kind {
  /** DevTools opens with each tab, as for a person who works so; otherwise with the panel. */
  readonly devtools: boolean;
  /** The sandbox's sites are watched. */
  readonly watched: boolean;
}

export interface Shared {
  /** A browser as good as new, with one blank tab. */
  take(kind: Kind): Promise<Chromium>;
  /** Ends all of them. */
  close(): Promise<void>;
}

interface Kept {
  readonly chromium: Chromium;
  /** What the extension was granted when the browser was new. */
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

/** The scripts of watched sites are registered as the worker starts; a page opened before would be taken up, but not from its first line on. */
const registered = (chromium: Chromium): Promise<unknown> =>
  until('the scripts of watched sites', async () => (await scriptsOf(chromium)).length > 0);

/** Undoes what a test left behind; says whether all of it could be undone. */
async function renewed({ chromium, grants }: Kept): Promise<boolean> {
  try {
    const { context, id } = chromium;
    const before = context.pages();
    // Of the extension's origin, and with no script that would talk to the worker.
    const page = await context.newPage();
    await page.goto(`chrome-extension://${id}/icon.svg`);
    for (const one of before) await one.close();
    const own = `chrome-extension://${id}/`;
    for (const { targetId, type, url } of await chromium.targets())
      if (type === 'page' && url.startsWith(own) && url !== page.url()) await chromium.cdp.send('Target.closeTarget', { targetId });

    const session = await context.newCDPSession(page);
    await session.send('ServiceWorker.enable');
    // An event of a tab that has just closed may wake it again.
    const stop = () =>
      until('the worker to end', async () => {
        await session.send('ServiceWorker.stopAllWorkers');
        return !(await chromium.targets()).some(({ type }) => type === 'service_worker');
      });
    await stop();
    await page.evaluate(async () => {
      await Promise.all([chrome.storage.session.clear(), chrome.storage.local.clear(), chrome.alarms.clearAll()]);
      // Without the permission there are none.
      for (const one of Object.keys((await chrome.notifications?.getAll()) ?? {})) await chrome.notifications.clear(one);
    });
    await context.clearCookies();
    // A later sandbox may get this one's port, and would find sessions there that it did not open.
    await session.send('Storage.clearDataForOrigin', { origin: '*', storageTypes: 'local_storage' });
    // An alarm or an event of a tab may have woken it in between, before all was cleared.
    await stop();
    await session.send('ServiceWorker.startWorker', { scopeURL: own });
    const same = (await granted(chromium)) === grants;
    await context.newPage();
    await page.close();
    return same;
  } catch {
    // Whatever is wrong with it, it is not as new.
    return false;
  }
}
