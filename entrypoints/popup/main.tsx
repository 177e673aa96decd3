import '@/components/ui/style.css';
import { render } from 'preact';
import { PopupView } from '@/components/popup/popup-view';
import { createModel } from '@/components/state/model';
import { showAllText } from '@/components/ui/visible-text';
import { nativeBrowser } from '@/lib/browser/native-browser';
import { openPort } from '@/lib/protocol/port';
import { sitePermission } from '@/lib/settings/site-permission';
import { followChosenTheme, showTheme } from '@/lib/settings/theme';

showAllText();

const browser = nativeBrowser();

/** The tab that this view shows: `?tabId=` if it is opened as a page of its own, otherwise the tab that the popup belongs to. */
async function inspectedTab(): Promise<number> {
  const asked = new URLSearchParams(location.search).get('tabId');
  if (asked !== null) return Number(asked);
  const [active] = await browser.tabs.query({ active: true, currentWindow: true });
  return active?.id ?? -1;
}

followChosenTheme(browser.storage, showTheme);

void inspectedTab().then((tab) => {
  const model = createModel({
    tab,
    view: 'popup',
    lends: false,
    permission: sitePermission(),
    open: (handlers) => openPort({ ...handlers, runtime: () => browser.runtime }),
  });
  render(<PopupView model={model} />, document.body);
  document.addEventListener('visibilitychange', () => model.showing(!document.hidden));
});
