// All setup that a fresh clone needs. It has no dependencies, because it runs before they are installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linesOnTerminal } from './terminal.mjs';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STAMP = join(ROOT, 'node_modules', '.synerise-setup');
const require = createRequire(import.meta.url);

/** A user error or a missing tool, reported in one sentence without a stack trace. */
export class SetupError extends Error {}

/** The WXT command-line script, which builds the extension. */
export const WXT = join(ROOT, 'node_modules', 'wxt', 'bin', 'wxt.mjs');

/** Looks a program up on PATH. @param {string} name @returns {string | null} its path */
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
  // All output goes to stderr, because another program may parse stdout.
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: ['inherit', 2, 2], shell: process.platform === 'win32' });
  if (error || status !== 0) throw new SetupError(`\`${command} ${args.join(' ')}\` failed${error ? `: ${error.message}` : ''}.`);
}

/** Installs the locked dependencies if they are missing or out of date. */
export function ensureDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  const isInstalled = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock;
  if (isInstalled()) return;
  const finish = waitForInstall();
  try {
    // Another command of this checkout may have installed them meanwhile.
    if (isInstalled()) return;
    console.error('Installing the locked dependencies (npm ci) …');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    mkdirSync(join(ROOT, 'node_modules'), { recursive: true });
    writeFileSync(STAMP, lock);
  } finally {
    finish();
  }
}

/** Waits until no other command installs into this checkout, and keeps others from it. @returns {() => void} what lets them */
function waitForInstall() {
  const name = createHash('sha256').update(ROOT).digest('hex').slice(0, 16);
  const lock = join(tmpdir(), `synerise-setup-${name}`);
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      if (!isRunning(lock)) rmSync(lock, { force: true });
      // Blocks on purpose: nothing of the project can run before its dependencies are there.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
}

/** Whether the process that wrote this lock file still runs. @param {string} lock */
function isRunning(lock) {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** Generates the files that bundlers and the type checker need, and that an install without scripts doesn't create. */
function ensurePrepared() {
  if (!existsSync(join(ROOT, '.wxt', 'tsconfig.json'))) run(process.execPath, [WXT, 'prepare']);
}

/** Path of Playwright's own Chromium, if it is downloaded. @returns {string | null} */
function playwrightChromium() {
  try {
    const path = require('@playwright/test').chromium.executablePath();
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/**
 * Path of a Chromium that loads unpacked extensions; branded Google Chrome ignores `--load-extension`.
 * @returns {string | null} @throws {SetupError} if CHROMIUM_PATH names a missing file
 */
export function findChromium() {
  const asked = process.env['CHROMIUM_PATH'];
  if (asked) {
    if (!existsSync(asked)) throw new SetupError(`CHROMIUM_PATH points to ${asked}, which doesn't exist.`);
    return asked;
  }
  return playwrightChromium() ?? which('chromium') ?? which('google-chrome-for-testing') ?? which('microsoft-edge');
}

/** @returns {string | null} */
export const findFirefox = () => which('firefox-esr') ?? which('firefox');

/** @returns {string} path of Chromium, which is installed first if none is found */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  // Each attempt reports its failure on stderr, and the next one is tried.
  if (which('apt-get') && process.getuid?.() === 0) {
    console.error(
      'Chromium not found. Installing it system-wide, as root:\n' +
        '  apt-get update && apt-get install chromium\n' +
        'To use a different one, stop now and set CHROMIUM_PATH.',
    );
    // Installs even if the update fails: old package lists may be good enough.
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
  const installed = findChromium();
  if (!installed)
    throw new SetupError(
      "Chromium not found and couldn't be installed. Install Chromium, Chrome for Testing or Edge, or set CHROMIUM_PATH.",
    );
  return installed;
}

/** Does everything that must happen before the project's own code can run. @returns {string} path of Chromium */
export function setUp() {
  setUpNode();
  return ensureChromium();
}

/** The part of it that needs no browser. */
export function setUpNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new SetupError(`Node 20.19 or later required (found ${process.versions.node}).`);
  ensureDependencies();
  ensurePrepared();
}

/** An error's text for the terminal: only the message of a `SetupError`, otherwise the stack. @param {unknown} error */
export function toldOf(error) {
  if (!(error instanceof Error)) return linesOnTerminal(error);
  return linesOnTerminal(error instanceof SetupError ? error.message : (error.stack ?? error.message));
}

/** Runs `main` and sets the exit code to its result; an error is printed and sets 1. @param {() => Promise<number | void>} main */
export async function program(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(toldOf(error));
    process.exitCode = 1;
  }
}
