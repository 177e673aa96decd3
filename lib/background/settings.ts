import { pageSetup } from '../page/setup';
import type { Setup } from '../page/wire';
import type { Policy } from '../session/session';
import { NO_SETTINGS, parseSettings, policyOf, SETTINGS_KEY, type Settings, siteSettings } from '../settings/settings';
import { createTurns } from '../tasks/turns';
import type { Platform } from './platform';

/** The settings, as far as the background needs them. */
export interface SettingsStore {
  /** What agents in documents of `origin` are told to look for; nothing of other sites' settings is in it. */
  setup(origin: string): Promise<Setup>;
  policy(origin: string): Promise<Policy>;
  /** Stores what `change` makes of them, one change after another. */
  update(change: (settings: Settings) => Settings): Promise<void>;
}

/** The settings on disk, followed as they change. Call at once: it listens. */
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
