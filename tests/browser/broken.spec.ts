import type { Page } from '@playwright/test';
import { AGENT_VERSION } from '@/lib/page/wire';
import { expect, test, until } from './support';

const initialized = () => (globalThis as { Synerise?: { isInitialized(): boolean } }).Synerise?.isInitialized();

/** Blocks the page with a dialog, until what it gives is called. */
async function openDialog(page: Page): Promise<() => Promise<void>> {
  const dialog = page.waitForEvent('dialog');
  const alerted = page.evaluate(() => alert('hello'));
  const shown = await dialog;
  return async () => {
    await shown.accept();
    await alerted;
  };
}

/** `?break=` of the sandbox's SDK, the verdict that a refresh then has, and what must be said. */
const BROKEN: readonly (readonly [string, string, RegExp])[] = [
  ['refreshToken:throw', 'failed', /refreshToken broke/],
  ['refreshToken:twice', 'done', /answered once more/],
  ['refreshToken:cycle', 'refused', /circular/],
  ['refreshToken:getter', 'refused', /this getter throws/],
  ['refreshToken:huge', 'refused', /5000000 characters/],
  ['refreshToken:proxy', 'refused', /this proxy throws/],
  ['refreshToken:bigint', 'refused', /1000000000000000000000000000000n/],
];

for (const [how, verdict, words] of BROKEN) {
  test(`an SDK with ${how} is told from a healthy one, and the page notices nothing`, async ({ inspector }) => {
    const { page, noise } = await inspector.open(`/?break=${how}`);
    await page.waitForFunction(initialized);
    const v = await inspector.panel(page);
    await v.waitAttr('token', 'data-token', 'valid');
    const run = await v.begin('refreshToken');
    const ended = await v.ended(run);
    expect(ended.verdict).toBe(verdict);
    await until('the words', async () =>
      words.test((await v.target.evaluate(`document.querySelector('[data-testid="operation-result"]').textContent`)) ?? ''),
    );
    expect(await v.attr('operation-result', 'data-verdict')).toBe(verdict);
    expect(noise).toEqual([]);
    expect((await v.operate('getUUID')).verdict).toBe('done');
  });
}

test('an SDK that never answers times out after the deadline, and the next operation runs', async ({ inspector }) => {
  const { page } = await inspector.open('/?break=refreshToken:hang');
  await page.waitForFunction(initialized);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  const { verdict, text } = await v.operate('refreshToken');
  expect(verdict).toBe('timed-out');
  expect(text).toContain('No answer came');
  expect((await v.operate('regenerateUUID')).verdict).toBe('done');
});

test('an exception that the SDK swallows ends as timed out, with where to look', async ({ inspector }) => {
  const { page, noise } = await inspector.open('/?break=refreshToken:swallow');
  await page.waitForFunction(initialized);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  const { verdict, text } = await v.operate('refreshToken');
  expect(verdict).toBe('timed-out');
  expect(text).toContain('swallow exceptions');
  expect(noise).toEqual([expect.stringContaining('the native side of refreshToken broke')]);
});

test('a method that is not there is unavailable, with the reason', async ({ inspector }) => {
  const { page } = await inspector.open();
  await page.waitForFunction(initialized);
  await page.evaluate(() => {
    const { Client } = (globalThis as unknown as { Synerise: { Client: object } }).Synerise;
    delete (Object.getPrototypeOf(Client) as { signOutWithMode?: unknown }).signOutWithMode;
  });
  const v = await inspector.panel(page);
  await v.waitAttr('action-signOutWithMode', 'data-binding', 'unavailable');
  expect(await v.disabled('action-signOutWithMode')).toBe(true);
  expect(await v.attr('action-signOutWithMode', 'title')).toContain('0.14.0');
});

test('a method that is removed under the open panel ends as unavailable', async ({ inspector }) => {
  const { page } = await inspector.open();
  await page.waitForFunction(initialized);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await page.evaluate(() => {
    const { Client } = (globalThis as unknown as { Synerise: { Client: { refreshToken?: unknown } } }).Synerise;
    Client.refreshToken = null;
  });
  expect((await v.operate('refreshToken')).verdict).toBe('unavailable');
});

test('a frozen SDK is sampled, says so, and is driven all the same', async ({ inspector }) => {
  const { page, noise } = await inspector.open('/?break=frozen');
  await page.waitForFunction(initialized);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  expect(await v.target.evaluate('document.body.innerText')).toContain('cannot be observed');
  await page.evaluate(() =>
    (globalThis as unknown as { Synerise: { Client: { regenerateUUID(): void } } }).Synerise.Client.regenerateUUID(),
  );
  await v.shows('uuid', (await inspector.held(page)).uuid);
  expect((await v.operate('regenerateUUID')).verdict).toBe('done');
  expect(noise).toEqual([]);
});

test("the page's methods are as they were once nobody looks", async ({ inspector }) => {
  const { page } = await inspector.open();
  await page.waitForFunction(initialized);
  const own = await page.evaluateHandle(
    () => (globalThis as unknown as { Synerise: { Client: { refreshToken: unknown } } }).Synerise.Client.refreshToken,
  );
  const same = () =>
    page.evaluate(
      (before) => (globalThis as unknown as { Synerise: { Client: { refreshToken: unknown } } }).Synerise.Client.refreshToken === before,
      own,
    );
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  expect(await same()).toBe(false);
  expect(
    await page.evaluate(() => {
      const { refreshToken } = (globalThis as unknown as { Synerise: { Client: { refreshToken: { name: string; length: number } } } })
        .Synerise.Client;
      return [refreshToken.name, refreshToken.length];
    }),
  ).toEqual(['refreshToken', 2]);
  await v.target.evaluate(`dispatchEvent(new CustomEvent('panel-showing', { detail: false }))`);
  await until('the methods to be unwrapped', same, 20_000);
});

test('a page with an open dialog is told from one that was left', async ({ inspector }) => {
  const { page } = await inspector.open();
  await page.waitForFunction(initialized);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  const uuid = await v.text('uuid');
  const close = await openDialog(page);
  await until('the words', async () => (await v.target.evaluate('document.body.innerText')).includes('Is a dialog open'), 20_000);
  expect(await v.text('uuid')).toBe(uuid);
  await close();
  await until('the answer', async () => !(await v.target.evaluate('document.body.innerText')).includes('Is a dialog open'), 20_000);
});

test('a command that a blocked page takes up too late is not run, as was said', async ({ inspector }) => {
  const { page } = await inspector.open();
  await page.waitForFunction(initialized);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  const uuid = await v.text('uuid');
  const close = await openDialog(page);
  const { verdict, text } = await v.operate('destroySession');
  expect(verdict).toBe('interrupted');
  expect(text).toContain('did not take the call in time');
  await close();
  await until('the page to answer', async () => !(await v.target.evaluate('document.body.innerText')).includes('Is a dialog open'), 20_000);
  expect((await v.operate('getUUID')).text).toContain(uuid);
  expect((await inspector.held(page)).uuid).toBe(uuid);
});

test('a page that forged our handle is not believed', async ({ inspector }) => {
  const { page } = await inspector.open('/empty');
  await page.evaluate((version) => {
    Object.assign(globalThis, {
      [Symbol.for('synerise.inspector.agent')]: { version, exchange: () => 'x'.repeat(5_000_000), equip() {}, revert() {} },
    });
  }, AGENT_VERSION);
  const v = await inspector.panel(page);
  await until('the words', async () => (await v.target.evaluate('document.body.innerText')).includes('in place of the inspector'), 20_000);
});
