/** DevTools has its own theme. Chromium reports changes to a callback, Firefox as an event. */
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
