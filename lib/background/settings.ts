import { pageSetup } from '../page/setup';
import type { Setup } from '../page/wire';
import type { Policy } from '../session/session';
import { NO_SETTINGS, parseSettings, policyOf, SETTINGS_KEY, type Settings, siteSettings } from '../settings/settings';
import { createTurns } from '../tasks/turns';
import type { Platform } from './platform';

/** The part of the settings that the background needs. */
export interface SettingsStore {
  /** What agents in documents of `origin` look for. Contains nothing from other sites' settings. */
  setup(origin: string): Promise<Setup>;
  policy(origin: string): Promise<Policy>;
  /** Applies `change` to the stored settings and stores the result. Changes run one at a time. */
  update(change: (settings: Settings) => Settings): Promise<void>;
}

/** Reads the settings from disk and follows their changes. Call synchronously at startup: it adds a listener. */
export function createSettings({ local, onLocalChange }: Pick<Platform, 'local' | 'onLocalChange'>, changed: () => void): SettingsStore {
  const read = () =>
    local.get(SETTINGS_KEY).then(
      (stored) => parseSettings(stored[SETTINGS_KEY]),
      () => NO_SETTINGS,
    );
  let settings: Promise<Settings> = read();
  const inTurn = createTurns();
  onLocalChange(({ [SETTINGS_KEY]: change }) => {
    if (!change) return;
    settings = Promise.resolve(parseSettings(change.newValue));
    changed();
  });
  return {
    setup: async (origin) => pageSetup(siteSettings(await settings, origin).places),
    policy: async (origin) => policyOf(await settings, origin),
    update: (change) =>
      inTurn(async () => {
        const before = await read();
        const after = change(before);
        if (JSON.stringify(after) !== JSON.stringify(before)) await local.set({ [SETTINGS_KEY]: after });
      }),
  };
}
