/** A port to the background that survives worker restarts: it reconnects, and reports the state of its connection. */
import { type BackgroundMessage, PORT_NAME } from './background-message';
import type { ViewMessage } from './view-message';

/** `outdated`: the extension was updated or reloaded under this view; only reloading the view helps. */
export type Connection = 'connecting' | 'connected' | 'reconnecting' | 'outdated';

/** The part of `browser.runtime` that is used. */
export interface Runtime {
  readonly id: string | undefined;
  connect(info: { name: string }): PortLike;
}

export interface PortLike {
  postMessage(message: unknown): void;
  disconnect(): void;
  readonly onMessage: { addListener(listener: (message: unknown) => void): void };
  readonly onDisconnect: { addListener(listener: () => void): void };
}

export interface PortOptions {
  readonly runtime: () => Runtime;
  /** The first messages on each connection. */
  readonly hello: () => readonly ViewMessage[];
  readonly onMessage: (message: BackgroundMessage) => void;
  readonly onConnection: (connection: Connection) => void;
}

export interface Port {
  /** Sends now, or not at all: callers resend what must arrive after a reconnect. */
  send(message: ViewMessage): void;
  close(): void;
}

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;

/** Connects at once, and again after each disconnect, with a delay that doubles from 100 ms to at most 5 s. */
export function openPort({ runtime, hello, onMessage, onConnection }: PortOptions): Port {
  let port: PortLike | null = null;
  let pause = FIRST_PAUSE;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const connect = () => {
    // After an update or removal of the extension, `runtime.id` is gone in its old pages.
    if (!alive(runtime)) {
      onConnection('outdated');
      return;
    }
    try {
      const opened = runtime().connect({ name: PORT_NAME });
      port = opened;
      opened.onMessage.addListener((raw) => {
        const message = raw as BackgroundMessage;
        pause = FIRST_PAUSE;
        closed ||= message.type === 'outdated';
        onConnection(closed ? 'outdated' : 'connected');
        if (!closed) onMessage(message);
      });
      opened.onDisconnect.addListener(() => {
        if (port === opened) retry();
      });
      for (const message of hello()) opened.postMessage(message);
    } catch {
      retry();
    }
  };
  const retry = () => {
    port = null;
    if (closed) return;
    onConnection('reconnecting');
    clearTimeout(timer);
    timer = setTimeout(connect, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  };

  onConnection('connecting');
  connect();
  return {
    send(message) {
      try {
        port?.postMessage(message);
      } catch {
        retry();
      }
    },
    close() {
      closed = true;
      clearTimeout(timer);
      port?.disconnect();
    },
  };
}

function alive(runtime: () => Runtime): boolean {
  try {
    return runtime().id !== undefined;
  } catch {
    return false;
  }
}
