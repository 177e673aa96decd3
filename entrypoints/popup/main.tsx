import '@/components/ui/style.css';
import { render } from 'preact';
import { PopupView } from '@/components/popup/popup-view';
import { createModel } from '@/components/state/model';
import { showAllText } from '@/components/ui/visible-text';
import { nativeBrowser } from '@/lib/browser/native-browser';
import { EARLY_PORT, type EarlyPort } from '@/lib/protocol/early-port';
import { openPort } from '@/lib/protocol/port';
import { sitePermission } from '@/lib/settings/site-permission';
import { followChosenTheme, showTheme } from '@/lib/settings/theme';

showAllText();

const browser = nativeBrowser();
/** Opened by `popup-early.ts`. */
const { [EARLY_PORT]: early } = globalThis as unknown as Record<typeof EARLY_PORT, Promise<EarlyPort>>;

followChosenTheme(browser.storage, showTheme);

void early.then(({ tab, take }) => {
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
