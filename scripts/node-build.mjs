// Builds what runs outside the extension: the inspector and the checks for Node, the script for apps, and the panel's stand-in for the
// extension API.
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newest, SOURCES } from './build.mjs';
import { ROOT } from './setup.mjs';

const FOLDER = join(ROOT, '.output', 'node');
const INPUTS = [...SOURCES, 'scripts/node-build.mjs', 'scripts/inspect/core.ts'];
const alias = { '@': ROOT.replace(/[\\/]$/, '') };

/** By file name. @type {Readonly<Record<'inspector.mjs' | 'core.mjs' | 'app.js' | 'panel-runtime.js', () => Promise<string>>>} */
const MADE = {
  'inspector.mjs': () => forNode('lib/cdp/index.ts'),
  'core.mjs': () => forNode('scripts/inspect/core.ts'),
  'app.js': () => appScript(),
  'panel-runtime.js': () => bundle('lib/cdp/panel-runtime.ts', { define: { __VERSION__: JSON.stringify(version()) } }),
};

/**
 * Builds files that are missing or older than their sources.
 * @template {readonly (keyof typeof MADE)[]} N @param {N} names @returns {Promise<{ [K in keyof N]: string }>} their paths
 */
export async function built(...names) {
  const changedAt = newest(INPUTS.map((input) => join(ROOT, input)));
  const paths = names.map(async (name) => {
    const file = join(FOLDER, name);
    if (existsSync(file) && changedAt <= statSync(file).mtimeMs) return file;
    const text = await MADE[name]();
    mkdirSync(FOLDER, { recursive: true });
    // At once, because another process may be reading it.
    const made = `${file}.${process.pid}`;
    writeFileSync(made, text);
    renameSync(made, file);
    return file;
  });
  // `map` forgets how many there are.
  return /** @type {Promise<{ [K in keyof N]: string }>} */ (Promise.all(paths));
}

/** @param {string} entry */
const forNode = (entry) => bundle(entry, { build: { ssr: true, target: 'node20' }, ssr: { external: ['ws'], noExternal: true } });

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
