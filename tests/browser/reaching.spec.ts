import type { Frame, Page } from '@playwright/test';
import { TABLES } from '@/lib/sdk/dialects';
import { type View, viewOf } from '../../scripts/view.mjs';
import { chooseClient, expect, hookOf, type Inspector, type Panel, test, until, VIEWS } from './support';

const frameOf = (page: Page, name: string): Promise<Frame> =>
  until(`the frame ${name}`, async () => {
    const frame = page.frame({ name });
    return frame && (await hookOf(frame).catch(() => null))?.held.token ? frame : null;
  });

const uuidIn = async (frame: Page | Frame) => (await hookOf(frame)).held.uuid ?? '';

for (const { name } of TABLES) {
  test(`${name}: what the page itself does shows, and it notices nothing`, async ({ inspector }) => {
    const { page, noise } = await inspector.open(`/?sdk=${name}`);
    const v = await inspector.panel(page);
    await v.waitAttr('session-state', 'data-phase', 'attached');
    await until('the UUID', async () => (await v.text('uuid')) === (await uuidIn(page)));
    const before = await uuidIn(page);
    await page.getByRole('button', { name: 'Regenerate UUID' }).click();
    await until('another UUID in the page', async () => (await uuidIn(page)) !== before);
    await v.shows('uuid', await uuidIn(page));
    await page.getByRole('button', { name: 'Sign in as Ada' }).click();
    await v.waitAttr('session-state', 'data-identity', 'signed-in');
    await until('the token that the page holds', async () => {
      const expiresAt = (await hookOf(page)).held.token?.expiresAt ?? 0;
      const shown = Date.parse((await v.attr('token-expiry', 'datetime')) ?? '');
      return Math.abs(shown - expiresAt) < 1000;
    });
    expect(noise).toEqual([]);
  });
}

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
    await until('the words', async () =>
      /One frame of this page was not looked into: \/\?sdk=ios.*toolbar button/.test((await v.text('limits')) ?? ''),
    );
    expect(await v.there('client-select')).toBe(false);
  });

  test('a click reaches frames of the own site, and names the others', async ({ inspector }) => {
    const { page } = await inspector.open('/frames?a=ios&b=android');
    const a = await frameOf(page, 'a');
    await frameOf(page, 'b');
    const v = await inspector.popup(page);
    await v.shows('uuid', await uuidIn(a));
    await v.waitAttr('dialect', 'data-dialect', 'ios');
    await until('the words', async () =>
      /One frame of this page was not looked into: http:\/\/localhost.*DevTools panel/s.test((await v.text('limits')) ?? ''),
    );
    expect((await v.operate('regenerateUUID')).verdict).toBe('done');
    await v.shows('uuid', await uuidIn(a));
  });
});

test.describe('an SDK on no well-known global', () => {
  for (const view of VIEWS) {
    test.describe(view, () => {
      test('handed over before the inspector came, and after', async ({ inspector }) => {
        const { page, noise } = await inspector.open('/bundled?sdk=ios');
        const v = await inspector[view](page);
        await v.shows('uuid', await uuidIn(page));
        expect(await v.text('dialect')).toContain('shop app');
        expect((await v.operate('regenerateUUID')).verdict).toBe('done');
        await v.shows('uuid', await uuidIn(page));
        const before = await uuidIn(page);
        // The agent is there now: a new instance under the same name takes the place of the old.
        // (By script: a person's click would close the popup.)
        await page.evaluate(() => document.querySelector<HTMLElement>('[data-do="replace"]')?.click());
        await until('a new instance', async () => (await uuidIn(page)) !== before && (await uuidIn(page)) !== '');
        await v.shows('uuid', await uuidIn(page));
        expect(await v.there('client-select')).toBe(false);
        expect(noise).toEqual([]);
      });
    });
  }

  test('handed over twice, as StrictMode does, it is one', async ({ inspector }) => {
    const { page } = await inspector.open('/bundled?sdk=react-native&strict');
    const v = await inspector.panel(page);
    await until('the UUID', async () => (await v.text('uuid')) === (await uuidIn(page)));
    expect(await v.there('client-select')).toBe(false);
  });

  test('rubbish that is handed over harms nobody', async ({ inspector }) => {
    const { page, noise } = await inspector.open('/bundled?sdk=flutter&hostile');
    const v = await inspector.panel(page);
    await until('the UUID', async () => (await v.text('uuid')) === (await uuidIn(page)));
    expect((await v.operate('destroySession')).verdict).toBe('done');
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

test('globals that only have an SDK’s name are left alone', async ({ inspector }) => {
  const { page, noise } = await inspector.open('/strange');
  const v = await inspector.panel(page);
  await v.waitAttr('session-state', 'data-phase', 'absent');
  expect(await v.attr('dialect', 'data-dialect')).toBeNull();
  expect(noise).toEqual([]);
});

for (const [what, path] of [
  ['a top-level class is found', '/?sdk=ios&lexical'],
  ['the Objective-C name is found', '/?sdk=ios&snr'],
  ['an Android SDK before 6.0 gives its token', '/?sdk=android&old'],
] as const) {
  test(what, async ({ inspector }) => {
    const { page, noise } = await inspector.open(path);
    const v = await inspector.panel(page);
    await until('the UUID', async () => (await v.text('uuid')) === (await uuidIn(page)));
    await v.waitAttr('token', 'data-token', 'valid');
    expect((await v.operate('retrieveToken')).verdict).toBe('done');
    expect(noise).toEqual([]);
  });
}

test('a method that came after the client’s version says so', async ({ inspector }) => {
  const { page } = await inspector.open('/?sdk=ios&version=4.14.9&break=getUUIDForAuthentication:removed');
  const v = await inspector.panel(page);
  await v.waitAttr('action-getUUIDForAuthentication', 'data-binding', 'unavailable');
  expect(await v.attr('action-getUUIDForAuthentication', 'title')).toContain('version 4.14.9');
  expect(await v.attr('action-getUUIDForAuthentication', 'title')).toContain('4.15.0');
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
