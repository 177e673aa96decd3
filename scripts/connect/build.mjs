// Builds what `--connect` runs: the inspector for Node, the script for apps, and the panel's stand-in for the extension API.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newest, SOURCES } from '../build.mjs';
import { ROOT } from '../setup.mjs';

const FOLDER = join(ROOT, '.output', 'connect');
/** The built files. */
export const CONNECT = {
  inspector: join(FOLDER, 'inspector.mjs'),
  app: join(FOLDER, 'page-app.js'),
  runtime: join(FOLDER, 'panel-runtime.js'),
};
const alias = { '@': ROOT.replace(/[\\/]$/, '') };

/** Builds them if they are missing or older than their sources. */
export async function ensureConnect() {
  const inputs = [...SOURCES, 'scripts/connect'].map((name) => join(ROOT, name));
  const files = Object.values(CONNECT);
  if (files.every((file) => existsSync(file)) && newest(inputs) <= Math.min(...files.map((file) => statSync(file).mtimeMs))) return;
  const [inspector, app, runtime] = await Promise.all([
    bundle('lib/cdp/index.ts', { build: { ssr: true, target: 'node20' }, ssr: { external: ['ws'], noExternal: true } }),
    appScript(),
    bundle('lib/cdp/panel-runtime.ts', { define: { __VERSION__: JSON.stringify(version()) } }),
  ]);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(CONNECT.inspector, inspector);
  writeFileSync(CONNECT.app, app);
  writeFileSync(CONNECT.runtime, runtime);
}

/** The script for an app's engine, in syntax that old engines compile. */
export const appScript = async () => forOldEngines(await bundle('lib/page/app.ts', { plugins: [appEvents()] }));

const version = () => JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;

/** @param {string} entry @param {import('vite').InlineConfig} config @returns {Promise<string>} */
async function bundle(entry, { build: options, ...config }) {
  const { build } = await import('vite');
  const input = join(ROOT, entry);
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    ...config,
    build: {
      write: false,
      modulePreload: false,
      ...(options?.ssr ? { ...options, ssr: input } : { rolldownOptions: { input, output: { format: 'iife' } } }),
    },
  });
  const [chunk] = /** @type {import('vite').Rolldown.RolldownOutput} */ ([built].flat()[0]).output;
  return chunk.code;
}

/** An app's engine has no events: the agent rings by a function instead. @returns {import('vite').Plugin} */
const appEvents = () => ({
  name: 'app-events',
  enforce: 'pre',
  load: (id) => (id.endsWith('/lib/page/events.ts') ? `export * from '${id.replace('events.ts', 'app-events.ts')}';` : undefined),
});

/**
 * Hermes up to React Native 0.83 compiles no async functions, and has one binding per loop instead of one per iteration.
 * @param {string} code @returns {Promise<string>}
 */
async function forOldEngines(code) {
  const { transformAsync } = await import('@babel/core');
  const made = await transformAsync(code, {
    configFile: false,
    babelrc: false,
    compact: true,
    plugins: ['@babel/plugin-transform-block-scoping', '@babel/plugin-transform-async-to-generator'],
  });
  return String(made?.code);
}
