// The timeline as a table: sorting, columns, keys, context menu, filters, and old and new values in the details.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { until } from '@/scripts/until.mjs';
import { type NodeInspector, type NodeView, openInspector } from '../../fakes/inspector';
import { callClient, openShop } from '../../fakes/shop';
import { uuidIn, uuidShown } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
let v: NodeView;
let before = '';
let after = '';

const ask = <T>(expression: string) => v.target.evaluate(expression) as Promise<T>;
const kinds = () => ask<string[]>(`[...document.querySelectorAll('[data-testid="timeline-entry"]')].map((row) => row.dataset.kind)`);
const times = () =>
  ask<string[]>(`[...document.querySelectorAll('[data-testid="timeline-entry"] [data-column="time"]')].map((one) => one.textContent)`);
const columns = () =>
  ask<string[]>(`[...document.querySelectorAll('#view-timeline [role="columnheader"]')].map((one) => one.dataset.column)`);
const key = (name: string, more = '{}') =>
  ask(
    `document.querySelector('[data-testid="timeline"]').dispatchEvent(new KeyboardEvent('keydown', { key: '${name}', bubbles: true, ...${more} }))`,
  );
const menu = async (on: string, item: string) => {
  await ask(
    `document.querySelector('${on}').dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: 5, clientY: 5 }))`,
  );
  await until('the menu', () => v.there('context-menu'));
  await ask(
    `[...document.querySelectorAll('[data-testid="context-menu"] button')].find((one) => one.textContent.includes('${item}')).click()`,
  );
  await until('the menu to close', async () => !(await v.there('context-menu')));
};

beforeEach(async () => {
  inspector = await openInspector();
  const page = await openShop(inspector);
  v = await inspector.panel(page);
  before = await uuidShown(v, page);
  await callClient(page, 'regenerateUUID');
  after = await until('another UUID', async () => (await uuidIn(page)) !== before && (await uuidIn(page)));
  await v.tab('Timeline');
  await until('both UUIDs', async () => (await kinds()).filter((one) => one === 'uuid').length === 2);
});
afterEach(() => inspector.close());

it('lists entries in order of time, and sorts them by a column and back', async () => {
  const inOrder = await times();
  expect(inOrder).toEqual([...inOrder].sort());
  const head = `document.querySelector('#view-timeline [data-column="time"] .sorts')`;
  await ask(`${head}.click()`);
  await until('ascending', () =>
    ask(`document.querySelector('#view-timeline [data-column="time"]').getAttribute('aria-sort') === 'ascending'`),
  );
  await ask(`${head}.click()`);
  await until('the newest first', async () => (await times()).join() === [...(await times())].sort().reverse().join());
  await ask(`${head}.click()`);
  await until('order of time again', async () => (await times()).join() === [...(await times())].sort().join());
});

it('hides columns by the menu of its head, and brings them back', async () => {
  expect(await columns()).toEqual(['time', 'name', 'details', 'status', 'duration', 'initiator']);
  await menu('#view-timeline [role="columnheader"]', 'Duration');
  await until('it to be hidden', async () => !(await columns()).includes('duration'));
  await menu('#view-timeline [role="columnheader"]', 'Reset columns');
  await until('it to be back', async () => (await columns()).includes('duration'));
});

it('shows the old and the new value of a change, and closes the details by Escape', async () => {
  await ask(`[...document.querySelectorAll('[data-testid="timeline-entry"][data-kind="uuid"]')].at(-1).click()`);
  await until('the details', () => v.there('generation-details'));
  expect(await v.text('value-before')).toBe(before);
  expect(await v.text('value-after')).toBe(after);
  await ask(`[...document.querySelectorAll('[data-testid="timeline-entry"][data-kind="token"]')].at(-1).click()`);
  await until('the token', async () => (await v.attr('generation-details', 'data-kind')) === 'token');
  expect(await v.text('value-before')).not.toBe(await v.text('value-after'));
  await key('Escape');
  await until('no details', async () => !(await v.there('generation-details')));
});

it('filters by chips, several with Ctrl, and by the words of a row', async () => {
  await v.click('timeline-kind-uuid');
  await until('UUIDs alone', async () => (await kinds()).every((kind) => kind === 'uuid'));
  await ask(
    `document.querySelector('[data-testid="timeline-kind-token"]').dispatchEvent(new MouseEvent('click', { ctrlKey: true, bubbles: true }))`,
  );
  await until('tokens too', async () => new Set(await kinds()).size === 2);
  await v.click('timeline-kind-uuid');
  await v.click('timeline-kind-uuid');
  await until('all of it', async () => (await kinds()).includes('call'));
  await menu('[data-testid="timeline-entry"][data-kind="call"]', 'Filter by');
  await until('the call with its own', async () => (await kinds()).includes('call') && !(await kinds()).includes('document'));
});

it('clears by Ctrl+L, and takes it back', async () => {
  const count = (await kinds()).length;
  await key('l', '{ ctrlKey: true }');
  await until('nothing', async () => (await kinds()).length === 0);
  await v.click('timeline-restore');
  await until('all of it', async () => (await kinds()).length >= count);
});
