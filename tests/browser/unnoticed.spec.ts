// A page can't tell from its requests that its site is watched: the same probes, with the same server, give the same results.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { probe } from './probes';
import { expect, test, until } from './support';
import { historyOf, sessionOf, unwatch } from './worker';

test.use({ watched: true });

const SDK = `var uuid = '3f1d9c1e-6f0e-4d53-9a55-0c2d5f0f6f11';
  var Client = { getUUID: function () { return uuid; }, isSignedIn: function () { return false; }, isSignedInViaSimpleAuthentication: function () { return false; },
    retrieveToken: function (ok) { ok({ tokenString: 'opaque', origin: 'ANONYMOUS', rlm: 'anonymous_client' }); },
    regenerateUUID: function () { return true; }, destroySession: function () {} };`;
const pageOf = (more: string) =>
  `<!doctype html><meta charset="utf-8"><title>probes</title><body><script>var kept = fetch; ${SDK}</script><script>${more}</script>`;

/** A server that echoes what it receives, and collects policy reports. */
async function echoing() {
  const reports: unknown[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const { port } = server.address() as AddressInfo;
      if (pathname === '/') {
        response.writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': `connect-src 'self' http://localhost:${port} http://127.0.0.1:1; report-uri /report`,
        });
        response.end(pageOf(`var __name = (one) => one; var probe = ${probe.toString()};`));
      } else if (pathname === '/report') {
        reports.push(JSON.parse(body));
        response.writeHead(204).end();
      } else if (pathname.startsWith('/redirect')) response.writeHead(302, { location: pathname.slice('/redirect'.length) }).end();
      else if (pathname.startsWith('/slow')) return;
      else {
        const { 'x-a': header, 'content-type': type } = request.headers;
        response.writeHead(200, {
          'content-type': 'application/json',
          ...(!pathname.startsWith('/unshared') && { 'access-control-allow-origin': '*' }),
        });
        const told = JSON.stringify({ method: request.method, header, type: type?.replace(/boundary=.*/, 'boundary'), body });
        if (pathname.startsWith('/half')) response.write(told.slice(0, 5));
        else response.end(told);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    other: `http://localhost:${port}`,
    reports,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('about 90 probes of its requests give the same results on a watched page as on any other', async ({ inspector }) => {
  const { chromium } = inspector;
  const served = await echoing();
  try {
    const asked = async () => {
      const page = await chromium.context.newPage();
      await page.goto(`${served.origin}/`);
      return page;
    };
    const answersOf = async (page: Awaited<ReturnType<typeof asked>>) => {
      served.reports.length = 0;
      const answers = await page.evaluate((origins) => (globalThis as unknown as { probe: typeof probe }).probe(origins), {
        allowed: served.other,
        refused: 'http://refused.invalid',
      });
      await until('the policy report', () => served.reports.length > 0);
      return { ...answers, 'what the server is told of the policy': served.reports[0] };
    };
    const page = await asked();
    await until('the session', async () => (await sessionOf(chromium, page))?.stage.phase === 'attached');
    const watched = await answersOf(page);
    await until('its requests', async () => (await historyOf(chromium, page)).filter(({ kind }) => kind === 'request').length > 40);

    await unwatch(chromium, ['http://127.0.0.1/*', 'http://localhost/*']);
    const alone = await answersOf(await asked());
    expect(Object.keys(alone).length).toBeGreaterThan(90);
    expect(watched).toEqual(alone);
  } finally {
    served.close();
  }
});
