// Serves a test's own pages, and everything else from the sandbox.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import type { Inspector } from './support';

/** Responses by path; `null` means no response, ever. */
export type Files = Readonly<Record<string, string | null | { readonly text: string; readonly headers: Readonly<Record<string, string>> }>>;

export interface Served {
  readonly origin: string;
  /** The same pages under another origin. */
  readonly other: string;
  close(): void;
}

/** Serves `files` on 127.0.0.1, and forwards all other requests to the sandbox. */
export async function serve(files: Files, behind: string): Promise<Served> {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', behind);
    if (pathname in files) {
      const file = files[pathname];
      // Left without a response; the connection ends with the server.
      if (file == null) return;
      const { text, headers } = typeof file === 'string' ? { text: file, headers: {} } : file;
      response.writeHead(200, { 'content-type': pathname.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8', ...headers });
      response.end(text);
      return;
    }
    // If it is missing, browsers log an error to the page's console.
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

/** A complete document with the given body. */
export const page = (body: string) => `<!doctype html><meta charset="utf-8"><title>page</title>${body}`;

/** Serves pages while `work` runs. */
export async function withPages<T>({ sandbox }: Inspector, files: Files, work: (served: Served) => Promise<T>): Promise<T> {
  const served = await serve(files, sandbox.origin);
  try {
    return await work(served);
  } finally {
    served.close();
  }
}

export async function openAt(
  { chromium }: Inspector,
  address: string,
  waitUntil: 'load' | 'commit' = 'load',
): Promise<{ page: Page; noise: string[] }> {
  const tab = chromium.context.pages().find((one) => one.url() === 'about:blank') ?? (await chromium.context.newPage());
  const noise: string[] = [];
  tab.on('console', (message) => noise.push(`${message.type()}: ${message.text()}`));
  tab.on('pageerror', (error) => noise.push(`error: ${error.message}`));
  await tab.goto(address, { waitUntil });
  await tab.bringToFront();
  return { page: tab, noise };
}
