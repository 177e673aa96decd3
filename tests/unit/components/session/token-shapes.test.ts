// Tokens as backends were seen to write them: the token's card shows of each what a server makes of it.
import { afterEach, expect, it, vi } from 'vitest';
import { until } from '@/scripts/until.mjs';
import { TOKEN_SHAPES } from '@/tests/fixtures/token-shapes';
import { type NodeInspector, openInspector } from '../../fakes/inspector';
import { jwt } from '../../fakes/make';
import { uuidShown } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
afterEach(() => inspector.close());

it('each shape of a token shows as what it is', async () => {
  inspector = await openInspector();
  const page = await inspector.open('/?sdk=web');
  const v = await inspector.panel(page);
  const uuid = await uuidShown(v, page);
  await v.waitAttr('token', 'data-token', 'none');
  /** Each shape with the token's state, and whether its expiry could be read. */
  const [seen, expected]: [unknown[], unknown[]] = [[], []];
  for (const [index, { name, claims, written = (token: string) => token, shown, rules }] of TOKEN_SHAPES.entries()) {
    const now = Math.floor(Date.now() / 1000);
    const all = { sub: `shape-${index}`, uuid, iat: now - 60, exp: now + 3600, ...claims?.(now) };
    const token = written(jwt(all, { alg: 'RS256', typ: 'JWT' }));
    await page.evaluate(
      (raw) => (globalThis as unknown as { SR: { client: { setAccessToken(raw: string): void } } }).SR.client.setAccessToken(raw),
      token,
    );
    await until(`the token with ${name}`, async () => {
      if ((await v.attr('token-raw', 'data-masked')) === 'true') await v.click('reveal-token');
      // Characters that nobody sees stand there by their number.
      return ((await v.text('token-raw')) ?? '').replace(/⟨[^⟩]*⟩/g, '').trim() === token.trim();
    });
    const notes = await v.target.evaluate(
      `[...document.querySelectorAll('[data-testid="clock-note"]')].map((one) => one.dataset.note).join()`,
    );
    const isRead = await v.there('token-expiry');
    seen.push([name, await v.attr('token', 'data-token'), isRead ? 'read' : /exp-written/.test(String(notes)) ? 'unreadable' : 'none']);
    const isNever = rules.includes('token-time-unreadable');
    expected.push([name, shown, isNever ? 'unreadable' : shown === 'opaque' || name === 'no exp' ? 'none' : 'read']);
  }
  expect(seen).toEqual(expected);
  expect(page.noise).toEqual([]);
});
