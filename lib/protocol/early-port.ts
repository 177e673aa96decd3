/** A port that a view's first script opens, before the view's modules have loaded. */
import { PORT_NAME } from './background-message';
import type { PortLike, Runtime } from './port';
import type { ViewMessage } from './view-message';

/** What a view's first script leaves for its modules. */
export interface EarlyPort {
  readonly tab: number;
  /**
   * The port, once; `null` afterwards, or if it broke: the view opens its own. Its `hello` has been sent, so its first message
   * is dropped; messages that came meanwhile go to its first listener.
   */
  take(): PortLike | null;
}

/** Where the first script leaves it. */
export const earlyView = globalThis as unknown as { earlyPort: Promise<EarlyPort> };

/** Connects, and sends the `hello` that the view would send first. */
export function openEarly(runtime: Runtime, hello: Extract<ViewMessage, { type: 'hello' }>): EarlyPort {
  let port: PortLike | null = null;
  const kept: unknown[] = [];
  let listener = (message: unknown): void => void kept.push(message);
  try {
    port = runtime.connect({ name: PORT_NAME });
    port.onMessage.addListener((message) => listener(message));
    port.onDisconnect.addListener(() => {
      port = null;
    });
    port.postMessage(hello);
  } catch {
    port = null;
  }
  return {
    tab: hello.tab,
    take() {
      const taken = port;
      port = null;
      if (!taken) return null;
      let isGreeted = false;
      return {
        postMessage(message) {
          if (isGreeted) taken.postMessage(message);
          isGreeted = true;
        },
        disconnect: () => taken.disconnect(),
        onDisconnect: taken.onDisconnect,
        onMessage: {
          addListener(next) {
            listener = next;
            // As with a new port, nothing arrives before the caller is done.
            queueMicrotask(() => {
              for (const message of kept.splice(0)) next(message);
            });
          },
        },
      };
    },
  };
}
