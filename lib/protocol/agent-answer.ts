/** An agent's answer as text: what the panel needs to know of it without parsing it, which the background does (`agent.ts`). */
import { type AgentRequest, isFirst, MAX_SAID, NO_AGENT, type ScriptFile, scriptsFor } from '../page/wire';

/** The longest text that `callAgent` returns (characters). */
export const MAX_ANSWER = MAX_SAID + 2000;

/** Splits a page's answer into the page's origin, as the browser reports it, and the supposed agent's text. `null` if malformed. */
export function openAnswer(answer: unknown): { readonly origin: string; readonly said: string } | null {
  if (typeof answer !== 'string' || answer.length > MAX_ANSWER) return null;
  const end = answer.indexOf('\n');
  return end <= 0 || end > 2000 ? null : { origin: answer.slice(0, end), said: answer.slice(end + 1) };
}

/** Whether the answer shows that the document has no agent. */
export const isWithoutAgent = (answer: unknown): boolean =>
  answer === null || answer === undefined || openAnswer(answer)?.said === NO_AGENT;

const REPORTS = '"reports":[';
const isFrom = (said: string, document: string | null): boolean =>
  document !== null && said.startsWith(`{"document":${JSON.stringify(document)}`);

/** Whether an answer is from the same document and has no reports. Compares the text, since the background parses it. */
export function hasNoNews(answer: unknown, document: string | null): boolean {
  const { said = '' } = openAnswer(answer) ?? {};
  return isFrom(said, document) && said.endsWith(`${REPORTS}]}`);
}

/** Whether an answer is from the same document, and its only report is that the command with this ID started. */
export function hasOnlyStarted(answer: unknown, document: string | null, command: string): boolean {
  const { said = '' } = openAnswer(answer) ?? {};
  const at = said.lastIndexOf(REPORTS);
  const report = at < 0 ? '' : said.slice(at + REPORTS.length);
  return (
    isFrom(said, document) &&
    // Without backtracking: a hostile page may answer with a very long text.
    /^\{[^{}]*\}\]\}$/.test(report) &&
    report.includes('"kind":"started"') &&
    report.includes(`"id":${JSON.stringify(command)}`)
  );
}

/**
 * Asks the agent of a document with `ask`. If it has none, which the first request to a document takes for granted, `bring`
 * brings these scripts and asks again.
 */
export async function askAgent(
  request: AgentRequest,
  ask: () => Promise<unknown>,
  bring: (scripts: readonly ScriptFile[]) => Promise<unknown>,
): Promise<unknown> {
  if (!isFirst(request)) {
    const answer = await ask();
    if (!isWithoutAgent(answer)) return answer;
  }
  return bring(scriptsFor(request));
}
