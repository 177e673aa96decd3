import preact from '@preact/preset-vite';
import { defineConfig } from 'wxt';
import { bareStart, borrowed, writtenTables } from './scripts/page-build';
import { viewChunks } from './scripts/view-chunks';

/** Extension pages may read the extension's own files and talk to nobody (docs/design.md, Secrets). */
const PAGES_CSP = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'";

export default defineConfig({
  modules: ['@wxt-dev/webextension-polyfill'],
  imports: false,
  // WXT would build MV2 for Firefox, and drop optional_host_permissions with it.
  manifestVersion: 3,
  manifest: ({ browser, command }) => ({
    name: 'Synerise Session Inspector',
    short_name: 'Synerise Session',
    description: 'Inspect and debug the Synerise SDK session on any page: UUID, token, requests and issues. Not affiliated with Synerise.',
    // Chromium tells of requests only where it saw `webRequest` as it loaded the extension: given later it stays deaf until the
    // browser starts anew (tried in Chromium 156). Without a host it tells nothing. In Firefox it is asked for with the site.
    permissions: ['activeTab', 'scripting', 'storage', 'alarms', ...(browser === 'firefox' ? [] : ['webRequest'])],
    optional_permissions: ['cookies', 'notifications', ...(browser === 'firefox' ? ['webRequest'] : [])],
    optional_host_permissions: ['*://*/*'],
    icons: { 16: 'icon-16.png', 32: 'icon-32.png', 48: 'icon-48.png', 128: 'icon-128.png' },
    commands: {
      _execute_action: { suggested_key: { default: 'Alt+Shift+S' } },
      'refresh-token': { suggested_key: { default: 'Alt+Shift+K' }, description: 'Refresh token' },
      'regenerate-uuid': { suggested_key: { default: 'Alt+Shift+U' }, description: 'Regenerate UUID (with confirmation)' },
    },
    action: { default_title: 'Synerise Session Inspector' },
    ...(command === 'build' && { content_security_policy: { extension_pages: PAGES_CSP } }),
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'synerise-session-inspector@session-inspector.example',
              strict_min_version: '140.0',
              data_collection_permissions: { required: ['none'] },
            },
          },
        }
      : { minimum_chrome_version: '129' }),
  }),
  vite: () => ({
    plugins: [preact(), bareStart(), borrowed('page-client'), writtenTables('page-watch'), writtenTables('page-tables'), viewChunks()],
    build: {
      modulePreload: false,
      minify: 'terser' as const,
      terserOptions: { toplevel: true, compress: { passes: 3, ecma: 2020, inline: 1, unsafe_arrows: true } },
    },
  }),
});
