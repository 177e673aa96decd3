import { frameAddresses, missedFrames } from '../page/frames';
import { type AgentRequest, callExpression } from '../page/wire';
import { askAgent, hasNoNews, hasOnlyStarted, isWithoutAgent, openAnswer } from '../protocol/agent-answer';
import type { BackgroundMessage, PageList } from '../protocol/background-message';
import { ProblemError } from '../session/problem';
import type { Evaluate } from './evaluate';

/** Pauses between two polls of the agent's mailbox (ms): a quarter of the time since the last command or news, within these limits. */
const SHORTEST_PAUSE = 8;
const PAUSE = 32;
/** The pause after `STILL_AFTER` without a command or news. */
const STILL_PAUSE = 100;
const STILL_AFTER = 2000;
/** For this long (ms), a waiting request ignores the start of a command: the request that sent the command reports it, and never waits. */
const START_KNOWN = 100;
/** The most frames to ask: more than a user could choose from. */
const MAX_FRAMES = 40;
const SRCDOC = 'about:srcdoc';

/** A page resource as the DevTools API lists it; `type` is undocumented and Chromium-only. */
export interface PageResource {
  readonly url: string;
  readonly type?: string;
}

export interface PageTools {
  readonly evaluate: Evaluate;
  /** The text of one of the extension's scripts. */
  scriptText(file: string): Promise<string>;
  /** Resources of the page, including its documents; empty where the browser reaches only the top frame (Firefox). */
  resources(): Promise<readonly PageResource[]>;
}

type Asked<K extends BackgroundMessage['type']> = Omit<Extract<BackgroundMessage, { type: K }>, 'n' | 'type'>;

/**
 * The panel's side of the page channel: asks the agents through `eval`, which does not await promises. So the panel does
 * the waiting, and only news goes to the background.
 */
export function createPageLoop({ evaluate, scriptText, resources }: PageTools) {
  let activeAt = Date.now();
  /** The last command. */
  let sent = { id: '', at: 0 };
  const isNews = (answer: unknown, document: string | null): boolean =>
    !hasNoNews(answer, document) && !(Date.now() < sent.at + START_KNOWN && hasOnlyStarted(answer, document, sent.id));
  /** How many commands are still unanswered; polling meanwhile would only delay them. */
  let sending = 0;
  /** For each request that pauses: replaces the rest of its pause with the shortest pause. */
  const pauses = new Set<() => void>();
  const pause = () => {
    const still = Date.now() - activeAt;
    const ms = still > STILL_AFTER ? STILL_PAUSE : Math.min(PAUSE, Math.max(SHORTEST_PAUSE, still / 4));
    return new Promise<void>((resolve) => {
      const end = () => {
        pauses.delete(restart);
        resolve();
      };
      const timer = setTimeout(() => {
        // Otherwise `restart` ends it.
        if (!sending) end();
      }, ms);
      const restart = () => {
        clearTimeout(timer);
        // Even if another command is unanswered by then: many in a row must not stop the polling.
        setTimeout(end, SHORTEST_PAUSE);
      };
      pauses.add(restart);
    });
  };
  const ask = (request: AgentRequest, frame: string | null) => evaluate(callExpression({ ...request, now: Date.now() }), frame);
  const script = async ({ frame, file }: Asked<'page-script'>) => void (await evaluate(await scriptText(file), frame));
  const markup = async ({ frame }: Asked<'page-markup'>) => evaluate(`(${(await import('../page/markup')).readMarkup})()`, frame);
  const askOnce = (request: AgentRequest, frame: string | null) =>
    askAgent(
      request,
      () => ask(request, frame),
      async (files) => {
        const scripts = await Promise.all(files.map(scriptText));
        // A script that fails in this page must not keep the rest from running.
        const guarded = scripts.map((text) => `try {\n${text}\n} catch {}\n`);
        return evaluate(`${guarded.join('')}${callExpression({ ...request, now: Date.now() })}`, frame);
      },
    );

  /** The agent's answer as text. @throws {ProblemError} */
  async function request({ request: { wait, command, setup, ...rest }, frame }: Asked<'page-request'>): Promise<unknown> {
    const until = Date.now() + wait;
    if (command) activeAt = Date.now();
    if (command && 'id' in command) sent = { id: command.id, at: activeAt };
    sending += command ? 1 : 0;
    let answer = await askOnce({ ...rest, wait: 0, ...(command && { command }), ...(setup && { setup }) }, frame).finally(() => {
      if (!command) return;
      sending -= 1;
      for (const restart of pauses) restart();
    });
    while (Date.now() < until && !isNews(answer, rest.document)) {
      await pause();
      answer = await ask({ ...rest, wait: 0 }, frame);
      // The page navigated: a new request injects the agent into the new document.
      if (isWithoutAgent(answer)) return request({ request: { ...rest, wait: 0 }, frame });
    }
    if (!hasNoNews(answer, rest.document)) activeAt = Date.now();
    return answer;
  }

  /** The answers of the agents in all frames. @throws {ProblemError} if not even the top frame answers */
  async function list({ request: asked }: Asked<'page-list'>): Promise<PageList> {
    const top = { frame: null, answer: await askOnce(asked, null) };
    const listed = await resources();
    // `srcdoc` frames are not listed; the URL `about:srcdoc` reaches the first of them.
    const urls = new Set([...listed.filter(({ type }) => type === 'document').map(({ url }) => url), ...(listed.length ? [SRCDOC] : [])]);
    const others = await Promise.all(
      [...urls].slice(0, MAX_FRAMES).map(async (frame) => ({
        frame,
        // The frame is gone since it was listed, or the browser allows no access to it.
        answer: await askOnce(asked, frame).catch(() => null),
      })),
    );
    const documents = new Set<string>();
    const frames = [top, ...others].filter(({ frame, answer }) => {
      if (frame !== null && isWithoutAgent(answer)) return false;
      // The list includes the top document, too.
      const document = documentIn(answer) ?? String(frame);
      return !documents.has(document) && documents.add(document);
    });
    const told = await Promise.all(frames.map(({ frame }) => evaluate(`(${frameAddresses})()`, frame).catch(() => null)));
    return { frames, beyond: missedFrames(told) };
  }

  return (message: Extract<BackgroundMessage, { n: string }>): Promise<unknown> => {
    switch (message.type) {
      case 'page-request':
        return request(message);
      case 'page-script':
        return script(message);
      case 'page-markup':
        return markup(message);
      case 'page-list':
        return list(message);
    }
    throw new ProblemError({ kind: 'bug', message: 'Unknown page request.' });
  };
}

/** The part of an answer that names its document; `null` if there is none. Matches the text, since the background parses it. */
const documentIn = (answer: unknown): string | null => /^\{"document":"[^"]{1,60}"/.exec(openAnswer(answer)?.said ?? '')?.[0] ?? null;
