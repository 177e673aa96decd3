// Real browser alarms. What they trigger, and which tokens only cause a warning, is tested in Node.
import { extensionPage, notificationsOf } from './lifecycle';
import { expect, hookOf, test, until } from './support';
import { alarmsOf, badgeOf, historyOf, sessionOf, setSite } from './worker';

// For an unpacked extension, the browser fires alarms after as little as a second. All alarms here are real, with no view open.
test.use({ watched: true });

/** Settings that make a one-hour token due for refresh right away. Applied only once a test is set up, however long that takes. */
const DUE = { autoRefresh: true, lead: 3_599_000 };

test('with no view open, the token is read again and refreshed once before it expires', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  await setSite(chromium, sandbox.origin, { autoRefresh: true });
  const { page } = await inspector.open('/?lifetime=3600');
  await until('the alarm', async () => (await alarmsOf(chromium)).length === 1);
  const before = (await hookOf(page)).held;
  sandbox.auth.set('main', { lifetime: 7200 });
  await setSite(chromium, sandbox.origin, DUE);
  await until('the refresh', () => sandbox.auth.refreshes('main').length === 1, 25_000);
  await until('the token to change', async () => (await hookOf(page)).held.token?.raw !== before.token?.raw);
  await until('its history entry', async () => (await historyOf(chromium, page)).filter(({ kind }) => kind === 'token').length === 2);
  await until('the alarm for the new token', async () => (await alarmsOf(chromium)).length === 1);
  const after = (await hookOf(page)).held;
  expect(after.uuid).toBe(before.uuid);
  expect(after.token?.raw).not.toBe(before.token?.raw);
  expect(sandbox.auth.refreshes('main')).toHaveLength(1);
  const entries = await historyOf(chromium, page);
  expect(entries.findLast(({ kind }) => kind === 'token')).toMatchObject({ cause: { kind: 'operation', sure: true } });
  expect(entries.filter(({ kind }) => kind === 'operation')).toMatchObject([{ by: 'alarm', operation: 'refreshToken', verdict: 'done' }]);
  expect(await badgeOf(chromium, page)).toBe('');
  // The history contains no raw token.
  expect(JSON.stringify(entries)).not.toContain('eyJ');
});

test('a failed refresh is retried at growing intervals while the badge shows the failure', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page } = await inspector.open('/?lifetime=3600');
  await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
  sandbox.auth.set('main', { lifetime: 7200, refreshFails: 2, refreshStatus: 503 });
  await setSite(chromium, sandbox.origin, DUE);
  await until('the badge for a failed refresh', async () => (await badgeOf(chromium, page)) === '×', 25_000);
  expect((await sessionOf(chromium, page))?.tokenRefresh).toMatchObject({ tries: 1 });
  await until('the third attempt', () => sandbox.auth.refreshes('main').length === 3, 40_000);
  const [first = 0, second = 0, third = 0] = sandbox.auth.refreshes('main').map(({ at }) => at);
  expect(second - first).toBeGreaterThan(4000);
  expect(third - second).toBeGreaterThan(second - first);
  await until('the badge to clear', async () => (await badgeOf(chromium, page)) === '');
});

test('of two tabs with the same token, one refreshes it and the other only reads it', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page: one } = await inspector.open('/?lifetime=3600&sync');
  const { page: two } = await inspector.open('/?sync');
  for (const page of [one, two]) await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
  const tokens = async () => Promise.all([one, two].map(async (page) => (await hookOf(page)).held.token?.raw));
  // Each tab may have fetched its own token while opening.
  await until('both tabs to have the same token', async () => new Set(await tokens()).size === 1);
  sandbox.auth.set('main', { lifetime: 7200, latency: 400 });
  // Set only now, because either tab may open slowly: the refresh becomes due in both at the same time.
  await setSite(chromium, sandbox.origin, DUE);
  await until(
    'both tabs to have a new alarm',
    async () => (await alarmsOf(chromium)).filter(({ scheduledTime }) => scheduledTime > Date.now() + 3_000_000).length === 2,
    30_000,
  );
  expect(sandbox.auth.refreshes('main')).toHaveLength(1);
  // One after the other, because `sessionOf` has to bring the tab to the front.
  const causes = [
    (await sessionOf(chromium, one))?.history.spans.token?.cause.kind,
    (await sessionOf(chromium, two))?.history.spans.token?.cause.kind,
  ];
  expect(causes.sort()).toEqual(['operation', 'other-tab']);
});

test('a notification warns that the token is about to expire if notifications are on', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page: options } = await extensionPage(chromium, `options.html`);
  await setSite(chromium, sandbox.origin, { lead: 5000 });
  const site = options.locator(`[data-testid="site-settings"][data-origin="${sandbox.origin}"]`);
  await site.getByTestId('site-notify').click();
  await expect(site.getByTestId('site-notify')).toHaveAttribute('aria-checked', 'true');
  const { page } = await inspector.open('/?lifetime=9');
  await until('the notification', async () => (await notificationsOf(chromium)).length === 1, 25_000);
  expect((await sessionOf(chromium, page))?.tokenRefresh.told).toContain('near-expiry');
  await until('the time left on the toolbar', async () => /^<\d+m$/.test(await badgeOf(chromium, page)), 25_000);
});
