// Browsers that tests use one after another: starting one, and its first DevTools, takes longer than most tests.
import type { Page } from '@playwright/test';
import { launchChromium } from '../../scripts/chromium.mjs';
import { until } from '../../scripts/until.mjs';
import { type Chromium, grantsOf, watchedProfile } from './lifecycle';
import { clearStored, scriptsOf, storesSessions } from './worker';

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
    const blank = (await emptied(chromium, before[0])) ?? (await context.newPage());
    for (const one of before) if (one !== blank) await one.close();
    const own = `chrome-extension://${id}/`;
    for (const { targetId, type, url } of await chromium.targets())
      if (type === 'page' && url.startsWith(own)) await chromium.cdp.send('Target.closeTarget', { targetId });
    await context.clearCookies();
    const session = await context.newCDPSession(blank);
    // A later sandbox may get the same port, and must not find this one's sessions.
    await session.send('Storage.clearDataForOrigin', { origin: '*', storageTypes: 'local_storage' });
    await session.send('ServiceWorker.enable');
    await until('a worker that knows nothing', async () => {
      await clearStored(chromium);
      await until('the worker to end', async () => {
        await session.send('ServiceWorker.stopAllWorkers');
        return !(await chromium.targets()).some(({ type }) => type === 'service_worker');
      });
      await session.send('ServiceWorker.startWorker', { scopeURL: own });
      // The tabs that have just closed may have made the worker write after it was cleared.
      return !(await storesSessions(chromium));
    });
    await session.detach();
    return (await granted(chromium)) === grants;
  } catch {
    // Whatever went wrong, this browser can't be reused.
    return false;
  }
}

/** Empties a tab whose DevTools show our panel, and keeps both: DevTools take seconds to open. Resolves with nothing if there is none. */
async function emptied(chromium: Chromium, page: Page | undefined): Promise<Page | undefined> {
  if (!page || !(await chromium.emptyPanel(page))) return undefined;
  page.removeAllListeners();
  await page.unrouteAll();
  await page.evaluate(() => sessionStorage.clear()).catch(() => {});
  await page.goto('about:blank');
  return page;
}
