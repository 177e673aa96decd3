// Builds the extension for Chromium.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SetupError, WXT } from './setup.mjs';

/** The build's inputs. */
export const SOURCES = [
  'components',
  'entrypoints',
  'lib',
  'public',
  'scripts/page-build.ts',
  'scripts/view-chunks.ts',
  'wxt.config.ts',
  'package-lock.json',
];
const MANIFEST = join(ROOT, '.output', 'chrome-mv3', 'manifest.json');

/** Builds the extension. @param {string[]} args of WXT: the browser, if it isn't Chromium */
export function buildExtension(...args) {
  console.error('Building the extension …');
  const built = spawnSync(process.execPath, [WXT, 'build', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new SetupError(`The build failed:\n${built.stdout}${built.stderr}`);
}

/** Builds the extension if the build is missing or older than its inputs. */
export function ensureBuild() {
  if (!existsSync(MANIFEST) || newest(SOURCES.map((name) => join(ROOT, name))) > statSync(MANIFEST).mtimeMs) buildExtension();
}

/** Latest modification time below `paths`. @param {readonly string[]} paths @returns {number} epoch ms */
export function newest(paths) {
  return paths.reduce((latest, path) => {
    const { mtimeMs } = statSync(path);
    const inside = statSync(path).isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : mtimeMs;
    return Math.max(latest, inside);
  }, 0);
}
