import { asAddresses, frameAddresses, missedFrames } from '../page/frames';
import { readMarkup } from '../page/markup';
import { AGENT_SCRIPT, type AgentRequest, callExpression } from '../page/wire';
import { isWithoutAgent, openAnswer } from '../protocol/agent';
import type { BackgroundMessage, PageList } from '../protocol/background-message';
import { ProblemError } from '../session/problem';
import type { Evaluate } from './evaluate';

/** Pauses between two looks into the agent's mailbox (ms): short while something goes on, longer when all is still. */
const PAUSE = 80;
const STILL_PAUSE = 200;
const STILL_AFTER = 5000;
/** More frames than a person could choose from. */
const MAX_FRAMES = 40;
const SRCDOC = 'about:srcdoc';

/** What of a page the DevTools API lists; `type` is Chromium's, undocumented. */
export interface PageResource {
  readonly url: string;
  readonly type?: string;
}

export interface PageTools {
  readonly evaluate: Evaluate;
  /** The text of one of the extension's scripts. */
  scriptText(file: string): Promise<string>;
  /** Documents of the page; none where the browser reaches the top frame only (Firefox). */
  resources(): Promise<readonly PageResource[]>;
}

type Asked<K extends BackgroundMessage['type']> = Omit<Extract<BackgroundMessage, { type: K }>, 'n' | 'type'>;

/**
 * The panel's side of the page channel: asks the agents by `eval`, which waits for no promise, so the waiting is done
 * here and only news goes up to the background.
 */
export function createPageLoop({ evaluate, scriptText, resources }: PageTools) {
  let newsAt = Date.now();
  const ask = (request: AgentRequest, frame: string | null) => evaluate(callExpression({ ...request, now: Date.now() }), frame);
  const script = async ({ frame, file }: Asked<'page-script'>) => void (await evaluate(await scriptText(file), frame));
  const askOnce = async (request: AgentRequest, frame: string | null) => {
    const answer = await ask(request, frame);
    if (!isWithoutAgent(answer)) return answer;
    await script({ frame, file: AGENT_SCRIPT });
    return ask(request, frame);
  };

  /** The agent's answer as text. @throws {ProblemError} */
  async function request({ request: { wait, command, setup, ...rest }, frame }: Asked<'page-request'>): Promise<unknown> {
    const until = Date.now() + wait;
    let answer = await askOnce({ ...rest, wait: 0, ...(command && { command }), ...(setup && { setup }) }, frame);
    while (Date.now() < until && isStill(answer, rest.document)) {
      await new Promise((resolve) => setTimeout(resolve, Date.now() - newsAt > STILL_AFTER ? STILL_PAUSE : PAUSE));
      answer = await ask({ ...rest, wait: 0 }, frame);
      // The page was left: the next request brings the agent to the new one.
      if (isWithoutAgent(answer)) return request({ request: { ...rest, wait: 0 }, frame });
    }
    if (!isStill(answer, rest.document)) newsAt = Date.now();
    return answer;
  }

  /** What the agents in all frames answer. @throws {ProblemError} where not even the top frame does */
  async function list({ request: asked }: Asked<'page-list'>): Promise<PageList> {
    const top = { frame: null, answer: await askOnce(asked, null) };
    const listed = await resources();
    // Frames of `srcdoc` are on no list; the first of them is reached by that address.
    const urls = new Set([...listed.filter(({ type }) => type === 'document').map(({ url }) => url), ...(listed.length ? [SRCDOC] : [])]);
    const others = await Promise.all(
      [...urls].slice(0, MAX_FRAMES).map(async (frame) => ({
        frame,
        // A frame that went away since it was listed, or that the browser keeps to itself.
        answer: await askOnce(asked, frame).catch(() => null),
      })),
    );
    const documents = new Set<string>();
    const frames = [top, ...others].filter(({ frame, answer }) => {
      if (frame !== null && isWithoutAgent(answer)) return false;
      // The page itself is on the list too.
      const document = documentIn(answer) ?? String(frame);
      return !documents.has(document) && documents.add(document);
    });
    const told = await Promise.all(frames.map(({ frame }) => evaluate(`(${frameAddresses})()`, frame).catch(() => null)));
    return { frames, beyond: missedFrames(told.flatMap((one) => asAddresses(one) ?? [])) };
  }

  return (message: Extract<BackgroundMessage, { n: string }>): Promise<unknown> => {
    switch (message.type) {
      case 'page-request':
        return request(message);
      case 'page-script':
        return script(message);
      case 'page-markup':
        return evaluate(`(${readMarkup})()`, message.frame);
      case 'page-list':
        return list(message);
    }
    throw new ProblemError({ kind: 'bug', message: 'A request to the page that this panel does not know.' });
  };
}

/** The document that an answer is of; told from the text, since the background parses it. `null` where there is none. */
const documentIn = (answer: unknown): string | null => /^\{"document":"[^"]{1,60}"/.exec(openAnswer(answer)?.said ?? '')?.[0] ?? null;

/** True where the same document has nothing new to tell; told from the text, since the background parses it. */
function isStill(answer: unknown, document: string | null): boolean {
  const { said = '' } = openAnswer(answer) ?? {};
  return document !== null && said.startsWith(`{"document":${JSON.stringify(document)}`) && said.endsWith('"reports":[]}');
}
