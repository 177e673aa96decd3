import { nativeBrowser } from '@/lib/browser/native-browser';
import { type EarlyPort, earlyView, openEarly } from '@/lib/protocol/early-port';

const { tabs, runtime } = nativeBrowser();

async function open(): Promise<EarlyPort> {
  // `?tabId=` if the popup is opened as a page in a tab; otherwise the active tab.
  const asked = new URLSearchParams(location.search).get('tabId');
  const tab = asked === null ? (await tabs.query({ active: true, currentWindow: true }))[0]?.id : Number(asked);
  return openEarly(runtime, { type: 'hello', view: 'popup', tab: tab ?? -1, lends: false });
}

/** The popup's first script: wakes the background, which reads the page while the popup's modules load. */
export default {
  globalName: false,
  main() {
    earlyView.earlyPort = open();
  },
};
