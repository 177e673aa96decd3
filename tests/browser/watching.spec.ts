import { VENDOR_HOSTS } from '../../lib/settings/site-pattern';
import { grantsOf } from './lifecycle';
import { canOpenScreen, withScreen } from './screen';
import { test as base, expect, hookOf, type Inspector, until } from './support';
import { historyOf, scriptsOf } from './worker';

const test = base.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a destructuring pattern
  desk: async ({}, use) => withScreen(use),
});

const granted = ({ chromium }: Inspector) => grantsOf(chromium);
const hosts = async (inspector: Inspector) => (await granted(inspector)).origins ?? [];

// Without these tools, `npm test` lists these tests as skipped, or fails with CI=true.
if (canOpenScreen) {
  test.describe('from the popup', () => {
    test("a site is watched after the browser's prompt, needs no click from then on, and can be unwatched", async ({ inspector, desk }) => {
      const { page } = await inspector.open('/?sdk=web&httponly');
      await until('the SDK', async () => (await hookOf(page)).held.uuid);
      const popup = await inspector.popup(page);
      await popup.waitAttr('access', 'data-access', 'visit');
      expect(await popup.attr('watch-site', 'aria-checked')).toBe('false');
      // Not awaited: the prompt closes the popup, so the call never returns.
      await popup.target.evaluate(`setTimeout(() => document.querySelector('[data-testid="watch-site"]').click())`);
      await until('the popup to close', async () => !(await inspector.chromium.targets()).some(({ url }) => url.includes('popup.html')));
      await desk?.answer(['Tab', 'Return'], async () => (await hosts(inspector)).length > 0);
      // The vendor's hosts are granted too: otherwise the browser would not report requests to them.
      expect((await hosts(inspector)).sort()).toEqual(['http://127.0.0.1/*', ...VENDOR_HOSTS].sort());
      // The scripts are for the next page load; the current page is already connected.
      await until('the scripts to be registered', async () => (await scriptsOf(inspector.chromium)).length === 2);

      // Its requests are reported immediately, without a browser restart.
      await page.reload();
      await until('the SDK', async () => (await hookOf(page)).held.uuid);
      await page.evaluate(() => void fetch('/v4/events/after-the-prompt', { method: 'POST', body: '{}' }));
      await until('the request', async () =>
        (await historyOf(inspector.chromium, page)).some(
          (entry) => entry.kind === 'request' && entry.path === '/v4/events/after-the-prompt',
        ),
      );

      const again = await inspector.popup(page);
      await again.waitAttr('watch-site', 'aria-checked', 'true');
      await again.waitAttr('access', 'data-access', 'watched');
      // The browser now reports what scripts can't see.
      await again.target.evaluate(`document.querySelector('.popup-more > summary').click()`);
      await until('the HttpOnly cookie', async () => (await again.text('cookies'))?.includes('_snrs_cid'));
      await until('the jar', () => again.there('jar'));
      const destroyed = await again.operate('destroySession');
      expect(destroyed.verdict, destroyed.text).toBe('done');

      // Another tab of the site, without a toolbar click.
      const other = await inspector.chromium.context.newPage();
      await other.goto(`${inspector.sandbox.origin}/?sdk=ios&shop=other`);
      await until('the SDK', async () => (await hookOf(other)).held.uuid);
      const view = await inspector.chromium.context.newPage();
      const tabs = await (await inspector.chromium.worker()).evaluate(
        (url) =>
          (globalThis as unknown as { chrome: { tabs: { query(q: object): Promise<{ id: number; url?: string }[]> } } }).chrome.tabs.query({
            url,
          }),
        'http://127.0.0.1/*sdk=ios*',
      );
      await view.goto(`chrome-extension://${inspector.chromium.id}/popup.html?tabId=${tabs[0]?.id}`);
      await expect(view.getByTestId('access')).toHaveAttribute('data-access', 'watched');
      await expect(view.getByTestId('uuid')).toHaveText((await hookOf(other)).held.uuid ?? '');

      await view.getByTestId('watch-site').click();
      await expect(view.getByTestId('watch-site')).toHaveAttribute('aria-checked', 'false');
      await expect(view.getByTestId('access')).toHaveAttribute('data-access', 'none');
      await until('the scripts to be unregistered', async () => (await scriptsOf(inspector.chromium)).length === 0);
      const agentThere = () => (globalThis as unknown as Record<symbol, unknown>)[Symbol.for('synerise.inspector.agent')] !== undefined;
      await until('the agent to be removed', async () => !(await other.evaluate(agentThere)));
      expect(await granted(inspector)).toMatchObject({ origins: [] });
      expect((await granted(inspector)).permissions).not.toContain('cookies');
    });
  });

  test('the panel requests permission too, and a refusal changes nothing', async ({ inspector, desk }) => {
    const { page } = await inspector.open('/?sdk=android');
    const v = await inspector.panel(page);
    await v.waitAttr('access', 'data-access', 'panel');
    await v.click('watch-site');
    await v.waitAttr('watch-site', 'data-watch', 'asking');
    await desk?.answer(['Return'], async () => (await v.attr('watch-site', 'data-watch')) === null);
    expect(await v.attr('watch-site', 'aria-checked')).toBe('false');
    expect(await hosts(inspector)).toEqual([]);
    await v.waitAttr('access', 'data-access', 'panel');
  });
}
