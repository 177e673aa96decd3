// What is wrong: findings as the session changes, checks by hand, reports out and in; and no false alarm on a healthy page.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { folder } from './lifecycle';
import { rowsOf } from './rows';
import { expect, hookOf, type Panel, panelAlone, panelOn, test, until } from './support';
import { clean, fits, SHOWN } from './well-made';

interface Shown {
  readonly rule: string;
  readonly severity: string;
  readonly text: string;
}
const findings = (v: Pick<Panel, 'target'>): Promise<Shown[]> =>
  v.target.evaluate(`[...document.querySelectorAll('[data-testid="finding"]')].map((one) => ({
    rule: one.dataset.rule, severity: one.dataset.severity, text: one.innerText }))`);
const rules = async (v: Pick<Panel, 'target'>) => (await findings(v)).map(({ rule }) => rule);

/** Waits until the rules have looked at what there is now. */
async function lookedAnew(v: Panel): Promise<void> {
  const asked = Date.now();
  await until('a run of the rules', async () => {
    const at = Date.parse((await v.target.evaluate(`document.querySelector('[data-testid="last-run"] time')?.dateTime`)) ?? '');
    if (at >= asked) return true;
    await v.click('run-rules');
    return false;
  });
}
const speaks = (v: Panel, rule: string) => until(`the finding ${rule}`, async () => (await rules(v)).includes(rule));
const isSilent = (v: Panel, rule: string) => until(`${rule} to go`, async () => !(await rules(v)).includes(rule));
const badge = (v: Pick<Panel, 'target'>): Promise<string | null> =>
  v.target.evaluate(`document.getElementById('tab-diagnostics').dataset.badge ?? null`);

const NATIVE = ['Refresh token', 'Sign in as Ada', 'Refresh token', 'Sign out', 'Regenerate UUID'];
/** Of the Web SDK a token is the site's alone. */
const WEB = ['Sign in as Ada', 'Sign out', 'Regenerate UUID'];

/** Pages of the sandbox on which nothing is wrong, and what is done on them. */
const HEALTHY: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'the native SDKs': { '/': NATIVE, '/?sdk=flutter': NATIVE, '/?sdk=ios': NATIVE, '/?sdk=android': NATIVE, '/?opaque': NATIVE },
  'the Web SDK, bundled apps and frames': {
    '/?sdk=web': WEB,
    '/?sdk=web&jwt&events': WEB,
    '/bundled?dialect=react-native': NATIVE,
    '/frames?a=ios': [],
  },
};

for (const [kind, pages] of Object.entries(HEALTHY))
  test(`no healthy page of ${kind} has a finding, through sign-in, refresh, regeneration, sign-out and a reload`, async ({ inspector }) => {
    // Several pages one after another.
    test.setTimeout(240_000);
    for (const [path, actions] of Object.entries(pages)) {
      const { page } = await inspector.open(path);
      const v = await inspector.panel(page);
      await until(
        `a session on ${path}`,
        async () => (await v.attr('session-state', 'data-phase')) === 'attached' && (await v.text('uuid')),
      );
      await v.tab('Diagnostics');
      await lookedAnew(v);
      expect(await findings(v), `${path}, as it came`).toEqual([]);
      for (const name of actions) {
        const before = JSON.stringify((await hookOf(page)).held);
        await page.getByRole('button', { name, exact: true }).click();
        await until(`what came of ${name}`, async () => JSON.stringify((await hookOf(page)).held) !== before);
        await v.shows('uuid', (await hookOf(page)).held.uuid ?? '');
        await lookedAnew(v);
        expect(await findings(v), `${path}, after ${name}`).toEqual([]);
      }
      await page.reload();
      await until('the session again', async () => (await v.text('uuid')) !== null);
      await lookedAnew(v);
      expect(await findings(v), `${path}, loaded again`).toEqual([]);
      expect(await badge(v)).toBeNull();
      await page.close();
    }
  });

test('what an SDK in a frame does is no mistake of the one that is shown', async ({ inspector }) => {
  const { page } = await inspector.open('/frames?a=ios&top=react-native');
  const v = await inspector.panel(page);
  await until('the session', () => v.text('uuid'));
  const frame = await until('the frame', () => page.frames().find((one) => one.url().includes('sdk=ios')));
  await until('its token', async () => (await hookOf(frame)).held.token);
  await v.tab('Diagnostics');
  for (const name of NATIVE) {
    const before = JSON.stringify((await hookOf(frame)).held);
    await frame.getByRole('button', { name, exact: true }).click();
    await until(`what came of ${name}`, async () => JSON.stringify((await hookOf(frame)).held) !== before);
    await lookedAnew(v);
    expect(await findings(v), name).toEqual([]);
  }
  // Its requests were seen.
  await v.tab('Network');
  await until('the sign-in', async () => (await rowsOf(v, 'network')).some(({ text }) => text.startsWith('Login ·')));
  await v.tab('Diagnostics');
  await lookedAnew(v);
  expect(await findings(v)).toEqual([]);
});

test('a mistake shows with its entries, is muted and heard again on its site, and goes with its cause', async ({ inspector }) => {
  const { page, v } = await panelOn(inspector, { tab: 'Diagnostics' });
  await lookedAnew(v);
  expect(await findings(v)).toEqual([]);
  await page.getByRole('button', { name: 'Sign in as Ada' }).click();
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  await page.evaluate(() => {
    (globalThis as unknown as { Synerise: { Client: { regenerateUUID(): void } } }).Synerise.Client.regenerateUUID();
  });
  await speaks(v, 'regenerate-while-signed-in');
  const [found] = await findings(v);
  expect(found).toMatchObject({ rule: 'regenerate-while-signed-in', severity: 'warning' });
  expect(await badge(v)).toBe('1');

  // The entry that it rests on, in the timeline.
  const seq = Number(await v.attr('finding-entry', 'data-entry'));
  await v.click('finding-entry');
  await until('the entry', () =>
    v.target.evaluate(
      `document.querySelector('#view-timeline:not([hidden]) [aria-selected="true"], #view-timeline:not([hidden]) .selected') !== null`,
    ),
  );
  const row = (await rowsOf(v)).find((one) => one.seq === seq);
  expect(row).toMatchObject({ kind: 'call' });
  expect(row?.text).toContain('regenerateUUID()');

  await v.tab('Diagnostics');
  await v.target.evaluate(`document.querySelector('[data-rule="regenerate-while-signed-in"] button').click()`);
  await isSilent(v, 'regenerate-while-signed-in');
  await until('no badge', async () => (await badge(v)) === null);
  // The site's setting holds in another panel too.
  const other = await inspector.chromium.context.newPage();
  await other.goto(`${inspector.sandbox.origin}/`);
  const second = await inspector.panel(other);
  await second.tab('Diagnostics');
  await until('the muted rule', async () => ((await second.text('muted')) ?? '').includes('1 muted on this site'));
  await second.click('unmute-regenerate-while-signed-in');
  await speaks(v, 'regenerate-while-signed-in');

  await page.bringToFront();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await isSilent(v, 'regenerate-while-signed-in');
});

test('what is wrong with cookies, keys, addresses and tokens of the Web SDK is named, and a deleted cookie ends it', async ({
  inspector,
}) => {
  const { page } = await inspector.open('/shop/?sdk=web&jwt&duplicates&twokeys&exp=years&snrs_cl=00000000-0000-4000-8000-000000000001');
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await v.tab('Diagnostics');
  const wrong = ['duplicate-cookies', 'token-long-lived', 'two-tracker-keys', 'uuid-in-url'];
  await until('all of it', async () => {
    const shown = await rules(v);
    return wrong.every((rule) => shown.includes(rule));
  });
  const severities = (await findings(v)).map(({ severity }) => ['error', 'warning', 'info'].indexOf(severity));
  expect(severities).toEqual([...severities].sort());
  await page.evaluate(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: as a site does
    document.cookie = '_snrs_uuid=; path=/shop; max-age=0';
    history.replaceState(null, '', '/shop/?sdk=web');
  });
  await isSilent(v, 'duplicate-cookies');
  await isSilent(v, 'uuid-in-url');
  expect(await rules(v)).toContain('two-tracker-keys');
});

test('an SDK that never came, and one that was never initialized, are findings', async ({ inspector }) => {
  const { page } = await inspector.open('/?sdk=web&never');
  const v = await inspector.panel(page);
  await v.tab('Diagnostics');
  await speaks(v, 'snippet-without-sdk');
  await page.goto(`${inspector.sandbox.origin}/?sdk=web&uninitialised`);
  await speaks(v, 'sdk-not-initialised');
  expect(await rules(v)).toEqual(['sdk-not-initialised']);
});

test("a token's signature is checked against the site's key, another, and after a change", async ({ inspector }) => {
  const { page } = await inspector.open('/?sdk=web&jwt');
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await v.tab('Diagnostics');
  const verified = async (key: string) => {
    await v.type('check-key', key);
    await v.click('verify-token');
    await until('the verdict', () => v.there('verification'));
    return [await v.attr('verification', 'data-fits'), await v.attr('verification', 'data-why')];
  };
  await v.click('check-token-held');
  const key = await (await fetch(`${inspector.sandbox.origin}/site/public.pem`)).text();
  expect(await verified(key)).toEqual(['true', null]);
  expect(await v.text('check-claims')).toContain('ada@shop.example');
  // The auth server's key is another.
  const { publicKey } = await import('node:crypto').then(({ generateKeyPairSync }) => generateKeyPairSync('rsa', { modulusLength: 2048 }));
  expect(await verified(String(publicKey.export({ type: 'spki', format: 'pem' })))).toEqual(['false', 'wrong-key']);
  const raw = String((await hookOf(page)).held.token?.raw);
  const [header, payload, signature] = raw.split('.');
  const claims = { ...(JSON.parse(Buffer.from(String(payload), 'base64url').toString()) as object), email: 'grace@shop.example' };
  await v.type('check-token', `Bearer ${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`);
  expect(await verified(key)).toEqual(['false', 'tampered']);
});

test('a UUID is tried against an e-mail by every recipe, and hashed', async ({ inspector }) => {
  const { v } = await panelOn(inspector, { tab: 'Diagnostics' });
  await v.type('check-uuid', '74081271-9f45-5d83-849d-82c44bca5e74');
  await v.type('check-identifier', 'Customer@Synerise.com ');
  // Written otherwise, it is still found.
  await v.waitAttr('recipe-verdict', 'data-recipe', 'magento-woocommerce');
  await v.type('check-identifier', 'customer@synerise.com');
  await v.shows('identity-hash', '-374943845');
  await v.type('check-uuid', '345d4c8f-5aff-591d-a19c-1ca48923d9ee');
  await v.waitAttr('recipe-verdict', 'data-fits', 'false');
  await v.type('check-salts', 'someString');
  await v.waitAttr('recipe-verdict', 'data-recipe', 'docs');
});

/** A text as it reads in base64 wherever in a longer text it stands. */
const inBase64 = (text: string) =>
  [0, 1, 2].map((before) =>
    Buffer.from(`${' '.repeat(before)}${text}`)
      .toString('base64')
      .slice(before && before + 1)
      .replace(/.{0,2}=*$/, ''),
  );

/** Made up, and a secret of nobody. */
const SECRETS = ['lovelace', 'ada@shop.example'];

test('a report goes out without secrets, opens again read-only, and compares with what is now', async ({ inspector }) => {
  const { page, v } = await panelOn(inspector, { tab: 'Diagnostics' });
  await page.getByRole('button', { name: 'Sign in as Ada' }).click();
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  const token = String((await hookOf(page)).held.token?.raw);
  const uuid = String((await hookOf(page)).held.uuid);
  const made = async (ways: Record<string, string>) => {
    for (const [kind, way] of Object.entries(ways)) await v.type(`redact-${kind}`, way);
    await v.click('make-report');
    await until('the report', () => v.there('report-ready'), 20_000);
    return v.saved('save-report');
  };
  // A person's call with an e-mail in it must have been told by now.
  await until('the sign-in', async () => (await made({})).includes('"does": "signIn"'));
  const preview = async () => String(await v.target.evaluate(`document.querySelector('[data-testid="report-preview"]').textContent`));
  for (const way of ['pseudonym', 'removed']) {
    const file = await made({ tokens: way, personal: way, ids: 'kept' });
    for (const secret of [token, ...SECRETS]) {
      for (const encoded of [secret, encodeURIComponent(secret), ...inBase64(secret)])
        expect(file, `${way}: ${encoded}`).not.toContain(encoded);
    }
    expect(file).toContain(uuid);
    // What is shown is what goes out, also when it was made anew.
    if (way === 'pseudonym') await v.target.evaluate(`document.querySelector('[data-testid="report-ready"] summary').click()`);
    await until('the preview', async () => (await preview()).length > 1000 && file.startsWith((await preview()).slice(0, 60_000)));
  }
  await v.type('preview-form', 'markdown');
  await until('the Markdown', async () => (await v.saved('save-markdown')).startsWith((await preview()).slice(0, 60_000)));
  await v.type('preview-form', 'har');
  await until('the HAR', async () => (await v.saved('save-har')).startsWith((await preview()).slice(0, 60_000)));
  expect(await made({ tokens: 'kept', personal: 'kept' })).toContain(token);
  expect(await v.there('report-warning')).toBe(true);
  const file = await made({ tokens: 'pseudonym', personal: 'pseudonym', ids: 'kept' });
  expect(await v.saved('save-markdown')).toContain('# Synerise session report');
  expect(JSON.parse(await v.saved('save-har')).log.entries.length).toBeGreaterThan(0);

  const path = join(folder('report'), 'session.json');
  writeFileSync(path, file);
  await v.upload('open-report', path);
  await until('the opened report', () => v.there('report-view'));
  expect(await v.text('report-view')).toContain(uuid);
  // What was known of the session, group by group.
  const groups: string[] = await v.target.evaluate(
    `[...document.querySelectorAll('[data-testid="report-group"] summary')].map((one) => one.textContent.replace(/ \\(\\d+\\)$/, ''))`,
  );
  expect(groups).toEqual(expect.arrayContaining(['Customer', 'Token']));
  const told = (JSON.parse(file) as { timeline: { seq: number }[] }).timeline.length;
  await until('its timeline', async () => (await rowsOf(v, 'report-timeline')).length === told);
  // It is nobody's live session: nothing in it can be run, muted or changed.
  expect(
    await v.target.evaluate(
      `document.querySelectorAll('#view-diagnostics [data-testid^="action-"], #view-diagnostics .finding .small').length`,
    ),
  ).toBe(0);
  await v.click('report-close');

  await signOutIn(page, v);
  const { createdAt } = JSON.parse(file) as { createdAt: string };
  // The same file again is the same report.
  await v.upload('open-report', path);
  await until('the opened report', () => v.there('report-view'));
  await v.click('report-close');
  expect(await v.count('report-again')).toBe(1);
  await v.type('compare-left', `report session.json ${createdAt}`);
  await v.type('compare-right', 'now');
  await v.click('compare');
  const differing: string[] = await v.target.evaluate(
    `[...document.querySelectorAll('[data-testid="differences"] tr[data-state="differs"] th')].map((one) => one.textContent)`,
  );
  expect(differing).toEqual(expect.arrayContaining(['Customer: identity', 'Token: fingerprint']));
  expect(differing).not.toContain('Customer: UUID');
  // Of pseudonyms nobody knows whether they stand for what is now.
  expect(await v.text('untold')).toContain('Cannot be compared: Tokens, Personal data.');
  await v.click('report-forget');
  await until('the report to go', async () => !(await v.there('report-again')));
});

async function signOutIn(page: Page, v: Panel): Promise<void> {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await v.waitAttr('session-state', 'data-identity', 'anonymous');
  await v.waitAttr('token', 'data-token', 'valid');
}

test('a file that is no report says what is wrong with it, and changes nothing', async ({ inspector }) => {
  const { v } = await panelOn(inspector, { tab: 'Diagnostics' });
  const place = folder('report');
  const upload = async (name: string, text: string) => {
    const path = join(place, name);
    writeFileSync(path, text);
    await v.upload('open-report', path);
    await until(`the word on ${name}`, async () => ((await v.text('report-problem')) ?? '').startsWith(`${name}:`));
    return (await v.text('report-problem')) ?? '';
  };
  expect(await upload('cut.json', '{"format":"synerise-session-report","version":1,"timeline":[')).toContain('breaks off');
  expect(await upload('log.har', '{"log":{"entries":[]}}')).toContain('open it under Network');
  expect(await upload('newer.json', '{"format":"synerise-session-report","version":99}')).toContain('of version 99');
  expect(await upload('damaged.json', '{"format":"synerise-session-report","version":1}')).toContain('damaged at');
  expect(await v.there('report-view')).toBe(false);
});

test.describe('by itself', () => {
  test.use({ watched: true });

  for (const colorScheme of ['light', 'dark'] as const)
    test(`${colorScheme}: nothing that axe finds, or that is cut off, with findings, checks, differences and an opened report`, async ({
      inspector,
    }) => {
      const { page } = await inspector.open('/shop/?sdk=web&jwt&duplicates&exp=past');
      await until('the UUID', async () => (await hookOf(page)).held.uuid);
      const own = await panelAlone(inspector, colorScheme);
      await own.getByRole('tab', { name: 'Diagnostics' }).click();
      await own.getByTestId('finding').first().waitFor();
      await own.getByTestId('check-token-held').click();
      await own.getByTestId('check-key').fill('no key');
      await own.getByTestId('verify-token').click();
      await own.getByTestId('verification').waitFor();
      await own.getByTestId('check-identifier').fill('ada@shop.example');
      await own.getByText('What each recipe gives').click();
      await own.getByText('Salts and namespaces').click();
      await own.getByTestId('compare-left').selectOption({ index: 2 });
      await own.getByTestId('compare').click();
      await own.getByTestId('redact-tokens').selectOption('kept');
      await own.getByTestId('make-report').click();
      await own.getByText('What goes out').click();
      const saved = own.waitForEvent('download');
      await own.getByTestId('save-report').click();
      const path = join(folder('report'), 'report.json');
      await (await saved).saveAs(path);
      await own.locator('[data-rule="duplicate-cookies"] button').first().click();
      await own.getByTestId('muted').click();
      await clean(own, SHOWN);
      await fits(own);
      await own.getByTestId('open-report').setInputFiles(path);
      await own.getByTestId('report-view').waitFor();
      await own.getByTestId('report-timeline-entry').first().click();
      for (const group of await own.getByTestId('report-group').all()) await group.locator('summary').click();
      await clean(own, SHOWN);
      await fits(own);
    });
});
