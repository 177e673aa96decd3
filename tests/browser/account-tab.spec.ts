import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { ACCOUNT_OPERATION_NAMES, OPERATIONS } from '@/lib/sdk/operations';
import { NATIVE_DIALECTS } from './account-matrix';
import { extensionPage, tabIdOf } from './lifecycle';
import { accountTab, expect, hookOf, type Inspector, type Panel, test, until } from './support';

/** In functions that are evaluated in the worker. */
declare const chrome: typeof import('@wxt-dev/browser').browser;

type Client = Record<string, (...args: unknown[]) => unknown>;
type Sdk = { Synerise: { Client: Client } };

const SHOP = 'main';
const ADA = 'ada@shop.example';

async function signInAsAda(page: Page, v: Panel): Promise<void> {
  await page.getByRole('button', { name: 'Sign in as Ada' }).click();
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
}

/** The panel as a page of its own beside the real one, on the same live session: what axe and a keyboard can drive. */
async function alone({ chromium }: Inspector, page: Page, scheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const { page: own } = await extensionPage(chromium, `panel.html?tabId=${await tabIdOf(chromium, page)}`);
  await own.emulateMedia({ colorScheme: scheme });
  await own.locator('[data-phase="attached"]').waitFor();
  return own;
}

const openAccount = async (own: Page): Promise<void> => {
  await own.getByRole('tab', { name: 'Account' }).click();
  await own.getByTestId('action-getAccount').waitFor();
};

const calls = async (page: Page, method: string): Promise<readonly (readonly unknown[])[]> =>
  (await hookOf(page)).calls.flatMap(([name, args]) => (name === method ? [args] : []));

/** The account card's facts as a person reads them. */
const card = (v: Panel): Promise<Record<string, string>> =>
  v.target.evaluate(`Object.fromEntries([...document.querySelectorAll('dl.account > .fact')].map((fact) => [
    fact.querySelector('dt').innerText,
    [...fact.querySelectorAll('dd')].map((dd) => dd.innerText.replace(/\\s*\\bCopy\\b\\s*/g, ' ').replace(/\\s+/g, ' ').trim()).filter(Boolean)[0] ?? '',
  ]))`);

/** The rows of a table of what changed, by its caption; without, the session's. */
const changes = (v: Panel, caption: 'account' | 'session'): Promise<Record<string, readonly [string, string]>> =>
  v.target.evaluate(`Object.fromEntries([...document.querySelectorAll('[data-testid="operation-result"] table.changes')]
    .filter((table) => !!table.caption === ${caption === 'account'})
    .flatMap((table) => [...table.querySelectorAll('tbody tr')])
    .map((row) => [row.querySelector('th').innerText, [...row.querySelectorAll('td')].map((cell) => cell.innerText)]))`);

/** Of the whole page, or of one part. */
const clean = async (own: Page, where: string, part = 'html') => {
  // Without frames there is nothing that would need a page, and DevTools, of its own for each analysis.
  const { violations } = await new AxeBuilder({ page: own }).include(part).setLegacyMode().analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    where,
  ).toEqual([]);
};

const fits = async (own: Page, where: string) => {
  for (const width of [280, 420, 900]) {
    await own.setViewportSize({ width, height: 700 });
    const beyond = await own.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(beyond, `${where} at ${width} px`).toBe(0);
  }
};

test('tabs are chosen by keyboard, and each stays as it was left', async ({ inspector }) => {
  const { page, v } = await accountTab(inspector);
  const own = await alone(inspector, page);
  const tabOf = (name: string) => own.getByRole('tab', { name });
  const session = tabOf('Session');
  const account = tabOf('Account');
  const last = tabOf('Diagnostics');
  const rest = ['Timeline', 'Network', 'Storage', 'Account', 'Diagnostics'].map(tabOf);
  const isChosen = async (tab: Locator) => {
    await expect(tab).toBeFocused();
    await expect(tab).toHaveAttribute('aria-selected', 'true');
    await expect(own.locator('[role="tab"][tabindex="0"]')).toHaveCount(1);
    await expect(own.getByRole('tabpanel')).toHaveCount(1);
    await expect(own.getByRole('tabpanel')).toHaveAttribute('aria-labelledby', String(await tab.getAttribute('id')));
  };
  await session.focus();
  await own.getByText('Header and claims').click();
  await session.focus();
  for (const tab of [...rest, session]) {
    await own.keyboard.press('ArrowRight');
    await isChosen(tab);
  }
  await own.keyboard.press('ArrowLeft');
  await isChosen(last);
  await own.keyboard.press('Home');
  await isChosen(session);
  await own.keyboard.press('End');
  await isChosen(last);
  await own.keyboard.press('ArrowLeft');
  await isChosen(account);

  await own.getByTestId('action-changePassword').click();
  await own.getByTestId('argument-oldPassword').fill('half a secret');
  await account.focus();
  await own.keyboard.press('Home');
  await expect(own.getByTestId('form-changePassword')).toBeHidden();
  // Its details are open as they were left.
  await expect(own.getByTestId('token-claims')).toBeVisible();
  await own.keyboard.press('End');
  await own.keyboard.press('ArrowLeft');
  await expect(own.getByTestId('argument-oldPassword')).toHaveValue('half a secret');

  // A form of the other tab takes the place of one that was left open.
  await v.open('changePassword', { oldPassword: 'half a secret' });
  await v.tab('Session');
  await v.open('regenerateUUID');
  expect(await v.target.evaluate(`document.querySelectorAll('[data-testid^="form-"]').length`)).toBe(1);
  await v.tab('Account');
  expect(await v.there('form-changePassword')).toBe(false);
});

test('by keyboard alone, from the tab to the verdict, in a page and in DevTools', async ({ inspector }) => {
  const { page, v } = await accountTab(inspector);
  await signInAsAda(page, v);
  const own = await alone(inspector, page);
  /** Presses Tab until the focus is there. */
  const reach = async (target: Locator) => {
    for (let presses = 0; presses < 120; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
      await own.keyboard.press('Tab');
    }
    throw new Error(`The focus never came to ${target}.`);
  };
  await own.getByRole('tab', { name: 'Session' }).focus();
  await own.keyboard.press('End');
  await own.keyboard.press('ArrowLeft');
  await expect(own.getByRole('tab', { name: 'Account' })).toBeFocused();
  await reach(own.getByTestId('action-updateAccountBasicInformation'));
  await own.keyboard.press('Enter');
  await expect(own.getByTestId('argument-firstName')).toBeFocused();
  await own.keyboard.type('Augusta');
  await reach(own.getByTestId('argument-sex'));
  await own.keyboard.type('OTHER');
  await reach(own.getByTestId('argument-agreements.sms'));
  await own.keyboard.type('yes');
  await reach(own.getByLabel('Attributes: key 1'));
  await own.keyboard.type('notebooks');
  await own.keyboard.press('Tab');
  await own.keyboard.type('8');
  await reach(own.getByTestId('preview'));
  await reach(own.getByTestId('run'));
  await own.keyboard.press('Enter');
  const result = own.getByTestId('operation-result');
  await expect(result).toHaveAttribute('data-operation', 'updateAccountBasicInformation');
  await expect(result).toHaveAttribute('data-verdict', 'done');
  expect(inspector.sandbox.auth.account(SHOP, ADA)).toMatchObject({
    firstName: 'Augusta',
    sex: 'OTHER',
    agreements: { sms: true },
    attributes: { notebooks: 8, favouriteInk: 'deep blue' },
  });
  // The focus comes back to the button that opened the form; Escape closes one, with nothing sent.
  await expect(own.getByTestId('action-updateAccountBasicInformation')).toBeFocused();
  await own.keyboard.press('Enter');
  await expect(own.getByTestId('argument-firstName')).toBeFocused();
  await own.keyboard.press('Escape');
  await expect(own.getByTestId('action-updateAccountBasicInformation')).toBeFocused();
  expect(await calls(page, 'updateAccountBasicInformation')).toHaveLength(1);
  await own.close();

  // In the real panel.
  const press = async (key: string, code: number, text?: string) => {
    const event = { key, code: key, windowsVirtualKeyCode: code };
    await v.target.send('Input.dispatchKeyEvent', { type: 'keyDown', ...event, ...(text !== undefined && { text }) });
    await v.target.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
  };
  const focused = () => v.target.evaluate(`document.activeElement?.getAttribute('data-testid') ?? document.activeElement?.id ?? null`);
  const reachInPanel = async (id: string) => {
    for (let presses = 0; presses < 120; presses += 1) {
      if ((await focused()) === id) return;
      await press('Tab', 9);
    }
    throw new Error(`The focus never came to ${id}.`);
  };
  await v.target.evaluate(`document.querySelector('#tab-session').focus()`);
  await press('End', 35);
  await press('ArrowLeft', 37);
  await until('the tab', async () => (await focused()) === 'tab-account');
  await reachInPanel('action-requestPasswordReset');
  await press('Enter', 13, '\r');
  await until('the input', async () => (await focused()) === 'argument-email');
  for (const letter of ADA) await v.target.send('Input.dispatchKeyEvent', { type: 'char', text: letter });
  await press('Enter', 13, '\r');
  await v.waitAttr('operation-result', 'data-operation', 'requestPasswordReset');
  await v.waitAttr('operation-result', 'data-verdict', 'done');
  expect(await calls(page, 'requestPasswordReset')).toEqual([[ADA]]);
});

/** Those whose form is their own: the others run at once. */
const FORMS = ACCOUNT_OPERATION_NAMES.filter((name) => OPERATIONS[name].args.length > 0);

/** Many pages of ours, each of which would have DevTools of its own. */
test.describe('by itself', () => {
  test.use({ watched: true });

  /** The Account tab of a panel in a tab of its own, on a watched page of the shop. */
  async function watchedTab(inspector: Inspector, scheme: 'light' | 'dark' = 'light'): Promise<{ page: Page; own: Page }> {
    const { page } = await inspector.open();
    await until('the token of the page', async () => (await hookOf(page)).held.token);
    const own = await alone(inspector, page, scheme);
    await openAccount(own);
    return { page, own };
  }

  for (const scheme of ['light', 'dark'] as const) {
    test(`${scheme}: nothing that axe finds, or that is cut off, in any form, the account and what follows`, async ({ inspector }) => {
      test.slow();
      const { page, own } = await watchedTab(inspector, scheme);
      await clean(own, 'nobody signed in');
      const result = own.getByTestId('operation-result');
      for (const name of FORMS) {
        await own.getByTestId(`action-${name}`).click();
        const form = own.getByTestId(`form-${name}`);
        await form.waitFor();
        await expect(own.locator('[data-testid^="form-"]')).toHaveCount(1);
        // With all that folds open, and what is wrong said.
        await form.locator('details').evaluateAll((all) => {
          for (const one of all) one.setAttribute('open', '');
        });
        for (const input of await form.locator('input[type="email"], input[type="tel"], input[type="url"]').all())
          await input.fill('not fitting');
        await clean(own, name, `[data-testid="form-${name}"]`);
        // The same in the dark.
        if (scheme === 'light') await fits(own, name);
      }
      await own.getByTestId('cancel').click();
      await expect(own.locator('[data-testid^="form-"]')).toHaveCount(0);

      await page.bringToFront();
      await page.getByRole('button', { name: 'Sign in as Ada' }).click();
      await own.bringToFront();
      await expect(own.getByTestId('session-state')).toHaveAttribute('data-identity', 'signed-in');
      await own.getByTestId('action-getAccount').click();
      await own.locator('dl.account').waitFor();
      await clean(own, 'the account');
      await fits(own, 'the account');
      await own.getByTestId('action-updateAccount').click();
      await own.getByTestId('argument-city').fill('Paris');
      await own.getByTestId('argument-company').fill('');
      await clean(own, 'the account edited');
      await fits(own, 'the account edited');
      await own.getByTestId('run').click();
      await expect(result.locator('table.changes caption')).toBeVisible();
      await clean(own, 'the difference');
      await fits(own, 'the difference');
      await own.getByTestId('action-requestPasswordReset').click();
      await own.getByTestId('argument-email').fill(ADA);
      await own.getByTestId('run').click();
      await own.getByRole('button', { name: 'Confirm reset…' }).first().waitFor();
      await clean(own, 'the next step');
      await own.getByTestId('action-changePassword').click();
      await own.getByTestId('argument-oldPassword').fill('wrong');
      await own.getByTestId('argument-newPassword').fill('another');
      await own.getByTestId('run').click();
      await result.locator('.meanings').waitFor();
      await clean(own, 'a failure with its meaning');
      await fits(own, 'a failure with its meaning');
    });
  }

  test('what folds away stays open while somebody types in it', async ({ inspector }) => {
    const { own } = await watchedTab(inspector);
    await own.getByTestId('action-registerAccount').click();
    await own.getByText('more fields').click();
    const city = own.getByTestId('argument-city');
    await city.focus();
    await own.keyboard.type('X');
    await expect(city).toHaveValue('X');
    await own.keyboard.press('Backspace');
    await expect(city).toHaveValue('');
    await expect(city).toBeFocused();
    await expect(city).toBeVisible();
  });

  test('an open edit is no other customer’s: nothing of it is sent once somebody else is signed in', async ({ inspector }) => {
    const { page, own } = await watchedTab(inspector);
    const signedInAs = async (name: string) => {
      await page.bringToFront();
      await page.getByRole('button', { name }).click();
      await own.bringToFront();
    };
    await signedInAs('Sign in as Ada');
    await expect(own.getByTestId('session-state')).toHaveAttribute('data-identity', 'signed-in');
    await own.getByTestId('action-getAccount').click();
    await own.locator('dl.account').waitFor();
    await own.getByTestId('action-updateAccount').click();
    await own.getByTestId('argument-city').fill('Paris');
    await expect(own.getByTestId('run')).toHaveAttribute('aria-disabled', 'false');
    await signedInAs('Switch to Grace');
    await expect(own.getByTestId('run')).toHaveAttribute('aria-disabled', 'true');
    await expect(own.getByText('The customer is another than when this form was opened')).toBeVisible();
    // It says that it is disabled; pressed all the same, it sends nothing.
    await own.getByTestId('run').dispatchEvent('click');
    expect((await hookOf(page)).calls.filter(([name]) => name === 'updateAccount')).toEqual([]);
    await own.getByTestId('cancel').click();
    await own.getByTestId('action-updateAccount').click();
    await expect(own.getByTestId('argument-city')).toHaveValue('');
  });

  test('presets are saved for the site, found again in another panel, filled in and removed', async ({ inspector }) => {
    const { chromium } = inspector;
    const { page, own: first } = await watchedTab(inspector);
    const stored = async () => (await chromium.worker()).evaluate(async () => JSON.stringify(await chrome.storage.local.get(null)));
    await first.getByTestId('action-registerAccount').click();
    await first.getByText('more fields').click();
    const values = { email: 'mary@shop.example', password: 'the-secret-1', city: 'Kraków' };
    for (const [name, value] of Object.entries(values)) await first.getByTestId(`argument-${name}`).fill(value);
    await first.getByTestId('argument-agreements.sms').selectOption('true');
    await first.getByLabel('Attributes: key 1').fill('size');
    await first.getByLabel('Attributes: value 1, text or JSON').fill('38');
    await first.getByText('Presets', { exact: true }).click();
    await first.getByLabel('Name of the preset').fill('Mary');
    await first.getByLabel('Name of the preset').press('Enter');
    await expect(first.getByText('Saved as Mary, without passwords and tokens.')).toBeVisible();
    await expect(first.getByTestId('form-registerAccount')).toBeVisible();
    expect(await stored()).toContain('Kraków');
    expect(await stored()).not.toContain('the-secret-1');
    await first.reload();

    const second = await alone(inspector, page);
    for (const own of [first, second]) {
      await own.bringToFront();
      await openAccount(own);
      await own.getByTestId('action-registerAccount').click();
      await own.getByTestId('argument-password').fill('typed-before');
      await own.getByText('Presets (1)').click();
      await own.getByLabel('Preset', { exact: true }).selectOption('Mary');
      await expect(own.getByTestId('argument-email')).toHaveValue('mary@shop.example');
      await expect(own.getByTestId('argument-city')).toHaveValue('Kraków');
      await expect(own.getByTestId('argument-agreements.sms')).toHaveValue('true');
      await expect(own.getByLabel('Attributes: key 1')).toHaveValue('size');
      await expect(own.getByLabel('Attributes: value 1, text or JSON')).toHaveValue('38');
      await expect(own.getByTestId('argument-password')).toHaveValue('typed-before');
    }
    // Neither another operation nor another site has it.
    await second.getByTestId('action-signIn').click();
    await expect(second.getByText('Presets', { exact: true })).toBeVisible();
    const goTo = async (host: string) => {
      await page.bringToFront();
      await page.goto(`${inspector.sandbox.origin.replace('127.0.0.1', host)}/`);
      for (const own of [first, second]) {
        await own.bringToFront();
        await expect(own.getByTestId('site')).toContainText(host);
        // The form of the page before closes with it.
        await expect(own.locator('[data-testid^="form-"]')).toHaveCount(0);
        await own.getByTestId('action-registerAccount').click();
        await own.getByTestId('form-registerAccount').waitFor();
      }
    };
    await goTo('localhost');
    await expect(second.getByText('Presets', { exact: true })).toBeVisible();
    await goTo('127.0.0.1');
    await second.getByText('Presets (1)').click();
    await second.getByLabel('Preset', { exact: true }).selectOption('Mary');
    await second.getByRole('button', { name: 'Remove Mary' }).click();
    await expect(second.getByText('Removed Mary')).toBeVisible();
    await until('it to be gone', async () => !(await stored()).includes('Kraków'));
    // From both panels.
    for (const own of [second, first]) await expect(own.getByText('Presets', { exact: true })).toBeVisible();
  });
});

/** The switches of the page, and what its SDK does not tell. */
const READINGS = [...NATIVE_DIALECTS.map((dialect) => [`sdk=${dialect}`, false] as const), ['sdk=react-native&android', true]] as const;

for (const [switches, quirks] of READINGS) {
  test(`${switches}: the account is shown whole, as the server knows it`, async ({ inspector }) => {
    const { page, v } = await accountTab(inspector, `/?${switches}`);
    await signInAsAda(page, v);
    const { uuid } = (await hookOf(page)).held;
    expect((await v.operate('getAccount')).verdict).toBe('done');
    await until('the account', async () => (await card(v))['E-mail'] === ADA);
    const facts = await card(v);
    expect(facts).toMatchObject({
      'Client ID': '42',
      'E-mail': ADA,
      'Custom ID': 'ada-1815',
      UUID: uuid,
      'First name': 'Ada',
      'Last name': 'Byron',
      'Display name': 'Ada B.',
      Phone: '+44 20 7946 0815',
      Sex: 'FEMALE',
      'Birth date': '1815-12-10',
      Company: 'Analytical Engines Ltd',
      Address: '12 St James Square',
      'ZIP code': 'W1',
      City: 'London',
      Province: 'Greater London',
      'Country code': 'GB',
      'Avatar URL': 'https://shop.example/people/ada.png',
      Agreements: 'email: yes sms: no push: yes bluetooth: no rfid: no wifi: yes',
    });
    expect(facts['Attributes']).toContain('"deep blue"');
    const attributes = await v.target.evaluate(`Object.fromEntries([...document.querySelectorAll('dl.attributes > div')].map((row) =>
      [row.querySelector('dt').innerText, row.querySelector('dd').innerText]))`);
    expect(attributes).toEqual({ favouriteInk: '"deep blue"', notebooks: '7' });
    const last = inspector.sandbox.auth.account(SHOP, ADA)?.lastActivityDate ?? '?';
    const shown = await v.target.evaluate(
      `[...document.querySelectorAll('dl.account > .fact')].find((fact) => fact.querySelector('dt').innerText === 'Last activity').querySelector('time').dateTime`,
    );
    expect(shown).toBe(last);
    if (quirks) {
      expect(facts['Last activity']).toContain('1000 times too far');
      expect(facts['Tags']).toBeUndefined();
    } else {
      expect(facts['Last activity']).not.toContain('1000');
      expect(facts['Tags']).toBe('vip notebooks');
    }
  });
}

test('edited in place: what changed is sent and nothing else, the preview says just that, and the difference is shown', async ({
  inspector,
}) => {
  const { auth } = inspector.sandbox;
  const { page, v } = await accountTab(inspector);
  await signInAsAda(page, v);
  expect((await v.operate('getAccount')).verdict).toBe('done');
  // An agreement that is sent either way begins as it is.
  await v.open('confirmEmailChange');
  expect(await v.value('argument-newsletterAgreement')).toBe(true);
  await v.open('updateAccount');
  expect(await v.value('argument-city')).toBe('London');
  expect(await v.value('argument-sex')).toBe('FEMALE');
  expect(await v.value('argument-agreements.sms')).toBe('false');
  expect(await v.value('argument-email')).toBe(ADA);
  expect(await v.disabled('run')).toBe(true);
  expect(await v.text('form-updateAccount')).toContain('Nothing to send: change a field first.');
  const edits = { city: 'Paris', company: '', 'agreements.sms': 'true', 'attributes.notebooks': '{"blank": 2, "full": [5]}' };
  for (const [name, value] of Object.entries(edits)) await v.fill(name, value);
  // Changed, and back again: not a change.
  await v.fill('firstName', 'Augusta');
  await v.fill('firstName', 'Ada');
  await v.target.evaluate(`document.querySelector('[aria-label="Remove favouriteInk"]').click()`);
  const preview = 'Synerise.Client.updateAccount({ company: null, city: "Paris", agreements: { sms: true }, ';
  await until('the preview', async () => (await v.text('preview'))?.includes('favouriteInk'));
  expect(await v.text('preview')).toBe(
    `${preview}attributes: { notebooks: { blank: 2, full: [5] }, favouriteInk: null } }, onSuccess, onError)`,
  );
  expect(await v.text('form-updateAccount')).toContain('Sent as null, which resets or removes: Company and favouriteInk.');
  const { verdict } = await v.ended(await v.submit());
  expect(verdict).toBe('done');
  const sent = { city: 'Paris', company: null, agreements: { sms: true } };
  expect(await calls(page, 'updateAccount')).toEqual([
    [{ ...sent, attributes: { notebooks: { blank: 2, full: [5] }, favouriteInk: null } }],
  ]);
  expect(auth.account(SHOP, ADA)).toMatchObject({ firstName: 'Ada', city: 'Paris', company: null, province: 'Greater London' });
  expect(auth.account(SHOP, ADA)?.attributes).toEqual({ notebooks: { blank: 2, full: [5] } });
  await until('the difference', async () => Object.keys(await changes(v, 'account')).length);
  expect(await changes(v, 'account')).toEqual({
    City: ['London', 'Paris'],
    Company: ['Analytical Engines Ltd', 'not set'],
    'Agreement: sms': ['false', 'true'],
    'Attribute: favouriteInk': ['deep blue', 'not set'],
    'Attribute: notebooks': ['7', '{"blank":2,"full":[5]}'],
  });
  expect((await card(v))['City']).toBe('Paris');

  // An SDK that says that it did, and did not.
  await page.evaluate(() => {
    const { Client: client } = (globalThis as unknown as Sdk).Synerise;
    client['updateAccount'] = (_context, onSuccess) => (onSuccess as (value: unknown) => void)(true);
  });
  expect((await v.operate('updateAccount', { city: 'Rome' })).verdict).toBe('done');
  await until('the words', async () => ((await v.text('operation-result')) ?? '').includes('nothing changed in it'));
  await page.evaluate(() => delete (globalThis as unknown as Sdk).Synerise.Client['updateAccount']);

  // What may be changed, and not be read any more.
  auth.set(SHOP, { denied: 'API_PERSONAL_INFORMATION_CLIENT_READ' });
  expect((await v.operate('updateAccount', { city: 'Oslo' })).verdict).toBe('done');
  await until('the words', async () => ((await v.text('operation-result')) ?? '').includes('could not be read again'));
  expect(auth.account(SHOP, ADA)?.city).toBe('Oslo');
});

test("sign-in and deletion: the session's change is shown, and the account of who is gone is not", async ({ inspector }) => {
  const { auth } = inspector.sandbox;
  const { page, v } = await accountTab(inspector);
  const before = (await hookOf(page)).held;
  expect((await v.operate('signIn', { email: ADA, password: 'lovelace' })).verdict).toBe('done');
  const signedIn = await changes(v, 'session');
  expect(signedIn['Identity']).toEqual(['Anonymous', 'Signed in']);
  expect(signedIn['Token']?.[0]).toContain('ANONYMOUS');
  expect(signedIn['Token']?.[1]).toContain('SYNERISE');
  expect(signedIn['UUID']).toBeUndefined();
  expect((await v.operate('getAccount')).verdict).toBe('done');
  await until('the account', async () => (await card(v))['E-mail'] === ADA);

  await v.open('deleteAccount', { clientAuthFactor: 'lovelace' });
  const form = () => v.text('form-deleteAccount');
  expect(await form()).toContain('the account with all its data, for ever');
  expect(await form()).toContain(`The account that is signed in is ${ADA}.`);
  expect(await v.disabled('run')).toBe(true);
  for (const wrong of ['grace@shop.example', 'ada@shop.exampl', 'ada']) {
    await v.type('confirm-email', wrong);
    await until('the words', async () => (await form())?.includes("That is not the account's e-mail."));
    expect(await v.disabled('run')).toBe(true);
    // Nor does Enter.
    await v.target.evaluate(`document.querySelector('[data-testid="form-deleteAccount"]').requestSubmit?.()`);
    expect(await v.there('form-deleteAccount')).toBe(true);
  }
  expect(await calls(page, 'deleteAccountByIdentityProvider')).toEqual([]);
  await v.type('confirm-email', '  ADA@shop.example ');
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  const after = (await hookOf(page)).held;
  expect(auth.account(SHOP, ADA)).toBeUndefined();
  const gone = await changes(v, 'session');
  expect(gone['Identity']).toEqual(['Signed in', 'Anonymous']);
  expect(gone['UUID']).toEqual([before.uuid, after.uuid]);
  await until('the account to go', async () => !(await v.target.evaluate(`!!document.querySelector('dl.account')`)));
  expect(await v.html()).not.toContain('Byron');
});

const nextStep = (v: Panel): Promise<string | null> =>
  v.target.evaluate(`document.querySelector('section[aria-label="Next step"]')?.innerText ?? null`);
const takeStep = (v: Panel, label: string) =>
  v.target.evaluate(
    `[...document.querySelectorAll('section[aria-label="Next step"] button')].find((one) => one.innerText === '${label}…').click()`,
  );

test('two steps: the second is offered with what the first was given in view, also after it failed', async ({ inspector }) => {
  const { auth } = inspector.sandbox;
  const { page, v } = await accountTab(inspector);
  const code = (about: string) => auth.mailbox(SHOP).findLast((one) => one.about === about)?.code ?? 'no such message';
  expect(await nextStep(v)).toBeNull();
  await v.operate('requestPasswordReset', { email: ADA });
  await until('the next step', () => nextStep(v));
  expect(await nextStep(v)).toContain('After Request reset');
  expect(await nextStep(v)).toContain('The token is in the e-mail.');
  await takeStep(v, 'Confirm reset');
  await until('the form', () => v.there('form-confirmPasswordReset'));
  expect(await v.text('form-confirmPasswordReset')).toContain(`E-mail: ${ADA}`);
  await v.fill('password', 'another-secret');
  await v.fill('token', 'wrong');
  expect((await v.ended(await v.submit())).verdict).toBe('failed');
  // It failed: the first step is still where it was, and nothing secret came back.
  await until('the next step', () => nextStep(v));
  await takeStep(v, 'Confirm reset');
  await until('the form', () => v.there('form-confirmPasswordReset'));
  expect(await v.text('form-confirmPasswordReset')).toContain(`E-mail: ${ADA}`);
  expect(await v.value('argument-password')).toBe('');
  expect(await v.value('argument-token')).toBe('');
  await v.fill('password', 'another-secret');
  await v.fill('token', code('password-reset'));
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  // Which leads to signing in, the e-mail filled in already.
  await until('the next step', () => nextStep(v));
  await takeStep(v, 'Sign in');
  await until('the form', () => v.there('form-signIn'));
  expect(await v.value('argument-email')).toBe(ADA);
  await v.fill('password', 'another-secret');
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  await v.waitAttr('session-state', 'data-identity', 'signed-in');

  await v.operate('requestPhoneUpdate', { phone: '+48 111 222 333' });
  await until('the next step', () => nextStep(v));
  await takeStep(v, 'Confirm phone update');
  await until('the form', () => v.there('form-confirmPhoneUpdate'));
  expect(await v.value('argument-phone')).toBe('+48 111 222 333');
  // Its code begins with 0, and is no number.
  await v.fill('confirmationCode', code('phone-update'));
  await v.fill('smsAgreement', true);
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  expect(await calls(page, 'confirmPhoneUpdate')).toEqual([['+48 111 222 333', code('phone-update'), true]]);

  await v.operate('requestEmailChange', { email: 'ada2@shop.example', password: 'another-secret' });
  await until('the next step', () => nextStep(v));
  await takeStep(v, 'Confirm e-mail change');
  await until('the form', () => v.there('form-confirmEmailChange'));
  expect(await v.text('form-confirmEmailChange')).toContain('ada2@shop.example');
  await v.click('cancel');
  await until('the next step again', () => nextStep(v));
  await v.target.evaluate(`[...document.querySelectorAll('section[aria-label="Next step"] button')].at(-1).click()`);
  await until('it to be dismissed', async () => (await nextStep(v)) === null);
});

test('what was filled in is kept when it failed, and no password with it', async ({ inspector }) => {
  const { v } = await accountTab(inspector);
  const given = {
    ...{ email: ADA, password: 'another-secret', firstName: 'Other', city: 'Paris', sex: 'OTHER' },
    'agreements.push': 'true',
    'attributes.size': '{"eu": 38}',
  };
  expect((await v.operate('registerAccount', given)).verdict).toBe('failed');
  await v.open('registerAccount');
  expect(await v.value('argument-password')).toBe('');
  expect(await v.disabled('run')).toBe(true);
  for (const name of ['email', 'firstName', 'city', 'sex', 'agreements.push'] as const)
    expect(await v.value(`argument-${name}`), name).toBe(given[name]);
  expect(await v.text('preview')).toContain('attributes: { size: { eu: 38 } }');
  await v.fill('email', 'other@shop.example');
  await v.fill('password', 'another-secret');
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  expect(inspector.sandbox.auth.account(SHOP, 'other@shop.example')).toMatchObject({ city: 'Paris', attributes: { size: { eu: 38 } } });
  // Once it is done, it begins anew.
  await v.open('registerAccount');
  expect(await v.value('argument-email')).toBe('');
  expect(await v.value('argument-firstName')).toBe('');
});

test('no password and no code is stored, shown or said, before, during and after a run', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page, noise, v } = await accountTab(inspector);
  const said: string[] = [];
  chromium.context.on('console', (message) => said.push(message.text()));
  const secrets = ['old-secret-1', 'new-secret-2', 'wrong-secret-3', 'reset-secret-4', 'lovelace'];
  const kept = async () => {
    const all = await (await chromium.worker()).evaluate(async () =>
      JSON.stringify([await chrome.storage.local.get(null), await chrome.storage.session.get(null)]),
    );
    return [all, await v.html(), ...noise, ...said].join('\n');
  };
  const nowhere = async () => {
    const all = await kept();
    expect(all).toContain('"stage"');
    for (const secret of secrets) expect(all).not.toContain(secret);
  };
  await v.operate('registerAccount', { email: 'mary@shop.example', password: 'old-secret-1' });
  await nowhere();
  const token = sandbox.auth.mailbox(SHOP).at(-1)?.code ?? '?';
  secrets.push(token);
  await v.operate('confirmAccountActivation', { token });
  expect((await v.operate('signIn', { email: 'mary@shop.example', password: 'wrong-secret-3' })).verdict).toBe('failed');
  await nowhere();
  // While it is on its way, as long as that takes.
  sandbox.auth.set(SHOP, { latency: 1000 });
  const run = await v.begin('signIn', { email: 'mary@shop.example', password: 'old-secret-1' });
  await until('the call', async () => (await calls(page, 'signIn')).length === 2);
  expect(await v.attr('operation-result', 'data-verdict')).toBeNull();
  await nowhere();
  sandbox.auth.set(SHOP, { latency: 0 });
  expect((await v.ended(run)).verdict).toBe('done');
  expect((await v.operate('getAccount')).verdict).toBe('done');
  expect((await v.operate('changePassword', { oldPassword: 'old-secret-1', newPassword: 'new-secret-2' })).verdict).toBe('done');
  await nowhere();
  await v.open('changePassword', { oldPassword: 'new-secret-2', newPassword: 'reset-secret-4' });
  expect(await v.text('preview')).toBe(
    'Synerise.Client.changePassword("••••••" /* oldPassword */, "••••••" /* newPassword */, onSuccess, onError)',
  );
  await nowhere();
  await v.click('cancel');
  await v.operate('requestPasswordReset', { email: 'mary@shop.example' });
  const reset = sandbox.auth.mailbox(SHOP).at(-1)?.code ?? '?';
  secrets.push(reset);
  await v.operate('confirmPasswordReset', { password: 'reset-secret-4', token: reset });
  await nowhere();
  await v.open('deleteAccount', { clientAuthFactor: 'reset-secret-4' });
  await v.type('confirm-email', 'mary@shop.example');
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  await nowhere();
});

test('an SDK that repeats what is secret: it is told as [secret]', async ({ inspector }) => {
  const { chromium } = inspector;
  const { page, v } = await accountTab(inspector);
  await page.evaluate(() => {
    const { Client: client } = (globalThis as unknown as Sdk).Synerise;
    client['changePassword'] = (old, fresh, _onSuccess, onError) =>
      (onError as (error: unknown) => void)({
        code: 400,
        message: `${old} may not become ${fresh}`,
        errors: [{ field: 'password', rejectedValue: fresh, deep: { list: [`again: ${old}`] } }],
      });
    client['confirmPasswordReset'] = (password) => {
      throw new RangeError(`bad: ${password}`);
    };
    client['signInConditionally'] = (email, password, onSuccess) =>
      (onSuccess as (value: unknown) => void)({ status: 'SUCCESS', conditions: [{ email, password }] });
  });
  const told = () => v.target.evaluate(`document.querySelector('[data-testid="operation-result"]').textContent`);
  const nowhere = async (...secrets: string[]) => {
    const all = await (await chromium.worker()).evaluate(async () => JSON.stringify(await chrome.storage.session.get(null)));
    for (const secret of secrets) for (const text of [await v.html(), all]) expect(text).not.toContain(secret);
  };
  const changed = await v.operate('changePassword', { oldPassword: 'old-secret-1', newPassword: 'new-secret-2' });
  expect(changed.verdict).toBe('failed');
  expect(changed.text).toContain('[secret] may not become [secret]');
  expect(await told()).toContain('again: [secret]');
  expect(await told()).toContain('"rejectedValue": "[secret]"');
  await nowhere('old-secret-1', 'new-secret-2');
  const reset = await v.operate('confirmPasswordReset', { password: 'reset-secret-4', token: 'token-secret-5' });
  expect(reset.text).toContain('bad: [secret]');
  await nowhere('reset-secret-4', 'token-secret-5');
  const signedIn = await v.operate('signInConditionally', { email: ADA, password: 'lovelace' });
  expect(signedIn.verdict).toBe('done');
  expect(await told()).toContain('[secret]');
  expect(await told()).toContain(ADA);
  await nowhere('lovelace');
});

test('a worker killed while a form is filled in: nothing typed is lost, and it is sent once', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page, v } = await accountTab(inspector);
  await signInAsAda(page, v);
  expect((await v.operate('getAccount')).verdict).toBe('done');
  await v.open('updateAccount', { city: 'Paris', 'attributes.notebooks': '8' });
  await chromium.killWorker();
  expect(await v.value('argument-city')).toBe('Paris');
  await v.fill('company', '');
  await chromium.killWorker();
  expect(await v.text('preview')).toContain('{ company: null, city: "Paris", attributes: { notebooks: 8 } }');
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  expect(await calls(page, 'updateAccount')).toEqual([[{ city: 'Paris', company: null, attributes: { notebooks: 8 } }]]);
  expect(sandbox.auth.account(SHOP, ADA)).toMatchObject({ city: 'Paris', company: null });
  await until('the difference', async () => (await changes(v, 'account'))['City']);
});

test('a worker killed right after Run: at most once, never silent, and the second step is still led', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page, v } = await accountTab(inspector);
  for (let round = 1; round <= 3; round += 1) {
    const before = (await calls(page, 'requestPasswordReset')).length;
    await v.open('requestPasswordReset', { email: ADA });
    const submitted = v.submit();
    await chromium.killWorker();
    const { verdict } = await v.ended(await submitted);
    expect(['done', 'interrupted']).toContain(verdict);
    const sent = (await calls(page, 'requestPasswordReset')).length - before;
    if (verdict === 'done') expect(sent).toBe(1);
    else expect(sent).toBeLessThanOrEqual(1);
  }
  // While it runs.
  const mails = sandbox.auth.mailbox(SHOP).length;
  const taken = (await calls(page, 'requestPasswordReset')).length;
  sandbox.auth.set(SHOP, { latency: 1000 });
  const run = await v.begin('requestPasswordReset', { email: ADA });
  await until('the call', async () => (await calls(page, 'requestPasswordReset')).length === taken + 1);
  await chromium.killWorker();
  expect((await v.ended(run)).verdict).toBe('done');
  expect(sandbox.auth.mailbox(SHOP)).toHaveLength(mails + 1);
  expect(await calls(page, 'requestPasswordReset')).toHaveLength(taken + 1);
  await until('the next step', () => nextStep(v));
});
