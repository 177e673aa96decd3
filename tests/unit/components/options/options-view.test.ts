/** The settings page. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { importSettings, NO_SETTINGS, NO_SITE, SETTINGS_KEY, type Settings } from '@/lib/settings/settings';
import { until } from '@/scripts/until.mjs';
import { type NodeInspector, type NodeView, openInspector } from '../../fakes/inspector';
import { openShop } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(async () => {
  await inspector.close();
  rmSync(folder, { recursive: true });
});

const stored = () => inspector.onDisk.get(SETTINGS_KEY) as Settings | undefined;

it('settings go into a file and come back from it, and each loss is taken back', async () => {
  const before: Settings = { ...NO_SETTINGS, sites: { 'https://shop.example': { ...NO_SITE, lead: 90_000, autoRefresh: true } } };
  inspector = await openInspector({ settings: before });
  const v = await inspector.options();
  const sites = (count: number) => until(`${count} sites`, async () => (await v.count('other-site')) === count);
  await sites(1);
  const file = join(folder, 'settings.json');
  const text = await v.saved('export');
  expect(JSON.parse(text)).toEqual(before);
  writeFileSync(file, text);

  await v.click('reset');
  await sites(0);
  expect(stored()).toEqual(NO_SETTINGS);
  await v.click('undo');
  await sites(1);
  await v.click('reset');
  await sites(0);
  await v.upload('import', file);
  await sites(1);
  expect(stored()).toEqual(before);

  for (const wrong of ['{"version":99}', 'not JSON', '{"version":2,"sites":{"nowhere":{}},"deadline":1,"theme":"auto"}']) {
    writeFileSync(file, wrong);
    await v.upload('import', file);
    const read = importSettings(wrong);
    await v.shows('import-problem', 'problem' in read ? read.problem : 'none');
    expect(stored()).toEqual(before);
  }
});

/** Types into a field, whose validity is then `valid`, and leaves it. */
async function fillIn(v: NodeView, id: string, text: string, valid: boolean): Promise<void> {
  const input = `document.querySelector('[data-testid="${id}"]')`;
  await v.target.evaluate(`${input}.value = '${text}'; ${input}.dispatchEvent(new Event('input', { bubbles: true }))`);
  await v.waitAttr(id, 'aria-invalid', String(!valid));
  await v.target.evaluate(`${input}.dispatchEvent(new Event('change', { bubbles: true }))`);
}

it('the deadline of the settings is that of an operation', async () => {
  inspector = await openInspector();
  let v = await inspector.options();
  await fillIn(v, 'deadline', '2.5', false);
  expect(stored()).toBeUndefined();
  await fillIn(v, 'deadline', '1', true);
  await until('it to be stored', () => stored()?.deadline === 1000);
  v = await inspector.popup(await openShop(inspector, '/?break=refreshToken:hang'));
  await v.waitAttr('token', 'data-token', 'valid');
  expect(await v.operate('refreshToken')).toMatchObject({ verdict: 'timed-out' });
});
