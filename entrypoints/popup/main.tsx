import '@/components/ui/style.css';
import { render } from 'preact';
import { PopupView } from '@/components/popup/popup-view';
import { createModel } from '@/components/state/model';
import { showAllText } from '@/components/ui/visible-text';
import { nativeBrowser } from '@/lib/browser/native-browser';
import { earlyView } from '@/lib/protocol/early-port';
import { openPort } from '@/lib/protocol/port';
import { sitePermission } from '@/lib/settings/site-permission';
import { followChosenTheme, showTheme } from '@/lib/settings/theme';

showAllText();

const browser = nativeBrowser();

followChosenTheme(browser.storage.local, showTheme);

// `popup-early.ts` opened it.
void earlyView.earlyPort.then(({ tab, take }) => {
  const model = createModel({
    tab,
    view: 'popup',
    lends: false,
    permission: sitePermission(),
    open: (handlers) =>
      openPort({ ...handlers, runtime: () => ({ id: browser.runtime.id, connect: (info) => take() ?? browser.runtime.connect(info) }) }),
  });
  render(<PopupView model={model} />, document.body);
  document.addEventListener('visibilitychange', () => model.showing(!document.hidden));
});
