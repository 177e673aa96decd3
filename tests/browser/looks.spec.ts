import { setTheme } from '../../scripts/chromium.mjs';
import { alone, expect, sdkReady, test, until } from './support';
import { clean, fits, wellMade } from './well-made';

test("the Web SDK's forms, the client selector, and the settings pass axe and are not cut off", async ({ inspector }) => {
  const { page } = await inspector.open('/frames?top=web&a=ios&b=android&jwt&duplicates');
  const panel = await inspector.panel(page);
  await panel.waitAttr('dialect', 'data-dialect', 'web');
  await until('the client selector', () => panel.there('client-select'));
  const own = await alone(inspector, page);
  for (const operation of ['regenerateUUIDWithClientIdentifier', 'setAccessToken', 'setUuid', 'destroySession']) {
    // Dispatched, because some are in a closed menu.
    await own.getByTestId(`action-${operation}`).dispatchEvent('click');
    const form = own.getByTestId(`form-${operation}`);
    await form.waitFor();
    // Show the validation errors too.
    for (const input of await form.locator('input').all()) await input.fill('not fitting');
    await wellMade(own, operation, `[data-testid="form-${operation}"]`);
  }
  const options = await alone(inspector, page, 'options');
  await options.getByTestId('place-site').fill('no address');
  await options.getByTestId('place-path').fill('not a path');
  await clean(options, 'Settings with errors');
  await options.getByTestId('place-site').fill('https://shop.example');
  await options.getByTestId('place-path').fill('app.services.synerise');
  await options.getByTestId('place-add').click();
  await options.getByTestId('place').waitFor();
  await fits(options, 'Settings');
});

test('a form is opened, canceled, filled in, and run by keyboard, and the focus returns to its button', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const panel = await inspector.panel(page);
  await panel.waitAttr('token', 'data-token', 'valid');
  const own = await alone(inspector, page);
  const button = own.getByRole('button', { name: 'Regenerate from ID' });
  await button.focus();
  await own.keyboard.press('Enter');
  await expect(own.getByTestId('argument-clientIdentifier')).toBeFocused();
  await own.keyboard.press('Escape');
  await expect(own.getByTestId('form-regenerateUUIDWithClientIdentifier')).toHaveCount(0);
  await expect(button).toBeFocused();
  await own.keyboard.press('Enter');
  await expect(own.getByTestId('argument-clientIdentifier')).toBeFocused();
  await own.keyboard.type('ada-42');
  await own.keyboard.press('Enter');
  await expect(own.getByTestId('operation-result')).toHaveAttribute('data-verdict', 'done');
  await expect(own.getByTestId('uuid')).toHaveText((await inspector.held(page)).uuid);
});

for (const sdk of ['ios', 'web'])
  test(`the whole menu of the popup is in sight, and the focus goes back to its button: ${sdk}`, async ({ inspector }) => {
    const { page } = await inspector.open(`/?sdk=${sdk}`);
    const popup = await inspector.popup(page);
    await popup.waitAttr('dialect', 'data-dialect', sdk);
    const MENU = '.menu > [role="menu"]';
    await until('the menu', () => popup.target.evaluate(`!!document.querySelector('${MENU}')`));
    expect(await popup.target.evaluate('document.documentElement.scrollHeight <= innerHeight'), 'it does not scroll').toBe(true);
    await popup.target.evaluate(`document.querySelector('.menu > button').click()`);
    // The browser fits the window to what is in it.
    const isInSight = `(() => {
      const buttons = [...document.querySelectorAll('${MENU} button')];
      const inside = ({ top, bottom, left, right }) => top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
      return buttons.length > 2 && buttons.every((one) => inside(one.getBoundingClientRect()));
    })()`;
    await until('all of the menu', () => popup.target.evaluate(isInSight));
    // An item that runs at once.
    await popup.target.evaluate(`(() => {
      const item = [...document.querySelectorAll('${MENU} button')].find((one) => !one.textContent.endsWith('…') && one.ariaDisabled === 'false');
      item.focus();
      item.click();
    })()`);
    expect(await popup.target.evaluate('document.activeElement.textContent')).toBe('More');
    // One that opens a form, which is canceled.
    const isDone = `[...document.querySelectorAll('${MENU} button')].some((one) => one.textContent.endsWith('…') && one.ariaDisabled === 'false')`;
    await until('the action to end', () => popup.target.evaluate(isDone));
    await popup.target.evaluate(`document.querySelector('.menu > button').click()`);
    await popup.target.evaluate(`(() => {
      const item = [...document.querySelectorAll('${MENU} button')].find((one) => one.textContent.endsWith('…') && one.ariaDisabled === 'false');
      item.focus();
      item.click();
    })()`);
    await until('the form', () => popup.target.evaluate(`document.activeElement.closest('form') !== null`));
    await popup.target.evaluate(`[...document.querySelectorAll('form button')].find((one) => one.textContent === 'Cancel').click()`);
    await until('the focus', async () => (await popup.target.evaluate('document.activeElement.textContent')) === 'More');
  });

test('the panel follows the DevTools theme when it changes', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const panel = await inspector.panel(page);
  await panel.waitAttr('token', 'data-token', 'valid');
  const background = () => panel.target.evaluate('getComputedStyle(document.documentElement).backgroundColor');
  await until('the light theme', async () => (await background()) === 'rgb(255, 255, 255)');
  await panel.devtools.evaluate(setTheme('dark'));
  await until('the dark theme', async () => (await background()) === 'rgb(40, 40, 40)');
  await panel.devtools.evaluate(setTheme('default'));
  await until('the light theme again', async () => (await background()) === 'rgb(255, 255, 255)');
});

test('the panel never scrolls as a whole, and a confirmation shows what will be lost next to its buttons', async ({ inspector }) => {
  const { page } = await inspector.open('/?sdk=web');
  const panel = await inspector.panel(page);
  await panel.waitAttr('dialect', 'data-dialect', 'web');
  const own = await alone(inspector, page);
  for (const [width, height] of [
    [1280, 300],
    [1280, 360],
    [420, 900],
    [640, 180],
  ] as const) {
    await own.setViewportSize({ width, height });
    expect(await own.evaluate(() => document.documentElement.scrollHeight <= innerHeight), `${width} × ${height}`).toBe(true);
  }
  await own.setViewportSize({ width: 1280, height: 360 });
  await own.getByTestId('action-destroySession').dispatchEvent('click');
  await own.getByTestId('form-destroySession').waitFor();
  const boxes = await own.evaluate(() => {
    const box = (selector: string) => document.querySelector(selector)?.getBoundingClientRect().toJSON() as DOMRect;
    return { lost: box('#run-lost'), run: box('[data-testid="run"]'), cancel: box('[data-testid="cancel"]') };
  });
  // Visible, on one line, side by side.
  for (const { top, bottom } of Object.values(boxes)) expect([top >= 0, bottom <= 360]).toEqual([true, true]);
  expect(Math.abs(boxes.lost.y + boxes.lost.height / 2 - (boxes.run.y + boxes.run.height / 2))).toBeLessThan(12);
  expect(boxes.lost.right).toBeLessThanOrEqual(boxes.cancel.left);
});

test('in forced colors, selected and active elements are distinguishable', async ({ inspector }) => {
  const { page } = await inspector.open();
  await sdkReady(page);
  const panel = await inspector.panel(page);
  await panel.waitAttr('token', 'data-token', 'valid');
  const own = await alone(inspector, page);
  await own.emulateMedia({ forcedColors: 'active' });
  const background = (selector: string) =>
    own
      .locator(selector)
      .first()
      .evaluate((one) => getComputedStyle(one).backgroundColor);
  expect(await background('[role="tab"][aria-selected="true"]')).not.toBe(await background('[role="tab"][aria-selected="false"]'));
  await own.getByRole('tab', { name: 'Timeline' }).click();
  expect(await background('.pill[aria-pressed="true"]')).not.toBe(await background('.pill[aria-pressed="false"]'));
  await own.getByTestId('timeline-entry').first().click();
  expect(await background('[data-testid="timeline-entry"][aria-selected="true"]')).not.toBe(
    await background('[data-testid="timeline-entry"][aria-selected="false"]'),
  );
});
