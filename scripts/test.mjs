// All tests: lint, types, unit, both builds and their budgets, real browsers. `npm test`; with a word, the steps of that name.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { program, ROOT, SetupError, setUp, which } from './setup.mjs';

const bin = (/** @type {string} */ name, /** @type {string} */ script) => join(ROOT, 'node_modules', name, script);
const wxt = bin('wxt', 'bin/wxt.mjs');

/** @type {readonly { name: string, group: string, script: string, args: string[] }[]} */
const STEPS = [
  { name: 'lint', group: 'static', script: bin('@biomejs/biome', 'bin/biome'), args: ['ci', '--error-on-warnings', '.'] },
  { name: 'prepare', group: 'static', script: wxt, args: ['prepare'] },
  { name: 'types', group: 'static', script: bin('typescript', 'bin/tsc'), args: ['--noEmit'] },
  { name: 'unit', group: 'unit', script: bin('vitest', 'vitest.mjs'), args: ['run'] },
  { name: 'build for Chromium', group: 'browser', script: wxt, args: ['build'] },
  { name: 'build for Firefox', group: 'browser', script: wxt, args: ['build', '-b', 'firefox'] },
  { name: 'budgets and manifests', group: 'browser', script: join(ROOT, 'scripts', 'check-build.mjs'), args: [] },
  { name: 'browser', group: 'browser', script: bin('@playwright/test', 'cli.js'), args: ['test'] },
];

/** Tools that some tests need and a machine may lack. */
const TOOLS = [
  { tool: 'Firefox', found: () => !!(which('firefox-esr') ?? which('firefox')), tests: 'the Firefox build in Firefox' },
  { tool: 'Xvfb', found: () => !!which('Xvfb'), tests: 'npm start with a window' },
  {
    tool: 'Xvfb with openbox and xdotool',
    found: () => ['Xvfb', 'openbox', 'xdotool'].every((name) => which(name)),
    tests: "watching a site by the browser's own prompt",
  },
];

await program(async () => {
  setUp();
  const asked = process.argv[2];
  const missing = TOOLS.filter(({ found }) => !found());
  if (missing.length && process.env['CI'] === 'true')
    throw new SetupError(`Missing here, and needed with CI=true: ${missing.map(({ tool }) => tool).join(', ')}.`);
  for (const { name, group, script, args } of STEPS) {
    if (asked && asked !== group && asked !== name) continue;
    console.log(`\n=== ${name}`);
    const { status } = spawnSync(process.execPath, [script, ...args], { cwd: ROOT, stdio: 'inherit' });
    if (status !== 0) {
      console.error(`\n${name} failed.`);
      return 1;
    }
  }
  for (const { tool, tests } of missing) console.log(`not run here: ${tests} (needs ${tool})`);
  console.log('\nAll passed.');
  return 0;
});
