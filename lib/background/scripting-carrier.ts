import { browser } from 'wxt/browser';
import { parseAgentReply } from '../protocol/agent';
import type { RelayMessage } from '../protocol/relay';
import { AGENT_SCRIPT, AGENT_VERSION, CLIENT_SCRIPT, callAgent, HANDLE_KEY, RELAY_SCRIPT } from '../sdk/wire';
import { type Problem, ProblemError, SILENT } from '../session/problem';
import { CARRIER_GRACE, type Carrier, type Frame, readable, withDeadline } from './carrier';

type Injection = Parameters<typeof browser.scripting.executeScript>[0];
type Target = Injection['target'];

/** The origin of the page in a tab, where the browser tells it and it is a site's. */
async function originOf(tabId: number): Promise<string | null> {
  const { url } = await browser.tabs.get(tabId).catch(() => ({ url: undefined }));
  return url !== undefined && /^https?:/.test(url) ? new URL(url).origin : null;
}

/** How many frames a document has. Runs beside the page. */
const countFrames = () => window.length;

/** `scripting.executeScript` into a tab's frames: works after the toolbar click (`visit`) in frames of the tab's own site, and in frames of watched sites. */
export function scriptingCarrier(tabId: number): Carrier {
  const world = 'MAIN' as const;
  // Else one frame that never finishes loading would hold all others up.
  const injectImmediately = true;
  const top = { tabId };
  const within = (frame: Frame) => (frame === null ? top : { tabId, frameIds: [Number(frame)] });
  const call = (target: Target, request: string) =>
    browser.scripting.executeScript({ target, world, injectImmediately, func: callAgent, args: [HANDLE_KEY, AGENT_VERSION, request] });
  const inject = (target: Target, file: typeof AGENT_SCRIPT | typeof CLIENT_SCRIPT) =>
    browser.scripting.executeScript({ target, world, injectImmediately, files: [file] });
  const ask = async (target: Target, request: string): Promise<unknown> => {
    const answer = (await call(target, request))[0]?.result as unknown;
    if (answer !== null && answer !== undefined) return answer;
    await inject(target, AGENT_SCRIPT);
    return (await call(target, request))[0]?.result;
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
    async exchange(request, frame) {
      const reply = parseAgentReply(await bounded(ask(within(frame), JSON.stringify(request)), request.wait));
      // A page may report any origin; the browser tells where the tab is. Between two documents the two differ for a moment.
      const real = frame === null ? await originOf(tabId) : null;
      if (real !== null && real !== reply.origin)
        throw new ProblemError({
          kind: 'gone',
          code: 'navigated',
          message: 'The page says it is of another site than it is, or was just left.',
        });
      return reply;
    },
    async hang(frame, bell) {
      const beside = { target: within(frame), world: 'ISOLATED' as const, injectImmediately };
      await bounded(browser.scripting.executeScript({ ...beside, files: [RELAY_SCRIPT] }), 0);
      const message: RelayMessage = { type: 'listen', bell };
      await browser.tabs.sendMessage(tabId, message, { frameId: frame === null ? 0 : Number(frame) }).catch(() => undefined);
    },
    equip: async (frame) => void (await bounded(inject(within(frame), CLIENT_SCRIPT), 0)),
    async list(request) {
      const text = JSON.stringify(request);
      const every = { tabId, allFrames: true };
      let answers = await bounded(call(every, text), 0);
      if (answers.some(({ result }) => result === null || result === undefined)) {
        const without = answers.filter(({ result }) => result === null || result === undefined).map(({ frameId }) => frameId);
        // A frame that went away meanwhile takes the others' injection with it: the next survey brings them.
        await inject({ tabId, frameIds: without }, AGENT_SCRIPT).catch(() => undefined);
        answers = await bounded(call(every, text), 0);
      }
      const counted = await bounded(browser.scripting.executeScript({ target: every, injectImmediately, func: countFrames }), 0);
      const children = counted.reduce((sum, { result }) => sum + Number(result), 0);
      return {
        frames: readable(answers.map(({ frameId, result }) => ({ frame: frameId === 0 ? null : String(frameId), answer: result }))),
        // All but the top frame are some reached document's; those of sites that were not granted are counted by their parents alone.
        beyond: { foreign: Math.max(0, children - (counted.length - 1)), twins: 0 },
      };
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
