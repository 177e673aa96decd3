import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

// DESIGN §2: who may import whom, and who may name the browser. The project's own rules on files that break them.
const FORBIDDEN: readonly (readonly [string, string])[] = [
  ['lib/sdk/package.ts', "import * as z from 'zod/mini';\nexport const x = z.string();\n"],
  ['lib/sdk/uuid.ts', "import { validate } from 'uuid';\nexport const x = validate;\n"],
  ['lib/sdk/session.ts', "import type { Session } from '../session/session';\nexport type X = Session;\n"],
  ['lib/sdk/global.ts', 'export const x = chrome.runtime.id;\n'],
  ['lib/session/browser.ts', "import { browser } from 'wxt/browser';\nexport const x = browser;\n"],
  ['lib/session/signals.ts', "import { signal } from '@preact/signals';\nexport const x = signal(1);\n"],
  ['lib/session/global.ts', 'export const x = browser.runtime.id;\n'],
  ['lib/protocol/browser.ts', "import { browser } from 'wxt/browser';\nexport const x = browser;\n"],
  ['lib/protocol/global.ts', 'export const x = chrome.runtime.id;\n'],
  ['lib/background/preact.ts', "import { render } from 'preact';\nexport const x = render;\n"],
  ['components/browser.tsx', "import { browser } from 'wxt/browser';\nexport const x = browser;\n"],
  ['components/hub.tsx', "import { createHub } from '@/lib/background/hub';\nexport const x = createHub;\n"],
  ['components/global.tsx', 'export const x = chrome.runtime.id;\n'],
];
const ALLOWED: readonly (readonly [string, string])[] = [
  ['lib/background/browser.ts', "import { browser } from 'wxt/browser';\nexport const x = browser;\n"],
  ['components/preact.tsx', "import { render } from 'preact';\nexport const x = render;\n"],
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
