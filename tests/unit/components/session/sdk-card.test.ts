// What the SDK's card shows: how far the SDK came, and what it was started with.
import { afterEach, expect, it, vi } from 'vitest';
import { TABLES } from '@/lib/sdk/dialects';
import { until } from '@/scripts/until.mjs';
import { page as documentOf } from '@/tests/browser/own-pages';
import { LOADED_LONG_AGO } from '../../fakes/documents';
import { type Files, type NodeInspector, type NodePage, openInspector } from '../../fakes/inspector';
import { chooseClient, clientsOf, textOf } from '../../fakes/view';

vi.setConfig({ testTimeout: 60_000 });

const SCRIPT = '/sdk/synerise-javascript-sdk.min.js';
const KEY = '0c5a1e0d-1111-4222-8333-444455556666';
const VIEWS = ['popup', 'panel'] as const;

/** The vendor's loader snippet (facts §3.1), which calls `onload` when its script has come. */
const loader = (src: string, type = '', onload = `SR.init({ trackerKey: '${KEY}', disableWebPush: true })`) =>
  `<script>window.onSyneriseLoad = function () { ${onload}; };</script><script${type && ` type="${type}"`}>
  (function (w, d, src) { w.SyneriseObjectNamespace = 'SR'; w.SR = w.SR || []; w.SR._t = 1; w.SR._i = 0; w.SR._l = 'onSyneriseLoad';
    var s = d.createElement('script'); s.async = true; s.src = src; d.head.appendChild(s); })(window, document, '${src}');</script>`;

let inspector: NodeInspector;
afterEach(() => inspector.close());

/** Opens a page of a test's own. */
async function openOwn(body: string, more: Files = {}): Promise<NodePage> {
  inspector = await openInspector({ files: { '/': documentOf(body), ...more } });
  return inspector.open();
}

it('a Web SDK that is ready shows its script, key, options and cookies, in popup and panel', async () => {
  const page = await openOwn(loader(SCRIPT));
  for (const view of VIEWS) {
    const v = await inspector[view](page);
    await v.waitAttr('sdk-state', 'data-state', 'ready');
    const text = await textOf(v, 'sdk-card', /synerise-javascript-sdk/);
    expect(text).toContain(`${inspector.origin}${SCRIPT}`);
    expect(text).toContain(KEY);
    expect(text).toContain('disableWebPush: true');
    expect(text).toMatch(/[\d.]+ m?s after navigation/);
    expect(text).toContain('_snrs_uuid');
    expect(await v.attr('token', 'data-token')).toBe('none');
  }
  expect(page.noise).toEqual([]);
});

it('each state of an SDK that is not ready shows in popup and panel, with a reason of its own', async () => {
  const pages: [path: string, body: string, state: string, words: RegExp][] = [
    ['/never-started', loader(SCRIPT, '', 'void 0'), 'not-initialized', /synerise-javascript-sdk/],
    ['/blocked', loader('/gone.js'), 'blocked', /gone\.js/],
    [
      '/never',
      `<script>window.SyneriseObjectNamespace = 'SR'; window.SR = Object.assign([], { _t: 1, _i: 0, _l: 'start' });</script>`,
      'blocked',
      /SR/,
    ],
    ['/consent', loader(SCRIPT, 'text/plain'), 'waiting-for-consent', /Tracker key/],
    ['/worker', loader(SCRIPT, 'text/partytown'), 'out-of-reach', /Tracker key/],
  ];
  const files = Object.fromEntries(pages.map(([path, body]) => [path, documentOf(`${LOADED_LONG_AGO}${body}`)]));
  inspector = await openInspector({ files: { ...files, '/gone.js': 'void 0' } });
  const reasons = new Map<string, string>();
  for (const [path, , state, words] of pages) {
    const page = await inspector.open(path);
    for (const view of VIEWS) {
      const v = await inspector[view](page);
      await v.waitAttr('sdk-state', 'data-state', state);
      await textOf(v, 'sdk-card', words);
      if (state === 'not-initialized' || state === 'blocked') expect(await v.attr('dialect', 'data-ready')).toBe('false');
      reasons.set(await textOf(v, 'empty-why', /./), state);
    }
  }
  expect([...reasons.values()]).toEqual(['not-initialized', 'blocked', 'waiting-for-consent', 'out-of-reach']);
});

it('an SDK that is initialized late becomes ready, and shows when', async () => {
  inspector = await openInspector();
  const page = await inspector.open('/?sdk=react-native&init=held');
  const v = await inspector.panel(page);
  await v.waitAttr('sdk-state', 'data-state', 'loading');
  await page.evaluate(() => void dispatchEvent(new Event('sandbox:init')));
  await v.waitAttr('sdk-state', 'data-state', 'ready');
  await textOf(v, 'sdk-card', /about [\d.]+ m?s after navigation/);
});

it.each(
  TABLES.map(({ name }) => name).filter((name) => name !== 'web'),
)('an SDK of %s that is ready shows its place and Do Not Track, and no tracker key', async (sdk) => {
  inspector = await openInspector();
  const page = await inspector.open(`/?sdk=${sdk}`);
  const v = await inspector.panel(page);
  await v.waitAttr('sdk-state', 'data-state', 'ready');
  const text = await textOf(v, 'sdk-card', /Do Not Track\s*off/);
  expect(text).toContain(await v.target.evaluate(`document.querySelector('[data-testid="dialect"] code').textContent`));
  expect(text).not.toContain('Tracker key');
});

it('the loader before the current one gives its tracker key too', async () => {
  const old = loader(SCRIPT, '', `if (0) { SR.auth.apiKey('${KEY}'); SR.init(); } SR.init({ ...{}, ...window.given })`);
  const page = await openOwn(`<script>window.given = { trackerKey: 'x' };</script>${old}`);
  const v = await inspector.panel(page);
  await v.waitAttr('sdk-state', 'data-state', 'ready');
  await textOf(v, 'sdk-card', new RegExp(KEY));
});

it('each of two workspaces on a page shows its own tracker key', async () => {
  const second = `window.SyneriseObjectNamespace = 'Other'; window.Other = Object.assign([], { _t: 1, _i: 0, _l: 'onSecond' });
    var s = document.createElement('script'); s.async = true; s.src = '${SCRIPT}'; document.head.append(s)`;
  const page = await openOwn(`${loader(SCRIPT, '', `SR.init({ trackerKey: 'key-one' }).then(function () { ${second} })`)}
    <script>window.onSecond = function () { Other.init({ trackerKey: 'key-two' }); };</script>`);
  const v = await inspector.panel(page);
  await until('both clients', async () => (await clientsOf(v)).length === 2);
  for (const [name, key, other] of [
    ['Other', 'key-two', 'SR'],
    ['SR', 'key-one', 'Other'],
  ] as const) {
    await chooseClient(v, `${name} ·`);
    const text = await textOf(v, 'sdk-card', new RegExp(`Tracker key\\s*${key}`));
    expect(text).toMatch(new RegExp(`^[^]*\\b${name}\\b[^]*Also on this page\\s*${other} \\(`));
  }
});
