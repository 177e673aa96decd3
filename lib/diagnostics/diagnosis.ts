/** What a run of the rules comes to. */
import { type Finding, type Rule, SEVERITIES } from './rule';

/** What the rules found, worst first, and the ids of rules that broke: a fault of ours. */
export interface Diagnosis {
  readonly at: number;
  readonly findings: readonly Finding[];
  readonly broken: readonly string[];
}

/** Puts what the rules found in order. @param results each rule with its finding, `null`, or `'broken'` */
export function diagnosisOf(at: number, results: readonly (readonly [Rule, Finding | null | 'broken'])[]): Diagnosis {
  const findings = results.flatMap(([, result]) => (result === null || result === 'broken' ? [] : [result]));
  return {
    at,
    findings: findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)),
    broken: results.flatMap(([{ id }, result]) => (result === 'broken' ? [id] : [])),
  };
}
