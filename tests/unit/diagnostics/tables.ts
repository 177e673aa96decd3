/** Tables of cases: each row is a case, and whether a rule must report a finding for it. */
import { expect, it } from 'vitest';
import type { Case } from '@/lib/diagnostics/case';
import { findingOf, inSight } from '@/lib/diagnostics/diagnose';
import type { Finding, Rule } from '@/lib/diagnostics/rule';
import { RULES } from '@/lib/diagnostics/rules';
import { T0 } from '../fakes/make';
import { numbered, tokenEntry, uuidEntry } from './make';

export interface Row {
  readonly rule: string;
  readonly says: 'speaks' | 'is silent';
  readonly where: string;
  readonly subject: Case;
  /** Texts that the evidence must contain. */
  readonly evidence: readonly string[];
  /** `seq` of the entries that the finding must list. */
  readonly entries: readonly number[];
}

export const speaks = (rule: string, where: string, subject: Case, evidence: string | readonly string[], ...entries: number[]): Row => ({
  rule,
  says: 'speaks',
  where,
  subject,
  evidence: typeof evidence === 'string' ? [evidence] : evidence,
  entries,
});
export const silent = (rule: string, where: string, subject: Case): Row => ({
  rule,
  says: 'is silent',
  where,
  subject,
  evidence: [],
  entries: [],
});

export function ruleOf(id: string): Rule {
  const rule = RULES.find((one) => one.id === id);
  if (!rule) throw new Error(`there is no rule ${id}`);
  return rule;
}
export const found = (id: string, subject: Case): Finding | null => findingOf(ruleOf(id), inSight(subject));

/** A JWT inside any text. */
export const JWT = /eyJ[\w-]{5,}\.[\w-]{5,}\./;

function holds({ rule, says, subject, evidence, entries }: Row): void {
  const finding = found(rule, subject);
  if (says === 'is silent') {
    expect(finding).toBeNull();
    return;
  }
  expect(finding).toMatchObject({ rule, entries });
  const told = finding?.evidence.join('\n') ?? '';
  for (const part of evidence) expect(told).toContain(part);
  expect(finding?.evidence.length).toBeGreaterThan(0);
  expect(finding?.evidence.every((sentence) => sentence.trim() !== '')).toBe(true);
  expect(told).not.toMatch(JWT);
  // No missing value was put into a sentence.
  const rest = evidence.reduce((text, part) => text.replaceAll(part, ''), told);
  expect(rest).not.toMatch(/undefined|NaN|null|\[object/);
  if (subject.token?.raw) expect(told).not.toContain(subject.token.raw);
}

/** A rule that lists no entries itself gets the current generation. */
function rests({ rule, subject }: Row): void {
  const { about } = ruleOf(rule);
  const entries = numbered([uuidEntry(T0), tokenEntry(T0), uuidEntry(T0 + 1), tokenEntry(T0 + 2)]);
  expect(found(rule, { ...subject, entries })?.entries).toEqual([about === 'uuid' ? 3 : 4]);
}

/** One test for each row of a table, and a check that each of these rules has rows of both kinds. */
export function tests(table: readonly Row[], rules: readonly string[]): void {
  it.each([...table])('$rule $says: $where', holds);
  const resting = table.filter(({ rule, says, subject }) => says === 'speaks' && ruleOf(rule).about && !subject.entries.length);
  if (resting.length) it.each(resting)('$rule lists the current generation: $where', rests);
  it.each(rules)('%s has a case with a finding and one without', (rule) => {
    const kinds = table.filter((row) => row.rule === rule).map(({ says }) => says);
    expect([...new Set(kinds)].sort()).toEqual(['is silent', 'speaks']);
  });
}
