// `npm start [-- URL | --sdk DIALECT]`: opens a page in a browser with the production build, and shows its panel.
// `npm start -- --connect ADDRESS [--target WORDS]`: shows the panel of a page or an app at a debugging endpoint.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DIALECTS, isDialect } from '../sandbox/dialects.mjs';
import { addressOf } from './address.mjs';
import { ensureBuild } from './build.mjs';
import { program, ROOT, SetupError, setUp, setUpNode } from './setup.mjs';
import { onTerminal } from './terminal.mjs';
import { until } from './until.mjs';

const ROWS = [
  ['site', 'Site'],
  ['dialect', 'SDK'],
  ['identity', 'Identity'],
  ['uuid', 'UUID'],
  ['origin', 'Token origin'],
  ['expiry', 'Expires'],
];

/** Runs in the panel: returns what it shows, or `null` while it has no result. */
const READ = `(() => {
  const at = (id) => document.querySelector('[data-testid="' + id + '"]');
  const phase = at('session-state')?.dataset.phase;
  const token = at('token');
  if (phase === 'attached' ? !token || token.dataset.read !== 'true' : phase !== 'absent' && phase !== 'unreachable') return null;
  return {
    phase,
    site: at('site')?.innerText ?? '',
    dialect: at('dialect')?.dataset.dialect ?? 'none found',
    identity: phase === 'attached' ? at('session-state').innerText.trim() : 'none',
    uuid: at('uuid')?.innerText || 'none',
    origin: at('token-origin')?.dataset.origin || 'none',
    expiry: at('token-expiry')?.getAttribute('datetime') ?? null,
  };
})()`;

const display = process.platform !== 'linux' || !!(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);

const LOCAL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });

await program(async () => {
  const { url, sdk, endpoint, words } = asked();
  if (endpoint !== null) {
    setUpNode();
    const { inspectConnected } = await import('./connect.mjs');
    return inspectConnected({ endpoint, words });
  }
  setUp();
  ensureBuild();

  // Imported after setup: before it, the packages that these modules use may be missing.
  const { launchChromium } = await import('./chromium.mjs');
  const { startSandbox } = await import('../sandbox/server.mjs');
  const sandbox = url ? null : await startSandbox();
  try {
    // With the Web SDK, a page's only token is the one that its site sets.
    const address = url ?? `${sandbox?.origin}/${sdk ? `?sdk=${sdk}${sdk === 'web' ? '&jwt' : ''}` : ''}`;
    console.log(`Opening ${onTerminal(address)} …`);
    /** @type {Promise<'stopped'>} */
    const stopped = new Promise((resolve) => {
      for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => resolve('stopped'));
    });
    const chromium = await launchChromium({ devtools: true, headless: !display });
    try {
      const closed = new Promise((resolve) => chromium.context.once('close', () => resolve('stopped')));
      const shown = await Promise.race([look(chromium, address), stopped, closed]);
      if (shown === 'stopped' || typeof shown !== 'object' || shown === null) return 0;
      console.log(table(shown.rows));
      if (display) {
        console.log('\nThe inspector is in DevTools: "Synerise" tab. Close the window or press Ctrl-C to quit.');
        await Promise.race([stopped, closed]);
      } else {
        const file = join(ROOT, '.output', 'start.png');
        writeFileSync(file, await shown.picture());
        console.log(`\nNo display. Screenshot of DevTools with the panel: ${file}`);
      }
      if (!url && shown.rows['phase'] !== 'attached') throw new SetupError('No session found on the sandbox shop.');
      return 0;
    } finally {
      await chromium.close();
    }
  } finally {
    // Runs even if the browser failed: an open sandbox server keeps the process running.
    await sandbox?.close();
  }
});

/**
 * Opens the page and our panel, and reads what the panel shows.
 * @param {Awaited<ReturnType<typeof import('./chromium.mjs').launchChromium>>} chromium
 * @param {string} address
 * @returns {Promise<{ rows: Record<string, string>, picture: () => Promise<Buffer> }>}
 */
async function look(chromium, address) {
  const page = chromium.context.pages()[0] ?? (await chromium.context.newPage());
  try {
    // Wait for the commit only: a page may never finish loading.
    await page.goto(address, { timeout: 30_000, waitUntil: 'commit' });
  } catch (error) {
    throw new SetupError(`Couldn't open ${address}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
  }
  try {
    const { panel, picture } = await chromium.openPanel(page);
    return { rows: await until('the panel to show the session', () => panel.evaluate(READ), 40_000), picture };
  } catch (error) {
    throw new SetupError(`The panel didn't show the page: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
  }
}

/**
 * Parses the command line: a URL, a dialect of the sandbox shop, or a debugging endpoint with words of the target.
 * @returns {{ url: string | null, sdk: string | null, endpoint: string | null, words: string }}
 */
function asked() {
  const { values, positionals } = commandLine();
  const [text] = positionals;
  if (positionals.length > 1) throw new SetupError('Expected exactly one URL.');
  if (values.sdk !== undefined && text !== undefined)
    throw new SetupError('Use either a URL or --sdk (which sets the SDK of the sandbox shop).');
  if (values.sdk !== undefined && !isDialect(values.sdk))
    throw new SetupError(`Unknown SDK "${values.sdk}". Expected one of ${DIALECTS.join(', ')}.`);
  if (values.connect !== undefined && (text !== undefined || values.sdk !== undefined))
    throw new SetupError('--connect inspects what runs at the endpoint: use it without a URL and without --sdk.');
  if (values.target !== undefined && values.connect === undefined) throw new SetupError('--target requires --connect.');
  return {
    url: text === undefined ? null : addressOf(text),
    sdk: values.sdk ?? null,
    endpoint: values.connect ?? null,
    words: values.target ?? '',
  };
}

function commandLine() {
  try {
    return parseArgs({
      options: { sdk: { type: 'string' }, connect: { type: 'string' }, target: { type: 'string' } },
      allowPositionals: true,
    });
  } catch {
    throw new SetupError(`Expected a URL, --sdk with one of ${DIALECTS.join(', ')}, --connect with a debugging endpoint, or nothing.`);
  }
}

/** @param {Record<string, string>} read */
function table(read) {
  /** @type {Record<string, string>} */
  const shown = { ...read, expiry: read['expiry'] ? LOCAL.format(Date.parse(read['expiry'])) : 'none' };
  const width = Math.max(...ROWS.map(([, name]) => name?.length ?? 0));
  return ['', ...ROWS.map(([key = '', name = '']) => `  ${name.padEnd(width)}  ${onTerminal(shown[key])}`)].join('\n');
}
