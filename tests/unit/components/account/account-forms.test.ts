// The forms of account operations: what they keep, what they begin with, and whose they are.
import { afterEach, expect, it, vi } from 'vitest';
import { ACCOUNT_OPERATION_NAMES, OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import { until } from '@/scripts/until.mjs';
import { ADA, accountTab, callsOf } from '../../fakes/account';
import { type NodeInspector, type NodeView, openInspector } from '../../fakes/inspector';
import { press } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

/** The buttons that have no test id: those that offer a next step are named after its operation. */
const BUTTONS = `[...document.querySelectorAll('button:not([data-testid])')]`;
const offers = async (v: NodeView, operation: OperationName): Promise<boolean> =>
  (await v.target.evaluate(`${BUTTONS}.some((one) => one.textContent.startsWith(${JSON.stringify(OPERATIONS[operation].label)}))`)) ===
  true;
/** Takes the next step that is offered. */
async function takeStep(v: NodeView, operation: OperationName): Promise<void> {
  await until(`${operation} to be offered`, () => offers(v, operation));
  await v.target.evaluate(`${BUTTONS}.find((one) => one.textContent.startsWith(${JSON.stringify(OPERATIONS[operation].label)})).click()`);
  await until('its form', () => v.there(`form-${operation}`));
}

it('a second step is offered with what the first was given, also after it failed', async () => {
  inspector = await openInspector();
  const { auth } = inspector;
  const { page, v } = await accountTab(inspector);
  expect(await offers(v, 'confirmPasswordReset')).toBe(false);
  await v.operate('requestPasswordReset', { email: ADA });
  await takeStep(v, 'confirmPasswordReset');
  expect(await v.text('form-confirmPasswordReset')).toContain(ADA);
  await v.fill('password', 'another-secret');
  await v.fill('token', 'wrong');
  expect((await v.ended(await v.submit())).verdict).toBe('failed');
  // The first step still applies, and nothing secret comes back.
  await takeStep(v, 'confirmPasswordReset');
  expect(await v.text('form-confirmPasswordReset')).toContain(ADA);
  expect(await v.value('argument-password')).toBe('');
  expect(await v.value('argument-token')).toBe('');
  await v.fill('password', 'another-secret');
  await v.fill('token', await auth.code('password-reset'));
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  // It leads to signing in, with the e-mail filled in.
  await takeStep(v, 'signIn');
  expect(await v.value('argument-email')).toBe(ADA);
  await v.fill('password', 'another-secret');
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  await v.waitAttr('session-state', 'data-identity', 'signed-in');

  const phone = '+48 111 222 333';
  await v.operate('requestPhoneUpdate', { phone });
  await takeStep(v, 'confirmPhoneUpdate');
  expect(await v.value('argument-phone')).toBe(phone);
  // The code begins with 0, and is no number.
  const code = await auth.code('phone-update');
  await v.fill('confirmationCode', code);
  await v.fill('smsAgreement', true);
  expect((await v.ended(await v.submit())).verdict).toBe('done');
  expect(await callsOf(page, 'confirmPhoneUpdate')).toEqual([[phone, code, true]]);

  await v.operate('requestEmailChange', { email: 'ada2@shop.example', password: 'another-secret' });
  await takeStep(v, 'confirmEmailChange');
  expect(await v.text('form-confirmEmailChange')).toContain('ada2@shop.example');
  await v.click('cancel');
  await until('the step to be offered again', () => offers(v, 'confirmEmailChange'));
  await v.target.evaluate(`${BUTTONS}.find((one) => /dismiss/i.test(one.textContent + one.ariaLabel)).click()`);
  await until('the step to be dismissed', async () => !(await offers(v, 'confirmEmailChange')));
});

it('a form that failed keeps what was filled in, except for the password; one that is done begins empty', async () => {
  inspector = await openInspector();
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
  expect(await inspector.auth.account('other@shop.example')).toMatchObject({ city: 'Paris', attributes: { size: { eu: 38 } } });
  await v.open('registerAccount');
  expect(await v.value('argument-email')).toBe('');
  expect(await v.value('argument-firstName')).toBe('');
});

it('an edit that was begun for one customer sends nothing once another is signed in', async () => {
  inspector = await openInspector();
  const { page, v } = await accountTab(inspector, '/', { ada: true });
  expect((await v.operate('getAccount')).verdict).toBe('done');
  await v.open('updateAccount', { city: 'Paris' });
  await until('run to be enabled', async () => !(await v.disabled('run')));
  await press(page, 'switch-to');
  await until('run to be disabled', () => v.disabled('run'));
  expect(await v.text('form-updateAccount')).toMatch(/customer (is another|changed)/);
  await v.click('run');
  expect(await callsOf(page, 'updateAccount')).toEqual([]);
  expect(await v.there('form-updateAccount')).toBe(true);
  await v.click('cancel');
  await v.open('updateAccount');
  expect(await v.value('argument-city')).toBe('');
});

it('a tab stays as it was left, and a form of another tab takes the place of one that was left open', async () => {
  inspector = await openInspector();
  const { v } = await accountTab(inspector);
  await v.open('changePassword', { oldPassword: 'half a secret' });
  const uuid = `document.querySelector('[data-testid="uuid"]')`;
  await v.target.evaluate(`Object.assign(globalThis, { left: [${uuid}, document.querySelector('[data-testid="argument-oldPassword"]')] })`);
  for (const tab of ['Session', 'Diagnostics', 'Account', 'Session']) {
    await v.tab(tab);
    await until('the tab to be chosen', () =>
      v.target.evaluate(`document.querySelector('[aria-selected="true"]').textContent === '${tab}'`),
    );
    expect(await v.target.evaluate('globalThis.left.every((one) => document.contains(one))'), tab).toBe(true);
  }
  expect(await v.value('argument-oldPassword')).toBe('half a secret');
  await v.open('regenerateUUID');
  expect(await v.target.evaluate(`document.querySelectorAll('[data-testid^="form-"]').length`)).toBe(1);
  await v.tab('Account');
  expect(await v.there('form-changePassword')).toBe(false);
});

it('unfolded fields stay unfolded, and the same, while one of them is filled in and emptied', async () => {
  inspector = await openInspector();
  const { v } = await accountTab(inspector);
  await v.open('registerAccount');
  const city = `document.querySelector('[data-testid="argument-city"]')`;
  const isOpen = () => v.target.evaluate(`${city}.closest('details').open`);
  expect(await isOpen()).toBe(false);
  await v.target.evaluate(`(() => {
    globalThis.city = ${city};
    const details = ${city}.closest('details');
    details.open = true;
    details.dispatchEvent(new Event('toggle'));
  })()`);
  for (const text of ['X', '']) {
    await v.fill('city', text);
    await until('the preview', async () => ((await v.text('preview')) ?? '').includes('"X"') === (text === 'X'));
    expect(await v.value('argument-city')).toBe(text);
    expect(await v.target.evaluate(`globalThis.city === ${city}`)).toBe(true);
    expect(await isOpen()).toBe(true);
  }
});

it('every input of every form has a name, and no id stands twice', async () => {
  inspector = await openInspector();
  const { v } = await accountTab(inspector);
  for (const name of ACCOUNT_OPERATION_NAMES.filter((one) => OPERATIONS[one].args.length > 0)) {
    await v.open(name);
    const found = await v.target.evaluate(`(() => {
      const form = document.querySelector('[data-testid="form-${name}"]');
      const named = (one) => !!(one.getAttribute('aria-label') || one.closest('label')?.textContent.trim() ||
        (one.id && document.querySelector('label[for="' + one.id + '"]')?.textContent.trim()));
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      const inputs = [...form.querySelectorAll('input, select, textarea')];
      return {
        forms: document.querySelectorAll('[data-testid^="form-"]').length,
        inputs: inputs.length > 0,
        nameless: inputs.filter((one) => !named(one)).map((one) => one.outerHTML),
        silent: [...form.querySelectorAll('button, summary')].filter((one) => !(one.getAttribute('aria-label') || one.textContent.trim())).length,
        twice: ids.filter((id, at) => ids.indexOf(id) !== at),
      };
    })()`);
    expect(found, name).toEqual({ forms: 1, inputs: true, nameless: [], silent: 0, twice: [] });
  }
});

it('a preset of a site is filled in by another panel, belongs to its operation and site, and can be removed', async () => {
  inspector = await openInspector();
  const { onDisk } = inspector;
  const { page, v } = await accountTab(inspector);
  const stored = () => JSON.stringify([...onDisk]);
  const SELECT = `document.querySelector('select[aria-label="Preset"]')`;
  const offered = (of: NodeView) => of.target.evaluate(`[...${SELECT}?.options ?? []].map((one) => one.value).filter(Boolean)`);
  const choose = (of: NodeView) =>
    of.target.evaluate(`(() => { ${SELECT}.value = 'Mary'; ${SELECT}.dispatchEvent(new Event('change', { bubbles: true })); })()`);
  const rows = (of: NodeView) =>
    of.target.evaluate(`[...document.querySelectorAll('[data-testid="argument-attributes"] input')].map((one) => one.value)`);

  await v.open('registerAccount', {
    ...{ email: 'mary@shop.example', password: 'the-secret-1', city: 'Kraków' },
    'agreements.sms': 'true',
    'attributes.size': '38',
  });
  await v.target.evaluate(`(() => {
    const name = document.querySelector('[aria-label="Name of the preset"]');
    name.value = 'Mary';
    name.dispatchEvent(new Event('input', { bubbles: true }));
  })()`);
  await v.target.evaluate(
    `document.querySelector('[aria-label="Name of the preset"]').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))`,
  );
  await until('the preset', async () => JSON.stringify(await offered(v)) === '["Mary"]');
  expect(await v.there('form-registerAccount')).toBe(true);
  expect(stored()).toContain('Kraków');
  expect(stored()).not.toContain('the-secret-1');

  const second = await inspector.panel(page);
  await second.tab('Account');
  await second.open('registerAccount', { password: 'typed-before' });
  await choose(second);
  await until('the e-mail', async () => (await second.value('argument-email')) === 'mary@shop.example');
  expect(await second.value('argument-city')).toBe('Kraków');
  expect(await second.value('argument-agreements.sms')).toBe('true');
  expect(await second.value('argument-password')).toBe('typed-before');
  expect(await rows(second)).toEqual(['size', '38']);
  // Neither another operation nor another site has it.
  await second.open('signIn');
  expect(await offered(second)).toEqual([]);
  const goTo = async (host: string) => {
    const origin = inspector.origin.replace('127.0.0.1', host);
    await page.goto(`${origin}/`);
    await until(`the site ${host}`, async () => (await second.text('site'))?.includes(host));
    // The form of the page before closes with it.
    await until('no form', async () => (await second.target.evaluate(`document.querySelector('[data-testid^="form-"]')`)) === null);
    await second.open('registerAccount');
  };
  await goTo('localhost');
  expect(await offered(second)).toEqual([]);
  await goTo('127.0.0.1');
  expect(await offered(second)).toEqual(['Mary']);
  await choose(second);
  await until('the button that removes it', () => second.target.evaluate(`${BUTTONS}.some((one) => one.textContent === 'Remove Mary')`));
  await second.target.evaluate(`${BUTTONS}.find((one) => one.textContent === 'Remove Mary').click()`);
  await until('it to be gone', async () => !stored().includes('Kraków') && JSON.stringify(await offered(second)) === '[]');
});
