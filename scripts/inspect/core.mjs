// Bundles `core.ts` (the rules, and reading and writing of reports) for Node and loads it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, SetupError } from '../setup.mjs';

/** @typedef {typeof import('./core')} Core */

/** @returns {Promise<Core>} */
export async function loadCore() {
  const { build } = await import('vite');
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { '@': ROOT.replace(/[\\/]$/, '') } },
    ssr: { noExternal: true },
    build: { ssr: join(ROOT, 'scripts', 'inspect', 'core.ts'), write: false, target: 'node20' },
  });
  const [chunk] = 'output' in built ? built.output : [];
  if (chunk?.type !== 'chunk') throw new SetupError("Couldn't bundle the checks. Reinstall the dependencies (npm ci).");
  // A separate folder, because two runs may overlap.
  const folder = mkdtempSync(join(tmpdir(), 'synerise-inspect-'));
  try {
    const file = join(folder, 'core.mjs');
    writeFileSync(file, chunk.code);
    return /** @type {Core} */ (await import(pathToFileURL(file).href));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
