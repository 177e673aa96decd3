// Ways to reach an SDK that need a real browser: frames, top-level classes, the settings page. The rest is covered in
// `tests/unit/components/header/reaching.test.ts`.
import type { Frame, Page } from '@playwright/test';
import { type View, viewOf } from '../../scripts/view.mjs';
import { chooseClient, expect, hookOf, type Inspector, type Panel, test, until } from './support';

const frameOf = (page: Page, name: string): Promise<Frame> =>
  until(`the frame ${name}`, async () => {
    const frame = page.frame({ name });
    return frame && (await hookOf(frame).catch(() => null))?.held.token ? frame : null;
  });

/** The UUID of a page's SDK, once it has one. */
const uuidIn = (frame: Page | Frame): Promise<string> => until('the UUID of the page', async () => (await hookOf(frame)).held.uuid);

test("the page's own actions are shown, whichever SDK it has, and nothing appears on its console", async ({ inspector }) => {
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
  test('the panel reaches frames of both sites, acts only in the selected one, and keeps it after a reload', async ({ inspector }) => {
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
    // The site shown is the tab's; the frame's site is shown with its client.
    expect(await v.text('site')).toBe(new URL(page.url()).host);

    await chooseClient(v, 'iOS');
    await v.shows('uuid', await uuidIn(a));
    await chooseClient(v, 'Android');
    await v.waitAttr('dialect', 'data-dialect', 'android');
    await page.reload();
    await v.shows('uuid', await uuidIn(await frameOf(page, 'b')));
    await v.waitAttr('dialect', 'data-dialect', 'android');
  });

  test('a removed frame is replaced by another, and an added frame is found', async ({ inspector }) => {
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
    await until('no client to be shown', async () => (await v.attr('session-state', 'data-phase')) !== 'attached');
    await page.locator('#add').click();
    await v.shows('uuid', await uuidIn(await frameOf(page, 'added-1')));
  });

  test('the top frame is shown first if it has an SDK', async ({ inspector }) => {
    const { page } = await inspector.open('/frames?top=flutter&a=ios&b=ios');
    const v = await inspector.panel(page);
    await frameOf(page, 'b');
    await v.waitAttr('dialect', 'data-dialect', 'flutter');
    await until('three clients', () => v.target.evaluate(`document.querySelector('[data-testid="client-select"]')?.options.length === 3`));
    await v.shows('uuid', await uuidIn(page));
  });

  test('of frames with the same URL, those not inspected are listed with a way to reach them', async ({ inspector }) => {
    const { page } = await inspector.open('/frames?a=ios&twins');
    const v = await inspector.panel(page);
    await v.waitAttr('session-state', 'data-phase', 'attached');
    await until('the note', async () => /1 frame isn’t inspected: \/\?sdk=ios.*toolbar popup/s.test((await v.text('limits')) ?? ''));
    expect(await v.there('client-select')).toBe(false);
  });

  test('a toolbar click reaches frames of the same site, and the others are listed', async ({ inspector }) => {
    const { page } = await inspector.open('/frames?a=ios&b=android');
    const a = await frameOf(page, 'a');
    await frameOf(page, 'b');
    const v = await inspector.popup(page);
    await v.shows('uuid', await uuidIn(a));
    await v.waitAttr('dialect', 'data-dialect', 'ios');
    await until('the note', async () => /1 frame isn’t inspected: http:\/\/localhost.*DevTools/s.test((await v.text('limits')) ?? ''));
    expect((await v.operate('regenerateUUID')).verdict).toBe('done');
    await v.shows('uuid', await uuidIn(a));
  });
});

test.describe('an SDK without a well-known global', () => {
  test('is found whether it is handed over before or after the inspector starts', async ({ inspector }) => {
    const { page, noise } = await inspector.open('/bundled?sdk=ios');
    const v = await inspector.panel(page);
    await v.shows('uuid', await uuidIn(page));
    expect((await v.operate('regenerateUUID')).verdict).toBe('done');
    const before = await uuidIn(page);
    await v.shows('uuid', before);
    // With the agent present, a new instance under the same name replaces the old one.
    await page.getByRole('button', { name: 'Replace the SDK' }).click();
    await until('a new instance', async () => (await uuidIn(page)) !== before);
    await v.shows('uuid', await uuidIn(page));
    expect(await v.there('client-select')).toBe(false);
    expect(noise).toEqual([]);
  });

  test('is found at a location set for the site, which is checked and can be removed and restored', async ({ inspector }) => {
    const { page } = await inspector.open('/bundled?sdk=android&nested');
    const v = await inspector.panel(page);
    await v.waitAttr('session-state', 'data-phase', 'absent');
    const options = await openOptions(inspector, v);
    await options.fill('place-path', 'app.services.other');
    await options.click('place-add');
    await until('the check', () => options.target.evaluate(`document.querySelector('[data-testid="place"]')?.dataset.found === 'no'`));
    await until('the location in the panel', async () => (await v.html()).includes('app.services.other'));
    await options.fill('place-path', 'app.services.synerise');
    await options.pick('place-dialect', 'android');
    await options.click('place-add');
    await v.shows('uuid', await uuidIn(page));
    await v.waitAttr('dialect', 'data-dialect', 'android');
    await until('the second check', () => options.target.evaluate(`!!document.querySelector('[data-testid="place"][data-found="yes"]')`));
    await options.target.evaluate(`document.querySelector('[data-found="yes"] button').click()`);
    await until('the client to disappear', async () => (await v.attr('session-state', 'data-phase')) !== 'attached');
    await options.target.evaluate(`[...document.querySelectorAll('button')].find((one) => one.textContent === 'Undo').click()`);
    await v.shows('uuid', await uuidIn(page));
  });
});

test('an SDK that is a top-level class, and on no object, is found', async ({ inspector }) => {
  const { page, noise } = await inspector.open('/?sdk=ios&lexical');
  const v = await inspector.panel(page);
  await until('the UUID', async () => (await v.text('uuid')) === (await uuidIn(page)));
  await v.waitAttr('token', 'data-token', 'valid');
  expect((await v.operate('retrieveToken')).verdict).toBe('done');
  expect(noise).toEqual([]);
});

/** Opens the settings page with the link in the panel's empty state. */
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
