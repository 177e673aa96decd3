import { expect, sdkReady, test, until } from './support';
import { alarmsOf, badgeOf } from './worker';

type Sdk = { Synerise: { Client: Record<string, (...args: unknown[]) => unknown> } };
const regenerateInPage = () => (globalThis as unknown as Sdk).Synerise.Client['regenerateUUID']?.();
/** Runs in the page: counts calls to `refreshToken`. */
const COUNT = () => {
  const { Client } = (globalThis as unknown as Sdk).Synerise;
  const own = Client['refreshToken'] as (...args: unknown[]) => unknown;
  Object.assign(globalThis, { refreshes: 0 });
  Client['refreshToken'] = function (this: unknown, ...args: unknown[]) {
    (globalThis as unknown as { refreshes: number }).refreshes += 1;
    return own.apply(this, args);
  };
};
const refreshes = () => (globalThis as unknown as { refreshes: number }).refreshes;

test('killing an idle worker loses nothing and misses no change', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const v = await inspector.panel(page);
  const { uuid } = await inspector.held(page);
  await v.shows('uuid', uuid);
  await inspector.chromium.killWorker();
  expect(await v.text('uuid')).toBe(uuid);
  await page.evaluate(regenerateInPage);
  await v.shows('uuid', (await inspector.held(page)).uuid);
  await inspector.chromium.killWorker();
  expect((await v.operate('regenerateUUID')).verdict).toBe('done');
});

test('an operation runs once and gets its verdict even if the worker is killed meanwhile', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  await page.evaluate(COUNT);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  inspector.sandbox.auth.set('main', { latency: 1500 });
  const run = await v.begin('refreshToken');
  await page.waitForFunction(() => (globalThis as unknown as { refreshes: number }).refreshes > 0);
  await inspector.chromium.killWorker();
  inspector.sandbox.auth.set('main', { latency: 0 });
  expect((await v.ended(run)).verdict).toBe('done');
  expect(await page.evaluate(refreshes)).toBe(1);
});

test('a reload interrupts a running operation, and the result says so', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  inspector.sandbox.auth.set('main', { latency: 3000 });
  const run = await v.begin('refreshToken');
  await until('the call to be under way', async () => (await v.attr('operation-result', 'aria-busy')) === 'true');
  inspector.sandbox.auth.set('main', { latency: 0 });
  await page.reload();
  const ended = await v.ended(run);
  expect(ended.verdict).toBe('interrupted');
  expect(ended.text).toContain('reloaded');
});

test('two tabs side by side have separate sessions', async ({ inspector }) => {
  const first = await inspector.open('/?shop=one');
  await sdkReady(first.page);
  const one = await inspector.panel(first.page);
  const second = await inspector.open('/?shop=two');
  await sdkReady(second.page);
  const two = await inspector.panel(second.page);
  const held = { one: await inspector.held(first.page), two: await inspector.held(second.page) };
  expect(held.one.uuid).not.toBe(held.two.uuid);
  await one.shows('uuid', held.one.uuid);
  await two.shows('uuid', held.two.uuid);
  expect((await two.operate('regenerateUUID')).verdict).toBe('done');
  await two.shows('uuid', (await inspector.held(second.page)).uuid);
  expect(await one.text('uuid')).toBe(held.one.uuid);
  expect((await inspector.held(first.page)).uuid).toBe(held.one.uuid);
  expect(await one.attr('operation-result', 'data-run')).toBeNull();
});

test('the popup and panel of a tab show the same state and the widest access', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const panel = await inspector.panel(page);
  await panel.waitAttr('access', 'data-access', 'panel');
  const popup = await inspector.popup(page);
  await popup.waitAttr('access', 'data-access', 'visit');
  await panel.waitAttr('access', 'data-access', 'visit');
  const { verdict } = await popup.operate('regenerateUUID');
  expect(verdict).toBe('done');
  const { uuid } = await inspector.held(page);
  await popup.shows('uuid', uuid);
  await panel.shows('uuid', uuid);
  await panel.waitAttr('operation-result', 'data-operation', 'regenerateUUID');
});

test('with no view open, an alarm reads the token again before it warns', async ({ inspector }) => {
  // The alarm, one minute before expiration, fires on its own soon after the popup has seen the token.
  const { page } = await inspector.open('/?lifetime=66');
  await sdkReady(page);
  const v = await inspector.popup(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await v.target.evaluate('setTimeout(() => window.close())');
  await until('the popup to close', async () => !(await inspector.chromium.targets()).some(({ url }) => url.includes('/popup.html')));
  const worker = await inspector.chromium.worker();
  type Extension = {
    chrome: { alarms: { create(name: string, info: object): Promise<void> } };
    browser: { action: { setBadgeText(badge: { text: string }): Promise<void> } };
    badges: string[];
  };
  // Record every badge that is set, because polling could miss a brief one.
  await worker.evaluate(() => {
    const extension = globalThis as unknown as Extension;
    const set = extension.browser.action.setBadgeText.bind(extension.browser.action);
    extension.badges = [];
    extension.browser.action.setBadgeText = (badge) => {
      extension.badges.push(badge.text);
      return set(badge);
    };
  });
  const badges = () => worker.evaluate(() => (globalThis as unknown as Extension).badges);
  const alarm = async () => (await alarmsOf(inspector.chromium))[0];
  const refreshInPage = () =>
    page.evaluate(
      () => new Promise((resolve, reject) => (globalThis as unknown as Sdk).Synerise.Client['refreshToken']?.(resolve, reject)),
    );

  // The SDK has refreshed the token itself in the meantime, so the alarm is rescheduled without a warning.
  const { name } = await until('the alarm', alarm);
  inspector.sandbox.auth.set('main', { lifetime: 3600 });
  await refreshInPage();
  await until('the alarm to move', async () => ((await alarm())?.scheduledTime ?? 0) > Date.now() + 3_000_000, 20_000);
  expect((await badges()).filter((text) => text !== '')).toEqual([]);
  const fire = () =>
    worker.evaluate((of) => (globalThis as unknown as Extension).chrome.alarms.create(of, { when: Date.now() + 200 }), name);

  // If the token really is about to expire, the alarm warns.
  inspector.sandbox.auth.set('main', { lifetime: 45 });
  await refreshInPage();
  await fire();
  await until('the badge', async () => (await badges()).some((text) => text.includes('m')));
});

test('a closed tab leaves no token or alarm behind, and a tab without a customer leaves nothing', async ({ inspector }) => {
  const { page: other } = await inspector.open('/empty');
  await (await inspector.popup(other)).waitAttr('session-state', 'data-phase', 'absent');
  const { page } = await inspector.open();
  await sdkReady(page);
  const v = await inspector.popup(page);
  await v.waitAttr('token', 'data-token', 'valid');
  const worker = await inspector.chromium.worker();
  type Extension = {
    chrome: {
      storage: { session: { get(key: null): Promise<object> }; local: { get(key: null): Promise<object> } };
      alarms: { getAll(): Promise<{ name: string }[]> };
    };
  };
  const left = () =>
    worker.evaluate(async () => {
      const { chrome } = globalThis as unknown as Extension;
      const sessions = await chrome.storage.session.get(null);
      return {
        sessions: Object.keys(sessions).filter((key) => key.startsWith('session:')).length,
        tokens: JSON.stringify(sessions).includes('eyJ'),
        settings: Object.keys(await chrome.storage.local.get(null)).length,
        alarms: (await chrome.alarms.getAll()).map(({ name }) => name.split(':')[0]),
      };
    });
  expect(await left()).toEqual({ sessions: 2, tokens: true, settings: 0, alarms: ['session'] });
  await page.close();
  await other.close();
  await until('only the read-only session to be left', async () => {
    const { sessions, tokens, alarms } = await left();
    return sessions === 1 && !tokens && alarms.join() === 'prune';
  });
});

test('the badge does not follow the tab to another site', async ({ inspector }) => {
  const { page } = await inspector.open('/?lifetime=40');
  await sdkReady(page);
  const v = await inspector.popup(page);
  await v.waitAttr('token', 'data-token', 'near-expiry');
  await v.target.evaluate('setTimeout(() => window.close())');
  await page.goto(`${inspector.sandbox.origin.replace('127.0.0.1', 'localhost')}/empty`);
  const worker = await inspector.chromium.worker();
  type Extension = {
    chrome: {
      alarms: { getAll(): Promise<{ name: string }[]>; create(name: string, info: object): Promise<void> };
    };
  };
  await worker.evaluate(async () => {
    const { alarms } = (globalThis as unknown as Extension).chrome;
    for (const { name } of await alarms.getAll()) await alarms.create(name, { when: Date.now() + 200 });
  });
  // The token is forgotten when the tab leaves its site.
  await until('the session to be cleared', () =>
    worker.evaluate(async () => {
      const { storage } = (globalThis as unknown as { chrome: { storage: { session: { get(key: null): Promise<object> } } } }).chrome;
      const text = JSON.stringify(await storage.session.get(null));
      return text.includes('unreachable') && !text.includes('eyJ');
    }),
  );
  // The session is stored before the alarm and the badge are updated.
  await until('no alarm to be left', async () => (await alarmsOf(inspector.chromium)).length === 0);
  await until('the badge to clear', async () => (await badgeOf(inspector.chromium, page)) === '');
});

test('the inspector sends nothing to other hosts', async ({ inspector }) => {
  const asked: string[] = [];
  const { page } = await inspector.open();
  inspector.chromium.context.on('request', (request) => asked.push(request.url()));
  await page.reload();
  await sdkReady(page);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  // The extension's pages and worker may load only its own files. With `no-cors`, only the CSP can block a request.
  const reach = (url: string) => `fetch('${url}', { mode: 'no-cors' }).then(() => 'reached', () => 'refused')`;
  const foreign = `${inspector.sandbox.origin}/v4/public.pem`;
  expect(await v.target.evaluate(reach(foreign))).toBe('refused');
  const worker = await inspector.chromium.worker();
  expect(await worker.evaluate(reach(foreign))).toBe('refused');
  expect(await v.target.evaluate(`fetch('/manifest.json').then(() => 'reached', () => 'refused')`)).toBe('reached');
  expect((await v.operate('refreshToken')).verdict).toBe('done');
  expect((await v.operate('destroySession')).verdict).toBe('done');
  expect(asked.length).toBeGreaterThan(2);
  // `devtools:` URLs are files in the browser itself. They show up as requests when `openPanel` reloads the DevTools front end.
  const own = [`${inspector.sandbox.origin}/`, 'chrome-extension://', 'data:', 'devtools:'];
  expect(asked.filter((url) => !own.some((start) => url.startsWith(start)))).toEqual([]);
});
