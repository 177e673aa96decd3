// What the command line has in common with the extension: bundled for Node by `core.mjs`.
import { summaryOf } from '@/components/timeline/entry-words';
import { setupFactsOf } from '@/lib/diagnostics/case';
import { diagnose as diagnoseCase } from '@/lib/diagnostics/diagnose';
import type { Finding } from '@/lib/diagnostics/rule';
import { RULES } from '@/lib/diagnostics/rules';
import { argumentsOf } from '@/lib/forms/arguments';
import { reportMarkdown } from '@/lib/report/markdown';
import { readReport, writeReport } from '@/lib/report/read';
import { pseudonymKey, redact } from '@/lib/report/redact';
import type { Report } from '@/lib/report/report';
import { caseOf } from '@/lib/report/report';
import type { Way } from '@/lib/report/secrecy';
import { tableOf } from '@/lib/sdk/dialects';
import { DIALECT_NAMES } from '@/lib/sdk/dialects/names';
import { ACCOUNT_OPERATION_NAMES, OPERATION_NAMES } from '@/lib/sdk/operations';
import { setupText } from '@/lib/session/setup-words';

export { readReport, writeReport };

/** What the rules of this version find in a report, and the ids of rules that broke. */
export function diagnose(report: Report): { findings: readonly Finding[]; broken: readonly string[] } {
  const { findings, broken } = diagnoseCase(RULES, caseOf(report));
  return { findings, broken };
}

/** A report with its secrets taken out so; pseudonyms are of this run alone. */
export async function redactReport(report: Report, way: Way): Promise<Report> {
  const key = await pseudonymKey(crypto.getRandomValues(new Uint8Array(32)));
  return (await redact(report, { tokens: way, personal: way, ids: 'kept' }, key)).report;
}

export const markdownOf = (report: Report): string => reportMarkdown(report, summaryOf);
/** The SDK's state and setup, in words; `null` where there is no SDK. */
export const setupOf = ({ session }: Report) => setupText(setupFactsOf(session));
/** All operations, each with the names of the arguments that it has in some dialect. */
export const operations: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  OPERATION_NAMES.map((name) => [
    name,
    [...new Set(DIALECT_NAMES.flatMap((dialect) => argumentsOf(name, tableOf(dialect)?.bindings[name]).map((one) => one.name)))],
  ]),
);
/** The tab of the panel that has an operation. */
export const tabOf = (operation: string): string =>
  (ACCOUNT_OPERATION_NAMES as readonly string[]).includes(operation) ? 'Account' : 'Session';
export const ruleIds: readonly string[] = RULES.map(({ id }) => id);
