// `npm run inspect` against the sandbox in a real browser. What needs no browser is covered in `tests/unit/inspect`.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { type Sandbox, startSandbox } from '../../sandbox/server.mjs';
import { ROOT } from '../../scripts/setup.mjs';
import { folder } from './lifecycle';

const test = base.extend<{ sandbox: Sandbox; place: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
  sandbox: async ({}, use) => {
    const sandbox = await startSandbox();
    await use(sandbox);
    await sandbox.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
  place: async ({}, use) => use(folder('inspect')),
});

/** Runs the command-line tool. @param env added to the current environment */
function inspect(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; out: string; said: string }> {
  const child = start(args, env);
  let [out, said] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, said })));
}

const start = (args: readonly string[], env: NodeJS.ProcessEnv) =>
  spawn(process.execPath, [join(ROOT, 'scripts', 'inspect.mjs'), ...args], { cwd: ROOT, env: { ...process.env, ...env } });

const PASSWORD = 'lovelace';
const PASSES = {
  steps: [
    { state: { identity: 'anonymous', token: 'valid' } },
    { run: 'signIn', with: { email: 'ada@shop.example', password: { env: 'SHOP_PASSWORD' } } },
    { state: { identity: 'signed-in' } },
    { run: 'refreshToken' },
    { run: 'regenerateUUID', anyway: true, expect: 'refused' },
    { state: { uuid: 'same' } },
    { run: 'getAccount', says: 'Ada' },
    { reload: true },
    { run: 'destroySession' },
    { state: { identity: 'anonymous', uuid: 'changed' } },
  ],
};

test('a script that signs in, refreshes, regenerates, reloads, and destroys passes, and its report contains no secrets', async ({
  sandbox,
  place,
}) => {
  const [script, report] = [join(place, 'passes.json'), join(place, 'report.json')];
  writeFileSync(script, JSON.stringify(PASSES));
  const { code, out, said } = await inspect(
    [`${sandbox.origin}/`, '--script', script, '--report', report, '--json', '--fail-on', 'error'],
    {
      SHOP_PASSWORD: PASSWORD,
    },
  );
  expect(code, `${out}${said}`).toBe(0);
  const told = JSON.parse(out) as { failed: boolean; steps: { ok: boolean }[]; session: { identity: string; sdk: { dialect: string } } };
  expect(told).toMatchObject({ failed: false, session: { identity: 'anonymous', sdk: { dialect: 'react-native' } } });
  expect(told.steps.map(({ ok }) => ok)).toEqual(PASSES.steps.map(() => true));
  // The server received the refresh.
  expect(sandbox.auth.refreshes('main').length).toBe(1);
  const text = readFileSync(report, 'utf8');
  for (const secret of [PASSWORD, 'ada@shop.example', 'eyJ']) expect([out, text].join('\n')).not.toContain(secret);
  expect(JSON.parse(text)).toMatchObject({ format: 'synerise-session-report', redaction: { tokens: 'pseudonym' } });

  // The report is checked again without a browser: `CHROMIUM_PATH` points to a program that isn't one.
  const again = await inspect(['--check', report, '--json', '--fail-on', 'info'], { CHROMIUM_PATH: process.execPath });
  expect(again.code, `${again.out}${again.said}`).toBe(0);
  expect(JSON.parse(again.out)).toMatchObject({ failed: false, findings: [] });
});

test('a failed step and a page without an SDK each have their own exit code', async ({ sandbox, place }) => {
  const script = join(place, 'fails.json');
  writeFileSync(
    script,
    JSON.stringify([{ run: 'signIn', with: { email: 'ada@shop.example', password: 'wrong-one' } }, { run: 'destroySession' }]),
  );
  const [failed, none] = await Promise.all([
    inspect([`${sandbox.origin}/`, '--script', script]),
    inspect([`${sandbox.origin}/empty`, '--wait', '5']),
  ]);
  expect(failed.code, failed.out).toBe(2);
  expect(failed.out).toMatch(/FAIL {2}signIn\s+expected: done\s+actual: +failed: .*401/);
  expect(failed.out).not.toContain('wrong-one');
  expect(failed.out).not.toContain('destroySession');
  expect(none.code, none.out).toBe(3);
  expect(none.said).toContain('No Synerise SDK found on this page.');
});

test("the SDKs in a page's frames that are not shown are listed", async ({ sandbox }) => {
  const { code, out, said } = await inspect([`${sandbox.origin}/frames?a=ios`, '--json']);
  expect(code, `${out}${said}`).toBe(0);
  const { session, notShown } = JSON.parse(out) as { session: { sdk: { dialect: string } }; notShown: { dialect: string }[] };
  expect([session.sdk.dialect, ...notShown.map(({ dialect }) => dialect)]).toContain('ios');
  expect(notShown.length).toBeGreaterThan(0);
});

test('an interrupted run leaves no browser or profile behind', async ({ place }) => {
  // A page that never responds.
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const asked = new Promise((resolve) => server.once('request', resolve));
  const child = start([`http://127.0.0.1:${port}/`, '--wait', '60', '--json'], { TMPDIR: place });
  let out = '';
  child.stdout?.on('data', (piece) => {
    out += piece;
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await asked;
  expect(readdirSync(place).filter((name) => name.startsWith('synerise-inspector-'))).not.toEqual([]);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(JSON.parse(out)).toMatchObject({ exit: 130, reason: 'Interrupted.' });
  expect(readdirSync(place).filter((name) => name.startsWith('synerise-inspector-'))).toEqual([]);
  server.closeAllConnections();
  server.close();
});
