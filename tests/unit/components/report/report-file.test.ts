/** A report goes out of the panel as a file, and comes in again. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openReport } from '@/components/report/report-source';
import { until } from '@/scripts/until.mjs';
import { hookOf, type NodeInspector, type NodeView, openInspector } from '../../fakes/inspector';
import { openShop, press, signIn } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(async () => {
  await inspector.close();
  rmSync(folder, { recursive: true });
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

async function diagnostics() {
  inspector = await openInspector({ requests: true });
  const page = await openShop(inspector);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'valid');
  await v.tab('Diagnostics');
  return { page, v };
}

/** Makes a report with these choices; gives the file. */
async function made(v: NodeView, ways: Readonly<Record<string, string>> = {}): Promise<string> {
  for (const [kind, way] of Object.entries(ways)) await v.type(`redact-${kind}`, way);
  await v.click('make-report');
  await until('the report', async () => (await v.there('report-ready')) && !(await v.disabled('make-report')), 20_000);
  return v.saved('save-report');
}

async function signedIn() {
  const { page, v } = await diagnostics();
  await signIn(page);
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  // The page's call has an email and a password in it, and so has its request, which is reported later.
  const isWhole = (text: string) => text.includes('"does": "signIn"') && JSON.parse(text).requests.length > 0;
  await until('the sign-in in the report', async () => isWhole(await made(v)), 20_000);
  const { uuid, token } = (await hookOf(page)).held;
  return { page, v, uuid: String(uuid), token: String(token?.raw) };
}

it('a report has no secrets unless they are kept, and its preview is what goes out, in each form', async () => {
  const { v, uuid, token } = await signedIn();
  const preview = async () => String(await v.target.evaluate(`document.querySelector('[data-testid="report-preview"]').textContent`));
  const isPreviewOf = (file: string) =>
    until('the preview', async () => (await preview()).length > 1000 && file.startsWith((await preview()).slice(0, 60_000)));
  for (const way of ['pseudonym', 'removed']) {
    const file = await made(v, { tokens: way, personal: way, ids: 'kept' });
    for (const secret of [token, ...SECRETS])
      for (const encoded of [secret, encodeURIComponent(secret), ...inBase64(secret)])
        expect(file, `${way}: ${encoded}`).not.toContain(encoded);
    expect(file).toContain(uuid);
    if (way === 'pseudonym') await v.target.evaluate(`document.querySelector('[data-testid="report-ready"] summary').click()`);
    await isPreviewOf(file);
  }
  expect(await v.there('report-warning')).toBe(false);
  for (const form of ['markdown', 'har']) {
    await v.type('preview-form', form);
    await isPreviewOf(await v.saved(`save-${form}`));
  }
  expect(await v.saved('save-markdown')).toContain('# Synerise session report');
  expect(JSON.parse(await v.saved('save-har')).log.entries.length).toBeGreaterThan(0);
  expect(await made(v, { tokens: 'kept', personal: 'kept' })).toContain(token);
  expect(await v.there('report-warning')).toBe(true);
});

it('a report that is opened is read-only, and is compared with what is now', async () => {
  const { page, v, uuid } = await signedIn();
  const file = await made(v, { tokens: 'pseudonym', personal: 'pseudonym', ids: 'kept' });
  const path = join(folder, 'session.json');
  writeFileSync(path, file);
  await v.upload('open-report', path);
  await until('the opened report', () => v.there('report-view'));
  expect(await v.text('report-view')).toContain(uuid);
  const groups = await v.target.evaluate(
    `[...document.querySelectorAll('[data-testid="report-group"] summary')].map((one) => one.textContent.replace(/ \\(\\d+\\)$/, ''))`,
  );
  expect(groups).toEqual(expect.arrayContaining(['Customer', 'Token']));
  const { timeline, createdAt } = JSON.parse(file) as { timeline: { seq: number }[]; createdAt: string };
  const seqs = new Set(timeline.map(({ seq }) => String(seq)));
  const shown = await until('its timeline', async () => {
    const entries = await v.target.evaluate(
      `[...document.querySelectorAll('[data-testid="report-timeline-entry"]')].map((one) => one.dataset.seq)`,
    );
    return (entries as string[]).length > 0 && (entries as string[]);
  });
  expect(shown.filter((seq) => !seqs.has(seq))).toEqual([]);
  // Nothing in it can be run, muted or changed.
  expect(
    await v.target.evaluate(
      `document.querySelectorAll('[role="tabpanel"]:not([hidden]) :is([data-testid^="action-"], [data-testid="finding"] button:not([data-testid="finding-entry"]))').length`,
    ),
  ).toBe(0);
  await v.click('report-close');

  await press(page, 'sign-out');
  await v.waitAttr('session-state', 'data-identity', 'anonymous');
  await v.waitAttr('token-origin', 'data-origin', 'ANONYMOUS');
  // The same file again is the same report.
  await v.upload('open-report', path);
  await until('the opened report', () => v.there('report-view'));
  await v.click('report-close');
  expect(await v.count('report-again')).toBe(1);
  await v.type('compare-left', `report session.json ${createdAt}`);
  await v.type('compare-right', 'now');
  await v.click('compare');
  await until('the differences', () => v.there('differences'));
  const differing = await v.target.evaluate(
    `[...document.querySelectorAll('[data-testid="differences"] tr[data-state="differs"] th')].map((one) => one.textContent)`,
  );
  expect(differing).toEqual(expect.arrayContaining(['Customer: identity', 'Token: fingerprint']));
  expect(differing).not.toContain('Customer: UUID');
  // Whether pseudonyms stand for what is now is not known.
  expect(await v.there('untold')).toBe(true);
  await v.click('report-forget');
  await until('the report to go', async () => !(await v.there('report-again')));
  expect(await v.there('differences')).toBe(false);
});

it('a file that is no report is named with what is wrong, and opens nothing', async () => {
  const { v } = await diagnostics();
  const problems = new Set<string>();
  for (const [name, text] of [
    ['cut.json', '{"format":"synerise-session-report","version":1,"timeline":['],
    ['log.har', '{"log":{"entries":[]}}'],
    ['newer.json', '{"format":"synerise-session-report","version":99}'],
    ['damaged.json', '{"format":"synerise-session-report","version":1}'],
  ] as const) {
    const file = join(folder, name);
    writeFileSync(file, text);
    await v.upload('open-report', file);
    const opened = await openReport(new File([text], name));
    await v.shows('report-problem', 'problem' in opened ? `${name}: ${opened.problem}` : '');
    problems.add('problem' in opened ? opened.problem : '');
  }
  expect(problems.size).toBe(4);
  expect(await v.there('report-view')).toBe(false);
});
