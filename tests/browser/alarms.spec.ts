// Real alarms of the browser. What they lead to, and which tokens are only warned of, is tested in Node.
import { extensionPage, notificationsOf } from './lifecycle';
import { expect, hookOf, test, until } from './support';
import { alarmsOf, badgeOf, historyOf, sessionOf, setSite } from './worker';

// The browser rings an unpacked extension's alarms after a second; all of these are real ones, with no view open.
test.use({ watched: true });

/** A site whose tokens of an hour are refreshed at once: switched on when all of a test stands, however long that took. */
const DUE = { autoRefresh: true, lead: 3_599_000 };

test('the token is refreshed before it ends, with no view open: read first, then refreshed once', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  await setSite(chromium, sandbox.origin, { autoRefresh: true });
  const { page } = await inspector.open('/?lifetime=3600');
  await until('the alarm', async () => (await alarmsOf(chromium)).length === 1);
  const before = (await hookOf(page)).held;
  sandbox.auth.set('main', { lifetime: 7200 });
  await setSite(chromium, sandbox.origin, DUE);
  await until('the refresh', () => sandbox.auth.refreshes('main').length === 1, 25_000);
  await until('the token to be another', async () => (await hookOf(page)).held.token?.raw !== before.token?.raw);
  await until('the news of it', async () => (await historyOf(chromium, page)).filter(({ kind }) => kind === 'token').length === 2);
  await until('an alarm for it', async () => (await alarmsOf(chromium)).length === 1);
  const after = (await hookOf(page)).held;
  expect(after.uuid).toBe(before.uuid);
  expect(after.token?.raw).not.toBe(before.token?.raw);
  expect(sandbox.auth.refreshes('main')).toHaveLength(1);
  const entries = await historyOf(chromium, page);
  expect(entries.findLast(({ kind }) => kind === 'token')).toMatchObject({ cause: { kind: 'operation', sure: true } });
  expect(entries.filter(({ kind }) => kind === 'operation')).toMatchObject([{ by: 'alarm', operation: 'refreshToken', verdict: 'done' }]);
  expect(await badgeOf(chromium, page)).toBe('');
  // No word of a token in what is kept of the past.
  expect(JSON.stringify(entries)).not.toContain('eyJ');
});

test('a refresh that fails is tried again with growing pauses, and the badge tells it meanwhile', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page } = await inspector.open('/?lifetime=3600');
  await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
  sandbox.auth.set('main', { lifetime: 7200, refreshFails: 2, refreshStatus: 503 });
  await setSite(chromium, sandbox.origin, DUE);
  await until('the badge of a refresh that failed', async () => (await badgeOf(chromium, page)) === '×', 25_000);
  expect((await sessionOf(chromium, page))?.tokenRefresh).toMatchObject({ tries: 1 });
  await until('the third try', () => sandbox.auth.refreshes('main').length === 3, 40_000);
  const [first = 0, second = 0, third = 0] = sandbox.auth.refreshes('main').map(({ at }) => at);
  expect(second - first).toBeGreaterThan(4000);
  expect(third - second).toBeGreaterThan(second - first);
  await until('the badge to go', async () => (await badgeOf(chromium, page)) === '');
});

test('two tabs with one token: one refreshes, the other reads', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page: one } = await inspector.open('/?lifetime=3600&sync');
  const { page: two } = await inspector.open('/?sync');
  for (const page of [one, two]) await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
  const tokens = async () => Promise.all([one, two].map(async (page) => (await hookOf(page)).held.token?.raw));
  // Both may have fetched one as they opened.
  await until('one token in both', async () => new Set(await tokens()).size === 1);
  sandbox.auth.set('main', { lifetime: 7200, latency: 400 });
  // Only now, since either may be slow to open: due at once, in both.
  await setSite(chromium, sandbox.origin, DUE);
  await until(
    'both to have another alarm',
    async () => (await alarmsOf(chromium)).filter(({ scheduledTime }) => scheduledTime > Date.now() + 3_000_000).length === 2,
    30_000,
  );
  expect(sandbox.auth.refreshes('main')).toHaveLength(1);
  // One after another: a tab is told by being in front.
  const causes = [
    (await sessionOf(chromium, one))?.history.spans.token?.cause.kind,
    (await sessionOf(chromium, two))?.history.spans.token?.cause.kind,
  ];
  expect(causes.sort()).toEqual(['operation', 'other-tab']);
});

test('a notification tells of the end where the person wants it', async ({ inspector }) => {
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
