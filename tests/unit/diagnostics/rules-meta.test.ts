// Checks that apply to every rule: its texts, its id, and that it has cases.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Case } from '@/lib/diagnostics/case';
import { attempt, inSight } from '@/lib/diagnostics/diagnose';
import { SEVERITIES } from '@/lib/diagnostics/rule';
import { RULES } from '@/lib/diagnostics/rules';
import { MINUTE } from '../fakes/make';
import { ago, documentEntry, native, signedIn, uuidEntry, web } from './make';
import { JWT } from './tables';
import { TOPICS } from './topics';

const ids = RULES.map(({ id }) => id);
const files = readdirSync(fileURLToPath(new URL('../../../lib/diagnostics/rules', import.meta.url)));
const tables = readdirSync(fileURLToPath(new URL('.', import.meta.url)));
/** The highest number of a situation in facts §5. No rule covers those that no page can show, or that are reported elsewhere. */
const SITUATIONS = 37;

describe('the list of rules', () => {
  it('contains every file of the folder, by its name', () => {
    expect([...ids].sort()).toEqual(files.map((file) => file.replace(/\.ts$/, '')).sort());
  });

  it('contains each rule once', () => {
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has every rule in the table of exactly one topic', () => {
    expect(Object.values(TOPICS).flat().sort()).toEqual([...ids].sort());
    for (const topic of Object.keys(TOPICS)) expect(tables).toContain(`rules-${topic}.test.ts`);
  });
});

/** The same case in an app, which has no cookie store, no markup and no URL: reading one of them throws. */
function inApp(subject: Case): Case {
  const has = { ...inSight(subject), site: 'app://com.example.shop', origin: 'app://com.example.shop' };
  for (const name of ['jar', 'set', 'page', 'path', 'entered'] as const)
    Object.defineProperty(has, name, {
      get() {
        throw new Error(name);
      },
    });
  return has;
}

describe.each([
  ['anonymous', native()],
  ['signed in', signedIn()],
  ['without a token', native({ token: null, entries: [uuidEntry(ago(MINUTE)), documentEntry(ago(MINUTE))] })],
  ['of the Web SDK', web()],
])('in an app, for a customer %s', (_who, subject) => {
  const asked = inApp(subject);
  it.each(RULES)('$id reads nothing that only a document has', (rule) => {
    expect(attempt(rule, asked)).not.toBe('broken');
  });
});

describe.each(RULES)('$id', ({ id, severity, title, looksAt, advice, source, situations }) => {
  it('has an id that is valid in settings and reports', () => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(SEVERITIES).toContain(severity);
  });

  it('has texts that are complete', () => {
    // A title starts with a capital letter, or with a name from code.
    expect(title).toMatch(/^(?:[A-Z]|(?:_snrs_uuid|lastActivityDate|regenerateUUID|sex)\b).*[^.\s]$/);
    expect(advice).toMatch(/\.$/);
    for (const text of [looksAt, advice, source]) {
      expect(text).toMatch(/^\S.*\.[”)]?$/);
      expect(text).not.toMatch(/\s{2}|\[object|NaN/);
      expect(text).not.toMatch(JWT);
    }
  });

  it('names the source of its fact', () => {
    expect(source).toMatch(/facts|RFC \d+|changelog|docs\//i);
    for (const one of situations ?? []) expect(one).toBeGreaterThan(0);
    for (const one of situations ?? []) expect(one).toBeLessThanOrEqual(SITUATIONS);
  });
});
