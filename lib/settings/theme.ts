import { SETTINGS_KEY } from './settings-key';

/** The part of `browser.storage.local` that is used. */
interface Storage {
  get(key: string): Promise<Record<string, unknown>>;
  readonly onChanged: { addListener(listener: (changes: Record<string, { newValue?: unknown }>) => void): void };
}

/**
 * Follows the theme that the user chose in the settings: sets `light`, `dark`, or `null` for the surrounding theme.
 * Reads only this field, so that small views don't need the schema of all settings.
 */
export function followChosenTheme(local: Storage, set: (theme: 'light' | 'dark' | null) => void): void {
  const apply = (settings: unknown) => {
    const { theme } = Object(settings) as { theme?: unknown };
    set(theme === 'light' || theme === 'dark' ? theme : null);
  };
  void local.get(SETTINGS_KEY).then((stored) => apply(stored[SETTINGS_KEY]));
  local.onChanged.addListener((changes) => {
    if (changes[SETTINGS_KEY]) apply(changes[SETTINGS_KEY].newValue);
  });
}

/** Shows a theme; `null` for the system's. */
export function showTheme(theme: 'light' | 'dark' | null): void {
  const { dataset } = document.documentElement;
  if (theme) dataset['theme'] = theme;
  else delete dataset['theme'];
}
