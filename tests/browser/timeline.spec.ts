import { groupsOf, kindsOf, rowsOf } from './rows';
import { expect, hookOf, type Panel, panelOn, test, until } from './support';

const timeline = async (v: Panel) => {
  await v.tab('Timeline');
  await until('the timeline', () => v.there('timeline'));
};
type Client = { Synerise: { Client: Record<string, (...args: unknown[]) => unknown> } };
const regenerate = () => (globalThis as unknown as Client).Synerise.Client['regenerateUUID']?.();

test('DevTools requests are grouped under their cause, across a reload and a killed worker and in another panel', async ({ inspector }) => {
  const { page, v } = await panelOn(inspector);
  await v.operate('regenerateUUID');
  await timeline(v);
  // The anonymous sign-in at page load is listed only if DevTools was already open.
  const groups = async () => groupsOf((await rowsOf(v)).filter(({ kind, of }) => kind !== 'request' || of !== null));
  const visit = ['uuid', 'token', 'regenerateUUID: request token uuid', 'signIn(): identity request token'];
  // Its request and token come after its verdict.
  await until('all of the action', async () => (await groups()).at(-1) === visit.at(-2));
  await page.getByRole('button', { name: 'Sign in as Ada' }).click();
  await expect.poll(groups).toEqual(visit);
  await page.reload();
  await until('the reload', async () => kindsOf(await rowsOf(v)).includes('document'));
  // Calls made before the page is observed again are not recorded.
  await until('the SDK again', async () => (await hookOf(page).catch(() => null))?.held.token);
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  const rows = await rowsOf(v);

  await inspector.chromium.killWorker();
  await page.getByRole('button', { name: 'Refresh token' }).click();
  await until('the call after the kill', async () => (await groups()).includes('refreshToken(): request token'));
  const after = await rowsOf(v);
  // Late reports on the last call before the kill may appear among the others.
  expect(after.filter(({ seq }) => rows.some((row) => row.seq === seq))).toEqual(rows);
  expect(new Set(after.map(({ seq }) => seq)).size).toBe(after.length);

  const tab = await v.target.evaluate('chrome.devtools.inspectedWindow.tabId');
  const other = await inspector.chromium.context.newPage();
  await other.goto(`chrome-extension://${inspector.chromium.id}/panel.html?tabId=${tab}`);
  await other.getByRole('tab', { name: 'Timeline' }).click();
  await expect(other.getByTestId('timeline-entry')).toHaveCount((await rowsOf(v)).length);
});

test('rows are selected by keyboard, and their details are shown without the token', async ({ inspector }) => {
  const { page, v } = await panelOn(inspector);
  await v.operate('regenerateUUID');
  await timeline(v);
  await until('the group', async () => groupsOf(await rowsOf(v)).includes('regenerateUUID: request token uuid'));
  const key = async (name: string, code: number) => {
    for (const type of ['keyDown', 'keyUp'])
      await v.target.send('Input.dispatchKeyEvent', { type, key: name, code: name, windowsVirtualKeyCode: code });
  };
  const chosen = () =>
    v.target.evaluate(`document.querySelector('[data-testid="timeline-entry"][aria-selected="true"]')?.dataset.seq ?? null`);
  const all = await rowsOf(v);
  await v.target.evaluate(`document.querySelector('[data-testid="timeline"]').focus()`);
  await key('Home', 36);
  await until('the first row', async () => (await chosen()) === String(all[0]?.seq));
  await key('ArrowDown', 40);
  await until('the second row', async () => (await chosen()) === String(all[1]?.seq));
  expect(await v.attr('generation-details', 'data-kind')).toBe(all[1]?.kind);
  expect(await v.html()).not.toContain((await hookOf(page)).held.token?.raw ?? 'no token');
  // Another request may still arrive and become the last row.
  await until('the last row', async () => {
    await key('End', 35);
    return (await chosen()) === String((await rowsOf(v)).at(-1)?.seq);
  });
});

test('with SDKs in two frames, calls are those of the client shown, and requests those of the whole page', async ({ inspector }) => {
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
