// A coding agent's side: a client of the official MCP package, connected to `npm run mcp`.
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { ROOT } from '../../scripts/setup.mjs';
import { test as base, expect } from './connected';

interface Told {
  readonly text: string;
  readonly data: Record<string, unknown>;
  readonly isError: boolean;
}

interface Agent {
  readonly client: Client;
  call(name: string, args?: object): Promise<Told>;
  /** The browsers that the server has open, by their profiles. */
  browsers(): readonly string[];
  /** Everything that it was told, as JSON. */
  readonly all: string[];
}

export const agentTest = base.extend<{ agent: Agent }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
  agent: async ({}, use) => {
    const client = new Client({ name: 'test', version: '1' });
    const args = [join(ROOT, 'scripts', 'mcp.mjs')];
    const transport = new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' });
    await client.connect(transport);
    const all: string[] = [];
    await use({
      client,
      all,
      browsers: () => readdirSync(tmpdir()).filter((name) => name.startsWith(`synerise-inspector-${transport.pid}-`)),
      async call(name, args = {}) {
        const result = await client.callTool({ name, arguments: args as Record<string, unknown> }, { timeout: 120_000 });
        const [first] = result.content as { text?: string }[];
        const text = first?.text ?? '';
        all.push(JSON.stringify(result));
        expect(text.length).toBeLessThanOrEqual(4000);
        return { text, data: (result.structuredContent ?? {}) as Record<string, unknown>, isError: result.isError === true };
      },
    });
    await client.close();
  },
});
