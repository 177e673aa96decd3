#!/usr/bin/env node
// `npm run -s mcp`: an MCP server over stdio, for coding agents (docs/agents.md). Nothing but the protocol goes to stdout.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { program, ROOT, SetupError, setUp } from './setup.mjs';

const WAIT = 15_000;

await program(async () => {
  const secrets = secretsMode();
  setUp();
  // Imported after setup: before it, the packages that these modules use may be missing.
  const [{ StdioServerTransport }, { loadCore }, { createMcpServer }, { openTarget }, { ensureBuild }] = await Promise.all([
    import('@modelcontextprotocol/server/stdio'),
    import('./inspect/core.mjs'),
    import('./mcp/server.mjs'),
    import('./inspect/drive.mjs'),
    import('./build.mjs'),
  ]);
  ensureBuild();
  const core = await loadCore();
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const { server, close } = createMcpServer((where) => openTarget(where, { wait: WAIT, secrets }, core), core, version);
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

/** How tokens and personal data appear in answers: decided when the server is started, never by a tool call. */
function secretsMode() {
  const { secrets = 'pseudonym' } = parseArgs({ options: { secrets: { type: 'string' } } }).values;
  if (secrets !== 'pseudonym' && secrets !== 'removed') throw new SetupError('--secrets must be pseudonym or removed.');
  return secrets;
}
