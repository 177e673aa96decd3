import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { which } from '../../scripts/setup.mjs';
import { until } from '../../scripts/until.mjs';

/** A screen of its own with a window manager, on which keys can be pressed: the browser's prompts are no page. */
export interface Screen {
  readonly display: string;
  /** Answers a prompt of the browser: presses `keys` until `done`, slowly, since it takes none right after it opened. */
  answer(keys: readonly string[], done: () => Promise<boolean>): Promise<void>;
}

/** What a screen needs; where it is not installed, `npm test` says which tests were not run. */
export const canOpenScreen = ['Xvfb', 'openbox', 'xdotool'].every((name) => which(name));

let opened = 0;

/** Opens a screen while `use` runs. */
export async function withScreen(use: (screen: Screen) => Promise<void>): Promise<void> {
  opened += 1;
  const number = 1000 + (process.pid % 20_000) + opened;
  const display = `:${number}`;
  const started: ChildProcess[] = [spawn('Xvfb', [display, '-screen', '0', '1400x900x24', '-nolisten', 'tcp'], { stdio: 'ignore' })];
  const env = { ...process.env, DISPLAY: display };
  // The browser's prompts hang on its window, which DevTools may stand before.
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
            // The prompt gives the focus back in its own time, which would close a popup that is open by then.
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
