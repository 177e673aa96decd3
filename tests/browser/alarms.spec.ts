import { extensionPage, notificationsOf } from './lifecycle';
import { expect, hookOf, sdkReady, test, until } from './support';
import { alarmsOf, badgeOf, historyOf, sessionOf, setSite } from './worker';

// The browser rings an unpacked extension's alarms after a second; all of these are real ones, with no view open.
test.use({ watched: true });

type Sdk = { Synerise: { Client: Record<string, (...args: unknown[]) => unknown> } };
/** A site whose tokens of an hour are refreshed at once: switched on when all of a test stands, however long that took. */
const DUE = { autoRefresh: true, lead: 3_599_000 };
const signIn = () =>
  new Promise((resolve, reject) =>
    (globalThis as unknown as Sdk).Synerise.Client['signIn']?.('ada@shop.example', 'lovelace', resolve, reject),
  );

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

test('without a refresh the badge warns, and marks the end', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  await setSite(chromium, sandbox.origin, { lead: 5000 });
  // An SDK with a backend of its own logs an anonymous customer in again; the site's JWT stays what it is.
  const { page } = await inspector.open('/?sdk=web&jwt&lifetime=9');
  await until('the time left', async () => /^<\d+m$/.test(await badgeOf(chromium, page)), 20_000);
  await until('the mark of the end', async () => (await badgeOf(chromium, page)) === '!', 20_000);
  expect(await alarmsOf(chromium)).toEqual([]);
});

test('a signed-in session that expired is shown as such, with the reason that the SDK gave', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page } = await inspector.open('/');
  await sdkReady(page);
  sandbox.auth.set('main', { lifetime: 6 });
  await page.evaluate(signIn);
  await until('the sign-in', async () => (await sessionOf(chromium, page))?.history.seen?.identity === 'signed-in');
  await until('the end', async () => (await sessionOf(chromium, page))?.history.signedOut?.expired === true, 20_000);
  const popup = await inspector.popup(page);
  await popup.waitAttr('token', 'data-token', 'expired');
  await until('the words', async () => (await popup.html()).includes('the session expired'));
  expect(await popup.html()).toMatch(/SESSION_EXPIRATION|cannot be retrieved/);
});

test('two tabs with one token: one refreshes, the other reads', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page: one } = await inspector.open('/?lifetime=3600&sync');
  const { page: two } = await inspector.open('/?sync');
  for (const page of [one, two]) await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
  const tokens = async () => Promise.all([one, two].map(async (page) => (await hookOf(page)).held.token?.raw));
  const [first, second] = await tokens();
  expect(first).toBe(second);
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
});

test("a web session's token is the site's alone to renew: warned of only", async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  await setSite(chromium, sandbox.origin, { autoRefresh: true, lead: 60_000 });
  const { page } = await inspector.open('/?sdk=web&jwt&lifetime=50');
  await until('the warning', async () => (await badgeOf(chromium, page)).includes('m'), 20_000);
  const popup = await inspector.popup(page);
  expect(await popup.disabled('auto-refresh')).toBe(true);
  expect(await popup.attr('auto-refresh', 'title')).toContain('Only the site itself');
  expect((await sessionOf(chromium, page))?.tokenRefresh.tries).toBe(0);
});

const CLOCKS = [
  ['exp=ms', 'exp-in-ms'],
  ['exp=past', 'ended-on-arrival'],
  ['exp=years', 'long-lived'],
  ['skew=600', 'created-ahead'],
] as const;
for (const [query, note] of CLOCKS) {
  test(`an odd clock is told: ${query}`, async ({ inspector }) => {
    const { page } = await inspector.open(`/?${query}`);
    const popup = await inspector.popup(page);
    await until('the note', async () => (await popup.html()).includes(`data-note="${note}"`), 20_000);
  });
}
