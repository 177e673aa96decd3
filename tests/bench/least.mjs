// The least inspector there is to compare with: it shows one UUID and runs two operations by the same ways through the browser,
// and keeps what it knows where a killed worker finds it again. Whatever the inspector takes beyond that is its own.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openChromium, PROBE, temporary } from './support.mjs';

/** In the page: says when the UUID may have changed. */
const PAGE = `(function wrap() {
  const { Client } = globalThis.Synerise ?? {};
  if (!Client) return requestAnimationFrame(wrap);
  const own = Client.regenerateUUID;
  Client.regenerateUUID = function (...args) {
    const result = Reflect.apply(own, this, args);
    dispatchEvent(new CustomEvent('least', { detail: Client.getUUID() }));
    return result;
  };
})();`;

const RELAY = `const port = chrome.runtime.connect({ name: 'page' });
addEventListener('least', ({ detail }) => port.postMessage({ uuid: detail }));`;

const WORKER = `const panels = new Set();
chrome.runtime.onConnect.addListener((port) => {
  if (port.name === 'panel') {
    panels.add(port);
    port.onDisconnect.addListener(() => panels.delete(port));
  }
  port.onMessage.addListener(async (message) => {
    await chrome.storage.session.set({ known: message });
    for (const panel of panels) panel.postMessage(message);
  });
});`;

/** The panel asks for a command by way of the worker, which stores it first; so is what came of it. */
const PANEL = `const at = (id) => document.querySelector('[data-testid="' + id + '"]');
const evaluate = (code) => new Promise((resolve) => chrome.devtools.inspectedWindow.eval(code, resolve));
const CODE = {
  getUUID: '(() => { const at = performance.now(); Synerise.Client.getUUID(); return performance.now() - at; })()',
  refreshToken: '(() => { const at = performance.now(); globalThis.leastTook = null; Synerise.Client.refreshToken(() => (leastTook = performance.now() - at), () => (leastTook = -1)); return leastTook; })()',
};
const port = chrome.runtime.connect({ name: 'panel' });
let last = 0;
port.onMessage.addListener(async ({ uuid, run, took }) => {
  if (uuid) at('uuid').textContent = uuid;
  if (took !== undefined) {
    last += 1;
    Object.assign(at('operation-result').dataset, { run: last, verdict: took < 0 ? 'failed' : 'done' });
    at('operation-result').textContent = 'done in ' + took.toFixed(1) + ' ms · ';
  } else if (run) {
    let took = await evaluate(CODE[run]);
    while (took === null) took = await evaluate('leastTook');
    // The page threw.
    port.postMessage({ took: took ?? -1 });
  }
});
for (const run of ['getUUID', 'refreshToken']) at('action-' + run).addEventListener('click', () => port.postMessage({ run }));
(async () => {
  const asks = chrome.runtime.getManifest().name === 'Asking';
  for (let shown = null; ; await new Promise((resolve) => setTimeout(resolve, 8))) {
    const uuid = await evaluate('globalThis.Synerise?.Client.getUUID()');
    if (uuid && uuid !== shown) port.postMessage({ uuid });
    shown = uuid;
    if (!asks && uuid) return;
  }
})();`;

const PANEL_HTML = `<!doctype html><head><meta charset="utf-8" /><script src="/probe.js"></script></head><body>
<p data-testid="uuid"></p><p data-testid="token" data-token="valid"></p><p data-testid="operation-result"></p>
<button data-testid="action-getUUID" aria-disabled="false"></button><button data-testid="action-refreshToken" aria-disabled="false"></button>
<script src="/panel.js"></script></body>`;

/**
 * A Chromium with the least inspector.
 * @param {import('./support.mjs').Bench} bench
 * @param {'watching' | 'asking' | 'still'} how scripts in the page report what changes, the panel asks the page every 8 ms, or only once
 */
export function openLeast(bench, how) {
  const folder = temporary(bench);
  const matches = ['http://127.0.0.1/*'];
  const files = {
    'manifest.json': JSON.stringify({
      manifest_version: 3,
      name: how === 'asking' ? 'Asking' : 'Least',
      version: '1',
      background: { service_worker: 'worker.js' },
      devtools_page: 'devtools.html',
      permissions: ['storage'],
      ...(how === 'watching' && {
        content_scripts: [
          { matches, js: ['page.js'], world: 'MAIN', run_at: 'document_start' },
          { matches, js: ['relay.js'], run_at: 'document_start' },
        ],
      }),
    }),
    'worker.js': WORKER,
    'page.js': PAGE,
    'relay.js': RELAY,
    'probe.js': PROBE,
    'panel.js': PANEL,
    'panel.html': PANEL_HTML,
    'devtools.html': '<!doctype html><script src="/devtools.js"></script>',
    'devtools.js': "chrome.devtools.panels.create('Least', '', 'panel.html');",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return openChromium(bench, { extension: folder, devtools: true });
}
