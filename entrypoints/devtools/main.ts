// Does not use the polyfill, which alone would exceed this page's size budget.
interface DevtoolsPanel {
  onShown: { addListener(listener: (panel: Window) => void): void };
  onHidden: { addListener(listener: () => void): void };
  /** Chromium's search box of DevTools; Firefox has none for panels. */
  onSearch?: { addListener(listener: (action: string, query?: string) => void): void };
}
interface Devtools {
  panels: {
    create(title: string, icon: string, page: string, callback?: (panel: DevtoolsPanel) => void): Promise<DevtoolsPanel> | undefined;
  };
}
const { browser, chrome } = globalThis as unknown as { browser?: { devtools: Devtools }; chrome: { devtools: Devtools } };

const follow = (panel: DevtoolsPanel) => {
  let shown: Window | undefined;
  const tell = (showing: boolean) => shown?.dispatchEvent(new CustomEvent('panel-showing', { detail: showing }));
  panel.onShown.addListener((window) => {
    shown = window;
    tell(true);
  });
  panel.onHidden.addListener(() => tell(false));
  panel.onSearch?.addListener((action, query) => {
    if (action === 'performSearch' || action === 'cancelSearch')
      shown?.dispatchEvent(new CustomEvent('panel-search', { detail: action === 'performSearch' ? query : '' }));
  });
};

if (browser) void browser.devtools.panels.create('Synerise', '/icon-32.png', '/panel.html')?.then(follow);
else chrome.devtools.panels.create('Synerise', '/icon-32.png', '/panel.html', follow);
