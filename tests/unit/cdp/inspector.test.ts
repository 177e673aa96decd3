/** The connection that the inspector keeps, and its end. */
import type { AddressInfo } from 'node:net';
import { it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Target } from '@/lib/cdp/endpoint';
import { createInspector } from '@/lib/cdp/inspector';
import { memoryStorage } from '@/lib/cdp/memory';
import { until } from '@/scripts/until.mjs';

it('stops while it connects, and leaves no connection', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  // A debugging target that accepts every command.
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const { id } = JSON.parse(String(data)) as { id: number };
      socket.send(JSON.stringify({ id, result: { result: { value: '' } } }));
    });
  });
  let found: (targets: readonly Target[]) => void = () => {};
  const inspector = createInspector({
    endpoint: { address: '127.0.0.1', targets: () => new Promise((resolve) => (found = resolve)) },
    words: '',
    scripts: { text: () => '' },
    home: 'http://127.0.0.1:1/',
    storage: memoryStorage(),
    progress: () => undefined,
  });
  const stopped = inspector.stop();
  const socket = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  found([{ id: '1', kind: 'node', title: 'app', address: 'app', socket }]);
  await stopped;
  await until('the connection to be closed', () => server.clients.size === 0);
  await new Promise((resolve) => server.close(resolve));
});
