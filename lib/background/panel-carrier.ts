import { parseAgentReply } from '../protocol/agent';
import type { BackgroundMessage, ViewMessage } from '../protocol/messages';
import { ProblemError } from '../session/problem';
import { CARRIER_GRACE, type Carrier, withDeadline } from './carrier';

/** The way through an open DevTools panel, which lends its `eval` over its port. */
export interface PanelCarrier extends Carrier {
  answered(message: Extract<ViewMessage, { type: 'page-answer' }>): void;
  /** The panel's port closed: whoever waits hears it. */
  closed(): void;
}

/** A carrier over one panel's port, that `post` writes to. */
export function panelCarrier(post: (message: BackgroundMessage) => void): PanelCarrier {
  const waiting = new Map<string, { resolve(answer: unknown): void; reject(error: Error): void }>();
  return {
    async exchange(request) {
      // Never the same twice: a panel may still answer what a worker asked that died since.
      const n = crypto.randomUUID();
      const answer = new Promise<unknown>((resolve, reject) => waiting.set(n, { resolve, reject }));
      post({ type: 'page-request', n, request });
      const silent = () => new ProblemError({ kind: 'timeout', message: 'The DevTools panel does not answer.' });
      try {
        // The panel has a deadline of its own for each eval, and says so itself.
        return parseAgentReply(await withDeadline(answer, request.wait + 2 * CARRIER_GRACE, silent));
      } finally {
        waiting.delete(n);
      }
    },
    answered({ n, answer, problem }) {
      if (problem) waiting.get(n)?.reject(new ProblemError(problem));
      else waiting.get(n)?.resolve(answer);
    },
    closed() {
      for (const { reject } of waiting.values())
        reject(new ProblemError({ kind: 'gone', code: 'panel-closed', message: 'The DevTools panel was closed.' }));
    },
  };
}
