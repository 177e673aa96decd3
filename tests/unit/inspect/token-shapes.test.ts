// Tokens are judged as a server judges them: each shape, in the findings and in the command line's exit code.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { diagnose } from '@/lib/diagnostics/diagnose';
import { RULES } from '@/lib/diagnostics/rules';
import { tokenStatus } from '@/lib/jwt/token-status';
import { writeReport } from '@/lib/report/read';
import { reportOf } from '@/lib/report/report';
import { TOKEN_SHAPES, type TokenShape } from '@/tests/fixtures/token-shapes';
import { EMAIL, NOW, WEB_UUID, web } from '../diagnostics/make';
import { jwt } from '../fakes/make';

const folder = mkdtempSync(join(tmpdir(), 'token-shapes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const caseOf = ({ claims, written = (token) => token }: TokenShape) => {
  const now = NOW / 1000;
  const all = { uuid: WEB_UUID, email: EMAIL, iat: now - 60, exp: now + 3600, ...claims?.(now) };
  const raw = written(jwt(all, { alg: 'RS256', typ: 'JWT' }));
  return web({ token: { says: { raw, expiresAt: null } } });
};

/** Returns the exit code and the reported rules. */
const inspect = (file: string) =>
  new Promise<{ code: number | null; rules: string[] }>((resolve) => {
    const child = spawn(process.execPath, ['scripts/inspect.mjs', '--check', file, '--json', '--fail-on', 'error']);
    let out = '';
    child.stdout.on('data', (text) => {
      out += String(text);
    });
    child.on('close', (code) => {
      const { findings } = JSON.parse(out) as { findings: { rule: string }[] };
      resolve({ code, rules: findings.map(({ rule }) => rule) });
    });
  });
const judged = new Set<boolean>();
const ofTokens = (rules: readonly string[]) => rules.filter((rule) => rule.startsWith('token-')).sort();

describe('a token with', () => {
  it.each(TOKEN_SHAPES)('$name', async (shape) => {
    const subject = caseOf(shape);
    const { findings } = diagnose(RULES, subject);
    expect(ofTokens(findings.map(({ rule }) => rule))).toEqual([...shape.rules].sort());
    const { token } = subject;
    if (!token) throw new Error('no token');
    expect(token.kind === 'opaque' ? 'opaque' : (tokenStatus(token, NOW, 0) ?? 'valid')).toBe(shape.shown);
    // One shape that passes and one that fails also run through the real command line, which takes most of a second to start.
    if (judged.has(shape.fails)) return;
    judged.add(shape.fails);
    const file = join(folder, `${TOKEN_SHAPES.indexOf(shape)}.json`);
    writeFileSync(
      file,
      writeReport(reportOf(subject, { by: { name: 'test', version: '1' }, browser: 'none', findings, muted: [], broken: [], dropped: 0 })),
    );
    const told = await inspect(file);
    expect(ofTokens(told.rules)).toEqual([...shape.rules].sort());
    expect(told.code).toBe(shape.fails ? 1 : 0);
  });
});
