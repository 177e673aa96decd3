import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { which } from '../../scripts/setup.mjs';
import { until } from '../../scripts/until.mjs';

/** A separate screen with a window manager, for real key presses: the browser's prompts can't be driven like a page. */
export interface Screen {
  readonly display: string;
  /** Answers a browser prompt: presses `keys` slowly until `done`, because a prompt ignores keys right after it opens. */
  answer(keys: readonly string[], done: () => Promise<boolean>): Promise<void>;
}

/** Whether the tools for a screen are installed; if not, `npm test` lists the skipped tests. */
export const canOpenScreen = ['Xvfb', 'openbox', 'xdotool'].every((name) => which(name));

/** Provides a screen while `use` runs. */
export async function withScreen(use: (screen: Screen) => Promise<void>): Promise<void> {
  // Two screens of one number would end together, and process IDs of two workers are close to each other.
  const number = randomInt(1000, 60_000);
  const display = `:${number}`;
  const env = { ...process.env, DISPLAY: display };
  const started: ChildProcess[] = [spawn('Xvfb', [display, '-screen', '0', '1400x900x24', '-nolisten', 'tcp'], { stdio: 'ignore' })];
  // Prompts belong to the browser's window, which DevTools may cover.
  const activate = () =>
    spawnSync('xdotool', ['search', '--onlyvisible', '--name', 'Chromium$', 'windowactivate', '--sync'], { env, timeout: 3000 });
  try {
    await until('the screen', () => readdirSync('/tmp/.X11-unix').includes(`X${number}`));
    started.push(spawn('openbox', [], { env, stdio: 'ignore' }));
    await use({
      display,
      async answer(keys, done) {
        for (let tries = 0; tries < 8; tries += 1) {
          if (await until('the answer', done, 1200).catch(() => false)) {
            // The prompt returns the focus with a delay, which would close a popup opened in the meantime.
            activate();
            return;
          }
          activate();
          spawnSync('xdotool', ['key', '--delay', '250', ...keys], { env });
        }
        await until('the answer', done);
      },
    });
  } finally {
    for (const child of started.reverse()) child.kill();
  }
}
