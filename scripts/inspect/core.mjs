// Loads `core.ts` (the rules, and reading and writing of reports), bundled for Node.
import { pathToFileURL } from 'node:url';
import { built } from '../node-build.mjs';

/** @typedef {typeof import('./core')} Core */

/** @returns {Promise<Core>} */
export async function loadCore() {
  const [file] = await built('core.mjs');
  return import(pathToFileURL(file).href);
}
