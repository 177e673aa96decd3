// The port that a view's first script opens.
import { describe, expect, it, vi } from 'vitest';
import { PORT_NAME } from '@/lib/protocol/background-message';
import { openEarly } from '@/lib/protocol/early-port';
import { openPort, type Runtime } from '@/lib/protocol/port';
import { newSession } from '@/lib/session/session';

const HELLO = { type: 'hello', view: 'popup', tab: 7, lends: false } as const;
const STATE = { type: 'state', session: newSession(7, false, 0) } as const;

/** The browser's side of the ports that are opened. */
function ports() {
  const opened: { name: string; sent: unknown[]; say(message: unknown): void; end(): void }[] = [];
  const runtime: Runtime = {
    id: 'inspector',
    connect({ name }) {
      const hear: ((message: unknown) => void)[] = [];
      const ends: (() => void)[] = [];
      const sent: unknown[] = [];
      opened.push({
        name,
        sent,
        say: (message) => {
          for (const one of hear) one(message);
        },
        end: () => {
          for (const one of ends) one();
        },
      });
      return {
        postMessage: (message) => void sent.push(message),
        disconnect: () => undefined,
        onMessage: { addListener: (listener) => void hear.push(listener) },
        onDisconnect: { addListener: (listener) => void ends.push(listener) },
      };
    },
  };
  return { opened, runtime };
}

/** Opens a view's port over an early one. */
function view(runtime: Runtime, take: ReturnType<typeof openEarly>['take']) {
  const onMessage = vi.fn();
  const port = openPort({
    runtime: () => ({ id: runtime.id, connect: (info) => take() ?? runtime.connect(info) }),
    hello: () => [HELLO, { type: 'showing', showing: false }],
    onMessage,
    onConnection: () => undefined,
  });
  return { port, onMessage };
}

describe('openEarly', () => {
  it('greets at once, and the view that takes it does not greet again', () => {
    const { opened, runtime } = ports();
    const { tab, take } = openEarly(runtime, HELLO);
    expect(tab).toBe(7);
    expect(opened.map(({ name, sent }) => [name, sent])).toEqual([[PORT_NAME, [HELLO]]]);
    const { port } = view(runtime, take);
    port.send({ type: 'others' });
    expect(opened.map(({ sent }) => sent)).toEqual([[HELLO, { type: 'showing', showing: false }, { type: 'others' }]]);
  });

  it('keeps what comes before the view, in order, and gives it once the view is set up', async () => {
    const { opened, runtime } = ports();
    const { take } = openEarly(runtime, HELLO);
    opened[0]?.say(STATE);
    opened[0]?.say({ type: 'wanted', operation: 'refreshToken' });
    const { onMessage } = view(runtime, take);
    expect(onMessage).not.toHaveBeenCalled();
    await Promise.resolve();
    opened[0]?.say({ type: 'others', sessions: [] });
    expect(onMessage.mock.calls.map(([{ type }]) => type)).toEqual(['state', 'wanted', 'others']);
  });

  it('is taken once: after a disconnect, the view opens a port of its own and greets', () => {
    vi.useFakeTimers();
    const { opened, runtime } = ports();
    const { take } = openEarly(runtime, HELLO);
    view(runtime, take);
    opened[0]?.end();
    vi.runOnlyPendingTimers();
    vi.useRealTimers();
    expect(opened.map(({ sent }) => sent[0])).toEqual([HELLO, HELLO]);
  });

  it.each([
    ['it broke before the view came', (one: ReturnType<typeof ports>) => one.opened[0]?.end()],
    ['the extension was updated', () => undefined],
  ])('is not there if %s', (name, happens) => {
    const made = ports();
    const dead: Runtime = {
      id: undefined,
      connect() {
        throw new Error('Extension context invalidated.');
      },
    };
    const { take } = openEarly(name.startsWith('it broke') ? made.runtime : dead, HELLO);
    happens(made);
    expect(take()).toBeNull();
  });
});
