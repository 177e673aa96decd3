// Pages that attack the inspector, and pages that are odd for reasons of their own.
import type { Page } from '@playwright/test';
import { weightOf } from '../../lib/background/weight';
import { AGENT_VERSION } from '../../lib/page/wire';
import { openAt, page, withPages } from './own-pages';
import { expect, hookOf, type Inspector, type Panel, test, until, VIEWS } from './support';
import { sessionOf } from './worker';

const SDK = '<script src="/sdk/ios.js"></script>';

/** An SDK that uses no built-in itself. */
const LEAN = `<script>
  var uuid = 'uuid-1';
  var Client = { getUUID: function () { return uuid; }, isSignedIn: function () { return false; }, isSignedInViaSimpleAuthentication: function () { return false; },
    retrieveToken: function (ok) { ok({ tokenString: 'opaque', origin: 'ANONYMOUS', rlm: 'anonymous_client' }); },
    regenerateUUID: function () { uuid = 'uuid-2'; return true; }, destroySession: function () {} };
</script>`;

/** Stands where the agent would, keeps all that it hears, and answers as `answer` says: an expression over `request`. */
const impostor = (answer: string) => `<script>
  globalThis.heard = [];
  const handle = { version: ${AGENT_VERSION}, revert() {}, equip() {}, look() { return null; },
    exchange(request) { heard.push(JSON.stringify(request)); return ${answer}; } };
  Object.defineProperty(globalThis, Symbol.for('synerise.inspector.agent'), { get: () => handle, set() {}, configurable: false });
</script>`;
/** A customer, as an agent would tell one. */
const FORGED = `JSON.stringify({ document: 'forged', origin: 'https://bank.example', path: '/', at: Date.now(), setup: request.setup ? request.setup.id : '', bare: false,
  watching: false, waits: true, missing: [], reports: request.cursor > 0 ? [] : [
    { seq: 1, at: Date.now(), kind: 'page', absent: false, load: 'loaded', strays: [], frames: 0, entered: '/', by: 'navigate', loaded: 1,
      clients: [{ ref: 1, dialect: 'ios', place: 'Client', version: null, state: 'ready', missing: [], unobserved: [] }] },
    { seq: 2, at: Date.now(), kind: 'sample', client: 1, uuid: 'forged-uuid', signedIn: false, simpleAuth: false, trouble: null, facts: {}, cookies: [], stored: [] } ] })`;
const heard = (one: Page) => one.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);

/** A popup closes with the page that it was opened on, or a frame of it. */
const closed = (view: Pick<Panel, 'there'>) =>
  until('the popup to close', () =>
    view.there('uuid').then(
      () => false,
      () => true,
    ),
  );
const phaseOf = (v: Pick<Panel, 'attr'>) => v.attr('session-state', 'data-phase');

for (const access of ['panel', 'visit', 'watched'] as const)
  test.describe(`reached by ${access}`, () => {
    test.use({ watched: access === 'watched' });

    test('what was typed for one site reaches no other: its form closes, and the page that answers in our place hears nothing of it', async ({
      inspector,
    }) => {
      await withPages(inspector, { '/a': page(SDK), '/b': page(impostor(FORGED)) }, async ({ origin, other }) => {
        const { page: tab } = await openAt(inspector, `${origin}/a`);
        const { uuid } = (await hookOf(tab)).held;
        const view = access === 'visit' ? await inspector.popup(tab) : await inspector.panel(tab);
        await view.shows('uuid', uuid ?? '');
        await view.click('action-regenerateUUIDWithClientIdentifier');
        await view.fill('clientIdentifier', 'anna.secret@shop.example');
        const document = (await sessionOf(inspector.chromium, tab))?.page.document;
        await tab.goto(`${other}/b`);
        let next = view;
        if (access === 'visit') {
          // A click of the toolbar ends with the origin.
          await closed(view);
          next = await inspector.popup(tab);
        } else await until('nothing of the site before', async () => (await view.text('uuid')) !== uuid && !(await view.there('run')));
        await next.shows('uuid', 'forged-uuid');
        expect(await next.text('site')).toBe(other.replace('http://', ''));
        await next.click('action-regenerateUUIDWithClientIdentifier');
        expect(await next.target.evaluate(`document.querySelector('[data-testid="argument-clientIdentifier"]').value`)).toBe('');
        expect((await heard(tab)).length).toBeGreaterThan(0);
        const all = (await heard(tab)).join();
        for (const secret of ['anna.secret', String(document), String(uuid), origin]) expect(all).not.toContain(secret);
      });
    });

    const TOP = page('<h1>top</h1><iframe src="/frame"></iframe>');
    const viewOn = (inspector: Inspector, tab: Page) => (access === 'visit' ? inspector.popup(tab) : inspector.panel(tab));

    test('a frame that calls itself another site is listed as what it is', async ({ inspector }) => {
      await withPages(inspector, { '/': TOP, '/frame': page(impostor(FORGED)) }, async ({ origin }) => {
        const { page: tab } = await openAt(inspector, `${origin}/`);
        const view = await viewOn(inspector, tab);
        await view.shows('uuid', 'forged-uuid');
        expect(await view.text('site')).toContain(origin.replace('http://', ''));
        const session = await sessionOf(inspector.chromium, tab);
        expect(session?.visit.origin).toBe(origin);
        expect(session?.tab.listing.map((one) => one.origin)).toEqual([origin, origin]);
      });
    });

    test('what was typed for a frame reaches no page that takes its place', async ({ inspector }) => {
      await withPages(inspector, { '/': TOP, '/frame': page(SDK), '/b': page(impostor(FORGED)) }, async ({ origin, other }) => {
        const { page: tab } = await openAt(inspector, `${origin}/`);
        const [, frame] = tab.frames();
        if (!frame) throw new Error('The page has no frame.');
        const { uuid } = (await hookOf(frame)).held;
        let view = await viewOn(inspector, tab);
        await view.shows('uuid', uuid ?? '');
        await view.click('action-regenerateUUIDWithClientIdentifier');
        await view.fill('clientIdentifier', 'anna.secret@shop.example');
        const document = (await sessionOf(inspector.chromium, tab))?.page.document;
        await frame.goto(`${other}/b`);
        if (access === 'visit') {
          await closed(view);
          view = await inspector.popup(tab);
        }
        await until('nothing of the frame before', async () => !(await view.there('run')) && (await view.text('uuid')) !== uuid);
        // A click on the toolbar button does not reach a frame of another site.
        if (access !== 'visit') {
          await view.shows('uuid', 'forged-uuid');
          expect((await sessionOf(inspector.chromium, tab))?.visit.origin).toBe(other);
          await view.click('action-regenerateUUIDWithClientIdentifier');
          expect(await view.target.evaluate(`document.querySelector('[data-testid="argument-clientIdentifier"]').value`)).toBe('');
        }
        const all = await frame.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
        expect(all.length > 0).toBe(access !== 'visit');
        for (const secret of ['anna.secret', String(document), String(uuid), origin]) expect(all.join()).not.toContain(secret);
      });
    });
  });

test('a sandboxed page is out of the reach of DevTools, says what reaches it, and is reached so', async ({ inspector }) => {
  const sandboxed = { text: page(LEAN), headers: { 'content-security-policy': 'sandbox allow-scripts' } };
  await withPages(inspector, { '/': sandboxed }, async ({ origin }) => {
    const { page: tab } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(tab);
    await until('the reason', async () =>
      (await v.text('empty-why'))?.includes('A sandboxed page opens with a click on the toolbar button.'),
    );
    const popup = await inspector.popup(tab);
    await popup.shows('uuid', 'uuid-1');
  });
});

test('a page that calls itself another site is shown as what it is, and is told nothing of that site', async ({ inspector }) => {
  await withPages(inspector, { '/': page(impostor(FORGED)) }, async ({ origin }) => {
    const { page: tab } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(tab);
    await v.shows('uuid', 'forged-uuid');
    expect(await v.text('site')).toBe(origin.replace('http://', ''));
    expect((await sessionOf(inspector.chromium, tab))?.visit.origin).toBe(origin);
  });
});

for (const [name, answer] of [
  ['rubbish', `'rubbish'`],
  ['an exception', `(() => { throw new Error('no'); })()`],
  ['half a megabyte', `'x'.repeat(600_000)`],
] as const)
  test(`after a page that answers with ${name}, nothing of the page before is shown`, async ({ inspector }) => {
    await withPages(inspector, { '/a': page(SDK), '/b': page(impostor(answer)) }, async ({ origin }) => {
      const { page: tab, noise } = await openAt(inspector, `${origin}/a`);
      const v = await inspector.panel(tab);
      await v.shows('uuid', (await hookOf(tab)).held.uuid ?? '');
      await tab.goto(`${origin}/b`);
      await until('the page to be told unreachable', async () => (await phaseOf(v)) === 'unreachable');
      expect(await v.there('action-regenerateUUID')).toBe(false);
      expect(await v.text('empty-why')).toMatch(/page/);
      expect(noise).toEqual([]);
    });
  });

test('thousands of forged reports do not hold the panel up', async ({ inspector }) => {
  const flood = FORGED.replace('request.cursor > 0 ? [] :', '').replace(
    /\] \}\)$/,
    `, ...Array.from({ length: 900 }, (_, index) => ({ seq: request.cursor + 3 + index, at: Date.now(), kind: 'state', client: 1, signedIn: index % 2 === 0, reason: 'FLOOD' })) ] })`,
  );
  await withPages(inspector, { '/': page(impostor(flood)) }, async ({ origin }) => {
    const { page: tab } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(tab);
    await v.shows('uuid', 'forged-uuid');
    const ticks = (await v.target.evaluate(`new Promise((resolve) => {
      let longest = 0, last = performance.now(), left = 40;
      const tick = () => { const now = performance.now(); longest = Math.max(longest, now - last); last = now; left -= 1; left ? setTimeout(tick, 25) : resolve(longest); };
      tick();
    })`)) as number;
    // A machine that is busy stalls by itself; seconds are the page's doing.
    expect(ticks).toBeLessThan(1500);
  });
});

test.describe('a page that cannot be looked into', () => {
  const addresses: Record<string, string> = {
    'a port that refuses': 'http://127.0.0.1:9/',
    'a host that is not known': 'http://nobody.invalid/',
    'about:blank': 'about:blank',
    'data:': 'data:text/html,<p>hello',
    'a page of the browser': 'chrome://version/',
  };
  for (const [name, address] of Object.entries(addresses))
    test(`${name}: nobody is shown, and why is said`, async ({ inspector }) => {
      await withPages(inspector, { '/': page(SDK) }, async ({ origin }) => {
        const { page: tab } = await openAt(inspector, `${origin}/`);
        const v = await inspector.panel(tab);
        const { uuid } = (await hookOf(tab)).held;
        await v.shows('uuid', uuid ?? '');
        await tab.goto(address).catch(() => undefined);
        await until('nobody to be shown', async () => (await phaseOf(v)) === 'unreachable');
        expect(await v.there('uuid')).toBe(false);
        expect(await v.there('token')).toBe(false);
        expect(await v.there('lanes')).toBe(false);
        expect(await v.text('site')).not.toContain('127.0.0.1');
        expect(await v.text('empty-why')).toMatch(/could not be loaded/);
        // Back on the site the session goes on.
        await tab.goto(`${origin}/`);
        await v.shows('uuid', await until('the UUID', async () => (await hookOf(tab)).held.uuid));
      });
    });

  test('a reload while offline: the same', async ({ inspector }) => {
    await withPages(inspector, { '/': page(SDK) }, async ({ origin }) => {
      const { page: tab } = await openAt(inspector, `${origin}/`);
      const v = await inspector.panel(tab);
      await v.shows('uuid', (await hookOf(tab)).held.uuid ?? '');
      await tab.context().setOffline(true);
      try {
        await tab.reload().catch(() => undefined);
        await until('nobody to be shown', async () => (await phaseOf(v)) === 'unreachable');
        expect(await v.there('uuid')).toBe(false);
      } finally {
        await tab.context().setOffline(false);
      }
    });
  });
});

const REPLACED = [
  'function Map() {} function Set() {}',
  'window.JSON = { encode() {}, decode() {} };',
  'window.performance = { now: () => 1 };',
  'window.performance = [];',
  'class WeakMap {}',
  'window.Proxy = function Proxy() {};',
  'window.Promise = function Promise() {}; window.Symbol = undefined;',
  'window.Reflect = undefined;',
  'Array.prototype.push = function () { throw new Error("push"); };',
  'JSON.stringify = function () { throw new Error("stringify"); };',
  'Function.prototype.call = function () { throw new Error("call"); };',
  'Date.now = () => 1_700_000_000_000; window.setTimeout = window.setInterval = () => 1;',
];
for (const view of VIEWS)
  for (const script of REPLACED)
    test(`${view}: a page with built-ins of its own: ${script}`, async ({ inspector }) => {
      // The sandbox's SDK came before, and keeps what it needs.
      await withPages(inspector, { '/': page(`${LEAN}<script>${script}</script>`) }, async ({ origin }) => {
        const { page: tab, noise } = await openAt(inspector, `${origin}/`);
        const v = await inspector[view](tab);
        await v.shows('uuid', 'uuid-1');
        expect((await v.operate('regenerateUUID')).verdict).toBe('done');
        await v.shows('uuid', 'uuid-2');
        expect(noise).toEqual([]);
      });
    });

test('what a page has replaced, and what is not seen without it, is told', async ({ inspector }) => {
  await withPages(inspector, { '/': page(`<script>window.Proxy = undefined;</script>${LEAN}`) }, async ({ origin }) => {
    const { page: tab } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(tab);
    await v.shows('uuid', 'uuid-1');
    await until('the words', async () => /replaced Proxy\. Its own calls/.test(String(await v.target.evaluate('document.body.innerText'))));
  });
});

test('twenty frames of srcdoc, the SDK in the fourteenth: the panel names what it does not reach, and a click reaches it for the panel too', async ({
  inspector,
}) => {
  const frame = (body: string) => `<iframe srcdoc="${body.replaceAll('"', '&quot;')}"></iframe>`;
  const frames = Array.from({ length: 20 }, (_, index) => frame(index === 13 ? LEAN : '<p>empty</p>')).join('');
  await withPages(inspector, { '/': page(`<h1>many</h1>${frames}`) }, async ({ origin }) => {
    const { page: tab } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(tab);
    await until('the frames to be named', async () =>
      /19 frames.*about:srcdoc \(19\).*toolbar button/.test((await v.text('limits')) ?? ''),
    );
    const popup = await inspector.popup(tab);
    await popup.shows('uuid', 'uuid-1');
    await v.shows('uuid', 'uuid-1');
  });
});

const SANDBOXED = { '/': page('<iframe sandbox="allow-scripts" src="/pixel"></iframe>'), '/pixel': page(LEAN) };

test('a sandboxed frame is named, and what reaches it', async ({ inspector }) => {
  await withPages(inspector, SANDBOXED, async ({ origin }) => {
    const { page: tab } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(tab);
    await until('the frame to be named', async () => /One frame.*: \/pixel\..*sandboxed/.test((await v.text('limits')) ?? ''));
    const popup = await inspector.popup(tab);
    await until('the same after a click', async () =>
      /One frame.*: \/pixel\. Sandboxed frames show when this site is watched\./.test((await popup.text('limits')) ?? ''),
    );
  });
});

test.describe('on a watched site', () => {
  test.use({ watched: true });

  for (const view of VIEWS)
    test(`${view}: a sandboxed frame is reached`, async ({ inspector }) => {
      await withPages(inspector, SANDBOXED, async ({ origin }) => {
        const { page: tab } = await openAt(inspector, `${origin}/`);
        const v = await inspector[view](tab);
        await v.shows('uuid', 'uuid-1');
      });
    });
});

const SNIPPET = `window.SyneriseObjectNamespace = 'SR'; window.SR = window.SR || []; window.SR._t = 1; window.SR._i = 0;`;
for (const [name, body, words] of [
  ['waits for consent', `<script type="text/plain">${SNIPPET}</script>`, /text\/plain.*consent/],
  ['is for a worker', `<script type="text/partytown">${SNIPPET}</script>`, /Partytown/],
  ['stands in a template', `<template><script>${SNIPPET}</script></template>`, /<template>/],
  [
    'is blocked by the policy of the page',
    `<meta http-equiv="content-security-policy" content="script-src 'none'"><script>${SNIPPET}</script>`,
    /Content Security Policy/,
  ],
] as const)
  test(`a loader snippet that ${name} is told, and found`, async ({ inspector }) => {
    await withPages(inspector, { '/': page(`${body}<p>text`) }, async ({ origin }) => {
      const { page: tab } = await openAt(inspector, `${origin}/`);
      const v = await inspector.panel(tab);
      await until('why it did not run', async () => words.test((await v.text('empty-why')) ?? ''));
      await v.tab('Diagnostics');
      await until('the finding', () =>
        v.target.evaluate(`!!document.querySelector('[data-testid="finding"][data-rule="snippet-without-sdk"]')`),
      );
    });
  });

test('cookies of an SDK that is not there show in Storage', async ({ inspector }) => {
  await withPages(
    inspector,
    { '/': page('<p>no SDK</p><script>document.cookie = "_snrs_uuid=left-behind; path=/";</script>') },
    async ({ origin }) => {
      const { page: tab } = await openAt(inspector, `${origin}/`);
      const v = await inspector.panel(tab);
      await until('absent', async () => (await phaseOf(v)) === 'absent');
      await v.tab('Storage');
      await until('the cookie', async () => (await v.text('cookies'))?.includes('left-behind'));
    },
  );
});

test('a UUID with a character in it that nobody sees shows that', async ({ inspector }) => {
  await withPages(inspector, { '/': page(LEAN.replace(`'uuid-1'`, `'uuid\u200b-\u202e1'`)) }, async ({ origin }) => {
    const { page: tab } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(tab);
    await v.shows('uuid', 'uuid⟨U+200B⟩-⟨U+202E⟩1');
  });
});

test('what is stored weighs what the browser says', async ({ inspector }) => {
  const { page: tab } = await inspector.open('/');
  const v = await inspector.panel(tab);
  await v.waitAttr('token', 'data-token', 'valid');
  const worker = await inspector.chromium.worker();
  const { stored, weighed } = await worker.evaluate(async () => {
    const { storage } = (globalThis as unknown as { chrome: typeof import('@wxt-dev/browser').browser }).chrome;
    const all = await storage.session.get(null);
    const key = Object.keys(all).find((one) => one.startsWith('history:') && one.endsWith(':0')) ?? '';
    return { stored: all[key] as unknown, weighed: await storage.session.getBytesInUse(key) };
  });
  expect(weightOf(stored)).toBe(weighed);
});
