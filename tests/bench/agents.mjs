import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { startSandbox } from '../../sandbox/server.mjs';
import { ROOT } from '../../scripts/setup.mjs';
import { compare, interleave } from './support.mjs';

export const title = 'For agents: from the call of a tool to its answer, against `inspect --json` of the same page';

/** @type {import('./support.mjs').Subject} */
export async function measure(bench) {
  const sandbox = await startSandbox();
  bench.defer(() => sandbox.close());
  const url = `${sandbox.origin}/`;
  const client = new Client({ name: 'bench', version: '1' });
  const server = { command: process.execPath, args: [join(ROOT, 'scripts', 'mcp.mjs')], stderr: /** @type {const} */ ('ignore') };
  await client.connect(new StdioClientTransport(server));
  bench.defer(() => client.close());
  const call = async (/** @type {string} */ name, args = {}) => {
    const started = performance.now();
    const { isError } = await client.callTool({ name, arguments: args }, { timeout: 120_000 });
    if (isError) throw new Error(`${name} failed`);
    return performance.now() - started;
  };
  // The first call builds the extension if need be.
  await call('open', { url });
  const timed = await interleave(bench.runs, {
    open: () => call('open', { url }),
    session: () => call('session'),
    inspect: () => inspect(url),
  });
  const against = 'inspect --json';
  return [
    compare({ name: 'open', against, unit: 'ms' }, timed.open, timed.inspect),
    compare({ name: 'session, on an open page', against, unit: 'ms' }, timed.session, timed.inspect),
  ];
}

/** Runs the command line, and returns how long it took (ms). @param {string} url */
function inspect(url) {
  const started = performance.now();
  const command = spawn(process.execPath, [join(ROOT, 'scripts', 'inspect.mjs'), url, '--json'], { cwd: ROOT, stdio: 'ignore' });
  return new Promise((resolve, reject) =>
    command.once('exit', (code) => (code === 0 ? resolve(performance.now() - started) : reject(new Error(`inspect ended with ${code}`)))),
  );
}
