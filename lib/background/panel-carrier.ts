import { CLIENT_SCRIPT } from '../page/wire';
import { parseAgentReply, parseMarkup } from '../protocol/agent';
import type { BackgroundMessage, PageList } from '../protocol/background-message';
import type { ViewMessage } from '../protocol/view-message';
import { ProblemError } from '../session/problem';
import { CARRIER_GRACE, type Carrier, readable, withDeadline } from './carrier';

/** A carrier through an open DevTools panel, which lends its `eval` over its port. */
export interface PanelCarrier extends Carrier {
  answered(message: Extract<ViewMessage, { type: 'page-answer' }>): void;
  /** The panel's port closed: rejects all pending requests. */
  closed(): void;
}

type PageMessage = Extract<BackgroundMessage, { n: string }>;
type Unnumbered<T> = T extends unknown ? Omit<T, 'n'> : never;

/** A carrier over one panel's port. @param post writes to the port */
export function panelCarrier(post: (message: BackgroundMessage) => void): PanelCarrier {
  const waiting = new Map<string, { resolve(answer: unknown): void; reject(error: Error): void }>();
  const ask = async (message: Unnumbered<PageMessage>, wait = 0): Promise<unknown> => {
    // Unique across workers: a panel may still answer a request from a worker that has died.
    const n = crypto.randomUUID();
    const answer = new Promise<unknown>((resolve, reject) => waiting.set(n, { resolve, reject }));
    post({ ...message, n } as PageMessage);
    const silent = () => new ProblemError({ kind: 'timeout', message: 'The DevTools panel isn’t responding.' });
    try {
      // The panel has its own deadline for each eval, and reports when it passes.
      return await withDeadline(answer, wait + 2 * CARRIER_GRACE, silent);
    } finally {
      waiting.delete(n);
    }
  };
  return {
    exchange: async (request, frame) => parseAgentReply(await ask({ type: 'page-request', frame, request }, request.wait)),
    equip: async (frame) => void (await ask({ type: 'page-script', frame, file: CLIENT_SCRIPT })),
    markup: async (frame) => parseMarkup(await ask({ type: 'page-markup', frame })),
    async list(request) {
      const { frames, beyond } = (await ask({ type: 'page-list', request })) as PageList;
      return { frames: readable(frames), beyond };
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
