import '@/components/ui/style.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import type { Shortcut } from '@/components/options/options-general';
import type { Permissions } from '@/components/options/options-sites';
import { OptionsView } from '@/components/options/options-view';
import { createModel } from '@/components/state/model';
import { showAllText } from '@/components/ui/visible-text';
import { nativeBrowser } from '@/lib/browser/native-browser';
import { presetShelf } from '@/lib/forms/preset-shelf';
import { openPort } from '@/lib/protocol/port';
import { parseSettings, SETTINGS_KEY, type Settings } from '@/lib/settings/settings';
import { sitesOf } from '@/lib/settings/site-pattern';
import { sitePermission, unwatch } from '@/lib/settings/site-permission';
import { followChosenTheme, showTheme } from '@/lib/settings/theme';

showAllText();

const browser = nativeBrowser();
/** The tab to try settings on: the one that this page was opened from. */
const asked = new URLSearchParams(location.search).get('tabId');
const model =
  asked === null
    ? null
    : createModel({
        tab: Number(asked),
        view: 'options',
        lends: false,
        open: (handlers) => openPort({ ...handlers, runtime: () => browser.runtime }),
      });

const settings = signal<Settings | null>(null);
const load = async () => {
  settings.value = parseSettings((await browser.storage.local.get(SETTINGS_KEY))[SETTINGS_KEY]);
};
const save = async (next: Settings) => {
  await browser.storage.local.set({ [SETTINGS_KEY]: next });
  await load();
};
browser.storage.local.onChanged.addListener(() => void load());

/** Host patterns of watched sites, granted here or in the browser's settings. */
const watched = signal<readonly string[] | null>(null);
const follow = async () => {
  watched.value = sitesOf((await browser.permissions.getAll()).origins);
};
browser.permissions.onAdded.addListener(() => void follow());
browser.permissions.onRemoved.addListener(() => void follow());
const site = sitePermission();
const permissions: Permissions = {
  watch: (origin) => site?.ask(origin) ?? Promise.resolve(false),
  unwatch: (pattern) => unwatch([pattern]),
  notifications: () => browser.permissions.request({ permissions: ['notifications'] }),
};

const shortcuts = signal<readonly Shortcut[]>([]);
const ABOUT_POPUP = 'Open the popup';
void browser.commands.getAll().then((all) => {
  shortcuts.value = all.map(({ description, shortcut }) => ({ about: description || ABOUT_POPUP, keys: shortcut ?? '' }));
});
const openShortcuts = () => {
  // Firefox has an API for it, Chromium a URL.
  const { openShortcutSettings } = browser.commands as { openShortcutSettings?: () => Promise<void> };
  void (openShortcutSettings ? openShortcutSettings() : browser.tabs.create({ url: 'chrome://extensions/shortcuts' }));
};

const presets = presetShelf(browser.storage.local);

void load();
void follow();
followChosenTheme(browser.storage.local, showTheme);
render(
  <OptionsView
    settings={settings}
    save={save}
    watched={watched}
    permissions={permissions}
    shortcuts={shortcuts}
    openShortcuts={openShortcuts}
    presets={presets}
    model={model}
  />,
  document.body,
);
document.addEventListener('visibilitychange', () => model?.showing(!document.hidden));
