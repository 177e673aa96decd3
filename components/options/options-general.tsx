import { useSignal } from '@preact/signals';
import { DEADLINE, exportSettings, importSettings, NO_SETTINGS, type Settings, THEMES, type Theme } from '@/lib/settings/settings';
import { Card } from '../ui/cards';
import { FileButton } from '../ui/file-button';
import { NumberField } from '../ui/number-field';
import type { ApplySettings } from './apply';

const THEME_WORDS: Record<Theme, string> = { auto: 'System default', light: 'Light', dark: 'Dark' };

/** Settings for all sites. */
export function GeneralCard({ settings, apply }: { settings: Settings; apply: ApplySettings }) {
  return (
    <Card title="General">
      <NumberField
        label="Action timeout (seconds)"
        testid="deadline"
        value={settings.deadline / 1000}
        least={DEADLINE.least / 1000}
        most={DEADLINE.most / 1000}
        change={(seconds) => apply({ ...settings, deadline: seconds * 1000 })}
      />
      <div class="field">
        <label for="theme">Theme</label>
        <select
          id="theme"
          data-testid="theme"
          value={settings.theme}
          onChange={(event) => apply({ ...settings, theme: event.currentTarget.value as Theme })}
        >
          {THEMES.map((theme) => (
            <option key={theme} value={theme}>
              {THEME_WORDS[theme]}
            </option>
          ))}
        </select>
      </div>
    </Card>
  );
}

/** A keyboard shortcut as set in the browser; `keys` is empty if there is none. */
export interface Shortcut {
  readonly about: string;
  readonly keys: string;
}

export function ShortcutsCard({ shortcuts, open }: { shortcuts: readonly Shortcut[]; open(): void }) {
  return (
    <Card title="Keyboard shortcuts">
      <dl>
        {shortcuts.map(({ about, keys }) => (
          <div key={about} class="fact wide" data-testid="shortcut">
            <dt>{about}</dt>
            <dd>{keys ? <kbd>{keys}</kbd> : <span class="quiet">not set</span>}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">
        <button type="button" class="link" onClick={open}>
          Change shortcuts
        </button>
      </p>
    </Card>
  );
}

/** Imports, exports and resets the settings. */
export function FileCard({ settings, apply, failed }: { settings: Settings; apply: ApplySettings; failed(): void }) {
  const problem = useSignal('');
  const take = async (file: File) => {
    const imported = importSettings(await file.text().catch(() => ''));
    problem.value = 'problem' in imported ? imported.problem : '';
    // Clears the message about an earlier change, which this file didn't cause.
    if ('problem' in imported) failed();
    if ('settings' in imported) apply(imported.settings, `Imported ${file.name}.`);
  };
  return (
    <Card title="Backup">
      <p class="quiet">Settings files contain no tokens or session data. Site permissions aren’t included.</p>
      <div class="line">
        <a
          class="button"
          data-testid="export"
          download="synerise-session-inspector-settings.json"
          href={`data:application/json;charset=utf-8,${encodeURIComponent(exportSettings(settings))}`}
        >
          Export
        </a>
        <FileButton accept="application/json,.json" testid="import" take={(file) => void take(file)}>
          Import
        </FileButton>
        <button type="button" data-testid="reset" onClick={() => apply(NO_SETTINGS, 'Settings reset to defaults.')}>
          Reset
        </button>
      </div>
      <p role="alert" class="trouble" data-testid="import-problem">
        {problem.value}
      </p>
    </Card>
  );
}
