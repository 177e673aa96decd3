// SDK requests as reported by DevTools and a watched page, saved and opened recordings, and no secrets in any of them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './lifecycle';
import { choose, look, press, rowsOf } from './rows';
import { expect, hookOf, type Panel, panelOn, test, until } from './support';
import { historyOf, sessionOf, storedRequests, unwatch } from './worker';

const requests = (v: Pick<Panel, 'target'>) => rowsOf(v, 'network');
const texts = async (v: Pick<Panel, 'target'>) => (await requests(v)).map(({ text }) => text);

test('a token request shows the tokens sent and received, with secrets masked until revealed', async ({ inspector }) => {
  const { page, v } = await panelOn(inspector, { tab: 'Network' });
  await page.getByRole('button', { name: 'Sign in as Ada' }).click();
  await until('the sign-in', async () => (await texts(v)).some((text) => text.startsWith('Sign-in')));
  await page.getByRole('button', { name: 'Refresh token' }).click();
  await until('the refresh', async () => (await texts(v)).some((text) => text.startsWith('Token refresh')));
  const { token } = (await hookOf(page)).held;
  const refresh = (await requests(v)).find(({ text }) => text.startsWith('Token refresh'));
  await choose(v, refresh?.seq ?? 0, 'network');
  await until('the details', async () => (await v.text('request-details'))?.includes('Token in response'));
  const words = (await v.text('request-details')) ?? '';
  // The sent token is the previous one; the token in the response is the one the SDK has now.
  expect(words).toMatch(/Sent token\s+Token #\d+ \(SYNERISE\).*1 token old/s);
  expect(words).toMatch(/Token in response\s+Token #\d+ \(SYNERISE\)/);
  const raw = token?.raw ?? 'none';
  expect(await v.html()).not.toContain(raw.slice(0, 60));
  await v.click('unmask-request');
  await v.tab('Response');
  await until('the secrets', async () => (await v.html()).includes(raw.slice(0, 60)));
  await v.tab('Overview');
  await v.click('unmask-request');
  // The password is never shown, even unmasked.
  const login = (await requests(v)).find(({ text }) => text.startsWith('Sign-in'));
  await choose(v, login?.seq ?? 0, 'network');
  await until('the details of the sign-in', async () => (await v.text('request-details'))?.includes('Sign-in'));
  await v.click('unmask-request');
  await v.tab('Payload');
  await until('the payload', async () => (await v.text('request-details'))?.includes('identityProvider'));
  const { result } = (await v.target.send('Runtime.evaluate', {
    expression: `document.querySelector('[data-testid="request-details"]').textContent`,
    returnByValue: true,
  })) as { result: { value: string } };
  expect(result.value).toContain('"password": "[secret]"');
});

test("the UUID in an SDK's requests is compared with the SDK's own", async ({ inspector }) => {
  const { page } = await inspector.open('/empty');
  const v = await inspector.panel(page);
  await page.goto(`${inspector.sandbox.origin}/?sdk=web&events`);
  await until('the UUID', async () => (await hookOf(page)).held.uuid);
  await v.tab('Network');
  await until('the event and the recommendation', async () => {
    const all = (await texts(v)).join();
    return all.includes('Event') && all.includes('Recommendation');
  });
  const event = (await requests(v)).find(({ text }) => text.startsWith('Recommendation'));
  await choose(v, event?.seq ?? 0, 'network');
  await until('the UUID match', async () => v.there('uuid-match'));
  expect(await v.text('request-details')).toContain((await hookOf(page)).held.uuid ?? 'none');
});

test('a recording is saved without secrets and opens unchanged, and a damaged one is reported with the position', async ({ inspector }) => {
  const { page, v } = await panelOn(inspector, { tab: 'Network' });
  await page.getByRole('button', { name: 'Sign in as Ada' }).click();
  await page.getByRole('button', { name: 'Refresh token' }).click();
  await until('the refresh', async () => (await texts(v)).some((text) => text.startsWith('Token refresh')));
  const shown = await texts(v);
  const har = await v.saved('export-har');
  const { token } = (await hookOf(page)).held;
  for (const secret of [token?.raw ?? 'none', 'eyJ']) expect(har).not.toContain(secret);
  const path = join(folder('har'), 'session.har');
  writeFileSync(path, har);
  await v.upload('import-har', path);
  await until('the file', async () => (await v.attr('har-file', 'data-ended')) === 'whole');
  await until('the same rows', async () => (await texts(v)).join() === shown.join());
  expect(await v.saved('export-har')).toBe(har);

  writeFileSync(path, har.slice(0, Math.round(har.length * 0.8)));
  await v.upload('import-har', path);
  await until('the error', async () => (await v.attr('har-file', 'data-ended')) === 'broken');
  expect(await v.text('har-file')).toMatch(/damaged at byte [\d,]+/);
  await until('the requests before the damage', async () => (await requests(v)).length > 0);
  writeFileSync(path, '{"nothing": ["of the", "kind"]}');
  await v.upload('import-har', path);
  await until('the message about an invalid file', async () => (await v.text('har-file'))?.includes('Not a HAR file'));
  await v.click('har-close');
  await until("the tab's own requests", async () => (await texts(v)).length >= shown.length);
});

test('a reopened panel shows the same requests without duplicates', async ({ inspector }) => {
  const { page, v } = await panelOn(inspector, { tab: 'Network' });
  await page.getByRole('button', { name: 'Refresh token' }).click();
  await until('the refresh', async () => (await texts(v)).some((text) => text.startsWith('Token refresh')));
  const before = await texts(v);
  await v.target.evaluate('location.reload()');
  await until('the panel', () => v.there('session-state'));
  await v.tab('Network');
  await until('the same requests', async () => (await texts(v)).length >= before.length);
  await page.getByRole('button', { name: 'Refresh token' }).click();
  await until('one more request', async () => (await texts(v)).length > before.length);
  expect(await texts(v)).toHaveLength(before.length + 1);
});

test('search covers bodies and decoded tokens, and a copied command contains no secrets', async ({ inspector }) => {
  const { page, v } = await panelOn(inspector, { tab: 'Network' });
  await page.getByRole('button', { name: 'Refresh token' }).click();
  await until('the refresh', async () => (await texts(v)).some((text) => text.startsWith('Token refresh')));
  // A claim in the sent token.
  await look(v, 'anonymous_client');
  await until('the matching request', async () => (await texts(v)).some((text) => text.startsWith('Token refresh')));
  await look(v, 'nobody says this');
  await until('no requests', async () => (await requests(v)).length === 0);
  await look(v, '');
  await until('all requests', async () => (await requests(v)).length > 0);
  const refresh = (await requests(v)).find(({ text }) => text.startsWith('Token refresh'));
  await choose(v, refresh?.seq ?? 0, 'network');
  await until('the details', () => v.there('copy-curl'));
  await v.target.evaluate(`navigator.clipboard.writeText = (text) => { globalThis.copied = text; return Promise.resolve(); };
    document.execCommand = () => { globalThis.copied = String(document.activeElement?.value ?? getSelection()); return true; };`);
  await v.click('copy-curl');
  await until('the copied command', async () => String(await v.target.evaluate('globalThis.copied ?? ""')).startsWith('curl '));
  const curl = String(await v.target.evaluate('globalThis.copied'));
  expect(curl).toMatch(/authorization: Bearer \[secret\]/i);
  expect(curl).not.toContain('eyJ');
  await press(v, 'Clear');
  await until('an empty list', async () => (await requests(v)).length === 0);
});

test.describe('a watched page without DevTools', () => {
  test.use({ watched: true });

  test('has its requests recorded from page load through the beacon it sends when it unloads', async ({ inspector }) => {
    const { chromium, sandbox } = inspector;
    const { page, noise } = await inspector.open('/?sdk=web&events');
    await until('the UUID', async () => (await hookOf(page)).held.uuid);
    const { uuid } = (await hookOf(page)).held;
    const told = async () => (await historyOf(chromium, page)).filter((entry) => entry.kind === 'request');
    await until('the event and the recommendation', async () => (await told()).length === 2);
    expect((await told()).map(({ purpose, status, uuid: named, via }) => [purpose, status, named, via])).toEqual([
      ['event', 200, uuid, 'page'],
      ['recommendation', 200, uuid, 'page'],
    ]);
    await page.goto(`${sandbox.origin}/?sdk=web`);
    await until('the beacon', async () => (await told()).some(({ path }) => path === '/tracking/last'));
    expect((await told()).filter(({ path }) => path === '/tracking/last')).toMatchObject([{ uuid, method: 'POST', purpose: 'tracking' }]);
    expect(noise).toEqual([]);
  });

  test("has a request's status and sent token recorded", async ({ inspector }) => {
    const { page } = await inspector.open();
    await until('the token', async () => (await hookOf(page)).held.token);
    await page.getByRole('button', { name: 'Refresh token' }).click();
    const refresh = async () =>
      (await historyOf(inspector.chromium, page)).find((entry) => entry.kind === 'request' && entry.purpose === 'refresh');
    await until('the refresh', refresh);
    expect(await refresh()).toMatchObject({
      status: 200,
      via: 'page',
      bearer: expect.any(String) as unknown,
      endedAt: expect.any(Number) as unknown,
    });
    expect(JSON.stringify(await historyOf(inspector.chromium, page))).not.toContain('eyJ');
  });

  test('has its requests recorded even if the worker was asleep or is killed before the response', async ({ inspector }) => {
    const { chromium } = inspector;
    const { page } = await inspector.open('/?sdk=web');
    await until('the session', async () => (await sessionOf(chromium, page))?.stage.phase === 'attached');
    const told = async (path: string) =>
      (await historyOf(chromium, page)).filter((entry) => entry.kind === 'request' && entry.path === path).at(-1);
    await chromium.killWorker();
    const send = (path: string) =>
      page.evaluate((to) => void fetch(to, { method: 'POST', body: '{"uuid":"b7e0f5a2-1f0e-4d0e-8f0b-3c2d1e0f9a8b"}' }), path);
    await send('/v4/events/first');
    await until('the request', () => told('/v4/events/first'));
    let answer = () => {};
    await page.route('**/v4/events/second', async (route) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      await route.continue();
    });
    await send('/v4/events/second');
    await until('the pending request in storage', async () => JSON.stringify(await storedRequests(chromium)).includes('/v4/events/second'));
    await chromium.killWorker();
    answer();
    await until('the request to end', async () => {
      const entry = await told('/v4/events/second');
      return entry?.kind === 'request' && entry.status !== null && entry.uuid === 'b7e0f5a2-1f0e-4d0e-8f0b-3c2d1e0f9a8b';
    });
  });

  test('sends exactly what the page passes to fetch, and reads each option once', async ({ inspector }) => {
    const { page, noise } = await inspector.open();
    await until('the token', async () => (await hookOf(page)).held.token);
    const sent: Record<string, string>[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/v4/events/')) sent.push({ method: request.method(), ...request.headers() });
    });
    const reads = await page.evaluate(async () => {
      let reads = 0;
      const init = {
        get method() {
          reads += 1;
          return 'POST';
        },
        // An iterator can be read only once.
        headers: new Map([['x-a', 'kept']]).entries() as unknown as HeadersInit,
        body: '{"uuid":"b7e0f5a2-1f0e-4d0e-8f0b-3c2d1e0f9a8b"}',
      };
      await fetch('/v4/events/custom', init).catch(() => undefined);
      return reads;
    });
    await until('the request', () => sent.length > 0);
    expect(sent[0]).toMatchObject({ method: 'POST', 'x-a': 'kept' });
    expect(reads).toBe(1);
    expect(noise.filter((line) => line.startsWith('error'))).toEqual(noise.filter((line) => line.includes('401')));
  });
});

test.describe('with DevTools open before the page', () => {
  test.use({ devtools: true });

  test('a panel opened later shows the startup requests too, once each', async ({ inspector }) => {
    const [blank] = inspector.chromium.context.pages();
    if (blank) await inspector.chromium.frontOf(blank);
    const { v } = await panelOn(inspector, { tab: 'Network' });
    const logins = async () => (await texts(v)).filter((text) => text.startsWith('Anonymous sign-in'));
    await until('the anonymous sign-in at startup', async () => (await logins()).length > 0);
    await v.operate('refreshToken');
    await until('the refresh', async () => (await texts(v)).some((text) => text.startsWith('Token refresh')));
    expect(await logins()).toHaveLength(1);
  });
});

test.describe('a watched page with DevTools', () => {
  test.use({ watched: true });

  test('has each request shown once, although both report it', async ({ inspector }) => {
    const { page } = await inspector.open();
    await until('the token', async () => (await hookOf(page)).held.token);
    const v = await inspector.panel(page);
    await v.waitAttr('access', 'data-access', 'watched');
    await v.tab('Network');
    for (let times = 1; times <= 3; times += 1) {
      await page.getByRole('button', { name: 'Refresh token' }).click();
      await until('the refresh', async () => (await texts(v)).filter((text) => text.startsWith('Token refresh')).length >= times);
    }
    // Only DevTools reports bodies, so a visible body shows that its report arrived too.
    const last = (await requests(v)).at(-1);
    await choose(v, last?.seq ?? 0, 'network');
    await v.tab('Response');
    await until('the body', async () => /Token in response|"token": "\[secret\]"/.test((await v.html()).replaceAll('&quot;', '"')));
    expect((await texts(v)).filter((text) => text.startsWith('Token refresh'))).toHaveLength(3);
  });
});

test.describe('a watched page whose SDK sends requests to another host', () => {
  test.use({ watched: true });

  test('has that host named in the panel if the browser reports its requests only to DevTools', async ({ inspector }) => {
    const { chromium, sandbox } = inspector;
    await unwatch(chromium, ['http://localhost/*']);
    const { page } = await inspector.open();
    const v = await inspector.panel(page);
    await v.waitAttr('access', 'data-access', 'watched');
    await v.tab('Network');
    await until('a request of the page', async () => (await texts(v)).length > 0);
    expect(await v.there('unheard-host')).toBe(false);
    const api = sandbox.origin.replace('127.0.0.1', 'localhost');
    await page.evaluate((origin) => fetch(`${origin}/v4/events/custom`, { method: 'POST', mode: 'no-cors', body: '{}' }), api);
    await until('the host', () => v.there('unheard-host'));
    expect(await v.text('unheard-host')).toContain(`Requests to ${api.replace('http://', '')} are only recorded while DevTools is open.`);
  });
});

test('a saved recording is HAR 1.2', async ({ inspector }) => {
  const { page, v } = await panelOn(inspector, { tab: 'Network' });
  await page.getByRole('button', { name: 'Refresh token' }).click();
  await until('the refresh', async () => (await texts(v)).some((text) => text.startsWith('Token refresh')));
  const { log } = JSON.parse(await v.saved('export-har')) as {
    log: { version: string; creator: { name: string; version: string }; entries: Record<string, unknown>[] };
  };
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(log.version).toBe('1.2');
  expect(log.creator).toEqual({ name: 'Synerise Session Inspector', version });
  for (const entry of log.entries)
    expect(Object.keys(entry)).toEqual(expect.arrayContaining(['startedDateTime', 'time', 'request', 'response', 'cache', 'timings']));
});
