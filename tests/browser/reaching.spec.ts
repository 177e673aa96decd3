// What reaches an SDK only in a real browser: frames, top-level classes, the settings page. The rest is in
// `tests/unit/components/header/reaching.test.ts`.
import type { Frame, Page } from '@playwright/test';
import { type View, viewOf } from '../../scripts/view.mjs';
import { chooseClient, expect, hookOf, type Inspector, type Panel, test, until } from './support';

const frameOf = (page: Page, name: string): Promise<Frame> =>
  until(`the frame ${name}`, async () => {
    const frame = page.frame({ name });
    return frame && (await hookOf(frame).catch(() => null))?.held.token ? frame : null;
  });

const uuidIn = async (frame: Page | Frame) => (await hookOf(frame)).held.uuid ?? '';

test('what the page itself does shows, whichever SDK it has, and it notices nothing', async ({ inspector }) => {
  const { page, noise } = await inspector.open('/?sdk=ios');
  const v = await inspector.panel(page);
  for (const sdk of ['ios', 'web']) {
    if (sdk !== 'ios') await page.goto(`${inspector.sandbox.origin}/?sdk=${sdk}`);
    await v.waitAttr('dialect', 'data-dialect', sdk);
    await until('the UUID', async () => (await v.text('uuid')) === (await uuidIn(page)));
    const before = await uuidIn(page);
    await page.getByRole('button', { name: 'Regenerate UUID' }).click();
    await until('another UUID in the page', async () => (await uuidIn(page)) !== before);
    await v.shows('uuid', await uuidIn(page));
    await page.getByRole('button', { name: 'Sign in as Ada' }).click();
    await v.waitAttr('session-state', 'data-identity', 'signed-in');
  }
  expect(noise).toEqual([]);
});

test.describe('frames', () => {
  test('the panel reaches frames of both sites, each operation its own, and finds the chosen one again', async ({ inspector }) => {
    const { page } = await inspector.open('/frames?a=ios&b=android');
    const v = await inspector.panel(page);
    const [a, b] = [await frameOf(page, 'a'), await frameOf(page, 'b')];
    await until('a client', async () => [await uuidIn(a), await uuidIn(b)].includes((await v.text('uuid')) ?? ''));
    await chooseClient(v, 'Android');
    await v.waitAttr('dialect', 'data-dialect', 'android');
    await v.shows('uuid', await uuidIn(b));
    const untouched = await hookOf(a);
    expect((await v.operate('regenerateUUID')).verdict).toBe('done');
    await v.shows('uuid', await uuidIn(b));
    expect((await hookOf(a)).held.uuid).toBe(untouched.held.uuid);
    expect((await hookOf(a)).calls.filter(([method]) => /regenerate/i.test(method))).toEqual([]);
    // The site is the tab's; the frame's own stands beside its client.
    expect(await v.text('site')).toBe(new URL(page.url()).host);

    await chooseClient(v, 'iOS');
    await v.shows('uuid', await uuidIn(a));
    await chooseClient(v, 'Android');
    await v.waitAttr('dialect', 'data-dialect', 'android');
    await page.reload();
    await v.shows('uuid', await uuidIn(await frameOf(page, 'b')));
    await v.waitAttr('dialect', 'data-dialect', 'android');
  });

  test('a frame that goes gives way, and one that comes is found', async ({ inspector }) => {
    const { page } = await inspector.open('/frames?a=flutter&b=ios');
    const v = await inspector.panel(page);
    await frameOf(page, 'a');
    await frameOf(page, 'b');
    await chooseClient(v, 'iOS');
    await v.waitAttr('dialect', 'data-dialect', 'ios');
    await page.locator('#remove').click();
    await v.waitAttr('dialect', 'data-dialect', 'flutter');
    await v.shows('uuid', await uuidIn(await frameOf(page, 'a')));
    await page.locator('#remove').click();
    await until('nothing attached', async () => (await v.attr('session-state', 'data-phase')) !== 'attached');
    await page.locator('#add').click();
    await v.shows('uuid', await uuidIn(await frameOf(page, 'added-1')));
  });

  test('the top frame is shown first where it has an SDK', async ({ inspector }) => {
    const { page } = await inspector.open('/frames?top=flutter&a=ios&b=ios');
    const v = await inspector.panel(page);
    await frameOf(page, 'b');
    await v.waitAttr('dialect', 'data-dialect', 'flutter');
    await until('three clients', () => v.target.evaluate(`document.querySelector('[data-testid="client-select"]')?.options.length === 3`));
    await v.shows('uuid', await uuidIn(page));
  });

  test('of frames that share an address the others are named, and what reaches them', async ({ inspector }) => {
    const { page } = await inspector.open('/frames?a=ios&twins');
    const v = await inspector.panel(page);
    await v.waitAttr('session-state', 'data-phase', 'attached');
    await until('the words', async () => /1 frame isn’t inspected: \/\?sdk=ios.*toolbar popup/s.test((await v.text('limits')) ?? ''));
    expect(await v.there('client-select')).toBe(false);
  });

  test('a click reaches frames of the own site, and names the others', async ({ inspector }) => {
    const { page } = await inspector.open('/frames?a=ios&b=android');
    const a = await frameOf(page, 'a');
    await frameOf(page, 'b');
    const v = await inspector.popup(page);
    await v.shows('uuid', await uuidIn(a));
    await v.waitAttr('dialect', 'data-dialect', 'ios');
    await until('the words', async () => /1 frame isn’t inspected: http:\/\/localhost.*DevTools/s.test((await v.text('limits')) ?? ''));
    expect((await v.operate('regenerateUUID')).verdict).toBe('done');
    await v.shows('uuid', await uuidIn(a));
  });
});

test.describe('an SDK on no well-known global', () => {
  test('handed over before the inspector came, and after', async ({ inspector }) => {
    const { page, noise } = await inspector.open('/bundled?sdk=ios');
    const v = await inspector.panel(page);
    await v.shows('uuid', await uuidIn(page));
    expect((await v.operate('regenerateUUID')).verdict).toBe('done');
    const before = await uuidIn(page);
    await v.shows('uuid', before);
    // The agent is there now: a new instance under the same name takes the place of the old.
    await page.getByRole('button', { name: 'Replace the SDK' }).click();
    await until('a new instance', async () => (await uuidIn(page)) !== before && (await uuidIn(page)) !== '');
    await v.shows('uuid', await uuidIn(page));
    expect(await v.there('client-select')).toBe(false);
    expect(noise).toEqual([]);
  });

  test('a place that a person set for the site is looked at, checked, and taken back', async ({ inspector }) => {
    const { page } = await inspector.open('/bundled?sdk=android&nested');
    const v = await inspector.panel(page);
    await v.waitAttr('session-state', 'data-phase', 'absent');
    const options = await openOptions(inspector, v);
    await options.fill('place-path', 'app.services.other');
    await options.click('place-add');
    await until('the check', () => options.target.evaluate(`document.querySelector('[data-testid="place"]')?.dataset.found === 'no'`));
    await until('the words in the panel', async () => (await v.html()).includes('app.services.other'));
    await options.fill('place-path', 'app.services.synerise');
    await options.pick('place-dialect', 'android');
    await options.click('place-add');
    await v.shows('uuid', await uuidIn(page));
    await v.waitAttr('dialect', 'data-dialect', 'android');
    await until('the second check', () => options.target.evaluate(`!!document.querySelector('[data-testid="place"][data-found="yes"]')`));
    await options.target.evaluate(`document.querySelector('[data-found="yes"] button').click()`);
    await until('the client to go', async () => (await v.attr('session-state', 'data-phase')) !== 'attached');
    await options.target.evaluate(`[...document.querySelectorAll('button')].find((one) => one.textContent === 'Undo').click()`);
    await v.shows('uuid', await uuidIn(page));
  });
});

test('a top-level class, which is on no object, is found', async ({ inspector }) => {
  const { page, noise } = await inspector.open('/?sdk=ios&lexical');
  const v = await inspector.panel(page);
  await until('the UUID', async () => (await v.text('uuid')) === (await uuidIn(page)));
  await v.waitAttr('token', 'data-token', 'valid');
  expect((await v.operate('retrieveToken')).verdict).toBe('done');
  expect(noise).toEqual([]);
});

/** The settings page beside the panel's tab, as the empty state's link opens it. */
async function openOptions({ chromium }: Inspector, v: Panel): Promise<View & { pick(id: string, value: string): Promise<void> }> {
  const href = await until('the link to the settings', () =>
    v.target.evaluate(`document.querySelector('a[href*="options.html"]')?.href ?? null`),
  );
  const opened = chromium.context.waitForEvent('page');
  await v.target.evaluate(`document.querySelector('a[href*="options.html"]').click()`);
  const page = await opened;
  await page.waitForURL(href);
  const target = { evaluate: (expression: string) => page.evaluate(expression) } as unknown as View['target'];
  const view = viewOf(target);
  const set = (id: string, value: string, type: string) =>
    target.evaluate(`(() => {
      const field = document.querySelector('[data-testid="${id}"]');
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, '${value}');
      field.dispatchEvent(new Event('${type}', { bubbles: true }));
    })()`);
  return {
    ...view,
    fill: async (id, value) => {
      await until(`${id} to be there`, () => view.there(id));
      await set(id, String(value), 'input');
    },
    click: async (id) => {
      await until(`${id} to be enabled`, async () => !(await view.disabled(id)));
      await view.click(id);
    },
    pick: (id, value) => set(id, value, 'change') as Promise<void>,
  };
}
