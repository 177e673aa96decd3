// `npm test`: lint, types, unit tests, both builds and their budgets, real browsers. Arguments select steps or groups by name.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findFirefox, program, ROOT, SetupError, setUp, WXT, which } from './setup.mjs';

const bin = (/** @type {string} */ name, /** @type {string} */ script) => join(ROOT, 'node_modules', name, script);

/** @type {readonly { name: string, group: string, script: string, args: string[] }[]} */
const STEPS = [
  { name: 'lint', group: 'static', script: bin('@biomejs/biome', 'bin/biome'), args: ['ci', '--error-on-warnings', '.'] },
  { name: 'prepare', group: 'static', script: WXT, args: ['prepare'] },
  { name: 'types', group: 'static', script: bin('typescript', 'bin/tsc'), args: ['--noEmit'] },
  { name: 'unit', group: 'unit', script: bin('vitest', 'vitest.mjs'), args: ['run', '--project', '!waiting'] },
  { name: 'unit, with pauses', group: 'unit', script: bin('vitest', 'vitest.mjs'), args: ['run', '--project', 'waiting'] },
  { name: 'build for Chromium', group: 'browser', script: WXT, args: ['build'] },
  { name: 'build for Firefox', group: 'browser', script: WXT, args: ['build', '-b', 'firefox'] },
  { name: 'budgets and manifests', group: 'browser', script: join(ROOT, 'scripts', 'check-build.mjs'), args: [] },
  { name: 'browser', group: 'browser', script: bin('@playwright/test', 'cli.js'), args: ['test'] },
];

/** Tools that some tests need and a machine may lack. */
const TOOLS = [
  { tool: 'Firefox', found: () => !!findFirefox(), tests: ['the Firefox build in Firefox', 'popup and panel in Firefox'] },
  { tool: 'Xvfb', found: () => !!which('Xvfb'), tests: ['npm start with a window'] },
  {
    tool: 'Xvfb with openbox and xdotool',
    found: () => ['Xvfb', 'openbox', 'xdotool'].every((name) => which(name)),
    tests: [
      "watching a site by the browser's own prompt, and what that prompt grants",
      'the keyboard shortcuts, and that of the toolbar button',
      'npm start until its window is closed',
    ],
  },
];

await program(async () => {
  const asked = process.argv.slice(2);
  const known = new Set([...STEPS.map(({ group }) => group), ...STEPS.map(({ name }) => name)]);
  const unknown = asked.filter((word) => !known.has(word));
  if (unknown.length)
    throw new SetupError(`Unknown step "${unknown.join('", "')}". Expected some of ${[...known].join(', ')}, or nothing.`);
  setUp();
  const missing = TOOLS.filter(({ found }) => !found());
  if (missing.length && process.env['CI'] === 'true')
    throw new SetupError(`Missing, and required with CI=true: ${missing.map(({ tool }) => tool).join(', ')}.`);
  for (const { name, group, script, args } of STEPS) {
    if (asked.length && !asked.includes(group) && !asked.includes(name)) continue;
    console.log(`\n=== ${name}`);
    const { status } = spawnSync(process.execPath, [script, ...args], { cwd: ROOT, stdio: 'inherit' });
    if (status !== 0) {
      console.error(`\n${name} failed.`);
      return 1;
    }
  }
  for (const { tool, tests } of missing) for (const test of tests) console.log(`skipped: ${test} (needs ${tool})`);
  console.log('\nAll passed.');
  return 0;
});
