// All set-up that a fresh clone needs. No dependencies: it runs before they are there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linesOnTerminal } from './terminal.mjs';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STAMP = join(ROOT, 'node_modules', '.synerise-setup');
const require = createRequire(import.meta.url);

/** A person's mistake or a missing tool: told in one sentence, without a stack. */
export class SetupError extends Error {}

/** The program that builds the extension. */
export const WXT = join(ROOT, 'node_modules', 'wxt', 'bin', 'wxt.mjs');

/** @param {string} name @returns {string | null} the program's path on PATH */
export function which(name) {
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const ending of process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']) {
      const path = join(dir, name + ending);
      if (dir && existsSync(path)) return path;
    }
  }
  return null;
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  // What is printed may be read by a program: this is none of it.
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: ['inherit', 2, 2], shell: process.platform === 'win32' });
  if (error || status !== 0) throw new SetupError(`\`${command} ${args.join(' ')}\` failed${error ? `: ${error.message}` : ''}.`);
}

/** Installs the locked dependencies where they are missing or out of date. */
export function ensureDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return;
  console.error('Installing the locked dependencies (npm ci) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  mkdirSync(join(ROOT, 'node_modules'), { recursive: true });
  writeFileSync(STAMP, lock);
}

/** What bundlers and the type checker read, and an installation without scripts does not make. */
function ensurePrepared() {
  if (!existsSync(join(ROOT, '.wxt', 'tsconfig.json'))) run(process.execPath, [WXT, 'prepare']);
}

/** Playwright's own Chromium, if its download is there. @returns {string | null} */
function playwrightChromium() {
  try {
    const path = require('@playwright/test').chromium.executablePath();
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/**
 * A Chromium that loads unpacked extensions; branded Google Chrome ignores `--load-extension`.
 * @returns {string | null}
 */
export function findChromium() {
  const asked = process.env['CHROMIUM_PATH'];
  if (asked) {
    if (!existsSync(asked)) throw new SetupError(`CHROMIUM_PATH names ${asked}, and no file is there.`);
    return asked;
  }
  return playwrightChromium() ?? which('chromium') ?? which('google-chrome-for-testing') ?? which('microsoft-edge');
}

/** @returns {string | null} */
export const findFirefox = () => which('firefox-esr') ?? which('firefox');

/** @returns {string} the browser, brought here if need be */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  // Each way says on stderr why it fails, and the next is tried.
  if (which('apt-get') && process.getuid?.() === 0) {
    console.error(
      'No Chromium was found. Installing it for this whole machine, with the root rights that this command was started with:\n' +
        '  apt-get update && apt-get install chromium\n' +
        'To use another one instead, stop here and set CHROMIUM_PATH to it.',
    );
    // Also where the lists could not be brought up to date: old ones may do.
    for (const args of [['update'], ['install', '-y', 'chromium']])
      spawnSync('apt-get', ['-qq', ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
  }
  if (!findChromium()) {
    console.error("Downloading Playwright's Chromium …");
    spawnSync(process.execPath, [require.resolve('@playwright/test/cli'), 'install', 'chromium'], {
      cwd: ROOT,
      stdio: ['inherit', 2, 2],
    });
  }
  const brought = findChromium();
  if (!brought)
    throw new SetupError(
      'No Chromium was found, and none could be brought: install Chromium (or Chrome for Testing, or Edge), or set CHROMIUM_PATH to it.',
    );
  return brought;
}

/** Everything before the project's own code can run. @returns {string} path of Chromium */
export function setUp() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new SetupError(`Node 20.19 or later is needed; this is ${process.versions.node}.`);
  ensureDependencies();
  ensurePrepared();
  return ensureChromium();
}

/** What is told of an error on a terminal: a person's mistake in its sentence, anything else with its stack. @param {unknown} error */
export function toldOf(error) {
  if (!(error instanceof Error)) return linesOnTerminal(error);
  return linesOnTerminal(error instanceof SetupError ? error.message : (error.stack ?? error.message));
}

/** Runs `main`; a SetupError ends the program with its sentence. @param {() => Promise<number | void>} main */
export async function program(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(toldOf(error));
    process.exitCode = 1;
  }
}
