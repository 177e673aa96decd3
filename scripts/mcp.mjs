#!/usr/bin/env node
// `npm run -s mcp`: an MCP server over stdio, for coding agents (docs/agents.md). Nothing but the protocol goes to stdout.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ensureChromium, program, ROOT, SetupError, setUpNode } from './setup.mjs';

const WAIT = 15_000;

await program(async () => {
  const { secrets, first } = asked();
  setUpNode();
  // Imported after setup: before it, the packages that these modules use may be missing.
  const [{ StdioServerTransport }, { loadCore }, { createMcpServer }, { openTarget }, { ensureBuild }] = await Promise.all([
    import('@modelcontextprotocol/server/stdio'),
    import('./inspect/core.mjs'),
    import('./mcp/server.mjs'),
    import('./inspect/drive.mjs'),
    import('./build.mjs'),
  ]);
  const core = await loadCore();
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const { server, close } = createMcpServer({
    // Builds only here: clients give a server a few seconds to start.
    open: async (where, say) => {
      say('Preparing browser and extension');
      // What was said is sent first: a build blocks.
      await setImmediate();
      ensureChromium();
      ensureBuild();
      return openTarget(where, { wait: WAIT, secrets, say }, core);
    },
    first,
    core,
    version,
  });
  const over = new Promise((resolve) => {
    server.server.onclose = () => resolve(null);
    process.stdin.once('end', resolve);
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, resolve);
  });
  await server.connect(new StdioServerTransport());
  await over;
  await close();
  process.exit(0);
});

/** The command line: how tokens and personal data appear in answers is decided here, never by a tool call. */
function asked() {
  const { secrets = 'pseudonym', url, connect, target = '' } = valuesOf();
  if (secrets !== 'pseudonym' && secrets !== 'removed') throw new SetupError('--secrets must be pseudonym or removed.');
  if (url !== undefined && connect !== undefined) throw new SetupError('Give either --url or --connect.');
  if (target && connect === undefined) throw new SetupError('--target requires --connect.');
  const first = url !== undefined ? { url } : connect !== undefined ? { endpoint: connect, target } : null;
  return { secrets, first };
}

function valuesOf() {
  try {
    const options = /** @type {const} */ ({ type: 'string' });
    return parseArgs({ options: { secrets: options, url: options, connect: options, target: options } }).values;
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : error} Options: --url, --connect, --target, --secrets.`);
  }
}
