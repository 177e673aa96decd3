// `npm run mcp` with a client of the official package: a whole story over stdio, and what an agent may get wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { ROOT } from '../../scripts/setup.mjs';
import { test as base, expect, startApp } from './connected';
import { folder } from './lifecycle';

interface Told {
  readonly text: string;
  readonly data: Record<string, unknown>;
  readonly isError: boolean;
}

const test = base.extend<{ agent: { client: Client; call(name: string, args?: object): Promise<Told>; all: string[] } }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
  agent: async ({}, use) => {
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [join(ROOT, 'scripts', 'mcp.mjs')], stderr: 'ignore' }),
    );
    const all: string[] = [];
    await use({
      client,
      all,
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

test('an agent opens a page, finds why its UUID changed, refreshes, is refused a loss without confirmation, and writes a report', async ({
  sandbox,
  agent,
}) => {
  const { client, call, all } = agent;
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
    'open',
    'session',
    'history',
    'requests',
    'diagnose',
    'run',
    'wait_for',
    'report',
  ]);
  expect((await client.listPrompts()).prompts).toHaveLength(2);
  expect(await call('session')).toMatchObject({ isError: true, text: expect.stringContaining('Call open') });

  const opened = await call('open', { url: `${sandbox.origin}/?shop=mcp` });
  expect(opened.isError, opened.text).toBe(false);
  expect(opened.data).toMatchObject({ phase: 'attached', identity: 'anonymous', sdk: { dialect: 'react-native' } });

  expect(await call('run', { operation: 'refreshToken' })).toMatchObject({ isError: false, data: { ok: true } });
  const refused = await call('run', { operation: 'regenerateUUID' });
  expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('confirm: true') });
  expect((await call('session')).data['uuid']).toBe(opened.data['uuid']);
  expect(await call('run', { operation: 'regenerateUUID', confirm: true })).toMatchObject({ data: { ok: true } });
  const changed = await call('session');
  expect(changed.data['uuid']).not.toBe(opened.data['uuid']);
  const history = await call('history', { kinds: ['uuid'] });
  expect(history.text.split('\n')[1]).toContain('regenerateUUID');
  expect(history.text.split('\n')[1]).toContain(String(changed.data['uuid']));

  await call('run', { operation: 'signIn', arguments: { email: 'ada@shop.example', password: 'lovelace' } });
  expect(await call('wait_for', { identity: 'signed-in' })).toMatchObject({ data: { ok: true } });
  expect((await call('requests', { limit: 5 })).text).toContain('/sauth/');
  expect((await call('diagnose')).isError).toBe(false);
  const file = join(folder('mcp'), 'session.json');
  expect((await call('report', { file })).text).toContain(file);
  expect((await call('report', { file })).isError).toBe(true);
  const written = readFileSync(file, 'utf8');
  for (const text of [...all, written]) {
    expect(text).not.toContain('lovelace');
    expect(text).not.toMatch(/eyJ[\w-]{20,}\.[\w-]{20,}/);
  }
});

test('an agent follows an app over a debugging port, and is told which arguments are wrong and what is right', async ({
  sandbox,
  agent,
}) => {
  const app = await startApp(sandbox, 'agent');
  const { call } = agent;
  for (const [args, words] of [
    [{}, 'either url or endpoint'],
    [{ url: 'https://a.example', endpoint: 'x' }, 'either url or endpoint'],
    [{ endpoint: 'ftp://x' }, "isn't the address of a debugging endpoint"],
    [{ endpoint: app.endpoint, target: 'no such app' }, 'app.js'],
  ] as const)
    expect(await call('open', args)).toMatchObject({ isError: true, text: expect.stringContaining(words) });
  const opened = await call('open', { endpoint: app.endpoint });
  expect(opened.data).toMatchObject({ site: 'app://app.js', uuid: (await app.act()).held.uuid });

  expect((await call('run', { operation: 'refresh' })).text).toContain('refreshToken');
  expect((await call('run', { operation: 'signIn', arguments: { mail: 'x' } })).text).toContain('email');
  expect((await call('history', { kinds: ['uid'] })).isError).toBe(true);
  expect((await call('wait_for')).text).toContain('identity, token or uuid');
  const waited = call('wait_for', { uuid: 'changed' });
  await app.act('regenerate');
  expect(await waited).toMatchObject({ data: { ok: true } });
  expect((await call('session')).data['uuid']).toBe((await app.act()).held.uuid);
  await app.close();
});
