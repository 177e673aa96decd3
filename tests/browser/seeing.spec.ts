import { expect, sdkReady, test, until, VIEWS } from './support';
import { sessionOf } from './worker';

// What is shown about a customer and a token is covered in tests/unit/components/session/customer-and-token.test.ts.
for (const view of VIEWS) {
  test(`${view}: shows and copies the page's UUID and token, and leaves no trace in the page`, async ({ inspector }) => {
    const { page, noise } = await inspector.open();
    await sdkReady(page);
    const held = await inspector.held(page);
    const globals = await page.evaluate(() => Object.keys(globalThis));
    const v = await inspector[view](page);
    await v.shows('uuid', held.uuid);
    await v.waitAttr('token', 'data-token', 'valid');
    expect(await v.attr('session-state', 'data-phase')).toBe('attached');
    expect(await v.attr('session-state', 'data-identity')).toBe('anonymous');
    expect(await v.attr('dialect', 'data-ready')).toBe('true');
    expect(await v.attr('access', 'data-access')).toBe(view === 'popup' ? 'visit' : 'panel');
    expect(await v.text('site')).toBe(new URL(inspector.sandbox.origin).host);
    expect(Date.parse((await v.attr('token-expiry', 'datetime')) ?? '')).toBe(held.token.expiresAt);
    // Both ways of copying are the real ones; this only records what was copied.
    await v.target.evaluate(`(() => {
      globalThis.copied = [];
      const write = navigator.clipboard.writeText.bind(navigator.clipboard);
      navigator.clipboard.writeText = (text) => write(text).then(() => { copied.push(text); });
      document.addEventListener('copy', () => { copied.push(document.activeElement.value); });
    })()`);
    const label = await v.text('copy-token');
    await v.click('copy-uuid');
    await until('the UUID', async () => (await v.target.evaluate('copied.length')) === 1);
    await v.click('copy-token');
    await until('the token', async () => (await v.target.evaluate('copied.length')) === 2);
    expect(await v.target.evaluate('copied')).toEqual([held.uuid, held.token.raw]);
    await until('the button to confirm it', async () => (await v.text('copy-token')) !== label);
    expect(noise).toEqual([]);
    expect(await page.evaluate(() => Object.keys(globalThis))).toEqual(globals);
  });
}

test('an open panel follows reloads and navigation', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const v = await inspector.panel(page);
  const { uuid } = await inspector.held(page);
  await v.shows('uuid', uuid);
  await page.reload();
  await sdkReady(page);
  await until('the second page load', async () => (await sessionOf(inspector.chromium, page))?.history.documents === 2);
  await v.shows('uuid', uuid);
  await page.goto(`${inspector.sandbox.origin}/empty`);
  await until('no SDK', async () => (await v.attr('session-state', 'data-phase')) !== 'attached');
  await page.goto(`${inspector.sandbox.origin}/?shop=other`);
  await sdkReady(page);
  await v.shows('uuid', (await inspector.held(page)).uuid);
});

test('a page with the strictest CSP and Trusted Types is shown and runs operations', async ({ inspector }) => {
  const { page, noise } = await inspector.open('/?csp');
  await sdkReady(page);
  const v = await inspector.panel(page);
  await v.shows('uuid', (await inspector.held(page)).uuid);
  expect((await v.operate('regenerateUUID')).verdict).toBe('done');
  await v.shows('uuid', (await inspector.held(page)).uuid);
  expect(noise).toEqual([]);
});

test('a browser-internal page is unreachable, and the reason is shown', async ({ inspector }) => {
  const { page } = await inspector.open('/empty');
  await page.goto('chrome://version');
  const v = await inspector.popup(page);
  await v.waitAttr('session-state', 'data-phase', 'unreachable');
  expect(await v.attr('access', 'data-access')).toBe('none');
  expect(await v.text('empty-why')).toBeTruthy();
  const stage = (await sessionOf(inspector.chromium, page))?.stage;
  expect(stage?.phase === 'unreachable' && stage.problem.kind).toBe('forbidden');
});

test('the popup in its own tab has no access to a tab without a toolbar click', async ({ inspector }) => {
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
  await expect(alone.getByTestId('empty-why')).toBeVisible();
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
