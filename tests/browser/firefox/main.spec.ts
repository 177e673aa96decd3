import { writeFile } from 'node:fs/promises';
import { callsOf, expect, type FirefoxView, hookOf, pressInPage, test, until, VIEWS } from './support';

for (const view of VIEWS) {
  test.describe(view, () => {
    test('shows what the page holds, and the page notices nothing', async ({ inspector }) => {
      const page = await inspector.open();
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
      expect(await page.noise()).toEqual([]);
      expect(await page.evaluate(() => Object.keys(globalThis))).toEqual(globals);
    });

    test('masks the token until it is revealed', async ({ inspector }) => {
      const page = await inspector.open();
      const raw = (await hookOf(page)).held.token?.raw ?? '';
      const v = await inspector[view]();
      await v.waitAttr('token-raw', 'data-masked', 'true');
      expect(await v.html()).not.toContain(raw);
      await v.click('reveal-token');
      await v.waitAttr('token-raw', 'data-masked', 'false');
      expect((await v.text('token-raw'))?.replace(/\s/g, '')).toBe(raw);
    });

    test('runs each operation of an anonymous customer, once, as page and server say', async ({ inspector }) => {
      const page = await inspector.open();
      const held = async () => (await hookOf(page)).held;
      const first = await held();
      const v = await inspector[view]();
      await v.shows('uuid', first.uuid ?? '');

      const get = await v.operate('getUUID');
      expect(get).toMatchObject({ operation: 'getUUID', verdict: 'done' });
      expect(get.text).toContain(first.uuid);
      expect((await v.operate('retrieveToken')).verdict).toBe('done');

      expect((await v.operate('refreshToken')).verdict).toBe('done');
      expect(await callsOf(page, 'refreshToken')).toHaveLength(1);
      expect(inspector.sandbox.auth.refreshes('main')).toMatchObject([{ status: 200 }]);
      const refreshed = await held();
      expect(refreshed.token?.raw).not.toBe(first.token?.raw);
      expect(refreshed.uuid).toBe(first.uuid);

      const regenerate = await v.operate('regenerateUUID');
      expect(regenerate.verdict).toBe('done');
      const second = await held();
      expect(second.uuid).not.toBe(first.uuid);
      for (const uuid of [first.uuid, second.uuid]) expect(regenerate.text).toContain(uuid);
      await v.shows('uuid', second.uuid ?? '');
      expect(await callsOf(page, 'regenerateUUID')).toHaveLength(1);

      expect((await v.operate('regenerateUUIDWithClientIdentifier', { clientIdentifier: 'ada-42' })).verdict).toBe('done');
      expect(await callsOf(page, 'regenerateUUIDWithClientIdentifier')).toEqual([['ada-42']]);
      const third = await held();
      await v.shows('uuid', third.uuid ?? '');

      await v.click('action-destroySession');
      await until('the confirmation', () => v.there('form-destroySession'));
      await v.click('cancel');
      await until('the form to close', async () => !(await v.there('form-destroySession')));
      expect(await callsOf(page, 'destroySession')).toEqual([]);
      expect((await v.operate('destroySession')).verdict).toBe('done');
      expect(await callsOf(page, 'destroySession')).toHaveLength(1);
      const fresh = await held();
      expect(fresh.uuid).not.toBe(third.uuid);
      await v.shows('uuid', fresh.uuid ?? '');
      expect(await page.noise()).toEqual([]);
    });

    test('a failed operation shows code and message, and how long it took', async ({ inspector }) => {
      await inspector.open();
      const v = await inspector[view]();
      await v.waitAttr('token', 'data-token', 'valid');
      inspector.sandbox.auth.set('main', { fail: 401 });
      const failed = await v.operate('refreshToken');
      expect(failed.verdict).toBe('failed');
      expect(failed.text).toContain('401');
      expect(failed.text).toContain('switched to fail');
      expect(failed.text).toMatch(/\d+ ms|\d s/);
      expect((await v.operate('refreshToken')).verdict).toBe('done');
    });

    test('follows an SDK call of the page itself', async ({ inspector }) => {
      const page = await inspector.open();
      const v = await inspector[view]();
      const { uuid } = (await hookOf(page)).held;
      await v.shows('uuid', uuid ?? '');
      await pressInPage(page, 'Regenerate UUID');
      const next = await until('another UUID', async () => {
        const { held } = await hookOf(page);
        return held.uuid !== uuid && held.uuid;
      });
      await v.shows('uuid', next);
    });

    test('a page with the strictest CSP and Trusted Types is shown and driven', async ({ inspector }) => {
      const page = await inspector.open('/?csp');
      const v = await inspector[view]();
      await v.shows('uuid', (await hookOf(page)).held.uuid ?? '');
      expect((await v.operate('regenerateUUID')).verdict).toBe('done');
      await v.shows('uuid', (await hookOf(page)).held.uuid ?? '');
      expect(await page.noise()).toEqual([]);
    });

    test('rules regenerate out for a signed-in customer, with the reason', async ({ inspector }) => {
      const page = await inspector.open();
      await pressInPage(page, 'Sign in as Ada');
      const v = await inspector[view]();
      await v.waitAttr('session-state', 'data-identity', 'signed-in');
      await v.waitAttr('token-origin', 'data-origin', 'SYNERISE');
      expect(await v.disabled('action-regenerateUUID')).toBe(true);
      expect(await v.attr('action-regenerateUUID', 'title')).toContain('anonymous');
    });
  });
}

test('an SDK that comes late and initializes late is found without a reload, and not made to complain', async ({ inspector }) => {
  const page = await inspector.open('/?late=held&init=held', { token: false });
  const tell = (what: string) => page.evaluate((type) => void dispatchEvent(new Event(type)), `sandbox:${what}`);
  const v = await inspector.panel();
  await v.waitAttr('session-state', 'data-phase', 'absent');
  await tell('load');
  await v.waitAttr('dialect', 'data-ready', 'false');
  await tell('init');
  await v.waitAttr('session-state', 'data-phase', 'attached');
  await v.shows('uuid', (await hookOf(page)).held.uuid ?? '');
  expect(await page.noise()).toEqual([]);
});

test('a page without an SDK says so and is left alone', async ({ inspector }) => {
  const page = await inspector.open('/empty', { token: false });
  const globals = await page.evaluate(() => Object.keys(globalThis));
  const v = await inspector.panel();
  await v.waitAttr('session-state', 'data-phase', 'absent');
  expect(await v.target.evaluate('document.body.innerText')).toContain('No Synerise SDK on this page');
  expect(await page.noise()).toEqual([]);
  expect(await page.evaluate(() => Object.keys(globalThis))).toEqual(globals);
});

test('reload and navigation are followed with the panel open', async ({ inspector }) => {
  const page = await inspector.open();
  const v = await inspector.panel();
  const { uuid } = (await hookOf(page)).held;
  await v.shows('uuid', uuid ?? '');
  await page.reload();
  await until('the second page load', async () => (await v.target.evaluate('document.body.innerText')).includes('2 page loads'));
  await v.shows('uuid', uuid ?? '');
  expect((await v.operate('regenerateUUID')).verdict).toBe('done');
  await page.goto(`${inspector.sandbox.origin}/empty`);
  await until('no SDK', async () => (await v.attr('session-state', 'data-phase')) !== 'attached');
  await inspector.open('/?shop=other');
  await v.shows('uuid', (await hookOf(page)).held.uuid ?? '');
});

test('what was known of one site is not shown as another one’s', async ({ inspector }) => {
  const page = await inspector.open();
  const v = await inspector.panel();
  const { uuid } = (await hookOf(page)).held;
  await v.shows('uuid', uuid ?? '');
  await page.goto(inspector.sandbox.origin.replace('127.0.0.1', 'localhost').concat('/empty'));
  await v.waitAttr('session-state', 'data-phase', 'absent');
  expect(await v.text('site')).toContain('localhost');
  expect(await v.text('uuid')).not.toBe(uuid);
});

test('a token that nobody can read has origin and expiry', async ({ inspector }) => {
  const page = await inspector.open('/?opaque');
  const { token } = (await hookOf(page)).held;
  const v = await inspector.panel();
  await v.waitAttr('token', 'data-token', 'opaque');
  expect(await v.attr('token-origin', 'data-origin')).toBe('ANONYMOUS');
  expect(Date.parse((await v.attr('token-expiry', 'datetime')) ?? '')).toBe(token?.expiresAt);
});

test('a token runs out before one’s eyes', async ({ inspector }) => {
  const page = await inspector.open();
  inspector.sandbox.auth.set('main', { lifetime: 5 });
  await pressInPage(page, 'Sign in as Ada');
  const v = await inspector.panel();
  await v.waitAttr('token-origin', 'data-origin', 'SYNERISE');
  await v.waitAttr('token', 'data-token', 'near-expiry');
  await v.waitAttr('token', 'data-token', 'expired');
});

test('a site that has given no token says so', async ({ inspector }) => {
  const page = await inspector.open('/?sdk=web', { token: false });
  const v = await inspector.panel();
  await v.shows('uuid', await until('the UUID', async () => (await hookOf(page)).held.uuid));
  await until('the words', async () => (await v.text('token'))?.includes('The site has given the SDK no token'));
  expect(await v.attr('token', 'data-token')).toBe('none');
});

test('an SDK that never answers times out, and the next operation runs', async ({ inspector }) => {
  await inspector.open('/?break=refreshToken:hang');
  const v = await inspector.panel();
  expect((await v.operate('refreshToken')).verdict).toBe('timed-out');
  expect((await v.operate('regenerateUUID')).verdict).toBe('done');
});

test('a second callback changes nothing but is told', async ({ inspector }) => {
  await inspector.open('/?break=refreshToken:twice');
  const v = await inspector.panel();
  const run = await v.begin('refreshToken');
  expect((await v.ended(run)).verdict).toBe('done');
  await until('the words', async () => (await v.html()).includes('answered once more'));
  expect(await v.ended(run)).toMatchObject({ verdict: 'done' });
});

test('a background page that is ended while an operation runs loses nothing', async ({ inspector }) => {
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
  await until('a life with its past', async () => (await v.target.evaluate('document.body.innerText')).includes('Regenerate UUID'));
});

/** Chooses the client whose option's words contain `words`. */
async function choose(v: FirefoxView, words: string): Promise<void> {
  const select = `document.querySelector('[data-testid="client-select"]')`;
  const option = `[...${select}?.options ?? []].find(({ text }) => text.includes('${words}'))`;
  await until(`a client called ${words}`, () => v.target.evaluate(`!!${option}`));
  await v.type('client-select', await v.target.evaluate(`${option}.value`));
}

for (const view of VIEWS) {
  test(`${view}: two clients of one page are chosen from, and the chosen one is driven`, async ({ inspector }) => {
    // The second has a global of the first one's name beside its own.
    const { page } = await inspector.openPage(`<!doctype html><title>two</title><script src="/sdk/flutter.js"></script>
      <script>globalThis.first = sandboxSdk; const own = Synerise;</script>
      <script src="/sdk/android.js"></script><script>globalThis.Synerise = own;</script>`);
    const held = () =>
      page.evaluate(() => {
        const { first, sandboxSdk } = globalThis as unknown as Record<'first' | 'sandboxSdk', { held(): { uuid: string } }>;
        return { flutter: first.held().uuid, android: sandboxSdk.held().uuid };
      });
    const v = await inspector[view]();
    await choose(v, 'Android');
    await v.waitAttr('dialect', 'data-dialect', 'android');
    const before = await held();
    await v.shows('uuid', before.android);
    expect((await v.operate('regenerateUUID')).verdict).toBe('done');
    const after = await held();
    expect(after.android).not.toBe(before.android);
    expect(after.flutter).toBe(before.flutter);
    await v.shows('uuid', after.android);
    await choose(v, 'Flutter');
    await v.waitAttr('dialect', 'data-dialect', 'flutter');
    await v.shows('uuid', after.flutter);
  });
}

test('a click reaches the client in a frame of the own site', async ({ inspector }) => {
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

test('the panel says that frames are out of its reach, and what reaches them', async ({ inspector }) => {
  await inspector.open('/frames?a=ios&b=android', { token: false });
  const v = await inspector.panel();
  await v.waitAttr('session-state', 'data-phase', 'absent');
  const words = /^2 frames of this page were not looked into: .*DevTools does not let extensions into every frame\. A click/s;
  await until('the words', async () => words.test((await v.text('limits')) ?? ''));
});

test('the tabs of the panel are reached and chosen by keyboard', async ({ inspector }) => {
  await inspector.open();
  const v = await inspector.panel();
  await v.waitAttr('token', 'data-token', 'valid');
  const focused = () =>
    v.target.evaluate(`document.activeElement.getAttribute('role') === 'tab' ? document.activeElement.textContent : null`);
  for (let presses = 0; presses < 10 && (await focused()) === null; presses += 1) {
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
