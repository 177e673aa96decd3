import { extensionPage } from './lifecycle';
import { expect, hookOf, test, until } from './support';
import { alarmsOf, historyOf, scriptsOf, sessionOf, setSite, settingsOf, unwatch } from './worker';

test.use({ watched: true });

type Sdk = { Synerise: { Client: Record<string, (...args: unknown[]) => unknown> } };
const agentThere = () => (globalThis as unknown as Record<symbol, unknown>)[Symbol.for('synerise.inspector.agent')] !== undefined;

test('a watched page has a session, and its calls are recorded, without a click or an open view', async ({ inspector }) => {
  const { chromium } = inspector;
  const { page, noise } = await inspector.open('/');
  await until('the SDK', async () => (await hookOf(page)).held.uuid);
  const { uuid } = (await hookOf(page)).held;
  await until('the session', async () => {
    const session = await sessionOf(chromium, page);
    return session?.history.spans.uuid?.value === uuid && session?.tab.alarmAt;
  });
  expect((await sessionOf(chromium, page))?.tab.access).toBe('watched');
  await page.evaluate(() => (globalThis as unknown as Sdk).Synerise.Client['regenerateUUID']?.());
  const now = (await hookOf(page)).held.uuid;
  expect(now).not.toBe(uuid);
  await until('the new UUID', async () => (await sessionOf(chromium, page))?.history.spans.uuid?.value === now);
  const entries = await historyOf(chromium, page);
  expect(entries.findLast(({ kind }) => kind === 'uuid')).toMatchObject({ cause: { kind: 'call', sure: true, by: 'regenerateUUID()' } });
  // Read once at the start and once after the change: without an open view, the page is not polled.
  expect(noise).toEqual([]);
});

for (const sdk of ['react-native', 'flutter', 'ios', 'android']) {
  test(`calls in the script that defines the SDK are recorded, and its methods keep their identity: ${sdk}`, async ({ inspector }) => {
    const { chromium } = inspector;
    const { page, noise } = await inspector.open(`/early?sdk=${sdk}`);
    const identities = () => page.evaluate(() => (globalThis as unknown as { identities?: Record<string, unknown> }).identities);
    await until("the page's last check", async () => (await identities())?.['later'] !== undefined);
    // The method is the same function from the page's first read on, and the global is a plain property, as the page made it.
    expect(await identities()).toMatchObject({
      atOnce: true,
      DOMContentLoaded: true,
      load: true,
      later: true,
      descriptor: { writable: true, configurable: true },
    });
    await until('both calls', async () => {
      const calls = (await sessionOf(chromium, page))?.history.calls.map(({ does }) => does) ?? [];
      return calls.includes('signIn') && calls.includes('refreshToken');
    });
    expect(noise).toEqual([]);
  });
}

test('a page without an SDK has its globals unchanged once it has loaded', async ({ inspector }) => {
  const { page } = await inspector.open('/empty');
  await until('the SDK names to be removed from the globals', () =>
    page.evaluate(() => !['Synerise', 'Client', 'SNRClient', 'SR'].some((name) => name in globalThis)),
  );
  expect(await page.evaluate(agentThere)).toBe(true);
});

test('revoking permission immediately removes agents, alarms, and sessions, and turns off auto-refresh', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page } = await inspector.open('/');
  await setSite(chromium, sandbox.origin, { autoRefresh: true, notify: true, lead: 90_000 });
  await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
  const isProxied = () => {
    const { Client } = (globalThis as unknown as Sdk).Synerise;
    // The page's own functions have source text; wrappers have none.
    return String(Client['regenerateUUID']).includes('[native code]');
  };
  expect(await page.evaluate(isProxied)).toBe(true);

  await unwatch(chromium, ['http://127.0.0.1/*']);
  await until('the agent to be removed', async () => !(await page.evaluate(agentThere)));
  expect(await page.evaluate(isProxied)).toBe(false);
  await until('the session to be removed', async () => (await sessionOf(chromium, page)) === null);
  expect(await alarmsOf(chromium)).toEqual([]);
  expect(await settingsOf(chromium)).toMatchObject({ sites: { [sandbox.origin]: { autoRefresh: false, notify: false, lead: 90_000 } } });
  // The other host is still watched; once it is not, no script is registered.
  expect(await scriptsOf(chromium)).toHaveLength(2);
  await unwatch(chromium, ['http://localhost/*']);
  await until('no script to be registered', async () => (await scriptsOf(chromium)).length === 0);
  await page.reload();
  expect(await page.evaluate(agentThere)).toBe(false);
});

test('the settings page lists the watched sites and can stop watching one', async ({ inspector }) => {
  const { chromium } = inspector;
  const { page } = await inspector.open('/');
  await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
  const { page: options } = await extensionPage(chromium, 'options.html');
  await expect(options.getByTestId('watched-site')).toHaveCount(2);
  const site = options.locator('[data-testid="watched-site"][data-pattern="http://127.0.0.1/*"]');
  await site.getByTestId('site-auto-refresh').click();
  await expect(site.getByTestId('site-auto-refresh')).toHaveAttribute('aria-checked', 'true');
  await site.getByTestId('unwatch').click();
  await expect(options.getByTestId('watched-site')).toHaveCount(1);
  await until('the agent to be removed', async () => !(await page.evaluate(agentThere)));
});

test('a page that was open before its site was watched is recorded too', async ({ inspector }) => {
  const { chromium } = inspector;
  const { page } = await inspector.open('/');
  await unwatch(chromium, ['http://127.0.0.1/*', 'http://localhost/*']);
  await until('the agent to be removed', async () => !(await page.evaluate(agentThere)));
  await page.reload();
  expect(await page.evaluate(agentThere)).toBe(false);
  // The browser grants a permission again without a prompt.
  const { target } = await extensionPage(chromium, 'options.html');
  expect(await target.evaluate(`chrome.permissions.request({ origins: ['http://127.0.0.1/*'] })`)).toBe(true);
  await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
  await page.bringToFront();
  await page.evaluate(() => (globalThis as unknown as Sdk).Synerise.Client['regenerateUUID']?.());
  const { uuid } = (await hookOf(page)).held;
  await until('the bell to reach the worker', async () => (await sessionOf(chromium, page))?.history.spans.uuid?.value === uuid);
});
