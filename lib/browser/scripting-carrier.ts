import { browser } from 'wxt/browser';
import { CARRIER_GRACE, type Carrier, type Frame, readable, withDeadline } from '../background/carrier';
import { frameAddresses, missedFrames } from '../page/frames';
import { readMarkup } from '../page/markup';
import {
  AGENT_VERSION,
  type AgentRequest,
  CLIENT_SCRIPT,
  callAgent,
  HANDLE_KEY,
  pack,
  RELAY_SCRIPT,
  type ScriptFile,
  scriptsFor,
} from '../page/wire';
import { parseAgentReply, parseMarkup } from '../protocol/agent';
import { askAgent, isWithoutAgent } from '../protocol/agent-answer';
import type { RelayMessage } from '../protocol/relay';
import { type Problem, ProblemError, SILENT } from '../session/problem';

type Injection = Parameters<typeof browser.scripting.executeScript>[0];
type Target = Injection['target'];

/**
 * The carrier over `scripting.executeScript`: reaches frames of the tab's own site after a toolbar click (`visit`), and
 * frames of watched sites.
 */
export function scriptingCarrier(tabId: number): Carrier {
  const world = 'MAIN' as const;
  // Otherwise one frame that never finishes loading would block all others.
  const injectImmediately = true;
  const top = { tabId };
  const within = (frame: Frame) => (frame === null ? top : { tabId, frameIds: [Number(frame)] });
  const call = (target: Target, request: AgentRequest) =>
    browser.scripting.executeScript({
      target,
      world,
      injectImmediately,
      func: callAgent,
      args: [HANDLE_KEY, AGENT_VERSION, request.origin, pack(request)],
    });
  const inject = (target: Target, files: readonly ScriptFile[]) =>
    browser.scripting.executeScript({ target, world, injectImmediately, files: [...files] });
  const ask = async (target: Target, request: AgentRequest): Promise<unknown> => {
    const once = async () => (await call(target, request))[0]?.result as unknown;
    return askAgent(request, once, async (scripts) => {
      await inject(target, scripts);
      return once();
    });
  };
  /** @throws {ProblemError} */
  const bounded = async <T>(work: Promise<T>, wait: number): Promise<T> => {
    try {
      return await withDeadline(work, wait + CARRIER_GRACE, () => new ProblemError(SILENT));
    } catch (error) {
      throw error instanceof ProblemError ? error : new ProblemError(scriptingProblem(error));
    }
  };
  return {
    exchange: async (request, frame) => parseAgentReply(await bounded(ask(within(frame), request), request.wait)),
    async hang(frame, bell) {
      const beside = { target: within(frame), world: 'ISOLATED' as const, injectImmediately };
      await bounded(browser.scripting.executeScript({ ...beside, files: [RELAY_SCRIPT] }), 0);
      const message: RelayMessage = { type: 'listen', bell };
      await browser.tabs.sendMessage(tabId, message, { frameId: frame === null ? 0 : Number(frame) }).catch(() => undefined);
    },
    equip: async (frame) => void (await bounded(inject(within(frame), [CLIENT_SCRIPT]), 0)),
    async markup(frame) {
      const told = await bounded(browser.scripting.executeScript({ target: within(frame), world, injectImmediately, func: readMarkup }), 0);
      return parseMarkup(told[0]?.result);
    },
    async list(request) {
      const every = { tabId, allFrames: true };
      let answers = await bounded(call(every, request), 0);
      const without = answers.filter(({ result }) => isWithoutAgent(result)).map(({ frameId }) => frameId);
      if (without.length) {
        // If one of the frames is gone by now, the injection fails for all of them: the next survey tries again.
        await inject({ tabId, frameIds: without }, scriptsFor(request)).catch(() => undefined);
        answers = await bounded(call(every, request), 0);
      }
      // In the isolated world, which does not share the page's built-ins.
      const counted = await bounded(browser.scripting.executeScript({ target: every, injectImmediately, func: frameAddresses }), 0);
      const topFirst = [...counted].sort((a, b) => a.frameId - b.frameId);
      return {
        frames: readable(answers.map(({ frameId, result }) => ({ frame: frameId === 0 ? null : String(frameId), answer: result }))),
        beyond: missedFrames(topFirst.map(({ result }) => result)),
      };
    },
  };
}

/** Browser error messages for pages that cannot be scripted, and the problem for each. */
const WORDS: readonly (readonly [RegExp, Problem])[] = [
  [/no tab with id|tab was closed|invalid tab id/i, { kind: 'gone', message: 'The tab was closed.' }],
  [
    /cannot be scripted|cannot access a chrome|cannot access (a )?(chrome|edge|about|devtools|view-source|chrome-extension|moz-extension)|extensions gallery/i,
    { kind: 'forbidden', message: 'The browser doesn’t allow extensions on this page.' },
  ],
  [
    /must request permission|cannot access contents|missing host permission|activetab/i,
    {
      kind: 'access',
      message: 'The extension has no access to this page. Click its toolbar icon on this tab, or open DevTools.',
    },
  ],
  [/showing error page/i, { kind: 'forbidden', code: 'error-page', message: 'The page failed to load.' }],
  [/frame|removed|navigat|document|context/i, { kind: 'gone', code: 'navigated', message: 'The page navigated away.' }],
];

/** Converts an error from `executeScript` to a problem. */
export function scriptingProblem(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const known = WORDS.find(([words]) => words.test(message))?.[1];
  return known ? { ...known, detail: message } : { kind: 'carrier', message: `Can’t reach the page: ${message}` };
}
