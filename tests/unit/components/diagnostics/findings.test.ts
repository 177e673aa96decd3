/** Findings come and go with what is wrong on a page, and can be muted for its site. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RULES } from '@/lib/diagnostics/rules';
import { until } from '@/scripts/until.mjs';
import { badgeIn, findingsIn, isSilent, lookedAnew, rulesIn, speaks } from '../../fakes/diagnostics';
import { type NodeInspector, openInspector } from '../../fakes/inspector';
import { age } from '../../fakes/old-page';
import { callClient, historyOf, openShop, press, signIn } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
beforeEach(async () => {
  inspector = await openInspector();
});
afterEach(() => inspector.close());

const RULE = 'regenerate-while-signed-in';

it('a mistake is a finding with the call that it rests on, is muted for its site, and goes with its cause', async () => {
  const page = await openShop(inspector);
  let v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await v.tab('Diagnostics');
  await lookedAnew(v);
  expect(await findingsIn(v)).toEqual([]);
  await signIn(page);
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  await callClient(page, 'regenerateUUID');
  await speaks(v, RULE);
  expect(await findingsIn(v)).toEqual([{ rule: RULE, severity: 'warning' }]);
  expect(await badgeIn(v)).toBe('1');

  await until('its details', () => v.there('finding-entry'));
  const seq = Number(await v.attr('finding-entry', 'data-entry'));
  expect(historyOf(inspector, page).find((entry) => entry.seq === seq)).toMatchObject({ kind: 'call', does: 'regenerateUUID' });
  await v.click('finding-entry');
  await until('the entry in the timeline', () =>
    v.target.evaluate(
      `!!document.querySelector('[role="tabpanel"]:not([hidden]) [data-testid="timeline-entry"][data-seq="${seq}"][aria-selected="true"]')`,
    ),
  );

  await v.tab('Diagnostics');
  await v.click('mute-finding');
  await isSilent(v, RULE);
  await until('no badge', async () => (await badgeIn(v)) === null);
  // The setting holds in another tab of the site too.
  const other = await openShop(inspector);
  v = await inspector.panel(other);
  await v.tab('Diagnostics');
  await v.click('issues-hidden');
  await v.click(`unmute-${RULE}`);
  await until('nothing muted', async () => !(await v.there(`unmute-${RULE}`)));
  v = await inspector.panel(page);
  await v.tab('Diagnostics');
  await speaks(v, RULE);

  await press(page, 'sign-out');
  await isSilent(v, RULE);
});

it('faults of cookies, keys, addresses and tokens of the Web SDK are findings, worst first, until they are mended', async () => {
  const path = '/shop/?sdk=web&jwt&duplicates&twokeys&exp=years&snrs_cl=00000000-0000-4000-8000-000000000001';
  const page = await openShop(inspector, path);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await v.tab('Diagnostics');
  for (const rule of ['duplicate-cookies', 'token-long-lived', 'two-tracker-keys', 'uuid-in-url']) await speaks(v, rule);
  const severities = (await findingsIn(v)).map(({ severity }) => ['error', 'warning', 'info'].indexOf(severity));
  expect(severities).toEqual([...severities].sort());
  await page.evaluate(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: as a site does
    document.cookie = '_snrs_uuid=; path=/shop; max-age=0';
    history.replaceState(null, '', '/shop/?sdk=web');
  });
  await isSilent(v, 'duplicate-cookies');
  await isSilent(v, 'uuid-in-url');
  expect(await rulesIn(v)).toContain('two-tracker-keys');
  // The popup says it in a line.
  const popup = await inspector.popup(page);
  await until('the line', () => popup.there('popup-issues'));
  const words = (await popup.text('popup-issues')) ?? '';
  expect(words).toMatch(/^\d issues: /);
  for (const id of ['token-long-lived', 'two-tracker-keys']) expect(words).toContain(RULES.find((rule) => rule.id === id)?.title);
});

it('an SDK that never came, and one that was never initialized, are findings', async () => {
  for (const [path, rule] of [
    ['/?sdk=web&never', 'snippet-without-sdk'],
    ['/?sdk=web&uninitialised', 'sdk-not-initialised'],
  ] as const) {
    const page = await inspector.open(path);
    await page.evaluate(age);
    const v = await inspector.panel(page);
    await v.tab('Diagnostics');
    await speaks(v, rule);
    expect(await rulesIn(v)).toEqual([rule]);
  }
});
