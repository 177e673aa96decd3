// Runs a program for as long as its own standard input stays open, then ends the program with all that it started and removes
// its folder: `node guarded.mjs FOLDER PROGRAM ARGUMENTS`. However the holder of the input ends, nothing is left.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const [folder = '', program = '', ...args] = process.argv.slice(2);

// What interrupts the holder reaches the whole terminal; here the end of the input says when.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

const child = spawn(program, args, { detached: true, stdio: ['ignore', 'ignore', 'inherit'] });
const ended = once(child, 'exit').catch((error) => {
  console.error(error.message);
});

const left = once(process.stdin.resume(), 'close');
await Promise.race([ended, left]);
try {
  // The processes that it started share its group; Windows has no groups.
  if (process.platform === 'win32') child.kill('SIGKILL');
  else if (child.pid) process.kill(-child.pid, 'SIGKILL');
} catch {
  // All of them have ended.
}
await ended;
const { remove } = await import('./chromium.mjs');
remove(folder);
process.exit();
