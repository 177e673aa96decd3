// Pages of a test's own, with the sandbox behind them.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server answers by path; `null` never answers. */
export type Files = Readonly<Record<string, string | null | { readonly text: string; readonly headers: Readonly<Record<string, string>> }>>;

export interface Served {
  readonly origin: string;
  /** The same pages under another origin. */
  readonly other: string;
  close(): void;
}

/** Serves `files` on 127.0.0.1, and hands all else to the sandbox. */
export async function serve(files: Files, behind: string): Promise<Served> {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', behind);
    if (pathname in files) {
      const file = files[pathname];
      // One that never answers is ended with the server.
      if (file == null) return;
      const { text, headers } = typeof file === 'string' ? { text: file, headers: {} } : file;
      response.writeHead(200, { 'content-type': pathname.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8', ...headers });
      response.end(text);
      return;
    }
    // A browser complains on the page's console of one that is not there.
    if (pathname === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    const { method, headers } = request;
    const forwarded = http.request(`${behind}${request.url}`, { ...(method && { method }), headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    other: `http://localhost:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
