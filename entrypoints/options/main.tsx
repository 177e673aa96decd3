import '@/components/style.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import { createModel } from '@/components/model';
import { OptionsView } from '@/components/options-view';
import { nativeBrowser } from '@/lib/native-browser';
import { openPort } from '@/lib/protocol/port';
import { parseSettings, SETTINGS_KEY, type Settings } from '@/lib/settings';

const browser = nativeBrowser();
/** The tab that settings are tried on: the one that this page was opened from. */
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
browser.storage.onChanged.addListener((_changes, area) => {
  if (area === 'local') void load();
});

void load();
render(<OptionsView settings={settings} save={save} model={model} />, document.body);
document.addEventListener('visibilitychange', () => model?.showing(!document.hidden));
