import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ROOT, which } from '../../scripts/setup.mjs';
import { until } from '../../scripts/until.mjs';
import { canOpenScreen, withScreen } from './screen';

// In one worker: all of them write the same picture.
test.describe.configure({ mode: 'default' });

const START = join(ROOT, 'scripts', 'start.mjs');
const PICTURE = join(ROOT, '.output', 'start.png');

function run(args: string[], env: NodeJS.ProcessEnv): { child: ChildProcess; output: () => string; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [START, ...args], { cwd: ROOT, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  return { child, output: () => output, ended: new Promise((resolve) => child.once('exit', resolve)) };
}

const without = (...names: string[]) => Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.includes(name)));
const profiles = (pid: number | undefined) => readdirSync(tmpdir()).filter((name) => name.startsWith(`synerise-inspector-${pid}-`));
const TABLE =
  /Site +127\.0\.0\.1:\d+\s+SDK +react-native\s+Identity +Anonymous\s+UUID +[0-9a-f-]{36}\s+Token origin +ANONYMOUS\s+Expires +[^\n]*\d:\d\d/;

test('npm start without a display prints the table, saves a picture and leaves nothing behind', async () => {
  rmSync(PICTURE, { force: true });
  const { child, output, ended } = run([], without('DISPLAY', 'WAYLAND_DISPLAY'));
  expect(await ended, output()).toBe(0);
  expect(output()).toMatch(TABLE);
  expect(output()).toContain(PICTURE);
  expect(statSync(PICTURE).size).toBeGreaterThan(10_000);
  expect(profiles(child.pid)).toEqual([]);
});

test('npm start opens the shop with the SDK given by --sdk, and lists the SDKs if that one is unknown', async () => {
  const { output, ended } = run(['--sdk', 'web'], without('DISPLAY', 'WAYLAND_DISPLAY'));
  expect(await ended, output()).toBe(0);
  expect(output()).toMatch(/SDK +web\s/);
  const unknown = run(['--sdk', 'symbian'], without('DISPLAY', 'WAYLAND_DISPLAY'));
  expect(await unknown.ended).toBe(1);
  expect(unknown.output()).toContain('react-native');
});

test('npm start fails with a message if nothing responds at the URL', async () => {
  const { output, ended } = run(['http://127.0.0.1:9/'], without('DISPLAY', 'WAYLAND_DISPLAY'));
  expect(await ended).toBe(1);
  expect(output()).toContain("Couldn't open");
});

test('npm start fails with a message if the URL is invalid', async () => {
  const { output, ended } = run(['ftp://shop.example'], without('DISPLAY', 'WAYLAND_DISPLAY'));
  expect(await ended).toBe(1);
  expect(output()).toContain("isn't a valid URL");
});

test('npm start ends immediately on Ctrl-C during startup and leaves nothing behind', async () => {
  const { child, output, ended } = run([], without('DISPLAY', 'WAYLAND_DISPLAY'));
  await until('the browser to be opened', () => output().includes('Opening'), 60_000);
  await until('its profile', () => profiles(child.pid).length === 1);
  child.kill('SIGINT');
  expect(await ended, output()).toBe(0);
  expect(profiles(child.pid)).toEqual([]);
});

// Without these tools, `npm test` lists this test as skipped, or fails with CI=true.
if (which('Xvfb')) {
  test('npm start with a window runs until Ctrl-C and leaves nothing behind', async () => {
    const display = `:${200 + (process.pid % 500)}`;
    const screen = spawn('Xvfb', [display, '-screen', '0', '1400x900x24', '-nolisten', 'tcp'], { stdio: 'ignore' });
    try {
      await until('the screen', () => readdirSync('/tmp/.X11-unix').includes(`X${display.slice(1)}`));
      const { child, output, ended } = run([], { ...without('WAYLAND_DISPLAY'), DISPLAY: display });
      await until('the table', () => TABLE.test(output()), 60_000);
      await until('the hint about Ctrl-C', () => output().includes('Ctrl-C'));
      expect(child.exitCode).toBeNull();
      child.kill('SIGINT');
      expect(await ended, output()).toBe(0);
      expect(profiles(child.pid)).toEqual([]);
    } finally {
      screen.kill();
    }
  });
}

// Without these tools, `npm test` lists this test as skipped, or fails with CI=true.
if (canOpenScreen) {
  test('npm start ends with the shop window, closed as a person does, and leaves nothing behind', async () => {
    await withScreen(async ({ display }) => {
      const env = { ...without('WAYLAND_DISPLAY'), DISPLAY: display };
      const { child, output } = run([], env);
      try {
        await until('the hint about Ctrl-C', () => output().includes('Ctrl-C'), 60_000);
        const press = (...args: string[]) => spawnSync('xdotool', args, { env, timeout: 3000 });
        await until('the browser window to close', () => {
          // The window may not have the focus yet; DevTools has its own window.
          press('search', '--onlyvisible', '--name', 'Chromium$', 'windowactivate', '--sync', 'key', 'alt+F4');
          return press('search', '--onlyvisible', '--name', 'Chromium$').status !== 0;
        });
        // If it hangs, its output shows why.
        await until('the process to exit', () => child.exitCode !== null, 20_000).catch(() => undefined);
        expect(child.exitCode, output()).toBe(0);
        expect(profiles(child.pid)).toEqual([]);
      } finally {
        child.kill('SIGKILL');
      }
    });
  });
}
