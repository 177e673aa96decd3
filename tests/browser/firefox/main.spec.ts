// What differs in Firefox: its popup and DevTools, how they report navigation and frames, its background page,
// its stack traces, keys, and files. What it shares with Chromium is covered in `tests/unit/components`.
import { writeFile } from 'node:fs/promises';
import { choose, kindsOf, rowsOf } from '../rows';
import { callsOf, expect, hookOf, pressInPage, test, until, VIEWS } from './support';

for (const view of VIEWS) {
  test(`${view}: works on a page with the strictest CSP and Trusted Types, and leaves no trace in it`, async ({ inspector }) => {
    const page = await inspector.open('/?csp');
    const { uuid, token } = (await hookOf(page)).held;
    const globals = await page.evaluate(() => Object.keys(globalThis));
    const v = await inspector[view]();
    await v.shows('uuid', uuid ?? '');
    await v.waitAttr('token', 'data-token', 'valid');
    expect(await v.attr('session-state', 'data-phase')).toBe('attached');
    expect(await v.attr('session-state', 'data-identity')).toBe('anonymous');
    expect(await v.attr('dialect', 'data-dialect')).toBe('react-native');
    expect(await v.attr('dialect', 'data-ready')).toBe('true');
    expect(await v.attr('access', 'data-access')).toBe(view === 'popup' ? 'visit' : 'panel');
    expect(await v.text('site')).toBe(new URL(inspector.sandbox.origin).host);
    expect(await v.attr('token-origin', 'data-origin')).toBe('ANONYMOUS');
    expect(Date.parse((await v.attr('token-expiry', 'datetime')) ?? '')).toBe(token?.expiresAt);
    expect(await v.attr('connection', 'data-connection')).toBe('connected');
    for (const id of ['site', 'access', 'session-state', 'dialect', 'connection', 'operation-result'])
      expect(await v.count(id), id).toBe(1);

    await v.waitAttr('token-raw', 'data-masked', 'true');
    expect(await v.html()).not.toContain(token?.raw);
    await v.click('reveal-token');
    await v.waitAttr('token-raw', 'data-masked', 'false');
    expect((await v.text('token-raw'))?.replace(/\s/g, '')).toBe(token?.raw);

    expect((await v.operate('refreshToken')).verdict).toBe('done');
    expect(await callsOf(page, 'refreshToken')).toHaveLength(1);
    expect(inspector.sandbox.auth.refreshes('main')).toMatchObject([{ status: 200 }]);
    expect((await v.operate('regenerateUUIDWithClientIdentifier', { clientIdentifier: 'ada-42' })).verdict).toBe('done');
    expect(await callsOf(page, 'regenerateUUIDWithClientIdentifier')).toEqual([['ada-42']]);
    const second = (await hookOf(page)).held.uuid;
    expect(second).not.toBe(uuid);
    await v.shows('uuid', second ?? '');

    await pressInPage(page, 'Regenerate UUID');
    const third = await until('another UUID', async () => {
      const { held } = await hookOf(page);
      return held.uuid !== second && held.uuid;
    });
    await v.shows('uuid', third);
    expect(await page.noise()).toEqual([]);
    expect(await page.evaluate(() => Object.keys(globalThis))).toEqual(globals);
  });
}

test("an open panel follows reloads and navigation, and never shows one site's data for another", async ({ inspector }) => {
  const page = await inspector.open('/empty', { token: false });
  const globals = await page.evaluate(() => Object.keys(globalThis));
  const v = await inspector.panel();
  await v.waitAttr('session-state', 'data-phase', 'absent');
  expect(await v.there('empty-why')).toBe(true);
  expect(await page.noise()).toEqual([]);
  expect(await page.evaluate(() => Object.keys(globalThis))).toEqual(globals);

  await inspector.open('/');
  const { uuid } = (await hookOf(page)).held;
  await v.shows('uuid', uuid ?? '');
  const document = await v.attr('session-state', 'data-document');
  await page.reload();
  await until('the second page load', async () => ![document, null, ''].includes(await v.attr('session-state', 'data-document')));
  await v.shows('uuid', uuid ?? '');
  expect((await v.operate('regenerateUUID')).verdict).toBe('done');
  await page.goto(`${inspector.sandbox.origin}/empty`);
  await until('no SDK', async () => (await v.attr('session-state', 'data-phase')) !== 'attached');
  await inspector.open('/?shop=other');
  const other = (await hookOf(page)).held.uuid;
  await v.shows('uuid', other ?? '');

  await page.goto(inspector.sandbox.origin.replace('127.0.0.1', 'localhost').concat('/empty'));
  await v.waitAttr('session-state', 'data-phase', 'absent');
  expect(await v.text('site')).toContain('localhost');
  expect(await v.text('uuid')).not.toBe(other);
});

test("killing the background page during an operation loses nothing, and a call is shown with its location in the page's code", async ({
  inspector,
}) => {
  const page = await inspector.open();
  const v = await inspector.panel();
  await v.waitAttr('token', 'data-token', 'valid');
  for (let time = 1; time <= 3; time += 1) {
    inspector.sandbox.auth.set('main', { latency: 800 });
    const run = await v.begin('refreshToken');
    await until('the call', async () => (await callsOf(page, 'refreshToken')).length === time);
    await inspector.firefox.killBackground();
    expect((await v.ended(run)).verdict).toBe('done');
    inspector.sandbox.auth.set('main', { latency: 0 });
  }
  expect(await callsOf(page, 'refreshToken')).toHaveLength(3);
  await inspector.firefox.killBackground();
  await pressInPage(page, 'Regenerate UUID');
  const { uuid } = (await hookOf(page)).held;
  await v.shows('uuid', uuid ?? '');

  await v.tab('Timeline');
  const call = await until('the call', async () =>
    (await rowsOf(v)).find(({ kind, text }) => kind === 'call' && text.startsWith('regenerateUUID()')),
  );
  expect(kindsOf(await rowsOf(v)).filter((kind) => kind === 'operation')).toHaveLength(3);
  await choose(v, call.seq);
  // As in Firefox's stack traces: the function and its location.
  await until('its location', async () => /@http:\/\/127\.0\.0\.1:\d+\/adapters\.js:\d+/.test((await v.text('call-details')) ?? ''));
});

test('a toolbar click reaches the client in a frame of the same site', async ({ inspector }) => {
  const page = await inspector.open('/frames?a=ios&b=android', { token: false });
  const inFrame = () =>
    page.evaluate(() => {
      const { sandboxSdk } = (frames as unknown as Record<string, { sandboxSdk?: { held(): { uuid: string } } }>)['a'] ?? {};
      return sandboxSdk?.held().uuid ?? '';
    });
  const before = await until('the SDK in the frame', inFrame);
  const v = await inspector.popup();
  await v.shows('uuid', before);
  expect((await v.operate('regenerateUUID')).verdict).toBe('done');
  expect(await inFrame()).not.toBe(before);
  await v.shows('uuid', await inFrame());
});

test('the panel lists frames that it cannot reach', async ({ inspector }) => {
  await inspector.open('/frames?a=ios&b=android', { token: false });
  const v = await inspector.panel();
  await v.waitAttr('session-state', 'data-phase', 'absent');
  await until('the note about frames', async () => /2 frames.*DevTools/s.test((await v.text('limits')) ?? ''));
});

test('the tabs of the panel are reached and selected by keyboard', async ({ inspector }) => {
  await inspector.open();
  const v = await inspector.panel();
  await v.waitAttr('token', 'data-token', 'valid');
  const focused = () =>
    v.target.evaluate(`document.activeElement.getAttribute('role') === 'tab' ? document.activeElement.textContent : null`);
  for (let presses = 0; presses < 20 && (await focused()) === null; presses += 1) {
    const at = `document.activeElement.outerHTML`;
    const before = await v.target.evaluate(at);
    await v.target.press('Tab');
    await until('the focus to move', async () => (await v.target.evaluate(at)) !== before);
  }
  expect(await focused()).toBe('Session');
  const chosen = async (name: string) => {
    await until(`the tab ${name}`, async () => (await focused()) === name);
    expect(await v.target.evaluate(`document.activeElement.getAttribute('aria-selected')`)).toBe('true');
    const panels = `[...document.querySelectorAll('[role="tabpanel"]:not([hidden])')].map((one) => one.getAttribute('aria-labelledby'))`;
    expect(await v.target.evaluate(panels)).toEqual([await v.target.evaluate('document.activeElement.id')]);
  };
  for (const name of ['Timeline', 'Network', 'Storage', 'Account', 'Diagnostics', 'Session']) {
    await v.target.press('ArrowRight');
    await chosen(name);
  }
  await v.target.press('End');
  await chosen('Diagnostics');
  await v.target.press('Home');
  await chosen('Session');
});

test('a recording is opened from a file', async ({ inspector }, info) => {
  const path = info.outputPath('empty.har');
  await writeFile(path, JSON.stringify({ log: { version: '1.2', creator: { name: 'a test', version: '1' }, entries: [] } }));
  await inspector.open();
  const v = await inspector.panel();
  await v.tab('Network');
  await v.upload('import-har', path);
  await until('its name', async () => (await v.target.evaluate('document.body.innerText')).includes('empty.har'));
});
