/** Has all frames of the tab looked through now, so that a report is of its very moment. */
import type { BackgroundMessage } from '@/lib/protocol/background-message';
import type { ViewMessage } from '@/lib/protocol/view-message';

/** So long an answer is waited for (ms); after it, what is known has to do. */
const PATIENCE = 3000;

export interface Surveyor {
  /** Resolves when the frames were looked through, or nobody answered. */
  survey(): Promise<void>;
  /** True where a message is the answer to one of these. */
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
