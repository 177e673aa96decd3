/** The command line itself, where no browser is needed. */
import { spawn } from 'node:child_process';

/** Runs `npm run inspect` with these arguments; nothing that could open a browser is there. */
export function commandLine(...args: readonly string[]): Promise<{ code: number | null; out: string; said: string }> {
  const child = spawn(process.execPath, ['scripts/inspect.mjs', ...args], { env: { ...process.env, CHROMIUM_PATH: process.execPath } });
  let [out, said] = ['', ''];
  child.stdout.on('data', (text) => {
    out += String(text);
  });
  child.stderr.on('data', (text) => {
    said += String(text);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, said })));
}
