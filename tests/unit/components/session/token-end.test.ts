/** The end of a token: odd times, what the toolbar says of it, and a session that ends with it. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NO_SETTINGS, NO_SITE, SETTINGS_KEY } from '@/lib/settings/settings';
import { until } from '@/scripts/until.mjs';
import { type NodeInspector, openInspector } from '../../fakes/inspector';
import { openShop, sessionOf, signIn } from '../../fakes/shop';

vi.setConfig({ testTimeout: 60_000 });

let inspector: NodeInspector;
beforeEach(async () => {
  inspector = await openInspector();
});
afterEach(() => inspector.close());

it('an odd time of a token is noted', async () => {
  for (const [query, note] of [
    ['exp=ms', 'exp-in-ms'],
    ['exp=past', 'ended-on-arrival'],
    ['exp=years', 'long-lived'],
    ['skew=600', 'created-ahead'],
  ] as const) {
    const v = await inspector.popup(await inspector.open(`/?${query}&shop=${inspector.shop}-${note}`));
    await until(`the note ${note}`, () => v.target.evaluate(`!!document.querySelector('[data-testid="clock-note"][data-note="${note}"]')`));
  }
});

it('a token that its site alone renews is never refreshed, whatever is set: the toolbar warns, and marks its end', async () => {
  const site = { ...NO_SITE, autoRefresh: true, lead: 5000 };
  await inspector.keep({ [SETTINGS_KEY]: { ...NO_SETTINGS, sites: { [inspector.origin]: site } } });
  const page = await inspector.open('/?sdk=web&jwt&lifetime=3');
  const v = await inspector.popup(page);
  await v.waitAttr('token', 'data-token', 'near-expiry');
  expect(sessionOf(inspector, page)?.policy.autoRefresh).toBe(true);
  expect(await v.disabled('auto-refresh')).toBe(true);
  expect(await v.attr('auto-refresh', 'aria-checked')).toBe('false');
  expect(await v.attr('auto-refresh', 'title')).not.toBe('');
  expect(inspector.badges.get(page.tab)).toBe('<1m');
  await until('the mark of the end', () => inspector.badges.get(page.tab) === '!');
  await v.waitAttr('token', 'data-token', 'expired');
  expect(sessionOf(inspector, page)?.tokenRefresh.tries).toBe(0);
  expect(sessionOf(inspector, page)?.runs.ended).toEqual([]);
  expect([...inspector.due]).toEqual([]);
});

it('a signed-in session that expired is shown as that, with the reason that the SDK gave', async () => {
  const page = await openShop(inspector);
  await inspector.auth.set({ lifetime: 2 });
  const v = await inspector.popup(page);
  await signIn(page);
  await v.waitAttr('session-state', 'data-identity', 'signed-in');
  await until('the end', () => sessionOf(inspector, page)?.history.signedOut?.expired);
  await v.waitAttr('token', 'data-token', 'expired');
  const reason = await until('the reason', () => sessionOf(inspector, page)?.history.signedOut?.reason);
  expect(reason).toMatch(/SESSION_EXPIRATION|cannot be retrieved/);
  await until('the reason in the view', async () => (await v.html()).includes(reason.replace(/\.$/, '')));
});

it('auto-refresh is switched in the popup, for the site', async () => {
  const v = await inspector.popup(await openShop(inspector));
  await v.waitAttr('auto-refresh', 'aria-checked', 'false');
  await v.click('auto-refresh');
  await v.waitAttr('auto-refresh', 'aria-checked', 'true');
  expect(inspector.onDisk.get(SETTINGS_KEY)).toMatchObject({ sites: { [inspector.origin]: { autoRefresh: true } } });
});
