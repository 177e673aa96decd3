// Each state of the panel, the popup and the settings: as its kept picture, with nothing cut off and nothing that axe finds.
import type { Locator, Page } from '@playwright/test';
import { ERROR_HINTS } from '@/lib/forms/error-hints';
import { OPERATIONS } from '@/lib/sdk/operations';
import { atThatHour, looksAsKept } from './pictures';
import { expect, hookOf, type Inspector, alone as inItsTab, signInBehind, test, until } from './support';
import { clean, SHOWN, wellMade } from './well-made';

test.use({ watched: true });
/** Many states in a test, each with pictures and axe (ms). */
test.setTimeout(240_000);

/** The page is in the background, where its timers are slow. */
const SLOW = { timeout: 30_000 };
const POPUP = { width: 400, height: 560 };
const OLD_PASSWORD = ERROR_HINTS.find(({ operations }) => operations?.includes('changePassword'))?.text ?? '';
const SETTINGS = { width: 900, height: 1000 };

async function alone(...given: Parameters<typeof inItsTab>): Promise<Page> {
  const own = await inItsTab(...given);
  await atThatHour(own);
  return own;
}

async function panelOn(inspector: Inspector, path: string): Promise<{ page: Page; own: Page }> {
  const { page } = await inspector.open(path);
  await until('the token of the page', async () => (await hookOf(page)).held.token);
  const own = await alone(inspector, page);
  await expect(own.getByTestId('token')).toHaveAttribute('data-token', /valid|expired/, SLOW);
  return { page, own };
}

const showTab = (own: Page, name: string) => own.getByRole('tab', { name }).click();

async function isGood(own: Page, name: string): Promise<void> {
  await looksAsKept(own, name);
  await wellMade(own, name);
}

/** The facts whose name reaches into their value. */
const overlapping = (facts: Locator): Promise<string[]> =>
  facts.evaluateAll((all) =>
    all.flatMap((fact) => {
      const name = document.createRange();
      name.selectNodeContents(fact.querySelector('dt') as Element);
      const { left } = (fact.querySelector('dd') as Element).getBoundingClientRect();
      return name.getBoundingClientRect().right > left ? [fact.textContent ?? ''] : [];
    }),
  );

test('a session: as found, with a form that has errors, busy, failed, and signed in', async ({ inspector }) => {
  const { page, own } = await panelOn(inspector, '/?shop=session');
  await own.getByTestId('token-claims').locator('summary').click();
  await isGood(own, 'session');

  await own.getByTestId('action-signOutWithMode').dispatchEvent('click');
  await own.getByTestId('form-signOutWithMode').waitFor();
  await isGood(own, 'session-form');
  await own.getByTestId('cancel').click();

  const { auth } = inspector.sandbox;
  const result = own.getByTestId('operation-result');
  auth.set('session', { latency: 8000 });
  await own.getByTestId('action-refreshToken').click();
  await expect(result).toHaveAttribute('aria-busy', 'true');
  await looksAsKept(own, 'session-busy');
  auth.set('session', { latency: 0 });
  await expect(result).toHaveAttribute('data-verdict', 'done', { timeout: 20_000 });

  auth.set('session', { down: true });
  await own.getByTestId('action-refreshToken').click();
  await expect(result).toHaveAttribute('data-verdict', 'failed');
  // What it means unfolds on its own.
  await own.getByTestId('operation-details').waitFor();
  await isGood(own, 'session-failed');
  await own.getByTestId('dismiss-result').click();
  auth.set('session', { down: false });

  await signInBehind(page, own);
  await isGood(own, 'session-signed-in');
});

test('the timeline and the network, each with the details of a row', async ({ inspector }) => {
  const { own } = await panelOn(inspector, '/?shop=lists');
  await showTab(own, 'Timeline');
  await own.getByTestId('timeline-entry').filter({ hasText: 'UUID' }).first().click();
  await own.getByTestId('generation-details').waitFor();
  await isGood(own, 'timeline');
  await showTab(own, 'Network');
  await own.getByTestId('network-entry').first().click();
  await own.getByTestId('request-details').last().waitFor();
  await isGood(own, 'network');
});

test('the account: without a customer, loaded, edited, and the difference', async ({ inspector }) => {
  const { page, own } = await panelOn(inspector, '/?shop=account');
  await showTab(own, 'Account');
  await isGood(own, 'account-anonymous');
  await signInBehind(page, own);
  await own.getByTestId('action-getAccount').click();
  await own.getByText('Analytical Engines Ltd').first().waitFor();
  await isGood(own, 'account');
  await own.getByTestId('action-updateAccount').click();
  await own.getByTestId('argument-city').fill('Paris');
  await isGood(own, 'account-edited');
  const company = own.getByTestId('argument-company');
  const before = await company.inputValue();
  await company.fill('');
  await wellMade(own, 'a field emptied', SHOWN);
  await company.fill(before);
  await own.getByTestId('run').click();
  await expect(own.getByTestId('operation-result')).toHaveAttribute('data-verdict', 'done');
  await own.getByTestId('operation-details').waitFor();
  await isGood(own, 'account-difference');
  await own.getByTestId('action-requestPasswordReset').click();
  await own.getByTestId('argument-email').fill('ada@shop.example');
  await own.getByTestId('run').click();
  await own.locator('button:not([data-testid])').filter({ hasText: OPERATIONS.confirmPasswordReset.label }).first().waitFor();
  await wellMade(own, 'the next step');
  await own.getByTestId('action-changePassword').click();
  await own.getByTestId('argument-oldPassword').fill('wrong');
  await own.getByTestId('argument-newPassword').fill('another');
  await own.getByTestId('run').click();
  await own.getByText(OLD_PASSWORD).first().waitFor();
  await wellMade(own, 'a failure with its meaning');
});

test('the Web SDK: what destroying loses, its cookies, and what is wrong with it', async ({ inspector }) => {
  const { own } = await panelOn(inspector, '/shop/?shop=web&sdk=web&jwt&duplicates&exp=past');
  await own.getByTestId('action-destroySession').dispatchEvent('click');
  await own.getByTestId('form-destroySession').waitFor();
  await isGood(own, 'web-destroy');
  await own.getByTestId('cancel').click();
  await showTab(own, 'Storage');
  await own.locator('[data-testid="kept"][data-name="_snrs_p"]').first().click();
  await own.getByTestId('kept-details').waitFor();
  await isGood(own, 'storage');
  const expiry = own.getByTestId('kept').locator('time').first();
  expect(await expiry.textContent()).toBe(
    await expiry.evaluate((time: HTMLTimeElement) => new Date(time.dateTime).toLocaleDateString(undefined, { dateStyle: 'medium' })),
  );
  // Such as `globalControlGroup`, which is longer than the column of names.
  expect(await overlapping(own.getByTestId('kept-details').locator('.fact'))).toEqual([]);
  await own.getByTestId('start-edit').click();
  await own.getByTestId('delete-all').click();
  await wellMade(own, 'storage edited', SHOWN);
  await showTab(own, 'Diagnostics');
  await own.getByTestId('finding').first().waitFor();
  await isGood(own, 'diagnostics');
  await own.getByTestId('tool-export').click();
  await own.getByTestId('make-report').click();
  await own.getByTestId('save-report').waitFor();
  await isGood(own, 'report');
});

test('a page without an SDK, and one that extensions cannot reach', async ({ inspector }) => {
  const { page } = await inspector.open('/empty');
  const own = await alone(inspector, page);
  await expect(own.getByTestId('session-state')).toHaveAttribute('data-phase', 'absent');
  for (const name of ['Session', 'Timeline', 'Network', 'Storage', 'Account', 'Diagnostics']) {
    await showTab(own, name);
    await isGood(own, `absent-${name.toLowerCase()}`);
  }
  const popup = await alone(inspector, page, 'popup');
  await looksAsKept(popup, 'popup-absent', POPUP);
  await clean(popup, 'popup-absent');

  await page.goto('chrome://version');
  await own.bringToFront();
  await expect(own.getByTestId('session-state')).toHaveAttribute('data-phase', 'unreachable');
  await showTab(own, 'Session');
  await isGood(own, 'unreachable');
});

test('the popup and the settings', async ({ inspector }) => {
  const { page } = await inspector.open('/?shop=popup');
  await until('the token of the page', async () => (await hookOf(page)).held.token);
  const popup = await alone(inspector, page, 'popup');
  await expect(popup.getByTestId('token')).toHaveAttribute('data-token', 'valid', SLOW);
  await looksAsKept(popup, 'popup', POPUP);
  await clean(popup, 'popup');
  await popup.locator('.popup-more > summary').click();
  await popup.getByTestId('action-regenerateUUIDWithClientIdentifier').dispatchEvent('click');
  await popup.getByTestId('form-regenerateUUIDWithClientIdentifier').waitFor();
  await looksAsKept(popup, 'popup-form', POPUP);
  await clean(popup, 'popup-form');
  const settings = await alone(inspector, page, 'options');
  await looksAsKept(settings, 'settings', SETTINGS);
  await clean(settings, 'settings');
});
