import { startSandbox } from '../../sandbox/server.mjs';
import { launchChromium } from '../../scripts/chromium.mjs';
import {
  backFromCache,
  discard,
  extensionPage,
  fillSession,
  launchQuiet,
  markForCache,
  moveOut,
  openIncognito,
  reloadExtension,
  remove,
  restartable,
  tabIdOf,
  WITHOUT_CACHE,
  watchedProfile,
} from './lifecycle';
import { expect, hookOf, sdkReady, test, until } from './support';
import { alarmsOf, historyOf, scriptsOf, sessionOf, setSite, settingsOf, stored, storedSession } from './worker';

/** Used in functions that run in the worker. */
declare const chrome: typeof import('@wxt-dev/browser').browser;

test.use({ watched: true });

type Sdk = { Synerise: { Client: Record<string, (...args: unknown[]) => unknown> } };
const regenerate = () => (globalThis as unknown as Sdk).Synerise.Client['regenerateUUID']?.();

test('a session continues across reloads and navigation within its site, with each new document marked', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page } = await inspector.open('/');
  await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
  await page.reload();
  await until('the second document', async () => (await historyOf(chromium, page)).some(({ kind }) => kind === 'document'));
  await page.goto(`${sandbox.origin}/?page=2`);
  await until('the third document', async () => (await historyOf(chromium, page)).filter(({ kind }) => kind === 'document').length === 2);
  const entries = await historyOf(chromium, page);
  expect(entries.flatMap((entry) => (entry.kind === 'document' ? [[entry.by, entry.path]] : []))).toEqual([
    ['reload', '/'],
    ['navigate', '/?page=2'],
  ]);
  // The UUID is the same generation throughout.
  expect(entries.filter(({ kind }) => kind === 'uuid')).toHaveLength(1);
  await page.goto(`${sandbox.origin.replace('127.0.0.1', 'localhost')}/`);
  await until('the session of the other site', async () => (await sessionOf(chromium, page))?.history.nth === 1);
});

test('an alarm survives a killed worker, fires, and has the token refreshed', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  await setSite(chromium, sandbox.origin, { autoRefresh: true });
  const { page } = await inspector.open('/?lifetime=66');
  await until('the alarm', async () => (await alarmsOf(chromium)).length === 1);
  const { token } = (await hookOf(page)).held;
  sandbox.auth.set('main', { lifetime: 3600 });
  await chromium.killWorker();
  await until('the refresh', () => sandbox.auth.refreshes('main').length === 1, 25_000);
  await until('the new token', async () => (await hookOf(page)).held.token?.raw !== token?.raw);
  await until('the next alarm', async () => ((await alarmsOf(chromium))[0]?.scheduledTime ?? 0) > Date.now() + 3_000_000);
});

test('a discarded tab is left asleep, and its session resumes when it is shown again', async ({ inspector }) => {
  const { chromium } = inspector;
  const { page } = await inspector.open('/');
  await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
  const { uuid } = (await hookOf(page)).held;
  await chromium.context.newPage();
  const { after, wake } = await discard(chromium, page);
  await until('the session to be marked as discarded', async () => (await storedSession(chromium, after))?.tab.asleep === 'discarded');
  expect(await alarmsOf(chromium)).toEqual([]);
  await wake();
  await until('the session to resume', async () => {
    const session = await storedSession(chromium, after);
    return session?.tab.asleep === null && session.tab.alarmAt !== null && session.history.spans.uuid?.value === uuid;
  });
});

test('a page restored from the back-forward cache resumes its session', async () => {
  const sandbox = await startSandbox();
  const profile = watchedProfile();
  const chromium = await launchChromium({ profile, installed: true, without: [WITHOUT_CACHE] });
  try {
    const page = await chromium.context.newPage();
    await until('the scripts', async () => (await scriptsOf(chromium)).length > 0);
    await page.goto(`${sandbox.origin}/cached`);
    await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
    const before = await sessionOf(chromium, page);
    await markForCache(page);
    await page.goto(`${sandbox.origin}/empty`);
    await until('the other page', async () => (await sessionOf(chromium, page))?.page.document !== before?.page.document);
    await backFromCache(page);
    await until('the first page', async () => (await sessionOf(chromium, page))?.page.document === before?.page.document);
    await page.evaluate(regenerate);
    const { uuid } = (await hookOf(page)).held;
    await until('the new UUID', async () => (await sessionOf(chromium, page))?.history.spans.uuid?.value === uuid);
    const documents = (await historyOf(chromium, page)).flatMap((entry) => (entry.kind === 'document' ? [entry.by] : []));
    expect(documents.at(-1)).toBe('restored');
  } finally {
    await chromium.close();
    remove(profile);
    await sandbox.close();
  }
});

test('a prerendered page is ignored until it is activated', async () => {
  const sandbox = await startSandbox();
  const profile = watchedProfile({ permissions: ['cookies', 'notifications'] });
  const quiet = await launchQuiet({ profile });
  try {
    const page = await quiet.newPage();
    await page.goto(`${sandbox.origin}/?shop=shown`);
    const session = (tab: number) => quiet.inWorker(stored, tab);
    const ahead = await quiet.prerender(page, `${sandbox.origin}/?shop=ahead`);
    await until('the session of the visible page', async () => (await session(ahead.tabId))?.history.spans.uuid);
    const shown = await session(ahead.tabId);
    expect(shown?.page.path).toContain('shop=shown');
    await ahead.activate();
    await until('the session of the prerendered page', async () => (await session(ahead.tabId))?.page.path.includes('shop=ahead'), 15_000);
  } finally {
    await quiet.close();
    remove(profile);
    await sandbox.close();
  }
});

test('a frozen tab has its alarm cleared, and its session resumes when it thaws', async () => {
  const sandbox = await startSandbox();
  const profile = watchedProfile();
  const quiet = await launchQuiet({ profile });
  try {
    const page = await quiet.newPage();
    await page.goto(`${sandbox.origin}/?lifetime=67`);
    const tabId = await quiet.tabIdOf(page);
    const session = () => quiet.inWorker(stored, tabId);
    // A tab that freezes before it has a session gets none.
    await until('the session', async () => (await session())?.tab.alarmAt);
    const { thaw } = await quiet.freeze(page);
    await until('the session to be marked as frozen', async () => (await session())?.tab.asleep === 'frozen', 20_000);
    expect((await session())?.tab.alarmAt).toBeNull();
    await thaw();
    await until('the session to resume', async () => (await session())?.tab.asleep === null, 20_000);
  } finally {
    await quiet.close();
    remove(profile);
    await sandbox.close();
  }
});

test('a tab moved to another window keeps its session', async ({ inspector }) => {
  const { chromium } = inspector;
  const { page } = await inspector.open('/');
  await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
  const tab = await tabIdOf(chromium, page);
  await chromium.context.newPage();
  await moveOut(chromium, page);
  await page.evaluate(regenerate);
  const { uuid } = (await hookOf(page)).held;
  await until('the new UUID', async () => (await storedSession(chromium, tab))?.history.spans.uuid?.value === uuid);
});

test('tabs of several sites each have their own session', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const urls = [1, 2, 3, 4].map((n) => `${n % 2 ? sandbox.origin : sandbox.origin.replace('127.0.0.1', 'localhost')}/?shop=of-${n}`);
  const pages = [];
  for (const url of urls) {
    const page = await chromium.context.newPage();
    await page.goto(url);
    pages.push(page);
  }
  for (const page of pages) {
    await until('the SDK', async () => (await hookOf(page)).held.uuid);
    const { uuid } = (await hookOf(page)).held;
    await until('its session', async () => (await sessionOf(chromium, page))?.history.spans.uuid?.value === uuid);
  }
});

test('incognito data is never written to disk and is deleted with its last tab', async () => {
  const sandbox = await startSandbox();
  const profile = watchedProfile({ incognito: true });
  const chromium = await launchChromium({ profile, installed: true });
  try {
    await until('the scripts', async () => (await scriptsOf(chromium)).length > 0);
    const page = await chromium.context.newPage();
    await page.goto(`${sandbox.origin}/`);
    await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
    const hidden = await openIncognito(chromium, `${sandbox.origin}/`);
    await until('the SDK', async () => (await hookOf(hidden.page)).held.uuid);
    const { uuid } = (await hookOf(hidden.page)).held;
    const stored = async () => JSON.stringify(await (await chromium.worker()).evaluate('chrome.storage.session.get(null)'));
    await until('its session', async () => (await stored()).includes(uuid ?? '?'));
    expect(JSON.stringify(await (await chromium.worker()).evaluate('chrome.storage.local.get(null)'))).not.toContain(uuid);
    await hidden.close();
    await until('all incognito data to be deleted', async () => !(await stored()).includes(uuid ?? '?'));
    expect((await sessionOf(chromium, page))?.stage.phase).toBe('attached');
  } finally {
    await chromium.close();
    remove(profile);
    await sandbox.close();
  }
});

test('after a browser restart, watched sites and settings are kept, sessions start over, and no stale alarm is left', async () => {
  const sandbox = await startSandbox();
  const profile = watchedProfile();
  const browser = await restartable({ profile, installed: true });
  try {
    await until('the scripts', async () => (await scriptsOf(browser.now)).length > 0);
    await setSite(browser.now, sandbox.origin, { autoRefresh: true, lead: 30_000 });
    const page = await browser.now.context.newPage();
    await page.goto(`${sandbox.origin}/`);
    await until('the session', async () => (await sessionOf(browser.now, page))?.tab.alarmAt);
    expect(await alarmsOf(browser.now)).toHaveLength(1);

    const again = await browser.restart();
    expect(await settingsOf(again)).toMatchObject({ sites: { [sandbox.origin]: { autoRefresh: true, lead: 30_000 } } });
    expect(await scriptsOf(again)).toHaveLength(2);
    await until('no alarm to be left', async () => (await alarmsOf(again)).length === 0);
    const next = await again.context.newPage();
    await next.goto(`${sandbox.origin}/`);
    await until('the new session', async () => (await sessionOf(again, next))?.tab.alarmAt);
    expect((await sessionOf(again, next))?.policy.lead).toBe(30_000);
    expect((await historyOf(again, next)).find(({ kind }) => kind === 'uuid')).toMatchObject({ cause: { kind: 'first' } });
  } finally {
    await browser.close();
    remove(profile);
    await sandbox.close();
  }
});

test('after the extension is reloaded, it continues to record open pages of watched sites', async ({ inspector }) => {
  const { chromium } = inspector;
  const { page } = await inspector.open('/');
  await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
  await reloadExtension(chromium);
  await page.bringToFront();
  await until('the session in the reloaded extension', async () => (await sessionOf(chromium, page))?.tab.alarmAt, 20_000);
  await page.evaluate(regenerate);
  const { uuid } = (await hookOf(page)).held;
  await until('the bell in the reloaded extension', async () => (await sessionOf(chromium, page))?.history.spans.uuid?.value === uuid);
});

test('when storage is full, the oldest history is dropped with a notice, and the session is kept', async ({ inspector }) => {
  const { chromium } = inspector;
  const { page } = await inspector.open('/');
  await sdkReady(page);
  await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
  await fillSession(chromium);
  await page.evaluate(regenerate);
  const { uuid } = (await hookOf(page)).held;
  await until('the session to be stored', async () => (await sessionOf(chromium, page))?.history.spans.uuid?.value === uuid, 15_000);
  const tab = await tabIdOf(chromium, page);
  const { page: panel } = await extensionPage(chromium, `panel.html?tabId=${tab}`);
  await expect(panel.getByTestId('uuid')).toHaveText(uuid ?? '');
  await panel.getByRole('tab', { name: 'Timeline' }).click();
  await expect(panel.getByTestId('dropped')).toBeVisible();
});

test('a closed tab stays readable, without its token or alarm', async ({ inspector }) => {
  const { chromium } = inspector;
  const { page } = await inspector.open('/');
  await until('the session', async () => (await sessionOf(chromium, page))?.tab.alarmAt);
  const { uuid } = (await hookOf(page)).held;
  const tab = await tabIdOf(chromium, page);
  await chromium.context.newPage();
  await page.close();
  await until('the session to be closed', async () => (await storedSession(chromium, tab))?.tab.closedAt);
  expect(JSON.stringify(await storedSession(chromium, tab))).not.toContain('eyJ');
  expect((await alarmsOf(chromium)).map(({ name }) => name)).toEqual(['prune']);
  const { page: panel } = await extensionPage(chromium, `panel.html?tabId=${tab}`);
  await expect(panel.getByTestId('session-state')).toHaveAttribute('data-phase', 'unreachable');
  await panel.getByRole('tab', { name: 'Timeline' }).click();
  await panel.getByTestId('generation').first().click();
  await expect(panel.getByTestId('generation-details')).toContainText(uuid ?? '?');
});
