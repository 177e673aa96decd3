// The code that the command line shares with the extension; `core.mjs` bundles it for Node.
import { causeWords } from '@/components/session/cause';
import { requestFailed, summaryOf } from '@/components/timeline/entry-words';
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
import { DIALECT_NAMES, type DialectName } from '@/lib/sdk/dialects/names';
import type { ArgumentValues } from '@/lib/sdk/operation';
import { ACCOUNT_OPERATION_NAMES, OPERATION_NAMES, OPERATIONS, type OperationName } from '@/lib/sdk/operations';
import { setupText } from '@/lib/session/setup-words';
import { withInstants } from '@/lib/text/instants';

export { causeWords, readReport, requestFailed, summaryOf, writeReport };

const LOCAL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });
/** An instant for the terminal, in local time. */
export const localTime = (at: number): string => LOCAL.format(at);
/** A text with its instants in local time. */
export const localTimes = (text: string): string => withInstants(text, localTime);

/** Runs this version's rules on a report. `broken`: ids of the rules that threw. */
export function diagnose(report: Report): { findings: readonly Finding[]; broken: readonly string[] } {
  const { findings, broken } = diagnoseCase(RULES, caseOf(report));
  return { findings, broken };
}

/** Redacts tokens and personal data in a report the given way; pseudonyms are specific to this call. */
export async function redactReport(report: Report, way: Way): Promise<Report> {
  const key = await pseudonymKey(crypto.getRandomValues(new Uint8Array(32)));
  return (await redact(report, { tokens: way, personal: way, ids: 'kept' }, key)).report;
}

export const markdownOf = (report: Report): string => reportMarkdown(report, summaryOf);
/** The report as it is written to a file of that name: Markdown if it ends with `.md`, otherwise JSON. */
export const fileText = (file: string, report: Report): string => (/\.md$/i.test(file) ? markdownOf(report) : writeReport(report));
/** The SDK's state and setup, as text; `null` without an SDK. */
export const setupOf = ({ session }: Report) => setupText(setupFactsOf(session));
/** Each operation's argument names, over all dialects. */
export const operations: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  OPERATION_NAMES.map((name) => [
    name,
    [...new Set(DIALECT_NAMES.flatMap((dialect) => argumentsOf(name, tableOf(dialect)?.bindings[name]).map((one) => one.name)))],
  ]),
);
/** What running an operation with these arguments loses, in words; empty if nothing. @param operation a key of `operations` @param dialect of the SDK; `null` without one */
export function lossesOf(operation: string, args: ArgumentValues, dialect: string | null): readonly string[] {
  const name = operation as OperationName;
  const binding = dialect === null ? undefined : tableOf(dialect as DialectName)?.bindings[name];
  return (binding?.kind === 'emulated' ? binding.loses : undefined) ?? OPERATIONS[name].loses(args);
}
/** The panel tab that shows an operation. */
export const tabOf = (operation: string): string =>
  (ACCOUNT_OPERATION_NAMES as readonly string[]).includes(operation) ? 'Account' : 'Session';
export const ruleIds: readonly string[] = RULES.map(({ id }) => id);
