// `npm start -- --connect`: pages of a Chromium with a debugging port, and the panel in another browser.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TABLES } from '@/lib/sdk/dialects';
import { traitsOf } from '@/lib/sdk/dialects/names';
import { lineSchema } from '@/scripts/inspect/output';
import { behindMetro, expect, launchDebugged, startApp, test, until } from './connected';
import { folder } from './lifecycle';
import { MATRIX } from './matrix';
import { rowsOf } from './rows';
import { chooseClient, hookOf, sdkReady } from './support';

test('the SDK of each dialect is shown and runs operations over a debugging port, without an extension', async ({ sandbox, connect }) => {
  const chromium = await launchDebugged(`${sandbox.origin}/empty`);
  const { page } = chromium;
  const { v, run, panel } = await connect(chromium.endpoint);
  const wrong: string[] = [];
  panel.on('pageerror', (error) => wrong.push(error.message));
  await v.waitAttr('access', 'data-access', 'connected');
  for (const { name } of TABLES) {
    await test.step(name, async () => {
      await page.goto(`${sandbox.origin}/?sdk=${name}&shop=${name}${name === 'web' ? '&jwt' : ''}`);
      await until('the token', async () => (await hookOf(page)).held.token);
      await v.waitAttr('dialect', 'data-dialect', name);
      const first = (await hookOf(page)).held;
      await v.shows('uuid', first.uuid ?? '');
      if (traitsOf(name).onWeb) {
        expect((await v.operate('destroySession')).verdict).toBe('done');
        const fresh = await until('the UUID of the page', async () => (await hookOf(page).catch(() => null))?.held.uuid);
        expect(fresh).not.toBe(first.uuid);
        await v.shows('uuid', fresh);
        return;
      }
      expect((await v.operate('refreshToken')).verdict).toBe('done');
      expect((await hookOf(page)).held.token?.raw).not.toBe(first.token?.raw);
      expect((await v.operate('regenerateUUID')).verdict).toBe('done');
      await v.shows('uuid', (await hookOf(page)).held.uuid ?? '');
    });
  }
  expect(wrong).toEqual([]);
  await run.stop();
  await chromium.close();
});

test('the page’s own calls and requests are recorded from its first line on, and nothing of ours stays behind', async ({
  sandbox,
  connect,
}) => {
  const chromium = await launchDebugged(`${sandbox.origin}/?shop=own`);
  const { page } = chromium;
  await until('the token', async () => (await hookOf(page)).held.token);
  const before = await page.evaluate(() =>
    String((globalThis as unknown as { Synerise: { Client: { signIn: unknown } } }).Synerise.Client.signIn),
  );
  const { v, run } = await connect(chromium.endpoint);
  await v.waitAttr('token', 'data-token', 'valid');
  await page.getByRole('button', { name: 'Sign in as Ada' }).click();
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  await page.reload();
  // An SDK that isn't initialized yet ignores the button.
  await sdkReady(page);
  await page.getByRole('button', { name: 'Refresh token' }).click();
  await v.tab('Timeline');
  await until('both calls, each with its request', async () => {
    const rows = await rowsOf(v);
    const calls = rows.filter(({ kind }) => kind === 'call');
    return ['signIn()', 'refreshToken()'].every((name) =>
      calls.some(({ text, seq }) => text.startsWith(name) && rows.some(({ kind, of }) => kind === 'request' && of === seq)),
    );
  });
  await run.stop();
  await until('the page as it was', () =>
    page.evaluate(
      (was) =>
        String((globalThis as unknown as { Synerise: { Client: { signIn: unknown } } }).Synerise.Client.signIn) === was &&
        Object.getOwnPropertySymbols(globalThis).every((symbol) => !String(symbol).includes('synerise.inspector')),
      before,
    ),
  );
  await chromium.close();
});

test('SDKs in frames of this and another origin are reached, as is one that navigates', async ({ sandbox, connect }) => {
  const chromium = await launchDebugged(`${sandbox.origin}/frames`);
  const { v } = await connect(chromium.endpoint);
  for (const name of ['b', 'a']) {
    await chooseClient(v, `/?sdk=react-native&shop=${name}`);
    const frame = await until(`frame ${name}`, () => chromium.page.frame({ name }));
    await v.shows('uuid', (await hookOf(frame)).held.uuid ?? '');
    expect((await v.operate('refreshToken')).verdict).toBe('done');
  }
  const frame = await until('frame b', () => chromium.page.frame({ name: 'b' }));
  await chooseClient(v, '/?sdk=react-native&shop=b');
  await v.shows('uuid', (await hookOf(frame)).held.uuid ?? '');
  await frame.goto(new URL('/?shop=moved', frame.url()).href);
  await until('the token', async () => (await hookOf(frame)).held.token);
  await chooseClient(v, 'shop=moved');
  await v.shows('uuid', (await hookOf(frame)).held.uuid ?? '');
  await chromium.close();
});

test('calls that an in-app message passes to the app are recorded without their arguments; an SDK takes its place', async ({
  sandbox,
  connect,
}) => {
  const chromium = await launchDebugged(`${sandbox.origin}/in-app`);
  const { page } = chromium;
  const { v, panel } = await connect(chromium.endpoint);
  await v.waitAttr('dialect', 'data-dialect', 'in-app');
  expect(await v.text('session-state')).toBe('In-app message');
  expect(await v.there('uuid')).toBe(false);
  await expect(panel.getByText('UUID and token stay in the app')).toBeVisible();
  await page.getByRole('button', { name: 'End the session' }).click();
  await page.getByRole('button', { name: 'Call a method' }).click();
  await v.tab('Timeline');
  await until('both calls', async () => {
    const rows = (await rowsOf(v)).filter(({ kind }) => kind === 'call');
    return (
      rows.length === 2 &&
      rows.some(({ text }) => text.startsWith('Client/destroySession()')) &&
      rows.some(({ text }) => text.startsWith('Client/changePassword()'))
    );
  });
  await panel.getByText('Client/changePassword()').first().click();
  await expect(panel.getByText('404: No such method')).toBeVisible();
  expect(await v.html()).not.toContain('s3cret');
  // The page's own callbacks got their answers.
  expect(await page.locator('body').getAttribute('data-ok')).toBe('{"done":true}');
  await v.tab('Account');
  await expect(panel.getByText('The app’s SDK handles accounts.')).toBeVisible();
  await v.tab('Diagnostics');
  expect(await v.html()).not.toContain('Can’t read UUID');
  // A page may have both: the SDK is shown, however late it comes.
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.src = '/sdk/ios.js';
    document.head.append(script);
  });
  await v.waitAttr('dialect', 'data-dialect', 'ios');
  await chromium.close();
});

test('cookies that no script can read are shown, and one is deleted, in the browser’s own store', async ({ sandbox, connect }) => {
  const chromium = await launchDebugged(`${sandbox.origin}/?sdk=web&jwt&shop=cookies`);
  const { page } = chromium;
  const cookie = { name: '_snrs_reset_uuid', value: '11111111-2222-4333-8444-555555555555', url: sandbox.origin, httpOnly: true };
  await page.context().addCookies([cookie]);
  await until('the UUID', async () => (await hookOf(page)).held.uuid);
  const { v, panel } = await connect(chromium.endpoint);
  await v.shows('uuid', (await hookOf(page)).held.uuid ?? '');
  await v.tab('Storage');
  await until('the browser’s cookies', async () => (await v.text('storage-access'))?.includes('cookie store (includes HttpOnly)'));
  const row = panel.getByRole('row').filter({ hasText: '_snrs_reset_uuid' });
  await expect(row).toContainText('✓');
  await row.click({ button: 'right' });
  await panel.getByRole('menuitem', { name: 'Delete' }).click();
  await until('the cookie to go', async () => !(await page.context().cookies()).some(({ name }) => name === cookie.name));
  await chromium.close();
});

test('a crashed page and a browser that is started again are states with their reasons, and the history stays', async ({
  sandbox,
  connect,
}) => {
  const first = await launchDebugged(`${sandbox.origin}/?shop=crash`);
  await until('the token', async () => (await hookOf(first.page)).held.token);
  const { v, run } = await connect(first.endpoint);
  await v.waitAttr('token', 'data-token', 'valid');
  await v.operate('regenerateUUID');

  void first.page.goto('chrome://crash').catch(() => undefined);
  await until('the crash', async () => (await v.html()).includes('The page crashed'));
  expect(await v.there('uuid')).toBe(false);
  await first.send('Page.reload');
  await v.waitAttr('token', 'data-token', 'valid');

  const port = Number(new URL(first.endpoint).port);
  await first.close();
  await until('the lost connection', async () => (await v.text('session-state')) === 'Connecting…');
  expect(await v.text('access')).toBe('Not connected');
  expect(await v.text('empty-why')).toContain(first.endpoint);
  const second = await launchDebugged(`${sandbox.origin}/?shop=crash`, port);
  await v.waitAttr('token', 'data-token', 'valid');
  expect(run.output()).toContain('Connected again');
  await v.tab('Timeline');
  await until('the operation from before', async () => (await rowsOf(v)).some(({ text }) => text.startsWith('regenerateUUID')));
  await second.close();
});

for (const way of ['Node.js', 'Metro'] as const)
  test(`an app behind ${way}: every session operation and three of the account, each to its verdict`, async ({ sandbox, connect }) => {
    const node = await startApp(sandbox, way.toLowerCase().replace('.', ''));
    const app = way === 'Metro' ? await behindMetro(node) : node;
    const { v, run } = await connect(app.endpoint);
    await v.waitAttr('dialect', 'data-dialect', 'react-native');
    await v.waitAttr('token', 'data-token', 'valid');
    expect(await v.text('site')).toBe(way === 'Metro' ? 'com.example.shop' : 'app.js');
    const cells = MATRIX.find(({ table }) => table.name === 'react-native')?.cells ?? [];
    for (const { operation, verdict, args, first } of cells) {
      await test.step(operation, async () => {
        if (first === 'sign-in') {
          await app.act('sign-in');
          await v.waitAttr('session-state', 'data-identity', 'signed-in');
        }
        if (verdict === 'unavailable') {
          await v.waitAttr(`action-${operation}`, 'data-binding', 'unavailable');
          return;
        }
        await v.shows('uuid', (await app.act()).held.uuid ?? '');
        const ended = await v.operate(operation, args);
        expect(ended.verdict, ended.text).toBe('done');
        const after = await until('the app to settle', async () => {
          const state = await app.act();
          return state.held.token && state;
        });
        await v.shows('uuid', after.held.uuid ?? '');
      });
    }
    await v.tab('Account');
    for (const [operation, args] of [
      ['signIn', { email: 'ada@shop.example', password: 'lovelace' }],
      ['getAccount', {}],
      ['updateAccount', { firstName: 'Augusta' }],
    ] as const) {
      const ended = await v.operate(operation, args);
      expect(ended.verdict, `${operation}: ${ended.text}`).toBe('done');
    }
    expect((await app.act()).calls.map(([name]) => name)).toContain('updateAccount');
    // An app has no cookies.
    expect(await v.html()).not.toContain('>Storage<');
    await run.stop();
    // Until then, what the account update led to may still have been read.
    const { length } = (await app.act()).calls;
    expect((await app.act('refresh')).calls).toHaveLength(length + 1);
    await app.close();
    await node.close();
  });

test('the command says what is wrong with the address, and lists what there is', async ({ sandbox, start }) => {
  const chromium = await launchDebugged(`${sandbox.origin}/?shop=words`);
  const other = await chromium.newPage();
  await other.goto(`${sandbox.origin}/empty`);
  for (const [args, code, words] of [
    [['--connect', 'http://127.0.0.1:9'], 1, 'Nothing answers at http://127.0.0.1:9.'],
    [['--connect', sandbox.origin], 1, "isn't a debugging endpoint"],
    [['--connect', 'ftp://shop.example'], 1, "isn't the address of a debugging endpoint"],
    [['--connect', chromium.endpoint, '--target', 'no such page'], 1, `${sandbox.origin}/empty`],
    [['--connect', chromium.endpoint, sandbox.origin], 1, 'without a URL'],
    [['--target', 'shop'], 1, '--target requires --connect.'],
  ] as const) {
    const run = start(args);
    expect(await run.ended, run.output()).toBe(code);
    expect(run.output()).toContain(words);
  }
  const run = start(['--connect', chromium.endpoint]);
  await until('the list', () => /2 targets.*--target/.test(run.output()) && /Panel: /.test(run.output()));
  expect(await run.stop()).toBe(0);
  await chromium.close();
});

test('inspect --connect runs a script in an app, prints its session, and leaves it running', async ({ sandbox, start }) => {
  const app = await startApp(sandbox, 'inspect');
  const script = join(folder('connected'), 'steps.json');
  const steps = [
    { state: { identity: 'anonymous', token: 'valid' } },
    { run: 'refreshToken' },
    { run: 'regenerateUUID' },
    { state: { uuid: 'changed' } },
  ];
  writeFileSync(script, JSON.stringify({ steps }));
  const run = start(['--connect', app.endpoint, '--script', script, '--json', '--secrets', 'kept'], 'inspect.mjs');
  expect(await run.ended, run.output()).toBe(0);
  const told = JSON.parse(run.out()) as { steps: { ok: boolean }[]; session: object };
  expect(told.steps.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  const { uuid } = (await app.act()).held;
  expect(told.session).toMatchObject({ site: 'app://app.js', sdk: { dialect: 'react-native' }, uuid });

  writeFileSync(script, JSON.stringify({ steps: [{ reload: true }] }));
  const impossible = start(['--connect', app.endpoint, '--script', script], 'inspect.mjs');
  expect(await impossible.ended).toBe(2);
  expect(impossible.output()).toContain('Not possible with --connect');
  await app.close();
});

test('inspect --watch prints what happens in an app, a line per event, until it is stopped', async ({ sandbox, start }) => {
  const app = await startApp(sandbox, 'watch');
  const run = start(['--connect', app.endpoint, '--watch'], 'inspect.mjs');
  const lines = () =>
    run
      .out()
      .split('\n')
      .slice(0, -1)
      .map((line) => lineSchema.parse(JSON.parse(line)));
  await until('the session', () => lines()[0]?.event === 'session', 90_000);
  expect(lines()[0]).toMatchObject({ session: { site: 'app://app.js', identity: 'anonymous' } });
  await app.act('refresh');
  await until('the call', () => lines().some((line) => line.event === 'entry' && line.entry.kind === 'call' && line.entry.ok === true));
  const before = lines().length;
  await app.act('sign-in');
  await until('the customer', () =>
    lines()
      .slice(before)
      .some((line) => line.event === 'session' && line.session.identity === 'signed-in'),
  );
  // Nothing is printed twice.
  const texts = run.out().split('\n').slice(0, -1);
  expect(new Set(texts).size).toBe(texts.length);
  expect(run.out()).not.toMatch(/lovelace|eyJ[\w-]{20,}\.[\w-]{20,}/);
  expect(await run.stop()).toBe(0);
  await app.close();
});

test('the panel’s address works in one tab, which may reload it', async ({ sandbox, connect, viewer }) => {
  const app = await startApp(sandbox, 'one-tab');
  const { v, panel, address, run } = await connect(app.endpoint);
  await v.waitAttr('token', 'data-token', 'valid');
  // Nobody who looks over a shoulder, or reads the history, gets a key that works.
  expect(panel.url()).not.toContain('#');
  await panel.reload();
  await v.waitAttr('token', 'data-token', 'valid');
  const second = await viewer();
  for (const url of [address, panel.url()]) {
    await second.goto(url);
    await expect(second.getByTestId('refused')).toBeVisible();
    await second.goto('about:blank');
  }
  await panel.close();
  const anew = await until('a new address', () => /open it again: (\S+)/.exec(run.output())?.[1]);
  await second.goto(anew);
  await expect(second.getByTestId('token')).toHaveAttribute('data-token', 'valid');
  await app.close();
});
