import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

// DESIGN §2: who may import whom, and who may name the browser. The project's own rules on files that break them.
/** A file that imports `from`. */
const importing = (path: string, from: string): readonly [string, string] => [path, `import { x } from '${from}';\nexport const y = x;\n`];
const FORBIDDEN: readonly (readonly [string, string])[] = [
  importing('lib/sdk/zod.ts', 'zod/mini'),
  importing('lib/sdk/uuid.ts', 'uuid'),
  importing('lib/sdk/virtual.ts', '@tanstack/virtual-core'),
  importing('lib/sdk/recipes.ts', '../web/recipes'),
  importing('lib/sdk/settings.ts', '../settings'),
  importing('lib/sdk/native.ts', '../native-browser'),
  importing('lib/sdk/alias.ts', '@/lib/settings'),
  importing('lib/sdk/dialects/recipes.ts', '../../web/recipes'),
  importing('lib/sdk/dialects/settings.ts', '../../settings'),
  importing('lib/sdk/dialects/uuid.ts', 'uuid'),
  ['lib/sdk/session.ts', "import type { Session } from '../session/session';\nexport type X = Session;\n"],
  ['lib/sdk/later.ts', "export const x = () => import('../settings');\n"],
  ['lib/sdk/global.ts', 'export const x = chrome.runtime.id;\n'],
  importing('entrypoints/page-agent.ts', '@/lib/settings'),
  importing('entrypoints/page-other.ts', 'wxt/browser'),
  importing('lib/web/cookie-jar.ts', './cookies'),
  importing('lib/web/browser.ts', 'wxt/browser'),
  importing('lib/web/native.ts', '../native-browser'),
  importing('lib/session/browser.ts', 'wxt/browser'),
  importing('lib/session/native.ts', '../native-browser'),
  importing('lib/session/alias.ts', '@/lib/native-browser'),
  importing('lib/session/permission.ts', '../site-permission'),
  importing('lib/session/shelf.ts', '../preset-shelf'),
  importing('lib/session/polyfill.ts', 'webextension-polyfill'),
  importing('lib/session/signals.ts', '@preact/signals'),
  importing('lib/session/whole-zod.ts', 'zod'),
  importing('lib/session/protocol.ts', '../protocol/messages'),
  importing('lib/session/hub.ts', '../background/hub'),
  importing('lib/session/components.ts', '@/components/state/words'),
  ['lib/session/global.ts', 'export const x = browser.runtime.id;\n'],
  importing('lib/capture/native.ts', '../native-browser'),
  importing('lib/capture/settings.ts', '../settings'),
  importing('lib/capture/uuid.ts', 'uuid'),
  importing('lib/capture/protocol.ts', '../protocol/messages'),
  ['lib/capture/global.ts', 'export const x = chrome.runtime.id;\n'],
  importing('lib/redaction/session.ts', '../session/token'),
  importing('lib/redaction/capture.ts', '../capture/requests'),
  importing('lib/redaction/report.ts', '../report/secrecy'),
  importing('lib/redaction/zod.ts', 'zod/mini'),
  importing('lib/redaction/native.ts', '../native-browser'),
  ['lib/redaction/global.ts', 'export const x = chrome.runtime.id;\n'],
  importing('lib/diagnostics/native.ts', '../native-browser'),
  importing('lib/report/devtools.ts', '../devtools/requests'),
  importing('lib/protocol/browser.ts', 'wxt/browser'),
  importing('lib/protocol/native.ts', '../native-browser'),
  importing('lib/protocol/uuid.ts', 'uuid'),
  importing('lib/protocol/hub.ts', '../background/hub'),
  ['lib/protocol/global.ts', 'export const x = chrome.runtime.id;\n'],
  importing('lib/background/preact.ts', 'preact'),
  importing('lib/background/components.ts', '@/components/state/words'),
  importing('lib/background/shelf.ts', '../preset-shelf'),
  importing('lib/devtools/signals.ts', '@preact/signals'),
  importing('lib/shared.ts', 'wxt/browser'),
  importing('lib/shared-native.ts', './native-browser'),
  importing('lib/shared-polyfill.ts', 'webextension-polyfill'),
  importing('lib/shared-signals.ts', '@preact/signals'),
  importing('lib/shared-hub.ts', './background/hub'),
  importing('lib/shared-components.ts', '../components/words'),
  ['lib/shared-global.ts', 'export const x = chrome.runtime.id;\n'],
  importing('lib/native-browser.ts', 'wxt/browser'),
  importing('lib/site-permission.ts', '@preact/signals'),
  importing('lib/preset-shelf.ts', './native-browser'),
  importing('components/browser.tsx', 'wxt/browser'),
  importing('components/polyfill.tsx', 'webextension-polyfill'),
  importing('components/hub.tsx', '@/lib/background/hub'),
  importing('components/devtools.tsx', '@/lib/devtools/requests'),
  importing('components/native.tsx', '@/lib/native-browser'),
  importing('components/permission.tsx', '@/lib/site-permission'),
  ['components/global.tsx', 'export const x = chrome.runtime.id;\n'],
];
const ALLOWED: readonly (readonly [string, string])[] = [
  importing('lib/sdk/jar.ts', '../web/cookie-jar'),
  importing('lib/sdk/dialect.ts', './dialects/web'),
  importing('lib/sdk/dialects/fields.ts', '../account-fields'),
  importing('lib/web/sdk.ts', '../sdk/plain'),
  importing('lib/web/uuid.ts', 'uuid'),
  importing('lib/session/capture.ts', '../capture/requests'),
  importing('lib/session/jose.ts', 'jose'),
  importing('lib/capture/session.ts', '../session/token'),
  importing('lib/capture/redaction.ts', '../redaction/names'),
  importing('lib/redaction/plain.ts', '../sdk/plain'),
  importing('lib/session/redaction.ts', '../redaction/forms'),
  importing('lib/report/redaction.ts', '../redaction/finder'),
  importing('lib/capture/zod.ts', 'zod/mini'),
  importing('lib/capture/parser.ts', '@streamparser/json'),
  importing('lib/protocol/capture.ts', '../capture/requests'),
  importing('lib/background/browser.ts', 'wxt/browser'),
  importing('lib/background/native.ts', '../native-browser'),
  importing('lib/devtools/capture.ts', '../capture/requests'),
  importing('lib/shared-zod.ts', 'zod/mini'),
  importing('components/preact.tsx', 'preact'),
  importing('components/capture.tsx', '@/lib/capture/requests'),
  importing('components/slices.tsx', '@/lib/slices'),
  importing('entrypoints/page-watch.ts', '@/lib/sdk/watch'),
  importing('entrypoints/page-relay.ts', '@/lib/protocol/relay'),
];

const folder = mkdtempSync(join(tmpdir(), 'rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

const broken = (() => {
  const config = JSON.parse(readFileSync('biome.json', 'utf8'));
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...config, $schema: undefined, vcs: { enabled: false } }));
  for (const [path, code] of [...FORBIDDEN, ...ALLOWED]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), code);
  }
  const { stdout } = spawnSync(
    process.execPath,
    [join(process.cwd(), 'node_modules/@biomejs/biome/bin/biome'), 'lint', '--reporter=json', '--max-diagnostics=none', '.'],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: string | { file: string } } }[] };
  return new Set(
    diagnostics
      .filter(({ category }) => category.includes('noRestricted'))
      .map(({ location: { path } }) => (typeof path === 'string' ? path : path.file).replace(/^\.\//, '')),
  );
})();

test.each(FORBIDDEN)('the rules forbid %s', (path) => {
  expect(broken).toContain(path);
});

test.each(ALLOWED)('the rules allow %s', (path) => {
  expect(broken).not.toContain(path);
});
