import { VENDOR_HOSTS } from '../../lib/settings/site-pattern';
import { grantsOf } from './lifecycle';
import { canOpenScreen, withScreen } from './screen';
import { test as base, expect, hookOf, type Inspector, until } from './support';
import { historyOf, scriptsOf } from './worker';

const test = base.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern
  desk: async ({}, use) => withScreen(use),
});

const granted = ({ chromium }: Inspector) => grantsOf(chromium);
const hosts = async (inspector: Inspector) => (await granted(inspector)).origins ?? [];

// Told by `npm test` as "skipped", and a failure with CI=true.
if (canOpenScreen) {
  test.describe('from the popup', () => {
    test('a site is watched once the browser asked, without a click from then on, and no longer once it is taken back', async ({
      inspector,
      desk,
    }) => {
      const { page } = await inspector.open('/?sdk=web&httponly');
      await until('the SDK', async () => (await hookOf(page)).held.uuid);
      const popup = await inspector.popup(page);
      await popup.waitAttr('access', 'data-access', 'visit');
      expect(await popup.attr('watch-site', 'aria-checked')).toBe('false');
      // Not waited for: the prompt closes the popup, so nobody in it hears the answer, nor gives one.
      await popup.target.evaluate(`setTimeout(() => document.querySelector('[data-testid="watch-site"]').click())`);
      await until('the popup to close', async () => !(await inspector.chromium.targets()).some(({ url }) => url.includes('popup.html')));
      await desk?.answer(['Tab', 'Return'], async () => (await hosts(inspector)).length > 0);
      // With the site go the vendor's hosts, whose requests the browser tells of only where they are granted too.
      expect((await hosts(inspector)).sort()).toEqual(['http://127.0.0.1/*', ...VENDOR_HOSTS].sort());
      // For the next page's first line, while this one was taken up as it is.
      await until('the scripts to be registered', async () => (await scriptsOf(inspector.chromium)).length === 2);

      // Its requests are heard at once, and not only once the browser was started anew.
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
      // What script cannot see, the browser tells now.
      await again.target.evaluate(`document.querySelector('.popup-more > summary').click()`);
      await until('the HttpOnly cookie', async () => (await again.text('cookies'))?.includes('_snrs_cid'));
      await until('the jar', () => again.there('jar'));
      const destroyed = await again.operate('destroySession');
      expect(destroyed.verdict, destroyed.text).toBe('done');

      // Another tab of the site, on which nobody clicked.
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
      await until('the scripts to go', async () => (await scriptsOf(inspector.chromium)).length === 0);
      const agentThere = () => (globalThis as unknown as Record<symbol, unknown>)[Symbol.for('synerise.inspector.agent')] !== undefined;
      await until('the agent to go', async () => !(await other.evaluate(agentThere)));
      expect(await granted(inspector)).toMatchObject({ origins: [] });
      expect((await granted(inspector)).permissions).not.toContain('cookies');
    });
  });

  test('the panel asks too, and a refusal changes nothing', async ({ inspector, desk }) => {
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
