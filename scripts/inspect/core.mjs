// Loads `core.ts` (the rules, and reading and writing of reports), bundled for Node.
import { pathToFileURL } from 'node:url';
import { built } from '../node-build.mjs';

/** @typedef {typeof import('./core')} Core */

/** @returns {Promise<Core>} */
export const loadCore = async () => import(pathToFileURL(await built('core.mjs')).href);
