// Tokens as backends were seen to write them: the panel shows of each what a server makes of it.
import { TOKEN_SHAPES } from '../fixtures/token-shapes';
import { expect, hookOf, test, until } from './support';

interface Sdk {
  readonly client: { setAccessToken(token: string): void };
}

const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

test('each shape of a token is shown as what it is', async ({ inspector }) => {
  test.setTimeout(180_000);
  const { page, noise } = await inspector.open('/?sdk=web');
  await until('the SDK', async () => (await hookOf(page)).held.uuid);
  const v = await inspector.panel(page);
  await v.waitAttr('token', 'data-token', 'none');
  const seen: [string, string | null, string][] = [];
  for (const [index, { name, claims, written = (token: string) => token }] of TOKEN_SHAPES.entries()) {
    const now = Math.floor(Date.now() / 1000);
    const all = { sub: `shape-${index}`, uuid: (await hookOf(page)).held.uuid, iat: now - 60, exp: now + 3600, ...claims?.(now) };
    const token = written(`${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(all)}.c2ln`);
    await page.evaluate((raw) => (globalThis as unknown as { SR: Sdk }).SR.client.setAccessToken(raw), token);
    await until(`the token with ${name}`, async () => {
      if ((await v.attr('token-raw', 'data-masked')) === 'true') await v.click('reveal-token');
      // Characters that nobody sees stand there by their number.
      return ((await v.text('token-raw')) ?? '').replace(/⟨[^⟩]*⟩/g, '').trim() === token.trim();
    });
    seen.push([name, await v.attr('token', 'data-token'), (await v.text('token'))?.match(/Unreadable expiry|No expiry|No JWT/)?.[0] ?? '']);
  }
  const chipOf = ({ shown, rules, name }: (typeof TOKEN_SHAPES)[number]) =>
    shown === 'opaque' ? 'No JWT' : rules.includes('token-time-unreadable') ? 'Unreadable expiry' : name === 'no exp' ? 'No expiry' : '';
  expect(seen).toEqual(TOKEN_SHAPES.map((shape) => [shape.name, shape.shown, chipOf(shape)]));
  expect(noise).toEqual([]);
});
