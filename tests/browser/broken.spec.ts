import type { Page } from '@playwright/test';
import { AGENT_VERSION } from '@/lib/page/wire';
import { lastOutcome } from '@/lib/session/run';
import { tabIdOf } from './lifecycle';
import { expect, test, until } from './support';
import { sessionOf, storedSession } from './worker';

const initialized = () => (globalThis as { Synerise?: { isInitialized(): boolean } }).Synerise?.isInitialized();

/** Blocks the page with a dialog until the returned function is called. */
async function openDialog(page: Page): Promise<() => Promise<void>> {
  const dialog = page.waitForEvent('dialog');
  const alerted = page.evaluate(() => alert('hello'));
  const shown = await dialog;
  return async () => {
    await shown.accept();
    await alerted;
  };
}

// Other ways for an SDK to break are covered in tests/unit/components/operations/broken-sdk.test.ts.
test('an answer that throws when read counts as refused and causes no errors in the page', async ({ inspector }) => {
  const { page, noise } = await inspector.open('/?break=refreshToken:proxy');
  await page.waitForFunction(initialized);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  const { verdict, text } = await v.operate('refreshToken');
  expect(verdict).toBe('refused');
  expect(text).toContain('this proxy throws');
  expect((await v.operate('getUUID')).verdict).toBe('done');
  expect(noise).toEqual([]);
});

test("the page's methods are unwrapped once no view is visible", async ({ inspector }) => {
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

test('while the page has a dialog open, known values stay visible, and a late command does not run', async ({ inspector }) => {
  const { page } = await inspector.open();
  await page.waitForFunction(initialized);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  const uuid = await v.text('uuid');
  const tab = await tabIdOf(inspector.chromium, page);
  /** The reason why the page doesn't respond, once the view shows it. */
  const silence = async () => {
    const problem = (await storedSession(inspector.chromium, tab))?.page.silence;
    return problem && (await v.target.evaluate('document.body.innerText')).includes(problem.message) && problem;
  };
  const close = await openDialog(page);
  await until('the page to be shown as not responding', silence, 20_000);
  expect(await v.text('uuid')).toBe(uuid);
  const { verdict } = await v.operate('destroySession');
  expect(verdict).toBe('interrupted');
  const session = await storedSession(inspector.chromium, tab);
  expect(session && lastOutcome(session.runs)?.note).toBe('never-started');
  await close();
  await until('the page to respond again', async () => (await storedSession(inspector.chromium, tab))?.page.silence === null, 20_000);
  expect((await v.operate('getUUID')).text).toContain(uuid);
  expect((await inspector.held(page)).uuid).toBe(uuid);
});

test("a page that forges the agent's handle is not trusted", async ({ inspector }) => {
  const { page } = await inspector.open('/empty');
  await page.evaluate((version) => {
    Object.assign(globalThis, {
      [Symbol.for('synerise.inspector.agent')]: { version, exchange: () => 'x'.repeat(5_000_000), equip() {}, revert() {} },
    });
  }, AGENT_VERSION);
  const v = await inspector.panel(page);
  await until('the page to be unreachable', async () => (await v.attr('session-state', 'data-phase')) === 'unreachable', 20_000);
  const stage = (await sessionOf(inspector.chromium, page))?.stage;
  expect(stage?.phase === 'unreachable' && stage.problem.kind).toBe('hostile');
  expect(await v.text('empty-why')).toBeTruthy();
});
