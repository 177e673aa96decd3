// The command line where it opens no page: each mistake ends with its own code and a sentence, and help is printed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { EXIT } from '../../../scripts/inspect/arguments.mjs';
import { commandLine } from './command-line';

vi.setConfig({ testTimeout: 60_000 });
const folder = mkdtempSync(join(tmpdir(), 'inspect-command-line-'));
afterAll(() => rmSync(folder, { recursive: true }));
const PAGE = 'http://127.0.0.1:9/';

it('mistakes end with their own code and a sentence', async () => {
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, '{"format":"synerise-session-report","version":1,');
  const mistakes = [
    [[], 'Expected a URL'],
    [['ftp://shop.example'], "isn't a valid URL"],
    [['--check', broken], 'truncated'],
    [['--check', join(folder, 'nothing.json')], "Can't read"],
    [['--check', broken, '--fail-on', 'doom'], '--fail-on must be one of'],
    [[PAGE, '--script', broken], "Can't read"],
    [[PAGE, '--mute', 'no-such-rule'], 'Unknown rule: no-such-rule'],
  ] as const;
  await Promise.all(
    mistakes.map(async ([args, words]) => {
      const { code, said } = await commandLine(...args);
      expect(code, args.join(' ')).toBe(EXIT.usage);
      expect(said).toContain(words);
    }),
  );
});

it('a mistake is told as JSON too where that is asked for', async () => {
  const { code, out } = await commandLine('--json');
  expect(code).toBe(EXIT.usage);
  expect(JSON.parse(out)).toEqual({ version: 1, failed: true, exit: EXIT.usage, reason: expect.stringContaining('Expected a URL') });
});

it('help names the options', async () => {
  const { code, out } = await commandLine('--help');
  expect(code).toBe(EXIT.fine);
  expect(out).toContain('--fail-on');
});
