import { nativeBrowser } from '@/lib/browser/native-browser';
import { EARLY_PORT, type EarlyPort, openEarly } from '@/lib/protocol/early-port';

/** The popup's first script: wakes the background, which reads the page while the popup's modules load. */
export default {
  globalName: false,
  main() {
    const { tabs, runtime } = nativeBrowser();
    const asked = new URLSearchParams(location.search).get('tabId');
    const open = (tab: number): EarlyPort => openEarly(runtime, { type: 'hello', view: 'popup', tab, lends: false });
    // `?tabId=` if it is opened as a page of its own, otherwise the tab that the popup belongs to.
    (globalThis as unknown as Record<string, Promise<EarlyPort>>)[EARLY_PORT] =
      asked === null
        ? tabs.query({ active: true, currentWindow: true }).then(([active]) => open(active?.id ?? -1))
        : Promise.resolve().then(() => open(Number(asked)));
  },
};
