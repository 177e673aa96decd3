import { expect, sdkReady, test, until, VIEWS } from './support';

for (const view of VIEWS) {
  test.describe(view, () => {
    test('shows what the page holds, and the page notices nothing', async ({ inspector }) => {
      const { page, noise } = await inspector.open();
      await sdkReady(page);
      const held = await inspector.held(page);
      const globals = await page.evaluate(() => Object.keys(globalThis));
      const v = await inspector[view](page);
      await v.shows('uuid', held.uuid);
      await v.waitAttr('token', 'data-token', 'valid');
      expect(await v.attr('session-state', 'data-phase')).toBe('attached');
      expect(await v.attr('session-state', 'data-identity')).toBe('anonymous');
      expect(await v.attr('dialect', 'data-dialect')).toBe('react-native');
      expect(await v.attr('dialect', 'data-ready')).toBe('true');
      expect(await v.text('dialect')).toContain('Synerise.Client');
      expect(await v.attr('access', 'data-access')).toBe(view === 'popup' ? 'visit' : 'panel');
      expect(await v.text('site')).toBe(new URL(inspector.sandbox.origin).host);
      expect(await v.attr('token-origin', 'data-origin')).toBe('ANONYMOUS');
      expect(Date.parse((await v.attr('token-expiry', 'datetime')) ?? '')).toBe(held.token.expiresAt);
      expect(await v.attr('connection', 'data-connection')).toBe('connected');
      for (const id of ['site', 'access', 'session-state', 'dialect', 'connection', 'operation-result'])
        expect(await v.count(id), id).toBe(1);
      expect(noise).toEqual([]);
      expect(await page.evaluate(() => Object.keys(globalThis))).toEqual(globals);
    });

    test('masks the token until it is revealed, and decodes it', async ({ inspector }) => {
      const { page } = await inspector.open();
      await sdkReady(page);
      const { token } = await inspector.held(page);
      const v = await inspector[view](page);
      await v.waitAttr('token-raw', 'data-masked', 'true');
      expect(await v.html()).not.toContain(token.raw);
      const claims = await v.target.evaluate(`document.querySelector('[data-testid="token-claims"]').textContent`);
      expect(claims).toContain('"alg": "RS512"');
      expect(claims).toContain('"iss": "Synerise"');
      await v.click('reveal-token');
      await v.waitAttr('token-raw', 'data-masked', 'false');
      expect((await v.text('token-raw'))?.replace(/\s/g, '')).toBe(token.raw);
      await v.click('reveal-token');
      await v.waitAttr('token-raw', 'data-masked', 'true');
      expect(await v.html()).not.toContain(token.raw);
    });

    test('copies UUID and token', async ({ inspector }) => {
      const { page } = await inspector.open();
      await sdkReady(page);
      const held = await inspector.held(page);
      const v = await inspector[view](page);
      await v.shows('uuid', held.uuid);
      // Both ways to the clipboard are the real ones; what took them is only written down.
      await v.target.evaluate(`(() => {
        globalThis.copied = [];
        const write = navigator.clipboard.writeText.bind(navigator.clipboard);
        navigator.clipboard.writeText = (text) => write(text).then(() => { copied.push(text); });
        document.addEventListener('copy', () => { copied.push(document.activeElement.value); });
      })()`);
      await v.click('copy-uuid');
      await until('the UUID', async () => (await v.target.evaluate('copied.length')) === 1);
      await v.click('copy-token');
      await until('the token', async () => (await v.target.evaluate('copied.length')) === 2);
      expect(await v.target.evaluate('copied')).toEqual([held.uuid, held.token.raw]);
      await until('the button to say so', async () => (await v.text('copy-token')) === 'Copied');
    });

    test('follows an SDK call of the page itself', async ({ inspector }) => {
      const { page } = await inspector.open();
      await sdkReady(page);
      const v = await inspector[view](page);
      await v.shows('uuid', (await inspector.held(page)).uuid);
      await page.evaluate(() =>
        (globalThis as never as { Synerise: { Client: { regenerateUUID(): void } } }).Synerise.Client.regenerateUUID(),
      );
      await v.shows('uuid', (await inspector.held(page)).uuid);
    });

    test('counts a token down to its end and past it', async ({ inspector }) => {
      const { page } = await inspector.open('/?lifetime=12');
      await page.waitForFunction(() => (globalThis as { Synerise?: { isInitialized(): boolean } }).Synerise?.isInitialized());
      const v = await inspector[view](page);
      await v.waitAttr('token', 'data-token', 'near-expiry');
      const first = await v.text('token-countdown');
      await until('the countdown to tick', async () => (await v.text('token-countdown')) !== first);
      const expiry = await v.attr('token-expiry', 'datetime');
      expect(Date.parse(expiry ?? '')).toBeGreaterThan(Date.now());
      // An anonymous customer logs in again when the token has ended and is asked for: nobody but the SDK decides that.
      await until(
        'the end of this token, or the next one',
        async () => (await v.attr('token', 'data-token')) === 'expired' || (await v.attr('token-expiry', 'datetime')) !== expiry,
      );
      expect(Date.parse(expiry ?? '')).toBeLessThanOrEqual(Date.now());
    });
  });
}

test('an SDK that comes late and initializes late is found without a reload, and not made to complain', async ({ inspector }) => {
  const { page, noise } = await inspector.open('/?late=held&init=held');
  const tell = (what: string) => page.evaluate((type) => void dispatchEvent(new Event(type)), `sandbox:${what}`);
  const v = await inspector.panel(page);
  await v.waitAttr('session-state', 'data-phase', 'absent');
  await tell('load');
  await v.waitAttr('dialect', 'data-ready', 'false');
  expect(['searching', 'absent']).toContain(await v.attr('session-state', 'data-phase'));
  await tell('init');
  await v.waitAttr('session-state', 'data-phase', 'attached');
  await sdkReady(page);
  await v.shows('uuid', (await inspector.held(page)).uuid);
  expect(noise).toEqual([]);
});

test('a client that is replaced is followed', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const v = await inspector.panel(page);
  const before = (await inspector.held(page)).uuid;
  await v.shows('uuid', before);
  await page.getByRole('button', { name: 'Replace the SDK' }).click();
  await page.waitForFunction((old) => {
    const sdk = (globalThis as unknown as { Synerise: { isInitialized(): boolean; Client: { getUUID(): string } } }).Synerise;
    return sdk.isInitialized() && sdk.Client.getUUID() !== old;
  }, before);
  await v.shows('uuid', (await inspector.held(page)).uuid);
});

test('a page without an SDK says so and is left alone', async ({ inspector }) => {
  const { page, noise } = await inspector.open('/empty');
  const globals = await page.evaluate(() => Object.keys(globalThis));
  const v = await inspector.panel(page);
  await v.waitAttr('session-state', 'data-phase', 'absent');
  expect(await v.target.evaluate('document.body.innerText')).toContain('No Synerise SDK on this page');
  expect(noise).toEqual([]);
  expect(await page.evaluate(() => Object.keys(globalThis))).toEqual(globals);
  await page.evaluate(() => {
    const client = { getUUID: () => 'a84b9e8e-33e0-4d38-a1c5-1f1ad0b3e5a5', isSignedIn: () => false };
    Object.assign(globalThis, { Synerise: { isInitialized: () => true, Client: client } });
  });
  await v.shows('uuid', 'a84b9e8e-33e0-4d38-a1c5-1f1ad0b3e5a5');
});

test('an SDK that is never initialized is named, with what is missing', async ({ inspector }) => {
  const { page } = await inspector.open('/?init=600000');
  const v = await inspector.panel(page);
  await v.waitAttr('session-state', 'data-phase', 'absent');
  expect(await v.attr('dialect', 'data-ready')).toBe('false');
  expect(await v.target.evaluate('document.body.innerText')).toContain('init()');
});

test('reload and navigation are followed with the panel open', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const v = await inspector.panel(page);
  const { uuid } = await inspector.held(page);
  await v.shows('uuid', uuid);
  await page.reload();
  await sdkReady(page);
  await until('the second page load', async () => (await v.target.evaluate('document.body.innerText')).includes('2 page loads'));
  await v.shows('uuid', uuid);
  await page.goto(`${inspector.sandbox.origin}/empty`);
  await until('no SDK', async () => (await v.attr('session-state', 'data-phase')) !== 'attached');
  await page.goto(`${inspector.sandbox.origin}/?shop=other`);
  await sdkReady(page);
  await v.shows('uuid', (await inspector.held(page)).uuid);
});

test('a page with the strictest CSP and Trusted Types is shown and driven', async ({ inspector }) => {
  const { page, noise } = await inspector.open('/?csp');
  await sdkReady(page);
  const v = await inspector.panel(page);
  await v.shows('uuid', (await inspector.held(page)).uuid);
  expect((await v.operate('regenerateUUID')).verdict).toBe('done');
  await v.shows('uuid', (await inspector.held(page)).uuid);
  expect(noise).toEqual([]);
});

test('an unreadable token still has origin and expiry', async ({ inspector }) => {
  const { page } = await inspector.open('/?opaque');
  await sdkReady(page);
  const { token } = await inspector.held(page);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'opaque');
  expect(await v.attr('token-origin', 'data-origin')).toBe('ANONYMOUS');
  expect(Date.parse((await v.attr('token-expiry', 'datetime')) ?? '')).toBe(token.expiresAt);
});

test('what the Android bridge loses of the origin is said, not hidden', async ({ inspector }) => {
  const { page } = await inspector.open('/?android');
  await sdkReady(page);
  const v = await inspector.panel(page);
  await v.waitAttr('token-origin', 'data-origin', 'UNKNOWN');
  expect(await v.text('token')).toContain('the token itself says ANONYMOUS');
  expect(await v.attr('session-state', 'data-identity')).toBe('anonymous');
});

test('a server clock ahead of the computer is shown', async ({ inspector }) => {
  const { page } = await inspector.open('/?skew=600');
  await sdkReady(page);
  const v = await inspector.panel(page);
  await until('the warning', async () => (await v.text('token'))?.includes('in the future'));
});

test('a page that the browser keeps to itself has its own words', async ({ inspector }) => {
  const { page } = await inspector.open('/empty');
  await page.goto('chrome://version');
  const v = await inspector.popup(page);
  await v.waitAttr('session-state', 'data-phase', 'unreachable');
  expect(await v.target.evaluate('document.body.innerText')).toContain('Extensions may not look at browser pages and stores');
  expect(await v.attr('access', 'data-access')).toBe('none');
});

test('the popup as a page of its own has no access to a tab that nobody clicked on', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const worker = await inspector.chromium.worker();
  const [tab] = await worker.evaluate(() =>
    (globalThis as never as { chrome: { tabs: { query(q: object): Promise<{ id: number }[]> } } }).chrome.tabs.query({ active: true }),
  );
  const alone = await inspector.chromium.context.newPage();
  await alone.goto(`chrome-extension://${inspector.chromium.id}/popup.html?tabId=${tab?.id}`);
  await expect(alone.getByTestId('session-state')).toHaveAttribute('data-phase', 'unreachable');
  await expect(alone.getByTestId('access')).toHaveAttribute('data-access', 'none');
  await expect(alone.getByText('No access to this page')).toBeVisible();
});

test('access ends when the tab leaves the site', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const v = await inspector.popup(page);
  await v.waitAttr('session-state', 'data-phase', 'attached');
  await page.goto(`${inspector.sandbox.origin.replace('127.0.0.1', 'localhost')}/`);
  await v.waitAttr('session-state', 'data-phase', 'unreachable');
  expect(await v.attr('access', 'data-access')).toBe('none');
});
