import { browser } from 'wxt/browser';
import { parseAgentReply } from '../protocol/agent';
import { AGENT_VERSION, callAgent, HANDLE_KEY } from '../sdk/wire';
import { type Problem, ProblemError, SILENT } from '../session/problem';
import { CARRIER_GRACE, type Carrier, withDeadline } from './carrier';

/** `scripting.executeScript` into a tab's top frame: works after the toolbar click (`visit`). */
export function scriptingCarrier(tabId: number): Carrier {
  const target = { tabId };
  const ask = async (request: string) => {
    const [result] = await browser.scripting.executeScript({
      target,
      world: 'MAIN',
      func: callAgent,
      args: [HANDLE_KEY, AGENT_VERSION, request],
    });
    return result?.result as unknown;
  };
  return {
    async exchange(request) {
      const text = JSON.stringify(request);
      const silent = () => new ProblemError(SILENT);
      const work = async () => {
        const answer = await ask(text);
        if (answer !== null && answer !== undefined) return answer;
        await browser.scripting.executeScript({ target, world: 'MAIN', files: ['/page-agent.js'] });
        return ask(text);
      };
      let answer: unknown;
      try {
        answer = await withDeadline(work(), request.wait + CARRIER_GRACE, silent);
      } catch (error) {
        throw error instanceof ProblemError ? error : new ProblemError(scriptingProblem(error));
      }
      return parseAgentReply(answer);
    },
  };
}

/** The browser's words for why a page may not be scripted, as a problem. */
const WORDS: readonly (readonly [RegExp, Problem])[] = [
  [/no tab with id|tab was closed|invalid tab id/i, { kind: 'gone', message: 'The tab was closed.' }],
  [
    /cannot be scripted|cannot access a chrome|cannot access (a )?(chrome|edge|about|devtools|view-source|chrome-extension|moz-extension)|extensions gallery/i,
    { kind: 'forbidden', message: 'The browser lets no extension look at this page.' },
  ],
  [
    /must request permission|cannot access contents|missing host permission|activetab/i,
    {
      kind: 'access',
      message: 'The extension has no access to this page. Click its toolbar button on this tab, or open its DevTools panel.',
    },
  ],
  [/showing error page/i, { kind: 'access', message: 'The page could not be loaded: there is nothing to look at.' }],
  [/frame|removed|navigat|document|context/i, { kind: 'gone', code: 'navigated', message: 'The page went away while it was asked.' }],
];

/** What `executeScript` threw, as a problem. */
export function scriptingProblem(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const known = WORDS.find(([words]) => words.test(message))?.[1];
  return known ? { ...known, detail: message } : { kind: 'carrier', message: `The page could not be asked: ${message}` };
}
