// Runs a program while this script's stdin stays open, then kills the program with its child processes and removes its
// folder: `node guarded.mjs FOLDER PROGRAM ARGUMENTS`. However the parent holding stdin ends, nothing is left behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const [folder = '', program = '', ...args] = process.argv.slice(2);

// A signal that interrupts the parent reaches this process too; only the end of stdin may stop it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

const child = spawn(program, args, { detached: true, stdio: ['ignore', 'ignore', 'inherit'] });
const ended = once(child, 'exit').catch((error) => {
  console.error(error.message);
});

const left = once(process.stdin.resume(), 'close');
await Promise.race([ended, left]);
try {
  // The program's child processes share its process group; Windows has no process groups.
  if (process.platform === 'win32') child.kill('SIGKILL');
  else if (child.pid) process.kill(-child.pid, 'SIGKILL');
} catch {
  // They have all exited already.
}
await ended;
const { remove } = await import('./chromium.mjs');
remove(folder);
process.exit();
