import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchFirefox } from '../../../scripts/firefox.mjs';
import { ROOT } from '../../../scripts/setup.mjs';
import { expect, test, until } from './support';

const profilesIn = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('synerise-inspector-firefox-'));

test('Firefox exits and its profile is removed when the process that launched it is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'synerise-holder-'));
  const driver = JSON.stringify(join(ROOT, 'scripts', 'firefox.mjs'));
  const source = `const { launchFirefox } = await import(${driver}); const { inBrowser } = await launchFirefox();
    process.stdout.write(String(await inBrowser('return Services.appinfo.processID;')));`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', source], { env: { ...process.env, TMPDIR: folder } });
  try {
    const [said] = (await once(holder.stdout, 'data')) as [Buffer];
    const firefox = Number(String(said));
    expect(process.kill(firefox, 0)).toBe(true);
    expect(profilesIn(folder)).toHaveLength(1);
    holder.kill('SIGKILL');
    await until('its profile to be removed', () => profilesIn(folder).length === 0);
    expect(() => process.kill(firefox, 0)).toThrow();
  } finally {
    holder.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a failed launch of Firefox reports the reason and leaves nothing behind', async () => {
  const before = profilesIn(tmpdir());
  await expect(launchFirefox({ extension: join(ROOT, 'sandbox') })).rejects.toThrow('npm run build:firefox');
  await expect(launchFirefox({ program: '/no/such/firefox' })).rejects.toThrow(/exited during startup.*ENOENT/s);
  expect(profilesIn(tmpdir())).toEqual(before);
});
