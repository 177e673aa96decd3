/** The panel's extension API over a WebSocket that breaks. */
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

it('repeats unanswered storage requests over the next connection', async () => {
  const sockets: { sent: unknown[]; onopen(): void; onmessage(event: { data: string }): void; onclose(): void }[] = [];
  class Socket {
    static readonly OPEN = 1;
    readonly readyState = Socket.OPEN;
    readonly sent: unknown[] = [];
    constructor() {
      sockets.push(this as never);
    }
    send(text: string): void {
      this.sent.push(JSON.parse(text));
    }
  }
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('location', { host: '127.0.0.1:1', origin: 'http://127.0.0.1:1', hash: '#key' });
  vi.stubGlobal('sessionStorage', { getItem: () => 'key' });
  vi.stubGlobal('__VERSION__', '0.0.0');
  vi.stubGlobal('browser', undefined);
  await import('@/lib/cdp/panel-runtime');
  const { browser } = globalThis as unknown as {
    browser: { runtime: { connect(info: object): void }; storage: { local: { set(items: object): Promise<unknown> } } };
  };
  browser.runtime.connect({ name: 'panel@1' });
  sockets[0]?.onopen();
  const stored = browser.storage.local.set({ presets: [] });
  const ask = { ask: 1, set: { presets: [] } };
  expect(sockets[0]?.sent).toEqual([{ open: 'panel@1' }, ask]);
  sockets[0]?.onclose();
  browser.runtime.connect({ name: 'panel@1' });
  sockets[1]?.onopen();
  expect(sockets[1]?.sent).toEqual([{ open: 'panel@1' }, ask]);
  sockets[1]?.onmessage({ data: JSON.stringify({ answer: 1, value: null }) });
  expect(await stored).toBeNull();
  // Answered: not asked a third time.
  browser.runtime.connect({ name: 'panel@1' });
  sockets[2]?.onopen();
  expect(sockets[2]?.sent).toEqual([{ open: 'panel@1' }]);
});
