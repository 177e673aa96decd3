/** A connection to a debugging endpoint: commands with answers, and events, over one WebSocket. */
import WebSocket from 'ws';

/** An event of the protocol, of the target itself or of one of its frames' own sessions. */
export interface CdpEvent {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly session: string | undefined;
}

export interface Connection {
  /** Sends a command. @throws {CdpError} if it failed, if no answer comes within `deadline` (ms), or if the connection closes */
  send<T = Record<string, unknown>>(method: string, params?: object, session?: string, deadline?: number): Promise<T>;
  /** Calls `listener` with each event from now on. */
  listen(listener: (event: CdpEvent) => void): void;
  /** Resolves to the reason once the connection has closed. */
  readonly closed: Promise<string>;
  close(): void;
}

/** Why a command failed: `refused` by the endpoint, `late`, or because the connection `closed`. */
export class CdpError extends Error {
  constructor(
    readonly why: 'refused' | 'late' | 'closed',
    message: string,
  ) {
    super(message);
  }
}

/** How long a command may take, unless its caller says otherwise (ms). */
const DEADLINE = 5000;
/** How long opening the connection may take (ms). */
const HANDSHAKE = 5000;
/** The longest message that is read (bytes): a response body, or a screenshot's worth of state. */
const MAX_MESSAGE = 64 * 2 ** 20;
/** A connection over which nothing came for this long after a ping is lost (ms): an unplugged phone sends no goodbye. */
const PING = 10_000;

/** Opens a connection. @param origin value of the `Origin` header; Chromium refuses any, Metro requires its own @throws {CdpError} */
export async function openConnection(url: string, origin?: string): Promise<Connection> {
  const socket = new WebSocket(url, {
    ...(origin !== undefined && { origin }),
    perMessageDeflate: false,
    handshakeTimeout: HANDSHAKE,
    maxPayload: MAX_MESSAGE,
  });
  const waiting = new Map<number, { resolve(result: never): void; reject(error: Error): void }>();
  const listeners = new Set<(event: CdpEvent) => void>();
  let last = 0;
  let isAlive = true;

  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (error) => reject(new CdpError('closed', error.message)));
  });

  const beat = setInterval(() => {
    if (!isAlive) socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING);
  socket.on('pong', () => {
    isAlive = true;
  });
  socket.on('message', (data) => {
    isAlive = true;
    const message = parsed(String(data));
    if (!message) return;
    if (typeof message.id !== 'number') {
      if (typeof message.method === 'string')
        for (const listener of listeners) listener({ method: message.method, params: message.params ?? {}, session: message.sessionId });
      return;
    }
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) asked?.reject(new CdpError('refused', String(message.error.message ?? 'Unknown error')));
    else asked?.resolve(message.result as never);
  });
  const closed = new Promise<string>((resolve) => {
    let reason = '';
    socket.on('error', (error) => {
      reason = error.message;
    });
    socket.on('close', (code, text) => {
      clearInterval(beat);
      reason ||= String(text) || `code ${code}`;
      for (const { reject } of waiting.values()) reject(new CdpError('closed', 'The debugging connection was closed.'));
      waiting.clear();
      resolve(reason);
    });
  });

  return {
    send(method, params = {}, session = undefined, deadline = DEADLINE) {
      return new Promise((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) {
          reject(new CdpError('closed', 'The debugging connection was closed.'));
          return;
        }
        last += 1;
        const id = last;
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new CdpError('late', `No answer to ${method} within ${deadline / 1000} s.`));
        }, deadline);
        const end =
          <T>(settle: (value: T) => void) =>
          (value: T) => {
            clearTimeout(timer);
            settle(value);
          };
        waiting.set(id, { resolve: end(resolve), reject: end(reject) });
        socket.send(JSON.stringify({ id, method, params, ...(session !== undefined && { sessionId: session }) }));
      });
    },
    listen: (listener) => void listeners.add(listener),
    closed,
    // Not a handshake: an endpoint may take seconds to answer it.
    close: () => socket.terminate(),
  };
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly sessionId?: string;
  readonly result?: unknown;
  readonly error?: { readonly message?: unknown };
}

function parsed(text: string): Message | null {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? message : null;
  } catch {
    // An endpoint that sends anything else is not the one that was meant: its answers never come.
    return null;
  }
}
