/** Has all frames of the tab searched now, so that a report is up to date. */
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import type { ViewMessage } from '@/lib/protocol/view-message';

/** Timeout (ms), after which the known state is used. */
const PATIENCE = 3000;

export interface Surveyor {
  /** Resolves once the frames have been searched, or after the timeout. */
  survey(): Promise<void>;
  /** Returns whether a message is the answer to a survey. */
  take(message: BackgroundMessage): boolean;
}

export function createSurveyor(send: (message: ViewMessage) => void): Surveyor {
  const waiting = new Map<string, () => void>();
  return {
    survey: () =>
      new Promise((resolve) => {
        const id = crypto.randomUUID();
        const end = () => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve();
        };
        const timer = setTimeout(end, PATIENCE);
        waiting.set(id, end);
        send({ type: 'survey', id });
      }),
    take(message) {
      const end = message.type === 'answer' ? waiting.get(message.id) : undefined;
      end?.();
      return end !== undefined;
    },
  };
}
