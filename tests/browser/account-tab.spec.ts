// Keyboard use, layout, storage, and the worker. What the Account tab shows and sends is covered in tests/unit/components/account.
import type { Locator, Page } from '@playwright/test';
import { ACCOUNT_OPERATION_NAMES, type AccountOperationName, OPERATIONS } from '@/lib/sdk/operations';
import { accountTab, alone, expect, hookOf, type Inspector, type Panel, test, unfoldResult, until } from './support';
import { fits, wellMade } from './well-made';

/** Used in functions that run in the worker. */
declare const chrome: typeof import('@wxt-dev/browser').browser;

const SHOP = 'main';
const ADA = 'ada@shop.example';
/** How a changed city is shown. */
const DIFFERENCE = /City.{0,20}London.{0,20}Paris/s;

async function signInAsAda(page: Page, v: Panel): Promise<void> {
  await page.getByRole('button', { name: 'Sign in as Ada' }).click();
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
}

const openAccount = async (own: Page): Promise<void> => {
  await own.getByRole('tab', { name: 'Account' }).click();
  await own.getByTestId('action-getAccount').waitFor();
};

/** Expands all collapsed parts of a form. */
const unfold = (own: Page, name: AccountOperationName) =>
  own
    .getByTestId(`form-${name}`)
    .locator('details')
    .evaluateAll((all) => {
      for (const one of all) one.setAttribute('open', '');
    });

const calls = async (page: Page, method: string): Promise<readonly (readonly unknown[])[]> =>
  (await hookOf(page)).calls.flatMap(([name, args]) => (name === method ? [args] : []));

test('tabs are selected by keyboard and keep their state', async ({ inspector }) => {
  const { page } = await accountTab(inspector);
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
  await own.keyboard.press('End');
  await own.keyboard.press('ArrowLeft');
  await expect(own.getByTestId('argument-oldPassword')).toHaveValue('half a secret');
});

test('operations are run with the keyboard alone, in a browser tab and in DevTools', async ({ inspector }) => {
  const { page, v } = await accountTab(inspector);
  await signInAsAda(page, v);
  const own = await alone(inspector, page);
  /** Presses Tab until `target` has the focus. */
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
  // The focus returns to the button that opened the form; Escape closes the form without running anything.
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
  const focused = () => v.target.evaluate(`document.activeElement?.getAttribute('data-testid') ?? document.activeElement?.textContent`);
  const reachInPanel = async (id: string) => {
    for (let presses = 0; presses < 120; presses += 1) {
      if ((await focused()) === id) return;
      await press('Tab', 9);
    }
    throw new Error(`The focus never came to ${id}.`);
  };
  await v.target.evaluate(`document.querySelector('[role="tab"]').focus()`);
  await press('End', 35);
  await press('ArrowLeft', 37);
  await until('the Account tab to be focused', async () => (await focused()) === 'Account');
  await reachInPanel('action-requestPasswordReset');
  await press('Enter', 13, '\r');
  await until('the email field to be focused', async () => (await focused()) === 'argument-email');
  for (const letter of ADA) await v.target.send('Input.dispatchKeyEvent', { type: 'char', text: letter });
  await press('Enter', 13, '\r');
  await v.waitAttr('operation-result', 'data-operation', 'requestPasswordReset');
  await v.waitAttr('operation-result', 'data-verdict', 'done');
  expect(await calls(page, 'requestPasswordReset')).toEqual([[ADA]]);
});

const FORMS = ACCOUNT_OPERATION_NAMES.filter((name) => OPERATIONS[name].args.length > 0);

/** A few forms that together have every kind of field and note: long forms first, each with a kind that no earlier one has. */
function telling(): AccountOperationName[] {
  const seen = new Set<string>();
  const kinds = (name: AccountOperationName): string[] => {
    const { args, note, account, loses } = OPERATIONS[name];
    const fields = args.map((arg) => [
      arg.type,
      arg.hint !== undefined,
      arg.aside,
      arg.type === 'text' && [arg.format, arg.secret, arg.required],
    ]);
    const remarks = { note: note !== undefined, lost: loses({}).length > 0, ...account, permission: account?.permission !== null };
    return [...fields, ...Object.entries(remarks)].map((one) => JSON.stringify(one));
  };
  const fresh = (name: AccountOperationName) => kinds(name).filter((kind) => !seen.has(kind));
  return FORMS.toSorted((a, b) => OPERATIONS[b].args.length - OPERATIONS[a].args.length).filter((name) => {
    const its = fresh(name);
    for (const kind of its) seen.add(kind);
    return its.length > 0;
  });
}

/** On a watched site, the panel works in its own tab, without opening DevTools for each page. */
test.describe('the panel in its own tab', () => {
  test.use({ watched: true });

  /** Opens the panel's Account tab in its own browser tab, for a watched page of the shop. */
  async function watchedTab(inspector: Inspector): Promise<{ page: Page; own: Page }> {
    const { page } = await inspector.open();
    await until('the token of the page', async () => (await hookOf(page)).held.token);
    const own = await alone(inspector, page);
    await openAccount(own);
    return { page, own };
  }

  test('forms pass axe in both themes and are not cut off', async ({ inspector }) => {
    test.slow();
    const { own } = await watchedTab(inspector);
    const analyzed = telling();
    for (const name of FORMS) {
      await own.getByTestId(`action-${name}`).click();
      const form = own.getByTestId(`form-${name}`);
      await form.waitFor();
      await unfold(own, name);
      // Show the validation errors too.
      for (const input of await form.locator('input[type="email"], input[type="tel"], input[type="url"]').all())
        await input.fill('not fitting');
      if (analyzed.includes(name)) await wellMade(own, name, `[data-testid="form-${name}"]`);
      else await fits(own, name, [280]);
    }
  });
});

test('no password appears in storage, a view, or a console before, during, or after a run', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page, noise, v } = await accountTab(inspector);
  const said: string[] = [];
  chromium.context.on('console', (message) => said.push(message.text()));
  const secrets = ['old-secret-1', 'new-secret-2', 'wrong-secret-3'];
  const nowhere = async () => {
    const kept = await (await chromium.worker()).evaluate(async () =>
      JSON.stringify([await chrome.storage.local.get(null), await chrome.storage.session.get(null)]),
    );
    const all = [kept, await v.html(), ...noise, ...said].join('\n');
    expect(kept).toContain('stage');
    for (const secret of secrets) expect(all).not.toContain(secret);
  };
  const email = 'mary@shop.example';
  await v.operate('registerAccount', { email, password: 'old-secret-1' });
  const token = sandbox.auth.mailbox(SHOP).at(-1)?.code ?? '?';
  secrets.push(token);
  await v.operate('confirmAccountActivation', { token });
  expect((await v.operate('signIn', { email, password: 'wrong-secret-3' })).verdict).toBe('failed');
  await nowhere();
  // While the call is pending, which the latency ensures.
  sandbox.auth.set(SHOP, { latency: 1000 });
  const run = await v.begin('signIn', { email, password: 'old-secret-1' });
  await until('the call', async () => (await calls(page, 'signIn')).length === 2);
  expect(await v.attr('operation-result', 'data-verdict')).toBeNull();
  await nowhere();
  sandbox.auth.set(SHOP, { latency: 0 });
  expect((await v.ended(run)).verdict).toBe('done');
  await v.open('changePassword', { oldPassword: 'old-secret-1', newPassword: 'new-secret-2' });
  await nowhere();
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  await nowhere();
});

test('killing the worker loses no input and runs nothing twice', async ({ inspector }) => {
  const { chromium, sandbox } = inspector;
  const { page, v } = await accountTab(inspector);
  await signInAsAda(page, v);
  expect((await v.operate('getAccount')).verdict).toBe('done');
  // While a form is being filled in.
  await v.open('updateAccount', { city: 'Paris', 'attributes.notebooks': '8' });
  await chromium.killWorker();
  expect(await v.value('argument-city')).toBe('Paris');
  await v.fill('company', '');
  await chromium.killWorker();
  expect(await v.text('preview')).toContain('{ company: null, city: "Paris", attributes: { notebooks: 8 } }');
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  expect(await calls(page, 'updateAccount')).toEqual([[{ city: 'Paris', company: null, attributes: { notebooks: 8 } }]]);
  expect(sandbox.auth.account(SHOP, ADA)).toMatchObject({ city: 'Paris', company: null });
  await unfoldResult(v);
  await until('the difference', async () => DIFFERENCE.test(String(await v.target.evaluate('document.body.textContent'))));

  // Right after clicking Run.
  const requests = async () => (await calls(page, 'requestPasswordReset')).length;
  for (let round = 1; round <= 2; round += 1) {
    const before = await requests();
    await v.open('requestPasswordReset', { email: ADA });
    const submitted = v.submit();
    await chromium.killWorker();
    const { verdict } = await v.ended(await submitted);
    expect(['done', 'interrupted']).toContain(verdict);
    const sent = (await requests()) - before;
    if (verdict === 'done') expect(sent).toBe(1);
    else expect(sent).toBeLessThanOrEqual(1);
  }

  // While the operation is running.
  const mails = sandbox.auth.mailbox(SHOP).length;
  const taken = await requests();
  sandbox.auth.set(SHOP, { latency: 1000 });
  const run = await v.begin('requestPasswordReset', { email: ADA });
  await until('the call', async () => (await requests()) === taken + 1);
  await chromium.killWorker();
  expect((await v.ended(run)).verdict).toBe('done');
  expect(sandbox.auth.mailbox(SHOP)).toHaveLength(mails + 1);
  expect(await requests()).toBe(taken + 1);
  const { label } = OPERATIONS.confirmPasswordReset;
  await until('the next step', () =>
    v.target.evaluate(`[...document.querySelectorAll('button:not([data-testid])')].some((one) => one.textContent.startsWith('${label}'))`),
  );
});
