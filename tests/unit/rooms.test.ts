// Who may import whom, and who may name the browser: the house holds its rules, and each rule is broken once.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { houseFiles, problemsOf, ROOMS } from '../../scripts/rooms.mjs';

test('every file of the house keeps its rules', () => {
  const files = houseFiles();
  expect(files.size).toBeGreaterThan(200);
  expect(problemsOf(files)).toEqual([]);
});

const imports = (from: string) => `import { x } from '${from}';\nexport const y = x;\n`;
const told = (files: Record<string, string>) => problemsOf(new Map(Object.entries(files)));

describe('it is told', () => {
  it.each<[path: string, from: string]>([
    ['lib/sdk/page.ts', '../page/plain'],
    ['lib/sdk/dialects/alias.ts', '@/lib/settings/settings'],
    ['lib/sdk/zod.ts', 'zod/mini'],
    ['lib/page/session.ts', '../session/session'],
    ['lib/page/web.ts', '../web/recipes'],
    ['lib/page/uuid.ts', 'uuid'],
    ['lib/web/browser.ts', 'wxt/browser'],
    ['lib/jwt/session.ts', '../session/session'],
    ['lib/redaction/network.ts', '../network/requests'],
    ['lib/redaction/zod.ts', 'zod/mini'],
    ['lib/network/session.ts', '../session/session'],
    ['lib/network/browser.ts', '../browser/native-browser'],
    ['lib/background/browser.ts', '../browser/native-browser'],
    ['lib/background/polyfill.ts', 'wxt/browser'],
    ['lib/session/protocol.ts', '../protocol/view-message'],
    ['lib/session/hub.ts', '../background/hub'],
    ['lib/session/history/alias.ts', '@/lib/browser/native-browser'],
    ['lib/session/whole-zod.ts', 'zod'],
    ['lib/session/view.ts', '@/components/state/words'],
    ['lib/diagnostics/report.ts', '../report/report'],
    ['lib/report/devtools.ts', '../devtools/requests'],
    ['lib/forms/background.ts', '../background/hub'],
    ['lib/settings/protocol.ts', '../protocol/view-message'],
    ['lib/protocol/hub.ts', '../background/hub'],
    ['lib/protocol/browser.ts', 'wxt/browser'],
    ['lib/background/preact.ts', 'preact'],
    ['lib/background/view.ts', '@/components/state/words'],
    ['lib/devtools/signals.ts', '@preact/signals'],
    ['components/ui/session.tsx', '@/lib/session/session'],
    ['components/ui/state.tsx', '../state/model'],
    ['components/header/hub.tsx', '@/lib/background/hub'],
    ['components/header/devtools.tsx', '@/lib/devtools/requests'],
    ['components/header/platform.tsx', '@/lib/browser/native-browser'],
    ['components/header/polyfill.tsx', 'webextension-polyfill'],
    ['entrypoints/page-agent.ts', '@/lib/settings/settings'],
    ['entrypoints/page-relay.ts', '@/lib/page/agent'],
    ['entrypoints/page-client.ts', 'wxt/browser'],
  ])('that %s imports %s', (path, from) => {
    expect(told({ [path]: imports(from) })).toEqual([expect.stringContaining(`${path} imports`)]);
  });

  it('that a dialect is asked for by its name', () => {
    expect(told({ 'lib/session/x.ts': "export const isWeb = (one: { dialect: string }) => one.dialect === 'web';\n" })).toEqual([
      expect.stringContaining('compares a dialect’s name'),
    ]);
  });

  it.each([
    ['a type', "import type { X } from '../session/session';\nexport type Y = X;\n"],
    ['a type in place', "export type Y = import('../session/session').X;\n"],
    ['later', "export const x = () => import('../session/session');\n"],
    ['what is handed on', "export { x } from '../session/session';\n"],
  ])('where the import is of %s', (_what, text) => {
    expect(told({ 'lib/page/x.ts': text })).toHaveLength(1);
  });

  it('where a file stands loose, or in a folder that is no room', () => {
    expect(told({ 'lib/x.ts': '' })).toEqual(['lib/x.ts is directly in lib.']);
    expect(told({ 'components/x.tsx': '' })).toEqual(['components/x.tsx is directly in components.']);
    expect(told({ 'lib/attic/x.ts': '' })).toEqual([expect.stringContaining('lib/attic/x.ts isn’t in any room')]);
  });

  it('where files import each other in a circle, types included', () => {
    const circle = {
      'lib/page/a.ts': "import type { B } from './b';\nexport type A = B;\n",
      'lib/page/b.ts': "export const later = () => import('./c');\nexport type B = 1;\n",
      'lib/page/c.ts': imports('@/lib/page/a'),
      'lib/page/d.ts': imports('./a'),
    };
    expect(told(circle)).toEqual([expect.stringMatching(/^Import cycle.*: lib\/page\/a\.ts, lib\/page\/b\.ts, lib\/page\/c\.ts\.$/)]);
  });
});

it('says nothing of what is allowed, nor of what only a comment names', () => {
  expect(
    told({
      'lib/page/x.ts': `// import { x } from '../session/session';\n/* from '../session/session' */\n${imports('../sdk/operations')}`,
      'lib/session/x.ts': `${imports('../network/requests')}const head = ['from', 'what'];\n`,
      'lib/jwt/x.ts': imports('jose'),
      'components/ui/x.tsx': imports('preact/hooks'),
      'components/header/x.tsx': imports('../ui/parts'),
      'entrypoints/page-watch.ts': imports('@/lib/page/watch'),
    }),
  ).toEqual([]);
});

it('each room says what it knows, and names rooms that there are', () => {
  for (const { about, rooms } of Object.values(ROOMS)) {
    expect(about).not.toBe('');
    for (const room of rooms) expect(Object.keys(ROOMS)).toContain(room);
  }
});

describe('who may name the browser', () => {
  const BROWSER = 'export const x = browser.runtime.id;\n';
  const CHROME = 'export const x = chrome.runtime.id;\n';
  const FORBIDDEN = {
    'lib/page/global.ts': CHROME,
    'lib/session/global.ts': BROWSER,
    'lib/network/global.ts': CHROME,
    'lib/protocol/global.ts': CHROME,
    'components/header/global.tsx': CHROME,
  };
  const ALLOWED = { 'lib/background/global.ts': BROWSER, 'lib/devtools/global.ts': CHROME };
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is only who talks to it', () => {
    const config = JSON.parse(readFileSync('biome.json', 'utf8')) as object;
    writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...config, $schema: undefined, vcs: { enabled: false } }));
    for (const [path, code] of Object.entries({ ...FORBIDDEN, ...ALLOWED })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), code);
    }
    const args = [join(process.cwd(), 'node_modules/@biomejs/biome/bin/biome'), 'lint', '--reporter=json', '--max-diagnostics=none', '.'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: string | { file: string } } }[] };
    const broken = diagnostics
      .filter(({ category }) => category.includes('noRestrictedGlobals'))
      .map(({ location: { path } }) => (typeof path === 'string' ? path : path.file).replace(/^\.\//, ''));
    expect([...new Set(broken)].sort()).toEqual(Object.keys(FORBIDDEN).sort());
  });
});
