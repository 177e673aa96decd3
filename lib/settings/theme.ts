import { SETTINGS_KEY } from './settings-key';

/** The little that is needed of `browser.storage`. */
interface Storage {
  readonly local: { get(key: string): Promise<Record<string, unknown>> };
  readonly onChanged: { addListener(listener: (changes: Record<string, { newValue?: unknown }>, area: string) => void): void };
}

/**
 * Follows the theme that a person chose in the settings: sets `light` or `dark`, or `null` for as the surroundings have it.
 * Looks at this one field only, so that small views need no schema of all settings.
 */
export function followChosenTheme({ local, onChanged }: Storage, set: (theme: 'light' | 'dark' | null) => void): void {
  const apply = (settings: unknown) => {
    const { theme } = Object(settings) as { theme?: unknown };
    set(theme === 'light' || theme === 'dark' ? theme : null);
  };
  void local.get(SETTINGS_KEY).then((stored) => apply(stored[SETTINGS_KEY]));
  onChanged.addListener((changes, area) => {
    if (area === 'local' && changes[SETTINGS_KEY]) apply(changes[SETTINGS_KEY].newValue);
  });
}

/** Shows a theme; `null` for the system's. */
export function showTheme(theme: 'light' | 'dark' | null): void {
  const { dataset } = document.documentElement;
  if (theme) dataset['theme'] = theme;
  else delete dataset['theme'];
}
