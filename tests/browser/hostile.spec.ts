// Pages that attack the inspector, and pages that are merely unusual.
import type { Page } from '@playwright/test';
import { weightOf } from '../../lib/background/weight';
import { FORGED, impostor, LEAN } from './attacks';
import { openAt, page, withPages } from './own-pages';
import { expect, hookOf, type Inspector, type Panel, test, until } from './support';
import { sessionOf } from './worker';

const SDK = '<script src="/sdk/ios.js"></script>';

const heard = (one: Page) => one.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);

/** Waits for a popup to close, as it does when its page or one of the frames navigates. */
const closed = (view: Pick<Panel, 'there'>) =>
  until('the popup to close', () =>
    view.there('uuid').then(
      () => false,
      () => true,
    ),
  );
/** Closes a popup. */
async function shut(view: Pick<Panel, 'there' | 'target'>): Promise<void> {
  await view.target.evaluate('setTimeout(() => window.close())').catch(() => undefined);
  await closed(view);
}
const phaseOf = (v: Pick<Panel, 'attr'>) => v.attr('session-state', 'data-phase');

for (const access of ['panel', 'visit', 'watched'] as const)
  test.describe(`with ${access} access`, () => {
    test.use({ watched: access === 'watched' });

    test('text entered for one site never reaches another: the form closes, and an impostor of the agent receives none of it', async ({
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
          // Access by toolbar click ends when the origin changes.
          await closed(view);
          next = await inspector.popup(tab);
        } else await until('the old site to be cleared', async () => (await view.text('uuid')) !== uuid && !(await view.there('run')));
        await next.shows('uuid', 'forged-uuid');
        expect(await next.text('site')).toContain(other.replace('http://', ''));
        await next.click('action-regenerateUUIDWithClientIdentifier');
        await until('the form', () => next.there('argument-clientIdentifier'));
        expect(await next.target.evaluate(`document.querySelector('[data-testid="argument-clientIdentifier"]').value`)).toBe('');
        expect((await heard(tab)).length).toBeGreaterThan(0);
        const all = (await heard(tab)).join();
        for (const secret of ['anna.secret', String(document), String(uuid), origin]) expect(all).not.toContain(secret);
        // The real origin, whatever the page claims. Checked last, because reading the session closes a popup.
        expect((await sessionOf(inspector.chromium, tab))?.visit.origin).toBe(other);
      });
    });

    const TOP = page('<h1>top</h1><iframe src="/frame"></iframe>');
    const viewOn = (inspector: Inspector, tab: Page) => (access === 'visit' ? inspector.popup(tab) : inspector.panel(tab));

    test('a frame that claims another origin is listed under its real one, and text entered for one never reaches its replacement', async ({
      inspector,
    }) => {
      const files = { '/': TOP, '/frame': page(impostor(FORGED)), '/sdk': page(SDK), '/b': page(impostor(FORGED)) };
      await withPages(inspector, files, async ({ origin, other }) => {
        const { page: tab } = await openAt(inspector, `${origin}/`);
        const [, frame] = tab.frames();
        if (!frame) throw new Error('The page has no frame.');
        let view = await viewOn(inspector, tab);
        await view.shows('uuid', 'forged-uuid');
        expect(await view.text('site')).toContain(origin.replace('http://', ''));
        const session = await sessionOf(inspector.chromium, tab);
        expect(session?.visit.origin).toBe(origin);
        expect(session?.tab.listing.map((one) => one.origin)).toEqual([origin, origin]);

        if (access === 'visit') await shut(view);
        await frame.goto(`${origin}/sdk`);
        const uuid = await until('the UUID of the frame', async () => (await hookOf(frame)).held.uuid);
        if (access === 'visit') view = await inspector.popup(tab);
        await view.shows('uuid', uuid);
        await view.click('action-regenerateUUIDWithClientIdentifier');
        await view.fill('clientIdentifier', 'anna.secret@shop.example');
        const document = (await sessionOf(inspector.chromium, tab))?.page.document;
        await frame.goto(`${other}/b`);
        if (access === 'visit') {
          await closed(view);
          view = await inspector.popup(tab);
        }
        await until('the old frame to be cleared', async () => !(await view.there('run')) && (await view.text('uuid')) !== uuid);
        // A toolbar click gives no access to a frame of another site.
        if (access !== 'visit') {
          await view.shows('uuid', 'forged-uuid');
          expect((await sessionOf(inspector.chromium, tab))?.visit.origin).toBe(other);
          await view.click('action-regenerateUUIDWithClientIdentifier');
          expect(await view.target.evaluate(`document.querySelector('[data-testid="argument-clientIdentifier"]').value`)).toBe('');
        }
        const all = await frame.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
        expect(all.length > 0).toBe(access !== 'visit');
        for (const secret of ['anna.secret', String(document), uuid, origin]) expect(all.join()).not.toContain(secret);
      });
    });
  });

test('when a page answers with an exception, nothing of the previous page is shown', async ({ inspector }) => {
  const files = { '/a': page(SDK), '/b': page(impostor(`(() => { throw new Error('no'); })()`)) };
  await withPages(inspector, files, async ({ origin }) => {
    const { page: tab, noise } = await openAt(inspector, `${origin}/a`);
    const v = await inspector.panel(tab);
    await v.shows('uuid', (await hookOf(tab)).held.uuid ?? '');
    await tab.goto(`${origin}/b`);
    await until('the page to be shown as unreachable', async () => (await phaseOf(v)) === 'unreachable');
    expect(await v.there('action-regenerateUUID')).toBe(false);
    expect(await v.there('empty-why')).toBe(true);
    expect(noise).toEqual([]);
  });
});

test('a flood of forged reports does not block the panel', async ({ inspector }) => {
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
    // A busy machine causes short stalls on its own; a stall of seconds would be caused by the page.
    expect(ticks).toBeLessThan(1500);
  });
});

/** Pages that no extension can access. */
const CLOSED: Readonly<Record<string, string>> = {
  'a port that refuses': 'http://127.0.0.1:9/',
  'a host that is not known': 'http://nobody.invalid/',
  'about:blank': 'about:blank',
  'data:': 'data:text/html,<p>hello',
  'a page of the browser': 'chrome://version/',
};
test('an inaccessible page and one reloaded offline show the reason and no customer', async ({ inspector }) => {
  // Visits several pages in turn.
  test.setTimeout(180_000);
  await withPages(inspector, { '/': page(SDK) }, async ({ origin }) => {
    const { page: tab } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(tab);
    /** The site's customer is shown; after a visit to another page, the session continues. */
    const isShown = async () => v.shows('uuid', await until('the UUID', async () => (await hookOf(tab)).held.uuid));
    const isNobody = async (where: string) => {
      await until(`no customer to be shown: ${where}`, async () => (await phaseOf(v)) === 'unreachable');
      for (const id of ['uuid', 'token', 'lanes']) expect(await v.there(id), `${id}: ${where}`).toBe(false);
    };
    await isShown();
    for (const [name, address] of Object.entries(CLOSED)) {
      await tab.goto(address).catch(() => undefined);
      await isNobody(name);
      expect(await v.text('site')).not.toContain('127.0.0.1');
      await until(`the reason: ${name}`, () => v.there('empty-why'));
      await tab.goto(`${origin}/`);
      await isShown();
    }
    await tab.context().setOffline(true);
    try {
      await tab.reload().catch(() => undefined);
      await isNobody('offline');
    } finally {
      await tab.context().setOffline(false);
    }
  });
});

/** One example of each kind of replaced built-in; the rest run in Node (`tests/unit/components/header/hostile-pages.test.ts`). */
const REPLACED = {
  declared: 'function Map() {} class WeakMap {}',
  gone: 'window.performance = []; window.Promise = function Promise() {}; window.Symbol = undefined;',
  throwing: 'Function.prototype.call = function () { throw new Error("call"); };',
  clock: 'Date.now = () => 1_700_000_000_000; window.setTimeout = window.setInterval = () => 1;',
};
for (const [view, kinds] of [
  ['popup', ['clock']],
  ['panel', ['declared', 'gone', 'throwing', 'clock']],
] as const)
  test(`${view}: an operation succeeds on pages that replace built-ins: ${kinds.join(', ')}`, async ({ inspector }) => {
    // The SDK loads before the built-ins are replaced, so it has what it needs.
    const files = Object.fromEntries(
      Object.entries(REPLACED).map(([kind, script]) => [`/${kind}`, page(`${LEAN}<script>${script}</script>`)]),
    );
    await withPages(inspector, files, async ({ origin }) => {
      const { page: tab, noise } = await openAt(inspector, `${origin}/${kinds[0]}`);
      const v = await inspector[view](tab);
      for (const kind of kinds) {
        if (kind !== kinds[0]) await tab.goto(`${origin}/${kind}`);
        await v.shows('uuid', 'uuid-1');
        expect((await v.operate('regenerateUUID')).verdict, kind).toBe('done');
        await v.shows('uuid', 'uuid-2');
      }
      expect(noise).toEqual([]);
    });
  });

test('the panel lists srcdoc frames out of its reach, and a toolbar click makes an SDK in one of them available to the panel too', async ({
  inspector,
}) => {
  // A UUID with invisible characters, which both views make visible.
  const odd = LEAN.replace(`'uuid-1'`, `'uuid\u200b-\u202e1'`);
  const frame = (body: string) => `<iframe srcdoc="${body.replaceAll('"', '&quot;')}"></iframe>`;
  const frames = Array.from({ length: 20 }, (_, index) => frame(index === 13 ? odd : '<p>empty</p>')).join('');
  await withPages(inspector, { '/': page(`<h1>many</h1>${frames}`) }, async ({ origin }) => {
    const { page: tab } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(tab);
    await until('the frames to be listed', async () => ((await v.text('limits')) ?? '').includes('about:srcdoc'));
    await until('19 frames out of reach', async () => (await sessionOf(inspector.chromium, tab))?.tab.beyond.length === 19);
    const popup = await inspector.popup(tab);
    for (const view of [popup, v]) await view.shows('uuid', 'uuid⟨U+200B⟩-⟨U+202E⟩1');
  });
});

const SANDBOXED = { '/': page('<iframe sandbox="allow-scripts" src="/pixel"></iframe>'), '/pixel': page(LEAN) };

test('a sandboxed frame and a sandboxed page are shown as out of reach of DevTools, and a toolbar click reaches the page', async ({
  inspector,
}) => {
  const sandboxed = { text: page(LEAN), headers: { 'content-security-policy': 'sandbox allow-scripts' } };
  await withPages(inspector, { ...SANDBOXED, '/sandboxed': sandboxed }, async ({ origin }) => {
    const { page: framing } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(framing);
    await until('the frame to be listed', async () => /\/pixel/.test((await v.text('limits')) ?? ''));
    expect((await sessionOf(inspector.chromium, framing))?.tab.beyond).toEqual([`${origin}/pixel`]);
    const popup = await inspector.popup(framing);
    await until('the frame to be listed after a click', async () => /\/pixel/.test((await popup.text('limits')) ?? ''));
    await shut(popup);

    const { page: tab } = await openAt(inspector, `${origin}/sandboxed`);
    const second = await inspector.panel(tab);
    await until('the reason', async () => {
      const stage = (await sessionOf(inspector.chromium, tab))?.stage;
      return stage?.phase === 'unreachable' && stage.problem.code === 'closed' && (await second.there('empty-why'));
    });
    const reached = await inspector.popup(tab);
    await reached.shows('uuid', 'uuid-1');
  });
});

test.describe('on a watched site', () => {
  test.use({ watched: true });

  test('both views reach a sandboxed frame', async ({ inspector }) => {
    await withPages(inspector, SANDBOXED, async ({ origin }) => {
      const { page: tab } = await openAt(inspector, `${origin}/`);
      for (const view of ['panel', 'popup'] as const) {
        const v = await inspector[view](tab);
        await v.shows('uuid', 'uuid-1');
      }
    });
  });
});

const SNIPPET = `window.SyneriseObjectNamespace = 'SR'; window.SR = window.SR || []; window.SR._t = 1; window.SR._i = 0;`;
test("a loader snippet blocked by the page's policy is explained and listed as an issue", async ({ inspector }) => {
  const body = `<meta http-equiv="content-security-policy" content="script-src 'none'"><script>${SNIPPET}</script>`;
  await withPages(inspector, { '/': page(`${body}<p>text`) }, async ({ origin }) => {
    const { page: tab } = await openAt(inspector, `${origin}/`);
    const v = await inspector.panel(tab);
    await until('the reason why it did not run', async () => (await sessionOf(inspector.chromium, tab))?.page.idle[0]?.why === 'blocked');
    await until('the explanation', () => v.there('empty-why'));
    await v.tab('Diagnostics');
    await until('the issue', () =>
      v.target.evaluate(`!!document.querySelector('[data-testid="finding"][data-rule="snippet-without-sdk"]')`),
    );
  });
});

test("our calculation of a stored value's size matches the browser's", async ({ inspector }) => {
  const { page: tab } = await inspector.open('/');
  const v = await inspector.panel(tab);
  await v.waitAttr('token', 'data-token', 'valid');
  const worker = await inspector.chromium.worker();
  const { stored, weighed } = await worker.evaluate(async () => {
    const { storage } = (globalThis as unknown as { chrome: typeof import('@wxt-dev/browser').browser }).chrome;
    const all = await storage.session.get(null);
    const key = Object.keys(all).find((one) => one.startsWith('history:') && one.endsWith(':0')) ?? '';
    return { stored: JSON.parse(String(all[key])) as unknown, weighed: await storage.session.getBytesInUse(key) };
  });
  // The browser counts the byte that ends a text, and rounds up.
  expect(Math.ceil((weightOf(stored) + 1) / 8) * 8).toBe(weighed);
});
