import { browser } from 'wxt/browser';
import { TABLES } from '../sdk/dialects';
import { AGENT_VERSION, type Setup } from '../sdk/wire';
import { NO_SETTINGS, parseSettings, SETTINGS_KEY, type Settings } from '../settings';

/** What agents are told to look for, as the settings stand. */
export interface Setups {
  /** The setup for documents of `origin`; nothing of other sites' settings is in it. */
  of(origin: string): Promise<Setup>;
}

/** Setups over `storage.local`, followed as it changes. Call at once: it listens. */
export function createSetups(changed: () => void): Setups {
  let settings: Promise<Settings> = browser.storage.local.get(SETTINGS_KEY).then(
    (stored) => parseSettings(stored[SETTINGS_KEY]),
    () => NO_SETTINGS,
  );
  browser.storage.onChanged.addListener((changes, area) => {
    if (area !== 'local' || !changes[SETTINGS_KEY]) return;
    settings = Promise.resolve(parseSettings(changes[SETTINGS_KEY].newValue));
    changed();
  });
  return {
    async of(origin) {
      const places = (await settings).places[origin] ?? [];
      return { id: `${AGENT_VERSION}${JSON.stringify(places)}`, dialects: TABLES, places };
    },
  };
}
