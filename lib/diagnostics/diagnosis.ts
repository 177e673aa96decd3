/** The result of running the rules. */
import { type Finding, type Rule, SEVERITIES } from './rule';

/** The findings, most severe first, and the IDs of rules that threw (a bug of ours). */
export interface Diagnosis {
  readonly at: number;
  readonly findings: readonly Finding[];
  readonly broken: readonly string[];
}

/** The findings of rules that aren't hidden. `null`: no run yet. @param muted IDs of the hidden rules */
export const unmuted = (diagnosis: Diagnosis | null, muted: readonly string[]): readonly Finding[] =>
  diagnosis?.findings.filter(({ rule }) => !muted.includes(rule)) ?? [];

/** Sorts the results of the rules. @param results each rule with its finding, `null`, or `'broken'` */
export function diagnosisOf(at: number, results: readonly (readonly [Rule, Finding | null | 'broken'])[]): Diagnosis {
  const findings = results.flatMap(([, result]) => (result === null || result === 'broken' ? [] : [result]));
  return {
    at,
    findings: findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)),
    broken: results.flatMap(([{ id }, result]) => (result === 'broken' ? [id] : [])),
  };
}
