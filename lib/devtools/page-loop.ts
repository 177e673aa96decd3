import { AGENT_VERSION, type AgentRequest, callAgent, HANDLE_KEY } from '../sdk/wire';

/** Pauses between two looks into the agent's mailbox (ms): short while something goes on, longer when all is still. */
const PAUSE = 80;
const STILL_PAUSE = 200;
const STILL_AFTER = 5000;

/**
 * The panel's side of the page channel: asks the agent by `eval`, which waits for no promise, so the waiting is done
 * here and only news goes up to the background.
 */
export function createPageLoop(evaluate: (expression: string) => Promise<unknown>, agentText: () => Promise<string>) {
  let newsAt = Date.now();
  const ask = (request: AgentRequest) =>
    evaluate(`(${callAgent})(${[HANDLE_KEY, AGENT_VERSION, JSON.stringify(request)].map((part) => JSON.stringify(part)).join()})`);

  /** The agent's answer as text. @throws {ProblemError} */
  return async function exchange({ wait, command, ...rest }: AgentRequest): Promise<unknown> {
    const until = Date.now() + wait;
    const first: AgentRequest = { ...rest, wait: 0, ...(command && { command }) };
    let answer = await ask(first);
    if (answer === null || answer === undefined) {
      await evaluate(await agentText());
      answer = await ask(first);
    }
    while (Date.now() < until && isStill(answer, rest.document)) {
      await new Promise((resolve) => setTimeout(resolve, Date.now() - newsAt > STILL_AFTER ? STILL_PAUSE : PAUSE));
      answer = await ask({ ...rest, wait: 0 });
      // The page was left: the next request brings the agent to the new one.
      if (answer === null || answer === undefined) return exchange({ ...rest, wait: 0 });
    }
    if (!isStill(answer, rest.document)) newsAt = Date.now();
    return answer;
  };
}

/** True where the same document has nothing new to tell; told from the text, since the background parses it. */
function isStill(answer: unknown, document: string | null): boolean {
  return (
    document !== null &&
    typeof answer === 'string' &&
    answer.startsWith(`{"document":${JSON.stringify(document)}`) &&
    answer.endsWith('"reports":[]}')
  );
}
