import { choose, groupsOf, kindsOf, look, press, type Row, rowsOf } from './rows';
import { expect, hookOf, type Panel, panelAlone, panelOn, test, until } from './support';
import { clean, SHOWN } from './well-made';

const timeline = async (v: Panel) => {
  await v.tab('Timeline');
  await until('the timeline', () => v.there('timeline'));
};
type Client = { Synerise: { Client: Record<string, (...args: unknown[]) => unknown> } };
const regenerate = () => (globalThis as unknown as Client).Synerise.Client['regenerateUUID']?.();

for (const sdk of ['react-native', 'flutter', 'ios', 'android'])
  test(`a visit shows as its groups, in order: ${sdk}`, async ({ inspector }) => {
    const { page, v } = await panelOn(inspector, { path: `/?sdk=${sdk}` });
    await v.operate('regenerateUUID');
    await timeline(v);
    await page.getByRole('button', { name: 'Sign in as Ada' }).click();
    await until('the sign-in', async () => groupsOf(await rowsOf(v)).includes('signIn(): identity request token'));
    await page.getByRole('button', { name: 'Refresh token' }).click();
    const expected = [
      'uuid',
      'token',
      'regenerateUUID: request token uuid',
      'signIn(): identity request token',
      'refreshToken(): request token',
    ];
    // The anonymous login of the page's start is there where DevTools was open by then.
    const groups = async () => groupsOf((await rowsOf(v)).filter(({ kind, of }) => kind !== 'request' || of !== null));
    await until('the whole visit', async () => (await groups()).length >= expected.length && (await groups()).at(-1) === expected.at(-1));
    expect(await groups()).toEqual(expected);
  });

test('a visit shows as its groups, in order: web', async ({ inspector }) => {
  const { page } = await inspector.open('/?sdk=web');
  await until('the UUID', async () => (await hookOf(page)).held.uuid);
  const v = await inspector.panel(page);
  await v.waitAttr('dialect', 'data-ready', 'true');
  await v.operate('regenerateUUID');
  await timeline(v);
  const groups = async () => groupsOf(await rowsOf(v));
  await until('the operation', async () => (await groups()).length >= 3);
  await page.evaluate(() =>
    (globalThis as unknown as { SR: { client: { setUuid(uuid: string): void } } }).SR.client.setUuid(
      '99999999-8888-4777-8666-555555555555',
    ),
  );
  const expected = ['uuid', 'token', 'regenerateUUID: storage storage uuid', 'setUuid(): storage storage uuid'];
  await until('the whole visit', async () => (await groups()).at(-1) === expected.at(-1));
  expect(await groups()).toEqual(expected);
});

test('a call shows what went in and came out, where it was called, and no password', async ({ inspector }) => {
  const { page, v } = await panelOn(inspector);
  await timeline(v);
  await page.evaluate(() => {
    const { Client } = (globalThis as unknown as Client).Synerise;
    const nothing = () => undefined;
    Client['signIn']?.('ada@shop.example', 'wrong-Secret-1', nothing, nothing);
    for (let times = 0; times < 5; times += 1) Client['getUUID']?.();
  });
  await until('the call', async () => (await rowsOf(v)).some(({ text }) => text.startsWith('signIn(), by the page, failed')));
  await until('the getter', async () => (await rowsOf(v)).some(({ text }) => text.startsWith('getUUID() × ')));
  const call = (await rowsOf(v)).find(({ text }) => text.startsWith('signIn()'));
  await choose(v, call?.seq ?? 0);
  await until('the details', async () => (await v.text('call-details'))?.includes('Called at'));
  const words = (await v.text('call-details')) ?? '';
  expect(words).toContain('ada@shop.example');
  expect(words).toContain('[secret]');
  expect(words).toMatch(/code|403|401/);
  expect(await v.html()).not.toContain('wrong-Secret-1');
  // The words that are looked for may stand in an argument.
  await look(v, 'ada@shop.example');
  await until(
    'the one',
    async () =>
      kindsOf(await rowsOf(v)).join() === 'call' ||
      (await rowsOf(v)).every(({ text }) => text.includes('signIn') || text.includes('Login')),
  );
});

test('a group folds and unfolds, by mouse and keys', async ({ inspector }) => {
  const { v } = await panelOn(inspector);
  await v.operate('regenerateUUID');
  await timeline(v);
  await until('the group', async () => groupsOf(await rowsOf(v)).includes('regenerateUUID: request token uuid'));
  const before = await rowsOf(v);
  const head = before.find(({ kind }) => kind === 'operation');
  await v.target.evaluate(`document.querySelector('[data-testid="timeline-entry"][data-kind="operation"] .fold').click()`);
  await until('the fold', async () => (await rowsOf(v)).length === before.length - 3);
  await press(v, 'Fold all');
  await press(v, 'Unfold all');
  await until('all of it', async () => (await rowsOf(v)).length === before.length);
  expect((await rowsOf(v)).filter(({ of }) => of === head?.seq)).toHaveLength(3);
});

test('an operation, a call of the page and a reload stand in order, each with what came of it, over a killed worker and in another panel', async ({
  inspector,
}) => {
  const { page, v } = await panelOn(inspector);
  await v.operate('regenerateUUID');
  await timeline(v);
  await page.getByRole('button', { name: 'Sign in as Ada' }).click();
  await until('the sign-in', async () => kindsOf(await rowsOf(v)).includes('identity'));
  await page.reload();
  await until('the reload', async () => kindsOf(await rowsOf(v)).includes('document'));
  // What the page calls before it is observed again is nobody's to tell.
  await until('the SDK again', async () => (await hookOf(page).catch(() => null))?.held.token);
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  const rows = await rowsOf(v);
  const operation = rows.find(({ kind }) => kind === 'operation');
  const call = rows.find(({ kind, text }) => kind === 'call' && text.startsWith('signIn()'));
  expect(kindsOf(rows.filter(({ of }) => of === operation?.seq)).sort()).toEqual(['request', 'token', 'uuid']);
  expect(rows.filter(({ of }) => of === call?.seq).map(({ kind }) => kind)).toContain('token');
  const order = [operation, call, rows.find(({ kind }) => kind === 'document')].map((row) => rows.indexOf(row as Row));
  expect(order).toEqual([...order].sort((a, b) => a - b));

  await inspector.chromium.killWorker();
  await page.getByRole('button', { name: 'Refresh token' }).click();
  await until('the call after the kill', async () => (await rowsOf(v)).some(({ text }) => text.startsWith('refreshToken()')));
  const after = await rowsOf(v);
  // What was still to be told of the last before the kill comes among the others.
  expect(after.filter(({ seq }) => rows.some((row) => row.seq === seq))).toEqual(rows);
  expect(new Set(after.map(({ seq }) => seq)).size).toBe(after.length);

  const tab = await v.target.evaluate('chrome.devtools.inspectedWindow.tabId');
  const other = await inspector.chromium.context.newPage();
  await other.goto(`chrome-extension://${inspector.chromium.id}/panel.html?tabId=${tab}`);
  await other.getByRole('tab', { name: 'Timeline' }).click();
  await expect(other.getByTestId('timeline-entry')).toHaveCount((await rowsOf(v)).length);
});

test('filters by kind and words, pauses, clears, and is walked through by keys, with the details beside', async ({ inspector }) => {
  const { page, v } = await panelOn(inspector);
  await timeline(v);
  await until('what was there', async () => (await rowsOf(v)).filter(({ kind }) => kind !== 'request').length === 2);
  for (let times = 0; times < 3; times += 1) await page.evaluate(regenerate);
  await until('the calls', async () => kindsOf(await rowsOf(v)).filter((kind) => kind === 'call').length === 3);

  await v.click('timeline-kind-call');
  expect(kindsOf(await rowsOf(v))).not.toContain('call');
  await v.click('timeline-kind-call');
  const { uuid } = (await hookOf(page)).held;
  await look(v, `uuids ${uuid}`);
  await until('the one', async () => kindsOf(await rowsOf(v)).join() === 'uuid');
  await look(v, 'nobody said this');
  await until('none', async () => (await rowsOf(v)).length === 0);
  expect(await v.text('timeline')).toContain('fits the filter');
  await look(v, '');

  await until('all again', async () => (await rowsOf(v)).length > 4);
  const count = (await rowsOf(v)).length;
  await press(v, 'Pause');
  await page.evaluate(regenerate);
  await until('more to come', async () => /Go on \([1-9]/.test(await v.target.evaluate(`document.querySelector('.toolbar').textContent`)));
  expect(await rowsOf(v)).toHaveLength(count);
  await press(v, 'Go on');
  await until('the rest', async () => (await rowsOf(v)).length > count);

  const key = async (name: string, code: number) => {
    for (const type of ['keyDown', 'keyUp'])
      await v.target.send('Input.dispatchKeyEvent', { type, key: name, code: name, windowsVirtualKeyCode: code });
  };
  const chosen = () =>
    v.target.evaluate(`document.querySelector('[data-testid="timeline-entry"][aria-selected="true"]')?.dataset.seq ?? null`);
  const all = await rowsOf(v);
  await v.target.evaluate(`document.querySelector('[data-testid="timeline"]').focus()`);
  await key('Home', 36);
  await until('the first', async () => (await chosen()) === String(all[0]?.seq));
  await key('ArrowDown', 40);
  await until('the second', async () => (await chosen()) === String(all[1]?.seq));
  expect(await v.attr('generation-details', 'data-kind')).toBe(all[1]?.kind);
  // A request may still come after what was the last.
  await until('the last', async () => {
    await key('End', 35);
    return (await chosen()) === String((await rowsOf(v)).at(-1)?.seq);
  });

  const newest = Math.max(...(await rowsOf(v)).map(({ seq }) => seq));
  await press(v, 'Clear');
  // But for a request that came since.
  await until('nothing of before', async () => (await rowsOf(v)).every(({ seq }) => seq > newest));
  await press(v, 'Show what was cleared');
  // And what came since.
  await until('all of it', async () => (await rowsOf(v)).length >= all.length);
});

test('what came before the last page load goes out of view, and comes back, as one wants it', async ({ inspector }) => {
  const { page, v } = await panelOn(inspector);
  await v.operate('regenerateUUID');
  await timeline(v);
  await page.reload();
  await until('the reload', async () => kindsOf(await rowsOf(v)).includes('document'));
  const all = (await rowsOf(v)).length;
  const preserve = `document.querySelector('[role="tabpanel"]:not([hidden]) .toolbar input[type="checkbox"]').click()`;
  await v.target.evaluate(preserve);
  await until('what came since', async () => kindsOf(await rowsOf(v))[0] === 'document');
  expect(kindsOf(await rowsOf(v))).not.toContain('operation');
  await v.target.evaluate(preserve);
  await until('all of it', async () => (await rowsOf(v)).length >= all);
});

test('of two frames, calls are those of the client that is shown, and requests those of the whole page', async ({ inspector }) => {
  const { page } = await inspector.open('/frames?top=react-native&a=flutter');
  const v = await inspector.panel(page);
  await v.waitAttr('dialect', 'data-ready', 'true');
  await timeline(v);
  const frame = await until('the frame', () => page.frames().find((one) => one !== page.mainFrame() && one.url().includes('sdk=flutter')));
  await until('its token', async () => (await hookOf(frame)).held.token);
  await frame.evaluate(() =>
    (globalThis as unknown as { Synerise: { client: { regenerateUUID(): unknown } } }).Synerise.client.regenerateUUID(),
  );
  await until('its request', async () => kindsOf(await rowsOf(v)).includes('request'));
  await page.evaluate(regenerate);
  await until('the call', async () => groupsOf(await rowsOf(v)).some((group) => group.startsWith('regenerateUUID():')));
  expect((await rowsOf(v)).filter(({ kind }) => kind === 'call')).toHaveLength(1);
});

test('no row, detail, copy or export has a token or a password in it', async ({ inspector }) => {
  const { page, v } = await panelOn(inspector);
  const secrets = new Set<string>();
  const remember = async () => secrets.add((await hookOf(page)).held.token?.raw ?? '');
  await remember();
  await v.operate('retrieveToken');
  await timeline(v);
  await page.evaluate(() => {
    const { Client } = (globalThis as unknown as Client).Synerise;
    const nothing = () => undefined;
    Client['signIn']?.('ada@shop.example', 'wrong-Secret-1', nothing, nothing);
    Client['retrieveToken']?.(nothing, nothing);
  });
  await until('the failure', async () => (await rowsOf(v)).some(({ text }) => text.startsWith('signIn(), by the page, failed')));
  await page.getByRole('button', { name: 'Sign in as Ada' }).click();
  await until('the sign-in', async () => groupsOf(await rowsOf(v)).includes('signIn(): identity request token'));
  await remember();
  await page.getByRole('button', { name: 'Refresh token' }).click();
  await until('the refresh', async () => groupsOf(await rowsOf(v)).includes('refreshToken(): request token'));
  await remember();
  await v.target.evaluate(`navigator.clipboard.writeText = (text) => { (globalThis.copied ??= []).push(text); return Promise.resolve(); };
    document.execCommand = () => { (globalThis.copied ??= []).push(String(document.activeElement?.value ?? getSelection())); return true; };`);
  let seen = '';
  for (const { seq } of await rowsOf(v)) {
    await choose(v, seq);
    await until('the details', async () => (await v.attr('generation-details', 'data-kind')) !== null);
    // All that can be copied of it, and of the list.
    await v.target.evaluate(
      `for (const one of document.querySelectorAll('[role="tabpanel"]:not([hidden]) button')) if (one.textContent.startsWith('Copy')) one.click()`,
    );
    seen += await v.html();
  }
  await until('the copies', async () => (await v.target.evaluate('globalThis.copied?.length ?? 0')) > 5);
  seen += String(await v.target.evaluate('globalThis.copied.join()'));
  expect(seen).toContain('refreshToken');
  const passwords = (await hookOf(page)).calls.flatMap(([name, args]) => (name === 'signIn' ? [String(args[1])] : []));
  expect(passwords).toContain('wrong-Secret-1');
  for (const secret of [...secrets, ...passwords]) {
    // Of a token no part that would do: neither its payload nor its signature.
    for (const part of secret.split('.').filter((one) => one.length > 8)) expect(seen).not.toContain(part);
    expect(seen).not.toContain(encodeURIComponent(secret));
    expect(seen).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
  }
});

test.describe('by itself', () => {
  test.use({ watched: true });

  for (const colorScheme of ['light', 'dark'] as const)
    test(`${colorScheme}: nothing that axe finds, and no token in it`, async ({ inspector }) => {
      const { page } = await inspector.open();
      await until('the token', async () => (await hookOf(page)).held.token);
      const own = await panelAlone(inspector, colorScheme);
      await own.getByRole('tab', { name: 'Timeline' }).click();
      await own.getByTestId('timeline-entry').first().click();
      await expect(own.getByTestId('generation-details')).toBeVisible();
      await clean(own, SHOWN);
      expect(await own.content()).not.toContain((await hookOf(page)).held.token?.raw ?? 'no token');
    });
});
