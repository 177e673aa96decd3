// The timeline of a panel: its groups, its details, its filter, and that no secret is in any of them.
import { afterEach, expect, it, vi } from 'vitest';
import { until } from '@/scripts/until.mjs';
import { choose, fold, groupsOf, kindsOf, look, preserve, press, rowsOf, waiting } from '../../../browser/rows';
import { hookOf, type NodeInspector, type NodePage, type NodeView, openInspector } from '../../fakes/inspector';
import { press as pressShop } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });
let inspector: NodeInspector;
afterEach(() => inspector.close());

/** The timeline of a page whose SDK is ready, which sees the page's requests. */
async function timelineOn(path = '/', operation?: string): Promise<{ page: NodePage; v: NodeView }> {
  inspector = await openInspector({ requests: true });
  const page = await inspector.open(path);
  await until('the UUID', async () => (await hookOf(page)).held.uuid);
  if (!path.includes('sdk=web')) await until('the token', async () => (await hookOf(page)).held.token);
  const v = await inspector.panel(page);
  await v.waitAttr('dialect', 'data-ready', 'true');
  await v.waitAttr('token', 'data-read', 'true');
  if (operation) expect(await v.operate(operation)).toMatchObject({ verdict: 'done' });
  await v.tab('Timeline');
  await until('the timeline', () => v.there('timeline-entry'));
  return { page, v };
}
type Client = { Synerise: { Client: Record<string, (...args: unknown[]) => unknown> } };
const regenerate = () => void (globalThis as unknown as Client).Synerise.Client['regenerateUUID']?.();
/** Of a key in the list. */
const key = (v: NodeView, name: string) =>
  v.target.evaluate(
    `document.querySelector('[data-testid="timeline"]').dispatchEvent(new KeyboardEvent('keydown', { key: '${name}', bubbles: true }))`,
  );
/** Groups without requests that stand alone: an anonymous login of the page's start is seen or not. */
const groups = async (v: NodeView) => groupsOf((await rowsOf(v)).filter(({ kind, of }) => kind !== 'request' || of !== null));
const shows = async (v: NodeView, expected: readonly string[]) => {
  await until('the last of them', async () => (await groups(v)).at(-1) === expected.at(-1)).catch(() => null);
  expect(await groups(v)).toEqual(expected);
};

it.each(['react-native', 'flutter', 'ios', 'android'])('a visit with %s is shown as its groups, in order', async (sdk) => {
  const { page, v } = await timelineOn(`/?sdk=${sdk}`, 'regenerateUUID');
  await pressShop(page, 'sign-in');
  await until('the sign-in', async () => (await groups(v)).includes('signIn(): identity request token'));
  await pressShop(page, 'refresh');
  await shows(v, [
    'uuid',
    'token',
    'regenerateUUID: request token uuid',
    'signIn(): identity request token',
    'refreshToken(): request token',
  ]);
});

it('a visit with the Web SDK is shown as its groups, in order', async () => {
  const { page, v } = await timelineOn('/?sdk=web', 'regenerateUUID');
  await until('the operation', async () => (await groups(v)).length >= 3);
  await page.evaluate(() => {
    const { SR } = globalThis as unknown as { SR: { client: { setUuid(uuid: string): void } } };
    SR.client.setUuid('99999999-8888-4777-8666-555555555555');
  });
  await shows(v, ['uuid', 'token', 'regenerateUUID: storage storage uuid', 'setUuid(): storage storage uuid']);
});

/** Chooses an item of a row's context menu. */
async function fromMenu(v: NodeView, seq: number, item: string): Promise<void> {
  await v.target.evaluate(
    `document.querySelector('[data-testid="timeline-entry"][data-seq="${seq}"]').dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))`,
  );
  await until('the menu', () => v.there('context-menu'));
  await v.target.evaluate(
    `[...document.querySelectorAll('[data-testid="context-menu"] button')].find((one) => one.textContent.includes('${item}')).click()`,
  );
}

it('a call shows its arguments and answer, where it was called, and no password', async () => {
  const { page, v } = await timelineOn();
  await page.evaluate(() => {
    const { Client } = (globalThis as unknown as Client).Synerise;
    const nothing = () => undefined;
    Client['signIn']?.('ada@shop.example', 'wrong-Secret-1', nothing, nothing);
    for (let times = 0; times < 5; times += 1) Client['getUUID']?.();
  });
  await until('the call', async () => (await rowsOf(v)).some(({ text }) => text.startsWith('signIn()') && text.includes('failed')));
  await until('the getter, counted', async () => (await rowsOf(v)).some(({ text }) => text.startsWith('getUUID() × ')));
  const call = (await rowsOf(v)).find(({ text }) => text.startsWith('signIn()'));
  await choose(v, call?.seq ?? 0);
  await until('the details', async () => (await v.text('call-details'))?.includes('Called at'));
  const words = (await v.text('call-details')) ?? '';
  for (const one of ['ada@shop.example', '[secret]', '401']) expect(words).toContain(one);
  expect(await v.html()).not.toContain('wrong-Secret-1');
  // Words may stand in an argument.
  await look(v, 'ada@shop.example');
  await until('fewer rows', async () => {
    const rows = await rowsOf(v);
    return rows.length > 0 && rows.every(({ text }) => /sign.?in/i.test(text));
  });
});

it('a group folds and unfolds by click, by keys, and with all others', async () => {
  const { v } = await timelineOn('/', 'regenerateUUID');
  await until('the group', async () => (await groups(v)).includes('regenerateUUID: request token uuid'));
  const all = await rowsOf(v);
  const head = all.find(({ kind }) => kind === 'operation')?.seq ?? 0;
  const shown = (count: number) => until(`${count} rows`, async () => (await rowsOf(v)).length === count);
  await fold(v, head);
  await shown(all.length - 3);
  await fold(v, head);
  await shown(all.length);
  await choose(v, head);
  await key(v, 'ArrowLeft');
  await shown(all.length - 3);
  await key(v, 'ArrowRight');
  await shown(all.length);
  await fromMenu(v, head, 'Collapse all');
  await shown(all.length - 3);
  await fromMenu(v, head, 'Expand all');
  await shown(all.length);
  expect((await rowsOf(v)).filter(({ of }) => of === head)).toHaveLength(3);
});

it('rows are filtered by kind and words, paused, cleared and walked through by keys, with the details beside', async () => {
  const { page, v } = await timelineOn();
  await until('what was there', async () => (await groups(v)).length === 2);
  for (let times = 0; times < 3; times += 1) await page.evaluate(regenerate);
  await until('the calls', async () => kindsOf(await rowsOf(v)).filter((kind) => kind === 'call').length === 3);

  await v.click('timeline-kind-call');
  await until('calls alone', async () => kindsOf(await rowsOf(v)).every((kind) => kind === 'call'));
  await v.click('timeline-kind-call');
  const { uuid } = (await hookOf(page)).held;
  await v.click('timeline-kind-uuid');
  await look(v, `${uuid}`);
  await until('the one', async () => kindsOf(await rowsOf(v)).join() === 'uuid');
  await v.click('timeline-kind-uuid');
  await look(v, 'nobody said this');
  await until('none', async () => (await rowsOf(v)).length === 0);
  expect(await v.text('timeline')).not.toBe('');
  await look(v, '');

  await until('all again', async () => (await rowsOf(v)).length > 4);
  await press(v, 'Pause');
  await page.evaluate(regenerate);
  const next = await until('another UUID', async () => {
    const { held } = await hookOf(page);
    return held.uuid !== uuid && held.uuid;
  });
  await until('more to come', async () => (await waiting(v)) > 1);
  await look(v, next);
  await until('nothing of it', async () => (await rowsOf(v)).length === 0);
  await press(v, 'Resume');
  await until('the new UUID', async () => (await rowsOf(v)).some(({ text }) => text.includes(next)));
  await look(v, '');
  await until('all again', async () => (await rowsOf(v)).length > 4);

  const chosen = () =>
    v.target.evaluate(`document.querySelector('[data-testid="timeline-entry"][aria-selected="true"]')?.dataset.seq ?? null`);
  const all = await rowsOf(v);
  await key(v, 'Home');
  await until('the first', async () => (await chosen()) === String(all[0]?.seq));
  await key(v, 'ArrowDown');
  await until('the second', async () => (await chosen()) === String(all[1]?.seq));
  expect(await v.attr('generation-details', 'data-kind')).toBe(all[1]?.kind);
  // A request may still come after what was the last.
  await until('the last', async () => {
    await key(v, 'End');
    return (await chosen()) === String((await rowsOf(v)).at(-1)?.seq);
  });

  const newest = Math.max(...(await rowsOf(v)).map(({ seq }) => seq));
  await press(v, 'Clear');
  // But for a request that came since.
  await until('nothing of before', async () => (await rowsOf(v)).every(({ seq }) => seq > newest));
  await v.click('timeline-restore');
  await until('all of it', async () => (await rowsOf(v)).length >= all.length);
});

it('operation, call and reload stand in order, each with its effects, and what came before the reload can be hidden', async () => {
  const { page, v } = await timelineOn('/', 'regenerateUUID');
  await pressShop(page, 'sign-in');
  await until('the sign-in', async () => (await groups(v)).includes('signIn(): identity request token'));
  await page.reload();
  await until('the reload', async () => kindsOf(await rowsOf(v)).includes('document'));
  const rows = await rowsOf(v);
  const operation = rows.find(({ kind }) => kind === 'operation');
  const call = rows.find(({ kind, text }) => kind === 'call' && text.startsWith('signIn()'));
  expect(kindsOf(rows.filter(({ of }) => of === operation?.seq)).sort()).toEqual(['request', 'token', 'uuid']);
  expect(kindsOf(rows.filter(({ of }) => of === call?.seq)).sort()).toEqual(['identity', 'request', 'token']);
  const order = [operation, call, rows.find(({ kind }) => kind === 'document')].map((row) => (row ? rows.indexOf(row) : -1));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);

  await preserve(v);
  await until('what came since', async () => kindsOf(await rowsOf(v))[0] === 'document');
  expect(kindsOf(await rowsOf(v))).not.toContain('operation');
  await preserve(v);
  await until('all of it', async () => (await rowsOf(v)).length >= rows.length);
});

it('no row, detail or copy has a token or a password in it', async () => {
  const { page, v } = await timelineOn('/', 'retrieveToken');
  const secrets = new Set<string>();
  const remember = async () => secrets.add((await hookOf(page)).held.token?.raw ?? '');
  await remember();
  await page.evaluate(() => {
    const { Client } = (globalThis as unknown as Client).Synerise;
    const nothing = () => undefined;
    Client['signIn']?.('ada@shop.example', 'wrong-Secret-1', nothing, nothing);
    Client['retrieveToken']?.(nothing, nothing);
  });
  await until('the failure', async () => (await rowsOf(v)).some(({ text }) => text.startsWith('signIn()') && text.includes('failed')));
  const requests = (count: number) =>
    until(`${count} requests`, async () => kindsOf(await rowsOf(v)).filter((kind) => kind === 'request').length === count);
  await requests(1);
  await pressShop(page, 'sign-in');
  await until('the sign-in', async () => kindsOf(await rowsOf(v)).includes('identity'));
  await requests(2);
  await remember();
  await pressShop(page, 'refresh');
  await requests(3);
  await until('the refresh', async () => (await rowsOf(v)).some(({ text }) => text.startsWith('refreshToken()')));
  await remember();
  expect(secrets.size).toBe(3);
  const copied: string[] = [];
  Object.defineProperty(navigator, 'clipboard', {
    value: { writeText: async (text: string) => void copied.push(text) },
    configurable: true,
  });
  let seen = '';
  for (const { seq } of await rowsOf(v)) {
    await choose(v, seq);
    await until('the details', () => v.there('generation-details'));
    // All that can be copied of it, and of the list.
    await v.target.evaluate(
      `for (const one of document.querySelectorAll('[role="tabpanel"]:not([hidden]) button')) if ((one.getAttribute('aria-label') ?? one.textContent).startsWith('Copy')) one.click()`,
    );
    seen += await v.html();
  }
  await until('the copies', () => copied.length > 5);
  seen += copied.join();
  for (const one of ['refreshToken', '/sauth/v3/auth/login/client', 'ada@shop.example']) expect(copied.join()).toContain(one);
  const passwords = (await hookOf(page)).calls.flatMap(([name, args]) => (name === 'signIn' ? [String(args[1])] : []));
  expect(passwords).toContain('wrong-Secret-1');
  for (const secret of [...secrets, ...passwords]) {
    // Of a token no part that would do: neither its payload nor its signature.
    for (const part of secret.split('.').filter((one) => one.length > 8)) expect(seen).not.toContain(part);
    expect(seen).not.toContain(encodeURIComponent(secret));
    expect(seen).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
  }
});
