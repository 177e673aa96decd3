/**
 * A JavaScript engine that is no browser page, over the debugging protocol: React Native's Hermes behind Metro, or a
 * Node.js process. It has no document, no frames and no cookies.
 */

import { APP_BELL } from '../page/app-events';
import { AGENT_VERSION, type AgentRequest, HANDLE_KEY, HOSTILE, MAX_SAID, MOVED, NO_AGENT, THREW } from '../page/wire';
import { hasNoNews } from '../protocol/agent-answer';
import type { Connection } from './connection';
import { evaluated, type Place, type PlaceHooks, type Scripts } from './place';

/** Name of the script for an app's engine (lib/page/app.ts). */
export const APP_SCRIPT = '/page-app.js';
/** The pause between two requests to an engine that can't hold a request until there is news (ms). The bell ends it. */
const LOOK = 250;

/** @param origin the app's origin (`appOrigin`) @throws {import('./connection').CdpError} */
export async function openApp(connection: Connection, scripts: Scripts, { rang }: PlaceHooks, origin: string): Promise<Place> {
  let heard: () => void = () => undefined;
  connection.listen(({ method, params }) => {
    if (method !== 'Runtime.bindingCalled' || params['name'] !== APP_BELL) return;
    heard();
    rang();
  });
  await connection.send('Runtime.enable');
  // Engines without it are only asked.
  await connection.send('Runtime.addBinding', { name: APP_BELL }).catch(() => undefined);
  const evaluate = (expression: string, wait = 0) =>
    evaluated(
      (method, params, deadline) => connection.send(method, params, undefined, deadline),
      { expression, awaitPromise: wait > 0 },
      wait,
    );
  // Hermes ignores `awaitPromise` (facebook/hermes#1531).
  const holds = (await evaluate('Promise.resolve(1)', 1).catch(() => null)) === 1;

  const ask = async (request: AgentRequest): Promise<string> => {
    if (request.origin !== null && request.origin !== origin) return `${origin}\n${MOVED}`;
    return `${origin}\n${String(await evaluate(callText(request), request.wait))}`;
  };
  return {
    async call(_frame, request) {
      const timed = () => ({ ...request, now: Date.now() });
      if (holds) return ask(timed());
      const until = Date.now() + request.wait;
      let answer = await ask({ ...timed(), wait: 0 });
      const { command: _command, setup: _setup, ...rest } = request;
      while (Date.now() < until && hasNoNews(answer, request.document)) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(LOOK, until - Date.now()));
          heard = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        answer = await ask({ ...rest, now: Date.now(), wait: 0 });
      }
      return answer;
    },
    async run() {
      // Always the whole script: unlike a page, an app doesn't get it in parts.
      await evaluate(wrapped(scripts.text(APP_SCRIPT), origin));
    },
    // The agent rings by the binding, under whatever name.
    hang: async () => undefined,
    evaluate: async () => null,
    frames: () => [null],
    url: () => undefined,
    cookies: async () => null,
    setCookie: async () => false,
    async leave() {
      await evaluate(
        `(function () { var handle = globalThis[Symbol.for(${JSON.stringify(HANDLE_KEY)})]; if (handle) handle.revert(); })()`,
      ).catch(() => undefined);
    },
  };
}

/** The expression that calls the agent, in syntax that old engines compile. */
const callText = (request: AgentRequest): string => `(function () {
  var handle = globalThis[Symbol.for(${JSON.stringify(HANDLE_KEY)})];
  if (!handle || handle.version !== ${AGENT_VERSION}) return ${JSON.stringify(NO_AGENT)};
  function told(answer) { return typeof answer === 'string' && answer.length < ${MAX_SAID} ? answer : ${JSON.stringify(HOSTILE)}; }
  try {
    var answer = handle.exchange(JSON.parse(${JSON.stringify(JSON.stringify(request))}));
    return typeof answer === 'string' ? told(answer) : Promise.resolve(answer).then(told);
  } catch (error) {
    return ${JSON.stringify(THREW)};
  }
})()`;

/** Our script with stand-ins for what only a page has: nothing is added to the app's globals. */
const wrapped = (text: string, origin: string): string => `(function () {
  var location = { origin: ${JSON.stringify(origin)}, protocol: 'app:', hostname: '', pathname: '', search: '', reload: function () {} };
  var document = { readyState: 'complete', cookie: '' };
  var window = globalThis;
  ${text}
})()`;
