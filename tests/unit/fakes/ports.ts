import type { PortLike } from '@/lib/protocol/port';

type Listener<Args extends unknown[]> = (...args: Args) => void;

/** One event of a fake: who listens, and how to raise it. */
export function fakeEvent<Args extends unknown[]>() {
  const listeners = new Set<Listener<Args>>();
  return {
    addListener: (listener: Listener<Args>) => void listeners.add(listener),
    removeListener: (listener: Listener<Args>) => void listeners.delete(listener),
    /** Whoever listened is gone. */
    clear: () => listeners.clear(),
    raise: (...args: Args) => {
      for (const listener of [...listeners]) listener(...args);
    },
  };
}

/** One end of a port: what it posted, and how to play the other end. */
export interface FakePort extends PortLike {
  readonly name: string;
  readonly sender: { readonly id?: string; readonly url?: string } | undefined;
  readonly posted: unknown[];
  /** Each message that is posted, as it is posted; may throw. */
  onPost: (message: unknown) => void;
  disconnected: boolean;
  /** The other end says something. */
  receive(message: unknown): void;
  /** The other end goes. */
  drop(): void;
}

export function fakePort(name: string, sender?: { readonly id?: string; readonly url?: string }): FakePort {
  const onMessage = fakeEvent<[unknown]>();
  const onDisconnect = fakeEvent<[]>();
  const port: FakePort = {
    name,
    sender,
    posted: [],
    onPost: () => undefined,
    disconnected: false,
    postMessage(message) {
      if (port.disconnected) throw new Error('Attempting to use a disconnected port object');
      port.onPost(message);
      port.posted.push(structuredClone(message));
    },
    disconnect() {
      port.disconnected = true;
    },
    onMessage,
    onDisconnect,
    receive: (message) => onMessage.raise(structuredClone(message)),
    drop() {
      port.disconnected = true;
      onDisconnect.raise();
    },
  };
  return port;
}
