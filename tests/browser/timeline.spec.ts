import AxeBuilder from '@axe-core/playwright';
import { expect, hookOf, type Panel, test, until } from './support';

interface Row {
  readonly kind: string;
  readonly seq: number;
  readonly of: number | null;
  readonly text: string;
}

const rowsOf = (v: Panel): Promise<Row[]> =>
  v.target.evaluate(`[...document.querySelectorAll('[data-testid="timeline-entry"]')].map((row) => ({
    kind: row.dataset.kind, seq: Number(row.dataset.seq), of: row.dataset.of === undefined ? null : Number(row.dataset.of),
    text: row.querySelector('.what').textContent }))`);
const timeline = async (v: Panel) => {
  await v.target.evaluate(`document.querySelector('#tab-timeline').click()`);
  await until('the timeline', () => v.there('timeline'));
};
const kindsOf = (rows: readonly Row[]) => rows.map(({ kind }) => kind);
const press = (v: Panel, name: string) =>
  v.target.evaluate(`[...document.querySelectorAll('.toolbar button')].find((one) => one.textContent.startsWith('${name}')).click()`);
const look = (v: Panel, words: string) =>
  v.target.evaluate(`(() => {
    const input = document.querySelector('.toolbar input[type="search"]');
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), 'value').set.call(input, ${JSON.stringify(words)});
    input.dispatchEvent(new Event('input', { bubbles: true })); })()`);

test('an operation, a call of the page and a reload stand in order, each with what came of it, over a killed worker and in another panel', async ({
  inspector,
}) => {
  const { page } = await inspector.open();
  await until('the token', async () => (await hookOf(page)).held.token);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
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
  expect(rows.filter(({ of }) => of === operation?.seq).map(({ kind }) => kind)).toEqual(['uuid', 'token']);
  expect(rows.filter(({ of }) => of === call?.seq).map(({ kind }) => kind)).toContain('token');
  const order = ['operation', 'call', 'document'].map((kind) => rows.findIndex((row) => row.kind === kind));
  expect(order).toEqual([...order].sort((a, b) => a - b));

  await inspector.chromium.killWorker();
  await page.getByRole('button', { name: 'Refresh token' }).click();
  await until('the call after the kill', async () => (await rowsOf(v)).some(({ text }) => text.startsWith('refreshToken()')));
  const after = await rowsOf(v);
  expect(after.slice(0, rows.length)).toEqual(rows);
  expect(new Set(after.map(({ seq }) => seq)).size).toBe(after.length);

  const tab = await v.target.evaluate('chrome.devtools.inspectedWindow.tabId');
  const other = await inspector.chromium.context.newPage();
  await other.goto(`chrome-extension://${inspector.chromium.id}/panel.html?tabId=${tab}`);
  await other.getByRole('tab', { name: 'Timeline' }).click();
  await expect(other.getByTestId('timeline-entry')).toHaveCount((await rowsOf(v)).length);
});

test('filters by kind and words, pauses, clears, and is walked through by keys, with the details beside', async ({ inspector }) => {
  const { page } = await inspector.open();
  await until('the token', async () => (await hookOf(page)).held.token);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await timeline(v);
  await until('what was there', async () => (await rowsOf(v)).length === 2);
  for (let times = 0; times < 3; times += 1)
    await page.evaluate(() =>
      (globalThis as unknown as { Synerise: { Client: { regenerateUUID(): void } } }).Synerise.Client.regenerateUUID(),
    );
  await until('the calls', async () => kindsOf(await rowsOf(v)).filter((kind) => kind === 'call').length === 3);

  await v.click('timeline-kind-call');
  expect(kindsOf(await rowsOf(v))).not.toContain('call');
  await v.click('timeline-kind-call');
  const { uuid } = (await hookOf(page)).held;
  await look(v, uuid ?? 'none');
  await until('the one', async () => (await rowsOf(v)).length === 1);
  await look(v, 'nobody said this');
  await until('none', async () => (await rowsOf(v)).length === 0);
  expect(await v.text('timeline')).toContain('fits the filter');
  await look(v, '');

  await until('all again', async () => (await rowsOf(v)).length > 4);
  const count = (await rowsOf(v)).length;
  await press(v, 'Pause');
  await page.evaluate(() =>
    (globalThis as unknown as { Synerise: { Client: { regenerateUUID(): void } } }).Synerise.Client.regenerateUUID(),
  );
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
  await key('End', 35);
  await until('the last', async () => (await chosen()) === String(all.at(-1)?.seq));

  await press(v, 'Clear');
  await until('nothing', async () => (await rowsOf(v)).length === 0);
  await press(v, 'Show what was cleared');
  await until('all of it', async () => (await rowsOf(v)).length === all.length);
});

test.describe('without DevTools', () => {
  test.use({ devtools: false, watched: true });

  for (const colorScheme of ['light', 'dark'] as const)
    test(`${colorScheme}: nothing that axe finds, and no token in it`, async ({ inspector }) => {
      const { page } = await inspector.open();
      await until('the token', async () => (await hookOf(page)).held.token);
      const own = await inspector.chromium.context.newPage();
      const worker = await inspector.chromium.worker();
      const tab = await worker.evaluate(async () => {
        const { tabs } = (globalThis as unknown as { chrome: { tabs: { query(q: object): Promise<{ id: number }[]> } } }).chrome;
        return (await tabs.query({ url: 'http://127.0.0.1/*' }))[0]?.id;
      });
      await own.emulateMedia({ colorScheme });
      await own.goto(`chrome-extension://${inspector.chromium.id}/panel.html?tabId=${tab}`);
      await own.getByRole('tab', { name: 'Timeline' }).click();
      await own.getByTestId('timeline-entry').first().click();
      await expect(own.getByTestId('generation-details')).toBeVisible();
      expect((await new AxeBuilder({ page: own }).include('[role="tabpanel"]:not([hidden])').analyze()).violations).toEqual([]);
      expect(await own.content()).not.toContain((await hookOf(page)).held.token?.raw ?? 'no token');
    });
});
