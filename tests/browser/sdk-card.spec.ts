// The SDK's own state, on a page for each: how far it came, what brought it, and what it was started with.
import type { Page } from '@playwright/test';
import { TABLES } from '@/lib/sdk/dialects';
import { openAt, page, withPages } from './own-pages';
import { chooseClient, expect, hookOf, type Panel, test, until, VIEWS } from './support';

const SCRIPT = '/sdk/synerise-javascript-sdk.min.js';
const KEY = '0c5a1e0d-1111-4222-8333-444455556666';
/** The vendor's loader snippet (facts §3.1), which calls `onload` when its script has come. */
const loader = (src: string, type = '', onload = `SR.init({ trackerKey: '${KEY}', disableWebPush: true })`) =>
  `<script>function onSyneriseLoad() { ${onload}; }</script><script${type && ` type="${type}"`}>
  (function (w, d, src) { w.SyneriseObjectNamespace = 'SR'; w.SR = w.SR || []; w.SR._t = 1; w.SR._i = 0; w.SR._l = 'onSyneriseLoad';
    var s = d.createElement('script'); s.async = true; s.src = src; d.head.appendChild(s); })(window, document, '${src}');</script>`;

const card = (v: Pick<Panel, 'text'>, words: RegExp) =>
  until(`the SDK's card with ${words}`, async () => {
    const text = (await v.text('sdk-card')) ?? '';
    return words.test(text) ? text : null;
  });
/** The card's line of that name. */
const line = (v: Panel, name: string) =>
  v.target.evaluate(
    `[...document.querySelectorAll('[data-testid="sdk-card"] dt')].find((one) => one.textContent === '${name}')?.nextElementSibling.textContent ?? null`,
  );

for (const view of VIEWS)
  test(`${view}: a Web SDK that is ready says what brought it, and what it was started with`, async ({ inspector }) => {
    await withPages(inspector, { '/': page(loader(SCRIPT)) }, async ({ origin }) => {
      const { page: tab, noise } = await openAt(inspector, `${origin}/`);
      await until('the SDK', async () => (await hookOf(tab)).held.uuid);
      const v = await inspector[view](tab);
      await v.waitAttr('sdk-state', 'data-state', 'ready');
      const text = await card(v, /requested after .*, took /);
      expect(text).toContain(`${origin}${SCRIPT}`);
      expect(text).toContain(KEY);
      expect(text).toContain('disableWebPush: true');
      expect(text).toMatch(/Ready\s*(about|no later than) [\d.]+ m?s after the page began to load/);
      expect(text).toContain('_snrs_uuid');
      expect(text).toMatch(/Site token\s*none set/);
      expect(noise).toEqual([]);
    });
  });

for (const [what, files, state, words] of [
  ['was never started', { '/': page(loader(SCRIPT, '', 'void 0')) }, 'not-initialized', /took/],
  ['waits for its script', { '/': page(loader('/hang.js')), '/hang.js': null }, 'stalled', /hang\.js · no answer so far/],
  [
    'is not what its script brought',
    { '/': page(loader('/gone.js')), '/gone.js': 'void 0' },
    'blocked',
    /gone\.js · requested after .* without the SDK/,
  ],
  [
    'is refused by the policy of the page',
    { '/': { text: page(loader('http://127.0.0.1:9/sdk.js')), headers: { 'content-security-policy': "script-src 'unsafe-inline'" } } },
    'blocked',
    /sdk\.js · /,
  ],
  ['waits for consent', { '/': page(loader(SCRIPT, 'text/plain')) }, 'waiting-for-consent', /Tracker key/],
  ['runs in a worker', { '/': page(loader(SCRIPT, 'text/partytown')) }, 'out-of-reach', /Tracker key/],
] as const)
  for (const view of VIEWS)
    test(`${view}: an SDK that ${what}`, async ({ inspector }) => {
      await withPages(inspector, files, async ({ origin }) => {
        const { page: tab } = await openAt(inspector, `${origin}/`, 'commit');
        await tab.waitForFunction(() => document.body?.textContent !== undefined);
        const v = await inspector[view](tab);
        await v.waitAttr('sdk-state', 'data-state', state);
        await card(v, words);
      });
    });

for (const { name } of TABLES.filter((one) => one.name !== 'web'))
  test(`an SDK of ${name} that is ready`, async ({ inspector }) => {
    const { page: tab } = await inspector.open(`/?sdk=${name}`);
    const v = await inspector.panel(tab);
    await v.waitAttr('sdk-state', 'data-state', 'ready');
    expect(await line(v, 'Found at')).toBe(((await v.text('dialect')) ?? '').split(' ')[0]);
    await until('its setting', async () => (await line(v, 'Do Not Track')) === 'off');
    expect(await line(v, 'Tracker key')).toBeNull();
  });

test('an SDK of react-native that waits to be initialized', async ({ inspector }) => {
  const { page: tab } = await inspector.open('/?sdk=react-native&init=held');
  const v = await inspector.panel(tab);
  await v.waitAttr('sdk-state', 'data-state', 'not-initialized');
  await tab.evaluate(() => dispatchEvent(new Event('sandbox:init')));
  await v.waitAttr('sdk-state', 'data-state', 'ready');
  expect(await line(v, 'Ready')).toMatch(/^about [\d.]+ s after the page began to load$/);
});

test('the loader before this one gives its key too', async ({ inspector }) => {
  const old = loader(SCRIPT, '', `if (0) { SR.auth.apiKey('${KEY}'); SR.init(); } SR.init({ ...{}, ...window.given })`);
  await withPages(inspector, { '/': page(`<script>window.given = { trackerKey: 'x' };</script>${old}`) }, async ({ origin }) => {
    const { page: tab } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(tab);
    await v.waitAttr('sdk-state', 'data-state', 'ready');
    await until('its key', async () => (await line(v, 'Tracker key')) === KEY);
  });
});

test('two workspaces on one page: each client shows its own key', async ({ inspector }) => {
  const second = `window.SyneriseObjectNamespace = 'Other'; window.Other = Object.assign([], { _t: 1, _i: 0, _l: 'onSecond' });
    var s = document.createElement('script'); s.src = '${SCRIPT}'; document.head.append(s)`;
  const both = page(`${loader(SCRIPT, '', `SR.init({ trackerKey: 'key-one' }).then(function () { ${second} })`)}
    <script>function onSecond() { Other.init({ trackerKey: 'key-two' }); }</script>`);
  await withPages(inspector, { '/': both }, async ({ origin }) => {
    const { page: tab } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(tab);
    await until('both clients', () => v.target.evaluate(`document.querySelector('[data-testid="client-select"]')?.options.length === 2`));
    for (const [name, key, other] of [
      ['Other', 'key-two', 'SR'],
      ['SR', 'key-one', 'Other'],
    ] as const) {
      await chooseClient(v, `${name} ·`);
      await until(`the key of ${name}`, async () => (await line(v, 'Namespace')) === name && (await line(v, 'Tracker key')) === key);
      expect(await line(v, 'Also on this page')).toContain(other);
    }
  });
});

test('Do Not Track of the Web SDK is told by its effect', async ({ inspector }) => {
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
  expect(await line(v, 'Do Not Track')).toMatch(/likely on/);
  await v.tab('Diagnostics');
  await until('the finding', () => v.target.evaluate(`!!document.querySelector('[data-testid="finding"][data-rule="do-not-track"]')`));
  expect(await v.target.evaluate(`!!document.querySelector('[data-testid="finding"][data-rule="uuid-churn"]')`)).toBe(false);
});
