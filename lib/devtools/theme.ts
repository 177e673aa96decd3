/** DevTools has a theme of its own: followed live, by Chromium's callback or Firefox's event. */
interface Panels {
  readonly themeName?: string;
  readonly setThemeChangeHandler?: (handler: (theme: string) => void) => void;
  readonly onThemeChanged?: { addListener(handler: (theme: string) => void): void };
}

export function followTheme(panels: Panels, set: (theme: 'light' | 'dark') => void): void {
  const apply = (name?: string) => set(name === 'dark' ? 'dark' : 'light');
  apply(panels.themeName);
  if (panels.setThemeChangeHandler) panels.setThemeChangeHandler(apply);
  else panels.onThemeChanged?.addListener(apply);
}
