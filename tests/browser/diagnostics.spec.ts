// Issues with real requests and frames, saving and opening a report, and the tab's appearance. The issues of each check, the tools,
// and the contents of a report are tested in Node (`tests/unit/components/{diagnostics,report}`).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './lifecycle';
import { rowsOf } from './rows';
import { alone, expect, hookOf, type Panel, panelOn, test, until } from './support';
import { SHOWN, wellMade } from './well-made';

const findings = (v: Pick<Panel, 'target'>): Promise<{ rule: string; text: string }[]> =>
  v.target.evaluate(`[...document.querySelectorAll('[data-testid="finding"]')].map((one) => ({
    rule: one.dataset.rule, text: one.innerText }))`);

/** Waits until the checks have run on the current state. */
async function lookedAnew(v: Panel): Promise<void> {
  const asked = Date.now();
  await until('the checks to run', async () => {
    const at = Date.parse((await v.target.evaluate(`document.querySelector('[data-testid="last-run"] time')?.dateTime`)) ?? '');
    if (at >= asked) return true;
    await v.click('run-rules');
    return false;
  });
}
const badge = (v: Pick<Panel, 'target'>): Promise<string | null> =>
  v.target.evaluate(
    `[...document.querySelectorAll('[role="tab"]')].find((one) => one.textContent === 'Diagnostics').dataset.badge ?? null`,
  );

const NATIVE = ['Refresh token', 'Sign in as Ada', 'Refresh token', 'Sign out', 'Regenerate UUID'];
/** Sandbox pages without issues. Node tests cover every dialect, and more actions on each (`healthy-pages.test.ts`). */
const HEALTHY = ['/bundled?dialect=react-native', '/?sdk=web&jwt&events'];

test('healthy pages have no issues, before and after a sign-in and a reload', async ({ inspector }) => {
  for (const path of HEALTHY) {
    const { page } = await inspector.open(path);
    const v = await inspector.panel(page);
    await until(`a session on ${path}`, async () => (await v.attr('session-state', 'data-phase')) === 'attached' && (await v.text('uuid')));
    await v.tab('Diagnostics');
    await lookedAnew(v);
    expect(await findings(v), `${path}, as it came`).toEqual([]);
    const before = (await hookOf(page)).held.token?.raw;
    await page.getByRole('button', { name: 'Sign in as Ada' }).click();
    await v.waitAttr('session-state', 'data-identity', 'signed-in');
    expect((await hookOf(page)).held.token?.raw).not.toBe(before);
    await lookedAnew(v);
    expect(await findings(v), `${path}, signed in`).toEqual([]);
    await page.reload();
    await until('the session again', async () => (await v.text('uuid')) !== null);
    await lookedAnew(v);
    expect(await findings(v), `${path}, loaded again`).toEqual([]);
    expect(await badge(v)).toBeNull();
    await page.close();
  }
});

test('an SDK in a frame causes no issues for the SDK that is shown', async ({ inspector }) => {
  const { page } = await inspector.open('/frames?a=ios&top=react-native');
  const v = await inspector.panel(page);
  await until('the session', () => v.text('uuid'));
  const frame = await until('the frame', () => page.frames().find((one) => one.url().includes('sdk=ios')));
  await until('its token', async () => (await hookOf(frame)).held.token);
  await v.tab('Diagnostics');
  for (const name of NATIVE) {
    const before = JSON.stringify((await hookOf(frame)).held);
    await frame.getByRole('button', { name, exact: true }).click();
    await until(`the effect of ${name}`, async () => JSON.stringify((await hookOf(frame)).held) !== before);
    await lookedAnew(v);
    expect(await findings(v), name).toEqual([]);
  }
  // Its requests were recorded nevertheless.
  await v.tab('Network');
  await until('the sign-in', async () => (await rowsOf(v, 'network')).some(({ text }) => /sign.?in/i.test(text)));
  await v.tab('Diagnostics');
  await lookedAnew(v);
  expect(await findings(v)).toEqual([]);
});

test('a report is saved without secrets, opens read-only, and can be compared with the current state', async ({ inspector }) => {
  const { page, v } = await panelOn(inspector, { tab: 'Diagnostics' });
  await page.getByRole('button', { name: 'Sign in as Ada' }).click();
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  const { uuid, token } = (await hookOf(page)).held;
  const made = async () => {
    await v.click('make-report');
    await until('the report', () => v.there('report-ready'), 20_000);
    return v.saved('save-report');
  };
  // The page's call contains an email address and a password; so does its request, which DevTools reports later.
  const file = await until('the sign-in', async () => {
    const text = await made();
    return text.includes('"does": "signIn"') && JSON.parse(text).requests.length > 0 && text;
  });
  for (const secret of [String(token?.raw), 'lovelace', 'ada@shop.example']) expect(file).not.toContain(secret);
  expect(file).toContain(uuid);
  expect(await v.saved('save-markdown')).toContain('# Synerise session report');
  expect(JSON.parse(await v.saved('save-har')).log.entries.length).toBeGreaterThan(0);

  const path = join(folder('report'), 'session.json');
  writeFileSync(path, file);
  await v.upload('open-report', path);
  await until('the opened report', () => v.there('report-view'));
  expect(await v.text('report-view')).toContain(uuid);
  await until('its timeline', async () => (await v.count('report-timeline-entry')) > 0);
  await v.click('report-close');

  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await v.waitAttr('session-state', 'data-identity', 'anonymous');
  const { createdAt } = JSON.parse(file) as { createdAt: string };
  await v.click('tool-compare');
  await v.type('compare-left', `report session.json ${createdAt}`);
  await v.type('compare-right', 'now');
  await v.click('compare');
  await until('the differences', () => v.there('differences'));
  const differing: string[] = await v.target.evaluate(
    `[...document.querySelectorAll('[data-testid="differences"] tr[data-state="differs"] th')].map((one) => one.textContent)`,
  );
  expect(differing).toContain('Customer: identity');
});

test.describe('the panel in its own tab', () => {
  test.use({ watched: true });

  test('issues, tools, differences, and an opened report pass axe in both themes and are not cut off', async ({ inspector }) => {
    const isWellMade = (where: string) => wellMade(own, where, SHOWN);
    const { page } = await inspector.open('/shop/?sdk=web&jwt&duplicates&exp=past');
    await until('the UUID', async () => (await hookOf(page)).held.uuid);
    const own = await alone(inspector, page);
    await own.getByRole('tab', { name: 'Diagnostics' }).click();
    await own.getByTestId('finding').first().waitFor();
    await own.getByTestId('mute-finding').click();
    await own.getByTestId('issues-hidden').click();
    await isWellMade('findings');
    await own.getByTestId('tool-token').click();
    await own.getByTestId('check-token-held').click();
    await own.getByTestId('check-key').fill('no key');
    await own.getByTestId('verify-token').click();
    await own.getByTestId('verification').waitFor();
    await isWellMade('checks of a token');
    await own.getByTestId('tool-uuid').click();
    await own.getByTestId('check-identifier').fill('ada@shop.example');
    await own.getByText('All derivations').click();
    await own.getByText('Salts and namespaces').click();
    await isWellMade('checks of a UUID');
    await own.getByTestId('tool-compare').click();
    await own.getByTestId('compare-left').selectOption({ index: 2 });
    await own.getByTestId('compare').click();
    await isWellMade('differences');
    await own.getByTestId('tool-export').click();
    await own.getByTestId('redact-tokens').selectOption('kept');
    await own.getByTestId('make-report').click();
    await own.getByText('Preview', { exact: true }).click();
    const saved = own.waitForEvent('download');
    await own.getByTestId('save-report').click();
    const path = join(folder('report'), 'report.json');
    await (await saved).saveAs(path);
    await isWellMade('a report to save');
    await own.getByTestId('open-report').setInputFiles(path);
    await own.getByTestId('report-view').waitFor();
    await own.getByTestId('report-timeline-entry').first().click();
    for (const group of await own.getByTestId('report-group').all()) await group.locator('summary').click();
    await isWellMade('an opened report');
  });
});
