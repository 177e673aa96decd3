import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type BackgroundMessage, PORT_NAME } from '@/lib/protocol/background-message';
import { type Connection, openPort, type Runtime } from '@/lib/protocol/port';
import type { ViewMessage } from '@/lib/protocol/view-message';
import { newSession } from '@/lib/session/session';
import { T0 } from '../fakes/make';
import { type FakePort, fakePort } from '../fakes/ports';

const STATE: BackgroundMessage = { type: 'state', session: newSession(7, false, T0) };
const HELLO: ViewMessage = { type: 'hello', view: 'popup', tab: 7, lends: false };
const RUN: ViewMessage = { type: 'read', id: 'r-1' };

/** A runtime whose ports the test controls. */
function open({ hello = () => [HELLO] as readonly ViewMessage[] } = {}) {
  const ports: FakePort[] = [];
  const connections: Connection[] = [];
  const messages: BackgroundMessage[] = [];
  const state = { id: 'extension' as string | undefined, throws: false, refuses: false, prepare: (_port: FakePort): void => undefined };
  const runtime = (): Runtime => {
    if (state.throws) throw new Error('Extension context invalidated.');
    return {
      id: state.id,
      connect({ name }) {
        if (state.refuses) throw new Error('Could not establish connection.');
        const port = fakePort(name);
        state.prepare(port);
        ports.push(port);
        return port;
      },
    };
  };
  const start = () =>
    openPort({
      runtime,
      hello,
      onMessage: (message) => messages.push(message),
      onConnection: (connection) => connections.push(connection),
    });
  const last = () => {
    const port = ports.at(-1);
    if (!port) throw new Error('no port was opened');
    return port;
  };
  return { ports, connections, messages, state, start, last };
}

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

describe('openPort', () => {
  it('sends hello at once, and is connected with the first message', () => {
    const made = open();
    made.start();
    expect(made.last()).toMatchObject({ name: PORT_NAME, posted: [HELLO] });
    expect(made.connections).toEqual(['connecting']);
    made.last().receive(STATE);
    expect(made.connections).toEqual(['connecting', 'connected']);
    expect(made.messages).toEqual([STATE]);
  });

  it('sends a message', () => {
    const made = open();
    const port = made.start();
    port.send(RUN);
    expect(made.last().posted).toEqual([HELLO, RUN]);
  });

  it('is outdated once the background says so: it passes on nothing more, and does not reconnect', () => {
    const made = open();
    made.start();
    made.last().receive(STATE);
    made.last().receive({ type: 'outdated' });
    made.last().receive(STATE);
    expect(made.connections.at(-1)).toBe('outdated');
    expect(made.messages).toEqual([STATE]);
    made.last().drop();
    vi.advanceTimersByTime(60_000);
    expect(made.ports).toHaveLength(1);
    expect(made.connections.at(-1)).toBe('outdated');
  });

  it('reconnects after 100 ms, doubling to 5 s', () => {
    const made = open();
    made.start();
    const pauses = [100, 200, 400, 800, 1600, 3200, 5000, 5000];
    pauses.forEach((pause, index) => {
      made.last().drop();
      expect(made.connections.at(-1)).toBe('reconnecting');
      vi.advanceTimersByTime(pause - 1);
      expect(made.ports).toHaveLength(index + 1);
      vi.advanceTimersByTime(1);
      expect(made.ports).toHaveLength(index + 2);
    });
    expect(made.connections).not.toContain('connected');
    made.last().receive(STATE);
    expect(made.connections.at(-1)).toBe('connected');
    made.last().drop();
    vi.advanceTimersByTime(100);
    expect(made.ports).toHaveLength(pauses.length + 2);
  });

  it('builds hello again for each connection', () => {
    let count = 0;
    const made = open({
      hello: () => {
        count += 1;
        return count === 1 ? [HELLO] : [HELLO, RUN];
      },
    });
    made.start();
    made.last().drop();
    vi.advanceTimersByTime(100);
    expect(made.last().posted).toEqual([HELLO, RUN]);
  });

  it('reconnects if a port throws', () => {
    const made = open();
    const port = made.start();
    made.last().receive(STATE);
    made.last().onPost = () => {
      throw new Error('Attempting to use a disconnected port object');
    };
    port.send(RUN);
    expect(made.connections).toEqual(['connecting', 'connected', 'reconnecting']);
    vi.advanceTimersByTime(100);
    expect(made.ports).toHaveLength(2);
    expect(made.last().posted).toEqual([HELLO]);
  });

  it('reconnects if hello or connect throws', () => {
    const made = open();
    made.state.prepare = (port) => {
      port.onPost = () => {
        throw new Error('gone');
      };
    };
    made.start();
    expect(made.connections).toEqual(['connecting', 'reconnecting']);
    made.state.refuses = true;
    vi.advanceTimersByTime(100);
    made.state.refuses = false;
    made.state.prepare = () => undefined;
    vi.advanceTimersByTime(200);
    expect(made.last().posted).toEqual([HELLO]);
  });

  it('sends nothing while it reconnects, and does not throw', () => {
    const made = open();
    const port = made.start();
    const first = made.last();
    first.drop();
    port.send(RUN);
    expect(first.posted).toEqual([HELLO]);
    vi.advanceTimersByTime(100);
    expect(made.last().posted).toEqual([HELLO]);
  });

  it('ignores an old port', () => {
    const made = open();
    const port = made.start();
    const first = made.last();
    first.onPost = () => {
      throw new Error('gone');
    };
    port.send(RUN);
    vi.advanceTimersByTime(100);
    first.drop();
    vi.advanceTimersByTime(10_000);
    expect(made.ports).toHaveLength(2);
  });

  it.each(['undefined', 'throwing'])('is outdated if the runtime is %s', (how) => {
    const made = open();
    made.start();
    if (how === 'throwing') made.state.throws = true;
    else made.state.id = undefined;
    made.last().drop();
    vi.advanceTimersByTime(100);
    expect(made.connections).toEqual(['connecting', 'reconnecting', 'outdated']);
    vi.advanceTimersByTime(60_000);
    expect(made.ports).toHaveLength(1);
    expect(made.connections).toHaveLength(3);
  });

  it('is outdated from the start if the runtime has no id', () => {
    const made = open();
    made.state.id = undefined;
    made.start();
    expect(made.connections).toEqual(['connecting', 'outdated']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stops when closed', () => {
    const made = open();
    const port = made.start();
    port.close();
    expect(made.last().disconnected).toBe(true);
    made.last().drop();
    port.send(RUN);
    vi.advanceTimersByTime(60_000);
    expect(made.ports).toHaveLength(1);
  });

  it('stops when closed while waiting to reconnect', () => {
    const made = open();
    const port = made.start();
    made.last().drop();
    port.close();
    vi.advanceTimersByTime(60_000);
    expect(made.ports).toHaveLength(1);
  });
});
