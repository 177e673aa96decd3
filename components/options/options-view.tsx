import './options.css';
import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { PresetShelf } from '@/lib/forms/preset-shelf';
import type { Settings } from '@/lib/settings/settings';
import type { Model } from '../state/model';
import { later } from '../ui/later';
import type { ApplySettings } from './apply';
import { FileCard, GeneralCard, type Shortcut, ShortcutsCard } from './options-general';

import { type Permissions, SitesCard } from './options-sites';

const PlacesCard = later(async () => (await import('./options-places')).PlacesCard);
const PresetsCard = later(async () => (await import('./options-presets')).PresetsCard);

export interface OptionsProps {
  readonly settings: ReadonlySignal<Settings | null>;
  /** Rejects if the browser can't store them. */
  readonly save: (settings: Settings) => Promise<void>;
  /** Granted host patterns; `null` until they are known. */
  readonly watched: ReadonlySignal<readonly string[] | null>;
  readonly permissions: Permissions;
  readonly shortcuts: ReadonlySignal<readonly Shortcut[]>;
  /** Opens the browser's page for keyboard shortcuts. */
  readonly openShortcuts: () => void;
  /** Saved presets. */
  readonly presets: PresetShelf;
  /** The model of the tab that the page was opened from; `null` if it was opened on its own. */
  readonly model: Model | null;
}

/** The settings page. */
export function OptionsView({ settings, save, watched, permissions, shortcuts, openShortcuts, presets, model }: OptionsProps) {
  const trouble = useSignal('');
  /** The settings before a change that can be undone. */
  const before = useSignal<{ readonly said: string; readonly settings: Settings } | null>(null);
  /** Raised to reset all fields after all settings change at once. */
  const epoch = useSignal(0);
  const known = settings.value;
  const apply: ApplySettings = (next, said) => {
    const undo = said !== undefined && known ? { said, settings: known } : null;
    void save(next).then(
      () => {
        trouble.value = '';
        if (undo || before.value) epoch.value += 1;
        before.value = undo;
      },
      (error: unknown) => {
        trouble.value = `Couldn’t save settings: ${error instanceof Error ? error.message : String(error)}`;
      },
    );
  };
  const undo = before.value;
  return (
    <main class="options">
      <h1>Synerise Session Inspector settings</h1>
      <p role="status" data-testid="settings-status" class={`settings-status ${trouble.value ? 'trouble' : 'quiet'}`}>
        {trouble.value}
        {!trouble.value && undo && (
          <>
            {undo.said}{' '}
            <button type="button" class="link" data-testid="undo" onClick={() => apply(undo.settings)}>
              Undo
            </button>
          </>
        )}
      </p>
      {known && (
        <>
          <SitesCard key={`sites ${epoch.value}`} settings={known} apply={apply} watched={watched.value} permissions={permissions} />
          <PlacesCard settings={known} apply={apply} session={model?.session.value ?? null} />
          <GeneralCard key={`general ${epoch.value}`} settings={known} apply={apply} />
          <PresetsCard shelf={presets} />
          <ShortcutsCard shortcuts={shortcuts.value} open={openShortcuts} />
          <FileCard settings={known} apply={apply} failed={() => (before.value = null)} />
        </>
      )}
    </main>
  );
}
