// `npm run mcp` with a client of the official package: a whole story over stdio, and what an agent may get wrong.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/setup.mjs';
import { agentTest as test } from './agent';
import { expect, launchDebugged, startApp, until } from './connected';
import { folder } from './lifecycle';

const INSPECTOR = join(ROOT, 'node_modules', '@modelcontextprotocol', 'inspector', 'clients', 'launcher', 'build', 'index.js');

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
  const prompts = (await client.listPrompts()).prompts.map(({ name }) => name);
  expect(prompts).toEqual(['why-did-the-uuid-change', 'is-this-integration-right', 'why-does-the-token-fail']);
  for (const name of prompts) {
    const { messages } = await client.getPrompt({ name, arguments: { url: sandbox.origin } });
    expect(JSON.stringify(messages)).toContain(sandbox.origin);
  }
  for (const { uri } of (await client.listResources()).resources) {
    const { contents } = await client.readResource({ uri });
    expect(JSON.stringify(contents), uri).toContain('SDK');
  }
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

test('a call tells how far it is, ends when it is canceled, and leaves the next one free', async ({ sandbox, agent }) => {
  const { client, call, browsers } = agent;
  const told: string[] = [];
  const onprogress = ({ message }: { message?: string | undefined }) => void told.push(message ?? '');
  const url = `${sandbox.origin}/?shop=progress`;
  await client.callTool({ name: 'open', arguments: { url } }, { timeout: 120_000, onprogress });
  expect(told).toEqual(['Preparing browser and extension', 'Opening the page', 'Waiting for its requests']);

  told.length = 0;
  const stop = new AbortController();
  const waiting = client.callTool(
    { name: 'wait_for', arguments: { identity: 'signed-in', seconds: 100 } },
    { onprogress, signal: stop.signal },
  );
  const canceled = expect(waiting).rejects.toThrow();
  // It waits, and says so.
  await until('its progress', () => told.some((text) => text.startsWith('Waiting for signed-in')));
  stop.abort('no longer needed');
  await canceled;
  expect((await call('session')).data).toMatchObject({ identity: 'anonymous' });

  // A canceled `open` closes what it started; the page that was open is gone by then.
  const never = new AbortController();
  told.length = 0;
  const opening = client.callTool(
    { name: 'open', arguments: { url: `${sandbox.origin}/?shop=never&init=held` } },
    { onprogress, signal: never.signal },
  );
  const gone = expect(opening).rejects.toThrow();
  await until('the browser', () => told.includes('Opening the page'));
  never.abort('no longer needed');
  await gone;
  await until('its browser to close', () => browsers().length === 0);
  expect(await call('session')).toMatchObject({ isError: true, text: expect.stringContaining('Call open') });
  expect((await call('open', { url })).data).toMatchObject({ identity: 'anonymous' });
});

test('an agent sees that the connection was lost, and continues once the browser is back', async ({ sandbox, agent }) => {
  const chromium = await launchDebugged(`${sandbox.origin}/?shop=gone`);
  const { call } = agent;
  expect((await call('open', { endpoint: chromium.endpoint })).data).toMatchObject({ identity: 'anonymous' });
  const port = Number(new URL(chromium.endpoint).port);
  await chromium.close();
  // The inspector waits for it to come back: what was known stays, with the reason.
  await until('the lost connection', async () => (await call('session')).text.includes('not accessible'));
  const again = await launchDebugged(`${sandbox.origin}/?shop=gone`, port);
  expect(await call('wait_for', { token: 'valid' })).toMatchObject({ data: { ok: true } });
  await again.close();
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

// Each start of it takes seconds. The client of the other tests checks each tool's answer against its schema, too.
test('the protocol’s own inspector finds no error in the tools, and calls one', async ({ sandbox }) => {
  const app = await startApp(sandbox, 'inspector');
  const from = folder('mcp-inspector');
  const ask = async (...args: string[]) => {
    const server = [join(ROOT, 'scripts', 'mcp.mjs'), '--connect', app.endpoint];
    const run = spawn(process.execPath, [INSPECTOR, '--cli', ...args, process.execPath, ...server], {
      cwd: ROOT,
      env: { ...process.env, MCP_CATALOG_PATH: join(from, 'catalog.json') },
    });
    const texts = { out: '', err: '' };
    run.stdout.on('data', (data) => (texts.out += data));
    run.stderr.on('data', (data) => (texts.err += data));
    const [code] = await once(run, 'close');
    return { code, ...texts };
  };
  const listed = await ask('--method', 'tools/list', '--strict');
  expect(listed.code, listed.err).toBe(0);
  // It only warns of types such as `["string", "null"]`, which are legal.
  expect(listed.err).not.toContain('Error: tool');
  const called = await ask('--tool-name', 'session', '--method', 'tools/call');
  expect(called.code, `${called.out}${called.err}`).toBe(0);
  const { content, structuredContent } = JSON.parse(called.out) as { content: { text: string }[]; structuredContent: object };
  expect(content[0]?.text).toBeTruthy();
  expect(structuredContent).toMatchObject({ uuid: (await app.act()).held.uuid });
  await app.close();
});
