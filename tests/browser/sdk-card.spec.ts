// The parts of the SDK card that need a real browser: how the script was requested, and page loads. The rest is covered
// in `tests/unit/components/session/sdk-card.test.ts`.
import type { Page } from '@playwright/test';
import { openAt, page, withPages } from './own-pages';
import { expect, hookOf, type Panel, test, until } from './support';

const SCRIPT = '/sdk/synerise-javascript-sdk.min.js';
const KEY = '0c5a1e0d-1111-4222-8333-444455556666';
/** The vendor's loader snippet (facts §3.1), and the site's function that it calls once its script has loaded. */
const loader = (src: string) =>
  `<script>function onSyneriseLoad() { SR.init({ trackerKey: '${KEY}', disableWebPush: true }); }</script><script>
  (function (w, d, src) { w.SyneriseObjectNamespace = 'SR'; w.SR = w.SR || []; w.SR._t = 1; w.SR._i = 0; w.SR._l = 'onSyneriseLoad';
    var s = d.createElement('script'); s.async = true; s.src = src; d.head.appendChild(s); })(window, document, '${src}');</script>`;

const card = (v: Pick<Panel, 'text'>, words: RegExp) =>
  until(`the SDK's card with ${words}`, async () => {
    const text = (await v.text('sdk-card')) ?? '';
    return words.test(text) ? text : null;
  });

test('a ready Web SDK shows what loaded it, how long that took, and its init options', async ({ inspector }) => {
  await withPages(inspector, { '/': page(loader(SCRIPT)) }, async ({ origin }) => {
    const { page: tab, noise } = await openAt(inspector, `${origin}/`);
    await until('the SDK', async () => (await hookOf(tab)).held.uuid);
    const v = await inspector.panel(tab);
    await v.waitAttr('sdk-state', 'data-state', 'ready');
    const text = await card(v, /requested after .*, took /);
    expect(text).toContain(`${origin}${SCRIPT}`);
    expect(text).toContain(KEY);
    expect(text).toContain('disableWebPush: true');
    expect(text).toMatch(/[\d.]+ m?s after navigation/);
    expect(text).toContain('_snrs_uuid');
    expect(noise).toEqual([]);
  });
});

test("a script that hangs, is not the SDK, or is blocked by the page's policy shows the outcome of its request", async ({ inspector }) => {
  const refused = page(loader('http://127.0.0.1:9/sdk.js'));
  const files = {
    '/hangs': page(loader('/hang.js')),
    '/hang.js': null,
    '/gone': page(loader('/gone.js')),
    '/gone.js': 'void 0',
    '/refused': { text: refused, headers: { 'content-security-policy': "script-src 'unsafe-inline'" } },
  };
  await withPages(inspector, files, async ({ origin }) => {
    const { page: tab } = await openAt(inspector, `${origin}/hangs`, 'commit');
    await tab.waitForFunction(() => document.body?.textContent !== undefined);
    const v = await inspector.panel(tab);
    await v.waitAttr('sdk-state', 'data-state', 'stalled');
    await card(v, /hang\.js · pending/);
    for (const [path, words] of [
      ['/gone', /gone\.js · requested after .*, failed after/],
      ['/refused', /sdk\.js · /],
    ] as const) {
      await tab.goto(`${origin}${path}`);
      await card(v, words);
      await v.waitAttr('sdk-state', 'data-state', 'blocked');
    }
  });
});

test("the Web SDK's Do Not Track is detected by its effect", async ({ inspector }) => {
  const { page: tab } = await inspector.open('/?sdk=web&dnt');
  const uuid = async (one: Page) => (await hookOf(one)).held.uuid ?? '';
  const v = await inspector.panel(tab);
  await until('the UUID', async () => (await v.text('uuid')) === (await uuid(tab)));
  expect(await v.attr('session-state', 'data-identity')).not.toBe('incognito');
  for (let load = 0; load < 4; load += 1) {
    await tab.reload();
    await until('another UUID', async () => (await v.text('uuid')) === (await uuid(tab)) && (await uuid(tab)) !== '');
  }
  await v.waitAttr('session-state', 'data-identity', 'incognito');
  await card(v, /Do Not Track\s*probably on/);
  await v.tab('Diagnostics');
  await until('the issue', () => v.target.evaluate(`!!document.querySelector('[data-testid="finding"][data-rule="do-not-track"]')`));
  expect(await v.target.evaluate(`!!document.querySelector('[data-testid="finding"][data-rule="uuid-churn"]')`)).toBe(false);
});
