// `npm start -- --connect ADDRESS`: inspects a page or an app at a debugging endpoint, with the panel in a browser's tab.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuild } from './build.mjs';
import { built } from './node-build.mjs';
import { ROOT, SetupError } from './setup.mjs';
import { linesOnTerminal, onTerminal } from './terminal.mjs';

/**
 * @param {{ endpoint: string, words: string, signal?: AbortSignal }} options `signal` ends the attempt to connect
 * @returns {Promise<import('../lib/cdp/index').Connected>} @throws {SetupError}
 */
export async function connect(options) {
  ensureBuild();
  const [inspector, app, runtime] = await built('inspector.mjs', 'app.js', 'panel-runtime.js');
  /** @type {typeof import('../lib/cdp/index')} */
  const core = await import(pathToFileURL(inspector).href);
  try {
    return await core.connect({
      ...options,
      say: (text) => console.error(linesOnTerminal(text)),
      build: join(ROOT, '.output', 'chrome-mv3'),
      app,
      runtime,
    });
  } catch (error) {
    throw error instanceof core.EndpointError ? new SetupError(error.message) : error;
  }
}

/** Inspects until it is interrupted. @param {{ endpoint: string, words: string }} options @returns {Promise<number>} exit code */
export async function inspectConnected(options) {
  /** @type {Promise<null>} */
  const stopped = new Promise((resolve) => {
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => resolve(null));
  });
  const connected = await Promise.race([connect(options), stopped]);
  // Whatever is still connecting would keep the process running.
  if (!connected) process.exit(0);
  const { title, address } = connected.target;
  console.log(`Connected to ${onTerminal(title || address)}.\n\n  Panel: ${connected.address}\n`);
  console.log('Open the panel in a browser on this machine; the address works in one tab. Press Ctrl-C to quit.');
  await stopped;
  await connected.stop();
  return 0;
}
